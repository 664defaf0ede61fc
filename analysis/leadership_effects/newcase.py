"""Begin a case and take its rows into a draft release (``nox -s new-case``).

``nox -s new-case -- estonia --title Estonia --panel pisa --start 2009`` writes worksheets to be filled in a spreadsheet, the
entry of the plan, a notebook with every stage that runs on the filled rows, and a line in the table of contents. Nothing that
exists is overwritten. ``nox -s contract -- estonia`` says what is missing. ``nox -s new-case -- estonia --take`` takes the
filled rows into the draft, whole or not at all, and as often as they are corrected. A frozen release is never touched.
"""

from __future__ import annotations

import argparse
import csv
import io
import json
import os
import re
import shutil
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jinja2
import yaml

from leadership_effects.changes import (
    COLUMNS,
    DESCRIPTOR,
    PLAN,
    Change,
    changes_path,
    previous_release,
    release_changes,
)
from leadership_effects.check import Problem, is_draft
from leadership_effects.contract import CODED, NAME, Case, drafts, plan_entry, read_case, row_problems
from leadership_effects.release import ROOT, Release, ReleaseError, data_folder, open_release
from leadership_effects.results import write_json
from leadership_effects.worksheets import (
    FILL,
    OWNED,
    TABLES,
    read_sheet,
    released_table,
    schema_of,
    sheet_text,
    taking,
    whole_drafts,
    worksheet_folder,
    write_sheet,
)

PART = "Places added later"
CODERS = 2
PANEL_TABLES = ("units", "indicators", "breaks", "outcomes")
WAITING = (
    "Added after the results of the joint test were known; it waits for a plan that takes it in beforehand."
)
# Order of a panel's fields in the plan, and what an author is asked where the rows cannot say.
ASKED = {
    "indicator": "an indicator_id of indicators.csv",
    "unit_type": "a unit_type of units.csv",
    "treated": "name of the treated unit as in units.csv",
    "pre": "a list of years before the start, such as [2009, 2012]",
    "post": "a list of years after it",
}


class NewCaseError(ReleaseError):
    """A case cannot be begun or taken as asked; nothing was written."""


@dataclass(frozen=True)
class Request:
    """What an author asks for.

    Attributes
    ----------
    case_id, title : str
    panel : str
        Panel that holds the outcomes; one that the release lacks gets worksheets of its own.
    unit : str
        Name of the treated unit in the panel.
    start : int or None
        First treated year; needed to split the years of a panel that the release has.
    """

    case_id: str
    title: str
    panel: str
    unit: str
    start: int | None


def newest_draft(folder: Path | None = None) -> Release:
    """The newest release that is a draft.

    Raises
    ------
    NewCaseError
        If there is none.
    """
    base = folder or data_folder()
    found = drafts(base)
    if not found:
        there = ", ".join(sorted(path.parent.name for path in base.glob("*/datapackage.json")))
        raise NewCaseError(
            f"no release is a draft; there are {there}, all frozen. nox -s release -- <new> drafts one"
        )
    return open_release(found[-1], base)


def begin(release: Release, asked: Request, root: Path = ROOT) -> list[Path]:
    """Write worksheets, plan entry, notebook and contents line of a new case; return what was written.

    Raises
    ------
    NewCaseError
        If the id is malformed or taken, the release is frozen, or the panel holds no such unit; nothing is written then.
    """
    _refuse_taken(release, asked, root)
    entry = _plan_entry(release, asked)
    notebook = root / "analysis" / "notebooks" / "cases" / f"{asked.case_id}.py"
    text = _notebook_text(release, asked, entry)
    toc = root / "_toc.yml"
    contents = _with_page(toc.read_text(encoding="utf-8"), asked.case_id)
    folder = worksheet_folder(release, asked.case_id)
    stage = folder.with_name(f".{asked.case_id}.{os.getpid()}")
    shutil.rmtree(stage, ignore_errors=True)
    stage.mkdir(parents=True)
    for name, rows in _sheets(release, asked).items():
        columns = [field["name"] for field in schema_of(release, name)["fields"]]
        write_sheet(stage / f"{name}.csv", columns, rows)
    (stage / "plan.yml").write_text(_plan_text(asked, entry), encoding="utf-8")
    # The folder says that the case was begun, so it comes last: what was stopped before it can be begun again.
    _write(notebook, text)
    _write(toc, contents)
    stage.rename(folder)
    return [*sorted(folder.iterdir()), notebook, toc]


