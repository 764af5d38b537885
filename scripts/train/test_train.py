"""What the training scripts promise about spans, cases and tags: `pytest scripts/train`."""

import random

import pytest
import torch

from calibrate import fit
from countries import COUNTRIES
from edit import disturb, mark_mentions, swap_countries
from encode import case_class
from exported import quantised
from gold import Item, Sentence, widen
from labels import TAGS
from scores import entity_spans


def sentence() -> Sentence:
    text = "Iran blames Pakistan; the Iranian minister left Islamabad."
    spans = [((0, 4), (12, 20)), ((26, 33), (48, 57))]
    return Sentence(text, items=[Item("stance", pair, "against") for pair in spans])


def texts(of: Sentence) -> list[list[str]]:
    return [[of.text[slice(*span)] for span in item.spans] for item in of.items]


@pytest.mark.parametrize(
    ("word", "expected"),
    [("the", 0), ("7", 0), ("A", 1), ("Iran", 1), ("US", 2), ("F16", 1), ("McCain", 3), ("eBay", 3)],
)
def test_the_case_of_a_word_is_one_of_four(word: str, expected: int) -> None:
    assert case_class(word) == expected


def test_spans_widen_to_the_ends_of_words() -> None:
    text = "Congress met."
    assert widen(text, 0, 6) == (0, 8)
    assert widen(text, 0, 8) == (0, 8)


def test_markers_stay_outside_the_spans() -> None:
    marked = mark_mentions(sentence())
    assert marked.text.startswith(" { Iran }  blames")
    assert texts(marked) == texts(sentence())


def test_swapped_names_keep_their_slot_and_their_labels() -> None:
    swapped = swap_countries(sentence(), random.Random(1))
    (holder, target), (demonym, capital) = texts(swapped)
    assert holder != "Iran" and target != "Pakistan"
    assert any((holder, demonym) == names[:2] for names in COUNTRIES.values())
    assert any((target, capital) == names[::2] for names in COUNTRIES.values())


def test_a_disturbed_sentence_keeps_its_spans_and_no_label() -> None:
    names = ["Chad", "Peru"]
    disturbed = disturb(sentence(), names, random.Random(3))
    assert disturbed.text != sentence().text
    known = {name for pair in texts(sentence()) for name in pair} | set(names)
    assert all(name in known for pair in texts(disturbed) for name in pair)
    assert all(item.label is None for item in disturbed.items)


def test_an_inside_tag_without_a_beginning_opens_an_entity() -> None:
    tags = [TAGS.index(t) for t in ["O", "I-Person", "I-Person", "I-Location", "B-Location"]]
    assert entity_spans(tags) == {(1, 3, "Person"), (3, 4, "Location"), (4, 5, "Location")}


def test_int8_rows_keep_their_largest_value() -> None:
    weight = torch.tensor([[0.5, -2.0], [0.0, 0.0]])
    stored = quantised({"w": weight})
    assert torch.allclose(stored["w"] * stored["w.scale"][:, None], weight, atol=0.01)


def test_overconfident_logits_get_a_high_temperature() -> None:
    logits = torch.tensor([[4.0, 0.0]] * 10)
    assert fit(logits, torch.tensor([0] * 7 + [1] * 3)) > 2
