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
# # London, England: a rise that many can claim
#
# {.lead}
# London's schools gained on the rest of England. Compared with districts that started from about the same level the gain
# is an ordinary one, and public records cannot show what part Teach First's people had in it.
#
# {sure}`london`
#
# ```{chart} london.ranks_ks3_english
# ```
#
# - Over English, mathematics and science at 14, London gained {num}`pupil_sd.att` pupil standard deviations more than
#   districts that started about level with it; the data fit anything from {range}`pupil_sd.att`.
# - Of those districts {num}`ks3_english.share_as_much` per cent gained at least as much in English as London did, so
#   its gain is within the usual range of such places.
# - In English alone it gained {num}`ks3_english.att` percentage points more than they did; the data fit anything from
#   {range}`ks3_english.att`. Its whole gap to England in 1997 was smaller than what the comparison can see, so a
#   complete recovery could have passed unseen.
#
# **What else could explain it.** Places that start low tend to gain more. A government programme for big cities came
# to inner London in 1999 {src}`SN_NFER_EIC_2004`, primary schools may have sent better prepared pupils, and the one
# turn after the start, in English, falls on two changes in how that test was marked
# {src}`SN_TWFY_2004, SN_TIMES_2004`.
#
# **How sure.** The two words above are the comparison and the verdict. The first says how well the place could be
# compared, and nothing of how good the programme is. The second says whether results moved by at least
# {num}`effect_of_interest` pupil standard deviations more than elsewhere ([both
# words](../methods.md#two-words-for-a-case)): here {num}`verdict_why`. If a hundred pupils stand in a row by their scores,
# a difference of that last size moves the one in the middle by about {num}`pupil_sd.mde_places` places.
#
# ```{evidence}
# ```

# %% tags=["parameters"]
release = ""  # the newest
case_id = "london"

# %% tags=["remove-cell"]
from dataclasses import replace

import numpy as np
import pandas as pd
from leadership_effects.data.outcomes import ratios_in_pieces, rest_of
from leadership_effects.data.provenance import rows_named
from leadership_effects.data.vocabulary import INNER_LONDON
from leadership_effects.effects import adjusted
from leadership_effects.effects.estimators import interrupted_gap
from leadership_effects.effects.gains import gain_on_start, rank_from_top, starts_and_gains
from leadership_effects.effects.gap_grid import gap_grid, mean_gap, placebo_gap_in_time
from leadership_effects.effects.inference import placebo_in_space
from leadership_effects.report import case_figures, charts
from leadership_effects.report.charts import description
from leadership_effects.report.numbers import (
    CORRELATION,
    COUNT,
    P_VALUE,
    PER_CENT,
    POINTS,
    POINTS_A_YEAR,
    PUPILS,
    SHARE,
    Unit,
)
from leadership_effects.report.study import Study
from leadership_effects.report.tables import Table

study = Study.open(release, case_id)
value = study.registry.value
SUBJECTS = {"english": "English", "maths": "maths", "science": "science"}
PLACES = {"london": "London", "england": "England"}
COHORTS = {"before": range(2000, 2004), "after": range(2004, 2008)}

# %% [markdown]
# ## The question
#
# In September 2003 the first Teach First teachers entered London schools, and London Challenge began in the same year
# {src}`UK_HC_20030911, LF_027`. Did London's results then move away from those of comparable places, from the tests of
# 2004 onwards?
#
# Other explanations would look the same. Low starters tend to gain more. Primary schools may have sent better prepared
# pupils. London's population changed. Excellence in Cities, a government programme for schools of big cities, had come
# to inner London in 1999 {src}`SN_NFER_EIC_2004`, and the marking of the English test changed in 2003 and 2004
# {src}`SN_TWFY_2004, SN_TIMES_2004`.

# %% [markdown]
# ## Place and system
#
# London is one of nine regions of England and has {num}`boroughs` boroughs in the series read. England had
# {num}`pupils.england.2013` pupils who finished key stage 4 in 2013; {num}`pupils.london.2013` of them lived in London
# {src}`UK_DFE_SFR05_2014_RES`.
#
# The city had long been behind. In 1976 {num}`leavers.inner.1976` per cent of Inner London's school leavers had five
# higher grades, against {num}`leavers.england.1976` in England; in 1988 it was
# {num}`leavers.inner.1988` against {num}`leavers.england.1988` {src}`UK_HC_19900321_ILEA`.

# %%
pool = {name for panel in study.plan.primary for name in study.panel(panel).units[1:]}
listed = study.release.table("units").query("panel == 'london' and unit_type == 'district' and name in @pool")
case_figures.locating_map(
    study,
    "regions of England",
    "London",
    set(listed["parent"]),
    title=f"London is compared with districts of {listed['parent'].nunique()} other regions",
    compared=f"{len(listed)} districts compared",
    neither="no districts listed",
)

# %% tags=["remove-cell"]
boroughs, regions = study.series("ks4_5acem_hansard"), study.series("ks4_5acem")
names = boroughs.rows.loc[boroughs.rows["unit_type"] == "local_authority", "unit_id"]
study.numbers(rows=boroughs)("boroughs", names.nunique(), COUNT, "Boroughs in the series of 2003 to 2007.")
pupils_of = regions.rows.set_index(["name", "year"])["n_pupils"].astype(float)
known = {(key, year): pupils_of[name, year] for key, name in PLACES.items() for year in (2009, 2013)}
meaning = "Pupils who finished key stage 4 in {1} and lived in {0}."
own_rows = {"rows": lambda key, year: regions.at(PLACES[key], year)}
study.numbers("pupils").each("{}.{}", known, PUPILS, meaning, names=PLACES, **own_rows)
ends = {"inner": "Inner London (ILEA)", "england": "England", "gm": "Greater Manchester"}
study.levels("leavers.{}.{}", "leavers_5ac", ends, (1976, 1988))

# %% [markdown]
# ## Leadership build-up
#
# Sources differ on the first cohort. A copied encyclopedia page has {num}`new_participants_2003` people in
# {num}`schools.first` schools {src}`UK_WIKI_LIQUI`, Parliament was told of {num}`new_participants_2003_parliament`
# people {src}`UK_HC_20030911`, and the programme's own page has {num}`schools_2003` schools. The second cohort is
# {num}`new_participants_2004` people in {num}`schools.second` schools {src}`UK_TF_HISTORY`. The first three cohorts
# taught in London only {src}`SN_HC_20081006`; later counts by year include other areas.
#
# Where sources differ, this chapter keeps both figures. For 2013 there are {num}`new_participants_all_areas_2013` at
# the summer
# institute, Wales among them {src}`UK_TF_HISTORY2`, {num}`new_participants_2013_september` who began in September
# {src}`SN_HL5820` and {num}`new_participants_by_subject_2013` in a table by subject {src}`SN_PQ_853`. By 2008 the
# programme counts {num}`national_ambassadors_2008` ambassadors {src}`UK_TF_HISTORY`; answers to Parliament add up to
# {num}`completers_to_2008`, some of them perhaps after one year {src}`SN_HC_20081006`.
#
# Of those who completed in 2012, 2013 and 2014 and were still teaching in 2016, {num}`in_london.2012`,
# {num}`in_london.2013` and
# {num}`in_london.2014` per cent were in London {src}`UK_PQ_57944`. How many still teach depends on whom one counts. For
# the cohort of 2013 it is {num}`still.tracked` per cent of those who let themselves be tracked {src}`UK_PQ_57944`,
# and {num}`still.began` per cent of those who had begun {src}`SN_HL5820`. In England {num}`left_teaching_2010` people
# of the
# programme left teaching in 2010-11 and {num}`left_teaching_2014` in 2014-15, as intakes grew from
# {num}`new_participants_by_subject_2010` to {num}`new_participants_by_subject_2014` {src}`SN_PQ_853`.
#
# The first former participant to lead a school, Max Haimendorf, opened King Solomon Academy in September 2009
# {src}`SN_TES_HEAD`; in about 2021 the programme named over {num}`alumni_heads_2021` heads, nationally
# {src}`SN_TF_EVIDENCE`, and by 2023 about {num}`middle_leaders_share` per cent of those who finish as middle leaders
# after four years {src}`SX_TF20`.
#
# **The count in the deck.** The deck says {num}`ambassadors` ambassadors who teach or lead schools in the city
# {src}`LF_001`. A later page of the network says {num}`ambassadors_second_figure` {src}`LF_022`, and a page of about
# 2015 says {num}`teachers_placed` teachers placed there since 2003 {src}`LF_025`. Arithmetic speaks against the deck's
# figure. From
# 2003 to 2023 {num}`teachers_recruited_2023` people were recruited in all {src}`SX_TF20`. With London's share of 2016
# {src}`UK_PQ_57944`, {num}`ever.low` to {num}`ever.high` of them would ever have trained there, and the deck's figure
# would be {num}`ever.share_low` to {num}`ever.share_high` per cent of these. Nationally
# {num}`still_teaching_share_2014` per cent of those trained still taught, by the programme's count of about 2014
# {src}`SN_TF_AMBASSADORS`; at that rate {num}`ever.stay_low` to {num}`ever.stay_high` would. The early cohorts, all in
# London, and people who moved there later would raise that a little.

