"""Estimate every cell of a specification grid under actual and permuted start years.

After Simonsohn, Simmons and Nelson (2020), "Specification curve analysis", Nature Human Behaviour 4, section on inference,
with start years permuted among places.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import product
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from leadership_effects.data.panels import Array
from leadership_effects.data.provenance import Rows
from leadership_effects.data.release import Release
from leadership_effects.data.staggered.design import Design, design_variant
from leadership_effects.data.staggered.panel import NEVER, StaggeredPanel, first_level, outcome_panel
from leadership_effects.data.staggered.starts import read_starts
from leadership_effects.effects.staggered.imputation import (
    ADJUSTED,
    LEVEL,
    PLAIN,
    Ints,
    Terms,
    solve_each,
    wave_terms,
)
from leadership_effects.effects.staggered.variation.anatomy import Bools, Sums, identified, sums_of
from leadership_effects.rounding import is_at_least

TERMS = {terms.label: terms for terms in (PLAIN, LEVEL, ADJUSTED)}
NO_START = 10_000  # a year after every wave
THIRDS = 3
EMPTY = 1e-9  # of a sum of squares: the regressor does not occur
RIDGE, CONSISTENT = 1e-10, 1e-5


@dataclass(frozen=True)
class GridCell:
    """A cell of the specification grid.

    Attributes
    ----------
    choices : dict of str to str
        Option by dimension, the terms last.
    change : dict
        Fields of the design that the options change.
    terms : Terms
    """

    choices: dict[str, str]
    change: dict[str, Any]
    terms: Terms


def grid_cells(design: Design) -> list[GridCell]:
    """List the cells of a design's specification grid, the planned one first of its terms."""
    dimensions = {name: options for name, options in design.grid.items() if name != "terms"}
    cells = []
    for chosen in product(*dimensions.values()):
        choices = dict(zip(dimensions, chosen, strict=True))
        change: dict[str, Any] = {}
        for name, option in choices.items():
            change |= dimensions[name][option]
        cells += [
            GridCell(choices | {"terms": terms}, change, TERMS[terms])
            for terms in design.grid.get("terms", list(TERMS))
        ]
    return cells


@dataclass(frozen=True)
class StaggeredCurve:
    """The specification curve of a design and its place among permuted start years.

    Attributes
    ----------
    cells : DataFrame
        One row a cell: its choices, ``estimate`` in the unit of the panel and ``n_treated``.
    median : float
        Median of the estimates over the grid.
    permuted : array, shape (D,)
        The same under permuted start years.
    p : float
        Share of medians at least as far from zero, the actual one among them.
    missing : float
        Share of cells without an estimate under permuted years, because a term had no untreated place.
    n_places : int
        Places among which years are permuted.
    rows : Rows
        Outcomes of every cell.
    """

    cells: pd.DataFrame
    median: float
    permuted: Array
    p: float
    missing: float
    n_places: int
    rows: Rows


def staggered_curve(release: Release, design: Design, draws: int, seed: int) -> StaggeredCurve:
    """Estimate every cell of the grid, under the actual and under permuted start years.

    Years with their basis are permuted within thirds of the starting level among the places that enter some cell; places
    without a level form a part of their own. Each cell derives first treated waves from them and leaves out whom it must.
    The starting level is taken once for each outcome and window.

    Parameters
    ----------
    release : Release
    design : Design
    draws, seed : int
        Permutations, and the seed of their generator.
    """
    cells = grid_cells(design)
    panels = _outcome_panels(release, design, cells)
    years, bases = _starts(release, design, next(iter(panels.values())).places)
    among = _universe(design, cells, panels, years, bases)
    kept = {key: panel.keep(among) for key, panel in panels.items()}
    years, bases = years[among], bases[among]
    main = next(iter(kept.values()))
    orders = _orders(main.level, draws, np.random.default_rng(seed))
    found, rows = np.full((1 + draws, len(cells)), np.nan), []
    parts: dict[tuple[Any, str], tuple[StaggeredPanel, Sums]] = {}
    for c, cell in enumerate(cells):
        key, terms = _data_key(cell), cell.terms
        held = ~np.isnan(kept[key].level) if terms.level else np.ones(len(years), dtype=bool)
        if (key, terms.label) not in parts:
            panel = kept[key].keep(held)
            parts[key, terms.label] = panel, _by_start(panel, terms)
        panel, sums = parts[key, terms.label]
        variant = design_variant(design, "grid", cell.change)
        first = _first(variant, kept[key], years[orders], bases[orders])[:, held]
        found[:, c] = _estimates(panel, terms, sums, first)
        treated = int((_enters(first[0]) & (first[0] < NEVER)).sum())
        rows.append(cell.choices | {"estimate": found[0, c], "n_treated": treated})
    medians = np.nanmedian(found, axis=1)
    reached = is_at_least(np.abs(medians[1:]), abs(medians[0]))
    return StaggeredCurve(
        pd.DataFrame(rows), float(medians[0]), medians[1:], float((1 + reached.sum()) / (1 + draws)),
        float(np.isnan(found[1:]).mean()), len(years), sum((panel.rows for panel in panels.values()), Rows(0, "", ())),
    )  # fmt: skip


