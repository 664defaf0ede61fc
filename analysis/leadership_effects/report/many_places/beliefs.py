"""Record and draw beliefs about a system mean before and after evidence.

A reader may set another belief.

The control works without a kernel: it is a form whose arithmetic is the closed form of `synthesis.prior`, written again
in ``book/_static/prior.js``. Without JavaScript the form stays hidden and the table of the named priors stands alone.
"""

from __future__ import annotations

import html
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from leadership_effects.counting import count
from leadership_effects.data.provenance import Rows
from leadership_effects.data.release import Release
from leadership_effects.data.vocabulary import place_name
from leadership_effects.report.charts import across
from leadership_effects.report.figures import Figure, publish
from leadership_effects.report.many_places.together import Found
from leadership_effects.report.numbers import PUPIL_SD, SHARE, format_interval, format_number, significant
from leadership_effects.report.registry import Registry
from leadership_effects.report.tables import Table, html_table
from leadership_effects.synthesis.prior import (
    Belief,
    Evidence,
    combined,
    named_priors,
    of_interval,
    update,
    update_by_places,
)
from leadership_effects.synthesis.pupil_sd import (
    LEVEL,
    PupilCase,
    pool_cases,
    programme_starts,
    pupil_cases,
    rows_behind,
)

SD = PUPIL_SD.to(3)
INTERVAL = "95 % of the belief"
TAU_SCALE = 0.1
# Name, label, least, most and step of each slider of the form; the share is in per cent.
SLIDERS = (
    ("mean", "Mean effect on a system that you expect", -0.2, 0.4, 0.005, "SD"),
    ("sd", "How unsure you are: standard deviation of your belief", 0.005, 0.3, 0.005, "SD"),
    ("effect", "Effect on the pupils that such leaders reach", 0, 0.4, 0.01, "SD"),
    ("share", "Share of all pupils that they reach", 0, 100, 0.1, "per cent"),
)


SUBTITLE = (
    "Mean effect of a programme on a whole system, with 95 per cent of each belief, pupil standard deviations"
)


@dataclass(frozen=True)
class Beliefs:
    """Named beliefs before and after each piece of evidence.

    Attributes
    ----------
    registry : Registry
    group : str
        Prefix of the recorded keys.
    priors : mapping of str to Belief
    evidence : mapping of str to Evidence
        By key; each is taken by itself.
    limit : float
        Smallest effect of interest, in pupil standard deviations.
    reach : mapping of str to tuple of float
        Effect on pupils reached and their share, of the priors that are worked out from them.
    """

    registry: Registry
    group: str
    priors: Mapping[str, Belief]
    evidence: Mapping[str, Evidence]
    limit: float
    reach: Mapping[str, tuple[float, float]]

    def frame(self) -> pd.DataFrame:
        """Tabulate beliefs as drawn: ``row, stage, mean, low, high, above, label``."""
        rows = []
        for name, prior in self.priors.items():
            after = [(f"after {one.label}", update(prior, one)) for one in self.evidence.values()]
            for told, belief in [("before", prior), *after]:
                low, high = belief.interval
                rows.append(
                    {
                        "row": f"{name.capitalize()}, {told}",
                        "stage": told.split()[0],
                        "mean": belief.mean,
                        "low": low,
                        "high": high,
                        "above": belief.above(self.limit),
                        "label": format_number(belief.mean, 3, signed=True),
                    }
                )
        return pd.DataFrame(rows)

    def table(self) -> Table:
        """Tabulate each belief with its interval and the probability of an effect of interest."""
        return Table(self._printed(), self._caption)

    @property
    def _caption(self) -> str:
        return "Three beliefs before and after the evidence, in pupil standard deviations"

    def _printed(self) -> pd.DataFrame:
        frame = self.frame()
        return pd.DataFrame(
            {
                "belief": frame["row"],
                "mean": frame["label"],
                "95 % of the belief": [
                    format_interval((low, high), 3, signed=True)
                    for low, high in zip(frame["low"], frame["high"], strict=True)
                ],
                f"probability of more than {self.limit:g}": [format_number(one, 3) for one in frame["above"]],
            }
        )

    def figure(self, name: str = "beliefs", *, caption: str) -> Figure:
        """Publish the chart of the named beliefs before and after."""
        frame = self.frame()
        said = "; ".join(f"{row.row}: {row.mean:+.3f}" for row in frame.itertuples())
        shown = frame.drop(columns=["label", "stage"]).round(4)
        last = list(self.evidence.values())[-1]
        before = [prior.mean for prior in self.priors.values()]
        after = [update(prior, last).mean for prior in self.priors.values()]
        title = (
            f"{count(len(before), 'belief').capitalize()} lie {format_number(max(before) - min(before), 3)} apart before, "
            f"{format_number(max(after) - min(after), 3)} after {last.label.partition(' (')[0]}"
        )
        return publish(
            self.registry, name, across.beliefs(frame, self.limit),
            title=title, subtitle=SUBTITLE, caption=caption, says=f"Means: {said}.", data=shown,
        )  # fmt: skip

    def control(self) -> Control:
        """Return the form with which a reader sets a belief, above the table of the named ones."""
        return Control(self)


