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
# # Rio Grande Valley, United States: a rise without a start
#
# {.lead}
# Pupils of the Rio Grande Valley came to go further through school and college, other regions of Texas match the rise,
# and the record holds no years from before the programme to compare it with.
#
# {sure}`rio_grande_valley`
#
# ```{chart} rio_grande_valley.placebos
# ```
#
# - Between the cohorts of 1997 to 1999 and those of 2009 to 2011 the share who later earned a degree or certificate
#   moved by {num}`degree.att` percentage points beyond the other regions; the data fit anything from
#   {range}`degree.att`.
# - The share who went on to higher education moved by {num}`enrolled.att` points; the data fit anything from
#   {range}`enrolled.att`, so the usual drift between regions could account for it.
# - Graduates of 2015 from IDEA, the schools that two former corps members began, were {num}`idea.share.2011` per cent
#   of their cohort: too few to account for the turn in diplomas.
#
# **What else could explain it.** The rise in degrees ran at one pace throughout, as a trend that was there before
# would, and neighbours at the border rose as well. Diplomas turned in the early 2000s, when IDEA opened its first
# school {src}`SN_RGG_2020`. Studies of the programme's teachers cover Texas, not the Rio Grande Valley by itself.
#
# **How sure.** The two words above are the comparison and the verdict. The first says how well the place could be
# compared, and nothing of how good the programme is. The second says whether results moved by a size that matters more
# than elsewhere ([both words](../methods.md#two-words-for-a-case)): here {num}`verdict_why` of before and after. The points
# above set late cohorts beside early ones, in the Rio Grande Valley and in other regions, without a year from before the programme.
#
# ```{evidence}
# ```

# %% tags=["parameters"]
release = ""  # the newest
case_id = "rio_grande_valley"

# %% tags=["remove-cell"]
from dataclasses import replace

import altair as alt
import numpy as np
import pandas as pd
from leadership_effects.counting import cardinal
from leadership_effects.data.grid import grid_plan
from leadership_effects.data.panels import build_panel
from leadership_effects.data.provenance import provenance, rows_named
from leadership_effects.effects import inference
from leadership_effects.effects.estimators import drift_adjusted
from leadership_effects.effects.gains import rank_from_top, starts_and_gains
from leadership_effects.report import case_figures, charts
from leadership_effects.report.charts.parts import TICK, shapes
from leadership_effects.report.descriptions import list_in_words
from leadership_effects.report.figures import DONOR, GRID, TREATED
from leadership_effects.report.numbers import (
    COUNT,
    P_VALUE,
    PER_CENT,
    POINTS,
    POINTS_A_YEAR,
    PUPILS,
    TEXT,
    Unit,
)
from leadership_effects.report.study import Study
from leadership_effects.report.tables import Table

study = Study.open(release, case_id)
registry = study.registry

REGION = "Region 01 (Edinburg)"
VALLEY = ["Cameron County", "Hidalgo County", "Starr County", "Willacy County"]
OUTCOMES = {
    "degree": "degree",
    "degree_disadvantaged": "degree, disadv.",
    "enrolled": "college entry",
    "enrolled_disadvantaged": "college, disadv.",
    "graduated": "school diploma",
    "graduated_disadvantaged": "diploma, disadv.",
}
COUNTIES = {
    "degree_counties": "degree, 4 counties",
    "enrolled_counties": "college, 4 counties",
    "graduated_counties": "diploma, 4 counties",
}


def later_change(key, found, table, first, last, words):
    """Record region 01's change between two years beside the mean of the others, and return it as a line."""
    record, step = study.numbers(key, rows=found), table[last] - table[first]
    own, rest, rank = step[REGION], step.drop(REGION).mean(), rank_from_top(step, REGION)
    record("own", own, POINTS, f"{words}, {first} to {last}.")
    record("others", rest, POINTS, "Mean change of the other regions.")
    return record, (f"{first} to {last}", own, rest, rank)


# %% [markdown]
# ## The question
#
# In 2020 the network listed the Rio Grande Valley as an example of alumni leadership {src}`LF_009`. Teach For America has sent
# teachers there since 1991 {src}`LF_099`, and two of them, who came in the 1990s, founded IDEA Public Schools
# {src}`SN_IDEA_2020`. Did the paths of the Rio Grande Valley's pupils, through school and on to college, move away from those
# of pupils elsewhere in Texas?
#
# That question can be answered. Whether leadership had a part in it cannot. A comparison needs a time before the
# programme; the first cohort of the public record sat in eighth grade in fiscal year 1997, when the programme
# had been there for six years {src}`US_THECB_COHORTS, LF_099`.
# Its own counts by year begin in 2011, when the record of cohorts ends. The dates of what its alumni did begin in 1998.
#
# So what follows compares early and late cohorts. It shows whether there is anything to explain.

# %% [markdown]
# ## Place and system
#
# The Rio Grande Valley here is the counties of Cameron, Hidalgo, Starr and Willacy. They belong to education service region
# 01, which also takes in Webb County, that is Laredo {src}`US_THECB_COHORTS`. The region is the unit for the
# comparison; the four counties together are a check that leaves Laredo out.

# %%
case_figures.locating_map(
    study, "education service regions of Texas", REGION, study.panel("degree").units[1:]
)

# %% tags=["remove-cell"]
cohorts = study.outcome("tx_cohort_degree_pct")
poor_cohorts = study.outcome("tx_cohort_degree_pct_econdis")
valley = cohorts.query("unit_type == 'county' and name in @VALLEY")
sizes = valley.groupby("year")["n_pupils"].sum()
record, meaning = study.numbers("cohort.valley"), "Eighth-graders in the four counties, {}."
of_year = valley.groupby("year").get_group
record.each("{}", sizes[[1998, 2012]], PUPILS, meaning, rows=of_year)
for year in (1997, 2012):
    every, poor = (
        frame.query("unit_type == 'region' and year == @year") for frame in (cohorts, poor_cohorts)
    )
    total = every.set_index("name")["n_pupils"]
    share = 100 * poor.set_index("name")["n_pupils"] / total
    record, meaning = study.numbers(rows=pd.concat([every, poor])), f"Eighth-graders in region 01, {year}."
    own = every[every["name"] == REGION]
    record(f"cohort.region.{year}", total[REGION], PUPILS, meaning, rows=own)
    meaning = f"Disadvantaged share, region 01, {year}."
    record(f"poor.region.{year}", share[REGION], PER_CENT, meaning)
    meaning = f"Mean disadvantaged share of the other regions, {year}."
    record(f"poor.others.{year}", share.drop(REGION).mean(), PER_CENT, meaning)
behind, size = cohorts.query("year == 2012 and (name == @REGION or name in @VALLEY)"), total[REGION]
meaning = "The four counties as a share of region 01, cohort of 2012."
study.numbers(rows=behind)("valley_share", 100 * sizes[2012] / size, PER_CENT.to(0), meaning)
ends = {"region": REGION, "texas": "Texas"}
study.levels("degree.{}.{}", "tx_cohort_degree_pct", ends, (1997, 2011))

