"""Standardise each case's effect by the effects of its comparison places."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy import stats

from leadership_effects.counting import entering_places
from leadership_effects.data.panels import Array, Panel, build_panel
from leadership_effects.data.plan import case_plan
from leadership_effects.data.provenance import Rows
from leadership_effects.data.release import Release
from leadership_effects.effects.estimators import headline_method
from leadership_effects.effects.inference import composite, permutation_p, placebo_in_space
from leadership_effects.synthesis.joint import equal_scale, placebo_variance
from leadership_effects.synthesis.pooling import SynthesisError


@dataclass(frozen=True)
class StandardisedCase:
    """One case in placebo standard deviations.

    Attributes
    ----------
    case_id : str
    standardised : array, shape (1 + N0,)
        Effects of the treated unit (first) and of every comparison place as if treated, over the standard deviation
        of the latter. With several primary outcomes, the mean over them on the same ruler again.
    units : tuple of str, length 1 + N0
        Names of the places, treated first.
    panels : tuple of Panel
        Panels of the primary outcomes.
    weights : array, shape (N0,)
        Of the comparison places in their mean, over the outcomes on average.
    """

    case_id: str
    standardised: Array
    units: tuple[str, ...]
    panels: tuple[Panel, ...]
    weights: Array

    @property
    def effect(self) -> float:
        """Return treated unit's effect in placebo SD."""
        return float(self.standardised[0])

    @property
    def donors(self) -> Array:
        """Return the comparison places' effects, shape (N0,)."""
        return self.standardised[1:]

    @property
    def exchangeable(self) -> Array:
        """Return effects over the SD of all places, the treated one included, shape (1 + N0,).

        The scale of the joint test: it does not depend on which of the places was treated, so that under no effect any
        place could have been the one.
        """
        return equal_scale(self.standardised)

    @property
    def variance(self) -> float:
        """Return the sampling variance of the effect under no effect, `joint.placebo_variance`."""
        return placebo_variance(self.weights)

    @property
    def df(self) -> int:
        """Return the degrees of freedom of the placebo SD, N0 - 1."""
        return len(self.donors) - 1

    @property
    def p_value(self) -> float:
        """Return two-sided permutation p of the effect."""
        return permutation_p(self.effect, self.donors)

    @property
    def interval(self) -> tuple[float, float]:
        """Return the 95 % interval, t with N0 - 1 degrees of freedom."""
        reach = float(stats.t.ppf(0.975, self.df) * np.sqrt(self.variance))
        return self.effect - reach, self.effect + reach


def standardised_case(release: Release, case_id: str, names: Sequence[str] = ()) -> StandardisedCase:
    """Standardise a case by the plan: primary outcomes, headline placebos, their composite.

    Parameters
    ----------
    release : Release
    case_id : str
        A case whose plan names primary panels.
    names : sequence of str
        Panels of the case to take in place of the primary ones.

    Raises
    ------
    SynthesisError
        If the case has no primary panel: it cannot enter.
    """
    plan = case_plan(release, case_id)
    if not plan.primary:
        raise SynthesisError(f"{case_id}: the plan names no primary panel; it can be described but not enter")
    panels = tuple(build_panel(release, plan.panels[name]) for name in names or plan.primary)
    fewest = int(release.plan["rules"]["sdid_minimum_pre_periods"])
    sets = [placebo_in_space(panel, headline_method(panel, fewest)) for panel in panels]
    if len(sets) == 1:
        values, units = sets[0].standardised, sets[0].units
    else:
        treated, others, units = composite(sets)
        values = np.concatenate([[treated], others])
    own = [dict(zip(panel.units[1:], panel.weights, strict=True)) for panel in panels]
    weights = np.array([np.mean([held[unit] for held in own]) for unit in units])
    return StandardisedCase(case_id, values, (panels[0].units[0], *units), panels, weights)


def entering_cases(release: Release) -> tuple[StandardisedCase, ...]:
    """Standardise the cases that the plan lets enter the synthesis, in the plan's order."""
    return tuple(standardised_case(release, case_id) for case_id in entering_places(release.plan))


def rows_behind(cases: Sequence[StandardisedCase]) -> Rows:
    """Trace the cases' primary panels to their release rows, with all sources."""
    rows = sum((panel.rows for case in cases for panel in case.panels), Rows(0, "", ()))
    return replace(rows, description=f"primary panels of {', '.join(case.case_id for case in cases)}")
