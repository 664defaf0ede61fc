"""Check citations of pages, the list of sources, the bibliography files and links to other sites.

BibTeX and CSL JSON are read by other software. Whether an address answers is not asked.
"""

from __future__ import annotations

import csv
import json
import re
from html import unescape
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import yaml
from leadership_effects.data.release import newest_release
from leadership_effects.paths import ROOT
from pybtex.database import parse_string
from site_pages import FOLDER, PAGES, Links

RELEASE = newest_release()
CITATION = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
BLOCK = re.compile(r'<pre tabindex="0" id="cite-(bibtex|csl)">(.*?)</pre>', re.DOTALL)


@pytest.fixture(scope="module")
def sources() -> set[str]:
    with (ROOT / "data" / RELEASE / "sources.csv").open(encoding="utf-8", newline="") as stream:
        return {row["source_id"] for row in csv.DictReader(stream)}


@pytest.mark.parametrize("name", PAGES)
def test_every_page_offers_its_citation(site, name):
    html = (site / FOLDER / f"{name}.html").read_text(encoding="utf-8")
    blocks = {kind: unescape(text) for kind, text in BLOCK.findall(html)}
    [entry] = parse_string(blocks["bibtex"], "bibtex").entries.values()
    item = json.loads(blocks["csl"])
    assert entry.fields["date"] == CITATION["date-released"]
    assert RELEASE in entry.fields["note"] and RELEASE in item["version"]
    fields = {key: re.sub(r"\\([&%$#_{}])", r"\1", text) for key, text in entry.fields.items()}
    assert f"{name}.html" in fields["note"]
    assert "-".join(f"{part:02d}" for part in item["issued"]["date-parts"][0]) == CITATION["date-released"]
    assert fields["title"].strip("{}") == item["title"] != ""


@pytest.mark.parametrize("name", PAGES)
def test_every_page_tells_what_a_link_to_it_shows(site, name):
    """Title, description, kind and site as Open Graph has them; a picture only where the site has an address."""
    html = (site / FOLDER / f"{name}.html").read_text(encoding="utf-8")
    tags = dict(re.findall(r'<meta property="og:(\w+)" content="([^"]*)">', html))
    heading = unescape(re.sub(r"<[^>]+>", "", re.search(r"<h1>(.*?)(?:<a |</h1>)", html, re.DOTALL)[1]))
    assert unescape(tags["title"]) in (heading, CITATION["title"])
    assert tags["site_name"] == CITATION["title"]
    assert tags["type"] == ("website" if name == "book/index" else "article")
    assert re.search(rf'<meta name="description" content="{re.escape(tags["description"])}">', html)
    assert ("image" in tags) == ("url" in tags) == (site / FOLDER / "previews").is_dir()


@pytest.mark.parametrize("name", PAGES)
def test_the_description_of_a_page_is_plain_text(site, name):
    html = (site / FOLDER / f"{name}.html").read_text(encoding="utf-8")
    described = unescape(re.search(r'<meta name="description" content="([^"]*)">', html)[1])
    body = re.sub(r"<annotation.*?</annotation>|<[^>]*>", "", html.partition("<h1")[2], flags=re.DOTALL)
    words = " ".join(unescape(body).split())
    assert described.removesuffix(" …") in words and len(described.split()) > 3


def test_title_and_author_are_read_from_one_file(site):
    """Settings of the book, pages, figures and numbers name the publication as its citation file does."""
    title, author = CITATION["title"], CITATION["authors"][0]["name"]
    settings = yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))
    assert (settings["title"], settings["author"]) == (title, author)
    assert settings["sphinx"]["config"]["project"] == title
    pages = {"book/cases/huari": "chart-cite", "numbers/huari": "cite-text"}
    for page, named in pages.items():
        html = (site / FOLDER / f"{page}.html").read_text(encoding="utf-8")
        cited = re.findall(rf'<(?:p|span) class="{named}">(.*?)</', html)
        assert cited and all(author in text and title in text for text in cited), page


def test_the_list_of_sources_the_bibliography_and_the_release_agree(site, sources):
    page = (site / FOLDER / "book/bibliography.html").read_text(encoding="utf-8")
    assert set(re.findall(r'<dt id="src-([^"]+)"', page)) == sources
    entries = parse_string(
        (site / FOLDER / "downloads/bibliography.bib").read_text(encoding="utf-8"), "bibtex"
    ).entries
    references = parse_string((ROOT / "book/references.bib").read_text(encoding="utf-8"), "bibtex").entries
    assert {key.lower() for key in entries} == {key.lower() for key in (*sources, *references)}
    items = json.loads((site / FOLDER / "downloads/sources.json").read_text(encoding="utf-8"))
    assert {item["id"] for item in items} == sources


def test_every_address_outside_is_well_formed_and_listed(site, parsed: dict[Path, Links]):
    linked = {
        link for links in parsed.values() for link in links.links if link.startswith(("http:", "https:"))
    }
    assert len(linked) > 100
    with (site / FOLDER / "downloads/external-links.csv").open(encoding="utf-8", newline="") as stream:
        listed = {row["address"] for row in csv.DictReader(stream)}
    assert linked == listed
    strange = [
        link
        for link in sorted(linked)
        if not re.fullmatch(r"[\w.-]+\.[a-z]{2,}\.?(:\d+)?", urlsplit(link).netloc)
        or re.search(r'[\s<>"]|&amp;', link)
    ]
    assert strange == []
