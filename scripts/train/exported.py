"""The folder that the Rust engine reads: int8 weights, labels, tokenizer. Writes and loads it."""

from __future__ import annotations

import hashlib
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

#: What the larger model is asked: the smaller one finds the names.
JUDGED = ["sentiment", "stance", "relation"]

#: Where MPNet differs from BERT.
MPNET_AS_BERT = {
    "vocab_size": 30522, "max_position_embeddings": 512, "pad_token_id": 0,
    "relative_attention_num_buckets": 32,
}
MPNET_NAMES = {
    "attention.attn.q.": "attention.self.query.",
    "attention.attn.k.": "attention.self.key.",
    "attention.attn.v.": "attention.self.value.",
    "attention.attn.o.": "attention.output.dense.",
    "attention.LayerNorm.": "attention.output.LayerNorm.",
}

#: Rows of BERT's vocabulary.
PAD, CLS, SEP = 0, 101, 102

#: Of a file of weights in the repository.
MOST_BYTES = 48_000_000


def write(
    out: Path, model: Model, tokenizer: Path, temperature: dict[str, float], origin: dict
) -> None:
    """Writes the weights of a model with a BERT encoder; the same model gives the same bytes."""
    out.mkdir(parents=True, exist_ok=True)
    state = model.state_dict()
    is_mpnet = model.encoder.config.model_type == "mpnet"
    heads = {"entities": TAGS, **LABELS}
    if is_mpnet:
        state, heads = as_bert(state), {task: LABELS[task] for task in JUDGED}
    tensors = quantised(named_for_the_engine(state))
    # One key only: safetensors does not keep the order of several.
    metadata = {"origin": json.dumps({"version": VERSION, **origin}, sort_keys=True)}
    files = split(tensors)
    for name, part in files.items():
        save_readable(part, out / name, metadata)
    config = {
        "model_type": "bert",
        **{key: getattr(model.encoder.config, key) for key in BERT_KEYS},
        "type_vocab_size": model.case.num_embeddings,
        "window": WINDOW,
        "stride": WINDOW // 2,
        "heads": heads,
        "temperature": {task: temperature.get(task, 1.0) for task in heads},
    }
    if is_mpnet:
        config |= MPNET_AS_BERT
    if len(files) > 1:
        config["weights"] = list(files)
    (out / "config.json").write_text(json.dumps(config, indent=2) + "\n")
    plain = Tokenizer.from_file(str(tokenizer / "tokenizer.json"))
    plain.no_truncation()
    plain.no_padding()
    plain.save(str(out / "tokenizer.json"))
    write_sums(out, ["config.json", "tokenizer.json", *files])


def write_sums(out: Path, names: list[str]) -> None:
    """Lists the sums of files, by which the program knows damaged ones (`sha256sum -c SHA256SUMS`)."""
    lines = [f"{hashlib.sha256((out / name).read_bytes()).hexdigest()}  {name}\n" for name in names]
    (out / "SHA256SUMS").write_text("".join(lines))


def as_bert(state: dict[str, Tensor]) -> dict[str, Tensor]:
    """The weights of a model on MPNet, named and ordered as BERT's, without its unused heads.

    MPNet's vocabulary is BERT's behind four tokens of its own, and its positions start at 2.
    """
    state = {name: tensor for name, tensor in state.items() if used_by_a_judge(name)}
    words = state["encoder.embeddings.word_embeddings.weight"]
    start, padding, end = words[:3]
    words = words[4 : 4 + MPNET_AS_BERT["vocab_size"]].clone()
    words[PAD], words[CLS], words[SEP] = padding, start, end
    state["encoder.embeddings.word_embeddings.weight"] = words
    positions = "encoder.embeddings.position_embeddings.weight"
    state[positions] = state[positions][2 : 2 + MPNET_AS_BERT["max_position_embeddings"]]
    state[TOKEN_TYPES] = torch.zeros(1, words.shape[1])
    for theirs, ours in MPNET_NAMES.items():
        state = {name.replace(theirs, ours): tensor for name, tensor in state.items()}
    return state


def used_by_a_judge(name: str) -> bool:
    """Whether a weight belongs to the encoder or to a head of `JUDGED`."""
    return not name.startswith("entities.") and (
        not name.startswith("heads.") or name.split(".")[1] in JUDGED
    )


def split(tensors: dict[str, Tensor]) -> dict[str, dict[str, Tensor]]:
    """Files of at most MOST_BYTES each, by name."""
    parts, size = [{}], 0
    for name, tensor in tensors.items():
        size += tensor.nbytes
        if size > MOST_BYTES:
            parts.append({})
            size = tensor.nbytes
        parts[-1][name] = tensor
    if len(parts) == 1:
        return {"model.safetensors": parts[0]}
    return {f"model-{n}.safetensors": part for n, part in enumerate(parts, 1)}


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


def rounded(folder: Path, model: Model) -> Model:
    """The model as it was written to the folder: with the int8 weights."""
    if model.encoder.config.model_type == "bert":
        return load(folder)[0]
    stored = quantised(model.state_dict())
    state = {
        name: stored[name] * stored[f"{name}.scale"][:, None] if tensor.ndim > 1 else tensor
        for name, tensor in model.state_dict().items()
    }
    model.load_state_dict(state)
    return model.eval()


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