def _data_key(cell: GridCell) -> tuple[Any, ...]:
    """Return what of a cell decides its outcomes."""
    return tuple(
        (name, str(cell.change.get(name))) for name in ("indicators", "waves", "scale", "combine", "panel")
    )


def _outcome_panels(
    release: Release, design: Design, cells: list[GridCell]
) -> dict[tuple[Any, ...], StaggeredPanel]:
    """Build one panel an outcome and window over the same places.

    They are all places with enough waves in the least demanding cell.
    """
    change: dict[tuple[Any, ...], dict[str, Any]] = {}
    for cell in cells:
        change.setdefault(_data_key(cell), cell.change)
    least = min(
        (design_variant(design, "grid", cell.change).minimum for cell in cells), key=lambda m: m.waves
    )
    built = {}
    for key, changed in change.items():
        variant = replace(design_variant(design, "grid", changed), minimum=replace(least, waves=1))
        built[key] = outcome_panel(release, variant)
    every = sorted({place for panel in built.values() for place in panel.places})
    return {key: _over(panel, every) for key, panel in built.items()}


def _over(panel: StaggeredPanel, places: list[str]) -> StaggeredPanel:
    """Arrange a panel over places of which it may lack some."""
    at = {place: i for i, place in enumerate(panel.places)}
    known = [at.get(place, -1) for place in places]
    absent = np.array([i < 0 for i in known])
    picked = panel.keep(np.ones(len(panel.places), dtype=bool))
    take = np.array([max(i, 0) for i in known])
    y, level = picked.y[take].copy(), picked.level[take].copy()
    y[absent], level[absent] = np.nan, np.nan
    return replace(
        panel, y=y, level=level, places=tuple(places), names=tuple(panel.names[i] for i in take),
        first=np.full(len(places), NEVER, dtype=np.int64), group=tuple(panel.group[i] for i in take),
        weights=panel.weights[take], errors=panel.errors[take],
    )  # fmt: skip


def _starts(release: Release, design: Design, places: tuple[str, ...]) -> tuple[Ints, NDArray[Any]]:
    starts = read_starts(release, design.measure, design.organisation)
    years = np.array([starts.years.get(place, NO_START) for place in places], dtype=np.int64)
    return years, np.array([starts.basis.get(place, "") for place in places], dtype=object)


def _universe(
    design: Design,
    cells: list[GridCell],
    panels: dict[tuple[Any, ...], StaggeredPanel],
    years: Ints,
    bases: NDArray[Any],
) -> Bools:
    """Return which places enter some cell under the actual years.

    Sets the levels of panels that take the first wave.
    """
    among = np.zeros(len(years), dtype=bool)
    done = set()
    for cell in cells:
        key = _data_key(cell)
        variant = design_variant(design, "grid", cell.change)
        enters = _enters(_first(variant, panels[key], years[None], bases[None])[0])
        among |= enters
        if not design.level_waves and key not in done:
            done.add(key)
            y = panels[key].y
            level = first_level(y, enters)
            level[np.isnan(y).all(axis=(1, 2))] = np.nan
            panels[key] = replace(panels[key], level=level - float(np.nanmean(level[enters])))
    return among


def _first(variant: Design, panel: StaggeredPanel, years: Ints, bases: NDArray[Any]) -> Ints:
    """Return first treated waves by the plan's rule, shape (D, P); 0 for a place left out.

    A place that is treated from the first wave has no untreated cell, so that it does not enter the estimate.
    """
    waves = np.array(variant.waves)
    seen = np.asarray(panel.observed.any(axis=1))
    first = np.searchsorted(waves, years + variant.years_after).astype(np.int64)
    started = first < len(waves)
    total = np.pad(seen.cumsum(axis=1), ((0, 0), (1, 0)))
    before = np.take_along_axis(total[None], np.minimum(first, len(waves))[..., None], axis=2)[..., 0]
    after = total[:, -1] - before
    least = variant.minimum
    out = started & ((before < least.before) | (after < least.after))
    out |= total[:, -1] < least.waves
    if variant.basis:
        out |= (years < NO_START) & ~np.isin(bases, variant.basis)
    return np.where(out, 0, np.where(started, first, NEVER))


