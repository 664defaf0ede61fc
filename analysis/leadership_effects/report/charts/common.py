"""Draw the book's common charts, each from a tidy frame.

Titles and captions belong to the figure, not the chart.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from leadership_effects.data.panels import GapSeries, Panel
from leadership_effects.effects.inference import Placebos
from leadership_effects.report.charts import parts
from leadership_effects.report.figures import DONOR, GRID, PAPER_INK, SECOND, TREATED
from leadership_effects.rounding import DECIMALS

HEIGHT = 300
OTHERS = "Others, as if treated"
LETTER, LETTER_12 = 6.0, 6.4  # pixels of a letter of 11 and of 12, at most on average
LONG_LABEL, LABEL_LINE = 36, 28  # letters of a label on one line, and of the lines of a longer one
AXIS_ROWS = 2  # rows that the axis of a unit takes where another unit follows
ROW = 34
EVENTS_TOP, EVENT, COUNT, HEAD, NARROWEST = 44, 19, 34, 24, 320


def years_axis(years: Sequence[int], title: str = "") -> alt.X:
    """Horizontal axis of years, ticks on years that have values."""
    ticks = sorted(set(years))
    if len(ticks) > 9:
        ticks = ticks[:: -(-len(ticks) // 8)]
    return alt.X(
        "year:Q",
        title=title or None,
        scale=alt.Scale(domain=[min(years), max(years)], nice=False),
        axis=alt.Axis(format="d", values=ticks, grid=False, labelOverlap=True, labelSeparation=6),
    )


def start_rule(years: Sequence[int], n_pre: int, words: str = "") -> alt.LayerChart:
    """Broken vertical line between the last year before the start and the first after, in words.

    The words end where the drawing does, at any width.
    """
    at = (years[n_pre - 1] + years[n_pre]) / 2
    line = parts.rule("year", "x", [at], broken=True, strokeWidth=1.5)
    if not words:
        return alt.layer(line)  # type: ignore[return-value]
    wide, here = LETTER_12 * len(words), "scale('x', datum.year)"
    turned = at > (years[0] + years[-1]) / 2
    dx = f"max(6, {wide} - {here})" if turned else f"max(-{here}, min(-6, width - {here} - {wide}))"
    text = alt.Chart(pd.DataFrame({"year": [at], "words": [words]})).mark_text(
        align="right" if turned else "left", dx=alt.ExprRef(expr=dx), baseline="bottom"
    )
    return alt.layer(line, text.encode(x="year:Q", y=alt.value(-5), text="words:N"))  # type: ignore[return-value]


def paths_frame(panel: Panel) -> pd.DataFrame:
    """Return rows ``unit, role, year, value`` of treated unit, donors and the donors' mean."""
    long = panel.long()
    long["role"] = np.where(long["treated"], panel.units[0], "Comparison units")
    mean = pd.DataFrame(
        {"unit": "Comparison mean", "role": "Comparison mean", "year": panel.years, "value": panel.donor_mean}
    )
    return pd.concat([long.drop(columns="treated"), mean], ignore_index=True).round(DECIMALS)


def paths(panel: Panel, start: str = "") -> alt.LayerChart:
    """Treated unit, every comparison unit and their mean over time, with a rule at the start."""
    frame = paths_frame(panel)
    roles = [panel.units[0], "Comparison mean", "Comparison units"]
    base = alt.Chart(frame).encode(
        x=years_axis(panel.years),
        y=alt.Y("value:Q", title=panel.scale.unit, scale=alt.Scale(zero=False)),
        color=parts.colours("role", roles, [TREATED, SECOND, DONOR]).legend(None),
        detail="unit:N",
        tooltip=["unit:N", "year:Q", parts.tip("value", ".1f")],
    )
    donors = base.transform_filter(alt.datum.role == roles[2]).mark_line(strokeWidth=1, opacity=parts.FAINT)
    mean = base.transform_filter(alt.datum.role == roles[1]).mark_line(strokeWidth=2.5, strokeDash=[6, 3])
    treated = base.transform_filter(alt.datum.role == roles[0]).mark_line(
        strokeWidth=3, point=alt.OverlayMarkDef(size=45, filled=True)
    )
    named = frame.loc[frame["role"] != roles[2], ["role", "year", "value"]]
    lowest = frame.assign(role="Each comparison unit").sort_values("value").iloc[[0, -1]]
    reach = pd.concat([named, lowest[["role", "year", "value"]].assign(role=roles[0], year=panel.years[0])])
    ends = parts.line_ends(reach, "value", roles[:2], HEIGHT, field="role", palette=[TREATED, SECOND])
    rule = start_rule(panel.years, panel.n_pre, start)
    return parts.layered(donors, mean, treated, rule, ends, height=HEIGHT)


