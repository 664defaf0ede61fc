"""The profile of a case is traced to released rows, in the words of the verdict."""

from __future__ import annotations

import pandas as pd
import pytest
from leadership_effects.data.panels import PanelError
from leadership_effects.data.release import newest_release, open_release
from leadership_effects.evidence.profile import (
    DID_NOT,
    STOOD_OUT,
    UNLISTED,
    UNTESTED,
    CaseRecord,
    Evidence,
    PrimaryComparison,
    ProfileError,
    profile_frame,
    strategies_frame,
    strategy_links,
)
from leadership_effects.report.study import Study

RELEASE = newest_release()
CASES = sorted(open_release(RELEASE).table("cases")["case_id"])
BESIDE = PrimaryComparison("Reading", (2003, 2006), (2009, 2018), stands=False, p=0.4, floor=0.05)


CODES = {
    ("strategy", "recruit_place"): ((1, "Placed since 2008."), (1, "Placed.")),
    ("strategy", "convene"): ((None, "Silent."), (1, "A meeting.")),
    ("strategy", "cluster"): ((None, "Silent."), (None, "Silent.")),
    ("leverage", "resources"): ((1, "An inflow."), (2, "Its own inflow.")),
    ("dimension", "strength"): ((0, "A null study."), (0, "A null study, too.")),
}


@pytest.fixture
def record() -> CaseRecord:
    """A case with one strategy that both readings see, one that one sees and one event of no strategy."""
    rows = [
        (*key, coder, *said) for key, both in CODES.items() for coder, said in zip("AB", both, strict=True)
    ]
    codes = pd.DataFrame(rows, columns=["kind", "item", "coder", "code", "reason"])
    events = pd.DataFrame(
        [
            ("one", 2008, "stated", "Begins.", "recruit_place", "resources", "S_ONE"),
            ("two", 2019, "stated", "They meet.", "convene", "", "S_TWO"),
            ("three", 2001, "stated", "Founded.", "", "", "S_TWO"),
        ],
        columns=["event_id", "year", "year_basis", "statement", "strategy", "leverage_point", "source_id"],
    )
    counts = pd.DataFrame(
        [
            ("four", "alumni", 2018, "stated", 160.0, "people", "scale", "S_ONE"),
            ("five", "alumni", pd.NA, "undated", 10.0, "people", "scale", "S_THREE"),
        ],
        columns=["leadership_id", "measure", "year", "year_basis", "value", "unit", "dimension", "source_id"],
    )
    studies = pd.DataFrame(
        [
            ("six", "Study", "2021", "departments", "None.", "S_ONE"),
            ("seven", "Reform", "2020", "whole", "Up.", "S_TWO"),
        ],
        columns=["evaluation_id", "study", "year", "treated_level", "statement", "source_id"],
    )
    return CaseRecord("somewhere", codes, Evidence(events, counts, studies))


@pytest.mark.parametrize(
    ("start", "words", "why"),
    [
        (2005, UNTESTED, "dated 2005, so not all of the years before (2003, 2006) come before it"),
        (2006, DID_NOT, ""),
        (2009, DID_NOT, ""),
        (2010, UNTESTED, "dated 2010, so not all of the years after (2009, 2018) come after it"),
        (2019, UNTESTED, "dated 2019; the series ends in 2018"),
        (None, UNTESTED, "no stated year"),
    ],
)
def test_only_a_start_between_before_and_after_is_held_against_the_comparison(
    start: int | None, words: str, why: str
) -> None:
    assert BESIDE.after(start) == (words, why)


def test_the_comparison_names_its_outcome_its_years_and_how_small_p_could_be() -> None:
    assert BESIDE.described() == (
        "The primary comparison is Reading, 2009, 2018 against 2003, 2006 (p 0.400, smallest possible 0.050)."
    )


