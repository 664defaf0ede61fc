"""Check the insights hub: names, grades and links of its cards, and its filters in a browser.

Every card of the built book carries tags of the release and the lowest of its grades, and can be read without
JavaScript.
"""

from __future__ import annotations

import csv
import json
import re
from urllib.parse import urlencode

import pytest
from bs4 import BeautifulSoup, Tag
from leadership_effects.data.provenance import Rows
from leadership_effects.data.release import Release, newest_release
from leadership_effects.paths import ROOT
from leadership_effects.report.numbers import COUNT
from leadership_effects.report.registry import Registry
from miniature import SmallRelease
from site_pages import DESK, OVERFLOW, PHONE, opened
from small_project import Project

CODING = [("dimension", "scale"), ("dimension", "roles"), ("strategy", "cluster"), ("leverage", "rules")]
STATEMENTS = {"peers": 1, "posts": 3}
FILES = {"dimensions": "dimension", "strategies": "strategy", "leverage": "leverage"}
PAGE = "book/insights/index"


def grades(opened: Release) -> None:
    """Write grades for the two statements of the small release."""
    registry = Registry(opened, "security", "analysis/notebooks/synthesis/security.py")
    for name, grade in STATEMENTS.items():
        for part, value in (("grade", grade), ("word", "full"), ("direction", "supported")):
            rows = Rows(0, "", ())
            registry.record(f"{name}.{part}", value, COUNT, part, rows=rows, function="g")
    registry.save()


@pytest.fixture
def hub(project: Project, small: SmallRelease) -> Project:
    """The small project with a coding, two statements and their grades."""
    grades(small.open())
    small.write_table("coding.csv", [["case_id", "kind", "item"], *(["huari", *row] for row in CODING)])
    small.write_table(
        "statements.csv", [["statement_id", "label"], *([name, f"About {name}"] for name in STATEMENTS)]
    )
    return project


def card(**changes: str) -> str:
    options = {"title": "A card", "cases": "huari", "rests-on": "peers"} | {
        name.replace("_", "-"): value for name, value in changes.items()
    }
    written = "\n".join(f":{name}: {value}" for name, value in options.items() if value)
    return f"```{{insight}} one\n{written}\n\nText {{num}}`huari.reading.att`.\n```"


@pytest.mark.parametrize(
    ("changes", "said", "allowed"),
    [
        ({"cases": "atlantis"}, 'unknown word "atlantis" in :cases:', "huari, delhi, across"),
        ({"dimensions": "scale, size"}, 'unknown word "size" in :dimensions:', "scale, roles"),
        ({"strategies": "scale"}, 'unknown word "scale" in :strategies:', "cluster"),
        ({"leverage": "levers"}, 'unknown word "levers" in :leverage:', "rules"),
        ({"rests_on": "peers, faith"}, 'unknown word "faith" in :rests-on:', "peers, posts, huari, delhi"),
        ({"rests_on": "delhi"}, 'unknown notebook "delhi"', "nearest: huari"),
        ({"rests_on": ""}, 'insight "one" has no :rests-on:', ""),
    ],
)
def test_a_word_that_is_not_on_file_stops_the_build(hub, changes, said, allowed):
    hub.write(card(**changes))
    _, stopped = hub.build()
    assert re.search(r"book/index\.md:\d+: ", stopped), stopped
    assert said in stopped and allowed in stopped, stopped


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{insight}`two`\n\n" + card(), 'unknown insight "two"; on file: one'),
        (card() + "\n\n" + card(), 'insight "one" is defined twice'),
    ],
)
def test_a_slug_leads_to_one_card(hub, text, said):
    hub.write(text)
    assert said in hub.build()[1]


