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
# # Chile: a small programme in a long series
#
# :::{admonition} In short
# :class: summary
# **Verdict: {num}`chile.verdict`.** The word grades the comparison, not the programme. From the tests of
# 2006 and 2009 to those of 2012 to 2022 Chile's mean in PISA mathematics moved by
# {num}`chile.mathematics.att` points beyond that of {num}`chile.mathematics.n_donors` other countries, where
# only a difference of about {num}`chile.mathematics.mde` could have been told from chance. It
# {num}`chile.finding`: rank {num}`chile.mathematics.rank` of {num}`chile.mathematics.places`, permutation p
# {num}`chile.mathematics.p` (the share of countries, Chile among them, that moved at least as far, up or
# down). So small a programme could not be expected to show on this scale. The one independent study of its
# teachers that was read reports no significant difference {src}`LF_118`.
# :::

# %% tags=["parameters"]
release = ""  # the newest
case_id = "chile"

# %% tags=["remove-cell"]
import re
from dataclasses import replace

import altair as alt
import numpy as np
import pandas as pd
from leadership_effects.data.panels import build_panel
from leadership_effects.data.provenance import provenance, rows_named
from leadership_effects.data.rounding import is_above
from leadership_effects.effects.inference import placebo_in_space
from leadership_effects.report import case_figures, charts
from leadership_effects.report.figures import DONOR, GRID, TREATED, publish
from leadership_effects.report.study import Study
from leadership_effects.report.tables import Table

study = Study.open(release, case_id)
registry = study.registry
subjects = ("mathematics", "reading", "science")

# %% [markdown]
# ## The question
#
# In 2020 the network listed Chile as an example of alumni leadership {src}`LF_009`. Did the learning of Chile's
# pupils move away from that of other countries after 2009, the year of Enseña Chile's first placements {src}`LF_116`?
#
# Three other stories would look the same. Chile may have been gaining already. Other countries may have declined. A
# national reform may have moved the averages. Comparing whole countries cannot tell these apart; it can say whether
# Chile stands out at all.

# %% [markdown]
# ## Place and system
#
# The unit is the country as a whole. Its national test, SIMCE, had {num}`chile.pupils.grade4` fourth-graders in
# reading in 2024 and {num}`chile.pupils.grade10` tenth-graders, summed over the school files {src}`LA_CL2`. Enseña
# Chile worked in eleven regions in November 2022 {src}`LF_117` and in twelve by 2024 {src}`LF_116`.
#
# Its schools and communes, year by year, were not found in the sources read.

# %% tags=["remove-cell"]
TESTS = {
    "grade10_maths": ("simce_2m_mate", "10th grade maths"),
    "grade10_reading": ("simce_2m_lect", "10th grade reading"),
    "grade4_maths": ("simce_4b_mate", "4th grade maths (control)"),
    "grade4_reading": ("simce_4b_lect", "4th grade reading (control)"),
}
simce = study.outcome(*[indicator for indicator, _ in TESTS.values()])
country = simce[simce["unit_type"] == "country"]
for key, indicator in (("grade4", "simce_4b_lect"), ("grade10", "simce_2m_lect")):
    tested = country.query("indicator_id == @indicator and year == 2024")
    study.computed(
        f"pupils.{key}",
        float(tested["n_pupils"].iloc[0]),
        f"Pupils behind {indicator}, Chile, 2024.",
        tested,
        unit="pupils",
        digits=0,
    )
regions = simce[simce["unit_type"] == "region"]
study.computed("n_regions", regions["unit_id"].nunique(), "Regions in the SIMCE files.", regions, digits=0)

# %% [markdown]
# ## Leadership build-up
#
# In 2009 {num}`chile.lead.chile-01` teachers went to {num}`chile.first_schools` schools of three regions,
# Metropolitana, La Araucanía and Los Ríos {src}`LF_131`. In November 2022 there were
# {num}`chile.lead.chile-02` teachers in post and {num}`chile.lead.chile-03` alumni {src}`LF_117`. In 2024
# the network counted more than {num}`chile.lead.chile-04` teachers placed since the start {src}`LF_116`.
#
# A press piece on the fifteenth anniversary gives {num}`chile.lead.chile-05` alumni and {num}`chile.lead.chile-06`
# teachers in post {src}`LA_LD4`; its year is inferred, so both stay out of the chart. A yearly series, or a count of
# alumni who lead schools or districts, was not found in the sources read.

