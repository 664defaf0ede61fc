"""Pass on a page or a chart: preview cards, charts in frames, links to copy, briefs.

Decided here: with an address each page with a chart has a card of the size that sites show, without one there is none; the
frame of a chart holds it with title, source and a link to its place; a brief says what its page says first, and is printed on
two pages at most. Not decided: how they look.
"""

from __future__ import annotations

import json
import re
import struct
from concurrent.futures import ThreadPoolExecutor

import pytest
from bs4 import BeautifulSoup, Tag
from leadership_book.layers import ADVICE
from leadership_book.preview_cards import ANSWER
from leadership_effects.build.printing.briefs import print_briefs
from site_pages import CASE_PAGES, DESK, FIGURES, FOLDER, LAYERED_PAGES, opened
from small_project import Project

BASE = "https://example.org/some/book/"
CARDS = re.compile(
    r'<(?:meta (?:property|name)|link rel)="(og:image|og:url|twitter:card|canonical)" (?:content|href)="([^"]*)">'
)


@pytest.mark.parametrize("base", [BASE, BASE.rstrip("/"), ""])
def test_a_page_with_a_chart_has_a_card_where_the_site_has_an_address(project: Project, base: str):
    project.write("Start.", more="place\n")
    (project.root / "book/place.md").write_text(
        "# A *place*\n\n```{chart} huari.points\n```\n", encoding="utf-8"
    )
    conf = project.root / "conf.py"
    settings = conf.read_text(encoding="utf-8").replace('html_theme = "basic"', 'html_theme = "leadership"')
    conf.write_text(f'{settings}html_baseurl = "{base}"\n', encoding="utf-8")
    assert project.build() == ("", "")
    site = project.root / "_build/html"
    tags = {
        page: dict(CARDS.findall((site / f"book/{page}.html").read_text(encoding="utf-8")))
        for page in ("place", "data")
    }
    pictures = sorted(path.name for path in site.rglob("previews/*"))
    if not base:
        assert tags == {"place": {}, "data": {}} and pictures == []
        return
    here = f"{BASE}book/place.html"
    assert tags["place"] == {
        "og:url": here, "canonical": here, "og:image": f"{BASE}previews/place.png", "twitter:card": "summary_large_image",
    }  # fmt: skip
    assert "og:image" not in tags["data"] and tags["data"]["twitter:card"] == "summary", (
        f"there is no {ANSWER}"
    )
    assert pictures == ["place.png"]
    head = (site / "previews/place.png").read_bytes()[:24]
    assert struct.unpack(">II", head[16:24]) == (1200, 630)


@pytest.mark.browser
def test_a_chart_in_a_frame_is_whole_and_leads_to_its_place(browser, address, site):
    names = sorted(path.stem for path in FIGURES.glob("*.json"))
    pages = sorted(path.stem for path in (site / FOLDER / "book/embed").glob("*.html"))
    assert pages == names and len(names) > 100
    for name in names:
        behind = (
            (site / FOLDER / f"book/embed/{name}.html").read_text(encoding="utf-8").partition('id="rows"')[2]
        )
        assert behind.count("<tr") == 1 + len(json.loads((FIGURES / f"{name}.json").read_text())["rows"]), (
            name
        )
    for width, drawn in ((700, ".w660"), (340, ".w340")):
        with opened(
            browser, f"{address}/book/embed/london.gaps.html", viewport={"width": width, "height": 700}
        ) as (page, wrong):
            assert page.locator(f".chart-still{drawn} svg").is_visible()
            assert page.locator(".chart-still svg:visible").count() == 1
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
            assert (
                page.locator("h1").inner_text()
                and "Licence CC BY 4.0" in page.locator(".source").inner_text()
            )
            assert (
                page.locator(".source a").get_attribute("href")
                == "../../book/cases/london.html#fig-london-gaps"
            )
            rows = page.locator("#rows tbody tr")
            assert rows.count() == len(json.loads((FIGURES / "london.gaps.json").read_text())["rows"])
            assert not rows.first.is_visible()
            assert not wrong, wrong


