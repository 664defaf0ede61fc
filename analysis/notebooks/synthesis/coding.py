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
# # What the coding can bear
#
# :::{admonition} In short
# :class: summary
# Two automated readings coded the eight places by one rubric. In {num}`silent.all` per cent of the cells
# both found the record silent. Where both gave a code they agreed on every dimension
# ({num}`cells.dimension.both` cells) and every verdict ({num}`cells.outcome.both`), and poorly on the
# leverage points (alpha {num}`alpha.leverage.both`, {num}`cells.leverage.both` cells). For the
# strategies agreement cannot be worked out: one value only was ever given. A search for combinations of roles,
# scale and breadth returns a tidy formula, and we do not believe it. It says that fewer documented strategies go
# with larger gains, it rests on {num}`table.members` places in one country, one contrary place gives it its
# shape, and {num}`shuffle.solved` of {num}`shuffle.orders` ways of handing the same outcomes to the
# places also give a formula. No human coder has reviewed the codes.
# :::

# %% tags=["parameters"]
release = ""  # the newest

# %% tags=["remove-cell"]
from dataclasses import replace

import numpy as np
import pandas as pd
from leadership_effects.data.joint_cases import cases_across, coding_across
from leadership_effects.data.provenance import rows_of
from leadership_effects.data.release import open_release
from leadership_effects.report.charts import coding as charts_coding
from leadership_effects.report.figures import publish
from leadership_effects.report.numbers import COUNT, PER_CENT, SHARE, TEXT, format_number
from leadership_effects.report.registry import Registry
from leadership_effects.report.tables import Table
from leadership_effects.rounding import is_above
from leadership_effects.synthesis import minimise, qca
from leadership_effects.synthesis.reliability import Agreement, exact_share, krippendorff_alpha

opened = open_release(release)
registry = Registry(opened, "coding", "analysis/notebooks/synthesis/coding.py")
cases = cases_across(opened).set_index("case_id")
place = cases["title"].str.split(",").str[0]
coding = coding_across(opened)
rows = replace(rows_of(opened, "coding", coding, "coding.csv"), sources=("LF_001",))
kinds = {
    "dimension": "dimensions",
    "strategy": "strategies",
    "leverage": "leverage points",
    "outcome": "verdicts",
}
wide = coding.pivot(index=["kind", "item", "case_id"], columns="coder", values="code").astype(float)
READINGS = dict(zip(("both", "one", "none"), charts_coding.READ, strict=True))


def by(function, group=""):
    """Recorder of what a function computed from the codes."""
    return registry.numbers(group, rows=rows, function=function)


def number(value, digits=2):
    return "undefined" if value is None else format_number(value, digits)


def span(ends, digits=2):
    return "" if ends is None else " to ".join(format_number(end, digits) for end in ends)


# %% [markdown]
# ## Who read what
#
# For each place the same questions were put to the same notes: six dimensions of collective leadership, seven
# strategies, six kinds of leverage point and one verdict on the public results. A code needs a place in the notes
# and a reason. Where the notes say nothing the cell is empty and never zero.
#
# Both readings were made by machine. They did not see each other's codes; in that sense alone they are independent.
# They had seen the outcome figures, so they are **not blind**: a reader who knows that results rose may find
# stronger leadership. Two machine readings of one text with one rubric can also share a blind spot, and no
# agreement measure can show that. **No human coder has reviewed them.**
#
# Both worked from one written rubric. It is the table `rubric` of the release, and the data check
# refuses a code that it does not hold.

# %%
rubric = opened.table("rubric")
rubric["meaning"] = rubric["code"].astype(str) + ": " + rubric["meaning"]
meanings = rubric.groupby(["kind", "item"], sort=False)["meaning"].agg(" ".join).reset_index()
alike = meanings.groupby(["kind", "meaning"], sort=False)["item"].agg(["first", "size"]).reset_index()
named = [
    first if size == 1 else f"each of {size} {kinds[kind]}"
    for kind, first, size in alike[["kind", "first", "size"]].itertuples(index=False)
]
Table(
    pd.DataFrame({"item": named, "codes": alike["meaning"]}),
    "When each code is given; a code is left empty where the evidence is silent",
)

