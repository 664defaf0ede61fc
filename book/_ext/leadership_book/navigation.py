"""Show where a page stands in the book and what it holds: contents, sections, reading time."""

import re
from html import unescape
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.osutil import relative_uri

from leadership_book.languages import marked_links
from leadership_book.layers import FoldNode
from leadership_book.to_fetch import folded_rows

WORDS_A_MINUTE = 220
FEWEST_SECTIONS = 3
UNREAD = (nodes.literal_block, folded_rows)
TAG = re.compile(r"<[^>]*>")
# Tables behind charts stand in their figures and repeat what is drawn.
CHART = re.compile(r'<figure class="chart".*?</figure>', re.DOTALL)
TABLE = re.compile(r"<table\b.*?</table>", re.DOTALL)
CURRENT = re.compile(r'<a aria-current="page" [^>]*>.*?</a>', re.DOTALL)
CAPTION = re.compile(r'<span class="caption-text">(.*?)</span>', re.DOTALL)


def contents(app: Sphinx, page: str, inside: str = "") -> str:
    """Return the table of contents as seen from a page.

    The page is marked, its sections stand below it. The table is made once for each folder.
    """
    builder, folder = app.builder, page.rpartition("/")[0]
    beside = f"{folder}/-" if folder else "-"
    made: dict[str, str] = vars(app).setdefault("leadership_contents", {})
    if folder not in made:
        tree = builder._get_local_toctree(  # type: ignore[attr-defined]
            beside, maxdepth=2, collapse=False, includehidden=True, titles_only=True
        )
        tree = tree.replace(' role="heading"', "")
        made[folder] = marked_links(
            app, tree, lambda name: relative_uri(beside, builder.get_target_uri(name))
        )
    here = relative_uri(beside, builder.get_target_uri(page))
    link = 'class="reference internal" href="'
    marked = made[folder].replace(f'<a {link}{here}"', f'<a aria-current="page" {link}#"')
    return CURRENT.sub(lambda found: f"{found[0]}{inside}", marked, count=1)


def part(marked: str) -> str:
    """Return the caption of the part in which the marked page stands, empty if none does."""
    before, current, _ = marked.partition('aria-current="page"')
    captions = CAPTION.findall(before)
    return captions[-1].strip() if current and captions else ""


def sections(context: dict[str, Any]) -> str:
    """Return links to the sections of the page below its title, if there are several."""
    inner = re.search(r"<ul>.*?<ul>(.*)</ul>\s*</li>\s*</ul>", str(context.get("toc") or ""), re.DOTALL)
    if not inner or inner[1].count("<li>") < FEWEST_SECTIONS:
        return ""
    return f'<ul class="sections">{inner[1]}</ul>'


def reading_time(doctree: nodes.document, words_of: tuple[str, str, str]) -> str:
    """Return the minutes to read a page, without code, charts and folded lists of rows.

    Of a page that folds its evidence: the minutes for what is in view, then for all of it.
    """
    in_view = everything = 0
    tables = folded = False
    for node in doctree.findall():
        table = isinstance(node, (nodes.raw, nodes.table))
        if isinstance(node, nodes.raw):
            drawn = TABLE.findall(CHART.sub("", node.astext()))
            table, words = bool(drawn), sum(len(TAG.sub(" ", found).split()) for found in drawn)
        else:
            words = len(node.astext().split()) if read(node) else 0
        within = inside(node, FoldNode)
        everything += words
        in_view += 0 if within else words
        tables, folded = tables or table, folded or (within and words > 0)
    minutes = [-(-words // WORDS_A_MINUTE) for words in (in_view, everything)]
    if folded and minutes[0] < minutes[1]:
        return words_of[2].format(*minutes)
    return words_of[tables].format(minutes[1])


def read(node: nodes.Node) -> bool:
    """Return whether a node is text outside code and outside lists to look up."""
    return isinstance(node, (nodes.paragraph, nodes.title)) and not inside(node, UNREAD)


def inside(node: nodes.Node, kind: type[nodes.Node] | tuple[type[nodes.Node], ...]) -> bool:
    """Return whether a node stands in one of a kind, or of several."""
    parent = node.parent
    while parent is not None and not isinstance(parent, kind):
        parent = parent.parent
    return parent is not None


def summary(doctree: nodes.document) -> str:
    """Return the first paragraph of a page as plain text, cut to what search engines show."""
    first = next(doctree.findall(nodes.paragraph), nodes.paragraph())
    text = " ".join("".join(map(plain, first.findall(nodes.Text))).split())
    return text if len(text) <= 160 else f"{text[:157].rsplit(' ', 1)[0]} …"


def plain(text: nodes.Text) -> str:
    """Return the words of a text node; a link to a term is written as HTML."""
    return unescape(TAG.sub("", text)) if isinstance(text.parent, nodes.raw) else text
