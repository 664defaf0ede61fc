"""The entering cases on one ruler, and the power that tests across them have with their own comparison pools."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from leadership_effects.data.panels import Array, Panel, Rows, build_panel
from leadership_effects.data.plan import case_plan
from leadership_effects.data.release import Release
from leadership_effects.effects.estimators import headline_method
from leadership_effects.effects.inference import ROUNDING, composite, permutation_p, placebo_in_space
from leadership_effects.synthesis.pooling import SynthesisError

CELL = 1 / 64  # width of a cell, in placebo SD, when sums of many draws are counted
CELLS = 2048


@dataclass(frozen=True)
class StandardisedCase:
    """One case in placebo standard deviations.

    Attributes
    ----------
    case_id : str
    standardised : array, shape (1 + N0,)
        Effects of the treated unit (first) and of every comparison place as if treated, over the standard deviation
        of the latter. With several primary outcomes, the mean over them on the same ruler again.
    units : tuple of str, length 1 + N0
        Names of the places, treated first.
    panels : tuple of Panel
        Panels of the primary outcomes.
    """

    case_id: str
    standardised: Array
    units: tuple[str, ...]
    panels: tuple[Panel, ...]

    @property
    def effect(self) -> float:
        """Treated unit's effect in placebo SD."""
        return float(self.standardised[0])

    @property
    def donors(self) -> Array:
        """Comparison places' effects, shape (N0,)."""
        return self.standardised[1:]

    @property
    def exchangeable(self) -> Array:
        """Effects over the standard deviation of all places, the treated one among them, shape (1 + N0,).

        The scale of the joint test: it does not depend on which of the places was treated, so that under no effect any
        place could have been the one.
        """
        return equal_scale(self.standardised)

    @property
    def variance(self) -> float:
        """Sampling variance of the effect under no effect, 1 + 1/N0."""
        return 1 + 1 / len(self.donors)

    @property
    def df(self) -> int:
        """Degrees of freedom of the placebo SD, N0 - 1."""
        return len(self.donors) - 1

    @property
    def p_value(self) -> float:
        """Two-sided permutation p of the effect."""
        return permutation_p(self.effect, self.donors)

    @property
    def interval(self) -> tuple[float, float]:
        """95 % interval, t with N0 - 1 degrees of freedom."""
        reach = float(stats.t.ppf(0.975, self.df) * np.sqrt(self.variance))
        return self.effect - reach, self.effect + reach


def equal_scale(values: Array) -> Array:
    """Effects over the standard deviation of all of them along the last axis, the treated one among them."""
    return np.asarray(values / values.std(axis=-1, ddof=1, keepdims=True))


def standardised_case(release: Release, case_id: str) -> StandardisedCase:
    """Standardise a case by the plan: its primary outcomes, placebos by the headline rule, their composite.

    Parameters
    ----------
    release : Release
    case_id : str
        A case whose plan names primary panels.

    Raises
    ------
    SynthesisError
        If the case has no primary panel: it cannot enter.
    """
    plan = case_plan(release, case_id)
    if not plan.primary:
        raise SynthesisError(
            f"{case_id}: the plan names no primary panel; the case can be described but not enter"
        )
    panels = tuple(build_panel(release, plan.panels[name]) for name in plan.primary)
    fewest = int(release.plan["rules"]["sdid_minimum_pre_periods"])
    sets = [placebo_in_space(panel, headline_method(panel, fewest)) for panel in panels]
    if len(sets) == 1:
        values, units = sets[0].standardised, sets[0].units
    else:
        treated, others, units = composite(sets)
        values = np.concatenate([[treated], others])
    return StandardisedCase(case_id, values, (panels[0].units[0], *units), panels)


def entering_cases(release: Release) -> tuple[StandardisedCase, ...]:
    """The cases that the plan lets enter the synthesis, standardised, in the plan's order."""
    return tuple(standardised_case(release, case_id) for case_id in release.plan["synthesis"]["entering"])


def rows_behind(cases: Sequence[StandardisedCase]) -> Rows:
    """Release rows behind the cases' primary panels, with all their sources."""
    rows = sum((panel.rows for case in cases for panel in case.panels), Rows(0, "", ()))
    return replace(rows, description=f"primary panels of {', '.join(case.case_id for case in cases)}")


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
        """Mean over the cases whose pool can reach the level, shape (m,)."""
        return np.asarray(np.nanmean(self.single, axis=0))


def power_across(
    pools: Sequence[Array],
    shifts: Sequence[float],
    *,
    draws: int = 1000,
    seed: int = 20261125,
    alpha: float = 0.05,
) -> Power:
    """Power of the tests across cases, from the comparison places alone: no treated unit's result is used.

    In each draw one comparison place of every case takes the treated unit's part, a constant effect is added to it,
    and the remaining places form its pool and its ruler (their standard deviation). With one case alone moved, the
    cases take turns.

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
        raise SynthesisError(
            f"power needs two or more pools of four places or more, found sizes {[len(p) for p in pools]}"
        )
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
    """Standardised sets in which a chosen place is moved and set first.

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


def joint_p(sets: Sequence[Array]) -> Array:
    """Two-sided p of the joint randomisation test for many draws at once, each case on its `equal_scale`, shape (draws,).

    Sums over all ways of drawing one place per case are counted on a grid of cells by Fourier transform; rounding to
    cells averages out over them and moves p by thousandths at most. `joint_randomisation` counts one set exactly.

    Parameters
    ----------
    sets : sequence of arrays, shapes (draws, n_c)
        Standardised effects, the treated unit first.
    """
    sets = [equal_scale(values) for values in sets]
    draws = len(sets[0])
    spectrum = np.ones((draws, CELLS // 2 + 1), dtype=complex)
    for values in sets:
        cells = np.rint(values / CELL).astype(int) % CELLS
        flat = (np.arange(draws)[:, None] * CELLS + cells).ravel()
        counts = np.bincount(flat, minlength=draws * CELLS).reshape(draws, CELLS)
        spectrum *= np.fft.rfft(counts / values.shape[1], axis=1)
    shares = np.fft.irfft(spectrum, CELLS, axis=1)
    positions = np.fft.fftfreq(CELLS, 1 / CELLS)
    own = np.abs(sum(values[:, 0] for values in sets)) / CELL
    return np.asarray((shares * (np.abs(positions) >= own[:, None])).sum(axis=1))


def pooled_p(sets: Sequence[Array]) -> Array:
    """Two-sided p of the random-effects mean, REML with modified Hartung-Knapp, for many draws at once.

    Fisher scoring from the moment estimate (Viechtbauer 2005, eq. 13) in place of the search in `pool`.

    Parameters
    ----------
    sets : sequence of arrays, shapes (draws, n_c)
    """
    effects = np.column_stack([values[:, 0] for values in sets])
    variances = np.array([1 + 1 / (values.shape[1] - 1) for values in sets])
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
    """Share of a pool's places, each moved in turn, that the permutation test rejects; NaN if its floor is too high."""
    n = len(pool)
    if 1 / n > alpha + ROUNDING:
        return float("nan")
    sets = drawn_sets(pool, np.arange(n, dtype=np.int64), np.full(n, shift))
    p = [permutation_p(float(values[0]), values[1:]) for values in sets]
    return float((np.array(p) <= alpha + ROUNDING).mean())
