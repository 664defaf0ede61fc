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
# # Huari, Peru: a cluster in the Andes
#
# {.lead}
# Reading in Huari moved ahead of most other provinces while mathematics did not, and provinces without the project
# moved as far in both directions, so the record speaks neither for the project nor against it.
#
# {sure}`huari`
#
# ```{chart} huari.placebos
# ```
#
# - The share of fourth-graders who read at the level asked for moved by {num}`reading.att` percentage points beyond
#   the other provinces; the data fit anything from {range}`reading.att`.
# - In mathematics it moved by {num}`maths.att` points; the data fit anything from {range}`maths.att`.
# - The project works in a part of the districts. To show in the mean of the province, these would have had to gain
#   about {num}`dilution.needed` points more than others; less than that is lost in the two ranges above.
#
# **What else could explain it.** Districts that start low tend to gain more, schools left the published results, and
# the pandemic lies between the tests. Beside the provinces in which, as in Huari, most people had Quechua as their
# mother tongue, the gain in reading is gone ({num}`reading_quechua.att` points).
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
case_id = "huari"

# %% tags=["remove-cell"]
from statistics import NormalDist

import pandas as pd
from leadership_effects.data.provenance import rows_named, rows_of
from leadership_effects.effects.gains import gain_on_start, rank_from_top
from leadership_effects.report import case_figures, charts
from leadership_effects.report.numbers import COUNT, PER_CENT, POINTS, SHARE, Unit
from leadership_effects.report.study import Study
from leadership_effects.report.tables import Table

study = Study.open(release, case_id)
registry = study.registry


def unit_name(unit_id):
    """Return the name that keys have for a province, or for the region where no unit is named."""
    return (unit_id or "ancash").split("/")[-1].removeprefix("ancash-").replace("-", "_")


# %% [markdown]
# ## The question
#
# A group of fellows was placed together in one rural education office instead of being spread over the country, and a
# mining company, a local office and several municipalities joined them. Did reading and mathematics in the province's
# primary schools then move away from those of the neighbouring provinces?
#
# Three other explanations would look the same. A poor district that scores low in one year tends to score higher in the
# next, with or without a project. The results of small schools swing widely from year to year. And the pandemic fell
# between the second and
# the third test. The comparison below is with other provinces of the same region, tested with the same instrument on
# the same days. They share the ministry and the pandemic, not the language: some lie on the coast or have Spanish as mother tongue, Huari
# lies in the east, where most people grew up with Quechua {src}`SN_INEI_1993`.

# %% [markdown]
# ## Place and system
#
# Ancash is a region of Peru and Huari one of its provinces. Where the network's slide deck mentions a small town
# {src}`LF_001`, the data and the operators' pages mean a province with an education office. The district files list
# {num}`districts_treated` districts of Huari and {num}`districts_others` elsewhere in Ancash. The project
# itself works in {num}`districts` districts of that education office {src}`LF_043`, which no source names,
# so here the whole province stands in for them. No public source read gives the number of pupils, teachers or schools
# in the province.
#
# **Language.** In the census of 1993 Quechua was the mother tongue of {num}`language.huari` per cent in Huari,
# {num}`language.mariscal_luzuriaga` in Mariscal Luzuriaga, {num}`language.carlos_f_fitzcarrald` in Carlos F. Fitzcarrald,
# {num}`language.asuncion` in Asunción and {num}`language.pomabamba` in Pomabamba, against {num}`language.ancash` in all of
# Ancash. Spanish was the mother tongue of over {num}`language.spanish_above` per cent in
# {num}`language.spanish_provinces` provinces that the comparison below also uses: Pallasca, Santa, Huarmey, Casma,
# Ocros and Corongo {src}`SN_INEI_1993`. No figure was read for the other provinces. The census is old; it shows how the
# provinces differ, not how many speak Quechua today.

# %%
case_figures.locating_map(study, "provinces of Ancash", "Huari", study.panel("reading").units[1:])

# %% tags=["remove-cell"]
spoken = study.release.table("languages")
quechua, spanish = (spoken[spoken["language"] == name] for name in ("Quechua", "Spanish"))
census = "Mother tongue {}, census of 1993, {{}}."
names = {row.Index: unit_name(row.unit_id) for row in quechua.itertuples()}
for at, name in names.items():
    row = quechua.loc[[at]]
    record = study.numbers("language", rows=rows_of(study.release, "languages", row))
    record(
        name, float(row["percent"].iloc[0]), PER_CENT, census.format("Quechua").format(row["place"].iloc[0])
    )
