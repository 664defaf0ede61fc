"""Draw event studies, placebo ranks and filtered specification curves of one case."""

from __future__ import annotations

import altair as alt
import numpy as np
import pandas as pd

from leadership_effects.effects.diagnostics import EventStudy
from leadership_effects.effects.inference import Placebos
from leadership_effects.effects.specification import Curve
from leadership_effects.report.charts.common import HEIGHT, start_rule, years_axis
from leadership_effects.report.charts.parts import FAINT, colours, dots, layered, rule, spans, tip, unique
from leadership_effects.report.figures import DONOR, SECOND, TREATED
from leadership_effects.rounding import DECIMALS

OTHER_PLACES = "Others, each as if treated"
OPTION_ROW = 22


def event_frame(study: EventStudy, paths: np.ndarray, units: tuple[str, ...]) -> pd.DataFrame:
    """Rows ``unit, role, year, gap`` of every place's path from the base year, treated first."""
    frame = pd.DataFrame(paths, index=list(units), columns=list(study.years)).round(DECIMALS)
    long = frame.rename_axis("unit").reset_index().melt("unit", var_name="year", value_name="gap")
    long["role"] = np.where(long["unit"] == units[0], units[0], OTHER_PLACES)
    return long[["unit", "role", "year", "gap"]]


def event_study(study: EventStudy, frame: pd.DataFrame, unit: str, n_pre: int) -> alt.LayerChart:
    """Draw gap paths since the last year before, with placebo bands, the treated one bold."""
    treated = frame["unit"].iloc[0]
    base = alt.Chart(frame).encode(
        x=years_axis(study.years),
        y=alt.Y("gap:Q", title=f"gap since {study.base_year}, {unit}"),
        color=colours("role", [treated, OTHER_PLACES], [TREATED, DONOR]),
        detail="unit:N",
        tooltip=["unit:N", "year:Q", tip("gap", "+.1f")],
    )
    others = base.transform_filter(alt.datum.role == OTHER_PLACES).mark_line(strokeWidth=1, opacity=FAINT)
    own = base.transform_filter(alt.datum.role == treated).mark_line(
        strokeWidth=3, point=alt.OverlayMarkDef(size=45, filled=True)
    )
    band = [_band(study)] if np.isfinite(study.pointwise).all() else []
    start = start_rule(study.years, n_pre)
    return layered(rule("gap", "y"), others, *band, own, start, height=HEIGHT)


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
    """Rows ``rank, unit, role, effect`` from the largest effect to the smallest."""
    effects = [placebos.treated, *placebos.effects]
    return _ranked(pd.DataFrame({"unit": [treated, *placebos.units], "effect": effects}), treated)


def _ranked(frame: pd.DataFrame, treated: str) -> pd.DataFrame:
    """Round, order and rank effects, and add the role of each unit."""
    frame = frame.round(DECIMALS).sort_values("effect", ascending=False, kind="stable", ignore_index=True)
    role = np.where(frame["unit"] == treated, treated, OTHER_PLACES)
    return frame.assign(role=role, rank=np.arange(1, len(frame) + 1))[["rank", "unit", "role", "effect"]]


def ranks(frame: pd.DataFrame, treated: str, unit: str) -> alt.LayerChart:
    """Every place's effect in order of size, the treated one marked."""
    base = alt.Chart(frame).encode(
        x=alt.X("rank:Q", title="rank, largest first", axis=alt.Axis(format="d", tickMinStep=1, grid=False)),
        y=alt.Y("effect:Q", title=unit),
        color=colours("role", [treated, OTHER_PLACES], [TREATED, DONOR]),
        tooltip=["unit:N", "rank:Q", tip("effect", "+.2f")],
    )
    stems = base.transform_calculate(zero="0").encode(y=alt.Y("zero:Q"), y2="effect:Q")
    stems = stems.mark_rule(strokeWidth=2, opacity=0.6)
    heads = base.mark_point(filled=True, opacity=1).encode(
        size=alt.condition(alt.datum.role == treated, alt.value(140), alt.value(35))
    )
    return layered(rule("effect", "y"), stems, heads, height=HEIGHT - 60)


