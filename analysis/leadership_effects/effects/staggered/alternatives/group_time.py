"""Average effects of each cohort in each wave against places not started, and sum them up.

Callaway and Sant'Anna (2021), "Difference-in-differences with multiple time periods", Journal of Econometrics 225(2):
group-time averages without covariates (equation 2.9 with never-treated, 2.10 with not-yet-treated comparison), aggregates
of their section 3, influence functions of their theorem 2 and corollary 2, which count the cohorts' shares as estimated.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from leadership_effects.data.panels import Array
from leadership_effects.data.staggered.panel import NEVER, StaggeredPanel
from leadership_effects.effects.staggered.common import (
    StaggeredEstimate,
    StaggeredEstimatorError,
    clustered,
    counted,
    left_out,
)

Comparison = Literal["never treated", "not yet treated"]


@dataclass(frozen=True)
class Cell:
    """One group-time average of one series.

    Attributes
    ----------
    cohort, wave, series : int
        Positions in the panel.
    effect : float
        Mean change of the cohort since the wave before its start, less that of the comparison.
    members : boolean array, shape (P,)
        Started places that enter.
    influence : array, shape (P,)
        Contribution of each place to the error of the effect.
    n_comparison : int
    """

    cohort: int
    wave: int
    series: int
    effect: float
    members: NDArray[np.bool_]
    influence: Array
    n_comparison: int

    @property
    def size(self) -> int:
        """Return the number of started places."""
        return int(self.members.sum())

    @property
    def since(self) -> int:
        """Return waves since the start."""
        return self.wave - self.cohort


@dataclass(frozen=True)
class Aggregate:
    """Weighted mean of group-time averages.

    Attributes
    ----------
    estimate, se : float
    parts : dict of int to (float, float)
        Estimate and standard error by event time, cohort (its first wave) or wave; empty for the simple mean.
    """

    estimate: float
    se: float
    parts: dict[int, tuple[float, float]]


@dataclass(frozen=True)
class GroupTime:
    """Group-time averages of a panel.

    Attributes
    ----------
    panel : StaggeredPanel
    comparison : str
        ``"never treated"`` or ``"not yet treated"``.
    cells : tuple of Cell
    missing : tuple of (str, str, int)
        Place, series and wave of treated cells that do not enter.
    """

    panel: StaggeredPanel
    comparison: Comparison
    cells: tuple[Cell, ...]
    missing: tuple[tuple[str, str, int], ...]

    def _average(self, cells: list[Cell]) -> tuple[float, Array]:
        """Return the mean weighted by started places and its influence, shape (P,)."""
        n = sum(cell.size for cell in cells)
        estimate = sum(cell.size * cell.effect for cell in cells) / n
        influence = np.zeros(len(self.panel.places))
        for cell in cells:
            influence += cell.size / n * cell.influence
            influence += cell.members * (cell.effect - estimate) / n
        return float(estimate), influence

    def _by(self, key: Callable[[Cell], int], cells: list[Cell]) -> dict[int, tuple[float, Array]]:
        groups: dict[int, list[Cell]] = {}
        for cell in cells:
            groups.setdefault(key(cell), []).append(cell)
        return {k: self._average(own) for k, own in sorted(groups.items())}

    @property
    def after(self) -> list[Cell]:
        """Return the cells from the start on."""
        return [cell for cell in self.cells if cell.since >= 0]

    def simple(self) -> Aggregate:
        """Average over treated cells, each counted alike (their theta with simple weights)."""
        estimate, influence = self._average(self.after)
        return Aggregate(estimate, clustered(influence), {})

    def _summed(
        self, parts: dict[int, tuple[float, Array]], used: list[int], names: dict[int, int]
    ) -> Aggregate:
        estimate = float(np.mean([parts[k][0] for k in used]))
        influence = np.mean([parts[k][1] for k in used], axis=0)
        return Aggregate(
            estimate,
            clustered(influence),
            {names.get(k, k): (e, clustered(i)) for k, (e, i) in parts.items()},
        )

    def dynamic(self) -> Aggregate:
        """Average by waves since the start; overall the plain mean over waves from the start on."""
        parts = self._by(lambda cell: cell.since, list(self.cells))
        return self._summed(parts, [k for k in parts if k >= 0], {})

    def calendar(self) -> Aggregate:
        """Average by wave; overall the plain mean over waves."""
        parts = self._by(lambda cell: cell.wave, self.after)
        return self._summed(parts, list(parts), dict(enumerate(self.panel.waves)))

    def group(self) -> Aggregate:
        """Average by cohort over its waves; overall weighted by the cohorts' places."""
        parts = self._by(lambda cell: cell.cohort, self.after)
        sizes = {k: np.any([c.members for c in self.after if c.cohort == k], axis=0) for k in parts}
        n = sum(int(size.sum()) for size in sizes.values())
        estimate = sum(int(sizes[k].sum()) * parts[k][0] for k in parts) / n
        influence = np.zeros(len(self.panel.places))
        for k, (effect, own) in parts.items():
            influence += sizes[k].sum() / n * own + sizes[k] * (effect - estimate) / n
        names = dict(enumerate(self.panel.waves))
        return Aggregate(
            float(estimate),
            clustered(influence),
            {names[k]: (e, clustered(i)) for k, (e, i) in parts.items()},
        )

    def table(self) -> pd.DataFrame:
        """Return rows ``cohort, wave, series, effect, se, n_treated, n_comparison``."""
        waves, series = self.panel.waves, self.panel.series
        return pd.DataFrame(
            [
                {
                    "cohort": waves[c.cohort], "wave": waves[c.wave], "series": series[c.series], "effect": c.effect,
                    "se": clustered(c.influence), "n_treated": c.size, "n_comparison": c.n_comparison,
                }
                for c in self.cells
            ]
        )  # fmt: skip


