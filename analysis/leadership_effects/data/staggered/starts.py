"""Find the first year of a programme in each place of table `starts`, matched by code."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from leadership_effects.data.provenance import Rows, table_rows
from leadership_effects.data.release import Release
from leadership_effects.errors import LeadershipError

PLACEMENT = "first placement"


class StartError(LeadershipError, ValueError):
    """Table `starts` cannot say when a programme began."""


@dataclass(frozen=True)
class Starts:
    """First years by code of the place.

    Attributes
    ----------
    measure : str
        What is dated, such as ``"first placement"``.
    years : dict of str to int
        Earliest year of the measure.
    basis : dict of str to str
        Basis of that year: ``stated``, ``inferred`` or ``upper bound``.
    unknown : frozenset of str
        Codes with rows but none of the measure: a programme is there and nobody knows since when.
    rows : DataFrame
        Rows of the table with a code.
    """

    measure: str
    years: dict[str, int]
    basis: dict[str, str]
    unknown: frozenset[str]
    rows: pd.DataFrame

    def started_by(self, code: str, year: int) -> bool:
        """Return whether a programme began at or before a year, or may have.

        Parameters
        ----------
        code : str
            Code of a place; empty if it has none.
        year : int
        """
        return code in self.unknown or self.years.get(code, year + 1) <= year

    def behind(self, codes: set[str], description: str) -> Rows:
        """Trace the starts of some places to the rows of the release."""
        used = self.rows[self.rows["code"].isin(codes)]
        return table_rows("starts", ["start_id"], used, description)


def read_starts(release: Release, measure: str = PLACEMENT, organisation: str = "") -> Starts:
    """Read the first years of a measure by place.

    Parameters
    ----------
    release : Release
    measure : str
        A value of the column ``measure``.
    organisation : str
        Only rows of this organisation; all if empty.

    Raises
    ------
    StartError
        If no row has the measure and the organisation.

    Examples
    --------
    >>> from leadership_effects.data.release import open_release
    >>> starts = read_starts(open_release("2026.4"))
    >>> starts.years["CHL"], starts.basis["LVA"], "ARE" in starts.unknown
    (2009, 'inferred', True)
    """
    table = release.table("starts")
    table = table[table["code"] != ""]
    if organisation:
        table = table[table["organisation"] == organisation]
    dated = table[table["measure"] == measure].sort_values(["code", "year", "start_id"], kind="stable")
    if dated.empty:
        known = ", ".join(sorted(set(release.table("starts")["measure"])))
        raise StartError(
            f"starts.csv: no row with measure {measure!r} and organisation {organisation or 'any'!r}; measures: {known}"
        )
    first = dated.drop_duplicates("code").set_index("code")
    return Starts(
        measure=measure,
        years={str(code): int(year) for code, year in first["year"].items()},
        basis={str(code): str(basis) for code, basis in first["basis"].items()},
        unknown=frozenset(table["code"]) - frozenset(first.index),
        rows=table,
    )
