"""Turns gold files (the format of DATA.md) into sentences with labelled spans."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Iterator

Span = tuple[int, int]

#: Wikigold names three of our types; its MISC mixes several, so nothing is learned from it.
WIKIGOLD_TYPES = {"PER": "Person", "ORG": "Organization", "LOC": "Location", "MISC": None}

#: Wikigold leaves dates and amounts unmarked: words like these are not evidence for 'O'.
UNMARKED_IN_WIKIGOLD = re.compile(
    r"\b(?:\w*\d\w*|January|February|March|April|June|July|August|September|October|November"
    r"|December|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day)\b"
)


@dataclass(frozen=True)
class Item:
    """One or two spans (code points of the text) with their label in a task.

    `soft` is a teacher's probability of each label; without a `label` it is all that is known.
    """

    task: str
    spans: tuple[Span, ...]
    label: str | None
    soft: tuple[float, ...] | None = None


@dataclass(frozen=True)
class Sentence:
    """A sentence and what is known about it; `entities` is None where they were not labelled."""

    text: str
    entities: list[tuple[Span, str | None]] | None = None
    items: list[Item] = field(default_factory=list)


def widen(text: str, start: int, end: int) -> Span:
    """Moves both ends of a span outwards to the ends of the words they fall into."""
    while start > 0 and text[start - 1].isalnum() and text[start].isalnum():
        start -= 1
    while end < len(text) and text[end - 1].isalnum() and text[end].isalnum():
        end += 1
    return start, end


def read(path: Path) -> list[Sentence]:
    """Reads a gold file, one sentence a line."""
    with path.open(encoding="utf-8") as lines:
        return [sentence(json.loads(line)) for line in lines]


def sentence(row: dict) -> Sentence:
    """Takes what a row labels; a key it lacks stays unknown. Softened rows have `items`."""
    if "items" in row:
        return softened(row)
    return Sentence(row["text"], entities(row), list(items(row)))


def softened(row: dict) -> Sentence:
    """Reads what `to_row` wrote."""
    tags = row["entities"] and [((start, end), kind) for start, end, kind in row["entities"]]
    read_items = [
        Item(task, tuple(map(tuple, spans)), label, soft and tuple(soft))
        for task, spans, label, soft in row["items"]
    ]
    return Sentence(row["text"], tags, read_items)


def to_row(of: Sentence) -> dict:
    """A sentence with everything that is known of it, for `json`."""
    tags = of.entities and [(*span, kind) for span, kind in of.entities]
    return {
        "text": of.text,
        "entities": tags,
        "items": [(item.task, item.spans, item.label, item.soft) for item in of.items],
    }


def entities(row: dict) -> list[tuple[Span, str | None]] | None:
    """Entity spans with our types; None as a type hides a span from loss and scores."""
    if "entities" not in row:
        return None
    found = [
        (widen(row["text"], e["start"], e["end"]), WIKIGOLD_TYPES.get(e["type"], e["type"]))
        for e in row["entities"]
    ]
    if row["id"].startswith("wikigold"):
        found += [(match.span(), None) for match in UNMARKED_IN_WIKIGOLD.finditer(row["text"])]
    return found


def items(row: dict) -> Iterator[Item]:
    """The labelled spans and pairs of a row, for every task it labels."""
    text = row["text"]
    for mention in row.get("mentions", []):
        yield Item("kind", (widen(text, mention["start"], mention["end"]),), mention["kind"])
    for mention in row.get("sentiment", []):
        yield Item("sentiment", (widen(text, mention["start"], mention["end"]),), mention["label"])
    for pair in row.get("stance", []):
        yield Item("stance", (widen(text, *pair["holder"]), widen(text, *pair["target"])), pair["label"])
    for pair in row.get("relation", []):
        yield Item("relation", (widen(text, *pair["source"]), widen(text, *pair["target"])), pair["quad"])
