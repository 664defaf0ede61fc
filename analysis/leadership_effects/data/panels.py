"""Build balanced panels and gap series from release rows, never across a break of a series."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from leadership_effects.data.plan import GapPlan, PanelPlan, case_plan
from leadership_effects.data.provenance import Rows, provenance
from leadership_effects.data.release import Release, open_release
from leadership_effects.data.staggered.starts import Starts, read_starts
from leadership_effects.errors import LeadershipError
from leadership_effects.rounding import ROUNDING

Array = NDArray[np.float64]
USED = ["indicator_id", "unit_id", "year", "value", "n_pupils", "source_id", "name", "parent", "weight"]


class PanelError(LeadershipError, ValueError):
    """The release's rows cannot form the panel that the plan asks for."""


class BrokenWindow(PanelError):
    """The years asked for cross a break of the series, or one of them has no value."""


@dataclass(frozen=True)
class Scale:
    """Scale of an indicator: unit, direction (1 if higher is better) and sourced pupil-level SD."""

    indicator: str
    title: str
    unit: str
    direction: int
    pupil_sd: float | None
    pupil_sd_source: str

    @property
    def difference_unit(self) -> str:
        """Return the unit of a difference: two percentages differ by percentage points."""
        return "percentage points" if self.unit == "percent" else self.unit


@dataclass(frozen=True)
class Panel:
    """A balanced panel with one treated unit.

    Attributes
    ----------
    name : str
        ``<case_id>.<panel key>``.
    y : array, shape (1 + N0, T)
        Outcomes; row 0 is the treated unit, columns are the pre-periods and then the post-periods.
    units : tuple of str, length 1 + N0
    years : tuple of int, length T
    n_pre : int
        Number of pre-periods T0.
    weights : array, shape (N0,)
        Weight of each donor in an average of donors; ones unless places are blocks of several units.
    dropped, started : tuple of str
        Candidate donors left out because a year is missing, and because a programme began there, or may have.
    scale : Scale
    rows : Rows
    sizes : array, shape (1 + N0,), or None
        Pupils of each unit (mean over the years), or population of each place made of several units; None where
        the release does not hold it for every unit.
    """

    name: str
    y: Array
    units: tuple[str, ...]
    years: tuple[int, ...]
    n_pre: int
    weights: Array
    dropped: tuple[str, ...]
    scale: Scale
    rows: Rows
    sizes: Array | None = None
    started: tuple[str, ...] = ()

    @property
    def n_donors(self) -> int:
        """Return the number of donors N0."""
        return len(self.units) - 1

    @property
    def donor_mean(self) -> Array:
        """Return the weighted mean of donors by year, shape (T,)."""
        mean: Array = np.average(self.y[1:], axis=0, weights=self.weights)
        return mean

    @property
    def means(self) -> tuple[tuple[float, float], tuple[float, float]]:
        """Return means before and after, of the treated unit and of the donors."""
        sides = slice(None, self.n_pre), slice(self.n_pre, None)
        own, others = ([float(path[side].mean()) for side in sides] for path in (self.y[0], self.donor_mean))
        return (own[0], own[1]), (others[0], others[1])

    def long(self) -> pd.DataFrame:
        """Return rows ``unit, year, value, treated``, one per cell."""
        frame = pd.DataFrame(self.y, index=list(self.units), columns=list(self.years))
        long = frame.rename_axis("unit").reset_index().melt("unit", var_name="year", value_name="value")
        long["treated"] = long["unit"] == self.units[0]
        return long


@dataclass(frozen=True)
class GapSeries:
    """A treated series less its one comparator.

    Attributes
    ----------
    years : tuple of int, length T
    treated, comparator, gap : array, shape (T,)
    n_pre : int
    """

    name: str
    years: tuple[int, ...]
    treated: Array
    comparator: Array
    n_pre: int
    scale: Scale
    rows: Rows

    @property
    def gap(self) -> Array:
        """Return treated less comparator, shape (T,)."""
        return self.treated - self.comparator


