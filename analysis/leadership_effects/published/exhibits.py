"""Lock the rows that figures and tables show, and compare a run with them.

A figure's rows are those it was drawn from, as offered for download. A table's rows are what a reader reads in its
cells, taken from the executed notebook, so that every table counts, whichever function made it.
"""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from leadership_effects.build.jobs import Job, plan_jobs
from leadership_effects.data.release import Release
from leadership_effects.files import write_whole
from leadership_effects.paths import ROOT, exhibits_folder, results_folder
from leadership_effects.published.tolerance import same_number

FIGURE, TABLE = "figure", "table"


@dataclass(frozen=True)
class Exhibit:
    """A figure or a table.

    Attributes
    ----------
    kind : str
        ``figure`` or ``table``.
    key : str
        ``<notebook>.<figure>``, or ``<notebook>.table-<number>`` counted down the page.
    title : str
        Title of a figure, caption of a table.
    columns : tuple of str
    rows : tuple of tuple
        Values drawn, or cells as printed.
    line : int or None
        Line of the notebook's source that makes it; not locked, since it moves with any edit.
    """

    kind: str
    key: str
    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]
    line: int | None = None


def run_exhibits(job: Job) -> list[Exhibit]:
    """Return the figures and tables that a job made, figures first."""
    return [*_figures(job), *_tables(job)]


def _figures(job: Job) -> Iterator[Exhibit]:
    folder = results_folder(job.parameters["release"]) / "figures"
    for path in sorted(folder.glob(f"{job.name}.*.json")):
        content = json.loads(path.read_text(encoding="utf-8"))
        rows = tuple(map(tuple, content["rows"]))
        yield Exhibit(FIGURE, path.stem, content["title"], tuple(content["columns"]), rows, content["line"])


def _tables(job: Job) -> Iterator[Exhibit]:
    from bs4 import BeautifulSoup

    source = (ROOT / job.source).read_text(encoding="utf-8")
    notebook = json.loads((ROOT / job.target).read_text(encoding="utf-8"))
    number = 0
    for cell in notebook["cells"]:
        for output in cell.get("outputs", []):
            markup = "".join(output.get("data", {}).get("text/html", ""))
            if "table-scroll" not in markup:
                continue
            for table in BeautifulSoup(markup, "html.parser").select(".table-scroll > table"):
                if table.find_parent("figure") is None:
                    number += 1
                    yield _table(f"{job.name}.table-{number:02d}", table, _line(source, cell))


def _table(key: str, table: Any, line: int | None) -> Exhibit:
    title = table.caption.get_text() if table.caption else table.parent.get("aria-label", "")
    columns = tuple(cell.get_text() for cell in table.select("thead th"))
    rows = tuple(tuple(_texts(row)) for row in table.select("tbody tr"))
    return Exhibit(TABLE, key, title, columns, rows, line)


def _texts(row: Any) -> Iterator[str]:
    """Yield the text of each column; those that a wider cell spans are empty."""
    for cell in row.select("th, td"):
        yield cell.get_text()
        yield from [""] * (int(cell.get("colspan", 1)) - 1)


def _line(source: str, cell: dict[str, Any]) -> int | None:
    """Return the line of a cell's last statement, whose value is shown."""
    text = "".join(cell["source"]).strip("\n")
    before, found, _ = source.partition(text)
    if not found:
        return None
    return before.count("\n") + ast.parse(text).body[-1].lineno


def locked_exhibits(release: str, notebook: str) -> list[Exhibit]:
    """Return the locked figures and tables of a notebook; none if nothing is locked."""
    path = exhibits_folder(release) / f"{notebook}.json"
    if not path.is_file():
        return []
    return [
        Exhibit(e["kind"], e["key"], e["title"], tuple(e["columns"]), tuple(map(tuple, e["rows"])))
        for e in json.loads(path.read_text(encoding="utf-8"))["exhibits"]
    ]


