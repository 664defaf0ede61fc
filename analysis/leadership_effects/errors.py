"""Define the base class of the package's errors and the runner of its command lines."""

from __future__ import annotations

import difflib
import re
import sys
from collections.abc import Callable, Iterable

NEAREST = 8  # names that a refusal shows


class LeadershipError(Exception):
    """Report a problem that a user can correct; its text says what is wrong and what is allowed."""


def nearest_names(asked: str, known: Iterable[str], shown: int = NEAREST) -> str:
    """List allowed names, those most like the one asked for first, and count the rest.

    Examples
    --------
    >>> nearest_names("Slovakia", ["Albania", "Korea, Rep", "Norway", "Slovak Republic", "Slovenia"], 2)
    "'Slovak Republic', 'Slovenia' and 3 more"
    >>> nearest_names("x", ["a, b"])
    "'a, b'"
    """

    def likeness(name: str) -> float:
        parts = [name.lower(), *re.findall(r"\w+", name.lower())]
        return max(difflib.SequenceMatcher(None, asked.lower(), part).ratio() for part in parts)

    names = sorted(sorted(set(known)), key=likeness, reverse=True)
    more = f" and {len(names) - shown} more" if len(names) > shown else ""
    return ", ".join(map(repr, names[:shown])) + more


def run_command(command: Callable[[], int], prefix: str = "", failed: int = 1) -> int:
    """Run a command; print an error of this package and return `failed` in place of a traceback."""
    try:
        return command()
    except LeadershipError as error:
        print(f"{prefix}{error}", file=sys.stderr)
        return failed
