"""Follow citations to sources and back: page, source, sentences, rows and numbers, in both directions.

Small projects show what is printed of a source; the built site, that no link of any page leads nowhere. Whether a sentence
rests on its source takes a reader.
"""

from __future__ import annotations

import csv
import json
import re
from html import unescape
from pathlib import Path
from urllib.parse import unquote, urljoin

import pytest
from bs4 import BeautifulSoup, SoupStrainer
from leadership_book.citation import source_bibtex, source_item
from leadership_book.number_rows import by_rows
from leadership_book.records import read_sources
from leadership_book.sources import HOSTS, citations, issuer
from leadership_effects.data.release import newest_release
from leadership_effects.paths import data_folder
from pybtex.database import parse_string
from site_pages import FOLDER, PAGES
from small_project import Project

HERE = "http://here/"
TEXT = """Nine teachers came (U.S. figures) {src}`S_TWO`. Then more did, in 2019 n.d. Two sources say so {src}`S_ONE, S_TWO`.

## Later

A claim stands alone. {src}`S_TWO`

| place | told |
|---|---|
| Huari | nine {src}`S_ONE` |

The change is {num}`huari.reading.att` {src}`S_ONE`, `code` and **more**."""
SOURCE = {
    "source_id": "S", "authors": "Walsh; Di Liberto; et al.", "title": "A {title}", "publisher": "Journal of P, Inc.",
    "year": "2020", "address": "https://issuer.example/a_b", "copy_address": "https://copy.example/a_b",
    "doi": "10.1000/182_1", "licence": "CC BY", "how_read": "whole", "third_party_copy": "true",
}  # fmt: skip
AS_BEFORE = {key: cell for key, cell in SOURCE.items() if key not in ("authors", "copy_address", "doi")}


def page_of(root: Path, name: str, only: SoupStrainer) -> BeautifulSoup:
    """Parse what is asked for of a page, which takes a third of the whole."""
    text = (root / f"{name}.html").read_text(encoding="utf-8")
    return BeautifulSoup(text, "html.parser", parse_only=only)


def section_of(project: Project, source: str, page: str) -> BeautifulSoup:
    return project.html(page, "sources").find(id=f"src-{source}")


def field_of(section: BeautifulSoup, label: str) -> BeautifulSoup:
    return section.find("dt", string=label).find_next_sibling("dd")


def faults(root: Path) -> tuple[list[str], dict[str, int]]:
    """What leads nowhere between pages, numbers and sources of a site, and how much was followed."""
    pages = {
        path.relative_to(root).as_posix().removesuffix(".html"): path.read_text(encoding="utf-8")
        for path in sorted(root.rglob("*.html"))
    }
    anchors = {name: set(map(unescape, re.findall(r' id="([^"]+)"', text))) for name, text in pages.items()}
    wrong, seen = [], {"citations": 0, "links back": 0, "cards": 0, "files": 0}
    listed: dict[str, str] = {}  # address of a sentence: its source

    def leads(name: str, href: str) -> str:
        """Page and anchor that a link of a page leads to; of a file its path."""
        there = unquote(urljoin(f"{HERE}{name}.html", unescape(href))).removeprefix(HERE)
        file, _, anchor = there.partition("#")
        page = file.removesuffix(".html")
        found = anchor in anchors.get(page, ()) if anchor else page in pages or (root / file).is_file()
        if not found:
            wrong.append(f"{name}: {href} leads nowhere")
        return f"{page}#{anchor}"

    for name in (name for name in pages if name.startswith("sources/")):
        for source, section in re.findall(
            r'<section id="src-([^"]+)" class="source">(.*?)</section>', pages[name], re.DOTALL
        ):
            for href in re.findall(r'href="([^"]+)"', section):
                if href.startswith("http"):
                    continue
                there = leads(name, href)
                seen["files" if there.endswith("#") else "links back"] += 1
                if "#src-use-" in there:
                    assert there not in listed, f"{there} is listed twice"
                    listed[there] = source
    for name, text in pages.items():
        for tag in re.findall(r'<a [^>]*class="src[^>]*>', text):
            there = leads(name, re.search(r'href="([^"]+)"', tag)[1])
            source = there.partition("#src-")[2]
            if not there.startswith("sources/"):
                wrong.append(f"{name}: {tag} leads to no page of sources")
            own = re.search(r'id="([^"]+)"', tag)
            if own is None:
                seen["cards"] += 1
                continue
            seen["citations"] += 1
            if listed.pop(f"{name}#{own[1]}", None) != source:
                wrong.append(f"{name}: {own[1]} is not listed by its source {source}")
    wrong += [f"{there} is listed by {source} and cites it nowhere" for there, source in listed.items()]
    return wrong, seen


