"""Write the cells of a table: names for ids, numbers set to the right, reasons for blanks."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from html import escape, unescape
from pathlib import Path

from leadership_book.links import src_address
from leadership_book.records import Records, once, read_rows

TAG = re.compile(r"<[^>]*>")
SOURCE_LINK = re.compile(r'<a (?:[^>]* )?href="[^"]*#src-([^"]*)"[^>]*>.*?</a>(?:, |$)', re.DOTALL)
NUMBER = re.compile(r"[<>≤≥=+−–-]?\s?\d[\d,]*(?:\.\d+)?(?P<rest>.*)", re.DOTALL)
RANGE = re.compile(r" (?:to|of) (?P<end>[+−-]?\d[\d,]*(?:\.\d+)?)")
NOTE = re.compile(r" \([^()]*\d[^()]*\)")
LONG_NOTE = 20  # characters
DECIMALS = re.compile(r"\.(\d+)")
FLOAT = re.compile(r"−?\d[\d,]*(?:\.\d\d)?")
WORDS = 14  # characters of a word that stands for a number, such as "undated"
MOST_DECIMALS = 4
MOST_CHARACTERS = 22  # of the second part of a cell
BLANK = {"", "–", "—", "-", "nan", "None"}
DASH = "–"
NO_VALUE = "no value"
# Why a cell has no value, by a word in the head of its column; the first that fits.
REASONS = (
    ("source", "no source of its own"),
    ("interval", "no interval was printed or computed"),
    ("low", "no interval was printed or computed"),
    ("high", "no interval was printed or computed"),
    ("standard error", "no standard error was printed"),
    ("se", "no standard error was printed"),
    ("p", "no p-value was printed or computed"),
    ("year", "no year is stated"),
    ("scope", "no scope is stated"),
    ("dimension", "filed under no dimension"),
    ("unit", "has no unit"),
    ("note", "no note"),
)
# Cells that say why there is no figure, in words that need a few more.
EXPLAINED = {
    "no sourced SD": "No source gives the spread (standard deviation) between pupils for this outcome, so its differences "
    "cannot be given in pupil SD.",
}


@dataclass(frozen=True)
class Cell:
    """Cell of a table.

    Attributes
    ----------
    tag : str
        ``th`` or ``td``.
    attributes : str
        As written in the tag, each with a space before it, without classes.
    content : str
        HTML.
    classes : tuple of str
    """

    tag: str
    attributes: str
    content: str
    classes: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """Return what a reader reads."""
        return " ".join(
            unescape(TAG.sub("", self.content.replace("<wbr>", "").replace("<wbr/>", ""))).split()
        )

    def markup(self) -> str:
        """Return the cell as HTML."""
        classes = f' class="{" ".join(dict.fromkeys(self.classes))}"' if self.classes else ""
        return f"<{self.tag}{self.attributes}{classes}>{self.content}</{self.tag}>"

    def titled(self, title: str) -> "Cell":
        """Return the cell with a tooltip."""
        return replace(self, attributes=f'{self.attributes} title="{escape(title, quote=True)}"')

    def marked(self, *classes: str) -> "Cell":
        """Return the cell with further classes."""
        return replace(self, classes=(*self.classes, *classes))


@once
def read_names(release: Path) -> dict[str, str]:
    """Read the names of indicators, units and events of a release by their ids."""
    named = (
        ("indicators.csv", "indicator_id", "title"),
        ("units.csv", "unit_id", "name"),
        ("events.csv", "event_id", "statement"),
    )
    return {
        row[key]: row[name]
        for file, key, name in named
        if (release / file).is_file()
        for row in read_rows(release / file)
        if row[name]
    }


def names_of(files: Records) -> Mapping[str, str]:
    """Return the names of the ids that a table may hold in place of words."""
    return read_names(files.sources_file.parent)


def named(cell: Cell, names: Mapping[str, str], files: Records | None, linked: bool) -> Cell:
    """Return a cell that names what it held ids of; the ids are in the tooltip.

    Parameters
    ----------
    cell : Cell
    names : mapping of str to str
    files : Records or None
        Where citations are read; without it sources keep their ids.
    linked : bool
        Whether sources have pages of their own to link to.
    """
    if files and "#src-" in cell.content and not SOURCE_LINK.sub("", cell.content).strip():
        found = SOURCE_LINK.findall(cell.content)
        known = files.sources()
        if all(name in known for name in found):
            links = [source_link(name, files.cited_as(name), cell.content, linked) for name in found]
            return replace(cell, content="; ".join(links))
    text = cell.content.strip()
    ids = text.split(", ")
    if "<" in text or not all(part in names for part in ids):
        return cell
    shown = "; ".join(escape(names[part], quote=False) for part in ids)
    return replace(cell, content=shown).titled(text)


def source_link(name: str, cited: str, content: str, linked: bool) -> str:
    """Return a link to a source, named as a sentence cites it."""
    address = src_address(name, cited)
    if not linked:
        address = re.search(rf'href="([^"]*#src-{re.escape(name)})"', content)[1]  # type: ignore[index]
    return f'<a href="{escape(address)}" title="{name}">{escape(cited, quote=False)}</a>'


def filled(cell: Cell, head: str) -> Cell:
    """Return a cell that says why it is blank, in its tooltip."""
    text = cell.text
    if text in EXPLAINED and 'title="' not in cell.content:
        return replace(cell, content=f'<abbr title="{EXPLAINED[text]}">{text}</abbr>')
    if text not in BLANK or cell.tag == "th" or "<img" in cell.content or "<svg" in cell.content:
        return cell
    words = head.casefold()
    fits = (reason for word, reason in REASONS if re.search(rf"\b{word}s?\b", words))
    return replace(cell, content=DASH).titled(next(fits, NO_VALUE)).marked("blank")


def aligned(cells: Sequence[Cell], measured: bool) -> list[Cell]:
    """Return a column of numbers set to the right with the decimal points below each other.

    A column of words is returned as it is.

    Parameters
    ----------
    cells : sequence of Cell
    measured : bool
        Whether all numbers are values at full precision, of which whole ones were printed without decimals.
    """
    texts = [cell.text for cell in cells]
    found = [NUMBER.fullmatch(text) for text in texts]
    numeric = [match is not None and is_rest(match["rest"]) for match in found]
    words = [text for text, yes in zip(texts, numeric, strict=True) if not yes and text not in BLANK]
    if not any(numeric) or any(len(text) > WORDS for text in words) or len(words) > sum(numeric):
        return list(cells)
    if measured and all(FLOAT.fullmatch(text) for text, yes in zip(texts, numeric, strict=True) if yes):
        whole = any("." in text for text in texts)
        cells = [
            replace(cell, content=f"{cell.content}.00") if yes and whole and "." not in text else cell
            for cell, text, yes in zip(cells, texts, numeric, strict=True)
        ]
        texts = [cell.text for cell in cells]
        found = [NUMBER.fullmatch(text) for text in texts]
    rests = [match["rest"] if match and yes else "" for match, yes in zip(found, numeric, strict=True)]
    longest = max(map(len, rests))
    lead = [text[: len(text) - len(rest)] for text, rest in zip(texts, rests, strict=True)]
    most = max(decimals(text) for text, yes in zip(lead, numeric, strict=True) if yes)
    made = []
    for cell, rest, text, yes in zip(cells, rests, lead, numeric, strict=True):
        lacking = min(most - decimals(text), MOST_DECIMALS) if yes else 0
        padded = (f"{'d' if decimals(text) else 'p'}{lacking}",) if lacking and not longest else ()
        made.append(replace(set_off(cell, rest, longest) if yes else cell).marked("n", *padded))
    return made


def is_rest(text: str) -> bool:
    """Tell whether what follows a number leaves it one, such as the other end of an interval."""
    note = len(text) <= LONG_NOTE and NOTE.fullmatch(text)
    return text in ("", "%", " %") or bool(RANGE.fullmatch(text) or note)


def decimals(text: str) -> int:
    """Return the number of decimals of a printed number."""
    found = DECIMALS.search(text)
    return len(found[1]) if found else 0


def set_off(cell: Cell, rest: str, longest: int) -> Cell:
    """Return a cell whose second part, as the end of an interval, is as wide as the longest."""
    if longest in (0, len(rest)) or "<" in cell.content:
        return cell
    other = RANGE.fullmatch(rest)
    end = escape(other["end"] if other else rest, quote=False)
    characters = longest - len(rest) + len(other["end"] if other else rest)
    lead = cell.content[: len(cell.content) - len(end)]
    return replace(cell, content=f'{lead}<span class="end e{min(characters, MOST_CHARACTERS)}">{end}</span>')


def shown_once(cells: Iterable[Cell]) -> list[Cell]:
    """Mark each head of a row that repeats the one above it; it is heard still, and not seen."""
    made: list[Cell] = []
    before = None
    for cell in cells:
        text = cell.text
        again = text and text == before and cell.tag == "th" and "<a" not in cell.content
        made.append(replace(cell, content=f"<span>{cell.content}</span>").marked("again") if again else cell)
        before = text
    return made