mostly = spanish[spanish["percent_low"].notna()]
record = study.numbers("language", rows=rows_of(study.release, "languages", mostly))
meaning = (
    "Share with Spanish as mother tongue, census of 1993, printed as over this in each of six provinces."
)
record("spanish_above", float(mostly["percent_low"].min()), PER_CENT.to(0), meaning)
record(
    "spanish_provinces", len(mostly), COUNT, "Provinces of Ancash in which Spanish was that of over so many."
)
districts = study.outcome("ece4p_reading").query("unit_type == 'district'")
own, others = (
    districts[inside] for inside in (districts["parent"] == "Huari", districts["parent"] != "Huari")
)
record, treated = study.numbers(), own["unit_id"].nunique()
record("districts_treated", treated, COUNT, "Districts of Huari with a result in any year.", rows=own)
meaning = "Other districts of Ancash with a result in any year."
record("districts_others", others["unit_id"].nunique(), COUNT, meaning, rows=others)
for subject in ("reading", "maths"):
    for where, unit, kind in (("ancash", "Ancash", "region"), ("peru", "Peru", "country")):
        for year in (2016, 2024):
            study.level(f"{subject}.{where}.{year}", f"ece4p_{subject}", unit, year, unit_type=kind)
study.levels("{}.{}", "ece4p_reading", {"chavin": "Chavin de Huantar"}, (2016, 2018, 2024))
for year in (2019, 2022):
    study.level(f"maths.peru.{year}", "ece4p_maths", "Peru", year, unit_type="country")

# %% [markdown]
# Ancash as a whole was below the country in 2016: {num}`reading.ancash.2016` against
# {num}`reading.peru.2016` per cent in reading, {num}`maths.ancash.2016` against
# {num}`maths.peru.2016` in mathematics. In 2024 it was {num}`reading.ancash.2024` against
# {num}`reading.peru.2024`, and {num}`maths.ancash.2024` against {num}`maths.peru.2024`
# {src}`LA_PE1`.
#
# The results of single districts swing widely. In Chavín de Huántar {num}`chavin.2016` per cent of
# fourth-graders reached the satisfactory level in reading in 2016, {num}`chavin.2018` in 2018 and
# {num}`chavin.2024` in 2024 {src}`LA_PE1, LA_PE2`. The release has no number of pupils by district, so we cannot work
# out how much of such a swing is chance. A province made of districts like this one can move a long way in two years
# for no lasting reason. Any story about its averages has to deal with that first.

# %% [markdown]
# ## Leadership build-up
#
# Several people tell the story of the project. In the company's podcast three partners plan it in 2016, Enseña Perú,
# the mining company Antamina and Toronja, and the local education office joins by agreement {src}`LF_041`.
# The movement's chief executive speaks of a coalition with further firms launched in 2017 {src}`LF_042`. The
# file for an award has it at work in {num}`districts` districts since that year {src}`LF_043`. The funder says that
# schools asked to renew in 2018 and that a programme for serving teachers was added. The project's own first
# measurement came in 2019; no result of it was found {src}`LF_044`. All of these people had a part in what they
# describe.
#
# Up to 2021 the award file counts {num}`serving_teachers` local teachers, {num}`schools`
# schools, {num}`municipalities` municipalities, {num}`communities` communities and
# {num}`families` families {src}`LF_043`. These are people and places reached. The file does not say whether any of
# those teachers, parents or officials came to lead, or what they then did. No post held in the province by a former
# fellow was found in the sources read.
#
# For the country as a whole there is a count by post. Of {num}`national_alumni_2016` alumni in December 2016,
# {num}`national_alumni_in_ministry` worked in the Ministry of Education {src}`SN_TFALL_PERU_2016`. That is {num}`national_ministry_share`
# per cent, by the network's own count. The page does not say what they did there, or whether any of it reached Huari.
#
# No source read counts Huari's fellows or alumni year by year. A first group of
# {num}`first_fellows` fellows {src}`LF_041` and a later total of {num}`fellows`
# {src}`LF_001` agree only if the second is cumulative, which no source says. The start is disputed too: some
# pages date it from the idea of 2016, others from the coalition and the work of 2017. The plan takes 2017. If
# fellows taught in 2016, the one year before was already touched. Counts without a year stay out of the
# chart.
#
# Around the project the movement grew, from fewer than {num}`national_people_2010` people in 2010
# {src}`LF_049` to {num}`national_regions_2016` regions in 2016, with {num}`national_alumni_aim_2025` alumni as its aim for 2025
# {src}`SN_TFALL_PERU_2016`. In June 2020 close to {num}`national_participants_2020` people took part, of whom about
# {num}`national_fellows_2020` were two-year fellows and {num}`national_teachers_and_principals_2020` serving teachers and
# principals {src}`LF_048`. In the pandemic {num}`national_teachers_who_finished_modules` serving teachers finished modules
# that it offered with the ministry {src}`SN_REVISTA_2020`. A later column has {num}`national_new_people_a_year` new people of
# every kind a year and more than {num}`national_people_2024` in all {src}`LF_049`.
#
# The chief executive also speaks of four further areas in the Andes and the Amazon and of {num}`provinces` provinces in
# all {src}`LF_042`, without a date. With dates, those provinces could become further cases.

