"""Scores checkpoints and exported folders on the dev files, side by side.

    python evaluate.py --gold GOLD --encoder ENCODER W/epoch-4.pt models/demarche-en

A `.pt` file is scored as trained (f32), a folder with the int8 weights it holds.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import torch
from transformers import AutoTokenizer

import exported
from edit import mark_mentions
from encode import Example, encode
from gold import read
from model import Model, pretrained_encoder
from scores import DEV_FILES, Answers, answer, calibration_error, summary, wrong_direction

#: Reported, never tuned on.
TEST_FILES = {"sentiment/newsmtsc-rw-test": ["sentiment"]}


def arguments() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("models", type=Path, nargs="+", help="epoch-N.pt files, exported folders")
    parser.add_argument("--gold", type=Path, required=True, help="folder of gold files")
    parser.add_argument("--encoder", type=Path, required=True, help="folder of the pretrained encoder")
    parser.add_argument("--mark", action="store_true", help="markers around every actor mention")
    parser.add_argument("--test", action="store_true", help="the test file as well: for the report")
    parser.add_argument("--threads", type=int, default=1)
    return parser.parse_args()


def load(path: Path, encoder: Path) -> tuple[Model, dict[str, float]]:
    """A model and its temperatures; a checkpoint has none yet."""
    if path.is_dir():
        return exported.load(path)
    model = Model(pretrained_encoder(encoder))
    model.load_state_dict(torch.load(path))
    return model, {}


def scores(
    model: Model, temperature: dict[str, float], files: dict[str, list[Example]], pad_id: int
) -> dict[str, float]:
    """Every score of a model by the name of its row."""
    rows = {}
    for file, tasks in (DEV_FILES | TEST_FILES).items():
        if file not in files:
            continue
        answers = answer(model, files[file], pad_id)
        for task, score in summary(answers, tasks).items():
            rows[f"{file} {task} F1"] = score
        for task in tasks:
            if task in answers.logits:
                rows[f"{file} {task} ECE"] = calibration(answers, task, temperature)
        if file == "domain/dev":
            rows[f"{file} stance, wrong direction %"] = wrong_direction(answers)
    return rows


def calibration(answers: Answers, task: str, temperature: dict[str, float]) -> float:
    """The calibration error of a task after its temperature, in points."""
    logits, gold = answers.of(task)
    return 100 * calibration_error(logits / temperature.get(task, 1.0), gold)


def main() -> None:
    """Prints one row a score, one column a model."""
    args = arguments()
    torch.set_num_threads(args.threads)
    tokenizer = AutoTokenizer.from_pretrained(args.encoder)
    files = {}
    for file in DEV_FILES | (TEST_FILES if args.test else {}):
        sentences = read(args.gold / f"{file}.jsonl")
        if args.mark:
            sentences = [mark_mentions(sentence) for sentence in sentences]
        files[file] = [encode(sentence, tokenizer) for sentence in sentences]
    columns = [
        scores(*load(path, args.encoder), files, tokenizer.pad_token_id) for path in args.models
    ]
    print("| score |", " | ".join(path.name for path in args.models), "|")
    print("|---|" + "---|" * len(columns))
    for row in columns[0]:
        print(f"| {row} |", " | ".join(f"{column[row]:.1f}" for column in columns), "|")


if __name__ == "__main__":
    main()
