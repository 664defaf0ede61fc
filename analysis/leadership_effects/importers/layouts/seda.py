"""Read the Stanford Education Data Archive: district means by subject, grade and year.

Columns as in the archive's codebook of that file, read in a copy,
https://docs.google.com/spreadsheets/d/1b0HeFGtuLisBJmdF7Ui6hrK_TS4Ig_Bb/edit: one row a district, subject, grade and
spring; the mean of all pupils ``cs_mn_all`` in standard deviations of national reference cohorts, its standard error
``cs_mn_se_all`` and the number of pupils ``tot_asmt_all``. Means compare places and years within a subject and grade.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from pathlib import Path

from leadership_effects.importers import files
from leadership_effects.importers.model import ImportRefused, Loader, OutcomeRow, Places, Reading

COLUMNS = (
    "stateabb", "sedalea", "sedaleaname", "subject", "grade", "year", "cs_mn_all", "cs_mn_se_all", "tot_asmt_all",
)  # fmt: skip
SUBJECTS = {"math": "mathematics", "mth": "mathematics", "ela": "english", "rla": "english"}
PANELS = {"DC": "washington_dc", "LA": "new_orleans", "TX": "rio_grande_valley"}
BLANK = ("", "NA", ".")


def read(path: Path, places: Places) -> Reading:
    """Read the means of all pupils in the districts of three states; others are counted.

    Raises
    ------
    ImportRefused
        If a column of the codebook is missing or a cell is not what the codebook allows.
    """
    reading = Reading()
    try:
        # A million rows and more: read line by line, and no more kept than is used.
        with path.open(encoding="utf-8-sig", newline="") as stream:
            for where, line in _lines(path.name, csv.reader(stream)):
                if line["stateabb"] not in PANELS:
                    reading.left_out["another state than DC, LA or TX"] += 1
                elif line["cs_mn_all"] in BLANK:
                    reading.left_out["no mean of all pupils"] += 1
                else:
                    reading.rows.append(_row(line, where, places))
    except UnicodeDecodeError:
        files.utf8(path)  # whose error names the row
        raise
    return reading


def _lines(name: str, table: Iterator[list[str]]) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield place and cells of each row, by column."""
    header = next(table)
    missing = [column for column in COLUMNS if column not in header]
    if missing:
        raise ImportRefused(
            f"{name}, row 1, column {missing[0]}: is missing; allowed: the columns of seda_geodist_long_cs_5.0, "
            f"among them {', '.join(COLUMNS)}"
        )
    at = {column: header.index(column) for column in COLUMNS}
    for row, cells in enumerate(table, 2):
        if len(cells) != len(header):
            raise ImportRefused(
                f"{name}, row {row}: has {len(cells)} cells; allowed: {len(header)}; download it again"
            )
        yield f"{name}, row {row}", {column: cells[index].strip() for column, index in at.items()}


def _row(line: dict[str, str], where: str, places: Places) -> OutcomeRow:
    rules = (("subject", "|".join(SUBJECTS), "math or ela"), ("grade", r"[3-8](\.0)?", "3 to 8"),
             ("year", r"20\d\d(\.0)?", "a spring, 2009 to 2019"), ("sedalea", r"\d{1,7}", "digits"))  # fmt: skip
    for name, pattern, allowed in rules:
        if not re.fullmatch(pattern, line[name]):
            raise ImportRefused(f"{where}, column {name}: found {line[name]!r}; allowed: {allowed}")
    subject, grade, state = SUBJECTS[line["subject"]], line["grade"][0], line["stateabb"]
    panel, code = PANELS[state], line["sedalea"].zfill(7)
    figures = {
        name: files.number(line[name], f"{where}, column {name}")
        for name in COLUMNS[-3:]
        if line[name] not in BLANK
    }
    pupils = figures.get("tot_asmt_all")
    name = f"{line['sedaleaname']} ({code})"
    return OutcomeRow(
        f"seda_{subject}_g{grade}_{state.lower()}",
        places.alias(line["sedaleaname"]) or places.unit(panel, "school_district", name, slug=f"seda-{code}"),
        int(line["year"][:4]),
        figures["cs_mn_all"],
        f"{where}, column cs_mn_all",
        figures.get("cs_mn_se_all"),
        None if pupils is None else round(pupils),
    )


LOADER = Loader(
    name="seda",
    title="Stanford Education Data Archive 5.0, geographic districts, long file, cohort scale",
    publisher="Educational Opportunity Project, Stanford University",
    address="https://purl.stanford.edu/cs829jn7849",
    licence="data use agreement of the archive, to be read at its site before rows are published",
    documentation="https://docs.google.com/spreadsheets/d/1b0HeFGtuLisBJmdF7Ui6hrK_TS4Ig_Bb/edit",
    layout="CSV seda_geodist_long_cs_5.0 as in its codebook, of which a copy was read.",
    kinds=("csv",),
    read=read,
    # Their unit of value is not yet among those that a release allows.
    indicators={
        rf"seda_(?P<subject>mathematics|english)_g(?P<grade>[3-8])_{state.lower()}": {
            "panel": panel,
            "title": f"SEDA {{subject}}, grade {{grade}}, districts ({state})",
            "definition": (
                "Mean of all pupils in {subject}, grade {grade}, geographic school districts, cohort scale: standard "
                "deviations of the national reference cohorts."
            ),
            "value_unit": "standard deviations",
            "direction": "1",
            "minimum": "-5",
            "maximum": "5",
            "caveat": "Compares places and years within this subject and grade alone. Under the archive's data use agreement.",
        }
        for state, panel in PANELS.items()
    },
    restricted=(
        "The archive comes under a data use agreement: read its terms at the archive's site before publishing rows. As quoted "
        "by others it allows non-commercial use only and asks for permission before files are published in full or in part. Our tables are CC BY 4.0. Keep such a draft to yourself, or "
        "get that permission and mark the rows."
    ),
)
