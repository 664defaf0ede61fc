"""Builds measured: the whole book beside Jupyter Book, what is built again, one worker and two, ten times the cases."""

from __future__ import annotations

import csv
import json
import os
import re
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path

import yaml
from leadership_effects.build.workers import WORKERS
from leadership_effects.data.dictionary import freeze

from benchmarks.copies import ADDED, EXECUTED, JupyterBook, OurBook, Run, Scratch
from benchmarks.findings import BenchError, Check, Comparison, Finding, Side, Target

OURS = f"this pipeline, {WORKERS} workers"
FORCE = "Jupyter Book, execute_notebooks: force"
CACHE = "Jupyter Book, execute_notebooks: cache"
COPIES = 10
NOTEBOOKS = ("notebooks: running", "site: compiling")  # lines between which the notebooks run


def seconds(runs: list[Run]) -> tuple[float, ...]:
    """Return the times of runs."""
    return tuple(run.seconds for run in runs)


def builds(folder: Path, repeat: int) -> Iterator[Finding]:
    """Measure whole builds from nothing, then what each side does after the same changes."""
    whole: list[Run] = []
    forced: list[Run] = []
    cached: list[Run] = []
    notebooks: list[float] = []
    for number in range(repeat):
        ours = OurBook(folder / f"ours-{number}")
        force = JupyterBook(folder / f"force-{number}", "force")
        cache = JupyterBook(folder / f"cache-{number}", "cache")
        for book, runs in ((ours, whole), (force, forced), (cache, cached)):
            runs.append(book.compile())
            say(f"{type(book).__name__} {getattr(book, 'mode', '')}", runs[-1])
        notebooks.append(whole[-1].between(*NOTEBOOKS))
        for other, run in ((force, forced[-1]), (cache, cached[-1])):
            check_same_work(ours, other, run)
    count = len(ours.jobs())
    yield Comparison(
        "whole_build", "build", "Whole build from nothing",
        f"{count} notebooks and the site, nothing there before. Ours: check of the data, notebooks, site, swap. "
        "Jupyter Book: notebooks one after another as it reads the pages, and the same site; no check of the data. "
        "Same notebooks, pages, theme and environment; both leave the same numbers and the same charts.",
        Side(OURS, seconds(whole)), Side(FORCE, seconds(forced)), target=Target("ratio", most=0.6),
    )  # fmt: skip
    yield Comparison(
        "whole_build_cache", "build", "Whole build from nothing, filling a cache",
        f"As above; Jupyter Book also fills its cache (jupyter-cache) with the {count} executed notebooks.",
        Side(OURS, seconds(whole)), Side(CACHE, seconds(cached)),
    )  # fmt: skip
    yield Comparison(
        "notebooks_share", "build", "Notebooks within the whole build",
        "Ours alone: the seconds in which notebooks run, against the whole build; the rest checks and compiles.",
        Side("notebooks", tuple(notebooks)), Side("whole build", seconds(whole)),
    )  # fmt: skip
    yield Check(
        "same_work", "build",
        f"Jupyter Book ran all {count} notebooks without an error and left the numbers and charts that ours left.", True,
    )  # fmt: skip
    yield from again(ours, force, cache, forced)


def check_same_work(ours: OurBook, other: JupyterBook, run: Run) -> None:
    """See that Jupyter Book executed every notebook, and that numbers and charts are those of ours.

    Raises
    ------
    BenchError
        If not.
    """
    executed = len(EXECUTED.findall(run.text()))
    if executed != len(ours.jobs()):
        raise BenchError(f"{other.mode}: {executed} notebooks executed, wanted {len(ours.jobs())}")
    if other.results() != ours.results():
        raise BenchError(f"{other.mode}: Jupyter Book left other results")
    if other.charts() != ours.charts() or not sum(ours.charts().values()):
        raise BenchError(f"{other.mode}: {other.charts()} charts on the pages, ours {ours.charts()}")


