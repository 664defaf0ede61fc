"""Run the specification curve of a case, for the treated place and for every placebo place.

The grid is in the plan. Each place takes the treated place's part in every specification, comparison rule and all,
so the treated place's median can be ranked among the medians of places where nothing began (Simonsohn, Simmons & Nelson
2020, Nature Human Behaviour 4).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import product
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from leadership_effects.data.grid import DIMENSIONS, ESTIMATORS, GridPlan, grid_plan, grid_settings
from leadership_effects.data.panels import Array, BrokenWindow, Panel, PanelSource, panel_from, panel_source
from leadership_effects.data.plan import CasePlan, PanelPlan, PlanError
from leadership_effects.data.provenance import Rows
from leadership_effects.data.release import Release
from leadership_effects.effects.inference import all_others, permutation_p
from leadership_effects.effects.weights import Mask, Method, Places, weighted_gaps, weights_of_each
from leadership_effects.rounding import DECIMALS, ROUNDING, is_above, is_at_least, sign

NEEDED_PRE = {"twfe": 1, "drift": 3, "dsc": 3, "sdid": 3}


@dataclass(frozen=True)
class Curve:
    """Effects of every place under every specification.

    `specification_curve` makes one from panels; a chapter whose series have no panel fills one itself.

    Attributes
    ----------
    specifications : DataFrame, shape (S, dimensions)
        One row a specification, its choices as labels.
    raw : array, shape (1 + P, S)
        Effects in the unit of the specification, treated first; NaN where a place does not bear it.
    places : tuple of str, length 1 + P
    donors : array, shape (S,)
        Comparison units of the treated place.
    units : tuple of str, length S
    planned : int
        Position of the planned specification.
    skipped : dict of str to int
        Reason and number of combinations that the data do not bear.
    rows : Rows
    """

    specifications: pd.DataFrame
    raw: Array
    places: tuple[str, ...]
    donors: NDArray[np.int64]
    units: tuple[str, ...]
    planned: int
    skipped: dict[str, int]
    rows: Rows = field(repr=False)

    @property
    def has_placebos(self) -> bool:
        """Return whether there are comparison places enough to measure by."""
        return len(self.places) > 2

    @property
    def metric(self) -> str:
        """Return the unit of the curve: placebo SD, or the effects' own unit without placebos.

        Raises
        ------
        PlanError
            If effects in several units have no placebos to be measured by.
        """
        if self.has_placebos:
            return "placebo SD"
        if len(units := list(dict.fromkeys(self.units))) > 1:
            raise PlanError(
                f"{self.places[0]}: a curve without comparison places in {', '.join(units)}; allowed: one unit, or a curve for each"
            )
        return self.units[0]

    @property
    def standardised(self) -> Array:
        """Return effects over their placebo SD, or as they are without placebos, (1 + P, S)."""
        if not self.has_placebos:
            return self.raw
        scaled: Array = self.raw / np.nanstd(self.raw[1:], axis=0, ddof=1)
        return scaled

    @property
    def medians(self) -> Array:
        """Return the median effect of each place in placebo SD, shape (1 + P,).

        NaN for a place that bears less than half of the specifications.
        """
        return _medians(self.standardised)

    @property
    def exchangeable_medians(self) -> Array:
        """Return the medians over the SD of all places, the treated one among them, shape (1 + P,).

        The scale on which places are ranked: it does not depend on which of them was treated, as that of the joint test
        (`synthesis.joint.equal_scale`).
        """
        if not self.has_placebos:
            return self.medians
        return _medians(self.raw / np.nanstd(self.raw, axis=0, ddof=1))

    @property
    def above(self) -> NDArray[np.bool_]:
        """Mark specifications in which the treated place's effect is above zero, shape (S,)."""
        return np.asarray(is_above(self.raw[0], scale=self._largest))

    @property
    def positive(self) -> float:
        """Return the share of specifications in which the treated place's effect is above zero."""
        return float(self.above.mean())

    @property
    def agree(self) -> float:
        """Return the share of specifications whose sign is that of the planned one."""
        own, scale = self.raw[0], self._largest
        return float((sign(own, scale) == sign(own[self.planned], scale)).mean())

    @property
    def _largest(self) -> float:
        return float(np.nanmax(np.abs(self.raw[0])))

    @property
    def n_ranked(self) -> int:
        """Return places ranked, the treated one among them."""
        return int(np.isfinite(self.medians).sum())

    @property
    def p_value(self) -> float:
        """Compute the two-sided permutation p of the treated median, on the scale of all places."""
        medians = self.exchangeable_medians
        return permutation_p(float(medians[0]), medians[1:][np.isfinite(medians[1:])])

    @property
    def varying(self) -> tuple[str, ...]:
        """Return dimensions with more than one option."""
        return tuple(name for name in self.specifications if self.specifications[name].nunique() > 1)

    def median_by(self, dimension: str) -> pd.Series:
        """Return the treated place's median effect under each option of a dimension.

        Examples
        --------
        >>> from leadership_effects.data.provenance import Rows
        >>> choices = pd.DataFrame({"end": ["2018", "2018", "2019"], "effect": [1.0, 2.0, 4.0], "planned": [True, False, False]})
        >>> described_curve(choices, "Delhi", "percentage points", Rows(0, "", ())).median_by("end").to_dict()
        {'2018': 1.5, '2019': 4.0}
        """
        return pd.Series(self.standardised[0]).groupby(self.specifications[dimension], sort=False).median()

    @property
    def widest(self) -> str:
        """Return the dimension whose options' medians lie furthest apart."""
        spans = {name: np.ptp(self.median_by(name).round(DECIMALS)) for name in self.varying}
        return max(spans, key=lambda name: spans[name])

    @property
    def rank(self) -> int:
        """Return the rank of the treated median from the top; ties take the worse rank."""
        medians = self.exchangeable_medians
        return int(is_at_least(medians[1:], medians[0]).sum()) + 1

    def part(self, **options: Sequence[str]) -> Curve:
        """Select specifications by options; the one nearest to the plan's counts as planned.

        Parameters
        ----------
        **options : sequence of str
            Allowed options by dimension, such as ``estimator=["own line out"]``.

        Raises
        ------
        PlanError
            If there is no such dimension, or no specification holds the options.
        """
        for name in options:
            if name not in self.specifications:
                raise PlanError(f"no dimension {name!r}; allowed: {', '.join(self.specifications)}")
        held = [self.specifications[name].isin(list(chosen)) for name, chosen in options.items()]
        keep = np.flatnonzero(np.logical_and.reduce(held))
        if not len(keep):
            there = {name: list(self.specifications[name].unique()) for name in options}
            raise PlanError(f"no specification of {self.places[0]} holds {options}; there are {there}")
        kept = self.specifications.iloc[keep].reset_index(drop=True)
        nearest = (kept == self.specifications.iloc[self.planned]).sum(axis=1).to_numpy().argmax()
        return replace(
            self, specifications=kept, raw=self.raw[:, keep], donors=self.donors[keep],
            units=tuple(self.units[i] for i in keep), planned=int(nearest),
        )  # fmt: skip

    def frame(self) -> pd.DataFrame:
        """Return one row a specification: choices, effect, unit, donors and placebo range.

        Columns: the choices, ``effect, raw, unit, donors, low, high, planned``; low and high hold the placebo places'
        middle 90 %.
        """
        values = self.standardised
        nothing = np.full(len(self.units), np.nan)
        low, high = nothing, nothing
        if self.has_placebos:
            low, high = np.nanquantile(values[1:], [0.05, 0.95], axis=0)
        return self.specifications.assign(
            effect=values[0], raw=self.raw[0], unit=self.units, donors=self.donors, low=low, high=high,
            planned=np.arange(len(self.units)) == self.planned,
        ).round(DECIMALS)  # fmt: skip


