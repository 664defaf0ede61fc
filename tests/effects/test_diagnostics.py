"""Event study, trend tests, rescaling and specification curve agree with their definitions.

The definitions are worked out the long way, on seeded panels and on the release's own.
"""

from __future__ import annotations

import itertools
from dataclasses import replace
from functools import partial

import numpy as np
import pandas as pd
import pytest
import statsmodels.formula.api as smf
from leadership_effects.data.panels import PanelError, build_panel
from leadership_effects.data.plan import CasePlan, PlanError, case_plan
from leadership_effects.data.release import Release
from leadership_effects.effects.diagnostics import (
    breakdown,
    detectable_drift,
    event_study,
    leave_one_donor_out,
    leave_one_period_out,
    paths_from_base,
    placebo_in_time,
    pre_trend_power,
    pre_trend_rank,
    rescaled_by_fit,
    rescaled_by_size,
)
from leadership_effects.effects.estimators import drift_adjusted, point_estimate
from leadership_effects.effects.inference import InferenceError, permutation_p, placebo_in_space
from leadership_effects.effects.specification import Curve, _comparison, specification_curve
from leadership_effects.effects.weights import METHODS, Method, method_weights, weighted_att
from leadership_effects.report.charts.case import ranks_frame
from made_panels import panel_of, placebos_of, random_panel

EXACT = 1e-9  # the same sums in another order
SOLVED = 1e-7  # the same quadratic programme from another start


@pytest.mark.parametrize("method", METHODS)
def test_placebos_solved_together_are_those_solved_one_by_one(method: Method) -> None:
    panel = random_panel(14, 5, 4)
    found = placebo_in_space(panel, method)
    for j, own in enumerate(panel.y[1:]):
        rest = np.delete(panel.y[1:], j, axis=0)
        effect, gap = weighted_att(own, rest, 5, *method_weights(method, own, rest, 5, np.ones(13)))
        assert found.effects[j] == pytest.approx(effect, abs=SOLVED)
        assert found.paths[1 + j] == pytest.approx(gap, abs=SOLVED)


def test_event_study_is_the_regression_with_leads_and_lags() -> None:
    panel = random_panel(9, 3, 4)
    found = event_study(panel, 0.2)
    long = panel.long()
    for year in panel.years:
        if year != found.base_year:
            long[f"d{year}"] = ((long["year"] == year) & long["treated"]).astype(float)
    terms = " + ".join(name for name in long if name.startswith("d2"))
    fit = smf.ols(f"value ~ {terms} + C(unit) + C(year)", long).fit()
    for year, gap in zip(found.years, found.gaps, strict=True):
        assert gap == pytest.approx(fit.params.get(f"d{year}", 0.0), abs=1e-8)  # least squares on dummies


def test_bands_hold_the_share_of_placebo_paths_that_they_say() -> None:
    panel = random_panel(19, 2, 5)
    found, paths = event_study(panel, 0.1), paths_from_base(panel)
    for t, reach in enumerate(found.pointwise):
        if panel.years[t] != found.base_year:
            assert (
                permutation_p(1.001 * reach, paths[1:, t]) <= 0.1 + EXACT < permutation_p(reach, paths[1:, t])
            )
    outside = (np.abs(paths[1:]) > found.simultaneous + EXACT).any(axis=1).sum()
    assert outside == 1  # of 19: two in twenty, the treated unit counted among them
    assert np.isinf(event_study(panel, 0.04).pointwise).all()


