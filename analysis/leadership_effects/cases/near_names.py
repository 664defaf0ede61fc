"""Refuse a name that an author typed almost as a known one is written."""

from __future__ import annotations

from collections.abc import Iterable

from leadership_effects.cases.worksheets import CaseError
from leadership_effects.data.checks.lines import folded

SHORT = 5  # letters of a name that one letter makes another, as PIAAC and PISA are


def refuse_near_name(option: str, given: str, known: Iterable[str]) -> None:
    """Refuse a name that differs from a known one in case, accents or a letter or two.

    A name with other digits is another name, and so is a short one with two other letters.

    Raises
    ------
    CaseError
        With the nearest of the known names.

    Examples
    --------
    >>> refuse_near_name("--panel", "piaac", ["pisa"])
    >>> refuse_near_name("--panel", "PISA", ["naep", "pisa"])
    Traceback (most recent call last):
    leadership_effects.cases.worksheets.CaseError: --panel 'PISA' is not known, and nearly pisa, which is; allowed: pisa, or a name less like it
    """
    names = list(dict.fromkeys(known))
    if not given or given in names:
        return
    apart = {name: _letters_apart(folded(given), folded(name)) for name in names}
    for name in sorted(apart, key=apart.__getitem__):
        same = _digits(given) == _digits(name)
        if same and apart[name] <= (1 if min(len(folded(given)), len(folded(name))) <= SHORT else 2):
            raise CaseError(
                f"{option} {given!r} is not known, and nearly {name}, which is; allowed: {name}, or a name less like it"
            )


def _digits(name: str) -> str:
    return "".join(character for character in name if character.isdigit())


def _letters_apart(one: str, other: str) -> int:
    """Return the fewest letters to put in, take out, change or exchange with the next."""
    before, last = [0] * (len(other) + 1), list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        now = [i]
        for j, against in enumerate(other, 1):
            now.append(min(last[j] + 1, now[j - 1] + 1, last[j - 1] + (letter != against)))
            if i > 1 and j > 1 and (letter, one[i - 2]) == (other[j - 2], against):
                now[j] = min(now[j], before[j - 2] + 1)
        before, last = last, now
    return last[-1]
