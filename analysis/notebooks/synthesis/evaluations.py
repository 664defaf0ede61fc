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
# # What others have found
#
# {.lead}
# By what others have found, pupils of programme teachers gain as much as others or more: in the trials a little, in some
# comparisons much. Whole packages of reform went with large gains, and no study says what a body of leaders does for a system.
#
# ```{chart} evaluations.findings
# ```
#
# - In a trial in secondary schools of the United States pupils of programme teachers gained
#   {num}`network_clark_mathematics` standard deviations more in a year of mathematics {src}`LF_013`. No interval was read.
# - In a trial made while the programme grew, its youngest pupils gained
#   {num}`network_isenberg_scale_up_early_reading` in reading {src}`SX_I3_2017`. Over all grades its teachers did as well as
#   others, no better and no worse.
# - All figures for pupils of programme teachers run from {num}`direct.sd.low` to {num}`direct.sd.high` standard
#   deviations, beside studies that find no difference and print no figure.
#
# **What else could explain it.** Who teaches whom was drawn by lot in three trials only. Elsewhere schools, teachers or
# pupils may have differed to begin with, and studies that find nothing may be published less often.
#
# **How sure.** A figure stands in {num}`figures` of {num}`own.rows` findings, a standard error in {num}`errors`: most studies
# were read as abstracts and summaries. If a hundred pupils stand in a row by their scores,
# {num}`states.interest.large` standard deviations move the one in the middle up by about {num}`states.ruler.large` places.
# [How each statement is graded](security.ipynb).
#
# ```{evidence}
# ```

# %% tags=["parameters"]
release = ""  # the newest

# %% tags=["remove-cell"]
import pandas as pd
from leadership_effects.counting import agreeing, cardinal, in_figures, taken_in
from leadership_effects.data.joint_cases import added_cases, cases_across
from leadership_effects.data.provenance import rows_named, rows_of
from leadership_effects.data.release import open_release
from leadership_effects.data.vocabulary import place_name
from leadership_effects.evidence.studies import (
    AXES,
    DIRECT,
    ELSEWHERE,
    FINDINGS,
    LEVELS,
    axis_rows,
    count_findings,
    estimate_kind,
    format_finding,
    in_other_units,
    percent_of_a_grade_each,
    sd_from_percentile,
    study_label,
)
from leadership_effects.report.charts import studies as charts
from leadership_effects.report.descriptions import list_in_words
from leadership_effects.report.figures import publish
from leadership_effects.report.numbers import COUNT, TEXT, Unit, format_number, holds, row_names
from leadership_effects.report.registry import Registry
from leadership_effects.report.tables import Table
from leadership_effects.rounding import is_above

SD = Unit("SD", 2)
opened = open_release(release)
registry = Registry(opened, "evaluations", "analysis/notebooks/synthesis/evaluations.py")
every = opened.table("evaluations")
sources = opened.table("sources").set_index("source_id")
cases = cases_across(opened).set_index("case_id")
titles = cases["title"].to_dict()


def behind(rows):
    ids = rows["evaluation_id"]
    named = ", ".join(ids) if len(ids) <= 4 else f"{len(ids)} rows"
    return rows_of(opened, "evaluations", rows.reset_index(), f"evaluations.csv: {named}")


def decimals(value):
    return len(f"{value:g}".partition(".")[2])


def record(rows, function=""):
    """Recorder of what rests on rows of the evaluations."""
    return registry.numbers(rows=behind(rows), function=function)


def count(key, rows, meaning):
    record(rows)(key, len(rows), COUNT, meaning)


