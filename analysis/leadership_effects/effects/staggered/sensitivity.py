"""Bound an effect when trends are parallel up to a multiple of what is seen before.

Rambachan and Roth (2023), "A more credible approach to parallel trends", Review of Economic Studies 90(5), 2555-2591:
relative magnitudes, their section 2.4.1. From one wave to the next the violation of parallel trends after the start is at
most M times the largest one before. `identified_set` is their equations 5 and 6, `hybrid_set` their section 3.2 (conditional
test with a least favourable first stage), `projected_set` a simpler set that is wider where the largest step is not plain.

The set of violations is a union over the step that is the largest and over its sign. Within one part the bounds are linear
in the coefficients, and the linear programme of the conditional test has few vertices, which are written down here instead
of searched for: two that bound the effect, and one for each step after the start that says that the largest one is no
negative number.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import stats
from scipy.special import log_ndtr

from leadership_effects.data.panels import Array
from leadership_effects.data.staggered.panel import StaggeredPanel
from leadership_effects.effects.staggered.event_study import LEADS, effects_by_wave, event_study
from leadership_effects.effects.staggered.imputation import PLAIN, Terms, imputable, usable
from leadership_effects.errors import LeadershipError
from leadership_effects.rounding import is_at_least

LEVEL, MOST = 0.90, 20.0
DRAWS, SEED, GRID, HALVINGS = 10_000, 0, 1001, 40
REFERENCES = ("last wave before", "all waves before")
Interval = tuple[float, float]


class SensitivityError(LeadershipError, ValueError):
    """The coefficients cannot be bounded as asked for."""


@dataclass(frozen=True)
class Path:
    """Event-study coefficients around a wave in which the violation is zero by definition.

    Attributes
    ----------
    before : array, shape (B,)
        Coefficients of waves before the reference, earliest first.
    after : array, shape (H,)
        Coefficients of waves after the reference, in order.
    covariance : array, shape (B + H, B + H)
    weights : array, shape (H,)
        The effect of interest is the sum of coefficients after the start times these.
    """

    before: Array
    after: Array
    covariance: Array
    weights: Array

    def __post_init__(self) -> None:
        """Check shapes.

        Raises
        ------
        SensitivityError
            If there is no coefficient on one side, or the shapes do not fit.
        """
        total = len(self.before) + len(self.after)
        if not len(self.before) or not len(self.after):
            raise SensitivityError(
                f"{len(self.before)} coefficients before the reference and {len(self.after)} after; one of each is needed"
            )
        if self.covariance.shape != (total, total) or len(self.weights) != len(self.after):
            raise SensitivityError(
                f"covariance {self.covariance.shape} and {len(self.weights)} weights do not fit "
                f"{len(self.before)} and {len(self.after)} coefficients"
            )

    @property
    def estimate(self) -> float:
        """Return the effect under parallel trends."""
        return float(self.weights @ self.after)

    @property
    def se(self) -> float:
        """Return the standard error of that estimate."""
        return float(
            np.sqrt(self.weights @ self.covariance[len(self.before) :, len(self.before) :] @ self.weights)
        )

    def inflated(self, half_width: float, level: float = LEVEL) -> Path:
        """Return the path with errors as large as another interval's half-width says.

        Parameters
        ----------
        half_width : float
            Of the set of the same effect found by permutation; errors are never made smaller.
        level : float
            Of that set.
        """
        factor = max(half_width / (_critical(level) * self.se), 1.0)
        return replace(self, covariance=self.covariance * factor**2)


def event_path(
    panel: StaggeredPanel, terms: Terms = PLAIN, leads: int = LEADS, reference: str = REFERENCES[0]
) -> Path:
    """Return leads and imputed effects as one path with their joint clustered covariance.

    Imputation measures effects against all untreated waves of a place and its leads against the waves before them, so the
    two are on different bases (Roth 2024, "Interpreting event-studies from recent difference-in-differences methods"). With
    the last wave before the start as reference both are moved to it: the leads enter the fit of untreated outcomes, and
    the coefficient of that wave is taken off. With all waves before as reference they stay as they are, as when the
    authors' package is run on the output of an imputation command; the estimate is then the headline, and the step from the
    last wave before to the level that the headline takes for zero counts among those before the start.

    Parameters
    ----------
    panel : StaggeredPanel
    terms : Terms
    leads : int
        At most so many; waves before them share one coefficient, and the step from it counts as one.
    reference : str
        One of `REFERENCES`.

    Raises
    ------
    SensitivityError
        If the reference is unknown, or the untreated cells identify no lead.
    ImputationError
        If a term has no untreated place in some wave.
    """
    if reference not in REFERENCES:
        raise SensitivityError(f"reference is {reference!r}; allowed: {', '.join(REFERENCES)}")
    panel = usable(panel, terms)
    study = event_study(panel, terms, leads)
    horizons = np.array(study.horizons)
    count, after = int((horizons < 0).sum()), horizons[horizons >= 0]
    if not count:
        raise SensitivityError(
            f"{panel.name}: no lead is identified, so there is no violation to compare with"
        )
    treated = imputable(panel)
    since = np.repeat(panel.since[:, None, :], panel.y.shape[1], axis=1)
    shares = np.array([panel.weights[treated & (since == h)].sum() for h in after])
    turn = np.eye(len(horizons))
    if reference == REFERENCES[0]:
        turn = _to_last_wave(panel, terms, count, len(after), since)
    n = len(panel.places)
    influence = turn @ study.influence
    moved = turn @ study.estimates
    return Path(moved[:count], moved[count:], influence @ influence.T * (n / (n - 1)), shares / shares.sum())


def _to_last_wave(panel: StaggeredPanel, terms: Terms, count: int, after: int, since: Array) -> Array:
    """Return the matrix that moves leads and effects to the last wave before the start.

    An effect is linear in the outcomes, so what a lead adds to it is the same estimate of that lead's indicator.
    """
    leaked = np.zeros((after, count))
    for i in range(count):
        indicator = np.where(panel.observed, (since == i - count).astype(float), np.nan)
        leaked[:, i] = effects_by_wave(replace(panel, y=indicator), terms).estimates
    turn = np.zeros((count + after, count + after))
    turn[1:count, : count - 1] = np.eye(count - 1)
    turn[count:, :count], turn[count:, count:] = -leaked, np.eye(after)
    turn[:, count - 1] -= 1
    return turn


def steps(n: int) -> Array:
    """Return the matrix of differences to the next coefficient, the last to the reference."""
    matrix: Array = np.eye(n, k=1) - np.eye(n)
    return matrix


def reach(weights: Array) -> Array:
    """Return by how much the effect moves with each step after the start, shape (H,)."""
    moved: Array = np.cumsum(weights[::-1])[::-1]
    return moved


def largest_step(path: Path) -> float:
    """Return the largest change of the violation between waves before the start."""
    return float(np.abs(steps(len(path.before)) @ path.before).max())


def identified_set(path: Path, m: float) -> Interval:
    """Return the bounds of the effect if the coefficients were known without error.

    Parameters
    ----------
    path : Path
    m : float
        Largest violation after the start, in units of the largest one before.

    Raises
    ------
    SensitivityError
        If `m` is negative.
    """
    _check(m)
    width = m * largest_step(path) * float(np.abs(reach(path.weights)).sum())
    return path.estimate - width, path.estimate + width


def projected_set(path: Path, m: float, level: float = LEVEL) -> Interval:
    """Return a confidence set: the union of intervals with each step as the largest.

    If step s is the largest, the bounds of the effect are the estimate less and plus m times that step times the reach of
    the effect: linear in the coefficients, so an ordinary interval holds them. The union holds the effect at least as often
    as the level says, whichever step is the largest. The set grows with m.

    Raises
    ------
    SensitivityError
        If `m` is negative.
    """
    _check(m)
    size = m * float(np.abs(reach(path.weights)).sum())
    effect = np.concatenate([np.zeros(len(path.before)), path.weights])
    step = np.hstack([steps(len(path.before)), np.zeros((len(path.before), len(path.after)))])
    bounds = np.vstack([effect - size * step, effect + size * step])
    centre = bounds @ np.concatenate([path.before, path.after])
    half = _critical(level) * np.sqrt(np.einsum("ij,jk,ik->i", bounds, path.covariance, bounds))
    return float((centre - half).min()), float((centre + half).max())


def hybrid_set(path: Path, m: float, level: float = LEVEL, *, hybrid: bool = True) -> Interval:
    """Return the ends of the set of effects that the conditional test does not reject.

    Parameters
    ----------
    path : Path
    m : float
    level : float
    hybrid : bool
        With a least favourable first stage of a tenth of the size (``C-LF`` in the authors' package), or the conditional
        test alone.

    Raises
    ------
    SensitivityError
        If `m` is negative.
    """
    _check(m)
    parts = [_part(path, m, s, sign) for s in range(len(path.before)) for sign in (1.0, -1.0)]
    limits = [_least_favourable(part.covariance, (1 - level) / 10) if hybrid else np.inf for part in parts]

    def kept(values: Array) -> NDArray[np.bool_]:
        held = np.zeros(len(values), dtype=bool)
        for part, limit in zip(parts, limits, strict=True):
            held |= ~_rejects(part, values, 1 - level, limit)
        return held

    low, high = projected_set(path, m, 1 - (1 - level) / 100)
    return _end(kept, path.estimate, low, high), _end(kept, path.estimate, high, low)


def breakdown(
    path: Path, value: float = 0.0, level: float = LEVEL, bounds: Callable[..., Interval] = hybrid_set
) -> float:
    """Return the smallest M at which the set holds a value.

    Parameters
    ----------
    path : Path
    value : float
        Zero, or the smallest effect of interest.
    level : float
    bounds : callable
        `hybrid_set` or `projected_set`.

    Returns
    -------
    float
        0 if the set holds the value under parallel trends; infinity above `MOST`. To a thousandth, from above.
    """

    def holds(m: float) -> bool:
        low, high = bounds(path, m, level)
        return bool(is_at_least(value, low) and is_at_least(high, value))

    if holds(0.0):
        return 0.0
    high = 0.25
    while not holds(high):
        high *= 2
        if high > MOST:
            return float("inf")
    low = high / 2 if high > 0.25 else 0.0
    while high - low > 1e-3:
        middle = (low + high) / 2
        low, high = (low, middle) if holds(middle) else (middle, high)
    return high


def relative_magnitudes(path: Path, grid: list[float], level: float = LEVEL) -> pd.DataFrame:
    """Bound the effect for each M: identified set, hybrid set and projected set.

    Parameters
    ----------
    path : Path
    grid : list of float
        Values of M, such as the plan's ``sensitivity.relative_magnitudes``.
    level : float

    Returns
    -------
    DataFrame
        ``m, identified_low, identified_high, low, high, projected_low, projected_high``.
    """
    rows = [
        (m, *identified_set(path, m), *hybrid_set(path, m, level), *projected_set(path, m, level))
        for m in grid
    ]
    columns = ["m", "identified_low", "identified_high", "low", "high", "projected_low", "projected_high"]
    return pd.DataFrame(rows, columns=columns)


@dataclass(frozen=True)
class _Part:
    """Vertices of the dual programme for one largest step and sign.

    `value` at an effect of zero and its change `slope` by a unit of the effect, shape (V,); `covariance`, shape (V, V).
    """

    value: Array
    slope: Array
    covariance: Array


def _part(path: Path, m: float, s: int, sign: float) -> _Part:
    """List the vertices: upper and lower bound of the effect, then one a step after the start."""
    b, h = len(path.before), len(path.after)
    largest = np.concatenate([sign * steps(b)[s], np.zeros(h)])
    change = np.hstack([np.zeros((h, b)), np.eye(h) - np.eye(h, k=-1)])
    moments = {way: way * change - m * largest for way in (1, -1)}
    sd = {
        way: np.sqrt(np.einsum("ij,jk,ik->i", rows, path.covariance, rows)) for way, rows in moments.items()
    }
    moved = reach(path.weights)
    effect = np.concatenate([np.zeros(b), path.weights])
    rows, slope = [], []
    for way in (1, -1):
        size = sum(abs(r) * sd[1 if way * r > 0 else -1][j] for j, r in enumerate(moved) if r)
        rows.append((way * effect - m * np.abs(moved).sum() * largest) / size)
        slope.append(-way / size)
    for j in range(h):
        rows.append(-2 * m * largest / (sd[1][j] + sd[-1][j]))
        slope.append(0.0)
    matrix = np.array(rows)
    value = matrix @ np.concatenate([path.before, path.after])
    return _Part(value, np.array(slope), matrix @ path.covariance @ matrix.T)


def _least_favourable(covariance: Array, size: float) -> float:
    """Return the critical value of the largest vertex if no inequality is slack."""
    values, vectors = np.linalg.eigh(covariance)
    root = vectors * np.sqrt(np.clip(values, 0, None))
    drawn = np.random.default_rng(SEED).standard_normal((DRAWS, len(covariance))) @ root.T
    return float(np.quantile(drawn.max(axis=1), 1 - size))


def _rejects(part: _Part, effects: Array, size: float, limit: float) -> NDArray[np.bool_]:
    """Test effects, shape (N,), within one part (Andrews, Roth and Pakes 2023)."""
    n = np.arange(len(effects))
    values = part.value + part.slope * effects[:, None]
    best = values.argmax(axis=1)
    found = values[n, best]
    variance = np.diag(part.covariance)[best]
    random = variance > np.finfo(float).eps
    variance = np.where(random, variance, 1.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        share = part.covariance[best] / variance[:, None]
        ends = (values - share * found[:, None]) / (1 - share)
        apart = np.abs(1 - share) > 1e-9
        low = np.where(apart & (share < 1), ends, -np.inf).max(axis=1)
        high = np.minimum(np.where(apart & (share > 1), ends, np.inf).min(axis=1), limit)
    sd = np.sqrt(variance)
    tail = (size - size / 10) / (1 - size / 10) if np.isfinite(limit) else size
    inside = (low <= found + 1e-12) & (found <= high + 1e-12) & (low < high)
    beyond = _tail(found / sd, np.where(inside, low, -1.0) / sd, np.where(inside, high, 1.0) / sd)
    rejected: NDArray[np.bool_] = np.where(random, inside & (found > 0) & (beyond < tail), found > 0)
    return rejected | (random & (found > limit))


def _tail(found: Array, low: Array, high: Array) -> Array:
    """Return the probability that a truncated normal variable exceeds a value."""
    at, begin, end = log_ndtr(-found), log_ndtr(-low), log_ndtr(-high)
    with np.errstate(divide="ignore", invalid="ignore"):
        rest = at + np.log1p(-np.exp(np.minimum(end - at, 0.0)))
        whole = begin + np.log1p(-np.exp(np.minimum(end - begin, 0.0)))
        tail: Array = np.exp(np.minimum(rest - whole, 0.0))
    return tail


def _end(kept: Callable[[Array], NDArray[np.bool_]], inside: float, outside: float, other: float) -> float:
    """Find the outermost effect that is kept, between a value outside and one beyond the centre."""
    grid = np.linspace(outside, other, GRID)
    while kept(grid[:1])[0]:
        grid = np.linspace(grid[0] + 2 * (grid[0] - inside), other, GRID)
    held = np.flatnonzero(kept(grid))
    if not len(held):
        return inside
    rejected, accepted = grid[held[0] - 1], grid[held[0]]
    for _ in range(HALVINGS):
        middle = (rejected + accepted) / 2
        if kept(np.array([middle]))[0]:
            accepted = middle
        else:
            rejected = middle
    return float(accepted)


def _critical(level: float) -> float:
    return float(stats.norm.ppf((1 + level) / 2))


def _check(m: float) -> None:
    if m < 0:
        raise SensitivityError(f"M is {m}; zero or more is allowed")
