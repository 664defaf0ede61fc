"""Read and write the worksheets of a case or a design, in the columns of the release.

They are in ``data/worksheets/<id>/`` so that a spreadsheet, which rewrites every cell of a file that it saves, never
touches another row of the release. A cell to be filled begins with ``FILL`` and names what is allowed there.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import reduce
from pathlib import Path
from typing import Any

from leadership_effects.csv_files import read_csv
from leadership_effects.data.checks.problem import Problem
from leadership_effects.data.checks.slips.anomalies import outcome_rows, suspicion_lines, suspicious_figures
from leadership_effects.data.release import Release, ReleaseError, read_yaml
from leadership_effects.data.rows import csv_text, read_rows
from leadership_effects.data.vocabulary import VOCABULARY
from leadership_effects.releases.plan_edit import place_case, place_design, take_out_case, take_out_design

FILL = "FILL"
CASE_ID = re.compile(r"[a-z][a-z_]*")  # of cases and designs
ID_ALLOWED = "small letters and underscores, such as new_orleans"
WRITE = "WRITE:"
SYNTHESIS_ROLES = ("entering", "described", "added")


@dataclass(frozen=True)
class Kind:
    """What can be begun: a case, or a staggered adoption design.

    Attributes
    ----------
    name, command : str
        What it is called, and the session that begins one.
    folder : str
        Folder of its chapter, below ``analysis/notebooks`` and ``book``.
    tables : tuple of str
        Tables that it has worksheets of.
    owned : dict of str to str
        Those whose rows are about it alone, and the column that names it.
    id_columns : tuple of str
        Columns of a release that hold its id.
    mark : str
        Worksheet that no other kind has.
    section : tuple of str
        Fields of the plan that lead to its entry.
    place : callable
        ``place(text, id, entry, roles)`` returns a plan with its entry.
    take_out : callable
        ``take_out(text, id)`` returns a plan without it.
    """

    name: str
    command: str
    folder: str
    tables: tuple[str, ...]
    owned: dict[str, str]
    id_columns: tuple[str, ...]
    mark: str
    section: tuple[str, ...]
    place: Callable[[str, str, dict[str, Any], dict[str, str]], str]
    take_out: Callable[[str, str], str]

    def entries(self, plan: dict[str, Any]) -> dict[str, Any]:
        """Return the entries of a plan by id."""
        found: dict[str, Any] = reduce(lambda part, name: part.get(name) or {}, self.section, plan)
        return found


CASE = Kind(
    "case", "new-case", "cases",
    (
        "cases", "sources", "units", "indicators", "breaks", "outcomes", "leadership", "events", "claims", "evaluations", "coding",
        "assessments", "vocabulary",
    ),
    {
        "cases": "case_id", "leadership": "case_id", "events": "case_id", "claims": "case_id", "evaluations": "case_id",
        "coding": "case_id", "assessments": "place",
    },
    ("case_id", "place"), "cases", ("cases",), place_case, take_out_case,
)  # fmt: skip
DESIGN = Kind(
    "design", "new-design", "synthesis", ("sources", "units", "indicators", "breaks", "outcomes", "starts", "dose", "vocabulary"),
    {}, (), "starts", ("many_places", "designs"), lambda text, name, entry, roles: place_design(text, name, entry), take_out_design,
)  # fmt: skip
KINDS = (CASE, DESIGN)


class CaseError(ReleaseError):
    """A case cannot be begun or taken as asked; nothing was written."""


@dataclass(frozen=True)
class SheetRow:
    """Row of a worksheet; `number` is its row in a spreadsheet, whose header is row 1."""

    number: int
    cells: dict[str, str]


@dataclass(frozen=True)
class Worksheet:
    """Rows of one table, with their file named from ``data/``."""

    file: str
    rows: tuple[SheetRow, ...]

    def problem(self, row: SheetRow | None, column: str, message: str) -> Problem:
        """Return a problem of a cell, of a row, or of the sheet as a whole."""
        return Problem(self.file, row.number if row else None, column, message)


@dataclass(frozen=True)
class CaseRows:
    """Rows of a case or a design and its entry in the plan.

    Attributes
    ----------
    release : Release
    kind : Kind
    case_id : str
    sheets : dict of str to Worksheet
        Its rows by table.
    plan : dict
        The case's entry in the plan, empty if there is none.
    roles : dict of str to str
        Its roles in the plan's synthesis, with the reason given there.
    plan_file : str
        File of the entry, named from ``data/``.
    """

    release: Release
    kind: Kind
    case_id: str
    sheets: dict[str, Worksheet]
    plan: dict[str, Any]
    roles: dict[str, str]
    plan_file: str

    @property
    def title(self) -> str:
        """Return its title; empty if none is written."""
        if self.kind is DESIGN:
            return str(self.plan.get("title", ""))
        return next((row.cells["title"] for row in self.sheets["cases"].rows), "")

    @property
    def described_because(self) -> str:
        """Return the reason for which the case bears no comparison; empty if it bears one."""
        return self.roles.get("described", "")

    def plan_problem(self, field: str, message: str) -> Problem:
        """Return a problem of a field of the plan."""
        return Problem(self.plan_file, None, field, message)

    def filled(self) -> dict[str, Worksheet]:
        """Return those of its sheets that are worksheets and not rows of the release."""
        return {name: sheet for name, sheet in self.sheets.items() if sheet.file.startswith("worksheets/")}

    def rows_of(self, table: str) -> tuple[SheetRow, ...]:
        """Return the rows of a worksheet; none if there is no such worksheet."""
        sheet = self.filled().get(table)
        return sheet.rows if sheet else ()

    def column(self, table: str, column: str) -> list[str]:
        """Return what a column holds in the release and in the worksheets."""
        released = [row[column] for row in read_rows(self.release, table)]
        return released + [row.cells[column] for row in self.rows_of(table)]


def leaves(content: Any, where: str = "") -> Iterator[tuple[str, str]]:
    """Yield the texts of nested content with their paths."""
    if isinstance(content, dict):
        for key, value in content.items():
            yield from leaves(value, f"{where}.{key}".lstrip("."))
    elif isinstance(content, list):
        for value in content:
            yield from leaves(value, where)
    elif isinstance(content, str):
        yield where, content


def worksheet_folder(release: Release, case_id: str) -> Path:
    """Return the folder of a case's worksheets, in the folder of the releases."""
    return release.folder.parent / "worksheets" / case_id


