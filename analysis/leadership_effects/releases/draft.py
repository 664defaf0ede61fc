"""Cut a data release: draft it from the last one, and freeze it once every change has a reason (``nox -s release``).

``nox -s release -- 2030.1`` copies the newest release to ``data/2030.1`` as a draft: no checksums, and an empty
``data/changes/2030.1.csv``. Asked again, it says what a freeze would refuse. ``--freeze`` refuses what the data check
finds, changes without a reason and reasons without a change; then it carries over the locked simulations whose inputs
are the same, writes checksums, dictionary and an entry of the change log, and sets every file that names the current
release to the new one. Nothing is written before everything has been found in order; a freeze that was stopped is
repeated with the same command. What this deliberately does not decide: whether a reason is a good one.
"""

from __future__ import annotations

import argparse
import datetime
import json
import os
import re
import shutil
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from leadership_effects.data.dictionary import data_dictionary, freeze
from leadership_effects.data.plan_edit import rename_release
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
from leadership_effects.data.validation import Problem, check_release
from leadership_effects.files import write_json, write_whole
from leadership_effects.paths import ROOT
from leadership_effects.releases.changes import COLUMNS, changes_path, explained
from leadership_effects.releases.compare import MOVED, bullet, compare_releases
from leadership_effects.releases.report import shown_changes

NAME = re.compile(r"[0-9]{4}\.[1-9][0-9]*")
# Files of the checkout that may name a release; data, results and tests keep the names they have.
SCOPE = (
    "*.md",
    "*.toml",
    "*.cff",
    "*.yml",
    "noxfile.py",
    "book/**/*.md",
    "book/**/*.yml",
    "book/_ext/**/*.py",
    "analysis/notebooks/**/*.py",
    "analysis/leadership_effects/**/*.py",
)
# Versions of packages look like names of releases; reports are written from their records.
ELSEWHERE = ("LICENSES.md", "book/reports/changes.md", "book/reports/reproduction.md")
# Where a file says which release is current, {} standing for its name.
CURRENT = (
    r'^version = "{}"',
    r'^version: "{}"',
    r"(?:data|published|results)/{}(?![0-9])",
)
# Where it tells of a release in the past: these words stay.
HISTORY = (
    r"\b[Rr]eleases? {}(?![0-9])",
    r"\b(?:results|plan) of {}(?![0-9])",
    r"``{}``",
)
# Files that must name the current release.
NAMING = ("pyproject.toml", "CITATION.cff", "README.md")


class CutError(ReleaseError):
    """A release cannot be drafted or frozen as things stand; nothing was written."""


@dataclass(frozen=True)
class Checkout:
    """Where releases, results and the files that name a release are."""

    root: Path = ROOT

    @property
    def data(self) -> Path:
        """Folder of all releases."""
        return self.root / "data"

    def published(self, release: str) -> Path:
        """Folder of a release's locked results."""
        return self.root / "analysis" / "published" / release


def draft(name: str, place: Checkout) -> Path:
    """Copy the newest release to a new name as a draft; return its folder.

    Raises
    ------
    CutError
        If the name is malformed, taken, or not after the newest release.
    """
    if not NAME.fullmatch(name):
        raise CutError(f"{name!r} is no release name; allowed: year and number, such as 2030.1")
    old = open_release(newest_release(place.data), place.data)
    if release_order(name) <= release_order(old.name):
        raise CutError(f"{name} does not follow {old.name}, the newest release; allowed: a later name")
    folder = place.data / name
    if folder.exists():
        raise CutError(f"data/{name} is there already; take it away to draft it anew")
    beside = place.data / f".{name}.{os.getpid()}"
    shutil.rmtree(beside, ignore_errors=True)
    shutil.copytree(old.folder, beside)
    package = json.loads((beside / "datapackage.json").read_text(encoding="utf-8"))
    package["version"] = name
    for entry in [*package["resources"], package["plan"]]:
        entry.pop("hash", None)
        entry.pop("bytes", None)
    write_json(beside / "datapackage.json", package, sort=False)
    write_whole(
        beside / "plan.yml", rename_release((beside / "plan.yml").read_text(encoding="utf-8"), old.name, name)
    )
    reasons = changes_path(name, place.data)
    if not reasons.exists():
        write_whole(reasons, ",".join(COLUMNS) + "\n")
    beside.rename(folder)
    return folder


def problems_of(name: str, place: Checkout) -> list[Problem]:
    """Everything for which a release must not be frozen."""
    found = [problem for problem in check_release(name, place.data) if problem.file != "README.md"]
    if found:  # the dictionary is written by the freeze
        return found
    old = previous_release(name, place.data)
    if old is None:
        raise CutError(f"{name} is the first release; there is nothing before it to compare with")
    compared, found = explained(open_release(old, place.data), open_release(name, place.data))
    if not found and not compared.pairs:
        return [
            Problem(f"data/{name}", None, "", f"holds what {old} holds; nothing changed, nothing to freeze")
        ]
    return found


