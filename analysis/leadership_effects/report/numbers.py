"""Define units of results, format numbers for print and check sentences against data."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

import numpy as np
import pandas as pd

from leadership_effects.data.outcomes import PlaceSeries, Traced
from leadership_effects.data.provenance import Rows
from leadership_effects.errors import LeadershipError
from leadership_effects.latin import latin
from leadership_effects.signs import MINUS

SIGNIFICANT = 10
NAME = re.compile(r"[a-z][a-z0-9]*(?:_[a-z0-9]+)*")  # of a row whose figure is recorded
Maker: TypeAlias = Callable[..., Any] | str
Behind: TypeAlias = Rows | pd.DataFrame | PlaceSeries
Value: TypeAlias = float | str | Traced


class ClaimError(LeadershipError, AssertionError):
    """A sentence of a chapter that the data no longer bear out."""


class RecorderError(LeadershipError, ValueError):
    """A number recorded without rows or a name of the right form, or a group without one."""


@dataclass(frozen=True)
class Unit:
    """Unit of a result, with the decimals and the sign that it is printed with.

    Attributes
    ----------
    text : str
        Name of the unit, for instance ``percentage points``; empty if it has none.
    digits : int
        Decimals printed.
    signed : bool
        Whether a positive value is printed with its sign, as a change is.

    Examples
    --------
    >>> POINTS.format(3.14159)
    '+3.1'
    >>> POINTS.to(2).as_level().format(3.14159)
    '3.14'
    """

    text: str = ""
    digits: int = 1
    signed: bool = False

    def to(self, digits: int) -> Unit:
        """Return the unit printed with other decimals."""
        return replace(self, digits=digits)

    def as_level(self) -> Unit:
        """Return the unit printed without a plus sign."""
        return replace(self, signed=False)

    def format(self, value: float | str) -> str:
        """Format a value as it is printed."""
        return format_number(value, self.digits, self.signed)


TEXT = Unit()
COUNT = Unit(digits=0)
RATIO = Unit(digits=1)
SHARE = Unit(digits=2)
CORRELATION = Unit(digits=2, signed=True)
P_VALUE = Unit(digits=3)
PER_CENT = Unit("percent")
POINTS = Unit("percentage points", signed=True)
POINTS_A_YEAR = Unit("percentage points a year", 2, signed=True)
PUPILS = Unit("pupils", 0)
PUPIL_SD = Unit("pupil SD", 2, signed=True)
PLACEBO_SD = Unit("placebo SD", 2, signed=True)


def printed_digits(value: float) -> int:
    """Return the decimals that a figure read in a source was printed with, three at most."""
    return next((digits for digits in (0, 1, 2) if round(value, digits) == round(value, 6)), 3)


def format_number(value: float | str, digits: int, signed: bool = False) -> str:
    """Format with fixed digits, thousands separators and a true minus; infinity as words."""
    if isinstance(value, str):
        return value
    value = significant(value)
    if math.isinf(value):
        return "no upper limit" if value > 0 else "no lower limit"
    text = f"{value:{'+' if signed else ''},.{digits}f}"
    if float(text.replace(",", "")) == 0:
        text = text.lstrip("+-")
    return text.replace("-", MINUS)


def format_interval(interval: tuple[float, float], digits: int, signed: bool = False) -> str:
    """Format both ends of an interval; without a finite end it is unbounded."""
    if math.isinf(interval[0]) and math.isinf(interval[1]):
        return "unbounded"
    return " to ".join(format_number(end, digits, signed) for end in interval)


def significant(value: float) -> float:
    """Round to ten significant digits, since later ones differ between processors."""
    return float(f"{value:.{SIGNIFICANT}g}")


def holds(sentence: str, *conditions: Any) -> None:
    """Check that the data bear out a sentence of the chapter.

    Parameters
    ----------
    sentence : str
        The sentence as a reader has it, or what it takes for granted.
    *conditions : bool, array, Series or DataFrame of bool
        All of them must hold throughout.

    Raises
    ------
    ClaimError
        With the sentence, if a condition fails or has nothing in it to check.

    Examples
    --------
    >>> holds("Inner London leads in every year.", pd.Series([3.1, 2.4]) > 0)
    """
    if not conditions:
        raise ClaimError(f"no condition is given for: {sentence}")
    for number, condition in enumerate(conditions, 1):
        checked = np.asarray(condition)
        which = f"condition {number} of {len(conditions)}"
        if checked.dtype != bool or not checked.size:
            raise ClaimError(f"{which} is no comparison, or one of nothing, for: {sentence}")
        if not checked.all():
            raise ClaimError(f"the data no longer bear out ({which}): {sentence}")


def row_names(table: str, rows: pd.DataFrame, names: Mapping[str, str]) -> Mapping[str, str]:
    """Check the names under which the figures of rows are recorded, and return them by id.

    A name describes the figure: ``districts`` for the row ``huari-08``. The author gives it in the notebook. It is
    not derived from the row, because a row that a later release rewords keeps its name, and with it its address.

    Parameters
    ----------
    table : str
        Name of the table, for messages.
    rows : DataFrame
        Rows to be named, their id in the first column.
    names : mapping of str to str
        Name by id: lower-case words joined by underscores.

    Raises
    ------
    RecorderError
        If a row has no name, an id is none of the rows, two rows share a name or a name has another form.

    Examples
    --------
    >>> counts = pd.DataFrame({"leadership_id": ["huari-08"], "measure": ["districts in the project"]})
    >>> row_names("leadership", counts, {"huari-08": "districts"})
    {'huari-08': 'districts'}
    """
    faults = list(name_faults(table, rows.to_dict("records"), names))
    if faults:
        raise RecorderError("\n".join(faults))
    return names


def name_faults(table: str, rows: list[dict[Any, Any]], names: Mapping[str, str]) -> Iterator[str]:
    """Yield what is wrong with the names of rows, a sentence each; see `row_names`."""
    by_id = {str(next(iter(row.values()))): row for row in rows}
    for row_id in (one for one in by_id if one not in names):
        yield f'{table}.csv: {row_id} has no name; give one, such as "{row_id}": "{_suggested(by_id[row_id])}"'
    for row_id, name in names.items():
        if row_id not in by_id:
            yield f"{table}.csv: no row {row_id!r} with a figure of its own to be named {name!r}; allowed: {', '.join(by_id) or 'none'}"
        if not NAME.fullmatch(name):
            yield f"{table}.csv: name {name!r} of {row_id}; allowed: lower-case words joined by underscores, as in first_fellows"
    for name in sorted({name for name in names.values() if list(names.values()).count(name) > 1}):
        shared = ", ".join(row_id for row_id, other in names.items() if other == name)
        yield f"{table}.csv: {name!r} is the name of {shared}; allowed: another name for each"


def _suggested(row: Mapping[Any, Any]) -> str:
    """Return a name made of a row's measure and year, or of its study and outcome."""
    parts = [row.get(column) for column in ("study", "outcome", "measure", "year")]
    text = " ".join(
        f"{part:.0f}" if isinstance(part, float) else str(part) for part in parts if part and part == part
    )
    return "_".join(re.findall(r"[a-z0-9]+", latin(text).lower())).lstrip("0123456789_")