NAMES = {
    "chile-eval-01": "chile_de_gregorio_value_added",
    "delhi-eval-01": "delhi_tfi_english",
    "delhi-eval-02": "delhi_tfi_mathematics",
    "delhi-eval-03": "delhi_bcg_pass_rate",
    "delhi-eval-04": "delhi_business_standard_pass_rate",
    "huari-eval-01": "huari_rand_collaboration",
    "huari-eval-02": "huari_lavado_learning",
    "indianapolis-eval-01": "indianapolis_rand_english",
    "indianapolis-eval-02": "indianapolis_rand_mathematics",
    "indianapolis-eval-03": "indianapolis_rand_peers_english",
    "indianapolis-eval-04": "indianapolis_rand_peers_mathematics",
    "indianapolis-eval-05": "indianapolis_fairbanks_turnover",
    "indianapolis-eval-06": "indianapolis_credo_charter_english_2019",
    "indianapolis-eval-07": "indianapolis_credo_charter_mathematics_2019",
    "indianapolis-eval-08": "indianapolis_credo_innovation_english_2019",
    "indianapolis-eval-09": "indianapolis_credo_innovation_mathematics_2019",
    "indianapolis-eval-10": "indianapolis_credo_charter_english_2017",
    "indianapolis-eval-11": "indianapolis_credo_charter_mathematics_2017",
    "indianapolis-eval-12": "indianapolis_credo_innovation_english_2017",
    "indianapolis-eval-13": "indianapolis_credo_innovation_mathematics_2017",
    "lagos-ogun-nigeria-eval-01": "lagos_ogun_nigeria_rand_literacy",
    "lagos-ogun-nigeria-eval-02": "lagos_ogun_nigeria_rand_mathematics",
    "lagos-ogun-nigeria-eval-03": "lagos_ogun_nigeria_rand_social_emotional",
    "london-eval-01": "london_allen_schools_best_eight",
    "london-eval-02": "london_allen_departments_subject",
    "london-eval-03": "london_allen_own_classes_subject",
    "london-eval-04": "london_allen_follow_up_subject",
    "london-eval-05": "london_nfer_departments_results",
    "london-eval-06": "london_nfer_careers",
    "london-eval-07": "london_burgess_progress",
    "london-eval-08": "london_burgess_pupil_mix",
    "london-eval-09": "london_blanden_results",
    "london-eval-10": "london_greaves_results",
    "london-eval-11": "london_baars_school_quality",
    "network-eval-01": "network_mo_conn_beliefs",
    "network-eval-02": "network_conn_lovison_mo_beliefs",
    "network-eval-03": "network_decker_mathematics",
    "network-eval-04": "network_decker_reading",
    "network-eval-05": "network_clark_mathematics",
    "network-eval-06": "network_wwc_outcomes",
    "network-eval-07": "network_bhp_goals",
    "network-eval-08": "network_rand_implementation",
    "network-eval-09": "network_centola_convention",
    "new-orleans-eval-01": "new_orleans_harris_achievement",
    "new-orleans-eval-02": "new_orleans_harris_english_and_mathematics",
    "new-orleans-eval-03": "new_orleans_harris_graduation",
    "new-orleans-eval-04": "new_orleans_harris_college_entry",
    "new-orleans-eval-05": "new_orleans_harris_college_persistence",
    "new-orleans-eval-06": "new_orleans_harris_college_completion",
    "new-orleans-eval-07": "new_orleans_era_achievement",
    "new-orleans-eval-08": "new_orleans_taken_by_storm_outcomes",
    "pakistan-eval-01": "pakistan_rand_academic_results",
    "pakistan-eval-02": "pakistan_rand_other_outcomes",
    "washington-dc-eval-01": "washington_dc_dotter_grade_4",
    "washington-dc-eval-02": "washington_dc_dotter_grade_4_percentiles",
    "washington-dc-eval-03": "washington_dc_dotter_mathematics_g8",
    "washington-dc-eval-04": "washington_dc_dotter_reading_g8",
    "washington-dc-eval-05": "washington_dc_edcore_improvement",
    "washington-dc-eval-06": "washington_dc_nrc_outcomes",
    "huari-eval-03": "huari_lavado_efecto_ancash",
    "huari-eval-04": "huari_lemos_piza_merit_examination",
    "huari-eval-05": "huari_campos_rodrigues_report_cards",
    "london-eval-12": "london_lucas_leading_together",
    "london-eval-13": "london_ifs_achieve_together",
    "london-eval-14": "london_west_challenge_the_gap",
    "london-eval-15": "london_humphrey_achievement_for_all",
    "london-eval-16": "london_eef_schools_partnership",
    "london-eval-17": "london_hutchings_city_challenge",
    "london-eval-18": "london_hutchings_poor_pupils_inner_london",
    "london-eval-19": "london_machin_excellence_in_cities_2004",
    "london-eval-20": "london_machin_excellence_in_cities_2006",
    "london-eval-21": "london_lessof_best_eight",
    "london-eval-22": "london_muijs_maximum_impact",
    "london-eval-23": "london_teach_first_middle_leaders",
    "london-eval-24": "london_zuccollo_head_teachers",
    "delhi-eval-05": "delhi_careers_in_education",
    "delhi-eval-06": "delhi_careers_social_field",
    "delhi-eval-07": "delhi_careers_ideal_career",
    "delhi-eval-08": "delhi_careers_enterprise",
    "delhi-eval-09": "delhi_buniyaad_division",
    "delhi-eval-10": "delhi_buniyaad_reading",
    "washington-dc-eval-07": "washington_dc_walsh_dotter_replaced_principals",
    "washington-dc-eval-08": "washington_dc_walsh_dotter_middle_mathematics",
    "washington-dc-eval-09": "washington_dc_dee_wyckoff_leaving",
    "washington-dc-eval-10": "washington_dc_dee_wyckoff_those_who_stay",
    "washington-dc-eval-11": "washington_dc_dee_wyckoff_bonus",
    "washington-dc-eval-12": "washington_dc_adnot_all_leavers_mathematics",
    "washington-dc-eval-13": "washington_dc_adnot_low_rated_mathematics",
    "washington-dc-eval-14": "washington_dc_adnot_low_rated_reading",
    "washington-dc-eval-15": "washington_dc_urban_make_up_of_pupils",
    "new-orleans-eval-09": "new_orleans_lincove_dismissed_2007",
    "new-orleans-eval-10": "new_orleans_lincove_dismissed_2013",
    "new-orleans-eval-11": "new_orleans_noell_practitioner_route",
    "new-orleans-eval-12": "new_orleans_abdulkadiroglu_takeovers",
    "rio-grande-valley-eval-01": "rio_grande_valley_turner_novice_mathematics_middle",
    "rio-grande-valley-eval-02": "rio_grande_valley_turner_novice_mathematics_elementary",
    "rio-grande-valley-eval-03": "rio_grande_valley_turner_novice_reading_middle",
    "rio-grande-valley-eval-04": "rio_grande_valley_turner_novice_reading_elementary",
    "rio-grande-valley-eval-05": "rio_grande_valley_turner_alumni_reading_middle",
    "rio-grande-valley-eval-06": "rio_grande_valley_turner_alumni_reading_elementary",
    "rio-grande-valley-eval-07": "rio_grande_valley_smu_passing_2019",
    "rio-grande-valley-eval-08": "rio_grande_valley_smu_passing_2024",
    "rio-grande-valley-eval-09": "rio_grande_valley_turner_alumni_mathematics_middle",
    "rio-grande-valley-eval-10": "rio_grande_valley_turner_alumni_mathematics_elementary",
    "chile-eval-02": "chile_alfonso_mathematics_and_language",
    "chile-eval-03": "chile_feigenberg_voucher_grade_4",
    "chile-eval-04": "chile_voucher_discontinuity",
    "chile-eval-05": "chile_munoz_prem_open_competition",
    "chile-eval-06": "chile_ruiz_tagle_merit_selection",
    "chile-eval-07": "chile_servicio_civil_merit_selection",
    "chile-eval-08": "chile_calderon_local_services_mathematics",
    "chile-eval-09": "chile_calderon_local_services_reading",
    "chile-eval-10": "chile_murnane_funding_law",
    "chile-eval-11": "chile_neilson_targeted_voucher",
    "latvia-eval-01": "latvia_abs_newtt",
    "network-eval-10": "network_hansen_miami_spillover",
    "network-eval-11": "network_hansen_miami_own_classes_mathematics",
    "network-eval-12": "network_hansen_miami_own_classes_reading",
    "network-eval-13": "network_backes_miami_elementary_marks",
    "network-eval-14": "network_backes_miami_elementary_suspensions",
    "network-eval-15": "network_backes_miami_middle_absence",
    "network-eval-16": "network_backes_miami_middle_marks",
    "network-eval-17": "network_backes_miami_share_elementary_marks",
    "network-eval-18": "network_backes_miami_share_elementary_failed",
    "network-eval-19": "network_backes_miami_share_middle_absence",
    "network-eval-20": "network_backes_miami_share_middle_marks",
    "network-eval-21": "network_isenberg_scale_up_all_grades",
    "network-eval-22": "network_isenberg_scale_up_early_reading",
    "network-eval-23": "network_isenberg_scale_up_early_mathematics",
    "network-eval-24": "network_xu_science",
    "network-eval-25": "network_xu_science_traditional_route",
    "network-eval-26": "network_xu_science_in_field",
    "network-eval-27": "network_xu_examinations",
    "network-eval-28": "network_penner_distribution",
    "network-eval-29": "network_dobbie_fryer_views_and_work",
    "network-eval-30": "network_mo_holbein_turnout",
    "network-eval-31": "network_mcadam_brandt_civic",
    "network-eval-32": "network_higgins_founders",
    "network-eval-33": "network_scott_policy_networks",
    "network-eval-34": "network_singer_detroit",
    "network-eval-35": "network_mead_corps_members",
    "network-eval-36": "network_hansen_miami_share_of_corps_members",
    "network-eval-37": "network_branch_alumni_principals",
    "framework-eval-01": "framework_jackson_bruegmann_mathematics",
    "framework-eval-02": "framework_jackson_bruegmann_reading",
    "framework-eval-03": "framework_pil_leana_ties",
    "framework-eval-04": "framework_kraft_teacher_growth",
    "framework-eval-05": "framework_shen_teacher_leadership",
    "framework-eval-06": "framework_leithwood_mascall_collective",
    "framework-eval-07": "framework_hallinger_heck_collaborative",
    "framework-eval-08": "framework_grissom_months",
    "framework-eval-09": "framework_gates_pipelines_reading",
    "framework-eval-10": "framework_gates_pipelines_mathematics",
    "framework-eval-11": "framework_gates_pipelines_retention",
    "framework-eval-12": "framework_chingos_superintendents",
    "framework-eval-13": "framework_lavy_superintendents",
    "framework-eval-14": "framework_superintendent_turnover",
    "framework-eval-15": "framework_branch_principals",
    "framework-eval-16": "framework_coelli_principals",
    "framework-eval-17": "framework_bloom_management",
    "framework-eval-18": "framework_bartanen_principals",
    "framework-eval-19": "framework_cavalcanti_rio_training",
    "framework-eval-20": "framework_romero_mexico_training",
    "framework-eval-21": "framework_jacob_balanced_leadership",
    "framework-eval-22": "framework_herrmann_instructional_leadership",
    "framework-eval-23": "framework_fryer_houston_training",
    "framework-eval-24": "framework_anand_review",
    "framework-eval-25": "framework_asim_malawi_training",
    "framework-eval-26": "framework_liebowitz_porter_review",
    "framework-eval-27": "framework_robinson_review",
    "framework-eval-28": "framework_gates_pipelines_districts",
}
# Rows of places outside the counts stand in a table of their own; those that this chapter named before stay.
waits = every["case_id"].isin(added_cases(opened)) & ~every["evaluation_id"].isin(NAMES)
found, late = every[~waits], every[waits]
joined = found.loc[found["case_id"].isin(taken_in(opened.plan)), "evaluation_id"]
names = row_names("evaluations", found, {one: one.replace("-", "_") for one in joined} | NAMES)
for row in found.itertuples():
    read = registry.numbers(rows=rows_named(opened, "evaluations", row.evaluation_id), function=estimate_kind)
    told, name = f"{row.study}: {row.outcome}; treated: {row.treated}", names[row.evaluation_id]
    if pd.notna(row.standard_error):
        unit = Unit(row.unit, decimals(row.standard_error))
        read(f"{name}.error", row.standard_error, unit, f"{told}, standard error.")
    if estimate_kind(row) == "point":
        read(name, row.estimate, Unit(row.unit, decimals(row.estimate)), f"{told}.")
        continue
    read(name, format_finding(row), Unit(row.unit), f"{told}, as printed.", function=format_finding)
    ends = {"low": row.estimate_low, "high": row.estimate_high}
    for end, value in ends.items():
        if pd.notna(value):
            unit, meaning = Unit(row.unit, decimals(value)), f"{told}, {end} end of what is printed."
            read(f"{name}.{end}", value, unit, meaning)
