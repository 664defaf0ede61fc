"""Check that keys name the place they belong to, and that one name has one spelling."""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator

from leadership_effects.data.checks.lines import Line, Lines, folded
from leadership_effects.data.checks.problem import Problem
from leadership_effects.data.vocabulary import OPEN_COLUMNS

MIN_REASON_WORDS = 4
MIN_ITEMS, READ = 5, ("code", "reason")  # items on which two readings are compared, and what of them
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
# Words that an author leaves for a second look, a lone question mark and a placeholder in angle brackets.
UNFINISHED = re.compile(
    r"\b(?:TODO|FIXME|TBD|TBC)\b|\bx{3,}\b|\bX{4,}\b|\bXXX\b(?=\W*(?:$|[a-z]))|\b[Ll]orem ipsum\b|(?:^|[.;:,(]\s*)[Cc]heck this\b"
    r"|\?{2,}|^\W*\?\W*$|<(?!https?:)[a-z][a-z _-]*>"
)
# Columns of texts that are read by themselves, by table; the deck is read in its order and may point above.
TEXTS: dict[str, tuple[str, ...]] = {
    "cases": ("programme", "selection"), "sources": ("title", "publisher", "how_read"), "leadership": ("measure", "statement"), "events": ("statement",),
    "claims": ("claimant", "statement", "reason"), "evaluations": ("study", "design", "treated", "outcome", "statement", "note"),
    "coding": ("evidence", "reason"), "assessments": ("reason",), "indicators": ("title", "definition", "caveat"), "units": ("weight_note",),
    "breaks": ("reason",), "outcomes": ("note",), "starts": ("note",), "dose": ("note",), "readings": ("material", "note"),
    "vocabulary": ("meaning", "reason"),
}  # fmt: skip
# A whole text that says nothing, or that points to one which readers do not see beside it.
POINTER = re.compile(
    r"(?:(?:see|as|same as|like|cf\.?) )?(?:the )?(?:(?:above|below|before|previous|last|same|ditto|idem|ibid)(?: (?:row|one|cell|line|text))?)|see (?:row|line) \d+"
    r"|tbd|tbc|todo|to do|to be (?:done|filled|added|checked)|n/?a|nil|ok(?:ay)?|yes|no|true|false|test|later|dummy|placeholder|asdf\w*|qwert\w*|x+|[\W_]+|[^\W\d_]",
    re.IGNORECASE,
)
UNSEEN = "[\t\u00a0\u00ad\u200b-\u200f\u2028\u202f\u2060\ufeff]"
ODD_BLANK = re.compile(f"^[ ]|[ ]$|[ ]{{2}}|{UNSEEN}")


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


def unfinished_mark(text: str) -> str:
    """Return the mark with which an author left a text for later; blank if there is none.

    Examples
    --------
    >>> unfinished_mark("Forty fellows, xxx check this"), unfinished_mark("Who leads? Nobody says.")
    ('xxx', '')
    """
    found = UNFINISHED.search(text)
    return found[0] if found else ""


def pointer(text: str) -> str:
    """Return a text that says nothing by itself; blank if it says something.

    Examples
    --------
    >>> pointer("See above."), pointer("x"), pointer("As above, the law names no share.")
    ('See above.', 'x', '')
    """
    return text if text and POINTER.fullmatch(text.strip(" .,;:()[]")) else ""


def empty_texts(lines: Lines) -> Iterator[Problem]:
    """Yield texts that say nothing by themselves."""
    for table, columns in TEXTS.items():
        for line in lines.of(table):
            for column in columns:
                if line[column] and pointer(line[column]) and not unfinished_mark(line[column]):
                    message = f"{line[column]!r} says nothing by itself; allowed: the text as it is to be read, for who sees no other row"
                    yield line.problem(column, message)


def keys_as_names(lines: Lines) -> Iterator[Problem]:
    """Yield names of people and bodies that are the key of a source."""
    known = {line["source_id"] for line in lines.of("sources")} - {""}
    for table, column in (
        ("claims", "claimant"),
        ("evaluations", "study"),
        ("cases", "programme"),
        ("sources", "publisher"),
    ):
        for line in lines.of(table):
            if line[column] in known:
                message = f"{line[column]} is the key of a source; allowed: the name, as it is to be read"
                yield line.problem(column, message)


def repeated_claims(lines: Lines) -> Iterator[Problem]:
    """Yield reasons that give the words of what they are to judge, or of where it stands."""
    for table, column, other in (("claims", "reason", "statement"), ("coding", "reason", "evidence")):
        for line in lines.of(table):
            if line[column] and folded(line[column]) == folded(line[other]):
                yield line.problem(column, f"is the {other} again; allowed: why, in words of its own")


def unfinished(lines: Lines) -> Iterator[Problem]:
    """Yield cells that were left for later."""
    for table, rows in lines.tables.items():
        for line in rows:
            for column in ("note",) if table == "outcomes" else line.cells:
                if line[column] and (mark := unfinished_mark(line[column])):
                    message = (
                        f"{mark!r} was left in {line[column][:60]!r}; allowed: the text as it is to be read"
                    )
                    yield line.problem(column, message)


def repeated(lines: Lines) -> Iterator[Problem]:
    """Yield rows of a case that say under a second key what a row above says."""
    for table, key in PLACED_KEYS.items():
        seen: dict[tuple[str, ...], Line] = {}
        for line in lines.of(table):
            content = tuple(folded(cell) for column, cell in line.cells.items() if column != key)
            first = seen.setdefault(content, line)
            if first is not line:
                yield line.problem(
                    key, f"the row is that of {first[key]}; allowed: one row for what happened once"
                )


def copied_readings(lines: Lines) -> Iterator[Problem]:
    """Yield readings of a case that give code and reason of another reading on every item."""
    readings: defaultdict[str, defaultdict[str, dict[tuple[str, str], Line]]] = defaultdict(
        lambda: defaultdict(dict)
    )
    for line in lines.of("coding"):
        readings[line["case_id"]][line["coder"]][line["kind"], line["item"]] = line
    for case_id, coders in readings.items():
        for first, second in itertools.combinations(filter(None, coders), 2):
            both = [
                (coders[first][item], line) for item, line in coders[second].items() if item in coders[first]
            ]
            if len(both) >= MIN_ITEMS and all(
                one[column] == line[column] for one, line in both for column in READ
            ):
                message = f"{second} gives every code and reason of {first} on {case_id}; allowed: a reading of its own, made without seeing the other"
                yield both[0][1].problem("coder", message)


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
        if folded(line["meaning"]) == folded(word):
            yield line.problem(
                "meaning", f"{line['meaning']} is the word itself; allowed: what it means, in a sentence"
            )
        if len(line["reason"].split()) < MIN_REASON_WORDS:
            message = f"{line['reason'] or 'blank'} is no reason; say in a sentence why none of the words there will do"
            yield line.problem("reason", message)
