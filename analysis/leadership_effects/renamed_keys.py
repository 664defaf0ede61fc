"""Read which keys of published results were renamed, so that old keys lead to their numbers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from leadership_effects.csv_files import CsvFault, CsvTable, read_csv
from leadership_effects.errors import LeadershipError
from leadership_effects.paths import ROOT

COLUMNS = ("release", "old", "new")


class RenamedKeysError(LeadershipError, ValueError):
    """The file of renamed keys cannot be read."""


def renamed_file(root: Path = ROOT) -> Path:
    """Return the file of renamed keys.

    Its columns are the first release that prints the new key, and the old and the new key as ``<notebook>.<key>``.
    """
    return root / "analysis" / "published" / "renamed_keys.csv"


def renamed_keys(root: Path = ROOT, release: str = "") -> dict[str, str]:
    """Return the present key by each earlier one, or the key that it had in a release.

    A key that was renamed twice has two earlier ones.

    Raises
    ------
    RenamedKeysError
        If the file cannot be read; the message names each row and column.
    """
    path = renamed_file(root)
    if not path.is_file():
        return {}
    table = read_csv(path.read_bytes(), COLUMNS)
    faults = [*table.faults, *_release_faults(table)]
    if faults:
        raise RenamedKeysError("\n".join(f"{path.relative_to(root).as_posix()}, {fault}" for fault in faults))
    rows = [row for row in table.cells if not release or _order(row["release"]) <= _order(release)]
    steps = {row["old"]: row["new"] for row in rows}
    present = dict(steps)
    for old in steps:
        while present[old] in steps:
            present[old] = steps[present[old]]
    return present


def _release_faults(table: CsvTable) -> Iterator[CsvFault]:
    for number, row in table.rows:
        if not re.fullmatch(r"\d+(\.\d+)*", row["release"]):
            yield CsvFault(number, "release", f"found {row['release']!r}; allowed: a release, such as 2030.1")


def _order(release: str) -> list[int]:
    return [int(part) for part in release.split(".")]


def present_keys(names: Iterable[str], root: Path = ROOT) -> list[str]:
    """Return names with each renamed key replaced by the present one."""
    renamed = renamed_keys(root)
    return [renamed.get(name, name) for name in names]
