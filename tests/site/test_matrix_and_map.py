"""Check the page of the strategy map: its matrix says what the coding says; its boxes answer, and its address keeps them."""

from __future__ import annotations

import json

import pytest
from bs4 import BeautifulSoup
from leadership_effects.data.joint_cases import cases_across, coding_across
from leadership_effects.data.release import newest_release, open_release
from leadership_effects.data.vocabulary import ITEMS
from leadership_effects.evidence import strategy_map
from leadership_effects.report.charts import strategy_map as drawn
from leadership_effects.report.insights.map_form import MapForm
from leadership_effects.report.insights.matrix import Entry, Matrix
from site_pages import DESK, PHONE, opened

PAGE = "book/insights/strategy_map"
MAP = "fig-strategy_map-map"


@pytest.fixture(scope="module")
def cells(site) -> dict[tuple[str, str], str]:
    """What each cell of the matrix says, by case and item, as its link names them."""
    page = BeautifulSoup(next(site.rglob(f"{PAGE}.html")).read_text(encoding="utf-8"), "html.parser")
    links = [link for link in page.select(".matrix td a") if link["href"].endswith(".record")]
    return {
        tuple(link["href"].partition("#num-strategy_map-")[2].split(".")[:2]): link.text for link in links
    }


def test_the_matrix_is_silent_where_no_reading_and_no_event_speaks(cells):
    opened_release = open_release(newest_release())
    coding, events = coding_across(opened_release), opened_release.table("events")
    cases = list(cases_across(opened_release)["case_id"])
    assert set(cells) == {(case, item) for case in cases for item in ITEMS}
    coded = coding.dropna(subset=["code"])
    spoken = set(zip(coded["case_id"], coded["item"], strict=True))
    for column in ("strategy", "leverage_point"):
        spoken |= set(zip(events["case_id"], events[column], strict=True))
    assert {cell for cell, said in cells.items() if said == "silent"} == set(cells) - spoken
    both = coded[coded["code"] > 0].groupby(["case_id", "item"])["coder"].nunique()
    read = {cell for cell, said in cells.items() if said.startswith("found")}
    assert set(both.index[both == coding["coder"].nunique()]) & set(cells) <= read


DRAWN = """() => {
    const figure = document.querySelector("figure.chart");
    const colours = (selector, name) => [...figure.querySelectorAll(`.chart-live ${selector}`)]
        .map((path) => path.getAttribute(name)).filter((colour) => colour && !["none", "transparent"].includes(colour));
    return {
        drawn: [...colours(".mark-rect.role-mark path", "fill"), ...colours(".mark-line.role-mark path", "stroke")],
        legend: [...colours(".role-legend-symbol path", "fill"), ...colours(".role-legend-symbol path", "stroke")],
        told: document.querySelector(".map-told").textContent,
        chosen: [...document.querySelectorAll(".map-form select")].map((box) => box.value),
        title: document.querySelector("figure.chart .chart-title").textContent,
        pressed: [...document.querySelectorAll(".map-boxes [aria-pressed=true]")].map((box) => box.value),
    };
}"""


@pytest.mark.browser
@pytest.mark.parametrize(("width", "touch"), [(DESK, False), (PHONE, True)])
def test_boxes_answer_to_keyboard_and_touch_and_back_undoes(browser, address, width, touch):
    url, size = f"{address}/{PAGE}.html?place=huari#{MAP}", {"width": width, "height": 900}
    with opened(browser, url, viewport=size, has_touch=touch) as (page, wrong):
        box = page.locator(".map-boxes button[value=convene]")
        box.wait_for()
        if touch:
            box.tap()
        else:
            box.focus()
            page.keyboard.press("Enter")
        page.wait_for_function("() => document.querySelector('.map-boxes [aria-pressed=true]')")
        shown = page.evaluate(DRAWN)
        assert page.evaluate("() => location.search") == "?place=huari&follow=convene"
        assert shown["chosen"] == ["huari", "convene"] and shown["pressed"] == ["convene"]
        assert shown["told"].startswith("Huari. Convene partners: found. ") and "Structures" in shown["told"]
        assert shown["title"].startswith("Convene partners in Huari: on record with ")
        assert (
            page.locator(".map-form").bounding_box()["y"]
            < page.locator(f"#{MAP} .chart-view").bounding_box()["y"]
        )
        page.go_back()
        page.wait_for_function("() => !document.querySelector('.map-boxes [aria-pressed=true]')")
        assert page.evaluate(DRAWN)["chosen"] == ["huari", ""]
        for name in page.locator(".map-form select[name=place] option").all_inner_texts():
            page.locator(".map-form select[name=place]").select_option(label=name)
            told = f"{name[0].upper()}{name[1:]}. "
            page.wait_for_function(
                "(told) => document.querySelector('.map-told').textContent.startsWith(told)", arg=told
            )
            shown = page.evaluate(DRAWN)
            assert shown["drawn"] and set(shown["drawn"]) <= set(shown["legend"]), name
            assert shown["title"].startswith(f"{name}: ") == (name != "all places"), shown["title"]
        page.locator(".map-form select[name=follow]").select_option("student_leadership")
        page.wait_for_function(
            "() => document.querySelector('.map-told').textContent.includes('No line to follow')"
        )
        assert page.evaluate(DRAWN)["title"].endswith(": nothing else is on record with it")
        assert wrong == []


