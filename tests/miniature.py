"""Write a small valid release in the real schemas, and a whole publication in miniature around it.

The small release takes its schemas from the newest real release, so that a test about a bad input tests the rules
that hold, and its rows from here, so that a test does not move when figures are corrected. Its numbers mean nothing.
"""

from __future__ import annotations

import copy
import csv
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import yaml
from leadership_effects.data.dictionary import data_dictionary, freeze
from leadership_effects.data.release import Release, newest_release, open_release
from leadership_effects.files import hold
from leadership_effects.paths import LOCK, ROOT

NAME = "2099.1"
TIMEOUT_S = 900  # a command that hangs ends; one on a busy machine does not
TABLES = (
    "sources",
    "cases",
    "units",
    "indicators",
    "breaks",
    "outcomes-huari",
    "outcomes-delhi",
    "starts",
    "leadership",
    "readings",
    "coding",
    "rubric",
)
SOURCE_COLUMNS = (
    "source_id", "authors", "title", "publisher", "year", "address", "copy_address", "doi", "licence", "how_read",
    "third_party_copy",
)  # fmt: skip
OPTIONAL = ("authors", "copy_address", "doi")  # columns of sources that the first releases lack
PROVINCES = ("Huari", "Aija", "Bolognesi", "Carhuaz")
BOARDS = ("Delhi", "All India")


def unit(panel: str, kind: str, name: str, parent: str = "") -> dict[str, Any]:
    slug = name.lower().replace(" ", "-")
    return {
        "unit_id": f"{panel}/{kind}/{slug}",
        "panel": panel,
        "name": name,
        "unit_type": kind,
        "parent": parent,
    }


def small_rows() -> dict[str, list[dict[str, Any]]]:
    """Rows of the small release by table; columns left out are blank."""
    case = {
        "country": "Gabon", "latitude": 1.5, "longitude": 12.5, "programme": "None", "selection": "For a test.",
        "source_id": "S_ONE", "place_source_id": "S_TWO",
    }  # fmt: skip
    indicator = {
        "definition": "Share of pupils at a level.", "value_unit": "percent", "direction": 1, "minimum": 0,
        "maximum": 100,
    }  # fmt: skip
    districts = [
        unit("huari", "district", f"{p} {n}", p) | {"weight": 100 + n, "source_id": "S_ONE"}
        for p in PROVINCES
        for n in (1, 2)
    ]
    boards = [unit("delhi", "board_region", name) for name in BOARDS]
    boards[1]["code"] = "IND"
    outcome = {"source_id": "S_ONE", "derivation": "published"}
    return {
        "sources": [
            {
                "source_id": key, "authors": authors, "title": f"Title of {key}", "publisher": "Publisher", "year": "2020",
                "address": "https://example.org/", "licence": "CC BY 4.0", "how_read": "whole table",
                "third_party_copy": "false",
            }
            for key, authors in (("S_ONE", ""), ("S_TWO", "Walsh; Dotter"))
        ],
        "cases": [
            case | {"case_id": "huari", "title": "Huari", "start_year": 2017, "start_basis": "stated", "first_treated_year": 2017,
                    "first_treated_basis": "stated", "treated_unit": "Huari province"},
            case | {"case_id": "delhi", "title": "Delhi", "start_basis": "undated", "first_treated_basis": "undated",
                    "treated_unit": "Delhi"},
        ],
        "units": sorted(districts + boards, key=lambda row: row["unit_id"]),
        "indicators": [
            indicator | {"indicator_id": "pass_rate", "panel": "delhi", "title": "Pass rate"},
            indicator | {"indicator_id": "reading", "panel": "huari", "title": "Reading"},
        ],
        "breaks": [
            {"indicator_id": "pass_rate", "year": 2018, "kind": "break", "reason": "a new examination", "source_id": "S_ONE"},
            {"indicator_id": "reading", "year": 2020, "kind": "caution", "reason": "fewer schools", "source_id": "S_ONE"},
        ],
        "outcomes-huari": [
            outcome | {"indicator_id": "reading", "unit_id": row["unit_id"], "year": year,
                       "value": round(20 + 3.25 * i + 1.5 * (year - 2016) + (i % 3) * (year - 2016) / 4, 3)}
            for i, row in enumerate(sorted(districts, key=lambda row: row["unit_id"]))
            for year in (2016, 2018)
        ],
        "outcomes-delhi": [
            outcome | {"indicator_id": "pass_rate", "unit_id": row["unit_id"], "year": year,
                       "value": 70 + 5 * i + (year - 2014) * 0.5, "standard_error": 0.5, "n_pupils": 1000}
            for i, row in enumerate(sorted(boards, key=lambda row: row["unit_id"]))
            for year in range(2014, 2018)
        ],
        "starts": [
            {"start_id": place.lower(), "place": place, "place_type": "country", "code": code, "organisation": "A partner",
             "measure": "first placement", "year": 2009, "basis": "stated", "has_outcomes": has, "source_id": "S_ONE"}
            for place, code, has in (("India", "IND", "true"), ("Nepal", "NPL", "false"))
        ],
        "readings": [
            {"coder": coder, "made_by": "automated", "read_on": "2026-11-24", "material": "Notes."} for coder in "AB"
        ],
        "leadership": [
            {"leadership_id": "huari-01", "case_id": "huari", "measure": "teachers placed", "year": 2017,
             "year_basis": "stated", "value": 9, "unit": "teachers", "scope": "place", "dimension": "scale",
             "statement": "Nine teachers.", "source_id": "S_TWO"},
        ],
        "coding": [
            {"case_id": "huari", "kind": "dimension", "item": "scale", "coder": coder, "code": code, "evidence": "A page.",
             "reason": "For a test."}
            for coder, code in (("A", 1), ("B", ""))
        ],
        "rubric": [
            {"kind": "dimension", "item": "scale", "code": code, "meaning": meaning}
            for code, meaning in enumerate(("A handful.", "A count."))
        ],
    }  # fmt: skip


