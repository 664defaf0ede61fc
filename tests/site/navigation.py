"""Check on an open page that a reader gets about in the middle of it, and with text of twice the size."""

from __future__ import annotations

from playwright.sync_api import Page
from site_pages import CASE_PAGES, DESK, OVERFLOW

SLIM = 70  # pixels, of some 900 that a window is high
TWICE, USUAL = 32, 16  # font sizes of a browser
COLUMN = 0.6  # of the window
# In the middle of a page: the bar with the name of the place, what opens or is the contents, and the mark in the lists.
MIDDLE = """async () => {
    const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
    scrollTo({ top: (document.documentElement.scrollHeight - innerHeight) / 2, behavior: "instant" });
    await frame();
    await frame();
    const bar = document.querySelector(".site-bar");
    const header = getComputedStyle(bar.parentElement).display === "contents" ? bar : bar.parentElement;
    const box = header.getBoundingClientRect();
    const onTop = (element) => {
        const { x, y, width, height } = element.getBoundingClientRect();
        return width > 0 && element.contains(document.elementFromPoint(x + width / 2, y + height / 2));
    };
    const marked = [...document.querySelectorAll(".sections [aria-current=location]")];
    return {
        scrolled: scrollY > 100,
        top: Math.round(box.top),
        height: box.height,
        contents: onTop(document.getElementById("contents-button")) || document.getElementById("contents").checkVisibility(),
        shown: onTop(document.getElementById("here")),
        name: document.querySelector(".here-name").textContent,
        marked: [...new Set(marked.map((link) => link.textContent))],
        lists: marked.length,
        sections: document.querySelectorAll(".folded-sections a").length,
    };
}"""


def check_way_about(page: Page, name: str) -> None:
    """In the middle of a page the header is in view and names the section, which every list of sections marks."""
    seen = page.evaluate(MIDDLE)
    assert 30 < seen["height"] <= SLIM, seen
    assert seen["top"] == 0 if seen["scrolled"] else 0 <= seen["top"] <= SLIM, seen
    assert seen["contents"] and seen["shown"] and seen["name"].strip(), seen
    if name in CASE_PAGES:
        assert seen["sections"] >= 3, seen
    if seen["sections"]:
        assert seen["marked"] == [seen["name"]] and seen["lists"] == 3, seen


def check_large_text(page: Page) -> None:
    """With text of twice the size in a window as wide as a laptop's, the text has most of it and nothing leaves it."""
    page.set_viewport_size({"width": DESK, "height": 900})
    session = page.context.new_cdp_session(page)
    session.send("Page.setFontSizes", {"fontSizes": {"standard": TWICE}})
    try:
        page.wait_for_function(
            "size => getComputedStyle(document.documentElement).fontSize === size", arg=f"{TWICE}px"
        )
        width = page.evaluate("document.querySelector('article').getBoundingClientRect().width")
        assert width >= COLUMN * DESK, width
        overflow = page.evaluate(OVERFLOW)
        assert overflow["by"] <= 0 and not overflow["elements"], overflow
    finally:
        session.send("Page.setFontSizes", {"fontSizes": {"standard": USUAL}})
        session.detach()
