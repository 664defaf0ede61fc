"""Print the book: one PDF and one EPUB of all chapters, with static charts.

Sphinx compiles the chapters once more with the bare builder ``print``; headless Chromium parses each as a reader's
browser would and hands it back as well-formed XHTML whose anchors carry the chapter's name. Both books are made from
these chapters: the EPUB is a package of them, the PDF one long page of them, printed twice because its contents need
the page numbers of the first time. Bytes differ between two runs (the browser dates its file), what is said does not:
``contents.json`` is what is compared.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import re
import shutil
import sys
import time
import uuid
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jinja2
import yaml
from markupsafe import Markup

from leadership_effects.build import run, site
from leadership_effects.build.jobs import PipelineError
from leadership_effects.build.workers import WORKERS
from leadership_effects.data.release import Release, ReleaseError, newest_release, open_release
from leadership_effects.errors import LeadershipError
from leadership_effects.files import write_json
from leadership_effects.paths import ROOT

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

DESIGN = ROOT / "book" / "_ext" / "leadership_book" / "print_theme"
BUILDER = "print"
SOURCES_PAGE = "book/data"
CHROMIUM = "Chromium is not installed: sudo apt-get update && sudo apt-get install --yes chromium"
FLAGS = ["--no-sandbox", "--disable-gpu"]
OFFLINE = "--host-resolver-rules=MAP * ~NOTFOUND"
SHEET = {"width": 643, "height": 947}  # the print area of A4 in CSS pixels
WAIT = 120_000  # milliseconds
MEDIA = {
    ".xhtml": "application/xhtml+xml", ".css": "text/css", ".svg": "image/svg+xml", ".png": "image/png",
    ".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".gif": "image/gif",
}  # fmt: skip
LINK = re.compile(r'href="([\w-]+)\.xhtml(?:#([^"]+))?"')


class PrintError(LeadershipError, RuntimeError):
    """The book was not printed; what was printed before stands."""


@dataclass(frozen=True)
class Edition:
    """What a title page says, from ``CITATION.cff``.

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
        """Name of the printed files without their ending."""
        return f"collective-leadership-{self.release}"

    @property
    def uuid(self) -> uuid.UUID:
        """Identifier of this edition: the same for the same title and release."""
        return uuid.uuid5(uuid.NAMESPACE_URL, f"{self.title} {self.release}")


@dataclass(frozen=True)
class Chapter:
    """A chapter as both books hold it.

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
    """Title, author and date of the release being printed.

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
    """Part and page of every chapter in the order of the table of contents; the first page has no part."""
    contents = yaml.safe_load((ROOT / "_toc.yml").read_text(encoding="utf-8"))
    parts = contents.get("parts") or [{"chapters": contents["chapters"]}]
    chapters = [(part.get("caption", ""), chapter["file"]) for part in parts for chapter in part["chapters"]]
    return [("", contents["root"]), *chapters]


def slug_of(page: str) -> str:
    """File name of a chapter: ``book/cases/huari`` is ``cases-huari``."""
    return page.removeprefix("book/").replace("/", "-")


def read_chapters(page: Page, compiled: Path) -> list[Chapter]:
    """Chapters of the compiled book, cleaned and made well-formed by the browser."""
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
    """What both books hold, to be compared between two runs instead of their bytes."""
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


@dataclass(frozen=True)
class Press:
    """What both books are made with: edition, chapters, their pictures and the templates."""

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
        """Chapters by part."""
        return [(part, list(found)) for part, found in groupby(self.chapters, lambda chapter: chapter.part)]

    def title_page(self) -> str:
        """Title, author, release and standing."""
        return self.fill("title.xhtml")

    def colophon(self) -> str:
        """Where the numbers stand, licence, how to cite."""
        held = contents_of(self.edition, self.chapters)
        counts = {"numbers": held["numbers"], "figures": held["figures"]}
        return self.fill("colophon.xhtml", sources=slug_of(SOURCES_PAGE), **counts)

    def images(self) -> dict[str, Path]:
        """Picture files by their name in the books."""
        paths = (path for chapter in self.chapters for path in chapter.images)
        return {f"images/{Path(path).name}": self.compiled / path for path in paths}


def write_epub(press: Press, target: Path) -> None:
    """Package the chapters as EPUB 3.3, one XHTML file each, the package's type as the first entry."""
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
    properties["nav.xhtml"] = "nav"
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


def write_pdf(press: Press, browser: Browser, folder: Path, target: Path) -> None:
    """Print the chapters on A4, with contents, outline, tags and page numbers.

    Raises
    ------
    PrintError
        If the outline of the printed book does not hold the chapters in their order.
    """
    for name, path in press.images().items():
        (folder / name).parent.mkdir(exist_ok=True)
        shutil.copyfile(path, folder / name)
    for name in ("book.css", "pdf.css"):
        shutil.copyfile(DESIGN / name, folder / name)
    pages: dict[str, int] = {}
    for _ in range(2):
        (folder / "book.xhtml").write_text(_one_page(press, pages), encoding="utf-8")
        _print(browser, folder / "book.xhtml", target)
        pages = _page_numbers(press, target)


