"""Detect the kind of a file and read its cells as text.

A file is known by its first bytes, not by its name: official sites hand out HTML tables called ``.xls`` and error pages
called ``.csv``.
"""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from leadership_effects.importers.model import ImportRefused

KINDS = {
    "csv": "a table of comma-separated values in UTF-8",
    "workbook": "a spreadsheet (.xlsx or .xls)",
    "html": "a web page with a table",
    "json": "JSON",
}
ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
PLAIN = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?")
THOUSANDS = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?")


@dataclass(frozen=True)
class Sheet:
    """One table of a file.

    Attributes
    ----------
    file : str
        File name, for messages.
    name : str
        Sheet of a workbook or number of a table in a page; empty for a file that is one table.
    rows : tuple of tuple of str
        Cells as text, blanks as empty strings; rows may differ in length.
    """

    file: str
    name: str
    rows: tuple[tuple[str, ...], ...]

    def place(self, row: int, column: str = "") -> str:
        """Return file, sheet, row and column of a row (counted from 0) as a spreadsheet shows it."""
        parts = [self.file, self.name, f"row {row + 1}", f"column {column}" if column else ""]
        return ", ".join(part for part in parts if part)

    def cell(self, row: int, column: int) -> str:
        """Return the text of a cell; empty beyond the end of its row."""
        cells = self.rows[row]
        return cells[column] if column < len(cells) else ""


def kind_of(path: Path) -> str:
    """Return the kind of a file, a key of ``KINDS``, by its bytes.

    Raises
    ------
    ImportRefused
        If there is no such file, it is empty, or its bytes are none of these.
    """
    if not path.is_file():
        raise ImportRefused(f"{path}: there is no such file")
    with path.open("rb") as stream:
        head = stream.read(4096)
    if not head.strip():
        raise ImportRefused(f"{path.name}: is empty; download it again")
    if head.startswith(OLE):
        return "workbook"
    if head.startswith(ZIP):
        return "workbook"
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if text.startswith((b"{", b"[")):
        return "json"
    if text.startswith(b"<"):
        return "html"
    if b"\0" in head:
        raise ImportRefused(
            f"{path.name}: is none of the files read here; allowed: {', '.join(KINDS.values())}"
        )
    return "csv"


def expect(path: Path, allowed: tuple[str, ...], where: str) -> str:
    """Return the kind of a file that must be one of ``allowed``.

    Raises
    ------
    ImportRefused
        If it is another kind; an error page is named by its title.
    """
    kind = kind_of(path)
    if kind not in allowed:
        wanted = " or ".join(KINDS[name] for name in allowed)
        raise ImportRefused(f"{path.name}: is {_named(path, kind)}; allowed: {wanted}, from {where}")
    return kind


def _named(path: Path, kind: str) -> str:
    if kind != "html":
        return KINDS[kind]
    title = re.search(rb"<title[^>]*>(.*?)</title>", path.read_bytes(), re.IGNORECASE | re.DOTALL)
    words = " ".join(title[1].decode("utf-8", "replace").split()) if title else ""
    return f"a web page{f' with the title {words!r}' if words else ''}"


def tables(path: Path) -> list[Sheet]:
    """Return every table of a CSV file, a workbook or a web page.

    Raises
    ------
    ImportRefused
        If the file holds no table, is not UTF-8 or cannot be read; the message names the row where there is one.
    """
    read = {"csv": _csv, "workbook": _workbook, "html": _html}
    kind = kind_of(path)
    if kind not in read:
        raise ImportRefused(f"{path.name}: is {KINDS[kind]}, which holds no table")
    found = [sheet for sheet in read[kind](path) if any(any(row) for row in sheet.rows)]
    if not found:
        raise ImportRefused(f"{path.name}: is {_named(path, kind)} without a table in it")
    return found


def utf8(path: Path) -> str:
    """Return the text of a file in UTF-8 without its byte order mark.

    Raises
    ------
    ImportRefused
        If it is not UTF-8; the message names the row.
    """
    raw = path.read_bytes()
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        row = raw[: error.start].count(b"\n") + 1
        raise ImportRefused(
            f"{path.name}, row {row}: is not UTF-8; allowed: UTF-8 alone (save it anew as 'CSV UTF-8')"
        ) from error


def _csv(path: Path) -> Iterator[Sheet]:
    try:
        rows = list(csv.reader(io.StringIO(utf8(path), newline=""), strict=True))
    except csv.Error as error:
        raise ImportRefused(f"{path.name}: is not a table of comma-separated values: {error}") from error
    yield Sheet(path.name, "", tuple(tuple(clean(cell) for cell in row) for row in rows))


def _workbook(path: Path) -> Iterator[Sheet]:
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError

    try:
        book = CalamineWorkbook.from_path(str(path))
        for name in book.sheet_names:
            # Blank rows above the first cell are kept, so that rows count as the spreadsheet shows them.
            grid = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
            yield Sheet(
                path.name, f"sheet {name!r}", tuple(tuple(clean(cell) for cell in row) for row in grid)
            )
    except PasswordError as error:
        raise ImportRefused(f"{path.name}: is protected by a password; save it without one") from error
    except (CalamineError, zipfile.BadZipFile, OSError) as error:
        raise ImportRefused(
            f"{path.name}: cannot be read as a spreadsheet ({error}); download it again or save it anew as .xlsx"
        ) from error


def _html(path: Path) -> Iterator[Sheet]:
    from bs4 import BeautifulSoup

    page = BeautifulSoup(path.read_bytes(), "html.parser")
    innermost = [table for table in page.find_all("table") if not table.find("table")]
    for number, table in enumerate(innermost, 1):
        grid = []
        for line in table.find_all("tr"):
            cells: list[str] = []
            for cell in line.find_all(["td", "th"]):
                if cell.find_parent("tr") is not line:
                    continue
                text = clean(" ".join(_own_text(cell)))
                # A cell over several columns is said again in each of them: what it says holds for all.
                cells += [text] * max(1, int(re.sub(r"\D", "", str(cell.get("colspan") or 1)) or 1))
            grid.append(tuple(cells))
        yield Sheet(path.name, f"table {number}", tuple(grid))


def _own_text(cell: Any) -> Iterator[str]:
    """Yield the text of a cell without that of cells nested in it, as in old pages."""
    for text in cell.find_all(string=True):
        if text.find_parent(["td", "th"]) is cell:
            yield str(text)


def clean(cell: Any) -> str:
    """Return the text of a cell: white space folded, whole numbers without a point."""
    if cell is None:
        return ""
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    return " ".join(str(cell).replace("\xa0", " ").split())


def number(text: str, where: str, *, decimal: str = ".") -> float:
    """Return a printed figure as a number; commas may part thousands.

    Raises
    ------
    ImportRefused
        If the text is not a number; ``where`` names the cell.
    """
    plain = text.replace(",", ".") if decimal == "," else text
    if THOUSANDS.fullmatch(plain) and decimal == ".":
        plain = plain.replace(",", "")
    if not PLAIN.fullmatch(plain):
        raise ImportRefused(f"{where}: found {text!r}; allowed: digits with a point")
    return float(plain)


def parsed(path: Path) -> Any:
    """Return the content of a JSON file.

    Raises
    ------
    ImportRefused
        If it is not JSON in UTF-8.
    """
    try:
        return json.loads(utf8(path))
    except json.JSONDecodeError as error:
        raise ImportRefused(f"{path.name}, row {error.lineno}: is not JSON: {error.msg}") from error
