"""Define what a loader is given and what it returns."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

import pandas as pd

from leadership_effects.errors import LeadershipError


class ImportRefused(LeadershipError, ValueError):
    """A file is not what its loader reads; the message names the place and what is allowed."""


@dataclass(frozen=True)
class Row:
    """One draft outcome row.

    Attributes
    ----------
    value : float
        In the unit of the indicator.
    standard_error : float or None
        In the same unit.
    n_pupils : int or None
        Pupils behind the value.
    where : str
        The cell it was read in, for messages.
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
    rows : list of Row
        Draft rows, in the order of the file.
    left_out : Counter of str
        Cells that make no row, by reason: nothing is dropped without being counted.
    notes : list of str
        What was taken for granted in reading, for the report.
    """

    rows: list[Row] = field(default_factory=list)
    left_out: Counter[str] = field(default_factory=Counter)
    notes: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Loader:
    """One layout.

    Attributes
    ----------
    layout : str
        What the file looks like and where that was read.
    documentation : str
        Public address of the documentation of the layout; empty if none was found.
    read : callable
        ``(path, places, mapping)`` to `Reading`; ``mapping`` is the parsed YAML of ``--map`` or None.
    indicators : callable
        Indicator id to its draft row for `indicators`, or None if the loader knows no such indicator.
    template : str
        A mapping to start from, YAML; empty if the loader takes none.
    compare : dict
        Indicator to another one of the release that says nearly the same: set beside, never joined.
    restricted : str
        Why rows may not simply enter a release under our licence; empty if they may.
    """

    name: str
    title: str
    publisher: str
    address: str
    licence: str
    layout: str
    read: Callable[[Path, Places, dict[str, Any] | None], Reading]
    version: int = 1
    documentation: str = ""
    indicators: Callable[[str], dict[str, str] | None] = lambda _: None
    template: str = ""
    compare: dict[str, str] = field(default_factory=dict)
    restricted: str = ""


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

    def find(self, panel: str, unit_type: str, name: str, parent: str | None = None) -> str | None:
        """Return the unit of a name, by the mapping first; None if there is none or several."""
        if (given := self.alias(name)) is not None:
            return given
        found = {
            unit
            for of_parent, unit in self._by_name.get((panel, unit_type, plain_name(name)), [])
            if parent is None or of_parent == plain_name(parent)
        }
        return found.pop() if len(found) == 1 else None

    def unit(self, panel: str, unit_type: str, name: str, parent: str = "", slug: str = "") -> str:
        """Return the unit of a name, or a draft of one: ``panel/type/slug``."""
        found = self.find(panel, unit_type, name, parent or None)
        if found is not None:
            return found
        unit_id = f"{panel}/{unit_type}/{slug or plain_name(name).replace(' ', '-')}"
        if unit_id not in self._known:
            self.new[unit_id] = {
                "unit_id": unit_id, "panel": panel, "name": name, "unit_type": unit_type, "parent": parent,
            }  # fmt: skip
        return unit_id
