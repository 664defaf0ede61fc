"""Write the committed measurements as Markdown that the page of the benchmark includes, part by part."""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from typing import Any

from leadership_effects.files import write_whole
from leadership_effects.paths import reports_folder
from leadership_effects.report.tables import escape_markdown, markdown_table

from benchmarks.findings import PARTS, BenchError, read, shown

PAGE = reports_folder() / "benchmark.md"
HEAD = (
    "date",
    "release",
    "code",
    "machine",
    "python",
    "packages",
    "load_before",
    "seconds",
    "repeat",
    "findings",
)
FIELDS = {
    "comparison": (
        "key",
        "part",
        "title",
        "covers",
        "ours",
        "other",
        "unit",
        "ratio",
        "target",
        "met",
        "note",
    ),
    "check": ("key", "part", "words", "holds", "ours"),
}
SIDES = ("ours", "other")


def report(content: dict[str, Any]) -> str:
    """Return the report: each part between two comments, by which the page finds it.

    Raises
    ------
    BenchError
        If the measurements are incomplete or contradict themselves.
    """
    check(content)
    parts = {"machine": machine(content), "targets": targets(content)}
    parts |= {part: "\n\n".join(measured(content, part)) for part in PARTS}
    return "\n".join(f"<!-- {name} -->\n\n{text}\n\n<!-- end of {name} -->\n" for name, text in parts.items())


def check(content: dict[str, Any]) -> None:
    """Refuse measurements that are incomplete or contradict themselves."""
    if missing := [name for name in HEAD if name not in content]:
        raise BenchError(f"benchmark.json lacks {', '.join(missing)}")
    for finding in content["findings"]:
        where = f"benchmark.json: {finding.get('key', 'a finding without a key')}"
        if finding.get("kind") not in FIELDS:
            raise BenchError(f"{where}: kind is {finding.get('kind')!r}; allowed: {', '.join(FIELDS)}")
        if lacking := [name for name in FIELDS[finding["kind"]] if name not in finding]:
            raise BenchError(f"{where} lacks {', '.join(lacking)}")
        if finding["part"] not in PARTS:
            raise BenchError(f"{where}: part is {finding['part']!r}; allowed: {', '.join(PARTS)}")
        if finding["kind"] == "comparison":
            check_ratio(where, finding)


def check_ratio(where: str, finding: dict[str, Any]) -> None:
    """Refuse a ratio or a verdict that does not follow from the values."""
    for name in SIDES:
        values = finding[name]["values"]
        if not values or not all(isinstance(value, (int, float)) and value > 0 for value in values):
            raise BenchError(f"{where}: {name} has no positive values")
    ours, other = (median(finding[name]["values"]) for name in SIDES)
    if not math.isclose(ours / other, finding["ratio"], rel_tol=1e-9):
        raise BenchError(f"{where}: ratio is {finding['ratio']}, the values give {ours / other:.6g}")
    target, met = finding["target"], None
    if target:
        judged = ours if target["of"] == "first" else ours / other
        met = target["most"] is None or judged <= target["most"]
        met = met and (target["least"] is None or judged >= target["least"])
    if finding["met"] is not met:
        raise BenchError(f"{where}: met is {finding['met']}, the values say otherwise")


def machine(content: dict[str, Any]) -> str:
    """Return date, machine and code of the last run."""
    box, repeat = content["machine"], content["repeat"]
    rows = {
        "date": content["date"],
        "code": content["code"],
        "data release": content["release"],
        "processor": f"{box['processor']}, {box['cores']} cores",
        "memory": f"{box['memory_gb']} GB" if box["memory_gb"] else "not told by the system",
        "system": f"{box['system']}, {box['architecture']}",
        "Python": content["python"],
        "packages": ", ".join(f"{name} {version}" for name, version in content["packages"].items()),
        "load before the run": f"{content['load_before']} processes in the minute before",
        "builds measured": f"{repeat} time{'s' if repeat > 1 else ''} each",
        "the whole run": f"{content['seconds'] / 60:.0f} minutes",
    }
    table = markdown_table(
        ("what", "in this run"), [(name, escape_markdown(text)) for name, text in rows.items()]
    )
    return f"The last run:\n\n{table}"


def targets(content: dict[str, Any]) -> str:
    """Return the targets that the publication set itself, met or not, and its checks that do not hold."""
    rows = [
        (
            escape_markdown(finding["title"]),
            judged(finding),
            escape_markdown(finding["target"]["words"]),
            verdict(finding),
        )
        for finding in content["findings"]
        if finding["kind"] == "comparison" and finding["target"]
    ]
    broken = [
        f"**Does not hold.** {escape_markdown(finding['words'])}"
        for finding in content["findings"]
        if finding["kind"] == "check" and finding["ours"] and not finding["holds"]
    ]
    return "\n\n".join([markdown_table(("what", "measured", "target", "verdict"), rows), *broken])


def judged(finding: dict[str, Any]) -> str:
    """Return what the target bounds, as printed."""
    alone = finding["target"]["of"] == "first"
    return shown(median(finding["ours"]["values"]), finding["unit"]) if alone else number(finding["ratio"])


def verdict(finding: dict[str, Any]) -> str:
    """Return whether the target is met, with what qualifies it."""
    met = "met" if finding["met"] else "**not met**"
    return f"{met}; {escape_markdown(finding['note'])}" if finding["note"] else met


def measured(content: dict[str, Any], part: str) -> Iterator[str]:
    """Yield the comparisons of a part as a table, what each covers, and what was checked."""
    mine = [finding for finding in content["findings"] if finding["part"] == part]
    compared = [finding for finding in mine if finding["kind"] == "comparison"]
    if not mine:
        yield "Not measured."
    if compared:
        names = {which: {finding[which]["name"] for finding in compared} for which in SIDES}
        common = {which: next(iter(found)) if len(found) == 1 else "" for which, found in names.items()}
        rows = [
            (
                escape_markdown(finding["title"]),
                *(side(finding, which, named=not common[which]) for which in SIDES),
                number(finding["ratio"]),
            )
            for finding in compared
        ]
        first, second = (escape_markdown(common[which]) for which in SIDES)
        yield markdown_table(("what", first or "first", second or "second", "ratio"), rows)
    titles: dict[str, list[str]] = {}
    for finding in compared:
        titles.setdefault(finding["covers"], []).append(finding["title"])
    covered = [
        f"- {f'**{escape_markdown(named[0])}.** ' if len(named) == 1 else ''}{escape_markdown(covers)}"
        for covers, named in titles.items()
    ]
    checked = [
        f"- **{'Holds' if finding['holds'] else 'Does not hold'}.** {escape_markdown(finding['words'])}"
        for finding in mine
        if finding["kind"] == "check"
    ]
    yield from ("\n".join(items) for items in (covered, checked) if items)


def side(finding: dict[str, Any], which: str, *, named: bool) -> str:
    """Return the median of a side, its range over repetitions, and its name unless the column has it."""
    values, unit = finding[which]["values"], finding["unit"]
    spread = f" ({shown(min(values), unit)} to {shown(max(values), unit)})" if len(values) > 1 else ""
    name = f", {escape_markdown(finding[which]['name'])}" if named else ""
    return f"{shown(median(values), unit)}{spread}{name}"


def number(ratio: float) -> str:
    """Return a ratio with three significant digits."""
    return f"{ratio:.3g}" if ratio < 100 else f"{ratio:,.0f}"


def write_page(content: dict[str, Any]) -> Path:
    """Write the report for the page of the book."""
    return write_whole(PAGE, report(content))


if __name__ == "__main__":
    print(write_page(read()))
