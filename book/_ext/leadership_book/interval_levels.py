"""Print the level of each interval in running text, unless its sentence names it already.

An interval is what the role ``range`` prints, or two results ``<name>.low`` and ``<name>.high`` one after the other.
Its level is taken from the record: the kind of the interval, or what the lower end is said to be the end of.
"""

import re
from collections.abc import Iterator
from itertools import zip_longest
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx

from leadership_book.language_words import LANGUAGES
from leadership_book.languages import language_of
from leadership_book.problems import report
from leadership_book.records import Records, records

LEVEL = re.compile(r"(\d+)\s%")
NOUNS = ("prediction interval", "posterior interval", "interval", "set", "range", "belief")
PLURALS = "|".join(rf"{noun}s?" for noun in NOUNS)
# "95 % set", "90 per cent confidence set": a level that an English sentence names
NAMED = re.compile(rf"(\d+)\s(?:%|per cent)\s(?:[a-z]+\s){{0,2}}?(?:{PLURALS})\b")
NAMED_ELSEWHERE = re.compile(r"(\d+)\s(?:%|por ciento|procent\w*|प्रतिशत)")
SENTENCE_END = re.compile(r"(?<=[.!?।])\s+(?=\S)")
END = re.compile(r"(?P<name>.+[._])low$")


def short(kind: str) -> str:
    """Return the short form of an interval's kind, as it stands behind the ends.

    Examples
    --------
    >>> short("95 % confidence set, permutation test inverted"), short("95 %, modified Hartung-Knapp")
    ('95 % set', '95 % interval')
    >>> short("central 95 % posterior interval"), short("1.96 standard errors")
    ('95 % posterior interval', '1.96 standard errors')
    """
    level = LEVEL.search(kind)
    if level is None:
        return kind
    noun = next((noun for noun in NOUNS if re.search(rf"\b{noun}\b", kind)), "interval")
    return f"{level[1]} % {noun}"


def shown(kind: str, tag: str) -> str:
    """Return the short form of a kind in the language of a page."""
    level, language = LEVEL.search(kind), LANGUAGES.get(tag.partition("-")[0])
    told = language.interval.format(level[1]) if language and level else short(kind)
    return re.sub(r"(\d) %", "\\1\u00a0%", told)


def kind_of_ends(files: Records, first: str, second: str) -> str:
    """Return the kind of the interval whose ends two results are; empty for none."""
    notebook, _, low = first.partition(".")
    found = END.match(low)
    if found is None or second != f"{notebook}.{found['name']}high":
        return ""
    results: dict[str, dict[str, Any]] = files.notebook(notebook)["results"]
    name, text = found["name"][:-1], f"{results[low]['text']} to {files.result(second)['text']}"
    for parent in (name, f"{name}.att"):
        if parent in results and results[parent].get("interval_text") == text:
            return str(results[parent]["interval_kind"])
    meaning = str(results[low]["meaning"])
    named = NAMED.search(meaning) if " end of the " in meaning else None
    return named[0] if named else ""


def intervals(
    files: Records, links: list[nodes.reference]
) -> Iterator[tuple[nodes.reference, nodes.reference, str]]:
    """Yield first and last link of each interval of a passage, with its kind."""
    for link, after in zip_longest(links, links[1:]):
        if link.get("interval_kind") is not None:
            yield link, link, str(link["interval_kind"])
        elif after is not None and (kind := kind_of_ends(files, str(link["result"]), str(after["result"]))):
            yield link, after, kind


def sentence_before(passage: nodes.Element, link: nodes.reference) -> str:
    """Return the sentence of a link up to it."""
    before = ""
    for node in passage.findall(nodes.Text):
        if any(parent is link for parent in ancestors(node, passage)):
            break
        before += node.astext()
    return SENTENCE_END.split(before)[-1]


def ancestors(node: nodes.Node, top: nodes.Element) -> Iterator[nodes.Node]:
    """Yield the parents of a node below another."""
    while (parent := node.parent) is not None and parent is not top:
        yield parent
        node = parent


def in_cell(passage: nodes.Element) -> bool:
    """Whether a passage is a cell of a table, whose head names the level."""
    node: nodes.Node | None = passage
    while node is not None and not isinstance(node, nodes.entry):
        node = node.parent
    return node is not None


def name_levels(app: Sphinx, doctree: nodes.document) -> None:
    """Put its level behind each interval whose sentence does not name it."""
    files, tag = records(app.env), language_of(app.env.metadata[app.env.docname])
    named = NAMED if tag == "en" else NAMED_ELSEWHERE
    for passage in list(doctree.findall(nodes.TextElement)):
        if isinstance(passage, nodes.Inline) or in_cell(passage):
            continue
        links = [node for node in passage.findall(nodes.reference) if "result" in node]
        for first, last, kind in intervals(files, links):
            if not kind:
                report(
                    app.env,
                    first.line,
                    f'the interval of "{first["result"]}" has no kind; record its interval_kind',
                )
                continue
            level, before = LEVEL.search(kind.replace("per cent", "%")), sentence_before(passage, first)
            if level and named.findall(before)[-1:] == [level[1]]:
                continue
            form = ", {}" if before.count("(") > before.count(")") else " ({})"
            told = nodes.inline("", form.format(shown(kind, tag)), classes=["level"])
            last.parent.insert(last.parent.index(last) + 1, told)


def connect(app: Sphinx) -> None:
    """Register the event handler, which reads the numbers before a page's language changes them."""
    app.connect("doctree-read", name_levels, priority=880)
