"""Say what estimators of staggered starts return, and find a panel's balanced part."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from leadership_effects.data.panels import Array
from leadership_effects.data.staggered.panel import NEVER, StaggeredPanel
from leadership_effects.effects.staggered.event_study import EventStudy, effects_by_wave
from leadership_effects.effects.staggered.imputation import Terms, imputable, impute, usable
from leadership_effects.errors import LeadershipError


class StaggeredEstimatorError(LeadershipError, ValueError):
    """A panel cannot bear an estimator."""


@dataclass(frozen=True)
class StaggeredEstimate:
    """Average effect of starting by one estimator: a row of the table of estimators.

    Attributes
    ----------
    method : str
        Name in tables.
    estimate : float
        Mean effect over treated cells, in the unit of the panel; NaN where the panel cannot bear the estimator.
    se : float
        Standard error clustered by place, unless the note says otherwise; NaN likewise.
    by_wave : dict of int to (float, float)
        Effect and standard error by waves since the start; negative waves are placebo effects before it.
    n_places : int
        Places that enter.
    n_cells : int
        Treated cells that enter.
    note : str
        What was left out or pooled, or why there is no estimate.
    """

    method: str
    estimate: float
    se: float
    by_wave: dict[int, tuple[float, float]]
    n_places: int
    n_cells: int
    note: str = ""

    @property
    def available(self) -> bool:
        """Return whether there is an estimate."""
        return bool(np.isfinite(self.estimate))


def unavailable(method: str, reason: str) -> StaggeredEstimate:
    """Return the row of an estimator that a panel cannot bear, with its reason."""
    return StaggeredEstimate(method, float("nan"), float("nan"), {}, 0, 0, reason)


def clustered(influence: Array) -> float:
    """Return the standard error of an estimate from the contributions of places.

    The variance is corrected by P / (P - 1).

    Parameters
    ----------
    influence : array, shape (P,)
    """
    n = len(influence)
    return float(np.sqrt(np.square(influence).sum() * n / (n - 1)))


def by_wave(study: EventStudy) -> dict[int, tuple[float, float]]:
    """Return estimate and standard error of each horizon, in order."""
    found = zip(study.horizons, study.estimates, study.se, strict=True)
    return {h: (float(estimate), float(se)) for h, estimate, se in sorted(found)}


def imputation_estimate(panel: StaggeredPanel, terms: Terms, method: str) -> StaggeredEstimate:
    """Return the imputation estimate as a row of the table.

    Raises
    ------
    ImputationError
        If a term has no untreated place in some wave.
    """
    found, used = impute(panel, terms), usable(panel, terms)
    lost = int((used.exposed & ~imputable(used)).sum())
    fewer = len(panel.places) - len(used.places)
    notes = [f"{counted(fewer, 'place')} without a level"] if fewer else []
    notes += [f"{counted(lost, 'treated cell')} without an untreated one of the series"] if lost else []
    return StaggeredEstimate(
        method, found.estimate, found.se, by_wave(effects_by_wave(panel, terms)), found.n_places, found.n_treated,
        left_out(notes),
    )  # fmt: skip


def counted(n: int, noun: str) -> str:
    """Return a number with its noun, in the plural unless it is one."""
    return f"{n} {noun}" if n == 1 else f"{n} {noun}s"


def left_out(parts: list[str]) -> str:
    """Join what was left out to one note; empty if nothing was."""
    return f"left out: {'; '.join(parts)}" if parts else ""


@dataclass(frozen=True)
class Balanced:
    """The part of a panel in which every place has every cell that any place has.

    Attributes
    ----------
    panel : StaggeredPanel
    places, waves : tuple
        Codes and waves that are not in it.
    """

    panel: StaggeredPanel
    places: tuple[str, ...]
    waves: tuple[int, ...]

    @property
    def note(self) -> str:
        """Say what is not in it; empty if everything is."""
        parts = [f"{counted(len(self.places), 'place')} ({', '.join(self.places)})"] if self.places else []
        parts += [f"waves {', '.join(map(str, self.waves))}"] if self.waves else []
        return left_out(parts)


def waves_between(panel: StaggeredPanel, begin: int, end: int) -> StaggeredPanel:
    """Return the panel of some waves, `begin` to before `end`; later starts become `NEVER`."""
    first = np.where(panel.first < end, panel.first - begin, NEVER)
    return replace(
        panel, y=panel.y[:, :, begin:end], waves=panel.waves[begin:end], first=first,
        weights=panel.weights[:, :, begin:end], errors=panel.errors[:, :, begin:end],
    )  # fmt: skip


def _with_series(panel: StaggeredPanel, kept: NDArray[np.bool_]) -> StaggeredPanel:
    return replace(
        panel, y=panel.y[:, kept], series=tuple(name for name, held in zip(panel.series, kept, strict=True) if held),
        weights=panel.weights[:, kept], errors=panel.errors[:, kept],
    )  # fmt: skip


def balanced_part(panel: StaggeredPanel) -> Balanced:
    """Find the run of waves, with the places that have all of its cells, that holds most cells.

    A wave of a series counts if any place has it. Places that started before
    the second wave of the run are not in it. Of runs with equally many cells the one with more waves is taken, then the
    earlier one.

    Raises
    ------
    StaggeredEstimatorError
        If no run of two waves or more holds two started places and two that never started in it.
    """
    w = len(panel.waves)
    best: tuple[tuple[int, int, int], StaggeredPanel] | None = None
    for begin in range(w - 1):
        for end in range(begin + 2, w + 1):
            part = waves_between(panel, begin, end)
            wanted: NDArray[np.bool_] = np.asarray(part.observed.any(axis=0))
            whole = (part.observed | ~wanted).all(axis=(1, 2)) & (part.first > 0)
            part = _with_series(part.keep(whole), np.asarray(wanted.any(axis=1)))
            if part.treated.sum() < 2 or (~part.treated).sum() < 2:
                continue
            size = (int(whole.sum() * wanted.sum()), end - begin, -begin)
            if best is None or size > best[0]:
                best = (size, part)
    if best is None:
        raise StaggeredEstimatorError(
            f"{panel.name}: no run of waves holds two started places and two others without a gap; "
            "this estimator needs a balanced panel"
        )
    part = best[1]
    kept = set(part.places)
    return Balanced(
        part, tuple(place for place in panel.places if place not in kept),
        tuple(wave for wave in panel.waves if wave not in part.waves),
    )  # fmt: skip
