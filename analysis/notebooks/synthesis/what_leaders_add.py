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
# # What research says leaders add
#
# {.lead}
# Heads differ in what their pupils learn, by less than was once thought; training them helps in some trials and not in
# others; and of the network's alumni as leaders no result was read.
#
# ```{chart} what_leaders_add.reviews
# ```
#
# - By the newest study, with noise taken out, pupils of a head who is better by one standard deviation gain
#   {num}`bartanen_husain_liebowitz_mathematics` standard deviations in mathematics {src}`SX_BHL_2022`. Older studies give
#   more.
# - A review of leadership and management programmes in poorer countries puts the average at {num}`anand_review`
#   {src}`SX_ANAND_2023`, with a standard error of at most {num}`anand_review.error`.
# - In Washington, DC, schools whose head was replaced stood {num}`walsh_dotter_washington_scores` higher by the third year
#   {src}`SX_WALSH_2020`, with a standard error of at most {num}`walsh_dotter_washington_scores.error`.
#
# **What else could explain it.** Good schools attract good heads. Where leadership was changed and compared, differences
# are small; where good schools and good leaders are merely seen together, they are large. Studies that find nothing often
# print no size.
#
# **How sure.** No kind of treatment has three independent studies whose errors were read, so nothing is averaged. Were
# the missing errors as assumed, training of heads would come to {num}`sensitivity.assumed.effect`, and the data would fit
# anything from {range}`sensitivity.assumed.effect`.
#
# ```{evidence}
# ```

# %% tags=["parameters"]
release = ""  # the newest

# %% tags=["remove-cell"]
import math

import pandas as pd
from leadership_effects.counting import agreeing
from leadership_effects.data.provenance import rows_named, rows_of
from leadership_effects.data.release import open_release
from leadership_effects.evidence.leader_pools import (
    FEWEST,
    POOLS,
    RHO,
    concordance,
    own_rows,
    school_error,
    sensitivity,
    weigh,
)
from leadership_effects.evidence.leader_studies import (
    BARE,
    BOUND,
    INTERVAL,
    ORIGINS,
    WORDS,
    forest,
    kind_of,
    look,
    printed,
    size,
)
from leadership_effects.report.charts import studies as charts
from leadership_effects.report.figures import publish
from leadership_effects.report.numbers import (
    COUNT,
    RATIO,
    Unit,
    format_interval,
    format_number,
    holds,
    row_names,
)
from leadership_effects.report.registry import Registry
from leadership_effects.report.tables import Table
from leadership_effects.rounding import is_above

SD = Unit("SD", 3)
opened = open_release(release)
registry = Registry(opened, "what_leaders_add", "analysis/notebooks/synthesis/what_leaders_add.py")
effects = opened.table("leadership_effects")

NAMES = {
    "lead-01": "cavalcanti_rio_mathematics",
    "lead-02": "cavalcanti_rio_reading",
    "lead-03": "romero_mexico_direct_mathematics",
    "lead-04": "romero_mexico_direct_language",
    "lead-05": "romero_mexico_direct_both",
    "lead-06": "romero_mexico_ten_hours_both",
    "lead-07": "romero_mexico_finished_both",
    "lead-08": "master_executive_development_reading",
    "lead-09": "master_executive_development_mathematics",
    "lead-10": "master_coaching_english",
    "lead-11": "asim_malawi_scores",
    "lead-12": "barros_jovem_de_futuro_scores",
    "lead-13": "lauterbach_rwanda_scores",
    "lead-14": "romero_grants_and_training_scores",
    "lead-15": "muralidharan_singh_india_scores",
    "lead-16": "jacob_balanced_leadership_scores",
    "lead-17": "herrmann_instructional_leadership_scores",
    "lead-18": "fryer_houston_scores",
    "lead-19": "global_school_leaders_telangana_numeracy",
    "lead-20": "beg_ghana_scores",
    "lead-21": "steinberg_pennsylvania_mathematics",
    "lead-22": "ma_high_impact_english",
    "lead-23": "tavares_sao_paulo_mathematics",
    "lead-24": "humphrey_achievement_for_all",
    "lead-25": "bartanen_husain_liebowitz_mathematics",
    "lead-26": "bartanen_husain_liebowitz_reading",
    "lead-27": "branch_texas_scores",
    "lead-28": "dhuey_smith_canada_scores",
    "lead-29": "bohlmark_sweden_outcomes",
    "lead-30": "coelli_british_columbia_english",
    "lead-31": "laing_chicago_scores",
    "lead-32": "grissom_review_mathematics",
    "lead-33": "grissom_review_reading",
    "lead-34": "zuccollo_england_gcse",
    "lead-35": "bartanen_attendance",
    "lead-36": "bartanen_first_year_mathematics",
    "lead-37": "bartanen_first_year_english",
    "lead-38": "bartanen_first_year_science",
    "lead-39": "bartanen_two_years_mathematics",
    "lead-40": "bartanen_two_years_english",
    "lead-41": "bartanen_two_years_science",
    "lead-42": "clark_new_york_scores",
    "lead-43": "steele_residency_mathematics",
    "lead-44": "walsh_dotter_washington_scores",
    "lead-45": "walsh_dotter_washington_middle_mathematics",
    "lead-46": "walsh_dotter_washington_middle_reading",
    "lead-47": "bartanen_grissom_rogers_turnover",
    "lead-48": "lemos_piza_peru_scores",
    "lead-49": "munoz_prem_chile_scores",
    "lead-50": "ruiz_tagle_chile_mathematics",
    "lead-51": "servicio_civil_chile_mathematics",
    "lead-52": "romero_management_score_first_column",
    "lead-53": "romero_management_score_second_column",
    "lead-54": "crawfurd_uganda_value_added",
    "lead-55": "bloom_eight_countries_achievement",
    "lead-56": "bloom_brazil_achievement",
    "lead-57": "di_liberto_italy_achievement",
    "lead-58": "lemos_india_value_added",
    "lead-59": "chingos_superintendents_variance",
    "lead-60": "lavy_boiko_superintendents",
    "lead-61": "superintendent_turnover",
    "lead-62": "leithwood_mascall_achievement",
    "lead-63": "hallinger_heck_reading",
    "lead-64": "shen_teacher_leadership",
    "lead-65": "pil_leana_ties",
    "lead-66": "jackson_bruegmann_mathematics",
    "lead-67": "jackson_bruegmann_reading",
    "lead-68": "achieve_together_gcse",
    "lead-69": "challenge_the_gap_results",
    "lead-70": "wu_shen_review",
    "lead-71": "anand_review",
    "lead-72": "liebowitz_porter_review",
    "lead-73": "tan_gao_shi_review",
    "lead-74": "robinson_review",
    "lead-75": "witziers_review",
    "lead-76": "gates_pipelines_reading",
    "lead-77": "gates_pipelines_mathematics",
    "lead-78": "new_leaders_to_grade_8",
    "lead-79": "new_leaders_baltimore_mathematics",
    "lead-80": "corcoran_new_york_scores",
    "lead-81": "master_three_states_scores",
    "lead-82": "master_after_a_year_english",
}
# What a study reports that prints no figure in what was read; its remark says more.
SAID = {
    "lead-13": "null",
    "lead-14": "null",
    "lead-15": "null",
    "lead-16": "null",
    "lead-17": "null",
    "lead-18": "mixed",
    "lead-21": "positive in one version",
    "lead-23": "positive",
    "lead-30": "heads differ",
    "lead-31": "heads differ, less by one method",
    "lead-42": "experience positive, training mixed",
    "lead-48": "null in towns, negative in the countryside",
    "lead-49": "positive",
    "lead-57": "positive",
    "lead-58": "positive",
    "lead-62": "positive",
    "lead-63": "positive",
    "lead-65": "positive",
    "lead-68": "null",
    "lead-69": "null",
    "lead-75": "small, positive",
    "lead-80": "null",
    "lead-81": "null",
}
names = row_names("leadership_effects", effects, NAMES)


