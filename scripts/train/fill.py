"""Puts the sentences back into `corpora/gold/domain/quoted.jsonl`, which holds labels only.

    python fill.py --gold GOLD --out OUT

The sentences belong to their publishers: `doc` is the `id` of a row of the public gold files. The
whole is written to OUT/domain/quoted.jsonl: OUT is a further gold folder for `train.py`.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

SOURCES = [
    "stance/park2021-train", "sentiment/newsmtsc-train", "relation/plv-train", "ner/worldwide-train",
]
QUOTED = Path(__file__).parents[2] / "corpora/gold/domain/quoted.jsonl"


def rows(path: Path) -> list[dict]:
    """The objects of a file, one a line."""
    with path.open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def main() -> None:
    """Joins labels and sentences."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--gold", type=Path, required=True, help="folder of gold files")
    parser.add_argument("--out", type=Path, default=Path("target/train/gold"))
    args = parser.parse_args()
    texts = {
        row["id"]: row["text"] for source in SOURCES for row in rows(args.gold / f"{source}.jsonl")
    }
    (args.out / "domain").mkdir(parents=True, exist_ok=True)
    with (args.out / "domain/quoted.jsonl").open("w", encoding="utf-8") as out:
        for row in rows(QUOTED):
            print(json.dumps({**row, "text": texts[row["doc"]]}, ensure_ascii=False), file=out)


if __name__ == "__main__":
    main()
