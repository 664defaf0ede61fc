"""A site compiled from what earlier builds kept equals, byte for byte, one compiled from nothing.

Every kind of edit is made in turn in one small book; after each, the site compiled with the kept environment and pages is
compared with a clean one. The book is compiled by the functions of this process, which has Sphinx loaded.
"""

from __future__ import annotations

import json
import re
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import jupyter_book.sphinx  # noqa: F401  loaded once, for every process forked from here
import myst_nb  # noqa: F401
import pytest
import sphinx.builders.html  # noqa: F401
import sphinxcontrib.bibtex  # noqa: F401
from leadership_effects.build import compile as compiling
from leadership_effects.build import imports, jobs, site
from miniature import NAME, Tree, snapshot

GLOSSARY = (
    "# Glossary\n\n:::{glossary}\n:sorted:\n\nhub\n  A place.\n\nthe mean\n  A sum over a count.\n:::\n"
)
METHODS = """# Methods

(way)=
## The way

The hub is meant. See {cite:p}`abadie2010` and the [first page](index.md#where). Also {term}`hub`.

```{math}
:label: sum
x = y
```

## Another way

```{chart} huari.points
```
"""
PAGES = {
    "index": "# A small book\n\nThe mean is {num}`huari.mean` {src}`S_ONE`.\n\n## Where\n\nIn a hub: {ref}`way`.\n",
    "bibliography": "# Sources\n\n```{source-list}\n```\n\n```{bibliography}\n:all:\n```\n",
    "methods": METHODS,
    "glossary": GLOSSARY,
}
TOC = ["cases/huari", "methods", "bibliography", "glossary", "numbers"]


class Book:
    """A small book that is compiled again and again in one place, with the way back from each edit."""

    def __init__(self, built: Tree, root: Path) -> None:
        self.root, self.build = root, root / "_build"
        shutil.copytree(
            built.root, root, ignore=shutil.ignore_patterns("leadership_effects", "_build", "synthesis*")
        )
        for kept in (f"results/{NAME}", "cache"):
            shutil.copytree(built.build / kept, self.build / kept)
        room = Path("analysis/leadership_effects/build")
        (root / room).mkdir(parents=True)
        (root / room / "compile.py").write_text('"""Stand for the compiler."""\n')
        for page, text in PAGES.items():
            self.path(page).write_text(text, encoding="utf-8")
        self.contents(TOC)
        references = (root / "book" / "references.bib").read_text(encoding="utf-8")
        (root / "book" / "references.bib").write_text(
            references[: references.index("\n@", 1)], encoding="utf-8"
        )

    def path(self, page: str) -> Path:
        return self.root / "book" / f"{page}.md"

    def contents(self, pages: list[str]) -> None:
        listed = "".join(f"  - file: book/{page}\n" for page in pages)
        (self.root / "_toc.yml").write_text(f"format: jb-book\nroot: book/index\nchapters:\n{listed}")

    def replace(self, path: str, old: str, new: str) -> None:
        file = self.root / path
        text = file.read_text(encoding="utf-8")
        assert old in text
        file.write_text(text.replace(old, new), encoding="utf-8")

    def compile(self, processes: int = 1) -> dict[str, bytes | str]:
        """Compile into place; return every file of the site."""
        release = Tree(self.root).small.open()
        site.compile_site(release, processes=processes)
        return snapshot((self.build / "html").resolve())

    def compile_clean(self, processes: int = 1) -> dict[str, bytes | str]:
        """Compile without anything that earlier builds kept."""
        for folder in ("site-environment", "cache/pages", "stamps"):
            shutil.rmtree(self.build / folder, ignore_errors=True)
        return self.compile(processes)

    def read_anew(self) -> int:
        """Number of pages that Sphinx read in the last compilation."""
        found = re.search(
            r"(\d+) added, (\d+) changed", (self.build / "site.log").read_text(encoding="utf-8")
        )
        assert found
        return int(found[1]) + int(found[2])


@pytest.fixture(scope="module")
def book(built: Tree, tmp_path_factory: pytest.TempPathFactory) -> Book:
    return Book(
        built, tmp_path_factory.mktemp("book") / "un {été} [2]"
    )  # a name that formats and patterns misread


