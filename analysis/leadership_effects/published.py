"""The locked results of a release: written once, kept in git, compared with every later run.

Values agree if they differ by at most one part in ten million, or by a billionth where they are all but zero: results
are kept to ten significant digits, and other processors or library builds may move the last ones. Text, sources, row
counts and captions must be equal.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from leadership_effects.check import newest_release
from leadership_effects.release import ROOT, open_release
from leadership_effects.results import results_folder, write_json

TOLERANCE = 1e-7
NEXT_TO_NOTHING = 1e-9
EXACT = (
    "text",
    "unit",
    "digits",
    "meaning",
    "interval_text",
    "interval_kind",
    "n_rows",
    "rows",
    "lines",
    "sources",
    "function",
)


def published_folder(release: str) -> Path:
    """Folder of the locked results of a release."""
    return ROOT / "analysis" / "published" / release


def same_number(one: Any, other: Any) -> bool:
    """Whether two recorded values agree within the tolerance; text must be equal."""
    if isinstance(one, (int, float)) and isinstance(other, (int, float)):
        return math.isclose(one, other, rel_tol=TOLERANCE, abs_tol=NEXT_TO_NOTHING)
    return bool(one == other)


def differences(fresh: dict[str, Any], locked: dict[str, Any]) -> Iterator[str]:
    """Everything in which a run's results differ from the locked ones, a sentence each."""
    name = locked["notebook"]
    for key in sorted(set(fresh["results"]) | set(locked["results"])):
        new, old = fresh["results"].get(key), locked["results"].get(key)
        if new is None or old is None:
            yield f"{name}.{key}: {'no longer recorded' if new is None else 'not among the published results'}"
            continue
        if not same_number(new["value"], old["value"]):
            yield f"{name}.{key}: {new['value']} now, {old['value']} published"
        pairs = zip(new["interval"] or [], old["interval"] or [], strict=False)
        if (new["interval"] is None) != (old["interval"] is None) or not all(
            same_number(a, b) for a, b in pairs
        ):
            yield f"{name}.{key}: interval {new['interval']} now, {old['interval']} published"
        for field in EXACT:
            if new.get(field) != old.get(field):
                yield f"{name}.{key}: {field} {new.get(field)!r} now, {old.get(field)!r} published"
    for figure in sorted(set(fresh["figures"]) | set(locked["figures"])):
        pair = [_without(run["figures"].get(figure, {}), "line") for run in (fresh, locked)]
        if pair[0] != pair[1]:
            yield f"{name}: figure {figure} differs"


def compare(release: str) -> list[str]:
    """Differences between the last run of a release and its locked results, over all notebooks."""
    folder = published_folder(release)
    locked = {path.name for path in folder.glob("*.json")}
    fresh = {path.name for path in results_folder(release).glob("*.json")}
    found = [
        f"{name}: {'was not run' if name in locked else 'is not published'}"
        for name in sorted(locked ^ fresh)
    ]
    for name in sorted(locked & fresh):
        pair = [
            json.loads((base / name).read_text(encoding="utf-8"))
            for base in (results_folder(release), folder)
        ]
        found += differences(*pair)
    return found


def lock(release: str) -> int:
    """Write the results of the last run as the locked ones; return how many notebooks."""
    folder = published_folder(release)
    kept = []
    for path in sorted(results_folder(release).glob("*.json")):
        content = json.loads(path.read_text(encoding="utf-8"))
        write_json(folder / path.name, _kept(content))
        kept.append(path.name)
    for path in folder.glob("*.json"):
        if path.name not in kept:
            path.unlink()
    return len(kept)


def _kept(content: dict[str, Any]) -> dict[str, Any]:
    """Results without what moves when nothing else does: files read and lines of the notebook's source."""
    results = {key: _without(result, "line") for key, result in content["results"].items()}
    figures = {key: _without(figure, "line") for key, figure in content["figures"].items()}
    return _without(content, "inputs") | {"results": results, "figures": figures}


def _without(record: dict[str, Any], field: str) -> dict[str, Any]:
    return {key: value for key, value in record.items() if key != field}


def main(arguments: list[str] | None = None) -> int:
    """Command line of ``nox -s lock_results``; returns the exit code."""
    parser = argparse.ArgumentParser(description="Lock the results of the last run.")
    parser.add_argument("release", nargs="?", help="release name; the newest if left out")
    options = parser.parse_args(arguments)
    release = open_release(options.release or newest_release()).name
    for line in compare(release):
        print(line)
    print(f"{lock(release)} notebooks locked in {published_folder(release).relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
