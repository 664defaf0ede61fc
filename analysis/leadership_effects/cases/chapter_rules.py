"""Check the chapter of a case: stages, calls, sources, numbers and figures."""

from __future__ import annotations

import ast
import difflib
import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import jupytext
from docutils.nodes import make_id

from leadership_effects.cases.row_rules import MIN_REASON_WORDS
from leadership_effects.cases.worksheets import FILL, WRITE, CaseRows
from leadership_effects.data.checks.problem import Problem
from leadership_effects.paths import results_folder
from leadership_effects.report.numbers import name_faults

STAGES = (
    "The question", "Place and system", "Leadership build-up", "What is claimed", "Is the data comparable?",
    "How far did results move?", "Could luck explain it?", "How large would it have to be?",
    "What else could explain it, and what others found", "How it was coded", "What the sources tie to each strategy",
    "What we can say, and how surely", "What would change our mind", "What to do with it",
)  # fmt: skip
# Anchors of headings that stages had before; rows of releases lead to them, and the site keeps them.
FORMER_ANCHORS = (
    "the-panel-and-its-breaks", "what-could-be-detected", "the-estimate", "placebo-and-robustness",
    "rival-explanations-and-published-studies", "dimensions-strategies-and-leverage-points", "what-strategy-led-to-what",
)  # fmt: skip
# Calls that every chapter makes, with the section in which they are expected.
CALLS = {
    "study.claims": "What is claimed",
    "study.profile": "How it was coded",
    "study.strategies": "What the sources tie to each strategy",
    "study.verdict": "What we can say, and how surely",
    "study.finish": "",
}
# Calls of a chapter that compares its place with others.
COMPARING_CALLS = {
    "study.detect": "how large a difference would have to be",
    "study.estimate": "the estimate with its placebo inference",
    "study.robustness": "whether luck could explain it",
}
SHOWING_CALLS = ("study.show", "publish")
# What the first screen shows: its name, a pattern of the opening, what is written.
FIRST_SCREEN = (
    ("sentence on what was found", r"^\{{\.lead\}}$", "{{.lead}} and below it one sentence without a number"),
    ("mark of how sure it is", r"\{{sure\}}`{case}`", "{{sure}}`{case}`"),
    (
        "chart that decides",
        r"^```\{{chart\}} {case}\.\w+$",
        "```{{chart}} {case}.<figure>, its cell tagged remove-output",
    ),
    (
        "rival explanation",
        r"^\*\*What else could explain it\.\*\*",
        "a paragraph **What else could explain it.**",
    ),
    (
        "reason how sure it is",
        r"\{{num\}}`(?:{case}\.)?verdict_why`",
        "**How sure.** with {{num}}`verdict_why`",
    ),
    ("way to the evidence", r"^```\{{evidence\}}$", "```{{evidence}} as its last line"),
)
ITEMS = 3
# Items of the last stage, which say what follows for those who decide in the place.
ADVICE = ("What the record supports.", "What to count or ask for.", "What would change our mind.")
MIN_SECTION_WORDS = 25
MIN_DESCRIPTION_WORDS = 5
SRC, NUM = re.compile(r"\{src\}`[^`]+`"), re.compile(r"\{(?:num|range)\}`([^`]+)`")
NO_STUDY = re.compile(r"\b[Nn]o (?:\w+ ){0,3}(?:study|studies|evaluation|analysis)\b")
TEMPLATES = Path(__file__).parent / "templates"


@dataclass(frozen=True)
class Case(CaseRows):
    """Rows, plan and chapter of a case.

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

    @cached_property
    def prose(self) -> list[str]:
        """Return the lines of the notebook's Markdown."""
        cells = jupytext.reads(self.source, fmt="py:percent").cells
        return [line for cell in cells if cell.cell_type == "markdown" for line in cell.source.splitlines()]

    @cached_property
    def sections(self) -> dict[str, str]:
        """Return the Markdown by heading of the second level, the opening under ""."""
        found, heading = {"": ""}, ""
        for line in self.prose:
            if line.startswith("## "):
                heading = line.removeprefix("## ").strip()
            found[heading] = f"{found.get(heading, '')}{line}\n"
        return found

    @cached_property
    def calls(self) -> list[tuple[str, ast.Call]]:
        """Return the calls of the notebook's code with the name of what is called."""
        return [(ast.unparse(n.func), n) for n in ast.walk(ast.parse(self.source)) if isinstance(n, ast.Call)]

    @cached_property
    def pages(self) -> list[str]:
        """Return the pages of the book, below ``book/``."""
        return re.findall(r"file: book/(\S+)\s*$", self.toc, re.MULTILINE)

    def missing(self, column: str, message: str, line: int | None = None) -> Problem:
        """Return a problem of the chapter; `column` names the section or call."""
        return Problem(self.notebook, line, column, message)

    def results(self) -> Path:
        """Return the file of the last run's results."""
        return results_folder(self.release.name) / f"{self.case_id}.json"

    def has_run(self) -> bool:
        """Return whether a case being written left results."""
        return bool(self.filled()) and self.results().is_file()


