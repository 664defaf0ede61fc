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
# # Countries
#
# :::{admonition} In short
# :class: summary
# **Asked:** whether pupils of a country gained more, beyond countries where no partner programme had begun, in the
# years after a partner of the network first placed teachers there. **What could be seen:** with {num}`places.treated`
# countries that began and {num}`places.never` that did not, an average change of {num}`see.mde` pupil standard
# deviations is found in {num}`see.power` per cent of assignments of starts. **What was seen:**
# {num}`estimate.adjusted`, with a 90 per cent set from {num}`estimate.adjusted.low` to {num}`estimate.adjusted.high`.
# By the rule of the plan an average change of {num}`interest.smallest` is: {num}`verdict.smallest`; one of
# {num}`interest.large`: {num}`verdict.large`. **What it cannot say:** whether pupils taught by such teachers gain, and
# whether a programme caused a difference: countries were not drawn by lot.
# :::

# %% tags=["parameters"]
release = ""  # the newest

# %% tags=["remove-cell"]
from leadership_effects.report.many_places.chapter import ManyPlaces

study = ManyPlaces.open(release, "countries")
study.dose_arithmetic()

# %% [markdown]
# ## How small the dose is
#
# The share of a country's teachers who came through a partner is printed for one country alone, the United States:
# about {num}`dose.share` per cent in 2012, near the peak {src}`E2_W165`. In a randomised trial their pupils gained
# {num}`dose.pupil_effect` pupil standard deviations more in a year of secondary mathematics {src}`LF_013`. The product is
# {num}`dose.direct`: so much would a country's mean move by these classes themselves. What partners elsewhere print, tens to
# hundreds of teachers a year in most, stands below; out of how many teachers no source of the release says.
#
# Nothing on this page could see that. The smallest size of interest, {num}`interest.smallest`, is
# {num}`dose.multiplier` times as large. What is tested is a *multiplier*: that having the programme, its alumni and
# those who follow them moves a system far beyond their own classes. Not seeing it bounds the multiplier and says
# nothing against the gains of pupils in those classes.
#
# ## The question
#
# The estimand is the average change of countries in which a partner of the network has placed teachers, beyond
# countries in which none had (yet), from the first wave tested in a later calendar year on. It is about having a
# programme in the country, and it is an association: partners are founded where somebody wants one.
#
# The outcome is PISA at age 15, the three subjects together, in standard deviations of pupils {src}`SCALE_PISA`,
# {num}`waves.first` to {num}`waves.last`. Reading counts from 2000, mathematics from 2003 and science from 2006, when
# their scales begin. The three are stacked, with effects of country by subject and of wave by subject, and one average
# effect; a mean over the subjects that a wave happens to have would mix subjects with time. A country needs three
# waves, one of them before its start and one from it on.
#
# The plan of this page, with its list of countries, first waves, terms, sensitivity rows and the rule of the verdict,
# was written and committed on {num}`plan.dated`. Of this design, unlike that of [states](states.ipynb), point estimates
# had flashed by once while code was tested by the collector of the rows; they are recorded nowhere, and the author of
# the plan has not seen them. Deviations from the plan since then: {num}`plan.deviations`.

# %% tags=["hide-input"]
study.deviations()

# %% [markdown]
# ## What could be seen
#
# Before the estimate: what would this design notice? Start paths are permuted among the countries that could have
# begun, with the outcomes as they are, within thirds of the starting level. An average change of {num}`see.mde` pupil
# standard deviations, about {num}`see.mde_points` points of PISA, is found in {num}`see.power` per cent of assignments.
# Were the true change exactly zero, an effect of {num}`interest.smallest` would be ruled out in about
# {num}`see.zero_ruled_out` per cent of assignments. Where that share is low,
# *cannot say* is a common answer even if nothing happened. The studentised test itself, simulated, needs {num}`see.mde_studentised`.

# %% tags=["hide-input"]
study.could_see()

# %% [markdown]
# ## Who is in, and who is not
#
# {num}`places.treated` countries began within the window, in {num}`cohorts.n` cohorts, the largest of {num}`cohorts.largest`.
# {num}`places.never` had no placement by the last wave. {num}`places.always` had begun before their first wave; they are
# left out of the estimate and listed, as are {num}`places.left_out` others with their reason. Of the first years of those that
# began, {num}`starts.stated` are stated by a source and {num}`starts.inferred` are inferred. {num}`places.unpermuted` of those
# that began cannot be permuted, because no wave predicts them, and are left out of the test.

# %% tags=["hide-input"]
study.places()

# %% tags=["hide-input"]
study.calendar(
    "Each tile is a wave in which a country took part. Countries of the estimate stand by first treated wave, then those "
    "without a programme, then those that had begun too early for a before. No tile, no result.",
)

# %% [markdown]
# A wave counts as treated if it was tested in a calendar year after the first placement. So Chile, which first placed
# teachers in 2009 {src}`LF_116, SN_ANGLO_CHILE`, counts from 2012, and Latvia, which did in 2008 {src}`LF_125`, counts
# from 2009. Programmes without a known first placement are out, and named: they may have begun. The provinces of China
# are no country.

