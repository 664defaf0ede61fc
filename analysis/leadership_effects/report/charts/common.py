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
from leadership_effects.report.figures import DONOR, GRID, SECOND, TREATED
from leadership_effects.rounding import DECIMALS

HEIGHT = 300
OUTLINE = Path(__file__).with_name("land-110m.json")
OTHERS = "Others, as if treated"
ROW = 34


def years_axis(years: Sequence[int], title: str = "") -> alt.X:
    """Horizontal axis of years, ticks on years that have values."""
    return alt.X(
        "year:Q",
        title=title or None,
        scale=alt.Scale(domain=[min(years), max(years)], nice=False),
        axis=alt.Axis(format="d", values=_ticks(years), grid=False, labelOverlap=True),
    )


def _ticks(years: Sequence[int]) -> list[int]:
    unique = sorted(set(years))
    return unique if len(unique) <= 9 else unique[:: -(-len(unique) // 8)]


def start_rule(years: Sequence[int], n_pre: int) -> alt.LayerChart | alt.Chart:
    """Broken vertical line between the last year before the start and the first after it."""
    middle = (years[n_pre - 1] + years[n_pre]) / 2
    return (
        alt.Chart(pd.DataFrame({"year": [middle]}))
        .mark_rule(strokeDash=[4, 4], color=DONOR)
        .encode(x=alt.X("year:Q"))
    )


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
        color=alt.Color("role:N", scale=alt.Scale(domain=roles, range=[TREATED, SECOND, DONOR])),
        detail="unit:N",
        tooltip=["unit:N", "year:Q", alt.Tooltip("value:Q", format=".1f")],
    )
    donors = base.transform_filter(alt.datum.role == roles[2]).mark_line(strokeWidth=1, opacity=0.3)
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
        color=alt.Color("role:N", scale=alt.Scale(domain=roles, range=[TREATED, DONOR])),
        tooltip=["outcome:N", "unit:N", alt.Tooltip("effect:Q", format="+.1f")],
    )
    donors = base.transform_filter(alt.datum.role == roles[1]).mark_tick(thickness=2, size=22, opacity=0.55)
    own = base.transform_filter(alt.datum.role == roles[0]).mark_point(size=130, filled=True, opacity=1)
    zero = alt.Chart(pd.DataFrame({"effect": [0]})).mark_rule(color=GRID).encode(x="effect:Q")
    return (zero + donors + own).properties(height=alt.Step(ROW))


def gaps_frame(series: dict[str, GapSeries]) -> pd.DataFrame:
    """Rows ``series, year, treated, comparator, gap``."""
    return pd.concat(
        [
            pd.DataFrame(
                {
                    "series": label,
                    "year": s.years,
                    "treated": s.treated,
                    "comparator": s.comparator,
                    "gap": s.gap,
                }
            )
            for label, s in series.items()
        ],
        ignore_index=True,
    )


def _series(names: list[str], channel: Any) -> Any:
    """Encode series by colour or dash; one needs no legend, and equal scales share one."""
    strokes = alt.Legend(symbolType="stroke", symbolStrokeWidth=2.5, symbolSize=320)
    return channel("series:N", scale=alt.Scale(domain=names), legend=None if len(names) == 1 else strokes)


def gaps(series: dict[str, GapSeries], title: str) -> alt.LayerChart:
    """Draw gaps of treated series to their comparators by year, with a rule at the start."""
    frame = gaps_frame(series)
    some = next(iter(series.values()))
    lines = (
        alt.Chart(frame)
        .mark_line(strokeWidth=2.5, point=alt.OverlayMarkDef(size=40, filled=True))
        .encode(
            x=years_axis(sorted(set(frame["year"]))),
            y=alt.Y("gap:Q", title=title),
            color=_series(list(series), alt.Color),
            strokeDash=_series(list(series), alt.StrokeDash),
            tooltip=["series:N", "year:Q", alt.Tooltip("gap:Q", format="+.1f")],
        )
    )
    zero = alt.Chart(pd.DataFrame({"gap": [0]})).mark_rule(color=GRID).encode(y="gap:Q")
    layers = zero + lines
    if some.n_pre:
        layers = layers + start_rule(some.years, some.n_pre)
    return layers.properties(height=HEIGHT)


def lines(frame: pd.DataFrame, y_title: str) -> alt.Chart:
    """Lines of a frame ``series, year, value``."""
    order = list(dict.fromkeys(frame["series"]))
    return (
        alt.Chart(frame)
        .mark_line(strokeWidth=2.5, point=alt.OverlayMarkDef(size=40, filled=True))
        .encode(
            x=years_axis(sorted(set(frame["year"]))),
            y=alt.Y("value:Q", title=y_title, scale=alt.Scale(zero=False)),
            color=_series(order, alt.Color),
            strokeDash=_series(order, alt.StrokeDash),
            tooltip=["series:N", "year:Q", alt.Tooltip("value:Q", format=".1f")],
        )
        .properties(height=HEIGHT)
    )


