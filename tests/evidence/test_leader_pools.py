"""Effects of leaders are pooled from three studies with known errors on, and what is assumed stays a row of sensitivity."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pandas as pd
import pytest
from leadership_effects.data.release import Release
from leadership_effects.evidence.leader_pools import (
    FEWEST,
    POOLS,
    SCENARIOS,
    Scenario,
    Trial,
    average,
    concordance,
    own_rows,
    school_error,
    sensitivity,
    trials,
    weigh,
)
from leadership_effects.evidence.leader_studies import LeaderError
from leadership_effects.synthesis.pooling import pool

KIND = "training of heads"
EXACT = 1e-12


def table(*rows: dict[str, Any]) -> pd.DataFrame:
    blank = {
        "study": "A", "year": "2020", "leader_type": "principal_training", "effect_unit": "SD", "se_kind": "printed",
        "pool_use": "yes", "n_schools": "100", "effect_low": np.nan, "effect_sd": np.nan, "effect_sd_converted": np.nan,
        "se": np.nan, "se_assumed": np.nan,
    }  # fmt: skip
    return pd.DataFrame([{**blank, "effect_id": f"row-{n}", **row} for n, row in enumerate(rows)])


THREE = table(
    {"study": "A", "effect_sd": 0.20, "se": 0.06},
    {"study": "A", "effect_sd": 0.10, "se": 0.08},
    {"study": "B", "effect_sd": 0.03, "se": 0.03, "n_schools": "400"},
    {"study": "C", "effect_sd_converted": -0.02, "se": 0.05, "se_kind": "derived_p"},
    {"study": "D", "effect_sd": 0.40, "se": 0.10, "se_kind": "upper_bound", "pool_use": "bound"},
    {"study": "E", "effect_sd": 0.30, "se_assumed": 0.05, "se_kind": "none", "pool_use": "with assumed SE"},
    {"study": "F", "se_kind": "none", "pool_use": "no figure", "n_schools": "25"},
    {"study": "A", "effect_sd": 9.0, "se": 0.01, "pool_use": "duplicate"},
    {"study": "G", "effect_sd": 8.0, "se": 0.01, "pool_use": "no: effect on compliers"},
    {"study": "H", "effect_sd": 7.0, "se": 0.01, "leader_type": "pipeline"},
    {"study": "I", "effect_low": 0.1, "se_kind": "none", "pool_use": "no SE"},
)  # fmt: skip


@pytest.mark.parametrize("rho", [0.0, 0.5, 1.0])
def test_rows_of_a_trial_are_averaged_with_the_variance_of_their_mean(rho: float) -> None:
    errors = np.array([0.06, 0.08, 0.05])
    covariance = np.outer(errors, errors) * (rho + (1 - rho) * np.eye(3))
    mean, se = average([("a", 0.2, 0.06), ("b", 0.1, 0.08), ("c", 0.0, 0.05)], rho)
    assert mean == pytest.approx(0.1, abs=EXACT)
    assert se == pytest.approx(math.sqrt(covariance.sum()) / 3, abs=EXACT)


def test_three_studies_with_known_errors_make_a_pool_and_no_other_row_enters() -> None:
    found = weigh(THREE, KIND, {}, rho=1.0)
    assert [trial.name for trial in found.trials] == ["A (2020)", "B (2020)", "C (2020)"]
    by_hand = pool([0.15, 0.03, -0.02], [0.07**2, 0.03**2, 0.05**2])
    assert found.pooled is not None
    assert (found.pooled.effect, found.pooled.se) == pytest.approx((by_hand.effect, by_hand.se), abs=EXACT)
    assert found.wanted == ("D (2020)", "E (2020)", "I (2020)")
    assert found.silent == ("F (2020)",) and found.lacking == 0


def test_papers_of_one_trial_count_once() -> None:
    found = weigh(THREE, KIND, {"row-2": "A (2020)"})
    assert found.pooled is None and found.lacking == 1
    assert found.trials[0].rows == ("row-0", "row-1", "row-2") and found.trials[0].schools == 400


def test_what_is_assumed_enters_rows_of_sensitivity_alone() -> None:
    scenarios = (
        Scenario("a", "a", rho=1.0),
        Scenario("b", "b", bounds=0.5, rho=1.0),
        Scenario("c", "c", bounds=1.0, assumed=2.0, nulls=-1.96, rho=1.0),
    )
    none, bounds, everything = sensitivity(THREE, KIND, {}, ["row-6"], scenarios)
    assert len(none[1]) == 3
    assert bounds[1][-1] == Trial("D (2020)", 0.40, 0.05, ("row-4",), 100.0)
    assert everything[1][-2].se == pytest.approx(0.10)
    null = everything[1][-1]
    per_school = max(0.07 * 10, 0.03 * 20, 0.05 * 10)
    assert null.se == pytest.approx(per_school / 5) and null.effect == pytest.approx(-1.96 * null.se)
    assert everything[2] is not None and everything[2].df == len(everything[1]) - 1 == 5


def test_a_null_of_a_trial_that_has_a_size_does_not_enter_again() -> None:
    scenario = Scenario("nulls", "nulls", nulls=0.0)
    ((_, found, _),) = sensitivity(THREE, KIND, {"row-6": "B (2020)"}, ["row-6"], [scenario])
    assert [trial.name for trial in found] == ["A (2020)", "B (2020)", "C (2020)"]


def test_pairs_are_compared_by_error() -> None:
    made = [
        Trial(str(n), effect, se, ()) for n, (effect, se) in enumerate([(0.3, 0.1), (0.1, 0.05), (0.2, 0.02)])
    ]
    assert concordance(made) == (2, 3)


def test_what_is_not_on_file_is_refused() -> None:
    with pytest.raises(LeaderError, match="training of heads"):
        own_rows(THREE, "luck")
    with pytest.raises(LeaderError, match="number of schools"):
        school_error([Trial("a", 0.1, 0.1, ())])
    assert trials(THREE, {}, {}) == []


def test_no_kind_of_the_release_has_three_known_errors(release: Release) -> None:
    """The chapter says so; a kind that gets its third must get its pool."""
    effects = release.table("leadership_effects")
    found = {kind: weigh(effects, kind, {}) for kind in POOLS}
    assert {kind for kind, one in found.items() if one.pooled} == {
        kind for kind, one in found.items() if len(one.trials) >= FEWEST
    }
    assert len(found[KIND].trials) == 2
    assert all(one[2] is not None for one in sensitivity(effects, KIND, {}, ["lead-13"], SCENARIOS))
