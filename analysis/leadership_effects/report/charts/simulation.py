"""Draw charts of the validation by references and simulation.

They show agreement, false alarm rates, power, recovery and the ridge penalty.
"""

from __future__ import annotations

from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from leadership_effects.data.panels import Array
from leadership_effects.report.charts.common import HEIGHT, ROW, start_rule, years_axis
from leadership_effects.report.figures import DONOR, GRID, SECOND, THIRD, TREATED

SMALLEST_DRAWN = 1e-7
COLOURS = [TREATED, SECOND, THIRD, DONOR, SECOND]
DASHES = [[1, 0], [1, 0], [1, 0], [1, 0], [6, 4]]


def drawn_difference(values: pd.Series) -> pd.Series:
    """Differences as drawn: two significant digits, nothing below a ten-millionth.

    What lies below differs between processors, and a chart must not.
    """
    floor = np.maximum(values.to_numpy(float), SMALLEST_DRAWN)
    return pd.Series([float(f"{value:.1e}") for value in floor], index=values.index)


def agreement(frame: pd.DataFrame) -> alt.LayerChart:
    """Draw a frame ``label, kind, difference, tolerance`` to references on a log axis."""
    y = alt.Y("label:N", title=None, sort=list(frame["label"]), axis=_wrapped())
    scale = alt.Scale(type="log", domain=[SMALLEST_DRAWN / 2, 1])
    axis = alt.Axis(format=".0e", values=[1e-7, 1e-5, 1e-3, 1e-1])
    base = alt.Chart(frame).encode(y=y)
    limits = base.mark_tick(thickness=2, size=20, color=DONOR).encode(x=alt.X("tolerance:Q", scale=scale))
    points = base.mark_point(size=90, filled=True, opacity=1).encode(
        x=alt.X("difference:Q", title="difference, and tolerance (tick)", scale=scale, axis=axis),
        color=_colours(frame, "kind"),
        shape=alt.Shape("kind:N", scale=alt.Scale(domain=list(dict.fromkeys(frame["kind"])))),
        tooltip=["label:N", "kind:N", alt.Tooltip("difference:Q", format=".0e"), alt.Tooltip("tolerance:Q", format=".0e")],
    )  # fmt: skip
    return (limits + points).properties(height=alt.Step(ROW))


def _wrapped() -> alt.Axis:
    """Labels whose lines are parted by a bar."""
    return alt.Axis(labelExpr="split(datum.label, '|')", labelLineHeight=13, labelFontSize=11)


def _colours(frame: pd.DataFrame, field: str) -> alt.Color:
    names = list(dict.fromkeys(frame[field]))
    return alt.Color(f"{field}:N", scale=alt.Scale(domain=names, range=COLOURS[: len(names)]))


def rates(frame: pd.DataFrame, x_title: str) -> alt.LayerChart:
    """Rejection rates with Monte Carlo intervals beside what they should be.

    Parameters
    ----------
    frame : DataFrame
        ``label, kind, rate, low, high, target``, rates in per cent; one or more kinds a label.
    """
    kinds = list(dict.fromkeys(frame["kind"]))
    colour, y = _colours(frame, "kind"), _row(frame)
    offset = alt.YOffset("kind:N", sort=kinds)
    base = alt.Chart(frame)
    bars = base.mark_rule(strokeWidth=2).encode(
        x=alt.X("low:Q", title=x_title), x2="high:Q", y=y, yOffset=offset, color=colour
    )
    points = base.mark_point(size=70, filled=True, opacity=1).encode(
        x=alt.X("rate:Q", title=x_title),
        y=y,
        yOffset=offset,
        color=colour,
        shape=alt.Shape("kind:N", scale=alt.Scale(domain=kinds)),
        tooltip=["label:N", "kind:N", *[alt.Tooltip(f"{f}:Q", format=".2f") for f in ("rate", "low", "high", "target")]],
    )  # fmt: skip
    targets = (
        alt.Chart(frame.drop_duplicates("label"))
        .mark_tick(thickness=2.5, size=8 + 12 * len(kinds), color=DONOR)
        .encode(x=alt.X("target:Q", title=x_title), y=y)
    )
    return (targets + bars + points).properties(height=_step(frame, kinds))


