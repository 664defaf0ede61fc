"""Add contents, sections, reading time, citation, styles and scripts to the layout."""

import base64
import hashlib
import re
from html import unescape
from pathlib import Path, PurePosixPath
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.osutil import relative_uri

from leadership_book.citation import citation
from leadership_book.links import TOP

WORDS_A_MINUTE = 220
TAG = re.compile(r"<[^>]*>")


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
PICTURE = "book/_static/preview.png"  # shown where a page is linked, if there is one
SCRIPTS = ("_static/book.js",)
CHART_SCRIPT = "_static/charts.js"
# What a page asks for alone that holds the form of beliefs.
PRIOR_MARK, PRIOR_SCRIPT, PRIOR_STYLE = 'class="prior-control"', "_static/prior.js", "_static/prior.css"
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
    top = context["content_root"]
    body = context.get("body", "").replace(TOP, top)
    language = (context.get("meta") or {}).get("language", "")
    context |= {
        "body": body,
        "lb_policy": POLICY,
        "lb_release": app.config.lb_release,
        "lb_scheme": SCHEME,
        "lb_css": style(Path(app.srcdir) / STYLE),
        "lb_styles": [
            *added(context, "css_files"),
            *([PRIOR_STYLE] if PRIOR_MARK in body else []),
        ],
        "lb_code": "highlight" in body,
        "lb_scripts": [
            *SCRIPTS,
            *added(context, "script_files"),
            *([CHART_SCRIPT] if 'class="chart"' in body else []),
            *([PRIOR_SCRIPT] if PRIOR_MARK in body else []),
        ],
        "lb_contents": contents(app, page),
        "lb_sections": sections(context),
        "lb_language": language,
        "lb_minutes": minutes(doctree) if doctree is not None else 0,
        "lb_summary": summary(doctree) if doctree is not None else "",
        "lb_image": image(app),
        "lb_citation": citation(app, page, context.get("title", "")) if doctree is not None else None,
    }
    context.setdefault("lb_downloads", [])


def image(app: Sphinx) -> str:
    """Return the address of the picture that links show, or empty text.

    It is empty without a picture or a ``html_baseurl``.
    """
    base, there = app.config.html_baseurl, (Path(app.srcdir) / PICTURE).is_file()
    return f"{base.rstrip('/')}/_static/{Path(PICTURE).name}" if base and there else ""


def style(path: Path) -> str:
    """Return the book's style sheet, or nothing in a project without one."""
    return path.read_text(encoding="utf-8") if path.is_file() else ""


def added(context: dict[str, Any], kind: str) -> list[str]:
    """Files that an extension wants on this page, those for every page left out."""
    names = [str(getattr(file, "filename", file)) for file in context.get(kind, ())]
    kept = [name for name in names if PurePosixPath(name).name not in LEFT_OUT and not MYST_NB.search(name)]
    return [name for name in dict.fromkeys(kept) if name not in (*SCRIPTS, CHART_SCRIPT)]


def contents(app: Sphinx, page: str) -> str:
    """Return the table of contents as seen from a page, with the page marked.

    It is made once for each folder.
    """
    builder, folder = app.builder, page.rpartition("/")[0]
    beside = f"{folder}/-" if folder else "-"
    made: dict[str, str] = vars(app).setdefault("leadership_contents", {})
    if folder not in made:
        tree = builder._get_local_toctree(  # type: ignore[attr-defined]
            beside, maxdepth=2, collapse=False, includehidden=True, titles_only=True
        )
        made[folder] = tree.replace(' role="heading"', "")
    here = relative_uri(beside, builder.get_target_uri(page))
    link = 'class="reference internal" href="'
    return made[folder].replace(f'<a {link}{here}"', f'<a aria-current="page" {link}#"')


def sections(context: dict[str, Any]) -> str:
    """Links to the sections of the page below its title, if there are several."""
    inner = re.search(r"<ul>.*?<ul>(.*)</ul>\s*</li>\s*</ul>", str(context.get("toc") or ""), re.DOTALL)
    if not inner or inner[1].count("<li>") < 3:
        return ""
    return f"<ul>{inner[1]}</ul>"


def minutes(doctree: nodes.document) -> int:
    """Minutes to read the prose of a page, code, tables and charts left out."""
    words = sum(len(node.astext().split()) for node in doctree.findall(prose))
    return -(-words // WORDS_A_MINUTE)


def prose(node: nodes.Node) -> bool:
    """Whether a node is a paragraph or heading outside tables."""
    if not isinstance(node, (nodes.paragraph, nodes.title)):
        return False
    parent = node.parent
    while parent is not None:
        if isinstance(parent, (nodes.table, nodes.literal_block)):
            return False
        parent = parent.parent
    return True


def summary(doctree: nodes.document) -> str:
    """Return the first paragraph of a page as plain text, cut to what search engines show."""
    first = next(doctree.findall(nodes.paragraph), nodes.paragraph())
    text = " ".join("".join(map(plain, first.findall(nodes.Text))).split())
    return text if len(text) <= 160 else f"{text[:157].rsplit(' ', 1)[0]} …"


def plain(text: nodes.Text) -> str:
    """Return the words of a text node; a link to a term is written as HTML."""
    return unescape(TAG.sub("", text)) if isinstance(text.parent, nodes.raw) else text


def connect(app: Sphinx) -> None:
    """Register the event handler; it runs after those of other extensions."""
    app.connect("html-page-context", fill, priority=900)
