"""The forms of charts show what the frame holds: silence apart from zero, nothing joined that is no series."""

from __future__ import annotations

import numpy as np
import pandas as pd
from leadership_effects.data.provenance import Rows
from leadership_effects.effects.specification import described_curve
from leadership_effects.report.charts import common
from leadership_effects.report.charts.case import curve
from leadership_effects.report.descriptions import views
from leadership_effects.report.figures import HEAT


def test_silence_is_hatched_and_zero_outlined_and_depth_is_of_one_colour() -> None:
    cells = pd.DataFrame({"row": ["p", "p", "q"], "item": ["i", "j", "i"], "mean": [0, 2, 3]})
    spec = common.coding_matrix(cells).to_dict()
    silent, coded, nothing = spec["layer"]
    rows = [[(row["row"], row["item"]) for row in view.rows] for view in views(spec)]
    assert rows == [[("q", "j")], [("p", "i"), ("p", "j"), ("q", "i")], [("p", "i")]]
    assert silent["mark"]["fill"]["gradient"] == "linear" and nothing["mark"]["fill"] == "transparent"
    assert coded["encoding"]["fill"] == {"value": HEAT}
    assert coded["encoding"]["opacity"]["scale"]["range"][0] == 0


def test_a_curve_shows_its_choices_and_counts_above_zero_as_the_number_does() -> None:
    dust = 0.3 - 0.1 * 3  # zero but for rounding
    choices = pd.DataFrame(
        {"before": ["all", "last", "all"], "trend": ["without", "without", "with"], "effect": [2.0, abs(dust), -1.0],
         "planned": [True, False, False]}
    )  # fmt: skip
    found = described_curve(choices, "London", "points", Rows(0, "", ()))
    spec = curve(found).to_dict()
    assert dust != 0 and found.positive == np.mean(found.above) == 1 / 3
    [drawn] = [rows for rows in spec["datasets"].values() if len(rows) == 3]
    assert [row["above"] for row in drawn] == [True, False, False]
    assert [row["years before that count"] for row in drawn] == [
        "all of them",
        "the last one alone",
        "all of them",
    ]
    [grid] = [view for view in views(spec) if view.field("x") == "edge"]
    assert grid.encoding["y"]["scale"]["domain"] == [
        "years before that count|", "years before that count|all of them", "years before that count|the last one alone",
        "straight line taken out|", "straight line taken out|no", "straight line taken out|yes",
    ]  # fmt: skip
