"""Publish the figures shared by all cases, with captions and descriptions."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import pairwise

import numpy as np
import pandas as pd

from leadership_effects.counting import agreeing, count, in_figures, year_span
from leadership_effects.data.panels import Panel
from leadership_effects.data.provenance import Rows
from leadership_effects.effects.diagnostics import paths_from_base
from leadership_effects.effects.inference import Placebos
from leadership_effects.effects.specification import Curve
from leadership_effects.evidence.leaders import case_names
from leadership_effects.report.charts import case as charts
from leadership_effects.report.charts import common as charts_all
from leadership_effects.report.charts.maps import tiles
from leadership_effects.report.descriptions import LONGEST_TITLE, list_in_words, ordinal
from leadership_effects.report.figures import Figure
from leadership_effects.report.numbers import PER_CENT, Unit, format_number
from leadership_effects.report.study import Study
from leadership_effects.rounding import is_above

# What is measured, and where, under the charts of a specification curve.
MEASURED = {
    "huari": "reading and mathematics in grade 4, provinces of Ancash",
    "london": "tests at 14 in three subjects, districts of England",
    "london.gap_curve": "tests at 14 in three subjects, London less England",
    "delhi": "pass rates of class XII, Delhi",
    "washington_dc": "four national tests, states of the United States",
    "new_orleans": "tests at Basic or above, New Orleans less Louisiana",
    "rio_grande_valley": "diplomas, college entry and degrees of cohorts, regions of Texas",
    "rio_grande_valley.curve_counties": "diplomas, college entry and degrees of cohorts, counties of Texas",
    "chile": "PISA in three subjects, countries",
    "latvia": "PISA in three subjects, countries",
}
CHOICES = {
    "window": "years counted as after",
    "before": "years before",
    "comparison": "comparison places",
    "outcome": "outcome",
    "base": "base year",
    "end": "end year",
    "first": "first year",
    "last": "last year",
    "start": "start year",
}  # names of dimensions in a sentence, where they are not words themselves


def timeline(study: Study, place: str, *, start: bool = False) -> Figure:
    """Publish ``timeline``: dated events and counts of `place`, and the start if asked."""
    began = study.started if start else None
    frame = study.timeline()
    events = frame["kind"] == "event"  # counts have bars and no numbers
    frame.insert(0, "number", events.cumsum().astype(str).where(events, ""))
    panels = [study.plan.panels[name] for name in study.plan.primary]
    measured = sorted({year for panel in panels for year in (*panel.pre, *panel.post)})
    shown = "events, and counts about the place," if "count" in set(frame["kind"]) else "events"
    return study.show(
        "timeline",
        charts_all.timeline(frame, measured, began),
        title=_dated_title(frame),
        subtitle=f"Events and counts with a stated year in the documents read on {place}",
        caption=(
            f"What is dated in the sources read on {place}: {shown} with a stated year. The numbers are "
            "those of the table under the chart, which gives each in full."
            + (" A broken bar is a count that is doubted or a second figure." if frame["doubt"].any() else "")
            + (f" The broken line is the start: {began[1]}." if began else "")
        ),
        says=" ".join(
            [
                "Each number is a dated event, placed by year, with its words in the table.",
                *(_dated(frame[frame["kind"] == kind], kind) for kind in dict.fromkeys(frame["kind"])),
                *_fullest(frame["year"].value_counts()),
                *_longest_gap(sorted(set(frame["year"]))),
            ]
        ),
        data=frame,
    )


def locating_map(
    study: Study,
    layout: str,
    treated: str,
    donors: Collection[str] | None,
    *,
    title: str = "",
    compared: str = "",
    neither: str = "not compared",
) -> Figure:
    """Publish ``map``: where the treated unit lies and which units are its donor pool.

    Parameters
    ----------
    study : Study
    layout : str
        Key of the map in ``tile_maps.json``, what a square stands for first, as in ``provinces of Ancash``.
    treated : str
    donors : collection of str or None
        Units of the donor pool; None for all others of the map.
    title : str, optional
        In place of a count of the units compared with.
    compared, neither : str, optional
        Words beside the tiles of the donor pool, and of units outside it.
    """
    frame = tiles.tiles_frame(layout, treated, donors)
    many = layout.split(" of ")[0].split(" in ")[0]
    name, others = case_names(study.release)[study.case_id], len(frame) - 1
    pool, out = (frame.loc[frame["role"] == role, "unit"] for role in ("donor", "neither"))
    part = f"all {others}" if out.empty else f"{len(pool)} of {others}"
    words = {"treated": name, "donor": compared or f"{len(pool)} compared"}
    rest = (
        f", outlined are the {len(out)} outside it"
        if len(out) > 1
        else f", outlined is {out.item()}"
        if len(out)
        else ""
    )
    return study.show(
        "map",
        tiles.tile_map(layout, frame, words | ({"neither": neither} if len(out) else {})),
        title=title or _capital(f"{_place(study)} is compared with {part} other {many}"),
        subtitle=f"The {layout}, one square each, laid out by position",
        caption=f"Red is {name}, grey is what it is compared with{rest}.",
        says=f"Beside {treated}, {part} other squares are grey. Their names are in the table.",
        data=frame,
    )


def _place(study: Study) -> str:
    """Return the name of the place, with an article where a sentence needs one."""
    name = case_names(study.release)[study.case_id]
    return f"the {name}" if name.endswith("Valley") else name


def _capital(title: str) -> str:
    return title[:1].upper() + title[1:]


def _measured(study: Study, key: str, rows: Rows) -> str:
    """Return what a curve is about: outcomes, places and years, for a subtitle."""
    words = MEASURED.get(f"{study.case_id}.{key}") or MEASURED.get(
        study.case_id, f"results of {_place(study)}"
    )
    years = sorted(int(row[2]) for table, row in rows.members if table == "outcomes")
    return f"{words}, {year_span(years[0], years[-1])}" if years else words


def _dated_title(frame: pd.DataFrame) -> str:
    """Say how many events and counts are dated, and over which years."""
    kinds = frame["kind"].value_counts()
    parts = [count(int(kinds[kind]), f"dated {kind}") for kind in ("event", "count") if kind in kinds]
    return _capital(f"{' and '.join(parts)}, {year_span(frame['year'].min(), frame['year'].max())}")


def _dated(rows: pd.DataFrame, kind: str) -> str:
    """One sentence on the events or counts of a timeline: how many, and the first and the last."""
    if rows.empty:
        return f"No {kind} has a stated year."
    first, last = (f"in {row.year} ({row.label.rstrip('.')})" for row in rows.iloc[[0, -1]].itertuples())
    return (
        f"One {kind}, {first}."
        if len(rows) == 1
        else f"{in_figures(len(rows), kind)}: the first {first}, the last {last}."
    )


def _fullest(counts: pd.Series) -> Iterator[str]:
    """Return the years with most rows, if a year has more than one."""
    most = counts.max()
    if most > 1:
        years = sorted(map(str, counts.index[counts == most]))
        yield f"Most rows in one year: {most}, in {' and '.join(years)}."


def _longest_gap(years: list[int]) -> Iterator[str]:
    """Return the longest run of years without a row, if it is three years or more."""
    length, before, after = max(((b - a - 1, a, b) for a, b in pairwise(years)), default=(0, 0, 0))
    if length >= 3:
        yield f"Nothing is dated between {before} and {after}."


def event_study(study: Study, name: str, label: str, *, by_size: bool = False) -> Figure:
    """Publish ``event_<name>``: gap paths of all places with bands, by size if asked."""
    panel, found = study.panel(name), study.event_study(name, by_size=by_size)
    unit, own = Unit(panel.scale.difference_unit, signed=True), panel.units[0]
    frame = charts.event_frame(found, paths_from_base(panel), panel.units)
    others = frame.loc[(frame["year"] == panel.years[-1]) & (frame["unit"] != own), "gap"]
    after = slice(panel.n_pre, None)
    outside = int((np.abs(found.gaps[after]) > found.pointwise[after]).sum())
    lines, beyond = " There are too few comparison units for a range.", ""
    place = _place(study)
    title = (
        f"{place} by year and {panel.n_donors} other {agreeing(panel.n_donors, 'place')}, too few for a range"
    )
    if np.isfinite(found.pointwise).all():
        lines = (
            f" The solid pair of lines is the {round(100 * (1 - found.level))} per cent range of single years, the broken "
            "pair that of whole paths."
        )
        ratio = study.of_panel(name).noise_by_size if by_size else 1.0
        if is_above(abs(ratio - 1)):
            lines += f" Both are {ratio:.2f} times as wide as the other places' own, as {own}'s size leads one to expect."
        later = len(found.gaps[after])
        beyond = f" {own}'s gap lies outside the range of single years in {outside} of {later} later {agreeing(later, 'year')}."
        moves = "leaves" if outside else "stays within"
        part = f"{outside} of {later} later years" if 0 < outside < later else "every later year"
        title = f"{place} {moves} the other places' range in {part}"
    return study.show(
        f"event_{name}",
        charts.event_study(found, frame, unit.text, panel.n_pre, study.start),
        title=title,
        subtitle=f"{label}: gap to the others since {found.base_year}, {unit.text}, {panel.years[0]} to {panel.years[-1]}",
        caption=(
            f"{label}: each place's gap to the others, counted from {found.base_year}, {own} bold and every comparison "
            f"unit as if treated.{lines}"
        ),
        says=(
            f"Each series is the path of a place, all zero in {found.base_year}. {own}'s path ends at "
            f"{unit.format(found.gaps[-1])} {unit.text}; the others' end between {unit.format(others.min())} and "
            f"{unit.format(others.max())}.{beyond}"
        ),
        data=frame.drop(columns="role").round(3),
    )


def placebos(study: Study, names: Sequence[str]) -> Figure:
    """Publish ``placebos``: differences of several panels among those of other places, by unit."""
    panels = {study.label(name): study.panel(name) for name in names}
    sets = {study.label(name): study.placebos(name) for name in names}
    units = {label: panel.scale.difference_unit for label, panel in panels.items()}
    first = next(iter(panels.values()))
    own, begun = first.units[0], {panel.years[panel.n_pre] for panel in panels.values()}
    after = f"from {begun.pop()} on" if len(begun) == 1 else "from before to after the start"
    apart = (
        " Outcomes in another unit stand over an axis of their own." if len(set(units.values())) > 1 else ""
    )
    standing = ", ".join(
        f"{Unit(units[label], 1, signed=True).format(held.treated)} {units[label]} in {label}"
        for label, held in sets.items()
    )
    return study.show(
        "placebos",
        charts_all.placebos(sets, own, units),
        title=among(own, "comparison places", sets),
        subtitle=f"Difference {after} beyond that of the others, {list_in_words(list(dict.fromkeys(units.values())))}, each place in turn",
        caption=(
            f"Difference of {own} and of each comparison place, treated in turn as if it had been the place with the programme.{apart}"
        ),
        says=f"Grey ticks show the estimates of comparison places. {own} stands at {standing}.",
        data=charts_all.placebos_frame(sets, own).assign(measured=lambda f: f["outcome"].map(units)).round(3),
    )


def ranks(study: Study, name: str, label: str) -> Figure:
    """Publish ``ranks_<name>``: every place's difference in order of size."""
    panel, placebos = study.panel(name), study.placebos(name)
    own, unit = panel.units[0], Unit(panel.scale.difference_unit, signed=True)
    frame = charts.ranks_frame(placebos, own)
    largest, smallest = (frame.iloc[end] for end in (0, -1))
    return study.show(
        f"ranks_{name}",
        charts.ranks(frame, own, f"difference, {unit.text}"),
        title=_capital(
            f"{_place(study)} comes {ordinal(placebos.rank)} of {in_figures(len(frame), 'place')} by its change"
        ),
        subtitle=(
            f"{label}: change beyond that of the others, {unit.text}, {panel.years[0]} to {panel.years[-1]}, each place in turn"
        ),
        caption=f"{label}: the difference of {own} and that of each comparison unit put in its place, in order of size.",
        says=(
            f"{own} ranks {placebos.rank} with {unit.format(placebos.treated)} {unit.text}; the largest is "
            f"{largest['unit']} with {unit.format(largest['difference'])}, the smallest {smallest['unit']} with "
            f"{unit.format(smallest['difference'])}."
        ),
        data=frame.drop(columns="role").round(3),
    )


