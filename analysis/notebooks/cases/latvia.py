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
# # Latvia: a changed rule and a national mean
#
# :::{admonition} In short
# :class: summary
# **Verdict: {num}`latvia.verdict`.** The word grades the comparison, not the programme. From the tests of
# 2003 and 2006 to those of 2009 to 2018 Latvia's mean in PISA mathematics moved by
# {num}`latvia.mathematics.att` points beyond that of {num}`latvia.mathematics.n_donors` other countries,
# where only a difference of about {num}`latvia.mathematics.mde` could have been told from chance. It
# {num}`latvia.finding`: rank {num}`latvia.mathematics.rank` of {num}`latvia.mathematics.places`, permutation
# p {num}`latvia.mathematics.p` (the share of countries, Latvia among them, that moved at least as far, up or
# down). In reading the difference is {num}`latvia.reading.att`. The one documented lever, a change of the
# rules for entering teaching in 2014, cannot be tested with these series.
# :::

# %% tags=["parameters"]
release = ""  # the newest
case_id = "latvia"

# %% tags=["remove-cell"]
from dataclasses import replace

import numpy as np
import pandas as pd
from leadership_effects.data.panels import build_panel
from leadership_effects.data.provenance import rows_named
from leadership_effects.data.rounding import is_above, is_at_least
from leadership_effects.effects.inference import placebo_in_space
from leadership_effects.report import case_figures, charts
from leadership_effects.report.figures import publish
from leadership_effects.report.study import Study

study = Study.open(release, case_id)
registry = study.registry
subjects = ("mathematics", "reading", "science")

# %% [markdown]
# ## The question
#
# The network's partner in Latvia, Iespējamā misija, has had fellows since 2008 {src}`LF_125`. At the end of 2014 a
# further route into teaching was opened by a change of cabinet rules made with the ministry {src}`LF_126`. Did the
# learning of Latvia's pupils move away from that of other countries?
#
# Latvia is not in the slide deck {src}`LF_001`. It is here for a documented change of rules and a long record of
# tests; no claim of success was found. Three other stories would look the same as success: others declined, the test
# changed, or other reforms worked. The comparison can only say whether Latvia stands out.

# %% [markdown]
# ## Place and system
#
# The unit is the country as a whole. Who may enter teaching is laid down in cabinet rules {src}`LF_126`. The numbers
# of pupils, teachers and schools were not found in the sources read. PISA samples between {num}`latvia.pupils.fewest`
# and {num}`latvia.pupils.most` pupils aged 15 in the waves from 2003 to 2018 {src}`US_WB_LPV_BIN`.
#
# Latvia's mathematics mean was {num}`latvia.level.mathematics.2003` in 2003, {num}`latvia.level.mathematics.2006` in
# 2006, {num}`latvia.level.mathematics.2018` in 2018 and {num}`latvia.level.mathematics.2022` in 2022. Reading went from
# {num}`latvia.level.reading.2003` to {num}`latvia.level.reading.2018` and {num}`latvia.level.reading.2022`; science
# from {num}`latvia.level.science.2006` in 2006 to {num}`latvia.level.science.2018` and
# {num}`latvia.level.science.2022`.

# %% tags=["remove-cell"]
scores = study.outcome(*[f"pisa_{subject}" for subject in subjects]).query("unit_type == 'country'")
own = scores[scores["name"] == "Latvia"]
sampled = own[(own["indicator_id"] == "pisa_mathematics") & own["n_pupils"].notna()]
for key, value in (("fewest", sampled["n_pupils"].min()), ("most", sampled["n_pupils"].max())):
    study.computed(
        f"pupils.{key}",
        float(value),
        f"Pupils in Latvia's PISA sample, {key}.",
        sampled,
        unit="pupils",
        digits=0,
    )
for subject in subjects:
    for year in own.loc[own["indicator_id"] == f"pisa_{subject}", "year"]:
        study.level(f"level.{subject}.{year}", f"pisa_{subject}", "Latvia", int(year))