def _enters(first: Ints) -> Bools:
    enters: Bools = first > 0
    return enters


def _orders(level: Array, draws: int, rng: np.random.Generator) -> Ints:
    """Return the actual order and permutations within thirds of the level, shape (1 + D, P)."""
    n = len(level)
    orders = np.tile(np.arange(n), (1 + draws, 1))
    known = np.flatnonzero(~np.isnan(level))
    ranked = known[np.argsort(level[known], kind="stable")]
    for part in (*np.array_split(ranked, THIRDS), np.flatnonzero(np.isnan(level))):
        if len(part) > 1:
            orders[1:, part] = rng.permuted(np.tile(part, (draws, 1)), axis=1)
    return orders


def _by_start(panel: StaggeredPanel, terms: Terms) -> Sums:
    """Sum up the cells of each place under every start, flattened to (P * (W + 1), ...).

    Squares are kept as upper triangles.
    """
    columns = wave_terms(panel, terms)[0]
    n, k, waves = len(panel.places), columns.shape[-1], np.arange(len(panel.waves))
    each = []
    for start in (*waves, NEVER):
        before = panel.observed & (waves < start)
        each.append(sums_of(panel, columns, before, panel.observed & ~before))
    upper = np.triu_indices(k)

    def flat(arrays: list[Array]) -> Array:
        stacked = np.stack(arrays, axis=1)
        return stacked.reshape(n * (len(waves) + 1), *stacked.shape[2:])

    return Sums(
        flat([one.squares[:, upper[0], upper[1]] for one in each]), flat([one.products for one in each]),
        flat([one.sums for one in each]), flat([one.totals for one in each]), flat([one.counts for one in each]),
    )  # fmt: skip


def _estimates(panel: StaggeredPanel, terms: Terms, sums: Sums, first: Ints) -> Array:
    """Estimate under assignments in which a place may stay out, shape (D,).

    NaN where a term lacks an untreated place.
    """
    (d, places), k, starts = first.shape, sums.products.shape[-1], len(panel.waves) + 1
    chosen = np.zeros((d, places * starts))
    at = np.minimum(first, len(panel.waves)) + np.arange(places) * starts
    np.put_along_axis(chosen, at, 1.0, axis=1)
    a, (rows, columns) = np.zeros((d, k, k)), np.triu_indices(k)
    a[:, rows, columns] = a[:, columns, rows] = chosen @ sums.squares
    n, g = chosen @ sums.counts, chosen @ sums.sums
    diagonal = np.einsum("dkk->dk", a)
    a[:, np.arange(k), np.arange(k)] = np.where(diagonal <= EMPTY, 1.0, diagonal)
    b = chosen @ sums.products
    beta = solve_each(a, b[..., None])[..., 0]
    held = identified(panel, terms, first) & (n > 0)
    coincide = held & np.isnan(beta).any(axis=1)
    if coincide.any():
        beta[coincide] = _least(a[coincide], b[coincide], g[coincide])
    with np.errstate(invalid="ignore", divide="ignore"):
        estimates: Array = (chosen @ sums.totals - np.einsum("dk,dk->d", g, beta)) / n
    estimates[~held] = np.nan
    return estimates


def _least(a: Array, b: Array, g: Array) -> Array:
    """Solve normal equations in which regressors coincide, shape (D, K).

    NaN where the estimate depends on the solution taken.

    Without some places a group may be seen in fewer waves, so that its terms add up to a place effect. A trace of a ridge
    picks one of many solutions; those that matter all give the same estimate.
    """
    size = np.einsum("dkk->dk", a).max(axis=1)[:, None, None]
    solved = np.linalg.solve(a + RIDGE * size * np.eye(a.shape[-1]), np.stack([b, g], axis=-1))
    left = np.einsum("dkl,dl->dk", a, solved[..., 1]) - g
    beta: Array = solved[..., 0]
    beta[np.abs(left).max(axis=1) > CONSISTENT * np.maximum(np.abs(g).max(axis=1), 1)] = np.nan
    return beta