def curve(study: Study, found: Curve, key: str = "curve", marked: str = "planned") -> Figure:
    """Publish ``<key>``: the specification curve; `marked` names the one of the plan."""
    frame, effect = charts.curve_frame(found), Unit(found.metric, 2, signed=True)
    above = int(found.above.sum())
    over = int((frame["difference"] > frame["high"]).sum() + (frame["difference"] < frame["low"]).sum())
    behind, outside = "", ""
    part = "All" if above == len(frame) else f"{PER_CENT.to(0).format(100 * found.positive)}% of"
    ways = in_figures(len(frame), "way")
    title = f"{part} {ways} of comparing put {_place(study)} above zero"
    if found.has_placebos:
        behind = ", each before the grey range that holds the middle nine tenths of the comparison places"
        outside = f" {over} {agreeing(over, 'lies', 'lie')} outside the middle nine tenths of the comparison places, the grey range behind each."
        title = f"{title}; {over or 'none'} outside the usual range"
    else:
        title = f"{title}; their median is {effect.format(frame['difference'].median())}"
    return study.show(
        key,
        charts.curve(found, marked),
        title=title,
        subtitle=f"Each dot is one way of comparing: {_measured(study, key, found.rows)}; difference in {effect.text}",
        caption=(
            f"Specification curve: {ways} of making the comparison for {found.places[0]}, in order of size"
            f"{behind}. The {marked} one is the diamond. The bars below the curve show the choices that make each point. On a "
            "screen the boxes under the chart choose which are drawn."
        ),
        says=(
            f"Each point is one way of making the comparison, in order of size, in {effect.text}; {above} {agreeing(above, 'is', 'are')} above zero "
            f"and the {marked} one is {effect.format(frame.loc[frame['planned'], 'difference'].iloc[0])}.{outside}"
        ),
        data=frame.drop(columns="planned").dropna(axis="columns", how="all").round(3),
    )


