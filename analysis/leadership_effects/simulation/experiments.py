"""Run simulations of the size, power and recovery of the tests on each case's panels."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from leadership_effects.data.panels import Array, Panel
from leadership_effects.data.release import Release
from leadership_effects.data.sweeps import Cell, Sweep
from leadership_effects.effects.diagnostics import rescaled_by_size
from leadership_effects.effects.estimators import drift_adjusted, point_estimate
from leadership_effects.effects.inference import Placebos, all_others, collapsed_t, minimum_detectable_effect
from leadership_effects.effects.weights import weighted_gaps, weights_of_each
from leadership_effects.rounding import ROUNDING
from leadership_effects.simulation.null_panels import (
    Design,
    Shape,
    bare_panel,
    cluster_p,
    collapsed_p,
    design_shape,
    designs,
    exact_size,
    max_t_p,
    null_panels,
    pre_post_changes,
    primary_designs,
    read_shape,
    twfe_effects,
)

PANELS = 2000
MANY = 100_000
SLOW = 1000
EFFECTS = tuple(half / 2 for half in range(11))
ADDED = 2.0
LEVELS = {"at_5": 0.05, "at_10": 0.10}
SIZES = 16.0


def detectable_multiple(panel: Panel) -> float:
    """Compute the minimum detectable effect in SD of the donors' changes."""
    return minimum_detectable_effect(panel) / collapsed_t(panel).donor_sd


def effect_at(effects: Array, power: Array, wanted: float = 0.8) -> float:
    """Interpolate the effect at which a rising power curve reaches a value; else NaN."""
    effects, power = np.asarray(effects, float), np.asarray(power, float)
    reached = np.flatnonzero(power >= wanted)
    if not len(reached):
        return float("nan")
    after = int(reached[0])
    if after == 0:
        return float(effects[0])
    part = (wanted - power[after - 1]) / (power[after] - power[after - 1])
    return float(effects[after - 1] + part * (effects[after] - effects[after - 1]))


def start_shift(matched: Panel, everyone: Panel) -> float:
    """Compute the change that a match on starts leaves to regression to the mean.

    In SD of the matched donors' changes. Donors cut off at a start just above the treated unit's start lower on
    average. If low starters gain more anyway, the treated unit falls behind them by the slope of change on start times
    the difference in starts.

    Parameters
    ----------
    matched, everyone : Panel
        The same treated unit with the matched and with all donors; one pre-period.
    """
    starts, ends = everyone.y[1:, 0], everyone.y[1:, 1:].mean(axis=1)
    slope = float(np.polyfit(starts, ends - starts, 1)[0])
    return slope * float(matched.y[0, 0] - matched.y[1:, 0].mean()) / collapsed_t(matched).donor_sd


def _count(counts: dict[str, int], prefix: str, p: Array) -> None:
    for name, level in LEVELS.items():
        key = f"{prefix}{name}"
        counts[key] = counts.get(key, 0) + int((p <= level + ROUNDING).sum())


def _rates(counts: dict[str, int], cell: Cell, *, targets: bool = True) -> dict[str, float]:
    """Return the rate of each count, and the sizes that the test should have."""
    rates = {key: count / cell["draws"] for key, count in counts.items()}
    sizes = {f"target_{name}": exact_size(cell["n_donors"], level) for name, level in LEVELS.items()}
    return rates | sizes if targets else rates


def _test_changes(counts: dict[str, int], changes: Array, weights: Array) -> None:
    """Count rejections of the planned test and of its rivals.

    With one outcome these are the collapsed t and a cluster-robust t; with several, the test whose yardstick leaves the
    treated place out.
    """
    effects = [twfe_effects(one, w) for one, w in zip(changes, weights, strict=True)]
    treated, placebos = np.array([e[0] for e in effects]), np.array([e[1] for e in effects])
    _count(counts, "", max_t_p(treated, placebos))
    if len(changes) == 1:
        _count(counts, "t_", collapsed_p(changes[0], weights[0]))
        _count(counts, "cluster_", cluster_p(changes[0]))
    else:
        _count(counts, "without_", max_t_p(treated, placebos, with_treated=False))


