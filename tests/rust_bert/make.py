#!/usr/bin/env python3
"""Writes small models in Hugging Face's layout, and what transformers answers with them.

    python tests/rust_bert/make.py      (with the packages of scripts/train/requirements.txt)

For each family a tagger and an inference model with random weights, in tests/rust_bert/FAMILY; and
two that have learned a little, in `entities` and `stance`, for the program to run with.
"""

from __future__ import annotations

import functools
import itertools
import json
import random
import shutil
from pathlib import Path

import torch
import transformers
from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers
from torch import nn

HERE = Path(__file__).resolve().parent
TAGS = ["O", "B-PER", "I-PER", "B-ORG", "I-ORG", "B-LOC", "I-LOC", "B-MISC", "I-MISC"]
INFERENCE = ["contradiction", "neutral", "entailment"]
#: Tokens a model reads: few, so that an ordinary sentence is a long one.
POSITIONS = 48
SIZES = {"hidden_size": 32, "num_hidden_layers": 2, "num_attention_heads": 4, "intermediate_size": 48}
DISTILBERT = {"dim": 32, "n_layers": 2, "n_heads": 4, "hidden_dim": 48}
#: The weights are large enough for an error to show.
SPREAD = 0.3
#: rust-bert adds this to variances, whatever config.json says.
EPSILON = 1e-12

NAMES = {
    "LOC": ["Kabul", "Islamabad", "Tehran", "Iran", "Pakistan", "Uzbekistan", "China", "Khost"],
    "ORG": ["Taliban", "United Nations", "Foreign Ministry", "European Union"],
    "PER": ["Imran Khan", "Amir Khan Muttaqi", "Ebrahim Raisi", "Karimov"],
    "MISC": ["Afghan", "Pakistani", "Iranian", "Chinese"],
}
VERBS = {
    "opposes": ["condemned", "blamed", "warned", "accused"],
    "supports": ["praised", "thanked", "welcomed", "backed"],
    None: ["met", "called", "joined", "left"],
}
WORDS = "the a of in on and said officials talks border trade Monday Friday with about to for , . '"


class Family:
    """How a family's models are made."""

    def __init__(self, name: str, prefix: str, tokenizer: str, **config) -> None:
        self.name, self.tokenizer = name, tokenizer
        self.config = getattr(transformers, f"{prefix}Config")
        self.tagger = getattr(transformers, f"{prefix}ForTokenClassification")
        self.inference = getattr(transformers, f"{prefix}ForSequenceClassification")
        self.settings = {"max_position_embeddings": POSITIONS, "initializer_range": SPREAD, **config}


FAMILIES = [
    Family("bert", "Bert", "wordpiece", **SIZES, layer_norm_eps=EPSILON),
    Family("distilbert", "DistilBert", "wordpiece", **DISTILBERT),
    Family("roberta", "Roberta", "bytes", **SIZES, layer_norm_eps=EPSILON, type_vocab_size=1, pad_token_id=1),
]


def main() -> None:
    """Writes all of them."""
    torch.manual_seed(0)
    random.seed(0)
    torch.set_num_threads(1)
    transformers.logging.disable_progress_bar()
    for family in FAMILIES:
        for task in ("tagger", "inference"):
            folder = HERE / family.name / task
            model = build(family, task)
            save(model, family, folder)
            (folder / "answers.json").write_text(json.dumps(answers(model, task)) + "\n")
    save(learned_entities(), FAMILIES[0], HERE / "entities")
    save(learned_stance(), FAMILIES[0], HERE / "stance")


def build(family: Family, task: str, spread: float = SPREAD) -> nn.Module:
    """A model with random weights."""
    labels = TAGS if task == "tagger" else INFERENCE
    positions = POSITIONS + 2 if family.name == "roberta" else POSITIONS
    settings = family.settings | {"max_position_embeddings": positions, "initializer_range": spread}
    if spread < SPREAD:  # to be trained: a small network has nothing to spare
        settings |= {"hidden_dropout_prob": 0.0, "attention_probs_dropout_prob": 0.0}
    config = family.config(
        vocab_size=tokenizer(family.tokenizer).get_vocab_size(),
        id2label=dict(enumerate(labels)), label2id={label: n for n, label in enumerate(labels)}, **settings,
    )
    model = getattr(family, task)(config).eval()
    if spread == SPREAD:
        for name, weights in model.named_parameters():
            if name.endswith("bias"):
                nn.init.normal_(weights, std=0.1)
    return model


def save(model: nn.Module, family: Family, folder: Path) -> None:
    """config.json, model.safetensors and tokenizer.json."""
    shutil.rmtree(folder, ignore_errors=True)
    model.save_pretrained(folder)
    tokenizer(family.tokenizer).save(str(folder / "tokenizer.json"))


