"""Minimise truth tables into QCA solutions and test how robust they are."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, product

import numpy as np

from leadership_effects.synthesis.qca import (
    CUT,
    FREE,
    Model,
    QcaError,
    SetFit,
    Settings,
    Term,
    TruthTable,
    membership,
    model_membership,
    sufficiency,
    truth_table,
)

KINDS = ("conservative", "parsimonious", "intermediate")


@dataclass(frozen=True)
class Solution:
    """One minimal model.

    Attributes
    ----------
    kind : str
        Conservative, parsimonious or intermediate.
    model : tuple of terms
        Joined by *or*.
    text : str
        ``A*~B + C``.
    fit : Fit
        Of the model as a whole.
    terms : tuple of Fit
    unique : tuple of float
        Coverage of each term that no other term of the model has.
    """

    kind: str
    model: Model
    text: str
    fit: SetFit
    terms: tuple[SetFit, ...]
    unique: tuple[float, ...]


def covers(term: Term, other: Term) -> bool:
    """Return whether a term holds all of another."""
    return all(a in (FREE, b) for a, b in zip(term, other, strict=True))


def prime_implicants(minterms: frozenset[Term]) -> list[Term]:
    """Find the largest terms of given minterms alone (Quine 1952, McCluskey 1956)."""
    level, primes = set(minterms), set[Term]()
    while level:
        joined, used = set[Term](), set[Term]()
        for first, second in combinations(sorted(level), 2):
            apart = [i for i, (a, b) in enumerate(zip(first, second, strict=True)) if a != b]
            if len(apart) == 1 and FREE not in (first[apart[0]], second[apart[0]]):
                joined.add((*first[: apart[0]], FREE, *first[apart[0] + 1 :]))
                used |= {first, second}
        primes |= level - used
        level = joined
    return sorted(primes, reverse=True)


def minimal_models(positive: frozenset[Term], remainders: frozenset[Term] = frozenset()) -> list[Model]:
    """Find all models of fewest prime implicants that cover the positive rows and no negative.

    Parameters
    ----------
    positive : frozenset of terms
    remainders : frozenset of terms
        Rows that a term may hold but need not.

    Returns
    -------
    list of models
        All that tie; none if no row is positive.
    """
    every = prime_implicants(positive | remainders)
    primes = [prime for prime in every if any(covers(prime, minterm) for minterm in positive)]
    for size in range(1, len(positive) + 1):
        tied = [
            chosen
            for chosen in combinations(primes, size)
            if all(any(covers(p, minterm) for p in chosen) for minterm in positive)
        ]
        if tied:
            return tied
    return []


def easy_counterfactuals(
    conservative: Model, parsimonious: Model, expected: Sequence[int], remainders: frozenset[Term]
) -> frozenset[Term]:
    """Select remainders that knowledge makes easy to count as positive.

    Ragin & Sonnett (2005). Between a conservative term and a parsimonious one that holds it, every literal goes that
    the parsimonious term lacks and that runs against its expectation. A condition without an expectation stays.
    """
    easy = set[Term]()
    for narrow in conservative:
        for wide in (term for term in parsimonious if covers(term, narrow)):
            between = tuple(
                FREE if w == FREE and e != FREE and n not in (FREE, e) else n
                for n, w, e in zip(narrow, wide, expected, strict=True)
            )
            easy |= {row for row in remainders if covers(between, row)}
    return frozenset(easy)


def models(table: TruthTable, kind: str, expected: Sequence[int] = ()) -> list[Model]:
    """Find all minimal models of one kind.

    Parameters
    ----------
    table : TruthTable
    kind : {"conservative", "parsimonious", "intermediate"}
        Without remainders, with all that shorten, or with the easy ones.
    expected : sequence of int
        Directional expectation of each condition, for the intermediate kind.

    Notes
    -----
    The intermediate models are minimised anew over the positive rows and the easy counterfactuals of each pair of a
    conservative and a parsimonious model, as the R package QCA does.

    Raises
    ------
    QcaError
        For an unknown kind, or expectations that do not match the conditions.
    """
    positive, remainders = table.having("1"), table.having("?")
    if kind == "conservative":
        return minimal_models(positive)
    if kind == "parsimonious":
        return minimal_models(positive, remainders)
    if kind != "intermediate":
        raise QcaError(f"no kind {kind!r}; there are {', '.join(KINDS)}")
    if len(expected) != len(table.conditions) or set(expected) - {0, 1, FREE}:
        raise QcaError(f"expectations must be 0, 1 or {FREE} for each of {', '.join(table.conditions)}")
    found: dict[Model, None] = {}
    for narrow, wide in product(minimal_models(positive), minimal_models(positive, remainders)):
        easy = easy_counterfactuals(narrow, wide, expected, remainders)
        found |= dict.fromkeys(minimal_models(positive, easy))
    return list(found)


def write_term(term: Term, conditions: Sequence[str]) -> str:
    """Write a term as printed: ``A*~B``; the term without conditions is ``always``."""
    literals = (pair for pair in zip(conditions, term, strict=True) if pair[1] != FREE)
    parts = [name if wanted else f"~{name}" for name, wanted in literals]
    return "*".join(parts) or "always"


def write_model(model: Model, conditions: Sequence[str]) -> str:
    """Write a model as printed: ``A*~B + C``."""
    return " + ".join(write_term(term, conditions) for term in model)


def solve(table: TruthTable, kind: str, expected: Sequence[int] = ()) -> list[Solution]:
    """Solve a truth table: all minimal models of a kind with fit, none if no row suffices.

    Examples
    --------
    >>> import numpy as np
    >>> from leadership_effects.synthesis.qca import Settings, truth_table
    >>> x = np.array([[0.9, 0.8], [0.8, 0.1], [0.2, 0.9], [0.1, 0.2]])
    >>> table = truth_table(x, np.array([0.9, 0.8, 0.1, 0.2]), ["A", "B"], ["p", "q", "r", "s"], Settings())
    >>> [solution.text for solution in solve(table, "conservative")]
    ['A']
    """
    return [_solution(table, kind, model) for model in models(table, kind, expected)]


def _solution(table: TruthTable, kind: str, model: Model) -> Solution:
    x, y = table.x, table.y
    whole = sufficiency(model_membership(model, x), y)
    unique = []
    for term in model:
        others = tuple(other for other in model if other != term)
        rest = sufficiency(model_membership(others, x), y).coverage if others else 0.0
        unique.append((whole.coverage or 0.0) - (rest or 0.0))
    terms = tuple(sufficiency(membership(term, x), y) for term in model)
    return Solution(kind, model, write_model(model, table.conditions), whole, terms, tuple(unique))


@dataclass(frozen=True)
class Variant:
    """Solutions after one change: `texts`, all tied models of the kind, may be empty."""

    change: str
    n_cases: int
    n_contradictory: int
    texts: tuple[str, ...]


def check_variant(change: str, table: TruthTable, kind: str, expected: Sequence[int] = ()) -> Variant:
    """Check the solutions after one change of the analysis."""
    found = tuple(write_model(model, table.conditions) for model in models(table, kind, expected))
    return Variant(change, len(table.cases), sum(row.contradictory for row in table.rows), found)


def leave_out_case(table: TruthTable, case: str, settings: Settings) -> TruthTable:
    """Return the truth table with one case left out."""
    kept = [i for i, name in enumerate(table.cases) if name != case]
    cases = [table.cases[i] for i in kept]
    return truth_table(table.x[kept], table.y[kept], table.conditions, cases, settings)


@dataclass(frozen=True)
class PermutationBaseline:
    """What shuffled outcomes give.

    Attributes
    ----------
    n : int
        Distinct ways of handing the outcomes to the cases; each stands for equally many of the k! shuffles.
    n_solved : int
        Those in which some row is sufficient.
    n_as_good : int
        Those with a model of the kind at least as consistent and as covering as the model asked about.
    """

    n: int
    n_solved: int
    n_as_good: int

    @property
    def share(self) -> float:
        """Return the share of shuffles that do as well; the data's own order is one of them."""
        return self.n_as_good / self.n


