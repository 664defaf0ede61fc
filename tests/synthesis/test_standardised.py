"""Entering cases are standardised by their own placebo places."""

from __future__ import annotations

import pytest
from leadership_effects.counting import entering_places
from leadership_effects.data.release import Release
from leadership_effects.effects.inference import collapsed_t, placebo_in_space
from leadership_effects.synthesis.pooling import SynthesisError
from leadership_effects.synthesis.standardised import entering_cases, standardised_case


def test_entering_cases_stand_on_their_placebos_ruler(release: Release) -> None:
    cases = entering_cases(release)
    assert [case.case_id for case in cases] == entering_places(release.plan)
    for case in cases:
        assert len(case.standardised) == len(case.units) == len(set(case.units))
        assert case.donors.std(ddof=1) == pytest.approx(1)
        assert case.df == len(case.donors) - 1
        assert case.weights.shape == case.donors.shape
    for case in cases[2:]:
        t = collapsed_t(case.panels[0]).t  # the error of the donors' mean counts once, as there
        assert case.effect / case.variance**0.5 == pytest.approx(t)
    single = next(case for case in cases if len(case.panels) == 1)
    placebos = placebo_in_space(single.panels[0], "twfe")
    assert single.p_value == placebos.p_value and single.units[1:] == placebos.units
    with pytest.raises(SynthesisError, match="delhi: the plan names no primary panel"):
        standardised_case(release, "delhi")
    both = standardised_case(release, "chile", ("mathematics", "reading"))
    assert len(both.panels) == 2 and both.donors.std(ddof=1) == pytest.approx(1)
