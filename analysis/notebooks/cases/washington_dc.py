# ---
# jupyter:
#   jupytext:
#     formats: py:percent
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Washington, DC, United States: large gains, one date, many causes
#
# {.lead}
# In most of the national tests Washington, DC, gained more than any state after an alumna took over its schools; a
# low start accounts for a part, and the record cannot tell the leaders from the reforms that came with them.
#
# {sure}`washington_dc`
#
# ```{chart} washington_dc.ranks_mathematics_g8
# ```
#
# - In grade 8 mathematics Washington, DC, moved by {num}`mathematics_g8.att` points of the national test beyond the
#   states; the data fit anything from {range}`mathematics_g8.att`.
# - With its low start and earlier slope allowed for, {num}`adjusted.mathematics_g8.slope.att` points are left, from
#   {range}`adjusted.mathematics_g8.slope.att`.
# - Grade 8 reading keeps nothing: {num}`adjusted.reading_g8.slope.att` points, from
#   {range}`adjusted.reading_g8.slope.att`.
#
# **What else could explain it.** States that started low gained more anyway, and Washington, DC, started below every
# state. Two chancellors, new rules, more charter schools and more corps members share the same years. Teach For
# America had placed teachers in the city since 1992, so nothing here tests the start of the programme.
#
# **How sure.** The two words above are the comparison and the verdict. The first says how well the place could be
# compared, and nothing of how good the programme is. The second says whether results moved by at least
# {num}`effect_of_interest` pupil standard deviations more than elsewhere ([both
# words](../methods.md#two-words-for-a-case)): here {num}`verdict_why`. If a hundred pupils stand in a row by their scores,
# a difference of that last size moves the one in the middle by about {num}`pupil_sd.mde_places` places. On a large difference,
# {num}`effect_of_interest.large`, the word is *{num}`verdict_large`*, and *{num}`verdict_large_adjusted`* once the
# low start is allowed for. It speaks of the city's results, not of their cause.
#
# ```{evidence}
# ```

# %% tags=["parameters"]
release = ""  # the newest
case_id = "washington_dc"

# %% tags=["remove-cell"]
from dataclasses import replace

import numpy as np
import pandas as pd
from leadership_effects.data.panels import build_panel
from leadership_effects.data.provenance import rows_named
from leadership_effects.effects import adjusted, inference
from leadership_effects.effects.estimators import drift_adjusted, estimate
from leadership_effects.effects.gains import starts_and_gains
from leadership_effects.effects.weights import METHODS
from leadership_effects.report import case_figures, charts
from leadership_effects.report.numbers import COUNT, P_VALUE, PER_CENT, SHARE, Unit
from leadership_effects.report.study import Study
from leadership_effects.report.tables import Table
from leadership_effects.rounding import is_above, is_at_least

study = Study.open(release, case_id)
NAEP_POINTS = Unit("NAEP points", signed=True)
NAEP_POINTS_A_YEAR = Unit("NAEP points a year", 2, signed=True)
registry = study.registry

DC = "District of Columbia"
TESTS = {
    "mathematics_g8": "maths 8",
    "mathematics_g4": "maths 4",
    "reading_g4": "reading 4",
    "reading_g8": "reading 8",
}
LATE = [f"{test}_late" for test in TESTS]
LONG = [f"{test}_long" for test in TESTS]
NEVER = [f"{test}_never" for test in TESTS]
ADJUSTMENTS = {"level": "level", "slope": "level and slope"}
states = {test: study.series(f"naep_{test}_state") for test in TESTS}
wide = {test: found.table for test, found in states.items()}
LEVEL = NAEP_POINTS.as_level()


def used(test, *years):
    """Rows of the state series behind a figure."""
    return states[test].at(years=years)


# %% [markdown]
# ## The question
#
# On 12 June 2007 the mayor took over the District's schools {src}`SN_WT_2007` and an alumna of Teach For America,
# Michelle Rhee, became chancellor, the first person from the programme to head a large city's system {src}`LF_094`. A
# second alumna, Kaya Henderson, was her deputy from that month and headed the schools from November 2010 to autumn
# 2016 {src}`SN_DC_BIO_HENDERSON, SN_WP_2011_NOMINATED, SN_CORPSK_2016`. Did the scores then move away from those of the
# states, and was it a new movement? The District scored under every state, with room to rise, and was already
# catching up on some tests.
#
# Rules changed as well, and different people changed them. The law that put the schools under the mayor was made by
# council, mayor and President before an alumna held office {src}`SN_WP_2007_VOTE, SN_WP_2007_SIGNED`. The evaluation of
# teachers and the contract that ties pay and dismissal to it came under the alumnae {src}`SN_DCPS_2010_IMPACT`.
#
# This chapter estimates the change after an appointment that came with a reform package. It does not estimate the
# effect of the programme, which came to the city in 1992 {src}`LF_091`, or of alumni in office apart from the package.
#
# The city is in this book because people of the network led its schools and a claim is made about these scores. When a
# place is chosen because its results are talked about, its p-values look firmer than they are.

# %% [markdown]
# ## Place and system
#
# There are two public sectors: the District of Columbia Public Schools, led by a chancellor, and charter
# schools. The state series of the national assessment counts both and is used for the test. The urban
# series, a second view, follows the district alone, from 2009 without charter schools that it does not
# answer for {src}`US_DIGEST19_22280, US_NDE_MAT8_2009`. Neither follows the same pupils.
#
# **The reforms and their dates.** The main evaluation names mayoral control, a stricter evaluation of staff, growth of
# charter schools and common enrolment as the parts of what began in 2007 {src}`US_MATHEMATICA_DC_2021`.
#
# - *Control.* The council voted on 19 April 2007, the President signed on 1 June, and the mayor took over on 12 June
#   {src}`SN_WP_2007_VOTE, SN_WP_2007_SIGNED, SN_WT_2007`.
# - *Principals.* By mid-May 2008 the chancellor had dismissed {num}`principals_dismissed_2008`, and ten more had
#   retired or resigned {src}`SN_WP_2008_24`. In August {num}`new_principals_2008` new ones were named
#   {src}`SN_CITYPAPER_2008`.
# - *Evaluation.* IMPACT, which rates teachers and counts pupils' growth in the rating, began with the school year
#   2009-10 and was made stricter in 2012-13 {src}`SN_DCPS_2010_IMPACT, SN_DCPS_2012_IMPACT`. Henderson had shaped it as
#   deputy.
# - *Contract.* By July 2010 a new contract with the teachers' union was signed {src}`SN_DCPS_2010_IMPACT`. In July
#   2011 bonuses for the highly rated and notices for others followed {src}`SN_DCPS_2011_WORKFORCE`.
# - *Enrolment.* On 31 March 2014 the first common lottery, My School DC, gave results for the district's choice
#   programmes and many charter schools. City, district, charter board and charter leaders ran it together
#   {src}`SN_INFORMER_2014`.
#
# No count by year of the growth of charter schools was found in the sources read.

# %%
case_figures.locating_map(study, "states of the United States", DC, study.panel("mathematics_g8").units[1:])

# %% tags=["remove-cell"]
below = {}
for test in TESTS:
    study.levels(f"{test}.{{}}.{{}}", f"naep_{test}_state", {"dc": DC}, (2003, 2007, 2019, 2022))
    others = wide[test].drop(DC)
    for year in (2003, 2005, 2007):
        below[test, year] = others[year].min() - wide[test].loc[DC, year]
    lower = is_above(wide[test].loc[DC, 2019], others[2019]).sum()
    record, meaning = (
        study.numbers("below2019", rows=used(test, 2019)),
        "States with a lower mean than the District in 2019.",
    )
    record(test, lower, Unit("states", 0), meaning)
early = pd.concat([used(test, 2003, 2005, 2007) for test in TESTS])
meaning, words = "{} distance to the lowest state, 2003 to 2007.", {"low": "Smallest", "high": "Largest"}
study.numbers(rows=early).ends("floor_{}", list(below.values()), LEVEL, meaning, names=words)