def _row(frame: pd.DataFrame) -> alt.Y:
    return alt.Y("label:N", title=None, sort=list(dict.fromkeys(frame["label"])), axis=_wrapped())


def _step(frame: pd.DataFrame, kinds: list[str]) -> alt.Step:
    deepest = int(frame["label"].str.count(r"\|").max()) + 1
    return alt.Step(max(10 + 14 * len(kinds), 12 + 13 * deepest), **{"for": "position"})


def false_alarms(curve: pd.DataFrame, points: pd.DataFrame) -> alt.LayerChart:
    """Draw rejected true nulls by comparison places: a line by formula, points as simulated.

    Parameters
    ----------
    curve : DataFrame
        ``donors, rate`` of the cluster-robust test's formula, per cent.
    points : DataFrame
        ``label, kind, donors, rate``, per cent.
    """
    kinds = list(dict.fromkeys(points["kind"]))
    x = alt.X("donors:Q", title="comparison places", axis=alt.Axis(grid=False))
    y = alt.Y("rate:Q", title="true nulls rejected, per cent", scale=alt.Scale(domain=[0, 100]))
    line = alt.Chart(curve).mark_line(strokeWidth=2.5, color=TREATED).encode(x=x, y=y)
    dots = (
        alt.Chart(points)
        .mark_point(size=80, filled=True, opacity=1)
        .encode(
            x=x,
            y=y,
            color=_colours(points, "kind"),
            shape=alt.Shape("kind:N", scale=alt.Scale(domain=kinds)),
            tooltip=["label:N", "kind:N", "donors:Q", alt.Tooltip("rate:Q", format=".1f")],
        )
    )
    five = alt.Chart(pd.DataFrame({"rate": [5]})).mark_rule(strokeDash=[4, 4], color=DONOR).encode(y="rate:Q")
    return (five + line + dots).properties(height=HEIGHT)


def power(frame: pd.DataFrame, marks: pd.DataFrame) -> alt.LayerChart:
    """Power curves, one line a case, with the minimum detectable effect of each.

    Parameters
    ----------
    frame : DataFrame
        ``series, effect, power``, power in per cent.
    marks : DataFrame
        ``series, effect, power`` at the minimum detectable effect.
    """
    series = list(dict.fromkeys(frame["series"]))
    colour = alt.Color("series:N", scale=alt.Scale(domain=series, range=COLOURS), legend=_strokes())
    dash: Any = alt.StrokeDash("series:N", scale=alt.Scale(domain=series, range=DASHES), legend=_strokes())
    x = alt.X("effect:Q", title="true effect, SD of comparison places' changes", axis=alt.Axis(grid=False))
    y = alt.Y("power:Q", title="found, per cent", scale=alt.Scale(domain=[0, 100]))
    tips = ["series:N", alt.Tooltip("effect:Q", format=".2f"), alt.Tooltip("power:Q", format=".1f")]
    lines = (
        alt.Chart(frame)
        .mark_line(strokeWidth=2.5)
        .encode(x=x, y=y, color=colour, strokeDash=dash, tooltip=tips)
    )
    dots = (
        alt.Chart(marks)
        .mark_point(size=90, filled=True, opacity=1, shape="diamond")
        .encode(x=x, y=y, color=colour, tooltip=tips)
    )
    eighty = (
        alt.Chart(pd.DataFrame({"power": [80]})).mark_rule(strokeDash=[4, 4], color=DONOR).encode(y="power:Q")
    )
    return (eighty + lines + dots).properties(height=HEIGHT)


def _strokes() -> alt.Legend:
    return alt.Legend(symbolType="stroke", symbolStrokeWidth=2.5, symbolSize=320)


