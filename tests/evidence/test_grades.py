"""Grades of statements follow the rule that the book prints, and every cell leads to a passage.

Cases are worked out by hand at each edge of the rule.
"""

from __future__ import annotations

import re
from dataclasses import replace

import pandas as pd
import pytest
import vl_convert
import yaml
from bs4 import BeautifulSoup
from docutils.nodes import make_id
from leadership_book.anchors import FORMER
from leadership_effects.evidence import grades
from leadership_effects.evidence.grades import GradeError, Voice
from leadership_effects.paths import ROOT
from leadership_effects.report.charts import grades as drawn
from leadership_effects.report.pictures import VEGALITE

RULE = grades.GradeRule(
    start={"none": 5, "moderate": 3, "high": 1},
    one_moderate=3, one_high=1, two_high=2, two_beside=2, study_full=4, study_partial=1, near=1,
    sentences=(), design={}, anchors={},
)  # fmt: skip
N, M, H = "none", "moderate", "high"


@pytest.fixture
def tables() -> tuple[pd.DataFrame, pd.DataFrame]:
    statements = pd.DataFrame(
        {"statement_id": ["places_rise"], "question": ["contribution"], "label": ["Places rise"], "statement": ["Places rise."]}
    )  # fmt: skip
    return statements, pd.DataFrame([row("here"), row("there", bearing="silent", level=0, basis="none")])


def row(
    place: str, bearing="supports", level=4, basis="full", threats=(N, N, N, N), precision=N, **more
) -> dict:
    named = dict(zip(grades.THREATS, threats, strict=True))
    return {
        "statement_id": "places_rise", "place": place, "bearing": bearing, "design_level": level, "basis": basis,
        "precision": precision, "passage": f"cases/{place}.html#the-estimate", "reason": "Because.", "source_id": "S",
    } | named | more  # fmt: skip


@pytest.mark.parametrize(
    ("level", "precision", "threats", "grade"),
    [
        (5, N, (N, N, N, N), 5),
        (5, N, (M, M, N, N), 5),
        (5, N, (M, M, M, N), 4),
        (5, N, (M, M, M, M), 4),
        (5, N, (H, N, N, N), 4),
        (5, N, (H, M, N, N), 4),
        (5, N, (H, M, M, N), 3),
        (5, N, (H, H, N, N), 3),
        (5, N, (H, H, H, H), 3),
        (5, M, (N, N, N, N), 3),
        (5, H, (N, N, N, N), 1),
        (2, M, (M, N, N, N), 2),
        (1, N, (H, H, N, N), 0),
        (0, N, (N, N, N, N), 0),
        (4, H, (H, N, N, N), 0),
    ],
)
def test_a_passage_is_graded_as_by_hand(level, precision, threats, grade):
    assert grades.passage_grade(level, precision, threats, RULE) == grade


def voice(bearing: str, grade: int | None = 0, word: str = "none", passage: str = "p") -> Voice:
    return Voice(bearing, grade, word, passage)


@pytest.mark.parametrize(
    ("passages", "bearing", "grade", "word", "passage"),
    [
        ([voice("supports", 2)], "supports", 2, "none", "p"),
        ([voice("mixed", 1), voice("supports", 2, "full", "q")], "supports", 2, "full", "q"),
        ([voice("supports", 2), voice("contradicts", 2)], "mixed", 2, "none", "p"),
        # A full comparison on the losing side lends its word to nobody.
        ([voice("supports", 2), voice("contradicts", 1, "full")], "supports", 2, "none", "p"),
        ([voice("supports", 2), voice("supports", 1, "partial")], "supports", 2, "partial", "p"),
        ([voice("silent", None, "")], "silent", None, "", "p"),
        ([voice("cannot say", None, "")], "cannot say", None, "", "p"),
        ([voice("cannot say", None, ""), voice("cannot say", None, "", "q")], "cannot say", None, "", "p"),
        ([voice("cannot say", None, "", "q"), voice("mixed", 1)], "mixed", 1, "none", "p"),
    ],
)
def test_the_most_secure_passage_speaks_for_a_place(passages, bearing, grade, word, passage):
    assert grades.place_voice(passages) == Voice(bearing, grade, word, passage)


