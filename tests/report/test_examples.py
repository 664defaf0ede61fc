"""The examples in the docstrings that a chapter's author reads give what they print."""

from __future__ import annotations

import doctest
import importlib

import pytest

MODULES = ("numbers", "study")


@pytest.mark.parametrize("name", MODULES)
def test_examples_print_what_they_show(name: str) -> None:
    found = doctest.testmod(importlib.import_module(f"leadership_effects.report.{name}"))
    assert found.attempted and not found.failed
