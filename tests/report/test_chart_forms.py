"""The forms of charts show what the frame holds: silence apart from zero, nothing joined that is no series."""

from __future__ import annotations

import itertools
import json
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from leadership_effects.data.plan import PlanError
from leadership_effects.data.provenance import Rows
from leadership_effects.data.release import newest_release
from leadership_effects.effects.specification import described_curve
from leadership_effects.paths import results_folder
from leadership_effects.report.charts import across, common, parts, tipping
from leadership_effects.report.charts.case import curve, options
from leadership_effects.report.charts.maps import labels, tiles, world
from leadership_effects.report.descriptions import opening, views
from leadership_effects.report.figures import HEAT


def test_silence_is_hatched_and_zero_outlined_and_depth_is_of_one_colour() -> None:
    cells = pd.DataFrame({"row": ["p", "p", "q"], "item": ["i", "j", "i"], "mean": [0, 2, 3]})
    spec = common.coding_matrix(cells).to_dict()
    silent, coded, nothing = spec["layer"]
    rows = [[(row["row"], row["item"]) for row in view.rows] for view in views(spec)]
    assert rows == [[("q", "j")], [("p", "i"), ("p", "j"), ("q", "i")], [("p", "i")]]
    assert silent["mark"]["fill"]["gradient"] == "linear" and nothing["mark"]["fill"] == "transparent"
    assert coded["encoding"]["fill"] == {"value": HEAT}
    assert coded["encoding"]["opacity"]["scale"]["range"][0] == 0


def test_a_curve_shows_its_choices_and_counts_above_zero_as_the_number_does() -> None:
    dust = 0.3 - 0.1 * 3  # zero but for rounding
    choices = pd.DataFrame(
        {"before": ["all", "last", "all"], "trend": ["without", "without", "with"], "effect": [2.0, abs(dust), -1.0],
         "planned": [True, False, False]}
    )  # fmt: skip
    found = described_curve(choices, "London", "points", Rows(0, "", ()))
    spec = curve(found).to_dict()
    assert dust != 0 and found.positive == np.mean(found.above) == 1 / 3
    [drawn] = [rows for rows in spec["datasets"].values() if len(rows) == 3]
    assert [row["above"] for row in drawn] == [True, False, False]
    assert [row["years before that count"] for row in drawn] == [
        "all of them",
        "only the last one",
        "all of them",
    ]
    [grid] = [view for view in views(spec) if view.field("x") == "edge"]
    assert grid.encoding["y"]["scale"]["domain"] == [
        "years before that count|", "years before that count|all of them", "years before that count|only the last one",
        "adjusted for a straight line|", "adjusted for a straight line|no", "adjusted for a straight line|yes",
    ]  # fmt: skip


def test_few_lines_are_named_at_their_ends_apart_from_each_other_and_a_rule_has_words() -> None:
    frame = pd.DataFrame(
        {"series": [*"aabbcc"], "year": [2000, 2001] * 3, "value": [0.0, 10.0, 1.0, 10.1, 2.0, 9.9]}
    )
    spec = (
        common.lines(frame, "per cent") + common.start_rule([2000, 2001], 1, "first cohort, 2001")
    ).to_dict()
    words = [row for view in views(spec) if view.mark == "text" for row in view.rows]
    assert {row["words"] for row in words if "words" in row} == {"first cohort, 2001"}
    heights = sorted(row["at"] for row in spec_rows(spec) if "name" in row)
    assert len(heights) == 3 and min(np.diff(heights)) >= 10 * 13 / common.HEIGHT
    [line] = [view for view in views(spec) if view.mark == "line"]
    assert line.encoding["color"]["legend"] is None


def test_lines_that_end_together_are_named_in_the_order_in_which_they_lie_before() -> None:
    frame = pd.DataFrame(
        {"series": [*"aabbcc"], "x": [1, 2] * 3, "y": [20.0, 100.0, 80.0, 100.0, 50.0, 100.0]}
    )
    rows = spec_rows(tipping.curves(frame, "places", "power, per cent").to_dict())
    heights = {row["name"]: row["at"] for row in rows if "name" in row}
    assert sorted(heights, key=heights.__getitem__) == ["a", "c", "b"]


TICKS = [parts.TICK, parts.THICK_TICK]
PLACES = pd.DataFrame(
    {"place": "Chile", "role": [across.OWN, across.POOL, across.LUCK], "unit": "", "value": [1.0, 0.0, 2.0]}
)
STRIPS = {
    "placebos": common.placebos(
        {"reading": SimpleNamespace(treated=1.0, units=["b"], effects=[0.5])}, "a", "points"
    ),
    "luck": across.luck(PLACES),
}


