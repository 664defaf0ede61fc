"""Measure builds beside Jupyter Book's cached builds: from nothing, after each kind of edit, with one worker and two."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

from leadership_effects.build.workers import WORKERS
from leadership_effects.files import read_json

from benchmarks.copies import JupyterBook, OurBook
from benchmarks.report import BenchError, Finding

CACHE = "Jupyter Book with its cache"
PAGE, CASE = "book/framework.md", "london"  # the case in the middle by time
CLEAN_S, UNCHANGED_S, ROW_RATIO, PAGE_S, NOTEBOOK_S, CELL_S = 60, 2, 0.6, 5, 8, 5
TWO_WORKERS_RATIO = 0.67
CHART = '<figure class="chart"'
Edit = Callable[[OurBook, str], object]  # is given a sentence that no page has yet


def builds(ours: OurBook, folder: Path, repeat: int, page: str = PAGE, case: str = CASE) -> Iterator[Finding]:
    """Yield a whole build from nothing, then what both sides do after the same edits, in turn."""
    cache, notebook = JupyterBook(folder / "cache"), ours.jobs()[case].source
    whole = edited(
        "Whole build from nothing",
        f"{len(ours.jobs())} notebooks and the site. Ours: check of the data, notebooks on {WORKERS} workers, site, swap. "
        "Jupyter Book: notebooks one after another as it reads the pages, and the same site; no check of the data. Both "
        "leave the same numbers and charts.", ours, cache, 1, most=CLEAN_S,
    )  # fmt: skip
    check_same_work(ours, cache)
    yield whole
    yield edited(
        "Nothing changed", "Ours compares files of data, notebooks, results and site; Jupyter Book no data.",
        ours, cache, repeat, most=UNCHANGED_S,
    )  # fmt: skip
    yield from after_a_row(ours, cache, repeat, case, whole.other)
    yield edited(
        "A sentence of a page edited", f"A sentence of {page}.", ours, cache, repeat,
        lambda book, said: book.insert(page, "\n\n", f"{said}\n\n"), shows=True, most=PAGE_S,
    )  # fmt: skip
    yield edited(
        "A sentence of a notebook edited", f"A sentence of the notebook of {case}.", ours, cache, repeat,
        lambda book, said: book.insert(notebook, "# %% [markdown]\n", f"# {said}\n#\n"), shows=True, most=NOTEBOOK_S,
    )  # fmt: skip
    alone = read_json(ours.root / "_build" / "seconds.json", {})[case]
    yield edited(
        "A cell of a case edited", f"A cell of {case}, whose notebook took {alone:.1f} s in the whole build; its numbers "
        "stay.", ours, cache, repeat,
        lambda book, said: book.insert(notebook, "# %%\n", f"print({said!r})\n"), shows=True, most=alone + CELL_S,
    )  # fmt: skip


def edited(
    title: str, covers: str, ours: OurBook, cache: JupyterBook, repeat: int,
    edit: Edit = lambda book, said: None, *, shows: bool = False, most: float | None = None,
) -> Finding:  # fmt: skip
    """Time the builds of both sides in turn; raise BenchError if an edit that should show is on no page."""
    times: dict[OurBook, list[float]] = {ours: [], cache: []}
    for number in range(repeat):
        said = f"{title}, number {number}."
        for book, taken in times.items():
            edit(book, said)
            taken.append(book.build())
            if shows and not any(said in text for text in book.pages().values()):
                raise BenchError(f"{book.root.name}: {said!r} is on no page")
    print(f"  {title}: {times[ours]}, {times[cache]} s", flush=True)
    return Finding(title, covers, tuple(times[ours]), tuple(times[cache]), CACHE, most=most)


def check_same_work(ours: OurBook, cache: JupyterBook) -> None:
    """Raise BenchError unless both sides left the same numbers and figures, and pages with as many charts."""
    for what, mine, other in (
        ("left other results", ours.results(), cache.results()),
        ("shows other charts", charts(ours), charts(cache)),
    ):
        apart = sorted(name for name in mine.keys() | other.keys() if mine.get(name) != other.get(name))
        if apart or not mine:
            raise BenchError(f"Jupyter Book {what}: {', '.join(apart) or 'none on both sides'}")


def charts(book: OurBook) -> dict[str, int]:
    """Return the number of charts of each page that has any."""
    return {name: text.count(CHART) for name, text in book.pages().items() if CHART in text}


def after_a_row(
    ours: OurBook, cache: JupyterBook, repeat: int, case: str, whole: tuple[float, ...]
) -> Iterator[Finding]:
    """Yield the builds after one row of data changed; raise BenchError if the row moves no number of ours."""
    file = f"{case}.json"
    before = ours.results()[file]
    title, row = "One row of data changed", lambda book, said: book.change_row(case)
    found = edited(title, "", ours, cache, repeat, row)
    after, there = ours.results()[file], cache.results()[file]
    if after == before:
        raise BenchError(f"{case}: the row that was changed moves no number")
    covers = (
        f"One outcome of {case}, frozen anew. Ours: check of the data, the notebook, the chapters that read its results, "
        f"the site. Jupyter Book {'prints the new' if there == after else 'still prints the old'} numbers afterwards; its cache "
        "compares cells, not data."
    )  # fmt: skip
    yield replace(found, covers=covers)
    yield Finding(
        f"{title}, until the numbers are right",
        "Ours as above. Jupyter Book has to run everything again: its whole build in this run.",
        found.ours, whole, "Jupyter Book from nothing", ratio_most=ROW_RATIO,
    )  # fmt: skip


def workers(folder: Path) -> Iterator[Finding]:
    """Yield the time of all notebooks with two workers and with one, from nothing."""
    command = ("-m", "leadership_effects.build.run", "--workers")
    two, one = (OurBook(folder / f"workers-{n}").run(*command, str(n))[0] for n in (2, 1))
    yield Finding(
        "All notebooks with two workers",
        "Notebooks alone, from nothing, without check of the data and site. The target counts where two cores are free.",
        (two,), (one,), "one worker", ratio_most=TWO_WORKERS_RATIO,
    )  # fmt: skip
