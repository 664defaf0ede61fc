"""Rerun cells give the locked rows, and the rows support what the book says of the tests."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from leadership_effects.data.release import Release
from leadership_effects.data.sweeps import Sweep, SweepError, read_sweep, run_cell, sweep_path
from leadership_effects.effects.inference import collapsed_t
from leadership_effects.simulation.experiments import LEVELS, PANELS, SWEEPS, effect_at, start_shift
from leadership_effects.simulation.null_panels import (
    bare_panel,
    cluster_rejection,
    exact_size,
    monte_carlo_error,
)
from scipy import stats

SAME = 1e-9  # counts over draws, kept to ten digits: a rerun must give the very rows
ERRORS = 4  # Monte Carlo standard errors: one in 16,000 by chance, so that a dozen rows may be looked at
SWEEP = {sweep.name: sweep for sweep in SWEEPS}


@pytest.fixture(scope="module")
def size(release: Release) -> pd.DataFrame:
    return read_sweep(SWEEP["size"], release)


@pytest.fixture(scope="module")
def power(release: Release) -> pd.DataFrame:
    return read_sweep(SWEEP["power"], release)


def quick(sweep: Sweep, release: Release) -> list[int]:
    """Positions of cells that run in a moment, spread over the settings."""
    cells = sweep.cells(release)
    slow = [cell.get("draws", 0) > PANELS or cell.get("method") in ("sdid", "dsc") for cell in cells]
    fast = [i for i, waits in enumerate(slow) if not waits]
    return fast[:: 1 + len(fast) // 8] + fast[-1:]


@pytest.mark.parametrize("name", SWEEP)
def test_rerun_cells_give_the_locked_rows(name: str, release: Release) -> None:
    sweep = SWEEP[name]
    cells, rows = sweep.cells(release), json.loads(sweep_path(release.name, name).read_text("utf-8"))["rows"]
    assert len(rows) == len(cells)
    for position in quick(sweep, release):
        fresh, locked = run_cell(sweep, position, cells[position]), rows[position]
        results = [key for key, value in locked.items() if isinstance(value, float)]
        settings = locked.keys() - set(results)
        assert fresh.keys() == locked.keys() and all(fresh[k] == locked[k] for k in settings)
        assert [fresh[k] for k in results] == pytest.approx([locked[k] for k in results], rel=SAME, abs=SAME)


def test_planned_test_rejects_as_many_true_nulls_as_it_should(size: pd.DataFrame) -> None:
    """floor(0.05 (N0 + 1)) / (N0 + 1) on 2,000 panels; where that is nothing, not one."""
    rows = size[size["setting"] == "as planned"]
    assert set(rows["case"]) == {"huari", "london", "washington_dc", "chile", "latvia"}
    for row in rows.itertuples():
        target = exact_size(row.n_donors, 0.05)
        assert row.target_at_5 == pytest.approx(target)
        assert row.draws == PANELS or row.method != "twfe"
        assert abs(row.at_5 - target) <= ERRORS * monte_carlo_error(target, row.draws), row


def test_size_is_exact_in_the_longer_run(size: pd.DataFrame) -> None:
    """With 100,000 panels and at both levels. A yardstick that leaves the treated place out would go beyond the level
    by more than error allows and by up to a third, which is why the package's counts it."""
    rows = size[size["setting"] == "precise"]
    for row in rows.itertuples():
        for level in LEVELS:
            target, rate = getattr(row, f"target_{level}"), getattr(row, level)
            error = ERRORS * monte_carlo_error(target, row.draws)
            assert abs(rate - target) <= error, row
            if row.n_outcomes > 1 and target > 0:
                assert error < getattr(row, f"without_{level}") - target < target / 3, row


def test_collapsed_t_keeps_its_level(size: pd.DataFrame) -> None:
    rows = size[(size["treated_noise"] == 1) & size["t_at_5"].notna()]
    for row in rows.itertuples():
        assert abs(row.t_at_5 - 0.05) <= ERRORS * monte_carlo_error(0.05, row.draws), row


def test_cluster_robust_rejection_is_near_its_closed_form(size: pd.DataFrame) -> None:
    """The closed form at 8, 19 and 60 donors, worked out by hand, and simulated rates within Monte Carlo error."""
    for n, rate in ((8, 0.442), (19, 0.640), (60, 0.798)):
        assert cluster_rejection(n) == pytest.approx(rate, abs=5e-4)
    rows = size[(size["setting"] == "as planned") & size["cluster_at_5"].notna()]
    for row in rows.itertuples():
        expected = cluster_rejection(row.n_donors)
        assert abs(row.cluster_at_5 - expected) <= ERRORS * monte_carlo_error(expected, row.draws), row


