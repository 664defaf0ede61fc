"""Measure the case pages on a slow phone against the limits that the publication set itself.

Chromium is held to a processor four times slower and to 1.6 Mbit/s with a round trip of 150 ms. A machine that is slower
than the one on which the limits were set slows its processor down by less, so that the phone is the same everywhere.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from leadership_effects.build.printing.browser import chromium

from benchmarks.copies import OurBook
from benchmarks.report import Comparison, Finding, Side, Target
from benchmarks.slow_phone import PHONE, SLOWER, Packed, hold_back, served

TIMEOUT_MS = 120_000
READING_MS = 3000  # from the loaded page to its first chart, far below; the library comes meanwhile
REFERENCE_SPEED = 750  # rounds a second of SPEED on the machine the limits were set on
# Value, limit and unit; the picture is the first that a reader comes to, all of them for one who follows a link.
LIMITS = {
    "first": ("bytes before anything is interactive", 350_000.0, "bytes"),
    "painted": ("until the text can be read", 1200.0, "ms"),
    "picture": ("until the first picture of a chart", 2000.0, "ms"),
    "pictures": ("until the last picture of a chart", 2500.0, "ms"),
    "taken_over": ("until the interactive chart takes over, once it is reached", 2500.0, "ms"),
}
# The benchmark of Lighthouse's device index: strings built up, which loads processor and memory as a page does.
SPEED = """() => {
    const started = performance.now();
    let rounds = 0;
    while (performance.now() - started < 500) {
        let text = "";
        for (let letter = 0; letter < 100000; letter++) text += "a";
        if (text.length > 1) rounds++;
    }
    return rounds * 2;
}"""
OBSERVE = """() => {
    const look = () => {
        const drawn = [...document.querySelectorAll("figure.chart .chart-still svg")];
        if (drawn.some((svg) => svg.getBoundingClientRect().height > 40)) window.pictured = performance.now();
        else requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
}"""
READ = """() => ({
    painted: performance.getEntriesByName('first-contentful-paint')[0].startTime,
    picture: window.pictured,
    pictures: performance.getEntriesByType('navigation')[0].domInteractive,
})"""
REACH = "document.querySelector('figure.chart').scrollIntoView({ block: 'center', behavior: 'instant' })"


def seen(browser: Any, url: str) -> dict[str, float]:
    """Return weight (bytes) and times (ms) of a page on the phone, read from its top to its first chart."""
    context = browser.new_context(**PHONE)
    try:
        page = context.new_page()
        page.set_default_timeout(TIMEOUT_MS)
        speed = page.evaluate(SPEED)
        hold_back(context.new_cdp_session(page), max(1.0, SLOWER * min(1.0, speed / REFERENCE_SPEED)))
        page.add_init_script(f"({OBSERVE})()")
        Packed.sent.clear()
        page.goto(url, wait_until="load")
        found = {"first": float(sum(Packed.sent)), **page.evaluate(READ)}
        page.wait_for_timeout(READING_MS)
        page.evaluate(REACH)
        started = page.evaluate("performance.now()")
        page.locator("figure.chart[data-drawn=true]").first.wait_for()
        return found | {"taken_over": page.evaluate("performance.now()") - started}
    finally:
        context.close()


def pages(ours: OurBook, repeat: int) -> Iterator[Finding]:
    """Yield weight and times of the slowest case page for each measure: the largest of the pages' medians."""
    with chromium("127.0.0.1") as browser, served(ours.site) as address:
        found = {
            case: [seen(browser, f"{address}/book/cases/{case}.html") for _ in range(repeat)]
            for case in ours.release.plan["cases"]
        }
    for key, (words, limit, unit) in LIMITS.items():
        sides = {case: Side("this book", tuple(run[key] for run in runs)) for case, runs in found.items()}
        slowest = max(sides, key=lambda case: sides[case].middle)
        yield Comparison(
            f"page_{key}", "pages", f"Case page {slowest}: {words}",
            "The case page with the largest value. Sent compressed to Chromium as a phone: processor four times slower, "
            "1.6 Mbit/s, 150 ms a round trip.",
            sides[slowest], Side("limit", (limit,)), unit, target=Target("ratio", most=1.0),
        )  # fmt: skip
