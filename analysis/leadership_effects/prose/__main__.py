"""Check the prose: typed figures, causal claims, undefined terms, citations, translations.

Findings are answered in the text (bind, cite, explain, reword) or, where the text is right as it is, by an
entry with a reason in ``book/prose_allowed.yml``. An entry that no longer answers anything is a problem itself.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import yaml

from leadership_effects.data.release import newest_release, open_release
from leadership_effects.errors import LeadershipError, run_command
from leadership_effects.files import shorten
from leadership_effects.paths import ROOT
from leadership_effects.prose import translations
from leadership_effects.prose.pages import Passage, glossary_terms, page_paths, read_page
from leadership_effects.prose.rules import RULES, Finding, Knowledge, Rule

ALLOWED = "book/prose_allowed.yml"
GLOSSARY = "book/glossary.md"
FIELDS = ("page", "rule", "text", "reason")
SHORTEST_REASON = 4
DESIGNS = (
    "random",
    "quasi",
    "discontinuity",
    "difference-in-differences",
    "experiment",
    "counterfactual from",
)
STALE = Rule(
    "stale-allowance",
    "The entry answers nothing any more; left there it would excuse a later sentence that nobody judged.",
    f"remove it from {ALLOWED}, or correct its page, rule or text.",
    lambda page, knowledge: iter(()),
)
ALL_RULES = (*RULES, STALE)


class ProseError(LeadershipError, ValueError):
    """The check cannot run: an allowance, page or glossary is missing or malformed."""


@dataclass(frozen=True)
class Allowance:
    """Entry of the allow-list: text of a page that breaks a rule and stays.

    Attributes
    ----------
    number : int
        Position in the file, from 1.
    page, rule, text, reason : str
        Path of the page, name of the rule, words as written there, and why they stay.
    """

    number: int
    page: str
    rule: str
    text: str
    reason: str

    def answers(self, finding: Finding) -> bool:
        """Return whether the finding lies in a stretch that holds the entry's text."""
        if (finding.passage.page, finding.rule) != (self.page, self.rule):
            return False
        words = r"\s+".join(map(re.escape, self.text.split()))
        spans = (found.span() for found in re.finditer(words, finding.passage.shown))
        return any(start < finding.end and finding.start < end for start, end in spans)


def read_allowances(path: Path) -> tuple[Allowance, ...]:
    """Read the entries of the allow-list in order.

    Raises
    ------
    ProseError
        Naming file, entry and field, if a field is missing, unknown or empty, the rule is unknown, or the
        reason has fewer than four words.
    """
    entries = yaml.safe_load(path.read_text(encoding="utf-8")) or []
    if not isinstance(entries, list):
        raise ProseError(f"{path.name}: a list of entries with {', '.join(FIELDS)} is expected")
    return tuple(_allowance(path.name, number, entry) for number, entry in enumerate(entries, 1))


def _allowance(file: str, number: int, entry: object) -> Allowance:
    where = f"{file}: entry {number}"
    if not isinstance(entry, dict):
        raise ProseError(f"{where}: {', '.join(FIELDS)} are expected, found {entry!r}")
    if unknown := sorted(set(map(str, entry)) - set(FIELDS)):
        raise ProseError(f"{where}, field {unknown[0]}: unknown; allowed are {', '.join(FIELDS)}")
    for field in FIELDS:
        if not isinstance(entry.get(field), str) or not entry[field].strip():
            raise ProseError(f"{where}, field {field}: words are expected, found {entry.get(field)!r}")
    names = [rule.name for rule in RULES]
    if entry["rule"] not in names:
        raise ProseError(f"{where}, field rule: {entry['rule']!r} is none of {', '.join(names)}")
    if len(entry["reason"].split()) < SHORTEST_REASON:
        raise ProseError(f"{where}, field reason: {entry['reason']!r} is too short to say why the text stays")
    return Allowance(number, **entry)