# %% [markdown]
# In 2003, 2005 and 2007 the District had a lower mean than any state on all four tests,
# {num}`floor_low` to {num}`floor_high` points under the lowest state. By 2019 {num}`below2019.mathematics_g4` states
# were lower in grade 4 mathematics,
# {num}`below2019.reading_g4` in grade 4 reading, and {num}`below2019.mathematics_g8` and
# {num}`below2019.reading_g8` in grade 8 mathematics and reading.

# %% [markdown]
# ## Leadership build-up
#
# Alumni held posts before the reforms. Henderson, a corps member of 1992, headed the programme in the District from
# 1997 and answered for {num}`corps_members_1997` teachers {src}`SN_DC_BIO_HENDERSON`. By spring 2001 an alumna, Julie
# Mikuta, sat on the elected school board and another, Susan Schaeffler, was opening a charter school; a newspaper puts
# alumni in similar posts in the capital, federal ones among them, at scores {src}`SN_EDWEEK_2001`.
#
# Then came the top post. Rhee was chancellor from June 2007 to October 2010. Henderson, her deputy, became interim
# chancellor in November 2010, was nominated on 9 March 2011 {src}`SN_WP_2011_NOMINATED` and said in summer 2016 that
# she would leave that autumn {src}`SN_CORPSK_2016`. Alumnae thus headed the schools in every test year from 2009 to
# 2015.
#
# Among principals the share of alumni was nearly {num}`alumni_share_of_principals_2008` per cent in November 2008
# {src}`SN_FEDEX_2008` and {num}`alumni_share_of_principals` per cent in February 2015 {src}`SN_BELLWETHER_BLOG_2015`.
# The first figure is from a company's page on the programme. The sources read do not say how many of the principals
# named in August 2008 were alumni, and give no share before 2008.
#
# In the city {num}`corps_members_2007` corps members taught in spring 2007, with {num}`planned_2007` planned for the
# autumn {src}`LF_091`. Later counts take in Prince George's County or a wider region:
# {num}`regional_corps_members_2008` for 2008-09 {src}`SN_DCEDUBLOG_2008` and {num}`regional_corps_members_2011` in
# 2011 {src}`LF_092`. City and region are different areas, so the counts show no growth rate. The programme's page gives
# more than {num}`regional_alumni` alumni in the region, without a date {src}`LF_093`. A yearly series was not
# found in the sources read.

# %%
case_figures.timeline(study, "Washington, DC")

# %%
study.facts(
    {
        "washington-dc-01": "corps_members_2007",
        "washington-dc-02": "regional_corps_members_2011",
        "washington-dc-03": "regional_alumni",
        "washington-dc-04": "alumni_share_of_principals",
        "washington-dc-05": "corps_members_1997",
        "washington-dc-06": "new_regional_corps_members_2008",
        "washington-dc-07": "regional_corps_members_2008",
        "washington-dc-08": "alumni_share_of_principals_2008",
        "washington-dc-10": "new_principals_2008",
        "washington-dc-11": "alumni_chancellors_2007",
        "washington-dc-12": "alumni_chancellors_2011",
        "washington-dc-13": "alumni_on_school_board_2001",
        "washington-dc-14": "regional_programme_leaders",
        "washington-dc-15": "planned_2007",
        "washington-dc-16": "principals_dismissed_2008",
        "washington-dc-17": "principals_appointed_2010",
        "washington-dc-18": "principals_left_2010",
        "washington-dc-19": "principals_of_2008_gone",
        "washington-dc-20": "share_of_principals_gone_2008",
    }
)

# %% [markdown]
# ## What is claimed
#
# Teach For America spoke of five to seven points on each test from 2011 to 2013 {src}`LF_095`. The state series
# agrees, from {num}`claim.mathematics_g8.dc` in grade 8 to
# {num}`claim.mathematics_g4.dc` in grade 4 mathematics. The states moved by
# {num}`claim.mathematics_g8.others` to {num}`claim.reading_g8.others`.
#
# For 2009 to 2019 the district claims 11, 15, 11 and 18 points {src}`D_DCPS_PAGE`. Its series gives
# {num}`dcps.reading_g4` and {num}`dcps.reading_g8` in reading and
# {num}`dcps.mathematics_g8` in grade 8 mathematics. It has gaps in the release, so two claims are compared with the
# state series: grade 4 mathematics ({num}`state_m4`) and 12 points in grade
# 8 mathematics from 2007 to 2011 {src}`D_DCPS_2011` ({num}`state_m8`). The release that prints that figure calls the
# results mixed and reports no change in grade 8 reading since 2007.
#
# The record on its principals is weaker. Rhee, as a newspaper reported in August 2010, called the new ones a
# mixed success, and by the reporter's count {num}`principals_left_2010` of the {num}`principals_appointed_2010`
# people appointed in three years had by then left those posts {src}`SN_WP_2010_28`. By June 2012
# {num}`principals_of_2008_gone` of the {num}`new_principals_2008` named in 2008 had left the schools they were given
# {src}`SN_WP_2012_CLASS08`. No claim read separates alumni leadership from the reforms.

# %% tags=["remove-cell"]
periods = {"pre": (2003, 2007), "claim": (2011, 2013), "pandemic": (2019, 2022)}
moves = []
for test, label in TESTS.items():
    for period, (first, last) in periods.items():
        step = wide[test][last] - wide[test][first]
        own, rest = step[DC], step.drop(DC).mean()
        span = f"from {first} to {last}"
        record = study.numbers(rows=used(test, first, last))
        record(f"{period}.{test}.dc", own, NAEP_POINTS, f"Change of the District {span}.")
        record(f"{period}.{test}.others", rest, NAEP_POINTS, f"Mean change of the fifty states {span}.")
        moves.append({"test": label, "period": f"{first} to {last}", "District": own, "fifty states": rest})
    gap = wide[test].loc[DC] - wide[test].drop(DC).mean()
    for key, first, last in (("before", 2003, 2007), ("after", 2007, 2019)):
        record, a_year = study.numbers(f"narrow.{test}", rows=used(test, first, last)), last - first
        meaning = f"Narrowing of the gap to the fifty states a year, {first} to {last}."
        record(key, (gap[last] - gap[first]) / a_year, NAEP_POINTS_A_YEAR, meaning)
record, DCPS = study.numbers(), "District of Columbia (DCPS)"
for test in ("reading_g4", "reading_g8", "mathematics_g8"):
    city, meaning = study.series(f"naep_{test}_city"), "Change of the district series from 2009 to 2019."
    record(f"dcps.{test}", city[DCPS, 2019] - city[DCPS, 2009], NAEP_POINTS, meaning)
for key, test, first, last in (
    ("state_m4", "mathematics_g4", 2009, 2019),
    ("state_m8", "mathematics_g8", 2007, 2011),
):
    step = states[test][DC, last] - states[test][DC, first]
    record(key, step, NAEP_POINTS, f"Change of the District in the state series from {first} to {last}.")

# %%
study.claims(
    {
        "washington-dc-claim-01": [f"naep_{test}_state" for test in TESTS],
        "washington-dc-claim-02": [f"naep_{test}_city" for test in TESTS],
        "washington-dc-claim-03": ["naep_mathematics_g8_city", "naep_mathematics_g8_state"],
    }
)

# %% [markdown]
# ## Is the data comparable?
#
# The start is stated: June 2007, when control changed and an alumna took office {src}`SN_WT_2007, LF_094`. That 2009 is
# the first wave after it is inferred, since the test is given every second year and that of 2007 is taken as the last
# before. A full comparison asks for a stated start, so the inference does not lower it. Henderson
# headed the schools in the waves of 2011, 2013 and 2015.
#
# Before is 2003, 2005 and 2007, after is 2009 to 2019; all fifty states are compared, unweighted. Grade 8
# reading leaves out 2017, when the release holds few states; with it the difference is
# {num}`with2017.att`. The state series has no standard errors, and some waves are whole
# points.
#
# Release 2026.5 added two further sets of panels. One begins in 1998 (reading) or 2000
# (mathematics), with the states that took part from then on: {num}`reading_g4_long.n_donors` and
# {num}`reading_g8_long.n_donors` in reading, grades 4 and 8, {num}`mathematics_g4_long.n_donors` and
# {num}`mathematics_g8_long.n_donors` in mathematics. The other keeps only the {num}`mathematics_g8_never.n_donors` states
# where Teach For America had placed no teachers by 2019; in the other {num}`started` the programme had come as well, or
# may have.

