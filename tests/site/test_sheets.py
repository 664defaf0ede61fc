"""Sheets that readers fill in hold the questions of their page and empty columns for the answers."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from leadership_book.sheets import QUESTIONS, SHEETS
from leadership_effects.paths import ROOT
from site_pages import FOLDER


@pytest.mark.parametrize("name", SHEETS)
def test_a_sheet_holds_every_question_and_room_for_answers(site: Path, name: str) -> None:
    sheet, columns = SHEETS[name]
    questions = list(csv.reader((ROOT / QUESTIONS / name).open(encoding="utf-8", newline="")))
    written = list(csv.reader((site / FOLDER / "downloads" / sheet).open(encoding="utf-8", newline="")))
    width = len(questions[0])
    assert written[0] == [*questions[0], *columns] and len(questions) > 20
    assert [row[:width] for row in written] == questions
    assert not any("".join(row[width:]) for row in written[1:])
