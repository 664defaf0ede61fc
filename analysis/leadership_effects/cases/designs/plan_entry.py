"""Write the plan entry of a begun design: from a known panel, the rest to be filled."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from leadership_effects.cases.near_names import refuse_near_name
from leadership_effects.cases.plan_entry import break_years, panels_of
from leadership_effects.cases.worksheets import DESIGN, FILL, CaseError
from leadership_effects.data.panels import PanelError
from leadership_effects.data.plan import PlanError
from leadership_effects.data.release import Release
from leadership_effects.data.rows import read_rows
from leadership_effects.data.staggered.design import Design, design_from
from leadership_effects.data.staggered.panel import STATUS, StaggeredPanel, build_staggered
from leadership_effects.data.staggered.starts import PLACEMENT, StartError
from leadership_effects.effects.staggered.imputation import ADJUSTED, ImputationError, usable
from leadership_effects.effects.staggered.paths import permutable
from leadership_effects.effects.staggered.variation.anatomy import identified

REASON = "Added after the results of the designs of many places were known; it is in no count across them."
# What an author is asked where the rows do not hold it.
ASKED = {
    "question": "one question that the estimate answers, with a question mark",
    "dated": "the day of this plan, YYYY-MM-DD, before any estimate is looked at",
    "measured": "what is measured and where, in a few words for the subtitles of charts, such as PISA in three subjects, countries",
    "indicators": "a list of indicator_ids of indicators.csv, such as [one_mathematics]",
    "waves": "a list of the years of the outcome, rising, such as [2003, 2006, 2009]",
    "treated": "first treated wave by code, such as {XA: 2006, XB: 2009}",
    "never": "a list of the codes that never began, such as [XC, XD]",
    "groups": "fields name and of, such as {name: region, of: {North: [XA, XC], South: [XB, XD]}}, or take this line out",
}


@dataclass(frozen=True)
class DesignRequest:
    """What an author asks for.

    Attributes
    ----------
    name, title : str
        Id and title of the design.
    panel : str
        Panel that holds the outcomes; one that the release lacks gets worksheets of its own.
    unit_type : str
        Kind of its units; empty for the one that most units with a code are of.
    indicators : tuple of str
        Series of the outcome; empty for all of the panel that such units have.
    organisation : str
        Whose starts are counted; empty for everybody's.
    one, many : str
        What a place is called; empty for the kind of unit.
    scale : str
        ``"pupil SD"`` or ``"unit"``; empty for pupil SD where every series has one.
    """

    name: str
    title: str
    panel: str
    unit_type: str = ""
    indicators: tuple[str, ...] = ()
    organisation: str = ""
    one: str = ""
    many: str = ""
    scale: str = ""

    def in_release(self, release: Release) -> bool:
        """Return whether its panel is one of the release."""
        return self.panel in panels_of(release)


def design_entry(release: Release, asked: DesignRequest) -> dict[str, Any]:
    """Return the entry of the plan, filled from the rows of a known panel; the rest is asked.

    Raises
    ------
    CaseError
        If the panel is no panel, or holds no such kind of unit or series; the message says what is allowed.
    """
    refuse_near_name(
        "--organisation", asked.organisation, (row["organisation"] for row in read_rows(release, "starts"))
    )
    if not asked.in_release(release):
        if asked.panel != asked.name:
            known = ", ".join(panels_of(release))
            refuse_near_name("--panel", asked.panel, panels_of(release))
            raise CaseError(f"no panel {asked.panel!r}; allowed: {known}, or none for a panel of its own")
        entry = _entry(asked, asked.unit_type or f"{FILL} a unit_type of units.csv", {})
        return _without_blank(entry)
    kind, years = _series(release, asked)
    titles = {row["indicator_id"]: row for row in read_rows(release, "indicators")}
    waves = sorted({year for own in years.values() for year in own})
    last_break = max(break_years(release, *years), default=0)
    waves = [year for year in waves if year >= last_break] or waves
    spread = all(titles[name]["pupil_sd"] for name in years)
    entry = _entry(
        asked, kind,
        {
            "indicators": list(years), "waves": waves, "scale": asked.scale or ("pupil SD" if spread else "unit"),
            "measured": f"{titles[next(iter(years))]['title']}, {asked.many or _plural(kind)}" if len(years) == 1 else f"{FILL} {ASKED['measured']}",
            "first_waves": _first_waves(release, asked.panel, years),
        },
    )  # fmt: skip
    entry |= _places(release, asked.name, entry)
    return _without_blank(entry)


def _without_blank(entry: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in entry.items() if name != "always" or value}


def _series(release: Release, asked: DesignRequest) -> tuple[str, dict[str, list[int]]]:
    """Return the kind of unit and the years of each series among units with a code."""
    rows = release.outcomes(asked.panel)
    rows = rows[rows["code"] != ""]
    if rows.empty:
        raise CaseError(f"panel {asked.panel} holds no unit with a code, by which starts are matched")
    counts = rows.groupby("unit_type")["code"].nunique().sort_values(ascending=False, kind="stable")
    kind = asked.unit_type or str(counts.index[0])
    if kind not in counts:
        refuse_near_name("--unit-type", kind, counts.index)
        raise CaseError(
            f"panel {asked.panel} holds no unit of type {kind!r} with a code; allowed with --unit-type: {', '.join(counts.index)}"
        )
    rows = rows[rows["unit_type"] == kind]
    found = {
        str(name): sorted({int(year) for year in own["year"]}) for name, own in rows.groupby("indicator_id")
    }
    for name in asked.indicators:
        if name not in found:
            refuse_near_name("--indicator", name, found)
            raise CaseError(
                f"panel {asked.panel} holds no {name!r} of {kind}; allowed with --indicator: {', '.join(found)}"
            )
    return kind, {name: found[name] for name in asked.indicators or found}


def _first_waves(release: Release, panel: str, series: dict[str, list[int]]) -> dict[str, int]:
    """Return the first comparable waves that other designs of the panel give to its series."""
    known: dict[str, int] = {}
    for held in DESIGN.entries(release.plan).values():
        known |= (held.get("first_waves") or {}) if held["panel"] == panel else {}
    return {name: known[name] for name, years in series.items() if known.get(name, 0) > years[0]}


def _plural(kind: str) -> str:
    word = kind.replace("_", " ")
    if word.endswith("y"):
        return f"{word[:-1]}ies"
    return f"{word}es" if word.endswith(("s", "sh", "ch", "x")) else f"{word}s"


def _entry(asked: DesignRequest, kind: str, known: dict[str, Any]) -> dict[str, Any]:
    """Return the fields of an entry in the order of the plan."""
    named = not kind.startswith(FILL)
    one = asked.one or (
        kind.replace("_", " ") if named else f"{FILL} what one unit is called, such as country"
    )
    many = asked.many or (_plural(kind) if named else f"{FILL} the same of several, such as countries")
    waves, series = known.get("waves", []), known.get("indicators", [])
    fill = {name: f"{FILL} {words}" for name, words in ASKED.items()}
    return {
        "title": asked.title, "question": fill["question"], "role": "added", "dated": fill["dated"], "reason": REASON,
        "places": {"one": one, "many": many}, "measured": known.get("measured", fill["measured"]), "panel": asked.panel,
        "unit_type": kind, "indicators": series or fill["indicators"], "combine": "stack",
        "scale": known.get("scale", asked.scale or "pupil SD"), "waves": waves or fill["waves"],
        "starts": {"measure": PLACEMENT} | ({"organisation": asked.organisation} if asked.organisation else {}),
        "years_after": 1, "minimum": {"waves": min(3, len(waves) or 3), "before": 1, "after": 1},
        **({"first_waves": known["first_waves"]} if known.get("first_waves") else {}),
        "level": {"waves": "first", "reason": f"{FILL} why the level is that of the first wave, or give waves outside the outcome"},
        "groups": fill["groups"], "schemes": {"plain": "all places", "adjusted": "thirds of level"}, "left_out": {},
        "treated": fill["treated"], "never": fill["never"], "always": {},
        "sensitivity": _sensitivity(series), "grid": _grid(series, waves),
    }  # fmt: skip


def _sensitivity(series: list[str]) -> dict[str, dict[str, Any]]:
    each = {name: {"indicators": [name]} for name in series} if len(series) > 1 else {}
    return each | {
        "after_four_years": {"years_after": 4}, "stated_only": {"basis": ["stated"]}, "one_year_earlier": {"years_after": 0},
        "one_year_later": {"years_after": 2},
    }  # fmt: skip


def _grid(series: list[str], waves: list[int]) -> dict[str, Any]:
    outcomes: dict[str, Any] = {"as planned": {}}
    outcomes |= {name.replace("_", " "): {"indicators": [name]} for name in series} if len(series) > 1 else {}
    windows: dict[str, Any] = {"all waves": {}}
    if len(waves) > 3:
        windows["without the last wave"] = {"waves": waves[:-1]}
    return {
        "outcomes": outcomes, "windows": windows, "delays": {"first wave after": {}, "four years after": {"years_after": 4}},
        "dates": {"all": {}, "stated": {"basis": ["stated"]}}, "terms": ["none", "level"],
    }  # fmt: skip


def _places(release: Release, name: str, entry: dict[str, Any]) -> dict[str, Any]:
    """Return the places by status that the rows give, and another design's groups that fit."""
    try:
        panel = build_staggered(release, bare_design(name, entry))
    except (PlanError, PanelError, StartError):
        return {}
    found: dict[str, Any] = listed(panel)
    for other, held in DESIGN.entries(release.plan).items():
        groups = held.get("groups") or {}
        known = {code: group for group, codes in (groups.get("of") or {}).items() for code in codes}
        if held["unit_type"] != entry["unit_type"] or not set(panel.places) <= set(known):
            continue
        if unidentified(release, bare_design(name, entry | {"groups": groups})):
            asked = f"{ASKED['groups']}; those of {other} leave a group without a unit that has not begun, in some wave"
            return found | {"groups": f"{FILL} {asked}"}
        of = {
            group: [code for code in codes if code in panel.places] for group, codes in groups["of"].items()
        }
        kept = {group: codes for group, codes in of.items() if codes}
        grid = entry["grid"] | {"terms": [*entry["grid"]["terms"], "level and group"]}
        schemes = entry["schemes"] | {"beside": "groups"}
        return found | {"groups": {"name": groups["name"], "of": kept}, "schemes": schemes, "grid": grid}
    return found


