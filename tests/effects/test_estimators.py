"""Estimators and inference agree with numbers of other people's software and papers."""

from __future__ import annotations

import itertools
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import statsmodels.formula.api as smf
from leadership_effects.data.panels import GapSeries, Panel, Scale
from leadership_effects.data.provenance import Rows
from leadership_effects.data.release import newest_release
from leadership_effects.effects.estimators import estimate, interrupted_gap
from leadership_effects.effects.inference import (
    collapsed_t,
    minimum_detectable_effect,
    permutation_p,
    placebo_in_space,
)
from leadership_effects.effects.weights import method_weights, simplex_weights
from leadership_effects.report.study import Study
from leadership_effects.synthesis.joint import expected_best_of, joint_randomisation
from leadership_effects.synthesis.pooling import leave_one_out, pool
from synthdid.estimate import synthdid_estimate

REFERENCE = Path(__file__).parents[1] / "reference"
EXACT = (
    1e-6  # our optimum against a convex programme solved to 1e-12; the references are printed to eight digits
)
SCALE = Scale("reference", "reference", "", 1, None, "")


def wide_panel(path: str, unit: str, time_column: str, value: str, treated: str, n_pre: int) -> Panel:
    wide = pd.read_csv(REFERENCE / path).pivot(index=unit, columns=time_column, values=value)
    donors = wide.drop(index=treated)
    y = np.vstack([wide.loc[treated], donors])
    return Panel("reference", y, (treated, *donors.index), tuple(wide.columns), n_pre, np.ones(len(donors)), (), SCALE,
                 Rows(0, "", ()))  # fmt: skip


@pytest.fixture(scope="module")
def prop99() -> Panel:
    return wide_panel("prop99/input.csv", "state", "year", "cigsale", "California", 19)


@pytest.fixture(scope="module")
def organ() -> Panel:
    return wide_panel("organ_donations/input.csv", "State", "Quarter_Num", "Rate", "California", 3)


@pytest.mark.parametrize(
    ("method", "att"),
    [("twfe", -27.34911108), ("sdid", -15.60539792), ("sc", -19.51362976)],
)
def test_proposition_99_effects(prop99: Panel, method: str, att: float) -> None:
    assert estimate(prop99, method).att == pytest.approx(att, abs=EXACT)


def test_published_synthetic_control_is_a_stopping_artefact_we_beat(prop99: Panel) -> None:
    """The published -19.62 leaves a pre-period sum of squares of 52.66; the optimum is 52.13."""
    fit = estimate(prop99, "sc")
    assert np.square(fit.gap[:19]).sum() == pytest.approx(52.12957148, abs=1e-5)
    assert fit.att == pytest.approx(-19.61966347, abs=0.15)


@pytest.mark.parametrize(("method", "sd"), [("twfe", 17.519), ("sdid", 9.494), ("sc", 10.776)])
def test_proposition_99_enumerated_placebo_sd(prop99: Panel, method: str, sd: float) -> None:
    assert placebo_in_space(prop99, method).sd == pytest.approx(sd, abs=5e-4)


@pytest.mark.parametrize(("method", "column", "tolerance"), [("twfe", "did", EXACT), ("sdid", "sdid", 0.06)])
def test_proposition_99_each_placebo_as_in_r(
    prop99: Panel, method: str, column: str, tolerance: float
) -> None:
    """R's SDID stops early, which moves single placebos by up to 0.055; two-way fixed effects has nothing to stop."""
    expected = pd.read_csv(REFERENCE / "prop99/placebo_in_space_R.csv", index_col=0)[column]
    ours = placebo_in_space(prop99, method)
    assert ours.effects == pytest.approx(expected.loc[list(ours.units)].to_numpy(), abs=tolerance)


@pytest.mark.parametrize("method", ["twfe", "sdid"])
def test_weighted_least_squares_equals_the_weighted_double_difference(prop99: Panel, method: str) -> None:
    fit = estimate(prop99, method)
    assert fit.att == pytest.approx(fit.gap[19:].mean(), abs=1e-9)


def test_organ_donations(organ: Panel) -> None:
    placebos, t = placebo_in_space(organ, "twfe"), collapsed_t(organ)
    assert placebos.treated == pytest.approx(-0.02245897436, abs=1e-9)
    assert placebos.p_value == 5 / 27
    assert placebos.floor == 1 / 27
    assert placebos.sd == pytest.approx(0.03192582554, abs=1e-9)
    assert (t.t, t.p, t.df) == (pytest.approx(-0.7179363033), pytest.approx(0.4794524149), 25)


def test_cluster_robust_error_is_too_small_by_the_root_of_donors_plus_one(organ: Panel) -> None:
    """Why no cluster-robust p-value is printed: statsmodels reproduces 0.00672, where the exact t's error is 0.0313."""
    frame = organ.long().assign(d=lambda f: (f["treated"] & (f["year"] > 3)).astype(float))
    groups = frame["unit"].astype("category").cat.codes
    fit = smf.ols("value ~ d + C(unit) + C(year)", frame).fit(cov_type="cluster", cov_kwds={"groups": groups})
    assert fit.bse["d"] == pytest.approx(0.006720765527, abs=1e-9)
    n, k = 162, 33
    uncorrected = fit.bse["d"] / np.sqrt(27 / 26 * (n - 1) / (n - k))
    assert collapsed_t(organ).se / uncorrected == pytest.approx(np.sqrt(27) * np.sqrt(26 / 25), rel=1e-9)