def stages(case: Case) -> Iterator[Problem]:
    """Require the stages in their order, with nothing left to be written."""
    yield from in_order(case, STAGES)


def in_order(case: Case, headings: Sequence[str]) -> Iterator[Problem]:
    """Require headings in their order, with nothing left to be written."""
    found = [heading for heading in case.sections if heading]
    allowed = "; ".join(headings)
    for stage in headings:
        if stage not in found:
            yield case.missing(stage, f"is missing; allowed: the stages {allowed}")
    if set(headings) <= set(found) and [h for h in found if h in headings] != list(headings):
        yield case.missing("", f"the stages are in another order; allowed: {allowed}")
    for number, line in enumerate(case.source.splitlines(), 1):
        if WRITE in line:
            yield case.missing("", f"to be written: {line.split(WRITE, 1)[1].strip()}", number)


def calls(case: Case) -> Iterator[Problem]:
    """Require the calls that show claims, profile, strategies, verdict and the comparison."""
    called = {name for name, _ in case.calls}
    for call, section in CALLS.items():
        if call not in called:
            yield case.missing(section, f"{call}() is not called")
    for call, words in COMPARING_CALLS.items() if not case.described_because else ():
        if call not in called:
            message = f"is not called, so {words} is missing; allowed: the call, or the reason under synthesis.described"
            yield case.missing(call, message)


def first_screen(case: Case) -> Iterator[Problem]:
    """Require on the first screen: sentence, mark, chart, three figures, doubts, evidence."""
    yield from opening(case, FIRST_SCREEN)


def opening(case: Case, needed: Iterable[tuple[str, str, str]]) -> Iterator[Problem]:
    """Require parts of the opening, and its three figures.

    Parameters
    ----------
    case : Case
    needed : iterable of (str, str, str)
        What is needed, a pattern of it and what is written, with ``{case}`` for the id.
    """
    opening = case.sections[""]
    for what, pattern, allowed in needed:
        if not re.search(pattern.format(case=case.case_id), opening, re.MULTILINE):
            yield case.missing(
                "first screen", f"shows no {what}; allowed: {allowed.format(case=case.case_id)}"
            )
    lead = re.search(r"^\{\.lead\}\n(.+?)\n\n", opening, re.MULTILINE | re.DOTALL)
    if lead and re.search(r"\d|\{num\}", lead[1]):
        yield case.missing(
            "first screen", "its sentence holds a number; allowed: words, figures are for the items"
        )
    items = [item for item in re.split(r"^- ", opening, flags=re.MULTILINE)[1:] if NUM.search(item)]
    if len(items) != ITEMS:
        message = f"has {len(items)} items with a figure; allowed: {ITEMS}, each with its range in words"
        yield case.missing("first screen", message)


def finding(case: Case) -> Iterator[Problem]:
    """Require what would change the finding at the end, and a source."""
    if len(case.sections.get(STAGES[12], "").split()) < MIN_SECTION_WORDS:
        yield case.missing(
            STAGES[12],
            "is too short; name the data and the result that would support the claim, and those against",
        )
    if not any(SRC.search(line) for line in case.prose):
        yield case.missing("{src}", "cites no source; a fact from outside carries {src}`SOURCE_ID`")


def advice(case: Case) -> Iterator[Problem]:
    """Require what follows for the place itself, with a source or a number of its own."""
    section = case.sections.get(STAGES[-1], "")
    for item in ADVICE:
        if f"- **{item}**" not in section:
            yield case.missing(
                STAGES[-1], f"has no item {item!r}; allowed: - **{item}** and what follows for the place"
            )
    if not SRC.search(section) and not NUM.search(section):
        yield case.missing(STAGES[-1], "rests on no row; allowed: {src} or {num} of the place")


