"""Hold rows as written, with their places, so that sheets and releases are checked alike."""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from leadership_effects.csv_files import read_csv
from leadership_effects.data.checks.problem import Problem
from leadership_effects.data.release import Release, ReleaseError, release_order


@dataclass(frozen=True)
class Line:
    """Row of a table: its file, its row there (the header is row 1) and its cells."""

    file: str
    number: int
    cells: Mapping[str, str]

    def problem(self, column: str, message: str) -> Problem:
        """Return a problem of one of its cells."""
        return Problem(self.file, self.number, column, message)

    def __getitem__(self, column: str) -> str:
        """Return a cell; blank where the table has no such column."""
        return self.cells.get(column, "")

    def year(self, column: str) -> int | None:
        """Return a cell as a year; None where it holds none."""
        cell = self[column]
        return int(cell) if cell.isascii() and cell.isdigit() else None

    def number_in(self, column: str) -> float | None:
        """Return a cell as a number; None where it holds none."""
        try:
            return float(self[column])
        except ValueError:
            return None


@dataclass(frozen=True)
class Lines:
    """Rows of all tables and entries of the plan.

    Attributes
    ----------
    tables : dict of str to sequence of Line
        By table; the outcomes of every panel under ``outcomes``.
    cases : dict of str to dict
        Entries of the plan by case.
    described : set of str
        Cases that the plan names as bearing no comparison.
    plan_file : str
    year : int
        Year of the release, which no row can lie after.
    rules : dict of str to value
        Rules of the plan that hold for every case.
    """

    tables: Mapping[str, Sequence[Line]]
    cases: Mapping[str, Mapping[str, Any]]
    described: frozenset[str]
    plan_file: str
    year: int = field(default=9999)
    rules: Mapping[str, Any] = field(default_factory=dict)

    def of(self, table: str) -> Sequence[Line]:
        """Return the rows of a table; none if there is no such table."""
        return self.tables.get(table, ())

    def planned(self, where: str, message: str) -> Problem:
        """Return a problem of a field of the plan."""
        return Problem(self.plan_file, None, where, message)


def table_lines(release: Release, table: str, prefix: str = "") -> Sequence[Line]:
    """Read the rows of a table of a release, its file named with a prefix.

    Raises
    ------
    ReleaseError
        If the file is missing, or that of a draft cannot be read.
    """
    file = release.resource(table)["path"]
    path = release.folder / file
    if not path.is_file():
        raise ReleaseError(f"{file}: named in datapackage.json but not there")
    stat = path.stat()
    edited = tuple(release.types(table).items()) if release.draft else ()
    return _read(path, prefix + file, stat.st_mtime_ns, stat.st_size, edited)


@lru_cache(maxsize=64)
def _read(
    path: Path, file: str, _changed: int, _size: int, edited: tuple[tuple[str, str], ...]
) -> tuple[Line, ...]:
    """Read a file once as long as it is the same: every case of a release asks for it."""
    if edited:
        saved = read_csv(path.read_bytes(), dict(edited))
        if saved.faults:
            raise ReleaseError("\n".join(f"{file}, {fault}" for fault in saved.faults))
        return tuple(Line(file, number, row) for number, row in saved.rows)
    reader = csv.DictReader(io.StringIO(path.read_text(encoding="utf-8"), newline=""), restkey="", restval="")
    return tuple(Line(file, number, row) for number, row in enumerate(reader, 2))


def release_tables(
    release: Release, prefix: str = "", panels: Collection[str] | None = None
) -> dict[str, list[Line]]:
    """Read the rows of every table of a release, the outcomes of all panels, or of some, as one."""
    tables: dict[str, list[Line]] = {"outcomes": []}
    for resource in release.descriptor["resources"]:
        table, _, panel = resource["name"].partition("-")
        if panels is None or not panel or panel in panels:
            tables.setdefault(table, []).extend(table_lines(release, resource["name"], prefix))
    return tables


def release_lines(release: Release) -> Lines:
    """Read the rows and the plan of a release.

    Raises
    ------
    ReleaseError
        If a table or the plan cannot be read.
    """
    cases, synthesis = release.plan.get("cases"), release.plan.get("synthesis")
    if not isinstance(cases, dict) or not all(isinstance(entry, dict) for entry in cases.values()):
        raise ReleaseError("plan.yml: cases must hold an entry with fields for each case")
    described = synthesis.get("described") if isinstance(synthesis, dict) else None
    return Lines(
        release_tables(release), cases, frozenset(described or ()), "plan.yml", release_order(release.name)[0],
        fields(release.plan.get("rules")),
    )  # fmt: skip


def fields(value: Any) -> Mapping[str, Any]:
    """Return fields with values of the plan; none where something else is written."""
    return {str(key): held for key, held in value.items()} if isinstance(value, Mapping) else {}


@cache  # a check asks for the same names many thousand times
def folded(text: str) -> str:
    """Return a name without accents, case, blanks and marks, to find two spellings of it.

    Examples
    --------
    >>> folded("Côte d’Ivoire") == folded("cote d'ivoire ")
    True
    """
    plain = unicodedata.normalize("NFKD", text).casefold()
    return "".join(character for character in plain if character.isalnum())
