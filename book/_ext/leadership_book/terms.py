"""Explain glossary terms in place: the first use of each on a page opens its definition.

Terms are found in the running text, so that no page has to mark them. A term with a bracket, such as *network
(dimension)*, is one sense of a common word and is not linked, nor are the words listed in ``COMMON``.
"""

import re
from functools import lru_cache
from html import escape

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.transforms.post_transforms import SphinxPostTransform

from leadership_book.links import TOP

GLOSSARY = "book/glossary"
COMMON = {
    "alumni", "association", "coder", "coding", "dimension", "dimensions", "dose", "fellow", "fellows", "floor of p",
    "grade", "indicator", "null", "power", "programme", "release", "roles", "scale", "sd", "share", "strategies",
    "strategy", "strength", "system", "window",
}  # fmt: skip
WORD = re.compile(r"[\w-]+")
CLOSED = (nodes.reference, nodes.literal, nodes.title, nodes.raw, nodes.math, nodes.table, nodes.emphasis,
          addnodes.pending_xref, nodes.citation, addnodes.glossary)  # fmt: skip


class ExplainTerms(SphinxPostTransform):
    """Turn the first use of each glossary term on a page into a link with its definition."""

    default_priority = 900
    formats = ("html",)

    def run(self, **kwargs: object) -> None:
        """Go through the paragraphs of the page in order."""
        page = self.env.docname
        language = (self.env.metadata.get(page) or {}).get("language", "en")
        if self.app.builder.name != "html" or page == GLOSSARY or language != "en":
            return
        open_terms = dict(definitions(self.env))
        for paragraph in list(self.document.findall(nodes.paragraph)):
            if open_terms and not is_closed(paragraph):
                for text in list(paragraph.findall(nodes.Text)):
                    explain(text, open_terms)


def is_closed(node: nodes.Node) -> bool:
    """Return whether a node is within an element that must hold no link to a term."""
    parent = node.parent
    while parent is not None:
        if isinstance(parent, CLOSED):
            return True
        parent = parent.parent
    return False


def explain(text: nodes.Text, open_terms: dict[str, tuple[str, str]]) -> None:
    """Replace the terms still open in a text node by links, and close them with their synonyms."""
    if is_closed(text):
        return
    pieces: list[nodes.Node] = []
    rest = str(text)
    while open_terms and (found := first_term(rest, open_terms)):
        start, end = found
        anchor, definition = open_terms[rest[start:end].lower()]
        pieces += [nodes.Text(rest[:start]), term_link(rest[start:end], anchor, definition)]
        rest = rest[end:]
        for name in [name for name, (other, _) in open_terms.items() if other == anchor]:
            del open_terms[name]
    if pieces:
        text.parent.replace(text, [*pieces, nodes.Text(rest)])


def first_term(text: str, open_terms: dict[str, tuple[str, str]]) -> tuple[int, int] | None:
    """Return the position of the first open term in a text as whole words.

    Of several that begin there, it is the longest.
    """
    beginning = by_first_word(tuple(open_terms))
    for word in WORD.finditer(text):
        for name in beginning.get(word[0].lower(), ()):
            end = word.start() + len(name)
            if text[word.start() : end].lower() == name and not WORD.match(text, end):
                return word.start(), end
    return None


@lru_cache(maxsize=256)
def by_first_word(names: tuple[str, ...]) -> dict[str, list[str]]:
    """Return terms by their first word, the longest first."""
    found: dict[str, list[str]] = {}
    for name in sorted(names, key=lambda name: (-len(name), name)):
        if word := WORD.match(name):
            found.setdefault(word[0], []).append(name)
    return found


def term_link(word: str, anchor: str, definition: str) -> nodes.raw:
    """Return a link to a term in the glossary that carries the definition."""
    html = (
        f'<a class="term" href="{TOP}{GLOSSARY}.html#{escape(anchor, quote=True)}" '
        f'data-definition="{escape(definition, quote=True)}">{escape(word)}</a>'
    )
    return nodes.raw("", html, format="html")


def definitions(env: BuildEnvironment) -> dict[str, tuple[str, str]]:
    """Return anchor and definition of each term to be explained, by the term in small letters."""
    if GLOSSARY not in env.found_docs:
        return {}
    if not hasattr(env, "leadership_terms"):
        env.leadership_terms = read_terms(env.get_doctree(GLOSSARY))  # type: ignore[attr-defined]
    found: dict[str, tuple[str, str]] = env.leadership_terms  # type: ignore[attr-defined]
    return found


def read_terms(glossary: nodes.document) -> dict[str, tuple[str, str]]:
    """Return the terms of a glossary page; all names of one entry share the anchor of the first."""
    found = {}
    for item in glossary.findall(nodes.definition_list_item):
        terms = [node for node in item if isinstance(node, nodes.term)]
        if not terms or not terms[0]["ids"]:
            continue
        definition = " ".join(node.astext() for node in item if isinstance(node, nodes.definition))
        for term in terms:
            name = term.astext().strip()
            if "(" not in name and name.lower() not in COMMON:
                found[name.lower()] = (terms[0]["ids"][0], " ".join(definition.split()))
    return found


def drop_terms(app: Sphinx, env: BuildEnvironment, docname: str) -> None:
    """Drop the terms when the glossary is read anew."""
    if docname == GLOSSARY and hasattr(env, "leadership_terms"):
        del env.leadership_terms


def connect(app: Sphinx) -> None:
    """Register the transform."""
    app.add_post_transform(ExplainTerms)
    app.connect("env-purge-doc", drop_terms)