def test_a_card_shows_the_lowest_grade_and_is_linked_by_its_title(hub):
    hub.write(
        "See {insight}`one`.\n\n```{insight-filters}\n```\n\n"
        + card(rests_on="peers, posts, huari", dimensions="scale")
        + "\n\n```{insight-table}\n```",
        more="grades\n",
    )
    (hub.root / "book/grades.md").write_text("# Grades\n\n```{numbers-index}\n```\n", encoding="utf-8")
    warnings, stopped = hub.build()
    assert (warnings, stopped) == ("", "")
    page = hub.html("index")
    (shown,) = page.select("article.insight")
    assert shown["data-grade"] == "1" and shown["data-dimensions"] == "scale"
    assert "grade 3 of 5" in shown.text and "comparison partial, verdict cannot say" in shown.text
    assert page.find("a", href="#insight-one", string="A card")
    assert page.select("form.insight-filters[hidden]")
    assert (
        "grade 1, comparison full; grade 3, comparison full; Huari: comparison partial, verdict cannot say"
        in page.select("table tbody tr")[0].text
    )


@pytest.fixture(scope="module")
def cards(site) -> list[Tag]:
    """Every card of the built hub."""
    page = BeautifulSoup(next(site.rglob(f"{PAGE}.html")).read_text(encoding="utf-8"), "html.parser")
    return page.select("article.insight")


def column(table: str, name: str, **fixed: str) -> set[str]:
    with (ROOT / "data" / newest_release() / table).open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    return {row[name] for row in rows if all(row[key] == value for key, value in fixed.items())}


def test_every_card_of_the_book_has_tags_of_the_release(cards):
    cases = column("cases.csv", "case_id")
    assert 24 <= len(cards) <= 48
    for shown in cards:
        assert set(shown["data-cases"].split()) <= cases | {"across"}, shown["id"]
        for option, kind in FILES.items():
            assert set(shown[f"data-{option}"].split()) <= column("coding.csv", "item", kind=kind), shown[
                "id"
            ]
    about = [shown["data-cases"].split() for shown in cards]
    assert all(sum(case in named for named in about) >= 2 for case in cases)
    assert sum("across" in named for named in about) >= 10


def test_every_grade_of_the_book_is_the_registrys(cards):
    path = ROOT / "_build" / "results" / newest_release() / "security.json"
    results = json.loads(path.read_text(encoding="utf-8"))["results"]
    graded = 0
    for shown in cards:
        named = re.findall(r"#num-security-(\w+)\.grade", str(shown.select("dl.insight-details")[0]))
        expected = min((int(results[f"{name}.grade"]["value"]) for name in named), default="")
        assert shown["data-grade"] == str(expected), shown["id"]
        graded += bool(named)
    assert graded > len(cards) / 2


CHOICES = [
    {"case": "huari"},
    {"strategies": "change_rules", "grade": "0"},
    {"find": "PERU ministry"},
    {"case": "no such"},
]


@pytest.mark.browser
@pytest.mark.parametrize("width", [DESK, PHONE])
@pytest.mark.parametrize("choice", CHOICES, ids=lambda choice: urlencode(choice))
def test_filters_leave_the_cards_that_hold_the_choice(browser, address, cards, choice, width):
    """From the address and by hand alike; the count is told, and *Show all* brings everything back."""
    url, size = f"{address}/{PAGE}.html", {"width": width, "height": 900}
    expected = {shown["id"] for shown in cards if holds(shown, choice)}
    with opened(browser, f"{url}?{urlencode(choice)}", viewport=size) as (page, wrong):
        form, status = (
            page.locator("form.insight-filters"),
            page.locator("form.insight-filters [role=status]"),
        )
        seen = """() => [...document.querySelectorAll("article.insight")]
            .filter((card) => card.checkVisibility()).map((card) => card.id)"""
        assert set(page.evaluate(seen)) == expected
        assert status.inner_text() == f"{len(expected)} of {len(cards)} insights shown"
        form.get_by_role("button", name="Show all").press("Enter")
        page.wait_for_function("() => !location.search")
        assert len(page.evaluate(seen)) == len(cards)
        if choice.get("case") != "no such":
            for name, value in choice.items():
                if name == "find":
                    form.get_by_label("Search").fill(value)
                else:
                    form.locator(f"select[name={'cases' if name == 'case' else name}]").select_option(value)
            assert set(page.evaluate(seen)) == expected
            assert page.evaluate("() => location.search.slice(1)") == urlencode(choice)
        overflow = page.evaluate(OVERFLOW)
        assert overflow["by"] <= 0 and not overflow["elements"], overflow
        assert wrong == []


