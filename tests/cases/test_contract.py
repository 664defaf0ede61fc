"""Every case keeps the contract, each rule can be broken, and a case can be begun and taken into a draft."""

from __future__ import annotations

import csv
import difflib
import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import yaml
from leadership_effects.build.site import SiteError, refuse_begun
from leadership_effects.cases.begin import begin, newest_draft
from leadership_effects.cases.chapter_rules import STAGES, Case
from leadership_effects.cases.contract import case_problems, read_case
from leadership_effects.cases.plan_entry import Request
from leadership_effects.cases.row_rules import BY_ITEM, row_problems
from leadership_effects.cases.stage import TAKEN
from leadership_effects.cases.take import take
from leadership_effects.cases.worksheets import (
    FILL,
    WRITE,
    CaseError,
    SheetRow,
    Worksheet,
    unusual_cells,
    worksheet_folder,
)
from leadership_effects.data.dictionary import data_dictionary, freeze
from leadership_effects.data.release import Release, ReleaseError, open_release
from leadership_effects.data.validation import check_release
from leadership_effects.effects.pupil_scale import VERDICTS
from leadership_effects.paths import ROOT
from leadership_effects.releases.changes import explained
from leadership_effects.releases.draft import draft_release
from leadership_effects.releases.plan_edit import edit_plan, place_case
from miniature import TIMEOUT_S, Shared, snapshot
from small_checkout import DATA, DRAFT, ELSEWHERE, FARAWAY, NEWEST, drafted, fill, make_taken, mend, panels_of


@pytest.fixture(scope="module")
def release() -> Release:
    return open_release(NEWEST, DATA)


@pytest.fixture(scope="module")
def latvia(release: Release) -> Case:
    return read_case(release, "latvia")


@pytest.mark.parametrize("case_id", open_release(NEWEST, DATA).plan["cases"])
def test_every_case_keeps_the_contract(release: Release, case_id: str) -> None:
    assert [str(problem) for problem in case_problems(read_case(release, case_id))] == []


def rows(table: str, change: Callable[[list[SheetRow]], list[SheetRow]]) -> Callable[[Case], Case]:
    def spoil(case: Case) -> Case:
        sheet = case.sheets[table]
        return replace(
            case, sheets=case.sheets | {table: Worksheet(sheet.file, tuple(change(list(sheet.rows))))}
        )

    return spoil


def cell(table: str, column: str, value: str) -> Callable[[Case], Case]:
    return rows(table, lambda all_: [SheetRow(all_[0].number, all_[0].cells | {column: value}), *all_[1:]])


def none_of(table: str) -> Callable[[Case], Case]:
    return rows(table, lambda all_: [])


def source(old: str, new: str) -> Callable[[Case], Case]:
    def spoil(case: Case) -> Case:
        assert old in case.source, old
        return replace(case, source=case.source.replace(old, new))

    return spoil


def planned(**fields: object) -> Callable[[Case], Case]:
    return lambda case: replace(case, plan=case.plan | fields)


def roles(**named: str) -> Callable[[Case], Case]:
    return lambda case: replace(case, roles=named)


def without_donors(case: Case) -> Case:
    bare = {k: v for k, v in case.plan["panels"]["mathematics"].items() if k not in ("donors", "exclude")}
    return replace(case, plan=case.plan | {"panels": {"mathematics": bare}})


def undated(case: Case) -> Case:
    for table in ("events", "leadership"):
        case = rows(
            table, lambda all_: [SheetRow(r.number, r.cells | {"year_basis": "undated"}) for r in all_]
        )(case)
    return case


