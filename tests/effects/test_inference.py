"""Placebo inference, diagnostics and pooling agree with their definitions worked out the long way.

The definitions use numpy or statsmodels and nothing of the package but the panel: sets are inverted on a grid,
permutations are listed, lines are fitted place by place, at ties, at zero, with unequal donors, weights and gaps between
years. `test_estimators.py` compares with published software.
"""

from __future__ import annotations

import itertools
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import statsmodels.formula.api as smf
from leadership_effects.data.panels import Array, Panel, Scale
from leadership_effects.data.provenance import Rows
from leadership_effects.effects.diagnostics import (
    breakdown,
    leave_one_donor_out,
    placebo_in_time,
    pre_trend_rank,
)
from leadership_effects.effects.estimators import drift_adjusted, estimate
from leadership_effects.effects.inference import (
    InferenceError,
    Placebos,
    collapsed_t,
    composite,
    family_p,
    permutation_p,
    placebo_in_space,
)
from leadership_effects.effects.weights import EstimatorError, simplex_weights
from leadership_effects.synthesis.joint import joint_randomisation
from leadership_effects.synthesis.pooling import pool, reml_tau2

SCALE = Scale("reference", "reference", "", 1, None, "")
EXACT = 1e-9  # the same sums in another order
SOLVED = 1e-6  # relative slack of optimality conditions of a solved programme


def panel_of(y: Array, n_pre: int, years: tuple[int, ...] = (), weights: Array | None = None) -> Panel:
    n = len(y) - 1
    return Panel(
        "test", np.asarray(y, float), tuple(f"unit {i}" for i in range(n + 1)), years or tuple(range(y.shape[1])),
        n_pre, np.ones(n) if weights is None else weights, (), SCALE, Rows(0, "", ()),
    )  # fmt: skip


def random_panel(donors: int, n_pre: int, n_post: int, seed: int = 1) -> Panel:
    y = np.random.default_rng(seed).normal(size=(donors + 1, n_pre + n_post)).cumsum(axis=1)
    return panel_of(y, n_pre)


def placebos_of(treated: float, effects: list[float], units: str = "") -> Placebos:
    names = tuple(units or (f"unit {i}" for i in range(len(effects))))
    return Placebos(
        "twfe", names, treated, np.array(effects, float), 1.0, np.ones(len(effects)), np.zeros((1, 1))
    )


@pytest.mark.parametrize("alpha", [0.05, 0.1, 0.25])
@pytest.mark.parametrize("donors", [3, 8, 9, 19, 20, 39])
def test_the_confidence_set_holds_what_the_test_does_not_reject(donors: int, alpha: float) -> None:
    effects = np.random.default_rng(donors).normal(size=donors)
    found = placebos_of(0.7, list(effects))
    low, high = found.confidence_set(alpha)
    grid = np.linspace(-9, 9, 4001)
    kept = grid[[permutation_p(0.7 - t, effects) > alpha + EXACT for t in grid]]
    if np.isinf(low):
        assert len(kept) == len(grid) and found.floor > alpha and high == np.inf
    else:
        assert len(kept) < len(grid)
        assert (low, high) == pytest.approx((kept.min(), kept.max()), abs=2 * (grid[1] - grid[0]))


@pytest.mark.parametrize(
    ("treated", "effects", "p", "rank"),
    [
        (2.0, [1, -2, 3], 3 / 4, 2),
        (-2.0, [1, 2, 3], 3 / 4, 4),
        (0.0, [0, 0, 1], 1.0, 4),
        (0.3, [0.1 + 0.2, -0.3, 0], 3 / 4, 2),
    ],
    ids=["tie of the other sign", "negative", "zero", "tie but for rounding"],
)
def test_ties_count_against_the_treated_place(
    treated: float, effects: list[float], p: float, rank: int
) -> None:
    found = placebos_of(treated, effects)
    assert (found.p_value, found.rank) == (p, rank)


@pytest.mark.parametrize(
    "cases",
    [
        [[1, 2, -1], [0, 1, 1, -3]],
        [[-2, 1, 2], [-1, 1, 0], [0, 2, -2]],
        [[1, -1, 0], [-1, 1, 0]],
        [[0, 0], [0, 0]],
        [[0.1, 0.2, -0.3], [0.2, 0.1, -0.3], [-0.3, 0.3, 0.0]],
    ],
    ids=["ties", "negative", "zero", "nothing but zero", "zero but for rounding"],
)
def test_the_joint_test_counts_ties_signs_and_zero(cases: list[list[float]]) -> None:
    sums = np.array([sum(draw) for draw in itertools.product(*cases)])
    own = sum(case[0] for case in cases)
    test = joint_randomisation([np.array(case, float) for case in cases])
    assert test.p_two_sided == np.mean(np.abs(sums) >= abs(own) - EXACT)
    assert test.p_upper == np.mean(sums >= own - EXACT)


