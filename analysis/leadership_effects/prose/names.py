"""Read what a page may name and cite, from glossary, releases and worksheets.

No notebook needs to have run. A case that was begun is known by its worksheets, before and after they are taken.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from leadership_effects.csv_files import read_loosely
from leadership_effects.data.release import Release, drafts, open_release
from leadership_effects.data.rows import Row
from leadership_effects.errors import LeadershipError
from leadership_effects.paths import data_folder
from leadership_effects.prose.pages import glossary_terms
from leadership_effects.prose.rules import Knowledge

GLOSSARY = "book/glossary.md"
DESIGNS = re.compile(
    "random|quasi|discontinuity|difference-in-differences|experiment|counterfactual from", re.IGNORECASE
)
TABLES = ("sources", "evaluations", "indicators", "units", "cases")

WORD = r"[A-ZÀ-Ž][\w'’-]*"
NUMBER = r"(?:Nº |No\. ?)?(?!(?:1[89]|20)\d\d\b)\d{1,6}(?:\.\d{3})?(?![\w%]|[.,]\d)"
NAMED = re.compile(rf"(?<!\w){WORD}(?: {WORD}){{0,3}} {NUMBER}")
# In a title of a source, which may be a headline, what follows a name's number is a mark, a year or nothing.
ENDED = re.compile(r"\s*(?:[,;:)\]|–—-](?!\s*\d)|$|\s(?:19|20)\d\d\b)")
# Words before a number that count or bound it; "Over 100" of a headline is no name.
COUNTING = frozenset({
    "A", "About", "All", "Almost", "An", "And", "Another", "Around", "As", "At", "Between", "By", "Every",
    "First", "For", "From", "In", "Just", "Last", "Least", "Minus", "More", "Most", "Nearly", "Next", "Of",
    "On", "Only", "Or", "Over", "Past", "Plus", "Some", "Than", "The", "To", "Top", "Under", "Up", "Within",
    "With",
})  # fmt: skip


class KnowledgeError(LeadershipError, ValueError):
    """What the check needs to know cannot be read."""


def knowledge(root: Path, release: str, folder: Path | None = None) -> Knowledge:
    """Read the glossary, and what a release, the drafts and the worksheets beside it name.

    A page of the book is held to a frozen release by the build; this check lets it cite what a draft or a case that
    was begun brings too, so that it can be written before they are taken and frozen.

    Raises
    ------
    KnowledgeError
        If there is no glossary.
    """
    path = root / GLOSSARY
    if not path.is_file():
        raise KnowledgeError(f"{GLOSSARY} does not exist: terms cannot be checked without it")
    base = folder or data_folder()
    opened = [open_release(name, base) for name in dict.fromkeys((release, *drafts(base)))]
    rows = {table: list(_rows(opened, base / "worksheets", table)) for table in TABLES}
    designed = {
        row.get("source_id", "") for row in rows["evaluations"] if DESIGNS.search(row.get("design", ""))
    }
    return Knowledge(
        glossary_terms(path.read_text(encoding="utf-8")),
        frozenset(designed),
        frozenset(row.get("source_id", "") for row in rows["sources"]),
        frozenset(numbered_names(rows)),
    )


def _rows(releases: Iterable[Release], worksheets: Path, table: str) -> Iterator[Row]:
    """Yield the rows of a table in the releases, then those of every worksheet of that name."""
    for release in releases:
        if any(resource["name"] == table for resource in release.descriptor["resources"]):
            yield from release.saved_rows(table)
    for path in sorted(worksheets.glob(f"[!.]*/{table}.csv")):
        # What a spreadsheet spoilt is refused by the contract, by row and column; it stops no check of words.
        yield from read_loosely(path.read_bytes())


def numbered_names(rows: dict[str, list[Row]]) -> Iterator[str]:
    """Yield the names with a number in titles of indicators and sources, and units named so.

    Of ``Prueba Saber 11`` the shorter ``Saber 11`` is a name too.
    """
    titles = {row.get("title", "") for row in rows["indicators"]}
    titles |= {row.get(field, "") for row in rows["cases"] for field in ("title", "programme")}
    for title in titles:
        yield from (name for found in NAMED.finditer(title) for name in _forms(found[0]))
    for title in {row.get("title", "") for row in rows["sources"]}:
        for found in NAMED.finditer(title):
            if ENDED.match(title, found.end()):
                yield from _forms(found[0])
    for name in {row.get("name", "") for row in rows["units"]}:
        if re.search(r"\d", name) and re.search(r"[^\W\d]", name):
            yield name


def _forms(name: str) -> Iterator[str]:
    """Yield a name and its shorter forms, unless a word that counts stands before the number."""
    words = name.split(" ")
    first_of_number = next(
        place for place, word in enumerate(words) if re.search(r"\d", word) or word in ("Nº", "No.")
    )
    if words[first_of_number - 1] not in COUNTING:
        yield from (" ".join(words[start:]) for start in range(first_of_number))
