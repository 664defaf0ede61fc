"""Notebooks and simulations on a Dask cluster give the bytes of this machine, and what is killed on the way loses nothing.

Scheduler and workers are processes of their own on the loopback address, as an operator starts them, and are killed as a
machine that goes down. Decided here: that bytes are equal, that a worker killed in the midst of its work, on a cluster or
on this machine, is made up for by another, that a cluster that goes away ends the run in words and in time, that the next run
continues what was left, and that an address without a cluster, or a worker with other libraries, is refused in words. Not
decided: that workers on another kind of processor give the same last digits.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext, suppress
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TypeVar

import psutil
import pytest
from leadership_effects.build import cluster, simulations, workers
from leadership_effects.data.release import newest_release
from leadership_effects.paths import ROOT
from miniature import Tree, snapshot

PATIENCE = 600  # seconds
Found = TypeVar("Found")


def outside() -> dict[str, str]:
    """Variables that say nothing of this checkout."""
    return {k: v for k, v in os.environ.items() if not k.startswith(("LEADERSHIP_", "PYTHON"))}


@contextmanager
def dask(workers: int, folder: Path, *libraries: Path) -> Iterator[tuple[str, list[subprocess.Popen[bytes]]]]:
    """Address of a scheduler with workers, and the processes, the scheduler first; all end with the block.

    A worker looks for libraries in the folders given, then in this environment.
    """
    folder.mkdir(exist_ok=True)
    file = folder / "scheduler.json"
    environment = outside() | {"PYTHONPATH": os.pathsep.join(map(str, libraries))}

    def start(*arguments: str) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [sys.executable, "-m", "distributed.cli.dask_scheduler" if arguments[0] == "scheduler" else
             "distributed.cli.dask_worker", *arguments[1:], "--scheduler-file", str(file)],
            cwd=folder, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip

    scheduler = start("scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard")
    started = [start("worker", "--nthreads", "1", "--no-nanny", "--no-dashboard") for _ in range(workers)]
    try:
        yield address_in(file), [scheduler, *started]
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


def clear(tree: Tree) -> None:
    """Take all notebooks and results away, so that every notebook has to run."""
    for path in [*(tree.root / "book").rglob("*.ipynb"), *tree.results.rglob("*.json")]:
        path.unlink()


def start(tree: Tree, module: str, *arguments: str) -> subprocess.Popen[str]:
    """Begin a command line of the package in the tree."""
    return subprocess.Popen(
        [sys.executable, "-m", f"leadership_effects.{module}", *arguments], cwd=tree.root,
        env=outside() | {"PYTHONPATH": str(tree.root / "analysis")},
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


def until(look: Callable[[], Found | None], run: subprocess.Popen[str] | None = None) -> Found:
    """Wait for something that a run brings about, and return it."""
    stop = time.monotonic() + PATIENCE
    while not (found := look()):
        assert run is None or run.poll() is None, f"ended too early: {run.communicate()}"
        assert time.monotonic() < stop, "it does not come about"
        time.sleep(0.02)
    return found


def busy(workers: list[subprocess.Popen[bytes]]) -> subprocess.Popen[bytes] | None:
    """A worker in the midst of its work."""
    return next((w for w in workers if psutil.Process(w.pid).children()), None)


def begun(tree: Tree) -> int:
    """Notebooks that are in the midst of their run."""
    return len(list((tree.build / "stage").glob("*/reads.jsonl")))


@pytest.mark.slow
def test_a_cluster_gives_the_same_bytes_and_a_killed_worker_loses_nothing(tree: Tree, tmp_path: Path) -> None:
    """One of two workers is killed while its notebook runs; the run ends well, and the next has nothing to do."""
    before = outputs(tree)
    clear(tree)
    with dask(2, tmp_path / "dask") as (address, (_, *two)):
        run = start(tree, "build.run", "--force", "--scheduler", address)
        until(lambda: begun(tree), run)
        victim = until(lambda: busy(two), run)
        left = psutil.Process(victim.pid).children(recursive=True)
        victim.kill()
        said, wrong = run.communicate(timeout=PATIENCE * 2)
        assert run.returncode == 0, wrong
        assert "3 notebook(s) run" in said
        assert outputs(tree) == before
        assert psutil.wait_procs(left, timeout=PATIENCE)[1] == [], "processes of the killed worker live on"
        again = tree.run("build.run", "--scheduler", address)
    assert "0 notebook(s) run, 3 already current" in again.stdout, again.stderr


@pytest.mark.slow
def test_a_scheduler_that_is_killed_ends_the_run_in_words_and_the_next_continues(
    tree: Tree, tmp_path: Path
) -> None:
    """Killed when one notebook has ended and another runs: the one stays, and the next run, without the cluster, runs two."""
    before = outputs(tree)
    clear(tree)
    with dask(1, tmp_path / "dask") as (address, (scheduler, _)):
        run = start(tree, "build.run", "--scheduler", address)
        assert run.stdout and run.stdout.readline().endswith(" s\n"), run.communicate()
        until(lambda: begun(tree), run)
        scheduler.kill()
        killed = time.monotonic()
        wrong = run.communicate(timeout=PATIENCE)[1]
        assert run.returncode == 1 and time.monotonic() - killed < cluster.TIMEOUT_S
        assert f"the Dask scheduler at {address} was lost while " in wrong and "Traceback" not in wrong
        assert "1 notebook(s) of this run ended and stay" in wrong
    found = outputs(tree)
    assert found and found.items() < before.items(), "what stands is whole and as it was"
    done = tree.run("build.run")
    assert "2 notebook(s) run, 1 already current" in done.stdout, done.stderr
    assert outputs(tree) == before


def freeze(scheduler: subprocess.Popen[bytes], worker: subprocess.Popen[bytes]) -> None:
    scheduler.send_signal(signal.SIGSTOP)


def lose_worker(scheduler: subprocess.Popen[bytes], worker: subprocess.Popen[bytes]) -> None:
    worker.kill()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("go_wrong", "told"), [(freeze, "has not answered for 2 s"), (lose_worker, "has had no worker for 2 s")]
)
def test_a_cluster_that_does_nothing_any_more_is_not_waited_for(
    tmp_path: Path, monkeypatch, go_wrong, told
) -> None:
    with dask(1, tmp_path / "dask") as (address, (scheduler, worker)), cluster.connect(address) as executor:
        monkeypatch.setattr(cluster, "TIMEOUT_S", 2)
        call, left = executor.submit(time.sleep, 600), executor.submit(time.sleep, 600)
        until(lambda: busy([worker]))
        assert left.cancel(), "a call that nobody waits for any more disturbs no other"
        go_wrong(scheduler, worker)
        with pytest.raises(cluster.ClusterLost, match=f"{address} {told}"):
            call.result(timeout=PATIENCE)
        with pytest.raises(cluster.ClusterLost, match=told):
            executor.submit(time.sleep, 0).result(timeout=PATIENCE)
        scheduler.send_signal(signal.SIGCONT)


@pytest.mark.slow
@pytest.mark.parametrize(("child", "repeated"), [(0, 0), (1, 1)], ids=["renderer", "kernel"])
def test_a_process_of_this_machine_that_is_killed_is_made_up_for(
    tree: Tree, child: int, repeated: int
) -> None:
    """Of the forked processes the first draws pictures, which a kernel can do itself; the others are kernels."""
    before = outputs(tree)
    clear(tree)
    run = start(tree, "build.run")
    until(lambda: begun(tree) == 2, run)
    server = next(p for p in psutil.Process(run.pid).children() if "forkserver" in " ".join(p.cmdline()))
    server.children()[child].kill()
    said, wrong = run.communicate(timeout=PATIENCE)
    assert run.returncode == 0, wrong
    assert (
        said.count("its kernel was killed; another runs it again") == repeated and "3 notebook(s) run" in said
    )
    assert outputs(tree) == before


def test_a_notebook_whose_kernel_is_killed_each_time_fails_alone_and_in_words(tree: Tree) -> None:
    """As on a machine without memory; the neighbour is not disturbed."""
    for name, code in {"huari": "import os\n\nos._exit(9)", "delhi": "print(1)"}.items():
        source = tree.notebook(name)
        source.write_text(f"{source.read_text(encoding='utf-8')}\n# %%\n{code}\n", encoding="utf-8")
    done = tree.run("build.run", "huari", "delhi")
    assert done.returncode == 1 and "  delhi: " in done.stdout
    assert (
        f"huari.py: its kernel was killed {workers.TRIES} time(s); look for a lack of memory" in done.stderr
    )


@pytest.fixture
def sweep_tree(tree: Tree) -> Tree:
    """A copy with the newest release, whose simulations can run there."""
    shutil.copytree(ROOT / "data" / newest_release(), tree.small.data / newest_release())
    return tree


SWEEP = ("build.simulations", "recovery", "--release", newest_release())


@pytest.mark.slow
def test_a_simulation_goes_on_after_its_worker_and_its_scheduler_are_killed(
    sweep_tree: Tree, tmp_path: Path
) -> None:
    """A run whose scheduler is killed is continued on another cluster, one of whose two workers is killed."""
    rows = sweep_tree.root / "analysis/published" / newest_release() / "simulations/recovery.json"
    kept = sweep_tree.build / "simulations" / newest_release() / "recovery.jsonl"
    done = sweep_tree.run(*SWEEP)
    assert done.stdout.startswith("recovery: 45 cells, ") and not kept.exists(), done.stderr
    here = rows.read_bytes()
    rows.unlink()

    def computed() -> int:
        return len(kept.read_text(encoding="utf-8").splitlines()) - 1 if kept.is_file() else 0

    with dask(1, tmp_path / "first") as (address, (scheduler, _)):
        run = start(sweep_tree, *SWEEP, "--scheduler", address)
        until(computed, run)
        scheduler.kill()
        wrong = run.communicate(timeout=PATIENCE)[1]
        first = computed()
        assert run.returncode == 1 and 0 < first < 45 and not rows.exists()
        assert f"{address} was lost while recovery ran. {first} of 45 cells are kept" in wrong, wrong
    known = {json.loads(line)[0] for line in kept.read_text(encoding="utf-8").splitlines()[1:]}
    more = [i for i in range(45) if i not in known][6:]  # as if it had come further
    with kept.open("a", encoding="utf-8") as stream:
        stream.writelines(json.dumps([i, json.loads(here)["rows"][i]]) + "\n" for i in more)
        stream.write('[44, {"case": "ch')  # a line that was being written
    first += len(more)
    with dask(2, tmp_path / "second") as (address, (_, *two)):
        run = start(sweep_tree, *SWEEP, "--scheduler", address)
        until(lambda: computed() > first, run)
        until(lambda: busy(two), run).kill()
        said, wrong = run.communicate(timeout=PATIENCE * 2)
    assert run.returncode == 0, wrong
    assert said.startswith(f"recovery: 45 cells, {first} of them from the run before"), said
    assert rows.read_bytes() == here and not kept.exists()


def test_cells_of_other_code_are_not_kept(sweep_tree: Tree, tmp_path: Path) -> None:
    kept = simulations.CellStore(tmp_path / "kept.jsonl", "one")
    kept.add({3: {"case": "chile", "bias": 0.1}})
    assert simulations.CellStore(kept.path, "one").rows == {3: {"case": "chile", "bias": 0.1}}
    assert simulations.CellStore(kept.path, "other").rows == {}


@contextmanager
def web_server() -> Iterator[int]:
    """Serve files, as what is often at the address that somebody took for a scheduler's; yield the port."""
    with ThreadingHTTPServer(("127.0.0.1", 0), SimpleHTTPRequestHandler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_address[1]
        server.shutdown()


@contextmanager
def silent_server() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


@pytest.mark.parametrize(
    "server", [lambda: nullcontext(9), silent_server, web_server], ids=["none", "silent", "web"]
)
def test_an_address_without_a_cluster_is_refused_in_words(monkeypatch, server) -> None:
    monkeypatch.setattr(cluster, "TIMEOUT_S", 1)
    with (
        server() as port,
        pytest.raises(cluster.ClusterError, match="no Dask scheduler answers there within 1 s"),
        cluster.connect(f"tcp://127.0.0.1:{port}"),
    ):
        pass


@pytest.mark.slow
def test_a_worker_with_other_libraries_computes_nothing(sweep_tree: Tree, tmp_path: Path) -> None:
    other = tmp_path / "libraries" / "pandas-0.1.dist-info"
    other.mkdir(parents=True)
    (other / "METADATA").write_text("Metadata-Version: 2.1\nName: pandas\nVersion: 0.1\n")
    before = outputs(sweep_tree)
    with dask(1, tmp_path / "dask", other.parent) as (address, _):
        for command in (("build.run", "--force"), SWEEP):
            done = sweep_tree.run(*command, "--scheduler", address)
            assert done.returncode == 1, command
            assert "a worker has pandas 0.1, not " in done.stderr and "Traceback" not in done.stderr, (
                done.stderr
            )
    assert outputs(sweep_tree) == before
    assert not (sweep_tree.root / "analysis/published").exists()


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
        cluster.call_in_subprocess(setting | change, b"")