def run_size(rng: np.random.Generator, cell: Cell) -> dict[str, float]:
    """Simulate rejection rates of true nulls in one setting."""
    shape = read_shape(cell["shape"])
    if cell["setting"] == "variance by size":
        return _run_rescaled(rng, shape, cell)
    if cell["method"] != "twfe":
        return _run_weighted(rng, shape, cell)
    noise = np.ones(1 + shape.weights.shape[1])
    noise[0] = cell["treated_noise"]
    counts: dict[str, int] = {}
    for start in range(0, cell["draws"], PANELS):
        batch = min(PANELS, cell["draws"] - start)
        changes = pre_post_changes(null_panels(rng, shape, batch, noise), shape.n_pre)
        _test_changes(counts, changes, shape.weights)
    return _rates(counts, cell)


def _run_weighted(rng: np.random.Generator, shape: Shape, cell: Cell) -> dict[str, float]:
    """Simulate the test with an estimator that must be fitted, panel by panel."""
    counts: dict[str, int] = {}
    panels = null_panels(rng, shape, cell["draws"])[0]
    places, donors_of = all_others(panels.shape[1])
    for y in panels:
        weights = weights_of_each(cell["method"], y, places, donors_of, shape.n_pre[0], np.ones(len(y)))
        effects, _ = weighted_gaps(y, places, shape.n_pre[0], *weights)
        _count(counts, "", max_t_p(effects[:1, None], effects[None, None, 1:]))
    return _rates(counts, cell)


def spread_sizes(n_donors: int, treated_noise: float) -> tuple[Array, Array]:
    """Return sizes of places over a sixteenfold range and their noise, treated first.

    Variance is in proportion to one over size; the treated place's size gives it `treated_noise` times the donors'
    root mean square noise.

    Returns
    -------
    sizes, noise : array, shape (1 + N0,)
    """
    donors = np.geomspace(1, SIZES, n_donors)
    mean_variance = float((1 / donors).mean())
    sizes = np.concatenate([[1 / (mean_variance * treated_noise**2)], donors])
    return sizes, np.sqrt(1 / sizes / mean_variance)


def _run_rescaled(rng: np.random.Generator, shape: Shape, cell: Cell) -> dict[str, float]:
    """Simulate the planned and the rescaled test where noise depends on size."""
    sizes, noise = spread_sizes(cell["n_donors"], cell["treated_noise"])
    changes = pre_post_changes(null_panels(rng, shape, cell["draws"], noise), shape.n_pre)
    treated, placebos = twfe_effects(changes[0], shape.weights[0])
    blank = np.full(placebos.shape[1], np.nan)
    empty = Placebos("twfe", tuple(map(str, range(len(blank)))), 0.0, blank, np.nan, blank, np.empty((0, 0)))
    rescaled = [
        rescaled_by_size(replace(empty, treated=float(own), effects=others), sizes).p
        for own, others in zip(treated, placebos, strict=True)
    ]
    counts: dict[str, int] = {}
    _count(counts, "", max_t_p(treated[None], placebos[None]))
    _count(counts, "rescaled_", np.array(rescaled))
    return _rates(counts, cell)


def _design_cell(design: Design, **setting: Any) -> Cell:
    named = {"case": design.case, "outcomes": design.name, "n_outcomes": len(design.outcomes)}
    return named | {"n_donors": len(design.common)} | setting | {"shape": design_shape(design)}


def size_cells(release: Release) -> list[Cell]:
    """List the settings of the size sweep."""
    found = designs(release)
    main = primary_designs(found, release)
    base = {"setting": "as planned", "method": "twfe", "treated_noise": 1.0, "draws": PANELS}
    cells = [_design_cell(design, **base) for design in found]
    precise = [design for design in found if design in main or len(design.outcomes) > 1]
    cells += [_design_cell(design, **base | {"setting": "precise", "draws": MANY}) for design in precise]
    single = [design for design in main if len(design.outcomes) == 1]
    unequal = ("unequal noise", (0.5, 2.0), main), ("variance by size", (0.5, 1.0, 2.0), single)
    for setting, noises, chosen in unequal:
        for noise in noises:
            changed = base | {"setting": setting, "treated_noise": noise}
            cells += [_design_cell(design, **changed) for design in chosen]
    minimum = release.plan["rules"]["synthetic_control_minimum_pre_periods"]
    cells += [
        _design_cell(design, **base | {"method": method, "draws": SLOW})
        for design in single
        if design.panels[0].n_pre >= minimum
        for method in ("sdid", "dsc")
    ]
    return cells