# %% [markdown]
# ## Leadership build-up
#
# There is one count. By 2018 the partner had had {num}`latvia.lead.latvia-01` fellows in all, of whom
# {num}`latvia.lead.latvia-02` per cent still worked in education, some of them as principals or policymakers; how
# many is not said {src}`LF_125`. By our arithmetic that is {num}`latvia.dose.a_year` fellows a year and about
# {num}`latvia.dose.still_there` people. The source gives neither figure. Yearly figures, counts by role and anything
# later than 2018 are missing.

# %%
study.facts()

# %% tags=["remove-cell"]
counted = rows_named(study.release, "leadership", "latvia-01", "latvia-02")
fellows, percent = registry.value("lead.latvia-01"), registry.value("lead.latvia-02")
study.computed(
    "dose.a_year", fellows / 10, "Fellows over the ten years 2008 to 2018.", counted, unit="fellows", digits=0
)
study.computed(
    "dose.still_there",
    fellows * percent / 100,
    "Fellows still in education.",
    counted,
    unit="fellows",
    digits=0,
)

# %%
case_figures.timeline(study, "Iespējamā misija")

# %% [markdown]
# ## What is claimed
#
# The partner reports how many fellows it has had and how many stayed {src}`LF_125`; a European
# project on new ways into teaching reports the
# change of rules {src}`LF_126`. A claim that learning in the country changed was not found in the sources read.

# %%
study.claims()

# %% [markdown]
# ## The panel and its breaks
#
# PISA tests pupils aged 15 {src}`US_WB_LPV_BIN`.
# Its mathematics scale for trends starts in 2003 and its science scale in 2006, so
# mathematics is primary: it has two waves before the first fellows. The first wave after them is 2009, when hardly
# any pupil tested can have had one; 2012 is the earliest with any real exposure, and the change of rules could hardly
# show before 2018. The year 2022 is kept apart: it follows the pandemic, and this release holds fewer countries for
# it.
#
# Compared are countries with every wave from 2003 to 2018. Those with a documented partner programme are left out,
# and Germany as a precaution. That leaves {num}`latvia.mathematics.n_donors`. A full list of partner countries and
# their start years was not found, so some of them may have one too. The science set reaches further and still holds
# Chile and Estonia, which both have a partner {src}`LF_116, LF_123`; without those two the science difference is
# {num}`latvia.science_strict`.

# %%
study.breaks("pisa_mathematics", "pisa_reading", "pisa_science")

# %%
study.donors("mathematics")

# %%
panel = study.panel("mathematics")
publish(
    registry,
    "paths",
    charts.paths(panel),
    title="Latvia and the comparison countries",
    caption="PISA mathematics, mean score: Latvia, the comparison countries and their mean.",
    description=(
        f"Line chart over the six waves from {panel.years[0]} to {panel.years[-1]}. Latvia goes from {panel.y[0, 0]:.0f} to "
        f"{panel.y[0, -1]:.0f} points, the mean of {panel.n_donors} other countries from {panel.donor_mean[0]:.0f} to "
        f"{panel.donor_mean[-1]:.0f}. Latvia's line lies below the mean in {int(is_above(panel.donor_mean, panel.y[0]).sum())} of "
        f"{len(panel.years)} waves."
    ),
    data=charts.paths_frame(panel).round(1),
)

# %% tags=["remove-cell"]
science = study.plan.panels["science"]
strict = build_panel(
    study.release,
    replace(
        science,
        exclude=science.exclude | dict.fromkeys(("Chile", "Estonia"), "Documented partner programme."),
    ),
)
study.computed(
    "science_strict",
    placebo_in_space(strict, "twfe").treated,
    "Science difference without Chile and Estonia.",
    strict.rows,
    unit="PISA points",
    signed=True,
)

# %% [markdown]
# ## What could be detected
#
# Before looking at Latvia's own result: countries drift so far apart that a difference in mathematics would have had to
# reach about {num}`latvia.mathematics.mde` points, or {num}`latvia.mathematics.mde_sd` standard deviations between
# pupils, to be found four times in five. In reading it is {num}`latvia.reading.mde`, in science
# {num}`latvia.science.mde`.
#
# About {num}`latvia.dose.a_year` fellows a year in a national system could hardly move a national mean by
# anything near that. A null therefore says nothing about the programme.

