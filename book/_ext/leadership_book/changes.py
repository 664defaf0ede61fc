"""The directive ``release-changes``: what changed between the data releases, from the comparisons kept with the results.

Each comparison is a file ``analysis/published/<newer>/changes/<older>.json``, written when the results of the newer
release are locked. The directive prints one section a comparison, the newest first, and computes nothing.
"""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from docutils import nodes
from docutils.nodes import Node
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util.docutils import SphinxDirective

from leadership_book.links import TOP, num_anchor, num_page
from leadership_book.problems import report
from leadership_book.records import UnknownName, read_json, records

# Tiers of a number, the gravest first, in words that follow "of these".
TIERS = {
    "sign": "changed sign",
    "interval": "left the interval printed before",
    "rounding": "moved by more than rounding",
    "below": "moved by less than is printed",
    "same": "stayed the same",
}
MOVED = {
    "unit": "another unit",
    "sign": "sign",
    "interval": "beyond its interval",
    "rounding": "beyond rounding",
    "below": "below rounding",
}
ZERO = {"": "", "left": "; the interval left zero out", "reached": "; the interval reached zero"}
NAMED = {"plan": "analysis plan", "datapackage": "descriptor"}
WIDE = 5  # columns of this width or more hold sentences
QUOTED = 3  # a reason for more changes names rows without quoting what they said


class ReleaseChanges(SphinxDirective):
    """Print every comparison of two releases that is on file."""

    def run(self) -> list[Node]:
        """Return one section for each release that has one before it."""
        root, release = records(self.env).root, records(self.env).release
        found = comparisons(root)
        for path in found:
            self.env.note_dependency(str(path))
        try:
            contents = [read_json(path) for path in found]
            made: list[Node] = [section(self.env, content) for content in contents]
        except (UnknownName, KeyError) as error:
            report(self.env, self.lineno, f"a comparison of releases cannot be read: {error}")
            return []
        if not any(content["after"] == release for content in contents):
            made.insert(0, uncompared(release))
        return made


def comparisons(root: Path) -> list[Path]:
    """Return the files of the comparisons, the newest release first."""
    found = (root / "analysis" / "published").glob("*/changes/*.json")
    return sorted(found, key=lambda path: (numbers(path.parts[-3]), numbers(path.stem)), reverse=True)


def numbers(release: str) -> list[int]:
    """Return the numbers of a release's name, its sorting key."""
    return [int(part) for part in release.split(".") if part.isdigit()]


def uncompared(release: str) -> nodes.section:
    """Return the section of a release whose results are not locked yet."""
    said = "The results of this release are not locked yet; it is compared with the one before when they are."
    return titled(f"Release {release}", anchor(release), [nodes.paragraph("", said)])


def section(env: BuildEnvironment, content: dict[str, Any]) -> nodes.section:
    """Return the section of one comparison."""
    base = anchor(content["after"])
    parts: list[Node] = [nodes.paragraph("", sentence) for sentence in summary(content)]
    parts.append(titled("What changed in the data, and why", f"{base}-reasons", reasons(content)))
    if "numbers" in content:
        parts.append(titled("Numbers that moved", f"{base}-numbers", moved(env, content)))
        parts.append(titled("Verdicts and other words", f"{base}-verdicts", verdicts(env, content)))
    return titled(f"From {content['before']} to {content['after']}", base, parts)


def anchor(release: str) -> str:
    """Return the id of a release's section."""
    return f"release-{release.replace('.', '-')}"


def titled(title: str, name: str, parts: Iterable[Node]) -> nodes.section:
    """Return a section with a heading."""
    return nodes.section("", nodes.title("", title), *parts, ids=[name], names=[name])


def summary(content: dict[str, Any]) -> list[str]:
    """Return what changed in a few sentences, every count from the comparison."""
    tables = [entry for entry in content["tables"] if entry["table"] not in NAMED]
    rows = {kind: sum(entry[kind] for entry in tables) for kind in ("added", "removed", "changed")}
    said = [
        f"In the tables, rows added: {rows['added']:,}, removed: {rows['removed']:,}, "
        f"changed: {rows['changed']:,}."
    ]
    if "numbers" in content:
        counts = content["numbers"]
        tiers = ", ".join(f"{counts[name]:,} {words}" for name, words in TIERS.items())
        other = f", {counts['unit']:,} changed unit" if counts["unit"] else ""
        said.append(
            f"{counts['both']:,} numbers are printed by both releases. Of these {tiers}{other}. Of "
            f"{content['words']:,} results in words that both print, {len(content['verdicts']):,} changed. "
            f"{sum(counts['added'].values()):,} numbers are printed for the first time and "
            f"{sum(counts['removed'].values()):,} are printed no longer."
        )
    return said


