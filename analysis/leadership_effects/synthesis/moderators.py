"""Test what goes with larger effects across cases: one moderator at a time, by permutation.

With a handful of studies the t-based p of a meta-regression can be far too small, so it is printed beside the exact
one and never alone.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import factorial, prod
from typing import Any

import numpy as np
import pandas as pd
from scipy import stats

from leadership_effects.data.joint_cases import current_coding
from leadership_effects.data.panels import Array
from leadership_effects.data.plan import PlanError
from leadership_effects.data.release import Release
from leadership_effects.rounding import DECIMALS, ROUNDING
from leadership_effects.synthesis.pooling import SynthesisError, reml_tau2, require_numbers, weighted_fit

MOST = 3
MOST_PERMUTED = 9  # 362,880 fits
FIELDS = ("kind", "rule", "label", "why")
RULES = ("mean_code", "count_documented")
TIED = 1e-7  # relative slack when statistics of two permutations count as equal: their searches stop at 1e-12


@dataclass(frozen=True)
class Moderator:
    """A moderator as the plan fixes it.

    Attributes
    ----------
    name, label : str
        Key in the plan and words for axes and tables.
    kind : str
        Kind of item in the coding table.
    rule : {"mean_code", "count_documented"}
        The mean of the coders' codes of the item of that name, or the mean over coders of how many items of the kind
        each found documented.
    why : str
    """

    name: str
    label: str
    kind: str
    rule: str
    why: str


def planned_moderators(release: Release) -> tuple[Moderator, ...]:
    """Read the moderators fixed in the plan of a release, checked against its coding.

    Raises
    ------
    PlanError
        As `read_moderators`.
    """
    items = release.plan["synthesis"].get("moderators", {}).get("items", {})
    return read_moderators(items, current_coding(release))


def read_moderators(items: Mapping[str, Mapping[str, str]], coding: pd.DataFrame) -> tuple[Moderator, ...]:
    """Read moderators from their entries in the plan.

    Raises
    ------
    PlanError
        If there are none or more than three, a field is missing, or the coding holds no such item.
    """
    where = "plan.yml: synthesis.moderators"
    if not 1 <= len(items) <= MOST:
        raise PlanError(f"{where}: names {len(items)} moderators; allowed: one to {MOST}")
    for name, raw in items.items():
        if set(raw) != set(FIELDS):
            raise PlanError(f"{where}.{name}: fields {sorted(raw)}; allowed: {', '.join(FIELDS)}")
        if raw["rule"] not in RULES:
            raise PlanError(f"{where}.{name}: rule is {raw['rule']!r}; allowed: {', '.join(RULES)}")
        known = sorted(set(coding.loc[coding["kind"] == raw["kind"], "item"]))
        if not known or (raw["rule"] == "mean_code" and name not in known):
            lacks = f"the coding has no such item of kind {raw['kind']!r}"
            raise PlanError(f"{where}.{name}: {lacks}; there are {', '.join(known) or 'none'}")
    return tuple(Moderator(name, **raw) for name, raw in items.items())


def moderator_values(coding: pd.DataFrame, moderator: Moderator, cases: Sequence[str]) -> Array:
    """Compute a moderator's value in each case; NaN where every coder found silence.

    Parameters
    ----------
    coding : DataFrame
        Columns ``case_id, kind, item, coder, code``; a blank code is silence.
    moderator : Moderator
    cases : sequence of str, length k

    Returns
    -------
    values : array, shape (k,)
    """
    rows = coding[coding["kind"] == moderator.kind].copy()
    rows["code"] = rows["code"].astype(float)
    if moderator.rule == "mean_code":
        values = rows[rows["item"] == moderator.name].groupby("case_id")["code"].mean()
    else:
        counts = rows.groupby(["case_id", "coder"])["code"].count()
        values = counts.groupby("case_id").mean().replace(0, np.nan)
    return np.asarray(values.reindex(list(cases)).to_numpy(float))


@dataclass(frozen=True)
class MetaRegression:
    """Mixed-effects meta-regression on one moderator.

    Attributes
    ----------
    intercept, slope : float
    se : tuple of float
        Knapp-Hartung standard errors of intercept and slope.
    t, p : float
        Of the slope, k - 2 degrees of freedom.
    interval : tuple of float
        95 % interval of the slope.
    df : int
    tau2 : float
        Residual between-study variance, REML.
    """

    intercept: float
    slope: float
    se: tuple[float, float]
    t: float
    p: float
    interval: tuple[float, float]
    df: int
    tau2: float


def meta_regression(
    effects: Sequence[float] | Array,
    variances: Sequence[float] | Array,
    moderator: Sequence[float] | Array,
    *,
    modified: bool = True,
) -> MetaRegression:
    """Regress effects on one moderator with REML residual variance and Knapp-Hartung inference.

    Weighted least squares with weights 1 / (v + tau2); the covariance is scaled by the weighted residual sum of squares
    over k - 2 (Knapp & Hartung 2003, Statistics in Medicine 22, eq. 6).

    Parameters
    ----------
    effects, variances, moderator : array-like, shape (k,)
    modified : bool
        Keep the scale at one or above, as in `pool`; false gives the plain one.

    Raises
    ------
    SynthesisError
        With fewer than four studies, an effect that is not a number, a variance that is not positive, a silent value
        or a moderator without spread.
    """
    y, v, m = (np.asarray(x, float) for x in (effects, variances, moderator))
    if len(y) < 4 or not len(y) == len(v) == len(m):
        needs = "four or more effects with as many variances and values"
        raise SynthesisError(f"meta-regression needs {needs}, found {len(y)}, {len(v)}, {len(m)}")
    require_numbers(y, v)
    if np.isnan(m).any() or np.ptp(m) <= ROUNDING:
        raise SynthesisError(f"the moderator must be known and vary, found {m.tolist()}")
    design = np.column_stack([np.ones_like(m), m])
    tau2 = reml_tau2(y, v, design)
    beta, covariance, residual = weighted_fit(y, design, 1 / (v + tau2))
    df = len(y) - 2
    scale = residual / df
    se = np.sqrt(np.diag(covariance) * (max(scale, 1.0) if modified else scale))
    t, reach = float(beta[1] / se[1]), float(stats.t.ppf(0.975, df) * se[1])
    return MetaRegression(
        intercept=float(beta[0]), slope=float(beta[1]), se=(float(se[0]), float(se[1])), t=t,
        p=float(2 * stats.t.sf(abs(t), df)), interval=(float(beta[1]) - reach, float(beta[1]) + reach), df=df, tau2=tau2,
    )  # fmt: skip


@dataclass(frozen=True)
class Permuted:
    """Exact permutation test of one moderator.

    Attributes
    ----------
    name : str
    k : int
        Cases in which the moderator is documented.
    fit : MetaRegression
        On the cases as they are.
    p : float
        Share of all k! permutations of the moderator whose absolute t is at least as large.
    floor : float
        Smallest p possible: the share of permutations that leave the moderator as it is.
    n_permutations : int
    """

    name: str
    k: int
    fit: MetaRegression
    p: float
    floor: float
    n_permutations: int


def permute_moderator(
    name: str,
    effects: Sequence[float] | Array,
    variances: Sequence[float] | Array,
    moderator: Sequence[float] | Array,
    *,
    modified: bool = True,
) -> Permuted:
    """Test a moderator by all permutations of its values over the cases that have one.

    The statistic is the absolute t of the slope with tau2 estimated anew in every permutation, as in metafor's
    permutest (Follmann & Proschan 1999; Viechtbauer et al. 2015).

    Parameters
    ----------
    name : str
    effects, variances, moderator : array-like, shape (k,)
        NaN in the moderator is silence: the case drops out.
    modified : bool
        As in `meta_regression`.

    Raises
    ------
    SynthesisError
        As `meta_regression`, or with more cases than can be enumerated.
    """
    y, v, m = (np.asarray(x, float) for x in (effects, variances, moderator))
    known = ~np.isnan(m)
    y, v, m = y[known], v[known], m[known]
    own = meta_regression(y, v, m, modified=modified)
    _check_enumerable(len(y))
    fits = _Fits(y, v, m, modified)
    extreme = np.array([fits.t(order) for order in itertools.permutations(range(len(m)))])
    total = factorial(len(m))
    same = prod(factorial(int(n)) for n in np.unique(m.round(DECIMALS), return_counts=True)[1])
    p = float((extreme >= abs(own.t) * (1 - TIED)).mean())
    return Permuted(name, len(m), own, p, same / total, total)


def max_t(
    effects: Sequence[float] | Array,
    variances: Sequence[float] | Array,
    moderators: Mapping[str, Array],
    *,
    modified: bool = True,
) -> dict[str, float]:
    """Compute max-T p-values of several moderators (Westfall & Young 1993).

    Each is corrected for having looked at several, by the largest absolute t. One permutation deals the effects, with
    their variances, over the cases' whole profiles, so that all moderators move together; a case silent on a moderator
    is left out of that moderator's fit wherever it stands.

    Parameters
    ----------
    effects, variances : array-like, shape (k,)
    moderators : mapping of str to array, shape (k,)
    modified : bool

    Returns
    -------
    p : dict of str to float

    Raises
    ------
    SynthesisError
        As `permute_moderator`.
    """
    y, v = np.asarray(effects, float), np.asarray(variances, float)
    _check_enumerable(len(y))
    fits = {name: _Fits(y, v, np.asarray(m, float), modified) for name, m in moderators.items()}
    identity = tuple(range(len(y)))
    orders = itertools.permutations(range(len(y)))
    largest = np.array([max(f.t(order) for f in fits.values()) for order in orders])
    return {name: float((largest >= f.t(identity) * (1 - TIED)).mean()) for name, f in fits.items()}


def _check_enumerable(k: int) -> None:
    if k > MOST_PERMUTED:
        most = f"enumerated are {MOST_PERMUTED} at most"
        raise SynthesisError(f"{k} cases have {factorial(k):,} permutations; {most}")


class _Fits:
    """Absolute t of permuted moderators, each distinct arrangement fitted once."""

    def __init__(self, y: Array, v: Array, m: Array, modified: bool) -> None:
        self._y, self._v, self._m, self._modified = y, v, m, modified
        self._known: dict[bytes, float] = {}

    def t(self, order: Sequence[int]) -> float:
        """Return absolute t with the moderator's values dealt in an order."""
        dealt = self._m[list(order)]
        key = dealt.tobytes()
        if key not in self._known:
            told = ~np.isnan(dealt)
            fit = meta_regression(self._y[told], self._v[told], dealt[told], modified=self._modified)
            self._known[key] = abs(fit.t)
        return self._known[key]


