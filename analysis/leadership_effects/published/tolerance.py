"""Define the tolerance within which two recorded values are the same."""

from __future__ import annotations

import math
from typing import Any

TOLERANCE = 1e-7
NEXT_TO_NOTHING = 1e-9
RULE = (
    f"Two numbers are the same if they differ by at most one part in {1 / TOLERANCE:,.0f}, or by at most "
    f"{NEXT_TO_NOTHING:.9f} where they are all but zero. Words, row counts, rows and sources must be equal."
)
REASON = (
    "Results are kept to ten significant digits. Processors and builds of the numerical libraries add up in "
    "different orders, which moves the last of these digits; the tolerance leaves room for that and lies far below "
    "the last digit printed."
)


def same_number(one: Any, other: Any) -> bool:
    """Return whether two recorded values agree within the tolerance; text must be equal."""
    if isinstance(one, (int, float)) and isinstance(other, (int, float)):
        return math.isclose(one, other, rel_tol=TOLERANCE, abs_tol=NEXT_TO_NOTHING)
    return bool(one == other)
