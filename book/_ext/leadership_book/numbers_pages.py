"""Make pages and cards of every result of a notebook; numbers in prose open their cards.

A card comes from a small file, one of `FILES` for each notebook. The page lists every result, with rows and sources that
many results share once, at its end.

The pages are written as HTML and not read as documents, because a tree of nodes for each of several thousand results
makes a build many times slower.
"""

import ast
import hashlib
import json
from collections.abc import Iterable, Iterator
from functools import lru_cache, partial
from html import escape
from pathlib import Path
from typing import Any

from docutils import nodes
from docutils.nodes import Node
from leadership_effects.counting import agreeing, in_figures
from leadership_effects.renamed_keys import renamed_file, renamed_keys
from leadership_effects.report.citation import publication
from leadership_effects.source_lines import code_page
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from leadership_book.links import TOP, num_anchor, num_page, src_address
from leadership_book.number_rows import by_rows, merged
from leadership_book.number_words import bar, named_html, names, sentence, smallest_of_interest
from leadership_book.page_cache import digest, file_digest
from leadership_book.pictures import page_of
from leadership_book.problems import report
from leadership_book.records import Records, UnknownName, records
from leadership_book.roles import interval
from leadership_book.site_builder import COLLECT, Page
from leadership_book.sureness import printed

INDEX = "numbers-index"
LONG = 60  # characters
MANY, SHOWN = 12, 5  # of more sources than the first the second are shown, the rest are folded away
CARDS = "numbers/cards"
FILES = 64  # of cards, a notebook; book.js counts the same


class NumbersIndex(SphinxDirective):
    """List the pages of numbers, one for each notebook."""

    def run(self) -> list[Node]:
        """Return links to the pages with how many numbers each holds."""
        files = records(self.env)
        items = []
        self.env.note_dependency(str(files.results))
        for name in files.notebooks():
            self.env.note_dependency(str(files.notebook_file(name)))
            try:
                record = files.notebook(name)
            except UnknownName as error:
                report(self.env, self.lineno, str(error))
                continue
            link = nodes.reference("", record["source"], refuri=f"{TOP}{num_page(name)}.html", internal=True)
            words = nodes.Text(
                f": {in_figures(len(record['results']), 'number')}, {in_figures(len(record['figures']), 'figure')}"
            )
            items.append(nodes.list_item("", nodes.paragraph("", "", link, words)))
        return [nodes.container("", nodes.bullet_list("", *items), classes=[INDEX])]


def pages(app: Sphinx) -> Iterator[Page]:
    """Yield the page of each notebook's results."""
    files = records(app.env)
    modules = [
        file_digest(path) for path in sorted((files.root / "analysis" / "leadership_effects").rglob("*.py"))
    ]
    read = [file_digest(path) for path in (files.sources_file, renamed_file(files.root))]
    shared = digest(modules, read, release_hash(files.sources_file.parent))
    for name in files.notebooks():
        path = files.notebook_file(name)
        title = chapter_title(app, files.notebook(name)["source"])
        inputs, weight = digest(shared, file_digest(path), title), path.stat().st_size
        yield Page(num_page(name), inputs, partial(context, files, name, title), weight)
        yield from (
            Page(
                f"{CARDS}/{name}/{number}.json",
                inputs,
                partial(cards, files, name, number),
                weight // FILES,
                raw=True,
            )
            for number in sorted({card_file(key) for key in keys(files, name)})
        )
    named = partial(names_file, files)
    yield Page(f"{CARDS}/names.json", shared, named, 1, raw=True)


def keys(files: Records, notebook: str) -> dict[str, str]:
    """Return every key of a notebook, the earlier ones too, with the present key."""
    now = {key: key for key in files.notebook(notebook)["results"]}
    old = earlier_keys(files.root, notebook)
    return now | {earlier: key for key, found in old.items() if key in now for earlier in found}


