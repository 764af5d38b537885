#!/usr/bin/env python3
"""Precision and recall of --similar-to on the list of corpora/similar.

    scripts/bench/similar.py [--least 0.35 0.45 0.55]

Compares every article of corpora/afghanistan and corpora/similar with an example of each matter,
and with the folder central-asia, to which all of corpora/afghanistan but the goalkeeper of Clarkston
are alike. 'top' is the precision of as many of the most similar ones as are wanted. Builds the release
binary. Needs Python 3 alone.
"""

from __future__ import annotations

import argparse
import csv
import subprocess
import tempfile
from pathlib import Path

from throughput import BINARY, REPOSITORY

CORPUS = REPOSITORY / "corpora/afghanistan/articles"
OTHERS = [REPOSITORY / "corpora/similar/speeches", REPOSITORY / "corpora/similar/unrelated.jsonl"]

#: About something else.
STRANGER = "2022-02-20-atlanta-goalkeeper.txt"

FOLDER = "central-asia"


def main() -> None:
    """Compares and prints."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--least", type=float, nargs="+", default=[0.35, 0.45, 0.55])
    args = parser.parse_args()
    subprocess.run(["cargo", "build", "--release", "--locked", "--quiet"], cwd=REPOSITORY, check=True)
    print(f"{'matter':<14}{'wanted':>7}" + "".join(f"   taken at {least}: P     R" for least in args.least) + "   top: P")
    for matter, (example, wanted) in matters().items():
        found = similarities(example)
        line = f"{matter:<14}{'all' if wanted is None else len(wanted):>7}"
        if wanted is None:
            wanted = {path for path in found if path.startswith(str(CORPUS)) and not path.endswith(STRANGER)}
        for least in args.least:
            taken = {path for path, similarity in found.items() if similarity >= least}
            right = len(taken & wanted)
            line += f"{len(taken):>11}{100 * right / max(len(taken), 1):>9.0f}{100 * right / len(wanted):>6.0f}"
        nearest = sorted(found, key=found.__getitem__, reverse=True)[: len(wanted)]
        print(f"{line}{100 * len(wanted.intersection(nearest)) / len(wanted):>8.0f}", flush=True)


def matters() -> dict[str, tuple[str, set[str] | None]]:
    """The example of each matter, and the articles that are about it too."""
    found: dict[str, tuple[str, set[str] | None]] = {}
    with open(REPOSITORY / "corpora/similar/matters.csv") as file:
        for row in csv.DictReader(file):
            found.setdefault(row["matter"], (row["example"], set()))[1].add(str(CORPUS / row["path"]))
    return found | {"Afghanistan": (FOLDER, None)}


def similarities(example: str) -> dict[str, float]:
    """The similarity of every article but the examples."""
    with tempfile.TemporaryDirectory() as scratch:
        command = [BINARY, "run", CORPUS, *OTHERS, "--focus", "AF", "--quiet", "--out", scratch,
                   "--similar-to", CORPUS / example, "--min-similarity", "-1"]
        subprocess.run([str(part) for part in command], check=False)
        with open(Path(scratch) / "articles.csv") as file:
            rows = list(csv.DictReader(file))
    is_example = lambda path: path.startswith(str(CORPUS / example))
    return {row["path"]: float(row["similarity"]) for row in rows if not is_example(row["path"])}


if __name__ == "__main__":
    main()
