"""Compare the readings of each question: codes, first dated events and counts by place."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pandas as pd

SILENT = "\u2013"
PEOPLE = "people"
# Units of `leadership` that count no people of a programme: each is drawn to a scale of its own.
APART = frozenset({
    "percent", "pupils", "families", "schools", "places", "municipalities", "communities", "districts", "provinces",
    "partners", "organisations", "regions", "case studies", "learning experiences", "posts",
})  # fmt: skip
# What a row says of a count that the book doubts.
DOUBT = re.compile(r"\b(?:doubtful|does not fit|at odds with|by arithmetic)\b", re.IGNORECASE)
SECOND_FIGURE, DOUBTED = "second figure", "doubted"


def readings(coding: pd.DataFrame, kind: str) -> pd.DataFrame:
    """Return codes of one kind by place and item on which a reading found something.

    Parameters
    ----------
    coding : DataFrame
        Table ``coding`` of the release: ``case_id, kind, item, coder, code``; an empty code is silence.
    kind : str
        ``dimension``, ``strategy``, ``leverage`` or ``outcome``.

    Returns
    -------
    DataFrame
        ``case_id, item, codes, coded, silent, least, most``: codes as printed, coders in alphabetical order; how many
        readings gave a code and how many did not; the lowest and the highest code.

    Raises
    ------
    ValueError
        If no row is of that kind.
    """
    rows = coding[coding["kind"] == kind]
    if rows.empty:
        raise ValueError(f"coding.csv: no kind {kind!r}; allowed: {', '.join(sorted(set(coding['kind'])))}")
    groups = rows.sort_values("coder").groupby(["case_id", "item"], sort=False)["code"]
    found = groups.agg(
        codes=lambda codes: "/".join(SILENT if pd.isna(code) else str(int(code)) for code in codes),
        coded="count",
        silent=lambda codes: int(codes.isna().sum()),
        least="min",
        most="max",
    )
    return found[found["coded"] > 0].astype({"least": int, "most": int}).reset_index()


def first_dated(events: pd.DataFrame, column: str) -> pd.Series:
    """Find the earliest stated (not inferred) year of an event by place and item of a column.

    Parameters
    ----------
    events : DataFrame
        Table ``events`` of the release.
    column : str
        ``strategy`` or ``leverage_point``.

    Returns
    -------
    Series
        Years as whole numbers, indexed by ``case_id`` and item.
    """
    dated = events[(events["year_basis"] == "stated") & events[column].notna() & (events[column] != "")]
    return dated.groupby(["case_id", column])["year"].min().astype(int)


def own_counts(leadership: pd.DataFrame, nations: set[str]) -> pd.DataFrame:
    """Mark counts of leaders: whether about the place, and whether their year is stated.

    Parameters
    ----------
    leadership : DataFrame
        Table ``leadership`` of the release.
    nations : set of str
        Places that are a whole country, for which a national count is about the place.

    Returns
    -------
    DataFrame
        The same rows with ``own`` and ``dated``, true or false; ``dated`` rows are among the ``own``.
    """
    own = (leadership["scope"] != "national") | leadership["case_id"].isin(nations)
    return leadership.assign(own=own, dated=own & (leadership["year_basis"] == "stated"))


def with_doubts(leadership: pd.DataFrame) -> pd.DataFrame:
    """Add ``doubt``, from `doubts`, and ``counted``: people, or the unit of what else."""
    counted = leadership["unit"].where(leadership["unit"].isin(APART), PEOPLE)
    return leadership.assign(doubt=doubts(leadership), counted=counted)


def doubts(leadership: pd.DataFrame) -> Any:
    """Mark counts as a ``second figure`` or ``doubted``, by measure and statement; else empty."""
    second = leadership["measure"].str.contains(SECOND_FIGURE)
    doubted = leadership["statement"].str.contains(DOUBT)
    return np.select([second, doubted], [SECOND_FIGURE, DOUBTED], "")


def counts_by_place(marked: pd.DataFrame) -> pd.DataFrame:
    """Count the rows of `own_counts` by place: ``case_id, dimension, all, own, dated``."""
    groups = marked.groupby(["case_id", "dimension"])
    return groups.agg(all=("own", "size"), own=("own", "sum"), dated=("dated", "sum")).reset_index()