# %% [markdown]
# ## Profiles and silence
#
# There are {num}`cells` cells besides the verdicts. Both readings gave a code in {num}`read.both` of
# them, one alone in {num}`read.one`, neither in {num}`read.none`. Read by both in every place:
# {num}`items.always_names`. Found in no place by either: {num}`items.never_names`. The silent share
# is {num}`silent.dimension` per cent for the dimensions, {num}`silent.strategy` for the strategies
# and {num}`silent.leverage` for the leverage points.

# %%
given = wide.notna().sum(axis=1)
status = given.map({2: charts_coding.READ[0], 1: charts_coding.READ[1], 0: charts_coding.READ[2]}).rename(
    "status"
)
profile = status[wide.index.get_level_values("kind") != "outcome"]
counts = profile.groupby(["kind", "item"]).value_counts().unstack(fill_value=0)[list(charts_coding.READ)]
counts["rank"] = counts.index.get_level_values("kind").map(list(kinds).index)
counts = counts.sort_values(["rank", *charts_coding.READ[:2]], ascending=[True, False, False]).drop(
    columns="rank"
)
printed = {item: item.replace("recruit_", "recruit and ").replace("_", " ") for _, item in counts.index}
labels = [f"{printed[item]} ({kind})" for kind, item in counts.index]
silence = (
    counts.assign(item=labels)
    .reset_index(drop=True)
    .melt("item", var_name="status", value_name="places")
    .query("places > 0")
)
silence["item"] = pd.Categorical(silence["item"], labels)
silence = silence.sort_values(["item", "status"]).astype({"item": str, "status": str}).reset_index(drop=True)
never = [printed[item] for (_, item), n in counts[charts_coding.READ[2]].items() if n == len(cases)]
everywhere = [printed[item] for (_, item), n in counts[charts_coding.READ[0]].items() if n == len(cases)]
record = registry.numbers(rows=rows)
record("cells", len(profile), COUNT, "Cells of place by item, verdicts apart.")
seen = {name: int((profile == status).sum()) for name, status in READINGS.items()}
record.each("read.{}", seen, COUNT, "Cells with a code from {}, verdicts apart.", names=READINGS)
silent = profile == READINGS["none"]
meaning = "Share of cells on which both readings are silent, verdicts apart."
record("silent.all", 100 * float(silent.mean()), PER_CENT.to(0), meaning)
shares = {kind: 100 * float(silent.loc[kind].mean()) for kind in ("dimension", "strategy", "leverage")}
record.each("silent.{}", shares, PER_CENT.to(0), "Share of cells silent to both readings, {}.", names=kinds)
of_item = silent.groupby("item").sum()[["orientation", "representation", "network"]]
record.each("silent_places.{}", of_item, COUNT, "Places in which both readings are silent on {}.")
meaning = "Items on which both readings are silent in every place."
record("items.never_names", ", ".join(never), TEXT.to(0), meaning)
meaning = "Items with a code from both readings in every place."
record("items.always_names", ", ".join(everywhere), TEXT.to(0), meaning)
record("places", len(cases), COUNT, "Places coded.")
publish(
    registry,
    "silence",
    charts_coding.silence(silence),
    caption="How many of the eight places each item could be read in. Grey is silence, not absence.",
    says=(
        f"The rows are {len(labels)} items, counted over {len(cases)} places. Read in every place by both readings: "
        f"{', '.join(everywhere)}. Silent everywhere: {', '.join(never)}. "
        f"Of {len(profile)} cells {registry.text('read.none')} are silent to both."
    ),
    data=silence,
)

