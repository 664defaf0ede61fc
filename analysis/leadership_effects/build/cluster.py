"""Run notebooks and simulations on a Dask cluster.

Every worker must see this checkout at the same path and have the same Python and libraries; a worker that does not says
so and runs nothing. Each notebook runs in a process of its own that a worker starts and that ends with it: what a
long-lived worker once imported plays no part. Dask gives the work of a worker that is lost to another one.
"""

from __future__ import annotations

import logging
import os
import pickle
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import BrokenExecutor, Executor, Future
from concurrent.futures import wait as wait_for_all
from contextlib import contextmanager
from functools import partial
from importlib.metadata import version
from pathlib import Path
from queue import Empty, Queue
from typing import TYPE_CHECKING, Any

from leadership_effects.errors import LeadershipError
from leadership_effects.paths import LOCK, ROOT, build_folder, data_folder

if TYPE_CHECKING:
    from distributed import Client

LIBRARIES = (
    "altair", "ipykernel", "jupytext", "nbclient", "numpy", "pandas", "scipy", "statsmodels", "vl-convert-python",
)  # fmt: skip
TIMEOUT_S = 20  # seconds for a scheduler to answer and for a worker to be there
POLL_S = 1  # seconds between two looks at the cluster while it works
CHILD = "from leadership_effects.build.cluster import serve_call; serve_call()"


class ClusterError(LeadershipError, RuntimeError):
    """There is no cluster at that address, or a worker that cannot do what it is asked."""


class ClusterLost(ClusterError, BrokenExecutor):
    """The cluster went away in the midst of its work."""


@contextmanager
def client_of(address: str) -> Iterator[Client]:
    """Connect to a Dask scheduler that has workers.

    Raises
    ------
    ClusterError
        If no scheduler answers, or it has no worker.
    """
    from distributed import Client

    for log in ("distributed", "distributed.client"):  # errors report what goes wrong
        logging.getLogger(log).setLevel(logging.CRITICAL)
    answers: Queue[Client | Exception] = Queue()

    def ask() -> None:
        try:
            answers.put(Client(address, timeout=TIMEOUT_S))
        except Exception as error:  # whatever another kind of server makes of the question
            answers.put(error)

    threading.Thread(
        target=ask, daemon=True
    ).start()  # Dask itself waits for ever for a server of another kind
    try:
        client = answers.get(timeout=TIMEOUT_S)
    except Empty:
        client = TimeoutError("no answer that a scheduler would give")
    if isinstance(client, Exception):
        raise ClusterError(
            f"--scheduler {address}: no Dask scheduler answers there within {TIMEOUT_S} s ({client}); "
            "give an address such as tcp://host:8786"
        )
    with client:
        try:
            client.wait_for_workers(1, timeout=TIMEOUT_S)
        except TimeoutError:
            raise ClusterError(
                f"--scheduler {address}: the scheduler has no worker; start some with `dask worker {address}`"
            ) from None
        yield client


@contextmanager
def connect(address: str) -> Iterator[Executor]:
    """Open an executor whose calls run in processes of their own on a cluster's workers.

    Raises
    ------
    ClusterError
        If no scheduler answers, or it has no worker.
    """
    with client_of(address) as client:
        executor = ClusterExecutor(client, address)
        try:
            yield executor
        finally:
            executor.shutdown(wait=False, cancel_futures=True)