# %% tags=["remove-cell"]
stated = study.release.table("leadership").set_index("leadership_id")
stated.index = stated.index.str.removeprefix("london-")
counts, measures = stated["value"], stated["measure"]


def recorder(*rows):
    return study.numbers(rows=rows_named(study.release, "leadership", *(f"london-{row}" for row in rows)))


for key, row in {"first": "58", "second": "59"}.items():
    recorder(row)(f"schools.{key}", counts[row], COUNT, f"Schools of the {key} cohort.")
pairs = {"2012": ("08", "60"), "2013": ("09", "61"), "2014": ("10", "62"), "tracked": ("61", "40"), "began": ("61", "34")}  # fmt: skip
shares = {key: 100 * counts[own] / counts[base] for key, (own, base) in pairs.items()}
for key, (own, base) in pairs.items():
    name, unit = (f"in_london.{key}", PER_CENT) if key.isdigit() else (f"still.{key}", PER_CENT.to(0))
    recorder(own, base)(name, shares[key], unit, f"{measures[own]}, as a share of: {measures[base]}.")
finished = [str(row) for row in range(24, 29)]
total = counts[finished].sum()
recorder(*finished)("completers_to_2008", total, COUNT, "Completers by year to 2008, added up.")
record = recorder("17", "63", "45", "08", "09", "10", "60", "61", "62")
part = [shares[key] for key in pairs if key.isdigit()]
for key, low in {"low": min(part), "high": max(part)}.items():
    people = counts["63"] * low / 100
    other, share = {"low": "high", "high": "low"}[key], 100 * counts["17"] / people
    record(f"ever.{key}", round(people, -2), COUNT, f"Ever trained in London, {key} share, in hundreds.")
    record(f"ever.share_{other}", share, PER_CENT.to(0), f"The deck's count as a share of them, {other} end.")
    stay = round(people * counts["45"] / 100, -2)
    record(f"ever.stay_{key}", stay, COUNT, f"Of them at the national rate, {key} end, in hundreds.")

# %%
case_figures.timeline(study, "London")

# %%
yearly = {"completers_{}": (24, 2004, 5), "new_participants_by_subject_{}": (29, 2010, 5)}
yearly |= {"left_teaching_{}": (53, 2010, 5), "cohort_{}_tracked": (39, 2012, 3)}
yearly["cohort_{}_still_teaching"] = (60, 2012, 3)
study.facts(
    {
        "london-01": "new_participants_2003",
        "london-02": "new_participants_2003_parliament",
        "london-03": "new_participants_2004",
        "london-04": "new_participants_all_areas_2006",
        "london-05": "new_participants_all_areas_2007",
        "london-06": "national_ambassadors_2008",
        "london-07": "new_participants_all_areas_2013",
        "london-08": "cohort_2012_still_in_london",
        "london-09": "cohort_2013_still_in_london",
        "london-10": "cohort_2014_still_in_london",
        "london-11": "national_senior_leaders_2014",
        "london-12": "share_of_trainees_2009",
        "london-13": "share_of_trainees_2019",
        "london-14": "teachers_placed",
        "london-15": "national_teachers_recruited",
        "london-16": "ambassadors_second_figure",
        "london-17": "ambassadors",
        "london-18": "share_of_teachers_low_income",
        "london-19": "alumni_in_school_leadership",
        "london-20": "alumni_head_teachers",
        "london-21": "alumni_in_policy",
        "london-22": "alumni_founders",
        "london-23": "people_at_gathering_2023",
        "london-34": "new_participants_2013_september",
        "london-35": "cohort_2013_finished",
        "london-36": "cohort_2013_teaching_2015",
        "london-37": "new_participants_2015",
        "london-38": "new_participants_2019",
        "london-42": "alumni_heads_london_2009",
        "london-43": "alumni_heads_2021",
        "london-44": "teachers_recruited_2021",
        "london-45": "still_teaching_share_2014",
        "london-46": "ambassadors_in_policy_2014",
        "london-47": "ambassadors_voluntary_sector_2014",
        "london-48": "ambassadors_abroad_2014",
        "london-49": "ambassadors_social_enterprise_staff_2014",
        "london-50": "social_enterprises_2013",
        "london-51": "still_in_education_share_2013",
        "london-52": "schools_2003",
        "london-58": "schools_2003_second_figure",
        "london-59": "schools_2004",
        "london-63": "teachers_recruited_2023",
        **{f"london-{a + n}": k.format(y + n) for k, (a, y, many) in yearly.items() for n in range(many)},
    }
)

# %% [markdown]
# ## What is claimed
#
# The deck says that a twenty-year turnaround was in part driven by ambassadors {src}`LF_001`. The rise can be checked.
# The part that the ambassadors had in it cannot: no public count follows them by school and year. A page of the network
# says
# that pupils from low-income communities went from among the worst results to the best {src}`LF_024`. Its first half does
# not hold: in 2002 22 per cent of pupils on free meals had five good passes in inner London, and 17 per cent elsewhere
# {src}`LF_036`.

# %%
study.claims(
    {
        "london-claim-01": ["ks3_english_l5", "ks3_maths_l5", "ks3_science_l5", "ks4_5acem"],
        "london-claim-02": ["ks4_5acem", "ks4_5acem_fsm_hansard"],
        "london-claim-03": ["ks4_5acem_hansard"],
        "london-claim-06": ["ks3_maths_l5", "ks3_english_l5"],
    }
)

# %% [markdown]
# ## Is the data comparable?
#
# No single series covers the whole period. These pieces are never joined:
#
# - Tests at 14 and 11, yearly from 1997 to 2007, London and England {src}`UK_HC_20080708_KS`: the one yearly series
#   found that spans 2003. Age 11 is the negative control; the early placements were in secondary schools
#   {src}`UK_TF_HISTORY`.
# - Tests at 14 in 1997 and 2007 by district of five other regions, the comparison places
#   {src}`UK_DCSF_IYA_KS3_B, UK_DCSF_IYA_KS3_E, UK_DCSF_IYA_KS3_G, UK_DCSF_IYA_KS3_J, UK_DCSF_IYA_KS3_K`. The lists
#   break off before their end.
# - Results at 16: boroughs 2003 to 2007 {src}`UK_HC_20080129_271W`, regions 2009 to 2013
#   {src}`UK_DFE_SFR05_2014_RES` and 2016 to 2022 {src}`UK_LDS_GCSE, UK_LDS_GCSE_FSM`.
#
# England contains London, so gaps to the rest of the country are larger than shown.
#
# Between the plan's years before and after, the marking of English at 14 changed twice. In 2003 there were new mark
# schemes:
# schools asked for 120,780 papers to be marked again, 90,510 the year before, and 3.8 per cent of all pupils changed level
# by it, after 2.3 {src}`SN_TWFY_2004`. In 2004 reading and writing went to different markers, results came late, marks on
# some 100,000 of 600,000 papers were reviewed and the national figures were held back {src}`SN_TIMES_2004`. London and
# the rest sat the same test; no source read says whether the errors affected both equally. Between these two years
# London's
# gap in English went from {num}`gap.ks3_english.2003` to {num}`gap.ks3_english.2004` points. No such change is noted
# for mathematics and science.

# %%
english_test = ["ks3_english_l5", "ks3_english_l5_district"]
study.breaks(*english_test, "ks4_5acem_hansard", "ks4_att8", "ks4_att8_fsm", "ks4_prog8_fsm")

# %%
study.donors("ks3_english")