# %% [markdown]
# ## Do the readings agree?
#
# Krippendorff's alpha compares the disagreement found with what chance would give from the same codes
# {cite:p}`krippendorff2011`. One is perfect, zero is chance; 0.8 is commonly called good and 0.667 tentative. We
# give it twice: over the cells that both coded, at the level of measurement of the code, and over all cells with
# silence as a category of its own. The interval is from resampling cells with a fixed seed; the table has a second
# one from resampling whole places, since cells of one place are not independent.


# %%
levels = {"dimension": "ordinal", "strategy": "nominal", "leverage": "ordinal", "outcome": "ordinal"}
SAMPLES, bootstrap = 10_000, "95 % bootstrap interval over cells"


def agree(kind, silence_counts, by_place=False) -> Agreement:
    codes = wide.loc[kind]
    groups = codes.index.get_level_values("case_id").to_numpy() if by_place else None
    if silence_counts:
        return krippendorff_alpha(codes.fillna(-1).to_numpy().T, "nominal", samples=SAMPLES, groups=groups)
    return krippendorff_alpha(codes.to_numpy().T, levels[kind], samples=SAMPLES, groups=groups)


drawn, table, record = [], [], by(krippendorff_alpha)
for kind, words in kinds.items():
    for name, silence_counts in (("both", False), ("silence", True)):
        found, places = agree(kind, silence_counts), agree(kind, silence_counts, by_place=True)
        over = "silence counted" if silence_counts else "both coded"
        alpha, meaning = number(None) if found.alpha is None else found.alpha, f"for {words}, {over}."
        interval = {"interval": found.interval, "interval_kind": bootstrap if found.interval else ""}
        record(f"alpha.{kind}.{name}", alpha, SHARE, f"Krippendorff's alpha {meaning}", **interval)
        record(f"cells.{kind}.{name}", found.n_units, COUNT, f"Cells compared {meaning}")
        record(f"differ.{kind}.{name}", found.n_disagreeing, COUNT, f"Cells that differ {meaning}")
        meaning = f"Bootstrap samples of {SAMPLES:,} in which alpha is undefined {meaning}"
        record(f"undefined.{kind}.{name}", found.n_undefined, COUNT, meaning)
        low, high = found.interval or (np.nan, np.nan)
        drawn.append({"label": f"{words}, {over}", "alpha": found.alpha, "low": low, "high": high})
        exact = exact_share(found.n_disagreeing, found.n_units)
        table.append(
            {
                "codes": f"{words}, {over}",
                "level": found.level,
                "cells": found.n_units,
                "differ": found.n_disagreeing,
                "share that differs, exact 95 %": span((100 * exact[0], 100 * exact[1]), 0) + " %",
                "alpha": number(found.alpha),
                "95 %, cells": span(found.interval),
                "95 %, places": span(places.interval),
                "samples undefined": found.n_undefined,
            }
        )
record("samples", SAMPLES, COUNT, "Bootstrap samples behind each interval.")
drawn = pd.DataFrame(drawn).astype({"alpha": float})
undefined = drawn[drawn["alpha"].isna()]["label"]
publish(
    registry,
    "agreement",
    charts_coding.agreement(drawn),
    caption=(
        "Agreement of the two readings, with 95 per cent bootstrap intervals over cells. "
        "The dashed lines stand at 0.667 and 0.8."
    ),
    says=(
        f"Each of {len(drawn)} rows is a set of codes. Lowest alpha: {drawn.loc[drawn['alpha'].idxmin(), 'label']}, "
        f"{drawn['alpha'].min():.2f}. Undefined: {', '.join(undefined)}. At one: "
        f"{'; '.join(drawn.loc[drawn['alpha'] > 1 - 1e-9, 'label'])}."
    ),
    data=drawn.round(3),
)

# %%
Table(pd.DataFrame(table), f"Krippendorff's alpha by kind of item, {SAMPLES:,} bootstrap samples")