def holds(shown: Tag, choice: dict[str, str]) -> bool:
    """Whether a card fits a choice; a case that is not offered counts as none."""
    words = choice.get("find", "").lower().split()
    text = shown.text.lower().replace("ú", "u")
    return (
        (choice.get("case") in (None, "no such") or choice["case"] in shown["data-cases"].split())
        and ("strategies" not in choice or choice["strategies"] in shown["data-strategies"].split())
        and ("grade" not in choice or (shown["data-grade"] != "" and shown["data-grade"] >= choice["grade"]))
        and all(word in text for word in words)
    )


def test_the_legend_counts_the_cards_of_each_mark(site, cards):
    page = BeautifulSoup(next(site.rglob(f"{PAGE}.html")).read_text(encoding="utf-8"), "html.parser")
    told = {
        item.select_one(".insight-mark")["class"][1]: item.text for item in page.select(".insight-legend li")
    }
    for mark, text in told.items():
        number = sum(mark in shown["class"] for shown in cards)
        assert text.endswith(f" {number or 'no'} card{'s' if number > 1 else ''}"), text
    assert {shown["class"][1] for shown in cards} <= set(told)


ORDERS = {
    "grade": lambda card: -int(card["data-grade"] or -1),
    "place": lambda card: card["data-cases"].split()[0],
    "kind": lambda card: card["data-kind"],
    "title": lambda card: card.select_one(".insight-title").find(string=True).lower(),
}


@pytest.mark.browser
def test_cards_are_sorted_and_back_brings_the_order_before(browser, address, cards):
    """By hand and from the address; what a group's heading says stands together, and the book's order returns."""
    by_id = {shown["id"]: shown for shown in cards}
    order = "() => [...document.querySelectorAll('article.insight')].map((card) => card.id)"
    with opened(browser, f"{address}/{PAGE}.html", viewport={"width": DESK, "height": 900}) as (page, wrong):
        before = page.evaluate(order)
        assert before == list(by_id)
        for name, key in ORDERS.items():
            page.get_by_label("Sort by").select_option(name)
            assert page.evaluate("() => location.search") == f"?sort={name}"
            found = [key(by_id[one]) for one in page.evaluate(order)]
            if name in ("grade", "title"):
                assert found == sorted(found), name
            else:
                assert len([one for n, one in enumerate(found) if n == 0 or found[n - 1] != one]) == len(
                    set(found)
                )
            heads = page.evaluate("() => document.querySelectorAll('.insight-filters + div h2').length")
            assert heads == (1 if name == "title" else len(set(found)))
        page.go_back()
        page.wait_for_function("() => location.search === '?sort=kind'")
        assert page.get_by_label("Sort by").input_value() == "kind"
        page.get_by_role("button", name="Show all").click()
        page.wait_for_function("() => !location.search")
        assert page.evaluate(order) == before
        assert page.evaluate("() => new Set([...document.querySelectorAll('article.insight')].slice(0, 2)"
                             ".map((card) => card.getBoundingClientRect().top)).size") == 1  # fmt: skip
        assert wrong == []


@pytest.mark.browser
def test_every_card_stands_without_javascript(browser, address, cards):
    url = f"{address}/{PAGE}.html"
    with opened(browser, url, java_script_enabled=False) as (page, _):
        assert page.locator("article.insight:visible").count() == len(cards)
        assert page.locator("form.insight-filters:visible").count() == 0