def locked_inputs(release: str) -> dict[str, str]:
    """Return the checksum of each release file behind the locked results."""
    found: dict[str, str] = {}
    for path in sorted(exhibits_folder(release).glob("*.json")):
        found |= json.loads(path.read_text(encoding="utf-8"))["inputs"]
    return dict(sorted(found.items()))


def lock_exhibits(release: Release) -> int:
    """Lock what the figures and tables of the last run show; return how many."""
    folder, count = exhibits_folder(release.name), 0
    folder.mkdir(parents=True, exist_ok=True)
    jobs = {job.name: job for job in plan_jobs(release)}
    for name, job in jobs.items():
        results = json.loads((results_folder(release.name) / f"{name}.json").read_text(encoding="utf-8"))
        exhibits = run_exhibits(job)
        count += len(exhibits)
        _write(folder / f"{name}.json", results["inputs"], exhibits)
    for path in folder.glob("*.json"):
        if path.stem not in jobs:
            path.unlink()
    return count


def _write(path: Path, inputs: dict[str, str], exhibits: list[Exhibit]) -> None:
    """Write one row a line, so that a change shows as the rows that changed."""
    shown = []
    for exhibit in exhibits:
        head = {"kind": exhibit.kind, "key": exhibit.key, "title": exhibit.title, "columns": exhibit.columns}
        rows = ",\n".join(f"   {json.dumps(row, ensure_ascii=False)}" for row in exhibit.rows)
        shown.append(f'{json.dumps(head, ensure_ascii=False)[:-1]}, "rows": [\n{rows}\n  ]}}')
    text = f'{{"inputs": {json.dumps(dict(sorted(inputs.items())), indent=1)},\n"exhibits": [\n'
    write_whole(path, text + ",\n".join(shown) + "\n]}\n")


def exhibit_faults(fresh: list[Exhibit], locked: list[Exhibit]) -> dict[str, list[str]]:
    """Return the differences of each figure and table from the locked one, by key."""
    new, old = _paired(fresh, locked)
    faults: dict[str, list[str]] = {}
    for key in dict.fromkeys([*old, *new]):
        if key not in new or key not in old:
            faults[key] = ["no longer made" if key in old else "not among the published"]
        else:
            faults[key] = list(_faults(new[key], old[key]))
    return faults


def _paired(fresh: list[Exhibit], locked: list[Exhibit]) -> tuple[dict[str, Exhibit], dict[str, Exhibit]]:
    """Return both by key; fresh tables are paired by caption if their number changed."""
    new, old = {e.key: e for e in fresh}, {e.key: e for e in locked}
    tables = [[e for e in side if e.kind == TABLE] for side in (fresh, locked)]
    if len(tables[0]) != len(tables[1]):
        by_title: dict[str, list[str]] = {}
        for exhibit in tables[1]:
            by_title.setdefault(exhibit.title, []).append(exhibit.key)
        new = {e.key: e for e in fresh if e.kind == FIGURE}
        for exhibit in tables[0]:
            waiting = by_title.get(exhibit.title)
            new[waiting.pop(0) if waiting else f"{exhibit.key} (new)"] = exhibit
    return new, old


def _faults(new: Exhibit, old: Exhibit) -> Iterator[str]:
    if new.title != old.title:
        yield f"title {new.title!r} now, {old.title!r} published"
    if new.columns != old.columns:
        yield f"columns {', '.join(new.columns)} now, {', '.join(old.columns)} published"
    elif len(new.rows) != len(old.rows):
        yield f"{len(new.rows)} rows now, {len(old.rows)} published"
    elif list(map(len, new.rows)) != list(map(len, old.rows)):
        yield "rows hold other numbers of cells now"
    else:
        moved = [
            (row, column, a, b)
            for row, (left, right) in enumerate(zip(new.rows, old.rows, strict=True), 1)
            for column, a, b in zip(new.columns, left, right, strict=True)
            if not same_number(a, b)
        ]
        if moved:
            row, column, a, b = moved[0]
            yield f"{len(moved)} cell(s); the first in row {row}, {column}: {a} now, {b} published"
