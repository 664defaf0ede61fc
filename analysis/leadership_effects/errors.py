"""Define the base class of the package's errors and the runner of its command lines."""

from __future__ import annotations

import sys
from collections.abc import Callable


class LeadershipError(Exception):
    """Report a problem that a user can correct; its text says what is wrong and what is allowed."""


def run_command(command: Callable[[], int], prefix: str = "", failed: int = 1) -> int:
    """Run a command; print an error of this package and return `failed` in place of a traceback."""
    try:
        return command()
    except LeadershipError as error:
        print(f"{prefix}{error}", file=sys.stderr)
        return failed
