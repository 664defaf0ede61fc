"""Refuse rows and plans that contradict themselves, in releases and worksheets alike."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from leadership_effects.data.checks.cells import addresses, evidence, licences, ranges, scales, years
from leadership_effects.data.checks.headline import headlines
from leadership_effects.data.checks.keys import (
    copied_readings,
    empty_texts,
    keys_as_names,
    letters,
    passages,
    prefixes,
    repeated,
    repeated_claims,
    spellings,
    unfinished,
    words,
)
from leadership_effects.data.checks.lines import Lines, release_lines
from leadership_effects.data.checks.places import codes, coordinates
from leadership_effects.data.checks.problem import Problem
from leadership_effects.data.checks.studies import counts, effects
from leadership_effects.data.checks.windows import grids, starts, windows
from leadership_effects.data.release import Release

# Rules over one row, and rules that take the rows of other tables or the plan to see.
ROW_RULES: tuple[Callable[[Lines], Iterator[Problem]], ...] = (
    starts, prefixes, letters, unfinished, empty_texts, repeated_claims, coordinates, codes, licences, addresses, ranges, years, effects, counts,
)  # fmt: skip
TABLE_RULES: tuple[Callable[[Lines], Iterator[Problem]], ...] = (
    windows, grids, headlines, passages, spellings, repeated, copied_readings, words, evidence, scales, keys_as_names,
)  # fmt: skip


def release_contradictions(release: Release) -> Iterator[Problem]:
    """Yield what contradicts itself in a release."""
    lines = release_lines(release)
    for rule in (*ROW_RULES, *TABLE_RULES):
        yield from rule(lines)