BROKEN: dict[str, tuple[Callable[[Case], Case], tuple[str, ...]]] = {
    "cell to fill": (cell("claims", "verdict", f"{FILL} one of: holds"), ("claims.csv", "row", "column verdict", "one of: holds")),
    "plan to fill": (planned(treated_unit=f"{FILL} which"), ("plan.yml", "latvia.treated_unit", "which")),
    "no row of the case": (none_of("cases"), ("cases.csv", "0 rows")),
    "another start": (cell("cases", "first_treated_year", "2012"), ("first_treated_year", "2012", "2009")),
    "no such source": (cell("events", "source_id", "LF_000"), ("events.csv", "row", "LF_000 is no source")),
    "no count": (none_of("leadership"), ("leadership.csv", "no row")),
    "nothing dated": (undated, ("events.csv", "no event and no count has a stated year")),
    "no event": (none_of("events"), ("events.csv", "no row")),
    "nowhere in the synthesis": (roles(), ("plan.yml", "synthesis", "entering, described, added")),
    "no reason": (roles(described="Because."), ("synthesis.described", "is no reason")),
    "no reason for the start": (planned(first_treated_reason=""), ("first_treated_reason", "is missing")),
    "no primary panel": (planned(primary=[]), ("latvia.primary", "is empty")),
    "no comparison places in words": (without_donors, ("panels.mathematics.donors", "is missing")),
    "no claim": (none_of("claims"), ("claims.csv", "no row")),
    "claim unchecked": (cell("claims", "verdict", ""), ("claims.csv", "column verdict", "is blank")),
    "claims not shown": (source("study.claims(", "print("), ("What is claimed", "study.claims()")),
    "claim without its series": (
        cell("claims", "checkable", "yes"), ("study.claims: latvia-claim-01 can be checked", 'study.claims({"latvia-claim-01": ["pisa_mathematics"]})')
    ),
    "series of no claim": (source("study.claims()", 'study.claims({"latvia-claim-99": []})'), ("'latvia-claim-99' is no claim",)),
    "series of no indicator": (
        source("study.claims()", 'study.claims({"latvia-claim-01": ["pisa_mathematic"]})'), ("'pisa_mathematic' is no indicator", "such as pisa_math")
    ),
    "bearing against the verdict": (
        rows("assessments", lambda all_: [
            SheetRow(r.number, r.cells | ({"bearing": "supports"} if r.cells["statement_id"] == "place_stands_out" else {})) for r in all_
        ]),
        ("assessments.csv, row", "column bearing", "supports, and the verdict of the chapter is cannot say", "allowed: cannot say"),
    ),
    "case of another chapter": (source('case_id = "latvia"', 'case_id = "chile"'), ("latvia.py, row", "column case_id: is 'chile'")),
    "note to oneself": (source("# Intakes were small:", "# Intakes were small ?? TODO:"), ("latvia.py, row", "'??' was left")),
    "source of nobody": (source("# Intakes were small:", "# Intakes {src}`NO_SUCH` were small:"), ("latvia.py, row", "'NO_SUCH' is no source")),
    "count without a name": (source('"latvia-01": "fellows",', ""), ("study.facts", "latvia-01 has no name", '"latvia-01": "fellows_since_2008_2018"')),
    "no name at all": (source("study.facts(", "study.facts() or ("), ("latvia-02 has no name",)),
    "name of no count": (source('"latvia-02": ', '"latvia-99": '), ("no row 'latvia-99' with a figure of its own to be named 'fellows_in_education'; allowed: latvia-01",)),
    "a name twice": (source("fellows_in_education", "fellows"), ("'fellows' is the name of latvia-01, latvia-02",)),
    "name of another form": (source('"fellows"', '"Fellows 2018"'), ("name 'Fellows 2018' of latvia-01; allowed: lower-case words",)),
    "number of no page": (source("# Intakes were small:", "# {num}`latvja.verdict` were small:"), ("'latvja.verdict' is no number", "such as latvia.verdict")),
    "passage without a heading": (
        cell("assessments", "passage", "cases/latvia.html#the-quest"), ("column passage: #the-quest is no heading", "such as #the-question")
    ),
    "range of no page": (source("# Intakes were small:", "# {range}`latvja.verdict` were small:"), ("{range}", "'latvja.verdict' is no number")),
    "passage on no page": (cell("assessments", "passage", "cases/nowhere.html#x"), ("cases/nowhere.html is no page of the book",)),
    "instruction as an answer": (
        source("# Intakes were small:", "# what is counted, of whom,\n# when and by whom {src}`LF_123`."), ("latvia.py, row", "still asks: what is counted of whom")
    ),
    "one coder": (rows("coding", lambda all_: all_[:2] + all_[3:]), ("coding.csv", "dimension network has 1 coder")),
    "code without a reason": (cell("coding", "reason", ""), ("coding.csv", "column reason", "is blank")),
    "statement without a bearing": (rows("assessments", lambda all_: all_[1:]), ("assessments.csv", "pupils_gain_more has no row")),
    "no verdict": (source("study.verdict()", "None"), ("study.verdict()",)),
    "no sentence": (source("# {.lead}", "#"), ("first screen", "shows no sentence", "{.lead}")),
    "sentence with a number": (source("After the first fellows began", "After 2008"), ("first screen", "its sentence holds a number")),
    "not marked how sure": (source("{sure}`latvia`", "it"), ("first screen", "{sure}`latvia`")),
    "mark of another case": (source("{sure}`latvia`", "{sure}`chile`"), ("first screen", "{sure}`latvia`")),
    "no chart that decides": (source("```{chart} latvia.", "```{chart} chile."), ("first screen", "no chart", "{chart} latvia.")),
    "two figures": (source("# - There were some", "# There were some"), ("first screen", "has 2 items with a figure; allowed: 3")),
    "nothing else could explain it": (source("**What else could explain it.**", "Well."), ("first screen", "no rival explanation")),
    "no reason of the verdict": (source("{num}`verdict_why`", "it"), ("first screen", "{num}`verdict_why`")),
    "no way to the evidence": (source("# ```{evidence}", "# ```"), ("first screen", "no way to the evidence")),
    "a mark typed by hand": (source("# Intakes were small:", "# Comparison: full. Intakes were small:"), ("latvia.py, row", "'Comparison: full' is typed by hand", "{sure}`latvia`")),
    "tested where described": (
        lambda case: source("# Intakes were small:", "# Latvia was tested. Intakes were small:")(roles(described="No year before is in any series.")(case)),
        ("latvia.py, row", "'Latvia was tested', and the plan names the place as described"),
    ),
    "no placebo": (source("study.robustness(", "print("), ("study.robustness", "whether luck")),
    "no estimate": (source("study.estimate(", "print("), ("study.estimate", "placebo inference")),
    "nothing on what could be detected": (source("study.detect(", "print("), ("study.detect",)),
    "no advice for the place": (source("**What to count or ask for.**", "Ask."), ("What to do with it", "has no item 'What to count")),
    "no rival": (source("**", ""), (STAGES[8], "names no rival")),
    "no word on studies": (
        lambda case: source("study.evaluations(", "print(")(none_of("evaluations")(case)), (STAGES[8], "names no study")
    ),
    "no description": (source("    says=(", "    tells=("), ("says", "is missing")),
    "no caption": (source('    caption="', '    captions="'), ("caption", "is missing")),
    "stage missing": (source("# ## What is claimed", "# ## Claims"), ("What is claimed", "is missing")),
    "left to be written": (source("# Intakes were small:", f"# {WRITE} how many."), ("latvia.py", "row", "how many.")),
    "not finished": (source("study.finish()", ""), ("study.finish()",)),
    "in no part of the book": (lambda case: replace(case, toc=""), ("_toc.yml", "book/cases/latvia is missing")),
    "no notebook": (lambda case: replace(case, source=""), ("latvia.py", "missing")),
}  # fmt: skip