def evidence_at_hand(
    release: Release, found: Mapping[str, Found], adjustment: str = LEVEL
) -> tuple[dict[str, Evidence], Rows]:
    """Gather the single places and the designs of many places as evidence on the system mean.

    Each enters by an error as wide as its interval: the pool of places by its modified Hartung-Knapp interval, a design
    by the set of its adjusted estimate at the level of the plan. Taken together, single places that are themselves
    places of a design are left out of the pool, so that no outcome counts twice. Each pool is made of all places compared and
    of those alone whose difference is that of a programme's start.

    Parameters
    ----------
    release : Release
    found : mapping of str to Found
        What the chapter of each design found, by its key in the plan; pupil SD.
    adjustment : str
        Of the single places, one of `pupil_sd.ADJUSTMENTS`.

    Returns
    -------
    evidence : dict of str to Evidence
        ``places``, their programme ``starts``, each design, ``designs`` together, these with the starts as ``all_starts``,
        and ``all``.
    rows : Rows
        Release rows of the single places.

    Raises
    ------
    PriorError
        If a set has no finite ends.
    """
    own, cases = release.plan["many_places"], pupil_cases(release)
    level = float(own["verdict"]["level"])
    designs = {}
    for name, one in found.items():
        entry = own["designs"][name]
        places = frozenset([*entry["treated"], *entry["never"]])
        label = f"the design of {name}"
        designs[name] = of_interval(label, one.estimate, (one.low, one.high), level=level, places=places)
    codes = _countries(release)
    inside = frozenset[str]().union(*(one.places for one in designs.values()))

    def pooled(label: str, chosen: Sequence[PupilCase]) -> Evidence:
        mean = pool_cases(chosen, adjustment)
        places = frozenset(codes.get(case.case_id, case.case_id) for case in chosen)
        return of_interval(label, mean.effect, mean.interval, places=places)

    def beside(label: str, chosen: Sequence[PupilCase]) -> Evidence:
        apart = [case for case in chosen if codes.get(case.case_id) not in inside]
        return combined(label, *designs.values(), pooled("single places outside the designs", apart))

    starts = programme_starts(release, cases)
    titles = release.table("cases").set_index("case_id")["title"].map(place_name)
    began = {case.case_id for case in starts}
    others = [titles[case.case_id] for case in cases if case.case_id not in began]
    included = f" ({', '.join(others)}, included)" if others else ""
    return {
        "places": pooled(f"the places compared{included}", cases),
        "starts": pooled("the programme starts", starts),
        **designs,
        "designs": combined(f"the designs of {' and '.join(designs)}", *designs.values()),
        "all_starts": beside("both designs and the other programme starts", starts),
        "all": beside(f"both designs and the other places{included}", cases),
    }, rows_behind(cases)


def _countries(release: Release) -> dict[str, str]:
    """Return the code of each case that is a whole country."""
    units, cases = release.table("units"), release.table("cases")
    countries = units[(units["unit_type"] == "country") & units["code"].notna()]
    codes = dict(zip(countries["name"], countries["code"], strict=True))
    return {row.case_id: str(codes[row.title]) for row in cases.itertuples() if row.title in codes}


