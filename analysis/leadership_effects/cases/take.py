"""Rows of a case put into a copy of a draft, and what a case took before.

The copy is what the draft will be, so it can be checked as a whole before it is put in place. Rows of tables without a column
for the case are known by their keys: those that a case took are remembered beside its worksheets in ``taken.json``, so that a
row corrected or deleted in a sheet leaves the draft with the next taking, and rows of a frozen release are never removed.
"""

from __future__ import annotations

import csv
import json
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import yaml

from leadership_effects.cases.worksheets import (
    FILL,
    OWNED,
    Sheet,
    released_table,
    schema_of,
    sheet_text,
    worksheet_folder,
)
from leadership_effects.data.release import Release, ReleaseError, is_draft, open_release
from leadership_effects.data.validation import PLAIN, Problem, check_release, frictionless_problem
from leadership_effects.files import write_json, write_whole

STANDINGS = ("entering", "described", "added")
TAKEN = "taken.json"
Keys = dict[str, set[tuple[str, ...]]]


class NewCaseError(ReleaseError):
    """A case cannot be begun or taken as asked; nothing was written."""


@dataclass(frozen=True)
class CaseRows:
    """Rows of a case and its entry in the plan.

    Attributes
    ----------
    release : Release
    case_id : str
    sheets : dict of str to Sheet
        Its rows by table.
    plan : dict
        The case's entry in the plan, empty if there is none.
    standing : dict of str to str
        Where the plan's synthesis names it, with the reason given there.
    plan_file : str
        File of the entry, named from ``data/``.
    """

    release: Release
    case_id: str
    sheets: dict[str, Sheet]
    plan: dict[str, Any]
    standing: dict[str, str]
    plan_file: str

    def filled(self) -> dict[str, Sheet]:
        """Those of its sheets that are worksheets and not rows of the release."""
        return {name: sheet for name, sheet in self.sheets.items() if sheet.file.startswith("worksheets/")}


def plan_entry(release: Release, case_id: str) -> tuple[dict[str, Any], dict[str, str], str]:
    """Entry of a case, where the synthesis names it, and the file of both: its worksheet or the release's plan.

    Raises
    ------
    ReleaseError
        If the worksheet is not YAML.
    """
    path = worksheet_folder(release, case_id) / "plan.yml"
    if not path.is_file():
        synthesis = release.plan["synthesis"]
        standing = {kind: _reason(synthesis.get(kind) or {}, case_id) for kind in STANDINGS}
        named = {kind: reason for kind, reason in standing.items() if case_id in (synthesis.get(kind) or ())}
        return release.plan["cases"].get(case_id) or {}, named, f"{release.name}/plan.yml"
    file = f"worksheets/{case_id}/plan.yml"
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise ReleaseError(f"{file}: not YAML in UTF-8: {' '.join(str(error).split())}") from error
    if not isinstance(content, dict) or set(content) != {case_id, "synthesis"}:
        raise ReleaseError(f"{file}: must hold {case_id} and synthesis")
    if not isinstance(content[case_id], dict) or not isinstance(content["synthesis"], dict):
        raise ReleaseError(f"{file}: {case_id} and synthesis must hold fields with values")
    return content[case_id], {k: str(v or "") for k, v in content["synthesis"].items()}, file


def _reason(named: Any, case_id: str) -> str:
    return str(named.get(case_id, "")) if isinstance(named, dict) else ""


