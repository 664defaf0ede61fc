"""What the release asks to be fetched stands on the page of missing data, each line with its source's card."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from leadership_book.to_fetch import asked_by
from leadership_effects.data.release import Release
from leadership_effects.data.upkeep.dates import release_date
from leadership_effects.data.upkeep.gaps import ACROSS, Asked, find_gaps
from site_pages import FOLDER
from small_project import Project

PAGE = "book/insights/missing_data.html"


def asked_for(project: Project, text: str) -> tuple[str, str]:
    """Build a project whose first page holds the text; the small release is given a day."""
    project.small.edit("sources.csv", 3, "third_party_copy", "true")
    project.small.freeze()
    (project.small.data / "CHANGELOG.md").write_text("## 2099.1 (2099-03-04)\n", encoding="utf-8")
    project.write(text)
    asked_by.cache_clear()  # the same release of another test, or spoilt since
    return project.build()


def test_a_list_links_each_source_and_says_what_to_fetch(project: Project) -> None:
    text = f"```{{to-fetch}}\n```\n\n```{{to-fetch}} {ACROSS}\n```\n"
    assert asked_for(project, text) == ("", "")
    page = project.html("index")
    counts = page.find("table")
    assert "on 4 March 2099" in counts.get_text() and "Read on a copy" in counts.get_text()
    [row] = page.select("details.to-fetch tbody tr")
    why, held, fetch = (cell.get_text(" ", strip=True) for cell in row.find_all(["th", "td"]))
    assert (
        why == "Read on a copy"
        and held.endswith("rows: 3")
        and fetch.startswith("the original, from Publisher")
    )
    assert row.find("a")["href"].endswith("#src-S_TWO") and "sources/" in row.find("a")["href"]
    assert "asks for 1 thing here" in page.select_one("details.to-fetch summary").get_text()


def test_a_place_added_later_has_its_list_and_a_book_without_one_none(project: Project) -> None:
    text = "```{to-fetch} added\n```\n"
    assert asked_for(project, text) == ("", "") and not project.html("index").select("details.to-fetch")
    project.small.plan(lambda plan: plan["synthesis"].update(added={"delhi": "It came later."}))
    project.small.edit("outcomes/delhi.csv", 2, "note", "check against the board")
    assert asked_for(project, text) == ("", "")
    [fold] = project.html("index").select("details.to-fetch")
    assert fold.summary.get_text() == "Delhi: the release asks for 2 things here"


def test_places_added_later_stand_in_the_order_of_the_book(project: Project) -> None:
    project.small.plan(lambda plan: plan["synthesis"].update(added={"huari": "Later.", "delhi": "Later."}))
    project.small.edit("outcomes/delhi.csv", 2, "note", "check against the board")
    project.small.edit("outcomes/huari.csv", 2, "note", "check against the board")
    assert asked_for(project, "```{to-fetch} added\n```\n") == ("", "")
    folds = project.html("index").select("details.to-fetch summary")
    assert [fold.get_text().split(":")[0] for fold in folds] == ["Delhi", "Huari"]


def test_a_place_without_a_list_stops_the_build_and_is_told_which_have_one(project: Project) -> None:
    _, stopped = asked_for(project, "```{to-fetch} atlantis\n```\n")
    assert 'nothing is to be fetched for "atlantis"; there is for: huari, delhi, across, added' in stopped


@pytest.mark.browser
def test_the_page_holds_every_line_of_the_newest_release(site: Path, release: Release) -> None:
    page = BeautifulSoup((site / FOLDER / PAGE).read_text(encoding="utf-8"), "html.parser")
    gaps = find_gaps(release, Asked(release_date(release.name)))
    rows = page.select("details.to-fetch tbody tr")
    assert len(rows) == len(gaps)
    for row in rows:
        link = row.find("a")
        target = site / FOLDER / "book/insights" / link["href"].partition("#")[0]
        assert f'id="{link["href"].partition("#")[2]}"' in target.read_text(encoding="utf-8")
    lists = page.select("details.to-fetch")
    counted = [int(re.search(r"\d+", fold.summary.get_text())[0]) for fold in lists]
    assert counted == [len(fold.select("tbody tr")) for fold in lists] and sum(counted) == len(gaps)