def reasons(content: dict[str, Any]) -> list[Node]:
    """Return the reasons with what each speaks for."""
    if not content["reasons"]:
        return [nodes.paragraph("", "Nothing changed.")]
    body = [
        (
            cell(entry["reason"]),
            cell(NAMED.get(entry["table"], entry["table"])),
            nodes.entry("", *(nodes.paragraph("", line) for line in told(entry))),
            cell(f"{entry['changes']:,}"),
        )
        for entry in content["reasons"]
    ]
    return [table(("Reason", "Table", "What", "Changes"), (6, 2, 6, 1), body)]


def told(entry: dict[str, Any]) -> list[str]:
    """Return what a reason speaks for, a line each; few cells are quoted, many are named."""
    shown = entry["shown"]
    if entry["changes"] <= QUOTED:
        return [quoted(change) for change in shown]
    names = ", ".join(dict.fromkeys(name(change) for change in shown))
    more = entry["changes"] - len(shown)
    return [f"{names} and {more:,} more" if more else names]


def name(change: dict[str, str]) -> str:
    """Return a change in the fewest words."""
    kind = "" if change["kind"] == "changed" else change["kind"]
    return " ".join(filter(None, (kind, change["key"], change["column"]))) or "changed"


def quoted(change: dict[str, str]) -> str:
    """Return a change with what stood and what stands."""
    if change["kind"] != "changed" or not (change["before"] or change["after"]):
        return name(change)
    before, after = (f"“{change[side]}”" if change[side] else "blank" for side in ("before", "after"))
    return f"{name(change)}: {before} became {after}"


def moved(env: BuildEnvironment, content: dict[str, Any]) -> list[Node]:
    """Return the numbers that moved, the gravest first."""
    if not content["moved"]:
        return [nodes.paragraph("", "None.")]
    body = [
        (
            key(env, content, move["key"]),
            cell(move["before"]),
            cell(move["after"]),
            cell(MOVED[move["tier"]] + ZERO[move["zero"]]),
            cell(move["meaning"]),
        )
        for move in content["moved"]
    ]
    return [table(("Number", "Before", "After", "Moved", "What it is"), (4, 3, 3, 2, 5), body)]


def verdicts(env: BuildEnvironment, content: dict[str, Any]) -> list[Node]:
    """Return the results in words that changed."""
    if not content["verdicts"]:
        return [nodes.paragraph("", "None changed.")]
    body = [
        (
            key(env, content, verdict["key"]),
            cell(verdict["before"]),
            cell(verdict["after"]),
            cell(verdict["meaning"]),
        )
        for verdict in content["verdicts"]
    ]
    return [table(("Result", "Before", "After", "What it is"), (4, 4, 4, 5), body)]


def key(env: BuildEnvironment, content: dict[str, Any], full: str) -> nodes.entry:
    """Return the key of a result, linked to its entry where the book prints it."""
    notebook, _, short = full.partition(".")
    written: Node = nodes.literal(full, full)
    if content["after"] == records(env).release:
        try:
            records(env).result(full)
        except UnknownName:
            return nodes.entry("", nodes.paragraph("", "", written))
        written = nodes.reference(
            "",
            "",
            written,
            refuri=f"{TOP}{num_page(notebook)}.html#{num_anchor(notebook, short)}",
            internal=True,
        )
    return nodes.entry("", nodes.paragraph("", "", written))


def cell(text: str) -> nodes.entry:
    """Return a cell that holds one paragraph of text."""
    return nodes.entry("", nodes.paragraph("", text))


def table(heads: Sequence[str], widths: Sequence[int], rows: Iterable[Iterable[nodes.entry]]) -> nodes.table:
    """Return a table; columns of sentences keep their width on a screen."""
    columns = [nodes.colspec(colwidth=width) for width in widths]
    head = nodes.thead("", nodes.row("", *map(cell, heads)))
    for entry, width in zip(head.findall(nodes.entry), widths, strict=True):
        entry["classes"] += ["sentences"] if width >= WIDE else []
    body = nodes.tbody("", *(nodes.row("", *cells) for cells in rows))
    return nodes.table(
        "", nodes.tgroup("", *columns, head, body, cols=len(heads)), classes=["colwidths-auto"]
    )


def connect(app: Sphinx) -> None:
    """Register the directive."""
    app.add_directive("release-changes", ReleaseChanges)
