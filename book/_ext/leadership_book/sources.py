"""Name sources in citations and describe them in lists."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import count
from urllib.parse import urlsplit

from leadership_effects.authors import author_names, cited_authors, doi_address, listed

Source = dict[str, str]
# Sites to which anybody uploads: none issues what is read there. The body that issued it is named beside them.
HOSTS = ("Kaggle", "GitHub", "LinkedIn", "Scribd", "SlideShare")
UPLOADED = re.compile(rf"(?:(?P<by>.+) on )?(?P<host>{'|'.join(HOSTS)})(?:, from (?P<body>.+))?")
COMPILED = re.compile(r"compiled from data of the (?P<body>[^;]+)")
SHORT = {"NCES": "National Center for Education Statistics"}
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
    name = cited_authors(source.get("authors", "")) or issuer(source)[0]
    return ", ".join(part for part in (name, source["year"]) if part) or source_id


def issuer(source: Source) -> tuple[str, str]:
    """Return the body that issued a source, and who put it on which site where that is another.

    Examples
    --------
    >>> issuer({"publisher": "R. Garrard on Kaggle, from NCES", "how_read": "whole file"})
    ('National Center for Education Statistics', 'compiled by R. Garrard on Kaggle')
    >>> issuer({"publisher": "OECD", "how_read": "whole file"})
    ('OECD', '')
    """
    publisher = source["publisher"]
    found = UPLOADED.fullmatch(publisher)
    if not found:
        return publisher, ""
    authors = listed(*author_names(source.get("authors", "")))
    compiled = COMPILED.search(source.get("how_read", ""))
    body, by = found["body"] or (compiled["body"] if compiled else ""), found["by"] or authors
    put = f"{by} on {found['host']}" if by else found["host"]
    return (SHORT.get(body, body), f"compiled by {put}") if body else (put, "")


def copy_host(source: Source) -> str:
    """Return the host of the copy that was read, empty where none was."""
    return urlsplit(source.get("copy_address", "")).hostname or ""


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
    body, compiled = issuer(source)
    issued = ", ".join(part for part in (body, source["year"], compiled) if part)
    yield "Authors", [(listed(*author_names(source.get("authors", ""))), "")]
    yield "Issued by", [(issued, "")]
    yield "Address", linked(source["address"], WHOLE_ADDRESS if "copy_address" in source else ADDRESS)
    doi = source.get("doi", "")
    yield "DOI", [(doi, doi_address(doi) if DOI.fullmatch(doi) else "")]
    yield "Licence", [(source["licence"], "")]
    yield "How read", [(source["how_read"], "")]
    yield "Copy read at", [(copy_host(source), "")]


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
