"""Measure the publication beside what it competes with: ``nox -s bench``.

Both sides of each ratio are measured in one run, in scratch copies of the tracked files below a temporary folder; the
checkout's own ``_build`` is not touched. What the sides have to do is checked before a time counts. The findings go to
the terminal, to ``analysis/published/benchmark.json`` and to the Markdown that a page of the book includes.
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

from leadership_effects.files import write_json
from leadership_effects.paths import ROOT, build_folder
from leadership_effects.reproduce.environment import environment, machine

from benchmarks import builds, estimators, kill, pages
from benchmarks.copies import OurBook, Scratch
from benchmarks.findings import (
    FILE,
    PARTS,
    Check,
    Finding,
    missed,
    read,
    terminal_table,
)
from benchmarks.report import PAGE, write_page

SAME = ("release", "code", "machine", "python")  # of two runs whose parts may stand side by side
SHORT = 3  # repetitions of what takes seconds
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
        yield from builds.builds(folder, options.repeat)
    elif part == "workers":
        yield from builds.workers(folder, options.repeat)
    elif part == "cases":
        yield from builds.cases(folder, options.repeat, options.copies)
    elif part == "estimators":
        yield from estimators.comparisons(max(SHORT, options.repeat))
    elif part == "pages":
        yield from pages.pages(folder, built(folder), max(SHORT, options.repeat))
    else:
        yield from kill.kills(folder, built(folder), options.kills)


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
        "code": code(copy.source),
        "machine": machine(),
        "python": surroundings["python"],
        "packages": surroundings["main_packages"],
        "apart_from_lock": surroundings["apart_from_lock"],
        "load_before": round(os.getloadavg()[0], 2),
    }


def code(source: dict[str, Any]) -> str:
    """Return the code that was measured; the files that a run writes are none of it."""
    if "commit" not in source:
        return str(source["words"])
    written = {path.relative_to(ROOT).as_posix() for path in (FILE, PAGE)}
    changed = [name for name in source["changed"] if name not in written]
    return f"commit {source['commit']}" + (
        f", with {len(changed)} tracked file(s) changed since" if changed else ""
    )


def main(arguments: list[str] | None = None) -> int:
    """Command line of ``nox -s bench``; returns 1 if a part could not be measured, or a target is missed and ``--strict``."""
    options = _parser().parse_args(arguments)
    base = Path(options.folder) if options.folder else Path(tempfile.mkdtemp(prefix="bench-"))
    base.mkdir(parents=True, exist_ok=True)
    findings: list[Finding] = []
    failed, told = [], "\nnothing is kept of a dry run"
    try:
        top = header(base) | {"repeat": options.repeat}
        if top["load_before"] > IDLE:
            print(f"the machine is not idle: load {top['load_before']}", flush=True)
        for part in options.part:
            print(f"{PARTS[part]}:", flush=True)
            began, found = time.perf_counter(), []
            try:
                found = list(measure(part, base, options))
            except Exception as error:  # the other parts are measured, whatever stopped this one
                failed.append(part)
                print(f"{part}: {type(error).__name__}: {error}", file=sys.stderr, flush=True)
            findings += found
            content = top | {
                "took": {part: round(time.perf_counter() - began, 1)},
                "failed": [part] if part in failed else [],
                "findings": [_record(finding) for finding in found],
            }
            if not options.dry:
                told = keep(content, build_folder() / "bench.json", Path(options.out))
    finally:
        if not options.keep:
            shutil.rmtree(base, ignore_errors=True)
    print(terminal_table(findings))
    short = missed(findings)
    print(f"\nnot met: {'; '.join(short) or 'nothing'}\n{told}")
    return 1 if failed or (options.strict and short) else 0


def _record(finding: Finding) -> dict[str, Any]:
    kind = "check" if isinstance(finding, Check) else "comparison"
    return {"kind": kind, **(asdict(finding) if isinstance(finding, Check) else finding.record())}


def keep(content: dict[str, Any], state: Path, target: Path) -> str:
    """Keep what was found; return what was done in words.

    What was measured is kept in a file of its own beside the build, part by part, as long as release, code and machine
    are the same: a part that failed can be measured again alone. The committed file is written once every part is there.

    Parameters
    ----------
    content : dict
        What a run found, in parts or whole.
    state : Path
        File that is kept from run to run.
    target : Path
        File that the page shows.
    """
    whole = content
    if state.is_file():
        earlier = read(state)
        if all(earlier[key] == content[key] for key in SAME):
            renewed = set(content["took"])
            older = [finding for finding in earlier["findings"] if finding["part"] not in renewed]
            whole = content | {
                "findings": sorted(
                    [*older, *content["findings"]], key=lambda one: list(PARTS).index(one["part"])
                ),
                "took": earlier["took"] | content["took"],
                "failed": sorted({*earlier["failed"]} - renewed | {*content["failed"]}),
            }
    whole["seconds"] = round(sum(whole["took"].values()), 1)
    write_json(state, whole, sort=False)
    lacking = [part for part in PARTS if part not in whole["took"] or part in whole["failed"]]
    if lacking:
        return f"kept in {os.path.relpath(state)}; the page waits for {', '.join(lacking)}"
    write_json(target, whole, sort=False)
    if target == FILE:
        write_page(whole)
    return f"written: {os.path.relpath(target)}"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="nox -s bench --", description="Measure ratios side by side, each with its target."
    )
    parser.add_argument("--part", nargs="+", choices=list(PARTS), default=list(PARTS), help="all if left out")
    parser.add_argument("--repeat", type=int, default=1, help="how often builds are measured")
    parser.add_argument(
        "--copies", type=int, default=builds.COPIES, help="how often each case stands in the plan"
    )
    parser.add_argument("--kills", type=int, default=kill.KILLS, help="how many builds are killed")
    parser.add_argument("--out", default=str(FILE), help="file of the findings")
    parser.add_argument("--dry", action="store_true", help="write no file")
    parser.add_argument("--strict", action="store_true", help="end with 1 if a target is missed")
    parser.add_argument("--folder", help="folder of the scratch copies; a temporary one if left out")
    parser.add_argument("--keep", action="store_true", help="keep the scratch copies")
    return parser


if __name__ == "__main__":
    sys.exit(main())