def group_time(panel: StaggeredPanel, comparison: Comparison = "never treated") -> GroupTime:
    """Compute group-time averages: differences in mean change since the wave before the start.

    A cell takes the places that have the series both then and before. Waves before the start are placebo effects against
    the wave just before them (varying base).

    Parameters
    ----------
    panel : StaggeredPanel
    comparison : str
        Places that never started in the window, or all that had not started by the wave (nor by the base).

    Raises
    ------
    StaggeredEstimatorError
        If no cell has a comparison.
    """
    cells: list[Cell] = []
    entered = np.zeros(panel.y.shape, dtype=bool)
    for s in range(len(panel.series)):
        for cohort in panel.cohorts:
            for wave in range(1, len(panel.waves)):
                base = cohort - 1 if wave >= cohort else wave - 1
                cell = _cell(panel, comparison, cohort, wave, s, base)
                if cell is not None:
                    cells.append(cell)
                    entered[cell.members, s, wave] |= wave >= cohort
    if not any(cell.since >= 0 for cell in cells):
        raise StaggeredEstimatorError(
            f"{panel.name}: no started place has a base and a {comparison} comparison"
        )
    lost = np.argwhere(panel.exposed & ~entered)
    missing = tuple((panel.places[p], panel.series[s], panel.waves[w]) for p, s, w in lost)
    return GroupTime(panel, comparison, tuple(cells), missing)


def _cell(
    panel: StaggeredPanel, comparison: Comparison, cohort: int, wave: int, s: int, base: int
) -> Cell | None:
    """Compare one cohort in one wave; None where nobody is left on a side."""
    change = panel.y[:, s, wave] - panel.y[:, s, base]
    held = np.isfinite(change)
    members = held & (panel.first == cohort)
    latest = NEVER - 1 if comparison == "never treated" else max(wave, base)
    others = held & (panel.first > latest) & (panel.first != cohort)
    if not members.any() or not others.any():
        return None
    own, rest = float(change[members].mean()), float(change[others].mean())
    influence = np.zeros(len(change))
    influence[members] = (change[members] - own) / members.sum()
    influence[others] = -(change[others] - rest) / others.sum()
    return Cell(cohort, wave, s, own - rest, members, influence, int(others.sum()))


def group_time_estimate(panel: StaggeredPanel, comparison: Comparison, method: str) -> StaggeredEstimate:
    """Return the simple aggregate as a row of the table, with effects by waves since the start.

    Raises
    ------
    StaggeredEstimatorError
        If no cell has a comparison.
    """
    found = group_time(panel, comparison)
    simple, dynamic = found.simple(), found.dynamic()
    used = np.any([cell.members for cell in found.after], axis=0)
    lost = (
        [f"{counted(len(found.missing), 'treated cell')} without a base or a comparison"]
        if found.missing
        else []
    )
    return StaggeredEstimate(
        method, simple.estimate, simple.se, dynamic.parts, int(used.sum() + (~panel.treated).sum()),
        sum(cell.size for cell in found.after), left_out(lost),
    )  # fmt: skip