def again(ours: OurBook, force: JupyterBook, cache: JupyterBook, forced: list[Run]) -> Iterator[Finding]:
    """Measure what each side does when nothing, a notebook or a row of data changed."""
    same = [ours.compile() for _ in range(3)]
    idle = [cache.compile() for _ in range(3)]
    say("nothing changed", same[-1])
    yield Comparison(
        "unchanged", "build", "Build with nothing changed",
        "Ours: every file of data, notebooks, results and site is read and compared. Jupyter Book with its cache: "
        "times of files and the text of cells are compared; data are not looked at. Medians of three.",
        Side(OURS, seconds(same)), Side(CACHE, seconds(idle)), target=Target("first", most=5.0),
    )  # fmt: skip
    case = middle_case(ours)
    for book in (ours, cache):
        book.add_cell(case)
    edited, edited_there = ours.compile(), cache.compile()
    say("notebook edited", edited)
    for book in (ours, cache):
        if ADDED not in book.page(case).read_text(encoding="utf-8"):
            raise BenchError(f"{book.root.name}: the edit of {case} is not on its page")
    yield Comparison(
        "edit", "build", "Build after one cell was added to one case",
        f"The notebook of {case}, in the middle by time; its numbers stay. Ours: that notebook, and the whole site "
        "compiled beside the old one and swapped in. Jupyter Book with its cache: that notebook, its page and what the "
        "theme renews, in place.",
        Side(OURS, (edited.seconds,)), Side(CACHE, (edited_there.seconds,)),
    )  # fmt: skip
    yield from after_a_row(ours, force, cache, forced)


def after_a_row(
    ours: OurBook, force: JupyterBook, cache: JupyterBook, forced: list[Run]
) -> Iterator[Finding]:
    """Measure and judge what each side does when one row of data changed."""
    case = first_tested(ours)
    before = ours.printed(case)
    for book in (ours, cache):
        book.change_row(case)
    moved, moved_there = ours.compile(), cache.compile()
    say("row changed", moved)
    after = ours.printed(case)
    changed = {key for key in before if after.get(key) != before[key]}
    if not changed:
        raise BenchError(f"{case}: the row that was changed moves no printed number")
    there = cache.printed(case)
    stale = [key for key in changed if there.get(key) == before[key]]
    yield Comparison(
        "data_change", "build", "Build after one row of data changed",
        f"One outcome of {case}, frozen anew. Ours: check of the data, the notebook, the chapters that read its results, "
        "the site. Jupyter Book with its cache: what it then does, which leaves the old numbers.",
        Side(OURS, (moved.seconds,)), Side(CACHE, (moved_there.seconds,)),
    )  # fmt: skip
    yield Check(
        "data_change_there", "build",
        f"Jupyter Book with its cache prints the new numbers after the row changed: {len(changed) - len(stale)} of the "
        f"{len(changed)} that moved on the page are new; cells decide, data do not.", not stale, ours=False,
    )  # fmt: skip
    yield Check(
        "data_change_here",
        "build",
        f"Ours prints the new numbers after the row changed: {len(changed)} moved.",
        True,
    )
    yield Comparison(
        "data_change_right", "build", "Until the new numbers are right after one row of data changed",
        "Ours as above. Jupyter Book: everything run again, the time of its whole build in this run, since nothing less "
        "is safe without knowing what reads the row.",
        Side(OURS, (moved.seconds,)), Side(FORCE, seconds(forced)),
    )  # fmt: skip


def case_seconds(book: Scratch) -> dict[str, float]:
    """Return the seconds of each case in the last run of the copy."""
    known = json.loads((book.build / "seconds.json").read_text(encoding="utf-8"))
    return {case: known[case] for case in book.release.plan["cases"]}


