"""Build, test and check the publication: ``nox -s book`` and ``nox -s tests`` are the two that matter.

Readers: book, serve, print. Reviewers: tests, reproduce, archive. Authors: preview, lab, notebooks, prose, translations, evidence,
new-case, new-design, drop-case, rename-case, contract, coding, import. Maintainers: data, release, compare, lock-results, simulations, lint, audit,
requirements, bench.
``nox -l -t reader`` lists the sessions of one of them.
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import nox
from nox.command import CommandFailed

ROOT = Path(__file__).resolve().parent
sys.path.insert(0, str(ROOT / "analysis"))

from leadership_effects import environments  # noqa: E402
from leadership_effects.errors import LeadershipError  # noqa: E402

nox.needs_version = ">=2024.4"
nox.options.sessions = ["book"]

ENVIRONMENT = ROOT / ".nox" / "env"
PYTHON = environments.interpreter(ENVIRONMENT)
GROUPS = ("audit", "bench", "import", "lab", "lint", "print", "tests")
SETTINGS = {
    "PYTHONPATH": str(ROOT / "analysis"),
    "PYTHONDONTWRITEBYTECODE": None,
    "OPENBLAS_NUM_THREADS": "1",
    "PYTHONHASHSEED": "0",
}
IMPORT_LINTER = (
    "import sys; sys.path.append('book/_ext'); from importlinter.cli import lint_imports_command as c; c()"
)
COMPILE = [
    "uv",
    "pip",
    "compile",
    "--universal",
    "--python-version=3.11",
    "--no-annotate",
    "--no-header",
    "--quiet",
]
# Versions that no group may take. With its formats, which JupyterLab asks for, a later jsonschema compiles 38 grammars in
# every process that imports it, which takes two seconds.
LIMITS = ("jsonschema<4.25",)
# Known vulnerabilities that may stay for now, each with the reason and the day on which it is looked at again.
ADVISORIES: dict[str, str] = {}


def role(*tags: str, name: str | None = None) -> Callable[[Callable[[nox.Session], None]], object]:
    """Register a session for somebody; it runs in the environment that the sessions share."""
    return nox.session(name=name, venv_backend="none", tags=list(tags))


def install(session: nox.Session, *groups: str) -> None:
    """Install the book's packages and those of the groups, unless they are there."""
    try:
        environments.install(ENVIRONMENT, *groups)
    except LeadershipError as error:
        session.error(str(error))
    path = environments.site_packages(ENVIRONMENT)
    (path / "leadership_effects.pth").write_text(os.path.relpath(ROOT / "analysis", path), encoding="utf-8")


def run(session: nox.Session, *command: str) -> None:
    session.run(*command, external=True, env=SETTINGS, silent=False)


def python(session: nox.Session, *arguments: str) -> None:
    run(session, str(PYTHON), *arguments)


def module(session: nox.Session, name: str, *groups: str) -> None:
    """Run a module of the package in the locked environment, with what was typed after ``--``."""
    install(session, *groups)
    python(session, "-m", f"leadership_effects.{name}", *session.posargs)


@role("reader")
def book(session: nox.Session) -> None:
    """Build all that is out of date: environment, data check, notebooks, site."""
    module(session, "build.site")


@role("reader")
def serve(session: nox.Session) -> None:
    """Serve the built site on this machine alone; ``-- 8001`` for another port."""
    install(session)
    python(session, "-m", "leadership_effects.build.preview", "--built", *session.posargs)


@role("reader", name="print")
def printed(session: nox.Session) -> None:
    """Print the whole book as PDF and EPUB to ``_build/print``, linked from the site; needs Chromium."""
    module(session, "build.printing", "print")


@role("reviewer")
def tests(session: nox.Session) -> None:
    """Test all but what is slow, the site in headless Chromium too; builds the book first; ``-- ...`` goes to pytest."""
    run_tests(session, "not slow")


