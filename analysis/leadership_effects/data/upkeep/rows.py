"""Read the rows that a living review looks at, and know to which place each belongs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from leadership_effects.data.release import Release
from leadership_effects.data.rows import Row
from leadership_effects.data.vocabulary import place_name

OUTCOMES = "outcomes-"
PLACE_COLUMNS = ("case_id", "place")


@dataclass(frozen=True)
class Evidence:
    """Rows of a release by table, as text.

    Attributes
    ----------
    release : Release
        Frozen or a draft.
    """

    release: Release

    @cached_property
    def tables(self) -> dict[str, list[Row]]:
        """Return the rows of each table; one that the release lacks has none."""
        found: dict[str, list[Row]] = defaultdict(list)
        for resource in self.release.descriptor["resources"]:
            found[resource["name"]] = self.release.saved_rows(resource["name"])
        return found

    @cached_property
    def cases(self) -> dict[str, str]:
        """Return the names of the places by case, in the order of the release."""
        return {row["case_id"]: place_name(row["title"]) for row in self.tables["cases"]}

    @cached_property
    def sources(self) -> dict[str, Row]:
        """Return the sources by id."""
        return {row["source_id"]: row for row in self.tables["sources"]}

    @cached_property
    def indicators(self) -> dict[str, Row]:
        """Return the indicators by id."""
        return {row["indicator_id"]: row for row in self.tables["indicators"]}

    def outcomes(self) -> Iterator[tuple[str, Row]]:
        """Yield the panel and the row of every outcome."""
        for name, rows in self.tables.items():
            if name.startswith(OUTCOMES):
                yield from ((name.removeprefix(OUTCOMES), row) for row in rows)

    @cached_property
    def panels(self) -> dict[str, tuple[str, ...]]:
        """Return the cases whose plan takes series of a panel that bears no case's name."""
        found: dict[str, dict[str, None]] = defaultdict(dict)
        for case_id, entry in self.release.plan["cases"].items():
            if case_id not in self.cases:
                continue
            for planned in (*(entry.get("panels") or {}).values(), *(entry.get("gaps") or {}).values()):
                indicator = self.indicators.get(str(planned.get("indicator", "")))
                if indicator and indicator["panel"] not in self.cases:
                    found[indicator["panel"]][case_id] = None
        return {name: tuple(cases) for name, cases in found.items()}

    def cases_of(self, place: str) -> tuple[str, ...]:
        """Return the cases of a place or panel; none of what is about none."""
        return (place,) if place in self.cases else self.panels.get(place, ())

    @cached_property
    def _uses(self) -> dict[str, list[tuple[str, ...]]]:
        """Return the cases of each row that rests on a source."""
        uses: dict[str, list[tuple[str, ...]]] = defaultdict(list)
        for name, rows in self.tables.items():
            columns = [column for column in rows[0] if column.endswith("source_id")] if rows else []
            for row in rows if name != "sources" else ():
                named = (row[column] for column in PLACE_COLUMNS if row.get(column))
                cases = self.cases_of(next(named, self._panel(name, row)))
                for column in filter(row.get, columns):
                    uses[row[column]].append(cases)
        return uses

    def _panel(self, table: str, row: Row) -> str:
        if table.startswith(OUTCOMES):
            return table.removeprefix(OUTCOMES)
        return row.get("panel") or self.indicators.get(row.get("indicator_id", ""), {}).get("panel", "")

    def rests_on(self, source_id: str) -> int:
        """Return how many rows rest on a source."""
        return len(self._uses[source_id])

    def cases_of_source(self, source_id: str) -> tuple[str, ...]:
        """Return the cases whose rows rest on a source, in the order of the release."""
        touched = {case for cases in self._uses[source_id] for case in cases}
        return tuple(case for case in self.cases if case in touched)
