"""Print the book as PDF and EPUB, linked from the site, and its briefs: ``nox -s print``."""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import time
from pathlib import Path

from leadership_effects.build import run, site
from leadership_effects.build.compile import chapter_inputs, printed_book, printed_folder, stamp_file
from leadership_effects.build.printing.briefs import print_briefs
from leadership_effects.build.printing.browser import chromium
from leadership_effects.build.printing.chapters import Press, contents_of, set_up
from leadership_effects.build.printing.epub import write_epub
from leadership_effects.build.printing.pdf import write_pdf
from leadership_effects.build.workers import WORKERS
from leadership_effects.data.release import Release, newest_release, open_release
from leadership_effects.errors import run_command
from leadership_effects.files import write_json
from leadership_effects.paths import ROOT, build_folder


def print_book(release: Release, folder: Path) -> Press:
    """Write PDF, EPUB and ``contents.json`` to a folder and return their inputs.

    Raises
    ------
    PrintError, SiteError
        If Chromium or a font is missing, or the chapters do not compile.
    """
    with chromium() as browser:
        press = set_up(release, browser, folder)
        write_epub(press, folder / f"{press.edition.stem}.epub")
        write_pdf(press, browser, folder, folder / f"{press.edition.stem}.pdf")
    write_json(folder / "contents.json", contents_of(press.edition, press.chapters))
    return press


def print_in_place(release: Release) -> None:
    """Print to a staging folder and put the books in place when all went well.

    The stamp goes first and comes last: files without it are not linked from the site.
    """
    shown = printed_folder()
    stage = run.staging_folder("print")
    shutil.rmtree(stage, ignore_errors=True)
    stage.mkdir(parents=True)
    print("print: PDF and EPUB", flush=True)
    inputs = chapter_inputs(release)
    print_book(release, stage)
    stamp_file(release, "print").unlink(missing_ok=True)
    shown.mkdir(exist_ok=True)
    for old in (*shown.glob("*.pdf"), *shown.glob("*.epub")):
        old.unlink()
    for made in (*stage.glob("*.pdf"), *stage.glob("*.epub"), stage / "contents.json"):
        made.replace(shown / made.name)
    write_json(stamp_file(release, "print"), {"inputs": inputs})
    shutil.rmtree(stage, ignore_errors=True)


def main(arguments: list[str] | None = None) -> int:
    """Run the command line of ``nox -s print``; return the exit code."""
    parser = argparse.ArgumentParser(
        description="Print the book as PDF and EPUB and link them from the site."
    )
    parser.add_argument("--release", help="release name; the newest if left out")
    parser.add_argument("--workers", type=int, default=WORKERS)
    options = parser.parse_args(arguments)
    started = time.perf_counter()
    release = open_release(options.release or newest_release())
    with run.build_lock():
        site.run_notebooks(release, options.workers)
        if printed_book(release):
            print("print: current", flush=True)
        else:
            print_in_place(release)
        briefs = print_briefs(site.compile_site(release), build_folder() / "briefs")
    files = sorted(path for path in printed_folder().iterdir() if path.suffix in (".pdf", ".epub"))
    named = ", ".join(os.path.relpath(path, ROOT) for path in files)
    print(f"done in {time.perf_counter() - started:.1f} s: {named}; linked from the site")
    print(f"{len(briefs)} briefs in {os.path.relpath(build_folder() / 'briefs', ROOT)}")
    return 0


if __name__ == "__main__":
    sys.exit(run_command(main))
