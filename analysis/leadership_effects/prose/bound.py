"""Look up the numbers that pages bind in what was run or published."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from leadership_effects.paths import published_folder, results_folder
from leadership_effects.prose.pages import NUM, OTHER, Page, Passage

ROLE = re.compile(r"\{(?:num|range)\}`+([^`]+)`+")


@dataclass
class Recorded:
    """Keys of the numbers of each notebook: of the last run, else as published.

    Attributes
    ----------
    releases : tuple of str
        Releases whose results are looked up, in this order.
    """

    releases: tuple[str, ...]
    _results: dict[str, dict[str, dict[str, object]]] = field(default_factory=dict)

    def results(self, notebook: str) -> dict[str, dict[str, object]]:
        """Return the results of a notebook in the first release that has any of it."""
        if notebook not in self._results:
            files = (path for name in self.releases for path in _files(name, notebook) if path.is_file())
            found = next(files, None)
            self._results[notebook] = (
                json.loads(found.read_text(encoding="utf-8"))["results"] if found else {}
            )
        return self._results[notebook]

    def keys(self, notebook: str) -> frozenset[str]:
        """Return the keys of a notebook in the first release that has results of it."""
        return frozenset(self.results(notebook))


def _files(release: str, notebook: str) -> Iterator[Path]:
    yield results_folder(release) / f"{notebook}.json"
    yield published_folder(release) / f"{notebook}.json"


def unchecked(pages: Iterable[Page], recorded: Recorded) -> list[str]:
    """Return a line on each notebook without results and each key no run recorded."""
    lines, waiting = list[str](), Counter[tuple[str, str]]()
    for page in pages:
        own = Path(page.path).stem if page.path.startswith("analysis/notebooks/") else ""
        for passage, place, name in bound_numbers(page):
            notebook, _, key = name.partition(".")
            if key in recorded.keys(notebook) or (own and name in recorded.keys(own)):
                continue
            of = own if own and not recorded.keys(notebook) else notebook
            if recorded.keys(of):
                lines.append(f"{passage.place(place)}: {name}: no run of {of} recorded it")
            else:
                waiting[page.path, of] += 1
    for (path, notebook), count in waiting.items():
        lines.append(f"{path}: {count} bound number(s) of {notebook}, which has no results here")
    return lines


def bound_numbers(page: Page) -> Iterator[tuple[Passage, int, str]]:
    """Yield passage, place and name of the numbers that a page binds."""
    for passage in page.passages:
        for found in ROLE.finditer(passage.shown):
            if passage.masked[found.start()] in NUM + OTHER:
                yield passage, found.start(), found[1].strip()


def report(lines: list[str]) -> str:
    """Return what was not checked of bound numbers, and who does; empty if all are known."""
    if not lines:
        return ""
    told = "a run of the notebook (nox -s notebooks -- NAME --release RELEASE) and then the build check them"
    return "\n".join(
        [
            "unchecked: bound numbers that are not known here are no finding;",
            f"  {told}",
            *(f"  {line}" for line in lines),
        ]
    )
