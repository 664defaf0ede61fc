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
# The public record cannot say which characteristics matter. It counts people ({num}`scale.own` of
# the {num}`all.own` counts about the eight places) and, in a few, posts
# ({num}`roles.own`); on who the leaders are, what they want and how they are tied to one another it
# is nearly silent. Places where leaders hold more kinds of post stand further from comparison places, but that
# pattern is Washington, DC, and passes no exact test (p {num}`synthesis.moderator.roles.max_t_p` after looking at
# three features). Best supported are two statements about people rather than systems: that taking part goes with
# changed views (grade {num}`security.beliefs_shift.grade` of 5) and that alumni reach leading posts early and often
# (grade {num}`security.posts_reached.grade`).
# :::

# %% tags=["parameters"]
release = ""  # the newest

# %% tags=["remove-cell"]
from leadership_effects.data.joint_cases import cases_across, coding_across
from leadership_effects.data.provenance import rows_of
from leadership_effects.data.release import open_release
from leadership_effects.data.vocabulary import DIMENSIONS, ITEMS
from leadership_effects.evidence.readings import counts_by_place, own_counts, readings
from leadership_effects.report.charts import readings as drawn
from leadership_effects.report.charts.grades import place_names
from leadership_effects.report.figures import publish
from leadership_effects.report.numbers import COUNT
from leadership_effects.report.registry import Registry
from leadership_effects.report.tables import Table

opened = open_release(release)
registry = Registry(opened, "characteristics", "analysis/notebooks/answers/characteristics.py")
names = place_names(cases_across(opened), ())
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
        ("counts", len(rows), "Counts in the release for the eight places", rows),
        ("own", len(own), "Counts about the place itself, eight places", own),
        ("dated", own["dated"].sum(), "Counts about the place itself with a stated year", own[own["dated"]]),
        ("places", own["case_id"].nunique(), "Places with a count of their own", own),
    ):
        record(f"{item}.{key}", value, f"{meaning}: {item}.", "leadership", behind, own_counts)
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
# We have eight places, of which {num}`synthesis.k` bear a comparison with others, and a record that was not kept
# for this purpose. So this page does three things. It shows what is documented, what studies found, and what goes
# with a larger difference in pupils' results. It then says what cannot be answered.
#
# ## What is counted, and where
#
# The release holds {num}`all.counts` counts for the eight places, targets and shares included. Of
# these {num}`all.own` are about the place itself and not about a whole country around it, and
# {num}`all.dated` of them carry a year that the source states.

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
    title="What is counted, by dimension and place",
    caption=(
        "Counts of leaders in the release by dimension and place. In a dark cell: how many are about the place, and "
        "how many of these state their year. In a pale one: how many there are, all of them national. An empty cell "
        "is silence in the sources read."
    ),
    says=drawn.describe_cells(
        cells,
        list(labels),
        "The rows are the eight places, the columns six dimensions with the number of counts",
    ),
    data=cells,
)

