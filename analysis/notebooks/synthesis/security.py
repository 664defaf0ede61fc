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
# # How secure is each statement?
#
# {.lead}
# Best supported are two statements: that those who took part hold other views than similar applicants, and that pupils of
# programme teachers gain more. That whole places moved more than others rests on two cities, one of them by a published
# study alone, and in none of the {count}`places` places did a source read separate what leaders added from the rest.
#
# ```{chart} security.grades
# ```
#
# - The highest grade that any statement has, from nought to five, is {num}`best_grade`. It would be {num}`stricter_best`
#   were every threat to the evidence read one step harsher, and {num}`kinder_best` one step milder.
# - That places where leaders were built up moved more than others has grade {num}`place_stands_out.grade`, from
#   {num}`place_stands_out.stricter` read harsher to {num}`place_stands_out.kinder` read milder.
# - {num}`place_stands_out.cannot_say` of the {count}`places` places can neither show nor exclude a difference that matters. They
#   count neither for that statement nor against it. By this book's own comparisons alone it is
#   {num}`own_verdicts.cannot_say`: New Orleans has none here, and a published study speaks for it {src}`LF_075`.
#
# **What else could explain it.** The two cities are talked about for their rise, and they reformed everything at once. Much
# else rests on studies that were read without their intervals.
#
# **How sure.** Each grade follows from a printed rule, which was written when the results were known, and from one automated
# reading of the sources; a second reading is invited. Only what is ruled out speaks against a statement, and a finding of no
# difference read without its interval does not vote. Grade nought does not mean untrue: for {num}`too_little` of the
# {num}`statements` statements too little was compared, and they have no direction. That a quarter tips a system rests on one
# experiment in small groups; that leaders' part can be separated, on studies elsewhere of other leaders; and what is counted
# on representation is teachers and not leaders.
#
# ```{evidence}
# ```

# %% tags=["parameters"]
release = ""  # the newest

# %% tags=["remove-cell"]
import pandas as pd
from leadership_effects.counting import agreeing, cardinal, in_figures
from leadership_effects.data.joint_cases import assessments_across, cases_across
from leadership_effects.data.provenance import rows_named, rows_of
from leadership_effects.data.release import open_release
from leadership_effects.data.vocabulary import TOO_LITTLE
from leadership_effects.evidence import grades
from leadership_effects.report.charts import grades as drawn
from leadership_effects.report.figures import publish
from leadership_effects.report.numbers import COUNT, PER_CENT, PUPIL_SD, TEXT, Unit, holds, row_names
from leadership_effects.report.registry import Registry, read_results
from leadership_effects.report.tables import Table
from leadership_effects.synthesis import joint_power, standardised

opened = open_release(release)
registry = Registry(opened, "security", "analysis/notebooks/synthesis/security.py")
statements, assessments = opened.table("statements"), assessments_across(opened)
cases = cases_across(opened)
own = list(cases["case_id"])
counted = cardinal(len(own))
reached = {case: read_results(opened.name, case)["results"] for case in own}
grades.check_against_cases(
    assessments,
    {case: results["comparison"]["value"] for case, results in reached.items()},
    {case: results["verdict"]["value"] for case, results in reached.items()},
    "place_stands_out",
)
SHORT = {
    "pupils_gain_more": "Programme pupils gain more",
    "beliefs_shift": "Views differ after taking part",
    "represent_better": "Leaders represent better",
    "stay_in_education": "Most stay in education",
    "posts_reached": "Alumni reach leading posts",
    "peers_together": "More peers, larger gains",
    "serving_teachers": "Teachers developed, and results",
    "rules_changed": "Rules changed with its people",
    "place_stands_out": "Places moved more than others",
    "rise_after_start": "The rise followed the build-up",
    "told_apart": "Leaders' part can be separated",
    "quarter_tips": "A quarter tips a system",
}
rule = grades.read_rule(opened)
names = drawn.place_names(cases, assessments["place"])
graded = grades.grade_passages(assessments, rule)
unheard = grades.unheard(assessments)
heard = grades.read_voices(statements, assessments, own, rule)
judged = {key: grades.grade_statement(list(places.values()), rule) for key, places in heard.items()}
readings = {}
for words, step in (("kinder", -1), ("stricter", 1)):
    moved = grades.read_voices(statements, grades.shift_threats(assessments, step), own, rule)
    readings[words] = {
        key: grades.grade_statement(list(places.values()), rule) for key, places in moved.items()
    }
