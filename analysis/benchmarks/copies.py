"""Scratch copies of the checkout that a benchmark builds in, by this project's pipeline or by Jupyter Book alone.

Both sides get the same notebooks, the same parameters, the same pages, theme and environment. Jupyter Book runs the
notebooks itself, one after another, as it reads the pages; its only help is an extension of a few lines that lets it
read the pages in an order in which the chapters across the cases find their results.
"""

from __future__ import annotations

import csv
import json
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import yaml
from leadership_effects.build.imports import read_source
from leadership_effects.build.jobs import Job, plan_jobs
from leadership_effects.build.notebooks import insert_parameters, normalise_notebook, read_notebook
from leadership_effects.data.dictionary import freeze
from leadership_effects.data.plan import case_plan
from leadership_effects.data.release import Release, newest_release, open_release
from leadership_effects.reproduce.__main__ import copy_checkout, settings

from benchmarks.report import BenchError

BOOK = "from jupyter_book.cli.main import main; main()"
ORDER = '''"""Read the pages in the order in which notebooks find what they read from each other."""

FIRST = {first!r}


def order(app, env, docnames):
    """Sort in place: notebooks as the pipeline plans them, then pages."""
    docnames.sort(key=lambda name: (FIRST.index(name) if name in FIRST else len(FIRST), name))


def setup(app):
    """Connect the order."""
    app.connect("env-before-read-docs", order)
    return {{"parallel_read_safe": False}}
'''
FAILED = re.compile(r"Executing notebook failed|CellExecutionError|Traceback")
EXECUTED = re.compile(r"Executed notebook in")
PRINTED = re.compile(r'<a class="num [^"]*" href="[^"]*#num-([\w.-]+)"[^>]*><span>(.*?)</span>')
SHOWN = re.compile(r"(?:\{num\}`|\{chart\} )(\w+)\.")
CHART = '<figure class="chart"'
HALF_WAY = 50  # below it a value rises by one, else it falls: no share leaves its bounds


@dataclass(frozen=True)
class Run:
    """One timed command: its seconds and what it printed."""

    seconds: float
    text: str = ""