@pytest.mark.parametrize(
    ("heard", "lean", "grade"),
    [
        ([("supports", 3), ("supports", 1)], "supported", 3),
        ([("supports", 3)], "supported", 2),
        ([("supports", 3), ("supports", 0), ("contradicts", 2)], "supported", 2),
        ([("supports", 3), ("supports", 0), ("contradicts", 1)], "supported", 3),
        ([("supports", 3), ("supports", 0), ("mixed", 4)], "supported", 2),
        ([("supports", 3), ("mixed", 3)], "supported", 1),
        ([("contradicts", 0), ("mixed", 0)], "contradicted", 0),
        ([("contradicts", 2), ("contradicts", 0), ("supports", 2)], "contradicted", 1),
        ([("contradicts", 1), ("contradicts", 1), ("supports", 2)], "contested", 0),
        ([("contradicts", 2), ("supports", 2)], "contested", 0),
        ([("mixed", 4)], "contested", 0),
        ([("silent", None)], "cannot say", 0),
        ([("cannot say", None)], "cannot say", 0),
        ([("supports", 3), ("cannot say", None), ("cannot say", None)], "supported", 2),
        ([("contradicts", 1), ("supports", 2), ("supports", 1), ("cannot say", None)], "supported", 1),
        ([], "cannot say", 0),
    ],
)
def test_a_statement_is_judged_as_by_hand(heard, lean, grade):
    made = grades.grade_statement([voice(*pair) for pair in heard], RULE)
    assert (made.lean, made.grade) == (lean, grade)
    assert made.direction == (lean if grade or lean == "contested" else "too little compared")
    assert sum(made.counts.values()) == len(heard)


@pytest.mark.parametrize(
    ("basis", "level", "measurement", "word"),
    [
        ("full", 4, H, "full"),
        ("none", 5, N, "none"),
        ("study", 4, M, "full"),
        ("study", 3, N, "partial"),
        ("study", 1, N, "partial"),
        ("study", 0, N, "none"),
        ("study", 5, H, "none"),
    ],
)
def test_a_study_is_named_by_its_design_and_a_case_by_its_comparison(basis, level, measurement, word):
    assert grades.basis_word(basis, level, measurement, RULE) == word


@pytest.mark.parametrize(
    ("heard", "lean", "word"),
    [
        # The best comparison speaks, for its own side alone (a reviewer found it lent to the other).
        ([("supports", 3, "none"), ("supports", 0, "partial"), ("mixed", 1, "full")], "supported", "partial"),
        (
            [("contradicts", 0, "none"), ("contradicts", 0, "none"), ("supports", 0, "full")],
            "contradicted",
            "none",
        ),
        ([("supports", 2, "full"), ("contradicts", 2, "partial")], "contested", "full"),
        ([("cannot say", None, ""), ("silent", None, "")], "cannot say", "none"),
    ],
)
def test_the_word_beside_a_statement_is_that_of_the_larger_side(heard, lean, word):
    made = grades.grade_statement([voice(*told) for told in heard], RULE)
    assert (made.lean, made.word) == (lean, word)


def test_the_words_printed_and_the_grades_computed_move_together(release):
    rule = grades.read_rule(release)
    assert replace(rule, sentences=(), design={}, anchors={}) == RULE
    raw = release.plan["synthesis"]["security"]
    kinder = grades._rule(raw | {"start": {"none": 5, "moderate": 4, "high": 1}})
    assert grades.passage_grade(5, M, (N, N, N, N), kinder) == 4
    assert "4 where it is a moderate one" in kinder.sentences[0]
    assert not any("{" in sentence for sentence in rule.sentences)
    assert list(rule.design) == [5, 4, 3, 2, 1, 0]
    assert set(rule.anchors) == {*grades.THREATS, "precision"}


def test_what_cannot_say_keeps_its_design_and_has_no_grade(tables):
    statements, assessments = tables
    blind = row("far", bearing="cannot say", basis="partial", threats=(M, H, M, N), precision=H)
    one = pd.concat([assessments, pd.DataFrame([blind])], ignore_index=True)
    graded = grades.grade_passages(one, RULE)
    assert graded["grade"].fillna(-1).tolist() == [4, -1, -1]
    assert graded["word"].tolist() == ["full", "", ""]
    heard = grades.read_voices(statements, one, ["here", "far"], RULE)["places_rise"]
    assert heard["far"] == Voice("cannot say", None, "", "cases/far.html#the-estimate")
    made = grades.grade_statement(list(heard.values()), RULE)
    assert (made.lean, made.grade, made.counts["cannot say"]) == ("supported", 3, 1)
    assert grades.shift_threats(one, 1).iloc[2].equals(one.iloc[2])