@dataclass(frozen=True)
class RankCorrelation:
    """Spearman's rho with its exact permutation p.

    Attributes
    ----------
    rho, p : float
    critical : float
        Smallest absolute rho with an exact two-sided p at or below the level; infinite if no arrangement has one.
    k : int
    """

    rho: float
    p: float
    critical: float
    k: int


def rank_correlation(
    x: Sequence[float] | Array, y: Sequence[float] | Array, alpha: float = 0.05
) -> RankCorrelation:
    """Compute Spearman's rho, exact two-sided p and critical value at this k and these ties.

    Parameters
    ----------
    x, y : array-like, shape (k,)
        NaN drops the case.
    alpha : float

    Raises
    ------
    SynthesisError
        With fewer than three cases, no spread, or more cases than can be enumerated.

    Examples
    --------
    >>> found = rank_correlation([1, 2, 3, 4, 5], [2, 1, 3, 4, 5])
    >>> round(found.rho, 2), round(found.p, 3), found.critical
    (0.9, 0.083, 1.0)
    """
    a, b = np.asarray(x, float), np.asarray(y, float)
    known = ~(np.isnan(a) | np.isnan(b))
    a, b = a[known], b[known]
    if len(a) < 3 or np.ptp(a) <= ROUNDING or np.ptp(b) <= ROUNDING:
        raise SynthesisError(f"a rank correlation needs three or more cases that vary, found {len(a)}")
    _check_enumerable(len(a))
    left, right = (stats.zscore(stats.rankdata(values.round(DECIMALS))) for values in (a, b))
    orders = np.array(list(itertools.permutations(range(len(a)))))
    every = np.abs(left[orders] @ right) / len(a)
    rho = float(left @ right) / len(a)
    return RankCorrelation(rho, float((every >= abs(rho) - ROUNDING).mean()), _critical(every, alpha), len(a))


