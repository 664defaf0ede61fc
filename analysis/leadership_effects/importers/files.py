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
WORKBOOK = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")  # first bytes of ZIP and of OLE
PLAIN = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?")
THOUSANDS = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?")
YEAR = re.compile(r"(19|20)\d\d")


@dataclass(frozen=True)
class FileTable:
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

    def place(self, row: int, column: int | None = None) -> str:
        """Return file, sheet, row and column (counted from 0) as a spreadsheet shows them."""
        at = "" if column is None else f"column {column_letters(column)}"
        return ", ".join(filter(None, (self.file, self.name, f"row {row + 1}", at)))

    def cell(self, row: int, column: int) -> str:
        """Return the text of a cell; empty beyond the end of its row and of the table."""
        cells = self.rows[row] if row < len(self.rows) else ()
        return cells[column] if column < len(cells) else ""

    def number(self, row: int, column: int, decimal: str = ".") -> float:
        """Return the figure in a cell."""
        return number(self.cell(row, column), self.place(row, column), decimal=decimal)

    def year(self, row: int, column: int) -> int:
        """Return the year in a cell.

        Raises
        ------
        ImportRefused
            If it holds another text.
        """
        text = self.cell(row, column)
        if not YEAR.fullmatch(text):
            raise ImportRefused(f"{self.place(row, column)}: found {text!r}; allowed: a year of four digits")
        return int(text)

    def text_above(self, row: int) -> str:
        """Return the name of the table and what is printed above a row."""
        return " ".join([self.name, *(" ".join(cells) for cells in self.rows[:row])])


def column_letters(number: int) -> str:
    """Return the letters of a column, counted from 0."""
    letters = ""
    number += 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


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
    if head.startswith(WORKBOOK):
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


def expect(path: Path, allowed: tuple[str, ...], where: str) -> None:
    """Require a file to be of one of the kinds allowed.

    Raises
    ------
    ImportRefused
        If it is of another kind; an error page is named by its title.
    """
    kind = kind_of(path)
    if kind not in allowed:
        wanted = " or ".join(KINDS[name] for name in allowed)
        raise ImportRefused(f"{path.name}: is {_described(path, kind)}; allowed: {wanted}, from {where}")


def _described(path: Path, kind: str) -> str:
    if kind != "html":
        return KINDS[kind]
    title = re.search(rb"<title[^>]*>(.*?)</title>", path.read_bytes(), re.IGNORECASE | re.DOTALL)
    words = " ".join(title[1].decode("utf-8", "replace").split()) if title else ""
    return f"a web page{f' with the title {words!r}' if words else ''}"


def tables(path: Path) -> list[FileTable]:
    """Return every table of a CSV file, a workbook or a web page.

    Raises
    ------
    ImportRefused
        If the file holds no table, is not UTF-8 or cannot be read; the message names the row where there is one.
    """
    kind = kind_of(path)
    named = {"csv": _csv, "workbook": _workbook, "html": _html}[kind](path)
    found = [
        FileTable(path.name, name, tuple(tuple(map(clean, row)) for row in rows)) for name, rows in named
    ]
    found = [table for table in found if any(any(row) for row in table.rows)]
    if not found:
        raise ImportRefused(f"{path.name}: is {_described(path, kind)} without a table in it")
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


def _csv(path: Path) -> Iterator[tuple[str, list[list[str]]]]:
    try:
        yield "", list(csv.reader(io.StringIO(utf8(path), newline=""), strict=True))
    except csv.Error as error:
        raise ImportRefused(f"{path.name}: is not a table of comma-separated values: {error}") from error


def _workbook(path: Path) -> Iterator[tuple[str, list[list[Any]]]]:
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError

    try:
        book = CalamineWorkbook.from_path(str(path))
        for name in book.sheet_names:
            # Blank rows above the first cell are kept, so that rows count as the spreadsheet shows them.
            yield f"sheet {name!r}", book.get_sheet_by_name(name).to_python(skip_empty_area=False)
    except PasswordError as error:
        raise ImportRefused(f"{path.name}: is protected by a password; save it without one") from error
    except (CalamineError, zipfile.BadZipFile, OSError) as error:
        raise ImportRefused(
            f"{path.name}: cannot be read as a spreadsheet ({error}); download it again or save it anew as .xlsx"
        ) from error


def _html(path: Path) -> Iterator[tuple[str, list[list[str]]]]:
    from bs4 import BeautifulSoup

    page = BeautifulSoup(path.read_bytes(), "html.parser")
    innermost = [table for table in page.find_all("table") if not table.find("table")]
    for number, table in enumerate(innermost, 1):
        grid: list[list[str]] = []
        for line in table.find_all("tr"):
            grid.append(cells := [])
            for cell in line.find_all(["td", "th"]):
                if cell.find_parent("tr") is line:
                    # In old pages a cell that is not closed holds the next ones: their text is theirs.
                    texts = [t for t in cell.find_all(string=True) if t.find_parent(["td", "th"]) is cell]
                    # The text of a cell over several columns holds for each of them.
                    span = int(re.sub(r"\D", "", str(cell.get("colspan") or 1)) or 1)
                    cells += [" ".join(texts)] * max(1, span)
        yield f"table {number}", grid


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
