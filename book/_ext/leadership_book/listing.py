"""Pages that list the code: notebooks' sources and the package, with an anchor at every line."""

from collections.abc import Iterator
from html import escape
from pathlib import Path
from typing import Any

from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer
from sphinx.application import Sphinx

from leadership_book.numbers import code_page
from leadership_book.records import quick

FOLDERS = ("notebooks", "leadership_effects")
LIGHT, DARK = "a11y-high-contrast-light", "a11y-high-contrast-dark"


def sources(root: Path) -> list[Path]:
    """Return the sources listed, in order; hidden files, such as editors leave, are none."""
    found = (path for folder in FOLDERS for path in sorted((root / "analysis" / folder).rglob("*.py")))
    return [p for p in found if p.is_file() and not any(n.startswith(".") for n in p.relative_to(root).parts)]


def pages(app: Sphinx) -> Iterator[tuple[str, dict[str, Any], str]]:
    """Yield the listing of each source."""
    root = Path(app.srcdir)
    for path in sources(root):
        name = path.relative_to(root).as_posix()
        lead = f"<h1>{escape(name)}</h1>"
        yield (
            f"code/{code_page(name)}",
            {"title": name, "body": lead + listing(path.read_text(encoding="utf-8"))},
            "page.html",
        )


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
    if not quick():
        app.connect("html-collect-pages", pages)
