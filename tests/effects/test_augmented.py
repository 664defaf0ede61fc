"""Ridge-augmented synthetic control agrees with pysyncon, and at its limits with theory.

Reference: Ben-Michael, Feller & Rothstein (2021).
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from leadership_effects.data.panels import Panel, build_panel
from leadership_effects.data.plan import case_plan
from leadership_effects.data.release import Release
from leadership_effects.effects.augmented import (
    MINIMUM_PRE,
    augment,
    augmented_synthetic_control,
    choose_ridge,
    period_errors,
    ridge_grid,
)
from leadership_effects.effects.weights import EstimatorError, sc_weights
from leadership_effects.simulation.references import agreements
from pysyncon import AugSynth, Dataprep

CLOSED_FORM = 1e-10  # the same linear algebra on the same weights
SLSQP = 1e-4  # pysyncon's inner search leaves weights loose in the sixth decimal: 3e-5 packs of 16
FOLDS = 1e-3  # relative: its squared errors in single years inherit that, most where they are small
PRE = list(range(1970, 1989))


def pysyncon_fit(panel: Panel, ridge: float, unit_effects: bool) -> tuple[AugSynth, pd.DataFrame]:
    wide = pd.DataFrame(panel.y, index=list(panel.units), columns=list(panel.years))
    if unit_effects:
        wide = wide.sub(wide[PRE].mean(axis=1), axis=0)
    long = wide.rename_axis("unit").reset_index().melt("unit", var_name="year", value_name="value")
    long["year"] = long["year"].astype(int)
    prepared = Dataprep(
        foo=long, predictors=[], predictors_op="mean", time_predictors_prior=PRE, dependent="value",
        unit_variable="unit", time_variable="year", treatment_identifier=panel.units[0],
        controls_identifier=list(panel.units[1:]), time_optimize_ssr=PRE,
    )  # fmt: skip
    fit = AugSynth()
    fit.fit(prepared, lambda_=ridge, use_covariates=False)
    return fit, wide


@pytest.mark.parametrize("unit_effects", [False, True])
@pytest.mark.parametrize("ridge", [1.0, 400.0, 1e5])
def test_weights_and_effect_are_those_of_pysyncon(prop99: Panel, ridge: float, unit_effects: bool) -> None:
    theirs, wide = pysyncon_fit(prop99, ridge, unit_effects)
    ours = augmented_synthetic_control(prop99, unit_effects=unit_effects, ridge=ridge)
    gap = wide.iloc[0] - theirs.W @ wide.iloc[1:]
    assert ours.att == pytest.approx(gap[gap.index > 1988].mean(), abs=SLSQP)
    assert ours.unit_weights == pytest.approx(theirs.W, abs=SLSQP)
    assert ours.gap == pytest.approx(gap.to_numpy(), abs=10 * SLSQP)


def test_correction_of_given_weights_is_that_of_pysyncon(prop99: Panel) -> None:
    treated, donors = prop99.y[0, :19], prop99.y[1:, :19]
    convex = sc_weights(treated, donors, 19, demeaned=False)
    centre = donors.mean(axis=0)
    theirs = convex + AugSynth.solve_ridge(treated - centre, (donors - centre).T, convex, 430.0)
    assert augment(treated, donors, convex, 430.0) == pytest.approx(theirs, abs=CLOSED_FORM)


def test_cross_validation_is_that_of_pysyncon(prop99: Panel) -> None:
    """pysyncon leaves out all periods but the last; asked for one more it leaves out each."""
    treated, donors = prop99.y[0, :19], prop99.y[1:, :19]
    ridges = ridge_grid(donors)
    chosen, mean, error = choose_ridge(ridges, period_errors(treated, donors, ridges, unit_effects=False))
    centre = donors.mean(axis=0)
    theirs = AugSynth().cross_validate(
        pd.DataFrame((donors - centre).T), pd.Series(treated - centre), ridges, 20
    )
    assert mean == pytest.approx(theirs.errors_mean, rel=FOLDS)
    assert error == pytest.approx(theirs.errors_se, rel=FOLDS)
    assert chosen == theirs.best_lambda(min_1se=True)


def test_shipped_reference_is_what_pysyncon_gives(prop99: Panel) -> None:
    shipped = agreements().set_index("key")
    for key, unit_effects in (("prop99.ridge", False), ("prop99.ridge_unit", True)):
        theirs, wide = pysyncon_fit(prop99, shipped.loc[key, "ridge"], unit_effects)
        gap = wide.iloc[0] - theirs.W @ wide.iloc[1:]
        assert gap[gap.index > 1988].mean() == pytest.approx(shipped.loc[key, "reference"], abs=SLSQP)


@pytest.mark.parametrize("unit_effects", [False, True])
def test_ends_of_the_penalty(prop99: Panel, unit_effects: bool) -> None:
    """Endless: the convex weights, no extrapolation. Next to none: the pre-periods fitted exactly."""
    endless = augmented_synthetic_control(prop99, unit_effects=unit_effects, ridge=1e15)
    assert endless.unit_weights == pytest.approx(endless.convex_weights, abs=1e-9)
    none = augmented_synthetic_control(prop99, unit_effects=unit_effects, ridge=1e-6)
    assert none.pre_rmspe < 1e-3 < endless.pre_rmspe
    assert none.extrapolation < -0.5 < endless.extrapolation
    for fit in (endless, none):
        assert fit.unit_weights.sum() == pytest.approx(1, abs=1e-9)


def test_a_constant_gap_is_allowed_with_unit_effects_alone(prop99: Panel) -> None:
    lifted = replace(prop99, y=prop99.y + 50 * np.eye(39)[0][:, None])
    before, after = (augmented_synthetic_control(p, unit_effects=True) for p in (prop99, lifted))
    assert after.att == pytest.approx(before.att, abs=1e-7)
    assert after.ridge == before.ridge
    plain = augmented_synthetic_control(lifted, unit_effects=False)
    assert abs(plain.att - before.att) > 1


def test_left_out_period_does_not_predict_itself(prop99: Panel) -> None:
    """Moving one pre-period of the treated unit moves its own error by the square of what was added, no fold's fit."""
    treated, donors = prop99.y[0, :19], prop99.y[1:, :19]
    ridges = np.array([100.0])
    moved = treated + 7 * np.eye(19)[4]
    for unit_effects in (False, True):
        errors = [period_errors(path, donors, ridges, unit_effects=unit_effects) for path in (treated, moved)]
        first, second = (float(np.sqrt(found[4, 0])) for found in errors)
        assert min(abs(second - first - 7), abs(second - abs(first - 7))) <= 1e-9


def test_no_panel_of_the_release_bears_it(release: Release) -> None:
    for case in release.plan["cases"]:
        plan = case_plan(release, case)
        for name, entry in plan.panels.items():
            panel = build_panel(release, entry)
            assert panel.n_pre < MINIMUM_PRE
            words = rf"^{case}\.{name}: .* needs 10 pre-periods, the panel has {panel.n_pre}"
            with pytest.raises(EstimatorError, match=words):
                augmented_synthetic_control(panel)


def test_bad_input_is_refused(prop99: Panel) -> None:
    with pytest.raises(EstimatorError, match="penalty must be positive, found 0"):
        augmented_synthetic_control(prop99, ridge=0)
    lonely = replace(prop99, y=prop99.y[:2], units=prop99.units[:2], weights=np.ones(1))
    with pytest.raises(EstimatorError, match="needs two donors, found 1"):
        augmented_synthetic_control(lonely)
