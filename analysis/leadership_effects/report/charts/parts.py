"""Build the parts that charts share: points, lines, spans, rules, axes, legends and looks."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from leadership_effects.report.figures import DONOR, GRID, HEAT

FAINT = 0.5  # of the lines of many places behind one
STRIPES = 5
LINE_HEIGHT, SETTLED, DIRECT = 15, 200, 5
# Upright ticks, thin and thick, and a bar as shapes, so that a legend shows what `mark_tick` and a thick rule draw.
TICK, THICK_TICK = (f"M-{half},-1H{half}V1H-{half}Z" for half in (0.15, 0.3))
BAR = "M-1,-0.4H1V0.4H-1Z"
LABEL_LINE, MOST_LINES = 13, 6  # pixels of a line of a wrapped label, and lines of the longest
DASHES: Sequence[list[int]] = ([1, 0], [7, 3], [2, 3], [9, 3, 2, 3], [4, 2], [1, 3], [12, 3], [6, 2, 2, 2])
DEEPEST = {
    True: 0.62,
    False: 0.95,
}  # with a number in the cell, which keeps the colour of the text, and without

# True in a browser only: the fixed picture is drawn without a window, and the tool that draws it would complete a
# relative link with an address of its own.
LIVE = "windowSize()[0] > 0"
# Verdict on an effect of interest: colour and shape, the shape that of its mark on the pages.
VERDICTS = {
    "at least that large": ("#2e9460", "triangle-up"),
    "ruled out": ("#c8593a", "square"),
    "cannot say": ("#a07a2c", "diamond"),
}


def unique(values: Iterable[Any]) -> list[Any]:
    """Return values, each once, in their order."""
    return list(dict.fromkeys(values))


def wrap(texts: Iterable[str], width: int) -> list[str]:
    """Break texts into lines parted by bars, as `wrapped_axis` prints them."""
    return ["|".join(textwrap.wrap(text, width)) for text in texts]


def deepest(wrapped: Iterable[str]) -> int:
    """Count the lines of the text with most."""
    return max(text.count("|") for text in wrapped) + 1


def tip(field: str, format: str, **more: Any) -> alt.Tooltip:
    """Show a number under the pointer."""
    return alt.Tooltip(f"{field}:Q", format=format, **more)


def dots(frame: pd.DataFrame, size: int, **look: Any) -> alt.Chart:
    """Mark rows by filled points."""
    return alt.Chart(frame).mark_point(size=size, filled=True, opacity=1, **look)


def strokes(frame: pd.DataFrame, point: int = 0) -> alt.Chart:
    """Draw lines, with points of a size on them if one is given."""
    shown: dict[str, Any] = {"point": alt.OverlayMarkDef(size=point, filled=True)} if point else {}
    return alt.Chart(frame).mark_line(strokeWidth=2.5, **shown)


def spans(frame: pd.DataFrame, title: str, **look: Any) -> alt.Chart:
    """Draw horizontal spans from ``low`` to ``high``."""
    return alt.Chart(frame).mark_rule(**look).encode(x=alt.X("low:Q", title=title), x2="high:Q")


def rule(
    field: str, channel: str, values: Iterable[float] = (0,), *, broken: bool = False, **look: Any
) -> alt.Chart:
    """Draw rules across at values of a field: pale, or grey and broken."""
    own: dict[str, Any] = {"strokeDash": [4, 4], "color": DONOR} if broken else {"color": GRID}
    drawn = alt.Chart(pd.DataFrame({field: list(values)})).mark_rule(**own | look)
    return drawn.encode(x=f"{field}:Q") if channel == "x" else drawn.encode(y=f"{field}:Q")


def layered(*charts: Any, height: float | alt.Step) -> alt.LayerChart:
    """Lay charts over each other, the first at the bottom."""
    return alt.LayerChart(layer=list(charts)).properties(height=height)


def wrapped_axis(**more: Any) -> alt.Axis:
    """Print labels in the lines that `wrap` parted, each around the middle of its row."""
    lines = "length(split(datum.value, '|'))"
    raised = [
        {"test": f"{lines} == {n}", "value": -LABEL_LINE / 2 * (n - 1)} for n in range(2, MOST_LINES + 1)
    ]
    return alt.Axis(
        labelExpr="split(datum.label, '|')", labelLineHeight=LABEL_LINE, labelFontSize=11,
        labelOffset={"condition": raised, "value": 0}, **more,
    )  # fmt: skip


def few_ticks(**more: Any) -> alt.Axis:
    """Label an axis sparsely: the last label, drawn inwards, stays clear of the one before."""
    return alt.Axis(tickCount=alt.ExprRef(expr="max(3, floor(width / 80))"), **more)


def column_heads() -> alt.Axis:
    """Print labels over their columns, read from the foot up."""
    return alt.Axis(
        orient="top", labelAngle=-90, labelAlign="left", labelBaseline="middle", labelPadding=4, domain=False, ticks=False,
    )  # fmt: skip


def heat(
    field: str,
    domain: Sequence[float],
    shown: Sequence[float] = (),
    title: str = "",
    *,
    numbered: bool = False,
) -> dict[str, Any]:
    """Encode a value by the depth of one colour over the page's ground.

    The legend shows some values; without them there is none.
    """
    legend = None
    if shown:
        boxes: dict[str, Any] = {
            "symbolType": "square",
            "symbolSize": 220,
            "columns": len(shown),
            "format": "d",
        }
        legend = alt.Legend(title=title, titleFontWeight="normal", values=list(shown), **boxes)
    scale = alt.Scale(domain=list(domain), range=[0, DEEPEST[numbered]])
    return {"fill": alt.value(HEAT), "opacity": alt.Opacity(f"{field}:Q", scale=scale, legend=legend)}


def outlined(frame: pd.DataFrame) -> alt.Chart:
    """Mark cells that hold a zero by their edge."""
    return alt.Chart(frame).mark_rect(fill="transparent", stroke=DONOR, strokeWidth=1.5)


def hatched(frame: pd.DataFrame) -> alt.Chart:
    """Mark cells that hold nothing by oblique stripes."""
    stops = []
    for stripe in range(STRIPES):
        at, wide = stripe / STRIPES, 0.2 / STRIPES
        edges = ((at, "transparent"), (at, DONOR), (at + wide, DONOR), (at + wide, "transparent"))
        stops += [alt.GradientStop(offset=round(offset, 3), color=color) for offset, color in edges]
    stripes = alt.LinearGradient(gradient="linear", x1=0, y1=0, x2=1, y2=1, stops=stops)
    return alt.Chart(frame).mark_rect(fill=stripes)


def line_ends(
    frame: pd.DataFrame, y: str, names: Sequence[str], height: float, *, x: str = "year", field: str = "series",
    palette: Sequence[str] = (),
  ) -> Any:  # fmt: skip
    """Name lines at their right ends, apart from each other, in their colours."""
    last = frame.sort_values(x, kind="stable").groupby(field, sort=False)[[x, y]].last()
    ends = last.loc[[name for name in names if name in last.index]].reset_index()
    ends["name"] = wrap(ends[field], 15)
    drawn = frame[y].dropna()  # a year without a value breaks a line
    span = float(np.ptp(np.append(drawn.to_numpy(float), 0.0 if (drawn < 0).any() else drawn.iloc[0])))
    heights = frame.groupby(field, sort=False)[y].mean().loc[ends[field]].to_numpy(float)
    ends["at"] = apart(
        ends[y].to_numpy(float),
        heights,
        (span or 1) * LINE_HEIGHT / height,
        ends["name"].str.count(r"\|") + 1,
    )
    words: Any = alt.Chart(ends[[field, x, "at", "name"]].round(6))
    layers = [
        words.transform_filter(alt.FieldEqualPredicate(field=field, equal=name)).mark_text(
            align="left", baseline="middle", dx=8, lineBreak="|", lineHeight=13, fontSize=12,
            dy=-6.5 * text.count("|"), aria=False,
        ).encode(x=f"{x}:Q", y="at:Q", text="name:N", color=colours(field, list(names), palette).legend(None))
        for name, text in zip(ends[field], ends["name"], strict=True)
    ]  # fmt: skip
    return alt.layer(*layers)


def apart(values: np.ndarray, heights: np.ndarray, line: float, lines: pd.Series) -> np.ndarray:
    """Move positions of words apart until none is nearer to the next than their lines need.

    Lines that end together are named in the order in which they lie before.
    """
    order, placed = np.lexsort((heights, values)), values.copy()
    needs = [line * (lines.iloc[a] + lines.iloc[b]) / 2 for a, b in pairwise(order)]
    for _ in range(SETTLED):
        for (low, high), need in zip(pairwise(order), needs, strict=True):
            short = need - (placed[high] - placed[low])
            if short > 0:
                placed[low] -= short / 2
                placed[high] += short / 2
    return placed


def colours(field: str, names: Sequence[str], palette: Sequence[str] = ()) -> alt.Color:
    """Encode a field by colour, of the theme's palette unless one is given."""
    shown: dict[str, Any] = {"range": list(palette)} if palette else {}
    return alt.Color(f"{field}:N", scale=alt.Scale(domain=list(names), **shown))


