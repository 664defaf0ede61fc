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
# # What does it add to change in a system?
#
# :::{admonition} In short
# :class: summary
# The question is what collective leadership adds to change in a system, besides the money, rules and reforms that come
# with it. A place's results can be compared with those of other places; in most places only a very large change would
# have shown. Who decided what, and against whom, can hardly be seen at all.
#
# Of the {num}`synthesis.k` places that can be compared, only Washington, DC, differs clearly:
# {num}`synthesis.pupil.washington_dc.plain` standard deviations between pupils, and
# {num}`synthesis.pupil.washington_dc.slope` adjusted for its low start and earlier slope. Its reforms and its alumnae came
# together. The {count}`starts` places where a programme began have an adjusted mean of {num}`synthesis.pupil.starts.level`
# ({num}`synthesis.pupil.starts.level.low` to {num}`synthesis.pupil.starts.level.high`).
#
# Over the many states and countries in which a programme began, the mean of a whole system moved by
# {num}`states.estimate.adjusted` ({num}`states.estimate.adjusted.low` to {num}`states.estimate.adjusted.high`) and
# {num}`countries.estimate.adjusted` ({num}`countries.estimate.adjusted.low` to {num}`countries.estimate.adjusted.high`) beyond
# others. Verdict on an average change of {num}`synthesis.pupil.interest.system`: {num}`states.verdict.smallest` among
# states, {num}`countries.verdict.smallest` among countries.
#
# Studies do separate the part of a school's principal from the rest, in Washington, DC, too. We cannot say what
# *alumni* added that others in the same posts would not have added. In a single place a modest contribution could exist
# and be missed.
# :::
#
# ```{added-places} note
# ```

# %% tags=["parameters"]
release = ""  # the newest

# %% tags=["remove-cell"]
import re

import pandas as pd
from leadership_effects.counting import agreeing, cardinal, count, place_counts, taken_in
from leadership_effects.data.joint_cases import cases_across, coding_across
from leadership_effects.data.provenance import Rows, rows_of
from leadership_effects.data.release import open_release
from leadership_effects.data.vocabulary import ITEMS, LEVERAGE_POINTS
from leadership_effects.effects.staggered.bounds import read_interest
from leadership_effects.evidence.readings import readings
from leadership_effects.report import charts
from leadership_effects.report.charts import readings as drawn
from leadership_effects.report.charts.grades import place_names
from leadership_effects.report.descriptions import list_in_words
from leadership_effects.report.figures import publish
from leadership_effects.report.many_places import charts as staggered
from leadership_effects.report.numbers import COUNT, PUPIL_SD, TEXT, holds
from leadership_effects.report.registry import Registry, read_results
from leadership_effects.report.tables import Table

# The joint tests of the chapter across the places, in words.
ADJUSTED = {"plain": "as estimated", "level": "adjusted for level", "slope": "adjusted for level and slope",
            "line": "less each place's own line"}  # fmt: skip
STATISTICS = {
    "mean": "the mean",
    "normal_scores": "normal scores",
    "product_of_p": "the product of p",
    "ranks": "ranks",
}
opened = open_release(release)
registry = Registry(opened, "contribution", "analysis/notebooks/answers/contribution.py")
names = place_names(cases_across(opened), ())
k = cardinal(len(names))
results = {case: read_results(opened.name, case)["results"] for case in names}
across = read_results(opened.name, "synthesis")["results"]
many = {
    "states": read_results(opened.name, "states")["results"],
    "countries": read_results(opened.name, "countries")["results"],
}
labels = {item: ITEMS[item].label for item in LEVERAGE_POINTS}
coding = coding_across(opened).query("kind == 'leverage'")
events = opened.table("events").query("case_id in @names and year_basis == 'stated'")
read = readings(coding, "leverage")
both = read[read["silent"] == 0]


def record(key, value, meaning, table, rows):
    behind = rows_of(opened, table, rows, f"{table}.csv: {len(rows)} rows")
    registry.numbers(rows=behind, function=readings)(key, int(value), COUNT, meaning)


def named(key, places, meaning, codes, counted=False):
    """Record the names of places in the order of the book, after their number if asked."""
    words = list_in_words([names[case] for case in names if case in places]) or "none"
    words = f"{count(len(places), 'place')}, {words}" if counted and places else words
    behind = rows_of(opened, "coding", codes, f"coding.csv: {len(codes)} rows")
    registry.numbers(rows=behind, function=readings)(key, words, TEXT, meaning)