def decimals(value):
    return len(f"{value:g}".partition(".")[2])


for row in effects.itertuples():
    name, rows = names[row.effect_id], rows_named(opened, "leadership_effects", row.effect_id)
    record = registry.numbers(rows=rows, function=printed)
    told = f"{row.study} ({row.year}), {row.leader_variable}: {row.outcome}"
    if not math.isnan(row.effect):
        record(name, row.effect, Unit(row.effect_unit, decimals(row.effect)), f"{told}.")
    elif not math.isnan(row.effect_low):
        for end, value in (("low", row.effect_low), ("high", row.effect_high)):
            unit = Unit(row.effect_unit, decimals(value))
            record(f"{name}.{end}", value, unit, f"{told}, {end} end of what is printed.")
    else:
        record(name, SAID[row.effect_id], Unit("finding"), f"{told}, in words.")
    if math.isnan(row.effect_sd) and not math.isnan(row.effect_sd_converted):
        meaning = f"{told}, converted to standard deviations of pupils."
        record(f"{name}.sd", row.effect_sd_converted, SD, meaning, function=size)
    if not math.isnan(row.se):
        meaning = f"{told}: standard error, {ORIGINS[row.se_kind]}."
        record(f"{name}.error", row.se, SD, meaning)


def behind(rows):
    listed = rows_of(
        opened, "leadership_effects", rows.reset_index(), f"{len(rows)} rows of leadership_effects.csv"
    )
    return registry.numbers(rows=listed)


def count(key, rows, meaning):
    behind(rows)(key, len(rows), COUNT, meaning)


heads = opened.table("leadership").set_index("leadership_id").loc["washington-dc-10"]
new_heads = registry.numbers(
    rows=rows_named(opened, "leadership", "washington-dc-10"), function="leadership.csv"
)
new_heads(
    "washington_new_heads",
    int(heads["value"]),
    COUNT,
    f"Washington, DC: {heads['measure']}, {heads['year']}.",
)
looks = pd.Series([look(row) for row in effects.itertuples()], index=effects.index)
kinds = effects["leader_type"].map(kind_of)
count("rows", effects, "Effects of leaders in the release.")
behind(effects)("sources", effects["source_id"].nunique(), COUNT, "Sources of these effects.")
for word in ("full text", "abstract", "secondary"):
    own = effects[effects["confidence"] == word]
    count(f"read.{word.replace(' ', '_')}", own, f"Effects read in: {word}.")
for origin, words in ORIGINS.items():
    count(
        f"error.{origin}", effects[effects["se_kind"] == origin], f"Effects whose standard error is: {words}."
    )
