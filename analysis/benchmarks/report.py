"""Hold measurements with their targets, and write them as JSON and as the Markdown that a page of the book includes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from typing import Any

from leadership_effects.errors import LeadershipError
from leadership_effects.files import write_json, write_whole
from leadership_effects.paths import ROOT, reports_folder
from leadership_effects.report.tables import escape_markdown, markdown_table

FILE = ROOT / "analysis" / "published" / "benchmark.json"
PAGE = reports_folder() / "benchmark.md"
PARTS = {
    "build": "The whole build, and what is built again",
    "workers": "One worker and two",
    "estimators": "Estimators and packages of the registry",
    "pages": "Weight and paint of the pages",
}
SIDES = ("ours", "other")


class BenchError(LeadershipError, RuntimeError):
    """A side of a comparison did not do its work, so that its time means nothing."""


@dataclass(frozen=True)
class Side:
    """One side of a comparison: its name and one value for each repetition."""

    name: str
    values: tuple[float, ...]

    @property
    def middle(self) -> float:
        """Return the median over the repetitions."""
        return median(self.values)


@dataclass(frozen=True)
class Target:
    """A bound on ``ratio``, the first side by the second, or on the ``first`` side alone."""

    of: str
    most: float | None = None
    least: float | None = None

    def words(self) -> str:
        """Return the bound in words."""
        unit = " s" if self.of == "first" else ""
        return (
            f"at most {self.most:.3g}{unit}" if self.most is not None else f"at least {self.least:.3g}{unit}"
        )

    def is_met(self, value: float) -> bool:
        """Return whether a value keeps the bound."""
        return (self.most is None or value <= self.most) and (self.least is None or value >= self.least)


@dataclass(frozen=True)
class Comparison:
    """Two sides measured in one run.

    Attributes
    ----------
    key, part, title : str
    covers : str
        Sentences that say what each value covers.
    ours, other : Side
    unit : str
        ``s``, ``bytes`` or ``ms``.
    target : Target, optional
    note : str
        Why a target does not count here, empty if it does.
    """

    key: str
    part: str
    title: str
    covers: str
    ours: Side
    other: Side
    unit: str = "s"
    target: Target | None = None
    note: str = ""

    @property
    def ratio(self) -> float:
        """Return ours by the other's, medians."""
        return self.ours.middle / self.other.middle

    @property
    def met(self) -> bool | None:
        """Return whether the target is met; None without one."""
        judged = self.ours.middle if self.target and self.target.of == "first" else self.ratio
        return self.target.is_met(judged) if self.target else None

    def record(self) -> dict[str, Any]:
        """Return the content of the record in the file."""
        target = asdict(self.target) | {"words": self.target.words()} if self.target else None
        return {"kind": "comparison", **asdict(self), "ratio": self.ratio, "met": self.met, "target": target}


@dataclass(frozen=True)
class Check:
    """Something that holds or not, of this publication (``ours``) or of what it is compared with."""

    key: str
    part: str
    words: str
    holds: bool
    ours: bool = True

    def record(self) -> dict[str, Any]:
        """Return the content of the record in the file."""
        return {"kind": "check", **asdict(self)}


Finding = Comparison | Check


def read(path: Path = FILE) -> dict[str, Any]:
    """Read the committed measurements."""
    content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return content


def write(content: dict[str, Any]) -> None:
    """Write the measurements and their page."""
    write_json(FILE, content, sort=False)
    write_whole(PAGE, report(content))


def missed(content: dict[str, Any]) -> list[str]:
    """Return titles of targets that are not met, and checks about this publication that do not hold."""
    return [
        found.get("title") or found["words"]
        for found in content["findings"]
        if found.get("met") is False or (found["kind"] == "check" and found["ours"] and not found["holds"])
    ]


def report(content: dict[str, Any]) -> str:
    """Return the report: each part between two comments, by which the page finds it."""
    parts = {"machine": machine(content), "targets": targets(content)}
    parts |= {part: "\n\n".join(measured(content, part)) for part in PARTS}
    return "\n".join(f"<!-- {name} -->\n\n{text}\n\n<!-- end of {name} -->\n" for name, text in parts.items())


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
    rows = []
    for found in content["findings"]:
        if found["kind"] == "comparison" and found["target"]:
            first = shown(median(found["ours"]["values"]), found["unit"])
            met = "met" if found["met"] else "**not met**"
            rows.append(
                (
                    escape_markdown(found["title"]),
                    first if found["target"]["of"] == "first" else number(found["ratio"]),
                    escape_markdown(found["target"]["words"]),
                    f"{met}; {escape_markdown(found['note'])}" if found["note"] else met,
                )
            )
    broken = [
        f"**Does not hold.** {escape_markdown(found['words'])}"
        for found in content["findings"]
        if found["kind"] == "check" and found["ours"] and not found["holds"]
    ]
    return "\n\n".join([markdown_table(("what", "measured", "target", "verdict"), rows), *broken])


def measured(content: dict[str, Any], part: str) -> Iterator[str]:
    """Yield the comparisons of a part as a table, what each covers, and what was checked."""
    mine = [found for found in content["findings"] if found["part"] == part]
    compared = [found for found in mine if found["kind"] == "comparison"]
    if not mine:
        yield "Not measured."
    if compared:
        names = {which: {found[which]["name"] for found in compared} for which in SIDES}
        common = {which: next(iter(found)) if len(found) == 1 else "" for which, found in names.items()}
        rows = [
            (
                escape_markdown(found["title"]),
                *(side(found, which, named=not common[which]) for which in SIDES),
                number(found["ratio"]),
            )
            for found in compared
        ]
        first, second = (escape_markdown(common[which]) for which in SIDES)
        yield markdown_table(("what", first or "first", second or "second", "ratio"), rows)
    titles: dict[str, list[str]] = {}
    for found in compared:
        titles.setdefault(found["covers"], []).append(found["title"])
    covered = [
        f"- {f'**{escape_markdown(named[0])}.** ' if len(named) == 1 else ''}{escape_markdown(covers)}"
        for covers, named in titles.items()
    ]
    checked = [
        f"- **{'Holds' if found['holds'] else 'Does not hold'}.** {escape_markdown(found['words'])}"
        for found in mine
        if found["kind"] == "check"
    ]
    yield from ("\n".join(items) for items in (covered, checked) if items)


def side(finding: dict[str, Any], which: str, *, named: bool) -> str:
    """Return the median of a side, its range over repetitions, and its name unless the column has it."""
    values, unit = finding[which]["values"], finding["unit"]
    spread = f" ({shown(min(values), unit)} to {shown(max(values), unit)})" if len(values) > 1 else ""
    name = f", {escape_markdown(finding[which]['name'])}" if named else ""
    return f"{shown(median(values), unit)}{spread}{name}"


def shown(value: float, unit: str) -> str:
    """Return a measured value with its unit."""
    if unit == "bytes":
        return f"{value / 1000:,.0f} kB"
    if unit == "ms":
        return f"{value:,.0f} ms"
    if value < 0.001:
        return f"{value * 1e6:,.0f} µs"
    return f"{value * 1000:,.3g} ms" if value < 1 else f"{value:,.1f} s"


def number(ratio: float) -> str:
    """Return a ratio with three significant digits."""
    return f"{ratio:.3g}" if ratio < 100 else f"{ratio:,.0f}"


if __name__ == "__main__":
    write(read())
