"""Read CSV files that people edit, as spreadsheets and editors really save them.

What cannot be misread is accepted the same everywhere: a byte order mark, UTF-16 with one, semicolons or tabs, any line
end, blank lines, short rows, blanks around a cell, empty columns without a name, TRUE for true and, beside semicolons,
decimal commas. Anything else is a fault with its row and column; the rows without one are returned all the same.
"""

from __future__ import annotations

import codecs
import csv
import io
import itertools
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

SEPARATORS = ",;\t"
UNNAMED = re.compile(
    r"|(unnamed|column)[: ]*\d*(_level_\d+)?", re.IGNORECASE
)  # as pandas and spreadsheets name them
BLANKS = dict.fromkeys(map(ord, "\u00a0\u2007\u202f"), " ") | dict.fromkeys(map(ord, "\u200b\ufeff"), "")
CELL_ERRORS = ("#REF!", "#N/A", "#NAME?", "#VALUE!", "#DIV/0!", "#NULL!", "#NUM!")
MISREAD = re.compile("\N{REPLACEMENT CHARACTER}|\u00c3[\u0080-\u00bf]|\u00e2\u20ac")
QUOTES = "quotes in pairs, no line break in a cell"


@dataclass(frozen=True)
class CsvFault:
    """What cannot be read; `row` counts as a spreadsheet does, the header being row 1."""

    row: int | None
    column: str
    message: str

    def __str__(self) -> str:
        """Return ``row, column: message``."""
        place = [f"row {self.row}" if self.row else "", f"column {self.column}" if self.column else ""]
        return f"{', '.join(filter(None, place))}: {self.message}".removeprefix(": ")


@dataclass(frozen=True)
class CsvTable:
    """Rows of a file with their numbers, and the faults of what was left out."""

    rows: tuple[tuple[int, dict[str, str]], ...]
    faults: tuple[CsvFault, ...] = ()

    @property
    def cells(self) -> list[dict[str, str]]:
        """Return the rows without their numbers."""
        return [cells for _, cells in self.rows]


def read_csv(raw: bytes, columns: Mapping[str, str] | Iterable[str]) -> CsvTable:
    r"""Read the bytes of a CSV file with known columns.

    Parameters
    ----------
    columns : mapping of str to str, or iterable of str
        Names in order, with the type of each as a descriptor names it; text if left out.

    Examples
    --------
    >>> read_csv(b"\xef\xbb\xbfname;value;\r\n Huari ;1,5;\r\nDelhi\r\n\r\n", {"name": "string", "value": "number"}).cells
    [{'name': 'Huari', 'value': '1.5'}, {'name': 'Delhi', 'value': ''}]
    >>> str(read_csv(b"name,value\nHuari,1,5\n", ["name", "value"]).faults[0])
    'row 2, column cell 3: 3 cells; allowed: 2 cells a row; a text with a separator stands in quotes'
    """
    kinds = dict(columns) if isinstance(columns, Mapping) else dict.fromkeys(columns, "string")
    text = _decoded(raw)
    if isinstance(text, CsvFault):
        return CsvTable((), (text,))
    lines = re.split("\r\n|\r|\n", text)
    first = next((number for number, line in enumerate(lines) if line.strip(" \t,;\u00a0")), None)
    if first is None:
        return CsvTable((), (CsvFault(1, "", f"is empty; allowed: {', '.join(kinds)}"),))
    separator = max(SEPARATORS, key=lambda sign: len(set(_split(lines[first], sign)) & set(kinds)))
    table: list[tuple[int, list[str]]] = []
    for number, line in enumerate(lines[first:], first + 1):
        try:
            cells = _split(line, separator)
        except csv.Error:
            return CsvTable((), (_quote_fault(number, line, separator),))
        if any(cells) or number == first + 1:
            table.append((number, cells))
    return _table(table, kinds, separator)


