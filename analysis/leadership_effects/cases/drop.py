"""Drop a begun case or design: worksheets, notebook, contents line and rows in a draft.

``nox -s drop-case -- estonia`` removes what ``nox -s new-case -- estonia`` began and took, and lists it; with
``--dry-run`` it lists alone. So it does what ``nox -s new-design`` began. A case or design of a frozen release stays. The worksheets go last, so that what was stopped on the
way is completed by dropping again.
"""

from __future__ import annotations

import argparse
import copy
import os
import re
import shutil
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from leadership_effects.build.jobs import lacks_design
from leadership_effects.cases.begin import ADDED_PART
from leadership_effects.cases.stage import enumerations, frozen_rows, taken_by_others, taken_keys
from leadership_effects.cases.take import added_reason, explain_changes
from leadership_effects.cases.worksheets import (
    CASE,
    DESIGN,
    KINDS,
    CaseError,
    Kind,
    begun_cases,
    kind_of,
    read_case_rows,
    worksheet_folder,
)
from leadership_effects.csv_files import read_csv
from leadership_effects.data.release import (
    Release,
    drafts,
    frozen_releases,
    newest_release,
    open_release,
    previous_release,
)
from leadership_effects.data.rows import Key, Row, columns_of, csv_text, key_of, read_rows, save_plainly
from leadership_effects.data.validation import check_release
from leadership_effects.data.vocabulary import VOCABULARY
from leadership_effects.errors import run_command
from leadership_effects.files import write_json, write_whole
from leadership_effects.paths import ROOT, build_folder, data_folder, sweep_folder
from leadership_effects.releases.changes import (
    COLUMNS,
    changes_path,
    explain,
    numbered_rows,
    read_reasons,
    release_changes,
)
from leadership_effects.releases.figures import COLUMNS as FIGURES
from leadership_effects.releases.figures import figures_path

REFERRING = ("book/**/*.md", "book/*.yml", "analysis/notebooks/**/*.py", "data/worksheets/*/*.csv")


@dataclass
class Removal:
    """What goes with a case or a design.

    Attributes
    ----------
    release : Release
        The newest draft, or the newest release if there is none.
    case_id : str
    kind : Kind
    files : dict of Path to bytes or None
        Files of the draft and its changes as they are without the case; None for one that goes.
    rows : dict of str to int
        Number of rows that go, by file of the draft.
    paths : list of Path
        Notebook, its outputs and at last the worksheets, as far as they are there.
    contents : str
        ``_toc.yml`` without the chapter; empty if it does not name it.
    """

    release: Release
    case_id: str
    kind: Kind
    files: dict[Path, bytes | None] = field(default_factory=dict)
    rows: dict[str, int] = field(default_factory=dict)
    paths: list[Path] = field(default_factory=list)
    contents: str = ""

    def told(self, root: Path) -> list[str]:
        """List what goes, a line each."""
        draft, taken = self.release.name, self.case_id in self.kind.entries(self.release.plan)
        rows = [f"{draft}/{file}: {number} row(s)" for file, number in self.rows.items()]
        shared = [f"{draft}/plan.yml: its entry"] if taken else []
        shared += [f"{draft}/datapackage.json: its id"] if taken and self.kind.id_columns else []
        contents = ["_toc.yml: its line"] if self.contents else []
        paths = [p.relative_to(root) if p.is_relative_to(root) else p for p in self.paths]
        return [*rows, *shared, *contents, *map(str, paths)]


def newest_open(folder: Path | None = None) -> Release:
    """Open the newest draft; where there is none, the newest release."""
    base = folder or data_folder()
    return open_release(next(reversed(drafts(base)), "") or newest_release(base), base)


def refuse_frozen(release: Release, case_id: str, instead: str) -> None:
    """Refuse a case that a frozen release holds.

    Raises
    ------
    CaseError
        With what can be done instead.
    """
    folder = release.folder.parent
    for name in frozen_releases(folder):
        for kind in KINDS:
            if case_id in kind.entries(open_release(name, folder).plan):
                raise CaseError(
                    f"{case_id} is a {kind.name} of release {name}, which is frozen and stays; {instead}"
                )


