"""The strategy map draws the links that the tables hold, and no others.

Two places are worked out by hand; boxes are measured on a phone and on a wide page.
"""

from __future__ import annotations

from itertools import combinations

import pandas as pd
import pytest
from leadership_effects.evidence import strategy_map
from leadership_effects.evidence.strategy_map import (
    CONTESTED,
    CONTRARY,
    EVENT,
    NAMED,
    PARTLY,
    READ,
    SILENT,
    TOGETHER,
    StrategyMapError,
)
from leadership_effects.report.charts import strategy_map as drawn
from leadership_effects.report.insights.matrix import words_of

NAMES = {"hill": "Hill", "shore": "Shore"}
# Codes of coders A and B; None is silence. What is not listed is silent to both.
CODES = {
    ("hill", "strategy", "recruit_place"): (1, 1),
    ("hill", "strategy", "convene"): (None, 1),
    ("hill", "dimension", "roles"): (1, 2),
    ("hill", "dimension", "strength"): (0, 0),
    ("hill", "dimension", "network"): (2, None),
    ("hill", "leverage", "resources"): (0, 1),
    ("hill", "leverage", "rules"): (0, 0),
    ("shore", "strategy", "recruit_place"): (1, 1),
    ("shore", "dimension", "roles"): (3, 3),
    ("shore", "dimension", "scale"): (1, 1),
    ("shore", "leverage", "goals"): (None, None),
}
# Event, place, strategy, leverage point.
EVENTS = [
    ("hill-1", "hill", "recruit_place", "resources"),
    ("hill-2", "hill", "convene", "rules"),
    ("hill-3", "hill", "recruit_place", "resources"),
    ("hill-4", "hill", "cluster", ""),
    ("shore-1", "shore", "", "feedback"),
    ("shore-2", "shore", "recruit_place", ""),
    ("else-1", "elsewhere", "change_rules", "rules"),
]


@pytest.fixture
def coding() -> pd.DataFrame:
    rows = [
        (*key, coder, code) for key, codes in CODES.items() for coder, code in zip("AB", codes, strict=True)
    ]
    frame = pd.DataFrame(rows, columns=["case_id", "kind", "item", "coder", "code"])
    return frame.astype({"code": "Int64"})


@pytest.fixture
def events() -> pd.DataFrame:
    return pd.DataFrame(EVENTS, columns=["event_id", "case_id", "strategy", "leverage_point"])


@pytest.fixture
def found(coding: pd.DataFrame, events: pd.DataFrame) -> pd.DataFrame:
    outcomes = strategy_map.outcome_cells(
        {"hill": "full", "shore": "none"},
        {"hill": "cannot say", "shore": "cannot say"},
    )
    return pd.concat([strategy_map.code_cells(coding, events, list(NAMES)), outcomes], ignore_index=True)


@pytest.mark.parametrize(
    ("case", "item", "status"),
    [
        ("hill", "recruit_place", READ),
        ("hill", "convene", EVENT),  # one coder alone, and an event names it
        ("hill", "cluster", EVENT),  # no code, an event names it
        ("hill", "roles", READ),
        ("hill", "strength", CONTRARY),  # both gave 0
        ("hill", "network", PARTLY),  # one coder alone, no event
        ("hill", "scale", SILENT),
        ("hill", "resources", READ),  # 0 and 1: the mean is above 0
        ("hill", "rules", EVENT),  # both gave 0, but an event names it
        ("shore", "feedback", EVENT),
        ("shore", "rules", SILENT),  # the event that names it is of another place
        ("shore", "goals", SILENT),
        ("hill", "cannot_say", READ),
        ("shore", "no_comparison", READ),
        ("shore", "cannot_say", SILENT),
    ],
)
def test_a_box_has_the_status_that_codes_and_events_give(found, case, item, status) -> None:
    row = found[(found["case_id"] == case) & (found["item"] == item)]
    assert list(row["status"]) == [status]


def test_a_zero_that_sources_contest_is_not_the_contrary(coding, events) -> None:
    doubted = (coding["item"] == "strength") & (coding["coder"] == "B")
    told = strategy_map.code_cells(coding.assign(contested=doubted), events, list(NAMES))
    row = told[(told["case_id"] == "hill") & (told["item"] == "strength")]
    assert list(row["status"]) == [CONTESTED]
    boxes = drawn.node_frame(told, NAMES).set_index(["place", "item"])["told"]
    assert boxes["Hill", "strength"] == "contested"
    assert boxes["all places", "strength"] == "0 of 2, 1 contested"


def test_over_all_places_an_event_alone_is_counted_apart(found) -> None:
    boxes = drawn.node_frame(found, NAMES).set_index(["place", "item"])
    told = boxes["told"]["all places"]
    assert told[["resources", "rules", "feedback", "goals"]].tolist() == [
        "1 of 2", "0 + 1 of 2", "0 + 1 of 2", "0 of 2",
    ]  # fmt: skip
    assert boxes["fill"]["all places", "rules"] == drawn.FILLS[EVENT]
    assert boxes["fill"]["all places", "resources"] == drawn.FILLS[READ]