voting = assessments.assign(bearing=assessments["bearing"].replace("cannot say", "contradicts"))
as_before = {
    key: grades.grade_statement(list(places.values()), rule)
    for key, places in grades.read_voices(statements, voting, own, rule).items()
}

# %% [markdown]
# ## What is weighed
#
# A sentence about many places is easily built from the places that fit it. So each statement here is put to every
# one of the {count}`places` places, to those that have nothing to say on it as well, and to places and studies elsewhere that
# do. It is worded as an association, and so that a place could contradict it.
#
# For each place the table behind this page holds what the evidence does to the statement, how it was made, five
# threats to it, the passage where it can be read, and one sentence why. A grade then follows by a rule that is
# printed below. The questions are the three of the [framework](../framework.md): what marks the leadership, how it
# is developed, and what it adds.

# %% tags=["remove-cell"]
all_rows = rows_of(opened, "assessments", assessments, "assessments.csv")
for key, made in judged.items():
    mine = assessments[assessments["statement_id"] == key]
    rows = rows_of(opened, "assessments", mine, f"assessments.csv: {key}")
    label = statements.set_index("statement_id").at[key, "label"]
    record = registry.numbers(key, rows=rows, function=grades.grade_statement)
    record("lean", made.lean, TEXT, f"What the places do to: {label}.")
    record(
        "direction",
        made.direction,
        TEXT,
        f"What is printed of it: its side, or at grade 0 that too little was compared: {label}.",
    )
    beside = unheard[unheard["statement_id"] == key]
    if len(beside):
        none = "Passages that cannot say, each beside one of the same place that speaks, and without a vote"
        record("unheard", len(beside), COUNT, f"{none}: {label}.")
    record("word", made.word, TEXT, f"Best comparison behind its direction: {label}.")
    record("grade", made.grade, COUNT, f"Grade, 0 to 5: {label}.")
    counts = {bearing.replace(" ", "_"): n for bearing, n in made.counts.items()}
    record.each("{}", counts, COUNT, f"Places, {{}}: {label}.", names={"cannot_say": "cannot say"})
    shifted = {words: read[key].grade for words, read in readings.items()}
    record.each("{}", shifted, COUNT, f"Grade, {{}} reading: {label}.")
    voted = "if what cannot say counted as a contradiction"
    record("voting_lean", as_before[key].lean, TEXT, f"What the places would do to it {voted}: {label}.")
    record("voting_grade", as_before[key].grade, COUNT, f"Grade {voted}: {label}.")

of_cases = [voice for places in heard.values() for place, voice in places.items() if place in own]
turned = sum(any(made[key].lean != judged[key].lean for made in readings.values()) for key in judged)
turned_by_vote = sum(made.lean != judged[key].lean for key, made in as_before.items())
totals = {
    "statements": (len(statements), "Statements weighed."),
    "places": (len(names), f"Places and bodies of evidence, the {counted} cases included."),
    "passages": (len(assessments), "Assessments, one a statement, place and passage."),
    "silent_share": (
        100 * sum(voice.bearing == "silent" for voice in of_cases) / len(of_cases),
        f"Share of cells of the {counted} cases that are silent, per cent.",
    ),
    "cannot_say": (
        sum(voice.bearing == "cannot say" for voice in of_cases),
        f"Cells of the {counted} cases in which the smallest effect of interest is neither shown nor ruled out.",
    ),
    "best_grade": (max(made.grade for made in judged.values()), "Highest grade of a statement."),
    "at_zero": (sum(made.grade == 0 for made in judged.values()), "Statements at grade 0."),
    "too_little": (
        sum(made.direction == TOO_LITTLE for made in judged.values()),
        "Statements at grade 0 of which no direction is printed, as too little was compared.",
    ),
    "contradicted": (
        sum(made.lean == "contradicted" for made in judged.values()),
        "Statements contradicted by more places than support them.",
    ),
    "kinder_best": (
        max(made.grade for made in readings["kinder"].values()),
        "Highest grade if every threat is read one step kinder.",
    ),
    "stricter_best": (
        max(made.grade for made in readings["stricter"].values()),
        "Highest grade if every threat is read one step stricter.",
    ),
    "turned": (turned, "Statements whose direction a kinder or a stricter reading changes."),
    "turned_by_vote": (
        turned_by_vote,
        "Statements whose direction would change if what cannot say counted as a contradiction.",
    ),
}
registry.numbers(rows=all_rows, function=grades.grade_statement).many(COUNT, totals)