def knowledge(root: Path, release: str) -> Knowledge:
    """Read the terms of the glossary and the sources that carry a design.

    Raises
    ------
    ProseError
        If there is no glossary.
    """
    path = root / GLOSSARY
    if not path.is_file():
        raise ProseError(f"{GLOSSARY} does not exist: terms cannot be checked without it")
    studies = open_release(release).table("evaluations")
    designed = studies["design"].str.lower().str.contains("|".join(DESIGNS), na=False)
    return Knowledge(
        glossary_terms(path.read_text(encoding="utf-8")), frozenset(studies.loc[designed, "source_id"])
    )


def unanswered(findings: Iterable[Finding], allowances: tuple[Allowance, ...]) -> list[Finding]:
    """Return the findings that no entry answers, and the entries that answer none."""
    left, used = list[Finding](), set[int]()
    for finding in findings:
        answering = {allowance.number for allowance in allowances if allowance.answers(finding)}
        used |= answering
        if not answering:
            left.append(finding)
    for allowance in allowances:
        if allowance.number not in used:
            text = f"entry {allowance.number}: {allowance.rule} in {allowance.page}: {allowance.text}"
            left.append(Finding(STALE.name, Passage(ALLOWED, 1, "entry", "", text, text), 0, len(text)))
    return left


def check(root: Path, release: str, only: Iterable[str] = ()) -> list[Finding]:
    """Return the findings in the book, or on the pages named, that no entry answers."""
    paths, wanted = list(page_paths(root)), list(only)
    if unknown := [name for name in wanted if name not in paths]:
        raise ProseError(f"{unknown[0]} is no page of the book; pages are {', '.join(paths)}")
    chosen = wanted or paths
    pages = tuple(read_page(path, root) for path in chosen)
    known = knowledge(root, release)
    allowances = read_allowances(root / ALLOWED)
    if lost := [entry for entry in allowances if entry.page not in paths]:
        raise ProseError(
            f"{ALLOWED}: entry {lost[0].number}, field page: {lost[0].page} is no page of the book"
        )
    found = (finding for page in pages for rule in RULES for finding in rule.findings(page, known))
    return unanswered(found, tuple(entry for entry in allowances if entry.page in chosen))


def report(findings: list[Finding]) -> str:
    """Return the findings by rule, each rule with its reason and answers, and the counts."""
    lines = []
    for rule in ALL_RULES:
        if own := [finding for finding in findings if finding.rule == rule.name]:
            lines += [f"{rule.name}: {rule.why}", f"  answer: {rule.answer}", *map(_line, own), ""]
    counts = Counter(finding.rule for finding in findings)
    summary = ", ".join(f"{rule.name} {counts[rule.name]}" for rule in ALL_RULES)
    return "\n".join([*lines, f"prose: {len(findings)} finding(s): {summary}"])


def _line(finding: Finding) -> str:
    shown = finding.passage.shown
    before, found, after = shown[: finding.start], shown[finding.start : finding.end], shown[finding.end :]
    around = " ".join(f"{before[-50:]}»{shorten(found, 160)}«{after[:40]}".split())
    detail = f"{finding.detail}\n      " if finding.detail else ""
    return f"  {finding.passage.place(finding.start)}\n      {detail}{around}"


def main(arguments: list[str] | None = None) -> int:
    """Check the book, print the findings and return 1 if there is any."""
    parser = argparse.ArgumentParser(prog="python -m leadership_effects.prose", description=main.__doc__)
    parser.add_argument("pages", nargs="*", help="pages or notebook sources to check; all by default")
    parser.add_argument("--release", default="", help="release whose results are read; the newest by default")
    chosen = parser.parse_args(arguments)

    def run() -> int:
        findings = check(ROOT, chosen.release or newest_release(), chosen.pages)
        behind = translations.problems(ROOT)
        if chosen.pages:
            behind = [problem for problem in behind if any(page in problem for page in chosen.pages)]
        print(report(findings))
        print(translations.report(behind))
        return 1 if findings or behind else 0

    return run_command(run, "prose: ", failed=2)


if __name__ == "__main__":
    sys.exit(main())