@pytest.mark.browser
def test_links_to_page_and_chart_are_copied_and_a_frame_is_explained(browser, address):
    url = f"{address}/{CASE_PAGES[0]}.html"
    with opened(browser, url, viewport={"width": DESK, "height": 800}) as (page, wrong):
        figure = page.locator("figure.chart:visible").first
        assert figure.locator(".chart-data tbody tr").count() == 0, "rows come when they are opened"
        figure.locator("summary").first.click()
        figure.locator(".chart-data tbody tr").first.wait_for()
        assert figure.locator(".chart-rows").count() == 0
        search = page.locator(".site-search input").first
        for button, copied in (
            (page.get_by_role("button", name="Copy link to this page"), url),
            (
                figure.get_by_role("button", name="Copy link to this chart"),
                f"{url}#{figure.get_attribute('id')}",
            ),
        ):
            button.click()
            search.fill("")
            search.press("Control+V")
            assert search.input_value() == copied
        figure.get_by_role("button", name="Embed this chart").click()
        card = page.locator("dialog#card[open]")
        assert "html_baseurl" in card.inner_text()
        assert (
            card.get_by_role("link", name="The chart alone")
            .get_attribute("href")
            .startswith(f"{address}/book/embed/")
        )
        assert not wrong, wrong


@pytest.mark.browser
def test_the_code_of_a_chart_frames_it_from_the_public_address(browser, address, site):
    name = CASE_PAGES[0]
    canonical = (
        f"document.head.insertAdjacentHTML('beforeend', '<link rel=canonical href={BASE}{name}.html>')"
    )
    with opened(browser, f"{address}/{name}.html", viewport={"width": DESK, "height": 800}) as (page, wrong):
        page.evaluate(canonical)  # as on a site whose settings name an address
        figure = page.locator("figure.chart:visible").first
        figure.locator("summary").first.click()
        figure.get_by_role("button", name="Embed this chart").click()
        code = page.locator("dialog#card[open] pre").inner_text()
        frame = BeautifulSoup(code, "html.parser").iframe
        assert frame["title"] == figure.locator(".chart-title").inner_text() and frame["loading"] == "lazy"
        alone = frame["src"].removeprefix(BASE)
        assert re.fullmatch(r"book/embed/[\w.]+\.html", alone) and (site / FOLDER / alone).is_file()
        other = page.context.new_page()  # any other site that holds the code
        other.set_content(code.replace(BASE, f"{address}/"))
        other.frame_locator("iframe").locator("h1").wait_for()
        assert not wrong, wrong


def unspaced(part: Tag) -> str:
    """Words of a part without the spaces, which links part otherwise."""
    return "".join(part.get_text().split())


@pytest.mark.parametrize("name", LAYERED_PAGES)
def test_the_brief_of_a_chapter_holds_its_first_screen(site, name):
    own = f"book/brief/{name.rpartition('/')[2]}"
    chapter, brief = (
        BeautifulSoup((site / FOLDER / f"{page}.html").read_text(encoding="utf-8"), "html.parser")
        for page in (name, own)
    )
    assert chapter.select_one(".facts a[href*='/brief/']")["href"] == f"../../{own}.html"
    first, said = chapter.select_one("nav.ways-on"), unspaced(brief)
    parts = first.find_previous_siblings(["p", "ul"])
    own = chapter.find("section", id=ADVICE)
    parts += own.find_all(["h2", "ul"], recursive=False) if own else []
    assert bool(own) == (name in CASE_PAGES) and bool(brief.select("ol li")) != bool(own)
    cited = {link["href"].partition("#")[2] for part in parts for link in part.select("a.src")}
    for pointer in [link for part in parts for link in part.select("a.headerlink, a[href*='methods.html']")]:
        pointer.decompose()  # what leads to another page is not on paper
    words = [unspaced(part).replace("()", "") for part in parts]
    assert len(words) >= 4 and all(part in said for part in words)
    for width in ("w340", "w660"):
        drawn = brief.select(f"figure .chart-still.{width} svg")
        assert len(drawn) == len(first.find_previous_siblings("figure")) >= 1
    assert len(brief.select(".sure .pill")) == len(chapter.select(".sure .pill")) and "datarelease" in said
    assert len(brief.select(".sources li")) == len(cited)


@pytest.mark.browser
def test_every_brief_takes_two_pages_at_most(site, tmp_path):
    with ThreadPoolExecutor(1) as apart:  # a thread with a browser of its own: the tests' is open in this one
        names = {path.stem for path in apart.submit(print_briefs, site / FOLDER, tmp_path).result()}
    assert names == {"brief-book", *(f"brief-{page.rpartition('/')[2]}" for page in LAYERED_PAGES)}
