"""Build the book: check the data, run the notebooks that are out of date, compile the site, swap it in whole.

The new site is compiled beside the old one and takes its place in one rename, so that a failed or killed build
leaves the last good site as it was.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

from leadership_effects.build import run
from leadership_effects.build.jobs import is_current, modules_of, plan_jobs
from leadership_effects.build.workers import add_executor_options, open_executor
from leadership_effects.data.release import Release, newest_release, open_release
from leadership_effects.errors import LeadershipError
from leadership_effects.files import digest, files_below, read_json, sha256, source_files, write_json
from leadership_effects.paths import LOCK, ROOT, build_folder, data_folder, results_folder

CONFIGURATION = ("_config.yml", "_toc.yml", LOCK)
BOOK = "from jupyter_book.cli.main import main; main()"
ESCAPE_CODES = re.compile(r"\x1b\[[\d;]*m")  # Jupyter Book colours its log, terminal or not


class SiteError(LeadershipError, RuntimeError):
    """The site did not build; the last good one stands."""


def data_is_checked(release: Release) -> bool:
    """Whether the release, the modules that check it and the lock are as they were when the check last passed."""
    path = build_folder() / "stamps" / release.name / "data.json"
    return path.is_file() and read_json(path, {}) == _data_stamp(release)


def _data_stamp(release: Release) -> dict[str, str]:
    package = ROOT / "analysis" / "leadership_effects"
    checkers = modules_of(package / "data" / "validation.py")
    extra = [data_folder() / "README.md"] if (data_folder() / "README.md").is_file() else []
    return {
        "data": digest([*files_below(release.folder), *extra], data_folder()),
        "checks": digest([*checkers, package / "data" / "validation.py"], package),
        "lock": sha256(ROOT / LOCK),
    }


def check_data(release: Release) -> None:
    """Check a release unless nothing changed since it last passed.

    Raises
    ------
    SiteError
        With every problem, each naming file, row and column.
    """
    if data_is_checked(release):
        return
    from leadership_effects.data.validation import check_release

    stamp = _data_stamp(release)
    problems = check_release(release.name)
    if problems:
        listed = "\n".join(map(str, problems))
        raise SiteError(f"{listed}\n{len(problems)} problem(s) in release {release.name}")
    write_json(build_folder() / "stamps" / release.name / "data.json", stamp)


def site_inputs(release: Release) -> str:
    """Digest of everything the compiled site depends on."""
    files = [ROOT / name for name in CONFIGURATION]
    files += [p for p in files_below(ROOT / "book") if not p.name.startswith(".")]
    stated = [*comparisons(), *reproduction(release), *benchmark()]
    files += listed_sources()
    files += [release.folder / "sources.csv", release.folder / "datapackage.json", *stated]
    results = digest(files_below(results_folder(release.name)), results_folder(release.name))
    printed = printed_book(release)
    linked = digest(files_below(printed), printed) if printed else ""
    parts = [
        digest(files, ROOT),
        results,
        linked,
        sha256(ROOT / "analysis/leadership_effects/build/site.py"),
        *map(str, sys.version_info[:2]),
    ]
    return hashlib.sha256(" ".join(parts).encode()).hexdigest()


def listed_sources() -> list[Path]:
    """Sources of notebooks and package, each of which is a page of the site."""
    return source_files(ROOT / "analysis")


def comparisons() -> list[Path]:
    """Comparisons of releases that a page prints, kept with the locked results."""
    return sorted((ROOT / "analysis" / "published").glob("*/changes/*.json"))


def reproduction(release: Release) -> list[Path]:
    """Committed report on the re-run of a release, which a page shows; none if there is none yet."""
    path = ROOT / "analysis" / "published" / release.name / "reproduction" / "reproduction.json"
    return [path] if path.is_file() else []


def benchmark() -> list[Path]:
    """Committed measurements, which a page shows; none if there are none yet."""
    path = ROOT / "analysis" / "published" / "benchmark.json"
    return [path] if path.is_file() else []


def printed_folder() -> Path:
    """Folder of the printed book."""
    return build_folder() / "print"


def chapter_inputs(release: Release) -> str:
    """Digest of what the chapters say: the site's dress left out, the print design with it."""
    dress = (ROOT / "book" / "_static", ROOT / "book" / "_ext" / "leadership_book" / "theme")
    files = [p for p in files_below(ROOT / "book") if not p.name.startswith(".")]
    files = [p for p in files if not any(p.is_relative_to(folder) for folder in dress)]
    files += [ROOT / name for name in CONFIGURATION] + [ROOT / "CITATION.cff", release.folder / "sources.csv"]
    files += [
        *(ROOT / "analysis/leadership_effects/build/printing").glob("*.py"),
        *comparisons(),
        *reproduction(release),
        *benchmark(),
    ]
    results = digest(files_below(results_folder(release.name)), results_folder(release.name))
    return hashlib.sha256(f"{digest(files, ROOT)} {results}".encode()).hexdigest()


