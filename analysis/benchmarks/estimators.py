"""Measure estimators beside other packages: the same inputs, the same numbers, times taken in turn.

A pair counts only if both sides give the same number within the accuracy that the other side stops at.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from importlib.metadata import version
from timeit import Timer
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from leadership_effects.effects.augmented import augmented_synthetic_control
from leadership_effects.effects.estimators import estimate
from leadership_effects.effects.inference import placebo_in_space
from leadership_effects.simulation.references import OUTSIDE, outside_panel
from leadership_effects.synthesis.pooling import pool
from leadership_effects.synthesis.reliability import krippendorff_alpha

from benchmarks.report import BenchError, Finding

RIDGE = 400.0
CODERS, CODED = 4, 320


class Pair(NamedTuple):
    """Two ways to one number or array; the largest difference allowed is the accuracy at which the other side stops."""

    title: str
    covers: str
    package: str
    named: str
    tolerance: float
    ours: Callable[[], Any]
    theirs: Callable[[], Any]


def compare(pair: Pair, repeat: int) -> Finding:
    """Time a pair in turn, after both sides gave the same number; raise BenchError if they do not."""
    apart = float(np.max(np.abs(np.asarray(pair.ours(), float) - np.asarray(pair.theirs(), float))))
    if not apart <= pair.tolerance:
        raise BenchError(f"{pair.title}: {pair.package} is {apart:.3g} apart; {pair.tolerance:g} allowed")
    ours, theirs = zip(*((seconds(pair.ours), seconds(pair.theirs)) for _ in range(repeat)), strict=True)
    covers = f"{pair.covers} The numbers of both sides agree within {pair.tolerance:g}; they are {apart:.1g} apart."
    return Finding(pair.title, covers, ours, theirs, f"{pair.named}, {pair.package} {version(pair.package)}")


def seconds(compute: Callable[[], Any]) -> float:
    """Return the seconds that one call takes, over as many calls as a short one needs."""
    calls, taken = Timer(compute).autorange()
    return taken / calls


def sdid_once() -> Pair:
    """One effect by synthetic difference-in-differences; compiled code on the other side, by its documented call."""
    from diff_diff import SyntheticDiD

    panel = outside_panel("prop99")
    frame = panel.long().assign(treated=lambda rows: rows["treated"].astype(int))
    columns = {"outcome": "value", "treatment": "treated", "unit": "unit", "time": "year"}
    after = list(panel.years[panel.n_pre :])

    def theirs() -> float:
        method = SyntheticDiD(variance_method="placebo", n_bootstrap=2, seed=1)
        return float(method.fit(frame, **columns, post_periods=after).att)

    return Pair(
        "Synthetic difference-in-differences, one effect",
        "Proposition 99, 39 states and 31 years; the other side, in Rust, also draws two placebos, the fewest it takes.",
        "diff-diff", "SyntheticDiD.fit", 5e-3, lambda: estimate(panel, "sdid").att, theirs,
    )  # fmt: skip


def sdid_placebos() -> Pair:
    """Every placebo in space; the R package's port called for each comparison unit."""
    from synthdid.estimate import synthdid_estimate

    panel = outside_panel("prop99")
    stacks = [np.vstack([np.delete(panel.y, [0, i], axis=0), panel.y[i]]) for i in range(1, len(panel.y))]
    return Pair(
        "Synthetic difference-in-differences, every placebo",
        "Proposition 99; weights and effect of each of the 38 comparison states as if it were the treated one.",
        "synthdid-py", "synthdid_estimate for each state", 6e-2, lambda: placebo_in_space(panel, "sdid").effects,
        lambda: [float(synthdid_estimate(stack, len(stack) - 1, panel.n_pre)) for stack in stacks],
    )  # fmt: skip


def synthetic_control() -> Pair:
    """Synthetic control on the outcomes of the pre-period."""
    from pysyncon import Synth

    panel = outside_panel("prop99")
    wide = pd.DataFrame(panel.y.T, index=list(panel.years), columns=list(panel.units))
    donors, treated, n = wide.iloc[:, 1:], wide.iloc[:, 0], panel.n_pre
    # Its predictors are divided by their spread; weights that undo it make both sides minimise the same sum.
    spread = wide.iloc[:n].std(axis=1).to_numpy()

    def theirs() -> float:
        fit, before, target = Synth(), donors.iloc[:n], treated.iloc[:n]
        fit.fit(X0=before, X1=target, Z0=before, Z1=target, custom_V=np.square(spread))
        return float((treated - donors @ fit.W).iloc[n:].mean())

    return Pair(
        "Synthetic control",
        "Proposition 99; weights on the outcomes before the start, each year counting alike, and the effect.",
        "pysyncon", "Synth.fit", 5e-2, lambda: estimate(panel, "sc").att, theirs,
    )  # fmt: skip