# %%
study.detect("mathematics", "reading", "science", "mathematics_2022")

# %% [markdown]
# ## The estimate
#
# With two pre-periods the plan asks for two-way fixed effects. Latvia's mathematics mean moved by
# {num}`latvia.mathematics.treated_change` points from before to after, that of the comparison countries by
# {num}`latvia.mathematics.donor_change`: a difference of {num}`latvia.mathematics.att`, or
# {num}`latvia.mathematics.att_sd` pupil standard deviations. In reading the difference is {num}`latvia.reading.att`, in
# science, with one wave before, {num}`latvia.science.att`. Mathematics and reading disagree in sign.

# %%
windows = ["mathematics", "mathematics_2009", "mathematics_2018", "mathematics_2022", "mathematics_everyone"]
study.estimate(*windows, "reading", "science")

# %% tags=["remove-cell"]
study.family("subjects_p", list(subjects), "p of the largest of the three subjects' differences.")

# %% [markdown]
# ## Placebo and robustness
#
# Each comparison country is put in Latvia's place and compared with the rest, Latvia left out. Latvia ranks
# {num}`latvia.mathematics.rank` of {num}`latvia.mathematics.places` in mathematics, {num}`latvia.reading.rank` of
# {num}`latvia.reading.places` in reading and {num}`latvia.science.rank` of {num}`latvia.science.places` in science.
# Corrected for looking at three subjects, p is {num}`latvia.subjects_p`. The middle nine tenths of the comparison
# countries' own changes in mathematics run from {num}`latvia.spread.low` to {num}`latvia.spread.high`.

# %%
sets = {subject: study.placebos(subject) for subject in subjects}
frame = charts.placebos_frame(sets, "Latvia")
inside = all(p.effects.min() < p.treated < p.effects.max() for p in sets.values())
publish(
    registry,
    "placebos",
    charts.placebos(sets, "Latvia", "PISA points"),
    title="Latvia beside the other countries",
    caption="Latvia's difference beside those of other countries, each treated in turn as if the programme had been there.",
    description=(
        "Strip chart with a row for mathematics, reading and science. Grey ticks show the estimates of other countries, from "
        f"{frame['effect'].min():.0f} to {frame['effect'].max():.0f} points. Latvia's point stands at "
        f"{', '.join(f'{p.treated:+.0f} in {name}' for name, p in sets.items())}, "
        f"{'inside the ticks in every row' if inside else 'outside the ticks in at least one row'}."
    ),
    data=frame.round(2),
)

# %%
study.robustness("mathematics")

# %%
study.robustness("reading")

# %% tags=["remove-cell"]
change = pd.Series(
    panel.y[:, panel.n_pre :].mean(axis=1) - panel.y[:, : panel.n_pre].mean(axis=1), index=panel.units
)
for key, share in (("low", 0.05), ("high", 0.95)):
    study.computed(
        f"spread.{key}",
        change.iloc[1:].quantile(share),
        f"Quantile {share} of the comparison countries' changes, mathematics.",
        panel.rows,
        unit="PISA points",
        signed=True,
    )
study.computed(
    "spread.sd",
    change.iloc[1:].std(),
    "Standard deviation of the comparison countries' changes.",
    panel.rows,
    unit="PISA points",
)
wider = study.panel("mathematics_2022")
for key, chosen in (("to_2018", panel), ("to_2022", wider)):
    for year, value, mean in zip(
        chosen.years, chosen.y[0] - chosen.donor_mean, chosen.donor_mean, strict=True
    ):
        study.computed(
            f"distance.{key}.{year}",
            value,
            f"Latvia less the mean of {chosen.n_donors} countries, mathematics, {year}.",
            chosen.rows,
            unit="PISA points",
            signed=True,
        )
        study.computed(
            f"comparison.{key}.{year}",
            mean,
            f"Mean of {chosen.n_donors} comparison countries, mathematics, {year}.",
            chosen.rows,
            unit="PISA points",
        )
gone = sorted(set(panel.units) - set(wider.units))
study.computed("gone", len(gone), "Comparison countries without 2022 in this release.", panel.rows, digits=0)

