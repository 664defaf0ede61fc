"""Describe a chart from its specification: its kind, what it draws and over which span."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from leadership_effects.counting import count
from leadership_effects.errors import LeadershipError
from leadership_effects.report.numbers import format_number

DOTS = frozenset({"point", "circle", "square"})
FEW = 5  # lines whose first and last values are printed
FEWEST_WORDS = 12
FEWEST_TITLE_WORDS = 4
LONGEST_TITLE, LONGEST_SUBTITLE = 95, 170  # characters
INSIDE = ("layer", "hconcat", "vconcat", "concat")
ORDINALS = ("first", "second", "third", "fourth", "fifth")


class DescriptionError(LeadershipError, ValueError):
    """A chart of no known kind, or a title, subtitle or description that tells too little."""


@dataclass(frozen=True)
class View:
    """A layer of a chart.

    Attributes
    ----------
    mark : str
        Type of the mark, for instance ``line``.
    encoding : mapping
        Channels with their fields.
    rows : sequence of mapping
        Data drawn, before the view's own filters.
    """

    mark: str
    encoding: Mapping[str, Any]
    rows: Sequence[Mapping[str, Any]]

    def field(self, *channels: str) -> str:
        """Return the field of the first channel that has one, empty if none has."""
        found = (self.encoding.get(channel, {}).get("field") for channel in channels)
        return next((str(field) for field in found if field), "")

    @property
    def placed(self) -> bool:
        """Return whether rows are drawn by a field of theirs, and not at given pixels alone."""
        return bool(self.rows and self.field("x", "y", "longitude", "latitude", "color", "fill"))

    def nominal(self, channel: str) -> bool:
        """Return whether a channel holds names."""
        return self.encoding.get(channel, {}).get("type") in ("nominal", "ordinal")

    def distinct(self, field: str) -> list[Any]:
        """Return the values of a field, each once, in their order."""
        values = (row.get(field) for row in self.rows)
        return list(dict.fromkeys(value for value in values if value is not None))


def views(spec: Mapping[str, Any]) -> Iterator[View]:
    """Yield the views of a specification, those inside layers and rows of charts included."""
    datasets: Mapping[str, Any] = spec.get("datasets", {})

    def walk(part: Mapping[str, Any], data: Mapping[str, Any], encoding: Mapping[str, Any]) -> Iterator[View]:
        data, encoding = part.get("data", data), {**encoding, **part.get("encoding", {})}
        for view in (view for inside in INSIDE for view in part.get(inside, ())):
            yield from walk(view, data, encoding)
        if "mark" in part:
            mark = part["mark"] if isinstance(part["mark"], str) else part["mark"]["type"]
            rows = datasets.get(str(data.get("name")), data.get("values", ()))
            yield View(mark, encoding, rows if isinstance(rows, list) else ())

    yield from walk(spec, {}, {})


def opening(spec: Mapping[str, Any]) -> str:
    """Return the first sentence of a chart's description, from what is drawn.

    Raises
    ------
    DescriptionError
        If the marks make up no kind of chart that is known here.
    """
    found = list(views(spec))
    marks = {view.mark for view in found}
    for kinds, describe in KINDS:
        main = [view for view in found if view.mark in kinds and (view.placed or "geoshape" in kinds)]
        if main:
            return describe(max(main, key=lambda view: len(view.rows)), found)
    raise DescriptionError(
        f"no kind of chart has the marks {', '.join(sorted(marks))}; see report/descriptions"
    )


def described(spec: Mapping[str, Any], says: str, caption: str) -> str:
    """Return the whole description: the sentence from the chart, then those of the author.

    Raises
    ------
    DescriptionError
        If it has fewer than twelve words or repeats the caption.
    """
    text = f"{opening(spec)} {says}".strip()
    if len(text.split()) < FEWEST_WORDS:
        raise DescriptionError(f"description of fewer than {FEWEST_WORDS} words: {text}")
    own, below = (set(re.findall(r"\w+", words.lower())) for words in (text, caption))
    both = len(own & below)
    if both and both >= 0.9 * max(len(own), len(below)):
        raise DescriptionError(f"the description repeats the caption: {text}")
    return text


def check_heading(name: str, title: str, subtitle: str, place: str) -> None:
    """Refuse a chart whose title is no sentence on its finding or whose subtitle is missing.

    Parameters
    ----------
    name : str
        Key of the figure within its notebook.
    title, subtitle : str
        What the chart shows; what is measured, where, when and in which unit.
    place : str
        Notebook and cell, for the message.

    Raises
    ------
    DescriptionError
        With the figure, the place, the text and what is allowed.
    """
    reason = _why_no_title(name, title) or _why_no_subtitle(title, subtitle)
    if reason:
        raise DescriptionError(f"figure {name!r} of {place}: {reason}")


def _why_no_title(name: str, title: str) -> str:
    words = re.findall(r"[^\W_]+", title.lower())
    if not words:
        return "no title; say in a sentence what the chart finds"
    if words == re.findall(r"[^\W_]+", name.lower()) or "_" in title:
        return f"the title {title!r} is a key; say in a sentence what the chart finds"
    if len(words) < FEWEST_TITLE_WORDS or len(title) > LONGEST_TITLE:
        return (
            f"the title {title!r} has {len(words)} words and {len(title)} characters; at least {FEWEST_TITLE_WORDS} words "
            f"and at most {LONGEST_TITLE} characters are allowed"
        )
    return ""


def _why_no_subtitle(title: str, subtitle: str) -> str:
    if not subtitle.strip():
        return f"no subtitle under {title!r}; say what is measured, where, when and in which unit"
    if "_" in subtitle or subtitle.casefold() == title.casefold():
        return f"the subtitle {subtitle!r} is a key or the title again; say what is measured, where, when and in which unit"
    if len(subtitle) > LONGEST_SUBTITLE:
        return f"the subtitle {subtitle!r} has {len(subtitle)} characters; at most {LONGEST_SUBTITLE} are allowed"
    return ""


def _map(view: View, found: Sequence[View]) -> str:
    places = max((len(other.rows) for other in found if other.mark in DOTS), default=0)
    return f"Map with {count(places, 'marked place')}."


def _grid(view: View, found: Sequence[View]) -> str:
    if any(other.mark == "line" for other in found):
        drawn = next(other.rows for other in found if other.mark == "line")
        links = {tuple(row.get(end) for end in ("from", "to", "kind")) for row in drawn}
        boxes = view.distinct("item") or view.rows
        return f"Network diagram of {count(len(boxes), 'box', 'boxes')} and {count(len(links), 'link')}."
    if view.field("x2") == "right":
        return f"Tile map of {count(len(view.rows), 'place')}, one square each, laid out by position."
    across, down = (len(_names(view, channel, found)) for channel in ("x", "y"))
    kind = "Grid" if view.nominal("x") and view.nominal("y") else "Heat map"
    return f"{kind} of {count(down, 'row')} by {count(across, 'column')}."


def _bars(view: View, found: Sequence[View]) -> str:
    names = "y" if view.nominal("y") else "x"
    rows = view.distinct(view.field(names))
    parts = view.distinct(view.field("color", "fill"))
    if len(parts) > 1 and len(view.rows) > len(rows):
        return f"Stacked bar chart of {count(len(rows), 'row')}, parts {', '.join(map(str, parts))}."
    return f"Bar chart of {count(len(rows), 'bar')}, {_span(view, 'x' if names == 'y' else 'y')}."


def _lines(view: View, found: Sequence[View]) -> str:
    if view.nominal("y") and view.field("x") == "edge":
        points = next(other for other in found if other.mark in DOTS)
        options = (view.encoding["y"].get("scale") or {}).get("domain", ())
        choices = sum(str(option).endswith("|") for option in options)
        curve = f"Specification curve of {count(len(points.rows), 'point')}, {_span(points, 'y')}"
        return f"{curve}, over a grid of {count(choices, 'choice')}."
    if view.nominal("y"):
        return _dots(next(other for other in found if other.mark in DOTS), found)
    x, y, name = view.field("x"), view.field("y"), view.field("color", "strokeDash", "detail")
    splits = [field for field in map(view.field, ("detail", "color", "strokeDash")) if field]
    lines: dict[tuple[Any, ...], list[Mapping[str, Any]]] = {}
    for row in view.rows:
        lines.setdefault(tuple(row.get(field) for field in splits), []).append(row)
    lines = {key: rows for key, rows in lines.items() if len({row[x] for row in rows}) > 1}
    dots = [other for other in found if other.mark in DOTS and other.placed]
    if not lines and dots:  # upright lines that join dots
        return _dots(max(dots, key=lambda other: len(other.rows)), found)
    start = f"Line chart of {count(len(lines), 'series', 'series')}, {_span(view, 'x')}"
    if len(lines) > FEW or view.nominal("x"):
        return f"{start}."
    return f"{start}: {'; '.join(_ends(view, line, name, x, y, len(lines)) for line in lines.values())}."


def _ends(view: View, line: Sequence[Mapping[str, Any]], name: str, x: str, y: str, number: int) -> str:
    drawn = sorted((row for row in line if row.get(y) is not None), key=lambda row: float(row[x]))
    first, last = (_number(view, row[y], y) for row in (drawn[0], drawn[-1]))
    label = f"{drawn[0][name]} " if name and number > 1 else ""
    return f"{label}from {first} to {last}"


def _strip(view: View, found: Sequence[View]) -> str:
    dots = [other for other in found if other.mark in DOTS and other.placed]
    ranges = any(other.mark == "rule" and {"x2", "y2"} & set(other.encoding) for other in found)
    values = view.distinct(view.field("x" if view.nominal("y") else "y"))
    if dots and (ranges or len(values) == 1):  # the ticks mark a bound beside each dot
        return _dots(max(dots, key=lambda other: len(other.rows)), found)
    if not view.nominal("x") and not view.nominal("y"):
        return f"Strip chart of {count(len(view.rows), 'place')}, {_span(view, 'x')}."
    rows = len(_names(view, "y" if view.nominal("y") else "x", found))
    return f"Strip chart of {count(rows, 'row')}, {_span(view, 'x' if view.nominal('y') else 'y')}."


def _dots(view: View, found: Sequence[View]) -> str:
    rules = [other for other in found if other.mark == "rule" and {"x2", "y2"} & set(other.encoding)]
    if view.nominal("y") and view.nominal("x"):
        return _grid(view, found)
    if view.field("y") == "at" and view.field("x") == "year":
        return f"Timeline of {count(len(view.rows), 'event')}, {_span(view, 'x')}."
    if any(rule.field("y") == "zero" for rule in rules):
        return f"Lollipop chart of {count(len(view.rows), 'place')} in order, {_span(view, 'y')}."
    if view.nominal("y") or view.nominal("x"):
        names, values = ("y", "x") if view.nominal("y") else ("x", "y")
        rows = count(len(_names(view, names, found)), "row")
        return f"{'Dot and range' if rules else 'Dot'} chart of {rows}, {_span(view, values)}."
    kind = "Dot and range" if rules else "Scatter"
    drawn = [
        c for c in ("x", "y") if view.field(c) != "at" and view.distinct(view.field(c))
    ]  # at: a place in a layout
    spans = ", ".join(_span(view, channel) for channel in drawn)
    return f"{kind} chart of {count(len(view.rows), 'point')}{', ' if spans else ''}{spans}."


def _ranges(view: View, found: Sequence[View]) -> str:
    rows = count(len(_names(view, "y" if view.nominal("y") else "x", found)), "row")
    return f"Range chart of {rows}."


KINDS = (
    (frozenset({"geoshape"}), _map),
    (frozenset({"rect"}), _grid),
    (frozenset({"bar"}), _bars),
    (frozenset({"line", "trail"}), _lines),
    (frozenset({"tick"}), _strip),
    (DOTS, _dots),
    (frozenset({"rule"}), _ranges),
)


def _names(view: View, channel: str, found: Sequence[View]) -> set[Any]:
    """Return the domain of an axis: of its scale and all views that share its field."""
    field = view.field(channel)
    shared = (other for other in found if other.field(channel) == field)
    named = (view.encoding[channel].get("scale") or {}).get("domain", ()) if view.nominal(channel) else ()
    found_names = {*named, *(value for other in shared for value in other.distinct(field))}
    # A blank row parts others, and one that ends in a bar heads them.
    return {name for name in found_names if str(name).strip() and not str(name).endswith("|")}


def _span(view: View, channel: str) -> str:
    """Return the title of an axis and the span of its values."""
    field = view.field(channel)
    title = view.encoding.get(channel, {}).get("title") or field
    values = [float(value) for value in view.distinct(field) if isinstance(value, int | float)]
    if not values:
        return str(title)
    low, high = (_number(view, value, field) for value in (min(values), max(values)))
    between = f"from {low} to {high}" if low != high else f"{'in' if field == 'year' else 'at'} {low}"
    return f"{'' if field == 'year' else f'{title} '}{between}"


def _number(view: View, value: float, field: str) -> str:
    """Format a value as the chart's own tips do, or as short as it can be written."""
    tips = view.encoding.get("tooltip", ())
    formats = [tip.get("format", "") for tip in tips if _is(tip, field)]
    found = re.fullmatch(r"([+]?)\.(\d+)f", formats[0]) if formats else None
    if found:
        return format_number(float(value), int(found[2]), bool(found[1]))
    axes = [part.get("axis") or {} for part in view.encoding.values() if _is(part, field)]
    if field == "year" or any(axis.get("format") == "d" for axis in axes):
        return f"{value:g}"
    return format_number(float(value), next((d for d in (0, 1) if round(value, d) == value), 2))


