"""Draft rows of a release from a file, and append them to a draft release."""

from __future__ import annotations

import datetime
import os
import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from leadership_effects.data.release import Release, ReleaseError, open_release
from leadership_effects.data.rows import columns_of, csv_text, key_of, read_rows
from leadership_effects.files import sha256
from leadership_effects.importers.model import ImportRefused, Loader, Places, Reading

KEY = ["indicator_id", "unit_id", "year"]


@dataclass(frozen=True)
class Draft:
    """Rows drafted from one file.

    Attributes
    ----------
    outcomes : DataFrame
        Columns of the release's outcome tables as text, sorted by key, one row a key.
    source : dict
        Row of `sources`.
    units, indicators : list of dict
        Draft rows that the release does not hold yet.
    panels : dict
        Panel of each indicator.
    reading : Reading
        What the loader left out and took for granted.
    """

    loader: Loader
    outcomes: pd.DataFrame
    source: dict[str, str]
    units: list[dict[str, str]]
    indicators: list[dict[str, str]]
    panels: dict[str, str]
    reading: Reading


@dataclass(frozen=True)
class Provenance:
    """Where a file comes from, as far as the file itself cannot say.

    Attributes
    ----------
    address : str
        Address it was downloaded from; the loader's own if left blank.
    read_on : date
        Day on which it was read.
    copied : bool
        Whether it is somebody else's copy and not the issuing body's file.
    """

    address: str
    read_on: datetime.date
    copied: bool


def draft(
    loader: Loader,
    path: Path,
    release: Release,
    provenance: Provenance,
    mapping: dict[str, Any] | None = None,
) -> Draft:
    """Read a file with a loader and put its rows into the release's columns.

    Parameters
    ----------
    loader : Loader
        One of `LOADERS`.
    path : Path
        The downloaded file; it is not changed.
    release : Release
        Release whose units, indicators and columns hold.
    provenance : Provenance
        Address, date and whether it is a copy.
    mapping : dict, optional
        Parsed mapping, see `leadership_effects.importers.mapped`.

    Raises
    ------
    ImportRefused
        If the file is not what the loader reads, holds no row, holds a key twice with two values, names an indicator
        that neither release nor loader nor mapping knows, has a value outside the indicator's range, or a unit of another
        panel.
    """
    mapping = mapping or {}
    places = Places(release.table("units"), mapping.get("units"))
    reading = loader.read(path, places, mapping)
    if not reading.rows:
        told = "; ".join(f"{count} × {reason}" for reason, count in reading.left_out.most_common())
        raise ImportRefused(f"{path.name}: holds no row for the release; left out: {told or 'nothing'}")
    known = release.table("indicators").astype(str).set_index("indicator_id", drop=False).to_dict("index")
    new = _new_indicators(loader, reading, set(known), mapping)
    indicators: dict[str, dict[str, Any]] = {**known, **{row["indicator_id"]: row for row in new}}
    _check_rows(reading, release, indicators, places)
    _note_what_the_schema_lacks(new, release, reading)
    digest = sha256(path)
    source = _source(loader, path, digest, provenance, mapping)
    used = {row.unit_id for row in reading.rows}
    return Draft(
        loader=loader,
        outcomes=_outcomes(reading, source["source_id"]),
        source=source,
        units=[row for unit, row in sorted(places.new.items()) if unit in used],
        indicators=new,
        panels={
            name: str(indicators[name]["panel"])
            for name in sorted({row.indicator_id for row in reading.rows})
        },
        reading=reading,
    )


def _new_indicators(
    loader: Loader, reading: Reading, known: set[str], mapping: dict[str, Any]
) -> list[dict[str, str]]:
    drafts = []
    for row in reading.rows:
        name = row.indicator_id
        if name in known:
            continue
        known.add(name)
        given = mapping.get("indicators", {}).get(name)
        found = (
            {"indicator_id": name, **{k: str(v) for k, v in given.items()}}
            if given
            else loader.indicators(name)
        )
        if found is None:
            raise ImportRefused(
                f"{row.where}: {name!r} is no indicator of the release; give its row in the mapping under `indicators`, "
                "with panel, title, definition, value_unit, direction, minimum and maximum"
            )
        for column in ("panel", "title", "definition", "value_unit", "direction", "minimum", "maximum"):
            if not found.get(column):
                raise ImportRefused(f"mapping, indicators.{name}: {column} is missing; the release needs it")
        drafts.append(found)
    return sorted(drafts, key=lambda draft: draft["indicator_id"])


