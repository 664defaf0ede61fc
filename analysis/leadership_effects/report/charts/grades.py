"""Draw and tabulate the matrix of statements and places with links to passages."""

from __future__ import annotations

import html
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt
import pandas as pd

from leadership_effects.data.vocabulary import OTHER_PLACES, TOO_LITTLE, place_name
from leadership_effects.evidence.grades import (
    BEARINGS,
    HIGHEST,
    GradeError,
    Judgement,
    Voice,
)
from leadership_effects.report.charts.parts import LIVE, column_heads, layered, unique
from leadership_effects.report.figures import DONOR, GRID, SECOND, THIRD, TREATED
from leadership_effects.report.tables import heading, scrollable

UP, SPACE = "../", "\u00a0"
COLOURS = dict(zip(BEARINGS, (SECOND, TREATED, THIRD, DONOR, DONOR), strict=True))
# Up, down, across, a dash, a ring: distinct without colour.
SHAPES = dict(zip(BEARINGS, ("triangle-up", "triangle-down", "diamond", "stroke", "circle"), strict=True))
# Columns of the table of statements by bearing; what is silent stands in the matrix alone.
TOLD = dict(
    zip(
        [*BEARINGS[:3], BEARINGS[-1]],
        ("supporting", "contradicting", "mixed", "cannot say"),
        strict=True,
    )
)
# What is printed of a statement over its places, by the bearing whose look it has.
DIRECTIONS = {
    "supported": "supports",
    "contested": "mixed",
    "contradicted": "contradicts",
    TOO_LITTLE: "cannot say",
}
ROW, LADDER = 27, 22


def place_names(cases: pd.DataFrame, used: Iterable[str]) -> dict[str, str]:
    """Short names of places, the eight cases first, then the others that are used.

    Parameters
    ----------
    cases : DataFrame
        Table ``cases`` of the release.
    used : iterable of str
        Places of the assessments.

    Raises
    ------
    GradeError
        If a place has no name.
    """
    names = {row["case_id"]: place_name(str(row["title"])) for row in cases.to_dict("records")}
    wanted = set(used)
    unknown = wanted - set(names) - set(OTHER_PLACES)
    if unknown:
        raise GradeError(
            f"no short name for place {min(unknown)!r}; allowed: {', '.join([*names, *OTHER_PLACES])}"
        )
    return names | {place: name for place, name in OTHER_PLACES.items() if place in wanted}


def matrix_frame(
    statements: pd.DataFrame, heard: Mapping[str, Mapping[str, Voice]], names: Mapping[str, str]
) -> pd.DataFrame:
    """Return the matrix of statements and places, one row for each place assessed.

    Rows: ``statement, label, place, bearing, grade, word, href``. ``grade`` is 0 and ``word`` empty where
    the place is silent or cannot say.
    """
    rows = [
        {
            "statement": _axis(row["statement_id"]),
            "label": row["label"],
            "place": names[place],
            "bearing": voice.bearing,
            "grade": voice.grade or 0,
            "word": voice.word,
            "href": UP + voice.passage,
        }
        for row in statements.to_dict("records")
        for place, voice in heard[row["statement_id"]].items()
    ]
    return pd.DataFrame(rows)


def _axis(statement_id: str) -> str:
    return statement_id.replace("_", " ")


def matrix(frame: pd.DataFrame, names: Sequence[str], n_cases: int, breaks: Sequence[str]) -> alt.LayerChart:
    """Draw the matrix of places (rows) and statements (columns).

    Shape and colour show the bearing, size and filling the grade.

    Parameters
    ----------
    frame : DataFrame
        From `matrix_frame`.
    names : sequence of str
        Places in order, the book's own first.
    n_cases : int
        How many of them are the book's own.
    breaks : sequence of str
        Statements, as on the axis, after which a line parts one question from the next.
    """
    x = alt.X("statement:N", title=None, sort=unique(frame["statement"]), axis=column_heads())
    y = alt.Y("place:N", title=None, sort=list(names), axis=alt.Axis(domain=False, ticks=False))
    base = alt.Chart(frame).encode(x=x, y=y)
    colours, shapes = (alt.Scale(domain=list(look), range=list(look.values())) for look in (COLOURS, SHAPES))
    marks = base.mark_point(strokeWidth=2, opacity=1).encode(
        stroke=alt.Stroke("bearing:N", scale=colours),
        fill=alt.Fill("bearing:N", scale=colours),
        shape=alt.Shape("bearing:N", scale=shapes),
        size=alt.Size("grade:Q", scale=alt.Scale(domain=[0, HIGHEST], range=[55, 260]), legend=None),
        fillOpacity=alt.condition("datum.grade > 0", alt.value(1), alt.value(0)),
    )
    cells = base.mark_rect(fill="transparent", cursor="pointer").encode(
        href=alt.condition(LIVE, "href:N", alt.value("")),
        tooltip=["place:N", "label:N", "bearing:N", "grade:Q", alt.Tooltip("word:N", title="comparison")],
    )
    lines = [
        _line(frame[frame["statement"].isin(breaks)], x=x.copy()),
        _line(frame[frame["place"] == names[n_cases - 1]], y=y.copy()),
    ]
    return (lines[0] + lines[1] + marks + cells).properties(height=alt.Step(ROW))