# %% tags=["remove-cell"]
placed = study.release.table("leadership").set_index("leadership_id").loc["chile-01"]
study.computed(
    "first_schools",
    float(re.search(r"in (\d+) schools", placed["statement"])[1]),
    "Schools of the first placements, from the statement of the row.",
    rows_named(study.release, "leadership", "chile-01"),
    digits=0,
)

# %%
case_figures.timeline(study, "Enseña Chile")

# %%
study.facts()

# %% [markdown]
# ## What is claimed
#
# The network reports reach: teachers, pupils, regions. Two sources of about the same time disagree on the pupils, more
# than 300,000 {src}`LF_116` or 230,000 {src}`LA_LD4`. A claim that national or regional results changed was not found
# in the sources read.

# %%
study.claims()

# %% [markdown]
# ## The panel and its breaks
#
# The tested comparison uses PISA, the test of pupils aged 15. The plan takes mathematics as primary, 2006 and 2009 as
# before, and four waves from 2012 to 2022 as after. PISA 2009 was sat in the year of the first placements; hardly any
# pupil tested can have met one of the first {num}`chile.lead.chile-01` teachers.
#
# A country is compared if it has all six waves. That leaves {num}`chile.mathematics.n_donors` in mathematics and in
# science, {num}`chile.reading.n_donors` in reading. Countries in which the network has a partner stay in, because no
# list of them with start years was found.

# %%
study.breaks(
    "pisa_mathematics",
    "pisa_reading",
    "pisa_science",
    "simce_2m_mate",
    "simce_2m_lect",
    "simce_4b_mate",
    "simce_4b_lect",
)

# %%
study.donors("mathematics")

# %%
panel = study.panel("mathematics")
publish(
    registry,
    "paths",
    charts.paths(panel),
    title="Chile and the comparison countries",
    caption="PISA mathematics, mean score: Chile, the other countries with all six waves, and their mean.",
    description=(
        f"Line chart over the six waves from {panel.years[0]} to {panel.years[-1]}. Chile goes from {panel.y[0, 0]:.0f} to "
        f"{panel.y[0, -1]:.0f} points, the mean of {panel.n_donors} other countries from {panel.donor_mean[0]:.0f} to "
        f"{panel.donor_mean[-1]:.0f}. Chile's line lies below the mean in {int(is_above(panel.donor_mean, panel.y[0]).sum())} of "
        f"{len(panel.years)} waves."
    ),
    data=charts.paths_frame(panel).round(1),
)

# %% tags=["remove-cell"]
for subject in subjects:
    for year in panel.years:
        study.level(f"level.{subject}.{year}", f"pisa_{subject}", "Chile", year)
study.level("level.reading.2000", "pisa_reading", "Chile", 2000)
distance = panel.y[0] - panel.donor_mean
for year, difference in zip(panel.years, distance, strict=True):
    study.computed(
        f"distance.{year}",
        difference,
        f"Chile less the mean of the comparison countries in mathematics, {year}.",
        panel.rows,
        unit="PISA points",
        signed=True,
    )

# %% [markdown]
# Chile's mathematics mean was {num}`chile.level.mathematics.2006` in 2006, {num}`chile.level.mathematics.2009` in 2009,
# {num}`chile.level.mathematics.2012` in 2012 and {num}`chile.level.mathematics.2022` in 2022. It stood
# {num}`chile.distance.2006` points from the comparison mean in 2006, {num}`chile.distance.2009` in 2009 and
# {num}`chile.distance.2022` in 2022. Most values come from third-party copies of the official files.

