"""Figures that every case shows alike, captioned and described from the objects drawn."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import numpy as np
import pandas as pd

from leadership_effects.data.rounding import DECIMALS
from leadership_effects.effects.diagnostics import paths_from_base
from leadership_effects.effects.specification import Curve
from leadership_effects.report.charts import case as charts
from leadership_effects.report.charts import common as charts_all
from leadership_effects.report.figures import Figure, publish
from leadership_effects.report.numbers import format_number
from leadership_effects.report.study import Study


def timeline(study: Study, place: str) -> Figure:
    """Publish ``timeline``: dated events and counts; `place` names the case in the caption."""
    frame = study.timeline()
    return publish(
        study.registry,
        "timeline",
        charts_all.timeline(frame),
        title="Timeline of leadership and events",
        caption=f"What is dated in the public record of {place}: events and counts with a stated year.",
        description=" ".join(
            [
                f"Dot chart with one row for each of {len(frame)} dated events and counts, placed by year from "
                f"{frame['year'].min()} to {frame['year'].max()}.",
                *(_dated(frame[frame["kind"] == kind], kind) for kind in ("event", "count")),
                *_fullest(frame["year"].value_counts()),
                *_longest_gap(sorted(set(frame["year"]))),
            ]
        ),
        data=frame,
    )


def _dated(rows: pd.DataFrame, kind: str) -> str:
    """One sentence on the events or counts of a timeline: how many, and the first and the last."""
    if rows.empty:
        return f"No {kind} has a stated year."
    first, last = (f"in {row.year} ({row.label.rstrip('.')})" for row in rows.iloc[[0, -1]].itertuples())
    return (
        f"One {kind}, {first}."
        if len(rows) == 1
        else f"{len(rows)} {kind}s: the first {first}, the last {last}."
    )


def _fullest(counts: pd.Series) -> Iterator[str]:
    """The years with most rows, if a year has more than one."""
    most = counts.max()
    if most > 1:
        years = sorted(map(str, counts.index[counts == most]))
        yield f"Most rows in one year: {most}, in {' and '.join(years)}."


def _longest_gap(years: list[int]) -> Iterator[str]:
    """The longest run of years without a row, if it is three years or more."""
    length, before, after = max(((b - a - 1, a, b) for a, b in pairwise(years)), default=(0, 0, 0))
    if length >= 3:
        yield f"Nothing is dated between {before} and {after}."


def event_study(study: Study, name: str, label: str) -> Figure:
    """Publish ``event_<name>``: gap paths of every place with bands; `label` names the outcome in the caption."""
    panel, found = study.panel(name), study.event_study(name)
    unit, own = panel.scale.difference_unit, panel.units[0]
    frame = charts.event_frame(found, paths_from_base(panel), panel.units)
    after = slice(panel.n_pre, None)
    outside = int((np.abs(found.gaps[after]) > found.pointwise[after]).sum())
    percent = round(100 * (1 - found.level))
    bands = np.isfinite(found.pointwise).all()
    lines = (
        f" The solid pair of lines is the {percent} per cent range of single years, the broken pair that of whole paths."
        if bands
        else " There are too few comparison units for a range."
    )
    told = (
        f" {own}'s gap lies outside the range of single years in {outside} of {len(found.gaps[after])} later years."
        if bands
        else ""
    )
    return publish(
        study.registry,
        f"event_{name}",
        charts.event_study(found, frame, unit, panel.n_pre),
        title=f"{label}: gap by year beside the other places",
        caption=(
            f"{label}: each place's gap to the others, counted from {found.base_year}, {own} bold and every comparison "
            f"unit as if treated.{lines}"
        ),
        description=(
            f"Line chart of {len(panel.units)} paths from {panel.years[0]} to {panel.years[-1]}, all zero in "
            f"{found.base_year}. {own}'s path ends at {format_number(found.gaps[-1], 1, True)} {unit}; the others' end "
            f"between {format_number(frame.loc[(frame['year'] == panel.years[-1]) & (frame['unit'] != own), 'gap'].min(), 1, True)} "
            f"and {format_number(frame.loc[(frame['year'] == panel.years[-1]) & (frame['unit'] != own), 'gap'].max(), 1, True)}."
            f"{told}"
        ),
        data=frame.drop(columns="role").round(3),
    )  # fmt: skip


def ranks(study: Study, name: str, label: str) -> Figure:
    """Publish ``ranks_<name>``: every place's difference in order of size."""
    panel, placebos = study.panel(name), study.placebos(name)
    own, unit = panel.units[0], panel.scale.difference_unit
    frame = charts.ranks_frame(placebos, own)
    return publish(
        study.registry,
        f"ranks_{name}",
        charts.ranks(frame, own, f"difference, {unit}"),
        title=f"{label}: all places in order",
        caption=f"{label}: the difference of {own} and that of each comparison unit put in its place, in order of size.",
        description=(
            f"Lollipop chart of {len(frame)} places in order. {own} ranks {placebos.rank} with "
            f"{format_number(placebos.treated, 1, True)} {unit}; the largest is {frame['unit'].iloc[0]} with "
            f"{format_number(frame['effect'].iloc[0], 1, True)}, the smallest {frame['unit'].iloc[-1]} with "
            f"{format_number(frame['effect'].iloc[-1], 1, True)}."
        ),
        data=frame.drop(columns="role").round(3),
    )