def bare_design(name: str, entry: dict[str, Any]) -> Design:
    """Return a design without the lists of its plan and without what is to be filled.

    Raises
    ------
    PlanError
        If a field that the rows are read by is not filled, or not allowed.
    """
    needed = (
        "title",
        "panel",
        "unit_type",
        "indicators",
        "combine",
        "scale",
        "waves",
        "starts",
        "years_after",
        "minimum",
        "first_waves",
        "groups",
        "schemes",
        "left_out",
    )
    kept = {key: entry[key] for key in needed if key in entry and not str(entry[key]).startswith(FILL)}
    return design_from(name, kept | {"role": "support"})


def listed(panel: StaggeredPanel) -> dict[str, Any]:
    """Return the first treated waves and the lists that the plan of a panel prints."""
    register = panel.register
    by_status = {status: register[register["status"] == status] for status in STATUS}
    waves = {
        status: {str(code): int(wave) for code, wave in zip(own["code"], own["first_wave"], strict=True)}
        for status, own in by_status.items()
        if status in (STATUS[0], STATUS[2])
    }
    return {
        "treated": waves[STATUS[0]],
        "never": sorted(map(str, by_status[STATUS[1]]["code"])),
        "always": waves[STATUS[2]],
    }


def unidentified(release: Release, design: Design) -> bool:
    """Return whether the actual starts leave a group without an untreated place in some wave.

    Raises
    ------
    PanelError
        If the rows cannot form the design.
    """
    if not design.groups:
        return False
    try:
        panel = permutable(usable(build_staggered(release, design), ADJUSTED))
    except ImputationError:
        return True
    return not bool(np.all(identified(panel, ADJUSTED, panel.first[None])))
