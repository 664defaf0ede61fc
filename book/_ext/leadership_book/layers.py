"""Fold the evidence of a page below its first screen, and give its code one switch.

A page with ``{evidence}`` at the end of its first screen has two layers. Of each later section of the second level that
holds more than text, heading and first paragraph stay in view; the rest is a ``<details>`` that says what it holds. A
section keeps its anchors. ``layers.js`` unfolds what a link leads into; without script a fold is opened by hand. A text is folded where the page
writes ``{fold}`` with the words of its summary. Code cells stay out of sight until a box is ticked, which styles alone see to. The printed book folds nothing.
"""

import html
import re

from docutils import nodes
from docutils.nodes import Node
from leadership_effects.counting import in_figures
from myst_nb.sphinx_ import HideCodeCellNode
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.docutils import SphinxDirective
from sphinx.writers.html5 import HTML5Translator

from leadership_book.links import TOP

ANCHOR = "the-evidence"
LESSONS = "book/insights/lessons.html"
ADVICE = "what-to-do-with-it"  # section of a page that says it for its own place
CONTROL = 'class="prior-control"'  # a form for the reader, which no fold hides
FIGURE = re.compile(r'<figure class="chart".*?</figure>', re.DOTALL)
WAYS_ON = (
    '<nav class="ways-on" aria-label="Ways on"><a href="{lessons}">What to do with it</a> '
    f'<a href="#{ANCHOR}">See the evidence</a></nav>'
)
BAR = (
    f'<div class="evidence-bar" id="{ANCHOR}"><p>The evidence, section by section.</p>'
    '<button type="button" class="small needs-script" id="unfold" hidden>Open all of it</button>{switch}</div>'
)
SWITCH = '<label class="code-switch"><input type="checkbox" role="switch" id="show-code"> Show the code of this page</label>'


class EvidenceNode(nodes.General, nodes.Element):
    """End of the first screen: the ways on, and the head of the evidence."""


class FoldNode(nodes.General, nodes.Element):
    """What is folded; ``summary`` says what that is."""


class EvidenceDirective(SphinxDirective):
    """End the first screen of a page; what follows is its evidence."""

    def run(self) -> list[Node]:
        """Return the node that the page is folded from."""
        return [EvidenceNode()]


class FoldDirective(SphinxDirective):
    """Fold a text under a summary; on paper it stands open under the same words."""

    required_arguments, final_argument_whitespace, has_content = 1, True, True

    def run(self) -> list[Node]:
        """Return the fold with its content."""
        found = FoldNode("\n".join(self.content), summary=self.arguments[0])
        self.state.nested_parse(self.content, self.content_offset, found)
        return [found]


class FoldSections(SphinxPostTransform):
    """Fold the sections after the first screen, and place the switch for code."""

    default_priority = 250  # outputs are chosen and code is hidden by then
    formats = ("html",)

    def run(self, **kwargs: object) -> None:
        """Go through the page as the site shows it; the printed book has no folds and no code."""
        if self.app.builder.name != "html":
            return
        code = next(self.document.findall(HideCodeCellNode), None)
        end = next(self.document.findall(EvidenceNode), None)
        if end is not None:
            end["code"] = code is not None
            for section in later_sections(end):
                fold(section)
        elif code is not None:
            cell = code.parent
            cell.parent.insert(cell.parent.index(cell), nodes.raw("", f"<p>{SWITCH}</p>", format="html"))


def later_sections(end: EvidenceNode) -> list[nodes.section]:
    """Return the sections beside the end of the first screen, below the page's title."""
    after = end.parent.children[end.parent.index(end) :]
    return [node for node in after if isinstance(node, nodes.section)]


def fold(section: nodes.section) -> None:
    """Fold a section after its first paragraph, if it holds more than text."""
    held = "" if any(CONTROL in node.astext() for node in section.findall(nodes.raw)) else holds(section)
    first = next((n for n, node in enumerate(section.children) if isinstance(node, nodes.paragraph)), None)
    if not held or first is None or first + 1 == len(section.children):
        return
    rest = section.children[first + 1 :]
    del section[first + 1 :]
    section += FoldNode("", *rest, summary=f"Read on: {held}")


def holds(section: nodes.section) -> str:
    """Return what a section holds beside text, in words; empty for text alone."""
    recorded = "".join(node.astext() for node in section.findall(nodes.raw) if node.get("format") == "html")
    charts = len(FIGURE.findall(recorded))
    tables = len(list(section.findall(nodes.table))) + FIGURE.sub("", recorded).count("<table")
    counted = {"chart": charts, "table": tables}
    return " and ".join(in_figures(n, name) for name, n in counted.items() if n)


def visit_evidence(translator: HTML5Translator, node: EvidenceNode) -> None:
    """Write the ways on and the head of the evidence."""
    if translator.builder.name == "html":
        own = any(ADVICE in section["ids"] for section in translator.document.findall(nodes.section))
        lessons = WAYS_ON.format(lessons=f"#{ADVICE}" if own else f"{TOP}{LESSONS}")
        translator.body.append(f"{lessons}\n{BAR.format(switch=SWITCH if node.get('code') else '')}\n")
    raise nodes.SkipNode


def visit_fold(translator: HTML5Translator, node: FoldNode) -> None:
    """Open what is folded; the printed book shows it under its summary."""
    words = html.escape(node["summary"])
    if translator.builder.name == "html":
        translator.body.append(f'<details class="fold"><summary>{words}</summary>\n')
    else:
        translator.body.append(f'<div class="admonition"><p class="admonition-title">{words}</p>\n')


def depart_fold(translator: HTML5Translator, node: FoldNode) -> None:
    """Close what is folded."""
    translator.body.append("</details>\n" if translator.builder.name == "html" else "</div>\n")


def visit_code(translator: HTML5Translator, node: HideCodeCellNode) -> None:
    """Open the code of a cell, which the switch of its page shows."""
    translator.body.append('<div class="cell-code">\n')


def depart_code(translator: HTML5Translator, node: HideCodeCellNode) -> None:
    """Close the code of a cell."""
    translator.body.append("</div>\n")


def connect(app: Sphinx) -> None:
    """Register directive, transform and nodes."""
    app.add_directive("evidence", EvidenceDirective)
    app.add_directive("fold", FoldDirective)
    app.add_post_transform(FoldSections)
    app.add_node(EvidenceNode, html=(visit_evidence, None))
    app.add_node(FoldNode, html=(visit_fold, depart_fold))
    app.add_node(HideCodeCellNode, override=True, html=(visit_code, depart_code))