def placebos_frame(sets: Mapping[str, Placebos], treated: str) -> pd.DataFrame:
    """Rows ``outcome, unit, difference, role`` of several placebo distributions."""
    frames = []
    for label, placebos in sets.items():
        units = [treated, *placebos.units]
        effects = [placebos.treated, *placebos.effects]
        role = [treated] + [OTHERS] * len(placebos.units)
        frames.append(pd.DataFrame({"outcome": label, "unit": units, "difference": effects, "role": role}))
    return pd.concat(frames, ignore_index=True).round(DECIMALS)


def placebos(sets: Mapping[str, Placebos], treated: str, unit: str | Mapping[str, str]) -> alt.LayerChart:
    """Draw the treated unit's estimate among comparison units as a strip, one an outcome.

    Parameters
    ----------
    sets : mapping of str to Placebos
        By the name of the outcome.
    treated : str
    unit : str or mapping of str to str
        Unit of all differences, or of each outcome's. Outcomes in other units have an axis of their own.
    """
    frame = placebos_frame(sets, treated)
    units = dict.fromkeys(sets, unit) if isinstance(unit, str) else dict(unit)
    groups = {one: [label for label in sets if units[label] == one] for one in parts.unique(units.values())}
    if len(groups) > 1:
        return _strips_by_unit(frame, groups, treated)
    long, more = max(map(len, sets)) > LONG_LABEL, dict[str, Any]()
    order = list(sets)
    if long:
        frame["outcome"], order = _wrapped(frame["outcome"]), _wrapped(sets)
        more = {"axis": _long_names(order)}
    y = alt.Y("outcome:N", title=None, sort=order, **more)
    marks = _strip(frame, treated, y, next(iter(groups)), axis=parts.few_ticks())
    row = ROW if not long else max(ROW, 13 * parts.deepest(order) + 8)
    return parts.layered(parts.rule("difference", "x"), *marks, height=alt.Step(row))


def _wrapped(labels: Iterable[str]) -> list[str]:
    return parts.wrap(labels, LABEL_LINE)


def _long_names(lines: Iterable[str], **more: Any) -> alt.Axis:
    """Print wrapped names with room for the longest line."""
    lines = list(lines)
    room = round(LETTER * max(len(line) for name in lines for line in name.split("|")))
    return parts.wrapped_axis(minExtent=room, labelLimit=230, **more)


def _strip(
    frame: pd.DataFrame, treated: str, y: alt.Y, unit: str, *, field: str = "outcome", **axis: Any
) -> list[alt.Chart]:
    """Draw ticks of comparison units and the point of the treated one over an axis of one unit."""
    roles = [treated, OTHERS]
    base = alt.Chart(frame).encode(
        x=alt.X("difference:Q", title=f"estimated difference, {unit}", **axis),
        y=y,
        color=parts.colours("role", roles, [TREATED, DONOR]),
        tooltip=[f"{field}:N", "unit:N", parts.tip("difference", "+.1f")],
    )
    donors = base.transform_filter(alt.datum.role == roles[1]).mark_tick(thickness=2, size=22, opacity=0.55)
    own = base.transform_filter(alt.datum.role == roles[0]).mark_point(size=130, filled=True, opacity=1)
    return [donors, own.encode(shape=parts.shapes("role", roles, ["circle", parts.TICK]))]


