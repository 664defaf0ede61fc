"""The contract of a case: what every chapter holds, and what the one being written still lacks (``nox -s contract``).

Read are the rows of the case, its entry in the plan, the source of its notebook and the table of contents, not its
results, so that an author is told before anything runs. A requirement may be answered by a stated reason where the record
cannot bear it: a case without comparison places is described, with the reason in the plan. What this deliberately does not
decide: whether what is written is true, or a reason a good one. That takes a reader.
"""

from __future__ import annotations

import argparse
import ast
import difflib
import json
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jupytext
from docutils.nodes import make_id

from leadership_effects.cases.take import (
    STANDINGS,
    CaseRows,
    plan_entry,
    sheet_problems,
    stage_problems,
    staged,
)
from leadership_effects.cases.worksheets import (
    FILL,
    WRITE,
    case_sheets,
    released_table,
    whole_drafts,
    worksheet_folder,
)
from leadership_effects.data.panels import PanelError, build_panel
from leadership_effects.data.plan import PlanError, case_plan
from leadership_effects.data.release import (
    Release,
    ReleaseError,
    drafts,
    is_draft,
    newest_release,
    open_release,
)
from leadership_effects.data.validation import Problem
from leadership_effects.data.vocabulary import DIMENSIONS, LEVERAGE_POINTS, STRATEGIES
from leadership_effects.paths import ROOT, data_folder, results_folder

STAGES = (
    "The question", "Place and system", "Leadership build-up", "What is claimed", "The panel and its breaks",
    "What could be detected", "The estimate", "Placebo and robustness", "Rival explanations and published studies",
    "Dimensions, strategies and leverage points", "What strategy led to what", "What we can say, and how surely",
    "What would change our mind",
)  # fmt: skip
CODED = {
    "dimension": DIMENSIONS, "strategy": STRATEGIES, "leverage": LEVERAGE_POINTS, "outcome": ("verdict",),
}  # fmt: skip
NAME = re.compile(r"[a-z][a-z_]*")
SHORTEST_REASON = 4
SHORTEST_SECTION = 25
SRC, NUM = re.compile(r"\{src\}`[^`]+`"), re.compile(r"\{num\}`([^`]+)`")
NO_STUDY = re.compile(r"\b[Nn]o (?:\w+ ){0,3}(?:study|studies|evaluation|analysis)\b")


@dataclass(frozen=True)
class Case(CaseRows):
    """What the contract reads of one case, its rows and plan and its chapter.

    Attributes
    ----------
    notebook : str
        Path of the notebook's source.
    source : str
        Its text, empty if there is none.
    toc : str
        Text of ``_toc.yml``.
    """

    notebook: str
    source: str
    toc: str

    @property
    def reason(self) -> str:
        """Why the case bears no comparison, as the plan states it; empty if it bears one."""
        return self.standing.get("described", "")

    def sections(self) -> dict[str, str]:
        """Markdown of the notebook by heading of the second level, the opening under an empty heading."""
        found, heading = {"": ""}, ""
        for cell in jupytext.reads(self.source, fmt="py:percent").cells:
            if cell.cell_type == "markdown":
                for line in cell.source.splitlines():
                    if line.startswith("## "):
                        heading = line.removeprefix("## ").strip()
                    found[heading] = f"{found.get(heading, '')}{line}\n"
        return found

    def calls(self) -> list[tuple[str, ast.Call]]:
        """Calls of the notebook's code, each with its name as written: ``study.estimate``, ``study.show``."""
        return [(ast.unparse(n.func), n) for n in ast.walk(ast.parse(self.source)) if isinstance(n, ast.Call)]

    def missing(self, column: str, message: str) -> Problem:
        """A problem of the chapter; `column` names the section or call."""
        return Problem(self.notebook, None, column, message)


