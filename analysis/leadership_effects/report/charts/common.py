"""Draw the book's common charts, each from a tidy frame.

Titles and captions belong to the figure, not the chart.
"""

from __future__ import annotations

import json
import textwrap
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from leadership_effects.data.panels import GapSeries, Panel
from leadership_effects.effects.inference import Placebos
from leadership_effects.report.charts import parts
from leadership_effects.report.figures import DONOR, SECOND, STATIC_WIDTH, TREATED
from leadership_effects.rounding import DECIMALS

HEIGHT = 300
OUTLINE = Path(__file__).with_name("land-110m.json")
OTHERS = "Others, as if treated"
ROW = 34
# The map, in shares of its width: without Antarctica and the Pacific.
ACROSS, MIDDLE, EQUATOR, SHAPE, NARROW = 3.7, 0.54, 0.325, 0.55, 440
SIDES = {"right": ("left", 11, -2), "left": ("right", -11, -2), "below": ("center", 0, 18)}
NOT_COMPARED = "cannot be compared"
FOUND = {**parts.VERDICTS, NOT_COMPARED: ("transparent", "circle")}
KINDS = {"event": (TREATED, "circle"), "count": (SECOND, "square")}


def years_axis(years: Sequence[int], title: str = "") -> alt.X:
    """Horizontal axis of years, ticks on years that have values."""
    ticks = sorted(set(years))
    if len(ticks) > 9:
        ticks = ticks[:: -(-len(ticks) // 8)]
    return alt.X(
        "year:Q",
        title=title or None,
        scale=alt.Scale(domain=[min(years), max(years)], nice=False),
        axis=alt.Axis(format="d", values=ticks, grid=False, labelOverlap=True),
    )


def start_rule(years: Sequence[int], n_pre: int) -> alt.Chart:
    """Broken vertical line between the last year before the start and the first after it."""
    return parts.rule("year", "x", [(years[n_pre - 1] + years[n_pre]) / 2], broken=True)


def paths_frame(panel: Panel) -> pd.DataFrame:
    """Return rows ``unit, role, year, value`` of treated unit, donors and the donors' mean."""
    long = panel.long()
    long["role"] = np.where(long["treated"], panel.units[0], "Comparison units")
    mean = pd.DataFrame(
        {"unit": "Comparison mean", "role": "Comparison mean", "year": panel.years, "value": panel.donor_mean}
    )
    return pd.concat([long.drop(columns="treated"), mean], ignore_index=True).round(DECIMALS)


def paths(panel: Panel) -> alt.LayerChart:
    """Treated unit, every comparison unit and their mean over time, with a rule at the start."""
    frame = paths_frame(panel)
    roles = [panel.units[0], "Comparison mean", "Comparison units"]
    base = alt.Chart(frame).encode(
        x=years_axis(panel.years),
        y=alt.Y("value:Q", title=panel.scale.unit, scale=alt.Scale(zero=False)),
        color=parts.colours("role", roles, [TREATED, SECOND, DONOR]),
        detail="unit:N",
        tooltip=["unit:N", "year:Q", parts.tip("value", ".1f")],
    )
    donors = base.transform_filter(alt.datum.role == roles[2]).mark_line(strokeWidth=1, opacity=parts.FAINT)
    mean = base.transform_filter(alt.datum.role == roles[1]).mark_line(strokeWidth=2.5, strokeDash=[6, 3])
    treated = base.transform_filter(alt.datum.role == roles[0]).mark_line(
        strokeWidth=3, point=alt.OverlayMarkDef(size=45, filled=True)
    )
    return (donors + mean + treated + start_rule(panel.years, panel.n_pre)).properties(height=HEIGHT)


def placebos_frame(sets: dict[str, Placebos], treated: str) -> pd.DataFrame:
    """Rows ``outcome, unit, effect, role`` of several placebo distributions."""
    frames = []
    for label, placebos in sets.items():
        units = [treated, *placebos.units]
        effects = [placebos.treated, *placebos.effects]
        role = [treated] + [OTHERS] * len(placebos.units)
        frames.append(pd.DataFrame({"outcome": label, "unit": units, "effect": effects, "role": role}))
    return pd.concat(frames, ignore_index=True).round(DECIMALS)


def placebos(sets: dict[str, Placebos], treated: str, unit: str) -> alt.LayerChart:
    """Draw the treated unit's estimate among comparison units as a strip, one an outcome."""
    frame = placebos_frame(sets, treated)
    roles = [treated, OTHERS]
    base = alt.Chart(frame).encode(
        x=alt.X("effect:Q", title=f"estimated difference, {unit}"),
        y=alt.Y("outcome:N", title=None, sort=list(sets)),
        color=parts.colours("role", roles, [TREATED, DONOR]),
        tooltip=["outcome:N", "unit:N", parts.tip("effect", "+.1f")],
    )
    donors = base.transform_filter(alt.datum.role == roles[1]).mark_tick(thickness=2, size=22, opacity=0.55)
    own = base.transform_filter(alt.datum.role == roles[0]).mark_point(size=130, filled=True, opacity=1)
    return parts.layered(parts.rule("effect", "x"), donors, own, height=alt.Step(ROW))


def gaps_frame(series: dict[str, GapSeries]) -> pd.DataFrame:
    """Rows ``series, year, treated, comparator, gap``."""
    frames = [
        pd.DataFrame({"series": label, "year": s.years, "treated": s.treated, "comparator": s.comparator, "gap": s.gap})
        for label, s in series.items()
    ]  # fmt: skip
    return pd.concat(frames, ignore_index=True)


def gaps(series: dict[str, GapSeries], title: str) -> alt.LayerChart:
    """Draw gaps of treated series to their comparators by year, with a rule at the start."""
    frame = gaps_frame(series)
    some = next(iter(series.values()))
    lines = parts.strokes(frame, point=40).encode(
        x=years_axis(sorted(set(frame["year"]))),
        y=alt.Y("gap:Q", title=title),
        **parts.series(list(series)),
        tooltip=["series:N", "year:Q", parts.tip("gap", "+.1f")],
    )
    start = [start_rule(some.years, some.n_pre)] if some.n_pre else []
    return parts.layered(parts.rule("gap", "y"), lines, *start, height=HEIGHT)


def lines(frame: pd.DataFrame, y_title: str) -> alt.Chart:
    """Lines of a frame ``series, year, value``."""
    lines = parts.strokes(frame, point=40).encode(
        x=years_axis(sorted(set(frame["year"]))),
        y=alt.Y("value:Q", title=y_title, scale=alt.Scale(zero=False)),
        **parts.series(parts.unique(frame["series"])),
        tooltip=["series:N", "year:Q", parts.tip("value", ".1f")],
    )
    return lines.properties(height=HEIGHT)


def intervals(frame: pd.DataFrame, x_title: str) -> alt.LayerChart:
    """Draw estimates with intervals.

    The frame holds ``label, estimate, low, high``; a row without an interval shows the dot alone.
    """
    y = alt.Y("label:N", title=None, sort=list(frame["label"]))
    finite = frame[np.isfinite(frame["low"].astype(float)) & np.isfinite(frame["high"].astype(float))]
    bars = parts.spans(finite, x_title, strokeWidth=2.5, color=SECOND).encode(y=y)
    points = parts.dots(frame[["label", "estimate"]], 110, color=TREATED).encode(
        x=alt.X("estimate:Q", title=x_title), y=y, tooltip=["label:N", parts.tip("estimate", "+.2f")]
    )
    return parts.layered(parts.rule("estimate", "x"), bars, points, height=alt.Step(ROW))


def bars(frame: pd.DataFrame, x_title: str) -> alt.Chart:
    """Horizontal bars of a frame ``label, value`` in its own order."""
    drawn = alt.Chart(frame).mark_bar(color=SECOND).properties(height=alt.Step(ROW))
    return drawn.encode(
        x=alt.X("value:Q", title=x_title),
        y=alt.Y("label:N", title=None, sort=list(frame["label"])),
        tooltip=["label:N", parts.tip("value", ".1f")],
    )


def timeline(frame: pd.DataFrame) -> alt.Chart:
    """Dated events and counts of a frame ``label, year, kind``, one row each, in order of time.

    Long labels are shortened to three lines; the table behind the chart holds them whole. The legend names the kinds
    that are drawn.
    """
    lines = ["|".join(textwrap.wrap(text, 30, max_lines=3, placeholder=" …")) for text in frame["label"]]
    deepest = parts.deepest(lines)
    lines = ["|" * ((deepest - 1 - line.count("|")) // 2) + line for line in lines]
    kinds = {name: look for name, look in KINDS.items() if name in set(frame["kind"])}
    rows = frame.assign(row=lines)[["row", "label", "year", "kind"]]
    drawn = parts.dots(rows, 110).properties(height=alt.Step(10 + 13 * deepest))
    named = parts.wrapped_axis(grid=True, labelOffset=-13 * (deepest - 1) / 2)
    looks = [alt.Scale(domain=list(kinds), range=list(look)) for look in zip(*kinds.values(), strict=True)]
    return drawn.encode(
        x=alt.X(
            "year:Q",
            title=None,
            scale=alt.Scale(domain=[int(frame["year"].min()), int(frame["year"].max())], nice=False),
            axis=alt.Axis(format="d", tickMinStep=1, tickCount=8, grid=False, labelOverlap=True),
        ),
        y=alt.Y("row:N", title=None, sort=parts.unique(lines), axis=named),
        color=alt.Color("kind:N", scale=looks[0]),
        shape=alt.Shape("kind:N", scale=looks[1]),
        tooltip=["label:N", "year:Q", "kind:N"],
    )


def coding_matrix(frame: pd.DataFrame) -> alt.LayerChart:
    """Draw a frame ``row, item, mean`` of codes: deep is high, zero outlined, silence hatched."""
    rows, items = parts.unique(frame["row"]), parts.unique(frame["item"])
    coded = set(zip(frame["row"], frame["item"], strict=True))
    quiet = [(row, item) for item in items for row in rows if (row, item) not in coded]
    silence = pd.DataFrame(quiet, columns=["row", "item"]).assign(mean="silent")
    gaps = alt.Scale(paddingInner=0.08)
    x = alt.X("row:N", title=None, sort=rows, scale=gaps, axis=alt.Axis(labelAngle=-40))
    y = alt.Y("item:N", title=None, sort=items, scale=gaps)
    shade = parts.heat("mean", [0, 3], [1, 2, 3], "mean of two readings")
    boxes = alt.Chart(frame).mark_rect().encode(x=x, y=y, tooltip=["row:N", "item:N", "mean:Q"], **shade)
    nothing = parts.outlined(frame[frame["mean"] == 0]).encode(x=x, y=y)
    silent = parts.hatched(silence).encode(x=x, y=y, tooltip=["row:N", "item:N", "mean:N"])
    return parts.layered(silent, boxes, nothing, height=alt.Step(26))


def world(places: pd.DataFrame) -> alt.LayerChart:
    """Draw places on Natural Earth's land with name, finding and a link to the chapter.

    On a narrow page the names stand alone, and the legend says what was found.

    Parameters
    ----------
    places : DataFrame
        ``name, longitude, latitude, found, comparison, link``; ``found`` is a key of `FOUND`. A column ``side``, which may be
        left out, puts a name to the right, left or below of its point.
    """
    land = alt.Data(
        values=json.loads(OUTLINE.read_text(encoding="utf-8")),
        format=alt.TopoDataFormat(type="topojson", feature="land"),
    )
    drawn = alt.Chart(land).mark_geoshape(fill=DONOR, fillOpacity=0.28, stroke=None, clip=True)
    kinds = [found for found in FOUND if found in set(places["found"])]
    fills, shapes = ([FOUND[found][part] for found in kinds] for part in (0, 1))
    strokes = [DONOR if fill == "transparent" else fill for fill in fills]
    frame = places if "side" in places else places.assign(side="right")
    where: dict[str, Any] = {"longitude": "longitude:Q", "latitude": "latitude:Q"}
    points = alt.Chart(frame).mark_point(size=130, strokeWidth=2, opacity=1).encode(
        **where,
        stroke=alt.Stroke("found:N", scale=alt.Scale(domain=kinds, range=strokes)),
        fill=alt.Fill("found:N", scale=alt.Scale(domain=kinds, range=fills)),
        shape=alt.Shape("found:N", scale=alt.Scale(domain=kinds, range=shapes)),
    )  # fmt: skip
    names = []
    for side, (align, dx, dy) in SIDES.items():
        here = frame[frame["side"] == side]
        if here.empty:
            continue
        for text, line, weight in (("name", 0, "bold"), ("found", 13, "normal")):
            shown = alt.ExprRef(expr=f"width < {NARROW} && '{text}' == 'found' ? 0 : 1")
            look: dict[str, Any] = {
                "align": align,
                "dx": dx,
                "fontSize": 11.5,
                "fontWeight": weight,
                "opacity": shown,
            }
            names.append(alt.Chart(here).mark_text(dy=dy + line, **look).encode(**where, text=f"{text}:N"))
    reached = alt.Chart(frame).mark_circle(size=1200, opacity=0, cursor="pointer").encode(
        **where,
        href=alt.condition(parts.LIVE, "link:N", alt.value("")),
        tooltip=[alt.Tooltip("name:N", title="place"), alt.Tooltip("found:N", title="verdict"), "comparison:N"],
    )  # fmt: skip
    height = alt.param(name="height", expr=f"{SHAPE} * width")
    layers = alt.LayerChart(layer=[drawn, points, *names, reached]).project(
        "equalEarth",
        scale=alt.ExprRef(expr=f"width / {ACROSS}"),
        translate=alt.ExprRef(expr=f"[{MIDDLE} * width, {EQUATOR} * width]"),
    )
    chart: alt.LayerChart = layers.add_params(height).properties(height=SHAPE * STATIC_WIDTH)
    return chart
