"""Fits one temperature a task on dev data, so that probabilities mean what they say."""

from __future__ import annotations

from pathlib import Path

import torch
from torch import Tensor
from transformers import PreTrainedTokenizerFast

from encode import encode
from gold import read
from model import Model
from scores import DEV_FILES, answer


def temperatures(
    model: Model, tokenizer: PreTrainedTokenizerFast, gold: Path
) -> dict[str, float]:
    """The temperature of each span task, over all the dev files that label it."""
    logits: dict[str, list[Tensor]] = {}
    labels: dict[str, list[Tensor]] = {}
    for file, tasks in DEV_FILES.items():
        if tasks == ["entities"]:
            continue
        examples = [encode(sentence, tokenizer) for sentence in read(gold / f"{file}.jsonl")]
        answers = answer(model, examples, tokenizer.pad_token_id)
        for task in tasks:
            if task in answers.logits:
                guess, truth = answers.of(task)
                logits.setdefault(task, []).append(guess)
                labels.setdefault(task, []).append(truth)
    return {task: fit(torch.cat(logits[task]), torch.cat(labels[task])) for task in logits}


def fit(logits: Tensor, labels: Tensor) -> float:
    """The temperature of least cross-entropy, to a hundredth, between 0.5 and 3."""
    candidates = [t / 100 for t in range(50, 301)]
    losses = [torch.nn.functional.cross_entropy(logits / t, labels).item() for t in candidates]
    return candidates[losses.index(min(losses))]