def _line(rows: pd.DataFrame, **channel: alt.X | alt.Y) -> alt.Chart:
    """Rule along the far edge of the band that holds the rows."""
    (name, encoding), *_ = channel.items()
    encoding["bandPosition"] = 1
    field = str(encoding["shorthand"]).split(":")[0]
    return alt.Chart(rows[[field]].drop_duplicates()).mark_rule(color=GRID).encode(**{name: encoding})


def ladder_frame(
    statements: pd.DataFrame,
    judged: Mapping[str, Judgement],
    readings: Mapping[str, Mapping[str, Judgement]],
    short: Mapping[str, str],
) -> pd.DataFrame:
    """Return statements with grade, harsher and milder grade, highest first.

    Parameters
    ----------
    statements : DataFrame
        Table of the release.
    judged : mapping of str to Judgement
    readings : mapping of str to mapping of str to Judgement
        By ``stricter`` and ``kinder``.
    short : mapping of str to str
        A few words for each statement, by which its row is named.
    """
    rows = [
        {
            "short": short[key],
            "statement": row["label"],
            "direction": judged[key].direction,
            "grade": judged[key].grade,
            "places": judged[key].sides,
            "harsher": readings["stricter"][key].grade,
            "milder": readings["kinder"][key].grade,
        }
        for row in statements.to_dict("records")
        for key in [row["statement_id"]]
    ]
    return pd.DataFrame(rows).sort_values(
        ["grade", "milder", "harsher"], ascending=False, kind="stable", ignore_index=True
    )


def ladder(frame: pd.DataFrame) -> alt.LayerChart:
    """Draw the grade of each statement on a line from its harsher to its milder reading."""
    y = alt.Y("short:N", title=None, sort=list(frame["short"]), axis=alt.Axis(domain=False, ticks=False))
    across: dict[str, Any] = {
        "title": f"grade, 0 to {HIGHEST}",
        "scale": alt.Scale(domain=[0, HIGHEST], padding=12),
        "axis": alt.Axis(values=list(range(HIGHEST + 1)), format="d"),
    }
    drawn = [name for name in DIRECTIONS if name in set(frame["direction"])]
    colours, shapes = (
        alt.Scale(domain=drawn, range=[look[DIRECTIONS[name]] for name in drawn])
        for look in (COLOURS, SHAPES)
    )
    legend = alt.Legend(columns=1)
    base = alt.Chart(frame).encode(y=y)
    readings = base.mark_rule(strokeWidth=2.5, color=DONOR).encode(
        x=alt.X("harsher:Q", **across), x2="milder:Q"
    )
    marks = base.mark_point(filled=True, size=110, opacity=1).encode(
        x=alt.X("grade:Q", **across),
        color=alt.Color("direction:N", scale=colours, legend=legend),
        shape=alt.Shape("direction:N", scale=shapes, legend=legend),
        tooltip=["statement:N", "direction:N", "grade:Q", "places:N", "harsher:Q", "milder:Q"],
    )
    return layered(readings, marks, height=alt.Step(LADDER))


@dataclass(frozen=True)
class LinkedTable:
    """A table of links for display; text is escaped where the table is made."""

    markup: str
    plain: str

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        return {"text/html": self.markup, "text/plain": self.plain}


