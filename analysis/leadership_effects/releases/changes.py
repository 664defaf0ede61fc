"""Find the differences between two data releases, row by row, with their reasons.

Reasons are kept in ``data/changes/<release>.csv``, outside the frozen folder: ``table, change, key, column, reason``.
In ``key`` and ``column`` an asterisk matches any text, so that one reason can explain many cells. Of several entries
that fit a change the first in the file explains it. Cells are compared as they are written: 7.0 and 7 differ.
"""

from __future__ import annotations

import copy
import io
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from leadership_effects.counting import renew_counts
from leadership_effects.csv_files import CsvTable, read_csv
from leadership_effects.data.checks.keys import pointer, unfinished_mark
from leadership_effects.data.checks.problem import Problem
from leadership_effects.data.release import (
    Release,
    ReleaseError,
    newest_release,
    previous_release,
    release_order,
)
from leadership_effects.data.rows import table_text
from leadership_effects.files import shorten
from leadership_effects.paths import data_folder

COLUMNS = ("table", "change", "key", "column", "reason")
KINDS = (
    "added",
    "removed",
    "changed",
    "reordered",
    "column added",
    "column removed",
    "table added",
    "table removed",
)
PLAN, DESCRIPTOR = "plan", "datapackage"
# Set by the draft itself, or computed from the files.
OWN_MARKS = ("version", "hash", "bytes")
MISSING = object()


@dataclass(frozen=True)
class Change:
    """One difference between two releases.

    Attributes
    ----------
    table : str
        Name of the table; ``plan`` for the analysis plan, ``datapackage`` for the descriptor.
    kind : str
        One of `KINDS`; ``added`` and ``removed`` are rows, or entries of plan and descriptor.
    key : str
        Primary key, its parts joined by a slash; in plan and descriptor the path, joined by points.
    column : str
        Column of a changed cell, else empty.
    before, after : str
        The cell as written, empty where there was or is none.
    file : str
        Its file, from ``data/``: of the new release, for what was removed of the old one.
    row : int or None
        Row in that file as a spreadsheet counts, the header being row 1.
    """

    table: str
    kind: str
    key: str
    column: str
    before: str
    after: str
    file: str
    row: int | None = None


@dataclass(frozen=True)
class Reason:
    """One entry of a change file; `row` is its row as a spreadsheet counts."""

    table: str
    change: str
    key: str
    column: str
    reason: str
    row: int

    def fits(self, change: Change) -> bool:
        """Return whether the entry explains a change."""

        def matches(pattern: str, text: str) -> bool:
            return bool(re.fullmatch(".*".join(map(re.escape, pattern.split("*"))), text, flags=re.DOTALL))

        same = (self.table, self.change) == (change.table, change.kind)
        return same and matches(self.key, change.key) and matches(self.column, change.column)


@dataclass(frozen=True)
class Explained:
    """Changes with the entry that explains each.

    Attributes
    ----------
    pairs : tuple of (Change, Reason or None)
        Every change in order.
    idle : tuple of Reason
        Entries that explain no change.
    """

    pairs: tuple[tuple[Change, Reason | None], ...]
    idle: tuple[Reason, ...]

    def of(self, reason: Reason) -> list[Change]:
        """Return the changes that an entry explains."""
        return [change for change, found in self.pairs if found is reason]


def changes_path(release: str, folder: Path | None = None) -> Path:
    """Return the file of the reasons for a release's changes."""
    return (folder or data_folder()) / "changes" / f"{release}.csv"


def read_reasons(path: Path, tables: Iterable[str]) -> tuple[list[Reason], list[Problem]]:
    """Return the entries of a change file, and the problems of those left out.

    Parameters
    ----------
    tables : iterable of str
        Tables of either release; others are refused.
    """
    file = f"changes/{path.name}"
    if not path.is_file():
        return [], [Problem(file, None, "", f"missing; allowed: a table with {','.join(COLUMNS)}")]
    allowed = [*tables, PLAN, DESCRIPTOR]
    reasons: list[Reason] = []
    table = read_csv(path.read_bytes(), COLUMNS)
    problems = [Problem(file, fault.row, fault.column, fault.message) for fault in table.faults]
    for number, row in table.rows:
        if fault := _entry_fault(row, allowed):
            problems.append(Problem(file, number, *fault))
        else:
            reasons.append(Reason(**row, row=number))
    return reasons, problems


def change_rows(path: Path) -> list[dict[str, str]]:
    """Return the rows of a change file, to be written again with others; none if it is missing.

    Raises
    ------
    ReleaseError
        If it cannot be read; the message names each row and column.
    """
    return [cells for _, cells in numbered_rows(path, COLUMNS)]


def numbered_rows(path: Path, columns: tuple[str, ...]) -> tuple[tuple[int, dict[str, str]], ...]:
    """Return the rows of a file in ``data/changes`` with their numbers; none if it is missing.

    Raises
    ------
    ReleaseError
        If it cannot be read; the message names each row and column.
    """
    table = read_csv(path.read_bytes(), columns) if path.is_file() else CsvTable(())
    if table.faults:
        told = [f"changes/{path.name}, {fault}" for fault in table.faults]
        raise ReleaseError("\n".join([*told, f"{len(told)} problem(s); nothing was changed"]))
    return table.rows


