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
# # What marks the leadership that shifts systems?
#
# :::{admonition} In short
# :class: summary
# The question is which features of leadership go with a shift of a system. The sources read count people, and posts in
# {num}`roles.places` of the {count}`places` places. They say little about who the leaders are, what they want and how they are
# linked to one another, so those features could hardly have been observed.
#
# The two best supported statements are about people rather than systems: that taking part goes with changed views (grade
# {num}`security.beliefs_shift.grade` of 5, with one weaker study against it) and that alumni reach leading posts early
# and often (grade {num}`security.posts_reached.grade`). [Research elsewhere](../synthesis/what_leaders_add.ipynb) shows what leaders in general add to pupils' results. Which of the six features goes with a shift cannot be said: {count}`places` places cannot separate the features from each other, or one feature from the city that has it.
# :::
#
# ```{added-places} note
# ```

# %% tags=["parameters"]
release = ""  # the newest

# %% tags=["remove-cell"]
from leadership_effects.counting import cardinal
from leadership_effects.data.joint_cases import cases_across, coding_across
from leadership_effects.data.provenance import rows_of
from leadership_effects.data.release import open_release
from leadership_effects.data.vocabulary import DIMENSIONS, ITEMS
from leadership_effects.evidence.readings import counts_by_place, own_counts, readings
from leadership_effects.report.charts import readings as drawn
from leadership_effects.report.charts.grades import place_names
from leadership_effects.report.figures import publish
from leadership_effects.report.numbers import COUNT, Unit, holds, row_names
from leadership_effects.report.registry import Registry, read_results
from leadership_effects.report.tables import Table

opened = open_release(release)
registry = Registry(opened, "characteristics", "analysis/notebooks/answers/characteristics.py")
names = place_names(cases_across(opened), ())
k = cardinal(len(names))
nations = {"chile", "latvia"}
labels = {item: ITEMS[item].label for item in DIMENSIONS}
leadership = own_counts(opened.table("leadership").query("case_id in @names"), nations)
coding = coding_across(opened).query("kind == 'dimension'")
counts = counts_by_place(leadership)
read = readings(coding, "dimension")


def record(key, value, meaning, table, rows, function):
    behind = rows_of(opened, table, rows, f"{table}.csv: {len(rows)} rows")
    registry.numbers(rows=behind, function=function)(key, int(value), COUNT, meaning)


for item in (*labels, "all"):
    rows = leadership if item == "all" else leadership[leadership["dimension"] == item]
    own = rows[rows["own"]]
    for key, value, meaning, behind in (
        ("counts", len(rows), f"Counts in the release for the {k} places", rows),
        ("own", len(own), f"Counts about the place itself, {k} places", own),
        ("dated", own["dated"].sum(), "Counts about the place itself with a stated year", own[own["dated"]]),
        ("places", own["case_id"].nunique(), "Places with a count of their own", own),
    ):
        record(f"{item}.{key}", value, f"{meaning}: {item}.", "leadership", behind, own_counts)
posts = {
    "washington-dc-08": "washington_alumni_share_of_principals_2008",
    "huari-15": "peru_alumni_2016",
    "huari-16": "peru_alumni_in_ministry_2016",
    "rio-grande-valley-03": "valley_alumni_in_education",
    "rio-grande-valley-04": "valley_alumni_who_teach",
    "rio-grande-valley-17": "valley_corps_members_of_local_university",
    "new-orleans-38": "new_orleans_alumni_school_leaders_2019",
    "new-orleans-39": "new_orleans_alumni_system_leaders_2019",
}
told = opened.table("leadership").set_index("leadership_id").loc[list(posts)].reset_index()
for key, name in row_names("leadership", told, posts).items():
    row = told[told["leadership_id"] == key]
    counted = registry.numbers(rows=rows_of(opened, "leadership", row), function="leadership.csv")
    unit, meaning = Unit(row["unit"].iloc[0], 0), f"{row['measure'].iloc[0]} ({row['case_id'].iloc[0]})."
    counted(name, float(row["value"].iloc[0]), unit, meaning)
for item in labels:
    codes, both = coding[coding["item"] == item], read[(read["item"] == item) & (read["silent"] == 0)]
    for key, found, meaning in (
        ("read", both, "Places in which both readings found something"),
        ("top", both[both["least"] == 3], "Places at the highest step of the scale in both readings"),
    ):
        behind = codes[codes["case_id"].isin(found["case_id"])]
        record(f"{item}.{key}", len(found), f"{meaning}: {item}.", "coding", behind, readings)

