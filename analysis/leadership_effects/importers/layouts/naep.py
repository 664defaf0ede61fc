"""Read answers of the NAEP Data Service: means with their standard errors.

The envelope, the codes of jurisdictions and the error flags are those of the service's own documentation,
https://www.nationsreportcard.gov/api_documentation.aspx. It shows two fields of a data point (``value``,
``varValue``); the other names are those in public answers of the service, and a point that lacks one is refused.
Standard errors come with ``&ShowDetails=true`` in the request, in the field ``stdError``.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from leadership_effects.importers import files
from leadership_effects.importers.model import ImportRefused, Loader, OutcomeRow, Places, Reading

PANEL = "washington_dc"
SUBJECTS = {"MAT": ("mathematics", "MRPCM"), "RED": ("reading", "RRPCM")}
FIELDS = (
    "year", "sample", "subject", "grade", "scale", "jurisdiction", "jurisLabel", "stattype", "variable", "value",
    "isStatDisplayable", "errorFlag",
)  # fmt: skip
# Numeric values of the documentation's table of error codes, summed in errorFlag.
NO_STATISTIC = {
    1: "reporting standard not met", 2: "extreme P", 16: "exclusion list", 32: "non-qualified variable", 64: "no data",
    128: "rounds to zero", 4096: "response rate below 50%", 32768: "zero response rate",
}  # fmt: skip
NO_STANDARD_ERROR = (*NO_STATISTIC, 4, 256)
NON_ACCOMMODATED = 8
AGGREGATES = {
    "NP": f"{PANEL}/country/united-states",
    "NL": f"{PANEL}/aggregate/large-city",
}
OTHERS = {"NT": "the nation with private schools", "NR": "private schools", "DS": "DoDEA", "DD": "DoDEA", "DO": "DoDEA",
          "AS": "a territory", "GU": "a territory", "PR": "a territory", "VI": "a territory"}  # fmt: skip


def read(path: Path, places: Places) -> Reading:
    """Read the means of all pupils in mathematics and reading, grades 4 and 8.

    Raises
    ------
    ImportRefused
        If the file is not an answer of the service, reports an error, or a point lacks a field or has a value that
        is no score.
    """
    answer = files.parsed(path)
    points = answer.get("result") if isinstance(answer, dict) else None
    if not isinstance(answer, dict) or "status" not in answer or "result" not in answer:
        raise ImportRefused(
            f'{path.name}: is not an answer of the service; allowed: {{"status":200,"result":[…]}}'
        )
    if answer["status"] != 200 or not isinstance(points, list):
        raise ImportRefused(
            f"{path.name}: the service answered with status {answer['status']}: {str(points)[:120]}"
        )
    reading = Reading()
    for index, point in enumerate(points):
        _read_point(point, f"{path.name}, result {index + 1}", places, reading)
    if reading.rows and not any(row.standard_error is not None for row in reading.rows):
        reading.notes.append("No standard errors: the request lacked ShowDetails=true.")
    return reading


def _read_point(point: Any, where: str, places: Places, reading: Reading) -> None:
    missing = [name for name in FIELDS if not isinstance(point, dict) or name not in point]
    if missing:
        raise ImportRefused(f"{where}, field {missing[0]}: is missing; allowed: {', '.join(FIELDS)}")
    reason = _left_out(point, where)
    if reason:
        reading.left_out[reason] += 1
        return
    value = _score(point["value"], f"{where}, field value")
    flag = int(point["errorFlag"])
    error = None
    if point.get("stdError") is not None and not any(flag & bit for bit in NO_STANDARD_ERROR):
        error = _score(point["stdError"], f"{where}, field stdError", lowest=0)
    subject = SUBJECTS[str(point["subject"])][0]
    code = str(point["jurisdiction"])
    kind = "city" if code in AGGREGATES or code[0] in "XY" else "state"
    unit = AGGREGATES.get(code) or places.unit(PANEL, kind, str(point["jurisLabel"]), "United States")
    indicator = f"naep_{subject}_g{point['grade']}_{kind}"
    reading.rows.append(OutcomeRow(indicator, unit, int(point["year"]), value, where, error))


def _left_out(point: dict[str, Any], where: str) -> str:
    """Return why a point makes no row; empty if it makes one."""
    for name, allowed in (("year", "a year"), ("errorFlag", "a sum of the documented codes")):
        if not str(point[name]).isdigit():
            raise ImportRefused(f"{where}, field {name}: found {point[name]!r}; allowed: {allowed}")
    subject, flag, code = str(point["subject"]), int(point["errorFlag"]), str(point["jurisdiction"])
    other = subject not in SUBJECTS or str(point["grade"]) not in ("4", "8")
    tests = (
        (other, "not mathematics or reading in grade 4 or 8"),
        (subject in SUBJECTS and point["scale"] != SUBJECTS[subject][1], "a subscale"),
        (point["stattype"] != "MN:MN", "not a mean (stattype other than MN:MN)"),
        (point["variable"] != "TOTAL", "not all pupils (variable other than TOTAL)"),
        (point["sample"] == "R2" or flag & NON_ACCOMMODATED, "sample without accommodations (R2)"),
        (len(code) > 2, "a state without its urban districts"),
        (code in OTHERS, f"not in the panel: {OTHERS.get(code)}"),
    )
    hidden = [reason for bit, reason in NO_STATISTIC.items() if flag & bit]
    if not hidden and not point["isStatDisplayable"]:
        hidden = ["no reason given"]
    reasons = [reason for holds, reason in tests if holds]
    return next(iter([*reasons, *(f"not shown by the service: {reason}" for reason in hidden)]), "")


def _score(value: Any, where: str, lowest: float = 1) -> float:
    # 999 means that a statistic is not shown; the scale ends at 500.
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not lowest <= value <= 500:
        raise ImportRefused(f"{where}: found {value!r}; allowed: a number from {lowest} to 500")
    return float(value)


LOADER = Loader(
    name="naep",
    title="NAEP Data Service: means and standard errors, mathematics and reading, grades 4 and 8",
    publisher="National Center for Education Statistics",
    address="https://www.nationsreportcard.gov/DataService/GetAdhocData.aspx",
    licence="US federal, public domain",
    documentation="https://www.nationsreportcard.gov/api_documentation.aspx",
    layout=(
        "JSON as the service answers (type=data, stattype=MN:MN, variable=TOTAL, ShowDetails=true). Envelope, codes "
        "and error flags as documented; field names as in public answers."
    ),
    kinds=("json",),
    read=read,
)
