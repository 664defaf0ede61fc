"""List the notebooks of a release as jobs, and tell which of them are out of date.

A notebook is current while nothing that it depends on has changed: its source, the package modules that it imports, the
release files that it read and how the descriptor types them, its parameters, the lock file, the Python version and, for
a chapter that reads other notebooks' results, these results.
"""

from __future__ import annotations

import ast
import hashlib
import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from leadership_effects.build.imports import imported_modules
from leadership_effects.data.release import Release
from leadership_effects.errors import LeadershipError
from leadership_effects.files import digest, sha256
from leadership_effects.paths import LOCK, ROOT, build_folder, data_folder, results_folder, sweep_folder

READER = "leadership_effects.report.registry"  # holds read_results


class PipelineError(LeadershipError, RuntimeError):
    """A notebook failed; what stood in its place before is untouched."""


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
    """Jobs of a release: one for each case of its plan, then the chapters beside the cases.

    Raises
    ------
    PipelineError
        If a case has no notebook.
    """
    jobs = []
    for case_id in release.plan["cases"]:
        source = f"analysis/notebooks/cases/{case_id}.py"
        jobs.append(
            Job(case_id, source, f"book/cases/{case_id}.ipynb", {"release": release.name, "case_id": case_id})
        )
    cases = tuple(job.name for job in jobs)
    for path in _chapters():
        name, folder = path.stem, path.parent.name
        after = cases if _reads_results(path) else ()
        target = f"book/{folder}/{name}.ipynb"
        jobs.append(Job(name, path.relative_to(ROOT).as_posix(), target, {"release": release.name}, after))
    for job in jobs:
        if not (ROOT / job.source).is_file():
            raise PipelineError(f"{job.source}: missing; the plan of release {release.name} asks for it")
    return jobs


def _chapters() -> list[Path]:
    """Sources of the chapters that are no case, in order of folder and name."""
    sources = (ROOT / "analysis" / "notebooks").glob("*/*.py")
    return sorted(path for path in sources if path.parent.name != "cases")


def _reads_results(path: Path) -> bool:
    """Whether a notebook imports the one function that reads other notebooks' results."""
    nodes = ast.walk(ast.parse(path.read_text(encoding="utf-8")))
    imports = [node for node in nodes if isinstance(node, ast.ImportFrom) and node.module == READER]
    return any(alias.name == "read_results" for node in imports for alias in node.names)


def modules_of(source: Path) -> list[Path]:
    """List the package files that a source of this checkout depends on."""
    return imported_modules(source, ROOT / "analysis")


def _locked_sweeps(job: Job) -> list[Path]:
    """Locked simulations that a job may read: all of them if it imports the module that reads them, else none."""
    if not any(path.name == "sweeps.py" for path in modules_of(ROOT / job.source)):
        return []
    return sorted(sweep_folder(job.parameters["release"]).glob("*.json"))


def fingerprint(job: Job) -> str:
    """Digest of everything a job depends on apart from the release files, which are known after a run."""
    parts: dict[str, Any] = {
        "source": sha256(ROOT / job.source),
        "modules": digest(modules_of(ROOT / job.source), ROOT),
        "parameters": job.parameters,
        "tables": _table_layout(data_folder() / job.parameters["release"]),
        "lock": sha256(ROOT / LOCK),
        "simulations": {path.name: sha256(path) for path in _locked_sweeps(job)},
        "python": f"{sys.version_info.major}.{sys.version_info.minor}",
        "after": {
            name: file_digest(results_folder(job.parameters["release"]) / f"{name}.json")
            for name in job.after
        },
    }
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


def _table_layout(folder: Path) -> list[list[Any]]:
    """Name, file and columns of each table: what the descriptor decides about a table whose file is as it was."""
    descriptor = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    return [
        [
            entry["name"],
            entry["path"],
            [(column["name"], column["type"]) for column in entry["schema"]["fields"]],
        ]
        for entry in descriptor["resources"]
    ]


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
    """Whether a job's outputs stand and nothing they depend on has changed since."""
    path = stamp_path(job)
    if not path.is_file():
        return False
    stamp = json.loads(path.read_text(encoding="utf-8"))
    if stamp["fingerprint"] != fingerprint(job):
        return False
    if stamp["outputs"] != {p.name: file_digest(p) for p in output_files(job)}:
        return False
    return all(file_digest(release.folder / name) == digest for name, digest in stamp["inputs"].items())