for item in labels:
    codes, own = coding[coding["item"] == item], events[events["leverage_point"] == item]
    seen = both[both["item"] == item]
    for key, found, meaning in (
        ("both", seen, "Places in which both readings found a change"),
        (
            "credited",
            seen[seen["least"] == 2],
            "Places in which both readings found it credited to the effort",
        ),
    ):
        behind = codes[codes["case_id"].isin(found["case_id"])]
        record(f"{item}.{key}", len(found), f"{meaning}: {item}.", "coding", behind)
    record(f"{item}.events", len(own), f"Events of the {k} places with a stated year: {item}.", "events", own)
per_place = both.groupby("case_id").size()
for key, wanted, number in (
    ("one_group", per_place == 1, "one group of levers only"),
    ("three_groups", per_place >= 3, "three groups or more"),
):
    chosen = coding[coding["case_id"].isin(per_place.index[wanted])]
    meaning = f"Places in which both readings found a change in {number}."
    record(key, wanted.sum(), meaning, "coding", chosen)
    named(f"{key}.names", list(per_place.index[wanted]), f"Names of the places with {number}.", chosen)
seen = both[both["item"] == "feedback"]["case_id"]
meaning = "Places in which both readings found a change: feedback, their number and names."
named("feedback.where", list(seen), meaning, coding[coding["item"] == "feedback"], counted=True)

joint = {
    key: across[f"pupil.joint.{key}"]["value"]
    for key in (f"{adjusted}.{statistic}" for adjusted in ADJUSTED for statistic in STATISTICS)
    if f"pupil.joint.{key}" in across
}
adjusted, statistic = min(joint, key=joint.__getitem__).split(".")
words = f"{STATISTICS[statistic]}, {ADJUSTED[adjusted]}"
behind = Rows(0, "results of the chapter across the places", ())
registry.numbers(rows=behind, function=read_results)(
    "joint.lower", words, TEXT, "Which of the joint tests of all places has the smallest p."
)

FITS = {
    (True, True): "a large gain and no gain both fit",
    (True, False): "no gain fits and a large one does not",
    (False, True): "a large gain fits and no gain does not",
    (False, False): "neither a large gain nor none fits",
}
low, high = (across[f"pupil.starts.level.{end}"]["value"] for end in ("low", "high"))
words = FITS[low <= 0 <= high, low <= read_interest(opened).large <= high]
meaning = "Whether no gain and a large one lie in the interval of the adjusted mean of the programme starts."
registry.numbers(rows=behind, function=read_results)("starts.fit", words, TEXT, meaning)

# %% [markdown]
# ## What is claimed, and what would show it
#
# The deck says that a critical mass of collective leadership drives progress simultaneously across many leverage
# points, adapted from Donella Meadows {src}`LF_001`. Its adapted list was not found, so the six groups here are
# [ours](../framework.md), after her twelve points {cite:p}`meadows1999`.
#
# Three links have to hold. Leaders move a lever. The lever moves results. And the results would not have moved
# without them. Documents can show the first, and comparison with similar places the second. Neither shows the third: it
# asks what others in the same posts would have done.
#
# ## The first link: which levers are documented
#
# Two automated readings coded each place: 2 where a named source credits the effort with a change, 1 where it did
# so in part or the change is contested.

# %%
levels = ("credited, both readings", "in part or readings differ", "one reading only")
cells = drawn.cells(
    read.assign(
        level=[
            levels[2] if silent else levels[0] if least == 2 else levels[1]
            for silent, least in zip(read["silent"], read["least"], strict=True)
        ],
        text=read["codes"],
    ),
    names,
    labels,
)
publish(
    registry,
    "levers",
    drawn.grid(cells, list(names.values()), list(labels), levels),
    title=(
        f"{len(cells)} of {len(names) * len(labels)} pairs of place and leverage point are documented, "
        f"{int((read['silent'] > 0).sum())} of them to one reading only"
    ),
    subtitle=f"What two readings found moved in each group of leverage points, {k} places, codes 0 to 2",
    caption=(
        "What the two readings found moved in each group of leverage points: the code of the first, then of the "
        "second; a dash means that nothing was found. The groups run in Meadows' order."
    ),
    says=drawn.describe_cells(
        cells,
        list(labels),
        f"The rows are the {k} places, the columns six groups of leverage points with both readings' codes",
    ),
    data=cells,
)