def test_what_cannot_say_looks_unlike_silence(tables):
    statements, assessments = tables
    blind = row("far", bearing="cannot say", basis="partial", precision=H)
    one = pd.concat([assessments, pd.DataFrame([blind])], ignore_index=True)
    heard = grades.read_voices(statements, one, ["here"], RULE)
    names = {"here": "Here", "there": "There", "far": "Far"}
    frame = drawn.matrix_frame(statements, heard, names)
    assert frame.set_index("place")["grade"].to_dict() == {"Here": 4, "There": 0, "Far": 0}
    assert len(set(drawn.SHAPES.values())) == len(grades.BEARINGS)
    judged = {"places_rise": grades.grade_statement(list(heard["places_rise"].values()), RULE)}
    page = BeautifulSoup(drawn.statement_table(statements, judged, heard, names, "T").markup, "html.parser")
    assert [head.text for head in page.thead.find_all("th")][-1] == "cannot say"
    assert page.tbody.find_all("td")[-1].a["aria-label"] == "Far: cannot say"
    assert "There" not in page.tbody.text


def test_a_reader_one_step_kinder_or_stricter_moves_every_threat_of_who_speaks(tables):
    _, assessments = tables
    one = pd.concat([assessments, pd.DataFrame([row("near", threats=(H, M, N, N), precision=M)])])
    stricter, kinder = grades.shift_threats(one, 1), grades.shift_threats(one, -1)
    assert list(stricter.iloc[2][[*grades.THREATS, "precision"]]) == [H, H, M, M, H]
    assert list(kinder.iloc[2][[*grades.THREATS, "precision"]]) == [M, N, N, N, N]
    assert stricter.iloc[1].equals(one.iloc[1])


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"design_level": 6}, "places_rise, here: design level 6; allowed: 0 to 5"),
        ({"selection": "low"}, "places_rise, here: unknown threat 'low'; allowed: none, moderate, high"),
        ({"precision": ""}, "places_rise, here: unknown precision ''; allowed: none, moderate, high"),
        ({"bearing": "proves"}, "unknown bearing 'proves'; allowed: supports, contradicts, mixed, silent"),
        ({"basis": "felt"}, "unknown basis 'felt'; allowed: full, partial, study, none"),
        (
            {"bearing": "silent"},
            "places_rise, here: is silent; allowed: design level 0, basis none, every threat none",
        ),
        ({"statement_id": "pigs_fly"}, "unknown statement 'pigs_fly'; allowed: places_rise"),
        ({"place": "there"}, "places_rise, there: a silent passage stands beside another"),
    ],
)
def test_a_bad_assessment_is_refused_by_name(tables, change, told):
    statements, assessments = tables
    spoilt = pd.DataFrame([assessments.iloc[0].to_dict() | change, assessments.iloc[1].to_dict()])
    with pytest.raises(GradeError) as error:
        grades.read_voices(statements, spoilt, ["there"], RULE)
    assert told in str(error.value)


def test_silence_needs_a_row(tables):
    with pytest.raises(GradeError, match="no assessment of nowhere; silence needs a row too"):
        grades.read_voices(*tables, ["here", "nowhere"], RULE)


CASE = {"here": "full"}


@pytest.mark.parametrize("comparison", ["partial", "none", None])
def test_no_cell_may_claim_a_better_comparison_than_its_chapter(tables, comparison):
    mine = {"here": comparison} if comparison else {}
    with pytest.raises(GradeError, match="places_rise, here: comparison called full, the case's is"):
        grades.check_against_cases(tables[1], mine, {"here": "at least that large"}, "places_rise")
    grades.check_against_cases(tables[1], CASE, {"here": "at least that large"}, "places_rise")


@pytest.mark.parametrize("basis", ["full", "none"])
@pytest.mark.parametrize("bearing", grades.BEARINGS)
@pytest.mark.parametrize(
    ("verdict", "allowed"),
    [("at least that large", "supports"), ("ruled out", "contradicts"), ("cannot say", "cannot say")],
)
def test_on_standing_out_a_case_says_what_its_verdict_says(verdict, allowed, bearing, basis):
    one = pd.DataFrame([row("here", bearing=bearing, basis=basis)])
    if bearing == allowed:
        grades.check_against_cases(one, CASE, {"here": verdict}, "places_rise")
        return
    with pytest.raises(GradeError, match=f"places_rise, here: {bearing}; allowed: {allowed}"):
        grades.check_against_cases(one, CASE, {"here": verdict}, "places_rise")


