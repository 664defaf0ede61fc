"""Draft rows of a release from a file, and append them to a draft release."""

from __future__ import annotations

import datetime
import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from leadership_effects.data.release import Release, ReleaseError, open_release, require_draft
from leadership_effects.data.rows import columns_of, csv_text, key_columns, key_of, read_rows, save_plainly
from leadership_effects.files import sha256, write_whole
from leadership_effects.importers import files
from leadership_effects.importers.mapped import read_mapped
from leadership_effects.importers.model import ImportRefused, Loader, Places, Reading

KEY = ["indicator_id", "unit_id", "year"]
NEEDED = ("panel", "title", "definition", "value_unit", "direction", "minimum", "maximum")
FIGURES = ("value", "standard_error", "n_pupils")


@dataclass(frozen=True)
class Draft:
    """Rows drafted from one file.

    Attributes
    ----------
    outcomes : DataFrame
        Columns of the release's outcome tables as text, sorted by key, one row a key.
    source : dict
        Row of `sources`, in the columns of releases that keep the address of a copy apart.
    units, indicators : list of dict
        Draft rows that the release does not hold yet.
    panels : dict
        Panel of each indicator.
    reading : Reading
        What the loader left out and assumed.
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
    """Where a file comes from, as far as the file does not hold it.

    Attributes
    ----------
    address : str
        Address it was downloaded from; the loader's own if left blank. A copy needs one.
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
    """Read a file with a loader and draft its rows in the release's columns.

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
        panel; or if it is a copy without an address.
    """
    if provenance.copied and not provenance.address:
        raise ImportRefused(
            "--copy: give --address too, the address of the copy; the issuing body's own is known"
        )
    mapping = mapping or {}
    places = Places(release.table("units"), mapping.get("units"))
    reading = _read(loader, path, places, mapping)
    if not reading.rows:
        counts = "; ".join(f"{count} × {reason}" for reason, count in reading.left_out.most_common())
        raise ImportRefused(f"{path.name}: holds no row for the release; left out: {counts or 'nothing'}")
    known = release.table("indicators").astype(str).set_index("indicator_id", drop=False).to_dict("index")
    new = _new_indicators(loader, reading, set(known), mapping)
    indicators: dict[str, dict[str, Any]] = {**known, **{row["indicator_id"]: row for row in new}}
    _check_rows(reading, release, indicators, places)
    allowed = _constraints(release, "indicators", "value_unit")["enum"]
    reading.notes.extend(
        f"The unit of value {unit!r} is not among those of the release ({', '.join(allowed)}): add it to the "
        "datapackage.json of the release being made, or its check refuses the rows."
        for unit in sorted({row["value_unit"] for row in new} - set(allowed))
    )
    source = _source(loader, path, provenance, mapping)
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


def _read(loader: Loader, path: Path, places: Places, mapping: dict[str, Any]) -> Reading:
    files.expect(path, loader.kinds, loader.address)
    if loader.template and mapping.get("tables"):
        return read_mapped(path, places, mapping)
    if loader.read is None:
        raise ImportRefused(
            f"{path.name}: the layout of these files is not documented, so they take a mapping; write one to start "
            f"from with: nox -s import -- {loader.name} --map-template {loader.name}.yml"
        )
    return loader.read(path, places)


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
        mapped = {"indicator_id": name, **{column: str(cell) for column, cell in (given or {}).items()}}
        found = mapped if given else loader.indicator(name)
        if found is None:
            raise ImportRefused(
                f"{row.where}: {name!r} is no indicator of the release; give its row in the mapping under `indicators`, "
                f"with {', '.join(NEEDED)}"
            )
        for column in NEEDED:
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
        indicator, panel = indicators[row.indicator_id], panels[row.unit_id]
        lowest, highest = (float(indicator[end]) for end in ("minimum", "maximum"))
        first, last = (years[indicator["panel"]][end] for end in ("minimum", "maximum"))
        kind = places.new.get(row.unit_id, {"unit_type": kinds[0]})["unit_type"]
        fault = ""
        if not lowest <= row.value <= highest:
            fault = f"{row.value:g} is outside the range of {row.indicator_id}; allowed: {lowest:g} to {highest:g}"
        elif panel != indicator["panel"]:
            fault = (
                f"unit {row.unit_id} is of panel {panel}, {row.indicator_id} of panel {indicator['panel']}; "
                "allowed: one panel"
            )
        elif kind not in kinds:
            fault = f"{kind!r} is no type of unit; allowed: {', '.join(kinds)}"
        elif not first <= row.year <= last:
            fault = f"{row.year} is no year of the release; allowed: {first} to {last}"
        if fault:
            raise ImportRefused(f"{row.where}: {fault}")


def _constraints(release: Release, table: str, column: str) -> dict[str, Any]:
    fields = {str(field["name"]): field for field in release.resource(table)["schema"]["fields"]}
    return dict(fields[column]["constraints"])


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
                f"{row.where}: {', '.join(map(str, key))} has {digits(row.value)} here and "
                f"{lines[key]['value']} at {first[key]}; allowed: each key once"
            )
        first.setdefault(key, row.where)
    return pd.DataFrame([lines[key] for key in sorted(lines)])


