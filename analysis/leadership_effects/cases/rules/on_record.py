"""Find rows on a place in tables of the release that no case owns: counts and starts."""

from __future__ import annotations

from collections.abc import Iterator, Set
from dataclasses import dataclass

from leadership_effects.cases.worksheets import FILL, CaseRows
from leadership_effects.data.checks.lines import folded
from leadership_effects.data.checks.places import countries, country_codes
from leadership_effects.data.release import Release
from leadership_effects.data.rows import Row, read_rows

TABLES = {
    "dose": "leadership.csv",
    "starts": "events.csv or cases.csv",
}  # and where a case would give such a row
SHOWN = 4  # rows that a line names


@dataclass(frozen=True)
class OnRecord:
    """Rows on a place, by table."""

    rows: dict[str, list[Row]]

    def told(self) -> Iterator[str]:
        """Yield a line a table: how many rows, and the first of them."""
        for table, rows in self.rows.items():
            if rows:
                yield (
                    f"{table}.csv of the release holds {len(rows)} row(s) on the place or its country ({_shown(rows)}): what "
                    f"of it is about the place goes into {TABLES[table]}"
                )


def rows_on_place(release: Release, names: Set[str]) -> OnRecord:
    """Return the rows of the release on places or countries of these names or codes."""
    held = {resource["name"] for resource in release.descriptor["resources"]}
    places = {folded(name) for name in names}
    called = {countries()[name][0] for name in places if name in countries()}
    codes = {*names, *(code for code, country in country_codes().items() if country in called)}

    def on_it(row: Row) -> bool:
        return folded(row["place"]) in places or (bool(row["code"]) and row["code"] in codes)

    return OnRecord(
        {t: [row for row in read_rows(release, t) if on_it(row)] if t in held else [] for t in TABLES}
    )


def not_given(case: CaseRows) -> Iterator[str]:
    """Yield a line a table of rows on the place that no row of its worksheets gives."""
    own = [row.cells for row in case.rows_of("cases")]
    if not own:
        return
    units = {row["unit_id"]: row for row in read_rows(case.release, "units")}
    names = {cells[column] for cells in own for column in ("title", "country")}
    names |= {
        unit[column]
        for cells in own
        if (unit := units.get(cells["treated_unit"]))
        for column in ("name", "code")
    }
    found = rows_on_place(case.release, {name for name in names if name and not name.startswith(FILL)})
    counts = {(row.cells["year"], row.cells["value"]) for row in case.rows_of("leadership")}
    years = {row.cells["year"] for table in ("events", "leadership") for row in case.rows_of(table)}
    years |= {cells[column] for cells in own for column in ("start_year", "first_treated_year")}
    missing = OnRecord(
        {
            "dose": [row for row in found.rows["dose"] if (row["year"], row["value"]) not in counts],
            "starts": [row for row in found.rows["starts"] if row["year"] and row["year"] not in years],
        }
    )
    yield from missing.told()


def _shown(rows: list[Row]) -> str:
    named = [
        f"{row['place']}: {row['measure']}, {' in '.join(filter(None, (row.get('value', ''), row['year'])))}"
        for row in rows
    ]
    return "; ".join(named[:SHOWN]) + (f"; and {len(rows) - SHOWN} more" if len(rows) > SHOWN else "")
