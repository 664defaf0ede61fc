"""Ask for an answer to each new or changed figure of a draft that looks like a slip.

Answers are kept with the reasons of the release, in ``data/changes/<release>-figures.csv``: ``key, column, answer,
source_id, where, note``. A figure stays ``as published`` if its source was looked at again, with the place in it;
``corrected`` records one that was a mistake and no longer looks like one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import pandas as pd

from leadership_effects.csv_files import CsvTable, read_csv
from leadership_effects.data.checks.keys import pointer, unfinished_mark
from leadership_effects.data.checks.problem import Problem
from leadership_effects.data.checks.slips.anomalies import COLUMNS as LISTED
from leadership_effects.data.checks.slips.anomalies import outcome_rows, suspicious_figures
from leadership_effects.data.provenance import OUTCOME_KEY
from leadership_effects.data.release import Release
from leadership_effects.data.rows import key_of, read_rows
from leadership_effects.paths import data_folder
from leadership_effects.releases.changes import Change

COLUMNS = ("key", "column", "answer", "source_id", "where", "note")
PUBLISHED, CORRECTED = "as published", "corrected"
ANSWERS = (PUBLISHED, CORRECTED)
LOOKED_AT = ("value", "n_pupils")
Cell = tuple[str, str]


def figures_path(release: str, folder: Path | None = None) -> Path:
    """Return the file of the answers to a release's suspicious figures."""
    return (folder or data_folder()) / "changes" / f"{release}-figures.csv"


def new_cells(new: Release, changes: Iterable[Change]) -> set[Cell]:
    """Return key and column of the figures that a release adds or changes."""
    cells: set[Cell] = set()
    for change in changes:
        if not change.table.startswith("outcomes-"):
            continue
        if change.kind == "changed" and change.column in LOOKED_AT:
            cells.add((change.key, change.column))
        elif change.kind == "added":
            cells |= {(change.key, column) for column in LOOKED_AT}
        elif change.kind == "table added":
            keys = ("/".join(key_of(row, OUTCOME_KEY)) for row in read_rows(new, change.table))
            cells |= {(key, column) for key in keys for column in LOOKED_AT}
    return cells


def suspicious_changes(new: Release, changes: Iterable[Change]) -> pd.DataFrame:
    """Return the new or changed figures of a release that look like slips."""
    changes = list(changes)
    cells = new_cells(new, changes)
    if not cells:
        return pd.DataFrame(columns=list(LISTED))
    moved = [change for change in changes if change.kind == "changed" and (change.key, "value") in cells]
    before = {change.key: change.before for change in moved if change.column == "value"}
    earlier = pd.to_numeric(pd.Series(before, dtype=object), errors="coerce").to_dict()
    found = suspicious_figures(outcome_rows(new), earlier)
    # Rows that look moved together are answered once, under the first of them that is new or changed.
    own = [
        next((key for key in keys if (key, column) in cells), "")
        for keys, column in zip(found["keys"], found["column"], strict=True)
    ]
    return found.assign(key=own)[[key != "" for key in own]].reset_index(drop=True)


def unanswered_figures(new: Release, changes: Iterable[Change]) -> list[Problem]:
    """Return the suspicious figures without an answer, and the answers that fit none."""
    path = figures_path(new.name, new.folder.parent)
    found = suspicious_changes(new, changes)
    listed = {(cell.key, cell.column): cell for cell in found.itertuples()}
    table = read_csv(path.read_bytes(), COLUMNS) if path.is_file() else CsvTable(())
    faults = [(fault.row, fault.column, fault.message) for fault in table.faults]
    faults += _answer_faults(table, set(listed), new)
    answered = {(row["key"], row["column"]) for row in table.cells}
    problems = [Problem(f"changes/{path.name}", *fault) for fault in faults]
    for cell, figure in listed.items():
        if cell not in answered:
            entry = ",".join((*cell, PUBLISHED, "<source_id>", "<where in it>"))
            message = f"{figure.key} is {figure.value}: {figure.reason}"
            answer = f"correct it, or look at its source again and answer in changes/{path.name}: {entry}"
            problems.append(
                Problem(str(figure.file), int(figure.row), str(figure.column), f"{message}; {answer}")
            )  # type: ignore[call-overload]
    return problems


def _answer_faults(table: CsvTable, listed: set[Cell], new: Release) -> Iterator[tuple[int | None, str, str]]:
    if not table.rows:
        return
    outcomes = outcome_rows(new)
    sources_of = dict(zip(outcomes["key"], outcomes["source_id"], strict=True))
    sources = {row["source_id"] for row in read_rows(new, "sources")}
    first: dict[Cell, int] = {}
    for number, row in table.rows:
        cell = row["key"], row["column"]
        if row["key"] not in sources_of:
            yield number, "key", f"found {row['key']!r}; allowed: indicator/unit/year of an outcome"
        elif row["column"] not in LOOKED_AT:
            yield number, "column", f"found {row['column']!r}; allowed: {', '.join(LOOKED_AT)}"
        elif cell in first:
            yield number, "key", f"answered in row {first[cell]} already; allowed: one answer a figure"
        elif row["answer"] not in ANSWERS:
            yield number, "answer", f"found {row['answer']!r}; allowed: {', '.join(ANSWERS)}"
        elif row["answer"] == CORRECTED and cell in listed:
            yield (
                number,
                "answer",
                f"{CORRECTED}, though the figure still looks like a slip; allowed: {PUBLISHED}",
            )
        elif row["answer"] == PUBLISHED and cell not in listed:
            yield number, "key", "answers no suspicious figure that is new or changed; take the row out"
        elif row["source_id"] not in sources:
            yield number, "source_id", f"found {row['source_id']!r}; allowed: a source_id of sources.csv"
        elif row["answer"] == PUBLISHED and row["source_id"] != sources_of[row["key"]]:
            allowed = f"{sources_of[row['key']]}, the source of the row, or that row corrected"
            yield number, "source_id", f"found {row['source_id']!r}; allowed: {allowed}"
        elif not row["where"] or unfinished_mark(row["where"]) or pointer(row["where"]):
            allowed = "page, table or cell of the source where the figure stands"
            yield number, "where", f"is {row['where'] or 'blank'}; allowed: {allowed}"
        first.setdefault(cell, number)
