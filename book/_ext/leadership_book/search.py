"""Index the prose of the site with Pagefind and list its words.

Pagefind reads a copy of each page without pictures, code and rows of tables, in which a heading holds the anchor of its
section, so that a result leads there. What the site carries of it answers in the browser and asks no other host.
"""

import gzip
import json
import os
import re
import shutil
import subprocess
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterator
from html import escape
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import yaml
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError

from leadership_book.page_cache import digest
from leadership_book.site_builder import cache_folder

FOLDER = "pagefind"  # at the top of the site: Pagefind's script takes its parent for the top
QUESTIONS = "book/questions.yml"
SOURCES = "sources"  # generated pages that are found, by the headings of their entries
# One index for all pages, so that a query finds those of every language; the language sets the stemmer alone.
LANGUAGE = "en"
# Pagefind's setting for entries in a file of the index: a word of a query costs such a file, 9 kB in place of 36.
CHUNK = {"PAGEFIND_UNSTABLE_INDEX_CHUNK_SIZE": "4000"}
ARTICLE, ROOT_SELECTOR = '<article class="page"', "article.page"
# Besides forms, navigation, scripts, labels and pictures, which Pagefind leaves out itself.
LEFT_OUT = (
    ".headerlink", ".facts", ".evidence-bar", "summary", "button", ".cell_input", ".chart-view", ".chart-data",
    ".chart-filters", ".math-block", "math", ".source-list", "div.citation",
)  # fmt: skip
CUT = re.compile(r"<(svg|pre|thead|tbody|style|script)\b.*?</\1>", re.DOTALL)
SOURCE = re.compile(
    r'(<section id="src-[^>]*><h2>.*?</h2>).*?(?=</section>)', re.DOTALL
)  # its heading is found
# The anchor of a section goes to its heading, that of a term becomes a heading; any other is taken out.
SECTION = re.compile(
    r'<(section|article|div)\b([^>]*) id="([^"]*)"([^>]*)>((?:\s*<span[^>]*></span>)*\s*)<h([1-6])\b'
)
TERM = re.compile(r'<dt id="(term-[^"]*)">(.*?)</dt>', re.DOTALL)
SENTENCE = re.compile(
    r"(?<=<)(/?)(?:caption|figcaption|dt|dd)\b"
)  # as an element that Pagefind ends with a stop
ANCHOR = re.compile(r'(<(?!h[1-6]\b)[a-z][^>]*?) id="[^"]*"')
SPOKEN = re.compile(r'<(?:html|article class="page") lang="([^"]+)"')
SHIPPED = f"pagefind.js pagefind-worker.js pagefind-entry.json *.pf_meta wasm.{LANGUAGE}.pagefind".split()
SIGNATURE = b"pagefind_dcd"  # at the beginning of what Pagefind packs
WORD = re.compile(r"[^\W\d_]+(?:[\u0300-\u036f\u0900-\u0963\u200d][^\W\d_]*)*")
SHORTEST, FEWEST = 4, 2  # letters of a listed word, and how often it stands in the book


def finish(app: Sphinx, exception: Exception | None) -> None:
    """Put the index into the site, the kept one if no page has other words."""
    if exception or app.builder.name != "html":
        return
    site, pages = Path(app.outdir), dict(prepared_pages(app))
    if not pages:
        return
    kept = cache_folder(app) / "search"
    index = kept / digest(installed(), LEFT_OUT, CHUNK, Path(__file__).read_text("utf-8"), pages)
    if not index.is_dir():
        with tempfile.TemporaryDirectory(dir=cache_folder(app)) as folder:
            made = write_index(Path(folder), pages)
            shutil.rmtree(kept, ignore_errors=True)
            kept.mkdir(parents=True)
            made.rename(index)
    shutil.rmtree(site / FOLDER, ignore_errors=True)  # of an earlier build into the same folder
    shutil.copytree(index, site / FOLDER)


def installed() -> str:
    """Return the version of Pagefind.

    Raises
    ------
    ExtensionError
        If it is not installed.
    """
    try:
        return version("pagefind")
    except PackageNotFoundError as error:
        raise ExtensionError(
            "search: the package pagefind is not installed; nox -s book installs it"
        ) from error


def prepared_pages(app: Sphinx) -> Iterator[tuple[str, str]]:
    """Yield the path of each page that is found and what Pagefind reads of it."""
    site, answers = Path(app.outdir), questions(Path(app.srcdir) / QUESTIONS, app.env.found_docs)
    sources = (f"{SOURCES}/{path.stem}" for path in (site / SOURCES).glob("*.html"))
    for name in [*sorted(app.env.found_docs), *sorted(sources)]:
        path = Path(app.builder.get_outfilename(name))  # type: ignore[attr-defined]
        page = path.read_text("utf-8")
        if ARTICLE in page:
            yield path.relative_to(site).as_posix(), prepared(page, answers.get(name, []))


