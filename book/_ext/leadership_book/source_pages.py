"""Make pages of the sources, with every sentence, row and number that rests on each.

There is a page for each letter with which citations begin. A page is written again when what it lists changed.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial
from html import escape
from typing import Any

from leadership_effects.counting import in_figures, year_span
from leadership_effects.data.provenance import ranges
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

from leadership_book.links import OTHER, PAGES, TOP, num_anchor, num_page, src_anchor, src_page
from leadership_book.page_cache import digest
from leadership_book.records import Records, read_json, read_rows, records
from leadership_book.site_builder import COLLECT, Page
from leadership_book.source_uses import Use, uses
from leadership_book.sources import Pieces, Source, copy_mark, fields, heading

MANY = 12  # longer lists are folded
WEIGHT = 2000  # of a source, relative to a byte of a document
COLUMN = "source_id"  # the columns that name a source end in this
OUTCOMES = "outcomes/"

Card = tuple[str, str]  # notebook and key of a number


@dataclass
class Rows:
    """Rows of one file that name a source in one column.

    Attributes
    ----------
    file, column : str
    lines : list of int
        Rows of the file, the header being row 1.
    items : list of tuple
        Text and address of each row, or of all rows of an indicator.
    """

    file: str
    column: str
    lines: list[int] = field(default_factory=list)
    items: list[tuple[str, str]] = field(default_factory=list)


@dataclass
class Entry:
    """Source with all that rests on it."""

    source: Source
    cited: str
    uses: list[tuple[str, Use]] = field(default_factory=list)
    rows: list[Rows] = field(default_factory=list)
    numbers: dict[str, list[str]] = field(default_factory=dict)


def pages(app: Sphinx) -> Iterator[Page]:
    """Yield the page of each letter."""
    files = records(app.env)
    by_page: dict[str, list[Entry]] = {}
    for entry in sorted(entries(app.env).values(), key=lambda entry: entry.cited.casefold()):
        by_page.setdefault(src_page(entry.cited), []).append(entry)
    letters = sorted(by_page, key=lambda page: (shown(page) == shown(OTHER), page))
    for name, listed in by_page.items():
        make = partial(context, app.env, files.release, letters, name, listed)
        yield Page(name, digest(files.release, letters, listed), make, WEIGHT * len(listed))


def entries(env: BuildEnvironment) -> dict[str, Entry]:
    """Return every source of the release with what rests on it."""
    files = records(env)
    found = {name: Entry(source, files.cited_as(name)) for name, source in files.sources().items()}
    for page in sorted(uses(env)):
        for use in uses(env)[page]:
            found[use.source].uses.append((page, use))
    for notebook in files.notebooks():
        for key, result in files.notebook(notebook)["results"].items():
            for name in result.get("sources") or ():
                if name in found:
                    found[name].numbers.setdefault(notebook, []).append(key)
    for name, rows in cited_rows(files):
        if name in found:
            found[name].rows.append(rows)
    return found


def cited_rows(files: Records) -> Iterator[tuple[str, Rows]]:
    """Yield each source with the rows of each file that name it, in the order of the release."""
    folder, cards = files.sources_file.parent, cards_of_rows(files)
    descriptor = folder / "datapackage.json"
    resources = read_json(descriptor)["resources"] if descriptor.is_file() else ()
    for resource in resources:
        file, schema = resource["path"], resource["schema"]
        if file == files.sources_file.name or not (folder / file).is_file():
            continue
        for column in (name["name"] for name in schema["fields"] if name["name"].endswith(COLUMN)):
            by_source: dict[str, list[tuple[int, dict[str, str]]]] = {}
            for line, row in enumerate(read_rows(folder / file), start=2):
                if row.get(column):
                    by_source.setdefault(row[column], []).append((line, row))
            for name, lines in by_source.items():
                if file.startswith(OUTCOMES):
                    items = indicators(lines)
                else:
                    items = [
                        (
                            "/".join(row[part] for part in schema["primaryKey"]),
                            address_of_row(cards, file, line, row),
                        )
                        for line, row in lines
                    ]
                yield name, Rows(file, column, [line for line, _ in lines], items)


def indicators(lines: Iterable[tuple[int, dict[str, str]]]) -> list[tuple[str, str]]:
    """Return a line for each indicator of outcome rows: how many rows, and of which years."""
    years: dict[str, list[int]] = {}
    for _, row in lines:
        years.setdefault(row["indicator_id"], []).append(int(row["year"]))
    return [
        (f"{name}, {in_figures(len(found), 'row')}, {year_span(min(found), max(found))}", "")
        for name, found in years.items()
    ]


def address_of_row(cards: dict[tuple[str, int], Card], file: str, line: int, row: dict[str, str]) -> str:
    """Return the passage or number that shows a row, empty without one."""
    if row.get("passage"):
        return f"{TOP}book/{row['passage']}"
    return number_address(*cards[file, line]) if (file, line) in cards else ""


def cards_of_rows(files: Records) -> dict[tuple[str, int], Card]:
    """Return the number that rests on the fewest rows by each row, rows of outcomes left out."""
    found: dict[tuple[str, int], tuple[int, Card]] = {}
    for notebook in files.notebooks():
        for key, result in files.notebook(notebook)["results"].items():
            for file, lines in (result.get("lines") or {}).items():
                if file.startswith(OUTCOMES):
                    continue
                among = int(result.get("n_rows") or 0)
                for line in numbered(lines):
                    if (file, line) not in found or among < found[file, line][0]:
                        found[file, line] = among, (notebook, key)
    return {place: card for place, (_, card) in found.items()}


def numbered(lines: str) -> Iterator[int]:
    """Yield the rows that ``2-4, 7`` names."""
    for part in lines.split(", "):
        first, _, last = part.partition("-")
        yield from range(int(first), int(last or first) + 1)


def number_address(notebook: str, key: str) -> str:
    """Return the address of a number's entry."""
    return f"{TOP}{num_page(notebook)}.html#{num_anchor(notebook, key)}"