@pytest.mark.parametrize("name", STRIPS)
def test_the_legend_of_a_strip_shows_ticks_where_ticks_are_drawn(name: str) -> None:
    """The legend takes its forms from the shapes; those of places drawn as ticks are upright."""
    found = list(views(STRIPS[name].to_dict()))
    shape = next(view.encoding["shape"]["scale"] for view in found if "shape" in view.encoding)
    named = dict(zip(shape["domain"], shape["range"], strict=True))
    colours = {tuple(view.encoding["color"]["scale"]["domain"]) for view in found if "color" in view.encoding}
    assert colours == {tuple(shape["domain"])}, "one legend for both"
    drawn = {view.mark for view in found if "color" in view.encoding}
    assert drawn == {"tick", "point"}
    first, *others = named.values()
    assert first == "circle" and others == TICKS[: len(others)]


def test_the_legends_of_the_book_show_the_marks_that_are_drawn() -> None:
    """Without shapes a legend shows circles for ticks, and for lines that have points on them."""
    wrong, seen = [], 0
    for path in sorted((results_folder(newest_release()) / "figures").glob("*.json")):
        spec = json.loads(path.read_text(encoding="utf-8"))["spec"]
        dotted = '"point": {' in json.dumps(spec)
        found = [
            view
            for view in views(spec)
            if view.field("color") and view.encoding["color"].get("legend", {}) is not None
        ]
        shaped = {view.field("shape") for view in found}
        for view in found:
            symbol = view.encoding["color"].get("legend", {}).get("symbolType")
            seen += 1
            if view.mark == "tick" or (view.mark == "line" and dotted and symbol != "stroke"):
                wrong += [path.stem] if view.field("color") not in shaped else []
    assert wrong == [] and seen > 50


def spec_rows(spec: dict) -> list[dict]:
    return [row for rows in spec["datasets"].values() for row in rows]


def test_estimates_by_start_are_not_joined_and_the_real_one_is_filled() -> None:
    frame = pd.DataFrame({"series": ["a", "a"], "year": [2003, 2004], "value": [0.1, 2.0]})
    spec = common.starts(frame, 2004, "points", "year of the start").to_dict()
    assert [view.mark for view in views(spec)] == ["rule", "point", "point"]
    assert [layer["mark"].get("filled") for layer in spec["layer"][1:]] == [False, True]


def test_a_timeline_numbers_events_on_years_and_draws_counts_as_bars() -> None:
    frame = pd.DataFrame(
        {"number": ["1", "2", "", ""], "label": ["one", "two", "people: 75", "people: 150"], "year": [2003, 2003, 2004, 2005],
         "kind": ["event", "event", "count", "count"], "value": [np.nan, np.nan, 75.0, 150.0],
         "counted": ["", "", "people", "people"], "doubt": ""}
    )  # fmt: skip
    spec = common.timeline(frame, [2001, 2010]).to_dict()
    assert opening(spec) == "Timeline of two events, in 2003."
    events, bars = (
        [row for row in spec_rows(spec) if key in row and "label" in row] for key in ("at", "end")
    )
    assert len({(row["year"], row["at"]) for row in events}) == 4
    assert {row["number"] for row in events if "number" in row} == {"1", "2"}, "a count takes no number"
    lengths = [row["end"] - row["begin"] for row in bars]
    assert round(lengths[1] / lengths[0], 6) == 2
    alone = common.timeline(frame.iloc[:3], [2001, 2010]).to_dict()
    [dot] = [
        view for view in views(alone) if view.mark == "point" and view.distinct("label") == ["people: 75"]
    ]
    assert dot.field("x") == "year" and dot.distinct("year") == [2004]
    assert not [view for view in views(alone) if "end" in str(view.encoding)], "no span of years"
    apart = frame.assign(counted=["", "", "schools", "people"], doubt=["", "", "", "doubted"])
    spec = common.timeline(apart).to_dict()
    first, second = (row for row in spec_rows(spec) if "end" in row)
    assert (first["label"], second["label"]) == ("people: 150", "people: 75"), "people first"
    assert first["end"] == second["end"], "each kind has its own scale"
    heads = [row["words"] for row in spec_rows(spec) if set(row) == {"at", "words", "begin"}]
    assert heads == ["people, on a scale of their own", "schools, on a scale of their own"]
    dashes = {
        layer["transform"][0]["filter"]: layer["mark"]["strokeDash"]
        for layer in spec["layer"]
        if "x2" in layer["encoding"] and "transform" in layer
    }
    assert dashes == {"datum.doubt == ''": [1, 0], "datum.doubt != ''": [2, 3]}
    once = common.timeline(frame.iloc[:1]).to_dict()
    assert {tuple(view.encoding["x"]["axis"]["values"]) for view in views(once)} == {(2003,)}, (
        "no year is labelled twice"
    )