def test_detectable_effect_is_the_textbook_multiple() -> None:
    """3.46, 3.04, 2.97 and 2.87 donor SDs at 8, 19, 26 and 60 donors."""
    rng = np.random.default_rng(20261124)
    for n, multiple in ((8, 3.46), (19, 3.04), (26, 2.97), (60, 2.87)):
        y = rng.normal(size=(n + 1, 4))
        panel = Panel(
            "", y, tuple(map(str, range(n + 1))), (1, 2, 3, 4), 2, np.ones(n), (), SCALE, Rows(0, "", ())
        )
        assert minimum_detectable_effect(panel) / collapsed_t(panel).donor_sd == pytest.approx(
            multiple, abs=0.005
        )


SIZES = [  # donors, treated noise, effect in SD, collapsed t, permutation; 4,000 draws of an outside simulation
    (8, 1, 0, 0.051, 0.0), (8, 2, 0, 0.270, 0.0), (8, 0.5, 0, 0.006, 0.0),
    (19, 1, 0, 0.04875, 0.048), (19, 2, 0, 0.30075, 0.28775), (19, 0.5, 0, 0.00025, 0.0015),
    (60, 1, 0, 0.0515, 0.0505), (60, 2, 0, 0.303, 0.2975), (19, 1, 3, 0.796, 0.7575), (60, 1, 3, 0.828, 0.816),
]  # fmt: skip


@pytest.mark.parametrize(("donors", "noise", "effect", "t_rate", "permutation_rate"), SIZES)
def test_size_and_power_with_one_treated_place(
    donors: int, noise: float, effect: float, t_rate: float, permutation_rate: float
) -> None:
    """Rejection rates agree within four Monte Carlo errors of a difference of two runs."""
    draws = 1500
    rng = np.random.default_rng(7)
    rejected = np.zeros(2)
    for _ in range(draws):
        change = rng.normal(size=donors + 1)
        change[0] = change[0] * noise + effect
        y = np.column_stack([np.zeros(donors + 1), change])
        panel = Panel(
            "", y, tuple(map(str, range(donors + 1))), (0, 1), 1, np.ones(donors), (), SCALE, Rows(0, "", ())
        )
        others = (change[1:].sum() - change[1:]) / (donors - 1)
        p = permutation_p(change[0] - change[1:].mean(), change[1:] - others)
        rejected += [collapsed_t(panel).p < 0.05, p <= 0.05 + 1e-12]
    for rate, expected in zip(rejected / draws, (t_rate, permutation_rate), strict=True):
        error = np.sqrt(max(expected * (1 - expected), 0.002) * (1 / draws + 1 / 4000))
        assert rate == pytest.approx(expected, abs=4 * error)


def test_bcg_trials_as_in_metafor() -> None:
    """metafor 3.8-1: REML, Hartung-Knapp, t prediction interval with k - 1 degrees of freedom, Q-profile."""
    trials = pd.read_csv(REFERENCE / "bcg/input.csv")
    result = pool(trials["yi"], trials["vi"], modified=False)
    assert result.tau2 == pytest.approx(0.3132432581, abs=1e-7)
    assert (result.effect, result.se) == (pytest.approx(-0.7145323422), pytest.approx(0.1807917441))
    assert result.interval == pytest.approx((-1.108443714, -0.3206209706))
    assert result.prediction == pytest.approx((-1.996016834, 0.5669521499))
    assert result.p == pytest.approx(0.001920015096)
    assert (result.q, result.i2) == (pytest.approx(152.2330081), pytest.approx(92.22138452))
    # metafor's Q-profile search stops at 1e-4 of the interval
    assert result.tau2_interval == pytest.approx((0.1196953128, 1.111486262), rel=5e-4)
    assert [one.tau2 for one in leave_one_out(trials["yi"], trials["vi"])][:3] == pytest.approx(
        [0.3361567453, 0.2925830856, 0.3207380569], abs=1e-6
    )


def test_modified_hartung_knapp_never_narrows_a_homogeneous_set() -> None:
    effects, variances = [0.10, 0.11, 0.12, 0.10], [0.04, 0.05, 0.04, 0.06]
    modified, plain = pool(effects, variances), pool(effects, variances, modified=False)
    assert modified.tau2 == 0.0
    assert plain.se < modified.se == pytest.approx(1 / np.sqrt((1 / np.array(variances)).sum()))


def test_joint_randomisation_counts_every_draw() -> None:
    rng = np.random.default_rng(3)
    cases = [rng.normal(size=n) for n in (4, 5, 6, 3)]
    means = np.array([np.mean(draw) for draw in itertools.product(*cases)])
    own = np.mean([case[0] for case in cases])
    test = joint_randomisation(cases)
    assert test.n_draws == len(means) == 360
    assert test.p_two_sided == np.mean(np.abs(means) >= abs(own) - 1e-12)
    assert test.p_upper == np.mean(means >= own - 1e-12)


