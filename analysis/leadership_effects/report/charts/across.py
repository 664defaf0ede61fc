"""Charts of the synthesis over the cases, each built from a tidy frame."""

from __future__ import annotations

import altair as alt
import numpy as np
import pandas as pd

from leadership_effects.report.charts.common import HEIGHT, ROW
from leadership_effects.report.figures import DONOR, GRID, SECOND, THIRD, TREATED

OWN, POOL, LUCK = "The place itself", "Comparison places", "Largest by luck, expected"


def _whole(values: pd.Series) -> list[int]:
    """Whole numbers that reach over all values."""
    return list(range(int(np.floor(values.min())), int(np.ceil(values.max())) + 1))


def power(frame: pd.DataFrame) -> alt.LayerChart:
    """Draw power of a frame ``test, effect, power`` (per cent), with a rule at 80."""
    order = list(dict.fromkeys(frame["test"]))
    strokes = alt.Legend(symbolType="stroke", symbolStrokeWidth=2.5, symbolSize=320, columns=1)
    lines = (
        alt.Chart(frame)
        .mark_line(strokeWidth=2.5, point=alt.OverlayMarkDef(size=45, filled=True))
        .encode(
            x=alt.X(
                "effect:Q",
                title="true effect, placebo standard deviations",
                axis=alt.Axis(grid=False, values=[float(v) for v in np.unique(frame["effect"])]),
            ),
            y=alt.Y(
                "power:Q", title="found, per cent of draws", scale=alt.Scale(domain=[0, 100], nice=False)
            ),
            color=alt.Color(
                "test:N",
                scale=alt.Scale(domain=order, range=[TREATED, SECOND, THIRD, DONOR]),
                legend=strokes,
            ),
            strokeDash=alt.StrokeDash("test:N", scale=alt.Scale(domain=order), legend=strokes),
            tooltip=["test:N", "effect:Q", alt.Tooltip("power:Q", format=".0f")],
        )
    )
    usual = (
        alt.Chart(pd.DataFrame({"power": [80]})).mark_rule(strokeDash=[4, 4], color=DONOR).encode(y="power:Q")
    )
    return (usual + lines).properties(height=HEIGHT)


def luck(frame: pd.DataFrame) -> alt.LayerChart:
    """Draw ranks in pools from ``place, role, unit, value``, roles OWN, POOL and LUCK."""
    order = list(dict.fromkeys(frame["place"]))
    base = alt.Chart(frame).encode(
        x=alt.X(
            "value:Q",
            title="difference, placebo standard deviations",
            axis=alt.Axis(values=_whole(frame["value"]), format="d", labelOverlap=True),
        ),
        y=alt.Y("place:N", title=None, sort=order),
        color=alt.Color(
            "role:N",
            scale=alt.Scale(domain=[OWN, POOL, LUCK], range=[TREATED, DONOR, SECOND]),
            legend=alt.Legend(symbolType="square"),
        ),
        tooltip=["place:N", "role:N", "unit:N", alt.Tooltip("value:Q", format="+.2f")],
    )
    zero = alt.Chart(pd.DataFrame({"value": [0]})).mark_rule(color=GRID).encode(x="value:Q")
    others = base.transform_filter(alt.datum.role == POOL).mark_tick(thickness=2, size=20, opacity=0.55)
    expected = base.transform_filter(alt.datum.role == LUCK).mark_tick(thickness=4, size=26, opacity=1)
    own = base.transform_filter(alt.datum.role == OWN).mark_point(size=130, filled=True, opacity=1)
    return (zero + others + expected + own).properties(height=alt.Step(ROW))


def moderator(frame: pd.DataFrame, x_title: str) -> alt.LayerChart:
    """Effect against a moderator, one named point a case, of a frame ``place, value, effect``."""
    low, high = float(frame["value"].min()), float(frame["value"].max())
    room = 0.25 * (high - low)
    drawn = frame.assign(turned=frame["value"] > (low + high) / 2)
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
    base = alt.Chart(drawn).encode(
        x=x, y=y, tooltip=["place:N", "value:Q", alt.Tooltip("effect:Q", format="+.2f")]
    )
    zero = alt.Chart(pd.DataFrame({"effect": [0]})).mark_rule(color=GRID).encode(y=y)
    points = base.mark_point(size=110, filled=True, color=TREATED, opacity=1)
    right = (
        base.transform_filter(~alt.datum.turned)
        .mark_text(align="left", dx=10, fontSize=11)
        .encode(text="place:N")
    )
    left = (
        base.transform_filter(alt.datum.turned)
        .mark_text(align="right", dx=-10, fontSize=11)
        .encode(text="place:N")
    )
    return (zero + points + right + left).properties(height=HEIGHT)