# %% [markdown]
# How to read it:
#
# - **Strategies, both coded: undefined.** All {num}`cells.strategy.both` cells hold the same code,
#   *documented*. With one value there is no chance agreement to compare with. That is no perfect score; it is no
#   score.
# - **Dimensions and verdicts, both coded: one.** No disagreement in {num}`cells.dimension.both` and
#   {num}`cells.outcome.both` cells. An interval from 1 to 1 is not certainty: no resample can hold a
#   disagreement that the data lack. The exact interval for the share that differs says it better. For the verdicts,
#   on so few places, {num}`undefined.outcome.both` of {num}`samples` resamples hold one value only.
# - **Leverage points: poor.** {num}`differ.leverage.both` of {num}`cells.leverage.both` differ, alpha
#   {num}`alpha.leverage.both`, and the interval takes in chance. Nothing in this book should rest on the
#   strength of a leverage point.
# - **Silence counted:** {num}`alpha.dimension.silence` for dimensions, {num}`alpha.strategy.silence`
#   for strategies, {num}`alpha.leverage.silence` for leverage points. Much of this is agreement that nothing
#   is there.
#
# ## Where they differ
#
# All {num}`differ.all` disagreements. In {num}`differ.coded` both gave a code and the codes differ,
# each time on resources: is a supply of teachers whose weight in the system is unknown a documented change or part
# of one? In the other {num}`differ.silent` one reading found enough for a code and the other did not.


# %%
def code_text(code):
    return "silent" if pd.isna(code) else str(int(code))


different = wide[wide.fillna(-1)["A"] != wide.fillna(-1)["B"]]
reason = coding.set_index(["kind", "item", "case_id", "coder"])["reason"]
listed = pd.DataFrame(
    [
        {
            "item": printed[item],
            "kind": kind,
            "place": place[case],
            "code A": code_text(codes["A"]),
            "reason A": reason[kind, item, case, "A"],
            "code B": code_text(codes["B"]),
            "reason B": reason[kind, item, case, "B"],
        }
        for (kind, item, case), codes in different.iterrows()
    ]
)
both = different.dropna()
differ = {
    "all": (len(different), "Cells on which the readings differ, silence counted."),
    "coded": (len(both), "Cells on which both gave a code and the codes differ."),
    "silent": (len(different) - len(both), "Cells on which one reading alone gave a code."),
}
registry.numbers("differ", rows=rows).many(COUNT, differ)
Table(listed, "Every cell on which the two readings differ")

# %% [markdown]
# ## Combinations: from codes to sets
#
# Perhaps no single feature goes with gains and a combination does. Qualitative comparative analysis (QCA) looks
# for that {cite:p}`ragin2008`. With {num}`places` places three conditions are the most that can be looked
# at, and the codes leave little choice. We took *roles*, *scale* and the *breadth* of documented strategies, and
# as the outcome the coded verdict. Strength was left out, since no place is coded above 1 and Latvia is silent.
# Orientation is silent to both readings in {num}`silent_places.orientation` places, representation in
# {num}`silent_places.representation` and network in {num}`silent_places.network`. The choice, the
# anchors and the cut-offs stand in the plan of the release. They were dated 2026-11-25, after codes and results
# were known: this is a description, not a test.
#
# Each code becomes a degree of membership in a set by three anchors. Fully out maps to log-odds of −3, the
# crossover to 0, fully in to +3. This is Ragin's convention; the R package QCA uses ±2.94, which can change the
# second decimal.

# %%
plan = qca.qca_plan(opened)
sets = (*plan.conditions, plan.outcome)
names = [one.name for one in plan.conditions]
expected = [one.expected for one in plan.conditions]
raw = pd.concat([qca.raw_codes(coding, one) for one in sets], axis=1).loc[list(cases.index)]
whole = raw.dropna()
ids = list(whole.index)
degrees = {one.name: qca.calibrate(whole[one.name].to_numpy(), one.anchors, plan.log_odds) for one in sets}
x, y = np.column_stack([degrees[name] for name in names]), degrees["outcome"]
inside = qca.truth_table(x, y, names, ids, plan.settings)
outside = qca.truth_table(x, 1 - y, names, ids, plan.settings)
meaning = "Places with a code from both readings on every set."
by(qca.raw_codes)("qca.cases", len(ids), COUNT, meaning)
Table(
    pd.DataFrame(
        [
            {
                "set": one.name,
                "fully out": one.anchors.out,
                "crossover": one.anchors.crossover,
                "fully in": one.anchors.full,
                "why": one.reason,
            }
            for one in sets
        ]
    ),
    "Sets and their anchors, on the scale of the codes",
)

