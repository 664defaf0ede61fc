"""Charts of the synthesis over the cases, each built from a tidy frame."""

from __future__ import annotations

from collections.abc import Sequence

import altair as alt
import numpy as np
import pandas as pd

from leadership_effects.report.charts.common import HEIGHT, ROW
from leadership_effects.report.charts.parts import (
    THICK_TICK,
    TICK,
    colours,
    deepest,
    dots,
    layered,
    line_ends,
    rule,
    series,
    shapes,
    strokes,
    tip,
    unique,
    wrap,
    wrapped_axis,
)
from leadership_effects.report.figures import DONOR, SECOND, THIRD, TREATED
from leadership_effects.rounding import DECIMALS

PALETTE = [TREATED, SECOND, THIRD, DONOR]
PANEL, PANELS = 1.15, 190  # a panel and its gap, in widths of a panel; height in pixels
OWN, POOL, LUCK = "The place itself", "Comparison places", "Largest by luck, expected"


def _whole(values: pd.Series) -> list[int]:
    """Whole numbers that reach over all values."""
    return list(range(int(np.floor(values.min())), int(np.ceil(values.max())) + 1))


def power(frame: pd.DataFrame) -> alt.LayerChart:
    """Draw power of a frame ``test, effect, power`` (per cent), with a rule at 80."""
    names = unique(frame["test"])
    lines = strokes(frame, point=45).encode(
        x=alt.X(
            "effect:Q",
            title="true effect, placebo standard deviations",
            axis=alt.Axis(grid=False, values=[float(v) for v in np.unique(frame["effect"])]),
        ),
        y=alt.Y("power:Q", title="found, per cent of draws", scale=alt.Scale(domain=[0, 100], nice=False)),
        **series(names, PALETTE, field="test", direct=True),
        tooltip=["test:N", "effect:Q", tip("power", ".0f")],
    )
    ends = line_ends(frame, "power", names, HEIGHT, x="effect", field="test", palette=PALETTE)
    return layered(rule("power", "y", [80], broken=True), lines, ends, height=HEIGHT)


def luck(frame: pd.DataFrame) -> alt.LayerChart:
    """Draw ranks in pools from ``place, role, unit, value``, roles OWN, POOL and LUCK."""
    base = alt.Chart(frame).encode(
        x=alt.X(
            "value:Q",
            title="difference, placebo standard deviations",
            axis=alt.Axis(values=_whole(frame["value"]), format="d", labelOverlap=True),
        ),
        y=alt.Y("place:N", title=None, sort=unique(frame["place"])),
        color=colours("role", [OWN, POOL, LUCK], [TREATED, DONOR, SECOND]),
        tooltip=["place:N", "role:N", "unit:N", tip("value", "+.2f")],
    )
    others = base.transform_filter(alt.datum.role == POOL).mark_tick(thickness=2, size=20, opacity=0.55)
    expected = base.transform_filter(alt.datum.role == LUCK).mark_tick(thickness=4, size=26, opacity=1)
    own = base.transform_filter(alt.datum.role == OWN).mark_point(size=130, filled=True, opacity=1)
    own = own.encode(shape=shapes("role", [OWN, POOL, LUCK], ["circle", TICK, THICK_TICK]))
    return layered(rule("value", "x"), others, expected, own, height=alt.Step(ROW))


def moderators(frame: pd.DataFrame, labels: Sequence[str]) -> alt.LayerChart:
    """Draw differences against features, of ``moderator, place, value, difference``.

    The place with the largest difference is named; the others under the pointer and in the table.
    """
    panels, placed = unique(frame["moderator"]), []
    for number, panel in enumerate(panels):
        own = frame[frame["moderator"] == panel]
        low, span = own["value"].min(), np.ptp(own["value"]) or 1.0
        placed.append(own.assign(at=number * PANEL + 0.1 + 0.8 * (own["value"] - low) / span))
    shown = pd.concat(placed, ignore_index=True).round(DECIMALS)
    width = PANEL * (len(panels) - 1) + 1
    x = alt.X("at:Q", axis=None, scale=alt.Scale(domain=[0, width], nice=False))
    y = alt.Y("difference:Q", title="difference, placebo SD", axis=alt.Axis(tickCount=5))
    highest = shown["difference"] == shown["difference"].max()
    points = dots(shown.assign(highest=highest), 100).encode(
        x=x, y=y, color=alt.condition(alt.datum.highest, alt.value(TREATED), alt.value(SECOND)),
        tooltip=["place:N", "moderator:N", "value:Q", tip("difference", "+.2f")],
    )  # fmt: skip
    named = alt.Chart(shown[highest].iloc[:1]).mark_text(align="right", dx=8, dy=16, color=TREATED)
    name = named.encode(x=x, y=y, text="place:N")
    ticks = shown.drop_duplicates(["moderator", "value"]).assign(
        word=lambda f: [f"{v:g}" for v in f["value"]]
    )
    marks = alt.Chart(ticks).mark_text(baseline="top").encode(x=x, y=alt.value(PANELS + 6), text="word:N")
    ends = pd.DataFrame({"at": [PANEL * n for n in range(len(panels))], "word": wrap(labels, 13)})
    ends["until"] = ends["at"] + 1
    over = -14 * (deepest(ends["word"]) - 1)
    heads = alt.Chart(ends).mark_text(align="left", baseline="bottom", lineBreak="|", lineHeight=14, dy=over)
    zero = alt.Chart(ends.assign(difference=0.0)).mark_rule(color=DONOR).encode(x=x, x2="until:Q", y=y)
    return layered(
        zero, points, name, marks, heads.encode(x=x, y=alt.value(-8), text="word:N"), height=PANELS
    )


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
