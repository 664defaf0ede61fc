"""Make a brief of each first screen and of the whole book, on at most two sheets of A4.

A brief is made from pages as the site shows them, so no word is written twice: the first screen of a chapter, up to its
ways on, with the chart that decides; what the page says to do with it, or else the advice that the page of lessons lists;
the sources cited. A link that stands alone in parentheses or after a colon says where to look on the site and is left
out. Chapters across the places that have a first screen have a brief as well. The brief of the book has the first screen of the home page, up to
its first section, and the first sentence of each place.
"""

import re
from html import escape
from pathlib import Path

from bs4 import BeautifulSoup, NavigableString, Tag
from leadership_effects.report.citation import publication
from sphinx.application import Sphinx

from leadership_book.layers import ADVICE
from leadership_book.records import Records, records
from leadership_book.sources import fields

FOLDER, STYLE = "book/brief", "_static/brief.css"
WAYS_ON = "ways-on"  # class of what ends a first screen
LESSONS, WHOLE, CASES = "book/insights/lessons", "book", "book/cases/"
POLICY = "default-src 'none'; style-src 'self'; img-src 'self' data:; base-uri 'none'"
DROPPED = ".headerlink, .chart-data, .chart-links, button, .screen-only, nav, script"
CITES = {"src", "num"}  # classes of links whose words stay where they stand alone
BEFORE, AFTER = re.compile(r"\s*(\(|:\s)\s*$"), re.compile(r"^\s*\)|^(?=\s*\.)")
TERM = re.compile(r"src-(?!use-)(.+)")


def write_briefs(app: Sphinx, exception: Exception | None) -> None:
    """Write the brief of every page with a first screen, and that of the book."""
    if exception or app.builder.name != "html":
        return
    site, files, root = Path(app.outdir), records(app.env), app.config.root_doc
    advice, told = lessons(site), []
    for page in reading_order(app):
        html = (site / f"{page}.html").read_text(encoding="utf-8")
        if f'class="{WAYS_ON}"' in html:
            first, own = first_screen(html, WAYS_ON), own_advice(html)
            parts, sources = without_links(files, first + own)
            told += [first_sentence(parts)] if parts and page.startswith(CASES) else []
            write(app, files, page.rpartition("/")[2], page, parts, sources if own else advice + sources)
    places = f"<h2>The places</h2><ul>{''.join(told)}</ul>" if told else ""
    home = (site / f"{root}.html").read_text(encoding="utf-8")
    parts, sources = without_links(files, first_screen(home, ""))
    write(app, files, WHOLE, root, parts, places + advice + sources)


def brief_address(app: Sphinx, page: str, body: str, top: str, translated: str = "") -> str:
    """Return the address of a page's brief as seen from it, empty for a page without one.

    A translation has that of the place that it translates, or else that of the book.
    """
    if translated.startswith(CASES):
        return f"{top}{FOLDER}/{translated.rpartition('/')[2]}.html"
    if page == app.config.root_doc or translated:
        return f"{top}{FOLDER}/{WHOLE}.html"
    return f"{top}{FOLDER}/{page.rpartition('/')[2]}.html" if f'class="{WAYS_ON}"' in body else ""


def reading_order(app: Sphinx) -> list[str]:
    """Return the pages as the contents list them."""
    listed = [page for pages in app.env.toctree_includes.values() for page in pages]
    return [page for page in dict.fromkeys(listed) if page in app.env.found_docs]


def first_screen(html: str, end: str) -> list[Tag]:
    """Return a page's heading and what follows it, up to a class or else the first section."""
    heading = BeautifulSoup(html, "html.parser").select_one("article.page h1")
    parts = [heading] if heading else []
    for part in heading.find_next_siblings() if heading else ():
        if (end in part.get_attribute_list("class")) if end else part.name == "section":
            break
        if "facts" not in part.get_attribute_list("class"):
            parts.append(part)
    for dropped in [found for part in parts for found in part.select(DROPPED)]:
        dropped.decompose()
    return parts


def own_advice(html: str) -> list[Tag]:
    """Return what a page says to do with it in its place: heading and items."""
    section = BeautifulSoup(html, "html.parser").find("section", id=ADVICE)
    if not isinstance(section, Tag):
        return []
    for dropped in section.select(DROPPED):
        dropped.decompose()
    return section.find_all(["h2", "ul"], recursive=False)


