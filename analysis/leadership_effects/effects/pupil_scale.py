"""Convert panels to pupil standard deviations, and bound a place by its placebo test.

Points are divided by the published standard deviation between pupils. A share of pupils above a threshold becomes its
probit: if scores are normal with one spread, a difference of probits is the shift of the mean in standard deviations
(Ho 2009, Journal of Educational and Behavioral Statistics 34(2), equation 2, for one threshold).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy import stats

from leadership_effects.data.panels import Array, Panel
from leadership_effects.effects.estimators import headline_method
from leadership_effects.effects.inference import placebo_in_space, rejection_limit
from leadership_effects.errors import LeadershipError
from leadership_effects.rounding import is_above, is_at_least

# Shares of 0 and 100 per cent have no probit; they are held this far inside, in percentage points.
EDGE = 0.5
AT_LEAST, RULED_OUT, CANNOT_SAY = VERDICTS = ("at least that large", "ruled out", "cannot say")


class PupilScaleError(LeadershipError, ValueError):
    """A panel that has no pupil standard deviation, or outcomes without a common place."""


def places_moved(size: float) -> float:
    """Count the places that a change in pupil SD moves the middle one of a hundred pupils.

    Scores are taken as normal with one spread.

    Examples
    --------
    >>> round(places_moved(0.2))
    8
    """
    return 100 * float(stats.norm.cdf(size) - 0.5)


def in_pupil_sd(panel: Panel) -> Panel:
    """Convert a panel to pupil SD: points over the published SD, shares to probits.

    Parameters
    ----------
    panel : Panel
        Outcomes `y`, shape (1 + N0, T), in points with a sourced `pupil_sd`, or in per cent of pupils.

    Returns
    -------
    Panel
        The same places and years; `y` in pupil SD, higher meaning better.

    Raises
    ------
    PupilScaleError
        Naming the panel, if it holds neither shares nor points with a sourced SD.

    Examples
    --------
    >>> from leadership_effects.data.panels import open_panel
    >>> from leadership_effects.effects.estimators import point_estimate
    >>> round(point_estimate(in_pupil_sd(open_panel("2026.4", "washington_dc", "mathematics_g8")), "twfe"), 3)
    0.363
    """
    scale = panel.scale
    if scale.unit == "percent":
        y = stats.norm.ppf(np.clip(panel.y, EDGE, 100 - EDGE) / 100)
    elif scale.pupil_sd:
        y = panel.y / scale.pupil_sd
    else:
        raise PupilScaleError(
            f"{panel.name}: {scale.indicator} is in {scale.unit} without a pupil_sd in indicators.csv; allowed: percent, "
            "or points with a sourced standard deviation between pupils"
        )
    sign = -1.0 if scale.direction < 0 else 1.0
    return replace(panel, y=sign * y, scale=replace(scale, unit="pupil SD", direction=1, pupil_sd=1.0))


def has_pupil_sd(panel: Panel) -> bool:
    """Return whether `in_pupil_sd` can convert a panel."""
    return panel.scale.unit == "percent" or bool(panel.scale.pupil_sd)


def verdict(interval: tuple[float, float], smallest: float) -> str:
    """Classify a set of effects against the smallest effect of interest.

    ``at least that large`` if the whole set lies at or above it, ``ruled out`` if the whole set lies below it,
    ``cannot say`` otherwise. Ties at the ninth decimal count as equal.

    Parameters
    ----------
    interval : tuple of float
        Ends of the set, same unit as `smallest`; infinite where the test cannot reject.
    smallest : float
        Positive.

    Examples
    --------
    >>> verdict((0.05, 0.4), 0.05), verdict((-0.2, 0.05), 0.05), verdict((-0.2, 0.049), 0.05)
    ('at least that large', 'cannot say', 'ruled out')
    """
    low, high = interval
    if np.isnan([low, high, smallest]).any() or low > high or smallest <= 0:
        raise PupilScaleError(
            f"a verdict needs two ends in order and a positive smallest effect, found {low}, {high} and {smallest}"
        )
    if is_at_least(low, smallest):
        return AT_LEAST
    return RULED_OUT if is_above(smallest, high) else CANNOT_SAY


@dataclass(frozen=True)
class PlaceEffect:
    """Effect of a treated place and its placebo places in pupil SD.

    Means over the primary outcomes.

    Attributes
    ----------
    units : tuple of str, length N0
        Comparison places common to all outcomes.
    effect : float
        Of the treated place, each outcome beside its own comparison places.
    placebos : array, shape (N0,)
        Of the comparison places as if treated.
    changes : array, shape (1 + N0,)
        Mean change from before to after, treated first.
    """

    units: tuple[str, ...]
    effect: float
    placebos: Array
    changes: Array

    @property
    def df(self) -> int:
        """Return degrees of freedom of the collapsed t, N0 - 1."""
        return len(self.placebos) - 1

    @property
    def standard_error(self) -> float:
        """Return the standard error of the collapsed t of the mean change, s sqrt(1 + 1/N0)."""
        return float(self.changes[1:].std(ddof=1) * np.sqrt(1 + 1 / len(self.placebos)))

    def minimum_detectable(self, alpha: float = 0.05, power: float = 0.8) -> float:
        """Return the smallest constant effect found with a given power.

        It uses comparison places alone.
        """
        quantiles = stats.t.ppf(1 - alpha / 2, self.df) + stats.t.ppf(power, self.df)
        return float(quantiles * self.standard_error)

    def interval(self, level: float) -> tuple[float, float]:
        """Invert the placebo test: constant effects not rejected at 1 - level.

        It is the whole line where the test cannot reject.
        """
        reach = rejection_limit(self.placebos, 1 - level)
        return self.effect - reach, self.effect + reach

    def zero_ruled_out(self, level: float, smallest: float) -> float:
        """Return the share of placebo places for which `smallest` would be ruled out.

        They had no programme, so this is how often the comparison would rule the effect out if there were none.
        """
        reaches = (rejection_limit(np.delete(self.placebos, i), 1 - level) for i in range(len(self.placebos)))
        told = [
            verdict((at - reach, at + reach), smallest)
            for at, reach in zip(self.placebos, reaches, strict=True)
        ]
        return told.count(RULED_OUT) / len(told)


def place_effect(panels: Sequence[Panel], sdid_minimum_pre: int) -> PlaceEffect:
    """Estimate a place's mean effect over its outcomes in pupil SD, with placebo effects.

    Parameters
    ----------
    panels : sequence of Panel
        Panels of the primary outcomes, as released.
    sdid_minimum_pre : int
        Pre-periods from which the plan's headline is synthetic difference-in-differences.

    Raises
    ------
    PupilScaleError
        If a panel has no pupil SD, or fewer than three comparison places are common to all panels.
    """
    scaled = [in_pupil_sd(panel) for panel in panels]
    common = tuple(sorted(set.intersection(*(set(panel.units[1:]) for panel in scaled))))
    if len(common) < 3:
        raise PupilScaleError(
            f"{panels[0].name}: three comparison places common to all outcomes are needed, found {list(common)}"
        )
    found = [_of_panel(panel, common, sdid_minimum_pre) for panel in scaled]
    effects, changes = (np.mean([parts[i] for parts in found], axis=0) for i in range(2))
    return PlaceEffect(common, float(effects[0]), effects[1:], changes)


def _of_panel(panel: Panel, common: tuple[str, ...], minimum: int) -> tuple[Array, Array]:
    """Return effects and changes, treated place first, shape (1 + N0,) each."""
    at = [0, *(panel.units.index(unit) for unit in common)]
    change = panel.y[:, panel.n_pre :].mean(axis=1) - panel.y[:, : panel.n_pre].mean(axis=1)
    placebos = placebo_in_space(panel, headline_method(panel, minimum))
    return np.concatenate([[placebos.treated], placebos.effects])[at], change[at]
