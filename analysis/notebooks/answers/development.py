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
# # How is it best developed?
#
# :::{admonition} In short
# :class: summary
# The question is how such leadership is best developed. The sources show which strategies are on record, and hardly
# ever what came of them. Recruiting and placing teachers is documented in {num}`recruit_place.both` of the {count}`places`
# places,
# each other strategy in at most {num}`most_other`. No place can be compared with a similar place that left a strategy
# out, so *best* has no answer here. Of four statements on development the best graded is that alumni reach leading
# posts, with grade {num}`security.posts_reached.grade` of 5.
#
# On **convening** no study that measures its effect was found in the sources read. Two coalitions of a place are on
# record: in Huari, with money, a cluster and a teachers' programme in the same years, and in the Rio Grande Valley,
# where others convened it.
# :::
#
# ```{added-places} note
# ```

# %% tags=["parameters"]
release = ""  # the newest

# %% tags=["remove-cell"]
import pandas as pd
from leadership_effects.counting import cardinal, taken_in, waiting_places
from leadership_effects.data.joint_cases import cases_across, coding_across, rows_across
from leadership_effects.data.provenance import rows_of
from leadership_effects.data.release import open_release
from leadership_effects.data.vocabulary import ITEMS, OTHER_PLACES, STRATEGIES
from leadership_effects.evidence.readings import first_dated, readings
from leadership_effects.report.charts import readings as drawn
from leadership_effects.report.charts.grades import place_names
from leadership_effects.report.descriptions import list_in_words
from leadership_effects.report.figures import publish
from leadership_effects.report.numbers import COUNT, TEXT, Unit, holds, row_names
from leadership_effects.report.registry import Registry, read_results
from leadership_effects.report.tables import Table

opened = open_release(release)
registry = Registry(opened, "development", "analysis/notebooks/answers/development.py")
names = place_names(cases_across(opened), ())
k = cardinal(len(names))
labels = {key: ITEMS[key].short or ITEMS[key].label for key in STRATEGIES}
coding = coding_across(opened).query("kind == 'strategy'")
events, leadership = opened.table("events"), opened.table("leadership").set_index("leadership_id")
dated = events[events["year_basis"] == "stated"]
read = readings(coding, "strategy")


def record(key, value, meaning, table, rows, function=""):
    behind = rows_of(opened, table, rows, f"{table}.csv: {len(rows)} rows")
    registry.numbers(rows=behind, function=function)(key, int(value), COUNT, meaning)


both_read = {}
for item, words in labels.items():
    codes, mine = coding[coding["item"] == item], read[read["item"] == item]
    both, one = mine[mine["silent"] == 0], mine[mine["silent"] > 0]
    own = dated[(dated["strategy"] == item) & dated["case_id"].isin(names)]
    both_read[item] = len(both)
    for key, found in (("both", both), ("one", one)):
        behind = codes[codes["case_id"].isin(found["case_id"])]
        meaning = f"Places in which {key} of the two readings found: {words}."
        record(f"{item}.{key}", len(found), meaning, "coding", behind, readings)
    meaning = f"Events of the {k} places with a stated year: {words}."
    record(f"{item}.events", len(own), meaning, "events", own)
    if item == "alumni_pathways":
        where = list_in_words([names[case] for case in names if case in set(both["case_id"])])
        behind = rows_of(opened, "coding", codes, f"coding.csv: {len(codes)} rows")
        meaning = f"Places in which both readings found: {words}."
        registry.numbers(rows=behind, function=readings)(f"{item}.where", where, TEXT, meaning)
others = {item: n for item, n in both_read.items() if item != "recruit_place"}
meaning = "Most places in which both readings found one strategy, recruiting and placing apart."
codes = coding[coding["item"].isin(others)]
record("most_other", max(others.values()), meaning, "coding", codes, readings)

