"""Published effects keep their unit, their kind and what they treated."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from leadership_effects.data.release import Release
from leadership_effects.evidence.studies import (
    AXES,
    LEVELS,
    StudyError,
    axis_rows,
    count_findings,
    estimate_kind,
    format_finding,
    home_unit,
    in_other_units,
    percent_of_a_grade_each,
    sd_from_percentile,
)
from leadership_effects.report.charts import studies as charts

PRINTED = 0.6  # percentile points: both members of a pair are rounded by their source, some of them downwards
EXACT = 1e-12  # one function and its inverse
FIGURES = ["estimate", "estimate_low", "estimate_high", "interval_low", "interval_high", "standard_error"]


def table(*rows: dict[str, Any]) -> pd.DataFrame:
    blank = {
        "case_id": "chile", "study": "A and B, mathematics", "treated_level": LEVELS[0], "unit": "SD",
        "finding": "positive", "statement": "Stated.", "source_id": "S", "outcome": "results", **dict.fromkeys(FIGURES, np.nan),
    }  # fmt: skip
    return pd.DataFrame([{**blank, "evaluation_id": f"row-{n}", **row} for n, row in enumerate(rows)])


@pytest.fixture(scope="module")
def published(release: Release) -> pd.DataFrame:
    return release.table("evaluations")


@pytest.mark.parametrize(
    ("points", "sd", "study"),
    [
        (12, 0.3, "Dotter, Chaplin and Bartlett 2021: 0.3 SD, twelve percentile points"),
        (8, 0.2, "Harris and Larsen, lower end: 0.2 SD, 8 percentiles"),
        (15, 0.4, "Harris and Larsen, upper end: 0.4 SD, 15 percentiles"),
    ],
)
def test_the_convention_gives_pairs_that_studies_print(points: float, sd: float, study: str) -> None:
    low, high = (sd_from_percentile(points + off) for off in (-PRINTED, PRINTED))
    assert low <= sd <= high, study


@pytest.mark.parametrize(("points", "start"), [(1, 50), (16, 50), (-7, 50), (12, 25), (30, 69)])
def test_gain_and_loss_undo_each_other(points: float, start: float) -> None:
    for mirrored in (start + points, 100 - start):
        undone = -sd_from_percentile(-points, mirrored)
        assert sd_from_percentile(points, start) == pytest.approx(undone, abs=EXACT)


@pytest.mark.parametrize(("points", "start"), [(50, 50), (-50, 50), (1, 0), (0, 100), (90, 25)])
def test_there_is_no_percentile_outside_the_scale(points: float, start: float) -> None:
    with pytest.raises(StudyError, match="between 0 and 100"):
        sd_from_percentile(points, start)


def test_a_grade_spread_over_subjects_is_a_division() -> None:
    assert percent_of_a_grade_each(1, 8) == 12.5
    with pytest.raises(StudyError, match="1 or more"):
        percent_of_a_grade_each(1, 0)


@pytest.mark.parametrize(
    ("row", "drawn_as", "words"),
    [
        ({"estimate": 0.07}, "point", "0.07"),
        ({"estimate_low": 11, "estimate_high": 16}, "range", "11 to 16"),
        ({"estimate_high": 30}, "at most", "at most 30"),
        ({"finding": "null"}, "no figure", "null, no figure read"),
    ],
)
def test_each_kind_of_figure_is_told_apart(row: dict[str, Any], drawn_as: str, words: str) -> None:
    (only,) = table(row).itertuples()
    assert (estimate_kind(only), format_finding(only)) == (drawn_as, words)


def test_a_finding_without_a_figure_stands_with_its_own_study() -> None:
    rows = table(
        {"estimate": 3, "unit": "percentile points"},
        {"study": "A and B, reading", "unit": "", "finding": "null"},
        {"study": "C", "unit": "", "finding": "null"},
        {"study": "D", "unit": "", "finding": "descriptive"},
        {"study": "E", "unit": "", "finding": "mixed", "treated_level": "participants"},
        {"study": "A and B, elsewhere", "case_id": "huari", "unit": "", "finding": "null"},
        {"study": "F", "unit": "", "finding": "null", "treated_level": "schools"},
        {"study": "G", "unit": "scale points", "estimate": 4, "finding": "null"},
        {"study": "H", "unit": "percentile points (WWC improvement index)", "estimate": 4},
    )
    homes = ["percentile points", "percentile points", "SD", "", "", "SD", "SD", "", "percentile points"]
    assert list(home_unit(rows)) == homes
    silent = axis_rows(rows, "percentile points").iloc[-1]
    assert silent["finding"] == "null"
    assert silent[["estimate", "low", "high"]].isna().all()


def test_what_is_drawn_is_what_was_printed_and_no_more() -> None:
    rows = table(
        {"estimate": 0.3, "interval_low": 0.1, "interval_high": 0.5},
        {"estimate_low": 0.2, "estimate_high": 0.4, "study": "Range"},
        {"estimate_high": 0.6, "study": "Bound"},
        {"estimate": 0.15, "standard_error": 0.05, "study": "Error"},
        {"finding": "null", "study": "Null", "unit": ""},
    )
    frame = axis_rows(rows, "SD")
    spec = charts.effects(frame, "SD").to_dict()
    layers = [(layer["mark"], spec["datasets"][layer["data"]["name"]]) for layer in spec["layer"]]
    points = {
        name: sorted(r["value"] for mark, rows in layers if mark.get("filled") is filled for r in rows)
        for name, filled in (("solid", True), ("hollow", False))
    }
    ends = [row for _, rows in layers for row in rows if "interval_low" in row]
    thin = [(row["interval_low"], row["interval_high"]) for row in ends]
    [labels] = {
        tuple(layer["encoding"]["y"]["scale"]["domain"])
        for layer in spec["layer"]
        if "y" in layer["encoding"]
    }
    assert points == {"solid": [0.15, 0.2, 0.3, 0.4], "hollow": [0.6]}
    assert thin == [(0.1, 0.5), pytest.approx((0.15 - 1.96 * 0.05, 0.15 + 1.96 * 0.05))]
    assert "(null, no figure)" in labels[-1].replace("|", " ")
    assert "without a figure 1 null" in charts.describe_effects(frame, "SD")


def test_a_range_of_negatives_is_in_words_with_minus_signs() -> None:
    (row,) = table({"estimate_low": -0.7, "estimate_high": -0.6}).itertuples()
    assert format_finding(row) == "\u22120.7 to \u22120.6"


@pytest.mark.parametrize(("column", "value"), [("treated_level", "teachers"), ("finding", "negative")])
def test_an_unknown_word_is_refused_with_those_allowed(column: str, value: str) -> None:
    with pytest.raises(StudyError, match=rf"unknown {column} \['{value}'\]; allowed: "):
        axis_rows(table({column: value, "estimate": 1.0}), "SD")
    with pytest.raises(StudyError, match="no axis for unit 'furlongs'; there are SD"):
        axis_rows(table({"estimate": 1.0}), "furlongs")


def test_two_outcomes_of_one_study_have_two_labels() -> None:
    rows = table({"estimate": 0.1, "outcome": "reading"}, {"estimate": 0.2, "outcome": "mathematics"})
    labels = [f"Chile: A and B, mathematics, {outcome}" for outcome in ("mathematics", "reading")]
    assert list(axis_rows(rows, "SD")["label"]) == labels


def test_a_place_taken_in_goes_by_its_title_and_its_unit_of_its_own_by_a_table() -> None:
    rows = table(
        {"estimate": 0.1, "case_id": "podlasie"},
        {"estimate": 3.0, "case_id": "podlasie", "unit": "matura points"},
    )
    assert list(axis_rows(rows, "SD", {"podlasie": "Podlasie, Poland"})["label"]) == [
        "Podlasie: A and B, mathematics"
    ]
    assert list(home_unit(rows)) == ["SD", ""] and list(in_other_units(rows)) == [False, True]


def test_every_figure_and_every_null_of_the_release_is_on_one_axis(
    published: pd.DataFrame, release: Release
) -> None:
    titles = release.table("cases").set_index("case_id")["title"].to_dict()
    on_axes = pd.concat([axis_rows(published, unit, titles) for unit in AXES])
    assert on_axes["evaluation_id"].is_unique
    shown = set(on_axes["evaluation_id"])
    must = published[published[FIGURES].notna().any(axis=1) | (published["finding"] == "null")]
    must = must[~in_other_units(must)]
    assert set(must["evaluation_id"]) <= shown
    assert on_axes.groupby("label").size().max() == 1
    assert count_findings(published)["rows"].sum() == len(published)


def test_what_was_treated_and_its_level_agree_in_the_release(published: pd.DataFrame) -> None:
    """The words of `treated` and of `treated_level` are two entries; in the first releases one follows from the other."""
    signs = (
        ("departments", "departments"),
        ("all teachers", "schools"),
        ("partner schools", "schools"),
        ("reform", "whole reform package"),
        ("all causes", "everything in the place"),
        ("pupils", "pupils of programme teachers"),
        ("own classes", "pupils of programme teachers"),
        ("applicants", "participants"),
        ("alumni", "participants"),
        ("teachers", "participants"),
        ("minority", "groups in an experiment"),
        ("partners", "programme as a whole"),
        ("grantees", "programme as a whole"),
        ("", "everything in the place"),
    )
    for row in published[published["read"] == ""].itertuples():
        derived = next(level for sign, level in signs if sign in str(row.treated).lower())
        assert row.treated_level == derived, row.evaluation_id
