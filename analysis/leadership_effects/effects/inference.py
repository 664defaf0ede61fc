"""Test one treated unit by enumerated placebos, collapsed t and max-T over outcomes.

No function here returns a cluster-robust, HC or Newey-West p-value for the treatment coefficient: with one
treated place they reject a true null about half of the time or more.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import stats

from leadership_effects.data.panels import Array, Panel
from leadership_effects.effects.estimators import estimate
from leadership_effects.effects.weights import Mask, Method, Places, weighted_gaps, weights_of_each
from leadership_effects.errors import LeadershipError
from leadership_effects.rounding import ROUNDING, is_at_least, typical

NOISE = 1e-12  # share of the largest outcome below which a difference of means is rounding


class InferenceError(LeadershipError, ValueError):
    """A panel does not bear the inference asked for."""


@dataclass(frozen=True)
class Placebos:
    """Placebo-in-space distribution of a panel, every donor once in the treated unit's place.

    Attributes
    ----------
    method : str
    units : tuple of str, length N0
    treated : float
        Effect estimated for the treated unit.
    effects : array, shape (N0,)
        Effects estimated for the donors, the treated unit left out of their donor pools.
    treated_rmspe : float
    rmspe : array, shape (N0,)
        Pre-period root mean squared gaps; NaN with one pre-period.
    paths : array, shape (1 + N0, T)
        Centred gap paths, treated first.
    """

    method: str
    units: tuple[str, ...]
    treated: float
    effects: Array
    treated_rmspe: float
    rmspe: Array
    paths: Array

    @property
    def floor(self) -> float:
        """Return the smallest p-value the permutation can reach, 1 / (N0 + 1)."""
        return 1 / (len(self.effects) + 1)

    @property
    def sd(self) -> float:
        """Return the standard deviation of the placebo effects (ddof 1).

        Raises
        ------
        InferenceError
            If all placebo effects are equal: they give no unit.
        """
        sd = float(self.effects.std(ddof=1))
        if sd <= ROUNDING * typical(self.effects):
            raise InferenceError(
                f"all {len(self.effects)} placebo effects are equal; nothing to standardise by"
            )
        return sd

    @property
    def p_value(self) -> float:
        """Return the two-sided permutation p, (1 + number at least as large) / (N0 + 1)."""
        return permutation_p(self.treated, self.effects)

    @property
    def p_studentised(self) -> float:
        """Return the permutation p of effects over their RMSPE; NaN with one pre-period.

        Raises
        ------
        InferenceError
            If a place fits its pre-periods exactly: its ratio is not a number.
        """
        if np.isnan(self.treated_rmspe):
            return float("nan")
        if min(self.treated_rmspe, *self.rmspe) <= ROUNDING * typical(self.rmspe, self.treated_rmspe):
            raise InferenceError(
                "a place fits its pre-periods exactly; effects cannot be divided by their fit"
            )
        return permutation_p(self.treated / self.treated_rmspe, self.effects / self.rmspe)

    @property
    def rank(self) -> int:
        """Return the rank of the treated effect from the top, 1 = largest; ties take the worse rank."""
        scale = typical(self.effects, self.treated)
        return int(is_at_least(self.effects, self.treated, scale).sum()) + 1

    def confidence_set(self, alpha: float) -> tuple[float, float]:
        """Invert the permutation test: constant effects not rejected at level alpha.

        The placebo effects do not move with the hypothesised effect because the treated unit is left out of
        their donor pools, so the set is the estimate plus and minus one order statistic. It is the whole line
        when the floor lies above alpha.
        """
        reach = rejection_limit(self.effects, alpha)
        return self.treated - reach, self.treated + reach

    @property
    def standardised(self) -> Array:
        """Return effects over the placebo SD, shape (1 + N0,), treated first."""
        return np.concatenate([[self.treated], self.effects]) / self.sd


@dataclass(frozen=True)
class CollapsedT:
    """Donald-Lang / Lee-Wooldridge exact t: treated change less the donors' mean change.

    Attributes
    ----------
    effect, se, t, p : float
    df : int
        N0 - 1.
    donor_sd : float
        Standard deviation of the donors' pre/post changes.
    """

    effect: float
    se: float
    t: float
    p: float
    df: int
    donor_sd: float


def permutation_p(treated: float, placebos: Array) -> float:
    """Compute the two-sided permutation p-value of a statistic among placebo statistics.

    Ties are judged by the size of the statistics (`rounding.typical`), so that p does not depend on their unit.

    Raises
    ------
    InferenceError
        If a statistic is not a number: it would count as the smallest.

    Examples
    --------
    >>> import numpy as np
    >>> permutation_p(3.0, np.array([0.5, -1.0, 3.0, 0.1]))
    0.4
    """
    if not (np.isfinite(treated) and np.isfinite(placebos).all()):
        raise InferenceError(
            f"a permutation needs finite numbers, found {treated} and {placebos[~np.isfinite(placebos)]}"
        )
    beyond = is_at_least(np.abs(placebos), abs(treated), typical(placebos, treated))
    return float((1 + beyond.sum()) / (len(placebos) + 1))


def rejection_limit(placebos: Array, alpha: float) -> float:
    """Return the absolute placebo statistic up to which the permutation test does not reject.

    Infinite where the least p-value, one in the number of places, lies above alpha.

    Examples
    --------
    >>> import numpy as np
    >>> rejection_limit(np.array([0.5, -1.0, 3.0, 0.1]), 0.4)
    1.0
    """
    allowed = int(np.floor(alpha * (len(placebos) + 1) + ROUNDING)) - 1
    return float(np.sort(np.abs(placebos))[::-1][allowed]) if allowed >= 0 else float("inf")


def placebo_in_space(panel: Panel, method: Method) -> Placebos:
    """Enumerate the placebo effects of a panel.

    Raises
    ------
    InferenceError
        If the panel has fewer than two donors.
    EstimatorError
        If the panel has too few pre-periods or donors for the method.

    Examples
    --------
    >>> from leadership_effects.data.panels import open_panel
    >>> panel = open_panel("2026.1", "latvia", "mathematics")
    >>> placebos = placebo_in_space(panel, "twfe")
    >>> round(placebos.p_value, 3), placebos.rank, len(placebos.effects)
    (0.812, 12, 31)
    """
    if panel.n_donors < 2:
        raise InferenceError(f"{panel.name}: a placebo needs two donors, found {panel.n_donors}")
    own = estimate(panel, method)
    places, donors_of = all_others(1 + panel.n_donors)
    base = np.append(0.0, panel.weights)
    unit, time = weights_of_each(method, panel.y, places[1:], donors_of[1:], panel.n_pre, base)
    effects, paths = weighted_gaps(panel.y, places[1:], panel.n_pre, unit, time)
    att, effects = float(_cleared(own.att, panel)), _cleared(effects, panel)
    blank = np.full(len(effects), np.nan)
    rmspe = np.sqrt(np.square(paths[:, : panel.n_pre]).mean(axis=1)) if panel.n_pre > 1 else blank
    own_rmspe, rmspe = float(_cleared(own.pre_rmspe, panel)), _cleared(rmspe, panel)
    return Placebos(method, panel.units[1:], att, effects, own_rmspe, rmspe, np.vstack([own.gap, paths]))


def _cleared(values: float | Array, panel: Panel) -> Array:
    """Set values to zero that are no more than rounding of the panel's outcomes."""
    return np.where(np.abs(values) <= NOISE * np.abs(panel.y).max(), 0.0, values)


