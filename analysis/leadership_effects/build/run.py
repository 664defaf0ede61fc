"""Run the notebooks that are out of date, in parallel, and install the outputs of those that succeed.

The runner takes any `concurrent.futures.Executor` whose workers are processes
that see this checkout (`workers`): those of this machine, whose kernels are forked with their libraries loaded
(`kernels`), or a Dask cluster (`cluster`).
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
import tempfile
import time
import warnings
from collections.abc import Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Executor, Future, wait
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from leadership_effects.build.cluster import ClusterError
from leadership_effects.build.jobs import (
    Job,
    PipelineError,
    file_digest,
    fingerprint,
    is_current,
    output_files,
    plan_jobs,
    stamp_path,
)
from leadership_effects.build.workers import add_executor_options, open_executor, start_kernel_server
from leadership_effects.data.release import Release, ReleaseError, newest_release, open_release
from leadership_effects.files import hold, write_json
from leadership_effects.paths import ROOT, build_folder, data_folder, results_folder


@dataclass(frozen=True)
class Attempt:
    """A notebook that ran well: where its outputs lie and the seconds it took."""

    stage: Path
    seconds: float


def run_notebook(job: Job, stages: str, build: int = 0) -> Attempt:
    """Run one notebook in a process of its own, into a staging folder that no other attempt has.

    Parameters
    ----------
    job : Job
    stages : str
        Folder of all staging folders.
    build : int
        Process that asked for the run; part of the staging folder's name.

    Raises
    ------
    PipelineError
        If a cell fails or writes to standard error.
    """
    warnings.filterwarnings("ignore")
    import jupytext
    import nbformat
    import papermill
    from nbclient.exceptions import DeadKernelError

    started = time.perf_counter()
    Path(stages).mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix=f"{job.name}-{build}-", dir=stages))
    _log_to(folder / "kernel.log")
    notebook = jupytext.read(ROOT / job.source)
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    jupytext.write(notebook, folder / "input.ipynb")
    os.environ |= {
        "LEADERSHIP_BUILD": str(folder), "LEADERSHIP_RESULTS": str(results_folder_of(job, folder)),
        "OPENBLAS_NUM_THREADS": "1", "PYTHONHASHSEED": "0", "PYTHONPATH": str(ROOT / "analysis"),
        "LEADERSHIP_DATA": str(data_folder()),
    }  # fmt: skip
    try:
        # No output path: papermill would write the whole notebook again after every cell.
        executed = papermill.execute_notebook(
            str(folder / "input.ipynb"), None, parameters=job.parameters, cwd=str(ROOT), progress_bar=False,
            kernel_name="python3", shutdown_kernel="immediate",
        )  # fmt: skip
    except DeadKernelError:
        raise PipelineError(
            f"{job.source}: its kernel was killed; look for a lack of memory (--workers 1 needs less)"
        ) from None
    except papermill.PapermillExecutionError as error:
        raise PipelineError(f"{job.source}: {error.ename}: {error.evalue}\n{_cell(error)}") from None
    nbformat.write(executed, folder / "output.ipynb")
    normalise_notebook(folder / "output.ipynb", job)
    return Attempt(folder, time.perf_counter() - started)


def _log_to(path: Path) -> None:
    """Send what kernels write to the process's standard error to a file; cell output is kept in the notebook."""
    with path.open("w") as log:
        os.dup2(log.fileno(), 2)


def results_folder_of(job: Job, stage: Path) -> Path:
    """Folder in which a staged job finds the results of earlier jobs: that of the build the stage lies in."""
    return stage.parents[1] / "results" / job.parameters["release"]


def _cell(error: Any) -> str:
    return "\n".join(f"    {line}" for line in str(error.source).splitlines()[:12])


def normalise_notebook(path: Path, job: Job) -> None:
    """Give cells stable ids, hide code behind a button and strip what differs between runs."""
    import nbformat

    notebook = nbformat.read(path, as_version=4)
    notebook.metadata = {
        "kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"},
        "language_info": {"name": "python"},
    }
    for number, cell in enumerate(notebook.cells):
        cell.id = f"{job.name}-{number:03d}"
        tags = list(cell.metadata.get("tags", []))
        if cell.cell_type == "code":
            for output in cell.outputs:
                if output.output_type == "stream" and output.name == "stderr":
                    raise PipelineError(
                        f"{job.source}: cell {number} wrote to standard error: {output.text[:300]}"
                    )
            hidden = {"parameters", "injected-parameters", "remove-cell"} & set(tags)
            tags = sorted({*tags, "remove-cell" if hidden else "hide-input"})
        cell.metadata = {"tags": tags} if tags else {}
    nbformat.write(notebook, path)


def install_outputs(job: Job, stage: Path, made_from: str) -> None:
    """Move the staged outputs of a job over the old ones and stamp them.

    The stamp is taken away first and written last, so that a run killed in between is repeated.

    Parameters
    ----------
    job : Job
    stage : Path
        Folder that the job ran in.
    made_from : str
        Fingerprint from before the job ran: what was edited meanwhile makes it out of date.
    """
    release = job.parameters["release"]
    staged, final = stage / "results" / release, results_folder(release)
    results = json.loads((staged / f"{job.name}.json").read_text(encoding="utf-8"))
    stamp_path(job).unlink(missing_ok=True)
    (final / "figures").mkdir(parents=True, exist_ok=True)
    new = {path.name for path in (staged / "figures").glob("*.*")}
    for path in (final / "figures").glob(f"{job.name}.*"):
        if path.name not in new:
            path.unlink()
    for path in (staged / "figures").glob("*.*"):
        path.replace(final / "figures" / path.name)
    target = ROOT / job.target
    target.parent.mkdir(parents=True, exist_ok=True)
    beside = target.with_name(f".{target.name}.new")
    shutil.copyfile(stage / "output.ipynb", beside)
    beside.replace(target)
    (staged / f"{job.name}.json").replace(final / f"{job.name}.json")
    stamp = {
        "fingerprint": made_from,
        "inputs": results["inputs"],
        "outputs": {path.name: file_digest(path) for path in output_files(job)},
    }
    write_json(stamp_path(job), stamp)
    shutil.rmtree(stage, ignore_errors=True)