MAPS = json.loads(tiles.TILES.read_text(encoding="utf-8"))["maps"]


@pytest.mark.parametrize("name", MAPS)
def test_each_tile_of_a_map_has_a_name_a_place_of_its_own_and_words_beside_it(name: str) -> None:
    layout = MAPS[name]
    codes = [code for line in layout["rows"] for code in line.split() if code != "."]
    assert (
        sorted(codes) == sorted(layout["units"]) and len({len(line.split()) for line in layout["rows"]}) == 1
    )
    free = [
        (column, row) for row, line in enumerate(layout["rows"]) for column, code in enumerate(line.split())
        if code != "."
    ]  # fmt: skip
    assert not {tuple(at) for at in layout["words"].values()} & set(free)
    assert set(layout["words"]) - {"donor", "neither"} <= set(layout["units"].values())


def test_a_tile_map_shows_treated_donors_and_neither_and_names_them_at_the_marks() -> None:
    frame = tiles.tiles_frame("provinces of Ancash", "Huari", ["Aija", "Santa"])
    assert frame["role"].value_counts().to_dict() == {"treated": 1, "donor": 2, "neither": 17}
    words = {"treated": "Huari", "donor": "two compared", "neither": "not compared"}
    spec = tiles.tile_map("provinces of Ancash", frame, words).to_dict()
    drawn, text = views(spec)
    assert len(drawn.rows) == 20 and [row["words"] for row in text.rows] == list(words.values())
    assert drawn.encoding["fill"]["scale"]["range"][2] == "transparent"
    own, beside = drawn.rows[0], text.rows[0]
    assert own["unit"] == "Huari" and own["right"] < beside["x"] and own["top"] < beside["y"] < own["bottom"]
    assert opening(spec) == "Tile map of 20 places, one square each, laid out by position."


@pytest.mark.parametrize(
    ("name", "donors", "said"),
    [
        ("provinces of Ancash", ["Aija", "Atlantis"], "map 'provinces of Ancash': no tile for Atlantis;"),
        ("provinces of Peru", ["Aija"], "no map 'provinces of Peru'; there are states of the United States"),
    ],
)
def test_a_unit_or_map_without_a_layout_is_named_with_the_file(
    name: str, donors: list[str], said: str
) -> None:
    with pytest.raises(tiles.LayoutError, match=rf"^tile_maps\.json.*{said}"):
        tiles.tiles_frame(name, "Huari", donors)


EUROPE = [
    ("Estonia", 24.7, 59.4),
    ("Saxony", 13.7, 51.1),
    ("Austria", 16.4, 48.2),
    ("Denmark", 12.6, 55.7),
    ("Spain", -3.7, 40.4),
]
COUNTED = [("London", -0.1, 51.5, "left"), ("Latvia", 24.1, 56.9, "right"), ("Chile", -70.7, -33.5, "left")]


def on_a_map(added: list[tuple[str, float, float]]) -> pd.DataFrame:
    rows = [*((*row, False) for row in COUNTED), *((*row, "", True) for row in added)]
    frame = pd.DataFrame(rows, columns=["name", "longitude", "latitude", "side", "later"])
    return frame.assign(found="cannot say", comparison="partial", link="lb:/x")


def many(number: int, west: float, east: float, south: float, north: float) -> list[tuple[str, float, float]]:
    draw = np.random.default_rng(number).uniform
    return [(f"Place {n}", draw(west, east), draw(south, north)) for n in range(number)]


ADDED = {
    "none": [],
    "one": EUROPE[:1],
    "two": EUROPE[:2],
    "five of Europe": EUROPE,
    "beyond the usual map": [("Philippines", 121.0, 14.6)],
    "fifty of Europe": many(50, -8, 30, 38, 60),
    "fifty of the world": many(50, -110, 150, -40, 60),
}


