"""Refuse words and bearings for another comparison or verdict than the plan's rule gives."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from leadership_effects.cases.chapter_rules import Case, paragraphs
from leadership_effects.cases.rules.contradictions import case_lines
from leadership_effects.cases.worksheets import WRITE
from leadership_effects.data.checks.keys import unfinished_mark
from leadership_effects.data.checks.problem import Problem
from leadership_effects.data.checks.suspicions.figures import beginnings, years_of_case
from leadership_effects.data.checks.suspicions.names import about_others
from leadership_effects.data.vocabulary import place_name

# A mark typed by hand, which does not follow the results as {sure} does.
TYPED_MARK = re.compile(
    r"\b(comparison|verdict)\**\s*[:=·]\s*\**(full|partial|none|at least that large|ruled out|cannot say)\b(?![`\w])",
    re.I,
)
SAID = re.compile(r"\b(?:is|was|bears|has|makes) (?:an? )?\**(full|partial|no)\** comparison\b", re.I)
DENIED = re.compile(
    r"\b(?:no|not|never|nothing|nor|neither|cannot|could have|would have|without|if|asks?)\b", re.I
)
SUBJECTS = r"it|the (?:place|case|programme|claim|effect|difference|region|city|district|country)|this (?:place|case)|an effect|its effect"
OPENED = re.compile(r"""case_id = ["'](\w+)["']""")
STANDS_OUT = "place_stands_out"  # statement on which a comparison bears by its verdict
BEARING_OF = {"at least that large": "supports", "ruled out": "contradicts", "cannot say": "cannot say"}
REASONS = (("assessments", "reason"), ("claims", "reason"), ("cases", "selection"))


def word_problems(case: Case) -> Iterator[Problem]:
    """Yield typed marks, words for another comparison or verdict, and texts left for later."""
    yield from (*verdict_problems(case), *unfinished_words(case), *other_studies(case))
    word = _word(case)
    for number, paragraph in paragraphs(case.source):
        for sentence in _sentences(paragraph):
            for message in _faults(case, sentence, word):
                yield case.missing("", message, number)
    for table, column in REASONS if case.filled() else ():
        for row in case.sheets[table].rows:
            for sentence in _sentences(row.cells.get(column, "")):
                for message in _faults(case, sentence, word):
                    yield case.sheets[table].problem(row, column, message)


def verdict_problems(case: Case) -> Iterator[Problem]:
    """Yield bearings on whether the place stands out that its own comparison does not bear."""
    verdict = "cannot say" if case.described_because else _recorded(case, "verdict")
    allowed = BEARING_OF.get(verdict)
    sheet = case.sheets["assessments"]
    for row in sheet.rows if allowed else ():
        cells = row.cells
        compared = cells["statement_id"] == STANDS_OUT and cells["basis"] in ("full", "partial", "none")
        if compared and cells["bearing"] in BEARING_OF.values() and cells["bearing"] != allowed:
            message = f"{cells['bearing']}, and the verdict of the chapter is {verdict}; allowed: {allowed}, or a study as basis"
            yield sheet.problem(row, "bearing", message)


def unfinished_words(case: Case) -> Iterator[Problem]:
    """Yield paragraphs of the chapter that were left for later."""
    for number, paragraph in paragraphs(case.source):
        if WRITE not in paragraph and (
            mark := unfinished_mark(re.sub(r"<[^>]*>|`[^`]*`|\$[^$]*\$", "", paragraph))
        ):
            yield case.missing("", f"{mark!r} was left; allowed: the text as it is to be read", number)


def other_studies(case: Case) -> Iterator[Problem]:
    """Yield the case that the chapter opens where it is another."""
    for number, line in enumerate(case.source.splitlines(), 1):
        found = OPENED.match(line)
        if found and found[1] != case.case_id:
            yield case.missing("case_id", f"is {found[1]!r}; allowed: {case.case_id!r}", number)


def suspicious_words(case: Case) -> Iterator[Problem]:
    """Yield cited sources that name another case, and beginnings in no year of the rows."""
    if not case.filled():
        return
    lines = case_lines(case)
    borrowed = about_others(lines, case.case_id)
    known = years_of_case(lines, case.case_id)
    for number, paragraph in paragraphs(case.source):
        cited = {
            name.strip() for names in re.findall(r"\{src\}`([^`]+)`", paragraph) for name in names.split(",")
        }
        for source in sorted(cited & set(borrowed)):
            yield case.missing(
                "{src}", f"{source} is {borrowed[source]}, and the chapter is on {_title(case)}", number
            )
        for words, year in beginnings(paragraph) if known else ():
            if year not in known:
                yield case.missing("", f"says {words!r}, a year that no row of {case.case_id} has", number)


def _word(case: Case) -> str:
    """Return the word of the comparison by the last run; none for a described place."""
    return "none" if case.described_because else _recorded(case, "comparison")


def _recorded(case: Case, key: str) -> str:
    """Return a result of the chapter's last run; blank if it has not run."""
    if not case.results().is_file():
        return ""
    results = json.loads(case.results().read_text(encoding="utf-8"))["results"]
    return str(results.get(key, {}).get("value", ""))


def _sentences(text: str) -> list[str]:
    return re.split(r"(?<=[.!?;])\s+", " ".join(text.split()))


def _faults(case: Case, sentence: str, word: str) -> Iterator[str]:
    if typed := TYPED_MARK.search(sentence):
        yield f"{typed[0]!r} is typed by hand; allowed: {{sure}}`{case.case_id}`, which follows the results"
    if DENIED.search(sentence):
        return
    said = SAID.search(sentence)
    if word and said and said[1].lower().replace("no", "none") != word:
        yield f"{said[0]!r}, and by the rule of the plan the comparison is {word}; allowed: {word}, or {{sure}}`{case.case_id}.comparison`"
    names = "|".join(map(re.escape, filter(None, {_title(case), place_name(_title(case))})))
    tested = re.search(
        rf"\b(?:{names}|{SUBJECTS}) (?:was|were|is|has been|can be|could be) (?:\w+ly )?(tested|estimated)\b",
        sentence,
        re.I,
    )
    if case.described_because and tested:
        yield f"{tested[0]!r}, and the plan names the place as described; allowed: what is on record, without a test"


def _title(case: Case) -> str:
    return next((row.cells["title"] for row in case.sheets["cases"].rows), "")
