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
# {.lead}
# After the first fellows began, Latvia's results moved about as those of other countries did, and so few people could
# not show up in the average of a whole country, whatever they did.
#
# {sure}`latvia`
#
# ```{chart} latvia.placebos
# ```
#
# - In PISA mathematics Latvia moved by {num}`mathematics.att` points beyond other countries; the data fit anything
#   from {range}`mathematics.att`.
# - In science it moved by {num}`science.att` points; the data fit anything from {range}`science.att`.
# - There were some {num}`dose.a_year` fellows a year: too few to move the mean of a country by anything near what the
#   two ranges leave open.
#
# **What else could explain it.** Schools have been paid by pupil since 2009, while funding fell in the crisis
# {src}`OECD_LATVIA_2016`, and the test moved to computers in 2015 {src}`US_WB_LPV_BIN`. The one deeper lever on
# record, a rule of 2014 that opened a second way into teaching, had the organisation's own programme as its only user
# at first {src}`SN_NEWTT_LATVIA`.
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
case_id = "latvia"

# %% tags=["remove-cell"]
import numpy as np
import pandas as pd
from leadership_effects.data.provenance import rows_named
from leadership_effects.data.staggered.starts import read_starts
from leadership_effects.effects.gains import starts_and_gains
from leadership_effects.report import case_figures, charts
from leadership_effects.report.numbers import COUNT, PUPILS, Unit
from leadership_effects.report.study import Study
from leadership_effects.rounding import is_above, is_at_least

study = Study.open(release, case_id)
PISA_POINTS = Unit("PISA points", signed=True)
registry = study.registry
subjects = ("mathematics", "reading", "science")

# %% [markdown]
# ## The question
#
# The network's partner in Latvia, Iespējamā misija, has had fellows since 2008 {src}`LF_125`. At the end of 2014 a
# further route into teaching was opened by a change of cabinet rules, through the ministry and the organisation
# {src}`LF_126, SN_NEWTT_LATVIA`. Did the learning of Latvia's pupils move away from that of other countries?
#
# Latvia is not in the slide deck {src}`LF_001`. It is here for a documented change of rules, for what became of it and
# for a long record of tests; no claim of success was found in the sources read. Three other explanations would look the
# same as success: others declined, the test changed, or other reforms worked. The comparison can only say whether
# Latvia differs clearly.

# %% [markdown]
# ## Place and system
#
# The unit is the country as a whole. Cabinet rules say who may enter teaching {src}`LF_126`. The numbers
# of pupils, teachers and schools were not found in the sources read. PISA samples between {num}`pupils.fewest`
# and {num}`pupils.most` pupils aged 15 in the waves from 2003 to 2018 {src}`US_WB_LPV_BIN`.
#
# Latvia's mathematics mean was {num}`level.mathematics.2003` in 2003, {num}`level.mathematics.2006` in
# 2006, {num}`level.mathematics.2018` in 2018 and {num}`level.mathematics.2022` in 2022. Reading went from
# {num}`level.reading.2003` to {num}`level.reading.2018` and {num}`level.reading.2022`; science
# from {num}`level.science.2006` in 2006 to {num}`level.science.2018` and
# {num}`level.science.2022`.

# %%
case_figures.locating_map(study, "countries in PISA", "Latvia", study.panel("mathematics").units[1:])

# %% tags=["remove-cell"]
scores = study.outcome(*[f"pisa_{subject}" for subject in subjects]).query("unit_type == 'country'")
own = scores[scores["name"] == "Latvia"]
sampled = own[(own["indicator_id"] == "pisa_mathematics") & own["n_pupils"].notna()]
ends = {"fewest": sampled["n_pupils"].min(), "most": sampled["n_pupils"].max()}
study.numbers("pupils", rows=sampled).each("{}", ends, PUPILS, "Pupils in Latvia's PISA sample, {}.")
for subject in subjects:
    for year in own.loc[own["indicator_id"] == f"pisa_{subject}", "year"]:
        study.level(f"level.{subject}.{year}", f"pisa_{subject}", "Latvia", int(year))

