"""Rename a begun case or design: id, keys and panel named after it, chapter and rows.

``nox -s rename-case -- estonia eesti`` writes worksheets, notebook and contents line under the new id, then takes the
old ones away. Rows that a draft took leave it under the old id and are taken again. The title stays. Simulations of a
design go, because what they are locked for bears its id. What was stopped on the way is completed by dropping the old id.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import sys
from pathlib import Path

from leadership_effects.cases.begin import refuse_taken, with_page
from leadership_effects.cases.contract import read_case
from leadership_effects.cases.designs.begin import take_design
from leadership_effects.cases.designs.rules import row_problems as design_row_problems
from leadership_effects.cases.drop import (
    draft_without,
    newest_open,
    refuse_frozen,
    refuse_referred,
    removal,
    remove_files,
    without_page,
    write_files,
)
from leadership_effects.cases.row_rules import row_problems
from leadership_effects.cases.take import take
from leadership_effects.cases.worksheets import (
    CASE,
    DESIGN,
    CaseError,
    Kind,
    Worksheet,
    read_case_rows,
    schema_of,
    worksheet_folder,
    write_worksheet,
)
from leadership_effects.data.release import Release, open_release
from leadership_effects.data.rows import csv_text, save_plainly
from leadership_effects.errors import run_command
from leadership_effects.files import write_whole
from leadership_effects.paths import ROOT
from leadership_effects.releases.changes import numbered_rows
from leadership_effects.releases.figures import COLUMNS, figures_path

# Tables of worksheets whose keys an author makes, often from the id of the case.
KEYED = {
    "leadership": "leadership_id", "events": "event_id", "claims": "claim_id", "evaluations": "evaluation_id",
    "units": "unit_id", "indicators": "indicator_id",
}  # fmt: skip


def rename(release: Release, old: str, new: str, root: Path = ROOT) -> list[str]:
    """Rename a begun case or design; return what was written and removed, a line each.

    Raises
    ------
    CaseError
        If the new id is malformed or taken, a release holds the old one, something else refers to it, or rows that
        were taken could not be taken again; nothing is changed then.
    """
    refuse_frozen(release, old, "its id stays; its title can be corrected in cases.csv of the next release")
    gone = removal(release, old, root)
    kind = gone.kind
    folder, target = worksheet_folder(release, old), worksheet_folder(release, new)
    notebook = root / "analysis" / "notebooks" / kind.folder / f"{old}.py"
    if not folder.is_dir() or not notebook.is_file():
        raise CaseError(f"{old} is not begun: worksheets or notebook are missing; nox -s drop-case -- {old}")
    refuse_taken(release, new, root, kind)
    refuse_referred(root, new, kind)
    taken = old in kind.entries(release.plan)
    rules = row_problems if kind is CASE else design_row_problems
    problems = rules(read_case(release, old, root, kind)) if taken else []
    if problems:
        told = f"{len(problems)} problem(s) to correct, since its rows are taken again; nothing was changed"
        raise CaseError("\n".join([*map(str, problems), told]))
    files = draft_without(release, old, kind, keep_readings=True)[0] if taken else {}
    sheets = read_case_rows(release, old, kind).filled()
    keys = _renamed_keys(sheets, old, new)
    files |= _renamed_answers(release, keys) if taken else {}
    stage = target.with_name(f".{new}.{os.getpid()}")
    shutil.rmtree(stage, ignore_errors=True)
    stage.mkdir()
    for name, sheet in sheets.items():
        rows = [_renamed_row(row.cells, CASE.owned.get(name, ""), keys, old, new) for row in sheet.rows]
        write_worksheet(stage / f"{name}.csv", [f["name"] for f in schema_of(release, name)["fields"]], rows)
    plan = (folder / "plan.yml").read_text(encoding="utf-8-sig")
    plan = re.sub(rf"(?m)^{old}:|(?<=^# Entry of ){old}\b", lambda found: found[0].replace(old, new), plan)
    if kind is DESIGN and "units" in sheets:  # a panel of its own, named after it
        plan = re.sub(rf"(?m)(?<=^  panel: ){old}$", new, plan)
    (stage / "plan.yml").write_text(_renamed_text(plan, keys), encoding="utf-8")
    chapter = notebook.with_name(f"{new}.py")
    toc = root / "_toc.yml"
    rest = without_page(root, old, kind)
    contents = with_page(rest, new, kind) if rest else toc.read_text(encoding="utf-8")
    write_whole(chapter, _renamed_chapter(notebook.read_text(encoding="utf-8-sig"), keys, kind, old, new))
    write_whole(toc, contents)
    write_files(files)
    remove_files([path for path in gone.paths if path != folder])
    stage.rename(target)
    remove_files([folder])
    if taken:
        (take if kind is CASE else take_design)(open_release(release.name, release.folder.parent), new, root)
    written = [target, chapter, toc]
    return [
        *(f"{path.relative_to(root)}" for path in written),
        *(f"{p.relative_to(root)}: gone" for p in gone.paths),
    ]


def _renamed_keys(sheets: dict[str, Worksheet], old: str, new: str) -> dict[str, str]:
    """Return what keys become that begin with the old id, underscores or hyphens."""
    found = dict[str, str]()
    for table, column in KEYED.items():
        for row in sheets[table].rows if table in sheets else ():
            begins = re.match(rf"(?:{old}|{old.replace('_', '-')})([-_/])", row.cells[column])
            if begins:
                after = new.replace("_", "-") if begins[1] == "-" else new
                found[row.cells[column]] = after + row.cells[column][begins.end() - 1 :]
    return found


def _renamed_answers(release: Release, keys: dict[str, str]) -> dict[Path, bytes | None]:
    """Return the answers to suspicious figures with indicators and units renamed."""
    path, rows = figures_path(release.name, release.folder.parent), []
    held = [cells for _, cells in numbered_rows(path, COLUMNS)]
    for cells in held:
        indicator, _, rest = cells["key"].partition("/")
        unit, _, year = rest.rpartition("/")
        rows.append(cells | {"key": "/".join((keys.get(indicator, indicator), keys.get(unit, unit), year))})
    return {path: csv_text(list(COLUMNS), rows).encode()} if rows != held else {}


def _renamed_row(
    cells: dict[str, str], owner: str, keys: dict[str, str], old: str, new: str
) -> dict[str, str]:
    """Return a row with the id, its keys and its panel renamed; texts and addresses stay."""
    named = {owner, "panel"}
    renamed = {}
    for column, cell in cells.items():
        value = (
            new
            if column in named and cell == old
            else keys.get(cell, cell)
            if column.endswith("_id")
            else cell
        )
        if column == "passage":
            value = re.sub(rf"\bcases/{old}\.html", f"cases/{new}.html", value)
        renamed[column] = value
    return renamed


def _renamed_text(text: str, keys: dict[str, str]) -> str:
    """Return a text with keys renamed where they stand as whole words."""
    if not keys:
        return text
    longest = "|".join(map(re.escape, sorted(keys, key=len, reverse=True)))
    return re.sub(rf"(?<![\w/-])(?:{longest})(?![\w/-])", lambda found: keys[found[0]], text)


def _renamed_chapter(text: str, keys: dict[str, str], kind: Kind, old: str, new: str) -> str:
    """Return a chapter with its id renamed in code, roles, charts and links; words stay."""
    places = (
        rf'(?<=["\']){old}(?=["\'])',
        rf"(?<=`){old}(?=[`.])",
        rf"(?<=\}} ){old}(?=\.)",
        rf"(?<={kind.folder}/){old}\b",
    )
    return re.sub("|".join(places), new, _renamed_text(text, keys))


def main(arguments: list[str] | None = None) -> int:
    """Command line of ``nox -s rename-case``; returns the exit code."""
    parser = argparse.ArgumentParser(
        prog="nox -s rename-case --", description="Rename a begun case or design."
    )
    parser.add_argument("case_id", help="id of the case or design")
    parser.add_argument("new_id", help="its new id: small letters and underscores")
    parser.add_argument("--release", help="draft release; the newest that is a draft if left out")
    options = parser.parse_args(arguments)

    def act() -> int:
        release = open_release(options.release) if options.release else newest_open()
        save_plainly(release)
        print("\n".join(rename(release, options.case_id, options.new_id)))
        print(
            f"{options.case_id} is {options.new_id} now; its title stays, correct it in the worksheets and the heading"
        )
        return 0

    return run_command(act)


if __name__ == "__main__":
    sys.exit(main())