@pytest.mark.parametrize("name", ADDED)
def test_labels_on_the_map_lie_on_no_other_words_at_any_width(name: str) -> None:
    """Few places are named, many numbered, those that lie together under one label; counted names stay as they were put."""
    places = on_a_map(ADDED[name])
    found = labels.labelled(places)
    assert labels.labelled(places).equals(found), "the same each time"
    assert list(found["side"][:3]) == list(places["side"][:3])
    late = found[found["later"]]
    numbered = bool(late["number"].any())
    assert numbered == (len(late) > 2), "two have room for their names, five do not"
    assert sorted(late["number"]) == (list(range(1, len(late) + 1)) if numbered else [0] * len(late))
    for page, widths in labels.WIDTHS.items() if len(late) else ():
        told = late.loc[late[f"{page}_label"] != "", f"{page}_label"]
        if numbered:
            ends = [list(map(int, label.split("–"))) for label in told]
            assert sorted(n for end in ends for n in range(end[0], end[-1] + 1)) == list(
                range(1, len(late) + 1)
            )
        else:
            assert set(told) == set(late["name"])
            reach = np.hypot(late[f"{page}_dx"].abs() - 3.2 * late["name"].str.len(), late[f"{page}_dy"])
            assert (reach <= labels.NAME_REACH + labels.LINE).all(), "a name stands by its point"
        letter = labels.DIGIT if numbered else labels.LETTER
        board = labels.Board(found, widths, lines=1 if page == "narrow" else 2)
        boxes = list(board.words)
        for n, row in late[late[f"{page}_label"] != ""].iterrows():
            half = np.array([letter * len(row[f"{page}_label"]) / 2, 5])
            middle = board.points[:, n] + [row[f"{page}_dx"], row[f"{page}_dy"]]
            boxes.append(np.concatenate([middle - half, middle + half], axis=1))
            assert (middle - half >= 0).all() and (middle + half <= board.corner).all()
        for one, other in itertools.combinations(boxes, 2):
            apart = (one[:, 2:] <= other[:, :2]).any(axis=1) | (other[:, 2:] <= one[:, :2]).any(axis=1)
            assert apart.all(), page
    spec = world.world(found).to_dict()
    drawn = {row["name"] for view in views(spec) if view.mark == "point" for row in view.rows}
    assert drawn == set(places["name"])


def test_names_of_lines_stand_apart_beside_a_year_without_a_value() -> None:
    values = {"maths": [250.0, None, 262.3], "reading": [255.0, None, 262.0]}
    rows = [(name, year, value) for name, own in values.items() for year, value in enumerate(own, 2020)]
    frame = pd.DataFrame(rows, columns=["series", "year", "value"])
    drawn = {
        row["series"]: row["at"]
        for view in views(common.lines(frame, "points").to_dict())
        for row in view.rows
        if "at" in row
    }
    assert drawn["maths"] - drawn["reading"] >= 12.3 * parts.LINE_HEIGHT / common.HEIGHT - 1e-6


def test_options_are_counted_without_the_choices_that_head_them() -> None:
    frame = pd.DataFrame(
        {
            "choice": ["window: 2009", "window: 2012", "others: all"],
            "low": -1.0,
            "median": 0.0,
            "high": 1.0,
            "specifications": 2,
        }
    )
    assert opening(options(frame).to_dict()).startswith("Dot and range chart of three rows,")


def placebo_set(shift: float) -> SimpleNamespace:
    return SimpleNamespace(treated=shift, units=["b", "c"], effects=[0.5, -0.5])


def test_outcomes_in_several_units_share_no_axis() -> None:
    sets = {
        "Mathematics": placebo_set(8.0),
        "Reading": placebo_set(7.0),
        "At the minimum standard": placebo_set(0.2),
    }
    units = dict(zip(sets, ["points", "points", "percentage points"], strict=True))
    spec = common.placebos(sets, "Saxony", units).to_dict()
    assert spec["resolve"]["scale"]["x"] == "independent"
    held: dict[str, set[str]] = {}
    for view in views(spec):
        title = view.encoding["x"].get("title")
        if title:
            held.setdefault(title, set()).update(row["outcome"] for row in view.rows)
    assert held == {
        "estimated difference, points": {"Mathematics", "Reading"},
        "estimated difference, percentage points": {"At the minimum standard"},
    }
    assert opening(spec) == "Strip chart of three rows, estimated difference, points from \u22120.5 to +8.0."
    alone = common.placebos(sets, "Saxony", "points").to_dict()
    assert alone == common.placebos(sets, "Saxony", dict.fromkeys(sets, "points")).to_dict()


def test_a_curve_in_several_units_without_comparison_places_is_refused() -> None:
    choices = pd.DataFrame({"scale": ["points", "log odds"], "effect": [1.0, 0.1], "planned": [True, False]})
    found = replace(
        described_curve(choices, "Delhi", "points", Rows(0, "", ())), units=("points", "log odds")
    )
    with pytest.raises(
        PlanError, match="Delhi: a curve without comparison places in points, log odds; allowed: one unit"
    ):
        curve(found)
