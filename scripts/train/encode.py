"""Turns sentences into token ids, case classes and label positions, and these into batches."""

from __future__ import annotations

import random
from dataclasses import dataclass, field

import torch
from transformers import PreTrainedTokenizerFast

from gold import Sentence, Span
from labels import IGNORED, LABELS, SPANS, TAGS

#: Tokens of one window, [CLS] and [SEP] included.
WINDOW = 256

#: oneDNN compiles a kernel for each new shape, so lengths are few.
LENGTH_STEP = 16


@dataclass
class Example:
    """A tokenised sentence; `items[task]` holds token spans (flat), a label number and a teacher's
    probabilities each, as far as they are known."""

    ids: list[int]
    cases: list[int]
    tags: list[int] | None
    items: dict[str, list[tuple[list[int], int, list[float]]]] = field(default_factory=dict)
    truncated: bool = False


@dataclass
class Batch:
    """Examples padded to one length L; task t asks about K spans a sentence.

    ids, cases, mask, tags: [B, L]; spans[t]: [B, K, 1 or 2, 2]; labels[t]: [B, K];
    soft[t]: [B, K, classes], zeros where no teacher was asked.
    """

    ids: torch.Tensor
    cases: torch.Tensor
    mask: torch.Tensor
    tags: torch.Tensor
    spans: dict[str, torch.Tensor]
    labels: dict[str, torch.Tensor]
    soft: dict[str, torch.Tensor]


def case_class(word: str) -> int:
    """0: no capital, 1: Capitalised, 2: CAPITALS, 3: miXed."""
    letters = [c for c in word if c.isalpha()]
    capitals = sum(c.isupper() for c in letters)
    if capitals == 0:
        return 0
    if capitals == len(letters) >= 2:
        return 2
    return 1 if capitals == 1 and letters[0].isupper() else 3


def word_spans(encoding) -> dict[int, Span]:
    """The character span of each word, from the first start to the last end of its pieces."""
    words: dict[int, Span] = {}
    for word, (start, end) in zip(encoding.word_ids(), encoding["offset_mapping"]):
        if word is not None:
            words[word] = (words.get(word, (start, end))[0], end)
    return words


def encode(sentence: Sentence, tokenizer: PreTrainedTokenizerFast) -> Example:
    """Tokenises a sentence; items that begin behind the window are dropped."""
    encoding = tokenizer(
        sentence.text, truncation=True, max_length=WINDOW, return_offsets_mapping=True
    )
    words = word_spans(encoding)
    classes = {word: case_class(sentence.text[slice(*span)]) for word, span in words.items()}
    example = Example(
        ids=encoding["input_ids"],
        cases=[classes.get(word, 0) for word in encoding.word_ids()],
        tags=entity_tags(sentence, encoding.word_ids(), words),
        truncated=len(encoding["input_ids"]) == WINDOW,
    )
    for item in sentence.items:
        spans = [token_span(span, encoding["offset_mapping"]) for span in item.spans]
        if all(spans):
            names = LABELS[item.task]
            label = IGNORED if item.label is None else names.index(item.label)
            soft = list(item.soft or [0.0] * len(names))
            example.items.setdefault(item.task, []).append((sum(spans, []), label, soft))
    return example


def token_span(span: Span, offsets: list[Span]) -> list[int]:
    """First and one-past-last token that overlap a character span; empty if none does."""
    inside = [t for t, (start, end) in enumerate(offsets) if start < span[1] and end > span[0]]
    return [inside[0], inside[-1] + 1] if inside else []


def entity_tags(
    sentence: Sentence, word_ids: list[int | None], words: dict[int, Span]
) -> list[int] | None:
    """A BIO tag at the first piece of every word; other pieces and hidden spans are ignored."""
    if sentence.entities is None:
        return None
    tag_of = dict.fromkeys(words, 0)
    for (start, end), kind in sentence.entities:
        inside = [w for w, span in words.items() if span[0] < end and span[1] > start]
        for word in inside:
            prefix = "B" if word == inside[0] else "I"
            tag_of[word] = IGNORED if kind is None else TAGS.index(f"{prefix}-{kind}")
    previous = [None, *word_ids]
    return [
        IGNORED if word is None or word == before else tag_of[word]
        for before, word in zip(previous, word_ids)
    ]


def collate(examples: list[Example], pad_id: int) -> Batch:
    """Pads examples to the next multiple of LENGTH_STEP and their items to one count a task."""
    longest = max(len(example.ids) for example in examples)
    length = -(-longest // LENGTH_STEP) * LENGTH_STEP
    spans, labels, soft = {}, {}, {}
    for task in LABELS:
        if any(task in example.items for example in examples):
            spans[task], labels[task], soft[task] = collate_items(examples, task)
    return Batch(
        ids=padded([e.ids for e in examples], length, pad_id),
        cases=padded([e.cases for e in examples], length, 0),
        mask=padded([[1] * len(e.ids) for e in examples], length, 0).bool(),
        tags=padded([e.tags or [] for e in examples], length, IGNORED),
        spans=spans,
        labels=labels,
        soft=soft,
    )


def padded(rows: list[list[int]], length: int, value: int) -> torch.Tensor:
    """Rows of numbers as one tensor, filled up on the right."""
    return torch.tensor([row + [value] * (length - len(row)) for row in rows])


def collate_items(examples: list[Example], task: str) -> list[torch.Tensor]:
    """Token spans, labels and soft labels of a task; filler items are empty spans, ignored."""
    filler = ([0] * 2 * SPANS[task], IGNORED, [0.0] * len(LABELS[task]))
    rows = [example.items.get(task, []) for example in examples]
    count = max(map(len, rows))
    full = [row + [filler] * (count - len(row)) for row in rows]
    spans, labels, soft = (torch.tensor([[item[n] for item in row] for row in full]) for n in range(3))
    return [spans.view(len(examples), count, SPANS[task], 2), labels, soft]


def batches(examples: list[Example], size: int, rng: random.Random | None) -> list[list[Example]]:
    """Groups examples of like length; with `rng`, in random order, without, longest last."""
    order = list(range(len(examples)))
    chunk = len(order)
    if rng:
        rng.shuffle(order)
        chunk = size * 20
    groups = []
    for at in range(0, len(order), chunk):
        near = sorted(order[at : at + chunk], key=lambda i: len(examples[i].ids))
        groups += [near[i : i + size] for i in range(0, len(near), size)]
    if rng:
        rng.shuffle(groups)
    return [[examples[i] for i in group] for group in groups]
