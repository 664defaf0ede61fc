"""Impute untreated outcomes of started places and average what is left: the headline estimator of staggered designs.

Borusyak, Jaravel and Spiess (2024), "Revisiting event-study designs", Review of Economic Studies 91(6), equations 5 to 7:
place and wave effects are fitted on untreated cells alone, and the estimate is the mean over treated cells of the outcome
less its prediction. It is linear in the outcomes given the starts, so many assignments of starts share most of the work.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from statsmodels.regression.linear_model import WLS

from leadership_effects.data.panels import Array
from leadership_effects.data.staggered.panel import NEVER, StaggeredPanel
from leadership_effects.errors import LeadershipError

Ints = NDArray[np.int64]
BATCH = 2000


class ImputationError(LeadershipError, ValueError):
    """The untreated cells cannot identify what the estimator needs."""


@dataclass(frozen=True)
class Terms:
    """Terms beside effects of place by series and of wave by series.

    Attributes
    ----------
    level : bool
        Starting level times wave.
    group : bool
        Group times wave.
    """

    level: bool = False
    group: bool = False

    @property
    def label(self) -> str:
        """Return the name of the adjustment in tables."""
        parts = [name for name, used in (("level", self.level), ("group", self.group)) if used]
        return " and ".join(parts) or "none"


PLAIN, LEVEL, ADJUSTED = Terms(), Terms(level=True), Terms(level=True, group=True)


@dataclass(frozen=True)
class Imputed:
    """Imputation estimate of an average effect.

    Attributes
    ----------
    estimate : float
        Mean over treated cells of outcome less prediction, in the unit of the panel.
    se : float
        Standard error clustered by place with the correction P / (P - 1); treated cells by their distance from the
        estimate, which is conservative where effects differ.
    effects : array, shape (P, S, W)
        Outcome less prediction in treated cells; NaN elsewhere.
    residuals : array, shape (P, S, W)
        Residuals of untreated cells; NaN elsewhere.
    by_wave : dict of int to float
        Mean effect by waves since the start.
    n_treated, n_places : int
    """

    estimate: float
    se: float
    effects: Array
    residuals: Array
    by_wave: dict[int, float]
    n_treated: int
    n_places: int


def usable(panel: StaggeredPanel, terms: Terms) -> StaggeredPanel:
    """Return the panel without places that lack a level, where the terms need one.

    Raises
    ------
    ImputationError
        If the terms ask for groups and the panel has none.
    """
    if terms.group and not any(panel.group):
        raise ImputationError(f"{panel.name}: the plan names no groups; a group term needs them")
    return panel.keep(~np.isnan(panel.level)) if terms.level and np.isnan(panel.level).any() else panel


def wave_terms(panel: StaggeredPanel, terms: Terms) -> tuple[Array, tuple[str, ...]]:
    """Build the regressors other than place effects.

    Returns
    -------
    columns : array, shape (P, S, W, K)
        Dummies of wave by series, level by wave, and group by wave without the first group; of each, the first wave that
        is observed is left out.
    names : tuple of str, length K
    """
    n, s, w = panel.y.shape
    held = np.asarray(panel.observed.any(axis=0))
    columns, names = [], []
    for j in range(s):
        for t in np.flatnonzero(held[j])[1:]:
            column = np.zeros((n, s, w))
            column[:, j, t] = 1
            columns.append(column)
            names.append(f"{panel.series[j]} in {panel.waves[t]}")
    varying = [("level", panel.level, held.any(axis=0))] if terms.level else []
    if terms.group:
        varying += [(group, mine.astype(float), seen) for group, mine, seen in _groups(panel)[1:]]
    for label, value, seen in varying:
        for t in np.flatnonzero(seen)[1:]:
            column = np.zeros((n, s, w))
            column[:, :, t] = value[:, None]
            columns.append(column)
            names.append(f"{label} in {panel.waves[t]}")
    return np.stack(columns, axis=-1), tuple(names)


def _groups(panel: StaggeredPanel) -> list[tuple[str, NDArray[np.bool_], NDArray[np.bool_]]]:
    """List groups with their places, shape (P,), and the waves in which one is observed, shape (W,)."""
    found = []
    for group in sorted(set(panel.group)):
        mine = np.array([own == group for own in panel.group])
        found.append((group, mine, panel.observed[mine].any(axis=(0, 1))))
    return found


def imputable(panel: StaggeredPanel) -> NDArray[np.bool_]:
    """Return the treated cells whose place has an untreated cell of the series, shape (P, S, W).

    Without one there is no place effect, and so no prediction: such cells do not enter the average.
    """
    before = (panel.observed & ~panel.exposed).any(axis=2, keepdims=True)
    cells: NDArray[np.bool_] = panel.exposed & before
    return cells


def impute(panel: StaggeredPanel, terms: Terms = PLAIN) -> Imputed:
    """Estimate the average effect of starting by imputation, with statsmodels.

    Parameters
    ----------
    panel : StaggeredPanel
    terms : Terms
        Beside effects of place by series and wave by series.

    Raises
    ------
    ImputationError
        If a term has no untreated place in some wave; the message names it.
    """
    panel = usable(panel, terms)
    require_untreated(panel, terms)
    columns, _ = wave_terms(panel, terms)
    n, s, w = panel.y.shape
    free, treated = panel.observed & ~panel.exposed, imputable(panel)
    held = np.flatnonzero(free.any(axis=2).ravel())
    place = np.repeat(np.eye(n * s)[:, held].reshape(n, s, 1, len(held)), w, axis=2)
    full = np.concatenate([place, columns], axis=-1)
    fitted = WLS(panel.y[free], full[free], weights=panel.weights[free]).fit()
    left = panel.y - full @ fitted.params
    effects = np.where(treated, left, np.nan)
    since = np.repeat(panel.since[:, None, :], s, axis=1)
    by_wave = {
        h: float(np.average(left[cells], weights=panel.weights[cells]))
        for h in sorted({int(h) for h in since[treated]})
        for cells in [treated & (since == h)]
    }
    found = float(np.average(left[treated], weights=panel.weights[treated]))
    engine = Engine(panel, terms)
    se = float(engine.run(panel.first[None, :]).se[0])
    residuals = np.where(free, left, np.nan)
    return Imputed(found, se, effects, residuals, by_wave, int(treated.sum()), n)


def require_untreated(panel: StaggeredPanel, terms: Terms) -> None:
    """Refuse terms that no untreated place identifies.

    Raises
    ------
    ImputationError
        Naming the term and the wave.
    """
    free = panel.observed & ~panel.exposed
    free &= free.sum(axis=2, keepdims=True) > 1
    for s, w in zip(*np.nonzero(panel.observed.any(axis=0)), strict=True):
        if not free[:, s, w].any():
            raise ImputationError(
                f"{panel.name}: no untreated place has {panel.series[s]} in {panel.waves[w]}"
            )
    for group, mine, seen in _groups(panel) if terms.group else []:
        for w in np.flatnonzero(seen):
            if not free[mine][:, :, w].any():
                raise ImputationError(
                    f"{panel.name}: group {group!r} has no untreated place in {panel.waves[w]}; use wider groups"
                )


@dataclass(frozen=True)
class Runs:
    """Estimates under many assignments of starts.

    Attributes
    ----------
    estimates : array, shape (D,)
    influence : array, shape (D, P)
        Contribution of each place to the error of the estimate; sums of squares are clustered variances.
    """

    estimates: Array
    influence: Array

    @property
    def se(self) -> Array:
        """Return standard errors clustered by place with the correction P / (P - 1), shape (D,)."""
        n = self.influence.shape[1]
        se: Array = np.sqrt(np.square(self.influence).sum(axis=1) * n / (n - 1))
        return se


class Engine:
    """Imputation under many assignments of starts, by sums of parts worked out once for each place and start.

    Within a place the place effects are partialled out over its untreated cells; what is left are normal equations that
    add up over places. With A and b the sums of squares and products of untreated cells, g and s the sums over treated
    cells of regressors and outcomes less the place's untreated means, the estimate is (s - g'A^-1 b) / n.

    Parameters
    ----------
    panel : StaggeredPanel
        Places with a level where the terms need one: see `usable`.
    terms : Terms
    outcomes : sequence of arrays, shape (P, S, W), optional
        Outcomes that share the starts; the panel's own if left out.
    """

    def __init__(
        self, panel: StaggeredPanel, terms: Terms = PLAIN, outcomes: list[Array] | None = None
    ) -> None:
        self.panel, self.terms = panel, terms
        self.outcomes = [panel.y] if outcomes is None else outcomes
        self.starts: Ints = np.array([*panel.cohorts, NEVER], dtype=np.int64)
        self.columns, self.names = wave_terms(panel, terms)

    @cached_property
    def parts(self) -> tuple[Array, Array, Array, Array, Array]:
        """Return A, b, g, s and n of each place and start, flattened to (P * C, ...)."""
        panel, k = self.panel, self.columns.shape[-1]
        n, c, o = len(panel.places), len(self.starts), len(self.outcomes)
        squares, sums = np.zeros((n, c, k, k)), np.zeros((n, c, k))
        products, totals, counts = np.zeros((o, n, c, k)), np.zeros((o, n, c)), np.zeros((n, c))
        waves = np.arange(len(panel.waves))
        for p in range(n):
            for j, start in enumerate(self.starts):
                for s in range(len(panel.series)):
                    held = panel.observed[p, s]
                    before, after = held & (waves < start), held & (waves >= start)
                    if not before.any():
                        continue
                    w, v = panel.weights[p, s, before], panel.weights[p, s, after]
                    x, z = self.columns[p, s][before], self.columns[p, s][after]
                    mean = np.average(x, axis=0, weights=w)
                    x, z = x - mean, z - mean
                    squares[p, j] += (x * w[:, None]).T @ x
                    sums[p, j] += v @ z
                    counts[p, j] += v.sum()
                    for i, y in enumerate(self.outcomes):
                        own = float(np.average(y[p, s, before], weights=w))
                        products[i, p, j] += (x * w[:, None]).T @ (y[p, s, before] - own)
                        totals[i, p, j] += v @ (y[p, s, after] - own)
        flat = n * c
        return (
            squares.reshape(flat, k * k), products.reshape(o, flat, k), sums.reshape(flat, k),
            totals.reshape(o, flat), counts.reshape(flat),
        )  # fmt: skip

    def positions(self, first: Ints) -> Ints:
        """Return the column of each place's start among all places and starts, shape (D, P)."""
        places = np.arange(first.shape[1]) * len(self.starts)
        found: Ints = np.searchsorted(self.starts, first) + places
        return found

    def identified(self, first: Ints) -> NDArray[np.bool_]:
        """Return under which assignments every term has an untreated place in every wave, shape (D,).

        Parameters
        ----------
        first : integer array, shape (D, P)
        """
        panel = self.panel
        waves = np.arange(len(panel.waves))
        good = np.ones(len(first), dtype=bool)
        for begin in range(0, len(first), BATCH):
            some = slice(begin, begin + BATCH)
            free = panel.observed & (waves < first[some, :, None, None])
            free &= free.sum(axis=3, keepdims=True) > 1
            seen = panel.observed.any(axis=0)
            good[some] = (free.any(axis=1) | ~seen).reshape(len(free), -1).all(axis=1)
            for _, mine, own in _groups(panel) if self.terms.group else []:
                good[some] &= (free[:, mine].any(axis=(1, 2)) | ~own).all(axis=1)
        return good

    def run(self, first: Ints, outcome: int = 0) -> Runs:
        """Estimate under assignments of starts.

        Parameters
        ----------
        first : integer array, shape (D, P)
            Position of each place's first treated wave, among those of the panel's cohorts, or `NEVER`.
        outcome : int
            Which of the outcomes.
        """
        return self.run_all(first)[outcome]

    def run_all(self, first: Ints) -> list[Runs]:
        """Estimate under assignments of starts, one `Runs` an outcome."""
        pieces = [self._batch(first[begin : begin + BATCH]) for begin in range(0, len(first), BATCH)]
        return [
            Runs(np.concatenate([piece[o][0] for piece in pieces]), np.concatenate([piece[o][1] for piece in pieces]))
            for o in range(len(self.outcomes))
        ]  # fmt: skip

    def _batch(self, first: Ints) -> list[tuple[Array, Array]]:
        squares, products, sums, totals, counts = self.parts
        d, k = len(first), self.columns.shape[-1]
        at = self.positions(first)
        chosen = np.zeros((d, len(counts)))
        np.put_along_axis(chosen, at, 1.0, axis=1)
        a = (chosen @ squares).reshape(d, k, k)
        n, g = chosen @ counts, chosen @ sums
        b = [chosen @ product for product in products]
        solved = solve_each(a, np.stack([g, *b], axis=-1))
        q = solved[..., 0] / n[:, None]
        found = []
        for o in range(len(self.outcomes)):
            beta = solved[..., 1 + o]
            estimates = (chosen @ totals[o] - np.einsum("dk,dk->d", g, beta)) / n
            outer = (q[:, :, None] * beta[:, None, :]).reshape(d, k * k)
            treated = totals[o] - beta @ sums.T - estimates[:, None] * counts
            untreated = q @ products[o].T - outer @ squares.T
            influence = treated / n[:, None] - untreated
            found.append((estimates, np.take_along_axis(influence, at, axis=1)))
        return found


def solve_each(a: Array, b: Array) -> Array:
    """Solve many systems of normal equations; a singular one gives NaN, and so no estimate.

    Parameters
    ----------
    a : array, shape (D, K, K)
    b : array, shape (D, K, R)
    """
    try:
        solved = np.asarray(np.linalg.solve(a, b), dtype=float)
    except np.linalg.LinAlgError:
        solved = np.stack([_solve_one(one, right) for one, right in zip(a, b, strict=True)])
    return solved


def _solve_one(a: Array, b: Array) -> Array:
    try:
        solved = np.asarray(np.linalg.solve(a, b), dtype=float)
    except np.linalg.LinAlgError:
        solved = np.full_like(b, np.nan)
    return solved