def card_file(key: str) -> int:
    """Return the number of the file that holds a result's card."""
    number = 0
    for character in key:
        number = (31 * number + ord(character)) % FILES
    return number


def cards(files: Records, notebook: str, number: int) -> dict[str, Any]:
    """Return the file of some cards: HTML by key, and the long lists that marks in it stand for.

    The script puts the lists in and makes links from the top of the site relative.
    """
    record, lists = files.notebook(notebook), CardLists()
    held = {
        key: entry(files, record, present, record["results"][present], lists)
        for key, present in sorted(keys(files, notebook).items())
        if card_file(key) == number
    }
    return {"body": json.dumps({"cards": held, "lists": list(lists.held)}, ensure_ascii=False)}


def names_file(files: Records) -> dict[str, Any]:
    """Return the file of names that rows in a card show in place of ids."""
    found = dict(sorted(names(files.sources_file.parent).items()))
    found |= {name: files.cited_as(name) for name in sorted(files.sources())}
    return {"body": json.dumps(found, ensure_ascii=False)}


class CardLists:
    """Long lists of the cards of a file, each kept once and marked where it stands."""

    def __init__(self) -> None:
        self.held: dict[str, str] = {}
        self.sources: dict[tuple[str, ...], str] = {}  # made once for the results that share them

    def mark(self, made: str) -> str:
        """Return the mark of a list."""
        return self.held.setdefault(made, f"<!--{len(self.held)}-->")

    def folded(self, words: str, made: str) -> str:
        """Return a list folded away."""
        return f"<details><summary>{words}</summary>{self.mark(made)}</details>"


class PageLists:
    """Long lists of a page, each kept once at its end."""

    def __init__(self) -> None:
        self.held: dict[str, str] = {}
        self.sources: dict[tuple[str, ...], str] = {}  # made once for the results that share them

    def folded(self, words: str, made: str) -> str:
        """Return a link to a list."""
        return f'<a href="#{self.held.setdefault(made, f"list-{len(self.held) + 1}")}">{words}</a>'

    def html(self) -> str:
        """Return the end of the page."""
        lists = "".join(f'<div id="{anchor}">{made}</div>' for made, anchor in self.held.items())
        return (
            f'<h2>Rows and sources of several numbers</h2><div class="lists">{lists}</div>' if lists else ""
        )


def chapter_title(app: Sphinx, source: str) -> str:
    """Return the title of the chapter made from a notebook, or else the notebook's name."""
    title = app.env.titles.get(page_of(source))
    return title.astext() if title is not None else source.removeprefix("analysis/notebooks/")


def context(files: Records, name: str, chapter: str) -> dict[str, Any]:
    """Return title and body of the page of a notebook's results."""
    record, old = files.notebook(name), earlier_keys(files.root, name)
    title, lists = f"Numbers: {chapter}", PageLists()
    entries = "\n".join(
        entry(files, record, key, result, lists, old.get(key, ()))
        for key, result in record["results"].items()
    )
    lead = (
        f"<h1>{escape(title)}</h1><p>Each number that this notebook recorded: what it means, at full precision, "
        f'what is behind it and how to compute it again. <a href="{TOP}book/numbers.html">All notebooks</a></p>'
    )
    return {"title": title, "body": f'{lead}<div class="numbers">{entries}</div>{lists.html()}'}


def earlier_keys(root: Path, notebook: str) -> dict[str, list[str]]:
    """Return the earlier keys of a notebook's results by the present key, without the notebook."""
    found: dict[str, list[str]] = {}
    for old, new in renamed_keys(root).items():
        if new.partition(".")[0] == notebook:
            found.setdefault(new.partition(".")[2], []).append(old.partition(".")[2])
    return found