def _entry_fault(row: Mapping[str, str], tables: list[str]) -> tuple[str, str] | None:
    """Return column and message of what is wrong with an entry."""
    if row["table"] not in tables:
        return "table", f"found {row['table']!r}; allowed: {', '.join(tables)}"
    if row["change"] not in KINDS:
        return "change", f"found {row['change']!r}; allowed: {', '.join(KINDS)}"
    if not row["reason"].strip():
        return "reason", "is empty; allowed: a sentence that gives it"
    if mark := unfinished_mark(row["reason"]):
        return "reason", f"{mark!r} was left; allowed: a sentence that gives the reason"
    if pointer(row["reason"]):
        return (
            "reason",
            f"{row['reason']!r} says nothing by itself; allowed: a sentence that gives the reason",
        )
    return None


def explain(changes: Iterable[Change], reasons: list[Reason]) -> Explained:
    """Give each change the first entry that fits it."""
    pairs = tuple((change, next((r for r in reasons if r.fits(change)), None)) for change in changes)
    used = {id(reason) for _, reason in pairs}
    return Explained(pairs, tuple(reason for reason in reasons if id(reason) not in used))


def explained(old: Release, new: Release, path: Path | None = None) -> tuple[Explained, list[Problem]]:
    """Return the changes between two releases with their reasons, and the problems.

    Returns
    -------
    Explained
    list of Problem
        Malformed entries, changes without a reason, and entries that explain nothing.
    """
    tables = dict.fromkeys(r["name"] for release in (old, new) for r in release.descriptor["resources"])
    path = path or changes_path(new.name, new.folder.parent)
    reasons, problems = read_reasons(path, tables)
    found = explain(release_changes(old, new), reasons)
    for change, reason in found.pairs:
        if reason is None:
            entry = ",".join((change.table, change.kind, change.key, change.column, "<why>"))
            message = f"{_described(change)}, without a reason in changes/{path.name}; needed: {entry}"
            problems.append(Problem(change.file, change.row, change.column, message))
    for reason in found.idle:
        message = (
            f"every change of {reason.table} that it explains has its reason in an entry above; take it out"
        )
        problems.append(Problem(f"changes/{path.name}", reason.row, "", message))
    return found, problems


def _described(change: Change) -> str:
    if change.kind == "changed":
        before, after = (shorten(text, 60) for text in (change.before, change.after))
        return f"{change.key}: {before!r} became {after!r}"
    return f"{change.kind}: {change.key or change.column or change.table}"


def release_changes(old: Release, new: Release) -> list[Change]:
    """Return every difference between two releases: tables, rows, cells, descriptor, plan.

    A new table, or a new column, is one change, whatever it holds. What marks a release as itself is none: its name in
    descriptor and plan, sizes and checksums.
    """
    before, after = (_nested(release.descriptor) for release in (old, new))
    described = _leaf_changes(DESCRIPTOR, before, after, old, new, "datapackage.json")
    return [*_table_changes(old, new), *described, *_plan_changes(old, new)]


def _table_changes(old: Release, new: Release) -> Iterator[Change]:
    before, after = ({r["name"]: r for r in release.descriptor["resources"]} for release in (old, new))
    for name in [*before, *(other for other in after if other not in before)]:
        if name not in after:
            yield Change(name, "table removed", "", "", "", "", f"{old.name}/{before[name]['path']}")
        elif name not in before:
            yield Change(name, "table added", "", "", "", "", f"{new.name}/{after[name]['path']}")
        else:
            yield from _row_changes(old, new, name)


def written_rows(release: Release, name: str) -> pd.DataFrame:
    """Return a table's cells as written, by primary key, with their spreadsheet row.

    Raises
    ------
    ReleaseError
        If the file is missing or malformed, or holds a key twice.
    """
    resource = release.resource(name)
    frame = pd.read_csv(io.StringIO(table_text(release, name)), dtype=str, keep_default_na=False)
    lacking = [column for column in resource["schema"]["primaryKey"] if column not in frame]
    if lacking:
        raise ReleaseError(f"{resource['path']}: column {lacking[0]!r} of its key is missing")
    parts = zip(*(frame[column] for column in resource["schema"]["primaryKey"]), strict=True)
    keys = pd.Index(["/".join(cells) for cells in parts], dtype=object)
    twice = keys.duplicated()
    if twice.any():
        place = int(twice.argmax())
        raise ReleaseError(f"{resource['path']}, row {place + 2}: key {keys[place]} is there twice")
    return frame.set_axis(keys).assign(**{"(row)": range(2, len(frame) + 2)})