# %%
study.breaks(*[f"naep_{test}_state" for test in TESTS])

# %%
study.donors("mathematics_g8")

# %%
panel = study.panel("mathematics_g8")
below_lowest = panel.y[1:].min(axis=0) - panel.y[0]
study.holds(
    "The District lies under every state before the last year and level with the lowest in it.",
    below_lowest[:-1] > 0,
    np.isclose(below_lowest[-1], 0),
)
study.show(
    "paths",
    charts.paths(panel, study.start),
    title=(
        f"Washington, DC starts {below_lowest[0]:.0f} points under the lowest state and ends "
        f"{'level with it' if np.isclose(below_lowest[-1], 0) else f'{below_lowest[-1]:.0f} points under it'}"
    ),
    subtitle=f"Mean score in grade 8 mathematics, Washington, DC and the states, {panel.years[0]} to {panel.years[-1]}, NAEP points",
    caption="Mean score in grade 8 mathematics: the District, the fifty states and their mean.",
    says=(
        f"The District starts at {panel.y[0, 0]:.0f} points, under every state, with the states' mean at "
        f"{panel.donor_mean[0]:.0f}, and ends at {panel.y[0, -1]:.0f} against {panel.donor_mean[-1]:.0f}. Its line lies "
        f"{below_lowest[0]:.0f} points under the lowest state in {panel.years[0]} and level with it in {panel.years[-1]}."
    ),
    data=charts.paths_frame(panel),
)

# %% [markdown]
# As gaps to the same states, the tests differ. In mathematics the gap narrows faster
# after 2007; in reading it had been narrowing at much the same pace on average since 1998.

# %%
long_gaps = []
for test, label in TESTS.items():
    years = [y for y in wide[test].columns if y not in (2017, 2022, 2024)]
    same = wide[test][years].dropna()
    gap = same.loc[DC] - same.drop(DC).mean()
    record, meaning = study.numbers(f"long.{test}"), "States present in every wave of the long series."
    record("n", len(same) - 1, Unit("states", 0), meaning, rows=used(test, *years))
    own_rows, meaning = states[test].in_year, "Gap to the same states in {}."
    record.each("{}", gap, NAEP_POINTS, meaning, rows=own_rows)
    long_gaps.append(pd.DataFrame({"series": label, "year": gap.index, "value": gap.to_numpy()}))
long_gaps = pd.concat(long_gaps, ignore_index=True)
start = charts.start_rule([2000, 2007, 2009, 2019], 2, study.start)
closer = [test for test in TESTS if registry.value(f"long.{test}.2019") > registry.value(f"long.{test}.2007")]
study.show(
    "gaps",
    charts.lines(long_gaps, "District less other states, points") + start,
    title=f"The gap to the states is smaller in 2019 than in 2007 in {len(closer)} of {len(TESTS)} tests",
    subtitle="Washington, DC less the states with every wave, mathematics and reading in grades 4 and 8, NAEP points",
    caption=(
        "The District's gap to the same states in every wave up to 2019 but that of 2017, all four tests; dashed rule "
        "between the last wave before and the first after the change of leadership."
    ),
    says=(
        "Each series is a test. Every line starts far below zero and ends nearer to it. Grade 4 reading is at "
        f"{registry.text('long.reading_g4.2007')} in 2007; grade 8 mathematics goes from "
        f"{registry.text('long.mathematics_g8.2000')} in 2000 to {registry.text('long.mathematics_g8.2007')} in 2007 and "
        f"{registry.text('long.mathematics_g8.2019')} in 2019."
    ),
    data=long_gaps.round(2),
)

# %% [markdown]
# Grade 8 mathematics alone, against the states with every wave since 2000, shows most. The gap was
# {num}`gap_g8.2000` points in 2000 and {num}`gap_g8.2003`, {num}`gap_g8.2005` and {num}`gap_g8.2007` in the three waves
# before the change; then it closed wave by wave, from {num}`gap_g8.2009` in 2009 to {num}`gap_g8.2019` in 2019.

# %%
long_g8 = study.panel("mathematics_g8_long")
gap_g8 = pd.Series(long_g8.y[0] - long_g8.donor_mean, long_g8.years)
study.numbers("gap_g8", rows=long_g8.rows).each(
    "{}",
    gap_g8,
    NAEP_POINTS.to(0),
    "District less the states with every wave since 2000, grade 8 mathematics, {}.",
)
study.holds(
    "The gap of grade 8 mathematics closed wave by wave after 2007.",
    np.diff(gap_g8[[2007, 2009, 2011, 2013, 2015, 2017, 2019]]) > 0,
)
alone = pd.DataFrame({"series": "maths 8", "year": gap_g8.index, "value": gap_g8.to_numpy()})
study.show(
    "gap_g8",
    charts.lines(alone, "District less other states, points") + start,
    title=(
        f"The gap to the states goes from {registry.text('gap_g8.2007')} points in 2007 to {registry.text('gap_g8.2019')} in 2019"
    ),
    subtitle=f"Grade 8 mathematics, Washington, DC less the mean of {long_g8.n_donors} states with every wave since 2000, NAEP points",
    caption=(
        f"The District less the mean of {long_g8.n_donors} states with every wave since 2000, grade 8 mathematics; dashed "
        "rule between the last wave before and the first after the change of leadership."
    ),
    says=(
        f"The line is at {gap_g8[2000]:.0f} points in 2000 and at {gap_g8[2003]:.0f}, {gap_g8[2005]:.0f} and "
        f"{gap_g8[2007]:.0f} in 2003, 2005 and 2007. After the rule it rises in each wave, from {gap_g8[2009]:.0f} in 2009 "
        f"to {gap_g8[2019]:.0f} in 2019."
    ),
    data=alone.round(2),
)

# %% tags=["remove-cell"]
drift = {name: drift_adjusted(study.panel(name)) for name in [*TESTS, *LATE]}
drift_placebos = {name: inference.placebo_in_space(adjusted, "twfe") for name, adjusted in drift.items()}
drift_table = []
for name, placebos in drift_placebos.items():
    test, mde = name.removesuffix("_late"), inference.minimum_detectable_effect(drift[name])
    record = study.numbers(f"drift.{name}", rows=drift[name].rows)
    record("mde", mde, LEVEL, "Detectable difference, own line subtracted.")
    meaning = "Difference, each place's own 2003-2007 line subtracted."
    record("att", placebos.treated, NAEP_POINTS, meaning)
    record("p", placebos.p_value, P_VALUE, "Permutation p of that.")
    record("rank", placebos.rank, COUNT, "Rank of that from the top.")
    drift_table.append(
        {
            "test": TESTS[test],
            "after": "2013, 2015, 2019" if name in LATE else "2009 to 2019",
            "difference left, NAEP points": placebos.treated,
            "rank": f"{placebos.rank} of {len(placebos.units) + 1}",
            "p (permutation)": f"{placebos.p_value:.3f}",
            "detectable with 80 % power": mde,
        }
    )
families = {"family_p": TESTS, "family_p_late": LATE}
families = {
    key: inference.family_p([drift_placebos[name] for name in names]) for key, names in families.items()
}
record = study.numbers("drift", rows=pd.concat([found.rows for found in states.values()]))
meaning = "p of the largest of the four tests, each place's own line subtracted."
record.each("{}", families, P_VALUE, meaning)

