"""Draw designs of many places: starts, effects by wave, bounds, leave-outs, curve."""

from __future__ import annotations

from collections.abc import Sequence

import altair as alt
import pandas as pd

from leadership_effects.report.charts.case import CURVE_HEIGHT, in_words, order_axis, over_choices
from leadership_effects.report.charts.common import HEIGHT
from leadership_effects.report.charts.parts import (
    colours,
    deepest,
    dots,
    few_ticks,
    layered,
    looks,
    rule,
    spans,
    tip,
    unique,
    wrap,
    wrapped_axis,
)
from leadership_effects.report.figures import DONOR, SECOND, THIRD, TREATED

BEFORE, AFTER, NEVER_BEGAN, BEGAN_EARLIER, OUT = (
    "Before the start", "From the first treated wave on", "Never treated", "Always treated", "Left out",
)  # fmt: skip
STATES = {BEFORE: SECOND, AFTER: TREATED, NEVER_BEGAN: DONOR, BEGAN_EARLIER: THIRD, OUT: "#d9b44a"}
LEADS, EFFECTS = "Before the start, on untreated observations", "From the start on"
OWN, PERMUTED = "As it was", "Start years permuted"
TILE, ROW, WIDTH = 13, 15, 26


def calendar(frame: pd.DataFrame) -> alt.Chart:
    """Draw a tile a place and wave of a frame ``place, wave, state``.

    Places keep the order of the frame; where there is no result there is no tile.
    """
    states = [state for state in STATES if state in set(frame["state"])]
    drawn = alt.Chart(frame).mark_rect(stroke="#ffffff", strokeOpacity=0.6, strokeWidth=1)
    return drawn.encode(
        x=alt.X("wave:O", title=None, axis=alt.Axis(orient="top", labelAngle=-90, domain=False, ticks=False)),
        y=alt.Y("place:N", title=None, sort=unique(frame["place"]), axis=alt.Axis(labelFontSize=11, labelLimit=150)),
        color=colours("state", states, [STATES[state] for state in states]).legend(symbolType="square"),
        tooltip=["place:N", "wave:O", "state:N"],
    ).properties(height=alt.Step(TILE))  # fmt: skip


def event_study(frame: pd.DataFrame, unit: str, sizes: Sequence[float] = ()) -> alt.LayerChart:
    """Draw estimates with intervals by waves since the start.

    Columns of the frame: ``since, estimate, low, high, kind, n_places``.
    """
    x = alt.X(
        "since:Q", title="waves since the start (0 is the first treated wave)",
        scale=alt.Scale(domain=[float(frame["since"].min()) - 0.5, float(frame["since"].max()) + 0.5], nice=False),
        axis=alt.Axis(format="d", values=[int(value) for value in unique(frame["since"])], grid=False),
    )  # fmt: skip
    kinds = [kind for kind in (LEADS, EFFECTS) if kind in set(frame["kind"])]
    look = looks("kind", kinds, [SECOND, TREATED][-len(kinds) :])
    base = alt.Chart(frame)
    bars = base.mark_rule(strokeWidth=2.5).encode(
        x=x, y=alt.Y("low:Q", title=unit), y2="high:Q", color=look["color"]
    )
    points = dots(frame, 90).encode(
        x=x, y=alt.Y("estimate:Q", title=unit), **look,
        tooltip=["kind:N", "since:Q", *(tip(end, "+.3f") for end in ("estimate", "low", "high")), "n_places:Q"],
    )  # fmt: skip
    return layered(rule("estimate", "y", [0, *sizes], broken=True), bars, points, height=HEIGHT)


def forest(frame: pd.DataFrame, x_title: str, sizes: Sequence[float] = (), digits: int = 3) -> alt.LayerChart:
    """Draw estimates with intervals in rows, of ``label, estimate, low, high``.

    Broken rules stand at sizes of interest.

    A row without an interval shows the dot alone, one without an estimate nothing.
    """
    return _rows(frame, x_title, sizes, digits)


def bounds(frame: pd.DataFrame, x_title: str, sizes: Sequence[float] = (), digits: int = 3) -> alt.LayerChart:
    """Draw sets against sizes of interest, of ``label, estimate, low, high, detectable``.

    A violet tick marks the smallest effect that would have been seen.
    """
    y = _row_axis(frame)
    seen = alt.Chart(frame.assign(row=_lines(frame)).dropna(subset="detectable"))
    ticks = seen.mark_tick(thickness=3, size=22, color=THIRD, opacity=1).encode(
        x=_effect_axis("detectable", x_title), y=y, tooltip=["label:N", tip("detectable", f"+.{digits}f")]
    )
    return _rows(frame, x_title, sizes, digits, ticks)


def _lines(frame: pd.DataFrame) -> list[str]:
    return wrap(frame["label"], WIDTH)


def _row_axis(frame: pd.DataFrame) -> alt.Y:
    return alt.Y("row:N", title=None, sort=unique(_lines(frame)), axis=wrapped_axis())


def _effect_axis(field: str, title: str) -> alt.X:
    axis = few_ticks(grid=False, labelOverlap="greedy", labelSeparation=6)
    return alt.X(f"{field}:Q", title=title, axis=axis)


