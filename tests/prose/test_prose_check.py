"""Check each rule of the prose check on passages to find and to pass, and the whole book.

For each rule: a passage that must be found, the answered form that must pass, and near misses.
"""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from leadership_effects.data.release import newest_release
from leadership_effects.paths import ROOT
from leadership_effects.prose import __main__ as prose
from leadership_effects.prose import bound, names
from leadership_effects.prose.pages import (
    Page,
    chart_passages,
    glossary_terms,
    markdown_passages,
    notebook_passages,
)
from leadership_effects.prose.rules import RULES, Finding, Knowledge

CITABLE = frozenset({"LF_001", "LF_002", "LF_012", "LF_099", "LF_126"})
NAMES = frozenset({"Saber 11", "Law 20.248", "Key Stage 3", "Region 12 (Waco)", "Attainment 8"})
KNOWN = Knowledge(frozenset({"critical mass", "gcse"}), frozenset({"LF_012"}), CITABLE, NAMES)
CASE = "analysis/notebooks/cases/somewhere.py"


def found(rule: str, text: str, path: str = CASE) -> list[str]:
    """Words that a rule finds in Markdown text."""
    page = Page(path, tuple(markdown_passages(path, text)))
    (chosen,) = (one for one in RULES if one.name == rule)
    return [finding.passage.shown[finding.start : finding.end] for finding in chosen.findings(page, KNOWN)]


