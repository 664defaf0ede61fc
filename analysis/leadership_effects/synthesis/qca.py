"""Fuzzy-set qualitative comparative analysis: calibration, truth table, exact minimisation, necessity, robustness.

A term is a tuple with one entry a condition: 1 present, 0 absent, `FREE` where the condition does not matter.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations, product
from typing import Any

import numpy as np
import pandas as pd

from leadership_effects.data.panels import Array
from leadership_effects.data.release import Release
from leadership_effects.errors import LeadershipError

Term = tuple[int, ...]
Model = tuple[Term, ...]
FREE = -1
CUT = 1e-9  # slack of a cut-off: a consistency of 0.8 made of sums must not fail 0.8
KINDS = ("conservative", "parsimonious", "intermediate")
MOST_CONDITIONS = 8


class QcaError(LeadershipError, ValueError):
    """The cases or the plan do not bear the analysis asked for."""


@dataclass(frozen=True)
class Anchors:
    """Three anchors of the direct method; they may fall (`out` above `full`) where less of a thing is more."""

    out: float
    crossover: float
    full: float

    def shifted(self, by: float) -> Anchors:
        """The crossover moved by a share of the distance between the outer anchors."""
        return replace(self, crossover=self.crossover + by * (self.full - self.out))


@dataclass(frozen=True)
class SetPlan:
    """One set of the plan: the codes it is made of and its anchors.

    Attributes
    ----------
    name, kind, item : str
        Name of the set; kind and item of the codes, item ``"*"`` for the number of items of the kind coded 1.
    anchors : Anchors
        On the scale of the codes.
    expected : int
        Directional expectation: 1 present, 0 absent, `FREE` none.
    reason : str
    """

    name: str
    kind: str
    item: str
    anchors: Anchors
    expected: int
    reason: str


@dataclass(frozen=True)
class QcaPlan:
    """The plan of the analysis: sets, cut-offs and what is varied."""

    status: str
    outcome: SetPlan
    conditions: tuple[SetPlan, ...]
    settings: Settings
    log_odds: float
    shifts: tuple[float, ...]
    consistencies: tuple[float, ...]
    left_out: dict[str, str]


@dataclass(frozen=True)
class Settings:
    """Cut-offs of the truth table: fewest cases, consistency and PRI that a row needs to count as sufficient."""

    frequency: int = 1
    consistency: float = 0.8
    pri: float = 0.0


@dataclass(frozen=True)
class Fit:
    """How well X is a subset of Y; None where X or Y has no members at all.

    Attributes
    ----------
    consistency : float or None
        sum min(x, y) / sum x.
    coverage : float or None
        sum min(x, y) / sum y.
    pri : float or None
        Proportional reduction in inconsistency: the same without what x shares with y and its negation both.
    """

    consistency: float | None
    coverage: float | None
    pri: float | None


@dataclass(frozen=True)
class Necessity:
    """How well X is a superset of Y: consistency, coverage and relevance (RoN, Schneider & Wagemann 2012, ch. 9)."""

    name: str
    consistency: float | None
    coverage: float | None
    relevance: float | None


@dataclass(frozen=True)
class Row:
    """One row of a truth table.

    Attributes
    ----------
    term : tuple of int
        The combination, one entry a condition.
    cases : tuple of str
        Cases more in than out of the combination.
    fit : Fit
        Of the combination as sufficient for the outcome, over all cases.
    output : str
        ``"1"`` sufficient, ``"0"`` not, ``"?"`` a remainder: fewer cases than the frequency cut-off.
    contradictory : bool
        Whether its cases lie on both sides of the outcome's crossover.
    """

    term: Term
    cases: tuple[str, ...]
    fit: Fit
    output: str
    contradictory: bool


@dataclass(frozen=True)
class TruthTable:
    """A whole truth table with the memberships behind it.

    Attributes
    ----------
    conditions : tuple of str
    cases : tuple of str
    x : array, shape (n_cases, n_conditions)
    y : array, shape (n_cases,)
    rows : tuple of Row
        All 2 ** n_conditions combinations.
    """

    conditions: tuple[str, ...]
    cases: tuple[str, ...]
    x: Array
    y: Array
    rows: tuple[Row, ...]

    def having(self, output: str) -> frozenset[Term]:
        """Combinations with an output."""
        return frozenset(row.term for row in self.rows if row.output == output)


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
    fit: Fit
    terms: tuple[Fit, ...]
    unique: tuple[float, ...]


def calibrate(raw: Array, anchors: Anchors, log_odds: float = 3.0) -> Array:
    """Fuzzy membership by the direct method.

    Parameters
    ----------
    raw : array, shape (n,)
    anchors : Anchors
    log_odds : float
        What the outer anchors map to, minus and plus; the crossover maps to 0. 3 is Ragin's (2008, ch. 5); the R
        package QCA takes log(0.95 / 0.05) = 2.944.

    Raises
    ------
    QcaError
        If the anchors do not rise or fall strictly, or a value is missing.
    """
    values = np.asarray(raw, float)
    below, above = anchors.crossover - anchors.out, anchors.full - anchors.crossover
    if below * above <= 0:
        raise QcaError(f"anchors must rise or fall from out over crossover to full, found {anchors}")
    if not np.isfinite(values).all():
        raise QcaError("a missing value has no membership; drop the case or say why it is a member")
    away = values - anchors.crossover
    side = np.where(away * np.sign(above) >= 0, above, below)
    membership: Array = 1 / (1 + np.exp(-log_odds * away / side))
    return membership


def _share(part: float, whole: float) -> float | None:
    return part / whole if whole > 0 else None


def sufficiency(x: Array, y: Array) -> Fit:
    """Fit of X as a subset of Y (Ragin 2006; PRI as in Schneider & Wagemann 2012, ch. 9)."""
    both = float(np.minimum(x, y).sum())
    either_way = float(np.minimum(np.minimum(x, y), 1 - y).sum())
    return Fit(
        _share(both, float(x.sum())),
        _share(both, float(y.sum())),
        _share(both - either_way, float(x.sum()) - either_way),
    )


def necessity(name: str, x: Array, y: Array) -> Necessity:
    """Fit of X as a superset of Y; relevance near 0 says that X is so common that it is trivially necessary."""
    both = np.minimum(x, y)
    return Necessity(
        name,
        _share(float(both.sum()), float(y.sum())),
        _share(float(both.sum()), float(x.sum())),
        _share(float((1 - x).sum()), float((1 - both).sum())),
    )


def necessity_of_each(table: TruthTable) -> list[Necessity]:
    """Necessity of each condition and of its absence."""
    found = []
    for name, x in zip(table.conditions, table.x.T, strict=True):
        found += [necessity(name, x, table.y), necessity(f"~{name}", 1 - x, table.y)]
    return found


def membership(term: Term, x: Array) -> Array:
    """Membership of every case in a term, shape (n_cases,): the least of its conditions."""
    parts = [x[:, i] if wanted else 1 - x[:, i] for i, wanted in enumerate(term) if wanted != FREE]
    least: Array = np.minimum.reduce(parts) if parts else np.ones(len(x))
    return least


def model_membership(model: Model, x: Array) -> Array:
    """Membership of every case in a model: the greatest of its terms."""
    most: Array = np.maximum.reduce([membership(term, x) for term in model])
    return most


def truth_table(
    x: Array, y: Array, conditions: Sequence[str], cases: Sequence[str], settings: Settings
) -> TruthTable:
    """Every combination of the conditions with its cases and consistency (Ragin 2008, ch. 7).

    Parameters
    ----------
    x : array, shape (n_cases, n_conditions)
        Memberships from 0 to 1.
    y : array, shape (n_cases,)
    conditions, cases : sequence of str
    settings : Settings

    Raises
    ------
    QcaError
        If shapes disagree, a membership lies outside 0 to 1, or a case lies at 0.5 of a condition and so belongs
        to no row.
    """
    x, y = _checked(x, y, conditions, cases)
    corner = x > 0.5
    rows = []
    for term in product((0, 1), repeat=len(conditions)):
        inside = (corner == np.array(term, bool)).all(axis=1)
        fit = sufficiency(membership(term, x), y) if inside.any() else Fit(None, None, None)
        kinds = {bool(value > 0.5) for value in y[inside]}
        named = tuple(case for case, here in zip(cases, inside, strict=True) if here)
        rows.append(Row(term, named, fit, _output(fit, len(named), settings), len(kinds) == 2))
    return TruthTable(tuple(conditions), tuple(cases), x, y, tuple(rows))


def _checked(x: Array, y: Array, conditions: Sequence[str], cases: Sequence[str]) -> tuple[Array, Array]:
    x, y = np.asarray(x, float), np.asarray(y, float)
    if x.shape != (len(cases), len(conditions)) or y.shape != (len(cases),):
        raise QcaError(
            f"memberships have shapes {x.shape} and {y.shape} for {len(cases)} cases and {len(conditions)} conditions"
        )
    if not 1 <= len(conditions) <= MOST_CONDITIONS:
        raise QcaError(f"{len(conditions)} conditions; allowed: 1 to {MOST_CONDITIONS}")
    if (
        not (np.isfinite(x).all() and np.isfinite(y).all())
        or min(x.min(), y.min()) < 0
        or max(x.max(), y.max()) > 1
    ):
        raise QcaError("memberships must lie from 0 to 1; calibrate first and drop silent cases")
    at_crossover = np.argwhere(np.abs(x - 0.5) < CUT)
    if len(at_crossover):
        case, condition = at_crossover[0]
        raise QcaError(
            f"{cases[case]} lies at 0.5 of {conditions[condition]} and belongs to no row; move the crossover off the codes"
        )
    return x, y


def _output(fit: Fit, n: int, settings: Settings) -> str:
    if n < settings.frequency or fit.consistency is None:
        return "?"
    enough = fit.consistency >= settings.consistency - CUT and (fit.pri or 0.0) >= settings.pri - CUT
    return "1" if enough else "0"


def covers(term: Term, other: Term) -> bool:
    """Whether a term holds all of another."""
    return all(a in (FREE, b) for a, b in zip(term, other, strict=True))


def prime_implicants(minterms: frozenset[Term]) -> list[Term]:
    """Largest terms that hold none but the given minterms (Quine 1952, McCluskey 1956)."""
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
    """All models of the fewest prime implicants that hold every positive row and no negative one.

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
    primes = [
        p for p in prime_implicants(positive | remainders) if any(covers(p, minterm) for minterm in positive)
    ]
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
    """Remainders that knowledge makes it easy to count as positive (Ragin & Sonnett 2005).

    Between a conservative term and a parsimonious one that holds it, every literal goes that the parsimonious term
    lacks and that runs against its expectation. A condition without an expectation stays.
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
    """All minimal models of one kind.

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
    """A term as printed: ``A*~B``; the term without conditions is ``always``."""
    parts = [
        name if wanted else f"~{name}"
        for name, wanted in zip(conditions, term, strict=True)
        if wanted != FREE
    ]
    return "*".join(parts) or "always"


