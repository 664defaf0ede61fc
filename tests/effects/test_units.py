"""What is measured in another unit gives the same weights, p-values and ranks, and scaled effects."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from leadership_effects.data.panels import Panel
from leadership_effects.effects.diagnostics import breakdown, pre_trend_rank
from leadership_effects.effects.inference import (
    InferenceError,
    collapsed_t,
    composite,
    family_p,
    minimum_detectable_effect,
    placebo_in_space,
)
from leadership_effects.effects.weights import Method, method_weights
from made_panels import panel_of

SAME = 1e-7  # the same programme solved in another unit: sums and their roundings differ
METHODS: tuple[Method, ...] = ("twfe", "sdid", "dsc", "sc")


@pytest.fixture
def panel() -> Panel:
    """Whole numbers, so that several places tie."""
    return panel_of(np.random.default_rng(3).integers(0, 4, size=(13, 7)), 4)


@pytest.mark.parametrize("factor", [1e-10, 1e-6, 1e6])
@pytest.mark.parametrize("method", METHODS)
def test_the_unit_of_the_outcome_moves_nothing(panel: Panel, method: Method, factor: float) -> None:
    """Plain synthetic control by an exact factor: many mixes fit, and rounded outcomes choose among them."""
    if method == "sc":
        factor = float(2.0 ** np.round(np.log2(factor)))
    other = replace(panel, y=panel.y * factor)
    plain, scaled = placebo_in_space(panel, method), placebo_in_space(other, method)
    assert scaled.effects / factor == pytest.approx(plain.effects, abs=SAME)
    assert (scaled.p_value, scaled.rank) == (plain.p_value, plain.rank)
    assert family_p([scaled, scaled]) == family_p([plain, plain])
    assert composite([scaled, scaled])[0] == pytest.approx(composite([plain, plain])[0], abs=SAME)
    for mine, theirs in zip(
        method_weights(method, other.y[0], other.y[1:], 4, other.weights),
        method_weights(method, panel.y[0], panel.y[1:], 4, panel.weights),
        strict=True,
    ):
        assert mine == pytest.approx(theirs, abs=SAME)


@pytest.mark.parametrize("factor", [1e-10, 1e-6, 1e6])
def test_the_unit_moves_no_diagnostic(panel: Panel, factor: float) -> None:
    other = replace(panel, y=panel.y * factor)
    assert minimum_detectable_effect(other) / factor == pytest.approx(minimum_detectable_effect(panel))
    assert pre_trend_rank(other) == pre_trend_rank(panel)
    assert breakdown(other) == pytest.approx(breakdown(panel))


@pytest.mark.parametrize("level", [0.0, 0.3, 500.0])
@pytest.mark.parametrize("infer", [collapsed_t, minimum_detectable_effect])
def test_donors_that_change_alike_measure_no_error(infer, level: float) -> None:
    steps = np.tile([0.0, 0.1, 0.7, 0.2], (6, 1)) + level * np.arange(6)[:, None]
    steps[0, -1] += 1
    with pytest.raises(InferenceError, match="changed by the same amount"):
        infer(panel_of(steps, 2))
