"""Measure the publication beside what it competes with: ``nox -s bench``.

Both sides of each ratio are measured in one run, in scratch copies of the tracked files below a temporary folder; the
checkout's own ``_build`` is not touched. What the sides have to do is checked before a time counts. The findings go to
the terminal and to ``analysis/published/benchmark.json``, which a page of the book shows.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from leadership_effects import bench_builds, bench_estimators, bench_kill, bench_pages
from leadership_effects.bench_report import (
    FILE,
    PARTS,
    BenchError,
    Check,
    Finding,
    missed,
    read,
    terminal_table,
)
from leadership_effects.bench_scratch import OurBook, Scratch
from leadership_effects.pipeline import PipelineError
from leadership_effects.printed import PrintError
from leadership_effects.reproduce import ReproductionError
from leadership_effects.results import write_json
from leadership_effects.surroundings import environment, machine

SHORT = 5  # repetitions of what takes seconds
IDLE = 0.5  # load of the last minute up to which a machine counts as idle


def measure(part: str, folder: Path, options: argparse.Namespace) -> Iterator[Finding]:
    """Yield what one part finds; copies that an earlier part built are used again.

    Parameters
    ----------
    part : str
        A key of ``PARTS``.
    folder : Path
        Folder of the scratch copies.
    options : Namespace
        ``repeat``, ``copies`` and ``kills``.
    """
    if part == "build":
        yield from bench_builds.builds(folder, options.repeat)
    elif part == "workers":
        yield from bench_builds.workers(folder, options.repeat)
    elif part == "cases":
        yield from bench_builds.cases(folder, options.repeat, options.copies)
    elif part == "estimators":
        yield from bench_estimators.comparisons(max(SHORT, options.repeat))
    elif part == "pages":
        yield from bench_pages.pages(folder, built(folder), max(3, options.repeat))
    else:
        yield from bench_kill.kills(folder, built(folder), options.kills)


def built(folder: Path) -> OurBook:
    """A copy with a finished build: that of the part ``build`` if there is one."""
    book = OurBook(folder / "ours-0")
    book.compile()
    return book


def header(folder: Path) -> dict[str, Any]:
    """Date, machine and code of a run."""
    copy = Scratch(folder / "tracked")
    release = copy.release.name
    shutil.rmtree(copy.root)
    surroundings = environment()
    return {
        "date": datetime.now(UTC).date().isoformat(),
        "release": release,
        "code": copy.source["words"],
        "machine": machine(),
        "python": surroundings["python"],
        "packages": surroundings["main_packages"],
        "apart_from_lock": surroundings["apart_from_lock"],
        "load_before": round(os.getloadavg()[0], 2),
    }


def main(arguments: list[str] | None = None) -> int:
    """Command line of ``nox -s bench``; returns 1 if a part could not be measured, or a target is missed and ``--strict``."""
    options = _parser().parse_args(arguments)
    base = Path(options.folder) if options.folder else Path(tempfile.mkdtemp(prefix="bench-"))
    base.mkdir(parents=True, exist_ok=True)
    started = time.perf_counter()
    findings: list[Finding] = []
    failed: list[str] = []
    took: dict[str, float] = {}
    try:
        top = header(base)
        if top["load_before"] > IDLE:
            print(
                f"the machine is not idle: load {top['load_before']}; ratios hold more than times", flush=True
            )
        for part in options.part:
            print(f"{PARTS[part]}:", flush=True)
            began = time.perf_counter()
            try:
                findings += measure(part, base, options)
            except (BenchError, PipelineError, PrintError, ReproductionError) as error:
                failed.append(part)
                print(f"{part}: {error}", file=sys.stderr, flush=True)
            took[part] = round(time.perf_counter() - began, 1)
    finally:
        if not options.keep:
            shutil.rmtree(base, ignore_errors=True)
    print(terminal_table(findings))
    content = top | {
        "seconds": round(time.perf_counter() - started, 1),
        "took": took,
        "repeat": options.repeat,
        "failed": failed,
        "findings": [_record(finding) for finding in findings],
    }
    _write(content, options)
    short = missed(findings)
    print("\nnot met: " + ("; ".join(short) or "nothing"))
    return 1 if failed or (options.strict and short) else 0


def _record(finding: Finding) -> dict[str, Any]:
    kind = "check" if isinstance(finding, Check) else "comparison"
    return {"kind": kind, **(asdict(finding) if isinstance(finding, Check) else finding.record())}


def _write(content: dict[str, Any], options: argparse.Namespace) -> None:
    """Write what was found; a run of some parts replaces those of the same day, code and machine, else says so."""
    target = Path(options.out)
    if content["failed"] or options.dry:
        print("\nnothing written: " + ("a part failed" if content["failed"] else "a dry run"))
        return
    if set(options.part) != set(PARTS):
        if not target.is_file():
            print("\nnothing written: only a whole run begins a file")
            return
        earlier = read(target)
        same = ("release", "code", "machine", "python")
        if any(earlier[key] != content[key] for key in same):
            print("\nnothing written: the file is of another release, code or machine; run every part")
            return
        kept = [finding for finding in earlier["findings"] if finding["part"] not in options.part]
        content["findings"] = sorted(
            [*kept, *content["findings"]], key=lambda one: list(PARTS).index(one["part"])
        )
        content["took"] = earlier["took"] | content["took"]
        content["seconds"] = round(sum(content["took"].values()), 1)
    write_json(target, content, sort=False)
    print(f"\nwritten: {os.path.relpath(target)}")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="nox -s bench --", description="Measure ratios side by side, each with its target."
    )
    parser.add_argument("--part", nargs="+", choices=list(PARTS), default=list(PARTS), help="all if left out")
    parser.add_argument("--repeat", type=int, default=1, help="how often builds are measured")
    parser.add_argument(
        "--copies", type=int, default=bench_builds.COPIES, help="how often each case stands in the plan"
    )
    parser.add_argument("--kills", type=int, default=bench_kill.KILLS, help="how many builds are killed")
    parser.add_argument("--out", default=str(FILE), help="file of the findings")
    parser.add_argument("--dry", action="store_true", help="write no file")
    parser.add_argument("--strict", action="store_true", help="end with 1 if a target is missed")
    parser.add_argument("--folder", help="folder of the scratch copies; a temporary one if left out")
    parser.add_argument("--keep", action="store_true", help="keep the scratch copies")
    return parser


if __name__ == "__main__":
    sys.exit(main())
