"""The printed book has the chapters, charts and numbers of the site, whatever fonts the machine has.

Both books are printed here as ``nox -s print`` prints them, so the site must have been built.
"""

from __future__ import annotations

import re
import zipfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import pypdfium2
import pypdfium2.raw as raw
import pytest
import yaml
from bs4 import BeautifulSoup
from leadership_effects.build.printing.__main__ import print_book
from leadership_effects.build.printing.browser import PrintError, chromium, require_glyphs
from leadership_effects.build.printing.chapters import Press, contents_of, pages_by_part, set_up, slug_of
from leadership_effects.build.printing.pdf import page_numbers
from leadership_effects.data.release import newest_release, open_release
from leadership_effects.paths import ROOT

pytestmark = pytest.mark.slow
SITE = ROOT / "_build" / "html"
XHTML, OPF, SVG = (
    "{http://www.w3.org/1999/xhtml}", "{http://www.idpf.org/2007/opf}", "{http://www.w3.org/2000/svg}",
)  # fmt: skip
DUBLIN = "{http://purl.org/dc/elements/1.1/}"
PAGES = [page for _, page in pages_by_part()]
MARGIN = 20  # points, of 57 that the design leaves: type that comes nearer to the edge was pushed out
PROSE = 10  # points
FEWEST_SHADES = 3  # of a page drawn small: one would be blank paper


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the book is printed for these tests."""
    return tmp_path_factory.mktemp("print")


@pytest.fixture(scope="module")
def press(folder: Path) -> Press:
    """The book, printed once."""
    if not (SITE / "index.html").is_file():
        pytest.fail("there is no built site: run `nox -s book` first")
    return print_book(open_release(newest_release()), folder)


@pytest.fixture(scope="module")
def pdf(press: Press, folder: Path) -> Iterator[pypdfium2.PdfDocument]:
    document = pypdfium2.PdfDocument(folder / f"{press.edition.stem}.pdf")
    yield document
    document.close()


@pytest.fixture(scope="module")
def epub(press: Press, folder: Path) -> dict[str, bytes]:
    """Files of the EPUB by name, in their order."""
    with zipfile.ZipFile(folder / f"{press.edition.stem}.epub") as book:
        assert book.testzip() is None
        assert book.infolist()[0].compress_type == zipfile.ZIP_STORED
        return {info.filename: book.read(info) for info in book.infolist()}


def package(epub: dict[str, bytes]) -> ElementTree.Element:
    return ElementTree.fromstring(epub["EPUB/package.opf"])


def words(text: str) -> str:
    return " ".join(text.split())


def letters(text: str) -> str:
    """Letters and digits alone: line breaks and hyphens of a page are no part of what it says."""
    return re.sub(r"\W+", "", text)


# What is said


@pytest.mark.parametrize("page", PAGES)
def test_a_chapter_holds_the_numbers_and_charts_of_its_page(press, page):
    site = BeautifulSoup((SITE / f"{page}.html").read_text(encoding="utf-8"), "html.parser").find("main")
    chapter = next(chapter for chapter in press.chapters if chapter.slug == slug_of(page))
    assert list(chapter.numbers) == [words(number.get_text()) for number in site.select(".num")]
    assert list(chapter.figures) == [figure["id"] for figure in site.select("figure[id]")]


def test_what_no_paper_can_use_is_left_out(press):
    tags = ElementTree.fromstring(f"<all>{''.join(chapter.body for chapter in press.chapters)}</all>")
    names = {element.tag.removeprefix(XHTML) for element in tags.iter()}
    assert not names & {"script", "button", "input", "select", "form", "template"}
    classes = {name for element in tags.iter() for name in element.get("class", "").split()}
    assert not classes & {"chart-data", "cell_input", "headerlink", "results-list"}


def test_a_second_run_says_the_same(press, folder, tmp_path):
    with chromium() as browser:
        again = set_up(open_release(newest_release()), browser, tmp_path)
    assert contents_of(again.edition, again.chapters) == contents_of(press.edition, press.chapters)


# The EPUB


def test_the_epub_is_a_sound_package(epub):
    assert next(iter(epub)) == "mimetype"
    assert epub["mimetype"] == b"application/epub+zip"
    container = ElementTree.fromstring(epub["META-INF/container.xml"])
    assert [element.get("full-path") for element in container.iter() if element.get("full-path")] == [
        "EPUB/package.opf"
    ]
    for name, content in epub.items():
        if name.endswith((".xhtml", ".xml", ".opf", ".svg")):
            ElementTree.fromstring(content)


def test_the_manifest_lists_every_file_and_what_it_holds(epub):
    items = {item.get("href"): item for item in package(epub).iter(f"{OPF}item")}
    assert {f"EPUB/{name}" for name in items} == {
        name for name in epub if name.startswith("EPUB/") and name != "EPUB/package.opf"
    }
    assert len({item.get("id") for item in items.values()}) == len(items)
    for name, item in items.items():
        if name.endswith(".xhtml"):
            tags = {element.tag for element in ElementTree.fromstring(epub[f"EPUB/{name}"]).iter()}
            held = {"svg": f"{SVG}svg" in tags, "mathml": any("MathML}math" in tag for tag in tags)}
            declared = set((item.get("properties") or "").split()) - {"nav"}
            assert declared == {word for word, found in held.items() if found}, name


def test_the_metadata_are_those_of_the_citation_file(epub):
    cited = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    said = {element.tag: element.text for element in package(epub).iter()}
    assert said[f"{DUBLIN}title"] == cited["title"]
    assert said[f"{DUBLIN}creator"] == cited["authors"][0]["name"]
    assert said[f"{DUBLIN}language"] == "en"
    assert said[f"{DUBLIN}source"] == f"Data release {cited['version']}"


def test_the_epub_is_read_in_the_order_of_the_contents(epub):
    root = package(epub)
    names = {item.get("id"): item.get("href") for item in root.iter(f"{OPF}item")}
    spine = [names[item.get("idref")] for item in root.iter(f"{OPF}itemref")]
    chapters = [f"{slug_of(page)}.xhtml" for page in PAGES]
    assert spine == ["title.xhtml", *chapters, "colophon.xhtml"]
    navigation = ElementTree.fromstring(epub["EPUB/nav.xhtml"]).find(f".//{XHTML}nav[@id='toc']")
    links = [link.get("href") for link in navigation.iter(f"{XHTML}a")]
    assert [link for link in links if "#" not in link] == spine


def test_links_and_pictures_of_the_epub_resolve(epub):
    pages = {
        name.removeprefix("EPUB/"): ElementTree.fromstring(content)
        for name, content in epub.items()
        if name.endswith(".xhtml")
    }
    ids = {
        name: [element.get("id") for element in page.iter() if element.get("id")]
        for name, page in pages.items()
    }
    assert {name: found for name, found in ids.items() if len(found) != len(set(found))} == {}
    broken = []
    for name, page in pages.items():
        for element in page.iter():
            target = element.get("href") if element.tag == f"{XHTML}a" else element.get("src")
            if target and not target.startswith(("http://", "https://", "mailto:", "data:")):
                file, _, anchor = target.partition("#")
                if f"EPUB/{file or name}" not in epub or (anchor and anchor not in ids[file or name]):
                    broken.append(f"{name}: {target}")
    assert broken == []


def test_every_chart_of_the_epub_is_drawn_and_described(epub, press):
    for chapter in press.chapters:
        page = ElementTree.fromstring(epub[f"EPUB/{chapter.slug}.xhtml"])
        figures = {figure.get("id"): figure for figure in page.iter(f"{XHTML}figure")}
        for name in chapter.figures:
            figure = figures[f"{chapter.slug}--{name}"]
            tags = {element.tag for element in figure.iter()}
            assert tags & {f"{SVG}path", f"{XHTML}img"}, name
            told = ("aria-label", "aria-labelledby", "alt")
            assert any(element.get(name) for element in figure.iter() for name in told), figure.get("id")


# The PDF


@pytest.fixture(scope="module")
def outline(pdf: pypdfium2.PdfDocument) -> list[tuple[int, str, int]]:
    """Level, title and page, counted from 1, of each entry."""
    return [(entry.level, entry.get_title(), entry.get_dest().get_index() + 1) for entry in pdf.get_toc()]


@pytest.fixture(scope="module")
def texts(pdf: pypdfium2.PdfDocument) -> list[str]:
    """Letters of each page."""
    return [letters(page.get_textpage().get_text_range()) for page in pdf]


def test_the_outline_holds_chapters_and_sections_in_order(outline, press):
    chapters = ["Contents", *(chapter.title for chapter in press.chapters), "About this edition"]
    sections = [section["title"] for chapter in press.chapters for section in chapter.sections]
    for wanted, titles in enumerate((chapters, sections)):
        found = [title for level, title, _ in outline if level == wanted]
        assert len(found) == len(titles)
        for title, expected in zip(found, titles, strict=True):
            # Chromium repeats some, or their first line, that a fallback font draws
            assert title.endswith(expected) and expected.startswith(title.removesuffix(expected))
    pages = [page for _, _, page in outline]
    assert pages == sorted(pages)


def test_the_contents_name_the_pages_on_which_chapters_begin(outline, texts, press):
    starts = [page for level, _, page in outline if level == 0]
    contents = "".join(texts[starts[0] - 1 : starts[1] - 1])
    for chapter, start in zip(press.chapters, starts[1:], strict=False):
        assert letters(chapter.title) in texts[start - 1]
        assert letters(f"{chapter.title} {start}") in contents


def test_page_numbers_are_those_of_the_outline(outline, press, folder):
    names = [*(chapter.slug for chapter in press.chapters), "colophon"]
    found = page_numbers(folder / f"{press.edition.stem}.pdf", names)
    assert list(found.values()) == [page for level, _, page in outline if level == 0][1:]
    with pytest.raises(PrintError, match="no destination nowhere"):
        page_numbers(folder / f"{press.edition.stem}.pdf", [*names, "nowhere"])


def test_the_pdf_says_what_the_chapters_say(outline, texts, press):
    """Each heading and caption stands whole on the pages of its chapter."""
    starts = [page for level, _, page in outline if level == 0][1:]
    lost = []
    for chapter, first, after in zip(press.chapters, starts, starts[1:], strict=False):
        said = "".join(texts[first - 1 : after - 1])
        soup = BeautifulSoup(chapter.body, "html.parser")
        for element in soup.select("h2, h3, figcaption, caption"):
            if letters(element.get_text()) not in said:
                lost.append(f"{chapter.slug}: {words(element.get_text())}")
    assert lost == []


def test_no_page_is_blank_and_nothing_leaves_the_sheet(pdf):
    blank, outside = [], []
    for number, page in enumerate(pdf, start=1):
        drawn = page.render(scale=0.25).to_numpy()
        if len(set(drawn.ravel().tolist())) < FEWEST_SHADES:
            blank.append(number)
        width, height = page.get_size()
        text = page.get_textpage()
        for index in range(text.count_rects()):
            left, bottom, right, top = text.get_rect(index)
            if left < MARGIN or right > width - MARGIN or bottom < MARGIN or top > height - MARGIN:
                outside.append(f"page {number}: {text.get_text_bounded(left, bottom, right, top)!r}")
    assert blank == []
    assert outside == []
    assert len(PAGES) * 2 < len(pdf) < 750


def test_prose_has_the_size_of_the_design(pdf, outline):
    """A table wider than the sheet would make the browser shrink the whole book."""
    first = next(page for level, title, page in outline if level == 0 and title != "Contents")
    text, matrix = pdf[first - 1].get_textpage(), raw.FS_MATRIX()
    sizes: Counter[float] = Counter()
    for index in range(text.count_chars()):
        raw.FPDFText_GetMatrix(text, index, matrix)
        sizes[raw.FPDFText_GetFontSize(text, index) * matrix.a] += 1
    assert sizes.most_common(1)[0][0] == pytest.approx(PROSE, abs=0.1)


def test_the_pdf_is_tagged(pdf):
    assert raw.FPDFCatalog_IsTagged(pdf)


# Fonts

FONTS = """<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><dir>{folder}</dir><cachedir>{cache}</cachedir></fontconfig>"""


def test_letters_that_no_font_has_are_refused_with_the_package_that_has_them(tmp_path, monkeypatch):
    settings = tmp_path / "fonts.conf"
    settings.write_text(FONTS.format(folder="/usr/share/fonts/truetype/dejavu", cache=tmp_path / "cache"))
    monkeypatch.setenv("FONTCONFIG_FILE", str(settings))
    with chromium() as browser:
        page = browser.new_page()
        require_glyphs(page, "Huari’s gain: 12.5 – 14 % (β ≤ 0.05) → Enseña, Rīga, ½ m²")
        with pytest.raises(PrintError, match=r"no font has .*क.* \(\d+ characters\): .*fonts-noto-core"):
            require_glyphs(page, "पूरी किताब पाँच पन्ने में")
