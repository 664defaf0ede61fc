"""Place published estimates on one axis a unit, and format how each is drawn.

Nothing here averages. Rows of the table ``evaluations`` share an axis only if they share a unit, and a range of
estimates, an upper bound and an interval stay three different things. A finding without a figure is given no figure:
it is placed with the unit of its own study, so that a null is seen where its positive neighbours are.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import pandas as pd
from scipy import stats

from leadership_effects.data.vocabulary import STUDY_PLACES, place_name
from leadership_effects.errors import LeadershipError
from leadership_effects.signs import true_minus

LEVELS = (
    "pupils of programme teachers",
    "departments",
    "schools",
    "whole reform package",
    "everything in the place",
    "participants",
    "groups in an experiment",
    "programme as a whole",
)
FINDINGS = ("positive", "null", "mixed", "contrary", "descriptive")
AXES = {
    "SD": "effect, standard deviations",
    "percentile points": "effect, percentile points",
    "percentage points": "effect, percentage points",
    "days of learning": "difference, days of learning a year",
    "percent of a grade": "per cent of a grade in one subject",
    "grades": "grades in one of a pupil's best eight subjects",
}
SAME_AXIS = {
    "SD (more than)": "SD",
    "SD (as printed in the abstract)": "SD",
    "SD (as given in a seminar notice)": "SD",
    "percentile points (WWC improvement index)": "percentile points",
}
DIRECT = "pupils of programme teachers"
ELSEWHERE = "framework"  # studies of leaders and schools anywhere, which have a chapter of their own
Z95 = 1.96
SHORTER = {
    "Teaching and Leading, schools with ": "",
    "Teaching and Leading, ": "",
    "Teach For Nigeria evaluation (RAND)": "RAND",
    "Teach For Pakistan evaluation (RAND)": "RAND",
    "McLean and Worth (NFER)": "NFER",
    "Conference paper on careers of Teach For India fellows": "Teach For India careers",
    "Hansen, Backes, Brady and Xu": "Hansen and others",
    "Clark, Isenberg, Liu and Makowsky": "Clark, Isenberg and others",
    "Adnot, Dee, Katz and Wyckoff": "Adnot and others",
    "Decker, Mayer and Glazerman, randomised trial, as reviewed in 2016": "Decker and others (2004)",
    "Dotter, Chaplin and Bartlett": "Dotter and others",
    "Decker, Mayer and Glazerman": "Decker and others",
}
COLUMNS = [
    "label", "level", "kind", "estimate", "low", "high", "interval_low", "interval_high",
    "finding", "statement", "evaluation_id", "source",
]  # fmt: skip


class StudyError(LeadershipError, ValueError):
    """A published effect cannot be placed or converted."""


def axis_rows(evaluations: pd.DataFrame, unit: str, titles: Mapping[str, str] | None = None) -> pd.DataFrame:
    """Select rows for the axis of one unit.

    Sorted by what was treated, then by size, those without a figure last.

    Parameters
    ----------
    evaluations : DataFrame
        Rows of the table ``evaluations``.
    unit : str
        One of `AXES`.
    titles : mapping of str to str, optional
        Titles of the cases by id, for labels of places taken in later.

    Returns
    -------
    DataFrame
        One row an effect: ``label, level, kind, estimate, low, high, interval_low, interval_high, finding,
        statement, evaluation_id, source``. `low` and `high` are the ends of what is drawn as a range or bound, in
        `unit`; `interval_low` and `interval_high` those of an interval printed by the source, or 1.96 standard errors
        about the estimate where one was read; all NaN in a row of kind ``no figure``.

    Raises
    ------
    StudyError
        For a unit without an axis.
    """
    _check(evaluations)
    if unit not in AXES:
        raise StudyError(f"no axis for unit {unit!r}; there are {', '.join(AXES)}")
    rows = evaluations[home_unit(evaluations) == unit]
    ends = [_ends(row) for row in rows.itertuples()]
    frame = rows.rename(columns={"treated_level": "level", "source_id": "source"}).assign(
        label=[study_label(row, titles or {}) for row in rows.itertuples()],
        kind=[estimate_kind(row) for row in rows.itertuples()],
        low=[low for low, _ in ends],
        high=[high for _, high in ends],
        interval_low=rows["interval_low"].fillna(rows["estimate"] - Z95 * rows["standard_error"]),
        interval_high=rows["interval_high"].fillna(rows["estimate"] + Z95 * rows["standard_error"]),
    )
    frame["label"] = frame["label"].mask(
        frame["label"].duplicated(keep=False), frame["label"] + ", " + frame["outcome"]
    )
    size = frame[["estimate", "high"]].max(axis=1)
    order = pd.DataFrame({"level": frame["level"].map(LEVELS.index), "size": -size, "label": frame["label"]})
    order = order.sort_values(["level", "size", "label"], na_position="last")
    return frame.loc[order.index, COLUMNS].reset_index(drop=True)


def home_unit(evaluations: pd.DataFrame) -> pd.Series:
    """Select the unit on whose axis a row belongs; empty if it belongs on none.

    Its own, or without a figure its study's. A null, or a finding on pupils of programme teachers, whose study gives
    no figure anywhere goes with standard deviations, the unit most such studies use. Descriptions without a figure
    and figures in any other unit belong on no axis: the chapter lists them in a table.
    """
    study = evaluations["case_id"] + "/" + evaluations["study"].str.split(",").str[0]
    own = evaluations["unit"].replace(SAME_AXIS)
    rank = {unit: place for place, unit in enumerate(AXES)}
    given = evaluations[own.isin(list(AXES))]
    first = given.assign(study=study, rank=own.map(rank)).groupby("study")["rank"].min()
    units = dict(enumerate(AXES))
    borrowed = study.map(first).map(units).fillna("")
    at_home = (evaluations["treated_level"] == DIRECT) | (evaluations["finding"] == "null")
    borrowed = borrowed.mask((borrowed == "") & at_home, "SD")
    borrowed = borrowed.mask(evaluations["finding"] == "descriptive", "")
    return own.where(own.isin(list(AXES)), "").mask(evaluations["unit"] == "", borrowed)


def in_other_units(evaluations: pd.DataFrame) -> pd.Series:
    """Return whether each row has a unit without an axis, which is one of few studies."""
    return ~evaluations["unit"].isin(["", *AXES, *SAME_AXIS])


def estimate_kind(row: Any) -> str:
    """Classify how a row of the table is drawn.

    Returns
    -------
    str
        ``point``, ``range`` (two ends printed as a range of estimates, not an interval of confidence), ``at most``
        (an upper bound) or ``no figure``.
    """
    if not math.isnan(row.estimate):
        return "point"
    if math.isnan(row.estimate_high):
        return "no figure"
    return "at most" if math.isnan(row.estimate_low) else "range"


def _ends(row: Any) -> tuple[float, float]:
    at_most = estimate_kind(row) == "at most"
    return (0.0, row.estimate_high) if at_most else (row.estimate_low, row.estimate_high)


def study_label(row: Any, titles: Mapping[str, str]) -> str:
    """Format place and study in few words: ``England: Allen and Allnutt, schools``.

    A place of which `STUDY_PLACES` does not know the country or city goes by its title.
    """
    study = str(row.study)
    for long, short in SHORTER.items():
        study = study.replace(long, short)
    place = STUDY_PLACES.get(row.case_id) or place_name(titles[row.case_id])
    return f"{place}: {study}"


def format_finding(row: Any) -> str:
    """Format a finding: ``0.07``, ``11 to 16``, ``at most 30``, ``null, no figure``."""
    low, high = _ends(row)
    return true_minus(
        {
            "point": f"{row.estimate:g}",
            "range": f"{low:g} to {high:g}",
            "at most": f"at most {high:g}",
            "no figure": f"{row.finding}, no figure read",
        }[estimate_kind(row)]
    )


def count_findings(evaluations: pd.DataFrame) -> pd.DataFrame:
    """Count rows of the table by what was treated and what was found.

    Returns
    -------
    DataFrame
        ``level, finding, rows``, one row for each of the pairs, zeros included.
    """
    _check(evaluations)
    table = pd.crosstab(evaluations["treated_level"], evaluations["finding"])
    table = table.reindex(index=list(LEVELS), columns=list(FINDINGS), fill_value=0)
    long = table.rename_axis(index="level", columns="finding").stack().rename("rows")
    return long.reset_index()


def sd_from_percentile(points: float, start: float = 50.0) -> float:
    r"""Convert a percentile gain to standard deviations of a normal curve.

    .. math:: \Phi^{-1}\{(s + x)/100\} - \Phi^{-1}\{s/100\}

    A convention, not a fact about the scores: it takes them to be normal. With ``start=50`` it undoes the What Works
    Clearinghouse's improvement index, :math:`100\,\Phi(g) - 50` (Procedures and Standards Handbook 5.0, 2022).

    Parameters
    ----------
    points : float
        Gain x in percentile points.
    start : float
        Percentile s at which the pupil starts.

    Raises
    ------
    StudyError
        If start or end is not between 0 and 100, both excluded.

    Examples
    --------
    >>> round(sd_from_percentile(4), 3)
    0.1
    """
    if not (0 < start < 100 and 0 < start + points < 100):
        raise StudyError(
            f"percentiles must lie between 0 and 100, both excluded; got {start:g} and {start + points:g}"
        )
    return float(stats.norm.ppf((start + points) / 100) - stats.norm.ppf(start / 100))


def percent_of_a_grade_each(grades: float, subjects: int) -> float:
    """Convert grades spread evenly over subjects to per cent of a grade in each, exactly.

    Raises
    ------
    StudyError
        If there is no subject.
    """
    if subjects < 1:
        raise StudyError(f"subjects must be 1 or more, got {subjects}")
    return 100 * grades / subjects


def _check(evaluations: pd.DataFrame) -> None:
    for column, allowed in (("treated_level", LEVELS), ("finding", FINDINGS)):
        unknown = sorted(set(evaluations[column]) - set(allowed))
        if unknown:
            raise StudyError(f"unknown {column} {unknown}; allowed: {', '.join(allowed)}")
