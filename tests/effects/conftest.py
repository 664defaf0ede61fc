"""Provide a textbook panel to the tests of estimators, weights and augmented synthetic control."""

from __future__ import annotations

import pytest
from leadership_effects.data.panels import Panel
from leadership_effects.simulation.references import outside_panel


@pytest.fixture(scope="session")
def prop99() -> Panel:
    """California's Proposition 99, as `test_references.py` compares it with the reference folder."""
    return outside_panel("prop99")
