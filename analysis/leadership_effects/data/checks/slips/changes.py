"""Hold a changed figure against that of the release before."""

from __future__ import annotations

import numpy as np
import pandas as pd

from leadership_effects.data.checks.slips.findings import SCALES, with_digits_exchanged

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
