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
# {.lead}
# After Enseña Chile began, Chile's results moved about as those of other countries did, and a programme of its size
# could not show up in the average of a whole country, whatever it did.
#
# {sure}`chile`
#
# ```{chart} chile.placebos
# ```
#
# - In PISA mathematics Chile moved by {num}`mathematics.att` points beyond other countries; the data fit anything
#   from {range}`mathematics.att`.
# - In science it moved by {num}`science.att` points; the data fit anything from {range}`science.att`.
# - Ten points more for each pupil the programme says it reached would have moved the mean of the country by about
#   {num}`dose.moved` on the scale of the first line: far less than the range there leaves open.
#
# **What else could explain it.** A funding law of 2008, the government's, came first; what part it had in the jump of
# fourth-graders' scores is disputed. Two studies of the programme's teachers disagree: one finds no difference in
# what pupils gain {src}`LF_118`, an earlier one, by a bank that worked with the programme, better results
# {src}`SX_IDB_2012`.
#
# **How sure.** The two words above are the comparison and the verdict. The first says how well the place could be
# compared, and nothing of how good the programme is. The second says whether results moved by at least
# {num}`effect_of_interest` pupil standard deviations more than elsewhere ([both
# words](../methods.md#two-words-for-a-case)): here {num}`verdict_why`. If a hundred pupils stand in a row by their scores,
# a difference of that last size moves the one in the middle by about {num}`pupil_sd.mde_places` places.
#
# ```{evidence}
# ```

# %% tags=["parameters"]
release = ""  # the newest
case_id = "chile"

# %% tags=["remove-cell"]
from dataclasses import replace

import altair as alt
import numpy as np
import pandas as pd
from leadership_effects.data.panels import build_panel
from leadership_effects.data.provenance import provenance, rows_named
from leadership_effects.data.staggered.starts import read_starts
from leadership_effects.effects.gains import gain_on_start, starts_and_gains
from leadership_effects.effects.inference import placebo_in_space
from leadership_effects.report import case_figures, charts
from leadership_effects.report.figures import DONOR, GRID, TREATED
from leadership_effects.report.numbers import COUNT, PUPILS, RATIO, SHARE, Unit
from leadership_effects.report.study import Study
from leadership_effects.report.tables import Table
from leadership_effects.rounding import is_above

study = Study.open(release, case_id)
PISA_POINTS = Unit("PISA points", signed=True)
SIMCE_POINTS = Unit("SIMCE points", signed=True)
SIMCE_POINTS_A_YEAR = Unit("SIMCE points a year", 2, signed=True)
registry = study.registry
subjects = ("mathematics", "reading", "science")

# %% [markdown]
# ## The question
#
# In 2020 the network listed Chile as an example of alumni leadership {src}`LF_009`. Did the learning of Chile's
# pupils move away from that of other countries after 2009, the year of Enseña Chile's first placements
# {src}`LF_116`?
#
# Three other explanations would look the same. Chile may have been gaining already. Other countries may have declined. A
# national reform may have moved the averages: a large one, of school funding, began in 2008 {src}`SN_LEY_20248`.
# Comparing whole countries cannot separate these; it can say whether Chile differs clearly at all.

# %% [markdown]
# ## Place and system
#
# The unit is the country as a whole. Its national test, SIMCE, had {num}`pupils.grade4` fourth-graders in reading
# in 2024 and {num}`pupils.grade10` tenth-graders, summed over the school files {src}`LA_CL2`. Enseña Chile began in
# three regions {src}`SN_ANGLO_CHILE`, was in Valparaíso as well by 2012 {src}`LF_132` (a magazine whose page was
# not found again), worked in eleven in November 2022 {src}`LF_117` and in twelve by June 2023
# {src}`SN_SUSTENTABLE_2023`.
#
# Its schools and communes, year by year, were not found in the sources read.

# %%
case_figures.locating_map(study, "countries in PISA", "Chile", study.panel("mathematics").units[1:])

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
    study.numbers(rows=tested)(
        f"pupils.{key}", float(tested["n_pupils"].iloc[0]), PUPILS, f"Pupils behind {indicator}, Chile, 2024."
    )
regions = simce[simce["unit_type"] == "region"]
study.numbers(rows=regions)("n_regions", regions["unit_id"].nunique(), COUNT, "Regions in the SIMCE files.")

# %% [markdown]
# ## Leadership build-up
#
# In 2009 {num}`first_teachers` teachers went to {num}`first_schools` schools of three regions, Metropolitana, La
# Araucanía and Los Ríos; {num}`second_intake` of {num}`second_applicants` applicants were selected for the next
# year {src}`SN_ANGLO_CHILE`. In November 2022 there were {num}`teachers_2022` teachers in post and
# {num}`alumni_2022` alumni {src}`LF_117`. In 2024 the network counted more than {num}`teachers_placed_since_2009`
# teachers placed since the start {src}`LF_116`.
#
# Two later pairs disagree. A report of June 2023 has {num}`alumni_2023` alumni and {num}`teachers_2023` teachers in
# post {src}`SN_SUSTENTABLE_2023`. A press piece on the fifteenth anniversary, without a date, has
# {num}`alumni_anniversary` and {num}`teachers_anniversary` {src}`LA_LD4`. Alumni do not become fewer, so the second
# pair is older than its occasion suggests or counts otherwise; it stays out of the chart.
#
# Since 2018 the programme has run Colegios que Aprenden, on school leadership {src}`LF_116`. A yearly series, and a
# count of alumni who lead schools or districts, were not found in the sources read.