# %% [markdown]
# ## Leadership build-up
#
# Intakes were small: {num}`new_fellows_2010` people in 2010 {src}`LV_PRES_2010`, {num}`new_fellows_2011` in 2011
# {src}`LV_PRES_2011`, {num}`new_fellows_2012` of {num}`applicants_2012` applicants in 2012 {src}`SN_SSE_2012`, when
# {num}`schools_asking_2012` schools had asked for people {src}`SN_LUFONDS_2012`. A member of parliament counted
# {num}`fellows_2013` after six intakes {src}`LV_DIENA_2013`. By 2018 the partner had had {num}`fellows` in all, of whom
# {num}`fellows_in_education` per cent still worked in education, some of them as principals or policymakers. The source
# does not say how many {src}`LF_125`. By our arithmetic that is {num}`dose.a_year` fellows a year and about
# {num}`dose.still_there` people. The source gives neither figure.
#
# **A head and a minister.** The network names Mārīte Seile as head of the organisation in a year not printed
# {src}`LV_TFALL_AWARD`; in February 2015 the minister of education and science has that name {src}`LV_AMCHAM_2015`. No
# page read says in one place that they are the same person, or what the minister did for the route.
#
# **After 2018.** In autumn 2019 the University of Latvia and the organisation agreed on a common programme, Mācītspēks,
# paid with European money {src}`SN_TVNET_MACITSPEKS`. Its first call, of 2020, had {num}`macitspeks_places_2020` places
# {src}`SN_DELFI_2020`; in 2021 {num}`macitspeks_chosen_2021` were chosen {src}`SN_DELFI_2021`, several times an intake of
# before. Counts by role, and fellows by school and year, are still missing.

# %%
study.facts(
    {
        "latvia-01": "fellows",
        "latvia-02": "fellows_in_education",
        "latvia-03": "new_fellows_2012",
        "latvia-04": "schools_asking_2012",
        "latvia-05": "pilot_trainees",
        "latvia-06": "macitspeks_places_2020",
        "latvia-07": "macitspeks_chosen_2021",
        "latvia-08": "macitspeks_vacancies_filled",
        "latvia-09": "university_places_2023",
        "latvia-10": "new_fellows_2010",
        "latvia-11": "new_fellows_2011",
        "latvia-12": "fellows_2013",
        "latvia-13": "applicants_2012",
        "latvia-14": "macitspeks_vacancies",
    }
)

# %% tags=["remove-cell"]
counted = rows_named(study.release, "leadership", "latvia-01", "latvia-02")
fellows, percent = registry.value("fellows"), registry.value("fellows_in_education")
record = study.numbers(rows=counted)
record("dose.a_year", fellows / 10, Unit("fellows", 0), "Fellows over the ten years 2008 to 2018.")
record("dose.still_there", fellows * percent / 100, Unit("fellows", 0), "Fellows still in education.")

# %%
case_figures.timeline(study, "Iespējamā misija")

# %% [markdown]
# ## What is claimed
#
# The partner reports how many fellows it has had and how many stayed {src}`LF_125`; a European project on new ways into
# teaching reports the change of rules {src}`LF_126` and calls the organisation's programme the first and, then, the
# only one under it {src}`SN_NEWTT_LATVIA`. The ministry's report counts {num}`macitspeks_vacancies_filled` per cent of
# the vacancies filled {src}`SN_TVNET_MACITSPEKS`. A claim that learning in the country changed was not found in the
# sources read.

# %%
study.claims()

