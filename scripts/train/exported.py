"""The folder that the Rust engine reads: int8 weights, labels, tokenizer. Writes and loads it."""

from __future__ import annotations

import json
from pathlib import Path

import torch
from safetensors import safe_open
from safetensors.torch import save_file
from tokenizers import Tokenizer
from torch import Tensor
from transformers import BertConfig, BertModel

from encode import WINDOW
from labels import LABELS, TAGS
from model import Model

VERSION = "0.1.0"

#: A case class is a token type to the engine: one table instead of two.
TOKEN_TYPES = "encoder.embeddings.token_type_embeddings.weight"

BERT_KEYS = [
    "vocab_size", "hidden_size", "num_hidden_layers", "num_attention_heads", "intermediate_size",
    "hidden_act", "layer_norm_eps", "max_position_embeddings", "pad_token_id",
]


def write(
    out: Path, model: Model, tokenizer: Path, temperature: dict[str, float], origin: dict
) -> None:
    """Writes the weights of a model with a BERT encoder; the same model gives the same bytes."""
    out.mkdir(parents=True, exist_ok=True)
    tensors = quantised(named_for_the_engine(model.state_dict()))
    # One key only: safetensors does not keep the order of several.
    metadata = {"origin": json.dumps({"version": VERSION, **origin}, sort_keys=True)}
    save_readable(tensors, out / "model.safetensors", metadata)
    config = {
        "model_type": "bert",
        **{key: getattr(model.encoder.config, key) for key in BERT_KEYS},
        "type_vocab_size": model.case.num_embeddings,
        "window": WINDOW,
        "stride": WINDOW // 2,
        "heads": {"entities": TAGS, **LABELS},
        "temperature": {task: temperature.get(task, 1.0) for task in ["entities", *LABELS]},
    }
    (out / "config.json").write_text(json.dumps(config, indent=2) + "\n")
    plain = Tokenizer.from_file(str(tokenizer / "tokenizer.json"))
    plain.no_truncation()
    plain.no_padding()
    plain.save(str(out / "tokenizer.json"))


def save_readable(
    tensors: dict[str, Tensor], path: Path, metadata: dict[str, str] | None = None
) -> None:
    """Saves tensors; safetensors alone would keep the file from everyone but its owner."""
    save_file(tensors, path, metadata)
    path.chmod(0o644)


def named_for_the_engine(state: dict[str, Tensor]) -> dict[str, Tensor]:
    """Folds the case table into the token types and renames encoder and heads."""
    state = dict(state)
    state[TOKEN_TYPES] = state[TOKEN_TYPES][:1] + state.pop("case.weight")
    return {
        name.replace("encoder.", "bert.", 1) if name.startswith("encoder.")
        else name.removeprefix("heads."): tensor
        for name, tensor in state.items()
    }


def quantised(state: dict[str, Tensor]) -> dict[str, Tensor]:
    """Matrices as int8 with a scale a row (symmetric, 127 for the largest value of the row)."""
    tensors = {}
    for name, tensor in state.items():
        if tensor.ndim == 1:
            tensors[name] = tensor.float().contiguous()
            continue
        scale = tensor.abs().amax(1).clamp(min=1e-12) / 127
        tensors[name] = (tensor / scale[:, None]).round().to(torch.int8)
        tensors[f"{name}.scale"] = scale
    return tensors


def load(folder: Path) -> tuple[Model, dict[str, float]]:
    """Loads an exported folder: the model with exactly its weights, and its temperatures."""
    config = json.loads((folder / "config.json").read_text())
    bert = BertConfig(**{key: config[key] for key in BERT_KEYS}, type_vocab_size=1)
    model = Model(BertModel(bert, add_pooling_layer=False))
    with safe_open(folder / "model.safetensors", "pt") as file:
        stored = {name: file.get_tensor(name) for name in file.keys()}
    state = {}
    for name, tensor in stored.items():
        if name.endswith(".scale"):
            continue
        if tensor.dtype == torch.int8:
            tensor = tensor * stored[f"{name}.scale"][:, None]
        head = name.split(".")[0]
        state[f"heads.{name}" if head in LABELS else name.replace("bert.", "encoder.", 1)] = tensor
    state["case.weight"] = state[TOKEN_TYPES]
    state[TOKEN_TYPES] = torch.zeros_like(state[TOKEN_TYPES][:1])
    model.load_state_dict(state)
    return model.eval(), config["temperature"]
