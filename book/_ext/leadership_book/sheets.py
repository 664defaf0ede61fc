"""Write the sheets that readers fill in: questions with empty columns beside them."""

import csv
from pathlib import Path

from sphinx.application import Sphinx

from leadership_book.downloads import FOLDER

QUESTIONS = "book/practice"
# For each file of questions its sheet and the columns that a reader fills.
SHEETS = {
    "fellowship_sheet.csv": ("fellowship-sheet.csv", ("Answer", "Where it can be read", "Who would know")),
    "self_diagnosis.csv": (
        "self-diagnosis-sheet.csv",
        (
            "What is known",
            "Where it can be read",
            "As of",
            "What is not known",
            "Who would know",
            "Count next",
        ),
    ),
}


def write_sheets(app: Sphinx, exception: Exception | None) -> None:
    """Write each sheet to the folder of downloads; a project without the questions gets none."""
    if exception or app.builder.name != "html":
        return
    for name, (sheet, columns) in SHEETS.items():
        questions = Path(app.srcdir, QUESTIONS, name)
        if not questions.is_file():
            continue
        with questions.open(encoding="utf-8", newline="") as stream:
            head, *rows = csv.reader(stream)
        target = Path(app.outdir, FOLDER, sheet)
        target.parent.mkdir(exist_ok=True)
        with target.open("w", encoding="utf-8", newline="") as stream:
            filled = ([*row, *[""] * len(columns)] for row in rows)
            csv.writer(stream, lineterminator="\n").writerows([[*head, *columns], *filled])


def connect(app: Sphinx) -> None:
    """Register the event handler."""
    app.connect("build-finished", write_sheets)
