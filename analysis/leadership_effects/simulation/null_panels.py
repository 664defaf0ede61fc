"""Draw null panels and compute the tests of many panels at once in closed form.

Null panels have unit effects, year effects and normal noise whose covariance over years and outcomes is that of the
donors' two-way-demeaned residuals; all places, the treated one included, are exchangeable unless a setting says not.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import stats

from leadership_effects.counting import entering_places
from leadership_effects.data.panels import Array, Panel, Scale, build_panel
from leadership_effects.data.plan import case_plan
from leadership_effects.data.provenance import Rows
from leadership_effects.data.release import Release
from leadership_effects.data.sweeps import Cell
from leadership_effects.rounding import ROUNDING


@dataclass(frozen=True)
class Shape:
    """What null panels of a design are drawn from.

    Attributes
    ----------
    residuals : array, shape (C, sum of T)
        Two-way-demeaned outcomes of the C common donors, outcome by outcome.
    levels : array, shape (C, O)
        Their means over the years less the mean over donors.
    years : tuple of array, shape (T,)
        Mean path of each outcome.
    n_pre : tuple of int
    weights : array, shape (O, P)
        Weight of each of the P donors of any outcome; zero where it is not a donor of that outcome.
    """

    residuals: Array
    levels: Array
    years: tuple[Array, ...]
    n_pre: tuple[int, ...]
    weights: Array

    @property
    def change_sd(self) -> Array:
        """Return the standard deviation of a place's pre/post change in each outcome, shape (O,)."""
        changes = pre_post_changes(np.split(self.residuals, self._ends, axis=1), self.n_pre)
        sd: Array = np.sqrt(np.square(changes).sum(axis=-1) / (len(self.residuals) - 1))
        return sd

    @property
    def _ends(self) -> NDArray[np.int_]:
        return np.cumsum([len(path) for path in self.years])[:-1]


def read_shape(content: Cell) -> Shape:
    """Build a `Shape` from its plain content."""
    return Shape(
        np.array(content["residuals"]),
        np.array(content["levels"]),
        tuple(np.array(path) for path in content["years"]),
        tuple(content["n_pre"]),
        np.array(content["weights"]),
    )


def null_panels(
    rng: np.random.Generator, shape: Shape, draws: int, noise: Array | None = None
) -> list[Array]:
    """Draw panels without an effect, one array (draws, 1 + P, T) an outcome.

    The treated place is first. A place's noise is a normal mix of the donors' residuals over the square root of C - 1:
    normal with exactly their covariance (ddof 1), without factorising a singular matrix.

    Parameters
    ----------
    noise : array, shape (1 + P,), optional
        Standard deviation of each place's noise, as a multiple of the donors'.
    """
    common, places = len(shape.residuals), 1 + shape.weights.shape[1]
    root = np.sqrt(common - 1)
    levels = rng.standard_normal((draws, places, common)) @ (shape.levels / root)
    moves = rng.standard_normal((draws, places, common)) @ (shape.residuals / root)
    if noise is not None:
        moves *= noise[:, None]
    return [
        levels[..., o, None] + shape.years[o] + part
        for o, part in enumerate(np.split(moves, shape._ends, axis=-1))
    ]


def pre_post_changes(panels: list[Array], n_pre: tuple[int, ...]) -> Array:
    """Compute pre/post changes, shape (O, ..., places)."""
    return np.array(
        [y[..., n:].mean(axis=-1) - y[..., :n].mean(axis=-1) for y, n in zip(panels, n_pre, strict=True)]
    )


def twfe_effects(changes: Array, weights: Array) -> tuple[Array, Array]:
    """Compute TWFE of the treated place and of every donor in its place, in closed form.

    Parameters
    ----------
    changes : array, shape (draws, 1 + P)
    weights : array, shape (P,)
        Zero for places that are no donors.

    Returns
    -------
    treated : array, shape (draws,)
    placebos : array, shape (draws, P)
        The treated place left out; NaN for places that are no donors.
    """
    others, total = changes[:, 1:], weights.sum()
    summed = others @ weights
    left = np.where(weights > 0, total - weights, np.nan)
    placebos = others - (summed[:, None] - weights * others) / left
    return changes[:, 0] - summed / total, placebos


def max_t_p(treated: Array, placebos: Array, *, with_treated: bool = True) -> Array:
    """Compute the permutation p of the largest standardised effect over outcomes, (draws,).

    Parameters
    ----------
    treated : array, shape (O, draws)
    placebos : array, shape (O, draws, P)
        NaN where a place is no donor; only donors of every outcome are counted.
    with_treated : bool
        Whether the SD by which an outcome is standardised counts the treated place's effect too, as the package does.
    """
    counted = np.concatenate([treated[..., None], placebos], axis=-1) if with_treated else placebos
    sd = np.nanstd(counted, axis=-1, ddof=1)
    own = (np.abs(treated) / sd).max(axis=0)
    common = ~np.isnan(placebos[:, 0]).any(axis=0)
    others = (np.abs(placebos[..., common]) / sd[..., None]).max(axis=0)
    beyond = (others >= own[:, None] - ROUNDING).sum(axis=-1)
    p: Array = (1 + beyond) / (common.sum() + 1)
    return p


def collapsed_p(changes: Array, weights: Array) -> Array:
    """Compute p of the collapsed t, shape (draws,), from changes, shape (draws, 1 + P)."""
    share, n = weights / weights.sum(), len(weights)
    effect = changes[:, 0] - changes[:, 1:] @ share
    error = changes[:, 1:].std(axis=1, ddof=1) * np.sqrt(1 + np.square(share).sum())
    p: Array = 2 * stats.t.sf(np.abs(effect / error), n - 1)
    return p


