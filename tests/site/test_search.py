"""The index of the site's prose, and the search that answers from it while one types."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from leadership_book.search import FOLDER as INDEX
from leadership_book.search import SIGNATURE, prepared, questions, write_index
from miniature import snapshot
from playwright.sync_api import Browser, Page
from site_pages import FOLDER, Links, opened, served
from sphinx.errors import ExtensionError

MOST_BYTES = 300_000  # of one query, from the first key, nothing compressed on the way
LONDON = "book/cases/london"
# What one types, the page that comes first or, with *, among those shown, and what is marked in its passages.
QUERIES = [
    ("London", LONDON, "London"),
    ('"Teach First"', f"{LONDON}*", "Teach First"),
    ("Ensena", "book/cases/chile", "Enseña"),
    ("विद्यार्थियों", "book/summary/hindi", "विद्यार्थियों"),
    ("skolotaju", "book/summary/latvian", "skolotāju"),
    ("liderazgo", "book/summary/spanish", "liderazgo"),
    ("Blanden", "sources/b*", "Blanden"),
    ("what should I do", "book/insights/lessons", ""),
    ("how many leaders does it take", "book/synthesis/critical_mass", ""),
]
PAGE = """<html lang="en"><body><form>a form</form><article class="page" lang="lv">
<section id="first"><span id="old"></span><h1>A title<a class="headerlink" href="#first">#</a></h1>
<p id="p">Words <a class="num" id="num-1" title="a number" href="x">12.5</a> of prose. Words.</p>
<table><caption>A caption</caption><thead><tr><th>head</th></tr></thead><tbody><tr><td>cell</td></tr></tbody></table>
<details class="fold"><summary>Read on</summary><div class="cell_input"><pre>print()</pre></div><p>What is folded.</p></details>
<figure class="chart" id="chart-x"><p class="chart-title">What it shows</p><div class="chart-view"><svg><text>axis</text></svg></div>
<figcaption>What is drawn.</figcaption><details class="chart-data"><summary>Data</summary><p>more</p></details></figure>
<section id="second"><h2>A section<a class="headerlink" href="#second">#</a></h2><p>Its text.</p></section>
<dl><dt id="term-hub">hub<a class="headerlink" href="#term-hub">#</a></dt><dd><p>A place.</p></dd></dl>
</section></article></body></html>"""
REFUSE = """for (const name of ["localStorage", "sessionStorage", "indexedDB", "caches"]) {
    Object.defineProperty(window, name, { get() { throw new DOMException("refused", "SecurityError"); } });
}"""


def fragments(index: Path) -> Iterator[dict]:
    """What the index holds of each page."""
    for path in sorted((index / "fragment").iterdir()):
        yield json.loads(gzip.decompress(path.read_bytes()).removeprefix(SIGNATURE))


def ask(page: Page, words: str) -> list[str]:
    """Type words into the box of a page's header; the pages shown, when they are."""
    box = page.locator(".site-search input")
    box.fill("")
    page.locator(".site-search .search-panel").wait_for(state="hidden")
    box.press_sequentially(words)
    page.locator(".site-search .search-panel").wait_for()
    titles = page.locator(".site-search .search-title").evaluate_all("links => links.map((a) => a.pathname)")
    return [title.split(f"/{FOLDER}/")[1].removesuffix(".html") for title in titles]


def test_the_index_holds_prose_under_its_headings_and_has_the_same_bytes_twice(tmp_path: Path) -> None:
    pages = {
        "a/x.html": prepared(PAGE, ["What now?"]),
        "sources/b.html": PAGE,
        "a/y.html": prepared(PAGE, []),
    }
    made = []
    for name in ("one", "another"):
        (tmp_path / name).mkdir()
        made.append(write_index(tmp_path / name, pages))
    assert snapshot(made[0]) == snapshot(made[1])
    (found,) = [page for page in fragments(made[0]) if page["url"] == "/a/x.html"]
    assert found["content"] == (
        "A title. Words 12.5 of prose. Words. A caption. What is folded. What it shows. What is drawn. A section. Its text. hub. A place."
    )
    anchors = [(anchor["element"], anchor["id"], anchor["text"].strip()) for anchor in found["anchors"]]
    assert anchors == [("h1", "first", "A title"), ("h2", "second", "A section"), ("h4", "term-hub", "hub")]
    assert found["meta"] == {"answers": "What now?", "lang": "lv", "title": "A title"}
    assert "Words" in (made[0] / "words.txt").read_text(encoding="utf-8").split("\n")


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("book/indexx:\n  - What?\n", "book/indexx is no page of _toc.yml"),
        ("book/index: What?\n", "book/index needs a list of questions"),
    ],
)
def test_questions_name_a_page_and_list_texts(tmp_path: Path, text: str, wrong: str) -> None:
    (tmp_path / "questions.yml").write_text(text, encoding="utf-8")
    with pytest.raises(ExtensionError, match=wrong):
        questions(tmp_path / "questions.yml", {"book/index"})


