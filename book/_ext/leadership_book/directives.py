"""Define the directives ``chart`` and ``source-list``."""

import re
from collections.abc import Iterable

from docutils import nodes
from docutils.nodes import Node
from sphinx.environment import BuildEnvironment
from sphinx.util.docutils import SphinxDirective

from leadership_book.links import anchors, src_anchor
from leadership_book.problems import report
from leadership_book.records import UnknownName, records

CHECK_MARK = "check against the issuing body"


class ChartDirective(SphinxDirective):
    """Place a recorded chart, named ``<notebook>.<figure>``."""

    required_arguments = 1

    def run(self) -> list[Node]:
        """Return the chart's HTML as it was recorded."""
        files, name = records(self.env), self.arguments[0]
        self.env.note_dependency(str(files.figure_file(name)))
        try:
            return [nodes.raw("", files.figure(name)["html"], format="html")]
        except UnknownName as error:
            report(self.env, self.lineno, str(error))
            return []


class SourceList(SphinxDirective):
    """List every source of the release."""

    def run(self) -> list[Node]:
        """Return a definition list with one anchor for each source."""
        files = records(self.env)
        self.env.note_dependency(str(files.sources_file))
        try:
            sources = files.sources()
        except UnknownName as error:
            report(self.env, self.lineno, str(error))
            return []
        items = [source_item(self.env, row) for row in sorted(sources.values(), key=source_order)]
        return [nodes.definition_list("", *items, classes=["source-list"])]


def source_order(source: dict[str, str]) -> tuple[str, str, str]:
    """Return the sorting key of a source: publisher, year, id."""
    return source["publisher"].casefold(), source["year"], source["source_id"]


def source_item(env: BuildEnvironment, source: dict[str, str]) -> nodes.definition_list_item:
    """Return one entry of the list of sources."""
    issued = ", ".join(part for part in (source["publisher"], source["year"]) if part)
    fields: list[tuple[str, list[Node]]] = [
        ("Issued by", plain(issued)),
        ("Address", address(source["address"])),
        ("Licence", plain(source["licence"])),
        ("How read", plain(source["how_read"])),
        ("Id", code(source["source_id"])),
    ]
    details: list[nodes.Element] = [field_list(fields)]
    if source["third_party_copy"].strip().lower() == "true":
        details.insert(0, nodes.paragraph("", CHECK_MARK.capitalize(), classes=["check-mark"]))
    term = anchored_term(env, src_anchor(source["source_id"]), plain(source["title"]))
    return nodes.definition_list_item("", term, nodes.definition("", *details))


ADDRESS = re.compile(r"https?://[^\s;]+")


def address(text: str) -> list[Node]:
    """Return an address with every web address in it as a link."""
    made: list[Node] = []
    end = 0
    for found in ADDRESS.finditer(text):
        made += [*plain(text[end : found.start()]), nodes.reference("", found[0], refuri=found[0])]
        end = found.end()
    return [*made, *plain(text[end:])]


def plain(text: str | None) -> list[Node]:
    """Return text as a node, or nothing for an empty text."""
    return [nodes.Text(text)] if text else []


def code(text: str | None) -> list[Node]:
    """Return text in code type, or nothing for an empty text."""
    return [nodes.literal(text, text)] if text else []


def anchored_term(env: BuildEnvironment, anchor: str, content: list[Node]) -> nodes.term:
    """Return a definition term that carries an anchor, and note its page."""
    anchors(env)[anchor] = env.docname
    return nodes.term("", "", *content, ids=[anchor])


def field_list(fields: Iterable[tuple[str, list[Node]]]) -> nodes.field_list:
    """Return labelled fields, leaving out the empty ones."""
    return nodes.field_list(
        "",
        *(
            nodes.field(
                "",
                nodes.field_name("", label),
                nodes.field_body("", nodes.paragraph("", "", *content)),
            )
            for label, content in fields
            if content
        ),
    )
