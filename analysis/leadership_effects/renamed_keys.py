"""Read which keys of published results were renamed, so that old keys lead to their numbers."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from pathlib import Path

from leadership_effects.paths import ROOT


def renamed_file(root: Path = ROOT) -> Path:
    """Return the file of renamed keys.

    Its columns are the first release that prints the new key, and the old and the new key as ``<notebook>.<key>``.
    """
    return root / "analysis" / "published" / "renamed_keys.csv"


def renamed_keys(root: Path = ROOT, release: str = "") -> dict[str, str]:
    """Return the present key by each earlier one, or the key that it had in a release.

    A key that was renamed twice has two earlier ones.
    """
    path = renamed_file(root)
    if not path.is_file():
        return {}
    with path.open(encoding="utf-8", newline="") as stream:
        rows = [
            row for row in csv.DictReader(stream) if not release or _order(row["release"]) <= _order(release)
        ]
    steps = {row["old"]: row["new"] for row in rows}
    present = dict(steps)
    for old in steps:
        while present[old] in steps:
            present[old] = steps[present[old]]
    return present


def _order(release: str) -> list[int]:
    return [int(part) for part in release.split(".")]


def present_keys(names: Iterable[str], root: Path = ROOT) -> list[str]:
    """Return names with each renamed key replaced by the present one."""
    renamed = renamed_keys(root)
    return [renamed.get(name, name) for name in names]