class ClusterExecutor(Executor):
    """Run functions of this package, named by their module, on the workers of a cluster.

    Dask makes up for a worker that is lost. If the scheduler goes, no longer answers, or has had no worker for a while,
    every call that has not ended raises `ClusterLost`, and so does every later one.
    """

    def __init__(self, client: Client, address: str) -> None:
        self._client = client
        self._executor = client.get_executor(pure=False)
        self._address = address
        self._open: set[Future[Any]] = set()
        self._lock = threading.Lock()
        self._lost = ""
        self._ended = threading.Event()
        self._setting = {
            "root": str(ROOT),
            "libraries": libraries(),
            "environment": {
                "LEADERSHIP_DATA": str(data_folder()),
                "LEADERSHIP_BUILD": str(build_folder()),
                "PYTHONPATH": str(ROOT / "analysis"),
                "OPENBLAS_NUM_THREADS": "1",
                "PYTHONHASHSEED": "0",
            },
        }
        threading.Thread(target=self._watch, daemon=True).start()

    def submit(self, function: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Send a call to the cluster."""
        answer: Future[Any] = Future()
        with self._lock:
            self._open.add(answer)
        if self._lost or self._client.status != "running":
            self._fail_open_calls("was lost")
        else:
            call = pickle.dumps((function, args, kwargs))
            sent = self._executor.submit(call_in_subprocess, self._setting, call)
            sent.add_done_callback(partial(self._hand_over, answer))
            answer.add_done_callback(lambda done: done.cancelled() and sent.cancel())
        return answer

    def _hand_over(self, answer: Future[Any], sent: Future[Any]) -> None:
        """Copy the outcome of a call from Dask's future to the one that was handed out."""
        with self._lock:
            waits = answer in self._open and not answer.cancelled()
            gone = waits and sent.cancelled()  # Dask's word for a call whose scheduler is gone
            if not gone:
                self._open.discard(answer)
        if gone:
            self._fail_open_calls("was lost")
        elif waits and answer.set_running_or_notify_cancel():
            if error := sent.exception():
                answer.set_exception(error)
            else:
                answer.set_result(sent.result())

    def _watch(self) -> None:
        """Poll the scheduler: Dask would wait for ever for one that hangs, or for a first worker."""
        served, scheduler = time.monotonic(), self._client.scheduler
        assert scheduler is not None
        while not self._ended.wait(POLL_S):
            if self._client.status != "running":
                self._fail_open_calls("was lost")
                return
            try:
                known = self._client.sync(scheduler.identity, callback_timeout=TIMEOUT_S)
            except TimeoutError:
                self._fail_open_calls(f"has not answered for {TIMEOUT_S} s")
                return
            except Exception:  # whatever the broken connection raises
                self._fail_open_calls("was lost")
                return
            if known["workers"]:
                served = time.monotonic()
            elif time.monotonic() - served > TIMEOUT_S:
                self._fail_open_calls(f"has had no worker for {TIMEOUT_S} s")
                return

    def _fail_open_calls(self, what: str) -> None:
        """Fail the calls that have not ended with the first reason found."""
        with self._lock:
            self._lost = self._lost or f"the Dask scheduler at {self._address} {what}"
            left, self._open = self._open, set()
        for answer in left:
            if answer.set_running_or_notify_cancel():
                answer.set_exception(ClusterLost(self._lost))

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Cancel the calls that have not begun; those that have end by themselves."""
        if wait:
            wait_for_all(list(self._open))
        self._ended.set()
        with self._lock:
            left, self._open = self._open, set()
        for answer in left:
            answer.cancel()


def libraries() -> dict[str, str]:
    """Return the versions that decide a notebook's bytes."""
    python = f"{sys.version_info.major}.{sys.version_info.minor}"
    return {"python": python, **{name: version(name) for name in LIBRARIES}}


def call_in_subprocess(setting: dict[str, Any], call: bytes) -> Any:
    """Make a call in a new process of this worker; the process ends with the worker.

    Raises
    ------
    ClusterError
        If this worker sees no such checkout, has other libraries, or the process dies.
    """
    _check_worker(setting)
    process = subprocess.Popen(
        [sys.executable, "-c", CHILD], cwd=setting["root"], env=os.environ | setting["environment"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    )  # fmt: skip
    assert process.stdin and process.stdout
    with process, process.stdin, process.stdout:  # standard input stays open: it closes when this worker ends
        pickle.dump(call, process.stdin)
        process.stdin.flush()
        answered = process.stdout.read()
        process.wait()
    if not answered:
        raise ClusterError(f"a process of this worker ended with code {process.returncode} and no answer")
    good, content = pickle.loads(answered)
    if not good:
        raise content
    return content


def _check_worker(setting: dict[str, Any]) -> None:
    """Refuse a worker that lacks the checkout or has other versions than the machine that asks."""
    build = Path(setting["environment"]["LEADERSHIP_BUILD"])
    for folder in (Path(setting["root"]), build):
        if not folder.is_dir():
            raise ClusterError(
                f"a worker does not see {folder}: the checkout must be at the same path everywhere"
            )
    here, there = libraries(), setting["libraries"]
    other = [f"{name} {here[name]}, not {there[name]}" for name in there if here[name] != there[name]]
    if other:
        raise ClusterError(f"a worker has {'; '.join(other)}: install {LOCK} there")


def serve_call() -> None:
    """Serve a call: read it from standard input, write its outcome to standard output."""
    channel = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what the call prints must not mix with the answer
    call = pickle.load(sys.stdin.buffer)
    threading.Thread(target=_exit_with_worker, daemon=True).start()
    function, args, kwargs = pickle.loads(call)
    try:
        result = True, function(*args, **kwargs)
    except Exception as error:  # it is raised again where the call came from
        result = False, error
    pickle.dump(result, channel)
    channel.close()
    os._exit(0)  # the thread that reads standard input cannot be ended otherwise


def _exit_with_worker() -> None:
    """End this process when its standard input closes."""
    sys.stdin.buffer.read()
    os._exit(1)
