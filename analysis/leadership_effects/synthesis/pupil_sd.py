"""Combine entering cases in pupil standard deviations, plain and adjusted for the start.

The start is a place's level, or its level and slope, before the programme.

The scale, panels, adjustments and statistics are those of ``synthesis.pupil_sd`` in the plan. An effect in placebo SD
depends on how much the places of its pool differ, so that one effect of pupils counts for more in one pool than in another;
in pupil SD a case weighs by its own standard error.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
from scipy import stats

from leadership_effects.counting import entering_places, taken_in
from leadership_effects.data.panels import Array, Panel, build_panel
from leadership_effects.data.plan import PlanError, case_plan
from leadership_effects.data.provenance import Rows
from leadership_effects.data.release import Release
from leadership_effects.effects.adjusted import SLOPE_NEEDS, AdjustedEffects, Adjustment, adjusted_effects
from leadership_effects.effects.estimators import drift_adjusted
from leadership_effects.effects.pupil_scale import in_pupil_sd
from leadership_effects.rounding import DECIMALS, is_at_least
from leadership_effects.synthesis.joint import JointTest, equal_scale, joint_randomisation
from leadership_effects.synthesis.pooling import Pooled, SynthesisError, pool

PLAIN: Adjustment = "plain"
LEVEL: Adjustment = "level"
BOTH: Adjustment = "level and slope"
OWN_LINE = "own line"
ADJUSTMENTS = (PLAIN, LEVEL, BOTH, OWN_LINE)


@dataclass(frozen=True)
class PupilCase:
    """One case in pupil SD.

    Attributes
    ----------
    case_id : str
    estimand : str
        What the case's effect is an effect of, by the plan.
    panel : Panel
        In pupil SD; with several primary outcomes their mean, on the places and years that all have.
    panels : tuple of Panel
        As released.
    estimates : dict of str to AdjustedEffects
        By adjustment of the plan.
    instead : dict of str to str
        Adjustments that the panel does not bear, and the one that stands in for it.
    """

    case_id: str
    estimand: str
    panel: Panel
    panels: tuple[Panel, ...]
    estimates: dict[str, AdjustedEffects]
    instead: dict[str, str]


def pupil_case(release: Release, case_id: str, names: Sequence[str] = ()) -> PupilCase:
    """Estimate a case in pupil SD under every adjustment of the plan.

    Parameters
    ----------
    release : Release
    case_id : str
    names : sequence of str
        Panels of the case; those of ``synthesis.pupil_sd.panels`` if left out.

    Raises
    ------
    PlanError
        If the plan has no scale in pupil SD, or no panels or estimand for the case.
    PupilScaleError
        If an outcome has neither shares nor a sourced standard deviation between pupils.
    SynthesisError
        If the outcomes share no years or fewer than two donors.
    """
    section = pupil_plan(release)
    chosen = tuple(names) or tuple(section["panels"].get(case_id, ()))
    estimand = section["estimands"].get(case_id, "")
    if not (chosen and estimand):
        known = ", ".join(section["panels"])
        raise PlanError(
            f"plan.yml: synthesis.pupil_sd has no panels and estimand of {case_id!r}; there are {known}"
        )
    plan = case_plan(release, case_id)
    panels = tuple(build_panel(release, plan.panels[name]) for name in chosen)
    panel = mean_panel(case_id, [in_pupil_sd(each) for each in panels])
    estimates, instead = estimates_of(panel)
    return PupilCase(case_id, estimand, panel, panels, estimates, instead)


def pupil_plan(release: Release) -> dict[str, Any]:
    """Return ``synthesis.pupil_sd`` of the plan, with the places taken in.

    Raises
    ------
    PlanError
        If the plan has none.
    """
    section = release.plan["synthesis"].get("pupil_sd")
    if not section:
        raise PlanError(
            f"plan.yml of {release.name}: synthesis.pupil_sd is missing; releases have it from 2026.5"
        )
    later = {case_id: entry for case_id, entry in taken_in(release.plan).items() if entry.get("panels")}
    starts = [case_id for case_id, entry in later.items() if entry["began"] == "programme"]
    return section | {
        "panels": section["panels"] | {case_id: entry["panels"] for case_id, entry in later.items()},
        "estimands": section["estimands"] | {case_id: entry["estimand"] for case_id, entry in later.items()},
        "programme_starts": [*section["programme_starts"], *starts],
    }


def pupil_cases(release: Release) -> tuple[PupilCase, ...]:
    """Estimate the cases that the plan lets enter the synthesis, in its order."""
    return tuple(pupil_case(release, case_id) for case_id in entering_places(release.plan))


def programme_starts(release: Release, cases: Sequence[PupilCase]) -> tuple[PupilCase, ...]:
    """Select the cases whose estimand is the start of a programme, and leave appointments out."""
    named = pupil_plan(release)["programme_starts"]
    return tuple(case for case in cases if case.case_id in named)


def mean_panel(name: str, panels: Sequence[Panel]) -> Panel:
    """Average outcomes on the donors and years that all have.

    Parameters
    ----------
    name : str
        Of the panel returned.
    panels : sequence of Panel
        In one unit.

    Raises
    ------
    SynthesisError
        If no year before or after the start, or fewer than two donors, are common to all.
    """
    first = panels[0]
    years = [year for year in first.years if all(year in panel.years for panel in panels)]
    before = [year for year in years if all(year in panel.years[: panel.n_pre] for panel in panels)]
    donors = [unit for unit in first.units[1:] if all(unit in panel.units[1:] for panel in panels)]
    if not before or len(before) == len(years) or len(donors) < 2:
        raise SynthesisError(
            f"{name}: outcomes share the years {years}, {len(before)} of them before, and {len(donors)} donors; needed "
            "are a year before, a year after and two donors"
        )
    rows = [
        panel.y[np.ix_([0, *(panel.units.index(unit, 1) for unit in donors)], _positions(panel, years))]
        for panel in panels
    ]
    weights = [panel.weights[[panel.units.index(unit, 1) - 1 for unit in donors]] for panel in panels]
    return replace(
        first, name=name, y=np.mean(rows, axis=0), units=(first.units[0], *donors), years=tuple(years),
        n_pre=len(before), weights=np.mean(weights, axis=0), sizes=None,
        rows=sum((panel.rows for panel in panels), Rows(0, "", ())),
    )  # fmt: skip


def _positions(panel: Panel, years: Sequence[int]) -> list[int]:
    return [panel.years.index(year) for year in years]


def estimates_of(panel: Panel) -> tuple[dict[str, AdjustedEffects], dict[str, str]]:
    """Estimate a panel under every adjustment.

    Where there are too few years before, the adjustment below it is used.

    Returns
    -------
    estimates : dict of str to AdjustedEffects
        By adjustment.
    instead : dict of str to str
        Adjustment, and the one that stands in for it.
    """
    plain, level = adjusted_effects(panel, PLAIN), adjusted_effects(panel, LEVEL)
    if panel.n_pre < SLOPE_NEEDS:
        return {PLAIN: plain, LEVEL: level, BOTH: level, OWN_LINE: plain}, {BOTH: LEVEL, OWN_LINE: PLAIN}
    both, line = adjusted_effects(panel, BOTH), adjusted_effects(drift_adjusted(panel), PLAIN)
    return {PLAIN: plain, LEVEL: level, BOTH: both, OWN_LINE: line}, {}


def effects_and_variances(
    cases: Sequence[PupilCase], adjustment: str | Mapping[str, str]
) -> tuple[Array, Array]:
    """Return effects in pupil SD and squared standard errors, shape (cases,) each.

    Parameters
    ----------
    cases : sequence of PupilCase
    adjustment : str or mapping of str to str
        One for all, or by case; a case that is not named is plain.

    Raises
    ------
    SynthesisError
        If an adjustment is unknown.
    """
    chosen = [
        adjustment if isinstance(adjustment, str) else adjustment.get(case.case_id, PLAIN) for case in cases
    ]
    if unknown := sorted(set(chosen) - set(ADJUSTMENTS)):
        raise SynthesisError(f"no adjustment {unknown[0]!r}; there are {', '.join(ADJUSTMENTS)}")
    found = [case.estimates[name] for case, name in zip(cases, chosen, strict=True)]
    return np.array([each.effect for each in found]), np.array([each.se**2 for each in found])


def pool_cases(cases: Sequence[PupilCase], adjustment: str | Mapping[str, str] = PLAIN) -> Pooled:
    """Pool cases in pupil SD by REML with modified Hartung-Knapp errors."""
    return pool(*effects_and_variances(cases, adjustment))


@dataclass(frozen=True)
class CommonEffect:
    """One effect for all cases, with its one-sided bounds.

    Attributes
    ----------
    effect, se : float
        Precision-weighted mean and its standard error, pupil SD.
    lower, upper : float
        Each a one-sided bound at `level`; the two together are the interval at 2 level - 1.
    level : float
    q_p : float
        p of Cochran's Q: whether the cases differ more than their errors allow.
    """

    effect: float
    se: float
    lower: float
    upper: float
    level: float
    q_p: float


def common_effect(
    cases: Sequence[PupilCase], adjustment: str | Mapping[str, str] = PLAIN, level: float = 0.95
) -> CommonEffect:
    """Bound one effect taken as common to all cases, by the normal curve.

    It is narrower than the random-effects interval because it takes the cases not to differ.

    Raises
    ------
    SynthesisError
        With fewer than two cases.
    """
    effects, variances = effects_and_variances(cases, adjustment)
    q_p = pool(effects, variances).q_p
    weights = 1 / variances
    mean, se = float(weights @ effects / weights.sum()), float(1 / np.sqrt(weights.sum()))
    reach = float(stats.norm.ppf(level)) * se
    return CommonEffect(mean, se, mean - reach, mean + reach, level, q_p)


def normal_scores(values: Array) -> Array:
    """Return van der Waerden scores of a pool on one scale, ties at their middle rank."""
    return equal_scale(stats.norm.ppf(_ranks(values) / (len(values) + 1)))


def rank_scores(values: Array) -> Array:
    """Return ranks about their middle on one scale, ties at their middle rank."""
    return equal_scale(_ranks(values) - (len(values) + 1) / 2)


def minus_log_p(values: Array) -> Array:
    """Return minus the logarithm of each place's two-sided permutation p in its own pool."""
    sizes = np.abs(np.asarray(values, float))
    return np.array([-np.log(float(is_at_least(sizes, own).mean())) for own in sizes])


