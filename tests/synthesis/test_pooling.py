"""Synthesis across cases agrees with metafor, bayesmeta, PyMARE, statsmodels and brute force."""

from __future__ import annotations

import itertools
import warnings
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from leadership_effects.data.plan import PlanError
from leadership_effects.data.release import newest_release, open_release
from leadership_effects.effects.inference import placebo_in_space
from leadership_effects.synthesis.joint import (
    best_of_p,
    equal_scale,
    expected_best_of,
    joint_p,
    joint_randomisation,
    largest_of,
)
from leadership_effects.synthesis.joint_power import drawn_sets, pooled_p, power_across, single_power
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
from leadership_effects.synthesis.pooling import (
    SynthesisError,
    half_normal,
    normal_normal,
    pool,
    small_sample_variances,
)
from leadership_effects.synthesis.standardised import entering_cases, standardised_case
from pymare import Dataset
from pymare.estimators import VarianceBasedLikelihoodEstimator
from scipy import integrate, stats
from statsmodels.stats.meta_analysis import combine_effects

TRIALS = pd.read_csv(Path(__file__).parents[1] / "reference" / "bcg" / "input.csv")
METAFOR = 2e-7  # closed forms and root searches; metafor's numbers carry ten digits
METAFOR_REML = 1e-5  # metafor's Fisher scoring stops when tau2 moves by less than 1e-5
PYMARE = 1e-6  # PyMARE's optimiser stops at about 1e-8 of the log-likelihood
BAYESMETA = (
    5e-5  # bayesmeta mixes a few normals within a set divergence (its delta and epsilon) for mu, not for tau
)
GRID = 0.003  # sums of a joint test counted in cells of 1/64 placebo SD
HOMOGENEOUS = np.array([0.10, 0.11, 0.12, 0.10]), np.array([0.04, 0.05, 0.04, 0.06])
SCHOOLS = (
    np.array([28.0, 8, -3, 7, -1, 1, 18, 12]),
    np.square([15.0, 10, 16, 11, 9, 11, 10, 18]),
)  # Rubin (1981)


@pytest.mark.parametrize(
    ("estimator", "tau2", "effect", "se", "method_re"),
    [
        ("dl", 0.3087602629, -0.7141172221, 0.1806966283, "dl"),
        ("pm", 0.3180684522, -0.7149681535, 0.1808921915, "iterated"),
    ],
)
def test_moment_estimators_as_in_metafor_and_statsmodels(
    estimator: str, tau2: float, effect: float, se: float, method_re: str
) -> None:
    """metafor 3.8-1, `rma(yi, vi, method = "DL" or "PM", test = "knha")`."""
    found = pool(TRIALS["yi"], TRIALS["vi"], modified=False, estimator=estimator)
    assert (found.tau2, found.effect, found.se) == pytest.approx((tau2, effect, se), abs=METAFOR)
    theirs = combine_effects(
        TRIALS["yi"].to_numpy(), TRIALS["vi"].to_numpy(), method_re=method_re, atol=1e-12
    )
    assert (found.tau2, found.effect) == pytest.approx((theirs.tau2, theirs.mean_effect_re), abs=1e-9)


@pytest.mark.parametrize("estimator", ["reml", "dl", "pm"])
def test_a_homogeneous_set_has_no_variance_between_studies(estimator: str) -> None:
    """statsmodels 0.15 does not truncate: its DerSimonian-Laird variance is negative and its random effect off."""
    effects, variances = HOMOGENEOUS
    fixed = np.average(effects, weights=1 / variances)
    ours = pool(effects, variances, estimator=estimator)
    assert (ours.tau2, ours.effect) == (0.0, pytest.approx(fixed, abs=1e-14))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # it takes the root of a negative variance
        theirs = combine_effects(effects, variances, method_re="dl")
    assert theirs.tau2 == pytest.approx(-0.046468656716, abs=1e-9)
    assert theirs.mean_effect_re == pytest.approx(0.094570747773, abs=1e-9)
    assert theirs.mean_effect_fe == pytest.approx(fixed)


def test_small_sample_variances_are_those_of_a_t_distribution() -> None:
    df, variances = np.array([5.0, 17, 49]), np.array([0.3, 1.0, 2.0])
    assert small_sample_variances(variances, df) == pytest.approx(variances * stats.t(df).var(), abs=1e-12)


