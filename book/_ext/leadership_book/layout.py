"""Add navigation, byline, citation, addresses, styles and scripts to the layout."""

import base64
import hashlib
import re
from pathlib import Path, PurePosixPath
from typing import Any

from docutils import nodes
from leadership_effects.report.citation import publication
from sphinx.application import Sphinx

from leadership_book import not_found
from leadership_book.briefs import brief_address
from leadership_book.citation import citation
from leadership_book.config import data_address, repository_address
from leadership_book.languages import about, frame_of, others, spoken_day, turn_languages
from leadership_book.links import TOP
from leadership_book.navigation import contents, part, reading_time, sections, summary
from leadership_book.preview_cards import address


def checksum(script: str) -> str:
    """Return what a policy names a script in the page by."""
    return f"sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}"


THEME = Path(__file__).parent / "theme"
SCHEME = (THEME / "theme.js").read_text(encoding="utf-8")
# The one script in the page sets light or dark before the first paint and is allowed by its checksum. Vega evaluates
# expressions without eval; its tooltips and sizes set styles in the page.
POLICY = (
    f"default-src 'none'; script-src 'self' '{checksum(SCHEME)}'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'"
)
STYLE = "book/_static/book.css"  # put into each page: a further request would delay the first paint
DATA_PAGE = "book/data"
SCRIPTS = ("_static/book.js",)
CHART_SCRIPT = "_static/charts.js"
# What a page asks for alone that holds the form of beliefs.
PRIOR_MARK, PRIOR_SCRIPT, PRIOR_STYLE = 'class="prior-control"', "_static/prior.js", "_static/prior.css"
# What pages ask for alone that hold a form to explore with.
EXPLORE_MARK, EXPLORE_STYLE = 'class="explore ', "_static/explore.css"
EXPLORE_SCRIPTS = {
    'class="explore tipping-control"': "_static/tipping.js",
    'class="explore study-control"': "_static/study.js",
}
# What a page asks for alone that folds its evidence.
FOLD_MARKS = 'class="evidence-bar"', '<details class="fold"'
FOLD_SCRIPT, FOLD_STYLE = "_static/layers.js", "_static/layers.css"
# What a page in another language asks for alone.
LANGUAGES_MARK, LANGUAGES_STYLE = 'class="standing ', "_static/languages.css"
# What the page of the strategy map asks for alone.
MAP_MARK, MAP_SCRIPT, MAP_STYLE = 'class="map-form"', "_static/strategy_map.js", "_static/strategy_map.css"
# What the page with the three doors asks for alone.
DOORS_MARK, DOORS_STYLE = 'class="doors ', "_static/doors.css"
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
# Served by other extensions for every page; what they do is done by the browser or by our own styles.
LEFT_OUT = {
    "basic.css",
    "book.css",
    "doctools.js",
    "documentation_options.js",
    "pygments.css",
    "sphinx_highlight.js",
}
MYST_NB = re.compile(r"mystnb\.[0-9a-f]+\.css")


def fill(
    app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: nodes.document | None
) -> None:
    """Give the layout what it shows; links from the top of the site become relative to the page."""
    top, base = context["content_root"], app.config.html_baseurl
    body = context.get("body", "").replace(TOP, top)
    before, ends, after = body.partition("</h1>")
    scheme = SCHEME + not_found.script(app, page)
    held, published = sections(context), publication()
    meta = context.get("meta") or {}
    language, translated = str(meta.get("language", "")), str(meta.get("translates", ""))
    inside = held.replace("<ul", f'<ul lang="{language}"', 1) if language else held
    marked, frame = contents(app, page, inside), frame_of(language)
    released = spoken_day(language, published.released)
    context |= {
        "body": body,
        "lb_title": before + ends if ends else "",
        "lb_text": after if ends else body,
        "lb_policy": POLICY.replace(checksum(SCHEME), checksum(scheme)),
        "lb_release": app.config.lb_release,
        "lb_author": published.author,
        "lb_released": published.released,
        "lb_day": released,
        "lb_frame": frame,
        "lb_about": about(frame, published.author, published.released, released, app.config.lb_release),
        "lb_english": ' lang="en"' if language else "",
        "lb_turn": turn_languages(app, page, language),
        "lb_repository": repository_address(app.config),
        "lb_repository_data": data_address(app.config),
        "lb_data_page": DATA_PAGE if DATA_PAGE in app.env.found_docs else "",
        "lb_scheme": scheme,
        "lb_css": style(Path(app.srcdir) / STYLE),
        "lb_styles": [
            *added(context, "css_files"),
            *([PRIOR_STYLE] if PRIOR_MARK in body else []),
            *([EXPLORE_STYLE] if EXPLORE_MARK in body else []),
            *([FOLD_STYLE] if any(mark in body for mark in FOLD_MARKS) else []),
            *([MAP_STYLE] if MAP_MARK in body else []),
            *([DOORS_STYLE] if DOORS_MARK in body else []),
            *([LANGUAGES_STYLE] if LANGUAGES_MARK in body else []),
        ],
        "lb_code": "highlight" in body,
        "lb_scripts": [
            *SCRIPTS,
            *added(context, "script_files"),
            *([CHART_SCRIPT] if 'class="chart"' in body else []),
            *([PRIOR_SCRIPT] if PRIOR_MARK in body else []),
            *(script for mark, script in EXPLORE_SCRIPTS.items() if mark in body),
            *([FOLD_SCRIPT] if any(mark in body for mark in FOLD_MARKS) else []),
            *([MAP_SCRIPT] if MAP_MARK in body else []),
        ],
        "lb_contents": marked,
        "lb_part": part(marked),
        "lb_sections": held,
        "lb_language": language,
        "lb_others": others(app, page),
        "lb_base": base.rstrip("/"),
        "lb_time": reading_time(doctree, frame["time"]) if doctree is not None else "",
        "lb_summary": summary(doctree) if doctree is not None else "",
        "lb_image": address(app, page, context.get("body", "")),
        "lb_url": f"{base.rstrip('/')}/{app.builder.get_target_uri(page)}" if base else "",
        "lb_brief": brief_address(app, page, body, top, translated),
        "lb_citation": citation(app, page, context.get("title", "")) if doctree is not None else None,
    }
    context.setdefault("lb_downloads", [])


def style(path: Path) -> str:
    """Return the book's style sheet without comments, or nothing in a project without one."""
    written = path.read_text(encoding="utf-8") if path.is_file() else ""
    return re.sub(r"\s*\n\s*", "\n", COMMENT.sub("", written)).strip()


def added(context: dict[str, Any], kind: str) -> list[str]:
    """Files that an extension wants on this page, those for every page left out."""
    names = [str(getattr(file, "filename", file)) for file in context.get(kind, ())]
    kept = [name for name in names if PurePosixPath(name).name not in LEFT_OUT and not MYST_NB.search(name)]
    return [name for name in dict.fromkeys(kept) if name not in (*SCRIPTS, CHART_SCRIPT)]


def connect(app: Sphinx) -> None:
    """Register the event handler; it runs after those of other extensions."""
    app.connect("html-page-context", fill, priority=900)
