"""Compare two data releases: rows with reasons, numbers by tier, verdicts.

A number that both releases print falls into one tier, the gravest that holds:

``sign``
    it changed its sign, and prints as other than zero both times;
``interval``
    it left the interval printed with it before;
``rounding``
    what is printed moved, the value or its interval;
``below``
    it moved by less than is printed;
``same``
    it agrees within the tolerance of the locked results.

The tier is followed by whether an interval left or reached zero. Numbers whose unit changed are listed separately,
since they cannot be compared. Which change of the data moved which number is not decided.
"""

from __future__ import annotations

import argparse
import json
import sys
import textwrap
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from leadership_effects.data.release import Release, ReleaseError, newest_release, release_at
from leadership_effects.errors import run_command
from leadership_effects.files import write_json, write_whole
from leadership_effects.paths import ROOT, data_folder, published_folder, reports_folder, results_folder
from leadership_effects.published.results import same_number
from leadership_effects.releases.changes import (
    DESCRIPTOR,
    PLAN,
    Change,
    Explained,
    explained,
    newest_pair,
    written_rows,
)
from leadership_effects.releases.report import TIERS, as_markdown, as_text, changes_page, read_comparisons
from leadership_effects.renamed_keys import renamed_keys

# Marks in the change log between which the numbers that moved are written.
MOVED = ("<!-- moved -->", "<!-- /moved -->")
SHOWN = 8  # changes shown for a reason; the count says how many there are
UNBOUNDED = {"inf": float("inf"), "-inf": float("-inf")}


@dataclass(frozen=True)
class Move:
    """A number that both releases print.

    Attributes
    ----------
    key : str
        ``<notebook>.<key>``.
    tier : str
        One of `TIERS`, or ``unit`` where the unit changed.
    before, after : str
        Value as printed, with interval and unit.
    value_before, value_after : float
        Values to ten significant digits.
    zero : str
        ``left`` or ``reached`` where the interval came to exclude or to hold zero, else empty.
    meaning : str
        What the number is, in the words of the newer release.
    """

    key: str
    tier: str
    before: str
    after: str
    value_before: float
    value_after: float
    zero: str
    meaning: str


def tier(before: Mapping[str, Any], after: Mapping[str, Any]) -> str:
    """Return the tier of one number, from its records in both releases."""
    old, new = _number(before["value"]), _number(after["value"])
    ends = _interval(before), _interval(after)
    still = same_number(before["value"], after["value"]) and _same_interval(*ends)
    if before["unit"] != after["unit"]:
        return "unit"
    if still and before["digits"] == after["digits"]:
        return "same"
    if old * new < 0 and not _prints_as_zero(before) and not _prints_as_zero(after):
        return "sign"
    if ends[0] and not ends[0][0] <= new <= ends[0][1] and not same_number(before["value"], after["value"]):
        return "interval"
    printed = ("text", "interval_text")
    return "rounding" if any(before[field] != after[field] for field in printed) else "below"


def _number(value: float | str) -> float:
    return UNBOUNDED[value] if isinstance(value, str) else float(value)


def _is_number(record: Mapping[str, Any]) -> bool:
    return not isinstance(record["value"], str) or record["value"] in UNBOUNDED


def _interval(record: Mapping[str, Any]) -> tuple[float, float] | None:
    ends = record["interval"]
    return None if ends is None else (_number(ends[0]), _number(ends[1]))


def _same_interval(one: tuple[float, float] | None, other: tuple[float, float] | None) -> bool:
    if one is None or other is None:
        return one is other
    return all(same_number(a, b) for a, b in zip(one, other, strict=True))


def _prints_as_zero(record: Mapping[str, Any]) -> bool:
    return not any(digit in record["text"] for digit in "123456789")


def _zero(before: Mapping[str, Any], after: Mapping[str, Any]) -> str:
    """Return whether the interval left zero out after holding it, or reached it."""
    old, new = _interval(before), _interval(after)
    if old is None or new is None:
        return ""
    held, holds = old[0] <= 0 <= old[1], new[0] <= 0 <= new[1]
    return "" if held == holds else ("left" if held else "reached")


def _printed(record: Mapping[str, Any]) -> str:
    unit = f" {record['unit']}" if record["unit"] else ""
    interval = f" ({record['interval_text']})" if record["interval_text"] else ""
    return f"{record['text']}{unit}{interval}"


def moves(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Move]:
    """Yield every number that both releases print, in the order of its key."""
    for key in sorted(before.keys() & after.keys()):
        old, new = before[key], after[key]
        if _is_number(old) and _is_number(new):
            yield Move(
                key, tier(old, new), _printed(old), _printed(new), _number(old["value"]), _number(new["value"]),
                _zero(old, new), new["meaning"],
            )  # fmt: skip


