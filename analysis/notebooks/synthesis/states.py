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
# # US states where Teach For America began
#
# {.lead}
# Across the states where Teach For America began, average results moved no further than chance alone moves them. A large
# average gain is ruled out, and whether the pupils of its own teachers gain is a question that this cannot answer.
#
# {sure}`states.verdict.smallest` on a small change, {sure}`states.verdict.large` on a large one
#
# ```{chart} states.bounds
# ```
#
# - On average a state that began moved by {num}`estimate.adjusted` pupil standard deviations beyond the others; the data
#   fit anything from {range}`estimate.adjusted`.
# - With no allowance for where states started and which region they are in, it is {num}`estimate.plain`; the data then
#   fit anything from {range}`estimate.plain`.
# - By teaching alone, so few teachers would move the mean of all pupils by about {num}`dose.direct`: far less than
#   either range could show.
#
# **What else could explain it.** States that start low tend to gain more, and states of one region move together: with
# both allowed for, the second figure shrinks to the first. Federal grants, new standards and cuts came in the same
# years, and no source of this release dates them by state.
#
# **How sure.** Of the two verdicts above the first says whether states moved on average by at least
# {num}`interest.smallest` pupil standard deviations, the second by at least {num}`interest.large` ([what the words
# mean](../methods.md#two-words-for-a-case)). If a hundred pupils stand in a row by their scores, the first size moves
# the one in the middle up by about {num}`ruler.smallest` places, the second by about {num}`ruler.large`. The smallest
# that would usually have been found, {num}`see.mde`, moves it by about {num}`see.mde_places`. The verdict is drawn from
# the first range above: {num}`verdict.whys`.
#
# ```{evidence}
# ```

# %% tags=["parameters"]
release = ""  # the newest

# %% tags=["remove-cell"]
from leadership_effects.effects.staggered.imputation import PLAIN
from leadership_effects.report.many_places.chapter import ManyPlaces
from leadership_effects.report.numbers import holds

study = ManyPlaces.open(release, "states")
study.dose_arithmetic()
study.ruler()

# %% [markdown]
# ## The question
#
# Did average results in states where Teach For America placed teachers rise more than in states where it had not placed
# any, or not yet? This is an association. The programme chose its states, and other things came in the same years.
#
# The outcome is the mean of four tests of the National Assessment of Educational Progress, mathematics and reading in
# grades 4 and 8, each in standard deviations of pupils {src}`SCALE_NAEP_M4, SCALE_NAEP_M8`, {num}`waves.first` to
# {num}`waves.last`. In these years every state took every test {src}`US_STATES_ALL_IRNEF`.
#
# The plan of this page was written and committed on {num}`plan.dated`, before any code that computes an effect was run on
# the real first years; the code was developed on shuffled ones. It lists the states, their first years, the adjustments,
# the variations and the rule of the verdict. Its author had not seen an estimate of this design. Deviations from the
# plan since then: {num}`plan.deviations`. The order stands in the history of the repository, where the plan is commit
# `2a6b732` and the code follows; no outside body has stamped the date, so this is not a registered study.

# %% tags=["hide-input"]
study.deviations()

# %% [markdown]
# ## How much could the teachers do by themselves?
#
# Very little that a state's average could show. In 2012, near the peak, Teach For America's teachers were about
# {num}`dose.share` per cent of the teachers of the United States {src}`E2_W165`. In a randomised trial their pupils
# gained {num}`dose.pupil_effect` pupil standard deviations more in a year of secondary mathematics {src}`LF_013`.
# Multiplied, that is {num}`dose.direct`: the movement of the country's mean if everything that happens, happens in the
# classes of these teachers.
#
# The smallest change that this page asks about, {num}`interest.smallest`, is {num}`dose.multiplier` times as large. So
# the page asks about a *multiplier*: does having the programme, its alumni and those who follow them move a whole
# system far beyond their own classes? That is what the network means by system change. If no such movement is seen,
# that limits the multiplier. It says nothing against the gains of pupils in those classes.
#
# ## Which states are compared?
#
# {num}`places.treated` states began between the first and the last test and are compared with {num}`places.never` that
# never had a placement. {num}`places.always` had begun before there were two tests to look back on; they are
# left out of the estimate and listed.
#
# The states that began did so in {num}`cohorts.n` groups, the largest of {num}`cohorts.largest` states. Of their first
# years {num}`starts.stated` are stated by a source and {num}`starts.inferred` are inferred.

# %% tags=["hide-input"]
study.places()

# %% tags=["hide-input"]
study.calendar(
    "Each tile is a wave in which a state took the four tests. States of the estimate stand by first treated wave, then those "
    "that never began, then those that had begun too early for a before.",
)

