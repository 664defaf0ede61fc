"""Take the codes of people, each in a file of their own, into worksheets or draft."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from leadership_effects.cases.coding.dossier import case_of, coded_items, meanings
from leadership_effects.cases.coding.page import COLUMNS, STATES
from leadership_effects.cases.worksheets import (
    FILL,
    CaseError,
    SheetRow,
    Worksheet,
    read_worksheet,
    schema_of,
    worksheet_folder,
    write_worksheet,
)
from leadership_effects.data.checks.keys import copied_readings
from leadership_effects.data.checks.lines import Line, Lines
from leadership_effects.data.checks.problem import Problem
from leadership_effects.data.release import Release, require_draft
from leadership_effects.data.rows import Row, columns_of, csv_text, key_columns, key_of, read_rows
from leadership_effects.files import write_whole
from leadership_effects.releases.changes import COLUMNS as CHANGE
from leadership_effects.releases.changes import change_rows, changes_path

SCHEMA = {"fields": [{"name": name, "type": "string"} for name in COLUMNS]}
NAME = re.compile(r"[^\W\d_](?:[^\W_]|-){0,29}")
ONE = ("coder", "case_id", "read_on", "saw")  # the same in every row of a file
PERSON = "person"
DONE = tuple(state for state in STATES if state != "open")


@dataclass(frozen=True)
class Reading:
    """Codes of one person for one case, as the file holds them."""

    sheet: Worksheet

    @property
    def coder(self) -> str:
        """Return the coder's name."""
        return self.sheet.rows[0].cells["coder"]

    @property
    def case_id(self) -> str:
        """Return the case that was coded."""
        return self.sheet.rows[0].cells["case_id"]

    def cell(self, column: str) -> str:
        """Return what a column holds in every row."""
        return self.sheet.rows[0].cells[column]


def take_in(release: Release, paths: list[Path]) -> list[str]:
    """Take files of codes into the case's worksheets, else the draft; return a line for each.

    Everything is checked before anything is written, and either all files are taken or none.

    Raises
    ------
    CaseError
        Naming file, row and column of what is unknown, missing or there already.
    ReleaseError
        If the release is frozen or a file cannot be read as a table.
    """
    require_draft(release)
    readings = [Reading(_read(path)) for path in paths]
    problems = [problem for reading in readings for problem in reading_problems(release, reading)]
    problems += [*_twice(readings), *_copied(release, readings)]
    if problems:
        count = f"{len(problems)} problem(s) to correct before the codes can be taken; nothing was changed"
        raise CaseError("\n".join([*map(str, problems), count]))
    return [_write(release, reading) for reading in readings]


def _read(path: Path) -> Worksheet:
    if not path.is_file():
        raise CaseError(f"{path}: is not there; allowed: a file that the page of coding saved")
    sheet = read_worksheet(path, SCHEMA)
    if not sheet.rows:
        raise CaseError(f"{path.name}: has no rows")
    return Worksheet(path.name, sheet.rows)


def reading_problems(release: Release, reading: Reading) -> Iterator[Problem]:
    """Yield what is wrong with a reading: names, items, codes and reasons."""
    sheet, first = reading.sheet, reading.sheet.rows[0]
    for column in ONE:
        for row in sheet.rows[1:]:
            if row.cells[column] != first.cells[column]:
                message = f"{row.cells[column] or 'blank'}; allowed: {first.cells[column] or 'blank'}, as in row {first.number}"
                yield sheet.problem(row, column, message)
    yield from _reader_problems(release, reading)
    rubric, items, seen = meanings(release), coded_items(), dict[tuple[str, str], int]()
    for row in sheet.rows:
        key = (row.cells["kind"], row.cells["item"])
        if key not in items:
            allowed = [item for kind, item in items if kind == key[0]] or sorted({kind for kind, _ in items})
            column = "item" if key[0] in {kind for kind, _ in items} else "kind"
            yield sheet.problem(
                row, column, f"{row.cells[column] or 'blank'} is unknown; allowed: {', '.join(allowed)}"
            )
            continue
        if key in seen:
            yield sheet.problem(
                row, "item", f"{' '.join(key)} stands in row {seen[key]} already; allowed: once"
            )
        seen[key] = row.number
        yield from _row_problems(sheet, row, rubric.get(key, {}))
    for kind, item in items:
        if (kind, item) not in seen:
            yield sheet.problem(None, "item", f"{kind} {item} has no row; allowed: a code, or silent")


