"""Let people code a case, take their codes in, and report agreement: ``nox -s coding``.

``-- huari`` writes the page and an empty sheet, ``-- --import FILE ...`` takes saved files into the draft or the worksheets of a
case that was begun, ``-- --agreement huari`` compares the readings, of all cases if none is named.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from leadership_effects.cases.begin import newest_draft
from leadership_effects.cases.coding import agreement
from leadership_effects.cases.coding.dossier import Dossier, coded_items, read_dossier
from leadership_effects.cases.coding.page import COLUMNS, page_of
from leadership_effects.cases.coding.take_in import take_in
from leadership_effects.cases.worksheets import CaseError
from leadership_effects.data.release import Release, drafts, newest_release, open_release, release_with_case
from leadership_effects.data.rows import csv_text, save_plainly
from leadership_effects.errors import run_command
from leadership_effects.files import write_whole
from leadership_effects.paths import ROOT, build_folder


def main(arguments: list[str] | None = None) -> int:
    """Command line of ``nox -s coding``; returns the exit code."""
    parser = argparse.ArgumentParser(prog="nox -s coding --", description="Code a case by several people.")
    parser.add_argument("cases", nargs="*", help="cases whose page is written or whose readings are compared")
    parser.add_argument("--release", default="", help="release or draft")
    parser.add_argument("--import", nargs="+", type=Path, default=[], dest="files", metavar="FILE",
                        help="files that the page saved, one a coder and case; taken into the newest draft")  # fmt: skip
    parser.add_argument("--agreement", action="store_true", help="report agreement and disagreements")
    options = parser.parse_args(arguments)
    return run_command(lambda: _coding(options), "coding: ")


def _coding(options: argparse.Namespace) -> int:
    if options.files:
        release = open_release(options.release) if options.release else newest_draft()
        save_plainly(release)
        print("\n".join(take_in(release, options.files)))
        return 0
    if options.agreement:
        print(agreement.report(open_release(options.release or _latest()), options.cases))
        return 0
    if not options.cases:
        raise CaseError("no case is named; allowed: one or more, or --import, or --agreement")
    for case_id in options.cases:
        for path in write_page(read_dossier(_release_of(case_id, options.release), case_id)):
            print(path.relative_to(ROOT) if path.is_relative_to(ROOT) else path)
    return 0


def _latest() -> str:
    """Return the newest draft, which holds what was taken in, else the newest release."""
    return (drafts() or [newest_release()])[-1]


def _release_of(case_id: str, named: str) -> Release:
    """Return the release named, else the one that holds the case; of a begun case the draft."""
    release = open_release(named or release_with_case(case_id))
    return release if named or case_id in release.plan["cases"] else open_release(_latest())


def write_page(dossier: Dossier) -> list[Path]:
    """Write the page, and a sheet with the items for those who would rather use a spreadsheet."""
    folder = build_folder() / "coding"
    folder.mkdir(parents=True, exist_ok=True)
    page, sheet = folder / f"{dossier.case_id}.html", folder / f"{dossier.case_id}.csv"
    write_whole(page, page_of(dossier))
    known = {"release": dossier.release, "case_id": dossier.case_id, "state": "open"}
    rows = ({"kind": kind, "item": item} | known for kind, item in coded_items())
    write_whole(sheet, csv_text(list(COLUMNS), rows))
    return [page, sheet]


if __name__ == "__main__":
    sys.exit(main())