def new_texts(old: str, new: str, date: str, place: Checkout) -> dict[Path, str]:
    """Text of every file that must name the new release instead of the old one.

    Raises
    ------
    CutError
        If a file that must name a release names neither, or one names the old release in words that are not known.
    """
    texts: dict[Path, str] = {}
    faults: list[str] = []
    for relative in dict.fromkeys([*NAMING, *_named_in(place.root)]):
        path = place.root / relative
        if not path.is_file():
            faults.append(f"{relative}: is not there, and must name the release")
            continue
        text = path.read_text(encoding="utf-8")
        moved, count = _renamed(text, old, new)
        if relative == "CITATION.cff" and count:
            moved = re.sub(r'^(date-released: )"?[0-9-]+"?', rf'\g<1>"{date}"', moved, flags=re.MULTILINE)
        if relative in NAMING and not count and not _names(text, new):
            faults.append(f"{relative}: names neither {old} nor {new} where the current release is named")
        faults += [f"{relative}, {fault}" for fault in _unknown(moved, old)]
        if moved != text:
            texts[path] = moved
    if faults:
        raise CutError("\n".join(faults))
    return texts


def _relative(root: Path, patterns: Iterable[str]) -> list[str]:
    found = {path for pattern in patterns for path in root.glob(pattern) if path.is_file()}
    return sorted(path.relative_to(root).as_posix() for path in found)


def _named_in(root: Path) -> list[str]:
    """Files that may name a release."""
    return [relative for relative in _relative(root, SCOPE) if relative not in ELSEWHERE]


def _compiled(patterns: Iterable[str], name: str) -> re.Pattern[str]:
    return re.compile(
        "|".join(p.format(re.escape(name)) if "{}" in p else p for p in _safe(patterns)), re.MULTILINE
    )


def _safe(patterns: Iterable[str]) -> Iterator[str]:
    """Patterns with braces of their own doubled, so that only ``{}`` is filled."""
    for pattern in patterns:
        head, tail = pattern.split("{}")
        yield f"{head.replace('{', '{{')}{{}}{tail.replace('{', '{{').replace('}', '}}')}"


def _renamed(text: str, old: str, new: str) -> tuple[str, int]:
    return _compiled(CURRENT, old).subn(lambda found: found[0].replace(old, new), text)


def _names(text: str, name: str) -> bool:
    return _compiled(CURRENT, name).search(text) is not None


def _unknown(text: str, name: str) -> Iterator[str]:
    """Lines that name a release neither as the current one nor in words that tell of the past."""
    bare = _compiled(HISTORY, name).sub("", text)
    for number, line in enumerate(bare.splitlines(), start=1):
        if re.search(rf"(?<![0-9.]){re.escape(name)}(?![0-9])", line):
            yield (
                f"line {number}: names {name} in words that are not known: {line.strip()[:80]!r}; allowed: "
                f"a path data/{name}, or 'release {name}' where it tells of the past"
            )


def stale_names(release: str, place: Checkout) -> list[str]:
    """Places that name an earlier release as the current one, or in words that are not known."""
    found = []
    earlier = previous_release(release, place.data)
    while earlier is not None:
        for relative in _named_in(place.root):
            text = (place.root / relative).read_text(encoding="utf-8")
            lines = [text[: m.start()].count("\n") + 1 for m in _compiled(CURRENT, earlier).finditer(text)]
            found += [f"{relative}, line {line}: names {earlier} as the current release" for line in lines]
            found += [f"{relative}, {fault}" for fault in _unknown(_renamed(text, earlier, "")[0], earlier)]
        earlier = previous_release(earlier, place.data)
    return found


def carry_simulations(old: str, new: Release, place: Checkout) -> tuple[list[str], list[str]]:
    """Copy the locked rows of simulations whose inputs are the same; return their names and those to be run."""
    from leadership_effects.build.simulations import all_sweeps

    carried, to_run = [], []
    for name, sweep in all_sweeps().items():
        digest = inputs_digest(sweep, sweep.cells(new))
        path = place.published(new.name) / "simulations" / f"{name}.json"
        for source in (path, place.published(old) / "simulations" / f"{name}.json"):
            content = json.loads(source.read_text(encoding="utf-8")) if source.is_file() else {}
            if content.get("inputs") == digest:
                write_json(path, content | {"release": new.name}, sort=False)
                carried.append(name)
                break
        else:
            to_run.append(name)
    return carried, to_run


