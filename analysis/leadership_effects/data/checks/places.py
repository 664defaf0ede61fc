"""Check that coordinates and codes of units are of the country that a row names.

``countries.json`` holds the two codes of ISO 3166-1, other names, and boxes around the parts of each country, in degrees (south, west, north, east), rounded outwards to
a tenth. They were made from the country boundaries of Natural Earth 4.1 at 1:50 million, which are in the public domain; codes and names are those of the Unicode CLDR.
"""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from leadership_effects.data.checks.lines import Line, Lines, folded
from leadership_effects.data.checks.problem import Problem

MARGIN = 0.3  # degrees by which a place on a coast or an islet may lie outside a box
Box = tuple[float, float, float, float]
CODE = re.compile(r"([A-Z]{2})-[A-Z0-9-]+|([A-Z]{3})")
WHOLE_COUNTRIES = ("country", "aggregate")


@cache
def _content() -> dict[str, dict[str, list[Any]]]:
    text = (Path(__file__).parent / "countries.json").read_text(encoding="utf-8")
    held: dict[str, dict[str, list[Any]]] = json.loads(text)
    return held


@cache
def countries() -> dict[str, tuple[str, tuple[Box, ...]]]:
    """Return name and boxes of each country by its folded names."""
    return {
        folded(name): (country, tuple(tuple(box) for box in entry["boxes"]))
        for country, entry in _content().items()
        for name in (country, *entry["also"])
    }


@cache
def country_codes() -> dict[str, str]:
    """Return the country of each code of two or three letters."""
    return {code: country for country, entry in _content().items() for code in entry["codes"]}


def codes(lines: Lines) -> Iterator[Problem]:
    """Yield codes of units that are those of another country."""
    places = {line["case_id"]: line["country"] for line in lines.of("cases")}
    only = next(iter(places.values())) if len(places) == 1 else ""
    for line in lines.of("units"):
        if found := CODE.fullmatch(line["code"]):
            yield from _code(line, found, only or places.get(line["panel"], ""))


def _code(line: Line, found: re.Match[str], place: str) -> Iterator[Problem]:
    country, whole = country_codes().get(found[1] or found[2]), line["unit_type"] in WHOLE_COUNTRIES
    if country is None:
        return
    if found[2] and not whole and folded(country) not in folded(line["name"]):
        message = f"{line['code']} is the code of {country}, a country, on a {line['unit_type']}"
        yield line.problem("code", f"{message}; allowed: a code of the {line['unit_type']}, or blank")
    elif found[2] and whole:
        own, _ = countries().get(folded(line["name"]), (country, ()))
        if own != country:
            allowed = _content()[own]["codes"][-1]
            yield line.problem(
                "code", f"{line['code']} is the code of {country}, not of {own}; allowed: {allowed}"
            )
    elif found[1]:
        own, _ = countries().get(folded(place), (country, ()))
        above, _ = countries().get(folded(line["parent"]), (own, ()))
        if country not in (own, above):
            allowed = f"a code of {own}, blank, or {country} as parent"
            yield line.problem("code", f"{line['code']} is a code of {country}; allowed: {allowed}")


def coordinates(lines: Lines) -> Iterator[Problem]:
    """Yield places whose country is unknown or whose coordinates lie outside it."""
    for line in lines.of("cases"):
        latitude, longitude = line.number_in("latitude"), line.number_in("longitude")
        known = countries().get(folded(line["country"]))
        if known and line["country"] not in (known[0], *_content()[known[0]]["also"]):
            message = f"{line['country']!r} is {known[0]!r} in another spelling; allowed: one spelling"
            yield line.problem("country", message)
        if line["country"] and known is None:
            names = sorted({name for name, _ in countries().values()})
            near = ", ".join(difflib.get_close_matches(line["country"], names, n=3, cutoff=0.5)) or "Latvia"
            message = f"{line['country']} is no country; allowed: its short English name, such as {near}"
            yield line.problem("country", message)
        elif known and latitude is not None and longitude is not None:
            fault = _outside(latitude, longitude, known[1])
            if fault is not None:
                spans = " or ".join(
                    f"{south:g} to {north:g} and {west:g} to {east:g}"
                    for south, west, north, east in known[1]
                )
                message = f"{latitude:g}, {longitude:g} lies outside {line['country']}{fault}"
                allowed = f"latitude and longitude of {spans}"
                yield line.problem("latitude, longitude", f"{message}; allowed: {allowed}")


def _outside(latitude: float, longitude: float, boxes: tuple[Box, ...]) -> str | None:
    """Return why a point lies outside all boxes, if that is known; None if it lies in one."""

    def within(north: float, east: float) -> bool:
        return any(
            box[0] - MARGIN <= north <= box[2] + MARGIN and box[1] - MARGIN <= east <= box[3] + MARGIN
            for box in boxes
        )

    if within(latitude, longitude):
        return None
    if within(longitude, latitude):
        return ": latitude and longitude are swapped"
    for north, east, what in ((-1, 1, "latitude"), (1, -1, "longitude"), (-1, -1, "both signs")):
        if within(north * latitude, east * longitude):
            return f": the sign of {what} is wrong" if what != "both signs" else ": both signs are wrong"
    return ""
