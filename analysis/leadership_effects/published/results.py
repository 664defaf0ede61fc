"""Lock the results of a release in git, and compare a run with them.

Values agree within the rule of `tolerance`. Text, sources, row counts and captions must be equal. What figures and
tables show is locked with them, by `published_exhibits`.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from typing import Any

from leadership_effects.build.jobs import plan_jobs
from leadership_effects.data.release import Release, newest_release, open_release
from leadership_effects.files import write_json
from leadership_effects.paths import ROOT, exhibits_folder, published_folder, results_folder
from leadership_effects.published.exhibits import exhibit_faults, lock_exhibits, locked_exhibits, run_exhibits
from leadership_effects.published.tolerance import same_number

EXACT = (
    "text", "unit", "digits", "meaning", "interval_text", "interval_kind", "n_rows", "rows", "lines", "sources", "function",
)  # fmt: skip


def differences(fresh: dict[str, Any], locked: dict[str, Any]) -> Iterator[str]:
    """Yield the differences of a run from the locked results, a sentence each."""
    name = locked["notebook"]
    for key, faults in number_faults(fresh, locked).items():
        yield from (f"{name}.{key}: {fault}" for fault in faults)
    for figure, faults in figure_faults(fresh, locked).items():
        yield from (f"{name}: figure {figure} {fault}" for fault in faults)


def number_faults(fresh: dict[str, Any], locked: dict[str, Any]) -> dict[str, list[str]]:
    """Return the differences of each result from the locked one, by key."""
    keys = sorted(set(fresh["results"]) | set(locked["results"]))
    return {key: list(_number(fresh["results"].get(key), locked["results"].get(key))) for key in keys}


def _number(new: dict[str, Any] | None, old: dict[str, Any] | None) -> Iterator[str]:
    if new is None or old is None:
        yield "no longer recorded" if new is None else "not among the published results"
        return
    if not same_number(new["value"], old["value"]):
        yield f"{new['value']} now, {old['value']} published"
    pairs = zip(new["interval"] or [], old["interval"] or [], strict=False)
    if (new["interval"] is None) != (old["interval"] is None) or not all(same_number(a, b) for a, b in pairs):
        yield f"interval {new['interval']} now, {old['interval']} published"
    for field in EXACT:
        if new.get(field) != old.get(field):
            yield f"{field} {new.get(field)!r} now, {old.get(field)!r} published"


def figure_faults(fresh: dict[str, Any], locked: dict[str, Any]) -> dict[str, list[str]]:
    """Return whether the drawing or texts of each figure differ from the locked ones."""
    faults = {}
    for figure in sorted(set(fresh["figures"]) | set(locked["figures"])):
        pair = [_without(run["figures"].get(figure, {}), "line") for run in (fresh, locked)]
        faults[figure] = [] if pair[0] == pair[1] else ["differs"]
    return faults


def compare(release: str) -> list[str]:
    """Return the differences between the last run of a release and its locked results."""
    folder = published_folder(release)
    locked = {path.name for path in folder.glob("*.json")}
    fresh = {path.name for path in results_folder(release).glob("*.json")}
    alone = sorted(locked ^ fresh)
    found = [f"{name}: {'was not run' if name in locked else 'is not published'}" for name in alone]
    for name in sorted(locked & fresh):
        paths = (results_folder(release) / name, folder / name)
        found += differences(*(json.loads(path.read_text(encoding="utf-8")) for path in paths))
    return found


def compare_exhibits(release: Release) -> list[str]:
    """Return where figures and tables of the last run show other rows than the locked ones."""
    if not exhibits_folder(release.name).is_dir():
        return []
    return [
        f"{key}: {fault}"
        for job in plan_jobs(release)
        for key, faults in exhibit_faults(run_exhibits(job), locked_exhibits(release.name, job.name)).items()
        for fault in faults
    ]


def lock(release: str) -> int:
    """Write the results of the last run as the locked ones; return how many notebooks."""
    folder = published_folder(release)
    kept = []
    for path in sorted(results_folder(release).glob("*.json")):
        content = json.loads(path.read_text(encoding="utf-8"))
        write_json(folder / path.name, _locked_part(content))
        kept.append(path.name)
    for path in folder.glob("*.json"):
        if path.name not in kept:
            path.unlink()
    return len(kept)


def _locked_part(content: dict[str, Any]) -> dict[str, Any]:
    """Return results without inputs, source lines and modules, which move by themselves."""
    results = {key: _without(result, "line", "module") for key, result in content["results"].items()}
    figures = {key: _without(figure, "line") for key, figure in content["figures"].items()}
    return _without(content, "inputs") | {"results": results, "figures": figures}


def _without(record: dict[str, Any], *fields: str) -> dict[str, Any]:
    return {key: value for key, value in record.items() if key not in fields}


def main(arguments: list[str] | None = None) -> int:
    """Command line of ``nox -s lock-results``; returns the exit code."""
    parser = argparse.ArgumentParser(description="Lock the results of the last run.")
    parser.add_argument("release", nargs="?", help="release name; the newest if left out")
    options = parser.parse_args(arguments)
    release = open_release(options.release or newest_release())
    for line in [*compare(release.name), *compare_exhibits(release)]:
        print(line)
    shown = lock_exhibits(release)
    folder = published_folder(release.name).relative_to(ROOT)
    print(f"{lock(release.name)} notebooks locked in {folder}, with {shown} figures and tables")
    return 0


if __name__ == "__main__":
    sys.exit(main())
