"""Point estimates for one treated unit: two-way fixed effects, SDID, synthetic control, interrupted gap.

Array functions do the numbers; the functions that take a `Panel` fit with statsmodels and say what they did.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from scipy.optimize import nnls
from statsmodels.regression.linear_model import OLS, WLS
from statsmodels.stats.stattools import durbin_watson

from leadership_effects.panel import Array, GapSeries, Panel

Method = Literal["twfe", "sdid", "dsc", "sc"]
METHODS: dict[str, str] = {
    "twfe": "two-way fixed effects",
    "sdid": "synthetic difference-in-differences",
    "dsc": "demeaned synthetic control",
    "sc": "synthetic control",
}
MINIMUM_PRE = {"twfe": 1, "sdid": 2, "dsc": 2, "sc": 2}


class EstimatorError(ValueError):
    """A panel does not bear the estimator asked for."""


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
        """Effective number of donors, 1 / sum of squared weights."""
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


def simplex_weights(a: Array, b: Array, ridge: float) -> Array:
    """Weights on the simplex that minimise ``|a w - b|^2 + ridge |w|^2``.

    Parameters
    ----------
    a : array, shape (m, n)
    b : array, shape (m,)
    ridge : float
        Non-negative; unique weights need a positive one.

    Returns
    -------
    array, shape (n,)
        Non-negative, sum one, optimal to rounding.

    Notes
    -----
    With a ridge the optimum is found by a primal-dual active-set iteration on the m + 1 dual variables;
    where that cycles, and with next to no ridge, by non-negative least squares with a heavy row for the sum and
    an exact solve on the support.
    """
    if ridge > 1e-8 * max(float(np.square(a).sum(axis=0).mean()), 1e-300):
        weights = _dual_active_set(a, b, ridge)
        if weights is not None:
            return weights
    return _nnls_simplex(a, b, ridge)


def _dual_active_set(a: Array, b: Array, ridge: float, rounds: int = 60) -> Array | None:
    m, n = a.shape
    support = np.ones(n, dtype=bool)
    system = np.empty((m + 1, m + 1))
    target = np.append(ridge * b, ridge)
    for _ in range(rounds):
        inside = a[:, support]
        column = inside.sum(axis=1)
        system[:m, :m] = inside @ inside.T
        system[range(m), range(m)] += ridge
        system[:m, m] = system[m, :m] = column
        system[m, m] = support.sum()
        try:
            dual = np.linalg.solve(system, target)
        except np.linalg.LinAlgError:
            return None
        score = dual[:m] @ a + dual[m]
        new = score > 0
        if not new.any():
            return None
        if (new == support).all():
            weights: Array = np.where(support, score, 0.0) / ridge
            return weights / weights.sum()
        support = new
    return None


def _nnls_simplex(a: Array, b: Array, ridge: float) -> Array:
    n = a.shape[1]
    heavy = 1e3 * max(float(np.abs(a).max()), 1.0)
    rows = [a, np.full((1, n), heavy)]
    target = np.concatenate([b, [heavy]])
    if ridge > 0:
        rows.append(np.sqrt(ridge) * np.eye(n))
        target = np.concatenate([target, np.zeros(n)])
    weights = nnls(np.vstack(rows), target, maxiter=50 * n)[0]
    return _polish(a, b, ridge, weights / weights.sum())


def _polish(a: Array, b: Array, ridge: float, weights: Array) -> Array:
    """Exact solve on the support; kept only if it stays feasible and is no worse."""
    support = weights > 1e-10
    inside = a[:, support]
    k = int(support.sum())
    system = np.zeros((k + 1, k + 1))
    system[:k, :k] = inside.T @ inside + ridge * np.eye(k)
    system[:k, k] = system[k, :k] = 1
    solved = np.linalg.lstsq(system, np.append(inside.T @ b, 1.0), rcond=None)[0][:k]
    if solved.min() < 0:
        return weights
    better = np.zeros_like(weights)
    better[support] = solved / solved.sum()

    def loss(w: Array) -> float:
        return float(np.square(a @ w - b).sum() + ridge * np.square(w).sum())

    return better if loss(better) <= loss(weights) + 1e-12 else weights


def sdid_weights(treated: Array, donors: Array, n_pre: int) -> tuple[Array, Array]:
    """Unit and time weights of synthetic difference-in-differences.

    Parameters
    ----------
    treated : array, shape (T,)
    donors : array, shape (N0, T)
    n_pre : int

    Returns
    -------
    unit_weights : array, shape (N0,)
    time_weights : array, shape (T0,)

    Notes
    -----
    Arkhangelsky, Athey, Hirshberg, Imbens & Wager (2021), AER 111(12), equations 4-6, with
    zeta = (N_tr T_post)^(1/4) times the standard deviation of first differences of the donors' pre-periods.
    """
    pre, post = donors[:, :n_pre], donors[:, n_pre:]
    noise = float(np.diff(pre, axis=1).std(ddof=1))
    zeta = post.shape[1] ** 0.25 * noise
    a = (pre - pre.mean(axis=1, keepdims=True)).T
    unit = simplex_weights(a, treated[:n_pre] - treated[:n_pre].mean(), zeta**2 * n_pre)
    goal = post.mean(axis=1)
    tiny = (1e-6 * noise) ** 2 * len(donors)
    time = simplex_weights(pre - pre.mean(axis=0), goal - goal.mean(), tiny)
    return unit, time


def sc_weights(treated: Array, donors: Array, n_pre: int, *, demeaned: bool) -> Array:
    """Unit weights of outcome-only synthetic control, shape (N0,).

    Notes
    -----
    Abadie, Diamond & Hainmueller (2010) without covariates; with `demeaned`, Ferman & Pinto (2021),
    Quantitative Economics 12(4), which allows a constant gap. A ridge makes weights unique where several mixes fit
    equally: one millionth of the noise as in the reference software, one hundredth for the demeaned problem, whose
    few pre-periods many mixes fit.
    """
    pre, goal = donors[:, :n_pre], treated[:n_pre]
    noise = float(np.diff(pre, axis=1).std(ddof=1))
    share = 1e-6
    if demeaned:
        pre, goal, share = pre - pre.mean(axis=1, keepdims=True), goal - goal.mean(), 1e-2
    return simplex_weights(pre.T, goal, (share * noise) ** 2 * n_pre)


def method_weights(
    method: Method, treated: Array, donors: Array, n_pre: int, base: Array
) -> tuple[Array, Array]:
    """Unit weights (N0,) and time weights (T0,) of a method.

    Raises
    ------
    EstimatorError
        If there are too few pre-periods, one donor alone to be weighted, or no such method.
    """
    if method not in METHODS:
        raise EstimatorError(f"no method {method!r}; allowed: {', '.join(METHODS)}")
    if n_pre < MINIMUM_PRE[method]:
        raise EstimatorError(
            f"{METHODS[method]} needs {MINIMUM_PRE[method]} pre-periods, the panel has {n_pre}"
        )
    if method != "twfe" and len(donors) < 2:
        raise EstimatorError(f"{METHODS[method]} needs two donors to weight, found {len(donors)}")
    flat = np.full(n_pre, 1 / n_pre)
    if method == "twfe":
        return base / base.sum(), flat
    if method == "sdid":
        return sdid_weights(treated, donors, n_pre)
    if method == "dsc":
        return sc_weights(treated, donors, n_pre, demeaned=True), flat
    return sc_weights(treated, donors, n_pre, demeaned=False), np.zeros(n_pre)


def weighted_att(treated: Array, donors: Array, n_pre: int, unit: Array, time: Array) -> tuple[float, Array]:
    """Effect and centred gap path, shape (T,), of given unit and time weights."""
    gap = treated - unit @ donors
    centred = gap - time @ gap[:n_pre]
    return float(centred[n_pre:].mean()), centred


def point_estimate(panel: Panel, method: Method) -> float:
    """ATT of a panel as a weighted double difference, equal to the regression's coefficient and quicker."""
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
    """
    unit, time = method_weights(method, panel.y[0], panel.y[1:], panel.n_pre, panel.weights)
    att, gap = weighted_att(panel.y[0], panel.y[1:], panel.n_pre, unit, time)
    if method in ("twfe", "sdid"):
        att = _wls_att(panel.y, panel.n_pre, unit, time)
    pre = gap[: panel.n_pre]
    rmspe = float(np.sqrt(np.square(pre).mean())) if panel.n_pre > 1 else float("nan")
    return Estimate(method, att, unit, time, gap, rmspe)


def _wls_att(y: Array, n_pre: int, unit: Array, time: Array) -> float:
    """Coefficient of the treatment dummy; cells of zero weight leave the regression."""
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
    """Headline method of a panel by the plan's rule: SDID with enough pre-periods, else two-way fixed effects."""
    return "sdid" if panel.n_pre >= sdid_minimum_pre else "twfe"


def drift_adjusted(panel: Panel) -> Panel:
    """Panel less each unit's own straight line through its pre-period gaps to the donors' mean.

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
    """Level change of a gap series against one comparator, with or without a straight line.

    Ordinary least squares in statsmodels. No p-value is returned: with one comparator and a dozen years,
    Newey-West tests reject 15 to 30 per cent of true nulls.

    Raises
    ------
    EstimatorError
        If there are fewer than two pre-periods (three with a trend).
    """
    needed = 3 if trend else 2
    if series.n_pre < needed:
        raise EstimatorError(
            f"{series.name}: an interrupted gap needs {needed} pre-periods, found {series.n_pre}"
        )
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