def test_a_place_added_later_is_beside_the_counts_and_in_none_of_them() -> None:
    """Huari as if it had been added later: a table after that of the counts, its own choice on the map, no count moved."""
    release = open_release(newest_release())
    own, events = ["london", "delhi"], release.table("events")
    coded = coding_across(release).query("kind != 'outcome'")
    found, late = (strategy_map.code_cells(coded, events, cases) for cases in (own, ["huari"]))
    names, later = {"london": "London", "delhi": "Delhi"}, {"huari": "Huari (added later)"}
    links, links_late = (
        strategy_map.merge_links(strategy_map.find_links(part, events)) for part in (found, late)
    )
    alone, nodes = drawn.node_frame(found, names), drawn.node_frame(found, names | later, late)
    together = [frame[frame["place"] == drawn.ALL].reset_index(drop=True) for frame in (alone, nodes)]
    assert together[0].equals(together[1]) and set(nodes["place"]) == {
        *names.values(),
        *later.values(),
        drawn.ALL,
    }
    curves = drawn.link_frame(links, names | later, links_late)
    assert set(curves.loc[curves["later"], "places"]) == {"Huari (added later)"}
    assert "later" not in drawn.link_frame(links, names)
    told = MapForm("fig", names | later, links, links_late).markup()
    carried = json.loads(BeautifulSoup(told, "html.parser").form["data-links"])
    assert {len(link) for link in carried if link[3] == ["huari"]} == {5}
    assert {len(link) for link in carried if "huari" not in link[3]} == {4}
    entries = {(item, case): Entry(case or "2", "n", "k") for item in ITEMS for case in (*own, "huari", "")}
    verdicts = {"Verdict": [Entry(case, "n", "k") for case in (*own, "huari")]}
    page = BeautifulSoup(
        Matrix("Matrix", names, entries, verdicts, {"huari": "Huari"}).markup(), "html.parser"
    )
    counted, late = page.select("table")
    assert [head.text for head in counted.select("thead th")] == ["item", "London", "Delhi", "places"]
    assert [head.text for head in late.select("thead th")] == ["item", "Huari"]
    assert late.caption.text == "Added later, outside the counts: matrix" and not late.select(".matrix-count")
    for row, beside in zip(
        counted.select("tbody tr:not(.layer)"), late.select("tbody tr:not(.layer)"), strict=True
    ):
        assert [cell.text for cell in row.select("td")] in (["london", "delhi", "2"], ["london", "delhi", ""])
        assert row.select_one("td.matrix-count")["data-label"] == "places"
        assert row.th.text == beside.th.text and [cell.text for cell in beside.select("td")] == ["huari"]


@pytest.mark.parametrize(("counted", "later"), [(8, 0), (8, 3), (11, 50), (58, 0)])
def test_no_table_of_the_matrix_is_wider_than_a_page(counted: int, later: int) -> None:
    """However many places there are, each is in one table of at most eight, and the first counts them all."""
    places, added = (
        {f"{kind}{n}": f"{kind} {n}" for n in range(number)}
        for kind, number in (("a", counted), ("b", later))
    )
    entries = {(item, case): Entry("silent", "n", "k") for item in ITEMS for case in (*places, *added, "")}
    verdicts = {"Verdict": [Entry("cannot say", "n", "k") for _ in range(counted + later)]}
    page = BeautifulSoup(Matrix("Matrix", places, entries, verdicts, added).markup(), "html.parser")
    heads = [[head.text for head in table.select("thead th")][1:] for table in page.select("table")]
    assert [head for table in heads for head in table if head != "places"] == [
        *places.values(),
        *added.values(),
    ]
    assert max(len([head for head in table if head != "places"]) for table in heads) <= 8
    assert [table.count("places") for table in heads] == [1] + [0] * (len(heads) - 1)
    for drawn_table in page.select("table"):
        columns = len(drawn_table.select("thead th")) - 1
        assert {len(row.select("td")) for row in drawn_table.select("tbody tr:not(.layer)")} == {columns}


ON_TOP = """(head) => {
    const element = document.querySelector(head), { top, bottom, left } = element.getBoundingClientRect();
    return top >= 0 && top < 80 && element.contains(document.elementFromPoint(left + 4, bottom - 4));
}"""


@pytest.mark.browser
@pytest.mark.parametrize(("width", "head"), [(DESK, ".matrix thead th"), (PHONE, ".matrix tr.layer")])
def test_the_head_of_the_matrix_stays_in_view(browser, address, width, head):
    with opened(browser, f"{address}/{PAGE}.html", viewport={"width": width, "height": 700}) as (page, _):
        page.evaluate(
            "document.querySelectorAll('.matrix tbody tr')[6].scrollIntoView({block: 'start', behavior: 'instant'})"
        )
        page.wait_for_function(ON_TOP, arg=head, timeout=20_000)
