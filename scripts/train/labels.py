"""The labels of every task, in the order of the model's outputs."""

ENTITY_TYPES = [
    "Person", "Organization", "Location", "Facility", "NORP", "Misc", "Date", "Money", "Product",
]
TAGS = ["O"] + [f"{prefix}-{kind}" for kind in ENTITY_TYPES for prefix in "BI"]

LABELS = {
    "sentiment": ["negative", "neutral", "positive"],
    "stance": ["against", "neutral", "favor"],
    "relation": [
        "none", "verbal_cooperation", "material_cooperation", "verbal_conflict", "material_conflict",
    ],
    "kind": [
        "government", "people", "place", "armed_group", "organization", "person_other", "speaker",
    ],
}

#: How many spans a head reads: the mention alone, or holder and target.
SPANS = {"sentiment": 1, "stance": 2, "relation": 2, "kind": 1}

#: Written in a loss target where nothing is to be learned or scored.
IGNORED = -100