def shapes(field: str, names: Sequence[str], forms: Sequence[str]) -> alt.Shape:
    """Encode a field by given shapes, which the legend of the same field then shows."""
    return alt.Shape(f"{field}:N", scale=alt.Scale(domain=list(names), range=list(forms)))


def looks(field: str, names: Sequence[str], palette: Sequence[str] = ()) -> dict[str, Any]:
    """Encode a field by colour and shape."""
    shape = alt.Shape(f"{field}:N", scale=alt.Scale(domain=list(names)))
    return {"color": colours(field, names, palette), "shape": shape}


def series(
    names: Sequence[str],
    palette: Sequence[str] = (),
    dashes: Sequence[list[int]] = (),
    *,
    field: str = "series",
    direct: bool = False,
    **legend: Any,
) -> dict[str, Any]:
    """Encode lines by colour and dash; few need no legend, as `line_ends` names them."""
    shown = alt.Legend(symbolType="stroke", symbolStrokeWidth=2.5, symbolSize=700, **legend)
    dashes = dashes or list(DASHES[: len(names)])
    direct = len(names) < 2 or (direct and len(names) <= DIRECT)
    found: dict[str, Any] = {}
    for name, channel, looked in (("color", alt.Color, palette), ("strokeDash", alt.StrokeDash, dashes)):
        scale: dict[str, Any] = {"domain": list(names)} | ({"range": list(looked)} if looked else {})
        found[name] = channel(f"{field}:N", scale=alt.Scale(**scale), legend=None if direct else shown)
    return found