# %% [markdown]
# The four counties had {num}`cohort.valley.1998` eighth-graders in 1998 and {num}`cohort.valley.2012` in 2012,
# {num}`valley_share` per cent of the region. The region is poorer than the rest: {num}`poor.region.1997` per cent
# of its cohort of 1997 counted as economically disadvantaged, against {num}`poor.others.1997` on average elsewhere.
# By 2012 the figures were {num}`poor.region.2012` and {num}`poor.others.2012`. The others grew poorer faster, which
# can flatter the region in a comparison of all pupils. So where the release has it, the figure for disadvantaged pupils
# is printed next to that for all.

# %% [markdown]
# ## Leadership build-up
#
# **Schools founded by two corps members.** Tom Torkelson and JoAnn Gama came as corps members in 1997
# {src}`SN_TFA_IDEA_2019` and started an after-school programme in Donna in 1998. On 3 March 2000 the state granted
# it a charter, and IDEA opened with {num}`idea_pupils_2000` pupils in grades 4 to 8; its first class finished
# school in 2007 {src}`SN_IDEA_2020`. In 2005 it planned {num}`idea_schools_planned` schools in the Rio Grande Valley by 2012
# {src}`SN_IDEA_HISTORY`. In August 2009 it had more than {num}`idea_pupils_2009` pupils in {num}`idea_schools_2009`
# schools, all in the Rio Grande Valley {src}`SN_VALLEYVOICE_2009`. Later counts take in other regions: {num}`idea_pupils_2017`
# in 2017 {src}`SN_RGG_2017`, more than {num}`idea_pupils_2019` in the school year 2018-19 {src}`SN_RGG_2020` and
# nearly {num}`idea_pupils_2020` in March 2020 {src}`SN_IDEA_2020`.
#
# Both founders left under criticism: Torkelson in April 2020, over spending plans that included a leased jet
# {src}`SN_SAR_2021`, Gama in May 2021, after a review of misuse of the organisation's money {src}`SN_MYRGV_2021`. She
# sued in November 2022, saying that her spending had been approved and that she was blamed for what came before her
# {src}`SN_MYRGV_2022`; the suit was settled {src}`SN_ANJ_GAMA`. In March 2024 the state put two conservators over the
# schools {src}`SN_KURV_2024`.
#
# **RGV FOCUS, a coalition that is not the programme's.** Since 2012 it has brought together superintendents, college
# presidents and others of the Rio Grande Valley's four counties {src}`SN_EDTX_HISTORY`. It is a collective-impact body
# that others convened; no part that the programme played in it was found in the sources read.
#
# **The programme's own counts.** In 2012 it had {num}`corps_members_2012` corps members, {num}`new_2012` of them
# new {src}`LF_100`. By the growth it reports some {num}`new_2011` were new in 2011; the two intakes of a two-year
# term would make up that count. About 2013 a local magazine counts {num}`new_2013` new {src}`SN_RGVISION_105`;
# about 2014 the same magazine says that the corps had tripled from 30 to {num}`corps_members_2014`
# {src}`SN_RGVISION_GARCIA`. These cannot all be right, and nothing read explains the difference. Two pages without a date
# give {num}`corps_members_later` {src}`LF_101` and {num}`corps_members_grant` {src}`SN_KLEBERG_RGV`.
#
# Later intakes are smaller: {num}`new_2016` new in 2016 and {num}`new_2017` in 2017 {src}`SN_TEA_2017`,
# {num}`new_2022` in 2022 {src}`SN_TFA_RGV_2022`, more than {num}`new_2023` about 2023 {src}`SN_TBB_RGV_45`, more
# than {num}`new_2025` in 2025 {src}`SN_PERIODICO_2025`.
#
# **Alumni.** An undated page counts {num}`alumni_in_education` alumni in education, {num}`alumni_who_teach` of them
# teachers {src}`LF_101`; the other posts are not named. About 2014 the programme said that
# {num}`alumni_still_in_education` per cent of its alumni were still in education {src}`SN_RGVISION_GARCIA`, an
# earlier grant notice that about {num}`stayed_in_schools` of those trained since 1991 had stayed in the area's
# schools {src}`SN_KLEBERG_RGV`.
#
# **Where they come from.** Of the {num}`new_2013` new about 2013, {num}`local_university_2013` came from the
# Rio Grande Valley's own university {src}`SN_RGVISION_105`. That university sent {num}`local_university_2023` graduates to the
# national corps in 2023 {src}`SN_UTRGV_2023` and {num}`local_university_2024` in 2024 {src}`SN_UTRGV_2024`. The sources
# do not say how many of them teach in the Rio Grande Valley.

# %%
case_figures.timeline(study, "the Rio Grande Valley")

# %%
study.facts(
    {
        "rio-grande-valley-01": "teachers_since_1991",
        "rio-grande-valley-02": "corps_members_2012",
        "rio-grande-valley-03": "alumni_in_education",
        "rio-grande-valley-04": "alumni_who_teach",
        "rio-grande-valley-05": "corps_members_later",
        "rio-grande-valley-06": "new_2012",
        "rio-grande-valley-07": "new_2013",
        "rio-grande-valley-08": "corps_members_2014",
        "rio-grande-valley-09": "alumni_still_in_education",
        "rio-grande-valley-10": "new_2016",
        "rio-grande-valley-11": "new_2017",
        "rio-grande-valley-12": "new_2022",
        "rio-grande-valley-13": "new_2023",
        "rio-grande-valley-14": "new_2025",
        "rio-grande-valley-15": "local_university_2023",
        "rio-grande-valley-16": "local_university_2024",
        "rio-grande-valley-17": "local_university_2013",
        "rio-grande-valley-18": "idea_pupils_2000",
        "rio-grande-valley-19": "idea_pupils_2009",
        "rio-grande-valley-20": "idea_pupils_2017",
        "rio-grande-valley-21": "idea_pupils_2020",
        "rio-grande-valley-22": "new_2011",
        "rio-grande-valley-23": "corps_members_grant",
        "rio-grande-valley-24": "stayed_in_schools",
        "rio-grande-valley-25": "pupils_taught_2012",
        "rio-grande-valley-26": "idea_schools_2009",
        "rio-grande-valley-27": "idea_schools_planned",
        "rio-grande-valley-28": "idea_pupils_2019",
        "rio-grande-valley-29": "idea_graduates_2015",
    }
)

