"""Joint tests count every draw of one place per case."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from leadership_effects.synthesis.joint import (
    best_of_p,
    distinct_pairs,
    expected_best_of,
    joint_randomisation,
    largest_of,
    placebo_variance,
    shared_correlation,
)
from leadership_effects.synthesis.pooling import SynthesisError
from scipy import integrate

EXACT = 1e-9  # the same sums in another order


def test_largest_of_several_counts_every_draw() -> None:
    rng = np.random.default_rng(11)
    cases = [rng.normal(size=n).round(1) for n in (4, 5, 6, 3)]
    largest = np.array([max(draw) for draw in itertools.product(*cases)])
    own = max(case[0] for case in cases)
    found = largest_of(cases)
    assert found.value == own and cases[found.position][0] == own
    assert found.p == pytest.approx(np.mean(largest >= own - 1e-12))
    assert found.expected == pytest.approx(largest.mean())
    top = largest_of([np.array([9.0, 0, 1]), np.array([0.5, 0.1, 0.2, 0.3])])
    assert top.p == pytest.approx(top.floor) == pytest.approx(1 / 3)


@pytest.mark.parametrize("n", [5, 51])
def test_chance_of_the_best_integrates_to_its_expectation(n: int) -> None:
    above = integrate.quad(lambda x: best_of_p(x, n), 0, 12)[0]
    below = integrate.quad(lambda x: 1 - best_of_p(x, n), -12, 0)[0]
    assert above - below == pytest.approx(expected_best_of(n), abs=1e-6)


@pytest.mark.parametrize(
    "cases",
    [
        [np.random.default_rng(3).normal(size=n) for n in (4, 5, 6, 3)],
        [[1, 2, -1], [0, 1, 1, -3]],
        [[-2, 1, 2], [-1, 1, 0], [0, 2, -2]],
        [[1, -1, 0], [-1, 1, 0]],
        [[0, 0], [0, 0]],
        [[0.1, 0.2, -0.3], [0.2, 0.1, -0.3], [-0.3, 0.3, 0.0]],
    ],
    ids=["draws", "ties", "negative", "zero", "nothing but zero", "zero but for rounding"],
)
def test_the_joint_test_counts_every_draw_ties_signs_and_zero(cases: list[list[float]]) -> None:
    sums = np.array([sum(draw) for draw in itertools.product(*cases)])
    own = sum(case[0] for case in cases)
    test = joint_randomisation([np.array(case, float) for case in cases])
    assert test.n_draws == len(sums)
    assert test.p_two_sided == np.mean(np.abs(sums) >= abs(own) - EXACT)
    assert test.p_upper == np.mean(sums >= own - EXACT)
    small = [1e-10 * np.array(case, float) for case in cases]
    assert joint_randomisation(small).p_two_sided == test.p_two_sided
    assert largest_of(small).p == largest_of([np.array(case, float) for case in cases]).p


@pytest.mark.parametrize(("n", "expected"), [(9, 1.485), (21, 1.889), (61, 2.326)])
def test_best_of_n_equal_places(n: int, expected: float) -> None:
    assert expected_best_of(n) == pytest.approx(expected, abs=5e-4)


def test_no_place_is_drawn_twice_from_two_pools() -> None:
    rng = np.random.default_rng(5)
    one, other, third = (rng.normal(size=n) for n in (4, 5, 3))
    names, others = list("abcd"), list("ecdba")
    sums = [
        one[i] + other[j] + x
        for (i, name), (j, twin), x in itertools.product(enumerate(names), enumerate(others), third)
        if name != twin
    ]
    test = joint_randomisation([distinct_pairs(one, other, names, others), third])
    own = abs(one[0] + other[0] + third[0])
    assert test.n_draws == len(sums) == (20 - 4) * 3
    assert test.p_two_sided == pytest.approx(np.mean(np.abs(sums) >= own - EXACT))
    with pytest.raises(SynthesisError, match="two different treated units"):
        distinct_pairs(one, other, names, list("acdbe"))


def test_error_of_a_shared_mean_is_what_is_drawn() -> None:
    rng = np.random.default_rng(6)
    changes = rng.normal(size=(200_000, 12))
    first = changes[:, 0] - changes[:, 2:9].mean(axis=1)
    second = changes[:, 1] - changes[:, 4:12].mean(axis=1)
    names = [str(i) for i in range(12)]
    drawn = np.corrcoef(first, second)[0, 1]
    assert shared_correlation(names[2:9], names[4:12]) == pytest.approx(drawn, abs=4 / np.sqrt(200_000))


def test_variance_in_placebo_sd_is_what_is_drawn() -> None:
    """Mean squared effect over mean squared placebo SD, with donors of unequal weights."""
    rng, w = np.random.default_rng(7), np.array([1.0, 2, 3, 4, 5, 6, 7, 8]) / 36
    changes = rng.normal(size=(100_000, 9))
    effect = changes[:, 0] - changes[:, 1:] @ w
    placebos = (changes[:, 1:] - (changes[:, 1:] @ w)[:, None]) / (1 - w)
    drawn = np.square(effect).mean() / placebos.var(axis=1, ddof=1).mean()
    assert placebo_variance(w) == pytest.approx(drawn, rel=4 * np.sqrt(2 / 100_000))
