"""Open pages of the built site in headless Chromium, and name the pages that there are."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from html.parser import HTMLParser
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import yaml
from leadership_effects.data.release import newest_release
from leadership_effects.paths import ROOT
from playwright.sync_api import Browser, Page

SITE = ROOT / "_build" / "html"
BUILD_FIRST = f"there is no built site in {SITE.relative_to(ROOT)}: run `nox -s book` first"
NO_BROWSER = "Chromium is not installed: sudo apt-get update && sudo apt-get install --yes chromium"
FLAGS = ["--no-sandbox", "--disable-gpu", "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"]
FOLDER = "some/folder"
DESK, PHONE = 1280, 390
BETWEEN = 470, 520  # a phone held across
TABLET, LAPTOP, WIDE, PAPER = 768, 1000, 1920, 703  # the last: A4 between margins of 12 mm, in CSS pixels
FEWEST_CHARTS = {True: 4, False: 1}  # of a case, of another chapter
DRAWN_WITHIN = 300_000  # milliseconds; a tenth of a second on an idle machine, but machines are busy


def pages_of(toc: Path) -> list[str]:
    """Pages of a table of contents, the first page first."""
    content = yaml.safe_load(toc.read_text(encoding="utf-8"))
    chapters = [chapter for part in content["parts"] for chapter in part["chapters"]]
    return [content["root"], *(chapter["file"] for chapter in chapters)]


PAGES = pages_of(ROOT / "_toc.yml")
CASE_PAGES = [page for page in PAGES if page.startswith("book/cases/")]
# Chapters with a first screen, what follows it folded
LAYERED_PAGES = [
    *CASE_PAGES,
    *(page for page in PAGES if page.startswith("book/synthesis/") and not page.endswith("critical_mass")),
]
CHART_PAGES = [
    *CASE_PAGES,
    *(page for page in PAGES if page.startswith(("book/answers/", "book/synthesis/", "book/methods/"))),
    "book/insights/strategy_map",
]
# One page of each kind, to be seen at every width
KINDS = [
    "book/index", "book/cases/london", "book/synthesis/synthesis", "book/insights/strategy_map", "book/methods", "book/data",
]  # fmt: skip
FIGURES = ROOT / "_build" / "results" / newest_release() / "figures"


class Quiet(SimpleHTTPRequestHandler):
    """A plain file server that prints nothing and sends the site's own page for an unknown address, as hosts do."""

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        page = Path(self.directory, FOLDER, "404.html")
        if code != 404 or not page.is_file():
            return super().send_error(code, message, explain)
        body = page.read_bytes()
        self.send_response(code)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        pass


@contextmanager
def served(site: Path) -> Iterator[str]:
    """Address of a folder served on this machine."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(site)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@contextmanager
def opened(
    browser: Browser, url: str, *, first: str = "", **settings: object
) -> Iterator[tuple[Page, list[str]]]:
    """Open a page in a context of its own, a script run before its own ones.

    The list fills with everything that goes wrong while the page is open.
    """
    context = browser.new_context(**settings)  # type: ignore[arg-type]
    context.set_default_timeout(DRAWN_WITHIN)
    if first:
        context.add_init_script(first)
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
    document.querySelectorAll("details.fold").forEach((fold) => { fold.open = true; });
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
        rows: figure.querySelector(".chart-rows > a")?.href ?? `${figure.querySelectorAll(".chart-data tbody tr").length} rows`,
        width: Math.round(figure.querySelector(".chart-view svg")?.getBoundingClientRect().width ?? 0),
        room: Math.round(figure.getBoundingClientRect().width),
    }));
}"""

