"""Check that each translation was looked at since its English last changed.

A translation names its ``language`` and, with ``translates``, the English page in its front matter: all of a page, or of a
case the first screen. ``book/translations.yml`` holds for each one when it was looked at, its standing, and a digest of
every English passage as it was then. A translation binds the numbers, cites the sources and shows the charts of the English.
"""

from __future__ import annotations

import argparse
import hashlib
import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from leadership_effects.errors import LeadershipError, run_command
from leadership_effects.paths import ROOT
from leadership_effects.prose.pages import chart_passages

RECORD = "book/translations.yml"
HEAD = """\
# When each translation was last looked at beside the English, and by whom. `standing` is machine (translated by machine, not
# yet read by a speaker) or speaker (read by one). `passages` are digests of the English, with its first words. After a change
# of the English: correct the translation, then nox -s translations -- --looked-at <page>, which writes this file.
"""
STANDINGS = ("machine", "speaker")
FIELDS = ("page", "looked_at", "standing", "passages")
EVIDENCE = "```{evidence}"
WORDS, DIGITS = 6, 12
FRONT = re.compile(r"\A---\n(.*?)\n---\n", re.DOTALL)
PASSAGE = re.compile(r"\n\s*\n|\n(?=- )")
BOUND = re.compile(r"\{(?:num|range)\}`([^`]+)`")
CITED = re.compile(r"\{src\}`([^`]+)`")
CHART = re.compile(r"\{(?:chart|picture)\} (\S+)")
OWN_WORDS = "verdict_why"  # a sentence of the registry in English: a translation says it with its numbers


class TranslationError(LeadershipError, ValueError):
    """The record of translations or the front matter of one is malformed."""


@dataclass(frozen=True)
class Translation:
    """Page in another language and the English that it translates.

    Attributes
    ----------
    page : str
        Path below the repository.
    english : str
        Page or notebook source that it translates.
    text, original : str
        What both say, without front matter; of a case the first screen.
    first : int
        Line of the English file on which ``original`` begins.
    chart : dict
        Title, subtitle and caption of the charts of a case's first screen as typed there, with their lines.
    """

    page: str
    english: str
    text: str
    original: str
    first: int
    chart: dict[str, int]

    @property
    def passages(self) -> dict[str, str]:
        """Return the English passages by digest, in order."""
        parts = (" ".join(part.split()) for part in [*PASSAGE.split(self.original), *self.chart])
        return {hashlib.sha256(part.encode()).hexdigest()[:DIGITS]: part for part in parts if part}

    def line(self, passage: str) -> int:
        """Return the line of the English file on which a passage begins."""
        if passage in self.chart:
            return self.chart[passage]
        found = re.search(r"\s+".join(map(re.escape, passage.split())), self.original)
        return self.first + (self.original.count("\n", 0, found.start()) if found else 0)

    def named(self, name: str) -> bool:
        """Return whether a name is that of the page or of its English, in full or in short."""
        paths = (Path(self.page), Path(self.english))
        return name in {word for path in paths for word in (str(path), path.stem)}


def translations(root: Path = ROOT) -> list[Translation]:
    """Return the translations below ``book`` by path."""
    found = (read(root, path.relative_to(root).as_posix()) for path in sorted((root / "book").rglob("*.md")))
    return [one for one in found if one]


def read(root: Path, page: str) -> Translation | None:
    """Read a page if it is a translation.

    Raises
    ------
    TranslationError
        If it names no language, or an English page that does not exist.
    """
    written = (root / page).read_text(encoding="utf-8")
    front = FRONT.match(written)
    told = (yaml.safe_load(front[1]) if front else None) or {}
    if "translates" not in told:
        return None
    name = str(told["translates"])
    source = f"analysis/notebooks/{name.removeprefix('book/')}.py"
    english = next((path for path in (f"{name}.md", source) if (root / path).is_file()), None)
    if english is None or not told.get("language"):
        raise TranslationError(f"{page}: front matter needs language, and translates: a page, found {name!r}")
    text = (root / english).read_text(encoding="utf-8")
    if english.endswith(".md"):
        return Translation(page, english, body(written)[0], *body(text), {})
    original, first = first_screen(text)
    return Translation(
        page, english, body(written)[0], original, first, dict(said_by_charts(english, text, original))
    )


def body(text: str) -> tuple[str, int]:
    """Return a page without its front matter, and the line on which it begins."""
    start = found.end() if (found := FRONT.match(text)) else 0
    return text[start:], text.count("\n", 0, start) + 1


def first_screen(text: str) -> tuple[str, int]:
    """Return the text of a notebook above its evidence, and the line on which it begins."""
    lines = text.partition(EVIDENCE)[0].split("\n")
    start = next((number for number, line in enumerate(lines) if line.startswith("# # ")), 0)
    return "\n".join(line.removeprefix("#").removeprefix(" ") for line in lines[start:]), start + 1


def said_by_charts(english: str, text: str, original: str) -> Iterator[tuple[str, int]]:
    """Yield what is typed of the charts of a first screen, and its line.

    What is computed is left out.
    """
    shown = {name.rpartition(".")[2] for name in CHART.findall(original)}
    for passage in chart_passages(english, text):
        if passage.name in shown and passage.section != "says":
            yield " ".join(f"{passage.section} of the chart: {passage.shown}".split()), passage.line


