"""Read designs of many places, and the variants of their sensitivity rows, from a plan."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import Any

from leadership_effects.data.plan import PlanError, check_keys
from leadership_effects.data.release import Release
from leadership_effects.data.staggered.starts import PLACEMENT

SCHEMES = ("all places", "thirds of level", "groups")
ROLES = ("headline", "second", "support", "added")
JUDGED = ("headline", "added")  # roles that are given a verdict
NEEDED = ("title", "role", "panel", "unit_type", "indicators", "waves", "minimum")
# Fields that a design needs which came when the results of the others were known.
NEEDED_LATER = (*NEEDED, "question", "dated", "reason", "places", "measured")
FIELDS = {
    *NEEDED_LATER, "combine", "scale", "first_waves", "starts", "years_after", "level", "groups", "schemes",
    "left_out", "treated", "never", "always", "late", "too_few_waves", "sensitivity", "grid",
}  # fmt: skip
VARIES = {
    "panel", "indicators", "combine", "scale", "waves", "years_after", "minimum", "level", "basis", "restore", "restart",
    "leave_out", "as_never", "leave_out_notes", "weights", "drop_first_wave", "also",
}  # fmt: skip
MAPPINGS = (
    "minimum",
    "first_waves",
    "starts",
    "level",
    "groups",
    "schemes",
    "left_out",
    "treated",
    "always",
    "places",
    "sensitivity",
    "grid",
)
LISTS = ("indicators", "waves", "never")
ALLOWED = {
    "role": ROLES,
    "combine": ("mean", "stack"),
    "scale": ("pupil SD", "unit"),
    "weights": ("", "standard_error"),
}


@dataclass(frozen=True)
class Minimum:
    """Fewest observed waves of a place: in all, before its first treated wave, and from it on."""

    waves: int
    before: int
    after: int


@dataclass(frozen=True)
class Design:
    """A design of many places with different starts.

    Attributes
    ----------
    name, title, question : str
    role : str
        One of `ROLES`; a verdict is given to those of `JUDGED`. One that is ``added`` came when the results of the others were
        known, and is in no count across them.
    panel : str
        Outcome file.
    unit_type : str
    indicators : tuple of str
        Series of the outcome.
    combine : str
        ``"mean"`` of the indicators in a wave that all of them have, or ``"stack"`` with effects of place by series and of
        wave by series.
    scale : str
        ``"pupil SD"``, or ``"unit"`` of the indicator.
    waves : tuple of int
    first_waves : dict of str to int
        First comparable wave of an indicator, where it is not the first of all.
    measure, organisation : str
        Which rows of table `starts` date the start.
    years_after : int
        The first treated wave is the first one at least so many years after the first placement.
    minimum : Minimum
    level_waves : tuple of int
        Waves outside the outcome whose place effects are the starting level; empty for a place's first observed wave.
    group_name : str
    groups : dict of str to str
        Group of each code.
    schemes : dict of str to str
        Permutation scheme of the plain and of the adjusted estimate, and one beside them.
    left_out : dict of str to str
        Codes with the reason.
    treated, always : dict of str to int
        First treated wave by code, as the plan prints it; checked against the rows for the design itself.
    never : tuple of str
    sensitivity : dict of str to dict
        Changed fields by row of the sensitivity table.
    grid : dict
        Choices of the specification curve.
    variant : str
        Key of the sensitivity row; empty for the design itself.
    basis : tuple of str
        Only starts with such a basis; places with another are left out.
    restore, restart : dict of str to int
        First treated wave given by the plan: of a place otherwise left out, or in place of the one by rule.
    as_never : tuple of str
    weights : str
        ``"standard_error"`` to weight a cell by the inverse of its sampling variance.
    drop_first_wave : bool
        Leave each place's first observed wave out of the outcome.
    also : dict of str to str
        Further indicators that continue a series.
    leave_out_notes : tuple of str
        Cells whose note is one of these are left out.
    one, many : str
        What a place is called, such as ``country`` and ``countries``.
    measured : str
        What is measured, and where, in the subtitles of charts; empty for the title.
    dated, reason : str
        Day on which an added design was planned, and why it is in no count.
    """

    name: str
    title: str
    question: str
    role: str
    panel: str
    unit_type: str
    indicators: tuple[str, ...]
    combine: str
    scale: str
    waves: tuple[int, ...]
    first_waves: dict[str, int]
    measure: str
    organisation: str
    years_after: int
    minimum: Minimum
    level_waves: tuple[int, ...]
    group_name: str
    groups: dict[str, str]
    schemes: dict[str, str]
    left_out: dict[str, str]
    treated: dict[str, int]
    never: tuple[str, ...]
    always: dict[str, int]
    sensitivity: dict[str, dict[str, Any]] = field(repr=False)
    grid: dict[str, Any] = field(repr=False)
    variant: str = ""
    basis: tuple[str, ...] = ()
    restore: dict[str, int] = field(default_factory=dict)
    restart: dict[str, int] = field(default_factory=dict)
    as_never: tuple[str, ...] = ()
    weights: str = ""
    drop_first_wave: bool = False
    also: dict[str, str] = field(default_factory=dict)
    leave_out_notes: tuple[str, ...] = ()
    one: str = "place"
    many: str = "places"
    measured: str = ""
    dated: str = ""
    reason: str = ""

    @property
    def judged(self) -> bool:
        """Return whether the design is given a verdict."""
        return self.role in JUDGED and self.scale == "pupil SD"

    @property
    def key(self) -> str:
        """Return the name of the design, with that of its variant."""
        return f"{self.name}.{self.variant}" if self.variant else self.name


def many_places_plan(release: Release) -> dict[str, Any]:
    """Return the section ``many_places`` of the plan.

    Raises
    ------
    PlanError
        If the plan has none; it came with release 2026.5.
    """
    if "many_places" not in release.plan:
        raise PlanError(f"plan.yml of {release.name}: no field 'many_places'; it came with release 2026.5")
    section: dict[str, Any] = release.plan["many_places"]
    return section


def design_names(release: Release, role: str = "") -> tuple[str, ...]:
    """List the designs of the plan, of one role or of all."""
    designs = many_places_plan(release)["designs"]
    return tuple(name for name, raw in designs.items() if not role or raw["role"] == role)


def read_design(release: Release, name: str) -> Design:
    """Read and check one design of the plan.

    Raises
    ------
    PlanError
        If the design is not in the plan, or a field is missing, unknown or has a value that is not allowed.
    """
    designs = many_places_plan(release)["designs"]
    if name not in designs:
        raise PlanError(f"plan.yml: no design {name!r}; there are {', '.join(designs)}")
    return design_from(name, designs[name])


def design_from(name: str, raw: dict[str, Any]) -> Design:
    """Read and check a design from its fields.

    Parameters
    ----------
    name : str
    raw : dict
        As under ``many_places.designs`` of the plan.

    Raises
    ------
    PlanError
        If a field is missing, unknown or has a value that is not allowed.
    """
    where = f"plan.yml: many_places.designs.{name}"
    later = isinstance(raw, dict) and raw.get("role") == ROLES[-1]
    check_keys(where, raw, FIELDS, NEEDED_LATER if later else NEEDED, ALLOWED)
    _check_forms(where, raw)
    if later:
        _check_later(where, raw)
    starts, groups = dict(raw.get("starts") or {}), dict(raw.get("groups") or {})
    for key in starts:
        if key not in ("measure", "organisation"):
            raise PlanError(f"{where}.starts: {key!r} is not a field; allowed: measure, organisation")
    for use, scheme in dict(raw.get("schemes") or {}).items():
        if scheme not in SCHEMES:
            raise PlanError(f"{where}.schemes.{use}: {scheme!r}; allowed: {', '.join(SCHEMES)}")
    for key, change in dict(raw.get("sensitivity") or {}).items():
        check_keys(f"{where}.sensitivity.{key}", change, VARIES, (), ALLOWED)
    return Design(
        name=name, title=raw["title"], question=raw.get("question", ""), role=raw["role"], panel=raw["panel"],
        unit_type=raw["unit_type"], indicators=tuple(raw["indicators"]), combine=raw.get("combine", "stack"),
        scale=raw.get("scale", "unit"), waves=_waves(where, raw["waves"]), first_waves=dict(raw.get("first_waves") or {}),
        measure=starts.get("measure", PLACEMENT), organisation=starts.get("organisation", ""),
        years_after=int(raw.get("years_after", 1)), minimum=_minimum(where, raw["minimum"]),
        level_waves=_level(where, raw.get("level")), group_name=groups.get("name", ""),
        groups={str(code): group for group, codes in dict(groups.get("of") or {}).items() for code in codes},
        schemes=dict(raw.get("schemes") or {"plain": "all places"}),
        left_out={str(code): reason for code, reason in dict(raw.get("left_out") or {}).items()},
        treated={str(code): int(wave) for code, wave in dict(raw.get("treated") or {}).items()},
        never=tuple(map(str, raw.get("never") or ())),
        always={str(code): int(wave) for code, wave in dict(raw.get("always") or {}).items()},
        sensitivity=dict(raw.get("sensitivity") or {}), grid=dict(raw.get("grid") or {}),
        measured=raw.get("measured", ""), dated=str(raw.get("dated", "")), reason=raw.get("reason", ""), **dict(raw.get("places") or {}),
    )  # fmt: skip


def _check_forms(where: str, raw: dict[str, Any]) -> None:
    """Refuse text where the plan has a list or fields with values."""
    for kind, names, words in ((dict, MAPPINGS, "fields with values"), (list, LISTS, "a list")):
        for name in names:
            if raw.get(name) is not None and not isinstance(raw[name], kind):
                raise PlanError(f"{where}.{name}: found {raw[name]!r}; allowed: {words}")
    for name, parts in (
        ("groups", {"of": dict(raw.get("groups") or {}).get("of")}),
        ("sensitivity", raw.get("sensitivity") or {}),
    ):
        for part, value in parts.items():
            if value is not None and not isinstance(value, dict):
                raise PlanError(f"{where}.{name}.{part}: found {value!r}; allowed: fields with values")
    for part in raw.get("places") or ():
        if part not in ("one", "many"):
            raise PlanError(f"{where}.places: {part!r} is not a field; allowed: one, many")
    for name in ("treated", "always"):
        for code, wave in dict(raw.get(name) or {}).items():
            if type(wave) is not int:
                raise PlanError(
                    f"{where}.{name}.{code}: found {wave!r}; allowed: a first treated wave, such as 2009"
                )


def _check_later(where: str, raw: dict[str, Any]) -> None:
    """Refuse an added design without its day, names of places or permutation schemes."""
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", str(raw["dated"])):
        raise PlanError(f"{where}.dated: found {raw['dated']!r}; allowed: the day of the plan, YYYY-MM-DD")
    for name, parts in (("places", {"one", "many"}), ("schemes", {"plain", "adjusted"})):
        if lacking := sorted(parts - set(raw.get(name) or {})):
            raise PlanError(
                f"{where}.{name}: {', '.join(lacking)} is missing; allowed: {', '.join(sorted(parts))}"
            )


def design_variant(design: Design, key: str, change: dict[str, Any] | None = None) -> Design:
    """Change the fields of a design that a sensitivity row or a specification cell names.

    Parameters
    ----------
    design : Design
    key : str
        Key of the row.
    change : dict, optional
        The changed fields; those of the plan's sensitivity row if left out.

    Raises
    ------
    PlanError
        If there is no such row, or a field cannot be varied.
    """
    where = f"plan.yml: many_places.designs.{design.name}.sensitivity"
    if change is None:
        if key not in design.sensitivity:
            raise PlanError(f"{where}: no row {key!r}; there are {', '.join(design.sensitivity)}")
        change = design.sensitivity[key]
    check_keys(f"{where}.{key}", change, VARIES, (), ALLOWED)
    fields: dict[str, Any] = {"variant": key}
    for name, value in change.items():
        match name:
            case "waves":
                fields["waves"] = _waves(f"{where}.{key}", value)
            case "minimum":
                fields["minimum"] = _minimum(f"{where}.{key}", value)
            case "level":
                fields["level_waves"] = _level(f"{where}.{key}", value)
            case "leave_out":
                fields["left_out"] = design.left_out | dict(value)
            case "indicators" | "basis" | "as_never" | "leave_out_notes":
                fields[name] = tuple(value)
            case _:
                fields[name] = value
    if "restore" in fields:
        kept = fields.get("left_out", design.left_out)
        fields["left_out"] = {code: reason for code, reason in kept.items() if code not in fields["restore"]}
    if len(fields.get("waves", design.waves)) < fields.get("minimum", design.minimum).waves:
        fields["minimum"] = replace(
            fields.get("minimum", design.minimum), waves=len(fields.get("waves", design.waves))
        )
    return replace(design, **fields)


def _waves(where: str, waves: Any) -> tuple[int, ...]:
    if not isinstance(waves, list) or not waves or not all(type(wave) is int for wave in waves):
        raise PlanError(f"{where}: waves must be a list of whole years, found {waves!r}")
    if sorted(set(waves)) != waves:
        raise PlanError(f"{where}: waves must rise without repeats, found {waves}")
    return tuple(waves)


def _minimum(where: str, raw: Any) -> Minimum:
    if not isinstance(raw, dict) or set(raw) != {"waves", "before", "after"}:
        raise PlanError(f"{where}: minimum must hold waves, before and after, found {raw!r}")
    if not all(type(number) is int for number in raw.values()):
        raise PlanError(f"{where}: minimum must hold whole numbers, found {raw!r}")
    if raw["before"] < 1 or raw["after"] < 1:
        raise PlanError(
            f"{where}: minimum asks for {raw['before']} waves before and {raw['after']} after; one of each is needed"
        )
    return Minimum(int(raw["waves"]), int(raw["before"]), int(raw["after"]))


def _level(where: str, raw: Any) -> tuple[int, ...]:
    if raw is None or raw["waves"] == "first":
        return ()
    return _waves(f"{where}.level", raw["waves"])