sized = effects[looks != WORDS]
count("sized", sized, "Effects with a size in standard deviations of pupils, a range included.")
count("interval", effects[looks == INTERVAL], "Effects drawn with an interval that was printed or derived.")
count("widest", effects[looks == BOUND], "Effects drawn with an interval at its widest.")
count("bare", effects[looks == BARE], "Effects drawn without an interval.")
count(
    "silent",
    effects[effects["pool_use"] == "no figure"],
    "Effects of studies that print no figure in what was read.",
)
trials = effects[effects["design_class"].isin(["RCT", "RCT (IV)"])]
count("trials", trials, "Effects from randomised trials.")
holds(
    "Every study without a figure is said in words.",
    set(SAID) == set(effects.loc[effects["pool_use"] == "no figure", "effect_id"]),
)
nulls = [key for key, words in SAID.items() if words == "null"]
count("nulls", effects[effects["effect_id"].isin(nulls)], "Studies that report no effect and print no size.")
training = effects[kinds == "training of serving heads"]
trials_of_training = training[training["design_class"] == "RCT"]
own = trials_of_training[trials_of_training["effect_id"].isin(nulls)]
count("training.nulls", own, "Rows of trials of training that report no effect and print no size.")
holds(
    "Achieve Together is null and prints no size; nothing in the table is about alumni as leaders.",
    SAID["lead-68"] == "null",
    not effects["leader_variable"].str.contains("alumn(?:us|i) as|led by alumni", regex=True).any(),
)

# %% [markdown]
# ## The question
#
# The network's deck of 2023 lists research on leadership effects among the work ahead {src}`LF_001`. This
# chapter sets out what is known without the network: {num}`rows` figures and findings from {num}`sources` sources on
# heads of schools, heads of districts (superintendents), courses for heads, pipelines that prepare them, and
# leadership that many hold together.
#
# [What others have found](evaluations.ipynb) holds the studies on the programme's own teachers, on its places and on
# views and careers. Studies of leaders stand here.
#
# ### How to read the charts
#
# All sizes are in standard deviations of pupils' results, the usual unit of such studies. A figure in another unit is
# converted only where the table says how; percentile points are turned into it by a normal curve, starting in the
# middle, as is the custom {cite:p}`wwc2022`.
#
# How sure a figure is, is often not known. Of the rows, {num}`read.full_text` were read in full,
# {num}`read.abstract` in an abstract and {num}`read.secondary` in a report by somebody else. A standard error is
# printed for {num}`error.printed`, follows from an exact p-value for {num}`error.derived_p`, is known as a bound for
# {num}`error.upper_bound`, and is not known for {num}`error.none`. The charts keep these apart:
#
# - **A filled mark with a thin line:** the error is printed or derived; the line is the 95 per cent interval.
# - **A hollow diamond with a broken line:** the study says that the figure is significant and no more. That sets
#   a limit to its error; the line is the interval at its widest, which then just reaches zero.
# - **A hollow square:** a figure without any error in what was read.
# - **Two marks on a pale band:** the ends of a range that the study prints.
# - **Words at the left:** no size in this unit. Nulls are often reported so, which is why they keep their line.

# %% tags=["remove-cell"]
TITLES = {
    "compared": "Heads compared",
    "districts": "Heads of districts and management",
    "changed": "Heads chosen, replaced or leaving",
    "training": "Training of serving heads",
    "pipelines": "Pipelines and preparation",
    "many": "Leadership of many",
    "reviews": "Reviews that pool studies",
}
SUBTITLES = {
    "compared": "Published sizes for pupils: a head one standard deviation higher or with more experience, standard deviations",
    "districts": "Published sizes for pupils: district heads and management one standard deviation higher, standard deviations",
    "changed": "Published sizes for pupils when heads are replaced, chosen in another way or leave, standard deviations",
    "training": "Published sizes for pupils: training, coaching and management programmes for heads, standard deviations",
    "pipelines": "Published sizes for pupils: district pipelines and programmes that prepare heads, standard deviations",
    "many": "Published sizes for pupils: collective leadership, ties and able colleagues, standard deviations",
    "reviews": "Published reviews of studies of leadership, in the unit of each review, standard deviations or correlations",
}
AXIS = "effect, standard deviations of pupils"


def show(name, kind, caption):
    frame = forest(effects, kind, SAID)
    shown = frame.rename(columns={"look": "drawn as", "value": "SD of pupils", "words": "in words"})
    chart = charts.leaders(frame, AXIS)
    words, lowest = charts.describe_leaders(frame), frame["value"].fillna(frame["low"])
    silent = int(frame[["value", "low", "high"]].isna().all(axis=1).sum())
    above = int(is_above(lowest).sum())
    title = f"{TITLES[name]}: {above} of {len(frame)} {agreeing(above, 'lies', 'lie')} above zero"
    title += f", {silent} {agreeing(silent, 'has', 'have')} no size in pupil SD" if silent else ""
    return publish(
        registry, name, chart, title=title, subtitle=SUBTITLES[name], caption=caption, says=words, data=shown
    )


def error_of(row):
    if math.isnan(row.se):
        return ORIGINS[row.se_kind]
    sign = "at most " if row.se_kind == "upper_bound" else ""
    return f"{sign}{format_number(row.se, 3)}, {ORIGINS[row.se_kind]}"


def size_of(row):
    if math.isnan(size(row)):
        return ""
    return format_number(size(row), 3) + (", converted" if math.isnan(row.effect_sd) else "")


def lines(kind):
    own = effects[kinds == kind]
    return Table(
        pd.DataFrame(
            [
                {
                    "study": f"{row.study} ({row.year}), {row.country}",
                    "what varies": row.leader_variable,
                    "design": row.design,
                    "outcome": row.outcome,
                    "as printed": printed(row) or f"{SAID[row.effect_id]}, no size",
                    "SD of pupils": size_of(row),
                    "standard error": error_of(row),
                    "years after": row.horizon_years,
                    "read": row.confidence,
                    "remark": row.note,
                    "source": row.source_id,
                }
                for row in own.itertuples()
            ]
        ),
        f"Every study: {kind}",
    )


