"""Read Hansard's answer of 30 January 2008: results at 16 by region, 1997 to 2007.

The page, https://publications.parliament.uk/pa/cm200708/cmhansrd/cm080130/text/80130w0020.htm, was read up to the first
header of its table: title, then years across. Below it are number and percentage of pupils for each place, in an order
not seen. The two need no order: a region's number of pupils is in the thousands, a percentage at most 100. Save the page
as it is, or copy the table into a CSV file with the years in one row.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from leadership_effects.importers import files
from leadership_effects.importers.files import FileTable
from leadership_effects.importers.model import (
    PERCENT,
    ImportRefused,
    Loader,
    OutcomeRow,
    Places,
    Reading,
    plain_name,
)

PANEL, INDICATOR = "london", "ks4_5acem_region_1997"
QUESTION = "181059"
FOOTNOTE = re.compile(r"\(\s*\d+\s*\)")
YEAR = re.compile(r"(199[7-9]|200[0-7])")
MEASURES = {"number", "percentage", "per cent", "percent", "no", ""}
MISSING = ("-", "—", "–", "..", "n a", "na")
NAMES = {
    "yorkshire and humber": "Yorkshire and The Humber",
    "eastern": "East of England",
    "east": "East of England",
    "greater london": "London",
}
SPAN = 100.0


def read(path: Path, places: Places) -> Reading:
    """Read percentages by region and year; the number of pupils goes into the note.

    Raises
    ------
    ImportRefused
        If the page does not answer question 181059, no table has years across and regions down, a row has another
        number of figures than the header has years, or a place has two percentages for a year.
    """
    if files.kind_of(path) == "html" and QUESTION.encode() not in path.read_bytes():
        raise ImportRefused(
            f"{path.name}: does not answer question {QUESTION}; allowed: the page {LOADER.address}, or its table as CSV"
        )
    reading = Reading()
    figures: dict[tuple[str, int], dict[str, tuple[float, str]]] = {}
    for table in files.tables(path):
        for name, year, value, where in _figures(table, places, reading):
            slot = figures.setdefault((name, year), {})
            measure = "percentage" if value <= SPAN else "number"
            if slot.get(measure, (value,))[0] != value:
                raise ImportRefused(f"{where}: a second {measure} of {name} for {year}; allowed: one")
            slot[measure] = (value, where)
    if not figures:
        raise ImportRefused(
            f"{path.name}: no table with years from 1997 to 2007 across and regions of England down; copy it into CSV so"
        )
    for (name, year), slot in figures.items():
        if "percentage" not in slot:
            reading.left_out["a number of pupils without a percentage"] += 1
            continue
        note = f"{slot['number'][0]:,.0f} pupils reached it" if "number" in slot else ""
        reading.rows.append(OutcomeRow(INDICATOR, name, year, *slot["percentage"], note=note))
    reading.notes.append("Figures up to 100 were read as percentages, larger ones as numbers of pupils.")
    return reading


def _figures(table: FileTable, places: Places, reading: Reading) -> Iterator[tuple[str, int, float, str]]:
    years: list[int] = []
    name = ""
    for row, raw in enumerate(table.rows):
        cells = [FOOTNOTE.sub("", cell).strip().removesuffix("%").rstrip() for cell in raw]
        found = [int(cell) for cell in cells if YEAR.fullmatch(cell)]
        if len(found) >= 3:
            years, name = found, ""
            continue
        if not years:
            continue
        words = [cell for cell in cells if cell and not _is_figure(cell)]
        values = [cell for cell in cells if _is_figure(cell)]
        name = next((word for word in words if plain_name(word) not in MEASURES), name)
        if not values:
            continue
        unit = _unit(name, places)
        if unit is None:
            reading.left_out[f"no region of the panel: {name or 'no name'}"] += len(values)
            continue
        each, rest = divmod(len(values), len(years))
        if rest or each not in (1, 2):
            raise ImportRefused(
                f"{table.place(row)}: has {len(values)} figures; allowed: one or two for each of the {len(years)} years "
                f"{years[0]} to {years[-1]}"
            )
        for number, cell in enumerate(values):
            year = years[number // each]
            where = f"{table.place(row)}, year {year}"
            if plain_name(cell) in MISSING or cell in MISSING:
                reading.left_out["no figure in the cell"] += 1
            else:
                yield unit, year, files.number(cell, where), where


def _is_figure(cell: str) -> bool:
    return bool(cell) and (cell[0].isdigit() or cell in MISSING or plain_name(cell) in ("n a", "na"))


def _unit(name: str, places: Places) -> str | None:
    name = NAMES.get(plain_name(name), name)
    for kind in ("region", "country", "sub_region"):
        if name and (found := places.find(PANEL, kind, name)) is not None:
            return found
    return None


LOADER = Loader(
    name="hansard",
    title="Written answer, General Certificate of Secondary Education: Newcastle upon Tyne (Jim Cousins, 181059)",
    publisher="House of Commons Hansard",
    address="https://publications.parliament.uk/pa/cm200708/cmhansrd/cm080130/text/80130w0020.htm",
    licence="Open Parliament Licence",
    documentation="https://publications.parliament.uk/pa/cm200708/cmhansrd/cm080130/text/80130w0020.htm",
    layout="The saved page, or its table as CSV: years across, places down. Read up to its header; the rest is checked.",
    kinds=("html", "csv"),
    read=read,
    indicators={
        INDICATOR: {
            "panel": PANEL,
            "title": "Five good GCSEs with English and mathematics, regions, 1997 to 2007",
            "definition": (
                "Share of pupils with five or more GCSEs or equivalents at A*-C including English and mathematics, by "
                "government office region, as printed in the written answer."
            ),
            **PERCENT,
            "caveat": (
                "The question asks for maintained schools; read the answer's footnotes for schools and pupils counted, and "
                "date a change of basis in breaks.csv. Not comparable with the series that start in 2009."
            ),
        }
    },
    compare={INDICATOR: "ks4_5acem_hansard"},
)
