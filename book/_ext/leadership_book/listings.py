"""The directives ``chart``, ``source-list`` and ``results-list``."""

from collections.abc import Iterable, Iterator
from typing import Any

from docutils import nodes
from docutils.nodes import Node
from sphinx.environment import BuildEnvironment
from sphinx.util.docutils import SphinxDirective

from leadership_book.links import anchors, num_anchor, src_anchor
from leadership_book.problems import report
from leadership_book.records import UnknownName, records
from leadership_book.roles import interval, source_link

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


class ResultsList(SphinxDirective):
    """List every result of a notebook."""

    required_arguments = 1

    def run(self) -> list[Node]:
        """Return a definition list with one anchor for each result."""
        files, notebook = records(self.env), self.arguments[0]
        for path in (files.notebook_file(notebook), files.sources_file):
            self.env.note_dependency(str(path))
        try:
            record = files.notebook(notebook)
            items = [result_item(self.env, record, key) for key in record["results"]]
        except UnknownName as error:
            report(self.env, self.lineno, str(error))
            return []
        return [nodes.definition_list("", *items, classes=["results-list"])]


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


def result_item(
    env: BuildEnvironment, record: dict[str, Any], key: str
) -> nodes.definition_list_item:
    """Return one entry of the list of results."""
    result = record["results"][key]
    term = anchored_term(env, num_anchor(record["notebook"], key), code(key))
    meaning = nodes.paragraph("", result["meaning"])
    fields = field_list(result_fields(env, record, result))
    return nodes.definition_list_item("", term, nodes.definition("", meaning, fields))


def result_fields(
    env: BuildEnvironment, record: dict[str, Any], result: dict[str, Any]
) -> Iterator[tuple[str, list[Node]]]:
    """Yield label and content of each field of a result."""
    yield "Printed as", plain(result["text"])
    yield "Full precision", code(exact(result["value"])) + plain(spaced(result.get("unit")))
    if result.get("interval_text"):
        full = " to ".join(map(exact, result.get("interval") or []))
        yield "Interval", plain(interval(result) + (": " if full else "")) + code(full)
    yield "Rows", plain(rows(result))
    yield "Sources", source_links(env, result.get("sources") or [])
    yield "Computed by", code(result.get("function")) + plain(origin(record))


def rows(result: dict[str, Any]) -> str:
    """Return the number of rows behind a result and what they are."""
    parts = (result.get("n_rows"), result.get("rows"))
    return ": ".join(str(part) for part in parts if part not in (None, ""))


def origin(record: dict[str, Any]) -> str:
    """Return the notebook and the data release of a results record."""
    return f" for {record['source']}, data release {record['release']}"


def spaced(text: str | None) -> str:
    """Return a text with a space before it, or nothing for an empty text."""
    return f" {text}" if text else ""


def exact(value: object) -> str:
    """Return a value at full precision; words stand as they are."""
    return value if isinstance(value, str) else "none" if value is None else repr(value)


def source_links(env: BuildEnvironment, source_ids: Iterable[str]) -> list[Node]:
    """Return links to sources, separated by semicolons."""
    links: list[Node] = []
    for source_id in source_ids:
        links += [nodes.Text("; ")] if links else []
        links.append(source_link(env, source_id))
    return links


def address(text: str) -> list[Node]:
    """Return an address, as a link only when it is a web address."""
    if text.startswith(("http://", "https://")):
        return [nodes.reference("", text, refuri=text)]
    return plain(text)


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
