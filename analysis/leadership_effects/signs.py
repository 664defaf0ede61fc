"""Write the minus sign of a number."""

from __future__ import annotations

import re

MINUS = "\u2212"
HYPHEN = re.compile(r"(?<![\w\u2013/.#-])-(?=\d)")


def true_minus(text: str) -> str:
    """Return a text with a minus sign where a number is led by a hyphen.

    A hyphen within a word, a name, an address or a span of years stays.

    Examples
    --------
    >>> true_minus("-0.7 to -0.6"), true_minus("huari-08, 2008-09, a/-3")
    ('\u22120.7 to \u22120.6', 'huari-08, 2008-09, a/-3')
    """
    return HYPHEN.sub(MINUS, text)
