"""Find years that were exchanged, or stand beside other units' keys, for all units."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain, combinations

import numpy as np
from scipy.stats import combine_pvalues, kendalltau, wilcoxon

from leadership_effects.data.checks.slips.expected import Floats, nan_median
from leadership_effects.data.checks.slips.findings import Finding, finding
from leadership_effects.data.checks.slips.grids import (
    LEAST_UNITS,
    Beside,
    Grid,
    centred,
    levels,
    rank_correlation,
    ranks,
)

EXCHANGED = (
    0.01  # chance that steps oppose those around them in any pair of years of a series that is in order
)
RELATED = 0.15  # Kendall's correlation of yearly steps from which another series tells their direction
APART, RELATED_LEVELS = (
    0.3,
    0.5,
)  # rank correlation of a year with the other years, and what is usual in the series
STEP = 3.0  # normal deviate between rank correlations


def exchanged_years(grid: Grid, beside: Beside) -> Iterator[Finding]:
    """Yield pairs of years that fit years around them and other series better exchanged.

    A unit's step from one year to another goes, if anywhere, the way that the years around it and other series go. Where
    across the units it goes against them (Kendall 1938, Biometrika 30: 81-93), the two years are exchanged. Both tests are
    combined as Stouffer did, and a chance is multiplied by the pairs of years that were looked at (Bonferroni).
    """
    values, odd = grid.values, []
    turned = [table for table in (beside.tables) if _related(values, table)]
    pairs = list(combinations(range(len(grid.years)), 2))
    for one, other in pairs:
        told = chain(_against_years(values, one, other), _against_series(values, turned, one, other))
        chances = [next(told, 1.0)]
        while chances[-1] < 0.5 and (chance := next(told, None)) is not None:
            chances.append(chance)
        if chances[-1] < 0.5:  # what speaks for the order of the years is heard alone
            chance = combine_pvalues(np.clip(chances, 1e-300, 1 - 1e-12), "stouffer").pvalue
            if chance * len(pairs) < EXCHANGED:
                odd.append((float(chance), one, other))
    used: set[int] = set()
    for _, one, other in sorted(odd):
        if used & {one, other}:
            continue
        used |= {one, other}
        pair = f"{grid.years[one]} and {grid.years[other]}"
        reason = (
            f"across the units the step between {pair} goes against the years around them and other series; "
            "figures of the two years exchanged for all units would explain it"
        )
        both = ~np.isnan(values[:, [one, other]])
        yield finding(grid.rows[:, [one, other]][both], reason)


def _related(values: Floats, table: Floats) -> bool:
    steps = zip(np.diff(values, axis=1).T, np.diff(table, axis=1).T, strict=True)
    found = [tau for tau in (_tau(step, other) for step, other in steps) if np.isfinite(tau)]
    return len(found) >= 2 and float(np.median(found)) > RELATED


def _tau(one: Floats, other: Floats) -> float:
    """Return Kendall's correlation; NaN for few units or where all values are one."""
    both = ~np.isnan(one) & ~np.isnan(other)
    if both.sum() < LEAST_UNITS or np.ptp(one[both]) == 0 or np.ptp(other[both]) == 0:
        return float("nan")
    order, beside = (np.sign(np.subtract.outer(values[both], values[both])) for values in (one, other))
    return float((order * beside).sum() / np.sqrt(np.count_nonzero(order) * np.count_nonzero(beside)))


def _chance(one: Floats, other: Floats) -> float:
    """Return the chance of a correlation so low, 1 for one that is not below zero."""
    tau = _tau(one, other)
    if not tau < 0:
        return 1.0 if tau >= 0 else tau
    both = ~np.isnan(one) & ~np.isnan(other)
    return float(kendalltau(one[both], other[both], alternative="less").pvalue)


def _against_years(values: Floats, one: int, other: int) -> Iterator[float]:
    last = values.shape[1] - 1
    around = [
        [k for k in (year - 1, year + 1) if 0 <= k <= last and k not in (one, other)] for year in (one, other)
    ]
    if all(around):
        before, after = (np.mean(values[:, near], axis=1) for near in around)
        chance = _chance(values[:, other] - values[:, one], after - before)
    elif last >= 2 and other == one + 1:
        # At an end of the series, the outer year lies further from the next one than the inner.
        outer, inner, near = (one, other, other + 1) if one == 0 else (other, one, one - 1)
        table = centred(values[:, [outer, inner, near]])
        gap = np.abs(table[:, 0] - table[:, 2]) - np.abs(table[:, 1] - table[:, 2])
        chance = _chance_below_zero(gap[~np.isnan(gap)])
    else:
        return
    if np.isfinite(chance):
        yield float(chance)


