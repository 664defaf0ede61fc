"""Copies of the checkout to build in, by this project's pipeline or by Jupyter Book alone.

Both get the same notebooks, parameters, pages, theme and environment. Jupyter Book runs the notebooks itself, one after
another, as it reads the pages; its only help is an extension of a few lines that lets it read the pages in an order in
which the chapters across the cases find their results.
"""

from __future__ import annotations

import re
import subprocess
import sys
from decimal import Decimal
from graphlib import TopologicalSorter
from pathlib import Path
from timeit import default_timer
from typing import Any

import nbformat
import pandas as pd
import yaml
from leadership_effects.build.imports import read_source
from leadership_effects.build.jobs import Job, plan_jobs
from leadership_effects.build.notebooks import insert_parameters, normalise_notebook, read_notebook
from leadership_effects.data.dictionary import freeze
from leadership_effects.data.plan import case_plan
from leadership_effects.data.release import Release, newest_release, open_release
from leadership_effects.files import files_below
from leadership_effects.reproduce.__main__ import copy_checkout, settings

from benchmarks.report import BenchError

BOOK = "from jupyter_book.cli.main import main; main()"
ORDER = '''"""Read notebooks in the order in which they find what they read from each other, then pages."""

FIRST = {first!r}


def order(app, env, names):
    names.sort(key=lambda name: (FIRST.index(name) if name in FIRST else len(FIRST), name))


def setup(app):
    app.connect("env-before-read-docs", order)
    return {{"parallel_read_safe": False}}
'''
FAILED = re.compile(r"Executing notebook failed|CellExecutionError|Traceback")
SHOWN = re.compile(r"(?:\{num\}`|\{chart\} )(\w+)\.")
HALF_WAY = 50  # below it a value rises by one, else it falls: no share leaves its bounds


class OurBook:
    """A copy of the tracked files that the pipeline builds."""

    def __init__(self, root: Path) -> None:
        self.root, self.site = root, root / "_build" / "html"
        self.source: dict[str, Any] = copy_checkout(root) if not root.exists() else {}

    @property
    def release(self) -> Release:
        """The newest release of the copy, opened anew."""
        return open_release(newest_release(self.root / "data"), self.root / "data")

    def run(self, *command: str) -> tuple[float, str]:
        """Run Python in the copy; return its seconds and what it printed, or raise BenchError if it fails."""
        variables = settings(self.root, self.root.with_name(f"{self.root.name}-home"), Path(sys.executable))
        started = default_timer()
        done = subprocess.run(
            [sys.executable, *command], cwd=self.root, env=variables, text=True, check=False,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip
        if done.returncode:
            raise BenchError(f"{' '.join(command[:3])} ended with {done.returncode}:\n{done.stdout[-3000:]}")
        return default_timer() - started, done.stdout

    def build(self) -> float:
        """Do what ``nox -s book`` does once the environment is there; return the seconds."""
        return self.run("-m", "leadership_effects.build.site")[0]

    def jobs(self) -> dict[str, Job]:
        """Return the notebooks by name, each after those whose results or numbers it shows."""
        jobs = {job.name: job for job in plan_jobs(self.release)}
        reads = {
            name: {*job.after, *SHOWN.findall((self.root / job.source).read_text("utf-8"))}
            & set(jobs) - {name}
            for name, job in jobs.items()
        }
        return {name: jobs[name] for name in TopologicalSorter(reads).static_order()}

    def insert(self, name: str, marker: str, text: str) -> None:
        """Insert text after the last marker of a page or a source."""
        path = self.root / name
        before, found, after = path.read_text(encoding="utf-8").rpartition(marker)
        path.write_text(f"{before}{found}{text}{after}", encoding="utf-8")

    def change_row(self, case_id: str) -> None:
        """Move the treated place's outcome in the last year of a case's first primary panel by one; freeze anew."""
        release = self.release
        plan = case_plan(release, case_id)
        panel, rows = plan.panels[plan.primary[0]], release.outcomes(case_id)
        treated = rows[["name", "parent", "unit_id"]].isin(panel.treated).any(axis=1)
        last = (rows["year"] == panel.post[-1]) & (rows["indicator_id"] == panel.indicators[0])
        row = rows.index[treated & last][0]
        path = release.folder / release.resource(f"outcomes-{case_id}")["path"]
        table = pd.read_csv(path, dtype=str, keep_default_na=False)
        value = Decimal(table.loc[row, "value"])
        table.loc[row, "value"] = str(value + (1 if value < HALF_WAY else -1))
        table.to_csv(path, index=False, lineterminator="\n")
        freeze(release.folder)

    def results(self) -> dict[str, bytes]:
        """Return what the notebooks left, numbers and figures, by file."""
        folder = self.root / "_build" / "results" / self.release.name
        return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files_below(folder)}

    def pages(self) -> dict[str, str]:
        """Return the pages of the site by name."""
        paths = self.site.resolve().rglob("*.html")
        return {path.relative_to(self.site.resolve()).as_posix(): path.read_text("utf-8") for path in paths}


class JupyterBook(OurBook):
    """A copy whose notebooks Jupyter Book runs itself and keeps in its cache."""

    def __init__(self, root: Path) -> None:
        super().__init__(root)
        self.written: dict[str, str] = {}
        path, folder = root / "_config.yml", root / "book" / "_ext"
        config = yaml.safe_load(path.read_text(encoding="utf-8"))
        config["execute"] = {"execute_notebooks": "cache", "timeout": -1}
        config["sphinx"]["local_extensions"]["bench_order"] = "book/_ext"
        config["sphinx"]["config"]["extensions"].append("bench_order")
        path.write_text(yaml.safe_dump(config, sort_keys=False), encoding="utf-8")
        first = [job.target.removesuffix(".ipynb") for job in self.jobs().values()]
        (folder / "bench_order.py").write_text(ORDER.format(first=first), encoding="utf-8")

    def build(self) -> float:
        """Build with Jupyter Book from the notebooks that the sources describe; return the seconds of the build.

        A notebook that failed, which Jupyter Book does not end for, raises BenchError.
        """
        for job in self.jobs().values():
            source = read_source(self.root / job.source)
            if self.written.get(job.name) != source:
                self.written[job.name] = source
                notebook = insert_parameters(read_notebook(source), job.parameters)
                normalise_notebook(notebook, job)
                (self.root / job.target).parent.mkdir(parents=True, exist_ok=True)
                nbformat.write(notebook, self.root / job.target)
        where = (str(self.root), "--path-output", str(self.root))
        seconds, text = self.run("-c", BOOK, "build", *where)
        if FAILED.search(text):
            raise BenchError(f"a notebook failed under Jupyter Book:\n{text[-3000:]}")
        return seconds
