"""Build the book: validate data, run notebooks, compile the site and swap it in.

The new site is compiled in a folder of its own and takes the place of the old one in one rename, so that a failed or killed build
leaves the last good site as it was.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import yaml

from leadership_effects.build import run
from leadership_effects.build.compile import (
    CONFIGURATION,
    SITE,
    SiteError,
    compile_book,
    data_inputs,
    data_is_checked,
    environment_inputs,
    keep_environment,
    printed_book,
    refuse_begun,
    site_content,
    site_inputs,
    stamp_file,
)
from leadership_effects.build.jobs import is_current, plan_jobs
from leadership_effects.build.workers import WORKERS, add_executor_options, open_executor
from leadership_effects.data.release import Release, newest_release, open_release
from leadership_effects.errors import run_command
from leadership_effects.files import read_json, write_json
from leadership_effects.paths import ROOT, build_folder

# Addresses that only the owner of a repository and of a server knows, with what the site lacks while one is not set.
ADDRESSES = {
    "lb_repository": "the footer names neither the repository nor the folder of the data in it",
    "html_baseurl": "pages have no preview cards, and charts no code to embed them by",
}


@dataclass(frozen=True)
class Shown:
    """Site in its place.

    Attributes
    ----------
    link : Path
        Link to the folder of the site; the folders are in ``sites`` next to it.
    stamp : Path
        Stamp of what the site was compiled from.
    """

    link: Path
    stamp: Path


def built_site(release: Release) -> Shown:
    """Return the place of the site that readers open."""
    return Shown(build_folder() / "html", stamp_file(release, "site"))


def check_data(release: Release) -> None:
    """Validate a release unless nothing changed since it last passed.

    Raises
    ------
    SiteError
        With every problem, each naming file, row and column.
    """
    if data_is_checked(release):
        return
    from leadership_effects.data.validation import check_release

    inputs = data_inputs(release)
    problems = check_release(release.name)
    if problems:
        listed = "\n".join(map(str, problems))
        raise SiteError(f"{listed}\n{len(problems)} problem(s) in release {release.name}")
    write_json(stamp_file(release, "data"), inputs)


def compile_site(release: Release, place: Shown | None = None, processes: int = WORKERS) -> Path:
    """Compile the site unless it is current, and swap it in; return the path of the site.

    Parameters
    ----------
    release : Release
    place : Shown, optional
        Where the site goes; the site that readers open if left out.
    processes : int

    Raises
    ------
    SiteError
        If Sphinx reports an error or a warning.
    """
    place = place or built_site(release)
    inputs = site_inputs(release)
    for sentence in unset_addresses(ROOT / CONFIGURATION[0]):
        print(f"site: {sentence}", flush=True)
    if is_site_current(place, inputs):
        print("site: current", flush=True)
        return place.link
    print("site: compiling", flush=True)
    if stamp_file(release, "print").is_file() and not printed_book(release):
        print("site: PDF and EPUB are older than the chapters and not linked; nox -s print renews them")
    stage, environment = run.staging_folder("site"), environment_inputs(release)
    built = compile_book(release, stage, SITE, processes)
    (built / ".buildinfo").unlink(
        missing_ok=True
    )  # holds a digest of this machine's paths; no later build reads it
    place.stamp.unlink(missing_ok=True)
    swap_site(built, place.link)
    keep_environment(stage, environment)
    shutil.rmtree(stage, ignore_errors=True)
    write_json(place.stamp, {"inputs": inputs, **site_content(place.link)})
    return place.link


def unset_addresses(settings: Path) -> list[str]:
    """Return a sentence for each address that the settings of the book leave empty."""
    found = (yaml.safe_load(settings.read_text(encoding="utf-8")).get("sphinx") or {}).get("config") or {}
    return [
        f"{settings.name}: sphinx: config: {name} is not set, so {lacking}"
        for name, lacking in ADDRESSES.items()
        if not found.get(name)
    ]


def is_site_current(place: Shown, inputs: str) -> bool:
    """Return whether the site was compiled from these inputs and is unchanged since."""
    known = read_json(place.stamp, {})
    if known.get("inputs") != inputs or not (
        place.link.is_symlink() and (place.link / "index.html").is_file()
    ):
        return False
    return known == {"inputs": inputs, **site_content(place.link)}


def swap_site(built: Path, shown: Path) -> None:
    """Point the link of a site at a new folder in one rename and delete the old one."""
    sites = shown.parent / "sites"
    sites.mkdir(parents=True, exist_ok=True)
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
    """Validate the data and run the notebooks that are out of date, here or on a Dask cluster.

    Raises
    ------
    SiteError, PipelineError
        If a step fails; the former site is kept.
    """
    print(f"data release {release.name}: checking", flush=True)
    if not (scheduler or data_is_checked(release)):
        from leadership_effects.build.kernels import start_fork_server

        start_fork_server()  # it loads the notebooks' libraries while the data is checked
    check_data(release)
    refuse_begun(release)
    jobs = plan_jobs(release)
    if all(is_current(job, release) for job in jobs):
        run.clear_leftovers(jobs, release)
        print(f"notebooks: {len(jobs)} current", flush=True)
    else:
        print("notebooks: running what is out of date", flush=True)
        with open_executor(workers, scheduler, kernels=True) as executor:
            run.run_jobs(release, executor, at_once=None if scheduler else workers)


def build(release: Release, workers: int, scheduler: str = "", place: Shown | None = None) -> Path:
    """Validate the data, run what is out of date, compile the site; return the path of the site.

    Raises
    ------
    SiteError, PipelineError
        If a step fails; the former site is kept.
    """
    run_notebooks(release, workers, scheduler)
    return compile_site(release, place, max(workers, 1))


def main(arguments: list[str] | None = None) -> int:
    """Run the command line of ``nox -s book``; return the exit code."""
    parser = argparse.ArgumentParser(description="Build the book.")
    parser.add_argument("--release", help="release name; the newest if left out")
    add_executor_options(parser)
    options = parser.parse_args(arguments)
    started = time.perf_counter()

    def command() -> int:
        release = open_release(options.release or newest_release())
        with run.build_lock():
            site = build(release, options.workers, options.scheduler)
        seconds = time.perf_counter() - started
        print(f"done in {seconds:.1f} s: open {os.path.relpath(site)}/index.html or run nox -s serve")
        return 0

    return run_command(command)


if __name__ == "__main__":
    sys.exit(main())
