"""Pool published effects of leaders where errors are known, one row a trial.

The main pool takes effects in standard deviations of pupils of one kind of treatment, with a standard error that is
printed or follows from an exact p-value, from three independent studies on. What else could enter (a bound on an error,
an error put in its place, a null without a size) moves into rows of sensitivity, which are no results.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np
import pandas as pd

from leadership_effects.evidence.leader_studies import LeaderError, size
from leadership_effects.synthesis.pooling import Pooled, pool

FEWEST = 3
RHO = 0.8  # assumed correlation of the errors of two rows of one trial
KNOWN = ("printed", "derived_p")
Z95 = 1.96
POOLS: Mapping[str, tuple[str, ...]] = {
    "training of heads": ("principal_training", "management_training"),
    "a head one standard deviation better": ("principal_quality",),
    "a head with more experience": ("principal_experience",),
    "heads replaced or chosen anew": ("principal_replacement", "principal_selection"),
    "heads who leave": ("principal_turnover",),
    "a better score of management": ("management_score",),
    "heads of districts": ("district_head",),
    "pipelines and preparation": ("pipeline", "preparation"),
}


@dataclass(frozen=True)
class Trial:
    """One study with its dependent rows averaged.

    Attributes
    ----------
    name : str
    effect, se : float
        In standard deviations of pupils.
    rows : tuple of str
        Ids of the rows averaged.
    schools : float
        Largest number of schools of a row; NaN if none names it.
    """

    name: str
    effect: float
    se: float
    rows: tuple[str, ...]
    schools: float = math.nan


def own_rows(effects: pd.DataFrame, kind: str) -> pd.DataFrame:
    """Select the rows of one kind of `POOLS`, second figures of a study left out.

    Raises
    ------
    LeaderError
        For an unknown kind.
    """
    if kind not in POOLS:
        raise LeaderError(f"no kind {kind!r}; there are {', '.join(POOLS)}")
    own = effects[effects["leader_type"].isin(POOLS[kind])]
    return own[own["pool_use"] != "duplicate"]


def known(row: Any) -> bool:
    """Return whether a row has a size, a known error and no reason against the main pool.

    An error is known if it is printed or derived from an exact p-value.
    """
    return row.pool_use == "yes" and row.se_kind in KNOWN and not math.isnan(size(row))


def average(rows: Iterable[tuple[str, float, float]], rho: float) -> tuple[float, float]:
    """Average dependent effects; any two of their errors have correlation `rho`.

    Returns the mean and its error.

    The variance of the mean of m effects is (sum s_i^2 + rho sum_{i != j} s_i s_j) / m^2 (Borenstein and others 2009,
    Introduction to Meta-Analysis, eq. 24.6).

    Examples
    --------
    >>> mean, se = average([("a", 0.2, 0.06), ("b", 0.1, 0.06)], 1.0)
    >>> round(mean, 3), round(se, 3)
    (0.15, 0.06)
    """
    listed = list(rows)
    effects, errors = np.array([row[1] for row in listed]), np.array([row[2] for row in listed])
    squares = float(errors @ errors)
    variance = (squares + rho * (float(errors.sum()) ** 2 - squares)) / len(listed) ** 2
    return float(effects.mean()), math.sqrt(variance)


def trials(
    own: pd.DataFrame, errors: Mapping[str, float], trial_of: Mapping[str, str], rho: float = RHO
) -> list[Trial]:
    """Average the rows of each trial.

    Parameters
    ----------
    own : DataFrame
        Rows of ``leadership_effects``.
    errors : mapping of str to float
        Standard error by `effect_id`; other rows do not enter.
    trial_of : mapping of str to str
        Name of the trial by `effect_id`, where several studies report one trial; the study's own name otherwise.
    rho : float
        Correlation of the errors of two rows of one trial.
    """
    gathered: dict[str, list[Any]] = {}
    for row in own.itertuples():
        if row.effect_id in errors:
            gathered.setdefault(trial_of.get(row.effect_id, f"{row.study} ({row.year})"), []).append(row)
    found = []
    for name, rows in gathered.items():
        mean, se = average([(row.effect_id, size(row), errors[row.effect_id]) for row in rows], rho)
        counted = [count for count in map(schools_of, rows) if not math.isnan(count)]
        ids = tuple(row.effect_id for row in rows)
        found.append(Trial(name, mean, se, ids, max(counted, default=math.nan)))
    return found


def schools_of(row: Any) -> float:
    """Return the number of schools of a row, NaN where it is not a number."""
    return float(pd.to_numeric(row.n_schools, errors="coerce"))


@dataclass(frozen=True)
class Weighed:
    """What one kind of treatment has for a pool.

    Attributes
    ----------
    kind : str
    trials : list of Trial
        Independent studies with an error printed or derived.
    pooled : Pooled or None
        None below `FEWEST`.
    wanted : tuple of str
        Studies with a size in standard deviations of pupils whose error was not read, sizes without a value included.
    silent : tuple of str
        Studies that print no size in what was read.
    """

    kind: str
    trials: list[Trial]
    pooled: Pooled | None
    wanted: tuple[str, ...]
    silent: tuple[str, ...]

    @property
    def lacking(self) -> int:
        """Return how many more independent studies with an error a pool needs."""
        return max(FEWEST - len(self.trials), 0)


def weigh(effects: pd.DataFrame, kind: str, trial_of: Mapping[str, str], rho: float = RHO) -> Weighed:
    """Pool a kind of treatment of three or more independent studies with errors.

    Where there are fewer, the result says what is wanting.
    """
    own = own_rows(effects, kind)
    errors = {row.effect_id: float(row.se) for row in own.itertuples() if known(row)}
    found = trials(own, errors, trial_of, rho)
    names = {
        row.effect_id: trial_of.get(row.effect_id, f"{row.study} ({row.year})") for row in own.itertuples()
    }
    have = {trial.name for trial in found}
    sized = [row for row in own.itertuples() if row.effect_id not in errors and _has_size(row)]
    wanted = tuple(dict.fromkeys(names[row.effect_id] for row in sized if names[row.effect_id] not in have))
    silent = tuple(
        dict.fromkeys(
            names[row.effect_id]
            for row in own.itertuples()
            if row.pool_use == "no figure" and names[row.effect_id] not in have | set(wanted)
        )
    )
    return Weighed(kind, found, pooled(found), wanted, silent)


def _has_size(row: Any) -> bool:
    in_range = row.effect_unit == "SD" and not math.isnan(row.effect_low)
    return (
        not row.pool_use.startswith("no:")
        and row.pool_use != "no"
        and (in_range or not math.isnan(size(row)))
    )


def pooled(found: Sequence[Trial]) -> Pooled | None:
    """Pool trials by random effects (REML, modified Hartung-Knapp), or nothing below three."""
    if len(found) < FEWEST:
        return None
    return pool([trial.effect for trial in found], [trial.se**2 for trial in found])


@dataclass(frozen=True)
class Scenario:
    """One row of sensitivity: what enters beside known errors, and how.

    Attributes
    ----------
    key, name : str
    bounds : float
        Share of the bound that an error known by a bound is taken to be; 0 leaves such rows out.
    assumed : float
        Multiple of the error put in the place of a missing one; 0 leaves such rows out.
    nulls : float or None
        Where nulls without a size lie, in their own errors; None leaves them out.
    rho : float
    """

    key: str
    name: str
    bounds: float = 0.0
    assumed: float = 0.0
    nulls: float | None = None
    rho: float = RHO


SCENARIOS = (
    Scenario("bounds", "with bounds as errors", bounds=1.0),
    Scenario("half_bounds", "with half of each bound", bounds=0.5),
    Scenario("assumed", "with bounds and assumed errors", bounds=1.0, assumed=1.0),
    Scenario("assumed_halved", "the same, assumed errors halved", bounds=1.0, assumed=0.5),
    Scenario("assumed_doubled", "the same, assumed errors doubled", bounds=1.0, assumed=2.0),
    Scenario("independent_rows", "the same, rows of a trial independent", bounds=1.0, assumed=1.0, rho=0.0),
    Scenario("rows_as_one", "the same, rows of a trial as one", bounds=1.0, assumed=1.0, rho=1.0),
    Scenario("nulls_zero", "with nulls at zero", bounds=1.0, assumed=1.0, nulls=0.0),
    Scenario(
        "nulls_lowest",
        "with nulls at the lowest that is not significant",
        bounds=1.0,
        assumed=1.0,
        nulls=-Z95,
    ),
    Scenario(
        "nulls_highest",
        "with nulls at the highest that is not significant",
        bounds=1.0,
        assumed=1.0,
        nulls=Z95,
    ),
)


def school_error(found: Iterable[Trial]) -> tuple[float, float]:
    """Compute error times root of schools, least and most, over trials that have both.

    Raises
    ------
    LeaderError
        If none has both.
    """
    values = [trial.se * math.sqrt(trial.schools) for trial in found if not math.isnan(trial.schools)]
    if not values:
        raise LeaderError("no trial has an error and a number of schools")
    return min(values), max(values)


def sensitivity(
    effects: pd.DataFrame,
    kind: str,
    trial_of: Mapping[str, str],
    nulls: Iterable[str] = (),
    scenarios: Iterable[Scenario] = SCENARIOS,
) -> list[tuple[Scenario, list[Trial], Pooled | None]]:
    """Pool a kind of treatment under each scenario.

    Nulls without a size get the error that their number of schools gives by the largest `school_error` of the known
    trials; a null is not significant, so that it lies within 1.96 of its own errors of zero. Nulls of a trial that has a
    size, and those without a number of schools, do not enter.

    Parameters
    ----------
    nulls : iterable of str
        Ids of the rows that report no effect and print no size.
    """
    own, listed, rows = own_rows(effects, kind), set(nulls), []
    for scenario in scenarios:
        errors = {}
        for row in own.itertuples():
            if known(row):
                errors[row.effect_id] = float(row.se)
            elif row.pool_use == "bound" and scenario.bounds:
                errors[row.effect_id] = float(row.se) * scenario.bounds
            elif row.pool_use == "with assumed SE" and scenario.assumed:
                errors[row.effect_id] = float(row.se_assumed) * scenario.assumed
        found = trials(own, errors, trial_of, scenario.rho)
        if scenario.nulls is not None:
            certain = weigh(effects, kind, trial_of, scenario.rho).trials
            found += null_trials(own, listed, trial_of, found, school_error(certain)[1], scenario.nulls)
        rows.append((scenario, found, pooled(found)))
    return rows


def null_trials(
    own: pd.DataFrame,
    nulls: Iterable[str],
    trial_of: Mapping[str, str],
    found: Iterable[Trial],
    per_school: float,
    place: float,
) -> list[Trial]:
    """Give nulls without a size an error by their number of schools, and a place in such errors."""
    have, made = {trial.name for trial in found}, []
    for row in own[own["effect_id"].isin(set(nulls))].itertuples():
        name = trial_of.get(row.effect_id, f"{row.study} ({row.year})")
        schools = schools_of(row)
        if name in have or math.isnan(schools):
            continue
        have.add(name)
        se = per_school / math.sqrt(schools)
        made.append(Trial(name, place * se, se, (row.effect_id,), schools))
    return made


def concordance(found: Sequence[Trial]) -> tuple[int, int]:
    """Count pairs of trials in which the less precise one has the larger effect, and all pairs.

    A remark on small studies: below ten studies a test of asymmetry has next to no power (Sterne and others 2011, BMJ
    343, d4002), so that none is made.
    """
    pairs = [(a, b) for a, b in product(found, found) if a.se > b.se]
    return sum(a.effect > b.effect for a, b in pairs), len(pairs)
