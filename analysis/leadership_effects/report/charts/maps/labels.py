"""Place names or numbers beside the points of a map, where they cover nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

# A name at a given side of its point: how it is aligned, and pixels from the point.
SIDES = {"right": ("left", 11, -2), "left": ("right", -11, -2), "below": ("center", 0, 18)}
NARROW = 440  # pixels; a narrower map has one line a name
LETTER, DIGIT, LINE = 6.4, 7.0, 14.0  # pixels of a letter, of a digit and of a line
WIDTHS = {
    "narrow": (280, 320, 360, 400, 439),
    "wide": (440, 500, 580, 660, 760, 880),
}  # at which labels are kept apart
POINT, ADDED = 8.0, 5.0  # half a mark
NAMES = 6  # with more places to label all have numbers
NAME_REACH = 32.0  # pixels; a name further from its point than this stands on another country
NEAR = 16.0  # pixels; marks nearer than this share one label with all their numbers
REACHES = (
    6.0,
    13.0,
    22.0,
    32.0,
    44.0,
    58.0,
    74.0,
    92.0,
    112.0,
    134.0,
    158.0,
)  # pixels from the point to the label
LED = 10.0  # from here on a line leads to the label
ANGLES = np.radians(
    [0, 180, 90, 270, 30, 330, 150, 210, 60, 300, 120, 240, 15, 345, 165, 195, 45, 315, 135, 225]
)
# Equal Earth projection, Savric, Patterson and Jenny 2019, International Journal of GIS 33(3), equation 9.
EQUAL_EARTH = (1.340264, -0.081106, 0.000893, 0.003796)

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Extent:
    """What of the world a map shows, in shares of its width.

    Attributes
    ----------
    across : float
        Width of the map, in radii of the globe.
    middle, equator : float
        Greenwich from the left and the equator from the top.
    shape : float
        Height.
    """

    across: float
    middle: float
    equator: float
    shape: float

    def project(self, places: pd.DataFrame, width: float) -> Array:
        """Return places in pixels of a map of a width, shape (N, 2), as the chart draws them."""
        longitude, latitude = (np.radians(places[name].to_numpy(float)) for name in ("longitude", "latitude"))
        a1, a2, a3, a4 = EQUAL_EARTH
        theta = np.arcsin(np.sqrt(3) / 2 * np.sin(latitude))
        square = theta**2
        slope = a1 + 3 * a2 * square + square**3 * (7 * a3 + 9 * a4 * square)
        x = 2 * longitude * np.cos(theta) / (np.sqrt(3) * slope)
        y = theta * (a1 + a2 * square + square**3 * (a3 + a4 * square))
        left, top = self.middle * width, self.equator * width
        return np.column_stack([left + x * width / self.across, top - y * width / self.across])


USUAL = Extent(across=3.7, middle=0.54, equator=0.325, shape=0.55)  # without Antarctica and the Pacific
WHOLE = Extent(across=5.45, middle=0.5, equator=0.24, shape=0.44)  # without Antarctica


def extent_of(places: pd.DataFrame) -> Extent:
    """Return the usual extent if it holds all places, else the whole world."""
    at = USUAL.project(places, 1.0)
    inside = (at > 0.01).all() and (at < [0.99, USUAL.shape - 0.01]).all()
    return USUAL if inside else WHOLE


@dataclass(frozen=True)
class Label:
    """A label and the place at which it stands.

    Attributes
    ----------
    text : str
    dx, dy : float
        Pixels from the point to the label's middle.
    led : bool
        Whether a line leads to it.
    """

    text: str = ""
    dx: float = 0.0
    dy: float = 0.0
    led: bool = False

    def leader(self) -> str:
        """Return the path of the line to the label, empty where it stands beside its point."""
        if not self.led:
            return ""
        length = float(np.hypot(self.dx, self.dy))
        ends = [(self.dx * part / length, self.dy * part / length) for part in (ADDED, length - LINE / 2)]
        return "M" + "L".join(f"{x:.1f},{y:.1f}" for x, y in ends)


def labelled(places: pd.DataFrame) -> pd.DataFrame:
    """Return places with a label for each that has no side of its own.

    A few are named if every name finds room by its point on wide and narrow maps. Else each has a number, by which a list names it, and
    marks that lie together share one label, such as 3–9. A label stands as near to its point as is free of marks, names,
    leaders and the edge; a line leads to one further off.

    Parameters
    ----------
    places : DataFrame
        ``name, found, longitude, latitude, side``; the side is a key of `SIDES`, or empty.

    Returns
    -------
    DataFrame
        With ``number`` (0 where names are drawn) and, if a place has no side, for narrow and wide maps
        ``<map>_label, <map>_dx, <map>_dy, <map>_leader``.
    """
    places = places.assign(side=_sides(places))
    free = [position for position, side in enumerate(places["side"]) if not side]
    if not free:
        return places.assign(number=0)
    names = {position: str(places["name"].iloc[position]) for position in free}
    numbers = dict.fromkeys(free, 0)
    placed = _placed(places, dict.fromkeys(WIDTHS, names), LETTER, NAME_REACH) if len(free) <= NAMES else None
    if placed is None:
        numbers, shared = _numbered(places, free)
        placed = _placed(places, shared, DIGIT) or {}
    columns: dict[str, list[object]] = {"number": [numbers.get(n, 0) for n in range(len(places))]}
    for name in WIDTHS:
        made = [placed.get(name, {}).get(n, Label()) for n in range(len(places))]
        columns |= {
            f"{name}_label": [one.text for one in made],
            f"{name}_dx": [round(one.dx, 1) for one in made],
            f"{name}_dy": [round(one.dy, 1) for one in made],
            f"{name}_leader": [one.leader() for one in made],
        }
    return places.assign(**columns)


def _sides(places: pd.DataFrame) -> list[str]:
    """Return the given sides, on a whole map without those at which names would cover others."""
    sides = list(places["side"])
    if extent_of(places) == USUAL:
        return sides
    boards = [Board(places, widths, lines=1 if name == "narrow" else 2) for name, widths in WIDTHS.items()]
    named = [n for n, side in enumerate(sides) if side]
    kept: list[int] = []
    for order, n in enumerate(named):
        others = [named.index(m) for m in kept]
        if any(others and _meets(board.words[order], np.array(board.words)[others]) for board in boards):
            sides[n] = ""
        else:
            kept.append(n)
    return sides


def _numbered(places: pd.DataFrame, free: Sequence[int]) -> tuple[dict[int, int], dict[str, dict[int, str]]]:
    """Return numbers of places, and the labels: those that lie together share one.

    What lies together on a wide map does so on a narrow one, so that a group has a run of numbers on both.
    """
    extent, groups = extent_of(places), {}
    for name, widths in WIDTHS.items():
        at = extent.project(places, min(widths))
        groups[name] = _together(at, free)
    west = places["longitude"].to_numpy(float)
    first = [
        {n: min((west[m], m) for m in group) for group in groups[name] for n in group} for name in WIDTHS
    ]
    order = sorted(free, key=lambda n: (*(held[n] for held in first), west[n], n))
    numbers = {n: number for number, n in enumerate(order, 1)}
    labels: dict[str, dict[int, str]] = {}
    for name, widths in WIDTHS.items():
        at, labels[name] = extent.project(places, min(widths)), {}
        for group in groups[name]:
            centre = at[group].mean(axis=0)
            anchor = min(group, key=lambda n: (round(float(np.hypot(*(at[n] - centre))), 3), n))
            low, high = min(numbers[n] for n in group), max(numbers[n] for n in group)
            labels[name][anchor] = f"{low}" if low == high else f"{low}–{high}"
    return numbers, labels


def _together(at: Array, free: Sequence[int]) -> list[list[int]]:
    """Group points that lie within `NEAR` of another of the group."""
    groups: list[list[int]] = []
    for n in free:
        near = [group for group in groups if any(np.hypot(*(at[n] - at[m])) < NEAR for m in group)]
        groups = [group for group in groups if group not in near] + [
            [n, *(m for group in near for m in group)]
        ]
    return groups


def _placed(
    places: pd.DataFrame,
    labels: Mapping[str, Mapping[int, str]],
    letter: float,
    reach: float = REACHES[-1],
) -> dict[str, dict[int, Label]] | None:
    """Place labels within a reach of their points, or return None where one has no room."""
    made: dict[str, dict[int, Label]] = {}
    for name, widths in WIDTHS.items():
        board, made[name] = Board(places, widths, lines=1 if name == "narrow" else 2), {}
        for position, text in labels[name].items():
            wide = letter * len(text) + 4
            label = (
                board.put(position, text, wide, reach)
                or board.put(position, text, wide, reach, crossing=True)
                or board.put(position, text, wide, reach, crossing=True, covering=True)
            )
            if label is None:
                return None
            made[name][position] = label
    return made


class Board:
    """A map at several widths; what is drawn on it so far are boxes: left, top, right, bottom."""

    def __init__(self, places: pd.DataFrame, widths: Sequence[int], lines: int) -> None:
        extent = extent_of(places)
        self.points = np.array([extent.project(places, width) for width in widths])  # (W, N, 2)
        self.corner = np.array([[width, extent.shape * width] for width in widths])
        half = np.where(places["side"] == "", ADDED, POINT)[:, None]
        marks = np.concatenate([self.points - half, self.points + half], axis=2)
        self.marks: list[Array] = list(marks.swapaxes(0, 1))
        self.words: list[Array] = [
            self._named(n, str(row.name), str(row.found), str(row.side), lines)
            for n, row in enumerate(places.itertuples(index=False))
            if row.side
        ]

    def _named(self, n: int, name: str, found: str, side: str, lines: int) -> Array:
        """Return the boxes of a name at a given side of its point, by width."""
        align, dx, dy = SIDES[side]
        wide = LETTER * max(len(name), len(found) if lines > 1 else 0)
        left = {"left": dx, "right": dx - wide, "center": -wide / 2}[align]
        box = np.array([left, dy - 10, left + wide, dy - 10 + LINE * lines])
        return np.tile(self.points[:, n], 2) + box

    def put(
        self,
        n: int,
        text: str,
        wide: float,
        reach: float = REACHES[-1],
        *,
        crossing: bool = False,
        covering: bool = False,
    ) -> Label | None:
        """Place a label as near to its point as is free at every width, and keep its box and leader.

        Parameters
        ----------
        n : int
            Position of the place.
        text : str
        wide : float
            Width of the text in pixels.
        reach : float
            Pixels from the point to the label, at most.
        crossing : bool
            Whether its leader may cross words that stand already.
        covering : bool
            Whether it may stand on marks of other places.
        """
        words, high = np.array(self.words).reshape(-1, len(self.corner), 4), LINE - 1
        taken = np.concatenate([words, [self.marks[n]] if covering else self.marks])
        for away, angle in _spots(reach):
            dx = float(np.cos(angle) * (away + wide / 2))
            dy = float(np.sin(angle) * (away + high / 2))
            here = np.tile(self.points[:, n], 2) + np.array([-wide, -high, wide, high]) / 2 + [dx, dy, dx, dy]
            label = Label(text, dx, dy, led=away > LED)
            # A leader is a row of small boxes, which may cross marks.
            steps = [self._step(n, label, share) for share in (0.3, 0.5, 0.7, 0.85)] if label.led else []
            inside = bool((here[:, :2] >= 0).all() and (here[:, 2:] <= self.corner).all())
            crossed = not crossing and any(_meets(step, words) for step in steps)
            if inside and not crossed and not _meets(here, taken):
                self.words.append(here)
                if not crossing:
                    self.words += steps
                return label
        return None

    def _step(self, n: int, label: Label, share: float) -> Array:
        at = self.points[:, n] + share * np.array([label.dx, label.dy])
        return np.concatenate([at - 1, at + 1], axis=1)


def _spots(reach: float) -> Iterator[tuple[float, float]]:
    """Yield distances and directions from near to far, as far as a reach."""
    for away in REACHES:
        for angle in ANGLES if away <= reach else ():
            yield away, float(angle)


def _meets(box: Array, taken: Array) -> bool:
    """Return whether a box, by width, lies over one that is taken at some width."""
    apart = (box[:, 2] <= taken[..., 0]) | (taken[..., 2] <= box[:, 0])
    apart |= (box[:, 3] <= taken[..., 1]) | (taken[..., 3] <= box[:, 1])
    return not bool(apart.all())
