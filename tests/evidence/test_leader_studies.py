"""Effects of leaders are drawn with the error that was read, and no more."""

from __future__ import annotations

import json
import math
from typing import Any

import numpy as np
import pandas as pd
import pytest
from leadership_effects.data.release import Release
from leadership_effects.evidence.leader_studies import (
    BARE,
    BOUND,
    DUPLICATE,
    INTERVAL,
    KINDS,
    SPREAD,
    WORDS,
    LeaderError,
    forest,
    interval,
    kind_of,
    look,
    printed,
)
from leadership_effects.report.charts import studies as charts

PRINTED = 2e-3  # ends of intervals are printed to three or four decimals
FIGURES = [
    "effect",
    "effect_low",
    "effect_high",
    "effect_sd",
    "effect_sd_converted",
    "se",
    "ci_low",
    "ci_high",
]


def table(*rows: dict[str, Any]) -> pd.DataFrame:
    blank = {
        "study": "A and B", "year": "2020", "country": "Brazil", "leader_variable": "training", "design": "trial",
        "leader_type": "principal_training", "outcome": "reading", "effect_unit": "", "se_kind": "none",
        "pool_use": "yes", "source_id": "S", **dict.fromkeys(FIGURES, np.nan),
    }  # fmt: skip
    return pd.DataFrame([{**blank, "effect_id": f"row-{n}", **row} for n, row in enumerate(rows)])


@pytest.fixture(scope="module")
def published(release: Release) -> pd.DataFrame:
    return release.table("leadership_effects")


ROWS = table(
    {"effect": 0.2, "effect_unit": "SD", "effect_sd": 0.2, "se": 0.05, "ci_low": 0.1, "ci_high": 0.3, "se_kind": "printed"},
    {"effect": 0.09, "effect_unit": "SD", "effect_sd": 0.09, "se": 0.045, "se_kind": "upper_bound", "outcome": "science"},
    {"effect": -2, "effect_unit": "percentile points", "effect_sd_converted": -0.05, "outcome": "music"},
    {"effect_low": 0.05, "effect_high": 0.1, "effect_unit": "SD", "outcome": "art"},
    {"effect": 2, "effect_unit": "months", "outcome": "spelling"},
    {"outcome": "writing", "pool_use": "no figure"},
    {"effect": 9, "effect_unit": "SD", "effect_sd": 9, "pool_use": DUPLICATE},
)  # fmt: skip


def test_an_interval_a_bound_and_no_error_are_told_apart() -> None:
    assert [look(row) for row in ROWS.itertuples()][:6] == [INTERVAL, BOUND, BARE, SPREAD, WORDS, WORDS]
    one, bound, bare = (interval(row) for row in list(ROWS.itertuples())[:3])
    assert one == (0.1, 0.3)
    assert bound == pytest.approx((0.09 - 1.96 * 0.045, 0.09 + 1.96 * 0.045))
    assert all(math.isnan(end) for end in bare)
    assert printed(next(ROWS.iloc[[2]].itertuples())) == "\u22122 percentile points"


def test_rows_with_a_size_come_first_and_a_second_figure_is_left_out() -> None:
    frame = forest(ROWS, "training of serving heads", {"row-5": "null"})
    assert list(frame["look"]) == [INTERVAL, SPREAD, BOUND, BARE, WORDS, WORDS]
    assert list(frame["words"].iloc[-2:]) == ["2 months", "null, no size printed"]
    assert 9 not in set(frame["value"])


def test_whiskers_are_drawn_only_where_an_error_is_known() -> None:
    frame = forest(ROWS, "training of serving heads", {"row-5": "null"})
    spec = charts.leaders(frame, "SD").to_dict()
    layers = [(layer["mark"], spec["datasets"][layer["data"]["name"]]) for layer in spec["layer"]]
    lines = {
        str(mark["strokeDash"]): [row["interval_high"] for row in rows]
        for mark, rows in layers
        if any("interval_high" in row for row in rows)
    }
    assert lines == {"[1, 0]": [0.3], "[4, 4]": [pytest.approx(0.09 + 1.96 * 0.045)]}
    (points,) = (layer for layer in spec["layer"] if layer["mark"]["type"] == "point")
    fills = dict(zip(*(points["encoding"]["fill"]["scale"][end] for end in ("domain", "range")), strict=True))
    drawn = {row["look"] for row in spec["datasets"][points["data"]["name"]]}
    assert drawn == set(fills) == {INTERVAL, BOUND, BARE, SPREAD}
    assert [look for look, fill in fills.items() if fill != "transparent"] == [INTERVAL]
    words = charts.describe_leaders(frame)
    assert "Interval at its widest: 1, at 0.09." in words
    assert "writing (null, no size printed)" in words


def test_no_line_runs_through_a_row_of_words() -> None:
    frame = forest(ROWS, "training of serving heads", {"row-5": "null"})
    spec = charts.leaders(frame, "SD").to_dict()
    axes = [
        layer["encoding"]["y"]["axis"]["gridOpacity"]
        for layer in spec["layer"]
        if layer["mark"]["type"] == "text"
    ]
    worded = {row["row"] for rows in spec["datasets"].values() for row in rows if row.get("words")}
    assert axes and all(json.dumps(row) in one["condition"]["test"] for one in axes for row in worded)
    assert all((one["value"], one["condition"]["value"]) == (1, 0) for one in axes)


def test_an_unknown_kind_or_an_unsaid_finding_is_refused() -> None:
    with pytest.raises(LeaderError, match="no kind 'heads'; there are "):
        forest(ROWS, "heads", {})
    with pytest.raises(LeaderError, match="row-5 prints no figure"):
        forest(ROWS, "training of serving heads", {})
    with pytest.raises(LeaderError, match="no kind of treatment holds the leader type 'mayor'"):
        kind_of("mayor")


def test_every_effect_of_the_release_has_one_kind_and_one_label(published: pd.DataFrame) -> None:
    assert [kind for types in KINDS.values() for kind in types] == list(
        dict.fromkeys(kind for types in KINDS.values() for kind in types)
    )
    said = dict.fromkeys(published["effect_id"], "null")
    drawn = pd.concat([forest(published, kind, said).assign(kind=kind) for kind in KINDS])
    assert set(drawn["effect_id"]) == set(published.loc[published["pool_use"] != DUPLICATE, "effect_id"])
    assert drawn.groupby(["kind", "label"]).size().max() == 1


def test_printed_intervals_of_the_release_are_those_of_their_errors(published: pd.DataFrame) -> None:
    own = published[published["ci_low"].notna()]
    for end, sign in (("ci_low", -1), ("ci_high", 1)):
        assert own[end].to_numpy() == pytest.approx(own["effect_sd"] + sign * 1.96 * own["se"], abs=PRINTED)
    bounded = published[published["se_kind"] == "upper_bound"]
    sizes = bounded["effect_sd"].fillna(bounded["effect_sd_converted"])
    assert bounded["se"].to_numpy() == pytest.approx(np.abs(sizes) / 1.96, abs=PRINTED)