def augmented() -> Pair:
    """Ridge-augmented synthetic control at a penalty that is given."""
    from pysyncon import AugSynth, Dataprep

    panel = outside_panel("prop99")
    before = list(panel.years[: panel.n_pre])

    def theirs() -> float:
        prepared = Dataprep(
            foo=panel.long()[["unit", "year", "value"]], predictors=[], predictors_op="mean", dependent="value",
            unit_variable="unit", time_variable="year", treatment_identifier=panel.units[0],
            controls_identifier=list(panel.units[1:]), time_predictors_prior=before, time_optimize_ssr=before,
        )  # fmt: skip
        fit = AugSynth()
        fit.fit(prepared, lambda_=RIDGE, use_covariates=False)
        return float((panel.y[0] - np.asarray(fit.W) @ panel.y[1:])[panel.n_pre :].mean())

    return Pair(
        "Ridge-augmented synthetic control",
        "Proposition 99 at one penalty; weights and effect, on the other side with its preparation of the rows.",
        "pysyncon", "AugSynth.fit", 1e-3,
        lambda: augmented_synthetic_control(panel, unit_effects=False, ridge=RIDGE).att, theirs,
    )  # fmt: skip


def two_way() -> Pair:
    """Two-way fixed effects as a regression on dummies."""
    from statsmodels.formula.api import ols

    panel = outside_panel("prop99")
    start = panel.years[panel.n_pre]
    frame = panel.long().assign(d=lambda rows: (rows["treated"] & (rows["year"] >= start)).astype(float))
    return Pair(
        "Two-way fixed effects", "Proposition 99; the effect alone, without a standard error.",
        "statsmodels", "ols with a dummy for each state and year", 1e-6, lambda: estimate(panel, "twfe").att,
        lambda: float(ols("value ~ d + C(unit) + C(year)", frame).fit().params["d"]),
    )  # fmt: skip


def pooling() -> Pair:
    """Random effects by restricted maximum likelihood."""
    from pymare import Dataset
    from pymare.estimators import VarianceBasedLikelihoodEstimator

    trials = json.loads(OUTSIDE.read_text(encoding="utf-8"))["trials"]["bcg"]
    y, v = np.array(trials["yi"]), np.array(trials["vi"])
    ones = np.ones((len(y), 1))

    def theirs() -> list[float]:
        method = VarianceBasedLikelihoodEstimator(method="reml")
        found = method.fit_dataset(Dataset(y=y, v=v, X=ones, add_intercept=False)).summary()
        return [float(np.ravel(found.tau2)[0]), float(np.ravel(found.get_fe_stats()["est"])[0])]

    def ours() -> list[float]:
        pooled = pool(y, v, modified=False)
        return [pooled.tau2, pooled.effect]

    return Pair(
        "Pooled effect and heterogeneity",
        "Thirteen trials of the BCG vaccine by restricted maximum likelihood; ours also gives the Hartung-Knapp, "
        "prediction and Q-profile intervals.",
        "pymare", "VarianceBasedLikelihoodEstimator", 1e-5, ours, theirs,
    )  # fmt: skip


def agreement() -> Pair:
    """Agreement of coders."""
    from krippendorff import alpha

    rng = np.random.default_rng(20261127)
    codes = np.tile(rng.integers(0, 4, CODED).astype(float), (CODERS, 1))
    slips = rng.random(codes.shape) < 0.2
    codes[slips] = rng.integers(0, 4, slips.sum())
    codes[rng.random(codes.shape) < 0.05] = np.nan
    return Pair(
        "Krippendorff's alpha", "320 drawn items coded by four, some codes missing; without its interval.",
        "krippendorff", "alpha", 1e-9, lambda: krippendorff_alpha(codes, "nominal").alpha,
        lambda: float(alpha(codes, level_of_measurement="nominal")),
    )  # fmt: skip


PAIRS = (sdid_once, sdid_placebos, synthetic_control, augmented, two_way, pooling, agreement)