def _refuse_taken(release: Release, asked: Request, root: Path) -> None:
    if not NAME.fullmatch(asked.case_id):
        raise NewCaseError(
            f"{asked.case_id!r} is no id of a case; allowed: small letters and underscores, such as new_orleans"
        )
    if not is_draft(release.folder):
        raise NewCaseError(f"release {release.name} is frozen; nox -s release -- <new> drafts one")
    there = (asked.case_id in release.plan["cases"], worksheet_folder(release, asked.case_id).exists())
    if any(there):
        raise NewCaseError(
            f"there is a case {asked.case_id!r} already; nox -s contract -- {asked.case_id} says what it lacks"
        )
    notebook = root / "analysis" / "notebooks" / "cases" / f"{asked.case_id}.py"
    if notebook.exists():
        raise NewCaseError(
            f"{notebook.relative_to(root)} is there already and is not overwritten; move it or take another id"
        )


def _series(release: Release, asked: Request) -> tuple[str, dict[str, list[int]]]:
    """Type of the treated unit and the years of each indicator that has it, longest series first."""
    rows = release.outcomes(asked.panel)
    own = rows[rows["name"] == asked.unit]
    if own.empty:
        known = ", ".join(sorted(set(rows["name"]))[:60])
        raise NewCaseError(f"panel {asked.panel} holds no unit {asked.unit!r}; allowed with --unit: {known}")
    kind = str(own["unit_type"].iloc[0])
    years = {
        str(name): sorted(map(int, group["year"]))
        for name, group in own[own["unit_type"] == kind].groupby("indicator_id")
    }
    return kind, dict(sorted(years.items(), key=lambda pair: -len(pair[1])))


def _plan_entry(release: Release, asked: Request) -> dict[str, Any]:
    """Entry of the plan: what the rows of a known panel can say is filled in, the rest is asked."""
    entry: dict[str, Any] = {
        "treated_unit": asked.unit,
        "first_treated_year": asked.start
        if asked.start
        else f"{FILL} year, or null where none can be defended",
        "first_treated_reason": f"{FILL} why this year and what else it could be, in a sentence",
    }
    donors = f"{FILL} which comparison places are taken and why, in a sentence"
    if f"outcomes-{asked.panel}" not in {r["name"] for r in release.descriptor["resources"]}:
        panel = {field: f"{FILL} {words}" for field, words in ASKED.items()}
        return entry | {"primary": ["outcome"], "panels": {"outcome": panel | {"donors": donors}}}
    if asked.start is None:
        raise NewCaseError(
            f"panel {asked.panel} is in the release; --start <year> is needed to split its years"
        )
    kind, series = _series(release, asked)
    panels = {}
    for indicator, years in series.items():
        pre, post = [y for y in years if y < asked.start], [y for y in years if y >= asked.start]
        if pre and post:
            panels[indicator.removeprefix(f"{asked.panel}_")] = {
                "indicator": indicator, "unit_type": kind, "treated": [asked.unit], "pre": pre, "post": post,
                "exclude": {}, "donors": donors,
            }  # fmt: skip
    if not panels:
        raise NewCaseError(
            f"no indicator of panel {asked.panel} has {asked.unit} both before and from {asked.start}; allowed: {series}"
        )
    first = next(iter(panels))
    return entry | {"primary": [first], "panels": panels, "grid": _grid(panels, asked.start)}


