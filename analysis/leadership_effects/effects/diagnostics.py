"""Run event studies, pre-trend tests, placebo starts, leave-one-out and rescaled tests.

All bands and p-values come from the placebo places, enumerated.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from scipy.optimize import nnls

from leadership_effects.data.panels import Array, Panel
from leadership_effects.effects.estimators import estimate, point_estimate
from leadership_effects.effects.inference import (
    NOISE,
    InferenceError,
    Placebos,
    permutation_p,
    placebo_in_space,
)
from leadership_effects.effects.weights import Method
from leadership_effects.rounding import ROUNDING, typical


def leave_one_donor_out(panel: Panel, method: Method) -> dict[str, float]:
    """Estimate the effect with each donor left out in turn, by the donor's name.

    Raises
    ------
    InferenceError
        With one donor: without it nothing is left to compare with.
    """
    if panel.n_donors < 2:
        raise InferenceError(f"{panel.name}: leaving one out needs two donors, found {panel.n_donors}")
    return {
        unit: point_estimate(_without(panel, position), method)
        for position, unit in enumerate(panel.units[1:])
    }


def _without(panel: Panel, position: int) -> Panel:
    return replace(
        panel,
        y=np.delete(panel.y, position + 1, axis=0),
        units=panel.units[: position + 1] + panel.units[position + 2 :],
        weights=np.delete(panel.weights, position),
        sizes=None if panel.sizes is None else np.delete(panel.sizes, position + 1),
    )


def leave_one_period_out(panel: Panel, method: Method, minimum_pre: int = 1) -> dict[int, float]:
    """Estimate the effect with each period that can be spared left out in turn, by year.

    Parameters
    ----------
    minimum_pre : int
        Pre-periods that must remain.

    Raises
    ------
    InferenceError
        If no period can be spared.
    """
    left_out = {}
    for position, year in enumerate(panel.years):
        n_pre = panel.n_pre - (position < panel.n_pre)
        if n_pre < minimum_pre or len(panel.years) - 1 - n_pre < 1:
            continue
        shorter = replace(
            panel,
            y=np.delete(panel.y, position, axis=1),
            years=panel.years[:position] + panel.years[position + 1 :],
            n_pre=n_pre,
        )
        left_out[year] = point_estimate(shorter, method)
    if not left_out:
        raise InferenceError(f"{panel.name}: one period before and one after; none can be left out")
    return left_out


def placebo_in_time(panel: Panel, fake_first: int) -> Placebos:
    """Estimate a placebo start on the pre-periods alone by TWFE, with its placebos in space.

    Raises
    ------
    InferenceError
        If the fake start is not a pre-period after the first.
    """
    pre_years = panel.years[: panel.n_pre]
    if fake_first not in pre_years[1:]:
        raise InferenceError(f"{panel.name}: fake start {fake_first} must be one of {pre_years[1:]}")
    fake = replace(panel, y=panel.y[:, : panel.n_pre], years=pre_years, n_pre=pre_years.index(fake_first))
    return placebo_in_space(fake, "twfe")


@dataclass(frozen=True)
class EventStudy:
    """Gaps to the donors by year from the last pre-period, with bands from the placebo places.

    Attributes
    ----------
    years : tuple of int, length T
    base_year : int
        Last pre-period, at which every gap is zero.
    gaps : array, shape (T,)
        Of the treated unit.
    pointwise : array, shape (T,)
        A gap beyond plus or minus this has a permutation p at or below the level in that year alone.
    simultaneous : array, shape (T,)
        The same for the path as a whole (largest gap over its year's placebo SD). Infinite, as the pointwise
        reach, where the floor lies above the level.
    level : float
    """

    years: tuple[int, ...]
    base_year: int
    gaps: Array
    pointwise: Array
    simultaneous: Array
    level: float


def event_study(panel: Panel, level: float = 0.05) -> EventStudy:
    """Run the event study of a panel: treated x year on unit and year effects.

    The base is the last pre-period. With one treated unit and a balanced panel these are the gaps to the donors' mean
    less the gap in the base year. The bands are order statistics of the placebo places' own paths.

    Raises
    ------
    InferenceError
        If the panel has fewer than two donors.

    Examples
    --------
    >>> from leadership_effects.data.panels import open_panel
    >>> panel = open_panel("2026.1", "latvia", "mathematics")
    >>> study = event_study(panel)
    >>> study.base_year, study.gaps.round(1).tolist()
    (2006, [-3.2, 0.0, -4.7, 5.8, 0.7, 12.2])
    """
    paths = paths_from_base(panel)
    own, others = paths[0], paths[1:]
    allowed = int(np.floor(level * len(paths) + ROUNDING)) - 1
    last = panel.years[panel.n_pre - 1]
    if allowed < 0:
        endless = np.full(len(own), np.inf)
        return EventStudy(panel.years, last, own, endless, endless, level)
    pointwise = np.sort(np.abs(others), axis=0)[::-1][allowed]
    spread = others.std(axis=0, ddof=1)
    moving = spread > ROUNDING * typical(spread[spread > 0])
    peaks = np.sort((np.abs(others[:, moving]) / spread[moving]).max(axis=1))[::-1]
    return EventStudy(panel.years, last, own, pointwise, peaks[allowed] * spread, level)


def paths_from_base(panel: Panel) -> Array:
    """Return gap paths from the last pre-period, treated first, shape (1 + N0, T)."""
    paths = placebo_in_space(panel, "twfe").paths
    based: Array = paths - paths[:, panel.n_pre - 1 : panel.n_pre]
    return based


def pre_trend_rank(panel: Panel) -> float:
    """Compute the permutation p of the largest absolute lead, from the last pre-period.

    Raises
    ------
    InferenceError
        With one pre-period.
    """
    sizes = np.abs(_leads(panel)).max(axis=1)
    return permutation_p(float(sizes[0]), sizes[1:])


def _leads(panel: Panel) -> Array:
    """Return leads measured from the last pre-period, treated first, shape (1 + N0, T0 - 1)."""
    if panel.n_pre < 2:
        raise InferenceError(f"{panel.name}: one pre-period shows no trend")
    return paths_from_base(panel)[:, : panel.n_pre - 1]


def pre_trend_power(panel: Panel, drift: float, alpha: float = 0.05) -> float:
    """Compute the power of the pre-trend rank test against a steady drift of the treated unit.

    Roth (2022), AER: Insights 4(3). Enumerated over the donors: each in turn gets the drift on top of its own leads,
    upwards and downwards, and is set against the other donors; the power is the share of these in which the test
    rejects.

    Parameters
    ----------
    drift : float
        Units of the indicator a year.

    Raises
    ------
    InferenceError
        With one pre-period.
    """
    leads = _leads(panel)[1:]
    years = np.array(panel.years[: panel.n_pre], dtype=float)
    line = drift * (years[:-1] - years[-1])
    sizes = np.abs(leads).max(axis=1)
    found = 0
    for j, own in enumerate(leads):
        others = np.delete(sizes, j)
        peaks = [float(np.abs(own + sign * line).max()) for sign in (1, -1)]
        found += sum(permutation_p(peak, others) <= alpha + ROUNDING for peak in peaks)
    return found / (2 * len(leads))


def detectable_drift(panel: Panel, alpha: float = 0.05, power: float = 0.8) -> float:
    """Find the smallest yearly drift that the pre-trend test detects; infinite if none.

    Raises
    ------
    InferenceError
        With one pre-period, or a power that is not above 0 and at most 1.
    """
    if not 0 < power <= 1:
        raise InferenceError(f"power {power}; allowed: above 0 and at most 1")
    if 1 / panel.n_donors > alpha + ROUNDING:
        return float("inf")
    high = float(np.abs(_leads(panel)).max()) or NOISE * float(np.abs(panel.y).max())
    while pre_trend_power(panel, high, alpha) < power:
        high *= 2
    low = 0.0
    for _ in range(40):
        middle = (low + high) / 2
        low, high = (low, middle) if pre_trend_power(panel, middle, alpha) >= power else (middle, high)
    return high


def breakdown(panel: Panel) -> float:
    """Compute the multiple of the largest pre-period step at which the effect's sign is lost.

    Of the identified set only. The effect is the mean post-period gap less the gap of the last pre-period, by two-way
    fixed effects. A step is the yearly change of the gap between neighbouring pre-periods; a violation that many times
    as large each year since the last pre-period just cancels the effect (Rambachan & Roth 2023, relative magnitudes).
    Zero if the effect so measured has another sign than the ATT, infinite if the pre-period gap never moved.

    Raises
    ------
    InferenceError
        With one pre-period.

    Examples
    --------
    >>> from leadership_effects.data.panels import open_panel
    >>> panel = open_panel("2026.1", "latvia", "mathematics")
    >>> round(breakdown(panel), 2)
    0.44
    """
    if panel.n_pre < 2:
        raise InferenceError(f"{panel.name}: one pre-period gives no deviation to scale")
    own, years = estimate(panel, "twfe"), np.array(panel.years, dtype=float)
    before, after = np.split(own.gap, [panel.n_pre])
    effect = float(after.mean() - before[-1])
    noise = NOISE * float(np.abs(panel.y).max())
    if min(abs(effect), abs(own.att)) <= noise or effect * own.att < 0:
        return 0.0
    step = float(np.abs(np.diff(before) / np.diff(years[: panel.n_pre])).max())
    if step <= noise:
        return float("inf")
    elapsed = float((years[panel.n_pre :] - years[panel.n_pre - 1]).mean())
    return abs(effect) / (step * elapsed)


@dataclass(frozen=True)
class Rescaled:
    """Permutation test after dividing each effect by its predicted standard deviation.

    Attributes
    ----------
    p : float
    ratio : float
        Predicted SD of the treated unit over the root mean predicted variance of the donors. Above one, the plain
        test rejects too often; below one, too seldom.
    """

    p: float
    ratio: float


def rescaled_by_size(placebos: Placebos, sizes: Array) -> Rescaled:
    """Test with the variance of an effect a + b / size of the unit, a and b not negative.

    Parameters
    ----------
    sizes : array, shape (1 + N0,)
        Pupils or population, treated first.

    Raises
    ------
    InferenceError
        If a size is not positive or one is missing.

    Notes
    -----
    Ferman & Pinto (2019), Review of Economics and Statistics 101(3): squared donor effects are regressed on a constant
    and the inverse of size, here by non-negative least squares, so that no variance is negative.
    """
    sizes = np.asarray(sizes, float)
    if not (sizes > 0).all():
        raise InferenceError(f"sizes must be positive, the smallest is {sizes.min()}")
    return _rescaled(placebos, 1 / sizes)


def rescaled_by_fit(placebos: Placebos) -> Rescaled:
    """Test with the variance a + b times the unit's own mean squared gap before the start.

    Raises
    ------
    InferenceError
        With one pre-period, which has no variance.
    """
    if np.isnan(placebos.treated_rmspe):
        raise InferenceError("one pre-period has no variance to rescale by")
    return _rescaled(placebos, np.square([placebos.treated_rmspe, *placebos.rmspe]))


def _rescaled(placebos: Placebos, x: Array) -> Rescaled:
    if len(x) != len(placebos.effects) + 1:
        raise InferenceError(f"{len(x)} values for {len(placebos.effects) + 1} units; one for each is needed")
    design = np.column_stack([np.ones(len(x)), x / x[1:].mean()])
    variance = design @ nnls(design[1:], np.square(placebos.effects))[0]
    if variance.min() <= 0:
        raise InferenceError("a unit's predicted variance is zero; effects cannot be divided by it")
    sd = np.sqrt(variance)
    ratio = float(sd[0] / np.sqrt(variance[1:].mean()))
    return Rescaled(permutation_p(placebos.treated / sd[0], placebos.effects / sd[1:]), ratio)
