"""Read what a page may name and cite, from glossary, releases and worksheets.

No notebook needs to have run. A case that was begun is known by its worksheets, before and after they are taken.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path

from leadership_effects.csv_files import read_loosely
from leadership_effects.data.release import Release, drafts, open_release
from leadership_effects.data.rows import Row
from leadership_effects.data.vocabulary import place_name
from leadership_effects.errors import LeadershipError
from leadership_effects.paths import data_folder
from leadership_effects.prose.bound import Recorded
from leadership_effects.prose.pages import glossary_terms, page_paths
from leadership_effects.prose.rules import Knowledge, Place

GLOSSARY = "book/glossary.md"
DESIGNS = re.compile(
    "random|quasi|discontinuity|difference-in-differences|experiment|counterfactual from", re.IGNORECASE
)
TABLES = ("sources", "evaluations", "indicators", "units", "cases")
NOTEBOOKS = "analysis/notebooks/"
REPORT, KEY_IN_CODE = "analysis/leadership_effects/report", re.compile(r"\"([\w.{}]+)\"")
WORD_OF_CODE = re.compile(r"[^\W_]+")

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
    recorded = Recorded(tuple(dict.fromkeys((release, *reversed(drafts(base))))))
    code = {Path(page).stem: root / page for page in page_paths(root) if page.startswith(NOTEBOOKS)}
    keys = {notebook: recorded.keys(notebook) for notebook in code}
    return Knowledge(
        glossary_terms(path.read_text(encoding="utf-8")),
        frozenset(designed),
        frozenset(row.get("source_id", "") for row in rows["sources"]),
        frozenset(numbered_names(rows)),
        {row.get("case_id", ""): _place(row, recorded) for row in rows["cases"]},
        keys,
        {notebook: frozenset(_words_of_code(page)) for notebook, page in code.items()},
        frozenset(
            word
            for key in (*chain(*keys.values()), *_keys_in_code(root))
            for word in WORD_OF_CODE.findall(key)
        ),
    )


def _place(row: Row, recorded: Recorded) -> Place:
    """Return what a row of cases and the last run of its chapter say of a place."""
    title, years = row.get("title", ""), (row.get("start_year", ""), row.get("first_treated_year", ""))
    verdict = recorded.results(row.get("case_id", "")).get("verdict", {}).get("value", "")
    return Place(
        frozenset({title, place_name(title), row.get("country", "")} - {""}),
        frozenset(int(year) for year in years if year.isdigit()),
        str(verdict),
    )


def _keys_in_code(root: Path) -> Iterator[str]:
    """Yield what may be a key in the code under which chapters record their numbers."""
    for path in sorted((root / REPORT).rglob("*.py")):
        yield from KEY_IN_CODE.findall(path.read_text(encoding="utf-8"))


def _words_of_code(page: Path) -> Iterator[str]:
    """Yield the words of the code of a notebook, in which it names its keys."""
    for line in page.read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            yield from WORD_OF_CODE.findall(line)


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
