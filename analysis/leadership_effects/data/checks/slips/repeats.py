"""Find years and units whose figures repeat those of another to the last decimal."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from scipy.stats import binom

from leadership_effects.data.checks.slips.findings import Finding, finding, unit_name
from leadership_effects.data.checks.slips.grids import Grid

LEAST_CELLS, LEAST_SHARE = 4, 0.8  # that repeat, of those that two years or units have
CHANCE = 1e-4  # in a series, below which repetition is no accident
DIFFERENT = 3  # values among those repeated


def repeated(grid: Grid) -> Iterator[Finding]:
    """Yield years and then units that repeat another.

    How often figures agree by accident is read off the other pairs of the series: whole per cents agree often, and shares of
    two decimals hardly ever. The number that agree is then a binomial count.
    """
    for values, rows, of_years in ((grid.values.T, grid.rows.T, True), (grid.values, grid.rows, False)):
        there = ~np.isnan(values)
        common = there.astype(int) @ there.T.astype(int)
        equal = np.stack([np.sum(values == line, axis=1) for line in values])
        pairs = np.array(np.triu_indices(len(values), 1))
        both, same = common[tuple(pairs)], equal[tuple(pairs)]
        likely = (same >= LEAST_CELLS) & (same >= LEAST_SHARE * both)
        for one, other in pairs.T[likely]:
            agree, of = equal[one, other], common[one, other]
            accident = (same.sum() - agree + 1) / (both.sum() - of + 5)
            chance = binom.sf(agree - 1, of, min(accident, 1.0)) * (both >= LEAST_CELLS).sum()
            cells = values[one] == values[other]
            if chance < CHANCE and len(np.unique(values[one][cells])) >= DIFFERENT:
                names = [str(grid.years[k]) if of_years else unit_name(grid, k) for k in (one, other)]
                kind, words = ("units", "a column") if of_years else ("years", "the rows of a unit")
                reason = (
                    f"{names[1]} repeats {names[0]} to the last decimal in {agree} of {of} {kind}; "
                    f"{words} pasted twice would explain it"
                )
                yield finding([*rows[one][cells], *rows[other][cells]], reason)
