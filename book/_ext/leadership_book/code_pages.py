"""Make pages that list notebooks' sources and the package, with anchors at lines."""

from collections.abc import Iterator
from functools import partial
from html import escape
from pathlib import Path
from typing import Any

from leadership_effects.source_lines import LISTED, code_page
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer
from sphinx.application import Sphinx

from leadership_book.page_cache import digest
from leadership_book.site_builder import COLLECT, Page

WEIGHT = 5  # of a character of code, relative to a byte of a document
LIGHT, DARK = "a11y-high-contrast-light", "a11y-high-contrast-dark"


def sources(root: Path) -> list[Path]:
    """Return the sources listed, in order; hidden files, such as editors leave, are none."""
    found = (path for folder in LISTED for path in sorted((root / "analysis" / folder).rglob("*.py")))
    return [p for p in found if p.is_file() and not any(n.startswith(".") for n in p.relative_to(root).parts)]


def pages(app: Sphinx) -> Iterator[Page]:
    """Yield the page of each source."""
    root = Path(app.srcdir)
    for path in sources(root):
        name, text = path.relative_to(root).as_posix(), path.read_text(encoding="utf-8")
        yield Page(f"code/{code_page(name)}", digest(text), partial(context, name, text), WEIGHT * len(text))


def context(name: str, text: str) -> dict[str, Any]:
    """Return title and body of the listing of a source."""
    return {"title": name, "body": f"<h1>{escape(name)}</h1>{listing(text)}"}


def listing(text: str) -> str:
    """Return code as HTML with numbered lines, each an anchor ``line-<n>``."""
    formatter = HtmlFormatter(linenos="inline", lineanchors="line", anchorlinenos=True, wrapcode=True)
    return str(highlight(text, PythonLexer(), formatter)).replace("<pre>", '<pre tabindex="0">', 1)


def styles() -> str:
    """Return the colours of code in light and dark, both of high contrast."""
    light = HtmlFormatter(style=LIGHT).get_style_defs(".highlight")
    dark = HtmlFormatter(style=DARK).get_style_defs("html[data-theme=dark] .highlight")
    return f"{light}\n{dark}\n"


def connect(app: Sphinx) -> None:
    """Register the pages."""
    app.connect(COLLECT, pages)
