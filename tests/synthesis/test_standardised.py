"""Entering cases are standardised by their own placebo places."""

from __future__ import annotations

import pytest
from leadership_effects.data.release import Release
from leadership_effects.effects.inference import placebo_in_space
from leadership_effects.synthesis.pooling import SynthesisError
from leadership_effects.synthesis.standardised import entering_cases, standardised_case


def test_entering_cases_stand_on_their_placebos_ruler(release: Release) -> None:
    cases = entering_cases(release)
    assert [case.case_id for case in cases] == release.plan["synthesis"]["entering"]
    for case in cases:
        assert len(case.standardised) == len(case.units) == len(set(case.units))
        assert case.donors.std(ddof=1) == pytest.approx(1)
        assert case.df == len(case.donors) - 1
    single = next(case for case in cases if len(case.panels) == 1)
    placebos = placebo_in_space(single.panels[0], "twfe")
    assert single.p_value == placebos.p_value and single.units[1:] == placebos.units
    with pytest.raises(SynthesisError, match="delhi: the plan names no primary panel"):
        standardised_case(release, "delhi")