@pytest.mark.parametrize(
    ("rule", "text", "words"),
    [
        ("typed-figure", "The gap fell by 4.5 points.", "4.5"),
        ("typed-figure", "In 2012 pupils gained {num}`a.b` and then 12 per cent.", "12"),
        ("typed-figure", "- p is 0.03 in mathematics", "0.03"),
        ("typed-figure", "| place | gap |\n|---|---|\n| Huari | 17 |", "17"),
        ("typed-figure", ":::{admonition} In short\n:class: summary\nSome 500 alumni.\n:::", "500"),
        ("typed-figure", "Three of eight moved.", "Three of eight"),
        ("typed-figure", "It rose by two points and nine in ten passed.", "nine in ten"),
        ("typed-figure", "More than half of the gain came early.", "More than half"),
        ("typed-figure", "It ranks {num}`a.rank` of nine.", "{num}`a.rank` of nine"),
        ("unbound-comparative", "London has the largest gain.", "largest"),
        ("unbound-comparative", "The share doubled in ten years.", "doubled"),
        ("unbound-comparative", "Most schools took part.", "Most schools"),
        ("unbound-comparative", "It was\ntwice as high.", "twice as high"),
        ("causal-verb", "The programme improved results in the city.", "improved results"),
        ("causal-verb", "The reform led to a rise of {num}`a.b` points {src}`LF_099`.", "led to"),
        ("causal-verb", "A strong department lifts its pupils.", "lifts its pupils"),
        ("causal-verb", "Results rose thanks to the coalition.", "thanks to"),
        ("causal-verb", "The effect of the programme on reading is {num}`a.b`.", "effect of"),
        ("undefined-term", "The SIMCE mean rose.", "SIMCE"),
        ("undefined-term", "A prediction interval is wide.\n\nSee the prediction interval.", "prediction interval"),
        ("typed-figure", "It fell in Saber 11 points, and saber 12.", "11"),
        ("typed-figure", "Attainment 8.5 is more than Saber 11.", "8.5"),
        ("unknown-source", "It rose {src}`LF_001,\nLF_404`.", "LF_404"),
        ("unknown-source", "## What {src}`LF_4040` says", "LF_4040"),
        ("uncited-claim", "In 2014 the ministry changed its rules.", "In 2014 the ministry changed its rules."),
        ("uncited-claim", "Later the head of Enseña Perú became a mayor.", "Later the head of Enseña Perú became a mayor."),
    ],
)  # fmt: skip
def test_found(rule: str, text: str, words: str) -> None:
    assert words in found(rule, text)


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        ("typed-figure", "The gap fell by {num}`a.b` points, from 2003–07 to 2009/10 and the 1990s."),
        ("typed-figure", "Grades 3 to 8, class XII, classes 5 and 8, Key Stage 3, pupils aged 15, at 14, the 8th grade, Part 2."),
        ("typed-figure", "On 30 January 2008; release 2026.2 with Python 3.11 or 3.13; `x = 4`; {math}`N_0 = 8`."),
        ("typed-figure", "[Page](https://example.org/12/34) and {src}`LF_001, LF_002` and {cite:p}`roth2022`."),
        ("typed-figure", "{.definitions}\n| group | points |\n|---|---|\n| rules | 5 incentives |"),
        ("typed-figure", "A 95 per cent interval at the 5 per cent level, four times in five, on a scale from 0 to 5."),
        ("typed-figure", "One of the eight places; all three readings; one or two points in time."),
        ("typed-figure", "```python\nx = 12\n```\n\n```{math}\ny = 13\n```"),
        ("typed-figure", "It moved in {num}`a.k` of the eight places."),
        ("typed-figure", "It stands at grade {num}`security.posts.grade` of 5, from 0 (untested) to 5; a 2 is a code."),
        ("typed-figure", "Inglés a los 14 años, en una escala de 0 a 5; angļu valoda 14 gadu vecumā, 8. klasē."),
        ("typed-figure", "Saber 11, Attainment 8 and Law 20.248, in Region 12 (Waco), at Key\nStage 3."),
        ("unknown-source", "It rose {src}`LF_001, LF_002`, as `{src}` says."),
        ("unbound-comparative", "London has the largest gain, {num}`a.b` points."),
        ("unbound-comparative", "London has the largest gain {src}`LF_001`."),
        ("unbound-comparative", "Which place has the largest gain?"),
        ("unbound-comparative", "The smallest detectable difference would be the largest of all; at most so."),
        ("unbound-comparative", "The deck calls it \"the largest of all\"."),
        ("causal-verb", "This does not show that the programme improved results."),
        ("causal-verb", "Did the programme improve results? What led to the rise?"),
        ("causal-verb", "The deck claims that the programme improved results."),
        ("causal-verb", "A trial finds that the programme raised scores {src}`LF_012`."),
        ("causal-verb", "Clustering stands next to results in time; reading drives came from the government."),
        ("causal-verb", "If it had led to gains, schools with fellows would have gained."),
        ("causal-verb", "It \"led to a rise\" in their words; an effect of one standard deviation is found seldom."),
        ("undefined-term", "The SIMCE, the national test, rose; GCSEs and critical mass are explained elsewhere."),
        ("undefined-term", "The national test (SIMCE) rose in class XII of the UK."),
        ("undefined-term", "[UDISE](https://example.org/) has counts; a **prediction interval** says where a new place lies."),
        ("uncited-claim", "In 2014 the ministry changed its rules {src}`LF_126`."),
        ("uncited-claim", "The ministry acted {src}`LF_126`.\n\nIn 2014 it changed its rules."),
        ("uncited-claim", "We compared the series from 2003; this page says how it was done."),
        ("uncited-claim", "## What would change our mind\n\n- Fellows by school since 2015, as they were placed."),
    ],
)  # fmt: skip
def test_passes(rule: str, text: str) -> None:
    assert found(rule, text) == []


@pytest.mark.parametrize(
    ("rule", "text", "path"),
    [
        ("causal-verb", "The effect of the programme is the treatment effect.", "book/methods.md"),
        ("uncited-claim", "In 2014 the ministry changed its rules.", "book/rerun.md"),
        ("unbound-comparative", "Most of what follows needs no programming.", "book/contribute.md"),
    ],
)
def test_rules_keep_to_their_pages(rule: str, text: str, path: str) -> None:
    assert found(rule, text, path) == []
    assert found(rule, text)


@pytest.mark.parametrize(
    "escaped", ["&", "\\&", "&amp;", "&#38;", "&#x26;", "and 3\\%", "5&nbsp;%", "<b>\\&</b>"]
)
def test_an_escape_or_entity_hides_nothing(escaped: str) -> None:
    """The same findings with the character typed and with it escaped, on its line and on the next."""
    text = (
        "Schools {} teachers rose thanks to it, by 12 \\* 4 points,\nthen 17 \\$ and the SIMCE\\_score more."
    )
    plain, other = text.format("&"), text.format(escaped)
    for rule, words in (("typed-figure", ["12", "4", "17"]), ("causal-verb", ["thanks to"])):
        assert found(rule, plain) == words
        assert [word for word in found(rule, other) if word not in ("3%", "5\xa0%")] == words


