"""Define simulation sweeps cell by cell and read their rows as locked in git.

A sweep is a grid of cells. Each cell draws from a generator of its own, seeded by the sweep's seed and the cell's
position, so neither the order nor the place of its run can move a number. `simulate` runs them; the book reads what is locked.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from leadership_effects.data.release import Release
from leadership_effects.errors import LeadershipError
from leadership_effects.paths import ROOT, sweep_folder

Cell = dict[str, Any]
SIGNIFICANT = 10


class SweepError(LeadershipError, ValueError):
    """A sweep was not run, or its locked rows belong to other inputs."""


@dataclass(frozen=True)
class Sweep:
    """A simulation over a grid.

    Attributes
    ----------
    name : str
        Unique; the stem of its locked file.
    seed : int
        First part of every cell's seed; the second is the cell's position.
    cells : callable
        ``cells(release)`` lists the parameters of each cell: plain numbers, text and lists of them.
    run : callable
        ``run(rng, cell)`` returns the cell's results as plain numbers.
    hidden : tuple of str
        Parameters that are not repeated in the locked rows, such as whole matrices.
    """

    name: str
    seed: int
    cells: Callable[[Release], list[Cell]]
    run: Callable[[np.random.Generator, Cell], dict[str, float]]
    hidden: tuple[str, ...] = ()


def sweep_path(release: str, name: str) -> Path:
    """Return the file of a sweep's locked rows."""
    return sweep_folder(release) / f"{name}.json"


def run_cell(sweep: Sweep, position: int, cell: Cell) -> Cell:
    """Run one cell; return its parameters and results to ten significant digits."""
    found = sweep.run(np.random.default_rng([sweep.seed, position]), cell)
    shown = {key: value for key, value in cell.items() if key not in sweep.hidden}
    return shown | {key: float(f"{value:.{SIGNIFICANT}g}") for key, value in found.items()}


def inputs_digest(sweep: Sweep, cells: Sequence[Cell]) -> str:
    """Hash a sweep's seed and cells; locked rows of another digest had other inputs."""
    text = json.dumps([sweep.name, sweep.seed, _rounded(list(cells))], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def _rounded(content: Any) -> Any:
    if isinstance(content, float):
        return float(f"{content:.8g}")
    if isinstance(content, dict):
        return {key: _rounded(value) for key, value in content.items()}
    return [_rounded(value) for value in content] if isinstance(content, (list, tuple)) else content


def read_sweep(sweep: Sweep, release: Release) -> pd.DataFrame:
    """Read the locked rows of a sweep, one per cell.

    Raises
    ------
    SweepError
        If it was not run for this release, or its inputs have changed since.
    """
    path = sweep_path(release.name, sweep.name)
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise SweepError(
            f"{path.relative_to(ROOT)}: missing; run `nox -s simulations -- {sweep.name} --release {release.name}`"
        ) from None
    if content["inputs"] != inputs_digest(sweep, sweep.cells(release)):
        raise SweepError(
            f"{path.relative_to(ROOT)}: computed from other inputs than release {release.name} and this code "
            f"give; run `nox -s simulations -- {sweep.name} --release {release.name}`"
        )
    return pd.DataFrame(content["rows"])
