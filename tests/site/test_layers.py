"""Check the two layers of a chapter: its first screen says what was found, its evidence unfolds when it is asked for."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page
from site_pages import CASE_PAGES, DESK, LAYERED_PAGES, PHONE, opened

PHONE_SCREEN, DESK_SCREEN = 844, 800  # heights, px
MOST_SCREENS = 16  # of a phone, evidence folded
FEWEST_FOLDS, SMALLEST_CHART = {True: 6, False: 3}, 100  # of a case, of another chapter
MARKED = [
    *CASE_PAGES,
    *(f"book/synthesis/{name}" for name in ("states", "countries", "what_many_places_say", "synthesis")),
]

MEASURE = """() => {
    const top = (element) => element.getBoundingClientRect().top + scrollY;
    const view = document.querySelector("figure.chart .chart-view");
    const end = document.getElementById("the-evidence");
    const before = (element) => element.compareDocumentPosition(end) & Node.DOCUMENT_POSITION_FOLLOWING;
    return {
        lead: document.querySelector("p.lead").textContent,
        pills: [...document.querySelectorAll(".sure .pill")].filter(before).length,
        figures: [...document.querySelectorAll("article section > ul > li")].filter(before).map(
            (item) => item.querySelectorAll("a.num").length),
        chart: { height: view.clientHeight, bottom: top(view) + view.clientHeight, first: Boolean(before(view)) },
        ways: [...document.querySelectorAll(".ways-on a")].map((link) => link.getAttribute("href")),
        evidence: top(end),
        folds: document.querySelectorAll("details.fold:not([open])").length,
        height: document.documentElement.scrollHeight,
    };
}"""


@pytest.fixture(scope="module")
def tab(browser: Browser, address: str) -> Iterator[Page]:
    """One tab for every page in turn."""
    with opened(browser, f"{address}/{CASE_PAGES[0]}.html") as (page, _):
        yield page


@pytest.mark.browser
@pytest.mark.parametrize("name", LAYERED_PAGES)
def test_the_first_screen_of_a_chapter_holds_its_finding_and_the_page_is_short(
    tab: Page, address: str, name: str
):
    for width, height, screens in ((PHONE, PHONE_SCREEN, 2), (DESK, DESK_SCREEN, 1)):
        tab.set_viewport_size({"width": width, "height": height})
        tab.goto(f"{address}/{name}.html", wait_until="load")
        seen = tab.evaluate(MEASURE)
        assert len(seen["lead"].split()) > 10 and not any(letter.isdigit() for letter in seen["lead"])
        assert seen["pills"] == 2 * (name in MARKED)
        assert len(seen["figures"]) == 3 and set(seen["figures"]) <= {1, 2, 3}, "a figure with its range"
        assert seen["chart"]["first"] and seen["chart"]["height"] > SMALLEST_CHART
        assert seen["chart"]["bottom"] <= screens * height, seen["chart"]
        assert len(seen["ways"]) == 2 and "#the-evidence" in seen["ways"]
        assert seen["folds"] >= FEWEST_FOLDS[name in CASE_PAGES]
        if width == PHONE:
            assert seen["height"] <= MOST_SCREENS * PHONE_SCREEN, seen["height"] / PHONE_SCREEN
            tab.locator("#unfold").click()
            whole = tab.evaluate(MEASURE)
            assert whole["folds"] == 0 and whole["height"] > 1.5 * seen["height"], (
                "what folds hold is on the page"
            )


# The last anchor of a fold: a heading, or a citation where it has none below its first.
INSIDE = "[...document.querySelectorAll('details.fold')].map((fold) => [...fold.querySelectorAll('section[id]')].at(-1)?.id)"
CLOSE = "document.querySelectorAll('details.fold').forEach((fold) => { fold.open = false; })"


@pytest.mark.browser
def test_a_fold_opens_for_a_link_into_it_and_for_the_printer(browser: Browser, address: str) -> None:
    url = f"{address}/book/cases/london.html"
    with opened(browser, url, viewport={"width": DESK, "height": DESK_SCREEN}) as (page, wrong):
        anchor = next(filter(None, page.evaluate(INSIDE)))
        target = page.locator(f"#{anchor}")
        assert not target.is_visible()
        page.goto(f"{url}#{anchor}")
        target.wait_for(state="visible")
        page.wait_for_function(
            "([id, height]) => document.getElementById(id).getBoundingClientRect().top < height",
            arg=[anchor, DESK_SCREEN],
        )
        page.evaluate(CLOSE)
        page.evaluate(
            "id => document.querySelector('main').insertAdjacentHTML('afterbegin', `<a id=again href='#${id}'>x</a>`)",
            anchor,
        )
        page.locator("#again").click()  # the address is the same as before
        target.wait_for(state="visible")
        page.evaluate(CLOSE)
        page.evaluate("dispatchEvent(new Event('beforeprint'))")
        assert page.locator("details.fold:not([open])").count() == 0
        page.evaluate("dispatchEvent(new Event('afterprint'))")
        assert page.locator("details.fold[open]").count() == 0
        assert not wrong, wrong


@pytest.mark.browser
def test_an_answer_is_folded_until_it_is_asked_for_and_printed_open(browser: Browser, address: str) -> None:
    with opened(browser, f"{address}/book/practice/fellowship.html") as (page, wrong):
        answers = page.locator("details.fold", has_text="A worked answer")
        assert answers.count() == 4 and page.locator("details.fold[open]").count() == 0
        words = answers.first.locator("p").first
        assert not words.is_visible()
        answers.first.locator("summary").click()
        assert words.is_visible()
        page.evaluate("dispatchEvent(new Event('beforeprint'))")
        assert page.locator("details.fold[open]").count() == 4
        assert not wrong, wrong


@pytest.mark.browser
@pytest.mark.parametrize("script", [True, False])
@pytest.mark.parametrize("name", ["book/cases/london", "book/synthesis/synthesis"])
def test_one_switch_shows_the_code_of_a_page_with_script_and_without(
    browser: Browser, address: str, name: str, script: bool
) -> None:
    with opened(browser, f"{address}/{name}.html", java_script_enabled=script) as (page, _):
        for summary in page.locator("details.fold > summary").all():
            summary.click()
        code = page.locator(".cell-code")
        assert code.count() > 5
        assert not any(cell.is_visible() for cell in code.all())
        page.locator("#show-code").check()
        assert all(cell.is_visible() for cell in code.all())
