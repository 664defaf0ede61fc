"""Rerun cells give the locked rows of simulations, and the rows support what the book says of the tests."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from leadership_effects.data.release import Release, newest_release, open_release
from leadership_effects.data.sweeps import Sweep, SweepError, read_sweep, run_cell, sweep_path
from leadership_effects.effects.inference import collapsed_t, family_p, placebo_in_space
from leadership_effects.simulation.experiments import LEVELS, PANELS, SWEEPS, effect_at, start_shift
from leadership_effects.simulation.null_panels import (
    Design,
    bare_panel,
    cluster_p,
    cluster_rejection,
    collapsed_p,
    design_shape,
    designs,
    exact_size,
    max_t_p,
    monte_carlo_error,
    null_panels,
    read_shape,
    twfe_effects,
)
from leadership_effects.simulation.references import OUTSIDE, agreements, outside_panel
from scipy import stats

REFERENCE = Path(__file__).parents[1] / "reference"
SAME = 1e-9  # counts over draws, kept to ten digits: a rerun must give the very rows
CLOSED_FORM = 1e-10  # the same sums in another order
ERRORS = 4  # Monte Carlo standard errors: one in 16,000 by chance, so that a dozen rows may be looked at
SWEEP = {sweep.name: sweep for sweep in SWEEPS}


@pytest.fixture(scope="module")
def release() -> Release:
    return open_release(newest_release())


@pytest.fixture(scope="module")
def tests(release: Release) -> list[Design]:
    return designs(release)


@pytest.fixture(scope="module")
def size(release: Release) -> pd.DataFrame:
    return read_sweep(SWEEP["size"], release)


@pytest.fixture(scope="module")
def power(release: Release) -> pd.DataFrame:
    return read_sweep(SWEEP["power"], release)


def quick(sweep: Sweep, release: Release) -> list[int]:
    """Positions of cells that run in a moment, spread over the settings."""
    cells = sweep.cells(release)
    fast = [
        i
        for i, cell in enumerate(cells)
        if cell.get("draws", 0) <= PANELS and cell.get("method") not in ("sdid", "dsc")
    ]
    return fast[:: 1 + len(fast) // 8] + fast[-1:]


@pytest.mark.parametrize("name", SWEEP)
def test_rerun_cells_give_the_locked_rows(name: str, release: Release) -> None:
    sweep = SWEEP[name]
    cells, rows = sweep.cells(release), json.loads(sweep_path(release.name, name).read_text("utf-8"))["rows"]
    assert len(rows) == len(cells)
    for position in quick(sweep, release):
        fresh, locked = run_cell(sweep, position, cells[position]), rows[position]
        results = [key for key, value in locked.items() if isinstance(value, float)]
        assert {k: v for k, v in fresh.items() if k not in results} == {
            k: v for k, v in locked.items() if k not in results
        }
        assert [fresh[k] for k in results] == pytest.approx([locked[k] for k in results], rel=SAME, abs=SAME)


def test_closed_form_is_the_test_of_the_package(tests: list[Design]) -> None:
    """Effects, placebos, family p and collapsed t of every design on its real panels."""
    for design in tests:
        weights = read_shape(design_shape(design)).weights
        places = sorted(set().union(*(panel.units[1:] for panel in design.panels)))
        found, enumerated = [], [placebo_in_space(panel, "twfe") for panel in design.panels]
        for panel, row, expected in zip(design.panels, weights, enumerated, strict=True):
            change = pd.Series(
                panel.y[:, panel.n_pre :].mean(1) - panel.y[:, : panel.n_pre].mean(1), panel.units
            )
            wide = np.array([[change.iloc[0], *(change.get(place, 0.0) for place in places)]])
            treated, placebos = twfe_effects(wide, row)
            found.append((treated, placebos))
            assert treated[0] == pytest.approx(expected.treated, abs=CLOSED_FORM)
            assert placebos[0][~np.isnan(placebos[0])] == pytest.approx(expected.effects, abs=CLOSED_FORM)
        p = max_t_p(np.array([t for t, _ in found]), np.array([p for _, p in found]))[0]
        assert p == pytest.approx(family_p(enumerated), abs=CLOSED_FORM)
        if len(enumerated) == 1:
            assert p == pytest.approx(enumerated[0].p_value, abs=CLOSED_FORM)
            assert collapsed_p(wide, row)[0] == pytest.approx(
                collapsed_t(design.panels[0]).p, abs=CLOSED_FORM
            )


def test_cluster_robust_p_is_that_of_statsmodels() -> None:
    change = np.random.default_rng(5).normal(size=21)
    dummy = np.eye(21)[0]
    fit = sm.OLS(change, sm.add_constant(dummy)).fit(
        cov_type="cluster", cov_kwds={"groups": np.arange(21)}, use_t=True
    )
    assert cluster_p(change[None])[0] == pytest.approx(fit.pvalues[1], abs=1e-9)


def test_null_panels_move_as_the_donors_do(tests: list[Design]) -> None:
    """Covariance of changes over outcomes, and of the whole noise of one design, within sampling error."""
    shape = read_shape(design_shape(next(d for d in tests if len(d.outcomes) == 4)))
    panels = null_panels(np.random.default_rng(11), shape, 400)
    flat = np.concatenate(panels, axis=-1)
    flat = flat - flat.mean(axis=1, keepdims=True)
    ends = np.cumsum([0, *(len(path) for path in shape.years)])
    noise = np.concatenate(
        [flat[..., a:b] - flat[..., a:b].mean(axis=-1, keepdims=True) for a, b in pairwise(ends)],
        axis=-1,
    ).reshape(-1, ends[-1])
    drawn = noise.T @ noise / (400 * (panels[0].shape[1] - 1))
    wanted = shape.residuals.T @ shape.residuals / (len(shape.residuals) - 1)
    scale = np.sqrt(np.outer(np.diag(wanted), np.diag(wanted)))
    assert np.abs(drawn - wanted).max() / scale.max() < 0.05
    own = np.array([collapsed_t(p).donor_sd for p in next(d for d in tests if len(d.outcomes) == 4).panels])
    assert shape.change_sd == pytest.approx(own, rel=CLOSED_FORM)


def test_planned_test_rejects_as_many_true_nulls_as_it_should(size: pd.DataFrame) -> None:
    """floor(0.05 (N0 + 1)) / (N0 + 1) on 2,000 panels; where that is nothing, not one."""
    rows = size[size["setting"] == "as planned"]
    assert set(rows["case"]) == {"huari", "london", "washington_dc", "chile", "latvia"}
    for row in rows.itertuples():
        target = exact_size(row.n_donors, 0.05)
        assert row.target_at_5 == pytest.approx(target)
        assert row.draws == PANELS or row.method != "twfe"
        assert abs(row.at_5 - target) <= ERRORS * monte_carlo_error(target, row.draws), row


def test_size_is_exact_in_the_longer_run(size: pd.DataFrame) -> None:
    """With 100,000 panels and at both levels. A yardstick that leaves the treated place out would go beyond the level
    by more than error allows and by up to a third, which is why the package's counts it."""
    rows = size[size["setting"] == "precise"]
    for row in rows.itertuples():
        for level in LEVELS:
            target, rate = getattr(row, f"target_{level}"), getattr(row, level)
            error = ERRORS * monte_carlo_error(target, row.draws)
            assert abs(rate - target) <= error, row
            if row.n_outcomes > 1 and target > 0:
                assert error < getattr(row, f"without_{level}") - target < target / 3, row


