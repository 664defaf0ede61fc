"""Decompose an imputation estimate by cohort and series, leave-outs and sensitivity rows.

The mean effect over some treated cells is the estimate of the panel without the other treated cells, because place and
wave effects are fitted on untreated cells alone (Borusyak, Jaravel and Spiess 2024, equations 5 to 7). With the place effects
partialled out, normal equations add up over places, so that a place is left out by leaving out its sums.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from leadership_effects.data.panels import Array
from leadership_effects.data.release import Release
from leadership_effects.data.staggered.design import Design, design_variant
from leadership_effects.data.staggered.panel import StaggeredError, StaggeredPanel, build_staggered
from leadership_effects.effects.staggered.imputation import Ints, Terms, solve_each, usable, wave_terms

Bools = NDArray[np.bool_]


@dataclass(frozen=True)
class Part:
    """Estimate of a part of the treated cells, or with a part of the panel left out.

    Attributes
    ----------
    label : str
        What the part is, or what is left out.
    estimate, se : float
        In the unit of the panel; the error clustered by place. NaN where a term has no untreated place.
    influence : array, shape (P,)
        Contribution of each place to the error; empty where places are left out.
    n_treated, n_cells : int
        Treated places and treated cells.
    """

    label: str
    estimate: float
    se: float
    influence: Array
    n_treated: int
    n_cells: int


@dataclass(frozen=True)
class Sums:
    """Sums of squares and products of each place under a start path, within places.

    Attributes
    ----------
    squares : array, shape (P, K, K)
        Of the regressors over untreated cells.
    products : array, shape (P, K)
        Of regressors and outcome over untreated cells.
    sums : array, shape (P, K)
        Of the regressors over treated cells, less their mean over untreated ones.
    totals, counts : array, shape (P,)
        Of the outcome over treated cells, less its mean over untreated ones; and of the weights of treated cells.
    """

    squares: Array
    products: Array
    sums: Array
    totals: Array
    counts: Array


def sums_of(panel: StaggeredPanel, columns: Array, free: Bools, treated: Bools) -> Sums:
    """Sum up untreated and treated cells of each place.

    Parameters
    ----------
    panel : StaggeredPanel
    columns : array, shape (P, S, W, K)
        Regressors as `wave_terms` builds them.
    free, treated : boolean array, shape (P, S, W)
        Untreated and treated cells; one without an untreated cell of its place and series counts for nothing.
    """
    n = len(panel.places)
    w = np.where(free, panel.weights, 0.0)
    own = w.sum(axis=2, keepdims=True)
    held = own > 0
    own = np.where(held, own, 1.0)
    y = np.nan_to_num(panel.y)
    left = y - (w * y).sum(axis=2, keepdims=True) / own
    x = columns - np.einsum("psw,pswk->psk", w, columns)[:, :, None] / own[..., None]
    v = np.where(treated & held, panel.weights, 0.0).reshape(n, -1)
    flat, left = x.reshape(n, v.shape[1], -1), left.reshape(n, -1)
    weighted = flat * w.reshape(n, -1, 1)
    return Sums(
        squares=weighted.transpose(0, 2, 1) @ flat, products=np.einsum("pik,pi->pk", weighted, left),
        sums=np.einsum("pi,pik->pk", v, flat), totals=(v * left).sum(axis=1), counts=v.sum(axis=1),
    )  # fmt: skip


def part_of(panel: StaggeredPanel, terms: Terms, cells: Bools, label: str) -> Part:
    """Estimate the mean effect over some treated cells.

    Parameters
    ----------
    panel : StaggeredPanel
        As `usable` returns it.
    terms : Terms
    cells : boolean array, shape (P, S, W)
        Treated cells that count; untreated ones are used throughout.
    label : str
    """
    treated = panel.exposed & cells
    sums = sums_of(panel, wave_terms(panel, terms)[0], panel.observed & ~panel.exposed, treated)
    return _part(sums, np.ones(len(panel.places), dtype=bool), treated, label)


def _part(sums: Sums, kept: Bools, treated: Bools, label: str) -> Part:
    """Estimate from the sums of some of the places."""
    treated = treated[kept]
    counts = int(treated.any(axis=(1, 2)).sum()), int(treated.sum())
    n = float(sums.counts[kept].sum())
    if n == 0:
        return Part(label, np.nan, np.nan, np.zeros(0), *counts)
    a, b, g = sums.squares[kept].sum(axis=0), sums.products[kept].sum(axis=0), sums.sums[kept].sum(axis=0)
    solved = solve_each(a[None], np.stack([b, g], axis=-1)[None])[0]
    beta, q = solved[:, 0], solved[:, 1] / n
    estimate = float((sums.totals[kept].sum() - g @ beta) / n)
    treated_part = sums.totals[kept] - sums.sums[kept] @ beta - estimate * sums.counts[kept]
    influence = treated_part / n - (sums.products[kept] @ q - sums.squares[kept] @ beta @ q)
    places = len(influence)
    se = float(np.sqrt(np.square(influence).sum() * places / (places - 1)))
    return Part(label, estimate, se, influence, *counts)


def by_cohort(panel: StaggeredPanel, terms: Terms) -> list[Part]:
    """Estimate the mean effect of each cohort, in order of its first treated wave."""
    panel = usable(panel, terms)
    return [
        part_of(panel, terms, _places(panel, panel.first == first), str(panel.waves[first]))
        for first in panel.cohorts
    ]


def early_and_late(panel: StaggeredPanel, terms: Terms) -> tuple[Part, Part, Part]:
    """Estimate the mean effect of early and of late cohorts, and late less early.

    Early is a cohort at or before the median first wave of treated places; with a single cohort before the last, that one.
    """
    panel = usable(panel, terms)
    first = panel.first[panel.treated]
    median = int(np.quantile(first, 0.5, method="lower"))
    cut = median if median < panel.cohorts[-1] or len(panel.cohorts) == 1 else panel.cohorts[-2]
    waves = panel.waves
    early = part_of(
        panel, terms, _places(panel, panel.first <= cut), f"first treated wave {waves[cut]} or before"
    )
    late = part_of(panel, terms, _places(panel, panel.first > cut), f"first treated wave after {waves[cut]}")
    return early, late, difference(late, early, "late less early")


def by_series(panel: StaggeredPanel, terms: Terms) -> list[Part]:
    """Estimate the mean effect on each series of a stacked outcome."""
    panel = usable(panel, terms)
    found = []
    for s, name in enumerate(panel.series):
        cells = np.zeros(panel.y.shape, dtype=bool)
        cells[:, s] = True
        found.append(part_of(panel, terms, cells, name))
    return found


def difference(one: Part, other: Part, label: str) -> Part:
    """Return one part less another of the same panel, with the error of the difference."""
    influence = one.influence - other.influence
    n = len(influence)
    se = float(np.sqrt(np.square(influence).sum() * n / (n - 1)))
    return Part(
        label, one.estimate - other.estimate, se, influence, one.n_treated + other.n_treated, one.n_cells + other.n_cells
    )  # fmt: skip


def _places(panel: StaggeredPanel, mine: Bools) -> Bools:
    cells: Bools = np.broadcast_to(mine[:, None, None], panel.y.shape)
    return cells


def leave_outs(panel: StaggeredPanel, terms: Terms) -> dict[str, list[Part]]:
    """Estimate without each place, each cohort and each wave in turn.

    Returns
    -------
    dict of str to list of Part
        Under ``place`` (treated and never treated), ``cohort`` and ``wave``; NaN where a term is left without an untreated
        place.
    """
    panel = usable(panel, terms)
    everyone = np.arange(len(panel.places))
    places = [(everyone != p, name) for p, name in enumerate(panel.names)]
    cohorts = [(panel.first != first, str(panel.waves[first])) for first in panel.cohorts]
    sums = sums_of(panel, wave_terms(panel, terms)[0], panel.observed & ~panel.exposed, panel.exposed)
    found = {
        kind: [_without(panel, terms, sums, kept, label) for kept, label in options]
        for kind, options in (("place", places), ("cohort", cohorts))
    }
    waves = []
    for w, wave in enumerate(panel.waves):
        y = panel.y.copy()
        y[:, :, w] = np.nan
        left = replace(panel, y=y)
        if not left.exposed.any():
            waves.append(Part(str(wave), np.nan, np.nan, np.zeros(0), 0, 0))
            continue
        columns = wave_terms(left, terms)[0]
        less = sums_of(left, columns, left.observed & ~left.exposed, left.exposed)
        waves.append(_without(left, terms, less, np.ones(len(everyone), dtype=bool), str(wave)))
    return found | {"wave": waves}


def _without(panel: StaggeredPanel, terms: Terms, sums: Sums, kept: Bools, label: str) -> Part:
    if not identified(panel, terms, np.where(kept, panel.first, 0)[None])[0]:
        return Part(label, np.nan, np.nan, np.zeros(0), 0, 0)
    return _part(sums, kept, panel.exposed, label)


def sensitivity_panels(release: Release, design: Design) -> Iterator[tuple[str, StaggeredPanel | str]]:
    """Yield each sensitivity row of the plan with its panel, or with the reason why it has none."""
    for key in design.sensitivity:
        try:
            yield key, build_staggered(release, design_variant(design, key))
        except StaggeredError as refused:
            yield key, str(refused)


def identified(panel: StaggeredPanel, terms: Terms, first: Ints) -> Bools:
    """Return assignments whose treated cells have all their terms identified, shape (D,).

    A term is identified if an untreated cell has it.

    Parameters
    ----------
    panel : StaggeredPanel
    terms : Terms
    first : integer array, shape (D, P)
        Position of the first treated wave; 0 for a place that stays out, `NEVER` for one that never starts.
    """
    waves = np.arange(len(panel.waves))
    enters = np.asarray(panel.observed & (first > 0)[:, :, None, None])
    free = np.asarray(enters & (waves < first[:, :, None, None]))
    treated = np.asarray(enters & ~free)
    free &= free.sum(axis=3, keepdims=True) > 1
    lacking = np.asarray(treated.any(axis=1)) & ~np.asarray(free.any(axis=1))
    good: Bools = ~np.asarray(lacking.any(axis=(1, 2)))
    for group in sorted(set(panel.group)) if terms.group else []:
        mine = np.array([own == group for own in panel.group])
        needed, held = (np.asarray(cells[:, mine].any(axis=(1, 2))) for cells in (treated, free))
        good &= ~np.asarray((needed & ~held).any(axis=1))
    return good
