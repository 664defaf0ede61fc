"""Say a result in a plain sentence, draw its interval, name units and indicators."""

import re
from functools import lru_cache
from html import escape
from pathlib import Path
from typing import Any

from leadership_book.records import Records, read_rows

# What a unit is in words, as it stands behind a value, and what one of it means.
UNITS = {
    "percent": ("per cent", ""),
    "pupil SD": ("pupil standard deviations", "One is the usual spread among pupils."),
    "placebo SD": (
        "placebo standard deviations",
        "One is about the usual difference between two ordinary places.",
    ),
    "SD": ("standard deviations", ""),
    "SD of changes": (
        "standard deviations of changes",
        "One is the usual spread of the changes of comparison places.",
    ),
    "NAEP points": (
        "points of the national assessment of the United States (NAEP)",
        "",
    ),
    "PISA points": ("points of the international test PISA", ""),
    "SIMCE points": ("points of Chile's national test SIMCE", ""),
}
P_KEY = re.compile(r"(?:^|[._])p$")
P_WORD = re.compile(r"\bp\b")
ID = re.compile(r"[\w.-]*[\w-][_/][\w/.-]*[\w]")
INTEREST = ("effect_of_interest", "interest.smallest")
LEFT, RIGHT, ROW = 12, 308, 30  # of the bar, in units of its drawing


@lru_cache(maxsize=4)
def names(release: Path) -> dict[str, str]:
    """Return the names of indicators and units of a release by id."""
    found: dict[str, str] = {}
    for file, key, column in (("indicators.csv", "indicator_id", "title"), ("units.csv", "unit_id", "name")):
        path = release / file
        rows = read_rows(path) if path.is_file() else ()
        found |= {row[key]: row[column] for row in rows if row.get(key) and row.get(column)}
    return found


def named(files: Records, text: str) -> str:
    """Return a text with the names of indicators and units in place of their ids."""
    known = names(files.sources_file.parent)
    return ID.sub(lambda found: known.get(found[0], found[0]), text)


def named_html(files: Records, text: str) -> str:
    """Return a text as HTML with names in place of ids, each id in the tooltip of its name."""
    known = names(files.sources_file.parent)
    parts, end = [], 0
    for found in ID.finditer(text):
        if found[0] in known:
            parts += [escape(text[end : found.start()]), tooltip(known[found[0]], found[0])]
            end = found.end()
    return "".join([*parts, escape(text[end:])])


def tooltip(name: str, identifier: str) -> str:
    """Return a name whose tooltip is its id."""
    return f'<span title="{escape(identifier)}">{escape(name)}</span>'


def sentence(files: Records, key: str, result: dict[str, Any]) -> str:
    """Return what a result is, its value and its range as plain sentences."""
    what = named(files, result["meaning"]).rstrip(".")
    unit = result.get("unit") or ""
    words, one = UNITS.get(unit, (unit, ""))
    told = [f"{what}: {' '.join(filter(None, (result['text'], words)))}.", one]
    if is_p(key, result):
        told.append(
            f"If only luck were at work, a result at least this strong would turn up in {odds(result['value'])}."
        )
    if result.get("interval_text"):
        kind = result.get("interval_kind")
        told.append(f"Its range: {range_text(result)}{f' ({kind})' if kind else ''}{where_zero(result)}.")
    return " ".join(filter(None, told))


def range_text(result: dict[str, Any]) -> str:
    """Return the ends of a result's interval as in ``−0.10 to 0.06``; empty if it has none."""
    return str(result.get("interval_text") or "").replace("+", "")


def is_p(key: str, result: dict[str, Any]) -> bool:
    """Whether a result is the p of a test, by its key and its meaning."""
    value = result["value"]
    return bool(
        P_KEY.search(key)
        and P_WORD.search(result["meaning"])
        and isinstance(value, float)
        and 0 <= value <= 1
    )


def odds(p: float) -> str:
    """Return a probability as a count in a thousand.

    Examples
    --------
    >>> odds(0.009), odds(0.0001)
    ('9 of 1,000 cases', 'fewer than 1 of 1,000 cases')
    """
    count = round(1000 * p)
    return f"{count:,} of 1,000 cases" if count else "fewer than 1 of 1,000 cases"


def ends(result: dict[str, Any]) -> tuple[float, float] | None:
    """Return both ends of a result's interval, if it has two that can be drawn."""
    interval, value = list(result.get("interval") or ()), result["value"]
    if len(interval) != 2 or not all(isinstance(end, (int, float)) for end in (*interval, value)):
        return None
    low, high = map(float, interval)
    return (low, high) if low <= high else None


def where_zero(result: dict[str, Any]) -> str:
    """Return on which side of a range zero lies, where the result is a difference."""
    found = ends(result)
    if found is None or not result.get("signed"):
        return ""
    low, high = found
    return ", all above zero" if low > 0 else ", all below zero" if high < 0 else ", which includes zero"


def smallest_of_interest(files: Records, notebook: str) -> float | None:
    """Return the smallest effect of interest as a notebook recorded it."""
    results = files.notebook(notebook)["results"]
    found = (results[key]["value"] for key in INTEREST if key in results)
    value = next(found, None)
    return float(value) if isinstance(value, (int, float)) else None


def bar(result: dict[str, Any], interest: float | None) -> str:
    """Return a result's interval as a drawing with zero and the smallest effect of interest."""
    found = ends(result)
    if found is None:
        return ""
    (low, high), value = found, float(result["value"])
    marks = [0.0] if result.get("signed") else []
    marks += [interest, -interest] if interest and result.get("unit") == "pupil SD" else []
    least, most = min(low, value, *marks), max(high, value, *marks)
    span = (most - least) or 1.0

    def x(at: float) -> str:
        return f"{LEFT + (RIGHT - LEFT) * (at - least) / span:.1f}"

    texts = range_text(result).split(" to ")
    drawn = [f'<path class="bar-axis" d="M{LEFT} {ROW}H{RIGHT}"/>']
    for at in marks:
        kind = "bar-zero" if at == 0 else "bar-interest"
        drawn.append(f'<path class="{kind}" d="M{x(at)} {ROW - 14}V{ROW + 14}"/>')
    drawn.append(f'<path class="bar-range" d="M{x(low)} {ROW}H{x(high)}"/>')
    drawn.append(f'<circle class="bar-value" cx="{x(value)}" cy="{ROW}" r="5"/>')
    labels = [(low, texts[0], "start"), (high, texts[-1], "end")] if len(texts) == 2 else []
    drawn += [
        f'<text x="{x(at)}" y="{ROW - 9}" text-anchor="{anchor_of(x(at))}">{escape(text)}</text>'
        for at, text, _ in labels
    ]
    drawn += (
        [f'<text x="{x(0.0)}" y="{ROW + 26}" text-anchor="{anchor_of(x(0.0))}">0</text>']
        if 0.0 in marks
        else []
    )
    told = f"{result['text']} within {range_text(result)}{where_zero(result)}"
    key = (
        '<p class="bar-key">Broken lines: the smallest effect of interest, either way.</p>'
        if len(marks) == 3
        else ""
    )
    return f'<svg class="bar" viewBox="0 0 320 60" role="img" aria-label="{escape(told)}">{"".join(drawn)}</svg>{key}'


def anchor_of(x: str) -> str:
    """Return how a label is set at a place of the bar so that it stays inside."""
    return "start" if float(x) < 60 else "end" if float(x) > 260 else "middle"
