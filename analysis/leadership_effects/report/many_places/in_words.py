"""Write sentences on a design of many places that hold whatever its results are.

A chapter that is begun before its results are known binds these, so that no sentence of it has to be rewritten when a panel
is too small for a check, or an outcome has no pupil SD.
"""

from __future__ import annotations

from collections.abc import Callable

from leadership_effects.counting import agreeing, in_figures
from leadership_effects.report.many_places.chapter import ManyPlaces
from leadership_effects.report.many_places.places import shares_of_teachers
from leadership_effects.report.many_places.simulated import NOT_SIMULATED
from leadership_effects.report.numbers import TEXT


def record_sentences(study: ManyPlaces) -> None:
    """Record the sentences of a chapter, once all that it shows has been recorded.

    Keys: ``words.<name>`` for each entry of `SENTENCES`.
    """
    for name, (write, meaning) in SENTENCES.items():
        study.numbers("words", write)(name, write(study), TEXT, meaning)


class _Told:
    """Numbers of a design as printed, those that were not recorded among them."""

    def __init__(self, study: ManyPlaces) -> None:
        self.study = study

    def __contains__(self, name: str) -> bool:
        return self.study.key(name) in self.study.registry.results

    def __getitem__(self, name: str) -> str:
        return self.study.text(name)


def adjustment(study: ManyPlaces) -> str:
    """Say what the adjusted estimate allows for."""
    group = study.design.group_name or "group"
    return f"the starting level and the {group}" if study.design.groups else "the starting level"


def not_compared(study: ManyPlaces) -> str:
    """Say which places the estimate leaves out, and that they are listed."""
    told = _Told(study)
    always, others = (
        int(study.registry.value(study.key(f"places.{name}"))) for name in ("always", "left_out")
    )
    if not always:
        number = (
            f"{told['places.left_out']} {agreeing(others, 'other is', 'others are')}" if others else "None is"
        )
        return f"{number} left out of the estimate{' and listed with the reason' if others else ''}."
    more = (
        f", as {agreeing(others, 'is', 'are')} {in_figures(others, 'other')} with the reason"
        if others
        else ""
    )
    it_is = agreeing(always, "it is", "they are")
    return f"{told['places.always']} had begun too early for a before; {it_is} left out of the estimate and listed{more}."


def first_years(study: ManyPlaces) -> str:
    """Say what the first years rest on, and which of them the test cannot exchange."""
    told, n = _Told(study), study.registry.value(study.key("places.unpermuted"))
    basis = f"Of their first years {told['starts.stated']} are stated by a source and {told['starts.inferred']} are inferred."
    if not n:
        return basis
    why = f"because no wave predicts {agreeing(n, 'it', 'them')}, and {agreeing(n, 'is', 'are')} left out of the test"
    return f"{basis} {told['places.unpermuted']} cannot have another start by chance, {why}."


def beside(study: ManyPlaces) -> str:
    """Say what the estimates with less adjustment are."""
    told = _Told(study)
    plain = f"{told['estimate.plain']} (p {told['estimate.plain.p']})"
    if "estimate.level" not in told:
        return f"With no adjustment the estimate is {plain}."
    level = f"{told['estimate.level']} (p {told['estimate.level.p']})"
    return f"With the starting level alone the estimate is {level}, and with no adjustment {plain}."


def unit(study: ManyPlaces) -> str:
    """Name the unit of the estimates in a sentence."""
    return "pupil standard deviations" if study.in_sd else study.panel.unit


def added(study: ManyPlaces) -> str:
    """Say when the design was planned, why it came later, and that it is in no count."""
    reason = study.design.reason.strip().rstrip(".")
    return f"The plan of {study.design.dated} gives the reason why this design stands by itself: {reason}."


def verdict(study: ManyPlaces) -> str:
    """Give the verdicts by the rule of the plan, or say why there is none."""
    told = _Told(study)
    if not study.design.judged:
        return (
            "No verdict is given, because the outcome has no pupil standard deviation to set a size against."
        )
    if told["verdict.smallest"] == told["verdict.large"]:
        return (
            f"By the rule of the plan an average change of {told['interest.smallest']} and one of {told['interest.large']} are "
            f"judged alike: {told['verdict.smallest']}; {told['verdict.whys']}."
        )
    return (
        f"By the rule of the plan an average change of {told['interest.smallest']} is: {told['verdict.smallest']}; "
        f"{told['verdict.why']}. One of {told['interest.large']} is: {told['verdict.large']}; {told['verdict.why_large']}."
    )