def test_pre_trend_power_counts_donors_given_the_drift() -> None:
    panel = random_panel(29, 4, 2)
    leads = paths_from_base(panel)[1:, :3]
    line = 0.8 * (np.array(panel.years[:3]) - panel.years[3])
    found = 0
    for j in range(29):
        others = np.abs(np.delete(leads, j, axis=0)).max(axis=1)
        for sign in (-1, 1):
            peak = np.abs(leads[j] + sign * line).max()
            found += (1 + (others >= peak - EXACT).sum()) / 29 <= 0.05
    assert pre_trend_power(panel, 0.8) == pytest.approx(found / 58)
    drift = detectable_drift(panel)
    assert pre_trend_power(panel, drift) >= 0.8 > pre_trend_power(panel, 0.98 * drift)
    assert detectable_drift(random_panel(8, 3, 2)) == np.inf  # one in eight never reaches five in a hundred
    with pytest.raises(InferenceError, match=r"power 1\.5; allowed: above 0 and at most 1"):
        detectable_drift(panel, power=1.5)


def test_each_period_is_left_out() -> None:
    panel = random_panel(6, 2, 3)
    left = leave_one_period_out(panel, "twfe")
    assert list(left) == list(panel.years)
    change = panel.y[:, 2:].mean(axis=1) - panel.y[:, 1]
    assert left[2000] == pytest.approx(change[0] - change[1:].mean(), abs=EXACT)
    assert list(leave_one_period_out(random_panel(6, 1, 2), "twfe")) == [2002, 2004]
    with pytest.raises(InferenceError, match="none can be left out"):
        leave_one_period_out(random_panel(6, 1, 1), "twfe")


def test_rescaling_divides_by_the_fitted_standard_deviation() -> None:
    effects = np.array([3.0, 4.0, -1.0, 1.0, -0.5, 2.0])
    sizes = np.array([100.0, 10, 200, 150, 400, 50])
    slope, level = np.polyfit(1 / sizes[1:], effects[1:] ** 2, 1)
    assert slope > 0 and level > 0  # so that least squares and its non-negative form agree
    sd = np.sqrt(level + slope / sizes)
    found = rescaled_by_size(placebos_of(effects[0], effects[1:]), sizes)
    assert found.p == permutation_p(effects[0] / sd[0], effects[1:] / sd[1:])
    assert found.ratio == pytest.approx(sd[0] / np.sqrt((sd[1:] ** 2).mean()), rel=1e-6)
    same = rescaled_by_size(placebos_of(effects[0], effects[1:]), np.full(6, 7.0))
    assert same.p == permutation_p(effects[0], effects[1:]) and same.ratio == pytest.approx(1)
    with pytest.raises(InferenceError, match="sizes must be positive"):
        rescaled_by_size(placebos_of(effects[0], effects[1:]), np.array([1, 2, 3, 4, 5, 0.0]))
    with pytest.raises(InferenceError, match="5 values for 6 units"):
        rescaled_by_size(placebos_of(effects[0], effects[1:]), np.ones(5))
    with pytest.raises(InferenceError, match="one pre-period has no variance"):
        rescaled_by_fit(placebos_of(effects[0], effects[1:]))


def test_rescaling_mends_the_size_of_the_test_for_a_small_place() -> None:
    """Noise as one over the root of size; the treated place is small. Plain p rejects too often, rescaled does not."""
    rng = np.random.default_rng(20261125)
    sizes = np.concatenate([[40.0], np.geomspace(60, 4000, 39)])
    plain = rescaled = 0
    draws = 400
    for _ in range(draws):
        effects = rng.normal(0, 1 / np.sqrt(sizes))
        found = placebos_of(effects[0], effects[1:])
        plain += found.p_value <= 0.05
        rescaled += rescaled_by_size(found, sizes).p <= 0.05
    error = np.sqrt(0.05 * 0.95 / draws)
    assert plain / draws > 0.3
    assert rescaled / draws <= 0.05 + 4 * error


@pytest.fixture(scope="module")
def latvia(release: Release) -> tuple[CasePlan, Curve]:
    plan = case_plan(release, "latvia")
    return plan, specification_curve(release, plan)


