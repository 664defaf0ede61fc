"""Find years at another level than those around them, and units a year off the others."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from leadership_effects.data.checks.slips.expected import NORMAL_MAD, Floats, median_polish, nan_median
from leadership_effects.data.checks.slips.findings import SCALES, Finding, finding, surprise, unit_name
from leadership_effects.data.checks.slips.grids import LEAST_UNITS, Grid, rank_correlation, usual_error

LEAST, LEAST_YEARS = 3, 3  # units with both years of a step, and years of a series
OFF, OFF_SPREAD = (
    5.0,
    1.5,
)  # usual errors of a year, and spreads of the units, by which it is at another level
CHANGED = 12.0  # log-likelihood that a year gains by a change of its figures
REVERSED = -0.6  # rank correlation of a year with the years around, in the reverse order
FITS = 2.5  # usual errors within which the middle of a year fits
YEAR_OFF, LEAST_COURSE = 7.0, 5  # log-likelihood that a unit gains a year on, and figures that tell it
HUNDRED, REFLECTION = 100.0, "100 less each figure"
CHANGES = {factor: f"figures that are {words} what they should be" for factor, words in SCALES.items()} | {
    0.01: "shares between 0 and 1 for per cents"
}


def years_at_another_level(grid: Grid) -> Iterator[Finding]:
    """Yield years in which all units lie far from the years around, and return after it.

    The median step of the units into a year, and out of it, is held against the other steps of the series, against what is
    left of the units' figures when units and years are taken out, and against how far the units differ.
    """
    values = grid.values
    if len(grid.units) < LEAST or len(grid.years) < LEAST_YEARS:
        return
    steps, left = _steps(values), NORMAL_MAD * float(np.nanmedian(np.abs(median_polish(values))))
    spread = NORMAL_MAD * float(np.nanmedian(np.abs(values - nan_median(values, 0))))
    for year in range(len(grid.years)):
        now, around, off = values[:, year], _around(values, year), _off(steps, year)
        if np.sum(~np.isnan(now)) < LEAST or np.isnan(off):
            continue
        others = np.delete(steps, [k for k in (year - 1, year) if 0 <= k < len(steps)])
        others = np.abs(others[~np.isnan(others)])
        step = NORMAL_MAD * float(np.median(others)) if others.size else spread
        step = (
            step if others.size >= LEAST else max(step, spread / 2)
        )  # few steps tell little of what is usual
        usual = max(float(np.hypot(step, left)), 1e-9)
        words = _likeliest(now, around, usual)
        if abs(off) > OFF * usual and abs(off) > OFF_SPREAD * spread:
            most = f"; other steps of the series are {others.max():.3g} at most" if others.size else ""
            told = f"lie {'above' if off > 0 else 'below'} the years around by {abs(off):.3g} at the median of all units{most}"
        elif words == REFLECTION and rank_correlation(now, around)[0] < REVERSED:
            told = "stand in the reverse order of the years around"
        else:
            continue
        yield finding(
            grid.rows[:, year], f"the figures of {grid.years[year]} {told}; {words} would explain it"
        )


def _steps(values: Floats) -> Floats:
    """Return the median step of the units between years; NaN where few have both."""
    steps = np.diff(values, axis=1)
    enough = np.sum(~np.isnan(steps), axis=0) >= LEAST
    return np.where(enough, nan_median(steps, 0)[0], np.nan)


def _off(steps: Floats, year: int) -> float:
    """Return how far a year lies from the years around, zero where the step is not taken back.

    Examples
    --------
    >>> steps = np.array([1.0, 40.0, -38.0, 30.0])
    >>> [_off(steps, year) for year in range(5)]
    [-1.0, 0.0, 38.0, -30.0, 30.0]
    """
    into = steps[year - 1] if year > 0 else np.nan
    back = -steps[year] if year < len(steps) else np.nan
    if year in (0, len(steps)):
        return float(into if year else back)
    return float(np.sign(into) * min(abs(into), abs(back)) if into * back > 0 else into * back * 0)


def _around(values: Floats, year: int) -> Floats:
    """Return the mean of each unit's figures in the years next to one."""
    near = [k for k in (year - 1, year + 1) if 0 <= k < values.shape[1]]
    return np.asarray(np.mean(values[:, near], axis=1), dtype=float)


def _likeliest(now: Floats, around: Floats, usual: float) -> str:
    """Return in words what was done to a year, by which change fits the years around best."""
    changes = {words: now / factor for factor, words in CHANGES.items()}
    in_order = rank_correlation(now, around)[0]
    if np.nanmax(now) <= HUNDRED and np.nanmin(now) >= 0 and not in_order > 0:
        changes[REFLECTION] = HUNDRED - now
    as_it_is = surprise(now - around, usual)
    for words, then in changes.items():
        errors = then - around
        gain = float(np.nansum(as_it_is - surprise(errors, usual)))
        if gain > CHANGED and np.nanmedian(np.abs(errors)) < FITS * usual:
            return words
    return "a constant added to each figure, or another test or scale,"


def units_a_year_off(grid: Grid) -> Iterator[Finding]:
    """Yield units whose course fits the common course of the others a year before or after."""
    values = grid.values
    if len(grid.units) < LEAST_UNITS or len(grid.years) <= LEAST_COURSE:
        return
    left = median_polish(values)
    told = values - left
    common = nan_median(told - nan_median(told, 1), 0)[0]
    usual, tried = usual_error(left), np.log(2 * len(grid.units))
    for unit in range(len(grid.units)):
        for step, which in ((1, "before"), (-1, "after")):
            moved = np.roll(common, step)
            moved[0 if step > 0 else -1] = np.nan
            both = ~np.isnan(values[unit]) & ~np.isnan(common) & ~np.isnan(moved)
            if both.sum() < LEAST_COURSE:
                continue
            now, then = (values[unit, both] - course[both] for course in (common, moved))
            now, then = now - np.median(now), then - np.median(then)
            gain = float(np.sum(surprise(now, usual) - surprise(then, usual)))
            if gain > YEAR_OFF + tried and np.median(np.abs(then)) < usual:
                reason = (
                    f"the figures of {unit_name(grid, unit)} follow the common course of the others as it was a year {which}; "
                    "figures entered a year off their keys would explain it"
                )
                yield finding(grid.rows[unit], reason)
                break