def _one_page(press: Press, pages: dict[str, int]) -> str:
    """The whole book as one XHTML page, its links leading within it."""
    front = press.title_page() + press.fill("contents.xhtml", parts=press.parts, pages=pages)
    parts = [
        (part, [_Placed(chapter.slug, chapter.title, Markup(chapter.body)) for chapter in chapters])
        for part, chapters in press.parts
    ]
    text = press.fill("book.xhtml", parts=parts, front=Markup(front), back=Markup(press.colophon()))
    return LINK.sub(lambda link: f'href="#{link[2] or link[1]}"', text)


@dataclass(frozen=True)
class _Placed:
    slug: str
    title: str
    body: str


def _print(browser: Browser, source: Path, target: Path) -> None:
    page = browser.new_page(viewport=SHEET)  # type: ignore[arg-type]
    try:
        page.emulate_media(media="print", color_scheme="light")
        page.goto(source.as_uri(), timeout=WAIT)
        page.evaluate((DESIGN / "fit.js").read_text(encoding="utf-8"))
        page.pdf(path=target, prefer_css_page_size=True, print_background=True, outline=True, tagged=True)
    finally:
        page.close()


def _page_numbers(press: Press, printed: Path) -> dict[str, int]:
    """Page on which each chapter begins, from the outline."""
    import pypdfium2

    document = pypdfium2.PdfDocument(printed)
    try:
        entries = [
            (entry.get_title(), entry.get_dest().get_index() + 1)
            for entry in document.get_toc()
            if entry.level == 0
        ]
    finally:
        document.close()
    titles = ["Contents", *(chapter.title for chapter in press.chapters), "About this edition"]
    if [title for title, _ in entries] != titles:
        raise PrintError(f"the outline of the PDF holds {[title for title, _ in entries]} and not {titles}")
    names = ["contents", *(chapter.slug for chapter in press.chapters), "colophon"]
    return {name: number for name, (_, number) in zip(names, entries, strict=True)}


@contextmanager
def chromium(reachable: str = "") -> Iterator[Browser]:
    """Headless Chromium of this machine, cut off from every host but one that may be named.

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


def set_up(release: Release, browser: Browser, folder: Path) -> Press:
    """Compile the chapters below a folder and read them.

    Raises
    ------
    PrintError, SiteError
        If ``CITATION.cff`` is of another release or the chapters do not compile.
    """
    edition = read_edition(release.name)
    compiled = site.compile_book(release, folder / "compiled", BUILDER)
    page = browser.new_page()
    try:
        return Press(edition, read_chapters(page, compiled), compiled)
    finally:
        page.close()


def print_book(release: Release, folder: Path) -> Press:
    """Compile the chapters and write PDF, EPUB and ``contents.json`` to a folder; return what they were made with.

    Raises
    ------
    PrintError, SiteError
        If Chromium is missing, the outline is not as it should be, or the chapters do not compile.
    """
    with chromium() as browser:
        press = set_up(release, browser, folder)
        write_epub(press, folder / f"{press.edition.stem}.epub")
        write_pdf(press, browser, folder, folder / f"{press.edition.stem}.pdf")
    write_json(folder / "contents.json", contents_of(press.edition, press.chapters))
    return press


def print_in_place(release: Release) -> None:
    """Print beside what was printed before and put it in place when all went well.

    The stamp goes first and comes last: files without it are not linked from the site.
    """
    shown = site.printed_folder()
    stage = run.staging_folder("print")
    shutil.rmtree(stage, ignore_errors=True)
    stage.mkdir(parents=True)
    print("print: PDF and EPUB", flush=True)
    inputs = site.chapter_inputs(release)
    print_book(release, stage)
    site.print_stamp(release).unlink(missing_ok=True)
    shown.mkdir(exist_ok=True)
    for old in (*shown.glob("*.pdf"), *shown.glob("*.epub")):
        old.unlink()
    for made in (*stage.glob("*.pdf"), *stage.glob("*.epub"), stage / "contents.json"):
        made.replace(shown / made.name)
    write_json(site.print_stamp(release), {"inputs": inputs})
    shutil.rmtree(stage, ignore_errors=True)


def main(arguments: list[str] | None = None) -> int:
    """Command line of ``nox -s print``; returns the exit code."""
    parser = argparse.ArgumentParser(
        description="Print the book as PDF and EPUB and link them from the site."
    )
    parser.add_argument("--release", help="release name; the newest if left out")
    parser.add_argument("--workers", type=int, default=WORKERS)
    options = parser.parse_args(arguments)
    started = time.perf_counter()
    try:
        release = open_release(options.release or newest_release())
        with run.build_lock():
            site.run_notebooks(release, options.workers)
            if site.printed_book(release):
                print("print: current", flush=True)
            else:
                print_in_place(release)
            site.compile_site(release)
    except (PrintError, site.SiteError, ReleaseError, PipelineError) as error:
        print(error, file=sys.stderr)
        return 1
    files = sorted(path for path in site.printed_folder().iterdir() if path.suffix in (".pdf", ".epub"))
    named = ", ".join(os.path.relpath(path, ROOT) for path in files)
    print(f"done in {time.perf_counter() - started:.1f} s: {named}; linked from the site")
    return 0


if __name__ == "__main__":
    sys.exit(main())
