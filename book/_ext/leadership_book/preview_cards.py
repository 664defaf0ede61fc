"""Make the pictures that a link to a page shows elsewhere: title, finding and chart.

They need absolute addresses: without ``html_baseurl`` there are none.
"""

import re
from html import unescape
from pathlib import Path
from typing import Any

from leadership_effects.report.citation import publication
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

from leadership_book.pictures import GREY, INK, RULE, Bitmaps, Style, passage, placed, sheet, size_of
from leadership_book.records import Records, records
from leadership_book.site_builder import cache_folder

FOLDER = "previews"
WIDTH, HEIGHT = 1200, 630
EDGE, COLUMN, CHART_LEFT, CHART_TOP, CHART_WIDTH, CHART_HEIGHT = 50, 430, 520, 50, 630, 490
BOOK, NAME, SMALL_NAME = Style(20, 27, GREY), Style(44, 52, bold=True), Style(32, 40, bold=True)
FINDING, FOOT = Style(24, 33), Style(18, 24, GREY)
ANSWER = "what_many_places_say.answer"  # of pages that show no chart, and of the first page
WHOLE = "book"
FIRST_CHART = re.compile(r'<figure class="chart"[^>]* data-spec="[^"]*figures/([\w.-]+)\.json"')
PHONE = re.compile(r'<div class="chart-still w340">(<svg .*?</svg>)</div>', re.DOTALL)
TITLE = re.compile(r'<meta property="og:title" content="([^"]*)">')
LONG_NAME = 24  # characters


def address(app: Sphinx, page: str, body: str) -> str:
    """Return the absolute address of a page's picture, empty without one or an address."""
    base = app.config.html_baseurl
    if not base:
        return ""
    shown = FIRST_CHART.search(body) and page != app.config.root_doc
    if not shown and not records(app.env).figure_file(ANSWER).is_file():
        return ""
    return f"{base.rstrip('/')}/{FOLDER}/{file_name(page if shown else WHOLE)}"


def file_name(page: str) -> str:
    """Return the file of a page's picture."""
    return f"{page.removeprefix('book/').replace('/', '-')}.png"


def card(record: dict[str, Any], title: str, release: str) -> str:
    """Return a page's picture as SVG."""
    book = publication().title
    parts, y = [], float(EDGE)
    name = NAME if len(title) <= LONG_NAME else SMALL_NAME
    named = [(book, BOOK, 18)] if title != book else []
    for text, style, after in (*named, (title, name, 20), (record["title"], FINDING, 0)):
        made, y = passage(text, style, EDGE, y, COLUMN)
        parts.append(made)
        y += after
    svg = max(drawings(record), key=scale_of)
    scale, (width, height) = scale_of(svg), size_of(svg)
    left = CHART_LEFT + (CHART_WIDTH - scale * width) / 2
    parts.append(placed(svg, left, CHART_TOP, scale * width, scale * height))
    parts.append(f'<path d="M{EDGE} {HEIGHT - 70}h{WIDTH - 2 * EDGE}" stroke="{RULE}"/>')
    parts.append(passage(f"Data release {release}. CC BY 4.0", FOOT, EDGE, HEIGHT - 58, WIDTH)[0])
    return sheet(WIDTH, HEIGHT, "".join(parts))


def drawings(record: dict[str, Any]) -> list[str]:
    """Return a chart as drawn for wide and for narrow pages, if it was."""
    phone = PHONE.search(record["html"])
    return [record["svg"], *([phone[1].replace("currentColor", INK)] if phone else [])]


def scale_of(svg: str) -> float:
    """Return the scale at which a drawing fills its box: the larger, the larger its words."""
    width, height = size_of(svg)
    return min(CHART_WIDTH / width, CHART_HEIGHT / height)


def write_cards(app: Sphinx, exception: Exception | None) -> None:
    """Write the picture of each page that shows a chart, and that of the book."""
    if exception or app.builder.name != "html" or not app.config.html_baseurl:
        return
    files, folder = records(app.env), Path(app.outdir, FOLDER)
    bitmaps = Bitmaps(cache_folder(app) / "preview-bitmaps")
    folder.mkdir(parents=True, exist_ok=True)
    for figure, title, name in listed(app, files):
        svg = card(files.figure(figure), title, files.release)
        (folder / name).write_bytes(bitmaps.drawn(svg, 1))
    bitmaps.prune()


def listed(app: Sphinx, files: Records) -> list[tuple[str, str, str]]:
    """Return figure, title and file of each picture."""
    found = []
    for page in sorted(app.env.found_docs - {app.config.root_doc}):
        html = Path(app.builder.get_outfilename(page)).read_text(encoding="utf-8")  # type: ignore[attr-defined]
        shown, title = FIRST_CHART.search(html), TITLE.search(html)
        if shown and title:
            found.append((shown[1], unescape(title[1]), file_name(page)))
    if files.figure_file(ANSWER).is_file():
        found.append((ANSWER, publication().title, file_name(WHOLE)))
    return found


def note_answer(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Note whether pages without a chart have a picture: their cached bytes depend on it."""
    env.leadership_preview = records(env).figure_file(ANSWER).is_file()  # type: ignore[attr-defined]
    return []


def connect(app: Sphinx) -> None:
    """Register the event handlers."""
    app.connect("env-updated", note_answer)
    app.connect("build-finished", write_cards)
