"""Check that the built site works and can be read by everyone, from any folder of any server, without a network.

The last build (``_build/html``) is served below a sub-folder on this machine and loaded in headless Chromium, which
cannot reach another host. Each page is visited once, at the width of a desk, then of a phone. It loads with nothing
missing, nothing from elsewhere and no error; charts are drawn, described and backed by a table; nothing leaves the page
sideways; axe-core finds nothing. All rules of axe-core run, those of WCAG 2.0 to 2.2 at levels A and AA and its best
practices, with what folds unfolded (of the tables behind charts and of the code cells one a page), those about colour on
one of all elements that styles cannot tell apart. The slow tests run all rules on a phone too, those about colour on every
single element and in both colour modes. On a case page, each filter of the curve leaves what it should.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import unquote, urldefrag, urljoin, urlsplit

import pandas as pd
import pytest
from axe_playwright_python.base import AXE_FILE_PATH
from leadership_effects.paths import ROOT
from leadership_effects.report.charts.case import in_words
from navigation import check_large_text, check_way_about
from playwright.sync_api import Page
from site_pages import (
    BETWEEN,
    CASE_PAGES,
    CHART_PAGES,
    DESK,
    DRAW_ALL,
    DRAWN_WITHIN,
    FEWEST_CHARTS,
    FIGURES,
    FOLDER,
    KINDS,
    LAPTOP,
    OVERFLOW,
    PAGES,
    PAPER,
    PHONE,
    PRINTED_TABLES,
    TABLES,
    TABLET,
    WIDE,
    opened,
)

AXE = AXE_FILE_PATH.read_text(encoding="utf-8")
# Of the generated pages short ones: numbers with every kind of element, code with most kinds of words.
GENERATED = [
    "numbers/characteristics",
    "code/leadership_effects/report/tables",
    "code/leadership_effects/build/kernels",
    "search",
]
# Opened with the reader's own text twice as large too.
ONE_OF_EACH_KIND = [
    "book/index",
    CASE_PAGES[1],
    "book/synthesis/synthesis",
    "book/insights/lessons",
    *GENERATED,
]
# Tables behind charts and code cells hold thousands of elements of two components: the shortest of each on a page
# stands for the others.
UNFOLD = """() => {
    const size = (element) => element.querySelectorAll("*").length;
    const others = (kind) => [...document.querySelectorAll(kind)].sort((a, b) => size(a) - size(b)).slice(1);
    const folded = others("details.chart-data");
    for (const details of document.querySelectorAll("details")) details.open = !folded.includes(details);
    for (const box of document.querySelectorAll("#show-code")) box.checked = true;
    for (const code of others(".cell-code")) code.dataset.left = "";
}"""
# Of what stays folded axe-core judges these rules alone, and yet walks through all of it for the others, for two thirds of
# its time: it is out of the page meanwhile.
OF_HIDDEN = {
    "runOnly": [
        "accesskeys", "area-alt", "aria-allowed-role", "aria-hidden-focus", "blink", "duplicate-id-aria", "marquee",
    ]
}  # fmt: skip
TAKE_OUT = """() => {
    window.takenOut = [...document.querySelectorAll(
        "details:not([open]) > :not(summary), .cell-code[data-left] > *",
    )].map((element) => {
        const place = document.createComment("");
        element.replaceWith(place);
        return [place, element];
    });
}"""
PUT_BACK = "() => { for (const [place, element] of window.takenOut) place.replaceWith(element); }"
RUN = """async (options) => (
    await axe.run(document, { resultTypes: ["violations"], ...options })
).violations.map((found) => `${found.id} (${found.impact}): ${found.nodes.length} times, first ${found.nodes[0].html.slice(0, 160)}`)"""
# Two elements with text, whose tags, classes, own styles and places in a row are the same all the way up, have the same
# colours: the first stands for the others in the rules about colour, which take four fifths of axe's time.
ONE_OF_A_KIND = """() => {
    const known = new Map();
    const kind = (element) => {
        if (!element) return "";
        if (!known.has(element)) {
            const own = ["class", "style", "fill", "role", "type", "href"].map((name) =>
                name === "href" ? element.hasAttribute(name) : element.getAttribute(name));
            const cell = element.cellIndex ?? "";
            known.set(element, `${kind(element.parentElement)}>${element.tagName}|${own.join("|")}|${cell}`);
        }
        return known.get(element);
    };
    const first = new Map();
    for (const element of document.querySelectorAll("body *")) {
        const says = element.matches("input, select, textarea, button") ||
            [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim());
        const seen = element.checkVisibility({ visibilityProperty: true });
        if (says && seen && !first.has(kind(element))) first.set(kind(element), element);
    }
    document.querySelectorAll("[data-first]").forEach((element) => element.removeAttribute("data-first"));
    [...first.values()].forEach((element) => element.setAttribute("data-first", ""));
    axe.configure({ rules: [
        { id: "color-contrast", selector: "[data-first]" }, { id: "link-in-text-block", selector: "a[href][data-first]" },
    ] });
    return first.size;
}"""
FEWEST_KINDS = 10
FEWEST_TABLES, FEWEST_COLUMNS = 10, 7  # printed of a case, and of its widest table
CONTRAST = {"runOnly": ["color-contrast", "link-in-text-block"]}
OTHER_SCHEME = """() => {
    const root = document.documentElement;
    root.dataset.theme = root.dataset.theme === "dark" ? "light" : "dark";
}"""


# A chart follows the width of the page a moment after the page has it.
FITTED = """() => [...document.querySelectorAll("figure.chart")].every((figure) =>
    figure.querySelector(".chart-view svg").getBoundingClientRect().width <= figure.getBoundingClientRect().width + 1)"""


def check_charts(charts: list[dict], name: str) -> None:
    """Every chart of a page is drawn within its room, described, cited, offered and backed by a table."""
    if name in CHART_PAGES:
        assert len(charts) >= FEWEST_CHARTS[name in CASE_PAGES], f"{len(charts)} charts"
    for chart in charts:
        assert chart["drawn"] == "true", f"{chart['id']} is drawn: {chart['drawn']}"
        assert chart["label"].strip() and chart["caption"].strip(), chart["id"]
        assert chart["title"].strip() and chart["description"] == chart["label"], chart["id"]
        assert chart["id"] in chart["cited"]
        assert [link.partition("#")[0].rsplit(".", 1)[1] for link in chart["offered"]] == [
            "csv", "json", "svg", "png", "html",
        ]  # fmt: skip
        # once opened, the rows stand there in place of the link to them
        file = chart["id"].removeprefix("fig-").replace("-", "[.-]")
        assert re.search(rf"/book/embed/{file}\.html#rows$|^[1-9]\d* rows$", chart["rows"]), chart["id"]
        assert 200 <= chart["width"] <= chart["room"] + 1, (
            f"{chart['id']}: {chart['width']} of {chart['room']} px"
        )


@contextmanager
def unfolded(page: Page) -> Iterator[None]:
    """Unfold a page, and take out what stays folded while axe-core runs."""
    page.evaluate(UNFOLD)
    page.evaluate(TAKE_OUT)
    yield
    page.evaluate(PUT_BACK)


def mark_kinds(page: Page) -> None:
    """Limit the rules about colour to one element of each kind."""
    assert page.evaluate(ONE_OF_A_KIND) > FEWEST_KINDS


def axe_in_other_colours(page: Page) -> list[str]:
    """What axe-core finds of the colours that the page does not have now; it has its own again afterwards."""
    page.evaluate(OTHER_SCHEME)
    found: list[str] = page.evaluate(RUN, CONTRAST)
    page.evaluate(OTHER_SCHEME)
    return found


@pytest.fixture(scope="module")
def tab(browser, address) -> Iterator[tuple[Page, list[str]]]:
    """One tab for every page in turn, which costs half of a tab for each, and what goes wrong in it."""
    with opened(browser, f"{address}/{PAGES[0]}.html") as both:
        yield both


def visit(tab: tuple[Page, list[str]], url: str) -> tuple[Page, list[str]]:
    """Open a page at the width of a desk; what went wrong on the one before is forgotten."""
    page, wrong = tab
    page.goto("about:blank")
    page.set_viewport_size({"width": DESK, "height": 900})
    wrong.clear()
    page.goto(url, wait_until="load")
    return tab


@pytest.mark.browser
@pytest.mark.parametrize("name", [*PAGES, *GENERATED])
def test_a_page_loads_draws_its_charts_fits_and_can_be_read_by_everyone(tab, address, name):
    page, wrong = visit(tab, f"{address}/{name}.html")
    assert page.title().strip()
    assert page.locator("article h1").first.is_visible()
    check_charts(page.evaluate(DRAW_ALL, DRAWN_WITHIN), name)
    assert wrong == []
    page.evaluate(AXE)
    assert page.evaluate(RUN, OF_HIDDEN) == []
    with unfolded(page):
        mark_kinds(page)
        assert page.evaluate(RUN, {}) == []
    check_way_about(page, name)
    page.set_viewport_size({"width": PHONE, "height": 900})
    page.wait_for_function(FITTED, timeout=DRAWN_WITHIN)
    check_charts(page.evaluate(DRAW_ALL, DRAWN_WITHIN), name)
    overflow = page.evaluate(OVERFLOW)
    assert overflow["by"] <= 0 and not overflow["elements"], overflow
    check_way_about(page, name)
    if name in ONE_OF_EACH_KIND:
        check_large_text(page)
    if name in CASE_PAGES:
        check_filters(page, name.rpartition("/")[2])
    check_tables(page, name)
    assert wrong == []


def check_tables(page: Page, name: str) -> None:
    """No table or caption is cut at any width, none scrolls at that of a desk, and none loses a cell on paper."""
    for width in (PHONE, *((TABLET, LAPTOP, WIDE) if name in KINDS else ()), DESK):
        page.set_viewport_size({"width": width, "height": 900})
        seen = page.evaluate(TABLES)
        assert seen["cut"] == [], f"{width} px"
    assert seen["scrolling"] == []
    if name not in KINDS:
        return
    page.set_viewport_size({"width": PAPER, "height": 900})
    page.emulate_media(media="print")
    printed = page.evaluate(PRINTED_TABLES)
    page.emulate_media(media="screen")
    assert printed["lost"] == []
    if name in CASE_PAGES:
        assert printed["tables"] >= FEWEST_TABLES and printed["columns"] >= FEWEST_COLUMNS, printed


def check_filters(page: Page, case: str) -> None:
    """Each box of the curve, set to each of its options without a kernel, leaves the specifications that hold it."""
    content = json.loads((FIGURES / f"{case}.curve.json").read_text(encoding="utf-8"))
    rows = pd.DataFrame(content["rows"], columns=content["columns"])
    words, _ = in_words(rows, list(rows.columns))
    figure = page.locator(f"#fig-{case}-curve")
    assert figure.locator("svg").get_by_text(f"{len(rows)} specifications").count() == 1
    boxes = figure.get_by_role("combobox")
    assert boxes.count() >= 2
    for box in boxes.all():
        heading = box.evaluate("box => box.closest('label').innerText.split('\\n')[0].trim()")
        options = [o for o in box.locator("option").all_inner_texts() if o != "any"]
        held = list(words[heading].astype(str))
        assert options and set(options) == set(held)
        for option in options:
            box.select_option(label=option)
            left = held.count(option)
            figure.locator("svg").get_by_text(f"{left} specifications", exact=False).wait_for()
        box.select_option(label="any")


@pytest.mark.slow
@pytest.mark.browser
@pytest.mark.parametrize("name", [*PAGES, *GENERATED])
def test_everyone_can_read_a_page_at_both_widths_in_both_colours(tab, address, name):
    """Every single element has contrast, without the thought that those of one kind have the same colours."""
    page, _ = visit(tab, f"{address}/{name}.html")
    for width, rules in (
        (DESK, CONTRAST),
        (PHONE, {}),
    ):  # the other rules have been run at the width of a desk
        page.set_viewport_size({"width": width, "height": 900})
        page.evaluate(DRAW_ALL, DRAWN_WITHIN)
        page.wait_for_function(FITTED, timeout=DRAWN_WITHIN)
        page.evaluate(AXE)  # as it is when loaded: with the rules about colour for every element
        with unfolded(page):
            assert page.evaluate(RUN, rules) == []
            mark_kinds(page)
            assert axe_in_other_colours(page) == []


# Text of axes and legends; words within a chart may stand on a mark of their own colour.
LABELS = """() => {
    const fills = [...document.querySelectorAll(
        "figure.chart .chart-view :is(.role-axis-label, .role-axis-title, .role-legend-label) text"
    )].filter((text) => text.textContent.trim()).map((text) => getComputedStyle(text).fill);
    const back = (element) => {
        const colour = getComputedStyle(element).backgroundColor;
        return colour === "rgba(0, 0, 0, 0)" && element.parentElement ? back(element.parentElement) : colour;
    };
    const figure = document.querySelector("figure.chart");
    return {
        number: fills.length,
        fills: [...new Set(fills)],
        text: getComputedStyle(document.querySelector("article section > p")).color,
        ground: back(figure),
    };
}"""


def luminance(colour: str) -> float:
    """Relative luminance of ``rgb(r, g, b)`` by the Web Content Accessibility Guidelines."""
    parts = [float(part) / 255 for part in colour[colour.index("(") + 1 : -1].split(",")[:3]]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    low, high = sorted([luminance(one), luminance(other)])
    return (high + 0.05) / (low + 0.05)


# Words of a drawn chart that stick out of it, above or below.
STUCK_OUT = """() => [...document.querySelectorAll("figure.chart .chart-live svg")].flatMap((svg) => {
    const box = svg.getBoundingClientRect();
    return [...svg.querySelectorAll("text")].filter((word) => word.textContent.trim()).filter((word) => {
        const { top, bottom } = word.getBoundingClientRect();
        return box.top - top > 2 || bottom - box.bottom > 2;
    }).map((word) => `${svg.closest("figure").id}: ${word.textContent}`);
})"""


@pytest.mark.browser
@pytest.mark.parametrize("width", [PHONE, *BETWEEN, TABLET])
@pytest.mark.parametrize(
    "name", ["book/answers/contribution", "book/insights/strategy_map", "book/cases/huari"]
)
def test_no_legend_of_a_chart_stands_on_its_title(browser, address, name, width):
    """Between a phone and a tablet a drawing is laid out twice, and a legend must keep its columns."""
    with opened(browser, f"{address}/{name}.html", viewport={"width": width, "height": 900}) as (page, _):
        check_charts(page.evaluate(DRAW_ALL, DRAWN_WITHIN), name)
        assert page.evaluate(STUCK_OUT) == []


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["dark", "light"])
def test_words_of_charts_have_the_colour_of_the_page(browser, address, scheme):
    url, size = f"{address}/{CHART_PAGES[0]}.html", {"width": DESK, "height": 900}
    with opened(browser, url, viewport=size, color_scheme=scheme) as (page, wrong):
        page.evaluate(DRAW_ALL, DRAWN_WITHIN)
        seen = page.evaluate(LABELS)
        assert wrong == []
    assert seen["number"] > 10
    assert seen["fills"] == [seen["text"]], seen
    assert (luminance(seen["ground"]) < 0.5) == (scheme == "dark"), seen
    assert contrast(seen["text"], seen["ground"]) >= 7, seen


@pytest.mark.browser
@pytest.mark.parametrize("width", [DESK, PHONE])
def test_pictures_stand_without_javascript(browser, address, width):
    url, size = f"{address}/{CHART_PAGES[0]}.html", {"width": width, "height": 900}
    with opened(browser, url, viewport=size, java_script_enabled=False) as (page, wrong):
        figures = page.locator("figure.chart")
        assert figures.count() >= FEWEST_CHARTS[True]
        for summary in page.locator("details.fold > summary").all():
            summary.click()
        for figure in figures.all():
            shown = [picture for picture in figure.locator(".chart-still svg").all() if picture.is_visible()]
            assert len(shown) == 1, "one picture for each width of page"
            box = shown[0].bounding_box()
            assert box and 200 <= box["width"] <= width and box["height"] >= 40, box
            assert figure.locator("[role=img][aria-label]").count() == 1
            figure.locator("summary").click()
            assert figure.locator(".chart-rows > a").is_visible()
        assert [line for line in wrong if ".js" not in line] == [], (
            "scripts are blocked, nothing else may fail"
        )


@pytest.mark.browser
def test_the_browser_cannot_reach_another_host(browser, address):
    """The guard itself: were another host reachable, a page that asks for one would still load here."""
    with opened(browser, f"{address}/{PAGES[0]}.html", bypass_csp=True) as (page, wrong):
        page.evaluate("() => fetch('http://example.org/').catch(() => null)")
        assert any("asks for http://example.org/" in line for line in wrong)
        assert any("request failed: http://example.org/" in line for line in wrong)


FORBIDDEN = {
    "fetch": "() => fetch('http://example.org/').catch(() => null)",
    "picture": "() => { new Image().src = 'http://example.org/a.png'; }",
    "script": "() => { document.head.append(Object.assign(document.createElement('script'), "
    "{ src: 'http://example.org/a.js' })); }",
    "script in the page": "() => { document.head.append(Object.assign(document.createElement('script'), "
    "{ textContent: 'document.title = \"changed\"' })); }",
    "frame": "() => { document.body.append(Object.assign(document.createElement('iframe'), "
    "{ src: 'http://example.org/' })); }",
}


@pytest.mark.browser
def test_the_pages_policy_refuses_other_hosts_and_scripts_in_the_page(browser, address):
    with opened(browser, f"{address}/{CASE_PAGES[0]}.html") as (page, wrong):
        title = page.title()
        for attempt, code in FORBIDDEN.items():
            wrong.clear()
            page.evaluate(code)
            page.wait_for_timeout(300)
            assert any("Content Security Policy" in line for line in wrong), (attempt, wrong)
            asked = [line.removeprefix("asks for ") for line in wrong if line.startswith("asks for")]
            assert all(f"request failed: {target} csp" in wrong for target in asked), (attempt, wrong)
            assert page.title() == title, attempt


def test_every_page_of_the_contents_is_built(site):
    missing = [page for page in PAGES if not (site / FOLDER / f"{page}.html").is_file()]
    assert missing == []


def test_links_and_anchors_lead_somewhere(site, parsed):
    known = {path: links.anchors for path, links in parsed.items()}
    broken = []
    for path, links in parsed.items():
        for link in sorted(links.links | links.loaded):
            if link.startswith(("http://", "https://", "mailto:")) and link in links.links:
                continue
            target, fragment = urldefrag(urljoin(path.as_uri(), link))
            file = Path(unquote(urlsplit(target).path))
            if not file.is_relative_to(site / FOLDER) or not file.is_file():
                broken.append(f"{path.relative_to(site / FOLDER)}: {link}")
            elif fragment and file in known and unquote(fragment) not in known[file]:
                broken.append(f"{path.relative_to(site / FOLDER)}: no anchor for {link}")
    assert sum(len(links.links) for links in parsed.values()) > 100
    assert broken == []


def test_no_anchor_stands_twice_on_a_page(site, parsed):
    twice = {
        str(path.relative_to(site / FOLDER)): links.twice for path, links in parsed.items() if links.twice
    }
    assert twice == {}


def test_the_site_names_no_path_of_a_machine(site):
    """Downloadable notebooks included."""
    texts = [
        path
        for path in (site / FOLDER).rglob("*")
        if path.suffix in (".html", ".ipynb", ".md", ".json", ".js")
    ]
    assert texts
    found = [path.name for path in texts if str(ROOT) in path.read_text(encoding="utf-8")]
    assert found == []


@pytest.mark.browser
@pytest.mark.parametrize("width", [DESK, PHONE])
def test_the_keyboard_alone_reaches_text_contents_and_cards(browser, address, width):
    url = f"{address}/{CASE_PAGES[0]}.html"
    with opened(browser, url, viewport={"width": width, "height": 900}) as (page, wrong):
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.getAttribute('href')") == "#main"
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.id") == "main"
        for _ in range(40):
            page.keyboard.press("Tab")
            if page.evaluate("document.activeElement.matches('a.num')"):
                break
        number = page.evaluate("document.activeElement.textContent")
        page.keyboard.press("Enter")
        card = page.locator("dialog#card[open]")
        card.wait_for()
        assert card.locator(".printed").inner_text() == number
        assert page.evaluate("document.querySelector('#card').contains(document.activeElement)")
        page.keyboard.press("Escape")
        card.wait_for(state="hidden")
        page.wait_for_function("!history.state?.card")
        page.wait_for_timeout(200)  # the step back in the history may move the focus for a moment
        assert page.evaluate("document.activeElement.textContent") == number, "focus comes back to the number"
        if width == PHONE:
            page.locator("#contents-button").focus()
            page.keyboard.press("Enter")
            page.locator("#contents a").first.wait_for(state="visible")
            page.keyboard.press("Escape")
            page.locator("#contents a").first.wait_for(state="hidden")
        assert not wrong, wrong
