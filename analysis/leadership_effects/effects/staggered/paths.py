"""Assign start paths anew among places that could have begun, all equally likely."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import comb, factorial, prod

import numpy as np
from numpy.typing import NDArray

from leadership_effects.data.staggered.design import SCHEMES
from leadership_effects.data.staggered.panel import NEVER, StaggeredPanel
from leadership_effects.effects.staggered.imputation import Engine, Ints
from leadership_effects.errors import LeadershipError
from leadership_effects.rounding import DECIMALS

BATCH = 5000
MOST_TRIES = 200  # assignments tried for each one wanted before terms are called unidentified


class PermutationError(LeadershipError, ValueError):
    """Start paths cannot be permuted as asked, or places are too few for what is asked."""


class UnidentifiedError(PermutationError):
    """Too few assignments of starts, or not the actual one, identify every term."""


@dataclass(frozen=True)
class Paths:
    """Start paths assigned anew, all of them or a draw.

    Attributes
    ----------
    first : integer array, shape (D, P)
        Position of each place's first treated wave, or `NEVER`. Without the actual assignment where all are enumerated.
    scheme : str
        One of `SCHEMES`.
    seed : int
    strata : integer array, shape (P,)
        Places among which paths are permuted.
    possible : int
        Number of distinct assignments with no start before a place's second observed wave, the actual one included.
    early : float
        Share of all permutations with a start before a place's second observed wave; exact, by counting.
    unidentified : float
        Share of the others that leave a term without an untreated place in a wave; of those drawn.
    enumerated : bool
        Whether the paths are all that are possible, so that nothing depends on the seed.
    """

    first: Ints
    scheme: str
    seed: int
    strata: Ints
    possible: int
    early: float
    unidentified: float
    enumerated: bool

    @property
    def redrawn(self) -> float:
        """Return the share of all permutations that are drawn again."""
        return 1 - (1 - self.early) * (1 - self.unidentified)


def permutable(panel: StaggeredPanel) -> StaggeredPanel:
    """Return the panel of the places with an observed wave before their start."""
    early = panel.treated & (panel.first < earliest_start(panel))
    return panel.keep(~early) if early.any() else panel


def earliest_start(panel: StaggeredPanel) -> Ints:
    """Return the position after each place's first observed wave, shape (P,).

    A start from there on leaves an observed wave before it: the place is first seen treated in its second observed wave or
    later, also where it took no part in the very wave of its start.
    """
    earliest: Ints = panel.observed.any(axis=1).argmax(axis=1) + 1
    return earliest


def draw_paths(engine: Engine, scheme: str, draws: int, seed: int, also: Sequence[Engine] = ()) -> Paths:
    """Assign the actual start paths anew.

    Every assignment is listed instead where they are no more than the draws.

    A start may fall on any place that has been observed before, so the places that may begin early may also begin late.
    Cohorts are therefore filled from the earliest on, each uniformly from the places that may begin then and are still
    free: however the earlier ones fell, equally many ways remain, so every admissible assignment is equally likely.
    Assignments that leave a term unidentified are drawn again.

    Parameters
    ----------
    engine : Engine
        Of a panel whose places all have an observed wave before their start.
    scheme : str
        One of `SCHEMES`.
    draws : int
        Paths wanted, at least 1.
    seed : int
    also : sequence of Engine
        Further outcomes of the same places, under which every path is identified too.

    Raises
    ------
    PermutationError
        If the scheme is unknown or lacks levels or groups, a place has no wave before its start, or nothing can be permuted.
    """
    panel = engine.panel
    if draws < 1:
        raise PermutationError(f"draws is {draws}; at least 1")
    strata = strata_of(panel, scheme)
    earliest = np.max([earliest_start(one.panel) for one in (engine, *also)], axis=0)
    for p in np.flatnonzero(panel.treated & (panel.first < earliest)):
        raise PermutationError(
            f"{panel.name}: {panel.places[p]} has no observed wave before its start; leave it out first (permutable)"
        )
    plan = [_cohorts(panel, earliest, np.flatnonzero(strata == own)) for own in np.unique(strata)]
    possible = prod(cell.possible for cell in plan)
    early = 1 - possible / prod(cell.unrestricted for cell in plan)
    if possible == 1:
        raise PermutationError(f"{panel.name}: {scheme}: the actual starts are the only possible ones")

    def identified(first: Ints) -> NDArray[np.bool_]:
        good: NDArray[np.bool_] = np.all([one.identified(first) for one in (engine, *also)], axis=0)
        return good

    if not identified(panel.first[None, :])[0]:
        raise UnidentifiedError(
            f"{panel.name}: the actual starts leave terms of {engine.terms.label} unidentified; use fewer or wider groups"
        )
    if possible <= draws:
        first = np.array(list(_all_paths(plan, len(panel.places))), dtype=np.int64)
        good = identified(first)
        other = (first != panel.first).any(axis=1)
        return Paths(first[good & other], scheme, seed, strata, possible, early, 1 - float(good.mean()), True)
    rng = np.random.default_rng(seed)
    kept: list[Ints] = []
    held = tried = 0
    while held < draws:
        first = _draw(plan, len(panel.places), min(BATCH, draws), rng)
        good = identified(first)
        kept.append(first[good])
        held, tried = held + int(good.sum()), tried + len(good)
        if held < draws and tried >= MOST_TRIES * draws:
            raise UnidentifiedError(
                f"{panel.name}: {scheme}: {held} of {tried} assignments identify every term of "
                f"{engine.terms.label}; use fewer terms or wider groups"
            )
    return Paths(np.concatenate(kept)[:draws], scheme, seed, strata, possible, early, 1 - held / tried, False)


def strata_of(panel: StaggeredPanel, scheme: str) -> Ints:
    """Return the number of the stratum of each place, shape (P,).

    Raises
    ------
    PermutationError
        If the scheme is unknown, or needs a level or a group that a place lacks.
    """
    n = len(panel.places)
    if scheme == SCHEMES[0]:
        return np.zeros(n, dtype=np.int64)
    if scheme == SCHEMES[1]:
        for p in np.flatnonzero(np.isnan(panel.level)):
            raise PermutationError(
                f"{panel.name}: {scheme}: {panel.places[p]} has no level; leave it out first"
            )
        order = np.argsort(np.round(panel.level, DECIMALS), kind="stable")
        strata = np.zeros(n, dtype=np.int64)
        for third, members in enumerate(np.array_split(order, 3)):
            strata[members] = third
        return strata
    if scheme == SCHEMES[2]:
        if not all(panel.group):
            raise PermutationError(f"{panel.name}: {scheme}: the plan names no groups")
        return np.unique(panel.group, return_inverse=True)[1].astype(np.int64)
    raise PermutationError(f"{panel.name}: scheme {scheme!r}; allowed: {', '.join(SCHEMES)}")


@dataclass(frozen=True)
class _Cohorts:
    """Starts to fill within a stratum, earliest first, with the places that may take each."""

    members: Ints
    starts: tuple[int, ...]
    sizes: tuple[int, ...]
    eligible: tuple[NDArray[np.bool_], ...]

    @property
    def possible(self) -> int:
        """Count the assignments: places of earlier cohorts may begin later too."""
        gone = np.cumsum([0, *self.sizes])
        return prod(
            comb(int(own.sum()) - int(used), size)
            for own, used, size in zip(self.eligible, gone, self.sizes, strict=False)
        )

    @property
    def unrestricted(self) -> int:
        """Count the permutations with any place at any start."""
        n = len(self.members)
        return factorial(n) // prod(map(factorial, (*self.sizes, n - sum(self.sizes))))


def _cohorts(panel: StaggeredPanel, earliest: Ints, members: Ints) -> _Cohorts:
    own = panel.first[members]
    starts, sizes = np.unique(own[own < NEVER], return_counts=True)
    eligible = tuple(earliest[members] <= start for start in starts)
    return _Cohorts(members, tuple(map(int, starts)), tuple(map(int, sizes)), eligible)


def _draw(plan: list[_Cohorts], n: int, draws: int, rng: np.random.Generator) -> Ints:
    first = np.full((draws, n), NEVER, dtype=np.int64)
    for cell in plan:
        mine = np.full((draws, len(cell.members)), NEVER, dtype=np.int64)
        for start, size, eligible in zip(cell.starts, cell.sizes, cell.eligible, strict=True):
            free = eligible & (mine == NEVER)
            keys = np.where(free, rng.random(mine.shape), 2.0)
            chosen = np.argpartition(keys, size - 1, axis=1)[:, :size]
            np.put_along_axis(mine, chosen, start, axis=1)
        first[:, cell.members] = mine
    return first


def _all_paths(plan: list[_Cohorts], n: int) -> Iterator[Ints]:
    for parts in itertools.product(*(list(_fill(cell)) for cell in plan)):
        first = np.full(n, NEVER, dtype=np.int64)
        for cell, own in zip(plan, parts, strict=True):
            first[cell.members] = own
        yield first


def _fill(cell: _Cohorts) -> Iterator[Ints]:
    """List the assignments of a stratum in lexical order."""

    def fill(own: Ints, j: int) -> Iterator[Ints]:
        if j == len(cell.starts):
            yield own
            return
        for chosen in itertools.combinations(
            np.flatnonzero(cell.eligible[j] & (own == NEVER)), cell.sizes[j]
        ):
            filled = own.copy()
            filled[list(chosen)] = cell.starts[j]
            yield from fill(filled, j + 1)

    yield from fill(np.full(len(cell.members), NEVER, dtype=np.int64), 0)