@pytest.mark.parametrize("name", BROKEN)
def test_what_a_case_lacks_is_named(latvia: Case, name: str) -> None:
    spoil, says = BROKEN[name]
    told = [str(problem) for problem in case_problems(spoil(latvia))]
    assert any(all(word in line for word in says) for line in told), told


def test_a_key_of_the_chapter_may_be_like_a_page(latvia: Case) -> None:
    """Chile is a page; a group of numbers that the chapter's code calls chili is its own."""
    named = source("# Intakes were small:", "# {num}`chili.share` was small:")(latvia)
    assert any("'chili.share' is no number" in str(problem) for problem in case_problems(named))
    recorded = source(
        "record = study.numbers(rows=counted)", 'record = study.numbers("chili", rows=counted)'
    )(named)
    assert not any("chili" in str(problem) for problem in case_problems(recorded))


def test_stages_in_another_order_are_refused(latvia: Case) -> None:
    swapped = (
        latvia.source.replace(f"## {STAGES[0]}", "## X")
        .replace(f"## {STAGES[1]}", f"## {STAGES[0]}")
        .replace("## X", f"## {STAGES[1]}")
    )
    assert any("another order" in str(problem) for problem in case_problems(replace(latvia, source=swapped)))


def test_a_stated_reason_stands_for_a_comparison(latvia: Case) -> None:
    """A described case needs no placebo, because the plan says why there is none."""
    reason = roles(described="No year before the start is in any series.")
    bare = source("study.robustness(", "print(")(reason(planned(primary=[])(latvia)))
    told = [problem.message for problem in case_problems(bare)]
    assert told == ["full, and the plan names latvia as described; allowed: none, or study"] * 2
    without = {"basis": "none", "design_level": "2"}
    bare = rows(
        "assessments",
        lambda all_: [
            SheetRow(r.number, r.cells | without) if r.cells["basis"] == "full" else r for r in all_
        ],
    )(bare)
    assert case_problems(bare) == []


def test_the_small_release_is_whole(house: Path) -> None:
    (house / "data" / "README.md").write_text(
        data_dictionary(open_release(NEWEST, house / "data")), encoding="utf-8"
    )
    assert [str(problem) for name in (NEWEST, DRAFT) for problem in check_release(name, house / "data")] == []