def middle_case(book: Scratch) -> str:
    """Return the case in the middle by time."""
    took = case_seconds(book)
    return sorted(took, key=lambda case: (took[case], case))[len(took) // 2]


def first_tested(book: Scratch) -> str:
    """Return the first case of the plan with a primary panel on outcomes of its own.

    Raises
    ------
    BenchError
        If there is none.
    """
    release = book.release
    tables = {resource["name"] for resource in release.descriptor["resources"]}
    for case, entry in release.plan["cases"].items():
        if entry["primary"] and f"outcomes-{case}" in tables:
            return str(case)
    raise BenchError("no case has a primary panel on outcomes of its own")


def workers(folder: Path, repeat: int) -> Iterator[Finding]:
    """Run all notebooks with one worker and with two, from nothing."""
    runs: dict[int, list[Run]] = {1: [], 2: []}
    for number in range(repeat):
        for count, done in runs.items():
            book = OurBook(folder / f"workers-{count}-{number}")
            done.append(book.module("build.run", "--workers", str(count)))
            say(f"{count} worker(s)", done[-1])
    cores = os.cpu_count() or 1
    yield Comparison(
        "workers", "workers", "All notebooks with one worker and with two",
        "Notebooks alone, from nothing, without check of the data and site. The target counts where "
        "two cores are free.",
        Side("one worker", seconds(runs[1])), Side("two workers", seconds(runs[2])),
        target=Target("ratio", least=1.5), note="" if cores > 1 else "this machine has one core",
    )  # fmt: skip


def cases(folder: Path, repeat: int, copies: int = COPIES) -> Iterator[Finding]:
    """Run every case, then ten times as many: each case under ten names."""
    few, many = [], []
    for number in range(repeat):
        book = OurBook(folder / f"cases-{number}")
        names = list(book.release.plan["cases"])
        added = replicate(book, copies)
        few.append(book.module("build.run", "--force", *names))
        say(f"{len(names)} cases", few[-1])
        many.append(book.module("build.run", "--force", *names, *added))
        say(f"{len(names) + len(added)} cases", many[-1])
        check_copies(book, added)
    yield Comparison(
        "cases", "cases", f"{len(names) + len(added)} cases against {len(names)}",
        f"Each case stands {copies} times in the plan, with its own notebook, entries and results; every copy left the "
        f"numbers of its original. Notebooks alone, {WORKERS} workers.",
        Side(f"{len(names) + len(added)} cases", seconds(many)), Side(f"{len(names)} cases", seconds(few)),
        target=Target("ratio", most=1.05 * copies),
    )  # fmt: skip


def replicate(book: Scratch, copies: int) -> dict[str, str]:
    """Give each case further names: notebook, plan, rows that name the case, outcomes; return the originals by name.

    Rows with an id of their own get one for each copy, and the copy of the notebook speaks of those.
    """
    release = book.release
    added = {f"{case}_{n}": case for n in range(2, copies + 1) for case in release.plan["cases"]}
    plan, package, ids = deepcopy(release.plan), deepcopy(release.descriptor), set()
    for resource in release.descriptor["resources"]:
        panel = resource["name"].removeprefix("outcomes-")
        if panel != resource["name"]:
            more = [resource | {"name": f"outcomes-{name}"} for name, case in added.items() if case == panel]
            package["resources"] += more
        else:
            ids |= _repeat_rows(
                release.folder / resource["path"], resource["schema"].get("primaryKey", []), added
            )
    named = re.compile(
        rf"(?<![\w-])({'|'.join(sorted(map(re.escape, ids), key=len, reverse=True))})(?![\w-])"
    )
    for name, case in added.items():
        plan["cases"][name] = deepcopy(plan["cases"][case])
        source = book.root / "analysis" / "notebooks" / "cases" / f"{case}.py"
        text = named.sub(rf"\g<1>{_mark(name)}", source.read_text(encoding="utf-8"))
        source.with_stem(name).write_text(text, encoding="utf-8")
    (release.folder / "plan.yml").write_text(
        yaml.safe_dump(plan, sort_keys=False, allow_unicode=True), encoding="utf-8"
    )
    (release.folder / "datapackage.json").write_text(
        json.dumps(package, ensure_ascii=False), encoding="utf-8"
    )
    freeze(release.folder)
    return added


def _mark(name: str) -> str:
    """Return what the ids of a copy end in."""
    return f"x{name.rpartition('_')[2]}"


def _repeat_rows(path: Path, key: list[str], added: dict[str, str]) -> set[str]:
    """Repeat the rows of a table that name a case, once for each further name of it; return the ids of such rows."""
    with path.open(encoding="utf-8", newline="") as stream:
        table = list(csv.DictReader(stream))
    if not table or "case_id" not in table[0]:
        return set()
    own = key[0] if len(key) == 1 and key[0] != "case_id" else ""
    more = [
        row | {"case_id": name} | ({own: f"{row[own]}{_mark(name)}"} if own else {})
        for name, case in added.items()
        for row in table
        if row["case_id"] == case
    ]
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, list(table[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows([*table, *more])
    return {row[own] for row in table} if own else set()


def check_copies(book: Scratch, added: dict[str, str]) -> None:
    """See that each copy left the numbers of its original.

    Raises
    ------
    BenchError
        If one did not.
    """
    results = book.results()
    for name, case in added.items():
        copy, original = (
            {key: entry["value"] for key, entry in results[one]["results"].items()} for one in (name, case)
        )
        plain = {re.sub(rf"{_mark(name)}(?![\w-])", "", key): value for key, value in copy.items()}
        if plain != original or not original:
            keys = [key for key in original if plain.get(key) != original[key]]
            raise BenchError(f"{name} left other numbers than {case}: {', '.join(keys[:5]) or sorted(plain)}")


def say(what: str, run: Run) -> None:
    """Tell the terminal that a step is done."""
    print(f"  {what}: {run.seconds:.1f} s", flush=True)
