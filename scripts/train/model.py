"""One encoder pass a sentence, and heads that read labelled spans off its hidden states."""

from __future__ import annotations

from pathlib import Path

import torch
from torch import Tensor, nn
from transformers import AutoModel, PreTrainedModel

from encode import Batch
from labels import LABELS, SPANS, TAGS

CASES = 4


def pretrained_encoder(folder: Path) -> PreTrainedModel:
    """Loads a sentence encoder without its pooling layer.

    Without dropout on attention, PyTorch takes its fused kernel: a tenth of a step's time.
    """
    return AutoModel.from_pretrained(
        folder, add_pooling_layer=False, attention_probs_dropout_prob=0.0
    )


class SpanHead(nn.Module):
    """Classifies one span, or an ordered pair of spans, by an attention pool they query.

    The pool's keys are the hidden states themselves: a projection of the query is enough.
    """

    def __init__(self, width: int, spans: int, classes: int, dropout: float) -> None:
        super().__init__()
        features = 3 if spans == 1 else 5
        self.query = nn.Linear(spans * width, width)
        self.hidden = nn.Linear(features * width, width)
        self.output = nn.Linear(width, classes)
        self.dropout = nn.Dropout(dropout)

    def forward(self, states: Tensor, mask: Tensor, spans: Tensor) -> Tensor:
        """states [B, L, H], mask [B, L], spans [B, K, S, 2] -> logits [B, K, classes]."""
        means = span_means(states, spans)
        query = self.query(means.flatten(2))
        scores = query @ states.transpose(1, 2) / states.shape[-1] ** 0.5
        weights = scores.masked_fill(~mask[:, None], float("-inf")).softmax(-1)
        context = weights @ states
        first = states[:, :1].expand_as(context)
        parts = [*means.unbind(2), context, first]
        if len(parts) == 4:
            parts.insert(2, parts[0] * parts[1])
        features = self.dropout(torch.cat(parts, -1))
        return self.output(self.dropout(nn.functional.gelu(self.hidden(features))))


def span_means(states: Tensor, spans: Tensor) -> Tensor:
    """Mean hidden state of each span: [B, K, S, H]; zero for an empty span."""
    at = torch.arange(states.shape[1])
    inside = ((at >= spans[..., :1]) & (at < spans[..., 1:])).to(states.dtype)
    weights = inside / inside.sum(-1, keepdim=True).clamp(min=1)
    return (weights.flatten(1, 2) @ states).unflatten(1, spans.shape[1:3])


class Model(nn.Module):
    """An encoder, the case of each word as a second input, and five heads."""

    def __init__(self, encoder: PreTrainedModel, dropout: float = 0.1) -> None:
        super().__init__()
        self.encoder = encoder
        width = encoder.config.hidden_size
        self.case = nn.Embedding(CASES, width)
        nn.init.zeros_(self.case.weight)
        # Names unseen in training keep their place beside the seen ones.
        encoder.get_input_embeddings().requires_grad_(False)
        self.dropout = nn.Dropout(dropout)
        self.entities = nn.Linear(width, len(TAGS))
        self.heads = nn.ModuleDict(
            {task: SpanHead(width, SPANS[task], len(names), dropout) for task, names in LABELS.items()}
        )

    def states(self, batch: Batch) -> Tensor:
        """Hidden states [B, L, H] of a batch."""
        words = self.encoder.get_input_embeddings()(batch.ids)
        embedded = words + self.case(batch.cases)
        outputs = self.encoder(inputs_embeds=embedded, attention_mask=batch.mask.long())
        return outputs.last_hidden_state.float()

    def forward(self, batch: Batch, states: Tensor) -> dict[str, Tensor]:
        """Logits of every task that the batch has labels or spans for."""
        logits = {"entities": self.entities(self.dropout(states))}
        for task, spans in batch.spans.items():
            logits[task] = self.heads[task](states, batch.mask, spans)
        return logits
