"""Find pasted figures, and words against the other cells of their row."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator

from leadership_effects.data.checks.lines import Line, Lines
from leadership_effects.data.checks.problem import Problem

NOTHING = re.compile(r"^(?:Nothing|No|None)\b (?:found|evidence|source|on|of|is known)\b", re.IGNORECASE)
NATIONAL = re.compile(r"\b(?:national|nationally|nationwide|countrywide|all areas)\b", re.IGNORECASE)
GRADE = re.compile(r"\b(?:grade|class|year|age) (\d{1,2})\b", re.IGNORECASE)
INITIALS = re.compile(r", | and | & ")
YEAR = re.compile(r"\b(?:19|20)\d\d\b")
NAMED = re.compile(r"\b([a-z]+(?:-[a-z]+)*)-\d{2,}\b")
PASTED = 5  # figures that two years or two units share when one was pasted into the other


def words_against_codes(lines: Lines) -> Iterator[Problem]:
    """Yield codes and bearings beside a reason that begins with nothing found."""
    for line in lines.of("coding"):
        if line["code"] not in ("", "0") and NOTHING.search(line["reason"]):
            yield line.problem("code", f"{line['code']}, and the reason is {line['reason'][:60]!r}")
    for line in lines.of("assessments"):
        if line["bearing"] in ("supports", "contradicts") and NOTHING.search(line["reason"]):
            yield line.problem("bearing", f"{line['bearing']}, and the reason is {line['reason'][:60]!r}")


def words_against_cells(lines: Lines) -> Iterator[Problem]:
    """Yield grades, scopes, years and lists of authors that their own row says otherwise."""
    for line in lines.of("indicators"):
        title, meant = set(GRADE.findall(line["title"])), set(GRADE.findall(line["definition"]))
        if title and meant and title.isdisjoint(meant):
            yield line.problem(
                "definition", f"is of {', '.join(sorted(meant))}, and the title of {', '.join(sorted(title))}"
            )
    for line in lines.of("leadership"):
        if line["scope"] == "place" and (found := NATIONAL.search(line["statement"])):
            yield line.problem("scope", f"place, and the statement says {found[0]!r}")
    for line in lines.of("sources"):
        printed, later = (
            line.year("year"),
            [year for year in YEAR.findall(line["title"]) if year > line["year"]],
        )
        if printed and len(later) == 1 and len(YEAR.findall(line["title"])) == 1:
            yield line.problem("year", f"{printed}, and the title says {later[0]}")
        if found := INITIALS.search(line["authors"]):
            yield line.problem(
                "authors", f"{line['authors'][:60]} holds {found[0]!r}: surnames alone, parted by '; '?"
            )


def named_rows(lines: Lines) -> Iterator[Problem]:
    """Yield codes and bearings whose words name a count, event, claim or study that no row is."""
    ids = (
        ("leadership", "leadership_id"),
        ("events", "event_id"),
        ("claims", "claim_id"),
        ("evaluations", "evaluation_id"),
    )
    held = {line[column] for table, column in ids for line in lines.of(table)}
    kinds = {name.rpartition("-")[0] for name in held}
    for table, columns in (("coding", ("evidence", "reason")), ("assessments", ("reason",))):
        for line in lines.of(table):
            for column in columns:
                named = (found[0] for found in NAMED.finditer(line[column]) if found[1] in kinds)
                if lost := sorted(set(named) - held):
                    yield line.problem(column, f"names {', '.join(lost)}, which no row is")


def pasted(lines: Lines) -> Iterator[Problem]:
    """Yield figures that stand for two years or two units, and cells that repeat another column."""
    years: defaultdict[tuple[str, str], dict[str, Line]] = defaultdict(dict)
    units: defaultdict[tuple[str, str], dict[str, Line]] = defaultdict(dict)
    for line in lines.of("outcomes"):
        years[line["indicator_id"], line["year"]][line["unit_id"]] = line
        units[line["indicator_id"], line["unit_id"]][line["year"]] = line
        for column, other in (("n_pupils", "year"), ("standard_error", "value")):
            if line[column] and line[column] == line[other]:
                yield line.problem(column, f"{line[column]}, the {other} of the row")
    for groups in (years, units):
        seen: dict[tuple[str, tuple[tuple[str, str], ...]], str] = {}
        for (indicator, name), held in groups.items():
            values = tuple(sorted((key, line["value"]) for key, line in held.items()))
            first = seen.setdefault((indicator, values), name)
            if first != name and len(values) >= PASTED and len({value for _, value in values}) > 1:
                yield next(iter(held.values())).problem(
                    "value", f"all {len(values)} figures of {name} are those of {first}"
                )
