"""Write the report of a reproduction, as data editors ask for one, in Markdown and HTML.

The committed Markdown is a part of the page *The last reproduction*: addresses below the top of the site begin with
``lb:/``, as everywhere in the book.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from html import escape
from itertools import groupby
from pathlib import Path
from typing import Any

from leadership_effects.data.release import newest_release
from leadership_effects.files import write_whole
from leadership_effects.paths import ROOT, published_folder, reports_folder
from leadership_effects.report.tables import escape_markdown, markdown_table
from leadership_effects.source_lines import code_page, is_listed

TITLE = "Reproduction report"
FAULT_LENGTH = 300  # characters of a difference shown
KINDS = ("number", "figure", "table")
STYLE = """
body { font: 1rem/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; color: #1d2226; }
table { border-collapse: collapse; display: block; overflow-x: auto; margin: 1rem 0; }
th, td { text-align: left; vertical-align: top; padding: .3rem .6rem; border-bottom: 1px solid #ccd0d5; }
code { overflow-wrap: anywhere; }
"""


def markdown_report(outcome: dict[str, Any]) -> str:
    """Return the report of one outcome as `rerun` records it, without a title."""
    sections = {"Data availability": _data, "Computational requirements": _requirements}
    if outcome["status"] != "data":
        sections |= {"Code": _code, "What differs": _differences}
        sections |= {"Figures and tables, with the code that makes each": _exhibits}
    parts = [*_summary(outcome)]
    for title, section in sections.items():
        parts += [f"## {title}", *section(outcome)]
    return "\n\n".join(parts) + "\n"


def classification(outcome: dict[str, Any]) -> str:
    """Return the class of the reproduction in the terms of the social science data editors."""
    if outcome["status"] == "data":
        return "not attempted: the data are not those of the release"
    published = sum(count["published"] for count in outcome["counts"].values())
    same = sum(count["same"] for count in outcome["counts"].values())
    part = ", of the part that was asked for" if outcome["asked"] else ""
    if same == published:
        return f"full reproduction{part}"
    return f"{'partial' if same else 'no'} reproduction{part}"


def _summary(outcome: dict[str, Any]) -> Iterator[str]:
    sentences = [
        f"**{classification(outcome).capitalize()}.** Report of {outcome['date']} on data release {outcome['release']}."
    ]
    if outcome["asked"]:
        sentences.append(f"Asked for: {', '.join(f'`{name}`' for name in outcome['asked'])}.")
    if outcome["altered"]:
        sentences.append("**The data were altered on purpose; this is no reproduction of the release.**")
    yield " ".join(sentences)
    if outcome["status"] != "data":
        counts = (
            (kind, outcome["counts"][kind]["published"], outcome["counts"][kind]["same"]) for kind in KINDS
        )
        rows = [(f"{kind}s", f"{all_:,}", f"{same:,}", f"{all_ - same:,}") for kind, all_, same in counts]
        yield markdown_table(("kind", "published", "Same", "Differs"), rows)
    yield f"{outcome['rule']} {outcome['reason']}"


def _data(outcome: dict[str, Any]) -> Iterator[str]:
    data = outcome["data"]
    frozen = "every file is as it was frozen, and is the one that the published results were computed from"
    checks = {
        "Checksums": (outcome["data_faults"], frozen),
        "Content": (outcome["data_problems"], "the release passes its own checks"),
    }
    for name, (faults, passed) in checks.items():
        if faults:
            yield f"**{name} that do not agree:**"
            yield "\n".join(f"- {escape_markdown(fault)}" for fault in faults)
        else:
            yield f"{name}: {passed}."
    yield (
        f"All data are public and in the repository, `data/{outcome['release']}/`; `sources.csv` there names address, "
        f"licence and manner of reading of each of {data['sources']} sources. {data['third_party']} of them were read "
        f"from somebody's copy and are marked. Checksum of the descriptor: `{data['descriptor']}`."
    )
    files = [
        (f"`{f['path']}`", "" if f["rows"] is None else f"{f['rows']:,}", f"`{f['sha256']}`")
        for f in data["files"]
    ]
    yield _folded(f"The {len(files)} files of the release", ("file", "rows", "SHA-256"), files)
    frequent = sorted(data["licences"].items(), key=lambda item: (-item[1], item[0]))
    licences = [(escape_markdown(name), count) for name, count in frequent]
    yield _folded("Licences of the sources", ("licence", "sources"), licences)


def _requirements(outcome: dict[str, Any]) -> Iterator[str]:
    yield markdown_table(("what", "in this run"), _requirement_rows(outcome))
    apart = outcome["environment"]["apart_from_lock"]
    if apart:
        yield f"**Packages apart from the lock:** {'; '.join(apart)}."
    yield "Attempts to reach a network, made when the run began:"
    yield markdown_table(("attempt", "answer"), outcome["network"]["attempts"])
    packages = outcome["environment"]["main_packages"]
    yield _folded(f"The {len(packages)} main packages", ("package", "version"), packages.items())
    yield "Inference is by enumeration, apart from the places in the code that start a generator of random numbers or set its seed:"
    seeds = [(_code_link(s["file"]), s["line"], f"`{s['code']}`") for s in outcome["random_numbers"]]
    yield _folded(f"The {len(seeds)} places", ("file", "line", "code"), seeds)


def _requirement_rows(outcome: dict[str, Any]) -> list[tuple[str, str]]:
    environment, machine, source = outcome["environment"], outcome["machine"], outcome["source"]
    made = "one that was there before"
    if environment.get("fresh"):
        made = (
            f"made for this run with {environment['installer']} in {environment['install_seconds']} s, "
            "each package checked against its hash"
        )
    apart = len(environment["apart_from_lock"])
    memory = machine["memory_gb"]
    rows = [
        ("Python", environment["python"]),
        ("packages", f"{environment['packages']} in the lock, {apart} apart from it"),
        ("lock file, SHA-256", f"`{environment['lock']}`"),
        ("environment", made),
        ("system", f"{machine['system']}, {machine['architecture']}"),
        ("processor", f"{machine['processor']}, {machine['cores']} cores"),
        ("memory", "not reported by the system" if memory is None else f"{memory} GB"),
        ("network", f"off: {outcome['network']['words']}"),
        ("copy of the code", source.get("words", "")),
        ("digest of the code", f"`{source['code']}`"),
    ]
    if outcome["status"] != "data":
        rows += [
            ("time for the notebooks", f"{outcome['seconds']} s"),
            ("largest process", f"{outcome['largest_process_mb']:.0f} MB"),
        ]
    return [row for row in rows if row[1]]


def _code(outcome: dict[str, Any]) -> Iterator[str]:
    rows = [
        (
            _code_link(n["source"]),
            "not run" if n["seconds"] is None else n["seconds"],
            *(f"{n['counts'][kind]['same']:,} of {n['counts'][kind]['published']:,}" for kind in KINDS),
            f"`{n['sha256'][:16]}…`",
        )
        for n in outcome["notebooks"]
    ]
    yield markdown_table(("notebook", "seconds", *(f"{kind}s Same" for kind in KINDS), "SHA-256"), rows)
    yield (
        "Each number that a notebook records, printed in the text or not, is compared with its interval, printed text, "
        "rows and sources. A run writes a row for each of them to `verdicts.csv`."
    )
    if outcome["errors"]:
        yield "**What stopped a notebook:**"
        yield "\n".join(f"    {line}" for line in outcome["errors"])


def _differences(outcome: dict[str, Any]) -> Iterator[str]:
    rows = [
        (entry["kind"], f"`{entry['key']}`", escape_markdown("; ".join(entry["faults"])[:FAULT_LENGTH]))
        for entry in outcome["differs"]
    ]
    yield markdown_table(("kind", "key", "differs in"), rows) if rows else "Nothing differs."


def _exhibits(outcome: dict[str, Any]) -> Iterator[str]:
    """Yield a folded table for each notebook."""
    sources = {n["name"]: n["source"] for n in outcome["notebooks"]}
    for name, group in groupby(outcome["exhibits"], key=lambda exhibit: exhibit["key"].partition(".")[0]):
        exhibits = list(group)
        source = sources[name]
        page = source.replace("analysis/notebooks/", "book/").removesuffix(".py")
        shown = _displayed(ROOT / f"{page}.ipynb")
        rows = []
        for exhibit in exhibits:
            anchor = f"fig-{exhibit['key'].replace('.', '-', 1)}"
            at = f"#{anchor}" if f'id=\\"{anchor}\\"' in shown else ""
            rows.append(
                (
                    f"`{exhibit['key']}`",
                    f'<a href="lb:/{page}.html{at}">{escape_markdown(exhibit["title"])}</a>',
                    exhibit["kind"],
                    f"{exhibit['rows']:,}",
                    exhibit["line"] or "",
                    "Same" if exhibit["same"] else "**Differs**",
                )
            )
        differing = sum(not exhibit["same"] for exhibit in exhibits)
        summary = f"{source}: {len(exhibits)} figures and tables, {f'{differing} differ' if differing else 'all Same'}"
        yield _folded(summary, ("key", "title", "kind", "rows", "line", "verdict"), rows)


def _displayed(path: Path) -> str:
    """Return the outputs that a notebook's page shows, as JSON."""
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"] if path.is_file() else []
    shown = [cell for cell in cells if "remove-cell" not in cell["metadata"].get("tags", [])]
    return json.dumps([cell.get("outputs", []) for cell in shown])


def _code_link(source: str) -> str:
    """Return a link to the page that lists a source file; its name alone if there is no page."""
    if not is_listed(source) or not (ROOT / source).is_file():
        return f"`{source}`"
    return f'<a href="lb:/code/{code_page(source)}.html">{escape(source)}</a>'


def _folded(summary: str, heads: tuple[str, ...], rows: Any) -> str:
    return f"<details>\n<summary>{escape(summary)}</summary>\n\n{markdown_table(heads, rows)}\n\n</details>"


def html_report(markdown: str) -> str:
    """Return the report as one HTML file; its links lead to the site in the same build folder."""
    from markdown_it import MarkdownIt

    text = f"# {TITLE}\n\n{markdown}".replace("lb:/", "../html/")
    body = MarkdownIt("commonmark").enable("table").render(text)
    head = f'<meta charset="utf-8"><title>{escape(TITLE)}</title><style>{STYLE}</style>'
    return f'<!doctype html>\n<html lang="en"><head>{head}</head>\n<body>\n{body}</body></html>\n'


def write_page(release: str) -> Path:
    """Write the Markdown that the book's page includes from the committed record of a release."""
    record = published_folder(release) / "reproduction" / "reproduction.json"
    outcome = json.loads(record.read_text(encoding="utf-8"))
    return write_whole(reports_folder() / "reproduction.md", markdown_report(outcome))


if __name__ == "__main__":
    print(write_page(newest_release()).relative_to(ROOT))
