"""Define the directives ``chart`` and ``source-list``."""

from docutils import nodes
from docutils.nodes import Node
from sphinx.environment import BuildEnvironment
from sphinx.util.docutils import SphinxDirective

from leadership_book.links import anchors, src_address, src_anchor
from leadership_book.problems import report
from leadership_book.records import UnknownName, records
from leadership_book.sources import Pieces, copy_mark, fields, heading


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
        listed = sorted((files.cited_as(name).casefold(), name) for name in sources)
        items = [source_item(self.env, sources[name], files.cited_as(name)) for _, name in listed]
        return [nodes.definition_list("", *items, classes=["source-list"])]


def source_item(env: BuildEnvironment, source: dict[str, str], cited: str) -> nodes.definition_list_item:
    """Return one entry of the list of sources: who issued it and where it is.

    The page of the source says how it was read, under which licence, and what rests on it.
    """
    name = source["source_id"]
    told = dict(fields(source))
    named = told["Authors"][0][0] in heading(cited, source)
    where = [pieces(told[label]) for label in ("Authors", "Issued by", "Address", "DOI")[named:]]
    parts: list[list[Node]] = [*where, [nodes.Text(copy_mark(source))], code(name)]
    parts = [part for part in parts if any(node.astext() for node in part)]
    line = [node for part in parts for node in (*part, nodes.Text(". "))]
    there = nodes.reference("", "What rests on it", refuri=src_address(name, cited), internal=True)
    details = [nodes.paragraph("", "", *line, nodes.inline("", "", there, classes=["screen-only"]))]
    term = anchored_term(env, src_anchor(name), [nodes.Text(heading(cited, source))])
    return nodes.definition_list_item("", term, nodes.definition("", *details))


def pieces(content: Pieces) -> list[Node]:
    """Return texts and links as nodes, without the empty ones."""
    return [
        nodes.reference("", text, refuri=address) if address else nodes.Text(text)
        for text, address in content
        if text
    ]


def code(text: str | None) -> list[Node]:
    """Return text in code type, or nothing for an empty text."""
    return [nodes.literal(text, text)] if text else []


def anchored_term(env: BuildEnvironment, anchor: str, content: list[Node]) -> nodes.term:
    """Return a definition term that carries an anchor, and note its page."""
    anchors(env)[anchor] = env.docname
    return nodes.term("", "", *content, ids=[anchor])