# %% [markdown]
# ## Seven strategies, place by place
#
# The deck speaks of common approaches and does not list them in its text {src}`LF_001`. The list is
# [ours](../framework.md): recruit and place teachers, cluster them, open pathways for alumni, develop serving
# teachers and principals, develop student leadership, convene partners, change rules with government.

# %%
years = first_dated(dated, "strategy")
cells = drawn.cells(
    read.assign(
        level=read["silent"].gt(0).map({True: "one reading", False: "both readings"}),
        text=[str(years.get(pair, "")) for pair in zip(read["case_id"], read["item"], strict=True)],
    ),
    names,
    labels,
)
publish(
    registry,
    "strategies",
    drawn.grid(cells, list(names.values()), list(labels.values()), ("both readings", "one reading")),
    title=(
        f"{len(cells)} of {len(names) * len(labels)} pairs of place and strategy are documented, "
        f"{int((read['silent'] > 0).sum())} of them to one reading only"
    ),
    subtitle=f"Strategies that one of two readings or both found documented, {k} places, with the first year a source states",
    caption=(
        "Strategies that both readings or one of them found documented, with the first year that a source states for an event "
        "of that kind. The strategy map counts what both found or an event names. A filled cell without a year is documented and undated; an empty one means nothing was found, not that it is absent."
    ),
    says=drawn.describe_cells(
        cells,
        list(labels.values()),
        f"The rows are the {k} places, the columns seven strategies with the first stated year",
    ),
    data=cells,
)

