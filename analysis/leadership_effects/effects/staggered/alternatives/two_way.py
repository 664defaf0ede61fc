"""Show what static two-way fixed effects mix: comparisons of two groups and their weights.

Goodman-Bacon (2021), "Difference-in-differences with variation in treatment timing", Journal of Econometrics 225(2),
theorem 1 and equation 10; de Chaisemartin and D'Haultfoeuille (2020), "Two-way fixed effects estimators with heterogeneous
treatment effects", American Economic Review 110(9), theorem 1.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from statsmodels.regression.linear_model import OLS

from leadership_effects.data.panels import Array
from leadership_effects.data.staggered.panel import NEVER, StaggeredPanel
from leadership_effects.effects.staggered.common import Balanced, StaggeredEstimate, balanced_part, clustered

KINDS = ("treated and never treated", "earlier and later", "later and earlier")


@dataclass(frozen=True)
class TwoWay:
    """Static two-way fixed effects of the balanced part of a panel.

    Attributes
    ----------
    estimate, se : float
        Coefficient of having started; error clustered by place with the correction P / (P - 1).
    pairs : DataFrame
        Rows ``series, treated, comparison, kind, estimate, weight``: first treated waves (comparison 0: never), the
        difference-in-differences of the two groups and its weight. Weights sum to one, and the weighted sum is `estimate`.
    effect_weights : array, shape (P, S, W)
        Weight of the effect in each treated cell, summing to one; NaN elsewhere.
    balanced : Balanced
    """

    estimate: float
    se: float
    pairs: pd.DataFrame
    effect_weights: Array
    balanced: Balanced

    def kinds(self) -> pd.DataFrame:
        """Return rows ``kind, weight, estimate``: total weight and mean by kind of comparison."""
        rows = []
        for kind in KINDS:
            own = self.pairs[self.pairs["kind"] == kind]
            weight = float(own["weight"].sum())
            mean = float((own["weight"] * own["estimate"]).sum()) / weight if weight else float("nan")
            rows.append({"kind": kind, "weight": weight, "estimate": mean})
        return pd.DataFrame(rows)

    @property
    def negative_share(self) -> float:
        """Return the share of treated cells whose effect enters with a negative weight."""
        held = self.effect_weights[np.isfinite(self.effect_weights)]
        return float((held < 0).mean())

    @property
    def negative_sum(self) -> float:
        """Return the sum of the negative weights."""
        held = self.effect_weights[np.isfinite(self.effect_weights)]
        return float(held[held < 0].sum())


def without_two_way_means(values: Array) -> Array:
    """Take out means of places and of waves by series from a balanced array, shape (P, S, W).

    Waves that a series lacks are NaN in all places and stay so.
    """
    own = np.nanmean(values, axis=2, keepdims=True)
    wave = _mean_of_places(values)
    left: Array = values - own - wave + _mean_of_places(own)
    return left


def _mean_of_places(values: Array) -> Array:
    mean: Array = values.sum(axis=0, keepdims=True) / len(values)
    return mean


def two_way(panel: StaggeredPanel) -> TwoWay:
    """Fit static two-way fixed effects with statsmodels and decompose the coefficient.

    Place by series and wave by series effects are partialled out (Frisch, Waugh and Lovell). The decomposition needs a
    balanced panel, so the regression is of the balanced part; each series is decomposed, and counts by its share of the
    variation of treatment. All cells weigh alike.

    Parameters
    ----------
    panel : StaggeredPanel

    Raises
    ------
    StaggeredEstimatorError
        If no run of waves is balanced.
    """
    balanced = balanced_part(panel)
    part = balanced.panel
    held = part.observed
    treatment = np.where(held, part.exposed.astype(float), np.nan)
    d, y = without_two_way_means(treatment), without_two_way_means(part.y)
    fitted = OLS(y[held], d[held]).fit()
    estimate = float(fitted.params[0])
    left = np.where(held, d * (y - d * estimate), 0.0).sum(axis=(1, 2))
    variation = float(np.nansum(d * d))
    pairs = pd.concat([_pairs(part, s, variation) for s in range(len(part.series))], ignore_index=True)
    weights = np.where(part.exposed, d / variation, np.nan)
    return TwoWay(estimate, clustered(left / variation), pairs, weights, balanced)


def _pairs(part: StaggeredPanel, s: int, variation: float) -> pd.DataFrame:
    """Compare every two groups of one series (equations 10a to 10g).

    Parameters
    ----------
    part : StaggeredPanel
        Balanced.
    s : int
    variation : float
        Sum of squares of treatment without two-way means, over all series.
    """
    waves = np.flatnonzero(part.observed[:, s].any(axis=0))
    y = part.y[:, s, waves]
    n, length = y.shape
    starts = {int(first): np.searchsorted(waves, first) for first in np.unique(part.first)}
    means = {first: y[part.first == first].mean(axis=0) for first in starts}
    share = {first: float((part.first == first).mean()) for first in starts}
    days = {first: float(1 - start / length) for first, start in starts.items()}
    rows = []
    for k in starts:
        for other in starts:
            if k in (other, NEVER) or days[k] in (0.0, 1.0):
                continue
            gap, total = means[k] - means[other], share[k] * share[other]
            mine, theirs = starts[k], starts[other]
            if other == NEVER or days[other] == 0:
                kind, pre, post = KINDS[0], slice(0, mine), slice(mine, length)
                size = total * days[k] * (1 - days[k])
            elif k < other:
                kind, pre, post = KINDS[1], slice(0, mine), slice(mine, theirs)
                size = total * (days[k] - days[other]) * (1 - days[k])
            else:
                kind, pre, post = KINDS[2], slice(theirs, mine), slice(mine, length)
                size = total * (days[other] - days[k]) * days[k]
            effect = float(gap[post].mean() - gap[pre].mean())
            name = 0 if other == NEVER else part.waves[other]
            rows.append((part.series[s], part.waves[k], name, kind, effect, size * n * length / variation))
    return pd.DataFrame(rows, columns=["series", "treated", "comparison", "kind", "estimate", "weight"])


def two_way_estimate(panel: StaggeredPanel, method: str) -> StaggeredEstimate:
    """Return the static coefficient as a row of the table, with what it mixes in the note.

    Raises
    ------
    StaggeredEstimatorError
        If no run of waves is balanced.
    """
    found = two_way(panel)
    kinds = found.kinds().set_index("kind")["weight"]
    notes = [
        f"weight of comparisons with places that had started: {kinds[KINDS[2]]:.2f}; "
        f"treated cells with a negative weight: {found.negative_share:.2f}"
    ]
    notes += [found.balanced.note] if found.balanced.note else []
    return StaggeredEstimate(
        method, found.estimate, found.se, {}, len(found.balanced.panel.places),
        int(found.balanced.panel.exposed.sum()), "; ".join(notes),
    )  # fmt: skip
