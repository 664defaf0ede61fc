"""Impute untreated outcomes of started places and average what is left.

Borusyak, Jaravel and Spiess (2024), "Revisiting event-study designs", Review of Economic Studies 91(6), equations 5 to 7:
place and wave effects are fitted on untreated cells alone, and the estimate is the mean over treated cells of the outcome
less its prediction. It is linear in the outcomes given the starts, so many assignments of starts share most of the work.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from statsmodels.regression.linear_model import WLS

from leadership_effects.data.panels import Array
from leadership_effects.data.staggered.panel import NEVER, StaggeredPanel
from leadership_effects.errors import LeadershipError

Ints = NDArray[np.int64]
BATCH = 500
SINGULAR = 1e11  # a solution so far beyond its right-hand side means that terms coincide; identified ones stay below 1e7


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
    """List groups, their places, shape (P,), and the waves they are observed in, shape (W,)."""
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
    everyone = [("", np.ones(len(panel.places), dtype=bool), panel.observed.any(axis=(0, 1)))]
    groups = _groups(panel) if terms.group else everyone
    for w in np.flatnonzero(panel.observed.any(axis=(0, 1))) if terms.level else []:
        if all(free[mine][:, :, w].any(axis=1).sum() < 2 for _, mine, _ in groups):
            raise ImputationError(
                f"{panel.name}: the level by wave needs two untreated places{' of a group' * terms.group} in {panel.waves[w]}"
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
    """Imputation under many assignments of starts, by sums over places.

    Parts are worked out once for each place and start. Within a place the place effects are partialled out over its untreated cells; what is left are normal equations that
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
        held = panel.observed
        count = np.maximum(held.sum(axis=2, keepdims=True), 1)
        self.outcomes = [
            np.where(held, y - np.where(held, y, 0).sum(axis=2, keepdims=True) / count, 0)
            for y in ([panel.y] if outcomes is None else outcomes)
        ]
        self.starts: Ints = np.array([*panel.cohorts, NEVER], dtype=np.int64)
        self.columns, self.names = wave_terms(panel, terms)

    @cached_property
    def cells(self) -> tuple[Array, Array]:
        """Return weights of untreated and of predicted cells by start, shape (P, C, S, W) each."""
        before = np.arange(len(self.panel.waves)) < self.starts[:, None, None]
        held = np.where(self.panel.observed, self.panel.weights, 0)[:, None]
        free = np.where(before, held, 0)
        after = np.where(before | ~free.any(axis=3, keepdims=True), 0, held)
        return free, after

    @cached_property
    def parts(self) -> Array:
        """Return A (upper triangle), g, n, then b and s by outcome, shape (P * C, ...)."""
        free, after = self.cells
        n, c, s, w = free.shape
        total = np.maximum(free.sum(axis=3, keepdims=True), np.finfo(float).tiny)
        share = free / total
        k = self.columns.shape[-1]
        x = self.columns[:, None] - np.einsum("pcsw,pswk->pcsk", share, self.columns)[:, :, :, None]
        x, f, a = x.reshape(n * c, s * w, k), free.reshape(n * c, s * w), after.reshape(n * c, s * w)
        turned = (x * f[:, :, None]).transpose(0, 2, 1)
        rows, columns = np.triu_indices(k)
        parts = [(turned @ x)[:, rows, columns], (a[:, None, :] @ x)[:, 0], a.sum(axis=1)[:, None]]
        for y in self.outcomes:
            own = (y[:, None] - (share * y[:, None]).sum(axis=3, keepdims=True)).reshape(n * c, s * w)
            parts += [(turned @ own[:, :, None])[:, :, 0], (a * own).sum(axis=1)[:, None]]
        return np.concatenate(parts, axis=1)

    def positions(self, first: Ints) -> Ints:
        """Return the column of each place's start among all places and starts, shape (D, P)."""
        places = np.arange(first.shape[1]) * len(self.starts)
        found: Ints = np.searchsorted(self.starts, first) + places
        return found

    def identified(self, first: Ints) -> NDArray[np.bool_]:
        """Return under which assignments untreated places identify every term, shape (D,).

        Counted first: an untreated place of each series, and of each group, in every wave. What is left, such as one
        untreated place for two levels, shows in singular normal equations.

        Parameters
        ----------
        first : integer array, shape (D, P)
        """
        shown, wanted = self._shown
        good = np.ones(len(first), dtype=bool)
        for begin in range(0, len(first), BATCH):
            at = self.positions(first[begin : begin + BATCH])
            held = np.flatnonzero(((_sum_of(shown, at) > 0) | ~wanted).all(axis=1))
            a = self._normal(_sum_of(self.parts[:, : self._cuts[0]], at[held]))
            good[begin : begin + len(at)] = False
            good[begin + held] = ~np.isnan(solve_each(a, np.ones((*a.shape[:2], 1)))).any(axis=(1, 2))
        return good

    @cached_property
    def _shown(self) -> tuple[Array, NDArray[np.bool_]]:
        """Return what a place leaves untreated, series and group by wave, and what is wanted."""
        panel = self.panel
        free = self.cells[0] > 0
        free = np.asarray(free & (free.sum(axis=3, keepdims=True) > 1), dtype=bool)
        n, c = free.shape[:2]
        shown, wanted = [free.reshape(n * c, -1)], [panel.observed.any(axis=0).ravel()]
        for _, mine, seen in _groups(panel) if self.terms.group else []:
            shown.append(np.reshape(free.any(axis=2) & mine[:, None, None], (n * c, -1)))
            wanted.append(seen)
        return np.concatenate(shown, axis=1).astype(float), np.concatenate(wanted)

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
        k = self.columns.shape[-1]
        at = self.positions(first)
        triangle, g, n, *rest = np.split(_sum_of(self.parts, at), self._cuts, axis=1)
        solved = solve_each(self._normal(triangle), np.stack([g, *rest[::2]], axis=-1))
        solved[:, :, 0] /= n
        free, after = (weights.reshape(-1, *weights.shape[2:])[at] for weights in self.cells)
        flat = self.columns.reshape(-1, k).T
        u = (solved[:, :, 0] @ flat).reshape(free.shape)
        total, predicted = np.maximum(free.sum(axis=3), np.finfo(float).tiny), after.sum(axis=3)
        pulled = np.einsum("dpsw,dpsw->dps", free, u) / total
        found = []
        for o, y in enumerate(self.outcomes):
            beta = solved[:, :, 1 + o]
            estimates = (rest[2 * o + 1][:, 0] - np.einsum("dk,dk->d", g, beta)) / n[:, 0]
            left = y - (beta @ flat).reshape(free.shape)
            sums = np.einsum("dpsw,dpsw->dps", free, left)
            untreated = np.einsum("dpsw,dpsw,dpsw->dp", free, left, u) - np.einsum(
                "dps,dps->dp", sums, pulled
            )
            treated = np.einsum("dpsw,dpsw->dp", after, left) - np.einsum(
                "dps,dps->dp", predicted, sums / total
            )
            treated -= estimates[:, None] * predicted.sum(axis=2)
            found.append((estimates, treated / n - untreated))
        return found

    def _normal(self, triangle: Array) -> Array:
        """Return symmetric matrices, shape (D, K, K), from their upper triangles."""
        k = self.columns.shape[-1]
        full = np.zeros((k, k), dtype=np.int64)
        full[np.triu_indices(k)] = np.arange(triangle.shape[1])
        return np.asarray(triangle[:, np.maximum(full, full.T)])

    @cached_property
    def _cuts(self) -> Ints:
        """Return where the blocks of `parts` end."""
        k = self.columns.shape[-1]
        return np.cumsum([k * (k + 1) // 2, k, 1, *[k, 1] * len(self.outcomes)])[:-1]


def _sum_of(parts: Array, at: Ints) -> Array:
    """Add up over places the rows of `parts`, shape (P * C, N), at their starts, shape (D, P)."""
    d, n = at.shape
    chosen = csr_array((np.ones(d * n), at.ravel(), np.arange(d + 1) * n), shape=(d, len(parts)))
    return np.asarray(chosen @ parts, dtype=float)


def solve_each(a: Array, b: Array) -> Array:
    """Solve many normal equations; a singular one, betrayed by a fixed probe, gives NaN.

    Parameters
    ----------
    a : array, shape (D, K, K)
    b : array, shape (D, K, R)
    """
    probe = np.broadcast_to(np.cos(np.arange(a.shape[1]))[:, None], (*b.shape[:2], 1))
    both = np.concatenate([b, probe], axis=2)
    try:
        solved = np.asarray(np.linalg.solve(a, both), dtype=float)
    except np.linalg.LinAlgError:
        solved = np.concatenate([_solve_one(a[d : d + 1], both[d : d + 1]) for d in range(len(a))])
    far = np.abs(a).max(axis=(1, 2), initial=0) * np.abs(solved[:, :, -1]).max(axis=1, initial=0)
    solved[far > SINGULAR] = np.nan
    return solved[:, :, :-1]


def _solve_one(a: Array, b: Array) -> Array:
    try:
        return np.asarray(np.linalg.solve(a, b), dtype=float)
    except np.linalg.LinAlgError:
        return np.full_like(b, np.nan)
