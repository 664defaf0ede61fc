"""What a chapter says against its own place, verdict, plan or numbers is found before any build."""

from __future__ import annotations

import pytest
from leadership_effects.prose.chapters import CHAPTER_RULES
from leadership_effects.prose.pages import Page, notebook_passages
from leadership_effects.prose.rules import Knowledge, Place

CHAPTER = "analysis/notebooks/cases/latvia.py"
KNOWN = Knowledge(
    places={
        "latvia": Place(frozenset({"Latvia"}), frozenset({2008, 2009}), "cannot say"),
        "chile": Place(frozenset({"Chile"}), frozenset({2009}), "at least that large"),
    },
    keys={"latvia": frozenset({"mathematics.att", "dose.a_year"}), "begun": frozenset(), "chile": frozenset({"reading.mde"})},
    code={
        "latvia": frozenset({"mathematics", "science", "dose", "a", "year", "x"}),
        "begun": frozenset({"fellows", "maths"}),
        "chile": frozenset({"reading"}),
    },
    pieces=frozenset({"mathematics", "att", "dose", "a", "year", "reading", "mde"}),
)  # fmt: skip
TWICE = "No page read says that the two are one person."


def found(text: str, path: str = CHAPTER, title: str = "Latvia") -> list[tuple[str, str]]:
    """Return rule and words of each finding in a chapter's text, under a heading."""
    lines = ["%% [markdown]", f"# {title}", "", *text.splitlines()]
    source = "\n".join(f"# {line}".rstrip() for line in lines) + "\n"
    page = Page(path, tuple(notebook_passages(path, source)))
    return [
        (told.rule, told.passage.shown[told.start : told.end])
        for rule in CHAPTER_RULES
        for told in rule.findings(page, KNOWN)
    ]


@pytest.mark.parametrize(
    ("rule", "text", "words"),
    [
        ("spoilt-role", "It moved by {num}`mathematics.att points.", "`"),
        ("spoilt-role", "It moved by {num}`mathematics.att and {num}`dose.a_year` points.", "`"),
        ("spoilt-role", "It moved by {num}`x and {num}`dose.a_year points` more.", "{num}`x and {num}`"),
        ("spoilt-role", "It moved by {nun}`mathematics.att` points.", "{nun}`"),
        ("spoilt-role", "It moved by {num}‘mathematics.att’ points.", "{num}"),
        ("unknown-number", "It moved by {num}`mathematics.atx` points.", "mathematics.atx"),
        ("unknown-number", "It moved by {range}`latvia.mathemtics.att`.", "latvia.mathemtics.att"),
        ("unknown-number", "In Chile and here {num}`chile.reading.mdee` was needed.", "chile.reading.mdee"),
        ("other-place", "Schools in Chile choose their teachers.", "in Chile"),
        ("other-place", "In Chile few fellows began.", "In Chile"),
        ("other-place", "Chile’s results did not move.", "Chile’s"),
        ("against-verdict", "Results rose clearly more after the fellows came.", "rose clearly"),
        ("against-verdict", "- Latvia outperformed the rest by {num}`mathematics.att`.", "outperformed"),
        ("repeated-sentence", f"{TWICE}\n\nThe press names one. {TWICE}", TWICE),
        ("other-start", "The programme began in 2012.", "programme began in 2012"),
        ("other-start", "It has placed fellows in schools since 2011.", "fellows in schools since 2011"),
        ("other-subject", "In science it moved by {num}`mathematics.att` points.", "mathematics.att"),
        ("other-subject", "It is {num}`mathematics.att` points in science, and 1 in mathematics.", "mathematics.att"),
    ],
)  # fmt: skip
def test_found(rule: str, text: str, words: str) -> None:
    assert (rule, words) in found(text)


@pytest.mark.parametrize(
    "text",
    [
        "It moved by {num}`mathematics.att` points {src}`LF_001`, as `{num}` prints; {math}`x_0`.",
        "{num}`dose.a_year`, {num}`latvia.dose.a_year` and {num}`science.x` are a chapter's own.",
        "Chile needs {num}`chile.reading.mde` points.",
        "Unlike schools in Chile, those in Latvia choose. The study in Chile found none.",
        "Latvia did not rise clearly more. The gain is {num}`mathematics.att`, from {range}`mathematics.att`.",
        "## After\n\nThe score of one school rose clearly.",
        f"{TWICE}\n\n## What we can say, and how surely\n\n{TWICE}",
        "The programme began in 2008, and schools have been paid by pupil since 2012.",
        "In mathematics it is {num}`mathematics.att`; science was not read.",
        "It falls in science, and needs {num}`mathematics.att` points to be seen.",
    ],
)
def test_passes(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize(
    ("title", "wrong"),
    [("Latvia: as others", False), ("Chile: few fellows", True), ("A programme of few fellows", True)],
)
def test_a_title_names_its_own_place(title: str, wrong: bool) -> None:
    assert (("other-place", title) in found("Nothing moved.", title=title)) is wrong


@pytest.mark.parametrize(
    ("key", "known"), [("fellows", True), ("maths.att", True), ("maths.atx", False), ("felows", False)]
)
def test_a_key_is_judged_before_the_chapter_has_run(key: str, known: bool) -> None:
    """By the words of its code and of the keys that other chapters record."""
    told = found(f"It had {{num}}`{key}` people.", "analysis/notebooks/cases/begun.py")
    assert (("unknown-number", key) in told) is not known
