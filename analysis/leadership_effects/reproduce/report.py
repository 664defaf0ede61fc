"""The report of a reproduction, in the form in which a data editor asks for one; Markdown, and the same as one HTML file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from html import escape
from typing import Any

TITLE = "Reproduction report"
NOTHING = "Nothing differs."
LONG = 300  # characters of a difference shown
STYLE = """
body { font: 1rem/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; color: #1d2226; }
table { border-collapse: collapse; display: block; overflow-x: auto; margin: 1rem 0; }
th, td { text-align: left; vertical-align: top; padding: .3rem .6rem; border-bottom: 1px solid #ccd0d5; }
code { overflow-wrap: anywhere; }
"""


def markdown_report(outcome: dict[str, Any]) -> str:
    """The report of one outcome as `replay` records it."""
    parts = [
        f"# {TITLE}: data release {outcome['release']}",
        "## Summary", *_summary(outcome),
        "## Data availability", *_data(outcome),
        "## Computational requirements", *_requirements(outcome),
    ]  # fmt: skip
    if outcome["status"] != "data":
        parts += [
            "## Code", *_code(outcome),
            "## Statement of what differs", *_differs(outcome),
            "## Figures and tables, with the code that makes each", *_exhibits(outcome),
            "## Numbers in the text", *_numbers(outcome),
        ]  # fmt: skip
    return "\n\n".join(parts) + "\n"


def classification(outcome: dict[str, Any]) -> str:
    """Class of the reproduction in the words of the social science data editors."""
    if outcome["status"] == "data":
        return "not attempted: the data are not those of the release"
    published = sum(count["published"] for count in outcome["counts"].values())
    same = sum(count["same"] for count in outcome["counts"].values())
    part = ", of the part that was asked for" if outcome["asked"] else ""
    if same == published:
        return f"full reproduction{part}"
    return f"{'partial' if same else 'no'} reproduction{part}"


def _summary(outcome: dict[str, Any]) -> Iterator[str]:
    lines = [f"**{classification(outcome).capitalize()}.** {outcome['date']}."]
    if outcome["asked"]:
        lines.append(f"Asked for: {', '.join(f'`{name}`' for name in outcome['asked'])}.")
    if outcome["altered"]:
        lines.append(
            "**The data were said to be altered on purpose; this is no reproduction of the release.**"
        )
    yield " ".join(lines)
    if outcome["status"] != "data":
        yield _table(("", "published", "Same", "Differs"), _count_rows(outcome["counts"]))
    yield f"{outcome['rule']} {outcome['reason']}"


def _count_rows(counts: dict[str, dict[str, int]]) -> list[tuple[Any, ...]]:
    return [
        (f"{kind}s", f"{c['published']:,}", f"{c['same']:,}", f"{c['published'] - c['same']:,}")
        for kind, c in counts.items()
    ]


def _data(outcome: dict[str, Any]) -> Iterator[str]:
    data = outcome["data"]
    for words, faults in (("Checksums", outcome["data_faults"]), ("Content", outcome["data_problems"])):
        if faults:
            yield f"**{words} that do not agree:**"
            yield "\n".join(f"- {_cell(fault)}" for fault in faults)
        else:
            told = (
                "every file is as frozen, and is the one that the published results were computed from"
                if words == "Checksums"
                else "the release passes its own checks"
            )
            yield f"{words}: {told}."
    yield (
        f"All data are public and in the repository, `data/{outcome['release']}/`; `sources.csv` there names address, "
        f"licence and manner of reading of each of {data['sources']} sources. {data['third_party']} of them were read "
        f"from somebody's copy and are marked. Checksum of the descriptor: `{data['descriptor']}`."
    )
    rows = [
        (f"`{f['path']}`", "" if f["rows"] is None else f"{f['rows']:,}", f"`{f['sha256']}`")
        for f in data["files"]
    ]
    yield _table(("file", "rows", "SHA-256"), rows)
    yield _table(("licence of the source", "sources"), data["licences"].items())


def _requirements(outcome: dict[str, Any]) -> Iterator[str]:
    yield _table(("", ""), requirement_rows(outcome))
    yield "Attempts to reach a network, made when the run began:"
    yield _table(("attempt", "answer"), outcome["network"]["attempts"])
    apart = outcome["environment"]["apart_from_lock"]
    if apart:
        yield f"**Packages apart from the lock:** {'; '.join(apart)}."
    main = outcome["environment"]["main_packages"]
    yield _table(("package", "version"), main.items())
    yield "Random numbers: each place that starts a generator and each that sets a seed. All other inference is enumerated."
    seeds = [(f"`{s['file']}`", s["line"], f"`{s['code']}`") for s in outcome["random_numbers"]]
    yield _table(("file", "line", "code"), seeds)


def requirement_rows(outcome: dict[str, Any]) -> list[tuple[str, str]]:
    """Label and value of environment, machine, network, code and times."""
    environment, machine, source = outcome["environment"], outcome["machine"], outcome["source"]
    fresh = environment.get("fresh")
    rows = [
        ("Python", environment["python"]),
        (
            "packages",
            f"{environment['packages']} in the lock, {len(environment['apart_from_lock'])} apart from it",
        ),
        ("lock file", f"`{environment['lock']}`"),
        (
            "environment",
            f"made for this run with {environment['installer']} in {environment['install_seconds']} s, "
            "each package checked against its hash"
            if fresh
            else "one that was there before",
        ),
        ("system", f"{machine['system']}, {machine['architecture']}"),
        ("processor", f"{machine['processor']}, {machine['cores']} cores"),
        (
            "memory",
            "not told by the system" if machine["memory_gb"] is None else f"{machine['memory_gb']} GB",
        ),
        ("network", outcome["network"]["words"]),
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
        (f"`{n['source']}`", "" if n["seconds"] is None else n["seconds"], f"`{n['sha256']}`")
        for n in outcome["notebooks"]
    ]
    yield _table(("notebook", "seconds", "SHA-256"), rows)
    if outcome["errors"]:
        yield "**What stopped a notebook:**"
        yield "\n".join(f"    {line}" for line in outcome["errors"])


def _differs(outcome: dict[str, Any]) -> Iterator[str]:
    if not outcome["differs"]:
        yield NOTHING
        return
    rows = [
        (entry["kind"], f"`{entry['key']}`", _cell("; ".join(entry["faults"])[:LONG]))
        for entry in outcome["differs"]
    ]
    yield _table(("", "key", "differs in"), rows)


def _exhibits(outcome: dict[str, Any]) -> Iterator[str]:
    sources = {n["name"]: n["source"] for n in outcome["notebooks"]}
    rows = [
        (
            e["kind"], f"`{e['key']}`", _cell(e["title"]), e["rows"],
            f"`{sources[e['key'].partition('.')[0]]}`{', line ' + str(e['line']) if e['line'] else ''}",
            "Same" if e["same"] else "**Differs**",
        )
        for e in outcome["exhibits"]
    ]  # fmt: skip
    yield _table(("", "key", "title", "rows", "code", "verdict"), rows)


def _numbers(outcome: dict[str, Any]) -> Iterator[str]:
    yield (
        "Each number recorded by a notebook, printed in the text or not, is compared with its interval, printed text, "
        "rows and sources. A run writes a row for each of them to `verdicts.csv`."
    )
    rows = []
    for n in outcome["notebooks"]:
        count = n["counts"]["number"]
        rows.append((f"`{n['source']}`", f"{count['published']:,}", f"{count['same']:,}"))
    yield _table(("notebook", "numbers", "Same"), rows)


def _table(head: Iterable[Any], rows: Iterable[Iterable[Any]]) -> str:
    lines = [list(map(str, head)), *(list(map(str, row)) for row in rows)]
    rule = f"|{'---|' * len(lines[0])}"
    shown = [f"| {' | '.join(line)} |" for line in lines]
    return "\n".join([shown[0], rule, *shown[1:]])


def _cell(text: str) -> str:
    """Words that may stand in a table: no pipe, no line break, nothing that Markdown reads."""
    plain = " ".join(text.split())
    for mark in "\\|*_`<[":
        plain = plain.replace(mark, f"\\{mark}")
    return plain


def html_report(markdown: str) -> str:
    """The report as one HTML file that needs nothing else."""
    from markdown_it import MarkdownIt

    body = MarkdownIt("commonmark").enable("table").render(markdown)
    head = f'<meta charset="utf-8"><title>{escape(TITLE)}</title><style>{STYLE}</style>'
    return f'<!doctype html>\n<html lang="en"><head>{head}</head>\n<body>\n{body}</body></html>\n'
