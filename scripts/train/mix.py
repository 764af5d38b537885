"""What a run trains on: gold files, how much of each, and how often."""

from __future__ import annotations

import random
from dataclasses import dataclass
from pathlib import Path

from edit import swap_countries
from gold import Sentence, read


@dataclass(frozen=True)
class Source:
    """A gold file in a mix: how often, a sample's size, the share of rows with swapped countries."""

    file: str
    copies: int = 1
    swapped: float = 0.0
    sample: int | None = None


#: Foreign affairs, half of them each time with the names of other countries.
DOMAIN = ["domain/train", "domain/written", "domain/more", "domain/quoted"]

#: Two passes over the public files and six over the domain's, in three epochs.
STUDENT = [
    Source("ner/worldwide-train", sample=8000),
    Source("ner/wikigold", sample=800),
    Source("sentiment/newsmtsc-train"),
    Source("stance/park2021-train", sample=5000),
    Source("relation/plv-train"),
    Source("relation/cameo-train"),
    *(Source(file, copies=2, swapped=0.5) for file in DOMAIN),
]

#: What is said of and between names; the student finds the names. It is four times slower.
TEACHER = [
    Source("sentiment/newsmtsc-train"),
    Source("stance/park2021-train", sample=6000),
    Source("relation/plv-train"),
    Source("relation/cameo-train"),
    *(Source(file, swapped=0.5) for file in DOMAIN),
]

#: What `soften.py` wrote: the teacher's view of all gold sentences and of some without labels.
DISTILLED = [
    Source("ner/wikigold", sample=800),
    Source("soft/labelled", sample=46_000),
    Source("soft/unlabelled"),
]

MIXES = {"student": STUDENT, "teacher": TEACHER, "distilled": DISTILLED}


def epoch(mix: list[Source], gold: list[Path], rng: random.Random, share: float = 1) -> list[Sentence]:
    """The sentences of one epoch, or a share of them: samples and swaps are drawn anew each time."""
    sentences = []
    for source in mix:
        rows = read(find(gold, source.file))
        size = int((source.sample or len(rows)) * share)
        if size < len(rows):
            rows = rng.sample(rows, size)
        for row in rows * source.copies:
            swap = rng.random() < source.swapped
            sentences.append(swap_countries(row, rng) if swap else row)
    return sentences


def find(gold: list[Path], file: str) -> Path:
    """A gold file in the first of the folders that holds it."""
    for folder in gold:
        path = folder / f"{file}.jsonl"
        if path.exists():
            return path
    raise SystemExit(f"no {file}.jsonl in {', '.join(map(str, gold))}; name its folder with --gold")
