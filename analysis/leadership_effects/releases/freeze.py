"""Freeze a draft release once every change has a reason.

A freeze refuses what the data check finds, changes without a reason and reasons without a change, and figures that look
like slips without an answer. It then carries over
the locked simulations whose inputs are the same, writes checksums, dictionary and an entry of the change log, and names
the release and the number of its cases in the files that state the current one. Nothing is written before everything was found in order; a freeze
that was stopped is repeated with the same command.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from leadership_effects.counting import place_counts, renew_counts
from leadership_effects.data.checks.problem import Problem
from leadership_effects.data.dictionary import data_dictionary, freeze
from leadership_effects.data.release import (
    Release,
    ReleaseError,
    is_draft,
    newest_release,
    open_release,
    previous_release,
    release_order,
)
from leadership_effects.data.sweeps import inputs_digest
from leadership_effects.data.validation import check_release
from leadership_effects.files import write_json, write_whole
from leadership_effects.paths import ROOT
from leadership_effects.releases.changes import explained
from leadership_effects.releases.compare import MOVED, compare_releases, list_item
from leadership_effects.releases.figures import unanswered_figures
from leadership_effects.releases.report import changes_page, read_comparisons, shown_changes

# Files that name the current release, and where; pages and notebooks take the newest.
NAMING = {
    "pyproject.toml": r'^version = "{}"',
    "CITATION.cff": r'^version: "{}"',
    "README.md": r"\b(?:data|published)/{}(?![0-9])",
}
# Files that name the number of cases in words; pages and charts take it from the plan.
COUNTING = ("README.md", "CITATION.cff", "pyproject.toml", "ARCHITECTURE.md")


class DraftError(ReleaseError):
    """A release cannot be drafted or frozen; nothing was written."""


def draft_problems(name: str, root: Path = ROOT) -> list[Problem]:
    """Return everything for which a draft must not be frozen.

    Raises
    ------
    DraftError
        If there is no release before it.
    """
    data = root / "data"
    # The dictionary is written by the freeze.
    found = [problem for problem in check_release(name, data) if problem.file != "README.md"]
    if found:
        return found
    old = previous_release(name, data)
    if old is None:
        raise DraftError(f"{name} is the first release; there is nothing before it to compare with")
    compared, found = explained(open_release(old, data), open_release(name, data))
    if not found and not compared.pairs:
        message = f"holds what {old} holds; nothing changed, nothing to freeze"
        found = [Problem(f"data/{name}", None, "", message)]
    found += unanswered_figures(open_release(name, data), [change for change, _ in compared.pairs])
    for file, pattern in NAMING.items():
        path = root / file
        text = path.read_text(encoding="utf-8") if path.is_file() else ""
        if not any(_compiled(pattern, release).search(text) for release in (old, name)):
            found.append(Problem(file, None, "", f"names neither {old} nor {name} as the current release"))
    return found


def _compiled(pattern: str, release: str) -> re.Pattern[str]:
    return re.compile(pattern.replace("{}", re.escape(release)), re.MULTILINE)


def renamed_files(old: str, new: str, date: str, root: Path = ROOT) -> dict[Path, str]:
    """Return the files that name the current release, with the new name."""
    texts = {}
    for file, pattern in NAMING.items():
        path = root / file
        text = path.read_text(encoding="utf-8")
        moved, count = _compiled(pattern, old).subn(lambda found: found[0].replace(old, new), text)
        if file == "CITATION.cff" and count:
            moved = re.sub(r'^(date-released: )"?[0-9-]+"?', rf'\g<1>"{date}"', moved, flags=re.MULTILINE)
        if moved != text:
            texts[path] = moved
    return texts


def counted_files(cases: int, texts: dict[Path, str], root: Path = ROOT) -> dict[Path, str]:
    """Return texts and those of the files that name the number of cases, with the number set."""
    renewed = dict(texts)
    for file in COUNTING:
        path = root / file
        text = texts.get(path) or (path.read_text(encoding="utf-8") if path.is_file() else "")
        if (counted := renew_counts(text, cases)) != text:
            renewed[path] = counted
    return renewed


def without_checksums(package: dict[str, Any]) -> dict[str, Any]:
    """Return a descriptor as that of a draft: without size and checksum of any file."""
    for entry in [*package["resources"], package["plan"]]:
        entry.pop("hash", None)
        entry.pop("bytes", None)
    return package


def count_in_descriptor(folder: Path, cases: int) -> None:
    """Set the number of cases that the descriptor of a draft names in words."""
    path = folder / "datapackage.json"
    package = json.loads(path.read_text(encoding="utf-8"))
    package["description"] = renew_counts(package["description"], cases)
    for resource in package["resources"]:
        resource["description"] = renew_counts(resource["description"], cases)
    write_json(path, package, sort=False)


def carry_simulations(old: str, new: Release, root: Path = ROOT) -> tuple[list[str], list[str]]:
    """Copy the locked simulations whose inputs are the same; return these and the others."""
    from leadership_effects.build.simulations import all_sweeps

    published = root / "analysis" / "published"
    carried, to_run = [], []
    for name, sweep in all_sweeps(new).items():
        digest = inputs_digest(sweep, sweep.cells(new))
        path = published / new.name / "simulations" / f"{name}.json"
        for source in (path, published / old / "simulations" / f"{name}.json"):
            content = json.loads(source.read_text(encoding="utf-8")) if source.is_file() else {}
            if content.get("inputs") == digest:
                write_json(path, content | {"release": new.name}, sort=False)
                carried.append(name)
                break
        else:
            to_run.append(name)
    return carried, to_run


def change_log(text: str, old: Release, new: Release, date: str) -> str:
    """Return the change log with an entry for the new release, filled from the reasons.

    Raises
    ------
    DraftError
        If the log has no earlier entry.
    """
    if f"\n## {new.name} " in text:
        return text
    head, mark, rest = text.partition("\n## ")
    if not mark:
        raise DraftError(f"CHANGELOG.md: no entry `## {old.name} (date)` above which the new one goes")
    lines = [
        list_item(f"`{entry['table']}`, {shown_changes(entry)}: {entry['reason']}")
        for entry in compare_releases(old, new)["reasons"]
    ]
    body = "\n".join(lines or ["No row changed."])
    return f"{head}{mark}{new.name} ({date})\n\n{body}\n{MOVED[0]}\n{MOVED[1]}\n{mark}{rest}"


def freeze_release(name: str, date: str, root: Path = ROOT) -> list[str]:
    """Freeze a draft, or finish a freeze that was stopped; return what was done, a line each.

    Raises
    ------
    DraftError
        With every reason against it, before anything is written.
    """
    data = root / "data"
    newest = newest_release(data)
    if not (data / name).is_dir():
        raise DraftError(f"no draft {name}; make one with `nox -s release -- {name}`")
    if release_order(newest) > release_order(name):
        raise DraftError(f"{name} is older than {newest}; the newest release alone can be frozen")
    found = draft_problems(name, root)
    if found:
        raise DraftError("\n".join([*map(str, found), f"{len(found)} problem(s); nothing was written"]))
    old, new = open_release(str(previous_release(name, data)), data), open_release(name, data)
    cases = place_counts(new.plan)["cases"]
    texts = counted_files(cases, renamed_files(old.name, name, date, root), root)
    log = data / "CHANGELOG.md"
    texts[log] = change_log(log.read_text(encoding="utf-8"), old, new, date)
    carried, to_run = carry_simulations(old.name, new, root)
    if is_draft(data / name):
        count_in_descriptor(data / name, cases)
        freeze(data / name)
    texts[root / "book" / "reports" / "changes.md"] = changes_page(read_comparisons(root), name)
    texts[data / "README.md"] = data_dictionary(open_release(name, data))
    for path, text in texts.items():
        write_whole(path, text)
    done = [f"release {name}: frozen"]
    done += [f"simulations carried over, their inputs are the same: {', '.join(carried)}"] if carried else []
    done += [f"simulations to be run: nox -s simulations -- {' '.join(to_run)}"] if to_run else []
    return [
        *done,
        "next: nox -s book, nox -s lock-results, nox -s book again for the page of changes; read data/CHANGELOG.md, commit",
        "then: nox -s reproduce -- --publish, and commit its report",
        f"found a mistake before the commit: nox -s release -- {name} --thaw makes it a draft again",
    ]
