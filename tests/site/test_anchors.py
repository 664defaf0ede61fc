"""Check that anchors of sections stay when headings are added."""

from __future__ import annotations

import re

import pytest
from docutils.nodes import make_id
from leadership_book.anchors import FORMER, FORMER_OF
from leadership_effects.cases.chapter_rules import FORMER_ANCHORS, STAGES
from leadership_effects.paths import ROOT
from site_pages import FOLDER, PAGES
from small_project import Project

SUMMARIES = ("english", "hindi", "latvian", "spanish")


def anchors(project: Project, text: str) -> dict[str, str]:
    """Return the anchor that the link of each heading leads to."""
    project.write(text)
    assert project.build() == ("", "")
    links = project.html("index").select("a.headerlink")
    return {link.parent.get_text().removesuffix("#").removesuffix("\u00b6"): link["href"] for link in links}


@pytest.mark.parametrize("language", SUMMARIES)
def test_a_heading_added_moves_no_other_anchor(project: Project, language: str) -> None:
    text = (ROOT / "book" / "summary" / f"{language}.md").read_text(encoding="utf-8")
    headings = re.findall(r"^## (.*)", text, re.MULTILINE)
    page = "\n\n".join(f"## {heading}\n\nText." for heading in headings)
    before = anchors(project, page)
    after = anchors(project, f"## \u0928\u092f\u093e\n\nText.\n\n{page}\n\n### {headings[0]}\n\nText.")
    assert set(headings) <= set(before)
    shared = {heading: after[heading] for heading in headings[1:]}
    assert shared == {heading: before[heading] for heading in headings[1:]}
    assert after["\u0928\u092f\u093e"] == "#nayaa"
    assert not [anchor for anchor in (*before.values(), *after.values()) if re.fullmatch(r"#id\d+", anchor)]


def test_repeated_headings_are_named_by_the_section_above(project: Project) -> None:
    project.write("## One\n\n### Sources\n\nText.\n\n## Two\n\n### Sources\n\n[Back](#sources-1).\n")
    (project.root / "conf.py").write_text(
        (project.root / "conf.py").read_text(encoding="utf-8") + "myst_heading_anchors = 3\n",
        encoding="utf-8",
    )
    assert project.build() == ("", "")
    start = project.html("index")
    assert [section["id"] for section in start.select("section section section")] == [
        "sources",
        "two-sources",
    ]
    assert start.find("a", string="Back")["href"] == "#two-sources"


def test_no_section_of_the_book_has_a_number_for_an_anchor(site) -> None:
    pages = list((site / FOLDER).rglob("*.html"))
    numbered = [
        page for page in pages if re.search(r'<section[^>]* id="id\d+"', page.read_text(encoding="utf-8"))
    ]
    assert pages and not numbered


def test_former_anchors_of_stages_are_those_of_headings_that_there_are():
    assert set(FORMER.values()) == set(FORMER_ANCHORS)
    assert FORMER.keys() <= {make_id(stage) for stage in STAGES}


@pytest.mark.parametrize("name", FORMER_OF)
def test_a_chapter_across_the_places_keeps_the_anchors_of_its_former_headings(site, name):
    (chapter,) = [page for page in PAGES if page.endswith(f"/{name}")] if name != "index" else ["book/index"]
    page = (site / FOLDER / f"{chapter}.html").read_text(encoding="utf-8")
    ids = set(re.findall(r' id="([^"]+)"', page))
    assert {*FORMER_OF[name], *FORMER_OF[name].values()} <= ids
