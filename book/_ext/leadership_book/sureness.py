"""Define the role ``sure``: how sure a finding is, as marks with shape, colour and words.

``{sure}`london` `` shows the comparison and the verdict of a case, ``{sure}`states.verdict.smallest` `` one word by the
name of its result. The words come from the results registry; each links to its entry there.
"""

from typing import Any

from docutils import nodes
from docutils.nodes import Node, system_message
from leadership_effects.data.vocabulary import NOT_COMPARED, printed_verdict
from sphinx.util.docutils import SphinxRole

from leadership_book.problems import report
from leadership_book.records import Records, UnknownName, records, unknown
from leadership_book.roles import number

KEYS = ("comparison", "verdict")
SHAPE = '<svg class="shape" viewBox="0 0 16 16" aria-hidden="true" focusable="false">{}</svg>'
RING = '<circle cx="8" cy="8" r="6"/>'
# What a word is, the class of its pill, and its shape: a disc that is full, half or empty; up, crossed out, a question.
WORDS = {
    "full": ("comparison", "full", '<circle class="solid" cx="8" cy="8" r="6"/>'),
    "partial": ("comparison", "partial", f'{RING}<path class="solid" d="M8 2a6 6 0 0 1 0 12z"/>'),
    "none": ("comparison", "none", RING),
    "at least that large": ("verdict", "large", '<path class="solid" d="M8 2l6.5 12h-13z"/>'),
    "ruled out": ("verdict", "ruled-out", '<path d="M2.5 2.5h11v11h-11zM2.5 13.5l11-11"/>'),
    NOT_COMPARED: ("verdict", "none", RING),
    "cannot say": ("verdict", "open", '<path d="M8 1.5L14.5 8 8 14.5 1.5 8z"/>'),
}


class SureRole(SphinxRole):
    """Show the two words of a case, or one word, as pills."""

    def run(self) -> tuple[list[Node], list[system_message]]:
        """Return the pills, or the name in question after reporting it."""
        name, files = self.text.strip(), records(self.env)
        notebook, _, key = name.partition(".")
        if files.notebook_file(notebook).is_file():
            self.env.note_dependency(str(files.notebook_file(notebook)))
        try:
            pills = [pill(notebook, one, printed(files, notebook, one)) for one in ([key] if key else KEYS)]
        except UnknownName as error:
            report(self.env, self.lineno, str(error))
            return [nodes.literal(name, name)], []
        spaced = [node for one in pills for node in (nodes.Text(" "), one)][1:]
        return [nodes.inline("", "", *spaced, classes=["sure"])], []


def printed(files: Records, notebook: str, key: str) -> dict[str, Any]:
    """Return a result with the word that its mark prints.

    Its entry says the word of the verdict and that of the mark.

    Raises
    ------
    UnknownName
        If there is no such result.
    """
    result = files.result(f"{notebook}.{key}")
    compared = files.notebook(notebook)["results"].get("comparison") if key == "verdict" else None
    return result | {"text": printed_verdict(compared["text"], result["text"])} if compared else result


def pill(notebook: str, key: str, result: dict[str, str]) -> nodes.inline:
    """Return a word of the registry as a mark with its shape.

    Raises
    ------
    UnknownName
        If the result is no word of a comparison or a verdict.
    """
    if result["text"] not in WORDS:
        raise unknown("word of a comparison or a verdict", result["text"], WORDS)
    kind, style, shape = WORDS[result["text"]]
    # As HTML, because a glossary term in words would become a second link within the mark.
    label = f'{SHAPE.format(shape)}<span class="sure-label">{kind.capitalize()}: </span>'
    drawn = nodes.raw("", label, format="html")
    return nodes.inline("", "", drawn, number(notebook, key, result), classes=["pill", kind, style])
