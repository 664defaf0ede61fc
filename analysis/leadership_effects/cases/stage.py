"""Merge a case into a copy of a draft release, to check the draft as a whole.

Rows of tables without a column for the case are known by their keys. Those that a case brought are recorded with its
worksheets in ``taken.json``, so that a row corrected or deleted in a worksheet leaves the draft the next time, and rows of
a frozen release are never removed.
"""

from __future__ import annotations

import copy
import csv
import json
import re
import shutil
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from leadership_effects.cases.worksheets import (
    DESIGN,
    FILL,
    CaseError,
    CaseRows,
    SheetRow,
    Worksheet,
    schema_of,
    target_table,
    worksheet_folder,
)
from leadership_effects.data.checks.problem import Problem
from leadership_effects.data.release import Release, frozen_releases, open_release
from leadership_effects.data.rows import Key, Row, csv_text, key_columns, key_of, read_rows, replace_rows
from leadership_effects.data.validation import PLAIN, check_release, frictionless_problem
from leadership_effects.data.vocabulary import OPEN_COLUMNS, VOCABULARY
from leadership_effects.files import write_json

TAKEN = "taken.json"
Keys = dict[str, set[Key]]


@dataclass(frozen=True)
class Stage:
    """Copy of a draft that a case was merged into.

    Attributes
    ----------
    folder : Path
        Folder that holds the copy under the name of the draft.
    counts : dict of str to int
        Rows of the case by file of the release.
    keys : dict of str to set of tuple
        Keys of the rows that the case brought and that are known by their key alone, by table of the release.
    """

    folder: Path
    counts: dict[str, int]
    keys: Keys


@contextmanager
def staged(case: CaseRows) -> Iterator[Stage]:
    """Copy the draft to a temporary folder and merge the case into the copy.

    Raises
    ------
    CaseError
        If the units name several panels.
    """
    with tempfile.TemporaryDirectory(prefix="draft-") as folder:
        copied = Path(folder) / case.release.name
        shutil.copytree(case.release.folder, copied)
        yield Stage(Path(folder), *_merge(case, copied))


def _merge(case: CaseRows, folder: Path) -> tuple[dict[str, int], Keys]:
    descriptor, counts, now = _descriptor_with(case), dict[str, int](), Keys()
    before, others = taken_keys(case.release, case.case_id), taken_by_others(case.release, case.case_id)
    for name, sheet in case.filled().items():
        resource, own = target_table(case, name), [row.cells for row in sheet.rows]
        if (
            name == VOCABULARY["name"] and not own
        ):  # the table comes with its first word, and goes with its last
            continue
        entry = _resource(descriptor, resource)
        path, columns = folder / entry["path"], [field["name"] for field in entry["schema"]["fields"]]
        old = read_rows(case.release, resource) if path.is_file() else []
        if name in case.kind.owned:
            rows = replace_rows(old, own, {(case.case_id,)}, [case.kind.owned[name]])
        else:
            key = entry["schema"]["primaryKey"]
            keys, mine = {key_of(row, key) for row in own}, before.get(resource, set())
            now[resource] = (keys & mine) | (keys - set(frozen_rows(case.release, resource)))
            # A row that a sheet shows as the draft has it, and that others brought, stays where it is.
            there = {key_of(row, key): row for row in old}
            stay = {one for row in own if (one := key_of(row, key)) not in mine and there.get(one) == row}
            brought = [row for row in own if key_of(row, key) not in stay]
            rows = replace_rows(old, brought, (keys | (mine - others[resource])) - stay, key)
        path.write_text(csv_text(columns, rows), encoding="utf-8")
        counts[entry["path"]] = len(own)
    for resource in set(before) - set(now):
        _remove(case.release, descriptor, folder, resource, before[resource] - others[resource])
    write_json(folder / "datapackage.json", descriptor, sort=False)
    plan = folder / "plan.yml"
    text = case.kind.place(plan.read_text(encoding="utf-8-sig"), case.case_id, case.plan, case.roles)
    plan.write_text(text, encoding="utf-8")
    return counts, now


def _descriptor_with(case: CaseRows) -> dict[str, Any]:
    """Return a copy of the draft's descriptor that allows the id of the case."""
    descriptor = copy.deepcopy(case.release.descriptor)
    for column in case.kind.id_columns:
        _allow(descriptor, column, case.case_id)
    for row in case.rows_of("vocabulary"):
        if row.cells["column"] in OPEN_COLUMNS and row.cells["word"]:
            _allow(descriptor, row.cells["column"], row.cells["word"])
    return descriptor


