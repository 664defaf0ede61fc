"""Charts of the synthesis over the cases, each built from a tidy frame."""

from __future__ import annotations

from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from leadership_effects.report.charts.common import HEIGHT, ROW
from leadership_effects.report.charts.parts import (
    colours,
    deepest,
    dots,
    layered,
    rule,
    series,
    strokes,
    tip,
    unique,
    wrap,
    wrapped_axis,
)
from leadership_effects.report.figures import DONOR, SECOND, THIRD, TREATED

# Names at the right of points in the left half, and the other way round.
SIDES: tuple[Any, ...] = ((~alt.datum.turned, "left", 10), (alt.datum.turned, "right", -10))
OWN, POOL, LUCK = "The place itself", "Comparison places", "Largest by luck, expected"


def _whole(values: pd.Series) -> list[int]:
    """Whole numbers that reach over all values."""
    return list(range(int(np.floor(values.min())), int(np.ceil(values.max())) + 1))


def power(frame: pd.DataFrame) -> alt.LayerChart:
    """Draw power of a frame ``test, effect, power`` (per cent), with a rule at 80."""
    lines = strokes(frame, point=45).encode(
        x=alt.X(
            "effect:Q",
            title="true effect, placebo standard deviations",
            axis=alt.Axis(grid=False, values=[float(v) for v in np.unique(frame["effect"])]),
        ),
        y=alt.Y("power:Q", title="found, per cent of draws", scale=alt.Scale(domain=[0, 100], nice=False)),
        **series(unique(frame["test"]), [TREATED, SECOND, THIRD, DONOR], field="test", columns=1),
        tooltip=["test:N", "effect:Q", tip("power", ".0f")],
    )
    return layered(rule("power", "y", [80], broken=True), lines, height=HEIGHT)


def luck(frame: pd.DataFrame) -> alt.LayerChart:
    """Draw ranks in pools from ``place, role, unit, value``, roles OWN, POOL and LUCK."""
    base = alt.Chart(frame).encode(
        x=alt.X(
            "value:Q",
            title="difference, placebo standard deviations",
            axis=alt.Axis(values=_whole(frame["value"]), format="d", labelOverlap=True),
        ),
        y=alt.Y("place:N", title=None, sort=unique(frame["place"])),
        color=colours("role", [OWN, POOL, LUCK], [TREATED, DONOR, SECOND]).legend(symbolType="square"),
        tooltip=["place:N", "role:N", "unit:N", tip("value", "+.2f")],
    )
    others = base.transform_filter(alt.datum.role == POOL).mark_tick(thickness=2, size=20, opacity=0.55)
    expected = base.transform_filter(alt.datum.role == LUCK).mark_tick(thickness=4, size=26, opacity=1)
    own = base.transform_filter(alt.datum.role == OWN).mark_point(size=130, filled=True, opacity=1)
    return layered(rule("value", "x"), others, expected, own, height=alt.Step(ROW))


def moderator(frame: pd.DataFrame, x_title: str) -> alt.LayerChart:
    """Effect against a moderator, one named point a case, of a frame ``place, value, effect``."""
    low, high = float(frame["value"].min()), float(frame["value"].max())
    room = 0.25 * (high - low)
    x = alt.X(
        "value:Q",
        title=x_title,
        scale=alt.Scale(domain=[low - room, high + room], nice=False),
        axis=alt.Axis(values=_whole(frame["value"]), format="d", grid=False),
    )
    heights = _whole(frame["effect"])
    y = alt.Y(
        "effect:Q",
        title="difference, placebo SD",
        scale=alt.Scale(domain=[min(heights[0], 0), heights[-1]], nice=False),
    )
    points = dots(frame.assign(turned=frame["value"] > (low + high) / 2), 110, color=TREATED).encode(
        x=x, y=y, tooltip=["place:N", "value:Q", tip("effect", "+.2f")]
    )
    names: list[Any] = [
        points.transform_filter(side).mark_text(align=align, dx=dx, fontSize=11).encode(text="place:N")
        for side, align, dx in SIDES
    ]
    return layered(rule("effect", "y").encode(y=y), points, *names, height=HEIGHT)


def beliefs(frame: pd.DataFrame, limit: float) -> alt.LayerChart:
    """Draw beliefs before and after evidence, of ``row, stage, mean, low, high, label``.

    Grey before, coloured after; the mean stands beside its mark. A broken rule marks the smallest effect of interest.
    """
    wrapped = wrap(frame["row"], 30)
    data = frame.assign(row=wrapped)
    y = alt.Y("row:N", title=None, sort=unique(wrapped), axis=wrapped_axis(grid=True, ticks=False))
    title = "mean effect on a system, pupil standard deviations"
    axis = alt.Axis(tickCount=6, labelFlush=False)
    x = alt.X("mean:Q", title=title, scale=alt.Scale(nice=False, padding=6), axis=axis)
    look = colours("stage", ["before", "after"], [DONOR, TREATED]).legend(None)
    ranges = alt.Chart(data).mark_rule(strokeWidth=2.5).encode(
        x=alt.X("low:Q", title=title), x2="high:Q", y=y, color=look
    )  # fmt: skip
    points = dots(data, 90).encode(
        x=x, y=y, color=look, tooltip=["row:N", tip("mean", "+.3f"), tip("low", "+.3f"), tip("high", "+.3f")]
    )
    names = alt.Chart(data).mark_text(dy=-9, fontSize=11).encode(x=x, y=y, text="label:N")
    edge = rule("mean", "x", [limit], broken=True)
    return layered(
        rule("mean", "x"), edge, ranges, points, names, height=alt.Step(8 + 13 * max(deepest(wrapped), 2))
    )