def _strips_by_unit(frame: pd.DataFrame, groups: Mapping[str, Sequence[str]], treated: str) -> alt.LayerChart:
    """Draw strips below each other, those of one unit over an axis of their own."""
    labels = [label for group in groups.values() for label in group]
    lines = dict(zip(labels, _wrapped(labels), strict=True))
    row = max(ROW, 13 * parts.deepest(lines.values()) + 8)
    rows, feet = list[str](), dict[str, int]()
    for unit, group in groups.items():
        # Blank rows hold the axis of the unit before; a name that is there twice would be one row.
        rows += [" " * (len(rows) + blank) for blank in range(1, AXIS_ROWS + 1)] if rows else []
        rows += [lines[label] for label in group]
        feet[unit] = len(rows)
    axis = _long_names(lines.values(), domain=False, ticks=False)
    y = alt.Y("row:N", title=None, scale=alt.Scale(domain=rows), axis=axis)
    layers: list[Any] = []
    for unit, group in groups.items():
        own = frame[frame["outcome"].isin(group)].assign(row=lambda f: f["outcome"].map(lines))
        level = pd.DataFrame({"difference": 0.0, "row": [lines[label] for label in group]})
        zero = alt.Chart(level).mark_tick(size=row, thickness=1, color=GRID, opacity=1)
        below = parts.few_ticks(offset=row * (feet[unit] - len(rows)), grid=False, orient="bottom")
        layers.append(
            alt.layer(zero.encode(x="difference:Q", y=y), *_strip(own, treated, y, unit, axis=below))
        )
    return parts.layered(*layers, height=row * len(rows)).resolve_scale(x="independent")


def gaps_frame(series: dict[str, GapSeries]) -> pd.DataFrame:
    """Rows ``series, year, treated, comparator, gap``."""
    frames = [
        pd.DataFrame({"series": label, "year": s.years, "treated": s.treated, "comparator": s.comparator, "gap": s.gap})
        for label, s in series.items()
    ]  # fmt: skip
    return pd.concat(frames, ignore_index=True)


def gaps(
    series: dict[str, GapSeries], title: str, start: str = "", apart: pd.DataFrame | None = None
) -> alt.LayerChart:
    """Draw gaps of treated series to their comparators by year, with a rule at the start.

    Years `apart` (rows ``series, year, gap``), before which some are missing, are points that no line joins, with their value.
    """
    frame = gaps_frame(series)
    some = next(iter(series.values()))
    alone = frame[["series", "year", "gap"]].iloc[:0] if apart is None else apart[["series", "year", "gap"]]
    lines = parts.strokes(frame, point=40).encode(
        x=years_axis(sorted({*frame["year"], *alone["year"]})),
        y=alt.Y("gap:Q", title=title),
        **parts.series(list(series), direct=True),
        tooltip=["series:N", "year:Q", parts.tip("gap", "+.1f")],
    )
    begun = [start_rule(some.years, some.n_pre, start)] if some.n_pre else []
    ends = _ends(frame, "gap", list(series))
    later = [] if alone.empty else _apart(alone.round(DECIMALS), list(series))
    return parts.layered(parts.rule("gap", "y", color=DONOR), lines, *later, *begun, *ends, height=HEIGHT)


def _apart(frame: pd.DataFrame, names: Sequence[str]) -> list[alt.Chart]:
    """Draw points that no line joins, with year and value."""
    base = alt.Chart(frame).encode(
        x="year:Q", y="gap:Q", tooltip=["series:N", "year:Q", parts.tip("gap", "+.1f")]
    )
    points = base.mark_point(filled=True, size=80, opacity=1).encode(**parts.series(names, direct=True))
    words = (
        base.mark_text(dy=-14, color="currentColor")
        .encode(text=alt.Text("label:N"))
        .transform_calculate(label="datum.year + ': ' + format(datum.gap, '+.1f')")
    )
    return [points, words]


