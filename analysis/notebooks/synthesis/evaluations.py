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
# :::{admonition} In short
# :class: summary
# The release holds {num}`rows` findings of other people's studies, from {num}`sources`
# sources. Those on pupils of programme teachers lie between {num}`direct.sd.low` and
# {num}`direct.sd.high` standard deviations where they are given in that unit, with
# {num}`direct.null` nulls beside them. The larger figures in that unit, in New Orleans and Washington,
# DC, belong to whole packages of reform. **No study read estimates what a body of leaders does for a system.** The
# nearest is one association: in Indianapolis gains are larger where five or more of the programme's people work in
# one school. No interval was read for any figure, and we take no average, because the studies treated different
# things.
# :::

# %% tags=["parameters"]
release = ""  # the newest

# %% tags=["remove-cell"]
import pandas as pd
from leadership_effects.data.joint_cases import cases_across
from leadership_effects.data.provenance import rows_named, rows_of
from leadership_effects.data.release import open_release
from leadership_effects.evidence.studies import (
    AXES,
    DIRECT,
    FINDINGS,
    LEVELS,
    axis_rows,
    count_findings,
    estimate_kind,
    format_finding,
    percent_of_a_grade_each,
    sd_from_percentile,
    study_label,
)
from leadership_effects.report.charts import studies as charts
from leadership_effects.report.figures import publish
from leadership_effects.report.numbers import COUNT, Unit, format_number, holds, row_names
from leadership_effects.report.registry import Registry
from leadership_effects.report.tables import Table

SD = Unit("SD", 2)
opened = open_release(release)
registry = Registry(opened, "evaluations", "analysis/notebooks/synthesis/evaluations.py")
found = opened.table("evaluations")
sources = opened.table("sources").set_index("source_id")
cases = cases_across(opened).set_index("case_id")


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
}
names = row_names("evaluations", found, NAMES)
for row in found.itertuples():
    read = registry.numbers(rows=rows_named(opened, "evaluations", row.evaluation_id), function=estimate_kind)
    told, name = f"{row.study}: {row.outcome}; treated: {row.treated}", names[row.evaluation_id]
    if estimate_kind(row) in ("point", "sign unclear"):
        read(name, row.estimate, Unit(row.unit, decimals(row.estimate)), f"{told}.")
        continue
    read(name, format_finding(row), Unit(row.unit), f"{told}, as printed.", function=format_finding)
    ends = {"low": row.estimate_low, "high": row.estimate_high}
    for end, value in ends.items():
        if pd.notna(value):
            unit, meaning = Unit(row.unit, decimals(value)), f"{told}, {end} end of what is printed."
            read(f"{name}.{end}", value, unit, meaning)
count("rows", found, "Findings of published studies in the release.")
record(found)("sources", found["source_id"].nunique(), COUNT, "Sources of these findings.")
for name in FINDINGS:
    count(f"finding.{name}", found[found["finding"] == name], f"Findings reported as {name}.")
for level, key in zip(
    LEVELS,
    ("direct", "departments", "schools", "package", "place", "participants", "groups", "programme"),
    strict=True,
):
    own = found[found["treated_level"] == level]
    count(f"{key}.rows", own, f"Findings on: {level}.")
    for name in FINDINGS:
        count(f"{key}.{name}", own[own["finding"] == name], f"Findings on {level} reported as {name}.")
kinds = pd.Series([estimate_kind(row) for row in found.itertuples()], index=found.index)
count("figures", found[kinds != "no figure"], "Findings with a figure in what was read.")
count("ranges", found[kinds == "range"], "Findings printed as a range of estimates.")
count("intervals", found[found["interval_low"].notna()], "Findings with a printed interval of confidence.")
copies = found["source_id"].map(sources["third_party_copy"]).astype(bool)
count("copies", found[copies], "Findings read on somebody's copy, to be checked against the original.")
silent_places = [case for case in cases.index if case not in set(found["case_id"])]
holds(
    "No study is in the release on the Rio Grande Valley and on Latvia.",
    silent_places == ["rio_grande_valley", "latvia"],
)
meaning = "Places of the book on which no study is in the release."
record(found)("places_without", len(silent_places), COUNT, meaning)
direct = found[(found["treated_level"] == DIRECT) & (found["unit"] == "SD")]
packages = found[(found["treated_level"] == "whole reform package") & (found["unit"] == "SD")]
holds(
    "Every figure for a package is larger than every figure for a class.",
    packages[["estimate", "estimate_low"]].min(axis=None) > direct["estimate"].max(),
)
meaning = "Pupils of programme teachers, {} end of the figures in standard deviations."
record(direct).ends("direct.sd.{}", direct["estimate"], SD, meaning)

