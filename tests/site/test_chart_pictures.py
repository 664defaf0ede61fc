"""Take a chart away as a picture that says what it is.

Decided here: the picture carries title, subtitle, source, release and licence, no line of words leaves it, a slide is filled,
and the second build draws nothing. Not decided: how it looks.
"""

from __future__ import annotations

import re
import struct
from html import unescape
from pathlib import Path

import pytest
from leadership_book import pictures
from leadership_book.pictures import MARGIN, NOTE, SMALL, SUBTITLE, TITLE, WIDTH, Told, framed, width_of
from leadership_effects.files import read_json
from site_pages import FIGURES, FOLDER
from small_project import Project

CHART = '<svg width="660" height="300" viewBox="0 0 660 300"><g/></svg>'
TEXT = re.compile(r'<text x="30" y="([\d.]+)" font-size="([\d.]+)"[^>]*>(.*?)</text>')


@pytest.mark.parametrize("words", ["A long finding about a place, told in many words, ", "W" * 11 + " "])
def test_no_line_leaves_the_picture_or_meets_the_chart(words):
    svg = framed(CHART, Told(*[words * 9] * 5))
    top, bottom = (
        float(found) for found in re.search(r'y="([\d.]+)" width="660" height="(\d+)"', svg).groups()
    )
    height = pictures.size_of(svg)[1]
    sizes = {f"{style.size:g}": style for style in (TITLE, SUBTITLE, NOTE, SMALL)}
    lines = TEXT.findall(svg)
    assert len(lines) > 12
    for y, size, line in lines:
        assert width_of(line, sizes[size]) <= WIDTH - 2 * MARGIN
        assert float(y) < top or top + bottom < float(y) < height - 10


def test_a_figure_of_the_site_says_what_it_is_and_fills_a_slide(site: Path):
    folder = site / FOLDER / "figures"
    names = sorted(path.stem for path in FIGURES.glob("*.json"))
    assert len(names) > 100
    for name in names:
        record = read_json(FIGURES / f"{name}.json", {})
        svg = (folder / f"{name}.svg").read_text(encoding="utf-8")
        words = unescape(" ".join(re.findall(r"<text[^>]*>(.*?)</text>", svg)))
        for part in (record["title"], record.get("subtitle", ""), "data release", "Licence CC BY 4.0."):
            assert " ".join(part.split()) in words, f"{name}: {part}"
        head = (folder / f"{name}.png").read_bytes()[:24]
        assert head.startswith(b"\x89PNG") and struct.unpack(">I", head[16:20])[0] >= 1200


def test_a_second_build_takes_its_bitmaps_from_the_first(project: Project, monkeypatch):
    project.write("Start.")
    assert project.build() == ("", "")
    picture = project.root / "_build/html/figures/huari.points.png"
    drawn = picture.read_bytes()
    picture.unlink()
    monkeypatch.setattr(pictures.vl_convert, "svg_to_png", lambda *_, **__: pytest.fail("drawn again"))
    assert project.build() == ("", "")
    assert picture.read_bytes() == drawn
