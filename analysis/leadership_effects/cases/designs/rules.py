"""Check a staggered adoption design against its contract: rows, plan and chapter."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from leadership_effects.cases.chapter_rules import (
    MIN_SECTION_WORDS,
    NUM,
    SRC,
    Case,
    by_rules,
    in_order,
    opening,
    references,
    template_text,
)
from leadership_effects.cases.designs.plan_entry import bare_design, listed, unidentified
from leadership_effects.cases.plan_entry import panels_of
from leadership_effects.cases.row_rules import MIN_REASON_WORDS, cited_sources, unfilled
from leadership_effects.cases.rules.contradictions import contradiction_problems
from leadership_effects.cases.stage import draft_problems, staged, worksheet_problems
from leadership_effects.cases.worksheets import FILL, WRITE, CaseRows
from leadership_effects.data.checks.problem import Problem
from leadership_effects.data.panels import PanelError
from leadership_effects.data.plan import PlanError
from leadership_effects.data.release import Release, is_draft
from leadership_effects.data.rows import read_rows
from leadership_effects.data.staggered.design import Design, design_from, design_variant, read_design
from leadership_effects.data.staggered.panel import STATUS, StaggeredPanel, build_staggered
from leadership_effects.data.staggered.starts import StartError
from leadership_effects.data.sweeps import sweep_path
from leadership_effects.simulation.staggered_dose import sweeps_of
from leadership_effects.simulation.staggered_size import LEAST_POOL, design_shape

LEAST_TREATED, LEAST_IN_GROUP = 2, 2
# Calls that every chapter of a design makes, with the section in which they are expected.
CALLS = {
    "study.deviations": "The question", "study.places": "Which {many} are compared?", "study.calendar": "Which {many} are compared?",
    "study.verdict": "How far did results move?", "study.bounds_chart": "How far did results move?",
    "study.estimate": "How far did results move?", "study.size": "Could luck explain it?",
    "study.could_see": "How large would it have to be?", "study.event_study": "Was it under way before?",
    "study.leads": "Was it under way before?", "study.magnitudes": "Was it under way before?",
    "study.estimators": "Do other methods agree?", "study.sensitivity": "Does it hang on single choices or {many}?",
    "study.leave_outs": "Does it hang on single choices or {many}?", "study.curve": "Every reasonable choice at once",
    "study.dose_known": "How many teachers and alumni were there?", "in_words.record_sentences": "", "study.registry.save": "",
}  # fmt: skip
STAGES = (
    "The question", "How much could the teachers do by themselves?", "Which {many} are compared?", "How far did results move?",
    "Could luck explain it?", "How large would it have to be?", "Was it under way before?", "What else could explain it?",
    "Do other methods agree?", "Does it hang on single choices or {many}?", "Every reasonable choice at once",
    "How many teachers and alumni were there?", "What we can say, and what not", "What would change our mind",
)  # fmt: skip
FIRST_SCREEN = (
    ("sentence on what was found", r"^\{{\.lead\}}$", "{{.lead}} and below it one sentence without a number"),
    ("chart that decides", r"^```\{{chart\}} {case}\.\w+$", "```{{chart}} {case}.bounds"),
    (
        "rival explanation",
        r"^\*\*What else could explain it\.\*\*",
        "a paragraph **What else could explain it.**",
    ),
    ("reason why it came later", r"\{{num\}}`words\.added`", "**How sure.** with {{num}}`words.added`"),
    ("way to the evidence", r"^```\{{evidence\}}$", "```{{evidence}} as its last line"),
)
MARK = (
    "mark of how sure it is",
    r"\{{sure\}}`{case}\.verdict\.smallest`",
    "{{sure}}`{case}.verdict.smallest`",
)


# Rows and plan


def _filled(case: CaseRows) -> bool:
    return FILL not in str(case.plan)


def plan_form(case: CaseRows) -> Iterator[Problem]:
    """Yield the first field of a filled plan that is not allowed, and reasons that are none."""
    if not _filled(case):
        return
    try:
        design = design_from(case.case_id, case.plan)
        for key in design.sensitivity:
            design_variant(design, key)
    except PlanError as error:
        where, _, message = str(error).removeprefix("plan.yml: many_places.designs.").partition(": ")
        yield case.plan_problem(where, message)
        return
    if design.role != "added":
        message = f"found {design.role!r}; allowed: added, because the results of the others are known"
        yield case.plan_problem(f"{case.case_id}.role", message)
    for name in ("reason", "question"):
        if len(str(case.plan.get(name, "")).split()) < MIN_REASON_WORDS:
            yield case.plan_problem(
                f"{case.case_id}.{name}", f"found {case.plan.get(name)!r}; allowed: a sentence"
            )


def _names(value: Any) -> list[str]:
    return [str(one) for one in (value if isinstance(value, list) else [])]


def plan_names(case: CaseRows) -> Iterator[Problem]:
    """Yield a panel, a kind of unit and series of the plan that no row has."""
    own = {row.cells["panel"] for row in case.rows_of("units")}
    panel, kind = str(case.plan.get("panel", "")), str(case.plan.get("unit_type", ""))
    panels = [*dict.fromkeys([*panels_of(case.release), *sorted(own)])]
    if panel not in panels and not panel.startswith(FILL):
        yield case.plan_problem(
            f"{case.case_id}.panel", f"{panel!r} is no panel; allowed: {', '.join(panels)}"
        )
        return
    units = [row for row in _rows(case, "units") if row["panel"] == panel]
    kinds = sorted({row["unit_type"] for row in units if not row["unit_type"].startswith(FILL)})
    if kinds and kind not in kinds and not kind.startswith(FILL):
        yield case.plan_problem(
            f"{case.case_id}.unit_type", f"{kind!r} is no unit of {panel}; allowed: {', '.join(kinds)}"
        )
    series = [row["indicator_id"] for row in _rows(case, "indicators") if row["panel"] == panel]
    for name in _names(case.plan.get("indicators")):
        if name not in series:
            message = f"{name!r} is no indicator of {panel}; allowed: {', '.join(series)}"
            yield case.plan_problem(f"{case.case_id}.indicators", message)


def _rows(case: CaseRows, table: str) -> list[dict[str, str]]:
    """Return the rows of the release and of the worksheets."""
    return [*read_rows(case.release, table), *(row.cells for row in case.rows_of(table))]


def unit_codes(case: CaseRows) -> Iterator[Problem]:
    """Yield units of the worksheets without a code, by which their start would be matched."""
    for row in case.rows_of("units"):
        if not row.cells["code"]:
            message = "is blank; allowed: the code that starts.csv names the unit by, or that of the statistics office"
            yield case.sheets["units"].problem(row, "code", message)


def start_rows(case: CaseRows) -> Iterator[Problem]:
    """Yield starts without a year, or of no unit of the panel."""
    panel, kind = case.plan.get("panel"), case.plan.get("unit_type")
    codes = {
        row["code"] for row in _rows(case, "units") if row["panel"] == panel and row["unit_type"] == kind
    } - {""}
    uncoded = any(not row.cells["code"] for row in case.rows_of("units"))  # told as such
    for row in case.rows_of("starts"):
        code, year = row.cells["code"], row.cells["year"]
        if not year:
            yield case.sheets["starts"].problem(row, "year", "is blank; allowed: a year, or no row")
        if codes and not uncoded and code not in codes and not code.startswith(FILL):
            message = f"{code} is the code of no unit of {panel}; allowed: a code of its units, or no row"
            yield case.sheets["starts"].problem(row, "code", message)


def groups(case: CaseRows) -> Iterator[Problem]:
    """Yield groups of too few units, and units in two groups."""
    held = case.plan.get("groups")
    of = held.get("of") if isinstance(held, dict) else None
    seen: dict[str, str] = {}
    for group, codes in (of if isinstance(of, dict) else {}).items():
        where = f"{case.case_id}.groups.of.{group}"
        if not isinstance(codes, list) or len(codes) < LEAST_IN_GROUP:
            message = f"holds {len(_names(codes))} unit(s); allowed: {LEAST_IN_GROUP} or more, so that one of them can stay untreated"
            yield case.plan_problem(where, message)
        for code in _names(codes):
            if seen.setdefault(code, group) != group:
                yield case.plan_problem(where, f"{code} is in {seen[code]} too; allowed: one group")


ROW_RULES: tuple[Callable[[CaseRows], Iterable[Problem]], ...] = (
    unfilled, worksheet_problems, cited_sources, plan_form, plan_names, unit_codes, start_rows, groups, contradiction_problems,
)  # fmt: skip


def row_problems(case: CaseRows) -> list[Problem]:
    """Return what the rows and the plan of a design lack, one problem for a cell."""
    found = [problem for rule in ROW_RULES for problem in rule(case)]
    first: dict[tuple[str, int | None, str], Problem] = {}
    for problem in found:
        first.setdefault((problem.file, problem.row, problem.column), problem)
    return list(first.values())


def of_draft(case: CaseRows, release: Release) -> Iterator[Problem]:
    """Yield lists that the rows do not give, and places too few for test or simulation."""
    where = case.case_id
    try:
        design = bare_design(where, case.plan)
        panel = build_staggered(release, design)
        found = [*_begun_late(case, design, panel)] or [*_lists(case, panel), *_too_few(case, panel)]
        if unidentified(release, design):
            message = "the starts leave a group without a unit that has not begun, in some wave; allowed: fewer or wider groups, or none"
            found.append(case.plan_problem(f"{where}.groups", message))
        yield from found
        if not found and read_design(release, where).judged:
            design_shape(release, where)
    except (PlanError, PanelError, StartError) as error:
        told = str(error).removeprefix("plan.yml: ").removeprefix(f"many_places.designs.{where}: ")
        yield case.plan_problem(where, told)


def _begun_late(case: CaseRows, design: Design, panel: StaggeredPanel) -> Iterator[Problem]:
    """Yield starts after the last wave of units that the plan does not name as never treated.

    A unit with too few waves is out of the design, whenever it began.
    """
    register = panel.register[(panel.register["status"] == STATUS[1]) & panel.register["start"].notna()]
    late, never = dict(zip(register["code"], register["start"], strict=True)), _names(case.plan.get("never"))
    for row in case.rows_of("starts"):
        code, year = row.cells["code"], row.cells["year"]
        counted = row.cells["measure"] == design.measure and year == str(late.get(code))
        if counted and code not in never:
            message = f"{year} is after the last wave, {design.waves[-1]}; allowed: a year up to it, or {code} under never of {case.plan_file}"
            yield case.sheets["starts"].problem(row, "year", message)


def _lists(case: CaseRows, panel: StaggeredPanel) -> Iterator[Problem]:
    """Yield lists of the plan that the rows do not give."""
    for name, given in listed(panel).items():
        planned = case.plan.get(name) or type(given)()
        if (sorted(planned) if isinstance(planned, list) else planned) != given:
            message = f"is {planned}; allowed: as the rows give it, {given}"
            yield case.plan_problem(f"{case.case_id}.{name}", message)


def _too_few(case: CaseRows, panel: StaggeredPanel) -> Iterator[Problem]:
    """Yield a panel with too few places that began, or that never did."""
    treated = int(panel.treated.sum())
    held = {"treated": (treated, LEAST_TREATED), "never": (len(panel.places) - treated, LEAST_POOL)}
    for name, (number, least) in held.items():
        if number < least:
            message = f"{number} unit(s) with enough waves; allowed: {least} or more, or no design but cases one by one"
            yield case.plan_problem(f"{case.case_id}.{name}", message)


def _staged_problems(case: CaseRows) -> list[Problem]:
    """Return what the draft would have wrong with it once the design is in it."""
    if not case.filled():
        return list(of_draft(case, case.release))
    if not is_draft(case.release.folder):
        return []
    with staged(case) as stage:
        return draft_problems(case, stage, of_draft)


# The chapter


def _many(case: CaseRows) -> str:
    places = case.plan.get("places")
    return str(places.get("many", "places")) if isinstance(places, dict) else "places"


def stages(case: Case) -> Iterator[Problem]:
    """Require the sections in their order, with nothing left to be written."""
    yield from in_order(case, [stage.format(many=_many(case)) for stage in STAGES])


def calls(case: Case) -> Iterator[Problem]:
    """Require the calls that show places, estimate, power, checks and sentences."""
    called = {name for name, _ in case.calls}
    for call, section in CALLS.items():
        if call not in called:
            yield case.missing(section.format(many=_many(case)), f"{call}() is not called")


def first_screen(case: Case) -> Iterator[Problem]:
    """Require on the first screen: sentence, mark, chart, three figures, doubts, evidence."""
    yield from opening(case, [*FIRST_SCREEN, MARK] if case.plan.get("scale") == "pupil SD" else FIRST_SCREEN)


def finding(case: Case) -> Iterator[Problem]:
    """Require a rival with a source or a number, what would change the finding, and a source."""
    rivals = [part for part in case.sections.get(STAGES[7], "").split("\n\n") if WRITE not in part]
    if not any("**" in part and (SRC.search(part) or NUM.search(part)) for part in rivals):
        yield case.missing(
            STAGES[7], "names no rival explanation; allowed: **Its name.** and a source or a number on it"
        )
    if len(case.sections.get(STAGES[-1], "").split()) < MIN_SECTION_WORDS:
        yield case.missing(
            STAGES[-1],
            "is too short; name the data and the result that would support the claim, and those against",
        )


CHAPTER_RULES: tuple[Callable[[Case], Iterable[Problem]], ...] = (
    stages, calls, first_screen, finding, references, template_text,
)  # fmt: skip


def design_problems(case: Case) -> list[Problem]:
    """Return everything that a design lacks; empty if it keeps the contract."""
    rows = row_problems(case)
    return [*rows, *([] if rows else _staged_problems(case)), *by_rules(case, CHAPTER_RULES)]


def simulation_line(case: CaseRows) -> str:
    """Say whether the test was simulated, which comes before the estimate is looked at."""
    name, release = case.case_id, case.release.name
    if case.plan.get("scale") != "pupil SD":
        return f"{name}: its outcome has no pupil SD, so its test is not simulated"
    sweeps = [sweep.name for sweep in sweeps_of(name)]
    if all(sweep_path(release, sweep).is_file() for sweep in sweeps):
        return f"{name}: simulated on its own shape"
    return f"{name}: simulate before you look at the estimate: nox -s simulations -- {' '.join(sweeps)} --release {release}"
