"""Measure estimators beside packages of the registry: the same inputs, the same numbers, times taken in turn.

A package that is not installed is left out by name. A pair counts only if both sides give the same number within the
accuracy that the other side stops at; the difference is reported.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from typing import Any

import numpy as np
import pandas as pd
from leadership_effects.data.panels import Panel, Scale
from leadership_effects.data.provenance import Rows
from leadership_effects.effects.augmented import augmented_synthetic_control
from leadership_effects.effects.estimators import estimate
from leadership_effects.effects.inference import placebo_in_space
from leadership_effects.simulation.references import OUTSIDE, outside_panel
from leadership_effects.synthesis.pooling import pool
from leadership_effects.synthesis.reliability import krippendorff_alpha

from benchmarks.report import BenchError, Comparison, Side, Target

Compute = Callable[[], Any]
CALM = 0.1  # seconds that the calls of one measurement take together at least
RIDGE = 400.0
CODERS, CODED = 4, 320
ENUMERATED = ((51, 10, 0.3), (108, 15, 1.0))  # places, years, seconds


@dataclass(frozen=True)
class Pair:
    """Two ways to one number.

    Attributes
    ----------
    key, title, covers : str
    package : str
        The one compared with.
    ours, theirs : callable
        Each gives the number, or an array of numbers.
    tolerance : float
        Largest difference allowed: the accuracy at which the other side stops.
    named : str
        What of the package is called.
    """

    key: str
    title: str
    package: str
    named: str
    ours: Compute
    theirs: Compute
    tolerance: float
    covers: str


def comparisons(repeat: int, makers: Sequence[Callable[[], Pair]] | None = None) -> Iterator[Comparison]:
    """Yield each pair measured, or left out because its package is not installed; all pairs by default."""
    for make in MAKERS if makers is None else makers:
        try:
            pair = make()
        except ModuleNotFoundError as error:
            print(
                f"  {getattr(make, '__name__', 'a pair')}: left out, {error.name} is not installed",
                flush=True,
            )
            continue
        yield measured(pair, repeat)
    if makers is None:
        yield from enumerated(repeat)


def enumerated(repeat: int) -> Iterator[Comparison]:
    """Yield the seconds in which every placebo of drawn panels is enumerated, beside the limits set for a notebook."""
    for units, years, limit in ENUMERATED:
        rng = np.random.default_rng(units)
        y = rng.normal(size=(units, years)).cumsum(axis=1) + rng.normal(50, 10, size=(units, 1))
        panel = Panel("", y, tuple(map(str, range(units))), tuple(range(years)), years - 4, np.ones(units - 1), (),
                      Scale("drawn", "drawn", "", 1, None, ""), Rows(0, "", ()))  # fmt: skip
        times = tuple(seconds_of(partial(placebo_in_space, panel, "sdid")) for _ in range(repeat))
        yield Comparison(
            f"sdid_{units}", "estimators", f"Every placebo of {units} places and {years} years",
            "Synthetic difference-in-differences on drawn panels as large as the largest of the book.",
            Side("this package", times), Side("limit", (limit,)), target=Target("ratio", most=1.0),
        )  # fmt: skip


def measured(pair: Pair, repeat: int) -> Comparison:
    """Measure a pair in turn, after both gave the same number.

    Raises
    ------
    BenchError
        If the numbers differ by more than the tolerance.
    """
    apart = float(np.max(np.abs(np.asarray(pair.ours(), float) - np.asarray(pair.theirs(), float))))
    if not apart <= pair.tolerance:
        raise BenchError(
            f"{pair.key}: ours and {pair.package} are {apart:.3g} apart; {pair.tolerance:g} allowed"
        )
    ours, theirs = [], []
    for _ in range(repeat):
        ours.append(seconds_of(pair.ours))
        theirs.append(seconds_of(pair.theirs))
    return Comparison(
        key=pair.key, part="estimators", title=pair.title,
        covers=f"{pair.covers} The numbers of both sides agree within {pair.tolerance:g}; they are {apart:.1g} apart.",
        ours=Side("this package", tuple(ours)), other=Side(f"{pair.named}, {pair.package} {told(pair.package)}", tuple(theirs)),
    )  # fmt: skip


def seconds_of(compute: Compute) -> float:
    """Return the seconds that one call takes, over as many calls as a short one needs."""
    calls, started = 0, time.perf_counter()
    while True:
        compute()
        calls += 1
        passed = time.perf_counter() - started
        if passed >= CALM:
            return passed / calls


def told(package: str) -> str:
    """Return the version of an installed package."""
    try:
        return version(package)
    except PackageNotFoundError:
        return "of unknown version"


def sdid_once() -> Pair:
    """One effect by synthetic difference-in-differences, the R package's port on the other side."""
    panel, others = outside_panel("prop99"), import_module("synthdid.estimate")
    stacked = np.vstack([panel.y[1:], panel.y[:1]])
    call = partial(others.synthdid_estimate, stacked, panel.n_donors, panel.n_pre)
    return Pair(
        "sdid", "Synthetic difference-in-differences, one effect", "synthdid-py", "synthdid_estimate",
        lambda: estimate(panel, "sdid").att, lambda: float(call()), 5e-3,
        "Proposition 99, 39 states and 31 years; weights and effect.",
    )  # fmt: skip


