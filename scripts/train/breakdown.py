"""Where a model is right and wrong on domain/dev: by region, and its most confident errors.

    python breakdown.py --gold GOLD --encoder ENCODER models/demarche-en
"""

from __future__ import annotations

import argparse
import csv
import json
from collections import defaultdict
from pathlib import Path

import torch
from transformers import AutoTokenizer

import exported
from encode import collate, encode
from gold import sentence
from labels import LABELS
from scores import macro_f1

#: Rows of the table, and the regions of the gazetteer they are made of.
REGIONS = {
    "South Asia": ["South Asia"],
    "Central Asia": ["Central Asia"],
    "West Asia and North Africa": ["Levant", "Gulf states", "Iran-Iraq", "North Africa"],
    "East and Southeast Asia": ["East Asia", "Southeast Asia"],
    "Africa south of the Sahara": ["West Africa", "East Africa", "Central Africa", "Southern Africa"],
    "Europe": ["EU members", "British Isles", "Western Balkans", "Russo-Ukrainian", "South Caucasus"],
    "Americas": ["North America", "Central America", "South America", "Caribbean"],
}
MEMBERS = Path(__file__).parents[2] / "models/gazetteer/regions.csv"
ERRORS = 10


def regions() -> dict[str, set[str]]:
    """The countries of each region."""
    members = defaultdict(set)
    with MEMBERS.open(encoding="utf-8") as lines:
        for row in csv.DictReader(lines):
            members[row["region"]] |= set(row["members"].split("+"))
    return {name: set().union(*(members[part] for part in parts)) for name, parts in REGIONS.items()}


@torch.no_grad()
def stances(rows: list[dict], folder: Path, encoder: Path) -> list[dict]:
    """Every pair of the rows: its text, words, countries, label, logits and confidence."""
    model, temperature = exported.load(folder)
    tokenizer = AutoTokenizer.from_pretrained(encoder)
    found = []
    for row in rows:
        example = encode(sentence(row), tokenizer)
        if "stance" not in example.items:
            continue
        batch = collate([example], tokenizer.pad_token_id)
        logits = model(batch, model.states(batch))["stance"][0] / temperature["stance"]
        country = {(m["start"], m["end"]): m["country"] for m in row["mentions"]}
        for pair, answer in zip(row["stance"], logits):
            ends = [tuple(pair[end]) for end in ("holder", "target")]
            found.append({
                # News belongs to its publishers: the id will do. Speeches are free.
                "text": row["text"] if row["speaker"] else f"(news, `{row['id']}`)",
                "words": [row["text"][slice(*end)] for end in ends],
                "countries": {c for end in ends for c in country.get(end, "-").split("+")},
                "gold": LABELS["stance"].index(pair["label"]),
                "logits": answer,
            })
    return found


def main() -> None:
    """Prints both tables."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("model", type=Path, help="an exported folder")
    parser.add_argument("--gold", type=Path, required=True, help="folder of gold files")
    parser.add_argument("--encoder", type=Path, required=True, help="folder of the pretrained encoder")
    args = parser.parse_args()
    torch.set_num_threads(1)
    with (args.gold / "domain/dev.jsonl").open(encoding="utf-8") as lines:
        pairs = stances([json.loads(line) for line in lines], args.model, args.encoder)
    print("| region of holder or target | pairs | not neutral | stance macro-F1 |\n|---|---|---|---|")
    for region, members in regions().items():
        inside = [pair for pair in pairs if pair["countries"] & members]
        gold = torch.tensor([pair["gold"] for pair in inside])
        score = macro_f1(torch.stack([pair["logits"] for pair in inside]), gold)
        print(f"| {region} | {len(inside)} | {int((gold != 1).sum())} | {score:.1f} |")
    wrong = [pair for pair in pairs if pair["logits"].argmax() != pair["gold"]]
    wrong.sort(key=lambda pair: -float(pair["logits"].softmax(-1).max()))
    print("\n| said | P | gold | holder, target | sentence |\n|---|---|---|---|---|")
    for pair in wrong[:ERRORS]:
        probabilities = pair["logits"].softmax(-1)
        said, gold = (LABELS["stance"][int(n)] for n in (probabilities.argmax(), pair["gold"]))
        words = ", ".join(pair["words"])
        print(f"| {said} | {float(probabilities.max()):.2f} | {gold} | {words} | {pair['text']} |")


if __name__ == "__main__":
    main()