# %% tags=["remove-cell"]
series = {label: study.gap(f"ks3_{key}") for key, label in SUBJECTS.items()}
controls = {label: study.gap(f"ks2_{key}") for key, label in SUBJECTS.items()}
control = mean_gap("london.ks2", list(controls.values()))
for subject in SUBJECTS:
    study.levels(f"ks3_{subject}.{{}}.{{}}", f"ks3_{subject}_l5", PLACES, (1997, 2007), digits=0)

# %%
shown = {**{f"{name}, age 14": s for name, s in series.items()}, "age 11, mean of three": control}
english, others = series["English"].gap, [series["maths"].gap, series["science"].gap]
study.show(
    "gaps",
    charts.gaps(shown, "points behind (−) or ahead (+) of England", study.start),
    title=(
        f"English at 14: London is at {study.registry.text('gap.ks3_english.2003')} points against England in 2003, "
        f"{study.registry.text('gap.ks3_english.2007')} in 2007"
    ),
    subtitle="Pupils at level 5 at age 14 and level 4 at age 11, London less England, 1997 to 2007, percentage points",
    caption=(
        "London less England: pupils at level 5 at age 14 by subject, and at level 4 at age 11, mean of three subjects. "
        "The dashed line separates the last tests before the first cohort began from the first tests after."
    ),
    says=(
        f"English at 14 stays between {english[:7].min():.0f} and {english[:7].max():.0f} points until 2003. In 2003 maths "
        f"is at {others[0][6]:.0f}, science at {others[1][6]:.0f} after a low of {others[1].min():.0f}, and the line for "
        f"age 11 at {control.gap[6]:.1f}."
    ),
    data=charts.gaps_frame(shown).round(2),
)

# %% [markdown]
# Until 2003 the gap in English hardly moved: {num}`gap.ks3_english.1997` points in 1997,
# {num}`gap.ks3_english.2003` in 2003, {num}`gap.ks3_english.2007` in 2007. In mathematics the same
# years show {num}`gap.ks3_maths.1997`, {num}`gap.ks3_maths.2003` and {num}`gap.ks3_maths.2007`,
# in science {num}`gap.ks3_science.1997`, {num}`gap.ks3_science.2003` and
# {num}`gap.ks3_science.2007`.

# %% [markdown]
# ## How far did results move?
#
# There are two comparisons: with districts of about equal start, and with all districts, adjusted for the start.
#
# The first compares London with districts no more than two points above it in 1997, by two-way fixed effects. In
# English London went from {num}`ks3_english.treated_pre` to {num}`ks3_english.treated_post` per cent,
# these districts from {num}`ks3_english.donors_pre` to {num}`ks3_english.donors_post`: a difference of
# {num}`ks3_english.att` points. In mathematics it is {num}`ks3_maths.att`, in science
# {num}`ks3_science.att`. More of the years compared lie before the start than after it, so even a clear difference
# would not have pointed to the programme.

# %%
study.estimate("ks3_english", "ks3_maths", "ks3_science")

# %% [markdown]
# Each district has two years and so a single change. That allows no event study over districts (a path year by year
# compared with the range of the others), and no trend before the start to test. The data can show where London's change
# ranks among theirs: the chart at the head of this page.

# %% tags=["remove-output"]
case_figures.ranks(study, "ks3_english", "English at 14, districts of equal start")

# %% [markdown]
# Against every listed district the differences are {num}`ks3_english_all.att`,
# {num}`ks3_maths_all.att` and {num}`ks3_science_all.att`. These districts started higher on
# average, and high starters gained less.

# %%
study.estimate("ks3_english_all", "ks3_maths_all", "ks3_science_all")

# %% [markdown]
# **Adjusted for the start.** Over all listed districts each point of a higher start goes with {num}`adjusted.english.slope`,
# {num}`adjusted.maths.slope` and {num}`adjusted.science.slope` points of gain in English, mathematics and science. This
# line predicts a gain for a place that started where London did. London's gain beyond that prediction is
# {num}`adjusted.english.att` points in
# English (p {num}`adjusted.english.p`), {num}`adjusted.maths.att` in mathematics (p {num}`adjusted.maths.p`) and
# {num}`adjusted.science.att` in science (p {num}`adjusted.science.p`); over the three together p is
# {num}`adjusted.family_p`. Every district is treated in turn in the same way. London's start lies within the range of
# the districts' starts, so nothing is extrapolated. These are the figures that enter the synthesis from release 2026.5
# on.
#
# **What the match costs.** It lets in places only a little above London, but places any distance below. So the matched
# districts started on average {num}`match.start.english`, {num}`match.start.maths` and
# {num}`match.start.science` points from London, and at the slopes above that costs London about
# {num}`match.cost.english`, {num}`match.cost.maths` and {num}`match.cost.science` points. Compared with districts at
# most {num}`match.reach` points from London on either side, a match not in the plan, the differences are
# {num}`match.within3.english.att` (p
# {num}`match.within3.english.p`), {num}`match.within3.maths.att` (p {num}`match.within3.maths.p`) and
# {num}`match.within3.science.att` (p {num}`match.within3.science.p`). None is clear of chance.

# %% tags=["remove-cell"]
REACH = 3  # points on either side of London's start
adjusted_found, side_by_side = {}, []
for subject, label in SUBJECTS.items():
    every, matched = study.panel(f"ks3_{subject}_all"), study.panel(f"ks3_{subject}")
    found = adjusted.adjusted_effects(every, "level")
    adjusted_found[subject] = found
    level, kind = study.of_panel(f"ks3_{subject}_all").level()
    record = study.numbers(f"adjusted.{subject}", rows=every.rows, function=adjusted.adjusted_effects)
    meaning = f"London's gain less what the districts' line gives to its start, {label}."
    record("att", found.effect, POINTS, meaning, interval=found.confidence_set(level), interval_kind=kind)
    record("p", found.p_value, P_VALUE, "Permutation p of that, studentised.")
    record("mde", found.minimum_detectable(), POINTS.as_level(), "Detectable difference so adjusted.")
    slope = found.coefficients["level"]
    record("slope", slope, POINTS.to(2), f"Gain by a point of higher start over districts, {label}.")
    record = study.numbers("match", rows=matched.rows)
    apart = matched.y[1:, 0].mean() - matched.y[0, 0]
    record(f"start.{subject}", apart, POINTS, f"Start of the matched districts less London's, {label}.")
    record(
        f"cost.{subject}", slope * apart, POINTS.as_level(), f"Gain that this is worth by the line, {label}."
    )
    near = np.abs(every.y[:, 0] - every.y[0, 0]) <= REACH
    names = [name for name, kept in zip(every.units, near, strict=True) if kept]
    close = replace(every, y=every.y[near], units=tuple(names), weights=every.weights[near[1:]], sizes=None)
    within = placebo_in_space(close, "twfe")
    record = study.numbers(f"match.within3.{subject}", rows=every.rows)
    record(
        "att", within.treated, POINTS, f"Difference from districts within three points of London, {label}."
    )
    record("p", within.p_value, P_VALUE, "Its permutation p.")
    record("n", close.n_donors, COUNT, f"Districts within three points of London in 1997, {label}.")
    ways = {
        "at most two points above": (matched, study.placebos(f"ks3_{subject}")),
        "within three points": (close, within),
        "all districts, plain": (every, study.placebos(f"ks3_{subject}_all")),
    }
    rules = {words: (one.treated, one.p_value, by.n_donors) for words, (by, one) in ways.items()}
    rules["all districts, start adjusted for"] = (found.effect, found.p_value, found.n_donors)
    line = {words: f"{effect:+.1f} (p {p:.3f}; {n})" for words, (effect, p, n) in rules.items()}
    side_by_side.append({"subject": label, **line})
    study.holds("London's start lies within those of the districts.", found.outside["level"] == 0)
study.numbers("adjusted", rows=sum(study.panel(f"ks3_{subject}_all").rows for subject in SUBJECTS))(
    "family_p",
    adjusted.family_p(list(adjusted_found.values())),
    P_VALUE,
    "p of the largest of the three subjects' differences, adjusted for the start.",
    function=adjusted.family_p,
)
study.numbers("match", rows=study.panel("ks3_english_all").rows)(
    "reach", REACH, COUNT, "Most points between a district of the symmetric match and London in 1997."
)
costs = [value(f"match.cost.{subject}") for subject in SUBJECTS]
study.holds("The match costs London about a point a subject.", [0.8 < cost < 1.2 for cost in costs])

