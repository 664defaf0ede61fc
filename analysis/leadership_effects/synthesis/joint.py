"""Test all cases at once by exact joint randomisation, and the largest effect among equals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import prod

import numpy as np
from scipy import stats
from scipy.integrate import quad

from leadership_effects.data.panels import Array
from leadership_effects.rounding import DECIMALS, ROUNDING, typical
from leadership_effects.synthesis.pooling import SynthesisError

CELL = 1 / 64  # width of a cell, in placebo SD, when sums of many draws are counted
CELLS = 2048


def equal_scale(values: Array) -> Array:
    """Standardise effects by the SD of all, the treated one among them, on the last axis."""
    return np.asarray(values / values.std(axis=-1, ddof=1, keepdims=True))


def placebo_variance(weights: Array) -> float:
    """Return the sampling variance of an effect in SD of leave-one-out placebo effects.

    A treated effect has variance (1 + sum w^2) in that of one change. The placebo effects by which it is divided carry
    the error of their donors' mean already, each being measured against the others; with equal weights they are
    N0 / (N0 - 1) times the donors' deviations, and the variance is (1 + 1/N0) ((N0 - 1) / N0)^2. To take 1 + 1/N0 would
    count that error twice.

    Parameters
    ----------
    weights : array, shape (N0,)
        Of the donors in their mean.

    Examples
    --------
    >>> import numpy as np
    >>> round(placebo_variance(np.ones(18)), 4), round((1 + 1 / 18) * (17 / 18) ** 2, 4)
    (0.9415, 0.9415)
    """
    w = np.asarray(weights, float) / np.sum(weights)
    against_others = (np.eye(len(w)) - w) / (1 - w)[:, None]
    centred = against_others - against_others.mean(axis=0)
    return float((1 + w @ w) / (np.square(centred).sum() / (len(w) - 1)))


def joint_p(sets: Sequence[Array]) -> Array:
    """Compute two-sided p of the joint randomisation test for many draws, shape (draws,).

    Each case is on its `equal_scale`. Sums over all ways of drawing one place per case are counted on a grid of cells
    by Fourier transform; rounding to cells averages out over them and moves p by thousandths at most.
    `joint_randomisation` counts one set exactly.

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


def joint_randomisation(cases: Sequence[Array], limit: int = 20_000_000) -> JointTest:
    """Run the exact joint randomisation test over all draws of one place per case.

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
        With fewer than two cases, an effect that is not a number, or if a group's sums exceed the limit.

    Examples
    --------
    >>> import numpy as np
    >>> test = joint_randomisation([np.array([2.0, 0.1, -0.5, 0.3]), np.array([1.5, -0.2, 0.4])])
    >>> test.n_draws, round(test.p_two_sided, 3)
    (12, 0.083)
    """
    if len(cases) < 2:
        raise SynthesisError("the joint test needs two cases or more")
    _require_finite(cases)
    left, right = _balanced_groups([np.asarray(c, float) for c in cases])
    sizes = [prod(len(c) for c in group) for group in (left, right)]
    if max(sizes) > limit:
        raise SynthesisError(f"the joint test would hold {max(sizes)} sums, limit {limit}")
    first, second = _sums(left), np.sort(_sums(right))
    statistic = float(sum(c[0] for c in cases))
    slack = ROUNDING * _scale(cases)
    upper, total = _count_at_least(first, second, statistic, slack), sizes[0] * sizes[1]
    sides = ((first, second), (-first, np.sort(-second)))
    beyond = sum(_count_at_least(*side, abs(statistic), slack) for side in sides)
    if abs(statistic) <= slack:
        beyond = total
    return JointTest(statistic / len(cases), min(beyond / total, 1.0), upper / total, total)


