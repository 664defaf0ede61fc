"""The pool in pupil SD agrees with a reviewer's figures from the same rows, and with definitions.

The figures were worked out by other code from release 2026.3, whose panels of Chile and Latvia are now called
``mathematics_earlier_rule`` and whose London was matched on starts. They are printed to two or three decimals.
"""

from __future__ import annotations

import copy
import shutil
from dataclasses import replace
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml
from leadership_effects.counting import deviation_problems, entering_places, place_counts
from leadership_effects.data.dictionary import freeze
from leadership_effects.data.joint_cases import cases_across
from leadership_effects.data.panels import build_panel
from leadership_effects.data.plan import PlanError, case_plan
from leadership_effects.data.release import Release, open_release
from leadership_effects.effects.adjusted import adjusted_effects, studentised_together
from leadership_effects.synthesis import pupil_sd
from leadership_effects.synthesis.pooling import SynthesisError, pool
from leadership_effects.synthesis.pupil_sd import (
    ADJUSTMENTS,
    STATISTICS,
    PupilCase,
    common_effect,
    effects_and_variances,
    joint_range,
    joint_test,
    mean_panel,
    pool_cases,
    programme_starts,
    pupil_case,
)
from leadership_effects.synthesis.standardised import entering_cases, standardised_case
from made_panels import random_panel

THREE, TWO = 0.0005 + 1e-9, 0.005 + 1e-9  # rounding of figures printed to three and to two decimals
EARLIER = {
    "huari": (),
    "london": ("ks3_english", "ks3_maths", "ks3_science"),
    "washington_dc": (),
    "chile": ("mathematics_earlier_rule",),
    "latvia": ("mathematics_earlier_rule",),
}
# London's three effects were averaged each beside its own districts (0.057); here all beside the 21 that the three share.
REVIEWER = {
    "huari": (0.031, 0.223),
    "london": (0.057, 0.090),
    "washington_dc": (0.363, 0.066),
    "chile": (0.083, 0.128),
    "latvia": (0.051, 0.139),
}


@cache
def earlier() -> tuple[PupilCase, ...]:
    opened = open_release("2026.5")
    return tuple(pupil_case(opened, case, names) for case, names in EARLIER.items())


def test_cases_are_what_a_reviewer_found() -> None:
    for case in earlier():
        effect, error = REVIEWER[case.case_id]
        assert case.estimates["plain"].se == pytest.approx(error, abs=THREE)
        apart = 0.006 if case.case_id == "london" else THREE
        assert case.estimates["plain"].effect == pytest.approx(effect, abs=apart)


def test_london_beside_the_districts_of_each_subject_is_the_printed_figure() -> None:
    opened = open_release("2026.5")
    alone = [pupil_case(opened, "london", (name,)).estimates["plain"].effect for name in EARLIER["london"]]
    assert np.mean(alone) == pytest.approx(0.057, abs=THREE)


@pytest.mark.parametrize(
    ("left_out", "washington", "mean", "low", "high"),
    [
        ("", 0.363, 0.148, -0.075, 0.371),
        ("washington_dc", 0.363, 0.060, -0.139, 0.259),
    ],
)
def test_pools_of_the_printed_figures_are_what_a_reviewer_found(
    left_out: str, washington: float, mean: float, low: float, high: float
) -> None:
    chosen = [value for case, value in REVIEWER.items() if case != left_out]
    found = pool([effect for effect, _ in chosen], [error**2 for _, error in chosen])
    assert found.effect == pytest.approx(mean, abs=0.001)  # the five were rounded before they are pooled here
    assert found.interval == pytest.approx((low, high), abs=0.002)


def test_pools_differ_from_a_reviewers_by_london_alone() -> None:
    """London lies 0.006 lower here, with a weight of about a quarter of five and a half of four."""
    everyone, apart = pool_cases(earlier()), [c for c in earlier() if c.case_id != "washington_dc"]
    assert everyone.effect == pytest.approx(0.148, abs=0.003)
    assert pool_cases(apart).effect == pytest.approx(0.060, abs=0.004)
    adjusted = pool_cases(earlier(), {"washington_dc": "level and slope"})
    assert adjusted.effect == pytest.approx(0.124, abs=0.003)
    assert adjusted.interval == pytest.approx((-0.020, 0.268), abs=0.005)
    bound = common_effect(apart)
    assert bound.upper == pytest.approx(0.16, abs=TWO) and bound.q_p > 0.9