def test_a_citation_leads_to_its_source_and_the_source_back_to_the_sentence(project):
    project.write(TEXT)
    assert project.build() == ("", "")
    wrong, seen = faults(project.root / "_build/html")
    assert wrong == []
    assert seen["citations"] == 6 and seen["cards"] == 2 and seen["files"] > 5
    start = project.html("index")
    cited = start.find(id="src-use-S_TWO-1")
    assert (cited.get_text(), cited["href"]) == ("Walsh and Dotter, 2020", "../sources/w.html#src-S_TWO")

    sentences = field_of(section_of(project, "S_TWO", "w"), "Sentences")
    assert [(item.a["href"], item.get_text()) for item in sentences.find_all("li")] == [
        ("../book/index.html#src-use-S_TWO-1",
         "Start: Nine teachers came (U.S. figures) (Walsh and Dotter, 2020)."),
        ("../book/index.html#src-use-S_TWO-2",
         "Start: Then more did, in 2019 n.d. Two sources say so (Publisher, 2020; Walsh and Dotter, 2020)."),
        ("../book/index.html#src-use-S_TWO-3", "Start, Later: A claim stands alone. (Walsh and Dotter, 2020)"),
    ]  # fmt: skip
    sentences = field_of(section_of(project, "S_ONE", "p"), "Sentences")
    assert [item.get_text() for item in sentences.find_all("li")][1:] == [
        "Start, Later: Huari; nine (Publisher, 2020)",
        "Start, Later: The change is −4.5 (Publisher, 2020), code and more.",
    ]


def test_a_source_lists_its_rows_and_the_numbers_that_rest_on_it(project):
    project.write("Start.")
    assert project.build() == ("", "")
    two, one = section_of(project, "S_TWO", "w"), section_of(project, "S_ONE", "p")
    assert field_of(two, "Sentences").get_text() == "none"
    rows = [item.get_text() for item in field_of(two, "Rows of the release").find_all("li")]
    assert rows == ["cases.csv, place_source_id: 2 rows: huari, delhi", "leadership.csv: 1 row: huari-01"]
    [row] = field_of(two, "Rows of the release").select("a.rows[href$='leadership.csv']")
    assert (row["href"], row["data-rows"]) == ("../data/2099.1/leadership.csv", "2")
    rows = [item.get_text() for item in field_of(one, "Rows of the release").find_all("li")]
    assert "outcomes/huari.csv: 16 rows: reading, 16 rows, 2016 to 2018" in rows
    assert "breaks.csv: 2 rows: pass_rate/2018/break, reading/2020/caution" in rows
    for section in (one, two):
        [number] = field_of(section, "Numbers").select("a.num")
        assert number["href"] == "../numbers/huari.html#num-huari-reading.att"


def test_a_row_leads_to_the_number_that_rests_on_the_fewest_rows(project):
    path = project.root / "_build/results/2099.1/huari.json"
    record = json.loads(path.read_text(encoding="utf-8"))
    record["results"]["verdict"] |= {"lines": {"leadership.csv": "2"}, "n_rows": 1}
    record["results"]["reading.att"] |= {"lines": {"leadership.csv": "2-9"}, "n_rows": 8}
    path.write_text(json.dumps(record), encoding="utf-8")
    project.write("Start.")
    assert project.build() == ("", "")
    row = field_of(section_of(project, "S_TWO", "w"), "Rows of the release").find("a", string="huari-01")
    assert row["href"] == "../numbers/huari.html#num-huari-verdict" and row["class"] == ["num"]


