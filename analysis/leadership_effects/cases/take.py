"""Take the filled worksheets of a case into a draft release, as often as they are corrected."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from leadership_effects.cases.contract import read_case
from leadership_effects.cases.row_rules import row_problems, too_few_donors
from leadership_effects.cases.stage import (
    frozen_rows,
    record_keys,
    stage_problems,
    staged,
    taken_keys,
)
from leadership_effects.cases.worksheets import (
    OWNED,
    CaseError,
    CaseRows,
    schema_of,
    target_table,
    worksheet_folder,
)
from leadership_effects.data.checks.problem import Problem
from leadership_effects.data.release import Release, open_release, previous_release, require_draft
from leadership_effects.data.rows import csv_text, key_columns, key_of
from leadership_effects.files import files_below, write_whole
from leadership_effects.paths import ROOT
from leadership_effects.releases.changes import (
    COLUMNS,
    DESCRIPTOR,
    PLAN,
    Change,
    Reason,
    change_rows,
    changes_path,
    explain,
    release_changes,
)

REFERRING = ("datapackage.json", "plan.yml")  # written after the tables that they name


def take(release: Release, case_id: str, root: Path = ROOT) -> dict[str, int]:
    """Merge the worksheets of a case into the draft; return its number of rows by file.

    The merged draft is checked as a whole in a copy. Its files are then written one by one, each atomically: what is
    stopped on the way is completed by taking again.

    Raises
    ------
    CaseError
        If the release is frozen, no worksheets are there, or rows or plan lack something; the message names each.
    """
    require_draft(release)
    change_rows(changes_path(release.name, release.folder.parent))
    if not worksheet_folder(release, case_id).is_dir():
        raise CaseError(f"{case_id} has no worksheets; nox -s new-case -- {case_id} writes them")
    case = read_case(release, case_id, root)
    _refuse(case_id, [*row_problems(case), *_foreign_keys(case)])
    with staged(case) as stage:
        staged_release = open_release(release.name, stage.folder)
        _refuse(case_id, stage_problems(case, stage) or list(too_few_donors(case, staged_release)))
        copied = stage.folder / release.name
        files = {path.relative_to(copied): path.read_bytes() for path in files_below(copied)}
    # The temporary copy is gone here: a run that is killed while it writes leaves none behind.
    before = taken_keys(release, case_id)
    # Written first: a key that is not in the draft is harmless, a row without a recorded key is not.
    union = {name: stage.keys.get(name, set()) | before.get(name, set()) for name in stage.keys | before}
    record_keys(case, union)
    _write_draft(files, release.folder)
    record_keys(case, stage.keys)
    explain_changes(open_release(release.name, release.folder.parent), case)
    return stage.counts


def _refuse(case_id: str, problems: list[Problem]) -> None:
    if problems:
        count = f"{len(problems)} problem(s) to correct before {case_id} can be taken; nothing was changed"
        raise CaseError("\n".join([*map(str, problems), count]))


def _write_draft(files: dict[Path, bytes], folder: Path) -> None:
    """Write the files of the copy to the draft: tables, then what names them, then removals."""
    for name, content in sorted(files.items(), key=lambda item: item[0].name in REFERRING):
        target = folder / name
        if not target.is_file() or target.read_bytes() != content:
            write_whole(target, content)
    for path in files_below(folder):
        if path.relative_to(folder) not in files:
            path.unlink()


def _foreign_keys(case: CaseRows) -> Iterator[Problem]:
    """Yield rows under a key that a frozen release gave to a row that the case did not bring."""
    mine = taken_keys(case.release, case.case_id)
    for name, sheet in case.filled().items():
        if name in OWNED:
            continue
        columns, table = schema_of(case.release, name)["primaryKey"], target_table(case, name)
        frozen = frozen_rows(case.release, table)
        for row in sheet.rows:
            key = key_of(row.cells, columns)
            if key in frozen and frozen[key] != row.cells and key not in mine.get(table, ()):
                message = "is another row of release data; allowed: a key of your own, or no row: what is there can be cited"
                yield sheet.problem(row, ", ".join(columns), f"{', '.join(key)} {message}")


def explain_changes(draft: Release, case: CaseRows) -> None:
    """Enter in the change file that the case is added, for what has no other reason.

    A case is added once: what changes in one that a release holds already asks for a reason of the author.
    """
    data = draft.folder.parent
    last = previous_release(draft.name, data)
    if last is None:
        return
    path = changes_path(draft.name, data)
    why = added_reason(case.sheets["cases"].rows[0].cells["title"])
    others = [row for row in change_rows(path) if row["reason"] != why]
    before = open_release(last, data)
    found = [] if case.case_id in before.plan["cases"] else release_changes(before, draft)
    given = [Reason(**row, row=number) for number, row in enumerate(others)]
    unexplained = [change for change, reason in explain(found, given).pairs if reason is None]
    entries = dict.fromkeys(entry for change in unexplained if (entry := _entry(change, draft, case)))
    added = [dict(zip(COLUMNS, (*entry, why), strict=True)) for entry in entries]
    write_whole(path, csv_text(list(COLUMNS), [*others, *added]))


def added_reason(title: str) -> str:
    """Return the reason of what came into a draft with a case."""
    return f"{title} is added as a case."


def _entry(change: Change, draft: Release, case: CaseRows) -> tuple[str, str, str, str] | None:
    """Return the entry that explains a change that came with the case, or None."""
    own, whole = case.case_id, (change.table, change.kind, change.key, change.column)
    if change.table == PLAN:
        path = change.key.split(".")
        in_synthesis = path[0] == "synthesis" and (own in path or path[1:2] in (["added"], ["entering"]))
        return whole if path[:2] == ["cases", own] or in_synthesis else None
    if change.table == DESCRIPTOR:
        # A panel of its own may bear another name than the case.
        names = {own} | {row.cells["panel"] for row in case.rows_of("units")}
        names |= {row.cells["word"] for row in case.rows_of("vocabulary")}
        added = any(repr(name) in change.after for name in names)
        return whole if (change.key.endswith(".enum") and added) or change.kind == "table added" else None
    name = "outcomes" if change.table.startswith("outcomes-") else change.table
    if name not in case.sheets or change.kind not in ("added", "table added"):
        return None
    if change.kind == "added":
        key = key_columns(draft, change.table)
        if change.key not in {"/".join(key_of(row.cells, key)) for row in case.sheets[name].rows}:
            return None
        pattern = {"coding": f"{own}/*", "assessments": f"*/{own}/*"}.get(name, change.key)
        return (change.table, change.kind, pattern, change.column)
    return whole