def test_a_case_without_a_comparison_gives_its_reason_once_and_tests_nothing() -> None:
    none = PrimaryComparison(reason="no year before")
    assert none.after(2008) == (UNTESTED, "")
    assert none.described() == "No comparison can be set against a strategy here: no year before."


def test_a_comparison_that_stands_out_says_so() -> None:
    assert PrimaryComparison("Reading", (2006,), (2009,), True, 0.02, 0.02).after(2008)[0] == STOOD_OUT


def test_each_cell_shows_both_readings_and_the_rows_behind_it(record: CaseRecord) -> None:
    cells = profile_frame(record, {"recruit_place": ["four", "five"]}).set_index("item")
    assert list(cells.index[:2]) == ["strength (dimension)", "recruit and place (strategy)"]
    cells.index = cells.index.str.replace(r" \(.*", "", regex=True)
    assert cells.loc["resources", "codes"] == "A 1, B 2"
    assert cells.loc["resources", "what the readings say"] == "A: An inflow. B: Its own inflow."
    assert cells.loc["convene", "codes"] == "A silent, B 1"
    assert cells.loc["cluster", "what the readings say"] == "Not found in the sources read."
    assert cells.loc["strength", "rows of the release"] == "1 study"
    assert cells.loc["recruit and place", "rows of the release"] == (
        "1 event, 2008; 2 counts, 2018, 1 of them without a stated year"
    )
    assert cells.loc["recruit and place", "sources"] == "S_ONE, S_THREE"


def test_each_strategy_says_what_is_documented_and_how_far_the_link_goes(record: CaseRecord) -> None:
    links = strategy_links(record, BESIDE, {"recruit_place": ["four"]})
    rows = strategies_frame(record, links).set_index("strategy")
    placed, met = rows.loc["recruit and place"], rows.loc["convene"]
    assert placed["what is documented"] == "2008: Begins. Counts: alumni: 160 (2018)."
    assert placed["linked by the sources to"] == (
        "leverage point resources (1 event; codes: A 1, B 2); dimension scale (1 count)"
    )
    assert placed["results after it"] == DID_NOT
    assert placed["how surely"].endswith("no more is known.")
    assert met["how surely"] == "Documented by 1 reading only. From there to results: not known."
    assert rows.loc[UNLISTED, "what is documented"] == "2001: Founded."
    assert "cluster" in rows.index[-1]
    assert rows.iloc[-1]["results after it"] == UNTESTED


@pytest.mark.parametrize(
    ("tied", "said"),
    [({"recruiting": ["one"]}, "'recruiting' is no item"), ({"convene": ["eight"]}, "no row 'eight'")],
)
def test_what_the_release_does_not_have_is_refused(
    record: CaseRecord, tied: dict[str, list[str]], said: str
) -> None:
    with pytest.raises(ProfileError, match=said):
        strategy_links(record, BESIDE, tied)


@pytest.mark.parametrize("case_id", CASES)
def test_every_cell_of_every_case_has_its_readings(case_id: str) -> None:
    cells = profile_frame(CaseRecord.read(open_release(RELEASE), case_id))
    assert len(cells) == cells["item"].nunique() == 19
    assert cells["what the readings say"].str.len().min() > 0


@pytest.mark.parametrize(
    ("series", "error", "said"),
    [
        ({}, ValueError, "delhi-claim-03 can be checked"),
        ({"delhi-claim-03": ["cbse_xii_sector"]}, ValueError, "delhi-claim-04 can be checked"),
        ({"huari-claim-01": ["cbse_xii_sector"]}, ValueError, "no claim 'huari-claim-01'"),
        (
            {"delhi-claim-03": ["cbse"], "delhi-claim-04": ["cbse_xii_sector"]},
            PanelError,
            "no indicator 'cbse'",
        ),
    ],
)
def test_a_claim_that_can_be_checked_names_its_series(
    series: dict[str, list[str]], error: type[Exception], said: str
) -> None:
    with pytest.raises(error, match=said):
        Study.open(RELEASE, "delhi").claims(series)