# %% [markdown]
# Read this grid loosely. Where both readings gave a code they differ in {num}`coding.differ.leverage.both` of
# {num}`coding.cells.leverage.both` cells; Krippendorff's alpha is {num}`coding.alpha.leverage.both`, worse than chance would
# give, because one rule was read in two ways ([the coding](../synthesis/coding.ipynb)). The readings mostly agree that a lever is documented, but not on how far it was moved. Nothing below depends on a 2 rather than a 1.
#
# **Resources and talent.** In {num}`resources.both` places, {num}`resources.events` dated
# events, most of them the arrival of teachers. Sources name the programmes. The share is rarely known:
# {num}`new_orleans.share_of_teaching_force` per cent of the teaching force in New Orleans, by the operator
# {src}`US_TFA_GNO_2015`; {num}`london.share_of_trainees_2019` per cent of England's trainees in 2018-19 {src}`LF_030`. In
# Meadows' order it is the weakest kind of lever.
#
# **Feedback and information.** Both readings see it in {num}`feedback.where`. In Washington, DC, it is an evaluation of staff
# that puts pupils' growth into the ratings, from 2009, shaped by an alumna {src}`SN_DCPS_2010_IMPACT`. In Huari schools
# asked to renew and the project measured itself, by the funder's account; its results are unpublished {src}`LF_044`.
# One reading counts this. In London a review names better local support, alongside Teach First, as one of four
# interventions
# {src}`LF_038`. In Delhi the city published in August 2016 how few pupils of class 6 could read
# {src}`IN_HT_20160810`; a study of the drive that followed, by the child-rights commission and a training institute, names a
# policy consultant of Teach For India in its team {src}`SN_DCPCR_2019`.
#
# **Rules and policy.** In {num}`rules.both` places sources name the programme's people among those who changed a rule.
# *Latvia*: entry to teaching, 2014, with the ministry {src}`LF_126`. By 2022 ministry and university had ended the work
# with the organisation {src}`SN_TVNET_MACITSPEKS`. *Washington, DC*: the parts of the package of 2007 are on record. The
# council voted for mayoral control in April 2007, before an alumna was named {src}`SN_WP_2007_VOTE`. Under two alumnae
# came the replacement of principals in 2008 {src}`SN_WP_2008_24`, the evaluation of staff in 2009 and a contract in 2010
# {src}`SN_DCPS_2010_IMPACT`, stricter ratings in 2012 {src}`SN_DCPS_2012_IMPACT`, and in 2014 a common lottery run with
# the charter schools {src}`SN_INFORMER_2014`. The evaluators count the growth of charter schools among the parts
# {src}`US_MATHEMATICA_DC_2021`.
#
# Elsewhere rules changed without them. In New Orleans state takeover, the end of bargaining and the end of attendance
# zones came in 2005 to 2007 {src}`SN_EDWEEK_2005_LA, SN_EDWEEK_2007_BARGAIN, SN_EDNEXT_NOLA`; the vote that
# put charter schools into common enrolment fell in 2012, while alumni led the state's schools and sat on its board
# {src}`SN_NOLA_2012_ONEAPP, SN_EDWEEK_2012_WHITE`. London's academies are credited to a bundle {src}`LF_038`, Delhi's
# class X examination to a national rule {src}`IN_HINDU_2020_X`, and Chile's funding law of 2008 to the government
# {src}`SN_LEY_20248`.
#
# **Structures and new organisations.** Both readings find something in {num}`structures.both` places: Huari's coalition
# {src}`LF_042`; the Rio Grande Valley's charter network, founded by two former corps members {src}`SN_IDEA_2020`; and, in part,
# Latvia's one-year programme at the university {src}`SN_LU_TEACHER`. In New Orleans schools came under a state-run
# district years before an alumnus headed it, from May 2011 {src}`SN_NOLA_2011_KOJ_RUN`.
#
# **Goals, and mindsets.** Both readings find goals moved in {num}`goals.both` places and mindsets in
# {num}`mindsets.both`. Some events come close:
# Delhi's Happiness Curriculum, a government's, on which five organisations worked, one of them with a
# founder whose time in the programme is unconfirmed {src}`SN_SCROLL_2018, SN_VIANEWS_LABHYA`; in Chile a body to raise the
# standing of teaching, the programme's neighbour {src}`SN_ANGLO_CHILE`. The finding that participants' own views change
# {src}`LF_010` is about people, not about what a system believes.
#
# **Who is named.** In Washington, DC, Michelle Rhee, chancellor from June 2007 to October 2010 {src}`LF_094`, and Kaya
# Henderson, her deputy from the start, then chancellor until autumn 2016
# {src}`SN_DC_BIO_HENDERSON, SN_WP_2011_NOMINATED, SN_CORPSK_2016`. In New Orleans {num}`new_orleans.alumni_in_top_posts`
# holders of top posts, among them John White and Kira Orange Jones {src}`D_NOLA_POSTS_2011, SN_NOLA_2011_KOJ`. In the
# Rio Grande Valley Tom Torkelson and JoAnn Gama {src}`SN_IDEA_2020`. In Delhi Tarun Cherukuri, who founded Indus Action
# {src}`SN_INDIATODAY_2019`. In London Max Haimendorf, the first former participant to lead a school {src}`SN_TES_HEAD`.
# In Latvia a minister of 2015 has the name of an earlier head of the organisation {src}`LV_AMCHAM_2015`. In Huari and Chile organisations are named, not people. The chart of all by post and year is in [the leaders, counted](../synthesis/leaders.ipynb).
#
# **Many levers at once.** Both readings see three groups or more in {num}`three_groups` places ({num}`three_groups.names`),
# and only one in {num}`one_group`. Washington, DC, is furthest out. In Latvia a programme of some twenty people a year
# could not have shown in a national mean. So *simultaneously across many leverage points* can be neither
# confirmed nor denied here.
#
# ## The second link: what results show afterwards

