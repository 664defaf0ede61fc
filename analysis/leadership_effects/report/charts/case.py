"""Draw event studies, placebo ranks and specification curves of a case."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from leadership_effects.effects.diagnostics import EventStudy
from leadership_effects.effects.inference import Placebos
from leadership_effects.effects.specification import Curve
from leadership_effects.report.charts.common import HEIGHT, start_rule, years_axis
from leadership_effects.report.charts.parts import (
    FAINT,
    colours,
    dots,
    few_ticks,
    layered,
    line_ends,
    rule,
    spans,
    tip,
    unique,
)
from leadership_effects.report.figures import DONOR, SECOND, TREATED
from leadership_effects.rounding import DECIMALS

OTHER_PLACES = "Others, each as if treated"
OPTION_ROW, CHOICE_ROW, CURVE_HEIGHT = 20, 14, 250
PLAIN, BOLD = 5.9, 6.4  # pixels a letter of 11, at most on average
HEADINGS = {
    "start": "first year after",
    "before": "years before that count",
    "window": "years after that count",
    "base": "years before that count",
    "end": "years after that count",
    "comparison": "compared with",
    "comparator": "compared with",
    "weights": "weight of each place",
    "estimator": "method",
    "series": "results of",
    "rules": "rules of the examination",
    "trend": "adjusted for a straight line",
    "control": "taken off",
    "first": "first year after",
    "last": "last year after",
    "delays": "counted as treated from",
    "dates": "first years",
    "windows": "years",
    "waves wanted": "waves a place must have",
    "terms": "adjusted for",
}
OPTIONS = {
    "before": {"all": "all of them", "last": "only the last one"},
    "weights": {"equal": "each the same", "population": "by population"},
    "trend": {"without": "no", "with": "yes"},
    "control": {"none": "nothing"},
    "terms": {"none": "nothing"},
}
ESTIMATOR_WORDS = {"synthetic difference-in-differences": "synthetic diff-in-diff"}


def event_frame(study: EventStudy, paths: np.ndarray, units: tuple[str, ...]) -> pd.DataFrame:
    """Rows ``unit, role, year, gap`` of every place's path from the base year, treated first."""
    frame = pd.DataFrame(paths, index=list(units), columns=list(study.years)).round(DECIMALS)
    long = frame.rename_axis("unit").reset_index().melt("unit", var_name="year", value_name="gap")
    long["role"] = np.where(long["unit"] == units[0], units[0], OTHER_PLACES)
    return long[["unit", "role", "year", "gap"]]


def event_study(
    study: EventStudy, frame: pd.DataFrame, unit: str, n_pre: int, start: str = ""
) -> alt.LayerChart:
    """Draw gap paths since the last year before, with placebo bands, the treated one bold."""
    treated = frame["unit"].iloc[0]
    base = alt.Chart(frame).encode(
        x=years_axis(study.years),
        y=alt.Y("gap:Q", title=f"gap since {study.base_year}, {unit}"),
        color=colours("role", [treated, OTHER_PLACES], [TREATED, DONOR]).legend(None),
        detail="unit:N",
        tooltip=["unit:N", "year:Q", tip("gap", "+.1f")],
    )
    others = base.transform_filter(alt.datum.role == OTHER_PLACES).mark_line(strokeWidth=1, opacity=FAINT)
    own = base.transform_filter(alt.datum.role == treated).mark_line(
        strokeWidth=3, point=alt.OverlayMarkDef(size=45, filled=True)
    )
    band = [_band(study)] if np.isfinite(study.pointwise).all() else []
    ends = line_ends(frame, "gap", [treated], HEIGHT, field="role", palette=[TREATED])
    begun = start_rule(study.years, n_pre, start)
    return layered(rule("gap", "y", color=DONOR), others, *band, own, begun, ends, height=HEIGHT)


def _band(study: EventStudy) -> alt.LayerChart:
    reach = pd.DataFrame({"year": study.years, "one": study.pointwise, "all": study.simultaneous})
    frame = pd.concat(
        [reach.assign(side=side, one=side * reach["one"], all=side * reach["all"]) for side in (-1, 1)]
    )
    base = alt.Chart(frame).encode(x="year:Q", detail="side:N")
    one = base.mark_line(strokeWidth=1.5, color=SECOND, opacity=1).encode(y="one:Q")
    whole = base.mark_line(strokeWidth=1.5, color=SECOND, strokeDash=[4, 3], opacity=1).encode(y="all:Q")
    return one + whole


def ranks_frame(placebos: Placebos, treated: str) -> pd.DataFrame:
    """Rows ``rank, unit, role, difference`` from the largest difference to the smallest."""
    effects = [placebos.treated, *placebos.effects]
    return _ranked(pd.DataFrame({"unit": [treated, *placebos.units], "difference": effects}), treated)


