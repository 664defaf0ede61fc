"""Start headless Chromium for printing, and refuse to print text that its fonts lack."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from leadership_effects.errors import LeadershipError
from leadership_effects.paths import ROOT

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

DESIGN = ROOT / "book" / "_ext" / "leadership_book" / "print_theme"
CHROMIUM = "Chromium is not installed: sudo apt-get update && sudo apt-get install --yes chromium"
FONTS = "install a font that has them: sudo apt-get update && sudo apt-get install --yes fonts-noto-core"
FLAGS = ["--no-sandbox", "--disable-gpu"]
OFFLINE = "--host-resolver-rules=MAP * ~NOTFOUND"


class PrintError(LeadershipError, RuntimeError):
    """The book was not printed; the former print is kept."""


@contextmanager
def chromium(reachable: str = "") -> Iterator[Browser]:
    """Start the machine's headless Chromium, cut off from every host but one that may be named.

    Raises
    ------
    PrintError
        If it is not installed.
    """
    from playwright.sync_api import sync_playwright

    path = shutil.which("chromium") or shutil.which("chromium-browser")
    if path is None:
        raise PrintError(CHROMIUM)
    offline = f"{OFFLINE}, EXCLUDE {reachable}" if reachable else OFFLINE
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=[*FLAGS, offline])
        try:
            yield browser
        finally:
            browser.close()


def require_glyphs(page: Page, text: str) -> None:
    """Check that a font of this machine draws every character of a text.

    Raises
    ------
    PrintError
        Naming the characters that would be printed as boxes.
    """
    missing: list[str] = page.evaluate((DESIGN / "glyphs.js").read_text(encoding="utf-8"), text)
    if missing:
        raise PrintError(f"no font has {' '.join(missing[:12])} ({len(missing)} characters): {FONTS}")