# The verdicts of the chapters, without the published studies that the statement hears as well.
unsure = [case for case in own if reached[case]["verdict"]["value"] == "cannot say"]
registry.numbers(rows=rows_of(opened, "cases", cases), function=grades.check_against_cases)(
    "own_verdicts.cannot_say",
    len(unsure),
    COUNT,
    f"Places of the {counted} whose verdict by this book's own comparison is cannot say.",
)
holds(
    "New Orleans alone is for the statement by a published study, its own verdict being cannot say.",
    [case for case in unsure if heard["place_stands_out"][case].bearing == "supports"] == ["new_orleans"],
    {case for case in own if heard["place_stands_out"][case].bearing == "cannot say"} < set(unsure),
)

entering = standardised.entering_cases(opened)
behind = standardised.rows_behind(entering)
plan_rows = rows_of(opened, "cases", cases)
record = registry.numbers(rows=behind, function=joint_power.vote_against)
record("vote.places", len(entering), COUNT, "Places that can be set beside others.")
for shift, name in ((1, "at_1"), (2, "at_2"), (3, "at_3")):
    chance = joint_power.vote_against([joint_power.single_power(case.donors, shift) for case in entering])
    meaning = (
        f"Chance of a vote against, every place truly {shift} placebo SD out and each voting by its test."
    )
    record(f"vote.{name}", 100 * chance, PER_CENT, meaning)
smallest = opened.plan["many_places"]["effects_of_interest"]["system"]
registry.numbers(rows=plan_rows, function=grades.check_against_cases)(
    "effect_of_interest", smallest, PUPIL_SD.as_level(), "Smallest effect of interest, by the plan."
)

# %% [markdown]
# ## The matrix
#
# Each statement is put to each place in the chart below; how the chart at the top of the page draws them together, the rule
# further down says.
#
# A triangle pointing up supports the statement, one pointing down contradicts it, a diamond does both. A dash is
# silence: nothing was found in the sources read. A ring says *cannot say*: something was looked at, and it neither shows
# nor rules out a difference that matters. The larger the mark the higher the grade of the evidence; a hollow one has grade 0 or none. Every cell opens the
# passage, with a pointer in the chart and with any device in the table under it.

