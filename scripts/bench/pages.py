#!/usr/bin/env python3
"""Token F1 of the articles that demarche and trafilatura find on web pages.

    pip install -r scripts/bench/pages.txt
    scripts/bench/pages.py [--keep DIR]

Puts articles of corpora/afghanistan into the pages of skeletons.py, and compares what is found with
what was put in, the headline aside. Builds the example `extract`.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import tempfile
from collections import Counter
from importlib.metadata import version
from pathlib import Path
from statistics import mean

from skeletons import SKELETONS, Article

REPOSITORY = Path(__file__).resolve().parents[2]
ARTICLES = REPOSITORY / "corpora/afghanistan/articles"

#: Those that are plain text without clutter of their own.
NAMES = [
    "2022-06-27-paktika-earthquake-aid", "2022-11-18-moscow-format-op-ed", "2022-12-12-spin-boldak-shelling",
    "2023-01-09-amu-darya-oil-beijing", "2023-04-27-un-doha-envoys", "2023-10-28-pakistan-deportation-deadline",
    "2024-01-03-astana-list", "2024-09-12-tapi-serhetabat", "wakhan-road-brief", "water/helmand-treaty-explainer",
    "archive/2014-06-11-durand-line-kabul-islamabad", "central-asia/2022-07-28-tashkent-conference",
]


def main() -> None:
    """Builds, reads and compares."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--keep", type=Path, help="a folder for the pages and what was found")
    args = parser.parse_args()
    articles = [article(ARTICLES / f"{name}.txt") for name in NAMES]
    with tempfile.TemporaryDirectory() as scratch:
        folder = args.keep or Path(scratch)
        folder.mkdir(parents=True, exist_ok=True)
        write(articles, folder)
        found = {"demarche": by_demarche(folder), "trafilatura": by_trafilatura(folder)}
        if args.keep:
            (folder / "found.json").write_text(json.dumps(found, indent=1))
    print(f"trafilatura {version('trafilatura')}, {len(articles)} articles, {len(SKELETONS)} skeletons")
    print(f"{'skeleton':<16}{'demarche':>10}{'precision':>11}{'recall':>8}{'trafilatura':>13}{'precision':>11}{'recall':>8}")
    rows = []
    for skeleton in SKELETONS:
        row = []
        for tool in ("demarche", "trafilatura"):
            pairs = [scores(found[tool][name(skeleton, n)], a) for n, a in enumerate(articles)]
            row += [mean(column) for column in zip(*pairs)]
        rows.append(row)
        print(shown(skeleton.__name__, row))
    print(shown("mean", [mean(column) for column in zip(*rows)]))


def shown(label: str, row: list[float]) -> str:
    """A line of the table."""
    return f"{label:<16}" + "".join(f"{100 * value:>{width}.1f}" for value, width in zip(row, (10, 11, 8, 13, 11, 8)))


def article(path: Path) -> Article:
    """The headline and the paragraphs, lines joined; what stands between the two is left out."""
    parts = [" ".join(part.split()) for part in path.read_text(encoding="utf-8-sig").split("\n\n")]
    parts = [part for part in parts if part]
    start = next(n for n, part in enumerate(parts) if len(part.split()) > 20)
    return Article(parts[1] if parts[0] == "OPINION" else parts[0], parts[start:])


def name(skeleton: object, n: int) -> str:
    """The name of a page."""
    return f"{skeleton.__name__}-{n:02}.html"


def write(articles: list[Article], folder: Path) -> None:
    """Writes every article in every skeleton."""
    for skeleton in SKELETONS:
        for n, chosen in enumerate(articles):
            others = articles[n + 1 :] + articles[:n]
            (folder / name(skeleton, n)).write_text(skeleton(chosen, others))


def by_demarche(folder: Path) -> dict[str, str]:
    """The texts that demarche would analyse."""
    command = ["cargo", "run", "--release", "--locked", "--quiet", "--example", "extract", "--", folder]
    output = subprocess.run(command, cwd=REPOSITORY, check=True, capture_output=True, text=True).stdout
    return {Path(line["path"]).name: line["text"] for line in map(json.loads, output.splitlines())}


def by_trafilatura(folder: Path) -> dict[str, str]:
    """What trafilatura finds, without the comments it can tell."""
    import trafilatura

    pages = sorted(folder.glob("*.html"))
    return {page.name: trafilatura.extract(page.read_text(), include_comments=False) or "" for page in pages}


def tokens(text: str) -> Counter:
    """The words, with how often each is there."""
    return Counter(re.findall(r"\w+", text.lower()))


def scores(found: str, wanted: Article) -> tuple[float, float, float]:
    """F1, precision and recall of the words of the paragraphs; a tool may or may not give the headline."""
    lines = [line for line in found.splitlines() if line.strip() != wanted.title]
    found_words, words = tokens("\n".join(lines)), tokens("\n".join(wanted.paragraphs))
    common = (found_words & words).total()
    if common == 0:
        return 0.0, 0.0, 0.0
    precision, recall = common / found_words.total(), common / words.total()
    return 2 * precision * recall / (precision + recall), precision, recall


if __name__ == "__main__":
    main()
