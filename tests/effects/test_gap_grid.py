"""The grid of a gap's changes: what each combination gives, which are not borne, and what is refused."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from leadership_effects.data.panels import GapSeries
from leadership_effects.data.plan import PlanError
from leadership_effects.data.provenance import Rows
from leadership_effects.effects.estimators import EstimatorError, interrupted_gap
from leadership_effects.effects.gap_grid import (
    MISSING,
    TOO_FEW,
    gap_change,
    gap_grid,
    lead_change,
    lead_grid,
    mean_gap,
    placebo_gap_in_time,
)
from leadership_effects.effects.specification import described_curve
from made_panels import NO_ROWS, series_of

YEARS = range(1997, 2008)
# A line of one point a year and a step of five from 2004 on.
STEP = pd.Series([year - 1997.0 + (5.0 if year >= 2004 else 0.0) for year in YEARS], index=YEARS)
PLANNED = {
    "subject": "English", "start": "2004", "before": "all", "window": "to 2007", "control": "none", "trend": "without"
}  # fmt: skip


def test_a_straight_line_leaves_the_step_alone() -> None:
    assert gap_change(STEP, YEARS[:7], YEARS[7:], trend=True) == pytest.approx(5.0)
    assert gap_change(STEP, YEARS[:7], YEARS[7:], trend=False) == pytest.approx(5.0 + 5.5)
    assert gap_change(STEP, [2003], [2007], trend=False) == 9.0


def test_a_line_needs_three_years_before() -> None:
    assert np.isnan(gap_change(STEP, [2002, 2003], YEARS[7:], trend=True))
    assert gap_change(STEP, [2001, 2002, 2003], YEARS[7:], trend=True) == pytest.approx(5.0)


def gap_series(gap: pd.Series, rows: Rows = NO_ROWS) -> GapSeries:
    return series_of(tuple(gap.index), gap.to_numpy(), 7, rows)


@pytest.mark.parametrize("trend", [True, False])
def test_the_change_is_that_of_the_interrupted_gap(trend: bool) -> None:
    noisy = STEP + np.random.default_rng(4).normal(size=len(STEP))
    found = gap_change(noisy, YEARS[:7], YEARS[7:], trend=trend)
    assert found == pytest.approx(interrupted_gap(gap_series(noisy), trend=trend).change, abs=1e-10)


def test_a_start_that_did_not_happen_sees_no_year_after_the_real_one() -> None:
    moves = placebo_gap_in_time(gap_series(STEP), [2000, 2003])
    assert moves == pytest.approx({2000: 3.5, 2003: 3.5})  # the slope alone: half of seven years
    later = placebo_gap_in_time(gap_series(STEP + 9.0 * (STEP.index >= 2004)), [2003])
    assert later == pytest.approx({2003: 3.5})


def test_a_mean_of_gaps_keeps_the_rows_of_all() -> None:
    one, two = (Rows(1, text, (), frozenset({("outcomes", (text,))})) for text in "ab")
    mean = mean_gap("mean", [gap_series(STEP, one), gap_series(3 * STEP, two)])
    assert mean.gap.tolist() == (2 * STEP).tolist()
    assert mean.rows == one + two and mean.name == "mean"


def test_the_widest_dimension_moves_the_median_most() -> None:
    choices = pd.DataFrame(
        {"base": ["b1", "b1", "b2", "b2"], "end": ["e1", "e2", "e1", "e2"], "one": "same", "effect": [1.0, 5.0, 2.0, 6.0],
         "planned": [True, False, False, False]}
    )  # fmt: skip
    curve = described_curve(choices, "Delhi", "points", NO_ROWS)
    assert curve.median_by("end").to_dict() == {"e1": 1.5, "e2": 5.5}
    assert (curve.widest, curve.varying) == ("end", ("base", "end"))


def grid(**changes):
    lagged = STEP.set_axis(STEP.index + 3)
    asked = {
        "gaps": {"English": STEP, "maths": 2 * STEP},
        "controls": {"none": None, "same year": {"English": STEP, "maths": STEP}, "lagged": {"English": lagged, "maths": lagged}},
        "starts": range(2002, 2005),
        "place": "London",
        "unit": "percentage points",
        "planned": PLANNED,
        "rows": NO_ROWS,
    }  # fmt: skip
    return gap_grid(**(asked | changes))


def test_every_combination_is_a_specification_or_skipped_for_a_reason() -> None:
    curve = grid()
    assert len(curve.specifications) + curve.skipped[TOO_FEW] == 2 * 3 * 2 * 2 * 3 * 2
    # One year before bears no line: half of the lines; a lag of three years leaves 2000 and 2001 before 2002.
    assert curve.skipped == {TOO_FEW: 2 * 3 * 2 * 3 + 2 * 1 * 1 * 2}
    assert curve.raw[0, curve.planned] == pytest.approx(10.5)
    assert dict(curve.specifications.iloc[curve.planned]) == PLANNED


def test_what_is_taken_off_is_of_the_same_subject_and_year() -> None:
    curve = grid()
    table = curve.specifications.assign(effect=curve.raw[0])
    same = table[(table["control"] == "same year") & (table["subject"] == "English")]
    assert np.allclose(same["effect"], 0)
    late = table[table["start"] == "2004"]
    maths = late[(late["control"] == "same year") & (late["subject"] == "maths")]
    plain = late[(late["control"] == "none") & (late["subject"] == "English")]
    assert np.allclose(maths["effect"], plain["effect"])


REFUSED = {
    "ends apart": (EstimatorError, {"gaps": {"English": STEP, "maths": STEP.iloc[:-1]}}, "end in 2006, 2007"),
    "none planned": (PlanError, {"planned": PLANNED | {"start": "1900"}}, "London: 0 specifications are marked as planned"),
    "two planned": (PlanError, {"planned": dict(list(PLANNED.items())[1:])}, "2 specifications are marked as planned"),
}  # fmt: skip


@pytest.mark.parametrize("error, changes, words", REFUSED.values(), ids=REFUSED)
def test_series_and_plans_that_do_not_fit_are_refused(error, changes, words) -> None:
    with pytest.raises(error, match=words):
        grid(**changes)


OTHERS = pd.DataFrame(
    {"a": [1.0] * 4, "b": [3.0] * 4, "c": [5.0, None, 5.0, 5.0]}, index=[2014, 2015, 2016, 2017]
)
OWN = pd.Series([2.0, 3.0, 6.0, 8.0], index=[2014, 2015, 2016, 2017])


def test_a_lead_is_counted_over_the_units_that_have_every_year() -> None:
    # a and b alone have 2015: their mean stands still at two, c would raise it.
    assert lead_change(OWN, OTHERS, [2014, 2015], [2016, 2017], trend=False) == (4.5, 2)
    assert lead_change(OWN, OTHERS, [2014], [2017], trend=False) == (6.0, 3)


BARE = {
    "the place has no such year": (OWN.drop(2015), OTHERS, [2014, 2015], False),
    "no unit has every year": (OWN, OTHERS[["c"]], [2014, 2015], False),
    "too few years for a line": (OWN, OTHERS, [2014, 2015], True),
}


@pytest.mark.parametrize("own, others, base, trend", BARE.values(), ids=BARE)
def test_a_lead_that_the_data_do_not_bear_is_none(own, others, base, trend) -> None:
    effect, units = lead_change(own, others, base, [2016, 2017], trend=trend)
    assert np.isnan(effect) and units == 0


def test_a_grid_of_leads_names_rules_and_reasons() -> None:
    curve = lead_grid(
        {("schools", "all"): (OWN, OTHERS), ("schools", "some"): (OWN.drop(2015), OTHERS)},
        {"schools": {"from 2015": [2015], "from 2014": [2014]}},
        {"schools": {"to 2017": [2017], "to 2016": [2016]}},
        ("without", "with"),
        apart={"closed": [2017]},
        place="Delhi",
        unit="percentage points",
        planned={"comparator": "all", "base": "from 2014", "end": "to 2016"},
        rows=NO_ROWS,
    )
    found = curve.specifications.assign(effect=curve.raw[0], units=curve.donors)
    assert list(found["base"]) == ["from 2014"] * 4 + ["from 2015"] * 2
    assert list(found["rules"]) == ["ordinary", "ordinary", "closed", "closed", "ordinary", "closed"]
    assert list(found["effect"]) == [4.0, 4.0, 6.0, 6.0, 3.0, 5.0]
    assert list(found["units"]) == [3, 3, 3, 3, 2, 2]
    assert curve.planned == 0 and curve.skipped == {TOO_FEW: 8, MISSING: 2}