SMALL_PLAN: dict[str, Any] = {
    "release": NAME,
    "rules": {
        "alpha": 0.05, "minimum_donors": 8, "sdid_minimum_pre_periods": 5,
        "synthetic_control_minimum_pre_periods": 3,
    },
    "synthesis": {"entering": ["huari"], "described": {"delhi": "One comparator."}},
    "cases": {
        "huari": {
            "treated_unit": "Huari province",
            "first_treated_year": 2017,
            "first_treated_reason": "For a test.",
            "primary": ["reading"],
            "panels": {
                "reading": {
                    "indicator": "reading", "unit_type": "district", "place_by": "parent",
                    "place_weights": "population", "treated": ["Huari"], "pre": [2016], "post": [2018],
                },
            },
        },
        "delhi": {
            "treated_unit": "Delhi",
            "first_treated_year": None,
            "first_treated_reason": "For a test.",
            "primary": [],
            "panels": {},
            "gaps": {
                "board": {
                    "indicator": "pass_rate", "treated": "Delhi", "comparator": "All India", "pre": [2014, 2015],
                    "post": [2016, 2017],
                },
            },
        },
    },
}  # fmt: skip


class SmallRelease:
    """A release on disk that a test may spoil.

    Attributes
    ----------
    data : Path
        Folder of all releases; ``LEADERSHIP_DATA`` points here.
    folder : Path
        Folder of this release.
    """

    name = NAME

    def __init__(self, data: Path) -> None:
        self.data = data
        self.folder = data / NAME

    def path(self, file: str) -> Path:
        return self.folder / file

    def open(self) -> Release:
        return open_release(NAME, self.data)

    def edit(self, file: str, row: int, column: str, value: str) -> None:
        """Set one cell; rows count as in a spreadsheet, the header is row 1."""
        table = list(csv.reader(self.path(file).read_text(encoding="utf-8").splitlines()))
        table[row - 1][table[0].index(column)] = value
        self.write_table(file, table)

    def write_table(self, file: str, table: list[list[Any]]) -> None:
        with self.path(file).open("w", encoding="utf-8", newline="") as stream:
            csv.writer(stream, lineterminator="\n").writerows(table)

    def text(self, file: str, change: Callable[[str], str]) -> None:
        self.path(file).write_text(change(self.path(file).read_text(encoding="utf-8")), encoding="utf-8")

    def bytes(self, file: str, change: Callable[[bytes], bytes]) -> None:
        self.path(file).write_bytes(change(self.path(file).read_bytes()))

    def plan(self, change: Callable[[dict[str, Any]], object]) -> None:
        """Change the plan in place."""
        plan = copy.deepcopy(SMALL_PLAN)
        change(plan)
        self.path("plan.yml").write_text(yaml.safe_dump(plan, sort_keys=False), encoding="utf-8")

    def descriptor(self, change: Callable[[dict[str, Any]], object]) -> None:
        """Change the descriptor in place."""
        content = json.loads(self.path("datapackage.json").read_text(encoding="utf-8"))
        change(content)
        self.path("datapackage.json").write_text(json.dumps(content, indent=1), encoding="utf-8")

    def freeze(self) -> None:
        """Renew the checksums, as the keeper of a release does before it is checked."""
        freeze(self.folder)

    def sources_as_before(self) -> None:
        """Take out the columns of sources that the first releases lack."""
        head, *rows = csv.reader(self.path("sources.csv").read_text(encoding="utf-8").splitlines())
        kept = [position for position, column in enumerate(head) if column not in OPTIONAL]
        self.write_table("sources.csv", [[row[position] for position in kept] for row in (head, *rows)])
        self.descriptor(lambda package: source_fields(package, [head[position] for position in kept]))

    def copy_hosts(self, **kinds: str) -> None:
        """Add the table of hosts of copies, each with its kind."""
        self.write_table(
            "copy_hosts.csv", [["host", "kind"], *([host, kind] for host, kind in kinds.items())]
        )
        fields = [{"name": name, "type": "string", "description": "For a test."} for name in ("host", "kind")]
        resource = {"name": "copy_hosts", "path": "copy_hosts.csv", "format": "csv", "encoding": "utf-8",
                    "description": "For a test.", "schema": {"fields": fields, "primaryKey": ["host"]}}  # fmt: skip
        self.descriptor(lambda package: package["resources"].append(resource))


