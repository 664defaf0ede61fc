"""List slips of many rows at once: whole years, whole units and blocks of rows.

Each is held against what a slip of its kind cannot change: the other years and units of the series, and other series of the
same places. A slip that leaves these as likely as before cannot be told: two units of one level exchanged where nothing else
is known of them, two years exchanged in a series that moves at random.
"""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from leadership_effects.data.checks.slips.blocks import shifted_blocks
from leadership_effects.data.checks.slips.findings import Finding
from leadership_effects.data.checks.slips.grids import grids_of, most_alike
from leadership_effects.data.checks.slips.repeats import repeated
from leadership_effects.data.checks.slips.units import exchanged_units, other_scale
from leadership_effects.data.checks.slips.years import exchanged_years, years_apart


def structural_slips(rows: pd.DataFrame) -> list[Finding]:
    """Return what looks like one slip of many rows; a row is in one finding at most.

    Parameters
    ----------
    rows : DataFrame
        Result of `outcome_rows`, numbered from zero.
    """
    found: list[Finding] = []
    used: set[int] = set()
    for new in _candidates(rows):
        if not used & set(new.positions):
            used |= set(new.positions)
            found.append(new)
    return found


def _candidates(rows: pd.DataFrame) -> Iterator[Finding]:
    grids = [grid for grid in grids_of(rows) if grid.values.size > 1]
    pairs = [(grid, most_alike(grid, grids)) for grid in grids]
    for grid, _ in pairs:
        yield from repeated(grid)
    for grid, beside in pairs:
        yield from sorted(other_scale(grid, grids, beside), key=lambda found: -len(found.positions))
        yield from years_apart(grid, beside)
        yield from exchanged_years(grid, beside)
    yield from shifted_blocks(rows, pairs)
    for grid, beside in pairs:
        yield from exchanged_units(grid, beside)
