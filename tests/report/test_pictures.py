"""A cached picture has the bytes of a drawn one, and a damaged entry of the cache is drawn again."""

from __future__ import annotations

import os
import time
from io import BytesIO
from multiprocessing import get_context
from multiprocessing.util import get_temp_dir
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import vl_convert
from leadership_effects.report.pictures import VEGALITE, compact, convert, draw_svg, serve_pictures
from PIL import Image

SPEC = {
    "config": {"background": "transparent"},
    "data": {"values": [{"x": 1, "y": 2}, {"x": 2, "y": 5}]},
    "encoding": {"x": {"field": "x", "type": "quantitative"}, "y": {"field": "y", "type": "quantitative"}},
    "mark": {"color": "currentColor", "type": "line"},
}


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("LEADERSHIP_PICTURES", str(tmp_path))
    return tmp_path


def test_the_second_drawing_comes_from_the_cache(cache: Path) -> None:
    drawn = draw_svg(SPEC, 300)
    (entry,) = cache.iterdir()
    assert drawn == vl_convert.vegalite_to_svg({**SPEC, "width": 300}, vl_version=VEGALITE)
    written = entry.stat().st_mtime_ns
    assert draw_svg(SPEC, 300) == drawn and entry.stat().st_mtime_ns == written


def test_another_width_or_specification_is_another_picture(cache: Path) -> None:
    others = [draw_svg(SPEC, 300), draw_svg(SPEC, 301), draw_svg(SPEC | {"mark": "point"}, 300)]
    assert len(set(others)) == len(list(cache.iterdir())) == 3


@pytest.mark.parametrize("damage", [b"", b"short", None], ids=["empty", "cut short", "a byte changed"])
def test_a_damaged_entry_is_drawn_again(cache: Path, damage: bytes | None) -> None:
    drawn = draw_svg(SPEC, 300)
    (entry,) = cache.iterdir()
    whole = entry.read_bytes()
    entry.write_bytes(whole[:-9] + b"x" + whole[-8:] if damage is None else damage)
    assert draw_svg(SPEC, 300) == drawn and entry.read_bytes() == whole


def test_a_picture_does_not_depend_on_those_drawn_before() -> None:
    shaded = {"color": {"field": "y", "type": "quantitative"}, **SPEC["encoding"]}
    first, second = (convert(SPEC | {"mark": "point", "encoding": shaded, "width": 300}) for _ in range(2))
    assert first == second and b"gradient_0" in first


# Rows in the order of a table, so that neighbours in the picture are not neighbours in the file.
ROWS = [
    {"x": place * 7 % 40, "y": (place * place) % 11 - 5.3, "kind": "ab"[place > 30]} for place in range(40)
]
AXES = {"x": {"field": "x", "type": "quantitative"}, "y": {"field": "y", "type": "quantitative"}}
MARKS = {
    "dots": ({"type": "circle", "opacity": 0.9}, {"color": {"field": "kind", "scale": {"range": ["#d1495b", "#2b8a9c"]}}}),
    "faint dots": ({"type": "circle", "opacity": 0.3}, {}),
    "a line": ({"type": "line"}, {}),
    "an area": ({"type": "area", "interpolate": "step"}, {}),
    "ranges": ({"type": "rule"}, {"y2": {"datum": 0}}),
    "strokes": ({"type": "tick", "color": "#2b8a9c"}, {}),
}  # fmt: skip


@pytest.mark.parametrize(("mark", "more"), MARKS.values(), ids=MARKS)
def test_a_compact_picture_looks_the_same_in_fewer_bytes(mark: dict[str, Any], more: dict[str, Any]) -> None:
    whole = convert({"data": {"values": ROWS}, "mark": mark, "encoding": AXES | more, "width": 400}).decode()
    small = compact(whole)
    assert len(small) < 0.8 * len(whole)
    before, after = (
        np.asarray(Image.open(BytesIO(vl_convert.svg_to_png(one))).convert("RGB"), float)
        for one in (whole, small)
    )
    # Edges move by at most a twentieth of a pixel; two dots of 90 % that overlap are no darker than one.
    assert np.abs(before - after).mean() < 0.4, "of 255 a pixel"


def test_neighbouring_boxes_of_one_look_become_one_path_in_their_places() -> None:
    tiles = [{"x": 22 * (n % 5), "y": 22 * (n // 5), "kind": "a" if n < 7 else "b"} for n in range(20)]
    spec = {
        "data": {"values": tiles}, "width": 120, "height": 100, "mark": {"type": "rect", "width": 20, "height": 20},
        "encoding": {
            axis: {"field": axis, "type": "quantitative", "scale": None, "axis": None} for axis in ("x", "y")
        } | {"fill": {"field": "kind", "scale": {"range": ["#d1495b", "#2b8a9c"]}, "legend": None}},
    }  # fmt: skip
    whole = convert(spec).decode()
    small = compact(whole)
    assert [small.count(fill) for fill in ("#d1495b", "#2b8a9c")] == [1, 1]
    before, after = (Image.open(BytesIO(vl_convert.svg_to_png(one))).convert("RGB") for one in (whole, small))
    assert np.array_equal(np.asarray(before), np.asarray(after))


def test_dots_whose_fill_the_style_sheet_changes_stay_dots() -> None:
    spec = {
        "data": {"values": ROWS},
        "mark": {"type": "circle", "color": "#12505d", "opacity": 1},
        "encoding": AXES,
    }
    drawn = convert({**spec, "width": 400}).decode()
    assert compact(drawn).count("#12505d") == 1
    assert compact(drawn, separate=["#12505d"]).count('fill="#12505d"') == len(ROWS)


def test_pictures_of_a_shared_renderer_have_the_bytes_of_one_s_own(cache: Path, monkeypatch) -> None:
    """Also when another picture was drawn before, when the specification is refused, and when the renderer has gone."""
    address = os.path.join(get_temp_dir(), "renderer")
    process = get_context("spawn").Process(target=serve_pictures, args=(address,), daemon=True)
    process.start()
    while not os.path.exists(address):
        assert process.is_alive()
        time.sleep(0.05)
    monkeypatch.setenv("LEADERSHIP_RENDERER", address)
    others = (
        draw_svg(SPEC | {"mark": "point"}, 300),
        draw_svg(SPEC | {"mark": {"type": "line", "clip": True}}, 300),
    )
    drawn = draw_svg(SPEC, 300)
    with pytest.raises(ValueError, match="SVG conversion failed"):
        draw_svg({"mark": "nothing"}, 300)
    process.kill()
    process.join()
    for entry in cache.iterdir():
        entry.unlink()
    assert draw_svg(SPEC, 300) == drawn
    assert draw_svg(SPEC | {"mark": {"type": "line", "clip": True}}, 300) == others[1] != others[0]