def _ranked(frame: pd.DataFrame, treated: str) -> pd.DataFrame:
    """Round, order and rank differences, and add the role of each unit."""
    frame = frame.round(DECIMALS).sort_values("difference", ascending=False, kind="stable", ignore_index=True)
    role = np.where(frame["unit"] == treated, treated, OTHER_PLACES)
    return frame.assign(role=role, rank=np.arange(1, len(frame) + 1))[["rank", "unit", "role", "difference"]]


def ranks(frame: pd.DataFrame, treated: str, unit: str) -> alt.LayerChart:
    """Draw every place's difference as a tick on one line, the treated one marked and named."""
    base = alt.Chart(frame).encode(
        x=alt.X("difference:Q", title=unit), tooltip=["unit:N", "rank:Q", tip("difference", "+.2f")]
    )
    others = base.transform_filter(alt.datum.role == OTHER_PLACES)
    ticks = others.mark_tick(thickness=2, size=26, color=DONOR, opacity=0.6)
    own = base.transform_filter(alt.datum.role == treated)
    mark = own.mark_point(size=150, filled=True, opacity=1, color=TREATED)
    name = own.mark_text(dy=-21, color=TREATED, fontWeight="bold").encode(text="unit:N")
    return layered(rule("difference", "x"), ticks, mark, name, height=56)


def in_words(frame: pd.DataFrame, dimensions: Sequence[str]) -> tuple[pd.DataFrame, dict[str, list[str]]]:
    """Name choices and their options for readers; return the options of each too."""
    words = frame.copy()
    for dimension in dimensions:
        own = OPTIONS.get(dimension, {}) | ESTIMATOR_WORDS
        words[dimension] = [own.get(str(option), str(option)) for option in frame[dimension]]
    words = words.rename(columns=HEADINGS)
    return words, {(name := HEADINGS.get(d, d)): unique(words[name]) for d in dimensions}


def curve_frame(found: Curve) -> pd.DataFrame:
    """Return the specifications of a curve; what each estimates is a ``difference``."""
    return found.frame().rename(columns={"effect": "difference"})


def curve(found: Curve, marked: str = "planned") -> alt.LayerChart:
    """Draw the specification curve over the middle 90 per cent of placebos, and its choices.

    Differences are in order of size. Drop-down filters, one for each dimension that varies, choose which specifications are
    drawn; the words above give their number, their median and the share above zero. It all runs in the page.
    """
    frame, choices = in_words(curve_frame(found).assign(above=found.above), found.varying)
    names = {dimension: f"pick_{position}" for position, dimension in enumerate(choices)}
    parameters = [
        alt.param(
            name=names[dimension],
            value=None,
            bind=alt.binding_select(options=[None, *options], labels=["any", *options], name=dimension),
        )
        for dimension, options in choices.items()
    ]
    columns = [*choices, "difference", "raw", "unit", "low", "high", "planned", "above"]
    held = " && ".join(f"({names[d]} === null || datum['{d}'] === {names[d]})" for d in choices)
    chosen = alt.Chart(frame[columns]).transform_filter(held or "true")
    ordered = chosen.transform_window(order="row_number()", sort=[alt.SortField("difference")])
    y, low = (
        alt.Y(
            f"{end}:Q",
            title=f"difference, {found.metric}",
            scale=alt.Scale(range=[CURVE_HEIGHT, 0]),
            axis=alt.Axis(tickCount=6),
        )
        for end in ("difference", "low")
    )
    spread = ordered.mark_area(interpolate="step", color=DONOR, opacity=0.3).encode(
        x=order_axis(), y=low, y2="high:Q"
    )
    points = ordered.mark_point(filled=True, opacity=0.9).encode(
        x=order_axis(),
        y=y,
        color=alt.condition("datum.planned", alt.value(TREATED), alt.value(SECOND)),
        shape=alt.condition("datum.planned", alt.value("diamond"), alt.value("circle")),
        size=alt.condition("datum.planned", alt.value(170), alt.value(28)),
        tooltip=[*(f"{d}:N" for d in choices), tip("difference", "+.2f"), tip("raw", "+.2f"), "unit:N"],
    )
    name = (
        ordered.transform_joinaggregate(all="count()")
        .transform_filter("datum.planned")
        .mark_text(
            dy=-14,
            color=TREATED,
            fontWeight="bold",
            align=alt.ExprRef("datum.order > datum.all / 2 ? 'right' : 'left'"),
        )
        .encode(x=order_axis(), y=y, text=alt.value(marked))
    )
    summary = (
        chosen.transform_calculate(share="datum.above ? 1 : 0")
        .transform_aggregate(n="count()", middle="median(difference)", share="mean(share)")
        .transform_calculate(
            words="datum.n + ' specifications|median ' + format(datum.middle, '+.2f') + ', ' + format(datum.share, '.0%') + ' above 0'"
        )
        .mark_text(align="left", baseline="bottom", lineBreak="|", lineHeight=15, color="currentColor")
        .encode(text="words:N", x=alt.value(0), y=alt.value(-24))
    )
    zero = rule("difference", "y", color=DONOR).encode(y=y)
    column = (
        ordered.transform_filter("datum.planned").mark_rule(color=TREATED, opacity=0.7).encode(x=order_axis())
    )
    upper = alt.layer(column, *([spread] if found.has_placebos else []), zero, points, name, summary)
    return over_choices(upper, ordered, choices).add_params(*parameters)