def test_a_case_just_begun_is_told_of_everything_it_lacks(house: Path) -> None:
    begin(drafted(house), ELSEWHERE, house)
    told = [str(problem) for problem in case_problems(read_case(drafted(house), "elsewhere", house))]
    folder = worksheet_folder(drafted(house), "elsewhere")
    for path in sorted(folder.glob("*.csv")):
        header, *table = csv.reader(path.read_text(encoding="utf-8").splitlines())
        if path.stem in BY_ITEM:  # many rows are begun, and one line counts what is open in them
            open_cells = sum(cell.startswith(FILL) for row in table for cell in row)
            [line] = [line for line in told if f"worksheets/elsewhere/{path.name}, row" in line]
            assert f"{open_cells} cells of {len(table)} rows to be filled" in line
            continue
        for number, row in enumerate(table, 2):
            for column, value in zip(header, row, strict=True):
                where = f"worksheets/elsewhere/{path.name}, row {number}, column {column}:"
                assert any(where in line for line in told) == value.startswith(FILL), where
    notebook = (house / "analysis/notebooks/cases/elsewhere.py").read_text(encoding="utf-8").splitlines()
    for number, line in enumerate(notebook, 1):
        assert any(f"elsewhere.py, row {number}:" in told_of for told_of in told) == (WRITE in line), line
    assert any("names no rival" in line for line in told)
    assert not any("is missing; allowed: the stages" in line or "_toc.yml" in line for line in told)
    before = snapshot(house)
    with pytest.raises(CaseError, match="to correct before elsewhere can be taken; nothing was changed"):
        take(drafted(house), "elsewhere", house)
    assert snapshot(house) == before


def test_filled_rows_go_into_the_draft_and_no_other_row_changes(house: Path) -> None:
    begin(drafted(house), ELSEWHERE, house)
    fill(house, "elsewhere")
    before, frozen = snapshot(house / "data" / DRAFT), snapshot(house / "data" / NEWEST)
    take(drafted(house), "elsewhere", house)
    after = snapshot(house / "data" / DRAFT)
    changed = {name for name in after if after[name] != before.get(name)}
    tables = ("cases", "events", "leadership", "claims", "coding", "assessments", "sources")
    owned = {f"{name}.csv" for name in tables}
    assert changed == owned | {"plan.yml", "datapackage.json"}
    for name in owned:
        old, new = (str(text[name], "utf-8").splitlines() for text in (before, after))  # type: ignore[arg-type]
        assert [line for line in new if line in set(old)] == old, name
    assert b"\r" not in after["cases.csv"] and b"Elsewhere,Gabon" in after["cases.csv"]  # type: ignore[operator]
    opened = drafted(house)
    assert list(opened.plan["cases"])[-1] == "elsewhere" and list(opened.plan["synthesis"]["added"]) == [
        "elsewhere"
    ]
    assert opened.table("cases")["latitude"].iloc[-1] == 1.5
    _, unexplained = explained(open_release(NEWEST, house / "data"), opened)
    assert unexplained == []
    reasons = (house / "data" / "changes" / f"{DRAFT}.csv").read_bytes()
    take(opened, "elsewhere", house)
    assert snapshot(house / "data" / DRAFT) == after
    assert (house / "data" / "changes" / f"{DRAFT}.csv").read_bytes() == reasons
    assert snapshot(house / "data" / NEWEST) == frozen
    assert not [path.name for path in (house / "data").iterdir() if path.name.startswith(".")]


KILLED = """import os, signal, sys
from pathlib import Path
from leadership_effects.cases import take as command
from leadership_effects.data.release import open_release

write, calls = command.write_whole, []

def deadly(*arguments):
    calls.append(arguments)
    if len(calls) == int(sys.argv[2]):
        os.kill(os.getpid(), signal.SIGKILL)
    return write(*arguments)

command.write_whole = deadly
house = Path(sys.argv[1])
command.take(open_release("2099.1", house / "data"), "elsewhere", house)
"""


@pytest.mark.parametrize("write", [5, 9])
def test_a_taking_that_was_killed_is_completed_by_taking_again(
    house: Path, shared: Shared, write: int
) -> None:
    """Killed among the tables, and between the last of them and the plan."""
    begin(drafted(house), ELSEWHERE, house)
    fill(house, "elsewhere")
    undisturbed = make_taken(shared, house / "undisturbed", ELSEWHERE)
    environment = os.environ | {"PYTHONPATH": str(ROOT / "analysis")}
    done = subprocess.run(
        [sys.executable, "-c", KILLED, str(house), str(write)], env=environment, check=False
    )
    assert done.returncode == -signal.SIGKILL
    assert snapshot(house / "data") != snapshot(undisturbed / "data")
    take(drafted(house), "elsewhere", house)
    assert snapshot(house / "data") == snapshot(undisturbed / "data")


def test_a_row_of_somebody_else_is_not_replaced(house: Path) -> None:
    begin(drafted(house), ELSEWHERE, house)
    fill(house, "elsewhere")
    path = worksheet_folder(drafted(house), "elsewhere") / "sources.csv"
    path.write_text(path.read_text(encoding="utf-8-sig").replace("S_ELSEWHERE", "LF_126"), encoding="utf-8")
    with pytest.raises(CaseError, match=r"sources\.csv, row 2, column source_id: LF_126 is another row"):
        take(drafted(house), "elsewhere", house)


