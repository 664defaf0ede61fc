"""The places that the chapters across the places are about.

The joint test, the grades and the counts are those of the places that the plan's synthesis names. A case added after
their results were known has its chapter and its verdict, and waits for a plan that takes it in: letting it into a test
whose result is known would let the result choose the places.
"""

from __future__ import annotations

import pandas as pd

from leadership_effects.data.release import Release


def added_cases(release: Release) -> dict[str, str]:
    """Cases under ``synthesis.added`` of the plan, each with the reason why it waits; empty if there are none."""
    return dict(release.plan["synthesis"].get("added") or {})


def cases_across(release: Release) -> pd.DataFrame:
    """Table ``cases`` without the cases that were added."""
    cases = release.table("cases")
    return cases[~cases["case_id"].isin(added_cases(release))].reset_index(drop=True)


def coding_across(release: Release) -> pd.DataFrame:
    """Table ``coding`` without the cases that were added."""
    coding = release.table("coding")
    return coding[~coding["case_id"].isin(added_cases(release))].reset_index(drop=True)


def assessments_across(release: Release) -> pd.DataFrame:
    """Table ``assessments`` without what stands in the chapter of a case that was added.

    What another chapter says of that place counts as it did before.
    """
    assessments = release.table("assessments")
    chapters = tuple(f"cases/{case_id}.html" for case_id in added_cases(release))
    return assessments[~assessments["passage"].str.startswith(chapters)].reset_index(drop=True)
