"""Validate a release: schema, keys, ranges, sources, breaks, plan and checksums.

Frictionless checks each table; checks across two tables are made here with pandas. Whether a figure is what its source
says takes a reader.
"""

from __future__ import annotations

import argparse
import copy
import csv
import re
import sys
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd

from leadership_effects.counting import deviation_problems
from leadership_effects.csv_files import CsvTable
from leadership_effects.data.checks.contradictions import release_contradictions
from leadership_effects.data.checks.lines import release_lines
from leadership_effects.data.checks.problem import Problem, file_row
from leadership_effects.data.checks.slips.anomalies import outcome_rows, suspicion_lines, suspicious_figures
from leadership_effects.data.checks.suspicions.listed import suspicious_rows
from leadership_effects.data.checks.tables import cross_problems, references_hold
from leadership_effects.data.dictionary import data_dictionary
from leadership_effects.data.grid import grid_plan
from leadership_effects.data.panels import PanelError, build_gap, build_panel
from leadership_effects.data.plan import CasePlan, GapPlan, PanelPlan, PlanError, case_plan
from leadership_effects.data.release import Release, ReleaseError, is_draft, newest_release, open_release
from leadership_effects.data.rows import edited_tables, open_quote_row, save_plainly
from leadership_effects.data.staggered.design import design_names, design_variant, read_design
from leadership_effects.data.staggered.panel import build_staggered
from leadership_effects.data.staggered.starts import StartError
from leadership_effects.data.vocabulary import OPEN_COLUMNS, OPEN_HINT
from leadership_effects.paths import data_folder

RULES = ("alpha", "minimum_donors", "sdid_minimum_pre_periods", "synthetic_control_minimum_pre_periods")
# Frictionless takes NaN, INF, 1_000 and TRUE for values; other readers of the file do not.
PLAIN = {
    "number": (r"[+-]?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?|", "digits with a point"),
    "integer": (r"[+-]?[0-9]+|", "digits"),
    "boolean": (r"true|false|", "true or false"),
}

KINDS_IN_WORDS = {
    "string": "a text",
    "number": "a number",
    "integer": "a whole number",
    "boolean": "true or false",
}
FORMS = {"[a-z0-9_]+": "of small letters, digits and underscores", r"\d{4}-\d\d-\d\d": "as YYYY-MM-DD"}


def check_release(name: str, folder: Path | None = None, root: Path | None = None) -> list[Problem]:
    """List everything wrong with a release, first stage first; empty if nothing is.

    Parameters
    ----------
    name : str
        Release name.
    folder : Path, optional
        Folder of all releases; the checkout's ``data/`` if left out.
    root : Path, optional
        Checkout whose pages may cite sources; the one that the folder lies in if left out.
    """
    try:
        release = open_release(name, folder)
    except ReleaseError as error:
        return [Problem(name, None, "", str(error))]
    stages: tuple[Callable[[Release], Iterable[Problem]], ...] = (
        _byte_problems, _header_problems, _table_problems, _plain_problems, partial(cross_problems, root=root), _plan_problems,
        _design_problems, release_contradictions, _dictionary_problems,
    )  # fmt: skip
    for stage in stages:
        found = list(stage(release))
        if found:
            return found
    return []


def _byte_problems(release: Release) -> Iterator[Problem]:
    draft = is_draft(release.folder)
    for entry in [*release.descriptor["resources"], release.descriptor["plan"]]:
        if not entry.get("hash") and not draft:
            message = (
                "is missing; allowed: a checksum for every file, or for none while the release is a draft"
            )
            yield Problem("datapackage.json", None, f"{entry.get('path')}, hash", message)
    named = [resource["path"] for resource in release.descriptor["resources"]]
    edited = {file: (table, plain) for file, table, plain in edited_tables(release)} if draft else {}
    for file in named:
        if file in edited:
            yield from _edit_problems(release.name, file, *edited[file])
        elif (release.folder / file).is_file():
            raw = (release.folder / file).read_bytes()
            yield from (Problem(file, row, "", message) for row, message in _byte_faults(raw))
        else:
            yield Problem(
                file, None, "", "named in datapackage.json but not there; the release is incomplete"
            )
    for path in sorted(release.folder.rglob("*.csv")):
        relative = path.relative_to(release.folder).as_posix()
        if relative not in named:
            yield Problem(relative, None, "", "is not named in datapackage.json; add it there or take it out")


