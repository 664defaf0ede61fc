"""Check the rows and the plan of a case, whatever its chapter holds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from leadership_effects.cases.stage import stage_problems, staged, worksheet_problems
from leadership_effects.cases.worksheets import FILL, SYNTHESIS_ROLES, CaseRows
from leadership_effects.data.panels import PanelError, build_panel
from leadership_effects.data.plan import PlanError, case_plan
from leadership_effects.data.release import Release, is_draft, open_release
from leadership_effects.data.rows import read_rows
from leadership_effects.data.validation import Problem
from leadership_effects.data.vocabulary import DIMENSIONS, LEVERAGE_POINTS, STRATEGIES

CODED = {
    "dimension": DIMENSIONS, "strategy": STRATEGIES, "leverage": LEVERAGE_POINTS, "outcome": ("verdict",),
}  # fmt: skip
MIN_REASON_WORDS = 4
MIN_CODERS = 2
# Tables in which a row may go without a source of its own.
SOURCE_OPTIONAL = ("units", "indicators", "sources", "coding")


def unfilled(case: CaseRows) -> Iterator[Problem]:
    """Yield cells and fields that still ask to be filled."""
    for sheet in case.sheets.values():
        for row in sheet.rows:
            for column, cell in row.cells.items():
                if cell.startswith(FILL):
                    yield Problem(sheet.file, row.number, column, f"to be filled: {_hint(cell)}")
    for where, value in _leaves({case.case_id: case.plan, "synthesis": case.roles}):
        if value.startswith(FILL):
            yield Problem(case.plan_file, None, where, f"to be filled: {_hint(value)}")


def _hint(cell: str) -> str:
    return cell.removeprefix(FILL).strip(" :") or "see data/README.md for what is allowed"


def _leaves(content: Any, where: str = "") -> Iterator[tuple[str, str]]:
    """Yield the texts of nested content with their paths."""
    if isinstance(content, dict):
        for key, value in content.items():
            yield from _leaves(value, f"{where}.{key}".lstrip("."))
    elif isinstance(content, list):
        for value in content:
            yield from _leaves(value, where)
    elif isinstance(content, str):
        yield where, content


def identity(case: CaseRows) -> Iterator[Problem]:
    """Require one row in the table of cases, and a start that plan and table agree on."""
    sheet = case.sheets["cases"]
    if len(sheet.rows) != 1:
        yield Problem(sheet.file, None, "case_id", f"{len(sheet.rows)} rows of {case.case_id}; allowed: one")
        return
    row, planned = sheet.rows[0], case.plan.get("first_treated_year")
    start = row.cells["first_treated_year"]
    if start != ("" if planned is None else str(planned)):
        message = f"is {start or 'blank'}; allowed: that of {case.plan_file}, {planned}"
        yield Problem(sheet.file, row.number, "first_treated_year", message)


def cited_sources(case: CaseRows) -> Iterator[Problem]:
    """Require a known source in every row, and two sources at least."""
    known, cited = set(case.column("sources", "source_id")), set()
    for name, sheet in case.sheets.items():
        for row in sheet.rows:
            source = row.cells.get("source_id", "")
            if source.startswith(FILL) or (name in SOURCE_OPTIONAL and not source):
                continue
            if source not in known:
                message = f"{source or 'blank'} is no source; allowed: one of sources.csv"
                yield Problem(sheet.file, row.number, "source_id", message)
            if name != "sources":
                cited.add(source)
    if len(cited) < 2:
        message = "the rows of the case rest on fewer than two sources"
        yield Problem(case.sheets["cases"].file, None, "source_id", message)


def record(case: CaseRows) -> Iterator[Problem]:
    """Require a count of leadership, an event and a stated year."""
    leadership, events = case.sheets["leadership"], case.sheets["events"]
    for sheet, needed in (
        (leadership, "one documented count or share of leadership"),
        (events, "one event, dated or marked as undated"),
    ):
        if not sheet.rows:
            yield Problem(sheet.file, None, "", f"no row; a case needs {needed}")
    rows = [*events.rows, *leadership.rows]
    if rows and not any(row.cells["year_basis"].startswith((FILL, "stated")) for row in rows):
        message = "no event and no count has a stated year; a timeline needs one that a source dates"
        yield Problem(events.file, None, "year_basis", message)


def comparison(case: CaseRows) -> Iterator[Problem]:
    """Require comparison places enough for a test, or the reason in the plan why there are none."""

    def problem(field: str, message: str) -> Problem:
        return Problem(case.plan_file, None, field, message)

    if set(case.roles) - set(SYNTHESIS_ROLES) or len(case.roles) != 1:
        named = ", ".join(case.roles) or "nothing"
        yield problem("synthesis", f"names {named}; allowed: one of {', '.join(SYNTHESIS_ROLES)}")
    for kind, reason in case.roles.items():
        if kind != "entering" and not reason.startswith(FILL) and len(reason.split()) < MIN_REASON_WORDS:
            yield problem(f"synthesis.{kind}", f"{reason or 'blank'} is no reason; say in a sentence why")
    if len(str(case.plan.get("first_treated_reason", "")).split()) < MIN_REASON_WORDS:
        yield problem(
            f"{case.case_id}.first_treated_reason", "is missing; say why this year and what else it could be"
        )
    if case.described_because:
        return
    if not case.plan.get("primary"):
        yield problem(
            f"{case.case_id}.primary",
            "is empty; name a panel, or name the case under synthesis.described with the reason",
        )
    for name in case.plan.get("primary") or ():
        panel = (case.plan.get("panels") or {}).get(name) or {}
        if not panel.get("donors") and not panel.get("exclude"):
            yield problem(
                f"{case.case_id}.panels.{name}.donors",
                "is missing; say in words which comparison places are taken and why",
            )


def too_few_donors(case: CaseRows, release: Release) -> Iterator[Problem]:
    """Yield primary panels with too few comparison places, or that cannot be formed."""
    if case.described_because:
        return
    needed = release.plan["rules"]["minimum_donors"]
    try:
        plan = case_plan(release, case.case_id)
        panels = {name: build_panel(release, plan.panels[name]) for name in plan.primary}
    except (PlanError, PanelError) as error:
        yield Problem(case.plan_file, None, case.case_id, str(error).removeprefix("plan.yml: "))
        return
    for name, panel in panels.items():
        if panel.n_donors < needed:
            message = f"{panel.n_donors} comparison places; allowed: {needed} or more, or the reason under synthesis.described"
            yield Problem(case.plan_file, None, f"{case.case_id}.panels.{name}", message)


def claims(case: CaseRows) -> Iterator[Problem]:
    """Require a public claim, what the check of it found and why."""
    sheet = case.sheets["claims"]
    if not sheet.rows:
        message = "no row; write what is claimed of the place and by whom, a count of reach if nothing else"
        yield Problem(sheet.file, None, "", message)
    for row in sheet.rows:
        for column in ("verdict", "reason"):
            if not row.cells[column]:
                yield Problem(sheet.file, row.number, column, "is blank; say what the check found and why")


def coding(case: CaseRows) -> Iterator[Problem]:
    """Require two coders for every item, each with evidence and reason."""
    sheet = case.sheets["coding"]
    for row in sheet.rows:
        for column in ("coder", "evidence", "reason"):
            if not row.cells[column]:
                message = "is blank; silence is coded too: say where you looked"
                yield Problem(sheet.file, row.number, column, message)
    codes = Counter((row.cells["kind"], row.cells["item"]) for row in sheet.rows)
    coders = {(row.cells["kind"], row.cells["item"], row.cells["coder"]) for row in sheet.rows}
    for item in ((kind, name) for kind, items in CODED.items() for name in items):
        of_item = {coder for kind, name, coder in coders if (kind, name) == item}
        waiting = any(coder.startswith(FILL) for coder in of_item)
        if codes[item] < MIN_CODERS or (len(of_item) < MIN_CODERS and not waiting):
            message = f"{' '.join(item)} has {min(codes[item], len(of_item))} coder(s); allowed: two or more"
            yield Problem(sheet.file, None, "coder", message)


def bearings(case: CaseRows) -> Iterator[Problem]:
    """Require a bearing on every statement, silence written as such."""
    sheet = case.sheets["assessments"]
    assessed = {row.cells["statement_id"] for row in sheet.rows}
    for statement in (row["statement_id"] for row in read_rows(case.release, "statements")):
        if statement not in assessed:
            message = f"{statement} has no row; allowed: a bearing, which may be silent or contradicts"
            yield Problem(sheet.file, None, "statement_id", message)


ROW_RULES: tuple[Callable[[CaseRows], Iterable[Problem]], ...] = (
    unfilled, worksheet_problems, identity, cited_sources, record, comparison, claims, coding, bearings,
)  # fmt: skip


def row_problems(case: CaseRows) -> list[Problem]:
    """Return what the rows and the plan of a case lack."""
    return [problem for rule in ROW_RULES for problem in rule(case)]


def draft_problems(case: CaseRows) -> Iterator[Problem]:
    """Yield what the draft would have wrong with it once the case is in it."""
    if not case.filled():
        yield from too_few_donors(case, case.release)
    elif is_draft(case.release.folder) and not row_problems(case):
        with staged(case) as stage:
            yield from stage_problems(case, stage) or too_few_donors(
                case, open_release(case.release.name, stage.folder)
            )
