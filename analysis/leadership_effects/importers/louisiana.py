"""Read Louisiana's achievement levels by district, and parish files by a mapping.

The layout is that of the state's own summary for spring 2015, read in a copy,
https://scribd.com/document/286522637/State-District-Achievement-Level-Summary-Report-2015: a sheet a grade, the grade and
the spring in its title, ``Site Code`` and ``District Name``, then a subject over the five columns ``A M B AB U``. Shares
are whole percentages; ``≤1`` and the like hide small ones, ``NR`` stands for fewer than ten pupils. Basic or above is
``A + M + B``, and where one of the three is hidden no sum is made. Files of 1999 to 2014 were not seen: they take a
mapping.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from leadership_effects.importers import files
from leadership_effects.importers.files import Sheet
from leadership_effects.importers.mapped import column_letters, read_mapped
from leadership_effects.importers.model import ImportRefused, Loader, Places, Reading, Row, plain_name

PANEL = "new_orleans"
LEVELS = ("A", "M", "B", "AB", "U")
SUBJECTS = {
    "english language arts": "english",
    "mathematics": "mathematics",
    "math": "mathematics",
    "ela": "english",
}
HIDDEN = re.compile(r"([≤≥<>]\s*=?\s*\d+|NR|~|\*|--?|—)%?")
# Whole percentages of five levels may miss 100 by rounding, no more.
ROUNDING = 4


def read(path: Path, places: Places, mapping: dict[str, Any] | None = None) -> Reading:
    """Read the share of pupils at Basic or above by district, a sheet a grade.

    Raises
    ------
    ImportRefused
        If no sheet has the columns of the summary, a title lacks grade or spring, or a row's five shares are no
        percentages that add up to about 100.
    """
    files.expect(path, ("workbook", "csv", "html"), LOADER.address)
    if mapping and mapping.get("tables"):
        return read_mapped(path, places, mapping)
    reading = Reading()
    unknown: set[str] = set()
    found = [(sheet, row) for sheet in files.tables(path) if (row := _level_row(sheet)) is not None]
    if not found:
        raise ImportRefused(
            f"{path.name}: no sheet with the columns Site Code, District Name and {', '.join(LEVELS)}; another layout takes "
            "a mapping (--map)"
        )
    for sheet, row in found:
        _read_sheet(sheet, row, places, reading, unknown)
    if unknown:
        reading.notes.append(
            "Names that are no parish and no unit of the release; to keep them, give their unit in a mapping under "
            f"`units`: {'; '.join(sorted(unknown))}."
        )
    return reading


def _level_row(sheet: Sheet) -> int | None:
    return next((row for row, cells in enumerate(sheet.rows) if _groups(cells)), None)


def _groups(cells: tuple[str, ...]) -> list[int]:
    """Return the columns where the five levels start."""
    return [start for start in range(len(cells)) if cells[start : start + len(LEVELS)] == LEVELS]


def _read_sheet(sheet: Sheet, row: int, places: Places, reading: Reading, unknown: set[str]) -> None:
    title = " ".join([sheet.name, *(" ".join(cells) for cells in sheet.rows[:row])])
    grade, spring = re.search(r"Grade\s*([3-8])\b", title), re.search(r"Spring\s*(20\d\d|19\d\d)", title)
    if not grade or not spring:
        lacks = "grade (as in 'Grade 3')" if not grade else "year (as in 'Spring 2015')"
        raise ImportRefused(
            f"{sheet.place(0)}: the title names no {lacks}; allowed: both, as the state prints them"
        )
    column = _column(sheet, row, "district name")
    for start in _groups(sheet.rows[row]):
        heads = (SUBJECTS.get(plain_name(sheet.cell(above, start))) for above in range(row - 1, -1, -1))
        subject = next((head for head in heads if head), None)
        if subject is None:
            reading.left_out["a subject other than English and mathematics"] += 1
            continue
        indicator_id = f"la_leap{spring[1]}_basicplus_{subject}_g{grade[1]}"
        for line in range(row + 1, len(sheet.rows)):
            name = sheet.cell(line, column)
            shares = [sheet.cell(line, start + offset) for offset in range(len(LEVELS))]
            if not name or not any(shares):
                continue
            unit = _unit(name, places)
            if unit is None:
                unknown.add(name)
                reading.left_out["a name that is no parish"] += 1
            elif any(HIDDEN.fullmatch(share) for share in shares[:3]) or not all(shares[:3]):
                reading.left_out["a level hidden for privacy (≤1 and the like, NR)"] += 1
            else:
                value = _basic_or_above(shares, sheet, line, start)
                where = sheet.place(line, column_letters(start))
                reading.rows.append(
                    Row(indicator_id, unit, int(spring[1]), value, where, derivation="derived")
                )


def _column(sheet: Sheet, row: int, wanted: str) -> int:
    for cells in sheet.rows[: row + 1]:
        for column, cell in enumerate(cells):
            if plain_name(cell) == wanted:
                return column
    raise ImportRefused(
        f"{sheet.place(row)}: no column District Name; allowed: the columns of the state's summary"
    )


def _basic_or_above(shares: list[str], sheet: Sheet, line: int, start: int) -> float:
    figures = []
    for offset, share in enumerate(shares):
        where = sheet.place(line, column_letters(start + offset))
        # A spreadsheet may hold 0.35 where it shows 35%; the state's own summary holds whole numbers.
        figures.append(
            0.0 if HIDDEN.fullmatch(share) or not share else files.number(share.rstrip("%"), where)
        )
    total, hidden = sum(figures), sum(bool(HIDDEN.fullmatch(share)) for share in shares)
    if abs(total - 100) > ROUNDING + hidden:
        raise ImportRefused(
            f"{sheet.place(line, column_letters(start))}: the five levels add up to {total:g}; allowed: about 100 percent"
        )
    return sum(figures[:3])


def _unit(name: str, places: Places) -> str | None:
    given = places.alias(name)
    plain = plain_name(name)
    if given is not None:
        return given
    if plain.startswith("louisiana"):
        return places.unit(PANEL, "state", "Louisiana")
    if plain.startswith("orleans parish"):
        # Without the schools taken over by the Recovery School District, as the name goes on to say.
        return places.unit(PANEL, "school_district", "Orleans Parish School Board", "Louisiana")
    if re.fullmatch(r"[a-z ]+ parish( without .*)?", plain):
        words = re.sub(r"\s*\(.*", "", name).title()
        return places.unit(
            PANEL,
            "parish",
            words,
            "Louisiana",
            slug=plain_name(words).removesuffix(" parish").replace(" ", "-"),
        )
    return None


def indicator(indicator_id: str) -> dict[str, str] | None:
    """Draft of an indicator of this summary."""
    found = re.fullmatch(r"la_leap(\d{4})_basicplus_(english|mathematics)_g([3-8])", indicator_id)
    if not found:
        return None
    year, subject, grade = found.groups()
    named = "English" if subject == "english" else subject
    return {
        "indicator_id": indicator_id,
        "panel": PANEL,
        "title": f"Basic or above {year}, {named}, grade {grade} (Louisiana)",
        "definition": (
            f"Share of pupils at Basic or above, {named}, grade {grade}, spring {year}: the published whole percentages for "
            "Basic, Mastery and Advanced added up."
        ),
        "value_unit": "percent",
        "direction": "1",
        "minimum": "0",
        "maximum": "100",
        "caveat": "Whole percentages. The tests of grades 3 to 8 were new in 2015: no comparison across that year.",
    }


TEMPLATE = """# Mapping for a parish file of the state, 1999 to 2014. Its layout was not seen: put in what your file shows.
# In the state's later summary no mapping is needed; there, `units` alone may name its districts.
tables:
  - sheet: Sheet1
    check: {A1: Parish}
    first_row: 2
    panel: new_orleans
    unit_type: parish
    name: A
    parent: Louisiana
    year: B
    values: {la_pct_basic_all: C}
missing: [NR]
units: {ORLEANS: new_orleans/city/new-orleans}
indicators: {}
"""

LOADER = Loader(
    name="louisiana",
    title="State and district achievement level summary",
    publisher="Louisiana Department of Education",
    address="https://www.louisianabelieves.com/",
    licence="public record",
    documentation="https://scribd.com/document/286522637/State-District-Achievement-Level-Summary-Report-2015",
    layout="Workbook of the state's summary, a sheet a grade, as in spring 2015. Files of 1999 to 2014 take a mapping.",
    read=read,
    indicators=indicator,
    template=TEMPLATE,
)