def removal(release: Release, case_id: str, root: Path = ROOT) -> Removal:
    """Find what goes with a case.

    Raises
    ------
    CaseError
        If a frozen release holds it, nothing of it is there, or something else refers to it.
    """
    kind = kind_of(release, case_id)
    chapter = root / "analysis" / "notebooks" / DESIGN.folder / f"{case_id}.py"
    if kind is CASE and chapter.is_file() and lacks_design(chapter, release):
        kind = DESIGN  # begun and stopped before its worksheets were in place
    instead = f"correct it in the next release: nox -s release -- <new>, then {kind.command} -- <id> --take, with the reason"
    refuse_frozen(release, case_id, instead)
    found = Removal(release, case_id, kind, contents=without_page(root, case_id, kind))
    build = build_folder() if root == ROOT else root / "_build"
    own = [
        root / "analysis" / "notebooks" / kind.folder / f"{case_id}.py",
        root / "book" / kind.folder / f"{case_id}.ipynb",
        *_simulated(release, kind, case_id, root),
        *sorted(build.glob(f"results/*/{case_id}.json")),
        *sorted(build.glob(f"results/*/figures/{case_id}.*")),
        *sorted(build.glob(f"stamps/*/{case_id}.json")),
        worksheet_folder(release, case_id),
    ]
    found.paths = [path for path in own if path.exists()]
    found.files, found.rows = draft_without(release, case_id, kind)
    if not (found.paths or found.contents or found.files):
        folder = release.folder.parent / "worksheets"
        begun = sorted(path.name for path in folder.glob("[!.]*") if path.is_dir())
        raise CaseError(f"no case {case_id!r} is begun; allowed: {', '.join(begun) or 'none is'}")
    refuse_referred(root, case_id, kind)
    return found


def _simulated(release: Release, kind: Kind, name: str, root: Path) -> list[Path]:
    """Return the locked simulations of a design in a draft."""
    published = sweep_folder(release.name)
    folder = published if root == ROOT else root / published.relative_to(ROOT)
    return sorted(folder.glob(f"staggered_*_{name}.json")) if kind is DESIGN else []


def refuse_referred(root: Path, case_id: str, kind: Kind = CASE) -> None:
    """Refuse while another page, notebook or worksheet refers to the chapter.

    Raises
    ------
    CaseError
        With file and row of each reference.
    """
    pattern = re.compile(
        rf"{kind.folder}/{case_id}\b|\{{\w+\}}`{case_id}[.`]|^```\{{\w+\}} {case_id}\.", re.MULTILINE
    )
    lines = []
    for path in (path for shape in REFERRING for path in sorted(root.glob(shape))):
        if path.stem == case_id or path.parent.name == case_id:
            continue
        for number, line in enumerate(path.read_text(encoding="utf-8-sig").splitlines(), 1):
            if pattern.search(line):
                lines.append(
                    f"{path.relative_to(root)}, row {number}: refers to {case_id}; take it out first"
                )
    if lines:
        raise CaseError("\n".join([*lines, "nothing was changed"]))


def without_page(root: Path, case_id: str, kind: Kind = CASE) -> str:
    """Return the table of contents without a chapter and a part left empty."""
    lines = (root / "_toc.yml").read_text(encoding="utf-8").splitlines(keepends=True)
    kept = [line for line in lines if line.rstrip() != f"      - file: book/{kind.folder}/{case_id}"]
    if kept == lines:
        return ""
    text = "".join(kept)
    return re.sub(rf"  - caption: {ADDED_PART}\n    chapters:\n(?!      - )", "", text)