# %% tags=["remove-cell"]
ALL_GRADES = 13
for key, row, year, grades in (
    ("scale_check", "rio-grande-valley-25", 2012, ALL_GRADES),
    ("idea.share.2001", "rio-grande-valley-18", 2001, 5),
    ("idea.share.2010", "rio-grande-valley-19", 2010, ALL_GRADES),
    ("idea.share.2011", "rio-grande-valley-29", 2011, 1),
):
    cohort = cohorts.query("unit_type == 'region' and name == @REGION and year == @year")
    pupils = study.release.table("leadership").set_index("leadership_id")["value"].astype(float)[row]
    spread = f" spread evenly over {grades} grades," if grades > 1 else ""
    meaning = f"{pupils:,.0f} pupils{spread} as a share of region 01's cohort of {year}."
    behind = provenance(cohort) + rows_named(study.release, "leadership", row)
    share = 100 * pupils / grades / float(cohort["n_pupils"].iloc[0])
    study.numbers(rows=behind)(key, share, PER_CENT, meaning)

# %% [markdown]
# ## What is claimed
#
# The network's words of 2020 carry no number {src}`LF_009`. Teach For America's {num}`pupils_taught_2012` pupils
# taught in 2012 {src}`LF_100` cannot be found in a public series. Spread evenly over thirteen grades they would be
# {num}`scale_check` per cent of a cohort of the region: too few to show much in an average.
#
# Two counts are not right as they are printed. A page of 2019 gives the Rio Grande Valley {num}`idea_pupils_2019`
# pupils of IDEA
# {src}`SN_TFA_IDEA_2019`; that was the size of all its regions together {src}`SN_RGG_2020`. That the corps tripled
# to {num}`corps_members_2014` {src}`SN_RGVISION_GARCIA` does not fit the programme's own count of 2012
# {src}`LF_100`.
#
# Two claims are about results. IDEA says that every class since 2007 was accepted to college in full
# {src}`SN_IDEA_HISTORY`; that counts those who reach the last grade, not those who left before. The other is of
# Texas: that pupils of the programme's teachers pass the state's test as often as others or more often
# {src}`SX_SMU_2024`. It is discussed with the published studies below.

# %%
study.claims()

# %% [markdown]
# ## Is the data comparable?
#
# The state follows every public eighth-grade cohort for eleven years and counts who earned a high-school diploma in
# Texas, entered a Texas college, and earned a degree or certificate there {src}`US_THECB_COHORTS`. Years below are
# the fiscal year in grade 8. The plan puts degrees first, the end of the path, and compares the cohorts of 1997 to
# 1999 with those of 2009 to 2011.
#
# Diplomas jump everywhere from the cohort of 2005 to that of 2006, by {num}`jump.low` to
# {num}`jump.high` points and by {num}`jump.own` in region 01. Degrees
# fall in every region in the cohort of 2012, by {num}`fall.mean` on average, which looks
# like a shorter follow-up, so that cohort is left out.
#
# {num}`crossed.count` county cohort cannot be right as printed: in {num}`crossed.where`, {num}`crossed.enrolled` per cent
# entered a Texas college and only {num}`crossed.graduated` per cent earned a diploma, where the cohorts before and after it
# show {num}`crossed.before` and {num}`crossed.after`. The diplomas look incomplete. The row stays as it is published. It is
# a comparison county of one check, that of diplomas in the four counties: whichever county is left out there, the difference lies from
# {num}`graduated_counties.loo_low` to {num}`graduated_counties.loo_high` points.

# %% tags=["remove-cell"]
diplomas, degrees = (study.series(f"tx_cohort_{key}_pct", "region") for key in ("hs_grad", "degree"))
step = diplomas.table[2006] - diplomas.table[2005]
jump = {
    "mean": (step.mean(), "Mean change of diplomas over all regions, cohorts 2005 to 2006."),
    "low": (step.min(), "Smallest such change."),
    "high": (step.max(), "Largest such change."),
    "own": (step[REGION], "Such change in region 01."),
    "gap": (step[REGION] - step.drop(REGION).mean(), "The same beyond the mean of the other regions."),
}
study.numbers("jump", rows=diplomas.at(years=[2005, 2006])).many(POINTS, jump)
table = degrees.table
step = table[2012] - table[2011]
fall = {
    "mean": (step.mean(), "Mean change of degrees over all regions, cohorts 2011 to 2012."),
    "low": (step.min(), "Largest fall."),
    "high": (step.max(), "Smallest fall."),
}
study.numbers("fall", rows=degrees.at(years=[2011, 2012])).many(POINTS, fall)
counties = pd.concat(
    [
        study.outcome(f"tx_cohort_{key}_pct").query("unit_type == 'county'")
        for key in ("he_enrolled", "hs_grad")
    ]
)
enrolled, graduated = (
    counties[counties["indicator_id"].str.contains(key)] for key in ("he_enrolled", "hs_grad")
)
both = enrolled.merge(graduated, on=["name", "year"], suffixes=("_enrolled", "_graduated"))
crossed = both[both["value_enrolled"] > both["value_graduated"]]
(odd,) = crossed.itertuples()
diplomas_there = graduated[graduated["name"] == odd.name].set_index("year")["value"]
behind = counties[(counties["name"] == odd.name) & counties["year"].between(odd.year - 1, odd.year + 1)]
record = study.numbers("crossed", rows=behind)
record(
    "count",
    cardinal(len(crossed)).capitalize(),
    TEXT,
    "County cohorts with more college entrants than graduates.",
    rows=counties,
)
record(
    "where",
    f"{odd.name} in {odd.year}",
    TEXT,
    "The county cohort with more college entrants than graduates.",
)
shares = {
    "enrolled": (odd.value_enrolled, f"College entry of the cohort of {odd.year}."),
    "graduated": (odd.value_graduated, f"Diplomas of the cohort of {odd.year}."),
    "before": (diplomas_there[odd.year - 1], "Diplomas of the cohort before it."),
    "after": (diplomas_there[odd.year + 1], "Diplomas of the cohort after it."),
}
record.many(PER_CENT, shares)

# %%
study.breaks("tx_cohort_degree_pct", "tx_cohort_he_enrolled_pct", "tx_cohort_hs_grad_pct")

# %%
study.donors("degree")

# %%
shown = {
    "Region 01": table.loc[REGION],
    "El Paso": table.loc["Region 19 (El Paso)"],
    "San Antonio": table.loc["Region 20 (San Antonio)"],
    "mean of the 19 others": table.drop(REGION).mean(),
}
paths = pd.DataFrame(shown).loc[:2011].rename_axis("year").reset_index().melt("year", var_name="series")
paths = paths[["series", "year", "value"]]
study.show(
    "paths",
    charts.lines(paths, "per cent with a degree or certificate"),
    title=(
        f"The Rio Grande Valley goes from {shown['Region 01'].loc[1997]:.0f} to {shown['Region 01'].loc[2011]:.0f} per cent with "
        f"a degree, the mean from {table.drop(REGION).mean().loc[1997]:.0f} to {table.drop(REGION).mean().loc[2011]:.0f}"
    ),
    subtitle="Share of each eighth-grade cohort that later earned a degree or certificate in Texas, cohorts of 1997 to 2011, per cent",
    caption=(
        "Share of each eighth-grade cohort that later earned a degree or certificate in Texas: region 01, the two regions "
        "that moved further and the mean of all the others."
    ),
    says="The series are cohorts of pupils, and all four lines end higher than they start.",
    data=paths.round(2),
)

