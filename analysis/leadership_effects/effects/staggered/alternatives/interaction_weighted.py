"""Weight the effects of cohorts by their shares: the interaction-weighted estimator.

Sun and Abraham (2021), "Estimating dynamic treatment effects in event studies with heterogeneous treatment effects",
Journal of Econometrics 225(2), definition 4 and proposition 5: a two-way regression with cohort by relative wave, the never
treated (or, without them, the last cohort) as comparison, then means over cohorts weighted by their treated cells.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import qr
from statsmodels.regression.linear_model import WLS

from leadership_effects.data.panels import Array
from leadership_effects.data.staggered.panel import StaggeredPanel
from leadership_effects.effects.staggered.common import (
    StaggeredEstimate,
    StaggeredEstimatorError,
    clustered,
    counted,
    left_out,
    waves_between,
)
from leadership_effects.effects.staggered.event_study import less_place_means

RANK = 1e-9  # relative size of a pivot below which a regressor says nothing new


@dataclass(frozen=True)
class InteractionWeighted:
    """Interaction-weighted effects.

    Attributes
    ----------
    estimate, se : float
        Mean over treated cells; error clustered by place, with the cohorts' shares counted as estimated (proposition 5), so
        that a cohort of one place, which the regression fits without residual, still has one.
    se_fixed_shares : float
        The same with shares taken as known, as the R package fixest does.
    by_wave : dict of int to (float, float)
        By waves since the start; the wave before the start is the reference.
    cohorts : dict of (int, int) to (float, float)
        By first treated wave and waves since the start.
    n_places, n_cells : int
    reference : str
        Who is compared with: ``"never treated"`` or the last cohort.
    dropped : tuple of str
        Places without the reference wave of their cohort or whose effects the regression cannot tell apart.
    """

    estimate: float
    se: float
    se_fixed_shares: float
    by_wave: dict[int, tuple[float, float]]
    cohorts: dict[tuple[int, int], tuple[float, float]]
    n_places: int
    n_cells: int
    reference: str
    dropped: tuple[str, ...]


def interaction_weighted(panel: StaggeredPanel) -> InteractionWeighted:
    """Estimate effects of cohorts by relative wave in one regression, and average them.

    With statsmodels. Effects of a cohort are common to the series. A started place without the wave before its start, in a series, has no
    reference there and does not enter with that series.

    Parameters
    ----------
    panel : StaggeredPanel

    Raises
    ------
    StaggeredEstimatorError
        If nobody is left to compare with, or the regression cannot tell the effects apart.
    """
    panel, reference = _with_reference(panel)
    y, dropped = _with_base(panel)
    cells = np.isfinite(y)
    since = np.repeat(panel.since[:, None, :], y.shape[1], axis=1)
    pairs = [
        (cohort, h)
        for cohort in panel.cohorts
        for h in range(-cohort, len(panel.waves) - cohort)
        if h != -1 and (cells & (panel.first[:, None, None] == cohort) & (since == h)).any()
    ]
    members = [cells & (panel.first[:, None, None] == cohort) & (since == h) for cohort, h in pairs]
    if not any(h >= 0 for _, h in pairs):
        raise StaggeredEstimatorError(f"{panel.name}: no started place has the wave before its start")
    x = np.concatenate([np.stack(members, axis=-1).astype(float), _waves(cells)], axis=-1)
    x = less_place_means(x, cells, panel.weights)[cells]
    x = x[:, _independent(x, len(pairs), panel.name)]
    v = panel.weights[cells]
    fitted = WLS(less_place_means(y, cells, panel.weights)[cells], x, weights=v).fit()
    scores = np.zeros((len(panel.places), x.shape[1]))
    np.add.at(scores, np.nonzero(cells)[0], x * (v * fitted.resid)[:, None])
    used = cells.any(axis=(1, 2))
    influence = (fitted.normalized_cov_params @ scores[used].T)[: len(pairs)]
    effects = np.asarray(fitted.params[: len(pairs)])
    sizes = np.array([np.where(m, panel.weights, 0.0).sum(axis=(1, 2)) for m in members])

    def average(chosen: NDArray[np.bool_]) -> tuple[float, float, float]:
        share = np.where(chosen, sizes.sum(axis=1), 0.0) / sizes[chosen].sum()
        mean = float(share @ effects)
        fixed = share @ influence
        shares = (np.where(chosen, effects - mean, 0.0) @ sizes)[used] / sizes[chosen].sum()
        return mean, clustered(fixed + shares), clustered(fixed)

    relative = np.array([h for _, h in pairs])
    estimate, se, se_fixed = average(relative >= 0)
    waves = panel.waves
    return InteractionWeighted(
        estimate, se, se_fixed, {int(h): average(relative == h)[:2] for h in np.unique(relative)},
        {(waves[c], h): (float(effects[i]), clustered(influence[i])) for i, (c, h) in enumerate(pairs)},
        int(used.sum()), int(sum(m.sum() for m, (_, h) in zip(members, pairs, strict=True) if h >= 0)),
        reference, dropped,
    )  # fmt: skip


def _with_reference(panel: StaggeredPanel) -> tuple[StaggeredPanel, str]:
    """Return the panel; without never treated, its waves before the last cohort starts."""
    if (~panel.treated).any():
        return panel, "never treated"
    last = panel.cohorts[-1]
    if last < 2 or len(panel.cohorts) < 2:
        raise StaggeredEstimatorError(
            f"{panel.name}: nobody never started, and no cohort starts later than another"
        )
    return waves_between(panel, 0, last), f"the cohort of {panel.waves[last]}"


def _with_base(panel: StaggeredPanel) -> tuple[Array, tuple[str, ...]]:
    """Blank series without the wave before the start; name places that lose all."""
    y = panel.y.copy()
    started = np.flatnonzero(panel.treated)
    lacking = np.isnan(y[started, :, panel.first[started] - 1]) | (panel.first[started] == 0)[:, None]
    y[started] = np.where(lacking[:, :, None], np.nan, y[started])
    lost = panel.observed.any(axis=(1, 2)) & ~np.isfinite(y).any(axis=(1, 2))
    return y, tuple(panel.places[p] for p in np.flatnonzero(lost))


def _waves(cells: NDArray[np.bool_]) -> Array:
    """Build dummies of wave by series, shape (P, S, W, S * W)."""
    n, s, w = cells.shape
    dummies: Array = np.broadcast_to(np.eye(s * w).reshape(s, w, s * w), (n, s, w, s * w))
    return dummies


def _independent(x: Array, needed: int, name: str) -> NDArray[np.int64]:
    """Return the columns of a basis that keeps the first `needed`, by a pivoted QR.

    Raises
    ------
    StaggeredEstimatorError
        If one of the first columns is a combination of others.
    """
    rest = x[:, needed:]
    _, r, order = qr(rest, mode="economic", pivoting=True)
    pivots = np.abs(np.diag(r))
    kept = np.sort(order[: int((pivots > RANK * pivots[0]).sum())]) + needed
    basis = np.concatenate([np.arange(needed), kept])
    if np.linalg.matrix_rank(x[:, basis]) < len(basis):
        raise StaggeredEstimatorError(f"{name}: the regression cannot tell the effects of cohorts apart")
    found: NDArray[np.int64] = basis.astype(np.int64)
    return found


def interaction_weighted_estimate(panel: StaggeredPanel, method: str) -> StaggeredEstimate:
    """Return the interaction-weighted estimate as a row of the table.

    Raises
    ------
    StaggeredEstimatorError
        If nobody is left to compare with, or the regression cannot tell the effects apart.
    """
    found = interaction_weighted(panel)
    lost = int(panel.exposed.sum()) - found.n_cells
    parts = [f"{counted(lost, 'treated cell')} without the wave before the start"] if lost else []
    parts += [f"places {', '.join(found.dropped)}"] if found.dropped else []
    notes = [f"compared with {found.reference}"] if found.reference != "never treated" else []
    notes += [left_out(parts)] if parts else []
    return StaggeredEstimate(
        method, found.estimate, found.se, found.by_wave, found.n_places, found.n_cells, "; ".join(notes)
    )
