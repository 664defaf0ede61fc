"""A place added later is named where its reader looks, outside the counts, and counts are words of the release."""

from __future__ import annotations

from typing import Any

import pytest
from leadership_book.language_words import LANGUAGES
from leadership_effects.cases.begin import with_page
from leadership_effects.counting import (
    agreeing,
    cardinal,
    count,
    in_figures,
    place_counts,
    waiting_places,
    year_span,
)
from leadership_effects.data.provenance import Rows
from leadership_effects.report.numbers import Unit
from leadership_effects.report.registry import Registry
from small_project import Project

REASON = "It came after the results were known, and waits."
TEXT = """The {count}`places` places, {count}`Cases` in all.

```{added-places} note
```

- **Places:** each in turn.
  ```{added-places} list
  ```
- Others.

```{added-places} table
```

```{added-places} note es
```
"""
MORE = "cases/delhi\n"


def wait(plan: dict[str, Any]) -> None:
    """Let Delhi be a place added later."""
    plan["synthesis"] = {"entering": ["huari"], "described": {}, "added": {"delhi": REASON}}


@pytest.fixture
def told(project: Project) -> Project:
    """The project with a chapter on Delhi and text that asks for added places."""
    registry = Registry(project.small.open(), "delhi", "analysis/notebooks/cases/delhi.py")
    for key, word in (("verdict", "cannot say"), ("comparison", "none")):
        registry.record(key, word, Unit(), "A word.", rows=Rows(0, "", ()), function="g")
    registry.save()
    project.write(TEXT, MORE)
    page = project.root / "book" / "cases" / "delhi.md"
    page.parent.mkdir()
    page.write_text("# Delhi: a trial\n", encoding="utf-8")
    return project


def test_an_added_place_is_named_outside_the_counts_with_reason_and_link(told: Project) -> None:
    told.small.plan(wait)
    told.small.freeze()
    assert told.build() == ("", "")
    page = told.html("index")
    assert "The one places, Two in all." in page.text
    note, listed, table, spanish = page.select("div.added-places")
    for box in (note, listed, table, spanish):
        assert box.select_one("a[href='cases/delhi.html']").text == "Delhi"
    for box in (note, table):
        assert REASON.rstrip(".") in box.text and "outside the counts" in " ".join(box.text.split())
        assert {"none", "no comparison"} <= {pill.select_one("a").text for pill in box.select(".pill")}
    assert [cell.text for cell in table.select("tbody td")][-3:] == ["no comparison"] * 3
    assert "fuera de los recuentos" in spanish.text and "Su capítulo está" in spanish.text
    assert note.select_one("li").text.split()[0] == "Delhi", "a place with its marks has a line of its own"
    assert listed.find_parent("li").text.startswith("Places:")


DESIGN = {
    "title": "Shires", "role": "added", "reason": "It was planned when the others were known.", "measured": "sums, shires",
    "places": {"one": "shire", "many": "shires"}, "waves": [2001, 2013],
}  # fmt: skip


def plan_design(project: Project) -> None:
    """Give the plan an added design, with results and pages that its links lead to."""
    project.small.plan(
        lambda plan: plan.update(
            many_places={"designs": {"shires": DESIGN, "states": DESIGN | {"role": "headline"}}}
        )
    )
    project.small.freeze()
    registry = Registry(project.small.open(), "shires", "analysis/notebooks/synthesis/shires.py")
    none, interval = Rows(0, "", ()), (-0.1, 0.2)
    for key, value in (("places.treated", 6), ("places.never", 10), ("see.mde", 0.1)):
        registry.record(key, value, Unit(digits=1), "A number.", rows=none, function="g")
    registry.record(
        "estimate.adjusted", 0.05, Unit(digits=2), "A number.", rows=none, function="g", interval=interval
    )
    registry.record("verdict.smallest", "cannot say", Unit(), "A word.", rows=none, function="g")
    registry.save()
    for name in ("shires", "what_many_places_say"):
        page = project.root / "book" / "synthesis" / f"{name}.md"
        page.parent.mkdir(exist_ok=True)
        page.write_text(f"# {name}\n", encoding="utf-8")
    designs = "\n- **Many places:** these.\n  ```{added-places} designs\n  ```\n"
    project.write(TEXT + designs, f"{MORE}synthesis/shires\nsynthesis/what_many_places_say\n")