# %% [markdown]
# ## The estimate
#
# Country-by-subject and wave-by-subject effects are fitted on untreated observations alone, and the estimate is the mean
# over treated observations of the outcome less what they predict {cite:p}`borusyak2024`. The *adjusted* estimate, on which the
# verdict rests, adds the starting level by wave and the world region by wave. No test outside PISA covers these countries,
# so the level is that of a country's first wave and shares its noise; a row without each first wave stands below.
#
# The adjusted estimate is {num}`estimate.adjusted` pupil standard deviations, {num}`verdict.side`. By the permutation
# test it {num}`verdict.stands_out` (two-sided p {num}`estimate.adjusted.p`, Monte Carlo error
# {num}`estimate.adjusted.p_error`). The 90 per cent set runs from {num}`estimate.adjusted.low` to
# {num}`estimate.adjusted.high`.
#
# This hangs on the region terms and on few countries. With the level alone the estimate is {num}`estimate.level` (p
# {num}`estimate.level.p`), and without any term {num}`estimate.plain` (p {num}`estimate.plain.p`). Without
# {num}`leave.place.low_name`, one of the few untreated countries of its region, the adjusted one is {num}`leave.place.low`.
# So a figure just beyond what permuted starts give is no finding to build on.
#
# **Verdict on an average change of {num}`interest.smallest`: {num}`verdict.smallest`**; {num}`verdict.why`. **On one of
# {num}`interest.large`: {num}`verdict.large`**; {num}`verdict.why_large`. A verdict is as good as the comparison: it
# takes for granted that, given level and region, countries that began would otherwise have moved like those that had
# not.

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
# Errors clustered by country are valid here, with tens of countries on either side, and stand beside: by them the p is
# {num}`estimate.adjusted.p_clustered` and the 90 per cent interval {num}`estimate.adjusted.clustered_low` to
# {num}`estimate.adjusted.clustered_high`. Of the draws {num}`estimate.adjusted.redrawn` per cent were drawn again, because a
# start fell before a country's second wave or a region was left without an untreated country.

# %% tags=["hide-input"]
study.family()

# %% [markdown]
# Taken one subject at a time, adjusted for {num}`family.terms`, and corrected for looking at all of them, the smallest p is
# {num}`family.p`. With one subject a region can be left without an untreated country in some wave, and then the region by
# wave cannot be had.
#
# ## How the test does
#
# Permuting the starts that are then tested proves nothing about the test. So panels of this design's own shape were
# simulated with countries that begin drawn from lower levels and lower earlier trends, with unequal effects and with
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
# If countries that began were already on another path, the waves before the start would show it. Leads come from a
# regression on untreated observations alone. Their joint permutation p is {num}`leads.p`: by it, waves before the start
# {num}`leads.found`. The test of leads can itself miss much: it finds a trend of {num}`leads.detectable` a wave in
# {num}`see.power` per cent of simulated panels. The trend that would by itself give the estimate is
# {num}`leads.explaining` a wave, and it is found in {num}`leads.power` per cent, where no trend at all is found in
# {num}`leads.size`.

# %% tags=["hide-input"]
study.event_study(
    "Estimates by waves since the first treated wave with 95 per cent intervals by errors clustered by country. Those before "
    "the start are against all earlier waves, on untreated observations; few countries stand behind the latest ones.",
)

# %% tags=["hide-input"]
study.leads()

# %% [markdown]
# How far could a break of parallel trends carry? Let the violation from one wave to the next after the start be up to a
# multiple of the largest one before it {cite:p}`rambachan2023`. The 90 per cent set {num}`magnitudes.said`; the
# multiple at which it first holds zero is {num}`magnitudes.zero`, and that at which it first holds
# {num}`interest.smallest` is {num}`magnitudes.smallest`. A multiple of nought means that the set holds the value
# already under parallel trends.

# %% tags=["hide-input"]
study.magnitudes(
    "Thin spans are 90 per cent sets when violations after the start are up to so many times the largest one before it, "
    "thick ones what would remain without sampling error. Broken lines mark zero and the smallest effect of interest.",
)

# %% [markdown]
# ## What came in the same years
#
# National reforms, the recession after 2008 and the closing of schools before the wave of 2022 fall into this window,
# and PISA moved to computers in most countries in 2015 {src}`US_WB_LPV_BIN`. The release holds no source that dates
# national reforms, so none is adjusted for and no figure is given. What is common to all countries in a wave is taken
# out by the wave effects, and what is common to a world region by those of the region. A reform that came to the
# countries that began, and to the others not, in just these waves, is not taken out and would be read as theirs.
#
# ## Other estimators
#
# Static two-way fixed effects, the estimator of most older papers, also compares countries that begin late with
# countries that began early, and so can count an effect that grows with the wrong sign {cite:p}`goodmanbacon2021`. Of
# its weight here {num}`two_way.never` per cent is on comparisons with countries without a programme and
# {num}`two_way.later` per cent on late against early ones. The others avoid this, each in its own way
# ([methods](../methods.md)); those that need a balanced panel leave countries out, as the notes say. Of
# {num}`countries.estimators.n` estimators {num}`countries.estimators.inside` lie within the 90 per cent set of the adjusted one; they run
# from {num}`countries.estimators.low` to {num}`countries.estimators.high`.

