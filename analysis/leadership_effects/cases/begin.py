"""Begin a case: worksheets, plan entry, notebook and contents line; or take its rows.

``nox -s new-case -- estonia --title Estonia --panel pisa --start 2009`` begins a case, ``nox -s contract -- estonia`` names
what is missing, ``nox -s new-case -- estonia --take`` takes the filled rows into the draft. Without ``--panel`` a case has
a panel of its own; with one of the release and no ``--start`` its series is shown without an estimate; with
``--described`` it has neither start nor comparison. Nothing that exists is overwritten, and a frozen release is never
touched.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import jinja2

from leadership_effects.cases.coding.dossier import meanings
from leadership_effects.cases.near_names import refuse_near_name
from leadership_effects.cases.plan_entry import (
    Request,
    panels_of,
    plan_entry,
    series_of,
    start_in_words,
    synthesis_roles,
)
from leadership_effects.cases.row_rules import CODED, MIN_CODERS
from leadership_effects.cases.rules.on_record import rows_on_place
from leadership_effects.cases.take import take
from leadership_effects.cases.worksheets import (
    CASE,
    CASE_ID,
    FILL,
    ID_ALLOWED,
    KINDS,
    CaseError,
    Kind,
    schema_of,
    worksheet_folder,
    write_worksheet,
)
from leadership_effects.counting import added_designs, in_figures
from leadership_effects.data.checks.cells import CELL_FORMS
from leadership_effects.data.checks.lines import folded
from leadership_effects.data.checks.places import countries
from leadership_effects.data.release import (
    Release,
    drafts,
    frozen_releases,
    open_release,
    release_order,
    require_draft,
)
from leadership_effects.data.rows import read_rows, save_plainly
from leadership_effects.errors import run_command
from leadership_effects.files import write_whole
from leadership_effects.paths import ROOT, data_folder
from leadership_effects.releases.plan_edit import plan_yaml

LONGEST_CODE = 3  # letters of a code of a country
FIRST_YEAR = 1960  # as the tables of a release have it
ADDED_PART = "Places added later"  # caption in the table of contents
TITLED = "Short name with that of the exam or survey, such as PISA mathematics; tables name it without other words."
PAGE = "      - file: book/"  # a line of the table of contents
PANEL_TABLES = ("units", "indicators", "breaks", "outcomes", "vocabulary")
PLAN_HEAD = (
    "# Entry of {case_id} in the plan. Fill it before you look at any result; data/<release>/plan.yml shows\n"
    "# how others are written. A case that bears no comparison is named under `synthesis: described:` with the reason.\n"
)


def newest_draft(folder: Path | None = None) -> Release:
    """Open the newest release that is a draft.

    Raises
    ------
    CaseError
        If there is none.
    """
    base = folder or data_folder()
    found = drafts(base)
    if not found:
        frozen = ", ".join(frozen_releases(base))
        raise CaseError(
            f"no release is a draft; there are {frozen}, all frozen. nox -s release -- <new> drafts one"
        )
    return open_release(found[-1], base)


def begin(release: Release, asked: Request, root: Path = ROOT) -> list[Path]:
    """Write worksheets, plan entry, notebook and contents line of a new case; return paths.

    Raises
    ------
    CaseError
        If the id is malformed or taken, the release is frozen, or the panel holds no such unit; nothing is written then.
    """
    refuse_taken(release, asked.case_id, root)
    newest = release_order(release.name)[0]
    if asked.start is not None and not FIRST_YEAR <= asked.start <= newest:
        raise CaseError(f"--start {asked.start} is no year of a start; allowed: {FIRST_YEAR} to {newest}")
    if asked.panel != asked.case_id:
        refuse_near_name("--panel", asked.panel, panels_of(release))
    _refuse_near_country(asked.country)
    entry = plan_entry(release, asked)
    notebook = root / "analysis" / "notebooks" / "cases" / f"{asked.case_id}.py"
    text = _notebook_text(release, asked, entry)
    toc = root / "_toc.yml"
    contents = with_page(toc.read_text(encoding="utf-8"), asked.case_id)
    plan = plan_yaml({asked.case_id: entry, "synthesis": synthesis_roles(release, asked)})
    plan = PLAN_HEAD.format(case_id=asked.case_id) + plan
    files = {notebook: text, toc: contents}
    return write_begun(release, asked.case_id, _sheets(release, asked), plan, files)


def _refuse_near_country(given: str) -> None:
    """Refuse a country that is written almost as a known one."""
    names = {key: name for key, (name, _) in countries().items()}
    if folded(names.get(folded(given), given)) == folded(given):
        spelt = [key.title() for key in names if len(key) > LONGEST_CODE]  # names that a country has besides
        refuse_near_name("--country", given, [*names.values(), *spelt])


def write_begun(
    release: Release,
    name: str,
    sheets: dict[str, list[dict[str, str]]],
    plan: str,
    files: dict[Path, str],
) -> list[Path]:
    """Write the worksheets, plan entry and other files of what is begun; return paths.

    Parameters
    ----------
    release : Release
    name : str
        Id of the case or design.
    sheets : dict of str to list of dict
        Rows by table.
    plan : str
        Text of ``plan.yml`` beside them.
    files : dict of Path to str
        Texts of the chapter and of the table of contents.
    """
    folder = worksheet_folder(release, name)
    stage = folder.with_name(f".{name}.{os.getpid()}")
    shutil.rmtree(stage, ignore_errors=True)
    stage.mkdir(parents=True)
    for table, rows in sheets.items():
        columns = [field["name"] for field in schema_of(release, table)["fields"]]
        write_worksheet(stage / f"{table}.csv", columns, rows)
    (stage / "plan.yml").write_text(plan, encoding="utf-8")
    # The folder marks the case as begun, so it comes last: what was stopped before can be begun again.
    for path, text in files.items():
        write_whole(path, text)
    stage.rename(folder)
    return [*sorted(folder.iterdir()), *files]


def tell_taken(release: Release, name: str, counts: dict[str, int]) -> None:
    """Print the rows of a case or a design that were taken into a draft, by file."""
    for file, count in counts.items():
        print(f"{release.name}/{file}: {in_figures(count, 'row')} of {name}")
    print(f"taken; nox -s contract -- {name} lists what the chapter lacks")


def tell_begun(name: str, paths: list[Path], lines: Iterable[str] = ()) -> None:
    """Print what was begun: its files, what is to be known of it, and what comes next."""
    for path in paths:
        print(path.relative_to(ROOT) if path.is_relative_to(ROOT) else path)
    for line in lines:
        print(line)
    print(f"fill what begins with {FILL}; nox -s contract -- {name} lists what is missing")


def refuse_taken(release: Release, case_id: str, root: Path, kind: Kind = CASE) -> None:
    """Refuse an id that is malformed or taken, and a release that is frozen.

    Raises
    ------
    CaseError
        With what is allowed.
    """
    if not CASE_ID.fullmatch(case_id):
        raise CaseError(f"{case_id!r} is no id of a {kind.name}; allowed: {ID_ALLOWED}")
    require_draft(release)
    for held in KINDS:
        begun = (worksheet_folder(release, case_id) / f"{held.mark}.csv").is_file()
        if case_id in held.entries(release.plan) or begun:
            begun |= held is CASE or case_id in added_designs(release.plan)
            leads = f"nox -s contract -- {case_id} lists what it lacks" if begun else "take another id"
            raise CaseError(f"there is a {held.name} {case_id!r} already; {leads}")
    if worksheet_folder(release, case_id).exists():
        raise CaseError(f"worksheets/{case_id} is there already; move it or take another id")
    # A notebook's name is its page's and that of its results, so that no other may have it.
    for notebook in sorted((root / "analysis" / "notebooks").glob(f"*/{case_id}.py")):
        raise CaseError(
            f"{notebook.relative_to(root)} is there already and is not overwritten; move it or take another id"
        )


def _sheets(release: Release, asked: Request) -> dict[str, list[dict[str, str]]]:
    """Return the rows of each worksheet: those of the release, then rows to be filled."""
    own_panel = bool(asked.panel) and not asked.in_release(release)
    sheets = {}
    for name in CASE.tables:
        if name in PANEL_TABLES and not own_panel:
            continue
        rows = read_rows(release, name) if name in CASE.owned else []
        held = [row for row in rows if row[CASE.owned[name]] == asked.case_id]
        blank = row_to_fill(release, name)
        sheets[name] = held + [blank | fixed for fixed in _rows_to_fill(release, name, asked, held)]
    return sheets


def row_to_fill(release: Release, table: str) -> dict[str, str]:
    """Return a row of a table whose required cells say what is allowed."""
    return {field["name"]: _mark(table, field) for field in schema_of(release, table)["fields"]}


def _mark(table: str, field: dict[str, Any]) -> str:
    """Return ``FILL`` and what is allowed, for a cell that must not stay blank."""
    rules, name = field.get("constraints", {}), field["name"]
    if not rules.get("required"):
        return ""
    allowed = [value for value in rules.get("enum", ()) if value != ""]
    if allowed and name not in CASE.id_columns:
        return f"{FILL} one of: {', '.join(map(str, allowed))}"
    form = "true, or false" if field["type"] == "boolean" else CELL_FORMS.get((table, name), "")
    return f"{FILL} {field['description']}{f' Allowed: {form}' if form else ''}"


def _rows_to_fill(
    release: Release, name: str, asked: Request, held: list[dict[str, str]]
) -> list[dict[str, str]]:
    """Return the known cells of the rows to be filled; none leaves a sheet with its header."""
    own = {CASE.owned[name]: asked.case_id} if name in CASE.owned else {}
    key = asked.case_id.replace("_", "-")
    if name == "cases":
        return [own | _case_row(release, asked)]
    if name == "coding":
        fields = [(kind, item) for kind, items in CODED.items() for item in items]
        codes = meanings(release)
        return [
            own
            | {
                "kind": kind,
                "item": item,
                "code": f"{FILL} one of: {', '.join([*codes[kind, item], 'or blank where nothing was found'])}",
            }
            for kind, item in fields
            for _ in range(MIN_CODERS)
        ]
    if name == "assessments":
        done = {row["statement_id"] for row in held}
        statements = [row["statement_id"] for row in read_rows(release, "statements")]
        passage = f"{FILL} such as cases/{asked.case_id}.html#{FILL.lower()}-the-heading"
        return [own | {"statement_id": s, "passage": passage} for s in statements if s not in done]
    if name == "leadership":
        return [own | {"leadership_id": f"{key}-01"}] if not held else []
    if name in ("events", "claims"):
        kind = name.removesuffix("s")
        return [own | {f"{kind}_id": f"{key}-{kind}-01"}]
    if name == "units":
        return [{"panel": asked.panel}]
    if name == "indicators":
        return [{"panel": asked.panel, "title": f"{FILL} {TITLED}"}]
    return [{}] if name in ("sources", "outcomes") else []


def _case_row(release: Release, asked: Request) -> dict[str, str]:
    """Return what is known of the case; a year that nothing is counted from has no basis."""
    row = {"title": asked.title} | ({"country": asked.country} if asked.country else {})
    if asked.in_release(release):
        units = {r["unit_id"]: r for r in read_rows(release, "units") if r["panel"] == asked.panel}
        row["treated_unit"] = next(key for key, unit in units.items() if unit["name"] == asked.unit)
    elif not asked.panel:
        row["treated_unit"] = asked.unit
    start = {"start_year": str(asked.start)} if asked.start else {"start_basis": "undated"}
    counted = {"first_treated_year": str(asked.start)} if asked.start else {"first_treated_basis": "undated"}
    if asked.is_described(release):
        counted = {"first_treated_basis": "undated"}
    return row | start | counted


def _notebook_text(release: Release, asked: Request, entry: dict[str, Any]) -> str:
    described, indicator = asked.is_described(release), "an_indicator_id"
    series = (
        list(series_of(release, asked)[1]) if asked.in_release(release) else [indicator] * bool(asked.panel)
    )
    primary = next(iter(entry["primary"]), "")
    if primary and asked.in_release(release):
        indicator = str(entry["panels"][primary]["indicator"])
    return render(
        "case.py.j2",
        release=release.name,
        case_id=asked.case_id,
        title=asked.title,
        place=_with_country(asked),
        unit=asked.unit,
        primary=primary,
        panels=list(entry["panels"]),
        indicator=series[0] if described and series else indicator,
        described=described,
        series=series if described else [],
    )


def render(template: str, **values: Any) -> str:
    """Return the text of a template of this room; a name that it lacks is an error."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).parent / "templates"), keep_trailing_newline=True, trim_blocks=True,
        lstrip_blocks=True, undefined=jinja2.StrictUndefined,
    )  # fmt: skip
    return environment.get_template(template).render(**values)