def context(
    env: BuildEnvironment, release: str, letters: list[str], name: str, listed: list[Entry]
) -> dict[str, Any]:
    """Return title and body of a page of sources."""
    title = f"Sources: {shown(name)}"
    others = " ".join(
        f"<strong>{shown(other)}</strong>"
        if other == name
        else f'<a href="{TOP}{other}.html">{shown(other)}</a>'
        for other in letters
    )
    lead = (
        f"<h1>{title}</h1><p>What each source is, and every sentence, row of the release and number that rests on it. "
        f'<a href="{TOP}{PAGES["src"]}.html">All sources on one page</a></p>'
        f'<nav class="letters" aria-label="Sources by letter"><p>{others}</p></nav>'
    )
    made = "\n".join(section(env, release, entry) for entry in listed)
    return {"title": title, "body": f'{lead}<div class="sources">{made}</div>'}


def shown(page: str) -> str:
    """Return the letter of a page."""
    letter = page.rpartition("/")[2]
    return "Other" if letter == OTHER else letter.upper()


def section(env: BuildEnvironment, release: str, entry: Entry) -> str:
    """Return one source as the section that citations link to."""
    name = entry.source["source_id"]
    told = "".join(
        f"<dt>{label}</dt><dd>{html(pieces)}</dd>" for label, pieces in fields(entry.source) if html(pieces)
    )
    mark = copy_mark(entry.source)
    lists = (
        ("Sentences", [use_item(env, page, use) for page, use in entry.uses]),
        ("Rows of the release", [rows_item(release, rows) for rows in entry.rows]),
        ("Numbers", [numbers_item(*numbers) for numbers in entry.numbers.items()]),
    )
    return (
        f'<section id="{escape(src_anchor(name))}" class="source"><h2>{escape(heading(entry.cited, entry.source))}</h2>'
        + (f'<p class="check-mark">{escape(mark)}</p>' if mark else "")
        + f"<dl>{told}<dt>Id</dt><dd><code>{escape(name)}</code></dd>"
        + "".join(f"<dt>{label}</dt><dd>{folded(label, items)}</dd>" for label, items in lists)
        + "</dl></section>"
    )


def html(pieces: Pieces) -> str:
    """Return texts and links as HTML."""
    return "".join(
        f'<a href="{escape(address)}">{escape(text)}</a>' if address else escape(text)
        for text, address in pieces
    )


def folded(label: str, items: list[str]) -> str:
    """Return a list, folded if it is long, or "none"."""
    if not items:
        return "none"
    made = f"<ul>{''.join(f'<li>{item}</li>' for item in items)}</ul>"
    if len(items) <= MANY:
        return made
    return f"<details><summary>{len(items)} {label.lower()}</summary>{made}</details>"


def use_item(env: BuildEnvironment, page: str, use: Use) -> str:
    """Return a sentence with a link to where it stands."""
    place = env.titles[page].astext() if page in env.titles else page
    where = f"{place}, {use.section}" if use.section else place
    return f'<a href="{TOP}{page}.html#{escape(use.anchor)}">{escape(where)}</a>: {escape(use.sentence)}'


def rows_item(release: str, rows: Rows) -> str:
    """Return the rows of a file with links to the file and to where the site shows them."""
    file = f"{TOP}data/{release}/{rows.file}"
    column = f", {rows.column}" if rows.column != COLUMN else ""
    listed = [
        f'<a{class_of(address)} href="{escape(address or file)}"><code>{escape(text)}</code></a>'
        for text, address in rows.items
    ]
    link = (
        f'<a class="rows" href="{file}" data-rows="{ranges(rows.lines)}">{escape(rows.file)}</a>{column}: '
        f"{in_figures(len(rows.lines), 'row')}"
    )
    if len(listed) <= MANY:
        return f"{link}: {', '.join(listed)}"
    return f"{link}<details><summary>which</summary>{', '.join(listed)}</details>"


def class_of(address: str) -> str:
    """Return the class of a link: that of a number opens its card."""
    return ' class="num"' if "#num-" in address else ""


def numbers_item(notebook: str, keys: list[str]) -> str:
    """Return the numbers of a notebook that rest on a source."""
    links = ", ".join(
        f'<a class="num" href="{escape(number_address(notebook, key))}"><code>{escape(key)}</code></a>'
        for key in keys
    )
    head = (
        f'<a href="{TOP}{num_page(notebook)}.html">{escape(notebook)}</a>: {in_figures(len(keys), "number")}'
    )
    return (
        f"{head}: {links}"
        if len(keys) <= MANY
        else f"{head}<details><summary>which</summary>{links}</details>"
    )


def connect(app: Sphinx) -> None:
    """Register the pages."""
    app.connect(COLLECT, pages)
