"""Compare drafted rows with those of a release, as a table and as a report."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pandas as pd

from leadership_effects.data.release import Release
from leadership_effects.importers.draft import KEY, Draft, digits

EQUAL, ROUNDED, DIFFERS, NEW, LOST = (
    "equal", "equal after rounding", "differs", "only in the file", "only in the release",
)  # fmt: skip
# Two figures that differ by less are one figure written by two programs.
SAME = 1e-9
SHOWN = 25


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
    ours = rows[[*KEY, "value", "standard_error"]].copy()
    ours["year"] = ours["year"].astype("int64")
    theirs = release_rows[[*KEY, "value", "standard_error", "source_id"]].copy()
    theirs["year"] = theirs["year"].astype("int64")
    both = ours.merge(theirs, on=KEY, how="left", suffixes=("", "_release")).rename(
        columns={"source_id": "source_release"}
    )
    for column in ("value", "standard_error"):
        both[column] = pd.to_numeric(both[column])
    both["difference"] = both["value"] - both["value_release"]
    both["status"] = [
        _status(value, other) for value, other in zip(both["value"], both["value_release"], strict=True)
    ]
    return both


def _status(value: float, other: float) -> str:
    if pd.isna(other):
        return NEW
    gap = abs(value - other)
    if gap <= SAME:
        return EQUAL
    coarser = min(_decimals(value), _decimals(other))
    return ROUNDED if gap <= 0.5 * 10.0**-coarser + SAME else DIFFERS


def _decimals(value: float) -> int:
    _, _, after = digits(value).partition(".")
    return len(after)


def outcome_rows(release: Release) -> pd.DataFrame:
    """Return the outcome rows of every panel of a release."""
    tables = [r["name"] for r in release.descriptor["resources"] if r["name"].startswith("outcomes-")]
    return pd.concat([release.table(name) for name in tables], ignore_index=True)


def report(drafted: Draft, release: Release) -> str:
    """Return the report: rows read, agreement with the release, new rows, left out."""
    there = outcome_rows(release)
    compared = agreement(drafted.outcomes, there)
    text = f"# {drafted.loader.title}\n\n{drafted.source['how_read']}. Set beside release {release.name}.\n\n"
    text += f"Source row: `{drafted.source['source_id']}`, {drafted.source['address']}.\n"
    if drafted.loader.restricted:
        text += f"\n**Restricted.** {drafted.loader.restricted}\n"
    text += f"\n## Agreement\n\n{markdown_table(summary(compared, there))}\n"
    differing = compared[compared["status"] == DIFFERS]
    differing = differing.reindex(
        differing["difference"].abs().sort_values(ascending=False, kind="stable").index
    )
    text += _listed(
        "Rows that differ", _rows(differing, [*KEY, "value", "value_release", "difference", "source_release"])
    )
    errors = compared.dropna(subset=["standard_error", "standard_error_release"])
    errors = errors[(errors["standard_error"] - errors["standard_error_release"]).abs() > SAME]
    errors = errors[
        [
            _status(a, b) == DIFFERS
            for a, b in zip(errors["standard_error"], errors["standard_error_release"], strict=True)
        ]
    ]
    text += _listed(
        "Standard errors that differ", _rows(errors, [*KEY, "standard_error", "standard_error_release"])
    )
    for name, other in drafted.loader.compare.items():
        text += _beside(drafted.outcomes, there, name, other)
    missing = _only_in_release(drafted.outcomes, there)
    text += _listed(
        "Rows only in the release (same indicator and year)", _rows(missing, [*KEY, "value", "source_id"])
    )
    text += _listed(
        "Units unknown to the release",
        [[row["unit_id"], row["name"]] for row in drafted.units],
        ["unit_id", "name"],
    )
    text += _listed(
        "Indicators unknown to the release", [[row["indicator_id"], row["title"]] for row in drafted.indicators],
        ["indicator_id", "title"],
    )  # fmt: skip
    text += _listed(
        "Left out", [[reason, str(count)] for reason, count in drafted.reading.left_out.most_common() if count],
        ["reason", "cells or rows"],
    )  # fmt: skip
    notes = "".join(f"- {note}\n" for note in drafted.reading.notes)
    return text + (f"\n## Taken for granted\n\n{notes}" if notes else "")


def summary(compared: pd.DataFrame, there: pd.DataFrame) -> list[list[str]]:
    """Return counts by status, a line for each indicator, the header first."""
    lines = [["indicator", "rows", EQUAL, ROUNDED, DIFFERS, "largest difference", NEW, "only in the release",
              "standard errors gained"]]  # fmt: skip
    lost = Counter(_only_in_release(compared, there)["indicator_id"])
    for name, rows in compared.groupby("indicator_id", sort=True):
        counts = Counter(rows["status"])
        gap = rows.loc[rows["status"] == DIFFERS, "difference"].abs().max()
        gained = (
            rows["standard_error"].notna() & rows["standard_error_release"].isna() & (rows["status"] != NEW)
        )
        lines.append(
            [str(name), str(len(rows)), *(str(counts[status]) for status in (EQUAL, ROUNDED, DIFFERS)),
             "" if pd.isna(gap) else f"{gap:.4g}", str(counts[NEW]), str(lost[name]), str(int(gained.sum()))]
        )  # fmt: skip
    return lines


def _only_in_release(rows: pd.DataFrame, there: pd.DataFrame) -> pd.DataFrame:
    """Return release rows, of an indicator and year of the file, that the file lacks."""
    ours = rows[KEY].astype({"year": "int64"})
    alike = there.merge(ours[["indicator_id", "year"]].drop_duplicates(), on=["indicator_id", "year"])
    marked = alike.merge(ours, on=KEY, how="left", indicator=True)
    return marked[marked["_merge"] == "left_only"]


def all_keys(drafted: Draft, release: Release) -> pd.DataFrame:
    """Return every key of file or release with its status, sorted."""
    there = outcome_rows(release)
    lost = _only_in_release(drafted.outcomes, there).rename(
        columns={
            "value": "value_release",
            "standard_error": "standard_error_release",
            "source_id": "source_release",
        }
    )
    both = pd.concat([agreement(drafted.outcomes, there), lost.assign(status=LOST)], ignore_index=True)
    columns = [*KEY, "value", "value_release", "difference", "standard_error", "standard_error_release"]
    return both.sort_values(KEY, kind="stable")[[*columns, "source_release", "status"]]


def _beside(rows: pd.DataFrame, there: pd.DataFrame, name: str, other: str) -> str:
    ours = rows[rows["indicator_id"] == name].assign(indicator_id=other)
    if ours.empty:
        return ""
    near = agreement(ours, there)
    near = near[near["status"] != NEW]
    head = f"Beside `{other}`, which is another indicator: a check, not a join"
    return _listed(head, _rows(near, ["unit_id", "year", "value", "value_release", "difference", "status"]))


def _rows(frame: pd.DataFrame, columns: list[str]) -> list[list[str]]:
    if frame.empty:
        return []
    cells = [[_shown(cell) for cell in row] for row in frame[columns].itertuples(index=False)]
    return [columns, *cells]


def _shown(cell: Any) -> str:
    return f"{cell:.6g}" if isinstance(cell, float) else str(cell)


def _listed(title: str, rows: list[list[str]], header: list[str] | None = None) -> str:
    body = [header, *rows] if header and rows else rows
    if not body:
        return f"\n## {title}\n\nNone.\n"
    count = len(body) - 1
    more = f"\n{count - SHOWN} more, in the tables beside this report.\n" if count > SHOWN else ""
    return f"\n## {title}\n\n{count}:\n\n{markdown_table(body[: SHOWN + 1])}{more}"


def markdown_table(rows: list[list[str]]) -> str:
    """Return rows, the header first, as a Markdown table whose columns line up in a terminal."""
    cells = [[cell.replace("|", "\\|") for cell in row] for row in rows]
    widths = [max(len(row[i]) for row in cells) for i in range(len(cells[0]))]
    lines = [
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |"
        for row in cells
    ]
    rule = "|" + "|".join("-" * (width + 2) for width in widths) + "|"
    return "\n".join([lines[0], rule, *lines[1:]]) + "\n"