@contextmanager
def build_lock() -> Iterator[None]:
    """Hold the build folder: a second build in the same checkout waits for the first to end.

    What killed builds left in the staging folder is cleared away.
    """
    with hold(build_folder() / "lock", "build"):
        _clear_stages()
        yield


def stages_folder() -> Path:
    """Folder of all staging folders."""
    return build_folder() / "stage"


def staging_folder(name: str) -> Path:
    """Staging folder of this process: a worker that outlives a killed build writes into another one."""
    return stages_folder() / f"{name}-{os.getpid()}"


def _clear_stages() -> None:
    shutil.rmtree(stages_folder(), ignore_errors=True)


def run_jobs(
    release: Release,
    executor: Executor,
    *,
    force: bool = False,
    only: set[str] | None = None,
    took: dict[str, float] | None = None,
) -> int:
    """Run every job that is out of date, each as soon as those it reads from are done; return how many ran.

    Seconds by job are added to `took`.

    Raises
    ------
    PipelineError
        Naming every notebook that failed. Their earlier outputs stay; jobs that read from them are not started.
    ClusterError
        If the cluster went away. What ended before stays in place.
    """
    waiting = [job for job in plan_jobs(release) if only is None or job.name in only]
    running: dict[Future[Attempt], tuple[Job, str]] = {}
    failed: dict[str, Exception] = {}
    lost: dict[str, BrokenExecutor] = {}
    ran = 0
    while True:
        while ready := _ready(waiting, [job.name for job, _ in running.values()], failed):
            for job in _longest_first(ready):
                waiting.remove(job)
                if force or not is_current(job, release):
                    made_from = fingerprint(job)
                    future = executor.submit(run_notebook, job, str(stages_folder()), os.getpid())
                    running[future] = (job, made_from)
                    ran += 1
        if not running:
            break
        for future in wait(running, return_when=FIRST_COMPLETED).done:
            job, made_from = running.pop(future)
            try:
                attempt = future.result()
                install_outputs(job, attempt.stage, made_from)
                _note_seconds(job, attempt.seconds)
                if took is not None:
                    took[job.name] = attempt.seconds
                print(f"  {job.name}: {attempt.seconds:.1f} s", flush=True)
            except BrokenExecutor as error:
                lost[job.name] = error
                waiting.clear()
            except Exception as error:  # every notebook is reported, whatever stopped it
                failed[job.name] = error
    if lost:
        raise ClusterError(
            f"{next(iter(lost.values()))} while {', '.join(lost)} ran. {ran - len(lost) - len(failed)} notebook(s) of "
            "this run ended and stay; the same command, with another --scheduler or none, runs the others alone"
        )
    if failed:
        raise PipelineError("\n".join(f"{name}: {error}" for name, error in failed.items()))
    return ran


def _ready(waiting: list[Job], running: Iterable[str], failed: Iterable[str]) -> list[Job]:
    """Jobs that read from no job that is yet to end."""
    unfinished = {job.name for job in waiting} | set(running) | set(failed)
    return [job for job in waiting if unfinished.isdisjoint(job.after)]


def _seconds_path() -> Path:
    return build_folder() / "seconds.json"


def _seconds() -> dict[str, float]:
    """Seconds that each notebook took when it last ran in this checkout."""
    path = _seconds_path()
    found: dict[str, float] = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    return found


def _note_seconds(job: Job, seconds: float) -> None:
    write_json(_seconds_path(), _seconds() | {job.name: round(seconds, 1)})


def _longest_first(jobs: list[Job]) -> list[Job]:
    """Order that leaves no worker idle at the end; what never ran is judged by its size."""
    known = _seconds()

    def length(job: Job) -> tuple[float, int]:
        return known.get(job.name, float("inf")), (ROOT / job.source).stat().st_size

    return sorted(jobs, key=length, reverse=True)


def main(arguments: list[str] | None = None) -> int:
    """Command line of ``nox -s notebooks``; returns the exit code."""
    parser = argparse.ArgumentParser(description="Run the notebooks that are out of date.")
    parser.add_argument("names", nargs="*", help="case ids or synthesis; all if left out")
    parser.add_argument("--release", help="release name; the newest if left out")
    parser.add_argument("--force", action="store_true", help="run even what is current")
    add_executor_options(parser)
    options = parser.parse_args(arguments)
    try:
        release = open_release(options.release or newest_release())
        known = {job.name for job in plan_jobs(release)}
        unknown = set(options.names) - known
        if unknown:
            raise PipelineError(
                f"no notebook {', '.join(sorted(unknown))}; there are {', '.join(sorted(known))}"
            )
        with (
            build_lock(),
            open_executor(options.workers, options.scheduler, start_kernel_server) as executor,
        ):
            ran = run_jobs(release, executor, force=options.force, only=set(options.names) or None)
    except (PipelineError, ClusterError, ReleaseError) as error:
        print(error, file=sys.stderr)
        return 1
    print(f"{ran} notebook(s) run, {len(set(options.names) or known) - ran} already current")
    return 0


if __name__ == "__main__":
    # What is sent to workers belongs to the module by its name, not to this process's main program.
    from leadership_effects.build.run import main

    sys.exit(main())
