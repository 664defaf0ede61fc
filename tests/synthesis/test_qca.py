"""Calibration, truth tables and necessity agree with R's QCA and printed memberships."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from leadership_effects.synthesis.minimise import contradiction_free_probability, solve
from leadership_effects.synthesis.qca import (
    Anchors,
    QcaError,
    SetPlan,
    Settings,
    TruthTable,
    calibrate,
    necessity_of_each,
    qca_plan,
    raw_codes,
    truth_table,
)

REFERENCE = Path(__file__).parents[1] / "reference"
SAME = 1e-9  # the same sums in another order; the references are printed to ten digits or more
PRINTED = 0.005 + SAME  # memberships are printed to two decimals
CONDITIONS = ("DEV", "URB", "LIT", "IND", "STB")
# Ragin (2009): full non-membership, crossover, full membership; stability counts cabinets, so more is less.
ANCHORS = {
    "DEV": Anchors(400, 550, 900), "URB": Anchors(25, 50, 65), "LIT": Anchors(50, 75, 90),
    "IND": Anchors(20, 30, 40), "STB": Anchors(15, 9.5, 5), "SURV": Anchors(-9, 0, 10),
}  # fmt: skip


def test_the_direct_method_gives_ragins_published_memberships(lipset: pd.DataFrame) -> None:
    raw = pd.read_csv(REFERENCE / "lipset/raw.csv", index_col="country")
    checked = moved = 0
    for name, anchors in ANCHORS.items():
        known = raw[name].dropna()
        ours = calibrate(known.to_numpy(), anchors)
        assert np.abs(ours - lipset.loc[known.index, name]).max() <= PRINTED, name
        other = calibrate(known.to_numpy(), anchors, np.log(0.95 / 0.05))
        checked += len(known)
        moved += int((np.round(ours, 2) != np.round(other, 2)).sum())
    assert (checked, moved) == (107, 24), "the convention of R QCA moves the second decimal of 24"


def test_anchors_map_to_the_log_odds_stated() -> None:
    anchors = np.array([15, 9.5, 5])
    assert np.allclose(calibrate(anchors, ANCHORS["STB"]), 1 / (1 + np.exp([3, 0, -3])), atol=SAME)


# R QCA 3.25 on the LF data: row, cases, consistency, PRI; every other row is a remainder.
ROWS = {
    (0, 0, 0, 0, 0): (3, 0.215976331360947, 0.0), (0, 0, 0, 0, 1): (2, 0.278026905829596, 0.0),
    (0, 0, 1, 0, 0): (2, 0.520900321543409, 0.113095238095238),
    (0, 0, 1, 0, 1): (1, 0.528571428571429, 0.228070175438597),
    (1, 0, 1, 0, 1): (2, 0.804270462633452, 0.719387755102041),
    (1, 0, 1, 1, 0): (1, 0.378205128205128, 0.0396039603960395),
    (1, 0, 1, 1, 1): (2, 0.708771929824562, 0.634361233480176),
    (1, 1, 1, 1, 0): (1, 0.445255474452555, 0.05), (1, 1, 1, 1, 1): (4, 0.904205607476635, 0.885793871866295),
}  # fmt: skip


def test_the_truth_table_is_rs(lipset_table) -> None:
    table = lipset_table(CONDITIONS, 0.8)
    found = {row.term: (len(row.cases), row.fit.consistency, row.fit.pri) for row in table.rows if row.cases}
    assert len(table.rows) == 32 and found.keys() == ROWS.keys()
    for term, expected in ROWS.items():
        assert found[term] == pytest.approx(expected, abs=SAME), term
    assert table.having("1") == {(1, 0, 1, 0, 1), (1, 1, 1, 1, 1)} and len(table.having("?")) == 23


NECESSITY = {  # R QCA 3.25: consistency, coverage, relevance
    "DEV": (0.8309859154929577, 0.7746170678336981, 0.8113553113553114),
    "LIT": (0.9906103286384976, 0.6428027418126427, 0.5094142259414226),
    "STB": (0.9201877934272301, 0.7069431920649235, 0.6801181102362206),
    "~URB": (0.5680751173708919, 0.4016597510373444, 0.452127659574468),
    "~LIT": (0.09624413145539908, 0.1683778234086242, 0.7642607683352737),
}


def test_necessity_is_rs(lipset_table) -> None:
    table = lipset_table(CONDITIONS, 0.8)
    found = {one.name: (one.consistency, one.coverage, one.relevance) for one in necessity_of_each(table)}
    assert len(found) == 10
    for name, expected in NECESSITY.items():
        assert found[name] == pytest.approx(expected, abs=SAME), name


def test_a_row_with_cases_on_both_sides_is_contradictory_and_a_rare_row_a_remainder() -> None:
    x = np.array([[0.9, 0.8], [0.8, 0.9], [0.1, 0.9], [0.2, 0.1]])
    table = truth_table(x, np.array([0.9, 0.2, 0.8, 0.1]), ["A", "B"], list("wxyz"), Settings(2, 0.9))
    rows = {row.term: row for row in table.rows}
    assert rows[1, 1].contradictory and rows[1, 1].cases == ("w", "x") and rows[1, 1].output == "0"
    assert not rows[0, 1].contradictory and rows[0, 1].output == rows[0, 0].output == rows[1, 0].output == "?"


def three(x: list[list[float]], conditions: list[str] | None = None) -> TruthTable:
    return truth_table(
        np.array(x), np.full(len(x), 0.9), conditions or ["A", "B"], list("pqr")[: len(x)], Settings()
    )


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: calibrate(np.ones(2), Anchors(0, 0, 1)), "rise or fall"),
        (lambda: calibrate(np.ones(2), Anchors(0, 2, 1)), "rise or fall"),
        (lambda: calibrate(np.array([1, np.nan]), Anchors(0, 1, 2)), "missing value has no membership"),
        (lambda: three([[0.5, 1], [0, 1]]), "p lies at 0.5 of A"),
        (lambda: three([[1.2, 1], [0, 1]]), "from 0 to 1"),
        (lambda: three([[np.nan, 1], [0, 1]]), "drop silent cases"),
        (lambda: three([[1, 1], [0, 1]], ["A"]), "2 cases and 1 conditions"),
        (lambda: solve(three([[1, 1], [0, 1]]), "complex"), "there are conservative, parsimonious, intermediate"),
        (lambda: solve(three([[1, 1], [0, 1]]), "intermediate", (1,)), "for each of A, B"),
        (lambda: contradiction_free_probability(0, 3), "allowed: one or more"),
    ],
    ids=["flat anchors", "crossed anchors", "silent", "at crossover", "raw", "nan", "shape", "kind", "expected", "none"],
)  # fmt: skip
def test_bad_sets_are_refused(call, words: str) -> None:
    with pytest.raises(QcaError, match=words):
        call()


def test_a_case_needs_a_code_from_every_reading() -> None:
    rows = [
        (case, "d", "x", coder, code)
        for case, coder, code in zip("aabb", "ABAB", (1, 2, 1, None), strict=True)
    ]
    rows += [("a", "s", i, c, v) for c in "AB" for i, v in (("p", 1), ("q", 1), ("r", None))]
    rows += [("b", "s", i, "A", None) for i in "pqr"]
    frame = pd.DataFrame(rows, columns=["case_id", "kind", "item", "coder", "code"])
    anchors = Anchors(0, 1.5, 3)
    mean = raw_codes(frame, SetPlan("x", "d", "x", anchors, 1, ""))
    assert mean["a"] == 1.5 and np.isnan(mean["b"])
    assert raw_codes(frame, SetPlan("x", "d", "x", anchors, 1, ""), "A")["b"] == 1
    number = raw_codes(frame, SetPlan("n", "s", "*", anchors, 1, ""))
    assert number["a"] == 2 and np.isnan(number["b"]), "silence on all is silence, not zero"
    with pytest.raises(QcaError, match="no rows of kind 'd' and item 'y'"):
        raw_codes(frame, SetPlan("y", "d", "y", anchors, 1, ""))


PLAN = {
    "status": "", "log_odds": 3, "vary": {"crossover": [], "consistency": []}, "cutoffs": {"consistency": 0.8},
    "outcome": {"kind": "o", "item": "v", "anchors": [0, 1, 2], "reason": ""},
}  # fmt: skip


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({}, "conditions is missing"),
        ({"conditions": dict.fromkeys("abcd", PLAN["outcome"])}, "4 conditions; allowed: one to three"),
        ({"conditions": {"a": {"kind": "d"}}}, "a.item is missing"),
        ({"conditions": {"a": PLAN["outcome"] | {"expected": "up"}}}, "allowed: present, absent, either"),
        ({"conditions": {"a": PLAN["outcome"] | {"anchors": [0, 3]}}}, "allowed: three, out, crossover and full"),
        ({"conditions": {"a": PLAN["outcome"]}, "cutoffs": {"share": 1}}, "allowed: frequency, consistency, pri"),
    ],
    ids=["none", "four", "half", "expectation", "two anchors", "cut-off"],
)  # fmt: skip
def test_a_bad_plan_is_refused(change: dict, words: str) -> None:
    with pytest.raises(QcaError, match=words):
        qca_plan(SimpleNamespace(plan={"synthesis": {"qca": PLAN | change}}))  # type: ignore[arg-type]
