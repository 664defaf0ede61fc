"""Check that a change of the English is found, named with its place, and gone once the translation was looked at."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from leadership_effects.paths import ROOT
from leadership_effects.prose import translations

CASE = "analysis/notebooks/cases/dublin.py"
PAGE = "book/languages/dublin_ga.md"
ENGLISH = """# ---
# %% [markdown]
# # Dublin: a rise
#
# {.lead}
# Reading moved
# ahead.
#
# ```{chart} dublin.gap
# ```
#
# - It moved by {num}`reading.att`; the data fit {range}`reading.att` {src}`S_ONE`.
# - It is {num}`verdict_why`.
#
# ```{evidence}
# ```
# ## Below the first screen, {num}`more`

# %%
study.show("gap", chart, title=f"It leads by {lead}", subtitle="Points", caption="The lead.", says="Line.")
study.show("other", chart, title="Another chart")
"""
IRISH = """---
language: ga
translates: book/cases/dublin
---

# Baile Átha Cliath

:::{picture} dublin.gap
Teideal
:::

- {num}`dublin.reading.att` {src}`S_ONE`
"""
DAY = date(2031, 5, 4)


@pytest.fixture
def book(tmp_path: Path) -> Path:
    """A case and its translation, which was looked at."""
    for name, text in ((CASE, ENGLISH), (PAGE, IRISH)):
        (tmp_path / name).parent.mkdir(parents=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    assert "does not say when it was looked at" in translations.problems(tmp_path)[0]
    assert translations.look_at(["dublin"], "", DAY, tmp_path) == [PAGE]
    assert translations.problems(tmp_path) == []
    return tmp_path


def change(path: Path, before: str, after: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert before in text
    path.write_text(text.replace(before, after), encoding="utf-8")


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ("Reading moved\n", "Reading hardly moved\n", f"{CASE}:5: “{{.lead}} Reading hardly moved ahead. …” is new"),
        ("# - It is {num}`verdict_why`.\n", "", f"{CASE}: “- It is {{num}}`verdict_why`. …” is gone since 2031-05-04"),
        ("The lead.", "The gap.", f"{CASE}:20: “caption of the chart: The gap. …” is new"),
        ("a rise", "a fall", "nox -s translations -- --looked-at dublin_ga"),
    ],
)  # fmt: skip
def test_a_change_of_the_english_is_named_until_the_translation_was_looked_at(
    book: Path, before: str, after: str, told: str
) -> None:
    change(book / CASE, before, after)
    found = translations.problems(book)
    assert len(found) == 1 and told in found[0]
    translations.look_at(["dublin_ga"], "speaker", DAY, book)
    assert translations.problems(book) == []
    assert translations.recorded(book)[PAGE]["standing"] == "speaker"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Reading moved\n# ahead.", "Reading\n# moved ahead."),
        ("## Below the first screen", "## Further down"),
        ("Another chart", "A chart"),
    ],
    ids=["wrapped otherwise", "in the evidence", "of another chart"],
)
def test_what_changes_no_words_of_the_first_screen_asks_for_nothing(
    book: Path, before: str, after: str
) -> None:
    change(book / CASE, before, after)
    assert translations.problems(book) == []


@pytest.mark.parametrize(
    ("before", "told"),
    [
        ("{num}`dublin.reading.att`", "lacks {num} dublin.reading.att"),
        ("{src}`S_ONE`", "lacks {src} S_ONE"),
        ("{picture} dublin.gap", "lacks {chart} dublin.gap"),
    ],
)
def test_a_translation_shows_the_numbers_sources_and_charts_of_the_english(
    book: Path, before: str, told: str
) -> None:
    change(book / PAGE, before, "x")
    found = translations.problems(book)
    assert len(found) == 1 and found[0].startswith(f"{PAGE}: {told}, which {CASE} shows")


@pytest.mark.parametrize(
    ("file", "before", "after", "message"),
    [
        (translations.RECORD, "machine", "perfect", f"{PAGE}: standing 'perfect'; allowed: machine, speaker"),
        (translations.RECORD, "2031-05-04", "May", "looked_at: Invalid isoformat .*allowed: YYYY-MM-DD"),
        (translations.RECORD, "looked_at", "seen", "entry 1 needs the fields page, looked_at"),
        (PAGE, "cases/dublin", "cases/cork", "translates: a page, found 'book/cases/cork'"),
    ],
)
def test_a_malformed_record_is_refused(book: Path, file: str, before: str, after: str, message: str) -> None:
    change(book / file, before, after)
    with pytest.raises(translations.TranslationError, match=message):
        translations.problems(book)


def test_an_unknown_name_and_a_lost_page_are_told(book: Path) -> None:
    with pytest.raises(translations.TranslationError, match="'cork' is no translation; allowed: dublin_ga"):
        translations.look_at(["cork"], "", DAY, book)
    (book / PAGE).unlink()
    assert translations.problems(book) == [
        f"{translations.RECORD}: {PAGE} is no page with translates in its front matter; take the entry out"
    ]


def test_every_translation_of_the_book_was_looked_at_since_its_english_changed() -> None:
    assert len(translations.translations()) >= 8
    assert translations.problems(ROOT) == []
