"""The built site works in a browser, from any folder of any server, without a network and without JavaScript.

The last build (``_build/html``) is served below a sub-folder on this machine and loaded in headless Chromium, which
cannot reach another host. Decided here: every page of the table of contents loads at the width of a desk and of a
phone with nothing missing, nothing from elsewhere, no error and no sideways scrolling; charts are drawn, described
and backed by a table; their words read in dark colours; pictures stand without JavaScript; links lead somewhere.
Not decided: whether a chart is a good one, or other browsers. Build first: ``nox -s tests`` does.
"""

from __future__ import annotations

import json
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from html.parser import HTMLParser
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote, urldefrag, urljoin, urlsplit

import pytest
import yaml
from leadership_effects.data.release import newest_release
from leadership_effects.paths import ROOT
from playwright.sync_api import Browser, Page, sync_playwright

SITE = ROOT / "_build" / "html"
BUILD_FIRST = f"there is no built site in {SITE.relative_to(ROOT)}: run `nox -s book` first"
NO_BROWSER = "Chromium is not installed: sudo apt-get update && sudo apt-get install --yes chromium"
FLAGS = ["--no-sandbox", "--disable-gpu", "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"]
FOLDER = "some/folder"
DESK, PHONE = 1280, 390
FEWEST_CHARTS = {True: 4, False: 1}  # of a case, of another chapter
DRAWN_WITHIN = 60_000  # milliseconds; a tenth of a second on an idle machine, but machines stall


def pages_of(toc: Path) -> list[str]:
    """Pages of a table of contents, the first page first."""
    content = yaml.safe_load(toc.read_text(encoding="utf-8"))
    chapters = [chapter for part in content["parts"] for chapter in part["chapters"]]
    return [content["root"], *(chapter["file"] for chapter in chapters)]


PAGES = pages_of(ROOT / "_toc.yml")
CASE_PAGES = [page for page in PAGES if page.startswith("book/cases/")]
CHART_PAGES = [
    *CASE_PAGES,
    *(page for page in PAGES if page.startswith(("book/answers/", "book/synthesis/", "book/methods/"))),
    "book/insights/strategy_map",
]
FIGURES = ROOT / "_build" / "results" / newest_release() / "figures"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the built site below a sub-folder, safe from a build that runs meanwhile; the folder's top."""
    if not (SITE / "index.html").is_file():
        pytest.fail(BUILD_FIRST)
    top = tmp_path_factory.mktemp("server")
    shutil.copytree(SITE.resolve(), top / FOLDER)
    return top


class Quiet(SimpleHTTPRequestHandler):
    """A plain file server that prints nothing."""

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture(scope="module")
def address(site: Path) -> Iterator[str]:
    """Address of the served site."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(site)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/{FOLDER}"
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Debian's Chromium; a machine without it fails, here as in continuous integration."""
    path = shutil.which("chromium")
    if path is None:
        pytest.fail(NO_BROWSER)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@contextmanager
def opened(browser: Browser, url: str, **settings: object) -> Iterator[tuple[Page, list[str]]]:
    """Open a page in a context of its own; the list fills with everything that goes wrong while it is open."""
    context = browser.new_context(**settings)  # type: ignore[arg-type]
    page, wrong = context.new_page(), []
    home = url[: url.index(FOLDER) + len(FOLDER)]

    def sent(request: object) -> None:
        if not request.url.startswith((f"{home}/", "data:", "blob:")):  # type: ignore[attr-defined]
            wrong.append(f"asks for {request.url}")  # type: ignore[attr-defined]

    page.on("request", sent)
    page.on("requestfailed", lambda request: wrong.append(f"request failed: {request.url} {request.failure}"))
    page.on(
        "response", lambda answer: answer.status >= 400 and wrong.append(f"{answer.status}: {answer.url}")
    )
    page.on("console", lambda message: message.type == "error" and wrong.append(f"console: {message.text}"))
    page.on("pageerror", lambda error: wrong.append(f"page error: {error}"))
    try:
        page.goto(url, wait_until="load")
        yield page, wrong
    finally:
        context.close()


DRAW_ALL = """async (patience) => {
    const figures = [...document.querySelectorAll("figure.chart")];
    const frame = () => new Promise((resolve) => setTimeout(resolve, 20));
    for (const figure of figures) {
        const stop = performance.now() + patience;
        do {  // charts drawn above may push this one out of view again
            figure.scrollIntoView({ block: "center", behavior: "instant" });
            await frame();
        } while (!figure.dataset.drawn && performance.now() < stop);
    }
    return figures.map((figure) => ({
        id: figure.id,
        drawn: figure.dataset.drawn ?? "not at all",
        label: figure.querySelector("[role=img]")?.getAttribute("aria-label") ?? "",
        title: figure.querySelector(".chart-title")?.textContent ?? "",
        caption: figure.querySelector("figcaption")?.textContent ?? "",
        description: figure.querySelector(".chart-description")?.textContent ?? "",
        cited: figure.querySelector(".chart-cite")?.textContent ?? "",
        offered: [...figure.querySelectorAll(".chart-downloads a")].map((link) => link.getAttribute("href")),
        rows: figure.querySelectorAll("details table tbody tr").length,
        width: Math.round(figure.querySelector(".chart-view svg")?.getBoundingClientRect().width ?? 0),
        room: Math.round(figure.getBoundingClientRect().width),
    }));
}"""

