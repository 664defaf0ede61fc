"""Locate a running cell in its notebook's source, and the page that lists a source."""

from __future__ import annotations

import linecache
import sys
from pathlib import Path

from leadership_effects.paths import ROOT

CELL = "# %%"  # what a cell begins with
LISTED = ("notebooks", "leadership_effects")  # folders of ``analysis`` whose sources have a page of the site


def calling_line(source: Path) -> int | None:
    """Return the line of a notebook's source that is being run, None outside a notebook."""
    frame = sys._getframe(1)
    while frame is not None and frame.f_globals.get("__name__") != "__main__":
        frame = frame.f_back  # type: ignore[assignment]
    if frame is None or not source.is_file():
        return None
    cell = "".join(linecache.getlines(frame.f_code.co_filename))
    above = lines_above(source.read_text(encoding="utf-8"), cell)
    return None if above is None else above + frame.f_lineno


def lines_above(source: str, cell: str) -> int | None:
    """Return the number of lines above a cell in a source, None if it is not found."""
    text = cell.strip("\n")
    return source.partition(text)[0].count("\n") if cell.strip() and text in source else None


def named_cell(source: str, line: int | None) -> str:
    """Return a notebook source and the number of the cell that holds a line."""
    if line is None:
        return source
    above = (ROOT / source).read_text(encoding="utf-8").split("\n")[:line]
    return f"{source}, cell {sum(text.startswith(CELL) for text in above)} (line {line})"


def code_page(source: str) -> str:
    """Return the page that lists a source: its path below ``analysis`` without the ending."""
    return source.removeprefix("analysis/").removesuffix(".py")


def is_listed(source: str) -> bool:
    """Return whether the site has a page that lists a source, given as its path in the checkout."""
    return source.startswith(tuple(f"analysis/{folder}/" for folder in LISTED))
