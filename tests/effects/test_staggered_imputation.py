"""Imputation against what it comes to by hand where one cohort starts, and what it refuses."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import statsmodels.api as sm
from leadership_effects.data.staggered.panel import NEVER, StaggeredPanel
from leadership_effects.effects.staggered.imputation import (
    ADJUSTED,
    LEVEL,
    PLAIN,
    Engine,
    ImputationError,
    imputable,
    impute,
    usable,
)
from made_staggered import noise_panel, staggered_of

ALGEBRA = 1e-10  # the same least squares in closed form, numbers near 1


def one_cohort(before: int) -> StaggeredPanel:
    """Five places that start after so many waves, beside eight that never do; three waves after."""
    rng = np.random.default_rng(before)
    level = rng.normal(size=13)
    return staggered_of(
        rng.normal(size=(13, 1, before + 3)) + level[:, None, None], [before] * 5 + [NEVER] * 8, level
    )


@pytest.mark.parametrize("before", [1, 2, 4])
def test_one_cohort_is_a_difference_in_differences_of_means(before: int) -> None:
    panel = one_cohort(before)
    change = panel.y[:, 0, before:].mean(axis=1) - panel.y[:, 0, :before].mean(axis=1)
    ours, others = change[:5], change[5:]
    found = impute(panel, PLAIN)
    assert found.estimate == pytest.approx(ours.mean() - others.mean(), abs=ALGEBRA)
    variance = sum(np.square(own - own.mean()).sum() / len(own) ** 2 for own in (ours, others))
    assert found.se == pytest.approx(np.sqrt(variance * 13 / 12), abs=ALGEBRA)
    assert set(found.by_wave) == {0, 1, 2}
    assert np.mean(list(found.by_wave.values())) == pytest.approx(found.estimate, abs=ALGEBRA)
    assert (found.n_treated, found.n_places) == (15, 13)


def test_level_by_wave_predicts_each_change_by_a_regression_on_the_level() -> None:
    panel = one_cohort(1)
    change = panel.y[:, 0, 1:] - panel.y[:, 0, :1]
    x = sm.add_constant(panel.level)
    gaps = [change[:5, w] - x[:5] @ sm.OLS(change[5:, w], x[5:]).fit().params for w in range(3)]
    assert impute(panel, LEVEL).estimate == pytest.approx(np.mean(gaps), abs=ALGEBRA)


def test_several_outcomes_of_an_engine_are_those_of_one_each() -> None:
    panel = noise_panel(4, series=2)
    other = np.random.default_rng(1).normal(size=panel.y.shape)
    both = Engine(panel, ADJUSTED, [panel.y, other]).run_all(panel.first[None, :])
    for run, y in zip(both, (panel.y, other), strict=True):
        alone = Engine(replace(panel, y=y), ADJUSTED).run(panel.first[None, :])
        np.testing.assert_allclose(run.estimates, alone.estimates, atol=ALGEBRA)
        np.testing.assert_allclose(run.influence, alone.influence, atol=ALGEBRA)
        assert run.estimates[0] == pytest.approx(impute(replace(panel, y=y), ADJUSTED).estimate, abs=ALGEBRA)


def test_an_effect_moves_the_estimate_and_not_its_error() -> None:
    panel = noise_panel(5)
    before, after = impute(panel), impute(replace(panel, y=panel.y + 0.7 * panel.exposed))
    assert (after.estimate - before.estimate, after.se) == pytest.approx((0.7, before.se), abs=ALGEBRA)


def test_a_series_without_an_untreated_cell_of_its_place_does_not_enter() -> None:
    panel = noise_panel(6, series=2)
    panel.y[0, 1, : panel.first[0]] = np.nan
    without = replace(panel, y=panel.y.copy())
    without.y[0, 1] = np.nan
    assert not imputable(panel)[0, 1].any()
    assert impute(panel).estimate == pytest.approx(impute(without).estimate, abs=ALGEBRA)


def test_places_without_a_level_leave_only_where_it_is_used() -> None:
    panel = noise_panel(7)
    panel.level[3] = np.nan
    assert len(usable(panel, PLAIN).places) == 24 and "p03" not in usable(panel, LEVEL).places


def test_terms_without_untreated_places_are_refused_by_name() -> None:
    panel = noise_panel(8)
    late = np.where(panel.treated, panel.first, 8)
    with pytest.raises(ImputationError, match="made: no untreated place has s0 in 2016"):
        impute(replace(panel, first=late))
    split = replace(panel, group=tuple("a" if own else "b" for own in panel.treated))
    with pytest.raises(ImputationError, match="group 'a' has no untreated place in 2012; use wider groups"):
        impute(split, ADJUSTED)
    with pytest.raises(ImputationError, match="the plan names no groups"):
        impute(replace(panel, group=("",) * 24), ADJUSTED)
