"""Rows that cannot form a panel or a gap series, and cases outside the plan, are refused."""

from __future__ import annotations

from dataclasses import replace

import pytest
from leadership_effects.data.panels import PanelError, build_gap, build_panel
from leadership_effects.data.plan import PlanError, case_plan


def test_a_case_outside_the_plan_is_refused(small):
    with pytest.raises(PlanError, match="no case 'atlantis'; there are huari, delhi"):
        case_plan(small.open(), "atlantis")


def test_a_window_across_a_break_forms_no_series(small):
    small.plan(lambda plan: plan["cases"]["delhi"]["gaps"]["board"].update(post=[2016, 2017, 2018]))
    small.freeze()
    release = small.open()
    with pytest.raises(PanelError, match=r"pass_rate must not be joined across 2018 \(a new examination\)"):
        build_gap(release, case_plan(release, "delhi").gaps["board"])


def test_a_name_with_two_rows_a_year_forms_no_panel(small):
    small.plan(
        lambda plan: plan["cases"]["huari"]["panels"].update(
            both={
                "indicator": ["reading", "pass_rate"], "unit_type": ["district", "board_region"],
                "treated": ["Delhi"], "pre": [2014, 2016], "post": [2017],
            }
        )
    )  # fmt: skip
    small.edit("units.csv", 4, "name", "Delhi")
    small.freeze()
    release = small.open()
    with pytest.raises(PanelError, match="'Delhi' has two rows for 2016; narrow indicator or unit_type"):
        build_panel(release, case_plan(release, "huari").panels["both"])


def test_an_excluded_place_leaves_with_all_its_units(release):
    whole = case_plan(release, "huari").panels["reading"]
    without = build_panel(release, replace(whole, exclude={"Casma": "Another language."}))
    assert without.n_donors == build_panel(release, whole).n_donors - 1 and "Casma" not in without.units
    with pytest.raises(PanelError, match="exclude names no unit"):  # a district, and no place of this panel
        build_panel(release, replace(whole, exclude={"Buena Vista Alta": "A district of Casma."}))
