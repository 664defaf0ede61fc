"""Find years and units whose figures repeat those of another to the last decimal."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
from scipy.stats import binom

from leadership_effects.data.checks.slips.expected import Floats, median_polish, nan_median
from leadership_effects.data.checks.slips.findings import Finding, finding, unit_name
from leadership_effects.data.checks.slips.grids import Grid, centred, usual_error

Cells = npt.NDArray[np.bool_]

LEAST_CELLS, LEAST_SHARE = 4, 0.8  # that repeat, of those that two years or units have
LEAST_RUN = 3  # figures that follow each other in two units
FAR, STRANGE = (
    2.5,
    0.01,
)  # usual errors by which pasted figures leave their unit's level, and what that makes of the chance
CHANCE = 1e-4  # in a series, below which repetition is no accident
DIFFERENT = 3  # values among those repeated


def repeated(grid: Grid) -> Iterator[Finding]:
    """Yield years and then units that repeat another, in all or in years that follow each other.

    How often figures agree by accident is read off the other pairs of the series: whole per cents agree often, and shares of
    two decimals hardly ever. The number that agree is then a binomial count.
    """
    for values, rows, of_years in ((grid.values.T, grid.rows.T, True), (grid.values, grid.rows, False)):
        there = ~np.isnan(values)
        common = there.astype(int) @ there.T.astype(int)
        equal = np.stack([np.sum(values == line, axis=1) for line in values])
        pairs = np.array(np.triu_indices(len(values), 1))
        both, same = common[tuple(pairs)], equal[tuple(pairs)]
        likely = (same >= LEAST_RUN) & ((same >= LEAST_SHARE * both) | (not of_years))
        for one, other in pairs.T[likely]:
            agree, of = equal[one, other], common[one, other]
            accident = min((same.sum() - agree + 1) / (both.sum() - of + 5), 1.0)
            cells = values[one] == values[other]
            whole = agree >= LEAST_CELLS and agree >= LEAST_SHARE * of
            if whole:
                chance = binom.sf(agree - 1, of, accident) * (both >= LEAST_CELLS).sum()
            else:
                cells = _longest_run(cells, there[one] & there[other])
                chance = accident ** cells.sum() * both.sum()
                chance *= STRANGE if _strange(values, (one, other), cells) else 1.0
            if (
                cells.sum() >= LEAST_RUN
                and chance < CHANCE
                and len(np.unique(values[one][cells])) >= DIFFERENT
            ):
                names = [str(grid.years[k]) if of_years else unit_name(grid, k) for k in (one, other)]
                kind, words = ("units", "a column") if of_years else ("years", "the rows of a unit")
                where = f"in {agree} of {of} {kind}" if whole else f"from {_ends(grid, cells)}"
                reason = f"{names[1]} repeats {names[0]} to the last decimal {where}; {words} pasted twice would explain it"
                yield finding([*rows[one][cells], *rows[other][cells]], reason)


def _strange(values: Floats, pair: tuple[int, int], cells: Cells) -> bool:
    """Return whether the cells of one of two units lie far from its other years."""
    table, usual = centred(values), usual_error(median_polish(values))
    within, apart = table[list(pair)][:, cells], table[list(pair)][:, ~cells]
    moved = np.abs(nan_median(within, 1) - nan_median(apart, 1)) if apart.size else np.zeros(1)
    return bool(np.nanmax(np.nan_to_num(moved)) > FAR * usual)


def _longest_run(cells: Cells, there: Cells) -> Cells:
    """Return which cells are in the longest run of the ones that there are.

    Examples
    --------
    >>> marks = np.array([True, False, True, False, True, True])
    >>> _longest_run(marks, np.array([True, True, True, False, True, True])).astype(int).tolist()
    [0, 0, 1, 0, 1, 1]
    """
    found = np.zeros_like(cells)
    places = np.flatnonzero(there)
    for run in np.split(places, np.flatnonzero(np.diff(cells[places].astype(int))) + 1):
        if len(run) > found.sum() and cells[run[0]]:
            found[:] = False
            found[run] = True
    return found


def _ends(grid: Grid, cells: Cells) -> str:
    years = [year for year, there in zip(grid.years, cells, strict=True) if there]
    return f"{years[0]} to {years[-1]}"
