"""Tipping models agree with Granovetter, Centola and others, and Xie and others."""

from __future__ import annotations

import numpy as np
import pytest
from leadership_effects.synthesis import tipping
from leadership_effects.synthesis.tipping import TippingError

PUBLISHED = 5e-5  # Xie and others print four decimals, 0.0979
# Centola and others print "25 per cent" for a memory of 12, from simulations of finite groups.
QUARTER = 0.015
# Granovetter reads his critical spread and level off a figure, to about half a person in a hundred.
PERCENT = 0.005
# A few hundred people tip some per cent early or late: chance of whom one meets, and of the thresholds drawn.
FINITE = 0.06
CELL = {"model": "memory", "network": "complete", "orientation": 1.0, **tipping.COMMON}


def tipped(seed: int, **change: object) -> float:
    return tipping.tips(np.random.default_rng(seed), CELL | change)["tipped"]


def test_granovetters_two_crowds() -> None:
    crowd = np.arange(100)
    other = np.where(crowd == 1, 2, crowd)
    assert tipping.cascade(crowd) == 100
    assert tipping.cascade(other) == 1
    assert tipping.cascade(np.array([5, 1, 1])) == 0


def test_granovetters_normal_crowd_jumps_at_its_critical_spread() -> None:
    critical = tipping.critical_spread(0.25)
    assert critical == pytest.approx(0.122, abs=PERCENT)
    assert tipping.equilibrium(0.25, critical - 1e-6) == pytest.approx(0.06, abs=2 * PERCENT)
    assert tipping.equilibrium(0.25, critical + 1e-4) > 0.99
    # and falls again after the jump
    assert tipping.equilibrium(0.25, 0.3) < tipping.equilibrium(0.25, 0.2) < 1


@pytest.mark.parametrize("mean", [0.05, 0.25, 0.4, 0.45])
def test_the_low_equilibrium_is_there_up_to_the_critical_spread(mean: float) -> None:
    critical = tipping.critical_spread(mean)
    assert tipping.equilibrium(mean, 0.999 * critical) < mean
    assert tipping.equilibrium(mean, 1.001 * critical) > mean


def test_published_critical_shares() -> None:
    assert tipping.critical_share_naming() == pytest.approx(0.0979, abs=PUBLISHED)
    assert tipping.critical_share_memory(12) == pytest.approx(0.25, abs=QUARTER)
    # memory of three: p = (q - G) / (1 - G), G = 3q^2 - 2q^3, is highest at q = 1/4, where it is 1/9
    assert tipping.critical_share_memory(3) == pytest.approx(1 / 9, abs=1e-9)
    assert np.isnan([tipping.critical_share_memory(2), tipping.critical_share_thresholds(0.25, 0.3)]).all()
    rising = [tipping.critical_share_memory(memory) for memory in (4, 8, 12, 30, 100)]
    assert rising == sorted(rising) and rising[-1] < 0.5


@pytest.mark.parametrize(("mean", "sd"), [(0.5, 0.15), (0.4, 0.1), (0.25, 0.1)])
def test_the_critical_share_is_where_the_equilibrium_jumps(mean: float, sd: float) -> None:
    at = tipping.critical_share_thresholds(mean, sd)
    assert tipping.equilibrium(mean, sd, at - 1e-4) < mean < 0.9 < tipping.equilibrium(mean, sd, at + 1e-4)


@pytest.mark.parametrize(
    ("model", "people", "solved"),
    [
        ("memory", 100, tipping.critical_share_memory(12)),
        ("thresholds", 400, tipping.critical_share_thresholds(0.5, 0.15)),
        ("naming", 400, tipping.critical_share_naming()),
    ],
    ids=["memory", "thresholds", "naming"],
)
def test_simulated_people_tip_where_the_solved_model_does(model: str, people: int, solved: float) -> None:
    cell = {"model": model, "people": people, "runs": 20}
    assert tipped(2, **cell, share=solved - FINITE) <= 0.2
    assert tipped(2, **cell, share=solved + FINITE) >= 0.8


def test_only_the_aligned_part_of_the_committed_counts() -> None:
    whole, half = (tipped(4, share=0.3, runs=20, orientation=part) for part in (1.0, 0.5))
    assert whole == 1 and half == 0


@pytest.mark.parametrize("network", tipping.NETWORKS)
def test_networks_are_what_they_are_called(network: str) -> None:
    ties = tipping.neighbours(network, 60, 3, np.random.default_rng(5))
    tied = ties != np.arange(60)[:, None]
    degree = tied.sum(axis=2)
    joined = np.zeros((3, 60, 60), dtype=bool)
    for run, person in np.ndindex(3, 60):
        joined[run, person, ties[run, person][tied[run, person]]] = True
    assert (joined == joined.transpose(0, 2, 1)).all() and (joined.sum(axis=2) == degree).all()
    if network == "random":
        assert degree.mean() == pytest.approx(10, abs=1.5)
    else:
        assert (degree == (59 if network == "complete" else 10)).all()
    fixed = tipping.commitments(network, 60, 0.2, 0.75, 3, np.random.default_rng(6))
    committed = [(fixed == behaviour).sum(axis=1).tolist() for behaviour in (tipping.NEW, tipping.OTHER)]
    assert committed == [[9] * 3, [3] * 3]
    assert network != "ring, side by side" or (fixed[:, :12] != tipping.OLD).all()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"network": "star"}, "allowed: complete; random; ring"),
        ({"model": "epidemic"}, "allowed: memory, thresholds, naming"),
        ({"share": 1.2}, "share must lie between 0 and 1"),
        ({"model": "naming", "orientation": 0.5}, "the naming game is defined for"),
    ],
)
def test_models_that_are_not_defined_are_refused(change: dict[str, object], words: str) -> None:
    with pytest.raises(TippingError, match=words):
        tipped(1, **{"share": 0.2} | change)


HALF_WAY = {
    "between two shares": ([0, 25, 75], 25.0),
    "at a share itself": ([0, 50, 100], 20.0),
    "at the first share": ([60, 80, 100], np.nan),
    "nowhere": ([0, 10, 49], np.nan),
}


@pytest.mark.parametrize("tipped, share", HALF_WAY.values(), ids=HALF_WAY)
def test_half_of_the_runs_tip_between_the_shares_that_were_simulated(
    tipped: list[float], share: float
) -> None:
    found = tipping.half_way(np.array([10.0, 20.0, 30.0]), np.array(tipped, float))
    assert found == pytest.approx(share, nan_ok=True)