own = found[found["case_id"] != ELSEWHERE]
count("rows", found, "Findings of published studies in the release.")
count("own.rows", own, "Findings on the programme, its places and its people: those of this chapter.")
count(
    "elsewhere.rows",
    found[found["case_id"] == ELSEWHERE],
    "Findings on leaders and schools anywhere: the next chapter.",
)
record(found)("sources", found["source_id"].nunique(), COUNT, "Sources of these findings.")
for name in FINDINGS:
    count(f"finding.{name}", own[own["finding"] == name], f"Findings of this chapter reported as {name}.")
for level, key in zip(
    LEVELS,
    ("direct", "departments", "schools", "package", "place", "participants", "groups", "programme"),
    strict=True,
):
    at_level = own[own["treated_level"] == level]
    count(f"{key}.rows", at_level, f"Findings on: {level}.")
    for name in FINDINGS:
        count(
            f"{key}.{name}", at_level[at_level["finding"] == name], f"Findings on {level} reported as {name}."
        )
kinds = pd.Series([estimate_kind(row) for row in found.itertuples()], index=found.index)
own_kinds = kinds[own.index]
count("figures", own[own_kinds != "no figure"], "Findings of this chapter with a figure in what was read.")
count("ranges", found[kinds == "range"], "Findings printed as a range of estimates.")
count("intervals", found[found["interval_low"].notna()], "Findings with a printed interval of confidence.")
spans = own[own["interval_low"].notna()]
meaning = "Findings of this chapter with a printed interval of confidence, as a word."
record(spans)("intervals.told", cardinal(len(spans)) if len(spans) else "none", TEXT, meaning)
count("errors", own[own["standard_error"].notna()], "Findings of this chapter with a standard error.")
copies = own["source_id"].map(sources["third_party_copy"]).astype(bool)
count(
    "copies",
    own[copies],
    "Findings of this chapter read on somebody's copy, to be checked against the original.",
)
for word in ("full text", "abstract", "secondary"):
    count(
        f"read.{word.replace(' ', '_')}",
        own[own["read"] == word],
        f"Findings of this chapter read in: {word}.",
    )
silent_places = [case for case in cases.index if case not in set(found["case_id"])]
said = list_in_words([place_name(title) for title in cases.loc[silent_places, "title"]])
said = f"on {said} none is in the release" if said else "there is at least one on each of them"
record(found)("studied", said, TEXT, "Whether there is a study on each place that is counted.")
meaning = "Places of the book on which no study is in the release."
record(found)("places_without", len(silent_places), COUNT, meaning)
direct = own[(own["treated_level"] == DIRECT) & (own["unit"] == "SD")]
meaning = "Pupils of programme teachers, {} end of the figures in standard deviations."
record(direct).ends("direct.sd.{}", direct["estimate"], SD, meaning)
founders = found[found["evaluation_id"] == "network-eval-32"]
meaning = "Higgins and others: education organisations whose founders were counted."
record(founders)("network_higgins_founders.organisations", int(founders["n"].iloc[0]), COUNT, meaning)
trials = own[own["design"].str.startswith("randomised trial") & (own["case_id"] == "network")]
count("trials.rows", trials, "Findings of the three trials of Teach For America.")
holds("There are three trials of Teach For America.", trials["study"].str.split(",").str[0].nunique() == 3)

# %% [markdown]
# ## The question
#
# This page sets out what studies by other people say, in the {count}`places` places and elsewhere; {num}`studied`. It asks of
# each: what was treated? A better lesson, a stronger department and a rebuilt school system are not the same thing, and a leader
# may have had a hand in all of them or in none. Studies of leaders themselves, {num}`elsewhere.rows` findings from
# anywhere, stand in [a chapter of their own](what_leaders_add.ipynb).
#
# ```{added-places} studies
# ```
#
# Three limits hold for the whole page. Most studies were read as web pages, abstracts and summaries: of the newer
# rows {num}`read.full_text` in full, {num}`read.abstract` in an abstract and {num}`read.secondary` in a report by
# somebody else; {num}`copies` findings were read on somebody's copy. A figure stands in {num}`figures` of the
# {num}`own.rows` findings, a standard error in {num}`errors`, so that the precision of most figures is not known to
# us. And the list is what we found and read, not all there is: a study that is missing here may well exist.

# %% [markdown]
# ## What was treated
#
# - **Pupils of programme teachers** ({num}`direct.rows` findings): how good the teaching is, not what
#   those teachers do later as principals, officials or neighbours.
# - **Departments** ({num}`departments.rows`): colleagues are in it, so something spilling over within a
#   team can show, nothing beyond it.
# - **Schools** ({num}`schools.rows`): nearer to leadership, but schools differ in more than who leads
#   them, and most of these findings are not about the programme at all.
# - **A whole reform package** ({num}`package.rows`): the scale that the book asks about. Leaders are
#   one part of it, and no study read takes them out.
# - **Everything in the place** ({num}`place.rows`): a rise taken apart by its sources, pupils' make-up
#   above all.
# - **Participants** ({num}`participants.rows`): their beliefs, careers and ties.
# - **The programme as a whole, and groups in an experiment** ({num}`programme.rows` and
#   {num}`groups.rows`). Context.
#
# Of the findings of this chapter {num}`finding.positive` are positive, {num}`finding.null` null,
# {num}`finding.mixed` mixed, {num}`finding.contrary` contrary and
# {num}`finding.descriptive` descriptive. These are counts of rows, not votes: one study may have
# several rows, an estimate printed in two units has two, and studies that find nothing may be published less often.

# %% tags=["remove-output"]
table = count_findings(own)
filled = table[table["rows"] > 0]
of_level = filled.groupby("level")["rows"].sum()
publish(
    registry,
    "findings",
    charts.findings(table),
    title=f"{of_level.max()} of {of_level.sum()} findings are about {of_level.idxmax()}",
    subtitle="Findings of published evaluations by kind and by what was treated, number of findings",
    caption="How many findings of each kind this chapter holds, by what was treated. A blank is none.",
    says=(
        f"A count stands in {len(filled)} cells. "
        + " ".join(
            f"{level[0].upper()}{level[1:]}: {', '.join(f'{n} {name}' for name, n in zip(rows['finding'], rows['rows'], strict=True))}."
            for level, rows in filled.groupby("level", sort=False)
        )
    ),
    data=table.pivot(index="level", columns="finding", values="rows")
    .loc[list(LEVELS), list(FINDINGS)]
    .reset_index(),
)  # fmt: skip