def power_cells(release: Release) -> list[Cell]:
    """List every design under every effect, one outcome also under its detectable effect."""
    cells = []
    for design in designs(release):
        effects = [("grid", effect) for effect in EFFECTS]
        if len(design.panels) == 1:
            effects.append(("detectable", detectable_multiple(design.panels[0])))
        cells += [_design_cell(design, draws=PANELS, point=point, effect=effect) for point, effect in effects]
    return cells


def run_power(rng: np.random.Generator, cell: Cell) -> dict[str, float]:
    """Simulate power under a constant effect in SD of the donors' changes, in all outcomes."""
    shape = read_shape(cell["shape"])
    changes = pre_post_changes(null_panels(rng, shape, cell["draws"]), shape.n_pre)
    changes[:, :, 0] += cell["effect"] * shape.change_sd[:, None]
    counts: dict[str, int] = {}
    _test_changes(counts, changes, shape.weights)
    kept = {key: n for key, n in counts.items() if not key.startswith(("cluster", "without"))}
    return _rates(kept, cell, targets=False)


RECOVERED: dict[str, str] = {
    "constant": "the same effect in every year after the start",
    "growing": "an effect that grows in a straight line from the start",
    "drift": "a constant effect on top of a straight line that was there before",
}


def recovery_cells(release: Release) -> list[Cell]:
    """List every primary panel, method as far as it runs, and kind of effect."""
    cells = []
    for design in designs(release):
        if len(design.panels) > 1:
            continue
        panel = design.panels[0]
        methods = ["twfe", *["sdid", "dsc"] * (panel.n_pre >= 2), *["own line out"] * (panel.n_pre >= 3)]
        donors, weights = panel.y[1:].tolist(), panel.weights.tolist()
        content = {"donors": donors, "weights": weights, "years": list(panel.years)}
        cells += [
            {"case": design.case, "outcomes": design.name, "n_donors": panel.n_donors, "n_pre": panel.n_pre,
             "method": method, "effect": kind, "added": ADDED, **content}
            for kind in RECOVERED for method in methods
        ]  # fmt: skip
    return cells


def run_recovery(rng: np.random.Generator, cell: Cell) -> dict[str, float]:
    """Compute mean, bias and RMSE of recovered effects, in donor-change SD.

    Over the donors as treated place in turn. Nothing is drawn: real donor paths, with a known effect added to one.
    """
    y, weights = np.array(cell["donors"]), np.array(cell["weights"])
    years, n_pre = np.array(cell["years"], float), cell["n_pre"]
    sd = float((y[:, n_pre:].mean(axis=1) - y[:, :n_pre].mean(axis=1)).std(ddof=1))
    added = cell["added"] * sd * _course(cell["effect"], n_pre, len(years))
    if cell["effect"] == "drift":
        added = added + sd * _line(years, n_pre)
    found = []
    for j, own in enumerate(y):
        moved = np.vstack([own + added, np.delete(y, j, axis=0)])
        panel = bare_panel(moved, n_pre, np.delete(weights, j), tuple(cell["years"]))
        drift = cell["method"] == "own line out"
        found.append(
            point_estimate(drift_adjusted(panel) if drift else panel, "twfe" if drift else cell["method"])
            / sd
        )
    effects = np.array(found)
    error = effects - cell["added"]
    rmse = float(np.sqrt(np.square(error).mean()))
    return {"mean": float(effects.mean()), "bias": float(error.mean()), "rmse": rmse}


def _course(kind: str, n_pre: int, length: int) -> Array:
    """Return the effect by year with mean one over the post-periods, shape (T,)."""
    after = np.arange(1, length - n_pre + 1) if kind == "growing" else np.ones(length - n_pre)
    return np.concatenate([np.zeros(n_pre), after / after.mean()])


def _line(years: Array, n_pre: int) -> Array:
    """Return a line that moves by one from mean pre-period to mean post-period, shape (T,)."""
    before, after = years[:n_pre].mean(), years[n_pre:].mean()
    line: Array = (years - before) / (after - before)
    return line


HIDDEN = ("shape",)
SWEEPS = (
    Sweep("size", 2021, size_cells, run_size, HIDDEN),
    Sweep("power", 2022, power_cells, run_power, HIDDEN),
    Sweep("recovery", 2023, recovery_cells, run_recovery, ("donors", "weights", "years")),
)
