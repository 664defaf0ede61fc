"""Read the specification grid of a case from the plan."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import product
from typing import Any

from leadership_effects.data.plan import CasePlan, PanelPlan, PlanError

ESTIMATORS = {
    "two-way fixed effects": "twfe",
    "own line out": "drift",
    "demeaned synthetic control": "dsc",
    "synthetic difference-in-differences": "sdid",
}
# The headline estimators: with too few years before for the second, the first.
PLAIN, WEIGHTED = "two-way fixed effects", "synthetic difference-in-differences"
SCALES = ("points", "log odds")
WEIGHTS = {"equal": "", "population": "population"}
BEFORE = ("all", "last")
GRID_KEYS = {
    "outcomes", "years", "starts", "before", "windows", "comparisons", "weights", "estimators", "scales", "planned",
    "not_varied", "first_years",
}  # fmt: skip
SHAPES = {
    "outcomes": dict, "years": list, "starts": list, "windows": dict, "comparisons": dict, "estimators": list, "planned": dict,
    "first_years": dict, "before": list, "weights": list, "scales": list, "not_varied": dict,
}  # fmt: skip
COMPARISON_KEYS = {"nearest", "start_at_most_above_treated", "exclude", "leave_out_started"}
DIMENSIONS = ("outcome", "start", "before", "window", "comparison", "weights", "estimator", "scale")


@dataclass(frozen=True)
class GridPlan:
    """The specification grid of one case.

    Attributes
    ----------
    outcomes : dict of str to str
        Label and panel key of each outcome.
    years : tuple of int
        Years that may be used.
    first_years : dict of str to int
        First usable year of an outcome whose series starts later.
    starts : tuple of int
        First years counted as after.
    before : tuple of str
        ``all`` years before the start, or the ``last`` one alone.
    windows : dict of str to tuple of int
        Years that may count as after.
    comparisons : dict of str to dict
        Rule of each comparison set: ``nearest`` k places by level before, ``start_at_most_above_treated``, other
        ``exclude`` lists; empty for the panel's own set.
    weights, estimators, scales : tuple of str
    planned : dict of str to value
        The planned specification, one option a dimension.
    not_varied : dict of str to str
        Dimensions that do not vary, with the reason.
    """

    outcomes: dict[str, str]
    years: tuple[int, ...]
    first_years: dict[str, int]
    starts: tuple[int, ...]
    before: tuple[str, ...]
    windows: dict[str, tuple[int, ...]]
    comparisons: dict[str, dict[str, Any]]
    weights: tuple[str, ...]
    estimators: tuple[str, ...]
    scales: tuple[str, ...]
    planned: dict[str, Any]
    not_varied: dict[str, str]


def headline_estimator(n_pre: int, sdid_minimum_pre: int) -> str:
    """Select the estimator of a panel's headline by the plan's rule, in the words of the grid.

    Examples
    --------
    >>> headline_estimator(5, 5)
    'synthetic difference-in-differences'
    """
    return WEIGHTED if n_pre >= sdid_minimum_pre else PLAIN


def grid_plan(case: CasePlan, name: str = "grid") -> GridPlan:
    """Read and check the specification grid of a case; `name` is its field in the plan.

    Raises
    ------
    PlanError
        If a field is missing or unknown, or an option is not allowed.
    """
    where, raw = f"plan.yml: {case.case_id}.{name}", case.raw.get(name, {})
    for key in raw:
        if key not in GRID_KEYS:
            raise PlanError(f"{where}: {key!r} is not a field; allowed: {', '.join(sorted(GRID_KEYS))}")
    for key in ("outcomes", "years", "starts", "windows", "comparisons", "estimators", "planned"):
        if key not in raw:
            raise PlanError(f"{where}: {key!r} is missing")
    for key, kind in SHAPES.items():
        if key in raw and not isinstance(raw[key], kind):
            allowed = "a list" if kind is list else "fields with values"
            raise PlanError(f"{where}.{key}: found {raw[key]!r}; allowed: {allowed}")
    for label, years in (("years", raw["years"]), *((f"windows.{k}", v) for k, v in raw["windows"].items())):
        if not isinstance(years, list) or not all(type(year) is int for year in years):
            raise PlanError(f"{where}.{label}: found {years!r}; allowed: a list of whole years")
    grid = GridPlan(
        outcomes=dict(raw["outcomes"]), years=tuple(raw["years"]),
        first_years=dict(raw.get("first_years", {})), starts=tuple(raw["starts"]),
        before=tuple(raw.get("before", ["all"])), windows={k: tuple(v) for k, v in raw["windows"].items()},
        comparisons={k: dict(v or {}) for k, v in raw["comparisons"].items()},
        weights=tuple(raw.get("weights", ["equal"])), estimators=tuple(raw["estimators"]),
        scales=tuple(raw.get("scales", ["points"])), planned=dict(raw["planned"]),
        not_varied=dict(raw.get("not_varied", {})),
    )  # fmt: skip
    _check_options(where, grid, case)
    return grid


def _check_options(where: str, grid: GridPlan, case: CasePlan) -> None:
    for name, options, allowed in (
        ("outcomes", grid.outcomes.values(), case.panels),
        ("before", grid.before, BEFORE),
        ("weights", grid.weights, WEIGHTS),
        ("estimators", grid.estimators, ESTIMATORS),
        ("scales", grid.scales, SCALES),
        ("planned", grid.planned, DIMENSIONS),
    ):
        for option in options:
            if option not in allowed:
                raise PlanError(f"{where}.{name}: {option!r} is not allowed; allowed: {', '.join(allowed)}")
    for label, rule in grid.comparisons.items():
        for key in rule:
            if key not in COMPARISON_KEYS:
                allowed_keys = ", ".join(sorted(COMPARISON_KEYS))
                raise PlanError(
                    f"{where}.comparisons.{label}: {key!r} is not a rule; allowed: {allowed_keys}"
                )


def grid_settings(grid: GridPlan, case: CasePlan) -> Iterator[tuple[dict[str, Any], PanelPlan]]:
    """Yield the choices other than estimator and scale, each with the plan of its panel."""
    for outcome, start, before, window, comparison, weights in product(
        grid.outcomes, grid.starts, grid.before, grid.windows, grid.comparisons, grid.weights
    ):
        first = grid.first_years.get(outcome, 0)
        pre = tuple(year for year in grid.years if first <= year < start)
        post = tuple(year for year in grid.windows[window] if year >= max(start, first))
        pre = pre[-1:] if before == "last" else pre
        if not pre or not post:
            continue
        rule = grid.comparisons[comparison]
        base = case.panels[grid.outcomes[outcome]]
        exclude = dict(rule["exclude"] or {}) if "exclude" in rule else base.exclude
        plan = replace(
            base, pre=pre, post=post, exclude=exclude, place_weights=WEIGHTS[weights], start_margin=None,
            leave_out_started=rule.get("leave_out_started", base.leave_out_started),
        )  # fmt: skip
        yield {
            "outcome": outcome, "start": start, "before": before, "window": window, "comparison": comparison,
            "weights": weights,
        }, plan  # fmt: skip