# %% [markdown]
# ## What leaders add
#
# Heads of schools differ in what their pupils learn; heads of districts account for little of the differences between
# pupils.
#
# ### How far heads differ
#
# The first question is how much better pupils do under one head than under another.

# %%
show(
    "compared",
    "heads compared",
    "How far heads differ: effect on pupils of a head who stands one standard deviation higher or has more experience. "
    "Lines only where an interval was printed or derived.",
)

# %% [markdown]
# In Texas heads one standard deviation apart were put at {num}`branch_texas_scores.low` to
# {num}`branch_texas_scores.high` {src}`SX_BRANCH_WB`, in Sweden at {num}`bohlmark_sweden_outcomes.low` to
# {num}`bohlmark_sweden_outcomes.high` {src}`SX_BOHLMARK_2016`, in Canada at
# {num}`dhuey_smith_canada_scores.low` to {num}`dhuey_smith_canada_scores.high` {src}`SX_DHUEY_2014`. A review of
# two decades puts a head of the upper quartile, beside one of the lower, at {num}`grissom_review_mathematics` months
# of learning in mathematics and {num}`grissom_review_reading` in reading {src}`SX_GRISSOM_2021`
# {cite:p}`grissom2021`. In England a head well above the middle goes with {num}`zuccollo_england_gcse` grades more
# over all subjects at 16 than one well below it {src}`SX_EPI_2023`.
#
# **The sceptical reading.** A school's results move for many reasons while a head is in post, and a study that puts
# all of it down to the head measures noise as well. Bartanen, Husain and Liebowitz take the noise out and are left
# with {num}`bartanen_husain_liebowitz_mathematics` in mathematics and {num}`bartanen_husain_liebowitz_reading` in
# reading {src}`SX_BHL_2022` {cite:p}`bartanen2022`. In Chicago the spread of heads is much smaller by another way
# to reckon it {src}`SX_LAING_2016`, and the publisher of the review carries a later critique of its method
# {src}`SX_GRISSOM_2021`. On this reading older figures are
# upper ends.
#
# **Experience.** In Tennessee schools do better after a head's first year than with a head new to the work:
# {num}`bartanen_first_year_mathematics` in mathematics (standard error
# {num}`bartanen_first_year_mathematics.error`), less in English and in science {src}`SX_BARTANEN_DISS`. In New York
# experience pays as well, and training shows no clear pattern {src}`SX_CMR_2009`.

# %%
lines("heads compared")

# %% [markdown]
# ### Management and heads of districts

# %%
show(
    "districts",
    "heads of districts and management compared",
    "Heads of districts and scores of management: effect on pupils of one that stands one standard deviation higher. "
    "Lines only where an interval was printed or derived.",
)

# %% [markdown]
# **Management.** Schools with better scores of management have better results in several countries
# {src}`SX_BLOOM_2015, SX_CRAWFURD_2017`. With controls the relation in Mexico is
# {num}`romero_management_score_first_column` (standard error {num}`romero_management_score_first_column.error`)
# {src}`SX_ROMERO_2022`. These are associations.
#
# **Heads of districts.** In North Carolina who is superintendent accounts for
# {num}`chingos_superintendents_variance` per cent of the differences between pupils in mathematics; neither a new one nor a long-serving one goes with a gain
# {src}`SX_CHINGOS_2014` {cite:p}`chingos2014`. As a standard deviation of superintendents that is about
# {num}`chingos_superintendents_variance.sd`, by the square root. In Israel one standard deviation is
# {num}`lavy_boiko_superintendents` {src}`SX_LAVY_2017`.
#
# That is the background against which the rise in [Washington, DC](../cases/washington_dc.ipynb) has to be read. Two
# alumnae headed its schools in turn, from 2007 and from 2010. By these studies most heads of districts make little
# difference that can be measured. A rise of {num}`evaluations.washington_dc_dotter_grade_4`, as evaluators put that of
# the city's reforms in grade 4 {src}`LF_096`, is far outside what such studies find for a person, and less so for a
# change of rules, staff and structures together.

# %%
lines("heads of districts and management compared")

# %% [markdown]
# ### Heads chosen, replaced or leaving

# %%
show(
    "changed",
    "heads chosen, replaced or leaving",
    "Heads replaced, chosen in another way, or leaving: effect on pupils. No interval was printed for any; the broken "
    "line is the interval at its widest.",
)

# %% [markdown]
# **Washington, DC, is the study nearest to this book.** Under a chancellor who was an alumna
# {num}`washington_new_heads` new heads were appointed for the school year 2008-09; how many of them were alumni is not
# said {src}`SN_CITYPAPER_2008`. Walsh and Dotter compare schools that got a new head with schools of the same city
# that kept theirs. By the third year the former stood {num}`walsh_dotter_washington_scores` higher
# {src}`SX_WALSH_2020` {cite:p}`walsh2020`; in middle schools an earlier brief gives
# {num}`walsh_dotter_washington_middle_mathematics` percentile points in mathematics and
# {num}`walsh_dotter_washington_middle_reading` in reading {src}`SX_WALSH_2014`. Inside one city this tells a change of
# heads from the rest of a reform. It does not say that the new heads were alumni, and the choice of whom to replace
# was not drawn by lot.
#
# **Leaving goes with a small loss.** The year after a head leaves results stand
# {num}`bartanen_grissom_rogers_turnover` from where they would be expected {src}`SX_BGR_2019`, after a superintendent
# leaves {num}`superintendent_turnover` {src}`SX_SUPT_2025`. Both signs are against change for its own sake.
#
# **Choosing by merit.** In Chile open competition for heads of municipal schools went with better results, by a size
# that was not read {src}`SX_MUNOZ_2024`; another study has mathematics up by {num}`ruiz_tagle_chile_mathematics.low`
# to {num}`ruiz_tagle_chile_mathematics.high` points of the national test and language unchanged {src}`SX_RUIZ_2019`;
# the agency's own panel has a dip in the first year and {num}`servicio_civil_chile_mathematics` points a year after
# it {src}`SX_CHILE_CSP`. In Peru an examination for heads shows nothing in towns and a loss at first in the
# countryside {src}`SX_REACH_PE`.