def write_model(model: Model, conditions: Sequence[str]) -> str:
    """A model as printed: ``A*~B + C``."""
    return " + ".join(write_term(term, conditions) for term in model)


def solve(table: TruthTable, kind: str, expected: Sequence[int] = ()) -> list[Solution]:
    """All minimal models of one kind with their fit; empty if no row is sufficient."""
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
    """The solutions after one change; `texts` holds all tied models of the kind, empty if there is no solution."""

    change: str
    n_cases: int
    n_contradictory: int
    texts: tuple[str, ...]


def variant(change: str, table: TruthTable, kind: str, expected: Sequence[int] = ()) -> Variant:
    """One robustness check in words."""
    found = tuple(write_model(model, table.conditions) for model in models(table, kind, expected))
    return Variant(change, len(table.cases), sum(row.contradictory for row in table.rows), found)


def without(table: TruthTable, case: str, settings: Settings) -> TruthTable:
    """The truth table with one case left out."""
    kept = [i for i, name in enumerate(table.cases) if name != case]
    return truth_table(
        table.x[kept], table.y[kept], table.conditions, [table.cases[i] for i in kept], settings
    )


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
        """Share of shuffles that do as well; the data's own order is one of them."""
        return self.n_as_good / self.n


def permutation_baseline(
    table: TruthTable,
    solution: Solution,
    settings: Settings,
    expected: Sequence[int] = (),
    limit: int = 50_000,
) -> PermutationBaseline:
    """Hand the outcomes to the cases in every distinct way and solve each table.

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


def _as_good(fit: Fit, other: Fit) -> bool:
    return all(
        (mine or 0.0) >= (theirs or 0.0) - CUT
        for mine, theirs in ((fit.consistency, other.consistency), (fit.coverage, other.coverage))
    )


def _arrangements(counts: tuple[int, ...]) -> Iterator[tuple[int, ...]]:
    """Every order of a multiset: index i comes counts[i] times."""
    if not any(counts):
        yield ()
    for i, left in enumerate(counts):
        if left:
            for rest in _arrangements((*counts[:i], left - 1, *counts[i + 1 :])):
                yield (i, *rest)


def contradiction_free_probability(n_cases: int, n_conditions: int) -> float:
    """Chance that random crisp cases give a truth table without a contradictory row.

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