# %% [markdown]
# ## The question
#
# This page sets out what studies by other people say, in the eight places and elsewhere, and asks of each: what was
# treated? A better lesson, a stronger department and a rebuilt school system are not the same thing, and a leader
# may have had a hand in all of them or in none.
#
# Three limits hold for the whole page. The studies were read as web pages, abstracts and summaries, not in full;
# {num}`copies` of the {num}`rows` findings were read on somebody's copy. A figure stands in
# {num}`figures` of them, an interval of confidence in {num}`intervals`: how precise the
# figures are is not known to us. And on {num}`places_without` of the eight places, the Rio Grande
# Valley and Latvia, no study was found in the sources read.

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
# Of all findings {num}`finding.positive` are positive, {num}`finding.null` null,
# {num}`finding.mixed` mixed, {num}`finding.contrary` contrary and
# {num}`finding.descriptive` descriptive. These are counts of rows, not votes: one study may have
# several rows, an estimate printed in two units has two, and studies that find nothing may be published less often.

# %%
table = count_findings(found)
filled = table[table["rows"] > 0]
publish(
    registry,
    "findings",
    charts.findings(table),
    caption="How many findings of each kind the release holds, by what was treated. A blank is none.",
    says=(
        f"A count stands in {len(filled)} cells. "
        + " ".join(
            f"{level[0].upper()}{level[1:]}: {', '.join(f'{n} {name}' for name, n in zip(own['finding'], own['rows'], strict=True))}."
            for level, own in filled.groupby("level", sort=False)
        )
    ),
    data=table.pivot(index="level", columns="finding", values="rows")
    .loc[list(LEVELS), list(FINDINGS)]
    .reset_index(),
)  # fmt: skip

# %% [markdown]
# In the charts a filled mark is an estimate; two on a pale band are the ends of a range that the source prints,
# which gathers several estimates and is not an interval of confidence. A hollow mark at the end of a broken line is
# an upper bound, a hollow pair a figure whose sign is unclear. Words at the left stand for a finding without a
# figure in what was read: it keeps its row, so that a null is seen beside its neighbours.
#
# ## Standard deviations

# %% tags=["remove-cell"]
KEPT = ["label", "level", "kind", "estimate", "low", "high", "finding", "statement", "source"]


def show(name, unit, caption):
    frame = axis_rows(found, unit)
    shown = frame[KEPT].rename(columns={"label": "study", "level": "treated", "kind": "drawn as"})
    chart = charts.effects(frame, AXES[unit])
    words = charts.describe_effects(frame, unit)
    return publish(registry, name, chart, caption=caption, says=words, data=shown)


# %%
show(
    "sd",
    "SD",
    "Findings in standard deviations, by what was treated. Chile and Pakistan give no figure in any unit in what was "
    "read; they stand here because studies of this kind mostly use this unit.",
)

# %% [markdown]
# **Pupils.** Fellows' pupils in Lagos and Ogun gained about {num}`lagos_ogun_nigeria_rand_literacy` in
# literacy and {num}`lagos_ogun_nigeria_rand_mathematics` in mathematics over two years; in social and emotional
# learning no larger improvement was found {src}`LF_108`. A trial with secondary teachers in the United States found
# {num}`network_clark_mathematics` in mathematics in one year {src}`LF_013`. In Chile a comparison of value added (what pupils
# gain beyond what their earlier results lead one to expect) finds no significant difference {src}`LF_118`. In Islamabad gains in school subjects were larger, by how much was
# not read, and other outcomes show no difference {src}`LF_130` (read on a mirror).
#
# **Departments.** For schools in England that recruited from Teach First for the first time, between 2012-13 and
# 2018-19, a report speaks of a small gain and prints {num}`london_nfer_departments_results` with a minus sign
# {src}`LF_032` (read on a mirror). Both signs are drawn.
#
# **Packages.** The reforms in New Orleans after 2005 are put at {num}`new_orleans_harris_achievement.low` to
# {num}`new_orleans_harris_achievement.high` {src}`LF_074`, those in Washington from 2007 at about
# {num}`washington_dc_dotter_grade_4` in grade 4 {src}`LF_096`. In grade 8 the Washington study reports
# something similar in mathematics and nothing clear in reading {src}`US_MATHEMATICA_DC_2021`. Management, rules,
# money, staff and the choice of schools changed together; the figures are for all of it.
#
# **A place.** London's premium in progress to age 16, {num}`london_burgess_progress` in 2013, is a difference
# between London and elsewhere and no effect of anything in particular. On that measure pupils' make-up accounts for
# all of it {src}`LF_034`.
#
# In this unit every figure for a package is larger than every figure for a class. The packages also had years to
# build up, while the classroom figures are for one year or two. Dividing one by the other would say nothing about
# leadership.
#
# ## Percentile points

