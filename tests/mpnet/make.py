#!/usr/bin/env python3
"""Writes a small random MPNet and what PyTorch answers with it: what tests/mpnet.rs compares with.

    python tests/mpnet/make.py      (with the packages of scripts/train/requirements.txt)

Its weights are in two files, and it has neither a head for entities nor one for kinds.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import torch
from torch import Tensor
from transformers import MPNetConfig, MPNetModel

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[1] / "scripts" / "train"))

from exported import quantised, save_readable  # noqa: E402
from labels import LABELS, SPANS  # noqa: E402
from model import SpanHead  # noqa: E402

CASES = 4
HEADS = ["sentiment", "stance", "relation"]
#: Tokens of each sentence: one vector, several, and the longest.
LENGTHS = [5, 23, 150]
#: MPNet counts positions from the padding's id on.
FIRST_POSITION = 2
CONFIG = MPNetConfig(
    vocab_size=120,
    hidden_size=64,
    num_hidden_layers=2,
    num_attention_heads=4,
    intermediate_size=160,
    max_position_embeddings=150 + FIRST_POSITION,
    initializer_range=0.2,
    layer_norm_eps=1e-5,
    relative_attention_num_buckets=32,
)


def main() -> None:
    """Writes config.json, two files of weights and logits.safetensors."""
    torch.manual_seed(0)
    encoder = MPNetModel(CONFIG, add_pooling_layer=False).eval()
    torch.nn.init.normal_(encoder.encoder.relative_attention_bias.weight)
    cases = torch.nn.Embedding(CASES, CONFIG.hidden_size)
    heads = {
        task: SpanHead(CONFIG.hidden_size, SPANS[task], len(LABELS[task]), 0.0).eval()
        for task in HEADS
    }
    for head in heads.values():
        for weights in head.parameters():
            torch.nn.init.normal_(weights, std=0.2)
    for module in (encoder, cases, *heads.values()):
        round_weights(module)

    tensors = quantised(named_for_the_engine(encoder, cases, heads))
    names = sorted(tensors)
    for n, half in enumerate((names[::2], names[1::2]), 1):
        save_readable({name: tensors[name] for name in half}, HERE / f"model-{n}.safetensors")
    (HERE / "config.json").write_text(json.dumps(config(), indent=2) + "\n")
    with torch.no_grad():
        save_readable(answers(encoder, cases, heads), HERE / "logits.safetensors")


def round_weights(module: torch.nn.Module) -> None:
    """Gives the matrices the values they will have as int8."""
    for weights in module.parameters():
        if weights.ndim == 2:
            scale = weights.data.abs().amax(1).clamp(min=1e-12) / 127
            weights.data = (weights.data / scale[:, None]).round() * scale[:, None]


def named_for_the_engine(
    encoder: MPNetModel, cases: torch.nn.Embedding, heads: dict[str, SpanHead]
) -> dict[str, Tensor]:
    """BERT's names."""
    bert = {
        "attention.attn.q.": "attention.self.query.",
        "attention.attn.k.": "attention.self.key.",
        "attention.attn.v.": "attention.self.value.",
        "attention.attn.o.": "attention.output.dense.",
        "attention.LayerNorm.": "attention.output.LayerNorm.",
    }
    tensors = {"bert.embeddings.token_type_embeddings.weight": cases.weight.data}
    for name, tensor in encoder.state_dict().items():
        for theirs, ours in bert.items():
            name = name.replace(theirs, ours)
        if name == "embeddings.position_embeddings.weight":
            tensor = tensor[FIRST_POSITION:]
        if name != "embeddings.position_ids":
            tensors[f"bert.{name}"] = tensor
    for task, head in heads.items():
        tensors |= {f"{task}.{name}": tensor for name, tensor in head.state_dict().items()}
    return tensors


def config() -> dict:
    """What the engine must know."""
    keys = [
        "vocab_size", "hidden_size", "num_hidden_layers", "num_attention_heads",
        "intermediate_size", "hidden_act", "layer_norm_eps", "relative_attention_num_buckets",
    ]
    longest = max(LENGTHS)
    return {
        "model_type": "mpnet",
        **{key: getattr(CONFIG, key) for key in keys},
        "max_position_embeddings": longest,
        "window": longest,
        "stride": longest // 2,
        "weights": ["model-1.safetensors", "model-2.safetensors"],
        "heads": {task: LABELS[task] for task in HEADS},
        "temperature": {task: 1.0 for task in HEADS},
    }


def answers(
    encoder: MPNetModel, cases: torch.nn.Embedding, heads: dict[str, SpanHead]
) -> dict[str, Tensor]:
    """Hidden states and logits for random sentences, one after the other."""
    parts: dict[str, list[Tensor]] = {}
    for length in LENGTHS:
        ids = torch.randint(5, CONFIG.vocab_size, (1, length))
        case = torch.randint(0, CASES, (1, length))
        embedded = encoder.get_input_embeddings()(ids) + cases(case)
        states = encoder(inputs_embeds=embedded).last_hidden_state
        parts.setdefault("ids", []).append(ids[0].int())
        parts.setdefault("cases", []).append(case[0].byte())
        parts.setdefault("states", []).append(states[0])
        mask = torch.ones(1, length, dtype=torch.bool)
        for task, head in heads.items():
            spans = torch.tensor([[1, 2], [2, 4]])
            spans = spans[:, None] if SPANS[task] == 1 else torch.stack([spans, spans.flip(0)])
            parts.setdefault(task, []).append(head(states, mask, spans[None])[0])
    tensors = {name: torch.cat(tensors) for name, tensors in parts.items()}
    return tensors | {"lengths": torch.tensor(LENGTHS, dtype=torch.int32)}


if __name__ == "__main__":
    main()
