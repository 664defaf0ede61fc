"""Threshold fits and permutation tests agree with strucchange and with definitions worked out by hand."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import permutations
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from leadership_effects.build.simulations import run_sweep
from leadership_effects.build.workers import open_executor
from leadership_effects.data.panels import Array
from leadership_effects.data.release import Release
from leadership_effects.data.sweeps import Cell, Sweep, read_sweep, run_cell, sweep_path
from leadership_effects.synthesis import thresholds, tipping
from leadership_effects.synthesis.thresholds import (
    ThresholdError,
    candidate_thresholds,
    fit_threshold,
    per_side,
    relative_sd,
    slope_test,
    sup_f,
    thresholds_not_rejected,
)

NILE = Path(__file__).parents[1] / "reference" / "supf_nile"
SUP_F = 1e-6  # named in the reference: both solve the same least squares, printed to ten digits
BY_HAND = 1e-12  # a few sums of small whole numbers
SAME = 1e-7  # the house tolerance between machines
DOSE = np.arange(8, dtype=float)


def test_sup_f_is_that_of_strucchange_on_the_nile() -> None:
    nile = pd.read_csv(NILE / "input.csv")
    wanted = json.loads((NILE / "expected.json").read_text())["reproduced"]
    years, flow = nile["year"].to_numpy(float), nile["flow"].to_numpy(float)
    found = sup_f(years, flow, fewest=per_side(len(nile), 0.15))
    assert found.statistic == pytest.approx(wanted["supF"], abs=SUP_F)
    assert found.below == wanted["break_index"]
    # strucchange's break year is the last of the old level, ours the first of the new one
    assert found.threshold == wanted["break_year"] + 1
    fit = fit_threshold(years, flow, "step", per_side(100, 0.15))
    assert fit.sse == pytest.approx(wanted["rss1"], rel=SUP_F)
    assert not found.exact and found.orders == thresholds.DRAWS + 1 and found.p == 1 / found.orders
    kept = thresholds_not_rejected(years, flow, fewest=per_side(len(nile), 0.15), draws=999)
    # the published 95 % interval of the break, observations 25 to 32, holds what is kept
    assert {1895 <= year <= 1903 for year in kept.candidates[kept.kept]} == {True}


@pytest.mark.parametrize(
    ("shape", "y", "threshold", "coefficients", "sse"),
    [
        ("line", [1, 3, 5, 7, 9], float("nan"), [1, 2], 0.0),
        ("line", [0, 0, 0, 1, 2], float("nan"), [-0.4, 0.5], 0.7),
        ("kink", [0, 0, 0, 1, 2], 2.0, [0, 0, 1], 0.0),
        ("kink", [4, 3, 2, 4, 6], 2.0, [4, -1, 3], 0.0),
        # levels 1 and 5: residuals -1, 0, 1 and 0, 0
        ("step", [0, 1, 2, 5, 5], 3.0, [1, 4], 2.0),
        ("step", [3, 3, 3, 3, 1], 4.0, [3, -2], 0.0),
    ],
)
def test_fits_worked_out_by_hand(
    shape: thresholds.Shape, y: list[float], threshold: float, coefficients: list[float], sse: float
) -> None:
    dose = np.arange(5.0)
    found = fit_threshold(dose, np.array(y, float), shape, fewest=1)
    assert found.threshold == pytest.approx(threshold, nan_ok=True)
    assert found.coefficients == pytest.approx(coefficients, abs=BY_HAND)
    assert found.sse == pytest.approx(sse, abs=BY_HAND)
    assert float(np.square(found.at(dose) - y).sum()) == pytest.approx(sse, abs=BY_HAND)


def f_the_long_way(dose: Array, y: Array, fewest: int) -> float:
    """Largest F of a step, from the two means."""
    n, found = len(y), []
    for c in np.unique(dose):
        low, high = y[dose < c], y[dose >= c]
        if min(len(low), len(high)) >= fewest:
            sse = np.square(low - low.mean()).sum() + np.square(high - high.mean()).sum()
            found.append((np.square(y - y.mean()).sum() - sse) / (sse / (n - 2)))
    return float(max(found))


@pytest.mark.parametrize("y", [[0.1, 0.3, 0.1, 0.3], [0.3, 0.1, 0.3, 0.1], [0.7, 0.1, 0.7, 0.1]])
def test_of_equally_good_thresholds_the_lowest_is_told(y: list[float]) -> None:
    """Steps at 1 and at 3 leave the same sum of squares; the last digit must not choose."""
    dose, outcome = np.arange(4.0), np.array(y)
    fit, found = fit_threshold(dose, outcome, "step", fewest=1), sup_f(dose, outcome, fewest=1)
    assert fit.threshold == found.threshold == 1


@pytest.mark.parametrize("dose", [[0, 1, 2, 3, 4, 5], [0, 0, 1, 1, 2, 3]], ids=["distinct", "tied"])
def test_the_exact_p_counts_every_order(dose: list[float]) -> None:
    d, y = np.array(dose, float), np.array([0.3, -1.1, 0.9, 1.7, 0.2, 2.4])
    found = sup_f(d, y, fewest=2)
    own = f_the_long_way(d, y, 2)
    every = [f_the_long_way(d, y[list(order)], 2) for order in permutations(range(6))]
    assert found.exact and found.orders == len(every)
    assert found.statistic == pytest.approx(own, rel=BY_HAND)
    assert found.p == pytest.approx(np.mean(np.array(every) >= own * (1 - 1e-9)), abs=BY_HAND)


def test_a_threshold_is_kept_unless_orders_within_its_sides_rule_it_out() -> None:
    y = np.array([0.1, -0.2, 0.3, 0.0, 5.2, 4.9, 5.1, 5.0])
    clear = thresholds_not_rejected(DOSE, y)
    assert clear.exact and list(clear.candidates) == [3, 4, 5]
    assert clear.p[1] == 1 and clear.kept[1]  # the best step is never rejected
    low, high = y[:3], y[3:]
    best = f_the_long_way(DOSE, y, 3)
    within = [
        f_the_long_way(DOSE, np.concatenate([low[list(a)], high[list(b)]]), 3)
        for a in permutations(range(3))
        for b in permutations(range(5))
    ]
    assert clear.p[0] == pytest.approx(np.mean(np.array(within) >= best * (1 - 1e-9)), abs=BY_HAND)
    flat = thresholds_not_rejected(DOSE, np.array([1.0, 2.0, 1.5, 0.5, 2.2, 1.1, 1.9, 0.8]))
    assert flat.kept.all()  # where there is no step, nothing is ruled out


def test_with_two_doses_line_and_step_are_one_fit() -> None:
    dose, y = np.array([1.0, 1, 1, 2, 2]), np.array([0.1, 0.6, 0.4, 0.5, 5.5])
    slope, p, orders = slope_test(dose, y)
    assert slope == pytest.approx(3.0 - 1.1 / 3, abs=BY_HAND) and orders == 120
    step, line = (fit_threshold(dose, y, shape, fewest=2).sse for shape in ("step", "line"))
    assert step == pytest.approx(line, abs=BY_HAND)
    assert (10 * p) == pytest.approx(round(10 * p), abs=BY_HAND)  # ten ways to part five places


@pytest.mark.parametrize(
    ("dose", "y", "shape", "words"),
    [
        ([1, 1, 1, 2, 2], [1, 2, 3, 4, 5], "step", "3 at 1, 2 at 2"),
        ([1, 1, 1, 1], [1, 2, 3, 4], "step", "all doses are equal"),
        ([1, 2, 3, 4, 5, 6], [1, 1, 1, 1, 1, 1], "step", "all outcomes are equal"),
        ([1, 2, 3], [1, 2], "step", "of one length"),
        ([1, 2, np.nan, 4, 5, 6], [1, 2, 3, 4, 5, 6], "step", "finite"),
        ([1, 2, 3, 4, 5, 6], [1, 2, 3, 4, 5, 6], "cliff", "allowed: line, kink, step"),
        ([1, 2, 3, 4, 5, 6], [1, 2, 3, 4, 5, 6], "line", "no threshold"),
    ],
)
def test_what_bears_no_threshold_is_refused(
    dose: list[float], y: list[float], shape: thresholds.Shape, words: str
) -> None:
    with pytest.raises(ThresholdError, match=words):
        sup_f(np.array(dose, float), np.array(y, float), shape)


@pytest.mark.parametrize("knot", [2.25, 3.0, 4.6])
def test_a_kink_between_doses_is_where_two_lines_meet(knot: float) -> None:
    dose = np.array([0.0, 1, 2, 3, 4, 5, 6, 7])
    y = 1 + 0.5 * dose - 2 * np.maximum(dose - knot, 0)
    found = fit_threshold(dose, y, "kink")
    assert found.threshold == pytest.approx(knot, abs=BY_HAND)
    assert found.coefficients == pytest.approx([1, 0.5, -2], abs=BY_HAND)
    assert sup_f(dose, y, "kink", draws=99).threshold == pytest.approx(knot, abs=BY_HAND)


@pytest.mark.parametrize("seed", range(12))
def test_no_kink_on_a_fine_grid_fits_better(seed: int) -> None:
    """The search in closed form against 4,000 knots a gap; the best of them lies within a step of it."""
    rng = np.random.default_rng(seed)
    dose = np.sort(rng.uniform(0, 10, size=9))
    y = rng.normal(size=9) + np.maximum(dose - 5, 0) * rng.normal()
    found = fit_threshold(dose, y, "kink")
    at, gaps = candidate_thresholds(dose, "kink", 3), dose[2:7]
    grid = np.concatenate([at, np.linspace(gaps[0], gaps[-1], 16_001)])
    sse = np.array([thresholds._fit_at(dose, y, "kink", c).sse for c in grid])
    assert found.sse <= sse.min() + BY_HAND
    assert found.sse == pytest.approx(
        sse.min(), rel=1e-4
    )  # the grid steps over the best knot by 1/16,000 of a gap
    assert found.threshold == pytest.approx(grid[sse.argmin()], abs=0.01)


def test_the_search_between_doses_is_part_of_the_test_of_a_kink() -> None:
    """Every reordering is searched as the observed one is: the best of each is that of a fit by itself."""
    dose = np.array([0.0, 1, 2, 3.5, 4, 5, 7])
    y = np.array([0.2, 0.1, 0.0, 0.4, 1.3, 1.9, 3.6])
    orders = thresholds.listed_orders(7)
    assert orders is not None
    sample = orders[:: len(orders) // 60]
    largest = thresholds._largest(dose, y[sample] - y.mean(), "kink", 3)
    total = float(np.square(y - y.mean()).sum())
    alone = [total - fit_threshold(dose, y[order], "kink").sse for order in sample]
    assert largest == pytest.approx(alone, abs=BY_HAND)
    found = sup_f(dose, y, "kink")
    assert found.exact and found.statistic == pytest.approx(found.profile.max())


def test_a_knot_belongs_to_both_sides_and_a_step_to_the_upper() -> None:
    assert list(candidate_thresholds(np.arange(5.0), "kink", 3)) == [2]
    assert list(candidate_thresholds(np.arange(5.0), "step", 3)) == []
    assert list(candidate_thresholds(DOSE, "step", 3)) == [3, 4, 5]
    assert per_side(100, 0.15) == 15


@pytest.mark.parametrize("persistence", [0.0, 0.5, 0.8])
def test_the_spread_of_a_difference_is_that_of_simulated_paths(persistence: float) -> None:
    rng = np.random.default_rng(3)
    path = [rng.normal(size=100_000)]
    for _ in range(14):
        path.append(persistence * path[-1] + np.sqrt(1 - persistence**2) * rng.normal(size=path[-1].shape))
    y = np.array(path)
    one, ten = y[5] - y[:5].mean(axis=0), y[5:].mean(axis=0) - y[:5].mean(axis=0)
    assert relative_sd(10, persistence) == pytest.approx(ten.std() / one.std(), abs=0.01)  # Monte Carlo, 3 SE
    assert relative_sd(1, persistence) == 1


@pytest.mark.parametrize(("after", "persistence"), [(0, 0.5), (3, 1.0), (3, -0.1)])
def test_a_study_that_is_not_one_is_refused(after: int, persistence: float) -> None:
    with pytest.raises(ThresholdError, match="needs a year on either side"):
        relative_sd(after, persistence)


def test_the_locked_power_surface_shows_what_the_standard_says(release: Release) -> None:
    rows = read_sweep(thresholds.SWEEPS[0], release)
    null = rows[rows["step"] == 0]
    noise = 3 * np.sqrt(0.05 * 0.95 / thresholds.NULL_PANELS)
    assert (null["power"] <= 0.05 + noise).all()  # the test with its search holds its size
    eight = null[null["places"] == 8].set_index("fewest")["ignoring"]
    # "ignoring the search rejects 13-18 % of true nulls at N = 8": the middle lies between three and two a side
    assert 0.09 < eight[3] < 0.155 < eight[2] < 0.22
    near = rows[(rows["places"] == 8) & (rows["years"] == 1) & (rows["above"] == 0.5)]
    steps = near.set_index("step")["power"]
    assert steps[3.0] < 0.8 < steps[4.0]  # "80 % power needs a step of 3-4 SD"
    surface = rows[(rows["step"] > 0) & (rows["above"] == 0.5) & (rows["years"] == 5)]
    by_places = surface.pivot_table(index="places", columns="step", values="power")
    slack = 0.05  # Monte Carlo error of two cells
    assert (by_places.diff().dropna() >= -slack).all().all()
    assert (by_places.T.diff().dropna() >= -slack).all().all()


def small(sweep: Sweep, positions: list[int], **change: int) -> Sweep:
    """The sweep on a few of its cells, with fewer repetitions."""
    return replace(sweep, cells=lambda release: [sweep.cells(release)[i] | change for i in positions])


@pytest.mark.slow
def test_one_process_two_and_a_cluster_give_the_same_rows(release: Release) -> None:
    from distributed import LocalCluster

    # a cell of each model; one power cell with all orders listed, one with orders drawn
    grids = [
        small(tipping.SWEEPS[0], [11, 236, 454], runs=20),
        small(thresholds.SWEEPS[0], [0, 40], panels=30),
    ]

    def rows(workers: int, scheduler: str = "") -> list[list[Cell]]:
        with open_executor(workers, scheduler) as executor:
            return [run_sweep(grid, release, executor) for grid in grids]

    alone = rows(1)
    assert rows(2) == alone
    with LocalCluster(n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None) as cluster:
        assert rows(0, cluster.scheduler_address) == alone


@pytest.mark.parametrize(
    ("sweep", "positions"),
    [(tipping.SWEEPS[0], [11, 86, 159, 236, 454]), (thresholds.SWEEPS[0], [1, 30, 60, 146])],
    ids=["tipping", "threshold_power"],
)
def test_locked_cells_come_out_again(sweep: Sweep, positions: list[int], release: Release) -> None:
    locked = json.loads(sweep_path(release.name, sweep.name).read_text(encoding="utf-8"))["rows"]
    cells = sweep.cells(release)
    assert len(locked) == len(cells)
    for position in positions:
        assert run_cell(sweep, position, cells[position]) == pytest.approx(locked[position], abs=SAME)
