"""Charts of designs of many places are known kinds, keep the order of their rows and mark the sizes asked for."""

from __future__ import annotations

import json

import altair as alt
import numpy as np
import pandas as pd
import pytest
from leadership_effects.data.release import newest_release
from leadership_effects.paths import results_folder
from leadership_effects.report.descriptions import opening, views
from leadership_effects.report.many_places import charts
from leadership_effects.report.registry import read_results

TILES = pd.DataFrame(
    {"place": ["B", "B", "A"], "wave": [2003, 2005, 2005], "state": [charts.BEFORE, charts.AFTER, charts.NEVER_BEGAN]}
)  # fmt: skip
ROWS = pd.DataFrame(
    {"label": ["second", "first", "a label that is longer than a line"], "estimate": [0.01, 0.02, -0.01], "low": [-0.1, np.nan, -0.2],
     "high": [0.1, np.nan, 0.2], "detectable": [0.05, 0.06, 0.07]}
)  # fmt: skip
WAVES = pd.DataFrame(
    {"since": [-1, 0, 1], "estimate": [0.0, 0.1, 0.2], "low": [-0.1, 0.0, 0.1], "high": [0.1, 0.2, 0.3],
     "kind": [charts.LEADS, charts.EFFECTS, charts.EFFECTS], "n_places": [3, 3, 2]}
)  # fmt: skip
CELLS = pd.DataFrame(
    {"outcomes": ["x", "y"], "terms": ["none", "level"], "estimate": [0.2, 0.1], "n_treated": [4, 4]}
)
DRAWS = pd.DataFrame({"median": [0.01, -0.02], "kind": charts.PERMUTED})
PARTS = pd.DataFrame(
    {"kind": ["Without a place", "Without a wave"], "label": ["A", "2003"], "estimate": [0.1, 0.2]}
)
SETS = pd.DataFrame(
    {"label": ["0 times", "1 times"], "low": [-0.1, -0.2], "high": [0.1, 0.2], "identified_low": [0.0, -0.1],
     "identified_high": [0.0, 0.1]}
)  # fmt: skip
CHARTS = {
    "calendar": (charts.calendar(TILES), "Grid of two rows by two columns."),
    "event study": (charts.event_study(WAVES, "SD", (0.05,)), "Dot and range chart of three points"),
    "forest": (charts.forest(ROWS, "SD", (0.05,)), "Dot and range chart of three rows"),
    "bounds": (charts.bounds(ROWS, "SD", (0.05, 0.2)), "Dot and range chart of three rows"),
    "leave-outs": (charts.leave_outs(PARTS, 0.15, "SD"), "Strip chart of two rows"),
    "curve": (
        charts.curve(CELLS, 0.15, "SD"),
        "Specification curve of two points, SD from +0.100 to +0.200, over a grid of two choices.",
    ),
    "permuted": (charts.permuted(DRAWS, 0.05, "SD"), "Strip chart of two rows"),
    "magnitudes": (charts.magnitudes(SETS, "SD"), "Range chart of two rows."),
}


@pytest.mark.parametrize("design", ["states", "countries"])
def test_the_chart_of_sizes_draws_the_setting_that_the_text_calls_worst(design: str) -> None:
    """The text prints the worst of all settings simulated, and the chart draws some of them: that one too."""
    content = read_results(newest_release(), design)
    path = results_folder(newest_release()) / "figures" / f"{design}.size.json"
    figure = json.loads(path.read_text(encoding="utf-8"))
    rows = pd.DataFrame(figure["rows"], columns=figure["columns"])
    for test, drawn in rows.groupby("kind"):
        worst = content["results"][f"size.{test}.worst"]
        assert drawn["rate"].max() == pytest.approx(worst["value"])
        assert f"{worst['text']} per cent ({test})" in content["figures"]["size"]["title"]


@pytest.mark.parametrize(("chart", "sentence"), CHARTS.values(), ids=CHARTS)
def test_each_chart_is_of_a_known_kind(chart: alt.TopLevelMixin, sentence: str) -> None:
    assert opening(chart.to_dict()).startswith(sentence)


def test_rows_keep_their_order_and_one_without_an_interval_is_a_dot_alone() -> None:
    found = list(views(charts.bounds(ROWS, "SD", (0.05, 0.2)).to_dict()))
    sorts = [
        view.encoding["y"]["sort"]
        for view in found
        if view.mark in ("rule", "point", "tick") and "y" in view.encoding
    ]
    assert sorts == [["second", "first", "a label that is longer|than a line"]] * 3
    [bars] = [view for view in found if view.mark == "rule" and "x2" in view.encoding]
    assert [row["label"] for row in bars.rows] == [ROWS["label"][0], ROWS["label"][2]]
    marks = next(view for view in found if view.mark == "rule" and "x2" not in view.encoding)
    assert [row["estimate"] for row in marks.rows] == [0, 0.05, 0.2]