# %% [markdown]
# ## Is the data comparable?
#
# PISA tests pupils aged 15 {src}`US_WB_LPV_BIN`.
# Its mathematics scale for trends starts in 2003 and its science scale in 2006, so
# mathematics is primary: it has two waves before the first fellows. One rule holds for Latvia and Chile: the first wave
# after is the first one tested in a calendar year after the first placement, the last is 2018. Fellows came in autumn
# 2008, by the sources {src}`LF_125`, so the wave of spring 2009 is the first after. Hardly any pupil tested then can have
# had one; 2012 is the earliest with any real exposure, and the change of rules could hardly show before 2018. The year
# 2022 is kept apart: it follows the pandemic, and this release holds fewer countries for it.
#
# The comparison uses countries with every wave from 2003 to 2018 where no partner of the network had placed teachers by
# 2018.
# That leaves {num}`mathematics.n_donors`; {num}`partners.n` are left out, for placements by 2018 or for a partner whose
# first placement is not known. Up to release 2026.4 the plan left out six countries named by hand and kept the rest.
# That panel is still printed next to the new one. In science, which begins in 2006, {num}`science.n_donors` countries
# remain.

# %%
study.breaks("pisa_mathematics", "pisa_reading", "pisa_science")

# %%
study.donors("mathematics")

# %%
panel = study.panel("mathematics")
study.show(
    "paths",
    charts.paths(panel, study.start),
    title=case_figures.against_mean(panel, "Latvia"),
    subtitle=f"PISA mathematics, mean score, Latvia and {panel.n_donors} other countries, {panel.years[0]} to {panel.years[-1]}",
    caption="PISA mathematics, mean score: Latvia, the comparison countries and their mean.",
    says=(
        f"Latvia goes from {panel.y[0, 0]:.0f} to {panel.y[0, -1]:.0f} points over {len(panel.years)} waves, the mean of "
        f"{panel.n_donors} other countries from {panel.donor_mean[0]:.0f} to {panel.donor_mean[-1]:.0f}. Latvia's line lies "
        f"below the mean in {int(is_above(panel.donor_mean, panel.y[0]).sum())} waves."
    ),
    data=charts.paths_frame(panel).round(1),
)

# %% tags=["remove-cell"]
everyone, starts = study.panel("mathematics_everyone"), read_starts(study.release)
codes = scores.drop_duplicates("name").set_index("name")["code"]
began = {codes[name] for name in everyone.units[1:] if starts.started_by(codes[name], everyone.years[-1])}
study.numbers("partners", rows=starts.behind(began, "starts: first placements by 2018") + everyone.rows)(
    "n",
    len(began),
    COUNT,
    "Countries with every wave where a partner had placed teachers by 2018, or may have.",
)
study.holds(
    "Leaving out the countries that began gives the planned panel.",
    everyone.n_donors - len(began) == panel.n_donors,
)

# %% [markdown]
# ## How far did results move?
#
# With two pre-periods the plan asks for two-way fixed effects. Latvia's mathematics mean moved by
# {num}`mathematics.treated_change` points from before to after, that of the comparison countries by
# {num}`mathematics.donor_change`: a difference of {num}`mathematics.att`, or
# {num}`mathematics.att_sd` pupil standard deviations (p {num}`mathematics.p`). In reading the difference is
# {num}`reading.att`, in science, with one wave before, {num}`science.att`. Mathematics and reading disagree in sign.
#
# **Much of the size came from the rule.** The panel that was primary up to release 2026.4, with six countries left out by
# name, gives {num}`mathematics_earlier_rule.att` in mathematics (p {num}`mathematics_earlier_rule.p`); with every
# country kept it is {num}`mathematics_everyone.att` (p {num}`mathematics_everyone.p`). None of these is clear of
# chance, and none could have detected less than some forty points.

# %%
windows = ["2009", "2018", "2022", "everyone", "earlier_rule"]
study.estimate(*subjects, *[f"mathematics_{window}" for window in windows])

# %% tags=["remove-cell"]
study.family("subjects_p", list(subjects), "p of the largest of the three subjects' differences.")