def _rows(
    frame: pd.DataFrame, x_title: str, sizes: Sequence[float], digits: int, *more: alt.Chart
) -> alt.LayerChart:
    lines, y = _lines(frame), _row_axis(frame)
    drawn = frame.assign(row=lines).dropna(subset="estimate")
    whole = drawn.dropna(subset=["low", "high"])
    bars = spans(whole, x_title, strokeWidth=2.5, color=SECOND).encode(y=y)
    points = dots(drawn, 80, color=TREATED).encode(
        x=_effect_axis("estimate", x_title), y=y,
        tooltip=["label:N", *(tip(end, f"+.{digits}f") for end in ("estimate", "low", "high"))],
    )  # fmt: skip
    marks = rule("estimate", "x", [0, *sizes], broken=True)
    return layered(marks, bars, points, *more, height=alt.Step(max(24, 10 + 13 * deepest(lines))))


def leave_outs(
    frame: pd.DataFrame, whole: float, x_title: str, sizes: Sequence[float] = ()
) -> alt.LayerChart:
    """Draw estimates without each part in turn as ticks, of ``kind, label, estimate``.

    The whole estimate is a rule.
    """
    lines = wrap(frame["kind"], WIDTH)
    ticks = alt.Chart(frame.assign(row=lines)).mark_tick(thickness=2, size=20, color=SECOND, opacity=0.8)
    drawn = ticks.encode(
        x=_effect_axis("estimate", x_title),
        y=alt.Y("row:N", title=None, sort=unique(lines), axis=wrapped_axis()),
        tooltip=["kind:N", "label:N", tip("estimate", "+.3f")],
    )
    marks = rule("estimate", "x", [0, *sizes], broken=True)
    return layered(
        marks, rule("estimate", "x", [whole], color=TREATED, strokeWidth=2), drawn, height=alt.Step(36)
    )


def curve(frame: pd.DataFrame, median: float, unit: str, sizes: Sequence[float] = ()) -> alt.LayerChart:
    """Draw estimates of a specification grid in order of size, with their choices below.

    Columns of the frame: ``estimate, n_treated`` and the choices.
    """
    held = frame.dropna(subset="estimate")
    varying = [name for name in frame.columns.drop(["estimate", "n_treated"]) if held[name].nunique() > 1]
    named, choices = in_words(held, varying)
    ordered = named.sort_values("estimate", kind="stable", ignore_index=True)
    ordered = ordered.assign(order=range(1, len(held) + 1))
    scale = alt.Scale(range=[CURVE_HEIGHT, 0])
    y = alt.Y("estimate:Q", title=unit, scale=scale, axis=alt.Axis(tickCount=6))
    base = alt.Chart(ordered)
    points = base.mark_point(size=28, filled=True, opacity=0.9, color=SECOND).encode(
        x=order_axis(), y=y, tooltip=[*(f"{choice}:N" for choice in choices), tip("estimate", "+.3f")]
    )
    marks = rule("estimate", "y", [0, *sizes], broken=True).encode(y=y)
    middle = rule("estimate", "y", [median], color=TREATED, strokeWidth=2).encode(y=y)
    return over_choices(alt.layer(marks, middle, points), base, choices)


def permuted(draws: pd.DataFrame, own: float, x_title: str) -> alt.LayerChart:
    """Draw the actual median among those under permuted start years, of ``median, kind``."""
    x = alt.X("median:Q", title=x_title)
    y = alt.Y("kind:N", title=None, sort=[OWN, PERMUTED])
    ticks = alt.Chart(draws).mark_tick(thickness=1.5, size=24, color=DONOR, opacity=0.4).encode(x=x, y=y)
    mark = pd.DataFrame({"median": [own], "kind": [OWN]})
    point = dots(mark, 130, color=TREATED).encode(x=x, y=y, tooltip=["kind:N", tip("median", "+.3f")])
    return layered(rule("median", "x"), ticks, point, height=alt.Step(34))


def magnitudes(frame: pd.DataFrame, x_title: str, sizes: Sequence[float] = ()) -> alt.LayerChart:
    """Draw sets by the violation allowed.

    Columns of the frame: ``label, low, high, identified_low, identified_high``.

    The thick span is what remains if the coefficients were known without error.
    """
    y = alt.Y("label:N", title=None, sort=list(frame["label"]))
    thin = spans(frame, x_title, strokeWidth=2.5, color=SECOND).encode(
        y=y, tooltip=["label:N", *(tip(end, "+.3f") for end in ("low", "high"))]
    )
    known = alt.Chart(frame).mark_rule(strokeWidth=7, color=TREATED, opacity=0.75)
    thick = known.encode(x=alt.X("identified_low:Q", title=x_title), x2="identified_high:Q", y=y)
    marks = rule("low", "x", [0, *sizes], broken=True)
    return layered(marks, thin, thick, height=alt.Step(30))


def dose(frame: pd.DataFrame, kinds: Sequence[str]) -> alt.Chart:
    """Draw dated counts of people, logarithmic, of ``place, year, value, kind, counted``."""
    years = alt.Axis(format="d", tickMinStep=1, grid=False, labelOverlap="greedy", labelSeparation=6)
    tens = alt.Axis(values=[1, 10, 100, 1000, 10000], format=",d")
    return (
        dots(frame, 55)
        .encode(
            x=alt.X("year:Q", title=None, scale=alt.Scale(zero=False, padding=12), axis=years),
            y=alt.Y("value:Q", title="people", scale=alt.Scale(type="log"), axis=tens),
            **looks("kind", [kind for kind in kinds if kind in set(frame["kind"])], [SECOND, TREATED, THIRD]),
            tooltip=["place:N", "year:Q", tip("value", ",.0f"), "counted:N"],
        )
        .properties(height=HEIGHT)
    )