def _grid(panels: dict[str, dict[str, Any]], start: int) -> dict[str, Any]:
    """Specification grid that every panel bears: written mechanically, to be widened before a result is seen."""
    first = next(iter(panels))
    after = sorted({year for panel in panels.values() for year in panel["post"]})
    words = "two-way fixed effects"
    return {
        "outcomes": {name: name for name in panels},
        "years": sorted({year for panel in panels.values() for year in panel["pre"] + panel["post"]}),
        "first_years": {name: panel["pre"][0] for name, panel in panels.items()},
        "starts": [start],
        "before": ["all", "last"],
        "windows": {"all after": after, "last alone": after[-1:]},
        "comparisons": {"planned set": {}, "ten nearest before": {"nearest": 10}},
        "estimators": [words],
        "planned": {"outcome": first, "start": start, "before": "all", "window": "all after", "comparison": "planned set",
                    "estimator": words},
        "not_varied": {"start": f"{FILL} why one start alone, or add starts above and take this line out"},
    }  # fmt: skip


def _plan_text(asked: Request, entry: dict[str, Any]) -> str:
    head = (
        f"# Entry of {asked.case_id} in the plan. Fill it before you look at any result; data/<release>/plan.yml shows\n"
        "# how others are written. A case that bears no comparison stands under `synthesis: described:` with the reason.\n"
    )
    return head + _yaml({asked.case_id: entry, "synthesis": {"added": WAITING}})


def _yaml(content: Any) -> str:
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


def _sheets(release: Release, asked: Request) -> dict[str, list[dict[str, str]]]:
    """Rows of each worksheet: those that the release holds of the place already, then rows to be filled."""
    known = f"outcomes-{asked.panel}" in {r["name"] for r in release.descriptor["resources"]}
    sheets = {}
    for name in TABLES:
        if known and name in PANEL_TABLES:
            continue
        columns, held = schema_of(release, name)["fields"], _held(release, name, asked.case_id)
        blank = {field["name"]: _mark(field) for field in columns}
        sheets[name] = held + [blank | fixed for fixed in _rows_to_fill(release, name, asked, held)]
    return sheets


def _held(release: Release, name: str, case_id: str) -> list[dict[str, str]]:
    if name not in OWNED:
        return []
    header, *rows = released_table(release, name)
    table = (dict(zip(header, row, strict=True)) for row in rows)
    return [row for row in table if row[OWNED[name]] == case_id]


def _mark(field: dict[str, Any]) -> str:
    """``FILL`` and what is allowed, for a cell that must not stay blank."""
    rules = field.get("constraints", {})
    if not rules.get("required"):
        return ""
    allowed = [value for value in rules.get("enum", ()) if value != ""]
    return f"{FILL} {'one of: ' + ', '.join(map(str, allowed)) if 0 < len(allowed) <= 12 else field['description']}"


def _rows_to_fill(
    release: Release, name: str, asked: Request, held: list[dict[str, str]]
) -> list[dict[str, str]]:
    """Cells of the rows to be filled that are known beforehand; an empty list leaves a sheet with its header."""
    own = {OWNED[name]: asked.case_id} if name in OWNED else {}
    key = asked.case_id.replace("_", "-")
    if name == "cases":
        start = str(asked.start or "")
        year = {"first_treated_year": start} if start else {"first_treated_basis": "undated"}
        return [own | {"title": asked.title} | year]
    if name == "coding":
        fields = [(kind, item) for kind, items in CODED.items() for item in items]
        return [own | {"kind": k, "item": i} for k, i in fields for _ in range(CODERS)]
    if name == "assessments":
        done = {row["statement_id"] for row in held}
        statements = [row[0] for row in released_table(release, "statements")[1:]]
        passage = f"cases/{asked.case_id}.html#{FILL.lower()}-the-heading"
        return [
            own | {"statement_id": s, "passage": f"{FILL} such as {passage}"}
            for s in statements
            if s not in done
        ]
    if name in ("leadership", "events", "claims"):
        number = 1 + len(held)
        ids = {"leadership": f"{key}-{number:02d}", "events": f"{key}-event-01", "claims": f"{key}-claim-01"}
        column = {"leadership": "leadership_id", "events": "event_id", "claims": "claim_id"}[name]
        return [own | {column: ids[name]}] if name != "leadership" or not held else []
    if name in ("units", "indicators"):
        return [{"panel": asked.panel}]
    return [{}] if name in ("sources", "outcomes") else []


