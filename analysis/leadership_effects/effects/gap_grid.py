"""Compute changes of gap series under combinations of years, control and trend."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import product

import numpy as np
import pandas as pd
from statsmodels.api import OLS

from leadership_effects.data.panels import GapSeries
from leadership_effects.data.provenance import Rows
from leadership_effects.effects.estimators import EstimatorError, interrupted_gap
from leadership_effects.effects.specification import Curve, described_curve

FEWEST_FOR_A_LINE = 3
TOO_FEW = "fewer than three years before for a line"
MISSING = "a year is missing"
COLUMNS = ("subject", "start", "before", "window", "control", "trend", "effect")
LEAD_COLUMNS = ("series", "comparator", "base", "end", "rules", "trend", "units", "effect")


def gap_change(gap: pd.Series, base: Sequence[int], end: Sequence[int], *, trend: bool) -> float:
    """Compute the change of a gap from base to end years, with or without a straight line.

    Parameters
    ----------
    gap : Series, shape (T,)
        Gap by year.
    base, end : sequence of int
        Years before and after, each with a value.
    trend : bool
        Whether a straight line in the year is taken out, by ordinary least squares of the gap on an indicator of the end
        years and the year [1]_.

    Returns
    -------
    float
        In the unit of the gap; NaN if a line is asked for and there are fewer than three base years.

    References
    ----------
    .. [1] Bernal, Cummins and Gasparrini (2017), Interrupted time series regression for the evaluation of public health
       interventions: a tutorial, International Journal of Epidemiology 46(1), 348-355.
    """
    before, after = gap.loc[list(base)], gap.loc[list(end)]
    if not trend:
        return float(after.mean() - before.mean())
    if len(before) < FEWEST_FOR_A_LINE:
        return float("nan")
    both = pd.concat([before, after])
    post = np.arange(len(both)) >= len(before)
    years = both.index.to_numpy(float)
    design = np.column_stack([np.ones_like(years), post, years - years[0]])
    return float(OLS(both.to_numpy(float), design).fit().params[1])


def mean_gap(name: str, series: Sequence[GapSeries]) -> GapSeries:
    """Average gap series of the same years, with the rows of all.

    Examples
    --------
    >>> from leadership_effects.data.panels import build_gap
    >>> from leadership_effects.data.plan import case_plan
    >>> from leadership_effects.data.release import open_release
    >>> release = open_release("2026.1")
    >>> plans = case_plan(release, "london").gaps
    >>> tests = [build_gap(release, plans[f"ks2_{subject}"]) for subject in ("english", "maths")]
    >>> mean = mean_gap("london.ks2", tests)
    >>> bool(mean.gap[0] == (tests[0].gap[0] + tests[1].gap[0]) / 2)
    True
    """
    first, *others = series
    treated = np.mean([one.treated for one in series], axis=0)
    comparator = np.mean([one.comparator for one in series], axis=0)
    rows = sum((one.rows for one in others), first.rows)
    return replace(first, name=name, treated=treated, comparator=comparator, rows=rows)


def placebo_gap_in_time(series: GapSeries, starts: Sequence[int]) -> dict[int, float]:
    """Compute changes of the gap at starts that did not happen, before the real one.

    Examples
    --------
    >>> from leadership_effects.data.panels import build_gap
    >>> from leadership_effects.data.plan import case_plan
    >>> from leadership_effects.data.release import open_release
    >>> release = open_release("2026.1")
    >>> series = build_gap(release, case_plan(release, "london").gaps["ks3_english"])
    >>> {year: round(change, 2) for year, change in placebo_gap_in_time(series, (2001, 2002)).items()}
    {2001: 0.25, 2002: 0.2}
    """
    before = {side: getattr(series, side)[: series.n_pre] for side in ("years", "treated", "comparator")}
    early = [replace(series, **before, n_pre=series.years.index(year)) for year in starts]
    return {year: interrupted_gap(fake, trend=False).change for year, fake in zip(starts, early, strict=True)}


def gap_grid(
    gaps: Mapping[str, pd.Series],
    controls: Mapping[str, Mapping[str, pd.Series] | None],
    starts: Sequence[int],
    *,
    place: str,
    unit: str,
    planned: Mapping[str, str],
    rows: Rows,
) -> Curve:
    """Build the curve of a gap's changes over start, years, control and straight line.

    Parameters
    ----------
    gaps : mapping of str to Series
        Gap by year of each subject; all end in the same year.
    controls : mapping of str to mapping of str to Series, or None
        Gaps by year and subject that are taken off, by the name of the control; None takes nothing off.
    starts : sequence of int
        First years counted as after.
    place, unit : str
        The treated place and the unit of the gap.
    planned : mapping of str to str
        The choices of the planned specification, by column.
    rows : Rows
        Rows behind all the series.

    Returns
    -------
    Curve
        Without comparison places; combinations with too few years for a line are counted as skipped.

    Raises
    ------
    EstimatorError
        If the series do not end together.
    PlanError
        If not just one specification is planned.
    """
    last_years = {int(gap.index.max()) for gap in gaps.values()}
    if len(last_years) != 1:
        ends = ", ".join(map(str, sorted(last_years)))
        raise EstimatorError(f"{place}: the gaps end in {ends}, not in one year")
    last, made, skipped = last_years.pop(), [], Counter[str]()
    windows, lines = (f"to {last}", f"{last} alone"), ("without", "with")
    for subject, gap in gaps.items():
        for choice in product(starts, ("all", "last"), windows, controls, lines):
            start, before, window, control, line = choice
            off = controls[control]
            net = gap if off is None else (gap - off[subject]).dropna()
            base, end = net.index[net.index < start], net.index[net.index >= start]
            base = base if before == "all" else base[-1:]
            end = end if window == windows[0] else end[-1:]
            effect = gap_change(net, base, end, trend=line == "with")
            if np.isnan(effect):
                skipped[TOO_FEW] += 1
            else:
                made.append((subject, str(start), *choice[1:], effect))
    grid = pd.DataFrame(made, columns=list(COLUMNS))
    curve = described_curve(_with_planned(grid, planned), place, unit, rows)
    return replace(curve, donors=np.ones(len(grid), dtype=np.int64), skipped=dict(skipped))


def lead_change(
    own: pd.Series, others: pd.DataFrame, base: Sequence[int], end: Sequence[int], *, trend: bool
) -> tuple[float, int]:
    """Compute the change of a series less the mean of other units, and count these units.

    Parameters
    ----------
    own : Series, shape (T,)
        Values by year.
    others : DataFrame, shape (T, N)
        Values of the other units by year.
    base, end : sequence of int
        Years before and after.
    trend : bool
        As for `gap_change`.

    Returns
    -------
    tuple of float and int
        NaN and zero if a year of the series is missing, no unit has every year, or the base is too short for a line.
    """
    years = [*base, *end]
    own, held = own.reindex(years), others.reindex(years).dropna(axis="columns")
    if own.isna().any() or held.empty:
        return float("nan"), 0
    effect = gap_change(own - held.mean(axis="columns"), base, end, trend=trend)
    return effect, 0 if np.isnan(effect) else held.shape[1]


def lead_grid(
    leads: Mapping[tuple[str, str], tuple[pd.Series, pd.DataFrame]],
    bases: Mapping[str, Mapping[str, Sequence[int]]],
    ends: Mapping[str, Mapping[str, Sequence[int]]],
    trends: Sequence[str],
    *,
    apart: Mapping[str, Sequence[int]],
    place: str,
    unit: str,
    planned: Mapping[str, str],
    rows: Rows,
) -> Curve:
    """Build the curve of a place's lead over series, comparator, years and straight line.

    Parameters
    ----------
    leads : mapping of (str, str) to (Series, DataFrame)
        For each series and comparator the values by year of the place and of the units compared.
    bases, ends : mapping of str to mapping of str to sequence of int
        Years before and after by their names, for each series.
    trends : sequence of str
        Of ``without`` and ``with``, a straight line.
    apart : mapping of str to sequence of int
        End years under other rules, by their name; all others are ``ordinary``.
    place, unit, planned, rows
        As for `gap_grid`.

    Returns
    -------
    Curve
        Without comparison places, in the order of base and end years.

    Raises
    ------
    PlanError
        If not just one specification is planned.
    """
    made, skipped = [], Counter[str]()
    for (series, comparator), (own, others) in leads.items():
        for base, end, trend in product(bases[series], ends[series], trends):
            before, after = bases[series][base], ends[series][end]
            effect, units = lead_change(own, others, before, after, trend=trend == "with")
            if np.isnan(effect):
                short = trend == "with" and len(before) < FEWEST_FOR_A_LINE
                skipped[TOO_FEW if short else MISSING] += 1
                continue
            rules = next((name for name, years in apart.items() if set(after) & set(years)), "ordinary")
            made.append((series, comparator, base, end, rules, trend, units, effect))
    grid = pd.DataFrame(made, columns=list(LEAD_COLUMNS))
    grid = grid.sort_values(["base", "end"], kind="stable", ignore_index=True)
    curve = described_curve(_with_planned(grid.drop(columns="units"), planned), place, unit, rows)
    return replace(curve, donors=grid["units"].to_numpy(np.int64), skipped=dict(skipped))


def _with_planned(grid: pd.DataFrame, planned: Mapping[str, str]) -> pd.DataFrame:
    """Mark the specification of a grid whose choices are the planned ones."""
    return grid.assign(planned=(grid[list(planned)] == pd.Series(planned)).all(axis="columns"))
