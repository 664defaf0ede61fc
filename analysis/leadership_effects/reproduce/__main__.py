"""Reproduce the publication from a copy of this checkout: ``nox -s reproduce``.

The copy holds the checkout as it is without what git ignores, or everything but generated files where there is no
git. The locked environment is installed afresh, which is the only step with a network; then `rerun` runs in the copy
without one and writes the report. This module runs on the Python that nox runs on and needs the standard
library alone.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from leadership_effects import environments
from leadership_effects.errors import LeadershipError, run_command
from leadership_effects.files import write_json, write_whole
from leadership_effects.paths import LOCK, ROOT, build_folder, published_folder, reports_folder
from leadership_effects.reproduce import sandbox

GENERATED = shutil.ignore_patterns(
    ".git",
    ".nox",
    ".venv",
    "_build",
    "__pycache__",
    "*.egg-info",
    ".*_cache",
    ".ipynb_checkpoints",
    "*.ipynb",
)
REPORTS = ("reproduction.json", "reproduction.md", "reproduction.html", "verdicts.csv")
DATA, FAILED = 2, 3


class ReproductionError(LeadershipError, RuntimeError):
    """The run could not be prepared; nothing was judged."""


def copy_checkout(target: Path) -> dict[str, Any]:
    """Copy the checkout without what git ignores; return what the report states of it."""
    known = _git("ls-files", "-z") if _is_git() else ""
    if not known:
        shutil.copytree(ROOT, target, symlinks=True, ignore=GENERATED)
        return {"words": "all files of a folder without git, generated ones left out"}
    new = [name for name in _git("ls-files", "-z", "--others", "--exclude-standard").split("\0") if name]
    for name in [*filter(None, known.split("\0")), *new]:
        source = ROOT / name
        if source.is_file() or source.is_symlink():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, target / name, follow_symlinks=False)
    commit = _git("rev-parse", "HEAD").strip()
    changed = sorted(line[3:] for line in _git("status", "--porcelain", "-uno").splitlines())
    words = f"commit {commit}" + (f", with {len(changed)} tracked file(s) changed since" if changed else "")
    words += f", and {len(new)} file(s) that git does not know, such as {new[0]}" if new else ""
    return {"words": words, "commit": commit, "changed": [*changed, *new]}


def _is_git() -> bool:
    """Return whether the checkout is the top of a git repository, and git is installed."""
    if not shutil.which("git"):
        return False
    top = _git("rev-parse", "--show-toplevel").strip()
    return bool(top) and Path(top).resolve() == ROOT


def _git(*arguments: str) -> str:
    done = subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=False)
    return done.stdout if done.returncode == 0 else ""


def replace_data(folder: Path, copy: Path) -> None:
    """Replace the data of the copy by another folder of releases.

    Raises
    ------
    ReproductionError
        If the folder holds no release.
    """
    if not list(folder.glob("*/datapackage.json")):
        raise ReproductionError(
            f"{folder}: holds no release; allowed: a folder like data/, with <release>/datapackage.json"
        )
    shutil.rmtree(copy / "data", ignore_errors=True)
    shutil.copytree(folder, copy / "data")


def install(copy: Path, target: Path) -> tuple[Path, dict[str, Any]]:
    """Install the locked packages of a copy; return its Python and the report's record."""
    started = time.perf_counter()
    environments.install(target, requirements=(copy / LOCK).parent)
    seconds = round(time.perf_counter() - started, 1)
    record = {"fresh": True, "installer": "uv" if shutil.which("uv") else "pip", "install_seconds": seconds}
    return environments.interpreter(target), record


def existing_environment(path: Path) -> tuple[Path, dict[str, Any]]:
    """Return the Python of an existing environment, and the report's record of it.

    Raises
    ------
    ReproductionError
        If there is no Python.
    """
    python = path / "bin" / "python" if path.is_dir() else path
    if not python.is_file():
        raise ReproductionError(f"{path}: no environment; allowed: its folder or its Python")
    return python.absolute(), {"fresh": False, "installer": "", "install_seconds": 0.0}


def settings(copy: Path, home: Path, python: Path) -> dict[str, str]:
    """Return the environment variables of the run: of the caller's the search path alone."""
    home.mkdir(parents=True, exist_ok=True)
    return {
        "PATH": os.pathsep.join([str(python.parent), os.environ.get("PATH", os.defpath)]),
        "HOME": str(home), "LANG": "C.UTF-8", "TZ": "UTC", "PYTHONPATH": str(copy / "analysis"),
        "PYTHONNOUSERSITE": "1", "PYTHONHASHSEED": "0", "OPENBLAS_NUM_THREADS": "1",
        "JUPYTER_PREFER_ENV_PATH": "1",
    }  # fmt: skip


