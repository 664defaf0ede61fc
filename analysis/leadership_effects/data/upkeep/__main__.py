"""Report what of a release is to be fetched: ``nox -s evidence``.

``-- --place huari --kind copy`` lists a part, ``--older-than 8`` changes the age, ``--on 2027-01-01`` the date to compare
with (that of the release unless given), ``--csv FILE`` writes the rows. With ``--check`` the exit code is 1 if anything is listed.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Iterable
from datetime import date
from pathlib import Path

from leadership_effects.data.release import newest_release, open_release
from leadership_effects.data.rows import csv_text
from leadership_effects.data.upkeep.dates import release_date
from leadership_effects.data.upkeep.gaps import ACROSS, KINDS, OLDER_THAN, Asked, Gap, find_gaps
from leadership_effects.data.upkeep.rows import Evidence
from leadership_effects.errors import LeadershipError, run_command
from leadership_effects.files import write_whole

COLUMNS = ("place", "cases", "kind", "table", "key", "sources", "held", "fetch", "where", "rows", "year")
ACROSS_TITLE = "Several places or none of them"


class UpkeepError(LeadershipError, ValueError):
    """The report cannot be made as asked."""


def csv_of(gaps: Iterable[Gap]) -> str:
    """Return the gaps as a table of comma-separated values."""
    cells = (
        (
            gap.place,
            "; ".join(gap.cases),
            gap.kind,
            gap.table,
            gap.key,
            "; ".join(gap.sources),
            gap.about,
            gap.fetch,
            gap.where,
            gap.rows,
            gap.year,
        )
        for gap in gaps
    )
    return csv_text(list(COLUMNS), (dict(zip(COLUMNS, row, strict=True)) for row in cells))


def report(gaps: list[Gap], places: dict[str, str], release: str, asked: Asked) -> str:
    """Return the gaps by place and kind, each with what to fetch, and the counts."""
    lines = list[str]()
    for place, title in {**places, ACROSS: ACROSS_TITLE}.items():
        if own := [gap for gap in gaps if gap.place == place]:
            lines += [f"{title} ({place}): {len(own)}"]
            for kind, words in KINDS.items():
                listed = [gap for gap in own if gap.kind == kind]
                lines += [f"  {words} ({kind}): {len(listed)}"] if listed else []
                lines += [line for gap in listed for line in _lines(gap)]
            lines.append("")
    counts = Counter(gap.kind for gap in gaps)
    rows = sum(gap.rows for gap in gaps if gap.kind == "check")
    summary = ", ".join(f"{kind} {counts[kind]}" for kind in KINDS)
    return "\n".join([
        *lines,
        f"release {release}, on {asked.on}, counts older than {asked.older_than} years: {len(gaps)} to fetch",
        f"{summary}; rows to be checked against the issuing body: {rows}",
    ])  # fmt: skip


def _lines(gap: Gap) -> list[str]:
    sources = ", ".join(gap.sources[:3]) + (
        f" and {len(gap.sources) - 3} more" if len(gap.sources) > 3 else ""
    )
    touched = f" of {', '.join(gap.cases)}" if len(gap.cases) > 1 else ""
    return [
        f"    {sources}: {gap.about} [{gap.rows} row(s){touched}]",
        f"      fetch: {gap.fetch}{', ' + gap.where if gap.where else ''}",
    ]


def main(arguments: list[str] | None = None) -> int:
    """Command line of ``nox -s evidence``; returns the exit code."""
    parser = argparse.ArgumentParser(
        prog="nox -s evidence --", description="Report what of a release is to be fetched, grouped by place."
    )
    parser.add_argument(
        "--release", default="", help="release or draft; the newest that is frozen if left out"
    )
    parser.add_argument(
        "--on", type=date.fromisoformat, help="date to compare with; that of the release if left out"
    )
    parser.add_argument(
        "--older-than", type=int, default=OLDER_THAN, metavar="YEARS", help="age of a count that is old"
    )
    parser.add_argument("--place", action="append", default=[], help=f"a case, or {ACROSS}; all by default")
    parser.add_argument("--kind", action="append", default=[], choices=KINDS, help="all by default")
    parser.add_argument("--csv", type=Path, metavar="FILE", help="write the rows to a file")
    parser.add_argument("--check", action="store_true", help="return 1 if anything is listed")
    options = parser.parse_args(arguments)
    return run_command(lambda: _evidence(options), "evidence: ", failed=2)


def _evidence(options: argparse.Namespace) -> int:
    release = open_release(options.release or newest_release())
    asked = Asked(options.on or release_date(release.name, release.folder.parent), options.older_than)
    cases = Evidence(release).cases
    if unknown := [place for place in options.place if place not in (*cases, ACROSS)]:
        raise UpkeepError(
            f"--place {unknown[0]}: no case of {release.name}; allowed: {', '.join((*cases, ACROSS))}"
        )
    gaps = [
        gap
        for gap in find_gaps(release, asked)
        if (not options.place or {gap.place, *gap.cases} & set(options.place))
        and gap.kind in (options.kind or KINDS)
    ]
    if options.csv:
        write_whole(options.csv, csv_of(gaps))
    print(report(gaps, cases, release.name, asked))
    return 1 if gaps and options.check else 0


if __name__ == "__main__":
    sys.exit(main())