def test_every_colour_of_a_box_is_in_the_legend_and_every_status_has_words(found) -> None:
    assert set(drawn.node_frame(found, NAMES)["fill"]) <= set(drawn.COLOURS.values())
    told = found[found["layer"] != "outcome"]
    words = {(row["case_id"], row["item"]): words_of(row) for row in told.to_dict("records")}
    chosen = [("hill", item) for item in ("roles", "convene", "strength", "network", "scale")]
    assert [words[cell] for cell in chosen] == [
        "found, 1.5",
        "event only",
        "contrary",
        "one reading",
        "silent",
    ]


def test_lines_join_what_is_documented_in_one_place(found, events) -> None:
    links = strategy_map.find_links(found, events)
    got = {(r.case_id, r.from_item, r.to_item, r.kind, r.events) for r in links.itertuples()}
    hill = [(a, "roles") for a in ("recruit_place", "cluster", "convene")]
    hill += [("roles", b) for b in ("resources", "rules")]
    hill += [(a, "cannot_say") for a in ("resources", "rules")]
    shore = [("recruit_place", "roles"), ("recruit_place", "scale")]
    shore += [("roles", "feedback"), ("scale", "feedback"), ("feedback", "no_comparison")]
    assert got == {
        *(("hill", a, b, TOGETHER, "") for a, b in hill),
        *(("shore", a, b, TOGETHER, "") for a, b in shore),
        ("hill", "recruit_place", "resources", NAMED, "hill-1, hill-3"),
        ("hill", "convene", "rules", NAMED, "hill-2"),
    }
    assert len(links) == len(got)


def test_places_are_counted_over_the_map(found, events) -> None:
    across = strategy_map.merge_links(strategy_map.find_links(found, events))
    both = across[(across["from_item"] == "recruit_place") & (across["to_item"] == "roles")]
    assert both[["n", "cases"]].to_numpy().tolist() == [[2, "hill, shore"]]
    assert list(across["n"].drop(both.index)) == [1] * (len(across) - 1)
    assert list(across["kind"][:2]) == [NAMED, NAMED]
    counts = strategy_map.count_statuses(found).loc["dimension"]
    assert counts["documented"].to_dict() == {
        "roles": 2, "strength": 0, "orientation": 0, "representation": 0, "network": 0, "scale": 1,
    }  # fmt: skip
    assert counts[CONTRARY].to_dict()["strength"] == 1


def test_the_table_behind_the_chart_holds_every_link(found, events) -> None:
    across = strategy_map.merge_links(strategy_map.find_links(found, events))
    shown, curves = drawn.table(across, NAMES), drawn.link_frame(across, NAMES)
    assert set(zip(curves["from"], curves["to"], curves["kind"], strict=True)) == set(
        zip(shown["from"], shown["to"], shown["link"], strict=True)
    )
    assert len(curves) == len(shown) + (shown["link"] == NAMED).sum()  # a solid line has two pieces
    assert set(curves["places"]) <= {"Hill", "Shore", "Hill; Shore"}


@pytest.mark.parametrize(("width", "view"), [(drawn.WIDE - 150, "narrow"), (660, "wide")])
def test_boxes_lie_inside_and_apart(width: int, view: str) -> None:
    inside = width - drawn.LEFT - drawn.RIGHT
    boxes = []
    for spot in drawn.spots().values():
        x, half, y = (getattr(spot, f"{view}_{part}") for part in ("x", "half", "y"))
        boxes.append((x - half, x + half, y - drawn.CHIP / 2, y + drawn.CHIP / 2))
        assert 0 <= x - half < x + half <= 1
        assert 0 <= y - drawn.CHIP / 2 < y + drawn.CHIP / 2 <= drawn.HEIGHT
    for (a0, a1, b0, b1), (c0, c1, d0, d1) in combinations(boxes, 2):
        assert a1 * inside + 2 < c0 * inside or c1 * inside + 2 < a0 * inside or b1 + 2 < d0 or d1 + 2 < b0


@pytest.mark.parametrize(
    ("table", "column", "value", "message"),
    [
        ("coding", "kind", "mood", "coding.csv, hill, recruit_place: kind is 'mood'; allowed: strategy"),
        ("coding", "item", "charm", "coding.csv, hill: item of kind strategy is 'charm'; allowed: recruit_place"),
        ("events", "strategy", "wait", "events.csv, hill-1: strategy is 'wait'; allowed: blank, recruit_place"),
        ("events", "leverage_point", "luck", "events.csv, hill-1: leverage_point is 'luck'; allowed: blank, res"),
    ],
)  # fmt: skip
def test_an_unknown_word_is_refused_by_row(coding, events, table, column, value, message) -> None:
    frames = {"coding": coding, "events": events}
    frames[table].loc[0, column] = value
    with pytest.raises(StrategyMapError, match=message):
        strategy_map.code_cells(coding, events, list(NAMES))


def test_a_place_without_codes_is_refused(coding, events) -> None:
    with pytest.raises(StrategyMapError, match="no code for case 'valley'; there are hill, shore"):
        strategy_map.code_cells(coding, events, [*NAMES, "valley"])


@pytest.mark.parametrize(
    ("comparison", "verdict"),
    [("none", "ruled out"), ("none", "at least that large"), ("proved", "cannot say"), ("full", "shines")],
)
def test_a_comparison_and_a_verdict_must_fit(comparison: str, verdict: str) -> None:
    with pytest.raises(StrategyMapError, match=f"hill: comparison '{comparison}' with verdict '{verdict}'"):
        strategy_map.outcome_cells({"hill": comparison}, {"hill": verdict})
