"""Find units with figures on another scale, or of another unit, in all years."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from leadership_effects.data.checks.slips.expected import Floats, median_polish, nan_median, spread
from leadership_effects.data.checks.slips.findings import SCALES, Finding, finding, surprise, unit_name
from leadership_effects.data.checks.slips.grids import LEAST_UNITS, Beside, Grid, centred, usual_error

LEAST_CELLS = 2  # of a line at another scale
ALL_OFF = 0.7  # decimal logarithm within which the figures of a unit lie if all of them are off
LEAST_LINES = 3  # other units or years that say what the scale is
SCALE_FAR, SCALE_FITS = 4.0, 2.5  # usual errors of decimal logarithms
SCALE_USUAL = (
    0.03,
    0.15,
)  # least of these, and most for each power of ten; levels that differ by more do not tell a scale
EXCHANGE = 6.0  # log-likelihood gained beyond that of the best of so many pairs
FITS = 2.5  # usual errors within which a unit fits
LEAST_ERROR = 0.5  # of a unit beside other series, in usual errors of a figure in its own
STEP_MOST = 2.0  # twice the log-likelihood that a year of their course adds at most


def other_scale(
    grid: Grid, grids: Sequence[Grid], beside: Beside, what: str = "figures"
) -> Iterator[Finding]:
    """Yield units, and then years, whose figures are off by a power of ten."""
    if not np.nanmin(grid.values) >= 0:
        return
    with np.errstate(divide="ignore"):
        logs = np.where(grid.values > 0, np.log10(np.where(grid.values > 0, grid.values, 1.0)), np.nan)
    pool = [logs]
    if len(grid.units) <= LEAST_LINES and what == "figures":  # a country is held against its regions
        kin = [g for g in grids if g.indicator == grid.indicator and g is not grid]
        pool += [np.log10(np.where(g.values > 0, g.values, np.nan)) for g in kin]
    around = [np.log10(table) for table in beside.tables if np.nanmin(table) > 0]
    lines = [nan_median(table, 1)[:, 0] for table in pool]
    for number, words in _off_scale(
        lines[0], np.concatenate(lines), [nan_median(t, 1)[:, 0] for t in around]
    ):
        if (
            np.sum(~np.isnan(logs[number])) >= LEAST_CELLS
            and np.nanmax(logs[number]) - np.nanmin(logs[number]) < ALL_OFF
        ):
            yield _scale_finding(grid, number, True, words, what)
    for number, words in _off_scale(*_by_year(logs)):
        if np.sum(~np.isnan(logs[:, number])) >= LEAST_CELLS:
            yield _scale_finding(grid, number, False, words, what)


def _by_year(logs: Floats) -> tuple[Floats, Floats, list[Floats]]:
    middle = nan_median(logs - nan_median(logs, 1), 0)[0]
    return middle, middle, []


def _off_scale(own: Floats, pool: Floats, around: list[Floats]) -> Iterator[tuple[int, str]]:
    """Yield lines of a table whose level is off by a power of ten, and fits without it."""
    errors = (
        [(own - np.nanmedian(pool), pool - np.nanmedian(pool))]
        if np.sum(~np.isnan(pool)) > LEAST_LINES
        else []
    )
    for level in around:
        ratio = own - level
        if np.sum(~np.isnan(ratio)) > LEAST_LINES:
            errors.append((ratio - np.nanmedian(ratio),) * 2)
    usual = [spread(np.maximum(np.abs(all_errors), SCALE_USUAL[0])) for _, all_errors in errors]
    for number in range(len(own)):
        told = [
            _scale_of(error[number], size)
            for (error, _), size in zip(errors, usual, strict=True)
            if not np.isnan(error[number])
        ]
        # Beside a series that is off itself, one that is not looks off: most have to say so.
        words = [one for one in told if one]
        if words and 2 * len(words) >= sum(one is not None for one in told):
            yield number, words[0]


def _scale_of(error: float, usual: float) -> str | None:
    """Return in words the power of ten of an error; blank for none, None where none can be told."""
    for factor, words in SCALES.items():
        fits = abs(error - np.log10(factor)) < SCALE_FITS * usual
        if fits and abs(error) > SCALE_FAR * usual and usual <= SCALE_USUAL[1] * abs(np.log10(factor)):
            return words
    return "" if usual <= SCALE_USUAL[1] else None


def _scale_finding(grid: Grid, number: int, of_unit: bool, words: str, what: str) -> Finding:
    rows = grid.rows[number] if of_unit else grid.rows[:, number]
    name = f"{unit_name(grid, number)} in all years" if of_unit else f"{grid.years[number]} for all units"
    explained = "another unit of measure" if what == "figures" else "a digit too many or too few"
    return finding(
        rows, f"the {what} of {name} are about {words} what is expected; {explained} would explain it"
    )


def exchanged_units(grid: Grid, beside: Beside, what: str = "figures") -> Iterator[Finding]:
    """Yield pairs of units that fit other series of their places better exchanged."""
    if len(grid.units) < LEAST_UNITS or not beside.tables:
        return
    values, told = centred(grid.values), beside.expected(grid.values)
    errors = values - told
    own, course = nan_median(errors, 1)[:, 0], errors - nan_median(errors, 1)
    own -= np.nanmedian(own)
    noise = LEAST_ERROR * usual_error(
        median_polish(grid.values)
    )  # beside a copy of the series no error is left
    far, usual = max(usual_error(own), noise), max(usual_error(course), noise)
    there = np.where(np.isnan(errors), np.nan, 1.0)
    level, told_level = nan_median(values * there, 1)[:, 0], nan_median(told * there, 1)[:, 0]
    crossed = (
        level[None, :] - told_level[:, None]
    )  # of the unit in the row, given the figures of that in the column
    crossed = crossed - np.nanmedian(np.diag(crossed))
    now, then = surprise(own, far), surprise(crossed, far)
    gain = now[:, None] + now[None, :] - then - then.T
    of_levels = gain.copy()
    shape, told_shape = values - nan_median(values, 1), told - nan_median(told, 1)
    for one in range(len(values)):
        steps = (shape[one] - shape) * (told_shape - told_shape[one])
        gain[one] += (
            np.nansum(np.clip(steps / usual**2, -STEP_MOST, STEP_MOST), axis=1) / 2
        )  # no one year decides
    size = np.maximum(np.abs(crossed), np.abs(crossed.T)) / far
    first, second = np.triu_indices(len(values), 1)
    next_to = second == first + 1
    tried = np.where(next_to, np.log(len(values)), np.log(max(len(first), 1)))
    possible = (size[first, second] < FITS) & (of_levels[first, second] > EXCHANGE)
    better = np.where(possible, gain[first, second] - tried, -np.inf)
    used: set[int] = set()
    for place in np.argsort(-np.nan_to_num(better, nan=-np.inf), kind="stable"):
        if not better[place] > EXCHANGE:
            break
        pair = int(first[place]), int(second[place])
        if not used & set(pair):
            used |= set(pair)
            names = " and ".join(unit_name(grid, number) for number in pair)
            reason = (
                f"the {what} of {names} fit other series of these places better exchanged; "
                f"{what} of one under the key of the other in all years would explain it"
            )
            yield finding(grid.rows[list(pair)].ravel(), reason)
