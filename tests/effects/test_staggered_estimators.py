"""Estimators of staggered starts agree with outside software, and recover unequal effects that two-way effects get wrong.

References: `tests/reference/castle_doctrine`, `county_employment` and `staggered_simulated`, whose READMEs name the software.
"""

from __future__ import annotations

import json
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from leadership_effects.data.panels import Array
from leadership_effects.data.staggered.panel import NEVER, StaggeredPanel
from leadership_effects.effects.staggered.alternatives.group_time import GroupTime, group_time
from leadership_effects.effects.staggered.alternatives.interaction_weighted import interaction_weighted
from leadership_effects.effects.staggered.alternatives.random_timing import RandomTiming, pooled_cohorts
from leadership_effects.effects.staggered.alternatives.stacked import Window, choose_window, stacked
from leadership_effects.effects.staggered.alternatives.two_way import KINDS, two_way
from leadership_effects.effects.staggered.common import StaggeredEstimatorError, balanced_part
from leadership_effects.effects.staggered.comparison import ESTIMATORS, all_estimators
from leadership_effects.effects.staggered.event_study import (
    effects_by_wave,
    event_study,
    identified_leads,
    pretrend,
)
from leadership_effects.effects.staggered.imputation import ADJUSTED, PLAIN, ImputationError, impute
from made_staggered import staggered_of

REFERENCE = Path(__file__).parents[1] / "reference"
LINEAR = 1e-9  # the same linear algebra; stored to twelve digits
ITERATED = 1e-6  # pyfixest and diff-diff demean by iteration to 1e-6 or so
PRINTED = 5.1e-5  # four printed decimals
BOOTSTRAP = 0.15  # relative: R did prints bootstrapped errors of 1,000 draws
DATA = ("castle_doctrine", "county_employment")


