"""Say which rows are behind a number, and put the sources of most rows first."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path

from leadership_book.records import read_rows


def merged(text: str) -> str:
    """Return what is behind a result with each series named once.

    Parts are separated by semicolons, and what is before a colon names the series.

    Examples
    --------
    >>> merged("a, b: 31 units, 9 years; a, b: 49 units, 6 years; starts; starts")
    'a, b: 31 units, 9 years and 49 units, 6 years; starts'
    """
    told: dict[str, list[str]] = {}
    for part in text.split("; "):
        name, _, what = part.partition(": ")
        held = told.setdefault(name, [])
        if what and what not in held:
            held.append(what)
    return "; ".join(": ".join(filter(None, (name, " and ".join(held)))) for name, held in told.items())


def by_rows(release: Path, names: Sequence[str], lines: Mapping[str, str]) -> list[str]:
    """Return sources by the number of rows that rest on them, ties in the given order."""
    count: Counter[str] = Counter()
    for file, numbers in lines.items():
        count += cited_in(release / file, numbers)
    return sorted(names, key=lambda name: -count[name])


@lru_cache(maxsize=4096)
def cited_in(path: Path, lines: str) -> Counter[str]:
    """Return how many of some rows of a table rest on each source."""
    cited = sources_of(path) if path.is_file() else []
    return Counter(name for line in numbers(lines) if line - 2 < len(cited) for name in cited[line - 2])


@lru_cache(maxsize=64)
def sources_of(path: Path) -> list[tuple[str, ...]]:
    """Return the sources of each row of a table."""
    return [
        tuple(value for column, value in row.items() if column.endswith("source_id") and value)
        for row in read_rows(path)
    ]


def numbers(lines: str) -> Iterator[int]:
    """Yield the rows that a text such as ``2-4, 9`` names.

    Examples
    --------
    >>> list(numbers("2-4, 9"))
    [2, 3, 4, 9]
    """
    for part in filter(None, lines.split(", ")):
        first, _, last = part.partition("-")
        yield from range(int(first), int(last or first) + 1)
