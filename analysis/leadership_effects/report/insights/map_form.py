"""Write the form above the strategy map, which chooses a place and an item to follow.

A script of the page shows the form and keeps its choice in the address; without the script the map shows all places.
"""

from __future__ import annotations

import html
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from leadership_effects.evidence.strategy_map import ITEMS, LAYERS, NAMED
from leadership_effects.report.charts.strategy_map import ALL, TITLES, item_label


@dataclass(frozen=True)
class MapForm:
    """Form of the strategy map.

    Attributes
    ----------
    figure : str
        Anchor of the map's figure.
    names : mapping of str to str
        Name of each place by its case id.
    across : DataFrame
        From `strategy_map.merge_links`, of which the form tells those of the item that is followed.
    later : DataFrame, optional
        The same of places outside the counts, told where such a place is chosen.
    """

    figure: str
    names: Mapping[str, str]
    across: pd.DataFrame
    later: pd.DataFrame | None = None

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        return {"text/html": self.markup(), "text/plain": "Form of the strategy map"}

    def markup(self) -> str:
        """Return the form; words of places and items are those of the chart."""
        links = [_told(row) for row in self.across.to_dict("records")]
        if self.later is not None:
            links += [[*_told(row), 1] for row in self.later.to_dict("records")]
        carried = html.escape(json.dumps(links, separators=(",", ":")), quote=True)
        places = "".join(_option(case, name) for case, name in self.names.items())
        groups = "".join(
            f'<optgroup label="{html.escape(TITLES[layer], quote=True)}">'
            f"{''.join(_option(item, item_label(item)) for item in ITEMS[layer])}</optgroup>"
            for layer in LAYERS
        )
        return (
            f'<form class="map-form" data-figure="{self.figure}" data-links="{carried}" aria-label="The map" hidden>'
            f'<label>Place<select name="place"><option value="">{ALL}</option>{places}</select></label>'
            f'<label>Follow<select name="follow"><option value="">any</option>{groups}</select></label>'
            '<button type="reset">Show all</button><p class="map-told" role="status"></p></form>'
        )


def _told(row: Mapping[Any, Any]) -> list[Any]:
    return [row["from_item"], row["to_item"], int(row["kind"] == NAMED), row["cases"].split(", ")]


def _option(value: str, text: str) -> str:
    return f'<option value="{html.escape(value, quote=True)}">{html.escape(text)}</option>'