# %%
Table(
    pd.DataFrame(side_by_side),
    "London compared with districts by four rules: difference in points, permutation p and number of places compared",
)

# %% tags=["remove-cell"]
primary = [f"ks3_{subject}" for subject in SUBJECTS]
everywhere = [f"{name}_all" for name in primary]
largest = "p of the largest of the three subjects' differences against"
study.family("family_p", primary, f"{largest} districts of equal start.")
study.family("family_all_p", everywhere, f"{largest} all listed districts.")
for name in [*primary, *everywhere]:
    panel = study.panel(name)
    _, gains = starts_and_gains(panel)
    share, record = (gains.iloc[1:] >= gains.iloc[0]).mean(), study.numbers(name, rows=panel.rows)
    meaning = "Share of comparison districts that gained at least as much as London, 1997 to 2007."
    record("share_as_much", 100 * share, PER_CENT.to(0), meaning)
    record("share_above", share, SHARE, "The same as a fraction.")

# %% [markdown]
# **Boroughs at 16.** From 2003 to 2007 their mean moved from {num}`borough.all.gap.2003` to
# {num}`borough.all.gap.2007` points against England, the only comparator {src}`UK_HC_20080129_271W`;
# {num}`borough.ahead` of {num}`boroughs` gained more than England. Low starters gained most
# (correlation {num}`borough.start_gain`), which they also tend to do without any programme. This is a description, not
# a test.

# %% tags=["remove-cell"]
own, england = boroughs.table.drop(index="England"), boroughs.table.loc["England"]
groups = {
    "All boroughs": own,
    "Inner London": own.loc[INNER_LONDON],
    "Outer London": own.drop(index=INNER_LONDON),
}
borough_table = []
for title, block in groups.items():
    record, mean = study.numbers(f"borough.{title.split()[0].lower()}", rows=boroughs), block.mean()
    meaning = f"{title}: plain mean less England, {{}}."
    gaps = record.each("gap.{}", mean - england, POINTS, meaning, rows=boroughs.in_year)
    record.each("{}", mean[[2003, 2007]], PER_CENT, f"{title}: plain mean, {{}}.", rows=boroughs.in_year)
    slope = np.polyfit(own.columns.astype(float), mean - england, 1)[0]
    slope = record("slope", slope, POINTS_A_YEAR, f"{title}: slope of the gap to England, 2003 to 2007.")
    line = {str(year): text for year, text in gaps.items()}
    borough_table.append({"boroughs": title, "number": str(len(block)), **line, "slope a year": slope})
study.levels("borough.{}.{}", "ks4_5acem_hansard", {"england": "England"}, (2003, 2007))
gain, country = own[2007] - own[2003], england[2007] - england[2003]
record = study.numbers("borough", rows=boroughs)
meaning = "Boroughs that gained more than England, 2003 to 2007."
ahead = record("ahead", int((gain > country).sum()), COUNT, meaning)
meaning = "Correlation over boroughs of the 2003 level and the gain to 2007."
start_gain = record("start_gain", gain_on_start(own[2003], gain).correlation, CORRELATION, meaning)

# %%
part = np.where(own.index.isin(INNER_LONDON), "Inner London", "Outer London")
catch_up = pd.DataFrame({"part": part, "start": own[2003], "gain": gain}).rename_axis("borough").reset_index()
study.show(
    "boroughs",
    description.start_and_gain(
        catch_up,
        ["Inner London", "Outer London"],
        (england[2003], country),
        "per cent in 2003",
        "gain to 2007, points",
    ),
    title=(
        f"{ahead} of {len(gain)} boroughs gained more than England, those that started "
        f"{'low' if gain.corr(own[2003]) < 0 else 'high'} the most"
    ),
    subtitle="Share with five good passes including English and mathematics, 2003 and gain to 2007, percentage points",
    caption=(
        "Catching up at 16: each borough's share with five good passes including English and mathematics in 2003 and its "
        "gain to 2007. The dashed lines are England's level and gain."
    ),
    says=(
        f"Each point is a borough. {gain.idxmin()} gained least and {gain.idxmax()} most; {ahead} boroughs lie above "
        f"England's {country:+.1f}. Inner boroughs average {gain[INNER_LONDON].mean():+.1f}, outer ones "
        f"{gain.drop(INNER_LONDON).mean():+.1f}. Start and gain are correlated {start_gain}."
    ),
    data=catch_up.round(1),
)

# %%
Table(
    pd.DataFrame(borough_table),
    "Five good passes with English and mathematics: mean of boroughs less England, points",
)

# %% [markdown]
# **Later years.** From 2009 to 2013 London rose by {num}`region.gain.london` points and eight other
# regions by {num}`region.gain.others` on average (rank {num}`region.rank` of nine)
# {src}`UK_DFE_SFR05_2014_RES`. In the poorest tenth of home areas London went from
# {num}`poorest_decile.treated_pre` to {num}`poorest_decile.treated_post` per cent,
# {num}`poorest_decile.att` points more than the same tenth elsewhere, rank
# {num}`poorest_decile.rank` of {num}`poorest_decile.places` (p {num}`poorest_decile.p`,
# smallest possible {num}`poorest_decile.floor`). Weighted to London's mix of areas, its lead over the
# rest of England was {num}`mix.2009` points in 2009 and {num}`mix.2013` in 2013.
#
# This comparison is compromised. City Challenge took London's programme to Greater Manchester and the Black Country
# from 2008 to 2011 {src}`SX_CITYCH_2012`, and by 2013 Teach First itself placed people in nine regions
# {src}`UK_TF_HISTORY2`: regions that had the same cannot show what London would have been without it.

# %%
study.estimate("poorest_decile")

# %% tags=["remove-cell"]
nine = study.series("ks4_5acem", "region")
change, eight = nine.table[2013] - nine.table[2009], nine.table.drop(index="London")
study.levels("region.{}.{}", "ks4_5acem", {"london": "London"}, (2009, 2013))
record = study.numbers("region", rows=regions)
meaning = "Plain mean of the eight other regions, {}."
record.each("others.{}", eight.mean()[[2009, 2013]], PER_CENT, meaning, rows=nine.in_year)
record("gain.london", change["London"], POINTS, "Change of London, 2009 to 2013.")
meaning = "Mean change of the eight other regions, 2009 to 2013."
record("gain.others", change.drop("London").mean(), POINTS, meaning)
record("rank", rank_from_top(change, "London"), COUNT, "Rank of London's change among nine regions.")

areas = study.series("ks4_5acem_idaci")
of_tenth = areas.rows.assign(tenth=areas.rows["name"].str.extract(r"IDACI (\d+)", expand=False))
share, pupils = (
    of_tenth.pivot(index=["parent", "tenth"], columns="year", values=column).astype(float)
    for column in ("value", "n_pupils")
)
rest = rest_of(share.loc["England"], pupils.loc["England"], share.loc["London"], pupils.loc["London"])
lead = share.loc["London"] - rest
mix = (lead * pupils.loc["London"]).sum() / pupils.loc["London"].sum()
record = study.numbers(rows=areas.at(years=[2009, 2013]))
meaning = "London less the rest of England, the rest weighted to London's mix of deprivation tenths, {}."
record.each("mix.{}", mix, POINTS.as_level(), meaning, rows=areas.in_year)
meaning = "Poorest tenth of areas in the rest of England, weighted by pupils, {}."
record.each("poorest_rest.{}", rest.loc["0", [2009, 2013]], PER_CENT, meaning, rows=areas.in_year)
meaning = "Change of the poorest tenth in the rest of England, 2009 to 2013."
record("poorest_rest.gain", rest.loc["0", 2013] - rest.loc["0", 2009], POINTS, meaning)
meaning = "London's poorest tenth less the same tenth in the rest of England, {}."
record.each("poorest_lead.{}", lead.loc["0", [2013]], POINTS.as_level(), meaning, rows=areas.in_year)
by_tenth = lead[[2009, 2013]].rename(columns=str).rename_axis(columns="series")
by_tenth = by_tenth.melt(ignore_index=False, value_name="gap").reset_index()
by_tenth["tenth"] = by_tenth["tenth"].astype(int) // 10 + 1
by_tenth = by_tenth.sort_values(["series", "tenth"], ignore_index=True)[["series", "tenth", "gap"]]
poorest = share.xs("0", level="tenth").drop(index="England")
study.holds("London leads the rest of England in every tenth of areas in 2009 and 2013.", by_tenth["gap"] > 0)
study.holds(
    "The poorest tenth of London's areas leads that of every other region in each year.",
    poorest.loc["London"] > poorest.drop(index="London").max(),
)

