"""Open the executor of notebooks or simulations, on this machine or a Dask cluster."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context

from leadership_effects.build.cluster import connect

WORKERS = 2
TRIES = 3  # a notebook whose kernel is killed is run again twice


def _start_kernels() -> None:
    from leadership_effects.build.kernels import (
        start_fork_server,  # costs time that a build without runs can save
    )

    start_fork_server()


def _exit_with_parent() -> None:
    from leadership_effects.build.kernels import exit_with_parent

    exit_with_parent()


@contextmanager
def open_executor(workers: int, scheduler: str = "", *, kernels: bool = False) -> Iterator[Executor]:
    """Open an executor on this machine, or on the Dask cluster with an address.

    Parameters
    ----------
    workers : int
        Calls at a time on this machine.
    scheduler : str
        Address of a Dask scheduler; empty for this machine.
    kernels : bool
        Whether the calls run notebooks, whose kernels are processes already: threads in place of processes.

    Raises
    ------
    ClusterError
        If no scheduler answers or it has no workers.
    """
    if scheduler:
        with connect(scheduler) as executor:
            yield executor
    elif kernels:
        with ThreadPoolExecutor(workers, initializer=_start_kernels) as threads:
            try:
                yield threads
            except BaseException:  # an interruption: no kernel is left running
                from leadership_effects.build.kernels import kill_kernels

                threads.shutdown(wait=False, cancel_futures=True)
                kill_kernels()
                raise
    else:
        with ProcessPoolExecutor(workers, get_context("spawn"), _exit_with_parent) as processes:
            yield processes


def add_executor_options(parser: argparse.ArgumentParser) -> None:
    """Add the options that decide where work is done to a command line."""
    parser.add_argument(
        "--workers",
        type=positive,
        default=WORKERS,
        metavar="N",
        help="notebooks or parts at a time on this machine",
    )
    parser.add_argument(
        "--scheduler", "--cluster", default="", metavar="ADDRESS",
        help="address of a Dask scheduler to run on instead, such as tcp://host:8786",
    )  # fmt: skip


def positive(text: str) -> int:
    """Return a whole number of at least 1.

    Raises
    ------
    argparse.ArgumentTypeError
        If it is none.
    """
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"must be a whole number of at least 1, not {text!r}")
    return int(text)
