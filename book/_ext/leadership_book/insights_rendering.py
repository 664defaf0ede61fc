"""Render the insights hub: cards, the form that filters them, and the summary table.

The filters are a form that a script of the page shows; without the script every card is shown.
"""

from collections.abc import Iterable, Sequence
from html import escape
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.writers.html5 import HTML5Translator

from leadership_book.insights import (
    TAGS,
    Vocabulary,
    insight_card,
    insight_filters,
    insight_table,
    insight_title,
    vocabulary,
)

FOLDER = "book/insights/"


def fill_table(app: Sphinx, doctree: nodes.document) -> None:
    """Replace the place of a table with one row for each card of the page."""
    for place in list(doctree.findall(insight_table)):
        known = vocabulary(app.env)
        rows = [table_row(known, card) for card in doctree.findall(insight_card)]
        head = nodes.thead("", row([text_cell(label) for label in ("Insight", "Place", "Evidence")]))
        widths = [nodes.colspec(colwidth=width, stub=stub) for width, stub in ((5, 1), (2, 0), (3, 0))]
        group = nodes.tgroup("", *widths, head, nodes.tbody("", *rows), cols=3)
        place.replace_self(nodes.table("", group, classes=["colwidths-auto", "insight-table"]))


def table_row(known: Vocabulary, card: insight_card) -> nodes.row:
    """Return the row of one card: title as link, places, evidence in short."""
    title = nodes.paragraph("", "", nodes.reference("", card["title"], refid=card["ids"][0], internal=True))
    places = ", ".join(known.allowed("cases")[case] for case in card["tags"]["cases"])
    return row([nodes.entry("", title), text_cell(places), text_cell(card["evidence"])])


def row(cells: Iterable[nodes.entry]) -> nodes.row:
    """Return a row of a table."""
    return nodes.row("", *cells)


def text_cell(content: str) -> nodes.entry:
    """Return a cell that holds one paragraph of text."""
    return nodes.entry("", nodes.paragraph("", content))


def visit_card(translator: HTML5Translator, node: insight_card) -> None:
    """Open the card with its tags as data attributes."""
    tags = {f"data-{option}": " ".join(named) for option, named in node["tags"].items()}
    grade = "" if node["grade"] is None else str(node["grade"])
    attributes = {"id": node["ids"][0], "data-grade": grade, **tags}
    written = " ".join(f'{name}="{escape(value)}"' for name, value in attributes.items())
    translator.body.append(f'<article class="insight" {written}>\n')


def depart_card(translator: HTML5Translator, node: insight_card) -> None:
    """Close the card."""
    translator.body.append("</article>\n")


def visit_title(translator: HTML5Translator, node: insight_title) -> None:
    """Open the heading of a card."""
    translator.body.append('<h3 class="insight-title">')


def depart_title(translator: HTML5Translator, node: insight_title) -> None:
    """Close the heading of a card."""
    translator.body.append("</h3>\n")


def visit_filters(translator: HTML5Translator, node: insight_filters) -> None:
    """Write the form; only the web site has the script that shows it."""
    if translator.builder.name not in ("html", "dirhtml"):
        raise nodes.SkipNode
    cards = list(translator.document.findall(insight_card))
    translator.body.append(form_html(node["options"], cards))
    raise nodes.SkipNode


def form_html(options: dict[str, dict[str, str]], cards: Sequence[insight_card]) -> str:
    """Return the form: a box for each kind of tag, with the number of cards for each word."""
    labels = {"cases": "Place", **{name: label for name, _, label in TAGS}}
    boxes = "".join(
        select_html(
            name,
            labels[name],
            [
                (word, f"{label} ({sum(word in card['tags'][name] for card in cards)})")
                for word, label in allowed.items()
            ],
        )
        for name, allowed in options.items()
    )
    grades = [card["grade"] for card in cards if card["grade"] is not None]
    steps = [
        (str(step), f"{step} ({sum(grade >= step for grade in grades)})")
        for step in range(max(grades, default=0) + 1)
    ]
    return (
        '<form class="insight-filters" role="search" aria-label="Filter the insights" hidden>\n'
        '<label class="insight-search">Search<input type="search" name="find" autocomplete="off"></label>\n'
        f"{boxes}{select_html('grade', 'Lowest grade', steps)}"
        '<button type="reset">Show all</button>\n'
        '<p class="insight-count" role="status"></p>\n</form>\n'
    )


def select_html(name: str, label: str, options: Iterable[tuple[str, str]]) -> str:
    """Return a labelled drop-down box whose first option takes everything."""
    written = "".join(f'<option value="{escape(value)}">{escape(text)}</option>' for value, text in options)
    return f'<label>{escape(label)}<select name="{name}"><option value="">any</option>{written}</select></label>\n'


def add_assets(
    app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: nodes.document | None
) -> None:
    """Add the style to pages of the hub and the script to those that hold the form."""
    if doctree is None or app.builder.name not in ("html", "dirhtml"):
        return
    if page.startswith(FOLDER) or next(iter(doctree.findall(insight_card)), None) is not None:
        app.add_css_file("insights.css")
    if next(iter(doctree.findall(insight_filters)), None) is not None:
        app.add_js_file("insights.js", loading_method="defer")


def connect(app: Sphinx) -> None:
    """Register nodes with their HTML, the summary table, style and script."""
    app.add_node(insight_card, html=(visit_card, depart_card))
    app.add_node(insight_title, html=(visit_title, depart_title))
    app.add_node(insight_filters, html=(visit_filters, None))
    app.add_node(insight_table)
    app.connect("doctree-read", fill_table)
    app.connect("html-page-context", add_assets)
