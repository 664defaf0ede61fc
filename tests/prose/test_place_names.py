"""Check that a place has one name in titles, headings and prose."""

from __future__ import annotations

import re

import pytest
from leadership_effects.data.release import newest_release, open_release
from leadership_effects.data.vocabulary import place_name
from leadership_effects.paths import ROOT, results_folder
from leadership_effects.prose.pages import page_paths

# By the one name, the others. Names of institutions stay, and so do the forms of other languages.
OTHER_NAMES = {
    "Washington, DC": r"\bWashington(?!, DC)|District of Columbia(?! Public Schools)",
    "the Rio Grande Valley": r"(?<!Rio Grande )\bValley\b|\bRGV\b(?! FOCUS|\))",
    "Delhi": r"\bNew Delhi\b|NCT of Delhi|National Capital Territory",
    "Huari": r"\bWari\b",
}


def words(page: str) -> str:
    """Return the prose of a page: of a notebook, the cells of text without the names of files in links."""
    text = (ROOT / page).read_text(encoding="utf-8")
    if page.endswith(".py"):
        text = "\n".join(line.removeprefix("# ") for line in text.splitlines() if line.startswith("# "))
    return re.sub(r"\s+", " ", text)


def test_charts_name_a_place_as_pages_do() -> None:
    """Titles of cases that hold a region too, as *Huari, Ancash*, stand in no chart and in none of its words."""
    release = open_release(newest_release())
    titles = {title for title in release.table("cases")["title"] if place_name(title) != title}
    drawn = sorted((results_folder(release.name) / "figures").glob("*.json"))
    assert titles >= {"Huari, Ancash"} and len(drawn) > 100
    found = [
        (path.stem, title) for path in drawn for title in titles if title in path.read_text(encoding="utf-8")
    ]
    assert found == []


@pytest.mark.parametrize("name", OTHER_NAMES)
def test_a_place_has_one_name(name: str) -> None:
    texts = {page: words(page) for page in [*page_paths(), "_toc.yml"]}
    found = [
        f"{page}: …{text[max(match.start() - 40, 0) : match.end() + 40]}…"
        for page, text in texts.items()
        for match in re.finditer(OTHER_NAMES[name], text)
    ]
    assert sum(name in text for text in texts.values()) > 3
    assert found == [], f"write {name}"
