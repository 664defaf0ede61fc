"""Read Louisiana's achievement levels by district, and parish files by a mapping.

The layout is that of the state's own summary for spring 2015, read in a copy,
https://scribd.com/document/286522637/State-District-Achievement-Level-Summary-Report-2015: a sheet a grade, the grade and
the spring in its title, ``Site Code`` and ``District Name``, then a subject over the five columns ``A M B AB U``. Shares
are whole percentages; ``≤1`` and the like hide small ones, ``NR`` means fewer than ten pupils. Basic or above is
``A + M + B``, and where one of the three is hidden no sum is made. Files of 1999 to 2014 were not seen: they take a
mapping.
"""

from __future__ import annotations

import re
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


def read(path: Path, places: Places) -> Reading:
    """Read the share of pupils at Basic or above by district, a sheet a grade.

    Raises
    ------
    ImportRefused
        If no sheet has the columns of the summary, a title lacks grade or spring, or a row's five shares are no
        percentages that add up to about 100.
    """
    reading = Reading()
    unknown: set[str] = set()
    headers = [
        (table, row)
        for table in files.tables(path)
        for row in [n for n, cells in enumerate(table.rows) if _level_columns(cells)][:1]
    ]
    if not headers:
        raise ImportRefused(
            f"{path.name}: no sheet with the columns Site Code, District Name and {', '.join(LEVELS)}; another layout takes "
            "a mapping (--map)"
        )
    for table, header in headers:
        _read_table(table, header, places, reading, unknown)
    if unknown:
        reading.notes.append(
            "Names that are no parish and no unit of the release; to keep them, give their unit in a mapping under "
            f"`units`: {'; '.join(sorted(unknown))}."
        )
    return reading


def _level_columns(cells: tuple[str, ...]) -> list[int]:
    """Return the columns where the five levels start."""
    return [start for start in range(len(cells)) if cells[start : start + len(LEVELS)] == LEVELS]


def _read_table(table: FileTable, header: int, places: Places, reading: Reading, unknown: set[str]) -> None:
    title = table.text_above(header)
    grade, spring = re.search(r"Grade\s*([3-8])\b", title), re.search(r"Spring\s*(20\d\d|19\d\d)", title)
    if not grade or not spring:
        lacks = "grade (as in 'Grade 3')" if not grade else "year (as in 'Spring 2015')"
        raise ImportRefused(
            f"{table.place(0)}: the title names no {lacks}; allowed: both, as the state prints them"
        )
    column = _name_column(table, header)
    for start in _level_columns(table.rows[header]):
        heads = (SUBJECTS.get(plain_name(table.cell(above, start))) for above in range(header - 1, -1, -1))
        subject = next(filter(None, heads), None)
        if subject is None:
            reading.left_out["a subject other than English and mathematics"] += 1
            continue
        indicator = f"la_leap{spring[1]}_basicplus_{subject}_g{grade[1]}"
        for row in range(header + 1, len(table.rows)):
            name = table.cell(row, column)
            shares = [table.cell(row, start + offset) for offset in range(len(LEVELS))]
            if not name or not any(shares):
                continue
            unit = _unit(name, places)
            if unit is None:
                unknown.add(name)
                reading.left_out["a name that is no parish"] += 1
            elif any(_is_hidden(share) for share in shares[:3]):
                reading.left_out["a level hidden for privacy (≤1 and the like, NR)"] += 1
            else:
                value, where = _basic_or_above(shares, table, row, start), table.place(row, start)
                reading.rows.append(
                    OutcomeRow(indicator, unit, int(spring[1]), value, where, derivation="derived")
                )


def _name_column(table: FileTable, header: int) -> int:
    for cells in table.rows[: header + 1]:
        for column, cell in enumerate(cells):
            if plain_name(cell) == "district name":
                return column
    raise ImportRefused(
        f"{table.place(header)}: no column District Name; allowed: the columns of the state's summary"
    )


def _is_hidden(share: str) -> bool:
    return not share or bool(HIDDEN.fullmatch(share))


def _basic_or_above(shares: list[str], table: FileTable, row: int, start: int) -> float:
    # A spreadsheet may hold 0.35 where it shows 35%; the state's own summary holds whole numbers.
    figures = [
        0.0 if _is_hidden(share) else files.number(share.rstrip("%"), table.place(row, start + offset))
        for offset, share in enumerate(shares)
    ]
    total, hidden = sum(figures), sum(bool(HIDDEN.fullmatch(share)) for share in shares)
    if abs(total - 100) > ROUNDING + hidden:
        raise ImportRefused(
            f"{table.place(row, start)}: the five levels add up to {total:g}; allowed: about 100 percent"
        )
    return sum(figures[:3])


def _unit(name: str, places: Places) -> str | None:
    plain = plain_name(name)
    if (given := places.alias(name)) is not None:
        return given
    if plain.startswith("louisiana"):
        return places.unit(PANEL, "state", "Louisiana")
    if plain.startswith("orleans parish"):
        # Without the schools taken over by the Recovery School District, as the rest of the name has it.
        return places.unit(PANEL, "school_district", "Orleans Parish School Board", "Louisiana")
    if re.fullmatch(r"[a-z ]+ parish( without .*)?", plain):
        words = re.sub(r"\s*\(.*", "", name).title()
        slug = plain_name(words).removesuffix(" parish").replace(" ", "-")
        return places.unit(PANEL, "parish", words, "Louisiana", slug)
    return None


LOADER = Loader(
    name="louisiana",
    title="State and district achievement level summary",
    publisher="Louisiana Department of Education",
    address="https://www.louisianabelieves.com/",
    licence="public record",
    documentation="https://scribd.com/document/286522637/State-District-Achievement-Level-Summary-Report-2015",
    layout="Workbook of the state's summary, a sheet a grade, as in spring 2015. Files of 1999 to 2014 take a mapping.",
    kinds=("workbook", "csv", "html"),
    read=read,
    indicators={
        rf"la_leap(?P<year>\d{{4}})_basicplus_{subject}_g(?P<grade>[3-8])": {
            "panel": PANEL,
            "title": f"Basic or above {{year}}, {name}, grade {{grade}} (Louisiana)",
            "definition": (
                f"Share of pupils at Basic or above, {name}, grade {{grade}}, spring {{year}}: the published whole "
                "percentages for Basic, Mastery and Advanced added up."
            ),
            **PERCENT,
            "caveat": "Whole percentages. The tests of grades 3 to 8 were new in 2015: no comparison across that year.",
        }
        for subject, name in (("english", "English"), ("mathematics", "mathematics"))
    },
)