def kind_of(release: Release, name: str) -> Kind:
    """Return what an id of the plan or of worksheets names; a case where there is neither."""
    folder = worksheet_folder(release, name)
    if name in DESIGN.entries(release.plan) or (folder / f"{DESIGN.mark}.csv").is_file():
        return DESIGN
    return CASE


def read_case_rows(release: Release, case_id: str, kind: Kind = CASE) -> CaseRows:
    """Read the rows and plan of a case or a design, from worksheets where there are some.

    Raises
    ------
    ReleaseError
        If a worksheet, its plan or the release cannot be read.
    """
    folder, sheets = worksheet_folder(release, case_id), {}
    for name in kind.tables:
        path = folder / f"{name}.csv"
        if path.is_file():
            sheets[name] = read_worksheet(path, schema_of(release, name))
        elif name in kind.owned:
            rows = (SheetRow(number, row) for number, row in enumerate(read_rows(release, name), 2))
            own = tuple(row for row in rows if row.cells[kind.owned[name]] == case_id)
            sheets[name] = Worksheet(f"{release.name}/{release.resource(name)['path']}", own)
    return CaseRows(release, kind, case_id, sheets, *_plan_entry(release, case_id, kind))


def _plan_entry(release: Release, case_id: str, kind: Kind) -> tuple[dict[str, Any], dict[str, str], str]:
    """Return the entry of a case, its roles in the synthesis, and the file of both."""
    path = worksheet_folder(release, case_id) / "plan.yml"
    if not path.is_file():
        synthesis, roles = release.plan["synthesis"] if kind is CASE else {}, {}
        for role in SYNTHESIS_ROLES:
            named = synthesis.get(role) or {}
            if case_id in named:
                roles[role] = str(named[case_id]) if isinstance(named, dict) else ""
        return kind.entries(release.plan).get(case_id) or {}, roles, f"{release.name}/plan.yml"
    file = f"worksheets/{case_id}/plan.yml"
    content = read_yaml(path, file)
    parts = [case_id, "synthesis"] if kind is CASE else [case_id]
    if not isinstance(content, dict) or set(content) != set(parts):
        raise ReleaseError(f"{file}: must hold {' and '.join(parts)}")
    if not all(isinstance(part, dict) for part in content.values()):
        raise ReleaseError(f"{file}: {' and '.join(parts)} must hold fields with values")
    return content[case_id], {k: str(v or "") for k, v in content.get("synthesis", {}).items()}, file


