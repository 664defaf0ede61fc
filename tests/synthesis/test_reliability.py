"""Krippendorff's alpha agrees with printed tables and another package."""

from __future__ import annotations

import json
from pathlib import Path

import krippendorff
import numpy as np
import pandas as pd
import pytest
from leadership_effects.synthesis.reliability import (
    LEVELS,
    NO_PAIR,
    ONE_VALUE,
    Level,
    ReliabilityError,
    exact_share,
    kappas,
    krippendorff_alpha,
)
from scipy import stats

REFERENCE = Path(__file__).parents[1] / "reference"
SAME = 1e-9  # the same sums in another order; the references are printed to ten digits or more


@pytest.mark.parametrize("level", LEVELS)
def test_alpha_is_krippendorffs_own(level: Level) -> None:
    folder = REFERENCE / "krippendorff_2011"
    codes = pd.read_csv(folder / "input.csv").drop(columns="unit").to_numpy().T
    expected = json.loads((folder / "expected.json").read_text(encoding="utf-8"))
    found = krippendorff_alpha(codes, level)
    assert found.alpha == pytest.approx(expected["reproduced"][level], abs=expected["tolerance"]["alpha"])
    assert round(found.alpha, 3) == expected["published"][level]
    assert (found.n_units, found.n_pairable) == (11, 40), "unit 12 has one value and drops out"


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("seed", range(8))
def test_alpha_equals_the_registry_package(seed: int, level: Level) -> None:
    rng = np.random.default_rng(seed)
    codes = rng.integers(0, 4, size=(2 + seed % 3, 15)).astype(float)
    codes[rng.random(codes.shape) < 0.2] = np.nan
    theirs = krippendorff.alpha(codes, level_of_measurement=level)
    assert krippendorff_alpha(codes, level).alpha == pytest.approx(theirs, abs=SAME)


@pytest.mark.parametrize(
    ("codes", "reason"),
    [
        ([[1, 1, 1, np.nan], [1, 1, 1, 2]], ONE_VALUE),
        ([[1, np.nan], [np.nan, 2]], NO_PAIR),
        ([[np.nan], [np.nan]], NO_PAIR),
    ],
    ids=["one value among the paired", "no pairs", "all silent"],
)
@pytest.mark.parametrize("level", LEVELS)
def test_without_expected_disagreement_alpha_is_undefined_and_not_one(
    level: Level, codes: list[list[float]], reason: str
) -> None:
    found = krippendorff_alpha(np.array(codes), level, samples=20)
    assert (found.alpha, found.interval, found.reason) == (None, None, reason)


def test_the_bootstrap_is_alpha_of_resampled_units_and_counts_the_undefined() -> None:
    codes = np.array([[1, 1, 1, 2, 1, 1], [1, 1, 1, 2, 1, 2]], float)
    found = krippendorff_alpha(codes, "ordinal", samples=400, seed=5)
    picks = np.random.default_rng(5).integers(0, 6, size=(400, 6))
    by_hand = [krippendorff_alpha(codes[:, pick], "ordinal").alpha for pick in picks]
    known = [alpha for alpha in by_hand if alpha is not None]
    assert found.n_undefined == by_hand.count(None) > 0
    assert found.interval == pytest.approx(tuple(np.percentile(known, (2.5, 97.5))), abs=SAME)


def test_groups_are_drawn_whole() -> None:
    codes = np.array([[1, 2, 1, 2, 3, 1], [1, 2, 2, 2, 3, 3]], float)
    alone = krippendorff_alpha(codes, "nominal", samples=200)
    single = krippendorff_alpha(codes, "nominal", samples=200, groups=np.arange(6))
    one = krippendorff_alpha(codes, "nominal", samples=200, groups=np.zeros(6))
    assert single == alone
    assert one.interval == pytest.approx((one.alpha, one.alpha), abs=SAME), "one group has one resample"


