"""Check byline, footer, the page for unknown addresses, and that nothing led to or focused lies below the header."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from docutils import nodes
from docutils.utils import new_document
from leadership_book.config import NO_ADDRESS
from leadership_book.navigation import WORDS_A_MINUTE, reading_time
from leadership_book.to_fetch import folded_rows
from leadership_effects.build.site import ADDRESSES, unset_addresses
from leadership_effects.report.citation import publication
from miniature import NAME
from site_pages import CASE_PAGES, DESK, PHONE, opened
from small_project import Project

REPOSITORY = "https://code.example.org/group/book"
SECTIONS = "".join(f"## {name}\n\nText.\n\n" for name in ("One", "Two", "Three"))


def configure(project: Project, **settings: str) -> None:
    """Give a small project the book's own theme and some settings."""
    conf = project.root / "conf.py"
    lines = [f"{name} = {value!r}" for name, value in ({"html_theme": "leadership"} | settings).items()]
    conf.write_text("\n".join([conf.read_text(encoding="utf-8"), *lines, ""]), encoding="utf-8")


@pytest.mark.parametrize("repository", ["", REPOSITORY, f"{REPOSITORY}/"])
def test_a_page_says_who_when_and_from_where(project: Project, repository: str) -> None:
    table = "| a |\n|---|\n" + "| word word word word |\n" * (WORDS_A_MINUTE // 4)
    project.write(f"In the {{{{ repository }}}}. {{{{ repository_address }}}}\n\n{SECTIONS}{table}")
    configure(project, lb_repository=repository)
    assert project.build() == ("", "")
    page = project.html("index")
    byline = page.select_one("h1 + .facts .byline")
    told = " ".join(byline.get_text().split())
    assert told.startswith(f"{publication().author} ")
    assert byline.time["datetime"] == publication().released
    assert f"data release {NAME}" in told and " 2 min with tables" in told
    assert [link["href"] for link in page.select(".folded-sections a")] == ["#one", "#two", "#three"]
    outside = [link["href"] for link in page.select(".site-footer a[href*='code.example']")]
    assert outside == ([REPOSITORY, f"{REPOSITORY}/tree/HEAD/data/{NAME}"] if repository else [])
    assert page.select_one(".site-footer a[href='data.html']").get_text() == "Data and sources"
    assert [link["href"] for link in page.select("article p a[href^=https]")] == 2 * outside[:1]
    assert (NO_ADDRESS in page.select_one("article").get_text()) == (not repository)


@pytest.mark.parametrize(
    ("before", "told"),
    [("", " 2 min with tables"), (":::{fold} More\n", " 1 min to read, 2 min with all the evidence")],
)
def test_reading_time_tells_folded_text_apart(project: Project, before: str, told: str) -> None:
    table = "| a |\n|---|\n" + "| word word word word |\n" * (WORDS_A_MINUTE // 4)
    project.write(f"Some words.\n\n{before}{table}{':::' if before else ''}\n")
    configure(project)
    assert project.build() == ("", "")
    assert told in " ".join(project.html("index").select_one(".byline").get_text().split())


def test_a_folded_list_to_look_up_is_no_time_to_read() -> None:
    page = new_document("page")
    page += nodes.paragraph("", "word " * 10)
    page += folded_rows("", nodes.paragraph("", "word " * 10 * WORDS_A_MINUTE))
    assert reading_time(page, ("{} min", "{} min with tables", "{} of {}")) == "1 min"


def test_an_address_that_is_none_is_refused(project: Project) -> None:
    project.write("Text.")
    configure(project, lb_repository="code.example.org")
    with pytest.raises(Exception, match=r"lb_repository: 'code\.example\.org' must begin with https://"):
        project.build()


@pytest.mark.parametrize("base, top", [("", ""), ("https://example.org/some/book/", "/some/book/")])
def test_the_page_for_unknown_addresses_leads_to_the_top_of_the_site(
    project: Project, base: str, top: str
) -> None:
    project.write("Text.")
    configure(project, html_baseurl=base)
    assert project.build() == ("", "")
    page = project.html("404", "")
    for found in (page.select_one("article a"), page.select_one("a.brand"), page.select_one(".contents a")):
        assert found["href"] == f"{top}book/index.html"
    assert page.select_one("form.site-search")["action"] == f"{top}search.html"
    assert page.select_one("script[src]")["src"].startswith(f"{top}_static/book.js")
    assert ("fetch(" in page.script.get_text()) == (not base), "only a page that knows no top looks for it"
    assert page.select_one("meta[name=robots]")["content"] == "noindex"


def test_the_build_says_which_address_is_not_set(tmp_path: Path) -> None:
    settings = tmp_path / "_config.yml"
    settings.write_text("sphinx:\n  config:\n    html_theme: leadership\n", encoding="utf-8")
    told = unset_addresses(settings)
    assert [re.search(r"config: (\w+) is not set, so ", line)[1] for line in told] == list(ADDRESSES)
    named = "".join(f"    {name}: {REPOSITORY}\n" for name in ADDRESSES)
    settings.write_text(f"sphinx:\n  config:\n{named}", encoding="utf-8")
    assert unset_addresses(settings) == []


@pytest.mark.browser
@pytest.mark.parametrize("unknown", ["nowhere.html", "book/cases/nowhere/at/all.html?q=1#here"])
def test_an_unknown_address_opens_a_page_whose_links_work(browser, address, unknown):
    with opened(browser, f"{address}/{unknown}", viewport={"width": DESK, "height": 900}) as (page, wrong):
        page.locator("html[data-top]").wait_for()
        assert page.evaluate("document.documentElement.dataset.top") == f"{address}/"
        assert page.locator("h1").inner_text() == "This page does not exist"
        page.locator("#scheme-button[aria-pressed]").wait_for()  # the script of every page runs here too
        assert not [line for line in wrong if "asks for" in line or "page error" in line or "Policy" in line]
        page.locator("article a").first.click()
        page.wait_for_url(f"{address}/book/index.html")


# What has the focus, or is led to, and how far below the lower edge of the header it begins.
BELOW = """(element) => element.getBoundingClientRect().top -
    Math.max(...[...document.querySelectorAll(".site-header, .site-bar")].map((bar) => bar.getBoundingClientRect().bottom))"""
FOCUSED = "() => document.activeElement.closest('main') !== null"


@pytest.mark.browser
@pytest.mark.parametrize("width", [DESK, PHONE])
def test_nothing_led_to_or_focused_lies_below_the_header(browser, address, width):
    url = f"{address}/{CASE_PAGES[0]}.html"
    with opened(browser, url, viewport={"width": width, "height": 900}, reduced_motion="reduce") as (page, _):
        anchors = page.locator(".folded-sections a").evaluate_all("links => links.map((link) => link.hash)")
        for anchor in anchors[:: len(anchors) // 3]:
            page.goto(f"{url}{anchor}")
            page.wait_for_function(
                "hash => document.querySelector(hash).getBoundingClientRect().top < 300", arg=anchor
            )
            assert 0 <= page.locator(anchor).evaluate(BELOW) <= 40, anchor
        page.evaluate("document.querySelectorAll('details').forEach((details) => { details.open = true; })")
        page.locator("main a.num").nth(30).focus()
        for _ in range(25):
            page.keyboard.press("Shift+Tab")
            if page.evaluate(FOCUSED):
                assert page.evaluate(f"({BELOW})(document.activeElement)") >= 0, page.evaluate(
                    "document.activeElement.outerHTML"
                )
        page.locator("#here").click()
        facts = page.locator("#facts")
        page.wait_for_function("document.getElementById('facts').getBoundingClientRect().top > 0")
        assert facts.evaluate(BELOW) >= 0
        if width == PHONE:
            page.locator("#contents-button").click()
            assert page.locator("#contents .sections a").first.is_visible()
            page.locator("#contents .sections a").last.click()
            page.locator("#contents").wait_for(state="hidden")
