"""Check which evidence a belief meets: as wide as printed, and no place twice."""

from __future__ import annotations

import pytest
from leadership_effects.data.release import Release
from leadership_effects.report.many_places.beliefs import evidence_at_hand
from leadership_effects.report.many_places.together import Found
from leadership_effects.synthesis.prior import Belief, PriorError, combined, update
from leadership_effects.synthesis.pupil_sd import pool_cases, pupil_cases

# Invented, so that no estimate of a design is used here.
FOUND = {
    "states": Found(0.01, 0.02, -0.03, 0.05, 0.06, "cannot say"),
    "countries": Found(-0.02, 0.05, -0.12, 0.08, 0.13, "cannot say"),
}


def test_evidence_is_as_wide_as_its_intervals_and_counts_no_place_twice(release: Release) -> None:
    evidence, rows = evidence_at_hand(release, FOUND)
    keys = ["places", "starts", "states", "countries", "designs", "all_starts", "all"]
    assert list(evidence) == keys and rows.count
    cases = pupil_cases(release)
    everyone = pool_cases(cases, "level")
    assert evidence["places"].estimate == pytest.approx(everyone.effect)
    assert Belief(everyone.effect, evidence["places"].se).interval == pytest.approx(everyone.interval)
    assert evidence["states"].se == pytest.approx(0.04 / 1.6449, rel=1e-4)
    with pytest.raises(PriorError, match="share CHL, LVA"):
        update(Belief(0, 0.1), evidence["places"], evidence["countries"])
    apart = pool_cases([case for case in cases if case.case_id not in ("chile", "latvia")], "level")
    weight = 1 / evidence["all"].se ** 2 - 1 / evidence["designs"].se ** 2
    assert weight**-0.5 == pytest.approx((apart.interval[1] - apart.interval[0]) / 2 / 1.959964, rel=1e-6)
    only = pool_cases([case for case in cases if case.case_id != "washington_dc"], "level")
    assert evidence["starts"].estimate == pytest.approx(only.effect)
    for one, other in (("places", "starts"), ("all", "all_starts")):
        assert evidence[one].places - evidence[other].places == {"washington_dc"}
        assert evidence[one].label.endswith("(Washington, DC, included)")
    both = combined("both", evidence["states"], evidence["countries"])
    assert evidence["designs"].estimate == pytest.approx(both.estimate)


def test_a_set_without_an_end_is_no_evidence(release: Release) -> None:
    endless = Found(0.01, 0.02, float("-inf"), 0.05, 0.06, "cannot say")
    with pytest.raises(PriorError, match="the design of states"):
        evidence_at_hand(release, FOUND | {"states": endless})
