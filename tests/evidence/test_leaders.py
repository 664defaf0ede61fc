"""Counts of leaders come from two tables; what is drawn keeps their basis, and conflicts stand side by side."""

import pandas as pd
import pytest
from leadership_effects.data.release import newest_release, open_release
from leadership_effects.evidence.leaders import (
    POSTS,
    LeadersError,
    conflicting,
    leader_counts,
    printed_values,
)
from leadership_effects.report.charts.readings import leaders_by_year


class Edited:
    """The newest release with cells of one table replaced."""

    def __init__(self, table, **cells):
        self.release, self.edited, self.cells = open_release(newest_release()), table, cells

    def table(self, name):
        frame = self.release.table(name)
        if name == self.edited:
            frame.loc[0, list(self.cells)] = list(self.cells.values())
        return frame


@pytest.fixture(scope="module")
def counts():
    return leader_counts(open_release(newest_release()))


def test_every_count_of_people_is_there_once_and_keeps_its_basis(counts):
    """Decides that no dated count of a post is lost, and that an undated one gets no year."""
    release = open_release(newest_release())
    rows = release.table("leadership")
    wanted = rows[rows["post"].isin(POSTS) & (rows["unit"] != "percent")]
    assert sorted(counts.loc[counts["table"] == "leadership", "key"]) == sorted(wanted["leadership_id"])
    assert counts["key"].is_unique and counts["value"].notna().all()
    assert ((counts["basis"] == "undated") == counts["year"].isna()).all()


@pytest.mark.parametrize(
    ("value", "low", "high", "words"),
    [
        (None, 300, None, ": at least 300"),
        (None, None, 1200, ": at most 1,200"),
        (None, 40, 60, ": 40 to 60"),
        (50, 40, 60, ""),
    ],
)
def test_a_bound_is_not_told_as_a_count(value, low, high, words):
    """Decides that "over 300" is never printed as 300, nor as a blank in the table of the chapter."""
    edited = Edited("leadership", value=value, value_low=low, value_high=high, post="alumni", unit="people")
    key = edited.release.table("leadership").loc[0, "leadership_id"]
    row = leader_counts(edited).set_index("key").loc[key]
    assert row["told"].endswith(words) and (bool(words) or ": " not in row["told"])
    assert printed_values(edited.table("leadership"))[0] == (words.removeprefix(": ") or value)


@pytest.mark.parametrize(
    ("values", "sources", "differ"),
    [((145, 105), ("S_A", "S_B"), 2), ((145, 145), ("S_A", "S_B"), 0), ((34, 110), ("S_A", "S_A"), 0)],
    ids=["two sources differ", "two agree", "one source counts two groups"],
)
def test_a_conflict_takes_two_sources(values, sources, differ):
    """Decides which figures are printed side by side as a conflict."""
    frame = pd.DataFrame(
        {
            "place": "Here",
            "post": POSTS[0],
            "year": 2012,
            "basis": "stated",
            "value": values,
            "told": "x",
            "source": sources,
        }
    )
    assert len(conflicting(frame)) == differ


@pytest.mark.parametrize(
    ("table", "cells", "says"),
    [
        ("leadership", {"case_id": "atlantis"}, "leadership.csv, column case_id: 'atlantis' has no name"),
        ("dose", {"measure": "corps"}, "dose.csv, column measure: 'corps' has no post; allowed: "),
    ],
)
def test_a_count_of_an_unknown_place_or_measure_is_refused(table, cells, says):
    with pytest.raises(LeadersError, match=says):
        leader_counts(Edited(table, **cells))


def test_a_chart_draws_every_point_in_its_look(counts):
    """Decides that inferred years are open points, and that a count of nought is refused on a logarithmic scale."""
    rows = counts[(counts["place"] == "Rio Grande Valley") & counts["year"].notna()].assign(conflict=False)
    spec = leaders_by_year(rows, POSTS, (1990, 2026)).to_dict()
    filled = {layer["transform"][0]["filter"]: layer["mark"].get("filled") for layer in spec["layer"][1:3]}
    assert filled == {"datum.basis == 'stated'": True, "datum.basis == 'inferred'": False}
    words = [layer for layer in spec["layer"][3:] if layer["mark"]["type"] == "text"]
    assert {layer["encoding"]["text"]["field"] for layer in words} == {"doubt"}
    assert set(rows.loc[rows["doubt"] != "", "key"]) == {"rio-grande-valley-08"}
    with pytest.raises(ValueError, match="not above 0"):
        leaders_by_year(rows.assign(value=0), POSTS, (1990, 2026))