def verdicts(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[dict[str, str]]:
    """Yield results in words that differ, with key, both texts and meaning."""
    for key in sorted(before.keys() & after.keys()):
        old, new = before[key], after[key]
        if not (_is_number(old) and _is_number(new)) and old["text"] != new["text"]:
            yield {"key": key, "before": old["text"], "after": new["text"], "meaning": new["meaning"]}


def results_of(release: str) -> tuple[dict[str, dict[str, Any]], str]:
    """Return a release's results by key, and where they are from: locked, last run or none."""
    for kind, folder in (("locked", published_folder(release)), ("last run", results_folder(release))):
        found: dict[str, dict[str, Any]] = {}
        for path in sorted(folder.glob("*.json")):
            content = json.loads(path.read_text(encoding="utf-8"))
            found |= {f"{path.stem}.{key}": record for key, record in content["results"].items()}
        if found:
            return found, kind
    return {}, "none"


def under_present_keys(
    before: dict[str, dict[str, Any]], after: Mapping[str, Any], release: str
) -> tuple[dict[str, dict[str, Any]], dict[str, str]]:
    """Return older results under the keys of a newer release, and the renamed keys."""
    renamed = {
        old: new
        for old, new in renamed_keys(release=release).items()
        if old in before.keys() - after.keys() and new in after
    }
    return {renamed.get(key, key): record for key, record in before.items()}, renamed


def compare_releases(old: Release, new: Release) -> dict[str, Any]:
    """Return every difference of two releases as plain content for JSON.

    Returns
    -------
    dict
        ``tables`` (rows by table), ``reasons`` (with what each explains), ``unexplained``, and, if both releases have
        results, ``numbers`` (count by tier, and keys of one release alone by notebook), ``moved``, ``verdicts``. A
        number whose key was renamed is the same number; ``renamed`` holds old keys with new ones, if there are any.

    Raises
    ------
    ReleaseError
        If a table cannot be read.
    """
    found, _ = explained(old, new)
    content: dict[str, Any] = {
        "schema": 1,
        "before": old.name,
        "after": new.name,
        "tables": _tables(old, new, found),
        "reasons": _reasons(found),
        "unexplained": [asdict(change) for change, reason in found.pairs if reason is None],
    }
    (before, kind_before), (after, kind_after) = results_of(old.name), results_of(new.name)
    content["results"] = {"before": kind_before, "after": kind_after}
    before, renamed = under_present_keys(before, after, new.name)
    if renamed:
        content["renamed"] = renamed
    return content | _numbers(before, after) if before and after else content


def _tables(old: Release, new: Release, found: Explained) -> list[dict[str, Any]]:
    """Return counts of rows for each table that has changes; a changed row counts once."""
    rows = []
    kinds = Counter((change.table, change.kind) for change, _ in found.pairs)
    changed = {(c.table, c.key) for c, _ in found.pairs if c.kind == "changed"}
    sizes = [
        {r["name"]: len(written_rows(release, r["name"])) for r in release.descriptor["resources"]}
        for release in (old, new)
    ]
    for table in dict.fromkeys(change.table for change, _ in found.pairs):
        whole = table in (PLAN, DESCRIPTOR)  # these have entries, not rows
        before, after = (None if whole else size.get(table, 0) for size in sizes)
        rows.append(
            {
                "table": table,
                "before": before,
                "after": after,
                "added": kinds[table, "added"] or (after if kinds[table, "table added"] else 0),
                "removed": kinds[table, "removed"] or (before if kinds[table, "table removed"] else 0),
                "changed": sum(name == table for name, _ in changed),
                "columns": kinds[table, "column added"] + kinds[table, "column removed"],
            }
        )
    return rows


def _reasons(found: Explained) -> list[dict[str, Any]]:
    """Return the reasons in the order of the change file, equal ones of a table as one."""
    grouped: dict[tuple[str, str], list[Change]] = {}
    explaining = {reason.row: reason for _, reason in found.pairs if reason is not None}
    for _, reason in sorted(explaining.items()):
        grouped.setdefault((reason.table, reason.reason), []).extend(found.of(reason))
    fields = ("kind", "key", "column", "before", "after")
    return [
        {
            "table": table,
            "reason": reason,
            "changes": len(changes),
            "shown": [{field: getattr(change, field) for field in fields} for change in changes[:SHOWN]],
        }
        for (table, reason), changes in grouped.items()
    ]


def _numbers(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
    every = list(moves(before, after))
    counts = Counter(move.tier for move in every)
    order = ("unit", *TIERS)
    moved = [move for move in every if move.tier != "same"]
    return {
        "numbers": {
            "both": len(every),
            **{name: counts[name] for name in order},
            "added": _by_notebook(after.keys() - before.keys()),
            "removed": _by_notebook(before.keys() - after.keys()),
            "removed_keys": sorted(before.keys() - after.keys()),
        },
        "moved": [
            asdict(move) for move in sorted(moved, key=lambda move: (order.index(move.tier), move.key))
        ],
        "words": len(before.keys() & after.keys()) - len(every),
        "verdicts": list(verdicts(before, after)),
    }


def _by_notebook(keys: Iterable[str]) -> dict[str, int]:
    return dict(sorted(Counter(key.partition(".")[0] for key in keys).items()))


def moved_keys(content: Mapping[str, Any]) -> list[str]:
    """Return the keys whose value, beyond the tolerance, or words differ."""
    numbers = [
        m["key"] for m in content.get("moved", []) if not same_number(m["value_before"], m["value_after"])
    ]
    return sorted([*numbers, *(verdict["key"] for verdict in content.get("verdicts", []))])


def with_moved(log: str, release: str, keys: list[str]) -> str:
    """Return the change log with the moved numbers between the marks of a release's entry."""
    head, mark, rest = log.partition(f"\n## {release} ")
    entry, following, older = rest.partition("\n## ")
    if not mark or MOVED[0] not in entry or MOVED[1] not in entry:
        return log
    before, after = entry.split(MOVED[0])[0], entry.split(MOVED[1])[1]
    sentence = "No number and no verdict that both releases print moved."
    if keys:
        listed = ", ".join(f"`{key}`" for key in keys)
        sentence = f"What moved of the numbers and verdicts that both releases print: {listed}."
    return f"{head}{mark}{before}{MOVED[0]}\n{list_item(sentence)}\n{MOVED[1]}{after}{following}{older}"


def list_item(text: str) -> str:
    """Return an entry of a list in the change log, wrapped."""
    return textwrap.fill(
        f"- {text}", 118, subsequent_indent="  ", break_long_words=False, break_on_hyphens=False
    )


def comparison_path(old: str, new: str) -> Path:
    """Return the file of a comparison, with the newer release's locked results."""
    return published_folder(new) / "changes" / f"{old}.json"


def write_comparison(content: Mapping[str, Any]) -> Path:
    """Write a comparison as JSON, the page of changes, and what moved into the change log.

    Raises
    ------
    ReleaseError
        If a change has no reason, or the results of either release are not locked.
    """
    if content["unexplained"]:
        raise ReleaseError(
            f"{len(content['unexplained'])} change(s) of {content['after']} have no reason in the change file"
        )
    for side, kind in content["results"].items():
        if kind != "locked":
            raise ReleaseError(
                f"results of {content[side]}: {kind}; needed: locked ones, run `nox -s lock-results`"
            )
    path = comparison_path(content["before"], content["after"])
    write_json(path, content, sort=False)
    write_whole(reports_folder() / "changes.md", changes_page(read_comparisons(), newest_release()))
    log = data_folder() / "CHANGELOG.md"
    write_whole(log, with_moved(log.read_text(encoding="utf-8"), content["after"], moved_keys(content)))
    return path


def main(arguments: list[str] | None = None) -> int:
    """Command line of ``nox -s compare``; returns the exit code."""
    parser = argparse.ArgumentParser(
        prog="nox -s compare --",
        description="Compare two releases, or a release and a draft folder.",
    )
    parser.add_argument(
        "releases", nargs="*", help="older and newer, by name or folder; the last two if left out"
    )
    parser.add_argument("--all", action="store_true", help="list numbers that did not move as well")
    parser.add_argument("--markdown", type=Path, metavar="FILE", help="write the comparison as Markdown")
    parser.add_argument("--write", action="store_true", help="renew the comparison that the book prints")
    parser.add_argument("--quiet", action="store_true", help="print nothing but what was written")
    options = parser.parse_args(arguments)
    if len(options.releases) not in (0, 2):
        parser.error("name two releases, or none for the last two")
    return run_command(lambda: _compare(options))


def _compare(options: argparse.Namespace) -> int:
    old, new = (release_at(place) for place in options.releases or newest_pair())
    content = compare_releases(old, new)
    if not options.quiet:
        print(as_text(content))
    if options.all:
        after = results_of(new.name)[0]
        before, _ = under_present_keys(results_of(old.name)[0], after, new.name)
        same = [move for move in moves(before, after) if move.tier == "same"]
        print("\n".join(["THE SAME", *(f"{move.key}: {move.after}" for move in same)]))
    if options.markdown:
        options.markdown.write_text(as_markdown(content), encoding="utf-8")
    if options.write:
        print(f"written: {write_comparison(content).relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