def source_fields(package: dict[str, Any], columns: Iterable[str]) -> None:
    """Give the descriptor's table of sources these columns."""
    [sources] = [resource for resource in package["resources"] if resource["name"] == "sources"]
    known = {field["name"]: field for field in sources["schema"]["fields"]}
    sources["schema"]["fields"] = [
        known.get(name, {"name": name, "type": "string", "description": "For a test."}) for name in columns
    ]


def build_small_release(data: Path) -> SmallRelease:
    small = SmallRelease(data)
    (small.folder / "outcomes").mkdir(parents=True)
    package = json.loads((ROOT / "data" / newest_release() / "datapackage.json").read_text(encoding="utf-8"))
    package |= {"name": "small", "title": "A small release", "version": NAME, "description": "For tests."}
    package["resources"] = [r for r in package["resources"] if r["name"] in TABLES]
    source_fields(package, SOURCE_COLUMNS)
    rows = small_rows()
    for resource in package["resources"]:
        columns = [field["name"] for field in resource["schema"]["fields"]]
        table = rows[resource["name"]]
        unknown = {column for row in table for column in row} - set(columns)
        assert not unknown, f"{resource['name']}: the schema has no {unknown}; correct tests/miniature.py"
        small.write_table(resource["path"], [columns, *([row.get(c, "") for c in columns] for row in table)])
    small.path("datapackage.json").write_text(json.dumps(package), encoding="utf-8")
    small.plan(lambda plan: None)
    small.freeze()
    (data / "README.md").write_text(data_dictionary(small.open()), encoding="utf-8")
    return small


class Shared:
    """Folders that the processes of one test run share."""

    def __init__(self, base: Path) -> None:
        self.base = base

    def __call__(self, name: str, make: Callable[[Path], object]) -> Path:
        """Return a folder with what ``make`` writes into it; the first process that asks makes it, others wait."""
        folder, done = self.base / name, self.base / f"{name}.done"
        with hold(self.base / f"{name}.lock", name):
            if not done.exists():
                shutil.rmtree(folder, ignore_errors=True)
                make(folder)
                done.touch()
        return folder


def snapshot(folder: Path) -> dict[str, bytes | str]:
    """Everything below a folder: bytes of files, targets of links."""

    def entries() -> Iterator[tuple[str, bytes | str]]:
        for path in sorted(folder.rglob("*")):
            name = path.relative_to(folder).as_posix()
            if path.is_symlink():
                yield name, str(path.readlink())
            elif path.is_file():
                yield name, path.read_bytes()

    return dict(entries())


