"""List cells of a case that look like mistakes and may be right."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from leadership_effects.cases.rules.contradictions import case_lines, names_of
from leadership_effects.cases.worksheets import CASE, CaseRows
from leadership_effects.data.checks.lines import Lines, fields, folded
from leadership_effects.data.checks.problem import Problem
from leadership_effects.data.checks.suspicions.listed import suspicious_rows
from leadership_effects.data.checks.windows import years_of


def suspicious_cells(case: CaseRows) -> list[Problem]:
    """Return cells of the worksheets that look like mistakes and may be right."""
    own = {sheet.file for sheet in case.filled().values()}
    if not own:
        return []
    lines = case_lines(case)
    of_case = [*_untitled(case, lines), *_left_out(case, lines)] if case.kind is CASE else []
    found = [*suspicious_rows(lines), *of_case]
    return [problem for problem in found if problem.file in own or problem.file == case.plan_file]


def _left_out(case: CaseRows, lines: Lines) -> Iterator[Problem]:
    """Yield waves that a panel of the plan leaves out, and another unit that it names."""
    plan = lines.cases[case.case_id]
    unit = {line["unit_id"]: line for line in lines.of("units")}.get(own_unit(case))
    if unit is None:
        return
    others = {line["name"] for line in lines.of("units") if line["panel"] == unit["panel"]} - {
        unit["name"],
        unit["parent"],
    }
    if plan.get("treated_unit") in others:
        message = f"{plan['treated_unit']}, and the treated unit of cases.csv is {unit['name']}"
        yield case.plan_problem(f"{case.case_id}.treated_unit", message)
    for name, panel in fields(plan.get("panels")).items():
        series = names_of(fields(panel).get("indicator"))
        held = {
            line.year("year")
            for line in lines.of("outcomes")
            if line["indicator_id"] in series and line["unit_id"] == unit["unit_id"]
        }
        taken = {*years_of(panel, "pre"), *years_of(panel, "post")}
        waves = sorted(
            year for year in held - taken if year is not None and not _parted(lines, series, year, taken)
        )
        if taken and waves:
            message = f"leaves out {', '.join(map(str, waves))}, of which the treated unit has a figure"
            yield case.plan_problem(f"{case.case_id}.panels.{name}", message)


def _parted(lines: Lines, series: Collection[str], year: int, taken: set[int]) -> bool:
    """Return whether a break of a series lies between a year and those that a panel takes."""
    window = {year, *taken}
    return any(
        line["kind"] == "break" and min(window) < (line.year("year") or 0) <= max(window)
        for line in lines.of("breaks")
        if line["indicator_id"] in series
    )


def _untitled(case: CaseRows, lines: Lines) -> Iterator[Problem]:
    """Yield titles of which the treated unit has no word."""
    units = {line["unit_id"]: line for line in lines.of("units")}
    for row in case.rows_of("cases"):
        unit = units.get(row.cells["treated_unit"])
        words = {folded(word) for word in re.findall(r"\w{3,}", row.cells["title"])}
        held = (
            {folded(word) for word in re.findall(r"\w{3,}", f"{unit['name']} {unit['parent']}")}
            if unit
            else words
        )
        if words and words.isdisjoint(held):
            message = f"{row.cells['title']}, and the treated unit is {unit['name'] if unit else ''}: one place in two spellings, or two?"
            yield case.sheets["cases"].problem(row, "title", message)


def own_unit(case: CaseRows) -> str:
    """Return the id of the treated unit in the worksheet of cases."""
    return next((row.cells["treated_unit"] for row in case.rows_of("cases")), "")
