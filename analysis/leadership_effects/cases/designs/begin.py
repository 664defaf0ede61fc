"""Begin a staggered adoption design: worksheets, plan entry, notebook; or take its rows.

``nox -s new-design -- readers --title "Countries, reading" --panel pisa_trend --indicator pisa_trend_reading`` begins one,
``nox -s contract -- readers`` names what is missing, ``nox -s new-design -- readers --take`` takes the filled rows into the
draft, ``nox -s drop-case -- readers`` takes everything back. Without ``--panel`` it has a panel of its own. Nothing that
exists is overwritten, and a frozen release is never touched.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from leadership_effects.cases.begin import (
    newest_draft,
    refuse_taken,
    render,
    row_to_fill,
    tell_begun,
    tell_taken,
    with_page,
    write_begun,
)
from leadership_effects.cases.contract import read_case
from leadership_effects.cases.designs.plan_entry import DesignRequest, design_entry
from leadership_effects.cases.designs.rules import of_draft, row_problems
from leadership_effects.cases.take import refuse_untakeable, take_rows
from leadership_effects.cases.worksheets import DESIGN, FILL
from leadership_effects.data.release import Release, open_release
from leadership_effects.data.rows import read_rows, save_plainly
from leadership_effects.errors import run_command
from leadership_effects.paths import ROOT
from leadership_effects.releases.plan_edit import plan_yaml

PANEL_TABLES = ("units", "indicators", "breaks", "outcomes", "vocabulary")
PLAN_HEAD = (
    "# Entry of {name} among the designs of many places in the plan. Fill it before you look at any result, and simulate the\n"
    "# test on its shape before the estimate is run; data/<release>/plan.yml shows how others are written.\n"
)


def begin_design(release: Release, asked: DesignRequest, root: Path = ROOT) -> list[Path]:
    """Write worksheets, plan entry, notebook and contents line of a new design; return paths.

    Raises
    ------
    CaseError
        If the id is malformed or taken, the release is frozen, or the panel holds no such units or series; nothing is
        written then.
    """
    refuse_taken(release, asked.name, root, DESIGN)
    entry = design_entry(release, asked)
    toc = root / "_toc.yml"
    files = {
        root / "analysis" / "notebooks" / DESIGN.folder / f"{asked.name}.py": render(
            "design.py.j2", name=asked.name, title=asked.title, judged=entry["scale"] == "pupil SD",
            **{part: words if not words.startswith(FILL) else {"one": "place", "many": "places"}[part] for part, words in entry["places"].items()},
        ),
        toc: with_page(toc.read_text(encoding="utf-8"), asked.name, DESIGN),
    }  # fmt: skip
    plan = PLAN_HEAD.format(name=asked.name) + plan_yaml({asked.name: entry})
    return write_begun(release, asked.name, _sheets(release, asked, entry["unit_type"]), plan, files)


def _sheets(release: Release, asked: DesignRequest, kind: str) -> dict[str, list[dict[str, str]]]:
    """Return the rows of each worksheet: starts of the release, then rows to be filled."""
    known, sheets = asked.in_release(release), dict[str, list[dict[str, str]]]()
    units = [
        row for row in read_rows(release, "units") if row["panel"] == asked.panel and row["unit_type"] == kind
    ]
    codes = {row["code"] for row in units} - {""}
    for table in DESIGN.tables:
        if table in PANEL_TABLES and known:
            continue
        held = [row for row in read_rows(release, table) if row["code"] in codes] if table == "starts" else []
        blank = row_to_fill(release, table)
        if table in ("units", "indicators"):
            blank |= {"panel": asked.panel}
        if table == "units":
            blank["code"] = (
                f"{FILL} code of the unit, by which a row of starts is matched: ISO 3166 or of the statistics office"
            )
        if table == "starts":
            blank["year"] = f"{FILL} year of the first placement in the unit"
        sheets[table] = held + ([] if table in ("breaks", "dose", "vocabulary") else [blank])
    return sheets


def take_design(release: Release, name: str, root: Path = ROOT) -> dict[str, int]:
    """Merge the worksheets of a design into the draft; return its number of rows by file.

    Raises
    ------
    CaseError
        If the release is frozen, no worksheets are there, or rows or plan lack something; the message names each.
    """
    refuse_untakeable(release, name, DESIGN)
    rows = read_case(release, name, root, DESIGN)
    return take_rows(rows, row_problems(rows), of_draft)


def main(arguments: list[str] | None = None) -> int:
    """Command line of ``nox -s new-design``; returns the exit code."""
    parser = argparse.ArgumentParser(
        prog="nox -s new-design --",
        description="Begin a staggered adoption design, or take its rows into a draft.",
    )
    parser.add_argument("name", help="id: small letters and underscores")
    parser.add_argument("--title", help="title of the chapter; made from the id if left out")
    parser.add_argument(
        "--panel", help="panel of the release that holds the outcomes; one of its own if left out"
    )
    parser.add_argument(
        "--indicator",
        action="append",
        default=[],
        help="series of the outcome, may be repeated; all if left out",
    )
    parser.add_argument(
        "--unit-type", default="", help="kind of unit; the one of most units with a code if left out"
    )
    parser.add_argument(
        "--organisation", default="", help="whose starts are counted; everybody's if left out"
    )
    parser.add_argument(
        "--places",
        nargs=2,
        default=("", ""),
        metavar=("ONE", "MANY"),
        help="what a unit is called, such as: country countries",
    )
    parser.add_argument(
        "--scale",
        default="",
        choices=("pupil SD", "unit"),
        help="pupil SD where every series has one if left out",
    )
    parser.add_argument("--release", help="draft release; the newest that is a draft if left out")
    parser.add_argument("--take", action="store_true", help="take the filled worksheets into the draft")
    options = parser.parse_args(arguments)
    return run_command(lambda: _new_design(options))


def _new_design(options: argparse.Namespace) -> int:
    release = open_release(options.release) if options.release else newest_draft()
    save_plainly(release)
    if options.take:
        tell_taken(release, options.name, take_design(release, options.name))
        return 0
    one, many = options.places
    asked = DesignRequest(
        options.name, options.title or options.name.replace("_", " ").capitalize(), options.panel or options.name, options.unit_type,
        tuple(options.indicator), options.organisation, one, many, options.scale,
    )  # fmt: skip
    tell_begun(options.name, begin_design(release, asked))
    return 0


if __name__ == "__main__":
    sys.exit(main())