def recovery(frame: pd.DataFrame, added: float) -> alt.LayerChart:
    """Draw means plus and minus their RMSE, of a frame ``label, kind, mean, rmse``."""
    kinds = list(dict.fromkeys(frame["kind"]))
    ends = frame.assign(low=frame["mean"] - frame["rmse"], high=frame["mean"] + frame["rmse"])
    y, offset = _row(frame), alt.YOffset("kind:N", sort=kinds)
    colour, title = _colours(frame, "kind"), "estimate, SD of comparison places' changes"
    base = alt.Chart(ends)
    bars = base.mark_rule(strokeWidth=2, opacity=0.6).encode(
        x=alt.X("low:Q", title=title), x2="high:Q", y=y, yOffset=offset, color=colour
    )
    points = base.mark_point(size=70, filled=True, opacity=1).encode(
        x=alt.X("mean:Q", title=title),
        y=y,
        yOffset=offset,
        color=colour,
        shape=alt.Shape("kind:N", scale=alt.Scale(domain=kinds)),
        tooltip=["label:N", "kind:N", alt.Tooltip("mean:Q", format=".2f"), alt.Tooltip("rmse:Q", format=".2f")],
    )  # fmt: skip
    truth = (
        alt.Chart(pd.DataFrame({"x": [added]}))
        .mark_rule(strokeDash=[4, 4], color=DONOR)
        .encode(x=alt.X("x:Q"))
    )
    return (truth + bars + points).properties(height=_step(frame, kinds))


def gap_lines(frame: pd.DataFrame, n_pre: int, y_title: str) -> alt.LayerChart:
    """Gap to the counterfactual by year, one line a method, of a frame ``series, year, gap``."""
    series, years = list(dict.fromkeys(frame["series"])), sorted(set(frame["year"]))
    dash: Any = alt.StrokeDash(
        "series:N", scale=alt.Scale(domain=series, range=[[1, 0], [6, 3], [2, 2], [8, 3, 2, 3]][: len(series)]),
        legend=_strokes(),
    )  # fmt: skip
    colours = COLOURS[: len(series)]
    lines = (
        alt.Chart(frame)
        .mark_line(strokeWidth=2.5)
        .encode(
            x=years_axis(years),
            y=alt.Y("gap:Q", title=y_title),
            color=alt.Color("series:N", scale=alt.Scale(domain=series, range=colours), legend=_strokes()),
            strokeDash=dash,
            tooltip=["series:N", "year:Q", alt.Tooltip("gap:Q", format="+.1f")],
        )
    )
    zero = alt.Chart(pd.DataFrame({"gap": [0]})).mark_rule(color=GRID).encode(y="gap:Q")
    return (zero + lines + start_rule(years, n_pre)).properties(height=HEIGHT)


def penalty(frame: pd.DataFrame, chosen: pd.DataFrame) -> alt.LayerChart:
    """Draw ``series, ridge, effect`` by penalty, a line a variant, with the one chosen."""
    names = list(dict.fromkeys(frame["series"]))
    scale = alt.Scale(domain=names, range=COLOURS[: len(names)])
    colour = alt.Color("series:N", scale=scale, legend=_strokes())
    x = alt.X(
        "ridge:Q",
        title="penalty (large: no extrapolation)",
        scale=alt.Scale(type="log", nice=False),
        axis=alt.Axis(grid=False, format=".0e", labelOverlap=True, tickCount=5),
    )
    y = alt.Y("effect:Q", title="effect, packs a head", scale=alt.Scale(zero=False))
    tips = ["series:N", alt.Tooltip("ridge:Q", format=".1e"), alt.Tooltip("effect:Q", format="+.1f")]
    lines = alt.Chart(frame).mark_line(strokeWidth=2.5).encode(x=x, y=y, color=colour, tooltip=tips)
    dots = (
        alt.Chart(chosen)
        .mark_point(size=110, filled=True, opacity=1)
        .encode(x=x, y=y, color=colour, tooltip=tips)
    )
    return (lines + dots).properties(height=HEIGHT)


def interval(rate: Array, draws: Array) -> tuple[Array, Array]:
    """Monte Carlo interval of a rate, plus and minus 1.96 standard errors, cut at 0 and 1."""
    reach = 1.96 * np.sqrt(rate * (1 - rate) / draws)
    return np.clip(rate - reach, 0, 1), np.clip(rate + reach, 0, 1)