def test_sources_of_one_name_and_year_get_letters_everywhere(project):
    project.small.edit("sources.csv", 3, "authors", "")
    project.write("One {src}`S_TWO`, another {src}`S_ONE`.")
    assert project.build() == ("", "")
    assert [a.get_text() for a in project.html("index").select("a.src")] == [
        "Publisher, 2020b",
        "Publisher, 2020a",
    ]
    card = project.html("huari", "numbers").find(id="num-huari-reading.att")
    assert [a.get_text() for a in card.select("a.src")] == ["Publisher, 2020a", "Publisher, 2020b"]
    entries = project.html("data").select("dl.source-list > dt")
    assert [entry.get_text().rstrip("¶#") for entry in entries] == [
        "Publisher, 2020a. Title of S_ONE",
        "Publisher, 2020b. Title of S_TWO",
    ]


def test_a_release_without_authors_is_cited_as_before(project):
    project.small.sources_as_before()
    project.small.edit("sources.csv", 2, "address", "address to be completed")
    project.write("One {src}`S_TWO`, another {src}`S_ONE`.")
    assert project.build() == ("", "")
    assert [a.get_text() for a in project.html("index").select("a.src")] == ["Publisher, 2020"] * 2
    assert faults(project.root / "_build/html")[0] == []
    assert "address to be completed" in project.html("data").find(id="src-S_ONE").find_next("dd").get_text()


NAMED = {
    "one": ("Walsh", "Walsh, 2020"),
    "two": ("Walsh; Dotter", "Walsh and Dotter, 2020"),
    "three": ("Adnot; Dee; Katz", "Adnot, Dee and Katz, 2020"),
    "four": ("Adnot; Dee; Katz; Wyckoff", "Adnot and others, 2020"),
    "others": ("Beg; et al.", "Beg and others, 2020"),
    "issuer": ("", "Ministry, 2020"),
}


@pytest.mark.parametrize(("authors", "cited"), NAMED.values(), ids=NAMED)
def test_a_citation_names_authors_or_the_issuing_body(authors, cited):
    assert citations({"S": {"authors": authors, "publisher": "Ministry", "year": "2020"}}) == {"S": cited}


def test_letters_go_by_id_and_leave_other_years_alone():
    def source(year: str) -> dict[str, str]:
        return {"authors": "", "publisher": "P", "year": year}

    sources = {"S_3": source("n.d."), "S_2": source("n.d."), "S_1": source("2020"), "S_0": source("2021")}
    assert citations(sources) == {"S_3": "P, n.d.-b", "S_2": "P, n.d.-a", "S_1": "P, 2020", "S_0": "P, 2021"}
    many = citations({f"S_{n:02}": source("2020") for n in range(28)})
    assert (many["S_25"], many["S_26"], many["S_27"]) == ("P, 2020z", "P, 2020aa", "P, 2020ab")


def test_a_copy_is_named_and_never_linked_as_the_source(project):
    edits = {
        "address": "address not known", "copy_address": "https://www.copies.example/deep/a.pdf", "doi": "10.1000/182",
        "third_party_copy": "true", "authors": "Adnot; Dee; Katz; Wyckoff",
    }  # fmt: skip
    for column, value in edits.items():
        project.small.edit("sources.csv", 2, column, value)
    project.write("Start.")
    assert project.build() == ("", "")
    listed = project.html("data").find(id="src-S_ONE").find_next("dd")
    for told in (listed, section_of(project, "S_ONE", "a")):
        text = told.get_text(" ")
        assert "Read in a copy; check against the issuing body" in text
        assert "address not known" in text and "Adnot, Dee, Katz and Wyckoff" in text and "Publisher" in text
        links = [a["href"] for a in told.select("a[href^=http]")]
        assert links == ["https://doi.org/10.1000/182"]  # a copy is named by its host and not linked
    assert "Copy read at www.copies.example" in section_of(project, "S_ONE", "a").get_text(" ")
    sites = (project.root / "_build/html/downloads/external-links.csv").read_text(encoding="utf-8")
    assert "copies.example" not in sites


KINDS = {
    "article": (SOURCE, "article", "article-journal"),
    "working paper": (SOURCE | {"title": "NBER working paper 1"}, "techreport", "report"),
    "report by its DOI": (SOURCE | {"authors": "", "doi": "10.1787/182"}, "techreport", "report"),
    "article of a body": (SOURCE | {"authors": ""}, "article", "article-journal"),
    "journal without a DOI": (SOURCE | {"doi": ""}, "article", "article-journal"),
    "page": (SOURCE | {"doi": "", "publisher": "Blog & Co, Ltd and Sons"}, "misc", "document"),
    "blog on a paper": (SOURCE | {"doi": "", "title": "On a working paper (blog)"}, "misc", "document"),
    "page of a body": (SOURCE | {"authors": "", "doi": ""}, "misc", "document"),
    "release without authors": (AS_BEFORE, "misc", "document"),
}