# %% [markdown]
# In the charts a filled mark is an estimate; two on a pale band are the ends of a range that the source prints,
# which gathers several estimates and is not an interval of confidence. A thin line through a mark is the 95 per cent
# interval, where a standard error was read. A hollow mark at the end of a broken line is an upper bound. Words at the
# left stand for a finding without a figure in what was read: it keeps its row, so that a null is seen beside its
# neighbours.
#
# ## Pupils of programme teachers
#
# They gain as much as others or more: of {num}`direct.rows` findings {num}`direct.positive` are positive,
# {num}`direct.null` find no difference, {num}`direct.mixed` are mixed, and {num}`direct.descriptive` describes without a
# direction. Figures in standard deviations run from {num}`direct.sd.low` to {num}`direct.sd.high`; the largest are Peru's,
# and this book calls {num}`states.interest.large` large.
#
# ### Standard deviations

# %% tags=["remove-cell"]
KEPT = ["label", "level", "kind", "estimate", "low", "high", "interval_low", "interval_high", "finding", "statement",
        "source"]  # fmt: skip
PEOPLE = ("participants",)
TITLES = {
    "sd": "Pupils of programme teachers",
    "percentiles": "In percentile points",
    "grades": "Teach First, in parts of a grade",
    "sd_other": "Departments, schools and places",
    "percentage_points": "In percentage points",
    "days": "Indianapolis, days of learning",
    "people": "Careers, votes and posts",
}
SUBTITLES = {
    "sd": "Findings of published studies on pupils of programme teachers, standard deviations",
    "percentiles": "Findings of published studies by what was treated, percentile points",
    "grades": "Findings of published studies on Teach First in England, age 16, per cent of a grade in one subject",
    "sd_other": "Findings of published studies on departments, schools, packages and places, standard deviations",
    "percentage_points": "Findings of published studies on pupils, schools and packages, percentage points",
    "days": "Growth in charter and innovation schools less that in district schools, Indianapolis, days of learning a year",
    "people": "Findings of published studies on people rather than pupils, percentage points",
}
REST = tuple(level for level in LEVELS if level not in (DIRECT, *PEOPLE))


def show(name, unit, caption, levels=LEVELS):
    frame = axis_rows(own, unit, titles)
    frame = frame[frame["level"].isin(list(levels))].reset_index(drop=True)
    shown = frame[KEPT].rename(columns={"label": "study", "level": "treated", "kind": "drawn as"})
    chart = charts.effects(frame, AXES[unit])
    words, lowest = charts.describe_effects(frame, unit), frame["estimate"].fillna(frame["low"])
    silent = int(frame[["estimate", "low", "high"]].isna().all(axis=1).sum())
    above = int(is_above(lowest).sum())
    title = f"{TITLES[name]}: {above} of {in_figures(len(frame), 'finding')} {agreeing(above, 'lies', 'lie')} above zero"
    title += f", {silent} {agreeing(silent, 'prints', 'print')} no figure" if silent else ""
    return publish(
        registry, name, chart, title=title, subtitle=SUBTITLES[name], caption=caption, says=words, data=shown
    )


# %%
show(
    "sd",
    "SD",
    "Pupils of programme teachers: findings in standard deviations. Findings whose study gives no figure in any unit "
    "stand here too, because studies of this kind mostly use this unit.",
    (DIRECT,),
)

# %% [markdown]
# **Studies of partners.** Fellows' pupils in Lagos and Ogun gained about {num}`lagos_ogun_nigeria_rand_literacy` in
# literacy and {num}`lagos_ogun_nigeria_rand_mathematics` in mathematics over two years; in social and emotional
# learning no larger improvement was found {src}`LF_108`. In Islamabad gains in school subjects were larger, by how
# much was not read, and other outcomes show no difference {src}`LF_130`.
#
# **Peru.** The network reports {num}`huari_lavado_learning` for pupils of fellows in the country and
# {num}`huari_lavado_efecto_ancash` for the regional programme around Huari {src}`SX_TFALL_RESEARCH`. The study, by a
# university, was not read, nor its errors; the figures are large beside those of other partners.
#
# **Chile, two readings.** A comparison of value added (what pupils gain beyond what their earlier results lead one to
# expect) finds no significant difference from other teachers, which its authors read as a supply of teachers without
# a loss of quality {src}`LF_118`. An earlier study by the Inter-American Development Bank, which worked with the
# programme, links it with better results in mathematics and language, by a size that was not read {src}`SX_IDB_2012`.
#
# **North Carolina.** In high schools the difference is {num}`network_xu_examinations` once the make-up of classes is
# taken into account {src}`SX_XU_EDEX` {cite:p}`xu2011`; the review of the What Works Clearinghouse confirms science,
# and finds none against teachers certified in their field {src}`SX_WWC_1119`, where the article's abstract still
# speaks of a positive tendency {cite:p}`xu2011`.
#
# **Not the mean alone.** Data of the first trial, read again along the whole distribution, have mathematics better
# for all; in reading weak pupils do worse than with veteran teachers and stronger pupils better {src}`SX_PENNER_2016`
# {cite:p}`penner2016`.
#
# **Louisiana, a stand-in.** New teachers of the route through which most local corps members pass did better than
# experienced ones in mathematics and reading and worse in social studies {src}`SX_NOLA_2009`. The route belongs to
# another organisation; the report on the programme itself could not be read.
#
# **England.** Departments of schools that recruited a trainee did better than similar departments; the difference is small,
# positive and significant {src}`LF_033, LF_030`, about {num}`london_nfer_departments_results` as the trade press prints
# it {src}`LF_032`. It is drawn with the schools and departments below.
#
# ### Three trials
#
# Three large trials gave pupils by lot to teachers of Teach For America or to other teachers of the same schools.
#
# | trial | whom | mathematics | reading |
# |---|---|---|---|
# | Decker, Mayer and Glazerman, 2004 {cite:p}`decker2004` | grades 1 to 5 | {num}`network_decker_mathematics` percentile points {src}`LF_012` | no difference {src}`LF_012` |
# | Clark and others, 2013 {cite:p}`clark2013` | secondary schools | {num}`network_clark_mathematics` standard deviations in a year {src}`LF_013` | not asked |
# | Clark, Isenberg and others, 2017 {cite:p}`clark2017` | the growth of the programme, elementary schools | {num}`network_isenberg_scale_up_early_mathematics` in grades 1 and 2, just short of significance (standard error {num}`network_isenberg_scale_up_early_mathematics.error`) {src}`SX_I3_2017` | {num}`network_isenberg_scale_up_early_reading` before grade 3 {src}`SX_I3_2017` |
#
# The first was read in a review of 2016 and is a study of 2004. **The third matters most for scale:** it was made
# while the programme grew with public money, and over all grades its teachers did as well as others, no better and no
# worse {src}`SX_I3_2017`. Gains
# found in earlier trials cannot be taken for granted as a programme grows.
#
# ### Percentile points

# %%
show(
    "percentiles",
    "percentile points",
    "Findings in percentile points, by what was treated. The New Orleans and Washington, DC, rows restate, in this unit, "
    "studies in standard deviations.",
)

