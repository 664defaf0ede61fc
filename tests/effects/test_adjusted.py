"""Adjusted effects agree with a reviewer's figures, with statsmodels' influence and with definitions.

The figures were computed from the release's rows by other code; they are printed to one decimal of a point and three of
a p-value, hence the tolerances.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from leadership_effects.data.panels import Panel, build_panel
from leadership_effects.data.plan import case_plan
from leadership_effects.data.release import Release
from leadership_effects.effects.adjusted import (
    Adjustment,
    adjusted_effects,
    carried_on,
    family_p,
    regressors,
    slopes_before,
    studentised_together,
)
from leadership_effects.effects.inference import (
    InferenceError,
    collapsed_t,
    minimum_detectable_effect,
    placebo_in_space,
)
from leadership_effects.effects.weights import EstimatorError
from made_panels import panel_of, random_panel
from statsmodels.regression.linear_model import OLS

POINTS = 0.05 + 1e-9  # rounding of the printed estimates
P = 0.0005 + 1e-9  # rounding of the printed p-values
SHARE = 0.0051  # rounding of the printed shares of a line; one lies at 0.11495 and is printed 0.12
TESTS = ("mathematics_g8", "mathematics_g4", "reading_g4", "reading_g8")


def panel(release: Release, case: str, name: str) -> Panel:
    return build_panel(release, case_plan(release, case).panels[name])


@pytest.mark.parametrize(
    ("name", "level", "both"),
    [
        ("mathematics_g8", (8.5, 0.020), (8.2, 0.020)),
        ("mathematics_g4", (8.9, 0.020), (7.0, 0.020)),
        ("reading_g4", (8.9, 0.039), (7.7, 0.039)),
        ("reading_g8", (-0.3, 0.902), (-1.2, 0.706)),
    ],
)
def test_washington_is_what_a_reviewer_found(
    release: Release, name: str, level: tuple[float, float], both: tuple[float, float]
) -> None:
    states = panel(release, "washington_dc", name)
    wanted: dict[Adjustment, tuple[float, float]] = {"level": level, "level and slope": both}
    for adjustment, (effect, p) in wanted.items():
        found = adjusted_effects(states, adjustment)
        assert found.effect == pytest.approx(effect, abs=POINTS)
        assert found.p_value == pytest.approx(p, abs=P)
        assert found.outside["level"] < 0, "below every state, so the line is carried beyond them"


def test_families_and_lines_of_washington(release: Release) -> None:
    panels = [panel(release, "washington_dc", name) for name in TESTS]
    assert family_p([adjusted_effects(p, "level") for p in panels]) == pytest.approx(0.020, abs=P)
    assert family_p([adjusted_effects(p, "level and slope") for p in panels]) == pytest.approx(0.039, abs=P)
    for states, share, se in zip(panels, (0.09, 0.12, 0.11, 0.07), (0.06, 0.07, 0.06, 0.08), strict=True):
        line = carried_on(states)
        assert (line.share, line.se) == (pytest.approx(share, abs=SHARE), pytest.approx(se, abs=SHARE))
        assert line.p_against_one < 1e-9


def test_london_adjusted_for_start_is_what_a_reviewer_found(release: Release) -> None:
    found = [
        adjusted_effects(panel(release, "london", f"ks3_{name}_all"), "level")
        for name in ("english", "maths", "science")
    ]
    assert [f.p_value for f in found] == pytest.approx([0.575, 0.186, 0.449], abs=P)
    # printed for English is 2.6, and 2.546 is what the rows give
    assert [f.effect for f in found] == pytest.approx([2.6, 3.9, 2.7], abs=POINTS + 0.005)
    assert family_p(found) == pytest.approx(0.377, abs=P)


def test_plain_is_the_collapsed_t(release: Release) -> None:
    weighted = replace(random_panel(12, 3, 2), weights=np.arange(1.0, 13.0))
    for each in (random_panel(9, 1, 1), weighted, panel(release, "washington_dc", "mathematics_g8")):
        found, t = adjusted_effects(each, "plain"), collapsed_t(each)
        assert (found.effect, found.se, found.df) == (pytest.approx(t.effect), pytest.approx(t.se), t.df)
        assert found.p_t == pytest.approx(t.p)
        placebos = placebo_in_space(each, "twfe")
        assert found.effects[1:] == pytest.approx(placebos.effects)
        assert (found.p_value, found.rank) == (placebos.p_value, placebos.rank)
        assert found.confidence_set(0.1) == pytest.approx(placebos.confidence_set(0.1))
        assert found.minimum_detectable() == pytest.approx(minimum_detectable_effect(each))


@pytest.mark.parametrize("adjustment", ["level", "level and slope"])
def test_donors_are_externally_studentised(adjustment: Adjustment) -> None:
    each = random_panel(20, 4, 3)
    found = adjusted_effects(each, adjustment)
    change, design = regressors(each, adjustment)
    influence = OLS(change[1:], design[1:]).fit().get_influence()
    assert found.studentised[1:] == pytest.approx(influence.resid_studentized_external)
    assert found.effects[1:] == pytest.approx(influence.resid_press)
    prediction = OLS(change[1:], design[1:]).fit().get_prediction(design[:1])
    assert found.se == pytest.approx(float(prediction.se_obs[0]))


def test_a_level_that_pulls_and_a_line_that_carries_on_are_taken_out() -> None:
    rng = np.random.default_rng(1)
    level, slope, noise = rng.normal(0, 10, 31), rng.normal(0, 1, 31), rng.normal(0, 0.1, 31)
    before = level[:, None] + slope[:, None] * np.array([-2.0, 0.0, 2.0])
    after = level[:, None] * 0.7 + slope[:, None] * 3 + noise[:, None] + np.array([[0.0, 0.5]])
    after[0] += 5
    each = panel_of(np.hstack([before, after]), 3)
    assert slopes_before(each) == pytest.approx(slope)
    found = adjusted_effects(each, "level and slope")
    assert found.coefficients == pytest.approx({"level": -0.3, "slope": 3.0}, abs=0.05)
    assert found.effect == pytest.approx(5, abs=0.3)
    low, high = found.confidence_set(0.1)
    assert low < 5 < high and high - low < 1


@pytest.mark.parametrize("share", [0.0, 0.4, 1.0])
def test_share_of_the_line_that_carried_on_is_found(share: float) -> None:
    rng = np.random.default_rng(2)
    slope, noise = rng.normal(0, 1, 40), rng.normal(0, 0.01, 40)
    before = 50 + slope[:, None] * np.array([-2.0, 0.0, 2.0])
    after = 50 + slope[:, None] * share * np.array([4.0, 6.0]) + noise[:, None]
    found = carried_on(panel_of(np.hstack([before, after]), 3))
    assert found.share == pytest.approx(share, abs=3 * found.se) and found.se < 0.001
    assert found.p_against_one > 0.05 if share == 1 else found.p_against_one < 1e-9


def test_set_is_the_effects_that_the_test_does_not_reject() -> None:
    each = random_panel(24, 3, 2)
    low, high = adjusted_effects(each, "level").confidence_set(0.1)
    for shift, kept in ((low + 1e-6, True), (low - 1e-6, False), (high - 1e-6, True), (high + 1e-6, False)):
        moved = each.y.copy()
        moved[0, 3:] -= shift
        assert (adjusted_effects(replace(each, y=moved), "level").p_value > 0.1) == kept
    assert adjusted_effects(random_panel(9, 3, 2), "level").confidence_set(0.05) == (-np.inf, np.inf)


def test_placebo_sets_are_those_of_donors_beside_the_others() -> None:
    each = random_panel(24, 3, 2)
    for adjustment in ("plain", "level"):
        found = adjusted_effects(each, adjustment)
        moved = replace(each, y=each.y[[5, *range(1, 5), *range(6, 25)]], weights=each.weights[1:],
                        units=(each.units[5], *each.units[1:5], *each.units[6:]))  # fmt: skip
        own = adjusted_effects(moved, adjustment)
        assert found.placebo_sets(0.1)[4].mean() == pytest.approx(own.effect)
        if adjustment == "plain":  # those of the other donors carry the place's own change
            assert np.ptp(found.placebo_sets(0.1)[4]) == pytest.approx(
                2 * np.sort(np.abs(np.delete(found.effects[1:], 4)))[-2]
            )
    assert np.isinf(adjusted_effects(random_panel(9, 3, 2), "level").placebo_sets(0.05)).all()


def test_bad_input_is_refused() -> None:
    with pytest.raises(EstimatorError, match="a slope needs 3 pre-periods, test has 2"):
        adjusted_effects(random_panel(9, 2, 2), "level and slope")
    with pytest.raises(EstimatorError, match="a slope needs 3 pre-periods, test has 2"):
        carried_on(random_panel(9, 2, 2))
    with pytest.raises(EstimatorError, match="needs 5 donors, found 4"):
        adjusted_effects(random_panel(4, 3, 2), "level")
    with pytest.raises(EstimatorError, match="no adjustment 'slope'; there are plain, level"):
        adjusted_effects(random_panel(9, 3, 2), "slope")  # type: ignore[arg-type]
    flat = random_panel(9, 1, 1)
    flat.y[1:, 0] = 3.0
    with pytest.raises(EstimatorError, match="the donors do not vary enough for 'level'"):
        adjusted_effects(flat, "level")
    flat.y[5, 0] = 4.0
    with pytest.raises(EstimatorError, match="the donors without 5 do not vary enough"):
        adjusted_effects(flat, "level")
    still = random_panel(9, 2, 2)
    still.y[1:] = still.y[1:, :1]
    with pytest.raises(InferenceError, match="leave no residual"):
        adjusted_effects(still, "plain")
    one, other = (adjusted_effects(random_panel(9, 3, 2), "plain") for _ in range(2))
    apart = replace(other, units=("0", *"abcdefghi"))
    with pytest.raises(InferenceError, match="no donor is common"):
        studentised_together([one, apart])