# %%
frame = drawn.matrix_frame(statements, heard, names)
last = statements.groupby("question", sort=False)["statement_id"].last().str.replace("_", " ")
solid = frame[(frame["grade"] > 0) & (~frame["bearing"].isin(grades.QUIET))]
tell = frame["bearing"].value_counts().reindex(grades.BEARINGS, fill_value=0)
publish(
    registry,
    "matrix",
    drawn.matrix(frame, list(names.values()), len(own), list(last[:-1])),
    title=(
        f"{tell['supports']} of {len(frame)} judgements {agreeing(tell['supports'], 'supports its', 'support their')} statement, "
        f"{tell['contradicts']} {agreeing(tell['contradicts'], 'contradicts', 'contradict')} it, "
        f"{tell['mixed']} {agreeing(tell['mixed'], 'is', 'are')} mixed"
    ),
    subtitle=f"{len(statements)} statements at {len(names)} places: what the evidence does to each, and its grade from 0 to 5",
    caption=(
        f"{len(statements)} statements (across, by question) at {len(names)} places (down, the {counted} cases first). "
        "Shape and colour: what the evidence does to the statement; a dash is silence, a ring stands where it cannot "
        "say. Size: its grade; hollow marks have grade 0 or none. "
        "An empty cell was not assessed."
    ),
    says=(
        f"The columns are statements; {in_figures(len(frame), 'cell')} {agreeing(len(frame), 'is', 'are')} filled: "
        f"{tell['supports']} {agreeing(tell['supports'], 'supports its', 'support their')} statement, "
        f"{tell['contradicts']} {agreeing(tell['contradicts'], 'contradicts', 'contradict')} it, "
        f"{tell['mixed']} {agreeing(tell['mixed'], 'is', 'are')} mixed, {tell['silent']} silent, and {tell['cannot say']} cannot "
        f"say. {in_figures(len(solid), 'mark')} {agreeing(len(solid), 'has', 'have')} a grade above 0, "
        f"{int((solid['grade'] >= 3).sum())} of them at grade 3 or more; the highest, {solid['grade'].max()}, is at "
        f"{solid.loc[solid['grade'].idxmax(), 'place']} for {solid.loc[solid['grade'].idxmax(), 'label']!r}."
    ),
    data=frame.drop(columns=["href", "statement"]),
)

# %%
drawn.matrix_table(
    statements, graded, names, "The matrix as a table: bearing and grade of each passage, with a link to it"
)

# %% [markdown]
# Of the cells of the {count}`places` places {num}`silent_share` per cent are silent in the sources read, a list known to be
# incomplete: a fact check filled some of them from ordinary public pages. Silence is no evidence against a statement,
# and none for it. In {num}`cannot_say` cells something was looked at that neither shows nor excludes the smallest effect of
# interest, {num}`effect_of_interest` pupil standard deviations. These do not vote.
#
# **Why not.** Until release 2026.3 a place whose test did not reject counted as a contradiction. Suppose that each of
# the {num}`vote.places` compared places had truly moved by two placebo standard deviations (each about the usual difference
# between two ordinary places): a vote of their tests alone would have come out as *contradicted* in {num}`vote.at_2` per cent of
# draws, and after a true move of three in {num}`vote.at_3` per cent. Such a vote tells how little the tests can see, and
# nothing of the places.
#
# ## The rule
#
# The rule takes its logic from two habits of evidence reviews: the padlocks of England's Education Endowment
# Foundation, where the weaker of design and precision sets the start and threats cost grades, and the assessment of
# certainty in health {cite:p}`guyatt2008`. How places are drawn together is ours. It was written on 25 November
# 2026, when the results were known.

# %%
Table(
    pd.DataFrame({"step": [str(n) for n in range(1, len(rule.sentences) + 1)], "rule": rule.sentences}),
    "The rule, as the plan prints it and the package computes it",
)

# %%
Table(
    pd.DataFrame({"level": [str(level) for level in rule.design], "design": rule.design.values()}),
    "Design levels",
)

# %%
Table(
    pd.DataFrame(
        [
            {"threat": threat, "moderate": when["moderate"], "high": when["high"]}
            for threat, when in rule.anchors.items()
        ]
    ),
    "When a threat is moderate and when it is high",
)

