"""Minimal formulas and their fit agree with R's QCA and with enumeration."""

from __future__ import annotations

import itertools

import numpy as np
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
from leadership_effects.synthesis.qca import FREE, Settings, Term, truth_table

SAME = 1e-9  # the same sums in another order; the references are printed to ten digits or more
SIMULATED = 0.01  # three standard errors of a share over 20,000 draws, and how the analysis standard rounds
CONDITIONS = ("DEV", "URB", "LIT", "IND", "STB")
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
    lipset_table, conditions: tuple, level: float, crisp: bool, expected: tuple, narrow: str, wide: str,
    between: str | None,
) -> None:  # fmt: skip
    table = lipset_table(conditions, level, crisp=crisp)
    for kind, text in zip(KINDS, (narrow, wide, between), strict=True):
        found = [terms(one.text) for one in solve(table, kind, expected)]
        assert text is None or found == [terms(text)], kind


def test_without_expectations_the_intermediate_solution_is_the_conservative(lipset_table) -> None:
    table = lipset_table(CONDITIONS, 0.8)
    assert solve(table, "intermediate", (FREE,) * 5)[0].model == solve(table, "conservative")[0].model


FITS = {  # R QCA 3.25: consistency, PRI, raw coverage, unique coverage
    "DEV*URB*LIT*IND*STB": (0.9042056074766355, 0.8857938718662952, 0.454225352112676, 0.3931924882629108),
    "DEV*~URB*LIT*~IND*STB": (0.8042704626334523, 0.7193877551020412, 0.2652582159624414, 0.2042253521126761),
    "DEV*~IND": (0.8148148148148149, 0.7208121827411167, 0.2840375586854459, 0.1936619718309858),
    "URB*STB": (0.8737672583826429, 0.8454106280193235, 0.5199530516431925, 0.4295774647887324),
}


def test_fits_of_terms_are_rs(lipset_table) -> None:
    table = lipset_table(CONDITIONS, 0.8)
    found = {}
    for kind in ("conservative", "parsimonious"):
        (one,) = solve(table, kind)
        for text, fit, unique in zip(one.text.split(" + "), one.terms, one.unique, strict=True):
            found[text] = (fit.consistency, fit.pri, fit.coverage, unique)
    assert found.keys() == FITS.keys()
    for text, expected in FITS.items():
        assert found[text] == pytest.approx(expected, abs=SAME), text


def minterms(numbers: tuple[int, ...], n: int = 3) -> frozenset[Term]:
    return frozenset(tuple(number >> bit & 1 for bit in reversed(range(n))) for number in numbers)


def test_both_minimal_formulas_of_petricks_cyclic_chart_are_listed() -> None:
    found = [write_model(model, "abc") for model in minimal_models(minterms((0, 1, 2, 5, 6, 7)))]
    first, second = {"~a*~b", "b*~c", "a*c"}, {"~a*~c", "~b*c", "a*b"}
    assert sorted(map(terms, found), key=sorted) == sorted((first, second), key=sorted)


@pytest.mark.parametrize("seed", range(4))
def test_minimal_models_are_all_the_smallest_covers_of_prime_implicants(seed: int) -> None:
    rng = np.random.default_rng(seed)
    for _ in range(60):
        outputs = rng.integers(0, 3, size=8)
        positive = minterms(tuple(np.flatnonzero(outputs == 1)))
        remainders = minterms(tuple(np.flatnonzero(outputs == 2)))
        found = set(map(frozenset, minimal_models(positive, remainders)))
        assert found == by_enumeration(positive, remainders)


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
    least = main.fit.consistency - SAME, main.fit.coverage - SAME
    for shuffled in itertools.permutations(y):
        drawn = truth_table(x, np.array(shuffled), ["A", "B"], list("abcdef"), settings)
        fits = [one.fit for one in solve(drawn, "conservative")]
        solved += bool(fits)
        good += any(fit.consistency >= least[0] and fit.coverage >= least[1] for fit in fits)
    assert baseline.n == 60
    assert (baseline.n_solved / 60, baseline.share) == pytest.approx((solved / 720, good / 720), abs=SAME)
    assert baseline.share >= 1 / 60, "the data's own order is one of them"
