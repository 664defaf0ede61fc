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
# # States
#
# :::{admonition} In short
# :class: summary
# **Asked:** whether pupils of a state gained more, beyond states where the programme had not begun, in the years after
# Teach For America first placed teachers there. **What could be seen:** with {num}`places.treated` states that began
# and {num}`places.never` that never did, an average change of {num}`see.mde` pupil standard deviations is found in
# {num}`see.power` per cent of assignments of starts. **What was seen:** {num}`estimate.adjusted`, with a 90 per cent
# set from {num}`estimate.adjusted.low` to {num}`estimate.adjusted.high`. By the rule of the plan an average change of
# {num}`interest.smallest` is: {num}`verdict.smallest`; one of {num}`interest.large`: {num}`verdict.large`. **What it
# cannot say:** whether pupils taught by such teachers gain, because they are too few to move the mean of a state by
# their own classes.
# :::

# %% tags=["parameters"]
release = ""  # the newest

# %% tags=["remove-cell"]
from leadership_effects.report.many_places.chapter import ManyPlaces

study = ManyPlaces.open(release, "states")
study.dose_arithmetic()

# %% [markdown]
# ## How small the dose is
#
# In 2012, near the peak, Teach For America's teachers were about {num}`dose.share` per cent of the teachers of the United
# States {src}`E2_W165`. In a randomised trial their pupils gained {num}`dose.pupil_effect` pupil standard deviations more in a
# year of secondary mathematics {src}`LF_013`. The product of the two is {num}`dose.direct`: so much would the mean of the
# country move if all that happens, happens in the classes of these teachers.
#
# Nothing on this page could see that. The smallest size of interest, {num}`interest.smallest`, is
# {num}`dose.multiplier` times as large. So what is tested here is a *multiplier*: that having the programme, its alumni
# and those who follow them moves a whole system far beyond their own classes. That is what the network claims by system
# change. Not seeing it bounds the multiplier and says nothing against the gains of pupils in those classes.
#
# ## The question
#
# The estimand is the average change of states in which Teach For America has placed teachers, beyond states in which it
# had not (yet), from the first wave of the national test in a later calendar year on. It is about having the programme in
# the state. It is an association: the programme chose its states, and other things came in the same years.
#
# The outcome is the mean of four tests of the National Assessment of Educational Progress, mathematics and reading in grades 4
# and 8, each in standard deviations of pupils {src}`SCALE_NAEP_M4, SCALE_NAEP_M8`, {num}`waves.first` to
# {num}`waves.last`. In these years every state was tested in every wave
# {src}`US_STATES_ALL_IRNEF`.
#
# The plan of this page, with its list of states, first waves, terms, sensitivity rows and the rule of the verdict, was written
# and committed on {num}`plan.dated`, before any code that computes an effect was run on the real first years; the code
# was developed on shuffled ones. Its author had not seen an estimate of this design. Deviations from the plan since then:
# {num}`plan.deviations`.

# %% tags=["hide-input"]
study.deviations()

# %% [markdown]
# ## What could be seen
#
# Before the estimate: what would this design notice? Start paths are permuted among the states that could have begun,
# with the outcomes as they are, within thirds of the starting level. The spread of the estimates says what chance does.
# An average change of {num}`see.mde` pupil standard deviations, about {num}`see.mde_points` points of the test, is
# found in {num}`see.power` per cent of assignments. Were the true change exactly zero, an effect of
# {num}`interest.smallest` would be ruled out in about {num}`see.zero_ruled_out` per cent of assignments. The
# studentised test itself, simulated, needs {num}`see.mde_studentised`.

# %% tags=["hide-input"]
study.could_see()

# %% [markdown]
# ## Who is in, and who is not
#
# {num}`places.treated` states began within the window, in {num}`cohorts.n` cohorts, the largest of {num}`cohorts.largest`
# states. {num}`places.never` never had a placement by the last wave. {num}`places.always` had begun before the outcome shows
# two waves; they are left out of the estimate and listed. Of the first years of those that began, {num}`starts.stated` are
# stated by a source and {num}`starts.inferred` are inferred.

# %% tags=["hide-input"]
study.places()

