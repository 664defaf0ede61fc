"""Simulate size and power on a design's own shape, with starts by level and trend.

Shuffling starts under the permutation that is tested proves nothing. What can fail is simulated here: places that start
come from lower levels or lower earlier trends, effects differ between cohorts, errors are correlated over time.

A simulated panel keeps a design's observed cells, groups and first treated waves. Its outcomes come from never-treated
places, so no cell depends on an outcome after a start: their outcomes less the wave's mean are regressed on the level wave
by wave, and each simulated place gets a level, what the level predicts (low starters gain more, as much as they do among
these places), and the remaining path of one that was observed wherever it is, with a random sign, all waves and series at
once. Places that start draw level and path with probabilities tilted until the mean lies the stated number of standard
deviations lower; the trend is the slope of a path over the waves before the place's start. Where errors are correlated,
paths follow a normal first-order autoregression fitted to the same residuals.

Levels are drawn once a block and paths for each panel, so that panels of a block share regressors and permutations; Monte
Carlo errors are those between blocks. The level is the one drawn, also where the plan takes it from a first wave.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.optimize import brentq

from leadership_effects.data.panels import Array
from leadership_effects.data.plan import PlanError
from leadership_effects.data.provenance import Rows
from leadership_effects.data.release import Release
from leadership_effects.data.staggered.design import design_names, many_places_plan, read_design
from leadership_effects.data.staggered.panel import NEVER, StaggeredPanel, build_staggered
from leadership_effects.data.sweeps import Cell, Sweep
from leadership_effects.effects.staggered.imputation import (
    ADJUSTED,
    LEVEL,
    PLAIN,
    Engine,
    Ints,
    Terms,
    usable,
)
from leadership_effects.effects.staggered.paths import draw_paths, permutable
from leadership_effects.rounding import is_at_least
from leadership_effects.simulation.many_outcomes import impute_many, shared_parts

Flags = NDArray[np.bool_]
SEED = 2026112813
BLOCKS = 50
TESTS: dict[str, Terms] = {"plain": PLAIN, "adjusted": ADJUSTED}
WITHOUT_GROUPS: dict[str, Terms] = {"plain": PLAIN, "adjusted": LEVEL}
SETTINGS = ("equal", "unequal", "correlated")
MULTIPLES = (0.0, 1.0, 2.0)
SHARES = ("reject", "ruled_out", "at_least", "covers")
STEEPEST = 50.0
LEAST_POOL = 5
SMOOTHING = 0.1


def design_shape(release: Release, name: str) -> dict[str, Any]:
    """Return what a cell needs of a design, as plain lists."""
    design = read_design(release, name)
    terms = (TESTS if design.groups else WITHOUT_GROUPS)["adjusted"]
    panel = permutable(usable(build_staggered(release, design), terms))
    pool = panel.keep(~panel.treated)
    seen = pool.observed
    level = pool.level[:, None, None] * seen
    count = np.maximum(seen.sum(axis=0), 1)
    y = np.where(seen, pool.y, 0.0)
    y, level = (np.where(seen, one - one.sum(axis=0) / count, 0.0) for one in (y, level))
    slope = (level * y).sum(axis=0) / np.maximum(np.square(level).sum(axis=0), np.finfo(float).tiny)
    left = (y - level * slope) * np.sqrt(count / np.maximum(count - 2, 1))
    fits = [int((seen | ~own).all(axis=(1, 2)).sum()) for own in panel.observed]
    if min(fits) < LEAST_POOL:
        raise PlanError(
            f"plan.yml: many_places.designs.{name}: {min(fits)} never-treated places are observed in every wave of "
            f"{panel.places[int(np.argmin(fits))]}; a simulation needs {LEAST_POOL}"
        )
    return {
        "observed": panel.observed.astype(int).tolist(), "first": np.where(panel.treated, panel.first, -1).tolist(),
        "groups": list(panel.group), "levels": (panel.level - panel.level.mean()).tolist(), "slope": slope.tolist(), "paths": left.tolist(), "seen": seen.astype(int).tolist(),
        "schemes": [design.schemes[test] for test in TESTS],
    }  # fmt: skip


def headline_designs(release: Release) -> tuple[str, ...]:
    """List the headline designs; none before release 2026.5."""
    return design_names(release, "headline") if "many_places" in release.plan else ()


def added_designs(release: Release) -> tuple[str, ...]:
    """List the designs added later that are given a verdict; each has its own sweeps."""
    added = design_names(release, "added") if "many_places" in release.plan else ()
    return tuple(name for name in added if read_design(release, name).judged)


def size_cells(release: Release, names: Sequence[str] | None = None) -> list[Cell]:
    """List designs under every setting of the plan; every headline design if none is named.

    Raises
    ------
    PlanError
        If the plan asks for another seed or setting than this module has.
    """
    names = headline_designs(release) if names is None else names
    if not names:
        return []
    asked = many_places_plan(release)["simulation"]
    if asked["seed"] != SEED or tuple(asked["settings"]) != SETTINGS:
        raise PlanError(
            f"plan.yml: many_places.simulation: seed {asked['seed']} and settings {', '.join(asked['settings'])}; the "
            f"sweep has {SEED} and {', '.join(SETTINGS)}"
        )
    interest = float(many_places_plan(release)["effects_of_interest"]["system"])
    shapes = {name: design_shape(release, name) for name in names}
    return [
        {"design": name, "setting": setting, "level": float(level), "trend": float(trend), "panels": asked["panels"],
         "draws": asked["draws"], "interest": interest, "effects": [float(effect) for effect in asked["effects"]],
         "shape": shapes[name]}
        for name in names for setting in SETTINGS for level in asked["level"] for trend in asked["trend"]
    ]  # fmt: skip


class Maker:
    """Draws panels of a design's shape.

    Parameters
    ----------
    shape : dict
        From `design_shape`.
    correlated : bool
        Paths from an autoregression in place of those of the pool.
    level, trend : float
        By how many standard deviations places that start come from lower.
    """

    def __init__(self, shape: dict[str, Any], correlated: bool, level: float, trend: float) -> None:
        self.observed = np.array(shape["observed"], dtype=bool)
        self.first: Ints = np.array([NEVER if f < 0 else f for f in shape["first"]], dtype=np.int64)
        self.tests = TESTS if any(shape["groups"]) else WITHOUT_GROUPS
        self.groups, self.schemes = tuple(shape["groups"]), dict(zip(TESTS, shape["schemes"], strict=True))
        self.slope = np.array(shape["slope"])
        paths, seen = np.array(shape["paths"]), np.array(shape["seen"], dtype=bool)
        self.levels, self.paths = np.array(shape["levels"]), np.concatenate([paths, -paths])
        self.seen = np.concatenate([seen, seen])
        self.correlated, self.level, self.trend = correlated, level, trend
        self.held: Flags = np.asarray(self.observed.any(axis=0))
        self.treated = self.first < NEVER
        self.covariance = _autoregression(paths, seen) if correlated else np.empty(0)

    def panel(self, levels: Array) -> StaggeredPanel:
        """Return the panel of a block: cells and starts, with outcomes of zero."""
        n, s, w = self.observed.shape
        names = tuple(map(str, range(n)))
        return StaggeredPanel(
            name="simulated", y=np.where(self.observed, 0.0, np.nan), places=names, names=names,
            series=tuple(map(str, range(s))), waves=tuple(range(w)), first=self.first, level=levels, group=self.groups,
            unit="pupil SD", weights=np.ones((n, s, w)), errors=np.full((n, s, w), np.nan), register=pd.DataFrame(),
            rows=Rows(0, "", ()),
        )  # fmt: skip

    def draw_levels(self, rng: np.random.Generator) -> Array:
        """Draw levels, shape (P,); a little noise keeps any two places apart."""
        low = rng.choice(len(self.levels), len(self.first), p=_tilted(self.levels, self.level))
        plain = rng.choice(len(self.levels), len(self.first))
        drawn = self.levels[np.where(self.treated, low, plain)]
        apart: Array = drawn + SMOOTHING * self.levels.std() * rng.standard_normal(len(drawn))
        return apart

    def draw_outcomes(self, rng: np.random.Generator, levels: Array, panels: int) -> Array:
        """Draw outcomes without an effect, (P, S * W, panels); zero where not observed."""
        n, s, w = self.observed.shape
        drawn = np.empty((n, panels, s, w))
        for p, first in enumerate(self.first):
            line = _line(self.observed[p], int(first)) if first < NEVER and self.trend else None
            if self.correlated:
                drawn[p] = self._correlated(rng, line, panels)
            else:
                drawn[p] = self._resampled(rng, line, panels, self.observed[p])
        drawn += (levels[:, None, None] * self.slope)[:, None]
        outcomes = np.where(self.observed[:, None], drawn, 0.0)
        return np.moveaxis(outcomes, 1, 3).reshape(n, s * w, panels)

    def _resampled(self, rng: np.random.Generator, line: Array | None, panels: int, observed: Flags) -> Array:
        able = self.paths[(self.seen | ~observed).all(axis=(1, 2))]
        tilt = None if line is None else _tilted(np.einsum("psw,sw->p", able, line), self.trend)
        chosen: Array = able[rng.choice(len(able), panels, p=tilt)]
        return chosen

    def _correlated(self, rng: np.random.Generator, line: Array | None, panels: int) -> Array:
        size = len(self.covariance)
        drawn = rng.standard_normal((panels, size)) @ np.linalg.cholesky(self.covariance).T
        if line is not None:
            pull = self.covariance @ line.ravel()
            drawn -= self.trend * pull / np.sqrt(line.ravel() @ pull)
        found: Array = drawn.reshape(panels, *self.held.shape)
        return found


def block_sizes(panels: int) -> list[int]:
    """Return the number of panels of each block."""
    return [part.size for part in np.array_split(np.arange(panels), min(BLOCKS, panels))]


def _line(held: Flags, first: int) -> Array | None:
    """Return weights of a path's slope before a wave, shape (S, W); None with one wave before."""
    seen = held & (np.arange(held.shape[1]) < first)
    steps = np.where(seen, np.arange(held.shape[1], dtype=float), 0.0)
    centred = np.where(
        seen, steps - steps.sum(axis=1, keepdims=True) / np.maximum(seen.sum(axis=1, keepdims=True), 1), 0.0
    )
    size = float(np.square(centred).sum())
    return centred / size if size else None