adjusted_found, carried = {}, {}
for name in [*TESTS, *LATE, *LONG]:
    of_panel = study.panel(name)
    for key, words in ADJUSTMENTS.items():
        found = adjusted.adjusted_effects(of_panel, words)
        adjusted_found[name, key] = found
        record = study.numbers(
            f"adjusted.{name}.{key}", rows=of_panel.rows, function=adjusted.adjusted_effects
        )
        meaning = f"Difference less what the {words} before predicts from the states."
        level = study.of_panel(name).level()
        record(
            "att",
            found.effect,
            NAEP_POINTS,
            meaning,
            interval=found.confidence_set(level[0]),
            interval_kind=level[1],
        )
        record("p", found.p_value, P_VALUE, "Permutation p of that, studentised.")
        record("rank", found.rank, COUNT, "Rank of that from the top, studentised.")
        record("mde", found.minimum_detectable(), LEVEL, "Detectable difference so adjusted.")
        record("leverage", found.leverage[0], SHARE, "Leverage of the District in that prediction.")
        record(
            "below", -found.outside["level"], LEVEL, "How far the District's level lies below every state's."
        )
    carried[name] = adjusted.carried_on(of_panel)
    record = study.numbers(f"carried.{name}", rows=of_panel.rows, function=adjusted.carried_on)
    meaning = "Share of the states' line before that carried on after."
    record("share", 100 * carried[name].share, PER_CENT.to(0), meaning)
    record("se", 100 * carried[name].se, PER_CENT.to(0), f"{meaning[:-1]}: its standard error.")
record = study.numbers("carried", rows=sum(study.panel(test).rows for test in TESTS))
words = {"low": "smallest", "high": "largest"}
record.ends(
    "{}",
    [100 * carried[test].share for test in TESTS],
    PER_CENT.to(0),
    "Share of the states' line before that carried on, {} of four tests.",
    names=words,
    function=adjusted.carried_on,
)
record.ends(
    "long_{}",
    [100 * carried[name].share for name in LONG],
    PER_CENT.to(0),
    "Share of the states' line before that carried on, {} of four tests with more waves before.",
    names=words,
    rows=sum(study.panel(name).rows for name in LONG),
    function=adjusted.carried_on,
)
for key, names in {"": list(TESTS), "_late": LATE, "_long": LONG}.items():
    record = study.numbers("adjusted", rows=sum(study.panel(name).rows for name in names))
    for kind, words in ADJUSTMENTS.items():
        p = adjusted.family_p([adjusted_found[name, kind] for name in names])
        record(
            f"family_p{key}.{kind}",
            p,
            P_VALUE,
            f"p of the largest of the four tests, adjusted for {words}.",
            function=adjusted.family_p,
        )

# %% [markdown]
# ## How far did results move?
#
# With three waves before, the plan asks for two-way fixed effects. The difference is
# {num}`mathematics_g8.att` points in grade 8 mathematics, the primary test,
# {num}`mathematics_g4.att` in grade 4 mathematics, {num}`reading_g4.att` in
# grade 4 reading and {num}`reading_g8.att` in grade 8 reading; more in the later waves, where grade 8 reading is clear
# of chance too ({num}`reading_g8_late.att`, p
# {num}`reading_g8_late.p`). The primary test was chosen for its small drift before 2008, which favours it once drift is
# adjusted for. So all four are shown alike and corrected together.

# %%
study.estimate(*TESTS, *LATE)

# %% [markdown]
# ### What a low start explains
#
# Among the fifty states, those that were lower before gained more. The District was
# {num}`adjusted.mathematics_g8.level.below` points under the lowest of them in grade 8 mathematics, so some gain was to
# be expected. Adjusted for the level before, as the states show it, {num}`adjusted.mathematics_g8.level.att` of
# {num}`mathematics_g8.att` points are left there (p {num}`adjusted.mathematics_g8.level.p`),
# {num}`adjusted.mathematics_g4.level.att` in grade 4 mathematics, {num}`adjusted.reading_g4.level.att` in grade 4 reading
# and {num}`adjusted.reading_g8.level.att` in grade 8 reading. Adjusted for the slope of the three waves before as well,
# it is {num}`adjusted.mathematics_g8.slope.att` (p {num}`adjusted.mathematics_g8.slope.p`),
# {num}`adjusted.mathematics_g4.slope.att` (p {num}`adjusted.mathematics_g4.slope.p`),
# {num}`adjusted.reading_g4.slope.att` (p {num}`adjusted.reading_g4.slope.p`) and
# {num}`adjusted.reading_g8.slope.att` (p {num}`adjusted.reading_g8.slope.p`). Corrected for four tests p is
# {num}`adjusted.family_p.level` and {num}`adjusted.family_p.slope`. Every state is treated in turn in the same way,
# predicted from the others.
#
# **How far this reaches.** No state was as low as the District. Any adjustment for level extends the states' line
# {num}`adjusted.mathematics_g8.level.below` points below its end, and the p-value assumes that it stays straight there.
# The District's leverage in that line is {num}`adjusted.mathematics_g8.level.leverage`; in the mean over
# states it would be one fiftieth.
#
# **The older row.** Up to release 2026.4 the chapter gave one other figure besides the plain one. It carried each
# place's own line through 2003 to 2007 on in full, for twelve years. Among the states {num}`carried.low` to
# {num}`carried.high`
# per cent of such a line carried on; in the panels that begin earlier, {num}`carried.long_low` to
# {num}`carried.long_high`. So that row subtracts more than states show, above all in reading, and needs
# {num}`drift.mathematics_g8.mde` points to detect anything. It stays in the table to show what that assumption does.

# %% tags=["remove-cell"]
study.holds(
    "In mathematics and grade 4 reading no state keeps more, either way; in grade 8 reading the District keeps nothing.",
    [adjusted_found[test, key].rank == 1 for test in list(TESTS)[:3] for key in ADJUSTMENTS],
    [adjusted_found[test, key].effects.argmax() == 0 for test in list(TESTS)[:3] for key in ADJUSTMENTS],
    [adjusted_found["reading_g8", key].effect < 0 for key in ADJUSTMENTS],
)
start_table = []
for name in [*TESTS, *LATE]:
    plain, left = study.placebos(name), {key: adjusted_found[name, key] for key in ADJUSTMENTS}
    start_table.append(
        {
            "test": TESTS[name.removesuffix("_late")],
            "after": "2013, 2015, 2019" if name in LATE else "2009 to 2019",
            "plain": f"{plain.treated:+.1f} (p {plain.p_value:.3f})",
            **{
                f"{words} adjusted": f"{left[key].effect:+.1f} (p {left[key].p_value:.3f})"
                for key, words in ADJUSTMENTS.items()
            },
            "own line carried on in full": f"{drift_placebos[name].treated:+.1f} (p {drift_placebos[name].p_value:.3f})",
            "share of the line that carried on among states, per cent": f"{100 * carried[name].share:.0f}",
            "leverage, level and slope": f"{left['slope'].leverage[0]:.2f}",
        }
    )

# %%
Table(pd.DataFrame(start_table), "The difference under four assumptions about a low start, NAEP points")

# %% [markdown]
# ### More years before, and states without the programme
#
# With five waves before, the plan's rule makes synthetic difference-in-differences the headline: a mix of states that
# moved alike before 2008. In reading it gives {num}`reading_g4_long.att` points in grade 4 (p {num}`reading_g4_long.p`)
# against {num}`reading_g4_long.twfe` plain, and {num}`reading_g8_long.att` in grade 8 (p {num}`reading_g8_long.p`).
# Mathematics has four waves before, so the plain estimate stays the headline: {num}`mathematics_g8_long.att` in grade 8
# and {num}`mathematics_g4_long.att` in grade 4; by synthetic difference-in-differences
# {num}`mathematics_g8_long.sdid` and {num}`mathematics_g4_long.sdid`. Adjusted for level and slope,
# {num}`adjusted.reading_g4_long.slope.att` (p {num}`adjusted.reading_g4_long.slope.p`) are left in grade 4 reading and
# {num}`adjusted.mathematics_g8_long.slope.att` (p {num}`adjusted.mathematics_g8_long.slope.p`) in grade 8 mathematics;
# over the four tests p is {num}`adjusted.family_p_long.slope`.
#
# In {num}`started` states the programme had come as well, or may have. Compared with the
# {num}`mathematics_g8_never.n_donors` states without it the differences are no smaller: {num}`mathematics_g8_never.att`
# and {num}`mathematics_g4_never.att` in mathematics, grades 8
# and 4, {num}`reading_g4_never.att` and {num}`reading_g8_never.att` in reading, grades 4 and 8, all first among
# {num}`mathematics_g8_never.places` places, where the smallest possible p is {num}`mathematics_g8_never.floor`. So
# comparing with states that had it hides little. These few states all score high; a line through them would have to be
# extended too far down to adjust for level.

