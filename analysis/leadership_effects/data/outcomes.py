"""Look up values by place and year, and compute with them without losing the rows behind."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import TypeAlias

import numpy as np
import pandas as pd

from leadership_effects.data.provenance import OUTCOME_KEY
from leadership_effects.errors import LeadershipError


class OutcomeError(LeadershipError, ValueError):
    """A place and year without a value, or with more than one."""


@dataclass(frozen=True)
class Traced:
    """A number with the outcome rows it was computed from; a difference keeps those of both.

    Attributes
    ----------
    value : float
    rows : DataFrame
        Outcome rows, each once.
    """

    value: float
    rows: pd.DataFrame

    def __float__(self) -> float:
        """Return the number without its rows."""
        return self.value

    def __sub__(self, other: Traced) -> Traced:
        """Subtract another number and keep the rows of both."""
        rows = pd.concat([self.rows, other.rows]).drop_duplicates(OUTCOME_KEY)
        return Traced(self.value - other.value, rows)


@dataclass(frozen=True)
class PlaceSeries:
    """Values of an indicator by place and year.

    Attributes
    ----------
    rows : DataFrame
        Outcome rows with the names of their units.

    Examples
    --------
    >>> columns = ["indicator_id", "unit_id", "name", "year", "value"]
    >>> rows = [("rate", "d", "Delhi", 2015, 82.0), ("rate", "d", "Delhi", 2019, 92.0), ("rate", "i", "India", 2019, 83.0)]
    >>> rate = PlaceSeries(pd.DataFrame(rows, columns=columns))
    >>> rise = rate["Delhi", 2019] - rate["Delhi", 2015]
    >>> rise.value, len(rise.rows)
    (10.0, 2)
    >>> len(rate.at("Delhi"))
    2
    """

    rows: pd.DataFrame

    @cached_property
    def table(self) -> pd.DataFrame:
        """Return the values, one row a place and one column a year."""
        return self.rows.pivot(index="name", columns="year", values="value")

    def __getitem__(self, key: tuple[str, int]) -> Traced:
        """Return the value of a place in a year.

        Raises
        ------
        OutcomeError
            Unless exactly one row matches.
        """
        name, year = key
        found = self.at(name, year)
        if len(found) != 1:
            raise OutcomeError(f"{len(found)} rows for {name!r} in {year}, one is needed")
        return Traced(float(found["value"].iloc[0]), found)

    def at(
        self, names: str | Iterable[str] | None = None, years: int | Iterable[int] | None = None
    ) -> pd.DataFrame:
        """Select the rows of some places and years; of all where none is named."""
        kept = np.ones(len(self.rows), dtype=bool)
        if names is not None:
            kept &= self.rows["name"].isin([names] if isinstance(names, str) else list(names)).to_numpy()
        if years is not None:
            wanted = list(years) if isinstance(years, Iterable) else [years]
            kept &= self.rows["year"].isin(wanted).to_numpy()
        return self.rows[kept]

    def in_year(self, year: int) -> pd.DataFrame:
        """Select the rows of a year, as those behind each number of a group."""
        return self.at(years=year)


def rest_of(
    whole: pd.DataFrame, n_whole: pd.DataFrame, part: pd.DataFrame, n_part: pd.DataFrame
) -> pd.DataFrame:
    """Return the shares of a whole without one of its parts, weighted by numbers of pupils.

    Examples
    --------
    >>> england, london = pd.DataFrame({2009: [50.0]}), pd.DataFrame({2009: [60.0]})
    >>> rest_of(england, england * 0 + 400, london, london * 0 + 100)[2009].round(2).tolist()
    [46.67]
    """
    return (whole * n_whole - part * n_part) / (n_whole - n_part)


Piece: TypeAlias = tuple[str, str, PlaceSeries, Iterable[str], Iterable[int]]


def ratios_in_pieces(pieces: Iterable[Piece], own: str, whole: str) -> pd.DataFrame:
    """Return a place in per cent of a whole over pieces of series that must not be joined.

    Parameters
    ----------
    pieces : iterable of (str, str, PlaceSeries, iterable of str, iterable of int)
        Measure, segment, series, units that represent the place (by their plain mean) and years. Pieces of one segment,
        such as several subjects, are averaged.
    own : str
        Name of the place, for its column.
    whole : str
        Unit of each series that it is compared with.

    Returns
    -------
    DataFrame
        Columns ``measure, segment, year``, `own`, `whole` and ``ratio``.

    Examples
    --------
    >>> rows = pd.DataFrame({"name": ["London", "England"], "year": [1997, 1997], "value": [46.0, 50.0]})
    >>> piece = ("tests", "a", PlaceSeries(rows), ["London"], [1997])
    >>> ratios_in_pieces([piece], "London", "England")["ratio"].tolist()
    [92.0]
    """
    parts = []
    for measure, segment, series, units, years in pieces:
        levels = series.table[list(years)]
        both = {own: levels.loc[list(units)].mean(), whole: levels.loc[whole]}
        parts.append(pd.DataFrame(both, dtype=float).reset_index().assign(measure=measure, segment=segment))
    long = pd.concat(parts).groupby(["measure", "segment", "year"], sort=False, as_index=False).mean()
    return long.assign(ratio=100 * long[own] / long[whole])