def test_a_row_corrected_after_it_was_taken_leaves_the_draft(house: Path) -> None:
    """Whatever part of the key is corrected, the draft is as if the corrected sheets had been taken at once."""
    before_it = panels_of(drafted(house))[-1]
    begin(drafted(house), FARAWAY, house)
    fill(house, "far_away")
    mend(house, "far_away", "outcomes", "2012", "2025")
    take(drafted(house), "far_away", house)
    mend(house, "far_away", "outcomes", "2025", "2015")
    for table in ("units", "indicators"):
        mend(house, "far_away", table, ";far_away;", ";far_off;")
    for table in ("units", "outcomes"):
        mend(house, "far_away", table, "far_away/country", "far_off/country")
    for table in ("sources", "outcomes"):
        mend(house, "far_away", table, "S_FAR_AWAY", "S_FAR")
    take(drafted(house), "far_away", house)
    opened = drafted(house)
    assert opened.outcomes("far_off")["year"].tolist() == [2001, 2002, 2015]
    assert not (opened.folder / "outcomes" / "far_away.csv").exists()
    assert panels_of(opened)[-2:] == [before_it, "far_off"]
    sources = [row for row in opened.table("sources")["source_id"] if row.startswith("S_FAR")]
    assert sources == ["S_FAR"]
    assert explained(open_release(NEWEST, house / "data"), opened)[1] == []


# What is wrong in a sheet, and what is told of it before anything is taken.
WRONG = {
    "a letter in a year": ("outcomes", "2001", "2O01", ("outcomes.csv, row 2, column year", "found '2O01'", "allowed: a whole number, 1960 to ")),
    "a year out of bounds": ("outcomes", "2001", "1901", ("outcomes.csv, row 2, column year", "1960 to ")),
    "another word": ("leadership", ";stated;", ";heard;", ("leadership.csv, row 2, column year_basis", "found 'heard'; allowed: stated, inferred, undated")),
    "no such place": ("outcomes", "far_away/country/x", "nort", ("outcomes.csv, row 2, column unit_id: found 'nort' in 3 rows, 2 to 4; allowed: a unit_id of units",)),
    "blank": ("events", "In words of our own.", "", ("events.csv, row 2, column statement", "is blank; allowed: a text")),
    "not plain": ("outcomes", "3,25", "NaN", ("outcomes.csv, row 2, column value: found 'NaN'; allowed: digits with a point",)),
    "out of the indicator's range": ("outcomes", "3,25", "325", ("outcomes.csv, row 2, column value: 325 is outside the range of far_away_one",)),
    "a source that nothing cites": ("outcomes", "S_FAR_AWAY", "LF_126", ("worksheets/far_away/sources.csv, row 2, column source_id: S_FAR_AWAY is cited by no row",)),
    "a code that the rubric lacks": ("coding", "strategy;recruit_place;A;0;", "strategy;recruit_place;A;3;", ("coding.csv, row", "column code: 3 is no code of recruit_place",)),
    "a key twice": ("outcomes", "2002", "2001", ("outcomes.csv, row 3, column indicator_id, unit_id, year", "each key once")),
}  # fmt: skip


def test_an_outcome_of_a_worksheet_that_looks_like_a_slip_is_told_and_not_refused(house: Path) -> None:
    begin(drafted(house), FARAWAY, house)
    fill(house, "far_away")
    path = worksheet_folder(drafted(house), "far_away") / "outcomes.csv"
    header, row, *_ = csv.reader(path.read_text(encoding="utf-8-sig").splitlines(), delimiter=";")
    year, value = header.index("year"), header.index("value")
    series = [[*row[:year], str(1990 + n), *row[year + 1 :]] for n in range(12)]
    for n, one in enumerate(series):
        one[value] = "521" if n == 6 else str(50 + n % 3)
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([header, *series])
    (line,) = unusual_cells(read_case(drafted(house), "far_away", house))
    assert line.startswith("worksheets/far_away/outcomes.csv, row 8, column value: ")
    assert "of which it is ten times, would fit" in line


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_cell_is_told_by_contract_and_taking_alike(house: Path, name: str) -> None:
    table, old, new, says = WRONG[name]
    begin(drafted(house), FARAWAY, house)
    fill(house, "far_away")
    mend(house, "far_away", table, old, new)
    told = [str(problem) for problem in case_problems(read_case(drafted(house), "far_away", house))]
    assert any(all(word in line for word in says) for line in told), told
    before = snapshot(house)
    with pytest.raises(CaseError, match="nothing was changed") as raised:
        take(drafted(house), "far_away", house)
    assert any(all(word in line for word in says) for line in str(raised.value).splitlines()), raised.value
    assert snapshot(house) == before