# %%
case_figures.timeline(study, "Huari")

# %%
study.facts(
    {
        "huari-01": "fellows",
        "huari-02": "first_fellows",
        "huari-03": "serving_teachers",
        "huari-04": "schools",
        "huari-05": "municipalities",
        "huari-06": "communities",
        "huari-07": "families",
        "huari-08": "districts",
        "huari-09": "provinces",
        "huari-10": "national_people_2010",
        "huari-11": "national_participants_2020",
        "huari-12": "national_fellows_2020",
        "huari-13": "national_teachers_and_principals_2020",
        "huari-14": "national_people_2024",
        "huari-15": "national_alumni_2016",
        "huari-16": "national_alumni_in_ministry",
        "huari-17": "national_regions_2016",
        "huari-18": "national_alumni_aim_2025",
        "huari-19": "national_teachers_who_finished_modules",
        "huari-20": "national_new_people_a_year",
        "huari-21": "pupils_claimed",
        "huari-22": "pupils_reached",
    }
)

# %% tags=["remove-cell"]
posts = study.release.table("leadership").set_index("leadership_id", drop=False).loc[["huari-15", "huari-16"]]
alumni, in_ministry = posts["value"]
meaning = "Alumni in the Ministry of Education over all alumni, national, December 2016."
record = study.numbers(rows=rows_of(study.release, "leadership", posts))
record("national_ministry_share", 100 * in_ministry / alumni, PER_CENT.to(0), meaning)

# %% [markdown]
# ## What is claimed
#
# The deck credits seven years and {num}`pupils_claimed` pupils with better results and names no measure,
# baseline or comparison {src}`LF_001`. Counted back from 2023, seven years lead to 2016, the year of the
# first test used here, so the claim can at least be compared with the right series. The award file has
# {num}`pupils_reached` pupils reached by 2021 {src}`LF_043`; the two may differ only in date. The operators report whom
# they reached. Reach is not learning.
#
# **A figure from the network.** A page of Teach For All reports a quasi-experiment of a university in Lima: pupils of Enseña
# Perú's teachers gained {num}`programme_pupils_sd` standard deviations, in tests of 2012 to 2018, and those of Efecto Áncash
# {num}`efecto_ancash_sd` on average {src}`SX_TFALL_RESEARCH`. The study was not read. We do not know which schools,
# grades and years it covers, what they are compared with, or how sure the figures are. Both are larger than what
# [studies of other partners](../synthesis/evaluations.ipynb) mostly find.
#
# The public series neither support it nor contradict it. Suppose scores are normally distributed, and every pupil of
# the project's districts gained as much: their share at the satisfactory level would rise by about
# {num}`reported.in_districts` points, and the mean of the province by about {num}`reported.in_province`. A difference
# clear of chance would have to be several times as large, as the section on detection shows.
#
# The funder says that learning rose in the project's classrooms by 2018 {src}`LF_044`. It may have. From 2016
# to 2018 reading moved by {num}`reading_2018.treated_change` points in Huari and by
# {num}`reading_2018.donor_change` in the other provinces, so some rise in those classrooms was likely either way. Only
# the classrooms' own results, compared with those of similar classrooms, could show more, and they are not public.

# %%
study.claims(
    {
        "huari-claim-01": ["ece4p_reading", "ece4p_maths"],
        "huari-claim-03": ["ece4p_reading", "ece4p_maths"],
    }
)

# %% [markdown]
# ## Is the data comparable?
#
# The ministry tested every fourth-grader in 2016, 2018 and 2024 and published districts where enough schools and
# pupils took part. The years between are samples and have no district results. A district enters the main panel only
# if it was published in all three years; districts are then averaged within their province. That leaves
# {num}`reading.n_donors` comparison provinces.
#
# The published results of 2024 leave out schools tested in an indigenous language. That changes who is counted most
# where Quechua is spoken, in Huari and its eastern neighbours, and least where Spanish is the mother tongue. So from
# 2018 to 2024 the comparison with all provinces mixes what pupils learned with which schools are in the mean.

# %%
study.breaks("ece4p_reading", "ece4p_maths")

# %%
study.donors("reading")

