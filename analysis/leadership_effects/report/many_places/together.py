"""Set the designs of many places beside each other, from the results of their chapters."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import stats

from leadership_effects.report.many_places.estimates import ALPHA


@dataclass(frozen=True)
class Found:
    """What a chapter found, in pupil SD.

    Attributes
    ----------
    estimate, se, low, high : float
        Adjusted estimate, its error clustered by place, and its set at the level of the plan.
    minimum_detectable : float
    verdict : str
        On the smallest effect of interest.
    """

    estimate: float
    se: float
    low: float
    high: float
    minimum_detectable: float
    verdict: str


@dataclass(frozen=True)
class Apart:
    """Difference of two estimates of designs without a common place.

    Attributes
    ----------
    difference : float
        The second less the first, in pupil SD.
    p_value : float
        Two-sided, by the normal curve.
    """

    difference: float
    p_value: float

    @property
    def words(self) -> str:
        """Return whether the two differ at 5 per cent, in words."""
        return "differ" if self.p_value <= ALPHA else "cannot be told apart"


def of_design(results: Mapping[str, Mapping[str, Any]]) -> Found:
    """Return what the results of a chapter say of its design."""
    keys = (
        "estimate.adjusted",
        "estimate.adjusted.se",
        "estimate.adjusted.low",
        "estimate.adjusted.high",
        "see.mde",
    )
    estimate, se, low, high, seen = (float(results[key]["value"]) for key in keys)
    return Found(estimate, se, low, high, seen, str(results["verdict.smallest"]["value"]))


def compared(first: Found, second: Found) -> Apart:
    """Compare two estimates of designs that share no place."""
    difference = second.estimate - first.estimate
    return Apart(difference, float(2 * stats.norm.sf(abs(difference) / np.hypot(first.se, second.se))))


def together(found: Mapping[str, Found]) -> str:
    """Say the verdicts of all designs in one sentence."""
    words = {own.verdict for own in found.values()}
    said = (
        f"{words.pop()} in both"
        if len(words) == 1
        else "; ".join(f"{name}, {own.verdict}" for name, own in found.items())
    )
    return f"on an average change as large as the smallest size of interest: {said}"
