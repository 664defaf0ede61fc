"""Compile the book with Sphinx and keep what it read between builds.

The environment of Sphinx is kept in ``site-environment`` of the build folder and used as a copy: it is replaced only when
a build has succeeded, so that a failed or killed one leaves a whole environment. It is dropped when anything changed that
every page depends on, and when it is not as it was kept.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import sys
from collections.abc import Iterable
from multiprocessing import get_context
from pathlib import Path

from leadership_effects.build.jobs import lacks_design, modules_of
from leadership_effects.data.release import Release, drafts, open_release
from leadership_effects.errors import LeadershipError
from leadership_effects.files import digest, files_below, read_json, sha256, source_files, write_json
from leadership_effects.paths import LOCK, ROOT, build_folder, data_folder, results_folder
from leadership_effects.renamed_keys import renamed_file

CONFIGURATION = ("_config.yml", "_toc.yml", LOCK)
ROOM = "analysis/leadership_effects/build"
SITE = "html"


class SiteError(LeadershipError, RuntimeError):
    """The site did not build; the last good one is kept."""


def compile_book(release: Release, stage: Path, builder: str, processes: int = 1) -> Path:
    """Compile the book with one of Sphinx's builders; return the folder that it wrote.

    Parameters
    ----------
    release : Release
    stage : Path
        Folder to work in, emptied first.
    builder : str
        ``html`` for the site, which alone uses what earlier builds kept.
    processes : int

    Raises
    ------
    SiteError
        If Sphinx reports an error or a warning.
    """
    refuse_begun(release)
    shutil.rmtree(stage, ignore_errors=True)
    stage.mkdir(parents=True)
    settings = {"nitpicky": True, "latex_individualpages": False, "external_toc_path": str(ROOT / "_toc.yml")}
    settings |= {"lb_release": release.name}
    if builder == SITE:
        settings |= {"lb_cache": str(build_folder() / "cache"), "lb_key": layout_inputs(release)}
        _restore_environment(stage, environment_inputs(release))
    environment = {
        "LEADERSHIP_RESULTS": str(results_folder(release.name)),
        "LEADERSHIP_PRINT": str(printed_book(release) or ""),
        "NO_COLOR": "1",
    }
    log = build_folder() / ("site.log" if builder == SITE else f"{builder}.log")
    process = get_context("fork").Process(
        target=_run_sphinx, args=(stage, builder, processes, settings, environment, log)
    )
    process.start()
    process.join()
    if process.exitcode or not (stage / builder).is_dir():
        raise SiteError(
            f"{_errors(log)}\nthe book did not build; the whole log is in {os.path.relpath(log, ROOT)}"
        )
    return stage / builder


def _run_sphinx(
    stage: Path,
    builder: str,
    processes: int,
    settings: dict[str, object],
    environment: dict[str, str],
    log: Path,
) -> None:
    """Run Sphinx in this process, its output in a log file; leave with its exit code."""
    from leadership_effects.build.kernels import exit_with_parent

    exit_with_parent()
    with log.open("w", encoding="utf-8") as stream:
        for number in (1, 2):
            os.dup2(stream.fileno(), number)
    sys.stdout, sys.stderr = os.fdopen(1, "w", buffering=1), os.fdopen(2, "w", buffering=1)
    os.environ |= environment
    os.chdir(ROOT)
    from jupyter_book.sphinx import build_sphinx
    from sphinx.util.console import nocolor

    nocolor()
    failed = build_sphinx(
        ROOT, stage / builder, noconfig=True, path_config=ROOT / "_config.yml", confoverrides=settings,
        doctreedir=stage / "doctrees", builder=builder, warningiserror=True, keep_going=True, jobs=processes,
    )  # fmt: skip
    sys.stdout.flush()
    os._exit(1 if failed else 0)


def kept_environment() -> Path:
    """Return the folder of the environment that is kept between builds."""
    return build_folder() / "site-environment"


def _restore_environment(stage: Path, inputs: str) -> None:
    """Copy the kept environment into a stage if its inputs and bytes are unchanged."""
    kept = kept_environment()
    if read_json(kept / "stamp.json", {}) == {"inputs": inputs, "content": _content(kept)}:
        shutil.copytree(kept / "doctrees", stage / "doctrees")


def keep_environment(stage: Path, inputs: str) -> None:
    """Keep the environment of a successful build; the stamp goes first and comes last.

    Pictures among the outputs of notebooks lie in the stage, which goes: such a book is compiled whole each time.
    """
    kept = kept_environment()
    (kept / "stamp.json").unlink(missing_ok=True)
    shutil.rmtree(kept, ignore_errors=True)
    if any(path.suffix != ".ipynb" for path in files_below(stage / "jupyter_execute")):
        return
    kept.mkdir(parents=True)
    (stage / "doctrees").rename(kept / "doctrees")
    write_json(kept / "stamp.json", {"inputs": inputs, "content": _content(kept)})


def _content(kept: Path) -> str:
    return digest(files_below(kept / "doctrees"), kept)


def _errors(log: Path) -> str:
    lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
    found = [line for line in lines if "ERROR" in line or "WARNING" in line or "rror:" in line]
    return "\n".join(dict.fromkeys(found[:20])) or "\n".join(lines[-15:])


def refuse_begun(release: Release, root: Path | None = None) -> None:
    """Refuse a table of contents with the chapter of a case or a design that the release lacks.

    Raises
    ------
    SiteError
        If there is one; the message names the draft that holds it and what to do.
    """
    root, data = root or ROOT, release.folder.parent
    contents = (root / "_toc.yml").read_text(encoding="utf-8")
    for folder, name in re.findall(r"^[ -]*file: book/(\w+)/(\S+)\s*$", contents, re.MULTILINE):
        kind = "case" if folder == "cases" else "design"
        chapter = root / "analysis" / "notebooks" / folder / f"{name}.py"
        if kind == "case":
            lacking = (
                name not in release.plan["cases"] and not (root / "book" / "cases" / f"{name}.md").is_file()
            )
        else:
            lacking = chapter.is_file() and lacks_design(chapter, release)
        if not lacking:
            continue
        holding = [draft for draft in drafts(data) if _holds(open_release(draft, data), kind, name)]
        if holding:
            reason = f"belongs to draft {holding[-1]}; freeze it"
        elif (data / "worksheets" / name).is_dir():
            reason = "is begun and in no release; take it into a draft and freeze that"
        else:
            reason = f"is no {kind} of release {release.name}; add it there"
        raise SiteError(f"_toc.yml: {name} {reason}, or take its line out of _toc.yml")


def _holds(release: Release, kind: str, name: str) -> bool:
    """Return whether the plan of a release has a case or a design of many places."""
    designs = (release.plan.get("many_places") or {}).get("designs") or {}
    return name in (release.plan["cases"] if kind == "case" else designs)


def stamp_file(release: Release, name: str) -> Path:
    """Return the path of a stamp."""
    return build_folder() / "stamps" / release.name / f"{name}.json"


def data_inputs(release: Release) -> dict[str, str]:
    """Return digests of a release, of the modules that validate it and of the lock file."""
    package = ROOT / "analysis" / "leadership_effects"
    validation = package / "data" / "validation.py"
    extra = [path for path in [data_folder() / "README.md"] if path.is_file()]
    return {
        "data": digest([*files_below(release.folder), *extra], data_folder()),
        "checks": digest([*modules_of(validation), validation], package),
        "lock": sha256(ROOT / LOCK),
    }


def data_is_checked(release: Release) -> bool:
    """Return whether a release is unchanged since it last passed.

    Its files, the modules that validate it and the lock file count.
    """
    return read_json(stamp_file(release, "data"), {}) == data_inputs(release)


def site_inputs(release: Release) -> str:
    """Return the digest of everything that the compiled site depends on."""
    files = [*book_files(), *release_files(release), *listed_sources(), *_citation()]
    files += filter(Path.is_file, [renamed_file(ROOT)])
    return _digest(
        digest(files, ROOT),
        results_digest(release),
        _printed_digest(release),
        *map(str, sys.version_info[:2]),
    )


def environment_inputs(release: Release) -> str:
    """Return the digest of what makes every page that Sphinx has read out of date.

    Settings, contents, extension, references, tables of the release and versions. Sources of pages and results are left
    out: Sphinx reads again the pages that they concern.
    """
    folder = ROOT / "book"
    files = [*map(ROOT.joinpath, CONFIGURATION), *files_below(folder / "_ext"), *folder.glob("*.bib")]
    imported = {module for source in (folder / "_ext").rglob("*.py") for module in modules_of(source)}
    files += filter(Path.is_file, imported)
    files += [*release_files(release), ROOT / ROOM / "compile.py"]
    places = [str(ROOT), str(results_folder(release.name))]
    return _digest(digest(files, ROOT), *places, *map(str, sys.version_info[:2]))


def layout_inputs(release: Release) -> str:
    """Return the digest of what every page of the site shows besides its own content."""
    files = [*files_below(ROOT / "book" / "_static"), *_citation()]
    return _digest(environment_inputs(release), digest(files, ROOT), _printed_digest(release))


def chapter_inputs(release: Release) -> str:
    """Return the digest of the inputs of the printed chapters.

    The layout of the site does not count, that of the printed book does.
    """
    layout = (ROOT / "book" / "_static", ROOT / "book" / "_ext" / "leadership_book" / "theme")
    files = [path for path in book_files() if not any(map(path.is_relative_to, layout))]
    files += [*_citation(), release.folder / "sources.csv"]
    files += sorted((ROOT / ROOM / "printing").glob("*.py"))
    return _digest(digest(files, ROOT), results_digest(release))


def book_files() -> list[Path]:
    """List settings, pages, extension and styles of the book, hidden files left out."""
    pages = (path for path in files_below(ROOT / "book") if not path.name.startswith("."))
    return [*map(ROOT.joinpath, CONFIGURATION), *pages]


def release_files(release: Release) -> list[Path]:
    """List the tables, plan and descriptor of a release."""
    return files_below(release.folder)


def listed_sources() -> list[Path]:
    """List the sources of notebooks and package, each of which is a page of the site."""
    return source_files(ROOT / "analysis")


def results_digest(release: Release) -> str:
    """Return the digest of the results and figures of a release."""
    folder = results_folder(release.name)
    return digest(files_below(folder), folder)


def printed_folder() -> Path:
    """Return the folder of the printed book."""
    return build_folder() / "print"


def printed_book(release: Release) -> Path | None:
    """Return the folder of the printed book if its chapters are unchanged, else nothing."""
    made_from = read_json(stamp_file(release, "print"), {})
    return printed_folder() if made_from and made_from == {"inputs": chapter_inputs(release)} else None


def site_content(shown: Path) -> dict[str, str]:
    """Return the folder behind the link to a site, and the digest of its files."""
    return {"site": os.readlink(shown), "content": digest(files_below(shown.resolve()), shown.resolve())}


def _printed_digest(release: Release) -> str:
    folder = printed_book(release)
    return digest(files_below(folder), folder) if folder else ""


def _citation() -> Iterable[Path]:
    return (path for path in [ROOT / "CITATION.cff"] if path.is_file())


def _digest(*parts: str) -> str:
    return hashlib.sha256(" ".join(parts).encode()).hexdigest()
