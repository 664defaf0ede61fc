"""Charts of the chapter on critical mass, each built from a tidy frame."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from typing import Any

import altair as alt
import pandas as pd

from leadership_effects.report.figures import DONOR, GRID, SECOND, THIRD, TREATED

HEIGHT = 300
COLOURS = [TREATED, SECOND, THIRD, DONOR]
DASHES = [[1, 0], [6, 3], [2, 2], [8, 3, 2, 3]]
STROKES: dict[str, Any] = {
    "symbolType": "stroke",
    "symbolStrokeWidth": 2.5,
    "symbolSize": 320,
    "columns": {"expr": "width < 420 ? 1 : 2"},
}
RAMP: dict[str, Any] = {"orient": "top", "columns": 1, "titleFontWeight": "normal"}


def _rules(values: Sequence[float], channel: str) -> alt.Chart:
    frame = pd.DataFrame({"at": sorted(set(values))})
    rule = alt.Chart(frame).mark_rule(strokeDash=[4, 4], color=DONOR)
    return rule.encode(x="at:Q") if channel == "x" else rule.encode(y="at:Q")


def _wrapped(labels: Sequence[str], width: int = 30) -> list[str]:
    return ["|".join(textwrap.wrap(label, width)) for label in labels]


def _split_axis() -> alt.Axis:
    return alt.Axis(labelExpr="split(datum.label, '|')", labelLineHeight=13, labelFontSize=11, grid=True)


def labelled_points(
    frame: pd.DataFrame, x_title: str, y_title: str, domain: tuple[float, float], whole: bool = False
) -> alt.LayerChart:
    """Draw labelled points with a rule at zero.

    The frame holds ``x, y, label``; `whole` labels the x axis with whole numbers alone.
    """
    ticks = (
        alt.Axis(values=sorted(set(frame["x"])), format="d", grid=False) if whole else alt.Axis(grid=False)
    )
    base = alt.Chart(frame).encode(
        x=alt.X("x:Q", title=x_title, scale=alt.Scale(domain=list(domain), nice=False), axis=ticks),
        y=alt.Y("y:Q", title=y_title),
        tooltip=["label:N", alt.Tooltip("x:Q", format=".1f"), alt.Tooltip("y:Q", format="+.2f")],
    )
    points = base.mark_point(size=110, filled=True, color=TREATED, opacity=1)
    names = base.mark_text(align="left", dx=9, dy=-1).encode(text="label:N")
    return (_rules([0], "y") + points + names).properties(height=HEIGHT)


def peers(frame: pd.DataFrame, x_title: str) -> alt.LayerChart:
    """Dots of a frame ``subject, group, value``, one row a subject, joined by a line."""
    groups = list(dict.fromkeys(frame["group"]))
    y = alt.Y("subject:N", title=None, sort=list(dict.fromkeys(frame["subject"])))
    base = alt.Chart(frame).encode(y=y, tooltip=["subject:N", "group:N", "value:Q"])
    x = alt.X("value:Q", title=x_title, scale=alt.Scale(zero=True), axis=alt.Axis(tickMinStep=1))
    joined = base.mark_line(color=DONOR, strokeWidth=2).encode(x=x, detail="subject:N")
    dots = base.mark_point(size=130, filled=True, opacity=1).encode(
        x=x,
        color=alt.Color("group:N", scale=alt.Scale(domain=groups, range=COLOURS)),
        shape=alt.Shape("group:N", scale=alt.Scale(domain=groups)),
    )
    return (joined + dots).properties(height=alt.Step(44))


def shares(frame: pd.DataFrame, x_title: str) -> alt.LayerChart:
    """Draw a frame ``label, share, kind`` as dots, with a rule at each documented share."""
    kinds = list(dict.fromkeys(frame["kind"]))
    rows = frame.assign(row=_wrapped(list(frame["label"])))
    dots = (
        alt.Chart(rows)
        .mark_point(size=110, filled=True, opacity=1)
        .encode(
            x=alt.X("share:Q", title=x_title, scale=alt.Scale(domain=[0, 50], nice=False)),
            y=alt.Y("row:N", title=None, sort=list(rows["row"]), axis=_split_axis()),
            color=alt.Color("kind:N", scale=alt.Scale(domain=kinds, range=[SECOND, TREATED])),
            shape=alt.Shape("kind:N", scale=alt.Scale(domain=kinds)),
            tooltip=["label:N", alt.Tooltip("share:Q", format=".1f"), "kind:N"],
        )
    )
    documented = _rules(list(frame.loc[frame["kind"] == kinds[-1], "share"]), "x")
    return (documented + dots).properties(height=alt.Step(36))


def curves(
    frame: pd.DataFrame, x_title: str, y_title: str, *, rules: Sequence[float] = (), level: float | None = None,
    log: bool = False,
) -> alt.LayerChart:  # fmt: skip
    """Lines of a frame ``x, y, series``; dashed rules at some x and, if given, at one y."""
    order = list(dict.fromkeys(frame["series"]))
    values = sorted(set(frame["x"]))
    scale = alt.Scale(type="log" if log else "linear", domain=[values[0], values[-1]], nice=False)
    axis = alt.Axis(values=values, grid=False, labelOverlap=True) if log else alt.Axis(grid=False)
    legend = None if len(order) == 1 else alt.Legend(**STROKES)
    lines = (
        alt.Chart(frame)
        .mark_line(strokeWidth=2.5, point=alt.OverlayMarkDef(size=30, filled=True) if log else False)
        .encode(
            x=alt.X("x:Q", title=x_title, scale=scale, axis=axis),
            y=alt.Y("y:Q", title=y_title, scale=alt.Scale(domain=[0, 100])),
            color=alt.Color("series:N", scale=alt.Scale(domain=order, range=COLOURS), legend=legend),
            strokeDash=alt.StrokeDash("series:N", scale=alt.Scale(domain=order, range=DASHES), legend=legend),
            tooltip=["series:N", alt.Tooltip("x:Q", format=".3~g"), alt.Tooltip("y:Q", format=".0f")],
        )
    )
    layers = [_rules([value], channel) for value, channel in _marks(rules, level)]
    return alt.LayerChart(layer=[*layers, lines]).properties(height=HEIGHT)


def _marks(rules: Sequence[float], level: float | None) -> list[tuple[float, str]]:
    across = [] if level is None else [(level, "y")]
    return [(rule, "x") for rule in rules] + across


def share_map(frame: pd.DataFrame, step: float, documented: Sequence[float]) -> alt.LayerChart:
    """Draw a heat map of tipping by share and orientation, with rules at some shares.

    The frame holds ``share, orientation, tipped`` (per cent); a darker cell tips more often.
    """
    cells = frame.assign(low=frame["share"] - step / 2, high=frame["share"] + step / 2)
    order = sorted(set(frame["orientation"]), reverse=True)
    domain = [float(cells["low"].min()), float(cells["high"].max())]
    boxes = (
        alt.Chart(cells)
        .mark_rect(stroke=GRID)
        .encode(
            x=alt.X(
                "low:Q",
                title="committed share, per cent",
                scale=alt.Scale(domain=domain, nice=False),
                axis=alt.Axis(grid=False, values=[10, 20, 30, 40, 50]),
            ),
            x2="high:Q",
            y=alt.Y("orientation:O", title="pulling the same way, per cent", sort=order),
            color=alt.Color(
                "tipped:Q",
                scale=alt.Scale(domain=[0, 100], range=["#d9e8ea", "#1c6675"]),
                legend=alt.Legend(title="runs that tip, per cent", **RAMP),
            ),
            tooltip=["share:Q", "orientation:O", alt.Tooltip("tipped:Q", format=".0f")],
        )
    )
    frame_of_rules = pd.DataFrame({"at": sorted(set(documented))})
    rules = (
        alt.Chart(frame_of_rules).mark_rule(strokeDash=[5, 3], strokeWidth=2, color=TREATED).encode(x="at:Q")
    )
    return (boxes + rules).properties(height=alt.Step(34))


def power_map(frame: pd.DataFrame) -> alt.LayerChart:
    """Map of a frame ``places, years, power`` (per cent) with the figure printed in each cell."""
    base = alt.Chart(frame).encode(
        x=alt.X("places:O", title="places with a documented share", axis=alt.Axis(labelAngle=0)),
        y=alt.Y("years:O", title="years with a test after", sort="descending"),
        tooltip=["places:O", "years:O", alt.Tooltip("power:Q", format=".0f")],
    )
    boxes = base.mark_rect(stroke=GRID).encode(
        color=alt.Color(
            "power:Q",
            scale=alt.Scale(domain=[0, 100], range=["#d9e8ea", "#0b3f4b"]),
            legend=alt.Legend(title="power, per cent", **RAMP),
        )
    )
    figures = base.mark_text(fontSize=12).encode(
        text=alt.Text("power:Q", format=".0f"),
        color=alt.condition("datum.power > 55", alt.value("#ffffff"), alt.value("#0a1a1f")),
    )
    return (boxes + figures).properties(height=alt.Step(34))