# %% [markdown]
# A test counts as taken after the start if it was taken in a calendar year after the first placement. Tests are taken
# from January to March, so a placement in autumn counts from the next year's test. Michigan had the programme, lost it
# and had it again; it is left out, and one variation lets it begin in 2011. Kansas had five recruits in two years and
# counts as having begun, with two variations that treat it otherwise {src}`E2_W033`. A release of 2012 counts one state
# more than there are first years {src}`E2_W006`. It may be any of those counted here as never begun; the estimates
# without each of them in turn show how much that could change.

# %% [markdown]
# ## How far did results move?
#
# States that began moved by {num}`estimate.adjusted` pupil standard deviations more than the others, on average; the 90
# per cent confidence set runs from {num}`estimate.adjusted.low` to {num}`estimate.adjusted.high`. This is the *adjusted*
# estimate, on which the verdict rests.
#
# It is made in two steps. What each state's results would have been is predicted from states and years without the
# programme, and the estimate is the average difference between what was seen and what was predicted
# {cite:p}`borusyak2024`. The prediction allows for the starting level and the census region of a state in each wave,
# because states that start low gain more anyway and regions move together. The level comes from tests of 1990 to 2002.
#
# Dealing the start years out by chance among the states gives one at least as far from zero in a share of
# {num}`estimate.adjusted.p` (two-sided p, Monte Carlo error {num}`estimate.adjusted.p_error`). With no adjustment the
# estimate is {num}`estimate.plain` (p {num}`estimate.plain.p`), and with the starting level alone {num}`estimate.level`
# (p {num}`estimate.level.p`). The unadjusted figure is shown, and does not decide.
#
# **Verdict on an average change of {num}`interest.smallest`: {num}`verdict.smallest`**; {num}`verdict.why`. **On one of
# {num}`interest.large`: {num}`verdict.large`**; {num}`verdict.why_large`. A verdict is as good as the comparison. It
# takes for granted that states of the same level and region would have moved alike had the programme not begun.

# %% tags=["remove-cell"]
study.verdict()
tests = {name: study.test(terms) for name, terms in (("adjusted", study.headline), ("plain", PLAIN))}
holds(
    "Average results moved no further than chance moves them, and the plain estimate shrinks to the adjusted one.",
    [tests["adjusted"].p_value > 0.05, tests["adjusted"].estimate < tests["plain"].estimate / 2],
)

# %% tags=["hide-input", "remove-output"]
study.bounds_chart(
    "A dot is the average change, its line the 90 per cent confidence set; level is where a state started. Broken lines mark "
    "zero and the small and the large size that the plan asks about; the violet tick is the least average change that "
    "would mostly be found.",
)

# %% tags=["hide-input"]
study.estimate()

# %% [markdown]
# Standard errors clustered by state can be trusted here, with tens of states that began and tens that did not. They give
# a p of {num}`estimate.adjusted.p_clustered` and a 90 per cent interval from {num}`estimate.adjusted.clustered_low` to
# {num}`estimate.adjusted.clustered_high`. For a single place they could not, and no chapter on one place
# shows them. Of the orders of start years {num}`estimate.adjusted.redrawn` per cent were drawn again, because a region
# would have been left without an untreated state in some wave.

# %% tags=["hide-input"]
study.family()

# %% [markdown]
# One test at a time, and corrected for looking at all of them, the smallest p is {num}`family.p`.
#
# ## Could luck explain it?
#
# Yes: start years dealt out by chance give a difference as large as the adjusted one often. How far can that test be
# trusted? In simulated panels of this shape, {num}`size.panels` for each setting, it finds an effect that is not there in
# {num}`size.adjusted` per cent where starts fall by chance, and in {num}`size.adjusted.worst` per cent at worst; the
# chart marks the share that it should be.
#
# The simulated states that begin are drawn from lower levels and lower earlier trends, with unequal effects and errors
# that persist over time. The unadjusted test errs in {num}`size.plain` per cent, and in {num}`size.plain.worst` at worst.
# A true change of {num}`interest.smallest` is found in {num}`size.adjusted.power_05` per cent, one of
# {num}`interest.twice` in {num}`size.adjusted.power_10`. A true change of {num}`interest.smallest` is wrongly
# ruled out in at most {num}`size.adjusted.falsely` per cent.

# %% tags=["hide-input"]
study.size()

# %% tags=["hide-input"]
study.size_chart(
    "Share of simulated panels in which the test rejects at 5 per cent though the true effect is zero, by where starts come from, "
    "with Monte Carlo intervals; the grey tick is 5 per cent.",
)

