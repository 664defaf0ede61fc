"""Check that a case page is light on a phone, shows pictures before its interactive charts, and does not jump.

The site is served compressed, as web hosts do, to Chromium with the width and the touch of a phone. How long the page
takes there is measured by the benchmark.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from benchmarks.pages import LIBRARY, MOST_BYTES, PHONE, Packed, before_interactive, served
from playwright.sync_api import Browser, Route
from site_pages import CASE_PAGES, DRAWN_WITHIN, FOLDER

MOST_REQUESTS = 12  # until the page is loaded; the chart library and the charts come later
JUMP = 0.02  # layout shift score; 0.1 counts as good

OBSERVE = """() => {
    window.shift = 0;
    new PerformanceObserver((list) => {
        for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shift += entry.value;
    }).observe({ type: "layout-shift", buffered: true });
}"""
PICTURES = """() => [...document.querySelectorAll("figure.chart")].map(
    (figure) => figure.querySelectorAll(".chart-still svg").length)"""
IN_VIEW = """() => [...document.querySelectorAll("figure.chart")].filter((figure) => {
    const box = figure.getBoundingClientRect();
    return box.top < innerHeight && box.bottom > 0;
}).map((figure) => [...figure.querySelectorAll(".chart-view svg")].some((svg) => svg.getBoundingClientRect().height > 40))"""


@pytest.fixture(scope="module")
def compressed(site: Path) -> Iterator[str]:
    """Address of the site served compressed."""
    with served(site) as root:
        yield f"{root}/{FOLDER}"


@pytest.mark.browser
@pytest.mark.parametrize("name", CASE_PAGES)
def test_a_case_page_is_light_and_does_not_jump(browser: Browser, compressed: str, name: str) -> None:
    context = browser.new_context(**PHONE)
    context.set_default_timeout(DRAWN_WITHIN)
    page = context.new_page()
    page.add_init_script(f"({OBSERVE})()")
    # Where a chart is near the top, the library would come meanwhile and draw it.
    held: list[Route] = []
    page.route(f"**{LIBRARY}**", lambda route: held.append(route))
    Packed.sent.clear()
    page.goto(f"{compressed}/{name}.html", wait_until="load")
    sizes = before_interactive()
    assert sum(sizes) <= MOST_BYTES
    assert len(sizes) <= MOST_REQUESTS
    assert set(page.evaluate(PICTURES)) == {2}, "each chart has a picture for wide and one for narrow pages"
    page.evaluate(
        "document.querySelector('figure.chart').scrollIntoView({ block: 'center', behavior: 'instant' })"
    )
    assert all(page.evaluate(IN_VIEW)), "a chart in view is not there as a picture"
    before = page.evaluate("window.shift")
    for route in held:
        route.continue_()
    page.unroute_all()
    page.locator("figure.chart[data-drawn]").first.wait_for()
    assert page.locator("figure.chart").first.get_attribute("data-drawn") == "true"
    page.wait_for_timeout(300)
    assert page.evaluate("window.shift") - before <= JUMP
    context.close()
