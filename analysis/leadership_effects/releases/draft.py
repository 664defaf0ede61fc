"""Draft a data release from the last one; the command line of ``nox -s release``.

``nox -s release -- 2030.1`` copies the newest release to ``data/2030.1`` as a draft: no checksums, and an empty
``data/changes/2030.1.csv``. Run again, it lists what a freeze would refuse; ``--freeze`` freezes the draft, ``--thaw``
makes a release that no commit holds a draft again.
"""

from __future__ import annotations

import argparse
import datetime
import json
import os
import re
import shutil
import sys
from pathlib import Path

from leadership_effects.data.release import is_draft, newest_release, open_release, release_order
from leadership_effects.data.rows import save_plainly
from leadership_effects.errors import run_command
from leadership_effects.files import write_json, write_whole
from leadership_effects.paths import ROOT
from leadership_effects.releases.changes import COLUMNS, changes_path, year_bounds
from leadership_effects.releases.freeze import DraftError, draft_problems, freeze_release, without_checksums
from leadership_effects.releases.plan_edit import rename_release
from leadership_effects.releases.thaw import thaw_release

RELEASE_NAME = re.compile(r"[0-9]{4}\.[1-9][0-9]*")


def draft_release(name: str, root: Path = ROOT) -> Path:
    """Copy the newest release to a new name as a draft; return its folder.

    Raises
    ------
    DraftError
        If the name is malformed, taken, or not after the newest release.
    """
    data = root / "data"
    if not RELEASE_NAME.fullmatch(name):
        raise DraftError(f"{name!r} is no release name; allowed: year and number, such as 2030.1")
    old = open_release(newest_release(data), data)
    if release_order(name) <= release_order(old.name):
        raise DraftError(f"{name} does not follow {old.name}, the newest release; allowed: a later name")
    folder = data / name
    if folder.exists():
        raise DraftError(f"data/{name} is there already; take it away to draft it anew")
    stage = data / f".{name}.{os.getpid()}"
    shutil.rmtree(stage, ignore_errors=True)
    shutil.copytree(old.folder, stage)
    package = json.loads((stage / "datapackage.json").read_text(encoding="utf-8"))
    package["version"] = name
    # A row can be of the year of its release.
    for bound in year_bounds(package, release_order(old.name)[0]):
        bound["maximum"] = release_order(name)[0]
    write_json(stage / "datapackage.json", without_checksums(package), sort=False)
    plan = (stage / "plan.yml").read_text(encoding="utf-8")
    write_whole(stage / "plan.yml", rename_release(plan, old.name, name))
    reasons = changes_path(name, data)
    if not reasons.exists():
        write_whole(reasons, ",".join(COLUMNS) + "\n")
    stage.rename(folder)
    return folder


def normalise_text(folder: Path) -> list[str]:
    """Rewrite files of a draft as a release holds them, whatever saved them; return names."""
    rewritten = []
    for path in (folder / "plan.yml", folder / "datapackage.json"):
        raw = path.read_bytes()
        plain = raw.removeprefix(b"\xef\xbb\xbf").replace(b"\r\n", b"\n")
        if plain != raw:
            write_whole(path, plain)
            rewritten.append(path.name)
    return [*rewritten, *save_plainly(open_release(folder.name, folder.parent))]


def main(arguments: list[str] | None = None) -> int:
    """Command line of ``nox -s release``; returns the exit code."""
    parser = argparse.ArgumentParser(
        prog="nox -s release --", description="Draft a data release, then freeze it."
    )
    parser.add_argument("name", help="name of the new release, such as 2030.1")
    parser.add_argument("--freeze", action="store_true", help="freeze the draft if every change has a reason")
    parser.add_argument(
        "--thaw", action="store_true", help="make a frozen release that no commit holds a draft again"
    )
    parser.add_argument("--date", type=datetime.date.fromisoformat, default=datetime.date.today(),
                        help="date of the release, YYYY-MM-DD; today if left out")  # fmt: skip
    options = parser.parse_args(arguments)
    if options.thaw and options.freeze:
        parser.error("--thaw takes back what --freeze wrote; allowed: one of both")
    if options.thaw:
        return run_command(lambda: _thaw(options.name))
    return run_command(lambda: _release(options.name, options.date if options.freeze else None))


def _thaw(name: str) -> int:
    print("\n".join(thaw_release(name)))
    return 0


def _release(name: str, date: datetime.date | None) -> int:
    """Draft a release, list what a draft lacks, or freeze it if a date is given."""
    folder = ROOT / "data" / name
    drafted = is_draft(folder)
    for file in normalise_text(folder) if drafted else ():
        print(f"{name}/{file}: saved anew in UTF-8 without a mark and with plain line ends")
    if date:
        print("\n".join(freeze_release(name, date.isoformat())))
        return 0
    if drafted:
        found = draft_problems(name)
        for problem in found:
            print(problem, file=sys.stderr)
        print(f"draft {name}: {len(found)} problem(s) to correct before it is frozen")
        return 1 if found else 0
    draft_release(name)
    print(f"draft in data/{name}; correct its rows and give the reasons in data/changes/{name}.csv")
    print(f"then: nox -s release -- {name} --freeze")
    return 0


if __name__ == "__main__":
    sys.exit(main())