# %% [markdown]
# ## How far did results move?
#
# No effect is estimated here; this is a description. The share with a degree was
# {num}`degree.region.1997` per cent in the cohort of 1997 (Texas {num}`degree.texas.1997`) and
# {num}`degree.region.2011` in that of 2011 (Texas {num}`degree.texas.2011`). Between the early and late cohorts it
# moved by
# {num}`degree.att` points more than in the other regions. For college entry the contrast
# is {num}`enrolled.att`, for diplomas {num}`graduated.att`.
#
# Among disadvantaged pupils the three are {num}`degree_disadvantaged.att`,
# {num}`enrolled_disadvantaged.att` and {num}`graduated_disadvantaged.att`: the
# degree contrast shrinks, the other two vanish. The four counties without Laredo are {num}`degree_counties.att` points
# beyond the other counties in degrees,
# {num}`enrolled_counties.att` in college entry and {num}`graduated_counties.att`
# in diplomas.

# %%
study.estimate(
    *OUTCOMES, caption="Early against late cohorts, region 01, with ranks among the twenty regions"
)

# %%
study.estimate(
    *COUNTIES, caption="Early against late cohorts, the four counties together, with ranks among counties"
)

# %% tags=["remove-cell"]
largest = "p of the largest of the six regional contrasts, by the largest statistic."
study.family("six_p", list(OUTCOMES), largest)
moved = {name: starts_and_gains(study.panel(name))[1] for name in (*OUTCOMES, *COUNTIES)}
for name, change in moved.items():
    more, meaning = (
        rank_from_top(change, change.index[0]) - 1,
        "Comparison places whose plain change is larger.",
    )
    study.numbers("more", rows=study.panel(name).rows)(name, more, Unit("places", 0), meaning)
record, meaning = study.numbers(rows=study.panel("degree").rows), "Change of the degree share, {}."
neighbours = {"elpaso": "Region 19 (El Paso)", "sanantonio": "Region 20 (San Antonio)"}
change = {key: moved["degree"][unit] for key, unit in neighbours.items()}
record.each("change.{}", change, POINTS, meaning, names=neighbours)
border = {
    "maverick": "Maverick County", "val": "Val Verde County", "webb": "Webb County", "elpasohudspeth": "El Paso&Hudsp County",
}  # fmt: skip
change = {key: moved["degree_counties"][unit] for key, unit in border.items()}
record = study.numbers(rows=study.panel("degree_counties").rows)
record.each("border.{}", change, POINTS, meaning, names=border)
words = {"low": "Smallest", "high": "Largest"}
meaning = "{} change of the degree share among four border counties outside the Rio Grande Valley."
record, counted = study.numbers(), cohorts.query("unit_type == 'county'")
record.ends("border_{}", list(change.values()), POINTS, meaning, names=words, rows=counted)

# %% [markdown]
# ## Could luck explain it?
#
# Each other region in turn is treated as if it were region 01. By plain change, {num}`more.degree` regions
# moved further in degrees, {num}`more.degree_disadvantaged` among disadvantaged pupils,
# {num}`more.enrolled` in college entry and {num}`more.graduated` in diplomas;
# among the counties {num}`more.degree_counties` moved further in degrees. The p-values of the six
# contrasts run from {num}`p_low` to {num}`p_high`; that of the largest, corrected
# for six, is {num}`six_p`. The chart at the head of this page shows them.

# %% tags=["remove-cell"]
behind = pd.concat([study.outcome(i) for name in OUTCOMES for i in study.plan.panels[name].indicators])
ps = [study.placebos(name).p_value for name in OUTCOMES]
meaning, words = "{} p of the six regional contrasts.", {"low": "Smallest", "high": "Largest"}
study.numbers(rows=behind).ends("p_{}", ps, P_VALUE, meaning, names=words)

# %% tags=["remove-output"]
ROLES = ["Region 01", "other regions, each in turn"]
frame = charts.placebos_frame({label: study.placebos(name) for name, label in OUTCOMES.items()}, ROLES[0])
frame["role"] = frame["role"].where(frame["role"] == ROLES[0], ROLES[1])
frame = frame.rename(columns={"difference": "contrast"})
base = alt.Chart(frame).encode(
    x=alt.X("contrast:Q", title="contrast to the other regions, points"),
    y=alt.Y("outcome:N", title=None, sort=list(OUTCOMES.values())),
    color=alt.Color("role:N", scale=alt.Scale(domain=ROLES, range=[TREATED, DONOR])),
    tooltip=["outcome:N", "unit:N", alt.Tooltip("contrast:Q", format="+.1f")],
)
ticks = base.transform_filter(alt.datum.role == ROLES[1]).mark_tick(thickness=2, size=22, opacity=0.55)
own = base.transform_filter(alt.datum.role == ROLES[0]).mark_point(size=130, filled=True, opacity=1)
own = own.encode(shape=shapes("role", ROLES, ["circle", TICK]))
zero = alt.Chart(pd.DataFrame({"contrast": [0]})).mark_rule(color=GRID).encode(x="contrast:Q")
top = frame.loc[frame.groupby("outcome", sort=False)["contrast"].idxmax()]
top = list(top.loc[top["unit"] == ROLES[0], "outcome"])
study.show(
    "placebos",
    (zero + ticks + own).properties(height=alt.Step(charts.ROW)),
    title=f"The Rio Grande Valley's contrast is the largest in {list_in_words([one.replace(', disadv.', ' of disadvantaged pupils') for one in top]) or 'no outcome'}",
    subtitle="Late against early cohorts, contrast of each region of Texas to the others, percentage points",
    caption="Early against late cohorts: region 01's contrast next to those of the other regions, each treated in turn as if it were region 01.",
    says=(
        "Grey ticks show the contrasts of other regions. Region 01 lies furthest right in "
        f"{'; '.join(top) if top else 'no row'} and among the ticks in the other rows."
    ),
    data=frame.drop(columns="role").round(2),
)

# %% tags=["remove-cell"]
NEEDS_A_START = ("pre_trend", "detectable_drift", "breakdown", "placebo_time")
WORDS = {
    "gaps before the start over": "gaps among the early cohorts over",
    "gaps before the start": "gaps among the early cohorts",
    "comparison units": "places",
    " times that of the others": "",
    "differences rescaled": "contrasts rescaled",
    " effective places)": " effective)",
}


def described(series):
    """Checks that presuppose no start, one column a series; the others are neither shown nor kept."""
    columns = []
    for name, label in series.items():
        found = study.robustness(name, start=False).frame.set_axis(["check", label], axis=1)
        found["check"] = found["check"].str.replace(
            r"each of \S+ effective .*", "each other place left out in turn", regex=True
        )
        for old, new in WORDS.items():
            found = found.apply(lambda column, old=old, new=new: column.str.replace(old, new))
        unfit = found["check"].str.contains("earlier than the plan counts|breakdown|lead|drift|ridge")
        columns.append(found[~unfit].set_index("check"))
    return pd.concat(columns, axis=1).reset_index()


