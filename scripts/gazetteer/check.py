"""Checks the gazetteer, and sorts the files people edit.

    python check.py            says what is wrong, and how much there is
    python check.py --write    sorts the rows first

Exit code 1 if anything is wrong. Needs only Python 3.11.
"""

import argparse
import csv
import datetime
import re
import sys
import unicodedata
from collections import defaultdict
from pathlib import Path

GAZETTEER = Path(__file__).resolve().parents[2] / "models" / "gazetteer"

COLUMNS = {
    "countries": ["iso2", "iso3", "cow", "name", "capital", "neighbours"],
    "places": ["place", "iso3", "kind", "population", "note"],
    "names": ["alias", "iso3", "kind", "note"],
    "regions": ["region", "alias", "members", "valid_from", "valid_to", "note"],
    "actors": ["actor", "alias", "kind", "country", "valid_from", "valid_to", "note"],
    "blocs": ["actor", "iso3", "valid_from", "valid_to"],
    "ambiguous": ["alias", "needs", "note"],
}
EDITED_BY_HAND = ["names", "regions", "actors", "blocs", "ambiguous"]

KINDS = {
    "places": ("kind", {"city", "province", "region"}),
    "names": ("kind", {"name", "demonym", "capital"}),
    "actors": (
        "kind",
        {"government", "office", "leader", "ministry", "armed_group", "party", "bloc", "organization"},
    ),
    "ambiguous": ("needs", {"case", "context", "named", "never"}),
}
COUNTRY_COLUMN = {
    "places": "iso3",
    "names": "iso3",
    "regions": "members",
    "actors": "country",
    "blocs": "iso3",
}

# Nobody lives there permanently, so nobody is called after them.
WITHOUT_PEOPLE = {"ATF", "BVT", "HMD", "SGS", "SJM", "UMI"}

# Cities that are their own country, and territories without a seat.
WITHOUT_CAPITAL = {"ATA", "BVT", "GIB", "HKG", "HMD", "MAC", "MCO", "SGP", "UMI"}


def main():
    """Runs every check and prints the counts."""
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--write", action="store_true", help="sort the files that are edited by hand")
    write_sorted = arguments.parse_args().write

    tables = {}
    problems = []
    for name, columns in COLUMNS.items():
        tables[name], wrong = read(name, columns)
        problems += wrong
    if not problems:
        for name in EDITED_BY_HAND:
            problems += sort(name, tables[name], write_sorted)
        for check in CHECKS:
            problems += check(tables)

    for name, rows in tables.items():
        print(f"{name + '.csv':15} {len(rows):6} rows")
    for problem in problems:
        print(problem, file=sys.stderr)
    sys.exit(1 if problems else 0)


def read(name, columns):
    """The rows of a file; a problem if its columns are not the expected ones."""
    path = GAZETTEER / f"{name}.csv"
    with open(path, encoding="utf-8", newline="") as file:
        table = csv.DictReader(file)
        if table.fieldnames != columns:
            return [], [f"{path.name}: columns are {table.fieldnames}; they should be {columns}"]
        rows = list(table)
    bad = [i for i, row in enumerate(rows, 2) if None in row or None in row.values()]
    return rows, [f"{path.name} line {i}: has the wrong number of cells; quote text with commas" for i in bad]


