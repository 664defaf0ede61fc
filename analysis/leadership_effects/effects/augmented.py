"""Estimate the effect by ridge-augmented synthetic control."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from leadership_effects.data.panels import Array, Panel
from leadership_effects.effects.weights import EstimatorError, sc_weights, weighted_att

MINIMUM_PRE = 10
GRID = 21
SMALLEST_RIDGE = 1e-8


@dataclass(frozen=True)
class AugmentedEstimate:
    """ATT of one treated unit by ridge-augmented synthetic control.

    Attributes
    ----------
    att : float
        Mean over post-periods of the treated unit less its counterfactual.
    unit_weights : array, shape (N0,)
        Sum one; a negative weight extrapolates beyond the donors.
    convex_weights : array, shape (N0,)
        Weights before the correction, on the simplex.
    gap : array, shape (T,)
        Treated less weighted donors; with unit effects, centred on its pre-period mean.
    pre_rmspe : float
        Root mean squared gap over the pre-periods.
    ridge : float
        Penalty lambda chosen; the larger, the nearer to the convex weights.
    ridges, errors, standard_errors : array, shape (21,)
        Penalties tried, with mean and standard error of the squared error over the pre-periods left out in turn;
        empty where the penalty was given.
    """

    att: float
    unit_weights: Array
    convex_weights: Array
    gap: Array
    pre_rmspe: float
    ridge: float
    ridges: Array
    errors: Array
    standard_errors: Array

    @property
    def extrapolation(self) -> float:
        """Sum the negative weights: how far the counterfactual leaves the donors' hull."""
        return float(np.minimum(self.unit_weights, 0).sum())


def augment(treated: Array, donors: Array, weights: Array, ridge: float) -> Array:
    """Correct convex weights by ridge regression for the pre-period fit they miss.

    Parameters
    ----------
    treated : array, shape (T0,)
    donors : array, shape (N0, T0)
    weights : array, shape (N0,)
        Convex weights to be corrected.
    ridge : float
        Positive.

    Returns
    -------
    array, shape (N0,)
        Sum as before.

    Notes
    -----
    Ben-Michael, Feller & Rothstein (2021), JASA 116(536), section 3, ridge regression as the outcome model: outcomes
    are centred by the donors' period means, and the miss is spread over the donors by ``(X'X + lambda I)^-1 X'``.
    """
    centre = donors.mean(axis=0)
    x = donors - centre
    miss = (treated - centre) - weights @ x
    return weights + x @ np.linalg.solve(x.T @ x + ridge * np.eye(x.shape[1]), miss)


def ridge_grid(donors: Array) -> Array:
    """Return the penalties tried.

    From the largest squared singular value of the centred donors down to a hundred-millionth of it.

    Parameters
    ----------
    donors : array, shape (N0, T0)

    Returns
    -------
    array, shape (21,)
        Evenly spaced in logarithms, falling.
    """
    largest = float(np.linalg.norm(donors - donors.mean(axis=0), ord=2)) ** 2
    return largest * np.logspace(0, np.log10(SMALLEST_RIDGE), GRID)


def period_errors(treated: Array, donors: Array, ridges: Array, *, unit_effects: bool) -> Array:
    """Compute squared prediction errors of each pre-period from the others.

    With unit effects each fold takes its means from the periods it keeps, so that nothing of the period left out is used.

    Parameters
    ----------
    treated : array, shape (T0,)
    donors : array, shape (N0, T0)
    ridges : array, shape (L,)

    Returns
    -------
    array, shape (T0, L)
    """
    errors = np.empty((len(treated), len(ridges)))
    for left_out in range(len(treated)):
        kept = np.arange(len(treated)) != left_out
        own, others = _levels_out(treated, donors, kept) if unit_effects else (treated, donors)
        convex = sc_weights(own[kept], others[:, kept], int(kept.sum()), demeaned=False)
        for position, ridge in enumerate(ridges):
            weights = augment(own[kept], others[:, kept], convex, float(ridge))
            errors[left_out, position] = (own[left_out] - weights @ others[:, left_out]) ** 2
    return errors


def _levels_out(treated: Array, donors: Array, kept: NDArray[np.bool_]) -> tuple[Array, Array]:
    """Return series less their own means over the periods kept."""
    return treated - treated[kept].mean(), donors - donors[:, kept].mean(axis=1, keepdims=True)


def choose_ridge(ridges: Array, errors: Array) -> tuple[float, Array, Array]:
    """Select the largest penalty whose mean error is within one standard error of the smallest.

    The one-standard-error rule is the default of the authors' R package augsynth; it prefers the weights that
    extrapolate least.

    Parameters
    ----------
    ridges : array, shape (L,)
    errors : array, shape (T0, L)

    Returns
    -------
    ridge : float
    mean, standard_error : array, shape (L,)
    """
    mean = errors.mean(axis=0)
    error = errors.std(axis=0, ddof=1) / np.sqrt(len(errors))
    best = int(mean.argmin())
    return float(ridges[mean <= mean[best] + error[best]].max()), mean, error


def augmented_synthetic_control(
    panel: Panel, *, unit_effects: bool = True, ridge: float | None = None
) -> AugmentedEstimate:
    """Estimate the ATT of a panel by ridge-augmented synthetic control.

    Parameters
    ----------
    panel : Panel
        At least ten pre-periods.
    unit_effects : bool
        Take each unit's pre-period mean out first, so that a constant gap is allowed.
    ridge : float, optional
        Penalty; chosen by leaving each pre-period out in turn if not given.

    Raises
    ------
    EstimatorError
        With fewer than ten pre-periods or two donors, or a penalty that is not positive.
    """
    _check(panel, ridge)
    n_pre, treated, donors = panel.n_pre, panel.y[0], panel.y[1:]
    ridges = mean = error = np.empty(0)
    if ridge is None:
        ridges = ridge_grid(donors[:, :n_pre])
        errors = period_errors(treated[:n_pre], donors[:, :n_pre], ridges, unit_effects=unit_effects)
        ridge, mean, error = choose_ridge(ridges, errors)
    if unit_effects:
        treated, donors = _levels_out(treated, donors, np.arange(panel.y.shape[1]) < n_pre)
    convex = sc_weights(treated, donors, n_pre, demeaned=False)
    weights = augment(treated[:n_pre], donors[:, :n_pre], convex, ridge)
    att, gap = weighted_att(treated, donors, n_pre, weights, np.zeros(n_pre))
    rmspe = float(np.sqrt(np.square(gap[:n_pre]).mean()))
    return AugmentedEstimate(att, weights, convex, gap, rmspe, ridge, ridges, mean, error)


def _check(panel: Panel, ridge: float | None) -> None:
    needs = f"{panel.name}: ridge-augmented synthetic control needs"
    if panel.n_pre < MINIMUM_PRE:
        raise EstimatorError(f"{needs} {MINIMUM_PRE} pre-periods, the panel has {panel.n_pre}")
    if panel.n_donors < 2:
        raise EstimatorError(f"{needs} two donors, found {panel.n_donors}")
    if ridge is not None and ridge <= 0:
        raise EstimatorError(f"{panel.name}: the ridge penalty must be positive, found {ridge}")