# %% [markdown]
# ## What is asked, and of what
#
# The network's deck of 2023 says what a critical mass of collective leadership depends on: the roles of alumni, the
# strength of their leadership, their orientation to a shared purpose, how far they represent the communities they
# serve, the network between them and others, and their number {src}`LF_001`. It announces four dimensions and names
# five besides scale; [the framework](../framework.md) keeps all six apart.
#
# To answer the question one would need places that shifted and places that did not, with the six measured in both.
# We have {count}`places` places, of which {num}`synthesis.k` can be compared with others, and a record that was not kept for this
# purpose. So this page does three things. It shows what is documented, what studies found, and what goes
# with a larger difference in pupils' results. It then says what cannot be answered.
#
# ## What is counted, and where
#
# The release holds {num}`all.counts` counts for the {count}`places` places, targets and shares included. Of these {num}`all.own`
# are about the place itself rather than a whole country around it, and for {num}`all.dated` of them the source states a
# year.

# %%
strings = counts.rename(columns={"dimension": "item"}).assign(
    level=lambda f: f["own"].gt(0).map({True: "about the place", False: "national only"}),
    text=lambda f: [
        f"{own}/{dated}" if own else str(every)
        for own, dated, every in zip(f["own"], f["dated"], f["all"], strict=True)
    ],
)
cells = drawn.cells(strings, names, labels)
publish(
    registry,
    "counts",
    drawn.grid(cells, list(names.values()), list(labels), ("about the place", "national only")),
    title=f"Leaders are counted in {len(cells)} of {len(names) * len(labels)} pairs of place and dimension",
    subtitle="Counts of leaders in the sources read, by place and dimension of collective leadership: all, and with a stated year",
    caption=(
        "Counts of leaders in the release by dimension and place. In a dark cell: how many are about the place, and "
        "how many of these state their year. In a pale one: how many there are, all of them national. An empty cell "
        "means that nothing was found in the sources read."
    ),
    says=drawn.describe_cells(
        cells,
        list(labels),
        f"The rows are the {k} places, the columns six dimensions with the number of counts",
    ),
    data=cells,
)

# %% [markdown]
# Two columns hold nearly everything. Scale has a count in every place, roles have one in {num}`roles.places`, and only
# {num}`roles.dated` of these about the place state their year. Every count with a date is drawn by post, place and year
# in [the leaders, counted](../synthesis/leaders.ipynb). Strength has none, because it is measured by studies. A filled cell can suggest too much. Under representation New Orleans is counted by its teachers, not its leaders {src}`LF_077`,
# some of it by years of experience {src}`LF_078`, and the Rio Grande Valley by how many of one intake came from the local
# university {src}`SN_RGVISION_105`. Even for scale no place has more than {num}`critical_mass.longest` dated counts
# of the same thing, and Huari's families and communities were reached, which does not say that they lead
# {src}`LF_043`.
#
# A second view is the coding, in which two automated readings put each place on a scale from 0 to 3 for each
# dimension. Of {num}`coding.cells.dimension.both` cells that both coded they differ in
# {num}`coding.differ.dimension.both`, each time by one step (alpha {num}`coding.alpha.dimension.both`). {num}`coding.readings.persons`, and both readings had seen the results ([the coding](../synthesis/coding.ipynb)). The scale rewards what is
# documented: it measures the sources as much as the leadership.

# %%
table = read.assign(
    place=read["case_id"].map(names), order=read["case_id"].map(list(names).index)
).sort_values("order")
wide = table.pivot(index=["order", "place"], columns="item", values="codes").reindex(columns=list(labels))
Table(
    wide.fillna("silent").reset_index("place").reset_index(drop=True),
    "Codes of the two readings on each dimension, 0 to 3",
)

