"""Tabulate places by items: what the coded readings say of each.

A cell holds a mark and words that open the rows behind it. Items are rows and places columns; of more places than fit a page
there are several tables, and on a narrow page the row of an item becomes a card.
"""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from leadership_effects.data import vocabulary
from leadership_effects.evidence.strategy_map import (
    CONTESTED,
    CONTRARY,
    EVENT,
    LAYERS,
    PARTLY,
    READ,
    SILENT,
    STATUSES,
)
from leadership_effects.report.charts.strategy_map import TITLES
from leadership_effects.report.numbers import format_number

# Status: class of its colour, shape of its mark, and what the legend says of it.
MARKS = {
    READ: ("read", '<circle class="solid" cx="8" cy="8" r="6"/>', "found: every reading gave a code above zero"),
    EVENT: ("event", '<path class="solid" d="M8 1.5L14.5 8 8 14.5 1.5 8z"/>', "event only: a dated event names it, the readings do not"),
    PARTLY: ("partly", '<circle cx="8" cy="8" r="6"/><path class="solid" d="M8 2a6 6 0 0 1 0 12z"/>', "one reading: not all readings gave a code"),
    CONTESTED: ("contrary", '<path d="M2 8h12M8 2v12M4 4l8 8M12 4l-8 8"/>', "contested: zero, and sources disagree"),
    CONTRARY: ("contrary", '<path d="M3 3l10 10M13 3L3 13"/>', "contrary: every reading gave zero"),
    SILENT: ("silent", '<circle cx="8" cy="8" r="5.5" stroke-dasharray="2 2.4"/>', "silent: not found in the sources read"),
}  # fmt: skip
WIDEST = 8  # places in a table
LATER = "Added later, outside the counts"
COUNT_CLASS = ' class="matrix-count"'
VERDICTS = {
    "at least that large": '<path class="solid" d="M8 2l6.5 12h-13z"/>',
    "ruled out": '<path d="M2.5 2.5h11v11h-11zM2.5 13.5l11-11"/>',
    "cannot say": '<path d="M8 1.5L14.5 8 8 14.5 1.5 8z"/>',
}


@dataclass(frozen=True)
class Entry:
    """What a cell says, and the recorded number behind it.

    Attributes
    ----------
    text : str
        Words of the cell.
    notebook, key : str
        Where the number is recorded.
    status : str
        Status of the item in the place, or a verdict; empty for a cell without a mark.
    """

    text: str
    notebook: str
    key: str
    status: str = ""

    def markup(self) -> str:
        """Return the mark and the words as a link to the rows behind them."""
        kind, shape = "plain", VERDICTS.get(self.status, "")
        if self.status in MARKS:
            kind, shape, _ = MARKS[self.status]
        address = f"lb:/numbers/{self.notebook}.html#num-{self.notebook}-{self.key}"
        return (
            f'<a class="num matrix-{kind}" href="{html.escape(address, quote=True)}">{_drawn(shape)}'
            f"<span>{html.escape(self.text)}</span></a>"
        )


def words_of(cell: Mapping[Any, Any]) -> str:
    """Return what the record of one place says of an item, in at most three words.

    Parameters
    ----------
    cell : mapping
        Row of `strategy_map.code_cells`.

    Examples
    --------
    >>> words_of({"layer": "dimension", "status": "all readings", "code": 1.5})
    'found, 1.5'
    """
    if cell["status"] != READ:
        return MARKS[cell["status"]][2].partition(":")[0]
    return (
        "found"
        if cell["layer"] == "strategy"
        else f"found, {format_number(cell['code'], int(cell['code'] % 1 > 0))}"
    )