def _row_problems(sheet: Worksheet, row: SheetRow, rubric: dict[str, str]) -> Iterator[Problem]:
    cells = row.cells
    if cells["state"] not in DONE:
        what = "is not finished" if cells["state"] in STATES else f"{cells['state'] or 'blank'} is unknown"
        yield sheet.problem(row, "state", f"{what}; allowed: {' or '.join(DONE)}")
    elif cells["state"] == "silent" and cells["code"]:
        yield sheet.problem(row, "code", f"{cells['code']} where the state is silent; allowed: blank")
    elif cells["state"] == "coded" and cells["code"] not in rubric:
        yield sheet.problem(
            row, "code", f"{cells['code'] or 'blank'} is no code; allowed: {', '.join(rubric)}"
        )
    if cells["contested"].lower() not in ("true", "false", ""):
        yield sheet.problem(row, "contested", f"{cells['contested']} is unknown; allowed: true, false, blank")
    for column in ("evidence", "reason"):
        if not cells[column]:
            yield sheet.problem(row, column, "is blank; silence is coded too: say where you looked and why")


def _reader_problems(release: Release, reading: Reading) -> Iterator[Problem]:
    """Yield what is wrong with case, coder and day, and a coder who coded the case already."""
    sheet, row, coder = reading.sheet, reading.sheet.rows[0], reading.coder
    try:
        case = case_of(release, reading.case_id)
    except CaseError as error:
        yield sheet.problem(row, "case_id", str(error))
        return
    if not NAME.fullmatch(coder) or coder.startswith(FILL):
        message = f"{coder or 'blank'} is no name; allowed: letters, digits and hyphens, a letter first"
        yield sheet.problem(row, "coder", message)
    try:
        date.fromisoformat(reading.cell("read_on"))
    except ValueError:
        message = f"{reading.cell('read_on') or 'blank'} is no day; allowed: YYYY-MM-DD"
        yield sheet.problem(row, "read_on", message)
    for known in read_rows(release, "readings"):
        alike = known["coder"].lower() == coder.lower()
        if alike and (known["made_by"] != PERSON or known["coder"] != coder):
            message = (
                f"{coder} is the name of an {known['made_by']} reading, {known['coder']}; allowed: another"
            )
            yield sheet.problem(row, "coder", message.replace("an person", "a person's"))
    held = [*case.sheets["coding"].rows, *_released(release, reading.case_id)]
    if any(other.cells["coder"] == coder for other in held):
        message = f"{coder} has coded {reading.case_id} already; allowed: a coder once, so take those rows out first"
        yield sheet.problem(row, "coder", message)


def _released(release: Release, case_id: str) -> list[SheetRow]:
    rows = enumerate(read_rows(release, "coding"), 2)
    return [SheetRow(number, row) for number, row in rows if row["case_id"] == case_id]


def _twice(readings: list[Reading]) -> Iterator[Problem]:
    seen: dict[tuple[str, str], str] = {}
    for reading in readings:
        key = (reading.case_id, reading.coder.lower())
        if key in seen:
            message = f"{reading.coder} coded {reading.case_id} in {seen[key]} too; allowed: a coder once"
            yield reading.sheet.problem(reading.sheet.rows[0], "coder", message)
        seen[key] = reading.sheet.file


def _copied(release: Release, readings: list[Reading]) -> Iterator[Problem]:
    """Yield readings with every code and reason of another, in the release or among the files."""
    held = [Line(release.name, 0, row) for row in read_rows(release, "coding")]
    for case_id in dict.fromkeys(reading.case_id for reading in readings):
        path = worksheet_folder(release, case_id) / "coding.csv"
        sheet = read_worksheet(path, schema_of(release, "coding")).rows if path.is_file() else ()
        held += [
            Line(path.name, row.number, row.cells) for row in sheet if not row.cells["coder"].startswith(FILL)
        ]
    held += [
        Line(reading.sheet.file, row.number, row.cells) for reading in readings for row in reading.sheet.rows
    ]
    files = {reading.sheet.file for reading in readings}
    yield from (p for p in copied_readings(Lines({"coding": held}, {}, frozenset(), "")) if p.file in files)


