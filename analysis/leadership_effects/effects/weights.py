"""Compute unit and time weights of two-way fixed effects, SDID and synthetic control."""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import nnls

from leadership_effects.data.panels import Array
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


def simplex_weights(a: Array, b: Array, ridge: float) -> Array:
    """Compute simplex weights that minimise ``|a w - b|^2 + ridge |w|^2``.

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
    """Compute simplex weights of several problems, each with its allowed columns of one table.

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
    and an exact solve on the support. Everything is first divided by a power of two, so that the unit of the outcome
    moves neither a tolerance nor the condition of a system.
    """
    unit = _power_of_two(a)
    a, targets, ridges = a / unit, targets / unit, ridges / unit**2
    typical = (allowed @ np.square(a).sum(axis=0)) / allowed.sum(axis=1)
    ridged = ridges > 1e-8 * np.maximum(typical, 1e-300)
    weights = np.full(allowed.shape, np.nan)
    weights[ridged] = _dual_active_sets(a, targets[ridged], allowed[ridged], ridges[ridged])
    for p in np.flatnonzero(np.isnan(weights).any(axis=1)):
        weights[p] = 0.0
        weights[p, allowed[p]] = _nnls_simplex(a[:, allowed[p]], targets[p], float(ridges[p]))
    return weights


def _power_of_two(a: Array) -> float:
    """Return the power of two at or below a table's largest size; dividing by it is exact."""
    largest = float(np.abs(a).max())
    return float(2.0 ** np.floor(np.log2(largest))) if largest > 0 else 1.0


def _dual_active_sets(a: Array, targets: Array, allowed: Mask, ridges: Array, rounds: int = 60) -> Array:
    """Solve for weights, shape (P, n); a row is NaN where the iteration cycles or runs empty."""
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
    heavy = 1e3 * (float(np.abs(a).max()) or 1.0)
    rows = [a, np.full((1, n), heavy)]
    target = np.concatenate([b, [heavy]])
    if ridge > 0:
        rows.append(np.sqrt(ridge) * np.eye(n))
        target = np.concatenate([target, np.zeros(n)])
    weights = nnls(np.vstack(rows), target, maxiter=50 * n)[0]
    return _polish(a, b, ridge, weights / weights.sum())


def _polish(a: Array, b: Array, ridge: float, weights: Array) -> Array:
    """Solve exactly on the support; kept only if it stays feasible and is no worse."""
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


def sc_weights(treated: Array, donors: Array, n_pre: int, *, demeaned: bool) -> Array:
    """Compute unit weights of outcome-only synthetic control, shape (N0,).

    Notes
    -----
    Abadie, Diamond & Hainmueller (2010) without covariates; with `demeaned`, Ferman & Pinto (2021),
    Quantitative Economics 12(4), which allows a constant gap. A ridge makes weights unique where several mixes fit
    equally: one millionth of the noise as in the reference software, one hundredth for the demeaned problem, whose
    few pre-periods many mixes fit.
    """
    return np.asarray(_sc_of_each(*_one(treated, donors), n_pre, demeaned=demeaned)[0, 1:])


def _one(treated: Array, donors: Array) -> tuple[Array, Places, Mask]:
    """Return the outcomes, place and donors of one problem, the treated unit first."""
    return np.vstack([treated, donors]), np.zeros(1, dtype=np.int64), (np.arange(1 + len(donors)) > 0)[None]


def _noise(pre: Array, donors_of: Mask) -> Array:
    """Return the standard deviation of first differences of each place's donors, shape (P,)."""
    steps = np.diff(pre, axis=1)
    return np.array([steps[donors].std(ddof=1) for donors in donors_of])


def _sdid_of_each(y: Array, places: Places, donors_of: Mask, n_pre: int) -> tuple[Array, Array]:
    """Compute unit and time weights of synthetic difference-in-differences for several places.

    Arkhangelsky, Athey, Hirshberg, Imbens & Wager (2021), AER 111(12), equations 4-6, with
    zeta = (N_tr T_post)^(1/4) times the standard deviation of first differences of the donors' pre-periods.
    """
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
    """Compute unit and time weights of a method.

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
    """Compute unit and time weights of a method for places of one table with own donors.

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
        needs = f"{MINIMUM_PRE[method]} pre-periods, the panel has {n_pre}"
        raise EstimatorError(f"{METHODS[method]} needs {needs}")
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
    """Compute effects, shape (P,), and centred gap paths, shape (P, T), under given weights."""
    gaps = y[places] - unit @ y
    centred = gaps - (time * gaps[:, :n_pre]).sum(axis=1, keepdims=True)
    return centred[:, n_pre:].mean(axis=1), centred


def weighted_att(treated: Array, donors: Array, n_pre: int, unit: Array, time: Array) -> tuple[float, Array]:
    """Compute the effect and centred gap path, shape (T,), of given unit and time weights."""
    gap = treated - unit @ donors
    centred = gap - time @ gap[:n_pre]
    return float(centred[n_pre:].mean()), centred