def read_case(release: Release, case_id: str, root: Path = ROOT) -> Case:
    """Everything that the contract reads of a case, from its worksheets where there are some.

    Raises
    ------
    ReleaseError
        If a worksheet, its plan or the release cannot be read, or nothing of such a case is there.
    """
    folder = worksheet_folder(release, case_id)
    notebook = root / "analysis" / "notebooks" / "cases" / f"{case_id}.py"
    if not folder.is_dir() and case_id not in release.plan["cases"]:
        known = ", ".join([*release.plan["cases"], *begun(release)])
        raise ReleaseError(f"no case {case_id!r}; there are {known}; nox -s new-case -- {case_id} begins one")
    entry, standing, file = plan_entry(release, case_id)
    return Case(
        release, case_id, case_sheets(release, case_id), entry, standing, file,
        notebook.relative_to(root).as_posix(), notebook.read_text(encoding="utf-8") if notebook.is_file() else "",
        (root / "_toc.yml").read_text(encoding="utf-8"),
    )  # fmt: skip


def begun(release: Release) -> list[str]:
    """Cases that have worksheets."""
    found = sorted(path.parent.name for path in (release.folder.parent / "worksheets").glob("*/cases.csv"))
    return [name for name in found if NAME.fullmatch(name)]


def unfilled(case: Case) -> Iterator[Problem]:
    """Cells and fields that still ask to be filled."""
    for sheet in case.sheets.values():
        for row in sheet.rows:
            for column, cell in row.cells.items():
                if cell.startswith(FILL):
                    yield Problem(sheet.file, row.number, column, f"to be filled: {_hint(cell)}")
    for where, value in _leaves({case.case_id: case.plan, "synthesis": case.standing}):
        if value.startswith(FILL):
            yield Problem(case.plan_file, None, where, f"to be filled: {_hint(value)}")


def _hint(cell: str) -> str:
    return cell.removeprefix(FILL).strip(" :") or "see data/README.md for what is allowed"


