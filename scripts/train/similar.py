"""Writes the pretrained sentence encoder as the engine reads it, and vectors that it must match.

    python similar.py --encoder target/train/encoder --out models/similar-en
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import torch
from safetensors.torch import load_file
from torch import Tensor
from transformers import AutoModel, PreTrainedTokenizerFast

from exported import BERT_KEYS, quantised, save_readable, write_sums

#: Tokens of a text that are compared: headline and opening say what it is about (docs/reading.md).
WINDOW = 64

TOKEN_TYPES = "bert.embeddings.token_type_embeddings.weight"

SENTENCES = Path("tests/reference/sentences.jsonl")

#: Sentences that make up a text of the reference.
SENTENCES_A_TEXT = 5


def write(out: Path, encoder: Path) -> None:
    """Writes `config.json` and the weights; the tokenizer is demarche-en's."""
    out.mkdir(parents=True, exist_ok=True)
    stored = load_file(encoder / "model.safetensors")
    state = {f"bert.{name}": tensor for name, tensor in stored.items() if is_used(name)}
    # One text at a time is always of the first type.
    state[TOKEN_TYPES] = state[TOKEN_TYPES][:1]
    save_readable(quantised(state), out / "model.safetensors", {"origin": "all-MiniLM-L6-v2"})
    original = json.loads((encoder / "config.json").read_text())
    config = {
        **{key: original[key] for key in BERT_KEYS},
        "type_vocab_size": 1,
        "window": WINDOW,
        "stride": 0,
        "heads": {},
    }
    (out / "config.json").write_text(json.dumps(config, indent=2) + "\n")
    write_sums(out, ["config.json", "model.safetensors"])


def is_used(name: str) -> bool:
    """Whether a weight has a part in the vector of a text."""
    return not name.startswith("pooler.") and not name.endswith("position_ids")


def reference(encoder: Path) -> dict[str, Tensor]:
    """The vectors of a few texts by the original weights: mean over the tokens, length 1."""
    tokenizer = PreTrainedTokenizerFast(
        tokenizer_file=str(encoder / "tokenizer.json"), pad_token="[PAD]", cls_token="[CLS]",
        sep_token="[SEP]", unk_token="[UNK]",
    )
    model = AutoModel.from_pretrained(encoder).eval()
    batch = tokenizer(texts(), max_length=WINDOW, truncation=True, padding=True, return_tensors="pt")
    batch.pop("token_type_ids", None)
    with torch.inference_mode():
        states = model(**batch).last_hidden_state
    mask = batch["attention_mask"][..., None]
    means = (states * mask).sum(1) / mask.sum(1)
    return {"vectors": torch.nn.functional.normalize(means, dim=1)}


def texts() -> list[str]:
    """Every fifth sentence of the engine's reference, joined by fives: some longer than a window."""
    sentences = [json.loads(line)["text"] for line in SENTENCES.read_text().splitlines()]
    count = len(sentences) // SENTENCES_A_TEXT
    return [" ".join(sentences[n::count]) for n in range(count)]


def main() -> None:
    """Writes the folder and the reference."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--encoder", type=Path, default=Path("target/train/encoder"))
    parser.add_argument("--out", type=Path, default=Path("models/similar-en"))
    parser.add_argument("--reference", type=Path, default=Path("tests/similar"))
    args = parser.parse_args()
    write(args.out, args.encoder)
    args.reference.mkdir(parents=True, exist_ok=True)
    save_readable(reference(args.encoder), args.reference / "vectors.safetensors")


if __name__ == "__main__":
    main()
