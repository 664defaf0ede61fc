"""Read and write the rows of a release as text, and merge rows by primary key into a draft."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Set
from itertools import zip_longest

from leadership_effects.csv_files import CsvTable, read_csv
from leadership_effects.csv_files import csv_text as csv_text
from leadership_effects.data.release import Release, ReleaseError
from leadership_effects.files import write_whole

Row = dict[str, str]
Key = tuple[str, ...]


def columns_of(release: Release, table: str) -> list[str]:
    """Return the columns of a table in order."""
    return [str(field["name"]) for field in release.resource(table)["schema"]["fields"]]


def key_columns(release: Release, table: str) -> list[str]:
    """Return the columns of a table's primary key."""
    return list(release.resource(table)["schema"]["primaryKey"])


def key_of(row: Mapping[str, str], columns: Iterable[str]) -> Key:
    """Return a row's key."""
    return tuple(row[column] for column in columns)


def open_quote_row(text: str) -> int | None:
    r"""Find the first row with an unclosed quote; no cell of a release holds a line break.

    Examples
    --------
    >>> open_quote_row('a,b\n1,"two, three"\n4,"five\n')
    3
    """
    lines = enumerate(text.split("\n"), 1)
    return next((number for number, line in lines if line.count('"') % 2), None)


def table_text(release: Release, table: str) -> str:
    """Return the text of a table's file; that of a draft in plain form, however it was saved.

    Raises
    ------
    ReleaseError
        If the file is missing or cannot be read; the message names row and column.
    """
    if release.draft:
        return csv_text(columns_of(release, table), release.saved_rows(table))
    file = release.resource(table)["path"]
    path = release.folder / file
    if not path.is_file():
        raise ReleaseError(f"{file}: named in datapackage.json but not there")
    text = path.read_bytes().decode("utf-8-sig")
    row = open_quote_row(text)
    if row:
        raise ReleaseError(f"{file}, row {row}: a quote is open since row {row}; allowed: quotes in pairs")
    return text


def read_rows(release: Release, table: str) -> list[Row]:
    """Read a table's cells as written; of a draft also as a spreadsheet saved them.

    Raises
    ------
    ReleaseError
        If the file is missing or cannot be read, or one of a frozen release is not plain; the message names the row.
    """
    file, text = release.resource(table)["path"], table_text(release, table)
    reader = csv.DictReader(io.StringIO(text, newline=""), restkey="", restval="")
    rows = [dict(row) for row in reader]
    if (plain := csv_text(list(reader.fieldnames or ()), rows)) != text:
        lines = zip_longest(text.split("\n"), plain.split("\n"))
        row = next(number for number, (found, wanted) in enumerate(lines, 1) if found != wanted)
        raise ReleaseError(
            f"{release.name}/{file}, row {row}: not plain CSV with commas, line feeds and quotes only where needed; "
            "a release is immutable: put the file back as it was frozen"
        )
    return rows


def edited_tables(release: Release) -> Iterator[tuple[str, CsvTable, bool]]:
    """Yield file, rows and faults of each table of a draft, and whether it is plain."""
    for resource in release.descriptor["resources"]:
        path = release.folder / resource["path"]
        if path.is_file():
            raw, types = path.read_bytes(), release.types(resource["name"])
            table = read_csv(raw, types)
            yield resource["path"], table, raw == csv_text(list(types), table.cells).encode()


def save_plainly(release: Release) -> list[str]:
    """Write tables that a spreadsheet saved as a release holds them; return their files.

    A table with a fault is left as it is: the check of the draft names the fault.
    """
    saved = []
    for file, table, plain in edited_tables(release) if release.draft else ():
        if not plain and not table.faults:
            columns = release.types(
                next(r["name"] for r in release.descriptor["resources"] if r["path"] == file)
            )
            write_whole(release.folder / file, csv_text(list(columns), table.cells))
            saved.append(file)
    return saved


def replace_rows(old: list[Row], new: list[Row], keys: Set[Key], columns: list[str]) -> list[Row]:
    """Replace the rows of some keys by new ones, in the place of the first or at the end."""
    first = next((number for number, row in enumerate(old) if key_of(row, columns) in keys), len(old))
    others = [row for row in old if key_of(row, columns) not in keys]
    return [*others[:first], *new, *others[first:]]
