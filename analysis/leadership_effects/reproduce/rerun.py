"""Re-run the notebooks of a copy, compare them with the published results and report.

Runs in the fresh environment, in the copy of the checkout and without a network; `nox -s reproduce` starts it with a
request in the folder of the run. The data come first: a release whose files are not those that it was frozen with, or
not those that the published results were computed from, is not run unless it is altered on purpose.
"""

from __future__ import annotations

import csv
import difflib
import io
import json
import sys
import time
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from leadership_effects.build import run
from leadership_effects.build.jobs import Job, PipelineError, plan_jobs
from leadership_effects.build.workers import open_executor
from leadership_effects.data.dictionary import freeze
from leadership_effects.data.release import (
    Release,
    ReleaseError,
    checksum_faults,
    newest_release,
    open_release,
)
from leadership_effects.data.rows import csv_text
from leadership_effects.data.validation import check_release
from leadership_effects.files import digest, sha256, write_json, write_whole
from leadership_effects.paths import ROOT
from leadership_effects.published.exhibits import locked_inputs
from leadership_effects.published.judge import NUMBER, ItemComparison, judge, published_keys
from leadership_effects.published.tolerance import REASON, RULE
from leadership_effects.renamed_keys import present_keys
from leadership_effects.reproduce import environment, sandbox
from leadership_effects.reproduce.report import KINDS, html_report, markdown_report

SAME, DIFFERS, DATA, FAILED = 0, 1, 2, 3
MAX_LISTED = 60
EXHIBIT = ("kind", "key", "title", "rows", "line", "same")


@dataclass(frozen=True)
class Request:
    """What was asked of a run.

    Attributes
    ----------
    names : list of str
        Notebooks, or keys of numbers, figures and tables; all if none.
    release : str or None
        Name of the release; the newest if None.
    altered : bool
        Whether the data may differ from the frozen release.
    workers : int
    network : str
        How it is turned off, a key of `sandbox.WORDS`.
    environment, source : dict
        What the report states of the Python and of the copy.
    """

    names: list[str]
    release: str | None
    altered: bool
    workers: int
    network: str
    environment: dict[str, Any]
    source: dict[str, Any]


def data_faults(release: Release) -> list[str]:
    """Return the files that are not as frozen, or not those behind the published results."""
    faults = checksum_faults(release)
    for path, expected in locked_inputs(release.name).items():
        file = release.folder / path
        if path not in faults and file.is_file() and sha256(file) != expected:
            faults[path] = (
                f"checksum {sha256(file)[:12]}… is not the {expected[:12]}… of the file that the published "
                "results were computed from, though datapackage.json agrees with it"
            )
    return [f"{path}: {fault}" for path, fault in faults.items()]


def wanted_jobs(jobs: list[Job], names: list[str]) -> list[Job]:
    """Return the jobs of the notebooks and keys asked for; all if nothing is asked for.

    Raises
    ------
    LookupError
        If a name is neither a notebook nor a key that is published of one.
    """
    by_name = {job.name: job for job in jobs}
    for name in names:
        notebook, is_key, _ = name.partition(".")
        if notebook not in by_name:
            raise LookupError(f"{name!r} is no notebook and no key of one; notebooks: {', '.join(by_name)}")
        known = published_keys(by_name[notebook].parameters["release"], notebook)
        if is_key and name not in known:
            near = difflib.get_close_matches(name, known, n=5, cutoff=0.4)
            raise LookupError(
                f"nothing published is called {name!r}; near it: {', '.join(near) or 'nothing'}"
            )
    chosen = {name.partition(".")[0] for name in names} or set(by_name)
    return [job for job in jobs if job.name in chosen]


def requested(verdicts: list[ItemComparison], notebook: str, names: list[str]) -> list[ItemComparison]:
    """Return the comparisons asked for: all of a notebook, or its keys that were named."""
    return verdicts if not names or notebook in names else [v for v in verdicts if v.key in names]


def run_and_judge(release: Release, request: Request) -> dict[str, Any]:
    """Run what is asked for and return the outcome, ready to be written and reported.

    Raises
    ------
    LookupError
        If a name asked for is nothing that is published.
    """
    jobs = plan_jobs(release)
    chosen = wanted_jobs(jobs, request.names)
    needed = {name for job in chosen for name in (job.name, *job.after)}
    took: dict[str, float] = {}
    errors: list[str] = []
    started = time.perf_counter()
    try:
        with run.build_lock(), open_executor(request.workers, kernels=True) as executor:
            run.run_jobs(release, executor, force=True, only=needed, took=took)
    except PipelineError as error:
        errors = str(error).splitlines()
    seconds = time.perf_counter() - started
    verdicts = {job.name: requested(judge(job), job.name, request.names) for job in chosen}
    judged = [verdict for found in verdicts.values() for verdict in found]
    return {
        "status": "same" if judged and all(v.same for v in judged) else "differs",
        "seconds": round(seconds, 1),
        "largest_process_mb": environment.largest_process_mb(),
        "errors": errors,
        "counts": _counts(judged),
        "notebooks": [_notebook(job, verdicts[job.name], took) for job in chosen],
        "exhibits": [{name: getattr(v, name) for name in EXHIBIT} for v in judged if v.kind != NUMBER],
        "differs": [{"kind": v.kind, "key": v.key, "faults": list(v.faults)} for v in judged if not v.same],
        "verdicts": judged,
    }


def _counts(verdicts: list[ItemComparison]) -> dict[str, dict[str, int]]:
    published = Counter(v.kind for v in verdicts)
    same = Counter(v.kind for v in verdicts if v.same)
    return {kind: {"published": published[kind], "same": same[kind]} for kind in KINDS}


