"""Measure builds beside Jupyter Book's cached build: from nothing, after each kind of edit, one worker and two."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from leadership_effects.build.workers import WORKERS

from benchmarks.copies import EXECUTED, JupyterBook, OurBook, Run, Scratch
from benchmarks.report import BenchError, Check, Comparison, Finding, Side, Target

OURS, CACHE = f"this pipeline, {WORKERS} workers", "Jupyter Book, execute_notebooks: cache"
PAGE = "book/framework"
CLEAN_S, UNCHANGED_S, PAGE_S, PREVIEW_S, NOTEBOOK_S, CELL_S = 60, 2, 5, 3, 8, 5
PREVIEW_TIMEOUT_S = 300
Edit = Callable[[Scratch, int], str]  # makes the edit with that number and returns what its page then says


def builds(folder: Path, repeat: int) -> Iterator[Finding]:
    """Yield a whole build from nothing, then what each side does after the same edits."""
    ours, cache = OurBook(folder / "ours"), JupyterBook(folder / "cache")
    whole, cached = ours.compile(), cache.compile()
    say("from nothing", whole, cached)
    check_same_work(ours, cache, cached)
    yield Comparison(
        "whole_build_cache", "build", "Whole build from nothing",
        f"{len(ours.jobs())} notebooks and the site, nothing there before. Ours: check of the data, notebooks, site, swap. "
        "Jupyter Book: notebooks one after another as it reads the pages, kept in its cache, and the same site; no check "
        "of the data. Same notebooks, pages, theme and environment; both leave the same numbers and the same charts.",
        Side(OURS, (whole.seconds,)), Side(CACHE, (cached.seconds,)), target=Target("first", most=CLEAN_S),
    )  # fmt: skip
    yield Check(
        "same_work", "build",
        f"Jupyter Book ran all {len(ours.jobs())} notebooks without an error and left the numbers and charts that ours left.", True,
    )  # fmt: skip
    case = middle_case(ours)
    yield edited(
        ours,
        cache,
        repeat,
        "unchanged",
        "Build with nothing changed",
        "",
        UNCHANGED_S,
        lambda book, number: "",
    )
    yield edited(
        ours, cache, repeat, "page_sentence", "Build after a sentence of a page was edited",
        f"A sentence of {PAGE}.", PAGE_S, lambda book, number: book.add_to_page(PAGE, number),
    )  # fmt: skip
    yield edited(
        ours, cache, repeat, "notebook_sentence", "Build after a sentence of a notebook was edited",
        f"A sentence of the notebook of {case}, in the middle by time.", NOTEBOOK_S,
        lambda book, number: book.add_text(case, number),
    )  # fmt: skip
    yield edited(
        ours, cache, repeat, "edit", "Build after one cell was added to one case",
        f"A cell of {case} that prints; its own run took {case_seconds(ours)[case]:.1f} s.",
        case_seconds(ours)[case] + CELL_S, lambda book, number: book.add_cell(case, number),
    )  # fmt: skip
    yield from after_a_row(ours, cache, cached)
    times = [previewed(ours, number) for number in range(repeat)]
    cache.add_to_page(PAGE, 100)
    yield Comparison(
        "preview", "build", "Preview shows a sentence of a page that was edited",
        "Ours: from saving the page to the served page that holds the sentence. Jupyter Book has no preview: its cached "
        "build after the same edit.",
        Side("this preview", tuple(times)), Side(CACHE, (cache.compile().seconds,)), target=Target("first", most=PREVIEW_S),
    )  # fmt: skip


def check_same_work(ours: OurBook, other: JupyterBook, run: Run) -> None:
    """Check that Jupyter Book executed every notebook, and that numbers and charts are those of ours.

    Raises
    ------
    BenchError
        If not.
    """
    executed = len(EXECUTED.findall(run.text))
    if executed != len(ours.jobs()):
        raise BenchError(f"{executed} notebooks executed, wanted {len(ours.jobs())}")
    if other.results() != ours.results():
        raise BenchError("Jupyter Book left other results")
    if other.charts() != ours.charts() or not sum(ours.charts().values()):
        raise BenchError(f"{other.charts()} charts on the pages, ours {ours.charts()}")


def edited(
    ours: OurBook, cache: JupyterBook, repeat: int, key: str, title: str, covers: str, most: float, edit: Edit
) -> Comparison:
    """Measure both sides after the same edits.

    Raises
    ------
    BenchError
        If an edit is not on the page of a side.
    """
    times: dict[Scratch, list[float]] = {ours: [], cache: []}
    for number in range(repeat):
        for book, taken in times.items():
            said = edit(book, number)
            taken.append(book.compile().seconds)
            if said and not any(
                said in path.read_text(encoding="utf-8") for path in book.site.rglob("*.html")
            ):
                raise BenchError(f"{book.root.name}: {said!r} is on no page")
    print(f"  {title}: {times[ours]}, {times[cache]} s", flush=True)
    what = covers or "Files of data, notebooks, results and site are compared; Jupyter Book looks at no data."
    return Comparison(
        key, "build", title, what, Side(OURS, tuple(times[ours])), Side(CACHE, tuple(times[cache])),
        target=Target("first", most=most),
    )  # fmt: skip


def after_a_row(ours: OurBook, cache: JupyterBook, whole: Run) -> Iterator[Finding]:
    """Yield what each side does when one row of data changed, and whether its numbers are the new ones."""
    case = first_tested(ours)
    before = ours.printed(case)
    for book in (ours, cache):
        book.change_row(case)
    moved, moved_there = ours.compile(), cache.compile()
    say("row changed", moved, moved_there)
    after, there = ours.printed(case), cache.printed(case)
    changed = {key for key in before if after.get(key) != before[key]}
    if not changed:
        raise BenchError(f"{case}: the row that was changed moves no printed number")
    stale = [key for key in changed if there.get(key) == before[key]]
    yield Comparison(
        "data_change_right", "build", "Until the new numbers are right after one row of data changed",
        f"One outcome of {case}, frozen anew. Ours: check of the data, the notebook, the chapters that read its results, the "
        "site. Jupyter Book: its whole build in this run, since its cache does not know what reads the row.",
        Side(OURS, (moved.seconds,)), Side(CACHE, (whole.seconds,)), target=Target("ratio", most=0.6),
    )  # fmt: skip
    yield Check(
        "data_change_here",
        "build",
        f"Ours prints the new numbers after the row changed: {len(changed)} moved.",
        True,
    )
    yield Check(
        "data_change_there", "build",
        f"Jupyter Book with its cache prints the new numbers after the row changed: {len(changed) - len(stale)} of the "
        f"{len(changed)} that moved on the page are new; cells decide, data do not.", not stale, ours=False,
    )  # fmt: skip


def previewed(book: OurBook, number: int, page: str = PAGE) -> float:
    """Return the seconds from an edit of a page to the preview's page that says it."""
    with book.preview() as read:
        read(page)
        started = time.perf_counter()
        said = book.add_to_page(page, 100 + number)
        while said not in read(page):
            if time.perf_counter() - started > PREVIEW_TIMEOUT_S:
                raise BenchError(f"the preview did not show {said!r}")
            time.sleep(0.05)
        return time.perf_counter() - started


