"""Plan a study of treated and untreated places: standard error and detectable effect.

The estimate is the mean over treated places of their change, from the years before their own start to the years from it on, less
the change of the untreated places over the same years. A place's yearly results scatter about its own level and the common
course of all places by an AR(1) path, so that years close together are alike (Burlig, Preonas and Woerman 2020, Journal of
Development Economics 144, on panels with serial correlation). With one treated place it is the collapsed t of
`inference.collapsed_t` (Donald and Lang 2007), the spread of changes worked out from that of years.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import comb

import numpy as np
from scipy import special

from leadership_effects.data.panels import Array
from leadership_effects.effects.inference import InferenceError
from leadership_effects.rounding import is_at_least

LIMITS = {
    "treated": (1, 40),
    "untreated": (2, 80),
    "before": (1, 20),
    "after": (1, 15),
    "spread": (0.01, 0.5),
    "autocorrelation": (0.0, 0.95),
    "dose": (0.05, 1.0),
}
ALPHA, POWER = 0.05, 0.8
MOST_TREATED = int(LIMITS["treated"][1])


@dataclass(frozen=True)
class Study:
    """A planned study.

    Attributes
    ----------
    treated, untreated : int
        Places that start, and places that do not.
    before, after : int
        Years with a result before the first start and from it on.
    spread : float
        Standard deviation of a place's yearly result about its own level and the common course, in pupil SD.
    autocorrelation : float
        Correlation of two years that follow each other.
    dose : float
        Share of a treated place's pupils that are reached.
    in_turn : bool
        Whether places start one after another, spread evenly over the years after, or all at once.
    """

    treated: int
    untreated: int
    before: int
    after: int
    spread: float
    autocorrelation: float = 0.0
    dose: float = 1.0
    in_turn: bool = False

    def __post_init__(self) -> None:
        for name, (least, most) in LIMITS.items():
            if not least <= getattr(self, name) <= most:
                raise InferenceError(
                    f"{name} of a planned study is {getattr(self, name)}; allowed: {least:g} to {most:g}"
                )

    @property
    def starts(self) -> tuple[int, ...]:
        """List the first year from the start on of each treated place, counted from zero."""
        late = [self.after * place // self.treated if self.in_turn else 0 for place in range(self.treated)]
        return tuple(self.before + years for years in late)

    @property
    def df(self) -> int:
        """Return the degrees of freedom: all places less two."""
        return self.treated + self.untreated - 2

    @property
    def se(self) -> float:
        """Return the standard error of the estimate, in pupil SD of a place's mean.

        With covariance C of a place's years and weights w_i of treated place i, one over the years after less one over the years
        before, the variance is the sum of w_i'Cw_i over the squared number of treated places plus that of the mean weights
        over the number of untreated places.
        """
        covariance = self.spread**2 * _correlation(self.before + self.after, self.autocorrelation)
        weights = _contrasts(self.before + self.after, self.starts)
        own = np.einsum("iy,yz,iz->", weights, covariance, weights) / self.treated**2
        mean = weights.mean(axis=0)
        return float(np.sqrt(own + mean @ covariance @ mean / self.untreated))

    @property
    def paths(self) -> int:
        """Count the ways to give the starts to places, from which a permutation test takes its p."""
        left, ways = self.treated + self.untreated, 1
        for start in sorted(set(self.starts)):
            chosen = self.starts.count(start)
            ways *= comb(left, chosen)
            left -= chosen
        return ways

    @property
    def smallest_p(self) -> float:
        """Return the smallest p that a permutation test of the starts can give."""
        return 1 / self.paths

    def minimum_detectable(self, alpha: float = ALPHA, power: float = POWER) -> float:
        """Compute the smallest effect on a place's mean that is found with a given power.

        (t[1-alpha/2] + t[power]) times the standard error, as `inference.minimum_detectable_effect`.

        Examples
        --------
        >>> round(Study(1, 19, 5, 5, 0.1).minimum_detectable(), 3)
        0.192
        """
        quantiles = special.stdtrit(self.df, 1 - alpha / 2) + special.stdtrit(self.df, power)
        return float(quantiles * self.se)

    def on_reached(self) -> float:
        """Compute the same effect on the pupils reached: that on the mean over the dose."""
        return self.minimum_detectable() / self.dose

    def with_treated(self, treated: int) -> Study:
        """Return the same study with another number of treated places."""
        return replace(self, treated=treated)

    def treated_needed(self, effect: float) -> int | None:
        """Find the fewest treated places that could show an effect; None above 40."""
        for treated in range(1, MOST_TREATED + 1):
            if is_at_least(effect, self.with_treated(treated).minimum_detectable()):
                return treated
        return None

    @property
    def results_needed(self) -> int:
        """Count the yearly results of all places."""
        return (self.treated + self.untreated) * (self.before + self.after)

    @property
    def counts_needed(self) -> int:
        """Count the yearly counts of leaders that a dose needs, from each start on."""
        return sum(self.before + self.after - start for start in self.starts)


def _correlation(years: int, autocorrelation: float) -> Array:
    at = np.arange(years)
    return np.asarray(float(autocorrelation) ** np.abs(np.subtract.outer(at, at)))


def _contrasts(years: int, starts: tuple[int, ...]) -> Array:
    """Weigh the years of each treated place, shape (places, years)."""
    at, first = np.arange(years), np.array(starts)[:, None]
    return np.asarray(np.where(at >= first, 1 / (years - first), -1 / first))
