"""Draw charts of description, where no comparison bears a test."""

from __future__ import annotations

from collections.abc import Sequence

import altair as alt
import pandas as pd

from leadership_effects.report.charts.common import HEIGHT
from leadership_effects.report.figures import DONOR, GRID, SECOND, THIRD, TREATED


def start_and_gain(
    frame: pd.DataFrame, parts: Sequence[str], country: tuple[float, float], x_title: str, y_title: str
) -> alt.LayerChart:
    """Draw gains of units against their starts, with lines at the country's.

    Parameters
    ----------
    frame : DataFrame
        Name of the unit in the first column, then ``part, start, gain``.
    parts : sequence of str
        The two parts that units belong to.
    country : tuple of float
        Start and gain of the country.
    x_title, y_title : str

    Examples
    --------
    >>> boroughs = pd.DataFrame({"borough": ["Camden"], "part": ["Inner"], "start": [40.0], "gain": [5.0]})
    >>> start_and_gain(boroughs, ["Inner", "Outer"], (41.0, 4.0), "per cent", "points").to_dict()["height"]
    300
    """
    name = frame.columns[0]
    dots = (
        alt.Chart(frame)
        .mark_point(size=80, filled=True, opacity=0.85)
        .encode(
            x=alt.X("start:Q", title=x_title, scale=alt.Scale(zero=False), axis=alt.Axis(grid=False)),
            y=alt.Y("gain:Q", title=y_title),
            color=alt.Color("part:N", scale=alt.Scale(domain=list(parts), range=[TREATED, SECOND])),
            shape=alt.Shape("part:N", scale=alt.Scale(domain=list(parts))),
            tooltip=[
                f"{name}:N",
                alt.Tooltip("start:Q", format=".1f"),
                alt.Tooltip("gain:Q", format="+.1f"),
            ],
        )
    )
    average = alt.Chart(pd.DataFrame({"start": [country[0]], "gain": [country[1]]}))
    level, begin = (
        average.mark_rule(color=DONOR, strokeDash=[4, 3]).encode(**{channel: field})
        for channel, field in (("y", "gain:Q"), ("x", "start:Q"))
    )
    return (level + begin + dots).properties(height=HEIGHT)


def by_tenth(frame: pd.DataFrame, x_title: str, y_title: str) -> alt.Chart:
    """Draw a gap by tenth of areas for two years.

    The frame holds ``series, tenth, gap``, the years as text in ``series``.

    Examples
    --------
    >>> gaps = pd.DataFrame({"series": ["2009", "2013"], "tenth": [1, 1], "gap": [9.1, 10.2]})
    >>> by_tenth(gaps, "tenth, 1 the poorest", "points").to_dict()["encoding"]["color"]["scale"]["domain"]
    ['2009', '2013']
    """
    years = list(dict.fromkeys(frame["series"]))
    strokes = alt.Legend(symbolType="stroke", symbolStrokeWidth=2.5, symbolSize=320)
    tenths = alt.Axis(format="d", values=list(range(1, 11)), grid=False)
    return (
        alt.Chart(frame)
        .mark_line(strokeWidth=2.5, point=alt.OverlayMarkDef(size=45, filled=True))
        .encode(
            x=alt.X("tenth:Q", title=x_title, axis=tenths),
            y=alt.Y("gap:Q", title=y_title),
            color=alt.Color(
                "series:N", scale=alt.Scale(domain=years, range=[SECOND, TREATED]), legend=strokes
            ),
            strokeDash=alt.StrokeDash("series:N", scale=alt.Scale(domain=years), legend=strokes),
            tooltip=["series:N", "tenth:Q", alt.Tooltip("gap:Q", format="+.1f")],
        )
        .properties(height=HEIGHT)
    )


def pieces(
    frame: pd.DataFrame, breaks: Sequence[float], ticks: Sequence[int], y_title: str
) -> alt.LayerChart:
    """Draw a ratio over years in pieces, with dotted lines where the measure changes.

    Parameters
    ----------
    frame : DataFrame
        Columns ``measure, segment, year, ratio``; a line for each segment, a colour for each of up to four measures.
    breaks : sequence of float
        Years at which the measure changes.
    ticks : sequence of int
        Years named on the axis, from first to last.
    y_title : str

    Examples
    --------
    >>> ratios = pd.DataFrame({"measure": ["tests"], "segment": ["a"], "year": [1997], "ratio": [92.0]})
    >>> [layer["mark"]["type"] for layer in pieces(ratios, [1992.5], [1976, 2022], "per cent").to_dict()["layer"]]
    ['rule', 'rule', 'line']
    """
    x = alt.X(
        "year:Q",
        title=None,
        scale=alt.Scale(domain=[ticks[0] - 1, ticks[-1] + 1], nice=False, zero=False),
        axis=alt.Axis(format="d", values=list(ticks), grid=False),
    )
    lines = (
        alt.Chart(frame)
        .mark_line(strokeWidth=2.5, point=alt.OverlayMarkDef(size=30, filled=True))
        .encode(
            x=x,
            y=alt.Y("ratio:Q", title=y_title, scale=alt.Scale(zero=False)),
            color=alt.Color(
                "measure:N",
                scale=alt.Scale(
                    domain=list(dict.fromkeys(frame["measure"])), range=[DONOR, SECOND, TREATED, THIRD]
                ),
                legend=alt.Legend(columns=2, symbolType="stroke", symbolStrokeWidth=2.5),
            ),
            detail="segment:N",
            tooltip=["measure:N", "year:Q", alt.Tooltip("ratio:Q", format=".1f")],
        )
    )
    level = alt.Chart(pd.DataFrame({"ratio": [100]})).mark_rule(color=GRID).encode(y="ratio:Q")
    rules = alt.Chart(pd.DataFrame({"year": breaks})).mark_rule(strokeDash=[2, 4], color=DONOR).encode(x=x)
    return (level + rules + lines).properties(height=HEIGHT)


def reach(
    frame: pd.DataFrame, y_title: str, domain: tuple[float, float], told: Sequence[str]
) -> alt.LayerChart:
    """Draw values with the range that they could have had, one column a label.

    Parameters
    ----------
    frame : DataFrame
        Columns ``label, estimate, low, high`` and those of `told`.
    y_title : str
    domain : tuple of float
        Ends of the axis.
    told : sequence of str
        Further columns that the tips print.

    Examples
    --------
    >>> rates = pd.DataFrame({"label": ["2019"], "estimate": [94.0], "low": [80.0], "high": [95.0]})
    >>> [layer["mark"]["type"] for layer in reach(rates, "per cent", (60, 100), []).to_dict()["layer"]]
    ['rule', 'point']
    """
    base = alt.Chart(frame).encode(
        x=alt.X("label:O", title=None, axis=alt.Axis(labelAngle=0, labelOverlap=True)),
        tooltip=[
            "label:O",
            *(alt.Tooltip(f"{name}:Q", format=",.1f") for name in ("estimate", "low", "high", *told)),
        ],
    )
    scale = alt.Scale(zero=False, domain=list(domain))
    bars = base.mark_rule(strokeWidth=4, color=SECOND).encode(
        y=alt.Y("low:Q", title=y_title, scale=scale), y2="high:Q"
    )
    dots = base.mark_point(size=90, filled=True, color=TREATED, opacity=1).encode(y="estimate:Q")
    return (bars + dots).properties(height=HEIGHT)
