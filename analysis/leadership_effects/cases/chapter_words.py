"""Refuse sentences that say another comparison than the rule of the plan gives."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from leadership_effects.cases.chapter_rules import Case, paragraphs
from leadership_effects.data.checks.problem import Problem
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
REASONS = (("assessments", "reason"), ("claims", "reason"), ("cases", "selection"))


def word_problems(case: Case) -> Iterator[Problem]:
    """Yield typed marks, words for another comparison, and tests of a place that was not tested."""
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


def _word(case: Case) -> str:
    """Return the word of the comparison by the last run; none for a described place."""
    if case.described_because:
        return "none"
    if not case.results().is_file():
        return ""
    results = json.loads(case.results().read_text(encoding="utf-8"))["results"]
    return str(results.get("comparison", {}).get("value", ""))


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