def _chance_below_zero(gaps: Floats) -> float:
    """Return the chance of signed ranks so low, 1 for a sum not below zero; NaN for few gaps."""
    if len(gaps) < LEAST_UNITS or not gaps.any():
        return float("nan")
    moved = gaps[gaps != 0]
    if (np.sign(moved) * ranks(np.abs(moved))).sum() >= 0:
        return 1.0
    return float(wilcoxon(gaps, alternative="less").pvalue)


def _against_series(values: Floats, tables: list[Floats], one: int, other: int) -> Iterator[float]:
    steps = [table[:, other] - table[:, one] for table in tables]
    if steps:
        ready = np.stack([(step - np.nanmedian(step)) if (~np.isnan(step)).any() else step for step in steps])
        count = np.sum(~np.isnan(ready), axis=0)
        mean = np.where(count > 0, np.nansum(ready, axis=0) / np.maximum(count, 1), np.nan)
        chance = _chance(values[:, other] - values[:, one], mean)
        if np.isfinite(chance):
            yield chance


def years_apart(grid: Grid, beside: Beside) -> Iterator[Finding]:
    """Yield years that do not follow the units' levels as the other years do.

    Rank correlations are compared by Fisher's transformation with the variance of Bonett and Wright (2000, Psychometrika
    65: 23-28).
    """
    if len(grid.units) < LEAST_UNITS:
        return
    fits = [_fit(grid.values, year, beside) for year in range(len(grid.years))]
    usual = float(np.nanmedian([fit for fit, _ in fits])) if any(np.isfinite(fit) for fit, _ in fits) else 0.0
    if usual < RELATED_LEVELS:
        return
    for year, (fit, count) in enumerate(fits):
        if not fit < usual:
            continue
        column = np.flatnonzero(~np.isnan(grid.values[:, year]))
        column = column[np.argsort(grid.rows[column, year])]
        explained = _moved(grid, year, column, fit, beside)
        if not explained and (fit > APART or _apart(usual, fit, count) < STEP):
            continue
        rises = np.diff(grid.values[column, year])
        if explained:
            words = explained
        elif (rises >= 0).all() or (rises <= 0).all():
            words = "figures sorted by size, apart from their keys, would explain it"
        else:
            words = "figures in another order than their keys would explain it"
        told = f"of {grid.years[year]} follow the units' levels less than those of other years (rank correlation {fit:.2f}"
        yield finding(grid.rows[column, year], f"the figures {told}, {usual:.2f} as a rule); {words}")


def _fit(values: Floats, year: int, beside: Beside) -> tuple[float, int]:
    """Return the highest rank correlation of a year with other years or series beside."""
    rest = np.delete(centred(values), year, axis=1)
    told = [nan_median(rest, 1)[:, 0]] if rest.shape[1] else []
    found = [rank_correlation(values[:, year], level) for level in (*told, *map(levels, beside.tables))]
    found = [pair for pair in found if np.isfinite(pair[0])]
    return max(found, default=(float("nan"), 0))


def _apart(high: float, low: float, count: int) -> float:
    """Return the normal deviate between two rank correlations of so many units."""
    step = np.arctanh(np.clip(high, -0.999, 0.999)) - np.arctanh(np.clip(low, -0.999, 0.999))
    return float(step * np.sqrt(max(count - 3, 0) / (1 + min(low, high) ** 2 / 2)))


def _moved(grid: Grid, year: int, column: np.ndarray, fit: float, beside: Beside) -> str:
    """Return words where the figures fit the unit a row away much better."""
    for step, beside_which in ((-1, "next"), (1, "previous")):
        moved = grid.values.copy()
        moved[column, year] = np.roll(moved[column, year], step)
        better, count = _fit(moved, year, beside)
        if _apart(better, fit, count) > STEP and better > RELATED_LEVELS:
            return f"each figure beside the {beside_which} unit's key would explain it"
    return ""