def permutation_baseline(
    table: TruthTable,
    solution: Solution,
    settings: Settings,
    expected: Sequence[int] = (),
    limit: int = 50_000,
) -> PermutationBaseline:
    """Permute the outcomes over the cases in every distinct way and solve each table.

    Raises
    ------
    QcaError
        If there are more ways than the limit.
    """
    values, counts = np.unique(table.y, return_counts=True)
    ways = math.factorial(len(table.y)) // math.prod(math.factorial(int(c)) for c in counts)
    if ways > limit:
        raise QcaError(f"{ways} distinct orders of the outcome; allowed: {limit}")
    solved = as_good = 0
    for order in _arrangements(tuple(int(c) for c in counts)):
        shuffled = truth_table(table.x, values[list(order)], table.conditions, table.cases, settings)
        found = solve(shuffled, solution.kind, expected)
        solved += bool(found)
        as_good += any(_as_good(other.fit, solution.fit) for other in found)
    return PermutationBaseline(ways, solved, as_good)


def _as_good(fit: SetFit, other: SetFit) -> bool:
    pairs = ((fit.consistency, other.consistency), (fit.coverage, other.coverage))
    return all((mine or 0.0) >= (theirs or 0.0) - CUT for mine, theirs in pairs)


def _arrangements(counts: tuple[int, ...]) -> Iterator[tuple[int, ...]]:
    """Yield every order of a multiset: index i comes counts[i] times."""
    if not any(counts):
        yield ()
    for i, left in enumerate(counts):
        if left:
            for rest in _arrangements((*counts[:i], left - 1, *counts[i + 1 :])):
                yield (i, *rest)


def contradiction_free_probability(n_cases: int, n_conditions: int) -> float:
    """Compute the chance that random crisp cases give no contradictory row.

    Each case falls into one of the 2 ** n_conditions rows and has the outcome or not, all equally likely. With m
    rows filled the outcomes agree within rows with chance 2 ** (m - n); the number filled follows the classical
    occupancy distribution (Marx & Dusa 2011 simulate the same).

    Raises
    ------
    QcaError
        With fewer than one case or condition.
    """
    if n_cases < 1 or n_conditions < 1:
        raise QcaError(f"{n_cases} cases and {n_conditions} conditions; allowed: one or more of each")
    rows = 2**n_conditions
    chance = 0.0
    for filled in range(1, min(rows, n_cases) + 1):
        onto = sum((-1) ** (filled - j) * math.comb(filled, j) * j**n_cases for j in range(filled + 1))
        chance += math.comb(rows, filled) * onto / rows**n_cases * 2.0 ** (filled - n_cases)
    return chance
