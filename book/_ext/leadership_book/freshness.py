"""Decide by content, not by time of change, which pages Sphinx reads again."""

import time
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

from leadership_book.page_cache import digest, file_digest


def read_from(env: BuildEnvironment, docname: str) -> list[Path]:
    """Return the source of a page and the files its directives and roles opened."""
    return [
        Path(env.doc2path(docname)),
        *(Path(env.srcdir, name) for name in sorted(env.dependencies[docname])),
    ]


def content(env: BuildEnvironment, docname: str) -> str:
    """Return the digest of the files that a page was read from."""
    return digest({path: file_digest(path) for path in read_from(env, docname)})


def contents_read(env: BuildEnvironment) -> dict[str, str]:
    """Return the digest by page as it was when the page was read, kept with the environment."""
    if not hasattr(env, "leadership_contents_read"):
        env.leadership_contents_read = {}  # type: ignore[attr-defined]
    found: dict[str, str] = env.leadership_contents_read  # type: ignore[attr-defined]
    return found


def changed_pages(
    app: Sphinx, env: BuildEnvironment, added: set[str], changed: set[str], removed: set[str]
) -> list[str]:
    """Replace what the times of files say about changed pages by what their contents say."""
    known = contents_read(env)
    stale = {name for name in env.all_docs if name not in removed and known.get(name) != content(env, name)}
    changed.intersection_update(stale)
    return sorted(stale)


def begin_reading(app: Sphinx, env: BuildEnvironment, docnames: list[str]) -> None:
    """Note which pages are about to be read, and when."""
    app.leadership_reading = (time.time(), list(docnames))  # type: ignore[attr-defined]


def note_contents(app: Sphinx, env: BuildEnvironment) -> None:
    """Store digests of the pages read; a file edited meanwhile makes its page outdated."""
    started, docnames = app.leadership_reading  # type: ignore[attr-defined]
    for docname in docnames:
        paths = [path for path in read_from(env, docname) if path.exists()]
        edited = any(path.stat().st_mtime > started for path in paths)
        contents_read(env)[docname] = "" if edited else content(env, docname)


def drop_content(app: Sphinx, env: BuildEnvironment, docname: str) -> None:
    """Drop the digest of a page that is read anew or deleted."""
    contents_read(env).pop(docname, None)


def connect(app: Sphinx) -> None:
    """Register the event handlers; the first one runs before those that ask for more pages."""
    app.connect("env-get-outdated", changed_pages, priority=100)
    app.connect("env-before-read-docs", begin_reading)
    app.connect("env-updated", note_contents)
    app.connect("env-purge-doc", drop_content)