def print_stamp(release: Release) -> Path:
    """File that says from which chapters the printed book was made."""
    return build_folder() / "stamps" / release.name / "print.json"


def printed_book(release: Release) -> Path | None:
    """Folder of the printed book if it was made from the chapters as they are, else nothing."""
    stamp = print_stamp(release)
    if not stamp.is_file():
        return None
    made_from = read_json(stamp, {})
    return printed_folder() if made_from == {"inputs": chapter_inputs(release)} else None


def refuse_begun(release: Release, root: Path = ROOT) -> None:
    """Refuse a contents that names the chapter of a case which the release does not hold, such as one just begun.

    Raises
    ------
    SiteError
        If there is one; the message names the draft that holds it and what to do.
    """
    from leadership_effects.data.release import drafts

    data = release.folder.parent
    contents = (root / "_toc.yml").read_text(encoding="utf-8")
    for name in re.findall(r"^[ -]*file: book/cases/(\S+)\s*$", contents, re.MULTILINE):
        if name in release.plan["cases"] or (root / "book" / "cases" / f"{name}.md").is_file():
            continue
        holding = [draft for draft in drafts(data) if name in open_release(draft, data).plan["cases"]]
        if holding:
            told = f"belongs to draft {holding[-1]}; freeze it"
        elif (data / "worksheets" / name).is_dir():
            told = "is begun and in no release; take it into a draft and freeze that"
        else:
            told = f"is no case of release {release.name}; add it there"
        raise SiteError(f"_toc.yml: {name} {told}, or take its line out of _toc.yml")


def compile_book(release: Release, stage: Path, builder: str, *, quick: bool = False) -> Path:
    """Compile the book with one of Sphinx's builders; return the folder it wrote.

    Parameters
    ----------
    release : Release
    stage : Path
        Folder that is emptied first, unless ``quick``.
    builder : str
    quick : bool
        Keep what an earlier run left in the folder and compile the pages alone that were edited since; listings of
        the code and the pages of numbers stand. For the preview: what other pages took from an edited one is old.

    Raises
    ------
    SiteError
        If Jupyter Book reports an error or a warning.
    """
    refuse_begun(release)
    if not quick:
        shutil.rmtree(stage, ignore_errors=True)
    stage.mkdir(parents=True, exist_ok=True)
    chosen = (
        ["--builder", "html"] if builder == "html" else ["--builder", "custom", "--custom-builder", builder]
    )
    command = [sys.executable, "-c", BOOK, "build", str(ROOT), "--path-output", str(stage),
               "-W", "-n", "--keep-going", *([] if quick else ["--all"]), *chosen]  # fmt: skip
    environment = os.environ | {
        "LEADERSHIP_RESULTS": str(results_folder(release.name)),
        "LEADERSHIP_PRINT": str(printed_book(release) or ""),
        "LEADERSHIP_QUICK": "1" if quick else "",
    }
    log = build_folder() / ("site.log" if builder == "html" else f"{builder}.log")
    with log.open("w", encoding="utf-8") as stream:
        code = subprocess.run(
            command, cwd=ROOT, env=environment, stdout=stream, stderr=subprocess.STDOUT
        ).returncode
    log.write_text(ESCAPE_CODES.sub("", log.read_text(encoding="utf-8")), encoding="utf-8")
    built = stage / "_build" / builder
    if code or not built.is_dir():
        raise SiteError(
            f"{_errors(log)}\nthe book did not build; the whole log is in {os.path.relpath(log, ROOT)}"
        )
    return built


