"""The directive ``benchmark``: parts of the committed measurements of ``nox -s bench``.

What does not follow from the measured values is refused: a ratio that is not that of its medians, a target said to be met
that is not, a part that the page has no place for.
"""

import math
from collections.abc import Iterator
from html import escape
from pathlib import Path
from statistics import median
from typing import Any

from docutils import nodes
from docutils.nodes import Node
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from leadership_book.problems import report
from leadership_book.records import UnknownName, read_json, records
from leadership_book.reproduction import grid

PARTS = ("build", "workers", "cases", "estimators", "pages", "kill")
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


class Benchmark(SphinxDirective):
    """Show one part of the measurements, or ``machine``, or ``targets``."""

    required_arguments = 1

    def run(self) -> list[Node]:
        """Return the part as HTML, or a sentence that nothing was measured yet."""
        part, path = self.arguments[0], measured_file(records(self.env).root)
        if part not in (*SUMMARIES, *PARTS):
            allowed = ", ".join((*SUMMARIES, *PARTS))
            report(self.env, self.lineno, f'unknown part "{part}"; allowed: {allowed}')
            return []
        self.env.note_dependency(str(path))
        if not path.is_file():
            words = "Nothing has been measured yet: <code>nox -s bench</code> does."
            return [nodes.raw("", f"<p>{words}</p>", format="html")] if part == "machine" else []
        try:
            content = read_json(path)
            checked(content)
        except UnknownName as error:
            report(self.env, self.lineno, str(error))
            return []
        show = SUMMARIES.get(part)
        return [nodes.raw("", show(content) if show else measured(content, part), format="html")]


def measured_file(root: Path) -> Path:
    """Return the file of the measurements."""
    return root / "analysis" / "published" / "benchmark.json"


def checked(content: dict[str, Any]) -> None:
    """Refuse measurements that are incomplete or contradict themselves."""
    missing = [name for name in HEAD if name not in content]
    if missing:
        raise UnknownName(f"benchmark.json lacks {', '.join(missing)}")
    for finding in content["findings"]:
        where = f"benchmark.json: {finding.get('key', 'a finding without a key')}"
        fields = FIELDS.get(finding.get("kind", ""))
        if fields is None:
            raise UnknownName(f"{where}: kind is {finding.get('kind')!r}; allowed: {', '.join(FIELDS)}")
        lacking = [name for name in fields if name not in finding]
        if lacking:
            raise UnknownName(f"{where} lacks {', '.join(lacking)}")
        if finding["part"] not in PARTS:
            raise UnknownName(f"{where}: part is {finding['part']!r}; allowed: {', '.join(PARTS)}")
        if finding["kind"] == "comparison":
            consistent(where, finding)


def consistent(where: str, finding: dict[str, Any]) -> None:
    """Refuse a ratio or a verdict that does not follow from the values."""
    for side in ("ours", "other"):
        values = finding[side]["values"]
        if not values or not all(isinstance(value, (int, float)) and value > 0 for value in values):
            raise UnknownName(f"{where}: {side} has no positive values")
    ratio = middle(finding["ours"]) / middle(finding["other"])
    if not math.isclose(ratio, finding["ratio"], rel_tol=1e-9):
        raise UnknownName(f"{where}: ratio is {finding['ratio']}, the values give {ratio:.6g}")
    target = finding["target"]
    judged = middle(finding["ours"]) if target and target["of"] == "first" else ratio
    holds = target and (target["most"] is None or judged <= target["most"])
    holds = holds and (target["least"] is None or judged >= target["least"])
    if finding["met"] is not (bool(holds) if target else None):
        raise UnknownName(f"{where}: met is {finding['met']}, the values say otherwise")


def middle(side: dict[str, Any]) -> float:
    """Return the median of a side."""
    return float(median(side["values"]))


def machine(content: dict[str, Any]) -> str:
    """Return date, machine and code."""
    box, load = content["machine"], content["load_before"]
    rows = [
        ("date", escape(content["date"])),
        ("code", escape(content["code"])),
        ("data release", escape(content["release"])),
        ("processor", escape(f"{box['processor']}, {box['cores']} cores")),
        ("memory", f"{box['memory_gb']} GB" if box["memory_gb"] else "not told by the system"),
        ("system", escape(f"{box['system']}, {box['architecture']}")),
        ("Python", escape(content["python"])),
        ("packages", escape(", ".join(f"{name} {number}" for name, number in content["packages"].items()))),
        ("load before the run", f"{load} processes in the minute before"),
        ("builds measured", f"{content['repeat']} time{'s' if content['repeat'] > 1 else ''} each"),
        ("the whole run", f"{content['seconds'] / 60:.0f} minutes"),
    ]
    return grid("The last run", ("what", "in this run"), rows)


