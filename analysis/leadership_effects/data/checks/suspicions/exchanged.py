"""Find two rows whose statements or sources would fit better the other way round.

Both rules score a row beside what it names by the words that they share, and list two rows of a place where the exchange
raises the scores far more than chance does.
"""

from __future__ import annotations

import itertools
import math
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from leadership_effects.data.checks.lines import Line, Lines
from leadership_effects.data.checks.problem import Problem

WORD = re.compile(r"[^\W\d_]{3,}|(?:19|20)\d\d")
STEM = 6  # letters by which two forms of a word are one
COMMON = re.compile(
    r"the|and|was|were|for|its|not|none|with|that|this|from|been|has|have|had|than|one|two|three|who|what|which|their|they|them|there|those|these|but|more|most|"
    r"nothing|evidence|sources?|read|found|study|studies|programme"
)
FEW = 3  # words below which a reason says too little to be told apart
BY_WORDS = 6.0  # log odds by which an exchange of statements fits better
OWN_WORDS, SMOOTHED = 2.0, 0.2  # weight of the words of a statement itself, and of those it never had
TOLD_BY = {
    "events": ("statement",), "leadership": ("measure", "unit", "statement"), "claims": ("claimant", "statement", "reason"),
    "evaluations": ("study", "treated", "outcome", "statement", "note", "design"),
}  # fmt: skip
KEYS = {
    "events": "event_id",
    "leadership": "leadership_id",
    "claims": "claim_id",
    "evaluations": "evaluation_id",
}
BY_SOURCE, EACH = (
    12.0,
    2.0,
)  # weight of shared words by which an exchange of sources fits better, of both and of each
SAME_YEAR, NEXT_YEAR, LATER = 6.0, 3.0, -4.0  # weight of the years of a row and of its source


def _words(text: str) -> set[str]:
    plain = unicodedata.normalize("NFKD", text).casefold()
    return {word[:STEM] for word in WORD.findall(plain) if not COMMON.fullmatch(word)}


def exchanged_statements(lines: Lines) -> Iterator[Problem]:
    """Yield bearings of a place whose reasons and passages fit the statement of another row."""
    rows = [line for line in lines.of("assessments") if line["statement_id"]]
    own = {
        line["statement_id"]: _words(f"{line['statement']} {line['label']}")
        for line in lines.of("statements")
    }
    words = [_words(line["reason"]) | {line["passage"].partition("#")[2]} for line in rows]
    every: defaultdict[str, Counter[str]] = defaultdict(Counter)
    of_place: defaultdict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    count, count_of_place = Counter[str](), Counter[tuple[str, str]]()
    for line, held in zip(rows, words, strict=True):
        statement, place = line["statement_id"], line["place"]
        every[statement].update(held)
        of_place[statement, place].update(held)
        count[statement] += 1
        count_of_place[statement, place] += 1

    def score(number: int, statement: str) -> float:
        """Return the log probability of the words of a row, by the rows of other places."""
        place = rows[number]["place"]
        others = count[statement] - count_of_place[statement, place] + 1
        seen, mine = every[statement], of_place[statement, place]
        return sum(
            math.log((seen[word] - mine[word] + OWN_WORDS * (word in own[statement]) + SMOOTHED) / others)
            for word in sorted(words[number])
        )

    places: defaultdict[str, list[int]] = defaultdict(list)
    for number, line in enumerate(rows):
        if line["statement_id"] in own and len(_words(line["reason"])) >= FEW:
            places[line["place"]].append(number)
    for held_numbers in places.values():
        best: dict[int, tuple[float, int]] = {}
        for first, second in itertools.combinations(held_numbers, 2):
            here, there = rows[first]["statement_id"], rows[second]["statement_id"]
            if here == there:
                continue
            gain = score(first, there) + score(second, here) - score(first, here) - score(second, there)
            if gain > max(BY_WORDS, best.get(second, (0.0, 0))[0]):
                best[second] = gain, first
        for second, (_, first) in best.items():
            message = f"{rows[second]['statement_id']}, and reason and passage read like {rows[first]['statement_id']}, which is row {rows[first].number}: are the two exchanged?"
            yield rows[second].problem("statement_id", message)


@dataclass(frozen=True)
class _Told:
    """Row with the words that its source could share."""

    line: Line
    key: str
    words: frozenset[str]


def exchanged_sources(lines: Lines) -> Iterator[Problem]:
    """Yield rows of a table whose words and year fit the source of another row of the case."""
    sources = {line["source_id"]: line for line in lines.of("sources")}
    titles = {
        name: _words(f"{one['title']} {one['publisher']} {one['authors']} {one['how_read']}")
        for name, one in sources.items()
    }
    held = Counter(word for words in titles.values() for word in words)
    weight = {word: math.log(len(titles) / number) for word, number in held.items()}

    def fit(row: _Told, source: str) -> float:
        """Return the weight of the words and years that a row shares with a source."""
        shared = math.fsum(weight[word] for word in row.words & titles[source])
        year, printed = row.line.year("year"), sources[source].year("year")
        if year is None or printed is None:
            return shared
        if year > printed:
            return shared + (LATER if row.line["year_basis"] != "inferred" else 0)
        return shared + {0: SAME_YEAR, 1: NEXT_YEAR}.get(printed - year, 0)

    for table, columns in TOLD_BY.items():
        groups: defaultdict[str, list[_Told]] = defaultdict(list)
        for line in lines.of(table):
            if line["source_id"] in sources:
                told = _words(" ".join(line[column] for column in columns))
                groups[line["case_id"]].append(_Told(line, line[KEYS[table]], frozenset(told)))
        for rows in groups.values():
            yield from _exchanged(rows, fit)


def _exchanged(rows: list[_Told], fit: Callable[[_Told, str], float]) -> Iterator[Problem]:
    pairs: set[tuple[str, str]] = set()
    for first, second in itertools.combinations(rows, 2):
        here, there = first.line["source_id"], second.line["source_id"]
        if here == there:
            continue
        gains = fit(first, there) - fit(first, here), fit(second, here) - fit(second, there)
        if min(gains) > EACH and sum(gains) > BY_SOURCE and (here, there) not in pairs:
            pairs |= {(here, there), (there, here)}
            message = f"{there}, and words and year fit {here}, the source of {first.key}, better, and the reverse: are the two exchanged?"
            yield second.line.problem("source_id", message)