def in_turn(panel: Panel) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Yield each comparison unit as if treated, with the comparison units that are left."""
    for unit in range(1, len(panel.y)):
        yield panel.y[unit], np.delete(panel.y, [0, unit], axis=0)


def sdid_placebos() -> Pair:
    """Every placebo in space, the R package's port called for each unit."""
    panel, others = outside_panel("prop99"), import_module("synthdid.estimate")

    def theirs() -> list[float]:
        return [
            float(others.synthdid_estimate(np.vstack([donors, unit]), len(donors), panel.n_pre))
            for unit, donors in in_turn(panel)
        ]

    return Pair(
        "sdid_placebos", "Synthetic difference-in-differences, every placebo", "synthdid-py", "synthdid_estimate for each state",
        lambda: placebo_in_space(panel, "sdid").effects, theirs, 6e-2,
        "Proposition 99; weights and effect of each of the 38 comparison states as if it were the treated one.",
    )  # fmt: skip


def sdid_public() -> Pair:
    """One effect by the documented call of diff-diff, with as few draws for its standard error as it takes."""
    others, panel = import_module("diff_diff"), outside_panel("prop99")
    frame = panel.long().assign(treated=lambda rows: rows["treated"].astype(int))
    after = list(panel.years[panel.n_pre :])

    def theirs() -> float:
        fitted = others.SyntheticDiD(variance_method="placebo", n_bootstrap=2, seed=1).fit(
            frame, outcome="value", treatment="treated", unit="unit", time="year", post_periods=after
        )
        return float(fitted.att)

    return Pair(
        "sdid_diff_diff", "Synthetic difference-in-differences by the documented call", "diff-diff", "SyntheticDiD.fit",
        lambda: estimate(panel, "sdid").att, theirs, 5e-3,
        "Proposition 99; the other side also draws two placebos for a standard error, the fewest it takes.",
    )  # fmt: skip


def sdid_core() -> Pair:
    """Every placebo by the compiled core of diff-diff, called directly, without its checks and tables."""
    core, panel = import_module("diff_diff._rust_backend"), outside_panel("prop99")
    n = panel.n_pre

    def one(unit: np.ndarray, donors: np.ndarray) -> float:
        before = np.ascontiguousarray(donors[:, :n].T)
        after = np.ascontiguousarray(donors[:, n:].T)
        noise = core.compute_noise_level(before)
        ridge = (panel.y.shape[1] - n) ** 0.25 * noise
        units = core.compute_sdid_unit_weights(before, unit[:n], ridge, True, 1e-5 * noise)
        times = core.compute_time_weights(before, after, 1e-6 * noise, True, 1e-5 * noise)
        gap = unit - units @ donors
        return float(gap[n:].mean() - times @ gap[:n])

    return Pair(
        "sdid_core", "Synthetic difference-in-differences, every placebo, against compiled code", "diff-diff",
        "its Rust functions called directly",
        lambda: placebo_in_space(panel, "sdid").effects,
        lambda: [one(unit, donors) for unit, donors in in_turn(panel)], 6e-2,
        "Proposition 99; weights and effect of each of the 38 comparison states. The other side is not called as its "
        "documentation says: its inner functions, compiled, without checks or tables. Ours solves all states at once in "
        "numpy, and to the optimum.",
    )  # fmt: skip


def synthetic_control() -> Pair:
    """Synthetic control on the outcomes of the pre-period."""
    others, panel = import_module("pysyncon"), outside_panel("prop99")
    wide = pd.DataFrame(panel.y.T, index=list(panel.years), columns=list(panel.units))
    before = wide.iloc[: panel.n_pre]
    treated, donors = panel.units[0], list(panel.units[1:])
    # Its predictors are divided by their spread; weights that undo it make both sides minimise the same sum.
    spread = before.std(axis=1).to_numpy()

    def theirs() -> float:
        fit = others.Synth()
        fit.fit(
            X0=before[donors], X1=before[treated], Z0=before[donors], Z1=before[treated],
            custom_V=np.square(spread),
        )  # fmt: skip
        gap = wide[treated] - wide[donors] @ fit.W
        return float(gap.iloc[panel.n_pre :].mean())

    return Pair(
        "synthetic_control", "Synthetic control", "pysyncon", "Synth.fit",
        lambda: estimate(panel, "sc").att, theirs, 5e-2,
        "Proposition 99; weights on the outcomes before the start, each year counting alike, and the effect.",
    )  # fmt: skip


