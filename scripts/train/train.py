"""Trains the encoder and all heads at once on a mix of gold files; resumable at any checkpoint.

    python train.py --gold GOLD --encoder ENCODER --work DIR [--mix student|teacher] [--resume]

Writes to the work folder: `last.pt` (everything needed to go on), `epoch-N.pt` (weights),
`scores.jsonl` (dev scores of each epoch).
"""

from __future__ import annotations

import argparse
import json
import random
import time
from pathlib import Path

import torch
from torch import Tensor, nn
from transformers import AutoTokenizer

import mix
from edit import mark_mentions
from encode import Batch, Example, batches, collate, encode
from gold import Sentence, read
from labels import IGNORED
from model import Model, pretrained_encoder
from scores import DEV_FILES, answer, summary

#: Rare labels count for more: public data alone makes almost every pair neutral.
CLASS_WEIGHTS = {
    "sentiment": [1.6, 1.0, 2.0],
    "stance": [2.0, 1.0, 2.0],
    "relation": [1.0, 1.5, 2.0, 2.0, 1.5],
    "kind": [1.0, 1.0, 1.0, 1.5, 1.0, 1.0, 1.0],
}

#: What a mention is matters less than what is said of it.
TASK_WEIGHTS = {"entities": 1.0, "sentiment": 1.0, "stance": 1.0, "relation": 1.0, "kind": 0.5}


def arguments() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--gold", type=Path, nargs="+", required=True, help="folders of gold files")
    parser.add_argument("--encoder", type=Path, required=True, help="folder of the pretrained encoder")
    parser.add_argument("--work", type=Path, default=Path("target/train"), help="checkpoints and logs")
    parser.add_argument("--mix", choices=mix.MIXES, default="student")
    parser.add_argument("--mark", action="store_true", help="markers around every actor mention")
    parser.add_argument("--epochs", type=int, default=4)
    parser.add_argument("--batch", type=int, default=32)
    parser.add_argument("--rate", type=float, default=1.5e-4, help="peak learning rate of the encoder")
    parser.add_argument("--head-rate", type=float, default=3e-4)
    parser.add_argument("--dropout", type=float, default=0.1)
    parser.add_argument("--smoothing", type=float, default=0.03)
    parser.add_argument("--teacher-share", type=float, default=0.7, help="of the loss, where it was asked")
    parser.add_argument("--share", type=float, default=1, help="of each epoch's sentences, for trials")
    parser.add_argument("--start", type=Path, help="an epoch-N.pt to start from, not the encoder alone")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--checkpoint-minutes", type=float, default=10)
    parser.add_argument("--resume", action="store_true", help="go on from last.pt")
    return parser.parse_args()