# %%
Table(described(OUTCOMES), "How far the six regional contrasts depend on the method, percentage points")

# %%
Table(described(COUNTIES), "The same for the four counties among counties, percentage points")

# %% [markdown]
# A path counted from a last year before, a test of earlier trends, fake starts and a breakdown value all need a start.
# There is none, so none of them is printed.
#
# Large places move less by chance. With each contrast divided by the noise expected of its region's size
# {cite:p}`ferman2019`, p is {num}`degree.p_by_size` for degrees (plain
# {num}`degree.p`) and {num}`enrolled.p_by_size` for college entry
# ({num}`enrolled.p`). For the degrees of disadvantaged pupils it falls from
# {num}`degree_disadvantaged.p` to {num}`degree_disadvantaged.p_by_size`,
# the smallest possible: region 01 has many such pupils and is expected to be
# {num}`degree_disadvantaged.size_ratio` times as noisy as the others. That is one of six
# contrasts; by the gaps among the early cohorts it is
# {num}`degree_disadvantaged.p_by_fit`.
#
# Where the method looks for regions that moved alike before, the contrasts shrink. Demeaned synthetic
# control gives {num}`degree.dsc` for degrees, resting in effect on
# {num}`degree.dsc_donors` regions, and {num}`graduated.dsc` for
# diplomas, resting on {num}`graduated.dsc_donors`; college entry holds at
# {num}`enrolled.dsc`.
#
# ### The specification curve
#
# A specification curve makes the comparison in many ways and shows all the answers. No start year can be
# defended, so all from 2000 to 2006 are tried, with all later cohorts or those of 2009 to 2011, four methods
# and six series. The grid was fixed mechanically on 25 November 2026, after the results of release 2026.1
# were known. For region 01 it has {num}`curve.n` specifications, from
# {num}`curve.low` to {num}`curve.high` placebo SD;
# {num}`curve.positive` per cent are above zero. The planned one is {num}`curve.planned`, the median
# {num}`curve.median`. Each of {num}`curve.places` regions was run through the same grid {cite:p}`simonsohn2020`; region
# 01's median is an ordinary one among theirs: p {num}`curve.p`, smallest possible
# {num}`curve.floor`. The four counties have {num}`curve_counties.n`
# specifications, median {num}`curve_counties.median`,
# {num}`curve_counties.positive` per cent above zero, p
# {num}`curve_counties.p` of {num}`curve_counties.places` places
# (smallest possible {num}`curve_counties.floor`).
#
# The choice of series changes the answer most. Diplomas are highest, above all with late starts: median
# {num}`curve_diplomas.median`, rank {num}`curve_diplomas.rank`, p
# {num}`curve_diplomas.p`. For disadvantaged pupils the same series has
# {num}`curve_diplomas_poor.median` (p {num}`curve_diplomas_poor.p`), and their college entry is lowest, below zero. The
# method comes next. Plainly compared, the median over all
# series is {num}`curve_plain.median` (p {num}`curve_plain.p`, the
# smallest possible); adjusted for each region's own line through the early cohorts it is
# {num}`curve_own_line.median` (p {num}`curve_own_line.p`), and
# {num}`curve_own_line.positive` per cent are above zero.

# %% tags=["remove-cell"]
curves = {"grid": study.curve(), "grid_counties": study.curve("grid_counties", "curve_counties")}
curve = curves["grid"]
for key, estimator in (("own_line", "own line out"), ("plain", "two-way fixed effects")):
    study.record_curve(curve.part(estimator=[estimator]), f"curve_{key}")
for key, series in (("diplomas", "school diploma"), ("diplomas_poor", "school diploma, disadv.")):
    study.record_curve(curve.part(outcome=[series]), f"curve_{key}")
lowest = curve.specifications.assign(effect=curve.standardised[0]).groupby("outcome")["effect"].median()
study.holds(
    "The college entry of disadvantaged pupils stands lowest, below zero.",
    lowest.idxmin() == "college entry, disadv.",
    lowest.min() < 0,
)
study.holds("Diplomas stand highest.", lowest.idxmax() == "school diploma")

# %%
case_figures.curve(study, curve)

# %%
case_figures.options(study, curve)

# %%
case_figures.places(study, curve)

# %%
case_figures.curve(study, curves["grid_counties"], "curve_counties")

# %%
kept = {"regions": study.not_varied(), "counties": study.not_varied("grid_counties")}
Table(pd.concat([table.frame.assign(curve=name) for name, table in kept.items()]), "Choices that do not vary")

# %% [markdown]
# By start year, with all later cohorts: degrees and college entry change little, though synthetic
# difference-in-differences, which gives more weight to regions and cohorts that were similar before, makes them smaller
# in the
# regions: degrees, from 2003, {num}`start.degree.2003.sdid` against
# {num}`start.degree.2003`. Diplomas change: their contrast runs from
# {num}`start.graduated.2000` to {num}`start.graduated.2006` (p
# {num}`start.graduated.2006.p`, the smallest possible). Of the
# {num}`starts.n` contrasts in the table, {num}`starts.low` have a p of
# 0.05 or less, all of them in diplomas. For disadvantaged pupils the same series runs from
# {num}`start.graduated_disadvantaged.2000` to
# {num}`start.graduated_disadvantaged.2006` and is not clear of chance.
#
# This does not show a late success. Of the move in the diploma gap from
# {num}`gap.graduated.2003` in 2003 to {num}`gap.graduated.2011` in 2011,
# {num}`jump.gap` came in the one step of 2006, where the series jumps in every region. It cannot be dismissed either:
# the gap had begun to close before.

# %% tags=["remove-cell"]
STARTS = range(2000, 2007)
METHODS = {"two-way fixed effects": "", "synthetic difference-in-differences": ".sdid"}
SERIES = OUTCOMES | COUNTIES
found = []
for grid, tried in curves.items():
    plan = grid_plan(study.plan, grid)
    first = min(plan.years)
    widest = next(iter(plan.comparisons))
    shown = tried.specifications.query("window == 'from the start' and comparison == @widest")
    for s, spec in shown[shown["estimator"].isin(list(METHODS))].iterrows():
        start, method = int(spec["start"]), spec["estimator"]
        if METHODS[method] and start - first < 5:
            continue
        own, others = tried.raw[0, s], tried.raw[1:, s][np.isfinite(tried.raw[1:, s])]
        p = inference.permutation_p(own, others)
        name = plan.outcomes[spec["outcome"]]
        key, text = f"{start}{METHODS[method]}", f"cohorts before {start} against {start} to 2011 ({method})"
        record = study.numbers(f"start.{name}", rows=study.panel(name).rows)
        printed = record(key, own, POINTS, f"Contrast, {text}.")
        record(f"{key}.p", p, P_VALUE, f"Its permutation p, {text}.")
        line = {"series": SERIES[name], "method": method, "start": start, "contrast": own, "p": p}
        found.append(line | {"shown": f"{printed} (p {p:.2f})"})