# %%
panel = study.panel("reading")
study.show(
    "paths",
    charts.paths(panel, study.start),
    title=case_figures.against_mean(panel, "Huari"),
    subtitle=f"Fourth-graders at the satisfactory level in reading, provinces of Ancash, {panel.years[0]} to {panel.years[-1]}, per cent",
    caption=(
        "Fourth-graders at the satisfactory level in reading, per cent: Huari, the other provinces of Ancash and their mean."
    ),
    says=(
        f"Huari starts at {panel.y[0, 0]:.1f} per cent, below the comparison mean of {panel.donor_mean[0]:.1f}, and ends at "
        f"{panel.y[0, 2]:.1f} against {panel.donor_mean[2]:.1f}. The {panel.n_donors} other provinces fan out widely on "
        "both sides."
    ),
    data=charts.paths_frame(panel),
)

# %% [markdown]
# ## How far did results move?
#
# The plan asks for two-way fixed effects, since there is one pre-period, with both subjects as a pair. Reading in
# Huari went from {num}`reading.treated_pre` to {num}`reading.treated_post` per cent on average over 2018
# and 2024, the other provinces from {num}`reading.donors_pre` to {num}`reading.donors_post`: a difference
# of {num}`reading.att` points. In mathematics the difference is {num}`maths.att` points. The two subjects
# disagree in sign.

# %%
windows = [
    "reading",
    "reading_2018",
    "reading_2024",
    "reading_late",
    "maths",
    "maths_2018",
    "maths_2024",
    "maths_late",
]
study.estimate(*windows)

# %% tags=["remove-cell"]
study.family(
    "pair_p",
    ["reading", "maths"],
    "p of the larger of the two subjects' differences, by the largest statistic.",
)
study.estimate("reading_population", "maths_population")

# %% [markdown]
# ## Could luck explain it?
#
# Each other province is treated as if it were Huari and compared with the rest, leaving Huari out. Huari ranks
# {num}`reading.rank` of {num}`reading.places` in reading and {num}`maths.rank` of
# {num}`maths.places` in mathematics. Corrected for testing two subjects, p is {num}`pair_p`.
# The chart at the head of this page shows all of them.

# %% tags=["remove-output"]
sets = {
    "reading": study.placebos("reading"),
    "mathematics": study.placebos("maths"),
}
frame = charts.placebos_frame(sets, "Huari")
study.show(
    "placebos",
    charts.placebos(sets, "Huari", "percentage points"),
    title=case_figures.among("Huari", "other provinces", sets),
    subtitle=(
        f"Difference from {panel.years[panel.n_pre]} on beyond that of the others, percentage points, each province of "
        "Ancash treated in turn"
    ),
    caption="Huari's difference next to those of the other provinces, each treated in turn as if the project had been there.",
    says=(
        "Grey ticks show the estimates of other provinces; Huari's point lies inside the ticks in both rows, right of zero "
        "in reading and left of zero in mathematics."
    ),
    data=frame,
)

# %%
study.robustness("reading")

# %%
study.robustness("maths")

# %% [markdown]
# ### Provinces of the same language
#
# The provinces differ in language, and could have moved apart for that reason without the project. Two comparisons look
# at this.
# The first leaves out the six provinces of Spanish mother tongue; {num}`reading_not_spanish.n_donors` remain. The
# second keeps only those in which a majority had Quechua as mother tongue in 1993, as far as read {src}`SN_INEI_1993`:
# Asunción,
# Carlos F. Fitzcarrald and Mariscal Luzuriaga. The fourth such province, Pomabamba, has no district that was published in all three years.
#
# The gain in reading goes from {num}`reading.att` points to {num}`reading_not_spanish.att` and {num}`reading_quechua.att`; in mathematics
# the difference goes from {num}`maths.att` to {num}`maths_not_spanish.att` and {num}`maths_quechua.att`. The two
# provinces that moved furthest in reading, Corongo up and Pallasca down, are both among the six. With
# {num}`reading_quechua.n_donors` provinces, whose own changes spread by a standard deviation of {num}`reading_quechua.donor_sd`
# points, p cannot fall below {num}`reading_quechua.floor`, so the last comparison only describes. Both were added after
# the results were known, because a reader pointed out the language.
#
# This changes one thing. The only sign in favour of the project was a gain in reading. Compared with the neighbours
# that are most like Huari, there is no such gain. That is no evidence against the project either, because such a
# comparison could not have found it.

