"""Check that a place has one name in titles, headings and prose."""

from __future__ import annotations

import re

import pytest
from leadership_effects.paths import ROOT
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