def _critical(every: Array, alpha: float) -> float:
    """Find the smallest value whose upper share is at or below the level; else infinite."""
    for value in np.unique(every.round(DECIMALS)):
        if (every >= value - 1e-8).mean() <= alpha + ROUNDING:
            return float(value)
    return float("inf")


def rank_power(
    k: int, correlation: float, *, alpha: float = 0.05, draws: int = 20_000, seed: int = 20261125
) -> float:
    """Simulate the chance that Spearman's rho of k cases reaches its exact critical value.

    Without ties. Cases are drawn from a bivariate normal with the given correlation.

    Raises
    ------
    SynthesisError
        With fewer than three cases or a correlation outside (-1, 1).
    """
    if k < 3 or not -1 < correlation < 1:
        needs = "three or more cases and a correlation inside (-1, 1)"
        raise SynthesisError(f"needs {needs}, found {k}, {correlation}")
    rng = np.random.default_rng(seed)
    x, noise = rng.normal(size=(2, draws, k))
    y = correlation * x + np.sqrt(1 - correlation**2) * noise
    squared = np.square(x.argsort(axis=1).argsort(axis=1) - y.argsort(axis=1).argsort(axis=1)).sum(axis=1)
    rho = 1 - 6 * squared / (k * (k**2 - 1))
    critical = rank_correlation(range(k), range(k), alpha).critical
    return float((np.abs(rho) >= critical - ROUNDING).mean())


def moderator_frame(
    cases: Mapping[str, str], effects: Sequence[float], values: Mapping[str, Array]
) -> pd.DataFrame:
    """Return rows ``place, moderator, value, difference``, one a case and documented moderator."""
    rows: list[dict[str, Any]] = [
        {"place": place, "moderator": name, "value": float(column[i]), "difference": float(effects[i])}
        for name, column in values.items()
        for i, place in enumerate(cases.values())
        if not np.isnan(column[i])
    ]
    return pd.DataFrame(rows)
