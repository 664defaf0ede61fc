"""Compare floats to the ninth decimal, beyond which processors and libraries differ."""

from __future__ import annotations

from typing import Any

import numpy as np

ROUNDING = 1e-9  # two values closer than this are equal
DECIMALS = 9  # what lies beyond differs between processors and must not decide an order or a rounding


def typical(values: Any, other: Any = 0.0) -> float:
    """Compute the size by which ties are judged: a median size, or the other's if larger.

    A tolerance in the unit of the data would make a p-value depend on the unit; the median is not moved by one huge value.

    Examples
    --------
    >>> typical([3e-6, -1e-6, 2e-6], 1.5e-6)
    2e-06
    """
    sizes = np.abs(np.asarray(values, dtype=float))
    sizes = sizes[np.isfinite(sizes)]
    return max(float(np.median(sizes)) if len(sizes) else 0.0, float(np.max(np.abs(other))))


def is_above(values: Any, other: Any = 0.0, scale: float = 1.0) -> Any:
    """Return whether values exceed another by more than `ROUNDING`; NaN exceeds nothing.

    Parameters
    ----------
    values, other : float, array or Series
        `other` is zero if left out: whether values are positive.
    scale : float
        Size of one unit of the tolerance, as `typical` gives it; one if left out.

    Examples
    --------
    >>> 0.1 + 0.2 > 0.3, is_above(0.1 + 0.2, 0.3)
    (True, False)
    """
    return values > other + ROUNDING * scale


def is_at_least(values: Any, other: Any, scale: float = 1.0) -> Any:
    """Return whether values reach another within `ROUNDING`; NaN reaches nothing.

    Examples
    --------
    >>> 0.3 >= 0.1 + 0.2, is_at_least(0.3, 0.1 + 0.2)
    (False, True)
    """
    return values >= other - ROUNDING * scale


def sign(values: Any, scale: float = 1.0) -> Any:
    """Return -1, 0 or 1; a value within `ROUNDING` of zero has no sign, nor has NaN.

    Examples
    --------
    >>> sign(0.1 + 0.2 - 0.3), sign(-0.5)
    (0, -1)
    """
    return is_above(values, scale=scale) * 1 - is_above(-values, scale=scale) * 1
