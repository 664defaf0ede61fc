"""Select the cases of the joint chapters: those that the plan's synthesis names.

The joint test, the grades and the counts are those of the places that the plan's synthesis names. A case added after
their results were known has its chapter and its verdict, and waits for a plan that takes it in: letting it into a test
whose result is known would let the result choose the places. ``synthesis.taken_in`` is such a plan: a dated deviation,
from which on the case is counted.
"""

from __future__ import annotations

import pandas as pd

from leadership_effects.counting import waiting_places
from leadership_effects.data.release import Release


def added_cases(release: Release) -> dict[str, str]:
    """Return the cases under ``synthesis.added`` of the plan that wait, each with the reason."""
    return waiting_places(release.plan)


def cases_added(release: Release) -> pd.DataFrame:
    """Return table ``cases`` with the added cases alone, in their order."""
    cases, added = release.table("cases"), list(added_cases(release))
    held = cases[cases["case_id"].isin(added)]
    return held.sort_values("case_id", key=lambda ids: ids.map(added.index), ignore_index=True)


def cases_across(release: Release) -> pd.DataFrame:
    """Return table ``cases`` without the added cases."""
    return rows_across(release, "cases")


def rows_across(release: Release, table: str) -> pd.DataFrame:
    """Return a table with a column ``case_id`` without the rows of added cases."""
    rows = release.table(table)
    return rows[~rows["case_id"].isin(added_cases(release))].reset_index(drop=True)


def current_readings(release: Release) -> tuple[str, ...]:
    """Return the coders whose codes the book uses.

    They stand under ``synthesis.readings`` of the plan; a plan without it uses all.
    """
    named = release.plan["synthesis"].get("readings") or {}
    return tuple(named.get("current") or sorted(set(release.table("coding")["coder"])))


def current_coding(release: Release) -> pd.DataFrame:
    """Return the codes of the readings that the book uses.

    Of a case that none of them coded, such as one added later, all codes are returned.
    """
    coding = release.table("coding")
    current = coding["coder"].isin(current_readings(release))
    replaced = coding["case_id"].isin(coding.loc[current, "case_id"])
    return coding[current | ~replaced].reset_index(drop=True)


def coding_across(release: Release) -> pd.DataFrame:
    """Return the codes of the readings that the book uses, without the added cases."""
    coding = current_coding(release)
    return coding[~coding["case_id"].isin(added_cases(release))].reset_index(drop=True)


def assessments_across(release: Release) -> pd.DataFrame:
    """Return table ``assessments`` without the passages of the chapters of added cases.

    What another chapter says of that place counts as it did before.
    """
    assessments = release.table("assessments")
    chapters = tuple(f"cases/{case_id}.html" for case_id in added_cases(release))
    return assessments[~assessments["passage"].str.startswith(chapters)].reset_index(drop=True)