def _check_rows(
    reading: Reading, release: Release, indicators: dict[str, dict[str, Any]], places: Places
) -> None:
    panels = dict(release.table("units")[["unit_id", "panel"]].itertuples(index=False))
    panels |= {unit: row["panel"] for unit, row in places.new.items()}
    kinds = _constraints(release, "units", "unit_type")["enum"]
    years = {
        row["panel"]: _constraints(release, f"outcomes-{row['panel']}", "year") for row in indicators.values()
    }
    for row in reading.rows:
        indicator = indicators[row.indicator_id]
        lowest, highest = (float(indicator[end]) for end in ("minimum", "maximum"))
        if not lowest <= row.value <= highest:
            raise ImportRefused(
                f"{row.where}: {row.value:g} is outside the range of {row.indicator_id}; "
                f"allowed: {lowest:g} to {highest:g}"
            )
        if panels[row.unit_id] != indicator["panel"]:
            raise ImportRefused(
                f"{row.where}: unit {row.unit_id} is of panel {panels[row.unit_id]}, {row.indicator_id} of panel "
                f"{indicator['panel']}; allowed: one panel"
            )
        if row.unit_id in places.new and places.new[row.unit_id]["unit_type"] not in kinds:
            raise ImportRefused(
                f"{row.where}: {places.new[row.unit_id]['unit_type']!r} is no type of unit; allowed: {', '.join(kinds)}"
            )
        first, last = (years[indicator["panel"]][end] for end in ("minimum", "maximum"))
        if not first <= row.year <= last:
            raise ImportRefused(
                f"{row.where}: {row.year} is no year of the release; allowed: {first} to {last}"
            )


def _constraints(release: Release, table: str, column: str) -> dict[str, Any]:
    fields = {str(field["name"]): field for field in release.resource(table)["schema"]["fields"]}
    return dict(fields[column]["constraints"])


def _note_what_the_schema_lacks(new: list[dict[str, str]], release: Release, reading: Reading) -> None:
    """Note units of value that the new release has to allow."""
    allowed = _constraints(release, "indicators", "value_unit")["enum"]
    for unit in sorted({row["value_unit"] for row in new} - set(allowed)):
        reading.notes.append(
            f"The unit of value {unit!r} is not among those of the release ({', '.join(allowed)}): add it to the "
            "datapackage.json of the release being made, or its check refuses the rows."
        )


def _outcomes(reading: Reading, source_id: str) -> pd.DataFrame:
    lines: dict[tuple[str, str, int], dict[str, str]] = {}
    first: dict[tuple[str, str, int], str] = {}
    for row in reading.rows:
        key = (row.indicator_id, row.unit_id, row.year)
        line = {
            "indicator_id": row.indicator_id, "unit_id": row.unit_id, "year": str(row.year),
            "value": digits(row.value), "standard_error": digits(row.standard_error),
            "n_pupils": digits(row.n_pupils), "source_id": source_id, "derivation": row.derivation, "note": row.note,
        }  # fmt: skip
        if lines.setdefault(key, line) != line:
            raise ImportRefused(
                f"{row.where}: {', '.join(map(str, key))} stands there with {digits(row.value)}, and with "
                f"{lines[key]['value']} at {first[key]}; allowed: each key once"
            )
        first.setdefault(key, row.where)
    return pd.DataFrame([lines[key] for key in sorted(lines)])


def digits(value: float | int | None) -> str:
    """Return a figure as a release writes it, with the digits that were read."""
    if value is None:
        return ""
    return str(int(value)) if float(value).is_integer() else repr(float(value))


def _source(
    loader: Loader, path: Path, digest: str, provenance: Provenance, mapping: dict[str, Any]
) -> dict[str, str]:
    stem = re.sub(r"[^A-Z0-9]+", "_", loader.name.upper())
    how = (
        f"file {path.name}, {path.stat().st_size} bytes, sha256 {digest}, read {provenance.read_on.isoformat()} by loader "
        f"{loader.name} version {loader.version}{', through a mapping of its columns' if mapping.get('tables') else ''}"
    )
    return {
        "source_id": f"{stem}_{digest[:8].upper()}",
        "title": loader.title,
        "publisher": loader.publisher,
        "year": f"n.d. (read {provenance.read_on.year})",
        "address": provenance.address or loader.address,
        "licence": loader.licence,
        "how_read": how,
        "third_party_copy": "true" if provenance.copied else "false",
    }