# %% [markdown]
# ## What could be detected
#
# Before looking at Chile's own result: countries drift so far apart that a difference in mathematics would have had to
# reach about {num}`chile.mathematics.mde` points, or {num}`chile.mathematics.mde_sd` standard deviations between
# pupils, to be found four times in five.
#
# Compare that with the dose. Spread evenly over fifteen year groups, 300,000 different pupils would be about
# {num}`chile.dose.share` per cent of each; 230,000 would be {num}`chile.dose.share_low`. Were each of them
# to score ten PISA points higher, the country's mean would stand about {num}`chile.dose.moved` higher; the
# standard error of Chile's mean in 2022 alone is {num}`chile.level.se_2022`. To reach the size that can be
# seen, every pupil reached would have had to gain about {num}`chile.dose.needed` points.
#
# The regions do not help. With the three regions of the first placements against {num}`chile.simce_2m_maths.n_donors`
# others, tenth-grade results would have had to part by about {num}`chile.simce_2m_maths.mde` SIMCE points in
# mathematics and {num}`chile.simce_2m_reading.mde` in reading ({num}`chile.simce_2m_maths.mde_sd` and
# {num}`chile.simce_2m_reading.mde_sd` standard deviations between pupils), for {num}`chile.lead.chile-01` teachers at
# the start.
# The smallest p-value possible there is {num}`chile.simce_2m_maths.floor`, above the five per cent level. So the plan
# stops here: the regions' own result is not estimated.

# %%
study.detect(
    "mathematics", "reading", "science", "mathematics_one_base", "simce_2m_maths", "simce_2m_reading"
)

# %% tags=["remove-cell"]
CLAIMED, CLAIMED_LOW, YEARS, GAIN = (
    300_000,
    230_000,
    15,
    10,
)  # pupils: chile-claim-01 and LA_LD4; gain: an example
cohort = country.query("indicator_id == 'simce_2m_mate' and year == 2024")
reach = provenance(cohort) + rows_named(study.release, "claims", "chile-claim-01")
reach += rows_named(study.release, "sources", "LA_LD4")
share = CLAIMED / YEARS / float(cohort["n_pupils"].iloc[0])
for key, value, meaning, unit in (
    (
        "share",
        100 * share,
        "Claimed pupils over fifteen years as a share of a tenth-grade cohort.",
        "percent",
    ),
    ("share_low", 100 * share * CLAIMED_LOW / CLAIMED, "The same with the lower claim.", "percent"),
    ("moved", GAIN * share, "Move of the national mean if each had gained ten points.", "PISA points"),
):
    study.computed(f"dose.{key}", value, meaning, reach, unit=unit)
study.computed(
    "dose.needed",
    registry.value("mathematics.mde") / share,
    "Gain of each pupil reached that would move the national mean by the detectable difference.",
    reach + panel.rows,
    unit="PISA points",
    digits=0,
)
last = study.outcome("pisa_mathematics").query("name == 'Chile' and year == 2022")
study.computed(
    "level.se_2022",
    float(last["standard_error"].iloc[0]),
    "Standard error of Chile's mathematics mean, 2022.",
    last,
    unit="PISA points",
)

# %% [markdown]
# ## The estimate
#
# With two pre-periods the plan asks for two-way fixed effects. Chile's mathematics mean moved by
# {num}`chile.mathematics.treated_change` points from before to after, that of the other countries by
# {num}`chile.mathematics.donor_change`: a difference of {num}`chile.mathematics.att`, or
# {num}`chile.mathematics.att_sd` pupil standard deviations. Much of it is the others' decline. In reading the
# difference is {num}`chile.reading.att`, in science {num}`chile.science.att`.

# %%
study.estimate("mathematics", "reading", "science", "mathematics_one_base")

# %% tags=["remove-cell"]
study.family("subjects_p", list(subjects), "p of the largest of the three subjects' differences.")

# %% [markdown]
# ## Placebo and robustness
#
# Each other country is put in Chile's place and compared with the rest, Chile left out. Chile ranks
# {num}`chile.mathematics.rank` of {num}`chile.mathematics.places` in mathematics, {num}`chile.reading.rank` of
# {num}`chile.reading.places` in reading and {num}`chile.science.rank` of {num}`chile.science.places` in science.
# Corrected for looking at three subjects, p is {num}`chile.subjects_p`.

