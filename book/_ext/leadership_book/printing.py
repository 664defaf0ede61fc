"""Define the builder ``print``: bare chapters, from which PDF and EPUB are made.

It writes each page's content and nothing else, whatever theme the site wears, and leaves out the listings of every
number, which fill more pages than the book. `leadership_effects.build.printing` does the rest.
"""

from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.builders.html import StandaloneHTMLBuilder
from sphinx.config import Config

from leadership_book.links import TOP
from leadership_book.numbers_pages import INDEX

BUILDER = "print"
LEFT_OUT = (
    "The list is left out of the printed book. Each number, with the rows and sources behind it and the function "
    "that computed it, stands on the book's site and in the results files of the repository."
)


class PrintBuilder(StandaloneHTMLBuilder):
    """Chapters as bare HTML, one file a page, and their pictures."""

    name = BUILDER
    epilog = "The chapters are in %(outdir)s."
    copysource = False
    search = False
    add_permalinks = False
    download_support = False
    html_scaled_image_link = False

    def get_theme_config(self) -> tuple[str, dict[str, str | int | bool]]:
        """Return Sphinx's plainest theme; no page is drawn with it."""
        return "basic", {}

    def handle_page(
        self,
        pagename: str,
        addctx: dict[str, Any],
        templatename: str = "page.html",
        outfilename: str | None = None,
        event_arg: Any = None,
    ) -> None:
        """Write the content of a page."""
        target = Path(self.outdir, f"{pagename}{self.out_suffix}")
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(addctx["body"].replace(TOP, "../" * pagename.count("/")), encoding="utf-8")

    def copy_assets(self) -> None:
        """Copy no style, script or font of the site."""

    def finish(self) -> None:
        """Copy the pictures; there is no index and no search."""
        Path(self.outdir, "_static").mkdir(exist_ok=True)  # extensions write their style here, used or not
        self.finish_tasks.add_task(self.copy_image_files)


def prefer_html(app: Sphinx, config: Config) -> None:
    """Take the same form of a notebook's output as the site does."""
    forms = ("text/html", "image/svg+xml", "image/png", "image/jpeg", "text/markdown", "text/plain")
    config.nb_mime_priority_overrides = [
        *config.nb_mime_priority_overrides,
        *((BUILDER, form, 10 * place) for place, form in enumerate(forms)),
    ]


def leave_out_listings(app: Sphinx, tree: nodes.document, docname: str) -> None:
    """Replace the list of the pages of numbers by one sentence: those pages are not printed."""
    if app.builder.name != BUILDER:
        return
    for index in [node for node in tree.findall(nodes.container) if INDEX in node["classes"]]:
        index.replace_self(nodes.paragraph("", LEFT_OUT))


def connect(app: Sphinx) -> None:
    """Register the builder and its steps."""
    app.add_builder(PrintBuilder)
    app.connect("config-inited", prefer_html)
    app.connect("doctree-resolved", leave_out_listings)