# %%
study.estimate("reading_quechua", "maths_quechua", "reading_not_spanish", "maths_not_spanish")
study.detect("reading_quechua", "maths_quechua", "reading_not_spanish", "maths_not_spanish")
kept = {
    "all other provinces": "{}",
    "without the six of Spanish mother tongue": "{}_not_spanish",
    "Quechua-majority provinces alone": "{}_quechua",
    "all, districts by their population, 2016 to 2024": "{}_population",
}
shown = {"n_donors": "provinces", "att": "difference, points", "p": "p (permutation)"}
rows = [
    {"subject": label, "compared with": words}
    | {
        column: registry.text(f"{key.format(subject)}.{name}")
        for name, column in shown.items()
        if f"{key.format(subject)}.{name}" in registry.results
    }
    for subject, label in (("reading", "reading"), ("maths", "mathematics"))
    for words, key in kept.items()
]
order = study.placebos("reading")
moved = dict(zip(study.panel("reading").units[1:], order.effects, strict=True))
study.holds(
    "Corongo up and Pallasca down are the extremes in reading.",
    max(moved, key=moved.get) == "Corongo",
    min(moved, key=moved.get) == "Pallasca",
)
study.holds(
    "The gain in reading shrinks and is gone.",
    registry.value("reading.att") > registry.value("reading_not_spanish.att") > 0,
    registry.value("reading_quechua.att") <= 0,
)
study.holds(
    "The Quechua-majority set is those three.",
    study.panel("reading_quechua").units[1:] == ("Asuncion", "Carlos F. Fitzcarrald", "Mariscal Luzuriaga"),
)
Table(
    pd.DataFrame(rows).fillna("not given"),
    "The difference from provinces of the same language, and with other weights",
)

# %% [markdown]
# ### Other windows and weights
#
# The answer depends on choices that have nothing to do with the project. From 2016 to 2024 alone it is
# {num}`reading_2024.att` in reading and {num}`maths_2024.att` in mathematics; weighting districts by
# their population of 2016 makes that {num}`reading_population.att` and {num}`maths_population.att`. Up to
# 2018 alone even mathematics is above zero, at {num}`maths_2018.att`. Starting from 2018 instead of 2016 gives
# {num}`reading_late.att` and {num}`maths_late.att`, and 2018 already lies inside the project's years.

# %% [markdown]
# Small provinces swing more by chance. With each difference divided by the noise expected from the
# province's population, p is {num}`reading.p_by_size` in reading (plain {num}`reading.p`) {cite:p}`ferman2019`; in
# mathematics differences do not shrink with population, and the division would change nothing. With each
# province or each later year left out in turn, reading stays between {num}`reading.loo_low` and
# {num}`reading.loo_high`, and between {num}`reading.lpo_low` and {num}`reading.lpo_high`;
# mathematics between {num}`maths.loo_low` and {num}`maths.loo_high`, and between
# {num}`maths.lpo_low` and {num}`maths.lpo_high`. One year before the start cannot show a trend, so a trend cannot be
# tested, no earlier start can be tried, and a synthetic control cannot be made.
#
# The next chart, an event study, follows every province's gap to the others, counted from 2016. A province whose line
# is outside the solid pair had moved further than nearly all others by that year; Huari's is outside in
# {num}`reading.event_outside` later years. The chart after it puts the provinces in order of their
# difference over both years.

# %%
case_figures.event_study(study, "reading", "Reading")

# %%
case_figures.ranks(study, "reading", "Reading")

# %% [markdown]
# ### The specification curve
#
# How much of the answer comes from the way the comparison is made? A specification curve runs every combination that
# the plan's grid allows of subject, start, years, comparison set, weights and scale. Language is not among them. The grid is mechanical;
# it was fixed on 25 November 2026, after the results of release 2026.1 were known. The data allow {num}`curve.n`
# combinations. The results are in placebo SD; one of these is about the usual difference between two ordinary provinces. The
# planned one is at {num}`curve.planned`, the median at {num}`curve.median`,
# the ends at {num}`curve.low` and {num}`curve.high`; {num}`curve.positive` per cent lie
# above zero. Each of {num}`curve.places` provinces was run through the same grid; Huari's median is an ordinary one
# among theirs, p {num}`curve.p`. The choice of subject changes the answer most: the median is
# {num}`curve_reading.median` in reading (p {num}`curve_reading.p`) and
# {num}`curve_maths.median` in mathematics (p {num}`curve_maths.p`).

# %%
curve = study.curve()
case_figures.curve(study, curve)

# %% tags=["remove-cell"]
for subject in ("reading", "maths"):
    study.record_curve(curve.part(outcome=[subject]), f"curve_{subject}")

# %%
case_figures.options(study, curve)

# %%
case_figures.places(study, curve)

# %%
study.not_varied()