def entry(
    files: Records,
    record: dict[str, Any],
    key: str,
    result: dict[str, Any],
    lists: CardLists | PageLists,
    earlier: Iterable[str] = (),
) -> str:
    """Return one result as the section that pages list and cards show.

    Links to its earlier keys lead to it. Long lists are kept apart.
    """
    notebook = record["notebook"]
    labelled = "".join(
        f"<dt>{label}</dt><dd>{content}</dd>"
        for label, content in fields(files, record, key, result, lists)
        if content
    )
    anchored = "".join(f'<span id="{escape(num_anchor(notebook, old))}"></span>' for old in earlier)
    marked = printed(files, notebook, key)["text"]
    meaning = escape(sentence(files, key, result))
    if marked != result["text"]:
        meaning += f' Its mark says <span class="marked">{escape(marked)}</span>, because the place has none.'
    return (
        f'<section id="{escape(num_anchor(notebook, key))}" class="number">{anchored}'
        f'<h2><span class="printed">{escape(result["text"])}</span> <code>{escape(notebook)}.{escape(key)}</code></h2>'
        f'<p class="meaning">{meaning}</p>'
        f"{bar(result, smallest_of_interest(files, notebook))}<dl>{labelled}</dl></section>"
    )


def fields(
    files: Records, record: dict[str, Any], key: str, result: dict[str, Any], lists: CardLists | PageLists
) -> Iterator[tuple[str, str]]:
    """Yield label and HTML of each field of a result."""
    yield "Sources", sources(files, result, lists)
    yield "Rows", rows(files, record["release"], result, lists)
    unit = f" {escape(result['unit'])}" if result.get("unit") else ""
    yield "Full precision", f"<code>{escape(exact(result['value']))}</code>{unit}"
    if result.get("interval_text"):
        ends = " to ".join(map(exact, result.get("interval") or ()))
        yield "Interval", escape(interval(result)) + (f": <code>{escape(ends)}</code>" if ends else "")
    yield "Computed by", function(files.root, result.get("module") or "", result.get("function") or "")
    yield "Recorded in", code_link(record["source"], result.get("line"))
    yield "Release", escape(f"{record['release']}, checksum {release_hash(files.sources_file.parent)}")
    yield (
        "Recompute",
        f"<code>nox -s reproduce -- {escape(record['notebook'])}.{escape(key)}</code> runs what it comes from and says "
        "Same or Differs",
    )
    yield (
        "Cite",
        f'<span class="cite-text">{escape(citation(record, key, result))}</span>',
    )


def citation(record: dict[str, Any], key: str, result: dict[str, Any]) -> str:
    """Return the citation of one number."""
    book, unit = publication(), f" {result['unit']}" if result.get("unit") else ""
    return (
        f"{book.author}, {book.title}, data release {record['release']}, {record['notebook']}.{key}: "
        f"{result['text']}{unit}."
    )


def rows(files: Records, release: str, result: dict[str, Any], lists: CardLists | PageLists) -> str:
    """Return how many rows are behind a result, what they are, and their files."""
    parts = (result.get("n_rows"), merged(result.get("rows") or ""))
    text = ": ".join(str(part) for part in parts if part not in (None, "", 0)) or "none"
    items = "".join(
        f"<li>{rows_of_file(f'{TOP}data/{release}/{file}', file, lines, lists)}</li>"
        for file, lines in (result.get("lines") or {}).items()
    )
    return named_html(files, text) + (f"<ul>{items}</ul>" if items else "")


def rows_of_file(address: str, file: str, lines: str, lists: CardLists | PageLists) -> str:
    """Return the rows of a file as text with a link; a long list is kept apart."""
    if len(lines) <= LONG:
        return f'<a class="rows" href="{address}" data-rows="{lines}">{file}</a>, rows {lines}'
    if isinstance(lists, PageLists):
        made = f'<p><a href="{address}">{file}</a>, rows {lines}</p>'
        return f'<a href="{address}">{file}</a>, {lists.folded("which rows", made)}'
    link = f'<a class="rows" href="{address}" data-rows="{lists.mark(lines)}">{file}</a>'
    return f"{link}{lists.folded('which rows', lines)}"


