"""Read results files, figure files and the release's sources."""

import csv
import difflib
import json
import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

from sphinx.environment import BuildEnvironment

from leadership_book.sources import citations

SOURCE_COLUMNS = (
    "source_id", "title", "publisher", "year", "address", "licence", "how_read", "third_party_copy",
)  # fmt: skip


class UnknownName(LookupError):
    """A page names a result, figure or source that is not on file."""


@dataclass(frozen=True)
class Records:
    """Where one build finds its results and its release.

    Attributes
    ----------
    results : Path
        Folder of ``<notebook>.json`` and ``figures/<notebook>.<name>.json``.
    sources_file : Path
        ``sources.csv`` of the data release.
    release : str
        Data release that the results must carry.
    """

    results: Path
    sources_file: Path
    release: str

    @property
    def root(self) -> Path:
        """Return the top of the repository."""
        return self.sources_file.parents[2]

    def notebooks(self) -> list[str]:
        """Return the notebooks that left results, in alphabetical order."""
        return _stems(self.results)

    def notebook_file(self, notebook: str) -> Path:
        """Return the results file of a notebook."""
        return self.results / f"{notebook}.json"

    def figure_file(self, name: str) -> Path:
        """Return the file of a figure, named ``<notebook>.<figure>``."""
        return self.results / "figures" / f"{name}.json"

    def notebook(self, name: str) -> dict[str, Any]:
        """Return the results record of a notebook."""
        path = self.notebook_file(name)
        if not path.is_file():
            raise unknown("notebook", name, _stems(self.results))
        record = read_json(path)
        if record.get("release") != self.release:
            raise UnknownName(
                f'results of "{name}" are of release {record.get("release")!r}, '
                f"the book is set to {self.release!r}"
            )
        return record

    def result(self, name: str) -> dict[str, Any]:
        """Return one result, named ``<notebook>.<key>``."""
        notebook, _, key = name.partition(".")
        results: dict[str, dict[str, Any]] = self.notebook(notebook)["results"]
        if key not in results:
            raise unknown("result", name, (f"{notebook}.{known}" for known in results))
        return results[key]

    def full_name(self, name: str, page: str) -> str:
        """Return ``<notebook>.<key>`` of a result as a page names it.

        A key without a notebook's name before its first full stop is one of the page's own notebook.

        Raises
        ------
        UnknownName
            If the page's notebook has no such key, or has it and another notebook's name begins it.
        """
        notebook = name.partition(".")[0]
        named = self.notebook_file(notebook).is_file()
        own = self.notebook_of(page)
        if own is None:
            return name
        keys = self.notebook(own)["results"]
        if named and name in keys:
            raise UnknownName(
                f'ambiguous result "{name}": a key of this page begins with the name of notebook "{notebook}"; '
                f"write {own}.{name}"
            )
        if not named and name not in keys:
            raise unknown("result", name, [*keys, *(f"{other}.{name}" for other in self.notebooks())])
        return name if named else f"{own}.{name}"

    def notebook_of(self, page: str) -> str | None:
        """Return the notebook that a page was made from, None if it is none."""
        name = page.rpartition("/")[2]
        source = f"analysis/notebooks/{page.removeprefix('book/')}.py"
        made = self.notebook_file(name).is_file() and self.notebook(name)["source"] == source
        return name if made else None

    def figure(self, name: str) -> dict[str, Any]:
        """Return one figure record."""
        path = self.figure_file(name)
        if not path.is_file():
            raise unknown("chart", name, _stems(self.results / "figures"))
        return read_json(path)

    def sources(self) -> dict[str, dict[str, str]]:
        """Return the release's sources by id; not to be changed."""
        read_table(self.sources_file, SOURCE_COLUMNS)
        return read_sources(self.sources_file)

    def cited_as(self, source_id: str) -> str:
        """Return how a sentence cites a source."""
        self.source(source_id)
        return read_citations(self.sources_file)[source_id]

    def source(self, source_id: str) -> dict[str, str]:
        """Return one source."""
        known = self.sources()
        if source_id not in known:
            raise unknown("source", source_id, known)
        return known[source_id]


def records(env: BuildEnvironment) -> Records:
    """Return the records that this build reads.

    The environment variable ``LEADERSHIP_RESULTS`` wins over ``lb_results``;
    relative folders count from the book's root.
    """
    root = Path(env.srcdir)
    release = env.config.lb_release
    folder = os.environ.get("LEADERSHIP_RESULTS") or env.config.lb_results or f"_build/results/{release}"
    return Records(root / folder, root / "data" / release / "sources.csv", release)


def unknown(kind: str, name: str, known: Iterable[str]) -> UnknownName:
    """Return an error that names the nearest known names."""
    near = difflib.get_close_matches(name, list(known), n=3, cutoff=0.4)
    hint = f"; nearest: {', '.join(near)}" if near else "; nothing near it is on file"
    return UnknownName(f'unknown {kind} "{name}"{hint}')


T = TypeVar("T")


def once(read: Callable[[Path], T]) -> Callable[[Path], T]:
    """Read a file once for each state of it."""

    @lru_cache(maxsize=256)
    def remembered(path: Path, changed: int) -> T:
        return read(path)

    return lambda path: remembered(path, path.stat().st_mtime_ns)


@once
def read_json(path: Path) -> dict[str, Any]:
    """Read a JSON object."""
    try:
        record: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except json.JSONDecodeError as error:
        raise UnknownName(f"{path.name} is not valid JSON: {error}") from error
    return record


@once
def read_rows(path: Path) -> tuple[dict[str, str], ...]:
    """Read a table of the release."""
    with path.open(encoding="utf-8", newline="") as stream:
        return tuple(csv.DictReader(stream))


@once
def read_sources(path: Path) -> dict[str, dict[str, str]]:
    """Read the sources of the release by id."""
    return {row["source_id"]: row for row in read_rows(path)}


@once
def read_citations(path: Path) -> dict[str, str]:
    """Read how sentences cite the sources of the release."""
    return citations(read_sources(path))


def read_table(path: Path, columns: Iterable[str]) -> tuple[dict[str, str], ...]:
    """Read a table of the release that must have some columns.

    Raises
    ------
    UnknownName
        If the file or a column is missing.
    """
    if not path.is_file():
        raise UnknownName(f"release {path.parent.name} has no file {path.name}")
    rows = read_rows(path)
    if missing := sorted(set(columns) - set(rows[0] if rows else columns)):
        raise UnknownName(f"{path.name} lacks columns: {', '.join(missing)}")
    return rows


def _stems(folder: Path) -> list[str]:
    return sorted(path.stem for path in folder.glob("*.json"))