def _ends(frame: pd.DataFrame, y: str, names: Sequence[str]) -> list[alt.Chart]:
    """Name the lines of a chart at their ends if they are few; one needs no name."""
    return [parts.line_ends(frame, y, names, HEIGHT)] if 1 < len(names) <= parts.DIRECT else []


def lines(frame: pd.DataFrame, y_title: str) -> alt.LayerChart:
    """Lines of a frame ``series, year, value``, named at their ends if they are few."""
    names = parts.unique(frame["series"])
    lines = parts.strokes(frame, point=40).encode(
        x=years_axis(sorted(set(frame["year"]))),
        y=alt.Y("value:Q", title=y_title, scale=alt.Scale(zero=False)),
        **parts.series(names, direct=True),
        tooltip=["series:N", "year:Q", parts.tip("value", ".1f")],
    )
    return parts.layered(lines, *_ends(frame, "value", names), height=HEIGHT)


def starts(frame: pd.DataFrame, real: int, y_title: str, x_title: str) -> alt.LayerChart:
    """Draw ``series, year, value``, an estimate each: the real start filled, others hollow."""
    names, years = parts.unique(frame["series"]), sorted(set(frame["year"]))
    offsets = dict(zip(names, np.linspace(-0.18, 0.18, len(names)) if len(names) > 1 else [0.0], strict=True))
    shown = frame.assign(at=frame["year"] + frame["series"].map(offsets)).round(DECIMALS)
    edges = [years[0] - 0.5, years[-1] + 0.5]
    base = alt.Chart(shown).encode(
        x=alt.X(
            "at:Q", title=x_title, scale=alt.Scale(domain=edges, nice=False),
            axis=alt.Axis(format="d", values=years, grid=False, labelOverlap=True, labelSeparation=6),
        ),
        y=alt.Y("value:Q", title=y_title),
        **parts.looks("series", names),
        tooltip=["series:N", "year:Q", parts.tip("value", "+.1f")],
    )  # fmt: skip
    hollow = base.transform_filter(alt.datum.year != real).mark_point(
        size=80, filled=False, strokeWidth=2, opacity=1
    )
    filled = base.transform_filter(alt.datum.year == real).mark_point(size=110, filled=True, opacity=1)
    return parts.layered(parts.rule("value", "y", color=DONOR), hollow, filled, height=HEIGHT)


def intervals(frame: pd.DataFrame, x_title: str) -> alt.LayerChart:
    """Draw estimates with intervals.

    The frame holds ``label, estimate, low, high``; a row without an interval shows the dot alone.
    """
    y = alt.Y("label:N", title=None, sort=list(frame["label"]))
    finite = frame[np.isfinite(frame["low"].astype(float)) & np.isfinite(frame["high"].astype(float))]
    bars = parts.spans(finite, x_title, strokeWidth=2.5, color=SECOND).encode(y=y)
    points = parts.dots(frame[["label", "estimate"]], 110, color=TREATED).encode(
        x=alt.X("estimate:Q", title=x_title), y=y, tooltip=["label:N", parts.tip("estimate", "+.2f")]
    )
    return parts.layered(parts.rule("estimate", "x"), bars, points, height=alt.Step(ROW))


def bars(frame: pd.DataFrame, x_title: str) -> alt.Chart:
    """Horizontal bars of a frame ``label, value`` in its own order."""
    drawn = alt.Chart(frame).mark_bar(color=SECOND).properties(height=alt.Step(ROW))
    return drawn.encode(
        x=alt.X("value:Q", title=x_title),
        y=alt.Y("label:N", title=None, sort=list(frame["label"])),
        tooltip=["label:N", parts.tip("value", ".1f")],
    )


