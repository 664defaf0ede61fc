"""Point estimates for one treated unit: two-way fixed effects, SDID, synthetic control, interrupted gap.

Array functions do the numbers; the functions that take a `Panel` fit with statsmodels and say what they did.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import nnls
from statsmodels.regression.linear_model import OLS, WLS
from statsmodels.stats.stattools import durbin_watson

from leadership_effects.data.panels import Array, GapSeries, Panel
from leadership_effects.errors import LeadershipError

Mask = NDArray[np.bool_]
Places = NDArray[np.int64]
Method = Literal["twfe", "sdid", "dsc", "sc"]
METHODS: dict[str, str] = {
    "twfe": "two-way fixed effects",
    "sdid": "synthetic difference-in-differences",
    "dsc": "demeaned synthetic control",
    "sc": "synthetic control",
}
MINIMUM_PRE = {"twfe": 1, "sdid": 2, "dsc": 2, "sc": 2}


class EstimatorError(LeadershipError, ValueError):
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
    See `simplex_weights_of_each`, of which this is one problem.
    """
    everything = np.ones((1, a.shape[1]), dtype=bool)
    return np.asarray(simplex_weights_of_each(a, b[None], everything, np.array([ridge]))[0])


def simplex_weights_of_each(a: Array, targets: Array, allowed: Mask, ridges: Array) -> Array:
    """Weights on the simplex of several problems that mix the same columns, each only those allowed to it.

    Parameters
    ----------
    a : array, shape (m, n)
    targets : array, shape (P, m)
    allowed : array of bool, shape (P, n)
    ridges : array, shape (P,)

    Returns
    -------
    array, shape (P, n)
        Non-negative, sum one in each row, zero where not allowed.

    Notes
    -----
    With a ridge the optimum is found by a primal-dual active-set iteration on the m + 1 dual variables, all problems
    at once; where that cycles, and with next to no ridge, by non-negative least squares with a heavy row for the sum
    and an exact solve on the support.
    """
    typical = (allowed @ np.square(a).sum(axis=0)) / allowed.sum(axis=1)
    ridged = ridges > 1e-8 * np.maximum(typical, 1e-300)
    weights = np.full(allowed.shape, np.nan)
    weights[ridged] = _dual_active_sets(a, targets[ridged], allowed[ridged], ridges[ridged])
    for p in np.flatnonzero(np.isnan(weights).any(axis=1)):
        weights[p] = 0.0
        weights[p, allowed[p]] = _nnls_simplex(a[:, allowed[p]], targets[p], float(ridges[p]))
    return weights


def _dual_active_sets(a: Array, targets: Array, allowed: Mask, ridges: Array, rounds: int = 60) -> Array:
    """Weights, shape (P, n); a row is NaN where the iteration cycles or runs empty."""
    m = len(a)
    weights, support, left = np.full(allowed.shape, np.nan), allowed.copy(), np.arange(len(targets))
    goals = np.column_stack([ridges[:, None] * targets, ridges])
    for _ in range(rounds):
        if not len(left):
            break
        inside = support[left][:, None, :] * a
        system = np.empty((len(left), m + 1, m + 1))
        system[:, :m, :m] = inside @ a.T
        system[:, range(m), range(m)] += ridges[left, None]
        system[:, :m, m] = system[:, m, :m] = inside.sum(axis=2)
        system[:, m, m] = support[left].sum(axis=1)
        try:
            dual = np.linalg.solve(system, goals[left][:, :, None])[:, :, 0]
        except np.linalg.LinAlgError:
            break
        score = dual[:, :m] @ a + dual[:, m:]
        new = (score > 0) & allowed[left]
        settled = (new == support[left]).all(axis=1)
        mix = np.where(new, score, 0.0)[settled]
        weights[left[settled]] = mix / mix.sum(axis=1, keepdims=True)
        support[left] = new
        left = left[~settled & new.any(axis=1)]
    return weights


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
    unit, time = _sdid_of_each(*_one(treated, donors), n_pre)
    return unit[0, 1:], time[0]


def sc_weights(treated: Array, donors: Array, n_pre: int, *, demeaned: bool) -> Array:
    """Unit weights of outcome-only synthetic control, shape (N0,).

    Notes
    -----
    Abadie, Diamond & Hainmueller (2010) without covariates; with `demeaned`, Ferman & Pinto (2021),
    Quantitative Economics 12(4), which allows a constant gap. A ridge makes weights unique where several mixes fit
    equally: one millionth of the noise as in the reference software, one hundredth for the demeaned problem, whose
    few pre-periods many mixes fit.
    """
    return np.asarray(_sc_of_each(*_one(treated, donors), n_pre, demeaned=demeaned)[0, 1:])