# %% [markdown]
# ## How large would it have to be?
#
# An average change of {num}`see.mde` pupil standard deviations, about {num}`see.mde_points` points of the test, would be
# found four times in five: about {num}`see.mde_places` places for the one in the middle of a hundred pupils. Had there
# been no change at all, one of {num}`interest.smallest` would have been ruled out in only about
# {num}`see.zero_ruled_out` per cent of the orders of start years.
#
# To see this, start years are dealt out by chance among the states that could have begun, within thirds of the starting
# level, with the outcomes left as they are. How the estimates then spread shows what chance does, and the figure above
# follows from that spread alone. It is the one that the charts and the other pages of this book print.
#
# A second way gives {num}`see.mde_studentised`: a change is added to the outcomes, and the whole test, which divides each
# estimate by its own error, is run on them. The two ways differ because that error varies from one order of start
# years to the next. Both use the outcomes as they are. The simulated panels of the section before are quieter: in them no
# shock is shared by the states of a region, so that a small change is found there more often.

# %% tags=["hide-input"]
study.could_see()

# %% [markdown]
# ## Was it under way before?
#
# The results of earlier years show no sign of it, and they could have missed it. By the joint test of the waves before
# the start (p {num}`leads.p`) these {num}`leads.found`.
#
# The test can miss much. It finds a trend of {num}`leads.detectable` a wave four times in five. A trend that would by
# itself give the estimate is {num}`leads.explaining` a wave, and is found in {num}`leads.power` per cent of
# simulated panels; where there is no trend, one is found in {num}`leads.size` per cent.

# %% tags=["hide-input"]
study.event_study(
    "Estimates by waves since the first treated wave with 95 per cent intervals by errors clustered by state. Those before the "
    "start are against all earlier waves, on untreated observations; few states stand behind the latest ones.",
)

# %% tags=["hide-input"]
study.leads()

# %% [markdown]
# How far would the verdict carry if states that began had been on another path? Suppose their path strays, from one wave
# to the next, by up to a multiple of the largest such step before the start {cite:p}`rambachan2023`. The 90 per cent
# set {num}`magnitudes.said`. It first holds zero at a multiple of {num}`magnitudes.zero`, and first holds
# {num}`interest.smallest` at {num}`magnitudes.smallest`. Where that last multiple is small, a verdict against
# {num}`interest.smallest` would lean on the paths being alike.

# %% tags=["hide-input"]
study.magnitudes(
    "Thin spans are 90 per cent sets when violations after the start are up to so many times the largest one before it, "
    "thick ones what would remain without sampling error. Broken lines mark zero and the smallest effect of interest.",
)

# %% [markdown]
# ## What else could explain it?
#
# Federal grants to states from 2009 to 2012, new standards, and the recession with its cuts fall into these years. One
# of the grants paid for the programme's own growth, and a trial went with it {src}`SX_I3_2017`.
#
# The release holds no source that gives grants, standards or cuts by state, so nothing is adjusted for and no figure is
# given. What all states share in a wave is taken out, and so is what a census region shares. A reform that reached only
# the states that began, and in just those waves, is not taken out: it would be read as the programme's. The variation
# that stops in 2011, and the estimates without each group of starts, show how much rests on which years.
#
# ## Do other methods agree?
#
# Of {num}`states.estimators.n` estimators {num}`states.estimators.inside` lie within the 90 per cent set of the adjusted
# one; they run from {num}`states.estimators.low` to {num}`states.estimators.high`.
#
# Most older papers use two-way fixed effects. These also compare states that begin late with states that
# began early, and so can count a growing effect with the wrong sign {cite:p}`goodmanbacon2021`. Of their weight here
# {num}`two_way.never` per cent is on comparisons with states that never began and {num}`two_way.later` per cent on late
# against early ones. The other methods avoid this, each in its own way ([methods](../methods.md)).

# %% tags=["hide-input"]
study.estimators()

# %% tags=["hide-input"]
study.estimators_chart(
    "Estimates with 95 per cent intervals by errors clustered by state, each by itself; the 90 per cent set named above is "
    "that of the adjusted one by permuted start years. The rows with level and region are adjusted, "
    "the others are not.",
)

# %% tags=["hide-input"]
study.decomposition()

# %% [markdown]
# ## Does it hang on single choices or states?
#
# The plan lists other ways of asking the same question; {num}`sensitivity.n` of them give an estimate in the same unit.
# They run from {num}`sensitivity.low` to {num}`sensitivity.high`, and {num}`sensitivity.same` of
# {num}`sensitivity.judged` lead to the same verdict. Of the choices that the plan lets combine, that of
# {num}`curve.widest` moves the middle estimate most, from {num}`curve.widest.low` to {num}`curve.widest.high`.

