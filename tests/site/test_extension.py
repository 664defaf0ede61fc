"""Build small Sphinx projects: what is on file is printed as text, an unknown name stops the build.

The projects use the extension as it is and results written by the package's own registry. Nothing out of a table or a
results file is taken for HTML or Markdown. The pages of the book itself are opened by ``test_browser.py``.
"""

from __future__ import annotations

import csv
import json
import re

import nbformat
import pytest
from leadership_effects.data.provenance import Rows
from leadership_effects.files import write_json
from leadership_effects.report.numbers import Unit
from leadership_effects.report.registry import Registry
from miniature import NAME
from small_project import HOSTILE, Project


def test_what_is_on_file_is_printed_and_linked(project):
    project.write(
        "The change is {num}`huari.reading.att`, {range}`huari.reading.att` {src}`S_ONE, S_TWO`, {math}`a^2`.\n\n```{chart} huari.points\n```\n",
        more="place\n",
    )
    cells = [nbformat.v4.new_markdown_cell("# Place\n\nAgain {num}`huari.verdict`.", id="place-000")]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), project.root / "book/place.ipynb")
    sources = list(csv.DictReader(project.small.path("sources.csv").read_text(encoding="utf-8").splitlines()))
    sources[0] |= {"title": HOSTILE, "publisher": "<i>Ministry</i>", "address": "javascript:alert(1)"}
    project.small.write_table("sources.csv", [list(sources[0]), *(list(row.values()) for row in sources)])

    warnings, stopped = project.build()
    assert stopped == "" and warnings == ""

    start = project.html("index")
    number = start.select_one("a.num")
    assert number.get_text() == "\u22124.5"
    assert number["href"] == "../numbers/huari.html#num-huari-reading.att"
    assert number["title"] == "Difference in points. \u22129.0 to 0.5 (95 % confidence set)."
    interval = start.select("a.num")[1]
    assert (interval.get_text(), interval["href"]) == ("\u22129.0 to 0.5", number["href"])
    assert project.html("numbers").find("a", href="../numbers/huari.html") is not None

    assert [(a.get_text(), a["href"]) for a in start.select("a.src")] == [
        ("<i>Ministry</i>, 2020", "../sources/other.html#src-S_ONE"),
        ("Walsh and Dotter, 2020", "../sources/w.html#src-S_TWO"),
    ]  # fmt: skip
    assert start.select_one("a.src")["title"] == HOSTILE
    assert start.select_one("figure#fig-huari-points").get_text() == "drawn"
    assert start.find("math") is not None
    verdict = project.html("place").select_one("a.num")
    assert (verdict.get_text(), verdict["title"]) == ("cannot say", f'{HOSTILE} "quoted"')

    data = project.html("data")
    assert data.find(id="src-S_ONE").get_text().startswith(f"<i>Ministry</i>, 2020. {HOSTILE}")
    assert not [script for script in data.find_all("script") if "alert" in script.get_text()]
    assert not data.find(id="src-S_ONE").find_parent("dl").find_all(["em", "i"])
    assert [a["href"] for a in data.select("dl.source-list a[href^='http']")] == ["https://example.org/"]
    assert not data.select("a[href^='javascript']")

    figures = project.root / "_build/html/figures"
    assert (figures / "huari.points.csv").read_text(encoding="utf-8") == '"a, b"\n1.5\n'
    assert json.loads((figures / "huari.points.json").read_text(encoding="utf-8")) == {"mark": "point"}

    bibtex = (project.root / "_build/html/downloads/bibliography.bib").read_text(encoding="utf-8")
    assert "@misc{S_ONE" in bibtex and r"\{num\}" in bibtex

    numbers = project.html("huari", "numbers")
    told = numbers.find(id="num-huari-verdict").get_text()
    assert HOSTILE in told and "<b>" in told
    assert not [script for script in numbers.find_all("script") if "alert" in script.get_text()]
    assert {a["href"] for a in numbers.select("a.src")} == {
        "../sources/other.html#src-S_ONE",
        "../sources/w.html#src-S_TWO",
    }
    told = numbers.find(id="num-huari-reading.att").get_text(" ")
    for part in ("Difference in points: \u22124.5 points.", "\u22129.0 to 0.5 (95 % confidence set), which includes zero", "-4.4512", "points", "95 % confidence set", "eight districts",
                 "leadership_effects.effects.estimators.estimate", "analysis/notebooks/cases/huari.py", NAME, "nox -s reproduce -- huari.reading.att"):  # fmt: skip
        assert part in told, part


@pytest.mark.parametrize(
    "name, shown",
    [
        ("huari", {"comparison": "Comparison: partial", "verdict": "Verdict: cannot say"}),
        ("huari.verdict", {"verdict": "Verdict: cannot say"}),
    ],
)
def test_how_sure_a_finding_is_stands_in_words_of_the_registry_with_a_shape_each(project, name, shown):
    project.write(f"{{sure}}`{name}`")
    assert project.build() == ("", "")
    pills = project.html("index").select(".sure > .pill")
    assert [pill.get_text() for pill in pills] == list(shown.values())
    for pill, key in zip(pills, shown, strict=True):
        assert pill["class"] == ["pill", key, {"comparison": "partial", "verdict": "open"}[key]]
        assert pill.find("svg")["aria-hidden"] == "true"
        assert pill.a["href"] == f"../numbers/huari.html#num-huari-{key}"