# %%
show(
    "percentiles",
    "percentile points",
    "Findings in percentile points, by what was treated. The New Orleans and Washington rows restate, in this unit, "
    "studies of the chart before.",
)

# %% [markdown]
# A year with a programme teacher in Indianapolis goes with about {num}`indianapolis_rand_english` percentile
# point in English and {num}`indianapolis_rand_mathematics` in mathematics {src}`LF_087`. The trial of 2004 in
# grades 1 to 5 finds {num}`network_decker_mathematics` in mathematics and no effect in reading {src}`LF_012`. The
# packages stand at {num}`new_orleans_harris_english_and_mathematics` {src}`LF_075` and {num}`new_orleans_era_achievement`
# {src}`US_HARRIS_LARSEN` in New Orleans, and about {num}`washington_dc_dotter_grade_4_percentiles` in Washington
# {src}`US_MATHEMATICA_DC_2021`. The two New Orleans ranges come from the same authors and period; they are not two
# confirmations.
#
# Percentile points turn into standard deviations only by assuming a normal curve and a starting percentile. For the
# trial of 2004 that is how the figure is defined {cite:p}`wwc2022`, and the Washington study prints both units; for
# the rest it is a convention. Nothing else on this page rests on the table.

# %% tags=["remove-cell"]
STARTS = (50, 25)


def converted(row, start):
    ends = [row.estimate] if pd.notna(row.estimate) else [row.estimate_low, row.estimate_high]
    return [sd_from_percentile(end, start) for end in ends]


