"""Define the roles ``num`` (a result), ``range`` (its interval) and ``src`` (a source)."""

from itertools import count
from typing import Any

from docutils import nodes
from docutils.nodes import Node, system_message
from sphinx.environment import BuildEnvironment
from sphinx.util.docutils import SphinxRole

from leadership_book.links import TOP, link, num_anchor, num_page, src_address, src_anchor
from leadership_book.number_words import range_text
from leadership_book.problems import report
from leadership_book.records import UnknownName, records


class NumRole(SphinxRole):
    """Print a result as recorded, linked to its entry among the notebook's numbers.

    ``<notebook>.<key>`` names a result of any notebook, ``<key>`` one of the notebook that the page was made from.
    """

    printed = "text"  # the field of the result that is printed

    def run(self) -> tuple[list[Node], list[system_message]]:
        """Return the link, or the name in question after reporting it."""
        name = self.text.strip()
        files, page = records(self.env), self.env.docname
        for notebook in (name.partition(".")[0], page.rpartition("/")[2]):
            if files.notebook_file(notebook).is_file():
                self.env.note_dependency(str(files.notebook_file(notebook)))
        try:
            full = files.full_name(name, page)
            result = files.result(full)
        except UnknownName as error:
            report(self.env, self.lineno, str(error))
            return [nodes.literal(name, name)], []
        notebook, _, key = full.partition(".")
        if not result.get(self.printed):
            report(self.env, self.lineno, f'"{full}" has no interval; allowed: a result with one')
            return [nodes.literal(name, name)], []
        made = number(notebook, key, result | {"text": self.shown(result)})
        if self.printed == RangeRole.printed:
            made["interval_kind"] = str(result.get("interval_kind") or "")
        return [made], []

    def shown(self, result: dict[str, Any]) -> str:
        """Return the text that is printed."""
        return str(result[self.printed])


class RangeRole(NumRole):
    """Print the interval of a result, linked as the result is; its ends need no plus sign."""

    printed = "interval_text"

    def shown(self, result: dict[str, Any]) -> str:
        """Return the ends as in ``−0.10 to 0.06``."""
        return range_text(result)


class SrcRole(SphinxRole):
    """Cite sources as ``(authors or publisher, year)``, linked to their entries."""

    def run(self) -> tuple[list[Node], list[system_message]]:
        """Return the links in brackets, or the id in question after reporting it."""
        self.env.note_dependency(str(records(self.env).sources_file))
        cited: list[Node] = [nodes.Text("(")]
        for source_id in (part.strip() for part in self.text.split(",")):
            cited += [] if len(cited) == 1 else [nodes.Text("; ")]
            try:
                cited.append(source_link(self.env, self.inliner.document, source_id))
            except UnknownName as error:
                report(self.env, self.lineno, str(error))
                cited.append(nodes.literal(source_id, source_id))
        return [*cited, nodes.Text(")")], []


def number(notebook: str, key: str, result: dict[str, Any]) -> nodes.reference:
    """Return a result as a link to its entry, which the page's script shows as a card."""
    return nodes.reference(
        "",
        "",
        nodes.inline("", result["text"]),
        refuri=f"{TOP}{num_page(notebook)}.html#{num_anchor(notebook, key)}",
        reftitle=summary(result),
        internal=True,
        classes=["num"],
        result=f"{notebook}.{key}",
    )


def source_link(env: BuildEnvironment, document: nodes.document, source_id: str) -> Node:
    """Return a citation as a link to the source; its own anchor is numbered on the page."""
    files = records(env)
    source, cited = files.source(source_id), files.cited_as(source_id)
    own = next(name for name in (f"src-use-{source_id}-{n}" for n in count(1)) if name not in document.ids)
    made = link(env, src_anchor(source_id), cited, source["title"], src_address(source_id, cited), own)
    document.ids[own] = made
    return made


def summary(result: dict[str, Any]) -> str:
    """Return a result's meaning, with its interval if it has one."""
    meaning: str = result["meaning"]
    return f"{meaning} {interval(result)}." if result.get("interval_text") else meaning


def interval(result: dict[str, Any]) -> str:
    """Return an interval as printed, with its kind in brackets."""
    kind = result.get("interval_kind")
    return f"{range_text(result)} ({kind})" if kind else range_text(result)
