"""Check the prose: typed figures, causal claims, undefined terms, citations, translations.

Findings are answered in the text (bind, cite, explain, reword) or, where the text is right as it is, by an
entry with a reason in ``book/prose_allowed.yml``. An entry that no longer answers anything is a problem itself.

Nothing needs to have run: what pages bind is looked up where results are, and said to be unchecked where there are none.
Chapters of a draft are held to what the draft and the worksheets name.
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

from leadership_effects.data.release import drafts, newest_release
from leadership_effects.errors import LeadershipError, run_command
from leadership_effects.files import shorten
from leadership_effects.paths import ROOT
from leadership_effects.prose import bound, translations
from leadership_effects.prose.chapters import CHAPTER_RULES
from leadership_effects.prose.names import knowledge
from leadership_effects.prose.pages import Page, Passage, page_paths, read_page
from leadership_effects.prose.rules import RULES as PAGE_RULES
from leadership_effects.prose.rules import Finding, Rule

ALLOWED = "book/prose_allowed.yml"
FIELDS = ("page", "rule", "text", "reason")
SHORTEST_REASON = 4
TO_WRITE = "WRITE:"  # where a chapter that was begun still waits for a sentence
STALE = Rule(
    "stale-allowance",
    "The entry answers nothing any more; left there it would excuse a later sentence that nobody judged.",
    f"remove it from {ALLOWED}, or correct its page, rule or text.",
    lambda page, knowledge: iter(()),
)
RULES = (*PAGE_RULES, *CHAPTER_RULES)
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


def chosen_pages(root: Path, only: Iterable[str] = ()) -> tuple[Page, ...]:
    """Read the pages named by path or by the name of the file, all of the book by default.

    Raises
    ------
    ProseError
        If one is no page of the book.
    """
    paths = list(page_paths(root))
    by_name = {Path(path).stem: path for path in reversed(paths)}
    wanted = [name if name in paths else by_name.get(name, name) for name in only]
    if unknown := [name for name in wanted if name not in paths]:
        raise ProseError(f"{unknown[0]} is no page of the book; pages are {', '.join(paths)}")
    return tuple(read_page(path, root) for path in wanted or paths)


def check(root: Path, release: str, only: Iterable[str] = ()) -> list[Finding]:
    """Return the findings in the book, or on the pages named, that no entry answers.

    Passages that still say what is to be written are left out: the contract of a case lists them.
    """
    pages, every = chosen_pages(root, only), set(page_paths(root))
    known = knowledge(root, release)
    allowances = read_allowances(root / ALLOWED)
    if lost := [entry for entry in allowances if entry.page not in every]:
        raise ProseError(
            f"{ALLOWED}: entry {lost[0].number}, field page: {lost[0].page} is no page of the book"
        )
    found = (
        finding for page in map(_written, pages) for rule in RULES for finding in rule.findings(page, known)
    )
    chosen = {page.path for page in pages}
    return unanswered(found, tuple(entry for entry in allowances if entry.page in chosen))


def _written(page: Page) -> Page:
    """Return a page without what is still to be written in a chapter."""
    if not page.path.startswith("analysis/"):
        return page
    return Page(page.path, tuple(passage for passage in page.passages if TO_WRITE not in passage.shown))


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


def _waiting(pages: tuple[Page, ...]) -> str:
    counts = {page.path: len(page.passages) - len(_written(page).passages) for page in pages}
    lines = [f"  {path}: {count} passage(s)" for path, count in counts.items() if count]
    return (
        "\n".join([f"not read: what is marked {TO_WRITE} in a chapter that was begun", *lines])
        if lines
        else ""
    )


def main(arguments: list[str] | None = None) -> int:
    """Check the book, print the findings and return 1 if there is any."""
    parser = argparse.ArgumentParser(prog="python -m leadership_effects.prose", description=main.__doc__)
    parser.add_argument("pages", nargs="*", help="pages or notebook sources to check; all by default")
    parser.add_argument("--release", default="", help="release whose results are read; the newest by default")
    chosen = parser.parse_args(arguments)

    def run() -> int:
        release = chosen.release or newest_release()
        pages = chosen_pages(ROOT, chosen.pages)
        findings = check(ROOT, release, chosen.pages)
        behind = translations.problems(ROOT)
        if chosen.pages:
            behind = [problem for problem in behind if any(page.path in problem for page in pages)]
        recorded = bound.Recorded(tuple(dict.fromkeys((release, *reversed(drafts())))))
        told = (report(findings), _waiting(pages), bound.report(bound.unchecked(pages, recorded)))
        print("\n".join(filter(None, (*told, translations.report(behind)))))
        return 1 if findings or behind else 0

    return run_command(run, "prose: ", failed=2)


if __name__ == "__main__":
    sys.exit(main())
