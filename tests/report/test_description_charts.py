"""Charts of description draw what their frame holds, with the lines that a reader needs beside."""

from __future__ import annotations

import pandas as pd
from leadership_effects.report.charts.description import by_tenth, pieces, reach, start_and_gain
from leadership_effects.report.descriptions import views


def rows(chart: dict, layer: int) -> list[dict]:
    return list(list(views(chart))[layer].rows)


def test_the_country_is_a_pair_of_lines_behind_the_units() -> None:
    frame = pd.DataFrame({"borough": ["Brent"], "part": ["Outer"], "start": [40.0], "gain": [5.0]})
    chart = start_and_gain(frame, ["Inner", "Outer"], (41.0, 4.0), "per cent", "points").to_dict()
    assert rows(chart, 0) == rows(chart, 1) == [{"start": 41.0, "gain": 4.0}]
    assert [set(layer["encoding"]) for layer in chart["layer"][:2]] == [{"y"}, {"x"}]
    assert rows(chart, 2) == frame.to_dict("records")
    assert chart["layer"][2]["encoding"]["color"]["scale"]["domain"] == ["Inner", "Outer"]
    assert chart["layer"][2]["encoding"]["tooltip"][0]["field"] == "borough"


def test_no_line_joins_pieces_and_each_break_is_marked() -> None:
    frame = pd.DataFrame(
        {"measure": ["a", "b"], "segment": ["1", "2"], "year": [1976, 2022], "ratio": [80.0, 103.0]}
    )
    chart = pieces(frame, [1992.5, 2008], [1976, 2022], "per cent").to_dict()
    assert chart["layer"][2]["encoding"]["detail"]["field"] == "segment"
    assert rows(chart, 1) == [{"year": 1992.5}, {"year": 2008.0}]
    assert chart["layer"][2]["encoding"]["x"]["scale"]["domain"] == [1975, 2023]


def test_two_years_share_one_legend_by_colour_and_dash() -> None:
    frame = pd.DataFrame({"series": ["2009", "2013"], "tenth": [1, 1], "gap": [9.1, 10.2]})
    encoding = by_tenth(frame, "tenth", "points").to_dict()["encoding"]
    assert encoding["color"]["legend"] == encoding["strokeDash"]["legend"]
    assert (
        encoding["color"]["scale"]["domain"] == encoding["strokeDash"]["scale"]["domain"] == ["2009", "2013"]
    )


def test_a_range_reaches_from_low_to_high_behind_its_value() -> None:
    frame = pd.DataFrame(
        {"label": ["2019"], "estimate": [94.0], "low": [80.0], "high": [95.0], "sat": [900.0]}
    )
    bar, dot = reach(frame, "per cent", (60, 100), ["sat"]).to_dict()["layer"]
    assert (bar["encoding"]["y"]["field"], bar["encoding"]["y2"]["field"]) == ("low", "high")
    assert dot["encoding"]["y"]["field"] == "estimate"
    assert [tip["field"] for tip in dot["encoding"]["tooltip"]] == ["label", "estimate", "low", "high", "sat"]
