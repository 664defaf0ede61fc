"""Executed notebooks hold nothing that no author meant a reader to see."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import nbformat
import pytest
from leadership_effects.paths import ROOT

EXECUTED = sorted((ROOT / "book").rglob("*.ipynb"))
UNSEEN = {"remove-cell", "remove-output"}


def stray(cell: Any) -> list[str]:
    """Outputs of a shown cell that are printed text or the bare value of its last line."""
    if cell.cell_type != "code" or UNSEEN & set(cell.metadata.get("tags", ())):
        return []
    return [
        str(output.get("text") or output.data["text/plain"])
        for output in cell.outputs
        if output.output_type == "stream" or set(output.get("data", ())) == {"text/plain"}
    ]


@pytest.mark.parametrize("notebook", EXECUTED, ids=lambda path: path.stem)
def test_no_shown_cell_prints_bare_text(notebook: Path) -> None:
    found = [text for cell in nbformat.read(notebook, as_version=4).cells for text in stray(cell)]
    assert not found, f"end the cell in a statement, or tag it remove-output: {found}"


def test_a_bare_value_is_found() -> None:
    output = nbformat.v4.new_output("execute_result", {"text/plain": "4.42"})
    assert stray(nbformat.v4.new_code_cell("spread", outputs=[output])) == ["4.42"]


def test_there_are_executed_notebooks() -> None:
    assert EXECUTED