def scale(release: Release, indicator: str) -> Scale:
    """Return the scale of an indicator.

    Raises
    ------
    PanelError
        If the release has no such indicator.
    """
    table = release.table("indicators")
    found = table[table["indicator_id"] == indicator]
    if found.empty:
        known = ", ".join(sorted(table["indicator_id"]))
        raise PanelError(f"indicators.csv: no indicator {indicator!r}; allowed: {known}")
    row = found.iloc[0]
    sd = None if pd.isna(row["pupil_sd"]) else float(row["pupil_sd"])
    direction = int(row["direction"])
    return Scale(indicator, row["title"], row["value_unit"], direction, sd, row["pupil_sd_source_id"])


def _breaks(release: Release, indicators: tuple[str, ...]) -> pd.DataFrame:
    table = release.table("breaks")
    return table[table["indicator_id"].isin(indicators) & (table["kind"] == "break")]


def _refuse_breaks(breaks: pd.DataFrame, years: tuple[int, ...]) -> None:
    """Refuse a window that joins values across a break of the series."""
    for row in breaks.itertuples():
        if min(years) < row.year <= max(years):
            raise BrokenWindow(
                f"breaks.csv: {row.indicator_id} must not be joined across {row.year} ({row.reason}); "
                f"the window asked for is {min(years)}-{max(years)}"
            )


def indicator_rows(release: Release, *indicators: str) -> pd.DataFrame:
    """Select the outcome rows of some indicators, with the columns of their units.

    Raises
    ------
    PanelError
        If an indicator is unknown.
    """
    for indicator in indicators:
        scale(release, indicator)
    table = release.table("indicators").set_index("indicator_id")
    panels = {table.loc[indicator, "panel"] for indicator in indicators}
    frames = [release.outcomes(str(panel)) for panel in sorted(map(str, panels))]
    rows = pd.concat(frames, ignore_index=True)
    return rows[rows["indicator_id"].isin(indicators)]


@dataclass(frozen=True)
class PanelSource:
    """What all panels of one indicator and unit type are made of, whatever their years.

    Attributes
    ----------
    rows : DataFrame
        Outcome rows of all years with the columns of their units.
    breaks : DataFrame
        Breaks of the indicators.
    scale : Scale
        Of the first indicator.
    starts : dict of str to Starts
        First years by place of the measures by which donors leave.
    """

    rows: pd.DataFrame
    breaks: pd.DataFrame
    scale: Scale
    starts: dict[str, Starts] = field(default_factory=dict)


def panel_source(release: Release, plan: PanelPlan) -> PanelSource:
    """Select the outcome rows, breaks and scale behind the panels of a plan entry.

    Raises
    ------
    PanelError
        If an indicator is unknown.
    """
    rows = indicator_rows(release, *plan.indicators)
    columns = [*USED, "code"] if "code" in rows else USED
    return PanelSource(
        rows.loc[rows["unit_type"].isin(plan.unit_types), columns],
        _breaks(release, plan.indicators),
        scale(release, plan.indicators[0]),
        {measure: read_starts(release, measure) for measure in {plan.leave_out_started} if measure},
    )


def build_panel(release: Release, plan: PanelPlan) -> Panel:
    """Build the balanced panel of a plan entry, treated unit first, donors by alphabet.

    Raises
    ------
    PanelError
        As `panel_from`, or if an indicator is unknown.

    Examples
    --------
    >>> release = open_release("2026.1")
    >>> panel = build_panel(release, case_plan(release, "latvia").panels["mathematics"])
    >>> panel.units[0], panel.y.shape, panel.n_pre
    ('Latvia', (32, 6), 2)
    >>> panel.rows.description
    'pisa_mathematics: 32 units, 6 years (2003-2018)'
    """
    return panel_from(panel_source(release, plan), plan)


def open_panel(release: str, case_id: str, name: str) -> Panel:
    """Open a release by name and build a panel of a case by its key in the plan."""
    opened = open_release(release)
    return build_panel(opened, case_plan(opened, case_id).panels[name])


