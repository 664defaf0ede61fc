"""Import official files into draft outcome rows; `layouts` holds a module for each layout.

A loader decides what a cell means, never whether it is right: figures go into the draft as the file has them, and
what the file does not hold is an error or counted as left out.
"""

from __future__ import annotations

from leadership_effects.importers.layouts import hansard, louisiana, naep, pisa, seda, umc
from leadership_effects.importers.model import ImportRefused, Loader

__all__ = ["LOADERS", "ImportRefused", "Loader"]

LOADERS: dict[str, Loader] = {
    loader.name: loader
    for loader in (naep.LOADER, pisa.LOADER, seda.LOADER, hansard.LOADER, louisiana.LOADER, umc.LOADER)
}
