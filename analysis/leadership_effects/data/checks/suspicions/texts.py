"""Find texts cut short or exchanged, copies given as originals, events out of order."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator

from leadership_effects.data.checks.keys import pointer
from leadership_effects.data.checks.lines import Line, Lines, folded
from leadership_effects.data.checks.problem import Problem
from leadership_effects.data.checks.suspicions.copies import alike
from leadership_effects.data.checks.suspicions.figures import FIRST

# Columns of whole sentences, by table.
SENTENCES = {
    "cases": ("selection",), "leadership": ("statement",), "events": ("statement",), "claims": ("statement", "reason"),
    "evaluations": ("statement", "note"), "coding": ("reason",), "assessments": ("reason",), "indicators": ("definition", "caveat"),
}  # fmt: skip
ENDED = re.compile(r"[.!?…][\"'”’»)\]]*$")
FEW = 3  # siblings below which a text is held against those of all places
SHOWN = 40  # characters of a text that a line quotes
# Where evidence stands, as coders write it: a section of the dossier, a row, a source.
LOCATED = re.compile(
    r"\bsection \d|\bs\.? ?\d+\b|\bdossier\b|\b[a-z]+(?:-[a-z]+)*-\d{2,}\b|\b[A-Z]{1,3}\d?_\w+|\bn\.d\.",
    re.ASCII,
)
ARCHIVE = re.compile(
    r"https?://(?:[\w-]+\.)*(?:archive\.(?:org|is|ph|today|li|md|vn)|webarchive\.[\w.]+|perma\.cc|webcitation\.org|ghostarchive\.org|webcache\.[\w.]+"
    r"|archive-it\.org|arquivo\.pt)(?:[:/]|$)",
    re.IGNORECASE,
)
CAPITALS, LETTERS = 0.7, 8  # share of capitals in a title set in them, and letters from which one can tell
# What somebody can have read.
READ = re.compile(
    r"\b(?:web|pages?|excerpts?|tables?|data|files?|texts?|reports?|abstracts?|articles?|summary|summaries|read|documents?|spreadsheets?|posts?|profiles?|"
    r"notices?|releases?|packages?|decks?|slides?|briefs?|maps?|laws?|books?|chapters?|papers?|records?|reviews?|lists?|letters?|records?|transcripts?|"
    r"press|whole|full|part|parts|first|start|index|entry|entries|dataset|database|workbook|sheets?|annex|print|copy|scan|video|interview|answers?|definitions?|blogs?|pdf)\b",
    re.IGNORECASE,
)
FOUNDED = re.compile(
    r"\b(?:is|was|are|were|been) (?:founded|established|set up|incorporated|registered|launched)\b", re.I
)


def cut_texts(lines: Lines) -> Iterator[Problem]:
    """Yield texts that end without a full stop where most of their siblings have one."""
    for table, columns in SENTENCES.items():
        for column in columns:
            siblings: defaultdict[tuple[str, ...], list[Line]] = defaultdict(list)
            for line in lines.of(table):
                if line[column] and not pointer(line[column]):
                    siblings[line["case_id"] or line["place"], line["coder"]].append(line)
            every = [line for rows in siblings.values() for line in rows]
            for rows in siblings.values():
                if not _ended(rows if len(rows) >= FEW else every, column):
                    continue  # whoever writes none has cut nothing
                for line in rows:
                    if not ENDED.search(line[column]):
                        message = f"ends in {line[column][-SHOWN:]!r}, without a full stop as others have: is it cut?"
                        yield line.problem(column, message)


def _ended(rows: list[Line], column: str) -> bool:
    """Return whether most texts end with a full stop."""
    return sum(bool(ENDED.search(line[column])) for line in rows) > len(rows) / 2


def exchanged_columns(lines: Lines) -> Iterator[Problem]:
    """Yield codes whose evidence is a sentence and whose reason says where something stands."""
    for line in lines.of("coding"):
        evidence, reason = line["evidence"], line["reason"]
        placed, told = LOCATED.search(reason), ENDED.search(evidence) and not LOCATED.search(evidence)
        if placed and told and not LOCATED.search(evidence):
            message = f"is a sentence, and the reason names {placed[0]!r}: are the two exchanged?"
            yield line.problem("evidence", message)


def judged_by_itself(lines: Lines) -> Iterator[Problem]:
    """Yield reasons in nearly the words of the claim or of the statement that they judge."""
    statements = {line["statement_id"]: line["statement"] for line in lines.of("statements")}
    for line in lines.of("claims"):
        if folded(line["reason"]) != folded(line["statement"]) and _alike(line["reason"], line["statement"]):
            yield line.problem("reason", "is nearly the statement again: what did the check find?")
    for line in lines.of("assessments"):
        if _alike(line["reason"], statements.get(line["statement_id"], "")):
            yield line.problem("reason", "is nearly the statement again: what says so?")


def _alike(first: str, second: str) -> bool:
    return bool(first and second) and alike(first, second)


def sources_as_given(lines: Lines) -> Iterator[Problem]:
    """Yield copies in an archive given as originals, titles in capitals and readings of nothing."""
    for line in lines.of("sources"):
        if found := ARCHIVE.match(line["address"]):
            message = f"{found[0].rstrip('/')} keeps copies: is the issuing body's own address known, and this one that of a copy?"
            yield line.problem("address", message)
        letters = [letter for letter in line["title"] if letter.isalpha()]
        capitals = sum(letter.isupper() for letter in letters)
        if len(letters) >= LETTERS and capitals > CAPITALS * len(letters):
            yield line.problem("title", f"{line['title'][:SHOWN]!r} is in capitals: as in a sentence?")
        read = line["how_read"]
        if read and not pointer(read) and not READ.search(read):
            message = f"{read[:SHOWN]!r} names nothing that one reads: a page, a table, an abstract, a file?"
            yield line.problem("how_read", message)


def out_of_order(lines: Lines) -> Iterator[Problem]:
    """Yield foundings of a case that are dated after its first people."""
    first: defaultdict[str, dict[int, Line]] = defaultdict(dict)
    for line in lines.of("events"):
        if (year := line.year("year")) is not None and FIRST.search(line["statement"]):
            first[line["case_id"]].setdefault(year, line)
    programmes = {line["case_id"]: line["programme"].split(" (")[0] for line in lines.of("cases")}
    for line in lines.of("events"):
        year, held = line.year("year"), first[line["case_id"]]
        found = FOUNDED.search(line["statement"])
        own = programmes.get(line["case_id"], "")
        about = "programme" in line["statement"] or (own and own in line["statement"])
        if found and about and year is not None and held and year > min(held):
            other = held[min(held)]
            message = f"{year} for {found[0]!r}, and {other['event_id']} has the first people in {min(held)}: are the years exchanged?"
            yield line.problem("year", message)