def claim_series(case: Case) -> Iterator[Problem]:
    """Require a series that the release has for each claim that can be checked."""
    call = next((call for name, call in case.calls if name == "study.claims"), None)
    series = call.args[0] if call and call.args else ast.Dict([], [])
    if call is None or not isinstance(series, ast.Dict):
        return
    keys = [key.value if isinstance(key, ast.Constant) else None for key in series.keys]
    known = case.column("indicators", "indicator_id")
    own = [panel["indicator"] for panel in (case.plan.get("panels") or {}).values() if "indicator" in panel]
    where, rows = f"line {call.lineno}, study.claims", case.sheets["claims"].rows
    for claim in (row.cells["claim_id"] for row in rows if row.cells["checkable"] == "yes"):
        if claim not in keys:
            line = f'study.claims({{"{claim}": ["{next(iter(own), "an indicator_id")}"]}})'
            message = f"{claim} can be checked, so the series that checks it is needed; allowed: {line}, with ids of indicators.csv"
            yield case.missing(where, message)
    ids = [row.cells["claim_id"] for row in rows]
    for key, value in zip(keys, series.values, strict=True):
        if key is not None and key not in ids:
            yield case.missing(where, f"{key!r} is no claim; allowed: {', '.join(ids) or 'none'}")
        for name in value.elts if isinstance(value, (ast.List, ast.Tuple)) else ():
            if isinstance(name, ast.Constant) and name.value not in known:
                near = difflib.get_close_matches(str(name.value), known) or own
                message = f"{name.value!r} is no indicator; allowed: one of indicators.csv, such as {', '.join(near)}"
                yield case.missing(f"line {name.lineno}, study.claims", message)


def row_names(case: Case) -> Iterator[Problem]:
    """Require a name for each figure of the case's rows, under which the chapter records it."""
    for call, table, column in (
        ("study.facts", "leadership", "value"),
        ("study.evaluations", "evaluations", "estimate"),
    ):
        for made in (made for name, made in case.calls if name == call):
            names = _literal(made.args[0]) if made.args else {}
            every = [row.cells for row in case.sheets[table].rows]
            rows = [cells for cells in every if cells[column] and not cells[column].startswith(FILL)]
            # A bound has no figure and may be named.
            ends = {next(iter(c.values())) for c in every if c.get("value_low") or c.get("value_high")}
            held = {next(iter(cells.values())) for cells in rows}
            names = names and {one: name for one, name in names.items() if one in held or one not in ends}
            for fault in name_faults(table, rows, names) if names is not None else ():
                yield case.missing(f"line {made.lineno}, {call}", fault)


def _literal(node: ast.expr) -> dict[str, str] | None:
    """Return a mapping that is written out; None where it is made by code."""
    try:
        return dict(ast.literal_eval(node))
    except ValueError:
        return None


def rivals(case: Case) -> Iterator[Problem]:
    """Require a named rival explanation, and published studies or that none was found."""
    section = case.sections.get(STAGES[8], "")
    named = [p for p in section.split("\n\n") if re.search(r"\*\*[^*]+\*\*", p) and WRITE not in p]
    if not any(SRC.search(part) or NUM.search(part) for part in named):
        message = "names no rival explanation; allowed: **Its name.** and a source or a number on it"
        yield case.missing(STAGES[8], message)
    called = {name for name, _ in case.calls}
    if (
        not case.sheets["evaluations"].rows
        and "study.evaluations" not in called
        and not NO_STUDY.search(section)
    ):
        message = (
            "names no study; allowed: rows in evaluations.csv, study.evaluations(), which says that there is none, or "
            "that sentence"
        )
        yield case.missing(STAGES[8], message)


def figure_texts(case: Case) -> Iterator[Problem]:
    """Require one figure at least, each with a caption and a description in words."""
    figures = [(n, call) for n, call in case.calls if n in SHOWING_CALLS or n.startswith("case_figures.")]
    if not figures:
        yield case.missing("study.show", "draws no figure")
    for name, call in figures:
        values = {word.arg: word.value for word in call.keywords}
        for field in ("caption", "says") if name in SHOWING_CALLS else ():
            value = values.get(field)
            short = isinstance(value, ast.Constant) and len(str(value.value).split()) < MIN_DESCRIPTION_WORDS
            if value is None or short:
                message = "is missing or too short; allowed: a sentence"
                yield case.missing(f"line {call.lineno}, {field}", message)


def references(case: Case) -> Iterator[Problem]:
    """Require the sources and numbers that the chapter names to exist."""
    sources = case.column("sources", "source_id")
    for number, paragraph in paragraphs(case.source):
        for offset, line in enumerate(paragraph.splitlines() if WRITE not in paragraph else ()):
            for role, names in re.findall(r"\{(src|num|range)\}`([^`]+)`", line):
                for name in map(str.strip, names.split(",")):
                    known = sources if role == "src" else _known_numbers(case, name)
                    if name not in known:
                        near = ", ".join(difflib.get_close_matches(name, known, n=3, cutoff=0.4))
                        what = "source of sources.csv" if role == "src" else "number that the chapter records"
                        allowed = f"such as {near}" if near else "as this page's run and rows have it"
                        message = f"{name!r} is no {what}; allowed: one there, {allowed}"
                        yield case.missing(f"{{{role}}}", message, number + offset)