def record_beliefs(
    registry: Registry,
    evidence: Mapping[str, Evidence],
    *,
    rows: Rows,
    plan: Mapping[str, Any] | None = None,
    group: str = "prior",
) -> Beliefs:
    """Record the plan's priors, the evidence, and each prior after each piece of evidence.

    Keys: ``<group>.limit``; ``<group>.<prior>.mean, .sd, .above`` and, where the plan gives them, ``.effect, .share``;
    ``<group>.evidence.<key>.estimate, .se``; ``<group>.after.<key>.<prior>.mean, .sd, .above``, the mean with the
    central 95 per cent of the belief.

    Parameters
    ----------
    registry : Registry
    evidence : mapping of str to Evidence
        By key, for instance ``places``; estimates to be taken together through `synthesis.prior.combined`.
    rows : Rows
        Release rows behind the evidence.
    plan : mapping, optional
        Plan with ``many_places``; that of the registry's release if left out.

    Raises
    ------
    PriorError
        If the plan names no prior, or one is not what it says.
    """
    plan = registry.release.plan if plan is None else plan
    own = plan["many_places"]
    limit, priors = float(own["effects_of_interest"]["system"]), named_priors(plan)
    reach = {
        name: (float(entry["effect_on_pupils_reached"]), float(entry["share_of_pupils"]))
        for name, entry in own["priors"].items()
        if "effect_on_pupils_reached" in entry
    }
    none = Rows(0, "none: set by the plan", ())
    planned = registry.numbers(group, rows=none, function=named_priors)
    planned(
        "limit", limit, SD.as_level(), "Smallest effect of interest for the mean of a system, of the plan."
    )
    for name, belief in priors.items():
        told = f"of the {name}, before any evidence"
        _belief(planned, name, belief, told, limit)
    for name, (effect, share) in reach.items():
        planned(
            f"{name}.effect", effect, SD.as_level(), f"Effect on the pupils reached that the {name} expects."
        )
        planned(f"{name}.share", share, SHARE, f"Share of a system's pupils reached, as the {name} has it.")
    found = registry.numbers(group, rows=rows, function=update)
    for key, one in evidence.items():
        ends = Belief(one.estimate, one.se).interval
        found(
            f"evidence.{key}.estimate", one.estimate, SD, f"Estimate of the mean difference, {one.label}.",
            interval=ends, interval_kind="1.96 standard errors",
        )  # fmt: skip
        found(f"evidence.{key}.se", one.se, SD.as_level(), f"Standard error of the estimate, {one.label}.")
        for name, belief in priors.items():
            told = f"of the {name}, after {one.label}"
            _belief(found, f"after.{key}.{name}", update(belief, one), told, limit)
    return Beliefs(registry, group, priors, dict(evidence), limit, reach)


def record_by_places(
    beliefs: Beliefs,
    effects: Sequence[float],
    errors: Sequence[float],
    *,
    rows: Rows,
    tau_scale: float = TAU_SCALE,
) -> Table:
    """Record and tabulate each named belief after single places.

    The spread between places is integrated out.

    Keys: ``<group>.by_places.scale``; ``<group>.by_places.<prior>.mean, .above, .tau``.

    Parameters
    ----------
    effects, errors : sequence of float
        Effects and standard errors of the places, in pupil standard deviations.
    tau_scale : float
        Scale of the half-normal prior on the spread between places.
    """
    record = beliefs.registry.numbers(f"{beliefs.group}.by_places", rows=rows, function=update_by_places)
    record("scale", tau_scale, SD.as_level(), "Scale of the half-normal prior on the spread between places.")
    lines = []
    for name, prior in beliefs.priors.items():
        found = update_by_places(prior, effects, errors, beliefs.limit, tau_scale)
        told = f"belief of the {name} after {len(effects)} places, their spread integrated out"
        meaning = f"Mean effect on a system, {told}."
        record(f"{name}.mean", found.mean, SD, meaning, interval=found.interval, interval_kind=INTERVAL)
        meaning = f"Probability that the mean effect on a system exceeds {beliefs.limit:g}, {told}."
        record(f"{name}.above", found.above, SHARE.to(3), meaning)
        record(f"{name}.tau", found.tau, SD.as_level(), f"Spread between places, {told}.")
        lines.append(
            {
                "belief": name.capitalize(),
                "mean": format_number(found.mean, 3, signed=True),
                "95 % of the belief": format_interval(found.interval, 3, signed=True),
                f"probability of more than {beliefs.limit:g}": format_number(found.above, 3),
                "spread between places": format_number(found.tau, 3),
            }
        )
    return Table(pd.DataFrame(lines), "Beliefs after the places, with the spread between them integrated out")


