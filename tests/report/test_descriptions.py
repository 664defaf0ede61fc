"""The first sentence of a chart's description says what is drawn, from the specification alone."""

from __future__ import annotations

import altair as alt
import pandas as pd
import pytest
from leadership_effects.report import charts
from leadership_effects.report.charts import common
from leadership_effects.report.descriptions import DescriptionError, check_heading, described, opening

LINES = pd.DataFrame(
    {"series": ["a", "a", "b", "b"], "year": [2005, 2008, 2005, 2008], "value": [41.7, 51.9, 30.0, 28.04]}
)
ROWS = pd.DataFrame(
    {"label": ["x", "y", "z"], "value": [1.0, -2.5, 4.0], "low": [0.0, -3.0, 3.0], "high": [2.0, -2.0, 5.0]}
)
CELLS = pd.DataFrame({"row": ["p", "p", "q"], "item": ["i", "j", "i"], "mean": [1, 2, 3]})
MANY = pd.concat([LINES.assign(series=f"s{number}") for number in range(6)])


def dots(frame: pd.DataFrame, **encoding: str) -> alt.Chart:
    return alt.Chart(frame).mark_point().encode(**encoding)


def rules(**encoding: str) -> alt.Chart:
    return alt.Chart(ROWS).mark_rule().encode(**encoding)


# Boxes of two items, one set a place, and a link that is drawn in two pieces.
BOXES = pd.DataFrame({"item": ["i", "j", "i", "j"], "place": ["p", "p", "q", "q"], "x": [0, 1, 0, 1]})
LINKS = pd.DataFrame({"from": ["i", "i"], "to": ["j", "j"], "kind": ["k", "k"], "piece": [0, 1], "x": [0, 1]})


CHARTS = {
    "a network": (
        alt.Chart(BOXES).mark_rect().encode(x="x:Q") + alt.Chart(LINKS).mark_line().encode(x="x:Q", detail="piece:N"),
        "Network diagram of two boxes and one link.",
    ),
    "lines with their ends": (
        common.lines(LINES, "per cent"),
        "Line chart of two series, from 2005 to 2008: a from 41.7 to 51.9; b from 30.0 to 28.0.",
    ),
    "one line": (
        common.lines(LINES[:2], "per cent"), "Line chart of one series, from 2005 to 2008: from 41.7 to 51.9."
    ),
    "many lines": (common.lines(MANY, "per cent"), "Line chart of six series, from 2005 to 2008."),
    "bars": (common.bars(ROWS, "points"), "Bar chart of three bars, points from \u22122.5 to 4.0."),
    "dots in rows": (dots(ROWS, x="value:Q", y="label:N"), "Dot chart of three rows, value from \u22122.5 to 4."),
    "dots with ranges": (
        rules(x="low:Q", x2="high:Q", y="label:N") + dots(ROWS, x="value:Q", y="label:N"),
        "Dot and range chart of three rows, value from \u22122.5 to 4.",
    ),
    "ranges": (rules(x="low:Q", x2="high:Q", y="label:N"), "Range chart of three rows."),
    "scatter": (
        dots(ROWS, x="low:Q", y="high:Q"), "Scatter chart of three points, low from \u22123 to 3, high from \u22122 to 5."
    ),
    "stems": (
        rules(x="low:Q", y="zero:Q", y2="value:Q").transform_calculate(zero="0") + dots(ROWS, x="low:Q", y="value:Q"),
        "Lollipop chart of three places in order, value from \u22122.5 to 4.",
    ),
    "ticks": (
        alt.Chart(ROWS).mark_tick().encode(x="value:Q", y="label:N"),
        "Strip chart of three rows, value from \u22122.5 to 4.",
    ),
    "cells": (common.coding_matrix(CELLS), "Grid of two rows by two columns."),
    "shades": (
        alt.Chart(ROWS).mark_rect().encode(x="low:Q", y="high:Q", color="value:Q"),
        "Heat map of three rows by three columns.",
    ),
    "stacked bars": (
        alt.Chart(CELLS).mark_bar().encode(x="mean:Q", y="row:N", color="item:N"),
        "Stacked bar chart of two rows, parts i, j.",
    ),
    "a map": (
        charts.world(pd.DataFrame({"name": ["A"], "longitude": [1.0], "latitude": [2.0], "comparison": ["full"], "found": ["cannot say"], "link": ["lb:/a.html"]})),
        "Map with one marked place.",
    ),
}  # fmt: skip


@pytest.mark.parametrize("chart, sentence", CHARTS.values(), ids=CHARTS)
def test_a_chart_says_what_it_draws(chart: alt.TopLevelMixin, sentence: str) -> None:
    assert opening(chart.to_dict()) == sentence


def test_a_chart_of_no_known_kind_is_refused() -> None:
    chart = alt.Chart(ROWS).mark_text().encode(text="label:N")
    with pytest.raises(DescriptionError, match="no kind of chart has the marks text"):
        opening(chart.to_dict())


SPEC = dots(ROWS, x="value:Q", y="label:N").to_dict()


def test_the_author_adds_sentences() -> None:
    says = "The second lies furthest left."
    assert described(SPEC, says, "Points.") == f"{opening(SPEC)} {says}"


REFUSED = {
    "too short": ("", "Points.", "fewer than 12 words"),
    "the caption again": (
        "Points of the release.",
        f"{opening(SPEC)} Points of the release.",
        "repeats the caption",
    ),
}


@pytest.mark.parametrize("says, caption, words", REFUSED.values(), ids=REFUSED)
def test_a_description_that_tells_nothing_more_is_refused(says: str, caption: str, words: str) -> None:
    with pytest.raises(DescriptionError, match=words):
        described(SPEC, says, caption)


TITLE, SUBTITLE = (
    "Huari lies among the other provinces",
    "Reading, grade 4, 2018 less 2016, percentage points",
)
NO_HEADING = {
    "no title": ("", SUBTITLE, "no title"),
    "its key": ("Share and gap", SUBTITLE, "is a key"),
    "a key of another": ("share_and_gap of two dates", SUBTITLE, "is a key"),
    "a topic": ("The eight places", SUBTITLE, "3 words"),
    "a paragraph": (f"{TITLE} " * 3, SUBTITLE, "at most 95 characters"),
    "no subtitle": (TITLE, " ", "no subtitle"),
    "the title again": (TITLE, TITLE.upper(), "title again"),
    "a key below": (TITLE, "ks4_5acem in 2016", "is a key"),
    "a paragraph below": (TITLE, SUBTITLE * 4, "at most 170 are"),
}


@pytest.mark.parametrize("title, subtitle, words", NO_HEADING.values(), ids=NO_HEADING)
def test_a_chart_without_a_sentence_over_it_is_refused(title: str, subtitle: str, words: str) -> None:
    with pytest.raises(DescriptionError, match=f"^figure 'share_and_gap' of a notebook, cell 4: .*{words}"):
        check_heading("share_and_gap", title, subtitle, "a notebook, cell 4")


def test_a_sentence_and_what_is_measured_pass() -> None:
    check_heading("share_and_gap", TITLE, SUBTITLE, "a notebook")
