"""Collect the sentences of each page that cite a source, for the pages of sources."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

# After these ends of a sentence another one begins; an initial and "n.d." end none, nor does a full stop before a small letter.
END = re.compile(r"(?<!\b[A-Z])(?<!n\.d)[.!?\u0964][\"'\u201d\u2019)\]]*\s+(?=[^a-z\s])")
LONGEST = 400  # characters


@dataclass(frozen=True)
class Use:
    """Citation of a source on a page.

    Attributes
    ----------
    source : str
        Id of the source.
    anchor : str
        Id of the citation on its page.
    section : str
        Heading above it, empty below the title alone.
    sentence : str
        Sentence or row of a table that it stands in.
    """

    source: str
    anchor: str
    section: str
    sentence: str


def uses(env: BuildEnvironment) -> dict[str, list[Use]]:
    """Return the citations of each page in their order, kept with the environment."""
    if not hasattr(env, "leadership_source_uses"):
        env.leadership_source_uses = {}  # type: ignore[attr-defined]
    found: dict[str, list[Use]] = env.leadership_source_uses  # type: ignore[attr-defined]
    return found


def collect(app: Sphinx, document: nodes.document) -> None:
    """Note the citations of a page that was read."""
    found = list(uses_in(document))
    if found:
        uses(app.env)[app.env.docname] = found


def uses_in(document: nodes.document) -> Iterator[Use]:
    """Yield the citations of a document."""
    for node in document.findall(addnodes.pending_xref):
        if node["reftype"] == "leadership-src":
            source = node["reftarget"].partition("-")[2]
            yield Use(source, node["ids"][0], section(node), sentence(node))


def section(node: nodes.Node) -> str:
    """Return the heading of the section that a node is in, empty for the page's own title."""
    above = above_of(node, nodes.section)
    if above is None or not isinstance(above.parent, nodes.section):
        return ""
    return " ".join(above.next_node(nodes.title).astext().split())


def sentence(node: nodes.Node) -> str:
    """Return the sentence that a node is in, or the row of a table."""
    row = above_of(node, nodes.row)
    if row is not None:
        return shortened("; ".join(words(cell) for cell in row.findall(nodes.entry)))
    block = node.parent
    while isinstance(block, nodes.Inline):
        block = block.parent
    text, before = words(block), words(block, until=node)
    ends = [0, *(found.end() for found in END.finditer(text))]
    start = max(end for end in ends if end <= len(before))
    if not re.search(r"\w", text[start : len(before)]) and start:  # the citation stands after the full stop
        start = ends[ends.index(start) - 1]
    end = next((end for end in ends if end > len(before)), len(text))
    return shortened(text[start:end])


def words(block: nodes.Node, until: nodes.Node | None = None) -> str:
    """Return the text of a block, or of what stands in it before a node."""
    parts: list[str] = []
    for node in block.findall():
        if node is until:
            break
        if isinstance(node, nodes.Text) and not isinstance(node.parent, nodes.raw):
            parts.append(re.sub(r"\s", " ", node))
    return "".join(parts)


def shortened(text: str) -> str:
    """Return a text on one line, cut where it is very long."""
    text = " ".join(text.split())
    return text if len(text) <= LONGEST else f"{text[:LONGEST].rsplit(' ', 1)[0]} \u2026"


def above_of(node: nodes.Node, kind: type[nodes.Element]) -> nodes.Element | None:
    """Return the nearest element of a kind around a node."""
    above = node.parent
    while above is not None and not isinstance(above, kind):
        above = above.parent
    return above


def drop_uses(app: Sphinx, env: BuildEnvironment, docname: str) -> None:
    """Drop the citations of a page that is read anew or deleted."""
    uses(env).pop(docname, None)


def merge(app: Sphinx, env: BuildEnvironment, docnames: Iterable[str], other: BuildEnvironment) -> None:
    """Take over the citations that a parallel reader found."""
    uses(env).update({name: found for name, found in uses(other).items() if name in docnames})


def connect(app: Sphinx) -> None:
    """Register the event handlers."""
    app.connect("doctree-read", collect)
    app.connect("env-purge-doc", drop_uses)
    app.connect("env-merge-info", merge)
