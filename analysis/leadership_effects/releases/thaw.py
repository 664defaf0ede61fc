"""Take a frozen release back to a draft, as long as no commit holds it.

What the freeze wrote is undone: checksums, the names and counts of the current release, dictionary, change log and page of
changes. Locked results of the release go with them, and simulations that the freeze carried over. Those that were run on it
stay, as its test has to be simulated before its estimates are seen. So do rows, plan, reasons and answers. A release that was
committed may have been read and cited, and stays.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path

from leadership_effects.counting import place_counts
from leadership_effects.data.dictionary import data_dictionary
from leadership_effects.data.release import (
    drafts,
    frozen_releases,
    is_draft,
    open_release,
    previous_release,
)
from leadership_effects.data.upkeep.dates import release_date
from leadership_effects.files import write_json, write_whole
from leadership_effects.paths import ROOT
from leadership_effects.releases.freeze import (
    DraftError,
    count_in_descriptor,
    counted_files,
    renamed_files,
    without_checksums,
)
from leadership_effects.releases.report import changes_page, read_comparisons


def thaw_release(name: str, root: Path = ROOT) -> list[str]:
    """Make the newest release a draft again, or finish a thaw that was stopped; say how.

    Raises
    ------
    DraftError
        If it is a draft, the first or not the newest, or if a commit holds it or that cannot be told.
    """
    data = root / "data"
    if name not in frozen_releases(data):
        kind = "is a draft already" if name in drafts(data) else "is no release"
        raise DraftError(
            f"{name} {kind}; allowed: the newest, {frozen_releases(data)[-1]}, if no commit holds it"
        )
    old = previous_release(name, data)
    if name != frozen_releases(data)[-1] or old is None:
        raise DraftError(
            f"{name} is not the newest of several; allowed: {frozen_releases(data)[-1]}, if others precede it"
        )
    refuse_committed(name, root)
    before = open_release(old, data)
    cases = place_counts(before.plan)["cases"]
    texts = counted_files(cases, renamed_files(name, old, release_date(old, data).isoformat(), root), root)
    log = data / "CHANGELOG.md"
    texts[log] = re.sub(
        rf"^## {re.escape(name)} \(.*?(?=^## |\Z)",
        "",
        log.read_text(encoding="utf-8"),
        flags=re.MULTILINE | re.DOTALL,
    )
    kept = [content for content in read_comparisons(root) if content["after"] != name]
    texts[root / "book" / "reports" / "changes.md"] = changes_page(kept, old)
    texts[data / "README.md"] = data_dictionary(before)
    for path, text in texts.items():
        write_whole(path, text)
    removed, kept_too = _take_out_locked(name, old, root)
    # Last, so that a thaw that was stopped can be repeated.
    count_in_descriptor(data / name, cases)
    path = data / name / "datapackage.json"
    write_json(path, without_checksums(json.loads(path.read_text(encoding="utf-8"))), sort=False)
    assert is_draft(data / name)
    return [
        f"release {name}: a draft again; {old} is the newest release",
        *(
            [f"removed: locked results in analysis/published/{name}, and simulations carried over"]
            if removed
            else []
        ),
        *([f"kept: simulations run on it: {', '.join(kept_too)}"] if kept_too else []),
        f"kept: rows, plan, data/changes/{name}.csv and the answers beside it",
    ]


def _take_out_locked(name: str, old: str, root: Path) -> tuple[bool, list[str]]:
    """Remove what was locked for a release; return whether there was some, and what stays.

    Simulations that were run on it stay.
    """
    folder = root / "analysis" / "published" / name
    if not folder.is_dir():
        return False, []
    removed, kept = False, list[str]()
    for path in sorted(folder.iterdir()):
        if path.name != "simulations":
            shutil.rmtree(path) if path.is_dir() else path.unlink()
            removed = True
            continue
        before = root / "analysis" / "published" / old / "simulations"
        for file in sorted(path.iterdir()):
            if _carried(file, before / file.name):
                file.unlink()
                removed = True
            else:
                kept.append(file.stem)
        if not kept:
            path.rmdir()
    if not kept:
        folder.rmdir()
    return removed, kept


def _carried(path: Path, before: Path) -> bool:
    """Return whether a locked simulation is that of the release before."""
    if not before.is_file():
        return False
    now, then = (json.loads(file.read_text(encoding="utf-8")) for file in (path, before))
    return bool(now | {"release": ""} == then | {"release": ""})


def refuse_committed(name: str, root: Path) -> None:
    """Refuse a release that a commit of any branch holds frozen.

    Raises
    ------
    DraftError
        If one does, or if the checkout has no history to look at.
    """
    file = f"data/{name}/datapackage.json"
    commits = _git(root, "log", "--all", "--format=%H", "--", file)
    if commits is None:
        raise DraftError(f"whether {name} was committed cannot be told: there is no git history here")
    for commit in commits.split():
        if '"hash"' in (_git(root, "show", f"{commit}:{file}") or ""):
            message = f"{name} is in commit {commit[:12]} and stays; a correction goes into the next release, nox -s release -- <new>"
            raise DraftError(message)


def _git(root: Path, *arguments: str) -> str | None:
    """Return what git says of a checkout; None if it cannot say it."""
    if shutil.which("git") is None:
        return None
    done = subprocess.run(["git", *arguments], cwd=root, capture_output=True, text=True, check=False)
    return done.stdout if done.returncode == 0 else None