# %% [markdown]
# ## Dimension by dimension
#
# **Roles.** Both readings find something in {num}`roles.read` places and the highest step in
# {num}`roles.top`. In New Orleans about {num}`new_orleans.alumni_teachers_2015` alumni taught in
# 2015, {num}`new_orleans.alumni_administrators_2015` were administrators and {num}`new_orleans.alumni_principals_2015`
# principals of nearly {num}`new_orleans.share_of_schools_led_by_alumni` per cent of the open-enrolment schools
# {src}`LF_070`; in the region {num}`new_orleans_alumni_school_leaders_2019` led schools and
# {num}`new_orleans_alumni_system_leaders_2019` worked at the head of systems in 2018-19 {src}`SN_BIZNOLA_2019`. Late in
# 2011 {num}`new_orleans.alumni_in_top_posts` held top posts of the system {src}`D_NOLA_POSTS_2011`. Two of them went
# on: John White, head of the state-run district from May 2011, led the schools of the whole state from January 2012
# {src}`SN_EDWEEK_2012_WHITE`, and Kira Orange Jones sat on the state board {src}`SN_NOLA_2011_KOJ`.
#
# In Washington, DC, nearly {num}`washington_alumni_share_of_principals_2008` per cent of principals were alumni in November
# 2008 {src}`SN_FEDEX_2008` and {num}`washington_dc.alumni_share_of_principals` in 2015
# {src}`SN_BELLWETHER_BLOG_2015`; two alumnae ran the schools from June 2007 to autumn 2016
# {src}`LF_094, SN_CORPSK_2016`, and one sat on the elected board by 2001 {src}`SN_EDWEEK_2001`. In the Rio Grande Valley
# {num}`valley_alumni_who_teach` of {num}`valley_alumni_in_education` alumni in education taught, by an undated page
# {src}`LF_101`, and two founded a network of charter schools and led it until 2020 and 2021, when they left under criticism
# of how money was used {src}`SN_IDEA_2020, SN_SAR_2021, SN_MYRGV_2021`. Peru is counted as a country:
# {num}`peru_alumni_in_ministry_2016` of {num}`peru_alumni_2016` alumni worked in the ministry in 2016
# {src}`SN_TFALL_PERU_2016`. Delhi's {num}`delhi.alumni_in_influential_posts` in influential posts come without roles or
# dates {src}`LF_001`; one named alumnus, the programme's former city director, founded Indus Action
# {src}`SN_INDIATODAY_2019`.
#
# The statement that alumni reach such posts early and often has grade {num}`security.posts_reached.grade`: England was
# compared with
# other teachers {src}`LF_029, LF_033`. The sources read do not show what alumni did in these posts that others would
# not have done.
#
# **Strength.** As teachers: {num}`evaluations.direct.rows` findings look at pupils of programme teachers,
# {num}`evaluations.direct.positive` positive and {num}`evaluations.direct.null` null. Of three large trials in the
# United States one finds a gain in mathematics and none in reading {src}`LF_012`, one a gain in secondary mathematics
# {src}`LF_013`, and the third, on the programme's scale-up, teachers as effective as others over all
# {src}`SX_I3_2017`. In Chile one study finds no significant difference {src}`LF_118`, an earlier one of a bank that
# worked with the programme better mathematics and language {src}`SX_IDB_2012`. The grade is
# {num}`security.pupils_gain_more.grade`. The findings of no difference were read without an interval and do not count
# in it.
#
# As leaders: Washington, DC's schools whose principal was replaced in 2008 did better by the third year than schools that
# kept theirs {src}`SX_WALSH_2020`. An alumna was in charge when the principals were picked; they were not alumni as
# such. Principals differ in what they add; how much is disputed {src}`SX_GRISSOM_2021, SX_BHL_2022`, and leadership
# shared within a
# school goes with better results in surveys {src}`SX_LM_2008, SX_HH_2010`; the size of each, and how its error came
# about, is in [what leaders add](../synthesis/what_leaders_add.ipynb). A study of Teach First teachers' part in
# classrooms *and* leadership exists; only its start could be read {src}`SX_MUIJS_2010`. A paper of 2014 compares
# principals in Texas who began in Teach For America with others; its results were not read {src}`SX_APPAM_2014`. No
# measure of the strength of alumni as leaders was found for any of the {count}`places` in the sources read.
#
# **Orientation.** Studies at a line of admission in the United States find that taking part goes with views closer to
# those of disadvantaged people {src}`LF_010`, with systemic explanations, though not with support for school choice or
# merit pay {src}`LF_011`, and with more racial tolerance {src}`SX_DOBBIE_2015`: grade
# {num}`security.beliefs_shift.grade`. A survey of all who were accepted in six years disagrees. It finds that those who
# served hold more civic attitudes only as far as they still work with the programme, and less often jobs of social
# purpose {src}`SX_MCADAM_2009`. All are about the people of one programme, one by one. Both readings find purpose
# *shared* with others in {num}`orientation.read` places: in Huari by a project and an agreement with the local office
# {src}`LF_041`, in Latvia by rules and a programme made with ministry and university, later ended
# {src}`LF_126, SN_TVNET_MACITSPEKS`, and in the Rio Grande Valley, where a standing body of superintendents and college heads is not
# the programme's act {src}`SN_EDTX_HISTORY`. Most people placed stay in education (grade
# {num}`security.stay_in_education.grade`), and taking part makes that more likely in the one study at a threshold
# {src}`SX_DOBBIE_2015`.
#
# **Representation.** The evidence is about teachers. In New Orleans the Black share went from
# {num}`new_orleans.black_share_of_teachers_2004` to {num}`new_orleans.black_share_of_teachers_2014` per cent and the
# locally trained share from {num}`new_orleans.local_share_of_teachers_2005` to
# {num}`new_orleans.local_share_of_teachers_2014` in about ten years {src}`LF_077`. The programme grew in those years
# {src}`LF_067`; before that, thousands of employees had been dismissed after the storm {src}`SN_EDWEEK_2007_BARGAIN`,
# so the figures do not show who brought about the fall. In the Rio Grande Valley
# {num}`valley_corps_members_of_local_university` of one intake came from the local university
# {src}`SN_RGVISION_105`. In the sources read nobody counted who the *leaders* are in any of the {count}`places`.
#
# **Network.** {num}`network.own` counts: municipalities that joined in Huari
# ({num}`huari.municipalities`) {src}`LF_043` and people at one gathering in London ({num}`london.people_at_gathering_2023`)
# {src}`LF_028`. The one survey of ties covers alumni in Peru as a whole: they work together widely, mostly within their
# cohort, and the survey could not show what they do together {src}`LF_045`. Critical work in the United
# States asks how networks of alumni carry policy, and estimates no effect {src}`SX_SCOTT_2016`. No measure was found of
# ties between alumni and others, which the deck names.
#
# **Scale.** Scale is the best counted and the least comparable: fellows, alumni, people ever placed, over teachers, schools
# or nothing. {num}`critical_mass.n_share` of the places that can be compared have a documented share. In
# Indianapolis pupils of programme teachers gained about {num}`evaluations.indianapolis_rand_peers_mathematics` percentile points
# in mathematics where five or more taught in the school, against {num}`evaluations.indianapolis_rand_mathematics` overall
# {src}`LF_087`. In Miami-Dade, where corps members were placed in groups on purpose, mathematics rose in several of
# these schools and no spillover to the classes of others was found {src}`SX_HANSEN_2018`. Grade
# {num}`security.peers_together.grade`.
#
# ## What the sources read do not hold
#
# Both readings found something on representation in {num}`representation.read` place, on
# orientation in {num}`orientation.read` and on network in {num}`network.read`.
# These are the dimensions that make leadership *collective*: who it belongs to, whether it pulls in one direction, and whether it holds together. There is little on them in [the list of sources](../bibliography.md), and the list is incomplete: a
# fact check of the last release filled cells of the Rio Grande Valley, Washington, DC, and Latvia from ordinary public
# pages. So the empty cells are not a finding about the places or about what is public. They say where to look next, in
# pages of the
# places' own and in their languages, and by asking.
#
# ## What goes with a larger difference
#
# Two features of leadership vary enough to be compared with the differences of the {num}`synthesis.k` places that can be compared ([across the places](../synthesis/synthesis.ipynb)), in standard deviations between pupils and adjusted for the
# level at which each place began.
#
# - **Roles.** One step more goes with {num}`synthesis.moderator.roles.pupil_slope`, exact p
#   {num}`synthesis.moderator.roles.pupil_p`. That is the floor: with so few places no order of the values could have
#   given a smaller p. So the result just passes a test at the usual level, and depends on Washington, DC, alone. On the
#   older scale of placebo standard
#   deviations the p is {num}`synthesis.moderator.roles.p`, and {num}`synthesis.moderator.roles.max_t_p` after
#   correcting for three features looked at.
# - **Scale.** {num}`synthesis.moderator.scale.pupil_slope` a step, exact p {num}`synthesis.moderator.scale.pupil_p`. On
#   the older scale places coded 2 are {num}`critical_mass.ordinal.difference` above those coded 1; with Washington, DC,
#   left out
#   {num}`critical_mass.ordinal_rest.difference` (p {num}`critical_mass.ordinal_rest.p`).
#
# Both results depend on Washington, DC. Of the places compared only it has the highest step in roles; its adjusted
# difference is
# {num}`synthesis.pupil.washington_dc.level`, and the others are between {num}`synthesis.pupil.chile.level` (Chile) and
# {num}`synthesis.pupil.london.level` (London). Washington, DC, also had a reform package in the same years, and part of its rise is what
# places that start low gain anyway ([its chapter](../cases/washington_dc.ipynb)). New Orleans, with the most complete record of posts, cannot be included at all: its series has no year before the hurricane. A search for combinations
# returns a formula that we [do not believe](../synthesis/coding.ipynb).
#
# The states and countries in which a programme began give many more places but do not help here. They have dates for the start of a programme ([what many places say](../synthesis/what_many_places_say.ipynb)). For none of them did anyone count, year by year, who led, in which post and for what.
#
# ## What can be answered, and what cannot
#
# | Question | Answer today |
# |---|---|
# | Do alumni reach leading posts? | Counted in some places; early and often compared with other teachers, but only in
# England. |
# | Do programme teachers teach well? | As well as others or somewhat better, mostly in mathematics. |
# | Do leaders matter for results? | Principals do, by studies elsewhere that disagree on how much; for alumni as leaders no result was found in the sources read. |
# | Do participants' views change? | In one programme, by strong studies and against a weaker one. |
# | Do leaders come from the communities they serve? | Teachers were counted in New Orleans, and came from there less often after than before; leaders were not counted. |
# | Do they pull the same way, and together? | Joint bodies are on record in some places; ties are measured in none. |
# | Which of the six goes with a shift of the system? | Cannot be answered from these places. |
#
# Each of three things alone would prevent an answer. The features are coded from sources that say more where a
# programme writes more. The readers had seen the outcomes. And {num}`synthesis.k` places, picked because people
# talk about them, cannot separate six features, or one feature from the city that has it.
#
# The lack of an answer is not evidence that characteristics do not matter. Models of tipping say that orientation
# and ties may matter more than numbers: with eight in ten pulling the same way the share needed rises from
# {num}`critical_mass.sim.half.complete` to {num}`critical_mass.sim.orientation.80` per cent in one of them
# ([critical mass](../synthesis/critical_mass.ipynb)). That is theory about models, and a reason to measure.
#
# ## What would change our mind
#
# - **A register.** For one system and ten years: who of the alumni and their allies teaches, leads a school or
#   holds office, by year, over all who do. Roles, scale and representation come from the same list if origin is
#   asked.
# - **Two questions in a yearly survey** of leaders in and outside the network: whom did you work with on what, and
#   what do you take to be the aim? That is network and orientation.
# - **Principals compared with principals**: schools that alumni came to lead at known dates, compared with similar
#   schools of the same city, as was done for Washington, DC's replaced principals {src}`SX_WALSH_2020`. A difference
#   there would be
#   the first measure of the strength of alumni as leaders.
# - **A second place with Washington, DC's codes** and a clean series before. If it differs clearly too, roles gain support;
#   if places with high codes stay ordinary, the pattern above was one city's.
# - **Alumni and heads by state and year.** Starts of many states are dated already; counts of leaders, with origin and post,
#   would turn them into a test of roles and representation.
# - Codes by human readers who have not seen the results.

# %% tags=["remove-cell"]
in_both = {item: set(read[(read["item"] == item) & (read["silent"] == 0)]["case_id"]) for item in labels}
holds(
    "Shared purpose is on record to both readings in Huari, Latvia and the Rio Grande Valley.",
    {"huari", "latvia", "rio_grande_valley"} <= in_both["orientation"],
)
across = read_results(opened.name, "synthesis")["results"]
holds(
    "The exact p of roles is its floor on either scale.",
    across["moderator.roles.p"]["value"] == across["moderator.roles.floor"]["value"],
    across["moderator.roles.pupil_p"]["value"] == across["moderator.roles.p"]["value"],
)
level = {
    case: across[f"pupil.{case}.level"]["value"]
    for case in ("huari", "london", "washington_dc", "chile", "latvia")
}
holds(
    "Adjusted for level Washington, DC, is highest, London next and Chile lowest.",
    sorted(level, key=level.__getitem__)[0] == "chile",
    sorted(level, key=level.__getitem__)[-2:] == ["london", "washington_dc"],
)
registry.save()