# %%
outcomes = {
    "huari": ("reading", "maths"),
    "london": ("ks3_english", "ks3_maths", "ks3_science"),
    "delhi": (),
    "washington_dc": ("mathematics_g4", "mathematics_g8", "reading_g4", "reading_g8"),
    "new_orleans": (),
    "rio_grande_valley": (),
    "chile": ("mathematics", "reading", "science"),
    "latvia": ("mathematics", "reading", "science"),
}
printed = {"maths": "mathematics", "english": "English", "g4": "grade 4", "g8": "grade 8"}


def outcome(name):
    subject, _, age = name.removeprefix("gap.").partition("ks3_")
    words = " ".join(printed.get(part, part) for part in (age or subject).split("_"))
    return f"{words}, age 14" if age else words.replace("region", "class XII pass rate")


rows = [
    {
        "place": names[case],
        "outcome": outcome(name),
        "beyond comparison places": f"{found[f'{name}.att']['text']} {found[f'{name}.att']['unit']}",
        "permutation p": found[f"{name}.p"]["text"],
        "would have been clear of chance": found[f"{name}.mde"]["text"],
    }
    for case, chosen in outcomes.items()
    for name in chosen
    for found in (results[case],)
]
Table(pd.DataFrame(rows), "What moved beyond comparison places, in the places that can be compared")

# %% [markdown]
# - **Washington, DC** (resources, feedback, rules; two alumnae in office). Grade 8 mathematics moved by
#   {num}`washington_dc.mathematics_g8.att` points beyond the states, more than in any of them (p
#   {num}`washington_dc.mathematics_g8.p`). A study of the whole package estimates
#   {num}`washington_dc.dotter_grade_4` standard deviations in grade 4 {src}`LF_096`.
# - **Huari** (resources, structures), **London** (resources), **Chile** (no lever in both readings) and **Latvia**
#   (resources, rules, structures) do not differ clearly. The last column says how little that means: these comparisons
#   could have detected only very large differences. Even a full comparison can be too weak to detect anything, and
#   *cannot say* does not count against a place.
# - **New Orleans** has no series with a before. A published study puts the reforms as a whole at
#   {num}`new_orleans.harris_achievement.low` to {num}`new_orleans.harris_achievement.high`
#   standard deviations {src}`LF_074`.
# - **Delhi** passes more of its class XII candidates: its mean lead on the country moved by
#   {num}`delhi.gap.region.change` points, and its third-graders were {num}`delhi.survey.c3_gap` points from the country's
#   in 2021. **The Rio Grande Valley's** cohorts rank {num}`rio_grande_valley.degree.rank` of
#   {num}`rio_grande_valley.degree.places` regions in degrees earned. Neither has a start from which to count.
#
# Every figure above is one choice among many. The next chart gathers them for the places that can be compared.