def test_collapsed_t_keeps_its_level(size: pd.DataFrame) -> None:
    rows = size[(size["treated_noise"] == 1) & size["t_at_5"].notna()]
    for row in rows.itertuples():
        assert abs(row.t_at_5 - 0.05) <= ERRORS * monte_carlo_error(0.05, row.draws), row


def test_cluster_robust_rejection_is_near_its_closed_form(size: pd.DataFrame) -> None:
    """The closed form at 8, 19 and 60 donors, worked out by hand, and simulated rates within Monte Carlo error."""
    for n, rate in ((8, 0.442), (19, 0.640), (60, 0.798)):
        assert cluster_rejection(n) == pytest.approx(rate, abs=5e-4)
    rows = size[(size["setting"] == "as planned") & size["cluster_at_5"].notna()]
    for row in rows.itertuples():
        expected = cluster_rejection(row.n_donors)
        assert abs(row.cluster_at_5 - expected) <= ERRORS * monte_carlo_error(expected, row.draws), row


def test_noisy_treated_place_and_its_correction(size: pd.DataFrame) -> None:
    """Twice as noisy: the plain test errs several times too often, the rescaled one less than three times."""
    rows = size[(size["setting"] == "variance by size") & (size["treated_noise"] == 2)]
    assert len(rows) == 3
    assert (rows["at_5"] > 4 * rows["target_at_5"]).all()
    assert (rows["rescaled_at_5"] < 3 * rows["target_at_5"]).all()
    quiet = size[(size["treated_noise"] == 0.5) & (size["setting"] == "unequal noise")]
    assert (quiet["at_5"] < 0.002).all()


def noncentral_power(multiple: float, n_donors: int, level: float = 0.05) -> float:
    """Exact power of the collapsed t with equal weights against an effect in donor-change SD (noncentral t)."""
    df, centre = n_donors - 1, multiple / np.sqrt(1 + 1 / n_donors)
    limit = stats.t.ppf(1 - level / 2, df)
    return float(stats.nct.sf(limit, df, centre) + stats.nct.cdf(-limit, df, centre))


def test_power_of_the_collapsed_t_is_the_noncentral_t(power: pd.DataFrame) -> None:
    """Equal weights only; Huari's provinces have unequal ones, which the formula does not know."""
    rows = power[power["t_at_5"].notna() & (power["case"] != "huari")]
    for row in rows.itertuples():
        expected = noncentral_power(row.effect, row.n_donors)
        error = monte_carlo_error(expected, row.draws)
        assert abs(row.t_at_5 - expected) <= ERRORS * max(error, 1 / row.draws), row