def options(study: Study, found: Curve, key: str = "options") -> Figure:
    """Publish ``<key>``: how the answer turns on each choice."""
    frame, effect = charts.options_frame(found), Unit(found.metric, 2, signed=True)
    low, high = frame.loc[frame["median"].idxmin()], frame.loc[frame["median"].idxmax()]
    medians = found.median_by(found.widest)
    return study.show(
        key,
        charts.options(frame, found.metric),
        title=(
            f"The answer turns most on the {CHOICES.get(found.widest, found.widest)}: medians from "
            f"{effect.format(medians.min())} to {effect.format(medians.max())}"
        ),
        subtitle=f"Range and median under each option: {_measured(study, key, found.rows)}; {effect.text}",
        caption=(
            "How the answer turns on each choice: the range of the estimates under each option, whatever else is chosen, "
            "and their median."
        ),
        says=(
            f"Each row is an option of one of {in_figures(len(found.varying), 'choice')}. Medians run from "
            f"{effect.format(low['median'])} ({low['choice']}) to {effect.format(high['median'])} ({high['choice']})."
        ),
        data=frame.round(3),
    )


def places(study: Study, found: Curve, key: str = "curve_places") -> Figure:
    """Publish ``<key>``: the treated place's median difference among comparison places."""
    frame, effect = charts.medians_frame(found), Unit(found.metric, 2, signed=True)
    own = found.places[0]
    row, others = frame[frame["unit"] == own].iloc[0], frame.loc[frame["unit"] != own, "difference"]
    return study.show(
        key,
        charts.ranks(frame, own, f"median of the curve, {found.metric}"),
        title=_capital(
            f"{_place(study)} comes {ordinal(int(row['rank']))} of {in_figures(len(frame), 'place')} under the same choices"
        ),
        subtitle=f"Median of each place's ways of comparing: {_measured(study, key, found.rows)}; {effect.text}",
        caption=(
            f"The same grid run for every comparison place: the median of each place's curve, in order of size, {own} marked."
        ),
        says=(
            f"The median of {own} is {effect.format(row['difference'])} {effect.text}, rank {row['rank']}; the others run from "
            f"{effect.format(others.min())} to {effect.format(others.max())}."
        ),
        data=frame.drop(columns="role").round(3),
    )