@cache
def expected(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((REFERENCE / name / "expected.json").read_text())
    return found


@cache
def outside(name: str, shift: int = 0, weighted: bool = False) -> StaggeredPanel:
    """Panel of a reference folder; starts `shift` waves later."""
    frame = pd.read_csv(REFERENCE / name / "input.csv")
    years = [column for column in frame if column.isdigit()]
    frame = frame.sort_values(
        ["first", "place"], key=lambda c: c.replace(0, 9999) if c.name == "first" else c
    )
    first = [NEVER if year == 0 else years.index(str(year)) + shift for year in frame["first"]]
    panel = staggered_of(frame[years].to_numpy(float)[:, None, :], first)
    weights = (
        np.repeat(frame["popwt"].to_numpy(float), len(years)).reshape(panel.y.shape) if weighted else None
    )
    return replace(
        panel, name=name, waves=tuple(map(int, years)), weights=panel.weights if weights is None else weights
    )


def simulated(noise: float = 0.3, gaps: bool = True) -> StaggeredPanel:
    """Two series, gaps after the second wave, effects that grow and are larger for early cohorts."""
    rng = np.random.default_rng(20261128)
    first = np.repeat([2, 3, 5, 99], [6, 5, 7, 14])
    n, s, w = len(first), 2, 8
    y = rng.normal(size=(n, s, 1)) + rng.normal(size=(1, s, w)) + noise * rng.normal(size=(n, s, w))
    y += true_effects(first, w)[:, None, :]
    held = rng.random(y.shape) < 0.1
    held[:, :, :2] = False
    if gaps:
        y[held] = np.nan
    return staggered_of(y, [NEVER if g == 99 else int(g) for g in first], level=rng.normal(size=n))


def true_effects(first: Array, waves: int) -> Array:
    since = np.arange(waves) - first[:, None]
    return np.where(since >= 0, 0.1 * (since + 1) * (8 - np.minimum(first, 8))[:, None], 0.0)


def uncorrected(panel: StaggeredPanel) -> float:
    """Ratio of errors without and with the correction P / (P - 1)."""
    n = len(panel.places)
    return float(np.sqrt((n - 1) / n))


def test_group_time_averages_are_those_printed_by_r_did() -> None:
    printed = expected("county_employment")["printed"]["did"]
    found = group_time(outside("county_employment"), "never treated")
    for kind in ("simple", "dynamic", "group", "calendar"):
        aggregate = getattr(found, kind)()
        assert aggregate.estimate == pytest.approx(printed[kind][0], abs=PRINTED)
        assert aggregate.se == pytest.approx(printed[kind][1], rel=BOOTSTRAP)
        for key, (estimate, se) in printed.get(f"{kind} parts", {}).items():
            assert aggregate.parts[int(key)][0] == pytest.approx(estimate, abs=PRINTED)
            assert aggregate.parts[int(key)][1] == pytest.approx(se, rel=BOOTSTRAP)


@pytest.mark.parametrize("name", DATA)
@pytest.mark.parametrize("comparison", ["never treated", "not yet treated"])
def test_group_time_averages_and_errors_are_those_of_csdid(name: str, comparison: Any) -> None:
    theirs = expected(name)["group_time_csdid"][comparison]
    panel = outside(name)
    found: GroupTime = group_time(panel, comparison)
    scale = uncorrected(panel)
    cells = found.table()
    ours = np.column_stack([cells["cohort"], cells["wave"], cells["effect"], cells["se"] * scale])
    assert ours == pytest.approx(np.array(theirs["cells"]), abs=LINEAR)
    for kind in ("simple", "dynamic", "group", "calendar"):
        aggregate = getattr(found, kind)()
        assert (aggregate.estimate, aggregate.se * scale) == pytest.approx(
            theirs[kind]["overall"], abs=LINEAR
        )
        parts = {str(key): [estimate, se * scale] for key, (estimate, se) in aggregate.parts.items()}
        assert parts.keys() == theirs[kind]["parts"].keys()
        for key, values in parts.items():
            assert values == pytest.approx(theirs[kind]["parts"][key], abs=LINEAR)


def test_imputation_is_that_printed_by_r_didimputation_and_did2s() -> None:
    printed = expected("castle_doctrine")["printed"]
    found = impute(outside("castle_doctrine"))
    assert found.estimate == pytest.approx(printed["didimputation"][0], abs=1e-8)
    # Its error takes the distance from means of cohort and year, so that it is smaller: .06088 beside .06098.
    assert found.se * uncorrected(outside("castle_doctrine")) == pytest.approx(
        printed["didimputation"][1], rel=2e-3
    )
    assert found.se * uncorrected(outside("castle_doctrine")) > printed["didimputation"][1]
    weighted = impute(outside("castle_doctrine", shift=1, weighted=True))
    assert weighted.estimate == pytest.approx(printed["did2s"][0], abs=1e-6)
    assert weighted.se * uncorrected(outside("castle_doctrine")) == pytest.approx(
        printed["did2s"][1], abs=1e-5
    )


@pytest.mark.parametrize("name", DATA)
def test_effects_by_wave_and_leads_are_those_of_diff_diff_and_pyfixest(name: str) -> None:
    panel, theirs = outside(name), expected(name)
    assert impute(panel).estimate == pytest.approx(theirs["imputation_diff_diff_overall"], abs=ITERATED)
    table = effects_by_wave(panel).table().set_index("horizon")
    for horizon, (estimate, se) in theirs["imputation_diff_diff"].items():
        assert table.loc[int(horizon), "estimate"] == pytest.approx(estimate, abs=ITERATED)
        assert table.loc[int(horizon), "se"] * uncorrected(panel) == pytest.approx(se, abs=ITERATED)
    leads = theirs["leads_pyfixest"]
    found = pretrend(panel, leads=len(leads["estimates"]))
    assert found.estimates == pytest.approx(leads["estimates"], abs=ITERATED)
    # Their clusters leave out places with one untreated cell, which says nothing of leads.
    n = len(panel.places) - int(((panel.observed & ~panel.exposed).sum(axis=(1, 2)) == 1).sum())
    factor = np.sqrt(n / (n - 1)) * uncorrected(panel)
    assert found.se * factor == pytest.approx(leads["se"], abs=ITERATED)


@pytest.mark.parametrize("name", DATA)
def test_interaction_weights_are_those_of_pyfixest(name: str) -> None:
    theirs = expected(name)["interaction_weighted_pyfixest"]
    found = interaction_weighted(outside(name))
    assert (found.estimate, found.se_fixed_shares) == pytest.approx(theirs["overall"], abs=ITERATED)
    for horizon, (estimate, se) in found.by_wave.items():
        assert estimate == pytest.approx(theirs[str(horizon)][0], abs=ITERATED)
        assert se > theirs[str(horizon)][1] - ITERATED  # ours counts shares as estimated


@pytest.mark.parametrize(
    "panel", [outside(DATA[0]), outside(DATA[1]), simulated(gaps=False)], ids=[*DATA, "two series"]
)
def test_interaction_weights_are_group_time_averages_on_a_balanced_panel(panel: StaggeredPanel) -> None:
    """The same estimate and error, one by regression and one by means, with never treated as comparison."""
    found, same = interaction_weighted(panel), group_time(panel).simple()
    assert (found.estimate, found.se) == pytest.approx((same.estimate, same.se), abs=LINEAR)


@pytest.mark.parametrize("name", DATA)
def test_stacked_is_the_authors_with_their_weights(name: str) -> None:
    for key, theirs in expected(name)["stacked_r"].items():
        found = stacked(outside(name), Window(*map(int, key.split(","))))
        assert (found.estimate, found.se) == pytest.approx(theirs["overall"], abs=LINEAR)
        assert {str(e): list(v) for e, v in found.by_wave.items()}.keys() == theirs["parts"].keys()
        for event, values in found.by_wave.items():
            assert values == pytest.approx(theirs["parts"][str(event)], abs=LINEAR)
        share = (
            found.stack[found.stack["event"] == -1].groupby(["cohort", "treated"])["weight"].sum().unstack()
        )
        assert (share / share.sum())[False].to_numpy() == pytest.approx(
            (share / share.sum())[True].to_numpy()
        )


@pytest.mark.parametrize("name", DATA)
def test_efficient_estimates_are_those_of_r_staggered(name: str) -> None:
    panel, theirs = outside(name), expected(name)["staggered_r"]
    sizes = {g: int((panel.first == g).sum()) for g in panel.cohorts}
    model = RandomTiming(panel.keep(np.array([sizes.get(int(g), 2) > 1 for g in panel.first])))
    assert not model.pooled and {"simple", "cohort", "calendar", "event 3"} <= theirs.keys()
    waves = model.by_wave()
    for kind, values in theirs.items():
        if kind.startswith("group-time"):
            continue
        found = waves[int(kind.split()[1])] if kind.startswith("event") else model.average(kind)
        assert (found.estimate, found.se, found.se_conservative) == pytest.approx(values, abs=LINEAR)


@pytest.mark.parametrize("name", DATA)
def test_decomposition_is_that_of_r_bacondecomp(name: str) -> None:
    panel, theirs = outside(name), expected(name)
    found = two_way(panel)
    assert (found.estimate, found.se) == pytest.approx(theirs["two_way_pyfixest"], abs=LINEAR)
    pairs = found.pairs.set_index(["treated", "comparison"])
    assert len(pairs) == len(theirs["bacondecomp"])
    for treated, comparison, estimate, weight in theirs["bacondecomp"]:
        own = pairs.loc[(treated, comparison)]
        assert (own["estimate"], own["weight"]) == pytest.approx((estimate, weight), abs=LINEAR)
    if name == "castle_doctrine":
        printed = theirs["printed"]["bacondecomp"]
        for row in found.kinds().itertuples():
            assert (row.weight, row.estimate) == pytest.approx(printed[row.kind], abs=5.1e-6)
        assert found.estimate == pytest.approx(printed["sum"], abs=PRINTED)


@pytest.mark.parametrize("gaps", [False, True])
def test_decomposition_of_two_series_adds_up(gaps: bool) -> None:
    panel = simulated(gaps=gaps)
    found = two_way(panel.keep(panel.treated | (np.arange(len(panel.places)) % 5 == 0)))
    assert found.pairs["weight"].sum() == pytest.approx(1, abs=1e-10)
    assert (found.pairs["weight"] * found.pairs["estimate"]).sum() == pytest.approx(found.estimate, abs=1e-10)
    assert np.nansum(found.effect_weights) == pytest.approx(1, abs=1e-10)
    assert gaps or found.negative_share > 0


def test_panel_with_gaps_and_two_series_is_read_as_pyfixest_reads_it() -> None:
    panel, theirs = simulated(), expected("staggered_simulated")
    found = impute(panel)
    assert (found.estimate, found.se * uncorrected(panel)) == pytest.approx(theirs["did2s"], abs=ITERATED)
    leads = pretrend(panel)
    assert leads.estimates == pytest.approx(theirs["leads"]["estimates"], abs=ITERATED)
    assert leads.se == pytest.approx(theirs["leads"]["se"], abs=ITERATED)
    assert leads.statistic == pytest.approx(theirs["leads"]["statistic"], abs=1e-4)
    weighted = interaction_weighted(panel)
    assert (weighted.estimate, weighted.se_fixed_shares) == pytest.approx(theirs["interaction"], abs=ITERATED)


def test_unequal_effects_mislead_two_way_effects_alone() -> None:
    """Without noise every other estimator returns the mean effect of its cells to rounding."""
    panel = simulated(noise=0.0, gaps=False)
    effects = true_effects(np.where(panel.treated, panel.first, 99), len(panel.waves))
    truth = float(effects[effects > 0].mean())
    window = choose_window(panel)
    inside = [
        effects[p, g + h]
        for p, g in enumerate(panel.first)
        for h in range(window.after + 1)
        if g != NEVER and window.before <= g and g + window.after < len(panel.waves)
    ]
    rows = {row.method: row for row in all_estimators(panel)}
    for name, row in rows.items():
        if name == "static two-way fixed effects":
            assert row.estimate < 0.8 * truth
        elif name.startswith("stacked"):
            assert row.estimate == pytest.approx(np.mean(inside), abs=LINEAR)
        elif row.available:
            assert row.estimate == pytest.approx(truth, abs=LINEAR), name
    since = np.where(panel.treated, panel.first, 99)[:, None]
    by_wave = {h: effects[(np.arange(8) - since) == h].mean() for h in range(6)}
    for name in (
        "imputation",
        "group-time averages, never treated",
        "interaction-weighted",
        "efficient for random timing",
    ):
        assert {h: rows[name].by_wave[h][0] for h in by_wave} == pytest.approx(by_wave, abs=LINEAR)


def test_joint_covariance_holds_the_error_of_each_part() -> None:
    panel = simulated()
    joint, leads, effects = event_study(panel), pretrend(panel), effects_by_wave(panel)
    assert joint.horizons == (-3, -2, -1, 0, 1, 2, 3, 4, 5)
    assert joint.se == pytest.approx(np.concatenate([leads.se[::-1], effects.se]))
    sizes = [int((panel.exposed & (panel.since == h)[:, None, :]).sum()) for h in effects.horizons]
    share = np.array(sizes) / sum(sizes)
    assert share @ effects.estimates == pytest.approx(impute(panel).estimate, abs=LINEAR)
    with pytest.raises(ValueError, match="different places"):
        effects.beside(pretrend(panel.keep(panel.first != 2)))


def test_leads_that_nothing_identifies_are_refused_or_left_out() -> None:
    panel = staggered_of(np.random.default_rng(1).normal(size=(6, 1, 5)), [2, 2, 2, NEVER, NEVER, NEVER])
    with pytest.raises(ImputationError, match="leads of 1 to 2 waves"):
        pretrend(panel, leads=2)
    found = identified_leads(panel)
    assert found is not None and found.horizons == (-1,)
    early = staggered_of(panel.y, [1, 1, 1, NEVER, NEVER, NEVER])
    assert identified_leads(early) is None
    assert event_study(early).horizons == (0, 1, 2, 3)


def test_balanced_part_is_the_run_with_most_cells() -> None:
    panel = staggered_of(np.arange(48.0).reshape(8, 1, 6), [2, 3, 3, 4, NEVER, NEVER, NEVER, NEVER])
    y = panel.y.copy()
    y[1:4, 0, 0] = y[5, 0, 3] = np.nan
    found = balanced_part(replace(panel, y=y))
    assert found.panel.waves == (2002, 2004, 2006, 2008, 2010)
    assert (found.places, found.waves) == (("p05",), (2000,))
    assert found.panel.first.tolist() == [1, 2, 2, 3, NEVER, NEVER, NEVER]
    assert found.note == "left out: 1 place (p05); waves 2000"
    with pytest.raises(StaggeredEstimatorError, match="balanced panel"):
        balanced_part(panel.keep(np.arange(8) < 3))


def test_cohorts_of_one_place_borrow_a_covariance_and_keep_their_start() -> None:
    assert pooled_cohorts({2: 1, 3: 1, 4: 1, 6: 4, 7: 1}) == {
        2: (2, 3),
        3: (2, 3),
        4: (4, 6, 7),
        7: (4, 6, 7),
    }
    with pytest.raises(StaggeredEstimatorError, match="two started places"):
        pooled_cohorts({3: 1})
    model = RandomTiming(outside("castle_doctrine"))
    assert {model.balanced.panel.waves[g] for g in model.pooled} == {2005, 2009}
    assert model.average().n_cells == int(outside("castle_doctrine").exposed.sum())


def test_last_cohort_is_compared_with_where_nobody_never_started() -> None:
    panel = simulated(noise=0.0, gaps=False)
    found = interaction_weighted(panel.keep(panel.treated))
    assert found.reference == "the cohort of 2010"
    kept = (panel.treated & (panel.first < 5), np.arange(len(panel.waves)) < 5)
    effects = true_effects(np.where(panel.treated, panel.first, 99), len(panel.waves))[np.ix_(*kept)]
    assert found.estimate == pytest.approx(effects[effects > 0].mean(), abs=LINEAR)


def test_table_has_a_row_for_every_estimator_with_a_reason_where_there_is_no_estimate() -> None:
    panel = simulated()
    rows = all_estimators(panel)
    assert [row.method for row in rows] == list(ESTIMATORS)
    reasons = {row.method: row.note for row in rows if not row.available}
    assert list(reasons) == ["imputation, level by wave and group by wave"]
    assert "names no groups" in reasons["imputation, level by wave and group by wave"]
    assert all(np.isfinite(row.se) and row.se > 0 for row in rows if row.available)
    alone = all_estimators(panel.keep((panel.first == NEVER) | (np.arange(len(panel.first)) == 0)))
    assert {row.method: row.note for row in alone if not row.available}[
        "efficient for random timing"
    ].startswith("made: no run")
    unequal = all_estimators(
        replace(panel, weights=np.where(panel.first[:, None, None] == 2, 2.0, panel.weights))
    )
    assert [row.method for row in unequal if row.note.endswith("all cells count alike")] == list(ESTIMATORS)[
        3:5
    ] + list(ESTIMATORS)[6:]


@pytest.mark.parametrize(
    ("run", "message"),
    [
        (lambda panel: group_time(panel), "base and a never treated comparison"),
        (lambda panel: choose_window(panel), "no event window"),
        (lambda panel: stacked(panel, Window(1, 1)), "no cohort has a comparison"),
        (lambda panel: interaction_weighted(panel), "no cohort starts later"),
        (lambda panel: impute(panel, ADJUSTED), "names no groups"),
        (lambda panel: impute(panel, PLAIN), "no untreated place"),
    ],
)
def test_panel_without_a_comparison_is_refused(run: Any, message: str) -> None:
    panel = simulated().keep(simulated().first == 3)
    with pytest.raises((StaggeredEstimatorError, ImputationError), match=message):
        run(panel)


def test_kinds_name_every_comparison() -> None:
    assert set(two_way(outside("castle_doctrine")).pairs["kind"]) == set(KINDS)
