"""Write docutils' tables, code and references as accessible HTML."""

import re
from collections import Counter
from html import escape
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.writers.html5 import HTML5Translator

from leadership_book.embeds import rows_apart
from leadership_book.printing import BUILDER
from leadership_book.records import records
from leadership_book.table_cells import names_of
from leadership_book.tables import laid_out

NARROW = 3  # columns; on a phone a wider table becomes one card a row
REGION = re.compile(r'role="region" aria-label="([^"]*)"')


class BookTranslator(HTML5Translator):
    """HTML writer: tables in boxes that scroll or fold, row and column heads, numbered regions."""

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.regions: Counter[str] = Counter()
        self.columns: list[list[str]] = []
        self.starts: list[int] = []

    def region(self, label: str) -> str:
        """Return the attributes of a region; a label used before on the page is numbered."""
        self.regions[label] += 1
        number = f" ({self.regions[label]})" if self.regions[label] > 1 else ""
        return f'role="region" aria-label="{label}{number}"'

    def visit_table(self, node: nodes.Element) -> None:
        """Open the box and the table; the names of its columns label cells and box."""
        heads = [cell for head in node.findall(nodes.thead) for cell in head.findall(nodes.entry)]
        names = [" ".join(cell.astext().split()) for cell in heads]
        self.columns.append(names)
        kind = "table-scroll cards" if len(names) > NARROW else "table-scroll"
        label = escape(f"Table: {', '.join(filter(None, names))}", quote=True)
        self.starts.append(len(self.body))
        self.body.append(f'<div class="{kind}" tabindex="0" {self.region(label)}>')
        super().visit_table(node)

    def depart_table(self, node: nodes.Element) -> None:
        """Close the table and its box, and lay it out for readers."""
        super().depart_table(node)
        self.body[-1] = f"{self.body[-1].rstrip()}</div>\n"
        self.columns.pop()
        start = self.starts.pop()
        self.body[start:] = [self.laid_out("".join(self.body[start:]))]

    def laid_out(self, markup: str) -> str:
        """Return HTML whose tables are written for readers, on this site or for print."""
        files = records(self.builder.env)
        release = files.sources_file.is_file()
        names = names_of(files) if release else {}
        site = self.builder.name != BUILDER
        if site:
            markup = rows_apart(markup)
        return laid_out(markup, names, files if release else None, site)

    def visit_entry(self, node: nodes.Element) -> None:
        """Open a cell: a head of its column or row, or a cell that carries the name of its column."""
        column, names = node.parent.column, self.columns[-1]  # type: ignore[attr-defined]
        head = isinstance(node.parent.parent, nodes.thead)
        empty = not node.astext().strip() and not any(node.findall(nodes.image))
        super().visit_entry(node)
        attributes = self.body[-1].strip("<>").partition(" ")[2]
        attributes = f" {attributes}" if attributes else ""
        tag, label = "td", ""
        if not empty and (head or column == 0):
            tag = "th"
            attributes = f' scope="{"col" if head else "row"}"{attributes}'
        elif not head and 0 < column < len(names) and names[column]:
            label = f' data-label="{escape(names[column], quote=True)}"'
        if empty:
            node.clear()
        self.body[-1] = f"<{tag}{attributes}{label}>"
        self.context[-1] = f"</{tag}>\n"

    def visit_literal_block(self, node: nodes.Element) -> None:
        """Write code that a keyboard can scroll."""
        try:
            super().visit_literal_block(node)
        finally:
            self.body[-1] = self.body[-1].replace("<pre>", '<pre tabindex="0">', 1)

    def visit_citation(self, node: nodes.Element) -> None:
        """Open an entry of the bibliography with the role that its list may hold."""
        super().visit_citation(node)
        self.body[-1] = self.body[-1].replace('role="doc-biblioentry"', 'role="listitem"')

    def visit_reference(self, node: nodes.Element) -> None:
        """Open a link; MyST escapes addresses once too often."""
        if "refuri" in node:
            node["refuri"] = node["refuri"].replace("&amp;", "&")
        super().visit_reference(node)

    def visit_raw(self, node: nodes.Element) -> None:
        """Write HTML as recorded, its regions numbered with those of the page."""
        start = len(self.body)
        try:
            super().visit_raw(node)
        finally:
            self.body[start:] = [
                REGION.sub(lambda found: self.region(found[1]), self.laid_out(part))
                for part in self.body[start:]
            ]


def connect(app: Sphinx) -> None:
    """Register the translator of the site."""
    app.set_translator("html", BookTranslator)
    app.set_translator(BUILDER, BookTranslator)