def _edit_problems(draft: str, file: str, table: CsvTable, plain: bool) -> Iterator[Problem]:
    """Yield what cannot be read of a draft's table, or that it is to be saved anew."""
    yield from (Problem(file, fault.row, fault.column, fault.message) for fault in table.faults)
    if not plain and not table.faults:
        yield Problem(
            file, None, "", f"is not written as a release is; `nox -s release -- {draft}` saves it anew"
        )


def _byte_faults(raw: bytes) -> Iterator[tuple[int, str]]:
    """Yield row and fault of what keeps other readers from a file."""
    if raw.startswith(b"\xef\xbb\xbf"):
        yield 1, "starts with a byte order mark; allowed: UTF-8 without one"
    if b"\r" in raw:
        yield raw[: raw.index(b"\r")].count(b"\n") + 1, "has Windows line ends; allowed: a line feed alone"
    try:
        if row := open_quote_row(raw.decode("utf-8")):
            yield row, f"a quote is open since row {row}; allowed: quotes in pairs, no line break in a cell"
    except UnicodeDecodeError as error:
        yield raw[: error.start].count(b"\n") + 1, "is not UTF-8; allowed: UTF-8 alone"


def _header_problems(release: Release) -> Iterator[Problem]:
    for resource in release.descriptor["resources"]:
        wanted = [column["name"] for column in resource["schema"]["fields"]]
        with (release.folder / resource["path"]).open(encoding="utf-8", newline="") as stream:
            found = next(csv.reader(stream), [])
        if found == wanted:
            continue
        faults = [(column, "is missing") for column in wanted if column not in found]
        faults += [(column, "is not a column of this table") for column in found if column not in wanted]
        if not set(found) & set(wanted):
            faults = [("", "is not the header of this table")]
        for column, fault in faults or [("", "names columns twice or in another order")]:
            yield Problem(resource["path"], 1, column, f"{fault}; allowed: {','.join(wanted)}")


def _table_problems(release: Release) -> Iterator[Problem]:
    from frictionless import FrictionlessException, Package

    try:
        # For each reference Frictionless reads the other table anew: it is asked where one leads nowhere.
        if references_hold(release):
            package = Package.from_descriptor(_without_references(release), basepath=str(release.folder))
        else:
            package = Package(str(release.folder / "datapackage.json"))
        report = package.validate(limit_errors=50)
    except FrictionlessException as failure:
        yield Problem("datapackage.json", None, "", str(failure))
        return
    for error in report.errors:
        yield Problem("datapackage.json", None, "", error.message)
    for task in report.tasks:
        schema = release.resource(task.name)["schema"]
        yield from (frictionless_problem(str(task.place), error, schema) for error in task.errors)


def _without_references(release: Release) -> dict[str, Any]:
    """Return the descriptor without the references between its tables."""
    descriptor = copy.deepcopy(release.descriptor)
    for resource in descriptor["resources"]:
        resource["schema"].pop("foreignKeys", None)
    return descriptor


def frictionless_problem(file: str, error: Any, schema: dict[str, Any]) -> Problem:
    """Convert an error of Frictionless to a problem in plain words, with the descriptor's rule."""
    column, allowed = _column_and_rule(error, schema)
    return Problem(file, getattr(error, "row_number", None), column, f"{_found(error)}; allowed: {allowed}")


def _found(error: Any) -> str:
    """Return what stands where an error of Frictionless lies."""
    cell = getattr(error, "cell", "")
    if error.type in ("constraint-error", "type-error"):
        return f"found {cell!r}" if cell else "is blank"
    if error.type in ("unique-error", "primary-key"):
        first = re.search(r"position (\d+)", error.note)
        named = repr(cell) if error.type == "unique-error" else "the key"
        return f"{named} stands in row {first[1]} already" if first else f"{named} stands twice"
    if error.type == "foreign-key":
        return f"found {', '.join(map(repr, error.field_cells))}"
    if error.type in ("extra-cell", "missing-cell"):
        return "a cell too many" if error.type == "extra-cell" else "a cell is missing"
    told = "; ".join(part for part in (error.note, f"found {cell!r}" if cell else "") if part)
    return f"{error.title.removesuffix(' Error')}: {told or error.description}"


