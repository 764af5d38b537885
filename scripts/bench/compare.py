#!/usr/bin/env python3
"""Compares demarche with what users would pick, in one run over the same real articles.

    scripts/bench/compare.py [FOLDER...] [--seconds 10] [--rounds 3] [--short]

Installs what it needs into target/bench/venv, builds the release binary, and measures each engine
in turn, several times, on one thread and by CPU time, so that what else the machine does touches
all alike. Prints a table with medians and ratios. --short: a second each, once, for CI.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from throughput import BINARY, REPOSITORY, measure, processor, repeated

BENCH = REPOSITORY / "target" / "bench"
PYTHON = BENCH / "venv" / "bin" / "python"
HERE = Path(__file__).resolve().parent
ENCODER = REPOSITORY / "target" / "release" / "examples" / "encoder"
#: Tokens a CPU second of the encoder alone.
ENCODERS = ["demarche", "demarche-f32", "onnx-int8", "onnx-f32", "torch"]
#: Words a CPU second from text to answers.
PIPELINES = ["demarche run", "spacy", "today"]


def main() -> None:
    """Measures and prints."""
    args = arguments()
    BENCH.mkdir(parents=True, exist_ok=True)
    install()
    cargo = ["cargo", "build", "--release", "--locked", "--quiet", "--bin", "demarche", "--example", "encoder"]
    subprocess.run(cargo, cwd=REPOSITORY, check=True)
    sentences = BENCH / "sentences.jsonl"
    subprocess.run([ENCODER, *args.folders, "--seconds", "0", "--sentences", sentences], check=True)
    subprocess.run([PYTHON, HERE / "export.py"], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    results: dict[str, list[dict]] = {name: [] for name in ENCODERS + PIPELINES}
    for _ in range(args.rounds):
        for name, measured in results.items():
            measured.append(run(name, args.folders, sentences, args.seconds))
            print(name, json.dumps(measured[-1]), file=sys.stderr, flush=True)
    report(results, sentences)


def arguments() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    corpus = REPOSITORY / "corpora" / "afghanistan" / "articles"
    parser.add_argument("folders", type=Path, nargs="*", default=[corpus])
    parser.add_argument("--seconds", type=float, default=10.0, help="CPU time for each measurement")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--short", action="store_true", help="a second each, once")
    args = parser.parse_args()
    if args.short:
        args.seconds, args.rounds = 1.0, 1
    return args


def install() -> None:
    """Makes the environment, unless it is there."""
    done = BENCH / "venv" / "installed"
    wanted = (HERE / "requirements.txt").read_text()
    if done.exists() and done.read_text() == wanted:
        return
    subprocess.run([sys.executable, "-m", "venv", BENCH / "venv"], check=True)
    subprocess.run([PYTHON, "-m", "pip", "install", "-q", "-r", HERE / "requirements.txt"], check=True)
    done.write_text(wanted)


def run(name: str, folders: list[Path], sentences: Path, seconds: float) -> dict:
    """One measurement of one engine."""
    if name == "demarche run":
        return end_to_end(folders, seconds)
    if name.startswith("demarche"):
        precision = ["--f32"] if name.endswith("f32") else []
        return output_of([ENCODER, *folders, "--seconds", str(seconds), *precision])
    return output_of([PYTHON, HERE / "engines.py", name, sentences, "--seconds", str(seconds)])


def output_of(command: list) -> dict:
    """The last line of what a command prints, as JSON, with its peak memory."""
    process = subprocess.Popen([str(part) for part in command], stdout=subprocess.PIPE, text=True)
    lines = process.stdout.read().splitlines()
    _, status, usage = os.wait4(process.pid, 0)
    if os.waitstatus_to_exitcode(status) != 0:
        raise SystemExit(f"{command} failed")
    return {"peak_mb": usage.ru_maxrss / 1024} | json.loads(lines[-1])


def end_to_end(folders: list[Path], seconds: float) -> dict:
    """`demarche run` over the articles, so often repeated that it takes about as long."""
    with tempfile.TemporaryDirectory() as scratch:
        words = sum(len(path.read_bytes().split()) for folder in folders for path in folder.rglob("*.*"))
        # About 12,000 words a second.
        times = max(2, round(12_000 * seconds / words))
        corpora = [repeated(folder, times, None, False, Path(scratch) / str(n)) for n, folder in enumerate(folders)]
        measured = measure(corpora, "AF", times, 1, Path(scratch))
    return {"per_cpu_second": measured.words / measured.cpu, "peak_mb": measured.peak_mb}


def report(results: dict[str, list[dict]], sentences: Path) -> None:
    """Prints the two tables."""
    lines = [json.loads(line) for line in sentences.read_text().splitlines()]
    tokens, words = sum(len(line[2]) for line in lines), sum(len(line[1].split()) for line in lines)
    print(f"{processor()}, one thread; {lines[-1][0] + 1} articles, {len(lines)} sentences, {words} words, {tokens} tokens\n")
    table(results, ENCODERS, "tokens")
    print()
    table(results, PIPELINES, "words")
    speed = median(results["demarche run"], "per_cpu_second")
    encoder_alone = median(results["torch"], "per_cpu_second") * words / tokens
    print(f"\ndemarche run against torch doing the encoder alone: {speed / encoder_alone:.1f} x")


def table(results: dict[str, list[dict]], names: list[str], unit: str) -> None:
    """Medians, and how many times as fast the first is."""
    first = median(results[names[0]], "per_cpu_second")
    print(f"| engine | {unit} a CPU second | demarche is | least to most | best batch | load s | peak MB |")
    print("|---|---|---|---|---|---|---|")
    for name in names:
        rates = [round(measured["per_cpu_second"]) for measured in results[name]]
        speed = median(results[name], "per_cpu_second")
        batch = results[name][0].get("batch", "")
        load = f"{median(results[name], 'load'):.2f}" if "load" in results[name][0] else ""
        print(
            f"| {name} | {speed:,.0f} | {first / speed:.2f} x | {min(rates):,} to {max(rates):,}"
            f" | {batch} | {load} | {median(results[name], 'peak_mb'):,.0f} |"
        )


def median(measured: list[dict], key: str) -> float:
    """The median of several rounds."""
    return statistics.median(one[key] for one in measured)


if __name__ == "__main__":
    main()