def _one(treated: Array, donors: Array) -> tuple[Array, Places, Mask]:
    """Outcomes, place and donors of one problem, the treated unit first."""
    return np.vstack([treated, donors]), np.zeros(1, dtype=np.int64), (np.arange(1 + len(donors)) > 0)[None]


def _noise(pre: Array, donors_of: Mask) -> Array:
    """Standard deviation of first differences of each place's donors, shape (P,)."""
    steps = np.diff(pre, axis=1)
    return np.array([steps[donors].std(ddof=1) for donors in donors_of])


def _sdid_of_each(y: Array, places: Places, donors_of: Mask, n_pre: int) -> tuple[Array, Array]:
    pre, after = y[:, :n_pre], y[:, n_pre:].mean(axis=1)
    noise = _noise(pre, donors_of)
    zeta = (y.shape[1] - n_pre) ** 0.25 * noise
    centred = pre - pre.mean(axis=1, keepdims=True)
    unit = simplex_weights_of_each(centred.T, centred[places], donors_of, zeta**2 * n_pre)
    tiny = (1e-6 * noise) ** 2 * donors_of.sum(axis=1)
    time = [
        simplex_weights(pre[d] - pre[d].mean(axis=0), after[d] - after[d].mean(), float(ridge))
        for d, ridge in zip(donors_of, tiny, strict=True)
    ]
    return unit, np.array(time)


def _sc_of_each(y: Array, places: Places, donors_of: Mask, n_pre: int, *, demeaned: bool) -> Array:
    pre = y[:, :n_pre]
    share = 1e-2 if demeaned else 1e-6
    ridges = (share * _noise(pre, donors_of)) ** 2 * n_pre
    if demeaned:
        pre = pre - pre.mean(axis=1, keepdims=True)
    return simplex_weights_of_each(pre.T, pre[places], donors_of, ridges)


def method_weights(
    method: Method, treated: Array, donors: Array, n_pre: int, base: Array
) -> tuple[Array, Array]:
    """Unit and time weights of a method.

    Parameters
    ----------
    treated : array, shape (T,)
    donors : array, shape (N0, T)
    base : array, shape (N0,)
        Weight of each donor in an average of donors (used by two-way fixed effects).

    Raises
    ------
    EstimatorError
        For an unknown method, too few pre-periods, or fewer than two donors where weights are fitted.
    """
    y, places, donors_of = _one(treated, donors)
    unit, time = weights_of_each(method, y, places, donors_of, n_pre, np.append(0.0, base))
    return unit[0, 1:], time[0]


def weights_of_each(
    method: Method, y: Array, places: Places, donors_of: Mask, n_pre: int, base: Array
) -> tuple[Array, Array]:
    """Unit and time weights of a method for several places of one table, each with its own donors.

    Parameters
    ----------
    y : array, shape (N, T)
    places : array of int, shape (P,)
        Rows that take the treated unit's part.
    donors_of : array of bool, shape (P, N)
    n_pre : int
    base : array, shape (N,)
        Weight of each row in an average of donors (used by two-way fixed effects).

    Returns
    -------
    unit : array, shape (P, N)
        Zero where a row is no donor.
    time : array, shape (P, T0)

    Raises
    ------
    EstimatorError
        For an unknown method, too few pre-periods, or fewer than two donors where weights are fitted.
    """
    if method not in METHODS:
        raise EstimatorError(f"no method {method!r}; allowed: {', '.join(METHODS)}")
    if n_pre < MINIMUM_PRE[method]:
        raise EstimatorError(
            f"{METHODS[method]} needs {MINIMUM_PRE[method]} pre-periods, the panel has {n_pre}"
        )
    fewest = int(donors_of.sum(axis=1).min())
    if method != "twfe" and fewest < 2:
        raise EstimatorError(f"{METHODS[method]} needs two donors to weight, found {fewest}")
    flat = np.full((len(places), n_pre), 1 / n_pre)
    if method == "twfe":
        shares = np.where(donors_of, base, 0.0)
        return shares / shares.sum(axis=1, keepdims=True), flat
    if method == "sdid":
        return _sdid_of_each(y, places, donors_of, n_pre)
    unit = _sc_of_each(y, places, donors_of, n_pre, demeaned=method == "dsc")
    return unit, flat if method == "dsc" else np.zeros_like(flat)


def weighted_gaps(y: Array, places: Places, n_pre: int, unit: Array, time: Array) -> tuple[Array, Array]:
    """Effects, shape (P,), and centred gap paths, shape (P, T), of several places under `weights_of_each`."""
    gaps = y[places] - unit @ y
    centred = gaps - (time * gaps[:, :n_pre]).sum(axis=1, keepdims=True)
    return centred[:, n_pre:].mean(axis=1), centred


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
    Newey-West tests reject true nulls far too often.

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