# %%
lines("heads chosen, replaced or leaving")

# %% [markdown]
# ## Training and pipelines
#
# Training works in some trials and not in others. Districts that changed together how they find, prepare and support
# heads did better than similar districts.
#
# ### Training of serving heads

# %%
show(
    "training",
    "training of serving heads",
    "Training, coaching and management programmes for serving heads: effect on pupils. The rows in words at the foot "
    "are mostly nulls that print no size in what was read; the two widest lines are of heads in Mexico who took part, not of all.",
)

# %% [markdown]
# Trials of training for heads come out on both sides.
#
# - **Gains in two countries.** In Rio de Janeiro schools given a management programme gained
#   {num}`cavalcanti_rio_mathematics` in mathematics (standard error {num}`cavalcanti_rio_mathematics.error`) and
#   {num}`cavalcanti_rio_reading` in reading after two years {src}`SX_CAVALCANTI_2025`; a programme for secondary
#   schools in Brazil reports {num}`barros_jovem_de_futuro_scores` {src}`SX_JDF_2022`. In Malawi the gain is
#   {num}`asim_malawi_scores`, its error not read {src}`SX_MALAWI_2024`.
# - **None in three programmes of the United States, and in Mexico.** Balanced Leadership {src}`SX_JACOB_2015`, a long
#   programme of development in leading instruction {src}`SX_HERRMANN_2019` and the Executive Development Program
#   {src}`SX_MASTER_2022, SX_WWC_89815` show none; with coaching added a small gain in English appears
#   {src}`SX_WWC_91157`. A year after the last of these had ended, English in its schools
#   stood {num}`master_after_a_year_english` percentile points from that in other schools, on the index of a review
#   that calls it significant {src}`SX_WWC_91156`. In Mexico direct training against training passed on through others comes to
#   {num}`romero_mexico_direct_mathematics` in mathematics (standard error
#   {num}`romero_mexico_direct_mathematics.error`) {src}`SX_ROMERO_2022`; both groups were trained, so the contrast
#   understates training against none. For heads who took part in ten hours or more the authors put it at
#   {num}`romero_mexico_ten_hours_both` (standard error {num}`romero_mexico_ten_hours_both.error`), with a warning that
#   schools which dropped out may bend it. A second Mexican trial, with grants, shows none {src}`SX_ROMERO_2021`.
# - **None elsewhere.** In Rwanda the difference is small and not significant {src}`SX_RWANDA_2025`; in India a
#   programme at the scale of a state shows none {src}`SX_MURSINGH`. In Houston a gain of the first year is gone in
#   the second {src}`SX_FRYER_2017`. In England a whole-school programme went with less progress, not more
#   {src}`SX_EEF_AFA`.
#
# Trials that report no effect and print no size make up {num}`training.nulls` of the rows. An average over the sizes
# alone would leave them out, and be too large.
#
# **Not read as results.** A programme in Telangana is reported by its operator, without a design
# {src}`SX_GSL`; Teach First's own programme for leaders, Leading Together, was evaluated by what staff say
# {src}`SX_NFER_2022`.

# %%
lines("training of serving heads")

# %% [markdown]
# ### Pipelines and preparation

# %%
show(
    "pipelines",
    "pipelines and preparation",
    "District pipelines and programmes that prepare heads: effect on pupils, converted from percentile points by us. "
    "Broken lines are intervals at their widest.",
)

# %% [markdown]
# **Pipelines of whole districts.** Six large districts of the United States changed together how they set standards
# for heads, prepare, choose, place and support them. Schools with a new head under these pipelines stood
# {num}`gates_pipelines_reading` percentile points higher in reading and {num}`gates_pipelines_mathematics` in
# mathematics after three years than similar schools outside {src}`SX_RAND_2019` {cite:p}`gates2019`. Reading was higher
# in five of the districts; mathematics in three, and lower in one {src}`SX_RAND_2019, SX_HECHINGER_PPI`. New heads
# also stayed longer. It is the firmest evidence read for growing leaders across a system, and it is a comparison
# and no trial. The sizes in standard deviations hold only if the percentiles are those of pupils, which was not read.
#
# **Programmes.** Schools under heads prepared by New Leaders stood {num}`new_leaders_to_grade_8.low` to
# {num}`new_leaders_to_grade_8.high` percentile points higher up to grade 8 after three years {src}`SX_NL_2014`; in
# Baltimore a review by the What Works Clearinghouse has {num}`new_leaders_baltimore_mathematics` in high school
# mathematics, and other cities show nothing significant {src}`SX_WWC_81428`. Heads from New York's Aspiring Principals
# Program did about as well as other new heads {src}`SX_CORCORAN_2012`.