# %%
case_figures.timeline(study, "Enseña Chile")

# %%
study.facts(
    {
        "chile-01": "first_teachers",
        "chile-02": "teachers_2022",
        "chile-03": "alumni_2022",
        "chile-04": "teachers_placed_since_2009",
        "chile-05": "alumni_anniversary",
        "chile-06": "teachers_anniversary",
        "chile-07": "second_intake",
        "chile-08": "alumni_2023",
        "chile-09": "teachers_2023",
        "chile-10": "first_schools",
        "chile-11": "pupils_reached",
        "chile-12": "pupils_reached_anniversary",
        "chile-13": "second_applicants",
    }
)

# %% [markdown]
# ## What is claimed
#
# The network reports reach: teachers, pupils, regions. Two sources on the same anniversary disagree on the pupils,
# more than {num}`pupils_reached` {src}`LF_116` or {num}`pupils_reached_anniversary` {src}`LA_LD4`. A claim that
# national or regional results changed was not found in the sources read.

# %%
study.claims()

# %% [markdown]
# ## Is the data comparable?
#
# The comparison uses PISA, the test of pupils aged 15. The plan takes mathematics as primary. One rule holds for
# Chile and Latvia: the first wave after is the first one tested in a calendar year after the first placement, the last
# is 2018. Teachers came to Chile in March 2009, so 2006 and 2009 are before and 2012, 2015 and 2018 after. PISA 2009
# was sat in the year of the first placements; hardly any pupil tested can have met one of the first
# {num}`first_teachers` teachers.
#
# A country is compared if it has all five waves and no partner of the network had placed teachers there by 2018. That
# leaves {num}`mathematics.n_donors` in mathematics, {num}`reading.n_donors` in reading and {num}`science.n_donors` in
# science; {num}`partners.n` with every wave in mathematics are left out, for placements by 2018 or for a partner whose
# first placement is not known. Up to release 2026.4 these countries stayed in and 2022 was an after year. That panel is
# still printed next to the new one.

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

# %% tags=["remove-cell"]
everyone, starts = study.panel("mathematics_everyone"), read_starts(study.release)
codes = study.outcome("pisa_mathematics").drop_duplicates("name").set_index("name")["code"]
began = {codes[name] for name in everyone.units[1:] if starts.started_by(codes[name], everyone.years[-1])}
study.numbers("partners", rows=starts.behind(began, "starts: first placements by 2018") + everyone.rows)(
    "n",
    len(began),
    COUNT,
    "Countries with every wave where a partner had placed teachers by 2018, or may have.",
)
study.holds(
    "Leaving out the countries that began gives the planned panel.",
    everyone.n_donors - len(began) == study.panel("mathematics").n_donors,
)

# %%
panel = study.panel("mathematics")
study.show(
    "paths",
    charts.paths(panel, study.start),
    title=case_figures.against_mean(panel, "Chile"),
    subtitle=f"PISA mathematics, mean score, Chile and {panel.n_donors} other countries, {panel.years[0]} to {panel.years[-1]}",
    caption="PISA mathematics, mean score: Chile, other countries with every wave and no partner, and their mean.",
    says=(
        f"Chile goes from {panel.y[0, 0]:.0f} to {panel.y[0, -1]:.0f} points over {len(panel.years)} waves, the mean of "
        f"{panel.n_donors} other countries from {panel.donor_mean[0]:.0f} to {panel.donor_mean[-1]:.0f}. Chile's line lies "
        f"below the mean in {int(is_above(panel.donor_mean, panel.y[0]).sum())} waves."
    ),
    data=charts.paths_frame(panel).round(1),
)

# %% tags=["remove-cell"]
for subject in subjects:
    for year in (*panel.years, 2022):
        study.level(f"level.{subject}.{year}", f"pisa_{subject}", "Chile", year)
study.level("level.reading.2000", "pisa_reading", "Chile", 2000)
distance = panel.y[0] - panel.donor_mean
for year, difference in zip(panel.years, distance, strict=True):
    study.numbers(rows=panel.rows)(
        f"distance.{year}",
        difference,
        PISA_POINTS,
        f"Chile less the mean of the comparison countries in mathematics, {year}.",
    )

# %% [markdown]
# Chile's mathematics mean was {num}`level.mathematics.2006` in 2006, {num}`level.mathematics.2009` in 2009,
# {num}`level.mathematics.2012` in 2012, {num}`level.mathematics.2018` in 2018 and {num}`level.mathematics.2022` in
# 2022. It stood {num}`distance.2006` points from the comparison mean in 2006, {num}`distance.2009` in 2009 and
# {num}`distance.2018` in 2018. Most values come from third-party copies of the official files.