# %%
sets = {subject: study.placebos(subject) for subject in subjects}
frame = charts.placebos_frame(sets, "Chile")
inside = all(p.effects.min() < p.treated < p.effects.max() for p in sets.values())
publish(
    registry,
    "placebos",
    charts.placebos(sets, "Chile", "PISA points"),
    title="Chile beside the other countries",
    caption="Chile's difference beside those of other countries, each treated in turn as if the programme had been there.",
    description=(
        "Strip chart with a row for mathematics, reading and science. Grey ticks show the estimates of other countries, from "
        f"{frame['effect'].min():.0f} to {frame['effect'].max():.0f} points. Chile's point stands at "
        f"{', '.join(f'{p.treated:+.0f} in {name}' for name, p in sets.items())}, "
        f"{'inside the ticks in every row' if inside else 'outside the ticks in at least one row'}."
    ),
    data=frame.round(2),
)

# %%
study.robustness("mathematics")

# %%
study.robustness("reading")

# %%
study.robustness("science")

# %% [markdown]
# The weak spot is the base. A start in 2009 that did not happen gives {num}`chile.mathematics.placebo_time` points:
# between 2006 and 2009, before any exposure to speak of, Chile gained on the others by about as much as the whole
# estimate. Measured from 2009 alone the difference is {num}`chile.after_2009`; from 2006 alone it is
# {num}`chile.mathematics_one_base.att`.
#
# The comparison set matters as much. With all {num}`chile.wide.n_donors` countries that have every wave to 2018, the
# mathematics difference from 2006 and 2009 to 2012–2018 is {num}`chile.wide.mathematics` instead of
# {num}`chile.narrow.mathematics`; in reading it is {num}`chile.wide.reading` instead of {num}`chile.narrow.reading`.

# %% tags=["remove-cell"]
study.computed(
    "after_2009",
    distance[panel.n_pre :].mean() - distance[panel.n_pre - 1],
    "Mean distance to the comparison countries after 2009 less the distance in 2009.",
    panel.rows,
    unit="PISA points",
    signed=True,
)
for key, post in (("narrow", (2012, 2015, 2018)), ("wide", (2012, 2015, 2018))):
    for subject in subjects:
        full = study.panel(subject)
        if key == "wide":
            cut = build_panel(study.release, replace(study.plan.panels[subject], post=post))
        else:
            keep = [full.years.index(year) for year in (2006, 2009, *post)]
            cut = replace(full, y=full.y[:, keep], years=(2006, 2009, *post))
        study.computed(
            f"{key}.{subject}",
            placebo_in_space(cut, "twfe").treated,
            f"Difference in {subject} to 2018, {cut.n_donors} countries, base 2006 and 2009.",
            cut.rows,
            unit="PISA points",
            signed=True,
        )
        if (key, subject) == ("wide", "mathematics"):
            study.computed(
                "wide.n_donors", cut.n_donors, "Countries with five waves to 2018.", cut.rows, digits=0
            )

# %% [markdown]
# The next chart, an event study, follows every country's gap to the others from wave to wave, counted from 2009. A
# line outside the solid pair has moved further than nearly all others in that wave; Chile's is outside in
# {num}`chile.mathematics.event_outside` later waves. The chart after it puts the countries in order of their
# difference over all later waves.

# %%
case_figures.event_study(study, "mathematics", "Mathematics")

# %%
case_figures.ranks(study, "mathematics", "Mathematics")

# %% [markdown]
# The test of the years before finds nothing out of the ordinary (p {num}`chile.mathematics.pre_trend_p`),
# and that means little: with two waves it finds a steady drift four times in five only from
# {num}`chile.mathematics.detectable_drift` points a year, and one that alone would give the whole estimate
# in {num}`chile.mathematics.pre_trend_power` per cent of cases. The sign would be lost if the gap had kept
# moving by {num}`chile.mathematics.breakdown` times its one step before the start. Countries with an
# unsteady past move further by chance; with each difference divided by the noise so expected p is
# {num}`chile.mathematics.p_by_fit` {cite:p}`ferman2019`. By the number of pupils tested it cannot be done:
# the release lacks it for some waves.
#
# ### The specification curve
#
# A specification curve makes the comparison in every way that the plan's grid allows and shows all the
# answers. The grid varies subject, start, waves before and after, comparison set and estimator mechanically;
# it was fixed on 25 November 2026, after the results of release 2026.1 were known. The data bear
# {num}`chile.curve.n` combinations. Counted in placebo SD, the spread of the other countries' own
# differences, the planned one stands at {num}`chile.curve.planned` and the median at
# {num}`chile.curve.median`, between {num}`chile.curve.low` and {num}`chile.curve.high`;
# {num}`chile.curve.positive` per cent lie above zero. Among the medians of {num}`chile.curve.places`
# countries run through the same grid Chile's is an ordinary one, p {num}`chile.curve.p`.
#
# The subject moves the answer most: the median is {num}`chile.curve_mathematics.median` in mathematics, the
# planned subject (p {num}`chile.curve_mathematics.p`), {num}`chile.curve_reading.median` in reading (p
# {num}`chile.curve_reading.p`) and {num}`chile.curve_science.median` in science (p
# {num}`chile.curve_science.p`).