def fill_draft(case: CaseRows, stage: Path) -> tuple[dict[str, int], Keys]:
    """Write rows, plan and descriptor of a case into a copy of the draft.

    Parameters
    ----------
    case : CaseRows
    stage : Path
        The copy; its files are rewritten.

    Returns
    -------
    dict of str to int
        How many rows of each file are the case's.
    dict of str to set of tuple
        Keys of the rows that are the case's own and are known by their key alone, by table of the release.

    Raises
    ------
    NewCaseError
        If the units name several panels, or the plan is laid out in another way than plans are.
    """
    descriptor, counts = json.loads((stage / "datapackage.json").read_text(encoding="utf-8")), {}
    before, others = taken(case.release, case.case_id), _taken_by_others(case.release, case.case_id)
    now: Keys = {}
    _allow(descriptor, "case_id", case.case_id)
    _allow(descriptor, "place", case.case_id)
    for name, sheet in case.filled().items():
        resource, own = target_of(case, name), [row.cells for row in sheet.rows]
        entry = _resource(descriptor, resource)
        path, key = stage / entry["path"], entry["schema"]["primaryKey"]
        header = [field["name"] for field in entry["schema"]["fields"]]
        old = released_table(case.release, resource)[1:] if path.is_file() else []
        keys = {tuple(row[column] for column in key) for row in own}
        if name in OWNED:
            table = _merged(header, old, own, [row[header.index(OWNED[name])] == case.case_id for row in old])
        else:
            mine = before.get(resource, set())
            now[resource] = {k for k in keys if k in mine} | (keys - set(frozen_rows(case.release, resource)))
            gone = mine - others.get(resource, set())
            table = _merged(header, old, own, [k in keys | gone for k in _keys(header, key, old)])
        path.write_text(sheet_text([header, *table]), encoding="utf-8")
        counts[entry["path"]] = len(own)
    for resource in set(before) - set(now):
        _clear(case.release, descriptor, stage, resource, before[resource] - others.get(resource, set()))
    write_json(stage / "datapackage.json", descriptor, sort=False)
    plan = stage / "plan.yml"
    text = plan_with(plan.read_text(encoding="utf-8"), case.case_id, case.plan, case.standing)
    plan.write_text(text, encoding="utf-8")
    return counts, now


def sheet_problems(case: CaseRows) -> Iterator[Problem]:
    """Cells of worksheets of a kind or value that the descriptor does not allow; cells still to be filled are left out."""
    descriptor = json.loads(json.dumps(case.release.descriptor))
    _allow(descriptor, "case_id", case.case_id)
    _allow(descriptor, "place", case.case_id)
    sheets = case.filled()
    for row in sheets["units"].rows if "units" in sheets else ():
        _allow(descriptor, "panel", row.cells["panel"])
    schemas = {entry["name"]: entry["schema"] for entry in descriptor["resources"]}
    for name, sheet in sheets.items():
        schema = schemas[name] if name in schemas else schema_of(case.release, name)
        found = [
            *_by_frictionless(sheet, schema),
            *_plain_only(sheet, schema),
            *_references(case, sheet, schema),
        ]
        seen = set()
        for problem in sorted(found, key=lambda one: one.row or 0):
            # One word on a cell is enough.
            if (problem.row, problem.column) not in seen:
                seen.add((problem.row, problem.column))
                yield problem


def _by_frictionless(sheet: Sheet, schema: dict[str, Any]) -> Iterator[Problem]:
    from frictionless import Resource, Schema

    fields = [field["name"] for field in schema["fields"]]
    if not sheet.rows:
        return
    # Keys and references need the whole release: `stage_problems` and `_references` look at them.
    alone = {key: value for key, value in schema.items() if key not in ("primaryKey", "foreignKeys")}
    data = [fields, *([row.cells[column] for column in fields] for row in sheet.rows)]
    report = Resource(data=data, schema=Schema.from_descriptor(alone)).validate(limit_errors=1000)
    for error in [error for task in report.tasks for error in task.errors]:
        if not str(getattr(error, "cell", "")).startswith(FILL):
            problem = frictionless_problem(sheet.file, error, schema)
            yield replace(problem, row=sheet.rows[problem.row - 2].number if problem.row else None)


def _plain_only(sheet: Sheet, schema: dict[str, Any]) -> Iterator[Problem]:
    for field in schema["fields"]:
        pattern, allowed = PLAIN.get(field["type"], (".*", ""))
        for row in sheet.rows:
            cell = row.cells[field["name"]]
            if allowed and not cell.startswith(FILL) and not re.fullmatch(pattern, cell):
                yield Problem(sheet.file, row.number, field["name"], f"found {cell!r}; allowed: {allowed}")


