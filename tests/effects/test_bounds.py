"""Verdicts of sets against the effects of interest: ends, ties, infinite ends, no pupil SD, and how often a zero falls out."""

import numpy as np
import pytest
from leadership_effects.data.plan import PlanError
from leadership_effects.data.release import Release
from leadership_effects.effects.pupil_scale import AT_LEAST, CANNOT_SAY, RULED_OUT
from leadership_effects.effects.staggered.bounds import (
    BoundsError,
    Interest,
    bounds,
    read_interest,
    zero_ruled_out,
)
from scipy import stats

PLAN = Interest(0.05, 0.2, 0.9)
INF = float("inf")


@pytest.mark.parametrize(
    ("low", "high", "said"),
    [
        (0.05, 0.3, AT_LEAST),
        (0.05 - 1e-12, INF, AT_LEAST),  # a tie but for rounding
        (0.049, 0.3, CANNOT_SAY),
        (-0.3, 0.049, RULED_OUT),
        (-INF, -0.1, RULED_OUT),
        (-0.3, 0.05, CANNOT_SAY),
        (-0.3, 0.05 - 1e-12, CANNOT_SAY),
        (-INF, INF, CANNOT_SAY),
    ],
)
def test_whole_set_decides(low: float, high: float, said: str) -> None:
    estimate = float(np.clip(0.0, low, high))
    found = bounds(estimate, low, high, PLAN)
    assert (found.verdict, found.low, found.high) == (said, low, high)


def test_unit_is_converted_and_large_effect_judged_apart() -> None:
    found = bounds(2.16, -1.0, 5.0, PLAN, pupil_sd=36.0, minimum_detectable=1.8)
    assert (found.estimate, found.minimum_detectable) == pytest.approx((0.06, 0.05))
    assert (found.verdict, found.verdict_large, found.reason) == (CANNOT_SAY, RULED_OUT, "")


def test_without_pupil_sd_there_is_no_verdict_but_a_reason() -> None:
    found = bounds(3.0, 1.0, 5.0, PLAN, pupil_sd=None)
    assert (found.verdict, found.verdict_large) == ("", "")
    assert (found.estimate, found.low, found.high) == (3.0, 1.0, 5.0)
    assert "pupil standard deviation" in found.reason
    with pytest.raises(BoundsError, match="nothing can be ruled out"):
        zero_ruled_out(found)


def test_true_zero_ruled_out_as_often_as_normal_theory_says() -> None:
    spread = 0.02
    found = bounds(0.01, 0.01 - 1.645 * spread, 0.01 + 1.645 * spread, PLAN)
    draws = stats.norm.ppf((np.arange(2000) + 0.5) / 2000) * spread
    share = zero_ruled_out(found, draws)
    expected = stats.norm.cdf(0.05 / spread - 1.645)
    assert share.by_normal == pytest.approx(expected, abs=1e-3)
    assert share.by_paths == pytest.approx(expected, abs=2e-3)
    unbounded = bounds(0.01, -INF, INF, PLAN)
    assert (zero_ruled_out(unbounded, draws).by_paths, zero_ruled_out(unbounded).by_normal) == (0, 0)


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ((0.3, -0.1, 0.2), "does not lie in its set"),
        ((float("nan"), -0.1, 0.2), "does not lie in its set"),
        ((0.1, 0.2, float("nan")), "does not lie in its set"),
    ],
)
def test_sets_without_their_estimate_are_refused(values: tuple[float, float, float], message: str) -> None:
    with pytest.raises(BoundsError, match=message):
        bounds(*values, PLAN)


def test_other_bad_input_is_refused() -> None:
    with pytest.raises(BoundsError, match="pupil_sd is 0"):
        bounds(0.0, -1.0, 1.0, PLAN, pupil_sd=0.0)
    with pytest.raises(BoundsError, match="no permuted paths"):
        zero_ruled_out(bounds(0.0, -1.0, 1.0, PLAN), np.array([]))


def test_interest_is_read_from_the_plan(release: Release, monkeypatch: pytest.MonkeyPatch) -> None:
    assert read_interest(release) == PLAN
    section = release.plan["many_places"] | {"effects_of_interest": {"system": 0.3, "large": 0.2}}
    monkeypatch.setitem(release.plan, "many_places", section)
    with pytest.raises(PlanError, match="large above system"):
        read_interest(release)
