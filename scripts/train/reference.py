"""Sentences with their logits, computed from the shipped weights: what the engine must match."""

from __future__ import annotations

import json
import random
import re
from itertools import permutations
from pathlib import Path

import torch
from transformers import PreTrainedTokenizerFast

from countries import COUNTRIES
from encode import WINDOW, Example, collate, encode
from exported import save_readable
from gold import Item, Sentence, Span
from labels import LABELS, SPANS
from model import Model

#: How many sentences of which length in words: 200 in all, some of them far longer than usual.
LENGTHS = {(3, 10): 30, (11, 25): 70, (26, 50): 70, (51, 99): 22, (100, 170): 8}

NAMES = re.compile(
    r"\b(?:Taliban|United Nations|Security Council|General Assembly|European Union|NATO|Al-Qaida"
    r"|United States|United Kingdom|" + "|".join(sorted({n for c in COUNTRIES.values() for n in c}))
    + r")\b"
)
SENTENCE = re.compile(r"\S.*?[.!?](?=\s+[A-Z]|$)")


def write(
    out: Path, model: Model, tokenizer: PreTrainedTokenizerFast, texts: Path
) -> None:
    """Writes `sentences.jsonl` and `logits.safetensors`."""
    out.mkdir(parents=True, exist_ok=True)
    chosen = choose(texts, tokenizer)
    with (out / "sentences.jsonl").open("w", encoding="utf-8") as lines:
        for text, spans in chosen:
            print(json.dumps({"text": text, "spans": spans}, ensure_ascii=False), file=lines)
    save_readable(logits(model, tokenizer, chosen), out / "logits.safetensors")


def choose(texts: Path, tokenizer: PreTrainedTokenizerFast) -> list[tuple[str, list[Span]]]:
    """Draws sentences that hold names, as many of each length as LENGTHS says."""
    pool = {bounds: [] for bounds in LENGTHS}
    for path in sorted(texts.rglob("*.txt")):
        text = " ".join(path.read_text(encoding="utf-8-sig").split())
        for match in SENTENCE.finditer(text):
            words = match[0].count(" ") + 1
            spans = [name.span() for name in NAMES.finditer(match[0])]
            for bounds in pool:
                if spans and bounds[0] <= words <= bounds[1]:
                    pool[bounds].append((match[0], spans[:3]))
    rng = random.Random(0)
    chosen = []
    for bounds, count in LENGTHS.items():
        fitting = (s for s in rng.sample(pool[bounds], len(pool[bounds])) if fits(s[0], tokenizer))
        chosen += [sentence for sentence, _ in zip(fitting, range(count))]
    return chosen


def fits(text: str, tokenizer: PreTrainedTokenizerFast) -> bool:
    """Whether a sentence needs no second window."""
    return len(tokenizer(text)["input_ids"]) <= WINDOW


def logits(
    model: Model, tokenizer: PreTrainedTokenizerFast, chosen: list[tuple[str, list[Span]]]
) -> dict[str, torch.Tensor]:
    """What the model answers, sentence by sentence, without padding."""
    parts: dict[str, list[torch.Tensor]] = {}
    for text, spans in chosen:
        example = asked(text, spans, tokenizer)
        # Padded positions are masked, so only their own rows are left out.
        batch = collate([example], tokenizer.pad_token_id)
        length = len(example.ids)
        with torch.no_grad():
            answers = model(batch, model.states(batch))
        parts.setdefault("entities", []).append(answers.pop("entities")[0, :length])
        parts.setdefault("ids", []).append(batch.ids[0, :length].int())
        parts.setdefault("cases", []).append(batch.cases[0, :length].byte())
        parts.setdefault("lengths", []).append(torch.tensor([length], dtype=torch.int32))
        for task, answer in answers.items():
            parts.setdefault(task, []).append(answer[0])
    return {name: torch.cat(tensors) for name, tensors in parts.items()}


def asked(text: str, spans: list[Span], tokenizer: PreTrainedTokenizerFast) -> Example:
    """The sentence with every task asked of every span or ordered pair of spans."""
    items = [
        Item(task, arguments, LABELS[task][0])
        for task, count in SPANS.items()
        for arguments in permutations(spans, count)
    ]
    return encode(Sentence(text, items=items), tokenizer)