# %% [markdown]
# None of the {num}`qca.cases` places drops out: both readings gave a code on roles, scale and the verdict in
# each. The verdict takes in published studies. So New Orleans counts as a larger gain here, though this book has no
# comparison for it and calls it {num}`new_orleans.verdict`. Breadth needs a caution. A strategy on which the record
# is silent is not counted, so the set holds places where much is *documented*. It says little of what was done.

# %%
matrix = pd.DataFrame(
    [
        {
            "place": place[case],
            "set": one.name,
            "code": whole.loc[case, one.name],
            "membership": degrees[one.name][i],
        }
        for i, case in sorted(enumerate(ids), key=lambda pair: (-y[pair[0]], -x[pair[0], 0], pair[1]))
        for one in sets
    ]
)
publish(
    registry,
    "memberships",
    charts_coding.memberships(matrix),
    caption=(
        "Membership of each place in the four sets; above 0.5 it is more in than out. "
        "Codes behind it are means of two readings."
    ),
    says=(
        f"The {len(ids)} rows are places, the {len(sets)} columns sets; each cell prints the membership. More in than out of the outcome: "
        f"{', '.join(place[c] for c, v in zip(ids, y, strict=True) if is_above(v, 0.5))}. "
        + " ".join(
            f"More in than out of {name}: "
            f"{', '.join(place[c] for c, v in zip(ids, degrees[name], strict=True) if is_above(v, 0.5))}."
            for name in names
        )
    ),
    data=matrix.round(3),
)

# %%
raw_table = whole.rename(index=place).reset_index(names="place")
Table(raw_table, "Raw codes behind the sets, mean of two readings; breadth is a number of strategies")

# %% [markdown]
# ## The whole truth table
#
# Three conditions give eight combinations. Only {num}`table.filled` have a place in them;
# {num}`table.empty` are remainders, combinations that nobody has seen. A row counts as sufficient if its
# consistency reaches {num}`cut.consistency` and its PRI, which takes out what a row shares with the outcome
# and its absence both, reaches {num}`cut.pri`. {num}`table.contradictory` rows are contradictory,
# with places on both sides of the outcome's crossover.


# %%
def truth_rows(table):
    words = {"1": "sufficient", "0": "not sufficient", "?": "remainder"}
    return pd.DataFrame(
        [
            {
                **dict(zip(names, map(str, row.term), strict=True)),
                "places": ", ".join(place[case] for case in row.cases) or "none",
                "n": len(row.cases),
                "consistency": number(row.fit.consistency) if row.cases else "",
                "PRI": number(row.fit.pri) if row.cases else "",
                "row": words[row.output],
                "contradictory": "yes" if row.contradictory else "no",
            }
            for row in table.rows
        ]
    )


filled = [row for row in inside.rows if row.cases]
contradictory = sum(row.contradictory for row in inside.rows)
combinations = {
    "filled": (len(filled), "Combinations that hold a place."),
    "empty": (len(inside.rows) - len(filled), "Combinations that hold no place."),
    "contradictory": (contradictory, "Combinations with places on both sides of the outcome."),
}
by(qca.truth_table, "table").many(COUNT, combinations)
members = int(is_above(y, 0.5).sum())
by(qca.calibrate)("table.members", members, COUNT, "Places more in than out of the outcome.")
record = by(qca.qca_plan, "cut")
record("consistency", plan.settings.consistency, SHARE, "Consistency cut-off.")
record("pri", plan.settings.pri, SHARE, "PRI cut-off.")
free = minimise.contradiction_free_probability
chance = {
    "chance": (
        100 * free(len(ids), len(names)),
        "Chance that random crisp codes of as many places and conditions give no contradictory row.",
    ),
    "chance_five": (100 * free(len(ids), 5), "The same chance with five conditions."),
}
by(free, "free").many(PER_CENT.to(0), chance)
Table(truth_rows(inside), "Truth table for the outcome, all eight combinations")