def _tilted(values: Array, lower: float) -> Array:
    """Tilt probabilities exponentially until the mean lies so many SD lower."""
    z = (values - values.mean()) / values.std()

    def probabilities(steepness: float) -> Array:
        weights = np.exp(-steepness * (z - z.min()))
        shares: Array = weights / weights.sum()
        return shares

    if not lower:
        return probabilities(0.0)
    return probabilities(brentq(lambda steepness: probabilities(steepness) @ z + lower, 0.0, STEEPEST))


def _autoregression(paths: Array, seen: Flags) -> Array:
    """Fit a stationary first-order autoregression to all series; return its covariance.

    Parameters
    ----------
    paths : array, shape (N, S, W)
        Zero where not observed.
    seen : boolean array, shape (N, S, W)

    Returns
    -------
    array, shape (S * W, S * W)
    """
    s, w = paths.shape[1:]
    pairs = (seen[:, :, 1:] & seen[:, :, :-1]).astype(float)
    before, after = paths[:, :, :-1] * pairs, paths[:, :, 1:] * pairs
    rho = float(np.clip((before * after).sum() / np.square(before).sum(), 0.0, 0.98))
    shock = after - rho * before
    both = np.einsum("nit,njt->ij", pairs, pairs)
    covariance = np.einsum("nit,njt->ij", shock, shock) / np.maximum(both, 1.0)
    lag = np.abs(np.subtract.outer(np.arange(w), np.arange(w)))
    whole: Array = np.kron(covariance / (1 - rho**2), rho**lag)
    return whole + np.eye(s * w) * 1e-12 * np.trace(whole)