def order_axis() -> alt.X:
    """Encode the order of specifications by size."""
    axis = alt.Axis(format="d", tickMinStep=1, grid=False, labelOverlap=True)
    return alt.X(
        "order:Q",
        title="specifications, smallest to largest",
        axis=axis,
        scale=alt.Scale(nice=False, padding=6),
    )


def over_choices(upper: Any, ordered: alt.Chart, choices: dict[str, list[str]]) -> alt.LayerChart:
    """Put under a curve a line for each option, drawn where a specification makes this choice."""
    rows = [f"{name}|{option}" for name, options in choices.items() for option in ["", *options]]
    foot = CURVE_HEIGHT + 18 + CHOICE_ROW * len(rows)
    scale = alt.Scale(domain=rows, range=[CURVE_HEIGHT + 18, foot])
    edges = "[[datum.order - 0.5, 0], [datum.order + 0.5, 1], [null, 2]]"
    made = (
        ordered.transform_fold(list(choices), as_=["choice", "option"])
        .transform_calculate(row="datum.choice + '|' + datum.option", edges=edges)
        .transform_flatten(["edges"])
        .transform_calculate(edge="datum.edges[0]", place="datum.order * 3 + datum.edges[1]")
        .mark_line(
            strokeWidth=CHOICE_ROW - 5, strokeCap="butt", color=SECOND, invalid="break-paths-filter-domains"
        )
        .encode(
            x=alt.X("edge:Q", title="specifications, smallest to largest"),
            y=alt.Y("row:N", title=None, scale=scale, axis=_grouped_axis(choices)),
            detail="row:N",
            order="place:Q",
        )
    )
    return alt.layer(upper, made).resolve_scale(y="independent").properties(height=foot)


def _grouped_axis(choices: dict[str, list[str]]) -> alt.Axis:
    """Print options of ``choice|option`` and, in bold above them, the choice of ``choice|``.

    Room is kept for the longest, since the renderer takes bold letters for as wide as the others.
    """
    room = [BOLD * len(name) for name in choices] + [
        PLAIN * len(str(one)) for some in choices.values() for one in some
    ]
    heading = "indexof(datum.label, '|') === length(datum.label) - 1"
    return alt.Axis(
        orient="left", domain=False, ticks=False, labelFontSize=11, labelLimit=170, minExtent=min(170, round(max(room))),
        labelExpr=f"split(datum.label, '|')[{heading} ? 0 : 1]",
        labelFontWeight=alt.condition(heading, alt.value("bold"), alt.value("normal")),
    )  # fmt: skip


def options_frame(found: Curve) -> pd.DataFrame:
    """Return rows ``choice, low, median, high, specifications`` of the treated place."""
    frame, choices = in_words(found.frame(), found.varying)
    parts = []
    for dimension in choices:
        grouped = frame.groupby(dimension, sort=False)["effect"]
        part = grouped.agg(low="min", median="median", high="max", specifications="size").reset_index()
        parts.append(
            part.assign(choice=dimension + ": " + part[dimension].astype(str)).drop(columns=dimension)
        )
    return pd.concat(parts, ignore_index=True)[["choice", "low", "median", "high", "specifications"]]


def options(frame: pd.DataFrame, metric: str = "placebo SD") -> alt.LayerChart:
    """One row an option, under its choice: the range of the differences and their median."""
    choices: dict[str, list[str]] = {}
    for choice in frame["choice"]:
        name, _, option = choice.partition(": ")
        choices.setdefault(name, []).append(option)
    rows = [f"{name}|{option}" for name, some in choices.items() for option in ("", *some)]
    drawn = frame.assign(row=frame["choice"].str.replace(": ", "|", n=1))
    y = alt.Y("row:N", title=None, scale=alt.Scale(domain=rows), axis=_grouped_axis(choices))
    ends = spans(drawn, "", strokeWidth=5, color=DONOR, opacity=0.45).encode(
        x=alt.X("low:Q", title=f"difference, {metric}", axis=few_ticks(labelOverlap=True, labelSeparation=6)),
        y=y,
    )
    middle = dots(drawn, 80, color=SECOND).encode(
        x=alt.X("median:Q"),
        y=y,
        tooltip=["choice:N", "specifications:Q", *(tip(end, "+.2f") for end in ("low", "median", "high"))],
    )
    return layered(rule("median", "x", color=DONOR), ends, middle, height=alt.Step(OPTION_ROW))


def medians_frame(found: Curve) -> pd.DataFrame:
    """Return rows ``rank, unit, role, difference`` of the ranked places' medians, largest first."""
    frame = pd.DataFrame({"unit": found.places, "difference": found.medians}).dropna()
    return _ranked(frame, found.places[0])
