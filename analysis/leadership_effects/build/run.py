"""Run the notebooks that are out of date, in parallel, and install their outputs.

The runner takes any `concurrent.futures.Executor` (`workers`): threads of this process, each with kernels of its own
(`kernels`), or the processes of a Dask cluster that sees this checkout (`cluster`).
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Executor, Future, wait
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from leadership_effects.build.cluster import ClusterError
from leadership_effects.build.imports import read_source
from leadership_effects.build.jobs import (
    Job,
    PipelineError,
    file_digest,
    fingerprint,
    is_current,
    leftovers,
    modules_of,
    output_files,
    plan_jobs,
    stamp_path,
)
from leadership_effects.build.notebooks import insert_parameters, normalise_notebook, read_notebook
from leadership_effects.build.reuse import code_state, reuse_outputs
from leadership_effects.build.workers import TRIES, add_executor_options, open_executor
from leadership_effects.data.release import Release, newest_release, open_release
from leadership_effects.errors import LeadershipError
from leadership_effects.files import hold, read_json, write_json
from leadership_effects.paths import ROOT, build_folder, data_folder, picture_folder, results_folder

STARTUP_TIMEOUT_S = 600  # on a busy machine


@dataclass(frozen=True)
class Attempt:
    """Run of a notebook that succeeded: staging folder, seconds, files opened, pictures."""

    stage: Path
    seconds: float
    opened: dict[str, str]
    pictures: list[str]


def run_notebook(job: Job, build: int) -> Attempt:
    """Run one notebook in a kernel of its own, into a staging folder that no other attempt has.

    A kernel that is killed, as on a machine without memory, is replaced twice.

    Parameters
    ----------
    job : Job
    build : int
        Process that asked for the run; part of the staging folder's name.

    Raises
    ------
    PipelineError
        If a cell fails or writes to standard error, or the kernel is killed at each try.
    """
    from leadership_effects.build.kernels import LOG

    started = time.perf_counter()
    stages_folder().mkdir(parents=True, exist_ok=True)
    for attempt in range(1, TRIES + 1):
        folder = Path(tempfile.mkdtemp(prefix=f"{job.name}-{build}-", dir=stages_folder()))
        try:
            _execute(job, folder)
            return Attempt(folder, time.perf_counter() - started, *opened_files(job, folder))
        except RuntimeError as error:  # of nbclient: the kernel died
            if isinstance(error, PipelineError):
                raise
            if attempt < TRIES:
                print(f"  {job.name}: its kernel was killed; another runs it again", flush=True)
    log = (folder / LOG).read_text(encoding="utf-8")[-1000:] if (folder / LOG).is_file() else ""
    raise PipelineError(
        f"{job.source}: its kernel was killed {TRIES} time(s); look for a lack of memory (--workers 1 needs less)\n{log}"
    )


def _execute(job: Job, folder: Path) -> None:
    """Run a notebook once and write it with its outputs into a staging folder."""
    import nbformat
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError

    from leadership_effects.build.kernels import KernelManager, kernel_environment

    notebook = insert_parameters(read_notebook(read_source(ROOT / job.source)), job.parameters)
    environment = kernel_environment(folder) | {
        "LEADERSHIP_BUILD": str(folder),
        "LEADERSHIP_DATA": str(data_folder()),
        "LEADERSHIP_PICTURES": str(picture_folder()),
        "LEADERSHIP_RESULTS": str(results_folder(job.parameters["release"])),
        "PYTHONPATH": str(ROOT / "analysis"),
    }
    client = NotebookClient(
        notebook, kernel_manager_class=KernelManager, kernel_name="python3", timeout=None, startup_timeout=STARTUP_TIMEOUT_S,
        shutdown_kernel="immediate",
        resources={"metadata": {"path": str(ROOT)}},
    )  # fmt: skip
    try:
        client.execute(env=environment)
    except CellExecutionError as error:
        failed = next(
            c for c in notebook.cells if any(o.output_type == "error" for o in c.get("outputs", ()))
        )
        code = "\n".join(f"    {line}" for line in failed.source.splitlines()[:12])
        raise PipelineError(f"{job.source}: {error.ename}: {error.evalue}\n{code}") from None
    normalise_notebook(notebook, job)
    nbformat.write(notebook, folder / "output.ipynb")


def opened_files(job: Job, folder: Path) -> tuple[dict[str, str], list[str]]:
    """Return the digests of other files that a run opened, and the names of its pictures.

    Raises
    ------
    PipelineError
        If it opened what another notebook makes, which may not be made yet.
    """
    from leadership_effects.build.kernels import files_read

    release, build = job.parameters["release"], build_folder()
    inputs = read_json(folder / "results" / release / f"{job.name}.json", {}).get("inputs", {})
    known = {data_folder() / release / name for name in (*inputs, "datapackage.json")}
    known |= {ROOT / job.source, *modules_of(ROOT / job.source)}
    known |= {results_folder(release) / f"{name}.json" for name in job.after}
    opened: dict[str, str] = {}
    pictures: list[str] = []
    for path in map(_source_of, files_read(folder)):
        if path.is_relative_to(picture_folder()):
            pictures.append(path.name)
        elif path in known or path.is_relative_to(folder):
            continue
        elif path.is_relative_to(build):
            raise PipelineError(
                f"{job.source}: opens {path.relative_to(build)}, which another notebook makes; `read_results`, imported "
                "by its name, waits for the cases"
            )
        elif path.is_relative_to(ROOT) or (path.is_file() and not path.is_relative_to(tempfile.gettempdir())):
            name = path.relative_to(ROOT).as_posix() if path.is_relative_to(ROOT) else str(path)
            opened[name] = file_digest(path)
    return opened, pictures


def _source_of(path: Path) -> Path:
    """Return the module that bytecode was compiled from, any other file as it is."""
    return path.parent.parent / f"{path.name.split('.')[0]}.py" if path.parent.name == "__pycache__" else path


def install_outputs(job: Job, attempt: Attempt, made_from: str) -> None:
    """Move the staged outputs of a job over the old ones and stamp them.

    The stamp is taken away first and written last, so that a run killed in between is repeated.

    Parameters
    ----------
    job : Job
    attempt : Attempt
    made_from : str
        Fingerprint from before the job ran: what was edited meanwhile makes it out of date.

    Raises
    ------
    PipelineError
        If the notebook saved no results.
    """
    release, stage = job.parameters["release"], attempt.stage
    staged, final = stage / "results" / release, results_folder(release)
    results = read_json(staged / f"{job.name}.json", {})
    if not results:
        raise PipelineError(f"{job.source}: saved no results; its last cell must call `save`")
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
        "opened": attempt.opened,
        "pictures": attempt.pictures,
        "outputs": {path.name: file_digest(path) for path in output_files(job)},
    }
    unedited = fingerprint(job) == made_from
    write_json(stamp_path(job), stamp | (code_state(job) if unedited else {"fingerprint": ""}))
    shutil.rmtree(stage, ignore_errors=True)


@contextmanager
def build_lock() -> Iterator[None]:
    """Hold the build folder: a second build in the same checkout waits for the first to end.

    What killed builds left in the staging folder is cleared away.

    Raises
    ------
    PipelineError
        If Python runs without assertions, which guard sentences and inputs.
    """
    if sys.flags.optimize:
        raise PipelineError("PYTHONOPTIMIZE drops the assertions of notebooks and modules: unset it to build")
    with hold(build_folder() / "lock", "build"):
        shutil.rmtree(stages_folder(), ignore_errors=True)
        yield


def stages_folder() -> Path:
    """Return the folder of all staging folders."""
    return build_folder() / "stage"


def staging_folder(name: str) -> Path:
    """Return a staging folder of this process, which no killed build's worker writes to."""
    return stages_folder() / f"{name}-{os.getpid()}"


