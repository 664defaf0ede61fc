"""Check that the benchmark measures what it names, refuses a side that did not do its work, and writes its page.

On the miniature publication (`miniature.Tree`): Jupyter Book running the same notebooks leaves the same numbers and charts,
or its time does not count; after a change of data its cache leaves the old number and the pipeline the new one; each kind
of edit reaches the page of both sides. The ratios are measured by ``nox -s bench`` on a quiet machine.
"""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest
from benchmarks import __main__ as bench
from benchmarks import builds, estimators, pages, permutations, report
from benchmarks.copies import JupyterBook, OurBook
from benchmarks.report import BenchError, Finding
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
def test_both_sides_do_the_same_work_and_each_edit_reaches_their_pages(
    looked_at: Tree, tmp_path: Path
) -> None:
    """Whole builds of both sides, then each edit under both; what ``builds`` checks on the way holds."""
    shutil.rmtree(looked_at.build)
    looked_at.copy(tmp_path / "cache")
    ours = OurBook(looked_at.root)
    found = list(builds.builds(ours, tmp_path, 1, "book/index.md", "huari"))
    assert len(found) == 7 and all(len(one.ours) == len(one.other) == 1 for one in found)
    row = next(one for one in found if one.title == "One row of data changed")
    assert "still prints the old numbers" in row.covers, (
        "jupyter-cache came to see data; the page has to say so"
    )
    cache = JupyterBook(tmp_path / "cache")
    with pytest.raises(BenchError, match=r"tree: 'Never, number 0\.' is on no page"):
        builds.edited("Never", "Covers.", ours, cache, 1, shows=True)
    with pytest.raises(BenchError, match=r"left other results: synthesis\.json"):
        builds.check_same_work(ours, cache)  # the chapter across the cases still has the old number
    shutil.copytree(ours.root / "_build" / "results", cache.root / "_build" / "results", dirs_exist_ok=True)
    builds.check_same_work(ours, cache)
    page = next(path for path in cache.site.rglob("*.html") if builds.CHART in path.read_text("utf-8"))
    page.write_text("", encoding="utf-8")
    with pytest.raises(BenchError, match=f"shows other charts: .*{page.name}"):
        builds.check_same_work(ours, cache)
    cache.insert("analysis/notebooks/cases/delhi.py", "# %%\n", "raise ValueError('no')\n")
    with pytest.raises(BenchError, match="failed under Jupyter Book"):
        cache.build()


def test_estimators_that_disagree_are_not_compared() -> None:
    pair = estimators.agreement()
    found = estimators.compare(pair, 2)
    assert len(found.ours) == len(found.other) == 2
    with pytest.raises(BenchError, match=r"alpha: krippendorff is .* apart; 1e-09 allowed"):
        estimators.compare(pair._replace(ours=lambda: pair.theirs() + 1e-6), 1)
    with pytest.raises(BenchError, match="nan apart"):
        estimators.compare(pair._replace(ours=lambda: float("nan")), 1)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [(["--part", "speed"], "invalid choice: 'speed'"), (["--repeat", "0"], "--repeat: at least 1")],
)
def test_what_cannot_be_measured_is_refused(
    arguments: list[str], says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit, match="2"):
        bench.main(arguments)
    assert says in capsys.readouterr().err


def content(*findings: Finding) -> dict[str, Any]:
    """Measurements with these findings."""
    records = [finding.record("build") for finding in findings]
    return {"run": {"processor": "Some <CPU>"}, "findings": json.loads(json.dumps(records))}


@pytest.mark.parametrize(
    ("target", "met"),
    [
        ({"ratio_most": 0.6}, True), ({"ratio_most": 0.59}, False), ({"most": 6.0}, True), ({"most": 5.9}, False),
        ({}, None),
    ],
)  # fmt: skip
def test_a_target_is_met_by_its_median_alone(target: dict[str, float], met: bool | None) -> None:
    measured = content(Finding("Title", "Covers.", (1.0, 6.0, 99.0), (10.0,), "b", **target))
    assert measured["findings"][0]["met"] is met and measured["findings"][0]["ratio"] == 0.6
    assert ("**not met**" in report.report(measured)) == (met is False)


def test_the_page_shows_what_the_file_holds() -> None:
    found = (
        Finding("A & <b>", "Covers.", (4.0, 4.4, 5.0), (0.0102,), "b_c", ratio_most=500),
        Finding("Bytes", "All.", (74_000.0,), unit="bytes", most=350_000),
    )
    text = report.report(content(*found))
    for words in ("Some \\<CPU>", "| what | this book | the other | which is | ratio | target |", "4.4 s (4.0 s to 5.0 s)",
                  "| 10.2 ms | b\\_c | 431 | ratio at most 500: met |", "| at most 350 kB: met |", "Not measured."):  # fmt: skip
        assert words in text, words


def test_the_committed_page_is_that_of_the_committed_measurements() -> None:
    measured = json.loads(report.FILE.read_text(encoding="utf-8"))
    assert report.PAGE.read_text(encoding="utf-8") == report.report(measured), (
        "run python -m benchmarks.report"
    )
    assert {finding["part"] for finding in measured["findings"]} == set(report.PARTS)
    assert measured["run"]["apart from the lock"] == "nothing"
    page = (ROOT / "book/benchmark.md").read_text(encoding="utf-8")
    assert re.findall(r'start-after: "<!-- (\w+) -->"', page) == ["run", *report.PARTS]


@pytest.mark.slow
@pytest.mark.browser
def test_every_measure_of_a_page_is_taken_on_the_phone() -> None:
    found = list(pages.pages(ROOT / "_build" / "html", 1))
    assert len(found) == len(pages.LIMITS) and min(one.ours[0] for one in found) > 0


def test_permutations_are_timed_only_if_refits_agree(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(permutations, "DRAWS", 99)
    monkeypatch.setattr(permutations, "SIZES", ((33, 9, 18, 5.0),))
    ratio, alone = permutations.permutations(1)
    assert len(ratio.ours) == len(ratio.other) == 1 and alone.most == 5.0 and not alone.other
    refit = permutations.refit
    monkeypatch.setattr(permutations, "refit", lambda *given: refit(*given) + 0.1)
    with pytest.raises(BenchError, match=r"diff-diff is 0\.1 apart"):
        list(permutations.permutations(1))
