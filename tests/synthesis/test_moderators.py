"""Meta-regression and permutation of moderators agree with metafor, PyMARE and exact tables."""

from __future__ import annotations

import itertools
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from leadership_effects.data.plan import PlanError
from leadership_effects.data.release import Release
from leadership_effects.synthesis.moderators import (
    Moderator,
    max_t,
    meta_regression,
    moderator_values,
    permute_moderator,
    planned_moderators,
    rank_correlation,
    rank_power,
    read_moderators,
)
from pymare import Dataset
from pymare.estimators import VarianceBasedLikelihoodEstimator
from scipy import stats

TRIALS = pd.read_csv(Path(__file__).parents[1] / "reference" / "bcg" / "input.csv")
METAFOR_REML = 1e-5  # metafor's Fisher scoring stops when tau2 moves by less than 1e-5
PYMARE = 1e-6  # PyMARE's optimiser stops at about 1e-8 of the log-likelihood


def test_meta_regression_as_in_metafor_and_pymare() -> None:
    """Latitude and the BCG vaccine; metafor 3.8-1, `rma(yi, vi, mods = ~ ablat, test = "knha")`, and PyMARE 0.0.13."""
    found = meta_regression(TRIALS["yi"], TRIALS["vi"], TRIALS["ablat"], modified=False)
    ours = (found.intercept, found.slope, *found.se, found.p, *found.interval, found.tau2)
    metafor = (0.2514642944, -0.02910166093, 0.2839300374, 0.008201541796, 0.004565545589,
               -0.04715313271, -0.01105018915, 0.07635469471)  # fmt: skip
    assert ours == pytest.approx(metafor, abs=METAFOR_REML)
    theirs = _pymare(TRIALS)
    assert found.tau2 == pytest.approx(np.ravel(theirs.tau2)[0], abs=PYMARE)
    table = theirs.to_df()
    assert (found.intercept, found.slope) == pytest.approx(tuple(table["estimate"]), abs=PYMARE)
    assert found.se == pytest.approx(tuple(table["se"]), abs=PYMARE)


def _pymare(trials: pd.DataFrame):
    y, v, x = trials["yi"].to_numpy(), trials["vi"].to_numpy(), trials[["ablat"]].to_numpy()
    data = Dataset(y=y, v=v, X=x, X_names=["ablat"])
    return VarianceBasedLikelihoodEstimator(method="reml").fit_dataset(data).summary()


@pytest.mark.parametrize("chosen", [[0, 1, 2, 3, 4, 5], [0, 1, 2, 3, 5, 7]])
def test_exact_permutation_of_a_moderator_as_in_pymare(chosen: list[int]) -> None:
    """All 720 permutations of six trials, two of one latitude, tau2 estimated anew in each as in metafor's permutest."""
    some = TRIALS.iloc[chosen]
    theirs = _pymare(some).permutation_test(1000)
    found = permute_moderator("ablat", some["yi"], some["vi"], some["ablat"], modified=False)
    assert (theirs.exact, found.n_permutations, found.floor) == (True, 720, 2 / 720)
    assert found.p == pytest.approx(theirs.perm_p["fe_p"][1, 0], abs=1e-12)


def test_ties_set_the_floor_and_silence_drops_a_case() -> None:
    effects, variances = [0.1, 0.5, 5.5, 0.6, 0.4], [1.05, 1.05, 1.02, 1.03, 1.03]
    roles = permute_moderator("roles", effects, variances, [1, 2, 3, 1, 1])
    assert (roles.k, roles.floor) == (5, 6 / 120)
    silent = permute_moderator("breadth", effects, variances, [4, np.nan, 1, 2, 2])
    assert (silent.k, silent.floor, silent.n_permutations) == (4, 2 / 24, 24)
    assert silent.fit == meta_regression(np.delete(effects, 1), np.delete(variances, 1), [4, 1, 2, 2])


