"""Find studies whose level, design or years their own words and other tables do not bear."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator

from leadership_effects.data.checks.cells import THREATS
from leadership_effects.data.checks.lines import Line, Lines
from leadership_effects.data.checks.problem import Problem

OF_PROGRAMME = r"(?:corps members|fellows|participants|programme teachers|alumni|ambassadors|Teach \w+ \w*)"
# First words of what was treated, and the levels that these words name.
HEADS: tuple[tuple[re.Pattern[str], tuple[str, ...]], ...] = (
    (re.compile(r"(?:[\d,]+ )?(?:\w+ )?schools\b", re.I), ("schools", "whole reform package", "everything in the place")),
    (re.compile(r"(?:[\d,]+ )?departments\b", re.I), ("departments",)),
    (re.compile(r"(?:[\d,]+ )?districts\b", re.I), ("schools", "whole reform package", "everything in the place")),
    (re.compile(rf"pupils of {OF_PROGRAMME}", re.I), ("pupils of programme teachers",)),
    (re.compile(rf"{OF_PROGRAMME}$", re.I), ("participants",)),
    (re.compile(r"(?:the )?whole (?:reform|set)", re.I), ("whole reform package",)),
)  # fmt: skip
# Words on the treated that a level asks for, and those that it cannot begin with.
ASKED = {
    "departments": re.compile(r"department", re.I),
    "pupils of programme teachers": re.compile(r"pupils|class", re.I),
}
BARRED = {
    "participants": re.compile(r"(?:[\d,]+ )?(?:\w+ )?(?:schools|pupils|classes|grades|districts)\b", re.I)
}
# Kinds of design by their words; a row names one of them, or says of another that it is none.
DESIGNS = {
    "a trial": r"randomi[sz]ed|random assignment|by lot\b|lottery",
    "a discontinuity": r"discontinuity|threshold of admission",
    "differences in differences": r"difference-in-differences|differences in differences",
    "matching": r"\bmatch(?:ed|ing)\b|propensity",
    "no comparison": r"no comparison(?: group)?\b|without (?:a )?(?:comparison|counterfactual)|nothing is compared|no control group|not compared",
    "a survey": r"\bsurvey\b|\binterviews?\b|\bquestionnaire\b",
}  # fmt: skip
KINDS = {name: re.compile(words, re.IGNORECASE) for name, words in DESIGNS.items()}
NEGATED = re.compile(r"\b(?:no|not|non|nor|neither|without|never)[ -](?:\w+[ -]){0,2}$", re.IGNORECASE)
MORE = re.compile(
    r"^(?:no|none|neither|nothing)\b|\b(?:no more than|did not differ|no (?:significant )?(?:difference|effect|gain)s?)\b",
    re.I,
)
TRIAL, NONE = "a trial", "no comparison"
SPAN = re.compile(r"\b((?:19|20)\d\d)(?: to |[-–/])((?:19|20)?\d\d)\b")


def _kinds(text: str) -> set[str]:
    """Return the kinds of design that a text names without denying them."""
    return {
        kind
        for kind, words in KINDS.items()
        for found in words.finditer(text)
        if kind == NONE or not NEGATED.search(text[: found.start()])
    }


def levels(lines: Lines) -> Iterator[Problem]:
    """Yield levels of treatment that the words on the treated contradict."""
    for line in lines.of("evaluations"):
        level, treated = line["treated_level"], line["treated"]
        if not level or not treated:
            continue
        allowed = next((levels for head, levels in HEADS if head.match(treated)), (level,))
        asked, barred = ASKED.get(level), BARRED.get(level)
        if level not in allowed:
            yield line.problem(
                "treated_level", f"{level}, and treated are {treated[:60]!r}: {' or '.join(allowed)}?"
            )
        elif (asked and not asked.search(treated)) or (barred and barred.match(treated)):
            yield line.problem(
                "treated_level", f"{level}, and treated are {treated[:60]!r}: which are meant?"
            )


def designs(lines: Lines) -> Iterator[Problem]:
    """Yield designs of studies that their statement or note says otherwise."""
    for line in lines.of("evaluations"):
        named = _kinds(line["design"])
        told = f"{line['statement']} {line['note']}"
        denied = TRIAL in named and any(
            NEGATED.search(told[: found.start()]) for found in KINDS[TRIAL].finditer(told)
        )
        against = _kinds(told) - named if named & {TRIAL, NONE} or NONE in _kinds(told) else set()
        against -= {"a survey"} if NONE not in named else set()
        if denied:
            yield line.problem("design", f"{line['design'][:60]!r}, and the words of the row deny a trial")
        elif named and against and (TRIAL in named or NONE in named | against):
            message = (
                f"{line['design'][:60]!r}, and the words of the row speak of {', '.join(sorted(against))}"
            )
            yield line.problem("design", message)


def designs_of_one_study(lines: Lines) -> Iterator[Problem]:
    """Yield studies that are a trial in one row and not in others of the same source."""
    studies: defaultdict[tuple[str, str], list[Line]] = defaultdict(list)
    for line in lines.of("evaluations"):
        studies[line["source_id"], line["year"]].append(line)
    for rows in studies.values():
        trials = [line for line in rows if TRIAL in _kinds(line["design"])]
        others = [line for line in rows if line not in trials and line["design"]]
        few, many = sorted((trials, others), key=len)
        for line in few if many else ():
            message = f"{line['design'][:60]!r}, and {many[0]['evaluation_id']}, from the same source, has {many[0]['design'][:60]!r}"
            yield line.problem("design", message)


def findings(lines: Lines) -> Iterator[Problem]:
    """Yield findings of a difference whose statement begins by denying one."""
    for line in lines.of("evaluations"):
        found = MORE.search(line["statement"].split(";")[0].split(", ")[0])
        if line["finding"] in ("positive", "contrary") and found:
            yield line.problem("finding", f"{line['finding']}, and the statement says {found[0]!r}")


def graded(lines: Lines) -> Iterator[Problem]:
    """Yield bearings on a design that their source does not have, or without any threat."""
    by_source: defaultdict[str, list[Line]] = defaultdict(list)
    for line in lines.of("evaluations"):
        by_source[line["source_id"]].append(line)
    for line in lines.of("assessments"):
        studies = by_source[line["source_id"]]
        if line["bearing"] in ("", "silent") or line["basis"] in ("described", ""):
            continue
        if (
            line["design_level"] == "5"
            and studies
            and not any(TRIAL in _kinds(f"{one['design']} {one['study']}") for one in studies)
        ):
            message = (
                f"5 (a trial), and evaluations.csv has {studies[0]['design'][:60]!r} of {line['source_id']}"
            )
            yield line.problem("design_level", message)
        if line["design_level"] != "5" and all(line[threat] == "none" for threat in THREATS):
            message = "none, as every other threat of the row, where nothing was drawn by lot: is nothing in its way?"
            yield line.problem(THREATS[0], message)


def early_studies(lines: Lines) -> Iterator[Problem]:
    """Yield studies of a programme that were published, or whose data end, before it began."""
    starts = {line["case_id"]: line.year("start_year") for line in lines.of("cases")}
    for line in lines.of("evaluations"):
        start, year = starts.get(line["case_id"]), line.year("year")
        if start is None or line["treated_level"] in ("everything in the place", "whole reform package"):
            continue
        if year is not None and year < start:
            yield line.problem("year", f"{year}, and start_year of the case is {start}: what did it study?")
        for column in ("design", "outcome", "statement", "note"):
            ends = [_end(found) for found in SPAN.finditer(line[column])]
            if ends and max(ends) < start:
                message = f"speaks of data up to {max(ends)}, and start_year of the case is {start}"
                yield line.problem(column, message)


def _end(found: re.Match[str]) -> int:
    return int(found[2] if len(found[2]) == 4 else found[1][:2] + found[2])