# %% tags=["hide-input"]
study.estimators()

# %% tags=["hide-input"]
study.estimators_chart(
    "Estimates with 95 per cent intervals by errors clustered by country. The rows with level and region are adjusted, "
    "the others are not.",
)

# %% tags=["hide-input"]
study.decomposition()

# %% [markdown]
# ## What it rests on
#
# The plan lists other ways of asking the same, {num}`sensitivity.n` of which can be set beside the estimate in its unit. They
# run from {num}`sensitivity.low` to {num}`sensitivity.high`, and {num}`sensitivity.same` of {num}`sensitivity.judged` give the
# verdict of the headline. The row with 2025 uses scores that were read in one extract and are not checked.

# %% tags=["hide-input"]
study.sensitivity()

# %% tags=["hide-input"]
study.sensitivity_chart(
    "Adjusted estimates with 90 per cent sets by permuted start paths, as planned and with one thing changed in each row.",
)

# %% [markdown]
# How much hangs on a single country? Without each in turn the estimate runs from {num}`leave.place.low` (without
# {num}`leave.place.low_name`) to {num}`leave.place.high` (without {num}`leave.place.high_name`). Without each cohort it runs
# from {num}`leave.cohort.low` to {num}`leave.cohort.high`, without each wave from {num}`leave.wave.low` to
# {num}`leave.wave.high`.

# %% tags=["hide-input"]
study.leave_outs(
    "Each tick is the adjusted estimate without one country, one cohort or one wave; the solid line is the whole estimate, broken "
    "lines mark zero and the smallest effect of interest.",
)

# %% [markdown]
# Effects may differ. Late cohorts less early ones: {num}`late_less_early` (p {num}`late_less_early.p`); by that test the two
# {num}`late_less_early.found`. Cohorts of a few countries say little by themselves.

# %% tags=["hide-input"]
study.heterogeneity(
    "Adjusted effects of early and late cohorts, of each cohort, named by its first treated wave, and on each subject, with "
    "90 per cent intervals by errors clustered by country.",
)

# %% [markdown]
# ## Every reasonable specification
#
# Subjects, window, delay, dates, waves wanted and terms of the plan give {num}`curve.n` specifications. Their median is
# {num}`curve.median`, from {num}`curve.low` to {num}`curve.high`, and {num}`curve.positive` per cent lie above zero. Is
# that much? First years are permuted {num}`curve.draws` times among the {num}`curve.places` countries that enter some
# specification, within thirds of the starting level; every specification works out its first waves from the permuted
# years, and the median is taken again. A median at least as far from zero came in a share of {num}`curve.p`.

# %% tags=["hide-input"]
study.curve(
    "One dot a specification, in order of size; the bars below show its choices. The solid line is the median; broken "
    "lines mark zero and the smallest effect of interest.",
)

# %% tags=["hide-input"]
study.curve_rank(
    "The median over all specifications as it is, and as it would be had the same first years fallen on other countries of a like "
    "starting level.",
)

# %% tags=["hide-input"]
study.curve_choices(
    "Range and median of the estimates under each choice of the grid. A row whose dot stands apart is a choice that matters.",
)

# %% [markdown]
# ## Dose
#
# How many teachers and alumni a partner had, by year, is printed for few: {num}`dose.counts` dated counts of
# {num}`dose.places` countries of the estimate, {num}`dose.treated` of them among those that began, and {num}`dose.series` times
# one country has counts of the same kind in five or more years. No count is divided by a country's teachers, since no source of
# the release gives these. A regression on dose needs a panel of doses, and there is none. The file that would give it is
# the network's own: participants and alumni of each partner by year.
#
# How much would it help? If the effect were in proportion to a dose that differs between countries, the detectable mean
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
# It says how far the means of countries that took up a programme moved beyond the others, on average over the countries
# and waves seen, and how large a change the data leave room for. It does not say that a programme caused a difference
# if there is one: adoption was chosen, and other things came with it. It does not say that programmes do nothing if
# there is none: a change too small for a country's mean, or one that takes longer than the waves seen, would pass
# unseen, and what the teachers do in their classes is not measured here. It says nothing about single countries
# ([Chile](../cases/chile.ipynb) and [Latvia](../cases/latvia.ipynb) have chapters of their own), and nothing of
# leaders, who are not in these data.
#
# ## What would change our mind
#
# Participants and alumni by country and year, out of all teachers, so that doses could be compared and not only starts.
# Regions within countries with dated starts, of Chile, Peru or Australia for a start, which would enter by rows alone.
# And for countries that begin next, an estimate planned before their results are known.

# %% tags=["remove-cell"]
study.registry.save()
