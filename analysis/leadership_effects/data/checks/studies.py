"""Check effects and counts for what no study and no census can report."""

from __future__ import annotations

import re
from collections.abc import Iterator

from leadership_effects.data.checks.lines import Line, Lines
from leadership_effects.data.checks.problem import Problem

LARGEST_SD = 3.0  # more standard deviations than a programme has moved the mean of pupils
SD = re.compile(r"(pupil )?SD\b")
# Table, its columns of effects, standard error, interval and the unit that says whether effects are in SD.
EFFECTS = (
    ("evaluations", ("estimate", "estimate_low", "estimate_high"), "standard_error", ("interval_low", "interval_high"), "unit"),
    ("leadership_effects", ("effect_sd",), "se", ("ci_low", "ci_high"), ""),
)  # fmt: skip
# An interval of 80 to 99.9 per cent reaches this many standard errors to each side; with few clusters, somewhat more.
REACH = (1.0, 5.0)
SURELY_OFF, SURELY_NOT = (
    2.58,
    1.28,
)  # ratios to the standard error that no usual level takes for zero, or for more
COUNTS = (
    ("leadership", ("value", "value_low", "value_high"), "unit"), ("evaluations", ("n",), ""), ("leadership_effects", ("n_pupils", "n_schools", "n_leaders"), ""),
    ("dose", ("value",), "measure"),
)  # fmt: skip
SHARES = re.compile(r"%|per ?cent|\b(per|share|average|mean|rate|ratio|index|score|points?|hours|years|SD)\b")


def effects(lines: Lines) -> Iterator[Problem]:
    """Yield effects of a size that no study has, and standard errors that contradict them."""
    for table, columns, error, ends, unit in EFFECTS:
        for line in lines.of(table):
            yield from _size(line, columns, ends, unit)
            yield from _error(line, columns[0], error, ends)
    for line in lines.of("evaluations"):
        yield from _finding(line)


def _size(line: Line, columns: tuple[str, ...], ends: tuple[str, str], unit: str) -> Iterator[Problem]:
    for column in (*columns, *ends) if not unit or SD.match(line[unit]) else ():
        figure = line.number_in(column)
        if figure is not None and abs(figure) > LARGEST_SD:
            message = f"{line[column]} standard deviations of pupils; allowed: {-LARGEST_SD:g} to {LARGEST_SD:g}, or the unit that the study has"
            yield line.problem(column, message)


def _error(line: Line, column: str, error: str, ends: tuple[str, str]) -> Iterator[Problem]:
    spread = line.number_in(error)
    if spread is None:
        return
    if spread <= 0:
        yield line.problem(error, f"{line[error]} is no standard error; allowed: more than 0, or blank")
        return
    low, high = (line.number_in(end) for end in ends)
    if low is not None and high is not None and high > low:
        reach = (high - low) / 2 / spread
        if not REACH[0] <= reach <= REACH[1]:
            message = f"{line[error]}, and the interval of {line[ends[0]]} to {line[ends[1]]} reaches {reach:.2g} standard errors to each side"
            yield line.problem(
                error, f"{message}; allowed: {REACH[0]:g} to {REACH[1]:g}, both as the study has them"
            )


def _finding(line: Line) -> Iterator[Problem]:
    """Yield a finding of no difference beside an interval without zero, and the reverse."""
    low, high = line.number_in("interval_low"), line.number_in("interval_high")
    figure, spread = line.number_in("estimate"), line.number_in("standard_error")
    found = line["finding"]
    if low is not None and high is not None:
        off, within = low > 0 or high < 0, low < 0 < high
        said = f"its interval of {line['interval_low']} to {line['interval_high']}"
    elif figure is not None and spread:
        ratio = abs(figure) / spread
        off, within = ratio > SURELY_OFF, ratio < SURELY_NOT
        said = f"its estimate of {line['estimate']} with a standard error of {line['standard_error']}"
    else:
        return
    if found == "null" and off:
        yield line.problem("finding", f"null, and {said} excludes zero; allowed: positive, contrary or mixed")
    elif found in ("positive", "contrary") and within:
        yield line.problem("finding", f"{found}, and {said} does not exclude zero; allowed: null or mixed")


def counts(lines: Lines) -> Iterator[Problem]:
    """Yield counts of people, schools and places below zero or with parts."""
    for table, columns, unit in COUNTS:
        for line in lines.of(table):
            share = bool(unit and SHARES.search(line[unit]))
            for column in columns:
                figure = line.number_in(column)
                if figure is not None and (figure < 0 or (figure % 1 and not share)):
                    what = f" {line[unit]}" if unit else ""
                    allowed = "0 or more" if share else "a whole number, 0 or more"
                    yield line.problem(column, f"{line[column]}{what}; allowed: {allowed}")