def _known_numbers(case: Case, name: str) -> list[str]:
    """Return keys that a key may be one of: those of the last run, or as far as the rows tell."""
    first, _, key = name.partition(".")
    pages = [page.rpartition("/")[2] for page in case.pages]
    if first in pages and first != case.case_id:
        return [name]  # What another chapter records is known when the book is built.
    if first == case.case_id:
        return [f"{first}.{one}" for one in _own_numbers(case, key)]
    own = _own_numbers(case, name)
    recorded = name in own if case.has_run() else _in_code(case, first)
    near = difflib.get_close_matches(first, pages, n=1, cutoff=0.8)
    # A key of the chapter may hold a page's name, or a part of one, or be like one.
    if near and not recorded and near[0] not in first and first not in near[0]:
        return [f"{page}.{key}" for page in pages]
    return own


def _in_code(case: Case, word: str) -> bool:
    """Return whether the chapter's code, in which it names its keys, holds a word."""
    code = "\n".join(line for line in case.source.splitlines() if not line.startswith("#"))
    return re.search(rf"\b{re.escape(word)}\b", code) is not None


def _own_numbers(case: Case, key: str) -> list[str]:
    """Return keys of the chapter that a key may be one of."""
    if not case.has_run():
        return [key]
    return list(json.loads(case.results().read_text(encoding="utf-8"))["results"])


def passages(case: Case) -> Iterator[Problem]:
    """Require the passages of the bearings to be pages or headings of the book."""
    headings = [make_id(line.lstrip("# ").strip()) for line in case.prose if re.match(r"#+ ", line)]
    own, sheet = f"cases/{case.case_id}.html", case.sheets["assessments"]
    for row in sheet.rows:
        page, _, anchor = row.cells["passage"].partition("#")
        if page == own and anchor not in (*headings, *FORMER_ANCHORS):
            near = difflib.get_close_matches(anchor, headings, n=1, cutoff=0) or headings[1:2]
            message = f"#{anchor} is no heading of the chapter; allowed: one of it in small letters with hyphens, such as #{near[0]}"
            yield sheet.problem(row, "passage", message)
        elif page != own and not page.startswith(FILL) and page.removesuffix(".html") not in case.pages:
            message = f"{page or 'blank'} is no page of the book; allowed: {own}#<heading>, or another page of _toc.yml"
            yield sheet.problem(row, "passage", message)


def template_text(case: Case) -> Iterator[Problem]:
    """Refuse instructions of the template that were left as if they were an answer."""
    template = TEMPLATES / f"{case.kind.name}.py.j2"
    asked = {
        " ".join(_word_list(re.split(r"[;.]|\{\{", _without_roles(part))[0]))
        for _, paragraph in paragraphs(template.read_text(encoding="utf-8"))
        for part in paragraph.split(WRITE)[1:]
    }
    mark = " ".join(_word_list(WRITE))
    for number, paragraph in paragraphs(case.source):
        text = " ".join(_word_list(_without_roles(paragraph)))
        for one in sorted(asked):
            if len(one.split()) >= MIN_REASON_WORDS and re.search(rf"(?<!{mark} )\b{re.escape(one)}\b", text):
                yield case.missing("", f"still asks: {one}; allowed: a sentence that answers it", number)


def paragraphs(source: str) -> Iterator[tuple[int, str]]:
    """Yield the paragraphs of a notebook's prose, each with the row of its first line."""
    lines, start = [*source.splitlines(), ""], 0
    for n, line in enumerate(lines):
        if not line.startswith("# ") or line.startswith("# %%"):
            if n > start:
                yield start + 1, "\n".join(one[2:] for one in lines[start:n])
            start = n + 1


def _without_roles(text: str) -> str:
    return re.sub(r"\{\w+\}`[^`]*`", " ", text)


def _word_list(text: str) -> list[str]:
    return re.findall(r"\w+", text.lower())


CHAPTER_RULES: tuple[Callable[[Case], Iterable[Problem]], ...] = (
    stages, calls, first_screen, finding, advice, claim_series, row_names, rivals, references, passages, template_text, figure_texts,
)  # fmt: skip


def chapter_problems(case: Case) -> Iterator[Problem]:
    """Yield what the chapter of a case lacks, and its line in the table of contents."""
    yield from by_rules(case, CHAPTER_RULES)


def by_rules(case: Case, rules: Iterable[Callable[[Case], Iterable[Problem]]]) -> Iterator[Problem]:
    """Yield what rules find in a chapter, and its missing line in the table of contents."""
    if case.source:
        for rule in rules:
            yield from rule(case)
    else:
        yield case.missing("", f"missing; nox -s {case.kind.command} writes one")
    if f"{case.kind.folder}/{case.case_id}" not in case.pages:
        message = f"book/{case.kind.folder}/{case.case_id} is missing; the page is in no part of the book"
        yield Problem("_toc.yml", None, "file", message)