@pytest.mark.parametrize(
    ("basis", "verdict", "passes"),
    [
        ("full", "ruled out", True),
        ("full", "cannot say", False),
        ("partial", "at least that large", False),
        ("study", "cannot say", True),
        ("none", "cannot say", True),
    ],
)
def test_only_what_is_ruled_out_speaks_against_another_statement(basis, verdict, passes):
    one = pd.DataFrame([row("here", bearing="contradicts", basis=basis)])
    if passes:
        grades.check_against_cases(one, CASE, {"here": verdict}, "another")
        return
    with pytest.raises(GradeError, match="contradicts; allowed only where the case's verdict is ruled out"):
        grades.check_against_cases(one, CASE, {"here": verdict}, "another")


def test_a_plan_without_the_rule_is_refused(release):
    raw = {key: value for key, value in release.plan["synthesis"]["security"].items() if key != "near"}
    with pytest.raises(KeyError, match="near"):
        grades._rule(raw)
    with pytest.raises(GradeError, match="start names none, some; allowed: none, moderate, high"):
        grades._rule(raw | {"start": {"none": 5, "some": 1}})


def headings(page: str) -> set[str]:
    """Anchors of the headings in a page's source, a notebook or a text."""
    notebook, text = ROOT / "analysis" / "notebooks" / f"{page}.py", ROOT / "book" / f"{page}.md"
    mark, path = ("# #", notebook) if notebook.is_file() else ("#", text)
    lines = path.read_text(encoding="utf-8").splitlines()
    found = {make_id(line.lstrip("# ")) for line in lines if re.match(rf"{mark}+ ", line)}
    return found | {FORMER[name] for name in found & set(FORMER)}


def test_every_passage_is_a_heading_of_a_page_of_the_book(release):
    contents = yaml.safe_load((ROOT / "_toc.yml").read_text(encoding="utf-8"))
    pages = {chapter["file"] for part in contents["parts"] for chapter in part["chapters"]}
    for passage in sorted(set(release.table("assessments")["passage"])):
        page, _, anchor = passage.partition(".html#")
        assert f"book/{page}" in pages, f"{passage}: no such page in _toc.yml"
        assert anchor in headings(page), f"{passage}: no such heading; there are {sorted(headings(page))}"


def test_every_statement_of_the_release_is_judged(release):
    statements, assessments = release.table("statements"), release.table("assessments")
    cases = list(release.table("cases")["case_id"])
    heard = grades.read_voices(statements, assessments, cases, grades.read_rule(release))
    assert list(heard) == list(statements["statement_id"])
    assert set(statements["question"]) == {"characteristics", "development", "contribution"}
    assert all(any(voice.bearing != "silent" for voice in places.values()) for places in heard.values())


def test_the_table_escapes_and_its_links_say_where_they_lead(tables):
    statements, assessments = tables
    hostile = '<script>alert(1)</script> "quoted" & more'
    graded = grades.grade_passages(assessments.assign(reason=hostile), RULE)
    names = {"here": "Here <b>", "there": "There"}
    table = drawn.matrix_table(statements.assign(label=hostile), graded, names, hostile)
    page = BeautifulSoup(table.markup, "html.parser")
    assert not page.find(["script", "b"])
    assert page.caption.text == hostile
    assert [head["scope"] for head in page.find_all("th")] == ["col", "col", "col", "row"]
    links = page.find_all("a")
    assert [link.text for link in links] == ["supports\u00a04", "silent"]
    assert [link["href"] for link in links] == [f"../cases/{place}.html#the-estimate" for place in names]
    assert all(link["aria-label"].startswith(link.text) for link in links)


def test_the_fixed_picture_carries_no_link(tables):
    statements, assessments = tables
    heard = grades.read_voices(statements, assessments, ["here"], RULE)
    names = {"here": "Here", "there": "There"}
    frame = drawn.matrix_frame(statements, heard, names)
    chart = drawn.matrix(frame, list(names.values()), 1, ["places rise"]).to_dict()
    picture = vl_convert.vegalite_to_svg(chart, vl_version=VEGALITE)
    assert "places rise" in picture
    assert "<a " not in picture


def test_a_place_without_a_name_is_refused(release):
    with pytest.raises(GradeError, match="no short name for place 'atlantis'"):
        drawn.place_names(release.table("cases"), ["huari", "atlantis"])
