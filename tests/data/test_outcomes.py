"""Values are found by place and year, and what is computed from them keeps just the rows that it used."""

from __future__ import annotations

import pandas as pd
import pytest
from leadership_effects.data.outcomes import OutcomeError, PlaceSeries, ratios_in_pieces, rest_of
from leadership_effects.data.provenance import OUTCOME_KEY, Rows


@pytest.fixture
def rate() -> PlaceSeries:
    rows = [
        ("rate", unit, unit, year, value, "S_ONE")
        for unit, values in {"Delhi": (82.0, 92.0), "India": (80.0, 83.0)}.items()
        for year, value in zip((2015, 2019), values, strict=True)
    ]
    return PlaceSeries(pd.DataFrame(rows, columns=[*OUTCOME_KEY[:2], "name", "year", "value", "source_id"]))


def test_a_difference_of_differences_keeps_each_row_once(rate: PlaceSeries) -> None:
    leads = {year: rate["Delhi", year] - rate["India", year] for year in (2015, 2019)}
    both = (leads[2019] - leads[2015]) - (leads[2015] - leads[2015])
    assert float(both) == 7.0
    assert sorted(both.rows.index) == [0, 1, 2, 3]


def test_rows_are_selected_by_name_by_year_or_both(rate: PlaceSeries) -> None:
    assert list(rate.at("Delhi").index) == [0, 1]
    assert list(rate.in_year(2019).index) == [1, 3]
    assert list(rate.at(["Delhi", "India"], [2015]).index) == [0, 2]
    assert rate.table.loc["India", 2019] == 83.0


@pytest.mark.parametrize("place, year, found", [("Goa", 2015, 0), ("Delhi", 2016, 0)])
def test_a_value_that_is_not_there_is_refused(rate: PlaceSeries, place: str, year: int, found: int) -> None:
    with pytest.raises(OutcomeError, match=f"{found} rows for '{place}' in {year}, one is needed"):
        rate[place, year]


def test_two_rows_of_a_place_and_year_are_refused(rate: PlaceSeries) -> None:
    with pytest.raises(OutcomeError, match="2 rows for 'Delhi' in 2015"):
        PlaceSeries(pd.concat([rate.rows, rate.rows]))["Delhi", 2015]


def test_a_part_and_its_rest_make_up_the_whole() -> None:
    whole, n_whole = pd.DataFrame({2009: [50.0]}), pd.DataFrame({2009: [400.0]})
    part, n_part = pd.DataFrame({2009: [60.0]}), pd.DataFrame({2009: [100.0]})
    rest = rest_of(whole, n_whole, part, n_part)
    assert (rest * 300 + part * 100)[2009].tolist() == pytest.approx([50.0 * 400])


def test_pieces_of_one_segment_are_averaged_and_others_kept_apart() -> None:
    def series(own: float, whole: float) -> PlaceSeries:
        values = {"own": own, "whole": whole}
        return PlaceSeries(pd.DataFrame({"name": values.keys(), "year": 1997, "value": values.values()}))

    pieces = [
        ("tests", segment, series(own, 50.0), ["own"], [1997])
        for segment, own in (("a", 40.0), ("a", 50.0), ("b", 60.0))
    ]
    assert ratios_in_pieces(pieces, "own", "whole").set_index("segment")["ratio"].to_dict() == {
        "a": 90.0,
        "b": 120.0,
    }


def test_rows_of_several_numbers_sum_up() -> None:
    one, two = (Rows(1, text, ("S_ONE",), frozenset({("outcomes", (text,))})) for text in ("a", "b"))
    assert sum([one, two]) == one + two and sum([one]) == one
