"""Say which rows a slip of many rows touches, and what would explain it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from leadership_effects.data.checks.slips.expected import Floats
from leadership_effects.data.checks.slips.grids import Grid, Positions

SCALES = {10.0: "ten times", 100.0: "a hundred times", 0.1: "a tenth of", 0.01: "a hundredth of"}


@dataclass(frozen=True)
class Finding:
    """Rows that look as if one slip had moved all of them.

    Attributes
    ----------
    positions : tuple of int
        Of the rows, in their order.
    reason : str
        What is seen, and what would explain it.
    """

    positions: tuple[int, ...]
    reason: str


def finding(positions: Iterable[int] | Positions, reason: str) -> Finding:
    """Return a finding about the rows that there are."""
    return Finding(tuple(sorted({int(place) for place in positions if place >= 0})), reason)


def unit_name(grid: Grid, number: int) -> str:
    """Return the last part of a unit's id."""
    return grid.units[number].rpartition("/")[2]


def surprise(errors: Floats, usual: float, most: float = 5.0) -> Floats:
    """Return the negative log-likelihood of errors, which count no further than some usual ones."""
    return np.asarray(np.minimum(np.abs(errors) / usual, most) ** 2 / 2, dtype=float)


def with_digits_exchanged(text: str) -> Iterator[str]:
    """Yield what a figure would be with two neighbouring digits exchanged.

    Examples
    --------
    >>> list(with_digits_exchanged("76.2"))
    ['67.2', '72.6']
    """
    digits = [place for place, sign in enumerate(text) if sign.isdigit()]
    for one, two in pairwise(digits):
        signs = list(text)
        signs[one], signs[two] = signs[two], signs[one]
        if (other := "".join(signs)) != text:
            yield other
