"""Signs, ranks and ties of floats do not hang on a processor's last bits."""

import numpy as np
import pandas as pd
import pytest
from leadership_effects.data.provenance import Rows
from leadership_effects.effects.diagnostics import breakdown
from leadership_effects.effects.inference import Placebos, permutation_p
from leadership_effects.effects.specification import Curve, described_curve
from leadership_effects.rounding import is_above, is_at_least, sign
from leadership_effects.simulation.null_panels import bare_panel
from leadership_effects.synthesis.joint import largest_of
from leadership_effects.synthesis.moderators import permute_moderator, rank_correlation
from leadership_effects.synthesis.qca import Settings, truth_table

BITS = (
    0.0,
    1e-15,
    -1e-15,
)  # what the last bits of a sum can add to a value, by processor and version of NumPy


def curve(*effects: float) -> Curve:
    """Curve without placebo places; the first specification is the planned one."""
    choices = pd.DataFrame({"start": range(len(effects)), "effect": effects})
    return described_curve(choices.assign(planned=choices.index == 0), "Here", "points", Rows(0, "", ()))


def placebos(own: float, *others: float) -> Placebos:
    empty = np.empty(0)
    return Placebos("twfe", tuple(map(str, range(len(others)))), own, np.array(others), np.nan, empty, empty)


def ranked(*medians: float) -> Curve:
    """Curve of one specification that stands apart by place; the places' spread is one standard deviation."""
    raw = np.array(medians)[:, None]
    names = tuple(map(str, range(len(medians))))
    return Curve(
        pd.DataFrame({"start": [1]}), raw, names, np.ones(1, int), ("points",), 0, {}, Rows(0, "", ())
    )


DECIDED = {
    "a zero is not above zero": lambda e: curve(1.0, e, -1.0).positive,
    "a zero shares no sign with a gain": lambda e: curve(1.0, e, -1.0).agree,
    "a zero shares no sign with a loss": lambda e: curve(-1.0, e, 1.0).agree,
    "a tie takes the worse rank among placebos": lambda e: placebos(1.0 + e, 1.0, 2.0, 0.0).rank,
    "a tie takes the worse rank among medians": lambda e: ranked(1.0 + e, 1.0, 2.0, 0.0).rank,
    "a tie counts in a permutation": lambda e: permutation_p(1.0 + e, np.array([1.0, -1.0, 0.2])),
    "no effect breaks down at once": lambda e: breakdown(
        bare_panel(np.array([[0.0, 1.0, 1.0 + e], [0, 0, 0], [0, 0, 0]]), 2, np.ones(2), (1, 2, 3))
    ),
    "the first of two largest is named": lambda e: largest_of([np.array([2.0, 1]), np.array([2.0 + e, 1])]).position,
    "tied values share a rank": lambda e: rank_correlation([1.0, 1.0 + e, 2.0, 3.0], [4.0, 3.0, 2.0, 1.0]).rho,
    "tied values are one moderator value": lambda e: permute_moderator(
        "m", [0.1, 0.9, 0.4, 1.5], [1.0] * 4, [1.0, 1.0 + e, 2.0, 3.0]
    ).floor,
    "a case at the crossover is no member of the outcome": lambda e: [
        row.contradictory
        for row in truth_table(np.ones((2, 1)), np.array([0.5 + e, 0.2]), ["A"], ["x", "y"], Settings()).rows
    ],
}  # fmt: skip


@pytest.mark.parametrize("case", DECIDED)
def test_the_last_bits_of_a_sum_decide_nothing(case: str) -> None:
    found = [DECIDED[case](bits) for bits in BITS]
    assert found[1:] == found[:1] * 2, case


def test_a_zero_made_of_rounding_has_no_sign() -> None:
    values = np.array([1e-15, -1e-15, 1e-8, -1e-8, np.nan])
    assert sign(values).tolist() == [0, 0, 1, -1, 0]
    assert is_above(values).tolist() == [False, False, True, False, False]
    assert is_at_least(pd.Series(values), 0.0).tolist() == [True, True, True, False, False]