@pytest.mark.parametrize(("row", "bibtex", "csl"), KINDS.values(), ids=KINDS)
def test_exports_name_authors_doi_and_the_issuers_address(row, bibtex, csl):
    [entry] = parse_string(source_bibtex(row), "bibtex").entries.values()
    item = source_item(row)
    assert (entry.type, item["type"]) == (bibtex, csl)
    persons = [str(person) for person in entry.persons["author"]]
    if row.get("authors"):
        assert persons == ["Walsh", "{Di Liberto}", "others"]
        assert item["author"] == [{"family": "Walsh"}, {"family": "Di Liberto"}]
    else:
        assert persons == ["{Journal of P, Inc.}"]
    assert entry.fields["url"] == item["URL"] == "https://issuer.example/a_b"
    assert entry.fields.get("doi", "") == item.get("DOI", "") == row.get("doi", "")
    copied = "read in a copy"
    assert (copied in entry.fields["note"]) == (copied in item["note"]) == ("copy_address" in row)
    others = [text for name, text in entry.fields.items() if name != "note"]
    assert not any("copy.example" in text for text in others)
    assert ("howpublished" in entry.fields) == (bibtex == "misc")


def test_a_source_without_a_known_address_is_exported_without_one():
    row = SOURCE | {"address": "address not known"}
    assert "url" not in parse_string(source_bibtex(row), "bibtex").entries["S"].fields
    assert "URL" not in source_item(row)


def test_no_citation_number_or_source_of_the_site_leads_nowhere(site):
    wrong, seen = faults(site / FOLDER)
    assert wrong == []
    assert seen["citations"] > 300 and seen["cards"] > 3000 and seen["links back"] > 3000


def test_every_source_of_the_release_has_an_entry_that_every_page_of_sources_leads_to(site):
    top = site / FOLDER
    with (top / "data" / newest_release() / "sources.csv").open(encoding="utf-8", newline="") as stream:
        sources = {row["source_id"] for row in csv.DictReader(stream)}
    pages = sorted((top / "sources").glob("*.html"))
    found = [
        name
        for page in pages
        for name in re.findall(r'<section id="src-([^"]+)"', page.read_text(encoding="utf-8"))
    ]
    assert sorted(found) == sorted(sources)
    letters = {page.name for page in pages}
    for page in pages:
        shown = page_of(top, f"sources/{page.stem}", SoupStrainer("nav")).select("nav.letters a")
        assert {a["href"].rpartition("/")[2] for a in shown} == letters - {page.name}
    listed = page_of(top, "book/bibliography", SoupStrainer("dl")).select("dl.source-list .screen-only a")
    assert {a["href"].partition("#src-")[2] for a in listed} == sources


@pytest.mark.parametrize("name", PAGES)
def test_a_citation_is_an_anchor_of_its_own(site, name):
    html = (site / FOLDER / f"{name}.html").read_text(encoding="utf-8")
    cited = re.findall(r'<a [^>]*class="src reference internal"[^>]*>', html)
    own = [re.search(r'id="(src-use-[^"]+)"', tag) for tag in cited]
    assert all(own) and len({found[1] for found in own}) == len(cited)


def test_a_site_to_which_anybody_uploads_is_named_as_no_issuer() -> None:
    sources = read_sources(data_folder() / newest_release() / "sources.csv")
    assert any(host in source["publisher"] for source in sources.values() for host in HOSTS)
    assert not [name for name, source in sources.items() if issuer(source)[0] in HOSTS]
    assert not [cited for cited in citations(sources).values() if cited.startswith(HOSTS)]


def test_of_many_sources_those_of_most_rows_come_first(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text(
        "id,source_id,start_source_id\n1,A,\n2,B,C\n3,B,\n4,D,\n", encoding="utf-8"
    )
    assert by_rows(tmp_path, ["A", "C", "B", "D"], {"t.csv": "2-4"}) == ["B", "A", "C", "D"]