def test_several_outcomes_are_corrected_over_the_donors_common_to_all() -> None:
    one = placebos_of(3.0, [1, -2, 0.5, 2.5], "abcd")
    two = placebos_of(-1.0, [2, 0.25, -1], "bce")
    spread = [
        np.std([3, 1, -2, 0.5, 2.5], ddof=1),
        np.std([-1, 2, 0.25, -1], ddof=1),
    ]  # treated place among them
    largest = [max(2 / spread[0], 2 / spread[1]), max(0.5 / spread[0], 0.25 / spread[1])]
    own = max(3 / spread[0], 1 / spread[1])
    assert family_p([one, two]) == (1 + sum(value >= own for value in largest)) / 3
    treated, others, common = composite([one, two])
    means = np.array([-2 / spread[0] + 2 / spread[1], 0.5 / spread[0] + 0.25 / spread[1]]) / 2
    assert common == ("b", "c")
    assert others == pytest.approx(means / means.std(ddof=1))
    assert treated == pytest.approx((3 / spread[0] - 1 / spread[1]) / 2 / means.std(ddof=1))


def test_one_outcome_needs_no_correction() -> None:
    one = placebos_of(2.0, [1, -2, 0.5, 2.5])
    assert family_p([one]) == one.p_value
    treated, others, _ = composite([one])
    assert np.concatenate([[treated], others]) == pytest.approx(one.standardised)


@pytest.mark.parametrize("weights", [np.ones(5), np.array([1.0, 2, 3, 4, 5])], ids=["equal", "unequal"])
def test_placebos_are_double_differences_without_the_treated_place(weights: Array) -> None:
    panel = replace(random_panel(5, 3, 2), weights=weights)
    change = panel.y[:, 3:].mean(axis=1) - panel.y[:, :3].mean(axis=1)
    found = placebo_in_space(panel, "twfe")
    for j in range(5):
        rest = [k for k in range(5) if k != j]
        assert found.effects[j] == pytest.approx(
            change[j + 1] - np.average(change[1:][rest], weights=weights[rest]), abs=EXACT
        )
    assert collapsed_t(panel).effect == pytest.approx(found.treated, abs=EXACT)


def test_leads_are_those_of_an_event_study() -> None:
    """Leads against the last pre-period, coefficients of a regression with a dummy for each other year, by place."""
    panel = random_panel(6, 4, 2)

    def largest_lead(place: int, donors: list[int]) -> float:
        cells = list(itertools.product([place, *donors], range(6)))
        frame = pd.DataFrame(cells, columns=["unit", "year"])
        frame["y"] = [panel.y[cell] for cell in cells]
        for t in (0, 1, 2, 4, 5):
            frame[f"own{t}"] = [float(unit == place and year == t) for unit, year in cells]
        fit = smf.ols("y ~ C(unit) + C(year) + own0 + own1 + own2 + own4 + own5", frame).fit()
        return float(np.abs(fit.params[["own0", "own1", "own2"]]).max())

    own = largest_lead(0, [1, 2, 3, 4, 5, 6])
    others = [largest_lead(j, [k for k in range(1, 7) if k != j]) for j in range(1, 7)]
    assert pre_trend_rank(panel) == (1 + sum(value >= own - EXACT for value in others)) / 7


@pytest.mark.parametrize(
    "years",
    [(2000, 2001, 2002, 2003, 2004), (2003, 2005, 2007, 2013, 2019), (1998, 2008, 2010, 2011, 2012)],
    ids=["every year", "a late window", "a long way before"],
)
def test_a_drift_of_the_breakdown_value_cancels_the_effect(years: tuple[int, ...]) -> None:
    """The treated place goes on drifting after the start, that many times its largest yearly step before it."""
    y = np.array([[1.0, 1.5, 1.0, 7.0, 8.0], [0, 0, 0, 0, 0], [2, 2, 2, 2, 2]])
    if years[1] - years[0] == 10:
        y[0] = [1.0, 1.5, 7.0, 8.0, 9.0]
    n_pre = 2 if years[1] - years[0] == 10 else 3
    panel = panel_of(y, n_pre, years)
    times = np.array(years, float)
    step = np.abs(np.diff(y[0, :n_pre]) / np.diff(times[:n_pre])).max()
    drift = breakdown(panel) * step * (times - times[n_pre - 1]) * (times > times[n_pre - 1])
    rest = y[0] - drift
    assert rest[n_pre:].mean() - rest[n_pre - 1] == pytest.approx(0, abs=EXACT)


