"""Hold measurements with their targets, and write them as JSON and as the Markdown that a page of the book includes."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from statistics import median
from typing import Any

from leadership_effects.errors import LeadershipError
from leadership_effects.files import read_json, write_json, write_whole
from leadership_effects.paths import ROOT, reports_folder
from leadership_effects.report.tables import escape_markdown, markdown_table

FILE = ROOT / "analysis" / "published" / "benchmark.json"
PAGE = reports_folder() / "benchmark.md"
PARTS = {
    "build": "Builds from nothing and after each kind of edit",
    "workers": "One worker and two",
    "estimators": "Estimators beside other packages",
    "pages": "Weight and paint of a page",
}


class BenchError(LeadershipError, RuntimeError):
    """A side of a comparison did not do its work, so that its time means nothing."""


@dataclass(frozen=True)
class Finding:
    """Something measured, beside another way to the same or alone.

    Attributes
    ----------
    title, covers : str
        What was measured, and a sentence on what the values cover.
    ours, other : tuple of float
        A value for each repetition; none of the other side if there is none.
    beside : str
        Name of the other side.
    unit : str
        ``s``, ``bytes`` or ``ms``.
    most, ratio_most : float, optional
        Targets: the most for the median of ours, or for the ratio of the medians.
    """

    title: str
    covers: str
    ours: tuple[float, ...]
    other: tuple[float, ...] = ()
    beside: str = ""
    unit: str = "s"
    most: float | None = None
    ratio_most: float | None = None

    def record(self, part: str) -> dict[str, Any]:
        """Return the content of the record in the file; ``met`` is None without a target."""
        middle = median(self.ours)
        ratio = middle / median(self.other) if self.other else None
        value, limit = (middle, self.most) if self.ratio_most is None else (ratio, self.ratio_most)
        met = None if value is None or limit is None else value <= limit
        return {"part": part, **asdict(self), "ratio": ratio, "met": met}


def write(content: dict[str, Any]) -> None:
    """Write the measurements and their page."""
    write_json(FILE, content, sort=False)
    write_whole(PAGE, report(content))


def report(content: dict[str, Any]) -> str:
    """Return the report: each part between two comments, by which the page finds it."""
    run = ((name, escape_markdown(words)) for name, words in content["run"].items())
    parts = {"run": markdown_table(("the last run", ""), run)}
    for part in PARTS:
        mine = [found for found in content["findings"] if found["part"] == part]
        titles: dict[str, list[str]] = {}
        for found in mine:
            titles.setdefault(escape_markdown(found["covers"]), []).append(escape_markdown(found["title"]))
        covers = [f"- {f'**{one[0]}.** ' if len(one) == 1 else ''}{words}" for words, one in titles.items()]
        parts[part] = "\n\n".join((table(mine), "\n".join(covers))) if mine else "Not measured."
    return "\n".join(f"<!-- {name} -->\n\n{text}\n\n<!-- end of {name} -->\n" for name, text in parts.items())


def table(findings: list[dict[str, Any]]) -> str:
    """Return the measurements of a part; columns that none of them fills are left out."""
    verdicts = {True: "met", False: "**not met**", None: ""}
    lines = []
    for found in findings:
        unit, ratio = found["unit"], found["ratio"]
        ratio_limit = f"ratio at most {found['ratio_most']:.3g}" if found["ratio_most"] else ""
        limit = f"at most {shown([found['most']], unit)}" if found["most"] else ratio_limit
        lines.append({
            "what": escape_markdown(found["title"]),
            "this book": shown(found["ours"], unit),
            "the other": shown(found["other"], unit),
            "which is": escape_markdown(found["beside"]),
            "ratio": f"{ratio:.3g}" if ratio else "",
            "target": f"{limit}: {verdicts[found['met']]}" if limit else "",
        })  # fmt: skip
    heads = [head for head in lines[0] if any(line[head] for line in lines)]
    return markdown_table(heads, ([line[head] for head in heads] for line in lines))


def shown(values: list[float], unit: str) -> str:
    """Return the median with its unit, and the range over the repetitions."""
    if not values:
        return ""
    short = unit == "s" and median(values) < 1
    scale, name = {"bytes": (1e-3, "kB"), "ms": (1.0, "ms"), "s": (1e3, "ms") if short else (1.0, "s")}[unit]
    digits = ".3g" if short else ".1f" if unit == "s" else ",.0f"
    middle, low, high = (
        f"{value * scale:{digits}} {name}" for value in (median(values), min(values), max(values))
    )
    return f"{middle} ({low} to {high})" if len(values) > 1 else middle


if __name__ == "__main__":
    write(read_json(FILE, {}))
