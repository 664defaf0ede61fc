"""Make a checkout in miniature for tests of cases: the newest release with one case, a draft, filled worksheets."""

from __future__ import annotations

import copy
import csv
import re
import shutil
from pathlib import Path
from typing import Any

import yaml
from leadership_effects.cases.begin import begin
from leadership_effects.cases.coding.dossier import coded_items, meanings
from leadership_effects.cases.coding.page import COLUMNS as CODED
from leadership_effects.cases.plan_entry import Request
from leadership_effects.cases.take import take
from leadership_effects.cases.worksheets import FILL, worksheet_folder
from leadership_effects.data.dictionary import freeze
from leadership_effects.data.release import Release, newest_release, open_release
from leadership_effects.data.rows import columns_of, csv_text, read_rows
from leadership_effects.files import write_json, write_whole
from leadership_effects.paths import ROOT
from leadership_effects.releases.draft import draft_release
from leadership_effects.releases.plan_edit import edit_plan
from leadership_effects.report.many_places.places import TRIAL
from miniature import Shared

DATA = ROOT / "data"
NEWEST = newest_release(DATA)
DRAFT = "2099.1"
ELSEWHERE = Request("elsewhere", "Elsewhere", "pisa", "Estonia", 2009)
FARAWAY = Request("far_away", "Far Away", "far_away", "Far Away", None)


ITEMS = coded_items()
KEPT = "latvia", "pisa"  # the case that the small release keeps, and its panel


def is_kept(row: dict[str, str]) -> bool:
    """Whether a row is the kept case's or of no case; an outcome's panel shows in its indicator."""
    if {"start_id", "dose_id"} & set(row) or row.get("evaluation_id") == TRIAL:
        return True
    owner = {row.get(column, KEPT[0]) for column in ("case_id", "place")}
    panel = row.get("panel", KEPT[1])
    return owner == {KEPT[0]} and panel == KEPT[1]


def write_small_release(folder: Path) -> None:
    """Write the newest release with one case and its panel alone: every rule holds, and a check takes a tenth."""
    whole = open_release(NEWEST, DATA)
    content = copy.deepcopy(whole.descriptor)
    content["resources"] = [
        entry for entry in content["resources"]
        if not entry["name"].startswith("outcomes-") or entry["name"] == f"outcomes-{KEPT[1]}"
    ]  # fmt: skip
    names = {entry["name"]: entry["path"] for entry in content["resources"]}
    tables = {name: [row for row in read_rows(whole, name) if is_kept(row)] for name in names}
    kept = {row["indicator_id"] for row in tables["indicators"]}
    codes = {row["code"] for row in tables["units"]} - {""}
    tables["starts"] = [row for row in tables["starts"] if row["code"] in codes]
    tables["breaks"] = [row for row in tables["breaks"] if row["indicator_id"] in kept]
    cited = {value for name, table in tables.items() if name != "sources"
             for row in table for column, value in row.items() if column.endswith("source_id")}  # fmt: skip
    tables["sources"] = [row for row in tables["sources"] if row["source_id"] in cited]
    for name, path in names.items():
        write_whole(folder / path, csv_text(columns_of(whole, name), tables[name]))

    def keep_case(plan: dict[str, Any]) -> None:
        plan["synthesis"]["entering"] = [KEPT[0]]
        plan["cases"] = {KEPT[0]: plan["cases"][KEPT[0]]}
        plan["many_places"]["designs"] = {}

    write_whole(folder / "plan.yml", edit_plan((whole.folder / "plan.yml").read_text("utf-8"), keep_case))
    write_json(folder / "datapackage.json", content, sort=False)
    freeze(folder)


def make_house(shared: Shared, tmp_path: Path) -> Path:
    """A checkout in miniature: a small release, a draft of the next one, contents and an empty folder of cases."""
    frozen = shared("release-of-one-case", write_small_release)
    shutil.copytree(frozen, tmp_path / "data" / NEWEST)
    draft_release(DRAFT, tmp_path)
    (tmp_path / "analysis" / "notebooks" / "cases").mkdir(parents=True)
    toc = re.sub(
        rf"(?m)^.*book/cases/(?!{KEPT[0]}$).*\n", "", (ROOT / "_toc.yml").read_text(encoding="utf-8")
    )
    (tmp_path / "_toc.yml").write_text(toc, encoding="utf-8")
    return tmp_path


def make_taken(shared: Shared, folder: Path, asked: Request) -> Path:
    """A checkout in miniature with a case begun, filled and taken: made once in a run, and copied."""

    def write(made: Path) -> None:
        made.mkdir()
        make_house(shared, made)
        begin(drafted(made), asked, made)
        fill(made, asked.case_id)
        take(drafted(made), asked.case_id, made)

    shutil.copytree(shared(f"taken-{asked.case_id}", write), folder, dirs_exist_ok=True)
    return folder