@dataclass(frozen=True)
class Matrix:
    """Matrix of items by places for display.

    Attributes
    ----------
    caption : str
    places : mapping of str to str
        Name of each place by its case id, in the order of the columns.
    entries : mapping of (str, str) to Entry
        By item and case; by item and ``""`` the number of places.
    outcomes : mapping of str to sequence of Entry
        Further rows by their heads, an entry a place, those of `later` last.
    later : mapping of str to str
        Places outside the counts, in tables after that of the others.
    """

    caption: str
    places: Mapping[str, str]
    entries: Mapping[tuple[str, str], Entry]
    outcomes: Mapping[str, Sequence[Entry]]
    later: Mapping[str, str] = field(default_factory=dict)

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        return {"text/html": self.markup(), "text/plain": self.frame().to_string()}

    def frame(self) -> pd.DataFrame:
        """Return the words of all cells, a row an item and a column a place."""
        rows = {
            item: [self.entries[item, case].text for case in (*self.places, *self.later)]
            for item in self._items(LAYERS[:3])
        }
        rows |= {head: [entry.text for entry in entries] for head, entries in self.outcomes.items()}
        return pd.DataFrame.from_dict(
            rows, orient="index", columns=[*self.places.values(), *self.later.values()]
        )

    def _items(self, kinds: Sequence[str]) -> list[str]:
        return [item for kind in kinds for item in vocabulary.items_of(kind)]

    def markup(self) -> str:
        """Return legend and tables of as many places as fit a page; the first counts them."""
        counted, late = _blocks(list(self.places)), _blocks(list(self.later))
        tables = [
            self._table(f"{self.caption}{_part(n, counted)}", places, counts=n == 0)
            for n, places in enumerate(counted)
        ]
        tables += [
            self._table(f"{LATER}: {self.caption[:1].lower()}{self.caption[1:]}{_part(n, late)}", places)
            for n, places in enumerate(late)
        ]
        return self._legend() + "".join(tables)

    def _table(self, caption: str, places: Sequence[str], *, counts: bool = False) -> str:
        """Return a table of some places; roles keep it one where its rows become cards."""
        name, columns = html.escape(caption), {case: {**self.places, **self.later}[case] for case in places}
        if counts:
            columns[""] = "places"
        heads = ["item", *columns.values()]
        head = "".join(f'<th scope="col" role="columnheader">{html.escape(title)}</th>' for title in heads)
        body = "".join(self._layer(layer, columns) for layer in LAYERS)
        return (
            f'<div class="table-scroll matrix" tabindex="0" role="region" aria-label="{name}">'
            f'<table role="table"><caption>{name}</caption><thead role="rowgroup"><tr role="row">{head}</tr></thead>'
            f'<tbody role="rowgroup">{body}</tbody></table></div>'
        )

    def _legend(self) -> str:
        items = "".join(
            f'<li><span class="matrix-{MARKS[status][0]}">{_drawn(MARKS[status][1])}</span>{html.escape(MARKS[status][2])}</li>'
            for status in STATUSES
        )
        return f'<ul class="matrix-legend" aria-label="Marks in the matrix">{items}</ul>'

    def _layer(self, layer: str, columns: Mapping[str, str]) -> str:
        wide = len(columns) + 1
        title = (
            f'<tr role="row" class="layer"><th scope="colgroup" role="columnheader" colspan="{wide}" aria-colspan="{wide}">'
            f"{html.escape(TITLES[layer])}</th></tr>"
        )
        if layer != "outcome":
            return title + "".join(
                self._row(
                    vocabulary.ITEMS[item].label.capitalize(),
                    columns,
                    {case: self.entries[item, case] for case in columns},
                )
                for item in self._items([layer])
            )
        every = [*self.places, *self.later]
        return title + "".join(
            self._row(head, columns, dict(zip(every, entries, strict=True)))
            for head, entries in self.outcomes.items()
        )

    def _row(self, head: str, columns: Mapping[str, str], entries: Mapping[str, Entry]) -> str:
        cells = "".join(
            f'<td role="cell"{"" if case else COUNT_CLASS} data-label="{html.escape(label, quote=True)}">'
            f"{entries[case].markup() if case in entries else ''}</td>"
            for case, label in columns.items()
        )
        return f'<tr role="row"><th scope="row" role="rowheader">{html.escape(head)}</th>{cells}</tr>'


def _blocks(cases: Sequence[str]) -> list[Sequence[str]]:
    """Return cases in blocks of nearly the same size, none with more than `WIDEST`."""
    number = -(-len(cases) // WIDEST)
    return [cases[len(cases) * n // number : len(cases) * (n + 1) // number] for n in range(number)]


def _part(number: int, blocks: Sequence[Sequence[str]]) -> str:
    return f" ({number + 1} of {len(blocks)})" if len(blocks) > 1 else ""


def _drawn(shape: str) -> str:
    """Return a shape as a picture that stands beside words."""
    return f'<svg viewBox="0 0 16 16" aria-hidden="true" focusable="false">{shape}</svg>' if shape else ""
