"""Read tables of undocumented layout by a mapping, and refuse those it does not fit.

A mapping is YAML. Columns are the letters and rows the numbers that a spreadsheet shows::

    tables:
      - sheet: Distrital            # left out for CSV and for a page with one table
        check: {D4: Distrito}       # cells that must hold this text: another layout is refused, not misread
        first_row: 5
        only: {B: ANCASH}           # keep rows whose cell holds it
        panel: huari
        unit_type: district
        name: [B, C, D]             # the last is the unit's name, the one before it its parent
        year: 2016                  # or a column
        values: {ece4p_reading: J, ece4p_maths: {value: N, standard_error: O, n_pupils: P}}
    missing: ["-"]                  # cells that are no figure; they are counted
    units: {HUARAZ: huari/district/ancash-huaraz-huaraz}
    indicators: {}                  # rows of `indicators` that the release does not hold yet
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import yaml

from leadership_effects.importers import files
from leadership_effects.importers.files import FileTable
from leadership_effects.importers.model import ImportRefused, OutcomeRow, Places, Reading, plain_name

Kinds = dict[str, tuple[type, ...]]
KEYS: Kinds = {
    "tables": (list,), "missing": (list,), "decimal": (str,), "units": (dict,), "indicators": (dict,),
}  # fmt: skip
TABLE_KEYS: Kinds = {
    "sheet": (str, int), "check": (dict,), "first_row": (int,), "last_row": (int,), "only": (dict,), "panel": (str,),
    "unit_type": (str,), "name": (str, list), "parent": (str,), "year": (int, str), "values": (dict,), "note": (str,),
}  # fmt: skip
REQUIRED = ("check", "first_row", "panel", "unit_type", "name", "year", "values")
VALUE_KEYS = ("value", "standard_error", "n_pupils")
LETTERS = re.compile(r"[A-Z]{1,3}")
CELL = re.compile(r"([A-Z]{1,3})([1-9]\d*)")


def open_mapping(path: Path) -> dict[str, Any]:
    """Parse a mapping and check its form.

    Raises
    ------
    ImportRefused
        If it is not YAML or a key is missing, unknown or of the wrong kind; the message names the key.
    """
    try:
        mapping = yaml.safe_load(files.utf8(path))
    except FileNotFoundError as error:
        raise ImportRefused(
            f"{path}: there is no such mapping; --map-template writes one to start from"
        ) from error
    except yaml.YAMLError as error:
        raise ImportRefused(f"{path.name}: is not YAML: {' '.join(str(error).split())}") from error
    _check_keys(mapping, KEYS, path.name)
    for number, table in enumerate(mapping.get("tables", []), 1):
        where = f"{path.name}, table {number}"
        _check_keys(table, TABLE_KEYS, where)
        missing = [key for key in REQUIRED if key not in table]
        if missing:
            raise ImportRefused(f"{where}: {missing[0]} is missing; needed: {', '.join(REQUIRED)}")
        if not table["check"]:
            raise ImportRefused(f"{where}, check: names no cell; name one whose text only this layout has")
        for indicator, cells in table["values"].items():
            named = isinstance(cells, dict) and set(cells) <= set(VALUE_KEYS)
            if not named and not isinstance(cells, str):
                columns = ", ".join(VALUE_KEYS)
                raise ImportRefused(f"{where}, values.{indicator}: allowed: a column or {columns}")
    return mapping


def _check_keys(found: Any, allowed: Kinds, where: str) -> None:
    if not isinstance(found, dict):
        raise ImportRefused(f"{where}: must hold {', '.join(allowed)}")
    for key, value in found.items():
        if key not in allowed:
            raise ImportRefused(f"{where}: {key!r} is no key; allowed: {', '.join(allowed)}")
        if not isinstance(value, allowed[key]) or isinstance(value, bool):
            kinds = " or ".join(kind.__name__ for kind in allowed[key])
            raise ImportRefused(f"{where}, {key}: found {value!r}; allowed: {kinds}")


def read_mapped(path: Path, places: Places, mapping: dict[str, Any]) -> Reading:
    """Read a file by its mapping.

    Raises
    ------
    ImportRefused
        If the file has no such sheet, a checked cell holds another text, or a cell that should be a figure is none.
    """
    tables = files.tables(path)
    reading = Reading()
    for layout in mapping["tables"]:
        _read_table(_named_table(tables, layout.get("sheet")), layout, mapping, places, reading)
    return reading


def _named_table(tables: list[FileTable], wanted: str | int | None) -> FileTable:
    if wanted is None and len(tables) == 1:
        return tables[0]
    for table in tables:
        if table.name in (f"sheet {wanted!r}", f"table {wanted}"):
            return table
    names = ", ".join(table.name or "one table without a name" for table in tables)
    raise ImportRefused(f"{tables[0].file}: has no sheet {wanted!r}; it has {names}")


def _read_table(
    table: FileTable, layout: dict[str, Any], mapping: dict[str, Any], places: Places, reading: Reading
) -> None:
    for address, text in layout["check"].items():
        _check_cell(table, str(address), str(text))
    missing = {"", *map(str, mapping.get("missing", []))}
    only = {column_number(column): plain_name(str(text)) for column, text in layout.get("only", {}).items()}
    named = layout["name"] if isinstance(layout["name"], list) else [layout["name"]]
    for row in range(layout["first_row"] - 1, min(layout.get("last_row", len(table.rows)), len(table.rows))):
        if any(plain_name(table.cell(row, column)) != text for column, text in only.items()):
            reading.left_out["another place than the mapping's `only`"] += 1
            continue
        names = [table.cell(row, column_number(letters)) for letters in named]
        if not names[-1]:
            reading.left_out["row without a name"] += 1
            continue
        for indicator, cells in layout["values"].items():
            columns = cells if isinstance(cells, dict) else {"value": cells}
            at = {key: column_number(letters) for key, letters in columns.items()}
            figures = {
                key: table.number(row, column, mapping.get("decimal", "."))
                for key, column in at.items()
                if table.cell(row, column) not in missing
            }
            if "value" not in figures:
                reading.left_out["no figure in the cell"] += 1
                continue
            pupils, year = figures.get("n_pupils"), layout["year"]
            reading.rows.append(
                OutcomeRow(
                    indicator,
                    _unit(names, layout, places),
                    year if isinstance(year, int) else table.year(row, column_number(year)),
                    figures["value"],
                    table.place(row, at["value"]),
                    figures.get("standard_error"),
                    None if pupils is None else int(pupils),
                    note=layout.get("note", ""),
                )
            )


def _unit(names: list[str], layout: dict[str, Any], places: Places) -> str:
    parent = names[-2] if len(names) > 1 else layout.get("parent", "")
    slug = "-".join(plain_name(name).replace(" ", "-") for name in names)
    given = places.alias(" / ".join(names))
    return given or places.unit(layout["panel"], layout["unit_type"], names[-1], parent, slug)


def _check_cell(table: FileTable, address: str, text: str) -> None:
    found = CELL.fullmatch(address)
    if not found:
        raise ImportRefused(f"mapping, check: {address!r} is no cell; allowed: a cell as D4")
    row, column = int(found[2]) - 1, column_number(found[1])
    cell = table.cell(row, column)
    if plain_name(text) not in plain_name(cell):
        raise ImportRefused(
            f"{table.place(row, column)}: found {cell!r}, the mapping checks for {text!r}; "
            "this is another layout: correct the mapping"
        )


def column_number(letters: Any) -> int:
    """Return a column's number from 0 by its letters.

    Raises
    ------
    ImportRefused
        If these are no letters of a column.

    Examples
    --------
    >>> column_number("A"), column_number("AB")
    (0, 27)
    """
    if not isinstance(letters, str) or not LETTERS.fullmatch(letters):
        raise ImportRefused(
            f"mapping: {letters!r} is no column; allowed: letters as a spreadsheet shows them, A or AB"
        )
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1