def matrix_table(
    statements: pd.DataFrame, graded: pd.DataFrame, names: Mapping[str, str], caption: str
) -> LinkedTable:
    """Statements down, places across; every passage is a link named by its text.

    Parameters
    ----------
    statements : DataFrame
        Table of the release.
    graded : DataFrame
        Assessments with ``grade``, from `security.grade_passages`.
    names : mapping of str to str
        Short name of each place, in order.
    caption : str
        Name of the table.
    """
    heads = ["statement", *names.values()]
    rows = []
    for statement in statements.to_dict("records"):
        mine = graded[graded["statement_id"] == statement["statement_id"]]
        cells = [
            "<br>".join(
                _passage_link(row, name, statement["label"])
                for row in mine[mine["place"] == place].to_dict("records")
            )
            for place, name in names.items()
        ]
        rows.append([html.escape(f"{_axis(statement['statement_id'])}: {statement['label']}"), *cells])
    return LinkedTable(_table(caption, heads, rows), caption)


def _passage_link(row: Mapping[Any, Any], place: str, label: str) -> str:
    """Link a passage; its accessible name begins with the text, then place and statement."""
    text = row["bearing"] if pd.isna(row["grade"]) else f"{row['bearing']}{SPACE}{int(row['grade'])}"
    name = f"{text}: {place}, {label}. {row['reason']}"
    return _link(UP + str(row["passage"]), text, name)


def statement_table(
    statements: pd.DataFrame,
    judgements: Mapping[str, Judgement],
    heard: Mapping[str, Mapping[str, Voice]],
    names: Mapping[str, str],
    caption: str,
    unheard: pd.DataFrame | None = None,
) -> LinkedTable:
    """Tabulate statements with direction and grade, and linked places by bearing.

    Parameters
    ----------
    statements : DataFrame
        Table of the release.
    judgements : mapping of str to Judgement
    heard : mapping of str to mapping of str to Voice
    names : mapping of str to str
        Short name of each place.
    caption : str
        Name of the table.
    unheard : DataFrame, optional
        Passages of `security.unheard`, each listed last, in brackets, with its place.
    """
    rows = []
    for statement in statements.to_dict("records"):
        key = statement["statement_id"]
        made = judgements[key]
        cells = [
            html.escape(f"{_axis(key)}: {statement['statement']}"),
            _so_far(made),
        ]
        for bearing in TOLD:
            places = [(place, voice) for place, voice in heard[key].items() if voice.bearing == bearing]
            links = [_place_link(voice, names[place]) for place, voice in places]
            if bearing == "cannot say" and unheard is not None:
                links += _unheard_links(unheard[unheard["statement_id"] == key], names)
            cells.append(", ".join(links) or "none")
        rows.append(cells)
    heads = ["statement", "so far", *TOLD.values()]
    return LinkedTable(_table(caption, heads, rows), caption)


def _so_far(made: Judgement) -> str:
    """Say direction, grade and comparison, or without a direction what the places do."""
    told = f"{made.direction}, grade{SPACE}{made.grade}"
    return f"{told}: {made.sides}" if made.direction == TOO_LITTLE else f"{told}; comparison: {made.word}"


def _place_link(voice: Voice, name: str) -> str:
    """Link a place by name and grade; one that cannot say has no grade."""
    text = name if voice.grade is None else f"{name}{SPACE}{voice.grade}"
    told = f"{voice.bearing}, comparison {voice.word}" if voice.word else voice.bearing
    return _link(UP + voice.passage, text, f"{text}: {told}")


def _unheard_links(passages: pd.DataFrame, names: Mapping[str, str]) -> list[str]:
    """Link passages that cannot say beside one of the same place that speaks, in brackets."""
    links = []
    for row in passages.to_dict("records"):
        name = names[row["place"]]
        told = f"{name}, without a vote: {row['reason']}"
        links.append(f"({_link(UP + row['passage'], name, told)})")
    return links


def _link(href: str, text: str, name: str) -> str:
    label = html.escape(name, quote=True)
    return f'<a href="{html.escape(href, quote=True)}" aria-label="{label}" title="{label}">{html.escape(text)}</a>'


def _table(caption: str, heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Scrollable table; cells come escaped, the first of each row heads it."""
    head = "".join(heading(text, wide=not column) for column, text in enumerate(heads))
    body = "".join(
        f'<tr><th scope="row">{row[0]}</th>{"".join(f"<td>{cell}</td>" for cell in row[1:])}</tr>'
        for row in rows
    )
    return scrollable(caption, head, body)