def augmented() -> Pair:
    """Ridge-augmented synthetic control at a penalty that is given."""
    others, panel = import_module("pysyncon"), outside_panel("prop99")
    long = panel.long()[["unit", "year", "value"]]
    before = list(panel.years[: panel.n_pre])
    wide = pd.DataFrame(panel.y, index=list(panel.units), columns=list(panel.years))

    def theirs() -> float:
        prepared = others.Dataprep(
            foo=long, predictors=[], predictors_op="mean", time_predictors_prior=before, dependent="value",
            unit_variable="unit", time_variable="year", treatment_identifier=panel.units[0],
            controls_identifier=list(panel.units[1:]), time_optimize_ssr=before,
        )  # fmt: skip
        fit = others.AugSynth()
        fit.fit(prepared, lambda_=RIDGE, use_covariates=False)
        gap = wide.iloc[0] - fit.W @ wide.iloc[1:]
        return float(gap.iloc[panel.n_pre :].mean())

    return Pair(
        "augmented", "Ridge-augmented synthetic control", "pysyncon", "AugSynth.fit",
        lambda: augmented_synthetic_control(panel, unit_effects=False, ridge=RIDGE).att, theirs, 1e-3,
        "Proposition 99 at one penalty; weights and effect, on the other side with its preparation of the rows.",
    )  # fmt: skip


def two_way() -> Pair:
    """Two-way fixed effects as a regression on dummies."""
    others, panel = import_module("statsmodels.formula.api"), outside_panel("prop99")
    start = panel.years[panel.n_pre]
    frame = panel.long().assign(d=lambda rows: (rows["treated"] & (rows["year"] >= start)).astype(float))
    return Pair(
        "two_way", "Two-way fixed effects", "statsmodels", "ols with a dummy for each state and year",
        lambda: estimate(panel, "twfe").att,
        lambda: float(others.ols("value ~ d + C(unit) + C(year)", frame).fit().params["d"]), 1e-6,
        "Proposition 99; the effect alone, without a standard error.",
    )  # fmt: skip


def pooling() -> Pair:
    """Random effects by restricted maximum likelihood."""
    estimators, others = import_module("pymare.estimators"), import_module("pymare")
    trials = json.loads(OUTSIDE.read_text(encoding="utf-8"))["trials"]["bcg"]
    y, v = np.array(trials["yi"]), np.array(trials["vi"])

    def theirs() -> list[float]:
        data = others.Dataset(y=y, v=v, X=np.ones((len(y), 1)), add_intercept=False)
        found = estimators.VarianceBasedLikelihoodEstimator(method="reml").fit_dataset(data).summary()
        return [float(np.ravel(found.tau2)[0]), float(np.ravel(found.get_fe_stats()["est"])[0])]

    def ours() -> list[float]:
        pooled = pool(y, v, modified=False)
        return [pooled.tau2, pooled.effect]

    return Pair(
        "pooling", "Pooled effect and heterogeneity", "pymare", "VarianceBasedLikelihoodEstimator",
        ours, theirs, 1e-5,
        "Thirteen trials of the BCG vaccine by restricted maximum likelihood; ours also gives the Hartung-Knapp, "
        "prediction and Q-profile intervals.",
    )  # fmt: skip


def agreement() -> Pair:
    """Agreement of coders."""
    others, rng = import_module("krippendorff"), np.random.default_rng(20261127)
    truth = rng.integers(0, 4, CODED)
    slips = rng.random((CODERS, CODED)) < 0.2
    codes = np.where(slips, rng.integers(0, 4, (CODERS, CODED)), truth).astype(float)
    codes[rng.random(codes.shape) < 0.05] = np.nan
    return Pair(
        "agreement", "Krippendorff's alpha", "krippendorff", "alpha",
        lambda: krippendorff_alpha(codes, "nominal").alpha,
        lambda: float(others.alpha(codes, level_of_measurement="nominal")), 1e-9,
        "320 drawn items coded by four, some codes missing; alpha alone, without its interval.",
    )  # fmt: skip


MAKERS = (
    sdid_once, sdid_placebos, sdid_public, sdid_core, synthetic_control, augmented, two_way, pooling, agreement,
)  # fmt: skip
