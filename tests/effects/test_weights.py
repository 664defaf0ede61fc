"""Weights solve their programme, also where a solver stumbles, and too few periods or donors are refused."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from leadership_effects.data.panels import GapSeries, Panel, Scale
from leadership_effects.data.provenance import Rows
from leadership_effects.effects.estimators import drift_adjusted, estimate, interrupted_gap
from leadership_effects.effects.inference import (
    InferenceError,
    collapsed_t,
    placebo_in_space,
)
from leadership_effects.effects.weights import EstimatorError, method_weights, simplex_weights
from miniature import SmallRelease

SOLVED = 1e-6  # relative slack of optimality conditions of a solved programme


@pytest.mark.parametrize("scale", [1e-3, 1.0, 1e3])
@pytest.mark.parametrize("ridge", [0.0, 1e-6, 1.0])
@pytest.mark.parametrize("shape", ["twins", "collinear", "one exact", "far outside", "constant"])
def test_weights_are_optimal_where_a_solver_stumbles(shape: str, ridge: float, scale: float) -> None:
    rng = np.random.default_rng(5)
    a, b = rng.normal(size=(4, 12)), rng.normal(size=4)
    if shape == "twins":
        a[:, 6:] = a[:, :6]
    elif shape == "collinear":
        a = np.outer(rng.normal(size=4), rng.normal(size=12))
    elif shape == "one exact":
        b = a[:, 3].copy()
    elif shape == "far outside":
        b = b + 100
    else:
        a[:] = 1.0
    a, b, ridge = a * scale, b * scale, ridge * scale**2
    w = simplex_weights(a, b, ridge)
    gradient = a.T @ (a @ w - b) + ridge * w
    slack = SOLVED * max(np.abs(a).max() * np.abs(b).max(), scale**2)
    assert w.min() >= 0 and w.sum() == pytest.approx(1)
    assert gradient[w > 1e-9].max() - gradient.min() <= slack


REFERENCE = Path(__file__).parents[1] / "reference"


SCALE = Scale("reference", "reference", "", 1, None, "")


def wide_panel(path: str, unit: str, time_column: str, value: str, treated: str, n_pre: int) -> Panel:
    wide = pd.read_csv(REFERENCE / path).pivot(index=unit, columns=time_column, values=value)
    donors = wide.drop(index=treated)
    y = np.vstack([wide.loc[treated], donors])
    return Panel("reference", y, (treated, *donors.index), tuple(wide.columns), n_pre, np.ones(len(donors)), (), SCALE,
                 Rows(0, "", ()))  # fmt: skip


@pytest.fixture(scope="module")
def prop99() -> Panel:
    return wide_panel("prop99/input.csv", "state", "year", "cigsale", "California", 19)


@pytest.mark.parametrize("ridge", [0.0, 1e-9, 0.01, 1.0, 100.0])
@pytest.mark.parametrize(("m", "n"), [(3, 40), (10, 40), (25, 8)])
def test_simplex_weights_satisfy_the_optimality_conditions(m: int, n: int, ridge: float) -> None:
    rng = np.random.default_rng(m * n)
    a, b = rng.normal(size=(m, n)), rng.normal(size=m)
    w = simplex_weights(a, b, ridge)
    gradient = a.T @ (a @ w - b) + ridge * w
    active = w > 1e-9
    assert w.sum() == pytest.approx(1) and w.min() >= 0
    assert gradient[active] == pytest.approx(np.full(active.sum(), gradient[active].mean()), abs=1e-6)
    assert gradient.min() >= gradient[active].mean() - 1e-6


def test_time_weights_use_the_years_that_predict(prop99: Panel) -> None:
    _, time_weights = method_weights("sdid", prop99.y[0], prop99.y[1:], 19, prop99.weights)
    assert time_weights[-3:] == pytest.approx([0.3664705831, 0.206453175, 0.427076242], abs=1e-5)


def test_two_way_fixed_effects_weights_are_flat(prop99: Panel) -> None:
    unit, flat = method_weights("twfe", prop99.y[0], prop99.y[1:], 19, prop99.weights)
    assert unit == pytest.approx(np.full(38, 1 / 38)) and flat == pytest.approx(np.full(19, 1 / 19))


def panel(**changes: Any) -> Callable[[SmallRelease], object]:
    return lambda small: small.plan(lambda plan: plan["cases"]["huari"]["panels"]["reading"].update(changes))


NO_ROWS = Rows(0, "", ())


def flat_panel(donors: int, pre: int) -> Panel:
    years = tuple(range(2000, 2001 + pre))
    y = np.random.default_rng(1).normal(size=(donors + 1, pre + 1))
    units = tuple(f"unit {n}" for n in range(donors + 1))
    return Panel("test", y, units, years, pre, np.ones(donors), (), SCALE, NO_ROWS)


def test_synthetic_difference_in_differences_wants_two_pre_periods():
    with pytest.raises(EstimatorError, match="needs 2 pre-periods, the panel has 1"):
        estimate(flat_panel(donors=5, pre=1), "sdid")


@pytest.mark.parametrize("method", ["sdid", "dsc", "sc"])
def test_weights_are_not_made_from_too_few_pre_periods(method):
    y = flat_panel(donors=5, pre=1).y
    with pytest.raises(EstimatorError, match="needs 2 pre-periods"):
        method_weights(method, y[0], y[1:], 1, np.ones(5))


def test_an_unknown_method_is_refused_with_the_known_ones():
    with pytest.raises(EstimatorError, match="no method 'ols'; allowed: twfe, sdid, dsc, sc"):
        estimate(flat_panel(donors=5, pre=3), "ols")


@pytest.mark.parametrize("infer", [collapsed_t, lambda panel: placebo_in_space(panel, "twfe")])
def test_one_donor_bears_no_inference(infer):
    with pytest.raises(InferenceError, match="two donors, found 1"):
        infer(flat_panel(donors=1, pre=3))


def test_a_drift_line_wants_three_pre_periods():
    with pytest.raises(EstimatorError, match="needs 3 pre-periods, test has 2"):
        drift_adjusted(flat_panel(donors=5, pre=2))


def test_an_interrupted_gap_wants_two_pre_periods():
    series = GapSeries("test", (2000, 2001), np.zeros(2), np.ones(2), 1, SCALE, NO_ROWS)
    with pytest.raises(EstimatorError, match="needs 2 pre-periods, found 1"):
        interrupted_gap(series, trend=False)
