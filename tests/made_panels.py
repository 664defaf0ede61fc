"""Panels, placebos and gap series made of numbers alone, for tests that write a definition out."""

from __future__ import annotations

import numpy as np
from leadership_effects.data.panels import Array, GapSeries, Panel, Scale
from leadership_effects.data.provenance import Rows
from leadership_effects.effects.inference import Placebos
from leadership_effects.simulation.null_panels import bare_panel

NO_ROWS = Rows(0, "", ())
SCALE = Scale("reference", "reference", "percent", 1, None, "")


def panel_of(y: Array, n_pre: int, years: tuple[int, ...] = (), weights: Array | None = None) -> Panel:
    """Panel ``test`` of outcomes, the treated unit first; places are named by their row."""
    y = np.asarray(y, float)
    even = tuple(range(2000, 2000 + 2 * y.shape[1], 2))
    return bare_panel(y, n_pre, np.ones(len(y) - 1) if weights is None else weights, years or even, "test")


def random_panel(donors: int, n_pre: int, n_post: int, seed: int = 1) -> Panel:
    """Panel of random walks."""
    y = np.random.default_rng(seed).normal(size=(donors + 1, n_pre + n_post)).cumsum(axis=1)
    return panel_of(y, n_pre)


def placebos_of(
    treated: float, effects: Array | list[float], rmspe: Array | None = None, units: str = ""
) -> Placebos:
    """Placebos of given effects; `rmspe` holds the treated place's first, `units` a letter a donor."""
    effects = np.asarray(effects, float)
    fit = np.full(len(effects) + 1, np.nan) if rmspe is None else rmspe
    names = tuple(units or map(str, range(1, len(effects) + 1)))
    return Placebos("twfe", names, treated, effects, float(fit[0]), fit[1:], np.zeros((len(effects) + 1, 2)))


def series_of(years: tuple[int, ...], gap: Array, n_pre: int, rows: Rows = NO_ROWS) -> GapSeries:
    """Gap series ``test`` to a comparator at zero."""
    return GapSeries("test", years, np.asarray(gap, float), np.zeros(len(gap)), n_pre, SCALE, rows)
