"""Record in words how a panel is compared, and grade the comparison of a case."""

from __future__ import annotations

from collections.abc import Sequence

from leadership_effects.counting import in_figures
from leadership_effects.data.panels import Panel, build_panel
from leadership_effects.effects import diagnostics, inference
from leadership_effects.effects.estimators import estimate, headline_method
from leadership_effects.effects.pupil_scale import in_pupil_sd
from leadership_effects.effects.weights import METHODS
from leadership_effects.report.numbers import TEXT
from leadership_effects.report.panel_numbers import PanelNumbers
from leadership_effects.rounding import is_above

# What the difference is by each headline estimator.
MEANS = {
    "twfe": "the change of the place less that of the comparison places",
    "sdid": "which weighs comparison places and years before, and so is not the plain difference of the two changes",
}
# How a panel gets onto the scale of the verdict, by its unit of measure.
PROBIT = (
    "For the verdict a share of pupils becomes its probit, which shifts as the mean would, in pupil standard deviations, if "
    "scores were normal with one spread."
)
POINTS = "For the verdict points are divided by the published standard deviation between pupils."
NO_SCALE = "No standard deviation between pupils is sourced, so the verdict cannot be given in it."
NOT_STATED = {
    "inferred": "its start is inferred from the sources and stated by none",
    "undated": "its start is not dated",
}


def record_words(numbers: PanelNumbers) -> None:
    """Record what the treated unit, the measure, the estimator and the test of a panel are.

    Keys: those of `Study.record_labels` that begin with the panel's.
    """
    panel = numbers.panel
    for key, words, meaning, function in (
        ("treated", panel.units[0], "The treated unit of the panel.", build_panel),
        ("unit", numbers.difference.text, "Unit of the differences of the panel.", build_panel),
        ("earlier", _earlier(numbers), "What the years before the start say.", diagnostics.placebo_in_time),
        ("estimator", f"{METHODS[numbers.method]}, {MEANS[numbers.method]}", "Estimator of the headline, by the plan's rule.", headline_method),
        ("weighing", _weighing(numbers), "How many comparison places the estimate rests on.", estimate),
        ("p_means", _p_means(numbers), "What the permutation p is a share of, and whether it could be smaller.", inference.placebo_in_space),
        ("scale", _scale(panel), "How the outcome gets onto the scale of the verdict.", in_pupil_sd),
    ):  # fmt: skip
        numbers.recorder(function)(key, words, TEXT, meaning)


def _earlier(numbers: PanelNumbers) -> str:
    """Say what a start in the last period before gives for a trial."""
    panel, unit = numbers.panel, numbers.difference
    pre = panel.years[: panel.n_pre]
    if len(pre) == 1:
        return "With one period before the start, nothing can be said about an earlier trend."
    effect = unit.format(diagnostics.placebo_in_time(panel, pre[-1]).treated)
    return f"A start put in {pre[-1]} for a trial, one period before the plan's, gives {effect} {unit.text}."


def _weighing(numbers: PanelNumbers) -> str:
    """Say how many comparison places of equal weight would carry as much."""
    places = in_figures(numbers.panel.n_donors, "comparison place")
    effective = estimate(numbers.panel, numbers.method).effective_donors
    if not is_above(numbers.panel.n_donors - effective):
        return f"All {places} weigh the same."
    return f"The {places} weigh unequally, and carry as much as {effective:.1f} of equal weight would: the effective comparison units of the table."


def _p_means(numbers: PanelNumbers) -> str:
    placebos = numbers.placebos()
    words = "the share of places, this one among them, that moved at least as far, up or down"
    if is_above(placebos.p_value - placebos.floor):
        return words
    return f"{words}; no smaller p is possible with {in_figures(numbers.panel.n_donors, 'comparison place')}"


def _scale(panel: Panel) -> str:
    if panel.scale.unit == "percent":
        return PROBIT
    return POINTS if panel.scale.pupil_sd else NO_SCALE


def comparison_word(panels: Sequence[Panel], start_basis: str, minimum_donors: int) -> str:
    """Return how far a case can be compared, by the rule of the plan.

    Parameters
    ----------
    panels : sequence of Panel
        Panels of the primary indicators; none if the plan names none.
    start_basis : str
        How the start is known: stated, inferred or undated.
    minimum_donors : int

    Returns
    -------
    str
        ``full``, ``partial`` or ``none``.
    """
    if not panels or min(panel.n_donors for panel in panels) < minimum_donors:
        return "none"
    return "partial" if shortfalls(panels, start_basis) else "full"


def shortfalls(panels: Sequence[Panel], start_basis: str) -> list[str]:
    """Return in words what a comparison with enough places lacks to be full."""
    found = []
    if min(panel.n_pre for panel in panels) < 2:
        found.append("it has one period before the start")
    if start_basis != "stated":
        found.append(NOT_STATED.get(start_basis, f"its start is {start_basis}"))
    return found


def comparison_why(panels: Sequence[Panel], start_basis: str, minimum_donors: int) -> str:
    """Say why the comparison is full, partial or none.

    Parameters
    ----------
    panels, start_basis, minimum_donors
        As for `comparison_word`.
    """
    word = comparison_word(panels, start_basis, minimum_donors)
    if word == "full":
        return f"full, because it has {minimum_donors} or more comparison places, two or more periods before and a stated start"
    if word == "partial":
        return f"partial, because {' and '.join(shortfalls(panels, start_basis))}"
    fewest = min((panel.n_donors for panel in panels), default=0)
    return f"none, because {in_figures(fewest, 'comparison place')} are fewer than the {minimum_donors} that the plan asks for"
