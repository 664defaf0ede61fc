"""What a benchmark found, as records: two sides measured in one run with a target, and things that must hold."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from typing import Any

from leadership_effects.paths import ROOT

FILE = ROOT / "analysis" / "published" / "benchmark.json"
PARTS = {
    "build": "The whole build, and what is built again",
    "workers": "One worker and two",
    "cases": "Ten times as many cases",
    "estimators": "Estimators and packages of the registry",
    "pages": "Weight and paint of the pages",
    "kill": "Killed builds",
}
UNITS = ("s", "bytes", "ms")


class BenchError(RuntimeError):
    """A side of a comparison did not do its work, so that its time means nothing."""


@dataclass(frozen=True)
class Side:
    """One side of a comparison.

    Attributes
    ----------
    name : str
    values : tuple of float
        One for each repetition.
    """

    name: str
    values: tuple[float, ...]

    @property
    def middle(self) -> float:
        """Median over the repetitions."""
        return median(self.values)


@dataclass(frozen=True)
class Target:
    """A bound that the publication set itself.

    Attributes
    ----------
    of : str
        ``ratio`` of the first side to the second, or ``first`` alone.
    most, least : float, optional
    """

    of: str
    most: float | None = None
    least: float | None = None

    def words(self) -> str:
        """The bound in words."""
        unit = " s" if self.of == "first" else ""
        return f"at most {self.most:g}{unit}" if self.most is not None else f"at least {self.least:g}{unit}"


@dataclass(frozen=True)
class Comparison:
    """Two sides measured in one run.

    Attributes
    ----------
    key, part, title : str
    covers : str
        Sentences that say what each time covers.
    ours, other : Side
    unit : str
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
        """Ours by the other's, medians."""
        return self.ours.middle / self.other.middle

    @property
    def judged(self) -> float:
        """The number that the target bounds."""
        return self.ours.middle if self.target and self.target.of == "first" else self.ratio

    @property
    def met(self) -> bool | None:
        """Whether the target is met; None without one."""
        if self.target is None:
            return None
        most = self.target.most is None or self.judged <= self.target.most
        return most and (self.target.least is None or self.judged >= self.target.least)

    def record(self) -> dict[str, Any]:
        """Content of the record in the file."""
        return asdict(self) | {
            "ratio": self.ratio,
            "judged": self.judged,
            "met": self.met,
            "target": asdict(self.target) | {"words": self.target.words()} if self.target else None,
        }


@dataclass(frozen=True)
class Check:
    """Something that must hold, or was found to be so.

    Attributes
    ----------
    key, part, words : str
    holds : bool
    ours : bool
        Whether it is about this publication; else about what it is compared with.
    """

    key: str
    part: str
    words: str
    holds: bool
    ours: bool = True


Finding = Comparison | Check


def terminal_table(findings: list[Finding]) -> str:
    """Lines for the terminal: ratios with their targets, then what was checked."""
    lines = []
    for part, title in PARTS.items():
        mine = [finding for finding in findings if finding.part == part]
        if not mine:
            continue
        lines += ["", title]
        for finding in mine:
            if isinstance(finding, Check):
                lines.append(
                    f"  {'holds' if finding.holds else 'FAILS' if finding.ours else 'does not hold'}: {finding.words}"
                )
                continue
            target = (
                f"{finding.target.words()}: {'met' if finding.met else 'NOT MET'}" if finding.target else ""
            )
            lines.append(
                f"  {finding.title}: {shown(finding.ours.middle, finding.unit)} against "
                f"{shown(finding.other.middle, finding.unit)} ({finding.other.name}), ratio {finding.ratio:.3g}"
                f"{'; ' + target if target else ''}{'; ' + finding.note if finding.note else ''}"
            )
    return "\n".join(lines)


def shown(value: float, unit: str) -> str:
    """A measured value in words."""
    if unit == "bytes":
        return f"{value / 1000:,.0f} kB"
    if unit == "ms":
        return f"{value:,.0f} ms"
    if value < 0.001:
        return f"{value * 1e6:,.0f} µs"
    return f"{value * 1000:,.3g} ms" if value < 1 else f"{value:,.1f} s"


def missed(findings: list[Finding]) -> list[str]:
    """Titles of the targets that are not met and of the checks about this publication that fail."""
    return [
        finding.title if isinstance(finding, Comparison) else finding.words
        for finding in findings
        if (finding.met is False if isinstance(finding, Comparison) else finding.ours and not finding.holds)
    ]


def read(path: Path = FILE) -> dict[str, Any]:
    """Read the committed benchmark."""
    content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return content
