"""People code a case apart: the page in a browser by keyboard, what is taken in and refused, and agreement."""

from __future__ import annotations

import csv
import io
import shutil
from pathlib import Path

import pytest
from axe_playwright_python.base import AXE_FILE_PATH
from leadership_effects.cases.begin import begin
from leadership_effects.cases.coding import agreement
from leadership_effects.cases.coding.__main__ import write_page
from leadership_effects.cases.coding.dossier import read_dossier
from leadership_effects.cases.coding.page import COLUMNS, SHEET, STATES, page_of
from leadership_effects.cases.coding.take_in import take_in
from leadership_effects.cases.worksheets import FILL, CaseError
from leadership_effects.data.release import ReleaseError, open_release
from leadership_effects.data.rows import read_rows
from leadership_effects.releases.changes import explained
from leadership_effects.report.naming import uncounted_in_words
from playwright.sync_api import Browser, Page
from site_pages import DESK, PHONE
from small_checkout import ELSEWHERE, ITEMS, KEPT, NEWEST, drafted, reading

CASE = KEPT[0]
STEPS = 200  # more presses of Tab than the page has stops between two fields


def rows_in(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8"))))


def test_the_page_shows_no_judgement_of_others_and_asks_nothing_of_a_network(house: Path) -> None:
    release = drafted(house)
    page = page_of(read_dossier(release, CASE))
    assert page == page_of(read_dossier(release, CASE))
    for row in read_rows(release, "coding"):
        assert row["reason"] not in page and row["evidence"] not in page
    claims = [row for row in read_rows(release, "claims") if row["case_id"] == CASE]
    assert claims and all(row["claim_id"] in page and row["reason"] not in page for row in claims)
    assert all(f"<dt>{column}</dt>" in page for column in SHEET) and all(
        f"<b>{state}</b>: " in page for state in STATES
    )
    assert set(SHEET) | {"release", "case_id", "kind", "item"} == set(COLUMNS)
    assert "default-src 'none'" in page and 'src="' not in page and 'href="http' not in page


def tab_to(page: Page, wanted: str) -> str:
    """Press Tab until a control is reached that a selector names; return its id."""
    for _ in range(STEPS):
        page.keyboard.press("Tab")
        if page.evaluate("wanted => document.activeElement.matches(wanted)", wanted):
            return str(page.evaluate("document.activeElement.id"))
    raise AssertionError(f"Tab does not lead to {wanted}")


@pytest.mark.browser
def test_a_dossier_is_coded_by_keyboard_saved_resumed_and_taken_in(
    house: Path, browser: Browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LEADERSHIP_BUILD", str(tmp_path / "build"))
    file, sheet = write_page(read_dossier(drafted(house), CASE))
    page, asked = browser.new_page(), list[str]()
    page.on("request", lambda request: asked.append(request.url))
    page.goto(file.as_uri())
    tab_to(page, "#coder")
    page.keyboard.type("Anna")
    for number, _ in enumerate(ITEMS):
        tab_to(page, "input[type=radio]")
        page.keyboard.press("Space")
        for _ in range(number % 3):
            page.keyboard.press("ArrowDown")
        tab_to(page, "textarea[id$=evidence]")
        page.keyboard.type('An event, "so to say"')
        tab_to(page, "textarea[id$=reason]")
        page.keyboard.type("It is so.")
    assert "20 of 20 items are complete" in page.inner_text("#progress")
    tab_to(page, "button.cite")
    cited = page.evaluate("document.activeElement.textContent")
    page.keyboard.press("Enter")
    tab_to(page, "#save")
    with page.expect_download() as saved:
        page.keyboard.press("Enter")
    first = tmp_path / saved.value.suggested_filename
    saved.value.save_as(first)
    assert asked == [file.as_uri()] and first.name == f"coding-{CASE}-anna.csv"
    page.close()

    again = browser.new_page()
    again.goto(file.as_uri())
    again.set_input_files("#resume", sheet)
    assert "0 of 20 items are complete" in again.inner_text("#progress")
    again.set_input_files("#resume", first)
    again.wait_for_function("document.getElementById('progress').textContent.includes('20 of 20')")
    with again.expect_download() as resumed:
        again.click("#save")
    second = tmp_path / "again.csv"
    resumed.value.save_as(second)
    assert second.read_bytes() == first.read_bytes()
    again.close()

    [told] = take_in(drafted(house), [first])
    assert told.startswith(f"data/{drafted(house).name}/coding.csv: 20 code(s) of {CASE} by Anna; ")
    held = [row for row in read_rows(drafted(house), "coding") if row["coder"] == "Anna"]
    assert [row["evidence"] for row in held if row["item"] == ITEMS[-1][1]] == [
        f'An event, "so to say"; {cited}'
    ]
    assert {row["code"] for row in held} == {"0", "1", "2", ""} - (
        {"2"} if all(r["code"] != "2" for r in held) else set()
    )
    told = agreement.report(drafted(house), [CASE])
    assert "A (automated)" in told and "Anna (person)" in told and "A and Anna, 1 place(s):" in told
    assert "dimension: alpha" in told and f"  {CASE}, " in told


@pytest.mark.browser
@pytest.mark.parametrize(("width", "scheme"), [(DESK, "light"), (PHONE, "dark")])
def test_the_page_is_accessible_and_fits(
    house: Path, browser: Browser, tmp_path: Path, width: int, scheme: str
) -> None:
    file = tmp_path / "page.html"
    file.write_text(page_of(read_dossier(drafted(house), CASE)), encoding="utf-8")
    context = browser.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(file.as_uri())
    page.evaluate(Path(AXE_FILE_PATH).read_text(encoding="utf-8"))
    found = "axe.run(document, {resultTypes: ['violations']}).then(r => r.violations.map(v => v.id))"
    assert page.evaluate(found) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    context.close()


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"roles": {"code": "7"}}, "row 2, column code: 7 is no code; allowed: 0, 1, 2, 3"),
        ({"roles": {"code": ""}}, "row 2, column code: blank is no code; allowed: 0, 1, 2, 3"),
        ({"roles": {"state": "silent"}}, "row 2, column code: 3 where the state is silent; allowed: blank"),
        ({"strength": {"state": "open"}}, "row 3, column state: is not finished; allowed: coded or silent"),
        ({"strength": {"item": "force"}}, "row 3, column item: force is unknown; allowed: roles, strength"),
        ({"strength": {"item": "roles"}}, "row 3, column item: dimension roles stands in row 2 already; allowed: once"),
        ({"strength": {"item": "roles"}}, "column item: dimension strength has no row; allowed: a code, or silent"),
        ({"strength": {"kind": "trait"}}, "row 3, column kind: trait is unknown; allowed: dimension, leverage"),
        ({"network": {"reason": ""}}, "row 6, column reason: is blank; silence is coded too"),
        ({"network": {"contested": "maybe"}}, "row 6, column contested: maybe is unknown; allowed: true, false, blank"),
        ({"network": {"coder": "Bea"}}, "row 6, column coder: Bea; allowed: Anna, as in row 2"),
        ({"network": {"case_id": "peru"}}, f"row 6, column case_id: peru; allowed: {CASE}, as in row 2"),
        ({item: {"read_on": "3.2.2031"} for _, item in ITEMS}, "row 2, column read_on: 3.2.2031 is no day; allowed: YYYY-MM-DD"),
        ({item: {"coder": "1st"} for _, item in ITEMS}, "row 2, column coder: 1st is no name; allowed: letters"),
        ({item: {"coder": "a"} for _, item in ITEMS}, "row 2, column coder: a is the name of an automated reading, A"),
        ({item: {"case_id": "atlantis"} for _, item in ITEMS}, f"column case_id: 'atlantis' is no case of {drafted.__name__}"),
    ],
)  # fmt: skip
def test_a_wrong_file_is_refused_by_row_and_column_and_changes_nothing(
    house: Path, changed: dict[str, dict[str, str]], told: str
) -> None:
    path = reading(house, **changed)
    before = (drafted(house).folder / "coding.csv").read_bytes()
    with pytest.raises(CaseError) as refused:
        take_in(drafted(house), [path])
    expected = told.replace(drafted.__name__, drafted(house).name)
    assert f"{path.name}" in str(refused.value) and expected in str(refused.value)
    assert "nothing was changed" in str(refused.value)
    assert (drafted(house).folder / "coding.csv").read_bytes() == before