@pytest.mark.parametrize(("count", "n"), [(0, 28), (4, 14), (8, 8)])
def test_the_exact_share_is_clopper_pearsons(count: int, n: int) -> None:
    theirs = stats.binomtest(count, n).proportion_ci(method="exact")
    assert exact_share(count, n) == pytest.approx((theirs.low, theirs.high), abs=SAME)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((np.ones((1, 4)), "nominal"), "two coders"),
        ((np.ones(4), "nominal"), "two coders"),
        ((np.ones((2, 4)), "cardinal"), "no level 'cardinal'; there are nominal, ordinal, interval, ratio"),
        ((np.array([[1, np.inf], [1, 2]]), "nominal"), "finite"),
        ((np.array([[1, -1], [1, 2]]), "ratio"), "zero or more"),
    ],
    ids=["one coder", "a list", "level", "infinite", "negative ratio"],
)
def test_bad_codes_are_refused(arguments: tuple, words: str) -> None:
    with pytest.raises(ReliabilityError, match=words):
        krippendorff_alpha(*arguments)


def test_bad_groups_and_shares_are_refused() -> None:
    with pytest.raises(ReliabilityError, match="3 groups for 4 units"):
        krippendorff_alpha(np.ones((2, 4)), "nominal", groups=np.arange(3))
    with pytest.raises(ReliabilityError, match="5 of 4"):
        exact_share(5, 4)


def rows_of(table: list[list[int]]) -> np.ndarray:
    """Codes of two coders from a table of counts."""
    pairs = [(i, j) for i, line in enumerate(table) for j, count in enumerate(line) for _ in range(count)]
    return np.array(pairs, float).T


# Fleiss (1971), table 1 in the form of ten subjects and fourteen coders, printed kappa .210; Cohen's by his formula.
FLEISS = [
    [0, 0, 0, 0, 14], [0, 2, 6, 4, 2], [0, 0, 3, 5, 6], [0, 3, 9, 2, 0], [2, 2, 8, 1, 1],
    [7, 7, 0, 0, 0], [3, 2, 6, 3, 0], [2, 5, 3, 2, 2], [6, 5, 2, 1, 0], [0, 2, 2, 3, 7],
]  # fmt: skip


def test_fleiss_kappa_is_the_printed_one() -> None:
    codes = np.array(
        [[value for value, times in enumerate(line) for _ in range(times)] for line in FLEISS], float
    ).T
    found = kappas(codes)
    assert found.fleiss == pytest.approx(0.210, abs=5e-4)  # printed to three decimals
    assert (found.cohen, found.n_units, found.reason) == (None, 10, "")


@pytest.mark.parametrize(
    "table", [[[20, 5], [10, 15]], [[45, 15], [25, 15]], [[9, 1, 0], [2, 7, 1], [0, 1, 9]]]
)
def test_kappas_of_two_coders_follow_their_definitions(table: list[list[int]]) -> None:
    share = np.array(table) / np.sum(table)
    first, second = share.sum(axis=1), share.sum(axis=0)
    both = (first + second) / 2
    observed = np.trace(share)
    apart = np.square(np.subtract.outer(np.arange(len(share)), np.arange(len(share))))
    found = kappas(rows_of(table))
    assert found.cohen == pytest.approx((observed - first @ second) / (1 - first @ second), abs=SAME)
    assert found.fleiss == pytest.approx((observed - both @ both) / (1 - both @ both), abs=SAME)
    assert found.weighted == pytest.approx(
        1 - (apart * share).sum() / (apart * np.outer(first, second)).sum(), abs=SAME
    )


def test_fleiss_kappa_and_alpha_differ_by_the_correction_for_few_units() -> None:
    """Scott's pi plus a share of its lack: alpha = 1 - (1 - kappa)(n - 1) / n, n the codes (Krippendorff 2011)."""
    codes = np.random.default_rng(4).integers(0, 3, size=(2, 20)).astype(float)
    alpha = krippendorff_alpha(codes, "nominal").alpha
    assert alpha == pytest.approx(1 - (1 - kappas(codes).fleiss) * 39 / 40, abs=SAME)


def test_kappas_that_are_not_defined_say_why() -> None:
    same = kappas(np.array([[1.0, 1, 1], [1, 1, np.nan]]))
    assert (same.cohen, same.fleiss, same.n_units, same.reason) == (None, None, 2, ONE_VALUE)
    assert kappas(np.array([[1.0, np.nan], [np.nan, 1]])).reason == NO_PAIR
    with pytest.raises(ReliabilityError, match="two coders"):
        kappas(np.ones((1, 4)))