# Everything that can be unfolded is, so that what it hides is measured too.
OVERFLOW = """() => {
    document.querySelectorAll("details").forEach((details) => { details.open = true; });
    document.querySelectorAll("#show-code").forEach((box) => { box.checked = true; });
    const scrolls = (element) => element && element !== document.body
        && (["auto", "scroll", "hidden"].includes(getComputedStyle(element).overflowX) || scrolls(element.parentElement));
    const wide = document.documentElement.clientWidth;
    const over = [...document.querySelectorAll("main *")].filter((element) => {
        const box = element.getBoundingClientRect();
        return box.width && box.right > wide + 1 && !scrolls(element.parentElement)
            && getComputedStyle(element).position !== "fixed";
    });
    const texts = [];
    const walker = document.createTreeWalker(document.querySelector("main"), NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
        const range = document.createRange();
        range.selectNodeContents(walker.currentNode);
        const box = range.getBoundingClientRect();
        if (box.width && box.right > wide + 1 && !scrolls(walker.currentNode.parentElement)) {
            texts.push(walker.currentNode.textContent.trim());
        }
    }
    return {
        by: document.documentElement.scrollWidth - wide,
        elements: [...over.map((element) => element.outerHTML), ...texts].slice(0, 5).map((found) => found.slice(0, 120)),
    };
}"""


# A table is cut if it is wider than its box and no cue says so, or if its box or caption leaves the page.
TABLES = """() => {
    const wide = document.documentElement.clientWidth;
    const cut = [], scrolling = [];
    const tables = [...document.querySelectorAll("main table")].filter((table) => table.checkVisibility());
    for (const table of tables) {
        const box = table.closest(".table-scroll");
        const caption = table.closest(".table-box")?.querySelector(".table-caption");
        const name = (caption ?? box ?? table).textContent.trim().slice(0, 60);
        if (!box) {
            if (table.getBoundingClientRect().right > table.parentElement.getBoundingClientRect().right + 1) cut.push(`${name}: no box`);
            continue;
        }
        if (table.caption) cut.push(`${name}: the caption scrolls away`);
        const room = box.getBoundingClientRect();
        const over = box.scrollWidth - box.clientWidth;
        if (room.right > wide + 1 || room.left < -1) cut.push(`${name}: the box ends at ${room.right} of ${wide}`);
        if (caption && (caption.scrollWidth > caption.clientWidth + 1 || caption.getBoundingClientRect().right > wide + 1)) {
            cut.push(`${name}: the caption is cut`);
        }
        if (over > 1) {
            scrolling.push(`${name}: ${over} px`);
            if (!getComputedStyle(box).backgroundAttachment.includes("local")) cut.push(`${name}: no cue of ${over} px more`);
        } else {
            const cells = [...table.querySelectorAll("th, td")].filter((cell) => cell.checkVisibility());
            const past = cells.find((cell) => cell.getBoundingClientRect().right > room.right + 1.5);
            if (past) cut.push(`${name}: ${past.textContent.slice(0, 20)} ends past the box`);
        }
    }
    return { tables: tables.length, cut, scrolling };
}"""

# On paper every cell of a table in sight stands within the page, and none that holds anything is hidden.
PRINTED_TABLES = """() => {
    const wide = document.documentElement.clientWidth;
    const tables = [...document.querySelectorAll("main table")].filter((table) => table.checkVisibility());
    const lost = (cell) => {
        if (cell.matches(".blank, :empty")) return false;
        const range = document.createRange();
        range.selectNodeContents(cell);
        const boxes = [cell.getBoundingClientRect(), range.getBoundingClientRect()];
        return !cell.checkVisibility() || boxes.some((box) => !box.width || box.right > wide + 1 || box.left < -1);
    };
    const cells = tables.flatMap((table) => [...table.querySelectorAll("tbody :is(th:not(.again), td)")]);
    return {
        tables: tables.length,
        columns: Math.max(...tables.map((table) => table.rows[0].cells.length)),
        lost: cells.filter(lost).map((cell) => `${cell.dataset.label ?? ""}: ${cell.textContent.slice(0, 60)}`),
    };
}"""


# Ends of elements, and beginnings that neither name an anchor nor load or link anything: nine tenths of a page.
PLAIN = re.compile(
    r'</?(?!a |link |script|style|title|textarea|img|iframe|source)\w+(?: (?!id=)[\w:-]+="[^"<>]*")*/?>'
)


class Links(HTMLParser):
    """Anchors and links of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.anchors: set[str] = set()
        self.twice: set[str] = set()
        self.links: set[str] = set()
        self.loaded: set[str] = set()
        self.feed(PLAIN.sub("", text))

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