HEAD = """# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
# ---

# %% tags=["parameters"]
release = "none"
{parameters}

# %%
from leadership_effects.data.release import open_release
from leadership_effects.report.numbers import RATIO
from leadership_effects.report.registry import Registry
"""
CASE = (
    HEAD.replace("{parameters}", 'case_id = "none"')
    + """from leadership_effects.data.panels import provenance

opened = open_release(release)
registry = Registry(opened, case_id, f"analysis/notebooks/cases/{case_id}.py")
rows = opened.outcomes(case_id)
registry.record("mean", rows["value"].mean(), RATIO, "Mean.", rows=provenance(rows), function="pandas.mean")
{more}

# %% [markdown]
# # A place

# %%
print(registry.text("mean"))
registry.save()
"""
)
FIGURE = """
import altair as alt

from leadership_effects.report.figures import publish

chart = alt.Chart(rows).mark_point().encode(x="year:Q", y="value:Q", tooltip=["name:N"])
publish(
    registry, "points", chart + chart.mark_line(), title="Each row of the release is a point",
    subtitle="Values by year in an invented place, per cent", caption="Points.", says="Each point is a row of the release.",
    data=rows,
)
"""
SYNTHESIS = (
    HEAD.replace("{parameters}", "")
    + """from leadership_effects.data.panels import Rows
from leadership_effects.report.registry import read_results

registry = Registry(open_release(release), "synthesis", "analysis/notebooks/synthesis/synthesis.py")
means = [read_results(release, name)["results"]["mean"]["value"] for name in ("huari", "delhi")]
registry.record("mean", sum(means) / 2, RATIO, "Mean.", rows=Rows(0, "", ()), function="sum")
registry.save()

# %% [markdown]
# # Across the places
"""
)
PAGES = {
    "index": "# A small book\n\nThe mean is {num}`huari.mean` {src}`S_ONE`.\n",
    "bibliography": "# Sources\n\n```{source-list}\n```\n",
    "numbers": "# Numbers\n\n```{numbers-index}\n```\n",
}
TOC = """format: jb-book
root: book/index
chapters:
  - file: book/cases/huari
  - file: book/synthesis/synthesis
  - file: book/bibliography
  - file: book/numbers
"""


class Tree:
    """A whole publication in miniature: the package, the extension and settings as they are, notebooks of a few lines.

    Commands run in it as processes of their own, so that nothing of the package is replaced for the test.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self.build = root / "_build"
        self.results = self.build / "results" / NAME
        self.small = SmallRelease(root / "data")

    def notebook(self, name: str) -> Path:
        folder = "synthesis" if name == "synthesis" else "cases"
        return self.root / "analysis" / "notebooks" / folder / f"{name}.py"

    def run(self, module: str, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """Run a command line of the package here; its settings come from the arguments alone."""
        kept = {
            key: value for key, value in os.environ.items() if not key.startswith(("LEADERSHIP_", "PYTHON"))
        }
        return subprocess.run(
            [sys.executable, "-m", f"leadership_effects.{module}", *arguments],
            cwd=self.root, env=kept | {"PYTHONPATH": str(self.root / "analysis")} | environment,
            capture_output=True, text=True, timeout=TIMEOUT_S, check=False,
        )  # fmt: skip

    def copy(self, target: Path) -> Tree:
        # A thousand files are copied seventy times in a run: `cp` takes a third of what `shutil` takes.
        subprocess.run(["cp", "-a", self.root, target], check=True)
        return Tree(target)


def plant_tree(root: Path, data: Path, library: Path) -> Tree:
    tree = Tree(root)
    shutil.copytree(library, tree.build / "cache")
    for folder in ("analysis/leadership_effects", "book/_ext", "book/_static"):
        shutil.copytree(ROOT / folder, root / folder, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(data, root / "data")
    (root / LOCK).parent.mkdir()
    for file in (LOCK, "book/references.bib", "CITATION.cff"):
        shutil.copy(ROOT / file, root / file)
    settings = (ROOT / "_config.yml").read_text(encoding="utf-8")
    (root / "_config.yml").write_text(settings.replace(newest_release(), NAME), encoding="utf-8")
    (root / "_toc.yml").write_text(TOC, encoding="utf-8")
    for page, text in PAGES.items():
        (root / "book" / f"{page}.md").write_text(text, encoding="utf-8")
    sources = {
        "huari": CASE.replace("{more}", FIGURE), "delhi": CASE.replace("{more}", ""), "synthesis": SYNTHESIS,
    }  # fmt: skip
    for name, text in sources.items():
        tree.notebook(name).parent.mkdir(parents=True, exist_ok=True)
        tree.notebook(name).write_text(text, encoding="utf-8")
    return tree