class Scratch:
    """A copy of the tracked files in a folder of its own."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.source: dict[str, Any] = copy_checkout(root) if not root.exists() else {}

    @property
    def build(self) -> Path:
        """Folder of what is generated."""
        return self.root / "_build"

    @property
    def site(self) -> Path:
        """Folder of the site that the pipeline made."""
        return self.build / "html"

    @property
    def release(self) -> Release:
        """The newest release of the copy, opened anew."""
        return open_release(newest_release(self.root / "data"), self.root / "data")

    def variables(self) -> dict[str, str]:
        """Environment variables of a command: none of the caller's but the search path."""
        return settings(self.root, self.root.with_name(f"{self.root.name}-home"), Path(sys.executable))

    def run(self, *command: str) -> Run:
        """Run Python in the copy and time it.

        Raises
        ------
        BenchError
            If it ends with an error.
        """
        started = time.perf_counter()
        done = subprocess.run(
            [sys.executable, *command], cwd=self.root, env=self.variables(), text=True, check=False,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip
        if done.returncode:
            raise BenchError(f"{' '.join(command[:3])} ended with {done.returncode}:\n{done.stdout[-3000:]}")
        return Run(time.perf_counter() - started, done.stdout)

    def module(self, name: str, *arguments: str) -> Run:
        """Run a module of the copy's package and time it."""
        return self.run("-m", f"leadership_effects.{name}", *arguments)

    def jobs(self) -> list[Job]:
        """Notebooks of the copy's newest release, each after those whose results or numbers it shows."""
        jobs = {job.name: job for job in plan_jobs(self.release)}
        shown = {
            name: set(SHOWN.findall((self.root / job.source).read_text(encoding="utf-8")))
            & set(jobs) - {name}
            for name, job in jobs.items()
        }
        order = TopologicalSorter({name: shown[name] | set(job.after) for name, job in jobs.items()})
        return [jobs[name] for name in order.static_order()]

    def change_row(self, case_id: str) -> None:
        """Move one row of a case's outcomes: its treated place in the last year of its first primary panel, by one.

        The release is frozen anew, so that its check passes.
        """
        release = self.release
        plan = case_plan(release, case_id)
        panel = plan.panels[plan.primary[0]]
        units = release.outcomes(case_id)
        treated = units[["name", "parent", "unit_id"]].isin(panel.treated).any(axis=1)
        rows = units[
            treated & (units["year"] == panel.post[-1]) & (units["indicator_id"] == panel.indicators[0])
        ]
        if rows.empty:
            raise BenchError(f"{case_id}: no row of its treated place in {panel.post[-1]}")
        path = release.folder / release.resource(f"outcomes-{case_id}")["path"]
        table = list(csv.reader(path.read_text(encoding="utf-8").splitlines()))
        value = table[0].index("value")
        cell = table[rows.index[0] + 1][value]
        table[rows.index[0] + 1][value] = str(Decimal(cell) + (1 if Decimal(cell) < HALF_WAY else -1))
        with path.open("w", encoding="utf-8", newline="") as stream:
            csv.writer(stream, lineterminator="\n").writerows(table)
        freeze(release.folder)

    def add_to_page(self, page: str, number: int) -> str:
        """Add a sentence to a page in Markdown; return it."""
        said = f"Sentence {number} of the benchmark."
        path = self.root / f"{page}.md"
        path.write_text(f"{path.read_text(encoding='utf-8')}\n{said}\n", encoding="utf-8")
        return said

    def add_text(self, name: str, number: int) -> str:
        """Add a sentence to the notebook of a case; return it."""
        said = f"Remark {number} of the benchmark."
        self.append(name, "markdown", said)
        return said

    def add_cell(self, name: str, number: int) -> str:
        """Add a cell that prints to the notebook of a case; return what it prints."""
        said = f"cell {number} of the benchmark"
        self.append(name, "code", f"print({said!r})")
        return said

    def append(self, name: str, kind: str, text: str) -> None:
        """Append a cell to a notebook."""
        raise NotImplementedError

    def compile(self) -> Run:
        """Build the book and time it."""
        raise NotImplementedError

    def results(self) -> dict[str, Any]:
        """Results of every notebook."""
        folder = self.build / "results" / self.release.name
        return {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in folder.glob("*.json")}

    def page(self, name: str) -> Path:
        """Page of a notebook in the site."""
        target = next(job.target for job in self.jobs() if job.name == name)
        return self.site / target.replace(".ipynb", ".html")

    def printed(self, name: str) -> dict[str, str]:
        """Numbers that the page of a notebook prints, by key."""
        return dict(PRINTED.findall(self.page(name).read_text(encoding="utf-8")))

    def charts(self) -> dict[str, int]:
        """Charts on the page of each notebook."""
        return {job.name: self.page(job.name).read_text(encoding="utf-8").count(CHART) for job in self.jobs()}


class OurBook(Scratch):
    """A copy that the pipeline builds."""

    def compile(self) -> Run:
        """Do what ``nox -s book`` does once the environment is there."""
        return self.module("build.site")

    def append(self, name: str, kind: str, text: str) -> None:
        """Append a cell to the source of a notebook."""
        path = self.root / next(job.source for job in self.jobs() if job.name == name)
        cell = f"# %% [markdown]\n# {text}" if kind == "markdown" else f"# %%\n{text}"
        path.write_text(f"{path.read_text(encoding='utf-8')}\n{cell}\n", encoding="utf-8")

    @contextmanager
    def preview(self) -> Iterator[Callable[[str], str]]:
        """Start the preview; yields a function that reads a page from it."""
        with subprocess.Popen(
            [sys.executable, "-m", "leadership_effects.build.preview", "0"], cwd=self.root, env=self.variables(),
            text=True, stdout=subprocess.PIPE,
        ) as process:  # fmt: skip
            assert process.stdout
            found = None
            while not found and (line := process.stdout.readline()):
                found = re.search(r"http://127\.0\.0\.1:\d+/", line)
            threading.Thread(target=process.stdout.read, daemon=True).start()
            try:
                if not found:
                    raise BenchError("the preview did not start")
                yield lambda page: urlopen(f"{found[0]}{page}.html", timeout=300).read().decode()
            finally:
                process.send_signal(signal.SIGINT)
                process.wait(60)


class JupyterBook(Scratch):
    """A copy whose notebooks Jupyter Book runs itself and keeps in its cache."""

    def __init__(self, root: Path) -> None:
        super().__init__(root)
        for job in self.jobs():
            self._put(job)
        self._configure()

    def _put(self, job: Job) -> None:
        """Put a notebook where the book takes it: parameters filled in, tags as the pipeline sets them, no output."""
        import nbformat

        notebook = insert_parameters(read_notebook(read_source(self.root / job.source)), job.parameters)
        normalise_notebook(notebook, job)
        target = self.root / job.target
        target.parent.mkdir(parents=True, exist_ok=True)
        nbformat.write(notebook, target)

    def _configure(self) -> None:
        path = self.root / "_config.yml"
        settings = yaml.safe_load(path.read_text(encoding="utf-8"))
        settings["execute"] = {"execute_notebooks": "cache", "timeout": -1}
        settings["sphinx"]["local_extensions"]["bench_order"] = "book/_ext"
        settings["sphinx"]["config"]["extensions"].append("bench_order")
        path.write_text(yaml.safe_dump(settings, sort_keys=False), encoding="utf-8")
        first = [job.target.removesuffix(".ipynb") for job in self.jobs()]
        extension = self.root / "book" / "_ext" / "bench_order.py"
        extension.write_text(ORDER.format(first=first), encoding="utf-8")

    def compile(self) -> Run:
        """Build the book with Jupyter Book and see that it did not hide a failure.

        Raises
        ------
        BenchError
            If a notebook failed.
        """
        done = self.run("-c", BOOK, "build", str(self.root), "--path-output", str(self.root))
        if FAILED.search(done.text):
            raise BenchError(f"a notebook failed under Jupyter Book:\n{done.text[-3000:]}")
        return done

    def append(self, name: str, kind: str, text: str) -> None:
        """Append a cell to the notebook as Jupyter Book reads it."""
        import nbformat

        path = self.root / next(job.target for job in self.jobs() if job.name == name)
        notebook = nbformat.read(path, as_version=4)
        make = nbformat.v4.new_markdown_cell if kind == "markdown" else nbformat.v4.new_code_cell
        cell = make(text, metadata={} if kind == "markdown" else {"tags": ["hide-input"]})
        cell.id = f"{name}-{len(notebook.cells):03d}"
        notebook.cells.append(cell)
        nbformat.write(notebook, path)
