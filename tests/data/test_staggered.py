"""Designs of many places: which place is in or out and why, what is refused, and new designs by plan and rows alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from leadership_effects.data.plan import PlanError
from leadership_effects.data.release import Release
from leadership_effects.data.staggered.design import design_from, design_names, design_variant, read_design
from leadership_effects.data.staggered.panel import NEVER, StaggeredError, build_staggered, outcome_panel
from leadership_effects.data.staggered.starts import StartError
from leadership_effects.data.validation import check_release
from leadership_effects.effects.staggered.imputation import ADJUSTED, LEVEL, PLAIN, impute
from made_shires import CODES, DESIGN, EFFECT, SD, add, invent, shires, start
from miniature import NAME, SmallRelease

EXACT = 1e-6  # values are written with six decimals and the scale is ten points
OPEN: dict[str, Any] = {"treated": {}, "never": []}  # the plan prints no lists


@pytest.fixture
def made(small: SmallRelease) -> SmallRelease:
    invent(small)
    return small


def test_an_invented_design_runs_by_plan_and_rows_alone(made: SmallRelease) -> None:
    release, design = shires(made)
    panel = build_staggered(release, design)
    assert panel.places[:4] == ("XA", "XB", "XC", "XD") and panel.first.tolist()[:5] == [2, 2, 3, 4, NEVER]
    for terms in (PLAIN, LEVEL, ADJUSTED):
        assert impute(panel, terms).estimate == pytest.approx(EFFECT / SD, abs=EXACT)
    assert panel.rows.count == len(CODES) * len(DESIGN["waves"]) + 4 and panel.rows.sources == ("S_ONE",)


@pytest.mark.parametrize(
    "name", ["states", "countries", "pirls", "timss", "texas_regions", "english_regions"]
)
def test_each_design_of_the_plan_gives_every_place_a_status_and_a_reason(release: Release, name: str) -> None:
    assert name in design_names(release)
    design = read_design(release, name)
    panel = build_staggered(release, design)
    register = panel.register
    assert not register["code"].duplicated().any() and set(panel.places) <= set(register["code"])
    quiet = register[register["reason"] == ""]
    assert set(quiet["status"]) == {"treated"}
    assert np.array_equal(panel.exposed.any(axis=(1, 2)), panel.treated)
    assert np.isfinite(impute(panel, LEVEL).estimate)
    assert set(panel.places) <= {*outcome_panel(release, design).places, *design.restore}


STATUSES: dict[str, tuple[list[dict[str, Any]], dict[str, Any], str, str, str]] = {
    "began too early": ([start("XE", 2001)], {}, "XE", "always treated", "1 waves before its start; the plan asks for 2"),
    "began after the last wave": ([start("XE", 2011)], {}, "XE", "never treated", "first placement 2011, after the last wave"),
    "start not known": (
        [start("XE", 2005, measure="joined network")], {}, "XE", "left out", "a programme is there, and its first placement is not known",
    ),
    "left out by the plan": ([], {"left_out": {"XE": "A city."}}, "XE", "left out", "A city."),
    "earliest row counts": ([start("XD", 2005, "inferred")], {}, "XD", "treated", ""),
}  # fmt: skip


@pytest.mark.parametrize(("rows", "changes", "code", "status", "reason"), STATUSES.values(), ids=STATUSES)
def test_a_place_is_in_or_out_for_a_reason(
    made: SmallRelease,
    rows: list[dict[str, Any]],
    changes: dict[str, Any],
    code: str,
    status: str,
    reason: str,
) -> None:
    add(made, "starts.csv", [row | {"start_id": f"{row['start_id']}-2"} for row in rows])
    made.freeze()
    register = build_staggered(*shires(made, **OPEN, **changes)).register.set_index("code")
    assert (register.loc[code, "status"], register.loc[code, "reason"]) == (status, reason)


def spoil_breaks(small: SmallRelease) -> None:
    add(
        small, "breaks.csv",
        [{"indicator_id": "sums", "year": 2005, "kind": "break", "reason": "a new scale", "source_id": "S_ONE"}],
    )  # fmt: skip


def spoil_codes(small: SmallRelease) -> None:
    add(
        small,
        "units.csv",
        [
            {
                "unit_id": "huari/local_authority/twin",
                "panel": "huari",
                "name": "Twin",
                "unit_type": "local_authority",
                "code": "XA",
            }
        ],
    )
    add(
        small,
        "outcomes/huari.csv",
        [
            {"indicator_id": "sums", "unit_id": "huari/local_authority/twin", "year": 2003, "value": 400, "source_id": "S_ONE",
             "derivation": "published"}
        ],
    )  # fmt: skip


def spoil_pupil_sd(small: SmallRelease) -> None:
    small.text("indicators.csv", lambda text: text.replace(",10.0,S_ONE", ",,"))


def start_all(small: SmallRelease) -> None:
    add(small, "starts.csv", [start(code, 2006) for code in DESIGN["never"]])


def nothing(small: SmallRelease) -> None:
    pass


REFUSED: dict[str, tuple[Callable[[SmallRelease], None], dict[str, Any], str]] = {
    "a break": (spoil_breaks, {}, r"breaks.csv: sums must not be joined across 2005 \(a new scale\); shires asks for 2001-2011"),
    "a code with two values": (
        spoil_codes, {}, "units.csv: code 'XA' has two values of sums in 2003: huari/local_authority/twin, huari/local_authority/xa|xa, huari/local_authority/twin",
    ),
    "a place without a group": (
        nothing, {"groups": {"name": "side", "of": {"North": list(CODES[:9])}}}, "designs.shires.groups: XJ has no side",
    ),
    "another treated list": (
        nothing, {"treated": DESIGN["treated"] | {"XB": 2007}}, "designs.shires.treated: XB is 2007 there and 2005 by the rows",
    ),
    "another never list": (
        nothing, {"never": DESIGN["never"][:-1]}, "designs.shires.never: XJ is not there, but never treated by the rows",
    ),
    "no pupil SD": (spoil_pupil_sd, {}, r"indicators.csv: sums has no pupil_sd; shires needs one \(scale: pupil SD\)"),
    "nobody treated": (
        nothing, OPEN | {"left_out": dict.fromkeys(DESIGN["treated"], "Out.")}, "shires: no place is treated; a comparison needs both",
    ),
    "everybody treated": (start_all, OPEN, "shires: no place is never treated; a comparison needs both"),
    "no rows": (nothing, {"waves": [1990, 1991]}, r"shires: no row of sums in \(1990, 1991\)"),
}  # fmt: skip


@pytest.mark.parametrize(("spoil", "changes", "message"), REFUSED.values(), ids=REFUSED)
def test_rows_that_cannot_form_the_design_are_refused_by_name(
    made: SmallRelease, spoil: Callable[[SmallRelease], None], changes: dict[str, Any], message: str
) -> None:
    spoil(made)
    made.freeze()
    with pytest.raises(StaggeredError, match=message):
        build_staggered(*shires(made, **changes))


def test_a_measure_that_nobody_has_is_refused_with_those_there_are(made: SmallRelease) -> None:
    with pytest.raises(
        StartError, match="no row with measure 'opened' and organisation 'any'; measures: first placement"
    ):
        build_staggered(*shires(made, starts={"measure": "opened"}))


PLANS: dict[str, tuple[dict[str, Any], str]] = {
    "unknown field": ({"colour": "red"}, "'colour' is not a field; allowed"),
    "unknown combination": ({"combine": "sum"}, "combine is 'sum'; allowed: mean, stack"),
    "unknown scheme": ({"schemes": {"plain": "coins"}}, "schemes.plain: 'coins'; allowed: all places"),
    "waves that fall": ({"waves": [2003, 2001]}, r"waves must rise without repeats, found \[2003, 2001\]"),
    "no wave before": ({"minimum": {"waves": 3, "before": 0, "after": 1}}, "0 waves before and 1 after; one of each is needed"),
    "a row that varies the title": (
        {"sensitivity": {"other": {"title": "Other"}}}, "sensitivity.other: 'title' is not a field",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("changes", "message"), PLANS.values(), ids=PLANS)
def test_a_plan_with_a_wrong_field_is_refused(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(PlanError, match=message):
        design_from("shires", DESIGN | changes)


FAULTS: dict[str, tuple[dict[str, Any], str, str]] = {
    "unknown field": ({"colour": "red"}, "many_places.designs.shires", "'colour' is not a field; allowed"),
    "a row of sensitivity": (
        {"sensitivity": {"other": {"waves": [2003, 2001]}}}, "many_places.designs.shires.sensitivity.other", "waves must rise",
    ),
    "another treated list": (
        {"treated": DESIGN["treated"] | {"XB": 2007}}, "many_places.designs.shires", "XB is 2007 there and 2005 by the rows",
    ),
    "a measure that nobody has": (
        {"starts": {"measure": "opened"}}, "many_places.designs.shires", "measures: first placement",
    ),
    "no fault": ({}, "", ""),
}  # fmt: skip


@pytest.mark.parametrize(("changes", "place", "message"), FAULTS.values(), ids=FAULTS)
def test_the_check_of_a_release_reads_its_designs(
    made: SmallRelease, changes: dict[str, Any], place: str, message: str
) -> None:
    made.plan(lambda plan: plan.update(many_places={"designs": {"shires": DESIGN | changes}}))
    made.freeze()
    problems = check_release(NAME)
    assert [problem.column for problem in problems] == ([place] if place else []), problems
    assert all(problem.file == "plan.yml" and message in problem.message for problem in problems)


VARIANTS: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "later starts": ({"years_after": 3}, {"XA": 2007, "XC": 2009, "XD": 2011}),
    "another start": ({"restart": {"XA": 2009}}, {"XA": 2009}),
    "counted as never": ({"as_never": ["XD"]}, {"XD": None}),
    "left out": ({"leave_out": {"XD": "Five teachers."}}, {"XD": None}),
    "fewer waves": ({"waves": [2001, 2003, 2005]}, {"XA": 2005, "XC": None}),
}


@pytest.mark.parametrize(("change", "first"), VARIANTS.values(), ids=VARIANTS)
def test_a_sensitivity_row_changes_what_it_names(
    made: SmallRelease, change: dict[str, Any], first: dict[str, int | None]
) -> None:
    release, design = shires(made, **OPEN)
    register = build_staggered(release, design_variant(design, "row", change)).register.set_index("code")
    treated = register.loc[register["status"] == "treated", "first_wave"]
    assert {code: int(treated[code]) if code in treated else None for code in first} == first