def clustered(study: ManyPlaces) -> str:
    """Give what errors clustered by place say, or say that places are too few for them."""
    told, one = _Told(study), study.design.one
    if "estimate.adjusted.p_clustered" not in told:
        return f"Standard errors clustered by {one} are not used: there are too few {study.design.many} for them."
    return (
        f"Standard errors clustered by {one} give a p of {told['estimate.adjusted.p_clustered']} and a 90 per cent interval "
        f"from {told['estimate.adjusted.clustered_low']} to {told['estimate.adjusted.clustered_high']}."
    )


def family(study: ManyPlaces) -> str:
    """Give the smallest p over the series, corrected, where there are several."""
    told = _Told(study)
    if len(study.design.indicators) == 1:
        return "The outcome is one series, so no correction for looking at several is needed."
    if "family.p" not in told:
        return "The series cannot be tested together: too few places have all of them."
    return (
        f"One series at a time, adjusted for {told['family.terms']}, and corrected for looking at all of them, the smallest "
        f"p is {told['family.p']}."
    )


def simulated(study: ManyPlaces) -> str:
    """Give how often the test errs on the design's own shape, or say that it was not simulated."""
    told = _Told(study)
    if "size.adjusted" not in told:
        return NOT_SIMULATED
    smallest = f"size.adjusted.power_{study.interest.smallest:.2f}".replace("0.", "")
    return (
        f"In simulated panels of this shape, {told['size.panels']} for each setting, the adjusted test finds a change that is "
        f"not there in {told['size.adjusted']} per cent where starts fall by chance, and in {told['size.adjusted.worst']} per "
        f"cent at worst; it should be 5. A true change of {told['interest.smallest']} is found in {told[smallest]} per cent, and "
        f"wrongly ruled out in at most {told['size.adjusted.falsely']} per cent."
    )


def detectable(study: ManyPlaces) -> str:
    """Give how often a true zero would be ruled out as an effect of interest."""
    told = _Told(study)
    if "see.zero_ruled_out" not in told:
        return "The plan's sizes are in pupil standard deviations, so none of them is held against this."
    return (
        f"That is about {told['see.mde_points']} points of the test, or {told['see.mde_places']} places for the one in the "
        "middle of a hundred pupils. Had there been no change at all, one of "
        f"{told['interest.smallest']} would have been ruled out in about {told['see.zero_ruled_out']} per cent of the orders of "
        "start years."
    )


def leads(study: ManyPlaces) -> str:
    """Give the joint test of the waves before the start with what it can miss."""
    told = _Told(study)
    if "leads.p" not in told:
        return "The waves before the start cannot be tested together: too few of them are observed."
    return (
        f"By the joint test of the waves before the start (p {told['leads.p']}) these {told['leads.found']}. The test finds a "
        f"trend of {told['leads.detectable']} a wave four times in five; a trend that would by itself give the estimate is "
        f"{told['leads.explaining']} a wave, and is found in {told['leads.power']} per cent of simulated panels."
    )


def magnitudes(study: ManyPlaces) -> str:
    """Give the departures from parallel paths at which the set first holds zero."""
    told = _Told(study)
    if "magnitudes.zero" not in told:
        return "This cannot be worked out: too few waves before the start are observed."
    held = f"first holds zero at a multiple of {told['magnitudes.zero']}"
    if "magnitudes.smallest" in told:
        held += f", and first holds {told['interest.smallest']} at {told['magnitudes.smallest']}"
    return f"The 90 per cent set {told['magnitudes.said']}. It {held}."


def two_way(study: ManyPlaces) -> str:
    """Give the comparisons that static two-way fixed effects mix."""
    told, many = _Told(study), study.design.many
    if "two_way.never" not in told:
        return "No part of this panel is balanced, so their weights cannot be shown."
    return (
        f"Of their weight here {told['two_way.never']} per cent is on comparisons with {many} that never began and "
        f"{told['two_way.later']} per cent on late against early ones."
    )


