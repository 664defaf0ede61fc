"""Check that tables are written for readers: names, numbers, reasons, captions, and room for every column."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup, Tag
from leadership_book.records import Records
from leadership_book.tables import laid_out
from leadership_effects.report.tables import html_table
from miniature import NAME
from pandas import DataFrame
from small_project import Project

NAMES = {"ks3_maths": "Key Stage 3 mathematics", "huari/province/huari": "Huari"}
LONG = "A sentence of a source that goes on for some time and takes more room than a column of a table has on a page. "


def written(frame: DataFrame, caption: str = "Rows", *, behind: bool = False) -> Tag:
    """A recorded table as a page of the site shows it."""
    markup = html_table(frame, caption, shown=not behind)
    if behind:
        markup = f'<details class="chart-data"><summary>Data</summary>{markup}</details>'
    return BeautifulSoup(laid_out(markup, NAMES, None), "html.parser")


def column(page: Tag, place: int) -> list[Tag]:
    return [row.find_all(["th", "td"])[place] for row in page.select("tbody tr")]


def test_ids_are_names_with_the_id_in_the_tooltip_and_words_stay() -> None:
    page = written(
        DataFrame({"n": [1, 2, 3], "what": ["ks3_maths", "ks3_maths, huari/province/huari", "as is"]})
    )
    assert [(cell.text, cell.get("title")) for cell in column(page, 1)] == [
        ("Key Stage 3 mathematics", "ks3_maths"),
        ("Key Stage 3 mathematics; Huari", "ks3_maths, huari/province/huari"),
        ("as is", None),
    ]


NUMBERS = {
    "decimals": (["12.75", "3.5", "4", "n.d."], [["n"], ["n", "d1"], ["n", "p2"], ["n"]]),
    "intervals": (["−0.1 to +0.7", "+10.2 to +11.4"], [["n"], ["n"]]),
    "p values": (["+1.7 (p 0.02)", "−2 (p 0.5)"], [["n"], ["n"]]),
    "words": (["holds", "12", "in part, says a source of 2012"], [None, None, None]),
}


@pytest.mark.parametrize(("texts", "classes"), NUMBERS.values(), ids=NUMBERS)
def test_numbers_stand_to_the_right_with_their_points_below_each_other(
    texts: list[str], classes: list[list[str] | None]
) -> None:
    page = written(DataFrame({"row": [f"row {n}" for n in range(len(texts))], "value": texts}))
    assert [cell.get("class") for cell in column(page, 1)] == classes
    assert [cell.text for cell in column(page, 1)] == texts


def test_the_other_ends_of_intervals_are_as_wide_as_the_longest() -> None:
    page = written(DataFrame({"row": ["a", "b"], "set": ["−0.1 to +0.7", "+10.2 to +11.4"]}))
    first, second = column(page, 1)
    assert (first.span.text, first.span["class"]) == ("+0.7", ["end", "e5"]) and second.span is None


def test_values_behind_a_chart_have_equal_decimals_and_repeat_their_heads() -> None:
    page = written(DataFrame({"place": ["Lima", "Lima"], "gap": [1.25, 2.0]}), behind=True)
    assert [cell.text for cell in column(page, 1)] == ["1.25", "2.00"]
    assert not page.select(".again, .table-box.cards")


def test_a_blank_has_a_reason_and_a_repeated_head_is_shown_once() -> None:
    frame = DataFrame({"place": ["Lima", "Lima", "Cusco"], "95 % interval": ["", "1 to 2", "no sourced SD"]})
    page = written(frame)
    first, _, third = column(page, 1)
    assert (first.text, first["title"]) == ("–", "no interval was printed or computed")
    assert third.abbr["title"].startswith("No source gives the spread (standard deviation)")
    assert [cell.get("class") for cell in column(page, 0)] == [None, ["again"], None]
    assert [cell.text for cell in column(page, 0)] == list(frame["place"])


def test_the_caption_stands_before_what_scrolls_its_first_sentence_strong() -> None:
    page = written(DataFrame({"a": [1]}), "Strategies and outcomes. Coming later is not being caused.")
    box = page.select_one(".table-box")
    assert box and [child["class"] for child in box.find_all(recursive=False)] == [
        ["table-caption"],
        ["table-scroll"],
    ]
    assert page.strong and page.strong.text == "Strategies and outcomes." and page.caption is None
    assert page.select_one("[role=region]")["aria-label"] == "Strategies and outcomes"


def test_the_printed_book_has_the_caption_in_the_table() -> None:
    markup = html_table(DataFrame({"a": [1]}), "Rows", shown=True)
    page = BeautifulSoup(laid_out(markup, NAMES, None, linked=False), "html.parser")
    assert page.caption and page.caption.text == "Rows" and not page.select(".table-caption")


WIDTHS = {
    "fits the column": (["place", "year"], 1, {"table-box"}),
    "uses the margin": (["study", *"abcd"], 1, {"table-box", "cards", "wide", "fold-m", "m4"}),
    "stands below its row": (
        ["study", *"abcdefg"],
        1,
        {"table-box", "cards", "wide", "fold-a", "a6", "fold-m", "m4"},
    ),
    "is a list": (["study", *"abcdefghijkl"], 1, {"table-box", "cards", "as-list"}),
}


@pytest.mark.parametrize(("heads", "rows", "kinds"), WIDTHS.values(), ids=WIDTHS)
def test_a_table_that_is_too_wide_uses_the_margin_then_folds(
    heads: list[str], rows: int, kinds: set[str]
) -> None:
    long = {head: [LONG if len(heads) > 2 else "short"] * rows for head in heads}
    page = written(DataFrame(long))
    assert set(page.select_one(".table-box")["class"]) == kinds
    if "cards" in kinds:
        assert [cell["data-label"] for cell in page.select("td")] == heads[1:]


def test_a_table_in_which_one_row_has_a_result_is_a_line_and_keeps_its_rows() -> None:
    checks = ["left out in turn", "trend", "synthetic control", "lead"]
    results = [
        "+1.4 to +1.8",
        "not possible: one period",
        "not printed: one period",
        "not possible: one period",
    ]
    page = written(DataFrame({"check": checks, "result": results}), "Robustness: English")
    assert page.p and page.p.text == (
        "Robustness: English. Left out in turn: +1.4 to +1.8. None of the 3 other checks has a result here."
    )
    assert [cell.text for cell in page.select("details.reasons tbody td")] == results


def test_a_source_is_cited_as_in_a_sentence(project: Project) -> None:
    files = Records(project.root, project.small.data / NAME / "sources.csv", NAME)
    markup = html_table(DataFrame({"what": ["a count"], "source": ["S_ONE, S_TWO"]}), "Counts", shown=True)
    project.write(f"```{{raw}} html\n{markup}\n```\n")
    assert project.build() == ("", "")
    links = project.html("index").select("td a")
    assert [(link["title"], link.text) for link in links] == [
        (source, files.cited_as(source)) for source in ("S_ONE", "S_TWO")
    ]
    assert all(f"sources/{link.text[0].lower()}" in link["href"] for link in links)