def answers(model: nn.Module, task: str) -> list[dict]:
    """Random inputs of several lengths, with what the model says of each."""
    cases = []
    for length in (3, 9, 21, POSITIONS):
        ids = torch.randint(5, model.config.vocab_size, (1, length))
        types = torch.zeros_like(ids)
        if task == "inference" and getattr(model.config, "type_vocab_size", 0) > 1:
            types[0, length // 2 :] = 1
        takes_types = model.config.model_type != "distilbert"
        with torch.no_grad():
            logits = model(input_ids=ids, **({"token_type_ids": types} if takes_types else {})).logits[0]
        rounded = [round(value, 5) for value in logits.flatten().tolist()]
        cases.append({"ids": ids[0].tolist(), "types": types[0].tolist(), "logits": rounded})
    return cases


@functools.cache  # two trainings may number words differently
def tokenizer(kind: str) -> Tokenizer:
    """A tokenizer that knows the words below, and letters."""
    texts = [*itertools.chain(*NAMES.values(), *VERBS.values()), *WORDS.split(), "supports", "opposes", "."]
    texts = texts + [f" {text}" for text in texts]
    special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    letters = [chr(code) for code in range(ord("a"), ord("z") + 1)]
    if kind == "wordpiece":
        made = Tokenizer(models.WordPiece(unk_token="[UNK]"))
        made.normalizer = normalizers.BertNormalizer(lowercase=True)
        made.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
        trainer = trainers.WordPieceTrainer(
            vocab_size=320, special_tokens=special, initial_alphabet=letters, show_progress=False
        )
    else:
        special = ["<s>", "<pad>", "</s>", "<unk>", "<mask>"]
        made = Tokenizer(models.BPE())
        made.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=True)
        made.decoder = decoders.ByteLevel()
        trainer = trainers.BpeTrainer(
            vocab_size=480, special_tokens=special, show_progress=False,
            initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        )
    made.train_from_iterator(texts, trainer)
    made.post_processor = ends(made, kind)
    return made


def ends(made: Tokenizer, kind: str) -> processors.PostProcessor:
    """Puts the family's marks around and between texts."""
    if kind == "bytes":
        first, last = (made.token_to_id(token) for token in ("<s>", "</s>"))
        return processors.RobertaProcessing(("</s>", last), ("<s>", first), add_prefix_space=True)
    marks = [(token, made.token_to_id(token)) for token in ("[CLS]", "[SEP]")]
    return processors.TemplateProcessing("[CLS] $A [SEP]", "[CLS] $A [SEP] $B:1 [SEP]:1", marks)


def learned_entities() -> nn.Module:
    """A tagger that knows the names above."""
    model = build(FAMILIES[0], "tagger", 0.1)
    words = tokenizer("wordpiece")

    def example() -> tuple[list[int], list[int], list[int]]:
        text, tags = [], []
        for _ in range(random.randint(1, 3)):
            fill = random.choices(WORDS.split() + sum(VERBS.values(), []), k=random.randint(0, 3))
            kind = random.choice(list(NAMES))
            name = random.choice(NAMES[kind]).split()
            text += fill + name
            tags += ["O"] * len(fill) + [f"{'I' if n else 'B'}-{kind}" for n in range(len(name))]
        encoded = words.encode(text, is_pretokenized=True)
        seen: set[int] = set()
        labels = []
        for word in encoded.word_ids:
            labels.append(-100 if word is None or word in seen else TAGS.index(tags[word]))
            seen.add(word)
        return encoded.ids, encoded.type_ids, labels

    return learn(model, example, steps=900)


def learned_stance() -> nn.Module:
    """An inference model that knows the verbs above; who comes first is beyond its 13,000 weights."""
    torch.manual_seed(0)  # one from which it learns
    random.seed(0)
    model = build(FAMILIES[0], "inference", 0.1)
    pieces = tokenizer("wordpiece")
    names = NAMES["LOC"] + NAMES["ORG"]

    def example() -> tuple[list[int], list[int], int]:
        one, two = random.sample(names, 2)
        claim = random.choice(list(VERBS))
        said = random.choice(["opposes", "supports"])
        fill = " ".join(random.choices(WORDS.split(), k=random.choice([0, 0, random.randint(1, 25)])))
        premise = f"{fill} {one} {random.choice(VERBS[claim])} {random.choice(['the ', ''])}{two}{random.choice(['.', ' on Monday.'])}"
        if claim is None:
            label = "neutral"
        else:
            label = "entailment" if claim == said else "contradiction"
        encoded = pieces.encode(premise, f"{one} {said} {two}.")
        return encoded.ids, encoded.type_ids, INFERENCE.index(label)

    return learn(model, example, steps=4000)


def learn(model: nn.Module, example, steps: int) -> nn.Module:
    """A few passes of plain training."""
    optimizer = torch.optim.AdamW(model.parameters())
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, 3e-3, steps)
    pad = model.config.pad_token_id or 0
    model.train()
    for step in range(steps):
        ids, types, labels = zip(*(example() for _ in range(32)))
        length = max(map(len, ids))
        padded = torch.tensor([row + [pad] * (length - len(row)) for row in ids])
        kinds = torch.tensor([row + [0] * (length - len(row)) for row in types])
        mask = torch.tensor([[1] * len(row) + [0] * (length - len(row)) for row in ids])
        if isinstance(labels[0], list):
            labels = [row + [-100] * (length - len(row)) for row in labels]
        loss = model(input_ids=padded, token_type_ids=kinds, attention_mask=mask, labels=torch.tensor(labels)).loss
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        schedule.step()
        if loss.item() < 1e-3:
            break
        if step % 300 == 0 or step == steps - 1:
            print(f"{type(model).__name__} step {step}: loss {loss.item():.3f}", flush=True)
    return model.eval()


if __name__ == "__main__":
    main()