def intervals(frame: pd.DataFrame, x_title: str) -> alt.LayerChart:
    """Draw estimates with intervals.

    The frame holds ``label, estimate, low, high``; a row without an interval shows the dot alone.
    """
    order = list(frame["label"])
    y = alt.Y("label:N", title=None, sort=order)
    finite = frame[np.isfinite(frame["low"].astype(float)) & np.isfinite(frame["high"].astype(float))]
    bars = (
        alt.Chart(finite)
        .mark_rule(strokeWidth=2.5, color=SECOND)
        .encode(x=alt.X("low:Q", title=x_title), x2="high:Q", y=y)
    )
    points = (
        alt.Chart(frame[["label", "estimate"]])
        .mark_point(size=110, filled=True, color=TREATED, opacity=1)
        .encode(
            x=alt.X("estimate:Q", title=x_title),
            y=y,
            tooltip=["label:N", alt.Tooltip("estimate:Q", format="+.2f")],
        )
    )
    zero = alt.Chart(pd.DataFrame({"estimate": [0]})).mark_rule(color=GRID).encode(x="estimate:Q")
    return (zero + bars + points).properties(height=alt.Step(ROW))


def bars(frame: pd.DataFrame, x_title: str) -> alt.Chart:
    """Horizontal bars of a frame ``label, value`` in its own order."""
    return (
        alt.Chart(frame)
        .mark_bar(color=SECOND)
        .encode(
            x=alt.X("value:Q", title=x_title),
            y=alt.Y("label:N", title=None, sort=list(frame["label"])),
            tooltip=["label:N", alt.Tooltip("value:Q", format=".1f")],
        )
        .properties(height=alt.Step(ROW))
    )


def timeline(frame: pd.DataFrame) -> alt.Chart:
    """Dated events and counts of a frame ``label, year, kind``, one row each, in order of time.

    Long labels are shortened to two lines; the table behind the chart holds them whole.
    """
    short = [textwrap.shorten(label, 58, placeholder=" …") for label in frame["label"]]
    lines = ["|".join(textwrap.wrap(label, 30)) for label in short]
    rows = frame.assign(row=lines)[["row", "label", "year", "kind"]]
    deepest = max(line.count("|") for line in lines) + 1
    return (
        alt.Chart(rows)
        .mark_point(size=110, filled=True, opacity=1)
        .encode(
            x=years_axis(sorted(set(frame["year"]))),
            y=alt.Y(
                "row:N",
                title=None,
                sort=list(dict.fromkeys(lines)),
                axis=alt.Axis(
                    labelExpr="split(datum.label, '|')", labelLineHeight=13, labelFontSize=11, grid=True
                ),
            ),
            color=alt.Color("kind:N", scale=alt.Scale(domain=["event", "count"], range=[TREATED, SECOND])),
            shape=alt.Shape("kind:N", scale=alt.Scale(domain=["event", "count"])),
            tooltip=["label:N", "year:Q", "kind:N"],
        )
        .properties(height=alt.Step(10 + 13 * deepest))
    )


def coding_matrix(frame: pd.DataFrame) -> alt.LayerChart:
    """Draw a frame ``row, item, mean`` of codes: darker is higher, an empty cell is silence."""
    rows, items = list(dict.fromkeys(frame["row"])), list(dict.fromkeys(frame["item"]))
    base = alt.Chart(frame).encode(
        x=alt.X("row:N", title=None, sort=rows, axis=alt.Axis(labelAngle=-40)),
        y=alt.Y("item:N", title=None, sort=items),
        tooltip=["row:N", "item:N", "mean:Q"],
    )
    boxes = base.mark_rect(stroke=GRID).encode(
        color=alt.Color(
            "mean:Q",
            scale=alt.Scale(domain=[0, 3], range=["#d9e8ea", "#1c6675"]),
            legend=alt.Legend(title="mean of two coders", orient="top"),
        )
    )
    return boxes.properties(height=alt.Step(26))


def world(places: pd.DataFrame) -> alt.LayerChart:
    """Draw a frame ``title, longitude, latitude, verdict`` on Natural Earth's land."""
    outline = json.loads(OUTLINE.read_text(encoding="utf-8"))
    land = (
        alt.Chart(alt.Data(values=outline, format=alt.TopoDataFormat(type="topojson", feature="land")))
        .mark_geoshape(fill=DONOR, fillOpacity=0.28, stroke=None)
        .project("equalEarth")
    )
    points = (
        alt.Chart(places)
        .mark_point(size=130, filled=True, opacity=1)
        .encode(
            longitude="longitude:Q",
            latitude="latitude:Q",
            color=alt.Color("verdict:N", scale=alt.Scale(domain=["tested", "estimated", "described"])),
            shape=alt.Shape("verdict:N", scale=alt.Scale(domain=["tested", "estimated", "described"])),
            tooltip=["title:N", "verdict:N"],
        )
    )
    return (land + points).properties(height=340)
