"""Check that starts, windows and grids of the plan and the cases agree."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from leadership_effects.data.checks.lines import Lines, fields
from leadership_effects.data.checks.problem import Problem

# What a plan says of years before that lie after the start.
LATER_BASE, COUNTED_BEFORE = "after the start", r"\b{year}\b[^.]*\bcounted as before\b"
GRIDS = ("grid", "grid_counties")
# Options of a grid by dimension, and what they are where the plan leaves them out.
OPTIONS = {
    "outcome": ("outcomes", ()), "start": ("starts", ()), "before": ("before", ("all",)), "window": ("windows", ()),
    "comparison": ("comparisons", ()), "weights": ("weights", ("equal",)), "estimator": ("estimators", ()), "scale": ("scales", ("points",)),
}  # fmt: skip


def starts(lines: Lines) -> Iterator[Problem]:
    """Yield starts after the first treated year, or another though both are stated."""
    for line in lines.of("cases"):
        begun, treated = line.year("start_year"), line.year("first_treated_year")
        if begun is None or treated is None:
            continue
        if begun > treated:
            yield line.problem(
                "start_year", f"{begun} is after the first treated year; allowed: {treated} or before"
            )
        elif begun != treated and line["start_basis"] == line["first_treated_basis"] == "stated":
            message = f"stated, and so is the start of {begun}; allowed: inferred for {treated}, the first results after the start"
            yield line.problem("first_treated_basis", message)


def windows(lines: Lines) -> Iterator[Problem]:
    """Yield years before and after of panels and gaps that lie on the other side of the start."""
    for case_id, entry in lines.cases.items():
        start = entry.get("first_treated_year")
        if not isinstance(start, int):
            continue
        for kind in ("panels", "gaps"):
            for name, panel in fields(entry.get(kind)).items():
                where = f"{case_id}.{kind}.{name}"
                late = [
                    year
                    for year in years_of(panel, "pre")
                    if year >= start and not _said(entry, name, panel, year)
                ]
                if late:
                    allowed = f"years before {start}, or what is meant said in words: `donors` of a panel that is not primary with "
                    allowed += f"'{LATER_BASE}', or first_treated_reason with '{start} is counted as before'"
                    message = f"{_listed(late)} not before the start in {start}; allowed: {allowed}"
                    yield lines.planned(f"{where}.pre", message)
                early = [year for year in years_of(panel, "post") if year < start]
                if early:
                    message = f"{_listed(early)} before the start in {start}; allowed: {start} or later"
                    yield lines.planned(f"{where}.post", message)


def _listed(years: list[int]) -> str:
    return f"{', '.join(map(str, years))} {'lies' if len(years) == 1 else 'lie'}"


def _said(entry: Mapping[str, Any], name: str, panel: Any, year: int) -> bool:
    """Return whether the plan says that a year after the start is meant to count as before."""
    later = LATER_BASE in str(panel.get("donors", "")) and name not in (entry.get("primary") or ())
    reason = " ".join(str(entry.get("first_treated_reason", "")).split())
    return later or re.search(COUNTED_BEFORE.format(year=year), reason) is not None


def years_of(panel: Any, side: str) -> list[int]:
    """Return the whole years of a field of the plan; none where something else is written."""
    years = panel.get(side) if isinstance(panel, Mapping) else None
    return [year for year in years if type(year) is int] if isinstance(years, list) else []


def grids(lines: Lines) -> Iterator[Problem]:
    """Yield starts and windows of grids that leave nothing, and planned options it lacks."""
    for case_id, entry in lines.cases.items():
        for name in GRIDS:
            grid = fields(entry.get(name))
            if isinstance(grid.get("outcomes"), Mapping) and isinstance(grid.get("years"), list):
                where = f"{case_id}.{name}"
                yield from _empty(lines, where, grid)
                yield from _planned(lines, where, grid)


def _empty(lines: Lines, where: str, grid: Mapping[str, Any]) -> Iterator[Problem]:
    years, begun = years_of(grid, "years"), years_of(grid, "starts")
    spans = {label: years_of(fields(grid.get("windows")), label) for label in fields(grid.get("windows"))}
    for label, span in spans.items():
        unknown = sorted(set(span) - set(years))
        if unknown:
            message = f"{', '.join(map(str, unknown))} not in the years of the grid; allowed: some of {years}"
            yield lines.planned(f"{where}.windows.{label}", message)
        elif begun and not any(year >= min(begun) for year in span):
            message = f"{span} leaves no year after any start; allowed: years from {min(begun)} on"
            yield lines.planned(f"{where}.windows.{label}", message)
    for start in begun:
        if years and min(years) >= start:
            message = f"{start} leaves no year before; allowed: a start after {min(years)}, the first year of the grid"
            yield lines.planned(f"{where}.starts", message)
        if spans and not any(year >= start for span in spans.values() for year in span):
            last = max((year for span in spans.values() for year in span), default=None)
            message = f"{start} leaves no year after in any window; allowed: a start up to {last}"
            yield lines.planned(f"{where}.starts", message)
    for label in set(fields(grid.get("first_years"))) - set(fields(grid.get("outcomes"))):
        allowed = ", ".join(fields(grid["outcomes"]))
        yield lines.planned(
            f"{where}.first_years", f"{label!r} is no outcome of the grid; allowed: {allowed}"
        )


def _planned(lines: Lines, where: str, grid: Mapping[str, Any]) -> Iterator[Problem]:
    options = {
        dimension: [str(one) for one in grid.get(name) or default]
        for dimension, (name, default) in OPTIONS.items()
    }
    planned = fields(grid.get("planned"))
    for dimension, value in planned.items():
        if dimension in options and str(value) not in options[dimension]:
            message = f"{value} is no {dimension} of the grid; allowed: {', '.join(options[dimension])}"
            yield lines.planned(f"{where}.planned.{dimension}", message)


def not_varied(lines: Lines) -> Iterator[Problem]:
    """Yield dimensions that are said not to vary though the grid gives several options."""
    for case_id, entry in lines.cases.items():
        for name in GRIDS:
            grid = fields(entry.get(name))
            for dimension in fields(grid.get("not_varied")):
                options = grid.get(OPTIONS[dimension][0]) if dimension in OPTIONS else None
                if options and len(options) > 1:
                    message = f"is said not to vary, and there are {len(options)} options; allowed: one option, or the line taken out"
                    yield lines.planned(f"{case_id}.{name}.not_varied.{dimension}", message)
