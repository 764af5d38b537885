#!/usr/bin/env python3
"""Writes the encoder of the built-in model for ONNX Runtime, in f32 and int8, to target/bench.

Both are fused by ONNX Runtime's own optimizer for BERT; int8 is its dynamic quantisation, with a
scale for each channel of the weights.
"""

from __future__ import annotations

import sys
from pathlib import Path

import onnx
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from onnxruntime.transformers import optimizer
from torch import Tensor

REPOSITORY = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(REPOSITORY / "scripts" / "train"))

from exported import load  # noqa: E402
from model import Model  # noqa: E402

MODEL = REPOSITORY / "models" / "demarche-en"
OUT = REPOSITORY / "target" / "bench"


class Encoder(torch.nn.Module):
    """The encoder without its heads."""

    def __init__(self, model: Model) -> None:
        super().__init__()
        self.encoder, self.case = model.encoder, model.case
        # The optimizer knows the plain form of attention.
        self.encoder.config._attn_implementation = "eager"

    def forward(self, ids: Tensor, cases: Tensor, mask: Tensor) -> Tensor:
        """Hidden states [B, L, H]."""
        embedded = self.encoder.get_input_embeddings()(ids) + self.case(cases)
        return self.encoder(inputs_embeds=embedded, attention_mask=mask).last_hidden_state


def main() -> None:
    """Exports, fuses, quantises."""
    model, _ = load(MODEL)
    plain, fused = OUT / "encoder-plain.onnx", OUT / "encoder-f32.onnx"
    ids = torch.randint(5, 1000, (2, 9))
    names = ["ids", "cases", "mask"]
    torch.onnx.export(
        Encoder(model).eval(),
        (ids, ids % 4, torch.ones_like(ids)),
        plain,
        input_names=names,
        output_names=["states"],
        dynamic_axes={name: {0: "batch", 1: "length"} for name in [*names, "states"]},
        opset_version=17,
        dynamo=False,
    )
    config = model.encoder.config
    optimized = optimizer.optimize_model(
        str(plain),
        model_type="bert",
        num_heads=config.num_attention_heads,
        hidden_size=config.hidden_size,
        opt_level=1,
    )
    print(optimized.get_fused_operator_statistics())
    optimized.save_model_to_file(str(fused))
    quantize_dynamic(
        fused,
        OUT / "encoder-int8.onnx",
        weight_type=QuantType.QInt8,
        per_channel=True,
        extra_options={"DefaultTensorType": onnx.TensorProto.FLOAT},
    )


if __name__ == "__main__":
    main()
