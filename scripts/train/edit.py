"""Edits a sentence's text and moves its labelled spans along: name swaps and mention markers."""

from __future__ import annotations

import random
import re
from dataclasses import dataclass, replace

from countries import COUNTRIES
from gold import Sentence, Span

#: Put around every actor mention for the teacher: words its encoder knows and news does not use.
OPEN, CLOSE = "{", "}"

_FORMS = {form: (code, slot) for code, names in COUNTRIES.items() for slot, form in enumerate(names)}
_WORD = re.compile(r"\w[\w'’-]*\s*")
_NAME = re.compile(r"\b(" + "|".join(sorted(map(re.escape, _FORMS), key=len, reverse=True)) + r")\b")


@dataclass(frozen=True)
class Edit:
    """Text to put in place of the characters from start to end."""

    start: int
    end: int
    text: str


def swap_countries(sentence: Sentence, rng: random.Random) -> Sentence:
    """Gives each country named in the sentence another country's name, capital and demonym.

    Labels stay: who holds a stance or acts does not depend on the names.
    """
    matches = list(_NAME.finditer(sentence.text))
    codes = list(dict.fromkeys(_FORMS[match[1]][0] for match in matches))
    others = dict(zip(codes, rng.sample(sorted(COUNTRIES), len(codes))))
    edits = []
    for match in matches:
        code, slot = _FORMS[match[1]]
        edits.append(Edit(*match.span(), COUNTRIES[others[code]][slot]))
    return apply(sentence, edits)


def disturb(sentence: Sentence, names: list[str], rng: random.Random) -> Sentence:
    """Puts another of the names in place of every second name, and leaves out a tenth of the other words.

    No label survives that for certain: it makes sentences to ask a teacher about.
    """
    spans = sorted({span for item in sentence.items for span in item.spans})
    edits = [Edit(*span, rng.choice(names)) for span in spans if rng.random() < 0.5]
    for word in _WORD.finditer(sentence.text):
        is_name = any(start < word.end() and word.start() < end for start, end in spans)
        if not is_name and rng.random() < 0.1:
            edits.append(Edit(*word.span(), ""))
    plain = [replace(item, label=None) for item in sentence.items]
    return apply(replace(sentence, entities=None, items=plain), disjoint(edits))


def disjoint(edits: list[Edit]) -> list[Edit]:
    """The edits in order, without those that overlap one before."""
    kept: list[Edit] = []
    for edit in sorted(edits, key=lambda edit: edit.start):
        if not kept or kept[-1].end <= edit.start:
            kept.append(edit)
    return kept


def mark_mentions(sentence: Sentence) -> Sentence:
    """Puts markers around every span that some task asks about."""
    spans = {span for item in sentence.items for span in item.spans}
    edits = [Edit(start, start, f" {OPEN} ") for start, _ in spans]
    edits += [Edit(end, end, f" {CLOSE} ") for _, end in spans]
    return apply(sentence, sorted(edits, key=lambda edit: edit.start))


def apply(sentence: Sentence, edits: list[Edit]) -> Sentence:
    """Applies edits in order of their start; none may overlap another."""
    if not edits:
        return sentence
    pieces, last = [], 0
    for edit in edits:
        pieces += [sentence.text[last : edit.start], edit.text]
        last = edit.end
    text = "".join(pieces) + sentence.text[last:]
    items = [
        replace(item, spans=tuple(moved(span, edits) for span in item.spans))
        for item in sentence.items
    ]
    entities = sentence.entities and [(moved(span, edits), kind) for span, kind in sentence.entities]
    return replace(sentence, text=text, entities=entities, items=items)


def moved(span: Span, edits: list[Edit]) -> Span:
    """Where a span lies after the edits; insertions at its ends stay outside of it."""
    start, end = span
    new_start, new_end = start, end
    for edit in edits:
        growth = len(edit.text) - (edit.end - edit.start)
        if edit.end <= start:
            new_start += growth
        elif edit.start < start:
            new_start -= start - edit.start
        if edit.start < end:
            new_end += growth + max(0, edit.end - end)
    return new_start, new_end
