"""Across the cases: random-effects pooling for a handful of studies and the joint randomisation test."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import prod

import numpy as np
from scipy import optimize, stats

from leadership_effects.inference import ROUNDING
from leadership_effects.panel import Array


class SynthesisError(ValueError):
    """The studies do not bear the synthesis asked for."""


@dataclass(frozen=True)
class Pooled:
    """Random-effects synthesis of k effects.

    Attributes
    ----------
    effect, se : float
        Pooled effect and its modified Hartung-Knapp standard error.
    interval : tuple of float
        Confidence interval, t with k - 1 degrees of freedom.
    prediction : tuple of float
        Interval for the effect in a new, exchangeable study, t with k - 1 degrees of freedom.
    tau2 : float
        Between-study variance, REML.
    tau2_interval : tuple of float
        Q-profile interval.
    i2, q, q_p : float
        Share of variance between studies (per cent), heterogeneity statistic and its p.
    p : float
    df : int
    weights : array, shape (k,)
        Normalised weights.
    """

    effect: float
    se: float
    interval: tuple[float, float]
    prediction: tuple[float, float]
    tau2: float
    tau2_interval: tuple[float, float]
    i2: float
    q: float
    q_p: float
    p: float
    df: int
    weights: Array


@dataclass(frozen=True)
class JointTest:
    """Joint randomisation test over k cases.

    Attributes
    ----------
    statistic : float
        Mean over cases of the treated units' standardised effects.
    p_two_sided, p_upper : float
        Exact, over all ways of drawing one place from each case.
    n_draws : int
        Number of ways enumerated.
    """

    statistic: float
    p_two_sided: float
    p_upper: float
    n_draws: int


def _weighted_mean(effects: Array, variances: Array, tau2: float) -> tuple[float, Array]:
    weights = 1 / (variances + tau2)
    return float(weights @ effects / weights.sum()), weights


def generalised_q(effects: Array, variances: Array, tau2: float) -> float:
    """Weighted sum of squares about the mean at a given between-study variance."""
    mean, weights = _weighted_mean(effects, variances, tau2)
    return float(weights @ np.square(effects - mean))


def reml_tau2(effects: Array, variances: Array) -> float:
    """Restricted maximum-likelihood between-study variance, not below zero (Viechtbauer 2005)."""

    def minus_loglik(tau2: float) -> float:
        _, weights = _weighted_mean(effects, variances, tau2)
        q = generalised_q(effects, variances, tau2)
        return float(0.5 * (-np.log(weights).sum() + np.log(weights.sum()) + q))

    upper = 10 * float(np.var(effects, ddof=1) + variances.max())
    fine = {"xatol": 1e-8 * upper}  # scipy's own 1e-5 is coarse where effects are small numbers
    found = float(optimize.minimize_scalar(minus_loglik, bounds=(0, upper), method="bounded", options=fine).x)
    if minus_loglik(found) >= minus_loglik(0.0):
        return 0.0
    near = 0.99 * found, 1.01 * found
    if _reml_score(effects, variances, near[0]) * _reml_score(effects, variances, near[1]) > 0:
        return found
    return float(
        optimize.brentq(lambda t: _reml_score(effects, variances, t), *near, xtol=1e-14 * found, rtol=1e-14)
    )


def _reml_score(effects: Array, variances: Array, tau2: float) -> float:
    """Twice the derivative of the restricted log-likelihood, zero at its maximum."""
    mean, weights = _weighted_mean(effects, variances, tau2)
    squared = np.square(weights)
    return float(squared @ np.square(effects - mean) - weights.sum() + squared.sum() / weights.sum())


def q_profile(effects: Array, variances: Array, alpha: float = 0.05) -> tuple[float, float]:
    """Q-profile confidence interval of the between-study variance (Viechtbauer 2007)."""
    df = len(effects) - 1

    def bound(target: float) -> float:
        if generalised_q(effects, variances, 0.0) < target:
            return 0.0
        upper = 1.0
        while generalised_q(effects, variances, upper) > target:
            upper *= 2
        return float(
            optimize.brentq(
                lambda t: generalised_q(effects, variances, t) - target,
                0,
                upper,
                xtol=1e-12 * variances.min(),
            )
        )

    return bound(stats.chi2.ppf(1 - alpha / 2, df)), bound(stats.chi2.ppf(alpha / 2, df))


def pool(
    effects: Sequence[float] | Array, variances: Sequence[float] | Array, *, modified: bool = True
) -> Pooled:
    """REML random effects with Hartung-Knapp inference and a prediction interval.

    Parameters
    ----------
    effects, variances : array-like, shape (k,)
    modified : bool
        Keep the Hartung-Knapp factor at one or above (Roever, Knapp & Friede 2015); false gives the plain one.

    Raises
    ------
    SynthesisError
        With fewer than two studies or a variance that is not positive.
    """
    y, v = np.asarray(effects, float), np.asarray(variances, float)
    if len(y) < 2 or len(y) != len(v):
        raise SynthesisError(
            f"pooling needs two or more effects with as many variances, found {len(y)} and {len(v)}"
        )
    if not (v > 0).all():
        raise SynthesisError(f"variances must be positive, found {v.tolist()}")
    tau2 = reml_tau2(y, v)
    mean, weights = _weighted_mean(y, v, tau2)
    df = len(y) - 1
    factor = generalised_q(y, v, tau2) / df
    se = float(np.sqrt((max(factor, 1.0) if modified else factor) / weights.sum()))
    reach = stats.t.ppf(0.975, df)
    spread = float(np.sqrt(tau2 + se**2))
    fixed = 1 / v
    typical = df * fixed.sum() / (fixed.sum() ** 2 - np.square(fixed).sum())
    q = generalised_q(y, v, 0.0)
    return Pooled(
        effect=mean, se=se, interval=(mean - reach * se, mean + reach * se),
        prediction=(mean - reach * spread, mean + reach * spread),
        tau2=tau2, tau2_interval=q_profile(y, v), i2=100 * tau2 / (tau2 + typical),
        q=q, q_p=float(stats.chi2.sf(q, df)), p=float(2 * stats.t.sf(abs(mean / se), df)), df=df,
        weights=weights / weights.sum(),
    )  # fmt: skip


def leave_one_out(effects: Sequence[float], variances: Sequence[float]) -> list[Pooled]:
    """Pooled result with each study left out in turn."""
    y, v = np.asarray(effects, float), np.asarray(variances, float)
    return [pool(np.delete(y, i), np.delete(v, i)) for i in range(len(y))]


def joint_randomisation(cases: Sequence[Array], limit: int = 20_000_000) -> JointTest:
    """Exact joint randomisation test: one place drawn from each case, all draws counted.

    Parameters
    ----------
    cases : sequence of arrays, shapes (1 + N0_c,)
        Standardised leave-one-out effects of each case, the treated unit first.
    limit : int
        Largest number of sums held on either side.

    Notes
    -----
    The draws are counted without listing them all: the cases are split in two groups, the sums of each group
    are enumerated and one group is searched in the other.

    Raises
    ------
    SynthesisError
        With fewer than two cases, or if a group's sums exceed the limit.
    """
    if len(cases) < 2:
        raise SynthesisError("the joint test needs two cases or more")
    left, right = _balanced_groups([np.asarray(c, float) for c in cases])
    sizes = [prod(len(c) for c in group) for group in (left, right)]
    if max(sizes) > limit:
        raise SynthesisError(f"the joint test would hold {max(sizes)} sums, limit {limit}")
    first, second = _sums(left), np.sort(_sums(right))
    statistic = float(sum(c[0] for c in cases))
    upper = _count_at_least(first, second, statistic)
    beyond = _count_at_least(first, second, abs(statistic)) + _count_at_least(
        -first, np.sort(-second), abs(statistic)
    )
    total = sizes[0] * sizes[1]
    if abs(statistic) < ROUNDING:
        beyond = total
    return JointTest(statistic / len(cases), min(beyond / total, 1.0), upper / total, total)


def _balanced_groups(cases: list[Array]) -> tuple[list[Array], list[Array]]:
    left: list[Array] = []
    right: list[Array] = []
    for case in sorted(cases, key=len, reverse=True):
        smaller = left if prod(map(len, left)) <= prod(map(len, right)) else right
        smaller.append(case)
    return left, right


def _sums(group: list[Array]) -> Array:
    total: Array = np.zeros(1)
    for case in group:
        total = np.add.outer(total, case).ravel()
    return total


def _count_at_least(first: Array, ordered: Array, threshold: float) -> int:
    position = np.searchsorted(ordered, threshold - first - ROUNDING, side="left")
    return int((len(ordered) - position).sum())


def expected_best_of(n: int) -> float:
    """Expected largest of n standard normal draws: what the best of n equal places shows by luck."""
    from scipy.integrate import quad

    return float(quad(lambda x: x * n * stats.norm.pdf(x) * stats.norm.cdf(x) ** (n - 1), -8, 10)[0])