def change_log(text: str, old: Release, new: Release, date: str) -> str:
    """Change log with an entry for the new release, filled from the reasons; one that is there is left alone.

    Raises
    ------
    CutError
        If the log has no entry to stand above.
    """
    if f"\n## {new.name} " in text:
        return text
    head, mark, rest = text.partition("\n## ")
    if not mark:
        raise CutError(f"CHANGELOG.md: no entry `## {old.name} (date)` to stand above")
    lines = [
        bullet(f"`{entry['table']}`, {shown_changes(entry)}: {entry['reason']}")
        for entry in compare_releases(old, new)["reasons"]
    ]
    body = "\n".join(lines or ["No row changed."])
    entry = f"{new.name} ({date})\n\n{body}\n{MOVED[0]}\n{MOVED[1]}\n"
    return f"{head}{mark}{entry}{mark}{rest}"


def freeze_release(name: str, date: str, place: Checkout) -> list[str]:
    """Freeze a draft, or finish a freeze that was stopped; return what was done, a line each.

    Raises
    ------
    CutError
        With every reason against it, before anything is written.
    """
    newest = newest_release(place.data)
    if not (place.data / name).is_dir():
        raise CutError(f"no draft {name}; make one with `nox -s release -- {name}`")
    if release_order(newest) > release_order(name):
        raise CutError(f"{name} is older than {newest}; the newest release alone can be frozen")
    found = problems_of(name, place)
    if found:
        raise CutError("\n".join([*map(str, found), f"{len(found)} problem(s); nothing was written"]))
    old = open_release(str(previous_release(name, place.data)), place.data)
    texts = new_texts(old.name, name, date, place)
    log = place.data / "CHANGELOG.md"
    entry = change_log(log.read_text(encoding="utf-8"), old, open_release(name, place.data), date)
    carried, to_run = carry_simulations(old.name, open_release(name, place.data), place)

    if is_draft(place.data / name):
        freeze(place.data / name)
    write_whole(place.data / "README.md", data_dictionary(open_release(name, place.data)))
    write_whole(log, entry)
    for path, text in texts.items():
        write_whole(path, text)
    done = [f"release {name}: frozen; {len(texts)} file(s) now name it instead of {old.name}"]
    done += [f"simulations carried over, their inputs are the same: {', '.join(carried)}"] if carried else []
    done += [f"simulations to be run: nox -s simulations -- {' '.join(to_run)}"] if to_run else []
    return [
        *done,
        "next: nox -s book, nox -s lock-results, nox -s book again for the page of changes; read data/CHANGELOG.md, commit",
        "then: nox -s reproduce -- --publish, and commit its report",
    ]


def main(arguments: list[str] | None = None) -> int:
    """Command line of ``nox -s release``; returns the exit code."""
    parser = argparse.ArgumentParser(
        prog="nox -s release --", description="Draft a data release, then freeze it."
    )
    parser.add_argument("name", help="name of the new release, such as 2030.1")
    parser.add_argument("--freeze", action="store_true", help="freeze the draft if every change has a reason")
    parser.add_argument("--date", type=datetime.date.fromisoformat, default=datetime.date.today(),
                        help="date of the release, YYYY-MM-DD; today if left out")  # fmt: skip
    options = parser.parse_args(arguments)
    place = Checkout()
    try:
        if is_draft(place.data / options.name):
            for table in plain_text(place.data / options.name):
                print(f"{options.name}/{table}: saved anew in UTF-8 without a mark and with plain line ends")
        if options.freeze:
            print("\n".join(freeze_release(options.name, options.date.isoformat(), place)))
        elif is_draft(place.data / options.name):
            return report(options.name, place)
        else:
            folder = draft(options.name, place)
            print(
                f"draft in {folder.relative_to(ROOT)}; correct its rows and say why in data/changes/{options.name}.csv"
            )
            print(f"then: nox -s release -- {options.name} --freeze")
    except ReleaseError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def plain_text(folder: Path) -> list[str]:
    """Rewrite tables of a draft that a spreadsheet saved with a byte order mark or Windows line ends; return their names."""
    mended = []
    for path in sorted(folder.rglob("*.csv")):
        raw = path.read_bytes()
        plain = raw.removeprefix(b"\xef\xbb\xbf").replace(b"\r\n", b"\n")
        if plain != raw:
            write_whole(path, plain)
            mended.append(path.relative_to(folder).as_posix())
    return mended


def report(name: str, place: Checkout) -> int:
    """Say what a freeze would refuse."""
    found = list(map(str, problems_of(name, place)))
    try:
        old = str(previous_release(name, place.data))
        new_texts(old, name, datetime.date.today().isoformat(), place)
    except CutError as error:
        found += str(error).splitlines()
    for problem in found:
        print(problem, file=sys.stderr)
    print(f"draft {name}: {len(found)} problem(s) to mend before it is frozen")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
