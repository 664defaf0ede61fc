"""Gains beyond the line of low starters are those of a regression on the other units; ranks count who lies above."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import statsmodels.formula.api as smf
from leadership_effects.data.panels import Panel, Scale
from leadership_effects.data.provenance import Rows
from leadership_effects.effects.gains import gain_on_start, rank_from_top, starts_and_gains


def test_the_gain_beyond_the_line_is_the_residual_of_a_prediction() -> None:
    frame = pd.DataFrame(np.random.default_rng(3).normal(50, 5, (20, 2)), columns=["start", "gain"])
    line = gain_on_start(frame["start"], frame["gain"])
    fit = smf.ols("gain ~ start", frame).fit()
    assert line.beyond(40.0, 7.0) == pytest.approx(
        7.0 - fit.predict(pd.DataFrame({"start": [40.0]}))[0], abs=1e-9
    )
    assert line.correlation**2 == pytest.approx(fit.rsquared, abs=1e-9)
    assert np.sign(line.correlation) == np.sign(fit.params["start"])


def test_gains_count_from_the_mean_of_all_years_before() -> None:
    y = np.array([[1.0, 3.0, 9.0], [2.0, 2.0, 2.0]])
    panel = Panel(
        "a",
        y,
        ("own", "other"),
        (1, 2, 3),
        2,
        np.ones(1),
        (),
        Scale("i", "I", "", 1, None, ""),
        Rows(0, "", ()),
    )
    start, gain = starts_and_gains(panel)
    assert (start.to_dict(), gain.to_dict()) == ({"own": 2.0, "other": 2.0}, {"own": 7.0, "other": 0.0})


@pytest.mark.parametrize("own, rank", [(4.0, 1), (3.0 + 1e-12, 1), (2.0, 3), (0.0, 4)])
def test_a_tie_to_the_last_digits_takes_the_better_rank(own: float, rank: int) -> None:
    assert rank_from_top(pd.Series({"own": own, "a": 3.0, "b": 3.0, "c": 1.0}), "own") == rank
