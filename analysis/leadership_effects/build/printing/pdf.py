"""Write the chapters as PDF with contents, outline, tags and page numbers."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from markupsafe import Markup

from leadership_effects.build.printing.browser import DESIGN, PrintError
from leadership_effects.build.printing.chapters import Press

if TYPE_CHECKING:
    from playwright.sync_api import Browser

SHEET = {"width": 643, "height": 947}  # the print area of A4 in CSS pixels
TIMEOUT_MS = 120_000
LINK = re.compile(r'href="([\w-]+)\.xhtml(?:#([^"]+))?"')


class _Placed(NamedTuple):
    """Chapter as the template of the whole book takes it."""

    slug: str
    title: str
    body: str


def write_pdf(press: Press, browser: Browser, folder: Path, target: Path) -> None:
    """Print the chapters on A4, twice: the contents need the page numbers of the first time.

    Raises
    ------
    PrintError
        If the printed book lacks a chapter that its contents name.
    """
    for name, path in press.images().items():
        (folder / name).parent.mkdir(exist_ok=True)
        shutil.copyfile(path, folder / name)
    for name in ("book.css", "pdf.css"):
        shutil.copyfile(DESIGN / name, folder / name)
    slugs = [*(chapter.slug for chapter in press.chapters), "colophon"]
    pages: dict[str, int] = {}
    for _ in range(2):
        (folder / "book.xhtml").write_text(_one_page(press, pages), encoding="utf-8")
        _print(browser, folder / "book.xhtml", target)
        pages = page_numbers(target, slugs)


def _one_page(press: Press, pages: dict[str, int]) -> str:
    """Render the whole book as one XHTML page, its links leading within it."""
    front = press.title_page() + press.fill("contents.xhtml", parts=press.parts, pages=pages)
    parts = [
        (part, [_Placed(chapter.slug, chapter.title, Markup(chapter.body)) for chapter in chapters])
        for part, chapters in press.parts
    ]
    text = press.fill("book.xhtml", parts=parts, front=Markup(front), back=Markup(press.colophon()))
    return LINK.sub(lambda link: f'href="#{link[2] or link[1]}"', text)


def _print(browser: Browser, source: Path, target: Path) -> None:
    page = browser.new_page(viewport=SHEET)  # type: ignore[arg-type]
    try:
        page.emulate_media(media="print", color_scheme="light")
        page.goto(source.as_uri(), timeout=TIMEOUT_MS)
        page.evaluate((DESIGN / "fit.js").read_text(encoding="utf-8"))
        page.pdf(path=target, prefer_css_page_size=True, print_background=True, outline=True, tagged=True)
    finally:
        page.close()


def page_numbers(printed: Path, anchors: list[str]) -> dict[str, int]:
    """Return the page, counted from 1, to which each link of the contents leads.

    The destinations of the document are asked for by name: the text of a title in the PDF depends on the fonts.

    Raises
    ------
    PrintError
        If an anchor is no destination of the document.
    """
    import pypdfium2
    import pypdfium2.raw as raw

    with pypdfium2.PdfDocument(printed) as document:
        found = {name: raw.FPDF_GetNamedDestByName(document, name.encode()) for name in anchors}
        if missing := [name for name, place in found.items() if not place]:
            raise PrintError(f"{printed.name}: no destination {', '.join(missing)}")
        return {name: raw.FPDFDest_GetDestPageIndex(document, place) + 1 for name, place in found.items()}