starts = pd.DataFrame(found)
behind = pd.concat([study.outcome(i) for name in OUTCOMES for i in study.plan.panels[name].indicators])
record, contrasts = study.numbers("starts", rows=behind), Unit("contrasts", 0)
record("n", len(starts), contrasts, "Contrasts over all starts, series and methods.")
low = starts[starts["p"] <= 0.05 + 1e-9]
study.holds("All contrasts with p of 0.05 or less are of diplomas.", low["series"].str.contains("diploma"))
record("low", len(low), contrasts, "Of these, with p of 0.05 or less.")

# %%
lines = starts[starts["method"] == "two-way fixed effects"].assign(
    outcome=lambda f: (
        f["series"].str.split(",").str[0].replace({"college": "college entry", "diploma": "school diploma"})
    ),
    pupils=lambda f: np.select(
        [f["series"].str.endswith("disadv."), f["series"].str.endswith("counties")],
        ["disadvantaged", "four counties"],
        "region, all",
    ),
)
grid = (
    alt.Chart(lines)
    .mark_line(strokeWidth=2.5)
    .encode(
        x=alt.X(
            "start:Q",
            title="first late cohort",
            scale=alt.Scale(domain=[min(STARTS), max(STARTS)]),
            axis=alt.Axis(format="d", values=list(STARTS), grid=False),
        ),
        y=alt.Y("contrast:Q", title="contrast, percentage points"),
        color=alt.Color("outcome:N", scale=alt.Scale(domain=["degree", "college entry", "school diploma"])),
        strokeDash=alt.StrokeDash(
            "pupils:N",
            scale=alt.Scale(
                domain=["region, all", "disadvantaged", "four counties"], range=[[1, 0], [6, 3], [2, 2]]
            ),
        ),
        tooltip=["series:N", "start:Q", alt.Tooltip("contrast:Q", format="+.1f")],
    )
)
steady = lines.loc[lines["series"] == "degree", "contrast"]
flat = alt.Chart(pd.DataFrame({"contrast": [0]})).mark_rule(color=GRID).encode(y="contrast:Q")
study.show(
    "starts",
    (flat + grid).properties(height=charts.HEIGHT),
    title=(
        f"Degrees: {steady.min():+.1f} to {steady.max():+.1f} points by any start year; diplomas: "
        f"{registry.text('start.graduated.2000')} to {registry.text('start.graduated.2006')}"
    ),
    subtitle="Region 01 (Rio Grande Valley), contrast to the other regions by first late cohort, 2000 to 2006, percentage points",
    caption="How the contrasts turn on where the early cohorts end: every start from 2000 to 2006, nine series.",
    says=(
        "The diploma lines rise with the start year, for all pupils of the region from "
        f"{registry.text('start.graduated.2000')} to {registry.text('start.graduated.2006')}; degrees of all its "
        f"pupils stay between {steady.min():.1f} and {steady.max():.1f}."
    ),
    data=lines[["series", "start", "contrast"]].round(2),
)

# %%
wide = starts.pivot(index=["method", "series"], columns="start", values="shown")
order = [(m, s) for m in starts["method"].unique() for s in starts["series"].unique()]
wide = wide.reindex(order).fillna("fewer than five early cohorts").reset_index()
Table(
    wide.rename(columns=str)[["series", "method", *map(str, STARTS)]],
    "All starts, contrast in percentage points with permutation p",
)

# %% [markdown]
# ## How large would it have to be?
#
# A test would need a stretch of years without the programme, or districts it entered at known and different
# times. The record has neither, so no p-value in this chapter tests it. It only says how far regions drift apart
# anyway. A contrast in degrees would have to reach about {num}`degree.mde` points to be clear of that drift,
# {num}`enrolled.mde` in college entry and
# {num}`graduated.mde` in diplomas. The smallest possible p is
# {num}`degree.floor`.

# %%
Table(
    study.detect(*OUTCOMES).frame.rename(columns={"before": "early", "after": "late"}),
    "How large a contrast would be clear of chance among the regions",
)

# %% [markdown]
# ## What else could explain it, and what others found
#
# **It was already under way.** Region 01's degree share gained on the others by
# {num}`rate.degree.early` points a year from the cohort of 1997 to that of 2003, and by
# {num}`rate.degree.late` from 2003 to 2011. Compared with the straight line of 1997 to 2003 the cohorts of 2009 to 2011
# are at {num}`line.degree` (rank {num}`line.degree.rank` of
# {num}`degree.places`) and, disadvantaged pupils only, at
# {num}`line.degree_disadvantaged` (rank {num}`line.degree_disadvantaged.rank`).
# College entry is at {num}`line.enrolled`. Diplomas are at {num}`line.graduated`, rank {num}`line.graduated.rank`: they
# lost ground to 2003
# and gained after, across the jump.

# %% tags=["remove-cell"]
gap_lines = []
for name, label in OUTCOMES.items():
    plan, early = study.plan.panels[name], tuple(range(1997, 2004))
    every = build_panel(study.release, replace(plan, pre=early, post=tuple(range(2004, 2013))))
    gap = pd.Series(every.y[0] - every.donor_mean, index=every.years)
    record, meaning = (
        study.numbers(rows=every.rows),
        "Region 01 less the mean of the other regions, cohort of {}.",
    )
    record.each(f"gap.{name}.{{}}", gap, POINTS, meaning)
    for key, first, last in (("early", 1997, 2003), ("late", 2003, 2011)):
        rate = (gap[last] - gap[first]) / (last - first)
        meaning = f"Gain on the other regions a year, {first} to {last}."
        record(f"rate.{name}.{key}", rate, POINTS_A_YEAR, meaning)
    line = drift_adjusted(build_panel(study.release, replace(plan, pre=early, post=(2009, 2010, 2011))))
    placebos = inference.placebo_in_space(line, "twfe")
    record = study.numbers(rows=line.rows)
    record(f"line.{name}", placebos.treated, POINTS.to(2), "Cohorts 2009-2011 against the line of 1997-2003.")
    record(f"line.{name}.rank", placebos.rank, COUNT, "Its rank.")
    record(f"line.{name}.p", placebos.p_value, P_VALUE, "Its permutation p.")
    gap_lines.append(pd.DataFrame({"series": label, "year": gap.index, "value": gap.to_numpy()}))
gap_lines = pd.concat(gap_lines, ignore_index=True)
moved_gap = registry.value("gap.graduated.2011") - registry.value("gap.graduated.2003")
largest = max(registry.value(f"idea.share.{year}") for year in (2001, 2010, 2011))
study.holds("IDEA's pupils were too few to account for the turn of diplomas.", largest < moved_gap)