def _counted(release: Release, reading: Reading) -> str:
    """Return whether the book goes on with a reading, and what would change that."""
    named = (release.plan["synthesis"].get("readings") or {}).get("current") or ()
    coded = {row["coder"] for row in read_rows(release, "coding") if row["case_id"] == reading.case_id}
    if not named or reading.coder in named:
        return "its codes count in the book"
    if coded.isdisjoint(named):
        return f"its codes count in the chapter of {reading.case_id}, which no reading of the plan coded"
    return (
        f"its codes count in no chapter: the plan names {', '.join(named)} under synthesis.readings, current; "
        "who takes them in names the reading there, with the day and the reason"
    )


def _write(release: Release, reading: Reading) -> str:
    """Write the codes of one reading, its row among the readings, and the reasons of both."""
    columns = columns_of(release, "coding")
    rows = [
        {column: row.cells.get(column, "") for column in columns}
        | {"contested": row.cells["contested"].lower() if row.cells["state"] == "coded" else ""}
        for row in reading.sheet.rows
    ]
    case, data = case_of(release, reading.case_id), release.folder.parent
    path = worksheet_folder(release, reading.case_id) / "coding.csv"
    reason = f"The reading of {case.sheets['cases'].rows[0].cells['title']} by a person, {reading.coder}."
    entries = [("coding", "added", f"{reading.case_id}/*/{reading.coder}", "", reason)]
    if path.is_file():
        write_worksheet(path, columns, _into_places([row.cells for row in case.sheets["coding"].rows], rows))
        where, entries = f"{data.name}/worksheets/{reading.case_id}/coding.csv", []
    else:
        where = f"{data.name}/{release.name}/{_add(release, 'coding', rows)}"
    if reading.coder not in {row["coder"] for row in read_rows(release, "readings")}:
        named = "events, leadership counts, claims and evaluations"
        made = {
            "coder": reading.coder, "made_by": PERSON, "read_on": reading.cell("read_on"),
            "material": f"{named} of release {reading.cell('release')}, on the page of coding",
            "note": f"Saw no codes of others. Had seen before: {reading.cell('saw') or 'not said'}",
        }  # fmt: skip
        _add(release, "readings", [made])
        entries.append(("readings", "added", reading.coder, "", reason))
    _explain(release, entries)
    return (
        f"{where}: {len(rows)} code(s) of {reading.case_id} by {reading.coder}; {_counted(release, reading)}"
    )


def _into_places(held: list[Row], rows: list[Row]) -> list[Row]:
    """Return the sheet with each row where one asked for a coder, or after its item's."""
    sheet = list(held)
    for row in rows:
        same = [
            n for n, other in enumerate(sheet) if (other["kind"], other["item"]) == (row["kind"], row["item"])
        ]
        empty = next((n for n in same if sheet[n]["coder"].startswith(FILL)), None)
        if empty is None:
            sheet.insert(same[-1] + 1 if same else len(sheet), row)
        else:
            sheet[empty] = row
    return sheet


def _add(release: Release, table: str, new: list[Row]) -> str:
    """Add rows to a table of the draft, in its order if it has one; return the file."""
    file, columns, key = (
        release.resource(table)["path"],
        columns_of(release, table),
        key_columns(release, table),
    )
    rows = read_rows(release, table)
    keys = [key_of(row, key) for row in rows]
    added = [*rows, *({column: row.get(column, "") for column in columns} for row in new)]
    if keys == sorted(keys):
        added.sort(key=lambda row: key_of(row, key))
    write_whole(release.folder / file, csv_text(columns, added))
    return str(file)


def _explain(release: Release, entries: Iterable[tuple[str, ...]]) -> None:
    """Enter the reasons of what was added in the file of the draft's changes."""
    path = changes_path(release.name, release.folder.parent)
    held = change_rows(path)
    write_whole(
        path, csv_text(list(CHANGE), [*held, *(dict(zip(CHANGE, entry, strict=True)) for entry in entries)])
    )