def csv_text(columns: list[str], rows: Iterable[Mapping[Any, Any]]) -> str:
    """Format rows as a release holds them: header, commas, line feeds, quotes where needed."""
    stream = io.StringIO(newline="")
    writer = csv.DictWriter(stream, columns, restval="", extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return stream.getvalue()


def read_loosely(raw: bytes) -> list[dict[str, str]]:
    r"""Read what can be read of a CSV file by the names in its own header, leaving out the rest.

    For checks that only look whether a name is there; whoever takes rows in uses `read_csv`.

    Examples
    --------
    >>> read_loosely(b'\xef\xbb\xbfname;title\r\nA;R\xe9sum\r\n"B;open\r\nC\r\n')
    [{'name': 'A', 'title': 'R\ufffdsum'}, {'name': 'C', 'title': ''}]
    """
    found = _decoded(raw)
    text = raw.decode("utf-8-sig", errors="replace") if isinstance(found, CsvFault) else found
    header, *lines = [line for line in re.split("\r\n|\r|\n", text) if line.strip()] or [""]
    separator = max(SEPARATORS, key=header.count)
    rows = []
    for line in lines:
        with suppress(csv.Error):
            rows.append(
                dict(itertools.zip_longest(_split(header, separator), _split(line, separator), fillvalue=""))
            )
    return rows


def _decoded(raw: bytes) -> str | CsvFault:
    try:
        if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            text = raw.decode("utf-16")
        else:
            text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        row = re.sub(b"\r\n?", b"\n", raw[: error.start]).count(b"\n") + 1
        return CsvFault(row, "", f"not UTF-8 at byte {error.start}; save it as CSV UTF-8")
    place = text.find("\0")
    if place >= 0:
        return CsvFault(1, "", "holds zero bytes, as UTF-16 without a mark does; save it as CSV UTF-8")
    return text


def _split(line: str, separator: str) -> list[str]:
    """Return the cells of a line; blanks around a quoted cell are no part of it.

    Raises
    ------
    csv.Error
        If a quote is open at its end, or closes within a cell.
    """
    rows = list(csv.reader([line], delimiter=separator, skipinitialspace=separator != "\t", strict=True))
    return [cell.translate(BLANKS).strip() for cell in rows[0]] if rows else []


def _quote_fault(number: int, line: str, separator: str) -> CsvFault:
    cell, place, quoted = 1, 1, False
    for sign in line:
        if sign == '"':
            quoted, place = not quoted, cell
        elif sign == separator and not quoted:
            cell += 1
    told = f"a quote is open since row {number}" if quoted else "a quote closes within a cell"
    return CsvFault(number, f"cell {place}", f"{told}; allowed: {QUOTES}")


def _table(table: list[tuple[int, list[str]]], kinds: Mapping[str, str], separator: str) -> CsvTable:
    (header_row, header), *rows = table
    kept = [place for place, name in enumerate(header) if name in kinds or not UNNAMED.fullmatch(name)]
    named = [header[place] for place in kept]
    if named != list(kinds):
        return CsvTable((), tuple(_header_faults(header_row, named, list(kinds))))
    commas = separator == ";" and any(
        re.fullmatch(r"[+-]?\d+,\d+", cells[place])
        for _, cells in rows
        for place, kind in zip(kept, kinds.values(), strict=True)
        if kind == "number" and place < len(cells)
    )
    read, faults = [], []
    for number, cells in rows:
        extra = next(
            (place for place, cell in enumerate(cells) if cell and place not in kept), None
        )  # fmt: skip
        if extra is not None:
            faults.append(
                CsvFault(number, f"cell {extra + 1}", _extra(cells[extra], extra, header, len(kinds)))
            )
            continue
        padded = [*cells, *[""] * (len(header) - len(cells))]
        row = dict(zip(kinds, (padded[place] for place in kept), strict=True))
        wrong = [CsvFault(number, name, told) for name, told in _cell_faults(row, kinds, commas)]
        faults += wrong
        if not wrong:
            read.append((number, {name: _plain(cell, kinds[name], separator) for name, cell in row.items()}))
    return CsvTable(tuple(read), tuple(faults))


def _extra(cell: str, place: int, header: list[str], count: int) -> str:
    if place < len(header):
        return f"holds {cell!r} in a column without a name; take the column out or move the cell"
    return f"{place + 1} cells; allowed: {count} cells a row; a text with a separator stands in quotes"


def _header_faults(row: int, found: list[str], wanted: list[str]) -> Iterator[CsvFault]:
    allowed = f"allowed: {', '.join(wanted)}"
    if not set(found) & set(wanted):
        yield CsvFault(row, "", f"is not the header of this table: columns are {found}; {allowed}")
        return
    missing = [(column, "is missing") for column in wanted if column not in found]
    faults = missing + [(column, "is not a column of this table") for column in found if column not in wanted]
    for column, fault in faults or [("", f"columns are twice or in another order: {', '.join(found)}")]:
        yield CsvFault(row, column, f"{fault}; {allowed}")


def _cell_faults(row: Mapping[str, str], kinds: Mapping[str, str], commas: bool) -> Iterator[tuple[str, str]]:
    for name, cell in row.items():
        if cell in CELL_ERRORS:
            yield name, f"found {cell}, an error that a spreadsheet left; write the text or figure itself"
        elif garbled := MISREAD.search(cell):
            yield (
                name,
                f"found {garbled[0]!r}: a letter read in another encoding; write it anew, save as CSV UTF-8",
            )
        elif commas and kinds[name] == "number" and re.fullmatch(r"[+-]?\d{1,3}(\.\d{3})+", cell):
            yield (
                name,
                f"found {cell!r} beside decimal commas: a point may part thousands; write it with a comma or without",
            )


def _plain(cell: str, kind: str, separator: str) -> str:
    """Return a cell as a release writes it."""
    if kind == "boolean" and cell.lower() in ("true", "false"):
        return cell.lower()
    if kind == "number" and separator == ";" and re.fullmatch(r"[+-]?\d+,\d+", cell):
        return cell.replace(",", ".")
    return cell