def against_mean(panel: Panel, place: str) -> str:
    """Return where a place stood against the mean of the others in the first and the last year."""
    first, last = (float(gap) for gap in (panel.y[0] - panel.donor_mean)[[0, -1]])
    return f"{place} moves from {_side(first)} the others' mean to {_side(last)} it"


def _side(gap: float) -> str:
    points = format_number(abs(gap), 0)
    side = f"{'point' if points == '1' else 'points'} {'below' if gap < 0 else 'above'}"
    return "level with" if points == "0" else f"{points} {side}"


def among(place: str, others: str, sets: Mapping[str, Placebos]) -> str:
    """Return whether a place lies among the others, each put in its place, or beyond them."""
    beyond = [
        name for name, held in sets.items() if not held.effects.min() < held.treated < held.effects.max()
    ]
    where = f"{place} lies beyond all {others}" if beyond else f"{place} lies among the {others}"
    names = beyond or list(sets)
    said = f"{where} in {_few(names)}"
    # Names of indicators can be longer than a title may be.
    return said if len(said) <= LONGEST_TITLE else f"{where} in {len(names)} outcomes" if names[1:] else where


def _few(names: Sequence[str]) -> str:
    """Join up to three names, count more."""
    return (
        list_in_words([name.replace("_", " ") for name in names])
        if len(names) < 4
        else f"{len(names)} outcomes"
    )