def _column_and_rule(error: Any, schema: dict[str, Any]) -> tuple[str, str]:
    """Return the column of an error of Frictionless, and what is allowed there."""
    if error.type == "hash-count":
        return "", "the file as frozen; a release is immutable, corrections go into a new one"
    if error.type == "primary-key":
        return ", ".join(schema["primaryKey"]), "each key once"
    if error.type == "foreign-key":
        target = f"{error.reference_name}.{', '.join(error.reference_field_names)}"
        return ", ".join(error.field_names), f"a value of {target}"
    column = str(getattr(error, "field_name", "") or "")
    rule = next((field for field in schema["fields"] if field["name"] == column), None)
    if rule is None:
        return column, f"{len(schema['fields'])} cells a row"
    hint = f"; {OPEN_HINT}" if column in OPEN_COLUMNS and error.type == "constraint-error" else ""
    return column, allowed_in(rule) + hint


def allowed_in(field: dict[str, Any]) -> str:
    """Return in words what a descriptor allows in the cells of a column.

    Examples
    --------
    >>> allowed_in({"type": "integer", "constraints": {"required": True, "minimum": 1960, "maximum": 2026}})
    'a whole number, 1960 to 2026'
    >>> allowed_in({"type": "string", "constraints": {"enum": ["yes", "no"]}})
    'yes, no, or blank'
    """
    rules = field.get("constraints", {})
    words = [str(value) for value in rules.get("enum", ()) if value != ""]
    parts = [", ".join(words) or KINDS_IN_WORDS[field["type"]]]
    least, most = rules.get("minimum"), rules.get("maximum")
    if least is not None or most is not None:
        parts.append(
            f"{least} to {most}"
            if None not in (least, most)
            else f"{least} or more"
            if most is None
            else f"{most} or less"
        )
    if "pattern" in rules:
        parts.append(FORMS.get(rules["pattern"], f"of the form {rules['pattern']}"))
    if "maxLength" in rules:
        parts.append(f"at most {rules['maxLength']} characters")
    if rules.get("unique"):
        parts.append("each once")
    return ", ".join(parts if rules.get("required") else [*parts, "or blank"])


def _plain_problems(release: Release) -> Iterator[Problem]:
    for resource in release.descriptor["resources"]:
        kinds = {f["name"]: f["type"] for f in resource["schema"]["fields"] if f["type"] in PLAIN}
        text = pd.read_csv(release.folder / resource["path"], dtype=str, keep_default_na=False)
        for column, kind in kinds.items():
            pattern, allowed = PLAIN[kind]
            for index, value in text.loc[~text[column].str.fullmatch(pattern), column].items():
                yield Problem(
                    resource["path"], file_row(index), column, f"found {value!r}; allowed: {allowed}"
                )


def _plan_problems(release: Release) -> Iterator[Problem]:
    try:
        cases = list(release.plan["cases"])
    except ReleaseError as error:
        yield Problem("plan.yml", None, "", str(error).removeprefix("plan.yml: "))
        return
    known = list(release.table("cases")["case_id"])
    if set(cases) != set(known):
        message = f"plans {cases}; allowed: exactly the cases of cases.csv, {known}"
        yield Problem("plan.yml", None, "cases", message)
        return
    for rule in RULES:
        if not isinstance(release.plan["rules"].get(rule), (int, float)):
            yield Problem("plan.yml", None, f"rules.{rule}", "is missing; allowed: a number")
    for case_id in cases:
        try:
            plan = case_plan(release, case_id)
        except PlanError as error:
            yield _plan_problem(error)
            continue
        yield from _unbuildable(release, plan)
        yield from _grid_problems(plan)
    for case_id in release.plan["synthesis"].get("entering") or ["nothing"]:
        if case_id not in cases:
            yield Problem("plan.yml", None, "synthesis.entering", f"{case_id!r} is no case; allowed: {cases}")
    for field, message in deviation_problems(release.plan):
        yield Problem("plan.yml", None, f"synthesis.taken_in.{field}", message)