def test_without_a_comparison_no_mark_prints_a_verdict(project):
    registry = Registry(project.small.open(), "delhi", "analysis/notebooks/cases/delhi.py")
    for key, word in (("comparison", "none"), ("verdict", "cannot say")):
        registry.record(key, word, Unit(), "A word.", rows=Rows(0, "", ()), function="g")
    registry.save()
    project.write("{sure}`delhi` {sure}`delhi.verdict` {num}`delhi.verdict`")
    assert project.build() == ("", "")
    page = project.html("index")
    told = ["Comparison: none", *2 * ["Verdict: no comparison"]]
    assert [pill.get_text() for pill in page.select(".sure > .pill")] == told
    assert page.select("a.num")[-1].get_text() == "cannot say"


def test_sums_in_dollars_are_money_and_no_formula(project):
    project.write("It cost $4 million, and then $5 million more.")
    assert project.build() == ("", "")
    start = project.html("index")
    assert "It cost $4 million, and then $5 million more." in start.get_text()
    assert start.find("math") is None


UNKNOWN = {
    "notebook": ("{num}`huary.reading.att`", ('unknown notebook "huary"', "nearest: huari")),
    "result": (
        "{num}`huari.readin.att`",
        ('unknown result "huari.readin.att"', "nearest: huari.reading.att"),
    ),
    "notebook far from all": ("{num}`xyz.mean`", ('unknown notebook "xyz"', "nothing near it")),
    "name without a notebook": ("{num}`reading`", ('unknown notebook "reading"',)),
    "sureness": ("{sure}`huary`", ('unknown notebook "huary"', "nearest: huari")),
    "no word of sureness": ("{sure}`huari.reading.att`", ("unknown word", "nothing near it")),
    "no interval": ("{range}`huari.verdict`", ('"huari.verdict" has no interval',)),
    "source": ("{src}`S_ONE, S_ON`", ('unknown source "S_ON"', "nearest: S_ONE")),
    "chart": ("```{chart} huari.point\n```", ('unknown chart "huari.point"', "nearest: huari.points")),
}


@pytest.mark.parametrize("text, told", UNKNOWN.values(), ids=UNKNOWN)
def test_an_unknown_name_stops_the_build_and_names_page_name_and_the_nearest(project, text, told):
    project.write(text)
    warnings, stopped = project.build()
    assert stopped, "the build did not fail"
    for part in ("index.md:3", *told):
        assert part in stopped
        assert part in warnings


def test_every_unknown_name_is_told_at_once_with_page_and_cell(project):
    project.write("{num}`huari.a`\n\n{src}`NOBODY`", more="place\n")
    cells = [
        nbformat.v4.new_markdown_cell(text, id=f"place-00{n}")
        for n, text in enumerate(["# Place", "{num}`huari.b`"])
    ]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), project.root / "book/place.ipynb")
    _, stopped = project.build()
    assert re.search(r'index\.md:3: unknown result "huari\.a"', stopped)
    assert re.search(r'index\.md:5: unknown source "NOBODY"', stopped)
    assert re.search(r'place\.ipynb: cell \d+, line \d+: unknown result "huari\.b"', stopped)


def own_page(project: Project, text: str) -> None:
    """Write the page that the notebook huari was made into."""
    project.write("Start.", more="cases/huari\n")
    (project.root / "book/cases").mkdir()
    cells = [nbformat.v4.new_markdown_cell(f"# Huari\n\n{text}", id="huari-000")]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), project.root / "book/cases/huari.ipynb")


def test_a_key_without_a_notebook_is_one_of_the_page(project):
    own_page(project, "From {num}`reading.att` or {num}`huari.reading.att`: {num}`verdict`.")
    assert project.build() == ("", "")
    links = project.html("huari", "book/cases").select("a.num")
    assert [link["href"].rpartition("#")[2] for link in links] == [
        "num-huari-reading.att",
        "num-huari-reading.att",
        "num-huari-verdict",
    ]


def test_an_unknown_key_of_the_page_names_the_nearest_one(project):
    own_page(project, "It is {num}`readin.att`.")
    assert 'unknown result "readin.att"; nearest: reading.att' in project.build()[1]


def test_a_key_of_the_page_that_begins_with_a_notebooks_name_is_refused(project):
    path = project.root / "_build" / "results" / NAME / "huari.json"
    content = json.loads(path.read_text(encoding="utf-8"))
    content["results"]["huari.verdict"] = content["results"]["verdict"]
    write_json(path, content)
    own_page(project, "It is {num}`huari.verdict`.")
    stopped = project.build()[1]
    assert 'ambiguous result "huari.verdict"' in stopped and "write huari.huari.verdict" in stopped


def test_a_build_repeated_without_a_repair_fails_again(project):
    project.write("{num}`huari.a`")
    assert project.build()[1]
    assert project.build()[1]
    project.write("{num}`huari.verdict`")
    assert project.build() == ("", "")


def test_results_of_another_release_stop_the_build(project):
    path = project.root / "_build" / "results" / NAME / "huari.json"
    write_json(path, json.loads(path.read_text(encoding="utf-8")) | {"release": "2020.1"})
    project.write("{num}`huari.verdict`")
    _, stopped = project.build()
    assert "of release '2020.1'" in stopped and f"set to '{NAME}'" in stopped and "index.md:3" in stopped


def test_half_a_results_file_stops_the_build(project):
    path = project.root / "_build" / "results" / NAME / "huari.json"
    path.write_text(path.read_text(encoding="utf-8")[:-50], encoding="utf-8")
    project.write("{num}`huari.verdict`")
    assert "huari.json is not valid JSON" in project.build()[1]


def test_a_release_without_its_sources_stops_the_build(project):
    project.small.path("sources.csv").unlink()
    project.write("{src}`S_ONE`")
    assert "has no file sources.csv" in project.build()[1]