def _medians(values: Array) -> Array:
    """Return each place's median; NaN where it bears less than half of the specifications."""
    enough = np.isfinite(values).mean(axis=1) >= 0.5
    medians = np.full(len(values), np.nan)
    medians[enough] = np.nanmedian(values[enough], axis=1)
    return medians


def specification_curve(release: Release, case: CasePlan, name: str = "grid") -> Curve:
    """Run the whole grid of a case for the treated place and every comparison place.

    Two combinations that come to the same years, set, weights, estimator and scale are counted once. Combinations that
    the data do not bear are left out and counted with the reason.

    Raises
    ------
    PlanError
        If the grid is not allowed, or the planned specification is not in it.
    """
    grid = grid_plan(case, name)
    fewest = int(release.plan["rules"]["minimum_donors"])
    choices, columns, seen, skipped = [], [], set(), Counter[str]()
    panels: list[Panel] = []
    built: dict[tuple[Any, ...], Panel | str] = {}
    sources = {key: panel_source(release, case.panels[panel]) for key, panel in grid.outcomes.items()}
    for setting, plan in grid_settings(grid, case):
        made_of = (setting["outcome"], tuple(plan.exclude), plan.place_weights, plan.pre, plan.post)
        if made_of not in built:
            built[made_of] = _panel_or_reason(sources[setting["outcome"]], plan)
        panel = built[made_of]
        for estimator, scale in product(grid.estimators, grid.scales):
            made = setting["outcome"], setting["comparison"], setting["weights"]
            key = (*made, plan.pre, plan.post, estimator, scale)
            if key in seen:
                continue
            seen.add(key)
            reason = panel if isinstance(panel, str) else _unfit(panel, estimator, scale)
            if reason or isinstance(panel, str):
                skipped[reason] += 1
                continue
            rule = grid.comparisons[setting["comparison"]]
            effects, donors = _effects(panel, ESTIMATORS[estimator], scale, rule, fewest)
            if reason := _too_few(effects, fewest):
                skipped[reason] += 1
                continue
            choices.append(setting | {"estimator": estimator, "scale": scale})
            columns.append((effects, donors, panel.scale.difference_unit if scale == "points" else scale))
            panels.append(panel)
    where = f"plan.yml: {case.case_id}.{name}"
    return _gather(where, grid, case, choices, columns, panels, dict(skipped))