def test_detectable_effect_is_found_four_times_in_five(power: pd.DataFrame) -> None:
    """By the collapsed t, for which the formula is made; the formula's own error is below one point."""
    rows = power[power["point"] == "detectable"]
    assert len(rows) == 8
    for row in rows.itertuples():
        assert abs(noncentral_power(row.effect, row.n_donors) - 0.8) < 0.01
        assert abs(row.t_at_5 - 0.8) <= 0.01 + ERRORS * monte_carlo_error(0.8, row.draws), row
        grid = power[
            (power["case"] == row.case) & (power["outcomes"] == row.outcomes) & (power["point"] == "grid")
        ]
        assert effect_at(grid["effect"], grid["t_at_5"]) == pytest.approx(row.effect, abs=0.15)


def test_recovery_adds_up(release: Release) -> None:
    """Two-way fixed effects give back the effect, and the drift on top; taking out the own line takes out the drift."""
    rows = read_sweep(SWEEP["recovery"], release)
    equal = rows[rows["case"] != "huari"]
    for kind, extra in (("constant", 0), ("growing", 0), ("drift", 1)):
        plain = equal[(equal["method"] == "twfe") & (equal["effect"] == kind)]
        assert plain["bias"].to_numpy() == pytest.approx(np.full(len(plain), extra), abs=1e-8)
    assert rows.loc[rows["method"] == "own line out", "bias"].abs().max() < 1e-8
    wide = rows.pivot(index=["case", "outcomes", "method"], columns="effect", values="rmse")
    assert wide["constant"].to_numpy() == pytest.approx(wide["growing"].to_numpy(), rel=1e-8)


def test_match_on_starts_leaves_a_shift_only_if_starts_predict_changes() -> None:
    starts = np.linspace(40, 60, 21)
    level, falling = np.column_stack([starts, starts + 5]), np.column_stack([starts, 0.5 * starts + 30])
    for y, shift in ((level, 0), (falling, -0.5)):
        y = np.vstack([[52, 60], y + np.random.default_rng(1).normal(0, 1e-9, y.shape)])
        low = np.vstack([y[0], y[1:][starts <= 54]])
        everyone, matched = (bare_panel(part, 1, np.ones(len(part) - 1), (1, 2)) for part in (y, low))
        expected = shift * (52 - low[1:, 0].mean())
        assert start_shift(matched, everyone) * collapsed_t(matched).donor_sd == pytest.approx(
            expected, abs=1e-6
        )


def test_shipped_references_stand_in_the_reference_folder() -> None:
    shipped = {
        entry["key"]: entry["reference"] for entry in json.loads(OUTSIDE.read_text("utf-8"))["references"]
    }
    prop, organ, bcg = (
        json.loads((REFERENCE / name / "expected.json").read_text("utf-8"))
        for name in ("prop99", "organ_donations", "bcg")
    )
    r, exact, metafor = prop["R synthdid 0.0.9"], prop["exact optimum"], bcg["metafor 3.8-1"]
    placebos = pd.read_csv(REFERENCE / "prop99/placebo_in_space_R.csv", index_col=0)
    expected = {
        "prop99.twfe": r["did"], "prop99.sdid": exact["sdid"], "prop99.sdid_r": r["sdid"], "prop99.sc": exact["sc"],
        "prop99.sc_r": r["sc"], "prop99.sd_twfe": placebos["did"].std(), "prop99.sd_sdid_r": placebos["sdid"].std(),
        "organ.twfe": organ["R fixest 0.12.2"]["coef"], "organ.t": next(iter(organ["statsmodels 0.15.0"].values())),
        "bcg.tau2": metafor["tau2"], "bcg.effect": metafor["b"], "bcg.se": metafor["se"], "bcg.low": metafor["pi"][0],
        "bcg.high": metafor["pi"][1],
    }  # fmt: skip
    assert {key: value for key, value in shipped.items() if key in expected} == pytest.approx(
        expected, rel=1e-12
    )
    assert set(shipped) - set(expected) == {
        "prop99.ridge",
        "prop99.ridge_unit",
    }  # computed anew in their own test


@pytest.mark.parametrize(
    ("name", "unit", "period", "value"),
    [("prop99", "state", "year", "cigsale"), ("organ_donations", "State", "Quarter_Num", "Rate")],
)
def test_shipped_examples_are_the_reference_data(name: str, unit: str, period: str, value: str) -> None:
    panel = outside_panel(name)
    wide = pd.read_csv(REFERENCE / name / "input.csv").pivot(index=unit, columns=period, values=value)
    assert tuple(wide.columns) == panel.years and set(wide.index) == set(panel.units)
    assert (wide.loc[list(panel.units)].to_numpy() == panel.y).all()


def test_package_agrees_with_every_outside_reference() -> None:
    found = agreements()
    assert (found["difference"] <= found["tolerance"]).all(), found[["key", "difference", "tolerance"]]


def test_locked_rows_of_other_inputs_are_refused(release: Release) -> None:
    changed = Sweep("size", 1, SWEEP["size"].cells, SWEEP["size"].run, SWEEP["size"].hidden)
    with pytest.raises(SweepError, match="computed from other inputs"):
        read_sweep(changed, release)
