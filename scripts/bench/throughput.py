#!/usr/bin/env python3
"""Words a CPU second and peak memory of `demarche run`, by engine, threads and size of the corpus.

    scripts/bench/throughput.py FOLDER [--focus AF] [--repeat 1 20] [--threads 1 2] [--words N]
        [--reprints] [--engines embedded rust-bert] [--rounds 1]

Builds the release binary, then runs every combination in turn. A repeated corpus is N copies of
each file with its own number in every sentence, so that no two articles or sentences are equal;
with `--reprints`, with another last line alone; with `--words`, of its first words alone. Each run
is done twice: the second finds everything known. Needs Python 3 alone; rust-bert among the engines
also needs scripts/setup-libtorch.
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import platform
import re
import shutil
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
BINARY = REPOSITORY / "target" / "release" / "demarche"


@dataclass
class Measurement:
    """One run."""

    engine: str
    threads: int
    repeat: int
    articles: int
    words: int
    wall: float
    cpu: float
    peak_mb: float
    again: float
    store_mb: float

    def row(self) -> str:
        """A line of the table."""
        return (
            f"{self.engine:<9} {self.threads:>7} {self.articles:>9} {self.words:>11} {self.wall:>8.1f} {self.cpu:>8.1f}"
            f" {self.words / self.cpu:>12.0f} {self.words / self.wall:>13.0f} {self.peak_mb:>9.0f}"
            f" {self.again:>8.1f} {self.store_mb:>9.0f}"
        )


#: The files that demarche reads.
SUFFIXES = {".txt", ".md", ".html"}

HEADER = "engine    threads  articles       words   wall s    CPU s  words/CPU s  words/wall s   peak MB  again s  store MB"


def main() -> None:
    """Measures and prints."""
    args = arguments()
    features = ["--features", "rust-bert"] if "rust-bert" in args.engines else []
    cargo = ["cargo", "build", "--release", "--locked", "--quiet", *features]
    subprocess.run(cargo, cwd=REPOSITORY, check=True)
    print(f"{processor()}, {os.cpu_count()} cores, {platform.system()} {platform.machine()}")
    print(HEADER)
    with tempfile.TemporaryDirectory() as scratch:
        for repeat in args.repeat:
            corpus = repeated(args.folder, repeat, args.words, args.reprints, Path(scratch))
            for _, threads, engine in itertools.product(range(args.rounds), args.threads, args.engines):
                measured = measure([corpus], args.focus, repeat, threads, Path(scratch), engine)
                print(measured.row(), flush=True)


def arguments() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--focus", default="AF")
    parser.add_argument("--repeat", type=int, nargs="+", default=[1])
    parser.add_argument("--threads", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--words", type=int, help="of each article: makes many articles affordable")
    parser.add_argument("--reprints", action="store_true", help="copies share their sentences")
    parser.add_argument("--engines", nargs="+", default=["embedded"], choices=["embedded", "rust-bert"])
    parser.add_argument("--rounds", type=int, default=1, help="how often each, in turn")
    return parser.parse_args()


def repeated(folder: Path, times: int, words: int | None, reprints: bool, scratch: Path) -> Path:
    """The folder itself, or one with so many changed copies of its text files."""
    if times == 1 and words is None:
        return folder
    copies = scratch / f"x{times}"
    for n in range(times):
        for path in sorted(path for path in folder.rglob("*") if path.suffix in SUFFIXES):
            copy = copies / str(n) / path.relative_to(folder)
            copy.parent.mkdir(parents=True, exist_ok=True)
            text = beginning(path.read_bytes(), words)
            text = text if reprints else numbered(text, n)
            copy.write_bytes(text + f"\n\nCopy {n}.\n".encode())
    return copies


def numbered(text: bytes, number: int) -> bytes:
    """The text with a number at the end of each of its sentences."""
    return re.sub(rb"(?<=[a-z])(?=[.!?]['\")]*\s|[.!?]<)", f" {number}".encode(), text)


def beginning(text: bytes, words: int | None) -> bytes:
    """The first words of a text, with what stands between them."""
    ends = [match.end() for match in re.finditer(rb"\S+", text)]
    return text if words is None or len(ends) <= words else text[: ends[words - 1]]


def measure(
    corpora: list[Path], focus: str, repeat: int, threads: int, scratch: Path, engine: str = "embedded"
) -> Measurement:
    """Runs the program once and reads its clock, its memory and its manifest."""
    out = scratch / "reports"
    shutil.rmtree(out, ignore_errors=True)
    command = [BINARY, "run", *corpora, "--focus", focus, "--quiet", "--threads", str(threads), "--out", out]
    command += ["--engine", engine]
    began = time.monotonic()
    process = subprocess.Popen([str(part) for part in command])
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.monotonic() - began
    if os.waitstatus_to_exitcode(status) not in (0, 1):
        raise SystemExit(f"{command} failed")
    counts = json.loads((out / "run.json").read_text())["counts"]
    cpu = usage.ru_utime + usage.ru_stime
    began = time.monotonic()
    subprocess.run([str(part) for part in command], check=False)
    again = time.monotonic() - began
    store = (out / "demarche.sqlite").stat().st_size / 1e6
    peak = usage.ru_maxrss / 1024
    return Measurement(
        engine, threads, repeat, counts["articles"], counts["words"], wall, cpu, peak, again, store
    )


def processor() -> str:
    """The processor's name, where the system tells."""
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor()
    return next((line.split(":")[1].strip() for line in lines if line.startswith("model name")), "")


if __name__ == "__main__":
    main()