def _patterns(rng: np.random.Generator, maker: Maker, unequal: bool) -> tuple[Array, Array]:
    """Return effects with a mean of one, and the indicator of treated cells, (P, S * W)."""
    n, s, w = maker.observed.shape
    exposed = (np.arange(w) >= maker.first[:, None])[:, None, :] & maker.observed
    unit = exposed.astype(float)
    effect = unit
    if unequal:
        cohorts = np.unique(maker.first[maker.treated])
        multiple = rng.permutation(np.resize(MULTIPLES, max(len(cohorts), len(MULTIPLES))))[: len(cohorts)]
        if not multiple.any():
            multiple = multiple + 1
        at = np.searchsorted(cohorts, np.minimum(maker.first, cohorts[-1]))
        effect = unit * multiple[at][:, None, None]
        effect = effect / (effect.sum() / unit.sum())
    return effect.reshape(n, s * w), unit.reshape(n, s * w)


def run_size(rng: np.random.Generator, cell: Cell) -> dict[str, float]:
    """Simulate how often each test rejects, gives a verdict and covers, in one setting."""
    maker = Maker(cell["shape"], cell["setting"] == "correlated", cell["level"], cell["trend"])
    each = block_sizes(cell["panels"])
    parts = {
        test: shared_parts(maker.panel(np.zeros(len(maker.first))), terms)
        for test, terms in maker.tests.items()
    }
    shares: dict[str, list[float]] = {}
    estimates: dict[str, list[Array]] = {test: [] for test in TESTS}
    for panels in each:
        levels = maker.draw_levels(rng)
        effect, unit = _patterns(rng, maker, cell["setting"] == "unequal")
        outcomes = np.concatenate(
            [maker.draw_outcomes(rng, levels, panels), effect[..., None], unit[..., None]], axis=2
        )
        for test, terms in maker.tests.items():
            engine = Engine(maker.panel(levels), terms)
            paths = draw_paths(engine, maker.schemes[test], cell["draws"], int(rng.integers(2**31)))
            first = np.concatenate([maker.first[None], paths.first])
            tested = Permuted(*impute_many(parts[test], levels, outcomes, first))
            estimates[test].append(tested.estimates[0, :-2])
            for size in cell["effects"]:
                for share, held in tested.shares(size, cell["interest"]).items():
                    shares.setdefault(f"{test}_{share}_{size:g}", []).append(float(held.mean()))
    found: dict[str, float] = {}
    for test in TESTS:
        drawn = np.concatenate(estimates[test])
        found |= {f"{test}_bias": float(drawn.mean()), f"{test}_sd": float(drawn.std(ddof=1))}
    for key, values in shares.items():
        found[key] = float(np.average(values, weights=each))
        found[f"{key}_error"] = (
            float(np.std(values, ddof=1) / np.sqrt(len(each))) if len(each) > 1 else float("nan")
        )
    return found