def qca_plan(release: Release) -> QcaPlan:
    """The `synthesis: qca` part of a release's plan.

    Raises
    ------
    QcaError
        If it is missing, has more than three conditions, or a set lacks a field.
    """
    raw = release.plan["synthesis"].get("qca")
    if not isinstance(raw, dict):
        raise QcaError("plan.yml: synthesis.qca is missing; it names outcome, conditions and cut-offs")
    for key in ("status", "outcome", "conditions", "cutoffs", "log_odds", "vary"):
        if key not in raw:
            raise QcaError(f"plan.yml: synthesis.qca.{key} is missing")
    unknown = set(raw["cutoffs"]) - set(Settings.__dataclass_fields__)
    if unknown:
        raise QcaError(
            f"plan.yml: synthesis.qca.cutoffs has {', '.join(sorted(unknown))}; "
            f"allowed: {', '.join(Settings.__dataclass_fields__)}"
        )
    if not 1 <= len(raw["conditions"]) <= 3:
        raise QcaError(
            f"plan.yml: synthesis.qca has {len(raw['conditions'])} conditions; allowed: one to three"
        )
    return QcaPlan(
        status=raw["status"], outcome=_set_plan("outcome", raw["outcome"]),
        conditions=tuple(_set_plan(name, one) for name, one in raw["conditions"].items()),
        settings=Settings(**raw["cutoffs"]), log_odds=float(raw["log_odds"]),
        shifts=tuple(raw["vary"]["crossover"]), consistencies=tuple(raw["vary"]["consistency"]),
        left_out=dict(raw.get("left_out") or {}),
    )  # fmt: skip