def curve(
    study: Study, found: Curve, key: str = "curve", title: str = "Every way of making the comparison"
) -> Figure:
    """Publish ``<key>``: the specification curve with its filters."""
    frame = found.frame()
    own, count = found.places[0], len(frame)
    above = int((frame["effect"] > 0).sum())
    over = int((frame["effect"] > frame["high"]).sum() + (frame["effect"] < frame["low"]).sum())
    behind = (
        ", each before the grey range that holds the middle nine tenths of the comparison places"
        if found.has_placebos
        else ""
    )
    outside = (
        f" {over} lie outside the middle nine tenths of the comparison places, the grey range behind each."
        if found.has_placebos
        else ""
    )
    return publish(
        study.registry,
        key,
        charts.curve(found),
        title=title,
        caption=(
            f"Specification curve: {count} ways of making the comparison for {own}, in order of size{behind}. The planned "
            "one is the diamond. In the live page the boxes under the chart choose which are drawn."
        ),
        description=(
            f"Dot chart of {count} estimates in order, from {format_number(frame['effect'].min(), 2, True)} to "
            f"{format_number(frame['effect'].max(), 2, True)} {found.metric}; {above} are above zero and the planned one is "
            f"{format_number(frame.loc[frame['planned'], 'effect'].iloc[0], 2, True)}.{outside}"
        ),
        data=frame.drop(columns="planned").dropna(axis="columns", how="all").round(3),
    )


def options(study: Study, found: Curve, key: str = "options") -> Figure:
    """Publish ``<key>``: how the answer turns on each choice."""
    frame = charts.options_frame(found)
    widest = _widest(frame)
    return publish(
        study.registry,
        key,
        charts.options(frame, found.metric),
        title="How the answer turns on each choice",
        caption=(
            "How the answer turns on each choice: the range of the estimates under each option, whatever else is chosen, "
            "and their median."
        ),
        description=(
            f"Range chart with {len(frame)} rows, one for each option of {len(found.varying)} choices. Medians run from "
            f"{format_number(frame['median'].min(), 2, True)} ({frame.loc[frame['median'].idxmin(), 'choice']}) to "
            f"{format_number(frame['median'].max(), 2, True)} ({frame.loc[frame['median'].idxmax(), 'choice']}). The choice "
            f"of {widest} moves the median most."
        ),
        data=frame.round(3),
    )


def _widest(frame: pd.DataFrame) -> str:
    """Dimension whose options' medians lie furthest apart."""
    dimension = frame["choice"].str.split(": ").str[0]
    return str(frame.groupby(dimension)["median"].agg(lambda m: m.max() - m.min()).round(DECIMALS).idxmax())


def places(study: Study, found: Curve, key: str = "curve_places") -> Figure:
    """Publish ``<key>``: the median of the treated place's curve among those of the comparison places."""
    frame = charts.medians_frame(found)
    own = found.places[0]
    row = frame[frame["unit"] == own].iloc[0]
    return publish(
        study.registry,
        key,
        charts.ranks(frame, own, f"median of the curve, {found.metric}"),
        title="All places under the same choices",
        caption=(
            f"The same grid run for every comparison place: the median of each place's curve, in order of size, {own} marked."
        ),
        description=(
            f"Lollipop chart of {len(frame)} places. The median of {own} is {format_number(row['effect'], 2, True)} {found.metric}, "
            f"rank {row['rank']}; the others run from {format_number(frame.loc[frame['unit'] != own, 'effect'].min(), 2, True)} "
            f"to {format_number(frame.loc[frame['unit'] != own, 'effect'].max(), 2, True)}."
        ),
        data=frame.drop(columns="role").round(3),
    )  # fmt: skip
