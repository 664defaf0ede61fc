"""Report a comparison of releases as text, and as Markdown for a page of the book."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from leadership_effects.data.release import release_order
from leadership_effects.files import shorten
from leadership_effects.paths import ROOT
from leadership_effects.releases.changes import DESCRIPTOR, PLAN
from leadership_effects.report.tables import escape_markdown, markdown_table

# Tiers of a number, the gravest first, as a label and as words that follow "of these".
TIERS = {
    "sign": ("changed sign", "changed sign"),
    "interval": ("beyond its interval", "left the interval printed before"),
    "rounding": ("beyond rounding", "moved by more than rounding"),
    "below": ("below rounding", "moved by less than is printed"),
    "same": ("the same", "stayed the same"),
}
ZERO = {"": "", "left": "; interval left zero", "reached": "; interval reached zero"}
TABLE_NAMES = {PLAN: "analysis plan", DESCRIPTOR: "descriptor"}
CELL_WIDTH = 48  # characters of a cell in a terminal
MAX_QUOTED = 3  # a reason for more changes names rows without quoting their cells


def moved_label(move: Mapping[str, Any]) -> str:
    """Return how far a number moved, in a few words."""
    label = TIERS[move["tier"]][0] if move["tier"] in TIERS else "in another unit"
    return label + ZERO[move["zero"]]


def shown_changes(entry: Mapping[str, Any]) -> str:
    """Return the rows and columns that a reason explains, and how many more."""
    names = dict.fromkeys(_change_name(change) for change in entry["shown"])
    more = entry["changes"] - len(entry["shown"])
    return ", ".join(names) + (f" and {more} more" if more else "")


def _change_name(change: Mapping[str, str]) -> str:
    return " ".join(filter(None, (change["kind"], change["key"], change["column"])))


def as_text(content: Mapping[str, Any]) -> str:
    """Return the comparison for a terminal: long cells are cut, the Markdown has them whole."""
    text = f"release {content['after']} beside {content['before']}\n"
    for title, sentence, frame in _sections(content):
        text += f"\n{title.upper()}\n{sentence}\n".replace("\n\n", "\n")
        if len(frame):
            short = frame.astype(str).map(shorten, length=CELL_WIDTH)
            text += short.to_string(index=False, justify="left", max_colwidth=None, line_width=None) + "\n"
    return text


def _sections(content: Mapping[str, Any]) -> Iterator[tuple[str, str, pd.DataFrame]]:
    """Yield title, sentence and rows of each part of a comparison."""
    # Whole numbers and blanks: the plan has no rows.
    tables = pd.DataFrame(content["tables"]).convert_dtypes()
    yield "Rows", "" if len(tables) else "No table differs.", tables.astype(object).where(tables.notna(), "")
    reasons = [(e["table"], shown_changes(e), e["changes"], e["reason"]) for e in content["reasons"]]
    yield "Reasons", "", pd.DataFrame(reasons, columns=["table", "what", "changes", "reason"])
    if content["unexplained"]:
        frame = pd.DataFrame(content["unexplained"])[["table", "kind", "key", "column", "file", "row"]]
        yield "Changes without a reason", f"{len(frame)}.", frame.astype(object).fillna("")
    if "numbers" not in content:
        lacking = [content[side] for side, kind in content["results"].items() if kind == "none"]
        yield "Numbers", f"No results of {' and '.join(lacking)} are on file, locked or run.", pd.DataFrame()
        return
    numbers = content["numbers"]
    counts = ", ".join(f"{numbers[name]} {label}" for name, (label, _) in TIERS.items())
    other = f"; {numbers['unit']} in another unit" if numbers["unit"] else ""
    moved = [(m["key"], m["before"], m["after"], moved_label(m), m["meaning"]) for m in content["moved"]]
    frame = pd.DataFrame(moved, columns=["number", "before", "after", "moved", "meaning"])
    yield "Numbers", f"{numbers['both']} numbers stand in both: {counts}{other}.", frame
    for side, words in (("added", "recorded for the first time"), ("removed", "no longer recorded")):
        if numbers[side]:
            listed = ", ".join(f"{name} {count}" for name, count in numbers[side].items())
            yield f"Numbers {words}", f"{sum(numbers[side].values())}: {listed}.", pd.DataFrame()
    if content.get("renamed"):
        yield "Numbers under another key", _renamed(content), pd.DataFrame()
    frame = pd.DataFrame(content["verdicts"])
    yield "Verdicts", f"{len(frame)} of {content['words']} results in words changed.", frame


def as_markdown(content: Mapping[str, Any], *, linked: bool = False) -> str:
    """Return the comparison as a section of Markdown.

    Parameters
    ----------
    content : mapping
        Result of `compare_releases`.
    linked : bool
        Whether the keys of the newer release's numbers lead to their cards in the book.
    """
    before, after = content["before"], content["after"]
    parts = [f"(release-{after.replace('.', '-')})=\n## From {before} to {after}", *_summary(content)]
    sizes = [
        (_table_name(t["table"]), _whole(t["before"]), _whole(t["after"]), t["added"], t["removed"], t["changed"])
        for t in content["tables"]
    ]  # fmt: skip
    if sizes:
        table = markdown_table(("table", "rows before", "rows after", "added", "removed", "changed"), sizes)
        parts.append(
            f"<details>\n<summary>Rows of each table that differs</summary>\n\n{table}\n\n</details>"
        )
    reasons = [
        (escape_markdown(e["reason"]), _table_name(e["table"]), escape_markdown(_explained(e)), f"{e['changes']:,}")
        for e in content["reasons"]
    ]  # fmt: skip
    heads = ("reason", "table", "what", "changes")
    parts += [
        f"### Reasons for what {after} changed",
        markdown_table(heads, reasons) if reasons else "Nothing changed.",
    ]
    if content["unexplained"]:
        listed = [(_table_name(c["table"]), _change_name(c)) for c in content["unexplained"]]
        parts += [f"### Changes of {after} without a reason", markdown_table(("table", "change"), listed)]
    if "numbers" in content:
        moved = [
            (_key(m["key"], linked), m["before"], m["after"], moved_label(m), escape_markdown(m["meaning"]))
            for m in content["moved"]
        ]
        words = [
            (_key(v["key"], linked), *(escape_markdown(v[field]) for field in ("before", "after", "meaning")))
            for v in content["verdicts"]
        ]
        parts += [
            f"### Numbers that moved in {after}",
            markdown_table(("number", "before", "after", "moved", "what it is"), moved) if moved else "None.",
            f"### Verdicts and other words that changed in {after}",
            markdown_table(("result", "before", "after", "what it is"), words) if words else "None.",
        ]
    return "\n\n".join(parts) + "\n"


def _summary(content: Mapping[str, Any]) -> Iterator[str]:
    tables = [entry for entry in content["tables"] if entry["table"] not in TABLE_NAMES]
    rows = {kind: sum(entry[kind] for entry in tables) for kind in ("added", "removed", "changed")}
    yield f"In the tables, rows added: {rows['added']:,}, removed: {rows['removed']:,}, changed: {rows['changed']:,}."
    if "numbers" in content:
        counts = content["numbers"]
        tiers = ", ".join(f"{counts[name]:,} {words}" for name, (_, words) in TIERS.items())
        other = f", {counts['unit']:,} changed unit" if counts["unit"] else ""
        yield (
            f"{counts['both']:,} numbers are printed by both releases. Of these {tiers}{other}. Of "
            f"{content['words']:,} results in words that both print, {len(content['verdicts']):,} changed. "
            f"{sum(counts['added'].values()):,} numbers are printed for the first time and "
            f"{sum(counts['removed'].values()):,} are printed no longer."
        )
        if content.get("renamed"):
            yield _renamed(content)


def _renamed(content: Mapping[str, Any]) -> str:
    old, new = next(iter(content["renamed"].items()))
    count = len(content["renamed"])
    return f"{count:,} are the same numbers under another key, such as `{old}`, now `{new}`: analysis/published/renamed_keys.csv."


def _explained(entry: Mapping[str, Any]) -> str:
    """Return the changes that a reason explains: few are quoted, many are named."""
    if entry["changes"] > MAX_QUOTED:
        names = ", ".join(dict.fromkeys(_change_name(c).removeprefix("changed ") for c in entry["shown"]))
        more = entry["changes"] - len(entry["shown"])
        return f"{names} and {more:,} more" if more else names
    return "; ".join(_quoted(c, _change_name(c).removeprefix("changed ")) for c in entry["shown"])


def _quoted(change: Mapping[str, str], name: str) -> str:
    if change["kind"] != "changed" or not (change["before"] or change["after"]):
        return name
    before, after = (f"“{change[side]}”" if change[side] else "blank" for side in ("before", "after"))
    return f"{name}: {before} became {after}"


def _key(full: str, linked: bool) -> str:
    notebook, _, key = full.partition(".")
    address = f"lb:/numbers/{notebook}.html#num-{notebook}-{key}"
    return f'<a href="{address}">`{full}`</a>' if linked else f"`{full}`"


def _table_name(name: str) -> str:
    return TABLE_NAMES.get(name, name)


def _whole(count: float | None) -> str:
    return "" if count is None else f"{count:,.0f}"


def read_comparisons(root: Path = ROOT) -> list[dict[str, Any]]:
    """Read the comparisons that are on file, those of the newest release first."""
    found = (root / "analysis" / "published").glob("*/changes/*.json")
    paths = sorted(
        found, key=lambda path: [release_order(p) for p in (path.parts[-3], path.stem)], reverse=True
    )
    return [json.loads(path.read_text(encoding="utf-8")) for path in paths]


def changes_page(contents: Sequence[Mapping[str, Any]], newest: str) -> str:
    """Return what the page of changes includes: a section for each comparison, the newest first."""
    parts = [as_markdown(content, linked=content["after"] == newest) for content in contents]
    if not any(content["after"] == newest for content in contents):
        parts.insert(
            0,
            f"## Release {newest}\n\nThe results of this release are not locked yet; it is compared with the one before "
            "when they are.\n",
        )
    return "\n".join(parts)
