"""The directive ``reproduction``: parts of the committed report on the re-run of the release.

The report is written by ``nox -s reproduce -- --publish`` and kept in git, so that a page shows a run that took place and
two builds of the site show the same one.
"""

import hashlib
import json
from collections.abc import Callable, Iterable
from html import escape
from pathlib import Path
from typing import Any

from docutils import nodes
from docutils.nodes import Node
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from leadership_book.links import TOP
from leadership_book.numbers import code_link
from leadership_book.problems import report
from leadership_book.records import UnknownName, read_json, records

KINDS = ("number", "figure", "table")


class Reproduction(SphinxDirective):
    """Show one part of the report: ``summary``, ``requirements``, ``data``, ``differs``, ``notebooks`` or ``exhibits``."""

    required_arguments = 1

    def run(self) -> list[Node]:
        """Return the part as HTML, or a sentence that there is no report of this release yet."""
        part, files = self.arguments[0], records(self.env)
        if part not in PARTS:
            report(self.env, self.lineno, f'unknown part "{part}"; allowed: {", ".join(PARTS)}')
            return []
        path = report_file(files.root, files.release)
        self.env.note_dependency(str(path))
        if not path.is_file():
            words = f"There is no report on release {files.release} yet."
            return [nodes.paragraph("", words)] if part == "summary" else []
        try:
            outcome = read_json(path)
        except UnknownName as error:
            report(self.env, self.lineno, str(error))
            return []
        return [nodes.raw("", PARTS[part](outcome, files.root), format="html")]


def report_file(root: Path, release: str) -> Path:
    """Return the committed report of a release."""
    return root / "analysis" / "published" / release / "reproduction" / "reproduction.json"


def summary(outcome: dict[str, Any], root: Path) -> str:
    """Return date, result and counts, and the rule by which two numbers are the same."""
    counts = outcome["counts"]
    rows = [
        (
            f"{kind}s",
            f"{counts[kind]['published']:,}",
            f"{counts[kind]['same']:,}",
            f"{differing(counts[kind]):,}",
        )
        for kind in KINDS
    ]
    asked = f"The last report is of {outcome['date']}, on data release {outcome['release']}."
    table = grid("What was compared", ("", "published", "Same", "Differs"), rows)
    return f"<p>{escape(asked)}</p>{table}<p>{escape(outcome['rule'])} {escape(outcome['reason'])}</p>"


def differing(count: dict[str, int]) -> int:
    """Return how many of a kind differ."""
    return count["published"] - count["same"]


def requirements(outcome: dict[str, Any], root: Path) -> str:
    """Return environment, machine, network and times; then what was tried of the network, and the seeds."""
    environment, machine = outcome["environment"], outcome["machine"]
    apart = environment["apart_from_lock"]
    made = f"made for this run with {environment['installer']} in {environment['install_seconds']} s"
    rows = [
        ("Python", environment["python"]),
        ("packages", f"{environment['packages']} of the lock; apart from it: {', '.join(apart) or 'none'}"),
        (
            "main packages",
            ", ".join(f"{name} {number}" for name, number in environment["main_packages"].items()),
        ),
        ("lock file, SHA-256", code(environment["lock"])),
        ("environment", made if environment.get("fresh") else "one that was there before"),
        ("system", f"{machine['system']}, {machine['architecture']}"),
        ("processor", f"{machine['processor']}, {machine['cores']} cores"),
        ("memory", f"{machine['memory_gb']} GB" if machine["memory_gb"] else "not told by the system"),
        ("network", f"off: {outcome['network']['words']}"),
        ("copy of the code", outcome["source"].get("words", "")),
        ("time for the notebooks", f"{outcome['seconds']} s"),
        ("largest process", f"{outcome['largest_process_mb']:.0f} MB"),
    ]
    seeds = [
        (code_link(seed["file"], None), str(seed["line"]), code(seed["code"]))
        for seed in outcome["random_numbers"]
    ]
    return (
        grid("Environment, machine and times", ("what", "in this run"), rows)
        + grid(
            "Attempts to reach a network when the run began",
            ("attempt", "answer"),
            outcome["network"]["attempts"],
        )
        + grid("Where the code starts random numbers or sets a seed", ("file", "line", "code"), seeds)
    )


