"""Impute effects in many outcomes that share a design, under many assignments of starts.

`Engine` repeats its work for each outcome; a simulation has hundreds of them under one design. The sums over places are the
same; here outcomes are the last axis of every array, and levels, which differ from block to block, scale regressors that
were summed up once.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from leadership_effects.data.panels import Array
from leadership_effects.data.staggered.panel import NEVER, StaggeredPanel
from leadership_effects.effects.staggered.imputation import Ints, Terms, solve_each, wave_terms

BATCH = 4


@dataclass(frozen=True)
class Parts:
    """Sums over cells of each place and start that need neither levels nor outcomes.

    Attributes
    ----------
    starts : integer array, shape (C,)
        First treated waves in order, then `NEVER`.
    squares : array, shape (P, C, K, K)
        Of regressors less their untreated mean, over untreated cells, as if every level were one.
    sums : array, shape (P, C, K)
        Of the same over treated cells.
    counts : array, shape (P, C)
        Weight of treated cells that can be imputed.
    centred : array, shape (P, C, N, K)
        Weighted regressors of untreated cells; their products with outcomes are all that is needed. N is S times W.
    after : array, shape (P, C, N)
        Weights that give the sum over treated cells of outcomes less the place's untreated mean.
    by_level : boolean array, shape (K,)
        Which regressors are multiplied by the level.
    """

    starts: Ints
    squares: Array
    sums: Array
    counts: Array
    centred: Array
    after: Array
    by_level: Array


def shared_parts(panel: StaggeredPanel, terms: Terms) -> Parts:
    """Sum up what all outcomes and levels of a design share.

    Parameters
    ----------
    panel : StaggeredPanel
        Which cells are observed, their weights, groups and cohorts; neither outcomes nor levels are read.
    terms : Terms
    """
    n, s, w = panel.y.shape
    columns, names = wave_terms(replace(panel, level=np.ones(n)), terms)
    by_level = np.array([name.startswith("level in ") for name in names])
    starts: Ints = np.array([*panel.cohorts, NEVER], dtype=np.int64)
    k, c = len(names), len(starts)
    squares, sums, counts = np.zeros((n, c, k, k)), np.zeros((n, c, k)), np.zeros((n, c))
    centred, after = np.zeros((n, c, s, w, k)), np.zeros((n, c, s, w))
    waves = np.arange(w)
    for p in range(n):
        for j, start in enumerate(starts):
            for i in range(s):
                held = panel.observed[p, i]
                before, later = held & (waves < start), held & (waves >= start)
                if not before.any():
                    continue
                v, u = panel.weights[p, i, before], panel.weights[p, i, later]
                mean = np.average(columns[p, i, before], axis=0, weights=v)
                x = columns[p, i, before] - mean
                squares[p, j] += (x * v[:, None]).T @ x
                sums[p, j] += u @ (columns[p, i, later] - mean)
                counts[p, j] += u.sum()
                centred[p, j, i, before] = x * v[:, None]
                after[p, j, i, later] = u
                after[p, j, i, before] = -u.sum() * v / v.sum()
    return Parts(
        starts, squares, sums, counts, centred.reshape(n, c, s * w, k), after.reshape(n, c, s * w), by_level
    )


def impute_many(parts: Parts, level: Array, outcomes: Array, first: Ints) -> tuple[Array, Array]:
    """Estimate effects in many outcomes under many assignments of starts.

    Parameters
    ----------
    parts : Parts
    level : array, shape (P,)
        Starting level of each place.
    outcomes : array, shape (P, N, O)
        Zero where a cell is not observed.
    first : integer array, shape (D, P)

    Returns
    -------
    estimates : array, shape (D, O)
    influence : array, shape (D, P, O)
        Contributions of places, as in `Runs`.
    """
    scale = np.where(parts.by_level, level[:, None], 1.0)
    squares = parts.squares * scale[:, None, :, None] * scale[:, None, None, :]
    sums = parts.sums * scale[:, None]
    products = np.swapaxes(parts.centred, 2, 3) @ outcomes[:, None] * scale[:, None, :, None]
    totals = parts.after @ outcomes
    estimates, influence = [], []
    places = np.arange(len(level))
    for begin in range(0, len(first), BATCH):
        at = np.searchsorted(parts.starts, first[begin : begin + BATCH])
        own, mine = squares[places, at], products[places, at]
        late, count, total = sums[places, at], parts.counts[places, at], totals[places, at]
        n = count.sum(axis=1)
        gradient = late.sum(axis=1)
        right = np.concatenate([gradient[..., None], mine.sum(axis=1)], axis=2)
        solved = solve_each(own.sum(axis=1), right)
        q, beta = solved[..., 0] / n[:, None], solved[..., 1:]
        found = (total.sum(axis=1) - np.einsum("dk,dko->do", gradient, beta)) / n[:, None]
        row = q[:, None, None, :]
        pull = (row @ own)[:, :, 0] - late / n[:, None, None]
        moved = pull @ beta + total / n[:, None, None] - (row @ mine)[:, :, 0]
        estimates.append(found)
        influence.append(moved - (count / n[:, None])[..., None] * found[:, None])
    return np.concatenate(estimates), np.concatenate(influence)