def panel_from(source: PanelSource, plan: PanelPlan) -> Panel:
    """Build a panel from its source, where many panels share one.

    Raises
    ------
    BrokenWindow
        If the window crosses a break, or a year is missing for the treated unit, for all units or for all donors.
    PanelError
        If the treated unit is absent, a name is ambiguous, or no donor is left.
    """
    years = plan.pre + plan.post
    _refuse_breaks(source.breaks, years)
    rows = _select(source.rows, plan, years)
    rows, begun, started = _unstarted(source, plan, rows, years[-1])
    values, weights, used = _places(plan, rows, years)
    _require_treated(plan, values, years)
    treated = _treated_row(plan, values, rows, years)
    donors = values.drop(index=list(plan.treated))
    complete = donors.dropna()
    dropped, judged = tuple(donors.index.difference(complete.index)), complete.index
    if plan.start_margin is not None:
        complete = complete[complete[years[0]] <= treated[0] + plan.start_margin + ROUNDING]
    if complete.empty:
        raise BrokenWindow(f"{plan.key}: no donor has all of {years} under the plan's rule")
    kept = used[used["place"].isin([*complete.index, *plan.treated])]
    return Panel(
        name=plan.key,
        y=np.vstack([treated, complete.to_numpy(float)]),
        units=(plan.label, *complete.index),
        years=years,
        n_pre=len(plan.pre),
        weights=weights.loc[complete.index].to_numpy(float),
        dropped=dropped,
        scale=source.scale,
        rows=provenance(kept) + _starts(used, judged.difference(complete.index), years[0]) + started,
        sizes=_sizes(plan, kept, complete.index),
        started=begun,
    )


def _unstarted(
    source: PanelSource, plan: PanelPlan, rows: pd.DataFrame, last: int
) -> tuple[pd.DataFrame, tuple[str, ...], Rows]:
    """Split off donors where a programme began, or may have; add the rows that say so."""
    if not plan.leave_out_started:
        return rows, (), Rows(0, "", ())
    starts = source.starts[plan.leave_out_started]
    began = rows["code"].map(lambda code: starts.started_by(code, last)) & ~rows["place"].isin(plan.treated)
    out = tuple(sorted({*rows.loc[began, "place"]}))
    return rows[~began], out, starts.behind({*rows.loc[began, "code"]}, "first placements of places left out")


def _starts(rows: pd.DataFrame, places: pd.Index, year: int) -> Rows:
    """Return rows by which candidate donors were left out for where they started."""
    read = rows[rows["place"].isin(places) & (rows["year"] == year)]
    return provenance(read, "starts of those left out") if len(read) else Rows(0, "", ())


def _sizes(plan: PanelPlan, rows: pd.DataFrame, donors: pd.Index) -> Array | None:
    """Sum the sizes of the treated units and return each donor's; None if one is not known."""
    column = "weight" if plan.place_by == "parent" else "n_pupils"
    size = pd.to_numeric(rows[column], errors="coerce").astype(float)
    if size.isna().any():
        return None
    sizes = rows.assign(size=size).groupby(["place", "year"])["size"].sum().groupby("place").mean()
    own = sizes.loc[list(plan.treated)].sum()
    return np.concatenate([[own], sizes.loc[donors].to_numpy(float)])


def _select(rows: pd.DataFrame, plan: PanelPlan, years: tuple[int, ...]) -> pd.DataFrame:
    rows = rows[rows["year"].isin(years)]
    if rows.empty:
        raise BrokenWindow(
            f"{plan.key}: no row of {', '.join(plan.indicators)} for a "
            f"{' or '.join(plan.unit_types)} in {years}"
        )
    if plan.place_by == "parent" and (rows["parent"] == "").any():
        bad = rows.loc[rows["parent"] == "", "unit_id"].iloc[0]
        raise PanelError(f"units.csv: {bad} has no parent; {plan.key} groups by it")
    if plan.name_contains:
        rows = rows[rows["name"].str.contains(plan.name_contains, regex=False)]
    rows = rows.assign(place=rows["parent"] if plan.place_by == "parent" else rows["name"])
    unknown = set(plan.exclude) - set(rows["place"])
    if unknown:
        raise PanelError(f"{plan.key}: exclude names no unit of the panel: {sorted(unknown)}")
    return rows[~rows["place"].isin(plan.exclude)]


