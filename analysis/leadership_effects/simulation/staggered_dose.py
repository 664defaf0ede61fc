"""Simulate how far detectable effects would fall if a panel of doses were known."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from leadership_effects.data.panels import Array
from leadership_effects.data.release import Release
from leadership_effects.data.staggered.design import many_places_plan
from leadership_effects.data.sweeps import Cell, Sweep
from leadership_effects.effects.staggered.permutation import DETECTABLE
from leadership_effects.simulation.many_outcomes import Parts, impute_many, shared_parts
from leadership_effects.simulation.staggered_size import (
    TESTS,
    Maker,
    block_sizes,
    design_shape,
    headline_designs,
    size_sweep,
)

SEED = 2026112814
DOSES = ("since start", "random by place", "random by place and wave")


def dose_cells(release: Release, names: Sequence[str] | None = None) -> list[Cell]:
    """List designs with every kind of dose; every headline design if none is named."""
    names = headline_designs(release) if names is None else names
    shapes = {name: design_shape(release, name) for name in names}
    panels = many_places_plan(release)["simulation"]["panels"] if names else 0
    return [
        {"design": name, "dose": dose, "test": test, "panels": panels, "shape": shapes[name]}
        for name in names for dose in DOSES for test in TESTS
    ]  # fmt: skip


def run_dose(rng: np.random.Generator, cell: Cell) -> dict[str, float]:
    """Simulate detectable effects if doses are known, and if starts alone are.

    The effect is in proportion to the dose, which averages one over treated cells. With known doses it is the coefficient of
    a regression on place, wave, the test's terms and the dose; without, it is the imputation estimate. Detectable: z(.975) +
    z(.8) times the estimate's standard deviation over panels without an effect.
    """
    maker = Maker(cell["shape"], False, 0.0, 0.0)
    terms = maker.tests[cell["test"]]
    parts = shared_parts(maker.panel(np.zeros(len(maker.first))), terms)
    known, unknown = [], []
    for panels in block_sizes(cell["panels"]):
        levels = maker.draw_levels(rng)
        outcomes = maker.draw_outcomes(rng, levels, panels)
        dose = _dose(rng, maker, cell["dose"])
        known.append(_dose_weights(maker, parts, levels, dose) @ outcomes.reshape(-1, panels))
        both = np.concatenate([outcomes, dose[..., None]], axis=2)
        found = impute_many(parts, levels, both, maker.first[None])[0][0]
        unknown.append(found[:-1] / found[-1])
    detectable = {
        name: DETECTABLE * float(np.concatenate(drawn).std(ddof=1))
        for name, drawn in (("known", known), ("unknown", unknown))
    }
    return detectable | {"ratio": detectable["known"] / detectable["unknown"]}


def _dose(rng: np.random.Generator, maker: Maker, kind: str) -> Array:
    """Return the dose of each cell, shape (P, S * W); it averages one over treated cells."""
    n, s, w = maker.observed.shape
    since = np.arange(w) - np.where(maker.treated, maker.first, w)[:, None]
    dose = {
        DOSES[0]: np.maximum(since + 1.0, 0.0),
        DOSES[1]: (since >= 0) * rng.uniform(0, 2, (n, 1)),
        DOSES[2]: (since >= 0) * rng.uniform(0, 2, (n, w)),
    }[kind]
    whole = dose[:, None, :] * maker.observed
    exposed = (since >= 0)[:, None, :] & maker.observed
    scaled: Array = (whole / whole[exposed].mean()).reshape(n, s * w)
    return scaled


def _dose_weights(maker: Maker, parts: Parts, levels: Array, dose: Array) -> Array:
    """Return weights whose sum with outcomes is the coefficient of the dose, shape (P * S * W,)."""
    n, s, w = maker.observed.shape
    never = len(parts.starts) - 1
    scale = np.where(parts.by_level, levels[:, None], 1.0)
    x = (parts.centred[:, never] * scale[:, None, :]).reshape(n * s * w, -1)
    cells = maker.observed.reshape(n, s, w)
    mean = (dose.reshape(n, s, w) * cells).sum(axis=2, keepdims=True) / np.maximum(
        cells.sum(axis=2, keepdims=True), 1
    )
    d = np.where(cells, dose.reshape(n, s, w) - mean, 0.0).ravel()
    left = d - x @ np.linalg.lstsq(x, d, rcond=None)[0]
    weights: Array = left / (left @ left)
    return weights


def dose_sweep(design: str) -> Sweep:
    """Return the sweep of a design that was added later."""
    return Sweep(
        f"staggered_dose_{design}", SEED, lambda release: dose_cells(release, [design]), run_dose, ("shape",)
    )


def sweeps_of(design: str) -> tuple[Sweep, Sweep]:
    """Return the sweeps of a design that was added later, which come before its estimate."""
    return size_sweep(design), dose_sweep(design)


SWEEPS = (Sweep("staggered_dose", SEED, dose_cells, run_dose, ("shape",)),)