def _leaves(content: Any, where: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(content, dict):
        for key, value in content.items():
            yield from _leaves(value, f"{where}.{key}".lstrip("."))
    elif isinstance(content, list):
        for value in content:
            yield from _leaves(value, where)
    elif isinstance(content, str):
        yield where, content


def cells(case: Case) -> Iterator[Problem]:
    """Cells of the worksheets that are of a kind or value that the descriptor does not allow."""
    return sheet_problems(case)


def identity(case: Case) -> Iterator[Problem]:
    """One row in the table of cases, and a start that plan and table agree on."""
    sheet = case.sheets["cases"]
    if len(sheet.rows) != 1:
        yield Problem(sheet.file, None, "case_id", f"{len(sheet.rows)} rows of {case.case_id}; allowed: one")
        return
    row, planned = sheet.rows[0], case.plan.get("first_treated_year")
    if row.cells["first_treated_year"] != ("" if planned is None else str(planned)):
        told = row.cells["first_treated_year"] or "blank"
        yield Problem(
            sheet.file,
            row.number,
            "first_treated_year",
            f"is {told}; allowed: that of {case.plan_file}, {planned}",
        )


def sources(case: Case) -> Iterator[Problem]:
    """Every row cites a source that is there, and no case rests on one source alone."""
    known = set(_column(case, "sources", "source_id"))
    cited = set()
    for name, sheet in case.sheets.items():
        for row in sheet.rows:
            source = row.cells.get("source_id", "")
            optional = name in ("units", "indicators", "sources", "coding")
            if source.startswith(FILL) or (optional and not source):
                continue
            if source not in known:
                yield Problem(
                    sheet.file,
                    row.number,
                    "source_id",
                    f"{source or 'blank'} is no source; allowed: one of sources.csv",
                )
            cited |= {source} if name != "sources" else set()
    if not case.sheets["leadership"].rows:
        yield Problem(
            case.sheets["leadership"].file,
            None,
            "",
            "no row; a case needs one documented count or share of leadership",
        )
    if not case.sheets["events"].rows:
        yield Problem(
            case.sheets["events"].file,
            None,
            "",
            "no row; a case needs one event, dated or said to be undated",
        )
    record = [*case.sheets["events"].rows, *case.sheets["leadership"].rows]
    if record and not any(row.cells["year_basis"].startswith((FILL, "stated")) for row in record):
        yield Problem(
            case.sheets["events"].file,
            None,
            "year_basis",
            "no event and no count has a stated year; a timeline needs one that a source dates",
        )
    if len(cited) < 2:
        yield Problem(
            case.sheets["cases"].file,
            None,
            "source_id",
            "the rows of the case rest on fewer than two sources",
        )
    if case.source and not any(SRC.search(text) for text in case.sections().values()):
        yield case.missing("{src}", "cites no source; a fact from outside carries {src}`SOURCE_ID`")


def comparison(case: Case) -> Iterator[Problem]:
    """Comparison places enough for a test, or the reason in the plan why there are none."""
    if set(case.standing) - set(STANDINGS) or len(case.standing) != 1:
        yield Problem(
            case.plan_file,
            None,
            "synthesis",
            f"names {', '.join(case.standing) or 'nothing'}; allowed: one of {', '.join(STANDINGS)}",
        )
    for kind, reason in case.standing.items():
        if kind != "entering" and not reason.startswith(FILL) and len(reason.split()) < SHORTEST_REASON:
            yield Problem(
                case.plan_file,
                None,
                f"synthesis.{kind}",
                f"{reason or 'blank'} is no reason; say in a sentence why",
            )
    if len(str(case.plan.get("first_treated_reason", "")).split()) < SHORTEST_REASON:
        yield Problem(
            case.plan_file,
            None,
            f"{case.case_id}.first_treated_reason",
            "is missing; say why this year and what else it could be",
        )
    if case.reason:
        return
    if not case.plan.get("primary"):
        yield Problem(
            case.plan_file,
            None,
            f"{case.case_id}.primary",
            "is empty; name a panel, or put the case under synthesis.described with the reason",
        )
    for name in case.plan.get("primary") or ():
        panel = (case.plan.get("panels") or {}).get(name) or {}
        if not panel.get("donors") and not panel.get("exclude"):
            yield Problem(
                case.plan_file,
                None,
                f"{case.case_id}.panels.{name}.donors",
                "is missing; say in words which comparison places are taken and why",
            )


def in_release(case: Case) -> Iterator[Problem]:
    """What the draft would have wrong with it once the case is in it, looked at when rows and plan lack nothing else."""
    if not case.filled():
        yield from _too_few(case, case.release)
    elif is_draft(case.release.folder) and not row_problems(case):
        with staged(case) as folder:
            yield from draft_problems(case, folder)


def draft_problems(case: Case, folder: Path) -> list[Problem]:
    """What is wrong with a draft that a case was put into; empty if the case can stand in it.

    Parameters
    ----------
    case : Case
    folder : Path
        Folder that holds the draft under its name.
    """
    return stage_problems(case, folder) or list(_too_few(case, open_release(case.release.name, folder)))


def _too_few(case: Case, release: Release) -> Iterator[Problem]:
    """Primary panels with fewer comparison places than the plan's rule asks for, or that the rows cannot form."""
    if case.reason:
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
            yield Problem(
                case.plan_file,
                None,
                f"{case.case_id}.panels.{name}",
                f"{panel.n_donors} comparison places; allowed: {needed} or more, or the reason under synthesis.described",
            )


def claims(case: Case) -> Iterator[Problem]:
    """A public claim, what the check of it found and why; the chapter shows them."""
    sheet = case.sheets["claims"]
    if not sheet.rows:
        yield Problem(
            sheet.file,
            None,
            "",
            "no row; write what is claimed of the place and by whom, a count of reach if nothing else",
        )
    for row in sheet.rows:
        for column in ("verdict", "reason"):
            if not row.cells[column]:
                yield Problem(sheet.file, row.number, column, "is blank; say what the check found and why")
    yield from _needs_call(case, "What is claimed", "study.claims")
    yield from _series(case)


def _series(case: Case) -> Iterator[Problem]:
    """Claims that can be checked, each with a series in the chapter's call, and series that the release has."""
    call = next((call for name, call in case.calls() if name == "study.claims"), None)
    given = call.args[0] if call and call.args else ast.Dict([], [])
    if call is None or not isinstance(given, ast.Dict):
        return
    keys = [key.value if isinstance(key, ast.Constant) else None for key in given.keys]
    known = _column(case, "indicators", "indicator_id")
    own = [panel["indicator"] for panel in (case.plan.get("panels") or {}).values() if "indicator" in panel]
    ids = [row.cells["claim_id"] for row in case.sheets["claims"].rows]
    for row in case.sheets["claims"].rows:
        claim = row.cells["claim_id"]
        if row.cells["checkable"] == "yes" and claim not in keys:
            line = f'study.claims({{"{claim}": ["{next(iter(own), "an indicator_id")}"]}})'
            yield case.missing(
                f"line {call.lineno}, study.claims",
                f"{claim} can be checked, so the series that checks it is needed; allowed: {line}, with ids of indicators.csv",
            )
    for key, value in zip(keys, given.values, strict=True):
        if key is not None and key not in ids:
            yield case.missing(
                f"line {call.lineno}, study.claims",
                f"{key!r} is no claim; allowed: {', '.join(ids) or 'none'}",
            )
        for name in value.elts if isinstance(value, (ast.List, ast.Tuple)) else ():
            if isinstance(name, ast.Constant) and name.value not in known:
                near = difflib.get_close_matches(str(name.value), known) or own
                yield case.missing(
                    f"line {name.lineno}, study.claims",
                    f"{name.value!r} is no indicator; allowed: one of indicators.csv, such as {', '.join(near)}",
                )


def _column(case: Case, table: str, column: str) -> list[str]:
    """What a column holds in the release and in the worksheets of the case."""
    header, *rows = released_table(case.release, table)
    own = case.filled().get(table)
    return [row[header.index(column)] for row in rows] + [
        row.cells[column] for row in (own.rows if own else ())
    ]


def coding(case: Case) -> Iterator[Problem]:
    """Every item coded by two coders, each with evidence and reason; an empty code is silence and counts."""
    sheet = case.sheets["coding"]
    for row in sheet.rows:
        for column in ("coder", "evidence", "reason"):
            if not row.cells[column]:
                yield Problem(
                    sheet.file, row.number, column, "is blank; silence is coded too: say where was looked"
                )
    given = Counter((r.cells["kind"], r.cells["item"]) for r in sheet.rows)
    coders = {(r.cells["kind"], r.cells["item"], r.cells["coder"]) for r in sheet.rows}
    for kind, items in CODED.items():
        for item in items:
            count = given[kind, item]
            different = sum(1 for k, i, _ in coders if (k, i) == (kind, item))
            if count < 2 or (
                different < 2 and not any(c.startswith(FILL) for k, i, c in coders if (k, i) == (kind, item))
            ):
                yield Problem(
                    sheet.file,
                    None,
                    "coder",
                    f"{kind} {item} has {min(count, different)} coder(s); allowed: two or more",
                )
    yield from _needs_call(case, "Dimensions, strategies and leverage points", "study.profile")
    yield from _needs_call(case, "What strategy led to what", "study.strategies")


def negative_finding(case: Case) -> Iterator[Problem]:
    """What speaks against: a bearing on every statement, silence written as such, and the finding in the chapter."""
    sheet = case.sheets["assessments"]
    assessed = {row.cells["statement_id"] for row in sheet.rows}
    for statement in (row[0] for row in released_table(case.release, "statements")[1:]):
        if statement not in assessed:
            yield Problem(
                sheet.file,
                None,
                "statement_id",
                f"{statement} has no row; allowed: a bearing, which may be silent or contradicts",
            )
    yield from _needs_call(case, "What we can say, and how surely", "study.verdict")
    if case.source:
        opening, last = case.sections()[""], case.sections().get(STAGES[-1], "")
        if not re.search(rf"\{{num\}}`(?:{case.case_id}\.)?verdict`", opening):
            yield case.missing("In short", "does not show {num}`verdict`")
        if len(last.split()) < SHORTEST_SECTION:
            yield case.missing(
                STAGES[-1],
                "says too little; name the data and the result that would speak for the claim, and those against",
            )


def placebo(case: Case) -> Iterator[Problem]:
    """Every primary comparison set beside placebo places, or the reason in the plan why there is none."""
    if not case.source or case.reason:
        return
    called = {name for name, _ in case.calls()}
    for call, words in (
        ("study.detect", "what could be detected"),
        ("study.estimate", "the estimate with its placebo inference"),
        ("study.robustness", "placebo and robustness checks"),
    ):
        if call not in called:
            yield case.missing(
                call,
                f"is not called, so {words} is missing; allowed: the call, or the reason under synthesis.described",
            )


def rivals(case: Case) -> Iterator[Problem]:
    """A named rival explanation with a source or a number, and the published studies or that none was found."""
    if not case.source:
        return
    section = case.sections().get(STAGES[8], "")
    named = [p for p in section.split("\n\n") if re.search(r"\*\*[^*]+\*\*", p) and WRITE not in p]
    if not any(SRC.search(part) or NUM.search(part) for part in named):
        yield case.missing(
            STAGES[8],
            "names no rival explanation; allowed: **Its name.** and what a source or a number says of it",
        )
    if not case.sheets["evaluations"].rows and not NO_STUDY.search(section):
        yield case.missing(
            STAGES[8],
            "tells of no study; allowed: rows in evaluations.csv, or the sentence that no study was found",
        )


def alt_text(case: Case) -> Iterator[Problem]:
    """A caption and a description in words with every figure, and one figure at least."""
    if not case.source:
        return
    shown = ("study.show", "publish")
    drawn = [(name, call) for name, call in case.calls() if name in shown or name.startswith("case_figures.")]
    if not drawn:
        yield case.missing("study.show", "draws no figure")
    for name, call in drawn:
        given = {word.arg: word.value for word in call.keywords}
        for field in ("caption", "says") if name in shown else ():
            value = given.get(field)
            if value is None or (isinstance(value, ast.Constant) and len(str(value.value).split()) < 5):
                yield case.missing(
                    f"line {call.lineno}, {field}",
                    "is missing or says too little; allowed: a sentence in words",
                )


def chapter(case: Case) -> Iterator[Problem]:
    """The notebook with its stages in order, nothing left to be written, and its line in the table of contents."""
    if not case.source:
        yield case.missing("", "missing; nox -s new-case writes one")
    else:
        found = [heading for heading in case.sections() if heading]
        for stage in STAGES:
            if stage not in found:
                yield case.missing(stage, f"is missing; allowed: the stages {'; '.join(STAGES)}")
        if set(STAGES) <= set(found) and [h for h in found if h in STAGES] != list(STAGES):
            yield case.missing("", f"stages stand in another order; allowed: {'; '.join(STAGES)}")
        for number, line in enumerate(case.source.splitlines(), 1):
            if WRITE in line:
                yield Problem(case.notebook, number, "", f"to be written: {line.split(WRITE, 1)[1].strip()}")
        yield from _needs_call(case, "", "study.finish")
    if not re.search(rf"file: book/cases/{case.case_id}\s*$", case.toc, re.MULTILINE):
        yield Problem(
            "_toc.yml",
            None,
            "file",
            f"book/cases/{case.case_id} is missing; the page is in no part of the book",
        )


def bindings(case: Case) -> Iterator[Problem]:
    """Sources and numbers that the chapter names and that nobody has."""
    sources_, pages = (
        _column(case, "sources", "source_id"),
        re.findall(r"file: \S*?([\w-]+)\s*$", case.toc, re.MULTILINE),
    )
    for number, paragraph in _paragraphs(case.source):
        for offset, line in enumerate(paragraph.splitlines() if WRITE not in paragraph else ()):
            for role, names in re.findall(r"\{(src|num)\}`([^`]+)`", line):
                for name in map(str.strip, names.split(",")):
                    known = sources_ if role == "src" else _numbers(case, name, pages)
                    if name not in known:
                        near = ", ".join(difflib.get_close_matches(name, known, n=3, cutoff=0.4))
                        what = "source of sources.csv" if role == "src" else "number that the chapter records"
                        allowed = f"such as {near}" if near else "as this page's run and rows have it"
                        yield Problem(
                            case.notebook,
                            number + offset,
                            f"{{{role}}}",
                            f"{name!r} is no {what}; allowed: one there, {allowed}",
                        )


def _numbers(case: Case, name: str, pages: list[str]) -> list[str]:
    """Names of numbers that a name may be one of: those of the last run, or as far as the rows tell."""
    first, _, key = name.partition(".")
    if first in pages and first != case.case_id:
        return [name]  # What another chapter records is known when the book is built.
    if first != case.case_id:
        if difflib.get_close_matches(first, pages, n=1, cutoff=0.8):
            return [f"{page}.{key}" for page in pages]
        return _own_numbers(case, name)
    return [f"{first}.{one}" for one in _own_numbers(case, key)]


def _own_numbers(case: Case, key: str) -> list[str]:
    """Keys of the chapter that a key may be one of."""
    head, _, rest = key.partition(".")
    if head in ("lead", "eval"):
        table = {"lead": "leadership", "eval": "evaluations"}[head]
        column = {"lead": "leadership_id", "eval": "evaluation_id"}[head]
        ids = [row.cells[column] for row in case.sheets[table].rows]
        # Parts of a count, such as its year, stand after its id.
        return [key] if rest.split(".")[0] in ids else [f"{head}.{one}" for one in ids]
    if not _has_run(case):
        return [key]
    return list(json.loads(_results(case).read_text(encoding="utf-8"))["results"])


def _results(case: Case) -> Path:
    return results_folder(case.release.name) / f"{case.case_id}.json"


def _has_run(case: Case) -> bool:
    """Whether a case being written left results; those of a released chapter are looked at when the book is built."""
    return bool(case.filled()) and _results(case).is_file()


def passages(case: Case) -> Iterator[Problem]:
    """Passages that the bearings lead to: a page of the book, and a heading where the page is the chapter itself."""
    headings = [
        make_id(line.lstrip("# ").strip())
        for cell in jupytext.reads(case.source, fmt="py:percent").cells
        if cell.cell_type == "markdown"
        for line in cell.source.splitlines()
        if re.match(r"#+ ", line)
    ]
    own, sheet = f"cases/{case.case_id}.html", case.sheets["assessments"]
    for row in sheet.rows if case.source else ():
        page, _, anchor = row.cells["passage"].partition("#")
        if page == own and anchor not in headings:
            near = difflib.get_close_matches(anchor, headings, n=1, cutoff=0) or headings[1:2]
            yield Problem(
                sheet.file, row.number, "passage",
                f"#{anchor} is no heading of the chapter; allowed: one of it in small letters with hyphens, such as #{near[0]}",
            )  # fmt: skip
        elif (
            page != own
            and not page.startswith(FILL)
            and not re.search(
                rf"file: book/{re.escape(page.removesuffix('.html'))}\s*$", case.toc, re.MULTILINE
            )
        ):
            yield Problem(
                sheet.file, row.number, "passage",
                f"{page or 'blank'} is no page of the book; allowed: {own}#<heading>, or another page of _toc.yml",
            )  # fmt: skip


def untouched(case: Case) -> Iterator[Problem]:
    """What the template asks for, left standing as if it were an answer."""
    template = (Path(__file__).parent / "templates" / "case.py.j2").read_text(encoding="utf-8")
    asked = {
        " ".join(_words(re.split(r"[;.]|\{\{", _no_roles(part))[0]))
        for _, paragraph in _paragraphs(template)
        for part in paragraph.split(WRITE)[1:]
    }
    mark = " ".join(_words(WRITE))
    for number, paragraph in _paragraphs(case.source):
        text = " ".join(_words(_no_roles(paragraph)))
        for one in sorted(asked):
            if len(one.split()) >= SHORTEST_REASON and re.search(rf"(?<!{mark} )\b{re.escape(one)}\b", text):
                yield Problem(
                    case.notebook, number, "", f"still asks: {one}; allowed: a sentence that answers it"
                )


def _paragraphs(source: str) -> Iterator[tuple[int, str]]:
    """Paragraphs of the words of a notebook, each with the row of its first line."""
    lines = [*source.splitlines(), ""]
    start = 0
    for n, line in enumerate(lines):
        if not line.startswith("# ") or line.startswith("# %%"):
            if n > start:
                yield start + 1, "\n".join(one[2:] for one in lines[start:n])
            start = n + 1


def _no_roles(text: str) -> str:
    return re.sub(r"\{\w+\}`[^`]*`", " ", text)


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.lower())