def test_two_sums_in_dollars_are_two_figures() -> None:
    assert found("typed-figure", "It cost $4 million, and then $5 million more.") == ["4", "5"]


@pytest.mark.parametrize(
    "text",
    [
        ":::{insight} one\n:title: A card\n\nThe gap fell by 12 points.\n:::",
        "::::{container}\n\n:::{container}\nThe gap fell by 12 points.\n:::\n\n::::",
        "<p>The gap fell by 12&nbsp;points.</p>",
        "![Chart](a.png) The gap fell by 12 points, {{ release }} says.",
    ],
)
def test_no_container_of_prose_hides_it(text: str) -> None:
    assert found("typed-figure", text) == ["12"]


def test_a_finding_names_line_and_cell() -> None:
    """The line is that of the file, also below a role broken over lines and inside an admonition."""
    text = "# %% [markdown]\n# # Title\n\n# %%\nx = 1\n\n# %% [markdown]\n# One {src}`LF_1,\n# LF_2` word.\n# Then 17 more.\n"
    page = Page(CASE, tuple(notebook_passages(CASE, text)))
    (finding,) = RULES[0].findings(page, KNOWN)
    assert finding.passage.place(finding.start) == f"{CASE}:10 (cell 3, line 3)"
    (passage,) = markdown_passages("book/a.md", "\n:::{note}\n:class: x\n\nSome 17.\n:::\n")
    assert passage.place(5) == "book/a.md:5"


SHOWN = 'caption="Rose by 4 points.", says=f"Rose by {x:.1f} points.")'


@pytest.mark.parametrize("call", ['publish(r, "paths", c, ', 'study.show("paths", c, '])
def test_what_is_typed_in_chart_texts_is_read_and_what_is_filled_in_is_bound(call: str) -> None:
    source = call + SHOWN
    page = Page(CASE, tuple(chart_passages(CASE, source)))
    (finding,) = RULES[0].findings(page, KNOWN)
    assert (finding.passage.section, finding.passage.shown[finding.start : finding.end]) == ("caption", "4")
    assert finding.passage.name == "paths"


def test_glossary_terms_are_the_lines_not_indented() -> None:
    text = ":::{glossary}\n:sorted:\n\nleverage point\nLeverage points\n  A place to act.\n\nGeneral test (GCSE)\n  An exam.\n:::"
    assert glossary_terms(text) == {
        "leverage point", "leverage points", "general test", "gcse", "general test (gcse)",
    }  # fmt: skip


ENTRY = {
    "page": CASE,
    "rule": "typed-figure",
    "text": "by 4.5 points",
    "reason": "A setting of the plan, not a result.",
}


def entries(path: Path, *changed: dict[str, object]) -> Path:
    path.write_text(yaml.safe_dump([{**ENTRY, **change} for change in changed]), encoding="utf-8")
    return path


def findings() -> list[Finding]:
    text = "The gap fell\nby 4.5 points, then by 5.5 points."
    return list(RULES[0].findings(Page(CASE, tuple(markdown_passages(CASE, text))), KNOWN))


def test_an_entry_answers_its_finding_alone(tmp_path: Path) -> None:
    allowed = prose.read_allowances(entries(tmp_path / "allowed.yml", {}, {"text": "fell by 4.5"}))
    (left,) = prose.unanswered(findings(), allowed)
    assert left.passage.shown[left.start : left.end] == "5.5"