# %% [markdown]
# A year with a programme teacher in Indianapolis goes with about {num}`indianapolis_rand_english` percentile
# point in English and {num}`indianapolis_rand_mathematics` in mathematics {src}`LF_087`. The trial of 2004 in
# grades 1 to 5 finds {num}`network_decker_mathematics` in mathematics and no effect in reading {src}`LF_012`. In
# North Carolina's high schools it is {num}`network_xu_science` in science {src}`SX_WWC_1119`.
#
# The packages stand at {num}`new_orleans_harris_english_and_mathematics` {src}`LF_075` and
# {num}`new_orleans_era_achievement` {src}`US_HARRIS_LARSEN` in New Orleans, and about
# {num}`washington_dc_dotter_grade_4_percentiles` in Washington, DC {src}`US_MATHEMATICA_DC_2021`. The two New Orleans
# ranges come from the same authors and period; they are not two confirmations. For pupils who came back after the storm
# the same authors find smaller differences {src}`LF_075`.
#
# Percentile points turn into standard deviations only by assuming a normal curve and a starting percentile. For the
# trial of 2004 and the reviews of the clearinghouse that is how the figure is defined {cite:p}`wwc2022`, and the
# Washington, DC, study prints both units; for the rest it is a convention. Nothing else on this page rests on the table.

# %% tags=["remove-cell"]
STARTS = (50, 25)


def converted(row, start):
    ends = [row.estimate] if pd.notna(row.estimate) else [row.estimate_low, row.estimate_high]
    return [sd_from_percentile(end, start) for end in ends]


percentiles = own[own["unit"].str.startswith("percentile points") & (own_kinds != "no figure")]
converted_rows = []
for row in percentiles.itertuples():
    in_sd = {start: converted(row, start) for start in STARTS}
    converted_rows.append(
        {
            "study": study_label(row, titles),
            "percentile points": format_finding(row),
            **{
                f"SD from percentile {start}": " to ".join(format_number(v, 2) for v in values)
                for start, values in in_sd.items()
            },
            "source": row.source_id,
        }
    )
    in_sd_of = registry.numbers(
        "sd", rows=rows_named(opened, "evaluations", row.evaluation_id), function=sd_from_percentile
    )
    meaning = f"{row.study}, percentile points in SD by the normal curve, start at the 50th percentile."
    for end, value in zip(("", ".high"), in_sd[50], strict=False):
        in_sd_of(f"{names[row.evaluation_id]}{end}", value, SD, meaning)

# %%
Table(
    pd.DataFrame(converted_rows),
    "A convention, not a finding: Φ⁻¹((s + x)/100) − Φ⁻¹(s/100) for x percentile points from percentile s",
)

# %% [markdown]
# ### Texas and the Rio Grande Valley
#
# Three studies cover Texas; two name the Rio Grande Valley among five regions. All were paid for by the programme, and
# none prints a figure for the Rio Grande Valley alone in what was read.
#
# - **Turner and others, 2012** {cite:p}`turner2013`. In the review of the What Works Clearinghouse pupils of new corps
#   members stand {num}`rio_grande_valley_turner_novice_mathematics_middle` percentile points higher in mathematics in
#   grades 6 to 8, and pupils of alumni who still teach {num}`rio_grande_valley_turner_alumni_reading_middle` in
#   reading; by a second review the alumni's also stand higher in mathematics of those grades {src}`SX_NEPC_TX`. The
#   other contrasts read, in grades 4 and 5 and in reading for the new, are not significant {src}`SX_WWC_1117`. The
#   second review, at the National Education Policy Center, holds that even the significant ones cannot be put down to
#   the programme {src}`SX_NEPC_TX` {cite:p}`fuller2013`.
# - **A university centre, 2019.** On the state's tests of 2011 to 2017 pupils of corps members and alumni were as
#   likely to pass as others, or more likely; the advantage is larger in district than in charter schools
#   {src}`SX_SMU_2019`.
# - **The same centre, 2024.** On the tests of 2020 to 2022 as likely or more likely, most clearly in high school
#   subjects {src}`SX_SMU_2024`.
#
# The two of the centre were read in the programme's own news. How teachers were matched, and by how much pupils
# differ, was not read. They are about lessons, again, and not about what
# [alumni did for the Rio Grande Valley](../cases/rio_grande_valley.ipynb).

# %%
other = own[in_other_units(own)]
Table(
    pd.DataFrame(
        {
            "study": [study_label(row, titles) for row in other.itertuples()],
            "treated": other["treated"].to_list(),
            "outcome": other["outcome"].to_list(),
            "figure": [f"{format_finding(row)} {row.unit}" for row in other.itertuples()],
            "standard error": ["" if pd.isna(one) else f"{one:g}" for one in other["standard_error"]],
            "finding": other["finding"].to_list(),
            "source": other["source_id"].to_list(),
        }
    ),
    "Figures in units of their own, which no chart holds",
)

# %% [markdown]
# ### Miami: corps members placed together
#
# In Miami-Dade the programme placed corps members in groups in some schools and not in others, and the groups grew: in
# middle schools from {num}`network_hansen_miami_share_of_corps_members.low` to
# {num}`network_hansen_miami_share_of_corps_members.high` per cent of teachers in four years {src}`SX_HANSEN_EDEX`.
# Backes, Hansen, Xu and Brady (Hansen and others in earlier versions) compare the same schools over six years
# {cite:p}`backes2019`. **It is the nearest test found of whether people who work together carry others along.**
#
# - **Own classes.** Pupils of corps members stand about {num}`network_hansen_miami_own_classes_mathematics` standard
#   deviations higher in mathematics and {num}`network_hansen_miami_own_classes_reading` in reading in the version of a
#   conference {src}`SX_APPAM_2015`; a review of the working paper calls reading not significant
#   {src}`SX_HANSEN_EDEX`.
# - **Whole schools.** Several schools that received groups gained a good deal in mathematics, part of it through the
#   corps members' own classes {src}`SX_HANSEN_2018`.
# - **Other classes: two versions.** The abstract of a conference paper in 2015 claimed a positive spillover to other
#   classes in mathematics {src}`SX_APPAM_2015`. The article as published finds none {src}`SX_HANSEN_2018`. The
#   article is the later and the reviewed version; both are printed here because the first is still found by a search.
# - **Marks and absence.** A second article on the same schools follows the share of corps members in a grade. In
#   elementary schools marks are higher where the share is higher,
#   {num}`network_backes_miami_share_elementary_marks` of a grade point for a share from none to all (standard error
#   {num}`network_backes_miami_share_elementary_marks.error`); in middle schools there is no relation with marks and
#   less unexcused absence {src}`SX_BH_T8` {cite:p}`backes2018`. The corps members' own pupils are in these figures. The
#   authors' summary is more careful: it calls the evidence on absence and suspension suggestive and very small, and
#   sees none on the other outcomes.
#
# So placing people together went with better results where they taught, and did not reach the classes of others.
# That is a result about teachers in their first years, not about alumni who lead.
#
# ### Indianapolis: more peers, larger gains
#
# The study of Indianapolis looks at schools where five or more people of the programme work. There the figures are
# about {num}`indianapolis_rand_peers_english` in English and {num}`indianapolis_rand_peers_mathematics` in mathematics
# {src}`LF_087`.

# %%
ALL, PEERS = "all programme teachers", "five or more peers in the school"
PAIRS = (
    ("English", ALL, "rand_english"),
    ("English", PEERS, "rand_peers_english"),
    ("mathematics", ALL, "rand_mathematics"),
    ("mathematics", PEERS, "rand_peers_mathematics"),
)
contrast = pd.DataFrame(
    [
        {"subject": subject, "teachers": who, "value": registry.value(f"indianapolis_{finding}")}
        for subject, who, finding in PAIRS
    ]
)
at = contrast.pivot(index="subject", columns="teachers", values="value")
publish(
    registry,
    "peers",
    charts.peers(contrast, "percentile points a year"),
    title=(
        f"In mathematics the gain is {at.loc['mathematics', ALL]:g} points for all and {at.loc['mathematics', PEERS]:g} with five "
        "or more peers"
    ),
    subtitle="Pupils of programme teachers against other pupils, Indianapolis, percentile points a year",
    caption=(
        "Indianapolis: gain of pupils of programme teachers, all of them and those in schools with five or more of the "
        "programme's people. An association; the intervals were not read."
    ),
    says=(
        "Each row has two marks. "
        + " ".join(
            f"In {subject} the figure is {at.loc[subject, ALL]:g} for all programme teachers and {at.loc[subject, PEERS]:g} "
            "with five or more peers."
            for subject in at.index
        )
    ),
    data=contrast,
)

