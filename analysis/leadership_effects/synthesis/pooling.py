"""Pool a handful of effects by random effects, Hartung-Knapp and prediction intervals."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy import optimize, special, stats

from leadership_effects.data.panels import Array
from leadership_effects.errors import LeadershipError

GRID = 96  # points at which the likelihood of the variance between studies is profiled, evenly in logarithms
Density = Callable[[Array], Array]
Tau2Estimator = Literal["reml", "dl", "pm"]


class SynthesisError(LeadershipError, ValueError):
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
        Between-study variance by the estimator asked for.
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


def _weighted_mean(effects: Array, variances: Array, tau2: float) -> tuple[float, Array]:
    weights = 1 / (variances + tau2)
    return float(weights @ effects / weights.sum()), weights


def generalised_q(effects: Array, variances: Array, tau2: float) -> float:
    """Compute the weighted sum of squares about the mean at a given between-study variance."""
    mean, weights = _weighted_mean(effects, variances, tau2)
    return float(weights @ np.square(effects - mean))


def weighted_fit(effects: Array, design: Array, weights: Array) -> tuple[Array, Array, float]:
    """Fit weighted least squares of effects on a design.

    Parameters
    ----------
    effects, weights : array, shape (k,)
    design : array, shape (k, q)

    Returns
    -------
    coefficients : array, shape (q,)
    covariance : array, shape (q, q)
        (X'WX)^-1.
    residual : float
        Weighted residual sum of squares.
    """
    covariance = np.asarray(np.linalg.inv(design.T @ (weights[:, None] * design)), float)
    beta = covariance @ (design.T @ (weights * effects))
    return beta, covariance, float(weights @ np.square(effects - design @ beta))


def reml_tau2(effects: Array, variances: Array, design: Array | None = None) -> float:
    """Estimate the between-study variance by restricted maximum likelihood.

    Not below zero (Viechtbauer 2005). The likelihood is profiled on a grid, as it may have several maxima where variances
    differ a thousandfold; the best is found by search between its neighbours, then as root of the score beside it.

    Parameters
    ----------
    effects, variances : array, shape (k,)
    design : array, shape (k, q), optional
        Regressors of a meta-regression; a constant alone if left out.
    """
    x = np.ones((len(effects), 1)) if design is None else design

    def minus_loglik(tau2: float) -> float:
        return float(_minus_loglik(np.array([tau2]), effects, variances, x)[0])

    def score(tau2: float) -> float:
        """Return the twice the derivative of the restricted log-likelihood, zero at its maximum."""
        weights = 1 / (variances + tau2)
        beta, covariance, _ = weighted_fit(effects, x, weights)
        squared = np.square(weights)
        trace = weights.sum() - np.trace(covariance @ (x.T @ (squared[:, None] * x)))
        return float(squared @ np.square(effects - x @ beta) - trace)

    upper = 10 * float(np.var(effects, ddof=1) + variances.max())
    grid = np.append(0.0, np.geomspace(1e-4 * variances.min(), upper, GRID))
    best = int(_minus_loglik(grid, effects, variances, x).argmin())
    bounds = grid[max(best - 1, 0)], grid[min(best + 1, GRID)]
    fine = {"xatol": 1e-8 * bounds[1]}  # scipy's own 1e-5 is coarse where effects are small numbers
    found = float(optimize.minimize_scalar(minus_loglik, bounds=bounds, method="bounded", options=fine).x)
    if minus_loglik(found) >= minus_loglik(0.0):
        return 0.0
    near = 0.99 * found, 1.01 * found
    if score(near[0]) * score(near[1]) > 0:
        return found
    return float(optimize.brentq(score, *near, xtol=1e-14 * found, rtol=1e-14))


def _minus_loglik(tau2: Array, effects: Array, variances: Array, x: Array) -> Array:
    """Compute minus the restricted log-likelihood at several tau2, shape (G,)."""
    weights = 1 / (variances + tau2[:, None])
    information = np.einsum("gk,kp,kq->gpq", weights, x, x)
    beta = np.linalg.solve(information, ((weights * effects) @ x)[:, :, None])[:, :, 0]
    residual = (weights * np.square(effects - beta @ x.T)).sum(axis=1)
    found = 0.5 * (np.linalg.slogdet(information)[1] - np.log(weights).sum(axis=1) + residual)
    return np.asarray(found, float)


def dersimonian_laird_tau2(effects: Array, variances: Array) -> float:
    """Estimate the between-study variance by moments (DerSimonian & Laird 1986, eq. 8)."""
    fixed = 1 / variances
    scale = fixed.sum() - np.square(fixed).sum() / fixed.sum()
    excess = generalised_q(effects, variances, 0.0) - (len(effects) - 1)
    return float(max(0.0, excess / scale))


def paule_mandel_tau2(effects: Array, variances: Array) -> float:
    """Estimate the variance at which generalised Q is k - 1 (Paule & Mandel 1982), not below 0."""
    return _tau2_at(effects, variances, len(effects) - 1)


TAU2_ESTIMATORS: dict[str, Callable[[Array, Array], float]] = {
    "reml": reml_tau2,
    "dl": dersimonian_laird_tau2,
    "pm": paule_mandel_tau2,
}


def _tau2_at(effects: Array, variances: Array, target: float) -> float:
    """Find the between-study variance at which the generalised Q falls to a target, or zero."""
    if generalised_q(effects, variances, 0.0) <= target:
        return 0.0
    upper = 1.0
    while generalised_q(effects, variances, upper) > target:
        upper *= 2
    apart, xtol = lambda t: generalised_q(effects, variances, t) - target, 1e-12 * variances.min()
    return float(optimize.brentq(apart, 0, upper, xtol=xtol))


def q_profile(effects: Array, variances: Array, alpha: float = 0.05) -> tuple[float, float]:
    """Compute the Q-profile interval of the between-study variance (Viechtbauer 2007)."""
    upper, lower = stats.chi2.ppf([1 - alpha / 2, alpha / 2], len(effects) - 1)
    return _tau2_at(effects, variances, upper), _tau2_at(effects, variances, lower)


def _checked(
    effects: Sequence[float] | Array, variances: Sequence[float] | Array, fewest: int = 2
) -> tuple[Array, Array]:
    y, v = np.asarray(effects, float), np.asarray(variances, float)
    if len(y) < fewest or len(y) != len(v):
        least = {2: "two", 3: "three"}[fewest]
        needs = f"{least} or more effects with as many variances"
        raise SynthesisError(f"pooling needs {needs}, found {len(y)} and {len(v)}")
    require_numbers(y, v)
    return y, v


def require_numbers(effects: Array, variances: Array) -> None:
    """Refuse effects that are not numbers and variances that are not positive ones.

    Raises
    ------
    SynthesisError
        With what was found.
    """
    if not np.isfinite(effects).all():
        raise SynthesisError(f"effects must be finite numbers, found {effects.tolist()}")
    if not (np.isfinite(variances) & (variances > 0)).all():
        raise SynthesisError(f"variances must be positive, found {variances.tolist()}")


def pool(
    effects: Sequence[float] | Array,
    variances: Sequence[float] | Array,
    *,
    modified: bool = True,
    estimator: Tau2Estimator = "reml",
) -> Pooled:
    """Pool effects by random effects with Hartung-Knapp inference and a prediction interval.

    Parameters
    ----------
    effects, variances : array-like, shape (k,)
    modified : bool
        Keep the Hartung-Knapp factor at one or above (Roever, Knapp & Friede 2015); false gives the plain one.
    estimator : {"reml", "dl", "pm"}
        Of the between-study variance: restricted maximum likelihood, DerSimonian-Laird or Paule-Mandel.

    Raises
    ------
    SynthesisError
        With fewer than two studies, an effect that is not a number, a variance that is not positive, or an unknown
        estimator.

    Examples
    --------
    >>> pooled = pool([0.4, 0.1, -0.2, 0.6], [0.04, 0.09, 0.04, 0.16])
    >>> round(pooled.effect, 2), [round(float(end), 2) for end in pooled.interval]
    (0.17, [-0.4, 0.75])
    """
    y, v = _checked(effects, variances)
    if estimator not in TAU2_ESTIMATORS:
        raise SynthesisError(f"no estimator {estimator!r}; there are {', '.join(TAU2_ESTIMATORS)}")
    tau2 = TAU2_ESTIMATORS[estimator](y, v)
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


def small_sample_variances(variances: Sequence[float] | Array, df: Sequence[float] | Array) -> Array:
    """Inflate variances by df / (df - 2), as an estimated error is less sure than a known one.

    Parameters
    ----------
    variances, df : array-like, shape (k,)
        Squared standard errors and their degrees of freedom.

    Raises
    ------
    SynthesisError
        If degrees of freedom are two or fewer: the variance is then infinite.
    """
    v, degrees = np.asarray(variances, float), np.asarray(df, float)
    if not (degrees > 2).all():
        raise SynthesisError(f"degrees of freedom must be above 2, found {degrees.tolist()}")
    inflated: Array = v * degrees / (degrees - 2)
    return inflated


@dataclass(frozen=True)
class Posterior:
    """Normal-normal model under a prior on the spread between studies.

    Attributes
    ----------
    effect : float
        Posterior mean of the pooled effect mu.
    effect_median : float
    interval : tuple of float
        Central 95 % interval of mu.
    tau, tau_median : float
        Posterior mean and median of the standard deviation between studies.
    tau_interval : tuple of float
        Central 95 % interval of tau.
    prediction : tuple of float
        Central 95 % interval of the true effect in a new, exchangeable study.
    """

    effect: float
    effect_median: float
    interval: tuple[float, float]
    tau: float
    tau_median: float
    tau_interval: tuple[float, float]
    prediction: tuple[float, float]


def half_normal(scale: float) -> Density:
    """Return the half-normal density on tau with the given scale, up to a constant."""

    def density(tau: Array) -> Array:
        return np.asarray(np.exp(-0.5 * np.square(tau / scale)))

    return density


def normal_normal(
    effects: Sequence[float] | Array,
    variances: Sequence[float] | Array,
    prior: Density,
    *,
    nodes: int = 4000,
) -> Posterior:
    """Compute the posterior of the normal-normal model on a grid over tau.

    With a flat prior on mu. Given tau, mu is normal with the precision-weighted mean and variance 1 / sum w; the
    marginal likelihood of tau is that of restricted maximum likelihood (Roever 2020, JSS 93(6), eqs. 7-10). The grid is
    the midpoints of u = tau / (tau + s), so that it reaches into the tail; s is the spread of the effects plus the
    largest error.

    Parameters
    ----------
    effects, variances : array-like, shape (k,)
    prior : callable
        Density of tau up to a constant, for an array of values above zero.
    nodes : int
        Grid points.

    Raises
    ------
    SynthesisError
        With fewer than three studies or a variance that is not positive.
    """
    y, v = _checked(effects, variances, fewest=3)
    scale = float(y.std(ddof=1) + np.sqrt(v.max()))
    u = (np.arange(nodes) + 0.5) / nodes
    tau = scale * u / (1 - u)
    weights = 1 / (v + np.square(tau)[:, None])
    precision = weights.sum(axis=1)
    centre = weights @ y / precision
    q = (weights * np.square(y - centre[:, None])).sum(axis=1)
    loglik = 0.5 * (np.log(weights).sum(axis=1) - np.log(precision) - q)
    mass = np.exp(loglik - loglik.max()) * prior(tau) / np.square(1 - u)
    mass /= mass.sum()
    below = np.cumsum(mass) - mass / 2
    own, new = np.sqrt(1 / precision), np.sqrt(1 / precision + np.square(tau))
    return Posterior(
        effect=float(mass @ centre), effect_median=_mixture_quantile(0.5, centre, own, mass),
        interval=_central(centre, own, mass), tau=float(mass @ tau),
        tau_median=float(np.interp(0.5, below, tau)),
        tau_interval=(float(np.interp(0.025, below, tau)), float(np.interp(0.975, below, tau))),
        prediction=_central(centre, new, mass),
    )  # fmt: skip


def _central(centre: Array, sd: Array, mass: Array) -> tuple[float, float]:
    return _mixture_quantile(0.025, centre, sd, mass), _mixture_quantile(0.975, centre, sd, mass)


def _mixture_quantile(probability: float, centre: Array, sd: Array, mass: Array) -> float:
    """Compute a quantile of a mixture of normals."""

    def excess(x: float) -> float:
        return float(mass @ special.ndtr((x - centre) / sd)) - probability

    reach = float(np.max(np.abs(centre)) + np.median(sd))
    while excess(-reach) > 0 or excess(reach) < 0:
        reach *= 2
    return float(optimize.brentq(excess, -reach, reach, xtol=1e-12 * reach))


def leave_one_out(effects: Sequence[float], variances: Sequence[float]) -> list[Pooled]:
    """Pool the studies with each left out in turn."""
    y, v = np.asarray(effects, float), np.asarray(variances, float)
    return [pool(np.delete(y, i), np.delete(v, i)) for i in range(len(y))]
