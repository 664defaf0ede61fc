"""Compare a run with the published results, item by item: Same or Differs."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from leadership_effects.build.jobs import Job
from leadership_effects.paths import published_folder, results_folder
from leadership_effects.published.exhibits import Exhibit, exhibit_faults, locked_exhibits, run_exhibits
from leadership_effects.published.results import figure_faults, number_faults

NUMBER = "number"
NOT_RUN = "not computed: its notebook did not run to the end"


@dataclass(frozen=True)
class ItemComparison:
    """Comparison of one published number, figure or table with a run.

    Attributes
    ----------
    kind : str
        ``number``, ``figure`` or ``table``.
    key : str
        ``<notebook>.<key>``.
    title : str
        Meaning of a number, title of a figure, caption of a table.
    rows : int
        Release rows behind a number, rows of a figure or table.
    line : int or None
        Line of the notebook's source that makes it.
    faults : tuple of str
        In what it differs; none if it is the same.
    value : str
        A number now, as it was computed; empty for figures and tables.
    """

    kind: str
    key: str
    title: str
    rows: int
    line: int | None
    faults: tuple[str, ...]
    value: str = ""

    @property
    def same(self) -> bool:
        """Return whether the run gives what is published."""
        return not self.faults

    @property
    def verdict(self) -> str:
        """Return ``Same`` or ``Differs``."""
        return "Same" if self.same else "Differs"


def judge(job: Job) -> list[ItemComparison]:
    """Compare everything that is published of a notebook or that its run has made."""
    release = job.parameters["release"]
    locked = _read(published_folder(release) / f"{job.name}.json")
    shown = locked_exhibits(release, job.name)
    path = results_folder(release) / f"{job.name}.json"
    if not path.is_file():
        return list(_missing(job.name, locked, shown))
    fresh, exhibits = _read(path), run_exhibits(job)
    verdicts = [
        _number(job.name, key, fresh["results"].get(key) or locked["results"][key], faults)
        for key, faults in number_faults(fresh, locked).items()
    ]
    by_key = {exhibit.key: exhibit for exhibit in [*shown, *exhibits]}
    drawn = {f"{job.name}.{name}" for name, faults in figure_faults(fresh, locked).items() if faults}
    exact = {e.key: e.rows for e in shown}
    for key, faults in exhibit_faults(exhibits, shown).items():
        exhibit = by_key.get(key) or by_key[key.removesuffix(" (new)")]
        if key in drawn and not faults:
            faults = list(_drawing(fresh, locked, key.partition(".")[2], exhibit.rows == exact[key]))
        verdicts.append(
            ItemComparison(exhibit.kind, key, exhibit.title, len(exhibit.rows), exhibit.line, tuple(faults))
        )
    return verdicts


def _read(path: Path) -> dict[str, Any]:
    """Return the results of a notebook; empty ones if nothing of it is published."""
    if not path.is_file():
        return {"notebook": path.stem, "results": {}, "figures": {}}
    content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return content


def _number(notebook: str, key: str, result: dict[str, Any], faults: list[str]) -> ItemComparison:
    meaning, rows = result["meaning"], result["n_rows"]
    place = (result.get("line"), tuple(faults), str(result["value"]))
    return ItemComparison(NUMBER, f"{notebook}.{key}", meaning, rows, *place)


def _missing(notebook: str, locked: dict[str, Any], shown: list[Exhibit]) -> Iterator[ItemComparison]:
    for key, result in sorted(locked["results"].items()):
        yield _number(notebook, key, result, [NOT_RUN])
    for exhibit in shown:
        yield ItemComparison(exhibit.kind, exhibit.key, exhibit.title, len(exhibit.rows), None, (NOT_RUN,))


def _drawing(fresh: dict[str, Any], locked: dict[str, Any], figure: str, same_rows: bool) -> Iterator[str]:
    """Yield how texts and drawing of a figure differ; of other rows, the texts alone."""
    new, old = (run["figures"].get(figure, {}) for run in (fresh, locked))
    words = [word for word in ("title", "caption", "description") if new.get(word) != old.get(word)]
    for word in words:
        yield f"{word} {new.get(word)!r} now, {old.get(word)!r} published"
    if not words and same_rows:
        yield "the same rows, drawn in another way"


def published_keys(release: str, notebook: str) -> set[str]:
    """Return the keys of numbers, figures and tables that are published of a notebook."""
    results = _read(published_folder(release) / f"{notebook}.json")["results"]
    return {f"{notebook}.{key}" for key in results} | {e.key for e in locked_exhibits(release, notebook)}
