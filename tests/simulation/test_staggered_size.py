"""Many outcomes at once equal one at a time, panels are as stated, and cells run again give the locked rows."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from leadership_effects.data.panels import Array
from leadership_effects.data.release import Release
from leadership_effects.data.staggered.panel import NEVER
from leadership_effects.data.sweeps import Cell, read_sweep, run_cell, sweep_path
from leadership_effects.effects.staggered.imputation import ADJUSTED, PLAIN, Engine, Terms
from leadership_effects.effects.staggered.paths import draw_paths
from leadership_effects.effects.staggered.permutation import engine_of, permute
from leadership_effects.simulation import staggered_dose, staggered_size
from leadership_effects.simulation.many_outcomes import impute_many, shared_parts
from leadership_effects.simulation.staggered_dose import dose_cells, run_dose
from leadership_effects.simulation.staggered_size import (
    SETTINGS,
    TESTS,
    Maker,
    Permuted,
    run_size,
    size_cells,
    size_rows,
)
from made_staggered import noise_panel

ALGEBRA = 1e-10  # the same sums in another order
SAME = 1e-9  # locked rows keep ten digits
SWEEP = {sweep.name: sweep for module in (staggered_dose, staggered_size) for sweep in module.SWEEPS}


def shape_of(seed: int = 1, memory: float = 0.0) -> dict[str, Any]:
    """Twenty-four places in one series of nine waves, half started, with 24 paths of noise to draw from."""
    panel = noise_panel(seed)
    paths = np.random.default_rng(seed).normal(size=(24, 1, 9))
    for t in range(1, 9):
        paths[..., t] = memory * paths[..., t - 1] + np.sqrt(1 - memory**2) * paths[..., t]
    first = np.where(panel.treated, panel.first, -1).tolist()
    return {
        "observed": np.ones((24, 1, 9), int).tolist(), "first": first, "groups": list("ab" * 12),
        "levels": panel.level.tolist(), "slope": np.zeros((1, 9)).tolist(), "paths": paths.tolist(), "seen": np.ones((24, 1, 9), int).tolist(),
        "schemes": ["all places", "thirds of level"],
    }  # fmt: skip


def test_a_place_gets_paths_that_were_observed_where_it_is() -> None:
    """Half of the paths lack the first wave, where they hold a number that must not be drawn."""
    shape = shape_of()
    paths, seen = np.array(shape["paths"]), np.ones((24, 1, 9), int)
    paths[12:, 0, 0], seen[12:, 0, 0] = 1e6, 0
    observed = np.ones((24, 1, 9), int)
    observed[20, 0, 0] = 0
    maker = Maker(
        shape | {"paths": paths.tolist(), "seen": seen.tolist(), "observed": observed.tolist()}, False, 0, 0
    )
    outcomes = maker.draw_outcomes(np.random.default_rng(1), np.zeros(24), 200)
    assert np.abs(outcomes).max() < 100 and not outcomes[20, 0].any()
    later = {round(value, 6) for value in np.abs(paths[12:, 0, 1])}
    assert later & set(np.abs(outcomes[20, 1]).round(6)) and not later & set(np.abs(outcomes[3, 1]).round(6))


def cell_of(**changed: Any) -> Cell:
    plain = {"design": "made", "setting": "equal", "level": 0.0, "trend": 0.0, "panels": 200, "draws": 99}
    return plain | {"interest": 1.0, "effects": [0.0, 1.5], "shape": shape_of()} | changed


@pytest.mark.parametrize("terms", [PLAIN, ADJUSTED])
def test_many_outcomes_are_those_of_the_engine(terms: Terms) -> None:
    panel = noise_panel(2, series=2)
    rng = np.random.default_rng(3)
    panel.weights[:] = rng.uniform(0.5, 2, panel.y.shape)
    panel.y[rng.random(panel.y.shape) < 0.1] = np.nan
    others = [rng.normal(size=panel.y.shape) for _ in range(2)]
    engine = Engine(panel, terms, [panel.y, *others])
    first = draw_paths(engine, "all places", 30, 1).first
    stacked = np.stack([np.where(panel.observed, y, 0.0) for y in engine.outcomes], axis=-1).reshape(
        24, -1, 3
    )
    blank = replace(panel, level=np.zeros(24))
    estimates, influence = impute_many(shared_parts(blank, terms), panel.level, stacked, first)
    for o, runs in enumerate(engine.run_all(first)):
        assert estimates[:, o] == pytest.approx(runs.estimates, abs=ALGEBRA)
        assert influence[:, :, o] == pytest.approx(runs.influence, abs=ALGEBRA)


def test_tests_are_those_of_the_permutation() -> None:
    """p of any effect as `permute` gives it for the panel with an effect added."""
    panel = noise_panel(4)
    parts = shared_parts(panel, ADJUSTED)
    paths = draw_paths(Engine(panel, ADJUSTED), "thirds of level", 99, 5)
    unit = panel.exposed.astype(float)
    stacked = np.stack([panel.y, unit, unit], axis=-1).reshape(24, -1, 3)
    first = np.concatenate([panel.first[None], paths.first])
    tested = Permuted(*impute_many(parts, panel.level, stacked, first))
    moved = replace(panel, y=panel.y + 0.7 * unit)
    permutation = permute(engine_of(moved, ADJUSTED), paths)
    for effect in (0.0, 0.4, 0.7, 2.0):
        assert tested.p_values(0.7, effect)[0] == pytest.approx(permutation.p_at(effect))
    low, high = (getattr(permutation.confidence_set(0.90), end) for end in ("low", "high"))
    for interest in (low - 0.1, high + 0.1, (low + high) / 2):
        found = tested.shares(0.7, interest)
        assert found["ruled_out"][0] == (high < interest) and found["at_least"][0] == (low > interest)
        assert found["covers"][0] == (low <= 0.7 <= high)


def slope_before(outcomes: Array, first: int) -> Array:
    return np.polyfit(np.arange(first), outcomes[:first], 1)[0]


@pytest.mark.parametrize("correlated", [False, True])
def test_places_that_start_come_from_where_is_stated(correlated: bool) -> None:
    """One SD lower in level and in the slope before the start; others as all. 4,000 panels, five errors."""
    maker = Maker(shape_of(), correlated, 1.0, 1.0)
    rng = np.random.default_rng(6)
    levels = np.array([maker.draw_levels(rng) for _ in range(2000)])
    gap = levels[:, maker.treated].mean() - levels[:, ~maker.treated].mean()
    assert gap / maker.levels.std() == pytest.approx(-1, abs=5 * np.sqrt(2 / 24_000))
    outcomes = maker.draw_outcomes(rng, levels[0], 4000)
    plain = Maker(shape_of(), correlated, 0.0, 0.0).draw_outcomes(rng, levels[0], 4000)
    for p in np.flatnonzero(maker.first < NEVER):
        first = int(maker.first[p])
        drawn, usual = slope_before(outcomes[p], first), slope_before(plain[p], first)
        assert (drawn.mean() - usual.mean()) / usual.std() == pytest.approx(-1, abs=0.13)
    assert outcomes[-1].mean() == pytest.approx(0, abs=0.1)


def test_size_and_power_where_nothing_is_selected() -> None:
    """Exchangeable panels: 5 % rejected, 90 % covered, within five binomial errors; a large effect found."""
    found = run_size(np.random.default_rng(7), cell_of())
    for test in TESTS:
        assert found[f"{test}_reject_0"] == pytest.approx(0.05, abs=5 * np.sqrt(0.05 * 0.95 / 200))
        assert found[f"{test}_covers_1.5"] == pytest.approx(0.90, abs=5 * np.sqrt(0.09 / 200))
        assert found[f"{test}_reject_1.5"] > 0.9 and found[f"{test}_ruled_out_0"] > 0.5
        assert abs(found[f"{test}_bias"]) < 5 * found[f"{test}_sd"] / np.sqrt(200)


def test_low_starters_that_gain_more_are_taken_for_an_effect_by_the_plain_test_alone() -> None:
    """A level that fades over the waves; unequal effects keep their mean, and the rows are those of the cell."""
    shape = shape_of() | {"slope": np.linspace(3.0, 0.0, 9)[None].tolist()}
    selected = cell_of(shape=shape, level=1.0, setting="unequal", effects=[0.0, 0.5])
    found = run_size(np.random.default_rng(8), selected)
    assert found["plain_reject_0"] > 0.05 + 5 * found["plain_reject_0_error"]
    assert found["adjusted_reject_0"] == pytest.approx(0.05, abs=5 * np.sqrt(0.05 * 0.95 / 200))
    assert found["plain_bias"] > 0.4 > 4 * abs(found["adjusted_bias"])
    frame = size_rows(pd.DataFrame([{**selected, **found}]))
    assert frame[["test", "effect"]].to_numpy().tolist() == [[t, e] for t in TESTS for e in (0.0, 0.5)]
    assert frame["reject"].iloc[0] == found["plain_reject_0"]


def test_known_doses_help_most_where_they_vary_most() -> None:
    cells = [
        {"dose": dose, "test": "plain", "panels": 400, "shape": shape_of()}
        for dose in ("since start", "random by place", "random by place and wave")
    ]
    ratios = [run_dose(np.random.default_rng(9), cell)["ratio"] for cell in cells]
    assert ratios[2] < ratios[1] < 1 and ratios[0] < 1


def test_cells_hold_the_plan_and_no_outcome_after_a_start(release: Release) -> None:
    cells = size_cells(release)
    assert len(cells) == 2 * len(SETTINGS) * 9 and len(dose_cells(release)) == 12
    asked = release.plan["many_places"]["simulation"]
    assert {(cell["panels"], cell["draws"]) for cell in cells} == {(asked["panels"], asked["draws"])}
    shape = cells[0]["shape"]
    assert len(shape["paths"]) == sum(f < 0 for f in shape["first"])


@pytest.mark.parametrize(("name", "position"), [("staggered_size", 4), ("staggered_dose", 0)])
def test_rerun_cells_give_the_locked_rows(name: str, position: int, release: Release) -> None:
    sweep = SWEEP[name]
    read_sweep(sweep, release)
    rows = json.loads(sweep_path(release.name, name).read_text("utf-8"))["rows"]
    fresh = run_cell(sweep, position, sweep.cells(release)[position])
    assert fresh.keys() == rows[position].keys()
    for key, value in rows[position].items():
        assert fresh[key] == (pytest.approx(value, rel=SAME, abs=SAME) if isinstance(value, float) else value)
