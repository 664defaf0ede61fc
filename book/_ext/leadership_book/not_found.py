"""Write the page that a web server shows for an address that does not exist.

Hosts of static sites send ``404.html`` for any address below the site, so that links relative to the page would lead
astray. With ``html_baseurl`` its links begin with the path of that address. Without it a script of the page looks for the
top of the site in each folder above the unknown address and leads the links there.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from sphinx.application import Sphinx

from leadership_book.page_cache import digest
from leadership_book.site_builder import COLLECT, Page

NAME = "404"
SEARCH = (Path(__file__).parent / "theme" / "not_found.js").read_text(encoding="utf-8")
RELATIVE = re.compile(r'\b(href|src|action)="(?![a-z]+:|[#/])')
BODY = """<h1>This page does not exist</h1>
<p>There is no page at this address. It may have been moved, or the address may be incomplete.</p>
<ul>
<li><a href="{home}">Begin at the first page</a></li>
<li><a href="{search}">Search the book</a></li>
<li><a href="#contents">Look in the contents</a></li>
</ul>"""


def top(app: Sphinx) -> str:
    """Return the path of the site's address, empty if ``html_baseurl`` is not set."""
    base = app.config.html_baseurl
    return f"{urlsplit(base).path.rstrip('/')}/" if base else ""


def from_top(html: str, base: str) -> str:
    """Return HTML of a page at the top of the site whose relative links begin with a path.

    Examples
    --------
    >>> from_top('<a href="book/data.html"><a href="#main"><a href="https://example.org/">', "/it/")
    '<a href="/it/book/data.html"><a href="#main"><a href="https://example.org/">'
    """
    return RELATIVE.sub(rf'\g<1>="{base}', html)


def script(app: Sphinx, page: str) -> str:
    """Return the script that looks for the top of the site, empty where it is known."""
    return SEARCH if page == NAME and not top(app) else ""


def pages(app: Sphinx) -> Iterator[Page]:
    """Yield the page."""

    def context() -> dict[str, Any]:
        home, search = (app.builder.get_target_uri(name) for name in (app.config.root_doc, "search"))
        return {"title": "This page does not exist", "body": BODY.format(home=home, search=search)}

    yield Page(NAME, digest(BODY, SEARCH, top(app)), context, 1)


def lead(app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: Any) -> None:
    """Lead the links of the page from the path of the site, after the layout is filled."""
    if page != NAME:
        return
    base, relative = top(app), context["pathto"]
    if base:

        def pathto(*arguments: Any, **named: Any) -> str:
            found: str = relative(*arguments, **named)
            return found if found.startswith("#") else base + found

        led = {name: from_top(context[name], base) for name in ("lb_text", "lb_contents")}
        context |= {"pathto": pathto, "content_root": base, **led}


def connect(app: Sphinx) -> None:
    """Register the page and the event handler, which runs after that of the layout."""
    app.connect(COLLECT, pages)
    app.connect("html-page-context", lead, priority=950)