# %% [markdown]
# The answer turns on the last wave. With 2022 the difference in mathematics is {num}`latvia.mathematics_2022.att`
# instead of {num}`latvia.mathematics.att`, but {num}`latvia.gone` comparison countries drop out and the pandemic comes
# in. From 2003 to 2022 the mean of the {num}`latvia.mathematics_2022.n_donors` that remain went from
# {num}`latvia.comparison.to_2022.2003` to {num}`latvia.comparison.to_2022.2022`, and Latvia's from
# {num}`latvia.level.mathematics.2003` to {num}`latvia.level.mathematics.2022`. Latvia caught up by standing still while
# others fell.

# %%
distances = pd.concat(
    [
        pd.DataFrame({"series": label, "year": chosen.years, "value": chosen.y[0] - chosen.donor_mean})
        for label, chosen in (
            (f"{panel.n_donors} countries, to 2018", panel),
            (f"{wider.n_donors} countries, to 2022", wider),
        )
    ]
)
publish(
    registry,
    "distance",
    charts.lines(distances, "Latvia less mean, PISA points"),
    title="Latvia's distance to two sets of countries",
    caption="Latvia's distance to the comparison mean in mathematics, by wave, for two sets of countries.",
    description=(
        f"Line chart with two lines. Against {panel.n_donors} countries the distance goes from "
        f"{registry.text('distance.to_2018.2003')} points in 2003 to {registry.text('distance.to_2018.2018')} in 2018, up and "
        f"down on the way. Against the {wider.n_donors} countries that also have 2022 it goes from "
        f"{registry.text('distance.to_2022.2003')} to {registry.text('distance.to_2022.2022')} in 2022."
    ),
    data=distances.round(2),
)

# %% [markdown]
# The next chart, an event study, follows every country's gap to the others from wave to wave, counted from 2006. A
# line outside the solid pair has moved further than nearly all others in that wave; Latvia's is outside in
# {num}`latvia.mathematics.event_outside` later waves. The chart after it puts the countries in order of their
# difference over all later waves.

# %%
case_figures.event_study(study, "mathematics", "Mathematics")

# %%
case_figures.ranks(study, "mathematics", "Mathematics")

# %% [markdown]
# None of this says much about the years before. Latvia's step from 2003 to 2006 is ordinary (p
# {num}`latvia.mathematics.pre_trend_p`), but with two waves that test finds a steady drift four times in
# five only from {num}`latvia.mathematics.detectable_drift` points a year, and a drift that alone would give
# the whole estimate in {num}`latvia.mathematics.pre_trend_power` per cent of cases. A start in 2006 that
# never happened gives {num}`latvia.mathematics.placebo_time`. If the gap to the others had kept moving by
# {num}`latvia.mathematics.breakdown` times its one step before the start, the sign of the estimate would be
# lost.
#
# Countries with small samples or an unsteady past move further by chance. With each difference divided by
# the noise so expected, p is {num}`latvia.mathematics.p_by_size` by the number of pupils tested and
# {num}`latvia.mathematics.p_by_fit` by the gaps before {cite:p}`ferman2019`.
#
# ### The specification curve
#
# The plan's grid puts the question in {num}`latvia.curve.n` ways that the data bear: in other subjects, from
# other starts, over other waves before and after, against other countries and by other estimators. This
# specification curve was laid down mechanically on 25 November 2026, with the results of release 2026.1
# already known. In placebo SD, the spread of other countries' own differences, its middle answer is
# {num}`latvia.curve.median` and its ends are {num}`latvia.curve.low` and {num}`latvia.curve.high`;
# {num}`latvia.curve.positive` per cent lie above zero, the planned answer among them at
# {num}`latvia.curve.planned`. Asked of each of {num}`latvia.curve.places` countries in turn, the same
# questions give Latvia's median no special place, p {num}`latvia.curve.p`.
#
# Which test is read matters more than anything else. The median is {num}`latvia.curve_mathematics.median` in
# mathematics (p {num}`latvia.curve_mathematics.p`), {num}`latvia.curve_reading.median` in reading (p
# {num}`latvia.curve_reading.p`) and {num}`latvia.curve_science.median` in science (p
# {num}`latvia.curve_science.p`). With each country's own earlier line taken out it is
# {num}`latvia.curve_own_line.median` (p {num}`latvia.curve_own_line.p`). Keeping partner countries in changes
# little: {num}`latvia.mathematics_everyone.att` points in mathematics.