def _references(case: CaseRows, sheet: Sheet, schema: dict[str, Any]) -> Iterator[Problem]:
    """Cells that name a row which neither the release nor the worksheets hold."""
    for link in schema.get("foreignKeys", ()):
        (column,), target, (key,) = link["fields"], link["reference"]["resource"], link["reference"]["fields"]
        header, *table = released_table(case.release, target)
        known = {row[header.index(key)] for row in table} | {""}
        own = case.filled().get(target)
        known |= {row.cells[key] for row in own.rows} if own else set()
        for row in sheet.rows:
            cell = row.cells[column]
            # The contract itself asks for a source in every row.
            if column != "source_id" and cell not in known and not cell.startswith(FILL):
                yield Problem(
                    sheet.file, row.number, column, f"found {cell!r}; allowed: a {key} of {target}.csv"
                )


@contextmanager
def staged(case: CaseRows) -> Iterator[Path]:
    """Folder with a copy of the draft that the case was put into; gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="draft-") as folder:
        stage = Path(folder) / case.release.name
        shutil.copytree(case.release.folder, stage)
        fill_draft(case, stage)
        yield Path(folder)


def stage_problems(case: CaseRows, folder: Path) -> list[Problem]:
    """What is wrong with the draft once the case is in it, told by worksheet and row where a sheet holds the row.

    Parameters
    ----------
    case : CaseRows
    folder : Path
        Folder of the copy that `fill_draft` filled, which bears the name of the draft.
    """
    draft = case.release.name
    files = {}
    for name, sheet in case.filled().items():
        path = next(
            e["path"]
            for e in open_release(draft, folder).descriptor["resources"]
            if e["name"] == target_of(case, name)
        )
        files[path] = {tuple(row.cells.values()): (sheet.file, row.number) for row in sheet.rows}
    told = []
    for problem in check_release(draft, folder):
        file, row = problem.file, problem.row
        if file == "plan.yml" and problem.column.startswith(case.case_id):
            file = case.plan_file
        elif file in files and row:
            with (folder / draft / file).open(encoding="utf-8", newline="") as stream:
                cells = tuple(list(csv.reader(stream))[row - 1])
            file, row = files[file].get(cells, (f"{draft}/{file}", row))
        else:
            file = f"{draft}/{file}"
        told.append(Problem(file, row, problem.column, problem.message))
    return told


def taken(release: Release, case_id: str) -> Keys:
    """Keys of the rows that a case took and that no release held before, by table of the release.

    Raises
    ------
    NewCaseError
        If the file that remembers them cannot be read.
    """
    path = worksheet_folder(release, case_id) / TAKEN
    if not path.is_file():
        return {}
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        return {table: {tuple(map(str, key)) for key in keys} for table, keys in content.items()}
    except (ValueError, AttributeError, TypeError) as error:
        raise NewCaseError(
            f"worksheets/{case_id}/{TAKEN}: {error}; allowed: the file as --take wrote it. Without it, rows that "
            "were taken and are no more in a sheet must be taken out of the draft by hand"
        ) from error


def remember(release: Release, case_id: str, keys: Keys) -> None:
    """Write down the keys that a case took."""
    content = {table: sorted(map(list, held)) for table, held in sorted(keys.items()) if held}
    write_whole(
        worksheet_folder(release, case_id) / TAKEN, f"{json.dumps(content, ensure_ascii=False, indent=1)}\n"
    )


def _taken_by_others(release: Release, case_id: str) -> Keys:
    found: Keys = {}
    for path in (release.folder.parent / "worksheets").glob(f"*/{TAKEN}"):
        for table, keys in taken(release, path.parent.name).items() if path.parent.name != case_id else ():
            found[table] = found.get(table, set()) | keys
    return found


def frozen_rows(release: Release, resource: str) -> dict[tuple[str, ...], dict[str, str]]:
    """Rows of a table in the frozen releases beside a draft, by key; of several the newest."""
    folder = release.folder.parent
    names = sorted(path.parent.name for path in folder.glob("*/datapackage.json"))
    rows: dict[tuple[str, ...], dict[str, str]] = {}
    for one in (open_release(name, folder) for name in names if not is_draft(folder / name)):
        if resource not in {entry["name"] for entry in one.descriptor["resources"]}:
            continue
        header, *table = released_table(one, resource)
        keys = _keys(header, one.resource(resource)["schema"]["primaryKey"], table)
        rows |= {key: dict(zip(header, row, strict=True)) for key, row in zip(keys, table, strict=True)}
    return rows


def _keys(header: list[str], key: list[str], table: list[list[str]]) -> Iterator[tuple[str, ...]]:
    positions = [header.index(column) for column in key]
    return (tuple(row[p] for p in positions) for row in table)


def _clear(
    release: Release, descriptor: dict[str, Any], stage: Path, resource: str, gone: set[tuple[str, ...]]
) -> None:
    """Take the rows of a table out that the case took and has no worksheet for any more; with the last its panel goes."""
    entry = next((entry for entry in descriptor["resources"] if entry["name"] == resource), None)
    if entry is None:
        return
    header, *old = released_table(release, resource)
    keys = _keys(header, entry["schema"]["primaryKey"], old)
    table = [row for key, row in zip(keys, old, strict=True) if key not in gone]
    (stage / entry["path"]).write_text(sheet_text([header, *table]), encoding="utf-8")
    if not table and resource.startswith("outcomes-") and not frozen_rows(release, resource):
        (stage / entry["path"]).unlink()
        descriptor["resources"].remove(entry)
        panel = resource.removeprefix("outcomes-")
        for allowed in _lists_of(descriptor, "panel"):
            allowed[:] = [value for value in allowed if value != panel]


def target_of(case: CaseRows, name: str) -> str:
    """Table of the release that a worksheet goes into; outcomes go to the panel that the units name.

    Raises
    ------
    NewCaseError
        If the units name no panel, or several.
    """
    if name != "outcomes":
        return name
    panels = (
        sorted({row.cells["panel"] for row in case.sheets["units"].rows}) if "units" in case.sheets else []
    )
    if len(panels) != 1:
        raise NewCaseError(
            f"worksheets/{case.case_id}/units.csv, column panel: names {panels}; allowed: one panel"
        )
    return f"outcomes-{panels[0]}"


def _resource(descriptor: dict[str, Any], name: str) -> dict[str, Any]:
    """Entry of a table in the descriptor; a new panel's is made like those of the others."""
    by_name = {entry["name"]: entry for entry in descriptor["resources"]}
    if name in by_name:
        found: dict[str, Any] = by_name[name]
        return found
    panel = name.removeprefix("outcomes-")
    position, like = max(
        (n, e) for n, e in enumerate(descriptor["resources"]) if e["name"].startswith("outcomes-")
    )
    made = json.loads(json.dumps(like)) | {
        "name": name, "path": f"outcomes/{panel}.csv", "description": f"An outcome: one indicator, unit and year. Panel {panel}.",
    }  # fmt: skip
    descriptor["resources"].insert(position + 1, made)
    _allow(descriptor, "panel", panel)
    return made