def draft_without(
    release: Release, case_id: str, kind: Kind = CASE, *, keep_readings: bool = False
) -> tuple[dict[Path, bytes | None], dict[str, int]]:
    """Return the files of a draft without a case or a design, and the rows that go by file.

    Rows go that name the case, rows that it alone brought, and readings that coded nothing else; with them their
    reasons, and the answers to suspicious figures among them. Of a case that was not taken, its readings alone.

    Raises
    ------
    CaseError
        If the draft would then break a rule that it keeps now, such as another row that rests on a source of the case.
    """
    descriptor = copy.deepcopy(release.descriptor)
    files, counts, gone = dict[Path, bytes | None](), dict[str, int](), set[str]()
    brought, others = taken_keys(release, case_id), taken_by_others(release, case_id)
    for entry in release.descriptor["resources"]:
        table, path = entry["name"], release.folder / entry["path"]
        columns, key = [f["name"] for f in entry["schema"]["fields"]], entry["schema"]["primaryKey"]
        old = read_rows(release, table)
        rows = [r for r in old if case_id not in {r.get(column) for column in kind.id_columns}]
        rows = [r for r in rows if key_of(r, key) not in brought.get(table, set()) - others[table]]
        if table == "readings" and kind is CASE and not keep_readings:
            rows = _readings_of_others(release, case_id, rows)
        if len(rows) == len(old):
            continue
        counts[entry["path"]], files[path] = len(old) - len(rows), csv_text(columns, rows).encode()
        lost = {key_of(row, key) for row in old} - {key_of(row, key) for row in rows}
        if table == VOCABULARY["name"]:
            for column, word in lost:
                _disallow(descriptor, (column,), word)
        if table.startswith("outcomes-"):
            gone |= {"/".join(key) for key in lost}
        own_file = table.startswith("outcomes-") or table == VOCABULARY["name"]
        if not rows and own_file and not frozen_rows(release, table):
            files[path] = None
            descriptor["resources"] = [one for one in descriptor["resources"] if one["name"] != table]
            _disallow(descriptor, ("panel",), table.removeprefix("outcomes-"))
    if not files and case_id not in kind.entries(release.plan):
        return files, counts
    _disallow(descriptor, kind.id_columns, case_id)
    plan = release.folder / "plan.yml"
    files[plan] = kind.take_out(plan.read_text(encoding="utf-8-sig"), case_id).encode()
    with tempfile.TemporaryDirectory(prefix="draft-") as folder:
        copied = Path(folder) / release.name
        shutil.copytree(release.folder, copied)
        write_json(copied / "datapackage.json", descriptor, sort=False)
        files[release.folder / "datapackage.json"] = (copied / "datapackage.json").read_bytes()
        for path, content in files.items():
            target = copied / path.relative_to(release.folder)
            target.write_bytes(content) if content is not None else target.unlink()
        _refuse_new_problems(release, copied)
        files |= _changes_without(release, case_id, kind, open_release(release.name, Path(folder)))
    files |= _figures_without(release, gone)
    return files, counts


def _readings_of_others(release: Release, case_id: str, rows: list[Row]) -> list[Row]:
    """Return the readings that a frozen release holds or that coded another case."""
    held = [(row["case_id"], row["coder"]) for row in read_rows(release, "coding")]
    for path in (release.folder.parent / "worksheets").glob("[!.]*/coding.csv"):
        sheet = read_csv(path.read_bytes(), columns_of(release, "coding"))
        held += [(path.parent.name, row["coder"]) for row in sheet.cells]
    own = {coder for case, coder in held if case == case_id} - {
        coder for case, coder in held if case != case_id
    }
    frozen: set[Key] = set(frozen_rows(release, "readings"))
    return [row for row in rows if row["coder"] not in own or (row["coder"],) in frozen]


def _disallow(descriptor: dict[str, Any], columns: tuple[str, ...], value: str) -> None:
    for allowed in (one for column in columns for one in enumerations(descriptor, column)):
        allowed[:] = [other for other in allowed if other != value]


def _refuse_new_problems(release: Release, without: Path) -> None:
    """Refuse if the draft without the case has a problem that it does not have with it."""
    root = release.folder.parent.parent  # pages of the checkout cite sources that no row of the copy does
    known = {(p.file, p.column, p.message) for p in check_release(release.name, release.folder.parent, root)}
    found = check_release(release.name, without.parent, root)
    new = [p for p in found if (p.file, p.column, p.message) not in known]
    if new:
        told = [f"{release.name}/{problem}" for problem in new]
        raise CaseError(
            "\n".join([*told, "the draft would be left so without the case; nothing was changed"])
        )