# %%
pick = ["degree", "degree, disadv.", "college entry", "school diploma"]
drawn = gap_lines[gap_lines["series"].isin(pick) & (gap_lines["year"] <= 2011)]
study.show(
    "gaps",
    charts.lines(drawn, "region 01 less the others, points"),
    title=(
        f"Gap in degrees: {registry.text('gap.degree.1997')} points in 1997, {registry.text('gap.degree.2011')} in 2011; in "
        f"diplomas: {registry.text('gap.graduated.1997')} and {registry.text('gap.graduated.2011')}"
    ),
    subtitle="Region 01 (Rio Grande Valley) less the mean of the other regions of Texas, by cohort, percentage points",
    caption="Region 01's gap to the mean of the other regions by cohort: degrees and college entry climb, diplomas fall and turn.",
    says=(
        f"The years are those of cohorts. Degrees are at {registry.text('gap.degree.2003')} in 2003. Diplomas are at "
        f"{registry.text('gap.graduated.2003')} in 2003, {registry.text('gap.graduated.2005')} in 2005 and "
        f"{registry.text('gap.graduated.2006')} in 2006."
    ),
    data=drawn.round(2),
)

# %% [markdown]
# **Neighbours did it too.** The degree share moved by {num}`change.elpaso` points in El Paso's
# region and {num}`change.sanantonio` in San Antonio's, and by {num}`border_low`
# to {num}`border_high` in four border counties outside the Rio Grande Valley. New college places or another
# state policy might lie behind this; the release has a source for neither.
#
# **Tests do not show it.** The mean of the college entrance test was last or next to last of the regions every
# year from 2012 to 2021. From
# 2019 to 2023 the share meeting grade level moved by {num}`staar.reading.own` points in reading,
# against {num}`staar.reading.others` elsewhere, and by
# {num}`staar.mathematics.own` in mathematics, against
# {num}`staar.mathematics.others`, rank {num}`staar.mathematics.rank` of
# {num}`degree.places` {src}`US_TAPR_HERC`. **Graduation within four years does:** from the class of
# 2011 to that of 2021 it moved by {num}`grad4.own` against {num}`grad4.others`,
# rank {num}`grad4.rank`, and for disadvantaged pupils rank
# {num}`grad4_econdis.rank` {src}`US_TAPR_SCUOLE`.

# %% tags=["remove-cell"]
act = study.series("tx_act_mean", "region")
place = act.table.rank(method="min").loc[REGION]
meaning = "Highest rank from the bottom in any year, ACT mean."
study.numbers(rows=act)("act.worst", place.max(), COUNT, meaning)
study.levels("act.{}.{}", "tx_act_mean", ends, (2012, 2021))
later, graduates = [], {"": "all pupils", "_econdis": "disadvantaged", "_hispanic": "Hispanic"}
for code, label in graduates.items():
    found, words = study.series(f"tx_grad4{code}", "region"), "Change of four-year graduation"
    behind = found.at(years=[2011, 2021])
    record, line = later_change(f"grad4{code}", behind, found.table, 2011, 2021, words)
    record("rank", line[-1], COUNT, "Rank of the change, ties taking the better rank.")
    later.append((f"four-year graduation, {label}", *line))
for subject in ("reading", "mathematics"):
    codes = [f"tx_staar_meets_{subject}_g{grade}" for grade in range(3, 9)]
    found = study.outcome(*codes).query("unit_type == 'region' and year in (2019, 2023)")
    met = found.assign(met=found["value"] * found["n_pupils"])
    sums = met.groupby(["name", "year"])[["met", "n_pupils"]].sum()
    table, words = (sums["met"] / sums["n_pupils"]).unstack("year"), "Change of the share meeting grade level"
    record, line = later_change(f"staar.{subject}", found, table, 2019, 2023, words)
    record.each("{}", table.loc[REGION], PER_CENT, "Share meeting grade level, grades 3 to 8.")
    record("rank", line[-1], COUNT, "Rank of the change.")
    later.append((f"STAAR {subject}, grades 3 to 8", *line))

# %%
columns = ["measure", "years", "change, region 01", "change, other regions", "rank of 20"]
Table(
    pd.DataFrame(later, columns=columns),
    "Later school results: region 01 and the other regions, percentage points",
)

# %% [markdown]
# **IDEA opened as diplomas turned.** Its first school opened in August 2000 {src}`SN_RGG_2020`, the school year of
# the cohort of 2001, and its first class sat in eighth grade in that of 2003, when the diploma gap stood at
# {num}`gap.graduated.2003`. The dates match. The numbers are too small. The {num}`idea_pupils_2000` pupils
# of the first year, over five grades {src}`SN_IDEA_2020`, come to {num}`idea.share.2001` per cent of the region's
# cohort; those of August 2009 {src}`SN_VALLEYVOICE_2009`, over thirteen, to {num}`idea.share.2010`; the
# {num}`idea_graduates_2015` who finished in 2015 {src}`SN_IDEA_HISTORY` to {num}`idea.share.2011` per cent of the
# cohort of 2011. Even if none of them would have had a diploma elsewhere, they could not have moved the region's
# share by more than about that, and the gap moved from {num}`gap.graduated.2003` in 2003 to
# {num}`gap.graduated.2011` in 2011. The series cannot show what IDEA may have started in other schools. Families choose
# IDEA, which would distort any comparison of its own pupils.
#
# **Published studies.** Two sets of studies take in the programme's teachers in Texas; the programme paid for both.
#
# Turner and others (Edvance, 2012) compare matched pupils of Texas in eight ways. The federal clearing house, which
# accepts the study with reservations, lists six: pupils of novice corps members were further in mathematics of
# grades 6 to 8, by {num}`texas_novice_maths_6_8` percentile points, and pupils of alumni in reading of the same
# grades, by {num}`texas_alumni_reading_6_8`; the other four differences could not be distinguished from chance
# {src}`SX_WWC_1117`. A critical review adds mathematics of grades 6 to 8 with alumni as a third significant result
# and concludes from faults of sampling, matching and analysis that none of it can be attributed to the programme's
# teachers {src}`SX_NEPC_TX`.
#
# A centre at Southern Methodist University compared passing rates on the state's test for 2011 to 2017, with teachers
# of similar experience. Pupils were as likely or more likely to pass, more clearly so in district than in charter
# schools
# {src}`SX_SMU_2019`. Its study of 2020 to 2022 says the same, most clearly of secondary school subjects
# {src}`SX_SMU_2024`. Both pool the Rio Grande Valley with four other regions of Texas. They were read in the programme's own
# notices, without sizes and without a figure for the Rio Grande Valley.
#
# Of the programme elsewhere, a trial in grades 1 to 5 reports a difference in mathematics and none in reading
# {src}`LF_012`, and one with secondary mathematics teachers a small difference {src}`LF_013`; the chapter on
# published evaluations has the rest. All of these are about teachers in their classrooms. A conference paper of 2014
# compares principals in Texas who began in the programme with others; its results were not read {src}`SX_APPAM_2014`.
# In the sources read no study of the Rio Grande Valley by itself, of IDEA's pupils or of leaders there was found.