# %%
study.estimate(*LONG, *NEVER, caption="More waves before, and states without the programme")

# %% tags=["remove-cell"]
study.holds(
    "Beside never-treated states no difference is smaller, and all stand first.",
    [study.placebos(f"{test}_never").treated > study.placebos(test).treated for test in TESTS],
    [study.placebos(f"{test}_never").rank == 1 for test in TESTS],
)
started = study.panel("mathematics_g8").n_donors - study.panel("mathematics_g8_never").n_donors
study.numbers(rows=study.panel("mathematics_g8_never").rows)(
    "started",
    started,
    Unit("states", 0),
    "States where the programme had placed teachers by 2019, or may have.",
)
for name in LONG:
    for method in ("twfe", "sdid", "dsc"):
        other, record = study.placebos(name, method), study.numbers(name, rows=study.panel(name).rows)
        record(method, other.treated, NAEP_POINTS, f"Estimate by {METHODS[method]}.")
        record(f"{method}_p", other.p_value, P_VALUE, f"Permutation p of {METHODS[method]}.")

# %% [markdown]
# The next chart, an event study, follows every place's gap to the others from wave to wave, counted from
# 2007. A place whose line is outside the solid pair had moved further than nearly all others in that wave. In grade 8
#       mathematics the District's is at {num}`mathematics_g8.event.2009` points in 2009 and
# {num}`mathematics_g8.event.2019` in 2019, outside in
# {num}`mathematics_g8.event_outside` later waves; that of 2003,
# {num}`mathematics_g8.event.2003`, lies inside. The other tests are outside in
# {num}`mathematics_g4.event_outside` (mathematics 4),
# {num}`reading_g4.event_outside` (reading 4) and {num}`reading_g8.event_outside`
# (reading 8). The climb has no step. A slow change looks like that, and so does an old trend. The chart at the head of
# this page
# puts all places in order.

# %%
case_figures.event_study(study, "mathematics_g8", "Grade 8 mathematics")

# %% tags=["remove-output"]
case_figures.ranks(study, "mathematics_g8", "Grade 8 mathematics, waves of 2009 to 2019")

# %% tags=["remove-cell"]
for test in ("mathematics_g4", "reading_g4", "reading_g8"):
    study.event_study(test)

# %% [markdown]
# With each place's own straight line through 2003 to 2007 carried on in full, grade 8 mathematics keeps
# {num}`drift.mathematics_g8.att` points (rank {num}`drift.mathematics_g8.rank` of
# {num}`mathematics_g8.places`; {num}`drift.mathematics_g8_late.rank` in the later waves),
# grade 4 mathematics {num}`drift.mathematics_g4.att` (rank
# {num}`drift.mathematics_g4.rank`), and reading {num}`drift.reading_g4.att` and
# {num}`drift.reading_g8.att`, grades 4 and 8. None passes the five per cent level by itself.
#
# Did the earlier waves show a drift? Such a test is worth only as much as its power {cite:p}`roth2022`. In grade 8
# mathematics it finds none (p {num}`mathematics_g8.pre_trend_p`), and a drift that alone would give the estimate would
# have been found in {num}`mathematics_g8.pre_trend_power` per cent of cases. That is some comfort and no proof. In
# grade 8 reading (p {num}`reading_g8.pre_trend_p`) the power
# is {num}`reading_g8.pre_trend_power` per cent, so that says little. Grade 4 mathematics (p
# {num}`mathematics_g4.pre_trend_p`, power {num}`mathematics_g4.pre_trend_power`)
# and reading (p {num}`reading_g4.pre_trend_p`, power
# {num}`reading_g4.pre_trend_power`) look less clean: a start one wave earlier than the plan counts, in 2007,
# "gives" {num}`reading_g4.placebo_time.2007` in grade 4 reading (p
# {num}`reading_g4.placebo_time.2007.p`), against
# {num}`mathematics_g8.placebo_time.2007` in grade 8 mathematics.

# %%
Table(
    pd.DataFrame(drift_table),
    "The difference left once each place's own line through 2003 to 2007 is adjusted for",
)

# %% tags=["remove-cell"]
largest = "p of the largest of the four tests' differences, by the largest statistic."
study.family("family_p", study.plan.raw["family"], largest)
study.family("family_p_late", LATE, "The same for the later waves only.")

# %% [markdown]
# ## Could luck explain it?
#
# Each state in turn is treated as if it were the District, leaving the District out. The District ranks
# {num}`mathematics_g8.rank` of {num}`mathematics_g8.places` in three tests and
# {num}`reading_g8.rank` in grade 8 reading. Corrected for four tests p is {num}`family_p`; adjusted for level and slope
# {num}`adjusted.family_p.slope`; with the earlier lines carried on in full {num}`drift.family_p`.
#
# Before 2007 the District's gaps were {num}`mathematics_g8.fit_ratio` times those of the
# states in grade 8 mathematics and {num}`reading_g4.fit_ratio` times in grade 4 reading.
# Places with an unsteady past may move further by chance {cite:p}`ferman2019`. Among the states they do not: in none of
# the four tests do their differences grow with their gaps before. So dividing by the noise expected on that ground
# would change nothing, and is no check. Dividing outright by each state's gaps over three waves would put a ratio of
# two noises in the
# difference's place, and is not printed. With four waves before in mathematics and five in reading it can be done: p is
# {num}`mathematics_g8_long.p_studentised` and {num}`mathematics_g4_long.p_studentised` in mathematics, grades 8 and 4, and
# {num}`reading_g4_long.p_studentised` and {num}`reading_g8_long.p_studentised` in reading, grades 4 and 8.

# %%
sets = {}
for test, label in TESTS.items():
    sets[label], left = study.placebos(test), adjusted_found[test, "slope"]
    sets[f"{label}, level and slope"] = replace(sets[label], treated=left.effect, effects=left.effects[1:])
    sets[f"{label}, own line out"] = drift_placebos[test]
frame = charts.placebos_frame(sets, DC)
outside = [
    label
    for label, group in frame.groupby("outcome", sort=False)
    if group.loc[group["unit"] == DC, "difference"].item()
    > group.loc[group["unit"] != DC, "difference"].max()
]
study.show(
    "placebos",
    charts.placebos(sets, DC, "NAEP points"),
    title=(
        f"Washington, DC lies beyond every state in {len(outside)} of {len(sets)} rows, in "
        f"{len([label for label in outside if label.endswith('own line out')]) or 'none'} with the own line out"
    ),
    subtitle="Difference of 2009 to 2019 beyond that of the states, four tests in three ways each, NAEP points",
    caption=(
        "The District's difference over 2009 to 2019 next to those of the fifty states, each treated in turn: as it stands, "
        "adjusted for level and slope as the others show them, and with each place's own line through 2003 to 2007 carried "
        "on in full and subtracted."
    ),
    says=(
        "There are three rows a test. The District lies right of every grey tick in these rows: "
        f"{'; '.join(outside)}. With the own line subtracted the ticks spread wider, from "
        f"{min(drift_placebos[test].effects.min() for test in TESTS):.0f} to "
        f"{max(drift_placebos[test].effects.max() for test in TESTS):.0f} points over the four tests, and the District lies "
        "among them."
    ),
    data=frame,
)

# %%
checks = [study.robustness(test).frame.set_axis(["check", label], axis=1) for test, label in TESTS.items()]
checks = pd.concat([checks[0][["check"]], *[c.drop(columns="check") for c in checks]], axis=1)
Table(
    checks.apply(lambda column: column.str.replace(" effective comparison units)", " effective states)")),
    "Robustness of the four estimates, NAEP points",
)

# %%
study.weights("mathematics_g8", "sdid")

# %% [markdown]
# No average of states is as low as the District was, so only the demeaned synthetic control, a mix of
# states that moved alike at another level, is printed. It tracks the District through 2003 to 2007 to within
# {num}`dsc_apart` points on every test, and the plain results hold: states that had risen as much did not go on rising
# like that. That speaks against a trend of the usual kind, but in grade 4 reading it rests in effect on
# {num}`reading_g4.dsc_donors` states, and a rise over three waves is partly
# chance. The sign would be lost if the gap had moved every year by
# {num}`mathematics_g8.breakdown` times its largest yearly step before 2007 in grade 8
# mathematics, {num}`mathematics_g4.breakdown` times in grade 4, and
# {num}`reading_g4.breakdown` and {num}`reading_g8.breakdown` in reading.

