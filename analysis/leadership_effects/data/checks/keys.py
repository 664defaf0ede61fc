"""Check that keys name the place they belong to, and that one name has one spelling."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from leadership_effects.data.checks.lines import Line, Lines, folded
from leadership_effects.data.checks.problem import Problem
from leadership_effects.data.vocabulary import OPEN_COLUMNS

MIN_REASON_WORDS = 4
# Tables whose key begins with the place of its row.
PLACED_KEYS = {
    "leadership": "leadership_id", "events": "event_id", "claims": "claim_id", "evaluations": "evaluation_id",
}  # fmt: skip
CHAPTER = re.compile(r"cases/([a-z_]+)\.html")
# One name, one spelling: table, column of the name, and the columns within which it must not be spelt in two ways.
NAMES: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("units", "name", ("panel", "unit_type", "parent")), ("units", "parent", ("panel",)), ("indicators", "title", ("panel",)),
    ("cases", "title", ()), ("cases", "country", ()), ("cases", "programme", ()), ("sources", "publisher", ()),
    ("starts", "place", ()), ("starts", "organisation", ()), ("dose", "place", ()), ("leadership", "measure", ()), ("leadership", "unit", ()),
    ("evaluations", "unit", ()), ("claims", "claimant", ()), ("readings", "coder", ()),
)  # fmt: skip
ONCE = {"units": "unit_id", "indicators": "indicator_id", "cases": "case_id"}
ODD_BLANK = re.compile("^[ ]|[ ]$|[ ]{2}|[\t\u00a0\u00ad\u200b-\u200f\u2028\u202f\u2060\ufeff]")


def prefixes(lines: Lines) -> Iterator[Problem]:
    """Yield keys of rows that begin with another place than that of the row."""
    for table, column in PLACED_KEYS.items():
        for line in lines.of(table):
            own, key = line["case_id"].replace("_", "-"), line[column]
            if own and key and not key.startswith(f"{own}-"):
                yield line.problem(
                    column, f"{key} is no key of {line['case_id']}; allowed: one that begins with {own}-"
                )
    for line in lines.of("units"):
        start = f"{line['panel']}/{line['unit_type']}/"
        if line["unit_id"] and line["panel"] and line["unit_type"] and not line["unit_id"].startswith(start):
            message = f"{line['unit_id']} names another panel or kind; allowed: one that begins with {start}"
            yield line.problem("unit_id", message)


def passages(lines: Lines) -> Iterator[Problem]:
    """Yield passages of a case that lead into the chapter of another."""
    known = {line["case_id"] for line in lines.of("cases")} | set(lines.cases)
    for line in lines.of("assessments"):
        found = CHAPTER.match(line["passage"])
        if line["place"] in known and found and found[1] in known and found[1] != line["place"]:
            message = f"{line['passage']} is in the chapter of {found[1]}; allowed: cases/{line['place']}.html#<heading>, or a page across the places"
            yield line.problem("passage", message)


def spellings(lines: Lines) -> Iterator[Problem]:
    """Yield second spellings of a name, and units that are there under another key."""
    for table, column, within in NAMES:
        seen: dict[tuple[str, ...], Line] = {}
        for line in lines.of(table):
            if not line[column]:
                continue
            first = seen.setdefault((*(line[one] for one in within), folded(line[column])), line)
            if first[column] != line[column]:
                message = f"{line[column]!r} is {first[column]!r} of {_place(first)} in another spelling; allowed: one spelling"
                yield line.problem(column, message)
            elif (table, column) == ("cases", "title") and first is not line:
                message = f"{line[column]!r} is the title of {first['case_id']}; allowed: a title of its own"
                yield line.problem(column, message)
            elif (table, column) == ("indicators", "title") and first is not line:
                message = f"{line[column]!r} is the title of {first['indicator_id']}; allowed: a title that says what differs"
                yield line.problem(column, message)
            elif column == "name" and first is not line:
                message = (
                    f"{line[column]!r} is there as {first['unit_id']} already; allowed: one row for a unit"
                )
                yield line.problem(column, message)


def _place(line: Line) -> str:
    return f"{line.file}, row {line.number}"


def letters(lines: Lines) -> Iterator[Problem]:
    """Yield cells with accents apart from their letters, or with blanks that are not seen."""
    for table, rows in lines.tables.items():
        for line in rows:
            for column in ("note",) if table == "outcomes" else line.cells:
                cell = line[column]
                if cell.isascii() and (cell.isalnum() or not cell):
                    continue
                if not cell.isascii() and cell != unicodedata.normalize("NFC", cell):
                    message = f"{cell[:40]!r} has accents apart from their letters; allowed: letters in one piece (Unicode NFC)"
                    yield line.problem(column, message)
                elif ODD_BLANK.search(cell):
                    message = f"{cell[:40]!r} has a blank at an end, a double blank or one that is not seen; allowed: single blanks within"
                    yield line.problem(column, message)


def words(lines: Lines) -> Iterator[Problem]:
    """Yield words of the open vocabulary that nothing uses or that are spelt in two ways."""
    added = {(line["column"], line["word"]) for line in lines.of("vocabulary")}
    for line in lines.of("vocabulary"):
        column, word = line["column"], line["word"]
        used = [row[column] for row in lines.of(OPEN_COLUMNS.get(column, ""))]
        if not word or column not in OPEN_COLUMNS:
            continue
        known = {folded(one): one for one in used if one != word and (column, one) not in added}
        if folded(word) in known:
            yield line.problem(
                "word", f"{word} is {known[folded(word)]} in another spelling; allowed: one spelling"
            )
        elif word not in used:
            yield line.problem(
                "word", f"{word} is in no row of {OPEN_COLUMNS[column]}.csv; allowed: words in use"
            )
        if len(line["reason"].split()) < MIN_REASON_WORDS:
            message = f"{line['reason'] or 'blank'} is no reason; say in a sentence why none of the words there will do"
            yield line.problem("reason", message)
