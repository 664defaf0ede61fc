"""Read the analysis plan of a release as checked, frozen objects."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from leadership_effects.data.release import Release
from leadership_effects.errors import LeadershipError

PANEL_KEYS = {
    "indicator", "unit_type", "treated", "pre", "post", "donors", "exclude", "place_by", "place_weights",
    "treated_name", "treated_weights", "start_at_most_above_treated", "name_contains", "leave_out_started",
}  # fmt: skip
CASE_KEYS = {
    "treated_unit", "first_treated_year", "first_treated_reason", "primary", "primary_reason", "panels", "gaps",
    "family", "family_long", "base_years", "detectability_only", "grid", "grid_counties",
}  # fmt: skip
GAP_KEYS = {"indicator", "treated", "comparator", "pre", "post", "role"}
ALLOWED = {
    "place_by": ("", "parent"), "place_weights": ("", "population"), "treated_weights": ("", "pupils"),
    "leave_out_started": ("", "first placement"),
    "role": ("outcome", "negative_control"),
}  # fmt: skip


class PlanError(LeadershipError, ValueError):
    """The plan asks for something that the release or the analysis standard does not allow."""


@dataclass(frozen=True)
class PanelPlan:
    """What one panel of a case is made of.

    Attributes
    ----------
    case_id, name : str
        The case and the panel's key in the plan.
    indicators, unit_types : tuple of str
        Indicators and unit types whose rows form the panel; more than one where the treated unit and the
        donors are published under different codes of one definition.
    treated : tuple of str
        Names of the treated units; several are averaged into one.
    pre, post : tuple of int
        Pre-period and post-period years.
    donors : str
        Description of the comparison set.
    exclude : dict of str to str
        Left-out units, or places where `place_by` groups units into them, with the reason.
    place_by : str
        ``"parent"`` if units are grouped into their parent places, else empty.
    place_weights : str
        ``"population"`` to weight units within a place, else empty (equal weights).
    treated_name, treated_weights : str
        Display name of a block of treated units and ``"pupils"`` to weight it by pupils.
    start_margin : float or None
        Donors may start at most this far above the treated unit in the first pre-period.
    name_contains : str
        Only units whose name holds this text.
    leave_out_started : str
        Measure of table `starts`, such as ``"first placement"``: donors where it lies at or before the last year of the
        panel leave, and so do those with rows of that table but none of the measure. Empty to keep all.
    """

    case_id: str
    name: str
    indicators: tuple[str, ...]
    unit_types: tuple[str, ...]
    treated: tuple[str, ...]
    pre: tuple[int, ...]
    post: tuple[int, ...]
    donors: str = ""
    exclude: dict[str, str] = field(default_factory=dict)
    place_by: str = ""
    place_weights: str = ""
    treated_name: str = ""
    treated_weights: str = ""
    start_margin: float | None = None
    name_contains: str = ""
    leave_out_started: str = ""

    @property
    def key(self) -> str:
        """Return the name of the panel among all cases."""
        return f"{self.case_id}.{self.name}"

    @property
    def label(self) -> str:
        """Return the display name of the treated unit."""
        return self.treated_name or ", ".join(self.treated)


@dataclass(frozen=True)
class GapPlan:
    """An interrupted series: one treated series less one comparator, by year."""

    case_id: str
    name: str
    indicator: str
    treated: str
    comparator: str
    pre: tuple[int, ...]
    post: tuple[int, ...]
    role: str = "outcome"

    @property
    def key(self) -> str:
        """Return the name of the series among all cases."""
        return f"{self.case_id}.{self.name}"


@dataclass(frozen=True)
class CasePlan:
    """The plan of one case: its panels, gaps, primary indicators and reasons."""

    case_id: str
    treated_unit: str
    first_treated_year: int | None
    first_treated_reason: str
    primary: tuple[str, ...]
    panels: dict[str, PanelPlan]
    gaps: dict[str, GapPlan]
    raw: dict[str, Any] = field(repr=False)


def _tuple(value: Any) -> tuple[Any, ...]:
    return tuple(value) if isinstance(value, list) else (value,)


def _panel(case_id: str, name: str, raw: dict[str, Any]) -> PanelPlan:
    where = f"plan.yml: {case_id}.panels.{name}"
    check_keys(where, raw, PANEL_KEYS, ("indicator", "unit_type", "treated", "pre", "post"), ALLOWED)
    _check_years(where, raw)
    if raw.get("place_weights") and not raw.get("place_by"):
        raise PlanError(f"{where}: place_weights has no effect without place_by")
    if not raw["pre"]:
        raise PlanError(f"{where}: pre is empty; a panel needs one pre-period at least")
    return PanelPlan(
        case_id=case_id, name=name, indicators=_tuple(raw["indicator"]), unit_types=_tuple(raw["unit_type"]),
        treated=_tuple(raw["treated"]), pre=tuple(raw["pre"]), post=tuple(raw["post"]),
        donors=raw.get("donors", ""), exclude=dict(raw.get("exclude") or {}), place_by=raw.get("place_by", ""),
        place_weights=raw.get("place_weights", ""), treated_name=raw.get("treated_name", ""),
        treated_weights=raw.get("treated_weights", ""), start_margin=raw.get("start_at_most_above_treated"),
        name_contains=raw.get("name_contains", ""), leave_out_started=raw.get("leave_out_started", ""),
    )  # fmt: skip


def _gap(case_id: str, name: str, raw: dict[str, Any]) -> GapPlan:
    where = f"plan.yml: {case_id}.gaps.{name}"
    check_keys(where, raw, GAP_KEYS, ("indicator", "treated", "comparator", "pre", "post"), ALLOWED)
    _check_years(where, raw)
    return GapPlan(
        case_id, name, raw["indicator"], raw["treated"], raw["comparator"], tuple(raw["pre"]), tuple(raw["post"]),
        raw.get("role", "outcome"),
    )  # fmt: skip


def check_keys(
    where: str,
    raw: Any,
    allowed: Collection[str],
    needed: Collection[str],
    choices: Mapping[str, Collection[str]],
) -> None:
    """Refuse fields of the plan that are unknown, missing or hold no allowed value.

    Parameters
    ----------
    where : str
        File and place in the plan, as the error names it.
    raw : dict
    allowed, needed : collection of str
        Fields that may and must be there.
    choices : dict
        For a field, the values that it may have.

    Raises
    ------
    PlanError
        Saying what was found and what is allowed.
    """
    if not isinstance(raw, dict):
        raise PlanError(f"{where}: must hold fields with values, found {raw!r}")
    for key in raw:
        if key not in allowed:
            raise PlanError(f"{where}: {key!r} is not a field; allowed: {', '.join(sorted(allowed))}")
    for key in needed:
        if key not in raw:
            raise PlanError(f"{where}: {key!r} is missing; needed: {', '.join(needed)}")
    for key, values in choices.items():
        if key in raw and raw[key] not in values:
            raise PlanError(f"{where}: {key} is {raw[key]!r}; allowed: {', '.join(filter(None, values))}")


def _check_mapping(where: str, value: Any) -> None:
    if not isinstance(value, dict):
        raise PlanError(f"{where}: must hold fields with values, found {value!r}")


def _check_years(where: str, raw: dict[str, Any]) -> None:
    for side in ("pre", "post"):
        years = raw[side]
        if not isinstance(years, list) or not all(type(year) is int for year in years):
            raise PlanError(f"{where}: {side} must be a list of whole years, found {raw[side]!r}")
        if sorted(set(raw[side])) != list(raw[side]):
            raise PlanError(f"{where}: {side} must rise without repeats, found {raw[side]}")
    if not raw["post"]:
        raise PlanError(f"{where}: post is empty; a comparison needs one post-period at least")
    if raw["pre"] and raw["pre"][-1] >= raw["post"][0]:
        last, first = raw["pre"][-1], raw["post"][0]
        raise PlanError(f"{where}: last pre-period {last} is not before first post-period {first}")


def case_plan(release: Release, case_id: str) -> CasePlan:
    """Read the plan of one case; check its fields, years and the names of primary panels.

    Raises
    ------
    PlanError
        If the case is not in the plan or a field is missing, unknown or inconsistent.

    Examples
    --------
    >>> from leadership_effects.data.release import open_release
    >>> case_plan(open_release("2026.1"), "latvia").primary
    ('mathematics',)
    """
    cases = release.plan["cases"]
    if case_id not in cases:
        raise PlanError(f"plan.yml: no case {case_id!r}; there are {', '.join(cases)}")
    return read_case_plan(case_id, cases[case_id])


def read_case_plan(case_id: str, raw: dict[str, Any]) -> CasePlan:
    """Read the entry of a case in a plan, as `case_plan` does.

    Raises
    ------
    PlanError
        If a field is missing, unknown or inconsistent.
    """
    check_keys(
        f"plan.yml: {case_id}", raw, CASE_KEYS,
        ("treated_unit", "first_treated_year", "first_treated_reason", "primary", "panels"), ALLOWED,
    )  # fmt: skip
    for key in ("panels", "gaps"):
        _check_mapping(f"plan.yml: {case_id}.{key}", raw.get(key, {}))
    start, primary = raw["first_treated_year"], raw["primary"]
    if start is not None and type(start) is not int:
        raise PlanError(
            f"plan.yml: {case_id}.first_treated_year: found {start!r}; allowed: a year in digits, or null"
        )
    if not isinstance(primary, list) or len(set(map(str, primary))) < len(primary):
        raise PlanError(
            f"plan.yml: {case_id}.primary: found {primary!r}; allowed: a list of panels, each once"
        )
    panels = {name: _panel(case_id, name, panel) for name, panel in raw["panels"].items()}
    for name in primary:
        if name not in panels:
            raise PlanError(
                f"plan.yml: {case_id}.primary: {name!r} is no panel; there are {', '.join(panels)}"
            )
    gaps = {name: _gap(case_id, name, gap) for name, gap in raw.get("gaps", {}).items()}
    return CasePlan(
        case_id, raw["treated_unit"], raw["first_treated_year"], raw["first_treated_reason"],
        tuple(raw["primary"]), panels, gaps, raw,
    )  # fmt: skip