@role("reviewer", name="tests-slow")
def slow_tests(session: nox.Session) -> None:
    """Run the tests that ``tests`` leaves out: print, clusters, killed builds, reproductions, pages on a phone, contrast."""
    run_tests(session, "slow")


def run_tests(session: nox.Session, marks: str) -> None:
    install(session, "tests", "lab")
    python(session, "-m", "leadership_effects.build.site")
    parallel = ("-p", "no:cacheprovider", "-n", "2", "--dist", "worksteal", "-m", marks)
    python(session, "-m", "pytest", *(session.posargs or parallel))


@role("reviewer")
def reproduce(session: nox.Session) -> None:
    """Run a copy in a fresh environment without a network; every published thing is Same or Differs."""
    run(session, sys.executable, "-m", "leadership_effects.reproduce", *session.posargs)


@role("reviewer")
def archive(session: nox.Session) -> None:
    """Make an RO-Crate of each data release in ``_build/archive``."""
    module(session, "releases.archive")


@role("author")
def preview(session: nox.Session) -> None:
    """Show the site while you edit: compiles what you save and reloads the open page; ``-- 8001`` for another port."""
    module(session, "build.preview")


@role("author")
def lab(session: nox.Session) -> None:
    """Open the notebooks in JupyterLab, on this machine alone; ``-- --no-browser`` and the like go to JupyterLab."""
    install(session, "lab")
    start = str(ROOT / ".binder" / "start")
    run(session, "bash", start, str(PYTHON), "-m", "jupyterlab", *session.posargs)


@role("author")
def notebooks(session: nox.Session) -> None:
    """Run the notebooks that are out of date; name cases to run those, ``--force`` to run even current ones."""
    module(session, "build.run")


@role("author")
def prose(session: nox.Session) -> None:
    """Check the text: typed figures, unbound comparatives, causes, undefined terms, uncited claims, translations."""
    module(session, "prose")


@role("author")
def translations(session: nox.Session) -> None:
    """List translations behind their English; ``-- --looked-at huari`` records that those of a page were looked at."""
    module(session, "prose.translations")


@role("author")
def evidence(session: nox.Session) -> None:
    """List what of a release is to be fetched: copies, old counts, due waves, abstracts; ``-- --place huari``."""
    module(session, "data.upkeep")


@role("author", name="new-case")
def new_case(session: nox.Session) -> None:
    """Begin a case: worksheets, plan entry, notebook; ``-- <id> --take`` takes the filled rows into the draft."""
    module(session, "cases.begin")


@role("author", name="new-design")
def new_design(session: nox.Session) -> None:
    """Begin a staggered adoption design of many places: ``-- <id> --panel pisa_trend``; ``--take`` takes its rows."""
    module(session, "cases.designs.begin")


@role("author", name="drop-case")
def drop_case(session: nox.Session) -> None:
    """Remove a begun case or design and its rows in a draft without a trace: ``-- <id>``; ``--dry-run`` lists alone."""
    module(session, "cases.drop")


@role("author", name="rename-case")
def rename_case(session: nox.Session) -> None:
    """Give a begun case or design another id, in worksheets, notebook, contents and draft: ``-- <id> <new>``."""
    module(session, "cases.rename")


@role("author")
def contract(session: nox.Session) -> None:
    """List what a case or a design lacks, by file, row and column; all of them if none is named."""
    module(session, "cases.contract")


@role("author")
def coding(session: nox.Session) -> None:
    """Let people code a case: ``-- huari`` writes a page, ``--import FILE`` takes codes in, ``--agreement`` compares."""
    module(session, "cases.coding")


@role("author", name="import")
def imported(session: nox.Session) -> None:
    """Turn an official file into draft rows and report how they agree: ``-- LOADER FILE``; without arguments, the loaders."""
    module(session, "importers", "import")


@role("maintainer")
def data(session: nox.Session) -> None:
    """Validate a data release; ``-- --write`` renews the data dictionary."""
    module(session, "data.validation")


