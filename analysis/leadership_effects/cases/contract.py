"""Check a case against the contract: rows, plan and chapter (``nox -s contract``).

What may be right and looks like a mistake is listed to be looked at again, and keeps no case from the contract. Nothing is run, so an author sees what is missing before the first result. A requirement may be answered by a stated
reason where the record cannot bear it: a case without comparison places is described, with the reason in the plan.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from leadership_effects.cases.chapter_rules import Case, chapter_problems
from leadership_effects.cases.chapter_words import suspicious_words, word_problems
from leadership_effects.cases.contradiction_rules import suspicious_cells
from leadership_effects.cases.row_rules import row_problems, staged_problems
from leadership_effects.cases.worksheets import begun_cases, read_case_rows, unusual_cells, worksheet_folder
from leadership_effects.data.checks.problem import Problem
from leadership_effects.data.release import Release, ReleaseError, drafts, newest_release, open_release
from leadership_effects.data.rows import save_plainly
from leadership_effects.errors import run_command
from leadership_effects.paths import ROOT, data_folder


def read_case(release: Release, case_id: str, root: Path = ROOT) -> Case:
    """Read everything that the contract is about, from worksheets where there are some.

    Raises
    ------
    ReleaseError
        If a worksheet, its plan or the release cannot be read, or there is no such case.
    """
    if not worksheet_folder(release, case_id).is_dir() and case_id not in release.plan["cases"]:
        known = ", ".join([*release.plan["cases"], *begun_cases(release)])
        raise ReleaseError(f"no case {case_id!r}; there are {known}; nox -s new-case -- {case_id} begins one")
    rows = read_case_rows(release, case_id)
    notebook = root / "analysis" / "notebooks" / "cases" / f"{case_id}.py"
    return Case(
        **vars(rows),
        notebook=notebook.relative_to(root).as_posix(),
        source=notebook.read_text(encoding="utf-8-sig") if notebook.is_file() else "",
        toc=(root / "_toc.yml").read_text(encoding="utf-8-sig"),
    )


def case_problems(case: Case) -> list[Problem]:
    """Return everything that a case lacks; empty if it keeps the contract."""
    return [*row_problems(case), *staged_problems(case), *chapter_problems(case), *word_problems(case)]


def main(arguments: list[str] | None = None) -> int:
    """Command line of ``nox -s contract``; returns 1 if a case lacks something."""
    parser = argparse.ArgumentParser(prog="nox -s contract --", description="Name what a case lacks.")
    parser.add_argument("cases", nargs="*", help="cases; all of the plan and all begun if left out")
    parser.add_argument("--release", help="release name; the newest draft, or the newest, if left out")
    options = parser.parse_args(arguments)
    return run_command(lambda: _contract(options.cases, options.release))


def _contract(names: list[str], release_name: str | None) -> int:
    release = open_release(release_name or next(reversed(drafts(data_folder())), "") or newest_release())
    for file in save_plainly(release):
        print(f"{release.name}/{file}: saved anew as a release holds it")
    lacking = 0
    for case_id in names or dict.fromkeys([*release.plan["cases"], *begun_cases(release)]):
        case = read_case(release, case_id)
        problems = case_problems(case)
        lacking += bool(problems)
        for problem in problems:
            print(problem)
        for line in [*unusual_cells(case), *suspicious_cells(case), *suspicious_words(case)]:
            print(f"look again: {line}")
        print(f"{case_id}: {f'{len(problems)} thing(s) missing' if problems else 'keeps the contract'}")
        if case.filled() and not problems and not case.has_run():
            print(
                f"its numbers are checked once it ran: nox -s notebooks -- {case_id} --release {release.name}"
            )
    return 1 if lacking else 0


if __name__ == "__main__":
    sys.exit(main())