def _notebook_text(release: Release, asked: Request, entry: dict[str, Any]) -> str:
    folder = Path(__file__).parent / "templates"
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(folder), keep_trailing_newline=True, trim_blocks=True, lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )  # fmt: skip
    panels = entry["panels"]
    primary = entry["primary"][0]
    pre = panels[primary]["pre"]
    return environment.get_template("case.py.j2").render(
        release=release.name,
        case_id=asked.case_id,
        title=asked.title,
        unit=asked.unit,
        primary=primary,
        panels=list(panels),
        indicators=[panel["indicator"] for panel in panels.values()],
        several_before=isinstance(pre, list) and len(pre) > 1,
        grid="grid" in entry,
    )


def _with_page(text: str, case_id: str) -> str:
    """The table of contents with the chapter after the last case, in a part of its own for places added later."""
    lines = text.splitlines(keepends=True)
    last = max((n for n, line in enumerate(lines) if "file: book/cases/" in line), default=-1)
    if last < 0:
        raise NewCaseError(
            "_toc.yml: names no chapter below book/cases/, so the place of the new one is not known"
        )
    part = "" if f"caption: {PART}" in text else f"  - caption: {PART}\n    chapters:\n"
    lines.insert(last + 1, f"{part}      - file: book/cases/{case_id}\n")
    return "".join(lines)


def _write(path: Path, text: str) -> None:
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    beside.write_text(text, encoding="utf-8")
    beside.replace(path)


def take(release: Release, case_id: str, root: Path = ROOT) -> dict[str, int]:
    """Take the worksheets of a case into the draft; return how many rows of each file are the case's.

    The draft is written beside itself and put in place by renaming, so it is never half one and half the other; where
    that is stopped between two renames, `worksheets.whole_drafts` puts back what stood before.

    Raises
    ------
    NewCaseError
        If the release is frozen, no worksheets are there, or rows or plan lack something; the message names each.
    """
    if not is_draft(release.folder):
        raise NewCaseError(f"release {release.name} is frozen; nox -s release -- <new> drafts one")
    folder = worksheet_folder(release, case_id)
    if not folder.is_dir():
        raise NewCaseError(f"{case_id} has no worksheets; nox -s new-case -- {case_id} writes them")
    case = read_case(release, case_id, root)
    if problems := [*row_problems(case), *_of_others(release, case)]:
        listed = "\n".join(map(str, problems))
        raise NewCaseError(
            f"{listed}\n{len(problems)} thing(s) to do before {case_id} can be taken; nothing was changed"
        )
    # Below the worksheets and not beside the releases, where a stage that was left behind would be taken for one.
    stage = folder.with_name(f".{release.name}.{os.getpid()}")
    with taking():
        shutil.rmtree(stage, ignore_errors=True)
        shutil.copytree(release.folder, stage)
        try:
            counts = _fill_draft(release, case, stage)
            _swap(stage, release.folder)
        finally:
            shutil.rmtree(stage, ignore_errors=True)
    _give_reasons(open_release(release.name, release.folder.parent), case)
    return counts


def _give_reasons(draft: Release, case: Case) -> None:
    """Enter in the change file that the case is added, for what came in with it and for nothing else.

    Entries of an earlier taking are replaced. What the author changed beside the case still asks for a reason.
    """
    last = previous_release(draft.name, draft.folder.parent)
    if last is None:
        return
    path = changes_path(draft.name, draft.folder.parent)
    text = path.read_text(encoding="utf-8") if path.is_file() else ""
    title = case.sheets["cases"].rows[0].cells["title"]
    reason = f"{title} is added as a case."
    kept = [row for row in csv.reader(io.StringIO(text, newline="")) if row and row[-1] != reason] or [
        list(COLUMNS)
    ]
    found = release_changes(open_release(last, draft.folder.parent), draft)
    entries = dict.fromkeys(entry for change in found if (entry := _entry(change, draft, case)))
    path.parent.mkdir(exist_ok=True)
    _write(path, sheet_text([*kept, *([*entry, reason] for entry in entries)]))