# %%
curves = {
    "Washington, DC": results["washington_dc"],
    "Washington, DC, own line carried on in full": results["washington_dc"],
    "London": results["london"],
    "Huari": results["huari"],
    "Chile": results["chile"],
    "Latvia": results["latvia"],
}
ways = pd.DataFrame(
    [
        {"label": label, **{end: found[f"{key}.{end}"]["value"] for end in ("median", "low", "high", "p")}}
        for label, found in curves.items()
        for key in ("curve_own_line" if "own line" in label else "curve",)
    ]
)
drawn_ways = ways.rename(columns={"median": "estimate"})[["label", "estimate", "low", "high"]]
publish(
    registry,
    "ways",
    charts.intervals(drawn_ways, "difference over all ways of comparing, placebo SD"),
    title=(
        f"Over all ways of comparing, the median has a p of at most {opened.plan['rules']['alpha']:g} for "
        f"{list_in_words(list(ways.loc[ways['p'] <= opened.plan['rules']['alpha'], 'label'])) or 'no place'}"
    ),
    subtitle="Median and range of each place's difference over all the ways of comparing in the plan, placebo standard deviations",
    caption=(
        "Median and range of each place's difference over all the ways of making its comparison that the plan lists, in "
        "placebo standard deviations. The range is over choices; it is no interval of confidence."
    ),
    says=" ".join(
        f"{row.label}: median {row.median:+.2f}, from {row.low:+.2f} to {row.high:+.2f}, p {row.p:.3f}."
        for row in ways.itertuples()
    ),
    data=ways.round(3),
)

# %% [markdown]
# ## Did the rise begin before?
#
# If leaders moved results, results should turn after they came. A start earlier than the plan counts is the plainest
# check: the same comparison, a few years early, which should show nothing.


# %%
def latest_fake(found, name):
    years = [
        int(key.rsplit(".", 1)[1]) for key in found if re.fullmatch(rf"{name}\.placebo_time\.\d{{4}}", key)
    ]
    return max(years) if years else None


checks = [
    *(
        (case, name, f"{name}.att")
        for case in ("washington_dc", "chile", "latvia")
        for name in outcomes[case]
    ),
    *(("london", f"gap.{name}", f"gap.{name}.change") for name in outcomes["london"]),
    ("delhi", "gap.region", "gap.region.change"),
]
before = [
    {
        "place": names[case],
        "outcome": outcome(name),
        "difference from the start": f"{found[key]['text']} {found[key]['unit']}",
        "start one wave earlier": str(year),
        "difference from that": found[f"{name}.placebo_time.{year}"]["text"],
        "its p": found.get(f"{name}.placebo_time.{year}.p", {"text": "not tested"})["text"],
    }
    for case, name, key in checks
    for found in (results[case],)
    for year in (latest_fake(found, name),)
    if year
]
Table(pd.DataFrame(before), "The same comparison with a start one wave or year earlier than the plan counts")