@pytest.mark.parametrize(
    "change", [{"text": "by 6.5 points"}, {"page": "book/methods.md"}, {"rule": "causal-verb"}]
)
def test_an_entry_that_answers_nothing_is_a_finding(tmp_path: Path, change: dict[str, object]) -> None:
    allowed = prose.read_allowances(entries(tmp_path / "allowed.yml", {}, change))
    stale = [
        finding for finding in prose.unanswered(findings(), allowed) if finding.rule == "stale-allowance"
    ]
    assert [finding.passage.shown.split(":")[0] for finding in stale] == ["entry 2"]
    assert "stale-allowance 1" in prose.report(stale)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"reason": ""}, "allowed.yml: entry 2, field reason: words are expected"),
        ({"reason": None}, "allowed.yml: entry 2, field reason: words are expected"),
        ({"reason": "it is fine"}, "allowed.yml: entry 2, field reason: 'it is fine' is too short"),
        ({"rule": "typo"}, "allowed.yml: entry 2, field rule: 'typo' is none of typed-figure"),
        (
            {"why": "because"},
            "allowed.yml: entry 2, field why: unknown; allowed are page, rule, text, reason",
        ),
    ],
)
def test_a_malformed_entry_is_refused(tmp_path: Path, change: dict[str, object], message: str) -> None:
    with pytest.raises(prose.ProseError, match=message):
        prose.read_allowances(entries(tmp_path / "allowed.yml", {}, change))


def test_no_glossary_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(names.KnowledgeError, match=r"book/glossary\.md does not exist"):
        names.knowledge(tmp_path, "2026.2")


@pytest.mark.parametrize(
    ("title", "named"),
    [
        ("Prueba Saber 11 2019, mathematics", {"Prueba Saber 11", "Saber 11"}),
        ("Ley Nº 20.903: Crea el Sistema", {"Ley Nº 20.903"}),
        ("Over 100 Alumni; Nearly 50, Top 10", set()),
        ("TFA to Place 170 New Teachers: 63% pass, at 99.83", set()),
        ("Annual Report 2011-12; results of 14 June 2024", set()),
    ],
)
def test_a_title_of_a_source_gives_names_and_no_figures_of_its_headline(title: str, named: set[str]) -> None:
    rows = {table: [] for table in names.TABLES} | {"sources": [{"title": title}]}
    assert set(names.numbered_names(rows)) == named


def test_a_begun_case_is_known_by_draft_and_worksheets_before_any_notebook_ran(small) -> None:
    """A draft beside the release and a sheet that is not taken give names and sources; a spoilt sheet stops nothing."""
    small.descriptor(
        lambda package: [entry.pop("hash", None) for entry in (*package["resources"], package["plan"])]
    )
    small.edit("indicators.csv", 2, "title", "Saber 11 pass rate")
    sheets = small.data / "worksheets" / "somewhere"
    sheets.mkdir(parents=True)
    (sheets / "sources.csv").write_bytes("source_id;title\r\nS_NEW;Régimen Key Stage 3\r\n".encode("latin-1"))
    (sheets / "units.csv").write_text("unit_id,name\nx/y,Zone 7 (North)\n", encoding="utf-8")
    newest = newest_release(ROOT / "data")
    (small.data / newest).symlink_to(ROOT / "data" / newest)
    known = names.knowledge(ROOT, newest, small.data)
    assert {"S_ONE", "S_NEW", "LF_001"} <= (known.sources or set())
    assert {"Saber 11", "Key Stage 3", "Zone 7 (North)"} <= known.names


def test_a_number_that_no_run_recorded_is_said_to_be_unchecked() -> None:
    text = "# %% [markdown]\n# It is {num}`anything`, {range}`huari.districts` and {num}`huari.no_such_key` of {num}`x.y`."
    begun = Page(CASE, tuple(notebook_passages(CASE, text)))
    recorded = bound.Recorded((newest_release(),))
    assert bound.unchecked([begun], recorded) == [
        f"{CASE}:2 (cell 1, line 1): huari.no_such_key: no run of huari recorded it",
        f"{CASE}: 2 bound number(s) of somewhere, which has no results here",
    ]
    assert "no finding" in bound.report(["x"]) and bound.report([]) == ""
    known = Page(
        "book/a.md", tuple(markdown_passages("book/a.md", "It is {num}`huari.districts`, `{num}` x."))
    )
    assert bound.unchecked([known], recorded) == []


def test_pages_are_found_by_name_and_another_is_refused() -> None:
    assert [page.path for page in prose.chosen_pages(ROOT, ["huari"])] == [
        "analysis/notebooks/cases/huari.py"
    ]
    with pytest.raises(prose.ProseError, match=r"atlantis is no page of the book; pages are book/index\.md"):
        prose.chosen_pages(ROOT, ["atlantis"])


def test_the_whole_book_has_no_finding() -> None:
    left = prose.check(ROOT, newest_release())
    assert not left, prose.report(left)