def test_normal_normal_model_as_in_bayesmeta() -> None:
    """R bayesmeta's printed summary for y = (11, 13, 16), standard errors (1, 1, 2) under Jeffreys' prior on tau."""
    variances = np.array([1.0, 1, 4])

    def jeffreys(tau: np.ndarray) -> np.ndarray:
        return np.sqrt(np.square(tau[:, None] / (variances + np.square(tau[:, None]))).sum(axis=1))

    found = normal_normal([11, 13, 16], variances, jeffreys)
    assert (found.tau_median, found.tau) == pytest.approx((2.35487034, 3.67647047), rel=1e-6)
    assert (found.effect_median, found.effect) == pytest.approx((12.855986, 12.980341), rel=BAYESMETA)


@pytest.mark.parametrize("scale", [2.0, 10.0])
def test_normal_normal_model_under_a_half_normal_prior_is_a_double_integral(scale: float) -> None:
    effects, variances = SCHOOLS
    mu, tau = np.linspace(-90, 110, 1201)[:, None], (np.arange(2400) + 0.5) * scale / 400
    spread = variances[:, None, None] + np.square(tau)
    loglik = -0.5 * (np.log(spread) + np.square(effects[:, None, None] - mu) / spread).sum(axis=0)
    joint = np.exp(loglik - loglik.max()) * half_normal(scale)(tau)
    joint /= joint.sum()
    found = normal_normal(effects, variances, half_normal(scale))
    assert found.effect == pytest.approx((joint.sum(axis=1) @ mu).item(), abs=1e-4)
    assert found.tau == pytest.approx(float(joint.sum(axis=0) @ tau), abs=1e-4)
    below = np.interp(found.interval, mu.ravel(), np.cumsum(joint.sum(axis=1)) - joint.sum(axis=1) / 2)
    assert below == pytest.approx((0.025, 0.975), abs=1e-4)
    new = stats.norm.cdf(np.array(found.prediction)[:, None, None], mu, np.maximum(tau, 1e-9))
    assert (new * joint).sum(axis=(1, 2)) == pytest.approx((0.025, 0.975), abs=1e-4)


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
    data = Dataset(
        y=trials["yi"].to_numpy(),
        v=trials["vi"].to_numpy(),
        X=trials[["ablat"]].to_numpy(),
        X_names=["ablat"],
    )
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


def test_largest_of_several_counts_every_draw() -> None:
    rng = np.random.default_rng(11)
    cases = [rng.normal(size=n).round(1) for n in (4, 5, 6, 3)]
    largest = np.array([max(draw) for draw in itertools.product(*cases)])
    own = max(case[0] for case in cases)
    found = largest_of(cases)
    assert found.value == own and cases[found.position][0] == own
    assert found.p == pytest.approx(np.mean(largest >= own - 1e-12))
    assert found.expected == pytest.approx(largest.mean())
    top = largest_of([np.array([9.0, 0, 1]), np.array([0.5, 0.1, 0.2, 0.3])])
    assert top.p == pytest.approx(top.floor) == pytest.approx(1 / 3)


@pytest.mark.parametrize("n", [5, 51])
def test_chance_of_the_best_integrates_to_its_expectation(n: int) -> None:
    above = integrate.quad(lambda x: best_of_p(x, n), 0, 12)[0]
    below = integrate.quad(lambda x: 1 - best_of_p(x, n), -12, 0)[0]
    assert above - below == pytest.approx(expected_best_of(n), abs=1e-6)


def test_joint_and_pooled_p_of_many_draws_are_those_of_one() -> None:
    rng = np.random.default_rng(4)
    pools = [rng.normal(size=n) for n in (9, 21, 30, 14, 25)]
    sets = [drawn_sets(p, rng.integers(len(p), size=12), np.linspace(0, 2, 12)) for p in pools]
    for i, (joint, pooled) in enumerate(zip(joint_p(sets), pooled_p(sets), strict=True)):
        assert joint == pytest.approx(
            joint_randomisation([equal_scale(s[i]) for s in sets]).p_two_sided, abs=GRID
        )
        one = pool([s[i, 0] for s in sets], [1 + 1 / (s.shape[1] - 1) for s in sets])
        assert pooled == pytest.approx(one.p, abs=1e-6)