# %% [markdown]
# A table without contradictions is no proof of order. Eight places with random crisp codes give one with
# probability {num}`free.chance` per cent; with five conditions it would be {num}`free.chance_five`
# per cent {cite:p}`marx2011`. That is why three conditions are the limit.
#
# ## Three solutions
#
# The *conservative* solution uses only what was seen. The *parsimonious* one may assume anything about the
# remainders that shortens it. The *intermediate* one uses only assumptions that fit an expectation, here that each
# condition helps. All shortest formulas are listed; where two tie, the data do not choose. A tilde means *not*, a
# star *and*, a plus *or*.


# %%
def solution_rows(table, directions):
    return [
        {
            "solution": kind,
            "formula": one.text,
            "consistency": number(one.fit.consistency),
            "coverage": number(one.fit.coverage),
            "PRI": number(one.fit.pri),
            "orders that do as well": f"{shuffled.n_as_good} of {shuffled.n}",
        }
        for kind in minimise.KINDS
        for one in minimise.solve(table, kind, directions)
        for shuffled in [minimise.permutation_baseline(table, one, plan.settings, directions)]
    ]


record = by(minimise.solve)
for kind in minimise.KINDS:
    found = minimise.solve(inside, kind, expected)
    record(f"tied.{kind}", len(found), COUNT, f"Shortest {kind} formulas that tie.")
    texts = " or ".join(one.text for one in found)
    record(f"formula.{kind}", texts, TEXT.to(0), f"Formulas of the {kind} solution.")
main = minimise.solve(inside, "conservative")[0]
fit = {
    "consistency": (main.fit.consistency, "Consistency of the conservative solution."),
    "coverage": (main.fit.coverage, "Coverage of the conservative solution."),
    "pri": (main.fit.pri, "PRI of the conservative solution."),
}
record.many(SHARE, fit)
Table(pd.DataFrame(solution_rows(inside, expected)), "Solutions for the outcome, all tied formulas")

# %% [markdown]
# The conservative formula is {num}`formula.conservative` (consistency {num}`consistency`, coverage
# {num}`coverage`). {num}`tied.parsimonious` parsimonious formulas tie:
# {num}`formula.parsimonious`. In words: places with leaders counted in many roles, or at a large share, *and
# few documented strategies*, showed the larger gains. The last part is absurd as a lesson. It enters because London
# has wide roles, scale and the most documented strategies but one, and no gain that stands out, while in New
# Orleans and Washington the notes document recruiting alone. Their silence on other strategies is a gap in the
# record.
#
# ## Is anything necessary?
#
# A condition is called necessary if its consistency reaches 0.9. Relevance (RoN) near zero would say that the
# condition is there so often that it must look necessary {cite:p}`schneider2012`.


# %%
def necessity_table(found, caption):
    lines = [
        (one.name, number(one.consistency), number(one.coverage), number(one.relevance)) for one in found
    ]
    return Table(
        pd.DataFrame(lines, columns=["condition", "consistency", "coverage", "relevance (RoN)"]), caption
    )


needed = qca.necessity_of_each(inside)
found = {one.name: one.consistency for one in needed if one.name in names}
meaning = "Consistency of {} as necessary for the outcome."
by(qca.necessity, "necessity").each("{}", found, SHARE, meaning)
necessity_table(needed, "Necessity of each condition and of its absence")

