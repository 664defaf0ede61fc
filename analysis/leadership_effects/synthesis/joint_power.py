"""Compute the power of the tests across cases from their comparison places."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from leadership_effects.data.panels import Array
from leadership_effects.effects.inference import permutation_p
from leadership_effects.rounding import ROUNDING
from leadership_effects.synthesis.joint import joint_p, placebo_variance
from leadership_effects.synthesis.pooling import SynthesisError


@dataclass(frozen=True)
class Power:
    """Share of drawn sets of places that each test rejects at the 5 per cent level.

    Attributes
    ----------
    shifts : array, shape (m,)
        True effects, in placebo SD.
    joint_all, joint_one : array, shape (m,)
        Joint randomisation test when every case, and when one case alone, is moved.
    pooled_all : array, shape (m,)
        Random-effects mean with modified Hartung-Knapp when every case is moved.
    single : array, shape (k, m)
        Permutation test of one case; NaN where its pool cannot reach the level.
    draws : int
    """

    shifts: Array
    joint_all: Array
    joint_one: Array
    pooled_all: Array
    single: Array
    draws: int

    @property
    def single_mean(self) -> Array:
        """Return the mean over the cases whose pool can reach the level, shape (m,)."""
        return np.asarray(np.nanmean(self.single, axis=0))


def power_across(
    pools: Sequence[Array],
    shifts: Sequence[float],
    *,
    draws: int = 1000,
    seed: int = 20261125,
    alpha: float = 0.05,
) -> Power:
    """Compute the power of the tests across cases from the comparison places alone.

    No treated unit's result is used. In each draw one comparison place of every case takes the treated unit's part, a
    constant effect is added to it, and the remaining places form its pool and its ruler (their standard deviation).
    With one case alone moved, the cases take turns.

    Parameters
    ----------
    pools : sequence of arrays, shapes (N0_c,)
        Comparison places' standardised effects.
    shifts : sequence of float
        True effects in placebo SD.
    draws, seed : int
        Sets of places drawn for the joint and the pooled test; single cases are enumerated.
    alpha : float

    Raises
    ------
    SynthesisError
        With fewer than two cases, or a pool of fewer than four places.
    """
    if len(pools) < 2 or min(len(pool) for pool in pools) < 4:
        sizes = [len(pool) for pool in pools]
        raise SynthesisError(f"power needs two or more pools of four places or more, found sizes {sizes}")
    rng = np.random.default_rng(seed)
    chosen = [rng.integers(len(pool), size=draws) for pool in pools]
    turn = np.arange(draws) % len(pools)
    joint_all, joint_one, pooled_all = [], [], []
    for shift in shifts:
        everywhere = [drawn_sets(p, c, np.full(draws, shift)) for p, c in zip(pools, chosen, strict=True)]
        alone = [
            drawn_sets(p, c, np.where(turn == i, shift, 0.0))
            for i, (p, c) in enumerate(zip(pools, chosen, strict=True))
        ]
        joint_all.append((joint_p(everywhere) <= alpha + ROUNDING).mean())
        joint_one.append((joint_p(alone) <= alpha + ROUNDING).mean())
        pooled_all.append((pooled_p(everywhere) <= alpha).mean())
    single = [[single_power(pool, shift, alpha) for shift in shifts] for pool in pools]
    return Power(
        np.asarray(shifts, float), np.array(joint_all), np.array(joint_one), np.array(pooled_all), np.array(single), draws
    )  # fmt: skip


def drawn_sets(pool: Array, chosen: NDArray[np.int64], shift: Array) -> Array:
    """Standardise sets in which a chosen place is moved and placed first.

    Parameters
    ----------
    pool : array, shape (n,)
    chosen : array of int, shape (draws,)
    shift : array, shape (draws,)
        Added to the chosen place, in SD of the pool.

    Returns
    -------
    sets : array, shape (draws, n)
        Over the standard deviation of the places not chosen.
    """
    n = len(pool)
    order = (chosen[:, None] + np.arange(n)) % n
    sets = np.asarray(pool, float)[order]
    sets[:, 0] += shift * pool.std(ddof=1)
    return np.asarray(sets / sets[:, 1:].std(axis=1, ddof=1, keepdims=True))


def pooled_p(sets: Sequence[Array]) -> Array:
    """Compute two-sided p of the REML mean with modified Hartung-Knapp for many draws.

    Fisher scoring from the moment estimate (Viechtbauer 2005, eq. 13) in place of the search in `pool`.

    Parameters
    ----------
    sets : sequence of arrays, shapes (draws, n_c)
    """
    effects = np.column_stack([values[:, 0] for values in sets])
    variances = np.array([placebo_variance(np.ones(values.shape[1] - 1)) for values in sets])
    df = len(sets) - 1
    tau2 = np.maximum(effects.var(axis=1, ddof=1) - variances.mean(), 0.0)
    for _ in range(60):
        weights = 1 / (variances + tau2[:, None])
        total = weights.sum(axis=1)
        squared = np.square(effects - ((weights * effects).sum(axis=1) / total)[:, None])
        slope = (np.square(weights) * (squared - variances)).sum(axis=1) / np.square(weights).sum(axis=1)
        tau2 = np.maximum(slope + 1 / total, 0.0)
    mean = (weights * effects).sum(axis=1) / total
    factor = np.maximum((weights * squared).sum(axis=1) / df, 1.0)
    return np.asarray(2 * stats.t.sf(np.abs(mean) / np.sqrt(factor / total), df))


def single_power(pool: Array, shift: float, alpha: float = 0.05) -> float:
    """Compute the share of places, moved in turn, that the test rejects; NaN if none can be."""
    n = len(pool)
    if 1 / n > alpha + ROUNDING:
        return float("nan")
    sets = drawn_sets(pool, np.arange(n, dtype=np.int64), np.full(n, shift))
    p = [permutation_p(float(values[0]), values[1:]) for values in sets]
    return float((np.array(p) <= alpha + ROUNDING).mean())


def vote_against(powers: Sequence[float]) -> float:
    """Compute the chance that a vote over tests of places comes out against.

    Each place votes by whether its test rejects. Exact Poisson-binomial probability that fewer places reject than do not (Hedges and Olkin 1980, Psychological Bulletin
    88(2): a vote count of tests grows worse with more tests of low power).

    Parameters
    ----------
    powers : sequence of float
        Chance of each place's test to reject; NaN, where its pool cannot reach the level, counts as 0.

    Raises
    ------
    SynthesisError
        Without a place, or with a chance outside 0 to 1.

    Examples
    --------
    >>> round(vote_against([0.5, 0.5, 0.5]), 3), vote_against([1.0, float("nan"), float("nan")])
    (0.5, 1.0)
    """
    chances = np.nan_to_num(np.asarray(powers, float))
    if not len(chances) or chances.min() < 0 or chances.max() > 1:
        raise SynthesisError(f"a vote needs places with chances from 0 to 1, found {list(powers)}")
    reject = np.array([1.0])
    for chance in chances:
        reject = np.convolve(reject, [1 - chance, chance])
    against = np.arange(len(reject)) * 2 < len(chances)
    return float(reject[against].sum())
