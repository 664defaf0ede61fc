"""The registry refuses results that are unknown, repeated, NaN or of another release."""

from __future__ import annotations

import pytest
from leadership_effects.data.provenance import Rows
from leadership_effects.files import write_json
from leadership_effects.paths import results_folder
from leadership_effects.report.numbers import RATIO
from leadership_effects.report.registry import Registry, ResultsError, read_results
from miniature import NAME

NO_ROWS = Rows(0, "", ())


@pytest.fixture
def registry(small) -> Registry:
    registry = Registry(small.open(), "huari", "analysis/notebooks/cases/huari.py")
    registry.record("mean", 1.5, RATIO, "Mean.", rows=NO_ROWS, function="mean")
    return registry


def test_an_unknown_result_is_refused_with_the_known_ones(registry):
    with pytest.raises(ResultsError, match="huari: no result 'median'; recorded: mean"):
        registry.text("median")
    with pytest.raises(ResultsError, match="huari: no result 'median'; recorded: mean"):
        registry.value("median")


def test_a_result_is_not_recorded_twice(registry):
    with pytest.raises(ResultsError, match="'mean' is recorded twice"):
        registry.record("mean", 2.5, RATIO, "Mean.", rows=NO_ROWS, function="mean")
    assert registry.text("mean") == "1.5"


@pytest.mark.parametrize("value, interval", [(float("nan"), None), (1.0, (float("nan"), 2.0))])
def test_a_result_is_not_nan(registry, value, interval):
    with pytest.raises(ResultsError, match="cannot be NaN"):
        registry.record("median", value, RATIO, "Median.", rows=NO_ROWS, function="median", interval=interval)
    assert "median" not in registry.results


def test_results_that_were_not_made_are_refused_with_the_command_to_run(registry):
    with pytest.raises(ResultsError, match=rf"huari: no results for release {NAME}; run `nox -s notebooks`"):
        read_results(NAME, "huari")


def test_results_of_another_release_are_refused(registry):
    registry.save()
    write_json(results_folder(NAME) / "huari.json", {"release": "2020.1", "results": {}})
    with pytest.raises(ResultsError, match=rf"holds release '2020\.1', asked for '{NAME}'"):
        read_results(NAME, "huari")
