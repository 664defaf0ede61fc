"""Model critical mass: threshold models, committed minorities and the naming game.

Three families are simulated. In threshold models each person joins for good once enough others have
(Granovetter 1978). In conventions with memory each person does what most of the people met lately did, and a
committed minority always does the new thing (Centola, Becker, Brackbill & Baronchelli 2018). In the binary naming game
people hold one name, the other, or both (Xie and others 2011). Where a large, fully mixed population can be solved,
the share at which the old equilibrium vanishes is computed without drawing anything; networks are simulated.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import optimize, stats

from leadership_effects.data.panels import Array
from leadership_effects.data.release import Release
from leadership_effects.data.sweeps import Sweep
from leadership_effects.errors import LeadershipError

Whole = NDArray[np.int64]
NETWORKS = ("complete", "random", "ring", "ring, side by side")
OLD, NEW, OTHER = 0, 1, 2
GRID = 20_001  # points on which a fold is looked for before it is refined


class TippingError(LeadershipError, ValueError):
    """A model was asked for that is not defined."""


def cascade(thresholds: Whole) -> int:
    """Count who joins when each joins at a threshold of others (Granovetter 1978, two crowds).

    Parameters
    ----------
    thresholds : array of int, shape (people,)
        Number of people who must have joined before this one does.
    """
    joined = 0
    while (more := int((thresholds <= joined).sum())) > joined:
        joined = more
    return joined


def equilibrium(mean: float, sd: float, committed: float = 0.0) -> float:
    """Compute the share that joins in a large, mixed crowd with normal thresholds.

    Starting from a committed share. The smallest fixed point of r = p + (1 - p) F(r), F the normal distribution
    function (Granovetter 1978, figure 2).

    Raises
    ------
    TippingError
        If the spread is not positive or a share lies outside [0, 1].
    """
    _require_normal(mean, sd)
    _require_shares(committed=committed)

    def above(r: Array) -> Array:
        return np.asarray(committed + (1 - committed) * stats.norm.cdf(r, mean, sd) - r)

    grid = np.linspace(0, 1, GRID)
    first = int(np.argmax(above(grid) <= 0))
    if first == 0:
        return 0.0 if above(np.zeros(1))[0] <= 0 else 1.0
    return float(optimize.brentq(lambda r: above(np.array(r)), grid[first - 1], grid[first], xtol=1e-13))


def critical_spread(mean: float) -> float:
    """Compute the threshold spread at which the low equilibrium vanishes.

    Without any committed share. The line r touches F from below: (r - mean) / sd = z with z = Phi^-1(r) and phi(z) =
    sd, on the lower branch.

    Raises
    ------
    TippingError
        If the mean is not between 0 and one half.
    """
    if not 0 < mean < 0.5:
        raise TippingError(f"the mean threshold must lie between 0 and 0.5, found {mean}")

    def gap(z: float) -> float:
        return float(stats.norm.cdf(z) - mean - z * stats.norm.pdf(z))

    return float(stats.norm.pdf(optimize.brentq(gap, -38, 0, xtol=1e-14)))


def fold(share_needed: Callable[[Array], Array], top: float = 1.0) -> float:
    """Find the first local maximum of the committed share in balance, r from 0 to `top`.

    The share that keeps a following r in balance. Up to it, more committed people move the low equilibrium a little;
    beyond it there is no low equilibrium. NaN if the share never turns down (more people, more following, and no
    tipping point); 0 if it is never positive.
    """
    grid = np.linspace(0, top, GRID)[:-1]
    values = share_needed(grid)
    turns = np.flatnonzero((values[1:-1] > values[:-2]) & (values[1:-1] >= values[2:])) + 1
    if len(turns) == 0:
        return float("nan")
    at = turns[0]
    found = optimize.minimize_scalar(
        lambda r: -float(share_needed(np.array([r]))[0]), bounds=(grid[at - 1], grid[at + 1]), method="bounded",
        options={"xatol": 1e-12},
    )  # fmt: skip
    return max(float(-found.fun), 0.0)


def critical_share_thresholds(mean: float, sd: float) -> float:
    """Compute the committed share that tips a large, mixed crowd with normal thresholds, or NaN.

    Raises
    ------
    TippingError
        If the spread is not positive or the mean lies outside [0, 1].
    """
    _require_normal(mean, sd)
    return fold(lambda r: _committed_in_balance(r, np.asarray(stats.norm.cdf(r, mean, sd))))


def critical_share_memory(memory: int) -> float:
    """Compute the committed share that tips a population with memory.

    Large and mixed, following the majority of its last M meetings. A person who meets the new behaviour with chance q
    follows it with chance G(q), the chance that more than half of M meetings were new, ties broken by a coin; q = p +
    (1 - p) G(q) (Centola and others 2018, theory). NaN for one or two meetings, which have no tipping point.

    Raises
    ------
    TippingError
        If the memory is shorter than one meeting.
    """
    if memory < 1:
        raise TippingError(f"memory must hold one meeting or more, found {memory}")
    return fold(lambda q: _committed_in_balance(q, majority(q, memory))) if memory > 2 else float("nan")


def majority(q: Array, memory: int) -> Array:
    """Compute the chance that most of `memory` meetings, each new with q, were; ties by coin."""
    half = memory // 2
    ties = stats.binom.pmf(half, memory, q) / 2 if memory % 2 == 0 else 0.0
    return np.asarray(stats.binom.sf(half, memory, q) + ties)


def _committed_in_balance(r: Array, followed: Array) -> Array:
    """Return the committed share p with r = p + (1 - p) F(r)."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(np.where(followed < 1, (r - followed) / (1 - followed), np.nan))


