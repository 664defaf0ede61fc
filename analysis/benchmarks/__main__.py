"""Measure the publication beside other software: ``nox -s bench``.

Both sides of each ratio are measured in one run, in copies of the tracked files below a temporary folder; the checkout's
own ``_build`` is not touched. What the sides have to do is checked before a time counts. A run of all parts writes
``analysis/published/benchmark.json`` and the Markdown that a page of the book includes.
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from timeit import default_timer

from leadership_effects.errors import LeadershipError
from leadership_effects.reproduce.environment import environment, machine

from benchmarks import builds, estimators, pages, permutations
from benchmarks.copies import OurBook
from benchmarks.report import PARTS, Finding, report, write

IDLE = 0.5  # load of the last minute up to which a machine counts as idle


def measure(part: str, ours: OurBook, folder: Path, repeat: int) -> Iterator[Finding]:
    """Yield what one part finds; the copy is built already if an earlier part built it."""
    if part == "build":
        yield from builds.builds(ours, folder, repeat)
    elif part == "workers":
        yield from builds.workers(folder)
    elif part == "estimators":
        yield from (estimators.compare(pair(), repeat) for pair in estimators.PAIRS)
        yield from permutations.permutations(repeat)
    else:
        ours.build()
        yield from pages.pages(ours.site, repeat)


def conditions(ours: OurBook, repeat: int) -> dict[str, str]:
    """Return date, code and machine of a run in words."""
    found, box = environment(), machine()
    return {
        "date": datetime.now(UTC).date().isoformat(),
        "code": str(ours.source["words"]),
        "data release": ours.release.name,
        "processor": f"{box['processor']}, {box['cores']} cores",
        "memory": f"{box['memory_gb'] or 'unknown number of'} GB",
        "system": f"{box['system']}, {box['architecture']}",
        "Python": found["python"],
        "packages": ", ".join(f"{name} {version}" for name, version in found["main_packages"].items()),
        "apart from the lock": "; ".join(found["apart_from_lock"]) or "nothing",
        "load before the run": f"{os.getloadavg()[0]:.1f} processes in the minute before",
        "repetitions": f"{repeat}; whole builds and workers once",
    }


def main(arguments: list[str] | None = None) -> int:
    """Run the command line of ``nox -s bench``; return 1 if a part failed, or with ``--strict`` if a target is missed."""
    parser = argparse.ArgumentParser(
        prog="nox -s bench --", description="Measure beside other software, with targets."
    )
    parser.add_argument(
        "--part", nargs="+", choices=list(PARTS), help="measure these alone and write nothing"
    )
    parser.add_argument(
        "--repeat", type=int, default=3, help="how often edits, estimators and pages are measured"
    )
    parser.add_argument("--strict", action="store_true", help="end with 1 if a target is missed")
    options = parser.parse_args(arguments)
    if options.repeat < 1:
        parser.error("--repeat: at least 1")
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # a run that is ended removes its copies
    if os.getloadavg()[0] > IDLE:
        print("the machine is not idle; times will be too long", flush=True)
    started, findings = default_timer(), []
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        ours = OurBook(Path(name) / "ours")
        run = conditions(ours, options.repeat)
        for part in options.part or PARTS:
            print(f"{PARTS[part]}:", flush=True)
            try:
                findings += [found.record(part) for found in measure(part, ours, Path(name), options.repeat)]
            except (LeadershipError, ModuleNotFoundError) as error:
                print(f"{part}: {error}; nothing is written", file=sys.stderr)
                return 1
            except KeyboardInterrupt:
                print(f"{part}: interrupted; the copies are removed, nothing is written", file=sys.stderr)
                return 1
    run["the whole run"] = f"{(default_timer() - started) / 60:.0f} minutes"
    content = {"run": run, "findings": findings}
    print(report(content))
    if not options.part:
        write(content)
    missed = [found["title"] for found in findings if found["met"] is False]
    print(f"not met: {'; '.join(missed) or 'nothing'}")
    return 1 if options.strict and missed else 0


if __name__ == "__main__":
    sys.exit(main())
