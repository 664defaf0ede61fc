"""Write the plan entry of a begun case: from a known panel, the rest to be filled."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from leadership_effects.cases.worksheets import FILL, CaseError
from leadership_effects.data.grid import PLAIN, WEIGHTED, headline_estimator
from leadership_effects.data.release import Release
from leadership_effects.data.rows import read_rows
from leadership_effects.errors import nearest_names

WAITING = (
    "Added after the results of the joint test were known; it waits for a plan that takes it in beforehand."
)
# Order of a panel's fields in the plan, and what an author is asked where the rows do not hold it.
ASKED = {
    "indicator": "an indicator_id of indicators.csv",
    "unit_type": "a unit_type of units.csv",
    "treated": "name of the treated unit as in units.csv",
    "pre": "a list of years before the start, such as [2009, 2012]",
    "post": "a list of years after it",
}


@dataclass(frozen=True)
class Request:
    """What an author asks for.

    Attributes
    ----------
    case_id, title : str
    panel : str
        Panel that holds the outcomes; one that the release lacks gets worksheets of its own. Empty for none.
    unit : str
        Name of the treated unit in the panel.
    start : int or None
        First treated year. Without one a place in a panel of the release is described.
    country : str
        Country of the place; empty where the author is asked.
    described : bool
        Whether nothing can be compared.
    """

    case_id: str
    title: str
    panel: str
    unit: str
    start: int | None
    country: str = ""
    described: bool = False

    def is_described(self, release: Release) -> bool:
        """Return whether the case is begun without a comparison."""
        return self.described or (self.start is None and self.in_release(release))

    def in_release(self, release: Release) -> bool:
        """Return whether its panel is one of the release."""
        return self.panel in panels_of(release)


def panels_of(release: Release) -> list[str]:
    """List the panels of outcomes of a release."""
    names = [entry["name"] for entry in release.descriptor["resources"]]
    return [name.removeprefix("outcomes-") for name in names if name.startswith("outcomes-")]


def series_of(release: Release, asked: Request) -> tuple[str, dict[str, list[int]]]:
    """Return the treated unit's type and the years of each of its indicators, longest first."""
    rows = release.outcomes(asked.panel)
    own = rows[rows["name"] == asked.unit]
    if own.empty:
        known = nearest_names(asked.unit, rows["name"])
        raise CaseError(f"panel {asked.panel} holds no unit {asked.unit!r}; allowed with --unit: {known}")
    kind = str(own["unit_type"].iloc[0])
    years = {
        str(name): sorted(map(int, group["year"]))
        for name, group in own[own["unit_type"] == kind].groupby("indicator_id")
    }
    return kind, dict(sorted(years.items(), key=lambda pair: -len(pair[1])))


def comparable_years(release: Release, indicator: str, years: list[int], start: int) -> list[int]:
    """Return the years of a series that no break parts from those around a start.

    Examples
    --------
    >>> from leadership_effects.data.release import open_release
    >>> comparable_years(open_release("2026.5"), "pisa_mathematics", [2000, 2003, 2006, 2009, 2012], 2009)
    [2003, 2006, 2009, 2012]
    """
    broken = break_years(release, indicator)
    first = max((year for year in broken if year < start), default=min(years))
    end = min((year for year in broken if year >= start), default=max(years) + 1)
    return [year for year in years if first <= year < end]


def break_years(release: Release, *indicators: str) -> list[int]:
    """Return the first years after breaks of some series, rising."""
    rows = read_rows(release, "breaks")
    return sorted(
        int(row["year"]) for row in rows if row["indicator_id"] in indicators and row["kind"] == "break"
    )


def synthesis_roles(release: Release, asked: Request) -> dict[str, str]:
    """Return the roles in the synthesis: described if not compared, and added."""
    why = f"{FILL} why nothing can be compared, in a sentence"
    return ({"described": why} if asked.is_described(release) else {}) | {"added": WAITING}