# %% [markdown]
# Two steps were added with the results known, on 28 November 2026. Release 2026.4 gave *cannot say* neither grade nor vote;
# if another passage of the same place speaks, that one is heard. Release 2026.5 says what *cannot say* means: the 90 per cent
# set neither lies at or above the smallest effect of interest, nor below it. So only *ruled out* contradicts, and no test
# that merely fails to reject does.
#
# This has a cost. A study that was read without its interval supports by a difference which it calls significant, and where
# it finds none it cannot say. A statement that rests on such studies leans towards what authors report as found. Where every
# passage that cannot say is counted as a contradiction instead, *pupils of programme teachers gain more* is
# {num}`pupils_gain_more.voting_lean`, grade {num}`pupils_gain_more.voting_grade`, in place of {num}`pupils_gain_more.lean`, grade
# {num}`pupils_gain_more.grade`.
#
# The word beside the grade says how good a comparison stands behind the statement's direction: full, partial or none, the
# best one among the places on its larger side. On whether its results moved more than others', a chapter of this book says here what
# its own verdict says, and none can claim a better comparison than it has; the build stops where the two disagree.
#
# ## Statement by statement
#
# The grades drawn at the top of the page are these, each with the places that it comes from.

# %% tags=["hide-input", "remove-output"]
ladder = drawn.ladder_frame(statements, judged, readings, SHORT)
at_best = ladder[ladder["grade"] == ladder["grade"].max()]
publish(
    registry,
    "grades",
    drawn.ladder(ladder),
    title=(
        f"{len(at_best)} of {len(ladder)} statements {agreeing(len(at_best), 'reaches', 'reach')} grade {ladder['grade'].max()} of {grades.HIGHEST}; "
        f"{(ladder['grade'] == 0).sum()} {agreeing((ladder['grade'] == 0).sum(), 'has', 'have')} grade 0"
    ),
    subtitle="Grade of each statement, and its span from a harsher to a milder reading of the evidence",
    caption=(
        "A mark is the grade of a statement, its shape what the places do to it. The line runs from the grade that it would "
        "have if every threat were read one step harsher to that of one step milder. At grade 0 too little was compared for a "
        "direction, and none is drawn; contested stands where places conflict. The table below names the places on each side."
    ),
    says="; ".join(
        f"{row.statement}: {row.direction}, grade {row.grade}, {row.places}, {row.harsher} to {row.milder}"
        for row in ladder.itertuples()
    )
    + ".",
    data=ladder,
)

# %% [markdown]
# The table names the places for and against, and those that cannot say. Findings of no difference that were read without an
# interval cannot say and **do not vote**. Where another study of the same place speaks, that one is counted, and the
# finding stands in the last column in brackets: Chile counts as support, though a second study there found no difference.

# %%
drawn.statement_table(
    statements,
    judged,
    heard,
    names,
    "Statements with their grade and the places behind it, each with the grade of its own; in brackets findings without a vote",
    unheard,
)

