"""The directive ``results-list``: every result of a notebook with its background.

A notebook holds hundreds of results. One node keeps them as plain data and is written
straight to HTML, because a tree of nodes for each result makes a build several times slower.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from typing import Any, Literal

from docutils import nodes
from docutils.nodes import Node
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective, SphinxTranslator
from sphinx.writers.html5 import HTML5Translator

from leadership_book.links import PAGES, anchors, num_anchor, src_anchor
from leadership_book.problems import report
from leadership_book.records import Records, UnknownName, records
from leadership_book.roles import cited_as, interval


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a field: text, code, or a link to a source's anchor."""

    kind: Literal["text", "code", "link"]
    text: str
    anchor: str = ""
    title: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """One result: its anchor, its key, its meaning and its labelled fields."""

    anchor: str
    key: str
    meaning: str
    fields: tuple[tuple[str, tuple[Part, ...]], ...]


class results_list(nodes.General, nodes.Element):
    """The results of a notebook, as a tuple of entries under ``entries``."""


class ResultsList(SphinxDirective):
    """List every result of a notebook."""

    required_arguments = 1

    def run(self) -> list[Node]:
        """Return the list and note the page of each result."""
        files, notebook = records(self.env), self.arguments[0]
        for path in (files.notebook_file(notebook), files.sources_file):
            self.env.note_dependency(str(path))
        try:
            entries = read_entries(files, notebook)
        except UnknownName as error:
            report(self.env, self.lineno, str(error))
            return []
        anchors(self.env).update({entry.anchor: self.env.docname for entry in entries})
        return [results_list("", entries=entries)]


def read_entries(files: Records, notebook: str) -> tuple[Entry, ...]:
    """Return the entries of a notebook in the order of its results file."""
    record = files.notebook(notebook)
    return tuple(
        Entry(
            anchor=num_anchor(notebook, key),
            key=key,
            meaning=result["meaning"],
            fields=tuple(field for field in fields(files, record, result) if field[1]),
        )
        for key, result in record["results"].items()
    )


def fields(
    files: Records, record: dict[str, Any], result: dict[str, Any]
) -> Iterator[tuple[str, tuple[Part, ...]]]:
    """Yield label and content of each field of a result."""
    yield "Printed as", text(result["text"])
    yield "Full precision", code(exact(result["value"])) + text(result.get("unit"), " ")
    if result.get("interval_text"):
        full = " to ".join(map(exact, result.get("interval") or ()))
        yield "Interval", text(interval(result)) + text(":" if full else "") + code(full, " ")
    yield "Rows", text(rows(result))
    yield "Sources", source_parts(files, result.get("sources") or [])
    made = f"for {record['source']}, data release {record['release']}"
    yield "Computed by", code(result.get("function")) + text(made, " ")


def rows(result: dict[str, Any]) -> str:
    """Return the number of rows behind a result and what they are."""
    parts = (result.get("n_rows"), result.get("rows"))
    return ": ".join(str(part) for part in parts if part not in (None, ""))


def exact(value: object) -> str:
    """Return a value at full precision; words stand as they are."""
    return value if isinstance(value, str) else "none" if value is None else repr(value)


def source_parts(files: Records, source_ids: list[str]) -> tuple[Part, ...]:
    """Return links to sources, separated by semicolons."""
    parts: tuple[Part, ...] = ()
    for source_id in source_ids:
        source = files.source(source_id)
        cited = Part("link", cited_as(source), src_anchor(source_id), source["title"])
        parts += (*text("; " if parts else ""), cited)
    return parts


def text(content: str | None, before: str = "") -> tuple[Part, ...]:
    """Return a text part, or nothing for an empty text."""
    return (Part("text", before + content),) if content else ()


def code(content: str | None, before: str = "") -> tuple[Part, ...]:
    """Return a code part, or nothing for an empty text."""
    return (*text(before), Part("code", content)) if content else ()


def visit_html(translator: HTML5Translator, node: results_list) -> None:
    """Write the list of results."""
    entries = "\n".join(entry_html(translator, entry) for entry in node["entries"])
    translator.body.append(f'<dl class="results-list">\n{entries}\n</dl>\n')
    raise nodes.SkipNode


def entry_html(translator: HTML5Translator, entry: Entry) -> str:
    """Return a result as term and definition."""
    labelled = "".join(
        f"<dt>{escape(label)}:</dt><dd>{parts_html(translator, parts)}</dd>" for label, parts in entry.fields
    )
    return (
        f'<dt id="{escape(entry.anchor)}"><code>{escape(entry.key)}</code></dt>'
        f'<dd><p>{escape(entry.meaning)}</p><dl class="field-list">{labelled}</dl></dd>'
    )


def parts_html(translator: HTML5Translator, parts: tuple[Part, ...]) -> str:
    """Return the content of a field, escaped."""
    return "".join(part_html(translator, part) for part in parts)


def part_html(translator: HTML5Translator, part: Part) -> str:
    """Return a piece of a field, escaped."""
    content = escape(part.text)
    if part.kind == "code":
        return f"<code>{content}</code>"
    if part.kind == "link":
        address, title = escape(source_uri(translator, part.anchor)), escape(part.title)
        return f'<a class="src reference internal" href="{address}" title="{title}">{content}</a>'
    return content


def source_uri(translator: HTML5Translator, anchor: str) -> str:
    """Return the address of a source as seen from the page being written."""
    builder, env = translator.builder, translator.builder.env
    page = anchors(env).get(anchor, PAGES["src"])
    if builder.name == "singlehtml" or page not in env.found_docs:
        return f"#{anchor}"
    return f"{builder.get_relative_uri(builder.current_docname, page)}#{anchor}"


def skip(translator: SphinxTranslator, node: results_list) -> None:
    """Leave the list out of printed formats."""
    raise nodes.SkipNode


def connect(app: Sphinx) -> None:
    """Register the directive and its node."""
    app.add_directive("results-list", ResultsList)
    app.add_node(results_list, html=(visit_html, None), latex=(skip, None), text=(skip, None))