class Permuted:
    """Test panels that share a design, for any effect added and any effect tested.

    Parameters
    ----------
    estimates : array, shape (D + 1, O + 2)
        The actual starts first; the last two outcomes are the pattern of effects and the indicator of treated cells.
    influence : array, shape (D + 1, P, O + 2)
    """

    def __init__(self, estimates: Array, influence: Array) -> None:
        self.estimates = estimates
        n = influence.shape[1]
        own, extra = influence[..., :-2], influence[..., -2:]
        self.own = np.square(own).sum(axis=1) * n / (n - 1)
        self.cross = np.einsum("dpo,dpe->deo", own, extra) * n / (n - 1)
        self.extra = np.einsum("dpe,dpf->def", extra, extra) * n / (n - 1)

    def p_values(self, added: float, taken: float) -> Array:
        """Return two-sided p with one effect added and another taken out, shape (O,)."""
        c = np.array([added, -taken])
        moved = self.estimates[:, :-2] + (self.estimates[:, -2:] @ c)[:, None]
        variance = self.own + 2 * np.einsum("deo,e->do", self.cross, c)
        variance = variance + np.einsum("def,e,f->d", self.extra, c, c)[:, None]
        far = np.abs(moved) / np.sqrt(np.maximum(variance, np.finfo(float).tiny))
        p: Array = (1 + is_at_least(far[1:], far[0]).sum(axis=0)) / len(far)
        return p

    def shares(self, effect: float, interest: float) -> dict[str, Array]:
        """Return what `SHARES` counts, of each panel: rejection at 5 %, verdict, 90 % set."""
        estimate = self.estimates[0, :-2] + effect * self.estimates[0, -2]
        apart = is_at_least(0.10, self.p_values(effect, interest))
        found = (
            is_at_least(0.05, self.p_values(effect, 0.0)), apart & (estimate < interest), apart & (estimate > interest),
            ~is_at_least(0.10, self.p_values(effect, effect)),
        )  # fmt: skip
        return dict(zip(SHARES, found, strict=True))


def size_rows(frame: pd.DataFrame) -> pd.DataFrame:
    """Arrange locked rows by test and effect: `SHARES` with errors, bias and spread.

    Parameters
    ----------
    frame : DataFrame
        Locked rows.

    Returns
    -------
    DataFrame
        ``design, setting, level, trend, panels, test, effect, reject, ruled_out, at_least, covers``, the errors of the
        last four, and ``bias, sd`` of the estimate.
    """
    rows = []
    for row in frame.to_dict("records"):
        for test in TESTS:
            for effect in row["effects"]:
                keys = {share: f"{test}_{share}_{effect:g}" for share in SHARES}
                named = {name: row[name] for name in ("design", "setting", "level", "trend", "panels")}
                found = {share: row[key] for share, key in keys.items()}
                errors = {f"{share}_error": row[f"{key}_error"] for share, key in keys.items()}
                about = {"bias": row[f"{test}_bias"], "sd": row[f"{test}_sd"]}
                rows.append(named | {"test": test, "effect": effect} | found | errors | about)
    return pd.DataFrame(rows)


def size_sweep(design: str) -> Sweep:
    """Return the sweep of a design that was added later."""
    return Sweep(
        f"staggered_size_{design}", SEED, lambda release: size_cells(release, [design]), run_size, ("shape",)
    )


SWEEPS = (Sweep("staggered_size", SEED, size_cells, run_size, ("shape",)),)