def _entry(change: Change, draft: Release, case: Case) -> tuple[str, str, str, str] | None:
    """Table, change, key and column of the entry that speaks for a change that came with the case."""
    own = case.case_id
    if change.table == PLAN:
        leaf = change.key.split(".")
        mine = leaf[:2] == ["cases", own] or (
            leaf[0] == "synthesis" and (own in leaf or leaf[1:2] in (["added"], ["entering"]))
        )
        return (change.table, change.kind, change.key, change.column) if mine else None
    if change.table == DESCRIPTOR:
        mine = (change.key.endswith(".enum") and own in change.after) or change.kind == "table added"
        return (change.table, change.kind, change.key, change.column) if mine else None
    name = "outcomes" if change.table.startswith("outcomes-") else change.table
    if name not in case.sheets or change.kind not in ("added", "table added"):
        return None
    if change.kind == "table added":
        return (change.table, change.kind, change.key, change.column)
    key = draft.resource(change.table)["schema"]["primaryKey"]
    if change.key not in {"/".join(row.cells[column] for column in key) for row in case.sheets[name].rows}:
        return None
    pattern = {"coding": f"{own}/*", "assessments": f"*/{own}/*"}.get(name, change.key)
    return (change.table, change.kind, pattern, change.column)


def _of_others(release: Release, case: Case) -> Iterator[Problem]:
    """Rows under a key that a frozen release gave to somebody else's row."""
    folder = release.folder.parent
    names = (path.parent.name for path in folder.glob("*/datapackage.json"))
    frozen = [open_release(name, folder) for name in sorted(names) if not is_draft(folder / name)]
    for name in ("sources", *PANEL_TABLES[:3]):
        if name not in case.sheets:
            continue
        key = schema_of(release, name)["primaryKey"]
        taken: dict[tuple[str, ...], dict[str, str]] = {}
        for one in frozen:
            header, *rows = released_table(one, name)
            cells = (dict(zip(header, row, strict=True)) for row in rows)
            taken |= {tuple(row[column] for column in key): row for row in cells}
        for row in case.sheets[name].rows:
            held = taken.get(tuple(row.cells[column] for column in key))
            if held is not None and held != row.cells:
                told = ", ".join(row.cells[column] for column in key)
                yield Problem(
                    case.sheets[name].file, row.number, ", ".join(key),
                    f"{told} is another row of release data; allowed: a key of your own, or no row: what is there can be cited",
                )  # fmt: skip


def _swap(stage: Path, folder: Path) -> None:
    old = stage.with_name(f"{stage.name}.old")
    folder.rename(old)
    stage.rename(folder)
    shutil.rmtree(old)


def _fill_draft(release: Release, case: Case, stage: Path) -> dict[str, int]:
    """Write rows, plan and descriptor of the case into a copy of the draft."""
    descriptor, counts = json.loads((stage / "datapackage.json").read_text(encoding="utf-8")), {}
    folder = worksheet_folder(release, case.case_id)
    _allow(descriptor, "case_id", case.case_id)
    _allow(descriptor, "place", case.case_id)
    for name in TABLES:
        if not (folder / f"{name}.csv").is_file():
            continue
        rows = [row.cells for row in read_sheet(folder / f"{name}.csv", schema_of(release, name)).rows]
        for resource, own in _targets(name, rows, folder, release):
            entry = _resource(descriptor, resource)
            path = stage / entry["path"]
            header = [field["name"] for field in entry["schema"]["fields"]]
            old = released_table(release, resource)[1:] if path.is_file() else []
            table = _merged(
                header, old, own, OWNED.get(name, ""), case.case_id, entry["schema"]["primaryKey"]
            )
            path.write_text(sheet_text([header, *table]), encoding="utf-8")
            counts[entry["path"]] = len(own)
    write_json(stage / "datapackage.json", descriptor, sort=False)
    plan = stage / "plan.yml"
    entry_of_plan, standing, _ = plan_entry(release, case.case_id)
    plan.write_text(
        plan_with(plan.read_text(encoding="utf-8"), case.case_id, entry_of_plan, standing), encoding="utf-8"
    )
    return counts


