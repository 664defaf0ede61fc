"""Placebo inference, diagnostics and pooling agree with their definitions worked out the long way.

The definitions use numpy or statsmodels and nothing of the package but the panel: sets are inverted on a grid,
permutations are listed, lines are fitted place by place, at ties, at zero, with unequal donors, weights and gaps between
years. `test_estimators.py` compares with published software.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from leadership_effects.data.panels import Array
from leadership_effects.effects.diagnostics import leave_one_donor_out
from leadership_effects.effects.estimators import estimate
from leadership_effects.effects.inference import (
    InferenceError,
    collapsed_t,
    composite,
    family_p,
    permutation_p,
    placebo_in_space,
)
from leadership_effects.effects.weights import EstimatorError
from made_panels import placebos_of, random_panel

EXACT = 1e-9  # the same sums in another order


@pytest.mark.parametrize("alpha", [0.05, 0.1, 0.25])
@pytest.mark.parametrize("donors", [3, 8, 9, 19, 20, 39])
def test_the_confidence_set_holds_what_the_test_does_not_reject(donors: int, alpha: float) -> None:
    effects = np.random.default_rng(donors).normal(size=donors)
    found = placebos_of(0.7, list(effects))
    low, high = found.confidence_set(alpha)
    grid = np.linspace(-9, 9, 4001)
    kept = grid[[permutation_p(0.7 - t, effects) > alpha + EXACT for t in grid]]
    if np.isinf(low):
        assert len(kept) == len(grid) and found.floor > alpha and high == np.inf
    else:
        assert len(kept) < len(grid)
        assert (low, high) == pytest.approx((kept.min(), kept.max()), abs=2 * (grid[1] - grid[0]))


@pytest.mark.parametrize(
    ("treated", "effects", "p", "rank"),
    [
        (2.0, [1, -2, 3], 3 / 4, 2),
        (-2.0, [1, 2, 3], 3 / 4, 4),
        (0.0, [0, 0, 1], 1.0, 4),
        (0.3, [0.1 + 0.2, -0.3, 0], 3 / 4, 2),
    ],
    ids=["tie of the other sign", "negative", "zero", "tie but for rounding"],
)
def test_ties_count_against_the_treated_place(
    treated: float, effects: list[float], p: float, rank: int
) -> None:
    found = placebos_of(treated, effects)
    assert (found.p_value, found.rank) == (p, rank)


def test_several_outcomes_are_corrected_over_the_donors_common_to_all() -> None:
    one = placebos_of(3.0, [1, -2, 0.5, 2.5], units="abcd")
    two = placebos_of(-1.0, [2, 0.25, -1], units="bce")
    # The treated place is among them.
    spread = [np.std([3, 1, -2, 0.5, 2.5], ddof=1), np.std([-1, 2, 0.25, -1], ddof=1)]
    largest = [max(2 / spread[0], 2 / spread[1]), max(0.5 / spread[0], 0.25 / spread[1])]
    own = max(3 / spread[0], 1 / spread[1])
    assert family_p([one, two]) == (1 + sum(value >= own for value in largest)) / 3
    treated, others, common = composite([one, two])
    means = np.array([-2 / spread[0] + 2 / spread[1], 0.5 / spread[0] + 0.25 / spread[1]]) / 2
    assert common == ("b", "c")
    assert others == pytest.approx(means / means.std(ddof=1))
    assert treated == pytest.approx((3 / spread[0] - 1 / spread[1]) / 2 / means.std(ddof=1))


def test_one_outcome_needs_no_correction() -> None:
    one = placebos_of(2.0, [1, -2, 0.5, 2.5])
    assert family_p([one]) == one.p_value
    treated, others, _ = composite([one])
    assert np.concatenate([[treated], others]) == pytest.approx(one.standardised)


@pytest.mark.parametrize("weights", [np.ones(5), np.array([1.0, 2, 3, 4, 5])], ids=["equal", "unequal"])
def test_placebos_are_double_differences_without_the_treated_place(weights: Array) -> None:
    panel = replace(random_panel(5, 3, 2), weights=weights)
    change = panel.y[:, 3:].mean(axis=1) - panel.y[:, :3].mean(axis=1)
    found = placebo_in_space(panel, "twfe")
    for j in range(5):
        rest = [k for k in range(5) if k != j]
        assert found.effects[j] == pytest.approx(
            change[j + 1] - np.average(change[1:][rest], weights=weights[rest]), abs=EXACT
        )
    assert collapsed_t(panel).effect == pytest.approx(found.treated, abs=EXACT)


def test_what_cannot_be_divided_is_refused() -> None:
    flat = placebos_of(1.0, [2, 2, 2])
    with pytest.raises(InferenceError, match="all 3 placebo effects are equal"):
        flat.standardised  # noqa: B018
    with pytest.raises(InferenceError, match="fits its pre-periods exactly"):
        placebos_of(1.0, [1, 2, 3], np.array([1.0, 1, 0, 1])).p_studentised  # noqa: B018
    with pytest.raises(InferenceError, match="common to all outcomes, found"):
        composite([placebos_of(1.0, [1, 2], units="ab"), placebos_of(1.0, [1, 2], units="bc")])
    with pytest.raises(InferenceError, match="no donor is common"):
        family_p([placebos_of(1.0, [1, 2], units="ab"), placebos_of(1.0, [1, 2], units="cd")])
    with pytest.raises(InferenceError, match="leaving one out needs two donors"):
        leave_one_donor_out(random_panel(1, 2, 1), "twfe")
    with pytest.raises(EstimatorError, match="needs two donors to weight, found 1"):
        estimate(random_panel(1, 3, 1), "sdid")


@pytest.mark.parametrize(("treated", "placebos"), [(np.nan, [1.0, 2.0]), (1.0, [np.nan, 2.0])])
def test_what_is_not_a_number_is_not_the_smallest_p(treated: float, placebos: list[float]) -> None:
    with pytest.raises(InferenceError, match="a permutation needs finite numbers, found"):
        permutation_p(treated, np.array(placebos))