# %% [markdown]
# - **Washington, DC.** Grade 4 reading had moved by {num}`washington_dc.reading_g4.placebo_time` points before (p
#   {num}`washington_dc.reading_g4.placebo_time.2007.p`); grade 8 mathematics by
#   {num}`washington_dc.mathematics_g8.placebo_time`. Adjusted for level and slope before, as states show them,
#   {num}`washington_dc.adjusted.mathematics_g8.slope.att` points are left in grade 8 mathematics (p
#   {num}`washington_dc.adjusted.mathematics_g8.slope.p`) and {num}`washington_dc.adjusted.reading_g4.slope.att` in grade 4
#   reading (p {num}`washington_dc.adjusted.reading_g4.slope.p`); the District was below every state, so this goes
#   beyond what states show. With its own earlier line carried on in full, as lines of states were not, the median over
#   all
#   ways is {num}`washington_dc.curve_own_line.median` placebo SD (p {num}`washington_dc.curve_own_line.p`).
# - **London.** A study dates the advantage of poor pupils to the mid-1990s {src}`LF_036`. In the tests at 14 English
#   turned in 2004, after the first cohort. In 2003 and 2004 its marking changed, twice
#   {src}`SN_TWFY_2004, SN_TIMES_2004`, so the turn falls on a known break. Mathematics and science were under way; a
#   government programme with the same target had begun in inner London in 1999 {src}`SN_NFER_EIC_2004`.
# - **Chile.** A start one wave earlier than the plan counts shows more in mathematics
#   ({num}`chile.mathematics.placebo_time`) than the planned one ({num}`chile.mathematics.att`). A law on school funding
#   was published a year before the first placements {src}`SN_LEY_20248`.
# - **Latvia** shows nothing beyond a wide error, before or after. **Delhi's** lead on the country had not been
#   growing before 2016; that year is the date of the city's reforms, not of the alumni. **Huari** and **New Orleans** have
#   too few years before, and the **Rio Grande Valley** has none without the programme.
#
# Only what is ruled out speaks against a statement ([how secure](../synthesis/security.ipynb)). The statement that the rise began with the build-up is supported by {num}`security.rise_after_start.supports` place, Washington, DC, in mathematics, and contradicted by
# {num}`security.rise_after_start.contradicts`, London, by the date that a study gives {src}`LF_036`; in
# {num}`security.rise_after_start.cannot_say` nothing can be said. So it is {num}`security.rise_after_start.lean`, grade
# {num}`security.rise_after_start.grade`.
#
# ## All places together
#
# On the scale of pupils' own spread the {count}`starts` starts of a programme ({num}`synthesis.pupil.starts.names`) have a mean of
# {num}`synthesis.pupil.starts.plain` as estimated and {num}`synthesis.pupil.starts.level` adjusted for where each began, from
# {num}`synthesis.pupil.starts.level.low` to {num}`synthesis.pupil.starts.level.high`: {num}`starts.fit`. If they
# share one effect, one above {num}`synthesis.pupil.starts.level.bound` is excluded. With Washington, DC, where an alumna was
# appointed and a package of reform came with her, the mean of all {num}`synthesis.k` is {num}`synthesis.pupil.all.plain`
# ({num}`synthesis.pupil.all.plain.low` to {num}`synthesis.pupil.all.plain.high`) as estimated and, every place adjusted,
# {num}`synthesis.pupil.all.slope` ({num}`synthesis.pupil.all.slope.low` to {num}`synthesis.pupil.all.slope.high`).
#
# Do they differ clearly when taken together? That depends on how they are scored and adjusted: the joint p runs from
# {num}`synthesis.pupil.joint.low` to {num}`synthesis.pupil.joint.high` for all, and from {num}`synthesis.pupil.joint_starts.low`
# to {num}`synthesis.pupil.joint_starts.high` for the {count}`starts` starts. The lower end for all is that of
# {num}`joint.lower`. None of these is the headline, and the true difference of a new place like all of these could lie anywhere
# from
# {num}`synthesis.pupil.all.level.new.low` to {num}`synthesis.pupil.all.level.new.high`
# ([across the places](../synthesis/synthesis.ipynb)).
#
# These results must be read with what the data could detect. Four times in five a comparison finds a difference of
# {num}`synthesis.pupil.washington_dc.mde` pupil standard deviations in Washington, DC, {num}`synthesis.pupil.london.mde` in London,
# {num}`synthesis.pupil.chile.mde` in Chile, {num}`synthesis.pupil.latvia.mde` in Latvia and {num}`synthesis.pupil.huari.mde` in
# Huari. The {count}`places` were picked because the network named them or its people led there, which no p allows for.
#
# On the statement that results differ clearly in places with a build-up, {num}`security.place_stands_out.supports` are
# for and {num}`security.place_stands_out.contradicts` against. {num}`security.place_stands_out.cannot_say` cannot say
# (by this book's own comparisons alone {num}`security.own_verdicts.cannot_say`: for New Orleans speaks a published study),
# because their sets include both no difference and a difference that matters, or because there is no comparison. The
# grade is
# {num}`security.place_stands_out.grade` ([how secure](../synthesis/security.ipynb)), and the places that support it are Washington, DC, and New Orleans, each with a whole package of reform. {num}`evaluations.package.rows` published findings
# are about such packages ([what others have found](../synthesis/evaluations.ipynb)).
#
# ## Many places with many dates
#
# One treated place can show only large differences. [Two designs](../synthesis/what_many_places_say.ipynb) with tens of
# places that began in different years can detect smaller ones: {num}`states.see.mde` pupil standard deviations among
# [states](../synthesis/states.ipynb), of which {num}`states.places.treated` began and {num}`states.places.never` never did, and
# {num}`countries.see.mde` among [countries](../synthesis/countries.ipynb), {num}`countries.places.treated` and
# {num}`countries.places.never`. Their plan was committed before anything was estimated on the real first years.
#
# | | States | Countries |
# |---|---|---|
# | Average change beyond others, adjusted | {num}`states.estimate.adjusted` | {num}`countries.estimate.adjusted` |
# | 90 per cent set | {num}`states.estimate.adjusted.low` to {num}`states.estimate.adjusted.high` | {num}`countries.estimate.adjusted.low` to {num}`countries.estimate.adjusted.high` |
# | Permutation p | {num}`states.estimate.adjusted.p` | {num}`countries.estimate.adjusted.p` |
# | A change of {num}`synthesis.pupil.interest.system` is | {num}`states.verdict.smallest` | {num}`countries.verdict.smallest` |
# | A change of {num}`synthesis.pupil.interest.large` is | {num}`states.verdict.large` | {num}`countries.verdict.large` |
# | A true zero would rule out {num}`synthesis.pupil.interest.system`, per cent of starts | {num}`states.see.zero_ruled_out` | {num}`countries.see.zero_ruled_out` |

