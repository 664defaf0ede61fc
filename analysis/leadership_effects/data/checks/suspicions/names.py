"""Find names that are nearly another's, and texts and sources of another place."""

from __future__ import annotations

import difflib
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from functools import cache

from leadership_effects.data.checks.lines import Line, Lines, folded
from leadership_effects.data.checks.problem import Problem
from leadership_effects.data.vocabulary import place_name

NEAR = 0.85  # of two words of a name: the ratio of difflib
SHORT, WORD = 6, 3  # letters of a name and of its words below which two are near by chance
# Columns in which a text is about its own place.
OWN_TEXTS = {"coding": ("evidence", "reason"), "assessments": ("reason",), "claims": ("reason",), "events": ("statement",),
             "leadership": ("statement",), "cases": ("selection",)}  # fmt: skip
PERSON_TEXTS = OWN_TEXTS | {
    "claims": ("claimant", "statement", "reason"),
    "evaluations": ("study", "statement"),
}
# Of two names with as many rows that of the table named first counts as right.
BODIES = (("cases", "programme"), ("sources", "publisher"), ("sources", "authors"), ("claims", "claimant"))
PERSON = re.compile(r"\b[A-ZÀ-Ž][a-zà-ž'’]+(?:[ -][A-ZÀ-Ž][a-zà-ž'’]+){1,2}\b")


def near(name: str, known: Iterable[str]) -> str:
    """Return the known name that is nearly a name, word by word; blank if there is none.

    Examples
    --------
    >>> near("Teach Frist", ["Teach First"]), near("Teach For Armenia", ["Teach For America"])
    ('Teach First', '')
    """
    words = _words(name)
    for other in known if len(folded(name)) >= SHORT else ():
        beside = _words(other)
        if (
            len(words) == len(beside)
            and other != name
            and len(folded(other)) >= SHORT
            and all(map(_nearly, words, beside))
        ):
            return other
    return ""


@cache
def _words(name: str) -> tuple[str, ...]:
    return tuple(folded(word) for word in name.split())


@cache
def _nearly(first: str, second: str) -> bool:
    """Return whether two words are one but for a letter, or for two that changed places."""
    if first == second:
        return True
    if min(len(first), len(second)) < WORD or not (first + second).isalpha():
        return False
    if first[0] == second[0] and sorted(first) == sorted(second):
        return True
    match = difflib.SequenceMatcher(None, first, second)
    return match.real_quick_ratio() >= NEAR and match.quick_ratio() >= NEAR and match.ratio() >= NEAR


def other_places(lines: Lines) -> Iterator[Problem]:
    """Yield texts of a case that name the place or the country of another case."""
    cases = {line["case_id"]: line for line in lines.of("cases")}
    named = {case_id: {place_name(line["title"]), line["country"]} - {""} for case_id, line in cases.items()}
    for table, columns in OWN_TEXTS.items():
        for line in lines.of(table):
            case_id = line["case_id"] or line["place"]
            own = named.get(case_id, set())
            words = {
                name for other, names in named.items() if other != case_id for name in names
                if not any(name in mine for mine in own)
            }  # fmt: skip
            for column in columns if case_id in cases else ():
                found = sorted(name for name in words if re.search(rf"\b{re.escape(name)}\b", line[column]))
                if found:
                    yield line.problem(column, f"names {', '.join(found)}, and the row is of {case_id}")


def bodies(lines: Lines) -> Iterator[Problem]:
    """Yield claimants, publishers, programmes and authors that are nearly a name of more rows."""
    named: list[tuple[Line, str, str]] = [
        (line, column, name)
        for table, column in BODIES
        for line in lines.of(table)
        for name in line[column].split("; ")
        if name and name != "et al."
    ]
    often = [name for name, _ in Counter(name for _, _, name in named).most_common()]
    nearest = {name: near(name, often[:place]) for place, name in enumerate(often)}
    for line, column, name in named:
        if nearest[name]:
            yield line.problem(column, f"{name} is nearly {nearest[name]}: one name, or two?")


def people(lines: Lines) -> Iterator[Problem]:
    """Yield names of people and bodies in the texts of a case that are nearly another there."""
    seen: defaultdict[str, dict[str, None]] = defaultdict(dict)
    for table, columns in PERSON_TEXTS.items():
        for line in lines.of(table):
            held = seen[line["case_id"] or line["place"]]
            for column in columns:
                for name in (
                    found.removesuffix("'s").removesuffix("’s") for found in PERSON.findall(line[column])
                ):
                    if name not in held and (first := near(name, held)):
                        message = (
                            f"{name} is nearly {first}, elsewhere in the rows of the case: one name, or two?"
                        )
                        yield line.problem(column, message)
                    held.setdefault(name)


def borrowed_sources(lines: Lines) -> Iterator[Problem]:
    """Yield sources of a row whose title or publisher names another case and not its own."""
    borrowed = {line["case_id"]: about_others(lines, line["case_id"]) for line in lines.of("cases")}
    for table in OWN_TEXTS:
        for line in lines.of(table):
            case_id = line["case_id"] or line["place"]
            if told := borrowed.get(case_id, {}).get(line["source_id"]):
                yield line.problem("source_id", f"{line['source_id']} is {told}, and the row is of {case_id}")


def about_others(lines: Lines, case_id: str) -> dict[str, str]:
    """Return title and publisher of the sources that name another case and not this one."""
    names = {
        line["case_id"]: {
            place_name(line["title"]),
            line["country"],
            re.split(r" \(|, ", line["programme"])[0],
        }
        - {""}
        for line in lines.of("cases")
    }
    own = names.get(case_id, set())
    others = {name for other, held in names.items() if other != case_id for name in held - own}
    if not own or not others:
        return {}
    told = {line["source_id"]: f"{line['title']} ({line['publisher']})" for line in lines.of("sources")}
    mine, theirs = _any_of(own), _any_of(others)
    return {key: text for key, text in told.items() if theirs.search(text) and not mine.search(text)}


def _any_of(names: Iterable[str]) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, sorted(names)))})\b")
