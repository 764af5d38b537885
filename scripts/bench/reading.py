#!/usr/bin/env python3
"""MB a CPU second and peak memory of reading and cleaning, by format.

    scripts/bench/reading.py [--scale 1] [--compare 1000]

Makes JSON Lines, tables, pages and crawls from corpora/afghanistan, and runs `demarche run` on them
with a --match that no article has: each is read and cleaned, and left out. What starting takes, on
one article, is subtracted. --compare N measures --similar-to on so many articles instead. Builds
the release binary. Needs Python 3 alone.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import json
import os
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

from pages import ARTICLES, NAMES, article
from skeletons import Article, newspaper
from throughput import BINARY, REPOSITORY, processor

#: In no article.
NOWHERE = "zq_nowhere_qz"

#: A page is half scripts and styles.
SCRIPT = "<script>" + "window.settings.push({id: 17, url: '/static/app.js', on: true});\n" * 150 + "</script>"


def main() -> None:
    """Makes, runs and prints."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--scale", type=float, default=1, help="of the numbers of articles")
    parser.add_argument("--compare", type=int, help="measure --similar-to on so many articles")
    args = parser.parse_args()
    subprocess.run(["cargo", "build", "--release", "--locked", "--quiet"], cwd=REPOSITORY, check=True)
    print(f"{processor()}, one thread, CPU time without starting")
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        if args.compare:
            compare(folder, args.compare)
        else:
            formats(folder, args.scale)


def formats(folder: Path, scale: float) -> None:
    """Measures every format."""
    started, _ = run(one(folder), folder)
    print(f"{'what':<26}{'articles':>9}{'MB':>8}{'CPU s':>8}{'MB/CPU s':>10}{'peak MB':>9}")
    for what, make, count in (
        ("JSON Lines", lines, 5_000), ("JSON Lines", lines, 80_000), ("CSV", table, 40_000),
        ("JSON Lines in gzip", packed, 40_000), ("pages, a file each", pages, 1_000), ("WARC", crawl, 2_000),
    ):
        count = int(count * scale)
        path = folder / f"{make.__name__}-{count}"
        path.mkdir()
        size = make(path, count)
        cpu, peak = run(path, folder)
        cpu = max(cpu - started, 0.001)  # a few articles take less than the clock can tell
        print(f"{what:<26}{count:>9}{size / 1e6:>8.1f}{cpu:>8.2f}{size / 1e6 / cpu:>10.0f}{peak:>9.0f}", flush=True)


def compare(folder: Path, count: int) -> None:
    """Measures articles a CPU second of --similar-to, reading apart."""
    many = folder / "many"
    many.mkdir()
    lines(many, count)
    flags = ["--similar-to", one(folder), "--min-similarity", "1"]
    started, _ = run(one(folder), folder, flags)
    cpu, peak = run(many, folder, flags)
    print(f"{count} articles: {count / (cpu - started):.0f} articles a CPU second, peak {peak:.0f} MB")


def one(folder: Path) -> Path:
    """A folder with one article."""
    path = folder / "one"
    path.mkdir(exist_ok=True)
    (path / "a.txt").write_text("Kabul fell on Sunday, and nobody was surprised.")
    return path


def texts(count: int) -> Iterator[Article]:
    """Articles of the corpus, each with a headline of its own."""
    chosen = [article(ARTICLES / f"{name}.txt") for name in NAMES]
    for n in range(count):
        of = chosen[n % len(chosen)]
        yield Article(f"{of.title} ({n})", of.paragraphs)


def row(of: Article) -> dict[str, str]:
    """A record."""
    return {"title": of.title, "date": "2023-08-21", "text": "\n\n".join(of.paragraphs)}


def lines(folder: Path, count: int) -> int:
    """A file of JSON Lines."""
    with (folder / "a.jsonl").open("w") as file:
        return sum(file.write(json.dumps(row(of)) + "\n") for of in texts(count))


def table(folder: Path, count: int) -> int:
    """A CSV file."""
    path = folder / "a.csv"
    with path.open("w", newline="") as file:
        writer = csv.DictWriter(file, ["title", "date", "text"])
        writer.writeheader()
        writer.writerows(map(row, texts(count)))
    return path.stat().st_size


def packed(folder: Path, count: int) -> int:
    """A file of JSON Lines in gzip; its size is that of the lines."""
    with gzip.open(folder / "a.jsonl.gz", "wt", compresslevel=6) as file:
        return sum(file.write(json.dumps(row(of)) + "\n") for of in texts(count))


def web_page(of: Article) -> bytes:
    """A page of a newspaper."""
    others = [Article(f"Headline {n}", of.paragraphs[:1]) for n in range(8)]
    return newspaper(of, others).replace("</head>", SCRIPT + "</head>").encode()


def pages(folder: Path, count: int) -> int:
    """A folder of pages."""
    return sum((folder / f"{n}.html").write_bytes(web_page(of)) for n, of in enumerate(texts(count)))


def crawl(folder: Path, count: int) -> int:
    """A crawl, not compressed."""
    size = 0
    with (folder / "a.warc").open("wb") as file:
        for n, of in enumerate(texts(count)):
            answer = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" + web_page(of)
            head = (f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: https://a.example/{n}\r\n"
                    f"Content-Type: application/http\r\nContent-Length: {len(answer)}\r\n\r\n")
            size += file.write(head.encode() + answer + b"\r\n\r\n")
    return size


def run(path: Path, folder: Path, flags: list[object] = ["--match", NOWHERE]) -> tuple[float, float]:
    """CPU seconds and peak MB of a run on one thread."""
    out = folder / "reports"
    command = [BINARY, "run", path, "--focus", "AF", "--threads", "1", "--quiet", "--reanalyse", "--out", out, *flags]
    process = subprocess.Popen([str(part) for part in command])
    _, status, usage = os.wait4(process.pid, 0)
    if os.waitstatus_to_exitcode(status) != 0:
        raise SystemExit(f"{command} failed")
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


if __name__ == "__main__":
    main()