def timeline(
    frame: pd.DataFrame, measured: Sequence[int] = (), start: tuple[int, str] | None = None
) -> alt.LayerChart:
    """Draw dated events as numbers on a band of years, and counts as bars below it.

    People and what else is counted, each under its head, have scales of their own. The bar of a count that is doubted or a
    second figure is broken. One count alone is a dot at its year, because a bar beside no other compares nothing.

    Parameters
    ----------
    frame : DataFrame
        ``number, label, year, kind, value, counted, doubt`` in order of time; an event's number is that of the table behind
        the chart.
    measured : sequence of int
        Years in which the main outcome is measured.
    start : tuple of int and str, optional
        Year of the start and how it is known, written at a broken line.
    """
    began = [start[0]] if start else []
    first, last = (int(end([*frame["year"], *measured, *began])) for end in (min, max))
    width = max(last - first, 1)
    events = frame[frame["kind"] == "event"]
    down = _rows_apart(list(events["year"]), EVENT * width / NARROWEST)
    events = events.assign(at=[EVENTS_TOP + EVENT * row for row in down])
    counts = frame[frame["kind"] == "count"].reset_index(drop=True)
    top = EVENTS_TOP + EVENT * (max(down, default=-1) + 1) + 14
    counts, heads = _in_kinds(counts.assign(begin=float(first)), top)
    counts["end"] = first + 0.86 * width * counts["share"]
    counts["words"] = counts["year"].astype(str) + ", " + counts["label"]
    height = top + COUNT * len(counts) + HEAD * len(heads)
    y = alt.Y(
        "at:Q", axis=None, scale=alt.Scale(domain=[0, height], range=[0, height], nice=False, zero=False)
    )
    few: dict[str, Any] = (
        {"values": list(range(first, last + 1))} if last - first < 8 else {}
    )  # else a year is labelled twice
    x = alt.X(
        "year:Q", title=None, scale=alt.Scale(domain=[first - 0.5, last + 0.5], nice=False, zero=False),
        axis=alt.Axis(orient="top", format="d", tickMinStep=1, tickCount=8, grid=False, labelOverlap=True, labelSeparation=6, **few),
    )  # fmt: skip
    layers: list[Any] = []
    if measured:
        band = pd.DataFrame(
            {"year": [min(measured)], "until": [max(measured)], "at": [10], "words": ["outcome measured"]}
        )
        drawn = alt.Chart(band).encode(x=x, y=y)
        layers.append(drawn.mark_rule(strokeWidth=6, color=DONOR, opacity=0.6).encode(x2="until:Q"))
        layers.append(drawn.mark_text(align="left", dy=14, fontSize=11).encode(text="words:N"))
    if start:
        layers.append(_start_line(start, x, y, height, turned=2 * start[0] > first + last))
    own = alt.Chart(events[["number", "label", "year", "at"]]).encode(
        x=x, y=y, tooltip=["number:N", "year:Q", "label:N"]
    )
    layers += [own.mark_point(size=230, filled=True, opacity=1, color=TREATED, shape="circle"),
               own.mark_text(fontSize=11, fontWeight="bold", color=PAPER_INK).encode(text="number:N")]  # fmt: skip
    if len(counts) == 1:
        own = alt.Chart(counts[["label", "year", "value", "at", "words"]]).encode(
            x=x, y=y, tooltip=["year:Q", "label:N"]
        )
        side: Any = "right" if 2 * int(counts["year"].iloc[0]) > first + last else "left"
        layers.append(own.mark_point(size=110, filled=True, opacity=1, color=SECOND, shape="circle"))
        layers.append(
            own.mark_text(align=side, dx=-9 if side == "right" else 9, baseline="middle", fontSize=11).encode(
                text="words:N"
            )
        )
    elif len(counts):
        shown = counts[["label", "year", "value", "at", "begin", "end", "words", "doubt"]]
        bars = alt.Chart(shown).encode(x=alt.X("begin:Q"), y=y, tooltip=["year:Q", "label:N"])
        for doubt, dash in (("datum.doubt == ''", [1, 0]), ("datum.doubt != ''", [2, 3])):
            look = bars.transform_filter(doubt).mark_rule(strokeWidth=9, color=SECOND, strokeDash=dash)
            layers.append(look.encode(x2="end:Q"))
        beside = bars.transform_filter("datum.doubt == 'doubted'").encode(x="end:Q", text="doubt:N")
        layers.append(beside.mark_text(align="left", dx=5, fontSize=11))
        layers.append(bars.mark_text(align="left", dy=-12, fontSize=11).encode(text="words:N"))
        if len(heads):
            named = alt.Chart(heads.assign(begin=float(first))).encode(
                x=alt.X("begin:Q"), y=y, text="words:N"
            )
            layers.append(named.mark_text(align="left", fontSize=11, fontWeight="bold"))
    return parts.layered(*layers, height=height)


