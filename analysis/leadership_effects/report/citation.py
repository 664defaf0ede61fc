"""Read title, author and date of the publication from its citation file."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import yaml

from leadership_effects.authors import listed
from leadership_effects.paths import ROOT


@dataclass(frozen=True)
class Publication:
    """The publication as ``CITATION.cff`` describes it.

    Attributes
    ----------
    title, author : str
        The author is the list of all authors, in words.
    released : str
        Date of the newest release, YYYY-MM-DD.
    """

    title: str
    author: str
    released: str


@lru_cache(maxsize=1)
def publication() -> Publication:
    """Return title, author and date of the publication.

    Examples
    --------
    >>> publication().title
    'Growing Collective Leadership for System Change'
    """
    content = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    authors = [
        one.get("name") or " ".join(filter(None, (one.get("given-names"), one.get("family-names"))))
        for one in content["authors"]
    ]
    return Publication(content["title"], listed(authors), str(content["date-released"]))