# %%
SPANS = ("value", "low", "high")
single = {f"{names[case]}, adjusted": f"pupil.{case}.level" for case in outcomes if outcomes[case]}
places = [
    (label, *(across[key if end == "value" else f"{key}.{end}"]["value"] for end in SPANS))
    for label, key in single.items()
]
designs = [
    (
        f"{name.capitalize()}, {found['places.treated']['text']} that began",
        *(
            found["estimate.adjusted" if end == "value" else f"estimate.adjusted.{end}"]["value"]
            for end in SPANS
        ),
    )
    for name, found in many.items()
]
beside = pd.DataFrame(places + designs, columns=["label", "estimate", "low", "high"])
interest, fine = read_interest(opened), PUPIL_SD.to(3)
hold_zero = (beside["low"] < 0) & (beside["high"] > 0)
publish(
    registry,
    "many",
    staggered.forest(beside, "difference, pupil standard deviations", [interest.smallest, interest.large]),
    title=(
        f"{int(hold_zero.sum())} of {len(beside)} sets {agreeing(int(hold_zero.sum()), 'includes', 'include')} zero"
        + (
            ""
            if hold_zero.all()
            else f", not those of {list_in_words(list(beside.loc[~hold_zero, 'label'].str.rsplit(', ', n=1).str[0]))}"
        )
    ),
    subtitle="Difference beyond comparison places, adjusted for the start, 90 per cent sets by permutation, pupil standard deviations",
    caption=(
        "Differences beyond comparison places in pupil standard deviations, adjusted for where places began, with 90 per cent "
        "sets by permutation. Broken lines mark zero, the size of interest and a large one. Single places are differences "
        "of one place, designs are averages over those that began."
    ),
    says=" ".join(
        f"{row.label}: {fine.format(row.estimate)}, from {fine.format(row.low)} to {fine.format(row.high)}."
        for row in beside.itertuples()
    ),
    data=beside.round(3),
)

