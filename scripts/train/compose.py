"""Turns labels as a reader writes them (mentions by their words, pairs by number) into gold rows.

    python compose.py LABELS.jsonl... > gold.jsonl

A line of labels:

    {"id": "a-1", "year": "2023", "speaker": null, "text": "Iran blamed the Taliban.",
     "m": [["Iran", "IRN", "government", "neutral"], ["Taliban", "AFG", "government", "negative"]],
     "p": ["1>2 against verbal_conflict"]}

`m` names each mention by its words (`Taliban#2`: the second time they occur), country, kind and
the sentiment toward it; `p` lists the ordered pairs that are not 'neutral none', numbered from 1.
Every problem is named on standard error with its line; then nothing counts and the exit code is 1.
"""

from __future__ import annotations

import json
import re
import sys
from itertools import permutations

from labels import LABELS

PAIR = re.compile(r"(\d+)>(\d+) (against|neutral|favor) (\w+)")
COUNTRY = re.compile(r"-|[A-Z]{3}(\+[A-Z]{3})*")


def gold(row: dict) -> dict:
    """The gold row of a line of labels."""
    text, mentions = row["text"], []
    for words, country, kind, sentiment in row["m"]:
        start, end = locate(text, words)
        check(COUNTRY.fullmatch(country), f"{country!r} is not an ISO3 code, several joined by +, or -")
        check(kind in LABELS["kind"], f"{kind!r} is no kind")
        check(sentiment in LABELS["sentiment"], f"{sentiment!r} is no sentiment")
        mentions.append({"start": start, "end": end, "country": country, "kind": kind, "label": sentiment})
    spans = sorted((m["start"], m["end"]) for m in mentions)
    check(all(a[1] <= b[0] for a, b in zip(spans, spans[1:])), "two mentions overlap")
    told = dict(pair(words, len(mentions)) for words in row.get("p", []))
    for holder, _ in told:
        check(mentions[holder]["kind"] != "place", f"mention {holder + 1} is a place: places hold no stance")
    pairs = [
        (mentions[h], mentions[t], *told.get((h, t), ("neutral", "none")))
        for h, t in permutations(range(len(mentions)), 2)
        if mentions[h]["kind"] != "place"
    ]
    return {
        **{key: row.get(key) for key in ("id", "text", "doc", "year", "speaker")},
        "mentions": [{k: m[k] for k in ("start", "end", "country", "kind")} for m in mentions],
        "sentiment": [{k: m[k] for k in ("start", "end", "label")} for m in mentions],
        "stance": [{"holder": span(h), "target": span(t), "label": s} for h, t, s, _ in pairs],
        "relation": [{"source": span(h), "target": span(t), "quad": q} for h, t, _, q in pairs],
    }


def locate(text: str, words: str) -> tuple[int, int]:
    """Where the words stand, as whole words."""
    words, _, which = words.partition("#")
    found = list(re.finditer(rf"(?<!\w){re.escape(words)}(?!\w)", text))
    nth = int(which or 1)
    check(len(found) >= nth, f"{words!r} stands {len(found)} times in the text, not {nth}")
    return found[nth - 1].span()


def pair(words: str, mentions: int) -> tuple[tuple[int, int], tuple[str, str]]:
    """Holder and target (from 0) with stance and quad class."""
    match = PAIR.fullmatch(words)
    check(match, f"{words!r} is not like '1>2 against verbal_conflict'")
    holder, target = int(match[1]) - 1, int(match[2]) - 1
    check(holder != target and max(holder, target) < mentions, f"{words!r} names no two mentions")
    check(match[4] in LABELS["relation"], f"{match[4]!r} is no quad class")
    return (holder, target), (match[3], match[4])


def span(mention: dict) -> list[int]:
    """Start and end."""
    return [mention["start"], mention["end"]]


def check(right: object, problem: str) -> None:
    """Raises the problem unless it is right."""
    if not right:
        raise ValueError(problem)


def main() -> int:
    """Prints the rows of the files named on the command line."""
    rows, problems = [], 0
    for path in sys.argv[1:]:
        with open(path, encoding="utf-8") as lines:
            for number, line in enumerate(lines, 1):
                try:
                    rows.append(gold(json.loads(line)))
                except (ValueError, KeyError, TypeError) as error:
                    print(f"{path}:{number}: {error}", file=sys.stderr)
                    problems += 1
    if problems == 0:
        for row in rows:
            print(json.dumps(row, ensure_ascii=False))
    return int(problems > 0)


if __name__ == "__main__":
    sys.exit(main())