class Run:
    """A training run: its model, optimiser, and how far it has come."""

    def __init__(self, args: argparse.Namespace) -> None:
        self.args = args
        self.tokenizer = AutoTokenizer.from_pretrained(args.encoder)
        self.model = Model(pretrained_encoder(args.encoder), args.dropout)
        if args.start:
            self.model.load_state_dict(torch.load(args.start))
        self.optimizer = optimizer(self.model, args)
        self.losses = losses(args.smoothing)
        self.epoch, self.step, self.saved = 0, 0, time.monotonic()
        self.dev = {
            file: self.examples(read(mix.find(args.gold, file)))
            for file, tasks in DEV_FILES.items()
            if tasks != ["entities"] or args.mix != "teacher"
        }

    def examples(self, sentences: list[Sentence]) -> list[Example]:
        """Encodes sentences, with markers if the run wants them."""
        if self.args.mark:
            sentences = [mark_mentions(sentence) for sentence in sentences]
        return [encode(sentence, self.tokenizer) for sentence in sentences]

    def epoch_batches(self) -> list[list[Example]]:
        """The batches of the current epoch: the same at every resume."""
        rng = random.Random(f"{self.args.seed}/{self.epoch}")
        args = self.args
        examples = self.examples(mix.epoch(mix.MIXES[args.mix], args.gold, rng, args.share))
        print(f"epoch {self.epoch + 1}: {len(examples)} sentences,"
              f" {sum(e.truncated for e in examples)} truncated", flush=True)
        return batches(examples, args.batch, rng)

    def train(self) -> None:
        """Trains until the last epoch, from wherever the run stands."""
        while self.epoch < self.args.epochs:
            self.train_epoch()
            self.epoch, self.step = self.epoch + 1, 0
            self.finish_epoch()

    def train_epoch(self) -> None:
        """Takes the remaining steps of an epoch."""
        groups = self.epoch_batches()
        self.model.train()
        meter, began = {}, time.monotonic()
        while self.step < len(groups):
            self.set_rates((self.epoch + self.step / len(groups)) / self.args.epochs)
            parts = self.update(collate(groups[self.step], self.tokenizer.pad_token_id))
            for task, loss in parts.items():
                meter.setdefault(task, []).append(loss)
            self.step += 1
            if self.step % 100 == 0:
                means = {task: round(sum(x) / len(x), 3) for task, x in sorted(meter.items())}
                print(f"{self.step}/{len(groups)} {time.monotonic() - began:.0f}s {means}", flush=True)
                meter = {}
            if time.monotonic() - self.saved > 60 * self.args.checkpoint_minutes:
                self.save()

    def update(self, batch: Batch) -> dict[str, float]:
        """One step of the optimiser; returns the loss of each task in the batch."""
        with torch.autocast("cpu", dtype=torch.bfloat16):
            logits = self.model(batch, self.model.states(batch))
        parts = {
            task: self.loss(task, logits[task].float().flatten(0, -2), batch)
            for task in logits
        }
        sum(TASK_WEIGHTS[task] * loss for task, loss in parts.items()).backward()
        nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
        self.optimizer.step()
        self.optimizer.zero_grad()
        return {task: loss.item() for task, loss in parts.items()}

    def loss(self, task: str, logits: Tensor, batch: Batch) -> Tensor:
        """How far the logits are from the labels, and from the teacher's probabilities."""
        labels = (batch.tags if task == "entities" else batch.labels[task]).flatten()
        loss = logits.sum() * 0.0
        if (labels != IGNORED).any():
            loss = self.losses[task](logits, labels)
        soft = batch.soft[task].flatten(0, 1) if task in batch.soft else labels.new_zeros(0, 1)
        taught = soft.sum(-1) > 0
        if taught.any():
            apart = nn.functional.cross_entropy(logits[taught], soft[taught])
            loss = (1 - self.args.teacher_share) * loss + self.args.teacher_share * apart
        return loss

    def set_rates(self, progress: float) -> None:
        """Warms up over the first twentieth, then falls in a line to zero."""
        scale = min(progress / 0.05, (1 - progress) / 0.95)
        for group in self.optimizer.param_groups:
            group["lr"] = group["peak"] * max(scale, 0.01)

    def finish_epoch(self) -> None:
        """Saves, then scores the dev files."""
        self.save()
        torch.save(self.model.state_dict(), self.args.work / f"epoch-{self.epoch}.pt")
        scores = {
            file: summary(answer(self.model, dev, self.tokenizer.pad_token_id), DEV_FILES[file])
            for file, dev in self.dev.items()
        }
        line = json.dumps({"epoch": self.epoch, "seed": self.args.seed, **scores})
        print(line, flush=True)
        with (self.args.work / "scores.jsonl").open("a") as out:
            out.write(line + "\n")

    def save(self) -> None:
        """Writes the whole state beside the old one, then replaces it."""
        state = {
            "model": self.model.state_dict(),
            "optimizer": self.optimizer.state_dict(),
            "random": torch.get_rng_state(),
            "epoch": self.epoch,
            "step": self.step,
        }
        partial = self.args.work / "last.pt.partial"
        torch.save(state, partial)
        partial.rename(self.args.work / "last.pt")
        self.saved = time.monotonic()

    def resume(self) -> None:
        """Takes up the state that `save` wrote."""
        state = torch.load(self.args.work / "last.pt")
        self.model.load_state_dict(state["model"])
        self.optimizer.load_state_dict(state["optimizer"])
        torch.set_rng_state(state["random"])
        self.epoch, self.step = state["epoch"], state["step"]


def optimizer(model: Model, args: argparse.Namespace) -> torch.optim.Optimizer:
    """AdamW with a rate for the encoder and a higher one for what starts from nothing."""
    groups: dict[tuple[bool, bool], list[Tensor]] = {}
    for name, parameter in model.named_parameters():
        if not parameter.requires_grad:
            continue
        key = (name.startswith("encoder."), parameter.ndim > 1)
        groups.setdefault(key, []).append(parameter)
    return torch.optim.AdamW(
        [
            {
                "params": parameters,
                "peak": args.rate if pretrained else args.head_rate,
                "weight_decay": 0.01 if matrix else 0.0,
            }
            for (pretrained, matrix), parameters in groups.items()
        ],
        fused=True,
    )


def losses(smoothing: float) -> dict[str, nn.Module]:
    """The loss of each task."""
    weighted = {
        task: nn.CrossEntropyLoss(torch.tensor(weights), label_smoothing=smoothing)
        for task, weights in CLASS_WEIGHTS.items()
    }
    return {"entities": nn.CrossEntropyLoss(), **weighted}


def main() -> None:
    """Trains as the command line says."""
    args = arguments()
    torch.manual_seed(args.seed)
    torch.set_num_threads(args.threads)
    args.work.mkdir(parents=True, exist_ok=True)
    run = Run(args)
    if args.resume:
        run.resume()
    run.train()


if __name__ == "__main__":
    main()
