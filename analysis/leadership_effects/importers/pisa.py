"""Read PISA means: exports of the International Data Explorer, or tables by a mapping.

An export names its columns ``Year/Study``, ``Jurisdiction``, ``Average`` and ``Standard Error``. No documentation of the
layout was found; the names are those that a public script reads from an export
(https://github.com/danielwilhelm/R-CS-ranks, ``data-raw/pisa2022.R``). The tables of the reports' Annex B1 are listed by
the OECD, https://oecd.org/en/publications/pisa-2022-results-volume-i_53f23881-en/full-report/component-25.html, but their
columns were not seen: they take a mapping. Marks for missing data are those of the OECD's Reader's Guide,
https://read.oecd.org/10.1787/975708c3-en?format=html, and of the explorer.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from leadership_effects.importers import files
from leadership_effects.importers.files import Sheet
from leadership_effects.importers.mapped import column_letters, read_mapped
from leadership_effects.importers.model import ImportRefused, Loader, Places, Reading, Row, plain_name

COLUMNS = ("Year/Study", "Jurisdiction", "Average", "Standard Error")
SUBJECTS = ("mathematics", "reading", "science")
MISSING = ("", "—", "–", "-", "†", "‡", "a", "c", "m", "w", "x")
# Names that one body prints in another way than the units of the release.
NAMES = {
    "international average oecd": "OECD average",
    "oecd average": "OECD average",
    "korea": "Korea, Rep",
    "korea republic of": "Korea, Rep",
    "hong kong china": "Hong Kong SAR, China",
    "macao china": "Macao SAR, China",
    "turkiye": "Turkey",
    "viet nam": "Vietnam",
    "czechia": "Czech Republic",
    "slovakia": "Slovak Republic",
    "russia": "Russian Federation",
}


def read(path: Path, places: Places, mapping: dict[str, Any] | None = None) -> Reading:
    """Read country means with standard errors, a subject a table.

    Raises
    ------
    ImportRefused
        If no table has the columns of an export, a table's subject cannot be told, or a cell is neither a figure nor
        one of the marks for missing data.
    """
    files.expect(path, ("workbook", "csv", "html"), LOADER.address)
    if mapping and mapping.get("tables"):
        return read_mapped(path, places, mapping)
    reading = Reading()
    headers = [(sheet, header) for sheet in files.tables(path) if (header := _header(sheet)) is not None]
    if not headers:
        raise ImportRefused(
            f"{path.name}: no table with the columns {', '.join(COLUMNS)} of an export of the International Data "
            "Explorer; another table of the OECD takes a mapping (--map)"
        )
    for sheet, header in headers:
        _read_sheet(sheet, header, places, reading)
    return reading


def _header(sheet: Sheet) -> int | None:
    return next((row for row, cells in enumerate(sheet.rows) if set(COLUMNS) <= set(cells)), None)


def _read_sheet(sheet: Sheet, header: int, places: Places, reading: Reading) -> None:
    at = {name: sheet.rows[header].index(name) for name in COLUMNS}
    subject = _subject(sheet, header)
    year = ""
    for row in range(header + 1, len(sheet.rows)):
        cells = {name: sheet.cell(row, column) for name, column in at.items()}
        # An export prints the year once, in the first row of its block.
        year = cells["Year/Study"] if re.fullmatch(r"(19|20)\d\d", cells["Year/Study"]) else year
        if not cells["Jurisdiction"]:
            continue
        if cells["Average"] in MISSING:
            reading.left_out["no mean in the file (one of the marks for missing data)"] += 1
            continue
        if not year:
            raise ImportRefused(
                f"{sheet.place(row, column_letters(at['Year/Study']))}: found {cells['Year/Study']!r}; allowed: a year of four digits"
            )
        value = files.number(cells["Average"], sheet.place(row, column_letters(at["Average"])))
        error = cells["Standard Error"].strip("()")
        where = sheet.place(row, column_letters(at["Standard Error"]))
        name = cells["Jurisdiction"].rstrip("*¹²³ ")
        name = NAMES.get(plain_name(name), name)
        kind = "aggregate" if name == NAMES["oecd average"] else "country"
        indicator = "pisa_science_2003" if subject == "science" and year == "2003" else f"pisa_{subject}"
        reading.rows.append(
            Row(
                indicator,
                places.unit("pisa", kind, name),
                int(year),
                value,
                sheet.place(row, column_letters(at["Average"])),
                None if error in MISSING else files.number(error, where),
            )
        )


def _subject(sheet: Sheet, header: int) -> str:
    """Return the one subject named above the table or by the sheet."""
    above = " ".join([sheet.name, *(" ".join(row) for row in sheet.rows[:header])]).lower()
    named = [subject for subject in SUBJECTS if subject in above]
    if len(named) != 1:
        raise ImportRefused(
            f"{sheet.place(header)}: the text above the table names {', '.join(named) or 'no subject'}; allowed: one of "
            f"{', '.join(SUBJECTS)}. Keep the title that the export writes, or name the sheet after its subject"
        )
    return named[0]


TEMPLATE = """# Mapping for a table of the OECD, for instance Table I.B1.2.1 of PISA 2022 Results, Volume I (means and
# their standard errors). Its columns were not seen: put in what your file shows.
tables:
  - sheet: Table I.B1.2.1
    check: {A1: Table I.B1.2.1}
    first_row: 14
    panel: pisa
    unit_type: country
    name: A
    year: 2022
    values: {pisa_mathematics: {value: B, standard_error: C}}
missing: [a, c, m, w, x]
units: {Korea: pisa/country/korea-rep}
"""

LOADER = Loader(
    name="pisa",
    title="PISA means and standard errors",
    publisher="Organisation for Economic Co-operation and Development (OECD), through the International Data Explorer",
    address="https://nces.ed.gov/surveys/international/ide/",
    licence="OECD terms, attribution",
    documentation="https://read.oecd.org/10.1787/975708c3-en?format=html",
    layout=(
        "Export of the International Data Explorer with the columns Year/Study, Jurisdiction, Average and Standard "
        "Error, the subject in the title above; the names as a public script reads them. Tables of the OECD's reports "
        "take a mapping: only their titles and marks for missing data are documented."
    ),
    read=read,
    template=TEMPLATE,
)
