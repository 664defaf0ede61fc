"""Compare floats to the ninth decimal, beyond which processors and libraries differ."""

from __future__ import annotations

from typing import Any

ROUNDING = 1e-9  # two values closer than this are equal
DECIMALS = 9  # what lies beyond differs between processors and must not decide an order or a rounding


def is_above(values: Any, other: Any = 0.0) -> Any:
    """Return whether values exceed another by more than `ROUNDING`; NaN exceeds nothing.

    Parameters
    ----------
    values, other : float, array or Series
        `other` is zero if left out: whether values are positive.

    Examples
    --------
    >>> 0.1 + 0.2 > 0.3, is_above(0.1 + 0.2, 0.3)
    (True, False)
    """
    return values > other + ROUNDING


def is_at_least(values: Any, other: Any) -> Any:
    """Return whether values reach another within `ROUNDING`; NaN reaches nothing.

    Examples
    --------
    >>> 0.3 >= 0.1 + 0.2, is_at_least(0.3, 0.1 + 0.2)
    (False, True)
    """
    return values >= other - ROUNDING


def sign(values: Any) -> Any:
    """Return -1, 0 or 1; a value within `ROUNDING` of zero has no sign, nor has NaN.

    Examples
    --------
    >>> sign(0.1 + 0.2 - 0.3), sign(-0.5)
    (0, -1)
    """
    return is_above(values) * 1 - is_above(-values) * 1