percentiles = found[(found["unit"] == "percentile points") & (kinds != "no figure")]
converted_rows = []
for row in percentiles.itertuples():
    in_sd = {start: converted(row, start) for start in STARTS}
    converted_rows.append(
        {
            "study": study_label(row),
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
# ### Indianapolis: more peers, larger gains
#
# The same study looks at schools where five or more people of the programme work. There the figures are about
# {num}`indianapolis_rand_peers_english` in English and {num}`indianapolis_rand_peers_mathematics` in mathematics
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
# Of all findings here this comes closest to the book's own question; why it shows no threshold is said under
# [critical mass](critical_mass.ipynb). Three more limits:
#
# - **It is an association.** Peers are not placed at random, and a school that attracts five may be better led,
#   larger, newer or growing. What the study adjusted for was not read. Clustering may help; good schools may gather
#   such teachers.
# - **The two groups overlap.** The figure for all teachers includes those with peers, so the contrast with teachers
#   who have few is larger than the two marks suggest. By how much depends on a share that was not read.
# - **It is about lessons.** The pupils are those of programme teachers. Whether other classes of the school gain
#   too, which is what a collective should bring about, was not found in the sources read.
#
# ## Percentage points

# %%
show(
    "percentage_points",
    "percentage points",
    "Findings in percentage points, by what was treated. One unit, but not one thing: points of a test score in India, "
    "points of a share of young people in New Orleans.",
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
# ## Days of learning

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
# ## Shares of a grade

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
# grade {src}`LF_031`. If none of it spilled over to colleagues, the gain of the participants' own classes could be
# as large as {num}`london_allen_own_classes_subject.high` per cent {src}`LF_039`: a bound, not an estimate. A follow-up
# has departments move from about a tenth of a grade below others to about {num}`london_allen_follow_up_subject` per
# cent above {src}`LF_040`; the mark shows where they ended, not how far they moved.
#
# Partner schools as a whole gained about {num}`london_allen_schools_best_eight` grade in one of a pupil's best eight
# subjects {src}`LF_031`. No other finding has that unit, so it has no chart. Spread evenly it is
# {num}`grade_each` per cent of a grade in each subject, by plain division. Grades cannot be turned into
# standard deviations without the spread of grades, and that spread was not found in the sources read.
#
# ## London: who finds what
#
# The studies quoted against each other ask different questions.

# %% [markdown]
# | study | of whom, and when | measure | what it finds |
# |---|---|---|---|
# | Allen and Allnutt {src}`LF_031` | early partner schools of Teach First and their departments, matched | results at 16 | gains, as above |
# | Allen, follow-up {src}`LF_040` | departments against others, within pupils | results at 16 in the subject | from below others to above by the second and third year |
# | NFER (National Foundation for Educational Research), in the press {src}`LF_032` | departments of schools recruiting for the first time, 2012-13 to 2018-19 | results at 16 | near zero, called a gain and printed with a minus sign |
# | Burgess {src}`LF_034` | all pupils in London, 2013 | progress from 11 to 16 | a premium of {num}`london_burgess_progress` SD; make-up accounts for all of it here and for half on other measures |
# | Blanden and others {src}`LF_036` | poor pupils in London, from the mid-1990s | results at 16 | the advantage is older than the programmes; make-up is about a sixth of its growth, earlier attainment and a weaker penalty for schools with many poor pupils the rest |
# | Greaves, Macmillan and Sibieta {src}`LF_037` | poor pupils in London | results at 16 | the gains mostly reflect better primary schools, not secondary programmes |
# | Baars and others {src}`LF_038` | London's schools, all reforms | review and interviews | London Challenge, Teach First, academies and local support are credited together, and effective leadership at every level beside them |

# %% [markdown]
# The first three ask whether schools or departments with participants did better than others, the next three why
# London as a whole pulled ahead. A department can gain a little while the city's rise has other sources; both can
# be true, and neither is a study of leaders. Burgess and Blanden disagree in earnest, everything against a sixth,
# on different measures, pupils and years; what was read does not settle it. The one source that credits leadership
# by name is a review with interviews and has no comparison.
#
# For early partner schools gains are reported in grades, for later ones a figure near zero in standard deviations.
# Whether the first schools were special, the programme changed or only the measure differs cannot be told.
#
# ## Findings without a pupil in them
#
# Studies in the United States compare applicants just above and just below the line of selection. Taking part moved
# beliefs towards those of disadvantaged Americans {src}`LF_010` (read on a mirror); participants favour
# explanations in the system and wider services, and are no likelier than others to back school choice or merit pay
# {src}`LF_011`. In England Teach First teachers reach leading posts more often early on, while a gap to other
# routes in staying narrowed with time; the programme commissioned the study {src}`LF_033`. In Indianapolis
# programme teachers leave sooner; a funder's summary holds that their effect outweighs it {src}`LF_088`. Peru's
# alumni work together widely, mostly with those of their own year, and what they do could not be seen
# {src}`LF_045`.
#
# An evaluation of a funder's programme, with the network among its grantees, reports that partners generally missed
# their most ambitious goals {src}`LF_015` (read on a mirror). In Delhi a description of the reforms has no
# comparison {src}`LF_051`, and a press report says that pupils were pushed out before the examination
# {src}`LF_053`. In Washington a review by the National Research Council sees some improvement and large gaps that
# remain {src}`LF_098`.
#
# ## Beside the book's own figures
#
# The table puts them side by side and adds nothing up. In most rows the two columns are about different people.

# %% [markdown]
# | place | what others find | what this book finds |
# |---|---|---|
# | [Washington, DC](../cases/washington_dc.ipynb), grade 4 mathematics | about {num}`washington_dc_dotter_grade_4` SD for the package, pupil records {src}`LF_096` | {num}`washington_dc.mathematics_g4.att_sd` SD against other states (p {num}`washington_dc.mathematics_g4.p`); {num}`washington_dc.drift.mathematics_g4.att` points on the test's scale (p {num}`washington_dc.drift.mathematics_g4.p`) once earlier drift is out |
# | Washington, DC, grade 8 mathematics | similar {src}`US_MATHEMATICA_DC_2021` | {num}`washington_dc.mathematics_g8.att_sd` SD (p {num}`washington_dc.mathematics_g8.p`) |
# | Washington, DC, grade 8 reading | no clear effect {src}`US_MATHEMATICA_DC_2021` | {num}`washington_dc.reading_g8.att` points on the test's scale (p {num}`washington_dc.reading_g8.p`) |
# | [New Orleans](../cases/new_orleans.ipynb) | {num}`new_orleans_harris_english_and_mathematics` percentile points for the package {src}`LF_075` | {num}`new_orleans.verdict`: no comparison from before the storm |
# | [Chile](../cases/chile.ipynb) | no significant difference between teachers {src}`LF_118` | {num}`chile.mathematics.att_sd` SD for the nation (p {num}`chile.mathematics.p`) |
# | [London](../cases/london.ipynb) | over {num}`london_allen_departments_subject` per cent of a grade in departments {src}`LF_031` | {num}`london.ks3_english.att` percentage points at 14 against districts of equal start (p {num}`london.ks3_english.p`) |
# | [Delhi](../cases/delhi.ipynb) | {num}`delhi_tfi_english` and {num}`delhi_tfi_mathematics` points for fellows' classes, national, by the operator {src}`LF_059` | {num}`delhi.verdict`: the city's lead in pass rates moved by {num}`delhi.gap.region.change` points |
# | [Huari](../cases/huari.ipynb) | a national study exists, its estimates were not read {src}`LF_046` | {num}`huari.reading.att` percentage points in reading against other provinces (p {num}`huari.reading.p`) |
# | [Latvia](../cases/latvia.ipynb) | not found in the sources read | {num}`latvia.mathematics.att_sd` SD for the nation (p {num}`latvia.mathematics.p`) |
# | [Rio Grande Valley](../cases/rio_grande_valley.ipynb) | not found in the sources read | {num}`rio_grande_valley.verdict` |

# %% [markdown]
# Washington is the only place where both columns ask about the same thing. They agree that mathematics moved and
# that grade 8 reading stands back: {num}`washington_dc.reading_g8.att` points in ours, no clear effect in the study
# {src}`US_MATHEMATICA_DC_2021`. In grade 4 ours is the larger, and the study adjusts for who attends where
# ours does not. Ours shrinks once earlier drift is out, to p {num}`washington_dc.drift.family_p` over the four
# tests. Neither sets leaders apart.
#
# The classroom figures say what this book could not have seen. The difference that our test would find four times
# in five is {num}`washington_dc.mathematics_g8.mde_sd` SD in Washington and {num}`chile.mathematics.mde_sd` SD in
# Chile, larger than any figure above for pupils of programme teachers in that unit, and only a part of a system's
# pupils have such a teacher. A system could hold many good teachers of this kind and its mean would not show it.
#
# ## Why no average is taken
#
# Classes, departments, schools and whole cities were treated here, for one year or for ten, with outcomes from a
# test in the early grades to a college degree. Several rows are one estimate told twice, and without standard
# errors no row can be weighted. A mean over such rows would carry the packages' size into a claim about leaders.
#
# ## What we can say, and how surely
#
# - **Pupils of programme teachers gain a little more in mathematics in several studies,** randomised trials among
#   them. In reading, in social and emotional learning and in other outcomes there are nulls, and Chile's study
#   finds no significant difference. Read in summaries, without intervals.
# - **Whole packages of reform went with large gains** in New Orleans and Washington, against comparisons built by
#   the authors. What part leaders had is open.
# - **Something may spill over in teams:** departments in England, peers in Indianapolis. The first comes with a
#   later finding near zero; both are associations.
# - **Beliefs move,** by a strong design. What moved beliefs do for pupils was not studied.
# - **A body of leaders across a system: not found in the sources read.** That is the book's question, and the
#   published record leaves it open.
#
# ## What was not found
#
# - Standard errors or intervals, and the full text of the studies.
# - An estimate for pupils of alumni who became principals, or of schools by the share of alumni in them.
# - The estimates of the Peruvian study {src}`LF_046`, of the peer-reviewed New Orleans paper {src}`LF_076`, and the
#   size of the gains in Islamabad {src}`LF_130`.
# - The spread of grades behind the English figures, and the right sign of the later one {src}`LF_032`.
#
# ## What would change our mind
#
# - A study that follows schools before and after alumni come to lead them, against schools alike where none did. A
#   gain after and not before would be the first direct support; none, with enough schools, direct evidence against.
# - Indianapolis with numbers of peers from none to many, and with schools followed as peers come and go. A jump at
#   some number would point to a critical mass; a steady slope to plain addition; nothing within schools to
#   selection.
# - Gains of pupils whose own teachers are not of the programme, in schools with many peers: spill-over, measured.
# - The NFER report itself, with sign and interval.

# %% [markdown]
# ## Every finding
#
# Each row with what was treated, what was found and where it was read.

# %%
everything = found.assign(figure=[format_finding(row) for row in found.itertuples()]).sort_values(
    ["treated_level", "case_id", "evaluation_id"],
    key=lambda s: s.map(LEVELS.index) if s.name == "treated_level" else s,
)
Table(
    everything[
        ["study", "year", "treated_level", "treated", "outcome", "figure", "unit", "finding", "design", "statement",
         "source_id"]
    ].rename(columns={"treated_level": "level", "source_id": "source"}),
    "Published findings in the release, by what was treated",
)  # fmt: skip

# %% tags=["remove-cell"]
registry.save()
