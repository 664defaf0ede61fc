"""Numbers are printed by their unit, recorded by group, and guarded by sentences that fail with their words."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from leadership_effects.data.outcomes import PlaceSeries, Traced
from leadership_effects.data.provenance import Rows
from leadership_effects.report.numbers import (
    COUNT,
    P_VALUE,
    PER_CENT,
    POINTS,
    TEXT,
    ClaimError,
    Unit,
    holds,
    row_names,
)
from leadership_effects.report.registry import RecorderError, Registry, ResultsError
from miniature import SmallRelease

ROWS = Rows(1, "one row", ("S_ONE",))


@pytest.fixture
def registry(small: SmallRelease) -> Registry:
    return Registry(small.open(), "huari", "analysis/notebooks/cases/huari.py")


PRINTED = {
    "a change with its sign": (POINTS, 3.14159, "+3.1"),
    "a fall with a true minus": (POINTS, -3.14159, "\u22123.1"),
    "a level without a sign": (POINTS.as_level(), 3.14159, "3.1"),
    "other decimals": (POINTS.to(2), 3.14159, "+3.14"),
    "thousands": (COUNT, 12345.0, "12,345"),
    "nothing left by rounding": (POINTS, -0.04, "0.0"),
    "a p-value": (P_VALUE, 0.05, "0.050"),
    "no limit": (POINTS, float("inf"), "no upper limit"),
    "words": (TEXT, "tested", "tested"),
}


@pytest.mark.parametrize("unit, value, text", PRINTED.values(), ids=PRINTED)
def test_a_value_is_printed_as_its_unit_says(unit: Unit, value: float, text: str) -> None:
    assert unit.format(value) == text


def test_a_group_gives_its_numbers_prefix_rows_and_function(registry: Registry) -> None:
    record = registry.numbers("region", rows=ROWS, function=holds)
    assert record("gain", 1.25, POINTS, "Gain.") == "+1.2"
    assert record("rank", 2, COUNT, "Rank.", rows=Rows(3, "", ()), function="") == "2"
    gain, rank = registry.results["region.gain"], registry.results["region.rank"]
    assert (gain["unit"], gain["digits"], gain["signed"], gain["n_rows"], gain["function"]) == (
        "percentage points",
        1,
        True,
        1,
        "holds",
    )
    assert (rank["unit"], rank["digits"], rank["signed"], rank["n_rows"]) == ("", 0, False, 3)


def test_what_names_no_function_is_of_the_cell(registry: Registry) -> None:
    registry.numbers(rows=ROWS)("rank", 2, COUNT, "Rank.")
    assert registry.results["rank"]["function"] == "analysis/notebooks/cases/huari.py (cell)"


def test_one_call_records_each_value_of_a_series(registry: Registry) -> None:
    values = pd.Series({("inner", 2005): 27.2, ("outer", 2008): 37.2})
    texts = registry.numbers("meals", rows=ROWS).each(
        "{0}.{1}", values, PER_CENT, "{0}, {1}.", names={"inner": "Inner London"}
    )
    assert texts == {("inner", 2005): "27.2", ("outer", 2008): "37.2"}
    meanings = {key: result["meaning"] for key, result in registry.results.items()}
    assert meanings == {"meals.inner.2005": "Inner London, 2005.", "meals.outer.2008": "outer, 2008."}


def test_rows_of_each_value_may_depend_on_its_label(registry: Registry) -> None:
    record = registry.numbers("gain")
    record.each("{}", {2: 1.0, 3: 2.0}, POINTS, "{}.", rows=lambda year: Rows(year, "", ()))
    assert [registry.results[key]["n_rows"] for key in ("gain.2", "gain.3")] == [2, 3]


def test_numbers_of_one_unit_are_recorded_in_one_call(registry: Registry) -> None:
    record = registry.numbers("jump", rows=ROWS)
    assert record.many(POINTS, {"own": (2.41, "Own."), "mean": (1.9, "Mean.")}) == {
        "own": "+2.4",
        "mean": "+1.9",
    }
    assert registry.results["jump.mean"]["meaning"] == "Mean."


def test_both_ends_of_values_are_recorded(registry: Registry) -> None:
    texts = registry.numbers("t", rows=ROWS).ends("{}.5", [4.9, 4.6, 5.3], PER_CENT, "The {}est.")
    assert texts == {"low": "4.6", "high": "5.3"}
    assert registry.results["t.high.5"]["meaning"] == "The highest."


def test_a_number_brings_its_rows_unless_the_call_names_others(registry: Registry) -> None:
    rows = registry.release.outcomes("huari").iloc[:2]
    record = registry.numbers(rows=ROWS)
    record("own", Traced(2.0, rows), COUNT, "Own rows.")
    record("named", Traced(2.0, rows), COUNT, "Named rows.", rows=ROWS)
    record("series", 2.0, COUNT, "All rows of a series.", rows=PlaceSeries(rows))
    assert [registry.results[key]["n_rows"] for key in ("own", "named", "series")] == [2, 1, 2]
    assert registry.results["own"]["rows"] == registry.results["series"]["rows"]


REFUSED = {
    "no rows": (lambda record: record("a", 1.0, COUNT, "A."), "result 'region.a' has no rows"),
    "no value": (lambda record: record.each("{}", {}, COUNT, "{}."), "no value to record under '{}'"),
}


@pytest.mark.parametrize("call, words", REFUSED.values(), ids=REFUSED)
def test_a_number_without_rows_or_values_is_refused(registry, call, words) -> None:
    with pytest.raises(RecorderError, match=words):
        call(registry.numbers("region"))


def test_a_key_is_recorded_once(registry: Registry) -> None:
    record = registry.numbers(rows=ROWS)
    record("rank", 2, COUNT, "Rank.")
    with pytest.raises(ResultsError, match="'rank' is recorded twice"):
        record("rank", 2, COUNT, "Rank.")


COUNTS = pd.DataFrame(
    {
        "leadership_id": ["huari-01", "huari-08"],
        "measure": ["fellows", "districts in the project"],
        "year": [2023.0, 2017.0],
    }
)
FINDINGS = pd.DataFrame(
    {
        "evaluation_id": ["chile-eval-01"],
        "study": ["De Gregorio, 2021"],
        "year": [2021],
        "outcome": ["value added"],
    }
)
MISNAMED = {
    "no name": (COUNTS, {"huari-01": "fellows"}, 'huari-08 has no name; give one, such as "huari-08": "districts_in_the_project_2017"'),
    "no name of a finding": (FINDINGS, {}, '"chile-eval-01": "de_gregorio_2021_value_added_2021"'),
    "no such row": (COUNTS, {"huari-01": "fellows", "huari-08": "districts", "huari-99": "schools"}, "no row 'huari-99' with a figure of its own to be named 'schools'; allowed: huari-01, huari-08"),
    "a name twice": (COUNTS, {"huari-01": "fellows", "huari-08": "fellows"}, "'fellows' is the name of huari-01, huari-08; allowed: another name for each"),
    "a capital": (COUNTS, {"huari-01": "Fellows", "huari-08": "districts"}, "name 'Fellows' of huari-01; allowed: lower-case words joined by underscores"),
    "a row id": (COUNTS, {"huari-01": "fellows", "huari-08": "huari-08"}, "name 'huari-08' of huari-08; allowed: lower-case words"),
    "a dot": (COUNTS, {"huari-01": "fellows", "huari-08": "project.districts"}, "name 'project.districts'"),
}  # fmt: skip


@pytest.mark.parametrize("rows, names, words", MISNAMED.values(), ids=MISNAMED)
def test_a_row_is_recorded_under_one_name_of_the_right_form(rows, names, words) -> None:
    with pytest.raises(RecorderError) as raised:
        row_names("leadership", rows, names)
    assert words in str(raised.value)


def test_every_fault_of_the_names_is_said_at_once() -> None:
    with pytest.raises(RecorderError) as raised:
        row_names("leadership", COUNTS, {"huari-99": "Fellows"})
    assert len(str(raised.value).splitlines()) == 4


SENTENCE = "Inner London leads in every year."
FALSE = {
    "a comparison that fails": (False,),
    "one of two": (True, np.False_),
    "one year of a series": (pd.Series([True, False]),),
    "one cell of a table": (pd.DataFrame([[True], [False]]),),
    "nothing to compare": (pd.Series([], dtype=bool),),
    "no condition": (),
    "a number for a comparison": (3.1,),
}


@pytest.mark.parametrize("conditions", FALSE.values(), ids=FALSE)
def test_a_sentence_that_does_not_hold_is_printed(conditions: tuple[object, ...]) -> None:
    with pytest.raises(ClaimError, match=SENTENCE):
        holds(SENTENCE, *conditions)


def test_a_sentence_that_holds_passes() -> None:
    holds(SENTENCE, True, np.True_, pd.Series([True, True]), np.ones((2, 2), dtype=bool))
