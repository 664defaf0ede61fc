"""Measure agreement of coders by Krippendorff's alpha with its interval, and by kappas."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
from scipy import special
from statsmodels.stats import inter_rater

from leadership_effects.data.panels import Array
from leadership_effects.errors import LeadershipError

Level = Literal["nominal", "ordinal", "interval", "ratio"]
LEVELS = get_args(Level)
SEED = 20261125
ONE_VALUE = "every paired code is the same value, so chance agreement cannot be worked out"
NO_PAIR = "no unit has two codes"


class ReliabilityError(LeadershipError, ValueError):
    """The codes do not bear the coefficient asked for."""


@dataclass(frozen=True)
class Agreement:
    """Krippendorff's alpha of a set of codes.

    Attributes
    ----------
    level : str
        Level of measurement.
    alpha : float or None
        None where it is undefined; `reason` then says why.
    interval : tuple of float or None
        Percentile bootstrap interval, over the samples in which alpha is defined.
    n_units : int
        Units with two codes or more; the others drop out.
    n_pairable : int
        Codes in those units.
    n_disagreeing : int
        Units in which two codes differ.
    values : tuple of float
        Values found among the paired codes.
    n_samples, n_undefined : int
        Bootstrap samples drawn, and those in which alpha is undefined.
    reason : str
        Empty where alpha is defined.
    """

    level: str
    alpha: float | None
    interval: tuple[float, float] | None
    n_units: int
    n_pairable: int
    n_disagreeing: int
    values: tuple[float, ...]
    n_samples: int
    n_undefined: int
    reason: str


def krippendorff_alpha(
    codes: Array,
    level: Level,
    *,
    samples: int = 0,
    groups: Array | None = None,
    seed: int = SEED,
    coverage: float = 0.95,
) -> Agreement:
    """Compute Krippendorff's alpha with a bootstrap interval over units or groups of units.

    Parameters
    ----------
    codes : array, shape (n_coders, n_units)
        NaN where a coder gave no code.
    level : {"nominal", "ordinal", "interval", "ratio"}
    samples : int
        Bootstrap samples; none by default.
    groups : array, shape (n_units,), optional
        Units of one group are drawn together (all items of one place, say); each unit by itself if left out.
    seed : int
    coverage : float
        Of the interval.

    Notes
    -----
    alpha = 1 - D_o / D_e, both from the coincidence matrix (Krippendorff 2011, sections C-E). A set with one value
    only has no expected disagreement: alpha is undefined there, and not 1.

    Raises
    ------
    ReliabilityError
        With fewer than two coders, an unknown level, infinite codes, negative codes on the ratio level, or groups
        that do not match the units.

    Examples
    --------
    >>> import numpy as np
    >>> codes = np.array([[1, 2, 3, 3, 2, np.nan], [1, 2, 3, 3, 1, 4]])
    >>> agreement = krippendorff_alpha(codes, "ordinal")
    >>> agreement.n_units, round(agreement.alpha, 2)
    (5, 0.89)
    """
    checked = _checked(codes, level, groups)
    paired = checked[:, (~np.isnan(checked)).sum(axis=0) >= 2]
    values = np.unique(paired[~np.isnan(paired)])
    units = unit_coincidences(paired, values)
    alpha = _alpha(units.sum(axis=0)[None], values, level)[0]
    kept = None if groups is None else np.asarray(groups)[(~np.isnan(checked)).sum(axis=0) >= 2]
    drawn = _bootstrap(units, values, level, kept, samples, seed)
    known = drawn[~np.isnan(drawn)]
    tails = (50 * (1 - coverage), 50 * (1 + coverage))
    ends = np.percentile(known, tails) if len(known) and not np.isnan(alpha) else None
    return Agreement(
        level=level, alpha=None if np.isnan(alpha) else float(alpha),
        interval=None if ends is None else (float(ends[0]), float(ends[1])),
        n_units=paired.shape[1], n_pairable=int((~np.isnan(paired)).sum()),
        n_disagreeing=int((np.nanmax(paired, axis=0) > np.nanmin(paired, axis=0)).sum()) if paired.size else 0,
        values=tuple(float(v) for v in values), n_samples=samples, n_undefined=int(np.isnan(drawn).sum()),
        reason="" if not np.isnan(alpha) else ONE_VALUE if paired.size else NO_PAIR,
    )  # fmt: skip


def _checked(codes: Array, level: str, groups: Array | None) -> Array:
    array = np.asarray(codes, float)
    if level not in LEVELS:
        raise ReliabilityError(f"no level {level!r}; there are {', '.join(LEVELS)}")
    if array.ndim != 2 or array.shape[0] < 2:
        raise ReliabilityError(
            f"codes must have a row for each of two coders or more, found shape {array.shape}"
        )
    if np.isinf(array).any():
        raise ReliabilityError("codes must be finite numbers, or NaN where a coder is silent")
    if level == "ratio" and (array[~np.isnan(array)] < 0).any():
        raise ReliabilityError("ratio codes must be zero or more; use the interval level for negative codes")
    if groups is not None and len(groups) != array.shape[1]:
        n = array.shape[1]
        raise ReliabilityError(f"{len(groups)} groups for {n} units; one is needed for each unit")
    return array


def unit_coincidences(paired: Array, values: Array) -> Array:
    """Count ordered pairs of codes in each unit, each weighted 1 / (its codes - 1).

    Parameters
    ----------
    paired : array, shape (n_coders, n_units)
        Units with two codes or more.
    values : array, shape (n_values,)

    Returns
    -------
    array, shape (n_units, n_values, n_values)
    """
    counts = (paired[:, :, None] == values).sum(axis=0).astype(float)
    pairs = counts[:, :, None] * counts[:, None, :] - counts[:, :, None] * np.eye(len(values))
    weighted: Array = pairs / (counts.sum(axis=1) - 1)[:, None, None]
    return weighted


def _alpha(coincidences: Array, values: Array, level: str) -> Array:
    """Compute alpha of several coincidence matrices, shape (n, V, V); NaN where undefined."""
    marginals = coincidences.sum(axis=2)
    apart = _squared_differences(marginals, values, level)
    chance = marginals[:, :, None] * marginals[:, None, :]
    observed = (coincidences * apart).sum(axis=(1, 2))
    expected = (chance * apart).sum(axis=(1, 2))
    total = marginals.sum(axis=1)
    defined = expected > 0
    ratio = np.divide((total - 1) * observed, expected, out=np.full(len(total), np.nan), where=defined)
    alpha: Array = 1 - ratio
    return alpha


def _squared_differences(marginals: Array, values: Array, level: str) -> Array:
    """Return squared difference between two values by level of measurement, shape (n, V, V)."""
    if level == "nominal":
        differences = 1 - np.eye(len(values))[None]
    elif level == "ratio":
        total = values[:, None] + values
        difference = values[:, None] - values
        differences = np.divide(difference, total, out=np.zeros_like(total), where=total > 0)[None]
    else:
        midranks = np.cumsum(marginals, axis=1) - marginals / 2
        scores = midranks if level == "ordinal" else np.broadcast_to(values, marginals.shape)
        differences = scores[:, :, None] - scores[:, None, :]
    squared: Array = np.square(differences)
    return squared


def _bootstrap(
    units: Array, values: Array, level: str, groups: Array | None, samples: int, seed: int
) -> Array:
    """Compute alpha of bootstrap samples of units, or of whole groups of units."""
    if not samples or not len(units):
        return np.empty(0)
    labels = np.arange(len(units)) if groups is None else np.unique(groups, return_inverse=True)[1]
    n = int(labels.max()) + 1
    sums = np.zeros((n, len(values), len(values)))
    np.add.at(sums, labels, units)
    picks = np.random.default_rng(seed).integers(0, n, size=(samples, n))
    flat = (picks + n * np.arange(samples)[:, None]).ravel()
    times = np.bincount(flat, minlength=samples * n).reshape(samples, n).astype(float)
    return _alpha(np.einsum("sn,nij->sij", times, sums), values, level)


@dataclass(frozen=True)
class Kappas:
    """Kappas of the units that every coder has coded, with codes as mere names.

    Attributes
    ----------
    cohen : float or None
        Of two coders, chance by the codes of each (Cohen 1960); None for more coders or where it is undefined.
    weighted : float or None
        Cohen's with squared distances between the places of codes in their order as weights (Cohen 1968).
    fleiss : float or None
        Chance by the codes of all coders together (Fleiss 1971).
    n_units : int
        Units coded by all.
    reason : str
        Empty where Fleiss' kappa is defined.
    """

    cohen: float | None
    weighted: float | None
    fleiss: float | None
    n_units: int
    reason: str


def kappas(codes: Array) -> Kappas:
    """Compute Cohen's and Fleiss' kappa by statsmodels over the units that all coders coded.

    Parameters
    ----------
    codes : array, shape (n_coders, n_units)
        NaN where a coder gave no code; such units drop out, as kappa has no place for them.

    Raises
    ------
    ReliabilityError
        With fewer than two coders or infinite codes.

    Examples
    --------
    >>> import numpy as np
    >>> found = kappas(np.array([[1, 1, 2, 2, np.nan], [1, 2, 2, 2, 1]]))
    >>> found.n_units, round(found.cohen, 2), round(found.fleiss, 2)
    (4, 0.5, 0.47)
    """
    checked = _checked(codes, "nominal", None)
    whole = checked[:, ~np.isnan(checked).any(axis=0)]
    values = np.unique(whole)
    if len(values) < 2:
        return Kappas(None, None, None, whole.shape[1], ONE_VALUE if len(values) else NO_PAIR)
    ranks = np.searchsorted(values, whole)
    counts = np.stack([(ranks == rank).sum(axis=0) for rank in range(len(values))], axis=1)
    fleiss = float(inter_rater.fleiss_kappa(counts, method="fleiss"))
    if len(ranks) > 2:
        return Kappas(None, None, fleiss, whole.shape[1], "")
    table = np.zeros((len(values), len(values)))
    np.add.at(table, (ranks[0], ranks[1]), 1)
    plain, squared = (
        float(inter_rater.cohens_kappa(table, wt=wt, return_results=False)) for wt in (None, "quadratic")
    )
    return Kappas(plain, squared, fleiss, whole.shape[1], "")


def exact_share(count: int, n: int, coverage: float = 0.95) -> tuple[float, float]:
    """Compute the interval of a share, in which none is not never (Clopper & Pearson 1934).

    Raises
    ------
    ReliabilityError
        If the count does not lie from 0 to n, or n is below 1.

    Examples
    --------
    >>> [round(end, 2) for end in exact_share(0, 8)]
    [0.0, 0.37]
    """
    if n < 1 or not 0 <= count <= n:
        raise ReliabilityError(f"{count} of {n}; allowed: a count from 0 to n, and n of one or more")
    tail = (1 - coverage) / 2
    low = float(special.betaincinv(count, n - count + 1, tail)) if count else 0.0
    high = float(special.betaincinv(count + 1, n - count, 1 - tail)) if count < n else 1.0
    return low, high