# %% tags=["hide-input"]
study.sensitivity()

# %% tags=["hide-input"]
study.sensitivity_chart(
    "Adjusted estimates with 90 per cent sets by permuted start paths, as planned and with one thing changed in each row.",
)

# %% [markdown]
# One variation differs. From 1990 on, with the states that began in the nineties, the estimate is
# {num}`sensitivity.from_1990` (p {num}`sensitivity.from_1990.p`). Before 2003 states chose whether to take the test, so
# the early waves hold other states than the late ones, and the starting level comes from the outcome itself. It is a
# lead for whoever finds the missing waves, and no result.
#
# How much hangs on a single state? Leaving out each in turn, the estimate runs from {num}`leave.place.low` (without
# {num}`leave.place.low_name`) to {num}`leave.place.high` (without {num}`leave.place.high_name`). Without each group of
# starts it runs from {num}`leave.cohort.low` to {num}`leave.cohort.high`, without each wave from {num}`leave.wave.low`
# to {num}`leave.wave.high`.

# %% tags=["hide-input"]
study.leave_outs(
    "Each tick is the adjusted estimate without one state, one cohort or one wave; the solid line is the whole estimate, broken "
    "lines mark zero and the smallest effect of interest.",
)

# %% [markdown]
# Early and late starts may differ. The late ones less the early ones come to {num}`late_less_early` (p
# {num}`late_less_early.p`); by that test the two {num}`late_less_early.found`. A group of one or two states says little.

# %% tags=["hide-input"]
study.heterogeneity(
    "Adjusted differences of early and late cohorts and of each cohort, named by its first treated wave, with 90 per cent intervals by "
    "errors clustered by state.",
)

# %% [markdown]
# ## Every reasonable choice at once
#
# Outcome, years, delay, dates and adjustments of the plan can be combined in {num}`curve.n` ways. The middle one of the
# estimates is {num}`curve.median`; they run from {num}`curve.low` to {num}`curve.high`, and {num}`curve.positive` per
# cent lie above zero.
#
# Is that much? First years are dealt out by chance {num}`curve.draws` times among the {num}`curve.places` states that
# enter some specification, within thirds of the starting level, and the median is taken again each time. It lay at
# least as far from zero in a share of {num}`curve.p`.

# %% tags=["hide-input"]
study.curve(
    "One dot a specification, in order of size; the bars below show its choices. The solid line is the median; broken "
    "lines mark zero and the smallest effect of interest.",
)

# %% tags=["hide-input"]
study.curve_rank(
    "The median over all specifications as it is, and as it would be had the same first years fallen on other states with a "
    "similar starting level.",
)

# %% tags=["hide-input"]
study.curve_choices(
    "Range and median of the estimates under each choice of the grid. A row whose dot lies apart is a choice that matters.",
)

# %% [markdown]
# ## How many teachers and alumni were there?
#
# Hardly anybody has printed it. There are {num}`dose.counts` dated counts of {num}`dose.places`
# states of the estimate, {num}`dose.treated` of them among those that began. Counts of the same kind in five or more
# years: {num}`dose.series`.
#
# The one total of teachers that was read is that of the whole country, so no count is divided by the teachers of its
# state. To relate results to the number of people needs such counts by state and year, and there are none. The file
# that would give them is the programme's own list of corps members and alumni by region and year.

# %% [markdown]
# How much would it help? If the effect grew in proportion to a number of people that differs between states, the
# smallest mean effect that could be found would be {num}`dose.ratio.random_by_place` times what it is with starts
# alone, and {num}`dose.ratio.since_start` times if that number grew by the same with every wave.

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
# ## What we can say, and what not
#
# This page says how far average results of states that took the programme moved beyond the others, over the states and
# years seen, and how large a change the data leave room for.
#
# It does not say that the programme did nothing. A change too small for a state's mean, or one that takes
# longer than the years seen, would pass unseen, and what the teachers do in their classes is not measured here. Had a
# difference been found, it would not be shown to be the programme's: states were chosen. And it says
# nothing about single states, cities or schools, and nothing of leaders, who are not in these data.
#
# :::{admonition} The finding in numbers
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
#
# ## What would change our mind
#
# Corps members and alumni by state and year, out of all teachers, so that numbers of people could be compared and not
# only starts. Standard errors of each state's scores. A source that dates each state's grants and standards. And for
# states that begin next, an estimate planned before their results are known.

# %% tags=["remove-cell"]
value = study.registry.value
holds(
    "Earlier waves show no sign of a difference, and the test could have missed the trend that would give the estimate.",
    [value("leads.p") > 0.05, value("leads.power") < 50],
)
study.registry.save()