# %% [markdown]
# Roles ({num}`necessity.roles`) and scale ({num}`necessity.scale`) reach it: no place with a larger
# gain lacks either. But only {num}`table.members` of {num}`qca.cases` places have the outcome, and
# many things are shared by so few.
#
# ## The outcome turned round
#
# QCA is not symmetrical, so the absence of a larger gain is solved for itself.

# %%
reverse = [1 - direction if direction in (0, 1) else direction for direction in expected]
Table(truth_rows(outside), "Truth table for the negated outcome")

# %%
Table(pd.DataFrame(solution_rows(outside, reverse)), "Solutions for the negated outcome, all tied formulas")

# %%
necessity_table(qca.necessity_of_each(outside), "Necessity for the negated outcome")

# %% [markdown]
# It mirrors the first: narrow roles, or small scale, or many documented strategies go with no gain that stands out.
# Here too breadth enters with the sign opposite to the framework's, through London and Huari.
#
# ## How robust is the formula?
#
# One thing is changed at a time: a place left out, a condition left out, a crossover moved by a tenth or a quarter
# of the distance between the outer anchors, a cut-off, or one reading's codes alone. The parsimonious formulas
# after each of {num}`robust.n` changes are below. In {num}`robust.same` they stay the same, in
# {num}`robust.other` they are others, in {num}`robust.none` nothing is sufficient any more. *Always*
# means that no condition is needed.


# %%
def solved(change, table):
    return minimise.check_variant(change, table, "parsimonious")


def recalibrated(codes, changed=None, by=0.0, settings=plan.settings, chosen=None):
    chosen = chosen or names
    new = {
        one.name: qca.calibrate(
            codes[one.name].to_numpy(),
            one.anchors.shifted(by) if one.name == changed else one.anchors,
            plan.log_odds,
        )
        for one in sets
    }
    return qca.truth_table(
        np.column_stack([new[name] for name in chosen]), new["outcome"], chosen, list(codes.index), settings
    )


variants = [
    solved(f"without {place[case]}", minimise.leave_out_case(inside, case, plan.settings)) for case in ids
]
variants += [
    solved(
        f"without the condition {name}",
        recalibrated(whole, chosen=[other for other in names if other != name]),
    )
    for name in names
]
variants += [
    solved(
        f"crossover of {one.name} moved by {format_number(by, 2, signed=True)}",
        recalibrated(whole, one.name, by),
    )
    for one in sets
    for by in plan.shifts
]
cuts = qca.Settings
variants += [
    solved(f"consistency cut-off {level}", recalibrated(whole, settings=cuts(1, level, plan.settings.pri)))
    for level in plan.consistencies
]
variants += [
    solved("no PRI cut-off", recalibrated(whole, settings=cuts(1, plan.settings.consistency, 0.0))),
    solved(
        "rows need two places",
        recalibrated(whole, settings=cuts(2, plan.settings.consistency, plan.settings.pri)),
    ),
]
for coder in ("A", "B"):
    own = pd.concat([qca.raw_codes(coding, one, coder) for one in sets], axis=1).loc[ids].dropna()
    variants.append(solved(f"reading {coder} alone", recalibrated(own)))
base = solved("as planned", inside)
same = [one for one in variants if one.texts == base.texts]
none = [one for one in variants if not one.texts]
robust = {
    "n": (len(variants), "Robustness checks."),
    "same": (len(same), "Checks after which the parsimonious formulas are the same."),
    "none": (len(none), "Checks after which no combination is sufficient."),
    "other": (len(variants) - len(same) - len(none), "Checks with other formulas."),
}
by(minimise.check_variant, "robust").many(COUNT, robust)
Table(
    pd.DataFrame(
        [
            {
                "change": one.change,
                "places": one.n_cases,
                "contradictory rows": one.n_contradictory,
                "formulas": " or ".join(one.texts) or "none sufficient",
                "same": "yes" if one.texts == base.texts else "no",
            }
            for one in (base, *variants)
        ]
    ),
    "Parsimonious solution under each change",
)

