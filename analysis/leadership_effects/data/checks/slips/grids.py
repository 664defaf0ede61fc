"""Lay a series out as a table of units and years, beside series of the same places."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.stats import siegelslopes

from leadership_effects.data.checks.slips.expected import Floats, nan_median, spread

Positions = npt.NDArray[np.intp]

LEAST_UNITS = 8  # of a correlation across units
ALIKE = 0.5  # rank correlation of the units' levels from which a series says what to expect of another
BESIDE = 3  # other series, those most alike


@dataclass(frozen=True)
class Grid:
    """Values of an indicator for the units of one type.

    Attributes
    ----------
    indicator, kind : str
        Indicator and type of unit.
    units, places : tuple of str
        Units in the order of their first rows, and the place that each stands for.
    years : tuple of int
    values : array of floats, shape (units, years)
        NaN where there is none.
    rows : array of int, shape (units, years)
        Positions of the rows, -1 where there is none.
    """

    indicator: str
    kind: str
    units: tuple[str, ...]
    places: tuple[str, ...]
    years: tuple[int, ...]
    values: Floats
    rows: Positions

    def at(self, other: Grid) -> Floats:
        """Return the values at the places and years of another series."""
        units, years = (
            {name: number for number, name in enumerate(names)} for names in (self.places, self.years)
        )
        unit = np.array([units.get(place, -1) for place in other.places])
        year = np.array([years.get(number, -1) for number in other.years])
        found = np.full(other.values.shape, np.nan)
        found[np.ix_(unit >= 0, year >= 0)] = self.values[np.ix_(unit[unit >= 0], year[year >= 0])]
        return found

    def with_values(self, values: Floats) -> Grid:
        """Return the series with other values."""
        return replace(self, values=values)


def grids_of(rows: pd.DataFrame) -> list[Grid]:
    """Return the table of each series of outcomes, which are numbered from zero."""
    found = []
    for (indicator, kind), held in rows.groupby(["indicator_id", "unit_type"], sort=False):
        unit, units = pd.factorize(held["unit_id"])
        years, year = np.unique(held["year"].to_numpy(), return_inverse=True)
        values = np.full((len(units), len(years)), np.nan)
        positions = np.full(values.shape, -1, dtype=np.intp)
        values[unit, year], positions[unit, year] = held["value"], held.index
        places = tuple(held.drop_duplicates("unit_id")["place"])
        found.append(Grid(indicator, kind, tuple(units), places, tuple(map(int, years)), values, positions))
    return found


def centred(table: Floats) -> Floats:
    """Return values less the median of their year."""
    return table - nan_median(table, 0)


def levels(table: Floats) -> Floats:
    """Return the median of each unit's values less those of their years."""
    return nan_median(centred(table), 1)[:, 0]


def rank_correlation(one: Floats, other: Floats) -> tuple[float, int]:
    """Return Spearman's correlation of units with both values, and their number.

    It is NaN for few units or where all values are one.
    """
    both = ~np.isnan(one) & ~np.isnan(other)
    if both.sum() < LEAST_UNITS or np.ptp(one[both]) == 0 or np.ptp(other[both]) == 0:
        return float("nan"), int(both.sum())
    return float(np.corrcoef(ranks(one[both]), ranks(other[both]))[0, 1]), int(both.sum())


def ranks(values: Floats) -> Floats:
    """Return ranks from one up, equal values sharing the mean of theirs."""
    _, place, count = np.unique(values, return_inverse=True, return_counts=True)
    return np.asarray((np.cumsum(count) - (count - 1) / 2)[place])


@dataclass(frozen=True)
class Beside:
    """Values of the series most like one, at its places and years.

    Attributes
    ----------
    tables : list of arrays of floats, shape (units, years)
        The most alike first, turned round where they fall as the series rises.
    """

    tables: list[Floats]

    def expected(self, values: Floats) -> Floats:
        """Return what the tables make of each value, less the median of its year.

        It is the median of robust lines, of the first tables or all, whichever leave the least error.

        The slope of each line is the repeated median of Siegel (1982, Biometrika 69: 242-244) across the units' levels.
        """
        known, predictions, best = levels(values), [], (float("inf"), np.full(values.shape, np.nan))
        for table in self.tables:
            both = ~np.isnan(known) & ~np.isnan(levels(table))
            slope = siegelslopes(known[both], levels(table)[both]).slope
            predictions.append(slope * centred(table))
            told = nan_median(np.stack(predictions), 0)[0]
            error = usual_error(levels(values - told))
            best = min(best, (error, told), key=lambda pair: pair[0])
        return best[1]


def most_alike(grid: Grid, grids: Sequence[Grid]) -> Beside:
    """Return the values of the series whose units have levels most like those of one."""
    own, found = levels(grid.values), []
    for other in grids:
        if other is grid or len(set(other.places) & set(grid.places)) < LEAST_UNITS:
            continue
        table = other.at(grid)
        alike, _ = rank_correlation(own, levels(table))
        if abs(alike) > ALIKE:
            found.append((abs(alike), np.sign(alike) * table))
    found.sort(key=lambda pair: -pair[0])
    return Beside([table for _, table in found[:BESIDE]])


def usual_error(errors: Floats) -> float:
    """Return the spread of errors around zero, never zero."""
    found = spread(errors.ravel())
    return found if found > 0 else 1e-9