def test_an_added_design_is_named_outside_what_the_others_say(told: Project) -> None:
    plan_design(told)
    assert told.build() == ("", "")
    note, table, spanish, listed = told.html("index").select("div.added-places")
    for box in (note, table, spanish, listed):
        assert [link.text for link in box.select("a[href='synthesis/shires.html']")] == ["Shires"]
    assert "Un diseño de muchos lugares" in spanish.text
    for box in (note, table):
        text = " ".join(box.text.split())
        assert DESIGN["reason"].rstrip(".") in text and "outside the verdict of what many places say" in text
    row = [" ".join(cell.text.split()) for cell in table.select("tbody td")]
    began = "6.0 shires that began, 10.0 that did not"
    assert row[0] == f"sums, shires, 2001 to 2013; a design of many places: {began}"
    assert row[2:] == ["0.05", "\u22120.10 to 0.20", "0.1"] and "cannot say" in row[1]
    assert listed.find_parent("li").text.startswith("Many places:")


@pytest.mark.parametrize(
    ("place", "says"), [("huari", ""), ("delhi", "Findings on a place added later, Delhi")]
)
def test_findings_on_an_added_place_are_named_where_others_are_counted(
    told: Project, place: str, says: str
) -> None:
    told.small.plan(wait)
    told.small.write_table("evaluations.csv", [["evaluation_id", "case_id"], [f"{place}-eval-01", place]])
    told.write("Findings.\n\n```{added-places} studies\n```\n", MORE)
    assert told.build() == ("", "")
    assert [
        box.text.split(". ")[1].startswith(says) for box in told.html("index").select("div.added-places")
    ] == ([True] if says else [])


def test_without_an_added_place_a_page_is_as_if_nothing_asked_for_one(told: Project) -> None:
    assert told.build() == ("", "")
    asked = (told.root / "_build/html/book/index.html").read_bytes()
    bare = "\n".join(line for line in TEXT.splitlines() if "```" not in line)
    told.write(bare.replace("\n\n\n\n", "\n\n") + "\n", MORE)
    assert told.build() == ("", "")
    assert (told.root / "_build/html/book/index.html").read_bytes() == asked
    assert "The two places, Two in all." in told.html("index").text


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("{count}`towns`", 'unknown count "towns"'),
        ("```{added-places} chart\n```", 'unknown form of added-places "chart"'),
        ("```{added-places} note fr\n```", 'unknown language of added-places "fr"'),
    ],
)
def test_a_word_that_is_none_is_named_with_its_page(told: Project, text: str, says: str) -> None:
    told.small.plan(wait)
    told.small.freeze()
    told.write(f"{text}\n", MORE)
    warned, stopped = told.build()
    assert says in warned and "index.md" in warned and stopped


@pytest.mark.parametrize("of", ["added", "added_designs"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_note_on_several_says_chapters_in_every_language(language: str, of: str) -> None:
    one, several = getattr(LANGUAGES[language], of)
    assert one != several and one.count("{places}") == several.count("{places}") == 1


def test_added_places_have_one_order_everywhere() -> None:
    """Contents and plan name them by their ids, in whatever order they came."""
    contents = "  - caption: Part\n    chapters:\n      - file: book/cases/huari\n  - caption: Next\n"
    for case_id in ("saxony", "estonia", "ghana"):
        contents = with_page(contents, case_id)
    plan = {"synthesis": {"added": dict.fromkeys(("saxony", "estonia", "ghana"), REASON)}}
    named = [line.rpartition("/")[2] for line in contents.splitlines() if "cases/" in line]
    assert named == ["huari", *waiting_places(plan)] == ["huari", "estonia", "ghana", "saxony"]


WORDS = {
    "noun": (lambda n: count(n, "place"), ("no places", "one place", "two places")),
    "noun of one form": (lambda n: count(n, "series", "series"), ("no series", "one series", "two series")),
    "in figures": (lambda n: in_figures(n, "year"), ("0 years", "1 year", "2 years")),
    "verb": (
        lambda n: f"{n} {agreeing(n, 'lies', 'lie')} outside",
        ("0 lie outside", "1 lies outside", "2 lie outside"),
    ),
    "years": (lambda n: year_span(2008, 2008 + n), ("2008", "2008 to 2009", "2008 to 2010")),
}


@pytest.mark.parametrize("name", WORDS)
def test_words_agree_with_their_number(name: str) -> None:
    say, expected = WORDS[name]
    assert tuple(map(say, (0, 1, 2))) == expected


@pytest.mark.parametrize(("number", "word"), [(8, "eight"), (9, "nine")])
def test_counts_follow_the_plan(number: int, word: str) -> None:
    """A ninth place is a case at once, and counted from a dated deviation on."""
    plan: dict[str, Any] = {
        "cases": dict.fromkeys(map(str, range(number))),
        "synthesis": {"entering": ["0"], "added": {str(n): REASON for n in range(8, number)}},
    }
    counts = place_counts(plan)
    assert (cardinal(counts["places"]), cardinal(counts["cases"])) == ("eight", word)
    plan["synthesis"]["taken_in"] = {str(n): {"dated": "2030-01-01"} for n in range(8, number)}
    assert cardinal(place_counts(plan)["places"]) == word