# %%
study.show(
    "deprivation",
    description.by_tenth(by_tenth, "tenth of home areas, 1 the poorest", "London less the rest, points"),
    title=(
        "London leads the rest of England in "
        + (
            "every tenth"
            if (by_tenth["gap"] > 0).all()
            else f"{int((by_tenth['gap'] > 0).sum())} of {len(by_tenth)} tenths"
        )
        + " of areas by deprivation"
    ),
    subtitle="Share with five good passes including English and mathematics, London less the rest, 2009 and 2013, percentage points",
    caption=(
        "Equally poor areas compared: share with five good passes including English and mathematics, London less the rest of England, "
        "by tenth of home areas in children's deprivation."
    ),
    says=(
        "All points lie above zero. The two years lie at most "
        f"{(lead[2009] - lead[2013]).abs().max():.1f} points apart."
    ),
    data=by_tenth.round(1),
)

# %% [markdown]
# **Free meals.** Inner London's pupils on free meals stood {num}`meals.gap.2005` points above those of town
# schools elsewhere in 2005 and {num}`meals.gap.2008` in 2008 {src}`UK_HC_20100118_310542`. London's Progress 8
# score for such pupils was {num}`progress.2016` above the mean of other regions in 2016 and
# {num}`progress.2022` in 2022 {src}`UK_LDS_GCSE_FSM`. Town schools elsewhere include Outer London, which
# probably makes the first gap too small.

# %% tags=["remove-cell"]
meals, ends = study.series("ks4_5acem_fsm_hansard"), [2005, 2008]
inner = meals.table.loc["Inner London"]
town, rural = (
    meals.table.loc[f"England, {kind} schools excluding Inner London"] for kind in ("non-rural", "rural")
)
record = study.numbers("meals", rows=meals)
record.each("inner.{}", inner[ends], PER_CENT, "Pupils on free meals, Inner London, {}.")
record.each("town.{}", town[ends], PER_CENT, "Pupils on free meals, non-rural elsewhere, {}.")
record.each("gap.{}", (inner - town)[ends], POINTS.as_level(), "Inner London less non-rural elsewhere, {}.")
moved = {kind: np.diff((inner - other)[ends])[0] for kind, other in (("town", town), ("rural", rural))}
record.each("change.{}", moved, POINTS, "Change of Inner London 2005 to 2008 beyond {} schools elsewhere.")
progress = study.series("ks4_prog8_fsm", "region")
score, others = progress.table.loc["London"], progress.table.drop(index="London")
study.numbers("progress").each(
    "{}",
    score - others.mean(),
    Unit("points", 2),
    "Progress 8 of pupils on free meals, London less the mean of eight regions, {}.",
    rows=progress.in_year,
)
study.holds("Inner London lies on top throughout.", inner > town, inner > rural)
study.holds(
    "London's Progress 8 score on free meals is above that of every other region.", score > others.max()
)

# %%
kinds = {"Inner London": inner, "town schools elsewhere": town, "rural schools elsewhere": rural}
free = pd.DataFrame(kinds).rename_axis("year").reset_index().melt("year", var_name="series")
study.show(
    "meals",
    charts.lines(free, "per cent"),
    title=(
        "Inner London's pupils on free meals "
        f"{'stand' if ((inner > town) & (inner > rural)).all() else 'do not stand'} above those elsewhere in every year"
    ),
    subtitle=f"Pupils on free meals with five good passes including English and mathematics, {free['year'].min()} to {free['year'].max()}, per cent",
    caption=(
        "Pupils on free meals: share with five good passes including English and mathematics, Inner London and schools "
        "elsewhere in England."
    ),
    says="Inner London lies on top throughout.",
    data=free[["series", "year", "value"]],
)

# %% [markdown]
# **The long gap.** The chart shows every measure as a share of England's figure. That share comes close to one hundred
# by itself when nearly every pupil passes.

# %% tags=["remove-cell"]
scores, tests = study.series("ks4_att8"), [study.series(f"ks3_{subject}_l5") for subject in SUBJECTS]
pieces = (
    ("leavers, Inner London", "1", study.series("leavers_5ac"), ["Inner London (ILEA)"], range(1976, 1989)),
    *(("tests at 14", "tests", subject, ["London"], range(1997, 2008)) for subject in tests),
    ("five good passes", "boroughs", boroughs, own.index, range(2003, 2008)),
    ("five good passes", "regions", regions, ["London"], range(2009, 2014)),
    ("Attainment 8", "old grades", study.series("ks4_att8_2016"), ["London"], [2016]),
    ("Attainment 8", "new grades", scores, ["London"], range(2017, 2020)),
    ("Attainment 8", "teacher grades", scores, ["London"], [2020, 2021]),
    ("Attainment 8", "adapted", scores, ["London"], [2022]),
)
long = ratios_in_pieces(pieces, "London", "England")
ratios = long.set_index(["segment", "year"])["ratio"]

# %%
breaks, ticks = [1992.5, 2008, 2014.5, 2016.5, 2019.5, 2021.5], [1976, 1988, 1997, 2004, 2013, 2022]
at_sixteen = ratios["boroughs"]
study.show(
    "long",
    description.pieces(long, breaks, ticks, "London, England = 100"),
    title=(
        f"At 16 London passes England's level between {at_sixteen.index[at_sixteen < 100].max()} and "
        f"{at_sixteen.index[at_sixteen > 100].min()}"
    ),
    subtitle=f"London's figure as a share of England's, per cent, by measures that must not be joined, {long['year'].min()} to {long['year'].max()}",
    caption=(
        "London as a share of England's figure, 1976 to 2022. Dotted lines mark where the measure changes; levels on "
        "the two sides of one must not be compared."
    ),
    says=(
        f"The series are separate pieces. School leavers of Inner London run from {ratios['1', 1976]:.0f} per cent of "
        f"England in 1976 to {ratios['1', 1988]:.0f} in 1988. After years without a series, tests at 14 climb from "
        f"{ratios['tests', 1997]:.0f}% to {ratios['tests', 2007]:.0f}%. Five good passes cross England's level between "
        "2003 and 2007. All pieces from 2009 on lie above it."
    ),
    data=long[["measure", "segment", "year", "London", "England", "ratio"]].round(1),
)

# %% tags=["remove-cell"]
crossed = ratios["boroughs", 2003] < 100 < ratios["boroughs", 2007]
study.holds("Five good passes cross England's level between 2003 and 2007.", crossed)
late = ratios[long["year"].to_numpy() >= 2009]
study.holds("All pieces from 2009 on lie above England's level.", late > 100)

# %% [markdown]
# ## Could luck explain it?
#
# Each comparison district is treated as if it were London and compared with the rest, leaving London out. London ranks
# {num}`ks3_english.rank` of {num}`ks3_english.places` in English (p {num}`ks3_english.p`),
# {num}`ks3_maths.rank` of {num}`ks3_maths.places` in mathematics (p {num}`ks3_maths.p`) and
# {num}`ks3_science.rank` of {num}`ks3_science.places` in science (p {num}`ks3_science.p`). Of
# these districts {num}`ks3_english.share_as_much`, {num}`ks3_maths.share_as_much` and
# {num}`ks3_science.share_as_much` per cent gained at least as much as London; of all districts
# {num}`ks3_english_all.share_as_much`, {num}`ks3_maths_all.share_as_much` and
# {num}`ks3_science_all.share_as_much` per cent (p {num}`family_all_p` for the three together).

# %% [markdown]
# London is a region, while these districts are single places. A large place is usually less noisy than a small
# one, and then this test tends to miss a difference {cite:p}`ferman2019`. Dividing each difference by the
# noise expected of a place's size would correct for that; the release lacks pupils by district.

# %%
study.robustness("ks3_english")

# %%
study.robustness("ks3_maths")

# %%
study.robustness("ks3_science")

