"""Lay out tables so that no column is lost: room, folds, captions and cues.

The width that a table needs is estimated from its words. One that fits the text column stays as it is. A wider one uses
the margin, where there is one, and folds its long columns below their row where there is none. One too wide for both
folds them everywhere, or becomes a list. On a phone the rows of any wide table become cards.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from html import escape

from leadership_book.records import Records
from leadership_book.table_cells import TAG, Cell, aligned, filled, named, shown_once

BOX = re.compile(
    r'<div class="(table-scroll[^"]*)"([^>]*)>\s*(<table[^>]*>)\s*(<caption>(.*?)</caption>)?(.*?)</table>\s*</div>',
    re.DOTALL,
)
DATA = re.compile(r'<details class="chart-data.*?</details>', re.DOTALL)
HEAD = re.compile(r"<thead[^>]*>(.*?)</thead>", re.DOTALL)
BODY = re.compile(r"<tbody[^>]*>(.*?)</tbody>", re.DOTALL)
ROW = re.compile(r"<tr([^>]*)>(.*?)</tr>", re.DOTALL)
CELL = re.compile(r"<(t[hd])([^>]*)>(.*?)</\1>", re.DOTALL)
CLASS = re.compile(r' class="([^"]*)"')
LABEL = re.compile(r' data-label="[^"]*"')
FIRST_SENTENCE = re.compile(r"(.{12,}?[^.]\.) (?=[A-Z])(.*)", re.DOTALL)
BREAK = re.compile(r"[\s\u200b]+|(?<=[a-z]-)|(?<=[a-z]/)|<wbr/?>")
NOTHING = ("not possible", "not printed", "not defined")

NARROW = 3  # more columns than these become one card a row on a phone
PHONE = 330
TEXT, MARGIN = 670, 925  # pixels of the text column, and with the margin beside it
FONT = 15.5  # pixels, a little more than set, as fonts differ
# Size of letters in a table, a wide and a dense one, and the space beside a cell in pixels
FULL, WIDE, DENSE = (1.0, 15), (0.9, 15), (0.84, 9)
PHRASE, SENTENCE = 9, 45  # characters
LONGER = {"w3": 110, "w2": SENTENCE, "w1": 18, "w0": PHRASE}  # than so many characters
LEAST = {"w0": 84, "w1": 106, "w2": 150, "w3": 206}  # widths that columns of words are given in pixels
MOST_SIDE = 16  # columns side by side in a table with folded ones, as the style sheet has it
PILL, MARK = ' class="pill ', "mmm"  # the latter as wide as sign and border of a pill
FOLDED = 4  # more folded columns than these make a row a list


@dataclass(frozen=True)
class Layout:
    """Where the columns of a table go.

    Attributes
    ----------
    classes : tuple of str
        Classes of the box.
    always, narrow : set of int
        Columns that stand below their row at every width, and where there is no margin.
    """

    classes: tuple[str, ...]
    always: frozenset[int] = frozenset()
    narrow: frozenset[int] = frozenset()


def laid_out(markup: str, names: Mapping[str, str], files: Records | None, linked: bool = True) -> str:
    """Return HTML in which every table is written for readers and fits where it stands.

    Parameters
    ----------
    markup : str
        HTML with tables in boxes of the class ``table-scroll``.
    names : mapping of str to str
        Names of ids.
    files : Records or None
        Where citations of sources are read.
    linked : bool
        Whether this is the site, where captions stand outside the box and sources have pages; else the printed book.
    """
    data = [found.span() for found in DATA.finditer(markup)]

    def table(found: re.Match[str]) -> str:
        behind = any(start <= found.start() < end for start, end in data)
        return one_table(found, partial(named, names=names, files=files, linked=linked), behind, linked)

    return BOX.sub(table, markup)


def one_table(found: re.Match[str], name: Callable[[Cell], Cell], behind: bool, linked: bool) -> str:
    """Return one table in its box, with the caption before it."""
    head, body = HEAD.search(found[6]), BODY.search(found[6])
    if not head or not body or "rowspan" in found[6] or "colspan" in found[6]:
        return framed(found, found[6], Layout(()), linked)
    heads = [[parsed(*cell.groups()) for cell in CELL.finditer(row[2])] for row in ROW.finditer(head[1])]
    attributes = [row[1] for row in ROW.finditer(body[1])]
    rows = [[parsed(*cell.groups()) for cell in CELL.finditer(row[2])] for row in ROW.finditer(body[1])]
    if len(heads) != 1 or not rows or any(len(row) != len(heads[0]) for row in rows):
        return framed(found, found[6], Layout(()), linked)
    titles = [cell.text for cell in heads[0]]
    columns = [
        column_of(place, title, column, name, behind)
        for place, (title, column) in enumerate(zip(titles, zip(*rows, strict=True), strict=True))
    ]
    shown = [readable_head(cell, column) for cell, column in zip(heads[0], columns, strict=True)]
    widths = [
        [width(cell, column, *size) for cell, column in zip(shown, columns, strict=True)]
        for size in (FULL, WIDE, DENSE)
    ]
    layout = chosen(widths, columns, behind)
    shown = [cell.marked(*folds(layout, place)) for place, cell in enumerate(shown)]
    if {"cards", "as-list", "fold-a"} & set(layout.classes):
        columns = [
            [labelled(cell, title).marked(*folds(layout, place)) for cell in column] if place else column
            for place, (title, column) in enumerate(zip(titles, columns, strict=True))
        ]
    made = [
        f"<tr{attribute}>{''.join(cell.markup() for cell in row)}</tr>"
        for attribute, row in zip(attributes, zip(*columns, strict=True), strict=True)
    ]
    inner = (
        f"<thead><tr>{''.join(cell.markup() for cell in shown)}</tr></thead><tbody>{''.join(made)}</tbody>"
    )
    line = summed_up(found[5] or "", titles[0], columns) if len(columns) == 2 else ""
    box = framed(found, inner, layout, linked, bare=bool(line))
    return f'{line}<details class="reasons"><summary>Why not</summary>{box}</details>' if line else box


def parsed(tag: str, attributes: str, content: str) -> Cell:
    """Return a cell from its HTML."""
    found = CLASS.search(attributes)
    classes = tuple(name for name in found[1].split() if name != "head") if found else ()
    content = content.strip()
    if content.startswith("<p>") and content.endswith("</p>") and content.count("<p>") == 1:
        content = content[3:-4]
    return Cell(tag, CLASS.sub("", attributes).rstrip(), content, classes)


def column_of(
    place: int, title: str, cells: Sequence[Cell], name: Callable[[Cell], Cell], behind: bool
) -> list[Cell]:
    """Return a column with names, reasons and numbers; in the first a repeated head shows once."""
    made = [name(cell) for cell in cells]
    if place:
        return aligned([filled(cell, title) for cell in made], measured=behind)
    return made if behind else shown_once(made)


def readable_head(cell: Cell, column: Sequence[Cell]) -> Cell:
    """Return the head of a column, right above numbers and as wide as its words need."""
    content = cell.content if "<" in cell.content else cell.content.replace("_", " ")
    kept = tuple(name for name in cell.classes if name != "sentences")
    numbers = ("n",) if column and "n" in column[0].classes else ()
    most = longest(column)
    least = next((name for name, long in LONGER.items() if most > long), "")
    if numbers:
        least = "w0" if len(cell.text) > PHRASE else ""
    sized = (least,) if least else ()
    return replace(cell, content=content, classes=(*kept, *numbers, *sized))


def longest(column: Sequence[Cell]) -> int:
    """Return the number of characters of the longest text of a column."""
    return max((len(cell.text) for cell in column), default=0)


def width(head: Cell, column: Sequence[Cell], scale: float, space: int) -> float:
    """Return the least width of a column in pixels, estimated from its words."""
    least = next((LEAST[name] for name in head.classes if name in LEAST), 0)
    words = [word for word in BREAK.split(head.text) if word]
    for cell in column:
        text = cell.text
        words += [text] if "n" in cell.classes else [word for word in BREAK.split(text) if word]
        pills = [part.partition(">")[2].removesuffix("<span") for part in cell.content.split(PILL)[1:]]
        words += [f"{TAG.sub('', part)}{MARK}" for part in pills]
    return max(least * scale, max(map(drawn, words), default=0) * FONT * scale + space)


def drawn(word: str) -> float:
    """Return the width of a word in em."""
    return sum(
        0.27 if c in "iljI.,:;'|!()" else 0.9 if c in "mMwW" else 0.66 if c.isupper() else 0.56 for c in word
    )


def chosen(widths: Sequence[Sequence[float]], columns: Sequence[Sequence[Cell]], behind: bool) -> Layout:
    """Choose how the columns of a table are laid out.

    One behind a chart scrolls where there is no margin.

    Parameters
    ----------
    widths : sequence of sequence of float
        Least widths of the columns in letters of full size, of a wide and of a dense table.
    columns : sequence
        Cells of each column.
    behind : bool
        Whether the table holds the data of a chart.
    """
    full, wide, dense = widths
    cards = ("cards",) if not behind and (len(full) > NARROW or sum(full) > PHONE) else ()
    if sum(full) <= TEXT:
        return Layout(cards)
    closer = sum(wide) > MARGIN >= sum(dense)
    chosen_widths = dense if closer else wide
    always = below(chosen_widths, columns, MARGIN)
    narrow = below(chosen_widths, columns, TEXT) if not behind else always
    if len(always) > FOLDED or len(full) - len(always) > MOST_SIDE:
        long = {place for place, column in enumerate(columns) if longest(column) > SENTENCE}
        return Layout((*cards, "as-list"), frozenset(long - {0}))
    kinds = [*cards, "wide", *(["dense"] if closer else [])]
    if always:
        kinds += ["fold-a", f"a{len(full) - len(always)}"]
    if len(narrow) > FOLDED:
        kinds.append("as-list-narrow")
    elif narrow and not behind:
        kinds += ["fold-m", f"m{len(full) - len(narrow)}"]
    return Layout(tuple(kinds), always, narrow)


def below(widths: Sequence[float], columns: Sequence[Sequence[Cell]], room: float) -> frozenset[int]:
    """Choose the columns of the longest texts to stand below their row, so that the others fit."""
    length = [sum(len(cell.text) for cell in column) for column in columns]
    order = sorted(range(1, len(widths)), key=lambda place: (-length[place], place))
    folded: list[int] = []
    while order and sum(wide for place, wide in enumerate(widths) if place not in folded) > room:
        folded.append(order.pop(0))
    return frozenset(folded)


def folds(layout: Layout, place: int) -> tuple[str, ...]:
    """Return the classes of a cell that stands below its row."""
    if place in layout.always:
        return ("fa",)
    return ("fm",) if place in layout.narrow else ()


def labelled(cell: Cell, title: str) -> Cell:
    """Return a cell that carries the name of its column."""
    if LABEL.search(cell.attributes) or not title or cell.tag == "th":
        return cell
    return replace(cell, attributes=f'{cell.attributes} data-label="{escape(title, quote=True)}"')


def summed_up(caption: str, what: str, columns: Sequence[Sequence[Cell]]) -> str:
    """Return one line for a table in which no row but one has a result; nothing for any other."""
    pairs = [(first.content, second.content) for first, second in zip(*columns, strict=True)]
    told = [pair for pair in pairs if not pair[1].startswith(NOTHING)]
    if len(pairs) < NARROW or len(told) > 1:
        return ""
    results = "".join(f" {name[:1].upper()}{name[1:]}: {result}." for name, result in told)
    more = (
        f"None of the {len(pairs) - len(told)}{' other' if told else ''} {escape(what)}s has a result here."
    )
    return f'<p class="table-line"><strong>{caption}.</strong>{results} {more}</p>'


def framed(found: re.Match[str], inner: str, layout: Layout, linked: bool, bare: bool = False) -> str:
    """Return a table in its box; the caption stands before what scrolls, unless it was told."""
    classes, attributes, table, caption = found[1], found[2], found[3], found[5] or ""
    kinds = " ".join(dict.fromkeys(("table-box", *classes.split()[1:], *layout.classes)))
    if layout.classes and "cards" not in layout.classes:
        kinds = kinds.replace(" cards", "")
    first = FIRST_SENTENCE.fullmatch(caption)
    told = f"<strong>{first[1]}</strong> {first[2]}" if first else f"<strong>{caption}</strong>"
    if first:
        attributes = attributes.replace(f'aria-label="{caption}', f'aria-label="{first[1].rstrip(".")}', 1)
    above = f'<p class="table-caption">{told}</p>' if caption and linked and not bare else ""
    inside = f"<caption>{told}</caption>" if caption and not linked and not bare else ""
    return f'<div class="{kinds}">{above}<div class="table-scroll"{attributes}>{table}{inside}{inner}</table></div></div>'
