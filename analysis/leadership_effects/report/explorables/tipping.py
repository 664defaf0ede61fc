"""Show the form that asks how many committed leaders tip a convention.

Its arithmetic is that of `simulation.mean_field`, written again in ``book/_static/tipping.js``. Without JavaScript the form
stays hidden and the table of tipping shares stands alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from leadership_effects.report.explorables.form import (
    Slider,
    carried,
    control,
    figures,
    group,
    picture,
    select,
)
from leadership_effects.report.tables import html_table
from leadership_effects.simulation.mean_field import MODELS, MOST, Setting, order, ties, tipping_share
from leadership_effects.synthesis.tipping import NETWORKS

NETWORK_WORDS = {
    "complete": "Everyone meets everyone",
    "random": "Ten ties at random",
    "ring": "Ten nearest, leaders scattered",
    "ring, side by side": "Ten nearest, leaders side by side",
}
MODEL_WORDS = {
    "memory": "Convention with memory",
    "thresholds": "Thresholds",
    "naming": "Naming game",
}
SHARE = Slider("share", "Committed leaders", 0, MOST, 1, "of a hundred people")
MEMORY = Slider("memory", "Meetings that a person remembers", 1, 100, 1)
MEAN = Slider("mean", "How many must have joined before a typical person does", 5, 95, 1, "of a hundred")
SPREAD = Slider("spread", "How much people differ in that: standard deviation", 1, 50, 1, "of a hundred")
FIRST: dict[str, Any] = {"share": 20, "memory": 12, "network": "complete", "mean": 50, "spread": 15}
SHOWN_MEMORIES = (5, 12, 30)
NAME = "How many leaders does it take?"
CAPTION = "Smallest share of committed people, of a hundred, from which most of the others follow"


def share_in_words(share: int | None) -> str:
    """Return a tipping share as printed."""
    return f"more than {MOST}" if share is None else str(share)


@dataclass(frozen=True)
class TippingControl:
    """Form in which a reader sets share, memory and network, above a table of tipping shares.

    Attributes
    ----------
    simulated : mapping of str to str
        By network, the share at which half of the simulated runs tip, in words, for the memory of the first setting.
    """

    simulated: Mapping[str, str]

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        return {"text/html": self.markup(), "text/plain": self.table().to_string()}

    def table(self) -> pd.DataFrame:
        """Tabulate tipping shares by network, memory and model, beside what simulated runs give."""
        lines = []
        for network in NETWORKS:
            one = Setting(0, FIRST["memory"], network, FIRST["mean"] / 100, FIRST["spread"] / 100)
            remembered = {
                f"memory of {memory}": share_in_words(tipping_share("memory", Setting(0, memory, network)))
                for memory in SHOWN_MEMORIES
            }
            lines.append(
                {
                    "who meets whom": NETWORK_WORDS[network],
                    **remembered,
                    f"simulated, memory of {FIRST['memory']}": self.simulated[network],
                    f"thresholds, mean {FIRST['mean']}, spread {FIRST['spread']}": share_in_words(
                        tipping_share("thresholds", one)
                    ),
                    "naming game": (
                        share_in_words(tipping_share("naming", one))
                        if network == "complete"
                        else "not defined"
                    ),
                }
            )
        return pd.DataFrame(lines)

    def markup(self) -> str:
        """Return the control as HTML with the networks and the order of commitment."""
        networks = {
            network: {"ties": ties(network), "order": order(network), "words": NETWORK_WORDS[network]}
            for network in NETWORKS
        }
        keys = "".join(
            f'<span class="explore-key {model}">{words}</span> ' for model, words in MODEL_WORDS.items()
        )
        axes = picture(
            "Of the others, so many follow, per cent",
            "committed people, of a hundred; the upright line is your share",
            [f"{part}" for part in range(0, 101, 25)],
            [f"{share}" for share in range(0, MOST + 1, 10)],
            f"<p>{keys}</p>",
        )
        rows = {model: (MODEL_WORDS[model], (f"{model}-followed", f"{model}-from")) for model in MODELS}
        parts = (
            group(
                "Leaders and their ties",
                SHARE.markup(),
                MEMORY.markup(),
                select("network", "Who meets whom", NETWORK_WORDS),
            ),
            group("In the model of thresholds", MEAN.markup(), SPREAD.markup()),
            axes,
            figures(
                "What each model says of your setting",
                ("", "of the others follow, per cent", "tips from, of a hundred"),
                rows,
            ),
        )
        fallback = html_table(self.table(), CAPTION, shown=True)
        return control("tipping", NAME, carried(networks=networks, first=FIRST), parts, fallback)