# %% [markdown]
# ### The specification curve
#
# A specification curve makes the comparison in every way that the plan's grid allows and shows all the
# answers. The grid crosses subject, comparison set and scale mechanically; it was fixed on 25 November 2026,
# after the results of release 2026.1 were known. The data allow all {num}`curve.n` combinations. The results are in
# placebo SD; one of these is about the usual difference between two ordinary districts. The planned one is at
# {num}`curve.planned` and the median at {num}`curve.median`, between {num}`curve.low`
# and {num}`curve.high`. {num}`curve.positive` per cent are above zero, one of them only just; {num}`curve.outside` lie
# beyond what nine tenths of the districts show. Run through the
# same grid, London's median ranks {num}`curve.rank` of {num}`curve.places` places, p
# {num}`curve.p` (smallest possible {num}`curve.floor`).
#
# The choice of comparison districts changes the answer most, because low starters gain most. In English the difference is
# {num}`margin.english.0` points against districts no higher than London in 1997,
# {num}`margin.english.4` against those up to four points above, {num}`margin.english.nearest` against the
# twenty nearest and {num}`ks3_english_all.att` against all.

# %% tags=["remove-cell"]
curve = study.curve()
frame, record = curve.frame(), study.numbers(rows=curve.rows)
record(
    "curve.outside",
    int((~frame["effect"].between(frame["low"], frame["high"])).sum()),
    COUNT,
    "Specifications beyond the middle nine tenths of the comparison districts.",
)
study.holds("Who counts as comparable moves the answer most.", curve.widest == "comparison")
study.holds("The data bear all combinations, and none gives a loss.", not curve.skipped, curve.positive == 1)
english = frame.query("outcome == 'English' and scale == 'points'").set_index("comparison")["raw"]
sets = {"0": "start at most 0 above", "4": "start at most 4 above", "nearest": "twenty nearest before"}
differences = {key: english[words] for key, words in sets.items()}
meaning = "Difference in English, comparison set: {}."
record.each("margin.english.{}", differences, POINTS, meaning, names=sets)

# %%
case_figures.curve(study, curve)

# %%
case_figures.options(study, curve)

# %%
case_figures.places(study, curve)

# %%
study.not_varied()

# %% [markdown]
# ### The gap by year
#
# From before to after 2003 the gap to England moved by {num}`gap.ks3_english.change` points in English,
# {num}`gap.ks3_maths.change` in mathematics and {num}`gap.ks3_science.change` in science; net of a
# straight line, by {num}`gap.ks3_english.change_trend`, {num}`gap.ks3_maths.change_trend` and
# {num}`gap.ks3_science.change_trend`. At age 11, the negative control, the latter figures are
# {num}`gap.ks2_english.change_trend`, {num}`gap.ks2_maths.change_trend` and
# {num}`gap.ks2_science.change_trend`. Only the turn in English is clearly larger in size, and it is the one subject
# whose marking changed, in 2003 and again in 2004 {src}`SN_TWFY_2004, SN_TIMES_2004`.
#
# With one comparator there are no placebo places and no p. A start put where none was, in 2002 on the years
# to 2003, gives {num}`gap.ks3_english.placebo_time.2002` points in English,
# {num}`gap.ks3_maths.placebo_time.2002` in mathematics,
# {num}`gap.ks3_science.placebo_time.2002` in science and {num}`gap.ks2.placebo_time.2002` at
# age 11. All but English move at starts put in for a trial.

# %% tags=["remove-cell"]
steps = {key: value(f"gap.{key}.change_trend") for key in study.plan.gaps}
largest = max(abs(steps[f"ks2_{subject}"]) for subject in SUBJECTS)
study.holds(
    "Only the turn in English is clearly larger in size than those at age 11.",
    steps["ks3_english"] > 1.5 * largest > steps["ks3_science"] > steps["ks3_maths"],
)
fakes = []
for key, (label, gap) in zip((*primary, "ks2"), shown.items(), strict=True):
    moves = placebo_gap_in_time(gap, range(2000, 2004))
    meaning = f"{label}: change of the mean gap for a start in {{}} that did not happen, years to 2003."
    record = study.numbers(f"gap.{key}", rows=gap.rows, function=interrupted_gap)
    record.each("placebo_time.{}", moves, POINTS, meaning)
    moves[2004] = interrupted_gap(gap, trend=False).change
    fakes += [{"series": label, "year": year, "value": step} for year, step in moves.items()]
fakes = pd.DataFrame(fakes)
never = fakes[fakes["year"] < 2004].groupby("series")["value"].agg(["min", "max"])
study.holds(
    "All but English move at starts put in for a trial.",
    never.loc["English, age 14"].abs().max() < 0.5 < never["max"].drop("English, age 14").min(),
)

# %%
study.show(
    "fakes",
    charts.starts(fakes, 2004, "change of the gap, points", "year of the start"),
    title=(
        f"{never.abs().max(axis=1).idxmin()}, moves least at the starts that did not happen, by at most "
        f"{never.abs().max(axis=1).min():.1f} points"
    ),
    subtitle="Gap to England after less before, starts of 2000 to 2003 and that of 2004, percentage points",
    caption=(
        "The gap to England after less before, for starts that did not happen (hollow, 2000 to 2003, on the years to 2003) "
        "and for the start of 2004 (filled). Each mark is an estimate of its own."
    ),
    says=(
        "At the four starts that did not happen "
        + "; ".join(
            f"{name} lies between {row['min']:+.1f} and {row['max']:+.1f}" for name, row in never.iterrows()
        )
        + ". The filled marks are those of the start of 2004."
    ),
    data=fakes.round(2),
)

# %% [markdown]
# A second grid, of the same day and not in the plan, crosses subject, start, years before and after, a
# straight line or none, and the gap at 11 subtracted: that of the same year, or of the same pupils three
# years earlier. Of {num}`gap_curve.n` combinations {num}`gap_curve.positive` per cent are above zero; the median is
# {num}`gap_curve.median` points, the ends are {num}`gap_curve.low`
# and {num}`gap_curve.high`, both from lines that are continued. The median is {num}`gap_curve.by.none`
# with nothing subtracted, {num}`gap_curve.by.same_year` less age 11 in the same year and
# {num}`gap_curve.by.same_pupils` less the same pupils at 11; {num}`gap_curve.by.without`
# without a line and {num}`gap_curve.by.with` with one. Net of both line and same pupils, the step of
# 2004 is {num}`gap_curve.net.english` in English, {num}`gap_curve.net.maths` in mathematics
# and {num}`gap_curve.net.science` in science.

# %% tags=["remove-cell"]
at_fourteen, at_eleven = (
    {label: pd.Series(gap.gap, gap.years) for label, gap in ages.items()} for ages in (series, controls)
)
as_pupils = {label: gap.set_axis(gap.index + 3) for label, gap in at_eleven.items()}
gap_curve = gap_grid(
    at_fourteen,
    {"none": None, "age 11 that year": at_eleven, "same pupils at 11": as_pupils},
    range(2002, 2007),
    place="London",
    unit="percentage points",
    planned=dict(
        subject="English", start="2004", before="all", window="to 2007", control="none", trend="without"
    ),
    rows=sum(
        gap.rows for gap in (controls["English"], *series.values(), controls["maths"], controls["science"])
    ),
)
study.record_curve(gap_curve, "gap_curve")
record, points = study.numbers("gap_curve", rows=gap_curve.rows), POINTS.to(2)
shown_by = {
    "none": ("control", "none"), "same_year": ("control", "age 11 that year"),
    "same_pupils": ("control", "same pupils at 11"), "without": ("trend", "without"), "with": ("trend", "with"),
}  # fmt: skip
medians = {key: gap_curve.median_by(choice)[option] for key, (choice, option) in shown_by.items()}
words = {key: " ".join(choice) for key, choice in shown_by.items()}
record.each("by.{}", medians, points, "Median over the grid with {}.", names=words)
grid = gap_curve.specifications.assign(effect=gap_curve.raw[0])
net = grid.query(
    "start == '2004' and before == 'all' and window == 'to 2007' and control == 'same pupils at 11' and trend == 'with'"
).set_index("subject")["effect"]
meaning = (
    "{}: step of 2004 beside a line in the gap at 14 less the same pupils' gap at 11, tests 2000 to 2007."
)
record.each("net.{}", {key: net[label] for key, label in SUBJECTS.items()}, points, meaning, names=SUBJECTS)
ends = grid.loc[[grid["effect"].idxmin(), grid["effect"].idxmax()], "trend"]
study.holds("The ends of the grid both come from lines carried on.", ends == "with")
study.holds("Net of a line and of the same pupils at 11, no subject turned upwards.", net < 0)