# %% [markdown]
# The readings agree on nearly every cell. Only one value was ever given, *documented*, so no measure of agreement can be [worked out](../synthesis/coding.ipynb). In {num}`coding.silent.strategy` per cent of the cells neither reading found anything. The list of sources is known to be incomplete: in the last release Delhi, New Orleans, Washington, DC, and the Rio Grande
# Valley showed recruiting alone, and each shows more now. Huari, with {num}`huari.fellows` fellows, is the fullest.
#
# ## Strategy by strategy
#
# **Recruit and place.** Documented everywhere, and the strategy most studied. Pupils of programme teachers gain
# more than others' in {num}`security.pupils_gain_more.supports` bodies of evidence; findings of no difference that were
# read without an interval can neither show nor rule out a gain, and do not count. The grade is
# {num}`security.pupils_gain_more.grade`, and
# {num}`security.pupils_gain_more.voting_grade` if they spoke against it ([published
# findings](../synthesis/evaluations.ipynb)). That is about the teaching of a few years. Whether it develops leaders is another question, answered so far only by counts of posts. Whether a whole system moves where this strategy begins can be asked of the many states and countries that took a programme. Their adjusted average changes are {num}`states.estimate.adjusted`
# ({num}`states.estimate.adjusted.low` to {num}`states.estimate.adjusted.high`) and {num}`countries.estimate.adjusted`
# ({num}`countries.estimate.adjusted.low` to {num}`countries.estimate.adjusted.high`) pupil standard deviations; the verdict on
# {num}`synthesis.pupil.interest.system` is, among states: {num}`states.verdict.smallest`; among countries:
# {num}`countries.verdict.smallest`. Their teachers are too few to move such a mean by their own classes, so this is about what
# may follow from them ([what many places say](../synthesis/what_many_places_say.ipynb)).
#
# **Cluster.** Huari since 2017, in {num}`huari.districts` districts of one education office {src}`LF_043`.
# London by history: until 2006 the programme was nowhere else {src}`UK_TF_HISTORY`. What followed: Huari's reading
# moved by {num}`huari.reading.att` percentage points beyond the rest of Ancash and its mathematics by
# {num}`huari.maths.att`, where only {num}`huari.reading.mde` and {num}`huari.maths.mde` would have been clear of
# chance; London {num}`london.finding`. In Indianapolis more peers in a school go with larger gains {src}`LF_087`,
# and schools with many such teachers may differ in other ways. Miami-Dade is the closest to a test. Teach For America put
# people into the same schools on purpose; mathematics rose in several of them, and the classes of other teachers
# gained nothing that could be found {src}`SX_HANSEN_2018`. Grade {num}`security.peers_together.grade`. Chile's partner
# did the opposite, over eleven regions {src}`LF_117`, and no one has compared the two ways.
#
# **Alumni pathways.** Both readings find moves of alumni into leading posts in {num}`alumni_pathways.both` places:
# {num}`alumni_pathways.where`. None of these accounts describes a
# *route*, so what is on record is where people arrived. England has a comparison: programme teachers who stayed reached
# senior
# posts at over seven times the rate of university-trained peers {src}`LF_029`, and a second study points the same way
# {src}`LF_033`. In the United States Teach For America was the most frequent earlier employer of founders of well-known
# education organisations {src}`SX_HIGGINS_2011`; two of its corps members founded the Rio Grande Valley's charter network
# {src}`SN_IDEA_2020`. Grade {num}`security.posts_reached.grade`. People who apply to such a programme may have sought
# such posts anyway. The counts are in [the leaders, counted](../synthesis/leaders.ipynb).
#
# **Develop serving teachers and principals.** Huari, from 2018 {src}`LF_044`, {num}`huari.serving_teachers` teachers
# by 2021 {src}`LF_043`; in 2020 modules with the ministry across the country {src}`SN_REVISTA_2020`. Chile, a programme
# for school leadership from 2018 {src}`LF_116`, its reach not found. Only Huari can be looked at, with the figures
# above: a difference of ordinary size could not have been detected there, so its result is not evidence against the
# strategy. In England
# a programme of leadership for whole schools, in which Teach First took part, showed no better results
# {src}`SX_EEF_AT`, and staff of another saw improvement {src}`SX_NFER_2022`. Elsewhere districts that built pipelines of
# principals did better than similar districts {src}`SX_RAND_2019`, and trials of training disagree
# {src}`SX_CAVALCANTI_2025, SX_MALAWI_2024, SX_ROMERO_2022, SX_JACOB_2015`; [what leaders add](../synthesis/what_leaders_add.ipynb) compares them. Grade {num}`security.serving_teachers.grade`.
#
# **Student leadership.** Named as one of four levers in 2014 {src}`LF_008`. Found documented in
# {num}`student_leadership.both` of the {count}`places` places, and no study of it is in the release.
#
# **Change rules.** Latvia: entry to teaching, at the end of 2014, with the ministry {src}`LF_126`. What followed:
# Latvia's gap to other countries in mathematics, counted from 2006, was {num}`latvia.mathematics.event.2012` PISA
# points in 2012, {num}`latvia.mathematics.event.2015` in 2015 and {num}`latvia.mathematics.event.2018` in 2018; in
# {num}`latvia.mathematics.event_outside` of the years after the start it is beyond what single countries show.
# The entrants are known in part: {num}`latvia.pilot_trainees` trainees in the two-year pilot {src}`SN_NEWTT_LATVIA`,
# {num}`latvia.macitspeks_chosen_2021` chosen in 2021 for Mācītspēks, the joint programme with the university
# {src}`SN_DELFI_2021`. It filled {num}`latvia.macitspeks_vacancies_filled` per cent of the vacancies named in two years,
# and then ministry and university ended the work with the organisation {src}`SN_TVNET_MACITSPEKS`. So few entrants
# could not have moved a national mean by an amount that can be detected.
#
# Washington, DC, is the second place in which sources name the programme's people in a change of rules. An alumna shaped
# the evaluation of staff as deputy, and revised it as chancellor, along with a new contract
# {src}`SN_DCPS_2010_IMPACT, SN_DCPS_2012_IMPACT`. Teachers near its thresholds left or improved {src}`SX_DEE_2015`. What
# another chancellor would have done is not known. Grade {num}`security.rules_changed.grade`.
#
# **All together.** We cannot say here whether several strategies at once do more than one: the number documented
# depends on how much was read about a place.
#
# ## Convening, looked at closely
#
# The deck announces a "deep-dive into 'convening'" as research to come {src}`LF_001`. A publication of it was not
# found in the sources read. This section says what can be said without it. What else the deck announces for
# development, its fellowships and circles among them, is discussed in [the deck, item by item](../synthesis/deck.ipynb).
#
# ### What it is said to do
#
# The deck does not explain the word. The network's other pages give the idea behind it: leadership becomes
# collective where a vision is made together and there are spaces and structures to work together {src}`LF_006`, and
# most is achieved in deep partnership with communities {src}`LF_022`. Put as a chain (**ours**): someone with
# standing invites people of different organisations; they agree on an aim; they do things that none would have done
# alone; pupils learn more. Each link can hold or fail by itself, and only the first is easy to see.
#
# The word covers three different acts (**ours**): bringing *partners of one place* to a common task; gathering
# *one's own alumni*; bringing *staff and alumni of many countries* together to learn. The first is the strategy of
# the framework. The other two may feed it.
#
# ### Every documented case
#
# The release holds {num}`convene.all` dated events in which the network or its people convened, {num}`convene.events` of
# them in the {count}`places` places, and one coalition that others convened. The last column is ours: it says what came of it by
# the sources read.

