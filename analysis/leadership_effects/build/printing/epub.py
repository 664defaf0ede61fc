"""Write the chapters as EPUB."""

from __future__ import annotations

import re
import zipfile
from functools import partial
from pathlib import Path
from typing import Any

from markupsafe import Markup

from leadership_effects.build.printing.browser import DESIGN
from leadership_effects.build.printing.chapters import Press

MEDIA = {
    ".xhtml": "application/xhtml+xml", ".css": "text/css", ".svg": "image/svg+xml", ".png": "image/png",
    ".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".gif": "image/gif",
}  # fmt: skip


def write_epub(press: Press, target: Path) -> None:
    """Package the chapters as EPUB 3.3, one XHTML file each.

    The media type is the first entry of the package.
    """
    page = partial(press.fill, "page.xhtml")
    pages = {
        "nav.xhtml": page(
            title="Contents",
            type="frontmatter",
            body=Markup(press.fill("nav.xhtml", parts=press.parts, first=press.chapters[0].slug)),
        ),
        "title.xhtml": page(title=press.edition.title, type="frontmatter", body=Markup(press.title_page())),
    }
    for chapter in press.chapters:
        body = Markup(f'<section class="chapter" id="{chapter.slug}">{chapter.body}</section>')
        pages[f"{chapter.slug}.xhtml"] = page(title=chapter.title, type="bodymatter", body=body)
    pages["colophon.xhtml"] = page(
        title="About this edition", type="backmatter", body=Markup(press.colophon())
    )
    files: dict[str, bytes] = {name: text.encode() for name, text in pages.items()}
    files["book.css"] = (DESIGN / "book.css").read_bytes()
    files |= {name: path.read_bytes() for name, path in press.images().items()}
    package = press.fill("package.opf", items=_manifest(press, files))
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr(zipfile.ZipInfo("mimetype"), "application/epub+zip", zipfile.ZIP_STORED)
        book.writestr("META-INF/container.xml", (DESIGN / "container.xml").read_bytes())
        book.writestr("EPUB/package.opf", package)
        for name, content in files.items():
            book.writestr(f"EPUB/{name}", content)


def _manifest(press: Press, files: dict[str, bytes]) -> list[dict[str, Any]]:
    properties = {f"{chapter.slug}.xhtml": " ".join(chapter.properties) for chapter in press.chapters}
    properties |= {"nav.xhtml": "nav", "title.xhtml": "svg"}
    return [
        {
            "id": re.sub(r"\W", "-", f"item-{name}"),
            "href": name,
            "type": MEDIA[Path(name).suffix],
            "properties": properties.get(name, ""),
            "spine": name.endswith(".xhtml") and name != "nav.xhtml",
        }
        for name in files
    ]