def targets(content: dict[str, Any]) -> str:
    """Return the targets that the publication set itself, met or not."""
    rows = [
        (escape(finding["title"]), judged(finding), escape(finding["target"]["words"]), verdict(finding))
        for finding in content["findings"]
        if finding["kind"] == "comparison" and finding["target"]
    ]
    broken = [
        finding["words"] for finding in content["findings"] if finding["kind"] == "check" and fails(finding)
    ]
    lead = "".join(f"<p><strong>Does not hold.</strong> {escape(words)}</p>" for words in broken)
    return grid("Targets", ("what", "measured", "target", "verdict"), rows) + lead


def fails(check: dict[str, Any]) -> bool:
    """Return whether a check about this publication does not hold."""
    return bool(check["ours"]) and not check["holds"]


def judged(finding: dict[str, Any]) -> str:
    """Return what the target bounds, as printed."""
    alone = finding["target"]["of"] == "first"
    return amount(middle(finding["ours"]), finding["unit"]) if alone else number(finding["ratio"])


def verdict(finding: dict[str, Any]) -> str:
    """Return whether the target is met, with what qualifies it."""
    words = "met" if finding["met"] else "<strong>not met</strong>"
    return f"{words}; {escape(finding['note'])}" if finding["note"] else words


def measured(content: dict[str, Any], part: str) -> str:
    """Return the comparisons of a part as a table, what each covers, and what was checked."""
    mine = [finding for finding in content["findings"] if finding["part"] == part]
    compared = [finding for finding in mine if finding["kind"] == "comparison"]
    if not mine:
        return "<p>Not measured.</p>"
    common = {which: shared(compared, which) for which in ("ours", "other")}
    rows = [
        (
            escape(finding["title"]),
            *(side(finding, which, named=not common[which]) for which in common),
            number(finding["ratio"]),
        )
        for finding in compared
    ]
    heads = ("what", escape(common["ours"] or "first"), escape(common["other"] or "second"), "ratio")
    table = grid(f"Measured: {NAMES[part]}", heads, rows) if rows else ""
    return table + listed(covered(compared)) + listed(checks(mine))


def shared(compared: list[dict[str, Any]], which: str) -> str:
    """Return the name that a side has in all comparisons of a part, nothing if it has several."""
    names = {finding[which]["name"] for finding in compared}
    return names.pop() if len(names) == 1 else ""


def side(finding: dict[str, Any], which: str, *, named: bool) -> str:
    """Return one side: the median, the range over repetitions, the name unless the column has it."""
    one = finding[which]
    values, unit = one["values"], finding["unit"]
    spread = f" ({amount(min(values), unit)} to {amount(max(values), unit)})" if len(values) > 1 else ""
    name = f", {escape(one['name'])}" if named else ""
    return f"{amount(middle(one), unit)}{spread}{name}"


def covered(compared: list[dict[str, Any]]) -> Iterator[str]:
    """Yield what the comparisons cover; one sentence that holds for several is said once."""
    titles: dict[str, list[str]] = {}
    for finding in compared:
        titles.setdefault(finding["covers"], []).append(finding["title"])
    for words, named in titles.items():
        lead = f"<strong>{escape(named[0])}.</strong> " if len(named) == 1 else ""
        yield f"{lead}{escape(words)}"


def checks(mine: list[dict[str, Any]]) -> Iterator[str]:
    """Yield what was checked."""
    for finding in mine:
        if finding["kind"] == "check":
            yield f"<strong>{'Holds' if finding['holds'] else 'Does not hold'}.</strong> {escape(finding['words'])}"


def listed(items: Iterator[str]) -> str:
    """Return a list, or nothing if there is nothing to list."""
    made = "".join(f"<li>{item}</li>" for item in items)
    return f"<ul>{made}</ul>" if made else ""


def number(ratio: float) -> str:
    """Return a ratio with three significant digits."""
    return f"{ratio:.3g}" if ratio < 100 else f"{ratio:,.0f}"


def amount(value: float, unit: str) -> str:
    """Return a measured value in words."""
    if unit == "bytes":
        return f"{value / 1000:,.0f} kB"
    if unit == "ms":
        return f"{value:,.0f} ms"
    if value < 1e-3:
        return f"{value * 1e6:,.0f} µs"
    return f"{value * 1e3:,.3g} ms" if value < 1 else f"{value:,.1f} s"


NAMES = {
    "build": "builds",
    "workers": "one worker and two",
    "cases": "number of cases",
    "estimators": "estimators",
    "pages": "pages",
    "kill": "killed builds",
}
SUMMARIES = {"machine": machine, "targets": targets}


def connect(app: Sphinx) -> None:
    """Register the directive."""
    app.add_directive("benchmark", Benchmark)
