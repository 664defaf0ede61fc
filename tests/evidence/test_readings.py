"""The answers rest on three counts: codes compared, first dated events, counts of leaders by place."""

import pandas as pd
import pytest
from leadership_effects.evidence.readings import (
    counts_by_place,
    first_dated,
    own_counts,
    readings,
    with_doubts,
)


def _coding(*codes):
    return pd.DataFrame(
        [("here", "strategy", "convene", coder, code) for coder, code in zip("BAC", codes, strict=False)],
        columns=["case_id", "kind", "item", "coder", "code"],
    )


@pytest.mark.parametrize(
    ("codes", "expected"),
    [
        ((2, 1), ("1/2", 2, 0, 1, 2)),
        ((1, None), ("\u2013/1", 1, 1, 1, 1)),
        ((0, None, 2), ("\u2013/0/2", 2, 1, 0, 2)),
    ],
)
def test_codes_stand_in_the_order_of_their_coders_and_a_zero_is_no_silence(codes, expected):
    """Decides that a third coder needs no new code, and that 0 (found absent) counts as read."""
    row = readings(_coding(*codes), "strategy").iloc[0]
    assert tuple(row[["codes", "coded", "silent", "least", "most"]]) == expected


def test_cells_silent_to_every_reading_are_left_out_and_an_unknown_kind_is_refused():
    """Decides that an empty cell of a grid means silence, and that a misspelt kind is no silence."""
    assert readings(_coding(None, None), "strategy").empty
    with pytest.raises(ValueError, match=r"no kind 'strategies'; allowed: strategy"):
        readings(_coding(1, 1), "strategies")


def test_an_inferred_or_undated_year_is_never_the_first():
    """Decides that a chart of first years shows stated years alone."""
    events = pd.DataFrame(
        [
            ("here", 1999, "inferred", "convene"),
            ("here", 2007, "stated", "convene"),
            ("here", 2005, "stated", "convene"),
            ("here", 2001, "stated", None),
            ("there", None, "undated", "convene"),
        ],
        columns=["case_id", "year", "year_basis", "strategy"],
    )
    assert first_dated(events, "strategy").to_dict() == {("here", "convene"): 2005}


def test_a_count_is_doubted_or_second_by_what_its_row_says():
    """Decides which counts a chart marks, and which are no people."""
    rows = [
        ("alumni", "They are 100, so the figure is doubtful.", "alumni", "doubted", "people"),
        ("alumni", "By arithmetic this would be nine in ten.", "people", "doubted", "people"),
        ("schools, second figure", "46 schools, at odds with 45.", "schools", "second figure", "schools"),
        ("share of trainees", "Two percent.", "percent", "", "percent"),
    ]
    leadership = pd.DataFrame(rows, columns=["measure", "statement", "unit", "doubt", "counted"])
    found = with_doubts(leadership[["measure", "statement", "unit"]])
    assert found.equals(leadership)


def test_a_national_count_is_about_the_place_only_where_the_place_is_the_nation():
    """Decides which counts a place may call its own."""
    leadership = pd.DataFrame(
        [
            ("city", "scale", "national", "stated"),
            ("city", "scale", "region", "inferred"),
            ("city", "scale", "place", "stated"),
            ("land", "scale", "national", "stated"),
        ],
        columns=["case_id", "dimension", "scope", "year_basis"],
    )
    found = counts_by_place(own_counts(leadership, {"land"})).set_index("case_id")[["all", "own", "dated"]]
    assert found.loc["city"].tolist() == [3, 2, 1]
    assert found.loc["land"].tolist() == [1, 1, 1]
