"""Keep the registry of a notebook's results, with rows and function of each."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from leadership_effects.data.outcomes import PlaceSeries, Traced
from leadership_effects.data.provenance import Rows, file_lines, provenance
from leadership_effects.data.release import Release
from leadership_effects.errors import LeadershipError
from leadership_effects.files import write_json
from leadership_effects.paths import ROOT, finished_results, results_folder
from leadership_effects.report.numbers import (
    Behind,
    Maker,
    RecorderError,
    Unit,
    Value,
    format_interval,
    significant,
)
from leadership_effects.source_lines import calling_line


class ResultsError(LeadershipError, ValueError):
    """A result recorded twice, malformed, or asked for and not there."""


def _clean(value: float | str) -> float | str:
    if isinstance(value, str):
        return value
    if math.isnan(value):
        raise ResultsError(
            "a result cannot be NaN: record what can be computed, and state in the text what cannot"
        )
    if math.isinf(value):
        return "inf" if value > 0 else "-inf"
    return significant(float(value))


@dataclass
class Registry:
    """Results of one notebook.

    Attributes
    ----------
    release : Release
    notebook : str
        Short name, the stem of the notebook's source; keys are unique within it.
    source : str
        Path of the notebook's source from the top of the repository.
    """

    release: Release
    notebook: str
    source: str
    results: dict[str, dict[str, Any]] = field(default_factory=dict)
    figures: dict[str, dict[str, Any]] = field(default_factory=dict)

    def record(
        self,
        key: str,
        value: float | str,
        unit: Unit,
        meaning: str,
        *,
        rows: Rows,
        function: Maker,
        interval: tuple[float, float] | None = None,
        interval_kind: str = "",
    ) -> str:
        """Record one result and return it as printed.

        Parameters
        ----------
        key : str
            Name by meaning, for instance ``reading.att``.
        value : float or str
            Kept to ten significant digits; text for verdicts.
        unit : Unit
            Unit of the value with the decimals and sign printed.
        meaning : str
            One sentence that defines the number.
        rows : Rows
            The release rows behind it.
        function : callable or str
            What computed it.
        interval : tuple of float, optional
            Lower and upper end; `interval_kind` names its method.

        Raises
        ------
        ResultsError
            If the key was recorded before or the value is NaN.
        """
        if key in self.results:
            raise ResultsError(f"{self.notebook}: result {key!r} is recorded twice")
        name, module = named_function(function)
        number = value if isinstance(value, str) else float(value)
        self.results[key] = {
            "value": _clean(number),
            "text": unit.format(number),
            "unit": unit.text,
            "digits": unit.digits,
            "signed": unit.signed,
            "meaning": meaning,
            "interval": [_clean(float(end)) for end in interval] if interval else None,
            "interval_text": format_interval(interval, unit.digits, unit.signed) if interval else "",
            "interval_kind": interval_kind,
            "n_rows": rows.count,
            "rows": rows.description,
            "lines": file_lines(self.release, rows.members),
            "line": calling_line(ROOT / self.source),
            "sources": list(rows.sources),
            "function": name,
            "module": module,
            "release": self.release.name,
        }
        return str(self.results[key]["text"])

    def numbers(self, group: str = "", *, rows: Behind | None = None, function: Maker = "") -> Recorder:
        """Return a recorder of numbers whose keys begin with `group`.

        Parameters
        ----------
        group : str
            Prefix of the keys; empty for none.
        rows : Rows or DataFrame of outcome rows, optional
            Rows behind each number unless a call names others.
        function : callable or str
            What computed the numbers; the cell of the notebook if left out.

        Examples
        --------
        >>> record = registry.numbers("region", rows=regions)  # doctest: +SKIP
        >>> record("rank", 2, COUNT, "Rank of London's change among nine regions.")  # doctest: +SKIP
        '2'
        """
        return Recorder(self, group, rows, function)

    def text(self, key: str) -> str:
        """Return a recorded result as printed, for captions and descriptions.

        Raises
        ------
        ResultsError
            If the key was not recorded.
        """
        return str(self._recorded(key)["text"])

    def value(self, key: str) -> Any:
        """Return a recorded value."""
        return self._recorded(key)["value"]

    def _recorded(self, key: str) -> dict[str, Any]:
        if key not in self.results:
            known = ", ".join(sorted(self.results)) or "none"
            raise ResultsError(f"{self.notebook}: no result {key!r}; recorded: {known}")
        return self.results[key]

    def save(self) -> None:
        """Write ``<notebook>.json`` with the release files read."""
        path = results_folder(self.release.name) / f"{self.notebook}.json"
        content = {
            "schema": 1,
            "release": self.release.name,
            "notebook": self.notebook,
            "source": self.source,
            "inputs": dict(sorted(self.release.files_read.items())),
            "results": self.results,
            "figures": self.figures,
        }
        write_json(path, content)


def _rows(behind: Behind) -> Rows:
    if isinstance(behind, Rows):
        return behind
    return provenance(behind.rows if isinstance(behind, PlaceSeries) else behind)


@dataclass(frozen=True)
class Recorder:
    """Recorder of the numbers of one group, with a shared prefix and shared rows.

    Attributes
    ----------
    registry : Registry
    group : str
        Prefix of the keys, for instance ``region``; empty for keys without one.
    rows : Rows, DataFrame or PlaceSeries, optional
        Rows behind each number; a DataFrame holds outcome rows, a series all of its own.
    function : callable or str
        What computed the numbers; the cell of the notebook if left out.
    """

    registry: Registry
    group: str = ""
    rows: Behind | None = None
    function: Maker = ""

    def __call__(
        self,
        key: str,
        value: Value,
        unit: Unit,
        meaning: str,
        *,
        rows: Behind | None = None,
        function: Maker = "",
        interval: tuple[float, float] | None = None,
        interval_kind: str = "",
    ) -> str:
        """Record a number under ``<group>.<key>`` and return it as printed.

        The rows are those of the call, else those that the number carries, else those of the group.

        Raises
        ------
        RecorderError
            If neither the call, the number nor the group names rows.
        """
        behind = self.rows if rows is None else rows
        if isinstance(value, Traced):
            behind, value = value.rows if rows is None else rows, value.value
        name = f"{self.group}.{key}" if self.group else key
        if behind is None:
            raise RecorderError(f"result {name!r} has no rows; name them here or for the whole group")
        return self.registry.record(
            name,
            value,
            unit,
            meaning,
            rows=_rows(behind),
            function=function or self.function or f"{self.registry.source} (cell)",
            interval=interval,
            interval_kind=interval_kind,
        )

    def each(
        self,
        key: str,
        values: Mapping[Any, Any] | pd.Series,
        unit: Unit,
        meaning: str,
        *,
        names: Mapping[Any, str] | None = None,
        rows: Behind | Callable[..., Behind] | None = None,
        function: Maker = "",
    ) -> dict[Any, str]:
        """Record each value of a mapping or Series and return the texts by its labels.

        Parameters
        ----------
        key, meaning : str
            Templates: ``{}`` stands for a label; for labels of several parts ``{0}``, ``{1}`` for each part.
        values : mapping or Series
            Values by label.
        names : mapping, optional
            Words for parts of labels in the meaning, where these differ from those in the key.
        rows : Rows, DataFrame or callable, optional
            Rows behind every number, or a function of the parts of a label that returns them.

        Raises
        ------
        RecorderError
            If there is no value.

        Examples
        --------
        >>> record = study.numbers("meals", rows=meals)  # doctest: +SKIP
        >>> record.each("inner.{}", inner[[2005, 2008]], PER_CENT, "Pupils on free meals, {}.")  # doctest: +SKIP
        {2005: '27.2', 2008: '37.2'}
        """
        if not len(values):
            raise RecorderError(f"{self.group or self.registry.source}: no value to record under {key!r}")
        words = names or {}
        texts = {}
        for label, value in values.items():
            parts = label if isinstance(label, tuple) else (label,)
            texts[label] = self(
                key.format(*parts),
                value,
                unit,
                meaning.format(*(words.get(part, part) for part in parts)),
                rows=rows(*parts) if callable(rows) else rows,
                function=function,
            )
        return texts

    def many(
        self,
        unit: Unit,
        numbers: Mapping[str, tuple[Value, str]],
        *,
        rows: Behind | None = None,
        function: Maker = "",
    ) -> dict[str, str]:
        """Record numbers of one unit, as value and meaning by key, and return the texts.

        Examples
        --------
        >>> from leadership_effects.report.numbers import POINTS
        >>> from leadership_effects.report.study import Study
        >>> record = Study.open("", "huari").numbers("jump", rows=Rows(2, "two waves", ()))
        >>> record.many(POINTS, {"own": (2.4, "Change in Huari."), "mean": (1.9, "Mean change.")})
        {'own': '+2.4', 'mean': '+1.9'}
        """
        return {
            key: self(key, value, unit, meaning, rows=rows, function=function)
            for key, (value, meaning) in numbers.items()
        }

    def ends(
        self,
        key: str,
        values: Any,
        unit: Unit,
        meaning: str,
        *,
        names: Mapping[str, str] | None = None,
        rows: Behind | None = None,
        function: Maker = "",
    ) -> dict[str, str]:
        """Record the smallest and the largest value, with ``low`` and ``high`` in the key.

        Examples
        --------
        >>> from leadership_effects.report.numbers import PER_CENT
        >>> from leadership_effects.report.study import Study
        >>> record = Study.open("", "huari").numbers("size", rows=Rows(0, "none: simulated", ()))
        >>> record.ends("t.{}", [4.9, 4.6, 5.3], PER_CENT, "Share rejected, {}est over outcomes.")
        {'low': '4.6', 'high': '5.3'}
        """
        both = {"low": np.min(values), "high": np.max(values)}
        return self.each(key, both, unit, meaning, names=names, rows=rows, function=function)


def named_function(function: Maker) -> tuple[str, str]:
    """Return qualified name and module of a function of this package, else empty text.

    The name is locked with a result, the module is not: a function that moves to another module changes no result.
    """
    if isinstance(function, str):
        return function, ""
    package = __name__.partition(".")[0]
    if function.__module__.partition(".")[0] != package:
        return f"{function.__module__}.{function.__qualname__}", ""
    return function.__qualname__, function.__module__


def read_results(release: str, notebook: str, folder: Path | None = None) -> dict[str, Any]:
    """Return the results of a notebook that has run, without their source lines.

    A source line moves with the prose of the notebook alone.

    Raises
    ------
    ResultsError
        If it has not run, or its results belong to another release.
    """
    path = (folder or finished_results(release)) / f"{notebook}.json"
    if not path.is_file():
        raise ResultsError(f"{notebook}: no results for release {release}; run `nox -s notebooks`")
    content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    if content["release"] != release:
        raise ResultsError(f"{path.name}: holds release {content['release']!r}, asked for {release!r}")
    for entry in (*content["results"].values(), *content["figures"].values()):
        entry.pop("line", None)
    return content