# %%
curve = study.curve()
case_figures.curve(study, curve)

# %% tags=["remove-cell"]
for key, label in (("mathematics", "maths"), ("reading", "reading"), ("science", "science")):
    study.record_curve(curve.part(outcome=[label]), f"curve_{key}")
study.record_curve(curve.part(estimator=["own line out"]), "curve_own_line")

# %%
case_figures.options(study, curve)

# %%
case_figures.places(study, curve)

# %%
study.not_varied()

# %% [markdown]
# ## Rival explanations and published studies
#
# **Others moved more.** Between the same waves the mean of Poland moved by {num}`latvia.mover.Poland` points and that
# of the Russian Federation by {num}`latvia.mover.Russian_Federation`, against {num}`latvia.mathematics.treated_change`
# in Latvia; nothing in this release ties either to a partner programme. Hungary ({num}`latvia.mover.Hungary`), the
# Slovak Republic ({num}`latvia.mover.Slovak_Republic`) and the Czech Republic ({num}`latvia.mover.Czech_Republic`)
# fell.
#
# **Neighbours.** From 2006 to 2018 mathematics moved by {num}`latvia.since_2006.Latvia.2018` in Latvia,
# {num}`latvia.since_2006.Estonia.2018` in Estonia and {num}`latvia.since_2006.Lithuania.2018` in Lithuania; to 2022 by
# {num}`latvia.since_2006.Latvia.2022`, {num}`latvia.since_2006.Estonia.2022` and
# {num}`latvia.since_2006.Lithuania.2022`. Sampling alone gives Latvia's changes a standard error of
# {num}`latvia.since_2006.se.2018` and {num}`latvia.since_2006.se.2022`; the link error between waves comes on top.
#
# **Before the programme.** From 2003 to 2006 mathematics moved by {num}`latvia.before.mathematics.own` against
# {num}`latvia.before.mathematics.others` elsewhere. Reading moved by {num}`latvia.before.reading.own` against
# {num}`latvia.before.reading.others`, rank {num}`latvia.before.reading.rank` of {num}`latvia.before.reading.places`
# countries. Two waves are too few to tell a trend from noise.
#
# **The test and other reforms.** The test moved to computers in most countries in 2015
# {src}`US_WB_LPV_BIN`. Other reforms in Latvia were not gathered:
# unknown, not absent.
#
# **Published studies.** No study of outcomes in Latvia was found in the sources read. Elsewhere in the network the
# record is mixed. In Chile a study finds no significant difference between teachers {src}`LF_118`; in Nigeria an
# evaluation finds gains in literacy and mathematics and none in social and emotional learning {src}`LF_108`; and an
# evaluation of a programme that counts the network among its grantees reports that partners generally missed their
# boldest goals {src}`LF_015` (read on a mirror).

# %% tags=["remove-cell"]
for name in ("Poland", "Russian Federation", "Hungary", "Slovak Republic", "Czech Republic"):
    study.computed(
        f"mover.{name.replace(' ', '_')}",
        change[name],
        f"Change of {name}, 2003 and 2006 to 2009-2018, mathematics.",
        panel.rows,
        unit="PISA points",
        signed=True,
    )
study.computed(
    "mover.mean",
    change[["Poland", "Russian Federation", "Hungary", "Slovak Republic", "Czech Republic"]].mean(),
    "Mean change of these five.",
    panel.rows,
    unit="PISA points",
    signed=True,
)
maths = scores[scores["indicator_id"] == "pisa_mathematics"]
values = maths.pivot(index="name", columns="year", values="value")
errors = maths.pivot(index="name", columns="year", values="standard_error").astype(float)
for year in (2018, 2022):
    for name in ("Latvia", "Estonia", "Lithuania"):
        study.computed(
            f"since_2006.{name}.{year}",
            values.loc[name, year] - values.loc[name, 2006],
            f"Mathematics of {name}, {year} less 2006.",
            maths[(maths["name"] == name) & maths["year"].isin([2006, year])],
            unit="PISA points",
            signed=True,
        )
    study.computed(
        f"since_2006.se.{year}",
        np.hypot(errors.loc["Latvia", 2006], errors.loc["Latvia", year]),
        f"Sampling standard error of Latvia's change from 2006 to {year}.",
        maths[(maths["name"] == "Latvia") & maths["year"].isin([2006, year])],
        unit="PISA points",
    )
