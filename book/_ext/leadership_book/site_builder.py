"""Write changed pages of the site in several processes.

A page is kept under the digest of all it is made from: what was read from its source, what pages share (titles,
contents, anchors, citations, definitions) and what the layout puts around each. The site is put together anew from
these pages in every build, so that nothing of an earlier one stays behind.
"""

import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx
from sphinx.builders.html import StandaloneHTMLBuilder
from sphinx.environment import BuildEnvironment
from sphinx.util.build_phase import BuildPhase
from sphinx.util.logging import is_suppressed_warning
from sphinx.util.osutil import os_path
from sphinx.util.parallel import ParallelTasks

from leadership_book.links import anchors
from leadership_book.page_cache import PageCache, digest, file_digest
from leadership_book.terms import GLOSSARY

COLLECT = "leadership-collect-pages"
CHUNKS = 4  # a process; few enough that starting them costs nothing, enough that none waits long for another
# State of the environment that no other page prints: of one page alone, of the machine, or of the run.
OWN = {
    "all_docs", "dependencies", "included", "config", "config_status", "config_status_extra", "doctreedir", "srcdir",
    "settings", "project", "version", "external_site_map", "app", "events", "domains", "domaindata", "temp_data",
    "ref_context", "tocs", "toc_num_entries", "titles_old", "myst_config", "mystnb_config", "nb_metadata",
    "nb_new_exec_data", "leadership_contents_read", "leadership_insight_uses",
    "leadership_source_uses",
}  # fmt: skip
OTHER_LANGUAGES = {"c", "cpp"}  # domains of programming languages that the book does not document


@dataclass(frozen=True)
class Page:
    """Page without a document, such as a listing of code.

    Attributes
    ----------
    name : str
        Path below the top of the site, without ending.
    inputs : str
        Digest of what its context is made from, apart from contents and layout.
    context : callable
        Returns title and body.
    weight : int
        How long it takes, in any unit that all such pages share.
    raw : bool
        Whether the body is a file as it is, whose name has its ending, and no page with a layout.
    """

    name: str
    inputs: str
    context: Callable[[], dict[str, Any]]
    weight: int
    raw: bool = False


class SiteBuilder(StandaloneHTMLBuilder):
    """Sphinx's builder of HTML with a cache of pages, and without its search index."""

    search = False  # the index is made of the written pages: search.py
    target: Path | None = None  # where the page being written goes, if not into the site

    def get_outdated_docs(self) -> Iterable[str]:  # type: ignore[override]
        """Return every document: the cache knows which of them must be written."""
        return sorted(self.env.found_docs)

    def _write_serial(self, docnames: Sequence[str]) -> None:
        self.write_site(docnames, 1)

    def _write_parallel(self, docnames: Sequence[str], nproc: int) -> None:
        self.write_site(docnames, nproc + 1)

    def write_site(self, docnames: Sequence[str], processes: int) -> None:
        """Write what the cache lacks, then put every page in place."""
        self.pages = PageCache(cache_folder(self.app) / "pages")
        if not self.config.lb_key:  # without a key, what earlier builds kept may be out of date
            self.pages.prune([])
        common = shared_state(self.env)
        listed: list[Page] = [page for found in self.events.emit(COLLECT) for page in found]
        layout = digest(self.config.lb_key, self.env.titles, self.env.toctree_includes)
        keys = {page.name: digest("page", layout, page.name, page.inputs) for page in listed}
        keys |= {
            name: digest("document", self.config.lb_key, common, own_state(self.env, name))
            for name in docnames
        }
        tasks: list[tuple[int, str, Callable[[], Any]]] = [
            *((self.weight(name), name, lambda name=name: self.write_document(name)) for name in docnames),
            *((page.weight, page.name, lambda page=page: self.write_listed(page)) for page in listed),
        ]
        lacking = [task for task in tasks if self.pages.read(keys[task[1]]) is None]
        lacking.sort(key=lambda task: (-task[0], task[1]))

        def write(chunk: list[tuple[int, str, Callable[[], Any]]]) -> None:
            for _, name, make in chunk:
                self.store(keys[name], make)

        chunks = [lacking[start :: processes * CHUNKS] for start in range(processes * CHUNKS)]
        if processes > 1 and len(lacking) > 1:
            parallel = ParallelTasks(processes)
            for chunk in filter(None, reversed(chunks)):  # the last one added begins first
                parallel.add_task(write, chunk)
            parallel.join()
        else:
            write(lacking)
        raw = {page.name for page in listed if page.raw}
        for name, key in keys.items():
            self.put_in_place(name, key, raw=name in raw)
        self.pages.prune(keys.values())

    def weight(self, docname: str) -> int:
        """Return the size of what was read from a document."""
        return Path(self.doctreedir, f"{docname}.doctree").stat().st_size

    def store(self, key: str, make: Callable[[], dict[str, Any]]) -> None:
        """Render a page and store it, unless it raised a warning.

        A page with a warning is written and not kept, so that it warns again.
        """
        self.target = self.pages.folder / f".{key}.html"
        with counted_warnings(self.app) as warnings:
            notes = make()
        page = self.target.read_bytes()
        self.target.unlink()
        self.target = None
        if not warnings:
            self.pages.write(key, notes, page)

    def write_document(self, docname: str) -> dict[str, Any]:
        """Resolve and write a document; return what it adds to the pictures."""
        known = set(self.images)
        self.app.phase = BuildPhase.RESOLVING
        doctree = self.env.get_and_resolve_doctree(docname, self)
        self.app.phase = BuildPhase.WRITING
        self.write_doc_serialized(docname, doctree)
        self.write_doc(docname, doctree)
        return {"images": {uri: name for uri, name in self.images.items() if uri not in known}}

    def write_listed(self, page: Page) -> dict[str, Any]:
        """Write a page or a file without a document."""
        if page.raw and self.target is not None:
            self.target.write_text(page.context()["body"], encoding="utf-8")
            return {}
        self.handle_page(page.name, page.context(), "page.html")
        return {}

    def put_in_place(self, name: str, key: str, *, raw: bool = False) -> None:
        """Put a kept page into the site."""
        entry = self.pages.read(key)
        if entry is None:  # it raised a warning, which fails the build
            return
        notes, page = entry
        path = Path(self.outdir, name) if raw else Path(self.get_outfilename(name))
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(page)
        self.images.update(notes.get("images", {}))

    def handle_page(
        self,
        pagename: str,
        addctx: dict[str, Any],
        templatename: str = "page.html",
        outfilename: str | None = None,
        event_arg: Any = None,
    ) -> None:
        """Write a page into the cache while one is being made for it, else into the site."""
        target = str(self.target) if self.target else outfilename
        super().handle_page(pagename, addctx, templatename, target, event_arg)