# %% [markdown]
# ### One look at secondary school
#
# The release holds one other public result, for a single year: second grade of secondary school, from school files
# whose year, 2019, is inferred {src}`LA_PE3`. Huari's schools average {num}`secondary.reading.value`
# points in reading, rank {num}`secondary.reading.rank` of {num}`secondary.places` provinces from
# the top, and {num}`secondary.maths.value` in mathematics, rank {num}`secondary.maths.rank`. One year shows where a
# province is, not whether it moved. Huari is in the lower half, as it was
# in fourth-grade reading before the project.

# %% tags=["remove-cell"]
for subject in ("reading", "maths"):
    rows = study.outcome(f"ece2s_{subject}_schoolmean").query("unit_type == 'province'")
    score, record = rows.set_index("name")["value"], study.numbers(f"secondary.{subject}", rows=rows)
    meaning = f"Mean of school means, second grade of secondary school, 2019, {subject}: {{}} of Huari."
    record("value", float(score["Huari"]), Unit("UMC points", 0), meaning.format("value"))
    record("rank", rank_from_top(score, "Huari"), COUNT, meaning.format("rank"))
meaning = "Provinces of Ancash with a mean of school means."
study.numbers(rows=rows)("secondary.places", len(score), COUNT, meaning)
primary = study.outcome("ece4p_reading").query("unit_type == 'district' and parent == 'Huari'")
published = primary.groupby("year")
meaning = "Districts of Huari published in {}, reading."
study.numbers("published").each("{}", published.size(), COUNT, meaning, rows=published.get_group)

# %% [markdown]
# ## How large would it have to be?
#
# With so few provinces, and results that move this much, only a very large difference would have been clear of chance.
# In reading it would have had to reach about {num}`reading.mde`
# percentage points, in mathematics {num}`maths.mde`. The smallest p-value this comparison can produce is
# {num}`reading.floor`, so it cannot reach the usual five per cent level whatever happened in Huari.
#
# The province is also not the project. If all districts counted alike, {num}`districts` of
# {num}`districts_treated` would carry {num}`dilution.share` per cent of the province's mean. To move that mean in
# reading by enough to be clear of chance, the project's districts would have had to gain
# about {num}`dilution.needed` points more than others, in a province where
# {num}`reading.treated_pre` per cent had reached the level before. A comparison of provinces that differ this much
# cannot find a project of this size.

# %%
study.detect("reading", "maths")

# %% tags=["remove-cell"]
count = study.release.table("leadership").query("leadership_id == 'huari-08'")
behind = rows_of(study.release, "leadership", count) + study.panel("reading").rows
share = float(count["value"].iloc[0]) / registry.value("districts_treated")
record = study.numbers(rows=behind)
record("dilution.share", 100 * share, PER_CENT.to(0), "Districts of the project among those of the province.")
record(
    "dilution.needed",
    registry.value("reading.mde") / share,
    POINTS.to(0).as_level(),
    "Detectable difference in reading over that share.",
)

# %% [markdown]
# ## What else could explain it, and what others found
#
# **Regression to the mean.** Districts that stood low in 2016 tended to gain more by 2024 without the project too:
# over the comparison districts the correlation between level and change is {num}`rtm_reading` in reading and
# {num}`rtm_maths` in mathematics. Measured from that line instead of from the plain mean, Huari's districts are at
# {num}`net_reading` and {num}`net_maths` points.

# %% tags=["remove-cell"]
for subject in ("reading", "maths"):
    rows = study.outcome(f"ece4p_{subject}").query("unit_type == 'district' and year in (2016, 2024)")
    wide = rows.pivot(index=["parent", "name"], columns="year", values="value").dropna()
    change = wide[2024] - wide[2016]
    inside = wide.index.get_level_values("parent") == "Huari"
    line = gain_on_start(wide.loc[~inside, 2016], change[~inside])
    net = line.beyond(wide.loc[inside, 2016], change[inside]).mean()
    record, meaning = (
        study.numbers(rows=rows),
        "Correlation of 2016 level and 2016-2024 change over other districts",
    )
    record(f"rtm_{subject}", line.correlation, SHARE, f"{meaning}, {subject}.")
    record(f"net_{subject}", net, POINTS, f"Mean change of Huari's districts beyond that line, {subject}.")