# %% [markdown]
# Three lines matter most. **Without London** breadth falls out and either roles or scale alone suffices. **Without
# the condition breadth** the row with wide roles and large scale becomes contradictory: London, New Orleans and
# Washington share it and differ in outcome, and still it passes the cut-offs. So breadth serves to set London
# apart, and the only thing the codes offer for that is how much was written about its strategies. **With the
# crossover of the outcome a tenth higher** no combination suffices: the places with larger gains are then only just
# in the set.
#
# ## What shuffled outcomes give
#
# Leave the conditions where they are and hand the outcomes to the places in every distinct way. There are
# {num}`shuffle.orders`. In {num}`shuffle.solved` some combination counts as sufficient. In
# {num}`shuffle.as_good` one does as well as the conservative formula in consistency and coverage, the real
# order among them.

# %%
baseline = minimise.permutation_baseline(inside, main, plan.settings)
record = by(minimise.permutation_baseline, "shuffle")
as_good = "Orders with a conservative formula as consistent and as covering, the real one among them."
shuffled = {
    "orders": (baseline.n, "Distinct orders of the outcome."),
    "solved": (baseline.n_solved, "Orders in which some combination is sufficient."),
    "as_good": (baseline.n_as_good, as_good),
}
record.many(COUNT, shuffled)
meaning = "Share of orders that do as well as the conservative formula."
record("share", baseline.share, SHARE.to(3), meaning)
record("floor", 1 / baseline.n, SHARE.to(3), "Smallest share that these outcomes can give.")
orders = pd.DataFrame(
    [
        ("no combination sufficient", baseline.n - baseline.n_solved),
        ("a formula, less good", baseline.n_solved - baseline.n_as_good),
        ("a formula, at least as good", baseline.n_as_good),
    ],
    columns=["label", "orders"],
)
publish(
    registry,
    "shuffles",
    charts_coding.shuffles(orders),
    caption="What each distinct order of the outcome gives; the real order is one of the last row.",
    says="Of "
    + str(baseline.n)
    + " orders of the outcome: "
    + "; ".join(f"{row.label}, {row.orders}" for row in orders.itertuples())
    + ".",
    data=orders,
)

# %% [markdown]
# The share of {num}`shuffle.share` is the smallest that outcomes with {num}`table.members` members in
# {num}`qca.cases` can give ({num}`shuffle.floor`), and it is **not a p-value to lean on**. Conditions
# and anchors were chosen with the outcomes in view, the readers of the conditions had seen the results, and the
# members share a country, a network and a kind of record, one in which leaders are counted as a share of the
# system. Any mark that only these two carry would do as well. The third place in that country, the Rio Grande
# Valley, is coded low on both and has no gain that stands out. The better lesson is the other number:
# {num}`shuffle.solved` of {num}`shuffle.orders` orders yield some formula, so a formula is cheap.
#
# ## What we can say, and how surely
#
# - **Surely:** the notes taken from the public record on these places are mostly silent about collective
#   leadership, and where they speak they speak of recruiting, counts and roles. Two readings agree on that.
# - **Fairly:** roles, scale and verdicts can be coded from the notes so that a second reading gives the same code.
#   That shows a clear rubric, not true codes.
# - **Not:** how strongly any leverage point was moved. The readings differ on that too often.
# - **Not:** which combination goes with gains. The places with larger gains have wide roles and large scale on
#   record; so has London, which shows no gain that stands out. What tells them apart in the codes is the amount
#   written.
#
# An association found here would not be a cause in any case: places with strong results may attract leaders, counts
# and authors.
#
# ## What would change our mind
#
# Human coders, two at least, who have not seen the outcomes and read in the languages of the places. Codes of
# *documented as absent*, which take someone who asks: not one strategy has been coded so. A place with wide roles
# and large scale, chosen before its results were known; with each further contrary place like London the formula
# would have to give way, and with several confirming ones outside one country it would deserve another look.

# %% tags=["remove-cell"]
registry.save()