# %% [markdown]
# ## What is best supported
#
# **Views.** Three studies set people just above a programme's line of admission in the United States beside people just
# below it. Taking part goes with views closer to those of disadvantaged people {src}`LF_010`, with systemic
# explanations, though not with more support for school choice or merit pay {src}`LF_011`, and with more racial
# tolerance and optimism {src}`SX_DOBBIE_2015`. Grade {num}`beliefs_shift.grade`: a strong design, one programme, and
# what people say of themselves. The main contrary study compares everyone accepted in six years by whether they served;
# it finds that those who served have more civic attitudes only in so far as they still work with the programme, vote
# less and less often hold jobs of social purpose {src}`SX_MCADAM_2009`. People chose for themselves whether to serve,
# so it weighs less by the rule. That later voting rises at the same line of admission {src}`SX_MO_2022` is in conflict
# with it. For none of the {count}`places` places was anything of the kind found in the sources read.
#
# **Posts.** {num}`posts_reached.supports` places say that alumni reach leading posts early and often,
# {num}`posts_reached.contradicts` say otherwise; grade {num}`posts_reached.grade`. England
# has been compared with other teachers {src}`LF_029, LF_033`. The rest are counts, mostly by the programmes; they are
# drawn by post, place and year in [the leaders, counted](leaders.ipynb). Reaching a post is not yet changing anything
# from it.
#
# **Staying.** {num}`stay_in_education.supports` places or bodies of evidence say that most stay in education. Most are
# counts by programmes, partners or funders, without other teachers beside them. Two have a comparison: at the line of
# admission in the United States taking part makes work in education more likely {src}`SX_DOBBIE_2015`, and fellows in
# India are more often in education than matched applicants who were not chosen {src}`SX_CIES_2021`. A gap in staying
# *in teaching* in England that narrowed {src}`LF_033` and leaving sooner in Indianapolis {src}`LF_088` are another
# question. Grade {num}`stay_in_education.grade`.
#
# **Pupils of programme teachers.** {num}`pupils_gain_more.supports` bodies of evidence report larger gains
# than other teachers', {num}`pupils_gain_more.contradicts` the opposite; beside them {num}`pupils_gain_more.unheard` findings of
# no difference, in places counted as support, have no vote. For
# Huari it is the network that reports them; the study was not read {src}`SX_TFALL_RESEARCH`. In Chile an
# earlier study of a bank that worked with the programme finds better Spanish and mathematics {src}`SX_IDB_2012`, another
# no significant difference {src}`LF_118`. In the United States two large trials find gains in mathematics
# {src}`LF_012, LF_013` and a third one in early reading {src}`SX_I3_2017`; the first finds none in reading, and the third,
# on the scale-up, none over all. These findings of none were read without their intervals, so they cannot say whether the
# smallest effect of interest is ruled out, and they do not vote. Grade {num}`pupils_gain_more.grade`; it would be
# {num}`pupils_gain_more.voting_grade` if they counted as contradictions. Their intervals, which the reports print, would decide
# it. It is a statement about teachers in classrooms, not about leadership.
#
# ## What has more for it than against, and means little
#
# - **That places with a build-up moved more than others** ({num}`place_stands_out.supports` for,
#   {num}`place_stands_out.contradicts` against, {num}`place_stands_out.cannot_say` cannot say; grade
#   {num}`place_stands_out.grade`). For it are Washington, DC, whose verdict is *{num}`washington_dc.verdict`*, and, by a
#   published study alone, New Orleans {src}`LF_075`, whose own verdict in this book is *{num}`new_orleans.verdict`*, so that
#   the places that cannot say are {num}`own_verdicts.cannot_say` by this book's comparisons alone. Both cities are talked about
#   for their results, and both came with a whole reform package. In Huari, London, Chile and Latvia the sets hold nothing and a large gain alike, so their places in
#   the middle are no vote against it. Delhi and the Rio Grande Valley have no comparison. In releases up to
#   2026.3 this was called contradicted: what a coarse comparison is taken to mean has changed since, more than any result.
# - **That the part of leaders can be separated from the rest** ({num}`told_apart.supports` for,
#   {num}`told_apart.mixed` mixed, {num}`told_apart.silent` silent; grade {num}`told_apart.grade`, {num}`told_apart.direction`). It can, for leaders
#   in general: studies elsewhere set a school's principal apart from the school, and the newest find the part small
#   {src}`SX_GRISSOM_2021, SX_BHL_2022` ([what leaders add](what_leaders_add.ipynb)). In Washington, DC, schools whose
#   principal was replaced in 2008 were compared with schools of the same city that kept theirs
#   {src}`SX_WALSH_2020`; the new principals were not alumni as such. In none of the {count}`places` places did a source read
#   separate *alumni* from the money and the rules. That nobody has done so is silence, and was wrongly called a
#   contradiction before.
# - **That rules were changed with the programme's people** ({num}`rules_changed.supports` for,
#   {num}`rules_changed.contradicts` against, {num}`rules_changed.mixed` mixed; grade {num}`rules_changed.grade`,
#   {num}`rules_changed.direction`).
#   Latvia changed entry to teaching with the organisation {src}`LF_126`, Washington, DC, its evaluation of staff and its
#   contract under two alumnae {src}`SN_DCPS_2010_IMPACT`. These are accounts of who did what, with no comparison.
#
# ## What has more against it than for it
#
# {num}`contradicted` of the {num}`statements` has more places against it than for it, at grade
# {num}`represent_better.grade`: {num}`represent_better.direction`. That does not prove the opposite, and it is no
# judgement of a programme.
#
# - **That more leaders meant better representation** ({num}`represent_better.supports` for,
#   {num}`represent_better.contradicts` against, {num}`represent_better.mixed` mixed; grade
#   {num}`represent_better.grade`) has against it *one count*, of teachers and not of leaders: in New Orleans it
#   went the other way {src}`LF_077`. In Indianapolis a share rose while numbers fell {src}`LF_084`. For
#   {num}`represent_better.silent` of the {count}`places` places the sources read do not set the two side by side; the Rio Grande
#   Valley has counts of one university's graduates among new members {src}`SN_RGVISION_105`, and no share of leaders.
#
# ## What stands open
#
# **That the rise began with the build-up** ({num}`rise_after_start.supports` for, {num}`rise_after_start.contradicts` against,
# {num}`rise_after_start.cannot_say` cannot say; grade {num}`rise_after_start.grade`) is {num}`rise_after_start.lean`. For it
# is Washington, DC, in mathematics: with level and slope before allowed for as other states show them, the whole set of grade 8 lies
# above {num}`effect_of_interest` pupil standard deviations, and a start in 2007 shows nothing there. Reading in grade 4 had moved before.
# Against it is London, where a study dates the advantage of poor pupils to before the programme {src}`LF_036`; English at 14
# turned in 2004, when its marking changed too {src}`SN_TWFY_2004, SN_TIMES_2004`. Chile and Latvia cannot say: the set of an
# earlier start holds a loss and a gain of more than the smallest effect of interest. Delhi and the Rio Grande Valley have no
# comparison that could.
#
# **Developing serving teachers** ({num}`serving_teachers.cannot_say` place cannot say,
# {num}`serving_teachers.mixed` body of evidence is mixed; grade {num}`serving_teachers.grade`). In Huari only a very
# large difference could have been seen. Elsewhere districts that built pipelines of principals did better than similar
# districts {src}`SX_RAND_2019`, while trials of training find gains in Rio de Janeiro and Malawi
# {src}`SX_CAVALCANTI_2025, SX_MALAWI_2024` and none in others {src}`SX_ROMERO_2022, SX_JACOB_2015, SX_HERRMANN_2019`.
#
# **Peers.** More programme teachers in a school go with larger gains in Indianapolis {src}`LF_087`, where schools with
# many such teachers may differ in other ways. Miami-Dade is the nearest thing to a test of critical mass:
# Teach For America placed its people there in groups on purpose. Mathematics rose in several of these schools, partly through the members'
# own classes; no spillover to the classes of other teachers was found {src}`SX_HANSEN_2018`. Grade
# {num}`peers_together.grade`.
#
# **A quarter.** One online experiment {src}`LF_017`, a director's guess {src}`LF_082` and a programme's target
# {src}`LF_114`: grade {num}`quarter_tips.grade`. No system has been watched while the share of its leaders
# passed a quarter.
#
# ## Evidence from elsewhere
#
# Most studies made elsewhere stand in [their own chapter](evaluations.ipynb). Here is what the matrix takes from
# outside the {count}`places` places and no other page tells.