def _in_kinds(counts: pd.DataFrame, top: float) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Place counts by kind, people first, each to the scale of its kind, and the heads."""
    kinds = sorted(parts.unique(counts["counted"]), key=lambda kind: kind != "people")
    placed, heads = [counts.iloc[:0].assign(at=0.0, share=0.0)], []
    for kind in kinds:
        own = counts[counts["counted"] == kind]
        if len(kinds) > 1:
            heads.append({"at": top + 6, "words": f"{kind}, on a scale of their own"})
            top += HEAD
        rows = [top + 15 + COUNT * number for number in range(len(own))]
        placed.append(own.assign(at=rows, share=own["value"].astype(float) / float(own["value"].max())))
        top += COUNT * len(own)
    return pd.concat(placed[1:] or placed, ignore_index=True), pd.DataFrame(heads, columns=["at", "words"])


def _start_line(start: tuple[int, str], x: alt.X, y: alt.Y, height: float, *, turned: bool) -> alt.LayerChart:
    """Draw the start as a broken line, with its year and basis beside the foot."""
    at = pd.DataFrame({"year": [start[0]], "at": [0], "foot": [height], "words": [f"start: {start[1]}"]})
    base = alt.Chart(at).encode(x=x)
    line = base.mark_rule(strokeDash=[4, 3], strokeWidth=1.5, color=DONOR).encode(y=y, y2="foot:Q")
    words = base.mark_text(
        align="right" if turned else "left", dx=-6 if turned else 6, baseline="bottom", fontSize=11
    )
    return alt.layer(line, words.encode(y=alt.value(height - 2), text="words:N"))  # type: ignore[return-value]


def _rows_apart(years: Sequence[int], apart: float) -> list[int]:
    """Put each year, in order, in the first row whose last year is far enough before it."""
    ends, rows = list[float](), list[int]()
    for year in years:
        row = next((row for row, end in enumerate(ends) if year - end >= apart), len(ends))
        ends[row : row + 1] = [year]
        rows.append(row)
    return rows


def coding_matrix(frame: pd.DataFrame) -> alt.LayerChart:
    """Draw a frame ``row, item, mean`` of codes: deep is high, zero outlined, silence hatched."""
    rows, items = parts.unique(frame["row"]), parts.unique(frame["item"])
    coded = set(zip(frame["row"], frame["item"], strict=True))
    quiet = [(row, item) for item in items for row in rows if (row, item) not in coded]
    silence = pd.DataFrame(quiet, columns=["row", "item"]).assign(mean="silent")
    gaps = alt.Scale(paddingInner=0.08)
    x = alt.X("row:N", title=None, sort=rows, scale=gaps, axis=alt.Axis(labelAngle=-40))
    y = alt.Y("item:N", title=None, sort=items, scale=gaps)
    shade = parts.heat("mean", [0, 3], [1, 2, 3], "mean of two readings")
    boxes = alt.Chart(frame).mark_rect().encode(x=x, y=y, tooltip=["row:N", "item:N", "mean:Q"], **shade)
    nothing = parts.outlined(frame[frame["mean"] == 0]).encode(x=x, y=y)
    silent = parts.hatched(silence).encode(x=x, y=y, tooltip=["row:N", "item:N", "mean:N"])
    return parts.layered(silent, boxes, nothing, height=alt.Step(26))
