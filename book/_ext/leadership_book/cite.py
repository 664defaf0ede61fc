"""Cite a page: words, BibTeX and CSL JSON, with the release and its date; and the bibliography as files."""

import json
import re
from pathlib import Path
from typing import Any

import yaml
from sphinx.application import Sphinx

BOOK = "Growing Collective Leadership for System Change"
AUTHOR = "The Collective Leadership book project"


def citation(app: Sphinx, page: str, title: str) -> dict[str, str]:
    """Return a page's citation as words, BibTeX and CSL JSON."""
    name = re.sub(r"<[^>]+>", "", title) or BOOK
    released = release_date(Path(app.srcdir))
    release, year = app.config.lb_release, released[:4]
    key = f"collective-leadership-{page.removeprefix('book/').replace('/', '-')}-{release}"
    item = {
        "id": key, "type": "chapter", "title": name, "container-title": BOOK, "author": [{"literal": AUTHOR}],
        "version": f"data release {release}", "issued": {"date-parts": [[int(part) for part in released.split("-")]]},
        "note": f"page {page}.html",
    }  # fmt: skip
    bibtex = (
        f"@incollection{{{key},\n  author = {{{{{AUTHOR}}}}},\n  title = {{{{{name}}}}},\n"
        f"  booktitle = {{{{{BOOK}}}}},\n  year = {{{year}}},\n  date = {{{released}}},\n"
        f"  note = {{Data release {release}, page {page}.html}}\n}}"
    )
    words = f"{AUTHOR} ({year}). {name}. In {BOOK}, data release {release} of {released}."
    return {"text": words, "bibtex": bibtex, "csl": json.dumps(item, ensure_ascii=False, indent=1)}


def release_date(root: Path) -> str:
    """Date of the release, from ``CITATION.cff``; the empty release has the first day of its year."""
    path = root / "CITATION.cff"
    if not path.is_file():
        return "2026-01-01"
    return str(yaml.safe_load(path.read_text(encoding="utf-8"))["date-released"])


def source_items(sources: dict[str, dict[str, str]]) -> list[dict[str, Any]]:
    """Sources of a release as CSL JSON items."""
    return [source_item(row) for row in sources.values()]


def web_address(text: str) -> str:
    """Return the first web address of a source's address field, empty if there is none."""
    found = re.match(r"https?://[^\s;]+", text)
    return found[0] if found else ""


def source_item(row: dict[str, str]) -> dict[str, Any]:
    """One source as a CSL JSON item; empty fields are left out."""
    year = re.search(r"\d{4}", row["year"])
    item: dict[str, Any] = {
        "id": row["source_id"], "type": "document", "title": row["title"], "publisher": row["publisher"],
        "issued": {"date-parts": [[int(year[0])]]} if year else None,
        "URL": web_address(row["address"]) or None,
        "license": row["licence"], "note": row["how_read"],
    }  # fmt: skip
    return {key: value for key, value in item.items() if value}


SPECIAL = {"\\": r"\textbackslash{}", "{": r"\{", "}": r"\}"} | {c: f"\\{c}" for c in "&%$#_"}


def tex(text: str) -> str:
    """Text with the characters that BibTeX reads as commands written out."""
    return "".join(SPECIAL.get(c, c) for c in text)


def source_bibtex(row: dict[str, str]) -> str:
    """One source as a BibTeX entry."""
    year = re.search(r"\d{4}", row["year"])
    fields = {
        "title": f"{{{tex(row['title'])}}}", "author": f"{{{tex(row['publisher'])}}}", "year": year[0] if year else "",
        "url": web_address(row["address"]), "note": tex(row["how_read"]),
    }  # fmt: skip
    lines = "".join(f",\n  {name} = {{{value}}}" for name, value in fields.items() if value.strip("{}"))
    return f"@misc{{{row['source_id']}{lines}\n}}"


def write_bibliography(folder: Path, sources: dict[str, dict[str, str]], references: Path) -> None:
    """Write ``bibliography.bib`` (sources and references joined) and ``sources.json`` (CSL)."""
    own = references.read_text(encoding="utf-8").strip() if references.is_file() else ""
    entries = [source_bibtex(row) for row in sources.values()]
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "bibliography.bib").write_text("\n\n".join([own, *entries]).strip() + "\n", encoding="utf-8")
    items = json.dumps(source_items(sources), ensure_ascii=False, indent=1)
    (folder / "sources.json").write_text(items + "\n", encoding="utf-8")