# %% tags=["remove-cell"]
leadership = opened.table("leadership").set_index("leadership_id")
counted = {
    "network-02": "network_alumni_in_education",
    "malaysia-04": "malaysia_alumni_in_education",
    "pune-01": "pune_alumni",
    "pune-02": "pune_alumni_in_education",
    "pune-04": "pune_alumni_leading_schools",
    "indianapolis-09": "indianapolis_people_of_colour_2015",
    "indianapolis-10": "indianapolis_people_of_colour_2016",
    "indianapolis-12": "indianapolis_share_of_schools_led_by_alumni_2018",
}
for key, name in row_names("leadership", leadership.loc[list(counted)].reset_index(), counted).items():
    row = leadership.loc[key]
    record = registry.numbers(rows=rows_named(opened, "leadership", key), function="leadership.csv")
    record(name, float(row["value"]), Unit(row["unit"], 0), f"{row['measure']} ({row['case_id']}).")

# %% [markdown]
# **Indianapolis.** Alumni led nearly {num}`indianapolis_share_of_schools_led_by_alumni_2018` per cent of the city's schools in 2018,
# by the local director's account {src}`LF_085`. People of colour were {num}`indianapolis_people_of_colour_2015` per cent
# of new corps members in 2015 and {num}`indianapolis_people_of_colour_2016` in 2016, when fewer came {src}`LF_084`.
#
# **Staying, by their own counts.** Still in education are {num}`network_alumni_in_education` per cent of the
# network's alumni {src}`LF_003`, {num}`pune_alumni_in_education` per cent of {num}`pune_alumni` in Pune
# {src}`LF_060` and {num}`malaysia_alumni_in_education` per cent of Malaysia's first {src}`LF_121`; in Estonia most of
# one group of graduates planned to stay {src}`LF_124`. In Pune {num}`pune_alumni_leading_schools` alumni lead schools
# {src}`LF_060`.
#
# **Armenia.** In 2021 the ministry put competency-based learning into the curriculum; the partner says that it had
# long advocated it {src}`LF_115`.
#
# ## One reading, and how to add another
#
# Two independent raters are the standard for such grades. Here is one reading, automated, and no human has reviewed
# it. If every threat were read one step milder the highest grade would be {num}`kinder_best`, one step
# harsher {num}`stricter_best`; which side has more places changes for {num}`turned` of the
# {num}`statements`. What this cannot show is a reader who sees a design or a bearing differently, and that matters
# more: if *cannot say* counted as a contradiction, as it did before, {num}`turned_by_vote` statements would point
# elsewhere.

