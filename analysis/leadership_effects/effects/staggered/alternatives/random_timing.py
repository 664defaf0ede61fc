"""Estimate effects efficiently where the timing of starts is as good as random.

Roth and Sant'Anna (2023), "Efficient estimation for staggered rollout designs", Journal of Political Economy:
Microeconomics 1(4): the class of estimators (equation 3), the plug-in efficient coefficient (section 2.5) and the variance
refined by outcomes before the first start (section 2.6). The pre-treatment difference is the one that the group-time
estimator with not-yet-treated comparison subtracts: with coefficient 1 the estimator is that one, with 0 a difference in
means after the start.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from leadership_effects.data.panels import Array
from leadership_effects.data.staggered.panel import NEVER, StaggeredPanel
from leadership_effects.effects.staggered.common import (
    Balanced,
    StaggeredEstimate,
    StaggeredEstimatorError,
    balanced_part,
)

Average = Literal["simple", "cohort", "calendar"]
PINV = float(np.sqrt(np.finfo(float).eps))  # as in MASS::ginv, which the authors' package uses


@dataclass(frozen=True)
class Efficient:
    """Efficient estimate for random timing.

    Attributes
    ----------
    estimate : float
    se : float
        From the refined variance; the conservative one where the refined variance is not positive.
    se_conservative : float
        Without the refinement.
    coefficient : float
        Plug-in efficient coefficient of the pre-treatment difference.
    n_cells : int
        Treated cells in the estimand.
    """

    estimate: float
    se: float
    se_conservative: float
    coefficient: float
    n_cells: int


class RandomTiming:
    """Cohort means and covariances of the balanced part of a panel, for any estimand.

    Series of a place stand side by side in its vector of outcomes, so that covariances between them are counted.

    Parameters
    ----------
    panel : StaggeredPanel

    Attributes
    ----------
    balanced : Balanced
    cohorts : tuple of int
        First treated waves, as positions in the balanced part, and `NEVER`.
    pooled : dict of int to tuple of int
        Cohorts of one place, with those whose places give its covariance.

    Raises
    ------
    StaggeredEstimatorError
        If no run of waves is balanced.
    """

    def __init__(self, panel: StaggeredPanel) -> None:
        self.balanced: Balanced = balanced_part(panel)
        part = self.balanced.panel
        held = part.observed.any(axis=0)
        self.series, self.waves = np.nonzero(held)
        self.column = {(int(s), int(t)): i for i, (s, t) in enumerate(zip(*np.nonzero(held), strict=True))}
        y = part.y[:, held]
        self.cohorts = (*part.cohorts, NEVER)
        members = {g: part.first == g for g in self.cohorts}
        self.sizes = {g: int(own.sum()) for g, own in members.items()}
        self.means = {g: y[own].mean(axis=0) for g, own in members.items()}
        self.pooled = pooled_cohorts({g: self.sizes[g] for g in part.cohorts})
        self.covariances = {
            g: np.atleast_2d(np.cov(y[np.isin(part.first, self.pooled.get(g, (g,)))], rowvar=False))
            for g in self.cohorts
        }

    def _cells(self) -> list[tuple[int, int, int]]:
        """Return cohort, series and wave of treated cells with the wave before the start."""
        return [
            (g, int(s), int(t))
            for g in self.cohorts[:-1]
            for s, t in zip(self.series, self.waves, strict=True)
            if t >= g and (int(s), g - 1) in self.column
        ]

    def average(self, kind: Average = "simple") -> Efficient:
        """Estimate an average effect.

        Parameters
        ----------
        kind : str
            ``"simple"`` counts treated cells alike, ``"cohort"`` averages over the cells of a cohort and weights cohorts
            by places, ``"calendar"`` averages in each wave and then over waves.
        """
        cells = self._cells()
        if kind == "simple":
            weights = [float(self.sizes[g]) for g, _, _ in cells]
        elif kind == "cohort":
            counts = {g: sum(cell[0] == g for cell in cells) for g, _, _ in cells}
            weights = [self.sizes[g] / counts[g] for g, _, _ in cells]
        else:
            totals = {t: sum(self.sizes[cell[0]] for cell in cells if cell[2] == t) for _, _, t in cells}
            weights = [self.sizes[g] / totals[t] for g, _, t in cells]
        return self.estimate(cells, weights)

    def by_wave(self) -> dict[int, Efficient]:
        """Estimate effects by waves since the start, each with its own efficient coefficient."""
        found = {}
        for h in sorted({t - g for g, _, t in self._cells()}):
            cells = [cell for cell in self._cells() if cell[2] - cell[0] == h]
            found[h] = self.estimate(cells, [float(self.sizes[g]) for g, _, _ in cells])
        return found

    def estimate(self, cells: list[tuple[int, int, int]], weights: list[float]) -> Efficient:
        """Estimate the weighted mean effect of cells.

        Parameters
        ----------
        cells : list of (int, int, int)
            Cohort, series and wave.
        weights : list of float
            Scaled to sum to one.
        """
        if not cells:
            raise StaggeredEstimatorError(
                f"{self.balanced.panel.name}: no treated cell has the wave before the start"
            )
        after, before = self._loadings(cells, np.array(weights) / sum(weights))
        theta = sum(float(after[g] @ self.means[g]) for g in self.cohorts)
        gap = sum(float(before[g] @ self.means[g]) for g in self.cohorts)

        def covariance(left: dict[int, Array], right: dict[int, Array]) -> float:
            return float(sum(left[g] @ self.covariances[g] @ right[g] / self.sizes[g] for g in self.cohorts))

        spread, joint = covariance(before, before), covariance(before, after)
        coefficient = joint / spread if spread > 0 else 0.0
        conservative = max(covariance(after, after) - coefficient * joint, 0.0)
        refined = conservative - self._refinement(after)
        se = float(np.sqrt(refined if refined > 0 else conservative))
        count = sum(self.sizes[g] for g, _, _ in cells)
        return Efficient(theta - coefficient * gap, se, float(np.sqrt(conservative)), coefficient, count)

    def _loadings(
        self, cells: list[tuple[int, int, int]], weights: Array
    ) -> tuple[dict[int, Array], dict[int, Array]]:
        """Return how cohort means enter the difference after the start and the one before it."""
        after = {g: np.zeros(len(self.column)) for g in self.cohorts}
        before = {g: np.zeros(len(self.column)) for g in self.cohorts}
        for (g, s, t), weight in zip(cells, weights, strict=True):
            others = [other for other in self.cohorts if other > t]
            total = sum(self.sizes[other] for other in others)
            for loading, wave in ((after, t), (before, g - 1)):
                at = self.column[s, wave]
                loading[g][at] += weight
                for other in others:
                    loading[other][at] -= weight * self.sizes[other] / total
        return after, before

    def _refinement(self, after: dict[int, Array]) -> float:
        """Return what outcomes before the first start say about the spread of effects."""
        first = min(g for g in self.cohorts if np.any(after[g] != 0))
        early = self.waves < first
        used = [g for g in self.cohorts if g >= first]
        blocks = [self.covariances[g][np.ix_(early, early)] for g in used]
        slopes = np.zeros(int(early.sum()))
        for g, block in zip(used, blocks, strict=True):
            slopes += np.linalg.pinv(block, rcond=PINV) @ self.covariances[g][early] @ after[g]
        mean = np.mean(blocks, axis=0)
        return float(slopes @ mean @ slopes) / sum(self.sizes.values())


def pooled_cohorts(sizes: dict[int, int]) -> dict[int, tuple[int, ...]]:
    """Pool each cohort of one place with the next later one, the last with the one before.

    Until two places are in it. Pooling is for the covariance alone: every place keeps its own start in the estimate. A cohort of two or more keeps its
    own covariance.

    Parameters
    ----------
    sizes : dict of int to int
        Places by first treated wave.

    Returns
    -------
    pooled : dict of int to tuple of int
        Of each cohort of one place, the cohorts whose places give its covariance.

    Raises
    ------
    StaggeredEstimatorError
        If there is one started place in all.

    Examples
    --------
    >>> pooled_cohorts({2: 3, 4: 1, 5: 2, 7: 1, 8: 1})
    {4: (4, 5), 7: (7, 8), 8: (7, 8)}
    >>> pooled_cohorts({2: 3, 4: 1})
    {4: (2, 4)}
    """
    order = sorted(sizes)
    if sum(sizes.values()) < 2:
        raise StaggeredEstimatorError("a covariance needs two started places")
    pools: list[list[int]] = []
    for g in order:
        if pools and sum(sizes[k] for k in pools[-1]) < 2:
            pools[-1].append(g)
        else:
            pools.append([g])
    if sum(sizes[k] for k in pools[-1]) < 2:
        last = pools.pop()
        pools[-1].extend(last)
    return {g: tuple(pool) for pool in pools for g in pool if sizes[g] < 2}


def random_timing_estimate(panel: StaggeredPanel, method: str) -> StaggeredEstimate:
    """Return the simple aggregate as a row of the table, with its error under random timing.

    Raises
    ------
    StaggeredEstimatorError
        If no run of waves is balanced.
    """
    model = RandomTiming(panel)
    found, part = model.average(), model.balanced.panel
    notes = [f"coefficient of the pre-treatment difference {found.coefficient:.2f}"]
    notes += [
        f"covariance of the cohort of {part.waves[g]} from {' and '.join(str(part.waves[k]) for k in pool)}"
        for g, pool in model.pooled.items()
    ]
    notes += (
        ["variance without its refinement, which exceeds it"] if found.se == found.se_conservative else []
    )
    notes += [model.balanced.note] if model.balanced.note else []
    waves = {h: (own.estimate, own.se) for h, own in model.by_wave().items()}
    return StaggeredEstimate(
        method, found.estimate, found.se, waves, len(part.places), found.n_cells, "; ".join(notes)
    )
