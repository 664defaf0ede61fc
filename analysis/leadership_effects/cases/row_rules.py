"""Check the rows and the plan of a case, whatever its chapter holds."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from leadership_effects.cases.rules.contradictions import contradiction_problems
from leadership_effects.cases.stage import draft_problems, staged, worksheet_problems
from leadership_effects.cases.worksheets import (
    CASE,
    FILL,
    SYNTHESIS_ROLES,
    CaseRows,
    SheetRow,
    Worksheet,
    leaves,
)
from leadership_effects.counting import in_figures
from leadership_effects.data.checks.problem import Problem
from leadership_effects.data.panels import PanelError, build_panel
from leadership_effects.data.plan import PlanError, case_plan
from leadership_effects.data.release import Release, is_draft
from leadership_effects.data.rows import read_rows
from leadership_effects.data.vocabulary import DIMENSIONS, LEVERAGE_POINTS, STRATEGIES
from leadership_effects.report.compared.words import comparison_word

CODED = {
    "dimension": DIMENSIONS, "strategy": STRATEGIES, "leverage": LEVERAGE_POINTS, "outcome": ("verdict",),
}  # fmt: skip
MIN_REASON_WORDS = 4
DESCRIBED_LATER = {"added", "described"}  # roles of a further place that bears no comparison
MIN_CODERS = 2
BY_ITEM = ("assessments", "coding")  # sheets that are begun with a row for each statement, or item and coder
SHOWN_CELLS = 3  # of such a sheet, named one by one
# Tables that need a row, and what it holds.
NEEDED_ROWS = {
    "leadership": "a case needs one documented count or share of leadership",
    "events": "a case needs one event, dated or marked as undated",
    "claims": "write what is claimed of the place and by whom, a count of reach if nothing else",
}
# Cells that a row of a table needs beyond what the schema requires, and what they hold.
NEEDED_CELLS = {
    "claims": (("verdict", "reason"), "say what the check found and why"),
    "coding": (("coder", "evidence", "reason"), "silence is coded too: say where you looked"),
}
# Tables in which a row may go without a source of its own.
SOURCE_OPTIONAL = ("units", "indicators", "sources", "coding", "vocabulary")


def unfilled(case: CaseRows) -> Iterator[Problem]:
    """Yield cells and fields that still ask to be filled."""
    for name, sheet in case.sheets.items():
        found = [
            (row, column) for row in sheet.rows for column, cell in row.cells.items() if cell.startswith(FILL)
        ]
        if name in BY_ITEM and len(found) > SHOWN_CELLS:
            yield _open_cells(sheet, found)
            continue
        for row, column in found:
            yield sheet.problem(row, column, f"to be filled: {_hint(row.cells[column])}")
    for where, value in leaves({case.case_id: case.plan, "synthesis": case.roles}):
        if value.startswith(FILL):
            yield case.plan_problem(where, f"to be filled: {_hint(value)}")


def _open_cells(sheet: Worksheet, found: Sequence[tuple[SheetRow, str]]) -> Problem:
    """Return one problem for all open cells of a sheet that is begun with many rows."""
    rows = list(dict.fromkeys(row.number for row, _ in found))
    columns = ", ".join(dict.fromkeys(column for _, column in found))
    first, more = ", ".join(map(str, rows[:SHOWN_CELLS])), "" if len(rows) <= SHOWN_CELLS else " and others"
    message = (
        f"{in_figures(len(found), 'cell')} of {in_figures(len(rows), 'row')} to be filled, first of row {first}{more}; "
        "each cell says what is allowed there"
    )
    return Problem(sheet.file, rows[0], columns, message)


def _hint(cell: str) -> str:
    return cell.removeprefix(FILL).strip(" :") or "see data/README.md for what is allowed"


def identity(case: CaseRows) -> Iterator[Problem]:
    """Require one row in the table of cases, and a start that plan and table agree on."""
    sheet = case.sheets["cases"]
    if len(sheet.rows) != 1:
        yield sheet.problem(None, "case_id", f"{len(sheet.rows)} rows of {case.case_id}; allowed: one")
        return
    row, planned = sheet.rows[0], case.plan.get("first_treated_year")
    start = row.cells["first_treated_year"]
    if start != ("" if planned is None else str(planned)):
        message = f"is {start or 'blank'}; allowed: that of {case.plan_file}, {planned}"
        yield sheet.problem(row, "first_treated_year", message)


def cited_sources(case: CaseRows) -> Iterator[Problem]:
    """Require a known source in every row, and of a case two sources at least."""
    known, cited = set(case.column("sources", "source_id")), set()
    for name, sheet in case.sheets.items():
        for row in sheet.rows:
            source = row.cells.get("source_id", "")
            if source.startswith(FILL) or (name in SOURCE_OPTIONAL and not source):
                continue
            if source not in known:
                fault = f"{source or 'blank'} is no source; allowed: one of sources.csv"
                yield sheet.problem(row, "source_id", fault)
            if name != "sources":
                cited.add(source)
    if len(cited) < 2 and case.kind is CASE:
        fault = "the rows of the case rest on fewer than two sources"
        yield case.sheets["cases"].problem(None, "source_id", fault)


def needed(case: CaseRows) -> Iterator[Problem]:
    """Require counts, events, claims and a stated year, and reasons of checks and codes."""
    for name, what in NEEDED_ROWS.items():
        if not case.sheets[name].rows:
            yield case.sheets[name].problem(None, "", f"no row; {what}")
    for name, (columns, what) in NEEDED_CELLS.items():
        for row in case.sheets[name].rows:
            blank = [column for column in columns if not row.cells[column]]
            yield from (case.sheets[name].problem(row, column, f"is blank; {what}") for column in blank)
    rows = [*case.sheets["events"].rows, *case.sheets["leadership"].rows]
    if rows and not any(row.cells["year_basis"].startswith((FILL, "stated")) for row in rows):
        message = "no event and no count has a stated year; a timeline needs one that a source dates"
        yield case.sheets["events"].problem(None, "year_basis", message)


def comparison(case: CaseRows) -> Iterator[Problem]:
    """Require comparison places enough for a test, or the reason in the plan why there are none."""
    own, problem = case.case_id, case.plan_problem
    if set(case.roles) - set(SYNTHESIS_ROLES) or (
        len(case.roles) != 1 and set(case.roles) != DESCRIBED_LATER
    ):
        named = ", ".join(case.roles) or "nothing"
        allowed = f"one of {', '.join(SYNTHESIS_ROLES)}, or {' and '.join(sorted(DESCRIBED_LATER))}"
        yield problem("synthesis", f"names {named}; allowed: {allowed}")
    for kind, reason in case.roles.items():
        if kind != "entering" and not reason.startswith(FILL) and len(reason.split()) < MIN_REASON_WORDS:
            yield problem(f"synthesis.{kind}", f"{reason or 'blank'} is no reason; say in a sentence why")
    if len(str(case.plan.get("first_treated_reason", "")).split()) < MIN_REASON_WORDS:
        yield problem(
            f"{own}.first_treated_reason", "is missing; say why this year and what else it could be"
        )
    if case.described_because:
        return
    if not case.plan.get("primary"):
        message = "is empty; name a panel, or name the case under synthesis.described with the reason"
        yield problem(f"{own}.primary", message)
    for name in case.plan.get("primary") or ():
        panel = (case.plan.get("panels") or {}).get(name) or {}
        if not panel.get("donors") and not panel.get("exclude"):
            message = "is missing; say which comparison places are taken and why"
            yield problem(f"{own}.panels.{name}.donors", message)


def too_few_donors(case: CaseRows, release: Release) -> Iterator[Problem]:
    """Yield primary panels with too few comparison places, and bases they contradict."""
    if case.described_because:
        return
    least = release.plan["rules"]["minimum_donors"]
    try:
        plan = case_plan(release, case.case_id)
        panels = {name: build_panel(release, plan.panels[name]) for name in plan.primary}
    except (PlanError, PanelError) as error:
        yield case.plan_problem(case.case_id, str(error).removeprefix("plan.yml: "))
        return
    for name, panel in panels.items():
        if panel.n_donors < least:
            message = f"{panel.n_donors} comparison places; allowed: {least} or more, or the reason under synthesis.described"
            yield case.plan_problem(f"{case.case_id}.panels.{name}", message)
    start = next((row.cells.get("start_basis", "") for row in case.sheets["cases"].rows), "")
    word = comparison_word(list(panels.values()), start, least)
    for row in case.sheets["assessments"].rows:
        if row.cells["basis"] in ("full", "partial") and row.cells["basis"] != word:
            message = f"{row.cells['basis']}, and by the rule of the plan the comparison is {word}; allowed: {word}, study or none"
            yield case.sheets["assessments"].problem(row, "basis", message)


def coders(case: CaseRows) -> Iterator[Problem]:
    """Require two coders for every item; readings that others replaced do not count."""
    sheet = case.sheets["coding"]
    named = case.release.plan["synthesis"].get("readings") or {}
    again = {row.cells["coder"] for row in sheet.rows} & set(named.get("current", ()))
    earlier = named.get("earlier", ()) if again else ()
    for kind, name in ((kind, name) for kind, names in CODED.items() for name in names):
        cells = [r.cells for r in sheet.rows if (r.cells["kind"], r.cells["item"]) == (kind, name)]
        codes = [cell["coder"] for cell in cells if cell["coder"] not in earlier]
        waiting = any(coder.startswith(FILL) for coder in codes)
        found = len(codes) if waiting else len(set(codes))
        if found < MIN_CODERS:
            message = f"{kind} {name} has {found} coder(s); allowed: two or more"
            yield sheet.problem(None, "coder", message)


def bearings(case: CaseRows) -> Iterator[Problem]:
    """Require a bearing on every statement, silence written as such."""
    sheet = case.sheets["assessments"]
    assessed = {row.cells["statement_id"] for row in sheet.rows}
    for statement in (row["statement_id"] for row in read_rows(case.release, "statements")):
        if statement not in assessed:
            message = f"{statement} has no row; allowed: a bearing, which may be silent or contradicts"
            yield sheet.problem(None, "statement_id", message)


ROW_RULES: tuple[Callable[[CaseRows], Iterable[Problem]], ...] = (
    unfilled, worksheet_problems, identity, cited_sources, needed, comparison, coders, bearings, contradiction_problems,
)  # fmt: skip


def row_problems(case: CaseRows) -> list[Problem]:
    """Return what the rows and the plan of a case lack."""
    return [problem for rule in ROW_RULES for problem in rule(case)]


def staged_problems(case: CaseRows) -> Iterator[Problem]:
    """Yield what the draft would have wrong with it once the case is in it."""
    if not case.filled():
        yield from too_few_donors(case, case.release)
    elif is_draft(case.release.folder) and not row_problems(case):
        with staged(case) as stage:
            yield from draft_problems(case, stage, too_few_donors)
