"""Draw charts of the validation by references and simulation.

They show agreement, false alarm rates, power, recovery and the ridge penalty.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from leadership_effects.data.panels import Array
from leadership_effects.report.charts import parts
from leadership_effects.report.charts.common import HEIGHT, ROW, start_rule, years_axis
from leadership_effects.report.figures import DONOR, SECOND, THIRD, TREATED

SMALLEST_DRAWN = 1e-7
COLOURS = [TREATED, SECOND, THIRD, DONOR, "currentColor"]
DASHES = [[1, 0], [1, 0], [1, 0], [1, 0], [6, 4]]


def drawn_difference(values: pd.Series) -> pd.Series:
    """Differences as drawn: two significant digits, nothing below a ten-millionth.

    What lies below differs between processors, and a chart must not.
    """
    floor = np.maximum(values.to_numpy(float), SMALLEST_DRAWN)
    return pd.Series([float(f"{value:.1e}") for value in floor], index=values.index)


def agreement(frame: pd.DataFrame) -> alt.LayerChart:
    """Draw a frame ``label, kind, difference, tolerance`` to references on a log axis."""
    y = alt.Y("label:N", title=None, sort=list(frame["label"]), axis=parts.wrapped_axis())
    scale = alt.Scale(type="log", domain=[SMALLEST_DRAWN / 2, 1])
    axis = alt.Axis(format=".0e", values=[1e-7, 1e-5, 1e-3, 1e-1])
    base = alt.Chart(frame).encode(y=y)
    limits = base.mark_tick(thickness=2, size=20, color=DONOR).encode(x=alt.X("tolerance:Q", scale=scale))
    points = base.mark_point(size=90, filled=True, opacity=1).encode(
        x=alt.X("difference:Q", title="difference, and tolerance (tick)", scale=scale, axis=axis),
        **_looks(frame),
        tooltip=["label:N", "kind:N", *(parts.tip(field, ".0e") for field in ("difference", "tolerance"))],
    )
    return (limits + points).properties(height=alt.Step(ROW))


def _looks(frame: pd.DataFrame) -> dict[str, Any]:
    """Encode the kinds of a frame by colour and shape."""
    kinds = parts.unique(frame["kind"])
    return parts.looks("kind", kinds, COLOURS[: len(kinds)])


def rates(frame: pd.DataFrame, x_title: str) -> alt.LayerChart:
    """Rejection rates with Monte Carlo intervals and the rates expected.

    Parameters
    ----------
    frame : DataFrame
        ``label, kind, rate, low, high, target``, rates in per cent; one or more kinds a label.
    """
    length = 8 + 12 * frame["kind"].nunique()
    ticks = alt.Chart(frame.drop_duplicates("label")).mark_tick(thickness=2.5, size=length, color=DONOR)
    targets = ticks.encode(x=alt.X("target:Q", title=x_title), y=_row(frame))
    return _spread(targets, frame, "rate", x_title, ("rate", "low", "high", "target"))


def _row(frame: pd.DataFrame) -> alt.Y:
    return alt.Y("label:N", title=None, sort=parts.unique(frame["label"]), axis=parts.wrapped_axis())


def _spread(
    below: alt.Chart, frame: pd.DataFrame, value: str, title: str, shown: Sequence[str], **look: Any
) -> alt.LayerChart:
    """Draw values with spans from ``low`` to ``high`` on a layer, kinds of a label by line."""
    kinds, looks = parts.unique(frame["kind"]), _looks(frame)
    rows: dict[str, Any] = {"y": _row(frame), "yOffset": alt.YOffset("kind:N", sort=kinds)}
    tips = [parts.tip(field, ".2f") for field in shown]
    bars = parts.spans(frame, title, strokeWidth=2, **look).encode(**rows, color=looks["color"])
    points = parts.dots(frame, 70).encode(
        x=alt.X(f"{value}:Q", title=title, axis=parts.few_ticks()),
        **rows,
        **looks,
        tooltip=["label:N", "kind:N", *tips],
    )
    step = max(10 + 14 * len(kinds), 12 + 13 * parts.deepest(frame["label"]))
    return parts.layered(below, bars, points, height=alt.Step(step, **{"for": "position"}))


def false_alarms(curve: pd.DataFrame, points: pd.DataFrame) -> alt.LayerChart:
    """Draw rejected true nulls by comparison places: a line by formula, points as simulated.

    Parameters
    ----------
    curve : DataFrame
        ``donors, rate`` of the cluster-robust test's formula, per cent.
    points : DataFrame
        ``label, kind, donors, rate``, per cent.
    """
    x = alt.X("donors:Q", title="comparison places", axis=alt.Axis(grid=False))
    y = alt.Y("rate:Q", title="true nulls rejected, per cent", scale=alt.Scale(domain=[0, 100]))
    line = alt.Chart(curve).mark_line(strokeWidth=2.5, color=TREATED).encode(x=x, y=y)
    dots = parts.dots(points, 80).encode(
        x=x, y=y, **_looks(points), tooltip=["label:N", "kind:N", "donors:Q", parts.tip("rate", ".1f")]
    )
    return parts.layered(parts.rule("rate", "y", [5], broken=True), line, dots, height=HEIGHT)


def power(frame: pd.DataFrame, marks: pd.DataFrame) -> alt.LayerChart:
    """Power curves, one line a case, with the minimum detectable effect of each.

    Parameters
    ----------
    frame : DataFrame
        ``series, effect, power``, power in per cent.
    marks : DataFrame
        ``series, effect, power`` at the minimum detectable effect.
    """
    names = parts.unique(frame["series"])
    look = parts.series(names, COLOURS, DASHES, direct=True)
    x = alt.X("effect:Q", title="true effect, SD of comparison places' changes", axis=alt.Axis(grid=False))
    y = alt.Y("power:Q", title="found, per cent", scale=alt.Scale(domain=[0, 100]))
    tips: list[Any] = ["series:N", parts.tip("effect", ".2f"), parts.tip("power", ".1f")]
    lines = parts.strokes(frame).encode(x=x, y=y, **look, tooltip=tips)
    dots = parts.dots(marks, 90, shape="diamond").encode(x=x, y=y, color=look["color"], tooltip=tips)
    ends = parts.line_ends(frame, "power", names, HEIGHT, x="effect", palette=COLOURS)
    return parts.layered(parts.rule("power", "y", [80], broken=True), lines, dots, ends, height=HEIGHT)


def recovery(frame: pd.DataFrame, added: float) -> alt.LayerChart:
    """Draw means plus and minus their RMSE, of a frame ``label, kind, mean, rmse``."""
    ends = frame.assign(low=frame["mean"] - frame["rmse"], high=frame["mean"] + frame["rmse"])
    title = "estimate, SD of comparison places' changes"
    truth = parts.rule("x", "x", [added], broken=True)
    return _spread(truth, ends, "mean", title, ("mean", "rmse"), opacity=0.6)


def gap_lines(frame: pd.DataFrame, n_pre: int, y_title: str) -> alt.LayerChart:
    """Gap to the counterfactual by year, one line a method, of a frame ``series, year, gap``."""
    names, years = parts.unique(frame["series"]), sorted(set(frame["year"]))
    dashes = [[1, 0], [6, 3], [2, 2], [8, 3, 2, 3]]
    lines = parts.strokes(frame).encode(
        x=years_axis(years),
        y=alt.Y("gap:Q", title=y_title),
        **parts.series(names, COLOURS[: len(names)], dashes[: len(names)], direct=True),
        tooltip=["series:N", "year:Q", parts.tip("gap", "+.1f")],
    )
    ends = parts.line_ends(frame, "gap", names, HEIGHT, palette=COLOURS[: len(names)])
    return parts.layered(parts.rule("gap", "y"), lines, start_rule(years, n_pre), ends, height=HEIGHT)


def penalty(frame: pd.DataFrame, chosen: pd.DataFrame) -> alt.LayerChart:
    """Draw ``series, ridge, effect`` by penalty, a line a variant, with the one chosen."""
    names = parts.unique(frame["series"])
    colour = parts.series(names, COLOURS[: len(names)], direct=True)["color"]
    x = alt.X(
        "ridge:Q",
        title="penalty (large: no extrapolation)",
        scale=alt.Scale(type="log", nice=False),
        axis=alt.Axis(grid=False, format=".0e", labelOverlap=True, tickCount=5),
    )
    y = alt.Y("effect:Q", title="effect, packs a head", scale=alt.Scale(zero=False))
    tips: list[Any] = ["series:N", parts.tip("ridge", ".1e"), parts.tip("effect", "+.1f")]
    lines = parts.strokes(frame).encode(x=x, y=y, color=colour, tooltip=tips)
    dots = parts.dots(chosen, 110).encode(x=x, y=y, color=colour, tooltip=tips)
    ends = parts.line_ends(frame, "effect", names, HEIGHT, x="ridge", palette=COLOURS[: len(names)])
    return parts.layered(lines, dots, ends, height=HEIGHT)


def interval(rate: Array, draws: Array) -> tuple[Array, Array]:
    """Monte Carlo interval of a rate, plus and minus 1.96 standard errors, cut at 0 and 1."""
    reach = 1.96 * np.sqrt(rate * (1 - rate) / draws)
    return np.clip(rate - reach, 0, 1), np.clip(rate + reach, 0, 1)