def test_a_draft_that_does_not_parse_does_not_keep_the_mended_row_out(shared: Shared, tmp_path: Path) -> None:
    house = make_taken(shared, tmp_path, FARAWAY)
    path = house / "data" / DRAFT / "outcomes" / "far_away.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("2002", "2O02"), encoding="utf-8")
    with pytest.raises(ReleaseError, match=rf"run `nox -s data -- {DRAFT}`"):
        drafted(house).table("outcomes-far_away")
    keys = worksheet_folder(drafted(house), "far_away") / TAKEN
    keys.write_text(keys.read_text(encoding="utf-8").replace("2002", "2O02"), encoding="utf-8")
    take(drafted(house), "far_away", house)
    assert drafted(house).outcomes("far_away")["year"].tolist() == [2001, 2002, 2012]


def test_what_another_case_took_and_what_was_released_stays(house: Path) -> None:
    """A source that two begun cases hold, and a row of the release repeated in a sheet, outlive the sheet of one."""
    for asked in (ELSEWHERE, FARAWAY):
        begin(drafted(house), asked, house)
        fill(house, asked.case_id)
    _header, repeated, *_ = csv.reader(
        (house / "data" / NEWEST / "sources.csv").read_text(encoding="utf-8").splitlines()
    )
    for table in ("sources", "outcomes"):
        mend(house, "far_away", table, "S_FAR_AWAY", "S_ELSEWHERE")
    path = worksheet_folder(drafted(house), "far_away") / "sources.csv"
    with path.open("a", encoding="utf-8") as stream:
        csv.writer(stream, delimiter=";").writerow(repeated)
    for asked in (ELSEWHERE, FARAWAY):
        take(drafted(house), asked.case_id, house)
    for table in ("sources", "outcomes"):
        mend(house, "far_away", table, "S_ELSEWHERE", "S_FAR_AWAY")
    path.write_text("".join(path.read_text(encoding="utf-8").splitlines(keepends=True)[:2]), encoding="utf-8")
    take(drafted(house), "far_away", house)
    held = set(drafted(house).table("sources")["source_id"])
    assert {repeated[0], "S_ELSEWHERE", "S_FAR_AWAY"} <= held


def test_a_case_is_added_once(shared: Shared, tmp_path: Path) -> None:
    """What is corrected after a release held the case replaces its row there and waits for a reason of the author."""
    house = make_taken(shared, tmp_path, ELSEWHERE)
    data, later = house / "data", "2099.2"
    freeze(data / DRAFT)
    draft_release(later, house)
    mend(house, "elsewhere", "sources", "In words of our own.", "In other words.")
    plan = worksheet_folder(drafted(house), "elsewhere") / "plan.yml"
    plan.write_text(
        plan.read_text(encoding="utf-8").replace("so why this year", "so, and why"), encoding="utf-8"
    )
    draft = open_release(later, data)
    take(draft, "elsewhere", house)
    draft = open_release(later, data)
    own = draft.table("sources").set_index("source_id").loc["S_ELSEWHERE"]
    assert "In other words." in own.tolist()
    assert "added as a case" not in (data / "changes" / f"{later}.csv").read_text(encoding="utf-8")
    _, unexplained = explained(open_release(DRAFT, data), draft)
    listed = "\n".join(map(str, unexplained))
    assert "first_treated_reason" in listed and "S_ELSEWHERE" in listed


def test_the_book_says_whose_a_chapter_is_that_the_release_lacks(house: Path) -> None:
    newest = open_release(NEWEST, house / "data")
    out = r", or take its line out"
    refuse_begun(newest, house)
    begin(drafted(house), ELSEWHERE, house)
    with pytest.raises(SiteError, match=rf"elsewhere is begun and in no release; .*{out} of _toc\.yml"):
        refuse_begun(newest, house)
    fill(house, "elsewhere")
    take(drafted(house), "elsewhere", house)
    with pytest.raises(SiteError, match=rf"elsewhere belongs to draft {DRAFT}; freeze it{out} of _toc\.yml"):
        refuse_begun(newest, house)
    refuse_begun(drafted(house), house)
    shutil.rmtree(worksheet_folder(drafted(house), "elsewhere"))
    shutil.rmtree(house / "data" / DRAFT)
    with pytest.raises(SiteError, match=rf"elsewhere is no case of release {NEWEST}; add it there{out}"):
        refuse_begun(newest, house)


