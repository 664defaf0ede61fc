"""Measure permuted start paths of the imputation estimate beside a package that refits it under each of them.

No package permutes start paths of an imputation estimate, so the other side is a loop over the fastest that fits it: some
refits are timed in the same run and scaled to as many as the test has. Before times count, both sides give the same
estimates under the same paths.
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib.metadata import version
from timeit import default_timer

import numpy as np
import pandas as pd
from leadership_effects.data.provenance import Rows
from leadership_effects.data.staggered.panel import NEVER, StaggeredPanel
from leadership_effects.effects.staggered.imputation import Engine, Ints
from leadership_effects.effects.staggered.paths import draw_paths
from leadership_effects.effects.staggered.permutation import permutation_test

from benchmarks.report import BenchError, Finding

DRAWS, REFITS, SEED = 9999, 20, 20261128
SIZES = ((33, 9, 18, 5.0), (67, 8, 32, 10.0))  # places, waves, places that start, seconds at most
TIMES = 50
SAME = 1e-5


def drawn_panel(places: int, waves: int, started: int) -> StaggeredPanel:
    """Draw a balanced panel of one series, its starts spread over the waves from the third on."""
    rng = np.random.default_rng(SEED)
    first = np.sort(rng.integers(2, waves, started)).tolist() + [NEVER] * (places - started)
    y = rng.normal(size=(places, 1, waves)) + rng.normal(size=(places, 1, 1))
    names = tuple(f"p{i:02d}" for i in range(places))
    return StaggeredPanel(
        name="drawn", y=y, places=names, names=names, series=("drawn",), waves=tuple(range(1, waves + 1)),
        first=np.array(first, dtype=np.int64), level=y[:, 0, 0] - y[:, 0, 0].mean(), group=("",) * places, unit="SD",
        weights=np.ones_like(y), errors=np.full_like(y, np.nan), register=pd.DataFrame(), rows=Rows(0, "", ()),
    )  # fmt: skip


def refit(frame: pd.DataFrame, panel: StaggeredPanel, first: Ints) -> float:
    """Estimate under other starts with diff-diff's two-stage estimator, which equals imputation and is its faster one."""
    from diff_diff import TwoStageDiD

    waves = np.where(first < NEVER, np.array([*panel.waves, 0])[np.minimum(first, len(panel.waves))], 0)
    columns = {"outcome": "value", "unit": "unit", "time": "wave", "first_treat": "begins"}
    return float(TwoStageDiD().fit(frame.assign(begins=waves[frame["unit"]]), **columns).overall_att)


def permutations(repeat: int) -> Iterator[Finding]:
    """Yield the seconds of each size of panel, and their ratio to refitting under as many paths.

    Raises
    ------
    BenchError
        If the two sides give other estimates.
    """
    for places, waves, started, most in SIZES:
        panel = drawn_panel(places, waves, started)
        frame = panel.long().assign(unit=lambda rows: rows["place"].astype("category").cat.codes.astype(int))
        engine = Engine(panel)
        paths = draw_paths(engine, "all places", REFITS, SEED).first
        ours, other = [], []
        for _ in range(repeat):
            begun = default_timer()
            permutation_test(panel, draws=DRAWS, seed=SEED)
            ours.append(default_timer() - begun)
            begun = default_timer()
            found = [refit(frame, panel, first) for first in paths]
            other.append((default_timer() - begun) / len(paths) * DRAWS)
            apart = float(np.abs(engine.run(paths).estimates - found).max())
            if not apart <= SAME:
                raise BenchError(f"{places} places: diff-diff is {apart:.3g} apart; {SAME:g} allowed")
        title = f"{DRAWS:,} permutations, {places} places and {waves} waves"
        covers = (
            f"A drawn panel, {started} places started; draws, estimates, clustered errors and p. The other side: {REFITS} "
            f"refits under drawn starts, scaled to {DRAWS:,}; estimates agree within {SAME:g}."
        )
        beside = f"TwoStageDiD.fit for each, diff-diff {version('diff-diff')}"
        yield Finding(title, covers, tuple(ours), tuple(other), beside, ratio_most=1 / TIMES)
        yield Finding(f"{title}, seconds", "The same, alone.", tuple(ours), most=most)
