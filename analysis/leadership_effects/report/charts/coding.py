"""Draw charts of the coding: silence, inter-coder agreement and set membership."""

from __future__ import annotations

from typing import Any

import altair as alt
import pandas as pd

from leadership_effects.report.charts.parts import colours, dots, heat, rule, spans, tip, unique
from leadership_effects.report.figures import DONOR, GRID, SECOND, TREATED

READ = ("both readings", "one reading", "silent to both")
RULES = (0.667, 0.8)


def silence(frame: pd.DataFrame) -> alt.Chart:
    """Stacked bars of a frame ``item, status, places``, one row an item in the order given."""
    bars = alt.Chart(frame.assign(order=frame["status"].map(READ.index))).mark_bar()
    return bars.properties(height=alt.Step(20)).encode(
        x=alt.X("places:Q", title="places", axis=alt.Axis(tickMinStep=1, format="d")),
        y=alt.Y("item:N", title=None, sort=unique(frame["item"])),
        color=colours("status", READ, [SECOND, TREATED, GRID]),
        order=alt.Order("order:Q"),
        tooltip=["item:N", "status:N", "places:Q"],
    )


def agreement(frame: pd.DataFrame) -> alt.LayerChart:
    """Draw agreement coefficients with intervals.

    The frame holds ``label, alpha, low, high``; a row without alpha is labelled *undefined*. Two rules mark the
    customary levels, 0.667 (tentative) and 0.8 (good).
    """
    two_lines = alt.Axis(labelExpr="split(datum.label, ', ')", labelLineHeight=13)
    y = alt.Y("label:N", title=None, sort=list(frame["label"]), axis=two_lines)
    axis = alt.Axis(values=[-1, -0.5, 0, 0.5, 1], grid=False)
    known = frame[frame["alpha"].notna()]
    title = "Krippendorff's alpha"
    x = alt.X("low:Q", title=title, axis=axis, scale=alt.Scale(domain=[-1, 1]))
    ends = spans(known, title, strokeWidth=2.5, color=SECOND).encode(x=x, y=y)
    points = dots(known, 110, color=TREATED).encode(
        x=alt.X("alpha:Q", title=title), y=y, tooltip=["label:N", tip("alpha", ".2f")]
    )
    undefined = alt.Chart(frame[frame["alpha"].isna()].assign(word="undefined", at=-0.95))
    words = undefined.mark_text(align="left", fontStyle="italic").encode(x="at:Q", y=y, text="word:N")
    levels = rule("alpha", "x", RULES, broken=True)
    return (levels + ends + points + words).properties(height=alt.Step(34))


def memberships(frame: pd.DataFrame) -> alt.LayerChart:
    """Draw a matrix of set memberships with the number in each cell.

    The frame holds ``place, set, membership``; a deeper cell is a higher membership.
    """
    places, sets = unique(frame["place"]), unique(frame["set"])
    base: Any = alt.Chart(frame).encode(
        x=alt.X("set:N", title=None, sort=sets, axis=alt.Axis(labelAngle=0, orient="top", ticks=False)),
        y=alt.Y("place:N", title=None, sort=places),
        tooltip=["place:N", "set:N", tip("membership", ".2f")],
    )
    boxes = base.mark_rect(stroke=DONOR).encode(**heat("membership", [0, 1], numbered=True))
    numbers = base.mark_text(fontSize=12).encode(text=alt.Text("membership:Q", format=".2f"))
    return (boxes + numbers).properties(height=alt.Step(28))


def shuffles(frame: pd.DataFrame) -> alt.LayerChart:
    """Draw a bar chart of permutation counts, each bar labelled with its count.

    The frame holds ``label, orders``: how many orders of the outcome give each result.
    """
    base = alt.Chart(frame).encode(
        x=alt.X("orders:Q", title="orders of the outcome", axis=alt.Axis(tickMinStep=1, format="d")),
        y=alt.Y("label:N", title=None, sort=list(frame["label"])),
        tooltip=["label:N", "orders:Q"],
    )
    bars = base.mark_bar(color=SECOND)
    counts = base.mark_text(align="left", dx=4).encode(text="orders:Q")
    return (bars + counts).properties(height=alt.Step(34))