def case_seconds(book: Scratch) -> dict[str, float]:
    """Return the seconds of each case in the last run of the copy."""
    known = json.loads((book.build / "seconds.json").read_text(encoding="utf-8"))
    return {case: known[case] for case in book.release.plan["cases"]}


def middle_case(book: Scratch) -> str:
    """Return the case in the middle by time."""
    took = case_seconds(book)
    return sorted(took, key=lambda case: (took[case], case))[len(took) // 2]


def first_tested(book: Scratch) -> str:
    """Return the first case of the plan with a primary panel on outcomes of its own."""
    release = book.release
    tables = {resource["name"] for resource in release.descriptor["resources"]}
    return next(
        str(case)
        for case, entry in release.plan["cases"].items()
        if entry["primary"] and f"outcomes-{case}" in tables
    )


def workers(folder: Path) -> Iterator[Finding]:
    """Yield the time of all notebooks with one worker and with two, from nothing."""
    runs = [OurBook(folder / f"workers-{n}").module("build.run", "--workers", str(n)) for n in (1, 2)]
    say("one worker, two", *runs)
    yield Comparison(
        "workers", "workers", "All notebooks with one worker and with two",
        "Notebooks alone, from nothing, without check of the data and site. The target counts where two cores are free.",
        Side("one worker", (runs[0].seconds,)), Side("two workers", (runs[1].seconds,)), target=Target("ratio", least=1.5),
        note="" if (os.cpu_count() or 1) > 1 else "this machine has one core",
    )  # fmt: skip


def say(what: str, *runs: Run) -> None:
    """Print the times of a step."""
    print(f"  {what}: {', '.join(f'{run.seconds:.1f} s' for run in runs)}", flush=True)