def curve(found: Curve) -> alt.LayerChart:
    """Draw the specification curve over the middle 90 per cent of placebo effects.

    Effects are in order of size. Drop-down filters, one for each dimension that varies, choose which specifications are
    drawn; the line of text gives their number, their median and the share above zero. It all runs in the page.
    """
    frame = found.frame()
    dimensions = list(found.varying)
    names = {dimension: f"pick_{position}" for position, dimension in enumerate(dimensions)}
    parameters = [
        alt.param(
            name=names[dimension],
            value=None,
            bind=alt.binding_select(
                options=[None, *(options := unique(frame[dimension]))],
                labels=["any", *options],
                name=dimension,
            ),
        )
        for dimension in dimensions
    ]
    columns = [*dimensions, "effect", "raw", "unit", "low", "high", "planned"]
    held = " && ".join(f"({names[d]} === null || datum['{d}'] === {names[d]})" for d in dimensions)
    chosen = alt.Chart(frame[columns]).transform_filter(held or "true")
    base = chosen.transform_window(order="row_number()", sort=[alt.SortField("effect")])
    x = alt.X(
        "order:Q",
        title="specifications, smallest to largest",
        axis=alt.Axis(format="d", tickMinStep=1, grid=False),
    )
    spread = base.mark_rule(color=DONOR, opacity=0.35, strokeWidth=1.5).encode(
        x=x, y=alt.Y("low:Q", title=f"difference, {found.metric}"), y2="high:Q"
    )
    kinds = ["other", "planned"]
    shapes = alt.Scale(domain=kinds, range=["circle", "diamond"])
    points = base.transform_calculate(specification="datum.planned ? 'planned' : 'other'")
    points = points.mark_point(filled=True, opacity=0.9).encode(
        x=x,
        y="effect:Q",
        color=colours("specification", kinds, [SECOND, TREATED]),
        shape=alt.Shape("specification:N", scale=shapes),
        size=alt.condition("datum.planned", alt.value(170), alt.value(28)),
        tooltip=[*(f"{d}:N" for d in dimensions), tip("effect", "+.2f"), tip("raw", "+.2f"), "unit:N"],
    )
    summary = (
        chosen.transform_calculate(above="datum.effect > 0 ? 1 : 0")
        .transform_aggregate(n="count()", middle="median(effect)", share="mean(above)")
        .transform_calculate(
            words="datum.n + ' specifications, median ' + format(datum.middle, '+.2f') + ', ' + format(datum.share, '.0%') + ' above 0'"
        )
        .mark_text(align="left", baseline="top", fontSize=12, color="currentColor")
        .encode(text="words:N", x=alt.value(-36), y=alt.value(-17))
    )
    drawn = rule("effect", "y") + spread + points + summary
    return drawn.add_params(*parameters).properties(height=HEIGHT)


def options_frame(found: Curve) -> pd.DataFrame:
    """Return rows ``choice, low, median, high, specifications`` of the treated place's effects."""
    frame = found.frame()
    parts = []
    for dimension in found.varying:
        grouped = frame.groupby(dimension, sort=False)["effect"]
        part = grouped.agg(low="min", median="median", high="max", specifications="size").reset_index()
        parts.append(
            part.assign(choice=dimension + ": " + part[dimension].astype(str)).drop(columns=dimension)
        )
    return pd.concat(parts, ignore_index=True)[["choice", "low", "median", "high", "specifications"]]


def options(frame: pd.DataFrame, metric: str = "placebo SD") -> alt.LayerChart:
    """One row an option of each choice: the range of the effects under it and their median."""
    axis = alt.Axis(
        labelExpr="replace(split(datum.label, ': ')[1], 'difference-in-differences', 'diff-in-diff')",
        labelLimit=190,
    )
    y = alt.Y("choice:N", title=None, sort=list(frame["choice"]), axis=axis)
    ends = spans(frame, f"difference, {metric}", strokeWidth=5, color=DONOR, opacity=0.45).encode(y=y)
    middle = dots(frame, 80).encode(
        x=alt.X("median:Q"),
        y=y,
        color=alt.Color("dimension:N", scale=alt.Scale(scheme="dark2")),
        shape="dimension:N",
        tooltip=["choice:N", "specifications:Q", *(tip(end, "+.2f") for end in ("low", "median", "high"))],
    )
    middle = middle.transform_calculate(dimension="split(datum.choice, ': ')[0]")
    return layered(rule("median", "x"), ends, middle, height=alt.Step(OPTION_ROW))


def medians_frame(found: Curve) -> pd.DataFrame:
    """Return rows ``rank, unit, role, effect`` of the ranked places' medians, largest first."""
    frame = pd.DataFrame({"unit": found.places, "effect": found.medians}).dropna()
    return _ranked(frame, found.places[0])
