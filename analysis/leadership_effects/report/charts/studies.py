"""Draw charts of published findings: one axis a unit, treatments by colour and shape."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from leadership_effects.counting import agreeing, in_figures
from leadership_effects.evidence.leader_studies import BARE, BOUND, INTERVAL, SPREAD, WORDS
from leadership_effects.evidence.studies import FINDINGS, LEVELS
from leadership_effects.report.charts import parts
from leadership_effects.report.figures import DONOR, GRID, SECOND, THIRD, TREATED

OCHRE = "#b7791f"
LOOK = {
    "pupils of programme teachers": (TREATED, "circle"),
    "departments": (THIRD, "triangle-up"),
    "schools": (OCHRE, "diamond"),
    "whole reform package": (SECOND, "square"),
    "everything in the place": (DONOR, "cross"),
    "participants": (DONOR, "triangle-down"),
    "groups in an experiment": (DONOR, "triangle-left"),
    "programme as a whole": (DONOR, "triangle-right"),
}
ERROR_LOOK = {
    INTERVAL: (TREATED, "circle"),
    BOUND: (OCHRE, "diamond"),
    BARE: (DONOR, "square"),
    SPREAD: (SECOND, "triangle-up"),
}
WRAP = 27
MATRIX_WRAP = 20
LINE = 13
MARGIN = 4
KINDS = {
    "range": "as a range of estimates",
    "at most": "as an upper bound, from zero",
}


def _rows_axis(lines: list[str], worded: Sequence[str] = ()) -> alt.Y:
    """Break row labels into lines at ``|``, in the order given, without a line behind words."""
    shown = {
        "condition": {"test": f"indexof({json.dumps(list(worded))}, datum.value) >= 0", "value": 0},
        "value": 1,
    }
    axis = parts.wrapped_axis(grid=True, ticks=False, **({"gridOpacity": shown} if len(worded) else {}))
    return alt.Y("row:N", title=None, scale=alt.Scale(domain=parts.unique(lines)), axis=axis)


def _value(title: str) -> alt.X:
    """Axis of figures: room at both ends for whole marks, few enough ticks for a phone."""
    ticks = alt.ExprRef("width < 260 ? 4 : 8")
    axis = alt.Axis(tickCount=ticks, labelFlush=False, labelOverlap="greedy", labelSeparation=6)  # type: ignore[arg-type]
    return alt.X("value:Q", title=title, scale=alt.Scale(padding=10, nice=False), axis=axis)


def _levels(frame: pd.DataFrame, channel: Any, place: int) -> Any:
    """Colour (`place` 0) or shape (1) by what was treated; the same look in every chart."""
    present = [level for level in LEVELS if level in set(frame["level"])]
    scale = alt.Scale(domain=present, range=[LOOK[level][place] for level in present])
    return channel("level:N", scale=scale)


def _ends_of(frame: pd.DataFrame, *kinds: str) -> pd.DataFrame:
    """Return rows ``row, level, value, label`` to draw: an estimate, or ends of a range."""
    own = frame[frame["kind"].isin(kinds)]
    spread = own[own["kind"] != "point"]
    ends = (
        (own[own["kind"] == "point"], "estimate"),
        (spread, "high"),
        (spread[spread["kind"] != "at most"], "low"),
    )
    drawn = pd.concat([rows.assign(value=rows[column]) for rows, column in ends])
    return drawn[["row", "level", "value", "label", "statement"]]


def effects(frame: pd.DataFrame, title: str) -> alt.LayerChart:
    """Effects of one unit, a row each, of a frame made by `evaluations.drawn`.

    A filled mark is an estimate; two filled marks on a pale band are the ends of a printed range; a hollow mark is an
    upper bound (broken line from zero); a thin line through a mark is an interval printed by the source or taken from
    its standard error; a finding without a figure says so in its label, and nothing is drawn.
    """
    silent = frame["kind"] == "no figure"
    told = frame["label"] + np.where(silent, " (" + frame["finding"] + ", no figure)", "")
    wrapped = parts.wrap(told, WRAP)
    data, y, x = frame.assign(row=wrapped), _rows_axis(wrapped), _value(title)
    marks = {
        "y": y, "color": _levels(frame, alt.Color, 0), "shape": _levels(frame, alt.Shape, 1),
        "tooltip": ["label:N", "level:N", alt.Tooltip("value:Q", title="drawn at"), "statement:N"],
    }  # fmt: skip
    solid = parts.dots(_ends_of(data, "point", "range"), 110)
    hollow = alt.Chart(_ends_of(data, "at most")).mark_point(
        size=90, filled=False, strokeWidth=2.5, opacity=1
    )
    zero = parts.rule("value", "x", strokeWidth=2).encode(x=x)
    layers = [zero, *_spans(data, y, title), solid.encode(x=x, **marks), hollow.encode(x=x, **marks)]
    return parts.layered(*layers, height=alt.Step(8 + LINE * parts.deepest(wrapped)))


def _spans(data: pd.DataFrame, y: alt.Y, title: str) -> list[alt.Chart]:
    """Draw ranges as bands, bounds as broken lines and printed intervals as thin lines."""
    styles = (("range", 8, 0.35, [1, 0]), ("at most", 2, 1, [4, 4]))
    spans = [
        parts.spans(
            data.loc[data["kind"] == name, ["row", "low", "high"]],
            title, strokeWidth=width, opacity=opacity, strokeDash=dash, color=DONOR,
        ).encode(y=y)
        for name, width, opacity, dash in styles
    ]  # fmt: skip
    printed = data.loc[data["interval_low"].notna(), ["row", "interval_low", "interval_high"]]
    line = alt.Chart(printed).mark_rule(strokeWidth=2, color=DONOR)
    return [*spans, line.encode(x=alt.X("interval_low:Q", title=title), x2="interval_high:Q", y=y)]


def describe_effects(frame: pd.DataFrame, unit: str) -> str:
    """Describe the chart of `effects` level by level, for people who do not see it."""
    sentences = [
        f"There {agreeing(len(frame), 'is', 'are')} {in_figures(len(frame), 'finding')} on an axis of {unit}."
    ]
    for level in LEVELS:
        own = frame[frame["level"] == level]
        figures, silent = own[own["kind"] != "no figure"], own[own["kind"] == "no figure"]
        parts_of_level = []
        if len(figures):
            ends = figures[["estimate", "low", "high"]]
            low, high = ends.min(axis=None), ends.max(axis=None)
            span = f"at {high:g}" if low == high else f"between {low:g} and {high:g}"
            special = figures.loc[figures["kind"] != "point", "kind"].value_counts(sort=False)
            words = "".join(f" ({n} of them {KINDS[name]})" for name, n in special.items())
            parts_of_level.append(f"{len(figures)} drawn {span}{words}")
        if len(silent):
            found = silent["finding"].value_counts(sort=False)
            parts_of_level.append(
                "without a figure " + " and ".join(f"{n} {name}" for name, n in found.items())
            )
        if parts_of_level:
            sentences.append(f"{level[0].upper()}{level[1:]}: {', '.join(parts_of_level)}.")
    return " ".join(sentences)


def findings(frame: pd.DataFrame) -> alt.LayerChart:
    """Draw the ``rows`` of each ``level`` and ``finding`` in a matrix; none is blank."""
    shown = frame[frame["rows"] > 0].assign(row=lambda f: parts.wrap(f["level"], MATRIX_WRAP))
    order = parts.wrap((level for level in LEVELS if level in set(shown["level"])), MATRIX_WRAP)
    base = alt.Chart(shown).encode(
        x=alt.X("finding:N", title=None, sort=list(FINDINGS), axis=alt.Axis(labelAngle=-40)),
        y=_rows_axis(order),
        tooltip=["level:N", "finding:N", "rows:Q"],
    )
    discs = base.mark_circle(color=SECOND, opacity=0.35).encode(
        size=alt.Size(
            "rows:Q", scale=alt.Scale(domain=[0, max(12, *shown["rows"])], range=[60, 1100]), legend=None
        )
    )
    numbers = base.mark_text(fontSize=13, fontWeight="bold").encode(text="rows:Q")
    return parts.layered(discs, numbers, height=alt.Step(38))


def peers(frame: pd.DataFrame, title: str) -> alt.LayerChart:
    """Draw a frame ``subject, teachers, value``: all programme teachers, those with peers."""
    x, y = _value(title), alt.Y("subject:N", title=None, sort=parts.unique(frame["subject"]))
    line = alt.Chart(frame).mark_line(color=DONOR, strokeWidth=2).encode(x=x, y=y, detail="subject:N")
    look = parts.looks("teachers", parts.unique(frame["teachers"]), [DONOR, TREATED])
    points = parts.dots(frame, 140).encode(x=x, y=y, **look, tooltip=["subject:N", "teachers:N", "value:Q"])
    zero = parts.rule("value", "x", strokeWidth=2).encode(x=x)
    return parts.layered(zero, line, points, height=alt.Step(44))


def leaders(frame: pd.DataFrame, title: str) -> alt.LayerChart:
    """Draw effects of leaders of a frame made by `leader_studies.forest`, a row each.

    A filled mark with a thin line has an interval of 95 per cent; a hollow diamond with a broken line has an error of
    which only a bound is known, so that the line is the interval at its widest; a hollow square has no error; two
    marks on a pale band are the ends of a printed range. Words at the left stand for a row without a size.
    """
    wrapped = parts.wrap(frame["label"], WRAP + 7)
    data, x = frame.assign(row=wrapped), _value(title)
    y = _rows_axis(wrapped, data.loc[data["look"] == WORDS, "row"])
    present = [name for name in ERROR_LOOK if name in set(data["look"])]
    ends = pd.concat([data.assign(value=data[end]) for end in ("value", "low", "high")])
    marks = ends[ends["value"].notna()][["row", "look", "value", "label", "design"]]
    shades = [ERROR_LOOK[name][0] for name in present]
    inside = [
        shade if name == INTERVAL else "transparent" for name, shade in zip(present, shades, strict=True)
    ]
    shapes = [ERROR_LOOK[name][1] for name in present]
    points = (
        alt.Chart(marks)
        .mark_point(size=85, strokeWidth=2.2, opacity=1)
        .encode(
            x=x, y=y,
            stroke=alt.Stroke("look:N", scale=alt.Scale(domain=present, range=shades)),
            fill=alt.Fill("look:N", scale=alt.Scale(domain=present, range=inside)),
            shape=alt.Shape("look:N", scale=alt.Scale(domain=present, range=shapes)),
            tooltip=["label:N", "design:N", alt.Tooltip("value:Q", title="drawn at"), "look:N"],
        )
    )  # fmt: skip
    lines = [
        alt.Chart(data.loc[data["look"] == name, ["row", "interval_low", "interval_high"]])
        .mark_rule(strokeWidth=2, color=ERROR_LOOK[name][0], strokeDash=dash)
        .encode(x=alt.X("interval_low:Q", title=title), x2="interval_high:Q", y=y)
        for name, dash in ((INTERVAL, [1, 0]), (BOUND, [4, 4]))
    ]
    band = parts.spans(
        data.loc[data["look"] == SPREAD, ["row", "low", "high"]],
        title, strokeWidth=8, opacity=0.35, color=DONOR,
    ).encode(y=y)  # fmt: skip
    silent = data.loc[data["look"] == WORDS, ["row", "words", "label", "design"]]
    silent = silent.assign(words=parts.wrap(silent["words"], WRAP))
    words = [
        alt.Chart(own)
        .mark_text(
            align="left", baseline="middle", fontStyle="italic", fontSize=11,
            lineBreak="|", lineHeight=LINE, dy=-LINE * bars / 2,
        )
        .encode(x=alt.value(MARGIN), y=y, text="words:N", tooltip=["label:N", "design:N"])
        for bars, own in silent.groupby(silent["words"].str.count(r"\|"))
    ]  # fmt: skip
    sized = data.loc[data["look"] != WORDS, ["row"]].assign(value=0.0)
    edge = y.copy()
    edge["bandPosition"] = 0
    zero = alt.Chart(sized).mark_rule(strokeWidth=2, color=GRID)
    zero = zero.encode(x=x, y=edge, y2=alt.Y2("row:N", bandPosition=1))
    height = alt.Step(8 + LINE * parts.deepest([*wrapped, *silent["words"]]))
    return parts.layered(zero, band, *lines, points, *words, height=height)


def describe_leaders(frame: pd.DataFrame) -> str:
    """Describe the chart of `leaders`, for people who do not see it: a sentence for each look."""
    sentences = []
    for name in ERROR_LOOK:
        own = frame[frame["look"] == name]
        if len(own):
            ends = own[["value", "low", "high"]]
            low, high = ends.min(axis=None), ends.max(axis=None)
            span = f"at {low:g}" if low == high else f"from {low:g} to {high:g}"
            sentences.append(f"{name[0].upper()}{name[1:]}: {len(own)}, {span}.")
    silent = frame[frame["look"] == WORDS]
    if len(silent):
        listed = "; ".join(f"{row.label} ({row.words})" for row in silent.itertuples())
        sentences.append(f"In words, without a size in standard deviations of pupils: {listed}.")
    return " ".join(sentences)


def pools(frame: pd.DataFrame, title: str) -> alt.LayerChart:
    """Draw pooled effects under assumptions as hollow marks, of ``row, value, low, high``."""
    wrapped = parts.wrap(frame["row"], WRAP)
    data, y, x = frame.assign(row=wrapped), _rows_axis(wrapped), _value(title)
    line = parts.spans(data, title, strokeWidth=2, color=DONOR).encode(y=y)
    marks = alt.Chart(data).mark_point(size=85, strokeWidth=2.2, opacity=1, stroke=SECOND, fill="transparent")
    points = marks.encode(x=x, y=y, tooltip=["row:N", parts.tip("value", "+.3f"), "low:Q", "high:Q"])
    zero = parts.rule("value", "x", strokeWidth=2).encode(x=x)
    return parts.layered(zero, line, points, height=alt.Step(8 + LINE * parts.deepest(wrapped)))
