"""Provide Lipset's data to the tests of QCA."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from leadership_effects.synthesis.qca import Settings, TruthTable, truth_table


@pytest.fixture(scope="session")
def lipset() -> pd.DataFrame:
    """Memberships of Ragin (2009), a row a country."""
    return pd.read_csv(Path(__file__).parents[1] / "reference/lipset/memberships.csv", index_col="country")


@pytest.fixture(scope="session")
def lipset_table(lipset: pd.DataFrame) -> Callable[..., TruthTable]:
    """Build the truth table of the survival of democracy at a consistency, fuzzy or crisp."""

    def build(conditions: tuple[str, ...], level: float, *, crisp: bool = False) -> TruthTable:
        frame = (lipset > 0.5).astype(float) if crisp else lipset
        x, y = frame[list(conditions)].to_numpy(), frame["SURV"].to_numpy()
        return truth_table(x, y, conditions, list(frame.index), Settings(1, level))

    return build
