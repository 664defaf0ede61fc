"""The picture of the answer has a row for every place and design, with the words that their chapters publish."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
from leadership_effects.data.joint_cases import cases_across
from leadership_effects.data.release import newest_release, open_release
from leadership_effects.data.vocabulary import place_name
from leadership_effects.effects.pupil_scale import VERDICTS
from leadership_effects.paths import published_folder
from leadership_effects.report.charts.parts import VERDICTS as LOOKS
from leadership_effects.report.descriptions import opening, views
from leadership_effects.report.many_places.answer import (
    HEADING,
    AnswerError,
    answer,
    design_row,
    laid_out,
    place_row,
    tone,
)

RELEASE = newest_release()
CASES = cases_across(open_release(RELEASE)).set_index("case_id")["title"].map(place_name).to_dict()
DESIGNS = ("states", "countries")


def results(notebook: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((published_folder(RELEASE) / f"{notebook}.json").read_text("utf-8"))
    return dict(found["results"])


def row_of(case: str) -> dict[str, Any]:
    return place_row(CASES[case], "", f"book/cases/{case}.html", results(case), "none there")


@pytest.mark.parametrize("case", CASES)
def test_a_place_has_the_words_and_numbers_of_its_chapter(case: str) -> None:
    row, own = row_of(case), results(case)
    assert (row["small"], row["large"]) == (own["verdict"]["value"], own["verdict_large"]["value"])
    if own["comparison"]["value"] == "none":
        assert row["without"] == "none there" and np.isnan(row["estimate"])
        return
    assert row["number"] == own["pupil_sd.att"]["text"]
    assert (row["low"], row["high"]) == tuple(own[f"pupil_sd.{end}"]["value"] for end in ("low", "high"))
    assert row["detectable"] == own["pupil_sd.mde"]["value"]
    # The band is what the placebo test does not reject: the estimate leaves it just when its set leaves zero.
    assert (abs(row["estimate"]) > row["ordinary"]) == (row["low"] > 0 or row["high"] < 0)


@pytest.mark.parametrize("design", DESIGNS)
def test_a_design_has_the_words_of_its_chapter(design: str) -> None:
    own = results(design)
    row = design_row(design, "", f"book/synthesis/{design}.html", own)
    assert (row["small"], row["large"]) == (own["verdict.smallest"]["value"], own["verdict.large"]["value"])
    assert row["set"] == f"{own['estimate.adjusted.low']['text']} to {own['estimate.adjusted.high']['text']}"


def test_a_missing_result_is_named() -> None:
    own = {key: value for key, value in results("huari").items() if key != "pupil_sd.mde"}
    with pytest.raises(
        AnswerError, match=r"row 'Huari' of the answer: no result 'pupil_sd.mde' in its chapter"
    ):
        place_row("Huari", "", "book/cases/huari.html", own)


def test_the_chart_draws_every_row_and_leads_to_its_chapter() -> None:
    designs = [design_row(name, "", f"book/synthesis/{name}.html", results(name)) for name in DESIGNS]
    rows = [row_of(case) for case in CASES]
    frame = laid_out(
        [designs, [row for row in rows if not row["without"]], [row for row in rows if row["without"]]]
    )
    found = list(views(answer(frame, 0.05, 0.2).to_dict()))
    linked = next(view for view in found if "href" in view.encoding)
    assert {row["link"] for row in linked.rows} == {
        *(f"lb:/book/cases/{case}.html" for case in CASES), *(f"lb:/book/synthesis/{name}.html" for name in DESIGNS)
    }  # fmt: skip
    points = max((view for view in found if view.field("shape") == "tone"), key=lambda view: len(view.rows))
    assert len(points.rows) == len(frame) - (frame["without"] != "").sum()
    said = {row["words"] for view in found if view.mark == "text" for row in view.rows if "words" in row}
    for row in frame.to_dict("records"):
        words = f"no comparison: {row['without']}" if row["without"] else f"0.20: {row['large']}"
        assert words in said
    for width in ("wide", "narrow"):
        tops = (frame[width] - frame[f"tall_{width}"] / 2).to_numpy()
        ends = (frame[width] + frame[f"tall_{width}"] / 2).to_numpy()
        assert (tops[1:] >= ends[:-1]).all()
    assert opening(answer(frame, 0.05, 0.2).to_dict()).startswith("Dot and range chart of seven points")


def test_places_added_later_stand_below_a_rule_with_words() -> None:
    designs = [design_row("states", "", "book/synthesis/states.html", results("states"))]
    late = [row_of("latvia"), row_of("delhi")]
    parts = [designs, [row_of("chile")], [late[0]], [row_of("new_orleans")], [late[1]]]
    frame = laid_out(parts, {2: "Added later", 4: "Added later"})
    assert list(frame.loc[frame["heading"] == "Added later", "name"]) == ["Latvia", "Delhi"]
    for width in ("wide", "narrow"):
        tops = (frame[width] - frame[f"tall_{width}"] / 2).to_numpy()
        room = tops[1:] - (frame[width] + frame[f"tall_{width}"] / 2).to_numpy()[:-1]
        assert (room[frame["heading"][1:] != ""] >= HEADING).all()
    spec = answer(frame, 0.05, 0.2).to_dict()
    assert [view.distinct("heading") for view in views(spec) if view.field("text") == "heading"] == [
        ["Added later"]
    ]
    assert "heading" not in laid_out([designs, [], late])


def test_every_verdict_has_a_look_of_its_own() -> None:
    assert tuple(LOOKS) == VERDICTS
    assert len({colour for colour, _ in LOOKS.values()}) == len({shape for _, shape in LOOKS.values()}) == 3
    assert tone("cannot say", "ruled out") == "ruled out"
