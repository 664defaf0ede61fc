"""Report how far readings of the cases agree, pair by pair, and where they do not."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain, combinations

import numpy as np

from leadership_effects.cases.coding.dossier import case_of, coded_items
from leadership_effects.cases.row_rules import CODED
from leadership_effects.cases.worksheets import FILL, begun_cases
from leadership_effects.data.release import Release
from leadership_effects.data.rows import Row, read_rows
from leadership_effects.synthesis.reliability import Agreement, Level, krippendorff_alpha

LEVELS: dict[str, Level] = {
    "dimension": "ordinal", "strategy": "nominal", "leverage": "ordinal", "outcome": "ordinal",
}  # fmt: skip
SILENT = -1.0
NOT_SAID = "not said"
Codes = dict[tuple[str, str, str], dict[str, Row]]


def codes_of(release: Release, case_ids: list[str]) -> Codes:
    """Return the rows of each case, kind and item by coder."""
    begun = [name for name in begun_cases(release) if name not in release.plan["cases"]]
    found: Codes = {}
    for case_id in case_ids or [*release.plan["cases"], *begun]:
        rows = case_of(release, case_id).sheets["coding"].rows
        for kind, item in coded_items():
            own = (row.cells for row in rows if (row.cells["kind"], row.cells["item"]) == (kind, item))
            found[case_id, kind, item] = {
                row["coder"]: row for row in own if not row["coder"].startswith(FILL)
            }
    return found


def kinds_of_readers(release: Release) -> dict[str, str]:
    """Return whether each reading was automated or a person's."""
    return {row["coder"]: row["made_by"] for row in read_rows(release, "readings")}


def report(release: Release, case_ids: list[str]) -> str:
    """Return readings, agreement of each pair by kind, and the items on which readings differ."""
    codes, made = codes_of(release, case_ids), kinds_of_readers(release)
    coders = sorted(
        {coder for rows in codes.values() for coder in rows},
        key=lambda name: (made.get(name) == "person", name),
    )
    named = ", ".join(f"{name} ({made.get(name, NOT_SAID)})" for name in coders)
    lines = [f"readings: {named or 'none'}", ""]
    lines.append(
        "Krippendorff's alpha: where both gave a code, at its level; with silence as a code, nominal"
    )
    for pair in combinations(coders, 2):
        shared = {key: rows for key, rows in codes.items() if all(coder in rows for coder in pair)}
        if shared:
            places = len({case_id for case_id, _, _ in shared})
            lines.append(f"{pair[0]} and {pair[1]}, {places} place(s):")
            lines += _alphas(shared, pair)
    differing = list(_disagreements(codes))
    lines += ["", f"items on which readings differ: {len(differing)}", *chain(*differing)]
    return "\n".join(lines)


def _alphas(shared: Codes, pair: tuple[str, ...]) -> Iterator[str]:
    for kind in CODED:
        rows = [by for (_, own, _), by in shared.items() if own == kind]
        codes = np.array([[float(by[coder]["code"] or "nan") for by in rows] for coder in pair])
        both = krippendorff_alpha(codes, LEVELS[kind])
        silence = krippendorff_alpha(np.where(np.isnan(codes), SILENT, codes), "nominal")
        yield (
            f"  {kind}: alpha {_shown(both)} over {both.n_units} coded by both, {both.n_disagreeing} differ; "
            f"with silence {_shown(silence)} over {silence.n_units}, {silence.n_disagreeing} differ"
        )


def _shown(found: Agreement) -> str:
    return f"not defined ({found.reason})" if found.alpha is None else f"{found.alpha:.2f}"


def _disagreements(codes: Codes) -> Iterator[list[str]]:
    """Yield the lines of each item on which readings differ."""
    for (case_id, kind, item), rows in codes.items():
        if len({row["code"] for row in rows.values()}) > 1:
            said = ", ".join(f"{coder} {row['code'] or 'silent'}" for coder, row in sorted(rows.items()))
            reasons = [
                f"    {coder}: {row['evidence']}: {row['reason']}"[:200]
                for coder, row in sorted(rows.items())
            ]
            yield [f"  {case_id}, {kind} {item}: {said}", *reasons]
