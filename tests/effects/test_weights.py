"""Weights solve their programme, also where a solver stumbles, and too few periods or donors are refused."""

from __future__ import annotations

import numpy as np
import pytest
from leadership_effects.data.panels import Panel
from leadership_effects.effects.estimators import drift_adjusted, estimate, interrupted_gap
from leadership_effects.effects.inference import InferenceError, collapsed_t, placebo_in_space
from leadership_effects.effects.weights import EstimatorError, method_weights, simplex_weights
from made_panels import random_panel, series_of

SOLVED = 1e-6  # relative slack of optimality conditions of a solved programme


STUMBLES = ("twins", "collinear", "one exact", "far outside", "constant")


@pytest.mark.parametrize("scale", [1e-3, 1.0, 1e3])
@pytest.mark.parametrize("ridge", [0.0, 1e-9, 1e-6, 0.01, 1.0, 100.0])
@pytest.mark.parametrize("shape", [*STUMBLES, (3, 40), (10, 40), (25, 8)], ids=str)
def test_weights_are_optimal_also_where_a_solver_stumbles(
    shape: str | tuple[int, int], ridge: float, scale: float
) -> None:
    m, n = (4, 12) if isinstance(shape, str) else shape
    rng = np.random.default_rng(m * n)
    a, b = rng.normal(size=(m, n)), rng.normal(size=m)
    if shape == "twins":
        a[:, 6:] = a[:, :6]
    elif shape == "collinear":
        a = np.outer(rng.normal(size=4), rng.normal(size=12))
    elif shape == "one exact":
        b = a[:, 3].copy()
    elif shape == "far outside":
        b = b + 100
    elif shape == "constant":
        a[:] = 1.0
    a, b, ridge = a * scale, b * scale, ridge * scale**2
    w = simplex_weights(a, b, ridge)
    gradient = a.T @ (a @ w - b) + ridge * w
    size = max(np.abs(a).max() * np.abs(b).max(), scale**2) if isinstance(shape, str) else 2 * scale**2
    assert w.min() >= 0 and w.sum() == pytest.approx(1)
    assert gradient[w > 1e-9].max() - gradient.min() <= SOLVED * size


def test_time_weights_use_the_years_that_predict(prop99: Panel) -> None:
    _, time_weights = method_weights("sdid", prop99.y[0], prop99.y[1:], 19, prop99.weights)
    assert time_weights[-3:] == pytest.approx([0.3664705831, 0.206453175, 0.427076242], abs=1e-5)


def test_two_way_fixed_effects_weights_are_flat(prop99: Panel) -> None:
    unit, flat = method_weights("twfe", prop99.y[0], prop99.y[1:], 19, prop99.weights)
    assert unit == pytest.approx(np.full(38, 1 / 38)) and flat == pytest.approx(np.full(19, 1 / 19))


def test_synthetic_difference_in_differences_wants_two_pre_periods():
    with pytest.raises(EstimatorError, match="needs 2 pre-periods, the panel has 1"):
        estimate(random_panel(5, 1, 1), "sdid")


@pytest.mark.parametrize("method", ["sdid", "dsc", "sc"])
def test_weights_are_not_made_from_too_few_pre_periods(method):
    y = random_panel(5, 1, 1).y
    with pytest.raises(EstimatorError, match="needs 2 pre-periods"):
        method_weights(method, y[0], y[1:], 1, np.ones(5))


def test_an_unknown_method_is_refused_with_the_known_ones():
    with pytest.raises(EstimatorError, match="no method 'ols'; allowed: twfe, sdid, dsc, sc"):
        estimate(random_panel(5, 3, 1), "ols")


@pytest.mark.parametrize("infer", [collapsed_t, lambda panel: placebo_in_space(panel, "twfe")])
def test_one_donor_bears_no_inference(infer):
    with pytest.raises(InferenceError, match="two donors, found 1"):
        infer(random_panel(1, 3, 1))


def test_a_drift_line_wants_three_pre_periods():
    with pytest.raises(EstimatorError, match="needs 3 pre-periods, test has 2"):
        drift_adjusted(random_panel(5, 2, 1))


def test_an_interrupted_gap_wants_two_pre_periods():
    with pytest.raises(EstimatorError, match="needs 2 pre-periods, found 1"):
        interrupted_gap(series_of((2000, 2001), np.ones(2), 1), trend=False)