def test_noisy_treated_place_and_its_correction(size: pd.DataFrame) -> None:
    """Twice as noisy: the plain test errs several times too often, the rescaled one less than three times."""
    rows = size[(size["setting"] == "variance by size") & (size["treated_noise"] == 2)]
    assert len(rows) == 3
    assert (rows["at_5"] > 4 * rows["target_at_5"]).all()
    assert (rows["rescaled_at_5"] < 3 * rows["target_at_5"]).all()
    quiet = size[(size["treated_noise"] == 0.5) & (size["setting"] == "unequal noise")]
    assert (quiet["at_5"] <= 0.1 * quiet["target_at_5"]).all()


def noncentral_power(multiple: float, n_donors: int, level: float = 0.05) -> float:
    """Exact power of the collapsed t with equal weights against an effect in donor-change SD (noncentral t)."""
    df, centre = n_donors - 1, multiple / np.sqrt(1 + 1 / n_donors)
    limit = stats.t.ppf(1 - level / 2, df)
    return float(stats.nct.sf(limit, df, centre) + stats.nct.cdf(-limit, df, centre))


def test_power_of_the_collapsed_t_is_the_noncentral_t(power: pd.DataFrame) -> None:
    """Equal weights only; Huari's provinces have unequal ones, which the formula does not know."""
    rows = power[power["t_at_5"].notna() & (power["case"] != "huari")]
    for row in rows.itertuples():
        expected = noncentral_power(row.effect, row.n_donors)
        error = monte_carlo_error(expected, row.draws)
        assert abs(row.t_at_5 - expected) <= ERRORS * max(error, 1 / row.draws), row


def test_detectable_effect_is_found_four_times_in_five(power: pd.DataFrame) -> None:
    """By the collapsed t, for which the formula is made; the formula's own error is below one point."""
    rows = power[power["point"] == "detectable"]
    assert len(rows) == 8
    for row in rows.itertuples():
        assert abs(noncentral_power(row.effect, row.n_donors) - 0.8) < 0.01
        assert abs(row.t_at_5 - 0.8) <= 0.01 + ERRORS * monte_carlo_error(0.8, row.draws), row
        own = (power["case"] == row.case) & (power["outcomes"] == row.outcomes)
        grid = power[own & (power["point"] == "grid")]
        assert effect_at(grid["effect"], grid["t_at_5"]) == pytest.approx(row.effect, abs=0.15)


def test_recovery_adds_up(release: Release) -> None:
    """Two-way fixed effects give back the effect, and the drift on top; taking out the own line takes out the drift."""
    rows = read_sweep(SWEEP["recovery"], release)
    equal = rows[rows["case"] != "huari"]
    for kind, extra in (("constant", 0), ("growing", 0), ("drift", 1)):
        plain = equal[(equal["method"] == "twfe") & (equal["effect"] == kind)]
        assert plain["bias"].to_numpy() == pytest.approx(np.full(len(plain), extra), abs=1e-8)
    assert rows.loc[rows["method"] == "own line out", "bias"].abs().max() < 1e-8
    wide = rows.pivot(index=["case", "outcomes", "method"], columns="effect", values="rmse")
    assert wide["constant"].to_numpy() == pytest.approx(wide["growing"].to_numpy(), rel=1e-8)


def test_match_on_starts_leaves_a_shift_only_if_starts_predict_changes() -> None:
    starts = np.linspace(40, 60, 21)
    level, falling = np.column_stack([starts, starts + 5]), np.column_stack([starts, 0.5 * starts + 30])
    for y, shift in ((level, 0), (falling, -0.5)):
        y = np.vstack([[52, 60], y + np.random.default_rng(1).normal(0, 1e-9, y.shape)])
        low = np.vstack([y[0], y[1:][starts <= 54]])
        everyone, matched = (bare_panel(part, 1, np.ones(len(part) - 1), (1, 2)) for part in (y, low))
        expected = shift * (52 - low[1:, 0].mean())
        found = start_shift(matched, everyone) * collapsed_t(matched).donor_sd
        assert found == pytest.approx(expected, abs=1e-6)


def test_locked_rows_of_other_inputs_are_refused(release: Release) -> None:
    changed = replace(SWEEP["size"], seed=1)
    with pytest.raises(SweepError, match="computed from other inputs"):
        read_sweep(changed, release)