# %% tags=["hide-input"]
study.calendar(
    "Each tile is a wave in which a state took the four tests. States of the estimate stand by first treated wave, then those "
    "that never began, then those that had begun too early for a before.",
)

# %% [markdown]
# A wave counts as treated if it was tested in a calendar year after the first placement. The test is taken from January
# to March, so a placement in autumn counts from the next year's wave. Michigan had the programme, lost it and had it
# again; it is left out, and a sensitivity row lets it begin in 2011. Kansas had five recruits in two years and is treated by
# the rule, with two rows that take it otherwise {src}`E2_W033`. A release of 2012 counts one state more than there are
# first years {src}`E2_W006`; it may be any of those that never began, and leaving each of them out in turn, below, bounds what
# it could change.

# %% [markdown]
# ## The estimate
#
# State and wave effects are fitted on untreated observations alone, and the estimate is the mean over treated observations of
# the outcome less what they predict {cite:p}`borusyak2024`. The *adjusted* estimate, on which the verdict rests, adds the
# starting level by wave and the census region by wave, because states that start low gain more anyway and regions move
# together. The level comes from tests before the window, 1990 to 2002.
#
# The adjusted estimate is {num}`estimate.adjusted` pupil standard deviations, {num}`verdict.side`. By the permutation
# test it {num}`verdict.stands_out` (two-sided p {num}`estimate.adjusted.p`, Monte Carlo error
# {num}`estimate.adjusted.p_error`). The 90 per cent set runs from {num}`estimate.adjusted.low` to
# {num}`estimate.adjusted.high`.
#
# Without these terms the estimate is {num}`estimate.plain` (p {num}`estimate.plain.p`), and with the level alone
# {num}`estimate.level` (p {num}`estimate.level.p`). States that start low gain more anyway, and regions move together; so the
# plain figure stands beside and does not decide.
#
# **Verdict on an average change of {num}`interest.smallest`: {num}`verdict.smallest`**; {num}`verdict.why`. **On one of
# {num}`interest.large`: {num}`verdict.large`**; {num}`verdict.why_large`. A verdict is as good as the comparison: it
# takes for granted that, given level and region, states that began would otherwise have moved like those that had not.

# %% tags=["remove-cell"]
study.verdict()

# %% tags=["hide-input"]
study.bounds_chart(
    "Average effects with 90 per cent sets by permuted start paths. Broken lines mark zero and the two sizes of "
    "interest of the plan; the violet tick is the average change that the test mostly finds.",
)

# %% tags=["hide-input"]
study.estimate()

# %% [markdown]
# Errors clustered by state are valid here, with tens of states on either side, and stand beside: by them the p is
# {num}`estimate.adjusted.p_clustered` and the 90 per cent interval {num}`estimate.adjusted.clustered_low` to
# {num}`estimate.adjusted.clustered_high`. For a single treated place they would not be valid, and no chapter on one place
# shows them. Of the draws {num}`estimate.adjusted.redrawn` per cent were drawn again, because a region would have been left
# without an untreated state in some wave.

# %% tags=["hide-input"]
study.family()

# %% [markdown]
# Taken one test at a time, and corrected for looking at all of them, the smallest p is {num}`family.p`.
#
# ## How the test does
#
# Permuting the starts that are then tested proves nothing about the test. So panels of this design's own shape were
# simulated with states that begin drawn from lower levels and lower earlier trends, with unequal effects and with
# errors correlated over time, {num}`size.panels` panels for each setting. Where starts fall as by chance the adjusted
# test rejects a true zero in {num}`size.adjusted` per cent, and at worst in {num}`size.adjusted.worst`; the plain one
# in {num}`size.plain` and {num}`size.plain.worst`. A true change of {num}`interest.smallest` is found in
# {num}`size.adjusted.power_05` per cent and one of {num}`interest.twice` in {num}`size.adjusted.power_10`. A true
# change of {num}`interest.smallest` is wrongly ruled out in at most {num}`size.adjusted.falsely` per cent.

# %% tags=["hide-input"]
study.size()

