"""Calibrate fuzzy sets, build truth tables and measure sufficiency and necessity (QCA).

A term is a tuple with one entry a condition: 1 present, 0 absent, `FREE` where the condition does not matter.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import product
from typing import Any

import numpy as np
import pandas as pd

from leadership_effects.data.panels import Array
from leadership_effects.data.release import Release
from leadership_effects.errors import LeadershipError
from leadership_effects.rounding import is_above

Term = tuple[int, ...]
Model = tuple[Term, ...]
FREE = -1
CUT = 1e-9  # slack of a cut-off: a consistency of 0.8 made of sums must not fail 0.8
MOST_CONDITIONS = 8


class QcaError(LeadershipError, ValueError):
    """The cases or the plan do not bear the analysis asked for."""


@dataclass(frozen=True)
class Anchors:
    """Three anchors of the direct method, falling where less of a thing is more."""

    out: float
    crossover: float
    full: float

    def shifted(self, by: float) -> Anchors:
        """Move the crossover by a share of the distance between the outer anchors."""
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
    """Cut-offs of the truth table: fewest cases, consistency and PRI of a sufficient row."""

    frequency: int = 1
    consistency: float = 0.8
    pri: float = 0.0


@dataclass(frozen=True)
class SetFit:
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
    """Fit of X as a superset of Y (Schneider & Wagemann 2012, ch. 9); relevance is RoN."""

    name: str
    consistency: float | None
    coverage: float | None
    relevance: float | None


@dataclass(frozen=True)
class TruthRow:
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
    fit: SetFit
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
    rows: tuple[TruthRow, ...]

    def having(self, output: str) -> frozenset[Term]:
        """Return the combinations with an output."""
        return frozenset(row.term for row in self.rows if row.output == output)


def calibrate(raw: Array, anchors: Anchors, log_odds: float = 3.0) -> Array:
    """Calibrate fuzzy membership by the direct method.

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

    Examples
    --------
    >>> import numpy as np
    >>> calibrate(np.array([0.0, 1.0, 2.0, 3.0]), Anchors(0, 1.5, 3)).round(2).tolist()
    [0.05, 0.27, 0.73, 0.95]
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


def sufficiency(x: Array, y: Array) -> SetFit:
    """Fit X as a subset of Y (Ragin 2006; PRI: Schneider & Wagemann 2012, ch. 9)."""
    both = float(np.minimum(x, y).sum())
    either_way = float(np.minimum(np.minimum(x, y), 1 - y).sum())
    pri = _share(both - either_way, float(x.sum()) - either_way)
    return SetFit(_share(both, float(x.sum())), _share(both, float(y.sum())), pri)


def necessity(name: str, x: Array, y: Array) -> Necessity:
    """Fit X as a superset of Y; with a relevance near 0 it is so common as to be trivial."""
    both = np.minimum(x, y)
    common, relevance = float(both.sum()), _share(float((1 - x).sum()), float((1 - both).sum()))
    return Necessity(name, _share(common, float(y.sum())), _share(common, float(x.sum())), relevance)


def necessity_of_each(table: TruthTable) -> list[Necessity]:
    """Measure the necessity of each condition and of its absence."""
    found = []
    for name, x in zip(table.conditions, table.x.T, strict=True):
        found += [necessity(name, x, table.y), necessity(f"~{name}", 1 - x, table.y)]
    return found


def membership(term: Term, x: Array) -> Array:
    """Compute membership in a term, (n_cases,): the least of its conditions."""
    parts = [x[:, i] if wanted else 1 - x[:, i] for i, wanted in enumerate(term) if wanted != FREE]
    least: Array = np.minimum.reduce(parts) if parts else np.ones(len(x))
    return least


def model_membership(model: Model, x: Array) -> Array:
    """Compute each case's membership in a model: the greatest of its terms."""
    most: Array = np.maximum.reduce([membership(term, x) for term in model])
    return most


def truth_table(
    x: Array, y: Array, conditions: Sequence[str], cases: Sequence[str], settings: Settings
) -> TruthTable:
    """Build every combination with its cases and consistency (Ragin 2008, ch. 7).

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
        fit = sufficiency(membership(term, x), y) if inside.any() else SetFit(None, None, None)
        kinds = set(is_above(y[inside], 0.5).tolist())
        named = tuple(case for case, here in zip(cases, inside, strict=True) if here)
        rows.append(TruthRow(term, named, fit, _output(fit, len(named), settings), len(kinds) == 2))
    return TruthTable(tuple(conditions), tuple(cases), x, y, tuple(rows))


def _checked(x: Array, y: Array, conditions: Sequence[str], cases: Sequence[str]) -> tuple[Array, Array]:
    x, y = np.asarray(x, float), np.asarray(y, float)
    if x.shape != (len(cases), len(conditions)) or y.shape != (len(cases),):
        wanted = f"{len(cases)} cases and {len(conditions)} conditions"
        raise QcaError(f"memberships have shapes {x.shape} and {y.shape} for {wanted}")
    if not 1 <= len(conditions) <= MOST_CONDITIONS:
        raise QcaError(f"{len(conditions)} conditions; allowed: 1 to {MOST_CONDITIONS}")
    if not all(np.isfinite(part).all() and part.min() >= 0 and part.max() <= 1 for part in (x, y)):
        raise QcaError("memberships must lie from 0 to 1; calibrate first and drop silent cases")
    at_crossover = np.argwhere(np.abs(x - 0.5) < CUT)
    if len(at_crossover):
        case, condition = at_crossover[0]
        at = f"{cases[case]} lies at 0.5 of {conditions[condition]}"
        raise QcaError(f"{at} and belongs to no row; move the crossover off the codes")
    return x, y


def _output(fit: SetFit, n: int, settings: Settings) -> str:
    if n < settings.frequency or fit.consistency is None:
        return "?"
    enough = fit.consistency >= settings.consistency - CUT and (fit.pri or 0.0) >= settings.pri - CUT
    return "1" if enough else "0"


def qca_plan(release: Release) -> QcaPlan:
    """Read the `synthesis: qca` part of a release's plan.

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
    known = Settings.__dataclass_fields__
    if unknown := ", ".join(sorted(set(raw["cutoffs"]) - set(known))):
        raise QcaError(f"plan.yml: synthesis.qca.cutoffs has {unknown}; allowed: {', '.join(known)}")
    if not 1 <= (n := len(raw["conditions"])) <= 3:
        raise QcaError(f"plan.yml: synthesis.qca has {n} conditions; allowed: one to three")
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
    """Return the code of every case behind one set, NaN where it is silent.

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
        wanted = f"kind {plan.kind!r} and item {plan.item!r} for {coder or 'any coder'}"
        raise QcaError(f"coding.csv: no rows of {wanted}")
    grouped = chosen.assign(code=chosen["code"].astype(float)).groupby(["case_id", "coder"])["code"]
    each = grouped.agg(lambda codes: codes.sum(min_count=1) if plan.item == "*" else codes.iloc[0]).unstack()
    return each.mean(axis=1, skipna=False).rename(plan.name)