def _changes_without(
    release: Release, case_id: str, kind: Kind, without: Release
) -> dict[Path, bytes | None]:
    """Return the file of reasons without that of what is dropped and those that only it needed."""
    data = release.folder.parent
    last, path = previous_release(release.name, data), changes_path(release.name, data)
    if last is None or not path.is_file():
        return {}
    before = open_release(last, data)
    held = numbered_rows(path, COLUMNS)
    tables = [entry["name"] for entry in (*before.descriptor["resources"], *release.descriptor["resources"])]
    reasons, _ = read_reasons(path, tables)
    needed = explain(release_changes(before, release), reasons)
    idle = {reason.row for reason in explain(release_changes(before, without), reasons).idle}
    idle -= {reason.row for reason in needed.idle}
    titles = [row["title"] for row in read_rows(release, "cases") if row["case_id"] == case_id]
    if kind is DESIGN:
        titles = [str(kind.entries(release.plan).get(case_id, {}).get("title", ""))]
    added = {added_reason(title, kind) for title in titles}
    kept = [cells for number, cells in held if number not in idle and cells["reason"] not in added]
    return {path: csv_text(list(COLUMNS), kept).encode()} if len(kept) < len(held) else {}


def _figures_without(release: Release, gone: set[str]) -> dict[Path, bytes | None]:
    """Return the answers to suspicious figures without those of outcomes that go."""
    path = figures_path(release.name, release.folder.parent)
    held = numbered_rows(path, FIGURES) if gone else ()
    kept = [cells for _, cells in held if cells["key"] not in gone]
    if len(kept) == len(held):
        return {}
    return {path: csv_text(list(FIGURES), kept).encode() if kept else None}


def explain_others(release: Release) -> None:
    """Give changes of other begun cases and designs a reason where that of a dropped one served."""
    draft = open_release(release.name, release.folder.parent)
    for kind in KINDS:
        for name in begun_cases(draft, kind):
            if name in kind.entries(draft.plan):
                explain_changes(draft, read_case_rows(draft, name, kind))


def remove_files(paths: list[Path]) -> None:
    """Remove files, and folders at once: each is renamed to a hidden name first.

    A folder of simulations or worksheets that is empty then goes too.
    """
    for path in paths:
        if path.is_dir():
            gone = path.rename(path.with_name(f".{path.name}.{os.getpid()}"))
            shutil.rmtree(gone)
        else:
            path.unlink()
        if {"simulations", "worksheets"} & set(path.parts):
            _remove_empty(path.parent)


def write_files(files: dict[Path, bytes | None]) -> None:
    """Write the files of a draft, each whole; None removes one. What names tables comes last."""
    last = ("datapackage.json", "plan.yml")
    for path, content in sorted(files.items(), key=lambda item: item[0].name in last):
        if content is None:
            path.unlink(missing_ok=True)
        else:
            write_whole(path, content)


def drop(release: Release, case_id: str, root: Path = ROOT) -> list[str]:
    """Remove everything of a begun case or design; return what was removed, a line each.

    Raises
    ------
    CaseError
        If a frozen release holds it, nothing of it is there, or something else refers to it; nothing is changed then.
    """
    found = removal(release, case_id, root)
    told = found.told(root)
    write_files(found.files)
    if found.files:
        explain_others(release)
    if found.contents:
        write_whole(root / "_toc.yml", found.contents)
    remove_files(found.paths)
    return told


def _remove_empty(folder: Path) -> None:
    """Remove a folder that holds nothing more, and the one that held it alone."""
    while folder.is_dir() and not any(folder.iterdir()):
        folder.rmdir()
        folder = folder.parent


def _lines(release: Release, case_id: str, dry: bool) -> Iterator[str]:
    if dry:
        yield from removal(release, case_id).told(ROOT)
        yield "nothing was removed; without --dry-run all of it is"
    else:
        yield from drop(release, case_id)
        yield f"{case_id} is dropped"


def main(arguments: list[str] | None = None) -> int:
    """Command line of ``nox -s drop-case``; returns the exit code."""
    parser = argparse.ArgumentParser(prog="nox -s drop-case --", description="Remove a begun case or design.")
    parser.add_argument("case_id", help="id of the case or design")
    parser.add_argument("--release", help="draft release; the newest that is a draft if left out")
    parser.add_argument("--dry-run", action="store_true", help="list what would be removed")
    options = parser.parse_args(arguments)

    def act() -> int:
        release = open_release(options.release) if options.release else newest_open()
        if not options.dry_run:
            save_plainly(release)
        print("\n".join(_lines(release, options.case_id, options.dry_run)))
        return 0

    return run_command(act)


if __name__ == "__main__":
    sys.exit(main())
