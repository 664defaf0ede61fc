"""List slips of many rows at once: whole years, whole units and blocks of rows.

Each is held against what a slip of its kind cannot change: the other years and units of the series, and other series of the
same places. A slip that leaves these as likely as before cannot be told: two units of one level exchanged where nothing else
is known of them, two years exchanged in a series that moves at random.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np
import pandas as pd

from leadership_effects.data.checks.slips.blocks import shifted_blocks
from leadership_effects.data.checks.slips.changes import exchanged_since
from leadership_effects.data.checks.slips.findings import Finding
from leadership_effects.data.checks.slips.grids import Beside, grids_of, most_alike
from leadership_effects.data.checks.slips.repeats import repeated
from leadership_effects.data.checks.slips.shifts import units_a_year_off, years_at_another_level
from leadership_effects.data.checks.slips.units import LEAST_LINES, exchanged_units, other_scale
from leadership_effects.data.checks.slips.years import exchanged_years, years_apart

PUPILS = "numbers of pupils"


def structural_slips(rows: pd.DataFrame) -> list[Finding]:
    """Return what looks like one slip of many rows; a row is in one finding at most.

    Parameters
    ----------
    rows : DataFrame
        Result of `outcome_rows`, numbered from zero.
    """
    return _apart(_candidates(rows))


def _apart(candidates: Iterable[Finding]) -> list[Finding]:
    """Return findings of which none has a row of one before it."""
    found: list[Finding] = []
    used: set[int] = set()
    for new in candidates:
        if not used & set(new.positions):
            used |= set(new.positions)
            found.append(new)
    return found


def _candidates(rows: pd.DataFrame) -> Iterator[Finding]:
    grids = [grid for grid in grids_of(rows) if grid.values.size > 1]
    pairs = [(grid, most_alike(grid, grids)) for grid in grids]
    earlier = rows["earlier"].to_numpy() if "earlier" in rows else np.full(len(rows), np.nan)
    for grid, _ in pairs:
        yield from repeated(grid)
        yield from exchanged_since(grid, earlier) if np.isfinite(earlier).any() else ()
    for grid, beside in pairs:
        yield from sorted(other_scale(grid, grids, beside), key=lambda found: -len(found.positions))
        yield from years_at_another_level(grid)
        yield from years_apart(grid, beside)
        yield from exchanged_years(grid, beside)
        yield from units_a_year_off(grid)
    yield from shifted_blocks(rows, pairs)
    for grid, beside in pairs:
        yield from exchanged_units(grid, beside)


def pupil_slips(rows: pd.DataFrame) -> list[Finding]:
    """Return numbers of pupils off by a power of ten or exchanged, for whole units or years.

    They are held against the level of the others where these are alike, and against the numbers of other series.
    """
    return _apart(_pupil_candidates(rows[rows["n_pupils"] > 0]))


def _pupil_candidates(counted: pd.DataFrame) -> Iterator[Finding]:
    grids = [grid for grid in grids_of(counted.assign(value=counted["n_pupils"])) if grid.values.size > 1]
    for grid in (grid for grid in grids if len(grid.units) > LEAST_LINES):
        beside, logs = most_alike(grid, grids), grid.with_values(np.log10(grid.values))
        around = Beside([np.log10(table) for table in beside.tables if np.nanmin(table) > 0])
        yield from exchanged_units(logs, around, PUPILS)
        yield from other_scale(grid, grids, beside, PUPILS)