# %% tags=["hide-input"]
study.size_chart(
    "Share of simulated panels in which the test rejects at 5 per cent though the true effect is zero, by where starts come from, "
    "with Monte Carlo intervals; the grey tick is 5 per cent.",
)

# %% [markdown]
# ## Before and after the start
#
# If states that began were already on another path, the waves before the start would show it. Leads come from a
# regression on untreated observations alone. Their joint permutation p is {num}`leads.p`: by it, waves before the start
# {num}`leads.found`. The test of leads can itself miss much: it finds a trend of {num}`leads.detectable` a wave in
# {num}`see.power` per cent of simulated panels. The trend that would by itself give the estimate is
# {num}`leads.explaining` a wave, and it is found in {num}`leads.power` per cent, where no trend at all is found in
# {num}`leads.size`.

# %% tags=["hide-input"]
study.event_study(
    "Estimates by waves since the first treated wave with 95 per cent intervals by errors clustered by state. Those before the "
    "start are against all earlier waves, on untreated observations; few states stand behind the latest ones.",
)

# %% tags=["hide-input"]
study.leads()

# %% [markdown]
# How far could a break of parallel trends carry? Let the violation from one wave to the next after the start be up to a
# multiple of the largest one before it {cite:p}`rambachan2023`. The 90 per cent set {num}`magnitudes.said`; the
# multiple at which it first holds zero is {num}`magnitudes.zero`, and that at which it first holds
# {num}`interest.smallest` is {num}`magnitudes.smallest`. Where that last multiple is small, a verdict against
# {num}`interest.smallest` leans on parallel trends.

# %% tags=["hide-input"]
study.magnitudes(
    "Thin spans are 90 per cent sets when violations after the start are up to so many times the largest one before it, "
    "thick ones what would remain without sampling error. Broken lines mark zero and the smallest effect of interest.",
)

# %% [markdown]
# ## What came in the same years
#
# Federal grants to states from 2009 to 2012, new standards, and the recession with its cuts fall into this window. One of the
# federal grants paid for the programme's own growth, and a trial went with it {src}`SX_I3_2017`. The release holds no source
# that gives grants, standards or cuts by state, so no figure is given here and none is adjusted for. What is common to
# all states in a wave is taken out by the wave effects; what is common to a census region, by those of the region. A reform
# that came to the states that began, and to the others not, in just these waves, is not taken out and would be read as theirs.
# The row with waves to 2011 alone, and the estimates without each cohort, show how much rests on which years.
#
# ## Other estimators
#
# Static two-way fixed effects, the estimator of most older papers, also compares states that begin late with states that
# began early, and so can count an effect that grows with the wrong sign {cite:p}`goodmanbacon2021`. Of its weight here
# {num}`two_way.never` per cent is on comparisons with states that never began and {num}`two_way.later` per cent on late
# against early ones. The others avoid this, each in its own way ([methods](../methods.md)). Of {num}`states.estimators.n` estimators
# {num}`states.estimators.inside` lie within the 90 per cent set of the adjusted one; they run from {num}`states.estimators.low` to
# {num}`states.estimators.high`.

# %% tags=["hide-input"]
study.estimators()

# %% tags=["hide-input"]
study.estimators_chart(
    "Estimates with 95 per cent intervals by errors clustered by state. The rows with level and region are adjusted, "
    "the others are not.",
)

# %% tags=["hide-input"]
study.decomposition()

# %% [markdown]
# ## What it rests on
#
# The plan lists other ways of asking the same, {num}`sensitivity.n` of which can be set beside the estimate in its unit. They
# run from {num}`sensitivity.low` to {num}`sensitivity.high`, and {num}`sensitivity.same` of {num}`sensitivity.judged` give the
# verdict of the headline.

# %% tags=["hide-input"]
study.sensitivity()

# %% tags=["hide-input"]
study.sensitivity_chart(
    "Adjusted estimates with 90 per cent sets by permuted start paths, as planned and with one thing changed in each row.",
)

