"""Run every estimator of staggered starts on one panel, for the table of estimators."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from leadership_effects.data.staggered.panel import StaggeredPanel
from leadership_effects.effects.staggered.alternatives.group_time import group_time_estimate
from leadership_effects.effects.staggered.alternatives.interaction_weighted import (
    interaction_weighted_estimate,
)
from leadership_effects.effects.staggered.alternatives.random_timing import random_timing_estimate
from leadership_effects.effects.staggered.alternatives.stacked import stacked_estimate
from leadership_effects.effects.staggered.alternatives.two_way import two_way_estimate
from leadership_effects.effects.staggered.common import (
    StaggeredEstimate,
    StaggeredEstimatorError,
    imputation_estimate,
    unavailable,
)
from leadership_effects.effects.staggered.imputation import ADJUSTED, LEVEL, PLAIN, ImputationError
from leadership_effects.rounding import ROUNDING

Estimator = Callable[[StaggeredPanel, str], StaggeredEstimate]

ESTIMATORS: dict[str, Estimator] = {
    "imputation": lambda panel, name: imputation_estimate(panel, PLAIN, name),
    "imputation, level by wave": lambda panel, name: imputation_estimate(panel, LEVEL, name),
    "imputation, level by wave and group by wave": lambda panel, name: imputation_estimate(
        panel, ADJUSTED, name
    ),
    "group-time averages, never treated": lambda panel, name: group_time_estimate(
        panel, "never treated", name
    ),
    "group-time averages, not yet treated": lambda panel, name: group_time_estimate(
        panel, "not yet treated", name
    ),
    "interaction-weighted": interaction_weighted_estimate,
    "stacked, corrective weights": stacked_estimate,
    "efficient for random timing": random_timing_estimate,
    "static two-way fixed effects": two_way_estimate,
}
UNWEIGHTED = tuple(name for name in ESTIMATORS if not name.startswith(("imputation", "interaction")))


def all_estimators(panel: StaggeredPanel) -> list[StaggeredEstimate]:
    """Estimate the average effect by every estimator, in the order of the table.

    A panel that cannot bear an estimator gives a row with NaN and the reason. Estimators that count all cells alike say so
    in their note where the cells of the panel weigh differently.

    Parameters
    ----------
    panel : StaggeredPanel
    """
    return [_row(panel, name, run) for name, run in ESTIMATORS.items()]


def _row(panel: StaggeredPanel, name: str, run: Estimator) -> StaggeredEstimate:
    try:
        found = run(panel, name)
    except (StaggeredEstimatorError, ImputationError) as error:
        return unavailable(name, str(error))
    if name in UNWEIGHTED and np.ptp(panel.weights[panel.observed]) > ROUNDING:
        return replace(found, note="; ".join(part for part in (found.note, "all cells count alike") if part))
    return found
