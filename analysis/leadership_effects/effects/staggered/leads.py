"""Test leads by permuted start paths, and work out which trend such a test would find.

The statistic is the Wald statistic of the pre-trend regression of Borusyak, Jaravel and Spiess (2024, section 4.4) with the
covariance clustered by place; its distribution is that over start paths assigned anew (Athey and Imbens 2022). A lead
test that cannot see the trend that would matter says little (Roth 2022, "Pretest with caution", AER: Insights 4(3)), so its
power is worked out beside it, also against the trend that would explain a whole estimate.

Under another path a place may be counted as untreated in waves in which it was treated. Imputed effects, averaged by waves
since the start, are taken out of these cells first, so that the test of leads does not test effects.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from leadership_effects.data.panels import Array
from leadership_effects.data.staggered.design import SCHEMES
from leadership_effects.data.staggered.panel import NEVER, StaggeredPanel
from leadership_effects.effects.inference import permutation_p
from leadership_effects.effects.staggered.event_study import LEADS, Pretrend, identified_leads
from leadership_effects.effects.staggered.imputation import (
    PLAIN,
    Engine,
    ImputationError,
    Ints,
    Terms,
    imputable,
    usable,
    wave_terms,
)
from leadership_effects.effects.staggered.paths import draw_paths, permutable
from leadership_effects.rounding import is_at_least

PANELS, PANEL_DRAWS = 400, 199
POWER, ALPHA = 0.8, 0.05
HALVINGS, DOUBLINGS = 14, 12
BATCH = 50
SINGULAR = 1e-10


@dataclass(frozen=True)
class LeadTest:
    """Joint test of leads.

    Attributes
    ----------
    pretrend : Pretrend
        Leads with their clustered covariance; its `p_value` is that of the F distribution.
    statistics : array, shape (D,)
        Wald statistics, divided by the number of leads, under the other paths.
    unidentified : int
        Other paths under which the untreated cells do not identify the leads; left out.
    scheme : str
    """

    pretrend: Pretrend
    statistics: Array
    unidentified: int
    scheme: str

    @property
    def leads(self) -> int:
        """Return the number of leads."""
        return len(self.pretrend.horizons)

    @property
    def p_value(self) -> float:
        """Return the permutation p, (1 + number at least as large) / (1 + D)."""
        return permutation_p(self.pretrend.statistic, self.statistics)

    @property
    def p_error(self) -> float:
        """Return its Monte Carlo error."""
        return float(np.sqrt(self.p_value * (1 - self.p_value) / len(self.statistics)))


class LeadEngine:
    """Regress many outcomes on leads under many assignments of starts, by sums over places.

    Parameters
    ----------
    panel : StaggeredPanel
        Places with a level where the terms need one.
    terms : Terms
    leads : int
    outcomes : array, shape (O, P, S, W)
    """

    def __init__(self, panel: StaggeredPanel, terms: Terms, leads: int, outcomes: Array) -> None:
        self.panel, self.leads, self.outcomes = panel, leads, outcomes
        self.starts: Ints = np.array([*panel.cohorts, NEVER], dtype=np.int64)
        self.columns, _ = wave_terms(panel, terms)

    @cached_property
    def parts(self) -> tuple[Array, Array]:
        """Return sums of squares (P, C, K, K) and products (P, C, K, O), leads first."""
        panel, leads = self.panel, self.leads
        n, c, o = len(panel.places), len(self.starts), len(self.outcomes)
        k = leads + self.columns.shape[-1]
        squares, products = np.zeros((n, c, k, k)), np.zeros((n, c, k, o))
        waves = np.arange(len(panel.waves))
        for p in range(n):
            for j, start in enumerate(self.starts):
                ahead = (waves[:, None] == start - np.arange(1, leads + 1)) & (start < NEVER)
                for s in range(len(panel.series)):
                    held = panel.observed[p, s] & (waves < start)
                    if not held.any():
                        continue
                    w = panel.weights[p, s, held]
                    x = np.hstack([ahead[held].astype(float), self.columns[p, s][held]])
                    centred = (x - np.average(x, axis=0, weights=w)) * w[:, None]
                    squares[p, j] += centred.T @ x
                    products[p, j] += centred.T @ self.outcomes[:, p, s, held].T
        return squares, products

    def run(self, first: Ints) -> tuple[Array, Array]:
        """Return leads (D, L, O) and contributions of places (D, P, L, O); NaN if unidentified.

        Parameters
        ----------
        first : integer array, shape (D, P)
        """
        pieces = [self._batch(first[begin : begin + BATCH]) for begin in range(0, len(first), BATCH)]
        return np.concatenate([piece[0] for piece in pieces]), np.concatenate([piece[1] for piece in pieces])

    def _batch(self, first: Ints) -> tuple[Array, Array]:
        squares, products = self.parts
        at = np.searchsorted(self.starts, first)
        places = np.arange(first.shape[1])
        own = squares[places, at]
        a = own.sum(axis=1)
        size = np.linalg.eigvalsh(a)
        bad = size[:, 0] < SINGULAR * size[:, -1]
        a[bad] = np.eye(a.shape[-1])
        unit = np.broadcast_to(np.eye(a.shape[-1])[:, : self.leads], (len(a), a.shape[-1], self.leads))
        rows = np.swapaxes(np.linalg.solve(a, unit), 1, 2)
        mine = products[places, at]
        solved = np.linalg.solve(a, mine.sum(axis=1))
        influence = np.einsum("dlk,dpko->dplo", rows, mine)
        influence -= np.einsum("dplk,dko->dplo", np.einsum("dlj,dpjk->dplk", rows, own), solved)
        found = solved[:, : self.leads]
        found[bad], influence[bad] = np.nan, np.nan
        return found, influence


def wald(found: Array, covariance: Array) -> Array:
    """Return Wald statistics divided by L; leads (..., L), covariance (..., L, L)."""
    statistic: Array = np.einsum(
        "...l,...l->...", found, np.linalg.solve(covariance, found[..., None])[..., 0]
    ) / found.shape[-1]  # fmt: skip
    return statistic


def joint_test(
    panel: StaggeredPanel, terms: Terms = PLAIN, scheme: str = SCHEMES[0], draws: int = 9999, seed: int = 0,
    leads: int = LEADS,
) -> LeadTest:  # fmt: skip
    """Test leads 1 to `leads` against all earlier waves jointly, by permuted start paths.

    Parameters
    ----------
    panel : StaggeredPanel
    terms : Terms
    scheme : str
        One of `SCHEMES`.
    draws, seed : int
    leads : int
        At most so many; fewer where no more are identified.

    Raises
    ------
    ImputationError
        If no lead is identified.
    PermutationError
        If the scheme cannot be had.
    """
    kept, ahead = _prepared(panel, terms, leads)
    number = len(ahead.horizons)
    paths = draw_paths(Engine(kept, terms), scheme, draws, seed)
    engine = LeadEngine(kept, terms, number, _without_effects(kept, terms, kept.y[None]))
    found, influence = engine.run(paths.first)
    n = len(kept.places)
    covariance = np.einsum("dplo,dpmo->dlm", influence, influence) * n / (n - 1)
    good = np.isfinite(found[:, 0, 0])
    return LeadTest(ahead, wald(found[good, :, 0], covariance[good]), int((~good).sum()), scheme)


@dataclass(frozen=True)
class LeadPower:
    """Simulated power of the joint test of leads against a straight trend of places that start.

    Attributes
    ----------
    leads : array, shape (D + 1, L, N)
        Of simulated panels without a trend, under the actual starts first.
    trend : array, shape (D + 1, L)
        What a trend of one unit a wave adds to them.
    products : tuple of arrays
        Clustered covariance of a panel, (D + 1, N, L, L), twice its covariance with the trend, and that of the trend.
    bias : float
        What a trend of one unit a wave adds to the imputation estimate.
    scheme : str
    """

    leads: Array
    trend: Array
    products: tuple[Array, Array, Array]
    bias: float
    scheme: str

    def power(self, slope: float, alpha: float = ALPHA) -> float:
        """Return the share of panels in which the test finds a trend; at a slope of zero its size.

        Parameters
        ----------
        slope : float
            Units of the outcome a wave, by which places that start drift from the others, before and after.
        alpha : float
        """
        own, cross, line = self.products
        found = np.swapaxes(self.leads, 1, 2) + slope * self.trend[:, None]
        statistic = wald(found, own + slope * cross + slope**2 * line)
        beyond = is_at_least(statistic[1:], statistic[0]).sum(axis=0)
        return float(is_at_least(alpha, (1 + beyond) / len(statistic)).mean())

    def error(self, slope: float, alpha: float = ALPHA) -> float:
        """Return the Monte Carlo error of the power."""
        share = self.power(slope, alpha)
        return float(np.sqrt(share * (1 - share) / self.leads.shape[2]))

    def detectable(self, power: float = POWER, alpha: float = ALPHA) -> float:
        """Return the trend a wave that is found with a given power; infinite if none is."""
        high = float(np.abs(self.leads[0]).std()) / max(float(np.abs(self.trend[0]).mean()), SINGULAR)
        for _ in range(DOUBLINGS):
            if self.power(high, alpha) >= power:
                break
            high *= 2
        else:
            return float("inf")
        low = 0.0
        for _ in range(HALVINGS):
            middle = (low + high) / 2
            low, high = (low, middle) if self.power(middle, alpha) >= power else (middle, high)
        return high

    def explaining(self, estimate: float) -> float:
        """Return the trend a wave that would by itself give an estimate."""
        return estimate / self.bias

    def against(self, estimate: float, alpha: float = ALPHA) -> float:
        """Return the power against the trend that would by itself give an estimate."""
        return self.power(self.explaining(estimate), alpha)


def lead_power(
    panel: StaggeredPanel, terms: Terms = PLAIN, scheme: str = SCHEMES[0], panels: int = PANELS,
    draws: int = PANEL_DRAWS, seed: int = 0, leads: int = LEADS,
) -> LeadPower:  # fmt: skip
    """Simulate the power of the joint test of leads against a straight trend.

    Panels are the design's residuals, those of each place with a random sign, for all its waves and series at once; every panel is tested
    with its own permutation.

    Parameters
    ----------
    panel : StaggeredPanel
    terms : Terms
    scheme : str
    panels, draws, seed, leads : int

    Raises
    ------
    ImputationError
        If no lead is identified.
    PermutationError
        If the scheme cannot be had.
    """
    kept, ahead = _prepared(panel, terms, leads)
    number, n = len(ahead.horizons), len(kept.places)
    paths = draw_paths(Engine(kept, terms), scheme, draws, seed)
    rng = np.random.default_rng([seed, 1])
    signs = rng.choice([-1.0, 1.0], size=(panels, n))
    drawn = signs[:, :, None, None] * _residuals(kept, terms)
    since = np.where(kept.treated[:, None], np.nan_to_num(kept.since), 0.0)
    line = np.where(kept.observed, since[:, None, :], np.nan)
    outcomes = _without_effects(kept, terms, np.concatenate([drawn, line[None]]))
    found, influence = LeadEngine(kept, terms, number, outcomes).run(
        np.concatenate([kept.first[None], paths.first])
    )
    good = np.isfinite(found[:, 0, 0])
    found, influence = found[good], influence[good]
    own, other = influence[..., :-1], influence[..., -1]
    correction = n / (n - 1)
    cross = np.einsum("dplo,dpm->dolm", own, other) * correction
    products = (
        np.einsum("dplo,dpmo->dolm", own, own) * correction, cross + np.swapaxes(cross, 2, 3),
        (np.einsum("dpl,dpm->dlm", other, other) * correction)[:, None],
    )  # fmt: skip
    bias = float(Engine(kept, terms, [line]).run(kept.first[None]).estimates[0])
    return LeadPower(found[..., :-1], found[..., -1], products, bias, scheme)


def _prepared(panel: StaggeredPanel, terms: Terms, leads: int) -> tuple[StaggeredPanel, Pretrend]:
    kept = permutable(usable(panel, terms))
    ahead = identified_leads(kept, terms, leads)
    if ahead is None:
        raise ImputationError(
            f"{panel.name}: untreated cells identify no lead beside the terms ({terms.label})"
        )
    return kept, ahead


def _fit(panel: StaggeredPanel, terms: Terms) -> tuple[Array, NDArray[np.bool_]]:
    """Return regressors of all cells, shape (P, S, W, K), and which cells are untreated."""
    n, s, w = panel.y.shape
    free = panel.observed & ~panel.exposed
    columns, _ = wave_terms(panel, terms)
    held = np.flatnonzero(free.any(axis=2).ravel())
    place = np.repeat(np.eye(n * s)[:, held].reshape(n, s, 1, len(held)), w, axis=2)
    return np.concatenate([columns, place], axis=-1), free


def _left(panel: StaggeredPanel, terms: Terms, outcomes: Array) -> Array:
    """Return outcomes less what untreated cells predict, shape (O, P, S, W)."""
    full, free = _fit(panel, terms)
    root = np.sqrt(panel.weights[free])
    coefficients = np.linalg.pinv(full[free] * root[:, None]) @ (outcomes[:, free] * root).T
    left: Array = outcomes - np.moveaxis(full @ coefficients, -1, 0)
    return left


def _without_effects(panel: StaggeredPanel, terms: Terms, outcomes: Array) -> Array:
    """Take imputed effects, averaged by waves since the start, out of treated cells."""
    left = _left(panel, terms, outcomes)
    treated = imputable(panel)
    since = np.repeat(panel.since[:, None, :], panel.y.shape[1], axis=1)
    cleaned = outcomes.copy()
    for horizon in np.unique(since[treated]):
        cells = treated & (since == horizon)
        cleaned[:, cells] -= np.average(left[:, cells], axis=1, weights=panel.weights[cells])[:, None]
    return cleaned


def _residuals(panel: StaggeredPanel, terms: Terms) -> Array:
    """Return residuals, scaled up for the fit; zero in cells that nothing predicts."""
    full, free = _fit(panel, terms)
    rank = int(np.linalg.matrix_rank(full[free]))
    left = _left(panel, terms, _without_effects(panel, terms, panel.y[None]))[0]
    left[panel.exposed & ~imputable(panel)] = 0.0
    scaled: Array = left * np.sqrt(free.sum() / (free.sum() - rank))
    return scaled