def plan_entry(release: Release, asked: Request) -> dict[str, Any]:
    """Return the entry of the plan, filled from the rows of a known panel; the rest is asked."""
    entry: dict[str, Any] = {
        "treated_unit": asked.unit,
        "first_treated_year": asked.start or f"{FILL} year, or null where none can be defended",
        "first_treated_reason": f"{FILL} why this year and what else it could be, in a sentence",
    }
    if asked.in_release(release):
        kind, series = series_of(release, asked)
    if asked.is_described(release):
        reason = f"{FILL} what is known of when it began, and why no year is counted from, in a sentence"
        return entry | {
            "first_treated_year": None,
            "first_treated_reason": reason,
            "primary": [],
            "panels": {},
        }
    donors = f"{FILL} which comparison places are taken and why, in a sentence"
    fewest = int(release.plan["rules"]["sdid_minimum_pre_periods"])
    if asked.start is None or not asked.in_release(release):
        panel: dict[str, Any] = {field: f"{FILL} {words}" for field, words in ASKED.items()}
        panels = {"outcome": panel | {"donors": donors}}
        return entry | {"primary": ["outcome"], "panels": panels, "grid": _grid_to_fill(asked, fewest)}
    panels = {}
    for indicator, held in series.items():
        years = comparable_years(release, indicator, held, asked.start)
        pre, post = [y for y in years if y < asked.start], [y for y in years if y >= asked.start]
        if pre and post:
            panels[indicator.removeprefix(f"{asked.panel}_")] = {
                "indicator": indicator, "unit_type": kind, "treated": [asked.unit], "pre": pre, "post": post,
                "exclude": {}, "donors": donors,
            }  # fmt: skip
    if not panels:
        raise CaseError(
            f"no indicator of panel {asked.panel} has {asked.unit} both before and from {asked.start} without a break of the "
            f"series between; allowed: {series}"
        )
    first = next(iter(panels))
    names = _titles(release, {name: str(panel["indicator"]) for name, panel in panels.items()})
    return entry | {"primary": [first], "panels": panels, "grid": _grid(panels, names, asked.start, fewest)}


def start_in_words(asked: Request, entry: dict[str, Any]) -> str:
    """Return the first year after and the last wave before in words; empty without a start."""
    if asked.start is None or not entry["primary"]:
        return ""
    pre = entry["panels"][entry["primary"][0]]["pre"]
    before = f"{pre[-1]}" if isinstance(pre, list) else f"the last of your outcomes before {asked.start}"
    return (
        f"first year after: {asked.start}; last wave before: {before}. {asked.start} is entered as the year in which it "
        "began too; where that was earlier, correct start_year in cases.csv"
    )


def _titles(release: Release, indicators: dict[str, str]) -> dict[str, str]:
    """Return the title of each panel's indicator, under which charts name it."""
    titles = {row["indicator_id"]: row["title"] for row in read_rows(release, "indicators")}
    return {name: titles[indicator] for name, indicator in indicators.items()}


def _grid_to_fill(asked: Request, fewest: int) -> dict[str, Any]:
    """Return a specification grid of a panel that is not there yet."""
    start = asked.start or f"{FILL} the first year that counts as after"
    outcome, rule = "main outcome", f"{WEIGHTED} with {fewest} or more years before, {PLAIN} with fewer"
    return {
        "outcomes": {outcome: "outcome"},
        "years": f"{FILL} a list of the years of pre and of post",
        "starts": [start],
        "before": ["all", "last"],
        "windows": {"all after": f"{FILL} the list of post", "last alone": f"{FILL} a list of the last year of post"},
        "comparisons": {"planned set": {}, "ten nearest before": {"nearest": 10}},
        "estimators": f"{FILL} a list that holds the planned one",
        "planned": {"outcome": outcome, "start": start, "before": "all", "window": "all after", "comparison": "planned set",
                    "estimator": f"{FILL} {rule}"},
        "not_varied": {"start": f"{FILL} why one start alone, or add starts above and take this line out"},
    }  # fmt: skip


def _grid(
    panels: dict[str, dict[str, Any]], names: dict[str, str], start: int, fewest: int
) -> dict[str, Any]:
    """Return a specification grid that every panel bears, to be widened before a result is seen."""
    first = names[next(iter(panels))]
    after = sorted({year for panel in panels.values() for year in panel["post"]})
    words = headline_estimator(len(next(iter(panels.values()))["pre"]), fewest)
    return {
        "outcomes": {names[name]: name for name in panels},
        "years": sorted({year for panel in panels.values() for year in panel["pre"] + panel["post"]}),
        "first_years": {names[name]: panel["pre"][0] for name, panel in panels.items()},
        "starts": [start],
        "before": ["all", "last"],
        "windows": {"all after": after, "last alone": after[-1:]},
        "comparisons": {"planned set": {}, "ten nearest before": {"nearest": 10}},
        "estimators": [*dict.fromkeys((words, PLAIN))],
        "planned": {"outcome": first, "start": start, "before": "all", "window": "all after", "comparison": "planned set",
                    "estimator": words},
        "not_varied": {"start": f"{FILL} why one start alone, or add starts above and take this line out"},
    }  # fmt: skip
