"""Mark insights: the grade as discs, colour and words, and the legend of all marks."""

from collections.abc import Collection, Iterable, Sequence
from html import escape

from leadership_effects.counting import in_figures

HIGHEST = 5
# Kinds of evidence in the order of sorting, and what they are called.
KINDS = {
    "place": "One place compared",
    "many": "Many places compared",
    "studies": "Published studies",
    "counts": "Counts of leaders",
    "models": "Models and counts",
    "readings": "Coded readings",
    "passages": "Sources judged by rule",
}
CHAPTER_KINDS = {
    "synthesis": "many",
    "what_many_places_say": "many",
    "states": "many",
    "countries": "many",
    "evaluations": "studies",
    "what_leaders_add": "studies",
    "leaders": "counts",
    "critical_mass": "models",
    "coding": "readings",
}
RADIUS, PITCH = 4, 11


def kind_of(rests_on: Iterable[str], cases: Collection[str]) -> str:
    """Return the kind of evidence that an insight rests on, the first in the order of `KINDS`.

    One that names statements alone rests on passages of sources, which are judged by rule.
    """
    found = {"place" if name in cases else CHAPTER_KINDS.get(name, "passages") for name in rests_on}
    return next(kind for kind in KINDS if kind in found)


def grade_class(grade: int | None) -> str:
    """Return the class that gives a grade its colour."""
    return "ungraded" if grade is None else f"g{grade}"


def grade_mark(grade: int | None) -> str:
    """Return a grade as discs, filled and empty, with the words that say the same."""
    words = "No grade" if grade is None else f"Grade {grade} of {HIGHEST}"
    full = -1 if grade is None else grade
    circle = f'<circle class="{{}}" cx="{{:g}}" cy="6" r="{RADIUS}"/>'
    discs = "".join(
        circle.format("solid" if step < full else "open", PITCH * (step + 0.5)) for step in range(HIGHEST)
    )
    if grade is None:
        discs = f'<path d="M2 6H{PITCH * HIGHEST - 2}"/>'
    return (
        f'<span class="insight-mark {grade_class(grade)}"><svg viewBox="0 0 {PITCH * HIGHEST} 12" aria-hidden="true" '
        f'focusable="false">{discs}</svg>{words}</span>'
    )


def legend(grades: Sequence[int | None]) -> str:
    """Return the list of all marks, with the number of cards that carry each."""
    steps = [*range(HIGHEST, -1, -1), None]
    items = "".join(f"<li>{grade_mark(step)} <span>{cards(grades.count(step))}</span></li>" for step in steps)
    return f'<ul class="insight-legend" aria-label="{escape("Marks on the cards")}">{items}</ul>'


def cards(number: int) -> str:
    """Return a number of cards in words.

    Examples
    --------
    >>> cards(0), cards(1), cards(12)
    ('no card', '1 card', '12 cards')
    """
    return "no card" if number == 0 else in_figures(number, "card")