def _allow(descriptor: dict[str, Any], column: str, value: str) -> None:
    """Add a value to what the columns of a name allow, after the cases that are there."""
    for allowed in _lists_of(descriptor, column):
        if value not in allowed:
            allowed.append(value)


def _lists_of(descriptor: dict[str, Any], column: str) -> Iterator[list[Any]]:
    """Lists of what the columns of a name allow."""
    for entry in descriptor["resources"]:
        for field in entry["schema"]["fields"]:
            allowed = field.get("constraints", {}).get("enum")
            if field["name"] == column and allowed is not None:
                yield allowed


def _merged(
    header: list[str], old: list[list[str]], new: list[dict[str, str]], replaced: list[bool]
) -> list[list[str]]:
    """Old rows with those that are replaced taken out, and the new ones where the first of them stood, or at the end."""
    # Rows of a case are known by their case alone: an id of somebody else's row is found by the check of keys, not replaced.
    at = replaced.index(True) if True in replaced else len(old)
    kept = [(n, row) for n, row in enumerate(old) if not replaced[n]]
    fresh = [[row[column] for column in header] for row in new]
    return [row for n, row in kept if n < at] + fresh + [row for n, row in kept if n >= at]


def plan_with(text: str, case_id: str, entry: dict[str, Any], standing: dict[str, str]) -> str:
    """Text of a plan with the entry of a case and its place in the synthesis; everything else as it was written.

    Raises
    ------
    NewCaseError
        If the text is not laid out as plans are, so that the edit would change something else.
    """
    before = yaml.safe_load(text)
    text = _without_block(text, case_id)
    block = "".join(f"  {line}" for line in plan_yaml({case_id: entry}).splitlines(keepends=True))
    text = f"{text.rstrip()}\n{block}"
    text = re.sub(rf"^    {case_id}: .*\n", "", text, flags=re.MULTILINE)  # under described or added
    text = re.sub(r"^  added:\n(?!    )", "", text, flags=re.MULTILINE)
    entering = [c for c in before["synthesis"]["entering"] if c != case_id]
    if "entering" in standing:
        entering.append(case_id)
    text = re.sub(r"^  entering: \[.*\]$", f"  entering: [{', '.join(entering)}]", text, flags=re.MULTILINE)
    for kind in ("described", "added"):
        if kind in standing:
            if kind == "added" and not re.search(r"^  added:$", text, re.MULTILINE):
                text = re.sub(r"^  metric:", "  added:\n  metric:", text, flags=re.MULTILINE)
            line = f"    {case_id}: {json.dumps(standing[kind], ensure_ascii=False)}\n"
            named = re.search(rf"^  {kind}:\n(?:    .*\n)*", text, re.MULTILINE)
            text = f"{text[: named.end()]}{line}{text[named.end() :]}" if named else text
    if yaml.safe_load(text) != _expected(before, case_id, entry, standing, entering):
        raise NewCaseError(
            f"plan.yml: not laid out with synthesis.entering in one line, synthesis.metric below and cases last; "
            f"add {case_id} by hand"
        )
    return text