def critical_share_naming() -> float:
    """Compute the committed share that tips the binary naming game.

    In a large, mixed population, published as 0.0979. Setting the rate equations of Xie and others (2011, Physical
    Review E 84, 011130) to zero gives, with s the square root of the share that holds the old name alone, p = 2 (1 -
    s)(s^2 + s - 1) / (1 + s); the fold is its maximum.
    """
    return fold(lambda r: 2 * r * ((1 - r) ** 2 - r) / (2 - r))


def _require_normal(mean: float, sd: float) -> None:
    _require_shares(mean=mean)
    if sd <= 0:
        raise TippingError(f"the spread of thresholds must be positive, found {sd}")


def _require_shares(**shares: float) -> None:
    for name, value in shares.items():
        if not 0 <= value <= 1:
            raise TippingError(f"{name} must lie between 0 and 1, found {value}")


def neighbours(network: str, people: int, runs: int, rng: np.random.Generator, degree: int = 10) -> Whole:
    """Build neighbours, (runs, people, most neighbours), empty places filled with the person.

    Parameters
    ----------
    network : str
        ``complete``: everyone meets everyone. ``random``: any two are tied with the chance that gives `degree` ties
        on average (Erdos-Renyi), drawn anew in each run. ``ring`` and ``ring, side by side``: the `degree` nearest on a
        ring, a lattice whose neighbours mostly know each other.

    Raises
    ------
    TippingError
        For an unknown network, or a ring with too few people for its degree.
    """
    own = np.arange(people)
    if network == "complete":
        return np.broadcast_to((own[:, None] + np.arange(1, people)) % people, (runs, people, people - 1))
    if network.startswith("ring") and network in NETWORKS and people > degree:
        steps = np.concatenate([np.arange(1, degree // 2 + 1), -np.arange(1, degree // 2 + 1)])
        return np.broadcast_to((own[:, None] + steps) % people, (runs, people, degree))
    if network != "random":
        raise TippingError(
            f"no network {network!r} for {people} people and degree {degree}; allowed: {'; '.join(NETWORKS)}"
        )
    upper = np.triu(rng.random((runs, people, people)) < degree / (people - 1), k=1)
    tied = upper | upper.transpose(0, 2, 1)
    first = np.argsort(~tied, axis=2, kind="stable")[:, :, : tied.sum(axis=2).max()]
    return np.asarray(np.where(np.take_along_axis(tied, first, axis=2), first, own[:, None]))


def commitments(
    network: str, people: int, share: float, orientation: float, runs: int, rng: np.random.Generator
) -> Whole:
    """Draw who is committed to what, shape (runs, people).

    OLD for the uncommitted, NEW, or OTHER. A share `orientation` of the committed pushes the new behaviour, the rest
    another one. They are scattered at random, or stand side by side on the ring.
    """
    _require_shares(share=share, orientation=orientation)
    committed = round(share * people)
    line = np.full(people, OLD)
    line[:committed] = OTHER
    line[: round(orientation * committed)] = NEW
    everyone = np.tile(line, (runs, 1))
    return everyone if network == "ring, side by side" else rng.permuted(everyone, axis=1)


def follow_memory(rng: np.random.Generator, cell: dict[str, Any]) -> tuple[Array, Array]:
    """Simulate conventions with memory: shares that follow the new and the old behaviour.

    Of the uncommitted, each shape (runs,), over the last tenth of rounds. In each round everyone meets one neighbour
    drawn at random and remembers what the neighbour did; the uncommitted then do what was most frequent in their last M
    meetings, ties by a coin. At the start all remember the old.
    """
    runs, people, memory = cell["runs"], cell["people"], cell["memory"]
    fixed = commitments(cell["network"], people, cell["share"], cell["orientation"], runs, rng)
    ties = neighbours(cell["network"], people, runs, rng)
    degree = (ties != np.arange(people)[:, None]).sum(axis=2)
    remembered = np.zeros((memory, runs, people), dtype=np.int8)
    counts = np.zeros((3, runs, people), dtype=np.float32)
    counts[OLD] = memory
    does, free = fixed.copy(), fixed == OLD
    last = max(cell["rounds"] // 10, 1)
    followed = np.zeros((2, runs))
    for round_ in range(cell["rounds"]):
        pick = (rng.random((runs, people)) * degree).astype(np.int64)
        met = np.take_along_axis(ties, pick[:, :, None], axis=2)[:, :, 0]
        seen = np.take_along_axis(does, met, axis=1)
        slot = round_ % memory
        for behaviour in (OLD, NEW, OTHER):
            counts[behaviour] += seen == behaviour
            counts[behaviour] -= remembered[slot] == behaviour
        remembered[slot] = seen
        best = (counts + rng.random(counts.shape, dtype=np.float32) / 2).argmax(axis=0)
        does = np.where(free, best, fixed)
        if round_ >= cell["rounds"] - last:
            followed += [_share(free, does == b) / last for b in (NEW, OLD)]
    return followed[0], followed[1]


def follow_thresholds(rng: np.random.Generator, cell: dict[str, Any]) -> tuple[Array, Array]:
    """Simulate threshold models: shares that have joined and that have not.

    Of the uncommitted, each shape (runs,), when nobody joins any more. Each of the uncommitted joins for good once the
    share of neighbours who have joined reaches their threshold, normal with the cell's mean and spread (Granovetter
    1978). Those committed to something else never join.
    """
    runs, people = cell["runs"], cell["people"]
    fixed = commitments(cell["network"], people, cell["share"], cell["orientation"], runs, rng)
    ties = neighbours(cell["network"], people, runs, rng)
    tied = ties != np.arange(people)[:, None]
    thresholds = rng.normal(cell["mean_threshold"], cell["spread"], size=(runs, people))
    free, joined = fixed == OLD, fixed == NEW
    everyone = np.arange(runs)[:, None, None]
    while True:
        around = (joined[everyone, ties] & tied).sum(axis=2) / np.maximum(tied.sum(axis=2), 1)
        more = joined | (free & (around >= thresholds))
        if (more == joined).all():
            return _share(free, joined), _share(free, ~joined)
        joined = more


def follow_naming(rng: np.random.Generator, cell: dict[str, Any]) -> tuple[Array, Array]:
    """Simulate the naming game: shares that hold only the new and only the old name.

    Of the uncommitted, each shape (runs,), at the end. In each round all people are paired at random and one of each
    pair speaks a name they hold. A listener who holds it keeps that name alone, and so does the speaker; another
    listener adds it (Xie and others 2011). One round is one meeting of everybody.

    Raises
    ------
    TippingError
        If some are committed to a third name or people are not mixed: neither is defined here.
    """
    if cell["network"] != "complete" or cell["orientation"] != 1:
        raise TippingError(
            f"the naming game is defined for the complete network and orientation 1, found {cell['network']!r} "
            f"and {cell['orientation']}"
        )
    runs, people = cell["runs"], cell["people"]
    fixed = commitments(cell["network"], people, cell["share"], cell["orientation"], runs, rng)
    free = fixed == OLD
    holds = np.stack([free, fixed == NEW])
    order = np.tile(np.arange(people), (runs, 1))
    rows = np.arange(runs)[:, None]
    for _ in range(cell["rounds"]):
        order = rng.permuted(order, axis=1)
        speaker, listener = order[:, : people // 2], order[:, people // 2 : 2 * (people // 2)]
        both = holds[0, rows, speaker] & holds[1, rows, speaker]
        word = np.where(both, rng.random(both.shape) < 0.5, holds[1, rows, speaker]).astype(np.int64)
        known = holds[word, rows, listener]
        for name in (0, 1):
            said = word == name
            heard = np.where(known, said, holds[name, rows, listener] | said)
            spoke = np.where(known, said, holds[name, rows, speaker])
            holds[name, rows, listener] = np.where(free[rows, listener], heard, holds[name, rows, listener])
            holds[name, rows, speaker] = np.where(free[rows, speaker], spoke, holds[name, rows, speaker])
    return _share(free, holds[1] & ~holds[0]), _share(free, holds[0] & ~holds[1])


def _share(among: NDArray[np.bool_], which: NDArray[np.bool_]) -> Array:
    return np.asarray((among & which).sum(axis=1) / np.maximum(among.sum(axis=1), 1))


FOLLOW: dict[str, Callable[[np.random.Generator, dict[str, Any]], tuple[Array, Array]]] = {
    "memory": follow_memory,
    "thresholds": follow_thresholds,
    "naming": follow_naming,
}


def tips(rng: np.random.Generator, cell: dict[str, Any]) -> dict[str, float]:
    """Simulate one cell over its runs.

    Returns
    -------
    dict
        ``tipped``: share of runs in which most of the uncommitted follow the new behaviour in the end.
        ``followed``: mean share of the uncommitted that do. ``old_lost``: share of runs in which fewer than half of
        the uncommitted keep the old one.

    Raises
    ------
    TippingError
        For an unknown model.
    """
    if cell["model"] not in FOLLOW:
        raise TippingError(f"no model {cell['model']!r}; allowed: {', '.join(FOLLOW)}")
    new, old = FOLLOW[cell["model"]](rng, cell)
    lost = float((old < 0.5).mean())
    return {"tipped": float((new > 0.5).mean()), "followed": float(new.mean()), "old_lost": lost}


SHARES = tuple(round(0.02 * i, 2) for i in range(1, 26))
ORIENTATIONS = (1.0, 0.9, 0.8, 0.7, 0.6, 0.5)
COMMON = {"people": 100, "runs": 50, "rounds": 400, "memory": 12, "mean_threshold": 0.5, "spread": 0.15}


def half_way(share: Array, tipped: Array) -> float:
    """Return the committed share at which half of the runs tip, between two of those simulated.

    Parameters
    ----------
    share, tipped : array, shape (S,)
        Shares committed and shares of runs that tip, in per cent.

    Returns
    -------
    float
        In per cent, drawn straight between neighbours; NaN if half never tip, or do at the first share.

    Examples
    --------
    >>> half_way(np.array([10.0, 20.0, 30.0]), np.array([0.0, 25.0, 75.0]))
    25.0
    """
    above = np.flatnonzero(tipped >= 50)
    if len(above) == 0 or above[0] == 0:
        return float("nan")
    at = slice(above[0] - 1, above[0] + 1)
    return float(np.interp(50, tipped[at], share[at]))


def tipping_cells(release: Release) -> list[dict[str, Any]]:
    """List the cells: share by orientation where all mix, by network where all pull together."""
    mixed = [("complete", orientation) for orientation in ORIENTATIONS]
    kinds = mixed + [(network, 1.0) for network in NETWORKS[1:]]
    cells = [
        {"model": model, "network": network, "orientation": orientation, "share": share, **COMMON}
        for model, (network, orientation), share in product(("memory", "thresholds"), kinds, SHARES)
    ]
    fixed = {"model": "naming", "network": "complete", "orientation": 1.0}
    return cells + [fixed | {"share": share} | COMMON | {"people": 400} for share in SHARES]


SWEEPS = (Sweep("tipping", 1_978, tipping_cells, tips, hidden=tuple(COMMON)),)
