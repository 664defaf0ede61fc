"""Run the book's simulations and lock their rows (``nox -s simulations``).

They take minutes, so they stand apart from the book, which reads what is locked here.
"""

from __future__ import annotations

import argparse
import importlib
import sys
import time

from leadership_effects.check import newest_release
from leadership_effects.cluster import ClusterError, client_of
from leadership_effects.pipeline import add_place
from leadership_effects.release import ReleaseError, open_release
from leadership_effects.sweeps import Sweep, SweepError, lock_sweep

MODULES = ("proof", "critical_mass", "tipping")


def all_sweeps() -> dict[str, Sweep]:
    """Every sweep of the package by name."""
    modules = [importlib.import_module(f"leadership_effects.{name}") for name in MODULES]
    return {sweep.name: sweep for module in modules for sweep in module.SWEEPS}


def main(arguments: list[str] | None = None) -> int:
    """Command line of ``nox -s simulations``; returns the exit code."""
    parser = argparse.ArgumentParser(description="Run simulations and lock their rows.")
    parser.add_argument("names", nargs="*", help="sweeps to run; all if left out")
    parser.add_argument("--release", help="release name; the newest if left out")
    add_place(parser)
    options = parser.parse_args(arguments)
    sweeps = all_sweeps()
    try:
        unknown = sorted(set(options.names) - set(sweeps))
        if unknown:
            raise SweepError(f"no simulation {', '.join(unknown)}; there are {', '.join(sweeps)}")
        release = open_release(options.release or newest_release())
        if options.scheduler:
            with client_of(options.scheduler):
                pass  # an address without a cluster is refused in words before anything is computed
        for name in options.names or sweeps:
            start = time.perf_counter()
            count = lock_sweep(sweeps[name], release, workers=options.workers, cluster=options.scheduler)
            print(f"{name}: {count} cells, {time.perf_counter() - start:.0f} s", flush=True)
    except (SweepError, ClusterError, ReleaseError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