def read_worksheet(path: Path, schema: dict[str, Any]) -> Worksheet:
    """Read a worksheet as a spreadsheet saved it.

    Raises
    ------
    ReleaseError
        If it cannot be read, or its columns are not those of the schema; the message names each row and column.
    """
    file = "/".join(filter(None, (path.parent.parent.name, path.parent.name, path.name)))
    table = read_csv(path.read_bytes(), {field["name"]: field["type"] for field in schema["fields"]})
    if table.faults:
        raise ReleaseError("\n".join(f"{file}, {fault}" for fault in table.faults))
    return Worksheet(file, tuple(SheetRow(number, cells) for number, cells in table.rows))


def write_worksheet(path: Path, columns: list[str], rows: list[dict[str, str]]) -> None:
    """Write a worksheet in the plain form of a release."""
    path.write_text(csv_text(columns, rows), encoding="utf-8")


def schema_of(release: Release, table: str) -> dict[str, Any]:
    """Return the schema of a table; the outcomes of every panel have the same."""
    names = [r["name"] for r in release.descriptor["resources"]]
    if table == "vocabulary" and table not in names:
        own: dict[str, Any] = VOCABULARY["schema"]
        return own
    name = next(n for n in names if n.startswith("outcomes-")) if table == "outcomes" else table
    schema: dict[str, Any] = release.resource(name)["schema"]
    return schema


def target_table(case: CaseRows, table: str) -> str:
    """Return the table that a worksheet goes into; outcomes go to the panel of the units.

    Raises
    ------
    CaseError
        If the units name no panel, or several.
    """
    if table != "outcomes":
        return table
    panels = sorted({row.cells["panel"] for row in case.rows_of("units")})
    if len(panels) != 1:
        raise CaseError(
            f"worksheets/{case.case_id}/units.csv, column panel: names {panels}; allowed: one panel"
        )
    return f"outcomes-{panels[0]}"


def unusual_cells(case: CaseRows) -> list[str]:
    """Return a line for each outcome in the worksheets that looks like a slip."""
    sheet = case.filled().get("outcomes")
    panels = {row.cells["panel"] for row in case.rows_of("units")}
    if sheet is None or len(panels) != 1:
        return []
    table = target_table(case, "outcomes")
    outcomes = [
        {**row.cells, "table": table, "file": sheet.file, "row": str(row.number)} for row in sheet.rows
    ]
    added = {name: [row.cells for row in case.rows_of(name)] for name in ("units", "indicators", "cases")}
    found = suspicious_figures(outcome_rows(case.release, [table], {**added, "outcomes": outcomes}))
    return suspicion_lines(found[found["file"] == sheet.file])


def begun_cases(release: Release, kind: Kind = CASE) -> list[str]:
    """Return the cases, or the designs, that have worksheets."""
    sheets = (release.folder.parent / "worksheets").glob(f"*/{kind.mark}.csv")
    found = sorted(path.parent.name for path in sheets)
    return [name for name in found if not name.startswith(".")]