def data(outcome: dict[str, Any], root: Path) -> str:
    """Return the files of the release with the head of each checksum; `datapackage.json` holds them whole."""
    faults = [*outcome["data_faults"], *outcome["data_problems"]]
    told = "Every file is as it was frozen, and is the one that the published results were computed from."
    lead = (
        f"<ul>{''.join(f'<li>{escape(fault)}</li>' for fault in faults)}</ul>" if faults else f"<p>{told}</p>"
    )
    rows = [
        (file["path"], "" if file["rows"] is None else f"{file['rows']:,}", code(f"{file['sha256'][:16]}…"))
        for file in outcome["data"]["files"]
    ]
    return lead + grid("Files of the release", ("file", "rows", "SHA-256"), rows)


def differs(outcome: dict[str, Any], root: Path) -> str:
    """Return everything that came out otherwise than published."""
    rows = [(e["kind"], code(e["key"]), escape("; ".join(e["faults"]))) for e in outcome["differs"]]
    if not rows:
        return "<p>Nothing differs.</p>"
    return grid("What differs", ("kind", "key", "differs in"), rows)


def notebooks(outcome: dict[str, Any], root: Path) -> str:
    """Return the notebooks with their times and how many numbers, figures and tables each makes."""
    rows = [
        (
            code_link(notebook["source"], None),
            "not run" if notebook["seconds"] is None else str(notebook["seconds"]),
            *(
                f"{notebook['counts'][kind]['same']:,} of {notebook['counts'][kind]['published']:,}"
                for kind in KINDS
            ),
        )
        for notebook in outcome["notebooks"]
    ]
    heads = ("notebook", "seconds", "numbers Same", "figures Same", "tables Same")
    return grid("Notebooks", heads, rows)


def exhibits(outcome: dict[str, Any], root: Path) -> str:
    """Return every figure and table with its page, the line that makes it and the verdict."""
    sources = {notebook["name"]: notebook for notebook in outcome["notebooks"]}
    rows = []
    for exhibit in outcome["exhibits"]:
        notebook, _, name = exhibit["key"].partition(".")
        source = sources[notebook]["source"]
        page = f"{TOP}{source.replace('analysis/notebooks/', 'book/').removesuffix('.py')}.html"
        anchor = f"fig-{notebook}-{name}"
        at = f"#{anchor}" if anchor in shown_in(root / source) else ""
        line = exhibit["line"] if unchanged(root / source, sources[notebook]["sha256"]) else None
        rows.append(
            (
                code(exhibit["key"]),
                f'<a href="{escape(page + at)}">{escape(exhibit["title"])}</a>',
                f"{exhibit['rows']:,}",
                code_link(source, line),
                "Same" if exhibit["same"] else "<strong>Differs</strong>",
            )
        )
    return grid("Figures and tables", ("key", "title", "rows", "made by", "verdict"), rows)


def shown_in(source: Path) -> str:
    """What the page of a notebook shows: a figure may stand on another page alone, as the map does on the first."""
    page = source.parents[3] / "book" / source.parent.name / f"{source.stem}.ipynb"
    cells = json.loads(page.read_text(encoding="utf-8"))["cells"] if page.is_file() else []
    seen = [cell for cell in cells if "remove-cell" not in cell["metadata"].get("tags", [])]
    return json.dumps([cell.get("outputs", []) for cell in seen])


def unchanged(path: Path, digest: str) -> bool:
    """Return whether a source is the one that was run, so that its lines can be named."""
    return path.is_file() and hashlib.sha256(path.read_bytes()).hexdigest() == digest


def code(text: str) -> str:
    """Return text in code type."""
    return f"<code>{escape(text)}</code>"


def grid(caption: str, heads: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """Return a table with a caption; the first cell of a row heads it. Cells are HTML."""
    head = "".join(f'<th scope="col">{escape(name)}</th>' if name else "<td></td>" for name in heads)
    body = "".join(
        f'<tr><th scope="row">{first}</th>{"".join(f"<td>{cell}</td>" for cell in rest)}</tr>'
        for first, *rest in rows
    )
    return (
        f'<div class="table-scroll" tabindex="0" role="region" aria-label="{escape(caption)}"><table>'
        f"<caption>{escape(caption)}</caption><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )


PARTS: dict[str, Callable[[dict[str, Any], Path], str]] = {
    "summary": summary,
    "data": data,
    "requirements": requirements,
    "notebooks": notebooks,
    "differs": differs,
    "exhibits": exhibits,
}


def connect(app: Sphinx) -> None:
    """Register the directive."""
    app.add_directive("reproduction", Reproduction)
