"""List the notebooks of a release as jobs, and tell which of them are out of date.

A notebook is current while nothing that it depends on has changed: its source, the package modules that it imports, the
files that it opened, how the descriptor types the columns of the release, its parameters, the lock file, the Python
version and, for a chapter that reads other notebooks' results, these results without their line numbers.
"""

from __future__ import annotations

import hashlib
import json
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from leadership_effects.build.imports import imported_modules, imported_names, literal_arguments
from leadership_effects.data.release import Release
from leadership_effects.errors import LeadershipError
from leadership_effects.files import digest, read_json, sha256, source_files
from leadership_effects.paths import LOCK, ROOT, build_folder, data_folder, results_folder

READER = "leadership_effects.report.registry.read_results"
OPENER = "ManyPlaces.open"  # how the chapter of a design of many places opens it


class PipelineError(LeadershipError, RuntimeError):
    """A notebook failed; its former outputs are kept."""


@dataclass(frozen=True)
class Job:
    """One notebook to run.

    Attributes
    ----------
    name : str
        Stem of the source; unique.
    source : str
        Path of the Jupytext source from the top of the repository.
    target : str
        Path of the executed notebook.
    parameters : dict
    after : tuple of str
        Jobs whose results it reads.
    """

    name: str
    source: str
    target: str
    parameters: dict[str, str]
    after: tuple[str, ...] = ()


def plan_jobs(release: Release) -> list[Job]:
    """List the jobs of a release: one for each case of its plan, then the other chapters.

    The chapter of a design of many places that the release lacks is none of them.

    Raises
    ------
    PipelineError
        If a case has no notebook, or chapters wait for each other's results.
    SourceError
        If a notebook, or a module that it imports, is no Python in UTF-8.
    """
    jobs = []
    for case_id in release.plan["cases"]:
        source = f"analysis/notebooks/cases/{case_id}.py"
        jobs.append(
            Job(case_id, source, f"book/cases/{case_id}.ipynb", {"release": release.name, "case_id": case_id})
        )
    cases = tuple(job.name for job in jobs)
    chapters = [path for path in _chapters() if not lacks_design(path, release)]
    names = {path.stem for path in chapters}
    for path in chapters:
        name, folder = path.stem, path.parent.name
        after: tuple[str, ...] = ()
        if READER in imported_names(path):
            after = (*cases, *sorted(names & literal_arguments(path, READER.rpartition(".")[2]) - {name}))
        target = f"book/{folder}/{name}.ipynb"
        jobs.append(Job(name, path.relative_to(ROOT).as_posix(), target, {"release": release.name}, after))
    for job in jobs:
        if not (ROOT / job.source).is_file():
            raise PipelineError(f"{job.source}: missing; the plan of release {release.name} asks for it")
        modules_of(ROOT / job.source)  # each source is read before any is run
    _refuse_circles(jobs)
    return jobs


def _refuse_circles(jobs: list[Job]) -> None:
    """Refuse chapters of which each waits for another."""
    waiting = {job.name: {name for name in job.after} for job in jobs}
    while ready := [name for name, after in waiting.items() if not after & waiting.keys()]:
        for name in ready:
            del waiting[name]
    if waiting:
        raise PipelineError(
            f"{', '.join(sorted(waiting))}: read each other's results; none of them can run first"
        )


def lacks_design(chapter: Path, release: Release) -> bool:
    """Return whether a source is the chapter of a design of many places that a release lacks."""
    held = (release.plan.get("many_places") or {}).get("designs", {})
    return chapter.stem not in held and chapter.stem in literal_arguments(chapter, OPENER)


def _chapters() -> list[Path]:
    """List the sources of the chapters that are no case, in order of folder and name."""
    folder = ROOT / "analysis" / "notebooks"
    return [p for p in source_files(folder) if p.parent.parent == folder and p.parent.name != "cases"]


def modules_of(source: Path) -> list[Path]:
    """List the package files that a source of this checkout depends on."""
    return imported_modules(source, ROOT / "analysis")


def fingerprint(job: Job, source: str | None = None) -> str:
    """Return the digest of what a job depends on, apart from the files that it opens.

    Parameters
    ----------
    job : Job
    source : str, optional
        Digest to take for the source's own: that of its code alone (`code_digest`) shows whether this code ran.
    """
    release = job.parameters["release"]
    parts: dict[str, Any] = {
        "source": source or sha256(ROOT / job.source),
        "modules": digest(modules_of(ROOT / job.source), ROOT),
        "parameters": job.parameters,
        "tables": _table_layout(data_folder() / release),
        "lock": sha256(ROOT / LOCK),
        "python": f"{sys.version_info.major}.{sys.version_info.minor}",
        "after": {name: _results_digest(results_folder(release) / f"{name}.json") for name in job.after},
    }
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


def _table_layout(folder: Path) -> list[list[Any]]:
    """Return name, file and typed columns of each table of a release."""
    descriptor = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    return [
        [
            entry["name"],
            entry["path"],
            [(column["name"], column["type"]) for column in entry["schema"]["fields"]],
        ]
        for entry in descriptor["resources"]
    ]


def _results_digest(path: Path) -> str:
    """Return the digest of a notebook's results without line numbers of its source."""
    return _digest_without_lines(path.read_text(encoding="utf-8")) if path.is_file() else ""


@cache
def _digest_without_lines(results: str) -> str:
    lines = re.sub(r'^ *"line": [^\n]*\n', "", results, flags=re.MULTILINE)
    return hashlib.sha256(lines.encode()).hexdigest()


def file_digest(path: Path) -> str:
    """Return the digest of a file, empty if it is missing."""
    return sha256(path) if path.is_file() else ""


def stamp_path(job: Job) -> Path:
    """Return the path of the record of what a job last ran with."""
    return build_folder() / "stamps" / job.parameters["release"] / f"{job.name}.json"


def output_files(job: Job) -> list[Path]:
    """Files that a job leaves: executed notebook, results, figures."""
    folder = results_folder(job.parameters["release"])
    figures = sorted((folder / "figures").glob(f"{job.name}.*"))
    return [ROOT / job.target, folder / f"{job.name}.json", *figures]


def is_current(job: Job, release: Release) -> bool:
    """Return whether a job's outputs exist and nothing they depend on has changed since."""
    stamp = read_json(stamp_path(job), {})
    return stamp.get("fingerprint") == fingerprint(job) and outputs_stand(stamp, job, release)


def outputs_stand(stamp: dict[str, Any], job: Job, release: Release) -> bool:
    """Whether a job's outputs and the files that it opened are as its stamp records them."""
    return (
        stamp["outputs"] == {path.name: file_digest(path) for path in output_files(job)}
        and all(file_digest(release.folder / name) == known for name, known in stamp["inputs"].items())
        and all(file_digest(ROOT / name) == known for name, known in stamp["opened"].items())
    )


def leftovers(jobs: list[Job], release: Release) -> Iterator[Path]:
    """Yield the stamps, results, figures and executed notebooks of chapters that are no more."""
    names, targets = {job.name for job in jobs}, {ROOT / job.target for job in jobs}
    results = results_folder(release.name)
    for path in [*results.glob("*.json"), *(results / "figures").glob("*")]:
        if path.name.split(".")[0] not in names:
            yield path
    for path in (build_folder() / "stamps" / release.name).glob("*.json"):
        if "opened" in read_json(path, {}) and path.stem not in names:
            yield path
    yield from (path for path in (ROOT / "book").glob("*/*.ipynb") if path not in targets)
