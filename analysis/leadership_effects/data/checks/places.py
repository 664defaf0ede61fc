"""Check that coordinates lie in the country that a row names.

``countries.json`` holds boxes around the parts of each country, in degrees (south, west, north, east), rounded outwards to
a tenth. They were made from the country boundaries of Natural Earth 4.1 at 1:50 million, which are in the public domain.
"""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from leadership_effects.data.checks.lines import Lines, folded
from leadership_effects.data.checks.problem import Problem

MARGIN = 0.3  # degrees by which a place on a coast or an islet may lie outside a box
Box = tuple[float, float, float, float]


@cache
def countries() -> dict[str, tuple[str, tuple[Box, ...]]]:
    """Return name and boxes of each country by its folded names."""
    content = json.loads((Path(__file__).parent / "countries.json").read_text(encoding="utf-8"))
    return {
        folded(name): (country, tuple(tuple(box) for box in entry["boxes"]))
        for country, entry in content.items()
        for name in (country, *entry["also"])
    }


def coordinates(lines: Lines) -> Iterator[Problem]:
    """Yield places whose country is unknown or whose coordinates lie outside it."""
    for line in lines.of("cases"):
        latitude, longitude = line.number_in("latitude"), line.number_in("longitude")
        known = countries().get(folded(line["country"]))
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
