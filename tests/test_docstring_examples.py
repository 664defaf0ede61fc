"""The examples in docstrings run and print what they show."""

from __future__ import annotations

import doctest
import importlib

import pytest

MODULES = (
    "data.outcomes", "data.panels", "data.plan", "data.provenance", "data.release", "data.vocabulary",
    "effects.diagnostics", "effects.estimators", "effects.gains", "effects.gap_grid", "effects.inference", "effects.specification",
    "evidence.studies", "report.charts.description", "report.numbers", "report.registry", "report.study",
    "rounding", "effects.adjusted", "synthesis.joint", "synthesis.minimise", "synthesis.moderators", "synthesis.pooling", "synthesis.qca",
    "synthesis.reliability", "synthesis.thresholds", "synthesis.tipping", "simulation.null_panels",
)  # fmt: skip


@pytest.mark.parametrize("name", MODULES)
def test_examples_print_what_they_show(name: str) -> None:
    found = doctest.testmod(importlib.import_module(f"leadership_effects.{name}"))
    assert found.attempted and not found.failed