def run_jobs(
    release: Release,
    executor: Executor,
    *,
    force: bool = False,
    only: set[str] | None = None,
    took: dict[str, float] | None = None,
    at_once: int | None = None,
) -> int:
    """Run every job that is out of date, after those it reads from; return how many ran.

    A notebook whose prose alone was edited is renewed without a run.

    Parameters
    ----------
    release : Release
    executor : Executor
    force : bool
        Whether to run what is current too.
    only : set of str, optional
        Names of the jobs that may run; all if left out.
    took : dict of str to float, optional
        Receives the seconds of each job.
    at_once : int, optional
        Jobs handed to the executor at a time, so that what becomes ready later can go before what is ready now; all that
        are ready if left out.

    Raises
    ------
    PipelineError
        Naming every notebook that failed. Their earlier outputs stay; jobs that read from them are not started.
    ClusterError
        If the cluster went away. What ended before stays in place.
    """
    jobs = plan_jobs(release)
    waiting = [job for job in jobs if only is None or job.name in only]
    running: dict[Future[Attempt], tuple[Job, str]] = {}
    failed: dict[str, Exception] = {}
    lost: dict[str, BrokenExecutor] = {}
    ran = 0
    read_by_others = {name for job in jobs for name in job.after}
    while True:
        while at_once is None or len(running) < at_once:
            ready = _ready(waiting, [job.name for job, _ in running.values()], failed)
            if not ready:
                break
            job = _first_to_run(ready, read_by_others)
            waiting.remove(job)
            if force or not (is_current(job, release) or renew_prose(job, release)):
                made_from = fingerprint(job)
                running[executor.submit(run_notebook, job, os.getpid())] = (job, made_from)
                ran += 1
        if not running:
            break
        for future in wait(running, return_when=FIRST_COMPLETED).done:
            job, made_from = running.pop(future)
            try:
                attempt = future.result()
                install_outputs(job, attempt, made_from)
                write_json(_seconds_path(), _seconds() | {job.name: round(attempt.seconds, 1)})
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
    if only is None:
        clear_leftovers(jobs, release)
    return ran


