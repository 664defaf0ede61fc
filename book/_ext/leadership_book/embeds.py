"""Make a page of each chart alone with the rows behind it.

Other sites show the page in a frame. The chapter shows the rows of it once a reader opens them: for a chart of hundreds
of estimates they are more than all words of the chapter.
"""

import re
from collections.abc import Iterator
from functools import partial
from html import escape
from typing import Any

from leadership_effects.report.citation import publication
from sphinx.application import Sphinx

from leadership_book.links import TOP
from leadership_book.page_cache import digest, file_digest
from leadership_book.pictures import page_of, sources_of
from leadership_book.records import Records, read_json, records
from leadership_book.site_builder import COLLECT, Page
from leadership_book.table_cells import names_of
from leadership_book.tables import laid_out

FOLDER = "book/embed"
STYLE = "_static/embed.css"
REMOVED = {"remove-cell", "remove-output"}
STILL = re.compile(r'<div class="chart-still w\d+"><svg .*?</svg></div>', re.DOTALL)
BEHIND = re.compile(
    r'(<figure class="chart"[^>]* data-spec="lb:/figures/([^"]+)\.json".*?<details class="chart-data">.*?)'
    r'(<div class="table-scroll.*?</table></div>)(?=</details></figure>)',
    re.DOTALL,
)
POLICY = "default-src 'none'; style-src 'self'; base-uri 'none'"


def pages(app: Sphinx) -> Iterator[Page]:
    """Yield the page of each figure."""
    files = records(app.env)
    for path in sorted((files.results / "figures").glob("*.json")):
        notebook = path.stem.partition(".")[0]
        inputs = digest(
            files.release,
            file_digest(path),
            file_digest(files.notebook_file(notebook)),
            file_digest(files.sources_file),
        )
        name = f"{FOLDER}/{path.stem}.html"
        yield Page(name, inputs, partial(context, files, path.stem), path.stat().st_size // 100, raw=True)


def context(files: Records, name: str) -> dict[str, Any]:
    """Return the page of a figure, named ``<notebook>.<figure>``."""
    record, book = read_json(files.figure_file(name)), publication().title
    title, subtitle = escape(record["title"]), escape(record.get("subtitle", ""))
    there = f"{TOP}{shown_on(files, name, record['source'])}"
    behind = BEHIND.search(record["html"])
    rows = laid_out(behind[3], names_of(files), files) if behind else ""
    count = len(record["rows"])
    source = escape(sources_of(files, name, record.get("sources")))
    html = (
        f'<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="robots" content="noindex">'
        f'<meta name="color-scheme" content="light dark"><title>{title}</title>'
        f'<link rel="stylesheet" href="{TOP}{STYLE}"></head><body><main><figure>'
        f"<h1>{title}</h1>{f'<p class=subtitle>{subtitle}</p>' if subtitle else ''}"
        f'<div class="view" role="img" aria-label="{escape(record["alt"])}">{"".join(STILL.findall(record["html"]))}</div>'
        f"<figcaption>{escape(record['caption'])}</figcaption></figure>"
        f'<p class="source">{source} <a href="{there}" target="_blank" rel="noopener">{escape(book)}</a>, data release '
        f"{files.release}. Licence CC BY 4.0.</p>"
        f'<details><summary>Rows behind the chart ({count})</summary><div id="rows">{rows}</div></details>'
        "</main></body></html>\n"
    )
    return {"body": html.replace(TOP, "../" * (FOLDER.count("/") + 1))}


def rows_apart(markup: str) -> str:
    """Return HTML in which the rows behind a chart are a link to the page that holds them."""
    return BEHIND.sub(
        lambda found: (
            f'{found[1]}<p class="chart-rows"><a href="{TOP}{FOLDER}/{found[2]}.html#rows">Rows behind the chart</a></p>'
        ),
        markup,
    )


def shown_on(files: Records, name: str, source: str) -> str:
    """Return the address of a figure in its chapter, or of a chapter that does not show it."""
    chapter = page_of(source)
    anchor = f"fig-{name.replace('.', '-', 1)}"
    notebook = files.root / f"{chapter}.ipynb"
    cells = read_json(notebook)["cells"] if notebook.is_file() else []
    seen = [cell for cell in cells if not REMOVED & set(cell["metadata"].get("tags", ()))]
    shown = any(f'id="{anchor}"' in "".join(text) for cell in seen for text in htmls(cell))
    placed = any(f"{{chart}} {name}\n" in "".join(cell["source"]) for cell in seen)
    return f"{chapter}.html#{anchor}" if shown or placed else f"{chapter}.html"


def htmls(cell: dict[str, Any]) -> list[str]:
    """Return the HTML outputs of a cell."""
    data = [output.get("data", {}) for output in cell.get("outputs", ())]
    return [one["text/html"] for one in data if "text/html" in one]


def connect(app: Sphinx) -> None:
    """Register the pages."""
    app.connect(COLLECT, pages)