def first_sentence(parts: list[Tag]) -> str:
    """Return the title of a place and what its page says first, as an item of a list."""
    name = parts[0].get_text(" ", strip=True).partition(":")[0]
    lead = next((part for part in parts if "lead" in part.get_attribute_list("class")), None)
    return f"<li><strong>{escape(name)}.</strong> {lead.decode_contents() if lead else ''}</li>"


def write(app: Sphinx, files: Records, name: str, page: str, parts: list[Tag], more: str) -> None:
    """Write one brief into the site; a page without a heading has none."""
    if not parts:
        return
    target = Path(app.outdir, FOLDER, f"{name}.html")
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(sheet(app, files, page, parts, more), encoding="utf-8")


def lessons(site: Path) -> str:
    """Return the advice of the page of lessons as a list, each with those it is for."""
    path = site / f"{LESSONS}.html"
    if not path.is_file():
        return ""
    page = BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")
    found = []
    for heading in page.select("article.page h2"):
        for link in heading.select(".headerlink"):
            link.decompose()
        words = heading.get_text(" ", strip=True)
        if re.match(r"\d+\.", words):
            whom = heading.find_next_sibling("p")
            told = whom.get_text(" ", strip=True) if whom and whom.find("em", recursive=False) else ""
            advice = escape(re.sub(r"^[0-9]+[.] *", "", words))
            found.append(f"<li>{advice} <em>{escape(told)}</em></li>" if told else f"<li>{advice}</li>")
    return f"<h2>What to do with it</h2><ol>{''.join(found)}</ol>" if found else ""


def without_links(files: Records, parts: list[Tag]) -> tuple[list[Tag], str]:
    """Return parts of a page with links as plain words, and the sources that they cite."""
    sources = cited(files, parts)
    for link in [found for part in parts for found in part.select("a")]:
        if not drop_pointer(link):
            link.unwrap()
    return parts, sources


def drop_pointer(link: Tag) -> bool:
    """Leave out a link that stands alone in parentheses or after a colon; return whether it did."""
    before, after = link.previous_sibling, link.next_sibling
    if CITES & set(link.get_attribute_list("class")) or not isinstance(before, NavigableString):
        return False
    opens, ends = BEFORE.search(before), AFTER.search(str(after or ""))
    if (
        not opens
        or not ends
        or not isinstance(after, NavigableString)
        or (opens[1] == "(") != (")" in ends[0])
    ):
        return False
    before.replace_with(before[: opens.start()])
    after.replace_with(after[ends.end() :])
    link.decompose()
    return True


def cited(files: Records, parts: list[Tag]) -> str:
    """Return the sources that the parts cite, with issuer, title and address."""
    names: dict[str, None] = {}
    for part in parts:
        for link in part.select("a.src"):
            found = TERM.search(str(link.get("href", "")).partition("#")[2])
            if found and found[1] in files.sources():
                names[found[1]] = None
    items = []
    for name in names:
        source = files.source(name)
        address = " ".join(text for text, link in dict(fields(source))["Address"] if link)
        told = ". ".join(filter(None, (files.cited_as(name), source["title"], address)))
        items.append(f"<li>{escape(told)}</li>")
    return f'<h2>Sources cited here</h2><ul class="sources">{"".join(items)}</ul>' if items else ""


def sheet(app: Sphinx, files: Records, page: str, parts: list[Tag], more: str) -> str:
    """Return a brief as a page of its own, two folders below the top as the chapters are."""
    book, base = publication(), app.config.html_baseurl
    up = "../" * (FOLDER.count("/") + 1)
    title = parts[0].get_text(" ", strip=True)
    where = f"{base.rstrip('/')}/{page}.html" if base else f"{page}.html on the book’s site"
    return (
        f'<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="robots" content="noindex">'
        f'<title>Brief: {escape(title)}</title><link rel="stylesheet" href="{up}{STYLE}"></head><body><main>'
        f'<p class="head">{escape(book.title)}. Data release {files.release}, {book.released}. '
        f'<a href="{up}{page}.html">The whole page</a></p>'
        f"{''.join(map(str, parts))}{more}"
        f'<p class="foot">{escape(book.author)}, {escape(book.title)}, data release {files.release}. From the page '
        f"“{escape(title)}” ({escape(where)}), where each number opens with its rows and sources. "
        f"Independent: not a publication of Teach For All or its partners. CC BY 4.0.</p>"
        f"</main></body></html>\n"
    )


def connect(app: Sphinx) -> None:
    """Register the event handler."""
    app.connect("build-finished", write_briefs)