def _panel_or_reason(source: PanelSource, plan: PanelPlan) -> Panel | str:
    try:
        return panel_from(source, plan)
    except BrokenWindow as error:
        return "the years cross a break of the series" if "breaks.csv" in str(error) else "a year is missing"


def _effects(panel: Panel, method: str, scale: str, rule: dict[str, Any], fewest: int) -> tuple[Array, int]:
    """Estimate each place's effect, shape (1 + N0,), and count the treated place's donors."""
    y, bears = panel.y, np.full(len(panel.y), True)
    if scale == "log odds":
        bears = _has_log_odds(panel)
        shares = np.where(bears[:, None], panel.y, 50.0)
        y = np.log(shares / (100 - shares))
    donors_of = _comparison(panel, rule) & bears
    counts = donors_of.sum(axis=1)
    places = np.flatnonzero(bears & (counts >= fewest))
    effects = np.full(len(y), np.nan)
    if len(places):
        effects[places] = _effects_of(y, places, donors_of[places], panel, method)
    return effects, int(counts[0])


def _comparison(panel: Panel, rule: dict[str, Any]) -> Mask:
    """Select donors of each place under the grid's rule, shape (1 + N0, 1 + N0).

    The treated place is never one. Distances are rounded before the nearest are taken, so that of two as near the first
    in the alphabet comes first.
    """
    _, others = all_others(len(panel.y))
    if "nearest" in rule:
        level = panel.y[:, : panel.n_pre].mean(axis=1)
        apart = np.where(others, np.abs(level[:, None] - level).round(DECIMALS), np.inf)
        near = np.zeros_like(others)
        nearest = np.argsort(apart, axis=1, kind="stable")[:, : int(rule["nearest"])]
        np.put_along_axis(near, nearest, True, axis=1)
        return near & others
    if "start_at_most_above_treated" in rule:
        start = panel.y[:, 0]
        return others & (start <= start[:, None] + float(rule["start_at_most_above_treated"]) + ROUNDING)
    return others


def _effects_of(y: Array, places: Places, donors_of: Mask, panel: Panel, method: str) -> Array:
    """Estimate effects of some places by one method, shape (P,)."""
    base, n_pre = np.append(0.0, panel.weights), panel.n_pre
    chosen: Method = "twfe" if method == "drift" else method  # type: ignore[assignment]
    effects, gaps = weighted_gaps(
        y, places, n_pre, *weights_of_each(chosen, y, places, donors_of, n_pre, base)
    )
    if method != "drift":
        return effects
    years = np.array(panel.years, float) - panel.years[0]
    slopes, levels = np.polyfit(years[:n_pre], gaps[:, :n_pre].T, 1)
    lines = np.outer(slopes, years) + levels[:, None]
    return np.asarray((gaps - lines)[:, n_pre:].mean(axis=1))