def choose_isolation(wanted: str, python: Path, variables: dict[str, str]) -> str:
    """Return how the network is turned off: as wanted, or by namespace where there is one.

    Raises
    ------
    ReproductionError
        If a namespace is wanted and not granted.
    """
    if wanted == sandbox.SOCKETS:
        return wanted
    fault = sandbox.namespace_fault(str(python), variables)
    if not fault:
        return sandbox.NAMESPACE
    if wanted == sandbox.NAMESPACE:
        raise ReproductionError(f"no network namespace: {fault}; --network sockets does without")
    print(f"no network namespace here ({fault}); sockets are blocked instead", flush=True)
    return sandbox.SOCKETS


def reproduce(options: argparse.Namespace, run: Path) -> int:
    """Copy, install, turn the network off and re-run; return the exit code of the re-run.

    Raises
    ------
    ReproductionError
        If a step before the re-run fails.
    """
    copy = run / "checkout"
    source = copy_checkout(copy)
    if options.data:
        replace_data(options.data.resolve(), copy)
        source["words"] += "; data from another folder"
    doing = "using" if options.environment else "installing"
    print(f"copied the checkout: {source['words']}; {doing} the environment", flush=True)
    existing = options.environment
    python, made = existing_environment(existing) if existing else install(copy, run / "env")
    variables = settings(copy, run / "home", python)
    way = choose_isolation(options.network, python, variables)
    if way == sandbox.SOCKETS:
        sandbox.write_hook(copy / "analysis")
    asked = {name: getattr(options, name) for name in ("names", "release", "altered", "workers")}
    write_json(run / sandbox.REQUEST, {**asked, "network": way, "environment": made, "source": source})
    command = [str(python), "-m", "leadership_effects.reproduce.rerun", str(run)]
    print(f"network off, {sandbox.WORDS[way]}", flush=True)
    return subprocess.run(sandbox.sealed(way, command), cwd=copy, env=variables, check=False).returncode


def publish(run: Path, options: argparse.Namespace) -> Path:
    """Commit the record of a run and its report; return the folder of the record.

    Raises
    ------
    ReproductionError
        If it is about a part, about other data, or from an environment that was not made for it.
    """
    outcome = json.loads((run / "reproduction.json").read_text(encoding="utf-8"))
    if options.names or options.data or options.altered or outcome["status"] == "data":
        raise ReproductionError("the report of a part or of other data is not published")
    if not outcome["environment"]["fresh"]:
        raise ReproductionError(
            "a report is published from a fresh environment alone; leave out --environment"
        )
    folder = published_folder(outcome["release"]) / "reproduction"
    for target in (folder / "reproduction.json", reports_folder() / "reproduction.md"):
        write_whole(target, (run / target.name).read_bytes())
    return folder


def main(arguments: list[str] | None = None) -> int:
    """Command line of ``nox -s reproduce``; returns 0 (Same), 1, 2 (data) or 3 (nothing ran)."""
    options = _parser().parse_args(arguments)
    run = build_folder().absolute() / "reproduce" / f"run-{os.getpid()}"
    shutil.rmtree(run, ignore_errors=True)
    run.mkdir(parents=True)
    try:
        return run_command(lambda: _reproduce(options, run), failed=FAILED)
    finally:
        if not options.keep:
            shutil.rmtree(run, ignore_errors=True)


def _reproduce(options: argparse.Namespace, run: Path) -> int:
    code, base = reproduce(options, run), run.parent
    if all((run / name).is_file() for name in REPORTS):
        for name in REPORTS:
            write_whole(base / name, (run / name).read_bytes())
        judged = "" if code == DATA else ", every verdict in verdicts.csv"
        print(f"report: {os.path.relpath(base / 'reproduction.html')} and .md{judged}")
        if options.publish:
            print(f"published in {publish(run, options).relative_to(ROOT)}")
    elif code == 0:
        raise ReproductionError("the run ended well and left no report")
    return code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="nox -s reproduce --",
        description="Run a copy of this checkout without a network and compare all.",
    )
    parser.add_argument(
        "names", nargs="*", help="notebooks or keys, for instance huari or huari.reading.att; all if none"
    )
    parser.add_argument("--release", help="release name; the newest if left out")
    parser.add_argument("--data", type=Path, help="folder of releases to use in place of data/")
    parser.add_argument(
        "--altered", action="store_true", help="run data that are not as frozen and name what differs"
    )
    parser.add_argument("--environment", type=Path, help="an environment to use in place of a fresh one")
    parser.add_argument(
        "--network", choices=("auto", *sandbox.WORDS), default="auto", help="how it is turned off"
    )
    parser.add_argument("--workers", type=int, default=2, help="notebooks at a time")
    parser.add_argument("--keep", action="store_true", help="keep copy, environment and results of the run")
    parser.add_argument("--publish", action="store_true", help="make this the report of the release, in git")
    return parser


if __name__ == "__main__":
    sys.exit(main())
