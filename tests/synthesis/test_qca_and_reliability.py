"""Reliability and QCA agree with printed tables and other people's software."""

from __future__ import annotations

import itertools
import json
from pathlib import Path
from types import SimpleNamespace

import krippendorff
import numpy as np
import pandas as pd
import pytest
from leadership_effects.data.panels import Array
from leadership_effects.synthesis.minimise import (
    KINDS,
    contradiction_free_probability,
    covers,
    minimal_models,
    permutation_baseline,
    solve,
    write_model,
)
from leadership_effects.synthesis.qca import (
    FREE,
    Anchors,
    QcaError,
    SetPlan,
    Settings,
    Term,
    TruthTable,
    calibrate,
    necessity_of_each,
    qca_plan,
    raw_codes,
    truth_table,
)
from leadership_effects.synthesis.reliability import (
    LEVELS,
    NO_PAIR,
    ONE_VALUE,
    Level,
    ReliabilityError,
    exact_share,
    krippendorff_alpha,
)
from scipy import stats

REFERENCE = Path(__file__).parents[1] / "reference"
SAME = 1e-9  # the same sums in another order; the references are printed to ten digits or more
PRINTED = 0.005 + SAME  # memberships are printed to two decimals
SIMULATED = 0.01  # three standard errors of a share over 20,000 draws, and how the analysis standard rounds
CONDITIONS = ("DEV", "URB", "LIT", "IND", "STB")
# Ragin (2009): full non-membership, crossover, full membership; stability counts cabinets, so more is less.
ANCHORS = {
    "DEV": Anchors(400, 550, 900), "URB": Anchors(25, 50, 65), "LIT": Anchors(50, 75, 90),
    "IND": Anchors(20, 30, 40), "STB": Anchors(15, 9.5, 5), "SURV": Anchors(-9, 0, 10),
}  # fmt: skip


# Krippendorff's alpha


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


# Calibration and the published truth table


@pytest.fixture(scope="module")
def lipset() -> pd.DataFrame:
    return pd.read_csv(REFERENCE / "lipset/memberships.csv", index_col="country")


def lipset_table(frame: pd.DataFrame, conditions: tuple[str, ...], settings: Settings) -> TruthTable:
    return truth_table(
        frame[list(conditions)].to_numpy(), frame["SURV"].to_numpy(), conditions, list(frame.index), settings
    )


def test_the_direct_method_gives_ragins_published_memberships(lipset: pd.DataFrame) -> None:
    raw = pd.read_csv(REFERENCE / "lipset/raw.csv", index_col="country")
    checked = moved = 0
    for name, anchors in ANCHORS.items():
        known = raw[name].dropna()
        ours = calibrate(known.to_numpy(), anchors)
        assert np.abs(ours - lipset.loc[known.index, name]).max() <= PRINTED, name
        other = calibrate(known.to_numpy(), anchors, np.log(0.95 / 0.05))
        checked += len(known)
        moved += int((np.round(ours, 2) != np.round(other, 2)).sum())
    assert (checked, moved) == (107, 24), "the convention of R QCA moves the second decimal of 24"


def test_anchors_map_to_the_log_odds_stated() -> None:
    anchors = np.array([15, 9.5, 5])
    assert np.allclose(calibrate(anchors, ANCHORS["STB"]), 1 / (1 + np.exp([3, 0, -3])), atol=SAME)


# R QCA 3.25 on the LF data: row, cases, consistency, PRI; every other row is a remainder.
ROWS = {
    (0, 0, 0, 0, 0): (3, 0.215976331360947, 0.0), (0, 0, 0, 0, 1): (2, 0.278026905829596, 0.0),
    (0, 0, 1, 0, 0): (2, 0.520900321543409, 0.113095238095238),
    (0, 0, 1, 0, 1): (1, 0.528571428571429, 0.228070175438597),
    (1, 0, 1, 0, 1): (2, 0.804270462633452, 0.719387755102041),
    (1, 0, 1, 1, 0): (1, 0.378205128205128, 0.0396039603960395),
    (1, 0, 1, 1, 1): (2, 0.708771929824562, 0.634361233480176),
    (1, 1, 1, 1, 0): (1, 0.445255474452555, 0.05), (1, 1, 1, 1, 1): (4, 0.904205607476635, 0.885793871866295),
}  # fmt: skip