# %% tags=["remove-cell"]
apart = []
for test in TESTS:
    matched = study.panel(test)
    gap = estimate(matched, "dsc").gap[: matched.n_pre]
    apart.append(np.abs(gap - gap.mean()).max())
    late = study.panel(f"{test}_late")
    low = late.y[1:, : late.n_pre].mean(axis=1).argsort()[:10] + 1
    gain = late.y[low, late.n_pre :].mean() - late.y[low, : late.n_pre].mean()
    meaning = "Gain of the ten lowest states of 2003-2007, later waves."
    study.numbers("lowest", rows=late.rows)(f"{test}.gain", gain, NAEP_POINTS, meaning)
meaning = "Largest distance from the demeaned synthetic control in any wave before, four tests."
study.numbers(rows=early)("dsc_apart", max(apart), LEVEL, meaning)
wave_2017 = build_panel(
    study.release, replace(study.plan.panels["reading_g8"], post=(2009, 2011, 2013, 2015, 2017, 2019))
)
placebo_2017 = inference.placebo_in_space(wave_2017, "twfe")
record = study.numbers("with2017", rows=wave_2017.rows)
record("att", placebo_2017.treated, NAEP_POINTS, "Grade 8 reading with the wave of 2017.")
record("p", placebo_2017.p_value, P_VALUE, "Its p.")
record("rank", placebo_2017.rank, COUNT, "Its rank.")
record("places", len(placebo_2017.units) + 1, COUNT, "Places ranked.")

# %% [markdown]
# ### The specification curve
#
# A specification curve makes the comparison in many ways and shows all the answers: four tests, first waves
# after from 2005 to 2013, three sets of later waves, fifty states or the ten nearest before, four
# estimators. The grid was fixed mechanically on 25 November 2026, after the results of release 2026.1 were
# known. The data allow {num}`curve.n` specifications ({num}`curve.skipped`
# combinations lack the three waves before that all but the plain estimator need), from
# {num}`curve.low` to {num}`curve.high` placebo SD, median
# {num}`curve.median`, the planned one {num}`curve.planned`;
# {num}`curve.agree` per cent share its sign. With the same grid run for every state
# {cite:p}`simonsohn2020`, the District's median ranks {num}`curve.rank` of
# {num}`curve.places` (p {num}`curve.p`, the smallest possible).

# %% tags=["remove-cell"]
curve = study.curve()
study.holds(
    "The grid starts in every test year from 2005 to 2013.",
    set(curve.specifications["start"].astype(int)) == {2005, 2007, 2009, 2011, 2013},
)
OWN_LINE = "own line out"

strong = np.array(curve.specifications["outcome"] != "reading 8") & np.array(
    curve.specifications["estimator"] != OWN_LINE
)
first = curve.raw[0] > np.nanmax(curve.raw[1:], axis=0)
record, counted = study.numbers("curve", rows=curve.rows), Unit("specifications", 0)
numbers = {
    "first": (
        int(first[strong].sum()),
        "Specifications of curve.first_of in which no state has a larger difference.",
    ),
    "first_of": (int(strong.sum()), "Specifications with the own line kept, without grade 8 reading."),
}
record.many(counted, numbers)
meaning = "Median over the specifications, in points."
record("points", np.median(curve.raw[0]), NAEP_POINTS, meaning)
others = [name for name in curve.specifications["estimator"].unique() if name != OWN_LINE]
ways = {
    "other": ("as the states moved", others),
    "own_line": ("along its own earlier line", [OWN_LINE]),
}
parts = []
for key, (words, estimators) in ways.items():
    groups = {"": ("all four", list(TESTS.values()))} | {
        f".{test}": (label, [label]) for test, label in TESTS.items()
    }
    for suffix, (label, outcomes) in groups.items():
        found = curve.part(estimator=estimators, outcome=outcomes)
        name = f"curve_{key}{suffix}"
        study.record_curve(found, name)
        meaning = "Median of these specifications in points."
        study.numbers(name, rows=found.rows)("points", np.median(found.raw[0]), NAEP_POINTS, meaning)
        text = {
            field: registry.text(f"{name}.{field}") for field in ("n", "points", "low", "median", "high", "p")
        }
        parts.append(
            {
                "assumed path": words,
                "test": label,
                "specifications": text["n"],
                "median, points": text["points"],
                "median, placebo SD": text["median"],
                "range, placebo SD": f"{text['low']} to {text['high']}",
                "above zero": f"{registry.text(f'{name}.positive')} %",
                "rank": f"{registry.text(f'{name}.rank')} of {found.n_ranked}",
                "p": text["p"],
            }
        )

# %%
case_figures.curve(study, curve)

# %%
case_figures.options(study, curve)

# %% [markdown]
# **Two assumptions in one grid.** The grid carries a line on in full or not at all; the states show something in
# between. With each place's own earlier line carried on, the median of {num}`curve_own_line.n` specifications is
# {num}`curve_own_line.median` placebo
# SD, about {num}`curve_own_line.points` points, rank {num}`curve_own_line.rank`
# of {num}`curve_own_line.places` (p {num}`curve_own_line.p`). The other
# {num}`curve_other.n` keep {num}`curve_other.median`, about
# {num}`curve_other.points` points. Grade 8 reading is weak throughout. Adjusted for the line, grade 8 mathematics keeps
# {num}`curve_own_line.mathematics_g8.points` points (p
# {num}`curve_own_line.mathematics_g8.p`), grade 4 mathematics
# {num}`curve_own_line.mathematics_g4.points`, and reading
# {num}`curve_own_line.reading_g4.points` and
# {num}`curve_own_line.reading_g8.points`.
#
# So the estimates above zero are not that many independent findings. Most ask whether the District moved as states did;
# few ask whether it left its own path. That second question is not a fair test either. It extends a line through three
# to five waves a long way, of which states kept about a tenth. It could miss a difference as large as the plain one.
# With a late start it counts earlier gains as before.

# %%
Table(
    pd.DataFrame(parts), "The curve under two assumptions about where the District would have gone after 2007"
)

# %%
case_figures.places(study, curve)

# %%
study.not_varied()

# %% [markdown]
# ### A second view
#
# Against other big cities, in small sets and across the change in coverage of 2009, the district ranks
# {num}`city.mathematics_g4.rank` of {num}`city.mathematics_g4.places` in grade 4
# mathematics (p {num}`city.mathematics_g4.p`), {num}`city.reading_g4.rank` of
# {num}`city.reading_g4.places` in grade 4 reading (p {num}`city.reading_g4.p`),
# both the smallest possible, but {num}`city.mathematics_g8.rank` of
# {num}`city.mathematics_g8.places` in grade 8 mathematics (p
# {num}`city.mathematics_g8.p`) and {num}`city.reading_g8.rank` of
# {num}`city.reading_g8.places` in grade 8 reading (p {num}`city.reading_g8.p`).

# %% tags=["remove-cell"]
BASES = {
    "mathematics_g8": (2003, 2007),
    "mathematics_g4": (2003,),
    "reading_g4": (2003, 2005, 2007),
    "reading_g8": (2003, 2007),
}
city_table = []
for test, base_years in BASES.items():
    city = build_panel(
        study.release,
        replace(
            study.plan.panels[f"{test}_late"],
            name=f"{test}_city",
            indicators=(f"naep_{test}_city",),
            unit_types=("city",),
            treated=(DCPS,),
            pre=base_years,
        ),
    )
    placebos = inference.placebo_in_space(city, "twfe")
    _, change = starts_and_gains(city)
    own, others = change.iloc[0], change.iloc[1:]
    plain = int(is_at_least(others, own).sum()) + 1
    record = study.numbers(f"city.{test}", rows=city.rows)
    record("dc", own, NAEP_POINTS, "Change of the district.")
    record("others", others.mean(), NAEP_POINTS, "Mean change of the other cities.")
    record("att", placebos.treated, NAEP_POINTS, "Change of the district beyond other cities.")
    record("p", placebos.p_value, P_VALUE, "Permutation p.")
    record("floor", placebos.floor, P_VALUE, "Smallest p possible.")
    record("rank", plain, COUNT, "Rank of the plain change.")
    record("places", len(change), COUNT, "Cities ranked.")
    city_table.append(
        {
            "test": TESTS[test],
            "before": ", ".join(map(str, base_years)),
            "change, district": own,
            "change, other cities": others.mean(),
            "rank of the change": f"{plain} of {len(change)}",
            "p (permutation)": f"{placebos.p_value:.3f}",
            "smallest p possible": f"{placebos.floor:.3f}",
        }
    )