def compile_site(release: Release) -> Path:
    """Compile the site into a folder of its own and swap it in; return the path of the site.

    Raises
    ------
    SiteError
        If Jupyter Book reports an error or a warning.
    """
    inputs = site_inputs(release)
    shown, stamp = build_folder() / "html", build_folder() / "stamps" / release.name / "site.json"
    if _stands(shown, stamp, inputs):
        print("site: current", flush=True)
        return shown
    print("site: compiling", flush=True)
    if print_stamp(release).is_file() and not printed_book(release):
        print("site: PDF and EPUB are older than the chapters and not linked; nox -s print renews them")
    stage = run.staging_folder("site")
    built = compile_book(release, stage, "html")
    (built / ".buildinfo").unlink(
        missing_ok=True
    )  # holds a digest of this machine's paths; no later build reads it
    stamp.unlink(missing_ok=True)
    _swap(built, shown)
    shutil.rmtree(stage, ignore_errors=True)
    write_json(stamp, {"inputs": inputs, **_standing(shown)})
    return shown


def _stands(shown: Path, stamp: Path, inputs: str) -> bool:
    """Whether the site in place was compiled from these inputs and is as it was compiled."""
    if not (stamp.is_file() and shown.is_symlink() and (shown / "index.html").is_file()):
        return False
    return read_json(stamp, {}) == {"inputs": inputs, **_standing(shown)}


def _standing(shown: Path) -> dict[str, str]:
    return {"site": os.readlink(shown), "content": digest(files_below(shown.resolve()), shown.resolve())}


def _errors(log: Path) -> str:
    lines = log.read_text(encoding="utf-8").splitlines()
    found = [line for line in lines if "ERROR" in line or "WARNING" in line or "rror:" in line]
    return "\n".join(dict.fromkeys(found[:20])) or "\n".join(lines[-15:])


def _swap(built: Path, shown: Path) -> None:
    """Point the link ``html`` at a new folder in one rename and clear the old one away."""
    sites = shown.parent / "sites"
    sites.mkdir(exist_ok=True)
    names = {"a", "b"} - ({Path(os.readlink(shown)).name} if shown.is_symlink() else set())
    fresh = sites / sorted(names)[0]
    shutil.rmtree(fresh, ignore_errors=True)
    built.rename(fresh)
    if shown.exists() and not shown.is_symlink():
        shutil.rmtree(shown)
    link = shown.with_name(".html.new")
    link.unlink(missing_ok=True)
    link.symlink_to(fresh.relative_to(shown.parent), target_is_directory=True)
    link.replace(shown)


def run_notebooks(release: Release, workers: int, scheduler: str = "") -> None:
    """Check the data and run the notebooks that are out of date, here or on a Dask cluster.

    Raises
    ------
    SiteError, PipelineError
        If a step fails; what stood before stands.
    """
    print(f"data release {release.name}: checking", flush=True)
    check_data(release)
    refuse_begun(release)
    jobs = plan_jobs(release)
    if all(is_current(job, release) for job in jobs):
        run.clear_leftovers(jobs, release)
        print(f"notebooks: {len(jobs)} current", flush=True)
    else:
        print("notebooks: running what is out of date", flush=True)
        with open_executor(workers, scheduler, kernels=True) as executor:
            run.run_jobs(release, executor)


def build(release: Release, workers: int, scheduler: str = "") -> Path:
    """Check the data, run what is out of date, compile the site; return the path of the site.

    Raises
    ------
    SiteError, PipelineError
        If a step fails; what stood before stands.
    """
    run_notebooks(release, workers, scheduler)
    return compile_site(release)


def main(arguments: list[str] | None = None) -> int:
    """Command line of ``nox -s book``; returns the exit code."""
    parser = argparse.ArgumentParser(description="Build the book.")
    parser.add_argument("--release", help="release name; the newest if left out")
    add_executor_options(parser)
    options = parser.parse_args(arguments)
    started = time.perf_counter()
    try:
        release = open_release(options.release or newest_release())
        with run.build_lock():
            site = build(release, options.workers, options.scheduler)
    except LeadershipError as error:
        print(error, file=sys.stderr)
        return 1
    print(
        f"done in {time.perf_counter() - started:.1f} s: open {os.path.relpath(site, ROOT)}/index.html or run nox -s serve"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
