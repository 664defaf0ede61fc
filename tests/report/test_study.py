"""The author's calls look up what the release holds, and record it under the keys of their templates."""

from __future__ import annotations

import pytest
from leadership_effects.data.outcomes import OutcomeError
from leadership_effects.report.study import Study


def test_levels_record_each_unit_in_each_year() -> None:
    study = Study.open("", "london")
    study.levels("{1}.{0}", "leavers_5ac", {"gm": "Greater Manchester", "england": "England"}, (1976, 1988))
    assert list(study.registry.results) == ["1976.gm", "1988.gm", "1976.england", "1988.england"]
    leavers = study.series("leavers_5ac")
    assert study.registry.value("1988.gm") == leavers["Greater Manchester", 1988].value
    assert study.registry.results["1988.gm"]["n_rows"] == 1


def test_a_level_that_the_release_lacks_is_refused() -> None:
    with pytest.raises(OutcomeError, match="0 rows for 'England' in 1975"):
        Study.open("", "london").level("x", "leavers_5ac", "England", 1975)


def test_a_series_may_hold_one_type_of_unit_alone() -> None:
    study = Study.open("", "london")
    assert "England" in study.series("ks4_5acem").table.index
    assert set(study.series("ks4_5acem", "region").rows["unit_type"]) == {"region"}