def exact(value: object) -> str:
    """Return a value at full precision; texts are unchanged."""
    return value if isinstance(value, str) else "none" if value is None else repr(value)


def sources(files: Records, result: dict[str, Any], lists: CardLists | PageLists) -> str:
    """Return the sources, each issuer and year once; of many, all but the first are folded."""
    names = tuple(result.get("sources") or ())
    if not names:
        return ""
    if len(names) <= MANY:
        return listed_once(files, names, lists)
    ordered = by_rows(files.sources_file.parent, names, result.get("lines") or {})
    rest = listed_once(files, tuple(ordered[SHOWN:]), lists)
    first = listed_once(files, tuple(ordered[:SHOWN]), lists)
    return first + lists.folded(f"{len(names) - SHOWN} more {agreeing(len(names) - SHOWN, 'source')}", rest)


def listed_once(files: Records, names: tuple[str, ...], lists: CardLists | PageLists) -> str:
    """Return a list of sources, made once for the results that share it."""
    if names not in lists.sources:
        lists.sources[names] = source_items(files, names)
    return lists.sources[names]


def source_items(files: Records, names: Iterable[str]) -> str:
    """Return sources as a list of their citations, with the documents of each."""
    cited: dict[str, list[dict[str, str]]] = {}
    for name in names:
        cited.setdefault(files.cited_as(name), []).append(files.source(name))
    listed = "".join(f"<li>{source_links(words, found)}</li>" for words, found in cited.items())
    return f"<ul>{listed}</ul>"


def source_links(cited: str, found: list[dict[str, str]]) -> str:
    """Return documents that are cited alike as links to their entries."""
    addresses = [escape(src_address(source["source_id"], cited)) for source in found]
    if len(found) == 1:
        return f'<a class="src" href="{addresses[0]}">{escape(cited)}</a>: {escape(found[0]["title"])}'
    links = "; ".join(
        f'<a class="src" href="{address}">{escape(source["title"])}</a>'
        for source, address in zip(found, addresses, strict=True)
    )
    return f"{escape(cited)}: {links}"


def code_link(source: str, line: int | None) -> str:
    """Return a link to a line of a source listing."""
    where = f", line {line}" if line else ""
    at = f"#line-{line}" if line else ""
    return f'<a href="{TOP}code/{code_page(source)}.html{at}">{escape(source)}{where}</a>'


def function(root: Path, module: str, name: str) -> str:
    """Return a link to the function or cell that computed a result, or plain words."""
    if not module:
        return escape(name)
    path = root / "analysis" / f"{module.replace('.', '/')}.py"
    line = definitions(path).get(name) if path.is_file() else None
    shown = f"<code>{escape(module)}.{escape(name)}</code>"
    return (
        f'<a href="{TOP}code/{code_page(path.relative_to(root).as_posix())}.html#line-{line}">{shown}</a>'
        if line
        else shown
    )


@lru_cache(maxsize=256)
def definitions(path: Path) -> dict[str, int]:
    """Return the line of each function, class and method of a module."""
    found: dict[str, int] = {}
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            found[node.name] = node.lineno
        if isinstance(node, ast.ClassDef):
            methods = (part for part in node.body if isinstance(part, ast.FunctionDef))
            found |= {f"{node.name}.{method.name}": method.lineno for method in methods}
    return found


@lru_cache(maxsize=4)
def release_hash(folder: Path) -> str:
    """Return the first digits of the checksum of a release's descriptor.

    The descriptor holds the checksums of the release's files.
    """
    path = folder / "datapackage.json"
    return hashlib.sha256(path.read_bytes()).hexdigest()[:16] if path.is_file() else "none"


def connect(app: Sphinx) -> None:
    """Register the directive and the pages."""
    app.add_directive("numbers-index", NumbersIndex)
    app.connect(COLLECT, pages)
