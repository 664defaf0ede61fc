"""Joint tests count every draw of one place per case."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from leadership_effects.synthesis.joint import best_of_p, expected_best_of, joint_randomisation, largest_of
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


@pytest.mark.parametrize(("n", "expected"), [(9, 1.485), (21, 1.889), (61, 2.326)])
def test_best_of_n_equal_places(n: int, expected: float) -> None:
    assert expected_best_of(n) == pytest.approx(expected, abs=5e-4)
