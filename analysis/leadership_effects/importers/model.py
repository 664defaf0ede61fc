"""Define what a loader is given and what it returns."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

import pandas as pd

from leadership_effects.errors import LeadershipError

PERCENT = {"value_unit": "percent", "direction": "1", "minimum": "0", "maximum": "100"}


class ImportRefused(LeadershipError, ValueError):
    """A file is not what its loader reads; the message names the place and what is allowed."""


@dataclass(frozen=True)
class OutcomeRow:
    """One draft outcome row.

    Attributes
    ----------
    value : float
        In the unit of the indicator.
    where : str
        The cell it was read in, for messages.
    standard_error : float or None
        In the same unit.
    n_pupils : int or None
        Pupils behind the value.
    """

    indicator_id: str
    unit_id: str
    year: int
    value: float
    where: str
    standard_error: float | None = None
    n_pupils: int | None = None
    derivation: str = "published"
    note: str = ""


@dataclass(frozen=True)
class Reading:
    """What a file holds.

    Attributes
    ----------
    rows : list of OutcomeRow
        Draft rows, in the order of the file.
    left_out : Counter of str
        Cells that make no row, by reason: nothing is dropped without being counted.
    notes : list of str
        Assumptions made in reading, for the report.
    """

    rows: list[OutcomeRow] = field(default_factory=list)
    left_out: Counter[str] = field(default_factory=Counter)
    notes: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Loader:
    """One layout.

    Attributes
    ----------
    layout : str
        What the file looks like and where that was read.
    kinds : tuple of str
        Kinds of file that may hold it, keys of `files.KINDS`.
    read : callable or None
        ``(path, places)`` to `Reading`; None if the layout is not documented, so that a file takes a mapping.
    documentation : str
        Public address of the documentation of the layout; empty if none was found.
    indicators : dict
        Pattern of indicator ids to their draft row for `indicators`, whose texts name the pattern's groups.
    compare : dict
        Indicator to a similar one of the release, for comparison alone.
    restricted : str
        Why rows may not simply enter a release under our licence; empty if they may.
    """

    name: str
    title: str
    publisher: str
    address: str
    licence: str
    layout: str
    kinds: tuple[str, ...]
    read: Callable[[Path, Places], Reading] | None = None
    version: int = 1
    documentation: str = ""
    indicators: dict[str, dict[str, str]] = field(default_factory=dict)
    compare: dict[str, str] = field(default_factory=dict)
    restricted: str = ""

    @property
    def template(self) -> str:
        """Return a mapping to start from, YAML; empty if the loader takes none."""
        path = Path(__file__).parent / "templates" / f"{self.name}.yml"
        return path.read_text(encoding="utf-8") if path.is_file() else ""

    def indicator(self, indicator_id: str) -> dict[str, str] | None:
        """Return the draft row of an indicator, None if the loader knows no such indicator."""
        for pattern, texts in self.indicators.items():
            if found := re.fullmatch(pattern, indicator_id):
                filled = {column: text.format(**found.groupdict()) for column, text in texts.items()}
                return {"indicator_id": indicator_id} | filled
        return None


@lru_cache(maxsize=4096)
def plain_name(name: str) -> str:
    """Return a name for comparison: small letters, no accents, no signs, ``St`` for ``Saint``.

    >>> plain_name("  ST. TAMMANY Parish*")
    'st tammany parish'
    """
    letters = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    words = re.sub(r"[^a-z0-9]+", " ", letters).split()
    return " ".join("st" if word == "saint" else word for word in words)


class Places:
    """Names in a file to units of the release.

    Parameters
    ----------
    units : DataFrame
        Table ``units`` of the release.
    aliases : dict of str to str
        Name as in the file to ``unit_id``, from the mapping; goes before everything else.

    Attributes
    ----------
    new : dict of str to dict
        Draft rows of units that the release does not hold, by ``unit_id``.
    """

    def __init__(self, units: pd.DataFrame, aliases: dict[str, str] | None = None) -> None:
        self._known = set(units["unit_id"])
        self._by_name: dict[tuple[str, str, str], list[tuple[str, str]]] = {}
        for row in units.rename(columns={"name": "name_"}).itertuples():
            key = (row.panel, row.unit_type, plain_name(row.name_))
            self._by_name.setdefault(key, []).append((plain_name(row.parent), row.unit_id))
        self._aliases = {plain_name(name): unit for name, unit in (aliases or {}).items()}
        self.new: dict[str, dict[str, str]] = {}
        unknown = sorted(set(self._aliases.values()) - self._known)
        if unknown:
            raise ImportRefused(
                f"mapping, units: {unknown[0]!r} is no unit of the release; allowed: a unit_id of units.csv"
            )

    def alias(self, name: str) -> str | None:
        """Return the unit that the mapping gives for a name, None if it gives none."""
        return self._aliases.get(plain_name(name))

    def find(self, panel: str, unit_type: str, name: str, parent: str = "") -> str | None:
        """Return the unit of a name, by the mapping first; None if there is none or several."""
        if (given := self.alias(name)) is not None:
            return given
        found = {
            unit
            for of_parent, unit in self._by_name.get((panel, unit_type, plain_name(name)), [])
            if not parent or of_parent == plain_name(parent)
        }
        return found.pop() if len(found) == 1 else None

    def unit(self, panel: str, unit_type: str, name: str, parent: str = "", slug: str = "") -> str:
        """Return the unit of a name, or a draft of one: ``panel/type/slug``."""
        found = self.find(panel, unit_type, name, parent)
        if found is not None:
            return found
        unit_id = f"{panel}/{unit_type}/{slug or plain_name(name).replace(' ', '-')}"
        if unit_id not in self._known:
            self.new[unit_id] = {
                "unit_id": unit_id, "panel": panel, "name": name, "unit_type": unit_type, "parent": parent,
            }  # fmt: skip
        return unit_id
