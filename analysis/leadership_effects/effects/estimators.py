"""Estimate one treated unit's effect by TWFE, SDID, synthetic control or interrupted gap.

Difference-in-differences is fitted with statsmodels as weighted least squares; `weights` computes the weights.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from statsmodels.regression.linear_model import OLS, WLS
from statsmodels.stats.stattools import durbin_watson

from leadership_effects.data.grid import ESTIMATORS, headline_estimator
from leadership_effects.data.panels import Array, GapSeries, Panel
from leadership_effects.effects.weights import EstimatorError, Method, method_weights, weighted_att


@dataclass(frozen=True)
class Estimate:
    """A point estimate of the average effect on the treated unit (ATT).

    Attributes
    ----------
    method : str
        Key of `METHODS`.
    att : float
        Mean over post-periods of the treated unit less its counterfactual.
    unit_weights : array, shape (N0,)
    time_weights : array, shape (T0,)
    gap : array, shape (T,)
        Treated less weighted donors by year, centred on the weighted pre-period mean.
    pre_rmspe : float
        Root mean squared gap over the pre-periods; NaN with one pre-period.
    """

    method: str
    att: float
    unit_weights: Array
    time_weights: Array
    gap: Array
    pre_rmspe: float

    @property
    def effective_donors(self) -> float:
        """Return the effective number of donors, 1 / sum of squared weights."""
        return float(1 / np.square(self.unit_weights).sum())


@dataclass(frozen=True)
class InterruptedGap:
    """Level change of a gap series after its start (ordinary least squares, description only).

    Attributes
    ----------
    change : float
        Coefficient of the post-period dummy.
    trend : float or None
        Slope a year fitted through the whole series, None if left out.
    pre_mean, post_mean : float
    durbin_watson : float
    """

    change: float
    trend: float | None
    pre_mean: float
    post_mean: float
    durbin_watson: float


def point_estimate(panel: Panel, method: Method) -> float:
    """Compute the ATT as a weighted double difference: the regression's coefficient, quicker."""
    unit, time = method_weights(method, panel.y[0], panel.y[1:], panel.n_pre, panel.weights)
    return weighted_att(panel.y[0], panel.y[1:], panel.n_pre, unit, time)[0]


def estimate(panel: Panel, method: Method) -> Estimate:
    """Estimate the ATT of a panel by one method.

    The difference-in-differences methods are fitted with statsmodels as weighted least squares of the outcome
    on unit effects, year effects and the treatment dummy, weights unit x time; synthetic control is the plain
    post-period gap.

    Raises
    ------
    EstimatorError
        If the panel has too few pre-periods for the method.

    Examples
    --------
    >>> from leadership_effects.data.panels import open_panel
    >>> panel = open_panel("2026.1", "latvia", "mathematics")
    >>> round(estimate(panel, "twfe").att, 2)
    5.11
    """
    unit, time = method_weights(method, panel.y[0], panel.y[1:], panel.n_pre, panel.weights)
    att, gap = weighted_att(panel.y[0], panel.y[1:], panel.n_pre, unit, time)
    if method in ("twfe", "sdid"):
        att = _wls_att(panel.y, panel.n_pre, unit, time)
    pre = gap[: panel.n_pre]
    rmspe = float(np.sqrt(np.square(pre).mean())) if panel.n_pre > 1 else float("nan")
    return Estimate(method, att, unit, time, gap, rmspe)


def _wls_att(y: Array, n_pre: int, unit: Array, time: Array) -> float:
    """Return the coefficient of the treatment dummy; cells of zero weight leave the regression."""
    post = np.full(y.shape[1] - n_pre, 1 / (y.shape[1] - n_pre))
    units, years = np.concatenate([[1.0], unit]), np.concatenate([time, post])
    used = np.ix_(units > 0, years > 0)
    n, t = y[used].shape
    dummy = np.zeros((n, t))
    dummy[0, -len(post) :] = 1
    design = np.column_stack(
        [dummy.ravel(), np.kron(np.eye(n), np.ones((t, 1))), np.kron(np.ones((n, 1)), np.eye(t)[:, 1:])]
    )
    fit = WLS(y[used].ravel(), design, weights=np.outer(units, years)[used].ravel()).fit(method="qr")
    return float(fit.params[0])


def headline_method(panel: Panel, sdid_minimum_pre: int) -> Method:
    """Select SDID with enough pre-periods, else two-way fixed effects, by the plan's rule."""
    chosen: Method = ESTIMATORS[headline_estimator(panel.n_pre, sdid_minimum_pre)]  # type: ignore[assignment]
    return chosen


def drift_adjusted(panel: Panel) -> Panel:
    """Subtract each unit's own pre-period line through its gaps to the donors' mean.

    The donors' lines average to nothing. So the treated unit's effect loses its own line, and a donor's placebo effect
    the line through its gaps to the other donors. Needs three pre-periods.

    Raises
    ------
    EstimatorError
        With fewer than three pre-periods.
    """
    if panel.n_pre < 3:
        raise EstimatorError(f"a drift line needs 3 pre-periods, {panel.name} has {panel.n_pre}")
    gaps = panel.y - panel.donor_mean
    years = np.array(panel.years, dtype=float)
    slopes, levels = np.polyfit(years[: panel.n_pre], gaps[:, : panel.n_pre].T, 1)
    lines = np.outer(slopes, years) + levels[:, None]
    return replace(panel, name=f"{panel.name}.drift", y=panel.y - lines)


def interrupted_gap(series: GapSeries, *, trend: bool) -> InterruptedGap:
    """Fit the level change of a gap series at its start, with or without a straight line.

    Ordinary least squares in statsmodels. No p-value is returned: with one comparator and a dozen years,
    Newey-West tests reject true nulls far too often.

    Raises
    ------
    EstimatorError
        If there are fewer than two pre-periods (three with a trend).

    Examples
    --------
    >>> from leadership_effects.data.panels import build_gap
    >>> from leadership_effects.data.plan import case_plan
    >>> from leadership_effects.data.release import open_release
    >>> release = open_release("2026.1")
    >>> series = build_gap(release, case_plan(release, "london").gaps["ks3_english"])
    >>> round(interrupted_gap(series, trend=False).change, 2)
    3.14
    """
    if series.n_pre < (needed := 3 if trend else 2):
        found = f"needs {needed} pre-periods, found {series.n_pre}"
        raise EstimatorError(f"{series.name}: an interrupted gap {found}")
    years = np.array(series.years, dtype=float)
    post = (np.arange(len(years)) >= series.n_pre).astype(float)
    columns = [np.ones_like(years), post] + ([years - years[0]] if trend else [])
    fit = OLS(series.gap, np.column_stack(columns)).fit()
    return InterruptedGap(
        change=float(fit.params[1]),
        trend=float(fit.params[2]) if trend else None,
        pre_mean=float(series.gap[: series.n_pre].mean()),
        post_mean=float(series.gap[series.n_pre :].mean()),
        durbin_watson=float(durbin_watson(fit.resid)),
    )