def test_joint_p_by_four_statistics_is_what_a_reviewer_found() -> None:
    """On placebo SD and the earlier panels, as worked out there; Fisher's product is printed to two decimals."""
    opened = open_release("2026.4")
    cases = [standardised_case(opened, case).standardised for case in EARLIER]
    wanted = {"mean": (0.0091, THREE), "normal scores": (0.149, THREE), "ranks": (0.189, THREE)}
    for statistic, (p, tolerance) in {**wanted, "product of p": (0.32, TWO)}.items():
        assert joint_test(cases, statistic)[0] == pytest.approx(p, abs=tolerance)
    assert joint_test([c for i, c in enumerate(cases) if i != 2], "mean")[0] == pytest.approx(
        0.425, abs=THREE
    )


def test_joint_p_with_every_case_adjusted_for_its_level_is_what_a_reviewer_found() -> None:
    """In the panels' own units, each subject adjusted by itself, provinces of one weight, as worked out there."""
    opened, pools = open_release("2026.5"), []
    for case, names in {
        **EARLIER,
        "huari": ("reading", "maths"),
        "washington_dc": ("mathematics_g8",),
    }.items():
        panels = [
            build_panel(opened, case_plan(opened, case).panels[f"{n}_all" if case == "london" else n])
            for n in names
        ]
        found = [adjusted_effects(replace(p, weights=np.ones(p.n_donors)), "level") for p in panels]
        own, others, _ = studentised_together(found)
        pools.append(np.append(own.mean(), others.mean(axis=0)))
    z = [values[0] / values[1:].std(ddof=1) for values in pools]
    assert z == pytest.approx([-0.11, 1.06, 3.09, -0.57, 0.33], abs=TWO)
    assert joint_test(pools, "mean")[0] == pytest.approx(0.106, abs=THREE)
    assert joint_test([pool for i, pool in enumerate(pools) if i != 2], "mean")[0] == pytest.approx(
        0.72, abs=TWO
    )


@pytest.mark.parametrize("statistic", list(STATISTICS))
def test_joint_test_counts_every_draw(statistic: str) -> None:
    rng = np.random.default_rng(1)
    pools = [rng.normal(size=n) for n in (5, 4, 6)]
    pools[0][0] = 3
    score, one_sided = STATISTICS[statistic]
    sums = np.array([sum(draw) for draw in product(*(score(values) for values in pools))])
    own = sum(score(values)[0] for values in pools)
    beyond = sums >= own - 1e-9 if one_sided else np.abs(sums) >= abs(own) - 1e-9
    p, test = joint_test(pools, statistic)
    assert p == pytest.approx(beyond.mean()) and test.n_draws == 120


def test_scores_are_on_one_scale_and_ties_share_a_rank() -> None:
    values = np.array([3.0, 1.0, 1.0 + 1e-12, -2.0])
    for score in (pupil_sd.normal_scores, pupil_sd.rank_scores):
        found = score(values)
        assert found.std(ddof=1) == pytest.approx(1) and found[1] == found[2] and found[0] == found.max()
        assert found.sum() == pytest.approx(0)
    assert np.exp(-pupil_sd.minus_log_p(np.array([3.0, -3.0, 1.0, 0.0]))) == pytest.approx(
        [0.5, 0.5, 0.75, 1]
    )


def test_the_plan_says_who_enters_and_what_each_is_an_effect_of(release: Release) -> None:
    cases = pupil_sd.pupil_cases(release)
    section = release.plan["synthesis"]["pupil_sd"]
    assert [case.case_id for case in cases] == entering_places(release.plan)
    assert {case.case_id: case.estimand for case in cases} == section["estimands"]
    assert [case.case_id for case in programme_starts(release, cases)] == section["programme_starts"]
    for case in cases:
        assert set(case.estimates) == set(ADJUSTMENTS) == set(section["adjustments"])
        assert bool(case.instead) == (case.panel.n_pre < 3) == (case.case_id != "washington_dc")
    table = joint_range(programme_starts(release, cases), ("mean", "product of p"))
    assert len(table) == 8 and table["p"].between(0, 1).all()
    assert set(section["statistics"]) == set(STATISTICS)
    sources = pupil_sd.rows_behind(cases).sources
    assert {"SCALE_PISA", "SCALE_NAEP_M8"} <= set(sources)


def test_an_adjustment_can_be_chosen_by_case(release: Release) -> None:
    cases = earlier()
    effects, variances = effects_and_variances(cases, {"washington_dc": "level"})
    assert effects[2] == cases[2].estimates["level"].effect
    assert effects[0] == cases[0].estimates["plain"].effect
    assert variances[2] == pytest.approx(cases[2].estimates["level"].se ** 2)
    with pytest.raises(SynthesisError, match="no adjustment 'slope'; there are plain, level"):
        effects_and_variances(cases, "slope")


