"""The benchmark measures what it says, refuses a side that did not do its work, and its page shows what was measured.

Decided here, on the miniature publication (`miniature.Tree`) and on folders of a few files: Jupyter Book running the same
notebooks leaves the same numbers and charts, or its time does not count; after a change of data its cache leaves the old
number and the pipeline the new one; copies of cases are cases of their own; a reader sees a missing file and half a site;
two estimators that disagree are not compared; a target is met by its number alone; the page shows what the file holds and
refuses a file that contradicts itself. Not decided: the ratios, which `nox -s bench` measures on a quiet machine.
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from benchmarks import __main__ as bench
from benchmarks import builds, estimators, kill, report
from benchmarks.copies import JupyterBook, OurBook, Run
from benchmarks.findings import (
    BenchError,
    Check,
    Comparison,
    Side,
    Target,
    missed,
    read,
    terminal_table,
)
from leadership_effects.build import run as pipeline
from leadership_effects.paths import ROOT
from miniature import Tree

NUMBERED = "\n# %% [markdown]\n# The mean is {num}`huari.mean`.\n"


@pytest.fixture
def looked_at(tree: Tree, monkeypatch: pytest.MonkeyPatch) -> Tree:
    """The miniature publication with a page for each notebook and a number on one, as the tree that is planned."""
    toc = tree.root / "_toc.yml"
    entry = "  - file: book/cases/huari\n"
    toc.write_text(
        toc.read_text(encoding="utf-8").replace(entry, entry + entry.replace("huari", "delhi")),
        encoding="utf-8",
    )
    path = tree.notebook("huari")
    path.write_text(path.read_text(encoding="utf-8") + NUMBERED, encoding="utf-8")
    monkeypatch.setattr(pipeline, "ROOT", tree.root)
    return tree


def test_jupyter_book_does_the_same_work_and_keeps_the_old_number(looked_at: Tree, tmp_path: Path) -> None:
    """Whole builds of both sides, then a row of data changed under both."""
    there = JupyterBook(looked_at.copy(tmp_path / "there").root, "cache")
    shutil.rmtree(there.build)
    ours = OurBook(looked_at.root)
    ours.compile()
    run = there.compile()
    builds.check_same_work(ours, there, run)
    with pytest.raises(BenchError, match="0 notebooks executed, wanted 3"):
        builds.check_same_work(ours, there, Run(1.0))
    before = ours.printed("huari")
    assert builds.first_tested(ours) == "huari" and before == there.printed("huari")
    for book in (ours, there):
        book.change_row("huari")
        book.compile()
    assert there.printed("huari") == before, "jupyter-cache came to see data; the page has to say so"
    assert ours.printed("huari")["huari-mean"] != before["huari-mean"]
    with pytest.raises(BenchError, match="other results"):
        builds.check_same_work(ours, there, run)
    there.add_cell("delhi")
    path = there.root / "book/cases/delhi.ipynb"
    path.write_text(
        path.read_text(encoding="utf-8").replace("one cell more", "x'; raise ValueError('"), encoding="utf-8"
    )
    with pytest.raises(BenchError, match="failed under Jupyter Book"):
        there.compile()


def test_copies_of_cases_leave_the_numbers_of_their_originals(looked_at: Tree) -> None:
    book = OurBook(looked_at.root)
    added = builds.replicate(book, 3)
    assert added == {"huari_2": "huari", "delhi_2": "delhi", "huari_3": "huari", "delhi_3": "delhi"}
    done = book.module("pipeline", "huari", "delhi", *added)
    assert "6 notebook(s) run" in done.text()
    builds.check_copies(book, added)
    path = book.build / "results" / book.release.name / "huari_3.json"
    path.write_text(path.read_text(encoding="utf-8").replace('"value": ', '"value": 1'), encoding="utf-8")
    with pytest.raises(BenchError, match="huari_3 left other numbers than huari"):
        builds.check_copies(book, added)


def test_builds_are_killed_and_built_again(looked_at: Tree, tmp_path: Path) -> None:
    killed, read = kill.kills(tmp_path, OurBook(looked_at.root), count=1)
    assert isinstance(killed, Check) and killed.holds and "(1 of 1)" in killed.words
    assert isinstance(read, Check) and read.holds, read.words


def site_of(folder: Path, text: str) -> dict[str, str]:
    """A site of two pages that name each other and a style."""
    folder.mkdir(parents=True)
    for page, other in (("index.html", "more.html"), ("more.html", "index.html?x#y")):
        (folder / page).write_text(
            f'{text} <a href="{other}">x</a><link href="s/a.css"><a href="https://a.b/c">'
        )
    (folder / "s").mkdir()
    (folder / "s" / "a.css").write_text(text)
    return kill.tree(folder)


SPOILED: dict[str, tuple[Callable[[Path], object], str]] = {
    "nothing": (lambda site: None, ""),
    "file gone": (lambda site: (site / "s/a.css").unlink(), "No such file"),
    "page gone": (lambda site: (site / "index.html").unlink(), "No such file"),
    "half written": (lambda site: (site / "s/a.css").write_text("ol"), "s/a.css is of no whole site"),
    "two sites at once": (lambda site: (site / "s/a.css").write_text("new"), "parts of two sites at once"),
}


@pytest.mark.parametrize("spoil, told", SPOILED.values(), ids=SPOILED)
def test_a_reader_sees_what_is_missing_or_mixed(tmp_path, spoil, told):
    known = [site_of(tmp_path / "a", "old"), site_of(tmp_path / "b", "new")]
    shown = tmp_path / "html"
    shown.symlink_to("a", target_is_directory=True)
    spoil(tmp_path / "a")
    reader = kill.Reader(shown, known, 1)
    reader.look(["index.html"])
    assert bool(reader.faults) == bool(told) and told in "; ".join(reader.faults)
    shown.unlink()
    reader.look(["index.html"])
    assert "the link to the site" in "; ".join(reader.faults)


def test_estimators_that_disagree_are_not_compared() -> None:
    pair = estimators.agreement()
    found = estimators.measured(pair, 2)
    assert len(found.ours.values) == len(found.other.values) == 2 and found.ratio > 0
    with pytest.raises(BenchError, match=r"agreement: ours and krippendorff are .* apart; 1e-09 allowed"):
        estimators.measured(replace(pair, ours=lambda: pair.theirs() + 1e-6), 1)
    with pytest.raises(BenchError, match="nan apart"):
        estimators.measured(replace(pair, ours=lambda: float("nan")), 1)


def absent() -> estimators.Pair:
    """A pair whose package no one has."""
    import_module("no_such_estimators")
    raise AssertionError


def test_a_package_that_is_absent_is_left_out_by_name(capsys):
    found = estimators.comparisons(1, (estimators.pooling, absent, estimators.augmented))
    assert [one.key for one in found] == ["pooling", "augmented"]
    assert "absent: left out, no_such_estimators is not installed" in capsys.readouterr().out


def comparison(ours: float, target: Target | None, *more: float) -> Comparison:
    return Comparison(
        "key", "build", "Title", "Covers.", Side("a", (ours, *more)), Side("b", (10.0,)), target=target
    )


@pytest.mark.parametrize(
    ("ours", "target", "met"),
    [
        (6.0, Target("ratio", most=0.6), True), (6.1, Target("ratio", most=0.6), False),
        (15.0, Target("ratio", least=1.5), True), (14.9, Target("ratio", least=1.5), False),
        (5.0, Target("first", most=5.0), True), (5.1, Target("first", most=5.0), False), (5.0, None, None),
    ],
)  # fmt: skip
def test_a_target_is_met_by_its_number_alone(ours, target, met):
    found = comparison(ours, target)
    assert found.met is met
    assert missed([found]) == ([] if met is not False else ["Title"])
    assert ("NOT MET" in terminal_table([found])) == (met is False)


def test_the_median_of_the_repetitions_decides():
    assert comparison(1.0, None, 2.0, 99.0).ratio == 0.2
    theirs = Check("stale", "build", "They are right.", False, ours=False)
    assert missed([theirs, Check("whole", "kill", "Whole.", False)]) == ["Whole."]


def content() -> dict[str, Any]:
    """Measurements of one comparison and one check."""
    findings = [
        bench._record(comparison(4.0, Target("ratio", most=0.6), 4.4, 5.0)),
        bench._record(Check("killed", "kill", "Three builds & a half.", True)),
    ]
    return {
        "date": "2031-02-03", "release": "2099.1", "code": "commit abc", "python": "3.11.7", "packages": {"p": "1"},
        "machine": {"processor": "Some <CPU>", "cores": 2, "memory_gb": 8.0, "system": "Linux", "architecture": "x"},
        "load_before": 0.1, "seconds": 600.0, "repeat": 3, "findings": json.loads(json.dumps(findings)),
    }  # fmt: skip


def test_the_file_that_a_run_writes_is_no_change_of_the_code():
    changed = {
        "words": "",
        "commit": "abc",
        "changed": ["analysis/published/benchmark.json", "book/reports/benchmark.md"],
    }
    assert bench.code(changed) == "commit abc"
    assert bench.code(changed | {"changed": ["a.py"]}) == "commit abc, with 1 tracked file(s) changed since"
    assert bench.code({"words": "no git"}) == "no git"


def part_of(part: str, ratio_of: float, **more: Any) -> dict[str, Any]:
    """What a run of one part found."""
    found = replace(comparison(ratio_of, None), part=part)
    return content() | {"findings": [bench._record(found)], "took": {part: 2.0}, "failed": [], **more}


def test_parts_stand_side_by_side_once_all_are_there_from_one_code_and_machine(tmp_path):
    state, target = tmp_path / "bench.json", tmp_path / "published.json"
    for part in bench.PARTS:
        told = bench.keep(part_of(part, 1.0, failed=["kill"] if part == "kill" else []), state, target)
    assert told.endswith("the page waits for kill") and not target.exists()
    assert "written" in bench.keep(part_of("kill", 2.0), state, target)
    written = json.loads(target.read_text(encoding="utf-8"))
    assert [finding["part"] for finding in written["findings"]] == list(bench.PARTS)
    assert (written["failed"], written["seconds"]) == ([], 2.0 * len(bench.PARTS))
    bench.keep(part_of("build", 3.0), state, target)
    written = json.loads(target.read_text(encoding="utf-8"))
    assert [finding["ratio"] for finding in written["findings"]] == pytest.approx(
        [0.3, 0.1, 0.1, 0.1, 0.1, 0.2]
    )
    other = bench.keep(part_of("build", 4.0, code="commit def"), state, target)
    assert "waits for workers, cases, estimators, pages, kill" in other
    assert json.loads(target.read_text(encoding="utf-8")) == written


def test_the_page_shows_what_the_file_holds():
    text = report.report(content())
    for words in ("| 2031-02-03 |", "Some \\<CPU>", "| what | a | b | ratio |", "4.4 s (4.0 s to 5.0 s)", "| 0.44 |",
                  "at most 0.6", "| met |", "- **Holds.** Three builds & a half.", "Not measured."):  # fmt: skip
        assert words in text, words


def test_the_committed_page_is_that_of_the_committed_measurements():
    assert report.PAGE.read_text(encoding="utf-8") == report.report(read()), "run python -m benchmarks.report"
    page = (ROOT / "book/benchmark.md").read_text(encoding="utf-8")
    assert re.findall(r'start-after: "<!-- (\w+) -->"', page) == ["machine", "targets", *bench.PARTS]


def first(measured: dict[str, Any]) -> dict[str, Any]:
    return measured["findings"][0]


BAD: dict[str, tuple[Callable[[dict[str, Any]], object], str]] = {
    "a field gone": (lambda m: m.pop("date"), "lacks date"),
    "a side gone": (lambda m: first(m).pop("ours"), "key lacks ours"),
    "ratio typed": (lambda m: first(m).update(ratio=0.3), "ratio is 0.3, the values give 0.44"),
    "verdict typed": (lambda m: first(m).update(met=False), "met is False, the values say otherwise"),
    "target moved": (lambda m: first(m)["target"].update(most=0.4), "met is True, the values say otherwise"),
    "no values": (lambda m: first(m)["other"].update(values=[]), "other has no positive values"),
    "part unknown": (lambda m: first(m).update(part="speed"), "part is 'speed'; allowed: build,"),
    "kind unknown": (lambda m: first(m).update(kind="guess"), "kind is 'guess'; allowed: comparison, check"),
}


@pytest.mark.parametrize("spoil, message", BAD.values(), ids=BAD)
def test_a_file_that_contradicts_itself_is_refused(spoil, message):
    measured = content()
    spoil(measured)
    with pytest.raises(BenchError, match=f"benchmark.json.*{re.escape(message)}"):
        report.report(measured)


def test_the_committed_measurements_have_every_part_and_every_target():
    """Whether a target is met is for the page to say; that it was measured is decided here."""
    measured = json.loads((ROOT / "analysis/published/benchmark.json").read_text(encoding="utf-8"))
    assert {finding["part"] for finding in measured["findings"]} == set(bench.PARTS)
    bounded = {
        f["key"]: f["target"]["words"]
        for f in measured["findings"]
        if f["kind"] == "comparison" and f["target"]
    }
    [many, few] = re.findall(r"\d+", next(f["title"] for f in measured["findings"] if f["key"] == "cases"))
    assert bounded == {
        "whole_build": "at most 0.6", "unchanged": "at most 5 s", "workers": "at least 1.5",
        "cases": f"at most {1.05 * int(many) / int(few):g}",
    }  # fmt: skip
    assert builds.COPIES == 10, "the target is 80 cases against 8"
    assert not measured["failed"] and not measured["apart_from_lock"]
    assert "killed" in {finding["key"] for finding in measured["findings"]}
