"""Rerun cells give the locked rows of simulations, and the rows support what the book says of the tests."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from leadership_effects.data.release import Release
from leadership_effects.effects.inference import collapsed_t, family_p, placebo_in_space
from leadership_effects.simulation.null_panels import (
    Design,
    cluster_p,
    collapsed_p,
    design_shape,
    designs,
    errors_from_target,
    max_t_p,
    null_panels,
    read_shape,
    twfe_effects,
)

CLOSED_FORM = 1e-10  # the same sums in another order


@pytest.fixture(scope="module")
def tests(release: Release) -> list[Design]:
    return designs(release)


def test_closed_form_is_the_test_of_the_package(tests: list[Design]) -> None:
    """Effects, placebos, family p and collapsed t of every design on its real panels."""
    for design in tests:
        weights = read_shape(design_shape(design)).weights
        places = sorted(set().union(*(panel.units[1:] for panel in design.panels)))
        found, enumerated = [], [placebo_in_space(panel, "twfe") for panel in design.panels]
        for panel, row, expected in zip(design.panels, weights, enumerated, strict=True):
            before, after = np.split(panel.y, [panel.n_pre], axis=1)
            change = pd.Series(after.mean(1) - before.mean(1), panel.units)
            wide = np.array([[change.iloc[0], *(change.get(place, 0.0) for place in places)]])
            treated, placebos = twfe_effects(wide, row)
            found.append((treated, placebos))
            assert treated[0] == pytest.approx(expected.treated, abs=CLOSED_FORM)
            assert placebos[0][~np.isnan(placebos[0])] == pytest.approx(expected.effects, abs=CLOSED_FORM)
        p = max_t_p(np.array([t for t, _ in found]), np.array([p for _, p in found]))[0]
        assert p == pytest.approx(family_p(enumerated), abs=CLOSED_FORM)
        if len(enumerated) == 1:
            assert p == pytest.approx(enumerated[0].p_value, abs=CLOSED_FORM)
            own = collapsed_t(design.panels[0]).p
            assert collapsed_p(wide, row)[0] == pytest.approx(own, abs=CLOSED_FORM)


def test_cluster_robust_p_is_that_of_statsmodels() -> None:
    change = np.random.default_rng(5).normal(size=21)
    dummy = np.eye(21)[0]
    fit = sm.OLS(change, sm.add_constant(dummy)).fit(
        cov_type="cluster", cov_kwds={"groups": np.arange(21)}, use_t=True
    )
    assert cluster_p(change[None])[0] == pytest.approx(fit.pvalues[1], abs=1e-9)


def test_null_panels_move_as_the_donors_do(tests: list[Design]) -> None:
    """Covariance of changes over outcomes, and of the whole noise of one design, within sampling error."""
    design = next(design for design in tests if len(design.outcomes) == 4)
    shape = read_shape(design_shape(design))
    panels = null_panels(np.random.default_rng(11), shape, 400)
    flat = np.concatenate(panels, axis=-1)
    flat = flat - flat.mean(axis=1, keepdims=True)
    ends = np.cumsum([0, *(len(path) for path in shape.years)])
    parts = [flat[..., a:b] - flat[..., a:b].mean(axis=-1, keepdims=True) for a, b in pairwise(ends)]
    noise = np.concatenate(parts, axis=-1).reshape(-1, ends[-1])
    drawn = noise.T @ noise / (400 * (panels[0].shape[1] - 1))
    wanted = shape.residuals.T @ shape.residuals / (len(shape.residuals) - 1)
    scale = np.sqrt(np.outer(np.diag(wanted), np.diag(wanted)))
    assert np.abs(drawn - wanted).max() / scale.max() < 0.05
    own = np.array([collapsed_t(panel).donor_sd for panel in design.panels])
    assert shape.change_sd == pytest.approx(own, rel=CLOSED_FORM)


def test_a_rate_is_measured_in_standard_errors_of_its_target() -> None:
    rates = pd.DataFrame(
        {"at_10": [0.1, 0.13, 0.0], "target_at_10": [0.1, 0.1, 0.0], "draws": [400, 100, 400]}
    )
    assert errors_from_target(rates, 10).tolist() == pytest.approx([0.0, 1.0, 0.0])


def test_the_rows_of_a_design_are_those_of_all_its_panels(tests: list[Design]) -> None:
    several = next(design for design in tests if len(design.panels) > 1)
    assert several.rows.members == frozenset().union(*(panel.rows.members for panel in several.panels))
    assert several.rows.count == len(several.rows.members)
