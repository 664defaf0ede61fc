"""Relate gains of units to where they started, and rank them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from leadership_effects.data.panels import Panel
from leadership_effects.rounding import is_above, typical


@dataclass(frozen=True)
class GainOnStart:
    """Straight line of gains on starting levels over comparison units.

    Attributes
    ----------
    correlation : float
        Of start and gain; negative where low starters gain more.
    slope, level : float
        Of the line by ordinary least squares.
    """

    correlation: float
    slope: float
    level: float

    def beyond(self, start: Any, gain: Any) -> Any:
        """Return gains less those that the line gives to their starts."""
        return gain - (self.level + self.slope * start)


def gain_on_start(
    start: NDArray[np.float64] | pd.Series, gain: NDArray[np.float64] | pd.Series
) -> GainOnStart:
    """Fit gains on starting levels: how much low starters gain of themselves.

    Parameters
    ----------
    start, gain : array, shape (N,)
        Of comparison units, the treated one left out.

    Examples
    --------
    >>> line = gain_on_start(np.array([10.0, 20.0, 30.0]), np.array([6.0, 4.0, 2.0]))
    >>> round(line.correlation, 6), round(line.beyond(15.0, 7.5), 6)
    (-1.0, 2.5)
    """
    slope, level = np.polyfit(start, gain, 1)
    return GainOnStart(float(np.corrcoef(start, gain)[0, 1]), float(slope), float(level))


def starts_and_gains(panel: Panel) -> tuple[pd.Series, pd.Series]:
    """Return mean levels before the start and changes after it by unit, treated first.

    Examples
    --------
    >>> from leadership_effects.data.panels import build_panel
    >>> from leadership_effects.data.plan import case_plan
    >>> from leadership_effects.data.release import open_release
    >>> release = open_release("2026.1")
    >>> start, gain = starts_and_gains(build_panel(release, case_plan(release, "latvia").panels["mathematics"]))
    >>> round(float(gain["Latvia"]), 2)
    2.97
    """
    start = panel.y[:, : panel.n_pre].mean(axis=1)
    gain = panel.y[:, panel.n_pre :].mean(axis=1) - start
    return pd.Series(start, index=panel.units), pd.Series(gain, index=panel.units)


def rank_from_top(values: pd.Series, name: str) -> int:
    """Return the rank of a unit's value, largest first; ties take the better rank.

    Examples
    --------
    >>> rank_from_top(pd.Series({"a": 1.0, "b": 3.0, "c": 3.0}), "c")
    1
    """
    return int(is_above(values, values[name], typical(values, values[name])).sum()) + 1