def _row_changes(old: Release, new: Release, name: str) -> Iterator[Change]:
    before, after = written_rows(old, name), written_rows(new, name)
    old_file, new_file = (f"{release.name}/{release.resource(name)['path']}" for release in (old, new))
    for column in before.columns.difference(after.columns, sort=False):
        yield Change(name, "column removed", "", str(column), "", "", old_file, 1)
    for column in after.columns.difference(before.columns, sort=False):
        yield Change(name, "column added", "", str(column), "", "", new_file, 1)
    for key, row in before.loc[~before.index.isin(after.index), "(row)"].items():
        yield Change(name, "removed", str(key), "", "", "", old_file, int(row))
    for key, row in after.loc[~after.index.isin(before.index), "(row)"].items():
        yield Change(name, "added", str(key), "", "", "", new_file, int(row))
    both = after.index[after.index.isin(before.index)]
    columns = [column for column in after.columns if column in before.columns and column != "(row)"]
    left, right = before.loc[both, columns], after.loc[both, columns]
    differs = (left != right).to_numpy()
    for place in differs.any(axis=1).nonzero()[0]:
        for number in differs[place].nonzero()[0]:
            yield Change(
                name, "changed", str(both[place]), columns[number], str(left.iat[place, number]),
                str(right.iat[place, number]), new_file, int(after["(row)"].loc[both[place]]),
            )  # fmt: skip
    if list(both) != list(before.index[before.index.isin(after.index)]):
        yield Change(name, "reordered", "", "", "", "", new_file)


def year_bounds(descriptor: Mapping[str, Any], year: int) -> Iterator[dict[str, Any]]:
    """Yield the constraints of the columns whose largest value is the year of the release."""
    for resource in descriptor["resources"]:
        for field in resource["schema"]["fields"]:
            bounds = field.get("constraints", {})
            if field["type"] == "integer" and bounds.get("maximum") == year:
                yield bounds


def _nested(descriptor: dict[str, Any]) -> dict[str, Any]:
    """Return the descriptor as nested mappings: package, then table, then column.

    The number of cases in a description and the largest year are those of the release, set by draft and freeze, and so no change.
    """
    descriptor = copy.deepcopy(descriptor)
    for bound in year_bounds(descriptor, release_order(descriptor["version"])[0]):
        del bound["maximum"]
    package = {k: v for k, v in descriptor.items() if k not in (*OWN_MARKS, "resources", "plan")}
    package["description"] = renew_counts(package.get("description", ""), 1)
    tables = {}
    for resource in descriptor["resources"]:
        own = {k: v for k, v in resource.items() if k not in (*OWN_MARKS, "schema", "name")}
        own["description"] = renew_counts(own.get("description", ""), 1)
        schema = {k: v for k, v in resource["schema"].items() if k != "fields"}
        fields = {field["name"]: field for field in resource["schema"]["fields"]}
        tables[resource["name"]] = {**own, **schema, "columns": fields}
    return {"package": package, **tables}


def _plan_changes(old: Release, new: Release) -> Iterator[Change]:
    before, after = ({k: v for k, v in release.plan.items() if k != "release"} for release in (old, new))
    found = list(_leaf_changes(PLAN, before, after, old, new, "plan.yml"))
    yield from found
    if not found and _text_without_name(old) != _text_without_name(new):
        yield Change(PLAN, "changed", "(comments)", "", "", "", f"{new.name}/plan.yml")


def _text_without_name(release: Release) -> str:
    """Return the text of a plan without the name of its release."""
    text = (release.folder / "plan.yml").read_text(encoding="utf-8-sig")
    return re.sub(rf"^(# .*|release: .*){re.escape(release.name)}(.*)$", r"\1\2", text, flags=re.MULTILINE)


def _leaf_changes(
    table: str, before: Any, after: Any, old: Release, new: Release, file: str, path: tuple[str, ...] = ()
) -> Iterator[Change]:
    """Yield differences of nested mappings; lists are compared as wholes."""
    key = ".".join(path)
    if isinstance(before, dict) and isinstance(after, dict):
        for name in [*before, *(other for other in after if other not in before)]:
            pair = before.get(name, MISSING), after.get(name, MISSING)
            yield from _leaf_changes(table, *pair, old, new, file, (*path, str(name)))
    elif before is MISSING or after is MISSING:
        # A whole table or column of the descriptor is a change of the tables.
        if table != DESCRIPTOR or not (len(path) == 1 or (len(path) == 3 and path[1] == "columns")):
            kind, release = ("removed", old) if after is MISSING else ("added", new)
            yield Change(table, kind, key, "", "", "", f"{release.name}/{file}")
    elif before != after:
        yield Change(table, "changed", key, "", str(before), str(after), f"{new.name}/{file}")


def newest_pair(folder: Path | None = None) -> tuple[str, str]:
    """Return the names of the last two frozen releases.

    Raises
    ------
    ReleaseError
        If there is only one.
    """
    new = newest_release(folder)
    old = previous_release(new, folder)
    if old is None:
        raise ReleaseError(f"{new} is the first release; there is nothing before it to compare with")
    return old, new
