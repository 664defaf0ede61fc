"""Staggered panels made of numbers alone."""

from __future__ import annotations

import numpy as np
import pandas as pd
from leadership_effects.data.panels import Array
from leadership_effects.data.provenance import Rows
from leadership_effects.data.staggered.panel import NEVER, StaggeredPanel

COHORTS = (3, 4, 5, 6)


def staggered_of(y: Array, first: list[int], level: Array | None = None, groups: str = "") -> StaggeredPanel:
    """Panel ``made`` of outcomes (P, S, W); `groups` holds a letter a place."""
    n, s, w = y.shape
    return StaggeredPanel(
        name="made", y=y, places=tuple(f"p{i:02d}" for i in range(n)), names=tuple(f"p{i:02d}" for i in range(n)),
        series=tuple(f"s{j}" for j in range(s)), waves=tuple(range(2000, 2000 + 2 * w, 2)),
        first=np.array(first, dtype=np.int64), level=np.zeros(n) if level is None else level,
        group=tuple(groups) or ("",) * n, unit="pupil SD", weights=np.ones_like(y), errors=np.full_like(y, np.nan),
        register=pd.DataFrame(), rows=Rows(0, "", ()),
    )  # fmt: skip


def noise_panel(
    seed: int, places: int = 24, waves: int = 9, series: int = 1, slope: float = 0.0
) -> StaggeredPanel:
    """Panel of noise, half of the places started in cohorts of three; these drift by `slope` a wave."""
    rng = np.random.default_rng(seed)
    started = places // 2
    first = sorted(COHORTS[i % len(COHORTS)] for i in range(started)) + [NEVER] * (places - started)
    level = rng.normal(size=places)
    y = rng.normal(size=(places, series, waves)) + rng.normal(size=(places, 1, 1))
    drift = slope * np.arange(waves) * (np.arange(places) < started)[:, None]
    return staggered_of(y + drift[:, None, :], first, level - level.mean(), "ab" * (places // 2))