# %%
study.evaluations(
    {
        "rio-grande-valley-eval-01": "texas_novice_maths_6_8",
        "rio-grande-valley-eval-02": "texas_novice_maths_4_5",
        "rio-grande-valley-eval-03": "texas_novice_reading_6_8",
        "rio-grande-valley-eval-04": "texas_novice_reading_4_5",
        "rio-grande-valley-eval-05": "texas_alumni_reading_6_8",
        "rio-grande-valley-eval-06": "texas_alumni_reading_4_5",
    }
)

# %% [markdown]
# ## How it was coded
#
# Both readings find placing documented, and alumni at work beyond it: two founded IDEA. On the inflow of teachers
# they differ: one counts it as a change of resources, the other finds no source that calls it one. Both count its
# schools as a changed structure. They do not count RGV FOCUS as convening by the programme, because others convened
# it. Something is known about who the corps members are: few of one intake came from the local university. On rules,
# feedback and goals nothing was found in the sources read. The table gives the codes of {num}`codes.by`. *Silent* means not found in the sources read. It is not a zero.

# %% tags=["remove-cell"]
tied = {
    "recruit_place": ["rio-grande-valley-02", "rio-grande-valley-07", "rio-grande-valley-10"],
    "alumni_pathways": ["rio-grande-valley-event-03", "rio-grande-valley-event-04", "rio-grande-valley-03"],
    "resources": ["rio-grande-valley-02", "rio-grande-valley-03"],
    "structures": ["rio-grande-valley-18", "rio-grande-valley-19"],
    "orientation": ["rio-grande-valley-event-08"],
    "representation": ["rio-grande-valley-17"],
    "network": ["rio-grande-valley-12", "rio-grande-valley-13"],
    "strength": ["rio-grande-valley-eval-01", "rio-grande-valley-eval-07", "rio-grande-valley-eval-08"],
}

# %%
study.profile(tied)

# %% [markdown]
# ## What the sources tie to each strategy
#
# No link from strategy to results is shown. Placing teachers has run since 1991 {src}`LF_099`, with
# {num}`corps_members_2012` corps members in 2012 {src}`LF_100`. What came afterwards
# {num}`strategy.recruit_place.after`, since no cohort on record went to school before it.
#
# The alumni's path has dates: a charter in 2000, twelve schools in 2009 {src}`SN_IDEA_2020, SN_VALLEYVOICE_2009`. It is
# the founders' own path; the programme is not known to have laid it out. The turn of diplomas in the early 2000s
# matches it in time, but not in number: {num}`idea.share.2001` per cent of a cohort at the start. Matching dates with
# so few pupils prove nothing, one way or the other. Posts and dates of alumni in the districts in those years would
# show whether they had a part in the turn. These were not found in the sources read.

# %%
study.strategies(tied)

# %% [markdown]
# ## What we can say, and how surely
#
# A larger share of the Rio Grande Valley's pupils reach a diploma, college and a degree than in the first cohorts, and
# the degree share overtook the state's. These are full counts, not samples. For degrees and college entry the contrast
# with other regions is ordinary: among the largest plainly compared, gone once the earlier line is adjusted for. It ran
# at much the same pace throughout, and some neighbours match it. For disadvantaged pupils it is gone, except in
# degrees.
#
# Diplomas turned in the early 2000s, further from their earlier line than in any other region, though
# less so among disadvantaged pupils, and four-year graduation gained in later classes. Both need an explanation; the
# sources read give no means of linking them to leaders. By the plan's rule the case
# {num}`finding`.
#
# What two alumni built is documented: a network of schools of their own, from a charter in 2000 to nearly
# {num}`idea_pupils_2020` pupils in six regions when the first of them left {src}`SN_IDEA_2020`, and a departure of
# both under criticism {src}`SN_SAR_2021, SN_MYRGV_2021`. What it did for pupils would take a comparison of those
# who were drawn and those who were not; the waiting lists for it existed {src}`SN_VALLEYVOICE_2009`.
#
# :::{admonition} The finding in numbers
# :class: summary
# Did the paths of the Rio Grande Valley's pupils through school and college move away from those
# elsewhere in Texas, and had the programme's people a part in it? The data cannot answer the second half: the programme
# came six years before the first cohort on record, so there is no time before it. What the data show: between the
# eighth-grade cohorts of 1997 to 1999 and those of 2009 to 2011 the share who later earned a degree or certificate
# moved by {num}`degree.treated_change` points, and by {num}`degree.donor_change` on average in the other regions.
# Other regions match that contrast, and it ran at one pace throughout. Diplomas turned in the early 2000s, when two
# former corps members opened the first school of IDEA; its graduates of 2015 were {num}`idea.share.2011` per cent
# of their cohort, too few to account for the turn. Studies of the programme's teachers cover Texas, not the Rio Grande Valley
# by itself. Nothing here can be called a result of the programme or of its alumni, and nothing can be shown not to be one.
# :::

# %%
study.verdict()

# %% [markdown]
# ## What would change our mind
#
# - District and school results by year inside the Rio Grande Valley, with the schools where corps members and alumni worked.
# - Corps members, teachers and principals who are alumni, by year and district.
# - Cohorts before 1997, and the latest ones with full follow-up.
# - IDEA's admission lotteries: pupils drawn and not drawn, with their later diplomas and degrees.
# - The full reports on the programme's teachers in Texas, with figures for the Rio Grande Valley.
# - College places in the Rio Grande Valley by year.
#
# If districts that gained alumni leaders at known dates pulled away from others in the Rio Grande Valley after those dates and
# not before, there would be something to test. If they did not, the region's rise would rather point to what all of
# South Texas shared.

# %% [markdown]
# ## What to do with it
#
# For those who decide here. Each line rests on rows of this page; [who holds what is missing](../insights/missing_data.md#rio-grande-valley)
# and [nine pieces of advice](../insights/lessons.md) for any place stand on pages of their own.
#
# - **What the record supports.** Claim the region's rise in degrees for nobody: other regions match it, and it ran at one
#   pace throughout. The act of alumni that can be tested is IDEA: it had waiting lists {src}`SN_VALLEYVOICE_2009`, so
#   pupils drawn can be compared with pupils not drawn. Ask for that before more schools of the kind are opened.
# - **What to count or ask for.** From IDEA, its admission lotteries, and pupils and graduates of the Rio Grande Valley
#   alone: its pages count all regions together {src}`SN_IDEA_2020`. From Teach For America, corps members and alumni by
#   year, district and role. District and school results by year are public {src}`US_TAPR_SCUOLE`.
# - **What would change our mind.** Districts that gained alumni leaders at known dates pulling away from others of the
#   Rio Grande Valley after those dates and not before would be support. If all rose together, the rise points to what
#   South Texas shared.

# %% tags=["remove-cell"]
study.finish()
