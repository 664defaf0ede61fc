"""Hold a changed figure against that of the release before."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from leadership_effects.data.checks.slips.findings import (
    SCALES,
    Finding,
    finding,
    unit_name,
    with_digits_exchanged,
)
from leadership_effects.data.checks.slips.grids import Grid

LEAST_CELLS, DIFFERENT = (
    3,
    2,
)  # of a line that the release before had under another key, and values among them
WHOLE = 0.5  # of a pupil, within which a number is that of a share


def slips_of_changes(
    rows: pd.DataFrame, neighbours: tuple[np.ndarray, np.ndarray], mended: pd.Series
) -> pd.Series:
    """Return in words the slip that makes a new figure of the earlier one, else nothing.

    Parameters
    ----------
    rows : DataFrame
        Outcomes with ``text``, ``value``, ``n_pupils``, ``row``, ``key`` and ``earlier``, NaN where nothing changed.
    neighbours : pair of arrays of int
        Rows that stand next to each other, in their file or in the years of a unit.
    mended : Series of bool
        Changes that brought a figure much nearer to what is expected, which are left alone.
    """
    found = pd.Series("", index=rows.index)
    changed = rows["earlier"].notna() & (rows["earlier"] != rows["value"]) & ~mended
    if not changed.any():
        return found
    was = rows["earlier"].fillna(rows["value"])
    for place in rows.index[changed]:
        found[place] = _slip_of(rows.loc[place], float(was[place]))
    for one, other in [*zip(*neighbours, strict=True), *zip(*neighbours[::-1], strict=True)]:
        if changed[one] and not found[one] and rows["value"][one] == was[other] != was[one]:
            beside = f"row {rows['row'][other]}, {rows['key'][other]}"
            both = rows["value"][other] == was[one]
            found[one] = (
                f"the release before had {was[one]:.10g}; it is {'exchanged with' if both else 'now that of'} {beside}"
            )
    return found


def _slip_of(row: pd.Series, was: float) -> str:
    value = float(row["value"])
    said = f"the figure of the release before, {was:.10g}"
    for factor, words in SCALES.items():
        if was and abs(value / was / factor - 1) < 1e-4:
            return f"it is {words} {said}"
    if any(float(other) == was for other in with_digits_exchanged(row["text"])):
        return f"it is {said}, with two digits exchanged"
    if row["n_pupils"] > 0 and value > 100 and abs(value - was * row["n_pupils"] / 100) <= WHOLE:
        return f"it is the number of pupils of whom {said} is the share"
    return ""


def exchanged_since(grid: Grid, earlier: np.ndarray) -> Iterator[Finding]:
    """Yield pairs of units and of years that were the other way round in the release before.

    Parameters
    ----------
    grid : Grid
    earlier : array of floats
        By position of the row, what a changed figure was; NaN where nothing changed.
    """
    before = np.where(grid.rows >= 0, earlier[grid.rows], np.nan)
    was = np.where(np.isnan(before), grid.values, before)
    for of_years, now, then, rows in (
        (False, grid.values, was, grid.rows), (True, grid.values.T, was.T, grid.rows.T)
    ):  # fmt: skip
        moved = ((now != then) & ~np.isnan(now)).any(axis=1)
        changed = [int(place) for place in np.flatnonzero(moved)]
        for place, one in enumerate(changed):
            for other in changed[place + 1 :]:
                both = ~np.isnan(now[one]) & ~np.isnan(now[other])
                same = (now[one] == then[other]) & (now[other] == then[one])
                values = np.unique(now[one][both])
                if both.sum() >= LEAST_CELLS and same[both].all() and len(values) >= DIFFERENT:
                    names = [str(grid.years[k]) if of_years else unit_name(grid, k) for k in (one, other)]
                    reason = (
                        f"the figures of {names[0]} are those that the release before had of {names[1]}, and the other way "
                        "round; figures under the key of the other would explain it"
                    )
                    yield finding([*rows[one][both], *rows[other][both]], reason)