def questions(path: Path, known: set[str]) -> dict[str, list[str]]:
    """Read the questions that pages answer.

    Raises
    ------
    ExtensionError
        If a page is not in the contents or what stands there is no list of texts.
    """
    listed: dict[str, Any] = (yaml.safe_load(path.read_text("utf-8")) if path.is_file() else None) or {}
    for name, asked in listed.items():
        if name not in known:
            raise ExtensionError(f"{QUESTIONS}: {name} is no page of _toc.yml")
        if not (isinstance(asked, list) and asked and all(isinstance(text, str) for text in asked)):
            raise ExtensionError(f"{QUESTIONS}: {name} needs a list of questions, each a text")
    return listed


def prepared(page: str, asked: list[str]) -> str:
    """Return what Pagefind reads of a page: prose, anchors on headings, questions."""
    spoken = [LANGUAGE, *SPOKEN.findall(page)][-1]
    page, entries = SOURCE.subn(r"\1", CUT.sub("", page))
    page = SECTION.sub(r'<\1\2\4>\5<h\6 id="\3"', page)
    page = SENTENCE.sub(r"\1div", TERM.sub(r'<h4 id="\1">\2</h4>', page))
    page = ANCHOR.sub(r"\1", page)
    # Of a second filter, or a second value of one, Pagefind writes the order as a hash table has it.
    notes = '<i data-pagefind-filter="kind:source"></i>' if entries else ""
    if spoken != LANGUAGE:
        notes += f'<i data-pagefind-meta="lang:{spoken}"></i>'
    if asked:
        notes += f'<i data-pagefind-meta="answers:{escape(" ".join(asked))}"></i>'
    return page.replace("<h1", f"{notes}<h1", 1)


def write_index(folder: Path, pages: dict[str, str]) -> Path:
    """Write the index and its words into a folder; return where they are.

    Raises
    ------
    ExtensionError
        If Pagefind cannot be run or finds no page.
    """
    read, index = folder / "pages", folder / "index"
    for name, page in pages.items():
        path = read / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(page, encoding="utf-8")
    from pagefind.service import get_executable  # loads asyncio, which a build with a kept index does without

    program = get_executable()
    command = [
        str(program),
        *f"--root-selector {ROOT_SELECTOR} --force-language {LANGUAGE} --keep-index-url".split(),
    ]
    command += ["--quiet", "--site", str(read), "--output-path", str(index)]
    command += [part for selector in LEFT_OUT for part in ("--exclude-selectors", selector)]
    try:
        done = subprocess.run(command, cwd=folder, env=os.environ | CHUNK, capture_output=True, text=True)
    except OSError as error:
        raise ExtensionError(
            f"search: Pagefind cannot be run ({error}); its program comes with pagefind_bin"
        ) from error
    if done.returncode or not (index / "pagefind-entry.json").is_file():
        raise ExtensionError(f"search: Pagefind made no index: {done.stdout}{done.stderr}".strip())
    shown = folder / "shown"
    shown.mkdir()
    for part in ("fragment", "index", "filter"):
        if (index / part).is_dir():
            shutil.copytree(index / part, shown / part)
    for path in sorted(path for pattern in SHIPPED for path in index.glob(pattern)):
        shutil.copyfile(path, shown / path.name)
    (shown / "words.txt").write_text("\n".join(words(shown / "fragment")), encoding="utf-8")
    return shown


def words(fragments: Path) -> list[str]:
    """List the words that Pagefind read, in their usual form, frequent ones first."""
    written: dict[str, Counter[str]] = defaultdict(Counter)
    for path in sorted(fragments.iterdir()):
        packed = gzip.decompress(path.read_bytes())
        if not packed.startswith(SIGNATURE):
            raise ExtensionError(f"search: {path.name} is packed otherwise than Pagefind 1.5 did")
        for word in WORD.findall(json.loads(packed.removeprefix(SIGNATURE))["content"]):
            written[word.lower()][word] += 1
    counted = {
        min(forms, key=lambda form: (-forms[form], form)): forms.total()
        for word, forms in written.items()
        if len(word) >= SHORTEST and forms.total() >= FEWEST
    }
    return sorted(counted, key=lambda word: (-counted[word], word))


def page(app: Sphinx) -> list[tuple[str, dict[str, Any], str]]:
    """Return the page to which a search leads."""
    return [("search", {}, "search.html")]


def connect(app: Sphinx) -> None:
    """Register the event handlers."""
    app.connect("html-collect-pages", page)
    app.connect("build-finished", finish, priority=900)  # when every page is in its place
