"""The author's calls look up what the release holds, and record it under the keys of their templates."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from leadership_effects.data.outcomes import OutcomeError
from leadership_effects.data.panels import Panel
from leadership_effects.effects.pupil_scale import AT_LEAST, CANNOT_SAY, RULED_OUT
from leadership_effects.report.compared.words import comparison_why, comparison_word
from leadership_effects.report.study import Study
from leadership_effects.synthesis.pupil_sd import pupil_case


def test_levels_record_each_unit_in_each_year() -> None:
    study = Study.open("", "london")
    study.levels("{1}.{0}", "leavers_5ac", {"gm": "Greater Manchester", "england": "England"}, (1976, 1988))
    assert list(study.registry.results) == ["1976.gm", "1988.gm", "1976.england", "1988.england"]
    leavers = study.series("leavers_5ac")
    assert study.registry.value("1988.gm") == leavers["Greater Manchester", 1988].value
    assert study.registry.results["1988.gm"]["n_rows"] == 1


def test_a_level_that_the_release_lacks_is_refused() -> None:
    with pytest.raises(OutcomeError, match="0 rows for 'England' in 1975"):
        Study.open("", "london").level("x", "leavers_5ac", "England", 1975)


def test_a_series_may_hold_one_type_of_unit_alone() -> None:
    study = Study.open("", "london")
    assert "England" in study.series("ks4_5acem").table.index
    assert set(study.series("ks4_5acem", "region").rows["unit_type"]) == {"region"}


def moved(study: Study, points: float, *, sd: float | None = 100.0) -> Panel:
    """Latvia's panel with places alike but for half a point of noise, and the treated one moved after its start."""
    panel = study.panel("mathematics")
    y = 500 + np.random.default_rng(20261128).normal(0, 0.5, panel.y.shape)
    y[0, panel.n_pre :] += points
    return replace(panel, y=y, scale=replace(panel.scale, pupil_sd=sd))


@pytest.mark.parametrize(
    ("points", "small", "large"),
    [
        (-30, RULED_OUT, RULED_OUT),
        (0, RULED_OUT, RULED_OUT),
        (5, CANNOT_SAY, RULED_OUT),
        (10, AT_LEAST, RULED_OUT),
        (20, AT_LEAST, CANNOT_SAY),
        (30, AT_LEAST, AT_LEAST),
    ],
)
def test_the_verdict_is_that_of_the_set_against_the_sizes_of_the_plan(points, small, large) -> None:
    study = Study.open("", "latvia")
    panel = moved(study, points)
    table = study.record_bounds([panel], panel.rows)
    found = {key: study.registry.value(key) for key in study.registry.results}
    for suffix in ("", "_adjusted"):
        assert (found[f"verdict{suffix}"], found[f"verdict_large{suffix}"]) == (small, large)
    assert found["pupil_sd.low"] < points / 100 < found["pupil_sd.high"]
    assert 0 < found["pupil_sd.mde"] < 0.05 and found["pupil_sd.zero_ruled_out"] == 100
    assert list(table.frame["verdict"]) == [small, small, large, large]
    assert study.registry.text("verdict_why").startswith("the 90 % set runs from")


@pytest.mark.parametrize(
    ("panels", "why"),
    [
        (lambda study: [], "there is no comparison"),
        (
            lambda study: [moved(study, 30, sd=None)],
            "the outcome has no sourced standard deviation between pupils",
        ),
    ],
)
def test_without_a_comparison_or_a_pupil_sd_nothing_can_be_said(panels, why) -> None:
    study = Study.open("", "latvia")
    table = study.record_bounds(panels(study), study.panel("mathematics").rows)
    assert study.registry.text("verdict_why") == why and why in table.caption
    words = [study.registry.value(f"verdict{size}") for size in ("", "_large")]
    assert words == list(table.frame["verdict"]) == [CANNOT_SAY] * 2
    assert not [key for key in study.registry.results if key.startswith("pupil_sd")]


def test_a_release_without_effects_of_interest_gives_no_verdict() -> None:
    study = Study.open("2026.4", "latvia")
    study.verdict()
    assert study.registry.value("comparison") == "full" and study.registry.value("verdict") == CANNOT_SAY
    assert study.registry.text("verdict_why") == "the plan names no smallest effect of interest"


@pytest.mark.parametrize("case", ["huari", "london", "washington_dc"])
def test_with_the_starting_level_taken_out_a_chapter_prints_what_the_synthesis_prints(case) -> None:
    study = Study.open("", case)
    study.verdict()
    found = pupil_case(study.release, case).estimates["level"]
    ends = [study.registry.value(f"pupil_sd.adjusted_{end}") for end in ("low", "high")]
    assert study.registry.value("pupil_sd.adjusted") == pytest.approx(found.effect)
    assert ends == pytest.approx(list(found.confidence_set(0.10)))


@pytest.mark.parametrize(
    ("points", "at_floor", "n_pre", "estimator"), [(30, True, 2, "two-way"), (0, False, 2, "two-way"), (30, True, 5, "synthetic")]
)  # fmt: skip
def test_a_chapter_names_its_estimator_and_says_when_p_is_as_small_as_it_can_be(
    points, at_floor, n_pre, estimator
) -> None:
    study = Study.open("", "latvia")
    numbers, panel = study.of_panel("mathematics"), moved(study, points)
    y = np.hstack([np.repeat(panel.y[:, :1], n_pre - panel.n_pre, axis=1), panel.y])
    years = tuple(range(1990, 1990 + n_pre - panel.n_pre)) + panel.years
    numbers.panel = replace(panel, y=y, years=years, n_pre=n_pre)
    study.record_labels("mathematics")
    told = {key: str(study.registry.value(key)) for key in study.registry.results}
    assert told["mathematics.estimator"].startswith(estimator)
    assert ("no smaller p is possible" in told["mathematics.p_means"]) == at_floor
    assert ("effective comparison units" in told["mathematics.weighing"]) == (estimator == "synthetic")
    assert told["comparison_why"].startswith("full, because")


@pytest.mark.parametrize(
    ("case_id", "panel", "basis", "reason"),
    [
        ("huari", "reading", "stated", "one period before"),
        ("latvia", "mathematics", "inferred", "is inferred"),
    ],
)
def test_a_partial_comparison_says_why(case_id: str, panel: str, basis: str, reason: str) -> None:
    panels = [Study.open("", case_id).panel(panel)]
    assert comparison_word(panels, basis, 8) == "partial" and reason in comparison_why(panels, basis, 8)