# %%
lines("pipelines and preparation")

# %% [markdown]
# ## Leadership held by many
#
# This is collective leadership proper: not one head, but many who lead together.

# %%
show(
    "many",
    "leadership of many",
    "Collective leadership, ties among teachers and able colleagues: effect on pupils where a size is printed, and what "
    "the others report. None prints an error.",
)

# %% [markdown]
# **Surveys.** Leithwood and Mascall, in a paper that carries this book's term in its title, asked teachers in
# {num}`leithwood_mascall.schools` schools how much say all have in decisions. Schools with more collective
# leadership had higher results {src}`SX_LM_2008` {cite:p}`leithwood2008`. Hallinger and Heck followed
# {num}`hallinger_heck.schools` schools over four years: collaborative leadership went with growth in reading, by way
# of what the school became able to do {src}`SX_HH_2010` {cite:p}`hallinger2010`. A meta-analysis of teacher
# leadership gives a correlation of {num}`shen_teacher_leadership` {src}`SX_SHEN_2020` {cite:p}`shen2020`. Stronger
# ties within the teams of a grade went with larger gains {src}`SX_PIL_2009`. All four are associations: a school
# that does well may also be one where people have a say.
#
# **Colleagues.** Two studies follow the same teachers over time. Where a teacher's colleagues are better by one
# standard deviation, that teacher's own pupils gain {num}`jackson_bruegmann_mathematics` in mathematics and
# {num}`jackson_bruegmann_reading` in reading {src}`SX_JACKSON_2009` {cite:p}`jackson2009`. In strong working
# environments teachers grow {num}`evaluations.framework_kraft_teacher_growth` per cent more over ten years than in
# weak ones {src}`SX_KRAFT_2014` {cite:p}`kraft2014`.
#
# **Programmes put together.** In England Achieve Together put Teach First, Teaching Leaders and Future Leaders into
# the same schools; there was no evidence that results improved {src}`SX_EEF_AT`. It had been planned as a trial and
# became a matched comparison. Challenge the Gap, built on the model of London Challenge, shows no difference over
# all {src}`SX_EEF_CTG`.

# %% tags=["remove-cell"]
for key, row_id in (("leithwood_mascall", "lead-62"), ("hallinger_heck", "lead-63")):
    row = effects[effects["effect_id"] == row_id]
    meaning = f"{row['study'].iloc[0]}: schools."
    behind(row)(f"{key}.schools", int(row["n_schools"].iloc[0]), COUNT, meaning)

# %%
lines("leadership of many")

# %% [markdown]
# ## What reviews pool
#
# Their averages lie far apart: small where leadership was changed and compared, large where it was merely observed. The
# chart is at the top of the page.

# %% tags=["remove-output"]
show(
    "reviews",
    "pooled reviews",
    "Reviews that pool studies of leadership. They hold different studies in different units; a review is not added to "
    "the studies it holds.",
)

# %% [markdown]
# For leadership and management programmes in low- and middle-income countries a review of evaluations finds
# {num}`anand_review` {src}`SX_ANAND_2023` {cite:p}`anand2023`. Reviews of associations give far more: a review of
# reviews has {num}`wu_shen_review` for the leadership of heads, its error derived from the p-value
# {src}`SX_WU_2022` {cite:p}`wu2022`, and studies of what heads do give {num}`liebowitz_porter_review.low` to
# {num}`liebowitz_porter_review.high` {src}`SX_LIEBOWITZ_2019`. The gap between designs is itself a finding: where
# leadership was changed and compared, differences are small; where good schools and good leaders are merely seen
# together, they are large.

# %%
lines("pooled reviews")

# %% [markdown]
# ## Is there a pooled figure?
#
# A mean over these rows is worth having where they measure one thing in one unit, with an error for each. The rule was
# set before the numbers were looked at: one kind of treatment, standard deviations of pupils, errors that are printed
# or follow from an exact p-value, and three independent studies or more. Rows of one trial count once: they are
# averaged, with their errors taken to be correlated by {num}`pool.rho`.

# %% tags=["remove-cell"]
PROGRAMME = "Executive Development Program (Master and others)"
# Papers and rows of one trial, or of samples that may share schools.
TRIALS = dict.fromkeys(("lead-08", "lead-09", "lead-10", "lead-81", "lead-82"), PROGRAMME) | {
    "lead-14": "Romero and others (2022)",
    "lead-78": "New Leaders (Gates and others)",
    "lead-79": "New Leaders (Gates and others)",
}
KEYS = {
    "training of heads": "training",
    "a head one standard deviation better": "quality",
    "a head with more experience": "experience",
    "heads replaced or chosen anew": "replaced",
    "heads who leave": "leaving",
    "a better score of management": "management",
    "heads of districts": "districts",
    "pipelines and preparation": "pipelines",
}
weighed = {kind: weigh(effects, kind, TRIALS) for kind in POOLS}
behind(effects)("pool.rho", RHO, RATIO, "Assumed correlation of the errors of two rows of one trial.")
behind(effects)("pool.fewest", FEWEST, COUNT, "Independent studies with a known error that a pool needs.")
for kind, found in weighed.items():
    record = registry.numbers(f"pool.{KEYS[kind]}", rows=behind(own_rows(effects, kind)).rows, function=weigh)
    record(
        "studies", len(found.trials), COUNT, f"Independent studies with an error printed or derived: {kind}."
    )
    record("lacking", found.lacking, COUNT, f"Further such studies that a pool needs: {kind}.")
