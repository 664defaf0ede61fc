"""Collect counts of leaders by post, place and year, with their basis and their conflicts."""

from __future__ import annotations

import pandas as pd

from leadership_effects.counting import bound_in_words
from leadership_effects.data.release import Release
from leadership_effects.data.vocabulary import COUNTRIES, OTHER_PLACES, place_name
from leadership_effects.errors import LeadershipError
from leadership_effects.evidence.readings import doubts

# Posts that are drawn, in the order of a career; other counts of the release stand in its tables.
POSTS = (
    "new in the programme", "in the programme", "placed to date", "alumni", "alumni in education", "school leaders",
    "officials and boards",
)  # fmt: skip
# Measures of table `dose` by post; what is not a count of people is left out.
DOSE_POSTS = {
    "corps members (1st and 2nd year)": "in the programme",
    "participants": "in the programme",
    "new corps members": "new in the programme",
    "new participants": "new in the programme",
    "alumni": "alumni",
    "alumni working in the district": "alumni in education",
    "placements (cumulative)": "placed to date",
    "participants and alumni (cumulative)": "placed to date",
}
# Places of `dose` that `leadership` calls by another name.
SAME_PLACE = {
    "District of Columbia region": "Washington, DC, region",
    "Indiana (Indianapolis)": "Indianapolis",
    "Louisiana (New Orleans)": "New Orleans region",
    "Louisiana (South Louisiana)": "South Louisiana",
    "Pennsylvania (Greater Philadelphia)": "Philadelphia",
    "Texas (Dallas)": "Dallas and Fort Worth",
    "Texas (Rio Grande Valley)": "Rio Grande Valley",
    "United States (all)": "United States",
    "Network": "Network",
}
BASES = ("stated", "inferred", "undated")


class LeadersError(LeadershipError, ValueError):
    """A count names a place or measure that is not known."""


def leader_counts(release: Release) -> pd.DataFrame:
    """Collect every count of people by post from the tables ``leadership`` and ``dose``.

    Returns
    -------
    DataFrame
        ``place, post, year, basis, value, figure, told, doubt, table, key, source``, sorted; ``year`` is missing where undated.
        ``value`` places a point: of a range it is the middle. ``figure`` is what the source states in words, a bound as
        one, and ``told`` the measure with that hedge. ``doubt`` is that of `doubts`. Shares in per cent are left out.

    Raises
    ------
    LeadersError
        If a row names a place without a name, or a measure without a post.
    """
    rows = release.table("leadership")
    rows = rows[rows["post"].isin(POSTS) & (rows["unit"] != "percent")]
    bounds = _bounds(rows)
    middle = (rows["value_low"].fillna(rows["value_high"]) + rows["value_high"].fillna(rows["value_low"])) / 2
    counted = pd.DataFrame(
        {
            "place": _places(release, rows), "post": rows["post"], "year": rows["year"], "basis": rows["year_basis"],
            "value": rows["value"].fillna(middle), "figure": printed_values(rows).map(_printed),
            "told": rows["measure"] + bounds, "doubt": doubts(rows), "table": "leadership",
            "key": rows["leadership_id"], "source": rows["source_id"],
        }
    )  # fmt: skip
    dose = release.table("dose")
    unknown = set(dose["measure"]) - set(DOSE_POSTS) - NOT_PEOPLE
    if unknown:
        raise LeadersError(
            f"dose.csv, column measure: {min(unknown)!r} has no post; allowed: {', '.join(DOSE_POSTS)}"
        )
    dose = dose[dose["measure"].isin(DOSE_POSTS)]
    told = dose["measure"].where(dose["note"] == "", dose["measure"] + ": " + dose["note"])
    dosed = pd.DataFrame(
        {
            "place": dose["place"].replace(SAME_PLACE), "post": dose["measure"].map(DOSE_POSTS), "year": dose["year"],
            "basis": "stated", "value": dose["value"], "figure": dose["value"].map(_printed), "told": told, "doubt": "", "table": "dose", "key": dose["dose_id"],
            "source": dose["source_id"],
        }
    )  # fmt: skip
    every = pd.concat([counted, dosed], ignore_index=True)
    rank = every["post"].map(POSTS.index)
    ordered = every.assign(rank=rank).sort_values(
        ["place", "rank", "year", "value", "key"], na_position="last"
    )
    return ordered.drop(columns="rank").reset_index(drop=True)


def printed_values(rows: pd.DataFrame) -> pd.Series:
    """Return the figure of each count, or the words for the bound or range that a source states."""
    words = pd.Series(list(map(bound_in_words, rows["value_low"], rows["value_high"])), index=rows.index)
    return rows["value"].astype(object).where(rows["value"].notna() | (words == ""), words)


def _printed(value: float | str) -> str:
    return value if isinstance(value, str) else f"{value:,.0f}"


def _bounds(rows: pd.DataFrame) -> pd.Series:
    """Return the words for counts of which a source states a bound or a range, empty for others."""
    return printed_values(rows).map(lambda value: f": {value}" if isinstance(value, str) else "")


# Measures of `dose` that count no people.
NOT_PEOPLE = frozenset(
    {"regions", "states with corps (without DC)", "corps members as % of all teachers", "partners"}
)


def case_names(release: Release) -> dict[str, str]:
    """Return the name of each case as sentences use it, without its region."""
    return {row["case_id"]: place_name(row["title"]) for row in release.table("cases").to_dict("records")}


def _places(release: Release, rows: pd.DataFrame) -> list[str]:
    """Return the place of each count: place, wider region, or the country of a national count."""
    cases, names = case_names(release), []
    countries = release.table("cases").set_index("case_id")["country"].to_dict() | COUNTRIES
    for case_id, scope in zip(rows["case_id"], rows["scope"], strict=True):
        known = cases | OTHER_PLACES
        if case_id not in known or (scope == "national" and case_id not in countries):
            raise LeadersError(
                f"leadership.csv, column case_id: {case_id!r} has no name; allowed: {', '.join(known)}"
            )
        if scope == "national":
            names.append(countries[case_id])
        elif scope == "network":
            names.append("Network")
        else:
            wider = scope == "region" and case_id in ("new_orleans", "washington_dc")
            names.append(
                f"{known[case_id]}{', region' if wider and ',' in known[case_id] else ' region' if wider else ''}"
            )
    return names


def conflicting(counts: pd.DataFrame) -> pd.DataFrame:
    """Select dated counts for whose place, post and year two sources print different figures.

    Figures of one source that differ count different people, cohorts for instance, and are no conflict.

    Parameters
    ----------
    counts : DataFrame
        As `leader_counts` returns.

    Returns
    -------
    DataFrame
        The rows of each such group, in the order of `counts`.
    """
    dated = counts[counts["year"].notna()]
    groups = dated.groupby(["place", "post", "year"])
    differ = groups["value"].transform("nunique").gt(1) & groups["source"].transform("nunique").gt(1)
    return dated[differ].reset_index(drop=True)
