"""Measure the publication beside what it competes with: ``nox -s bench``.

Both sides of each ratio are measured in one run, in scratch copies of the tracked files below a temporary folder; the
checkout's own ``_build`` is not touched. What the sides have to do is checked before a time counts. A run of all parts
writes ``analysis/published/benchmark.json`` and the Markdown that a page of the book includes.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from leadership_effects.errors import LeadershipError
from leadership_effects.paths import ROOT
from leadership_effects.reproduce.environment import environment, machine

from benchmarks import builds, estimators, pages
from benchmarks.copies import OurBook, Scratch
from benchmarks.report import FILE, PAGE, PARTS, Finding, missed, report, write

IDLE = 0.5  # load of the last minute up to which a machine counts as idle


def measure(part: str, folder: Path, repeat: int) -> Iterator[Finding]:
    """Yield what one part finds; a copy that an earlier part built is used again."""
    if part == "build":
        yield from builds.builds(folder, repeat)
    elif part == "workers":
        yield from builds.workers(folder)
    elif part == "estimators":
        yield from estimators.comparisons(repeat)
    else:
        book = OurBook(folder / "ours")
        book.compile()
        yield from pages.pages(book, repeat)


def header(folder: Path) -> dict[str, Any]:
    """Return date, machine and code of a run."""
    copy = Scratch(folder / "tracked")
    found = environment()
    content = {
        "date": datetime.now(UTC).date().isoformat(),
        "release": copy.release.name,
        "code": code(copy.source),
        "machine": machine(),
        "python": found["python"],
        "packages": found["main_packages"],
        "apart_from_lock": found["apart_from_lock"],
        "load_before": round(os.getloadavg()[0], 2),
    }
    shutil.rmtree(copy.root)
    return content


def code(source: dict[str, Any]) -> str:
    """Return the code that was measured; the files that a run writes are none of it."""
    if "commit" not in source:
        return str(source["words"])
    written = {path.relative_to(ROOT).as_posix() for path in (FILE, PAGE)}
    changed = [name for name in source["changed"] if name not in written]
    note = f", with {len(changed)} tracked file(s) changed since" if changed else ""
    return f"commit {source['commit']}{note}"


def main(arguments: list[str] | None = None) -> int:
    """Run the command line of ``nox -s bench``; return 1 if a part failed, or with ``--strict`` if a target is missed."""
    parser = argparse.ArgumentParser(
        prog="nox -s bench --", description="Measure ratios side by side, each with its target."
    )
    parser.add_argument(
        "--part", nargs="+", choices=list(PARTS), help="measure these alone and write nothing"
    )
    parser.add_argument(
        "--repeat", type=int, default=3, help="how often edits, estimators and pages are measured"
    )
    parser.add_argument("--strict", action="store_true", help="end with 1 if a target is missed")
    options = parser.parse_args(arguments)
    took: dict[str, float] = {}
    findings: list[dict[str, Any]] = []
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        content = header(Path(name)) | {"repeat": options.repeat}
        if content["load_before"] > IDLE:
            print(f"the machine is not idle: load {content['load_before']}", flush=True)
        for part in options.part or PARTS:
            print(f"{PARTS[part]}:", flush=True)
            began = time.perf_counter()
            try:
                findings += [found.record() for found in measure(part, Path(name), options.repeat)]
            except LeadershipError as error:
                print(f"{part}: {error}; nothing is written", file=sys.stderr)
                return 1
            took[part] = round(time.perf_counter() - began, 1)
    content |= {"took": took, "failed": [], "findings": findings, "seconds": round(sum(took.values()), 1)}
    print(report(content))
    if not options.part:
        write(content)
    short = missed(content)
    print(f"not met: {'; '.join(short) or 'nothing'}")
    return 1 if options.strict and short else 0


if __name__ == "__main__":
    sys.exit(main())
