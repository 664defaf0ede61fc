"""The forms of charts show what the frame holds: silence apart from zero, nothing joined that is no series."""

from __future__ import annotations

import pandas as pd
from leadership_effects.report.charts import common
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
