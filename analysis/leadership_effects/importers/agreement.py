"""Compare drafted rows with those of a release, as a table and as a report."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

import pandas as pd

from leadership_effects.data.release import Release
from leadership_effects.importers.draft import KEY, Draft, digits
from leadership_effects.report.tables import markdown_table

EQUAL, ROUNDED, DIFFERS, NEW, LOST = (
    "equal", "equal after rounding", "differs", "only in the file", "only in the release",
)  # fmt: skip
# Two figures that differ by less are one figure written by two programs.
SAME = 1e-9
SHOWN = 25
ERRORS = ["standard_error", "standard_error_release"]


def agreement(rows: pd.DataFrame, release_rows: pd.DataFrame) -> pd.DataFrame:
    """Compare drafted rows with those of a release, key by key.

    Two values are equal after rounding if they differ by no more than half a unit of the last decimal of the coarser
    one; a zero at the end that a source printed and a file lost makes it coarser than it was.

    Parameters
    ----------
    rows : DataFrame
        Drafted rows, columns ``indicator_id``, ``unit_id``, ``year``, ``value``, ``standard_error`` as text.
    release_rows : DataFrame
        Rows of the release, typed.

    Returns
    -------
    DataFrame
        One row a drafted key: key, ``value``, ``value_release``, ``difference`` (file minus release),
        ``standard_error``, ``standard_error_release``, ``source_release`` and ``status``.
    """
    ours = rows[[*KEY, "value", "standard_error"]].astype({"year": "int64"})
    theirs = release_rows[[*KEY, "value", "standard_error", "source_id"]].astype({"year": "int64"})
    both = ours.merge(theirs, on=KEY, how="left", suffixes=("", "_release"))
    both = both.rename(columns={"source_id": "source_release"})
    for column in ("value", "standard_error"):
        both[column] = pd.to_numeric(both[column])
    both["difference"] = both["value"] - both["value_release"]
    both["status"] = list(map(_status, both["value"], both["value_release"]))
    return both


def _status(value: float, other: float) -> str:
    if pd.isna(other):
        return NEW
    gap = abs(value - other)
    if gap <= SAME:
        return EQUAL
    decimals = min(len(digits(figure).partition(".")[2]) for figure in (value, other))
    return ROUNDED if gap <= 0.5 * 10.0**-decimals + SAME else DIFFERS


def outcome_rows(release: Release) -> pd.DataFrame:
    """Return the outcome rows of every panel of a release."""
    tables = [r["name"] for r in release.descriptor["resources"] if r["name"].startswith("outcomes-")]
    return pd.concat([release.table(name) for name in tables], ignore_index=True)


def report(drafted: Draft, release: Release) -> str:
    """Return the report: rows read, agreement with the release, new rows, left out."""
    source, restricted = drafted.source, drafted.loader.restricted
    counts = summary(drafted.outcomes, outcome_rows(release))
    read = f"a copy at {source['copy_address']}" if source["copy_address"] else source["address"]
    parts = [
        f"# {drafted.loader.title}",
        f"{source['how_read']}. Compared with release {release.name}.",
        f"Source row: `{source['source_id']}`, {read}.",
        *([f"**Restricted.** {restricted}"] if restricted else []),
        f"## Agreement\n\n{markdown_table(counts.columns, counts.to_numpy())}",
        *(_section(title, rows) for title, rows in _sections(drafted, release)),
    ]
    if drafted.reading.notes:
        parts.append("\n".join(["## Assumptions\n", *(f"- {note}" for note in drafted.reading.notes)]))
    return "\n\n".join(parts) + "\n"


def _sections(drafted: Draft, release: Release) -> Iterator[tuple[str, pd.DataFrame]]:
    """Yield the title and the rows of each list of the report."""
    there = outcome_rows(release)
    compared = agreement(drafted.outcomes, there)
    differing = compared[compared["status"] == DIFFERS]
    by_size = differing["difference"].abs().sort_values(ascending=False, kind="stable").index
    columns = [*KEY, "value", "value_release", "difference", "source_release"]
    yield "Rows that differ", differing.loc[by_size, columns]
    errors = compared.dropna(subset=ERRORS)
    apart = [status == DIFFERS for status in map(_status, *(errors[column] for column in ERRORS))]
    yield "Standard errors that differ", errors.loc[apart, [*KEY, *ERRORS]]
    for name, other in drafted.loader.compare.items():
        similar = drafted.outcomes[drafted.outcomes["indicator_id"] == name].assign(indicator_id=other)
        if len(similar):
            near = agreement(similar, there)
            columns = ["unit_id", "year", "value", "value_release", "difference", "status"]
            title = f"Compared with `{other}`, which is another indicator: a check, not a join"
            yield title, near.loc[near["status"] != NEW, columns]
    missing = _only_in_release(drafted.outcomes, there)
    yield "Rows only in the release (same indicator and year)", missing[[*KEY, "value", "source_id"]]
    yield "Units unknown to the release", pd.DataFrame(drafted.units, columns=["unit_id", "name"])
    indicators = pd.DataFrame(drafted.indicators, columns=["indicator_id", "title"])
    yield "Indicators unknown to the release", indicators
    left = drafted.reading.left_out.most_common()
    yield "Left out", pd.DataFrame(left, columns=["reason", "cells or rows"])


def _section(title: str, rows: pd.DataFrame) -> str:
    if rows.empty:
        return f"## {title}\n\nNone."
    more = f"\n\n{len(rows) - SHOWN} more, in the tables next to this report." if len(rows) > SHOWN else ""
    cells = (map(_shown, row) for row in rows[:SHOWN].itertuples(index=False))
    return f"## {title}\n\n{len(rows)}:\n\n{markdown_table(rows.columns, cells)}{more}"


def _shown(cell: Any) -> str:
    return f"{cell:.6g}" if isinstance(cell, float) else str(cell)


def summary(rows: pd.DataFrame, there: pd.DataFrame) -> pd.DataFrame:
    """Return counts by status, a row for each indicator."""
    lines = []
    lost = Counter(_only_in_release(rows, there)["indicator_id"])
    for name, compared in agreement(rows, there).groupby("indicator_id", sort=True):
        counts = Counter(compared["status"])
        gap = compared.loc[compared["status"] == DIFFERS, "difference"].abs().max()
        gained = compared[ERRORS[0]].notna() & compared[ERRORS[1]].isna() & (compared["status"] != NEW)
        lines.append(
            {"indicator": name, "rows": len(compared), **{status: counts[status] for status in (EQUAL, ROUNDED, DIFFERS)},
             "largest difference": "" if pd.isna(gap) else f"{gap:.4g}", NEW: counts[NEW], LOST: lost[name],
             "standard errors gained": int(gained.sum())}
        )  # fmt: skip
    return pd.DataFrame(lines)


def _only_in_release(rows: pd.DataFrame, there: pd.DataFrame) -> pd.DataFrame:
    """Return release rows, of an indicator and year of the file, that the file lacks."""
    ours = rows[KEY].astype({"year": "int64"})
    alike = there.merge(ours[["indicator_id", "year"]].drop_duplicates(), on=["indicator_id", "year"])
    marked = alike.merge(ours, on=KEY, how="left", indicator=True)
    return marked[marked["_merge"] == "left_only"]


def all_keys(drafted: Draft, release: Release) -> pd.DataFrame:
    """Return every key of file or release with its status, sorted."""
    there = outcome_rows(release)
    renamed = {"value": "value_release", ERRORS[0]: ERRORS[1], "source_id": "source_release"}
    lost = _only_in_release(drafted.outcomes, there).rename(columns=renamed).assign(status=LOST)
    both = pd.concat([agreement(drafted.outcomes, there), lost], ignore_index=True)
    columns = [*KEY, "value", "value_release", "difference", *ERRORS, "source_release", "status"]
    return both.sort_values(KEY, kind="stable")[columns]