# Everything that can be unfolded is, so that what it hides is measured too.
OVERFLOW = """() => {
    document.querySelectorAll("details").forEach((details) => { details.open = true; });
    const scrolls = (element) => element && element !== document.body
        && (["auto", "scroll", "hidden"].includes(getComputedStyle(element).overflowX) || scrolls(element.parentElement));
    const wide = document.documentElement.clientWidth;
    const over = [...document.querySelectorAll("main *")].filter((element) => {
        const box = element.getBoundingClientRect();
        return box.width && box.right > wide + 1 && !scrolls(element.parentElement)
            && getComputedStyle(element).position !== "fixed";
    });
    return {
        by: document.documentElement.scrollWidth - wide,
        elements: over.slice(0, 5).map((element) => element.outerHTML.slice(0, 120)),
    };
}"""


@pytest.mark.browser
@pytest.mark.parametrize("width", [DESK, PHONE])
@pytest.mark.parametrize("name", PAGES)
def test_page_loads_whole_and_draws_its_charts(browser, address, name, width):
    with opened(browser, f"{address}/{name}.html", viewport={"width": width, "height": 900}) as (page, wrong):
        assert page.title().strip()
        assert page.locator("article h1").first.is_visible()
        charts = page.evaluate(DRAW_ALL, DRAWN_WITHIN)
        assert wrong == []
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
            assert chart["rows"] > 0, f"{chart['id']} has no table of its data"
            assert 200 <= chart["width"] <= chart["room"] + 1, (
                f"{chart['id']}: {chart['width']} of {chart['room']} px"
            )
        if width == PHONE:
            overflow = page.evaluate(OVERFLOW)
            assert overflow["by"] <= 0 and not overflow["elements"], overflow


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
        for figure in figures.all():
            shown = [picture for picture in figure.locator(".chart-still svg").all() if picture.is_visible()]
            assert len(shown) == 1, "one picture for each width of page"
            box = shown[0].bounding_box()
            assert box and 200 <= box["width"] <= width and box["height"] >= 40, box
            assert figure.locator("[role=img][aria-label]").count() == 1
            figure.locator("summary").click()
            assert figure.locator("tbody tr").first.is_visible()
        assert [line for line in wrong if ".js" not in line] == [], (
            "scripts are blocked, nothing else may fail"
        )


@pytest.mark.browser
@pytest.mark.parametrize("name", CASE_PAGES)
def test_a_reader_filters_the_specifications_without_a_kernel(browser, address, name):
    """Each box of the curve, set to each of its options, leaves the specifications that hold it."""
    case = name.rsplit("/", 1)[1]
    content = json.loads((FIGURES / f"{case}.curve.json").read_text(encoding="utf-8"))
    rows = [dict(zip(content["columns"], row, strict=True)) for row in content["rows"]]
    with opened(browser, f"{address}/{name}.html", viewport={"width": PHONE, "height": 800}) as (page, wrong):
        figure = page.locator(f"#fig-{case}-curve")
        figure.scroll_into_view_if_needed()
        page.wait_for_selector(f"#fig-{case}-curve[data-drawn=true]", timeout=DRAWN_WITHIN)
        assert figure.locator("svg").get_by_text(f"{len(rows)} specifications").count() == 1
        boxes = figure.get_by_role("combobox")
        assert boxes.count() >= 2
        for box in boxes.all():
            dimension = box.evaluate("box => box.closest('label').innerText.split('\\n')[0].trim()")
            options = [o for o in box.locator("option").all_inner_texts() if o != "any"]
            assert options and set(options) == {str(row[dimension]) for row in rows}
            for option in options:
                box.select_option(label=option)
                left = sum(str(row[dimension]) == option for row in rows)
                figure.locator("svg").get_by_text(f"{left} specifications", exact=False).wait_for(
                    timeout=5000
                )
            box.select_option(label="any")
        assert not wrong, wrong


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
@pytest.mark.parametrize("attempt", FORBIDDEN)
def test_the_pages_policy_refuses_other_hosts_and_scripts_in_the_page(browser, address, attempt):
    with opened(browser, f"{address}/{CASE_PAGES[0]}.html") as (page, wrong):
        title = page.title()
        page.evaluate(FORBIDDEN[attempt])
        page.wait_for_timeout(300)
        assert any("Content Security Policy" in line for line in wrong), wrong
        asked = [line.removeprefix("asks for ") for line in wrong if line.startswith("asks for")]
        assert all(f"request failed: {target} csp" in wrong for target in asked), wrong
        assert page.title() == title


class Links(HTMLParser):
    """Anchors and links of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.anchors: set[str] = set()
        self.twice: set[str] = set()
        self.links: set[str] = set()
        self.loaded: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {key: value for key, value in attrs if value is not None}
        if "id" in values:
            (self.twice if values["id"] in self.anchors else self.anchors).add(values["id"])
        if tag == "a" and "href" in values:
            self.links.add(values["href"])
        if tag in ("script", "img", "iframe", "source") and "src" in values:
            self.loaded.add(values["src"])
        if tag == "link" and values.get("rel") not in ("canonical", "license"):
            self.loaded.add(values["href"])


@pytest.fixture(scope="module")
def parsed(site: Path) -> dict[Path, Links]:
    """Every page of the site, parsed."""
    return {path: Links(path.read_text(encoding="utf-8")) for path in sorted((site / FOLDER).rglob("*.html"))}


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
    """Downloadable notebooks and search index included."""
    texts = [
        path
        for path in (site / FOLDER).rglob("*")
        if path.suffix in (".html", ".ipynb", ".md", ".json", ".js")
    ]
    assert texts
    found = [path.name for path in texts if str(ROOT) in path.read_text(encoding="utf-8")]
    assert found == []
