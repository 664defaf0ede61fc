"""Collect unknown names while pages are read, and stop the build for them."""

from collections.abc import Iterable

from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.errors import ExtensionError
from sphinx.util import logging

logger = logging.getLogger(__name__)

# MyST-NB counts lines of cell n from n * 10,000.
CELL_LINES = 10_000


def report(env: BuildEnvironment, line: int | None, message: str) -> None:
    """Log an error of the page being read and remember it for the end of reading."""
    place = where(env, env.docname, line)
    logger.error("%s", message, location=place, type="leadership")
    problems(env).setdefault(env.docname, []).append(f"{place}: {message}")


def where(env: BuildEnvironment, docname: str, line: int | None) -> str:
    """Return ``page:line``, or ``page: cell n, line m`` in a notebook."""
    page = env.doc2path(docname, base=False)
    if line is None:
        return page
    if page.endswith(".ipynb"):
        cell, row = divmod(line, CELL_LINES)
        return f"{page}: cell {cell}, line {row}"
    return f"{page}:{line}"


def problems(env: BuildEnvironment) -> dict[str, list[str]]:
    """Return the problems by page, kept with the environment."""
    if not hasattr(env, "leadership_problems"):
        env.leadership_problems = {}  # type: ignore[attr-defined]
    found: dict[str, list[str]] = env.leadership_problems  # type: ignore[attr-defined]
    return found


def read_again(
    app: Sphinx, env: BuildEnvironment, added: set[str], changed: set[str], removed: set[str]
) -> list[str]:
    """Read pages with problems again, so that a repeated build fails as well."""
    return [docname for docname in problems(env) if docname not in removed]


def drop_problems(app: Sphinx, env: BuildEnvironment, docname: str) -> None:
    """Drop the problems of a page that is read anew."""
    problems(env).pop(docname, None)


def merge(app: Sphinx, env: BuildEnvironment, docnames: Iterable[str], other: BuildEnvironment) -> None:
    """Take over the problems that a parallel reader found."""
    problems(env).update(problems(other))


def stop(app: Sphinx, env: BuildEnvironment) -> None:
    """Fail the build when any page named something unknown."""
    found = [line for lines in problems(env).values() for line in lines]
    if found:
        raise ExtensionError("\n".join(["the book names what is not on file:", *found]))


def connect(app: Sphinx) -> None:
    """Register the event handlers."""
    app.connect("env-get-outdated", read_again)
    app.connect("env-purge-doc", drop_problems)
    app.connect("env-merge-info", merge)
    app.connect("env-check-consistency", stop)
