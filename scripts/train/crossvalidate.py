"""Cross-validates the relation head on plv-train: four classes, each fold unseen in training.

    python crossvalidate.py --gold GOLD --encoder ENCODER [--folds 5] [--epochs 6]

Each fold trains encoder and relation head alone, from the pretrained encoder, on the other folds
and on cameo-train; macro-F1 is over the answers of all folds together, 'none' left out.
"""

from __future__ import annotations

import argparse
import random
from pathlib import Path

import torch
from torch import nn
from transformers import AutoTokenizer

from encode import batches, collate, encode
from gold import read
from labels import IGNORED
from model import Model, pretrained_encoder
from scores import answer, macro_f1


def arguments() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--gold", type=Path, required=True, help="folder of gold files")
    parser.add_argument("--encoder", type=Path, required=True, help="folder of the pretrained encoder")
    parser.add_argument("--folds", type=int, default=5)
    parser.add_argument("--epochs", type=int, default=6)
    parser.add_argument("--rate", type=float, default=1e-4)
    parser.add_argument("--seed", type=int, default=0)
    return parser.parse_args()


def trained(examples: list, args: argparse.Namespace, pad_id: int, rng: random.Random) -> Model:
    """A model fine-tuned on the relations of the examples."""
    model = Model(pretrained_encoder(args.encoder)).train()
    weights = [p for name, p in model.named_parameters() if p.requires_grad and (
        name.startswith(("encoder.", "case.")) or name.startswith("heads.relation"))]
    optimizer = torch.optim.AdamW(weights, lr=args.rate, weight_decay=0.01, fused=True)
    loss = nn.CrossEntropyLoss(label_smoothing=0.03, ignore_index=IGNORED)
    groups = [group for _ in range(args.epochs) for group in batches(examples, 16, rng)]
    for step, group in enumerate(groups):
        for part in optimizer.param_groups:
            part["lr"] = args.rate * min(20 * step / len(groups), 1 - step / len(groups))
        batch = collate(group, pad_id)
        with torch.autocast("cpu", dtype=torch.bfloat16):
            states = model.states(batch)
            logits = model.heads["relation"](states, batch.mask, batch.spans["relation"])
        loss(logits.float().flatten(0, 1), batch.labels["relation"].flatten()).backward()
        optimizer.step()
        optimizer.zero_grad()
    return model


def main() -> None:
    """Prints the score of all folds."""
    args = arguments()
    torch.manual_seed(args.seed)
    torch.set_num_threads(1)
    rng = random.Random(args.seed)
    tokenizer = AutoTokenizer.from_pretrained(args.encoder)
    plv, cameo = (
        [encode(sentence, tokenizer) for sentence in read(args.gold / f"relation/{name}-train.jsonl")]
        for name in ("plv", "cameo")
    )
    rng.shuffle(plv)
    logits, gold = [], []
    for fold in range(args.folds):
        rest = [example for n, example in enumerate(plv) if n % args.folds != fold]
        model = trained(rest + cameo, args, tokenizer.pad_token_id, rng)
        answers = answer(model, plv[fold :: args.folds], tokenizer.pad_token_id)
        logits.append(answers.of("relation")[0])
        gold.append(answers.of("relation")[1])
        print(f"fold {fold + 1}: {macro_f1(logits[-1][:, 1:], gold[-1] - 1):.1f}", flush=True)
    print(f"all: {macro_f1(torch.cat(logits)[:, 1:], torch.cat(gold) - 1):.1f}")


if __name__ == "__main__":
    main()