def _with_country(asked: Request) -> str:
    """Return the place as a heading names it: with its country, unless it is one."""
    if asked.country and asked.country not in asked.title:
        return f"{asked.title}, {asked.country}"
    return asked.title


def with_page(text: str, name: str, kind: Kind = CASE) -> str:
    """Return the contents with the chapter in the part for places added later, by their pages.

    Raises
    ------
    CaseError
        If the contents name no chapter of a place.
    """
    lines, line = text.splitlines(keepends=True), f"{PAGE}{kind.folder}/{name}\n"
    caption = f"  - caption: {ADDED_PART}\n"
    if caption in lines:
        at = lines.index(caption) + 2
        while at < len(lines) and lines[at].startswith(PAGE) and lines[at] < line:
            at += 1
        return "".join([*lines[:at], line, *lines[at:]])
    last = max((n for n, line in enumerate(lines) if "file: book/cases/" in line), default=-1)
    if last < 0:
        raise CaseError(
            "_toc.yml: names no chapter below book/cases/, so the place of the new one is not known"
        )
    return "".join([*lines[: last + 1], caption, "    chapters:\n", line, *lines[last + 1 :]])


def main(arguments: list[str] | None = None) -> int:
    """Command line of ``nox -s new-case``; returns the exit code."""
    parser = argparse.ArgumentParser(
        prog="nox -s new-case --", description="Begin a case, or take its rows into a draft."
    )
    parser.add_argument("case_id", help="id: small letters and underscores")
    parser.add_argument("--title", help="name of the place; made from the id if left out")
    parser.add_argument("--panel", help="panel that holds the outcomes; one of its own if left out")
    parser.add_argument("--unit", help="name of the treated unit in the panel; the title if left out")
    parser.add_argument("--country", default="", help="country of the place, for its row and its heading")
    parser.add_argument(
        "--start",
        type=int,
        help="first year whose results count as after, which may be later than the year in which it began; without it a "
        "place in a panel of the release is described",
    )
    parser.add_argument(
        "--described",
        action="store_true",
        help="neither start nor comparison; with --panel its series is shown",
    )
    parser.add_argument("--release", help="draft release; the newest that is a draft if left out")
    parser.add_argument("--take", action="store_true", help="take the filled worksheets into the draft")
    options = parser.parse_args(arguments)
    return run_command(lambda: _new_case(options))


def _new_case(options: argparse.Namespace) -> int:
    release = open_release(options.release) if options.release else newest_draft()
    save_plainly(release)
    if options.take:
        tell_taken(release, options.case_id, take(release, options.case_id))
        return 0
    title = options.title or options.case_id.replace("_", " ").title()
    panel = options.panel or ("" if options.described else options.case_id)
    asked = Request(
        options.case_id,
        title,
        panel,
        options.unit or title,
        options.start,
        options.country,
        options.described,
    )
    paths = begin(release, asked)
    start = start_in_words(asked, plan_entry(release, asked))
    on_place = rows_on_place(release, place_of(release, asked)).told()
    tell_begun(options.case_id, paths, [*filter(None, [start]), *on_place])
    return 0


def place_of(release: Release, asked: Request) -> frozenset[str]:
    """Return the names and the code under which tables of the release may hold the place."""
    unit = _case_row(release, asked).get("treated_unit", "")
    codes = {row["code"] for row in read_rows(release, "units") if row["unit_id"] == unit}
    return frozenset({asked.title, asked.country, asked.unit, *codes} - {""})


if __name__ == "__main__":
    sys.exit(main())