def _targets(
    name: str, rows: list[dict[str, str]], folder: Path, release: Release
) -> Iterable[tuple[str, list[dict[str, str]]]]:
    """Table of the release that a worksheet goes into; outcomes go to the panel that the units name."""
    if name != "outcomes":
        return [(name, rows)]
    units = read_sheet(folder / "units.csv", schema_of(release, "units")).rows
    panels = sorted({row.cells["panel"] for row in units})
    if len(panels) != 1:
        raise NewCaseError(
            f"worksheets/{folder.name}/units.csv, column panel: names {panels}; allowed: one panel"
        )
    return [(f"outcomes-{panels[0]}", rows)]


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
    for entry in descriptor["resources"]:
        for field in entry["schema"]["fields"]:
            allowed = field.get("constraints", {}).get("enum")
            if field["name"] == column and allowed is not None and value not in allowed:
                allowed.append(value)


def _merged(
    header: list[str],
    old: list[list[str]],
    new: list[dict[str, str]],
    owner: str,
    case_id: str,
    key: list[str],
) -> list[list[str]]:
    """Old rows with the case's own replaced where the first of them stood, or new rows of their key added at the end."""
    positions = [header.index(column) for column in key]
    fresh = [[row[column] for column in header] for row in new]
    keys = {tuple(row[p] for p in positions) for row in fresh}
    # Rows of a case are known by their case alone: an id of somebody else's row is found by the check of keys, not replaced.
    mine = [
        n for n, row in enumerate(old)
        if (row[header.index(owner)] == case_id if owner else tuple(row[p] for p in positions) in keys)
    ]  # fmt: skip
    at = mine[0] if mine else len(old)
    kept = [(n, row) for n, row in enumerate(old) if n not in set(mine)]
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
    block = "".join(f"  {line}" for line in _yaml({case_id: entry}).splitlines(keepends=True))
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


def main(arguments: list[str] | None = None) -> int:
    """Command line of ``nox -s new-case``; returns the exit code."""
    parser = argparse.ArgumentParser(
        prog="nox -s new-case --", description="Begin a case, or take its rows into a draft."
    )
    parser.add_argument("case_id", help="id: small letters and underscores")
    parser.add_argument("--title", help="name of the place; the id in words if left out")
    parser.add_argument("--panel", help="panel that holds the outcomes; one of its own if left out")
    parser.add_argument("--unit", help="name of the treated unit in the panel; the title if left out")
    parser.add_argument("--start", type=int, help="first treated year")
    parser.add_argument("--release", help="draft release; the newest that is a draft if left out")
    parser.add_argument("--take", action="store_true", help="take the filled worksheets into the draft")
    options = parser.parse_args(arguments)
    try:
        whole_drafts()
        release = open_release(options.release) if options.release else newest_draft()
        if options.take:
            for file, count in take(release, options.case_id).items():
                print(f"{release.name}/{file}: {count} row(s) of {options.case_id}")
            print(f"taken; nox -s contract -- {options.case_id} says what the chapter lacks")
            return 0
        title = options.title or options.case_id.replace("_", " ").title()
        asked = Request(
            options.case_id, title, options.panel or options.case_id, options.unit or title, options.start
        )
        for path in begin(release, asked):
            print(path.relative_to(ROOT) if path.is_relative_to(ROOT) else path)
        print(f"fill what begins with {FILL}; nox -s contract -- {options.case_id} says what is missing")
    except ReleaseError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
