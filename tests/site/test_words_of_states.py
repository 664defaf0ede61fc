"""Check that each state has one phrase on every page: comparison full, partial or none; verdict one of three.

What a reader sees is looked at: marks, cells under the heads of comparison and verdict, and running text. Not decided:
which word a place has.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from leadership_book.language_words import LANGUAGES
from leadership_book.sureness import WORDS
from site_pages import FOLDER, PAGES

PILL = re.compile(
    r'<span class="pill[^"]*">.*?sure-label">(?:<[^>]+>)*([^<:]+): ?</span>(?:<[^>]+>)*([^<]+)<', re.DOTALL
)
# Other names for a place that nothing is compared with. The page of the last reproduction quotes titles as published.
OTHER = re.compile(
    r"(?:cannot|could not) be compared(?!\s+with\b)|no test (?:is )?possible|>no test<", re.IGNORECASE
)
KINDS = {word: kind.capitalize() for word, (kind, *_) in WORDS.items()}
ALLOWED = {(kind, word) for word, kind in KINDS.items()} | {
    (language.words[kind], language.words[word])
    for language in LANGUAGES.values()
    for word, kind in KINDS.items()
}
BRIEFS = [f"book/brief/{page.rpartition('/')[2]}" for page in PAGES if page.startswith("book/cases/")]


QUOTES = "book/reproduction"


@pytest.mark.parametrize("page", [*(page for page in PAGES if page != QUOTES), *BRIEFS, "book/brief/book"])
def test_a_state_has_one_phrase(site: Path, page: str) -> None:
    html = (site / FOLDER / f"{page}.html").read_text(encoding="utf-8")
    marks = {(label.strip(), word.strip()) for label, word in PILL.findall(html)}
    assert marks <= ALLOWED, marks - ALLOWED
    assert bool(marks) == ('class="pill' in html)
    text = re.sub(r"\s+", " ", html)
    assert not (found := [text[max(0, one.start() - 60) : one.end() + 20] for one in OTHER.finditer(text)]), (
        found
    )
