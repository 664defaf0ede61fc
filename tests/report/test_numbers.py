"""Numbers are printed by their unit, recorded by group, and guarded by sentences that fail with their words."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from leadership_effects.data.panels import Rows
from leadership_effects.report.numbers import (
    COUNT,
    P_VALUE,
    PER_CENT,
    POINTS,
    TEXT,
    ClaimError,
    RecorderError,
    Unit,
    holds,
)
from leadership_effects.report.registry import Registry, ResultsError
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
