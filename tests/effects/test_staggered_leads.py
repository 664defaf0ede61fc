"""Leads by permutation against the pre-trend regression, the size of their test, and the trend it would find."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from leadership_effects.effects.staggered.event_study import pretrend
from leadership_effects.effects.staggered.imputation import ADJUSTED, PLAIN, ImputationError, Terms, impute
from leadership_effects.effects.staggered.leads import LeadEngine, joint_test, lead_power
from made_staggered import noise_panel

ALGEBRA = 1e-10  # normal equations summed over places, and statsmodels' QR


@pytest.mark.parametrize("terms", [PLAIN, ADJUSTED])
def test_sums_over_places_give_the_regression(terms: Terms) -> None:
    panel = noise_panel(1, series=2)
    rng = np.random.default_rng(2)
    panel.weights[:] = rng.uniform(0.5, 2, panel.y.shape)
    panel.y[rng.random(panel.y.shape) < 0.1] = np.nan
    orders = [panel.first, *(rng.permutation(panel.first) for _ in range(3))]
    found, influence = LeadEngine(panel, terms, 3, panel.y[None]).run(np.array(orders))
    for d, first in enumerate(orders):
        expected = pretrend(replace(panel, first=first), terms)
        assert found[d, :, 0] == pytest.approx(expected.estimates, abs=ALGEBRA)
        assert pytest.approx(expected.influence, abs=ALGEBRA) == influence[d, :, :, 0].T


def test_a_trend_is_found_and_an_effect_is_not_taken_for_one() -> None:
    steep = joint_test(noise_panel(3, slope=1.0), draws=499, seed=1)
    assert steep.p_value < 0.01 and steep.leads == 3 and steep.unidentified == 0
    assert steep.p_error == pytest.approx(np.sqrt(steep.p_value * (1 - steep.p_value) / 499))
    panel = noise_panel(4)
    moved = replace(panel, y=panel.y + 5.0 * panel.exposed)
    assert joint_test(moved, draws=199, seed=1).p_value == joint_test(panel, draws=199, seed=1).p_value


def test_size_over_panels_of_noise() -> None:
    """60 panels at 10 %: 95 % of such counts lie between 2 and 11."""
    p = [joint_test(noise_panel(100 + i), draws=99, seed=i).p_value for i in range(60)]
    assert 2 <= sum(np.array(p) <= 0.1 + 1e-9) <= 11


def test_power() -> None:
    """Size at a slope of zero within four errors; rising; the detectable trend is found four times in five."""
    panel = noise_panel(5)
    power = lead_power(panel, panels=300, draws=99, seed=3)
    assert abs(power.power(0.0) - 0.05) <= 4 * np.sqrt(0.05 * 0.95 / 300)
    slope = power.detectable()
    assert power.power(slope) >= 0.8 > power.power(0.9 * slope)
    assert power.power(0.3 * slope) < power.power(slope) <= power.power(2 * slope)
    line = np.where(panel.treated[:, None], panel.since, 0.0)[:, None, :]
    assert power.bias == pytest.approx(impute(replace(panel, y=line)).estimate, abs=ALGEBRA)
    assert power.against(power.bias * slope) == power.power(slope)
    assert power.error(slope) == pytest.approx(np.sqrt(power.power(slope) * (1 - power.power(slope)) / 300))


def test_leads_that_nothing_identifies_are_refused() -> None:
    panel = noise_panel(6)
    first = np.where(panel.treated, 2, panel.first)
    early = replace(panel, first=first, y=np.where(np.arange(9) == 0, np.nan, panel.y))
    with pytest.raises(ImputationError):
        joint_test(early, draws=19)
