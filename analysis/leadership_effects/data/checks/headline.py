"""Check that the planned specification of a grid is the headline of the case."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from leadership_effects.data.checks.lines import Lines, fields
from leadership_effects.data.checks.problem import Problem
from leadership_effects.data.checks.windows import GRIDS, OPTIONS, years_of
from leadership_effects.data.grid import headline_estimator


def headlines(lines: Lines) -> Iterator[Problem]:
    """Yield choices of a planned specification that are not those of the primary panel.

    Where a case has no primary panel, the panel of the planned outcome stands for it.
    """
    for case_id, entry in lines.cases.items():
        for name in GRIDS:
            grid, panels = fields(entry.get(name)), fields(entry.get("panels"))
            planned = fields(grid.get("planned"))
            base = fields(panels.get(str(fields(grid.get("outcomes")).get(str(planned.get("outcome"))))))
            if not base or not years_of(base, "pre") or not years_of(base, "post"):
                continue
            primary = [fields(panels.get(str(one))) for one in entry.get("primary") or ()] or [base]
            same = [panel for panel in primary if panel.get("indicator") == base.get("indicator")]
            if not same:
                allowed = ", ".join(map(str, entry["primary"]))
                message = f"{planned['outcome']} is no outcome of a primary panel; allowed: one of {allowed}"
                yield lines.planned(f"{case_id}.{name}.planned.outcome", message)
                continue
            for dimension, message in _differing(grid, base, same[0], lines.rules):
                yield lines.planned(f"{case_id}.{name}.planned.{dimension}", message)


def _differing(
    grid: Mapping[str, Any], base: Mapping[str, Any], headline: Mapping[str, Any], rules: Mapping[str, Any]
) -> Iterator[tuple[str, str]]:
    """Yield dimensions whose planned choice is not the headline's, and why."""
    options = {dimension: _options(grid, dimension) for dimension in OPTIONS}
    planned = fields(grid.get("planned"))
    chosen = {
        d: str(planned.get(d, found[0])) for d, found in options.items() if d in planned or len(found) == 1
    }
    if not chosen.get("start", "").isdigit():
        return
    first = fields(grid.get("first_years")).get(chosen.get("outcome", ""))
    first = first if type(first) is int else 0
    pre, post = years_of(headline, "pre"), years_of(headline, "post")
    windows, comparisons = fields(grid.get("windows")), fields(grid.get("comparisons"))

    def before(start: str, before: str) -> list[int]:
        years = [year for year in years_of(grid, "years") if first <= year < int(start)]
        return years[-1:] if before == "last" else years

    def after(window: str) -> list[int]:
        return [year for year in years_of(windows, window) if year >= max(int(chosen["start"]), first)]

    fits = {
        "start": [one for one in options["start"] if before(one, "all") == pre],
        "before": [one for one in options["before"] if before(chosen["start"], one) == pre],
        "window": [one for one in options["window"] if after(one) == post],
        "comparison": [
            one for one, rule in comparisons.items() if _set_of(base, fields(rule)) == _set_of(headline)
        ],
        "weights": ["population" if headline.get("place_weights") else "equal"],
        "estimator": [headline_estimator(len(pre), int(rules.get("sdid_minimum_pre_periods", len(pre) + 1)))],
        "scale": ["points"],
    }
    if chosen["start"] not in fits["start"] and before(chosen["start"], chosen.get("before", "all")) == pre:
        fits["start"].append(chosen["start"])
    if chosen["start"] not in fits["start"]:
        del fits["before"]  # one message on the years before
    wanted = {
        "start": f"years before {pre}", "before": f"years before {pre}", "window": f"years after {post}",
        "comparison": f"comparison places {_set_of(headline) or 'without a rule of their own'}",
    }  # fmt: skip
    for dimension, allowed in fits.items():
        own = chosen.get(dimension)
        if own in options[dimension] and own not in allowed:
            asked = (
                " or ".join(map(str, allowed))
                or f"an option, to be added, that gives the {wanted[dimension]}"
            )
            yield dimension, f"{own} is not the headline's; allowed: {asked}, as the primary panel has it"


def _options(grid: Mapping[str, Any], dimension: str) -> list[str]:
    name, default = OPTIONS[dimension]
    return [str(one) for one in grid.get(name) or default]


def _set_of(panel: Mapping[str, Any], rule: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Return what selects the comparison places of a panel, or of a rule on it."""
    kept = {"exclude": panel.get("exclude"), "leave_out_started": panel.get("leave_out_started")}
    margin = {"start_at_most_above_treated": panel.get("start_at_most_above_treated")}
    merged = kept | (margin if rule is None else dict(rule))
    merged["exclude"] = sorted(fields(merged["exclude"]))
    return {key: value for key, value in merged.items() if value not in (None, "", [])}
