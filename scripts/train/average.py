"""Averages the weights of checkpoints of one run, or of runs that start from one another.

    python average.py --out AVERAGE.pt CHECKPOINT.pt=0.6 OTHER.pt=0.4
"""

from __future__ import annotations

import argparse
from pathlib import Path

import torch


def weighted(text: str) -> tuple[Path, float]:
    """`PATH=SHARE`."""
    path, share = text.rsplit("=", 1)
    return Path(path), float(share)


def main() -> None:
    """Writes the average."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("checkpoints", type=weighted, nargs="+", help="each with its share")
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    if abs(sum(share for _, share in args.checkpoints) - 1) > 1e-6:
        parser.error("the shares do not sum to 1")
    states = [(torch.load(path), share) for path, share in args.checkpoints]
    torch.save({name: sum(share * state[name] for state, share in states) for name in states[0][0]}, args.out)


if __name__ == "__main__":
    main()