@pytest.fixture(autouse=True)
def here(book: Book, monkeypatch: pytest.MonkeyPatch) -> None:
    """The functions of this process compile the small book."""
    for module in (compiling, imports, jobs):
        monkeypatch.setattr(module, "ROOT", book.root)
    for name in [name for name in sys.modules if name.partition(".")[0] == "leadership_book"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.syspath_prepend(book.root / "book" / "_ext")
    monkeypatch.setenv("LEADERSHIP_BUILD", str(book.build))
    monkeypatch.setenv("LEADERSHIP_DATA", str(book.root / "data"))
    monkeypatch.delenv("LEADERSHIP_RESULTS", raising=False)


def other_value(book: Book) -> None:
    path = book.build / "results" / NAME / "huari.json"
    record = json.loads(path.read_text(encoding="utf-8"))
    record["results"]["mean"] |= {"value": 47.25, "text": "47.2"}
    path.write_text(json.dumps(record), encoding="utf-8")


def new_notebook(book: Book) -> None:
    folder = book.build / "results" / NAME
    record = json.loads((folder / "delhi.json").read_text(encoding="utf-8"))
    (folder / "washington.json").write_text(json.dumps(record | {"notebook": "washington"}), encoding="utf-8")


def add_page(book: Book) -> None:
    book.path("more").write_text("# More\n\nA hub, and {doc}`methods`.\n")
    book.contents([*TOC, "more"])


def delete_page(book: Book) -> None:
    book.path("more").unlink()
    book.contents(TOC)


RESULTS = f"_build/results/{NAME}"
EXTENSION = "book/_ext/leadership_book"
# Each edit with the number of pages that Sphinx must read for it; none where all are read.
EDITS: dict[str, tuple[Callable[[Book], object], int | None]] = {
    "sentence": (lambda book: book.replace("book/index.md", "The mean is", "A line more.\n\nThe mean is"), 1),
    "sentence of a notebook": (lambda book: book.replace("book/cases/huari.ipynb", "# A place", "# A place\\n\\nA hub."), 1),
    "heading": (lambda book: book.replace("book/index.md", "## Where", "## Where else\n\nText.\n\n## Where"), 1),
    "heading that another page names": (lambda book: book.replace("book/methods.md", "## The way", "## The *best* way"), 1),
    "title of a page": (lambda book: book.replace("book/methods.md", "# Methods\n", "# All methods\n"), 1),
    "equation": (lambda book: book.replace("book/methods.md", ":label: sum", ":label: first\nz = 2\n```\n\n```{math}\n:label: sum"), 1),
    "citation": (lambda book: book.replace("book/methods.md", "The hub is", "Cited {src}`S_TWO`. The hub is"), 1),
    "term": (lambda book: book.replace("book/glossary.md", "A place.", "Another place."), 1),
    "new term": (lambda book: book.replace("book/glossary.md", "hub\n", "a line\nhub\n"), 1),
    "value": (other_value, 2),
    "figure": (lambda book: book.replace(f"{RESULTS}/figures/huari.points.json", "Points.", "All points."), 1),
    "new notebook": (new_notebook, 1),
    "deleted notebook": (lambda book: (book.root / RESULTS / "washington.json").unlink(), 1),
    "code": (lambda book: book.replace("analysis/notebooks/cases/huari.py", "# A place", "# Another place"), 0),
    "source row": (lambda book: book.replace(f"data/{NAME}/sources.csv", "Title of S_ONE", "Another title"), None),
    "reference": (lambda book: book.replace("book/references.bib", "Synthetic", "Synthesised"), None),
    "order of contents": (lambda book: book.contents([TOC[1], TOC[0], *TOC[2:]]), None),
    "new page": (add_page, None),
    "deleted page": (delete_page, None),
    "style": (lambda book: book.replace("book/_static/book.css", "\n", "\n/* x */"), 0),
    "layout": (lambda book: book.replace(f"{EXTENSION}/theme/layout.html", "{{ lb_frame.home }}</a>", "Start</a>"), None),
    "extension": (lambda book: book.replace(f"{EXTENSION}/roles.py", 'nodes.Text("(")', 'nodes.Text("[")'), None),
}  # fmt: skip


COMMON = ("sentence", "heading", "value")


@pytest.mark.parametrize(
    "kinds",
    [COMMON, pytest.param([kind for kind in EDITS if kind not in COMMON], marks=pytest.mark.slow)],
    ids=["common", "others"],
)
def test_every_kind_of_edit_gives_the_bytes_of_a_clean_build(book: Book, kinds: list[str]) -> None:
    before = book.compile_clean()
    for kind in kinds:
        edit, read = EDITS[kind]
        edit(book)
        after = book.compile()
        pages = book.read_anew()
        assert after != before, f"{kind}: the edit shows nowhere"
        clean = book.compile_clean()
        assert sorted(after) == sorted(clean), kind
        assert [name for name in clean if after[name] != clean[name]] == [], kind
        assert read in (None, pages), f"{kind}: {pages} pages were read"
        before = clean


def test_a_citation_renews_its_page_and_that_of_its_source_alone(book: Book) -> None:
    def kept() -> set[str]:
        return {path.name for path in (book.build / "cache/pages").iterdir()}

    book.compile()
    before, good = kept(), book.path("methods").read_text(encoding="utf-8")
    book.path("methods").write_text(
        good.replace("The hub is", "Again {src}`S_TWO`. The hub is"), encoding="utf-8"
    )
    site = book.compile()
    assert len(kept() - before) == 2, "the page and sources/w"
    assert b": Again " in site["sources/w.html"]
    book.path("methods").write_text(good, encoding="utf-8")
    book.compile()
    assert kept() == before


def test_one_process_and_several_give_the_same_bytes(book: Book) -> None:
    assert book.compile_clean(3) == book.compile_clean(1)


def test_a_page_that_warns_is_not_kept_and_warns_again(book: Book) -> None:
    before, good = book.compile(), book.path("index").read_text(encoding="utf-8")
    book.replace("book/index.md", "{ref}`way`", "{ref}`no-way`")
    for _ in range(2):
        with pytest.raises(compiling.SiteError, match=r"index\.md.*no-way"):
            book.compile()
    book.path("index").write_text(good, encoding="utf-8")
    assert book.compile() == before


SPOILED: dict[str, Callable[[Path], object]] = {
    "stamp": lambda kept: (kept / "stamp.json").write_text(""),
    "environment": lambda kept: (kept / "doctrees/environment.pickle").write_bytes(b""),
    "page read": lambda kept: (kept / "doctrees/book/index.doctree").write_bytes(b"x"),
    "page written": lambda kept: [path.write_bytes(b"") for path in kept.parent.glob("cache/pages/*")],
    "page cut short": lambda kept: [
        path.write_bytes(path.read_bytes()[:-9]) for path in kept.parent.glob("cache/pages/*")
    ],
}


@pytest.mark.parametrize("spoil", SPOILED.values(), ids=SPOILED)
def test_what_was_kept_and_is_broken_counts_as_absent(book: Book, spoil: Callable[[Path], object]) -> None:
    before = book.compile()
    spoil(compiling.kept_environment())
    (book.build / "stamps" / NAME / "site.json").unlink()
    assert book.compile() == before