# %% [markdown]
# Why it shows no threshold is said under [critical mass](critical_mass.ipynb). Three more limits:
#
# - **It is an association.** Peers are not placed at random, and a school that attracts five may be better led,
#   larger, newer or growing. What the study adjusted for was not read. Clustering may help; good schools may gather
#   such teachers.
# - **The two groups overlap.** The figure for all teachers includes those with peers, so the contrast with teachers
#   who have few is larger than the two marks suggest. By how much depends on a share that was not read.
# - **It is about lessons.** The pupils are those of programme teachers. Whether other classes gain too is what Miami
#   asked, and there the published answer is no {src}`SX_HANSEN_2018`.
#
# ### Shares of a grade

# %%
show(
    "grades",
    "percent of a grade",
    "Teach First in England: findings in per cent of a grade in one subject at age 16, by what was treated.",
)

# %% tags=["remove-cell"]
each = percent_of_a_grade_each(registry.value("london_allen_schools_best_eight"), 8)
meaning = "Allen and Allnutt, schools: the gain spread evenly over a pupil's best eight subjects."
read = record(found[found["evaluation_id"] == "london-eval-01"], percent_of_a_grade_each)
read("grade_each", each, Unit("percent of a grade"), meaning)

# %% [markdown]
# Departments with one participant in a team of six gained over {num}`london_allen_departments_subject` per cent of a
# grade {src}`LF_031`. If none of it spilled over to colleagues, the gain of the participants' own classes could be as
# large as {num}`london_allen_own_classes_subject.high` per cent {src}`LF_039`: a bound, not an estimate. A follow-up
# has departments move from about a tenth of a grade below others to about {num}`london_allen_follow_up_subject` per
# cent above {src}`LF_040`; the mark shows where they ended, not how far they moved.
#
# Partner schools as a whole gained about {num}`london_allen_schools_best_eight` grade in one of a pupil's best eight
# subjects {src}`LF_031`. No other finding has that unit, so it has no chart. Spread evenly it is
# {num}`grade_each` per cent of a grade in each subject, by plain division. Grades cannot be turned into
# standard deviations without the spread of grades, and that spread was not found in the sources read.
#
# ## Schools, packages and places
#
# Whole packages of reform went with large gains, by comparisons that their authors built, and no study separates the part
# that leaders had.

# %%
show(
    "sd_other",
    "SD",
    "Departments, schools, reform packages and whole places: findings in standard deviations. Nulls without a figure "
    "stand here too.",
    REST,
)

# %% [markdown]
# **Packages.** The reforms in New Orleans after 2005 are put at {num}`new_orleans_harris_achievement.low` to
# {num}`new_orleans_harris_achievement.high` {src}`LF_074`, those in Washington, DC, from 2007 at about
# {num}`washington_dc_dotter_grade_4` in grade 4 {src}`LF_096`. In grade 8 the Washington, DC, study reports
# something similar in mathematics and nothing clear in reading {src}`US_MATHEMATICA_DC_2021`. Management, rules,
# money, staff and the choice of schools changed together; the figures are for all of it.
#
# **Parts of Washington, DC's package.** Some of its rules were studied one by one. Under the new evaluation of teachers
# those rated low, just under the line of dismissal, left of their own accord more often, by
# {num}`washington_dc_dee_wyckoff_leaving` percentage points, and those who stayed were rated higher after it
# {src}`SX_DEE_2015` {cite:p}`dee2015`. Where a low-rated teacher was induced to leave, the class gained
# {num}`washington_dc_adnot_low_rated_mathematics` in mathematics {src}`SX_ADNOT_2017` {cite:p}`adnot2016`. Schools
# whose head was replaced stood {num}`washington_dc_walsh_dotter_replaced_principals` higher by the third year
# {src}`SX_WALSH_2020`; more on that study under [leaders](what_leaders_add.ipynb#what-leaders-add).
#
# **Chile's funding law of 2008, both sides.** Poor pupils of grade 4 gained more than
# {num}`chile_feigenberg_voucher_grade_4` after it. Feigenberg, Rivkin and Yan do not put that down to the law's
# voucher {src}`SX_FRY_2017` {cite:p}`feigenberg2019`, and a study at the line of eligibility finds nothing
# {src}`SX_JHR_SEP` {cite:p}`aguirre2022`. Murnane and others put it down to the law's money and accountability
# together {src}`SX_MURNANE_2017`, and Neilson finds more competition and less inequality {src}`SX_NEILSON_SEP`.
# Schools moved to local education services gained a little ({num}`chile_calderon_local_services_mathematics` in
# mathematics), in a draft {src}`SX_CALDERON`.
#
# **Programmes for whole schools in England.** Achieve Together and Challenge the Gap show no difference
# {src}`SX_EEF_AT, SX_EEF_CTG`, and in a trial of Achievement for All pupils made less progress {src}`SX_EEF_AFA`.
#
# **A place.** London's premium in progress to age 16, {num}`london_burgess_progress` in 2013, is a difference
# between London and elsewhere and no effect of anything in particular. On that measure pupils' make-up accounts for
# all of it {src}`LF_034`.
#
# The packages had years to build up, while the classroom figures are for one year or two. Dividing one by the other
# would say nothing about leadership.
#
# ### Percentage points

# %%
show(
    "percentage_points",
    "percentage points",
    "Findings in percentage points on pupils, schools and packages. One unit, but not one thing: points of a test score "
    "in India, points of a share of young people in New Orleans. The two of Delhi's campaign are before and after, without "
    "a comparison.",
    (DIRECT, *REST),
)

# %% [markdown]
# A study presented by Teach For India itself has classes of its fellows gaining {num}`delhi_tfi_english`
# points more than comparison classes in English and {num}`delhi_tfi_mathematics` in mathematics between July
# 2012 and February 2013, in a national sample {src}`LF_059` (slides read on a copy). How the classes were picked
# was not read, and a gain on a test's own points cannot be compared with any other row. In New Orleans the reforms
# as a whole are put at {num}`new_orleans_harris_graduation` points in finishing high school,
# {num}`new_orleans_harris_college_entry` in entering college, {num}`new_orleans_harris_college_persistence` in staying
# there and {num}`new_orleans_harris_college_completion` in completing it {src}`LF_075`.
#
# In schools of Delhi's north-east the share of pupils who can divide rose by {num}`delhi_buniyaad_division` points
# in three months of Mission Buniyaad, the city's campaign for basic skills of 2018, before and after and with no
# comparison {src}`SN_HT_BUNIYAAD_2019`. A policy consultant of Teach For India was in the team that studied it.
#
# ### Days of learning

# %%
show(
    "days",
    "days of learning",
    "Indianapolis: growth in charter and innovation network schools beside schools run directly by the district, in days "
    "of learning a year. Not about programme teachers.",
)

# %% [markdown]
# These are differences between kinds of school, with all their teachers {src}`LF_089, LF_090`. They stand here
# because such schools and the programme's people are often told as one story; the rows do not say who led or
# taught. The summary read is that of The Mind Trust, a partner in bringing the programme to the city {src}`LF_079`.
# A day of learning is the study's own conversion; its formula was not read, so we turn it into nothing else.
#
# ### London: who finds what
#
# The studies quoted against each other ask different questions.