def append(drafted: Draft, folder: Path, conflict: str = "refuse") -> dict[str, int]:
    """Append a draft's rows to a release that is being made.

    Parameters
    ----------
    folder : Path
        Folder of the release; its descriptor must hold no checksum.
    conflict : {'refuse', 'keep', 'replace'}
        What to do with keys that stand there with another value, standard error or number of pupils: nothing at all,
        leave the rows that are there, or put the file's rows in their place.

    Returns
    -------
    dict of str to int
        Rows added, replaced and left as they were, and notes that replaced rows took over from those before them:
        some are about the place and hold, some about the former source and have to go.

    Raises
    ------
    ImportRefused
        If the release is frozen, has no table for a panel, or a key stands there with other figures and ``conflict``
        is ``refuse``; the message names the keys. Nothing is written then.
    """
    release = _draft_release(folder)
    done: Counter[str] = Counter()
    written: dict[Path, str] = {}
    for table, rows in (
        ("sources", [drafted.source]),
        ("indicators", drafted.indicators),
        ("units", drafted.units),
    ):
        written |= _merged(release, table, rows, columns_of(release, table)[:1], "keep", Counter())
    for panel in sorted(set(drafted.panels.values())):
        names = [name for name, of_panel in drafted.panels.items() if of_panel == panel]
        rows = drafted.outcomes[drafted.outcomes["indicator_id"].isin(names)].to_dict("records")
        try:
            written |= _merged(release, f"outcomes-{panel}", rows, KEY, conflict, done)
        except ReleaseError as error:
            raise ImportRefused(str(error)) from error
    # Referred to before referring: whoever looks in between finds no row without its source, unit or indicator.
    replace_files(written)
    return {name: done[name] for name in ("added", "replaced", "left", "notes carried over")}


def _draft_release(folder: Path) -> Release:
    try:
        release = open_release(folder.name, folder.parent)
    except ReleaseError as error:
        raise ImportRefused(f"--into: {error}") from error
    entries = [*release.descriptor["resources"], release.descriptor["plan"]]
    if any(entry.get("hash") for entry in entries):
        raise ImportRefused(
            f"--into: release {release.name} is frozen and stays as it is; nox -s release -- <new> drafts the next one, "
            "and --into data/<new> takes the rows"
        )
    return release


def _merged(
    release: Release,
    table: str,
    rows: list[dict[str, str]],
    key: list[str],
    conflict: str,
    done: Counter[str],
) -> dict[Path, str]:
    path = release.folder / release.resource(table)["path"]
    columns = columns_of(release, table)
    there = {key_of(line, key): line for line in read_rows(release, table)}
    changed = False
    clashes = []
    for row in rows:
        line = {name: row.get(name, "") for name in columns}
        where = key_of(line, key)
        if where not in there:
            done["added"] += 1
        elif conflict == "keep" or not _figures_differ(there[where], line):
            done["left"] += 1
            continue
        elif conflict == "refuse":
            clashes.append(f"{', '.join(where)}: {there[where]['value']} there, {line['value']} in the file")
            continue
        else:
            done["replaced"] += 1
            if there[where].get("note") and not line["note"]:
                line["note"] = there[where]["note"]
                done["notes carried over"] += 1
        there[where], changed = line, True
    if clashes:
        raise ImportRefused(
            f"--into: {len(clashes)} key(s) of {release.resource(table)['path']} stand there with other figures, among them "
            f"{'; '.join(clashes[:3])}. Read the report, then say --on-conflict keep or replace"
        )
    return {path: csv_text(columns, [there[where] for where in sorted(there)])} if changed else {}


def _figures_differ(one: dict[str, str], other: dict[str, str]) -> bool:
    def figures(line: dict[str, str]) -> list[float | None]:
        return [
            float(line[name]) if line.get(name) else None for name in ("value", "standard_error", "n_pupils")
        ]

    return figures(one) != figures(other)


def replace_files(content: dict[Path, str]) -> None:
    """Write all files beside their targets, then rename them."""
    beside = {path: path.with_name(f".{path.name}.{os.getpid()}") for path in content}
    try:
        for path, text in content.items():
            beside[path].write_text(text, encoding="utf-8", newline="\n")
        for path in content:
            beside[path].replace(path)
    finally:
        for path in beside.values():
            path.unlink(missing_ok=True)