# %% [markdown]
# ## Could luck explain it?
#
# Each comparison country is treated as if it were Latvia and compared with the rest, leaving Latvia out. Latvia ranks
# {num}`mathematics.rank` of {num}`mathematics.places` in mathematics, {num}`reading.rank` of
# {num}`reading.places` in reading and {num}`science.rank` of {num}`science.places` in science.
# Corrected for testing three subjects, p is {num}`subjects_p`. The middle nine tenths of the comparison
# countries' own changes in mathematics run from {num}`spread.low` to {num}`spread.high`.
# The chart at the head of this page shows all countries.

# %% tags=["remove-output"]
sets = {subject: study.placebos(subject) for subject in subjects}
frame = charts.placebos_frame(sets, "Latvia")
inside = all(p.effects.min() < p.treated < p.effects.max() for p in sets.values())
study.show(
    "placebos",
    charts.placebos(sets, "Latvia", "PISA points"),
    title=case_figures.among("Latvia", "other countries", sets),
    subtitle=f"Difference from {panel.years[panel.n_pre]} on beyond that of the others, PISA points, each country treated in turn",
    caption=(
        "Latvia's difference beside those of other countries, each treated in turn as if the programme had been there. "
        + (
            "Latvia's point lies among the grey ticks in every row: its change is one that other countries show too."
            if inside
            else "Latvia's point lies outside the grey ticks in at least one row: no other country shows such a change."
        )
    ),
    says=(
        f"Grey ticks show the estimates of other countries. Latvia's point is at "
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
_, change = starts_and_gains(panel)
record, elsewhere = study.numbers("spread", rows=panel.rows), change.iloc[1:]
shares = {"low": 0.05, "high": 0.95}
quantiles = {key: elsewhere.quantile(share) for key, share in shares.items()}
meaning = "Quantile {} of the comparison countries' changes, mathematics."
record.each("{}", quantiles, PISA_POINTS, meaning, names=shares)
meaning = "Standard deviation of the comparison countries' changes."
record("sd", elsewhere.std(), PISA_POINTS.as_level(), meaning)
wider = study.panel("mathematics_2022")
for key, chosen in (("to_2018", panel), ("to_2022", wider)):
    record, countries = study.numbers(rows=chosen.rows), f"{chosen.n_donors}"
    mean = pd.Series(chosen.donor_mean, chosen.years)
    own = pd.Series(chosen.y[0], chosen.years) - mean
    meaning = f"Latvia less the mean of {countries} countries, mathematics, {{}}."
    record.each(f"distance.{key}.{{}}", own, PISA_POINTS, meaning)
    meaning = f"Mean of {countries} comparison countries, mathematics, {{}}."
    record.each(f"comparison.{key}.{{}}", mean, PISA_POINTS.as_level(), meaning)
gone = sorted(set(panel.units) - set(wider.units))
study.numbers(rows=panel.rows)("gone", len(gone), COUNT, "Comparison countries without 2022 in this release.")

# %% [markdown]
# The answer depends on the last wave. With 2022 the difference in mathematics is {num}`mathematics_2022.att`
# instead of {num}`mathematics.att`, but {num}`gone` comparison countries drop out and the pandemic comes
# in. From 2003 to 2022 the mean of the {num}`mathematics_2022.n_donors` that remain went from
# {num}`comparison.to_2022.2003` to {num}`comparison.to_2022.2022`, and Latvia's from
# {num}`level.mathematics.2003` to {num}`level.mathematics.2022`. Latvia caught up by standing still while
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
study.show(
    "distance",
    charts.lines(distances, "Latvia less mean, PISA points"),
    title=(
        f"Against the mean Latvia is at {PISA_POINTS.format(panel.y[0, -1] - panel.donor_mean[-1])} points in "
        f"{panel.years[-1]} and, of fewer countries, at {PISA_POINTS.format(wider.y[0, -1] - wider.donor_mean[-1])} in "
        f"{wider.years[-1]}"
    ),
    subtitle="PISA mathematics, Latvia less the mean of two sets of countries, by wave, PISA points",
    caption="Latvia's distance to the comparison mean in mathematics, by wave, for two sets of countries.",
    says="The distance goes up and down on the way; the second set are the countries that also have 2022.",
    data=distances.round(2),
)

# %% [markdown]
# The next chart, an event study, follows every country's gap to the others from wave to wave, counted from 2006. A
# country whose line is outside the solid pair had moved further than nearly all others in that wave; Latvia's is
# outside in
# {num}`mathematics.event_outside` later waves. The chart after it puts the countries in order of their
# difference over all later waves.

# %%
case_figures.event_study(study, "mathematics", "Mathematics")

# %%
case_figures.ranks(study, "mathematics", "Mathematics")

# %% [markdown]
# None of this says much about the years before. Latvia's step from 2003 to 2006 is ordinary (p
# {num}`mathematics.pre_trend_p`), but with {num}`mathematics.n_donors` countries that test cannot reach the five per
# cent level, so it could have found no drift of any size. A start one wave earlier than the plan counts, in 2006, when
# there was no programme, gives {num}`mathematics.placebo_time`. If the gap to the others had kept moving by
# {num}`mathematics.breakdown` times its one step before the start, the sign of the estimate would be
# lost.
#
# Countries with small samples or an unsteady past may move further by chance {cite:p}`ferman2019`. Neither can be tested
# here: PISA samples some thousands of pupils everywhere, and the differences do not grow with the gaps before, which are
# one difference a country.
#
# ### The specification curve
#
# The plan's grid puts the question in the {num}`curve.n` ways that the data allow: in other subjects, from
# other starts, over other waves before and after, against other countries and by other estimators. This
# specification curve was laid down mechanically on 25 November 2026, with the results of release 2026.1
# already known; its planned cell and comparison sets were put under the new rule on 28 November. The results are in
# placebo SD; one of these is about the usual difference between two ordinary countries. The middle answer is
# {num}`curve.median` and the ends are {num}`curve.low` and {num}`curve.high`;
# {num}`curve.positive` per cent are above zero, the planned answer among them at
# {num}`curve.planned`. When the same questions are put to each of {num}`curve.places` countries, Latvia's median is an
# ordinary one, p {num}`curve.p`.
#
# The choice of waves that count as after changes the answer most: the median is {num}`curve_2009.median` with 2009
# alone and
# {num}`curve_2022.median` with every wave to 2022. Next comes the test. The median is {num}`curve_mathematics.median` in
# mathematics (p {num}`curve_mathematics.p`), {num}`curve_reading.median` in reading (p
# {num}`curve_reading.p`) and {num}`curve_science.median` in science (p
# {num}`curve_science.p`). Adjusted for each country's own earlier line it is
# {num}`curve_own_line.median` (p {num}`curve_own_line.p`). Keeping partner countries in changes
# little: {num}`mathematics_everyone.att` points in mathematics.

# %%
curve = study.curve()
case_figures.curve(study, curve)

# %% tags=["remove-cell"]
study.holds("Which waves count as after moves the answer most.", curve.widest == "window")
study.record_curve(curve.part(window=["2009 alone"]), "curve_2009")
study.record_curve(curve.part(window=["to 2022"]), "curve_2022")
study.holds(
    "The test of the years before cannot reach the five per cent level.",
    1 / panel.n_donors > study.release.plan["rules"]["alpha"],
)
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
# ## How large would it have to be?
#
# Countries drift so far apart that a difference in mathematics would have had to
# reach about {num}`mathematics.mde` points, or {num}`mathematics.mde_sd` standard deviations between
# pupils, to be found four times in five. In reading it is {num}`reading.mde`, in science
# {num}`science.mde`.
#
# About {num}`dose.a_year` fellows a year in a national system could hardly move a national mean by
# anything near that. By the rule of the plan this is a full comparison, and it cannot detect what so small a programme
# could do to a national mean. A null therefore says nothing about the programme.

# %%
study.detect("mathematics", "reading", "science", "mathematics_2022", "mathematics_earlier_rule")

# %% [markdown]
# ## What else could explain it, and what others found
#
# **Others moved more.** Between the same waves the mean of Poland moved by {num}`mover.Poland` points and that
# of the Russian Federation by {num}`mover.Russian_Federation`, against {num}`mathematics.treated_change`
# in Latvia. A partner began to place teachers in Poland only after these waves, in about 2021 {src}`E2_W099`; for the
# Russian Federation none is in the release. Hungary ({num}`mover.Hungary`), the
# Slovak Republic ({num}`mover.Slovak_Republic`) and the Czech Republic ({num}`mover.Czech_Republic`)
# fell.
#
# **Neighbours.** From 2006 to 2018 mathematics moved by {num}`since_2006.Latvia.2018` in Latvia,
# {num}`since_2006.Estonia.2018` in Estonia and {num}`since_2006.Lithuania.2018` in Lithuania; to 2022 by
# {num}`since_2006.Latvia.2022`, {num}`since_2006.Estonia.2022` and
# {num}`since_2006.Lithuania.2022`. Sampling alone gives Latvia's changes a standard error of
# {num}`since_2006.se.2018` and {num}`since_2006.se.2022`; the link error between waves comes on top.
#
# **Before the programme.** From 2003 to 2006 mathematics moved by {num}`before.mathematics.own` against
# {num}`before.mathematics.others` elsewhere. Reading moved by {num}`before.reading.own` against
# {num}`before.reading.others`, rank {num}`before.reading.rank` of {num}`before.reading.places`
# countries. Two waves are too few to tell a trend from noise.
#
# **The test and other reforms.** The test moved to computers in most countries in 2015 {src}`US_WB_LPV_BIN`. In Latvia
# schools have been paid by pupil since the school year 2009/10, while funding fell in the crisis {src}`OECD_LATVIA_2016`:
# a national change at the very first wave counted as after. Further reforms were not gathered: unknown, not absent.
#
# **Published studies.** One evaluation covers Latvia. In March 2019 the European project NEWTT (A New Way for New
# Talents in Teaching) reported on an experiment in five countries, with four hypotheses on teachers and pupils
# {src}`SX_NEWTT_2019`. The report is public; of the copy found only contents and hypotheses could be read, so its
# findings are not known here, neither good nor bad. Elsewhere in the network the record is mixed. In Chile a study
# finds no significant difference between teachers {src}`LF_118`; in Nigeria an evaluation finds gains in literacy and
# mathematics and none in social and emotional learning {src}`LF_108`; and an evaluation of a programme that counts the
# network among its grantees reports that partners generally missed their boldest goals {src}`LF_015` (read on a copy).

# %%
study.evaluations()

# %% tags=["remove-cell"]
movers = ["Poland", "Russian Federation", "Hungary", "Slovak Republic", "Czech Republic"]
record = study.numbers("mover", rows=everyone.rows)
_, moved = starts_and_gains(everyone)
for name in movers:
    meaning = f"Change of {name}, 2003 and 2006 to 2009-2018, mathematics."
    record(name.replace(" ", "_"), moved[name], PISA_POINTS, meaning)
record("mean", moved[movers].mean(), PISA_POINTS, "Mean change of these five.")
maths, record = study.series("pisa_mathematics", "country"), study.numbers("since_2006")
errors = maths.rows.set_index(["name", "year"])["standard_error"].astype(float)["Latvia"]
for year in (2018, 2022):
    for name in ("Latvia", "Estonia", "Lithuania"):
        since, meaning = maths[name, year] - maths[name, 2006], f"Mathematics of {name}, {year} less 2006."
        record(f"{name}.{year}", since, PISA_POINTS, meaning)
    error, behind = np.hypot(errors[2006], errors[year]), maths.at("Latvia", [2006, year])
    meaning = f"Sampling standard error of Latvia's change from 2006 to {year}."
    record(f"se.{year}", error, PISA_POINTS.as_level(), meaning, rows=behind)
for subject in ("mathematics", "reading"):
    rows = scores[(scores["indicator_id"] == f"pisa_{subject}") & scores["year"].isin([2003, 2006])]
    early = rows.pivot(index="name", columns="year", values="value").dropna()
    move = early[2006] - early[2003]
    elsewhere = move[[not starts.started_by(codes[name], everyone.years[-1]) for name in move.index]]
    meaning = f"Change from 2003 to 2006 in {subject}: {{}} (others: partners left out; rank: all countries)."
    record = study.numbers(f"before.{subject}", rows=rows)
    record.each("{}", {"own": move["Latvia"], "others": elsewhere.mean()}, PISA_POINTS, meaning)
    ranked = {"rank": int(is_at_least(move, move["Latvia"]).sum()), "places": len(move)}
    record.each("{}", ranked, COUNT, meaning)

# %% [markdown]
# ## How it was coded
#
# Recruiting and placing fellows, alumni in leading posts and the change of rules are documented {src}`LF_125, LF_126`.
# Rules and, with the university programme of 2020 {src}`SN_LU_TEACHER`, structures are the deeper leverage points that
# both readings see. They differ on how far the purpose was shared: work with ministry and university is on record, and
# so is its end {src}`SN_TVNET_MACITSPEKS`. Nothing was found on representation and strength in the sources read. The
# table gives the codes of
# {num}`codes.by`. *Silent* does not mean zero.

# %% tags=["remove-cell"]
tied = {
    "recruit_place": ["latvia-01", "latvia-03", "latvia-07"],
    "alumni_pathways": ["latvia-02"],
    "roles": ["latvia-02"],
    "scale": ["latvia-08"],
    "orientation": ["latvia-event-02", "latvia-event-06", "latvia-event-10"],
    "network": ["latvia-event-02", "latvia-event-06"],
}

# %%
study.profile(tied)

# %% [markdown]
# ## What the sources tie to each strategy
#
# No link from strategy to results is shown. A link from a strategy to a rule is shown, in the account of a project that
# took part. At the end of 2014 cabinet rules were changed through the ministry and the organisation, and early in
# 2015 its programme was approved under them {src}`LF_126`, the first and then the only one {src}`SN_NEWTT_LATVIA`. The
# rules of 28 October 2014 on teachers' qualifications let people without one earn the right to teach by a further
# programme {src}`LV_MK_662`; no page read says whether that is the change meant.
#
# **What became of the route.** The next link is entry. The project's pilot was to place {num}`pilot_trainees` trainees
# in two years {src}`SN_NEWTT_LATVIA`; the intakes known from before the rule had {num}`new_fellows_2010` to
# {num}`new_fellows_2012` people a year. Numbers grew with money and a university. Mācītspēks, agreed on in 2019, had
# 2.2 million euros of European money {src}`SN_TVNET_MACITSPEKS`; the press put the part for publicity and selection by
# the organisation at 1.3 million and reported questions about it {src}`LV_JAUNS_2020`. In two years its people filled
# {num}`macitspeks_vacancies_filled` per cent of {num}`macitspeks_vacancies` vacancies, and in about 2022 ministry and
# university ended the work with the organisation. The headline of the same report is of a new memorandum of the
# ministry, with a foundation that the part read does not name {src}`SN_TVNET_MACITSPEKS`.
#
# What remained is a one-year programme of study alongside work in a school, licensed in May 2020, at the university:
# {num}`university_places_2023` state-paid places in 2023 {src}`SN_LU_TEACHER`, and more money for three universities in
# 2022 {src}`SN_JAUNS_2022`. The organisation opened a programme for preschools with two cities in 2023
# {src}`LV_DELFI_2023`. So the route lasted longer than the partnership that opened it. No source read says whether
# those who used it would have come anyway.
#
# The last link would be pupils, and what the series show after the change {num}`strategy.change_rules.after`, because
# some of the waves counted as after came before it. Placing fellows since 2008 {src}`LF_125` does fall between the
# waves used, and compared with other countries Latvia {num}`strategy.recruit_place.after`. With so few fellows that
# says
# nothing about them. Of the seven strategies nothing was found on {num}`strategy.silent` in the sources read; on
# {num}`strategy.once` the two readings disagree.

# %%
study.strategies(tied)

# %% [markdown]
# ## What we can say, and how surely
#
# Fellows have been placed since 2008, some reached posts of responsibility, and a rule was changed together with the
# ministry. The partner and the European project on new ways into teaching document this. Few used the route until a
# larger programme took it up, and that programme went on without the organisation. The press and the university
# document this. Latvia's mathematics moved a little more favourably than that of other countries to 2018, reading a
# little less. The comparison is full, but it cannot detect effects of the size to be expected, and the differences are
# well within what other countries show. The apparent catching-up by 2022 is the decline of others; this is a
# description, not a test.
#
# Whether the fellows, their alumni or the new rule changed anything for pupils cannot be said. A national mean could
# show only a shift many times larger than could be expected of so small a programme. That it shows none does not count
# against the programme.
#
# :::{admonition} The finding in numbers
# :class: summary
# Did the learning of Latvia's pupils
# move away from that of other countries after the first fellows of 2008? The comparison has donors, years before and a
# documented start, and still cannot detect an effect of ordinary size: only a difference of about
# {num}`mathematics.mde` points in PISA mathematics,
# {num}`mathematics.mde_sd` standard deviations between pupils, would have been clear of chance. Some
# {num}`dose.a_year` fellows a year could not have moved a national mean by anything near it. The difference found is
# {num}`mathematics.att` points beyond other countries: Latvia {num}`finding`. The one deeper lever on record, a rule of
# 2014 that opened a second way into
# teaching, had the organisation's own programme as its only user at first. A larger programme with the University of
# Latvia followed in 2019; in about 2022 ministry and university ended the work with the organisation. What all this did
# for pupils cannot be said.
# :::

# %%
study.verdict()

# %% [markdown]
# ## What would change our mind
#
# - Fellows by school and year, and alumni by role: schools with fellows could then be compared with similar ones.
# - The findings of NEWTT for Latvia, and the number who entered by each route since 2015: whether the rule changed the
#   inflow at all is a question that the numbers could answer.
# - Results of Latvia's school examinations by school.
# - Start years of the partner countries still without one, and PISA 2022 for the countries missing here.
#
# If schools with fellows gained on similar schools after they came and not before, or if entry by the new route grew
# and those schools did better, we would call that support. If not, we would say that the data speak against it.

# %% [markdown]
# ## What to do with it
#
# For those who decide here. Each line rests on rows of this page; [who holds what is missing](../insights/missing_data.md#latvia)
# and [nine pieces of advice](../insights/lessons.md) for any place stand on pages of their own.
#
# - **What the record supports.** Judge the rule of 2014 by who enters teaching, and not by PISA: some {num}`dose.a_year`
#   fellows a year cannot show in the mean of a country. The larger programme that followed went on without the
#   organisation {src}`SN_TVNET_MACITSPEKS`, so its entrants have to be counted too.
# - **What to count or ask for.** From the ministry, entrants by route and year since 2010, where they work, and how many
#   are there three years later; today these counts are public in pieces
#   {src}`SN_NEWTT_LATVIA, SN_DELFI_2021, SN_LU_TEACHER`. From Iespējamā misija, fellows by school and year and alumni by
#   role.
# - **What would change our mind.** Entry by the new route growing, and schools with those teachers doing better than
#   similar schools, after and not before, would be support. If entry did not grow, the rule was hardly used.

# %% tags=["remove-cell"]
study.finish()
