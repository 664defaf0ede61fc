"""An invented design of many places in the small release: ten shires, six waves, two tests, starts of their own."""

from __future__ import annotations

import csv
from typing import Any

import numpy as np
from leadership_effects.data.release import Release
from leadership_effects.data.staggered.design import Design, design_from
from miniature import SmallRelease

WAVES = (2001, 2003, 2005, 2007, 2009, 2011)
CODES = tuple(f"X{letter}" for letter in "ABCDEFGHIJ")
EFFECT, SD = 3.0, 10.0
STARTS = {"XA": 2004, "XB": 2004, "XC": 2006, "XD": 2007}
NORTH = ("XA", "XC", "XE", "XG", "XI")
DESIGN: dict[str, Any] = {
    "title": "Shires", "role": "support", "panel": "huari", "unit_type": "local_authority", "indicators": ["sums"], "waves": list(WAVES),
    "minimum": {"waves": 5, "before": 2, "after": 1}, "scale": "pupil SD", "level": {"waves": "first", "reason": "None other."},
    "groups": {"name": "side", "of": {"North": list(NORTH), "South": sorted(set(CODES) - set(NORTH))}},
    "schemes": {"plain": "all places", "adjusted": "thirds of level", "beside": "groups"},
    "treated": {"XA": 2005, "XB": 2005, "XC": 2007, "XD": 2009}, "never": ["XE", "XF", "XG", "XH", "XI", "XJ"],
    "grid": {
        "outcomes": {"sums": {}, "spelling": {"indicators": ["spelling"]}},
        "windows": {"to 2011": {}, "to 2009": {"waves": list(WAVES[:-1])}},
        "delays": {"first wave after": {}, "three years after": {"years_after": 3}},
        "dates": {"all": {}, "stated": {"basis": ["stated"]}},
        "terms": ["none", "level", "level and group"],
    },
}  # fmt: skip


def start(code: str, year: int, basis: str = "stated", measure: str = "first placement") -> dict[str, Any]:
    return {
        "start_id": f"{code}-{measure}", "place": code, "place_type": "region", "code": code, "organisation": "A partner",
        "measure": measure, "year": year, "basis": basis, "has_outcomes": "true", "source_id": "S_ONE",
    }  # fmt: skip


def add(small: SmallRelease, file: str, rows: list[dict[str, Any]]) -> None:
    """Add rows to a table; columns left out are blank."""
    with small.path(file).open(encoding="utf-8") as stream:
        head, *held = csv.reader(stream)
    small.write_table(file, [head, *held, *([row.get(column, "") for column in head] for row in rows)])


def invent(small: SmallRelease, noise: float = 0.0) -> None:
    """Write the shires into the small release: place and wave effects, `EFFECT` points from the first treated wave on."""
    rng = np.random.default_rng(5)
    add(
        small,
        "units.csv",
        [
            {"unit_id": f"huari/local_authority/{code.lower()}", "panel": "huari", "name": f"Shire {code}", "unit_type": "local_authority", "code": code}
            for code in CODES
        ],
    )  # fmt: skip
    add(
        small,
        "indicators.csv",
        [
            {"indicator_id": name, "panel": "huari", "title": name.capitalize(), "definition": "A score.", "value_unit": "points",
             "direction": 1, "minimum": 0, "maximum": 1000, "pupil_sd": SD, "pupil_sd_source_id": "S_ONE"}
            for name in ("sums", "spelling")
        ],
    )  # fmt: skip
    level = rng.normal(0, 5, len(CODES))
    rows = []
    for test, name in enumerate(("sums", "spelling")):
        for i, code in enumerate(CODES):
            for w, wave in enumerate(WAVES):
                begun = code in DESIGN["treated"] and wave >= DESIGN["treated"][code]
                value = 500 + level[i] + (test + 1) * w**1.5 + EFFECT * begun + noise * rng.normal()
                rows.append(
                    {"indicator_id": name, "unit_id": f"huari/local_authority/{code.lower()}", "year": wave, "value": round(value, 6),
                     "source_id": "S_ONE", "derivation": "published"}
                )  # fmt: skip
    add(small, "outcomes/huari.csv", rows)
    add(small, "starts.csv", [start(code, year) for code, year in STARTS.items()])
    small.freeze()


def shires(small: SmallRelease, **changes: Any) -> tuple[Release, Design]:
    """Return the small release and the design with some fields changed."""
    return small.open(), design_from("shires", DESIGN | changes)