def _belief(record: Any, key: str, belief: Belief, told: str, limit: float) -> None:
    meaning = f"Mean effect on a system, belief {told}."
    record(f"{key}.mean", belief.mean, SD, meaning, interval=belief.interval, interval_kind=INTERVAL)
    record(f"{key}.sd", belief.sd, SD.as_level(), f"Standard deviation of the belief {told}.")
    told = f"Probability that the mean effect on a system exceeds {limit:g}, belief {told}."
    record(f"{key}.above", belief.above(limit), SHARE.to(3), told)


@dataclass(frozen=True)
class Control:
    """Form that sets a belief in the page, with the table of the named ones below it."""

    beliefs: Beliefs

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        return {"text/html": self.markup(), "text/plain": self.beliefs.table().frame.to_string()}

    def markup(self) -> str:
        """Return the control as HTML; its numbers are those recorded, to ten digits."""
        own = self.beliefs
        priors = {
            name: {"mean": significant(one.mean), "sd": significant(one.sd)}
            | dict(zip(("effect", "share"), own.reach.get(name, ()), strict=False))
            for name, one in own.priors.items()
        }
        evidence = {
            key: {
                "label": one.label,
                "estimate": significant(one.estimate),
                "se": significant(one.se),
            }
            for key, one in own.evidence.items()
        }
        carried = "".join(
            f' data-{name}="{html.escape(json.dumps(content), quote=True)}"'
            for name, content in (("priors", priors), ("evidence", evidence), ("limit", own.limit))
        )
        return (
            f'<div class="prior-control" role="group" aria-label="Belief before and after the evidence"{carried}>'
            f"{self._form()}{html_table(own.table().frame, own.table().caption, shown=True)}</div>"
        )

    def _form(self) -> str:
        own = self.beliefs
        starts = "".join(
            f'<button type="button" data-prior="{html.escape(name)}" aria-pressed="false">'
            f"{html.escape(name.capitalize())}</button>"
            for name in own.priors
        )
        mean, sd, effect, share = (_slider(*slider) for slider in SLIDERS)
        options = "".join(
            f'<option value="{html.escape(key)}">{html.escape(one.label)}</option>'
            for key, one in own.evidence.items()
        )
        heads = ("", "mean", "95 % of the belief", f"probability of more than {own.limit:g}")
        head = "".join(f'<th scope="col">{one}</th>' if one else "<td></td>" for one in heads)
        body = "".join(
            f'<tr><th scope="row">{told}</th>'
            + "".join(f'<td data-shows="{stage}-{one}"></td>' for one in ("mean", "interval", "above"))
            + "</tr>"
            for stage, told in (("before", "Before"), ("after", "After"))
        )
        return (
            f'<form class="prior-form" hidden><fieldset class="prior-starts"><legend>Start from a belief</legend>{starts}'
            f"</fieldset>{mean}{sd}"
            f'<fieldset class="prior-reach"><legend>Or work the mean out: effect times share</legend>{effect}{share}'
            f'</fieldset><label class="prior-evidence">Then look at<select name="evidence">{options}</select></label>'
            '<div class="prior-picture"><svg viewBox="0 0 600 170" preserveAspectRatio="none" aria-hidden="true"></svg>'
            '<p aria-hidden="true"><span class="prior-key before">before</span> <span class="prior-key after">after'
            f"</span> pupil SD, &minus;0.2 to 0.4; broken line at {own.limit:g}</p></div>"
            f'<table><caption class="unseen">Your belief before and after</caption><thead><tr>{head}</tr></thead>'
            f'<tbody>{body}</tbody></table><p role="status" class="prior-said"></p></form>'
        )


def _slider(name: str, label: str, least: float, most: float, step: float, unit: str) -> str:
    return (
        f'<label class="prior-slider"><span>{label}, {unit} <b class="prior-value"></b></span>'
        f'<input type="range" name="{name}" min="{least:g}" max="{most:g}" step="{step:g}"></label>'
    )
