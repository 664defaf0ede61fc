"""Every page can be read by everyone: axe-core finds nothing, on a desk and on a phone, in light and in dark.

All rules of axe-core run, those of WCAG 2.0 to 2.2 at levels A and AA and its best practices, with what folds unfolded
(of the tables behind charts and of the code cells one a page) and every chart drawn. In the other colour mode the rules about
colour run again, at both widths, on one of all elements that styles cannot tell apart: layout was looked at before, element by
element. Decided here besides: the keyboard alone reaches the text, the contents, each number, its
card and the way back. Not decided: whether a description is a good one.
"""

from __future__ import annotations

import pytest
from axe_playwright_python.base import AXE_FILE_PATH
from test_browser import (  # noqa: F401  (fixtures)
    CASE_PAGES,
    DESK,
    DRAW_ALL,
    DRAWN_WITHIN,
    PAGES,
    PHONE,
    address,
    browser,
    opened,
    site,
)

AXE = AXE_FILE_PATH.read_text(encoding="utf-8")
# Of the generated pages short ones: numbers with every kind of element, code with most kinds of words.
GENERATED = [
    "numbers/characteristics",
    "code/leadership_effects/report/tables",
    "code/leadership_effects/build/kernels",
    "search",
]
# Tables behind charts and code cells hold thousands of elements of two components: the shortest of each on a page
# stands for the others.
UNFOLD = """() => {
    const size = (details) => details.querySelectorAll("*").length;
    const folded = ["details.chart-data", "details.hide"].flatMap((kind) =>
        [...document.querySelectorAll(kind)].sort((a, b) => size(a) - size(b)).slice(1));
    for (const details of document.querySelectorAll("details")) details.open = !folded.includes(details);
}"""
# What axe looks at does not hang on the colours, but for the contrast.
RUN = """async ([options, only]) => (
    await axe.run(only ?? document, { resultTypes: ["violations"], ...options })
).violations.map((found) => `${found.id} (${found.impact}): ${found.nodes.length} times, first ${found.nodes[0].html.slice(0, 160)}`)"""
# Two elements with text, whose tags, classes, own styles and places in a row are the same all the way up, have the same
# colours: the first stands for the others.
ONE_OF_A_KIND = """() => {
    const known = new Map();
    const kind = (element) => {
        if (!element) return "";
        if (!known.has(element)) {
            const own = ["class", "style", "fill", "role", "type", "href"].map((name) =>
                name === "href" ? element.hasAttribute(name) : element.getAttribute(name));
            const cell = element.cellIndex ?? "";
            known.set(element, `${kind(element.parentElement)}>${element.tagName}|${own.join("|")}|${cell}`);
        }
        return known.get(element);
    };
    const first = new Map();
    for (const element of document.querySelectorAll("body *")) {
        const says = element.matches("input, select, textarea, button") ||
            [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim());
        const seen = element.checkVisibility({ visibilityProperty: true });
        if (says && seen && !first.has(kind(element))) first.set(kind(element), element);
    }
    return [...first.values()];
}"""
FEWEST_KINDS = 10
CONTRAST = {"runOnly": ["color-contrast", "link-in-text-block"]}
OTHER_SCHEME = """() => {
    const root = document.documentElement;
    root.dataset.theme = root.dataset.theme === "dark" ? "light" : "dark";
}"""


@pytest.mark.browser
@pytest.mark.parametrize("width", [DESK, PHONE])
@pytest.mark.parametrize("name", [*PAGES, *GENERATED])
def test_axe_finds_nothing(browser, address, name, width):  # noqa: F811
    size = {"width": width, "height": 900}
    with opened(browser, f"{address}/{name}.html", viewport=size, bypass_csp=True) as (page, wrong):
        page.evaluate(DRAW_ALL, DRAWN_WITHIN)
        page.evaluate(UNFOLD)
        page.evaluate(AXE)
        found = {"light": page.evaluate(RUN, [{}, None])}
        page.evaluate(OTHER_SCHEME)
        kinds = page.evaluate_handle(ONE_OF_A_KIND)
        assert page.evaluate("(kinds) => kinds.length", kinds) > FEWEST_KINDS
        found["dark"] = page.evaluate(RUN, [CONTRAST, kinds])
        assert found == {"light": [], "dark": []}
        assert not wrong, wrong


@pytest.mark.browser
@pytest.mark.parametrize("width", [DESK, PHONE])
def test_the_keyboard_alone_reaches_text_contents_and_cards(browser, address, width):  # noqa: F811
    url = f"{address}/{CASE_PAGES[0]}.html"
    with opened(browser, url, viewport={"width": width, "height": 900}) as (page, wrong):
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.getAttribute('href')") == "#main"
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.id") == "main"
        for _ in range(40):
            page.keyboard.press("Tab")
            if page.evaluate("document.activeElement.matches('a.num')"):
                break
        number = page.evaluate("document.activeElement.textContent")
        page.keyboard.press("Enter")
        card = page.locator("dialog#card[open]")
        card.wait_for()
        assert card.locator(".printed").inner_text() == number
        assert page.evaluate("document.querySelector('#card').contains(document.activeElement)")
        page.keyboard.press("Escape")
        card.wait_for(state="hidden")
        assert page.evaluate("document.activeElement.textContent") == number, "focus comes back to the number"
        if width == PHONE:
            page.locator("#contents-button").focus()
            page.keyboard.press("Enter")
            page.locator("#contents a").first.wait_for(state="visible")
            page.keyboard.press("Escape")
            page.locator("#contents a").first.wait_for(state="hidden")
        assert not wrong, wrong