# %%
case_figures.curve(study, gap_curve, "gap_curve", marked="plainest")

# %% [markdown]
# ## How large would it have to be?
#
# Districts differ so much in how far they moved that London would have had to gain about
# {num}`ks3_english.mde` points more than they did in English, {num}`ks3_maths.mde` in mathematics and
# {num}`ks3_science.mde` in science to be distinguished from chance. London's whole gap to England in 1997 was smaller
# than that in each subject. A complete recovery could have gone unnoticed.

# %%
study.detect("ks3_english", "ks3_maths", "ks3_science")

# %% tags=["remove-cell"]
study.holds(
    "London's whole gap to England in 1997 was smaller than the detectable difference in each subject.",
    [value(f"ks3_{key}.mde") > abs(series[label].gap[0]) for key, label in SUBJECTS.items()],
)

# %% [markdown]
# Against all listed districts, and for the poorest tenth of areas from 2009 to 2013:

# %%
study.detect("ks3_english_all", "ks3_maths_all", "ks3_science_all", "poorest_decile")

# %% [markdown]
# ## What else could explain it, and what others found
#
# **A low start.** Over all listed districts the correlation of level and gain is {num}`start_gain.english`,
# {num}`start_gain.maths` and {num}`start_gain.science` in the three subjects. Measured from the districts' line London
# is at {num}`net.english`, {num}`net.maths` and {num}`net.science`
# points (p {num}`adjusted.english.p`, {num}`adjusted.maths.p` and {num}`adjusted.science.p`). {num}`matched_all_three` districts of equal start matched its gain in all three subjects, Nottingham among
# them; Manchester, Liverpool and Knowsley in two. The programme first left London in 2006, for Greater Manchester
# {src}`UK_TF_HISTORY`.

# %% tags=["remove-cell"]
gained = {}
for subject, label in SUBJECTS.items():
    whole = study.panel(f"ks3_{subject}_all")
    start, moved = starts_and_gains(whole)
    line, record = gain_on_start(start.iloc[1:], moved.iloc[1:]), study.numbers(rows=whole.rows)
    meaning = f"Correlation over districts of the 1997 level and the gain to 2007, {label}."
    record(f"start_gain.{subject}", line.correlation, CORRELATION, meaning)
    meaning = f"London's gain beyond the districts' line of gain on start, {label}."
    record(f"net.{subject}", line.beyond(start.iloc[0], moved.iloc[0]), POINTS, meaning)
    _, gained[label] = starts_and_gains(study.panel(f"ks3_{subject}"))
moves = pd.DataFrame(gained)
as_much = (moves >= moves.loc["London"]).drop(index="London").sum(axis=1)
meaning = "Districts of equal start in all three subjects that gained at least as much as London in each."
record = study.numbers(rows=sum(study.panel(name).rows for name in primary))
record("matched_all_three", int((as_much == 3).sum()), COUNT, meaning)
study.holds(
    "Nottingham matched London's gain in all three subjects, Manchester, Liverpool and Knowsley in two.",
    as_much[["Nottingham", "Manchester", "Liverpool", "Knowsley"]] == [3, 2, 2, 2],
)
listed = moves.loc[["London", *as_much[as_much >= 2].index]]
listed = listed.astype("Float64").map(lambda v: "started higher" if pd.isna(v) else f"+{v:.0f}")
listed = listed.rename_axis("place").reset_index()

# %%
Table(
    listed,
    "Gain from 1997 to 2007, points: London and the districts of equal start that matched it in two subjects or three",
)

# %% [markdown]
# **An earlier programme.** Excellence in Cities began in September 1999 in all of inner London, Manchester, Liverpool,
# Knowsley and other cities, and reached Nottingham, Leicester and Bristol in 2000; an evaluator's page has Nottingham
# in the first phase {src}`UK_HC_20030430_EIC, SN_NFER_EIC_2004`. A study of it finds that mathematics at 14 and
# attendance rose and English did not {src}`SX_EIC_2006`; an earlier paper calls the gain small
# {src}`SX_EIC_2004`. That is the pattern seen here: London's gap in mathematics went from {num}`gap.ks3_maths.1999`
# points in the tests of 1999 to {num}`gap.ks3_maths.2003` in 2003, that in English from {num}`gap.ks3_english.1999` to
# {num}`gap.ks3_english.2003`. Of the districts of equal start {num}`eic.districts.english`, {num}`eic.districts.maths`
# and {num}`eic.districts.science` had joined by 2001. Compared with these, London gained {num}`eic.beside.english`
# points more in English, {num}`eic.beside.maths` in mathematics and {num}`eic.beside.science` in science; compared with
# the others, {num}`eic.others.english`, {num}`eic.others.maths` and {num}`eic.others.science`. This comparison was made
# on 28 November 2026 and is not in the plan.

# %% tags=["remove-cell"]
# Districts in the lists whose authority joined from 1999 to 2001, by UK_HC_20030430_EIC.
joined = """Manchester, Salford, Liverpool, Knowsley, Halton, Rochdale, Sefton, St. Helens, Leicester, Nottingham,
Bristol, Blackburn with Darwen, Blackpool, Oldham, Luton"""
joined = joined.replace("\n", " ").split(", ")
for subject, label in SUBJECTS.items():
    other = moves[label].drop("London").dropna()
    inside, own = other.index.isin(joined), moves.loc["London", label]
    record = study.numbers("eic", rows=study.panel(f"ks3_{subject}").rows)
    meaning = f"Districts of equal start in the programme, {label}."
    record(f"districts.{subject}", int(inside.sum()), COUNT, meaning)
    for key, rest in {"beside": other[inside], "others": other[~inside]}.items():
        where = "in" if key == "beside" else "not in"
        meaning = f"London's gain less the mean of districts of equal start {where} the programme, {label}."
        record(f"{key}.{subject}", own - rest.mean(), POINTS, meaning)

# %% [markdown]
# **Better prepared pupils.** Pupils tested at 14 from 2004 to 2007 had sat the tests at 11 when the gap at that age was
# within two points. From the tests of 2000–2003 to those of 2004–2007 the gap at 14 moved by {num}`cohort.english.raw`,
# {num}`cohort.maths.raw` and {num}`cohort.science.raw` points; less the same pupils' gap at 11, by
# {num}`cohort.english.change`, {num}`cohort.maths.change` and {num}`cohort.science.change`. More than half of the
# movement was already there at 11. This was not in the plan, and levels at the two ages differ.

# %% tags=["remove-cell"]
words = {key: f"{years[0]} to {years[-1]}" for key, years in COHORTS.items()}
for subject, name in SUBJECTS.items():
    late, early = at_fourteen[name], as_pupils[name]
    growth = late - early
    record = study.numbers(f"cohort.{subject}", rows=series[name].rows + controls[name].rows)
    parts = {key: growth[list(years)].mean() for key, years in COHORTS.items()}
    meaning = f"Gap to England at 14 less the same cohort's gap at 11, {name}, tests {{}}."
    record.each("{}", parts, points, meaning, names=words)
    raw = late[list(COHORTS["after"])].mean() - late[list(COHORTS["before"])].mean()
    change = parts["after"] - parts["before"]
    meaning = f"Change of the gap at 14 from the tests of 2000-2003 to those of 2004-2007, {name}."
    record("raw", raw, points, meaning)
    record("change", change, points, f"Change of it, {name}.")
    study.holds(f"More than half of the movement in {name} is there at 11.", change < raw / 2)
    study.holds(
        f"Those tested in {name} from 2004 to 2007 sat the tests at 11 with a gap within two points.",
        early.loc[2004:2007].abs() <= 2,
    )

