"""Check a case or a design against its contract: rows, plan and chapter.

What may be right and looks like a mistake is listed to be looked at again, and keeps no case from the contract. Nothing is run, so an author sees what is missing before the first result. A requirement may be answered by a stated
reason where the record cannot bear it: a case without comparison places is described, with the reason in the plan.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from pathlib import Path

from leadership_effects.cases.chapter_rules import STAGES, Case, chapter_problems
from leadership_effects.cases.chapter_words import suspicious_words, word_problems
from leadership_effects.cases.designs.rules import design_problems, simulation_line
from leadership_effects.cases.row_rules import row_problems, staged_problems
from leadership_effects.cases.rules.on_record import not_given
from leadership_effects.cases.rules.suspicions import suspicious_cells
from leadership_effects.cases.worksheets import (
    CASE,
    CASE_ID,
    DESIGN,
    ID_ALLOWED,
    KINDS,
    Kind,
    begun_cases,
    kind_of,
    read_case_rows,
    unusual_cells,
    worksheet_folder,
)
from leadership_effects.counting import added_designs
from leadership_effects.data.checks.problem import Problem
from leadership_effects.data.release import Release, ReleaseError, drafts, newest_release, open_release
from leadership_effects.data.rows import save_plainly
from leadership_effects.errors import run_command
from leadership_effects.paths import ROOT, data_folder


def read_case(release: Release, case_id: str, root: Path = ROOT, kind: Kind = CASE) -> Case:
    """Read everything that the contract is about, from worksheets where there are some.

    Raises
    ------
    ReleaseError
        If a worksheet, its plan or the release cannot be read, or there is no such case or design.
    """
    if not worksheet_folder(release, case_id).is_dir() and case_id not in kind.entries(release.plan):
        known = ", ".join(name for names in _names(release).values() for name in names)
        begins = " or ".join(f"nox -s {one.command} -- {case_id}" for one in KINDS)
        leads = f"{begins} begins one" if CASE_ID.fullmatch(case_id) else f"allowed as an id: {ID_ALLOWED}"
        raise ReleaseError(f"no {kind.name} {case_id!r}; there are {known}; {leads}")
    rows = read_case_rows(release, case_id, kind)
    notebook = root / "analysis" / "notebooks" / kind.folder / f"{case_id}.py"
    return Case(
        **vars(rows),
        notebook=notebook.relative_to(root).as_posix(),
        source=notebook.read_text(encoding="utf-8-sig") if notebook.is_file() else "",
        toc=(root / "_toc.yml").read_text(encoding="utf-8-sig"),
    )


def _names(release: Release) -> dict[str, list[str]]:
    """Return the cases, and the designs that the contract is about: those added later."""
    held = {CASE.name: release.plan["cases"], DESIGN.name: added_designs(release.plan)}
    return {kind.name: [*dict.fromkeys([*held[kind.name], *begun_cases(release, kind)])] for kind in KINDS}


def case_problems(case: Case) -> list[Problem]:
    """Return everything that a case or a design lacks; empty if it keeps the contract."""
    if case.kind is DESIGN:
        return design_problems(case)
    return [*row_problems(case), *staged_problems(case), *chapter_problems(case), *word_problems(case)]


def what_was_found(case: Case) -> Iterator[str]:
    """Yield what the last run of a chapter being written found, to be read beside its sentences."""
    if not case.has_run():
        return
    found = json.loads(case.results().read_text(encoding="utf-8"))["results"]

    def text(key: str) -> str:
        return str(found[key]["text"]) if key in found else "none"

    yield f"found by the last run: comparison {text('comparison')}; verdict {text('verdict')}, because {text('verdict_why')}; the place {text('finding')}"
    for name in case.plan.get("primary") or ():
        estimate = found.get(f"{name}.att")
        if estimate:
            span = (
                f" ({estimate['interval_text']}, {estimate['interval_kind']})"
                if estimate["interval_text"]
                else ""
            )
            rank = f"rank {text(f'{name}.rank')} of {text(f'{name}.places')}, p {text(f'{name}.p')}"
            yield f"found by the last run: {name}, difference {estimate['text']} {estimate['unit']}{span}, {rank}"
    yield (
        f"a sentence against this is refused by nothing: read the first sentence, the section {STAGES[11]!r}, and the reasons in "
        "assessments.csv beside it"
    )


def main(arguments: list[str] | None = None) -> int:
    """Command line of ``nox -s contract``; returns 1 if a case lacks something."""
    parser = argparse.ArgumentParser(
        prog="nox -s contract --", description="Name what a case or a design lacks."
    )
    parser.add_argument(
        "cases", nargs="*", help="cases and designs; all of the plan and all begun if left out"
    )
    parser.add_argument("--release", help="release name; the newest draft, or the newest, if left out")
    options = parser.parse_args(arguments)
    return run_command(lambda: _contract(options.cases, options.release))


def _contract(names: list[str], release_name: str | None) -> int:
    release = open_release(release_name or next(reversed(drafts(data_folder())), "") or newest_release())
    for file in save_plainly(release):
        print(f"{release.name}/{file}: saved anew as a release holds it")
    lacking, known = 0, _names(release)
    for case_id in names or [name for held in known.values() for name in held]:
        kind = kind_of(release, case_id)
        if kind is DESIGN and case_id not in known[kind.name]:
            added = ", ".join(known[kind.name]) or "none"
            print(
                f"{case_id}: planned with the others, no contract; designs with one are those added later: {added}"
            )
            continue
        case = read_case(release, case_id, kind=kind)
        problems = case_problems(case)
        lacking += bool(problems)
        for problem in problems:
            print(problem)
        words = suspicious_words(case) if kind is CASE else ()
        given = not_given(case) if kind is CASE else ()
        for line in [*unusual_cells(case), *suspicious_cells(case), *given, *words]:
            print(f"look again: {line}")
        if kind is DESIGN and not problems:
            print(simulation_line(case))
        print(f"{case_id}: {f'{len(problems)} thing(s) missing' if problems else 'keeps the contract'}")
        if case.filled() and not problems and not case.has_run():
            print(
                f"its numbers are checked once it ran: nox -s notebooks -- {case_id} --release {release.name}"
            )
        for line in what_was_found(case) if kind is CASE else ():
            print(line)
    return 1 if lacking else 0


if __name__ == "__main__":
    sys.exit(main())
