"""Draw the units of a case as tiles, laid out by position."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from leadership_effects.errors import LeadershipError
from leadership_effects.report.charts.parts import layered
from leadership_effects.report.figures import DONOR, TREATED

TILES = Path(__file__).with_name("tile_maps.json")
GAP = 2  # pixels between tiles
ROLES = {"treated": TREATED, "donor": DONOR, "neither": "transparent"}


class LayoutError(LeadershipError, ValueError):
    """A tile map that is not in the file of layouts, or a unit that its map has no tile for."""


def tiles_frame(name: str, treated: str, donors: Collection[str] | None = None) -> pd.DataFrame:
    """Return the tiles of a map in order of role: ``unit, role, column, row``.

    Parameters
    ----------
    name : str
        Key of the map in ``tile_maps.json``.
    treated : str
    donors : collection of str, optional
        Units of the donor pool; all others of the map if left out.

    Raises
    ------
    LayoutError
        If the file has no such map, or the map no tile of a unit.
    """
    layout = _layout(name)
    frame = pd.DataFrame(
        [
            {"unit": layout["units"][code], "column": column, "row": row}
            for row, line in enumerate(layout["rows"])
            for column, code in enumerate(line.split())
            if code != "."
        ]
    )
    missing = sorted({treated, *(donors or ())} - set(frame["unit"]))
    if missing:
        raise LayoutError(
            f"{TILES.name}, map {name!r}: no tile for {', '.join(missing)}; add a code to its rows and the name to its "
            "units, spelt as in the table units"
        )
    pool = frame["unit"] if donors is None else frame["unit"][frame["unit"].isin(donors)]
    role = np.where(
        frame["unit"] == treated, "treated", np.where(frame["unit"].isin(pool), "donor", "neither")
    )
    frame.insert(1, "role", role)
    return frame.sort_values(
        "role", key=lambda roles: roles.map(list(ROLES).index), kind="stable", ignore_index=True
    )


def _layout(name: str) -> dict[str, Any]:
    maps: dict[str, dict[str, Any]] = json.loads(TILES.read_text(encoding="utf-8"))["maps"]
    if name not in maps:
        raise LayoutError(f"{TILES.name}: no map {name!r}; there are {', '.join(maps)}")
    return maps[name]


def tile_map(name: str, frame: pd.DataFrame, words: Mapping[str, str]) -> alt.LayerChart:
    """Draw one square a unit, laid out by position; words stand beside the tiles of each role.

    Parameters
    ----------
    name : str
        Key of the map.
    frame : DataFrame
        From `tiles_frame`.
    words : mapping of str to str
        Of the roles to name, the treated unit's first.
    """
    layout = _layout(name)
    size, height = layout["size"], layout["size"] * len(layout["rows"])
    left, top = (frame[side] * size + 1 for side in ("column", "row"))
    tiles = frame[["unit", "role"]].assign(
        left=left, right=left + size - GAP, top=top, bottom=top + size - GAP
    )
    own = frame.iloc[0]
    places = layout["words"] | {"treated": layout["words"][own["unit"]]}
    rows = [
        {"words": text, "x": places[role][0] * size + 5, "y": (places[role][1] + 0.5) * size}
        for role, text in words.items()
    ]
    x: dict[str, Any] = {"scale": None, "axis": None}
    kinds = [role for role in ROLES if role in set(frame["role"])]
    drawn = alt.Chart(tiles).mark_rect(stroke=DONOR, strokeWidth=1).encode(
        x=alt.X("left:Q", **x), x2="right:Q", y=alt.Y("top:Q", **x), y2="bottom:Q",
        fill=alt.Fill("role:N", scale=alt.Scale(domain=kinds, range=[ROLES[role] for role in kinds]), legend=None),
        tooltip=["unit:N", "role:N"],
    )  # fmt: skip
    text = alt.Chart(pd.DataFrame(rows)).mark_text(align="left", baseline="middle").encode(
        x=alt.X("x:Q", **x), y=alt.Y("y:Q", **x), text="words:N"
    )  # fmt: skip
    away = abs(places["treated"][0] - own["column"]) > 1
    return layered(drawn, *([_leader(tiles.iloc[0], rows[0])] if away else []), text, height=height)


def _leader(tile: pd.Series, words: Mapping[str, Any]) -> alt.Chart:
    """Join the tile of the treated unit with its words, where other tiles lie between."""
    ends = pd.DataFrame([{"x": tile["right"], "y": tile["top"], "x2": words["x"] - 3, "y2": words["y"]}])
    x: dict[str, Any] = {"scale": None, "axis": None}
    return alt.Chart(ends).mark_rule(color=TREATED, strokeWidth=1.5).encode(
        x=alt.X("x:Q", **x), x2="x2:Q", y=alt.Y("y:Q", **x), y2="y2:Q"
    )  # fmt: skip