def _notebook(job: Job, verdicts: list[ItemComparison], took: dict[str, float]) -> dict[str, Any]:
    return {
        "name": job.name,
        "source": job.source,
        "sha256": sha256(ROOT / job.source),
        "seconds": round(took[job.name], 1) if job.name in took else None,
        "counts": _counts(verdicts),
    }


def data_record(release: Release) -> dict[str, Any]:
    """Return the release's files with rows and checksums, and its sources by licence."""
    paths = [entry["path"] for entry in [*release.descriptor["resources"], release.descriptor["plan"]]]
    tables = {path: _read_csv(release.folder / path) for path in paths if path.endswith(".csv")}
    sources = tables["sources.csv"]
    return {
        "descriptor": sha256(release.folder / "datapackage.json"),
        "files": [
            {"path": path, "rows": len(tables[path]) if path in tables else None, "sha256": sha256(release.folder / path)}
            for path in paths if (release.folder / path).is_file()
        ],
        "sources": len(sources),
        "third_party": sum(row["third_party_copy"].lower() == "true" for row in sources),
        "licences": dict(Counter(row["licence"] for row in sources).most_common()),
    }  # fmt: skip


def _read_csv(path: Path) -> list[dict[str, str]]:
    text = path.read_text(encoding="utf-8") if path.is_file() else ""
    return list(csv.DictReader(io.StringIO(text)))


def code_digest() -> str:
    """Return the digest of names and contents of notebooks and package."""
    paths = sorted(p for p in (ROOT / "analysis").rglob("*") if p.suffix in (".py", ".json"))
    paths = [p for p in paths if not p.is_relative_to(ROOT / "analysis" / "published")]
    return digest([p for p in paths if p.name != "sitecustomize.py"], ROOT)


def write_outcome(folder: Path, outcome: dict[str, Any], verdicts: list[ItemComparison]) -> None:
    """Write the record, the report in Markdown and HTML, and every verdict as a row."""
    write_json(folder / "reproduction.json", outcome)
    text = markdown_report(json.loads((folder / "reproduction.json").read_text(encoding="utf-8")))
    write_whole(folder / "reproduction.md", text)
    write_whole(folder / "reproduction.html", html_report(text))
    columns = ["kind", "key", "verdict", "differs_in", "rows", "meaning_or_title"]
    rows = ([v.kind, v.key, v.verdict, "; ".join(v.faults), v.rows, v.title] for v in verdicts)
    listed = csv_text(columns, (dict(zip(columns, row, strict=True)) for row in rows))
    write_whole(folder / "verdicts.csv", listed)


def prepare_data(release: Release, altered: bool) -> tuple[Release, list[str], list[str]]:
    """Return the release to run, and the faults of its bytes and of its content.

    Altered data are given new checksums, in the copy alone, so that they can be opened.
    """
    faults = data_faults(release)
    if faults and not altered:
        return release, faults, []
    if altered:
        freeze(release.folder)
        release = open_release(release.name)
    return release, faults, [str(problem) for problem in check_release(release.name)]


def main(folder: Path) -> int:
    """Answer the request of a run; return 0 (all Same), 1, 2 (data) or 3 (nothing ran)."""
    asked = json.loads((folder / sandbox.REQUEST).read_text(encoding="utf-8"))
    request = Request(**asked | {"names": present_keys(asked["names"])})
    for old, new in zip(asked["names"], request.names, strict=True):
        if old != new:
            print(f"{old} is now called {new}", flush=True)
    try:
        attempts = sandbox.check()
        release = open_release(request.release or newest_release())
        release, faults, problems = prepare_data(release, request.altered)
        for line in [*faults, *problems]:
            print(line, file=sys.stderr, flush=True)
        outcome: dict[str, Any] = {
            "release": release.name, "date": datetime.now(UTC).date().isoformat(), "asked": request.names,
            "altered": request.altered, "data_faults": faults, "data_problems": problems,
            "network": {"way": request.network, "words": sandbox.WORDS[request.network], "attempts": attempts},
            "environment": environment.environment() | request.environment,
            "machine": environment.machine(), "source": request.source | {"code": code_digest()},
            "data": data_record(release), "random_numbers": list(environment.random_numbers()),
            "rule": RULE, "reason": REASON, "status": "data",
        }  # fmt: skip
        if request.altered or not (faults or problems):
            outcome |= run_and_judge(release, request)
    except (sandbox.NetworkStillOn, ReleaseError, PipelineError, LookupError) as error:
        print(error.args[0] if error.args else error, file=sys.stderr)
        return FAILED
    verdicts: list[ItemComparison] = outcome.pop("verdicts", [])
    write_outcome(folder, outcome, verdicts)
    for v in verdicts:
        if v.key in request.names and v.same:
            print(f"Same: {v.kind} {v.key}{f': {v.value}' if v.value else ''}")
    return _summarise(outcome)


def _summarise(outcome: dict[str, Any]) -> int:
    """Print the outcome in a few lines and return the exit code."""
    if outcome["status"] == "data":
        count = len(outcome["data_faults"]) + len(outcome["data_problems"])
        print(
            f"{count} problem(s) with the data; nothing was run (--altered runs data that are meant to differ)"
        )
        return DATA
    for error in outcome["errors"]:
        print(error, file=sys.stderr)
    for entry in outcome["differs"][:MAX_LISTED]:
        print(f"Differs: {entry['kind']} {entry['key']}: {entry['faults'][0][:200]}")
    if len(outcome["differs"]) > MAX_LISTED:
        print(f"... and {len(outcome['differs']) - MAX_LISTED} more, all in verdicts.csv")
    for kind, count in outcome["counts"].items():
        if count["published"]:
            print(f"{kind}s: {count['same']:,} of {count['published']:,} Same")
    return SAME if outcome["status"] == "same" else DIFFERS


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
