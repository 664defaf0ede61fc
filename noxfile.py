"""Build, test and check the publication: ``nox -s book`` and ``nox -s tests`` are the two that matter."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TextIO

import nox

nox.needs_version = ">=2024.4"
nox.options.sessions = ["book"]

ROOT = Path(__file__).parent
ENVIRONMENT = ROOT / ".nox" / "env"
LOCK = ROOT / "requirements.lock"
LAB, LAB_LOCK = ROOT / ".nox" / "lab", ROOT / ".binder" / "requirements.txt"
INTERPRETER = "Scripts/python.exe" if os.name == "nt" else "bin/python"
PYTHON = ENVIRONMENT / INTERPRETER
SETTINGS = {
    "PYTHONPATH": str(ROOT / "analysis"),
    "PYTHONDONTWRITEBYTECODE": None,
    "OPENBLAS_NUM_THREADS": "1",
    "PYTHONHASHSEED": "0",
}


def environment(session: nox.Session, folder: Path = ENVIRONMENT, lock: Path = LOCK) -> None:
    """One environment for all sessions, installed from the lock with hashes, again only when the lock changed.

    JupyterLab has one of its own, from the lock that Binder reads.
    """
    wanted = f"{hashlib.sha256(lock.read_bytes()).hexdigest()} {sys.version_info[:2]}"
    marker = folder / "lock"
    if marker.is_file() and marker.read_text() == wanted:
        return
    if not (3, 11) <= sys.version_info[:2] <= (3, 13):
        session.error(f"the lock holds for Python 3.11 to 3.13, nox runs on {sys.version.split()[0]}")
    session.log(f"installing the environment of {lock.relative_to(ROOT)} (once; about a minute)")
    shutil.rmtree(folder, ignore_errors=True)
    interpreter = str(folder / INTERPRETER)
    uv = shutil.which("uv")
    if uv:
        run(session, uv, "venv", "--quiet", "--python", sys.executable, str(folder))
        run(session, uv, "pip", "sync", "--quiet", "--require-hashes", "--compile-bytecode", "--python", interpreter,
            str(lock))  # fmt: skip
    else:
        run(session, sys.executable, "-m", "venv", str(folder))
        run(session, interpreter, "-m", "pip", "install", "--quiet", "--require-hashes", "-r", str(lock))
    site = next(folder.glob("lib/python*/site-packages"), folder / "Lib" / "site-packages")
    (site / "leadership_effects.pth").write_text(f"{ROOT / 'analysis'}\n")
    marker.write_text(wanted)


def run(session: nox.Session, *command: str) -> None:
    session.run(*command, external=True, env=SETTINGS, silent=False)


def python(session: nox.Session, *arguments: str) -> None:
    run(session, str(PYTHON), *arguments)


def module(session: nox.Session, name: str) -> None:
    """Run a module of the package in the locked environment, with what was typed after ``--``."""
    environment(session)
    python(session, "-m", f"leadership_effects.{name}", *session.posargs)


@nox.session(venv_backend="none")
def book(session: nox.Session) -> None:
    """Environment, data check, notebooks, site: everything that a reader reads."""
    module(session, "build.site")


@nox.session(name="print", venv_backend="none")
def printed(session: nox.Session) -> None:
    """The whole book as PDF and EPUB in ``_build/print``, linked from the site; needs Chromium."""
    module(session, "build.printing")


@nox.session(venv_backend="none")
def tests(session: nox.Session) -> None:
    """The tests, the built site in headless Chromium among them; builds the book first if it is out of date.

    The browser's tests run beside the others, those bound in time after both; ``-- ...`` goes to pytest as it is.
    """
    environment(session)
    environment(session, LAB, LAB_LOCK)
    python(session, "-m", "leadership_effects.build.site")
    if session.posargs:
        python(session, "-m", "pytest", *session.posargs)
        return
    log = ROOT / "_build" / "tests-browser.log"
    with log.open("w", encoding="utf-8") as stream, begin_tests("browser and not alone", stream) as beside:
        failed = begin_tests("not browser and not alone").wait()
        failed = beside.wait() or failed
    print(log.read_text(encoding="utf-8"), flush=True)
    if begin_tests("alone").wait() or failed:
        session.error("tests failed; those of the browser are also in _build/tests-browser.log")


def begin_tests(marks: str, log: TextIO | None = None) -> subprocess.Popen[bytes]:
    """Begin the tests with these marks in a process of their own."""
    settings = {name: value for name, value in (os.environ | SETTINGS).items() if value is not None}
    command = [str(PYTHON), "-m", "pytest", "-p", "no:cacheprovider", "-m", marks]
    return subprocess.Popen(
        command, cwd=ROOT, env=settings, stdout=log, stderr=subprocess.STDOUT if log else None
    )


@nox.session(venv_backend="none")
def lint(session: nox.Session) -> None:
    """Style, types, formatting, and that the notebooks hold sources alone."""
    environment(session)
    python(session, "-m", "ruff", "check", ".")
    python(session, "-m", "ruff", "format", "--check", ".")
    python(session, "-m", "mypy")
    sources = sorted(map(str, (ROOT / "analysis" / "notebooks").rglob("*.py")))
    python(session, "-m", "jupytext", "--test", "--to", "ipynb", *sources)


@nox.session(venv_backend="none")
def prose(session: nox.Session) -> None:
    """What the text says: typed figures, unbound comparatives, causes, undefined terms, uncited claims, alt text."""
    environment(session)
    if not session.posargs:
        python(session, "-m", "leadership_effects.build.run")
    python(session, "-m", "leadership_effects.prose", *session.posargs)


@nox.session(venv_backend="none")
def notebooks(session: nox.Session) -> None:
    """Run the notebooks that are out of date; name cases to run those, ``--force`` to run even current ones."""
    module(session, "build.run")


@nox.session(venv_backend="none")
def data(session: nox.Session) -> None:
    """Validate a data release; ``-- --write`` renews the data dictionary."""
    module(session, "data.validation")


@nox.session(name="new-case", venv_backend="none")
def new_case(session: nox.Session) -> None:
    """Begin a case: worksheets, plan entry, notebook; ``-- <id> --take`` takes the filled rows into the draft."""
    module(session, "cases.begin")


@nox.session(venv_backend="none")
def contract(session: nox.Session) -> None:
    """What a case lacks, by file, row and column; all cases if none is named."""
    module(session, "cases.contract")


@nox.session(name="import", venv_backend="none")
def imported(session: nox.Session) -> None:
    """Turn an official file into draft rows and say how they agree: ``-- LOADER FILE``; without arguments, the loaders."""
    module(session, "importers")


@nox.session(venv_backend="none")
def lock_results(session: nox.Session) -> None:
    """Copy the results of the last run to analysis/published, where a change of any number shows as a diff."""
    module(session, "published.results")
    python(session, "-m", "leadership_effects.releases.compare", "--quiet", "--write")


@nox.session(venv_backend="none")
def compare(session: nox.Session) -> None:
    """Two releases side by side, or ``-- 2030.1 data/2030.2`` with a draft: rows, reasons, numbers by tier, verdicts."""
    module(session, "releases.compare")


@nox.session(venv_backend="none")
def release(session: nox.Session) -> None:
    """Draft a data release from the last one; with ``--freeze`` refuse what nobody explained, else freeze it."""
    module(session, "releases.draft")


@nox.session(venv_backend="none")
def reproduce(session: nox.Session) -> None:
    """A copy of the checkout run in a fresh environment without a network: every published thing Same or Differs."""
    run(session, sys.executable, "-m", "leadership_effects.reproduce", *session.posargs)


@nox.session(venv_backend="none")
def record(session: nox.Session) -> None:
    """An RO-Crate of each data release, with what Zenodo asks, in ``_build/record``; ``-- --write`` renews .zenodo.json."""
    module(session, "releases.archive")


@nox.session(venv_backend="none")
def simulations(session: nox.Session) -> None:
    """Run the simulations and lock their rows; name some to run those, ``--scheduler ADDRESS`` for a Dask scheduler."""
    module(session, "build.simulations")


@nox.session(venv_backend="none")
def licences(session: nox.Session) -> None:
    """Whether every package of the locks has a licence that fits; ``-- --write`` renews the table in LICENSES.md."""
    environment(session, LAB, LAB_LOCK)
    module(session, "packages")


@nox.session(venv_backend="uv|virtualenv", reuse_venv=True)
def audit(session: nox.Session) -> None:
    """Known vulnerabilities of the packages in the locks; asks the package index, so it needs a network."""
    environment(session)
    environment(session, LAB, LAB_LOCK)
    session.install("pip-audit==2.10.1")
    report = ROOT / "_build" / "audit.json"
    report.parent.mkdir(exist_ok=True)
    report.unlink(missing_ok=True)
    session.run("pip-audit", "--requirement", str(LOCK), "--requirement", str(LAB_LOCK), "--require-hashes", "--disable-pip", "--format", "json",
                "--output", str(report), success_codes=[0, 1])  # fmt: skip
    python(session, "-m", "leadership_effects.packages", "--audit", str(report))


@nox.session(venv_backend="none")
def bench(session: nox.Session) -> None:
    """Ratios side by side, each with its target: Jupyter Book, workers, cases, estimators, pages, kills; 45 minutes."""
    environment(session)
    beside = packages_beside(session, "bench")
    session.run(str(PYTHON), "-m", "benchmarks.__main__", *session.posargs, external=True,
                env=SETTINGS | {"LEADERSHIP_BESIDE": str(beside)})  # fmt: skip


def packages_beside(session: nox.Session, group: str) -> Path:
    """Packages of a dependency group in a folder beside the environment, without what they need: the lock has that.

    Without an index they are left out, and the session goes on.
    """
    wanted = nox.project.load_toml(ROOT / "pyproject.toml")["dependency-groups"][group]
    made_for = f"{' '.join(wanted)} {sys.version_info[:2]}"
    target = ENVIRONMENT.parent / f"{group}-packages"
    marker = target / "wanted"
    if marker.is_file() and marker.read_text() == made_for:
        return target
    shutil.rmtree(target, ignore_errors=True)
    uv = shutil.which("uv")
    command = (
        [uv, "pip", "install", "--python", str(PYTHON)] if uv else [sys.executable, "-m", "pip", "install"]
    )
    done = subprocess.run([*command, "--quiet", "--no-deps", "--target", str(target), *wanted], check=False)
    if done.returncode:
        session.warn(f"{', '.join(wanted)} could not be installed: what is compared with them is left out")
        return target
    marker.write_text(made_for)
    return target


@nox.session(venv_backend="none")
def preview(session: nox.Session) -> None:
    """Show the site while you edit: compiles what you save and reloads the open page; ``-- 8001`` for another port."""
    module(session, "build.preview")


@nox.session(venv_backend="none")
def lab(session: nox.Session) -> None:
    """The notebooks in JupyterLab, on this machine alone; ``-- --no-browser`` and the like go to JupyterLab."""
    environment(session, LAB, LAB_LOCK)
    run(
        session, str(ROOT / ".binder" / "start"), str(LAB / INTERPRETER), "-m", "jupyterlab", *session.posargs
    )


@nox.session(venv_backend="none")
def serve(session: nox.Session) -> None:
    """Serve the built site on this machine alone."""
    site = ROOT / "_build" / "html"
    if not (site / "index.html").is_file():
        session.error("there is no built site yet: run nox -s book")
    port = session.posargs[0] if session.posargs else "8000"
    session.log(f"http://127.0.0.1:{port}/ (stop with Ctrl-C)")
    run(session, sys.executable, "-m", "http.server", port, "--bind", "127.0.0.1", "--directory", str(site))