def test_planned_specification_is_the_chapter_s_estimate(release, latvia) -> None:
    plan, curve = latvia
    placebos = placebo_in_space(build_panel(release, plan.panels["mathematics"]), "twfe")
    column = pd.Series(curve.raw[:, curve.planned], index=list(curve.places))
    assert column["Latvia"] == pytest.approx(placebos.treated, abs=EXACT)
    for unit, effect in zip(placebos.units, placebos.effects, strict=True):
        assert column[unit] == pytest.approx(effect, abs=EXACT)
    assert column.notna().sum() == len(placebos.units) + 1


@pytest.mark.parametrize(
    ("estimator", "method"),
    [
        ("own line out", None),
        ("demeaned synthetic control", "dsc"),
        ("synthetic difference-in-differences", "sdid"),
    ],
)
def test_other_estimators_are_those_of_the_package(release, latvia, estimator, method) -> None:
    plan, curve = latvia
    frame = curve.frame().assign(planned=False)
    wanted = {"outcome": "reading", "start": "2012", "window": "to 2018", "comparison": "partners left out", "before": "all",
              "estimator": estimator}  # fmt: skip
    row = frame.loc[(frame[list(wanted)] == pd.Series(wanted)).all(axis=1)]
    panel = build_panel(
        release, replace(plan.panels["reading"], pre=(2003, 2006, 2009), post=(2012, 2015, 2018))
    )
    expected = point_estimate(panel, method) if method else point_estimate(drift_adjusted(panel), "twfe")
    assert len(row) == 1 and row["raw"].iloc[0] == pytest.approx(expected, abs=1e-6)  # a solved programme
    placebos = placebo_in_space(drift_adjusted(panel) if method is None else panel, method or "twfe")
    own = curve.raw[[curve.places.index(unit) for unit in placebos.units], row.index[0]]
    assert own == pytest.approx(placebos.effects, abs=1e-6)


def test_comparison_rules_move_with_the_place(release) -> None:
    plan = case_plan(release, "london")
    curve = specification_curve(release, plan)
    panel = build_panel(release, plan.panels["ks3_english_all"])
    frame = curve.frame()
    change = panel.y[:, 1] - panel.y[:, 0]
    for label, chosen in (
        ("start at most 2 above", lambda i: panel.y[:, 0] <= panel.y[i, 0] + 2 + EXACT),
        ("twenty nearest before", lambda i: _nearest(panel.y[:, 0], i, 20)),
    ):
        position = frame.index[
            (frame["outcome"] == "English") & (frame["comparison"] == label) & (frame["scale"] == "points")
        ][0]
        for i in (0, 40, 90):
            others = chosen(i)
            others[[0, i]] = False
            place = panel.units[i]
            expected = change[i] - change[others].mean() if others.sum() >= 8 else np.nan
            found = curve.raw[curve.places.index(place), position]
            assert found == pytest.approx(expected, abs=EXACT, nan_ok=True)


def _nearest(level: np.ndarray, i: int, k: int) -> np.ndarray:
    distance = np.abs(level - level[i])
    distance[[0, i]] = np.inf
    inside = np.full(len(level), False)
    inside[np.argsort(distance, kind="stable")[:k]] = True
    return inside


def test_of_two_places_as_near_the_first_in_the_alphabet_is_taken() -> None:
    """0.3 above and 0.3 below: which of the two floats is smaller must not decide."""
    levels = np.array([9.0, 50.1, 50.1 + 0.3, 50.1 - 0.3, 50.1 + 0.1, 60.0])
    for order in ([0, 1, 2, 3, 4, 5], [0, 1, 3, 2, 4, 5]):
        y = np.column_stack([levels[order], levels[order]])
        panel = panel_of(y, 1)
        assert list(np.flatnonzero(_comparison(panel, {"nearest": 2})[1])) == [2, 4]


def test_the_last_bit_of_an_effect_orders_no_places() -> None:
    """0.1 + 0.2 and 0.3 are one effect: the alphabet orders the two places, whichever carries which float."""
    for pair in ([0.3, 0.1 + 0.2], [0.1 + 0.2, 0.3]):
        frame = ranks_frame(placebos_of(1.0, [*pair, -1.0]), "own")
        assert list(frame["unit"]) == ["own", "1", "2", "3"]