def all_others(n: int) -> tuple[Places, Mask]:
    """Return places 0 to n - 1 and their donors (n, n): all others but the treated (row 0)."""
    donors_of = ~np.eye(n, dtype=bool)
    donors_of[:, 0] = False
    return np.arange(n), donors_of


def collapsed_t(panel: Panel) -> CollapsedT:
    """Compute the exact t of the treated unit's pre/post change against the donors' changes.

    SE = s sqrt(1 + sum w^2), with s the SD of the donors' changes and w their normalised weights, which is
    s sqrt(1 + 1/N0) for equal weights (Donald & Lang 2007, REStat 89(2)).

    Raises
    ------
    InferenceError
        With fewer than two donors, or if all changed alike: without spread there is no error to divide by.
    """
    if panel.n_donors < 2:
        raise InferenceError(f"{panel.name}: the collapsed t needs two donors, found {panel.n_donors}")
    change = panel.y[:, panel.n_pre :].mean(axis=1) - panel.y[:, : panel.n_pre].mean(axis=1)
    weights = panel.weights / panel.weights.sum()
    effect = float(change[0] - weights @ change[1:])
    sd = float(change[1:].std(ddof=1))
    if sd <= NOISE * np.abs(panel.y).max():
        raise InferenceError(
            f"{panel.name}: all {panel.n_donors} donors changed by the same amount; no spread to measure an error by"
        )
    se = sd * float(np.sqrt(1 + np.square(weights).sum()))
    df = panel.n_donors - 1
    return CollapsedT(effect, se, effect / se, float(2 * stats.t.sf(abs(effect / se), df)), df, sd)