def sensitivity(study: ManyPlaces) -> str:
    """Give the range of the plan's sensitivity rows."""
    told = _Told(study)
    if "sensitivity.low" not in told:
        return "None of the variations that the plan lists can be estimated."
    same = ""
    if "sensitivity.same" in told:
        same = f", and {told['sensitivity.same']} of {told['sensitivity.judged']} lead to the same verdict"
    return f"They run from {told['sensitivity.low']} to {told['sensitivity.high']}{same}."


def left_out(study: ManyPlaces) -> str:
    """Give the range of the estimate without each place, group of starts and wave."""
    told, parts = _Told(study), list[str]()
    kinds = (("place", f"one {study.design.one}"), ("cohort", "one group of starts"), ("wave", "one wave"))
    for kind, words in kinds:
        if f"leave.{kind}.low" in told:
            ends = " to ".join(
                f"{told[f'leave.{kind}.{end}']} (without {told[f'leave.{kind}.{end}_name']})"
                for end in ("low", "high")
            )
            parts.append(f"without {words} it runs from {ends}")
    return f"Leaving out each in turn, {'; '.join(parts)}."


def cohorts(study: ManyPlaces) -> str:
    """Say whether early and late starts differ."""
    told = _Told(study)
    if "late_less_early" not in told:
        return f"All {study.design.many} of the estimate began in one wave, so early and late starts cannot be compared."
    return (
        f"The late ones less the early ones come to {told['late_less_early']} (p {told['late_less_early.p']}); by that test the "
        f"two {told['late_less_early.found']}."
    )


def dose(study: ManyPlaces) -> str:
    """Say how many dated counts of people there are."""
    told, many = _Told(study), study.design.many
    if study.registry.value(study.key("dose.counts")) == 0:
        return f"The release holds no dated count of teachers and alumni of these {many}."
    return (
        f"There are {told['dose.counts']} dated counts of {told['dose.places']} {many} of the estimate, {told['dose.treated']} of "
        f"them among those that began. Counts of the same kind in five or more years: {told['dose.series']}."
    )


def dose_share(study: ManyPlaces) -> str:
    """Say which share of teachers came through the network, and where."""
    shown = shares_of_teachers(study.release.table("dose"), study.everyone.places).iloc[-1]
    told, many = _Told(study), study.design.many
    where = f"{str(shown['place']).removesuffix(' (all)')}, {int(shown['year'])}"
    what, size = (
        "share of teachers who came through a programme of the network",
        f"about {told['dose.share']} per cent",
    )
    if shown["code"] in study.everyone.places:
        return f"The {what} is printed for one of these {many} at least ({where}): {size}."
    return f"For none of these {many} does a source of the release print the {what}. Elsewhere ({where}) it was {size}."


SENTENCES: dict[str, tuple[Callable[[ManyPlaces], str], str]] = {
    "adjustment": (adjustment, "What the adjusted estimate allows for."),
    "not_compared": (not_compared, "Which places the estimate leaves out."),
    "first_years": (first_years, "What the first years rest on, and which the test leaves out."),
    "beside": (beside, "Estimates with less adjustment."),
    "unit": (unit, "Unit of the estimates."),
    "added": (added, "Why the design is outside what the others say together."),
    "verdict": (verdict, "Verdicts by the rule of the plan."),
    "clustered": (clustered, "What errors clustered by place say."),
    "family": (family, "What single series say."),
    "simulated": (simulated, "How often the test errs on the design's own shape."),
    "detectable": (detectable, "How often a true zero would be ruled out."),
    "leads": (leads, "What the waves before the start say."),
    "magnitudes": (magnitudes, "What bounded departures from parallel paths say."),
    "two_way": (two_way, "What static two-way fixed effects mix."),
    "sensitivity": (sensitivity, "Range of the plan's sensitivity rows."),
    "left_out": (left_out, "Range of the estimate without single parts."),
    "cohorts": (cohorts, "Whether early and late starts differ."),
    "dose_share": (dose_share, "The share of teachers who came through the network."),
    "dose": (dose, "Dated counts of people of the places."),
}