for subject in ("mathematics", "reading"):
    rows = scores[(scores["indicator_id"] == f"pisa_{subject}") & scores["year"].isin([2003, 2006])]
    early = rows.pivot(index="name", columns="year", values="value").dropna()
    move = early[2006] - early[2003]
    left_out = study.plan.panels[subject].exclude
    elsewhere = move.drop(index=["Latvia", *left_out], errors="ignore")
    for key, value, digits in (
        ("own", move["Latvia"], 1),
        ("others", elsewhere.mean(), 1),
        ("rank", int(is_at_least(move, move["Latvia"]).sum()), 0),
        ("places", len(move), 0),
    ):
        study.computed(
            f"before.{subject}.{key}",
            float(value),
            f"Change from 2003 to 2006 in {subject}: {key} (others: partners left out; rank: all countries).",
            rows,
            unit="PISA points" if digits else "",
            digits=digits,
            signed=bool(digits),
        )

# %% [markdown]
# ## Dimensions, strategies and leverage points
#
# Recruiting and placing fellows is documented, and so is the change of rules with the ministry {src}`LF_125, LF_126`:
# rules are the one deeper leverage point that both readings see. They disagree on orientation, which one reads in the
# joint change of rules and the other does not find. On representation, strength and most strategies the record is
# silent. The table gives the codes of two automated readings; no human coder has reviewed them. Silence is not a zero.

# %% tags=["remove-cell"]
tied = {
    "recruit_place": ["latvia-01"],
    "roles": ["latvia-02"],
    "orientation": ["latvia-event-02"],
    "network": ["latvia-event-02"],
}

# %%
study.profile(tied)

# %% [markdown]
# ## What strategy led to what
#
# No link from strategy to results is shown. A link from a strategy to a rule is, by the account of a project
# that took part: at the end of 2014 cabinet rules were changed with the ministry, and early in 2015 the
# programme was approved under them {src}`LF_126`. Both readings tie the two together. The next link would be
# entry, how many came into teaching by the new route; no count was found. The last would be pupils, and what
# the series show after the change {num}`latvia.strategy.change_rules.after`, because some of the waves
# counted as after came before it.
#
# Placing fellows since 2008 {src}`LF_125` does fall between the waves compared, and beside other countries
# Latvia {num}`latvia.strategy.recruit_place.after`. With so few fellows that says nothing about them. On the
# {num}`latvia.strategy.silent` other strategies the sources are silent.

# %%
study.strategies(tied)

# %% [markdown]
# ## What we can say, and how surely
#
# Fellows have been placed since 2008, some reached posts of responsibility, and a rule was changed together with the
# ministry: documented, by the partner and by the European project on new ways into
# teaching. Latvia's mathematics moved a little more favourably
# than that of other countries to 2018, reading a little less: tested, and well inside what other countries show. The
# apparent catching-up by 2022 is the decline of others: described.
#
# Whether the fellows, their alumni or the new rule changed anything for pupils is not known. A national mean
# could show only a shift many times larger than could be expected of so small a programme.

# %% tags=["remove-cell"]
study.verdict()

# %% [markdown]
# ## What would change our mind
#
# - Fellows by school and year, and alumni by role: schools with fellows could then be compared with similar ones.
# - The text of the rules of 2014 and the number who entered by each route since 2015: whether the rule changed the
#   inflow at all is a question that the numbers could answer.
# - Results of Latvia's school examinations by school.
# - The network's partner countries with start years, and PISA 2022 for the countries missing here.
#
# If schools with fellows gained on similar schools after they came and not before, or if entry by the new route grew
# and those schools did better, we would call that support. If not, we would say that the data speak against it.

# %% tags=["remove-cell"]
study.finish()
