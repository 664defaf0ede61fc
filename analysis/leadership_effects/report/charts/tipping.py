"""Charts of the chapter on critical mass, each built from a tidy frame."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from leadership_effects.report.charts import parts
from leadership_effects.report.figures import DONOR, GRID, SECOND, THIRD, TREATED

HEIGHT = 300
COLOURS = [TREATED, SECOND, THIRD, DONOR]
DASHES = [[1, 0], [6, 3], [2, 2], [8, 3, 2, 3]]


def _rules(values: Sequence[float], channel: str, **look: Any) -> alt.Chart:
    return parts.rule("at", channel, sorted(set(values)), broken=True, **look)


def labelled_points(
    frame: pd.DataFrame, x_title: str, y_title: str, domain: tuple[float, float], whole: bool = False
) -> alt.LayerChart:
    """Draw labelled points with a rule at zero.

    The frame holds ``x, y, label``; `whole` labels the x axis with whole numbers alone.
    """
    ticks: dict[str, Any] = {"values": sorted(set(frame["x"])), "format": "d"} if whole else {}
    scale, axis = alt.Scale(domain=list(domain), nice=False), alt.Axis(grid=False, **ticks)
    points = parts.dots(frame, 110, color=TREATED).encode(
        x=alt.X("x:Q", title=x_title, scale=scale, axis=axis),
        y=alt.Y("y:Q", title=y_title),
        tooltip=["label:N", parts.tip("x", ".1f"), parts.tip("y", "+.2f")],
    )
    line = float(np.ptp([*frame["y"], 0.0])) * parts.LINE_HEIGHT / HEIGHT
    beside = [
        own.assign(at=parts.apart(own["y"].to_numpy(float), own["y"].to_numpy(float), line, pd.Series(1, own.index)))
        for _, own in frame.groupby("x")
    ]  # fmt: skip
    names = (
        alt.Chart(pd.concat(beside)[["x", "at", "label"]].round(6))
        .mark_text(align="left", dx=9, dy=-1)
        .encode(x="x:Q", y="at:Q", text="label:N")
    )
    return (_rules([0], "y") + points + names).properties(height=HEIGHT)


def peers(frame: pd.DataFrame, x_title: str) -> alt.LayerChart:
    """Dots of a frame ``subject, group, value``, one row a subject, joined by a line."""
    y = alt.Y("subject:N", title=None, sort=parts.unique(frame["subject"]))
    base = alt.Chart(frame).encode(y=y, tooltip=["subject:N", "group:N", "value:Q"])
    x = alt.X("value:Q", title=x_title, scale=alt.Scale(zero=True), axis=alt.Axis(tickMinStep=1))
    joined = base.mark_line(color=DONOR, strokeWidth=2).encode(x=x, detail="subject:N")
    look = parts.looks("group", parts.unique(frame["group"]), COLOURS)
    dots = base.mark_point(size=130, filled=True, opacity=1).encode(x=x, **look)
    return (joined + dots).properties(height=alt.Step(44))


def shares(frame: pd.DataFrame, x_title: str) -> alt.LayerChart:
    """Draw a frame ``label, share, kind`` as dots, with a rule at each documented share."""
    kinds, rows = parts.unique(frame["kind"]), frame.assign(row=parts.wrap(frame["label"], 30))
    dots = parts.dots(rows, 110).encode(
        x=alt.X("share:Q", title=x_title, scale=alt.Scale(domain=[0, 50], nice=False)),
        y=alt.Y("row:N", title=None, sort=list(rows["row"]), axis=parts.wrapped_axis(grid=True)),
        **parts.looks("kind", kinds, [SECOND, TREATED]),
        tooltip=["label:N", parts.tip("share", ".1f"), "kind:N"],
    )
    documented = _rules(list(frame.loc[frame["kind"] == kinds[-1], "share"]), "x")
    return parts.layered(documented, dots, height=alt.Step(36))


def curves(
    frame: pd.DataFrame, x_title: str, y_title: str, *, rules: Sequence[float] = (), level: float | None = None,
    log: bool = False,
) -> alt.LayerChart:  # fmt: skip
    """Lines of a frame ``x, y, series``; dashed rules at some x and, if given, at one y."""
    values = sorted(set(frame["x"]))
    scale = alt.Scale(type="log" if log else "linear", domain=[values[0], values[-1]], nice=False)
    axis = alt.Axis(values=values, grid=False, labelOverlap=True) if log else alt.Axis(grid=False)
    names = parts.unique(frame["series"])
    look = parts.series(names, COLOURS, DASHES, direct=True)
    lines = alt.Chart(frame).mark_line(
        strokeWidth=2.5, point=alt.OverlayMarkDef(size=30, filled=True) if log else False
    )
    lines = lines.encode(
        x=alt.X("x:Q", title=x_title, scale=scale, axis=axis),
        y=alt.Y("y:Q", title=y_title, scale=alt.Scale(domain=[0, 100])),
        **look,
        tooltip=["series:N", parts.tip("x", ".3~g"), parts.tip("y", ".0f")],
    )
    layers = [_rules([value], "x") for value in rules] + ([] if level is None else [_rules([level], "y")])
    ends = parts.line_ends(frame, "y", names, HEIGHT, x="x", palette=COLOURS)
    return parts.layered(*layers, lines, ends, height=HEIGHT)


def share_map(frame: pd.DataFrame, step: float, documented: Sequence[float]) -> alt.LayerChart:
    """Draw a heat map of tipping by share and orientation, with rules at some shares.

    The frame holds ``share, orientation, tipped`` (per cent); a deeper cell tips more often.
    """
    cells = frame.assign(low=frame["share"] - step / 2, high=frame["share"] + step / 2)
    order = sorted(set(frame["orientation"]), reverse=True)
    domain = [float(cells["low"].min()), float(cells["high"].max())]
    boxes = alt.Chart(cells).mark_rect(stroke=GRID).encode(
        x=alt.X(
            "low:Q",
            title="committed share, per cent",
            scale=alt.Scale(domain=domain, nice=False),
            axis=alt.Axis(grid=False, values=[10, 20, 30, 40, 50]),
        ),
        x2="high:Q",
        y=alt.Y("orientation:O", title="pulling the same way, per cent", sort=order),
        **parts.heat("tipped", [0, 100], [25, 50, 75, 100], "runs that tip, per cent"),
        tooltip=["share:Q", "orientation:O", parts.tip("tipped", ".0f")],
    )  # fmt: skip
    rules = _rules(documented, "x", strokeDash=[5, 3], strokeWidth=2, color=TREATED)
    return (boxes + rules).properties(height=alt.Step(34))


def power_map(frame: pd.DataFrame) -> alt.LayerChart:
    """Map of a frame ``places, years, power`` (per cent) with the figure printed in each cell."""
    base = alt.Chart(frame).encode(
        x=alt.X("places:O", title="places with a documented share", axis=alt.Axis(labelAngle=0)),
        y=alt.Y("years:O", title="years with a test after", sort="descending"),
        tooltip=["places:O", "years:O", parts.tip("power", ".0f")],
    )
    boxes = base.mark_rect(stroke=GRID).encode(
        **parts.heat("power", [0, 100], [25, 50, 75, 100], "power, per cent", numbered=True)
    )
    figures = base.mark_text(fontSize=12).encode(text=alt.Text("power:Q", format=".0f"))
    return (boxes + figures).properties(height=alt.Step(34))
