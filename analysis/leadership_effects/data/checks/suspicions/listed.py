"""List the rows of a release or of a case that look like mistakes, though they may be right.

What cannot be right is refused by the rules of `contradictions`. A row that is listed here asks for a second look at its
source and for no answer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from leadership_effects.data.checks.lines import Lines
from leadership_effects.data.checks.problem import Problem
from leadership_effects.data.checks.suspicions.copies import (
    events_alike,
    points_alike,
    texts_alike,
    works_alike,
)
from leadership_effects.data.checks.suspicions.counts import early_people, falling_totals, posts, scopes
from leadership_effects.data.checks.suspicions.exchanged import exchanged_sources, exchanged_statements
from leadership_effects.data.checks.suspicions.figures import (
    begun_otherwise,
    dated_otherwise,
    first_people,
    larger_parts,
    told_otherwise,
    unplaced_alumni,
)
from leadership_effects.data.checks.suspicions.measures import definitions, directions, spreads, weights
from leadership_effects.data.checks.suspicions.names import bodies, borrowed_sources, other_places, people
from leadership_effects.data.checks.suspicions.slips import (
    named_rows,
    pasted,
    words_against_cells,
    words_against_codes,
)
from leadership_effects.data.checks.suspicions.studies import (
    designs,
    designs_of_one_study,
    early_studies,
    findings,
    graded,
    levels,
)
from leadership_effects.data.checks.suspicions.texts import (
    cut_texts,
    exchanged_columns,
    judged_by_itself,
    out_of_order,
    sources_as_given,
)

SUSPICIONS: tuple[Callable[[Lines], Iterator[Problem]], ...] = (
    told_otherwise, dated_otherwise, begun_otherwise, first_people, larger_parts, unplaced_alumni, texts_alike, events_alike, works_alike, points_alike,
    other_places, bodies, people, borrowed_sources, directions, definitions, spreads, weights, words_against_codes, words_against_cells, named_rows, pasted,
    cut_texts, exchanged_columns, judged_by_itself, out_of_order, sources_as_given, scopes, posts, falling_totals, early_people, levels, designs,
    designs_of_one_study, findings, graded, early_studies, exchanged_statements, exchanged_sources,
)  # fmt: skip


def suspicious_rows(lines: Lines) -> list[Problem]:
    """Return the cells that look like mistakes, each once, in the order of the rules."""
    return list(dict.fromkeys(problem for rule in SUSPICIONS for problem in rule(lines)))
