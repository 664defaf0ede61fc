"""Name one fault of a release: its place and what is allowed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Problem:
    """One thing wrong with a release: its place and what is allowed."""

    file: str
    row: int | None
    column: str
    message: str

    def __str__(self) -> str:
        """Return ``file, row, column: message``."""
        row, column = f"row {self.row}" if self.row else "", f"column {self.column}" if self.column else ""
        place = [self.file, row, column]
        return f"{', '.join(part for part in place if part)}: {self.message}"


def file_row(index: Any) -> int:
    """Return the row of a file, the header being row 1, at a position in its table."""
    return int(index) + 2
