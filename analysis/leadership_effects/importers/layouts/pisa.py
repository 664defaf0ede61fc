"""Read PISA means: exports of the International Data Explorer, or tables by a mapping.

An export names its columns ``Year/Study``, ``Jurisdiction``, ``Average`` and ``Standard Error``. No documentation of the
layout was found; the names are those that a public script reads from an export
(https://github.com/danielwilhelm/R-CS-ranks, ``data-raw/pisa2022.R``). The tables of the reports' Annex B1 are listed by
the OECD, https://oecd.org/en/publications/pisa-2022-results-volume-i_53f23881-en/full-report/component-25.html, but their
columns were not seen: they take a mapping. Marks for missing data are those of the OECD's Reader's Guide,
https://read.oecd.org/10.1787/975708c3-en?format=html, and of the explorer.
"""

from __future__ import annotations

from pathlib import Path

from leadership_effects.importers import files
from leadership_effects.importers.files import FileTable
from leadership_effects.importers.model import (
    ImportRefused,
    Loader,
    OutcomeRow,
    Places,
    Reading,
    plain_name,
)

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


def read(path: Path, places: Places) -> Reading:
    """Read country means with standard errors, a subject a table.

    Raises
    ------
    ImportRefused
        If no table has the columns of an export, a table names no one subject, or a cell is neither a figure nor
        one of the marks for missing data.
    """
    reading = Reading()
    headers = [
        (table, row)
        for table in files.tables(path)
        for row in [n for n, cells in enumerate(table.rows) if set(COLUMNS) <= set(cells)][:1]
    ]
    if not headers:
        raise ImportRefused(
            f"{path.name}: no table with the columns {', '.join(COLUMNS)} of an export of the International Data "
            "Explorer; another table of the OECD takes a mapping (--map)"
        )
    for table, header in headers:
        _read_table(table, header, places, reading)
    return reading


def _read_table(table: FileTable, header: int, places: Places, reading: Reading) -> None:
    year_at, name_at, mean_at, error_at = map(table.rows[header].index, COLUMNS)
    subject, year = _subject(table, header), 0
    for row in range(header + 1, len(table.rows)):
        # An export prints the year once, in the first row of its block.
        if files.YEAR.fullmatch(table.cell(row, year_at)):
            year = table.year(row, year_at)
        name = table.cell(row, name_at).rstrip("*¹²³ ")
        if not name:
            continue
        if table.cell(row, mean_at) in MISSING:
            reading.left_out["no mean in the file (one of the marks for missing data)"] += 1
            continue
        year = year or table.year(row, year_at)
        error = table.cell(row, error_at).strip("()")
        name = NAMES.get(plain_name(name), name)
        kind = "aggregate" if name == NAMES["oecd average"] else "country"
        reading.rows.append(
            OutcomeRow(
                "pisa_science_2003" if (subject, year) == ("science", 2003) else f"pisa_{subject}",
                places.unit("pisa", kind, name),
                year,
                table.number(row, mean_at),
                table.place(row, mean_at),
                None if error in MISSING else files.number(error, table.place(row, error_at)),
            )
        )


def _subject(table: FileTable, header: int) -> str:
    """Return the one subject named above the table or by the sheet."""
    above = table.text_above(header).lower()
    named = [subject for subject in SUBJECTS if subject in above]
    if len(named) != 1:
        raise ImportRefused(
            f"{table.place(header)}: the text above the table names {', '.join(named) or 'no subject'}; allowed: one of "
            f"{', '.join(SUBJECTS)}. Keep the title that the export writes, or name the sheet after its subject"
        )
    return named[0]


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
    kinds=("workbook", "csv", "html"),
    read=read,
)