# %%
Table(
    pd.DataFrame(city_table),
    "The district against other big cities: mean of 2013, 2015 and 2019 less the years before",
)

# %% [markdown]
# ## How large would it have to be?
#
# The smallest possible p is {num}`mathematics_g8.floor`. A plain difference of about
# {num}`mathematics_g8.mde` points, or {num}`mathematics_g8.mde_sd` pupil
# standard deviations {src}`SCALE_NAEP_M8`, would have been found in grade 8 mathematics, and much the same
# in the other tests. Adjusted for level and slope before, as the states show them, it is
# {num}`adjusted.mathematics_g8.slope.mde`. Each place's own line, carried on in full, carries its error with it. Then a
# difference would have to reach about {num}`drift.mathematics_g8.mde` points in grade 8 mathematics, or
# {num}`drift.reading_g4.mde` in grade 4 reading, to be clear of chance.

# %%
study.detect(*TESTS, *LONG, *NEVER)

# %% [markdown]
# ## What else could explain it, and what others found
#
# **Gains before the reforms.** In grade 8 mathematics the gap closed by
# {num}`narrow.mathematics_g8.before` points a year before 2007 and
# {num}`narrow.mathematics_g8.after` after it, in grade 4 mathematics by
# {num}`narrow.mathematics_g4.before` and {num}`narrow.mathematics_g4.after`. In reading the
# pace hardly changed: {num}`narrow.reading_g4.before` and {num}`narrow.reading_g4.after` in
# grade 4, {num}`narrow.reading_g8.before` and {num}`narrow.reading_g8.after` in grade 8.
#
# **Room at the bottom.** By the later waves the ten states lowest before had gained
# {num}`lowest.mathematics_g4.gain` and {num}`lowest.mathematics_g8.gain` in
# mathematics, grades 4 and 8, and {num}`lowest.reading_g4.gain` and
# {num}`lowest.reading_g8.gain` in reading: more than the average state, well short of the
# District.
#
# **Who sits the test.** The series is not adjusted for it. Two studies look at it and do not measure the same thing.
# In Özek's, for the years from 2006-07 to 2012-13, less than {num}`ozek_composition` per cent of the yearly
# improvement is put down to who attends; mathematics rose throughout, reading only in the first year
# {src}`SX_OZEK_2014`. In the Urban Institute's, read in a newspaper, changes from 2005 to 2013 would predict
# {num}`urban_predicted.low` to {num}`urban_predicted.high` points on the national test: little compared with the rise
# in grade 8 mathematics, but the greater part of the rise in grade 8 reading {src}`SX_URBAN_DC`.
#
# **Erased answers on the city's own test.** In March 2011 a newspaper reported that many of the city's schools had been
# flagged since 2008 for unusual rates of answers changed from wrong to right. Henderson asked the inspector
# general for a review {src}`SN_HECHINGER_2011`; federal investigators joined it {src}`SN_USAT_2011`. His report of August
# 2012 looked at one school, confirmed cheating there and found too little reason to look at others, which was
# criticised as too narrow {src}`SN_HUFFPOST_2012`. The national assessment used here is another test. We did not read
# whether the studies below that rest on the city's test allow for the erasures.
#
# **Charter schools** are in the state series, and the evaluators count their growth among the reforms
# {src}`US_MATHEMATICA_DC_2021`. **The pandemic.** From 2019 to 2022 the District
# lost more than the states in mathematics ({num}`pandemic.mathematics_g8.dc` against
# {num}`pandemic.mathematics_g8.others` in grade 8) and grade 4 reading, less in grade 8
# reading ({num}`pandemic.reading_g8.dc` against
# {num}`pandemic.reading_g8.others`).

# %%
Table(pd.DataFrame(moves), "Changes of the District and of the fifty states, NAEP points")

# %% [markdown]
# **The whole package.** The main published study, on pupil records, reports about {num}`dotter_grade_4`
# standard deviations in grade 4, something similar in grade 8 mathematics and no clear result in grade 8
# reading {src}`LF_096, US_MATHEMATICA_DC_2021`, for the whole package and not for leadership. On the scale
# of pupils ours are {num}`mathematics_g4.att_sd` in grade 4 and
# {num}`mathematics_g8.att_sd` in grade 8 mathematics {src}`SCALE_NAEP_M4, SCALE_NAEP_M8`,
# unadjusted for who attends. Our grade 4 reading agrees as it stands; {num}`adjusted.reading_g4.slope.att` of
# {num}`reading_g4.att` points are left once level and slope before are adjusted for. A review by the National Research
# Council finds some improvement and large gaps by group and ward
# {src}`LF_098`.
#
# **Principals.** One study does separate a change of leaders from what the whole city shared. Before the school year
# 2008-09 {num}`share_of_principals_gone_2008` per cent of the principals were gone, on decisions made under the
# alumna as chancellor. Walsh and Dotter compare the schools that got a new principal with those of the city that kept
# theirs: by the third year pupils' scores were {num}`walsh_third_year` standard deviations higher, more in grades 6
# to 8 {src}`SX_WALSH_2020`. In middle schools their earlier brief has {num}`walsh_middle_mathematics` percentile
# points in mathematics; it was made for the Walton Family Foundation, which had paid for reforms in the city
# {src}`SX_WALSH_2014, SX_WALSH_PROJECT`. Only the abstract and the brief were read; they give no standard error. The
# study is about
# replacing principals, not about alumni.
#
# **Evaluation and pay.** Dee and Wyckoff compare teachers just above and just below the lines that IMPACT draws.
# Under the lower line {num}`impact_leaving` percentage points more left of their own accord, and those who stayed
# were rated {num}`impact_staying` standard deviations better; at the line for a bonus it is {num}`impact_bonus`
# {src}`SX_DEE_2015`. Adnot and others follow classes whose teacher left. On average mathematics rose by
# {num}`adnot_leavers` standard deviations; where the one who left was rated low it rose by
# {num}`adnot_low_rated_mathematics`, and reading by {num}`adnot_low_rated_reading` {src}`SX_ADNOT_2017`. Abstracts
# were read. These studies are about rules that alumnae in office made, and on teachers near a line or classes that lost
# one; they do not add up to the city's rise.

# %%
study.evaluations(
    {
        "washington-dc-eval-01": "dotter_grade_4",
        "washington-dc-eval-02": "dotter_grade_4_percentiles",
        "washington-dc-eval-05": "ozek_composition",
        "washington-dc-eval-07": "walsh_third_year",
        "washington-dc-eval-08": "walsh_middle_mathematics",
        "washington-dc-eval-09": "impact_leaving",
        "washington-dc-eval-10": "impact_staying",
        "washington-dc-eval-11": "impact_bonus",
        "washington-dc-eval-12": "adnot_leavers",
        "washington-dc-eval-13": "adnot_low_rated_mathematics",
        "washington-dc-eval-14": "adnot_low_rated_reading",
    }
)

# %% tags=["remove-cell"]
urban = study.release.table("evaluations").set_index("evaluation_id").loc["washington-dc-eval-15"]
for end in ("low", "high"):
    study.numbers(rows=rows_named(study.release, "evaluations", "washington-dc-eval-15"))(
        f"urban_predicted.{end}",
        float(urban[f"estimate_{end}"]),
        LEVEL.to(0),
        f"Points that changes in who attends would predict, 2005 to 2013, {end} end of the published range.",
    )

