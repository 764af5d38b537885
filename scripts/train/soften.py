"""Asks a teacher about every mention and pair of gold sentences and of texts without labels.

    python soften.py --checkpoint W/epoch-3.pt --encoder MPNET --gold GOLD... --texts UNGDC --out OUT

Writes `soft/labelled.jsonl` and `soft/unlabelled.jsonl` to OUT: a gold folder for `train.py`.
With several checkpoints, the mean of their probabilities.
"""

from __future__ import annotations

import argparse
import json
import random
import re
from dataclasses import replace
from itertools import permutations
from pathlib import Path

import torch
from transformers import AutoTokenizer

import mix
from edit import disturb, swap_countries
from encode import batches, collate, encode
from gold import Item, Sentence, Span, read, to_row
from labels import LABELS, SPANS
from model import Model, pretrained_encoder
from reference import NAMES, SENTENCE

#: Gold files, and how many copies of each beside the original: with the names of other countries,
#: and disturbed ones.
LABELLED = {
    "sentiment/newsmtsc-train": (0, 2),
    "stance/park2021-train": (0, 0),
    "relation/plv-train": (1, 0),
    "relation/cameo-train": (1, 0),
    **dict.fromkeys(mix.DOMAIN, (1, 0)),
}

#: Entities that can be actors.
ACTORS = {"Person", "Organization", "Location", "NORP"}

#: What may be a name: capitals inside a sentence.
CAPITALISED = re.compile(r"(?<=[a-z,] )[A-Z][\w'-]+(?: [A-Z][\w'-]+)*")

#: Mentions asked about in a sentence: 4 make 12 ordered pairs.
MOST_MENTIONS = 4

#: Sentences drawn from the texts without labels.
SPEECHES = 4000


def arguments() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--checkpoint", type=Path, nargs="+", required=True)
    parser.add_argument("--encoder", type=Path, required=True, help="folder of the teacher's encoder")
    parser.add_argument("--gold", type=Path, nargs="+", required=True, help="folders of gold files")
    parser.add_argument("--texts", type=Path, required=True, help="folder of UN speeches")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--threads", type=int, default=1)
    return parser.parse_args()


def labelled(gold: list[Path], rng: random.Random) -> list[Sentence]:
    """Sentences with gold labels, and their copies."""
    sentences = []
    for file, (swapped, disturbed) in LABELLED.items():
        rows = [asked_of_all(row) for row in read(mix.find(gold, file))]
        names = [row.text[slice(*span)] for row in rows for item in row.items for span in item.spans]
        sentences += rows
        sentences += [swap_countries(row, rng) for _ in range(swapped) for row in rows]
        sentences += [disturb(row, names, rng) for _ in range(disturbed) for row in rows]
    return sentences


def asked_of_all(row: Sentence) -> Sentence:
    """The row asked of its labelled spans, and of other words that look like names."""
    labelled = {span for item in row.items for span in item.spans}
    others = {
        match.span() for match in CAPITALISED.finditer(row.text)
        if not any(match.start() < end and start < match.end() for start, end in labelled)
    }
    return asked(row, labelled, others)


def unlabelled(gold: list[Path], texts: Path, rng: random.Random) -> list[Sentence]:
    """Newswire with entities, and sentences of speeches that name two actors."""
    newswire = [
        asked(row, {span for span, kind in row.entities if kind in ACTORS})
        for row in read(mix.find(gold, "ner/worldwide-train"))
    ]
    speeches = []
    for path in sorted(texts.rglob("*.txt")):
        text = " ".join(path.read_text(encoding="utf-8-sig").split())
        for match in SENTENCE.finditer(text):
            spans = {name.span() for name in NAMES.finditer(match[0])}
            if len(spans) > 1 and len(match[0]) < 400:
                speeches.append(asked(Sentence(match[0]), spans))
    return newswire + rng.sample(speeches, min(SPEECHES, len(speeches)))


def asked(sentence: Sentence, spans: set[Span], others: set[Span] = frozenset()) -> Sentence:
    """The sentence with every task asked of its first spans; labels that it has stay."""
    first = [*sorted(spans), *sorted(others)][:MOST_MENTIONS]
    items = {(item.task, item.spans): item for item in sentence.items}
    for task, count in SPANS.items():
        for arguments in permutations(first, count):
            items.setdefault((task, arguments), Item(task, arguments, None))
    return replace(sentence, items=list(items.values()))


@torch.no_grad()
def soften(sentences: list[Sentence], model: Model, tokenizer) -> dict[int, list[list[float]]]:
    """The model's probabilities for each item of each sentence that its window reaches."""
    model.eval()
    examples = [encode(sentence, tokenizer) for sentence in sentences]
    number = {id(example): n for n, example in enumerate(examples)}
    found: dict[int, list[list[float]]] = {}
    for group in batches(examples, 32, None):
        batch = collate(group, tokenizer.pad_token_id)
        with torch.autocast("cpu", dtype=torch.bfloat16):
            states = model.states(batch)
        logits = {task: model.heads[task](states, batch.mask, spans) for task, spans in batch.spans.items()}
        for row, example in enumerate(group):
            answers = {t: iter(logits[t][row].softmax(-1).tolist()) for t in example.items}
            items = sentences[number[id(example)]].items
            if sum(map(len, example.items.values())) == len(items):
                found[number[id(example)]] = [next(answers[item.task]) for item in items]
    return found


def taught(sentences: list[Sentence], models: list[Model], tokenizer) -> list[Sentence]:
    """The sentences with the mean of the models' probabilities."""
    views = [soften(sentences, model, tokenizer) for model in models]
    return [
        replace(sentence, items=[
            replace(item, soft=tuple(round(sum(p) / len(p), 4) for p in zip(*probabilities)))
            for item, *probabilities in zip(sentence.items, *(view[n] for view in views))
        ])
        for n, sentence in enumerate(sentences)
        if n in views[0]
    ]


def main() -> None:
    """Writes both files."""
    args = arguments()
    torch.set_num_threads(args.threads)
    rng = random.Random(0)
    tokenizer = AutoTokenizer.from_pretrained(args.encoder)
    models = []
    for path in args.checkpoint:
        models.append(Model(pretrained_encoder(args.encoder)))
        models[-1].load_state_dict(torch.load(path))
    (args.out / "soft").mkdir(parents=True, exist_ok=True)
    sets = {
        "labelled": labelled(args.gold, rng),
        "unlabelled": unlabelled(args.gold, args.texts, rng),
    }
    for name, sentences in sets.items():
        rows = taught(sentences, models, tokenizer)
        print(f"{name}: {len(rows)} of {len(sentences)} sentences", flush=True)
        with (args.out / "soft" / f"{name}.jsonl").open("w", encoding="utf-8") as lines:
            for row in rows:
                print(json.dumps(to_row(row), ensure_ascii=False), file=lines)


if __name__ == "__main__":
    main()