# %%
curve = study.curve()
case_figures.curve(study, curve)

# %% tags=["remove-cell"]
for key, label in (("mathematics", "maths"), ("reading", "reading"), ("science", "science")):
    study.record_curve(curve.part(outcome=[label]), f"curve_{key}")

# %%
case_figures.options(study, curve)

# %%
case_figures.places(study, curve)

# %%
study.not_varied()

# %% [markdown]
# ### SIMCE, as description
#
# Chile's own test has no comparison country, but shows when scores moved and in which grade. We take tenth grade as the
# test that matches a programme for secondary schools, and fourth grade as a negative control. The release holds no
# source for the grades taught, so this is an assumption of the book.

# %% tags=["remove-cell"]
PERIODS = ((2005, 2008), (2010, 2013), (2014, 2018), (2022, 2024))
scores = country.pivot(index="indicator_id", columns="year", values="value")
table = []
for key, (indicator, label) in TESTS.items():
    own = country[country["indicator_id"] == indicator]
    line = {"test": label}
    for first, final in PERIODS:
        part = own[own["year"].between(first, final)]
        line[f"{first}–{final}"] = study.computed(
            f"{key}.{first}_{final}",
            part["value"].mean(),
            f"Mean of {indicator} over the tests of {first} to {final}, Chile.",
            part,
            unit="SIMCE points",
        )
    table.append(line)
    for year in own["year"]:
        study.level(f"{key}.{year}", indicator, "Chile", int(year), unit_type="country")
for key in ("grade10_maths", "grade10_reading"):
    indicator = TESTS[key][0]
    late = scores.loc[indicator, 2013:2018].mean()
    used = country.query("indicator_id == @indicator and (year == 2008 or 2013 <= year <= 2018)")
    study.computed(f"{key}.late", late, f"Mean of {indicator} 2013 to 2018.", used, unit="SIMCE points")
    study.computed(
        f"{key}.change",
        late - scores.loc[indicator, 2008],
        f"Mean of {indicator} 2013 to 2018 less 2008.",
        used,
        unit="SIMCE points",
        signed=True,
    )
for key in ("grade4_maths", "grade4_reading"):
    indicator = TESTS[key][0]
    used = country.query("indicator_id == @indicator and (2002 <= year <= 2008 or 2013 <= year <= 2018)")
    study.computed(
        f"{key}.change",
        scores.loc[indicator, 2013:2018].mean() - scores.loc[indicator, 2008],
        f"Mean of {indicator} 2013 to 2018 less 2008.",
        used[used["year"] >= 2008],
        unit="SIMCE points",
        signed=True,
    )
    before = used[used["year"] <= 2008]
    study.computed(
        f"{key}.slope",
        np.polyfit(before["year"].astype(float), before["value"], 1)[0],
        f"Slope of {indicator} over 2002 and 2005 to 2008.",
        before,
        unit="SIMCE points a year",
        digits=2,
        signed=True,
    )
for line, (key, (indicator, _)) in zip(table, TESTS.items(), strict=True):
    for year in (2014, 2024):
        name = f"{key}.adequate.{year}"
        study.level(name, f"{indicator}_adecuado", "Chile", year, unit_type="country")
        line[f"Adecuado {year}, %"] = registry.text(name)