def recorded(root: Path = ROOT) -> dict[str, dict[str, Any]]:
    """Return the entries of the record by page.

    Raises
    ------
    TranslationError
        Naming the entry and the field that is missing or not allowed.
    """
    path = root / RECORD
    listed = (yaml.safe_load(path.read_text(encoding="utf-8")) if path.is_file() else None) or []
    for number, entry in enumerate(listed, 1):
        if not isinstance(entry, dict) or set(entry) != set(FIELDS):
            raise TranslationError(f"{RECORD}: entry {number} needs the fields {', '.join(FIELDS)}")
        if entry["standing"] not in STANDINGS:
            allowed = ", ".join(STANDINGS)
            raise TranslationError(
                f"{RECORD}: {entry['page']}: standing {entry['standing']!r}; allowed: {allowed}"
            )
        try:
            date.fromisoformat(str(entry["looked_at"]))
        except ValueError as error:
            raise TranslationError(
                f"{RECORD}: {entry['page']}: looked_at: {error}; allowed: YYYY-MM-DD"
            ) from error
    return {entry["page"]: entry for entry in listed}


def problems(root: Path = ROOT) -> list[str]:
    """Return what is wrong with the translations, a sentence each with what to do."""
    entries, known = recorded(root), translations(root)
    lost = sorted(set(entries) - {one.page for one in known})
    found = [
        f"{RECORD}: {page} is no page with translates in its front matter; take the entry out"
        for page in lost
    ]
    for one in known:
        found += [*outdated(one, entries.get(one.page)), *unbound(one)]
    return found


def outdated(one: Translation, entry: dict[str, Any] | None) -> Iterator[str]:
    """Yield the English passages that changed since a translation was looked at."""
    answer = f"correct {one.page}, then nox -s translations -- --looked-at {Path(one.page).stem}"
    if entry is None:
        yield f"{one.page}: {RECORD} does not say when it was looked at; {answer}"
        return
    before = dict(str(line).split(" ", 1) for line in entry["passages"])
    since = f"since {entry['looked_at']}"
    for digest, passage in one.passages.items():
        if digest not in before:
            yield f"{one.english}:{one.line(passage)}: “{begin(passage)} …” is new or changed {since}; {answer}"
    if set(one.passages) < set(before):
        for digest in set(before) - set(one.passages):
            yield f"{one.english}: “{before[digest]} …” is gone {since}; {answer}"


def unbound(one: Translation) -> Iterator[str]:
    """Yield the numbers, sources and charts of the English that a translation lacks."""
    notebook = f"{Path(one.english).stem}." if one.english.endswith(".py") else ""
    for pattern, own, role in ((BOUND, notebook, "num"), (CITED, "", "src"), (CHART, "", "chart")):
        lacking = names(pattern, one.original, own) - names(pattern, one.text, "")
        for name in sorted(lacking):
            if not name.endswith(OWN_WORDS):
                yield f"{one.page}: lacks {{{role}}} {name}, which {one.english} shows; take it into the translation"


def names(pattern: re.Pattern[str], text: str, notebook: str) -> set[str]:
    """Return the names in roles and directives, those of a notebook's own numbers in full."""
    found = {name.strip() for part in pattern.findall(text) for name in part.split(",")}
    return {name if name.startswith(notebook) else f"{notebook}{name}" for name in found}


def begin(passage: str) -> str:
    """Return the first words of a passage."""
    return " ".join(passage.split()[:WORDS])


def look_at(chosen: Sequence[str], standing: str, day: date, root: Path = ROOT) -> list[str]:
    """Record that translations were looked at on a day; return their pages.

    Raises
    ------
    TranslationError
        If a name is that of no translation.
    """
    entries, known = recorded(root), translations(root)
    looked_at = [one for one in known if any(map(one.named, chosen))]
    for name in chosen:
        if not any(one.named(name) for one in known):
            allowed = ", ".join(Path(one.page).stem for one in known)
            raise TranslationError(f"{name!r} is no translation; allowed: {allowed}, or the English page")
    for one in looked_at:
        kept = entries.get(one.page, {}).get("standing", STANDINGS[0])
        entries[one.page] = {
            "page": one.page,
            "looked_at": day.isoformat(),
            "standing": standing or kept,
            "passages": [f"{digest} {begin(passage)}" for digest, passage in one.passages.items()],
        }
    listed = [entries[one.page] for one in known if one.page in entries]
    text = yaml.safe_dump(listed, sort_keys=False, allow_unicode=True, width=120)
    (root / RECORD).write_text(HEAD + text, encoding="utf-8")
    return [one.page for one in looked_at]


def report(found: Iterable[str]) -> str:
    """Return the problems, a line each, and their number."""
    lines = list(found)
    return "\n".join([*lines, f"translations: {len(lines)} to look at"])


def main(arguments: list[str] | None = None) -> int:
    """Say which translations are behind the English, or record that some were looked at."""
    parser = argparse.ArgumentParser(prog="nox -s translations --", description=main.__doc__)
    parser.add_argument(
        "--looked-at", nargs="+", default=[], metavar="PAGE", help="page, its name, or its English"
    )
    parser.add_argument(
        "--standing", default="", choices=["", *STANDINGS], help="who has read it; kept by default"
    )
    chosen = parser.parse_args(arguments)

    def run() -> int:
        if chosen.looked_at:
            print("\n".join(look_at(chosen.looked_at, chosen.standing, date.today())))
        found = problems()
        print(report(found))
        return 1 if found else 0

    return run_command(run, "translations: ", failed=2)


if __name__ == "__main__":
    sys.exit(main())