def _is(part: Any, field: str) -> bool:
    """Return whether an encoding is one of a field."""
    return isinstance(part, dict) and part.get("field") == field


def ordinal(number: int) -> str:
    """Return the place in an order, the first five as words.

    Examples
    --------
    >>> [ordinal(number) for number in (1, 5, 6, 11, 22, 103)]
    ['first', 'fifth', '6th', '11th', '22nd', '103rd']
    """
    if number <= len(ORDINALS):
        return ORDINALS[number - 1]
    teens = 10 <= number % 100 <= 20
    return f"{number}{'th' if teens else {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th')}"


def list_in_words(names: Sequence[str]) -> str:
    """Join names as a sentence does.

    Where one of them has a comma, semicolons part three or more.

    Examples
    --------
    >>> list_in_words(["reading"]), list_in_words(["reading", "maths", "science"])
    ('reading', 'reading, maths and science')
    >>> list_in_words(["Chile", "Washington, DC", "Latvia"]), list_in_words(["Washington, DC", "Latvia"])
    ('Chile; Washington, DC; and Latvia', 'Washington, DC, and Latvia')
    """
    if any("," in name for name in names[: None if len(names) > 2 else 1]) and len(names) > 1:
        mark = "; " if len(names) > 2 else ", "
        return mark.join([*names[:-1], f"and {names[-1]}"])
    return " and ".join(part for part in (", ".join(names[:-1]), *names[-1:]) if part)
