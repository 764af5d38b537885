"""Scores a model's answers on gold sentences."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

import torch
from sklearn.metrics import f1_score
from torch import Tensor

from encode import Batch, Example, batches, collate
from labels import IGNORED, LABELS, TAGS
from model import Model

#: The files a run may look at while it trains, and the tasks each is there for.
DEV_FILES = {
    "ner/worldwide-dev": ["entities"],
    "sentiment/newsmtsc-dev": ["sentiment"],
    "sentiment/newsmtsc-mt-dev": ["sentiment"],
    "stance/park2021-dev": ["stance"],
    "domain/dev": ["sentiment", "stance", "relation", "kind"],
}


@dataclass
class Answers:
    """Logits and gold labels a task, tag sequences, and which sentence each pair is of."""

    logits: dict[str, list[Tensor]] = field(default_factory=lambda: defaultdict(list))
    gold: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    spans: dict[str, list[tuple]] = field(default_factory=lambda: defaultdict(list))
    tags: list[tuple[list[int], list[int]]] = field(default_factory=list)

    def of(self, task: str) -> tuple[Tensor, Tensor]:
        """All logits [N, classes] and gold labels [N] of a task."""
        return torch.stack(self.logits[task]), torch.tensor(self.gold[task])


@torch.no_grad()
def answer(model: Model, examples: list[Example], pad_id: int, size: int = 32) -> Answers:
    """Runs a model in f32 over examples, without dropout."""
    model.eval()
    answers = Answers()
    sentence = 0
    for group in batches(examples, size, None):
        batch = collate(group, pad_id)
        logits = model(batch, model.states(batch))
        collect(answers, batch, logits, sentence)
        sentence += len(group)
    return answers


def collect(answers: Answers, batch: Batch, logits: dict[str, Tensor], sentence: int) -> None:
    """Adds a batch's answers where there is gold to compare them with."""
    for gold, guess in zip(batch.tags, logits["entities"].argmax(-1)):
        known = gold != IGNORED
        if known.any():
            answers.tags.append((gold[known].tolist(), guess[known].tolist()))
    for task, labels in batch.labels.items():
        known = labels != IGNORED
        answers.logits[task] += list(logits[task][known])
        answers.gold[task] += labels[known].tolist()
        rows = known.nonzero()[:, 0] + sentence
        spans = batch.spans[task][known].flatten(1)
        answers.spans[task] += [(int(r), *s) for r, s in zip(rows, spans.tolist())]


def entity_spans(tags: list[int]) -> set[tuple[int, int, str]]:
    """Entities of a tag sequence; an I- that continues nothing opens a new entity."""
    found, start, kind = set(), 0, None
    for at, tag in enumerate([*tags, 0]):
        prefix, _, name = TAGS[tag].partition("-")
        if prefix == "I" and name == kind:
            continue
        if kind:
            found.add((start, at, kind))
        start, kind = at, name or None
    return found


def entity_f1(tags: list[tuple[list[int], list[int]]]) -> float:
    """F1 in points over entities of exact extent and type."""
    right = gold = guessed = 0
    for gold_tags, guessed_tags in tags:
        truth, guess = entity_spans(gold_tags), entity_spans(guessed_tags)
        right += len(truth & guess)
        gold += len(truth)
        guessed += len(guess)
    return 200 * right / max(1, gold + guessed)


def macro_f1(logits: Tensor, gold: Tensor) -> float:
    """Macro-F1 in points over the labels that occur in gold."""
    labels = sorted(set(gold.tolist()))
    return 100 * f1_score(gold, logits.argmax(-1), average="macro", labels=labels, zero_division=0)


def calibration_error(logits: Tensor, gold: Tensor, bins: int = 10) -> float:
    """Expected calibration error of the top label, equal-width bins."""
    confidence, guess = logits.softmax(-1).max(-1)
    right = (guess == gold).float()
    bin_of = (confidence * bins).long().clamp(max=bins - 1)
    gaps = [
        (confidence[bin_of == b].sum() - right[bin_of == b].sum()).abs() for b in range(bins)
    ]
    return float(sum(gaps) / len(gold))


def wrong_direction(answers: Answers) -> float:
    """Share (%) of gold non-neutral stances told of the reverse pair only."""
    neutral = LABELS["stance"].index("neutral")
    logits, gold = answers.of("stance")
    guess = dict(zip(answers.spans["stance"], logits.argmax(-1).tolist()))
    turned = total = 0
    for (row, hs, he, ts, te), label in zip(answers.spans["stance"], gold.tolist()):
        if label == neutral:
            continue
        total += 1
        reverse = guess.get((row, ts, te, hs, he), neutral)
        turned += guess[row, hs, he, ts, te] == neutral and reverse == label
    return 100 * turned / max(1, total)


def summary(answers: Answers, tasks: list[str]) -> dict[str, float]:
    """The headline score of each task."""
    return {
        task: round(entity_f1(answers.tags) if task == "entities" else macro_f1(*answers.of(task)), 1)
        for task in tasks
    }