def test_the_truth_table_is_rs(lipset: pd.DataFrame) -> None:
    table = lipset_table(lipset, CONDITIONS, Settings(1, 0.8))
    found = {row.term: (len(row.cases), row.fit.consistency, row.fit.pri) for row in table.rows if row.cases}
    assert len(table.rows) == 32 and found.keys() == ROWS.keys()
    for term, expected in ROWS.items():
        assert found[term] == pytest.approx(expected, abs=SAME), term
    assert table.having("1") == {(1, 0, 1, 0, 1), (1, 1, 1, 1, 1)} and len(table.having("?")) == 23


ALL, WITHOUT_INDUSTRY = (1, 1, 1, 1, 1), (1, 1, 1, 0, 1)
THREE = ("DEV", "LIT", "STB")
FORMULAS = [  # conditions, consistency, crisp, expectations; conservative, parsimonious, intermediate of R QCA 3.25
    (CONDITIONS, 0.8, False, ALL, "DEV*URB*LIT*IND*STB + DEV*~URB*LIT*~IND*STB", "DEV*~IND + URB*STB",
     "DEV*URB*LIT*STB + DEV*LIT*~IND*STB"),
    (CONDITIONS, 0.8, False, WITHOUT_INDUSTRY, "DEV*URB*LIT*IND*STB + DEV*~URB*LIT*~IND*STB", "DEV*~IND + URB*STB",
     "DEV*URB*LIT*STB + DEV*LIT*~IND*STB"),
    (CONDITIONS, 0.9, False, ALL, "DEV*URB*LIT*IND*STB", "URB*STB", "DEV*URB*LIT*IND*STB"),
    (THREE, 0.8, False, (1, 1, 1), "DEV*LIT*STB", "DEV*STB", "DEV*LIT*STB"),
    (CONDITIONS, 1.0, True, ALL, "DEV*LIT*IND*STB + DEV*~URB*LIT*STB", "DEV*STB", None),
]  # fmt: skip


def terms(text: str) -> set[str]:
    return set(text.split(" + "))


@pytest.mark.parametrize(("conditions", "level", "crisp", "expected", "narrow", "wide", "between"), FORMULAS)
def test_the_three_solutions_are_rs(
    lipset: pd.DataFrame, conditions: tuple, level: float, crisp: bool, expected: tuple, narrow: str, wide: str,
    between: str | None,
) -> None:  # fmt: skip
    frame = (lipset > 0.5).astype(float) if crisp else lipset
    table = lipset_table(frame, conditions, Settings(1, level))
    for kind, text in zip(KINDS, (narrow, wide, between), strict=True):
        found = [terms(one.text) for one in solve(table, kind, expected)]
        assert text is None or found == [terms(text)], kind


def test_without_expectations_the_intermediate_solution_is_the_conservative(lipset: pd.DataFrame) -> None:
    table = lipset_table(lipset, CONDITIONS, Settings(1, 0.8))
    assert solve(table, "intermediate", (FREE,) * 5)[0].model == solve(table, "conservative")[0].model


FITS = {  # R QCA 3.25: consistency, PRI, raw coverage, unique coverage
    "DEV*URB*LIT*IND*STB": (0.9042056074766355, 0.8857938718662952, 0.454225352112676, 0.3931924882629108),
    "DEV*~URB*LIT*~IND*STB": (0.8042704626334523, 0.7193877551020412, 0.2652582159624414, 0.2042253521126761),
    "DEV*~IND": (0.8148148148148149, 0.7208121827411167, 0.2840375586854459, 0.1936619718309858),
    "URB*STB": (0.8737672583826429, 0.8454106280193235, 0.5199530516431925, 0.4295774647887324),
}


def test_fits_of_terms_are_rs(lipset: pd.DataFrame) -> None:
    table = lipset_table(lipset, CONDITIONS, Settings(1, 0.8))
    found = {}
    for kind in ("conservative", "parsimonious"):
        (one,) = solve(table, kind)
        for text, fit, unique in zip(one.text.split(" + "), one.terms, one.unique, strict=True):
            found[text] = (fit.consistency, fit.pri, fit.coverage, unique)
    assert found.keys() == FITS.keys()
    for text, expected in FITS.items():
        assert found[text] == pytest.approx(expected, abs=SAME), text


NECESSITY = {  # R QCA 3.25: consistency, coverage, relevance
    "DEV": (0.8309859154929577, 0.7746170678336981, 0.8113553113553114),
    "LIT": (0.9906103286384976, 0.6428027418126427, 0.5094142259414226),
    "STB": (0.9201877934272301, 0.7069431920649235, 0.6801181102362206),
    "~URB": (0.5680751173708919, 0.4016597510373444, 0.452127659574468),
    "~LIT": (0.09624413145539908, 0.1683778234086242, 0.7642607683352737),
}


