"""Cite a page in a sentence, as BibTeX and as CSL JSON; write the bibliography as files."""

import json
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from leadership_effects.authors import author_names, doi_address
from leadership_effects.report.citation import publication
from pybtex.database import BibliographyData, Entry, Person
from pybtex.database.output.bibtex import Writer
from sphinx.application import Sphinx

from leadership_book.sources import issuer

RESOLVER = "https://doi.org/"
# What a source is, by words of its title or publisher and by its DOI: those listed are of series of reports.
REPORT = re.compile(
    r"working ?paper|discussion paper|technical report|research report|bureau of economic research|\bNBER\b|\bRAND\b",
    re.IGNORECASE,
)
REPORT_DOI = re.compile(r"10\.(1596|1787|3386|7249|26300)/")  # World Bank, OECD, NBER, RAND, EdWorkingPapers
JOURNAL = re.compile(
    r"\bjournal of\b|\bquarterly\b|\beducation(al)? review\b|\beconomic review\b", re.IGNORECASE
)
CSL_TYPES = {"article": "article-journal", "techreport": "report", "misc": "document"}
VERBATIM = ("url", "doi", "howpublished")  # read as they are
SPECIAL = {"\\": r"\textbackslash{}", "{": r"\{", "}": r"\}"} | {c: f"\\{c}" for c in "&%$#_"}
BRACED = ("title", "booktitle")  # kept in capitals and small letters as they are


class BibTeX(Writer):  # type: ignore[misc]
    """BibTeX writer of pybtex for fields that are escaped already; an address must not be."""

    def _encode(self, text: str) -> str:
        return text


def escaped(text: str) -> str:
    """Return a text in which LaTeX reads no markup."""
    return "".join(SPECIAL.get(character, character) for character in text)


def organisation(name: str) -> list[Person]:
    """Return an organisation as author, in braces so that it is not split into names."""
    return [Person(last=f"{{{escaped(name)}}}")] if name else []


def persons(names: Iterable[str], others: bool) -> list[Person]:
    """Return surnames as authors; braces keep one of several words together."""
    made = [Person(last=escaped(name)) if name.isalpha() else organisation(name)[0] for name in names]
    return [*made, *([Person(last="others")] if others else [])]


def bibtex(key: str, kind: str, authors: list[Person], fields: dict[str, str]) -> str:
    """Return an entry of plain texts; empty fields are left out."""
    texts = {name: text if name in VERBATIM else escaped(text) for name, text in fields.items() if text}
    braced = {name: f"{{{text}}}" if name in BRACED else text for name, text in texts.items()}
    entry = Entry(kind, fields=list(braced.items()), persons={"author": authors} if authors else {})
    return str(BibTeX().to_string(BibliographyData({key: entry}))).strip()


def citation(app: Sphinx, page: str, title: str) -> dict[str, str]:
    """Return a page's citation as a sentence, BibTeX and CSL JSON."""
    book, release = publication(), app.config.lb_release
    name, year = re.sub(r"<[^>]+>", "", title) or book.title, book.released[:4]
    key = f"collective-leadership-{page.removeprefix('book/').replace('/', '-')}-{release}"
    item = {
        "id": key, "type": "chapter", "title": name, "container-title": book.title, "author": [{"literal": book.author}],
        "version": f"data release {release}", "issued": {"date-parts": [[int(part) for part in book.released.split("-")]]},
        "note": f"page {page}.html",
    }  # fmt: skip
    fields = {"title": name, "booktitle": book.title, "year": year, "date": book.released,
              "note": f"Data release {release}, page {page}.html"}  # fmt: skip
    return {
        "text": f"{book.author} ({year}). {name}. In {book.title}, data release {release} of {book.released}.",
        "bibtex": bibtex(key, "incollection", organisation(book.author), fields),
        "csl": json.dumps(item, ensure_ascii=False, indent=1),
    }


def web_address(text: str) -> str:
    """Return the first web address of a source's address field, empty if there is none."""
    found = re.match(r"https?://[^\s;]+", text)
    return found[0] if found else ""


def kind_of(row: dict[str, str]) -> str:
    """Return the BibTeX type of a source: article or report where DOI or words say so."""
    doi, words = row.get("doi", ""), f"{row['title']} {row['publisher']}"
    if not doi and (not row.get("authors") or re.search(r"\bblog\b", words, re.IGNORECASE)):
        return "misc"
    if REPORT.search(words) or REPORT_DOI.search(doi):
        return "techreport"
    return "article" if doi or JOURNAL.search(row["publisher"]) else "misc"


def notes(row: dict[str, str]) -> str:
    """Return how a source was read; the address of a copy is in the release alone."""
    copy = "read in a copy" if row.get("copy_address") else ""
    return "; ".join(part for part in (row["how_read"], copy) if part)


def source_item(row: dict[str, str]) -> dict[str, Any]:
    """Return a source as a CSL JSON item; empty fields are left out."""
    row = row | {"publisher": issuer(row)[0]}
    year, kind = re.search(r"\d{4}", row["year"]), kind_of(row)
    names, others = author_names(row.get("authors", ""))
    literal = [{"literal": row["publisher"]}] if "authors" in row else []
    item: dict[str, Any] = {
        "id": row["source_id"], "type": CSL_TYPES[kind], "title": row["title"],
        "author": [{"family": name} for name in names] or literal,
        "container-title": row["publisher"] if kind == "article" else "",
        "publisher": "" if kind == "article" else row["publisher"],
        "issued": {"date-parts": [[int(year[0])]]} if year else None,
        "URL": web_address(row["address"]) or None, "DOI": doi_address(row.get("doi", "")).removeprefix(RESOLVER),
        "license": row["licence"], "note": "; ".join([*(["with other authors"] if others else []), notes(row)]),
    }  # fmt: skip
    return {key: value for key, value in item.items() if value}


def source_bibtex(row: dict[str, str]) -> str:
    """Return a source as a BibTeX entry; its address is the issuer's, never that of a copy."""
    row = row | {"publisher": issuer(row)[0]}
    year, kind, url = re.search(r"\d{4}", row["year"]), kind_of(row), web_address(row["address"])
    url = url.replace("{", "%7B").replace("}", "%7D")
    names, others = author_names(row.get("authors", ""))
    publisher = {"article": "journal", "techreport": "institution"}.get(kind, "publisher" if names else "")
    fields = {
        "title": row["title"], publisher: row["publisher"] if publisher else "", "year": year[0] if year else "",
        "doi": doi_address(row.get("doi", "")).removeprefix(RESOLVER), "url": url,
        "howpublished": f"\\url{{{url}}}" if url and kind == "misc" else "", "note": notes(row),
    }  # fmt: skip
    return bibtex(row["source_id"], kind, persons(names, others) or organisation(row["publisher"]), fields)


def write_bibliography(folder: Path, sources: dict[str, dict[str, str]], references: Path) -> None:
    """Write ``bibliography.bib`` (sources and references joined) and ``sources.json`` (CSL)."""
    own = references.read_text(encoding="utf-8").strip() if references.is_file() else ""
    entries = [source_bibtex(row) for row in sources.values()]
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "bibliography.bib").write_text("\n\n".join([own, *entries]).strip() + "\n", encoding="utf-8")
    items = json.dumps([source_item(row) for row in sources.values()], ensure_ascii=False, indent=1)
    (folder / "sources.json").write_text(items + "\n", encoding="utf-8")
