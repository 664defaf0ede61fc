"""Reuse the outputs of a notebook's last run when nothing but its prose was edited since.

No kernel runs: the old outputs go into the notebook with its new Markdown, and the lines of the source at which results
and figures were recorded are moved. Whatever cannot be moved without doubt is left to a run, so that what stands afterwards
equals the outputs of a run, byte for byte.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from leadership_effects.build.imports import read_source
from leadership_effects.build.jobs import Job, fingerprint, output_files, outputs_stand
from leadership_effects.build.notebooks import normalise_notebook, read_notebook
from leadership_effects.data.release import Release
from leadership_effects.files import write_json
from leadership_effects.paths import ROOT, results_folder
from leadership_effects.source_lines import code_page, lines_above

if TYPE_CHECKING:
    from nbformat import NotebookNode


def code_cells(source: str) -> list[NotebookNode]:
    """Return the code cells of a Jupytext source."""
    return [cell for cell in read_notebook(source).cells if cell.cell_type == "code"]


def code_state(job: Job) -> dict[str, Any]:
    """Return the digest of all but a notebook's prose, and the lines above each code cell."""
    source = read_source(ROOT / job.source)
    cells = code_cells(source)
    content = json.dumps([[cell.source, sorted(cell.metadata.get("tags", ()))] for cell in cells])
    return {
        "code": fingerprint(job, hashlib.sha256(content.encode()).hexdigest()),
        "lines": [
            [lines_above(source, cell.source), cell.source.strip("\n").count("\n") + 1] for cell in cells
        ],
    }


@dataclass(frozen=True)
class Move:
    """Lines of a source before and after an edit of its prose.

    Attributes
    ----------
    page : str
        Page of the site that lists the source.
    cells : list of tuple of int
        Lines above each code cell before and after, and its height.
    """

    page: str
    cells: list[tuple[int, int, int]]

    def line(self, old: int | None) -> int | None:
        """Return the present position of a line of code.

        Raises
        ------
        LookupError
            If it is in no cell, or cells that hold it moved differently.
        """
        if old is None:
            return None
        found = {
            after + old - before for before, after, height in self.cells if before < old <= before + height
        }
        if len(found) != 1:
            raise LookupError(f"line {old} of {self.page}")
        return found.pop()

    def links(self, content: Any) -> Any:
        """Return content with its links to lines of the source moved."""
        if isinstance(content, str):
            pattern = rf"(?<=lb:/code/{re.escape(self.page)}\.html#line-)\d+"
            return re.sub(pattern, lambda found: str(self.line(int(found[0]))), content)
        if isinstance(content, dict):
            return {key: self.links(value) for key, value in content.items()}
        return [self.links(value) for value in content] if isinstance(content, list) else content


def reuse_outputs(job: Job, release: Release, stamp: dict[str, Any], stage: Path) -> bool:
    """Write the outputs that a run would give, if they follow from the last run's.

    Returns
    -------
    bool
        False if the notebook has to run.
    """
    if not stamp.get("code"):
        return False
    state = code_state(job)
    if stamp["code"] != state["code"] or not outputs_stand(stamp, job, release):
        return False
    pairs = list(zip(stamp["lines"], state["lines"], strict=True))
    if any(before is None or after is None for (before, _), (after, _) in pairs):
        return False  # a command of IPython, which is not found in the source as it was run
    cells = [(before, after, height) for (before, height), (after, _) in pairs]
    try:
        _write_outputs(job, Move(code_page(job.source), cells), stage)
    except LookupError:
        return False
    return True


def _write_outputs(job: Job, move: Move, stage: Path) -> None:
    import nbformat

    release = job.parameters["release"]
    final, staged = results_folder(release), stage / "results" / release
    executed, *_ = output_files(job)
    for path in output_files(job)[1:]:
        target = staged / path.relative_to(final)
        target.parent.mkdir(parents=True, exist_ok=True)
        if path.suffix == ".json":
            content = json.loads(path.read_text(encoding="utf-8"))
            _move_lines(content, move.line)
            write_json(target, move.links(content))
        else:
            shutil.copyfile(path, target)
    notebook = read_notebook(read_source(ROOT / job.source))
    old = nbformat.read(executed, as_version=4)
    notebook.cells = list(_merged(notebook.cells, old.cells))
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs = [nbformat.from_dict(move.links(output)) for output in cell.outputs]
    normalise_notebook(notebook, job)
    nbformat.write(notebook, stage / "output.ipynb")


def _move_lines(content: dict[str, Any], line: Callable[[int | None], int | None]) -> None:
    """Move the lines that a results file, or a figure's file, records."""
    entries = (
        [*content["results"].values(), *content["figures"].values()] if "results" in content else [content]
    )
    for entry in entries:
        entry["line"] = line(entry["line"])


def _merged(new: list[NotebookNode], old: list[NotebookNode]) -> Iterator[NotebookNode]:
    """Yield the new cells, those of code as they were run, and the cell of parameters."""
    ran = [cell for cell in old if cell.cell_type == "code"]
    if old and "injected-parameters" in old[0].metadata.get("tags", ()):
        yield ran.pop(0)
    for cell in new:
        if cell.cell_type != "code":
            yield cell
            continue
        yield ran.pop(0)
        if ran and "injected-parameters" in ran[0].metadata.get("tags", ()):
            yield ran.pop(0)