def test_a_coder_codes_a_case_once_and_a_frozen_release_takes_none(house: Path) -> None:
    path, copy = reading(house), house / "copy.csv"
    shutil.copy(path, copy)
    with pytest.raises(
        CaseError, match=rf"Anna coded {CASE} in coding-{CASE}-Anna\.csv too; allowed: a coder once"
    ):
        take_in(drafted(house), [path, copy])
    take_in(drafted(house), [path])
    with pytest.raises(CaseError, match=rf"row 2, column coder: Anna has coded {CASE} already"):
        take_in(drafted(house), [copy])
    with pytest.raises(CaseError, match=r"gone\.csv: is not there"):
        take_in(drafted(house), [house / "gone.csv"])
    with pytest.raises(ReleaseError, match="is frozen"):
        take_in(open_release(NEWEST, house / "data"), [path])


def test_a_copied_reading_is_refused(house: Path) -> None:
    """Beside the file that it copies, and beside codes that were taken in before."""
    path = reading(house)
    copied = house / "coding-Ben.csv"
    copied.write_text(
        path.read_text(encoding="utf-8").replace(",Anna,", ",Ben,").replace("2031-02-03", "2031-02-05"),
        encoding="utf-8",
    )
    with pytest.raises(
        CaseError, match=r"Ben\.csv, row 2, column coder: Ben gives every code and reason of Anna"
    ):
        take_in(drafted(house), [path, copied])
    take_in(drafted(house), [path])
    with pytest.raises(CaseError, match="Ben gives every code and reason of Anna"):
        take_in(drafted(house), [copied])


