"""The worksheets of a case that is being written: its rows alone, in the columns of the release, to be filled in a spreadsheet.

They stand in ``data/worksheets/<case>/``, beside the releases, so that a spreadsheet, which rewrites every cell of a file
that it saves, never touches a row of somebody else's. What spreadsheets do to a file is taken back when it is read: byte
order marks, Windows line ends, semicolons, TRUE for true, empty rows. A cell to be filled begins with ``FILL`` and says what
is allowed there.
"""

from __future__ import annotations

import csv
import io
import re
import shutil
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from leadership_effects.data.release import Release, ReleaseError
from leadership_effects.files import hold
from leadership_effects.paths import build_folder, data_folder

FILL = "FILL"
WRITE = "WRITE:"
LEFT = re.compile(r"\.(?P<name>.+)\.\d+(?P<old>\.old)?")  # a folder named by the process that wrote it
TABLES = (
    "cases", "sources", "units", "indicators", "breaks", "outcomes", "leadership", "events", "claims", "evaluations",
    "coding", "assessments",
)  # fmt: skip
# Tables whose rows are about one case, and the column that says which.
OWNED = {
    "cases": "case_id", "leadership": "case_id", "events": "case_id", "claims": "case_id", "evaluations": "case_id",
    "coding": "case_id", "assessments": "place",
}  # fmt: skip


@dataclass(frozen=True)
class Row:
    """One row of a sheet as text.

    Attributes
    ----------
    number : int
        Row as a spreadsheet counts it; the header is row 1.
    cells : dict of str to str
        Text by column, blanks as empty text.
    """

    number: int
    cells: dict[str, str]


@dataclass(frozen=True)
class Sheet:
    """Rows of one table with the file they stand in, named from ``data/``."""

    file: str
    rows: tuple[Row, ...]


def worksheet_folder(release: Release, case_id: str) -> Path:
    """Folder of a case's worksheets, beside the release's own."""
    return release.folder.parent / "worksheets" / case_id


def whole_drafts(data: Path | None = None) -> None:
    """Put a draft back that a taking of rows had set aside when it was killed, and clear away what it left.

    Parameters
    ----------
    data : Path, optional
        Folder of all releases; the checkout's if left out.
    """
    base = data or data_folder()
    with taking():
        for path in sorted((base / "worksheets").glob(".*")):
            left = LEFT.fullmatch(path.name)
            if left and left["old"] and not (base / left["name"]).exists():
                path.rename(base / left["name"])
            elif left:
                shutil.rmtree(path)


def taking() -> AbstractContextManager[None]:
    """Hold the drafts while one is set aside and its new state put in place."""
    return hold(build_folder() / "taking", "taking of rows")


def read_sheet(path: Path, schema: dict[str, Any]) -> Sheet:
    """Read a worksheet as a spreadsheet left it.

    Raises
    ------
    ReleaseError
        If it is not UTF-8, or its columns are not those of the schema; the message says which are allowed.
    """
    file = f"{path.parent.parent.name}/{path.parent.name}/{path.name}"
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise ReleaseError(f"{file}: not UTF-8 at byte {error.start}; save it as CSV UTF-8") from error
    first = text.split("\n", 1)[0]
    separator = max(",;\t", key=first.count)
    table = [[cell.strip() for cell in row] for row in csv.reader(io.StringIO(text), delimiter=separator)]
    wanted = {field["name"]: field["type"] for field in schema["fields"]}
    header = table[0] if table else []
    if header != list(wanted):
        raise ReleaseError(f"{file}, row 1: columns are {header}; allowed: {', '.join(wanted)}")
    rows = []
    for number, row in enumerate(table[1:], 2):
        if not any(row):
            continue
        if len(row) != len(header):
            raise ReleaseError(f"{file}, row {number}: {len(row)} cells; allowed: {len(header)} cells a row")
        cells = {c: _plain(v, wanted[c], separator) for c, v in zip(header, row, strict=True)}
        rows.append(Row(number, cells))
    return Sheet(file, tuple(rows))


def _plain(cell: str, kind: str, separator: str) -> str:
    """A cell as the release writes it."""
    if kind == "boolean" and cell.lower() in ("true", "false"):
        return cell.lower()
    return cell.replace(",", ".") if kind == "number" and separator == ";" else cell


def write_sheet(path: Path, columns: list[str], rows: list[dict[str, str]]) -> None:
    """Write a worksheet in the plain form of a release."""
    path.write_text(
        sheet_text([columns, *([row.get(c, "") for c in columns] for row in rows)]), encoding="utf-8"
    )


def sheet_text(table: list[list[str]]) -> str:
    """CSV text with commas and line feeds."""
    stream = io.StringIO(newline="")
    csv.writer(stream, lineterminator="\n").writerows(table)
    return stream.getvalue()


def released_table(release: Release, name: str) -> list[list[str]]:
    """A table of the release as text, header first.

    Raises
    ------
    ReleaseError
        If the file is not written plainly, so that adding rows would rewrite others.
    """
    path = release.folder / release.resource(name)["path"]
    text = path.read_bytes().decode("utf-8")
    table = list(csv.reader(io.StringIO(text, newline="")))
    if sheet_text(table) != text:
        raise ReleaseError(
            f"{path.relative_to(release.folder)}: not plain CSV with commas, line feeds and quotes only where needed"
        )
    return table


def case_sheets(release: Release, case_id: str) -> dict[str, Sheet]:
    """Rows of a case by table: from its worksheets where there are some, else from the release.

    Raises
    ------
    ReleaseError
        If a worksheet cannot be read.
    """
    folder = worksheet_folder(release, case_id)
    sheets = {}
    for name in TABLES:
        path = folder / f"{name}.csv"
        if path.is_file():
            sheets[name] = read_sheet(path, schema_of(release, name))
        elif name in OWNED:
            sheets[name] = _released_rows(release, name, case_id)
    return sheets


def schema_of(release: Release, name: str) -> dict[str, Any]:
    """Schema of a table; every panel's outcomes have the same."""
    if name == "outcomes":
        name = next(r["name"] for r in release.descriptor["resources"] if r["name"].startswith("outcomes-"))
    schema: dict[str, Any] = release.resource(name)["schema"]
    return schema


def _released_rows(release: Release, name: str, case_id: str) -> Sheet:
    header, *table = released_table(release, name)
    rows = (Row(number, dict(zip(header, row, strict=True))) for number, row in enumerate(table, 2))
    own = tuple(row for row in rows if row.cells[OWNED[name]] == case_id)
    return Sheet(f"{release.name}/{release.resource(name)['path']}", own)
