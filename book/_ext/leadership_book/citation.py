"""Cite a page in a sentence, as BibTeX and as CSL JSON; write the bibliography as files."""

import json
import re
from pathlib import Path
from typing import Any

from leadership_effects.report.citation import publication
from pybtex.database import BibliographyData, Entry, Person
from pybtex.database.output.bibtex import Writer
from sphinx.application import Sphinx

SPECIAL = {"\\": r"\textbackslash{}", "{": r"\{", "}": r"\}"} | {c: f"\\{c}" for c in "&%$#_"}
BRACED = ("title", "booktitle")  # kept in capitals and small letters as they are


class BibTeX(Writer):  # type: ignore[misc]
    """BibTeX writer of pybtex for fields that are escaped already; an address must not be."""

    def _encode(self, text: str) -> str:
        return text


def bibtex(key: str, kind: str, author: str, fields: dict[str, str]) -> str:
    """Return an entry of plain texts whose author is an organisation; empty fields are left out."""

    def escaped(text: str) -> str:
        return "".join(SPECIAL.get(character, character) for character in text)

    texts = {name: text if name == "url" else escaped(text) for name, text in fields.items() if text}
    braced = {name: f"{{{text}}}" if name in BRACED else text for name, text in texts.items()}
    persons = {"author": [Person(last=f"{{{escaped(author)}}}")]} if author else {}
    entry = Entry(kind, fields=list(braced.items()), persons=persons)
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
        "bibtex": bibtex(key, "incollection", book.author, fields),
        "csl": json.dumps(item, ensure_ascii=False, indent=1),
    }


def web_address(text: str) -> str:
    """Return the first web address of a source's address field, empty if there is none."""
    found = re.match(r"https?://[^\s;]+", text)
    return found[0] if found else ""


def source_item(row: dict[str, str]) -> dict[str, Any]:
    """Return a source as a CSL JSON item; empty fields are left out."""
    year = re.search(r"\d{4}", row["year"])
    item: dict[str, Any] = {
        "id": row["source_id"], "type": "document", "title": row["title"], "publisher": row["publisher"],
        "issued": {"date-parts": [[int(year[0])]]} if year else None,
        "URL": web_address(row["address"]) or None,
        "license": row["licence"], "note": row["how_read"],
    }  # fmt: skip
    return {key: value for key, value in item.items() if value}


def source_bibtex(row: dict[str, str]) -> str:
    """Return a source as a BibTeX entry."""
    year = re.search(r"\d{4}", row["year"])
    fields = {"title": row["title"], "year": year[0] if year else "", "url": web_address(row["address"]),
              "note": row["how_read"]}  # fmt: skip
    return bibtex(row["source_id"], "misc", row["publisher"], fields)


def write_bibliography(folder: Path, sources: dict[str, dict[str, str]], references: Path) -> None:
    """Write ``bibliography.bib`` (sources and references joined) and ``sources.json`` (CSL)."""
    own = references.read_text(encoding="utf-8").strip() if references.is_file() else ""
    entries = [source_bibtex(row) for row in sources.values()]
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "bibliography.bib").write_text("\n\n".join([own, *entries]).strip() + "\n", encoding="utf-8")
    items = json.dumps([source_item(row) for row in sources.values()], ensure_ascii=False, indent=1)
    (folder / "sources.json").write_text(items + "\n", encoding="utf-8")