def sort(name, rows, write):
    """Sorts a file in place, or complains that it is not sorted."""
    ordered = sorted(rows, key=lambda row: [(cell.casefold(), cell) for cell in row.values()])
    if ordered == rows:
        return []
    if not write:
        return [f"{name}.csv: rows are not sorted; run check.py --write"]
    rows[:] = ordered
    with open(GAZETTEER / f"{name}.csv", "w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, COLUMNS[name], lineterminator="\n")
        table.writeheader()
        table.writerows(rows)
    return []


def blanks(tables):
    """Cells with space around them, and names that are empty."""
    for name, rows in tables.items():
        for row in rows:
            first = next(iter(row.values()))
            if not first or any(cell != " ".join(cell.split()) for cell in row.values()):
                yield f"{name}.csv: stray space or empty name in {list(row.values())}"


def codes(tables):
    """Countries that countries.csv does not know, and kinds that do not exist."""
    known = {row["iso3"] for row in tables["countries"]}
    for name, column in COUNTRY_COLUMN.items():
        for row in tables[name]:
            unknown = [code for code in split(row[column]) if code not in known]
            if unknown:
                yield f"{name}.csv: unknown country {'+'.join(unknown)} in {list(row.values())}"
    for name, (column, kinds) in KINDS.items():
        for row in tables[name]:
            if row[column] not in kinds:
                yield f"{name}.csv: {column} {row[column]!r} in {list(row.values())}; one of {', '.join(sorted(kinds))}"


def split(countries):
    """The codes of a cell such as KAZ+KGZ."""
    return countries.split("+") if countries else []


def borders(tables):
    """Land borders that only one side knows of."""
    neighbours = {row["iso2"]: set(filter(None, row["neighbours"].split(";"))) for row in tables["countries"]}
    for code, others in neighbours.items():
        for other in others:
            if code not in neighbours.get(other, ()):
                yield f"countries.csv: {code} borders {other}, but not the other way round"


def dates(tables):
    """Dates that do not exist, and periods that end before they begin."""
    for name in ("regions", "actors", "blocs"):
        for row in tables[name]:
            ends = [row["valid_from"], row["valid_to"]]
            if not all(is_date(end) for end in ends if end):
                yield f"{name}.csv: not an ISO date in {list(row.values())}"
            elif all(ends) and ends[0] > ends[1]:
                yield f"{name}.csv: ends before it begins: {list(row.values())}"


def is_date(text):
    """Whether the text is a day of the calendar, YYYY-MM-DD."""
    try:
        return bool(re.fullmatch(r"\d{4}-\d\d-\d\d", text)) and bool(datetime.date.fromisoformat(text))
    except ValueError:
        return False


def completeness(tables):
    """Countries without a name, a demonym or their capital in names.csv."""
    kinds = defaultdict(set)
    aliases = defaultdict(set)
    for row in tables["names"]:
        kinds[row["iso3"]].add(row["kind"])
        aliases[row["iso3"]].add(fold(row["alias"]))
    for country in tables["countries"]:
        iso3 = country["iso3"]
        if fold(country["name"]) not in aliases[iso3]:
            yield f"names.csv: {iso3} lacks its name, {country['name']}"
        if "demonym" not in kinds[iso3] and iso3 not in WITHOUT_PEOPLE:
            yield f"names.csv: {iso3} has no demonym"
        if iso3 not in WITHOUT_CAPITAL and fold(country["capital"]) not in aliases[iso3]:
            yield f"names.csv: {iso3} lacks its capital, {country['capital']}"


def candidates(tables):
    """An alias that stands for several countries at once, and nothing says which is usual."""
    ambiguous = {row["alias"] for row in tables["ambiguous"] if row["needs"] in ("context", "named")}
    for name, column in (("names", "iso3"), ("actors", "country"), ("regions", "members")):
        for rows in by_alias(tables[name]).values():
            settled = any(row["note"].startswith("usual") or row["alias"] in ambiguous for row in rows)
            for one, other in pairs(rows):
                if one[column] != other[column] and overlap(one, other) and not settled:
                    yield (
                        f"{name}.csv: {one['alias']} is {one[column] or 'nobody'} and {other[column] or 'nobody'} "
                        "at one time; give dates, start one note with 'usual', or list it in ambiguous.csv"
                    )
                elif one[column] == other[column] and one.get("actor") == other.get("actor") and overlap(one, other):
                    yield f"{name}.csv: {list(one.values())} is there twice"


def by_alias(rows):
    """The rows by the form of the alias that is matched."""
    groups = defaultdict(list)
    for row in rows:
        groups[fold(row["alias"])].append(row)
    return groups


def pairs(rows):
    """Every two of the rows."""
    return ((one, other) for i, one in enumerate(rows) for other in rows[i + 1 :])


def overlap(one, other):
    """Whether two rows hold on the same day; rows without dates always do."""
    first, last = "0000", "9999"
    return (one.get("valid_from") or first) <= (other.get("valid_to") or last) and (
        other.get("valid_from") or first
    ) <= (one.get("valid_to") or last)


def references(tables):
    """Blocs that are no actor, regions without a row for their own name, idle or blinding ambiguities."""
    actors = {row["actor"] for row in tables["actors"]}
    for bloc in sorted({row["actor"] for row in tables["blocs"]} - actors):
        yield f"blocs.csv: {bloc} is not in actors.csv"
    named = {row["region"] for row in tables["regions"] if row["alias"] == row["region"]}
    for region in sorted({row["region"] for row in tables["regions"]} - named):
        yield f"regions.csv: {region} has no row for its own name"

    known = {fold(row["alias"]) for name in ("names", "regions", "actors") for row in tables[name]}
    known |= {fold(row["place"]) for row in tables["places"]}
    for row in tables["ambiguous"]:
        if row["needs"] == "never" and fold(row["alias"]) in known:
            yield f"ambiguous.csv: {row['alias']} is masked, but another file has it as an alias"
        elif row["needs"] != "never" and fold(row["alias"]) not in known:
            yield f"ambiguous.csv: {row['alias']} is in no other file"


def fold(name):
    """The form in which aliases are compared: see 'How the rows are meant to be matched'."""
    decomposed = unicodedata.normalize("NFKD", name.translate(STROKES))
    letters = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    return letters.translate(PUNCTUATION).casefold().removeprefix("the ")


# Letters that Unicode does not take apart into a letter and a mark.
STROKES = str.maketrans("ıøØłŁđĐ", "ioOlLdD")
PUNCTUATION = str.maketrans("’-–", "'  ")

CHECKS = [blanks, codes, borders, dates, completeness, candidates, references]


if __name__ == "__main__":
    main()