def test_largest_t_over_moderators_is_the_long_way_round() -> None:
    effects, variances = np.array([0.1, 0.5, 5.5, 0.6, 0.4]), np.array([1.05, 1.05, 1.02, 1.03, 1.04])
    columns = {"a": np.array([1.0, 2, 3, 1, 1]), "b": np.array([4.0, np.nan, 1, 2, 2])}
    largest = []
    for order in itertools.permutations(range(5)):
        y, v = effects[list(order)], variances[list(order)]
        fits = []
        for m in columns.values():
            told = ~np.isnan(m)
            fits.append(abs(meta_regression(y[told], v[told], m[told]).t))
        largest.append((max(fits), *fits))
    expected = {
        name: np.mean([row[0] >= largest[0][i + 1] * (1 - 1e-7) for row in largest])
        for i, name in enumerate(columns)
    }
    assert max_t(effects, variances, columns) == pytest.approx(expected)
    alone = permute_moderator("a", effects, variances, columns["a"]).p
    assert max_t(effects, variances, {"a": columns["a"]})["a"] == pytest.approx(alone)


@pytest.mark.parametrize(("k", "critical"), [(5, 1.0), (6, 0.886), (7, 0.786), (8, 0.738), (9, 0.700)])
def test_critical_rank_correlations_as_in_the_exact_table(k: int, critical: float) -> None:
    """Zar (1972, JASA 67), two-sided 5 per cent; the t curve would admit 0.714 at eight, whose exact p is 0.058."""
    assert rank_correlation(range(k), range(k)).critical == pytest.approx(critical, abs=5e-4)


def test_rank_correlation_with_ties_and_its_power() -> None:
    roles, effects = [1, 2, 3, 1, 1], [0.1, 0.5, 5.5, 0.6, 0.4]
    found = rank_correlation(roles, effects)
    assert found.rho == pytest.approx(stats.spearmanr(roles, effects).statistic)
    assert (found.p, found.critical) == (pytest.approx(0.3), np.inf)
    assert rank_power(5, 0.0) == pytest.approx(2 / 120, abs=0.003)
    assert rank_power(8, 0.7) > rank_power(5, 0.7) > rank_power(5, 0.5)


def test_moderators_are_means_over_coders_and_silence_is_not_zero() -> None:
    rows = [
        ("a", "dimension", "roles", "A", 1), ("a", "dimension", "roles", "B", 2), ("b", "dimension", "roles", "A", None),
        ("b", "dimension", "roles", "B", None), ("a", "strategy", "x", "A", 1), ("a", "strategy", "y", "A", 1),
        ("a", "strategy", "x", "B", 1), ("a", "strategy", "y", "B", None), ("b", "strategy", "x", "A", None),
    ]  # fmt: skip
    coding = pd.DataFrame(rows, columns=["case_id", "kind", "item", "coder", "code"])
    roles = Moderator("roles", "", "dimension", "mean_code", "")
    breadth = Moderator("breadth", "", "strategy", "count_documented", "")
    assert moderator_values(coding, roles, ["b", "a"]) == pytest.approx([np.nan, 1.5], nan_ok=True)
    assert moderator_values(coding, breadth, ["a", "b"]) == pytest.approx([1.5, np.nan], nan_ok=True)


def test_planned_moderators_are_three_at_most_and_vary_over_the_entering_cases(release: Release) -> None:
    planned = planned_moderators(release)
    assert 1 <= len(planned) <= 3
    for moderator in planned:
        values = moderator_values(release.table("coding"), moderator, release.plan["synthesis"]["entering"])
        assert np.nanmax(values) > np.nanmin(values), moderator.name


GOOD = {"kind": "dimension", "rule": "mean_code", "label": "Roles", "why": "A reason."}


@pytest.mark.parametrize(
    ("items", "message"),
    [
        ({}, "names 0 moderators; allowed: one to 3"),
        ({name: GOOD for name in "abcd"}, "names 4 moderators; allowed: one to 3"),
        ({"roles": {"kind": "dimension"}}, "allowed: kind, rule, label, why"),
        ({"roles": GOOD | {"rule": "sum"}}, "rule is 'sum'; allowed: mean_code, count_documented"),
        ({"height": GOOD}, "no such item of kind 'dimension'; there are roles"),
    ],
)
def test_a_moderator_that_the_coding_cannot_give_is_refused(items: dict, message: str) -> None:
    coding = pd.DataFrame({"kind": ["dimension"], "item": ["roles"]})
    with pytest.raises(PlanError, match=message):
        read_moderators(items, coding)