def test_a_file_that_a_spreadsheet_saved_again_is_taken(house: Path) -> None:
    """With a mark, semicolons, Windows line ends and TRUE for true."""
    path = reading(house, scale={"contested": "TRUE"})
    with (
        io.StringIO(path.read_text(encoding="utf-8")) as saved,
        path.open("w", encoding="utf-8-sig", newline="") as again,
    ):
        csv.writer(again, delimiter=";", lineterminator="\r\n").writerows(list(csv.reader(saved)))
    take_in(drafted(house), [path])
    held = [row for row in read_rows(drafted(house), "coding") if row["coder"] == "Anna"]
    assert len(held) == len(ITEMS) and {row["evidence"] for row in held} == {"An event, a count"}
    assert [row["item"] for row in held if row["contested"] == "true"] == ["scale"]


def test_readings_that_a_hand_or_spreadsheet_added_to_are_read_by_every_command_of_coding(
    house: Path,
) -> None:
    """Quotes that were not needed, a mark, Windows line ends: the import takes codes in as the contract would."""
    path = drafted(house).folder / "readings.csv"
    text = path.read_text(encoding="utf-8") + 'Zoe,person,2031-02-01,"events of the release","Saw nothing."\n'
    path.write_bytes(b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode())
    assert "Zoe" in read_dossier(drafted(house), CASE).taken and agreement.report(drafted(house), [CASE])
    take_in(drafted(house), [reading(house)])
    assert {"Zoe", "Anna"} <= {row["coder"] for row in read_rows(drafted(house), "readings")}
    path.write_text(path.read_text(encoding="utf-8") + 'Ben,person,2031-02-01,"open\n', encoding="utf-8")
    row = len(path.read_text(encoding="utf-8").splitlines())
    with pytest.raises(
        ReleaseError, match=rf"readings\.csv, row {row}, column cell 4: a quote is open .* allowed"
    ):
        take_in(drafted(house), [reading(house, "Bea")])


def test_a_person_stands_beside_the_automated_readings_with_the_reasons_of_the_change(house: Path) -> None:
    told = take_in(
        drafted(house), [reading(house), reading(house, "Bea", roles={"state": "silent", "code": ""})]
    )
    assert all("count in no chapter: the plan names C, D" in line for line in told)
    assert "Codes of Anna and Bea are in the release too" in uncounted_in_words(
        drafted(house), CASE, ["C", "D"]
    )
    made = {row["coder"]: row for row in read_rows(drafted(house), "readings")}
    assert (
        made["Anna"]["made_by"] == made["Bea"]["made_by"] == "person" and made["A"]["made_by"] == "automated"
    )
    assert made["Bea"]["read_on"] == "2031-02-03" and made["Bea"]["note"].endswith(
        "Had seen before: Nothing."
    )
    assert explained(open_release(NEWEST, house / "data"), drafted(house))[1] == []
    told = agreement.report(drafted(house), [CASE])
    _, _, listed = told.partition("items on which readings differ: ")
    assert int(listed.split()[0]) == listed.count(f"\n  {CASE}, ") < listed.count("\n")
    assert (
        "Anna and Bea, 1 place(s):" in told and f"{CASE}, dimension roles:" in told and "Bea silent" in told
    )


def test_codes_of_a_begun_case_take_the_places_that_ask_for_a_coder(house: Path) -> None:
    begin(drafted(house), ELSEWHERE, house)
    path = house / "data" / "worksheets" / "elsewhere" / "coding.csv"
    asked = len(rows_in(path))
    assert (
        f">{FILL}" not in (page := page_of(read_dossier(drafted(house), "elsewhere")))
        and f" {FILL}" not in page
    )
    for number, coder in enumerate(("Anna", "Bea", "Cleo"), 1):
        [told] = take_in(drafted(house), [reading(house, coder, "elsewhere")])
        assert told.startswith(
            f"data/worksheets/elsewhere/coding.csv: 20 code(s) of elsewhere by {coder}; its codes count in the chapter"
        )
        rows = rows_in(path)
        assert sum(row["coder"] == coder for row in rows) == len(ITEMS)
        assert sum(row["coder"].startswith(FILL) for row in rows) == max(0, asked - number * len(ITEMS))
    assert "Anna (person), Bea (person), Cleo (person)" in agreement.report(drafted(house), ["elsewhere"])
