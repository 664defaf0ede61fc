"""Keep the registry of a notebook's results, with rows and function of each."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from leadership_effects.data.provenance import Rows, file_lines
from leadership_effects.data.release import Release
from leadership_effects.errors import LeadershipError
from leadership_effects.files import write_json
from leadership_effects.paths import ROOT, finished_results, results_folder
from leadership_effects.report.numbers import Behind, Maker, Recorder, Unit, format_interval, significant
from leadership_effects.source_lines import calling_line


class ResultsError(LeadershipError, ValueError):
    """A result recorded twice, malformed, or asked for and not there."""


def _clean(value: float | str | None) -> float | str | None:
    if value is None or isinstance(value, str):
        return value
    if math.isnan(value):
        raise ResultsError(
            "a result cannot be NaN: record what can be computed, and say in words what cannot"
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
            One sentence that says what the number is.
        rows : Rows
            The release rows behind it.
        function : callable or str
            What computed it.
        interval : tuple of float, optional
            Lower and upper end; `interval_kind` says how it was made.

        Raises
        ------
        ResultsError
            If the key was recorded before or the value is NaN.
        """
        if key in self.results:
            raise ResultsError(f"{self.notebook}: result {key!r} is recorded twice")
        name, module = named_function(function)
        number = value if isinstance(value, str) else float(value)
        ends = None if interval is None else [_clean(float(end)) for end in interval]
        self.results[key] = {
            "value": _clean(number),
            "text": unit.format(number),
            "unit": unit.text,
            "digits": unit.digits,
            "signed": unit.signed,
            "meaning": meaning,
            "interval": ends,
            "interval_text": "" if interval is None else format_interval(interval, unit.digits, unit.signed),
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
        return str(_lookup(self.results, self.notebook, key)["text"])

    def value(self, key: str) -> Any:
        """Return a recorded value."""
        return _lookup(self.results, self.notebook, key)["value"]

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


def _lookup(results: dict[str, dict[str, Any]], notebook: str, key: str) -> dict[str, Any]:
    if key not in results:
        raise ResultsError(f"{notebook}: no result {key!r}; recorded: {', '.join(sorted(results)) or 'none'}")
    return results[key]


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