def drafted(house: Path) -> Release:
    return open_release(DRAFT, house / "data")


def panels_of(release: Release) -> list[str]:
    """Panels that the release allows."""
    fields = {field["name"]: field for field in release.resource("units")["schema"]["fields"]}
    return fields["panel"]["constraints"]["enum"]


def fill(house: Path, case_id: str) -> None:
    """Fill every cell with something allowed, and save as a spreadsheet does: mark, semicolons, Windows line ends."""
    release, folder = drafted(house), worksheet_folder(drafted(house), case_id)
    for path in sorted(folder.glob("*.csv")):
        header, *table = list(csv.reader(path.read_text(encoding="utf-8").splitlines()))
        done = [[answer(c, v, n, case_id) if v.startswith(FILL) else v for c, v in zip(header, row, strict=True)]
                for n, row in enumerate(table)]  # fmt: skip
        for row in done if path.stem in ("events", "leadership", "sources") else ():
            row[header.index("year")] = "2025" if path.stem == "sources" else "2010"
        for row in done if path.stem == "sources" else ():
            row[header.index("title")] = f"Results, volume {len(case_id)}"  # of no other case
        for row in done if path.stem == "leadership" else ():
            row[header.index("value")], row[header.index("unit")] = "3,0", "fellows"
        for row in done if path.stem == ("outcomes" if case_id == "far_away" else "claims") else ():
            row[header.index("source_id")] = f"S_{case_id.upper()}"
        if path.stem == "outcomes":
            year = header.index("year")
            done += [[*row[:year], later, *row[year + 1 :]] for row in done for later in ("2002", "2012")]
        with path.open("w", encoding="utf-8-sig", newline="") as stream:
            csv.writer(stream, delimiter=";", lineterminator="\r\n").writerows(
                [header, *done, [""] * len(header)]
            )
    plan = folder / "plan.yml"
    lines = plan.read_text(encoding="utf-8").replace(FILL, "Because it is so")
    content = yaml.safe_load(lines)
    if case_id == "far_away":
        content[case_id] |= {"first_treated_year": None, "primary": [], "panels": {}}
        content[case_id].pop("grid", None)
        content["synthesis"] = {"described": "One place alone stands in the series."}
    plan.write_text(yaml.safe_dump(content, sort_keys=False), encoding="utf-8")
    assert release.name == DRAFT


def answer(column: str, mark: str, number: int, case_id: str) -> str:
    """Something allowed in a column."""
    fixed = {
        "source_id": "LF_125" if number % 2 else "LF_126", "place_source_id": "GEONAMES", "latitude": "1,5", "longitude": "12", "country": "Gabon",
        "licence": "CC-BY-4.0",
        "bearing": "silent", "basis": "none", "design_level": "0", "coder": "AB"[number % 2], "unit_id": f"{case_id}/country/x",
        "name": "Far Away", "unit_type": "country", "indicator_id": f"{case_id}_one", "value_unit": "percent", "direction": "1",
        "minimum": "0", "maximum": "100", "year": "2001", "value": "3,25", "third_party_copy": "FALSE", "year_basis": "stated",
        "first_treated_basis": "inferred", "start_basis": "inferred", "address": "https://example.org/far", "selection": "none",
        "checkable": "no", "verdict": "cannot be checked", "treated_unit": "pisa/country/estonia",
        "passage": f"cases/{case_id}.html#the-question",
    }  # fmt: skip
    if column == "reason":
        return f"In words of our own, in row {number}."  # two coders have two reasons
    if column == "source_id" and mark.startswith(f"{FILL} Key"):
        return f"S_{case_id.upper()}"
    if column in fixed:
        return fixed[column]
    options = mark.partition("one of: ")[2]
    return "none" if "none" in options else options.split(", ")[0] or "In words of our own."


def mend(house: Path, case_id: str, table: str, old: str, new: str) -> None:
    """Change the text of a worksheet."""
    path = worksheet_folder(drafted(house), case_id) / f"{table}.csv"
    text = path.read_text(encoding="utf-8-sig")
    assert old in text, text
    path.write_text(text.replace(old, new), encoding="utf-8")


def reading(house: Path, coder: str = "Anna", case_id: str = KEPT[0], **changed: dict[str, str]) -> Path:
    """Write a file as the page saves it, each item with its highest code; ``changed`` cells by item."""
    codes = meanings(drafted(house))
    rows = [
        {"release": NEWEST, "case_id": case_id, "kind": kind, "item": item, "coder": coder, "state": "coded",
         "code": max(codes[kind, item]), "contested": "false", "evidence": "An event, a count", "reason": f"So says {coder}.",
         "read_on": "2031-02-03", "saw": "Nothing."} | changed.get(item, {})
        for kind, item in ITEMS
    ]  # fmt: skip
    path = house / f"coding-{case_id}-{coder}.csv"
    path.write_text(csv_text(list(CODED), rows), encoding="utf-8")
    return path