def test_necessity_is_rs(lipset: pd.DataFrame) -> None:
    table = lipset_table(lipset, CONDITIONS, Settings(1, 0.8))
    found = {one.name: (one.consistency, one.coverage, one.relevance) for one in necessity_of_each(table)}
    assert len(found) == 10
    for name, expected in NECESSITY.items():
        assert found[name] == pytest.approx(expected, abs=SAME), name


# Minimisation


def minterms(numbers: tuple[int, ...], n: int = 3) -> frozenset[Term]:
    return frozenset(tuple(number >> bit & 1 for bit in reversed(range(n))) for number in numbers)


def test_both_minimal_formulas_of_petricks_cyclic_chart_are_listed() -> None:
    found = [write_model(model, "abc") for model in minimal_models(minterms((0, 1, 2, 5, 6, 7)))]
    first, second = {"~a*~b", "b*~c", "a*c"}, {"~a*~c", "~b*c", "a*b"}
    assert len(found) == 2 and {frozenset(terms(text)) for text in found} == {
        frozenset(first),
        frozenset(second),
    }


@pytest.mark.parametrize("seed", range(4))
def test_minimal_models_are_all_the_smallest_covers_of_prime_implicants(seed: int) -> None:
    rng = np.random.default_rng(seed)
    for _ in range(60):
        outputs = rng.integers(0, 3, size=8)
        positive = minterms(tuple(np.flatnonzero(outputs == 1)))
        remainders = minterms(tuple(np.flatnonzero(outputs == 2)))
        assert set(map(frozenset, minimal_models(positive, remainders))) == by_enumeration(
            positive, remainders
        )


def by_enumeration(positive: frozenset[Term], remainders: frozenset[Term]) -> set[frozenset[Term]]:
    """All 27 terms of three conditions tried: those that hold no negative row and lie in no larger such term."""
    rows = list(itertools.product((0, 1), repeat=3))
    allowed = [
        term
        for term in itertools.product((0, 1, FREE), repeat=3)
        if all(row in positive | remainders for row in rows if covers(term, row))
    ]
    primes = [t for t in allowed if not any(o != t and covers(o, t) for o in allowed)]
    primes = [t for t in primes if any(covers(t, row) for row in positive)]
    for size in range(1, 9):
        found = {
            frozenset(chosen)
            for chosen in itertools.combinations(primes, size)
            if all(any(covers(t, row) for t in chosen) for row in positive)
        }
        if positive and found:
            return found
    return set()


# The table's own warnings


def test_a_row_with_cases_on_both_sides_is_contradictory_and_a_rare_row_a_remainder() -> None:
    x = np.array([[0.9, 0.8], [0.8, 0.9], [0.1, 0.9], [0.2, 0.1]])
    table = truth_table(x, np.array([0.9, 0.2, 0.8, 0.1]), ["A", "B"], list("wxyz"), Settings(2, 0.9))
    rows = {row.term: row for row in table.rows}
    assert rows[1, 1].contradictory and rows[1, 1].cases == ("w", "x") and rows[1, 1].output == "0"
    assert not rows[0, 1].contradictory and rows[0, 1].output == rows[0, 0].output == rows[1, 0].output == "?"


@pytest.mark.parametrize(("conditions", "standard"), [(3, 0.18), (4, 0.41), (5, 0.65)])
def test_chance_of_no_contradiction_with_eight_random_cases(conditions: int, standard: float) -> None:
    exact = contradiction_free_probability(8, conditions)
    rng = np.random.default_rng(8 * conditions)
    rows, outcomes = rng.integers(0, 2**conditions, (20_000, 8)), rng.integers(0, 2, (20_000, 8))
    same_row = rows[:, :, None] == rows[:, None, :]
    clash = same_row & (outcomes[:, :, None] != outcomes[:, None, :])
    assert exact == pytest.approx((~clash.any(axis=(1, 2))).mean(), abs=SIMULATED)
    assert exact == pytest.approx(standard, abs=SIMULATED)


def test_the_permutation_baseline_counts_all_shuffles() -> None:
    rng = np.random.default_rng(3)
    x: Array = np.where(rng.random((6, 2)) > 0.5, 0.9, 0.2)
    y = np.array([0.9, 0.9, 0.3, 0.3, 0.3, 0.7])
    settings = Settings(1, 0.75)
    table = truth_table(x, y, ["A", "B"], list("abcdef"), settings)
    (main,) = solve(table, "conservative")
    baseline = permutation_baseline(table, main, settings)
    good = solved = 0
    for shuffled in itertools.permutations(y):
        other = solve(
            truth_table(x, np.array(shuffled), ["A", "B"], list("abcdef"), settings), "conservative"
        )
        solved += bool(other)
        good += any(
            o.fit.consistency >= main.fit.consistency - SAME and o.fit.coverage >= main.fit.coverage - SAME
            for o in other
        )
    assert baseline.n == 60
    assert (baseline.n_solved / 60, baseline.share) == pytest.approx((solved / 720, good / 720), abs=SAME)
    assert baseline.share >= 1 / 60, "the data's own order is one of them"


