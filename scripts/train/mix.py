"""What a run trains on: gold files, how much of each, and how often."""

from __future__ import annotations

import random
from dataclasses import dataclass
from pathlib import Path

from edit import swap_countries
from gold import Sentence, read


@dataclass(frozen=True)
class Source:
    """A gold file in a mix: copies as written, copies with swapped countries, a sample's size."""

    file: str
    copies: int = 1
    swapped: int = 0
    sample: int | None = None


#: Three passes over the public files and eight over the domain's, in four epochs.
STUDENT = [
    Source("ner/worldwide-train", sample=8000),
    Source("ner/wikigold", sample=800),
    Source("sentiment/newsmtsc-train", sample=5800),
    Source("stance/park2021-train", sample=3200),
    Source("relation/plv-train"),
    Source("relation/cameo-train"),
    Source("domain/train", swapped=1),
    Source("domain/written", swapped=1),
]

#: Weighted to what only a large model gets right: it is eight times slower.
TEACHER = [
    Source("ner/worldwide-train", sample=2000),
    Source("sentiment/newsmtsc-train", sample=3000),
    Source("stance/park2021-train", sample=4000),
    Source("relation/plv-train"),
    Source("relation/cameo-train"),
    Source("domain/train"),
    Source("domain/written"),
]

MIXES = {"student": STUDENT, "teacher": TEACHER}


def epoch(mix: list[Source], gold: Path, rng: random.Random) -> list[Sentence]:
    """The sentences of one epoch: samples and swaps are drawn anew each time."""
    sentences = []
    for source in mix:
        rows = read(gold / f"{source.file}.jsonl")
        if source.sample:
            rows = rng.sample(rows, source.sample)
        sentences += rows * source.copies
        for _ in range(source.swapped):
            sentences += [swap_countries(row, rng) for row in rows]
    return sentences