def renew_prose(job: Job, release: Release) -> bool:
    """Renew a notebook whose prose alone was edited; return whether that was so."""
    made_from, stamp = fingerprint(job), read_json(stamp_path(job), {})
    stage = staging_folder(job.name)
    if not reuse_outputs(job, release, stamp, stage):
        return False
    install_outputs(job, Attempt(stage, 0, stamp["opened"], stamp["pictures"]), made_from)
    print(f"  {job.name}: prose edited, no code run", flush=True)
    return True


def clear_leftovers(jobs: list[Job], release: Release) -> None:
    """Delete outputs of removed chapters, and cached pictures that no chapter shows."""
    for path in leftovers(jobs, release):
        path.unlink()
    stamps = (read_json(path, {}) for path in (build_folder() / "stamps").glob("*/*.json"))
    shown = {name for stamp in stamps for name in stamp.get("pictures", ())}
    for path in picture_folder().glob("*"):
        if path.name not in shown:
            path.unlink(missing_ok=True)


def _ready(waiting: list[Job], running: Iterable[str], failed: Iterable[str]) -> list[Job]:
    """Jobs that read from no job that is yet to end."""
    unfinished = {job.name for job in waiting} | set(running) | set(failed)
    return [job for job in waiting if unfinished.isdisjoint(job.after)]


def _seconds_path() -> Path:
    return build_folder() / "seconds.json"


def _seconds() -> dict[str, float]:
    """Return the seconds that each notebook took when it last ran in this checkout."""
    found: dict[str, float] = read_json(_seconds_path(), {})
    return found


def _first_to_run(ready: list[Job], read_by_others: set[str]) -> Job:
    """Return the job whose start leaves no worker idle at the end.

    What other jobs wait for comes first, then what took longest; what never ran is judged by the size of its source.
    """
    known = _seconds()

    def urgency(job: Job) -> tuple[bool, float, int]:
        size = (ROOT / job.source).stat().st_size
        return job.name in read_by_others, known.get(job.name, float("inf")), size

    return max(ready, key=urgency)


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
            there = [
                one for one in sorted(unknown) if any((ROOT / "analysis" / "notebooks").glob(f"*/{one}.py"))
            ]
            waits = "".join(
                f"; {one} is begun and not in release {release.name}: nox -s contract -- {one} says what its rows lack"
                for one in there
            )
            raise PipelineError(
                f"no notebook {', '.join(sorted(unknown))}; there are {', '.join(sorted(known))}{waits}"
            )
        with (
            build_lock(),
            open_executor(options.workers, options.scheduler, kernels=True) as executor,
        ):
            ran = run_jobs(
                release,
                executor,
                force=options.force,
                only=set(options.names) or None,
                at_once=None if options.scheduler else options.workers,
            )
    except LeadershipError as error:
        print(error, file=sys.stderr)
        return 1
    print(f"{ran} notebook(s) run, {len(set(options.names) or known) - ran} already current")
    return 0


if __name__ == "__main__":
    # What is sent to workers belongs to the module by its name, not to this process's main program.
    from leadership_effects.build.run import main

    sys.exit(main())
