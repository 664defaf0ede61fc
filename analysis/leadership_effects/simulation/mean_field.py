"""Solve tipping models on a network without a draw: mean-field recursions.

Every person has a chance of following the new behaviour. The uncommitted update theirs from the mean chance among the people
they are tied to, the committed stay at one (individual-based mean field; Pastor-Satorras and others 2015, Reviews of
Modern Physics 87(3), section V.A). Where everyone meets everyone this is the recursion of the solved models of
`synthesis.tipping`. Neighbours are taken as independent, which a simulation need not: its runs tip more easily where
the committed are scattered on a ring. The networks and the order in which people become committed are drawn once with a
fixed seed and are then the same for every setting, in the package and in ``book/_static/tipping.js``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache

import numpy as np
from scipy import special

from leadership_effects.data.panels import Array
from leadership_effects.rounding import is_above
from leadership_effects.synthesis.tipping import COMMON, NETWORKS, TippingError, neighbours

PEOPLE = int(COMMON["people"])
ROUNDS = int(COMMON["rounds"])
SEED = 1_978
SETTLED = 1e-10  # a change of no person's chance beyond this ends the recursion
STEP = 0.1  # of the rate equations of the naming game, in meetings of each person
MOST = 60  # per cent committed up to which a tipping share is looked for
MODELS = ("memory", "thresholds", "naming")


@dataclass(frozen=True)
class Setting:
    """What a reader sets.

    Attributes
    ----------
    share : int
        Committed people of a hundred, 0 to 60.
    memory : int
        Meetings that a person remembers, 1 to 100.
    network : str
        One of `tipping.NETWORKS`.
    mean, spread : float
        Of the normal thresholds, as shares of the people tied to.
    """

    share: int
    memory: int
    network: str
    mean: float = 0.5
    spread: float = 0.15

    def __post_init__(self) -> None:
        wrong = {
            "share": not 0 <= self.share <= MOST,
            "memory": not 1 <= self.memory <= 100,
            "network": self.network not in NETWORKS,
            "mean": not 0 < self.mean < 1,
            "spread": not 0 < self.spread <= 1,
        }
        if named := [name for name, is_wrong in wrong.items() if is_wrong]:
            raise TippingError(
                f"{', '.join(named)} of {self}; allowed: a share of 0 to {MOST} per cent, a memory of 1 to 100, a mean "
                f"above 0 and below 1, a spread above 0 and at most 1, and a network of {'; '.join(NETWORKS)}"
            )


@cache
def ties(network: str) -> tuple[tuple[int, ...], ...]:
    """List the people whom each person meets; empty where everyone meets everyone."""
    if network == "complete":
        return ()
    drawn = neighbours(network, PEOPLE, 1, np.random.default_rng(SEED))[0]
    return tuple(tuple(int(other) for other in row if other != own) for own, row in enumerate(drawn))


@cache
def order(network: str) -> tuple[int, ...]:
    """List people in the order in which they become committed."""
    if network == "ring, side by side":
        return tuple(range(PEOPLE))
    return tuple(np.random.default_rng(SEED).permutation(PEOPLE).tolist())


@cache
def _matrix(network: str) -> Array:
    if network == "complete":
        return np.full((PEOPLE, PEOPLE), 1 / PEOPLE)
    met = np.zeros((PEOPLE, PEOPLE))
    for own, others in enumerate(ties(network)):
        met[own, list(others)] = 1 / max(len(others), 1)
    return met


def majority(chance: Array, memory: int) -> Array:
    """Compute the chance that most of the remembered meetings were new, ties by a coin.

    With a coin for ties an even memory equals the odd one before it, and the binomial tail of an odd memory 2h - 1 is the
    incomplete beta function with both parameters h.
    """
    half = (memory + 1) // 2
    return np.asarray(special.betainc(half, half, np.clip(chance, 0, 1)))


def chances(setting: Setting, response: Callable[[Array], Array]) -> Array:
    """Iterate from nobody following until the chances settle, shape (people,)."""
    committed = np.zeros(PEOPLE, dtype=bool)
    committed[list(order(setting.network)[: setting.share])] = True
    now, met = committed.astype(float), _matrix(setting.network)
    for _ in range(ROUNDS):
        then = np.where(committed, 1.0, response(met @ now))
        moved, now = float(np.abs(then - now).max()), then
        if moved < SETTLED:
            break
    return np.asarray(now)


def naming(share: float) -> float:
    """Compute the share of the uncommitted that hold only the new name in the end.

    The rate equations of Xie and others (2011, Physical Review E 84, 011130) for a large, mixed population, with a fixed
    step and as many meetings as there are rounds.
    """
    old, new = 1 - share, 0.0
    for _ in range(round(ROUNDS / STEP)):
        both = 1 - share - old - new
        more_old = -old * new + both * both + both * old - share * old
        more_new = -old * new + both * both + both * new + 1.5 * share * both
        old, new = old + STEP * more_old, new + STEP * more_new
        if abs(more_old) < SETTLED and abs(more_new) < SETTLED:
            break
    return new / (1 - share)


def followed(model: str, setting: Setting) -> float:
    """Compute the share of the uncommitted that follow the new behaviour in the end.

    Raises
    ------
    TippingError
        For an unknown model, or the naming game where not everyone meets everyone.

    Examples
    --------
    >>> low, high = (followed("memory", Setting(share, 12, "complete")) for share in (24, 25))
    >>> round(low, 2), round(high, 2)
    (0.1, 1.0)
    """
    if model == "naming":
        if setting.network != "complete":
            raise TippingError(
                f"the naming game is defined for the complete network, found {setting.network!r}"
            )
        return naming(setting.share / 100)
    if model == "memory":
        end = chances(setting, lambda met: majority(met, setting.memory))
    elif model == "thresholds":
        end = chances(setting, lambda met: np.asarray(special.ndtr((met - setting.mean) / setting.spread)))
    else:
        raise TippingError(f"no model {model!r}; allowed: {', '.join(MODELS)}")
    return float((end.sum() - setting.share) / (PEOPLE - setting.share))


def tipping_share(model: str, setting: Setting) -> int | None:
    """Find the smallest committed share, in whole per cent, at which most others follow.

    More committed people never make fewer people follow or be committed, so the share at which these are half of all is
    found by bisection; most others follow at that share at the earliest. None if there is none up to 60.
    """

    def others(share: int) -> float:
        return followed(model, replace(setting, share=share))

    low, high = -1, MOST + 1
    while high - low > 1:
        middle = (low + high) // 2
        everyone = middle + (PEOPLE - middle) * others(middle)
        low, high = (low, middle) if everyone > PEOPLE / 2 else (middle, high)
    return next((share for share in range(high, MOST + 1) if is_above(others(share), 0.5)), None)