# %% [markdown]
# One row differs. From 1990 on, with the states that began in the nineties, the estimate is {num}`sensitivity.from_1990` (p
# {num}`sensitivity.from_1990.p`). Before 2003 states took the test by choice, so the early waves hold other states than the
# late ones, and the level comes from inside the outcome. It is a lead for whoever finds the missing waves, and no result.
#
# How much hangs on a single state? Without each in turn the estimate runs from {num}`leave.place.low` (without
# {num}`leave.place.low_name`) to {num}`leave.place.high` (without {num}`leave.place.high_name`). Without each cohort it runs
# from {num}`leave.cohort.low` to {num}`leave.cohort.high`, without each wave from {num}`leave.wave.low` to
# {num}`leave.wave.high`.

# %% tags=["hide-input"]
study.leave_outs(
    "Each tick is the adjusted estimate without one state, one cohort or one wave; the solid line is the whole estimate, broken "
    "lines mark zero and the smallest effect of interest.",
)

# %% [markdown]
# Effects may differ. Late cohorts less early ones: {num}`late_less_early` (p {num}`late_less_early.p`); by that test the two
# {num}`late_less_early.found`. Cohorts of one or two states say little by themselves.

# %% tags=["hide-input"]
study.heterogeneity(
    "Adjusted effects of early and late cohorts and of each cohort, named by its first treated wave, with 90 per cent intervals by "
    "errors clustered by state.",
)

# %% [markdown]
# ## Every reasonable specification
#
# Outcome, window, delay, dates and terms of the plan give {num}`curve.n` specifications. Their median is {num}`curve.median`,
# from {num}`curve.low` to {num}`curve.high`, and {num}`curve.positive` per cent lie above zero. Is that much? First years are
# permuted {num}`curve.draws` times among the {num}`curve.places` states that enter some specification, within thirds of the
# starting level; every specification works out its first waves from the permuted years, and the median is taken again. A
# median at least as far from zero came in a share of {num}`curve.p`.

# %% tags=["hide-input"]
study.curve(
    "One dot a specification, in order of size; the bars below show its choices. The solid line is the median; broken "
    "lines mark zero and the smallest effect of interest.",
)

# %% tags=["hide-input"]
study.curve_rank(
    "The median over all specifications as it is, and as it would be had the same first years fallen on other states of a like "
    "starting level.",
)

# %% tags=["hide-input"]
study.curve_choices(
    "Range and median of the estimates under each choice of the grid. A row whose dot stands apart is a choice that matters.",
)

# %% [markdown]
# ## Dose
#
# How many teachers and alumni a state had, by year, is printed for few: {num}`dose.counts` dated counts of
# {num}`dose.places` states of the estimate, {num}`dose.treated` of them among those that began, and {num}`dose.series`
# times one state has counts of the same kind in five or more years. The one denominator that was read is that of the
# whole country, so no count is divided by the teachers of its state. A regression on dose needs a panel of doses, and
# there is none. The file that would give it is the programme's own list of corps members and alumni by region and year.

# %% [markdown]
# How much would it help? If the effect were in proportion to a dose that differs between states, the detectable mean
# effect would be {num}`dose.ratio.random_by_place` times what it is with starts alone, and
# {num}`dose.ratio.since_start` times if the dose grew by the same with every wave.

# %% tags=["hide-input"]
study.dose_simulated()

# %% tags=["hide-input"]
study.dose_known()

# %% tags=["hide-input"]
study.dose_chart(
    "Dated counts of teachers and alumni of the places in the estimate, one point a printed figure, on a logarithmic scale. "
    "Points are not joined, because different sources may count different people.",
)

# %% [markdown]
# ## What this says about programmes, and what not
#
# It says how far the means of states that took the programme moved beyond the others, on average over the states and
# years seen, and how large a change the data leave room for. It does not say that the programme caused a difference if
# there is one: states were chosen. It does not say that programmes do nothing if there is none: a change too small for
# a state's mean, or one that takes longer than the waves seen, would pass unseen, and what the teachers do in their
# classes is not measured here. It says nothing about single states, cities or schools, and nothing of leaders, who are
# not in these data.
#
# ## What would change our mind
#
# Corps members and alumni by state and year, out of all teachers, so that doses could be compared and not only starts.
# Standard errors of each state's scores. A source that dates each state's grants and standards. And for states that begin
# next, an estimate planned before their results are known.

# %% tags=["remove-cell"]
study.registry.save()
