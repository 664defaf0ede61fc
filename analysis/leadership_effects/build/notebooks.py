"""Read notebooks from Jupytext sources, insert parameters and normalise outputs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from leadership_effects.build.jobs import Job, PipelineError

if TYPE_CHECKING:
    from nbformat import NotebookNode


def read_notebook(source: str) -> NotebookNode:
    """Return the notebook that the text of a Jupytext source describes."""
    import jupytext

    return jupytext.reads(source, fmt="py:percent")


def insert_parameters(notebook: NotebookNode, parameters: dict[str, str]) -> NotebookNode:
    """Return a notebook with a cell of a job's parameters after that of the defaults."""
    from papermill.parameterize import parameterize_notebook

    notebook.metadata["papermill"] = {}
    for cell in notebook.cells:
        cell.metadata.setdefault("tags", [])
    return parameterize_notebook(notebook, parameters, kernel_name="python3", language="python")


def normalise_notebook(notebook: NotebookNode, job: Job) -> None:
    """Give cells stable ids, hide code behind a button and strip what differs between runs.

    Raises
    ------
    PipelineError
        If a cell wrote to standard error.
    """
    notebook.metadata = {
        "kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"},
        "language_info": {"name": "python"},
    }
    for number, cell in enumerate(notebook.cells):
        cell.id = f"{job.name}-{number:03d}"
        tags = list(cell.metadata.get("tags", []))
        if cell.cell_type == "code":
            for output in cell.outputs:
                if output.output_type == "stream" and output.name == "stderr":
                    raise PipelineError(
                        f"{job.source}: cell {number} wrote to standard error: {output.text[:300]}"
                    )
            hidden = {"parameters", "injected-parameters", "remove-cell"} & set(tags)
            tags = sorted({*tags, "remove-cell" if hidden else "hide-input"})
        cell.metadata = {"tags": tags} if tags else {}
