"""Where work is done: processes of this machine, each replaced if it is killed, or the workers of a Dask cluster."""

from __future__ import annotations

import argparse
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from multiprocessing import get_context
from typing import Any

from leadership_effects.build.cluster import connect
from leadership_effects.build.kernels import exit_with_parent, preload_libraries
from leadership_effects.errors import LeadershipError

WORKERS = 2
TRIES = 3  # a call whose process is killed is made again twice


class WorkerError(LeadershipError, RuntimeError):
    """A call cannot be made here: its process was killed each time."""


class Processes(ThreadPoolExecutor):
    """Fresh processes that end with the one that started them, however that ends.

    Each has a pool of its own, so that one that is killed takes nothing down but the call it was making; another
    process makes it again.

    Parameters
    ----------
    workers : int
        Processes at a time.
    begin : callable
        What each process does first.
    """

    def __init__(self, workers: int, begin: Callable[[], None] = exit_with_parent) -> None:
        super().__init__(workers)
        self._begin = begin
        self._mine = threading.local()
        self._pools: list[ProcessPoolExecutor] = []
        self._ending = False

    def submit(self, function: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Make a call in the next process that is free.

        The future raises `WorkerError` if the process was killed at every try.
        """
        return super().submit(self._call, function, args, kwargs)

    def _call(self, function: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        for attempt in range(1, TRIES + 1):
            try:
                return self._process().submit(function, *args, **kwargs).result()
            except BrokenProcessPool:
                del self._mine.pool
                if self._ending:
                    break
                if attempt < TRIES:
                    print("  a process of this machine was killed; another does its work again", flush=True)
        raise WorkerError(
            f"the process that ran it was killed {attempt} time(s); look for a lack of memory (--workers 1 needs less)"
        )

    def _process(self) -> ProcessPoolExecutor:
        """Process of this thread."""
        if not hasattr(self._mine, "pool"):
            self._mine.pool = ProcessPoolExecutor(1, mp_context=get_context("spawn"), initializer=self._begin)
            self._pools.append(self._mine.pool)
        pool: ProcessPoolExecutor = self._mine.pool
        return pool

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """End the processes, after what they are doing if `wait`."""
        self._ending = True
        super().shutdown(wait, cancel_futures=cancel_futures)
        for pool in self._pools:
            pool.shutdown(wait, cancel_futures=cancel_futures)


def start_kernel_server() -> None:
    """Load the libraries of notebooks in a process that kernels are forked from."""
    exit_with_parent()
    preload_libraries()


@contextmanager
def open_executor(
    workers: int, scheduler: str = "", begin: Callable[[], None] = exit_with_parent
) -> Iterator[Executor]:
    """Executor on the Dask cluster with that address, or on this machine if there is none.

    Parameters
    ----------
    workers : int
        Processes on this machine.
    scheduler : str
        Address of a Dask scheduler; empty for this machine.
    begin : callable
        What each process of this machine does first.

    Raises
    ------
    ClusterError
        If no scheduler answers or it has no workers.
    """
    if scheduler:
        with connect(scheduler) as executor:
            yield executor
        return
    with Processes(workers, begin) as processes:
        yield processes


def add_executor_options(parser: argparse.ArgumentParser) -> None:
    """Give a command line the options that say where the work is done."""
    parser.add_argument("--workers", type=int, default=WORKERS, help="processes on this machine")
    parser.add_argument(
        "--scheduler", "--cluster", default="", metavar="ADDRESS",
        help="address of a Dask scheduler to run on instead, such as tcp://host:8786",
    )  # fmt: skip
