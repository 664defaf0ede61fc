"""Read Markdown pages, notebooks and chart texts as passages of prose with marked roles."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from html import unescape
from itertools import pairwise
from pathlib import Path

import jupytext
import yaml
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from myst_parser.config.main import MdParserConfig
from myst_parser.parsers.mdit import create_md_parser

from leadership_effects.errors import LeadershipError
from leadership_effects.paths import ROOT

NUM, SRC, CITE, LINK, OTHER, CODE, MATH = "\ue000\ue001\ue002\ue003\ue004\ue005\ue006"
MARKS = NUM + SRC + CITE + LINK + OTHER + CODE + MATH
BOUND, CITED = NUM, SRC + CITE
ROLES = {"num": NUM, "src": SRC, "cite": CITE, "math": MATH}
PROSE_DIRECTIVES = {
    "admonition", "attention", "caution", "container", "danger", "dropdown", "epigraph", "error", "glossary", "hint",
    "important", "insight", "margin", "note", "picture", "seealso", "sidebar", "tip", "topic", "warning",
}  # fmt: skip
CELL = re.compile(r"^# %%", re.M)
ROLE = re.compile(r"\{[^{}]+\}(`+).+?(?<!`)\1(?!`)", re.S)
TICKED = re.compile(r"(`+).+?(?<!`)\1(?!`)", re.S)
TARGET = re.compile(r"\]\(\s*(?:<[^>]*>|(?:[^()\s]|\([^()]*\))*)(?:\s+\"[^\"]*\")?\s*\)|\]\[[^\]]*\]|\]|>")
TAG = re.compile(r"<!--.*?-->|<[^>]*>", re.S)
# Inline tokens whose source is no words: where it is found and what marks it.
SPANS = {
    "myst_role": (ROLE, OTHER),
    "code_inline": (TICKED, CODE),
    "link_close": (TARGET, LINK),
    "image": (re.compile(r"!\[.*?\]" + r"(?:\([^()]*\)|\[[^\]]*\])?", re.S), OTHER),
    "html_inline": (TAG, " "),
    "substitution_inline": (re.compile(r"\{\{.*?\}\}", re.S), OTHER),
    "softbreak": (re.compile(r"\n"), " "),
    "hardbreak": (re.compile(r"\n"), " "),
}
SENTENCE = re.compile(rf"(?<=[.!?])[\"”’)]?\s+(?=[\"“‘(\[]?\s*[A-ZÀ-Ž0-9{MARKS}])")
ABBREVIATION = re.compile(r"\b(?:e\.g|i\.e|n\.d|c|vs|cf|Dr|Mr|Ms|St|No|pp|et al)\.[\"”’)]?\s+$")


class PageError(LeadershipError, ValueError):
    """A page cannot be read as passages."""


def holds(masked: str, marks: str) -> bool:
    """Return whether a text holds any of the marks."""
    return any(mark in masked for mark in marks)


@dataclass(frozen=True)
class Sentence:
    """Sentence within its passage.

    Attributes
    ----------
    masked : str
        The words alone; a role, link target, piece of code or formula is replaced by marks of the same length.
    shown : str
        The same stretch as written, of the same length.
    start : int
        Offset in the passage.
    """

    masked: str
    shown: str
    start: int


@dataclass(frozen=True)
class Passage:
    """Paragraph, heading, list item, table row or chart text.

    Attributes
    ----------
    page : str
        Page or notebook source below the repository, with forward slashes.
    line, cell, cell_line : int
        Line in that file; cell and line within it in notebooks, counted from 1, else 0.
    kind : str
        ``heading``, ``paragraph``, ``item``, ``quote``, ``row``, ``definition`` (a row of a table marked
        ``{.definitions}``, or of a glossary) or ``chart``.
    section : str
        Heading above it.
    masked, shown : str
        Words alone and as written, of the same length, line breaks as line feeds.
    name : str
        Name of the figure whose text it is, else empty.
    """

    page: str
    line: int
    kind: str
    section: str
    masked: str
    shown: str
    cell: int = 0
    cell_line: int = 0
    name: str = ""

    @cached_property
    def sentences(self) -> tuple[Sentence, ...]:
        """Split the passage into sentences; a full stop after an abbreviation ends none."""
        cuts = [0]
        for found in SENTENCE.finditer(self.masked):
            if not ABBREVIATION.search(self.masked[: found.end()]):
                cuts.append(found.end())
        return tuple(
            Sentence(self.masked[start:end], self.shown[start:end], start)
            for start, end in pairwise([*cuts, len(self.masked)])
        )

    def place(self, offset: int) -> str:
        """Return ``file:line`` of an offset, in notebooks with the cell and the line in it."""
        below = self.shown.count("\n", 0, offset)
        cell = f" (cell {self.cell}, line {self.cell_line + below})" if self.cell else ""
        return f"{self.page}:{self.line + below}{cell}"


@dataclass(frozen=True)
class Page:
    """Page of the book and its passages in order."""

    path: str
    passages: tuple[Passage, ...]

    @property
    def folder(self) -> str:
        """Return the folder of a notebook, or the name of a page at the top."""
        parts = Path(self.path).with_suffix("").parts
        return parts[2] if parts[0] == "analysis" else parts[1]


@dataclass
class _Reader:
    """Position of a piece of Markdown in its file."""

    page: str
    first: int
    cell: int = 0
    section: str = ""

    def passage(self, line: int, kind: str, masked: str, shown: str) -> Passage:
        place = (self.cell, line + 1) if self.cell else (0, 0)
        return Passage(self.page, self.first + line, kind, self.section, masked, shown, *place)


def page_paths(root: Path = ROOT) -> Iterator[str]:
    """Yield the pages and notebook sources of ``_toc.yml``, and modules with chart texts.

    Raises
    ------
    PageError
        If the table of contents names a page that is neither.
    """
    for name in _named(yaml.safe_load((root / "_toc.yml").read_text(encoding="utf-8"))):
        source = f"analysis/notebooks/{name.removeprefix('book/')}.py"
        found = next((path for path in (f"{name}.md", source) if (root / path).is_file()), None)
        if found is None:
            raise PageError(f"_toc.yml: {name} is neither {name}.md nor {source}")
        yield found
    yield "analysis/leadership_effects/report/case_figures.py"


def _named(content: object) -> Iterator[str]:
    if isinstance(content, dict):
        yield from (value for key, value in content.items() if key in ("root", "file"))
        content = [value for value in content.values() if isinstance(value, list)]
    if isinstance(content, list):
        for item in content:
            yield from _named(item)


def read_page(path: str, root: Path = ROOT) -> Page:
    """Read a Markdown page, or a notebook source or module with its chart texts."""
    text = (root / path).read_text(encoding="utf-8")
    if path.endswith(".md"):
        return Page(path, tuple(markdown_passages(path, text)))
    cells = notebook_passages(path, text) if CELL.search(text) else ()
    return Page(path, (*cells, *chart_passages(path, text)))


def markdown_passages(path: str, text: str, first: int = 1) -> Iterator[Passage]:
    """Yield the passages of Markdown text whose first line is ``first``."""
    return _passages(_parser().parse(text), _Reader(path, first))


def notebook_passages(path: str, text: str) -> Iterator[Passage]:
    """Yield the passages of the Markdown cells of a percent script."""
    starts = [text.count("\n", 0, found.start()) + 1 for found in CELL.finditer(text)]
    section = ""
    for number, cell in enumerate(jupytext.reads(text, fmt="py:percent").cells, 1):
        if cell.cell_type == "markdown":
            reader = _Reader(path, starts[number - 1] + 1, number, section)
            yield from _passages(_parser().parse(cell.source), reader)
            section = reader.section


@lru_cache(maxsize=1)
def _parser() -> MarkdownIt:
    settings = yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))
    extensions = set(settings["parse"]["myst_enable_extensions"])
    parser = create_md_parser(MdParserConfig(enable_extensions=extensions), RendererHTML)
    return parser.disable("text_join")  # escapes and entities stay tokens of their own, with their source


def _passages(tokens: list[Token], reader: _Reader, shift: int = 0) -> Iterator[Passage]:
    """Yield the passages of block tokens and of directives that hold prose."""
    around: list[str] = []
    row: list[tuple[int, str, str]] = []
    for token in tokens:
        if token.nesting == 1:
            around.append("definitions" if "definitions" in str(token.attrGet("class")) else token.type)
        elif token.nesting == -1:
            around.pop()
        if token.type == "inline" and token.map:
            line = shift + token.map[0]
            try:
                masked, shown = read_inline(token)
            except PageError as error:
                raise PageError(f"{reader.page}:{reader.first + line}: {error}") from error
            if around[-1] in ("td_open", "th_open"):
                row.append((line, masked, shown))
                continue
            if around[-1] == "heading_open":
                reader.section = token.content
            yield reader.passage(line, _kind(around), masked, shown)
        elif token.type == "tr_close":
            yield _row(row, reader, around)
            row = []
        elif token.type == "html_block" and token.map:
            words = unescape(TAG.sub(lambda tag: _filled(tag[0], " "), token.content))
            yield reader.passage(shift + token.map[0], "paragraph", words, words)
        elif token.type in ("colon_fence", "fence") and token.map:
            yield from _directive(token, reader, shift)


def _kind(around: list[str]) -> str:
    if "definitions" in around or "dt_open" in around:
        return "definition"
    if "blockquote_open" in around:
        return "quote"
    if around[-1] == "heading_open":
        return "heading"
    return "item" if "list_item_open" in around else "paragraph"


def _row(row: list[tuple[int, str, str]], reader: _Reader, around: list[str]) -> Passage:
    kind = "definition" if "definitions" in around else "heading" if "thead_open" in around else "row"
    line = row[0][0] if row else 0
    masked = " | ".join(words for _, words, _ in row)
    return reader.passage(line, kind, masked, " | ".join(written for *_, written in row))


def _directive(token: Token, reader: _Reader, shift: int) -> Iterator[Passage]:
    found = re.match(r"\{([\w-]+)\}\s*(.*)", token.info.strip())
    if not found or found[1] not in PROSE_DIRECTIVES or token.map is None:
        return
    lines = token.content.split("\n")
    options = 0
    while options < len(lines) and re.match(r":[\w-]+:", lines[options]):
        options += 1
    body = "\n".join(line.strip() if found[1] == "glossary" else line for line in lines[options:])
    yield from _passages(_parser().parse(body), reader, shift + token.map[0] + 1 + options)


def read_inline(token: Token) -> tuple[str, str]:
    """Return the words of an inline token, and its text of the same length.

    Everything that is no word is replaced by marks or blanks. Escapes and entities are the characters that a reader sees, in both.

    Raises
    ------
    PageError
        If words of the token are not found in its source; they would go unchecked.
    """
    raw, at = token.content, 0
    masked, shown = [], []
    for child in token.children or []:
        start, end, words = _span(child, raw, at)
        shown += [raw[at:start], words if child.type == "text_special" else raw[start:end]]
        masked += [_filled(raw[at:start], " "), words]
        at = end
    return "".join([*masked, _filled(raw[at:], " ")]), "".join([*shown, raw[at:]])


def _span(child: Token, raw: str, at: int) -> tuple[int, int, str]:
    """Return start and end of an inline child in its source, and its words or as many marks."""
    if child.type in ("text", "text_special"):
        source = child.markup or child.content
        start = raw.find(source, at)
        if start < 0:
            raise PageError(f"{source!r} is not found in its paragraph, which begins {raw[:60]!r}")
        return start, start + len(source), child.content.replace("\n", " ")
    if child.type not in SPANS:
        return at, at, ""
    pattern, mark = SPANS[child.type]
    if child.type == "myst_role":
        mark = ROLES.get(str(child.meta.get("name")).partition(":")[0], OTHER)
    found = pattern.search(raw, at)
    return (found.start(), found.end(), _filled(found[0], mark)) if found else (at, at, "")


def _filled(text: str, mark: str) -> str:
    """Return marks in place of every character but line feeds."""
    return re.sub(r"[^\n]", mark, text)


def chart_passages(path: str, text: str) -> Iterator[Passage]:
    """Yield titles, subtitles, captions and descriptions typed in calls that publish a figure."""
    for call in ast.walk(ast.parse(text)):
        name = _figure(call)
        for keyword in call.keywords if isinstance(call, ast.Call) and name is not None else ():
            if keyword.arg in ("title", "subtitle", "caption", "says"):
                masked = "".join(_typed(keyword.value))
                shown = masked.replace(NUM, "…")
                yield Passage(
                    path, keyword.value.lineno, "chart", keyword.arg, masked, shown, name=name or ""
                )


def _figure(call: ast.AST) -> str | None:
    """Return the name of the figure that a call publishes, None for other nodes."""
    called = ast.unparse(call.func) if isinstance(call, ast.Call) else ""
    if not isinstance(call, ast.Call) or called not in ("publish", "study.show"):
        return None
    names = call.args[1:2] if called == "publish" else call.args[:1]
    return "".join(part for name in names for part in _typed(name))


def _typed(node: ast.expr) -> Iterator[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.JoinedStr):
        for part in node.values:
            yield from _typed(part)
    elif isinstance(node, ast.BinOp):
        yield from _typed(node.left)
        yield from _typed(node.right)
    else:
        yield NUM


def glossary_terms(text: str) -> frozenset[str]:
    """Return the terms of ``{glossary}`` directives, the lines not indented, in lower case."""
    terms = (
        line.strip()
        for token in _parser().parse(text)
        if token.info.strip().startswith("{glossary}")
        for line in token.content.split("\n")
        if line.strip() and not line[0].isspace() and not line.startswith(":")
    )
    return frozenset(part.lower() for term in terms for part in _forms(term))


def _forms(term: str) -> Iterable[str]:
    """Return a term, and both halves of ``long name (SHORT)``."""
    found = re.fullmatch(r"(.+?)\s*\((.+)\)", term)
    return (term, found[1], found[2]) if found else (term,)