# %% [markdown]
# ## How far did results move?
#
# With two pre-periods the plan asks for two-way fixed effects. Chile's mathematics mean moved by
# {num}`mathematics.treated_change` points from before to after, that of the other countries by
# {num}`mathematics.donor_change`: a difference of {num}`mathematics.att`, or
# {num}`mathematics.att_sd` pupil standard deviations (p {num}`mathematics.p`). In reading the difference is
# {num}`reading.att`, in science {num}`science.att`.
#
# **Much of the size came from the rule.** The panel that was primary up to release 2026.4, to 2022 and with partner
# countries kept, gives {num}`mathematics_earlier_rule.att` in mathematics (p {num}`mathematics_earlier_rule.p`). To
# 2018 with partner countries kept it is {num}`mathematics_everyone.att` (p {num}`mathematics_everyone.p`), to 2022
# without them {num}`mathematics_2022.att` (p {num}`mathematics_2022.p`). The difference is larger with the wave of 2022,
# in which other countries fell; none of the four is clear of chance.

# %%
others = ("mathematics_one_base", "mathematics_2022", "mathematics_everyone", "mathematics_earlier_rule")
study.estimate(*subjects, *others)

# %% tags=["remove-cell"]
study.family("subjects_p", list(subjects), "p of the largest of the three subjects' differences.")

# %% [markdown]
# ## Could luck explain it?
#
# Each other country is treated as if it were Chile and compared with the rest, leaving Chile out. Chile ranks
# {num}`mathematics.rank` of {num}`mathematics.places` in mathematics, {num}`reading.rank` of
# {num}`reading.places` in reading and {num}`science.rank` of {num}`science.places` in science.
# Corrected for testing three subjects, p is {num}`subjects_p`.
# The chart at the head of this page shows all countries.

