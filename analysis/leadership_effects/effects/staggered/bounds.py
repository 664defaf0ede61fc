"""Weigh a confidence set against the smallest effect of interest.

The verdict is one of *at least that large*, *ruled out* and *cannot say*. Two one-sided tests at (1 - level) / 2 each: Lakens, Scheel and Isager (2018), "Equivalence testing for psychological
research", Advances in Methods and Practices in Psychological Science 1(2), turned to the question whether an effect reaches
a size that matters. The same rule holds for designs of many places and for single places.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import stats

from leadership_effects.data.panels import Array
from leadership_effects.data.plan import PlanError
from leadership_effects.data.release import Release
from leadership_effects.data.staggered.design import many_places_plan
from leadership_effects.effects.pupil_scale import verdict
from leadership_effects.errors import LeadershipError
from leadership_effects.rounding import is_above, is_at_least


class BoundsError(LeadershipError, ValueError):
    """A set and a smallest effect of interest give no verdict."""


@dataclass(frozen=True)
class Interest:
    """Effects of interest, and the level of the set held against them, of the plan.

    Attributes
    ----------
    smallest, large : float
        In pupil SD.
    level : float
        Confidence level of the two-sided set; each end is a one-sided test at (1 - level) / 2.
    """

    smallest: float
    large: float
    level: float


@dataclass(frozen=True)
class Bounds:
    """An estimate, its set and what they say about the effects of interest.

    Attributes
    ----------
    estimate, low, high : float
        In pupil SD; in the unit given where that has no pupil SD. Ends may be infinite.
    level : float
    smallest, large : float
        Effects of interest in pupil SD.
    verdict, verdict_large : str
        One of `pupil_scale.VERDICTS` for the smallest and for the large effect of interest; empty where there is no pupil SD.
    minimum_detectable : float
        Smallest effect that would have been found, in the unit of `estimate`; NaN if not given.
    reason : str
        Why there is no verdict; empty where there is one.
    """

    estimate: float
    low: float
    high: float
    level: float
    smallest: float
    large: float
    verdict: str
    verdict_large: str
    minimum_detectable: float
    reason: str = ""


@dataclass(frozen=True)
class RuledOut:
    """How often a true zero would be ruled out.

    Attributes
    ----------
    by_paths : float
        Share of permuted start paths whose upper end lies below the smallest effect of interest; NaN without paths.
    by_normal : float
        The same for a normal estimate around zero.
    """

    by_paths: float
    by_normal: float


def read_interest(release: Release) -> Interest:
    """Read the effects of interest and the level of the verdict from the plan.

    Raises
    ------
    PlanError
        If the plan has none, or they are not 0 < system < large and 0 < level < 1.
    """
    section = many_places_plan(release)
    effects, level = section["effects_of_interest"], section["verdict"]["level"]
    smallest, large = float(effects["system"]), float(effects["large"])
    if not 0 < smallest < large:
        raise PlanError(
            f"plan.yml: many_places.effects_of_interest: system {smallest} and large {large}; "
            "allowed: above 0, and large above system"
        )
    if not 0 < level < 1:
        raise PlanError(f"plan.yml: many_places.verdict.level: {level}; allowed: above 0 and below 1")
    return Interest(smallest, large, float(level))


def bounds(
    estimate: float,
    low: float,
    high: float,
    interest: Interest,
    pupil_sd: float | None = 1.0,
    minimum_detectable: float = float("nan"),
) -> Bounds:
    """Give the verdict of a set at the level of the plan.

    Parameters
    ----------
    estimate, low, high : float
        Estimate and ends of the set at `interest.level`; ends may be infinite.
    interest : Interest
    pupil_sd : float, optional
        One pupil standard deviation in the unit of the estimate; 1 if it is in pupil SD already, None if there is none.
    minimum_detectable : float
        In the unit of the estimate.

    Raises
    ------
    BoundsError
        If the estimate is no number, lies outside its set, or the pupil SD is not positive.

    Examples
    --------
    >>> plan = Interest(smallest=0.05, large=0.2, level=0.9)
    >>> found = bounds(0.0, -2.0, 1.5, plan, pupil_sd=36.0)
    >>> found.verdict, round(found.high, 3)
    ('ruled out', 0.042)
    >>> bounds(0.06, 0.01, 0.11, plan).verdict, bounds(0.06, 0.01, 0.11, plan).verdict_large
    ('cannot say', 'ruled out')
    >>> bounds(3.0, 1.0, 5.0, plan, pupil_sd=None).reason
    'the outcome has no pupil standard deviation'
    """
    if not np.isfinite(estimate) or not (is_at_least(estimate, low) and is_at_least(high, estimate)):
        raise BoundsError(f"an estimate of {estimate} does not lie in its set from {low} to {high}")
    if pupil_sd is None:
        return Bounds(
            estimate, low, high, interest.level, interest.smallest, interest.large, "", "", minimum_detectable,
            "the outcome has no pupil standard deviation",
        )  # fmt: skip
    if not is_above(pupil_sd):
        raise BoundsError(f"pupil_sd is {pupil_sd}; allowed: above 0, or None")
    low, high = min(low, estimate) / pupil_sd, max(high, estimate) / pupil_sd
    return Bounds(
        estimate / pupil_sd, low, high, interest.level, interest.smallest, interest.large,
        verdict((low, high), interest.smallest), verdict((low, high), interest.large), minimum_detectable / pupil_sd,
    )  # fmt: skip


def zero_ruled_out(found: Bounds, draws: Array | None = None) -> RuledOut:
    """Work out how often a true zero would be ruled out by sets as wide as the one found.

    Permuted paths give estimates where nothing happened at their starts; each carries the distance from the estimate to the
    upper end with it. The normal approximation takes half the width of the set for its spread.

    Parameters
    ----------
    found : Bounds
    draws : array, shape (D,), optional
        Estimates over permuted paths or placebos, in the unit of `found.estimate`.

    Raises
    ------
    BoundsError
        If there is no verdict to be given, or no draws.

    Examples
    --------
    >>> wide = bounds(0.01, -0.06, 0.08, Interest(0.05, 0.2, 0.9))
    >>> round(zero_ruled_out(wide).by_normal, 3)
    0.319
    """
    if found.reason:
        raise BoundsError(f"nothing can be ruled out: {found.reason}")
    reach = found.high - found.estimate
    half = (found.high - found.low) / 2
    by_normal = 0.0
    if np.isfinite(half):
        spread = half / float(stats.norm.ppf((1 + found.level) / 2))
        by_normal = float(stats.norm.cdf((found.smallest - reach) / spread)) if spread > 0 else 1.0
    if draws is None:
        return RuledOut(float("nan"), by_normal)
    if not len(draws):
        raise BoundsError("no permuted paths; leave them out for the normal approximation alone")
    return RuledOut(float(is_above(found.smallest, draws + reach).mean()), by_normal)