# %% [markdown]
# **Who is counted.** Of Huari's districts {num}`published.2016` were published in 2016,
# {num}`published.2018` in 2018 and {num}`published.2024` in 2024 {src}`LA_PE1, LA_PE2`. Those that drop out are not a
# random few if they are the ones with many schools tested in an indigenous language. The
# main panel keeps the districts seen three times and thereby leaves out exactly these. In the districts that stay,
# single schools may have left the mean in 2024 too, in Huari more than where Spanish is the mother tongue.
#
# **Dilution.** The project's districts lie somewhere inside the province, and no source says which grades had
# fellows; fourth grade may not have been among them. A real gain could be missed entirely.
#
# **A bundle.** Placements, a programme for serving teachers {src}`LF_044`, company money and
# {num}`municipalities` municipalities came together {src}`LF_041, LF_043`; amounts are not public. Even
# a clear gain could not be divided among them. The sources read do not say whether the province's schools had other
# money in these years, from the mine or from the state. That is unknown, not absent.
#
# **The pandemic.** The tests of 2024 measure recovery as well as anything else. In the country the share at
# the satisfactory level in mathematics was {num}`maths.peru.2019` per cent in 2019,
# {num}`maths.peru.2022` in 2022 and {num}`maths.peru.2024` in 2024, the first two from samples
# {src}`LA_PE1`. A province that opened its schools sooner than its neighbours, or later, would differ from them for
# that reason alone.
#
# **What speaks for the project.** Its people would say, with reason, that reading stays above zero whichever
# province or later year is left out ({num}`reading.loo_low` and {num}`reading.lpo_low` at the
# least), and once low starts are allowed for ({num}`net_reading`). A project that works would look like that. So do
# several provinces without one, and mathematics, tested with the
# same pupils, says the opposite.
#
# But compared with the provinces where a majority speaks Quechua, the difference in reading changes sign
# ({num}`reading_quechua.att`).
#
# **Published studies.** No study of Huari alone was found in the sources read. What the network's page reports of the
# university's study, {num}`efecto_ancash_sd` standard deviations for Efecto Áncash {src}`SX_TFALL_RESEARCH`, is for the
# project in the region, and of pupils whom it taught, not of the province. RAND asked alumni of Enseña Perú about their
# ties: they work together widely, mostly within their cohorts {src}`LF_045`. That is about the whole country, and about
# ties, not results.
#
# Two national studies are about school heads, not about this programme. Choosing heads by a merit examination went
# together with no change in towns and a loss at first in the countryside {src}`SX_REACH_PE`; comparative report cards
# for heads of
# secondary schools, in a randomised trial, moved reading by {num}`report_cards.low` to {num}`report_cards.high`, the lower
# end in the countryside {src}`SX_CIUP`. Both were read in summaries.

# %%
study.evaluations({"huari-eval-02": "programme_pupils_sd", "huari-eval-03": "efecto_ancash_sd"})

# %% tags=["remove-cell"]
studies = study.release.table("evaluations").set_index("evaluation_id", drop=False)
cards = studies.loc[["huari-eval-05"]]
record = study.numbers("report_cards", rows=rows_of(study.release, "evaluations", cards))
for end in ("low", "high"):
    meaning = f"Report cards for heads of secondary schools, Peru: {end} end of the estimates, reading."
    record(end, float(cards[f"estimate_{end}"].iloc[0]), Unit("SD", 2, signed=True), meaning)
reported = studies.loc[["huari-eval-03"]]
gain = float(reported["estimate"].iloc[0])
start = study.panel("reading").means[0][0] / 100
normal = NormalDist()
moved_to = 1 - normal.cdf(normal.inv_cdf(1 - start) - gain)
behind = rows_of(study.release, "evaluations", reported) + study.panel("reading").rows
record = study.numbers("reported", rows=behind)
level, points = 100 * (moved_to - start), POINTS.to(0).as_level()
meaning = "Rise of the share at the satisfactory level, from Huari's of 2016, if all gained what the network reports."
record("in_districts", level, points, meaning)
meaning = "The same times the project's share of districts: rise of the province's mean."
spread = behind + rows_named(study.release, "leadership", "huari-08")  # the districts of the project
record("in_province", level * registry.value("dilution.share") / 100, points, meaning, rows=spread)
study.holds(
    "A difference clear of chance would have to be several times as large.",
    registry.value("reading.mde") > 3 * registry.value("reported.in_province"),
)

# %% [markdown]
# ## How it was coded
#
# Placing, clustering, convening and training serving teachers are documented. The sources read do not say whether
# leaders come from the communities they serve. On strength there is the network's report of a study of its teachers'
# pupils. On how strong anyone is as a leader, there is only the partners' word. Posts outside the classroom are counted
# only for the whole country.
#
# The table gives the codes of {num}`codes.by`. *Silent* means that nothing was
# found in the sources read. It is not a zero.

# %% tags=["remove-cell"]
tied = {
    "recruit_place": ["huari-event-04", "huari-01", "huari-02"],
    "cluster": ["huari-01", "huari-08"],
    "develop_serving": ["huari-03"],
    "convene": ["huari-05"],
    "network": ["huari-eval-01"],
    "strength": ["huari-eval-02", "huari-eval-03"],
    "orientation": ["huari-event-02", "huari-event-03"],
    "resources": ["huari-event-05"],
}