# %%
Table(
    pd.DataFrame(
        [
            {
                "statement": statement["label"],
                "milder": f"{readings['kinder'][key].direction}, grade {readings['kinder'][key].grade}",
                "as read": f"{judged[key].direction}, grade {judged[key].grade}",
                "harsher": f"{readings['stricter'][key].direction}, grade {readings['stricter'][key].grade}",
            }
            for key, statement in statements.set_index("statement_id").iterrows()
        ]
    ),
    "The same statements with every threat one step milder and one step harsher",
)

# %% [markdown]
# To add a reading, take `assessments.csv` of the release, keep statement, place and passage, code the rest from the
# passages without looking at ours, and send it: the next release can hold both, with their agreement.
#
# :::{admonition} The finding in numbers
# :class: summary
# The statements of this book about collective leadership are each put to all {count}`places` places and to studies elsewhere,
# and graded on a scale from 0 to 5 by a printed rule. Views and careers of those who took part could be seen, by studies
# at a line of admission. Results of a whole place mostly could not: {num}`place_stands_out.cannot_say` places can neither
# show nor exclude a difference of {num}`effect_of_interest` pupil standard deviations ({num}`own_verdicts.cannot_say` by this
# book's own comparisons, without the published study of New Orleans), and these do not vote.
#
# Best secured, at grade {num}`best_grade`, are that those who took part hold other views than similar applicants, with one
# weaker study against it, and that pupils of programme teachers gain more, which leans on studies read without their
# intervals. That places with a build-up moved more than others has grade {num}`place_stands_out.grade`, from two cities, one of
# them by that study alone, that are talked about for their rise and reformed everything at once. What leaders added there cannot be said. Grade 0 does not mean
# untrue: too little was compared. The codes are one automated reading; a second is invited.
# :::
#
# ## What would change our mind
#
# - A place picked before its results were known, with leaders counted by post and year and five years before: a
#   statement on places would then reach a grade that means something.
# - Schools that alumni came to lead at known dates, beside schools of the same city, as was done for replaced
#   principals in Washington, DC {src}`SX_WALSH_2020`: it would tell *these* leaders from the reforms around them.
# - Intervals and adjustments of the studies read only in summary: several stand low because we did not read them,
#   and could rise or fall.
# - Who the leaders are and where they come from, counted as they grow in number.
# - A second reading that differs.

# %% tags=["remove-cell"]
registry.save()