def _remove(
    release: Release, descriptor: dict[str, Any], folder: Path, resource: str, gone: set[Key]
) -> None:
    """Remove rows that a case has no worksheet for any more; with the last its panel goes."""
    entry = next((entry for entry in descriptor["resources"] if entry["name"] == resource), None)
    if entry is None:
        return
    key, path = entry["schema"]["primaryKey"], folder / entry["path"]
    rows = [row for row in read_rows(release, resource) if key_of(row, key) not in gone]
    path.write_text(csv_text([f["name"] for f in entry["schema"]["fields"]], rows), encoding="utf-8")
    own_file = resource.startswith("outcomes-") or resource == VOCABULARY["name"]
    if not rows and own_file and not frozen_rows(release, resource):
        path.unlink()
        descriptor["resources"].remove(entry)
        for allowed in enumerations(descriptor, "panel"):
            allowed[:] = [value for value in allowed if value != resource.removeprefix("outcomes-")]


def _resource(descriptor: dict[str, Any], name: str) -> dict[str, Any]:
    """Return the descriptor's entry of a table; that of a new panel is made like the others."""
    entries: list[dict[str, Any]] = descriptor["resources"]
    for entry in entries:
        if entry["name"] == name:
            return entry
    if name == VOCABULARY["name"]:
        entries.append(copy.deepcopy(VOCABULARY))
        return entries[-1]
    panel = name.removeprefix("outcomes-")
    last = max(n for n, entry in enumerate(entries) if entry["name"].startswith("outcomes-"))
    description = f"An outcome: one indicator, unit and year. Panel {panel}."
    made = copy.deepcopy(entries[last]) | {
        "name": name, "path": f"outcomes/{panel}.csv", "description": description,
    }  # fmt: skip
    entries.insert(last + 1, made)
    _allow(descriptor, "panel", panel)
    return made


def _allow(descriptor: dict[str, Any], column: str, value: str) -> None:
    for allowed in enumerations(descriptor, column):
        allowed.extend({value} - set(allowed))


def enumerations(descriptor: dict[str, Any], column: str) -> Iterator[list[Any]]:
    """Yield the lists of what the columns of a name allow."""
    for entry in descriptor["resources"]:
        for field in entry["schema"]["fields"]:
            allowed = field.get("constraints", {}).get("enum")
            if field["name"] == column and allowed is not None:
                yield allowed


def stage_problems(case: CaseRows, stage: Stage) -> list[Problem]:
    """Return the problems of the draft with the case in it, by worksheet and row."""
    draft = case.release.name
    paths = {e["name"]: e["path"] for e in open_release(draft, stage.folder).descriptor["resources"]}
    places = {
        paths[target_table(case, name)]: {tuple(row.cells.values()): (sheet.file, row.number) for row in sheet.rows}
        for name, sheet in case.filled().items() if target_table(case, name) in paths
    }  # fmt: skip
    found = []
    for problem in check_release(draft, stage.folder, case.release.folder.parent.parent):
        file, row, column = f"{draft}/{problem.file}", problem.row, problem.column
        if problem.file == "plan.yml" and case.kind is DESIGN:
            column = column.removeprefix(".".join((*case.kind.section, "")))
        if problem.file == "plan.yml" and column.startswith(case.case_id):
            file = case.plan_file
        elif problem.file in places and row:
            with (stage.folder / draft / problem.file).open(encoding="utf-8", newline="") as stream:
                cells = tuple(list(csv.reader(stream))[row - 1])
            file, row = places[problem.file].get(cells, (file, row))
        found.append(replace(problem, file=file, row=row, column=column))
    return found


def draft_problems(
    case: CaseRows, stage: Stage, of_draft: Callable[[CaseRows, Release], Iterable[Problem]]
) -> list[Problem]:
    """Return the problems of the draft with a case in it, or else what it lacks for the case.

    What the plan of a design lacks is told by `of_draft`, which names more than the first fault.

    Parameters
    ----------
    case : CaseRows
    stage : Stage
    of_draft : callable
        ``of_draft(case, draft)`` yields what the draft with the rows in it lacks.
    """
    found = stage_problems(case, stage)
    if found and (case.kind is not DESIGN or any(problem.file != case.plan_file for problem in found)):
        return found
    return list(of_draft(case, open_release(case.release.name, stage.folder))) or found


def worksheet_problems(case: CaseRows) -> Iterator[Problem]:
    """Yield the filled cells that the descriptor does not allow, one problem a cell."""
    descriptor = _descriptor_with(case)
    for row in case.rows_of("units"):
        _allow(descriptor, "panel", row.cells["panel"])
    schemas = {entry["name"]: entry["schema"] for entry in descriptor["resources"]}
    for name, sheet in case.filled().items():
        schema = schemas[name] if name in schemas else schema_of(case.release, name)
        found = [
            *_schema_problems(sheet, schema), *_notation_problems(sheet, schema), *_reference_problems(case, sheet, schema),
        ]  # fmt: skip
        first: dict[tuple[int | None, str], Problem] = {}
        for problem in sorted(found, key=lambda one: one.row or 0):
            first.setdefault((problem.row, problem.column), problem)
        yield from first.values()