# %% [markdown]
# Two columns hold nearly everything. Scale has a count in every place. Roles have one in
# {num}`roles.places`; Washington's chancellors stand among the
# [events](../cases/washington_dc.ipynb), not among the counts. Strength has none, because it is measured by
# studies. And a filled cell can promise too much: the {num}`representation.own` counts under
# representation are all of New Orleans and speak of its teachers, not of its leaders {src}`LF_077`; some are about
# years of experience {src}`LF_078`. Even for scale no place has more than {num}`critical_mass.longest` dated counts
# of the same thing, and Huari's families and communities were reached, which does not say that they lead
# {src}`LF_043`.
#
# A second view is the coding, in which two automated readings put each place on a scale from 0 to 3 for each
# dimension. They agree wherever both gave a code (alpha {num}`coding.alpha.dimension.both`), though no human has
# reviewed them and both had seen the results ([the coding](../synthesis/coding.ipynb)). The scale rewards what is
# documented: it measures the record as much as the leadership.

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
# principals of nearly {num}`new_orleans.share_of_schools_led_by_alumni` per cent of the open-enrolment schools {src}`LF_070`;
# late in 2011 {num}`new_orleans.alumni_in_top_posts` held top posts of the system {src}`D_NOLA_POSTS_2011`. In
# Washington {num}`washington_dc.alumni_share_of_principals` per cent of principals were alumni in 2015
# {src}`D_BELLWETHER_2015`, and two alumnae ran the schools {src}`LF_094, LF_095`. Delhi's
# {num}`delhi.alumni_in_influential_posts` in influential posts come without roles or dates {src}`LF_001`. That alumni reach such
# posts early and often has grade {num}`security.posts_reached.grade`: England alone was compared with other
# teachers {src}`LF_029, LF_033`. What they then did differently from other holders of the same posts was not found
# in the sources read.
#
# **Strength.** {num}`evaluations.direct.rows` findings look at pupils of programme teachers:
# {num}`evaluations.direct.positive` positive, {num}`evaluations.direct.null` null, between
# {num}`evaluations.direct.sd.low` and {num}`evaluations.direct.sd.high` standard deviations where given in that
# unit. Chile's one independent study finds no significant difference {src}`LF_118`; a trial in the United States
# finds a gain in mathematics and none in reading {src}`LF_012`. Grade {num}`security.pupils_gain_more.grade`. All
# of it is strength as a teacher. A measure of strength as a leader, of a school or an office, was not found for any
# place.
#
# **Orientation.** Two studies of applicants in the United States find that taking part goes with views closer to
# those of disadvantaged people {src}`LF_010` and with systemic explanations, though not with support for school
# choice or merit pay {src}`LF_011`: grade {num}`security.beliefs_shift.grade`, the best on this page. They speak of
# one programme's people one by one. Purpose *shared* with others is documented for Huari, by a project and an
# agreement with the local office {src}`LF_041`, and for Latvia by one reading only, in a rule changed together with
# the ministry {src}`LF_126`. Most people placed stay in education by the programmes' own counts, which have grade
# {num}`security.stay_in_education.grade`.
#
# **Representation.** The sharpest evidence is contrary. In New Orleans the Black share of teachers went from
# {num}`new_orleans.black_share_of_teachers_2004` to {num}`new_orleans.black_share_of_teachers_2014` per cent and the locally trained
# share from {num}`new_orleans.local_share_of_teachers_2005` to {num}`new_orleans.local_share_of_teachers_2014` in about ten years
# {src}`LF_077` in which the programme grew {src}`LF_067`. The city's schools were rebuilt in the same years, so
# whose doing the fall was cannot be read from it. These are teachers; who the leaders are was counted in none of
# the eight, as far as was found.
#
# **Network.** {num}`network.own` counts: municipalities that joined in Huari
# ({num}`huari.municipalities`) {src}`LF_043` and people at one gathering in London ({num}`london.people_at_gathering_2023`)
# {src}`LF_028`. The one survey of ties covers alumni in Peru as a whole: they work together widely, mostly along
# the lines of their cohort, and what they do together could not be seen {src}`LF_045`. Ties between alumni and
# others, which the deck names, are measured nowhere.
#
# **Scale.** The best counted and the least comparable: fellows, alumni, people ever placed, over teachers, schools
# or nothing. {num}`critical_mass.n_share` of the places that bear a comparison have a documented share. In
# Indianapolis pupils of programme teachers gained about {num}`evaluations.indianapolis_rand_peers_mathematics` percentile points
# in mathematics where five or more taught in the school, against {num}`evaluations.indianapolis_rand_mathematics` overall
# {src}`LF_087`: an association, grade {num}`security.peers_together.grade`.
#
# ## Silence as a finding
#
# Both readings found something on representation in {num}`representation.read` place, on
# orientation in {num}`orientation.read` and on network in {num}`network.read`.
# These are the three dimensions that make leadership *collective*: who it belongs to, whether it pulls one way, and
# whether it holds together. What is counted is what any programme counts about itself, its people and their posts.
# So the idea at the heart of the framework is the one that its own public record leaves unmeasured, in the eight
# places that were chosen because they are talked about.
#
# Silence is not absence. Networks may be strong in Delhi and shared purpose real in the Rio Grande Valley; nothing
# found in the sources read would show it.
#
# ## What goes with a larger difference
#
# Three features vary enough to be set against the differences of the {num}`synthesis.k` places that bear a
# comparison ([across the places](../synthesis/synthesis.ipynb)). The difference is counted in placebo standard
# deviations, the spread of places without the programme.
#
# - **Roles.** One step more goes with {num}`synthesis.moderator.roles.slope`; exact p
#   {num}`synthesis.moderator.roles.p`, {num}`synthesis.moderator.roles.max_t_p` for having looked at three
#   features. With so few places p could not have been below {num}`synthesis.moderator.roles.floor`.
# - **Scale.** {num}`synthesis.moderator.scale.slope`, exact p {num}`synthesis.moderator.scale.p`. Places coded 2
#   lie {num}`critical_mass.ordinal.difference` above those coded 1; with Washington left out
#   {num}`critical_mass.ordinal_rest.difference` (p {num}`critical_mass.ordinal_rest.p`).
# - **Breadth**, how many strategies are documented. {num}`synthesis.moderator.breadth.slope`, exact p
#   {num}`synthesis.moderator.breadth.p`: the more documented strategies, the smaller the difference. The deck would
#   lead one to expect the reverse {src}`LF_001`. It is a good reminder of what so few places can produce.
#
# Washington carries the first two. Of the places compared it alone has the highest step in roles; its difference is
# {num}`synthesis.washington_dc.effect`, and the others lie between {num}`synthesis.huari.effect` and
# {num}`synthesis.chile.effect`. Washington also had a reform package in the same years, and much of its rise runs
# on a line that began before ([its chapter](../cases/washington_dc.ipynb)). New Orleans, with the most complete
# record of posts, cannot enter at all: its series has no year before the hurricane. A search for combinations
# returns a formula that we [do not believe](../synthesis/coding.ipynb).
#
# ## What can be answered, and what cannot
#
# | Question | Answer today |
# |---|---|
# | Do alumni reach leading posts? | Counted in some places; early and often beside other teachers, in England alone. |
# | Do programme teachers teach well? | Mostly somewhat better than others in mathematics, not everywhere; nothing on them as leaders. |
# | Do participants' views change? | In one programme, by strong studies; what they do with them is not known. |
# | Do leaders come from the communities they serve? | Counted in New Orleans alone, and there less so after than before. |
# | Do they pull the same way, and together? | Not measured in any place. |
# | Which of the six goes with a shift of the system? | Cannot be answered from these places. |
#
# Three things would each be enough to stop an answer. The features are coded from a record that is fuller where a
# programme writes more. The readers had seen the outcomes. And {num}`synthesis.k` places, picked because people
# talk about them, cannot separate six features, nor one feature from the city that has it.
#
# That no answer follows is no evidence that characteristics do not matter. Models of tipping say that orientation
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
# - **Principals compared with principals**: schools that alumni came to lead at known dates beside like schools of
#   the same city. A difference there would be the first measure of strength as a leader.
# - **A second place with Washington's codes** and a clean series before. If it stands out too, roles gain support;
#   if places with high codes stay ordinary, the pattern above was one city's.
# - Codes by human readers who have not seen the results.

# %% tags=["remove-cell"]
registry.save()
