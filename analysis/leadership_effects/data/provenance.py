"""Trace numbers to the release rows behind them, and rows to the lines of their files."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from leadership_effects.data.release import Release
from leadership_effects.errors import LeadershipError

if TYPE_CHECKING:
    import pandas as pd

Member = tuple[str, tuple[str, ...]]
OUTCOME_KEY = ["indicator_id", "unit_id", "year"]


class ProvenanceError(LeadershipError, ValueError):
    """A row is not in the release, or a table lacks the columns of its primary key."""


@dataclass(frozen=True)
class Rows:
    """Where numbers come from: how many release rows, which they are, and their sources.

    Attributes
    ----------
    count : int
    description : str
    sources : tuple of str
        Source ids.
    members : frozenset of (str, tuple of str)
        Table and primary key of each row; empty where a number rests on no row of the release.
    """

    count: int
    description: str
    sources: tuple[str, ...]
    members: frozenset[Member] = frozenset()

    def __radd__(self, nothing: int) -> Rows:
        """Return the rows themselves, so that `sum` merges the rows of several."""
        return self

    def __add__(self, other: Rows) -> Rows:
        """Merge the rows behind a result that draws on two sets; a row in both counts once."""
        members = self.members | other.members
        both = self.members and other.members
        return Rows(
            len(members) if both else self.count + other.count,
            "; ".join(dict.fromkeys(part for part in (self.description, other.description) if part)),
            tuple(sorted({*self.sources, *other.sources})),
            members,
        )


def provenance(rows: pd.DataFrame, text: str | None = None) -> Rows:
    """Trace a table of outcome rows to the rows of the release."""
    years = sorted(set(rows["year"].astype(int)))
    span = f"{years[0]}-{years[-1]}" if len(years) > 1 else str(years[0])
    names = ", ".join(sorted(set(rows["indicator_id"])))
    described = f"{names}: {rows['unit_id'].nunique()} units, {len(years)} years ({span})"
    members = _members("outcomes", rows, OUTCOME_KEY)
    return Rows(len(members), text or described, tuple(sorted(set(rows["source_id"]))), members)


def table_rows(table: str, key: list[str], rows: pd.DataFrame, description: str) -> Rows:
    """Trace rows of a table whose primary key is known."""
    members = _members(table, rows, key)
    return Rows(len(members), description, tuple(sorted({s for s in rows["source_id"] if s})), members)


def rows_of(release: Release, table: str, frame: pd.DataFrame, description: str = "") -> Rows:
    """Trace a number to rows of one table of the release.

    Parameters
    ----------
    release : Release
    table : str
        Name of the table, for instance ``leadership``.
    frame : DataFrame
        Rows of that table, with at least the columns of its primary key.
    description : str
        What the rows are; the file and the keys if left out.

    Raises
    ------
    ProvenanceError
        If a column of the primary key is missing.

    Examples
    --------
    >>> from leadership_effects.data.release import open_release
    >>> release = open_release("2026.1")
    >>> events = release.table("events")
    >>> rows_of(release, "events", events[events["case_id"] == "huari"], "events of Huari").count
    6
    """
    resource = release.resource(table)
    key = list(resource["schema"]["primaryKey"])
    missing = [column for column in key if column not in frame]
    if missing:
        raise ProvenanceError(f"{resource['path']}: rows without {missing[0]!r}; needed: {', '.join(key)}")
    members = _members(table, frame, key)
    named = ", ".join("/".join(keys) for _, keys in sorted(members))
    sources = frame.get("source_id", ())
    shown = description or f"{resource['path']}: {named}"
    return Rows(len(members), shown, tuple(sorted({s for s in sources if s})), members)


def rows_named(release: Release, table: str, *ids: str, description: str = "") -> Rows:
    """Trace a number to rows of a table by the first column of its primary key.

    Raises
    ------
    ProvenanceError
        If the table has no such row.

    Examples
    --------
    >>> from leadership_effects.data.release import open_release
    >>> rows_named(open_release("2026.1"), "events", "huari-event-01").sources
    ('LF_047',)
    """
    frame, key = release.table(table), release.resource(table)["schema"]["primaryKey"][0]
    unknown = sorted(set(ids) - set(frame[key]))
    if unknown:
        raise ProvenanceError(f"{release.resource(table)['path']}: no row with {key} {unknown[0]!r}")
    return rows_of(release, table, frame[frame[key].isin(ids)], description)


def _members(table: str, rows: pd.DataFrame, key: list[str]) -> frozenset[Member]:
    columns = (rows[column].astype(str).to_numpy(object) for column in key)
    return frozenset((table, keys) for keys in zip(*columns, strict=True))


def file_lines(release: Release, members: Iterable[Member]) -> dict[str, str]:
    """Locate rows in their files, the header being row 1: ``{"events.csv": "4-7, 12"}``.

    Raises
    ------
    ProvenanceError
        If a row is not in the release.
    """
    kept: dict[frozenset[Member], dict[str, str]] = release.__dict__.setdefault("_file_lines", {})
    known = frozenset(members)  # a set is hashed once, and numbers share theirs
    if known not in kept:
        kept[known] = _file_lines(release, known)
    return dict(kept[known])


def _file_lines(release: Release, members: frozenset[Member]) -> dict[str, str]:
    found: dict[str, list[int]] = {}
    located: dict[Member, tuple[str, int]] = release.__dict__.setdefault("_located", {})
    for member in members:  # other numbers share most of them
        if member not in located:
            located[member] = locate_row(release, *member)
        file, row = located[member]
        found.setdefault(file, []).append(row)
    return {file: ranges(rows) for file, rows in sorted(found.items())}


def locate_row(release: Release, table: str, key: tuple[str, ...]) -> tuple[str, int]:
    """Locate file and row of a primary key; ``outcomes`` means the outcome files read so far."""
    for resource in release.descriptor["resources"]:
        named = resource["name"] == table or resource["name"].startswith(f"{table}-")
        if named and resource["path"] in release.files_read and key in _positions(release, resource):
            return resource["path"], _positions(release, resource)[key]
    raise ProvenanceError(f"{table}: no file that was read has the row {'/'.join(key)}")


def _positions(release: Release, resource: dict[str, Any]) -> dict[tuple[str, ...], int]:
    """Return the row of each primary key of a table, the header being row 1."""
    cache: dict[str, Any] = release.__dict__.setdefault("_positions", {})
    if resource["name"] not in cache:
        columns = resource["schema"]["primaryKey"]
        frame = release.table(resource["name"])[columns].astype(str)
        keys = frame.itertuples(index=False, name=None)
        cache[resource["name"]] = {key: row for row, key in enumerate(keys, start=2)}
    positions: dict[tuple[str, ...], int] = cache[resource["name"]]
    return positions


def ranges(rows: Iterable[int]) -> str:
    """Format whole numbers as ranges: ``2-5, 9``.

    Examples
    --------
    >>> ranges([2, 3, 4, 5, 9])
    '2-5, 9'
    """
    runs: list[list[int]] = []
    for row in sorted(set(rows)):
        if runs and row == runs[-1][1] + 1:
            runs[-1][1] = row
        else:
            runs.append([row, row])
    return ", ".join(str(a) if a == b else f"{a}-{b}" for a, b in runs)
