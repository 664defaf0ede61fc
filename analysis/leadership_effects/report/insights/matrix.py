"""Tabulate places by items: what the coded readings say of each.

A cell holds a mark and words that open the rows behind it. Items are rows and places columns; on a narrow page the row of an item becomes a card.
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
        Places outside the counts, in columns after them.
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
        """Return legend and table; roles keep it one where its rows become cards."""
        name = html.escape(self.caption)
        heads = ["item", *self._heads()]
        head = "".join(f'<th scope="col" role="columnheader">{html.escape(title)}</th>' for title in heads)
        body = "".join(self._layer(layer) for layer in LAYERS)
        return (
            f'{self._legend()}<div class="table-scroll matrix" tabindex="0" role="region" aria-label="{name}">'
            f'<table role="table"><caption>{name}</caption><thead role="rowgroup"><tr role="row">{head}</tr></thead>'
            f'<tbody role="rowgroup">{body}</tbody></table></div>'
        )

    def _heads(self) -> list[str]:
        return [*self.places.values(), "places", *self.later.values()]

    def _legend(self) -> str:
        items = "".join(
            f'<li><span class="matrix-{MARKS[status][0]}">{_drawn(MARKS[status][1])}</span>{html.escape(MARKS[status][2])}</li>'
            for status in STATUSES
        )
        return f'<ul class="matrix-legend" aria-label="Marks in the matrix">{items}</ul>'

    def _layer(self, layer: str) -> str:
        wide = len(self._heads()) + 1
        title = (
            f'<tr role="row" class="layer"><th scope="colgroup" role="columnheader" colspan="{wide}" aria-colspan="{wide}">'
            f"{html.escape(TITLES[layer])}</th></tr>"
        )
        if layer == "outcome":
            n = len(self.places)
            rows = [self._row(head, [*all_[:n], None, *all_[n:]]) for head, all_ in self.outcomes.items()]
        else:
            rows = [
                self._row(
                    vocabulary.ITEMS[item].label.capitalize(),
                    [self.entries[item, case] for case in (*self.places, "", *self.later)],
                )
                for item in self._items([layer])
            ]
        return title + "".join(rows)

    def _row(self, head: str, entries: Sequence[Entry | None]) -> str:
        kinds = [' class="matrix-count"' if n == len(self.places) else "" for n in range(len(entries))]
        cells = "".join(
            f'<td role="cell"{kind} data-label="{html.escape(label, quote=True)}">{entry.markup() if entry else ""}</td>'
            for kind, label, entry in zip(kinds, self._heads(), entries, strict=True)
        )
        return f'<tr role="row"><th scope="row" role="rowheader">{html.escape(head)}</th>{cells}</tr>'


def _drawn(shape: str) -> str:
    """Return a shape as a picture that stands beside words."""
    return f'<svg viewBox="0 0 16 16" aria-hidden="true" focusable="false">{shape}</svg>' if shape else ""
