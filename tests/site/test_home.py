"""The first page shows the answer as a picture at once, and each of its rows and points leads to a chapter."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from leadership_effects.data.release import newest_release, open_release
from leadership_effects.paths import ROOT, results_folder
from playwright.sync_api import Browser
from site_pages import DESK, DRAW_ALL, DRAWN_WITHIN, FIGURES, FOLDER, PHONE, Links, opened

HOME, PICTURE, MAP = "book/index", "what_many_places_say.answer", "synthesis.map"
SUMMARIES = [f"book/summary/{path.stem}" for path in sorted((ROOT / "book" / "summary").glob("*.md"))]
PLACES = len(open_release(newest_release()).plan["cases"])
DESIGNS = 2


def test_the_picture_prints_the_numbers_of_the_registry() -> None:
    """Washington stands there twice: as planned, and less its low start and earlier trend."""
    figure = json.loads((FIGURES / f"{PICTURE}.json").read_text(encoding="utf-8"))
    rows = [dict(zip(figure["columns"], row, strict=True)) for row in figure["rows"]]
    assert len(rows) == PLACES + DESIGNS + 1
    assert [row["name"] for row in rows if row["number"] not in figure["svg"]] == []
    recorded = {
        name: json.loads((results_folder(newest_release()) / f"{name}.json").read_text(encoding="utf-8"))[
            "results"
        ]
        for name in ("washington_dc", "synthesis")
    }
    assert [row["number"] for row in rows if row["name"] == "Washington, DC"] == [
        recorded["washington_dc"]["pupil_sd.att"]["text"],
        recorded["synthesis"]["pupil.washington_dc.slope"]["text"],
    ]


@pytest.mark.parametrize("page", [HOME, "book/synthesis/what_many_places_say", *SUMMARIES])
def test_rows_lead_to_chapters_from_every_page_with_the_picture(
    page: str, site: Path, parsed: dict[Path, Links]
) -> None:
    path = site / FOLDER / f"{page}.html"
    figure = json.loads((FIGURES / f"{PICTURE}.json").read_text(encoding="utf-8"))
    pages = {value.removeprefix("lb:/") for value in _links_of(figure["spec"])}
    assert len(pages) == PLACES + DESIGNS
    there = {
        (path.parent / link).resolve() for link in parsed[path].links if not link.startswith(("http", "#"))
    }
    for target in pages:
        assert (site / FOLDER / target).is_file()
        assert (site / FOLDER / target).resolve() in there


def _links_of(spec: dict[str, object]) -> set[str]:
    data = spec["datasets"]
    assert isinstance(data, dict)
    return {row["link"] for rows in data.values() for row in rows if "link" in row}


@pytest.mark.parametrize(("width", "height", "screens"), [(DESK, 800, 1), (PHONE, 844, 2)])
def test_the_picture_is_in_the_first_screens_and_a_row_opens_its_chapter(
    browser: Browser, address: str, width: int, height: int, screens: int
) -> None:
    settings = {"viewport": {"width": width, "height": height}, "has_touch": width == PHONE}
    with opened(browser, f"{address}/{HOME}.html", **settings) as (page, wrong):
        box = page.locator("figure.chart").first.bounding_box()
        assert box is not None and box["y"] < screens * height
        if width == PHONE:
            assert box["y"] + 600 < screens * height, "the rows of places lie beyond the second screen"
        page.evaluate(DRAW_ALL, DRAWN_WITHIN)
        assert wrong == []
        for figure, name, chapter in ((PICTURE, "London", "london"), (MAP, "Delhi", "delhi")):
            drawn = page.locator(f"#fig-{figure.replace('.', '-')} .chart-live")
            drawn.get_by_text(name, exact=True).scroll_into_view_if_needed()
            spot = drawn.locator("text", has_text=name).first.bounding_box()
            assert spot is not None
            x = spot["x"] + (spot["width"] + 12 if figure == MAP else spot["width"] / 2)
            y = spot["y"] + spot["height"] / 2
            (page.touchscreen.tap if width == PHONE else page.mouse.click)(x, y)
            page.wait_for_url(f"**/book/cases/{chapter}.html")
            page.go_back(wait_until="load")
            page.evaluate(DRAW_ALL, DRAWN_WITHIN)