@pytest.mark.parametrize(("n", "expected"), [(9, 1.485), (21, 1.889), (61, 2.326)])
def test_best_of_n_equal_places(n: int, expected: float) -> None:
    assert expected_best_of(n) == pytest.approx(expected, abs=5e-4)


@pytest.mark.parametrize("ridge", [0.0, 1e-9, 0.01, 1.0, 100.0])
@pytest.mark.parametrize(("m", "n"), [(3, 40), (10, 40), (25, 8)])
def test_simplex_weights_satisfy_the_optimality_conditions(m: int, n: int, ridge: float) -> None:
    rng = np.random.default_rng(m * n)
    a, b = rng.normal(size=(m, n)), rng.normal(size=m)
    w = simplex_weights(a, b, ridge)
    gradient = a.T @ (a @ w - b) + ridge * w
    active = w > 1e-9
    assert w.sum() == pytest.approx(1) and w.min() >= 0
    assert gradient[active] == pytest.approx(np.full(active.sum(), gradient[active].mean()), abs=1e-6)
    assert gradient.min() >= gradient[active].mean() - 1e-6


def test_interrupted_gap_is_ordinary_least_squares() -> None:
    gap = np.array([5.10, 4.57, 5.21, 4.68, 4.12, 4.13, 3.96, 6.35, 5.99, 8.47])
    years = tuple(range(2010, 2020))
    series = GapSeries("reference", years, gap, np.zeros(10), 6, SCALE, Rows(0, "", ()))
    plain = interrupted_gap(series, trend=False)
    assert plain.change == pytest.approx(gap[6:].mean() - gap[:6].mean())
    frame = pd.DataFrame({"gap": gap, "year": years, "post": np.arange(10) >= 6})
    fit = smf.ols("gap ~ post + year", frame.assign(post=frame["post"].astype(float))).fit()
    assert interrupted_gap(series, trend=True).change == pytest.approx(fit.params["post"])


@pytest.mark.parametrize(("units", "years"), [(51, 10), (108, 15)])
def test_every_sdid_placebo_of_a_case_is_enumerated(units: int, years: int) -> None:
    rng = np.random.default_rng(units)
    y = rng.normal(size=(units, years)).cumsum(axis=1) + rng.normal(50, 10, size=(units, 1))
    panel = Panel("", y, tuple(map(str, range(units))), tuple(range(years)), years - 4, np.ones(units - 1), (), SCALE,
                  Rows(0, "", ()))  # fmt: skip
    assert len(placebo_in_space(panel, "sdid").effects) == units - 1


def test_time_weights_use_the_years_that_predict(prop99: Panel) -> None:
    _, time_weights = method_weights("sdid", prop99.y[0], prop99.y[1:], 19, prop99.weights)
    assert time_weights[-3:] == pytest.approx([0.3664705831, 0.206453175, 0.427076242], abs=1e-5)


def test_two_way_fixed_effects_weights_are_flat(prop99: Panel) -> None:
    unit, flat = method_weights("twfe", prop99.y[0], prop99.y[1:], 19, prop99.weights)
    assert unit == pytest.approx(np.full(38, 1 / 38)) and flat == pytest.approx(np.full(19, 1 / 19))


# Frank-Wolfe steps of the package shrink slowly near the optimum; these are its last digits after 50,000 of them.
STOPS_EARLY = {"prop99": 5e-3, "washington_dc": 5e-2}


@pytest.mark.parametrize("method", ["sdid", "dsc"])
@pytest.mark.parametrize("name", ["prop99", "washington_dc"])
def test_weighted_estimators_are_those_of_another_package(name: str, method: str, prop99: Panel) -> None:
    """synthdid-py on the textbook panel and on one of ours; the demeaned synthetic control is its DIFP.

    Our weights must also fit at least as well by the package's own objective: the difference left is its stopping.
    """
    panel = prop99 if name == "prop99" else Study.open(newest_release(), name).panel("mathematics_g8")
    n, t = panel.n_donors, panel.n_pre
    uniform = {"lambda": np.full(t, 1 / t)}
    settings = {"eta_omega": 1e-2, "weights": uniform} if method == "dsc" else {}
    theirs = synthdid_estimate(
        np.vstack([panel.y[1:], panel.y[:1]]), n, t, max_iter=50_000, min_decrease=1e-7, **settings
    )
    ours = estimate(panel, method)
    assert ours.att == pytest.approx(float(theirs), abs=STOPS_EARLY[name])
    pre = panel.y[:, :t] - panel.y[:, :t].mean(axis=1, keepdims=True)
    noise = np.diff(panel.y[1:, :t], axis=1).std(ddof=1)
    eta = 1e-2 if method == "dsc" else (len(panel.years) - t) ** 0.25

    def objective(weights: np.ndarray) -> float:
        return float(
            np.square(pre[0] - weights @ pre[1:]).sum() + t * (eta * noise) ** 2 * np.square(weights).sum()
        )

    assert objective(ours.unit_weights) <= objective(theirs.weights.omega) * (1 + 1e-9)