def minimum_detectable_effect(panel: Panel, alpha: float = 0.05, power: float = 0.8) -> float:
    """Compute the smallest constant effect found with a given power.

    (t[1-alpha/2] + t[power]) times the collapsed SE. It uses donors only: it can be printed before the treated unit's
    result is looked at.

    Raises
    ------
    InferenceError
        As `collapsed_t`, if the donors have no spread.

    Examples
    --------
    >>> from leadership_effects.data.panels import open_panel
    >>> panel = open_panel("2026.1", "latvia", "mathematics")
    >>> round(minimum_detectable_effect(panel), 1)
    40.2
    """
    collapsed = collapsed_t(panel)
    quantiles = stats.t.ppf(1 - alpha / 2, collapsed.df) + stats.t.ppf(power, collapsed.df)
    return float(quantiles * collapsed.se)


def family_p(placebos: list[Placebos]) -> float:
    """Compute the max-T p-value of the largest standardised effect over several outcomes.

    Only places present in every outcome take part, so that one permutation moves all outcomes together. Each outcome is
    divided by the SD over all its places, the treated one among them: a scale that left the treated place out would move
    with the choice of the treated place, and the test would reject slightly too often.

    Raises
    ------
    InferenceError
        If no donor is common to all outcomes.
    """
    treated, effects, _ = _standardised_together(placebos)
    return permutation_p(float(np.abs(treated).max()), np.abs(effects).max(axis=0))


def composite(placebos: list[Placebos]) -> tuple[float, Array, tuple[str, ...]]:
    """Compute the mean standardised effect over several outcomes.

    In the SD of the placebo places' means. Each outcome is first divided by the SD over all its places, as in
    `family_p`.

    Returns
    -------
    treated : float
        In placebo SD.
    effects : array, shape (places common to all outcomes,)
    units : tuple of str

    Raises
    ------
    InferenceError
        If fewer than two donors are common to all outcomes.
    """
    treated, effects, common = _standardised_together(placebos)
    if len(common) < 2:
        raise InferenceError(f"a composite needs two donors common to all outcomes, found {list(common)}")
    means = effects.mean(axis=0)
    sd = float(means.std(ddof=1))
    return float(treated.mean()) / sd, means / sd, common


def _standardised_together(placebos: list[Placebos]) -> tuple[Array, Array, tuple[str, ...]]:
    """Standardise several outcomes on the donors common to all.

    Treated (outcomes,), donors (outcomes, places), names.
    """
    common = tuple(sorted(set.intersection(*(set(p.units) for p in placebos))))
    if not common:
        raise InferenceError("no donor is common to all outcomes")
    scales = [float(np.append(p.effects, p.treated).std(ddof=1)) for p in placebos]
    if any(sd <= ROUNDING * typical(p.effects, p.treated) for sd, p in zip(scales, placebos, strict=True)):
        raise InferenceError("all effects of an outcome are equal; nothing to standardise by")
    effects = [
        [p.effects[p.units.index(unit)] / sd for unit in common]
        for p, sd in zip(placebos, scales, strict=True)
    ]
    treated = [p.treated / sd for p, sd in zip(placebos, scales, strict=True)]
    return np.array(treated), np.array(effects), common
