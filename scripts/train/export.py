"""Writes a checkpoint as the folder the program ships, with reference values for its tests.

    python export.py --checkpoint W/epoch-5.pt --encoder ENCODER --gold GOLD --texts UNGDC
    python export.py --checkpoint T/epoch-2.pt --encoder MPNET --tokenizer ENCODER --gold GOLD \\
        --out models/demarche-en-large

A model on MPNet is written in BERT's order, for the smaller model's tokenizer (see `exported`).
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import torch
from transformers import AutoTokenizer

import exported
import reference
from calibrate import temperatures
from model import Model, pretrained_encoder


def arguments() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--checkpoint", type=Path, help="epoch-N.pt; without it, untrained heads")
    parser.add_argument("--encoder", type=Path, required=True, help="folder of the pretrained encoder")
    parser.add_argument("--tokenizer", type=Path, help="folder of tokenizer.json, if another")
    parser.add_argument("--gold", type=Path, help="gold files to fit the temperatures on")
    parser.add_argument("--texts", type=Path, help="UN speeches to draw reference values from")
    parser.add_argument("--out", type=Path, default=Path("models/demarche-en"))
    parser.add_argument("--reference", type=Path, default=Path("tests/reference"))
    parser.add_argument("--seed", type=int, default=0, help="seed of the run, for the record")
    return parser.parse_args()


def main() -> None:
    """Exports, fits temperatures on the exported weights, then saves what they answer."""
    args = arguments()
    torch.manual_seed(args.seed)
    torch.set_num_threads(1)
    tokenizer = AutoTokenizer.from_pretrained(args.encoder)
    model = Model(pretrained_encoder(args.encoder))
    if args.checkpoint:
        model.load_state_dict(torch.load(args.checkpoint))
    origin = {"seed": args.seed, "checkpoint": args.checkpoint.stem if args.checkpoint else "none"}
    files = args.tokenizer or args.encoder
    exported.write(args.out, model, files, {}, origin)
    shipped = exported.rounded(args.out, model)
    if args.gold:
        fitted = temperatures(shipped, tokenizer, args.gold)
        exported.write(args.out, model, files, fitted, origin)
        print(json.dumps(fitted))
    if args.texts:
        reference.write(args.reference, shipped, tokenizer, args.texts)


if __name__ == "__main__":
    main()