def _ranks(values: Array) -> Array:
    return np.asarray(stats.rankdata(np.round(values, DECIMALS)))


# Name in the plan: scores of a pool, and whether large sums alone speak against the null.
STATISTICS: dict[str, tuple[Callable[[Array], Array], bool]] = {
    "mean": (equal_scale, False),
    "normal scores": (normal_scores, False),
    "ranks": (rank_scores, False),
    "product of p": (minus_log_p, True),
}


def joint_test(pools: Sequence[Array], statistic: str) -> tuple[float, JointTest]:
    """Run the exact joint randomisation test of a statistic over pools of effects.

    Parameters
    ----------
    pools : sequence of arrays, shapes (1 + N0_c,)
        `AdjustedEffects.statistics`, the treated unit first.
    statistic : str
        Key of `STATISTICS`. The product of p is Fisher's (1932), one-sided; the others are two-sided.

    Returns
    -------
    p : float
    test : JointTest

    Raises
    ------
    SynthesisError
        If there is no such statistic.
    """
    if statistic not in STATISTICS:
        raise SynthesisError(f"no statistic {statistic!r}; there are {', '.join(STATISTICS)}")
    score, one_sided = STATISTICS[statistic]
    test = joint_randomisation([score(np.asarray(values, float)) for values in pools])
    return (test.p_upper if one_sided else test.p_two_sided), test


def joint_range(cases: Sequence[PupilCase], statistics: Sequence[str] = tuple(STATISTICS)) -> pd.DataFrame:
    """Test cases together under every statistic and adjustment.

    Columns: ``adjustment, statistic, p``. The smallest and the largest p are the range to print; taking the smallest alone
    would be choosing a test by its result.
    """
    table = [
        (adjustment, statistic, joint_test(pools, statistic)[0])
        for adjustment in ADJUSTMENTS
        for pools in [[case.estimates[adjustment].statistics for case in cases]]
        for statistic in statistics
    ]
    return pd.DataFrame(table, columns=["adjustment", "statistic", "p"])


def rows_behind(cases: Sequence[PupilCase]) -> Rows:
    """Trace cases to release rows of their outcomes, all sources and those of the pupil SD."""
    rows = sum((panel.rows for case in cases for panel in case.panels), Rows(0, "", ()))
    scales = {panel.scale.pupil_sd_source for case in cases for panel in case.panels} - {""}
    sources = tuple(sorted({*rows.sources, *scales}))
    return replace(
        rows, description=f"panels in pupil SD of {', '.join(c.case_id for c in cases)}", sources=sources
    )