def _places(
    plan: PanelPlan, rows: pd.DataFrame, years: tuple[int, ...]
) -> tuple[pd.DataFrame, pd.Series, pd.DataFrame]:
    """Place x year values, weight of each place, and the rows used."""
    if plan.place_by != "parent":
        twice = rows[rows.duplicated(["place", "year"], keep=False)]
        if len(twice):
            raise PanelError(
                f"{plan.key}: {twice.iloc[0]['place']!r} has two rows for "
                f"{twice.iloc[0]['year']}; narrow indicator or unit_type"
            )
        values = rows.pivot(index="place", columns="year", values="value").reindex(columns=list(years))
        return values, pd.Series(1.0, index=values.index), rows
    complete = rows.groupby("unit_id")["year"].transform("nunique") == len(years)
    rows = rows[complete]
    if rows.empty:
        raise BrokenWindow(f"{plan.key}: no unit has a value for all of {years}")
    unit_weight = rows["weight"] if plan.place_weights == "population" else pd.Series(1.0, index=rows.index)
    if unit_weight.isna().any():
        bad = rows.loc[unit_weight.isna(), "unit_id"].iloc[0]
        raise PanelError(f"units.csv: {bad} has no weight; {plan.key} needs one for every unit")
    frame = rows.assign(w=unit_weight, wy=unit_weight * rows["value"])
    sums = frame.groupby(["place", "year"])[["w", "wy"]].sum()
    values = (sums["wy"] / sums["w"]).unstack("year").reindex(columns=list(years))
    return values, sums["w"].unstack("year")[years[0]], rows


def _require_treated(plan: PanelPlan, values: pd.DataFrame, years: tuple[int, ...]) -> None:
    for name in plan.treated:
        if name not in values.index:
            raise PanelError(
                f"{plan.key}: treated unit {name!r} is not among the units; "
                f"there are {len(values)}, such as {', '.join(map(str, values.index[:5]))}"
            )
        gaps = [year for year in years if pd.isna(values.loc[name, year])]
        if gaps:
            raise BrokenWindow(f"{plan.key}: treated unit {name!r} has no value for {gaps}")


def _treated_row(plan: PanelPlan, values: pd.DataFrame, rows: pd.DataFrame, years: tuple[int, ...]) -> Array:
    block = values.loc[list(plan.treated), list(years)].to_numpy(float)
    if plan.treated_weights != "pupils":
        mean: Array = block.mean(axis=0)
        return mean
    pupils = rows.pivot(index="place", columns="year", values="n_pupils").astype(float)
    weights = pupils.loc[list(plan.treated), list(years)].to_numpy(float)
    if np.isnan(weights).any():
        raise PanelError(f"{plan.key}: n_pupils is blank for a treated unit; pupils weight them")
    weighted: Array = (block * weights).sum(axis=0) / weights.sum(axis=0)
    return weighted


def build_gap(release: Release, plan: GapPlan) -> GapSeries:
    """Build the treated series less its comparator for the years of the plan.

    Raises
    ------
    PanelError
        If the window crosses a break or either series lacks a year.

    Examples
    --------
    >>> release = open_release("2026.1")
    >>> series = build_gap(release, case_plan(release, "london").gaps["ks3_english"])
    >>> series.years[0], series.n_pre, float(series.gap[-1])
    (1997, 7, 1.0)
    """
    years = plan.pre + plan.post
    _refuse_breaks(_breaks(release, (plan.indicator,)), years)
    rows = indicator_rows(release, plan.indicator)
    rows = rows[rows["name"].isin([plan.treated, plan.comparator]) & rows["year"].isin(years)]
    values = rows.pivot(index="name", columns="year", values="value").reindex(
        index=[plan.treated, plan.comparator], columns=list(years)
    )
    if values.isna().any(axis=None):
        name, year = next((n, y) for n in values.index for y in years if pd.isna(values.loc[n, y]))
        raise PanelError(f"{plan.key}: {plan.indicator} has no value for {name!r} in {year}")
    return GapSeries(
        name=plan.key,
        years=years,
        treated=values.loc[plan.treated].to_numpy(float),
        comparator=values.loc[plan.comparator].to_numpy(float),
        n_pre=len(plan.pre),
        scale=scale(release, plan.indicator),
        rows=provenance(rows),
    )