# %%
names = [label for _, label in TESTS.values()]
series = country.assign(series=country["indicator_id"].map(dict(TESTS.values())))
series = series.set_index("series").loc[names].reset_index()[["series", "year", "value"]]
untested = pd.DataFrame({"series": names, "year": 2020, "value": np.nan})
drawn = pd.concat([series, untested]).sort_values(["series", "year"]).astype({"year": int})
drawn = drawn.set_index("series").loc[names].reset_index()
publish(
    registry,
    "simce",
    charts.lines(drawn, "SIMCE points, country mean"),
    title="SIMCE scores by grade",
    caption=(
        "Chile's national test: tenth grade, the matching test, and fourth grade, the negative control. Nothing was "
        "tested from 2019 to 2021; the file for 2025 is preliminary; tenth grade in 2003 and 2006 is from the press."
    ),
    description=(
        f"Line chart of four series from {series['year'].min()} to {series['year'].max()}, broken between 2018 and 2022. From "
        f"2008 to the mean of 2013 to 2018 tenth grade moves by {registry.text('grade10_maths.change')} points in mathematics "
        f"and {registry.text('grade10_reading.change')} in reading, fourth grade by {registry.text('grade4_maths.change')} "
        f"and {registry.text('grade4_reading.change')}."
    ),
    data=series,
)

# %%
Table(
    pd.DataFrame(table),
    "SIMCE, country: mean score over the tests of each period, and share at the standard Adecuado",
)

# %% [markdown]
# From 2008 to the mean of 2013 to 2018 tenth-grade mathematics moved by {num}`chile.grade10_maths.change` points, to
# {num}`chile.grade10_maths.late`, and reading by {num}`chile.grade10_reading.change`, to
# {num}`chile.grade10_reading.late`. The two subjects disagree in sign. The control did not stand still either: fourth
# grade moved by {num}`chile.grade4_maths.change` in mathematics and {num}`chile.grade4_reading.change` in reading,
# among pupils whom the programme should hardly have met.
#
# The fourth-grade jump came early. Reading stood at {num}`chile.grade4_reading.2007` in 2007 and
# {num}`chile.grade4_reading.2010` in 2010; mathematics at {num}`chile.grade4_maths.2008` in 2008 and
# {num}`chile.grade4_maths.2011` in 2011. Before 2009 mathematics had been flat ({num}`chile.grade4_maths.slope` points
# a year) and reading rising ({num}`chile.grade4_reading.slope`).
#
# Between 2014 and 2024 the share at the standard called Adecuado fell in tenth grade, from
# {num}`chile.grade10_maths.adequate.2014` to {num}`chile.grade10_maths.adequate.2024` per cent in
# mathematics, and rose in fourth grade, from {num}`chile.grade4_maths.adequate.2014` to
# {num}`chile.grade4_maths.adequate.2024`; the table gives reading.

# %% [markdown]
# ### By region, as description
#
# The first {num}`chile.lead.chile-01` teachers went to three regions. The plan does not test them, because
# {num}`chile.simce_2m_maths.n_donors` other regions are too few for the size that could be expected. Set
# beside the others from 2008 to the mean of 2013 to 2018, their ranks in tenth-grade mathematics are
# {num}`chile.region.grade10_maths.ranks` of {num}`chile.region.grade10_maths.places` regions and in reading
# {num}`chile.region.grade10_reading.ranks`; in the control, fourth grade,
# {num}`chile.region.grade4_maths.ranks` and {num}`chile.region.grade4_reading.ranks`. In tenth-grade reading
# one of the three moved further than any other region and another least. That is no common move.

# %% tags=["remove-cell"]
EARLY = list(study.plan.panels["simce_2m_maths"].treated)
regional = []
for key, (indicator, label) in TESTS.items():
    used = study.outcome(indicator).query("unit_type == 'region' and (year == 2008 or 2013 <= year <= 2018)")
    wide = used.pivot(index="name", columns="year", values="value").dropna()
    moved = (wide.drop(columns=2008).mean(axis="columns") - wide[2008]).sort_values(ascending=False)
    ranks = [int(moved.index.get_loc(name)) + 1 for name in EARLY]
    behind = used[used["name"].isin(moved.index)]
    study.computed(
        f"region.{key}.ranks",
        ", ".join(map(str, sorted(ranks))),
        f"Ranks of the three regions of the first placements, change of {indicator} from 2008 to 2013-2018.",
        behind,
    )
    study.computed(
        f"region.{key}.places", len(moved), f"Regions with every test, {indicator}.", behind, digits=0
    )
    kind = ["first placements" if name in EARLY else "other regions" for name in moved.index]
    regional.append(
        pd.DataFrame({"test": label, "region": moved.index, "change": moved.to_numpy(), "regions": kind})
    )