def cache_folder(app: Sphinx) -> Path:
    """Return the folder kept between builds.

    It is next to the documents read, unless the build names another.
    """
    return Path(app.config.lb_cache or app.doctreedir)


def shared_state(env: BuildEnvironment) -> str:
    """Return the digest of what pages print of one another."""
    state = {name: value for name, value in vars(env).items() if name not in OWN and not name.startswith("_")}
    domains = {name: data for name, data in env.domaindata.items() if name not in OTHER_LANGUAGES}
    cited = domains.get("cite", {})
    if "citation_refs" in cited:  # a page read again comes last; bibliographies take the order of documents
        in_order = sorted(cited["citation_refs"], key=lambda reference: reference.docname)
        domains["cite"] = {**cited, "citation_refs": in_order}
    state["metadata"] = {name: headings(entry) for name, entry in env.metadata.items()}
    return digest(state, domains, anchors(env), file_digest(Path(env.doctreedir, f"{GLOSSARY}.doctree")))


def headings(metadata: dict[str, Any]) -> dict[str, Any]:
    """Return a page's metadata with its headings, without the lines on which these are."""
    slugs = {slug: entry[1:] for slug, entry in metadata.get("myst_slugs", {}).items()}
    return metadata | {"myst_slugs": slugs}


def own_state(env: BuildEnvironment, docname: str) -> str:
    """Return the digest of what a document prints of itself."""
    tree = file_digest(Path(env.doctreedir, f"{os_path(docname)}.doctree"))
    return digest(docname, tree, env.tocs.get(docname), env.metadata.get(docname))


@contextmanager
def counted_warnings(app: Sphinx) -> Iterator[list[logging.LogRecord]]:
    """Collect the warnings logged in the block, without suppressed ones."""
    found: list[logging.LogRecord] = []

    class Count(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            names = getattr(record, "type", ""), getattr(record, "subtype", "")
            if not is_suppressed_warning(*names, app.config.suppress_warnings):
                found.append(record)

    counter, logger = Count(logging.WARNING), logging.getLogger("sphinx")
    logger.addHandler(counter)
    try:
        yield found
    finally:
        logger.removeHandler(counter)


def connect(app: Sphinx) -> None:
    """Register the builder and the event at which parts of the extension name their pages."""
    app.add_config_value("lb_cache", "", "", types=frozenset({str}))
    app.add_config_value("lb_key", "", "", types=frozenset({str}))
    app.add_event(COLLECT)
    app.add_builder(SiteBuilder, override=True)
    numbering = app.extensions.get("sphinx_multitoc_numbering")
    if numbering:  # it declares nothing and works when all pages have been read
        numbering.parallel_read_safe = True
