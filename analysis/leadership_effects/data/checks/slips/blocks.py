"""Find blocks of rows that stand a row off their keys or were sorted apart from them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

import numpy as np
import pandas as pd

from leadership_effects.data.checks.slips.expected import NORMAL_MAD, Floats, median_polish
from leadership_effects.data.checks.slips.findings import Finding, finding, surprise
from leadership_effects.data.checks.slips.grids import Beside, Grid, centred, usual_error

SHIFTED = 12.0  # log-likelihood that a block gains a row further, beyond that of the best of so many rows
LEAST_ROWS, MOSTLY = 6, 0.6  # of a block, and the share of them that gain
WITHOUT_TWO = 6.0  # log-likelihood that a block gains without the two rows that gain most, which may be slips of their own
SORTED_ROWS, SORTED_GAIN = 10, 15.0  # of a run in order of size, and what its rows gain beside other keys


def shifted_blocks(rows: pd.DataFrame, grids: Sequence[tuple[Grid, Beside]]) -> Iterator[Finding]:
    """Yield blocks of rows, in file order, that were sorted or fit better a row off.

    The gain in log-likelihood is added up along the rows; a block is where the sum rises most, as in a scan by cumulative
    sums (Page 1954, Biometrika 41: 100-115).
    """
    error, usual, middle = (np.full(len(rows), np.nan) for _ in range(3))
    for grid, beside in grids:
        held = grid.rows >= 0
        errors, size = _errors(grid.values, beside)
        error[grid.rows[held]], usual[grid.rows[held]] = errors[held], size
        # A block that was sorted may hold more of a series than its tails.
        middle[grid.rows[held]] = max(NORMAL_MAD * float(np.nanmedian(np.abs(errors))), 1e-9)
    value = rows["value"].to_numpy()
    for held in rows.groupby(["file", "indicator_id"], sort=False).indices.values():
        if len(held) > LEAST_ROWS:
            yield from _sorted(value[held], error[held], middle[held], held)
            yield from _moved(value[held], error[held], usual[held], held)


def _errors(values: Floats, beside: Beside) -> tuple[Floats, float]:
    """Return errors given the unit's level and the year, or other series where these tell more."""
    own = median_polish(values)
    best, size = own, usual_error(own)
    if beside.tables:
        given = centred(values) - beside.expected(values)
        given = given - np.nanmedian(given)
        if usual_error(given) < size:
            best, size = np.where(np.isnan(given), own, given), usual_error(given)
    return best, size


def _moved(value: Floats, error: Floats, usual: Floats, held: np.ndarray) -> Iterator[Finding]:
    expected = value - error
    for step in (1, -1):
        moved = np.roll(value, -step)
        gain = surprise(error / usual, 1.0) - surprise((moved - expected) / usual, 1.0)
        gain[-1 if step > 0 else 0] = 0.0
        first, last, most = _best_block(np.nan_to_num(gain))
        block = np.sort(gain[first:last])
        mostly = len(block) >= LEAST_ROWS and np.mean(block > 0) > MOSTLY and block[:-2].sum() > WITHOUT_TWO
        if mostly and most > SHIFTED + np.log(len(value)):
            reason = (
                f"{last - first} rows fit better with the figure one row {'below' if step > 0 else 'above'}; "
                f"a block moved by one row, each figure beside the {'next' if step > 0 else 'previous'} key, would explain it"
            )
            yield finding(held[first:last], reason)
            return


def _best_block(gain: Floats) -> tuple[int, int, float]:
    """Return start and end of the rows whose gains add up to most, and the sum.

    Examples
    --------
    >>> _best_block(np.array([-1.0, 2.0, 3.0, -1.0, 2.0, -9.0, 1.0]))
    (1, 5, 6.0)
    """
    total = np.concatenate([[0.0], np.cumsum(gain)])
    lowest = np.minimum.accumulate(total)
    last = int(np.argmax(total - lowest))
    first = int(np.flatnonzero(total[: last + 1] == lowest[last])[-1])
    return first, last, float(total[last] - lowest[last])


def _sorted(value: Floats, error: Floats, usual: Floats, held: np.ndarray) -> Iterator[Finding]:
    """Yield runs in order of size that fit much better beside other keys of the run."""
    for sign in (1.0, -1.0):
        falls = np.flatnonzero(np.diff(sign * value) < 0)
        edges = np.concatenate([[0], falls + 1, [len(value)]])
        for first, last in pairwise(edges.tolist()):
            if last - first < SORTED_ROWS or np.isnan(error[first:last]).any():
                continue
            now, expected = error[first:last], (value - error)[first:last]
            best = np.empty_like(now)
            best[np.argsort(expected, kind="stable")] = np.sort(value[first:last])
            gain = surprise(now / usual[first:last], 1.0) - surprise(
                (best - expected) / usual[first:last], 1.0
            )
            if gain.sum() > SORTED_GAIN:
                reason = (
                    f"{last - first} rows stand in order of size, against what is expected of their keys; "
                    "figures sorted apart from their keys would explain it"
                )
                yield finding(held[first:last], reason)
