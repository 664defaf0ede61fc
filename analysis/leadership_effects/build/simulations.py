"""Run the book's simulations and lock their rows (``nox -s simulations``).

They take minutes, so they are no part of a build of the book, which reads what is locked here. Cells that have been computed are
kept until the whole run has ended well: a run that was stopped is continued, not begun again, here or on a cluster,
as long as the inputs, the code and the lock file are the same.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib
import inspect
import json
import sys
import time
from collections.abc import Callable
from concurrent.futures import BrokenExecutor, Executor, as_completed
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np

from leadership_effects.build.cluster import ClusterError
from leadership_effects.build.jobs import modules_of
from leadership_effects.build.workers import add_executor_options, open_executor
from leadership_effects.data.release import Release, newest_release, open_release
from leadership_effects.data.sweeps import Cell, Sweep, SweepError, inputs_digest, run_cell, sweep_path
from leadership_effects.errors import LeadershipError
from leadership_effects.files import hold, sha256, write_json, write_whole
from leadership_effects.paths import LOCK, ROOT, build_folder
from leadership_effects.report.registry import named_function
from leadership_effects.simulation.staggered_dose import sweeps_of
from leadership_effects.simulation.staggered_size import added_designs

MODULES = (
    "simulation.experiments", "simulation.staggered_size", "simulation.staggered_dose", "synthesis.thresholds",
    "synthesis.tipping",
)  # fmt: skip
PARTS = 16  # that a sweep is sent out in; each costs the start of a process on a cluster


def all_sweeps(release: Release) -> dict[str, Sweep]:
    """Every sweep of the package by name, and those of each design that the release added later."""
    modules = [importlib.import_module(f"leadership_effects.{name}") for name in MODULES]
    later = [sweep for design in added_designs(release) for sweep in sweeps_of(design)]
    return {sweep.name: sweep for sweep in (*(one for module in modules for one in module.SWEEPS), *later)}


class CellStore:
    """Computed cells of a sweep on disk; those of other inputs or code are dropped.

    Parameters
    ----------
    path : Path
    made_from : str
        Digest of what the cells are computed from.
    """

    def __init__(self, path: Path, made_from: str) -> None:
        self.path = path
        self.rows: dict[int, Cell] = {}
        lines = path.read_text(encoding="utf-8").splitlines() if path.is_file() else []
        if lines and lines[0] == made_from:
            with suppress(ValueError):  # the last line, if the run was stopped while it was written
                for line in lines[1:]:
                    position, row = json.loads(line)
                    self.rows[position] = row
        write_whole(path, "".join(f"{line}\n" for line in [made_from, *_lines(self.rows)]))

    def add(self, rows: dict[int, Cell]) -> None:
        """Keep more cells."""
        self.rows |= rows
        with self.path.open("a", encoding="utf-8") as stream:
            stream.writelines(f"{line}\n" for line in _lines(rows))


def _lines(rows: dict[int, Cell]) -> list[str]:
    return [json.dumps([position, row], ensure_ascii=False) for position, row in rows.items()]


def store_path(release: str, name: str) -> Path:
    """File of the computed cells of a sweep whose run has not ended."""
    return build_folder() / "simulations" / release / f"{name}.jsonl"


def stored_cells(sweep: Sweep, release: Release) -> CellStore:
    """Return the cells of a sweep that an earlier run computed from the same inputs and code."""
    source = Path(inspect.getfile(sweep.run))
    code = {path.as_posix(): sha256(path) for path in (source, *modules_of(source))}
    parts = [
        inputs_digest(sweep, sweep.cells(release)),
        code,
        sha256(ROOT / LOCK),
        sys.version,
    ]
    digest = hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()
    return CellStore(store_path(release.name, sweep.name), digest)


def run_cells(
    run: Callable[[np.random.Generator, Cell], dict[str, float]],
    sweep: tuple[str, int, tuple[str, ...]],
    cells: dict[int, Cell],
) -> dict[int, Cell]:
    """Rows of some cells by position; what is sent to a worker."""
    name, seed, hidden = sweep
    whole = Sweep(name, seed, lambda release: [], run, hidden)
    return {position: run_cell(whole, position, cell) for position, cell in cells.items()}


def run_sweep(
    sweep: Sweep, release: Release, executor: Executor, kept: CellStore | None = None
) -> list[Cell]:
    """Rows of all cells in the order of the grid, the same wherever they are computed.

    Parameters
    ----------
    sweep : Sweep
    release : Release
    executor : Executor
        Processes of this machine or workers of a cluster.
    kept : CellStore, optional
        Cells that need not be computed again; takes those that are.

    Raises
    ------
    ClusterError
        If the cluster, or a process of this machine, goes away. Computed cells are kept.
    """
    cells = dict(enumerate(sweep.cells(release)))
    rows: dict[int, Cell] = dict(kept.rows) if kept else {}
    left = [position for position in cells if position not in rows]
    facts = (sweep.name, sweep.seed, sweep.hidden)
    parts = [{i: cells[i] for i in left[first::PARTS]} for first in range(min(PARTS, len(left)))]
    futures = [executor.submit(run_cells, sweep.run, facts, part) for part in parts]
    try:
        for future in as_completed(futures):
            found = future.result()
            rows |= found
            if kept:
                kept.add(found)
    except BrokenExecutor as error:
        raise ClusterError(
            f"{error} while {sweep.name} ran. {len(rows)} of {len(cells)} cells are kept; the same command, with another "
            "--scheduler or none, computes the others alone"
        ) from None
    finally:
        for future in futures:
            future.cancel()
    return [rows[position] for position in cells]


def lock_sweep(sweep: Sweep, release: Release, executor: Executor, kept: CellStore | None = None) -> int:
    """Run a sweep and write its rows; return how many."""
    rows = run_sweep(sweep, release, executor, kept)
    content: dict[str, Any] = {
        "name": sweep.name,
        "release": release.name,
        "seed": sweep.seed,
        "function": named_function(sweep.run)[0],
        "inputs": inputs_digest(sweep, sweep.cells(release)),
        "rows": rows,
    }
    write_json(sweep_path(release.name, sweep.name), content, sort=False)
    return len(rows)


def main(arguments: list[str] | None = None) -> int:
    """Command line of ``nox -s simulations``; returns the exit code."""
    parser = argparse.ArgumentParser(description="Run simulations and lock their rows.")
    parser.add_argument("names", nargs="*", help="sweeps to run; all if left out")
    parser.add_argument("--release", help="release name; the newest if left out")
    add_executor_options(parser)
    options = parser.parse_args(arguments)
    try:
        release = open_release(options.release or newest_release())
        sweeps = all_sweeps(release)
        unknown = sorted(set(options.names) - set(sweeps))
        if unknown:
            raise SweepError(f"no simulation {', '.join(unknown)}; there are {', '.join(sweeps)}")
        names = options.names or list(sweeps)
        with (
            hold(build_folder() / "simulations" / "lock", "run of simulations"),
            open_executor(options.workers, options.scheduler) as executor,
        ):
            for name in names:
                start = time.perf_counter()
                kept = stored_cells(sweeps[name], release)
                before = len(kept.rows)
                count = lock_sweep(sweeps[name], release, executor, kept)
                resumed = f", {before} of them from the run before, which did not end" if before else ""
                print(f"{name}: {count} cells{resumed}, {time.perf_counter() - start:.0f} s", flush=True)
            for name in names:
                store_path(release.name, name).unlink()
    except LeadershipError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    # What is sent to workers belongs to the module by its name, not to this process's main program.
    from leadership_effects.build import simulations

    sys.exit(simulations.main())
