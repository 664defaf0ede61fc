"""Refuse a case or a design that contradicts its plan, its rows or the rows of the release."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from leadership_effects.cases.stage import taken_keys
from leadership_effects.cases.worksheets import CASE, FILL, CaseRows, leaves, schema_of
from leadership_effects.data.checks.cells import dated_by
from leadership_effects.data.checks.contradictions import ROW_RULES, TABLE_RULES
from leadership_effects.data.checks.keys import MIN_REASON_WORDS, UNSEEN, pointer, unfinished_mark
from leadership_effects.data.checks.lines import Line, Lines, fields, folded, release_tables
from leadership_effects.data.checks.problem import Problem
from leadership_effects.data.checks.sheets import SHEET_RULES
from leadership_effects.data.checks.windows import GRIDS, not_varied, years_of
from leadership_effects.data.grid import grid_plan
from leadership_effects.data.plan import ALLOWED, PlanError, read_case_plan
from leadership_effects.data.release import release_order
from leadership_effects.data.rows import read_rows
from leadership_effects.data.vocabulary import place_name

REASONS = {"donors", "exclude", "first_treated_reason", "not_varied", "synthesis"}  # of the plan: texts
DOI_HEAD = re.compile(r"^(?:https?://(?:dx\.)?doi\.org/)?")


def contradiction_problems(case: CaseRows) -> list[Problem]:
    """Return contradictions of rows and plan, whatever else is still to be filled."""
    lines, places = case_lines(case), {(s.file, row.number) for s in case.sheets.values() for row in s.rows}
    tables = {
        n: [line for line in rows if (line.file, line.number) in places] for n, rows in lines.tables.items()
    }
    own = replace(lines, tables=tables)
    found = [
        *(problem for rule in ROW_RULES for problem in rule(own)),
        *(problem for rule in TABLE_RULES for problem in rule(lines)),
        *(problem for rule in SHEET_RULES if case.filled() for problem in rule(_with_known(own, lines))),
        *(problem for rule in SHARED_RULES for problem in rule(case, lines)),
        *(problem for rule in CASE_RULES if case.kind is CASE for problem in rule(case, lines)),
    ]
    # A cell that asks to be filled is blank here: what it lacks is told with what is allowed, and once.
    asked = {
        (sheet.file, row.number, column)
        for sheet in case.sheets.values() for row in sheet.rows for column, cell in row.cells.items() if cell.startswith(FILL)
    }  # fmt: skip
    return [
        problem
        for problem in dict.fromkeys(found)
        if ((problem.file, problem.row) in places or problem.file == case.plan_file)
        and (problem.file, problem.row, problem.column) not in asked
    ]


def _with_known(own: Lines, lines: Lines) -> Lines:
    """Return the rows of a case with the units and indicators that a release holds."""
    known = {name: lines.of(name) for name in ("units", "indicators")}
    return replace(own, tables={**own.tables, **known})


def case_lines(case: CaseRows) -> Lines:
    """Return the rows of the release, those of the case in the place of what it brought."""
    panels = _panels(case)
    tables = release_tables(case.release, f"{case.release.name}/", panels)
    for name, sheet in case.sheets.items():
        own = [Line(sheet.file, row.number, _without_marks(row.cells)) for row in sheet.rows]
        if name in case.kind.owned:
            kept = [line for line in tables.get(name, ()) if line[case.kind.owned[name]] != case.case_id]
        else:
            key = schema_of(case.release, name)["primaryKey"]
            brought = taken_keys(case.release, case.case_id)
            mine = {tuple(line[column] for column in key) for line in own}.union(
                *(keys for table, keys in brought.items() if table.partition("-")[0] == name)
            )
            kept = [
                line for line in tables.get(name, ()) if tuple(line[column] for column in key) not in mine
            ]
        tables[name] = [*kept, *own]
    planned = {case.case_id: _without_marks(case.plan)} if case.kind is CASE else {}
    described = {*(case.release.plan["synthesis"].get("described") or {})} - {case.case_id}
    return Lines(
        tables, planned, frozenset(described | ({case.case_id} if case.described_because else set())),
        case.plan_file, release_order(case.release.name)[0], fields(case.release.plan.get("rules")),
    )  # fmt: skip


def _panels(case: CaseRows) -> set[str]:
    """Return the panels of the release that the plan of a case or a design takes outcomes from."""
    planned = [one for kind in ("panels", "gaps") for one in (case.plan.get(kind) or {}).values()]
    named = {name for one in planned if isinstance(one, dict) for name in names_of(one.get("indicator"))}
    named |= {*names_of(case.plan.get("indicators"))}
    rows = read_rows(case.release, "indicators")
    return {row["panel"] for row in rows if row["indicator_id"] in named}


def _without_marks(content: Any) -> Any:
    """Return content with what is still to be filled left blank."""
    if isinstance(content, dict):
        return {key: _without_marks(value) for key, value in content.items()}
    return "" if isinstance(content, str) and content.startswith(FILL) else content


def _own_rows(case: CaseRows, lines: Lines) -> Iterator[Problem]:
    """Yield rows of the worksheets that name another place."""
    for name, sheet in case.filled().items():
        for row in sheet.rows if name in CASE.owned else ():
            owner = row.cells[CASE.owned[name]]
            if owner != case.case_id and not owner.startswith(FILL):
                message = f"{owner or 'blank'} is another place; allowed: {case.case_id}"
                yield sheet.problem(row, CASE.owned[name], message)


def _own_panel(case: CaseRows, lines: Lines) -> Iterator[Problem]:
    """Yield indicators of the worksheets in another panel than the units."""
    panels = sorted({row.cells["panel"] for row in case.rows_of("units")})
    for row in case.rows_of("indicators"):
        if panels and row.cells["panel"] not in panels and not row.cells["panel"].startswith(FILL):
            message = (
                f"{row.cells['panel'] or 'blank'} is not the panel of units.csv; allowed: {', '.join(panels)}"
            )
            yield case.sheets["indicators"].problem(row, "panel", message)


def _treated_unit(case: CaseRows, lines: Lines) -> Iterator[Problem]:
    """Yield treated units of a case with panels that are no unit."""
    known = [line["unit_id"] for line in lines.of("units")]
    compared = bool(case.plan.get("panels") or case.plan.get("gaps"))
    for row in case.sheets["cases"].rows if compared else ():
        unit = row.cells["treated_unit"]
        if unit not in known and not unit.startswith(FILL):
            allowed = _near(unit, known)
            yield case.sheets["cases"].problem(
                row, "treated_unit", f"{unit or 'blank'} is no unit; allowed: a unit_id of units.csv{allowed}"
            )


def _treated_by_plan(case: CaseRows, lines: Lines) -> Iterator[Problem]:
    """Yield treated units of the worksheets that no panel and no gap of the plan treats."""
    plan = lines.cases[case.case_id]
    held = [fields(one) for kind in ("panels", "gaps") for one in fields(plan.get(kind)).values()]
    treated = {name for one in held for name in names_of(one.get("treated"))}
    if not treated or any(len(names_of(one.get("treated"))) > 1 for one in held):
        return
    units = {line["unit_id"]: line for line in lines.of("units")}
    for row in case.sheets["cases"].rows if case.filled() else ():
        unit = units.get(row.cells["treated_unit"])
        if unit is not None and treated.isdisjoint({unit["name"], unit["parent"]} - {""}):
            message = f"{row.cells['treated_unit']} is {unit['name']}; allowed: the treated unit of {case.plan_file}"
            yield case.sheets["cases"].problem(
                row, "treated_unit", f"{message}, {', '.join(sorted(treated))}"
            )


def _titled(case: CaseRows, lines: Lines) -> Iterator[Problem]:
    """Yield treated units beside another of the panel that bears the title of the case."""
    units = {line["unit_id"]: line for line in lines.of("units")}
    for row in case.sheets["cases"].rows if case.filled() else ():
        title, unit = folded(place_name(row.cells["title"])), units.get(row.cells["treated_unit"])
        if unit is None or not title or title in {folded(unit["name"]), folded(unit["parent"])}:
            continue
        named = [
            one["unit_id"]
            for one in units.values()
            if one["panel"] == unit["panel"] and folded(one["name"]) == title
        ]
        if named:
            message = f"{row.cells['treated_unit']} is {unit['name']}, and {named[0]} bears the title of the case; allowed: {', '.join(named)}, or another title"
            yield case.sheets["cases"].problem(row, "treated_unit", message)


def _unfinished_plan(case: CaseRows, lines: Lines) -> Iterator[Problem]:
    """Yield texts of the plan that were left for later, say nothing or hold blanks not seen."""
    for where, text in leaves({case.case_id: case.plan, "synthesis": case.roles}):
        if not case.filled() or text.startswith(FILL):
            continue
        if mark := unfinished_mark(text):
            yield case.plan_problem(where, f"{mark!r} was left; allowed: the text as it is to be read")
        elif pointer(text) and REASONS & set(where.split(".")):
            yield case.plan_problem(where, f"{text!r} says nothing by itself; allowed: why, in a sentence")
        if re.search(UNSEEN, text):
            message = f"{text[:40]!r} has a blank that is not seen; allowed: single blanks"
            yield case.plan_problem(where, message)


def _unmeasured(case: CaseRows, lines: Lines) -> Iterator[Problem]:
    """Yield units of the worksheets that have no outcome beside others that do."""
    measured = {line["unit_id"] for line in lines.of("outcomes")}
    for row in case.rows_of("units") if case.rows_of("outcomes") else ():
        unit = row.cells["unit_id"]
        if unit and unit not in measured and not unit.startswith(FILL):
            message = f"{unit} has no row in outcomes.csv; allowed: a unit with outcomes, or no row"
            yield case.sheets["units"].problem(row, "unit_id", message)


def _twice(case: CaseRows, lines: Lines) -> Iterator[Problem]:
    """Yield rows of the worksheets under a key that a row above has."""
    for name, sheet in case.filled().items():
        columns, first = schema_of(case.release, name).get("primaryKey", []), dict[tuple[str, ...], int]()
        for row in sheet.rows:
            key = tuple(row.cells[column] for column in columns)
            if not all(key) or any(cell.startswith(FILL) for cell in key):
                continue
            if first.setdefault(key, row.number) != row.number:
                message = f"{', '.join(key)} stands in row {first[key]} already; allowed: each key once"
                yield sheet.problem(row, ", ".join(columns), message)


def _plan_form(case: CaseRows, lines: Lines) -> Iterator[Problem]:
    """Yield the first field of a filled plan that is missing, unknown or of another kind."""
    if not case.filled() or FILL in str(case.plan):
        return
    try:
        plan = read_case_plan(case.case_id, case.plan)
        for name in (name for name in GRIDS if case.plan.get(name)):
            grid_plan(plan, name)
    except PlanError as error:
        where, _, message = str(error).removeprefix("plan.yml: ").partition(": ")
        yield case.plan_problem(where, message)


def _near(name: str, known: list[str]) -> str:
    near = difflib.get_close_matches(name, known, n=3, cutoff=0.4)
    return f", such as {', '.join(near)}" if near else ""


def _plan_names(case: CaseRows, lines: Lines) -> Iterator[Problem]:
    """Yield names in the plan that no row has: indicators, kinds, units, panels."""
    plan = lines.cases[case.case_id]
    panels = fields(plan.get("panels"))
    for name in plan.get("primary") or ():
        if name not in panels:
            known = ", ".join(panels) or "none"
            yield case.plan_problem(f"{case.case_id}.primary", f"{name!r} is no panel; there are {known}")
    for name, panel in panels.items():
        if isinstance(panel, dict):
            yield from _panel_names(case, lines, f"{case.case_id}.panels.{name}", panel)
    grid = fields(plan.get("grid"))
    outcomes = fields(grid.get("outcomes"))
    used = [fields(panels.get(str(key))) for key in outcomes.values()]
    places = {place for panel in used for place in _places(lines, panel)}
    series = {name for panel in used for name in names_of(panel.get("indicator"))}
    waves = {line.year("year") for line in lines.of("outcomes") if line["indicator_id"] in series}
    for year in (year for year in years_of(grid, "years") if waves and year not in waves):
        message = f"{year} has no outcome of {', '.join(sorted(series))}; allowed: years of its rows"
        yield case.plan_problem(f"{case.case_id}.grid.years", message)
    comparisons = fields(grid.get("comparisons"))
    for label, rule in comparisons.items():
        where = f"{case.case_id}.grid.comparisons.{label}"
        for left in fields(fields(rule).get("exclude")) if places else ():
            if left not in places:
                yield case.plan_problem(
                    f"{where}.exclude", f"{left!r} is no unit of the panel{_near(str(left), sorted(places))}"
                )
        measure = fields(rule).get("leave_out_started", "")
        if measure not in ALLOWED["leave_out_started"]:
            allowed = ", ".join(filter(None, ALLOWED["leave_out_started"]))
            yield case.plan_problem(where, f"leave_out_started is {measure!r}; allowed: {allowed}")


def names_of(value: Any) -> list[str]:
    """Return one name of a plan, or a list of them, as a list."""
    return [str(one) for one in (value if isinstance(value, list) else [value]) if one]


def _places(lines: Lines, panel: Mapping[str, Any]) -> set[str]:
    """Return the names by which the units of a panel can be treated or left out."""
    indicators, kinds = names_of(panel.get("indicator")), names_of(panel.get("unit_type"))
    column = "parent" if panel.get("place_by") == "parent" else "name"
    measured = {line["unit_id"] for line in lines.of("outcomes") if line["indicator_id"] in indicators}
    return {
        line[column]
        for line in lines.of("units")
        if line["unit_id"] in measured and line["unit_type"] in kinds
    }


def _panel_names(case: CaseRows, lines: Lines, where: str, panel: Mapping[str, Any]) -> Iterator[Problem]:
    known = {line["indicator_id"]: line for line in lines.of("indicators")}
    named = names_of(panel.get("indicator"))
    for indicator in named:
        if indicator not in known:
            near = _near(indicator, list(known))
            yield case.plan_problem(
                f"{where}.indicator", f"{indicator!r} is no indicator of indicators.csv{near}"
            )
    measures = {known[one]["value_unit"] for one in named if one in known}
    if len(measures) > 1:
        message = f"measured in {', '.join(sorted(measures))}; allowed: indicators with one value_unit"
        yield case.plan_problem(f"{where}.indicator", message)
    kinds = {line["unit_type"] for line in lines.of("units")}
    for kind in names_of(panel.get("unit_type")):
        if kind not in kinds:
            near = _near(kind, sorted(kinds))
            yield case.plan_problem(f"{where}.unit_type", f"{kind!r} is no unit_type of units.csv{near}")
    places = _places(lines, panel)
    if not places:
        return
    excluded = fields(panel.get("exclude"))
    yield from _excluded(case, where, excluded, places - {*names_of(panel.get("treated"))})
    waves = {line.year("year") for line in lines.of("outcomes") if line["indicator_id"] in named}
    for side in ("pre", "post"):
        for year in (year for year in years_of(panel, side) if year not in waves):
            message = f"{year} has no outcome of {', '.join(named)}; allowed: years of its rows"
            yield case.plan_problem(f"{where}.{side}", message)
    for field, names in (("treated", names_of(panel.get("treated"))), ("exclude", list(excluded))):
        for name in names:
            if name not in places:
                message = f"{name!r} has no outcome of {', '.join(named)}{_near(name, sorted(places))}"
                yield case.plan_problem(f"{where}.{field}", message)
            elif field == "exclude" and name in names_of(panel.get("treated")):
                message = f"{name!r} is treated and left out; allowed: one of both"
                yield case.plan_problem(f"{where}.exclude", message)


def _excluded(case: CaseRows, where: str, excluded: Mapping[str, Any], others: set[str]) -> Iterator[Problem]:
    """Yield units left out without a reason, and a list that leaves nobody to compare with."""
    for name, reason in excluded.items():
        text = str(reason or "")
        if case.filled() and not text.startswith(FILL) and len(text.split()) < MIN_REASON_WORDS:
            message = f"{text or 'blank'} is no reason to leave out {name}; say in a sentence why"
            yield case.plan_problem(f"{where}.exclude", message)
    if others and others <= set(excluded):
        yield case.plan_problem(
            f"{where}.exclude", "leaves out every unit; allowed: some that stay to compare with"
        )


def _dates(case: CaseRows, lines: Lines) -> Iterator[Problem]:
    """Yield rows of the worksheets that are dated after their source."""
    sources = {line["source_id"]: line for line in lines.of("sources")}
    own = {sheet.file for sheet in case.filled().values()}
    for name in ("events", "leadership", "claims", "evaluations", "outcomes", "starts", "dose"):
        # A row that a worksheet shows as the release has it is corrected in the release.
        held = read_rows(case.release, name) if name in ("starts", "dose") and case.rows_of(name) else []
        for line in lines.of(name):
            if line.file in own and line.cells not in held and (problem := dated_by(line, sources)):
                yield problem


def _repeated(case: CaseRows, lines: Lines) -> Iterator[Problem]:
    """Yield sources and codes of places that the worksheets enter under a second key."""
    own = {sheet.file for sheet in case.filled().values()}
    works: dict[tuple[str, ...], str] = {}
    codes: dict[tuple[str, str, str], str] = {}
    for line in lines.of("sources"):
        # Annual reports of two bodies share title and year.
        same = [
            (folded(line["title"]), line["year"], folded(line[part])) for part in ("publisher", "address")
        ] + [("", "", folded(DOI_HEAD.sub("", line["doi"])))]
        first = next((works[work] for work in same if work[-1] and work in works), line["source_id"])
        works |= {work: first for work in same}
        if line.file in own and line["title"] and first != line["source_id"]:
            message = f"the work is there as {first}; allowed: {first} where it is cited, and no second row"
            yield line.problem("source_id", message)
    for line in lines.of("units"):
        place = (line["panel"], line["unit_type"], line["code"])
        first = codes.setdefault(place, line["unit_id"])
        if line.file in own and line["code"] and first != line["unit_id"]:
            yield line.problem("code", f"{line['code']} is the code of {first}; allowed: one unit for a code")


def _breaks(case: CaseRows, lines: Lines) -> Iterator[Problem]:
    """Yield breaks of the worksheets that lie outside the series they break."""
    for row in case.rows_of("breaks"):
        own = [line for line in lines.of("outcomes") if line["indicator_id"] == row.cells["indicator_id"]]
        known = sorted(found for line in own if (found := line.year("year")) is not None)
        year, indicator = row.cells["year"], row.cells["indicator_id"]
        if not own and case.rows_of("outcomes") and not indicator.startswith(FILL):
            message = f"{indicator} has no outcome in the panels of the plan; allowed: an indicator of the {case.kind.name}"
            yield case.sheets["breaks"].problem(row, "indicator_id", message)
        if known and year.isdigit() and not known[0] < int(year) <= known[-1]:
            message = f"{year} breaks nothing: the series runs from {known[0]} to {known[-1]}; allowed: the first year on the new basis"
            yield case.sheets["breaks"].problem(row, "year", message)


def _not_varied(case: CaseRows, lines: Lines) -> Iterator[Problem]:
    yield from not_varied(lines) if case.filled() else ()


# Rules over rows of worksheets, and those over rows and plan of a case.
SHARED_RULES: tuple[Callable[[CaseRows, Lines], Iterator[Problem]], ...] = (
    _own_panel, _dates, _repeated, _breaks, _unfinished_plan, _unmeasured, _twice,
)  # fmt: skip
CASE_RULES: tuple[Callable[[CaseRows, Lines], Iterator[Problem]], ...] = (
    _own_rows, _treated_unit, _plan_names, _not_varied, _treated_by_plan, _titled, _plan_form,
)  # fmt: skip