# %% [markdown]
# **What studies find.** One dates the advantage of London's poor pupils to the mid-1990s and gives ethnic mix about a
# sixth of its growth {src}`LF_036`; one puts the gains at 16 mostly down to primary schools {src}`LF_037`; in a
# third, make-up accounts for all of the 2013 progress premium on one measure and half on others {src}`LF_034`. In 2020
# a study of two cohorts finds poor pupils in London about eight grades ahead over eight subjects, most of it explained by
# home and attitudes {src}`SX_LESSOF_2020`. A review credits London Challenge, Teach First, academies and local support
# together {src}`LF_038`; the ministry's evaluation of City Challenge was read on its landing page only
# {src}`SX_CITYCH_2012`, a union's summary puts {num}`hutchings_poor_pupils` per cent of inner London's poor
# pupils at five good passes in 2012 {src}`SX_HUTCH_NUT`.
#
# **Teach First itself.** One study puts the gain of early partner schools at about
# {num}`allen_schools_best_eight` grade in one of a pupil's best eight subjects, that of departments at
# over {num}`allen_departments_subject` per cent of a grade {src}`LF_031`; a follow-up has departments about a tenth
# of a grade behind at first and {num}`allen_follow_up_subject` per cent ahead by the third year {src}`LF_040`. For later
# recruits, in England as a whole, the gain is small, positive and significant {src}`LF_033, LF_030`: about
# {num}`nfer_departments_results` standard deviations as the press prints it {src}`LF_032`. Of a report of 2010
# on classroom and leadership impact only the start was readable {src}`SX_MUIJS_2010`.
#
# **Leaders.** Where Teach First and two leadership programmes served the same schools, results did not improve
# {src}`SX_EEF_AT`. A school-to-school programme after the model of London Challenge shows no effect over all
# {src}`SX_EEF_CTG`; in a randomised trial of a whole-school programme for primary schools progress differed by
# {num}`achievement_for_all` months {src}`SX_EEF_AFA`; peer review of schools could not be judged, as tests were
# cancelled {src}`SX_EEF_SPP`. In Teach First's programme for serving leaders staff report improvement; the finding read
# is not about pupils' results {src}`SX_NFER_2022`. A value-added study of heads in England puts the gap between a
# strong and a weak head at {num}`heads_value_added` grades in total {src}`SX_EPI_2023`. None of these is about
# ambassadors in London's
# leading posts and London's results: no such study is among the sources read.

# %%
study.evaluations(
    {
        "london-eval-01": "allen_schools_best_eight",
        "london-eval-02": "allen_departments_subject",
        "london-eval-04": "allen_follow_up_subject",
        "london-eval-05": "nfer_departments_results",
        "london-eval-07": "burgess_progress",
        "london-eval-15": "achievement_for_all",
        "london-eval-18": "hutchings_poor_pupils",
        "london-eval-21": "lessof_best_eight",
        "london-eval-23": "middle_leaders_share",
        "london-eval-24": "heads_value_added",
    }
)

# %% [markdown]
# ## How it was coded
#
# Recruiting, placing together in one city and, in part, pathways into leadership posts are documented; the leverage
# point linked to the network is a new supply of teachers. Excellence in Cities, London Challenge and City Challenge are
# acts of government and not the network's. Shared purpose and representation were not found in the sources read. The
# codes are those of {num}`codes.by`. *Silent* does not mean zero.

# %% tags=["remove-cell"]
tied = {
    "recruit_place": ["london-01", "london-02", "london-03", "london-14"],
    "cluster": ["london-event-02", "london-event-04", "london-01", "london-03", "london-24", "london-52"],
    "alumni_pathways": ["london-11", "london-19", "london-42", "london-event-14", "london-eval-06"],
    "network": ["london-event-06"],
    "strength": ["london-eval-01", "london-eval-02", "london-eval-05", "london-eval-13"],
}

# %%
study.profile(tied)

# %% [markdown]
# ## What the sources tie to each strategy
#
# No link from strategy to results is shown. What is documented is a supply of teachers, at first for one city only.
# Until 2006 they were placed in London alone, {num}`new_participants_2003` people in 2003
# {src}`UK_WIKI_LIQUI` and {num}`new_participants_2004` in 2004 {src}`UK_TF_HISTORY`. The tests at 14 cover those years,
# and compared with districts of equal start London {num}`strategy.recruit_place.after`. London
# Challenge began in the same year {src}`LF_027`; one comparison covers both and cannot separate them, nor either of
# them from Excellence in Cities.
#
# For pathways the evidence is of another kind. Entrants of 2008 to 2012 held senior posts far more often than peers
# trained at universities {src}`LF_029`, and a study commissioned by the programme agrees for early careers
# {src}`LF_033`. That links the strategy to roles, in England as a whole. The sources read do not link roles to London's
# results: the first ambassador to lead a London school began in 2009 {src}`SN_TES_HEAD`, after the tests
# at 14 had ended. The gathering of 2023 comes later still.

# %%
study.strategies(tied)

# %% [markdown]
# ## What we can say, and how surely
#
# London's secondary results rose compared with England's. That is documented, piece by piece. Poor pupils of London, or of
# its inner part, lead those elsewhere in every series read from 2005 to 2022; in 2013 its poorest areas were
# {num}`poorest_lead.2013` points above equally poor areas in the rest of the country.
#
# How much belongs to the years after 2003 depends on the subject. Mathematics and science were already rising, under a
# programme of 1999. English turned then, while the marking of its test changed twice: the turn may be
# learning, marking or both. Adjusted for a line and for what the same pupils showed at 11, no subject turned upwards.
# Compared with places that began at a similar level, London's gain is ordinary, whether those places are matched or
# their start is adjusted for. The comparison is partial: it rests on one year before, and detects only very large
# differences. So this shows neither failure nor anyone's part in the rise.
#
# What ambassadors added is not known, and their number in London is in doubt. Published estimates concern teachers
# in schools and departments, not a body of leaders.
#
# :::{admonition} The finding in numbers
# :class: summary
# Did London's results move away from those of comparable places after 2003, when
# Teach First and London Challenge began? London's whole gap to England in 1997 was smaller than the smallest difference
# that the data could detect: a complete recovery could have gone unnoticed. At 14, compared with all listed districts
# and adjusted for where places
# started, London gained {num}`adjusted.english.att` percentage points more in English, {num}`adjusted.maths.att` in
# mathematics and {num}`adjusted.science.att` in science, where only some {num}`adjusted.maths.mde` to
# {num}`adjusted.english.mde` would have been clear of chance; over three subjects the permutation p (the share
# of places, London among them, whose largest difference is at least as large) is {num}`adjusted.family_p`. Compared
# with districts that started at most two points higher, the plan's first match, the gain is {num}`ks3_english.att`,
# {num}`ks3_maths.att` and {num}`ks3_science.att`: that match costs London about a point a subject. The rise itself is
# on record. In mathematics it was under way before 2003, alongside a government programme of 1999; the one turn, in
# English, falls on two changes
# in how that test was marked. What ambassadors contributed cannot be read from public series.
# :::

# %%
study.verdict()

# %% [markdown]
# ## What would change our mind
#
# - Yearly results at 16 by region from 1997 to 2007: a pre-period with eight other regions.
# - Where participants were placed, by school and year, and where ambassadors work, by borough and post.
# - Complete district lists, with the missing regions and years.
# - How the marking of English at 14 in 2003 and 2004 affected London and other places: teachers' own assessments of the
#   same pupils would show it.
# - Schools in Excellence in Cities by year, inside London and out.
#
# If schools with many ambassadors pulled away from schools alike in pupils and other reforms, after the leaders came
# and not before, we would call the claim supported; if not, the public record would speak against it.

# %% [markdown]
# ## What to do with it
#
# For those who decide here. Each line rests on rows of this page; [who holds what is missing](../insights/missing_data.md#london)
# and [nine pieces of advice](../insights/lessons.md) for any place stand on pages of their own.
#
# - **What the record supports.** Take no single part out of the city's rise. In mathematics a government programme was
#   at work in inner London before the first cohort came {src}`SX_EIC_2006`, and the turn in English falls on changes in
#   how the test was marked {src}`SN_TWFY_2004, SN_TIMES_2004`. Plan nothing on the count of the deck: it would be
#   {num}`ever.share_low` to {num}`ever.share_high` per cent of all who ever trained in London.
# - **What to count or ask for.** From Teach First, placements by school and year, and ambassadors by borough and post.
#   From the department, results at 16 by region for 1997 to 2007, and results at 14 as first marked and as reviewed.
# - **What would change our mind.** Schools with many ambassadors pulling away from schools alike in pupils and reforms,
#   after the leaders came and not before, would be support. No difference between them would speak against it.

# %% tags=["remove-cell"]
study.finish()