def _has_log_odds(panel: Panel) -> NDArray[np.bool_]:
    """Mark units whose values lie strictly between 0 and 100 per cent, shape (1 + N0,)."""
    if panel.scale.unit != "percent":
        return np.full(len(panel.y), False)
    return np.asarray(((panel.y > 0) & (panel.y < 100)).all(axis=1))


def _unfit(panel: Panel, estimator: str, scale: str) -> str:
    """Return why a panel does not bear an estimator and a scale; empty if it does."""
    if panel.n_pre < NEEDED_PRE[ESTIMATORS[estimator]]:
        return "too few years before the start for the estimator"
    if scale == "log odds" and not _has_log_odds(panel)[0]:
        return "no log odds: not a share, or 0 or 100 per cent in the treated place"
    return ""


def _too_few(effects: Array, fewest: int) -> str:
    """Return why a specification cannot be measured against placebo places; empty if it can."""
    if np.isnan(effects[0]):
        return f"fewer than {fewest} comparison units"
    if np.isfinite(effects[1:]).sum() < 2:
        return f"fewer than two places with {fewest} comparison units of their own"
    return ""


def _gather(
    where: str,
    grid: GridPlan,
    case: CasePlan,
    choices: list[dict[str, Any]],
    columns: list[tuple[Array, int, str]],
    panels: list[Panel],
    skipped: dict[str, int],
) -> Curve:
    """Merge the columns of all specifications on one list of places."""
    treated = case.panels[next(iter(grid.outcomes.values()))].label
    names = sorted({unit for panel in panels for unit in panel.units[1:]})
    places = (treated, *names)
    position = {name: i for i, name in enumerate(places)}
    raw = np.full((len(places), len(choices)), np.nan)
    for s, (panel, (effects, _, _)) in enumerate(zip(panels, columns, strict=True)):
        raw[[0, *(position[unit] for unit in panel.units[1:])], s] = effects
    planned = [s for s, choice in enumerate(choices) if grid.planned.items() <= choice.items()]
    if len(planned) != 1:
        raise PlanError(f"{where}.planned: {len(planned)} specifications match {grid.planned}, one must")
    members = frozenset().union(*(panel.rows.members for panel in panels))
    sources = tuple(sorted({source for panel in panels for source in panel.rows.sources}))
    indicators = ", ".join(sorted({keys[0] for _, keys in members}))
    return Curve(
        specifications=pd.DataFrame(choices, columns=list(DIMENSIONS)).assign(start=lambda f: f["start"].astype(str)),
        raw=raw, places=places, donors=np.array([donors for _, donors, _ in columns]),
        units=tuple(unit for _, _, unit in columns), planned=planned[0], skipped=skipped,
        rows=Rows(len(members), f"all rows of {len(panels)} panels: {indicators}", sources, members),
    )  # fmt: skip


def described_curve(choices: pd.DataFrame, treated: str, unit: str, rows: Rows) -> Curve:
    """Build the unranked curve of a series without comparison places, in its own unit.

    Parameters
    ----------
    choices : DataFrame
        One row a specification: its choices as labels, ``effect`` and ``planned``, true for one row.

    Raises
    ------
    PlanError
        Unless exactly one row is planned.

    Examples
    --------
    >>> import pandas as pd
    >>> from leadership_effects.data.provenance import Rows
    >>> choices = pd.DataFrame({"start": [2004, 2005], "effect": [1.2, -0.3], "planned": [True, False]})
    >>> curve = described_curve(choices, "London", "percentage points", Rows(0, "", ()))
    >>> curve.positive, curve.agree
    (0.5, 0.5)
    """
    planned = np.flatnonzero(choices["planned"].to_numpy(bool))
    if len(planned) != 1:
        raise PlanError(f"{treated}: {len(planned)} specifications are marked as planned, one must be")
    effects, donors = choices["effect"].to_numpy(float)[None, :], np.zeros(len(choices), dtype=np.int64)
    specifications = choices.drop(columns=["effect", "planned"]).astype(str).reset_index(drop=True)
    units = (unit,) * len(choices)
    return Curve(specifications, effects, (treated,), donors, units, int(planned[0]), {}, rows)