@role("maintainer")
def release(session: nox.Session) -> None:
    """Draft a data release from the last one; with ``--freeze`` refuse what nobody explained, else freeze it."""
    module(session, "releases.draft")


@role("maintainer")
def compare(session: nox.Session) -> None:
    """Compare two releases, or ``-- 2030.1 data/2030.2`` with a draft: rows, reasons, numbers by tier, verdicts."""
    module(session, "releases.compare")


@role("maintainer", name="lock-results")
def lock_results(session: nox.Session) -> None:
    """Copy the results of the last run to analysis/published, where a change of any number shows as a diff."""
    module(session, "published.results")
    python(session, "-m", "leadership_effects.releases.compare", "--quiet", "--write")


@role("maintainer")
def simulations(session: nox.Session) -> None:
    """Run the simulations and lock their rows; name some to run those, ``--scheduler ADDRESS`` for a Dask scheduler."""
    module(session, "build.simulations")


@role("maintainer")
def lint(session: nox.Session) -> None:
    """Check style, types, formatting, sizes, imports between rooms, and that the notebooks hold sources alone."""
    install(session, "lint", "tests")
    python(session, "-m", "ruff", "check", ".")
    python(session, "-m", "ruff", "format", "--check", ".")
    python(session, "-m", "mypy")
    python(session, "-c", IMPORT_LINTER)
    sources = sorted(map(str, (ROOT / "analysis" / "notebooks").rglob("*.py")))
    python(session, "-m", "jupytext", "--test", "--to", "ipynb", *sources)
    python(session, "-m", "pytest", "-p", "no:cacheprovider", "-q", "tests/test_structure.py")


@role("maintainer")
def audit(session: nox.Session) -> None:
    """Refuse licences that do not fit and known vulnerabilities; renews the table in LICENSES.md; needs a network."""
    install(session, *GROUPS)
    page = ROOT / "LICENSES.md"
    command = (str(PYTHON), "-m", "piplicenses", "--with-system", "--format=markdown")
    table = session.run(*command, external=True, env=SETTINGS, silent=True)
    before, mark, _ = page.read_text(encoding="utf-8").partition("<!-- written by nox -s audit -->\n")
    page.write_text(f"{before}{mark}\n{table}", encoding="utf-8")
    files = [f"--requirement={path}" for path in environments.requirement_files(GROUPS).values()]
    allowed = [f"--ignore-vuln={name}" for name in ADVISORIES]
    try:
        python(session, "-m", "pip_audit", "--strict", "--require-hashes", "--disable-pip", *files, *allowed)
    except CommandFailed:
        session.error(
            "the licences are in order; a vulnerability is named above, or a package that could not be looked up, "
            "which means that no advisory service is reachable from here"
        )


@role("maintainer")
def requirements(session: nox.Session) -> None:
    """Resolve all groups together and write their hashed files; versions stay but with ``-- --upgrade``; needs uv."""
    files = environments.requirement_files(GROUPS)
    with tempfile.TemporaryDirectory() as folder:
        every, limited = Path(folder) / "every.txt", Path(folder) / "limits.txt"
        limited.write_text("\n".join(LIMITS), "utf-8")
        every.write_text("\n".join(path.read_text("utf-8") for path in files.values()), "utf-8")
        groups = [f"--group={group}" for group in GROUPS]
        files_of_all = (f"--constraints={limited}", f"--output-file={every}")
        run(session, *COMPILE, "pyproject.toml", *groups, *files_of_all, *session.posargs)
        for group, path in files.items():
            source = "pyproject.toml" if group == "book" else f"--group={group}"
            limits = ("--generate-hashes", f"--constraints={every}", f"--output-file={path}")
            run(session, *COMPILE, source, *limits)


@role("maintainer")
def bench(session: nox.Session) -> None:
    """Measure beside Jupyter Book and other packages, with targets; ``-- --part pages`` for a part; 15 minutes."""
    install(session, "tests", "bench")
    python(session, "-m", "benchmarks.__main__", *session.posargs)