def digits(value: float | int | None) -> str:
    """Return a figure as a release writes it, with the digits that were read."""
    if value is None:
        return ""
    return str(int(value)) if float(value).is_integer() else repr(float(value))


def _source(loader: Loader, path: Path, provenance: Provenance, mapping: dict[str, Any]) -> dict[str, str]:
    digest = sha256(path)
    stem = re.sub(r"[^A-Z0-9]+", "_", loader.name.upper())
    how = (
        f"file {path.name}, {path.stat().st_size} bytes, sha256 {digest}, read {provenance.read_on.isoformat()} by loader "
        f"{loader.name} version {loader.version}{', through a mapping of its columns' if mapping.get('tables') else ''}"
    )
    return {
        "source_id": f"{stem}_{digest[:8].upper()}",
        "title": loader.title,
        "publisher": loader.publisher,
        "year": "n.d.",
        "address": loader.address if provenance.copied else provenance.address or loader.address,
        "copy_address": provenance.address if provenance.copied else "",
        "licence": loader.licence,
        "how_read": how,
        "third_party_copy": "true" if provenance.copied else "false",
    }


def source_row(source: dict[str, str], columns: list[str]) -> dict[str, str]:
    """Return a source's row for a release; older ones have one column for any address."""
    kept_apart = "copy_address" in columns
    return source if kept_apart else source | {"address": source["copy_address"] or source["address"]}


def append(drafted: Draft, folder: Path, conflict: str = "refuse") -> dict[str, int]:
    """Append a draft's rows to a release that is being made.

    Parameters
    ----------
    folder : Path
        Folder of the release; its descriptor must hold no checksum.
    conflict : {'refuse', 'keep', 'replace'}
        What to do with keys that the release has with another value, standard error or number of pupils: nothing at
        all, keep its rows, or replace them by those of the file.

    Returns
    -------
    dict of str to int
        Rows added, replaced and left as they were, and notes that replaced rows took over from those before them:
        some are about the place and hold, some about the former source and have to go.

    Raises
    ------
    ImportRefused
        If the release is frozen or has a key with other figures and ``conflict`` is ``refuse``; the message names the
        keys. Nothing is written then.
    ReleaseError
        If the release has no table for a panel.
    """
    try:
        release = open_release(folder.name, folder.parent)
        require_draft(release)
    except ReleaseError as error:
        raise ImportRefused(f"--into: {error}, and --into data/<new> takes the rows") from error
    save_plainly(release)
    done: Counter[str] = Counter()
    source = source_row(drafted.source, columns_of(release, "sources"))
    tables = {"sources": [source], "indicators": drafted.indicators, "units": drafted.units}
    written = [_merged(release, table, rows, "keep", Counter()) for table, rows in tables.items()]
    for panel in sorted(set(drafted.panels.values())):
        names = [name for name, of_panel in drafted.panels.items() if of_panel == panel]
        rows = drafted.outcomes[drafted.outcomes["indicator_id"].isin(names)].to_dict("records")
        written.append(_merged(release, f"outcomes-{panel}", rows, conflict, done))
    # Tables that are referred to come first: no row is without its source, unit or indicator at any time.
    for path, text in written:
        if text:
            write_whole(path, text)
    return {name: done[name] for name in ("added", "replaced", "left", "notes carried over")}


def _merged(
    release: Release, table: str, rows: list[dict[str, str]], conflict: str, done: Counter[str]
) -> tuple[Path, str]:
    """Return the file of a table and its text with the rows in it, empty if nothing changes."""
    path = release.folder / release.resource(table)["path"]
    columns, key = columns_of(release, table), key_columns(release, table)
    lines = {key_of(line, key): line for line in read_rows(release, table)}
    changed, clashes = False, []
    for row in rows:
        line = {name: row.get(name, "") for name in columns}
        where = key_of(line, key)
        held = lines.get(where)
        if held is None:
            done["added"] += 1
        elif conflict == "keep" or _figures(held) == _figures(line):
            done["left"] += 1
            continue
        elif conflict == "refuse":
            clashes.append(f"{', '.join(where)}: {held['value']} there, {line['value']} in the file")
            continue
        else:
            done["replaced"] += 1
            if held.get("note") and not line["note"]:
                line["note"] = held["note"]
                done["notes carried over"] += 1
        lines[where], changed = line, True
    if clashes:
        raise ImportRefused(
            f"--into: {release.resource(table)['path']} has {len(clashes)} key(s) with other figures, among them "
            f"{'; '.join(clashes[:3])}. Read the report, then give --on-conflict keep or replace"
        )
    return path, csv_text(columns, [lines[where] for where in sorted(lines)]) if changed else ""


def _figures(line: dict[str, str]) -> list[float | None]:
    return [float(line[name]) if line.get(name) else None for name in FIGURES]
