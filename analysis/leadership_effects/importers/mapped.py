"""Read tables of undocumented layout by a mapping, and refuse those it does not fit.

A mapping is YAML. Columns are the letters and rows the numbers that a spreadsheet shows::

    tables:
      - sheet: Distrital            # left out for CSV and for a page with one table
        check: {D4: Distrito}       # cells that must hold this text: another layout is refused, not misread
        first_row: 5
        only: {B: ANCASH}           # keep rows whose cell says so
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
from leadership_effects.importers.files import Sheet
from leadership_effects.importers.model import ImportRefused, Places, Reading, Row, plain_name

KEYS = {"tables": list, "missing": list, "decimal": str, "units": dict, "indicators": dict}
TABLE_KEYS: dict[str, tuple[type, ...]] = {
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
    if not isinstance(mapping, dict):
        raise ImportRefused(f"{path.name}: must hold {', '.join(KEYS)}")
    _check_keys(mapping, {key: (kind,) for key, kind in KEYS.items()}, path.name)
    for number, table in enumerate(mapping.get("tables", []), 1):
        where = f"{path.name}, table {number}"
        if not isinstance(table, dict):
            raise ImportRefused(f"{where}: must hold {', '.join(TABLE_KEYS)}")
        _check_keys(table, TABLE_KEYS, where)
        missing = [key for key in REQUIRED if key not in table]
        if missing:
            raise ImportRefused(f"{where}: {missing[0]} is missing; needed: {', '.join(REQUIRED)}")
        if not table["check"]:
            raise ImportRefused(f"{where}, check: names no cell; name one whose text only this layout has")
        for indicator, cells in table["values"].items():
            if not isinstance(cells, str) and (
                not isinstance(cells, dict) or not set(cells) <= set(VALUE_KEYS)
            ):
                raise ImportRefused(
                    f"{where}, values.{indicator}: allowed: a column or {', '.join(VALUE_KEYS)}"
                )
    return mapping


def _check_keys(found: dict[str, Any], allowed: dict[str, tuple[type, ...]], where: str) -> None:
    for key, value in found.items():
        if key not in allowed:
            raise ImportRefused(f"{where}: {key!r} is no key; allowed: {', '.join(allowed)}")
        if not isinstance(value, allowed[key]) or isinstance(value, bool):
            kinds = " or ".join(kind.__name__ for kind in allowed[key])
            raise ImportRefused(f"{where}, {key}: found {value!r}; allowed: {kinds}")


def read_mapped(path: Path, places: Places, mapping: dict[str, Any]) -> Reading:
    """Read a file as its mapping says.

    Raises
    ------
    ImportRefused
        If the file has no such sheet, a checked cell holds another text, or a cell that should be a figure is none.
    """
    if not mapping.get("tables"):
        raise ImportRefused("mapping: has no tables; allowed: tables, as --map-template writes them")
    sheets = files.tables(path)
    reading = Reading()
    for table in mapping["tables"]:
        _read_table(_sheet(sheets, table.get("sheet")), table, mapping, places, reading)
    return reading


def _sheet(sheets: list[Sheet], wanted: str | int | None) -> Sheet:
    if wanted is None:
        if len(sheets) == 1:
            return sheets[0]
    else:
        for sheet in sheets:
            if sheet.name in (f"sheet {wanted!r}", f"table {wanted}"):
                return sheet
    names = ", ".join(sheet.name or "one table without a name" for sheet in sheets)
    raise ImportRefused(f"{sheets[0].file}: has no sheet {wanted!r}; it has {names}")


def _read_table(
    sheet: Sheet, table: dict[str, Any], mapping: dict[str, Any], places: Places, reading: Reading
) -> None:
    for address, text in table["check"].items():
        _check_cell(sheet, str(address), str(text))
    for row in range(table["first_row"] - 1, min(table.get("last_row", len(sheet.rows)), len(sheet.rows))):
        if any(
            plain_name(sheet.cell(row, column_number(column))) != plain_name(str(text))
            for column, text in table.get("only", {}).items()
        ):
            reading.left_out["another place than the mapping's `only`"] += 1
            continue
        names = [sheet.cell(row, column_number(letter)) for letter in _listed(table["name"])]
        if not names[-1]:
            reading.left_out["row without a name"] += 1
            continue
        for indicator, cells in table["values"].items():
            columns = cells if isinstance(cells, dict) else {"value": cells}
            figures = {key: _figure(sheet, row, letter, mapping) for key, letter in columns.items()}
            if figures["value"] is None:
                reading.left_out["no figure in the cell"] += 1
                continue
            parent = names[-2] if len(names) > 1 else table.get("parent", "")
            unit_id = places.alias(" / ".join(names)) or places.unit(
                table["panel"],
                table["unit_type"],
                names[-1],
                parent,
                "-".join(plain_name(name).replace(" ", "-") for name in names),
            )
            pupils = figures.get("n_pupils")
            reading.rows.append(
                Row(
                    indicator,
                    unit_id,
                    _year(sheet, row, table["year"]),
                    figures["value"],
                    sheet.place(row, columns["value"]),
                    figures.get("standard_error"),
                    None if pupils is None else int(pupils),
                    note=table.get("note", ""),
                )
            )


def _check_cell(sheet: Sheet, address: str, text: str) -> None:
    found = CELL.fullmatch(address)
    if not found:
        raise ImportRefused(f"mapping, check: {address!r} is no cell; allowed: a cell as D4")
    row = int(found[2]) - 1
    cell = sheet.cell(row, column_number(found[1])) if row < len(sheet.rows) else ""
    if plain_name(text) not in plain_name(cell):
        raise ImportRefused(
            f"{sheet.place(row, found[1])}: found {cell!r}, the mapping checks for {text!r}; "
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


def column_letters(number: int) -> str:
    """Return the letters of a column, counted from 0."""
    letters = ""
    number += 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def _figure(sheet: Sheet, row: int, letter: str, mapping: dict[str, Any]) -> float | None:
    text = sheet.cell(row, column_number(letter))
    if not text or text in [str(mark) for mark in mapping.get("missing", [])]:
        return None
    return files.number(text, sheet.place(row, letter), decimal=mapping.get("decimal", "."))


def _year(sheet: Sheet, row: int, year: int | str) -> int:
    if isinstance(year, int):
        return year
    text = sheet.cell(row, column_number(year))
    if not re.fullmatch(r"(19|20)\d\d", text):
        raise ImportRefused(f"{sheet.place(row, year)}: found {text!r}; allowed: a year of four digits")
    return int(text)


def _listed(value: Any) -> list[str]:
    return list(value) if isinstance(value, list) else [value]
