"""Print the briefs of the site, each on two sheets at most."""

from __future__ import annotations

from pathlib import Path

from leadership_effects.build.printing.browser import PrintError, chromium

FOLDER = "book/brief"
MOST_PAGES = 2


def print_briefs(site: Path, folder: Path) -> list[Path]:
    """Write each brief of the built site as PDF and return the files.

    Parameters
    ----------
    site : Path
        Top of the built site.
    folder : Path
        Emptied of earlier briefs first.

    Raises
    ------
    PrintError
        If Chromium is missing or a brief takes more than two pages.
    """
    import pypdfium2

    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("*.pdf"):
        old.unlink()
    made, long = [], []
    with chromium() as browser:
        page = browser.new_page()
        page.emulate_media(media="print", color_scheme="light")
        for source in sorted((site / FOLDER).glob("*.html")):
            target = folder / f"brief-{source.stem}.pdf"
            page.goto(source.resolve().as_uri())
            page.pdf(path=target, prefer_css_page_size=True, print_background=True, tagged=True)
            with pypdfium2.PdfDocument(target) as document:
                if len(document) > MOST_PAGES:
                    long.append(f"{source.name}: {len(document)} pages")
            made.append(target)
    if long:
        raise PrintError(f"a brief may take {MOST_PAGES} pages: {', '.join(long)}")
    return made