def distinct_pairs(first: Array, second: Array, units: Sequence[str], others: Sequence[str]) -> Array:
    """Return the sums over two pools of every pair of distinct places, the treated pair first.

    Two cases whose pools overlap are drawn apart from one another in `joint_randomisation`, so that one place may stand for
    both. Put in place of the two pools, these sums count each ordered pair of distinct places once, and with it whatever
    the places share.

    Parameters
    ----------
    first, second : array, shapes (n,) and (m,)
        Effects on the scale of the test, the treated unit first.
    units, others : sequence of str, lengths n and m
        Names of the places.

    Raises
    ------
    SynthesisError
        If the two treated units are one place, or names and effects differ in number.

    Examples
    --------
    >>> import numpy as np
    >>> distinct_pairs(np.array([1.0, 0.0]), np.array([2.0, 5.0]), ["a", "b"], ["c", "b"])
    array([3., 6., 2.])
    """
    if len(first) != len(units) or len(second) != len(others) or units[0] == others[0]:
        raise SynthesisError(
            "two pools with a name for each place and two different treated units are needed"
        )
    apart = np.array([[unit != other for other in others] for unit in units])
    return np.asarray(np.add.outer(first, second)[apart], float)


def shared_correlation(units: Sequence[str], others: Sequence[str]) -> float:
    """Compute the correlation of two effects whose donor means share places, equal weights.

    With changes of one place perfectly correlated over the two windows, so at most: shared / (n m) over the root of
    (1 + 1/n)(1 + 1/m).

    Parameters
    ----------
    units, others : sequence of str, lengths n and m
        Names of the donors.
    """
    n, m = len(units), len(others)
    return float(len(set(units) & set(others)) / (n * m) / np.sqrt((1 + 1 / n) * (1 + 1 / m)))


def _scale(cases: Sequence[Array]) -> float:
    """Return the size by which ties are judged, typical of all effects."""
    return typical(np.concatenate([np.asarray(case, float) for case in cases]))


def _require_finite(cases: Sequence[Array]) -> None:
    for position, case in enumerate(cases):
        if not np.isfinite(case).all():
            raise SynthesisError(f"effects must be finite numbers, found {list(case)} in case {position}")


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


def _count_at_least(first: Array, ordered: Array, threshold: float, slack: float) -> int:
    position = np.searchsorted(ordered, threshold - first - slack, side="left")
    return int((len(ordered) - position).sum())


def expected_best_of(n: int) -> float:
    """Compute the expected largest of n standard normals: the best of n equals by luck."""
    return float(quad(lambda x: x * n * stats.norm.pdf(x) * stats.norm.cdf(x) ** (n - 1), -8, 10)[0])


def best_of_p(value: float, n: int) -> float:
    """Compute the chance 1 - Phi(value)^n that the largest of n standard normals reaches it."""
    return float(-np.expm1(n * stats.norm.logcdf(value)))


@dataclass(frozen=True)
class Largest:
    """The largest treated effect beside the largest of k places drawn one from each pool.

    Attributes
    ----------
    value : float
        Largest standardised effect among the treated units.
    position : int
        Which case shows it.
    p : float
        Exact share of all draws of one place per case whose largest is at least as large.
    floor : float
        Smallest share that could have come out: the value exceeds every other place of every pool.
    expected : float
        Mean of the largest over all draws.
    """

    value: float
    position: int
    p: float
    floor: float
    expected: float


def largest_of(cases: Sequence[Array]) -> Largest:
    """Test the largest treated effect against the largest of k equal places, in closed form.

    All draws are counted. A draw's largest stays below x in the product over cases of the shares of places below x.

    Parameters
    ----------
    cases : sequence of arrays, shapes (1 + N0_c,)
        Standardised effects of each case, the treated unit first.

    Raises
    ------
    SynthesisError
        With fewer than two cases or an effect that is not a number.

    Examples
    --------
    >>> import numpy as np
    >>> largest_of([np.array([2.0, 0.1, -0.5, 0.3]), np.array([1.5, -0.2, 0.4])]).p
    0.25
    """
    if len(cases) < 2:
        raise SynthesisError("the largest of several needs two cases or more")
    _require_finite(cases)
    pools = [np.sort(np.asarray(case, float)) for case in cases]
    own = np.array([case[0] for case in cases])
    scale = _scale(cases)
    position = int((own / (scale or 1.0)).round(DECIMALS).argmax())
    value = float(own[position])
    support = np.unique(np.concatenate(pools))
    at_most = np.prod([np.searchsorted(p, support, side="right") / len(p) for p in pools], axis=0)
    expected = float(support @ np.diff(at_most, prepend=0.0))
    below = prod(float((p < value - ROUNDING * scale).mean()) for p in pools)
    return Largest(value, position, 1 - below, 1 / len(cases[position]), expected)
