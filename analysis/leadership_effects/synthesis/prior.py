"""Update normal beliefs about the mean effect on whole systems by estimates with errors.

The model is normal-normal: a belief about the system mean is normal, an estimate is normal about that mean with a known
standard error. The posterior is then normal and has a closed form, which the site works out again in the page. Where
single effects are pooled with an unknown spread between them, the spread is integrated out on a grid instead.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import special

from leadership_effects.data.panels import Array
from leadership_effects.errors import LeadershipError
from leadership_effects.rounding import is_above
from leadership_effects.synthesis.pooling import half_normal, require_numbers

Z95 = float(special.ndtri(0.975))
NODES = 4_000
PRODUCT = 1e-6  # the plan prints a share of one third with ten decimals


class PriorError(LeadershipError, ValueError):
    """A belief or estimate that cannot be used, or estimates that share places."""


@dataclass(frozen=True)
class Belief:
    """Normal belief about the mean effect on a system, in pupil standard deviations.

    Attributes
    ----------
    mean, sd : float
    """

    mean: float
    sd: float

    def __post_init__(self) -> None:
        if not (math.isfinite(self.mean) and math.isfinite(self.sd) and self.sd > 0):
            raise PriorError(
                f"mean {self.mean} and SD {self.sd}; allowed: a finite mean and a finite SD above 0"
            )

    @property
    def interval(self) -> tuple[float, float]:
        """Return the central 95 per cent interval."""
        return self.mean - Z95 * self.sd, self.mean + Z95 * self.sd

    def above(self, limit: float) -> float:
        """Compute the probability that the mean effect exceeds a limit.

        Examples
        --------
        >>> round(Belief(0.05, 0.05).above(0.0), 3)
        0.841
        """
        return float(special.ndtr((self.mean - limit) / self.sd))


@dataclass(frozen=True)
class Evidence:
    """An estimate of the mean effect on a system, with its standard error.

    Attributes
    ----------
    label : str
        As a reader has it, for instance ``the eight places``.
    estimate, se : float
        In pupil standard deviations.
    places : frozenset of str
        Places whose outcomes it rests on; evidence that shares one is not combined.
    """

    label: str
    estimate: float
    se: float
    places: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        if not (math.isfinite(self.estimate) and math.isfinite(self.se) and self.se > 0):
            raise PriorError(
                f"{self.label}: estimate {self.estimate} with standard error {self.se}; allowed: finite numbers, the "
                "error above 0"
            )


def of_interval(
    label: str,
    estimate: float,
    interval: tuple[float, float],
    *,
    level: float = 0.95,
    places: frozenset[str] = frozenset(),
) -> Evidence:
    """Make evidence whose normal interval is as wide as a printed one.

    An interval from a t distribution with few degrees of freedom, or from inverting a test, is wider than 1.96 standard
    errors; the error taken is half its width over the normal quantile, so that the belief is not surer than the interval.

    Raises
    ------
    PriorError
        If the interval has no finite ends in order, the estimate lies outside it, or the level is not in (0, 1).

    Examples
    --------
    >>> round(of_interval("pool", 0.148, (-0.075, 0.371)).se, 3)
    0.114
    """
    low, high = interval
    if not (0 < level < 1 and math.isfinite(high - low) and low <= estimate <= high):
        raise PriorError(
            f"{label}: {estimate} in {low} to {high} at level {level}; allowed: finite ends around the estimate, and a "
            "level between 0 and 1"
        )
    return Evidence(label, estimate, (high - low) / 2 / float(special.ndtri((1 + level) / 2)), places)


def update(prior: Belief, *evidence: Evidence) -> Belief:
    """Compute the posterior of the normal-normal model, precisions added.

    With prior mean m and SD s and estimates y_i with errors e_i the posterior precision is 1/s^2 + sum 1/e_i^2 and the
    posterior mean the precision-weighted mean (Gelman and others 2013, Bayesian Data Analysis, 3rd ed., eqs. 2.11-2.12).

    Raises
    ------
    PriorError
        If two of the estimates rest on the same place, whose outcomes would count twice.

    Examples
    --------
    >>> after = update(Belief(0.0, 0.1), Evidence("states", 0.1, 0.1))
    >>> round(after.mean, 3), round(after.sd, 4)
    (0.05, 0.0707)
    """
    _require_apart(evidence)
    weights = np.array([1 / prior.sd**2, *(1 / one.se**2 for one in evidence)])
    means = np.array([prior.mean, *(one.estimate for one in evidence)])
    return Belief(float(weights @ means / weights.sum()), float(1 / math.sqrt(weights.sum())))


def combined(label: str, *evidence: Evidence) -> Evidence:
    """Combine estimates of one mean by their precisions.

    As evidence, the result moves a belief as all of them do.

    Raises
    ------
    PriorError
        If two of them rest on the same place, or there is none.

    Examples
    --------
    >>> both = combined("both", Evidence("a", 0.1, 0.1), Evidence("b", 0.0, 0.1))
    >>> round(both.estimate, 3), round(both.se, 4)
    (0.05, 0.0707)
    """
    if not evidence:
        raise PriorError(f"{label}: no estimate to combine; allowed: one or more")
    _require_apart(evidence)
    weights = np.array([1 / one.se**2 for one in evidence])
    mean = float(weights @ np.array([one.estimate for one in evidence]) / weights.sum())
    places = frozenset[str]().union(*(one.places for one in evidence))
    return Evidence(label, mean, float(1 / math.sqrt(weights.sum())), places)


def _require_apart(evidence: Sequence[Evidence]) -> None:
    for n, one in enumerate(evidence):
        for other in evidence[n + 1 :]:
            if shared := sorted(one.places & other.places):
                raise PriorError(
                    f"{one.label} and {other.label} share {', '.join(shared)}: leave these out of one"
                )


def reached(effect: float, share: float, effect_sd: float = 0.0) -> tuple[float, float]:
    """Compute the mean and SD on a system of an effect on pupils reached, times their share.

    Parameters
    ----------
    effect, effect_sd : float
        Effect on the pupils whose schools such leaders head, and how unsure it is, in pupil standard deviations.
    share : float
        Share of the system's pupils that they reach, from 0 to 1.

    Raises
    ------
    PriorError
        If the share lies outside 0 to 1.

    Examples
    --------
    >>> mean, sd = reached(0.15, 1 / 3)
    >>> round(mean, 3), sd
    (0.05, 0.0)
    """
    if not 0 <= share <= 1:
        raise PriorError(f"share of pupils {share}; allowed: from 0 to 1")
    return effect * share, effect_sd * share


def named_priors(plan: Mapping[str, Any]) -> dict[str, Belief]:
    """Read the named priors of a plan, ``many_places.priors``.

    Raises
    ------
    PriorError
        If there is none, a mean or SD is missing, or a mean is not the effect on pupils reached times their share
        where the plan gives both.
    """
    listed = (plan.get("many_places") or {}).get("priors") or {}
    if not listed:
        raise PriorError("plan.yml: many_places.priors names no prior")
    found = {}
    for name, entry in listed.items():
        where = f"plan.yml: many_places.priors.{name}"
        if missing := sorted({"mean", "sd"} - set(entry)):
            raise PriorError(f"{where} lacks {', '.join(missing)}")
        if "effect_on_pupils_reached" in entry:
            mean, _ = reached(float(entry["effect_on_pupils_reached"]), float(entry["share_of_pupils"]))
            if is_above(abs(mean - float(entry["mean"])), PRODUCT):
                raise PriorError(
                    f"{where}.mean is {entry['mean']}, and effect times share of pupils {mean:.4f}"
                )
        found[name] = Belief(float(entry["mean"]), float(entry["sd"]))
    return found


@dataclass(frozen=True)
class Mixed:
    """Posterior of the mean where the spread between places is not known.

    Attributes
    ----------
    mean, sd : float
    interval : tuple of float
        Central 95 per cent.
    above : float
        Probability that the mean exceeds the limit asked for.
    tau : float
        Posterior mean of the standard deviation between places.
    """

    mean: float
    sd: float
    interval: tuple[float, float]
    above: float
    tau: float


def update_by_places(
    prior: Belief,
    effects: Sequence[float] | Array,
    errors: Sequence[float] | Array,
    limit: float,
    tau_scale: float,
    *,
    nodes: int = NODES,
) -> Mixed:
    """Compute the posterior mean of single effects, with a half-normal prior on their spread.

    Given the spread tau, each effect is normal about the mean with variance se^2 + tau^2, so the mean is normal with
    added precisions; tau has the half-normal prior times its marginal likelihood, in which the mean is integrated out
    under its own prior (Roever 2020, JSS 93(6), section 2). The grid over tau is that of `pooling.normal_normal`.

    Parameters
    ----------
    prior : Belief
        Of the mean.
    effects, errors : array-like, shape (k,)
        Effects and standard errors of single places, in pupil standard deviations.
    limit : float
        Smallest effect of interest.
    tau_scale : float
        Scale of the half-normal prior on the spread between places.

    Raises
    ------
    PriorError
        With a scale that is not positive, no effects, or effects and errors of different number.
    SynthesisError
        If an effect is not finite or an error not positive.
    """
    y, v = np.asarray(effects, float), np.square(np.asarray(errors, float))
    if not len(y) or len(y) != len(v) or not tau_scale > 0:
        raise PriorError(
            f"{len(y)} effects, {len(v)} errors and scale {tau_scale}; allowed: as many errors as effects, one or more, "
            "and a scale above 0"
        )
    require_numbers(y, v)
    u = (np.arange(nodes) + 0.5) / nodes
    tau = tau_scale * u / (1 - u)
    weights = 1 / (v + np.square(tau)[:, None])
    precision = weights.sum(axis=1)
    centre = weights @ y / precision
    spread = 1 / precision + prior.sd**2
    q = (weights * np.square(y - centre[:, None])).sum(axis=1) + np.square(centre - prior.mean) / spread
    loglik = 0.5 * (np.log(weights).sum(axis=1) - np.log(precision) - np.log(spread) - q)
    mass = np.exp(loglik - loglik.max()) * half_normal(tau_scale)(tau) / np.square(1 - u)
    mass /= mass.sum()
    total = precision + 1 / prior.sd**2
    means, sds = (weights @ y + prior.mean / prior.sd**2) / total, 1 / np.sqrt(total)
    mean = float(mass @ means)
    sd = float(np.sqrt(mass @ (np.square(sds) + np.square(means - mean))))
    low, high = (_quantile(share, means, sds, mass) for share in (0.025, 0.975))
    above = float(mass @ special.ndtr((means - limit) / sds))
    return Mixed(mean, sd, (low, high), above, float(mass @ tau))


def _quantile(probability: float, means: Array, sds: Array, mass: Array) -> float:
    """Compute a quantile of a mixture of normals by bisection."""
    low, high = float((means - 12 * sds).min()), float((means + 12 * sds).max())
    for _ in range(200):
        middle = (low + high) / 2
        if float(mass @ special.ndtr((middle - means) / sds)) < probability:
            low = middle
        else:
            high = middle
    return (low + high) / 2