def test_each_result_leads_to_an_anchor_and_holds_no_code(site: Path, parsed: dict[Path, Links]) -> None:
    top, wrong = site / FOLDER, []
    found = list(fragments(top / INDEX))
    for entry in found:
        page = parsed[top / entry["url"].lstrip("/")]
        wrong += [
            f"{entry['url']}#{anchor['id']}"
            for anchor in entry["anchors"]
            if anchor["id"] not in page.anchors
        ]
        wrong += [
            entry["url"]
            for debris in ("the code of this page", "Read on:", "import pandas")
            if debris in entry["content"]
        ]
    assert {entry["url"].split("/")[1] for entry in found} == {"book", "sources"}
    assert wrong == []
    left = [
        path.name
        for path in top.rglob("*")
        if re.search(r"searchindex|searchtools|language_data|pagefind.*ui", path.name)
    ]
    assert left == [], "of another search"


@pytest.mark.browser
def test_search_answers_while_one_types_in_every_language(browser: Browser, address: str) -> None:
    with opened(browser, f"{address}/{LONDON}.html") as (page, wrong):
        for words, first, marked in QUERIES:
            shown = ask(page, words)
            assert first.removesuffix("*") in (shown if first.endswith("*") else shown[:1]), (words, shown)
            marks = " ".join(page.locator(".site-search .search-panel mark").all_inner_texts())
            assert marked in marks, (words, marks)
        assert ask(page, "Londn") == []
        page.get_by_role("button", name="London", exact=True).click()
        page.locator(".site-search .search-title").first.wait_for()
        assert page.locator(".site-search input").input_value() == "London"
        assert not wrong, wrong


@pytest.mark.browser
def test_a_query_is_light_and_needs_no_storage(browser: Browser, site: Path) -> None:
    sent: dict[str, int] = {}
    url = "book/glossary.html"
    with served(site) as root, opened(browser, f"{root}/{FOLDER}/{url}", first=REFUSE) as (page, wrong):
        page.wait_for_timeout(200)
        searching = re.compile(rf"/{INDEX}/|/search\.")
        asked = page.evaluate("performance.getEntriesByType('resource').map((entry) => entry.name)")
        assert asked and not any(map(searching.search, asked)), "asked for before a box has the focus"
        page.on("response", lambda answer: sent.update({urlsplit(answer.url).path: len(answer.body())}))
        assert ask(page, "how many leaders does it take")
        assert any(name.endswith(".pf_fragment") for name in sent)
        assert sum(size for name, size in sent.items() if searching.search(name)) <= MOST_BYTES, sent
        assert not wrong, wrong


@pytest.mark.browser
def test_the_keyboard_walks_through_results_and_enter_shows_all(browser: Browser, address: str) -> None:
    with opened(browser, f"{address}/{LONDON}.html") as (page, wrong):
        page.keyboard.press("/")
        ask(page, "critical mass")
        assert re.match(r"\d+ pages found", page.locator(".site-search [role=status]").inner_text())
        page.keyboard.press("ArrowDown")
        page.keyboard.press("ArrowDown")
        assert page.evaluate("document.activeElement.closest('.search-list') !== null")
        page.keyboard.press("ArrowUp")
        page.keyboard.press("Escape")
        page.locator(".site-search .search-panel").wait_for(state="hidden")
        assert page.evaluate("document.activeElement.name") == "q"
        page.keyboard.press("Enter")
        page.wait_for_url("**/search.html?q=critical+mass")
        results = page.locator("#search-results .search-title")
        results.first.wait_for()
        before = results.count()
        page.get_by_role("button", name="More results").click()
        page.locator(f"#search-results .search-list > li:nth-child({before + 2})").wait_for()
        results.first.click()
        page.wait_for_url("**/book/synthesis/critical_mass.html")
        assert not wrong, wrong


@pytest.mark.browser
def test_without_a_script_the_box_leads_to_the_contents(browser: Browser, address: str) -> None:
    with opened(browser, f"{address}/{LONDON}.html", java_script_enabled=False) as (page, wrong):
        page.locator(".site-search input").fill("Chile")
        page.locator(".site-search input").press("Enter")
        page.wait_for_url("**/search.html?q=Chile")
        told = page.locator("main noscript")
        assert "needs a script" in told.inner_text()
        assert told.get_by_role("link", name="Chile: a small programme in a long series").first.is_visible()
        assert not wrong, wrong
