"""Sets by relative magnitudes against R HonestDiD and diff-diff, a linear programme, and the estimates they start from."""

from __future__ import annotations

import json
from pathlib import Path as File

import numpy as np
import pytest
from leadership_effects.effects.staggered.event_study import event_study
from leadership_effects.effects.staggered.imputation import ADJUSTED, PLAIN, Terms, impute
from leadership_effects.effects.staggered.sensitivity import (
    REFERENCES,
    Path,
    SensitivityError,
    breakdown,
    event_path,
    hybrid_set,
    identified_set,
    largest_step,
    projected_set,
    relative_magnitudes,
)
from made_staggered import noise_panel
from scipy.optimize import linprog

FOLDER = File(__file__).parents[1] / "reference" / "benzarti_carloni"
INPUT, EXPECTED = (json.loads((FOLDER / name).read_text("utf-8")) for name in ("input.json", "expected.json"))
PROGRAMME = 1e-8  # linprog's own accuracy
ALGEBRA = 1e-10  # the same numbers by another route


def published(weights: list[float]) -> Path:
    n, beta = INPUT["before"], np.array(INPUT["betahat"])
    return Path(beta[:n], beta[n:], np.array(INPUT["sigma"]), np.array(weights))


FIRST, THIRD, MEAN = (published(w) for w in ([1, 0, 0, 0], [0, 0, 1, 0], [0.25] * 4))


def test_hybrid_set_is_that_of_the_authors_package() -> None:
    """R tests 1,000 points over 40 errors and prints three digits; its critical value comes from 1,000 draws."""
    for m, low, high in EXPECTED["first_wave"]["rows"]:
        found = hybrid_set(FIRST, m, 0.95)
        step = 40 * FIRST.se / 999 + 5e-4
        assert found[0] == pytest.approx(low, abs=step)
        assert high is None or found[1] == pytest.approx(high, abs=step)
    for m, low, high in EXPECTED["third_wave"]["rows"]:
        assert hybrid_set(THIRD, m, 0.95) == pytest.approx((low, high), abs=EXPECTED["third_wave"]["step"])


def test_set_without_violations_is_the_ordinary_interval() -> None:
    usual = (EXPECTED["parallel"]["low"], EXPECTED["parallel"]["high"])
    assert hybrid_set(FIRST, 0, 0.95, hybrid=False) == pytest.approx(usual, abs=ALGEBRA)
    assert projected_set(FIRST, 0, 0.95) == pytest.approx(usual, abs=ALGEBRA)


def programme(path: Path, m: float) -> tuple[float, float]:
    """Bounds by definition: the violations are variables, those before the start are the coefficients."""
    h, largest = len(path.after), largest_step(path)
    change = np.eye(h) - np.eye(h, k=-1)
    a, b = np.vstack([change, -change]), np.full(2 * h, m * largest)
    worst = [linprog(sign * path.weights, a, b, bounds=(None, None)).fun for sign in (-1, 1)]
    return path.estimate + worst[0], path.estimate - worst[1]


@pytest.mark.parametrize("m", [0.5, 1.0, 2.0])
@pytest.mark.parametrize("weights", [[1, 0, 0, 0], [0.25] * 4, [0.1, -0.4, 0.3, 1.0]])
def test_identified_set_is_the_linear_programme(weights: list[float], m: float) -> None:
    path = published(weights)
    assert identified_set(path, m) == pytest.approx(programme(path, m), abs=PROGRAMME)
    low, high = hybrid_set(path, m)
    wide = projected_set(path, m)
    assert low <= identified_set(path, m)[0] and identified_set(path, m)[1] <= high
    assert wide[0] <= identified_set(path, m)[0] and identified_set(path, m)[1] <= wide[1]


def test_identified_set_is_that_of_diff_diff() -> None:
    paths = {"first_wave": FIRST, "third_wave": THIRD, "average": MEAN}
    for name, m, low, high in EXPECTED["identified"]["rows"]:
        assert identified_set(paths[name], m) == pytest.approx((low, high), abs=PROGRAMME)
    assert identified_set(MEAN, 1.0)[1] == pytest.approx(EXPECTED["average_identified"]["high"], abs=1e-9)


def test_breakdown_is_where_the_set_first_holds_the_value() -> None:
    for bounds in (hybrid_set, projected_set):
        m = breakdown(FIRST, 0.0, 0.95, bounds)
        assert bounds(FIRST, m, 0.95)[0] <= 0 < bounds(FIRST, m - 0.002, 0.95)[0]
        assert breakdown(FIRST, 0.2, 0.95, bounds) == 0
    assert breakdown(FIRST, 1e3, 0.95, projected_set) == float("inf")


def test_projected_set_grows_and_inflated_errors_widen() -> None:
    table = relative_magnitudes(MEAN, [0, 0.5, 1, 1.5, 2])
    assert (np.diff(table["projected_low"]) < 0).all() and (np.diff(table["projected_high"]) > 0).all()
    half = 0.5 * (projected_set(MEAN, 0)[1] - projected_set(MEAN, 0)[0])
    assert MEAN.inflated(half / 2).se == MEAN.se
    assert projected_set(MEAN.inflated(1.5 * half), 0)[1] - MEAN.estimate == pytest.approx(1.5 * half)


@pytest.mark.parametrize("terms", [PLAIN, ADJUSTED])
def test_path_starts_from_the_estimates(terms: Terms) -> None:
    """With all waves before as reference the effect is the headline; with the last one, leads enter the fit."""
    panel = noise_panel(4, series=2)
    late, whole = (event_path(panel, terms, reference=name) for name in REFERENCES)
    study = event_study(panel, terms)
    assert whole.estimate == pytest.approx(impute(panel, terms).estimate, abs=ALGEBRA)
    assert np.concatenate([whole.before, whole.after]) == pytest.approx(study.estimates, abs=ALGEBRA)
    early, last = -study.estimates[2], study.estimates[:2] - study.estimates[2]
    assert late.before == pytest.approx([early, *last], abs=ALGEBRA)


def test_last_wave_as_reference_knows_a_broken_trend() -> None:
    """A place-specific path that is flat from the last wave on, with no noise: nothing is left at M = 0."""
    panel = noise_panel(5)
    since = np.nan_to_num(panel.since, nan=0.0)
    panel.y[:] = (np.clip(since, -4, -1) * panel.treated[:, None])[:, None, :]
    path = event_path(panel, leads=3)
    assert path.before == pytest.approx([-3, -2, -1], abs=1e-9)
    assert np.abs(path.after).max() < 1e-9


def test_bad_input() -> None:
    with pytest.raises(SensitivityError, match="M is -1"):
        identified_set(FIRST, -1)
    with pytest.raises(SensitivityError, match="one of each is needed"):
        Path(np.empty(0), FIRST.after, FIRST.covariance, FIRST.weights)
    with pytest.raises(SensitivityError, match="do not fit"):
        Path(FIRST.before, FIRST.after, FIRST.covariance[:-1, :-1], FIRST.weights)
    with pytest.raises(SensitivityError, match="allowed: last wave before"):
        event_path(noise_panel(1), reference="first")