def _without_block(text: str, case_id: str) -> str:
    """The plan without the entry of a case, from its name to the next one."""
    return re.sub(rf"^  {case_id}:\n(?:(?:    .*)?\n)*", "", text, flags=re.MULTILINE)


def _expected(
    before: dict[str, Any], case_id: str, entry: dict[str, Any], standing: dict[str, str], entering: list[str]
) -> dict[str, Any]:
    synthesis = before["synthesis"] | {"entering": entering}
    for kind in ("described", "added"):
        named = {k: v for k, v in (synthesis.get(kind) or {}).items() if k != case_id}
        named |= {case_id: standing[kind]} if kind in standing else {}
        synthesis.pop(kind, None)
        if named or kind == "described":
            synthesis[kind] = named
    return before | {"synthesis": synthesis, "cases": before["cases"] | {case_id: entry}}


def plan_yaml(content: Any) -> str:
    """Plan text: one list in one line, names in the order in which they were written."""
    # One list of years in one line, as in the plan of the release.
    text: str = yaml.dump(content, Dumper=_Plain, sort_keys=False, allow_unicode=True, width=100)
    return text


class _Plain(yaml.SafeDumper):
    """Lists in one line; the same content twice is written twice and not as an anchor."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


_Plain.add_representer(
    list, lambda dumper, data: dumper.represent_sequence("tag:yaml.org,2002:seq", data, flow_style=True)
)
