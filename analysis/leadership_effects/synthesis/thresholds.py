"""Fit lines, kinks and steps of an outcome on a dose, and test for a threshold (sup-F).

The search over thresholds is part of every test here: the largest F over all of them is compared with the largest F
under reordered outcomes. A rejection says that dose and outcome are related in a way that a step (or a kink) catches; a
straight line would often be caught as well, so it never proves a threshold.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise, permutations, product
from math import factorial
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from leadership_effects.data.panels import Array
from leadership_effects.data.release import Release
from leadership_effects.data.sweeps import Sweep
from leadership_effects.errors import LeadershipError

Shape = Literal["line", "kink", "step"]
Orders = NDArray[np.intp]
SHAPES: tuple[Shape, ...] = ("line", "kink", "step")
PER_SIDE = 3
LISTED = 50_000  # reorderings listed in full up to this number: 8! = 40,320
DRAWS = 9_999
SEED = 20261125
ROUNDING = 1e-9  # share of the total sum of squares below which two sums are the same


class ThresholdError(LeadershipError, ValueError):
    """The doses do not bear the fit or test asked for."""


@dataclass(frozen=True)
class ThresholdFit:
    """Least-squares fit of an outcome on a dose.

    Attributes
    ----------
    shape : str
        ``line``, ``kink`` (continuous, one change of slope) or ``step`` (two levels).
    threshold : float
        Dose of the knot, or lowest dose of the upper level; NaN for a line.
    coefficients : array, shape (2,) or (3,)
        Intercept, then slope; intercept, slope, change of slope; or lower level, height of the step.
    sse : float
        Sum of squared residuals.
    """

    shape: Shape
    threshold: float
    coefficients: Array
    sse: float

    def at(self, dose: Array) -> Array:
        """Return the fitted outcome at some doses, shape of the doses."""
        columns = _columns(np.asarray(dose, float), self.shape, self.threshold)
        return np.asarray(self.coefficients[0] + columns @ self.coefficients[1:])


@dataclass(frozen=True)
class SupF:
    """Largest F over candidate thresholds with its permutation p.

    Attributes
    ----------
    statistic, threshold : float
        Of thresholds with equal F the lowest.
    below : int
        Observations with a dose below the threshold.
    candidates, profile : array, shape (K,)
        Candidate thresholds and the F of each against a constant.
    p : float
    orders : int
        Reorderings compared with, the observed one included.
    exact : bool
        Whether all n! reorderings were listed; otherwise they were drawn with a fixed seed.
    """

    statistic: float
    threshold: float
    below: int
    candidates: Array
    profile: Array
    p: float
    orders: int
    exact: bool


@dataclass(frozen=True)
class ThresholdSet:
    """Thresholds of a step that a permutation test does not reject.

    Attributes
    ----------
    candidates, p : array, shape (K,)
    kept : array of bool, shape (K,)
        Whether p lies above the level.
    exact : bool
        Whether all reorderings within the sides were listed for every candidate.
    """

    candidates: Array
    p: Array
    kept: NDArray[np.bool_]
    exact: bool


def per_side(n: int, trim: float) -> int:
    """Return the fewest observations on either side after trimming a share (Andrews 1993)."""
    return max(int(np.floor(trim * n + ROUNDING)), 1)


def candidate_thresholds(dose: Array, shape: Shape, fewest: int = PER_SIDE) -> Array:
    """List doses with `fewest` observations on either side; may be empty.

    A step parts doses below the threshold from doses at or above it. A knot belongs to both of its sides.
    """
    values = np.unique(dose)
    at_or_above = np.array([(dose >= c).sum() for c in values])
    below = len(dose) - at_or_above
    if shape == "kink":
        below = np.array([(dose <= c).sum() for c in values])
        at_or_above[[0, -1]] = 0
    return np.asarray(values[(below >= fewest) & (at_or_above >= fewest)])


def _columns(dose: Array, shape: Shape, threshold: float) -> Array:
    if shape == "line":
        return dose[:, None]
    if shape == "step":
        return (dose >= threshold).astype(float)[:, None]
    return np.column_stack([dose, np.maximum(dose - threshold, 0)])


def _checked(dose: Array, y: Array, shape: Shape) -> tuple[Array, Array]:
    """Check dose and outcome and return them in order of dose.

    Raises
    ------
    ThresholdError
        If the shape is unknown, lengths differ, a value is missing, or all doses or all outcomes are equal.
    """
    if shape not in SHAPES:
        raise ThresholdError(f"no shape {shape!r}; allowed: {', '.join(SHAPES)}")
    d, outcome = np.asarray(dose, float), np.asarray(y, float)
    if d.ndim != 1 or d.shape != outcome.shape:
        shapes = f"{d.shape} and {outcome.shape}"
        raise ThresholdError(f"dose and outcome must be of one length, found shapes {shapes}")
    if not (np.isfinite(d).all() and np.isfinite(outcome).all()):
        raise ThresholdError("dose and outcome must be finite numbers")
    for values, words in ((d, "doses"), (outcome, "outcomes")):
        if len(np.unique(values)) < 2:
            raise ThresholdError(f"all {words} are equal: there is nothing to fit")
    order = np.argsort(d, kind="stable")
    return d[order], outcome[order]


def _required(dose: Array, shape: Shape, fewest: int) -> Array:
    found = candidate_thresholds(dose, shape, fewest)
    if len(found) == 0:
        counts = ", ".join(f"{(dose == d).sum()} at {d:g}" for d in np.unique(dose))
        spare = f"no {shape} leaves {fewest} observations on either side"
        raise ThresholdError(f"{spare}; {len(dose)} doses: {counts}")
    return found


def _between(dose: Array, y: Array, fewest: int) -> Array:
    """Find kinks between doses and what they explain of m outcomes, shape (2, m, gaps).

    Lines fitted apart on either side of a gap meet within it, or the best kink of that gap is one of its ends (Hudson
    1966, JASA 61): NaN and minus infinity there. Each side needs two different doses.
    """
    found, total = [], np.square(y - y.mean(axis=1, keepdims=True)).sum(axis=1)
    for low, high in pairwise(np.unique(dose)):
        below = dose <= low
        if any(side.sum() < fewest or len(np.unique(dose[side])) < 2 for side in (below, ~below)):
            continue
        x = np.column_stack([below, below * dose, ~below, ~below * dose])
        a, b, c, d = fit = np.linalg.lstsq(x, y.T, rcond=None)[0]
        meet = np.divide(a - c, d - b, out=np.full(len(y), np.nan), where=d != b)
        inside, sse = (meet > low) & (meet < high), np.square(y.T - x @ fit).sum(axis=0)
        found.append([np.where(inside, meet, np.nan), np.where(inside, total - sse, -np.inf)])
    return np.array(found, float).reshape(-1, 2, len(y)).transpose(1, 2, 0)


def _searched(dose: Array, y: Array, shape: Shape, fewest: int) -> Array:
    """List the thresholds searched for one outcome: doses, for a kink also points between them."""
    between = _between(dose, y[None], fewest)[0, 0] if shape == "kink" else np.empty(0)
    between = between[~np.isnan(between)]
    at = candidate_thresholds(dose, shape, fewest) if len(between) else _required(dose, shape, fewest)
    return np.sort(np.concatenate([at, between]))


def fit_threshold(dose: Array, y: Array, shape: Shape, fewest: int = PER_SIDE) -> ThresholdFit:
    """Fit a line, kink or step by least squares, at the lowest of equally good thresholds.

    A step lies at one of `candidate_thresholds`; a kink there or between two doses.

    Raises
    ------
    ThresholdError
        For malformed input, or if no threshold leaves `fewest` observations on either side.
    """
    d, outcome = _checked(dose, y, shape)
    tried = [float("nan")] if shape == "line" else _searched(d, outcome, shape, fewest)
    found = [_fit_at(d, outcome, shape, c) for c in tried]
    best = min(one.sse for one in found) + ROUNDING * float(np.square(outcome - outcome.mean()).sum())
    return next(one for one in found if one.sse <= best)


def _fit_at(dose: Array, y: Array, shape: Shape, threshold: float) -> ThresholdFit:
    columns = np.column_stack([np.ones(len(dose)), _columns(dose, shape, threshold)])
    coefficients = np.asarray(np.linalg.lstsq(columns, y, rcond=None)[0], dtype=np.float64)
    sse = float(np.square(y - columns @ coefficients).sum())
    return ThresholdFit(shape, float(threshold), coefficients, sse)


def _bases(dose: Array, shape: Shape, thresholds: Array) -> Array:
    """Compute orthonormal bases of the centred regressors, shape (K, n, q)."""
    columns = [_columns(dose, shape, c) for c in thresholds]
    return np.stack([np.linalg.qr(c - c.mean(axis=0))[0] for c in columns])


def _explained(bases: Array, y: Array) -> Array:
    """Compute sums of squares explained (m, K) of outcomes (m, n) by bases (K, n, q)."""
    k, n, q = bases.shape
    projected = y @ bases.transpose(1, 0, 2).reshape(n, k * q)
    return np.asarray(np.square(projected).reshape(len(y), k, q).sum(axis=2))


def listed_orders(n: int) -> Orders | None:
    """List all orders of n, the observed first, shape (n!, n); None if too many to list."""
    return None if factorial(n) > LISTED else np.array(list(permutations(range(n))), dtype=np.intp)


def drawn_orders(n: int, draws: int, rng: np.random.Generator) -> Orders:
    """Draw random orders below the observed one, shape (1 + draws, n)."""
    shuffled = rng.permuted(np.tile(np.arange(n), (draws, 1)), axis=1)
    return np.asarray(np.vstack([np.arange(n), shuffled]), dtype=np.intp)


def _orders(n: int, draws: int, rng: np.random.Generator) -> tuple[Orders, bool]:
    """List or draw orders, the observed one first, and return whether they are all."""
    everything = listed_orders(n)
    return (drawn_orders(n, draws, rng), False) if everything is None else (everything, True)


def _share_at_least(largest: Array, total: float) -> float:
    """Compute the share of reorderings that explain at least as much as the first."""
    return float((largest >= largest[0] - ROUNDING * total).mean())


def _largest(dose: Array, y: Array, shape: Shape, fewest: int) -> Array:
    """Compute what the best threshold explains of each outcome, searched for each anew."""
    at = candidate_thresholds(dose, shape, fewest)
    found = [_explained(_bases(dose, shape, at), y)] if len(at) else []
    return np.hstack([*found, *([_between(dose, y, fewest)[1]] if shape == "kink" else [])]).max(axis=1)


def sup_f(
    dose: Array, y: Array, shape: Shape = "step", fewest: int = PER_SIDE, draws: int = DRAWS, seed: int = SEED
) -> SupF:
    """Compute the largest F of a step or kink over all thresholds, with its permutation p.

    F is (SSE0 - SSE1) / q over SSE1 / (n - 1 - q), q = 1 for a step and 2 for a kink: for a step in time the sup-F
    of Andrews (1993, Econometrica 61(4)); a kink may lie between doses. Outcomes are exchangeable over doses under the null of no relation, so the
    p over all n! orders is exact; above 50,000 orders `draws` of them are drawn.

    Raises
    ------
    ThresholdError
        For a line, malformed input, or if no threshold leaves `fewest` observations on either side.

    Examples
    --------
    >>> import numpy as np
    >>> found = sup_f(np.arange(8.0), np.array([0.1, -0.2, 0.3, 0.0, 5.2, 4.9, 5.1, 5.0]), fewest=3)
    >>> found.threshold, found.exact, round(found.p, 3)
    (4.0, True, 0.029)
    """
    if shape == "line":
        raise ThresholdError("a line has no threshold; allowed: kink, step")
    d, outcome = _checked(dose, y, shape)
    candidates = _searched(d, outcome, shape, fewest)
    bases, centred = _bases(d, shape, candidates), outcome - outcome.mean()
    total, q = float(centred @ centred), bases.shape[2]
    explained = _explained(bases, centred[None])[0]
    with np.errstate(divide="ignore"):
        profile = np.asarray(explained / q / (np.maximum(total - explained, 0) / (len(d) - 1 - q)))
    best = int((explained >= explained.max() - ROUNDING * total).argmax())
    orders, exact = _orders(len(d), draws, np.random.default_rng(seed))
    p = _share_at_least(_largest(d, centred[orders], shape, fewest), total)
    threshold = float(candidates[best])
    return SupF(float(profile[best]), threshold, int((d < threshold).sum()), candidates, profile, p,
                len(orders), exact)  # fmt: skip


def slope_test(dose: Array, y: Array, draws: int = DRAWS, seed: int = SEED) -> tuple[float, float, int]:
    """Compute the slope of a line and its two-sided permutation p.

    Also how many orders were compared. Exact up to 50,000 orders. With a dose of two values it is the difference of two
    means, and line, kink and step are one and the same fit. Raises ThresholdError for malformed input.
    """
    d, outcome = _checked(dose, y, "line")
    line = fit_threshold(d, outcome, "line")
    orders, _ = _orders(len(d), draws, np.random.default_rng(seed))
    centred = outcome - outcome.mean()
    explained = _explained(_bases(d, "line", np.zeros(1)), centred[orders])[:, 0]
    return float(line.coefficients[1]), _share_at_least(explained, float(centred @ centred)), len(orders)


def thresholds_not_rejected(
    dose: Array, y: Array, alpha: float = 0.05, fewest: int = PER_SIDE, draws: int = DRAWS, seed: int = SEED
) -> ThresholdSet:
    """Invert a permutation test: thresholds of a step that the outcomes do not rule out.

    If the step lies at c, outcomes below c are exchangeable among themselves and those above too, whatever the two
    levels and spreads. Reordered within the two sides, the best step elsewhere should explain as much as it does:
    p(c) is the share of reorderings in which the best step explains at least as much as observed. This is the
    likelihood-ratio inversion of Hansen (2000, Econometrica 68(3)) with an exact reference distribution.

    Raises
    ------
    ThresholdError
        For malformed input, or if no threshold leaves `fewest` observations on either side.
    """
    d, outcome = _checked(dose, y, "step")
    candidates = _required(d, "step", fewest)
    bases, centred = _bases(d, "step", candidates), outcome - outcome.mean()
    total, p, exact = float(centred @ centred), [], []
    for c in candidates:
        orders, listed = _orders_within(int((d < c).sum()), len(d), draws, np.random.default_rng(seed))
        p.append(_share_at_least(_explained(bases, centred[orders]).max(axis=1), total))
        exact.append(listed)
    found = np.array(p)
    return ThresholdSet(candidates, found, found > alpha, all(exact))


def _orders_within(low: int, n: int, draws: int, rng: np.random.Generator) -> tuple[Orders, bool]:
    """List or draw orders that keep the `low` first first, and say whether they are all."""
    if factorial(low) * factorial(n - low) <= LISTED:
        sides = product(permutations(range(low)), permutations(range(low, n)))
        return np.array([first + second for first, second in sides], dtype=np.intp), True
    sides_drawn = drawn_orders(low, draws, rng), low + drawn_orders(n - low, draws, rng)
    return np.hstack(sides_drawn), False


def relative_sd(after: int, persistence: float, before: int = 5) -> float:
    """Compute a difference's SD with `after` years over that with one year, under AR(1).

    The difference is the mean gap after the start less the mean gap of `before` years. With persistence rho the
    covariance of two years is rho to the power of their distance.

    Raises
    ------
    ThresholdError
        If there are no years on a side or the persistence is not in [0, 1).
    """
    if after < 1 or before < 1 or not 0 <= persistence < 1:
        raise ThresholdError(
            f"needs a year on either side and persistence in [0, 1), found {before} before, {after} after, "
            f"persistence {persistence}"
        )
    years = np.arange(before + after)
    covariance = persistence ** np.abs(np.subtract.outer(years, years)).astype(float)
    many, one = (np.where(years < before, -1 / before, (years < before + n) / n) for n in (after, 1))
    return float(np.sqrt((many @ covariance @ many) / (one @ covariance @ one)))


PLACES, YEARS, STEPS = (8, 12, 20, 30, 40, 50, 80, 160), (1, 3, 5, 10), (0.5, 1.0, 2.0, 3.0)
PERSISTENCE, PANELS, NULL_PANELS, POWER_DRAWS = 0.5, 500, 2_000, 499


def power_cells(release: Release) -> list[dict[str, Any]]:
    """List the cells: true nulls, the power surface, lopsided doses, eight places by step."""

    def cell(
        places: int, years: int, step: float, above: float = 0.5, fewest: int = PER_SIDE
    ) -> dict[str, Any]:
        return {"places": places, "years": years, "step": step, "above": above, "fewest": fewest,
                "persistence": PERSISTENCE, "alpha": release.plan["rules"]["alpha"], "panels": PANELS if step else NULL_PANELS,
                "draws": POWER_DRAWS}  # fmt: skip

    nulls = [cell(n, 1, 0.0, fewest=side) for n, side in [*product(PLACES, (PER_SIDE,)), (8, 2), (8, 1)]]
    surface = [cell(*point) for point in product(PLACES, YEARS, STEPS)]
    lopsided = [cell(n, 5, step, above=0.25) for n, step in product(PLACES[1:], STEPS)]
    eight = [cell(8, 1, step) for step in (4.0, 5.0)]
    return nulls + surface + lopsided + eight


def threshold_power(rng: np.random.Generator, cell: dict[str, Any]) -> dict[str, float]:
    """Simulate rejection rates, the threshold search counted in and ignored.

    Each place has its own dose; a share `above` of the places lies at or above the threshold and is moved by `step`
    placebo SD (of a study with five years before and one after) in all years after. The noise is the difference of
    means of an AR(1) path, normal with the standard deviation of `relative_sd`; only the order of doses matters.

    Returns
    -------
    dict
        ``power``: share of panels in which the permutation sup-F rejects. ``ignoring``: share in which the best step
        is judged by the F table as if its place had been known.
    """
    n, alpha = cell["places"], cell["alpha"]
    height = cell["step"] / relative_sd(cell["years"], cell["persistence"])
    y = rng.normal(size=(cell["panels"], n)) + height * (np.arange(n) >= n - round(cell["above"] * n))
    y -= y.mean(axis=1, keepdims=True)
    dose = np.arange(n, dtype=float)
    bases = _bases(dose, "step", _required(dose, "step", cell["fewest"]))
    orders, _ = _orders(n, cell["draws"], rng)
    p = [_share_at_least(_explained(bases, one[orders]).max(axis=1), float(one @ one)) for one in y]
    best = _explained(bases, y).max(axis=1)
    f = best / ((np.square(y).sum(axis=1) - best) / (n - 2))
    naive = f > stats.f.isf(alpha, 1, n - 2)
    return {"power": float((np.array(p) <= alpha + ROUNDING).mean()), "ignoring": float(naive.mean())}


SWEEPS = (Sweep("threshold_power", 4_061, power_cells, threshold_power, hidden=("alpha", "draws", "panels")),)
