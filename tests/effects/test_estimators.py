"""Estimators and inference agree with numbers of other people's software and papers."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import statsmodels.formula.api as smf
from leadership_effects.data.panels import Array, Panel
from leadership_effects.data.release import newest_release
from leadership_effects.effects.estimators import drift_adjusted, estimate, interrupted_gap
from leadership_effects.effects.inference import (
    collapsed_t,
    minimum_detectable_effect,
    permutation_p,
    placebo_in_space,
)
from leadership_effects.report.study import Study
from leadership_effects.simulation.references import outside_panel
from made_panels import panel_of, random_panel, series_of
from synthdid.estimate import synthdid_estimate

REFERENCE = Path(__file__).parents[1] / "reference"
# Our optimum against a convex programme solved to 1e-12; the references are printed to eight digits.
EXACT = 1e-6
SUMS = 1e-9  # the same sums in another order


@pytest.fixture(scope="module")
def organ() -> Panel:
    return outside_panel("organ_donations")


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
        panel = panel_of(rng.normal(size=(n + 1, 4)), 2)
        found = minimum_detectable_effect(panel) / collapsed_t(panel).donor_sd
        assert found == pytest.approx(multiple, abs=0.005)


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
        panel = panel_of(np.column_stack([np.zeros(donors + 1), change]), 1)
        others = (change[1:].sum() - change[1:]) / (donors - 1)
        p = permutation_p(change[0] - change[1:].mean(), change[1:] - others)
        rejected += [collapsed_t(panel).p < 0.05, p <= 0.05 + 1e-12]
    for rate, expected in zip(rejected / draws, (t_rate, permutation_rate), strict=True):
        error = np.sqrt(max(expected * (1 - expected), 0.002) * (1 / draws + 1 / 4000))
        assert rate == pytest.approx(expected, abs=4 * error)


def test_interrupted_gap_is_ordinary_least_squares() -> None:
    gap = np.array([5.10, 4.57, 5.21, 4.68, 4.12, 4.13, 3.96, 6.35, 5.99, 8.47])
    years = tuple(range(2010, 2020))
    series = series_of(years, gap, 6)
    plain = interrupted_gap(series, trend=False)
    assert plain.change == pytest.approx(gap[6:].mean() - gap[:6].mean())
    frame = pd.DataFrame({"gap": gap, "year": years, "post": np.arange(10) >= 6})
    fit = smf.ols("gap ~ post + year", frame.assign(post=frame["post"].astype(float))).fit()
    assert interrupted_gap(series, trend=True).change == pytest.approx(fit.params["post"])


@pytest.mark.parametrize(("units", "years"), [(51, 10), (108, 15)])
def test_every_sdid_placebo_of_a_case_is_enumerated(units: int, years: int) -> None:
    rng = np.random.default_rng(units)
    y = rng.normal(size=(units, years)).cumsum(axis=1) + rng.normal(50, 10, size=(units, 1))
    assert len(placebo_in_space(panel_of(y, years - 4), "sdid").effects) == units - 1


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


@pytest.mark.parametrize("weights", [np.ones(5), np.array([1.0, 2, 3, 4, 5])], ids=["equal", "unequal"])
def test_every_place_loses_its_own_line_and_no_more(weights: Array) -> None:
    panel = replace(random_panel(5, 4, 3), years=(2001, 2003, 2004, 2007, 2009, 2010, 2013), weights=weights)
    years = np.array(panel.years, float)

    def effect(gap: Array) -> float:
        """Mean distance of the post-period gaps from the line through the pre-period gaps."""
        return float((gap[4:] - np.polyval(np.polyfit(years[:4], gap[:4], 1), years[4:])).mean())

    found = placebo_in_space(drift_adjusted(panel), "twfe")
    donors = panel.y[1:]
    assert found.treated == pytest.approx(effect(panel.y[0] - weights @ donors / weights.sum()), abs=SUMS)
    for j in range(5):
        rest = [k for k in range(5) if k != j]
        own = effect(donors[j] - weights[rest] @ donors[rest] / weights[rest].sum())
        assert found.effects[j] == pytest.approx(own, abs=SUMS)