# %% tags=["remove-cell"]
# The table is written by hand, so events of places outside the counts wait for it as their places do.
waiting = waiting_places(opened.plan)
convened = dated[(dated["strategy"] == "convene") & ~dated["case_id"].isin(waiting)]
convened = convened.sort_values(["year", "event_id"])
followed = {
    "huari-event-02": (
        "partners of a place",
        "the project runs from the next year; a programme for serving teachers is added",
    ),
    "huari-event-03": (
        "partners of a place",
        "further firms join, municipalities by 2021; a first internal measurement, unpublished",
    ),
    "london-event-06": ("own alumni", "not found"),
    "pune-event-02": ("alumni of many countries", "a community of practice; what it led to was not found"),
    "network-event-01": (
        "people of many countries",
        "four levers named; what was done with them was not found",
    ),
    "network-event-02": (
        "people of many countries",
        "the lab; when its three questions were set is not known",
    ),
    "network-event-03": ("people of many countries", "not found"),
    "network-event-05": (
        "people of many countries",
        "the deck of 2023 reports it; what came of it was not found",
    ),
}
# Of an event of a place that was taken in, its own chapter tells what the table cannot.
joined = convened["case_id"].isin(taken_in(opened.plan)) & ~convened["event_id"].isin(followed)
followed |= dict.fromkeys(convened.loc[joined, "event_id"], ("not sorted here", "told in its chapter"))
OTHERS = "rio-grande-valley-event-08"
if set(followed) != set(convened["event_id"]):
    raise ValueError(
        f"the release's convenings are {', '.join(convened['event_id'])}; the table tells others"
    )
meaning = "Events of convening in the release with a stated year."
record("convene.all", len(convened), meaning, "events", convened)
gathered = {
    "network-04": "network_partners_in_fellowship",
    "network-05": "network_leaders_whose_learning_was_drawn",
    "network-06": "network_people_at_convening_2019",
    "pune-07": "pune_alumni_at_meeting_2016",
}
for key, name in row_names("leadership", leadership.loc[list(gathered)].reset_index(), gathered).items():
    row = leadership.loc[[key]].reset_index()
    rows, meaning = rows_of(opened, "leadership", row), f"{row.at[0, 'measure']} ({row.at[0, 'case_id']})."
    counted = registry.numbers(rows=rows, function="leadership.csv")
    counted(name, float(row.at[0, "value"]), Unit(row.at[0, "unit"], 0), meaning)
studies = rows_across(opened, "evaluations")
told = studies[["study", "treated", "outcome", "statement"]].fillna("").agg(" ".join, axis=1).str.lower()
for key, pattern, words in (
    ("convene", "convening|coalition|collective impact", "convening, a coalition or collective impact"),
    ("student_leadership", "student lead", "student leadership"),
):
    about = studies[told.str.contains(pattern)]
    meaning = f"Findings of published studies that speak of {words}."
    record(f"{key}.studies", len(about), meaning, "evaluations", about)

