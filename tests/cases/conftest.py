"""Provide a checkout in miniature to the tests of cases."""

from __future__ import annotations

from pathlib import Path

import pytest
from miniature import Shared
from small_checkout import make_house


@pytest.fixture
def house(shared: Shared, tmp_path: Path) -> Path:
    """A checkout in miniature: a small release, a draft of the next one, contents and an empty folder of cases."""
    return make_house(shared, tmp_path)