def test_places_are_ranked_on_a_scale_that_no_choice_of_the_treated_moves(latvia) -> None:
    _, curve = latvia
    order = [3, *(i for i in range(len(curve.places)) if i != 3)]
    other = replace(curve, raw=curve.raw[order], places=tuple(curve.places[i] for i in order))
    assert other.exchangeable_medians == pytest.approx(curve.exchangeable_medians[order], nan_ok=True)
    assert not np.allclose(other.medians, curve.medians[order], equal_nan=True)
    ranked = curve.exchangeable_medians[np.isfinite(curve.exchangeable_medians)]
    assert curve.p_value == pytest.approx(np.mean(np.abs(ranked) >= abs(ranked[0]) - 1e-12))


def test_a_part_of_the_curve_that_is_not_there_is_refused(latvia) -> None:
    _, curve = latvia
    own = curve.part(estimator=["own line out"])
    assert set(own.specifications["estimator"]) == {"own line out"} and own.raw.shape[0] == len(curve.places)
    with pytest.raises(PlanError, match="no dimension 'colour'; allowed: outcome, start"):
        curve.part(colour=["red"])
    with pytest.raises(PlanError, match=r"holds .*magic.*; there are .*own line out"):
        curve.part(estimator=["magic"])


def test_a_mistake_in_the_plan_is_not_taken_for_a_missing_year(release) -> None:
    plan = case_plan(release, "latvia")
    odd = {"partners left out": {}, "odd": {"exclude": {"Atlantis": "Sunk."}}}
    grid = {**plan.raw["grid"], "comparisons": odd}
    with pytest.raises(PanelError, match="exclude names no unit of the panel: \\['Atlantis'\\]"):
        specification_curve(release, replace(plan, raw={**plan.raw, "grid": grid}))


def test_medians_are_ranked_and_no_specification_is_counted_twice(latvia) -> None:
    _, curve = latvia
    values = curve.raw / np.nanstd(curve.raw[1:], axis=0, ddof=1)
    enough = np.isfinite(values).mean(axis=1) >= 0.5
    medians = np.nanmedian(values[enough], axis=1)
    assert curve.n_ranked == enough.sum()
    assert curve.p_value == pytest.approx((np.abs(medians) >= abs(medians[0]) - EXACT).sum() / enough.sum())
    assert not curve.specifications.duplicated().any()
    assert np.array_equal(curve.frame()["effect"] > 0, curve.raw[0] > 0)
    shares = curve.raw[0] > 0
    assert curve.positive == shares.mean() and curve.agree == (shares == shares[curve.planned]).mean()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda g: g.update(outcomes={"maths": "none"}), "grid.outcomes: 'none' is not allowed; allowed: mathematics"),
        (lambda g: g.update(estimators=["magic"]), "grid.estimators: 'magic' is not allowed; allowed: two-way"),
        (lambda g: g.update(colour="red"), "grid: 'colour' is not a field; allowed: before"),
        (lambda g: g.pop("windows"), "grid: 'windows' is missing"),
        (lambda g: g["comparisons"].update(odd={"farthest": 3}), "grid.comparisons.odd: 'farthest' is not a rule"),
        (lambda g: g["planned"].update(start=1999), "grid.planned: 0 specifications match"),
        (lambda g: g.update(planned={"outcome": "maths"}), "specifications match"),
    ],
    ids=["panel", "estimator", "field", "missing", "rule", "planned_absent", "planned_ambiguous"],
)  # fmt: skip
def test_a_grid_that_cannot_be_run_is_refused_by_name(release, change, said) -> None:
    plan = case_plan(release, "latvia")
    grid = {**plan.raw["grid"], "comparisons": dict(plan.raw["grid"]["comparisons"]), "planned": dict(plan.raw["grid"]["planned"]),
            "estimators": ["two-way fixed effects"]}  # fmt: skip
    change(grid)
    run = partial(specification_curve, release, replace(plan, raw={**plan.raw, "grid": grid}))
    with pytest.raises(
        PlanError, match=f"plan.yml: latvia.{said}".replace("(", r"\(") if "match" not in said else said
    ):
        run()