# %%
everywhere = names | OTHER_PLACES | {"network": "The network"}
shown = pd.concat([convened, dated[dated["event_id"] == OTHERS]]).sort_values(["year", "event_id"])
followed[OTHERS] = (
    "partners of a place, convened by others",
    "what came of it, compared with places without one, was not found",
)
Table(
    pd.DataFrame(
        {
            "where": shown["case_id"].map(everywhere),
            "year": shown["year"].astype(int).astype(str),
            "what": shown["statement"],
            "kind (ours)": [followed[key][0] for key in shown["event_id"]],
            "what came of it, in the sources read": [followed[key][1] for key in shown["event_id"]],
            "source": shown["source_id"],
        }
    ),
    "Documented convenings of the network and its people, and one coalition convened by others",
)

# %% [markdown]
# **Huari** is the one coalition of a place that the programme convened. In 2016 the partner, the mining company Antamina and Toronja conceived
# a project, and the local education office joined by agreement {src}`LF_041`. In 2017 a coalition with further
# firms was launched {src}`LF_042`, and the project began to run {src}`LF_043`. Schools asked to renew in 2018 and a
# programme for serving teachers was added, by the funder's account {src}`LF_044`. By 2021 the project counted
# {num}`huari.municipalities` municipalities, {num}`huari.schools` schools and {num}`huari.communities`
# communities {src}`LF_043`. So people did meet, agree and act, by their own account. What each brought, who came how
# often, and what was decided that would not have been decided otherwise was not found. Results in the province
# afterwards are those above: they do not differ clearly, and could have done so only if the change had been very large.
#
# **A coalition that others convened.** In the Rio Grande Valley (RGV) there is
# RGV FOCUS, a coalition of superintendents and college presidents of the four counties; its leadership team has met
# since May 2012 {src}`SN_EDTX_HISTORY`. It is the kind of coalition that the deck describes, but no source read names
# the programme among those who made it. The Rio Grande Valley's degrees had been
# rising before at much the same pace ([its chapter](../cases/rio_grande_valley.ipynb)).
#
# **London**, July 2023: around {num}`london.people_at_gathering_2023` alumni, members and families {src}`LF_028`. Neither
# current reading counts it as convening, since partners from outside are not named; one of the earlier ones did. The
# series of this book end before it.
#
# **Pune and the network.** {num}`pune_alumni_at_meeting_2016` alumni of ten partners met in Pune in 2016
# {src}`LF_064`; {num}`network_people_at_convening_2019` people from fifteen countries in Northampton in 2019
# {src}`LF_007`; senior teams of {num}`network_partners_in_fellowship` partners took part in a fellowship by 2023
# {src}`LF_001`. These are counts of people in a room.
#
# Not counted by both readings: Latvia's joint programme with ministry and university and the European pilot that its
# partner joined {src}`LF_126, SN_TVNET_MACITSPEKS`, which one of them takes for convening. Not counted at all: a
# corporate partnership in New Orleans {src}`LF_071`, named without a purpose; Washington, DC's common lottery, run together
# by the deputy mayor, the district and the charter schools {src}`SN_INFORMER_2014`, a joint body of the system's own;
# and in Delhi organisations that alumni founded {src}`SN_INDIATODAY_2019`, which are new structures.
#
# ### What studies say
#
# Of {num}`evaluations.rows` findings in the release {num}`convene.studies` are about a convening, a
# coalition or collective impact. The closest are three by RAND. A survey finds that alumni in Peru work together
# widely, within cohorts; it could not show on what {src}`LF_045`. A study of two partners that shared a teaching
# approach looks at how it was put in place, not at effects {src}`LF_016`. A closing evaluation of the funder's
# programme that included the network finds that partners generally missed their boldest goals {src}`LF_015`; the
# same foundation paid for the lab {src}`LF_006`.
#
# Outside the network, two studies of *collective impact*, a named form of convening, were looked for and found, and
# read as web pages about them. One looks across 25 initiatives in the United States and Canada
# {cite:p}`orsspark2018`. They were nominated as good examples and screened from over 150 for having moved outcomes:
# it can show what success stories have in common, but not whether convening makes success more likely. The other
# followed a network of education partnerships for three years, surveyed more than 4,000 members and partners, and
# went into ten communities; its notice says that the approach works {cite:p}`strivetogether`. The notice mentions
# no communities without it. No comparison of convened places with similar places that were not convened was found in
# the sources read. Inside schools, leadership shared by many {src}`SX_LM_2008, SX_HH_2010` and ties between teachers
# {src}`SX_PIL_2009` go with better results, in surveys in which good schools may also be easier to share.
#
# ### The rival explanations
#
# 1. **The willing are convened.** Those who come to the table are already moving. A rise afterwards would have come anyway.
# 2. **It is the money.** Several of the partners named in Huari are firms
#    {src}`LF_041`. What money bought would work, or fail,
#    without a meeting.
# 3. **It is what came with it.** Fellows in a cluster, training for serving teachers and the coalition share a
#    place and about two years. No result can separate them.
# 4. **Only the successful ones are reported.** A coalition that met twice and dissolved leaves no page.
#
# ### What a test would need
#
# Huari could provide a test at little cost. If the municipalities joined in different years, and these years and the
# names of the project's districts were public, districts that had joined could be compared with those that had not yet,
# among {num}`huari.districts_treated` districts of the province and {num}`huari.districts_others` others, in
# results that the ministry already publishes. It would need the same for fellows and money, so that convening could
# vary while they do not.
#
# Across places a test needs a rule for what counts as convening, written first; a list of places where it was
# begun, with years, *and of places where it was planned and not begun*; who came, what was agreed and who did it;
# and results for five years before. One place alone would show only large differences: the {num}`synthesis.k` compared
# here find from
# {num}`synthesis.pupil.washington_dc.mde` (Washington, DC) to {num}`synthesis.pupil.huari.mde` (Huari) pupil standard deviations
# four times in five. Many places that begin at different dates can show smaller ones: {num}`states.places.treated`
# states that took a programme, compared with {num}`states.places.never` that did not, can show an average change of
# {num}`states.see.mde`. Convening that works
# slowly would need more places than a deep-dive usually visits, and dates.
#
# ## What would change our mind
#
# - **On convening, towards it:** districts or cities that began it at different times, each rising after its own start
#   and not before, compared with similar places with the same money and no coalition. **Away from it:** the same rise
#   where money came without one, or coalitions that met as planned and nothing moved.
# - **On clustering:** schools given several fellows and schools given one, by lot where there are more schools than
#   fellows, with the classes of other teachers looked at as in Miami {src}`SX_HANSEN_2018`.
# - **On pathways:** applicants just above and just below the line of admission, followed to their posts, as was
#   done for beliefs {src}`LF_010`.
# - **On rules:** how many entered by Latvia's new route in every year, and where they teach.
# - **On all:** the network's own list of approaches, instead of ours, with the place and the year in which each began.

# %% tags=["remove-cell"]
rules = set(read[(read["item"] == "change_rules") & (read["silent"] == 0)]["case_id"])
holds("Latvia and Washington, DC, changed rules to both readings.", {"latvia", "washington_dc"} <= rules)
across = read_results(opened.name, "synthesis")["results"]
seen = {
    case: across[f"pupil.{case}.mde"]["value"]
    for case in ("huari", "london", "washington_dc", "chile", "latvia")
}
holds(
    "Of the places compared Washington, DC, could have shown the smallest difference and Huari the largest alone.",
    seen["washington_dc"] == min(seen.values()),
    seen["huari"] == max(seen.values()),
)
registry.save()