# %% [markdown]
# | study | of whom, and when | measure | what it finds |
# |---|---|---|---|
# | Allen and Allnutt {src}`LF_031` | early partner schools of Teach First and their departments, matched | results at 16 | gains, as above |
# | Allen, follow-up {src}`LF_040` | departments against others, within pupils | results at 16 in the subject | from below others to above by the second and third year |
# | McLean and Worth, NFER (National Foundation for Educational Research) {src}`LF_033` | departments of schools that recruited a trainee, 2012-13 to 2018-19 | results at 16 | small, positive and significant: about {num}`london_nfer_departments_results` SD in the trade press {src}`LF_032` |
# | Burgess {src}`LF_034` | all pupils in London, 2013 | progress from 11 to 16 | a premium of {num}`london_burgess_progress` SD; make-up accounts for all of it here and for half on other measures |
# | Blanden and others {src}`LF_036` | poor pupils in London, from the mid-1990s | results at 16 | the advantage is older than the programmes; make-up is about a sixth of its growth, earlier attainment and a weaker penalty for schools with many poor pupils the rest |
# | Greaves, Macmillan and Sibieta {src}`LF_037` | poor pupils in London | results at 16 | the gains mostly reflect better primary schools, not secondary programmes |
# | Machin, McNally and Meghir {src}`SX_EIC_2004, SX_EIC_2006` | schools of Excellence in Cities, from 1999, all of inner London among them | results at 14, absence | mathematics and attendance up, English not |
# | Hutchings and others, City Challenge {src}`SX_CITYCH_2012` | London, Greater Manchester and the Black Country, 2008 to 2011 | attainment | an evaluation for the ministry; its figures were not read |
# | Lessof, Ross and Brind {src}`SX_LESSOF_2020` | poor pupils in London, 2015 | best eight subjects | far ahead of poor pupils elsewhere; home and attitudes explain most of it |
# | Baars and others {src}`LF_038` | London's schools, all reforms | review and interviews | London Challenge, Teach First, academies and local support are credited together, and effective leadership at every level beside them |

# %% [markdown]
# The first three ask whether schools or departments with participants did better than others, the others why
# London as a whole pulled ahead. A department can gain a little while the city's rise has other sources; both can
# be true, and neither is a study of leaders. Burgess and Blanden disagree in earnest, everything against a sixth,
# on different measures, pupils and years; what was read does not settle it. The one source that credits leadership
# by name is a review with interviews and has no comparison.
#
# For early partner schools gains are reported in grades, for later ones a small gain in standard deviations.
# Whether the first schools were special, the programme changed or only the measure differs cannot be told.
#
# ## Views and careers
#
# Taking part goes with other views and with work in education, by strong designs. One large survey disagrees.

# %%
show(
    "people",
    "percentage points",
    "People rather than pupils: careers, votes and posts, findings in percentage points. Leaving is drawn as counted; "
    "more of it is no gain.",
    PEOPLE,
)

# %% [markdown]
# **At the line of selection.** Studies in the United States compare applicants just above and just below the line,
# who differ in little but luck. Taking part moved beliefs towards those of disadvantaged Americans {src}`LF_010`;
# participants favour explanations in the system and wider services, and are no likelier than others to back school
# choice or merit pay {src}`LF_011`. Dobbie and Fryer find more racial tolerance and optimism, and work in education
# made more likely {src}`SX_DOBBIE_2015` {cite:p}`dobbie2015`. Mo, Holbein and Elder find that participants vote more
# often, by {num}`network_mo_holbein_turnout` percentage points {src}`SX_MO_2022` {cite:p}`mo2022`.
#
# **Careers in India.** A conference paper matches fellows of Teach For India with applicants. Fellows are
# {num}`delhi_careers_in_education` percentage points more likely to follow a career in education and
# {num}`delhi_careers_social_field` to work in a field of social purpose; they are not more likely to start an
# organisation {src}`SX_CIES_2021`. The network's page prints the two figures as a range for India and Mexico together
# {src}`SN_TFALL_ALUMNI`; the abstract gives both for India, as two outcomes. Matched applicants may differ in what the
# matching does not see.
#
# **Founders.** Of {num}`network_higgins_founders.organisations` education organisations of note, the founders of
# {num}`network_higgins_founders` per cent had worked for Teach For America, more than for any other employer
# {src}`SX_HIGGINS_2011` {cite:p}`higgins2011`. It is a count. What alumni networks do for policy is the subject of a
# critical framework with interviews {src}`SX_SCOTT_2016` and of an account of Detroit {src}`SX_SINGER_2021`; neither
# estimates anything.
#
# **England.** Teach First teachers reach leading posts more often early on, while a gap to other routes in staying
# narrowed with time; the programme commissioned the study {src}`LF_033`. By the programme's own count about
# {num}`london_teach_first_middle_leaders` per cent of those who finish hold a middle leadership post after four years
# {src}`SX_TF20`.
#
# **Who left.** In New Orleans teachers dismissed after the flood were {num}`new_orleans_lincove_dismissed_2007`
# percentage points likelier to have left the state's public schools by 2007 than the study's comparison group
# {src}`SX_LINCOVE_2018` {cite:p}`lincove2018`. They were mostly Black, with long service; it is the other side of the
# count of new people.
#
# ## The study that disagrees
#
# McAdam and Brandt asked everybody accepted by Teach For America from 1993 to 1998, whether they served, dropped out
# or declined {src}`SX_MCADAM_2009` {cite:p}`mcadam2009`. Graduates hold more civic attitudes only in so far as they
# still work with the programme. They serve and vote less than those who declined, and less often hold jobs of social
# purpose.
#
# On voting and on work that is the opposite of the studies at the line of selection. The groups of McAdam and Brandt
# chose themselves: whoever declined had other plans. A comparison at the
# line of selection is the stronger design for what taking part does; the survey is the better warning against
# counting alumni in good jobs as the programme's doing. Both stand in [how sure we are](security.ipynb).
#
# ## Findings without a pupil in them
#
# In Indianapolis programme teachers leave sooner; a funder's summary holds that their effect outweighs it
# {src}`LF_088`. Peru's alumni work together widely, mostly with those of their own year, and what they do could not be
# seen {src}`LF_045`.
#
# Beliefs moved by taking part are set out under [views and careers](#views-and-careers): the same applicants favour
# systemic explanations and wider services more, and school choice or merit pay no more than others {src}`LF_011`.
#
# An evaluation of a funder's programme, with the network among its grantees, reports that partners generally missed
# their most ambitious goals {src}`LF_015`. In Delhi a description of the reforms has no comparison {src}`LF_051`, and
# a press report says that pupils were pushed out before the examination {src}`LF_053`. In Washington, DC, a review by the
# National Research Council sees some improvement and large gaps that remain {src}`LF_098`. In Latvia the final report
# of a policy experiment in five countries, the partner's among them, is public; its findings could not be read in the
# copy found {src}`SX_NEWTT_2019`.
#
# ## Beside the book's own figures
#
# The table puts them side by side and adds nothing up. In most rows the two columns are about different people.