# %%
study.profile(tied)

# %% [markdown]
# ## What the sources tie to each strategy
#
# No link from strategy to results is shown. What is documented is who did what, and when. The partners planned the
# project in 2016 {src}`LF_041`. In 2017 a coalition was launched {src}`LF_042` and work began
# in {num}`districts` districts {src}`LF_043`; in 2018 a programme for serving teachers was added
# {src}`LF_044`. Of seven strategies both readings find {num}`strategy.documented` documented.
#
# Clustering came shortly before results in time. It began between the tests of 2016 and 2018, and compared with its
# neighbours the province {num}`strategy.cluster.after`. The same comparison serves placing, convening
# and developing teachers at once, so it could not have separated them even if the province had differed clearly. That
# schools asked to renew is the funder's account {src}`LF_044`; how office, companies and municipalities now
# work together is the partners' {src}`LF_041, LF_043`.
#
# Whether it helps to place peers together, or to train teachers who are there already, this comparison cannot say: it
# could not have detected a difference of ordinary size, and nowhere is the same programme spread out instead. On what
# pupils of the
# project learned, the sources read have only the network's figure {src}`SX_TFALL_RESEARCH`.

# %%
study.strategies(tied)

# %% [markdown]
# ## What we can say, and how surely
#
# A cluster of fellows and a coalition of office, companies and municipalities were built in Huari. The operators
# document that. Reading in the province gained on all other provinces by an amount that several provinces without the
# project matched. It did not gain on those that share its language, and mathematics did not gain. The comparison is
# partial, with one baseline year and a disputed start. The network reports that the project's own pupils did better;
# whether they did is not known here. The design could have detected only a very large change, so the absence of a clear
# signal says
# little against the project, just as
# the reading gain says little for it.
#
# :::{admonition} The finding in numbers
# :class: summary
# The question: did fourth-graders of Huari province move away from those of other provinces of
# Ancash, after a group of fellows was placed there together and a coalition formed around them?
#
# What the data could detect: the project works in {num}`districts` of {num}`districts_treated` districts. To move the
# province's reading by enough to be clear of chance, these would have had to gain about {num}`dilution.needed`
# percentage points more than others. This comparison of provinces could not have found a project of this
# size.
#
# What the data show: reading moved by {num}`reading.att` points beyond the other provinces and mathematics the other way.
# Provinces without the project moved as far in both directions. Compared with the provinces in which, as in Huari, most
# people had Quechua as their mother tongue, the gain in reading is gone.
#
# What they cannot say: whether the project's pupils did better. The network reports a study that finds a large gain for
# them; the study was not read. The cluster and the coalition are documented by those who made them.
# :::

# %%
study.verdict()

# %% [markdown]
# ## What would change our mind
#
# - The names of the project's districts and the schools with fellows by year: the comparison could then be made where
#   the project was.
# - The ministry's district files for second grade 2007 to 2016 and for secondary schools 2015 to 2019: a real
#   pre-period, and a test of whether Huari was already moving.
# - Pupil numbers behind the district shares, to weight them properly.
# - The project's internal measurement of 2019, and the university's study with its schools, years and errors.
# - Mother tongue by province from a later census, and which schools left the published results of 2024.
#
# If Huari's project districts, once named, beat nearly all similar districts after 2017 and not before, we would call
# the comparison full and the claim supported. If they did not, we would say that the public data speak against it.

# %% [markdown]
# ## What to do with it
#
# For those who decide here. Each line rests on rows of this page; [who holds what is missing](../insights/missing_data.md#huari)
# and [nine pieces of advice](../insights/lessons.md) for any place stand on pages of their own.
#
# - **What the record supports.** Neither spreading the project nor ending it. The mean of the province is the wrong place
#   to look: the project works in {num}`districts` of {num}`districts_treated` districts, which would have had to gain
#   about {num}`dilution.needed` points more than others to show there. If it goes to further districts, draw by lot which
#   begin first, and test before they do.
# - **What to count or ask for.** From Enseña Perú and Antamina, the names of the districts, the schools with fellows by
#   year, the internal measurement of 2019 {src}`LF_044`, and the study behind the network's average
#   {src}`SX_TFALL_RESEARCH`. The ministry's files for second grade from 2007 to 2016 are public {src}`LA_PE2`.
# - **What would change our mind.** Project districts ahead of nearly all similar districts after 2017 and not before:
#   support. Not ahead, with the years before in hand: evidence against.

# %% tags=["remove-cell"]
study.finish()