def test_leads_are_those_of_an_event_study() -> None:
    """Leads against the last pre-period, coefficients of a regression with a dummy for each other year, by place."""
    panel = random_panel(6, 4, 2)

    def largest_lead(place: int, donors: list[int]) -> float:
        cells = list(itertools.product([place, *donors], range(6)))
        frame = pd.DataFrame(cells, columns=["unit", "year"])
        frame["y"] = [panel.y[cell] for cell in cells]
        for t in (0, 1, 2, 4, 5):
            frame[f"own{t}"] = [float(unit == place and year == t) for unit, year in cells]
        fit = smf.ols("y ~ C(unit) + C(year) + own0 + own1 + own2 + own4 + own5", frame).fit()
        return float(np.abs(fit.params[["own0", "own1", "own2"]]).max())

    own = largest_lead(0, [1, 2, 3, 4, 5, 6])
    others = [largest_lead(j, [k for k in range(1, 7) if k != j]) for j in range(1, 7)]
    assert pre_trend_rank(panel) == (1 + sum(value >= own - EXACT for value in others)) / 7


@pytest.mark.parametrize(
    "years",
    [(2000, 2001, 2002, 2003, 2004), (2003, 2005, 2007, 2013, 2019), (1998, 2008, 2010, 2011, 2012)],
    ids=["every year", "a late window", "a long way before"],
)
def test_a_drift_of_the_breakdown_value_cancels_the_effect(years: tuple[int, ...]) -> None:
    """The treated place goes on drifting after the start, that many times its largest yearly step before it."""
    y = np.array([[1.0, 1.5, 1.0, 7.0, 8.0], [0, 0, 0, 0, 0], [2, 2, 2, 2, 2]])
    if years[1] - years[0] == 10:
        y[0] = [1.0, 1.5, 7.0, 8.0, 9.0]
    n_pre = 2 if years[1] - years[0] == 10 else 3
    panel = panel_of(y, n_pre, years)
    times = np.array(years, float)
    step = np.abs(np.diff(y[0, :n_pre]) / np.diff(times[:n_pre])).max()
    drift = breakdown(panel) * step * (times - times[n_pre - 1]) * (times > times[n_pre - 1])
    rest = y[0] - drift
    assert rest[n_pre:].mean() - rest[n_pre - 1] == pytest.approx(0, abs=EXACT)


@pytest.mark.parametrize(
    ("own", "value"),
    [([0.0, 5, 3, 3], 0.0), ([2, 2, 5, 5], np.inf), ([0, -1, -4, -4], 2.0)],
    ids=["sign lost already", "no step before", "negative"],
)
def test_breakdown_at_its_ends(own: list[float], value: float) -> None:
    assert breakdown(panel_of(np.array([own, [0] * 4, [1] * 4]), 2)) == pytest.approx(value)


def test_each_donor_is_left_out_and_a_start_is_made_up() -> None:
    panel = random_panel(4, 3, 2)
    left = leave_one_donor_out(panel, "twfe")
    change = panel.y[:, 3:].mean(axis=1) - panel.y[:, :3].mean(axis=1)
    assert list(left) == list(panel.units[1:])
    assert left["2"] == pytest.approx(change[0] - change[[1, 3, 4]].mean(), abs=EXACT)
    step = panel.y[:, 2] - panel.y[:, :2].mean(axis=1)
    assert placebo_in_time(panel, 2004).treated == pytest.approx(step[0] - step[1:].mean(), abs=EXACT)
    with pytest.raises(InferenceError, match=r"fake start 0 must be one of \(2002, 2004\)"):
        placebo_in_time(panel, 0)
