"""Draw grids of places by dimension, strategy or leverage point.

They show the answers to the three questions.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import altair as alt
import pandas as pd

from leadership_effects.report.charts.parts import colours, column_heads
from leadership_effects.report.figures import GRID

ROW = 27
# Fill and ink of a cell, from the firmest to the weakest; the last is a tint that any page shows through.
SHADES = (("#1c6675", "#ffffff"), ("#bfd9dd", "#1b2a2e"), ("#8b929c33", "currentColor"))


def grid(
    frame: pd.DataFrame, places: Sequence[str], items: Sequence[str], levels: Sequence[str]
) -> alt.LayerChart:
    """Draw a grid of places and items with shaded, labelled cells, empty where none is found.

    Parameters
    ----------
    frame : DataFrame
        ``place, item, level, text``.
    places, items : sequence of str
        All of them in order, those without a cell included.
    levels : sequence of str
        At most three, from the firmest to the weakest.

    Raises
    ------
    ValueError
        If there are more levels than shades, or a row has a level, place or item that is not listed.
    """
    if len(levels) > len(SHADES):
        raise ValueError(f"{len(levels)} levels; at most {len(SHADES)} can be distinguished")
    for column, allowed in (("place", places), ("item", items), ("level", levels)):
        unknown = sorted(set(frame[column]) - set(allowed))
        if unknown:
            raise ValueError(f"column {column}: {unknown[0]!r} is not one of {', '.join(allowed)}")
    shades = dict(zip(levels, SHADES, strict=False))
    inked = frame.assign(ink=[shades[level][1] for level in frame["level"]])
    across, down = (alt.Scale(domain=list(names)) for names in (items, places))
    base: Any = alt.Chart(inked).encode(
        x=alt.X("item:N", title=None, scale=across, axis=column_heads()),
        y=alt.Y("place:N", title=None, scale=down, axis=alt.Axis(domain=False, ticks=False)),
        tooltip=["place:N", "item:N", "level:N", "text:N"],
    )
    fills = colours("level", levels, [shades[level][0] for level in levels])
    boxes = base.mark_rect(stroke=GRID).encode(color=fills)
    words = base.mark_text(fontSize=12).encode(text="text:N", color=alt.Color("ink:N", scale=None))
    return (boxes + words).resolve_scale(color="independent").properties(height=alt.Step(ROW))


def describe_cells(frame: pd.DataFrame, items: Sequence[str], what: str) -> str:
    """Describe a grid: for each item the places with level and word, from the rows."""
    sentences = []
    for item in items:
        own = frame[frame["item"] == item]
        cells = ", ".join(
            f"{row.place} {row.text} ({row.level})" if row.text else f"{row.place} ({row.level})"
            for row in own.itertuples()
        )
        sentences.append(f"{item[0].upper()}{item[1:]}: {cells or 'empty in every place'}.")
    return f"{what}, {len(frame)} cells filled. " + " ".join(sentences)


def cells(frame: pd.DataFrame, names: Mapping[str, str], labels: Mapping[str, str]) -> pd.DataFrame:
    """Name and order ``case_id, item, level, text`` as rows ``place, item, level, text``."""
    named = frame[frame["case_id"].isin(names) & frame["item"].isin(labels)]
    order = pd.DataFrame(
        {"place": named["case_id"].map(list(names).index), "item": named["item"].map(list(labels).index)}
    )
    rows = named.loc[order.sort_values(["place", "item"]).index].reset_index(drop=True)
    shown = rows.assign(place=rows["case_id"].map(names), item=rows["item"].map(labels))
    return shown[["place", "item", "level", "text"]]