def _design_problems(release: Release) -> Iterator[Problem]:
    """Yield designs of many places that are stated wrongly or that no rows can form."""
    if "many_places" not in release.plan:
        return
    for name in design_names(release):
        try:
            design = read_design(release, name)
            for key in design.sensitivity:
                design_variant(design, key)
            build_staggered(release, design)
        except PlanError as error:
            yield _plan_problem(error)
        except (PanelError, StartError) as error:
            yield Problem("plan.yml", None, f"many_places.designs.{name}", str(error))


def _plan_problem(error: PlanError) -> Problem:
    place, _, told = str(error).removeprefix("plan.yml: ").partition(": ")
    return Problem("plan.yml", None, place, told)


def _unbuildable(release: Release, plan: CasePlan) -> Iterator[Problem]:
    """Yield panels and gaps of a case that the release's rows cannot form."""
    wanted: list[PanelPlan | GapPlan] = [*plan.panels.values(), *plan.gaps.values()]
    for planned in wanted:
        try:
            if isinstance(planned, PanelPlan):
                build_panel(release, planned)
            else:
                build_gap(release, planned)
        except PanelError as error:
            yield Problem("plan.yml", None, f"{plan.case_id}.{planned.name}", str(error))


def _grid_problems(plan: CasePlan) -> Iterator[Problem]:
    """Yield faults of the grids over panels; those of bare series are read by their chapters."""
    for name in ("grid", "grid_counties"):
        if "outcomes" in plan.raw.get(name, {}) and "years" in plan.raw[name]:
            try:
                grid_plan(plan, name)
            except PlanError as error:
                yield _plan_problem(error)


def _dictionary_problems(release: Release) -> Iterator[Problem]:
    """Check that the dictionary describes the newest release of its folder."""
    path = release.folder.parent / "README.md"
    if is_draft(release.folder) or release.name != newest_release(release.folder.parent):
        return
    if not path.is_file() or path.read_text(encoding="utf-8") != data_dictionary(release):
        yield Problem("README.md", None, "", "differs from the descriptor; run `nox -s data -- --write`")


def main(arguments: list[str] | None = None) -> int:
    """Run ``nox -s data``; return the exit code."""
    parser = argparse.ArgumentParser(description="Validate a data release.")
    parser.add_argument("release", nargs="?", help="release name; the newest if left out")
    parser.add_argument("--write", action="store_true", help="write data/README.md from the descriptor")
    parser.add_argument(
        "--suspicious",
        action="store_true",
        help="list the outcomes and the rows that look like mistakes, with the reason",
    )
    options = parser.parse_args(arguments)
    try:
        name = options.release or newest_release()
        if options.write:
            (data_folder() / "README.md").write_text(data_dictionary(open_release(name)), encoding="utf-8")
    except ReleaseError as error:
        print(error, file=sys.stderr)
        return 1
    for file in save_plainly(open_release(name)) if is_draft(data_folder() / name) else ():
        print(f"{name}/{file}: saved anew as a release holds it")
    problems = check_release(name)
    for problem in problems:
        print(problem, file=sys.stderr)
    if problems:
        print(f"{len(problems)} problem(s) in release {name}", file=sys.stderr)
        return 1
    release = open_release(name)
    rows = sum(len(release.table(r["name"])) for r in release.descriptor["resources"])
    kind = "draft" if is_draft(release.folder) else "release"
    print(f"{kind} {name}: {len(release.descriptor['resources'])} tables, {rows:,} rows, no problem")
    if options.suspicious:
        _print_suspicious(release)
    return 0


def _print_suspicious(release: Release) -> None:
    """Print the outcomes and the rows that look like mistakes, and how many they are."""
    outcomes = outcome_rows(release)
    found = suspicious_figures(outcomes)
    keys = {key for named in found["keys"] for key in named}
    rows = [f"{release.name}/{problem}" for problem in suspicious_rows(release_lines(release))]
    share = f"{len(keys)} of {len(outcomes):,} outcomes ({len(keys) / max(len(outcomes), 1):.2%})"
    told = f"{len(rows)} cells of other tables look like mistakes; any of them may be right"
    print(
        "\n".join([*suspicion_lines(found), f"{share} look unusual; any of them may be right", *rows, told])
    )


if __name__ == "__main__":
    sys.exit(main())
