"""The power of joint and pooled tests agrees with an outside simulation."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from leadership_effects.synthesis.joint import equal_scale, joint_p, joint_randomisation, placebo_variance
from leadership_effects.synthesis.joint_power import (
    drawn_sets,
    pooled_p,
    power_across,
    single_power,
    vote_against,
)
from leadership_effects.synthesis.pooling import SynthesisError, pool

GRID = 0.003  # sums of a joint test counted in cells of 1/64 placebo SD


def test_joint_and_pooled_p_of_many_draws_are_those_of_one() -> None:
    rng = np.random.default_rng(4)
    pools = [rng.normal(size=n) for n in (9, 21, 30, 14, 25)]
    sets = [drawn_sets(p, rng.integers(len(p), size=12), np.linspace(0, 2, 12)) for p in pools]
    for i, (joint, pooled) in enumerate(zip(joint_p(sets), pooled_p(sets), strict=True)):
        exact = joint_randomisation([equal_scale(s[i]) for s in sets])
        assert joint == pytest.approx(exact.p_two_sided, abs=GRID)
        one = pool([s[i, 0] for s in sets], [placebo_variance(np.ones(s.shape[1] - 1)) for s in sets])
        assert pooled == pytest.approx(one.p, abs=1e-6)


def test_a_drawn_set_leaves_the_chosen_place_out_of_its_ruler() -> None:
    pool_values = np.array([1.0, -1.0, 0.5, 2.0, -0.5])
    own = drawn_sets(pool_values, np.array([3]), np.array([1.0]))[0]
    others = np.delete(pool_values, 3)
    assert own[0] == pytest.approx((2 + pool_values.std(ddof=1)) / others.std(ddof=1))
    assert sorted(own[1:]) == pytest.approx(sorted(others / others.std(ddof=1)))


def test_power_with_eight_cases_is_that_of_an_outside_simulation() -> None:
    """0.77 joint and 0.59 pooled at one placebo SD, eight cases of 8 to 60 places; the pools' sizes between are ours.

    Fifteen sets of normal pools with 60 draws each: the tolerances are four Monte Carlo errors of the spread between
    sets and, for the pooled test, the sizes not told.
    """
    rng = np.random.default_rng(3)
    rates = []
    for seed in range(15):
        pools = [rng.normal(size=n) for n in (8, 12, 16, 19, 26, 35, 50, 60)]
        power = power_across(pools, [0.0, 1.0], draws=60, seed=seed)
        rates.append([*power.joint_all, power.pooled_all[1]])
    null, joint, pooled = np.mean(rates, axis=0)
    assert null == pytest.approx(0.05, abs=0.03)
    assert joint == pytest.approx(0.77, abs=0.07)
    assert pooled == pytest.approx(0.59, abs=0.12)


def test_a_pool_too_small_for_the_level_has_no_single_test() -> None:
    rng = np.random.default_rng(9)
    assert np.isnan(single_power(rng.normal(size=19), 5.0))
    assert single_power(rng.normal(size=40), 0.0) == 2 / 40
    assert single_power(rng.normal(size=40), 50.0) == 1.0


@pytest.mark.parametrize("powers", [[0.1, 0.4, 0.7, 0.2, float("nan")], [0.3, 0.3, 0.3, 0.3], [0.9]])
def test_a_vote_of_tests_is_counted_as_by_listing_every_outcome(powers) -> None:
    chances = [0.0 if power != power else power for power in powers]
    listed = sum(
        np.prod([chance if rejects else 1 - chance for chance, rejects in zip(chances, outcome, strict=True)])
        for outcome in itertools.product([True, False], repeat=len(chances))
        if sum(outcome) * 2 < len(outcome)
    )
    assert vote_against(powers) == pytest.approx(listed)


@pytest.mark.parametrize("powers", [[], [1.2], [-0.1, 0.5]])
def test_a_vote_needs_places_with_chances(powers) -> None:
    with pytest.raises(SynthesisError, match="a vote needs places with chances from 0 to 1"):
        vote_against(powers)