regional = pd.concat(regional, ignore_index=True)

# %%
kinds = alt.Scale(domain=["first placements", "other regions"], range=[TREATED, DONOR])
dots = (
    alt.Chart(regional)
    .mark_point(size=80, filled=True, opacity=0.85)
    .encode(
        x=alt.X("change:Q", title="change, SIMCE points"),
        y=alt.Y("test:N", title=None, sort=list(dict.fromkeys(regional["test"]))),
        color=alt.Color("regions:N", scale=kinds),
        shape=alt.Shape("regions:N", scale=alt.Scale(domain=kinds.domain, range=["diamond", "circle"])),
        tooltip=["region:N", "test:N", alt.Tooltip("change:Q", format="+.1f")],
    )
)
zero = alt.Chart(pd.DataFrame({"change": [0]})).mark_rule(color=GRID).encode(x="change:Q")
inside = regional.groupby("test", sort=False).apply(
    lambda f: (
        f.loc[f["regions"] == "first placements", "change"]
        .between(f["change"].min(), f["change"].max(), "neither")
        .all()
    ),
    include_groups=False,
)
publish(
    registry,
    "regions",
    (zero + dots).properties(height=alt.Step(charts.ROW)),
    title="Chile's regions by SIMCE change",
    caption=(
        "Change of SIMCE by region from 2008 to the mean of 2013 to 2018: the regions of the first placements among the others."
    ),
    description=(
        f"Dot chart with a row for each of {len(TESTS)} tests and a dot for each region. The three regions of the first "
        f"placements are neither highest nor lowest in {int(inside.sum())} of {len(inside)} rows."
    ),
    data=regional.round(2),
)

# %% [markdown]
# ## Rival explanations and published studies
#
# **Already moving.** Reading in PISA stood {num}`chile.rise.early` points higher in 2006 than in the wave of
# 2000, before the first placement. From 2006 to 2009 it rose by another {num}`chile.rise.late`; over
# {num}`chile.rise.n_others` other countries the mean rise was {num}`chile.rise.others`.
#
# **Low start.** Over the comparison countries the correlation between the level before and the change is
# {num}`chile.start.correlation`. Measured from that line instead of the plain mean, Chile stands at
# {num}`chile.start.net` points. This check is not in the plan.
#
# **National reforms.** The obvious rival. None is sourced in this release, so they are unknown here, not absent.
# **Data.** PISA has few waves, most countries changed to computers in 2015 {src}`US_WB_LPV_BIN`, and link errors are
# not in the standard errors. SIMCE lacks small schools in fourth grade in 2007 and 2009 {src}`LA_CL1`.
#
# **Published studies.** In the value-added study of De Gregorio and Neilson the programme's teachers and
# those trained in the usual way do not differ significantly {src}`LF_118`. No study of a system effect in
# Chile, favourable or not, was found in the sources read. Not about Chile alone: an evaluation of a
# programme that counts the network among its grantees reports that partners generally missed their boldest
# goals {src}`LF_015` (read on a mirror).

