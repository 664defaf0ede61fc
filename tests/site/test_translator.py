"""Check that tables, code and links of a page are written as accessible HTML."""

from __future__ import annotations

from small_project import Project

TABLE = "|  | place | gap | year |\n|---|---|---|---|\n| Lima | a *b* | ![map](map.png) | 2012 |\n|  | c |  | 2013 |\n"
RECORDED = '<div role="region" aria-label="Table: place, gap, year"></div>'


def test_tables_have_heads_boxes_and_labels_and_code_scrolls(project: Project) -> None:
    (project.root / "book").mkdir(exist_ok=True)
    (project.root / "book/map.png").write_bytes(b"")
    code, link = "```python\nx = 1\n```\n", "[a](https://example.org/?x=1&y=2)"
    project.write(f"{link}\n\n{TABLE}\n{code}\n{TABLE}\n```{{raw}} html\n{RECORDED}\n```\n")
    assert project.build() == ("", "")
    start = project.html("index")
    regions = start.select("[role=region]")
    assert [box["aria-label"] for box in regions] == [
        f"Table: place, gap, year{number}" for number in ("", " (2)", " (3)")
    ]
    assert regions[0]["class"] == ["table-scroll"] and regions[0].find("table")
    assert regions[0].parent["class"] == ["table-box", "cards"]
    first, second, third = regions[0].select("tr")
    assert [(cell.name, cell.get("scope"), cell.get_text(strip=True)) for cell in first.select("th, td")] == [
        ("td", None, ""), ("th", "col", "place"), ("th", "col", "gap"), ("th", "col", "year")
    ]  # fmt: skip
    assert [(cell.name, cell.get("data-label")) for cell in second.select("th, td")] == [
        ("th", None), ("td", "place"), ("td", "gap"), ("td", "year")
    ]  # fmt: skip
    assert second.find("th")["scope"] == "row" and second.find("img", alt="map")
    assert [(cell.text, cell.get("data-label"), cell.get("title")) for cell in third.select("td")][::2] == [
        ("", None, None), ("–", "gap", "no value")
    ]  # fmt: skip
    assert start.find("pre")["tabindex"] == "0"
    assert start.find("a", string="a")["href"] == "https://example.org/?x=1&y=2"
