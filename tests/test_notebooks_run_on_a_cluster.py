"""Notebooks on a Dask cluster give the bytes of this machine, and a worker that is killed loses none of them.

Scheduler and workers are processes of their own on the loopback address, as an operator starts them. Decided here: that
bytes are equal, that a worker killed while a notebook runs is made up for by another, that a run continues what an earlier one
left, and that an address without a cluster, or a worker with other libraries, is refused in words. Not decided: that workers on
another kind of processor give the same last digits.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil
import pytest
from conftest import Tree, snapshot
from leadership_effects import cluster

PATIENCE = 60  # seconds


@contextmanager
def dask(tree: Tree, workers: int, folder: Path) -> Iterator[tuple[str, list[subprocess.Popen[bytes]]]]:
    """Address of a scheduler with workers that see the tree, and the worker processes; all end with the block."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("LEADERSHIP_", "PYTHON"))}
    environment = kept | {"PYTHONPATH": str(tree.root / "analysis")}
    file = folder / "scheduler.json"

    def start(*arguments: str) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [sys.executable, "-m", "distributed.cli.dask_scheduler" if arguments[0] == "scheduler" else
             "distributed.cli.dask_worker", *arguments[1:], "--scheduler-file", str(file)],
            cwd=folder, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip

    scheduler = start("scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard")
    started = [start("worker", "--nthreads", "1", "--no-nanny", "--no-dashboard") for _ in range(workers)]
    try:
        yield address_in(file), started
    finally:
        for process in (*started, scheduler):
            with suppress(ProcessLookupError):
                process.kill()
            process.wait()


def address_in(file: Path) -> str:
    stop = time.monotonic() + PATIENCE
    while time.monotonic() < stop:
        with suppress(OSError, ValueError):
            return str(json.loads(file.read_text(encoding="utf-8"))["address"])
        time.sleep(0.1)
    raise AssertionError("the scheduler did not start")


def outputs(tree: Tree) -> dict[str, bytes | str]:
    """Notebooks, results and figures."""
    folders = ("_build/results", "book/cases", "book/synthesis")
    return {f"{f}/{name}": content for f in folders for name, content in snapshot(tree.root / f).items()}


def test_a_cluster_gives_the_same_bytes_and_a_killed_worker_loses_nothing(tree: Tree, tmp_path: Path) -> None:
    """One of two workers is killed while its notebook runs; the run ends well, and the next has nothing to do."""
    before = outputs(tree)
    for path in [*(tree.root / "book").rglob("*.ipynb"), *tree.results.rglob("*.json")]:
        path.unlink()
    with dask(tree, 2, tmp_path) as (address, workers):
        command = [sys.executable, "-m", "leadership_effects.pipeline", "--force", "--scheduler", address]
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("LEADERSHIP_", "PYTHON"))}
        run = subprocess.Popen(
            command, cwd=tree.root, env=kept | {"PYTHONPATH": str(tree.root / "analysis")},
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        stop = time.monotonic() + PATIENCE
        while not list((tree.build / "stage").glob("*/input.ipynb")) and time.monotonic() < stop:
            assert run.poll() is None, run.communicate()
            time.sleep(0.02)
        victim = next(w for w in workers if psutil.Process(w.pid).children())
        left = psutil.Process(victim.pid).children(recursive=True)
        victim.kill()
        said, wrong = run.communicate(timeout=PATIENCE * 2)
        assert run.returncode == 0, wrong
        assert "3 notebook(s) run" in said
        assert outputs(tree) == before
        assert psutil.wait_procs(left, timeout=PATIENCE)[1] == [], "processes of the killed worker live on"
        again = tree.run("pipeline", "--scheduler", address)
    assert "0 notebook(s) run, 3 already current" in again.stdout, again.stderr


def test_an_address_without_a_cluster_is_refused_in_words(tree: Tree, monkeypatch) -> None:
    done = tree.run("pipeline", "--force", "--scheduler", "tcp://127.0.0.1:9")
    assert done.returncode == 1
    assert "no Dask scheduler answers there" in done.stderr and "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"root": "/nowhere/at/all"}, "does not see /nowhere/at/all"),
        ({"libraries": cluster.libraries() | {"pandas": "0.1"}}, "pandas .*, not 0.1"),
    ],
    ids=["another checkout", "another library"],
)
def test_a_worker_that_would_run_it_otherwise_refuses(tmp_path: Path, change, told) -> None:
    setting = {
        "root": str(tmp_path), "libraries": cluster.libraries(), "environment": {"LEADERSHIP_BUILD": str(tmp_path)},
    }  # fmt: skip
    with pytest.raises(cluster.ClusterError, match=told):
        cluster.call_in_own_process(setting | change, b"")