def _schema_problems(sheet: Worksheet, schema: dict[str, Any]) -> Iterator[Problem]:
    from frictionless import Resource, Schema

    if not sheet.rows:
        return
    fields = [field["name"] for field in schema["fields"]]
    # Keys and references need the whole release: `stage_problems` and `_reference_problems` check them.
    alone = {key: value for key, value in schema.items() if key not in ("primaryKey", "foreignKeys")}
    data = [fields, *([row.cells[column] for column in fields] for row in sheet.rows)]
    report = Resource(data=data, schema=Schema.from_descriptor(alone)).validate(limit_errors=1000)
    for error in [error for task in report.tasks for error in task.errors]:
        if not str(getattr(error, "cell", "")).startswith(FILL):
            problem = frictionless_problem(sheet.file, error, schema)
            yield replace(problem, row=sheet.rows[problem.row - 2].number if problem.row else None)


def _notation_problems(sheet: Worksheet, schema: dict[str, Any]) -> Iterator[Problem]:
    for field in schema["fields"]:
        pattern, allowed = PLAIN.get(field["type"], (".*", ""))
        for row in sheet.rows:
            cell = row.cells[field["name"]]
            if allowed and not cell.startswith(FILL) and not re.fullmatch(pattern, cell):
                yield sheet.problem(row, field["name"], f"found {cell!r}; allowed: {allowed}")


def _reference_problems(case: CaseRows, sheet: Worksheet, schema: dict[str, Any]) -> Iterator[Problem]:
    for link in schema.get("foreignKeys", ()):
        (column,), target, (key,) = link["fields"], link["reference"]["resource"], link["reference"]["fields"]
        if column == "source_id":  # the contract itself asks for a source in every row
            continue
        known, unknown = {*case.column(target, key), ""}, defaultdict[str, list[SheetRow]](list)
        for row in sheet.rows:
            cell = row.cells[column]
            if cell not in known and not cell.startswith(FILL):
                unknown[cell].append(row)
        for cell, rows in unknown.items():
            also = f" in {len(rows)} rows, {rows[0].number} to {rows[-1].number}" if len(rows) > 1 else ""
            yield sheet.problem(rows[0], column, f"found {cell!r}{also}; {_allowed_key(case, target, key)}")


def _allowed_key(case: CaseRows, target: str, key: str) -> str:
    """Return what a cell may refer to, and how a reading comes in."""
    draft = case.release.name
    if target == "readings":
        return (
            f"allowed: a {key} of {draft}/{target}.csv. A reading gets a row there, with its reason in changes/{draft}.csv, as "
            f"readings,added,<the coder>,,<why>; nox -s coding -- --import enters both"
        )
    return f"allowed: a {key} of {target}.csv"


def taken_keys(release: Release, case_id: str) -> Keys:
    """Return the keys of rows that a case brought and no release held before, by table.

    Raises
    ------
    CaseError
        If their file cannot be read.
    """
    path = worksheet_folder(release, case_id) / TAKEN
    if not path.is_file():
        return {}
    try:
        content = json.loads(path.read_text(encoding="utf-8-sig"))
        return {table: {tuple(map(str, key)) for key in keys} for table, keys in content.items()}
    except (ValueError, AttributeError, TypeError) as error:
        raise CaseError(
            f"worksheets/{case_id}/{TAKEN}: {error}; allowed: the file as --take wrote it. Without it, rows that "
            "were taken and are no more in a sheet must be taken out of the draft by hand"
        ) from error


def record_keys(case: CaseRows, keys: Keys) -> None:
    """Write the keys that a case brought."""
    content = {table: sorted(map(list, held)) for table, held in sorted(keys.items()) if held}
    write_json(worksheet_folder(case.release, case.case_id) / TAKEN, content)


def taken_by_others(release: Release, case_id: str) -> defaultdict[str, set[Key]]:
    """Return the keys of rows that other begun cases brought, by table."""
    found: defaultdict[str, set[Key]] = defaultdict(set)
    for path in (release.folder.parent / "worksheets").glob(f"*/{TAKEN}"):
        if path.parent.name != case_id:
            for table, keys in taken_keys(release, path.parent.name).items():
                found[table] |= keys
    return found


def frozen_rows(release: Release, table: str) -> dict[Key, Row]:
    """Return the rows of a table in the frozen releases, by key; of several the newest."""
    folder = release.folder.parent
    rows: dict[Key, Row] = {}
    for frozen in (open_release(name, folder) for name in frozen_releases(folder)):
        if table in {entry["name"] for entry in frozen.descriptor["resources"]}:
            key = key_columns(frozen, table)
            rows |= {key_of(row, key): row for row in read_rows(frozen, table)}
    return rows
