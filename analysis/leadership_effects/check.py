"""Validate a data release: schema, keys, ranges, sources, breaks, plan and checksums (``nox -s data``).

Table checks are Frictionless's; what needs two tables at once is done here with pandas. What this deliberately
does not decide: whether a figure is what its source says. That takes a reader.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from leadership_effects.dictionary import data_dictionary, freeze
from leadership_effects.panel import PanelError, build_gap, build_panel
from leadership_effects.plan import PlanError, case_plan
from leadership_effects.release import Release, ReleaseError, data_folder, open_release

SOURCE_COLUMNS = ("source_id", "pupil_sd_source_id", "place_source_id")


@dataclass(frozen=True)
class Problem:
    """One thing wrong with a release: where it stands and what is allowed."""

    file: str
    row: int | None
    column: str
    message: str

    def __str__(self) -> str:
        """Return ``file, row, column: message``."""
        place = [
            self.file,
            f"row {self.row}" if self.row else "",
            f"column {self.column}" if self.column else "",
        ]
        return f"{', '.join(part for part in place if part)}: {self.message}"


def check_release(name: str, folder: Path | None = None) -> list[Problem]:
    """Everything wrong with a release, in the order in which it should be mended; empty if nothing is.

    Parameters
    ----------
    name : str
        Release name.
    folder : Path, optional
        Folder of all releases; the checkout's ``data/`` if left out.
    """
    try:
        release = open_release(name, folder)
    except ReleaseError as error:
        return [Problem(name, None, "", str(error))]
    for stage in (_byte_problems, _table_problems, _cross_problems, _plan_problems, _dictionary_problems):
        found = list(stage(release))
        if found:
            return found
    return []


def _byte_problems(release: Release) -> Iterator[Problem]:
    for resource in release.descriptor["resources"]:
        path = release.folder / resource["path"]
        if not path.is_file():
            yield Problem(
                resource["path"],
                None,
                "",
                "named in datapackage.json but not there; the release is incomplete",
            )
            continue
        raw = path.read_bytes()
        if raw.startswith(b"\xef\xbb\xbf"):
            yield Problem(
                resource["path"], 1, "", "starts with a byte order mark; allowed: UTF-8 without one"
            )
        if b"\r" in raw:
            row = raw[: raw.index(b"\r")].count(b"\n") + 1
            yield Problem(resource["path"], row, "", "has Windows line ends; allowed: a line feed alone")
        try:
            raw.decode("utf-8")
        except UnicodeDecodeError as error:
            yield Problem(resource["path"], raw[: error.start].count(b"\n") + 1, "", "is not UTF-8")
    named = {resource["path"] for resource in release.descriptor["resources"]}
    for path in sorted(release.folder.rglob("*.csv")):
        relative = path.relative_to(release.folder).as_posix()
        if relative not in named:
            yield Problem(relative, None, "", "is not named in datapackage.json; add it there or take it out")


def _table_problems(release: Release) -> Iterator[Problem]:
    from frictionless import Package

    report = Package(str(release.folder / "datapackage.json")).validate(limit_errors=50)
    for error in report.errors:
        yield Problem("datapackage.json", None, "", error.message)
    for task in report.tasks:
        rules = {f["name"]: f for f in release.resource(task.name)["schema"]["fields"]}
        for error in task.errors:
            column = str(getattr(error, "field_name", "") or "")
            allowed = _allowed(rules.get(column))
            yield Problem(
                str(task.place), getattr(error, "row_number", None), column,
                f"{error.title.removesuffix(' Error')}: {error.note}{allowed}",
            )  # fmt: skip


def _allowed(field: dict[str, Any] | None) -> str:
    if field is None:
        return ""
    rules = ", ".join(f"{key} {value}" for key, value in field.get("constraints", {}).items())
    return f"; allowed: {field['type']}{', ' + rules if rules else ''}"


def _cross_problems(release: Release) -> Iterator[Problem]:
    yield from _range_problems(release)
    yield from _source_problems(release)
    yield from _scale_problems(release)


def _range_problems(release: Release) -> Iterator[Problem]:
    indicators = release.table("indicators").set_index("indicator_id")
    used: set[str] = set()
    for resource in release.descriptor["resources"]:
        if not resource["name"].startswith("outcomes-"):
            continue
        rows = release.table(resource["name"]).join(
            indicators[["minimum", "maximum", "panel"]], on="indicator_id"
        )
        used |= set(rows["indicator_id"])
        outside = rows[(rows["value"] < rows["minimum"]) | (rows["value"] > rows["maximum"])]
        for index, row in outside.iterrows():
            yield Problem(
                resource["path"], int(str(index)) + 2, "value",
                f"{row['value']} is outside the range of {row['indicator_id']}; "
                f"allowed: {row['minimum']} to {row['maximum']}",
            )  # fmt: skip
        panel = resource["name"].removeprefix("outcomes-")
        for index, row in rows[rows["panel"] != panel].iterrows():
            yield Problem(
                resource["path"], int(str(index)) + 2, "indicator_id",
                f"{row['indicator_id']} belongs to panel {row['panel']}; allowed here: panel {panel}",
            )  # fmt: skip
    for name in sorted(set(indicators.index) - used):
        yield Problem("indicators.csv", _row_of(release, "indicators", "indicator_id", name), "indicator_id",
                      f"{name} has no outcome row; take it out or add its rows")  # fmt: skip


def _source_problems(release: Release) -> Iterator[Problem]:
    used: set[str] = set()
    for resource in release.descriptor["resources"]:
        if resource["name"] != "sources":
            frame = release.table(resource["name"])
            for column in SOURCE_COLUMNS:
                if column in frame:
                    used |= set(frame[column])
    for index, source in enumerate(release.table("sources")["source_id"]):
        if source not in used:
            yield Problem("sources.csv", index + 2, "source_id", f"{source} is cited by no row; take it out")


def _scale_problems(release: Release) -> Iterator[Problem]:
    frame = release.table("indicators")
    for index, row in frame.iterrows():
        if pd.notna(row["pupil_sd"]) and not row["pupil_sd_source_id"]:
            yield Problem("indicators.csv", int(str(index)) + 2, "pupil_sd_source_id",
                          "is empty though pupil_sd is given; a standard deviation needs a source")  # fmt: skip


def _row_of(release: Release, table: str, column: str, value: str) -> int:
    return int((release.table(table)[column] == value).to_numpy().argmax()) + 2


def _plan_problems(release: Release) -> Iterator[Problem]:
    try:
        cases = list(release.plan["cases"])
    except ReleaseError as error:
        yield Problem("plan.yml", None, "", str(error))
        return
    if set(cases) != set(release.table("cases")["case_id"]):
        yield Problem("plan.yml", None, "cases", f"must plan exactly the cases of cases.csv, plans {cases}")
        return
    for case_id in cases:
        try:
            plan = case_plan(release, case_id)
        except PlanError as error:
            yield Problem("plan.yml", None, "", str(error))
            continue
        for build, entries in ((build_panel, plan.panels), (build_gap, plan.gaps)):
            for entry in entries.values():
                try:
                    build(release, entry)  # type: ignore[operator]
                except PanelError as error:
                    yield Problem("plan.yml", None, f"{case_id}.{entry.name}", str(error))
    for case_id in release.plan["synthesis"]["entering"]:
        if case_id not in cases:
            yield Problem("plan.yml", None, "synthesis.entering", f"{case_id!r} is no case; allowed: {cases}")


def _dictionary_problems(release: Release) -> Iterator[Problem]:
    path = release.folder.parent / "README.md"
    if not path.is_file() or path.read_text(encoding="utf-8") != data_dictionary(release):
        yield Problem("README.md", None, "", "differs from the descriptor; run `nox -s data -- --write`")


def main(arguments: list[str] | None = None) -> int:
    """Command line of ``nox -s data``; returns the exit code."""
    parser = argparse.ArgumentParser(description="Validate a data release.")
    parser.add_argument("release", nargs="?", help="release name; the newest if left out")
    parser.add_argument("--write", action="store_true", help="write data/README.md from the descriptor")
    parser.add_argument(
        "--freeze", action="store_true", help="write checksums of a release that is being cut"
    )
    options = parser.parse_args(arguments)
    name = options.release or newest_release()
    if options.freeze:
        freeze(data_folder() / name)
    if options.write:
        (data_folder() / "README.md").write_text(data_dictionary(open_release(name)), encoding="utf-8")
    problems = check_release(name)
    for problem in problems:
        print(problem, file=sys.stderr)
    if problems:
        print(f"{len(problems)} problem(s) in release {name}", file=sys.stderr)
        return 1
    release = open_release(name)
    rows = sum(len(release.table(r["name"])) for r in release.descriptor["resources"])
    print(f"release {name}: {len(release.descriptor['resources'])} tables, {rows:,} rows, no problem")
    return 0


def newest_release() -> str:
    """Name of the newest release in the data folder.

    Raises
    ------
    ReleaseError
        If there is none.
    """
    names = [path.parent.name for path in data_folder().glob("*/datapackage.json")]
    if not names:
        raise ReleaseError("data/ holds no release")
    return max(names, key=lambda name: [int(part) for part in name.split(".") if part.isdigit()])


if __name__ == "__main__":
    sys.exit(main())