# %% tags=["remove-cell"]
rows = study.outcome("pisa_reading").query("unit_type == 'country'")
reading = rows.pivot(index="name", columns="year", values="value")
chile = rows[rows["name"] == "Chile"]
others = reading[[2006, 2009, 2012, 2015, 2018]].dropna().drop(index="Chile")
study.computed(
    "rise.early",
    reading.loc["Chile", 2006] - reading.loc["Chile", 2000],
    "Chile's reading in 2006 less the wave of 2000.",
    chile[chile["year"].isin([2000, 2006])],
    unit="PISA points",
)
study.computed(
    "rise.late",
    reading.loc["Chile", 2009] - reading.loc["Chile", 2006],
    "Chile's reading in 2009 less 2006.",
    chile[chile["year"].isin([2006, 2009])],
    unit="PISA points",
)
used = rows[rows["name"].isin(others.index) & rows["year"].isin([2006, 2009])]
study.computed(
    "rise.n_others", len(others), "Other countries with every reading wave 2006 to 2018.", used, digits=0
)
study.computed(
    "rise.others",
    (others[2009] - others[2006]).mean(),
    "Mean rise of those countries' reading, 2006 to 2009.",
    used,
    unit="PISA points",
)
start = panel.y[:, : panel.n_pre].mean(axis=1)
change = panel.y[:, panel.n_pre :].mean(axis=1) - start
slope, level = np.polyfit(start[1:], change[1:], 1)
study.computed(
    "start.correlation",
    np.corrcoef(start[1:], change[1:])[0, 1],
    "Correlation of level before and change over the comparison countries, mathematics.",
    panel.rows,
    digits=2,
)
study.computed(
    "start.net",
    change[0] - (level + slope * start[0]),
    "Chile's change in mathematics beyond that line.",
    panel.rows,
    unit="PISA points",
    signed=True,
)

# %%
study.evaluations()

# %% [markdown]
# ## Dimensions, strategies and leverage points
#
# Placing teachers is documented, and so is Colegios que Aprenden, which has worked on school leadership since 2018
# {src}`LF_116`; whom it reached is not. The table gives the codes of two automated readings; no human coder has
# reviewed them. Both are silent on network, representation and orientation. Silence is not a zero.

# %% tags=["remove-cell"]
tied = {
    "recruit_place": ["chile-01", "chile-02", "chile-04"],
}

# %%
study.profile(tied)

# %% [markdown]
# ## What strategy led to what
#
# No link from strategy to results is shown. Placing is documented from its first year,
# {num}`chile.lead.chile-01` teachers in 2009 {src}`LF_131`, to more than {num}`chile.lead.chile-04` by 2024
# {src}`LF_116`. It has been looked at from two distances. For the country, beside others, Chile
# {num}`chile.strategy.recruit_place.after`. In the classroom, a value-added study reports no significant
# difference {src}`LF_118`. In between, in schools and communes, no one has looked in the sources read, and
# there leadership would work if it does.
#
# Developing school leaders is documented since 2018 {src}`LF_116`. Of all strategies it comes nearest to what
# the network says of Chile, alumni who lead schools and districts {src}`LF_009`. What followed it
# {num}`chile.strategy.develop_serving.after`: some of the waves counted as after came before it. Whom it
# reached, and what they did, is silent.

# %%
study.strategies(tied)

# %% [markdown]
# ## What we can say, and how surely
#
# A teacher programme grew from {num}`chile.lead.chile-01` placements to more than {num}`chile.lead.chile-04`
# in fifteen years: documented, by the programme's own network and partners. Chile's PISA results held up
# somewhat better than the average of other countries: tested, and well within what other countries show.
# SIMCE moved, in both directions by subject, and in the control grade as well: described. The PISA
# difference also rests on the base: it is {num}`chile.after_2009` points from 2009 alone, against
# {num}`chile.mathematics.att` as planned, below zero ({num}`chile.start.net`) once the usual change of low starters is allowed for, and about nothing
# in the middle of the specification curve for mathematics (median {num}`chile.curve_mathematics.median`
# placebo SD).
#
# None of this speaks for or against the programme, its alumni or collective leadership: a national mean is
# the wrong instrument for so small a dose. The one study read on its teachers is null.

# %% tags=["remove-cell"]
study.verdict()

# %% [markdown]
# ## What would change our mind
#
# - Which schools and communes had fellows or alumni principals in which year: SIMCE files would then allow a
#   comparison where the programme was.
# - The schools in Colegios que Aprenden since 2018, by year, and the grades and subjects taught.
# - The full text of the value-added study, and PISA 2022 for the countries missing here.
#
# If schools with fellows or alumni principals gained on similar schools after they came and not before, we would call
# that support. If they did not, we would say that the data speak against it.

# %% tags=["remove-cell"]
study.finish()
