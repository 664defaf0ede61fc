"""Turn an official file into draft rows of a release (``nox -s import -- LOADER FILE``).

The result is a draft outside the releases, in ``_build/import/<loader>-<sha8>/``: outcome rows, the row of their source,
units and indicators that the release does not hold yet, and a report of how the rows agree with those already there.
Nothing enters a release unless ``--into`` names one that is not frozen. Where a file and the
release differ, both figures are reported; which is right takes a reader.
"""

from __future__ import annotations

import argparse
import datetime
import sys
from pathlib import Path

from leadership_effects.data.release import Release, newest_release, open_release
from leadership_effects.data.rows import columns_of, csv_text
from leadership_effects.errors import run_command
from leadership_effects.files import write_whole
from leadership_effects.importers import LOADERS, ImportRefused, Loader
from leadership_effects.importers.agreement import all_keys, outcome_rows, report, summary
from leadership_effects.importers.draft import Draft, Provenance, append, draft, source_row
from leadership_effects.importers.mapped import open_mapping
from leadership_effects.paths import build_folder


def write_draft(drafted: Draft, release: Release) -> Path:
    """Write the draft's tables and its report below ``_build/import``."""
    folder = build_folder() / "import" / f"{drafted.loader.name}-{drafted.source['source_id'][-8:].lower()}"
    outcomes = f"outcomes-{next(iter(drafted.panels.values()))}"
    columns = columns_of(release, "sources")
    content = {
        "outcomes.csv": csv_text(columns_of(release, outcomes), drafted.outcomes.to_dict("records")),
        "sources.csv": csv_text(columns, [source_row(drafted.source, columns)]),
        "units.csv": csv_text(columns_of(release, "units"), drafted.units),
        "indicators.csv": csv_text(columns_of(release, "indicators"), drafted.indicators),
        "agreement.csv": all_keys(drafted, release).to_csv(
            index=False, float_format="%.10g", lineterminator="\n"
        ),
        "report.md": report(drafted, release),
    }
    for name, text in content.items():
        write_whole(folder / name, text)
    return folder


def known_loaders() -> str:
    """Return what can be read, where it is published and what its layout rests on."""
    lines = []
    for loader in LOADERS.values():
        lines += [
            f"{loader.name}: {loader.title}",
            f"    file    {loader.address}",
            f"    layout  {loader.layout}",
        ]
        lines += [f"    read in {loader.documentation}"] if loader.documentation else []
        lines += [f"    licence {loader.licence}"]
    return "\n".join(lines)


def main(arguments: list[str] | None = None) -> int:
    """Command line of ``nox -s import``; returns the exit code."""
    parser = argparse.ArgumentParser(
        prog="nox -s import --", description="Turn an official file into draft rows."
    )
    parser.add_argument(
        "loader", nargs="?", choices=sorted(LOADERS), help="layout of the file; all are listed if left out"
    )
    parser.add_argument("file", nargs="?", type=Path, help="the downloaded file")
    parser.add_argument("--map", type=Path, help="YAML with the columns of the file, or with names of units")
    parser.add_argument("--map-template", type=Path, metavar="FILE", help="write a mapping to start from")
    parser.add_argument("--release", help="release to compare with; the newest if left out")
    parser.add_argument("--address", default="", help="address the file was downloaded from")
    parser.add_argument(
        "--copy",
        action="store_true",
        help="the file at --address is somebody else's copy, not the issuing body's own",
    )
    parser.add_argument(
        "--read-on", type=datetime.date.fromisoformat, default=datetime.date.today(), metavar="DATE"
    )
    parser.add_argument("--into", type=Path, metavar="FOLDER", help="release being made that takes the rows")
    parser.add_argument("--on-conflict", choices=("refuse", "keep", "replace"), default="refuse")
    parser.add_argument(
        "--accept-restrictions", action="store_true", help="for files that our licence cannot honour"
    )
    options = parser.parse_args(arguments)
    if options.loader is None:
        print(known_loaders())
        return 0
    return run_command(lambda: _run(LOADERS[options.loader], options), "nothing imported: ")


def _run(loader: Loader, options: argparse.Namespace) -> int:
    if options.map_template:
        if not loader.template:
            raise ImportRefused(
                f"loader {loader.name} reads a documented layout and takes no mapping of columns"
            )
        if options.map_template.exists():
            raise ImportRefused(f"{options.map_template}: is there already; name another file")
        write_whole(options.map_template, loader.template)
        then = f"nox -s import -- {loader.name} FILE --map {options.map_template}"
        print(f"{options.map_template}: correct it to what the file shows, then: {then}")
        return 0
    if options.file is None:
        raise ImportRefused(f"loader {loader.name} needs a file, from {loader.address}")
    if options.into and loader.restricted and not options.accept_restrictions:
        raise ImportRefused(f"--into: {loader.restricted} Then give --accept-restrictions")
    release = open_release(options.release or newest_release())
    mapping = open_mapping(options.map) if options.map else None
    provenance = Provenance(options.address, options.read_on, options.copy)
    drafted = draft(loader, options.file, release, provenance, mapping)
    folder = write_draft(drafted, release)
    counts = summary(drafted.outcomes, outcome_rows(release))
    print(counts.to_string(index=False, justify="left", line_width=None))
    if loader.restricted:
        print(f"Restricted: {loader.restricted}\n")
    left = sum(drafted.reading.left_out.values())
    unknown = f"{len(drafted.units)} units unknown to the release"
    print(f"{len(drafted.outcomes)} rows, {unknown}, {left} cells or rows left out")
    print(f"draft and report: {folder}")
    if options.into:
        done = append(drafted, options.into, options.on_conflict)
        counted = f"{done['added']} rows added, {done['replaced']} replaced, {done['left']} left as they were"
        print(f"{options.into.name}: {counted}")
        if notes := done["notes carried over"]:
            print(f"{notes} replaced rows kept the note of the row before them: read whether it holds")
    return 0


if __name__ == "__main__":
    sys.exit(main())