holds(
    "No kind has three independent studies with a known error.",
    all(one.pooled is None for one in weighed.values()),
)

# %%
Table(
    pd.DataFrame(
        [
            {
                "kind of treatment": kind,
                "studies with an error": "; ".join(trial.name for trial in found.trials) or "none",
                "more needed": found.lacking,
                "size read, error not": "; ".join(found.wanted) or "none",
                "no size read": "; ".join(found.silent) or "none",
            }
            for kind, found in weighed.items()
        ]
    ),
    "What each kind of treatment has for a pooled figure",
)

# %% [markdown]
# **No kind has enough.** Training of heads has {num}`pool.training.studies` such studies and needs
# {num}`pool.training.lacking` more; the spread of heads has {num}`pool.quality.studies`, heads replaced or chosen anew
# {num}`pool.replaced.studies`, pipelines {num}`pool.pipelines.studies`. The errors that would make a pool stand in the
# column *size read, error not*. They were looked for again for this release, on pages of journals, working
# papers, registries and review bodies. No error was found printed; a review page gave one more bound. What is missing
# lies in tables of the papers themselves:
#
# - **Training of heads:** one error of Jovem de Futuro {src}`SX_JDF_2022`, the trial in Malawi {src}`SX_MALAWI_2024` or the
#   Executive Development Program {src}`SX_MASTER_2022` would do.
# - **A head who is better by one standard deviation:** the errors of three among Texas {src}`SX_BRANCH_WB`, British
#   Columbia {src}`SX_DHUEY_2014`, Sweden {src}`SX_BOHLMARK_2016` and the estimate without noise {src}`SX_BHL_2022`.
# - **Pipelines:** those of the six districts {src}`SX_RAND_2019` and of New Leaders {src}`SX_NL_2014`, in standard
#   deviations of pupils, and a third programme.
# - **Heads replaced:** that of Washington, DC {src}`SX_WALSH_2020`, and the sizes and errors of the reforms in Chile
#   {src}`SX_MUNOZ_2024` and Peru {src}`SX_REACH_PE`.
#
# ### How far the answer could move
#
# For training of heads alone there is enough to ask what a pool would say under assumptions. These are rows of
# sensitivity and no results: a bound on an error is taken for the error, or half of it; errors that nobody printed are
# put in; nulls without a size are placed at zero and at both ends of what is not significant.

# %% tags=["remove-cell"]
TRAINING = "training of heads"
tried = sensitivity(effects, TRAINING, TRIALS, nulls)
per_school = school_error(weighed[TRAINING].trials)
record = registry.numbers("sensitivity", rows=behind(own_rows(effects, TRAINING)).rows, function=sensitivity)
lines_of, drawn_pools = [], []
for scenario, found, pooled in tried:
    least, largest = pooled.interval
    meaning = f"Training of heads pooled {scenario.name}: no result, a row of sensitivity."
    record(
        f"{scenario.key}.effect", pooled.effect, SD, meaning, interval=pooled.interval,
        interval_kind="95 %, modified Hartung-Knapp",
    )  # fmt: skip
    record(f"{scenario.key}.trials", len(found), COUNT, f"Trials in the pool {scenario.name}.")
    lines_of.append(
        {
            "what enters": scenario.name,
            "trials": len(found),
            "SD of pupils": format_number(pooled.effect, 3),
            "95 %": format_interval(pooled.interval, 3),
            "a further trial, 95 %": format_interval(pooled.prediction, 3),
            "spread between trials": format_number(math.sqrt(pooled.tau2), 3),
        }
    )
    drawn_pools.append({"row": scenario.name, "value": pooled.effect, "low": least, "high": largest})
record.ends(
    "per_school.{}",
    per_school,
    SD,
    "Standard error times the root of the schools, {}est of the trials that print both.",
)
by_key = {scenario.key: (found, pooled) for scenario, found, pooled in tried}
larger, pairs = concordance(by_key["assumed"][0])
record("small.larger", larger, COUNT, "Pairs of trials in which the less precise one has the larger effect.")
record("small.pairs", pairs, COUNT, "Pairs of trials compared.")
holds(
    "Every row of sensitivity with nulls at zero or below reaches zero, and the trials differ widely in each.",
    *(
        by_key[key][1].interval[0] < 0 < by_key[key][1].interval[1]
        for key in ("bounds", "assumed", "nulls_zero", "nulls_lowest")
    ),
    all(pooled.prediction[0] < 0 for _, _, pooled in tried),
)
counted = [trial for trial in by_key["nulls_zero"][0] if not math.isnan(trial.schools)]
holds(
    "The largest gain comes from the smallest of the trials whose schools were counted.",
    max(counted, key=lambda trial: trial.effect) is min(counted, key=lambda trial: trial.schools),
)

# %%
drawn_pools = pd.DataFrame(drawn_pools)
publish(
    registry,
    "sensitivity",
    charts.pools(drawn_pools, AXIS),
    title=(
        f"By assumption the mean of the trials runs from {drawn_pools['value'].min():.3f} to {drawn_pools['value'].max():.3f}"
    ),
    subtitle="Training of serving heads, pooled size for pupils under each assumption, 95 per cent intervals, standard deviations",
    caption="What a pool of the trials of training would say if missing errors and sizes were what each row assumes, with "
    "95 per cent intervals. None of the rows is a result.",
    says="Means: " + "; ".join(f"{row.row}: {row.value:.3f}" for row in drawn_pools.itertuples()) + ".",
    data=drawn_pools.round(4),
)