def _needs_call(case: Case, section: str, call: str) -> Iterator[Problem]:
    if case.source and call not in {name for name, _ in case.calls()}:
        yield case.missing(section, f"{call}() is not called")


# Those that read the rows and the plan alone; what they find keeps rows out of a release.
OF_ROWS: tuple[Callable[[Case], Iterable[Problem]], ...] = (
    unfilled, cells, identity, sources, comparison, claims, coding, negative_finding,
)  # fmt: skip
REQUIREMENTS = (*OF_ROWS, in_release, placebo, rivals, bindings, passages, untouched, alt_text, chapter)


def case_problems(case: Case) -> list[Problem]:
    """Everything that a case lacks, in the order of the requirements; empty if it keeps the contract."""
    return [problem for requirement in REQUIREMENTS for problem in requirement(case)]


def row_problems(case: Case) -> list[Problem]:
    """What the rows and the plan of a case lack, whatever the notebook says."""
    return [
        p for requirement in OF_ROWS for p in requirement(case) if p.file not in (case.notebook, "_toc.yml")
    ]


def main(arguments: list[str] | None = None) -> int:
    """Command line of ``nox -s contract``; returns 1 if a case lacks something."""
    parser = argparse.ArgumentParser(description="Say what a case lacks.")
    parser.add_argument("cases", nargs="*", help="cases; all of the plan and all begun if left out")
    parser.add_argument("--release", help="release name; the newest draft, or the newest, if left out")
    options = parser.parse_args(arguments)
    lacking = 0
    try:
        whole_drafts()
        name = options.release or next(reversed(drafts(data_folder())), "") or newest_release()
        release = open_release(name)
        for case_id in options.cases or dict.fromkeys([*release.plan["cases"], *begun(release)]):
            case = read_case(release, case_id)
            problems = case_problems(case)
            lacking += bool(problems)
            for problem in problems:
                print(problem)
            print(f"{case_id}: {f'{len(problems)} thing(s) missing' if problems else 'keeps the contract'}")
            if case.filled() and not problems and not _has_run(case):
                print(
                    f"its numbers are looked at once it ran: nox -s notebooks -- {case_id} --release {release.name}"
                )
    except ReleaseError as error:
        print(error, file=sys.stderr)
        return 2
    return 1 if lacking else 0


if __name__ == "__main__":
    sys.exit(main())
