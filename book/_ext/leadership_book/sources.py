"""Name sources in citations and describe them in lists."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import count

from leadership_effects.authors import author_names, cited_authors, doi_address, listed

Source = dict[str, str]
Pieces = list[tuple[str, str]]  # text and the address it links to, empty where it links nowhere
CHECK = "check against the issuing body"
ADDRESS = re.compile(r"https?://[^\s;]+")
WHOLE_ADDRESS = re.compile(r"https?://\S+")
DOI = re.compile(r"(https?://(dx\.)?doi\.org/)?10\.\d{4,9}/\S+")


def citations(sources: Mapping[str, Source]) -> dict[str, str]:
    """Return how a sentence cites each source: authors or publisher, and year.

    Sources of one name and year get letters in the order of their ids: 2015a, 2015b, n.d.-a. Releases without a column for
    authors are cited without letters.

    Examples
    --------
    >>> sources = {name: {"authors": "Walsh; Dotter", "publisher": "P", "year": "2020"} for name in ("S_2", "S_1")}
    >>> citations(sources)
    {'S_2': 'Walsh and Dotter, 2020b', 'S_1': 'Walsh and Dotter, 2020a'}
    """
    plain = {name: cited_as(name, row) for name, row in sources.items()}
    shared = {text for text, times in Counter(plain.values()).items() if times > 1}
    letters = {text: count() for text in shared}
    numbered = {
        name: f"{plain[name]}{'' if plain[name][-1].isdigit() else '-'}{letter(next(letters[plain[name]]))}"
        for name in sorted(plain)
        if plain[name] in shared and "authors" in sources[name]
    }
    return plain | numbered


def cited_as(source_id: str, source: Source) -> str:
    """Return authors or publisher, and year, or the id where the release has none of them."""
    name = cited_authors(source.get("authors", "")) or source["publisher"]
    return ", ".join(part for part in (name, source["year"]) if part) or source_id


def letter(number: int) -> str:
    """Return the letter of the nth source of one name and year.

    Examples
    --------
    >>> letter(0), letter(25), letter(26)
    ('a', 'z', 'aa')
    """
    before, last = divmod(number, 26)
    return (letter(before - 1) if before else "") + chr(ord("a") + last)


def heading(cited: str, source: Source) -> str:
    """Return citation and title as one line."""
    return f"{cited}{'' if cited.endswith('.') else '.'} {source['title']}"


def fields(source: Source) -> Iterator[tuple[str, Pieces]]:
    """Yield label and content of each field of a source; a copy's address is none."""
    issued = ", ".join(part for part in (source["publisher"], source["year"]) if part)
    yield "Authors", [(listed(*author_names(source.get("authors", ""))), "")]
    yield "Issued by", [(issued, "")]
    yield "Address", linked(source["address"], WHOLE_ADDRESS if "copy_address" in source else ADDRESS)
    doi = source.get("doi", "")
    yield "DOI", [(doi, doi_address(doi) if DOI.fullmatch(doi) else "")]
    yield "Licence", [(source["licence"], "")]
    yield "How read", [(source["how_read"], "")]


def linked(text: str, pattern: re.Pattern[str]) -> Pieces:
    """Return a text with every web address in it as a link; words stay words."""
    made: Pieces = []
    end = 0
    for found in pattern.finditer(text):
        made += [(text[end : found.start()], ""), (found[0], found[0])]
        end = found.end()
    return [*made, (text[end:], "")]


def copy_mark(source: Source) -> str:
    """Return the mark of a source read in a copy; the release holds the copy's address."""
    if source["third_party_copy"].strip().lower() != "true":
        return ""
    return f"Read in a copy; {CHECK}" if "copy_address" in source else CHECK.capitalize()