def test_mean_of_outcomes_keeps_what_all_have() -> None:
    one, other = random_panel(9, 2, 2, seed=1), random_panel(9, 2, 2, seed=2)
    other = replace(other, y=other.y[[0, *range(2, 10)], 1:], units=(other.units[0], *other.units[2:]),
                    years=other.years[1:], n_pre=1, weights=other.weights[1:])  # fmt: skip
    found = mean_panel("both", [one, other])
    assert found.units == other.units and found.years == other.years and found.n_pre == 1
    assert found.y == pytest.approx((one.y[[0, *range(2, 10)], 1:] + other.y) / 2)
    assert adjusted_effects(found, "plain").n_donors == 8
    later = replace(other, years=(2030, 2032, 2034))
    with pytest.raises(SynthesisError, match=r"both: outcomes share the years \[\], 0 of them before"):
        mean_panel("both", [one, later])


def test_what_the_plan_does_not_hold_is_refused(release: Release) -> None:
    with pytest.raises(PlanError, match=r"synthesis.pupil_sd has no panels and estimand of 'delhi'"):
        pupil_case(release, "delhi")
    with pytest.raises(
        PlanError, match=r"2026.4: synthesis.pupil_sd is missing; releases have it from 2026.5"
    ):
        pupil_case(open_release("2026.4"), "latvia")
    with pytest.raises(SynthesisError, match="no statistic 'median'; there are mean"):
        joint_test([np.arange(3.0), np.arange(4.0)], "median")
    with pytest.raises(SynthesisError, match="chile: outcomes share the years"):
        pupil_case(release, "chile", ("mathematics", "simce_2m_maths"))


def taken(plan: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """A plan to which Latvia was added later, and that takes it in by a dated deviation."""
    changed = copy.deepcopy(plan)
    synthesis, case = changed["synthesis"], "latvia"
    synthesis["entering"].remove(case)
    synthesis["pupil_sd"]["programme_starts"].remove(case)
    entry = {
        "dated": "2030-01-01", "reason": "Its results were not known when this was written.",
        "panels": synthesis["pupil_sd"]["panels"].pop(case), "estimand": synthesis["pupil_sd"]["estimands"].pop(case),
        "began": "programme",
    } | changes  # fmt: skip
    synthesis |= {"added": {case: "It came after the results were known."}, "taken_in": {case: entry}}
    return changed


def planned(release: Release, plan: dict[str, Any], folder: Path) -> Release:
    """Return the release with another plan."""
    shutil.copytree(release.folder, folder / release.name)
    (folder / release.name / "plan.yml").write_text(yaml.safe_dump(plan, sort_keys=False), encoding="utf-8")
    freeze(folder / release.name)
    return open_release(release.name, folder)


def test_a_place_taken_in_by_a_dated_deviation_is_tested_with_the_others(
    release: Release, tmp_path: Path
) -> None:
    """Latvia, as if it had been added later: outside the test, and inside it from the deviation on, as it is today."""
    before = pupil_sd.pupil_cases(release)
    plan = taken(release.plan)
    counted = planned(release, plan, tmp_path / "counted")
    del plan["synthesis"]["taken_in"]
    waiting = planned(release, plan, tmp_path / "waiting")
    ids = [case.case_id for case in before]
    for opened, own, count in ((counted, ids, 8), (waiting, ids[:-1], 7)):
        cases = pupil_sd.pupil_cases(opened)
        assert [case.case_id for case in cases] == own == [case.case_id for case in entering_cases(opened)]
        assert place_counts(opened.plan)["places"] == count == len(cases_across(opened))
        assert place_counts(opened.plan)["starts"] == len(programme_starts(opened, cases)) == count - 4
        assert ("latvia" in [case.case_id for case in programme_starts(opened, cases)]) == (count == 8)
    again = pupil_sd.pupil_cases(counted)
    assert [case.estimand for case in again] == [case.estimand for case in before]
    tables = [
        joint_range(programme_starts(opened, cases), ("mean",))
        for opened, cases in ((release, before), (counted, again))
    ]
    assert tables[0].equals(tables[1])


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"dated": "soon"}, ("latvia.dated", "'soon'", "YYYY-MM-DD")),
        ({"reason": "Because."}, ("latvia.reason", "a sentence")),
        ({"panels": ["arithmetic"]}, ("latvia.panels", "'arithmetic'", "mathematics")),
        ({"began": "a reform"}, ("latvia.began", "programme, appointment")),
        ({"estimand": ""}, ("latvia.estimand", "an effect of")),
        ({"note": "x"}, ("latvia.note", "is no field")),
    ],
)
def test_a_deviation_that_is_stated_wrongly_is_named(
    release: Release, changes: dict[str, Any], says: tuple[str, ...]
) -> None:
    assert list(deviation_problems(taken(release.plan))) == []
    [(field, message)] = deviation_problems(taken(release.plan, **changes))
    assert all(word in f"{field} {message}" for word in says)
    elsewhere = taken(release.plan)
    elsewhere["synthesis"]["added"] = {}
    assert [field for field, _ in deviation_problems(elsewhere)] == ["latvia"]
