"""Notebooks reproduce point figures worked out by hand before the package existed.

The p-values and ranks of the hand calculations are not among them: the plan's inference (two-sided, treated unit left
out of donor pools) supersedes them. Adjusted figures are those of a reviewer, worked out from the rows by code of his own.
"""

from __future__ import annotations

import pytest
from leadership_effects.data.release import newest_release
from leadership_effects.report.registry import read_results

HAND = {
    "huari": {
        "reading_2018.att": 5.18, "maths_2018.att": 1.94, "reading_2024.att": 4.98, "maths_2024.att": -5.99,
        "reading_late.att": 2.56, "maths_late.att": -5.53, "reading_2018.treated_pre": 8.59,
        "reading_2018.treated_post": 18.12, "maths_2024.treated_pre": 18.39, "maths_2024.treated_post": 15.04,
        "net_reading": 2.2, "net_maths": -3.4, "rtm_reading": -0.71, "rtm_maths": -0.65,
    },
    "london": {
        "ks3_english.donor_change": 19.3, "ks3_maths.donor_change": 20.3, "ks3_science.donor_change": 15.3,
        "ks3_english.n_donors": 61, "ks3_maths.n_donors": 27, "ks3_science.n_donors": 28,
        "gap.ks3_english.2003": -3, "gap.ks3_english.2007": 1, "gap.ks3_maths.1997": -7, "gap.ks2_science.1997": -4,
        "borough.all.gap.2003": -3.1, "borough.all.gap.2007": 1.4, "borough.inner.gap.2003": -9.1, "borough.ahead": 28,
        "adjusted.english.att": 2.6, "adjusted.maths.att": 3.9, "adjusted.science.att": 2.7, "adjusted.family_p": 0.377,
        "match.within3.english.att": 3.1, "match.within3.maths.att": 3.5, "match.within3.science.att": 2.8,
        "meals.gap.2005": 10.3, "meals.gap.2008": 14.9, "meals.change.town": 4.6, "meals.change.rural": 5.7,
        "poorest_decile.treated_change": 14.7, "poorest_decile.donor_change": 13.8, "poorest_decile.att": 0.9,
        "poorest_rest.gain": 14.0, "region.gain.london": 11.1, "region.gain.others": 9.8, "progress.2022": 0.51,
    },
    "delhi": {
        "gap.region.pre_mean": 4.64, "gap.region.post_mean": 6.19, "gap.region.change": 1.56, "gap.region.2019": 8.47,
        "lead_slope": -0.19, "did.2014_2019": 6.9, "did.2015_2019": 0.9, "did.2014_2024": 6.1, "did.2015_2024": 0.1,
        "chennai.2010": -7.2, "class10.2024": 0.6, "class8_change": 4.5,
    },
    "washington_dc": {
        "mathematics_g4.att": 14.77, "mathematics_g8.att": 13.59, "reading_g4.att": 14.11, "reading_g8.att": 4.54,
        "mathematics_g4_late.att": 18.14, "mathematics_g8_late.att": 16.74, "reading_g4_late.att": 16.62,
        "reading_g8_late.att": 7.07, "mathematics_g8_late.treated_change": 20.28, "mathematics_g8_late.donor_change": 3.54,
        "drift.mathematics_g4_late.att": 8.60, "drift.mathematics_g8_late.att": 13.30, "drift.reading_g4_late.att": 0.91,
        "drift.reading_g8_late.att": 0.72, "narrow.mathematics_g8.after": 1.73, "with2017.att": 4.34,
        "adjusted.mathematics_g8.level.att": 8.5, "adjusted.mathematics_g8.slope.att": 8.2,
        "adjusted.mathematics_g4.level.att": 8.9, "adjusted.mathematics_g4.slope.att": 7.0,
        "adjusted.reading_g4.level.att": 8.9, "adjusted.reading_g4.slope.att": 7.7, "adjusted.reading_g4.slope.p": 0.039,
        "adjusted.reading_g8.level.att": -0.3, "adjusted.reading_g8.slope.att": -1.2,
        "gap_g8.2000": -37, "gap_g8.2007": -32, "gap_g8.2009": -28, "gap_g8.2019": -12,
        "city.mathematics_g4.dc": 27.0, "city.reading_g8.others": 5.9,
    },
    "new_orleans": {"gap.recovery.2009": -27, "gap.recovery.2010": -22, "gap.recovery.2011": -18, "gap.recovery.2012": -17},
    "rio_grande_valley": {
        "degree.treated_change": 8.66, "degree.donor_change": 5.21, "degree.att": 3.45, "degree_disadvantaged.att": 2.58,
        "enrolled.att": 4.56, "enrolled_disadvantaged.att": -0.02, "graduated.att": 4.12, "graduated_disadvantaged.att": 0.25,
        "degree_counties.treated_change": 8.12, "degree_counties.donor_change": 5.13, "enrolled_counties.treated_change": 4.44,
        "graduated_counties.donor_change": 9.50,
    },
    "chile": {
        "mathematics_earlier_rule.treated_change": 2.4, "mathematics_earlier_rule.donor_change": -5.9,
        "mathematics_earlier_rule.att": 8.3, "grade4_maths.slope": -0.08, "grade4_reading.slope": 1.18,
        "grade10_reading.change": -4.7, "grade10_maths.change": 14.7, "dose.share": 9.8,
    },
    "latvia": {
        "mathematics.treated_change": 3.0, "mathematics_earlier_rule.donor_change": -2.1, "mathematics_earlier_rule.att": 5.1,
        "mathematics_everyone.att": 4.5, "since_2006.se.2018": 3.6,
    },
}  # fmt: skip
CASES = [(case, key, value) for case, figures in HAND.items() for key, value in figures.items()]


@pytest.mark.parametrize(("case", "key", "hand"), CASES, ids=[f"{case}.{key}" for case, key, _ in CASES])
def test_hand_figure(case: str, key: str, hand: float) -> None:
    """Within half a unit of the last decimal written, and a rounding error of the machine."""
    decimals = len(f"{hand}".partition(".")[2]) if isinstance(hand, float) else 0
    value = read_results(newest_release(), case)["results"][key]["value"]
    assert value == pytest.approx(hand, abs=0.5 * 10**-decimals + 1e-6)