# %% tags=["remove-output"]
sets = {subject: study.placebos(subject) for subject in subjects}
frame = charts.placebos_frame(sets, "Chile")
inside = all(p.effects.min() < p.treated < p.effects.max() for p in sets.values())
study.show(
    "placebos",
    charts.placebos(sets, "Chile", "PISA points"),
    title=case_figures.among("Chile", "other countries", sets),
    subtitle=f"Difference from {panel.years[panel.n_pre]} on beyond that of the others, PISA points, each country treated in turn",
    caption=(
        "Chile's difference beside those of other countries, each treated in turn as if the programme had been there. "
        + (
            "Chile's point lies among the grey ticks in every row: its change is one that other countries show too."
            if inside
            else "Chile's point lies outside the grey ticks in at least one row: no other country shows such a change."
        )
    ),
    says=(
        f"Grey ticks show the estimates of other countries. Chile's point is at "
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
# The weak spot is the starting point. A start one wave earlier than the plan counts, in 2009, the year of the first
# placements,
# gives {num}`mathematics.placebo_time` points (p {num}`mathematics.placebo_time.2009.p`): between 2006 and 2009,
# before any real exposure, Chile gained more on the others than the whole estimate. Measured from 2009 alone the
# difference is {num}`after_2009`; from 2006 alone it is {num}`mathematics_one_base.att`.
#
# The comparison set matters as much. With partner countries kept, all {num}`wide.n_donors` countries that have every
# wave to 2018 give {num}`wide.mathematics` in mathematics and {num}`wide.reading` in reading; those of them that also
# have 2022 give, over the same waves, {num}`narrow.mathematics` and {num}`narrow.reading`.

# %% tags=["remove-cell"]
study.numbers(rows=panel.rows)(
    "after_2009",
    distance[panel.n_pre :].mean() - distance[panel.n_pre - 1],
    PISA_POINTS,
    "Mean distance to the comparison countries after 2009 less the distance in 2009.",
)
study.holds(
    "Chile gained more on the others between 2006 and 2009 than the whole estimate.",
    distance[1] - distance[0] > study.placebos("mathematics").treated,
)
for subject in subjects:
    kept = replace(study.plan.panels[subject], leave_out_started="")
    full = build_panel(study.release, replace(kept, post=(*kept.post, 2022)))
    sets = {
        "wide": build_panel(study.release, kept),
        "narrow": replace(full, y=full.y[:, :-1], years=full.years[:-1]),
    }
    for key, cut in sets.items():
        study.numbers(rows=cut.rows)(
            f"{key}.{subject}",
            placebo_in_space(cut, "twfe").treated,
            PISA_POINTS,
            f"Difference in {subject} to 2018, {cut.n_donors} countries, partners kept, base 2006 and 2009.",
        )
study.numbers(rows=everyone.rows)(
    "wide.n_donors", everyone.n_donors, COUNT, "Countries with five waves to 2018, partners kept."
)

# %% [markdown]
# The next chart, an event study, follows every country's gap to the others from wave to wave, counted from 2009. A
# country whose line is outside the solid pair had moved further than nearly all others in that wave; Chile's is outside
# in
# {num}`mathematics.event_outside` later waves. The chart after it puts the countries in order of their
# difference over all later waves.

# %%
case_figures.event_study(study, "mathematics", "Mathematics")

# %%
case_figures.ranks(study, "mathematics", "Mathematics")

# %% [markdown]
# The test of the years before finds nothing out of the ordinary (p {num}`mathematics.pre_trend_p`),
# and that means little: with two waves it finds a steady drift four times in five only from
# {num}`mathematics.detectable_drift` points a year, and one that alone would give the whole estimate
# in {num}`mathematics.pre_trend_power` per cent of cases. No drift is needed to lose the sign: counted from the last
# wave before, the difference is already below zero. Countries with an unsteady past may move further by chance
# {cite:p}`ferman2019`. Neither that nor their size can be tested here: the differences do not grow with the gaps before,
# and PISA samples some thousands of pupils everywhere.
#
# ### The specification curve
#
# A specification curve makes the comparison in every way that the plan's grid allows and shows all the
# answers. The grid varies subject, start, waves before and after, comparison set and estimator mechanically;
# it was fixed on 25 November 2026, after the results of release 2026.1 were known, and its planned cell and comparison
# sets were put under the new rule on 28 November. The data allow {num}`curve.n` combinations. The results are in
# placebo SD; one of these is about the usual difference between two ordinary countries. The planned one is at
# {num}`curve.planned` and the median at
# {num}`curve.median`, between {num}`curve.low` and {num}`curve.high`;
# {num}`curve.positive` per cent are above zero. Each of {num}`curve.places` countries was run through the same grid;
# Chile's median is an ordinary one among theirs, p {num}`curve.p`.
#
# The choice of subject changes the answer most: the median is {num}`curve_mathematics.median` in mathematics, the
# planned subject (p {num}`curve_mathematics.p`), {num}`curve_reading.median` in reading (p
# {num}`curve_reading.p`) and {num}`curve_science.median` in science (p
# {num}`curve_science.p`).

# %%
curve = study.curve()
case_figures.curve(study, curve)

# %% tags=["remove-cell"]
study.holds("The subject moves the answer most.", curve.widest == "outcome")
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
# Chile's own test has no comparison country, but shows when scores moved and in which grade. We take tenth grade as
# the test that matches a programme for secondary schools, and fourth grade as a negative control. The release holds
# no source for the grades taught, so this is an assumption of the book. The control is not clean: the funding law
# of 2008 began with pupils up to the eighth grade {src}`SN_LEY_20248`, so it reached fourth-graders at once and did not
# reach tenth-graders.

# %% tags=["remove-cell"]
PERIODS = ((2005, 2008), (2010, 2013), (2014, 2018), (2022, 2024))
national = {key: study.series(indicator, "country") for key, (indicator, _) in TESTS.items()}
level, table = SIMCE_POINTS.as_level(), []
for key, (indicator, label) in TESTS.items():
    own, line, record = national[key].rows, {"test": label}, study.numbers(key)
    for first, final in PERIODS:
        part = own[own["year"].between(first, final)]
        meaning = f"Mean of {indicator} over the tests of {first} to {final}, Chile."
        value = record(f"{first}_{final}", part["value"].mean(), level, meaning, rows=part)
        line[f"{first}–{final}"] = value
    for year in own["year"]:
        study.level(f"{key}.{year}", indicator, "Chile", int(year), unit_type="country")
    for year in (2014, 2024):
        name = f"{key}.adequate.{year}"
        study.level(name, f"{indicator}_adecuado", "Chile", year, unit_type="country")
        line[f"Adecuado {year}, %"] = registry.text(name)
    table.append(line)
for key in ("grade10_maths", "grade10_reading", "grade4_maths", "grade4_reading"):
    indicator, own = TESTS[key][0], national[key].rows.sort_values("year")
    late = own.loc[own["year"].between(2013, 2018), "value"].mean()
    base, used = (
        national[key]["Chile", 2008].value,
        own[(own["year"] == 2008) | own["year"].between(2013, 2018)],
    )
    record = study.numbers(key, rows=used)
    record("change", late - base, SIMCE_POINTS, f"Mean of {indicator} 2013 to 2018 less 2008.")
    if key.startswith("grade10"):
        record("late", late, level, f"Mean of {indicator} 2013 to 2018.")
        continue
    before = own[own["year"].between(2002, 2008)]
    slope = np.polyfit(before["year"].astype(float), before["value"], 1)[0]
    meaning = f"Slope of {indicator} over 2002 and 2005 to 2008."
    record("slope", slope, SIMCE_POINTS_A_YEAR, meaning, rows=before)

# %%
names = [label for _, label in TESTS.values()]
series = country.assign(series=country["indicator_id"].map(dict(TESTS.values())))
series = series.set_index("series").loc[names].reset_index()[["series", "year", "value"]]
untested = pd.DataFrame({"series": names, "year": 2020, "value": np.nan})
drawn = pd.concat([series, untested]).sort_values(["series", "year"]).astype({"year": int})
drawn = drawn.set_index("series").loc[names].reset_index()
study.show(
    "simce",
    charts.lines(drawn, "SIMCE points, country mean"),
    title=(
        f"Mathematics moves by {registry.text('grade10_maths.change')} points in tenth grade and "
        f"{registry.text('grade4_maths.change')} in fourth"
    ),
    subtitle=(
        f"SIMCE, Chile's national test, country means, {series['year'].min()} to {series['year'].max()}, points; change of 2008 to "
        "2013–18"
    ),
    caption=(
        "Chile's national test: tenth grade, the matching test, and fourth grade, the negative control. Nothing was "
        "tested from 2019 to 2021; the file for 2025 is preliminary; tenth grade in 2003 and 2006 is from the press."
    ),
    says=(
        "The lines are broken between 2018 and 2022. From 2008 to the mean of 2013 to 2018 tenth grade moves by "
        f"{registry.text('grade10_maths.change')} points in mathematics and {registry.text('grade10_reading.change')} in "
        f"reading, fourth grade by {registry.text('grade4_maths.change')} and {registry.text('grade4_reading.change')}."
    ),
    data=series,
)

# %%
Table(
    pd.DataFrame(table),
    "SIMCE, country: mean score over the tests of each period, and share at the standard Adecuado",
)

# %% [markdown]
# From 2008 to the mean of 2013 to 2018 tenth-grade mathematics moved by {num}`grade10_maths.change` points, to
# {num}`grade10_maths.late`, and reading by {num}`grade10_reading.change`, to
# {num}`grade10_reading.late`. The two subjects disagree in sign. The control moved too: fourth
# grade moved by {num}`grade4_maths.change` in mathematics and {num}`grade4_reading.change` in reading,
# among pupils whom the programme should hardly have met.
#
# The fourth-grade jump came early, with the law of 2008. Reading was at {num}`grade4_reading.2007` in 2007 and
# {num}`grade4_reading.2010` in 2010; mathematics at {num}`grade4_maths.2008` in 2008 and
# {num}`grade4_maths.2011` in 2011. Before 2009 mathematics had been flat ({num}`grade4_maths.slope` points
# a year) and reading rising ({num}`grade4_reading.slope`).
#
# Between 2014 and 2024 the share at the standard called Adecuado fell in tenth grade, from
# {num}`grade10_maths.adequate.2014` to {num}`grade10_maths.adequate.2024` per cent in
# mathematics, and rose in fourth grade, from {num}`grade4_maths.adequate.2014` to
# {num}`grade4_maths.adequate.2024`; the table gives reading.

# %% [markdown]
# ### By region, as description
#
# The first {num}`first_teachers` teachers went to three regions. The plan does not test them, because
# {num}`simce_2m_maths.n_donors` other regions are too few for the size that could be expected. Compared with the others
# from 2008 to the mean of 2013 to 2018, their ranks in tenth-grade mathematics are
# {num}`region.grade10_maths.ranks` of {num}`region.grade10_maths.places` regions and in reading
# {num}`region.grade10_reading.ranks`; in the control, fourth grade,
# {num}`region.grade4_maths.ranks` and {num}`region.grade4_reading.ranks`. In tenth-grade reading
# one of the three moved further than any other region and another least. So the three did not move together.

# %% tags=["remove-cell"]
EARLY = list(study.plan.panels["simce_2m_maths"].treated)
regional = []
for key, (indicator, label) in TESTS.items():
    used = study.outcome(indicator).query("unit_type == 'region' and (year == 2008 or 2013 <= year <= 2018)")
    wide = used.pivot(index="name", columns="year", values="value").dropna()
    moved = (wide.drop(columns=2008).mean(axis="columns") - wide[2008]).sort_values(ascending=False)
    ranks = [int(moved.index.get_loc(name)) + 1 for name in EARLY]
    behind = used[used["name"].isin(moved.index)]
    record, ranks = study.numbers(f"region.{key}", rows=behind), ", ".join(map(str, sorted(ranks)))
    meaning = (
        f"Ranks of the three regions of the first placements, change of {indicator} from 2008 to 2013-2018."
    )
    record("ranks", ranks, RATIO, meaning)
    record("places", len(moved), COUNT, f"Regions with every test, {indicator}.")
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
study.show(
    "regions",
    (zero + dots).properties(height=alt.Step(charts.ROW)),
    title=(
        "The regions of the first placements lie among the others in "
        f"{'every test' if inside.all() else f'{int(inside.sum())} of {len(inside)} tests'}"
    ),
    subtitle="Change of SIMCE, Chile's national test, by region, 2008 to the mean of 2013 to 2018, points",
    caption=(
        "Change of SIMCE by region from 2008 to the mean of 2013 to 2018: the regions of the first placements among the others."
    ),
    says=(
        "Each row is a test with a dot for each region. The three regions of the first placements are neither highest nor "
        f"lowest in {int(inside.sum())} of {len(inside)} rows."
    ),
    data=regional.round(2),
)

# %% [markdown]
# ## How large would it have to be?
#
# Countries drift so far apart that a difference in mathematics would have had
# to reach about {num}`mathematics.mde` points, or {num}`mathematics.mde_sd` standard deviations between pupils, to
# be found four times in five.
#
# Compare that with the dose. If {num}`pupils_reached` different pupils were spread evenly over fifteen year groups,
# they would be about {num}`dose.share` per cent of each; {num}`pupils_reached_anniversary` would be
# {num}`dose.share_low`.
# If each of them scored ten PISA points higher, the country's mean would be about {num}`dose.moved` higher;
# the standard error of Chile's mean in 2022 alone is {num}`level.se_2022`. To reach the size that the data can detect,
# every pupil reached would have had to gain about {num}`dose.needed` points. So by the rule of the plan this is a full
# comparison, and it cannot detect what such a programme could do to a national mean.
#
# The regions do not help. With the three regions of the first placements against {num}`simce_2m_maths.n_donors`
# others, tenth-grade results would have had to differ by about {num}`simce_2m_maths.mde` SIMCE points in
# mathematics and {num}`simce_2m_reading.mde` in reading ({num}`simce_2m_maths.mde_sd` and
# {num}`simce_2m_reading.mde_sd` standard deviations between pupils), for {num}`first_teachers` teachers at
# the start.
# The smallest p-value possible there is {num}`simce_2m_maths.floor`, above the five per cent level. So the plan
# stops here: the regions' own result is not estimated.

# %%
study.detect(
    "mathematics",
    "reading",
    "science",
    "mathematics_one_base",
    "mathematics_earlier_rule",
    "simce_2m_maths",
    "simce_2m_reading",
)

# %% tags=["remove-cell"]
YEARS, GAIN = 15, 10  # gain: an example
CLAIMED, CLAIMED_LOW = registry.value("pupils_reached"), registry.value("pupils_reached_anniversary")
cohort = country.query("indicator_id == 'simce_2m_mate' and year == 2024")
reach = provenance(cohort) + rows_named(study.release, "leadership", "chile-11")
reach += rows_named(study.release, "leadership", "chile-12")
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
    study.numbers(rows=reach)(f"dose.{key}", value, Unit(unit, 1, False), meaning)
study.numbers(rows=reach + panel.rows)(
    "dose.needed",
    registry.value("mathematics.mde") / share,
    PISA_POINTS.to(0).as_level(),
    "Gain of each pupil reached that would move the national mean by the detectable difference.",
)
last = study.outcome("pisa_mathematics").query("name == 'Chile' and year == 2022")
study.numbers(rows=last)(
    "level.se_2022",
    float(last["standard_error"].iloc[0]),
    PISA_POINTS.as_level(),
    "Standard error of Chile's mathematics mean, 2022.",
)

# %% [markdown]
# ## What else could explain it, and what others found
#
# **Already moving.** Reading in PISA was {num}`rise.early` points higher in 2006 than in the wave of
# 2000, before the first placement. From 2006 to 2009 it rose by another {num}`rise.late`; over
# {num}`rise.n_others` other countries the mean rise was {num}`rise.others`.
#
# **Low start.** Over the comparison countries the correlation between the level before and the change is
# {num}`start.correlation`. Measured from that line instead of the plain mean, Chile is at
# {num}`start.net` points. This check is not in the plan.
#
# **The funding law of 2008.** Law 20.248, published on 1 February 2008, gives schools more money for each pupil in
# need (Subvención Escolar Preferencial) and ties it to conditions; at first it covered pupils up to the eighth
# grade {src}`SN_LEY_20248`. It came a year before the first placements, and fourth-grade reading moved from
# {num}`grade4_reading.2007` to {num}`grade4_reading.2010`, mathematics from {num}`grade4_maths.2008` to
# {num}`grade4_maths.2011`. The law's part in this is disputed:
#
# - Murnane and others find that mathematics in fourth grade rose markedly and gaps by income narrowed by a third in
#   the five years after it, and put this down to support and accountability together {src}`SX_MURNANE_2017`. A
#   model of school choice by Neilson has competition rise in the poorest neighbourhoods and inequality of
#   achievement fall {src}`SX_NEILSON_SEP`.
# - Feigenberg, Rivkin and Yan find gains of poor pupils of more than {num}`sep_gain` standard deviations and do not
#   put them down to the law {src}`SX_FRY_2017`. Aguirre compares pupils just above and just below the limit of
#   eligibility and finds no difference {src}`SX_JHR_SEP`.
#
# The two sides need not exclude each other: at the limit, pupils who do and do not count sit in the same classes,
# so what a school does for all of them would not show. For this chapter another point matters: the jump has a rival
# explanation with a date and a scale that the programme lacks.
#
# **Who becomes principal.** A law of 2011 brought the choice of municipal principals into the open selection of
# senior civil servants {src}`SN_MIPP_2023`. Muñoz and Prem find that public schools then appointed more effective
# principals and that results improved {src}`SX_MUNOZ_2024`. Ruiz-Tagle finds mathematics {num}`principals.low` to
# {num}`principals.high` points of the national test further over six years and language unchanged
# {src}`SX_RUIZ_2019`. The agency that runs the selection reports a dip in a principal's first year and then
# {num}`principals_a_year` points a year in mathematics {src}`SX_CHILE_CSP`. This is the closest that the sources read
# come to leaders and results in Chile. It is about a rule of appointment, not about the programme or its
# alumni.
#
# **Other reforms.** Elige Educar, for the standing of teaching, was set up in 2009 by a university, the ministry
# and others {src}`SN_ANGLO_CHILE`; the bill on the teaching career went to Congress in April 2015
# {src}`SN_BCN_CARRERA`. Schools that moved from municipalities to local services gained a little,
# {num}`services.maths.low` to {num}`services.maths.high` standard deviations in mathematics, in a draft by Calderón
# {src}`SX_CALDERON`. No source read ties any of these to the programme.
#
# **Data.** PISA has few waves, most countries changed to computers in 2015 {src}`US_WB_LPV_BIN`, and link errors
# are not in the standard errors. SIMCE lacks small schools in fourth grade in 2007 and 2009 {src}`LA_CL1`.
#
# **Published studies of the programme.** There are two, and they disagree.
#
# De Gregorio and Neilson compare what pupils gain with the programme's teachers and with those trained in the usual
# way and find no significant difference. They read it as a supply of teachers without loss of quality; aptitude and
# experience are what they find to matter {src}`LF_118`. Alfonso, Bassi and Borja, for the Inter-American
# Development Bank in 2012, link the programme with better results in mathematics and language {src}`SX_IDB_2012`.
# The bank worked with the programme, the comparison is not experimental, and the part that was read gives no size. How
# pupils and teachers were matched was not read for either study. So the strength of the teachers is contested.
#
# No study of a system effect of the programme in Chile was found in the sources read. Not about Chile alone: an
# evaluation of a programme that counts the network among its grantees reports that partners generally missed their
# boldest goals {src}`LF_015` (read on a copy).

# %% tags=["remove-cell"]
reading, level, record = (
    study.series("pisa_reading", "country"),
    PISA_POINTS.as_level(),
    study.numbers("rise"),
)
early, late = reading["Chile", 2006] - reading["Chile", 2000], reading["Chile", 2009] - reading["Chile", 2006]
record("early", early, level, "Chile's reading in 2006 less the wave of 2000.")
record("late", late, level, "Chile's reading in 2009 less 2006.")
others = reading.table[[2006, 2009, 2012, 2015, 2018]].dropna().drop(index="Chile")
record = study.numbers("rise", rows=reading.at(others.index, [2006, 2009]))
record("n_others", len(others), COUNT, "Other countries with every reading wave 2006 to 2018.")
meaning = "Mean rise of those countries' reading, 2006 to 2009."
record("others", (others[2009] - others[2006]).mean(), level, meaning)
start, change = starts_and_gains(panel)
line, record = gain_on_start(start.iloc[1:], change.iloc[1:]), study.numbers("start", rows=panel.rows)
meaning = "Correlation of level before and change over the comparison countries, mathematics."
record("correlation", line.correlation, SHARE, meaning)
net = line.beyond(start.iloc[0], change.iloc[0])
record("net", net, PISA_POINTS, "Chile's change in mathematics beyond that line.")

# %%
study.evaluations({"chile-eval-03": "sep_gain", "chile-eval-07": "principals_a_year"})

# %% tags=["remove-cell"]
ranges = study.release.table("evaluations").set_index("evaluation_id")
for key, row, unit in (
    ("principals", "chile-eval-06", Unit("SIMCE points", 1)),
    ("services.maths", "chile-eval-08", Unit("standard deviations", 3)),
):
    record, printed = study.numbers(key, rows=rows_named(study.release, "evaluations", row)), ranges.loc[row]
    for end in ("low", "high"):
        meaning = f"{printed['study']}: {printed['outcome']}, {end} end."
        record(end, float(printed[f"estimate_{end}"]), unit, meaning)

# %% [markdown]
# ## How it was coded
#
# Placing teachers is documented, and so is Colegios que Aprenden, which has worked on school leadership since 2018
# {src}`LF_116`; whom it reached is not. One of the two readings also counts alumni pathways, for the network's word
# of 2020 {src}`LF_009`. Strength carries a mark as contested in both readings, as two studies disagree. The laws of
# 2008, 2011 and 2015 are acts of government and count for no strategy of the programme. A conference that the
# network held in Santiago in 2014 {src}`LF_008` is the network's act and is filed there.
#
# Both readings found nothing in the sources read on network, representation and orientation. *Silent* does not mean
# zero. The table gives the codes of {num}`codes.by`.

# %% tags=["remove-cell"]
tied = {
    "recruit_place": ["chile-01", "chile-02", "chile-04", "chile-07", "chile-09"],
    "strength": ["chile-eval-01", "chile-eval-02"],
    "scale": ["chile-08", "chile-09"],
}

# %%
study.profile(tied)

# %% [markdown]
# ## What the sources tie to each strategy
#
# No link from strategy to results is shown. Placing is documented from its first year, {num}`first_teachers`
# teachers in 2009 {src}`SN_ANGLO_CHILE`, to more than {num}`teachers_placed_since_2009` by 2024 {src}`LF_116`. Results
# have been looked at on two levels. As a country, compared with others, Chile {num}`strategy.recruit_place.after`,
# as could be expected of so small a dose. In the classroom, one study reports no significant difference
# {src}`LF_118` and another better results {src}`SX_IDB_2012`. In between are schools and communes, where leadership
# would work if it works. No source read looks there.
#
# Developing school leaders is documented since 2018 {src}`LF_116`. Of all strategies it is closest to what the
# network says of Chile, alumni who lead schools and districts {src}`LF_009`. What followed it
# {num}`strategy.develop_serving.after`: some of the waves counted as after came before it. The sources read do not say
# whom it reached or what they did. The studies of the law of 2011 say that who leads a school can matter in Chile
# {src}`SX_MUNOZ_2024`; they are about other principals.

# %%
study.strategies(tied)

# %% [markdown]
# ## What we can say, and how surely
#
# A teacher programme grew from {num}`first_teachers` placements to more than {num}`teachers_placed_since_2009` in
# fifteen years: that is documented by the programme's own network and partners. Chile's PISA results held up somewhat
# better than the average of other countries. The comparison is full, but it cannot detect effects of the size to be
# expected, and the difference is well within what other countries show. SIMCE moved in both directions, by subject. It
# also moved in the control grade, where a funding law of the year before {src}`SN_LEY_20248` is the closer rival
# explanation. This is a description, not a test. The PISA difference also depends on the starting point: it is
# {num}`after_2009` points from 2009 alone, against {num}`mathematics.att` as planned, {num}`start.net` once the usual
# change of low starters is allowed for, and small in the middle of the specification curve for mathematics (median
# {num}`curve_mathematics.median` placebo SD).
#
# None of this speaks for or against the programme, its alumni or collective leadership: a national mean is the
# wrong instrument for so small a dose. Two studies of its teachers disagree: one finds no difference {src}`LF_118`, one
# finds better results {src}`SX_IDB_2012`. No study of its alumni as leaders was found in the sources read.
#
# :::{admonition} The finding in numbers
# :class: summary
# Did the learning of Chile's pupils
# move away from that of other countries after Enseña Chile's first placements in 2009? The comparison has donors,
# years before and a documented start, and still cannot detect an effect of ordinary size: only a difference of about
# {num}`mathematics.mde` points
# in PISA mathematics, {num}`mathematics.mde_sd` standard deviations between pupils, would have been clear of chance.
# Ten points more for each pupil the programme says it reached would have moved the national mean by about
# {num}`dose.moved`. The difference found is {num}`mathematics.att` points beyond other countries. Chile {num}`finding`:
# that speaks neither for the programme nor against it. Two studies of its teachers disagree. One finds no difference in
# what pupils gain, which its
# authors read as more teachers without loss of quality {src}`LF_118`; an earlier one, by a bank that worked with
# the programme, finds better results {src}`SX_IDB_2012`. Scores of fourth-graders jumped after a funding law of the
# government in 2008; the law's part in this is disputed.
# :::

# %%
study.verdict()

# %% [markdown]
# ## What would change our mind
#
# - Which schools and communes had fellows or alumni principals in which year: SIMCE files would then allow a
#   comparison where the programme was.
# - The schools in Colegios que Aprenden since 2018, by year, and the grades and subjects taught.
# - The full texts of both studies of its teachers, and PISA 2022 for the countries missing here.
# - Alumni among the principals chosen by open selection since 2011, whose effectiveness has been estimated.
#
# If schools with fellows or alumni principals gained on similar schools after they came and not before, we would
# call that support. If they did not, we would say that the data speak against it.

# %% [markdown]
# ## What to do with it
#
# For those who decide here. Each line rests on rows of this page; [who holds what is missing](../insights/missing_data.md#chile)
# and [nine pieces of advice](../insights/lessons.md) for any place stand on pages of their own.
#
# - **What the record supports.** Judge the programme in its schools, and not by PISA: ten points more for each pupil it
#   says it reached would have moved the mean of the country by about {num}`dose.moved` on its scale. On its teachers two studies
#   disagree {src}`LF_118, SX_IDB_2012`, so pay for a comparison of schools before it grows or ends. Do not
#   count the jump in SIMCE for it: a funding law came the year before {src}`SN_LEY_20248`.
# - **What to count or ask for.** From Enseña Chile, schools and communes with its teachers and with alumni principals, by
#   year, and the schools in Colegios que Aprenden since 2018. School files of SIMCE are public at the Agencia de Calidad
#   de la Educación {src}`LA_CL2`.
# - **What would change our mind.** Schools with fellows or alumni principals gaining on similar schools after they came
#   and not before would be support. No gain, in a comparison that could have seen it, would speak against it.

# %% tags=["remove-cell"]
study.finish()