def cluster_p(changes: Array) -> Array:
    """Compute p-values of a cluster-robust regression, shape (draws,); never used for a result.

    CR1 in the regression of changes on the treated dummy: the treated place fits exactly, so its residual is zero.
    t with G - 1 degrees of freedom for G clusters.
    """
    others = changes[:, 1:]
    n = others.shape[1]
    effect = changes[:, 0] - others.mean(axis=1)
    error = others.std(axis=1) / np.sqrt(n) * np.sqrt((n + 1) / (n - 1))
    p: Array = 2 * stats.t.sf(np.abs(effect / error), n)
    return p


def cluster_rejection(n_donors: int, level: float = 0.05) -> float:
    """Compute the size of a cluster-robust test with one treated place.

    2 (1 - Phi(t / sqrt(N0 + 1))). Its standard error is too small by sqrt(N0 + 1); the estimation error of the variance
    is left out (MacKinnon & Webb, QED working paper 1355).
    """
    return float(2 * stats.norm.sf(stats.t.ppf(1 - level / 2, n_donors) / np.sqrt(n_donors + 1)))


def exact_size(n_donors: int, level: float) -> float:
    """Compute the size of a permutation test, floor(level (N0 + 1)) / (N0 + 1)."""
    return float(np.floor(level * (n_donors + 1) + ROUNDING) / (n_donors + 1))


def monte_carlo_error(rate: float, draws: int) -> float:
    """Compute the standard error of a rejection rate."""
    return float(np.sqrt(rate * (1 - rate) / draws))


def errors_from_target(rates: pd.DataFrame, level: int = 5) -> pd.Series:
    """Measure each rejection rate's distance to its target in Monte Carlo standard errors.

    Parameters
    ----------
    rates : DataFrame
        Columns ``at_<level>, target_at_<level>, draws``.
    level : int
        Of the test, in per cent.

    Examples
    --------
    >>> rates = pd.DataFrame({"at_5": [0.06], "target_at_5": [0.05], "draws": [1900]})
    >>> round(float(errors_from_target(rates)[0]), 3)
    2.0
    """
    rate, target = rates[f"at_{level}"], rates[f"target_at_{level}"]
    error = np.sqrt(target * (1 - target) / rates["draws"])
    return (rate - target) / error.clip(lower=1e-12)


@dataclass(frozen=True)
class Design:
    """The outcomes of a case that are tested together.

    Attributes
    ----------
    case : str
    outcomes : tuple of str
        Panel keys of the plan.
    panels : tuple of Panel
    """

    case: str
    outcomes: tuple[str, ...]
    panels: tuple[Panel, ...]

    @property
    def name(self) -> str:
        """Return outcomes joined by plus signs."""
        return " + ".join(self.outcomes)

    @property
    def rows(self) -> Rows:
        """Return the rows of all panels."""
        first, *others = (panel.rows for panel in self.panels)
        return sum(others, first)

    @property
    def common(self) -> tuple[str, ...]:
        """Return donors of every outcome, in alphabetical order."""
        return tuple(sorted(set.intersection(*(set(panel.units[1:]) for panel in self.panels))))


def designs(release: Release) -> list[Design]:
    """List every planned test of the entering cases: primary outcomes together and each alone.

    For Washington also the four tests that the plan corrects together.
    """
    found = []
    for case in entering_places(release.plan):
        plan = case_plan(release, case)
        family = tuple(plan.raw.get("family", ()))
        sets = [plan.primary, *([family] if family else []), *[(name,) for name in plan.primary]]
        built = {
            name: build_panel(release, plan.panels[name]) for name in dict.fromkeys(plan.primary + family)
        }
        for names in dict.fromkeys(sets):
            found.append(Design(case, tuple(names), tuple(built[name] for name in names)))
    return found


def primary_designs(found: list[Design], release: Release) -> list[Design]:
    """Select one design a case: all its primary outcomes."""
    return [design for design in found if design.outcomes == case_plan(release, design.case).primary]


def design_shape(design: Design) -> Cell:
    """Return plain content of a `Shape`, for a cell of a sweep."""
    places = sorted(set().union(*(panel.units[1:] for panel in design.panels)))
    residuals, levels, weights = [], [], []
    for panel in design.panels:
        donors = pd.DataFrame(panel.y[1:], index=list(panel.units[1:])).loc[list(design.common)].to_numpy()
        means = donors.mean(axis=1, keepdims=True)
        levels.append((means - means.mean()).ravel())
        residuals.append(donors - means - donors.mean(axis=0) + donors.mean())
        own = dict(zip(panel.units[1:], panel.weights, strict=True))
        weights.append([float(own.get(place, 0.0)) for place in places])
    return {
        "residuals": np.hstack(residuals).tolist(),
        "levels": np.array(levels).T.tolist(),
        "years": [panel.donor_mean.tolist() for panel in design.panels],
        "n_pre": [panel.n_pre for panel in design.panels],
        "weights": weights,
    }


def bare_panel(
    y: Array, n_pre: int, weights: Array, years: tuple[int, ...], name: str = "simulated"
) -> Panel:
    """Build a panel of numbers alone, treated unit first."""
    units = tuple(map(str, range(len(y))))
    return Panel(
        name, y, units, years, n_pre, weights, (), Scale(name, name, "", 1, None, ""), Rows(0, "", ())
    )
