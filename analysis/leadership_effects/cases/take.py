"""Take the filled worksheets of a case or a design into a draft, as often as corrected."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from leadership_effects.cases.contract import read_case
from leadership_effects.cases.row_rules import row_problems, too_few_donors
from leadership_effects.cases.stage import (
    draft_problems,
    frozen_rows,
    record_keys,
    staged,
    taken_keys,
)
from leadership_effects.cases.worksheets import (
    CASE,
    CaseError,
    CaseRows,
    Kind,
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
    refuse_untakeable(release, case_id, CASE)
    case = read_case(release, case_id, root)
    return take_rows(case, row_problems(case), too_few_donors)


def refuse_untakeable(release: Release, name: str, kind: Kind) -> None:
    """Refuse a frozen release, reasons that cannot be read, and an id without worksheets.

    Raises
    ------
    CaseError
        With what is allowed.
    """
    require_draft(release)
    change_rows(changes_path(release.name, release.folder.parent))
    if not worksheet_folder(release, name).is_dir():
        raise CaseError(f"{name} has no worksheets; nox -s {kind.command} -- {name} writes them")


def take_rows(
    case: CaseRows, problems: Iterable[Problem], of_draft: Callable[[CaseRows, Release], Iterable[Problem]]
) -> dict[str, int]:
    """Merge rows into the draft, unless they have problems; return their number by file.

    Parameters
    ----------
    case : CaseRows
    problems : iterable of Problem
        What rows and plan lack.
    of_draft : callable
        ``of_draft(case, draft)`` yields what the draft with the rows in it lacks.

    Raises
    ------
    CaseError
        If there is a problem; the message names each.
    """
    release, case_id = case.release, case.case_id
    _refuse(case_id, [*problems, *_foreign_keys(case)])
    with staged(case) as stage:
        _refuse(case_id, draft_problems(case, stage, of_draft))
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
        if name in case.kind.owned:
            continue
        columns, table = schema_of(case.release, name)["primaryKey"], target_table(case, name)
        frozen = frozen_rows(case.release, table)
        for row in sheet.rows:
            key = key_of(row.cells, columns)
            if key in frozen and frozen[key] != row.cells and key not in mine.get(table, ()):
                message = "is another row of release data; allowed: a key of your own, or no row: what is there can be cited"
                yield sheet.problem(row, ", ".join(columns), f"{', '.join(key)} {message}")


def explain_changes(draft: Release, case: CaseRows) -> None:
    """Enter in the change file that the case or design is added, for what has no other reason.

    A case is added once: what changes in one that a release holds already asks for a reason of the author.
    """
    data = draft.folder.parent
    last = previous_release(draft.name, data)
    if last is None:
        return
    path = changes_path(draft.name, data)
    why = added_reason(case.title, case.kind)
    others = [row for row in change_rows(path) if row["reason"] != why]
    before = open_release(last, data)
    found = [] if case.case_id in case.kind.entries(before.plan) else release_changes(before, draft)
    given = [Reason(**row, row=number) for number, row in enumerate(others)]
    unexplained = [change for change, reason in explain(found, given).pairs if reason is None]
    entries = dict.fromkeys(entry for change in unexplained if (entry := _entry(change, draft, case)))
    added = [dict(zip(COLUMNS, (*entry, why), strict=True)) for entry in entries]
    write_whole(path, csv_text(list(COLUMNS), [*others, *added]))


def added_reason(title: str, kind: Kind = CASE) -> str:
    """Return the reason of what came into a draft with a case or a design."""
    return f"{title} is added as a {kind.name}."


def _entry(change: Change, draft: Release, case: CaseRows) -> tuple[str, str, str, str] | None:
    """Return the entry that explains a change that came with the case, or None."""
    own, whole = case.case_id, (change.table, change.kind, change.key, change.column)
    if change.table == PLAN:
        path = change.key.split(".")
        if tuple(path[: len(case.kind.section) + 1]) == (*case.kind.section, own):
            return whole
        in_synthesis = path[0] == "synthesis" and (own in path or path[1:2] in (["added"], ["entering"]))
        return whole if case.kind is CASE and in_synthesis else None
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
