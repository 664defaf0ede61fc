"""Tables of release rows as accessible HTML with links to their sources."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import pandas as pd

from leadership_effects.report.numbers import format_number
from leadership_effects.signs import true_minus

SOURCES_PAGE = "lb:/book/bibliography.html"  # lb:/ is the top of the site, made relative in a page
CLASS_WIDE = ' class="sentences"'
SENTENCE = 45
NARROW = 3  # more columns than these become one card a row on a phone


@dataclass(frozen=True)
class Table:
    """A table for display: text is escaped, source ids link to the bibliography.

    Attributes
    ----------
    frame : DataFrame
    caption : str
    empty : str
        Sentence in place of a table without rows; made of the caption if left out.
    """

    frame: pd.DataFrame
    caption: str
    empty: str = ""

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        if self.frame.empty:
            words = self.empty or f"{self.caption}: none in this release."
            return {"text/html": f"<p>{html.escape(words)}</p>", "text/plain": words}
        return {
            "text/html": html_table(self.frame, self.caption, shown=True),
            "text/plain": self.frame.to_string(),
        }


def html_table(frame: pd.DataFrame, caption: str, *, shown: bool = False) -> str:
    """Scrollable table with column headers; the first column heads its row.

    Parameters
    ----------
    frame : DataFrame
        A column named ``source`` or ``sources`` holds source ids and becomes links, as does ``page``, a path of the book.
    caption : str
        Name of the table for screen readers; printed above it if `shown`.
    """
    wide = [frame[column].astype(str).str.len().max() > SENTENCE for column in frame.columns]
    head = "".join(
        heading(str(column), sentences) for column, sentences in zip(frame.columns, wide, strict=True)
    )
    cards = shown and len(frame.columns) > NARROW
    body = "".join(_row(frame.columns, values, cards) for values in frame.itertuples(index=False))
    return scrollable(caption, head, body, shown=shown, cards=cards)


def scrollable(caption: str, head: str, body: str, *, shown: bool = True, cards: bool = False) -> str:
    """Frame the markup of a table's head cells and rows as a region that scrolls."""
    name = html.escape(caption)
    title = f"<caption>{name}</caption>" if shown else ""
    return (
        f'<div class="table-scroll{" cards" if cards else ""}" tabindex="0" role="region" aria-label="{name}"><table>{title}'
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def heading(column: str, wide: bool) -> str:
    """Return the head of a column; one of sentences is wide enough to be read on a phone."""
    return f'<th scope="col"{CLASS_WIDE if wide else ""}>{html.escape(column)}</th>'


def _row(columns: Any, values: Any, cards: bool) -> str:
    cells = [_cell(column, value) for column, value in zip(columns, values, strict=True)]
    first, rest = cells[0], zip(columns[1:], cells[1:], strict=True)
    label = ' data-label="{}"' if cards else ""
    named = "".join(
        f"<td{label.format(html.escape(str(name), quote=True))}>{cell}</td>" for name, cell in rest
    )
    return f'<tr><th scope="row">{first}</th>{named}</tr>'


def _cell(column: str, value: Any) -> str:
    if column in ("source", "sources"):
        names = [html.escape(name) for name in str(value).split(", ") if name]
        return ", ".join(
            f'<a href="{SOURCES_PAGE}#src-{name}">{name.replace("_", "_<wbr/>")}</a>' for name in names
        )
    if column == "page":
        return _page_link(str(value)) if value else ""
    if pd.isna(value):
        return ""
    if isinstance(value, float):
        return format_number(value, 0 if value.is_integer() and abs(value) < 1e6 else 2)
    if isinstance(value, bool):
        return "yes" if value else "no"
    return html.escape(true_minus(str(value)))


def _page_link(page: str) -> str:
    """Link to a page of the book by its path, named by its last part."""
    name = page.partition("#")[0].rpartition("/")[2].removesuffix(".html").replace("_", " ")
    if name == "index":
        name = page.split("/")[0].replace(".html", "")
    return f'<a href="lb:/book/{html.escape(page, quote=True)}">{html.escape(name)}</a>'


def markdown_table(heads: Iterable[Any], rows: Iterable[Iterable[Any]]) -> str:
    """Return a Markdown table, a line a row, unpadded: a longer cell changes its line alone."""
    lines = [[" ".join(str(cell).split()).replace("|", "\\|") for cell in line] for line in (heads, *rows)]
    lines.insert(1, ["---"] * len(lines[0]))
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def escape_markdown(text: str) -> str:
    """Return text on one line in which Markdown reads no markup."""
    return re.sub(r"([\\*_`<$\[{])", r"\\\1", " ".join(text.split()))


def sourced_table(frame: pd.DataFrame, caption: str, empty: str = "") -> Table:
    """Return rows of a release as a table whose sources are cited."""
    return Table(frame.rename(columns={"source_id": "source"}), caption, empty)
