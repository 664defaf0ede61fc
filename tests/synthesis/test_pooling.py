"""Synthesis across cases agrees with metafor, bayesmeta, PyMARE, statsmodels and brute force."""

from __future__ import annotations

import warnings
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from leadership_effects.synthesis.joint import joint_randomisation, largest_of
from leadership_effects.synthesis.joint_power import power_across
from leadership_effects.synthesis.moderators import (
    meta_regression,
    permute_moderator,
    rank_correlation,
    rank_power,
)
from leadership_effects.synthesis.pooling import (
    SynthesisError,
    half_normal,
    leave_one_out,
    normal_normal,
    pool,
    reml_tau2,
    small_sample_variances,
)
from scipy import stats
from statsmodels.stats.meta_analysis import combine_effects

TRIALS = pd.read_csv(Path(__file__).parents[1] / "reference" / "bcg" / "input.csv")
METAFOR = 2e-7  # closed forms and root searches; metafor's numbers carry ten digits
# bayesmeta mixes a few normals within a set divergence (its delta and epsilon) for mu, not for tau.
BAYESMETA = 5e-5
EXACT = 1e-9  # the same sums in another order
HOMOGENEOUS = np.array([0.10, 0.11, 0.12, 0.10]), np.array([0.04, 0.05, 0.04, 0.06])
# Rubin (1981).
SCHOOLS = np.array([28.0, 8, -3, 7, -1, 1, 18, 12]), np.square([15.0, 10, 16, 11, 9, 11, 10, 18])


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
    trials = TRIALS["yi"].to_numpy(), TRIALS["vi"].to_numpy()
    theirs = combine_effects(*trials, method_re=method_re, atol=1e-12)
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


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: pool([1, 2], [1, 1], estimator="hedges"), "no estimator 'hedges'; there are reml, dl, pm"),
        (lambda: small_sample_variances([1.0], [2.0]), "degrees of freedom must be above 2"),
        (lambda: normal_normal([1, 2], [1, 1], half_normal(1)), "needs three or more effects"),
        (lambda: largest_of([np.ones(3)]), "two cases or more"),
        (lambda: joint_randomisation([np.ones(3)]), "two cases or more"),
        (lambda: pool([1.0], [1.0]), "two or more effects"),
        (lambda: pool([1.0, 2.0], [1.0, 0.0]), "variances must be positive"),
        (lambda: pool([1, np.nan], [1, 1]), "effects must be finite numbers, found"),
        (lambda: pool([1, 2], [1, np.nan]), "variances must be positive"),
        (lambda: largest_of([np.ones(3), np.array([1, np.nan])]), "finite numbers, found .* in case 1"),
        (lambda: joint_randomisation([np.array([1, np.inf]), np.ones(3)]), "finite numbers, found .* in case 0"),
        (lambda: meta_regression([1, 2, 3], [1, 1, 1], [1, 2, 3]), "needs four or more effects"),
        (lambda: meta_regression([1, 2, 3, 4], [1, 1, 1, 1], [2, 2, 2, 2]), "must be known and vary"),
        (lambda: permute_moderator("x", range(10), [1.0] * 10, range(10)), "enumerated are 9 at most"),
        (lambda: rank_correlation([1, 1, 1], [1, 2, 3]), "three or more cases that vary"),
        (lambda: rank_power(5, 1.0), "correlation inside"),
        (lambda: power_across([np.ones(3), np.arange(9.0)], [0]), "pools of four places or more"),
    ],
)  # fmt: skip
def test_what_cannot_be_computed_is_refused_in_words(call, message: str) -> None:
    with pytest.raises(SynthesisError, match=message):
        call()


@pytest.mark.parametrize("scale", [1e-6, 1e-3, 1.0, 1e6])
def test_pooling_does_not_depend_on_the_unit(scale: float) -> None:
    effects, variances = np.array([0.1, 0.9, -0.4, 1.6, 0.3]), np.array([0.05, 0.1, 0.02, 0.2, 0.07])
    one, other = pool(effects, variances), pool(effects * scale, variances * scale**2)
    assert other.effect / scale == pytest.approx(one.effect, rel=EXACT)
    assert other.tau2 / scale**2 == pytest.approx(one.tau2, rel=EXACT)
    assert np.array(other.prediction) / scale == pytest.approx(np.array(one.prediction), rel=EXACT)
    assert reml_tau2(effects * scale, 100 * variances * scale**2) == 0.0


def test_bcg_trials_as_in_metafor() -> None:
    """metafor 3.8-1: REML, Hartung-Knapp, t prediction interval with k - 1 degrees of freedom, Q-profile."""
    result = pool(TRIALS["yi"], TRIALS["vi"], modified=False)
    assert result.tau2 == pytest.approx(0.3132432581, abs=1e-7)
    assert (result.effect, result.se) == (pytest.approx(-0.7145323422), pytest.approx(0.1807917441))
    assert result.interval == pytest.approx((-1.108443714, -0.3206209706))
    assert result.prediction == pytest.approx((-1.996016834, 0.5669521499))
    assert result.p == pytest.approx(0.001920015096)
    assert (result.q, result.i2) == (pytest.approx(152.2330081), pytest.approx(92.22138452))
    # metafor's Q-profile search stops at 1e-4 of the interval
    assert result.tau2_interval == pytest.approx((0.1196953128, 1.111486262), rel=5e-4)
    left = [one.tau2 for one in leave_one_out(TRIALS["yi"], TRIALS["vi"])]
    assert left[:3] == pytest.approx([0.3361567453, 0.2925830856, 0.3207380569], abs=1e-6)


@pytest.mark.parametrize(
    ("effects", "variances"),
    [
        ([0.42, 0.39, 0.35, 0.29, -0.77], [0.01, 0.001, 0.01, 0.0001, 0.1]),
        ([0.29, -0.17, 0.57, -2.11], [0.0001, 1.0, 0.01, 1.0]),
    ],
)
def test_the_likelihood_is_highest_where_variances_differ_a_thousandfold(
    effects: list[float], variances: list[float]
) -> None:
    """Both sets have a second, lower maximum, at which a search over the whole range stops."""

    def loglik(tau2: float) -> float:
        sd = np.sqrt(np.array(variances) + tau2)
        precision = (sd**-2).sum()
        mean = (np.array(effects) / sd**2).sum() / precision
        return float(stats.norm.logpdf(effects, mean, sd).sum() - 0.5 * np.log(precision))

    found = reml_tau2(np.array(effects), np.array(variances))
    assert loglik(found) >= max(loglik(t) for t in np.geomspace(1e-8, 10, 4000)) - EXACT


def test_modified_hartung_knapp_never_narrows_a_homogeneous_set() -> None:
    effects, variances = HOMOGENEOUS
    modified, plain = pool(effects, variances), pool(effects, variances, modified=False)
    assert modified.tau2 == 0.0
    assert plain.se < modified.se == pytest.approx(1 / np.sqrt((1 / variances).sum()))
