"""Find texts, events, sources and places that are there twice in nearly the same form."""

from __future__ import annotations

import difflib
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence

from leadership_effects.data.checks.lines import Line, Lines, folded
from leadership_effects.data.checks.problem import Problem

ALIKE = 0.85  # of two texts: the ratio of difflib
DIGITS = re.compile(r"\d+")
LONG = 8  # words from which a text is nobody's phrase
TEXTS = {"coding": ("evidence", "reason"), "assessments": ("reason",), "claims": ("statement", "reason"), "events": ("statement",),
         "leadership": ("statement",), "evaluations": ("statement",), "cases": ("selection",)}  # fmt: skip


def alike(first: str, second: str, least: float = ALIKE) -> bool:
    """Return whether two texts are nearly the same.

    Examples
    --------
    >>> alike("The first fellows come.", "First fellows came."), alike("A law is passed.", "Fellows arrive.")
    (True, False)
    """
    match = difflib.SequenceMatcher(None, folded(first), folded(second))
    return match.real_quick_ratio() >= least and match.quick_ratio() >= least and match.ratio() >= least


def texts_alike(lines: Lines) -> Iterator[Problem]:
    """Yield texts that another case has word for word."""
    for table, columns in TEXTS.items():
        for column in columns:
            seen: dict[str, list[Line]] = defaultdict(list)
            for line in lines.of(table):
                silent = line["bearing"] == "silent" or (table == "coding" and not line["code"])
                if len(line[column].split()) >= LONG and not silent:
                    seen[folded(line[column])].append(line)
            for same in seen.values():
                for line in same:
                    other = next((one for one in same if _place(one) != _place(line)), None)
                    if other is not None:
                        yield line.problem(
                            column,
                            f"is word for word the text of {_place(other)} ({other.file}, row {other.number})",
                        )


def _place(line: Line) -> str:
    return line["case_id"] or line["place"]


def events_alike(lines: Lines) -> Iterator[Problem]:
    """Yield events that another of the case and year repeats in nearly the same words."""
    groups: defaultdict[tuple[str, str], list[Line]] = defaultdict(list)
    for line in lines.of("events"):
        groups[line["case_id"], line["year"]].append(line)
    for same in groups.values():
        yield from _pairs(same, "event_id", "statement")


def works_alike(lines: Lines) -> Iterator[Problem]:
    """Yield sources of one year whose titles are nearly the same, and of one document's address."""
    groups: defaultdict[str, list[Line]] = defaultdict(list)
    pages: dict[str, Line] = {}
    for line in lines.of("sources"):
        groups[line["year"]].append(line)
        address = line["address"].rstrip("/").removeprefix("https://").removeprefix("http://")
        if address and address != "address not known":
            first = pages.setdefault(f"{address} {line['year']}", line)
            if first is not line:
                yield line.problem(
                    "address",
                    f"is that of {first['source_id']} of the same year: one work, or two pages of it?",
                )
    for same in groups.values():
        yield from _pairs(same, "source_id", "title", "publisher")


def _pairs(rows: Sequence[Line], key: str, column: str, within: str = "") -> Iterator[Problem]:
    for number, line in enumerate(rows):
        for first in rows[:number]:
            same = line[within] == first[within] and DIGITS.findall(line[column]) == DIGITS.findall(
                first[column]
            )
            if same and line[column] and alike(line[column], first[column]):
                yield line.problem(
                    column, f"is nearly that of {first[key]}, {first[column][:80]!r}: one, or two?"
                )
                break


def points_alike(lines: Lines) -> Iterator[Problem]:
    """Yield cases at the coordinates of another."""
    seen: dict[tuple[float | None, float | None], Line] = {}
    for line in lines.of("cases"):
        point = line.number_in("latitude"), line.number_in("longitude")
        first = seen.setdefault(point, line)
        if None not in point and first is not line:
            yield line.problem("latitude, longitude", f"are those of {first['title']}")