@pytest.mark.parametrize(
    ("own", "value"),
    [([0.0, 5, 3, 3], 0.0), ([2, 2, 5, 5], np.inf), ([0, -1, -4, -4], 2.0)],
    ids=["sign lost already", "no step before", "negative"],
)
def test_breakdown_at_its_ends(own: list[float], value: float) -> None:
    assert breakdown(panel_of(np.array([own, [0] * 4, [1] * 4]), 2)) == pytest.approx(value)


@pytest.mark.parametrize("weights", [np.ones(5), np.array([1.0, 2, 3, 4, 5])], ids=["equal", "unequal"])
def test_every_place_loses_its_own_line_and_no_more(weights: Array) -> None:
    panel = replace(random_panel(5, 4, 3), years=(2001, 2003, 2004, 2007, 2009, 2010, 2013), weights=weights)
    years = np.array(panel.years, float)

    def effect(gap: Array) -> float:
        """Mean distance of the post-period gaps from the line through the pre-period gaps."""
        return float((gap[4:] - np.polyval(np.polyfit(years[:4], gap[:4], 1), years[4:])).mean())

    found = placebo_in_space(drift_adjusted(panel), "twfe")
    donors = panel.y[1:]
    assert found.treated == pytest.approx(effect(panel.y[0] - weights @ donors / weights.sum()), abs=EXACT)
    for j in range(5):
        rest = [k for k in range(5) if k != j]
        own = effect(donors[j] - weights[rest] @ donors[rest] / weights[rest].sum())
        assert found.effects[j] == pytest.approx(own, abs=EXACT)


def test_each_donor_is_left_out_and_a_start_is_made_up() -> None:
    panel = random_panel(4, 3, 2)
    left = leave_one_donor_out(panel, "twfe")
    change = panel.y[:, 3:].mean(axis=1) - panel.y[:, :3].mean(axis=1)
    assert list(left) == list(panel.units[1:])
    assert left["unit 2"] == pytest.approx(change[0] - change[[1, 3, 4]].mean(), abs=EXACT)
    step = panel.y[:, 2] - panel.y[:, :2].mean(axis=1)
    assert placebo_in_time(panel, 2).treated == pytest.approx(step[0] - step[1:].mean(), abs=EXACT)
    with pytest.raises(InferenceError, match=r"fake start 0 must be one of \(1, 2\)"):
        placebo_in_time(panel, 0)


def test_what_cannot_be_divided_is_refused() -> None:
    flat = placebos_of(1.0, [2, 2, 2])
    with pytest.raises(InferenceError, match="all 3 placebo effects are equal"):
        flat.standardised  # noqa: B018
    with pytest.raises(InferenceError, match="fits its pre-periods exactly"):
        replace(placebos_of(1.0, [1, 2, 3]), rmspe=np.array([1.0, 0, 1])).p_studentised  # noqa: B018
    with pytest.raises(InferenceError, match="common to all outcomes, found"):
        composite([placebos_of(1.0, [1, 2], "ab"), placebos_of(1.0, [1, 2], "bc")])
    with pytest.raises(InferenceError, match="no donor is common"):
        family_p([placebos_of(1.0, [1, 2], "ab"), placebos_of(1.0, [1, 2], "cd")])
    with pytest.raises(InferenceError, match="leaving one out needs two donors"):
        leave_one_donor_out(random_panel(1, 2, 1), "twfe")
    with pytest.raises(EstimatorError, match="needs two donors to weight, found 1"):
        estimate(random_panel(1, 3, 1), "sdid")


@pytest.mark.parametrize("scale", [1e-6, 1e-3, 1.0, 1e6])
def test_pooling_does_not_depend_on_the_unit(scale: float) -> None:
    effects, variances = np.array([0.1, 0.9, -0.4, 1.6, 0.3]), np.array([0.05, 0.1, 0.02, 0.2, 0.07])
    one, other = pool(effects, variances), pool(effects * scale, variances * scale**2)
    assert other.effect / scale == pytest.approx(one.effect, rel=EXACT)
    assert other.tau2 / scale**2 == pytest.approx(one.tau2, rel=EXACT)
    assert np.array(other.prediction) / scale == pytest.approx(np.array(one.prediction), rel=EXACT)
    assert reml_tau2(effects * scale, 100 * variances * scale**2) == 0.0


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


@pytest.mark.parametrize(("treated", "placebos"), [(np.nan, [1.0, 2.0]), (1.0, [np.nan, 2.0])])
def test_what_is_not_a_number_is_not_the_smallest_p(treated: float, placebos: list[float]) -> None:
    with pytest.raises(InferenceError, match="a permutation needs finite numbers, found"):
        permutation_p(treated, np.array(placebos))