@pytest.mark.parametrize("pre", [[2009], pytest.param([2006, 2009], marks=pytest.mark.slow)])
def test_the_notebook_runs_on_the_filled_rows(
    house: Path, pre: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its sentences follow the plan as filled, not as it stood when the case was begun."""
    begin(drafted(house), replace(ELSEWHERE, start=2012), house)
    fill(house, "elsewhere")
    plan = worksheet_folder(drafted(house), "elsewhere") / "plan.yml"
    content = yaml.safe_load(plan.read_text(encoding="utf-8"))
    content["elsewhere"]["panels"]["mathematics"]["pre"] = pre
    content["elsewhere"]["grid"]["first_years"]["PISA mathematics"] = pre[0]
    plan.write_text(yaml.safe_dump(content, sort_keys=False), encoding="utf-8")
    take(drafted(house), "elsewhere", house)
    notebook = house / "analysis/notebooks/cases/elsewhere.py"
    named = 'study.facts({"elsewhere-01": "fellows"})'
    notebook.write_text(
        notebook.read_text(encoding="utf-8").replace("study.facts()", named), encoding="utf-8"
    )
    places = {"LEADERSHIP_DATA": str(house / "data"), "LEADERSHIP_BUILD": str(house / "build")}
    done = subprocess.run(
        [sys.executable, "analysis/notebooks/cases/elsewhere.py"], cwd=house, capture_output=True, text=True, timeout=TIMEOUT_S,
        env=os.environ | places | {"PYTHONPATH": str(ROOT / "analysis")}, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    content = json.loads((house / "build" / "results" / DRAFT / "elsewhere.json").read_text(encoding="utf-8"))
    assert content["results"]["comparison"]["value"] == "partial"
    assert content["results"]["verdict"]["value"] in VERDICTS
    assert content["results"]["fellows"]["value"] == 3
    treated, unit, earlier = (
        content["results"][f"mathematics.{name}"]["value"] for name in ("treated", "unit", "earlier")
    )
    assert (treated, unit) == ("Estonia", "PISA points")
    assert earlier.startswith(
        "With one period before" if len(pre) == 1 else f"A start put in {pre[-1]} for a trial, "
    )
    chapter = (house / "analysis/notebooks/cases/elsewhere.py").read_text(encoding="utf-8")
    monkeypatch.setenv("LEADERSHIP_BUILD", str(house / "build"))
    case = read_case(drafted(house), "elsewhere", house)
    assert not [problem for problem in case_problems(case) if problem.column == "{num}"]
    wrong = source("mathematics.treated_change`", "mathematics.treated_chance` {num}`verdict`")
    spoilt = source(WRITE, "We say")(wrong(case))
    assert any(
        "treated_chance' is no number" in str(p) and "treated_change" in str(p) for p in case_problems(spoilt)
    )
    assert "earlier trend" not in chapter and "Elsewhere moved" not in chapter
    assert set(content["figures"]) >= {"timeline", "paths", "placebos", "curve"}


def test_a_panel_of_its_own_brings_its_outcomes_with_it(shared: Shared, tmp_path: Path) -> None:
    house = make_taken(shared, tmp_path, FARAWAY)
    opened = drafted(house)
    assert explained(open_release(NEWEST, house / "data"), opened)[1] == []
    assert opened.outcomes("far_away")["value"].tolist() == [3.25] * 3
    assert opened.resource("outcomes-far_away")["path"] == "outcomes/far_away.csv"
    assert opened.plan["synthesis"]["described"]["far_away"] == "One place alone stands in the series."
    assert panels_of(opened)[-1] == "far_away"


def test_a_kind_of_unit_of_its_own_comes_with_its_reason(house: Path) -> None:
    """The refusal says how a word is added; the row goes into the release, which allows the word from then on."""
    begin(drafted(house), FARAWAY, house)
    fill(house, "far_away")
    for table in ("units", "outcomes"):
        mend(house, "far_away", table, "far_away/country", "far_away/shire")
    mend(house, "far_away", "units", ";country;", ";shire;")
    told = [str(problem) for problem in row_problems(read_case(drafted(house), "far_away", house))]
    assert (
        len(told) == 1
        and "units.csv, row 2, column unit_type" in told[0]
        and "a row in vocabulary.csv" in told[0]
    )
    sheet = worksheet_folder(drafted(house), "far_away") / "vocabulary.csv"
    with sheet.open("a", encoding="utf-8") as stream:
        stream.write(
            "unit_type;shire;A part of a county.;Its schools are run by shires and no other kind is as small.\n"
        )
    take(drafted(house), "far_away", house)
    opened = drafted(house)
    assert explained(open_release(NEWEST, house / "data"), opened)[1] == []
    assert opened.table("vocabulary")["word"].tolist() == ["shire"]
    kinds = next(f for f in opened.resource("units")["schema"]["fields"] if f["name"] == "unit_type")
    assert "shire" in kinds["constraints"]["enum"]


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        (replace(ELSEWHERE, case_id="Elsewhere"), "no id of a case; allowed: small letters and underscores"),
        (replace(ELSEWHERE, case_id="../x"), "no id of a case"),
        (replace(ELSEWHERE, case_id="latvia"), "there is a case 'latvia' already; nox -s contract -- latvia"),
        (replace(ELSEWHERE, unit="Atlantis"), "holds no unit 'Atlantis'; allowed with --unit: "),
        (replace(ELSEWHERE, panel="PISA"), "--panel 'PISA' is not known, and nearly pisa"),
        (replace(ELSEWHERE, country="Gabun"), "nearly Gabon"),
        (replace(ELSEWHERE, start=1990), "both before and from 1990"),
    ],
)
def test_a_case_that_cannot_be_begun_leaves_nothing(house: Path, asked: Request, says: str) -> None:
    before = snapshot(house)
    with pytest.raises(CaseError) as raised:
        begin(drafted(house), asked, house)
    assert says in str(raised.value)
    assert snapshot(house) == before


def test_nothing_that_exists_is_overwritten(house: Path) -> None:
    notebook = house / "analysis" / "notebooks" / "cases" / "elsewhere.py"
    notebook.write_text("mine", encoding="utf-8")
    with pytest.raises(CaseError, match="is not overwritten"):
        begin(drafted(house), ELSEWHERE, house)
    assert notebook.read_text(encoding="utf-8") == "mine"
    notebook.unlink()
    begin(drafted(house), ELSEWHERE, house)
    with pytest.raises(CaseError, match="already; nox -s contract"):
        begin(drafted(house), ELSEWHERE, house)


def test_a_frozen_release_is_not_touched(house: Path) -> None:
    frozen = open_release(NEWEST, house / "data")
    for act in (lambda: begin(frozen, ELSEWHERE, house), lambda: take(frozen, "elsewhere", house)):
        with pytest.raises(ReleaseError, match=r"is frozen; nox -s release -- <new>"):
            act()
    assert newest_draft(house / "data").name == DRAFT
    shutil.rmtree(house / "data" / DRAFT)
    with pytest.raises(CaseError, match="no release is a draft"):
        newest_draft(house / "data")


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (
            lambda text: text.replace("claimant", "claimer"),
            "claims.csv, row 1, column claimer: is not a column",
        ),
        (
            lambda text: text + "1,2,3,4,5,6,7,8,9,ten\n",
            "claims.csv, row 3, column cell 10: 10 cells; allowed: 9 cells a row",
        ),
        (
            lambda text: f'{text}one,"two\nthree\n',
            "claims.csv, row 3, column cell 2: a quote is open since row 3",
        ),
    ],
)
def test_a_worksheet_of_another_shape_is_refused(house: Path, spoil: Callable[[str], str], says: str) -> None:
    begin(drafted(house), ELSEWHERE, house)
    path = worksheet_folder(drafted(house), "elsewhere") / "claims.csv"
    path.write_text(spoil(path.read_text(encoding="utf-8")), encoding="utf-8")
    with pytest.raises(ReleaseError) as raised:
        read_case(drafted(house), "elsewhere", house)
    assert says in str(raised.value)


ENTRY = {"treated_unit": "X", "first_treated_year": None, "first_treated_reason": "x: y", "primary": [], "panels": {},
         "grid": {"years": [2001, 2002]}}  # fmt: skip


@pytest.mark.parametrize("name", sorted(path.parent.name for path in DATA.glob("*/plan.yml")))
def test_an_edit_of_a_plan_keeps_its_comments_and_layout(name: str) -> None:
    text = (DATA / name / "plan.yml").read_text(encoding="utf-8")
    assert edit_plan(text, lambda plan: None) == text
    added = place_case(text, "x", ENTRY, {"added": "It waits: for a plan."})
    lines = difflib.ndiff(text.splitlines(), added.splitlines())
    assert not [line for line in lines if line.startswith("-")]


def test_a_case_moves_from_one_place_in_the_synthesis_to_another() -> None:
    text = (DATA / NEWEST / "plan.yml").read_text(encoding="utf-8")
    before = yaml.safe_load(text)
    added = place_case(text, "x", ENTRY, {"added": "It waits: for a plan."})
    assert yaml.safe_load(added)["synthesis"]["added"] == {"x": "It waits: for a plan."}
    entering = yaml.safe_load(place_case(added, "x", ENTRY, {"entering": ""}))
    expected = before["synthesis"] | {"entering": [*before["synthesis"]["entering"], "x"]}
    assert entering == before | {"synthesis": expected, "cases": before["cases"] | {"x": ENTRY}}
    assert list(entering["cases"])[-1] == "x"