# %%
Table(pd.DataFrame(lines_of), "Training of heads: rows of sensitivity, in standard deviations of pupils")

# %% [markdown]
# With bounds and assumed errors {num}`sensitivity.assumed.trials` trials come to {num}`sensitivity.assumed.effect`,
# and the interval holds zero. Their spread is so wide that a further trial could well show a loss. The
# choice of errors moves the mean little. **The nulls move it most:** with {num}`sensitivity.nulls_zero.trials` trials and
# the nulls at zero it is {num}`sensitivity.nulls_zero.effect`; placed as low or as high as *not significant* allows,
# {num}`sensitivity.nulls_lowest.effect` or {num}`sensitivity.nulls_highest.effect`. Their errors were put at
# {num}`sensitivity.per_school.high` over the root of their schools, the larger of the two that the known trials have.
# So training of heads may be worth nothing, or as much as the highest of these; what was read cannot say.
#
# **A remark on small studies.** In {num}`sensitivity.small.larger` of {num}`sensitivity.small.pairs` pairs of trials the
# less precise one has the larger effect. On so few studies no test of this is worth making. The largest gain, in
# Rio de Janeiro, comes from the smallest of the trials whose schools were counted {src}`SX_CAVALCANTI_2025`.
#
# ## What this means for the network's alumni
#
# **One paper asks the question, and its answer was not read.** Branch, Hanushek and Rivkin set heads in Texas who began
# in Teach For America beside heads who came by other ways, by what pupils gain and by where the heads move
# {src}`SX_APPAM_2014`. It was given at a conference in 2014; the part read has no result, and no published version was
# found. No other source read sets pupils of alumni heads beside pupils of other heads, or schools before and after an
# alumna or alumnus took over.
#
# Two studies come near. In Washington, DC, an alumna as chancellor is behind the change that Walsh and Dotter
# measured; the heads who came and went were not alumni as such {src}`SX_WALSH_2020`. In England
# Achieve Together brought the programme's teachers and two programmes for leaders together, and found nothing
# {src}`SX_EEF_AT`.
#
# What can be carried over is a scale. A head matters by a few hundredths of a standard deviation by the newest
# figures, a tenth by older ones. If every alumnus who heads a school were better than other heads by one standard
# deviation, which nobody has shown, a city would move by that size times the share of its heads who are alumni. A test
# of a whole system could not see it: the differences that this book's tests would find four times in five stand in
# [the synthesis](../synthesis/synthesis.ipynb).
#
# The better evidence is for systems that change how they find, prepare and support heads together, as the districts
# with pipelines did {src}`SX_RAND_2019`. Brookings tells the network itself as such a pipeline of future leaders
# {src}`SN_BROOKINGS_CASE`; it is a case study, read on a copy, and measures no pupils.
#
# ## What we can say, and how surely
#
# - **Heads differ in what their pupils learn.** By how much is disputed: the newest reading is a few hundredths of a
#   standard deviation.
# - **Heads of districts account for little** of the differences between pupils.
# - **Replacing heads in Washington, DC, went with gains,** in a comparison inside one city; when heads merely leave,
#   results dip.
# - **Training heads works in some trials and not in others.** In the United States most programmes tested show no
#   gain; pipelines of whole districts do better, in a comparison that is no trial.
# - **Shared leadership goes with better results,** as an association; able colleagues help, by a stronger design.
#   Programmes put together in the same schools showed nothing.
# - **Alumni as leaders: no result read.** One conference paper measures them as heads of schools in Texas.
#
# :::{admonition} The finding in numbers
# :class: summary
# **Asked:** what heads of schools, heads of districts and groups of leaders add for pupils, in studies from anywhere.
# **What could be seen:** how far one head differs from another, what a new head or a course for heads brings, and
# whether schools with shared leadership do better. **What was seen:** older studies find heads to matter a good deal;
# the newest, with noise taken out, finds {num}`bartanen_husain_liebowitz_mathematics` standard deviations of pupils
# in mathematics between heads one standard deviation apart. Trials of training are divided: a review of
# poorer countries puts the average at {num}`anand_review`. In Washington, DC, schools whose head was replaced stood
# {num}`walsh_dotter_washington_scores` higher by the third year. **What it cannot say:** one paper sets alumni who became
# heads beside others, and its results were not read; no result was read for the network's alumni as leaders, or for a
# body of leaders across a system. No kind of treatment has three independent studies whose errors were read, so
# that none has a pooled figure; with bounds and assumed errors in their place training of heads comes to
# {num}`sensitivity.assumed.effect`, and the studies that print no size could move that from
# {num}`sensitivity.nulls_lowest.effect` to {num}`sensitivity.nulls_highest.effect`.
# :::
#
# ## What was not found
#
# - The full text of all but a few of these studies; {num}`error.none` rows have no error of any kind.
# - The sizes behind {num}`silent` findings in words, nulls above all.
# - The results of the paper on alumni as heads in Texas {src}`SX_APPAM_2014`.
# - The share of variance in Leithwood and Mascall, and the coefficients of Hallinger and Heck.
# - A study of collective leadership with schools drawn by lot.
#
# ## What would change our mind
#
# - Schools followed before and after an alumna or alumnus became head, against schools that changed heads in the same
#   year and got somebody else. A gain beyond theirs would be the first evidence on alumni as leaders; none, with
#   enough schools, evidence against.
# - A district that builds its pipeline together with the programme, with the order of schools drawn by lot.
# - A trial of shared decisions, with pupils' results measured.

# %% tags=["remove-cell"]
registry.save()