def _set_plan(name: str, raw: dict[str, Any]) -> SetPlan:
    for key in ("kind", "item", "anchors", "reason"):
        if key not in raw:
            raise QcaError(f"plan.yml: synthesis.qca.{name}.{key} is missing")
    directions = {"present": 1, "absent": 0, "either": FREE}
    if raw.get("expected", "either") not in directions:
        raise QcaError(f"plan.yml: synthesis.qca.{name}.expected; allowed: {', '.join(directions)}")
    if len(raw["anchors"]) != 3:
        raise QcaError(f"plan.yml: synthesis.qca.{name}.anchors; allowed: three, out, crossover and full")
    anchors = Anchors(*(float(anchor) for anchor in raw["anchors"]))
    expected = directions[raw.get("expected", "either")]
    return SetPlan(name, raw["kind"], raw["item"], anchors, expected, raw["reason"])


def raw_codes(coding: pd.DataFrame, plan: SetPlan, coder: str = "") -> pd.Series:
    """Code of every case behind one set, NaN where it is silent.

    Parameters
    ----------
    coding : DataFrame
        Rows ``case_id, kind, item, coder, code``.
    plan : SetPlan
    coder : str
        One coder's codes; the mean of all if empty, and then silent unless every coder gave a code.

    Raises
    ------
    QcaError
        If no row belongs to the set.
    """
    chosen = coding[(coding["kind"] == plan.kind) & ((coding["item"] == plan.item) | (plan.item == "*"))]
    if coder:
        chosen = chosen[chosen["coder"] == coder]
    if chosen.empty:
        raise QcaError(
            f"coding.csv: no rows of kind {plan.kind!r} and item {plan.item!r} for {coder or 'any coder'}"
        )
    grouped = chosen.assign(code=chosen["code"].astype(float)).groupby(["case_id", "coder"])["code"]
    each = grouped.agg(lambda codes: codes.sum(min_count=1) if plan.item == "*" else codes.iloc[0]).unstack()
    return each.mean(axis=1, skipna=False).rename(plan.name)