# Bad input


def three(x: list[list[float]], conditions: list[str] | None = None) -> TruthTable:
    return truth_table(
        np.array(x), np.full(len(x), 0.9), conditions or ["A", "B"], list("pqr")[: len(x)], Settings()
    )


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: calibrate(np.ones(2), Anchors(0, 0, 1)), "rise or fall"),
        (lambda: calibrate(np.ones(2), Anchors(0, 2, 1)), "rise or fall"),
        (lambda: calibrate(np.array([1, np.nan]), Anchors(0, 1, 2)), "missing value has no membership"),
        (lambda: three([[0.5, 1], [0, 1]]), "p lies at 0.5 of A"),
        (lambda: three([[1.2, 1], [0, 1]]), "from 0 to 1"),
        (lambda: three([[np.nan, 1], [0, 1]]), "drop silent cases"),
        (lambda: three([[1, 1], [0, 1]], ["A"]), "2 cases and 1 conditions"),
        (lambda: solve(three([[1, 1], [0, 1]]), "complex"), "there are conservative, parsimonious, intermediate"),
        (lambda: solve(three([[1, 1], [0, 1]]), "intermediate", (1,)), "for each of A, B"),
        (lambda: contradiction_free_probability(0, 3), "allowed: one or more"),
    ],
    ids=["flat anchors", "crossed anchors", "silent", "at crossover", "raw", "nan", "shape", "kind", "expected", "none"],
)  # fmt: skip
def test_bad_sets_are_refused(call, words: str) -> None:
    with pytest.raises(QcaError, match=words):
        call()


def test_a_case_needs_a_code_from_every_reading() -> None:
    frame = pd.DataFrame(
        [
            ("a", "d", "x", "A", 1),
            ("a", "d", "x", "B", 2),
            ("b", "d", "x", "A", 1),
            ("b", "d", "x", "B", None),
        ]
        + [("a", "s", i, c, v) for c in "AB" for i, v in (("p", 1), ("q", 1), ("r", None))]
        + [("b", "s", i, "A", None) for i in "pqr"],
        columns=["case_id", "kind", "item", "coder", "code"],
    )
    anchors = Anchors(0, 1.5, 3)
    mean = raw_codes(frame, SetPlan("x", "d", "x", anchors, 1, ""))
    assert mean["a"] == 1.5 and np.isnan(mean["b"])
    assert raw_codes(frame, SetPlan("x", "d", "x", anchors, 1, ""), "A")["b"] == 1
    number = raw_codes(frame, SetPlan("n", "s", "*", anchors, 1, ""))
    assert number["a"] == 2 and np.isnan(number["b"]), "silence on all is silence, not zero"
    with pytest.raises(QcaError, match="no rows of kind 'd' and item 'y'"):
        raw_codes(frame, SetPlan("y", "d", "y", anchors, 1, ""))


PLAN = {
    "status": "", "log_odds": 3, "vary": {"crossover": [], "consistency": []}, "cutoffs": {"consistency": 0.8},
    "outcome": {"kind": "o", "item": "v", "anchors": [0, 1, 2], "reason": ""},
}  # fmt: skip


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({}, "conditions is missing"),
        ({"conditions": dict.fromkeys("abcd", PLAN["outcome"])}, "4 conditions; allowed: one to three"),
        ({"conditions": {"a": {"kind": "d"}}}, "a.item is missing"),
        ({"conditions": {"a": PLAN["outcome"] | {"expected": "up"}}}, "allowed: present, absent, either"),
        (
            {"conditions": {"a": PLAN["outcome"] | {"anchors": [0, 3]}}},
            "allowed: three, out, crossover and full",
        ),
        (
            {"conditions": {"a": PLAN["outcome"]}, "cutoffs": {"share": 1}},
            "allowed: frequency, consistency, pri",
        ),
    ],
    ids=["none", "four", "half", "expectation", "two anchors", "cut-off"],
)
def test_a_bad_plan_is_refused(change: dict, words: str) -> None:
    with pytest.raises(QcaError, match=words):
        qca_plan(SimpleNamespace(plan={"synthesis": {"qca": PLAN | change}}))  # type: ignore[arg-type]