def test_a_drawn_set_leaves_the_chosen_place_out_of_its_ruler() -> None:
    pool_values = np.array([1.0, -1.0, 0.5, 2.0, -0.5])
    own = drawn_sets(pool_values, np.array([3]), np.array([1.0]))[0]
    others = np.delete(pool_values, 3)
    assert own[0] == pytest.approx((2 + pool_values.std(ddof=1)) / others.std(ddof=1))
    assert sorted(own[1:]) == pytest.approx(sorted(others / others.std(ddof=1)))


def test_power_with_eight_cases_is_that_of_an_outside_simulation() -> None:
    """0.77 joint and 0.59 pooled at one placebo SD, eight cases of 8 to 60 places; the pools' sizes between are ours.

    Fifteen sets of normal pools with 60 draws each: the tolerances are four Monte Carlo errors of the spread between
    sets and, for the pooled test, the sizes not told.
    """
    rng = np.random.default_rng(3)
    rates = []
    for seed in range(15):
        pools = [rng.normal(size=n) for n in (8, 12, 16, 19, 26, 35, 50, 60)]
        power = power_across(pools, [0.0, 1.0], draws=60, seed=seed)
        rates.append([*power.joint_all, power.pooled_all[1]])
    null, joint, pooled = np.mean(rates, axis=0)
    assert null == pytest.approx(0.05, abs=0.03)
    assert joint == pytest.approx(0.77, abs=0.07)
    assert pooled == pytest.approx(0.59, abs=0.12)


def test_a_pool_too_small_for_the_level_has_no_single_test() -> None:
    rng = np.random.default_rng(9)
    assert np.isnan(single_power(rng.normal(size=19), 5.0))
    assert single_power(rng.normal(size=40), 0.0) == 2 / 40
    assert single_power(rng.normal(size=40), 50.0) == 1.0


def test_entering_cases_stand_on_their_placebos_ruler() -> None:
    release = open_release(newest_release())
    cases = entering_cases(release)
    assert [case.case_id for case in cases] == release.plan["synthesis"]["entering"]
    for case in cases:
        assert len(case.standardised) == len(case.units) == len(set(case.units))
        assert case.donors.std(ddof=1) == pytest.approx(1)
        assert case.df == len(case.donors) - 1
    single = next(case for case in cases if len(case.panels) == 1)
    placebos = placebo_in_space(single.panels[0], "twfe")
    assert single.p_value == placebos.p_value and single.units[1:] == placebos.units
    with pytest.raises(SynthesisError, match="delhi: the plan names no primary panel"):
        standardised_case(release, "delhi")


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


def test_planned_moderators_are_three_at_most_and_vary_over_the_entering_cases() -> None:
    release = open_release(newest_release())
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


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: pool([1, 2], [1, 1], estimator="hedges"), "no estimator 'hedges'; there are reml, dl, pm"),
        (lambda: small_sample_variances([1.0], [2.0]), "degrees of freedom must be above 2"),
        (lambda: normal_normal([1, 2], [1, 1], half_normal(1)), "needs three or more effects"),
        (lambda: largest_of([np.ones(3)]), "two cases or more"),
        (lambda: pool([1, np.nan], [1, 1]), "effects must be finite numbers, found"),
        (lambda: pool([1, 2], [1, np.nan]), "variances must be positive"),
        (lambda: largest_of([np.ones(3), np.array([1, np.nan])]), "finite numbers, found .* in case 1"),
        (
            lambda: joint_randomisation([np.array([1, np.inf]), np.ones(3)]),
            "finite numbers, found .* in case 0",
        ),
        (lambda: meta_regression([1, 2, 3], [1, 1, 1], [1, 2, 3]), "needs four or more effects"),
        (lambda: meta_regression([1, 2, 3, 4], [1, 1, 1, 1], [2, 2, 2, 2]), "must be known and vary"),
        (lambda: permute_moderator("x", range(10), [1.0] * 10, range(10)), "enumerated are 9 at most"),
        (lambda: rank_correlation([1, 1, 1], [1, 2, 3]), "three or more cases that vary"),
        (lambda: rank_power(5, 1.0), "correlation inside"),
        (lambda: power_across([np.ones(3), np.arange(9.0)], [0]), "pools of four places or more"),
    ],
)
def test_what_cannot_be_computed_is_refused_in_words(call, message: str) -> None:
    with pytest.raises(SynthesisError, match=message):
        call()
