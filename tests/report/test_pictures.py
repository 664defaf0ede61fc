"""A cached picture has the bytes of a drawn one, and a damaged entry of the cache is drawn again."""

from __future__ import annotations

from pathlib import Path

import pytest
import vl_convert
from leadership_effects.report import figures
from leadership_effects.report.pictures import VEGALITE, draw_png, draw_svg

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


def test_the_bitmap_is_what_the_renderer_draws_of_dark_ink_on_white(cache: Path) -> None:
    inked = {
        **SPEC, "width": figures.STATIC_WIDTH, "config": {"background": "#fff"},
        "mark": {"color": figures.INK, "type": "line"},
    }  # fmt: skip
    assert figures.draw_png(
        figures._on_paper(figures.draw_svg(SPEC, figures.STATIC_WIDTH))
    ) == vl_convert.vegalite_to_png(inked, vl_version=VEGALITE, scale=1.5)
    assert draw_png(draw_svg(SPEC, 300)) == draw_png(draw_svg(SPEC, 300))
