"""Make pages of every result of a notebook; numbers in prose open their entries.

The pages are written as HTML and not read as documents, because a tree of nodes for each of several thousand results
makes a build many times slower.
"""

import ast
import hashlib
from collections.abc import Iterable, Iterator
from functools import lru_cache, partial
from html import escape
from pathlib import Path
from typing import Any

from docutils import nodes
from docutils.nodes import Node
from leadership_effects.renamed_keys import renamed_file, renamed_keys
from leadership_effects.report.citation import publication
from leadership_effects.source_lines import code_page
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from leadership_book.links import TOP, num_anchor, num_page, src_address
from leadership_book.page_cache import digest, file_digest
from leadership_book.problems import report
from leadership_book.records import Records, UnknownName, records
from leadership_book.roles import interval
from leadership_book.site_builder import COLLECT, Page

INDEX = "numbers-index"
LONG = 60  # characters
MANY = 12  # more sources than these are folded away


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
            words = nodes.Text(f": {len(record['results'])} numbers, {len(record['figures'])} figures")
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
        inputs = digest(shared, file_digest(path))
        yield Page(num_page(name), inputs, partial(context, files, name), path.stat().st_size)


def context(files: Records, name: str) -> dict[str, Any]:
    """Return title and body of the page of a notebook's results."""
    record, old = files.notebook(name), earlier_keys(files.root, name)
    title = f"Numbers of {record['source'].removeprefix('analysis/notebooks/')}"
    entries = "\n".join(
        entry(files, record, key, result, old.get(key, ())) for key, result in record["results"].items()
    )
    lead = (
        f"<h1>{escape(title)}</h1><p>Each number that this notebook recorded: what it means, at full precision, "
        f'what is behind it and how to compute it again. <a href="{TOP}book/numbers.html">All notebooks</a></p>'
    )
    return {"title": title, "body": f'{lead}<div class="numbers">{entries}</div>'}


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
    earlier: Iterable[str] = (),
) -> str:
    """Return one result as the section that pages list and cards show.

    Links to its earlier keys lead to it.
    """
    notebook = record["notebook"]
    labelled = "".join(
        f"<dt>{label}</dt><dd>{content}</dd>"
        for label, content in fields(files, record, key, result)
        if content
    )
    anchored = "".join(f'<span id="{escape(num_anchor(notebook, old))}"></span>' for old in earlier)
    return (
        f'<section id="{escape(num_anchor(notebook, key))}" class="number">{anchored}'
        f'<h2><span class="printed">{escape(result["text"])}</span> <code>{escape(notebook)}.{escape(key)}</code></h2>'
        f'<p class="meaning">{escape(result["meaning"])}</p><dl>{labelled}</dl></section>'
    )


def fields(
    files: Records, record: dict[str, Any], key: str, result: dict[str, Any]
) -> Iterator[tuple[str, str]]:
    """Yield label and HTML of each field of a result."""
    unit = f" {escape(result['unit'])}" if result.get("unit") else ""
    yield "Full precision", f"<code>{escape(exact(result['value']))}</code>{unit}"
    if result.get("interval_text"):
        ends = " to ".join(map(exact, result.get("interval") or ()))
        yield "Interval", escape(interval(result)) + (f": <code>{escape(ends)}</code>" if ends else "")
    yield "Rows", rows(record["release"], result)
    yield "Sources", sources(files, result.get("sources") or [])
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


def rows(release: str, result: dict[str, Any]) -> str:
    """Return how many rows are behind a result, what they are, and their files."""
    parts = (result.get("n_rows"), result.get("rows"))
    described = escape(": ".join(str(part) for part in parts if part not in (None, "", 0))) or "none"
    files = "".join(
        f'<li><a class="rows" href="{TOP}data/{release}/{file}" data-rows="{lines}">{file}</a>{which(lines)}</li>'
        for file, lines in (result.get("lines") or {}).items()
    )
    return described + (f"<ul>{files}</ul>" if files else "")


def which(lines: str) -> str:
    """Return the row numbers of a file as text; a long list is folded away."""
    if len(lines) <= LONG:
        return f", rows {lines}"
    return f"<details><summary>which rows</summary>{lines}</details>"


def exact(value: object) -> str:
    """Return a value at full precision; texts are unchanged."""
    return value if isinstance(value, str) else "none" if value is None else repr(value)


def sources(files: Records, source_ids: list[str]) -> str:
    """Return links to sources, separated by semicolons; a long list is folded."""
    links = [source_link(files.source(name), files.cited_as(name)) for name in source_ids]
    if len(links) <= MANY:
        return "; ".join(links)
    return f"<details><summary>{len(links)} sources</summary>{'; '.join(links)}</details>"


def source_link(source: dict[str, str], cited: str) -> str:
    """Return a source as a link to its entry."""
    address = src_address(source["source_id"], cited)
    return f'<a class="src" href="{escape(address)}" title="{escape(source["title"])}">{escape(cited)}</a>'


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
