"""Check that the benchmark measures what it names, refuses a side that did not do its work, and writes its page.

On the miniature publication (`miniature.Tree`): Jupyter Book running the same notebooks leaves the same numbers and charts,
or its time does not count; after a change of data its cache leaves the old number and the pipeline the new one; each kind
of edit reaches the page of both sides. The ratios are measured by ``nox -s bench`` on a quiet machine.
"""

from __future__ import annotations

import json
import re
import shutil
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from benchmarks import __main__ as bench
from benchmarks import builds, estimators, pages, report
from benchmarks.copies import JupyterBook, OurBook, Run
from benchmarks.report import BenchError, Check, Comparison, Side, Target
from leadership_effects.build import jobs
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
    monkeypatch.setattr(jobs, "ROOT", tree.root)
    return tree


@pytest.mark.slow
def test_both_sides_do_the_same_work_and_edits_reach_their_pages(looked_at: Tree, tmp_path: Path) -> None:
    """Whole builds of both sides, a sentence and a cell, then a row of data changed under both."""
    there = JupyterBook(looked_at.copy(tmp_path / "there").root)
    shutil.rmtree(there.build)
    ours = OurBook(looked_at.root)
    ours.compile()
    run = there.compile()
    builds.check_same_work(ours, there, run)
    with pytest.raises(BenchError, match="0 notebooks executed, wanted 3"):
        builds.check_same_work(ours, there, Run(1.0))
    assert builds.first_tested(ours) == "huari" and builds.middle_case(ours) in {"huari", "delhi"}
    before = ours.printed("huari")
    assert before == there.printed("huari")

    def edit(book: Any, number: int) -> str:
        book.add_to_page("book/index", number)
        book.add_text("delhi", number)
        return str(book.add_cell("delhi", number))

    found = builds.edited(ours, there, 1, "edit", "Edit", "Covers.", 1000, edit)
    assert found.met and len(found.ours.values) == len(found.other.values) == 1
    for book in (ours, there):
        assert "Sentence 0 of the benchmark" in (book.site / "book/index.html").read_text(encoding="utf-8")
        assert "Remark 0 of the benchmark" in book.page("delhi").read_text(encoding="utf-8")
    with pytest.raises(BenchError, match="is on no page"):
        builds.edited(ours, there, 1, "edit", "Edit", "Covers.", 1000, lambda book, number: "never written")
    _, here, stale = builds.after_a_row(ours, there, run)
    assert isinstance(here, Check) and here.holds
    assert isinstance(stale, Check) and not stale.holds, (
        "jupyter-cache came to see data; the page has to say so"
    )
    assert there.printed("huari") == before and ours.printed("huari")["huari-mean"] != before["huari-mean"]
    with pytest.raises(BenchError, match="other results"):
        builds.check_same_work(ours, there, run)
    there.append("delhi", "code", "raise ValueError('no')")
    with pytest.raises(BenchError, match="failed under Jupyter Book"):
        there.compile()


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


def test_a_package_that_is_absent_is_left_out_by_name(capsys: pytest.CaptureFixture[str]) -> None:
    found = estimators.comparisons(1, (estimators.pooling, absent, estimators.augmented))
    assert [one.key for one in found] == ["pooling", "augmented"]
    assert "absent: left out, no_such_estimators is not installed" in capsys.readouterr().out


def comparison(ours: float, target: Target | None, *more: float) -> Comparison:
    return Comparison(
        "key", "build", "Title", "Covers.", Side("a", (ours, *more)), Side("b", (10.0,)), target=target
    )


def content(*findings: Comparison | Check) -> dict[str, Any]:
    """Measurements with these findings."""
    return {
        "date": "2031-02-03", "release": "2099.1", "code": "commit abc", "python": "3.11.7", "packages": {"p": "1"},
        "machine": {"processor": "Some <CPU>", "cores": 2, "memory_gb": 8.0, "system": "Linux", "architecture": "x"},
        "load_before": 0.1, "seconds": 600.0, "repeat": 3,
        "findings": json.loads(json.dumps([finding.record() for finding in findings])),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("ours", "target", "met"),
    [
        (6.0, Target("ratio", most=0.6), True), (6.1, Target("ratio", most=0.6), False),
        (15.0, Target("ratio", least=1.5), True), (14.9, Target("ratio", least=1.5), False),
        (5.0, Target("first", most=5.0), True), (5.1, Target("first", most=5.0), False), (5.0, None, None),
    ],
)  # fmt: skip
def test_a_target_is_met_by_its_number_alone(ours: float, target: Target | None, met: bool | None) -> None:
    measured = content(comparison(ours, target))
    assert measured["findings"][0]["met"] is met
    assert report.missed(measured) == ([] if met is not False else ["Title"])
    assert ("**not met**" in report.report(measured)) == (met is False)


def test_the_median_of_the_repetitions_decides() -> None:
    assert comparison(1.0, None, 2.0, 99.0).ratio == 0.2


def test_a_check_of_this_publication_that_does_not_hold_is_missed() -> None:
    theirs = Check("stale", "build", "They are right.", False, ours=False)
    assert report.missed(content(theirs, Check("whole", "build", "Whole.", False))) == ["Whole."]


def test_the_files_that_a_run_writes_are_no_change_of_the_code() -> None:
    written = ["analysis/published/benchmark.json", "book/reports/benchmark.md"]
    changed = {"words": "", "commit": "abc", "changed": written}
    assert bench.code(changed) == "commit abc"
    assert bench.code(changed | {"changed": ["a.py"]}) == "commit abc, with 1 tracked file(s) changed since"
    assert bench.code({"words": "no git"}) == "no git"


def test_the_page_shows_what_the_file_holds() -> None:
    found = comparison(4.0, Target("ratio", most=0.6), 4.4, 5.0)
    text = report.report(content(found, Check("same", "build", "Three builds & a half.", True)))
    for words in ("| 2031-02-03 |", "Some \\<CPU>", "| what | a | b | ratio |", "4.4 s (4.0 s to 5.0 s)", "| 0.44 |",
                  "at most 0.6", "| met |", "- **Holds.** Three builds & a half.", "Not measured."):  # fmt: skip
        assert words in text, words


def test_the_committed_page_is_that_of_the_committed_measurements() -> None:
    assert report.PAGE.read_text(encoding="utf-8") == report.report(report.read()), (
        "run python -m benchmarks.report"
    )
    page = (ROOT / "book/benchmark.md").read_text(encoding="utf-8")
    assert re.findall(r'start-after: "<!-- (\w+) -->"', page) == ["machine", "targets", *report.PARTS]


def test_the_committed_measurements_have_every_part() -> None:
    """Whether a target is met is for the page to say; that it was measured is decided here."""
    measured = report.read()
    assert {finding["part"] for finding in measured["findings"]} == set(report.PARTS)
    assert not measured["failed"] and not measured["apart_from_lock"]


@pytest.mark.slow
@pytest.mark.browser
def test_every_measure_of_a_page_is_taken_on_the_phone() -> None:
    with pages.chromium("127.0.0.1") as browser, pages.served(ROOT / "_build" / "html") as address:
        found = pages.seen(browser, f"{address}/book/cases/huari.html")
    assert set(found) == set(pages.LIMITS) and min(found.values()) > 0


def test_the_preview_of_a_copy_shows_an_edit(looked_at: Tree) -> None:
    assert builds.previewed(OurBook(looked_at.root), 0, "book/index") > 0
