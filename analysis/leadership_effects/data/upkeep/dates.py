"""Find the day of a release, with which the age of its evidence is compared."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

from leadership_effects.data.release import ReleaseError, is_draft, previous_release, release_order
from leadership_effects.paths import data_folder


def release_date(name: str, folder: Path | None = None) -> date:
    """Return the day on which a release was made, by the change log.

    Of a draft it is the first that it can have: a draft cannot be older than the last frozen release, nor than the year of its name.

    Raises
    ------
    ReleaseError
        If the log has no dated entry for a frozen release.
    """
    base = folder or data_folder()
    if is_draft(base / name):
        last = previous_release(name, base)
        return max(date(release_order(name)[0], 1, 1), release_date(last, base) if last else date.min)
    path = base / "CHANGELOG.md"
    log = path.read_text(encoding="utf-8") if path.is_file() else ""
    found = re.search(rf"^## {re.escape(name)} \((\d{{4}}-\d\d-\d\d)\)$", log, re.MULTILINE)
    if not found:
        raise ReleaseError(f"{base.name}/CHANGELOG.md: no entry `## {name} (YYYY-MM-DD)`")
    return date.fromisoformat(found[1])
