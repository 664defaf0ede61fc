"""Render the insights: cards, the form that filters and sorts them, and the summary table.

The form is shown by a script of the page; without the script every card is shown, in the order of the page.
"""

from collections.abc import Iterable, Sequence
from html import escape
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.writers.html5 import HTML5Translator

from leadership_book.insights import (
    insight_card,
    insight_filters,
    insight_legend,
    insight_more,
    insight_table,
    insight_title,
)
from leadership_book.insights_marks import HIGHEST, KINDS, legend
from leadership_book.insights_vocabulary import TAGS, Vocabulary, vocabulary

WEB = ("html", "dirhtml")
FOLDER = "book/insights/"
SORTS = (
    ("", "as in the book"),
    ("grade", "grade"),
    ("place", "place"),
    ("kind", "kind of evidence"),
    ("title", "title"),
)


class insight_grid(nodes.General, nodes.Element):
    """Frame of cards that follow each other."""


def fill_table(app: Sphinx, doctree: nodes.document) -> None:
    """Replace the place of a table with one row for each card of the page."""
    for place in list(doctree.findall(insight_table)):
        known = vocabulary(app.env)
        rows = [table_row(known, card) for card in doctree.findall(insight_card)]
        head = nodes.thead("", row([text_cell(label) for label in ("Insight", "Place", "Evidence")]))
        widths = [nodes.colspec(colwidth=width, stub=stub) for width, stub in ((5, 1), (2, 0), (3, 0))]
        group = nodes.tgroup("", *widths, head, nodes.tbody("", *rows), cols=3)
        place.replace_self(nodes.table("", group, classes=["colwidths-auto", "insight-table"]))


def fill_legend(app: Sphinx, doctree: nodes.document) -> None:
    """Replace the place of the list of marks by how many cards of the page carry each."""
    for place in list(doctree.findall(insight_legend)):
        grades = [card["grade"] for card in doctree.findall(insight_card)]
        place.replace_self(nodes.raw("", legend(grades), format="html"))


def frame_cards(app: Sphinx, doctree: nodes.document) -> None:
    """Frame cards that follow each other, in two columns where there is room."""
    for parent in {card.parent: None for card in doctree.findall(insight_card)}:
        children: list[nodes.Node] = []
        for child in parent.children:
            if not isinstance(child, insight_card):
                children.append(child)
                continue
            if not children or not isinstance(children[-1], insight_grid):
                children.append(insight_grid(""))
            children[-1] += child
        parent.children = []
        parent.extend(children)


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
    attributes = {"id": node["ids"][0], "data-grade": grade, "data-kind": node["kind"], **tags}
    written = " ".join(f'{name}="{escape(value)}"' for name, value in attributes.items())
    translator.body.append(f'<article class="insight {" ".join(node["classes"])}" {written}>\n')


def depart_card(translator: HTML5Translator, node: insight_card) -> None:
    """Close the card."""
    translator.body.append("</article>\n")


def visit_title(translator: HTML5Translator, node: insight_title) -> None:
    """Open the heading of a card."""
    translator.body.append('<h3 class="insight-title">')


def depart_title(translator: HTML5Translator, node: insight_title) -> None:
    """Close the heading of a card."""
    translator.body.append("</h3>\n")


def visit_grid(translator: HTML5Translator, node: insight_grid) -> None:
    """Open the frame of cards."""
    translator.body.append('<div class="insight-grid">\n')


def depart_grid(translator: HTML5Translator, node: insight_grid) -> None:
    """Close the frame of cards."""
    translator.body.append("</div>\n")


def visit_more(translator: HTML5Translator, node: insight_more) -> None:
    """Open tags and evidence; on paper nothing is folded."""
    folded = translator.builder.name in WEB
    start = '<details class="insight-more"><summary>Evidence and tags</summary>' if folded else "<div>"
    translator.body.append(start)


def depart_more(translator: HTML5Translator, node: insight_more) -> None:
    """Close tags and evidence."""
    translator.body.append("</details>\n" if translator.builder.name in WEB else "</div>\n")


def visit_filters(translator: HTML5Translator, node: insight_filters) -> None:
    """Write the form; only the web site has the script that shows it."""
    if translator.builder.name not in WEB:
        raise nodes.SkipNode
    cards = list(translator.document.findall(insight_card))
    translator.body.append(form_html(node["options"], cards))
    raise nodes.SkipNode


def form_html(options: dict[str, dict[str, str]], cards: Sequence[insight_card]) -> str:
    """Return the form: the order, and a box for each kind of tag with numbers of cards."""
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
    kinds = [card["kind"] for card in cards]
    offered = [(kind, f"{label} ({kinds.count(kind)})") for kind, label in KINDS.items() if kind in kinds]
    grades = [card["grade"] for card in cards if card["grade"] is not None]
    steps = [
        (str(step), f"{step} of {HIGHEST} ({sum(grade >= step for grade in grades)})")
        for step in range(max(grades, default=0) + 1)
    ]
    return (
        '<form class="insight-filters" role="search" aria-label="Sort and filter the insights" hidden>\n'
        '<label class="insight-search">Search<input type="search" name="find" autocomplete="off"></label>\n'
        f"{select_html('sort', 'Sort by', SORTS, None)}{boxes}{select_html('kind', 'Kind of evidence', offered)}"
        f"{select_html('grade', 'Grade at least', steps)}"
        '<button type="reset">Show all</button>\n'
        '<p class="insight-count" role="status"></p>\n</form>\n'
    )


def select_html(
    name: str, label: str, options: Iterable[tuple[str, str]], default: str | None = "any"
) -> str:
    """Return a labelled drop-down box; its default, if named, takes everything."""
    first = [] if default is None else [("", default)]
    written = "".join(
        f'<option value="{escape(value)}">{escape(text)}</option>' for value, text in [*first, *options]
    )
    return f'<label>{escape(label)}<select name="{name}">{written}</select></label>\n'


def add_assets(
    app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: nodes.document | None
) -> None:
    """Add the style to pages of the hub and the script to those that hold the form."""
    if doctree is None or app.builder.name not in WEB:
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
    app.add_node(insight_grid, html=(visit_grid, depart_grid))
    app.add_node(insight_more, html=(visit_more, depart_more))
    app.add_node(insight_table)
    app.add_node(insight_legend)
    for made in (fill_table, fill_legend, frame_cards):
        app.connect("doctree-read", made)
    app.connect("html-page-context", add_assets)
