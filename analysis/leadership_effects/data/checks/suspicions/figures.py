"""Find figures and years in the words of a row that differ from its own cells."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator

from leadership_effects.counting import TENS, cardinal
from leadership_effects.data.checks.lines import Line, Lines
from leadership_effects.data.checks.problem import Problem

WORDS = {cardinal(number): float(number) for number in range(2, 100)} | {
    "no": 0.0, "none": 0.0, "one": 1.0, "a quarter": 25.0, "a third": 33.0, "half": 50.0, "a half": 50.0, "two thirds": 67.0, "three quarters": 75.0,
    "a fifth": 20.0, "a tenth": 10.0, "a dozen": 12.0, "a hundred": 100.0, "a thousand": 1000.0,
}  # fmt: skip
TENS_OF = "|".join(TENS)
COUNT = re.compile(
    rf"(?<![\w.,-])(?:\d{{1,3}}(?:,\d{{3}})+|\d+)(?:\.\d+)?(?![\w-]|,\d)|\b(?:{'|'.join(sorted(map(re.escape, WORDS), key=len, reverse=True))})\b(?!-)",
    re.IGNORECASE,
)
YEAR = re.compile(r"\b(1[89]\d\d|20\d\d)(?:[-–/](\d\d)\b)?(?!,\d|\w)")
# Words before a year that is not that of the row.
APART = re.compile(
    r"\b(?:since|until|till|by|for|from|after|before|to|of|than|programme \w+) $", re.IGNORECASE
)
BEGUN = re.compile(
    r"\b(?:since|beg[au]n in|started in|starting in|start of|launched in|founded in|introduced in|came in|arrived in)(?: \w+)? ((?:19|20)\d\d)\b(?![-–/]\d)",
    re.IGNORECASE,
)
FIRST = re.compile(
    r"\bfirst (?:\w+ ){0,3}?(?:fellows|cohort|corps|corps members|teachers|participants|trainees|group of fellows)\b",
    re.IGNORECASE,
)
NUMBER = r"(?:\d{1,3}(?:,\d{3})+|\d+)(?![\d,.]*\d)"
# Of a part in words the whole follows at once, or is followed by a participle; "40 schools of 13 districts" is none.
PART = re.compile(
    rf"(?<![\d.,-])({NUMBER}) (?:of (?:the |its |all |these |those )?({NUMBER})|\w+ of (?:the |all )?({NUMBER})(?=[.;,)]|$| \w+ed\b| who\b))"
)
TOLD = {"events": ("statement",), "leadership": ("statement",), "claims": ("statement", "reason"), "cases": ("selection",),
        "coding": ("evidence", "reason"), "assessments": ("reason",)}  # fmt: skip
DATES = {"cases": ("start_year", "first_treated_year"), "events": ("year",), "leadership": ("year",)}
PLACED = "placed to date"


def counts_in(text: str) -> set[float]:
    """Return the counts that a text gives in figures or words; years are none.

    Examples
    --------
    >>> sorted(counts_in("Forty-four of 1,140 fellows since 2017, a fifth of them new."))
    [20.0, 44.0, 1140.0]
    """
    found = set()
    for one in COUNT.finditer(YEAR.sub(" ", text)):
        word = one[0].lower()
        found.add(WORDS[word] if word in WORDS else float(word.replace(",", "")))
    return found


def years_in(text: str) -> list[int]:
    """Return the years that a text gives as its own date, both of a school year.

    Examples
    --------
    >>> years_in("In 2018-19 the fellows of 2017 taught, as since 2009.")
    [2018, 2019]
    """
    years = []
    for found in YEAR.finditer(text):
        if not APART.search(text[: found.start()]):
            years.append(int(found[1]))
            years += [int(found[1][:2] + found[2])] if found[2] else []
    return years


def told_otherwise(lines: Lines) -> Iterator[Problem]:
    """Yield counts of people that their own statement gives otherwise."""
    for line in lines.of("leadership"):
        own = {line.number_in(column) for column in ("value", "value_low", "value_high")} - {None}
        told = counts_in(line["statement"])
        if line["value"] and told and own and not own & told:
            said = ", ".join(f"{one:g}" for one in sorted(told)[:4])
            yield line.problem("statement", f"says {said}, and value is {line['value']}")


def dated_otherwise(lines: Lines) -> Iterator[Problem]:
    """Yield events and counts that their own statement dates otherwise."""
    for table in ("events", "leadership"):
        for line in lines.of(table):
            year, told = line.year("year"), years_in(line["statement"])
            if line["year_basis"] == "stated" and told and year is not None and year not in told:
                said = ", ".join(map(str, told))
                yield line.problem("year", f"{year}, and the statement says {said}")


def begun_otherwise(lines: Lines) -> Iterator[Problem]:
    """Yield texts of a case that date a beginning in a year that none of its rows has."""
    starts = {line["case_id"]: line["start_year"] for line in lines.of("cases") if line["start_year"]}
    known = {case_id: years_of_case(lines, case_id) for case_id in starts}
    for table, columns in TOLD.items():
        for line in lines.of(table):
            case_id = line["case_id"] or line["place"]
            for column in columns if case_id in known else ():
                for said, year in beginnings(line[column]):
                    if year not in known[case_id]:
                        message = f"says {said!r}, a year that no row of {case_id} has; start_year is {starts[case_id]}"
                        yield line.problem(column, message)


def beginnings(text: str) -> Iterator[tuple[str, int]]:
    """Yield the words and the year in which a text says that something began."""
    yield from ((found[0], int(found[1])) for found in BEGUN.finditer(text))


def years_of_case(lines: Lines, case_id: str) -> set[int]:
    """Return the years of the start, the events and the counts of a case."""
    years = {
        line.year(column)
        for table, columns in DATES.items()
        for line in lines.of(table)
        if line["case_id"] == case_id
        for column in columns
    }
    return {year for year in years if year is not None}


def first_people(lines: Lines) -> Iterator[Problem]:
    """Yield events of the first people of a programme in another year than its start."""
    starts = {line["case_id"]: line for line in lines.of("cases")}
    for line in lines.of("events"):
        year, case = line.year("year"), starts.get(line["case_id"])
        start = case.year("start_year") if case else None
        found = FIRST.search(line["statement"])
        if found and year is not None and start is not None and year != start:
            yield line.problem("year", f"{year} for {found[0]!r}, and start_year of the case is {start}")


def larger_parts(lines: Lines) -> Iterator[Problem]:
    """Yield texts that give a part larger than its whole."""
    for table, columns in TOLD.items():
        for line in lines.of(table):
            for column in columns:
                for found in PART.finditer(line[column]):
                    part, whole = (float(one.replace(",", "")) for one in found.groups() if one)
                    if part > whole and not YEAR.fullmatch(f"{whole:.0f}"):
                        yield line.problem(column, f"says {found[0]!r}, a part larger than its whole")


def unplaced_alumni(lines: Lines) -> Iterator[Problem]:
    """Yield counts of alumni above those of all who had been placed."""
    placed: defaultdict[tuple[str, ...], list[Line]] = defaultdict(list)
    for line in lines.of("leadership"):
        if line["post"] == PLACED:
            placed[line["case_id"], line["scope"]].append(line)
    for line in lines.of("leadership"):
        alumni, year = line.number_in("value"), line.year("year")
        for whole in placed[line["case_id"], line["scope"]] if line["post"] == "alumni" else ():
            most, then = whole.number_in("value"), whole.year("year")
            if None not in (alumni, most, year, then) and then >= year and alumni > most:  # type: ignore[operator]
                message = f"{line['value']} alumni in {year}, and {whole['leadership_id']} has {whole['value']} placed by {then}"
                yield line.problem("value", message)
