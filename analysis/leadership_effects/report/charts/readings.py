"""Draw grids of places by dimension, strategy or leverage point.

They show the answers to the three questions.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import altair as alt
import pandas as pd

from leadership_effects.counting import in_figures
from leadership_effects.report.charts.parts import colours, column_heads, layered
from leadership_effects.report.figures import DONOR, GRID, HEAT, PAPER_INK

ROW = 27
POST_SHAPES = ("circle", "square", "triangle-up", "cross", "diamond", "triangle-right", "triangle-down")
POST_COLOURS = ("#2b8a9c", "#1c6675", "#8b929c", "#d1495b", "#b0762a", "#8a6fc9", "#4d7a3a")
# Fill and ink of a cell, from the firmest to the weakest; the page shows through the latter two.
SHADES = ((HEAT, PAPER_INK), (f"{HEAT}55", "currentColor"), ("#8b929c33", "currentColor"))


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
    return f"{what}, {in_figures(len(frame), 'cell')} filled. " + " ".join(sentences)


def cells(frame: pd.DataFrame, names: Mapping[str, str], labels: Mapping[str, str]) -> pd.DataFrame:
    """Name and order ``case_id, item, level, text`` as rows ``place, item, level, text``."""
    named = frame[frame["case_id"].isin(names) & frame["item"].isin(labels)]
    order = pd.DataFrame(
        {"place": named["case_id"].map(list(names).index), "item": named["item"].map(list(labels).index)}
    )
    rows = named.loc[order.sort_values(["place", "item"]).index].reset_index(drop=True)
    shown = rows.assign(place=rows["case_id"].map(names), item=rows["item"].map(labels))
    return shown[["place", "item", "level", "text"]]


def leaders_by_year(counts: pd.DataFrame, posts: Sequence[str], years: tuple[int, int]) -> alt.LayerChart:
    """Draw dated counts of leaders of one place by year and post on a logarithmic scale.

    Points are never joined: two counts of different sources are no series. A thin line joins figures that sources print for
    the same post and year.

    Parameters
    ----------
    counts : DataFrame
        ``post, year, basis, value, told, doubt, conflict``: `doubt` is a word beside a ring, `conflict` is true where
        sources differ.
    posts : sequence of str
        All posts, in the order of the legend, which shows those of the place.
    years : tuple of int
        First and last year of the axis, the same for all places.

    Raises
    ------
    ValueError
        If a post is not listed or a count is not above 0.
    """
    unknown = sorted(set(counts["post"]) - set(posts))
    if unknown or (counts["value"] <= 0).any():
        raise ValueError(
            f"column post or value: {unknown or 'not above 0'}; allowed: {', '.join(posts)}, above 0"
        )
    grouped = counts.assign(group=counts["post"] + ", " + counts["year"].astype(str))
    base: Any = alt.Chart(grouped).encode(
        x=alt.X(
            "year:Q",
            title=None,
            scale=alt.Scale(domain=list(years), nice=False),
            axis=alt.Axis(format="d", tickMinStep=5),
        ),
        y=alt.Y(
            "value:Q",
            title="people, logarithmic scale",
            scale=alt.Scale(type="log"),
            axis=alt.Axis(format="~s", values=[1, 10, 100, 1000, 10000, 100000]),
        ),
    )
    used = [post for post in posts if post in set(counts["post"])]
    shown = alt.Legend(values=used)
    palette, shapes = (
        alt.Scale(domain=list(posts), range=list(POST_COLOURS)),
        alt.Scale(domain=list(posts), range=list(POST_SHAPES)),
    )
    layers = [
        base.transform_filter("datum.conflict").mark_line(strokeWidth=1, color=DONOR).encode(detail="group:N")
    ]
    for basis, filled in (("stated", True), ("inferred", False)):
        marks = base.transform_filter(f"datum.basis == '{basis}'").mark_point(
            size=75, filled=filled, opacity=1, strokeWidth=1.8
        )
        layers.append(
            marks.encode(
                color=alt.Color("post:N", scale=palette, legend=shown),
                shape=alt.Shape("post:N", scale=shapes, legend=shown),
                tooltip=["post:N", alt.Tooltip("year:Q", format="d"), "value:Q", "basis:N", "told:N"],
            )
        )
    return layered(*layers, *_doubted(base, years), height=210)


def _doubted(base: Any, years: tuple[int, int]) -> list[alt.Chart]:
    """Ring counts that are doubted or second figures, with the word on the side with more room."""
    middle, own = sum(years) / 2, base.transform_filter("datum.doubt != ''")
    layers = [own.mark_point(size=260, filled=False, stroke=DONOR, strokeWidth=1.2, strokeDash=[3, 2])]
    for side, dx, test in (("right", -11, f"datum.year > {middle}"), ("left", 11, f"datum.year <= {middle}")):
        words: Any = own.transform_filter(test).mark_text(align=side, dx=dx, fontSize=11)
        layers.append(words.encode(text="doubt:N"))
    return layers