# %% [markdown]
# ## How it was coded
#
# Roles and scale are documented: teachers placed, a share of the principals, two heads of the system, a board member.
# So are levers. Both readings find rules and feedback moved by people of the programme in office, through the rating of
# teachers and the contract, and resources, for one the replacement of principals, for the other the supply of teachers
# and principals. Neither counts mayoral control or the common lottery,
# which were acts of others, so structures are empty. One reading takes the joint lottery as a sign of shared purpose,
# the other does not. Nothing was found on network and ties to the community in the sources read, which are not all
# there are.
#
# The codes are those of {num}`codes.by`. *Silent* does not mean zero.

# %% tags=["remove-cell"]
tied = {
    "recruit_place": ["washington-dc-01", "washington-dc-02", "washington-dc-05", "washington-dc-07"],
    "alumni_pathways": [
        "washington-dc-04",
        "washington-dc-08",
        "washington-dc-event-05",
        "washington-dc-event-10",
    ],
    "change_rules": ["washington-dc-eval-09", "washington-dc-eval-10"],
    "roles": [
        "washington-dc-event-02",
        "washington-dc-event-04",
        "washington-dc-01",
        "washington-dc-04",
        "washington-dc-08",
        "washington-dc-13",
    ],
    "strength": ["washington-dc-eval-07", "washington-dc-eval-09", "washington-dc-eval-13"],
    "rules": ["washington-dc-event-13", "washington-dc-event-21", "washington-dc-eval-09"],
    "feedback": ["washington-dc-eval-10"],
    "resources": ["washington-dc-event-11", "washington-dc-event-12"],
}

# %%
study.profile(tied)

# %% [markdown]
# ## What the sources tie to each strategy
#
# Three strategies are documented by both readings. *Placing teachers* began in 1992 {src}`LF_091`, before the first
# wave compared: what came after it {num}`strategy.recruit_place.after`. *Paths for alumni* show in their outcome, a
# rising share of principals {src}`SN_FEDEX_2008, SN_BELLWETHER_BLOG_2015` and a career from corps member to head of
# the region, deputy and chancellor {src}`SN_DC_BIO_HENDERSON`; a programme that prepared people for such posts was
# not found in the sources read. *Changing rules* is dated: IMPACT from the school year 2009-10, the contract of 2010
# {src}`SN_DCPS_2010_IMPACT`. What came after it {num}`strategy.change_rules.after`, and this does not test the
# strategy. The rise covers everything that began between 2007 and 2009. If a wave comes before the summer of its year,
# as the plan assumes, IMPACT is younger than the wave of 2009. By then the gap in grade 8 mathematics had moved by
# {num}`mathematics_g8.event.2009` of the {num}`mathematics_g8.event.2019` points that it had moved by 2019.
#
# What can be linked to results is one step further down. Two acts of an alumna in office have been studied inside the
# city, the replacement of principals {src}`SX_WALSH_2020` and the evaluation of teachers {src}`SX_DEE_2015,
# SX_ADNOT_2017`, and the studies are favourable. No study read leads from there to the rise of the whole city, or from
# an act in office to the programme that once placed the person. The evaluation of the package does not separate
# leadership from the rest {src}`LF_096`. On the {num}`strategy.silent` other strategies nothing was found in the
# sources read.

# %%
study.strategies(tied)

# %% [markdown]
# ## What we can say, and how surely
#
# In mathematics and grade 4 reading no state moved as far as the District, whichever states, waves or
# weights are chosen, so long as earlier lines are left in ({num}`curve.first` of
# {num}`curve.first_of` specifications); by the plan's rule the District {num}`finding` on the primary test. A low start
# explains a part. Adjusted for level and slope as states show them,
# {num}`adjusted.mathematics_g8.slope.att`, {num}`adjusted.mathematics_g4.slope.att` and
# {num}`adjusted.reading_g4.slope.att` points are left in grade 8 and grade 4 mathematics and grade 4 reading, more than in
# any state, and nothing in grade 8 reading. How much is left is less sure than these p-values say, because the District
# was below every state. Whether something began in 2007 is clearest in grade 8 mathematics, whose gap hardly moved from
# 2003
# to 2007; it was chosen for that on data before 2008, and compared with other cities its gain is not clear of chance.
# In grade 4
# reading the gap was closing before. With the line before carried on in full, the typical answer is small (median
# {num}`curve_own_line.points` points), but states' lines did not carry on like that.
#
# A study, not this book, shows that leaders can matter here: schools given a new principal in 2008 did better by
# the third year than schools of the same city that kept theirs {src}`SX_WALSH_2020`. It separates a change of leaders
# from the rest of the package. It is not about alumni: we do not know who among the new principals came from the
# programme.
#
# The link of the city's rise to alumni leadership rests on dates: two alumnae at the head from June 2007 to autumn
# 2016, rules that they made, and a share of principals near {num}`alumni_share_of_principals_2008` per cent in 2008,
# when most of the gains were still to come ({num}`mathematics_g8.event.2009` points in grade 8 mathematics in 2009,
# {num}`mathematics_g8.event.2019` in 2019). Head, package, charter growth and corps came together, and no source read
# separates them.
#
# :::{admonition} The finding in numbers
# :class: summary
# Did the District's test scores move away from those of the states after an alumna of
# Teach For America took over its schools in June 2007? In grade 8 mathematics a difference of about
# {num}`mathematics_g8.mde` points would have been clear of chance. The difference found is {num}`mathematics_g8.att`
# points, more than in any state. Both grade 4 tests are as clear of chance; grade 8 reading is not.
#
# **A low start explains a part.** States that scored low before tended to gain more in any case. Adjusted for level and
# slope before, as the fifty states show them, grade 8 mathematics keeps {num}`adjusted.mathematics_g8.slope.att` points
# (p
# {num}`adjusted.mathematics_g8.slope.p`), grade 4 mathematics {num}`adjusted.mathematics_g4.slope.att` and grade 4
# reading {num}`adjusted.reading_g4.slope.att`, in each more than any state; grade 8 reading keeps nothing. The District
# was below every state, so this adjustment goes beyond what the states can show.
#
# The date is that of an appointment with a reform package. Teach For America had placed teachers in the city since 1992,
# so nothing here tests the start of the programme.
#
# One study separates a change of leaders from the rest: schools whose principal was replaced in 2008, on the chancellor's
# decision, did better by the third year than schools of the city that kept theirs {src}`SX_WALSH_2020`. Those
# principals were not alumni as such. What alumni in office added cannot be said: two chancellors, new rules, more
# charter schools and more corps members share the same years.
# :::

# %%
study.verdict()

# %% [markdown]
# ## What would change our mind
#
# - Pupil records of the assessment, to adjust for who sits it, with its own standard errors.
# - The district's values for 2005 to 2011.
# - Alumni by role, school and year, city apart from region, above all which of the principals named from 2008 on were
#   alumni: schools led by them could then be compared with others under the same reforms.
# - The standard errors of the study of principals, and the same comparison for schools whose new principal came from
#   the programme.
# - Charter schools and their pupils by year.
#
# If schools led by alumni moved away from others of their sector after the change and not before, the record
# would support a part for leadership. If all moved together, the gains would point to what they shared.

# %% [markdown]
# ## What to do with it
#
# For those who decide here. Each line rests on rows of this page; [who holds what is missing](../insights/missing_data.md#washington-dc)
# and [nine pieces of advice](../insights/lessons.md) for any place stand on pages of their own.
#
# - **What the record supports.** No single part of the package: a new head, rules on evaluation, charter schools and
#   corps members came together. One part was studied by itself: schools whose principal was replaced in 2008 did better by
#   the third year {src}`SX_WALSH_2020`. Where heads are replaced on one date, the same comparison can be made.
# - **What to count or ask for.** From Teach For America, alumni by role, school and year, the city apart from its region;
#   above all, which of the principals appointed from 2008 were alumni. A partner put their share then at
#   nearly {num}`alumni_share_of_principals_2008` per cent {src}`SN_FEDEX_2008`, without a list. From the city, pupils of charter
#   schools by year. From the national assessment's public service, its standard errors.
# - **What would change our mind.** Schools that alumni came to lead moving away from others of their sector after the
#   change and not before would be support. Standard errors that leave the earlier line in mathematics as steep as the
#   later one would speak against a break in 2007.

# %% tags=["remove-cell"]
study.finish()
