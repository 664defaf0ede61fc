"""Compile the chapters of the printed book and read them as well-formed XHTML."""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jinja2
import yaml
from markupsafe import Markup

from leadership_effects.build.compile import compile_book
from leadership_effects.build.printing.browser import DESIGN, PrintError, require_glyphs
from leadership_effects.data.release import Release
from leadership_effects.paths import ROOT, results_folder

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

BUILDER = "print"
SOURCES_PAGE = "book/data"
ANSWER = "what_many_places_say.answer"  # the picture of the title page


@dataclass(frozen=True)
class Edition:
    """Title page of the printed book, from ``CITATION.cff``.

    Attributes
    ----------
    title, author, abstract : str
    release : str
        Data release.
    date : str
        Day of the release, ISO 8601.
    """

    title: str
    author: str
    abstract: str
    release: str
    date: str

    @property
    def stem(self) -> str:
        """Return the name of the printed files without their ending."""
        return f"collective-leadership-{self.release}"

    @property
    def uuid(self) -> uuid.UUID:
        """Return the identifier of this edition, the same for the same title and release."""
        return uuid.uuid5(uuid.NAMESPACE_URL, f"{self.title} {self.release}")


@dataclass(frozen=True)
class Chapter:
    """Chapter as both books hold it.

    Attributes
    ----------
    slug : str
        Name of its file and first part of its anchors.
    part, title : str
        Heading of the part, empty for the first page, and of the chapter.
    sections : sequence of dict
        ``id`` and ``title`` of each section.
    figures : sequence of str
        Anchors of the charts and pictures, as on the site.
    numbers : sequence of str
        Bound numbers as printed, in order.
    text : str
        Every word, single-spaced.
    body : str
        Well-formed XHTML.
    properties : sequence of str
        What an EPUB must declare: ``mathml``, ``svg``.
    images : sequence of str
        Picture files, counted from the compiled book.
    """

    slug: str
    part: str
    title: str
    sections: Sequence[dict[str, str]]
    figures: Sequence[str]
    numbers: Sequence[str]
    text: str
    body: str
    properties: Sequence[str]
    images: Sequence[str]


def read_edition(release: str) -> Edition:
    """Read title, author and date of the release that is printed.

    Raises
    ------
    PrintError
        If ``CITATION.cff`` is of another release.
    """
    cited = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    if cited["version"] != release:
        raise PrintError(f"CITATION.cff: version is {cited['version']}, the release printed is {release}")
    author = ", ".join(entry["name"] for entry in cited["authors"])
    return Edition(cited["title"], author, cited["abstract"].strip(), release, cited["date-released"])


def pages_by_part() -> list[tuple[str, str]]:
    """List part and page of every chapter in reading order; the first page has no part."""
    contents = yaml.safe_load((ROOT / "_toc.yml").read_text(encoding="utf-8"))
    parts = contents.get("parts") or [{"chapters": contents["chapters"]}]
    chapters = [(part.get("caption", ""), chapter["file"]) for part in parts for chapter in part["chapters"]]
    return [("", contents["root"]), *chapters]


def slug_of(page: str) -> str:
    """Return the file name of a chapter: ``cases-huari`` for ``book/cases/huari``."""
    return page.removeprefix("book/").replace("/", "-")


def read_chapters(page: Page, compiled: Path) -> list[Chapter]:
    """Read the chapters of the compiled book, cleaned and made well-formed by the browser."""
    script = (DESIGN / "chapter.js").read_text(encoding="utf-8")
    listed = pages_by_part()
    slugs = {name: slug_of(name) for _, name in listed}
    chapters = []
    for part, name in listed:
        html = (compiled / f"{name}.html").read_text(encoding="utf-8")
        found: dict[str, Any] = page.evaluate(script, {"html": html, "page": name, "slugs": slugs})
        chapters.append(Chapter(part=part, **found))
    return chapters


def contents_of(edition: Edition, chapters: Sequence[Chapter]) -> dict[str, Any]:
    """Summarise what both books hold, to be compared between two runs in place of their bytes."""
    return {
        "title": edition.title,
        "release": edition.release,
        "figures": sum(len(chapter.figures) for chapter in chapters),
        "numbers": sum(len(chapter.numbers) for chapter in chapters),
        "chapters": [
            {
                "file": chapter.slug,
                "title": chapter.title,
                "sections": [section["title"] for section in chapter.sections],
                "figures": list(chapter.figures),
                "numbers": len(chapter.numbers),
                "numbers_sha256": _digest("\n".join(chapter.numbers)),
                "text_sha256": _digest(chapter.text),
            }
            for chapter in chapters
        ],
    }


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def read_figure(release: str, name: str) -> dict[str, Any]:
    """Read a published figure: its ``title``, ``subtitle``, ``alt`` and ``svg`` among others.

    Raises
    ------
    PrintError
        If no notebook of the release has published it.
    """
    path = results_folder(release) / "figures" / f"{name}.json"
    try:
        found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise PrintError(
            f"{path}: the title page shows the figure {name}, which is not there: run `nox -s book`"
        ) from error
    return found


@dataclass(frozen=True)
class Press:
    """Edition, chapters, pictures and templates that both books are made of."""

    edition: Edition
    chapters: Sequence[Chapter]
    compiled: Path

    def fill(self, template: str, **values: Any) -> str:
        """Fill a template of the print design; text is escaped, what is marked safe is not."""
        loader = jinja2.FileSystemLoader(DESIGN)
        environment = jinja2.Environment(loader=loader, autoescape=True, undefined=jinja2.StrictUndefined)
        return environment.get_template(template).render(edition=self.edition, **values)

    @property
    def parts(self) -> list[tuple[str, list[Chapter]]]:
        """Group the chapters by part."""
        return [(part, list(found)) for part, found in groupby(self.chapters, lambda chapter: chapter.part)]

    def title_page(self) -> str:
        """Render title, author, release, the picture of the answer and standing."""
        figure = read_figure(self.edition.release, ANSWER)
        return self.fill("title.xhtml", figure=figure, picture=Markup(figure["svg"]))

    def colophon(self) -> str:
        """Render the address of the numbers, the licence and how to cite."""
        held = contents_of(self.edition, self.chapters)
        counts = {"numbers": held["numbers"], "figures": held["figures"]}
        return self.fill("colophon.xhtml", sources=slug_of(SOURCES_PAGE), **counts)

    def images(self) -> dict[str, Path]:
        """Return the picture files by their name in the books."""
        paths = (path for chapter in self.chapters for path in chapter.images)
        return {f"images/{Path(path).name}": self.compiled / path for path in paths}


def set_up(release: Release, browser: Browser, folder: Path) -> Press:
    """Compile the chapters below a folder and read them.

    Raises
    ------
    PrintError, SiteError
        If ``CITATION.cff`` is of another release, the chapters do not compile, or a font is missing.
    """
    edition = read_edition(release.name)
    compiled = compile_book(release, folder / "compiled", BUILDER)
    page = browser.new_page()
    try:
        chapters = read_chapters(page, compiled)
        require_glyphs(page, "".join(chapter.text for chapter in chapters))
        return Press(edition, chapters, compiled)
    finally:
        page.close()
