"""Trace effects by waves since the start, and test leads on untreated observations alone.

Borusyak, Jaravel and Spiess (2024), "Revisiting event-study designs", Review of Economic Studies 91(6): effects by horizon
are means of imputed effects (equation 6), and the test of parallel trends is a regression on untreated observations with
dummies of the waves before the start (section 4.4), so that the test does not bend the estimate.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import f as f_distribution
from statsmodels.regression.linear_model import WLS

from leadership_effects.data.panels import Array
from leadership_effects.data.staggered.panel import StaggeredPanel
from leadership_effects.effects.staggered.imputation import (
    PLAIN,
    ImputationError,
    Terms,
    imputable,
    require_untreated,
    usable,
    wave_terms,
)

LEADS = 3


@dataclass(frozen=True)
class EventStudy:
    """Effects by waves relative to the start, with the contributions of places to their errors.

    Attributes
    ----------
    horizons : tuple of int, length H
        Waves since the start: 0 at the first treated wave, -1 one wave before.
    estimates : array, shape (H,)
        In the unit of the panel.
    influence : array, shape (H, P)
        Contribution of each place to the error; products over places are clustered covariances.
    n_places : tuple of int, length H
        Started places behind each estimate.
    places : tuple of str, length P
    """

    horizons: tuple[int, ...]
    estimates: Array
    influence: Array
    n_places: tuple[int, ...]
    places: tuple[str, ...]

    @property
    def covariance(self) -> Array:
        """Return the covariance clustered by place with the correction P / (P - 1), shape (H, H)."""
        n = self.influence.shape[1]
        covariance: Array = self.influence @ self.influence.T * (n / (n - 1))
        return covariance

    @property
    def se(self) -> Array:
        """Return standard errors clustered by place, shape (H,)."""
        se: Array = np.sqrt(np.diag(self.covariance))
        return se

    def table(self) -> pd.DataFrame:
        """Return rows ``horizon, estimate, se, n_places``, in order of the horizon."""
        frame = pd.DataFrame(
            {
                "horizon": self.horizons, "estimate": self.estimates, "se": self.se, "n_places": self.n_places,
            }
        )  # fmt: skip
        return frame.sort_values("horizon", ignore_index=True)

    def beside(self, other: EventStudy) -> EventStudy:
        """Return both sets of horizons in one, with the covariance between them.

        Raises
        ------
        ValueError
            If the two are not of the same places.
        """
        if self.places != other.places:
            raise ValueError("event studies of different places have no common covariance")
        order = np.argsort([*self.horizons, *other.horizons], kind="stable")
        horizons, counts = (*self.horizons, *other.horizons), (*self.n_places, *other.n_places)
        return EventStudy(
            horizons=tuple(horizons[i] for i in order),
            estimates=np.concatenate([self.estimates, other.estimates])[order],
            influence=np.concatenate([self.influence, other.influence])[order],
            n_places=tuple(counts[i] for i in order), places=self.places,
        )  # fmt: skip


@dataclass(frozen=True)
class Pretrend(EventStudy):
    """Leads from the regression on untreated observations; `horizons` are -1, -2 and so on.

    Attributes
    ----------
    n_cells : int
        Untreated cells in the regression.
    """

    n_cells: int

    @property
    def statistic(self) -> float:
        """Return the Wald statistic that all leads are zero, divided by their number."""
        return float(self.estimates @ np.linalg.solve(self.covariance, self.estimates)) / len(self.horizons)

    @property
    def p_value(self) -> float:
        """Return the tail of F with L and P - 1 degrees of freedom beyond the statistic."""
        n = self.influence.shape[1]
        return float(f_distribution.sf(self.statistic, len(self.horizons), n - 1))


def less_place_means(values: Array, cells: NDArray[np.bool_], weights: Array) -> Array:
    """Take the weighted mean over some cells of each place and series out of all of its cells.

    Partials out effects of place by series (Frisch, Waugh and Lovell) in regressions on these cells.

    Parameters
    ----------
    values : array, shape (P, S, W) or (P, S, W, K)
    cells : boolean array, shape (P, S, W)
    weights : array, shape (P, S, W)
    """
    v = np.where(cells, weights, 0.0)
    total = v.sum(axis=2, keepdims=True)
    v = v / np.where(total > 0, total, 1.0)
    if values.ndim == 4:
        v, cells = v[..., None], cells[..., None]
    left: Array = values - (np.where(cells, values, 0.0) * v).sum(axis=2, keepdims=True)
    return left


def pretrend(panel: StaggeredPanel, terms: Terms = PLAIN, leads: int = LEADS) -> Pretrend:
    """Regress untreated outcomes on leads against all earlier waves, with statsmodels.

    Each of leads 1 to `leads` has an effect of its own.

    Parameters
    ----------
    panel : StaggeredPanel
    terms : Terms
        Beside effects of place by series and wave by series.
    leads : int
        Number of waves before the start with an effect of their own.

    Raises
    ------
    ImputationError
        If a term has no untreated place in some wave, or the untreated cells do not identify the leads.
    """
    panel = usable(panel, terms)
    require_untreated(panel, terms)
    free = panel.observed & ~panel.exposed
    since = np.repeat(panel.since[:, None, :], panel.y.shape[1], axis=1)
    ahead = np.stack([(since == -lead) & free for lead in range(1, leads + 1)], axis=-1)
    columns, _ = wave_terms(panel, terms)
    x = np.concatenate([ahead.astype(float), columns], axis=-1)
    x = less_place_means(x, free, panel.weights)[free]
    y = less_place_means(panel.y, free, panel.weights)[free]
    v = panel.weights[free]
    if np.linalg.matrix_rank(x * np.sqrt(v)[:, None]) < x.shape[1]:
        raise ImputationError(
            f"{panel.name}: untreated cells do not identify leads of 1 to {leads} waves beside the terms "
            f"({terms.label}); ask for fewer leads or fewer terms"
        )
    fitted = WLS(y, x, weights=v).fit()
    owner = np.nonzero(free)[0]
    scores = np.zeros((len(panel.places), x.shape[1]))
    np.add.at(scores, owner, x * (v * fitted.resid)[:, None])
    influence = (fitted.normalized_cov_params @ scores.T)[:leads]
    counts = tuple(int(ahead[..., i].any(axis=(1, 2)).sum()) for i in range(leads))
    return Pretrend(
        horizons=tuple(-lead for lead in range(1, leads + 1)), estimates=np.asarray(fitted.params[:leads]),
        influence=influence, n_places=counts, places=panel.places, n_cells=int(free.sum()),
    )  # fmt: skip


def effects_by_wave(panel: StaggeredPanel, terms: Terms = PLAIN) -> EventStudy:
    """Average imputed effects by waves since the start, with errors clustered by place.

    The error of a treated cell is its distance from the mean of its horizon, which is conservative where effects differ.

    Parameters
    ----------
    panel : StaggeredPanel
    terms : Terms

    Raises
    ------
    ImputationError
        If a term has no untreated place in some wave.
    """
    panel = usable(panel, terms)
    require_untreated(panel, terms)
    free, treated = panel.observed & ~panel.exposed, imputable(panel)
    columns, _ = wave_terms(panel, terms)
    x = less_place_means(columns, free, panel.weights)
    y = less_place_means(panel.y, free, panel.weights)
    fitted = WLS(y[free], x[free], weights=panel.weights[free]).fit()
    left = y - x @ fitted.params
    since = np.repeat(panel.since[:, None, :], panel.y.shape[1], axis=1)
    horizons = sorted({int(h) for h in since[treated]})
    estimates, influence, counts = [], [], []
    owner = np.nonzero(free)[0]
    for horizon in horizons:
        cells = treated & (since == horizon)
        v = np.where(cells, panel.weights, 0.0)
        v = v / v.sum()
        estimate = float((v[cells] * left[cells]).sum())
        gradient = (v[cells][:, None] * x[cells]).sum(axis=0)
        pull = x[free] @ (fitted.normalized_cov_params @ gradient)
        own = np.where(cells, v * (left - estimate), 0.0).sum(axis=(1, 2))
        own -= np.bincount(owner, pull * panel.weights[free] * left[free], minlength=len(own))
        estimates.append(estimate)
        influence.append(own)
        counts.append(int(cells.any(axis=(1, 2)).sum()))
    return EventStudy(tuple(horizons), np.array(estimates), np.array(influence), tuple(counts), panel.places)


def identified_leads(panel: StaggeredPanel, terms: Terms = PLAIN, leads: int = LEADS) -> Pretrend | None:
    """Return the pre-trend regression with as many leads as are identified; None if none is."""
    for number in range(leads, 0, -1):
        try:
            return pretrend(panel, terms, number)
        except ImputationError:
            continue
    return None


def event_study(panel: StaggeredPanel, terms: Terms = PLAIN, leads: int = LEADS) -> EventStudy:
    """Return leads and effects by waves relative to the start, with their joint covariance.

    Leads are against all earlier waves and come from a regression of their own; effects are against the imputed outcome.
    Where fewer leads are identified than asked for, those that are.

    Parameters
    ----------
    panel : StaggeredPanel
    terms : Terms
    leads : int
        At most so many.

    Raises
    ------
    ImputationError
        If a term has no untreated place in some wave.
    """
    effects = effects_by_wave(panel, terms)
    ahead = identified_leads(panel, terms, leads)
    return effects if ahead is None else effects.beside(ahead)