# %% [markdown]
# | place | what others find | what this book finds |
# |---|---|---|
# | [Washington, DC](../cases/washington_dc.ipynb), grade 4 mathematics | about {num}`washington_dc_dotter_grade_4` SD for the package, pupil records {src}`LF_096` | {num}`washington_dc.mathematics_g4.att_sd` SD against other states (p {num}`washington_dc.mathematics_g4.p`); {num}`washington_dc.adjusted.mathematics_g4.slope.att` points on the test's scale (p {num}`washington_dc.adjusted.mathematics_g4.slope.p`) adjusted for level and slope before |
# | Washington, DC, grade 8 mathematics | similar {src}`US_MATHEMATICA_DC_2021` | {num}`washington_dc.mathematics_g8.att_sd` SD (p {num}`washington_dc.mathematics_g8.p`) |
# | Washington, DC, grade 8 reading | no clear effect {src}`US_MATHEMATICA_DC_2021` | {num}`washington_dc.reading_g8.att` points on the test's scale (p {num}`washington_dc.reading_g8.p`) |
# | [New Orleans](../cases/new_orleans.ipynb) | {num}`new_orleans_harris_english_and_mathematics` percentile points for the package {src}`LF_075` | comparison: {num}`new_orleans.comparison`, since no year before the storm can be joined |
# | [Chile](../cases/chile.ipynb) | no significant difference between teachers {src}`LF_118`; better results in an earlier study {src}`SX_IDB_2012` | {num}`chile.mathematics.att_sd` SD for the nation (p {num}`chile.mathematics.p`) |
# | [London](../cases/london.ipynb) | over {num}`london_allen_departments_subject` per cent of a grade in departments {src}`LF_031`; later {num}`london_nfer_departments_results` SD {src}`LF_033` | {num}`london.adjusted.english.att` percentage points at 14 adjusted for the start (p {num}`london.adjusted.english.p`), {num}`london.ks3_english.att` against districts of equal start |
# | [Delhi](../cases/delhi.ipynb) | {num}`delhi_tfi_english` and {num}`delhi_tfi_mathematics` points for fellows' classes, national, by the operator {src}`LF_059` | comparison: {num}`delhi.comparison`; the city's lead in pass rates moved by {num}`delhi.gap.region.change` points |
# | [Huari](../cases/huari.ipynb) | {num}`huari_lavado_efecto_ancash` SD for the regional programme, as the network reports {src}`SX_TFALL_RESEARCH` | {num}`huari.reading.att` percentage points in reading against other provinces (p {num}`huari.reading.p`) |
# | [Latvia](../cases/latvia.ipynb) | a policy experiment whose findings could not be read {src}`SX_NEWTT_2019` | {num}`latvia.mathematics.att_sd` SD for the nation (p {num}`latvia.mathematics.p`) |
# | [Rio Grande Valley](../cases/rio_grande_valley.ipynb) | as likely or more likely to pass, five regions together {src}`SX_SMU_2024` | comparison: {num}`rio_grande_valley.comparison` |

# %% [markdown]
# Washington, DC, is the only place where both columns ask about the same thing. They agree that mathematics moved and
# that grade 8 reading did less: {num}`washington_dc.reading_g8.att` points in ours, no clear effect in the study
# {src}`US_MATHEMATICA_DC_2021`. In grade 4 ours is the larger, and the study adjusts for who attends where
# ours does not. Adjusted for level and slope before as states show them, ours is
# {num}`washington_dc.adjusted.mathematics_g4.slope.att` points there, and over the four tests p is
# {num}`washington_dc.adjusted.family_p.slope`. Neither sets leaders apart.
#
# The classroom figures say what this book could not have seen. The difference that our test would find four times
# in five is {num}`washington_dc.mathematics_g8.mde_sd` SD in Washington, DC, and {num}`chile.mathematics.mde_sd` SD in
# Chile, beside {num}`network_clark_mathematics` in the trial in secondary schools {src}`LF_013`, and only a part of a
# system's pupils have such a teacher. A system could hold many good teachers of this kind and its mean would not show
# it.
#
# ## Why no average is taken
#
# Classes, departments, schools and whole cities were treated here, for one year or for ten, with outcomes from a
# test in the early grades to a college degree. Several rows are one estimate told twice, and without standard
# errors few rows can be weighted. A mean over such rows would carry the packages' size into a claim about leaders.
#
# ## What we can say, and how surely
#
# - **Pupils of programme teachers gain as much as others or more,** a little in the trials, much in some comparisons that
#   were read without their adjustments. Two trials and several comparisons find
#   more in mathematics; the third trial finds no difference over all. In reading, in social and emotional learning and
#   in other outcomes there are nulls. Read mostly in summaries.
# - **Whole packages of reform went with large gains** in New Orleans and Washington, DC, against comparisons built by
#   the authors; some parts of Washington, DC's were studied one by one. What part leaders had is open.
# - **Where corps members were placed together, schools gained in mathematics, part of it in their own classes,** in the
#   published study of Miami; no gain of the other classes was found.
#   Indianapolis goes the same way for their own pupils.
# - **Views and careers move,** by strong designs; the one large survey that disagrees compares groups that chose
#   themselves. What moved views do for pupils was not studied.
# - **A body of leaders across a system: not found in the sources read.** That is the book's question. Studies of
#   single leaders and of training stand in [the next chapter](what_leaders_add.ipynb).
#
# :::{admonition} The finding in numbers
# :class: summary
# **Asked:** what studies by other people say about the programme's teachers, its places and the people who take part.
# **What could be seen:** {num}`own.rows` findings, mostly from abstracts and summaries, few with an error. **What was
# seen:** three trials in the United States. Two find gains in mathematics, in secondary schools
# {num}`network_clark_mathematics` standard deviations; the third, on the growth of the programme, finds its teachers
# as effective as others over all and better in reading in the youngest grades
# ({num}`network_isenberg_scale_up_early_reading`). Where corps members were placed together, in Miami, no spillover
# to other classes was found. Studies of views and careers are mostly positive; one large survey disagrees. **What it
# cannot say:** no study read estimates what a body of leaders does for a system.
# :::
#
# ## What was not found
#
# In the sources read, which are not all there are:
#
# - Standard errors or intervals for most figures, and the full text of the studies.
# - An estimate for pupils of alumni who became principals, or of schools by the share of alumni in them. A conference
#   paper of 2014 sets such principals in Texas beside others {src}`SX_APPAM_2014`; the part read gives no result.
# - The Peruvian study itself {src}`SX_TFALL_RESEARCH`, the estimates of the peer-reviewed New Orleans paper
#   {src}`LF_076`, and the size of the gains in Islamabad {src}`LF_130`.
# - A figure for the Rio Grande Valley alone, and the findings of the five-country experiment with Latvia.
# - The spread of grades behind the English figures.
#
# ## What would change our mind
#
# - A study that follows schools before and after alumni come to lead them, against similar schools where none did. A
#   gain after and not before would be the first direct support; none, with enough schools, direct evidence against.
# - Miami or Indianapolis with numbers of peers from none to many, and with schools followed as peers come and go. A
#   jump at some number would point to a critical mass; a steady slope to plain addition; nothing within schools to
#   selection.
# - Gains of pupils whose own teachers are not of the programme, in schools where alumni lead: spill-over from leaders,
#   which Miami did not measure.
# - The reports behind the network's figures for Peru, with their errors.

# %% [markdown]
# ## Every finding
#
# Each row with what was treated, what was found and where it was read; those on leaders elsewhere too.


# %%
def listed(rows):
    """Return findings with their figures as printed, by what was treated."""
    told = rows.assign(
        figure=[format_finding(row) for row in rows.itertuples()],
        standard_error=["" if pd.isna(one) else f"{one:g}" for one in rows["standard_error"]],
    ).sort_values(
        ["treated_level", "case_id", "evaluation_id"],
        key=lambda s: s.map(LEVELS.index) if s.name == "treated_level" else s,
    )
    columns = ["study", "year", "treated_level", "treated", "outcome", "figure", "unit", "standard_error", "finding",
               "design", "statement", "read", "note", "source_id"]  # fmt: skip
    return told[columns].rename(
        columns={
            "treated_level": "level",
            "standard_error": "standard error",
            "note": "remark",
            "source_id": "source",
        }
    )


Table(listed(found), "Published findings in the release, by what was treated")

# %%
Table(listed(late), "Findings on places added later, outside the counts and charts of this page") if len(
    late
) else None

# %% tags=["remove-cell"]
registry.save()