# %% [markdown]
# **What is tested is a multiplier.** Near the peak about {num}`states.dose.share` per cent of teachers in the United States
# were of the programme {src}`E2_W165`. With the gain of their pupils in the largest trial {src}`LF_013`, their own classes
# move the mean of a system by {num}`states.dose.direct`; the smallest effect of interest is {num}`states.dose.multiplier` times
# that. So these designs ask whether having the programme, its alumni and those who follow them moves a whole system far
# beyond those classes, which is the network's claim. The upper end of the set is {num}`what_many_places_say.multiplier.states`
# times the direct effect among states and {num}`what_many_places_say.multiplier.countries` times among countries, at that
# share of teachers.
#
# **What this does not say.** It is not a verdict on programmes: [trials](../synthesis/evaluations.ipynb) measure what pupils gain in those classes, and such a gain would not show in the mean of a state. It is not a verdict on leaders, whom no one counted by state and year. An average over places can hide one that moved much. And places were chosen, not drawn: an average
# above zero would be an association, and one that is ruled out is ruled out as far as places that began would otherwise have
# moved like others of their level and region. Waves before the start {num}`states.leads.found` among states by the joint test;
# among countries they {num}`countries.leads.found`.
#
# ## The third link cannot be read from results
#
# **Results cannot tell leadership from what came with it.** In Washington, DC, an alumna in office, a package of reform
# and a planned growth of the corps share one date {src}`LF_094, US_MATHEMATICA_DC_2021, LF_091`. In New Orleans
# schools changed hands and spending rose {src}`US_HARRIS_LARSEN, US_LDOE_LEAP_2016`. In London four interventions
# ran side by side, and gains at 16 mostly reflect primary schools {src}`LF_038, LF_037`. In Delhi budget and
# reading drives came from the city's government {src}`IN_IE_2018_ES, SN_HT_BUNIYAAD_2019`. In Huari money, clustering and
# training came together {src}`LF_042, LF_043, LF_044`. For {num}`security.told_apart.silent` places no source read
# separates alumni in office from what came with them. That nothing was found is not evidence that they added nothing.
#
# **Other designs can.** In Washington, DC, schools whose principal was replaced before the school year 2008-09 were
# {num}`what_leaders_add.walsh_dotter_washington_scores` standard deviations higher by the third year than schools
# of the same city that kept theirs {src}`SX_WALSH_2020`: under one chancellor, with the same rules and money. An alumna
# picked the new principals; they were not alumni as such. Two more studies separate single levers of the package:
# teachers near a threshold of the ratings left or improved {src}`SX_DEE_2015`, and where low-rated teachers left,
# results rose {src}`SX_ADNOT_2017`. Research elsewhere asks what principals and superintendents add
# {src}`SX_GRISSOM_2021, SX_BHL_2022, SX_CHINGOS_2014`; it agrees that principals matter but not on how much, and finds
# little for heads of districts. That is a reason for caution in reading a city's rise as the work of two heads. The
# figures are in
# [what leaders add](../synthesis/what_leaders_add.ipynb).
#
# Two opposite mistakes are easy to make. One is to credit leaders with the whole of a package. The other is to say that
# leaders add nothing because the package explains the rise: if leaders are those who bring packages about, the
# package is how they act. Both need the same missing piece, which is who decided what, when, and against whom. A
# longer series of results will not supply it.
#
# ## What would change our mind
#
# - **Inside one system:** schools that alumni came to lead at known dates, compared with similar schools under the same
#   rules and money. A difference after and none before would be the first evidence of a part for *these* leaders.
# - **For a lever:** who proposed and who opposed Washington, DC's evaluation of staff and its contract, and which of it
#   another chancellor had begun elsewhere; how many entered by Latvia's new route, by year. It would settle the first
#   link there, for or against.
# - **For the whole:** a place named before its results are known, with leaders counted by year and five years of
#   results before. If several such places rise after and not before, and similar places with the same reforms and
#   other people do not, we would say that collective leadership adds to change. If places with the same reforms and
#   other people rise as much, we would say that it is the reforms.
# - **For many places:** participants, alumni, heads and officials by state and year, out of how many. Then doses could be
#   compared and not only starts: states with more of them moving further, after they came and not before, would speak for a
#   multiplier; equal movement at every dose, in a design that could detect it, would speak against one.
# - Human coders for the levers: an alpha above 0.8 would let the deeper levers be weighed at all.

# %% tags=["remove-cell"]
# Places taken in later are named by the numbers above; the text speaks of the others.
written = both[~both["case_id"].isin(taken_in(opened.plan))]
deepest = written[written["item"].isin(("goals", "mindsets"))]
if not {"washington_dc", "latvia"} <= set(per_place.index[per_place >= 3]) or len(deepest):
    raise ValueError("the text speaks of Washington, DC, and Latvia as furthest out, and of no deep lever")
groups_of = {case: set(part["item"]) for case, part in both.groupby("case_id")}
told = {
    "washington_dc": {"resources", "feedback", "rules"},
    "huari": {"resources", "structures"},
    "london": {"resources"},
    "latvia": {"resources", "rules", "structures"},
}
if any(groups_of.get(case) != items for case, items in told.items()) or "chile" in groups_of:
    raise ValueError(f"the text names the levers of four places, and none for Chile; there are {groups_of}")
holds(
    "The starts are as many as the plan counts.",
    across["pupil.starts.k"]["value"] == place_counts(opened.plan)["starts"],
)
registry.save()
