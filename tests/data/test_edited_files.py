"""Each CSV file that people edit is read as spreadsheets save it, and refused by row and column, in one way."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from leadership_effects.cases.worksheets import read_worksheet, schema_of
from leadership_effects.data.checks.lines import table_lines
from leadership_effects.data.release import open_release
from leadership_effects.data.rows import edited_tables, read_rows, save_plainly, table_text
from leadership_effects.data.validation import check_release
from leadership_effects.errors import LeadershipError
from leadership_effects.releases.changes import read_reasons
from leadership_effects.releases.draft import draft_release
from leadership_effects.releases.figures import COLUMNS, figures_path, unanswered_figures
from leadership_effects.renamed_keys import renamed_file, renamed_keys
from miniature import SmallRelease

Read = Callable[[], tuple[object, str]]
NEXT = "2099.2"


def told(call: Callable[[], object]) -> tuple[object, str]:
    try:
        return call(), ""
    except LeadershipError as error:
        return None, str(error)


def worksheet(small: SmallRelease, root: Path) -> tuple[Path, Read]:
    path = root / "data" / "worksheets" / "huari" / "sources.csv"
    path.parent.mkdir(parents=True)
    shutil.copy(small.path("sources.csv"), path)
    schema = schema_of(small.open(), "sources")
    return path, lambda: told(lambda: [row.cells for row in read_worksheet(path, schema).rows])


def table_of_a_draft(small: SmallRelease, root: Path) -> tuple[Path, Read]:
    def read() -> tuple[object, str]:
        draft = open_release(NEXT, root / "data")
        save_plainly(draft)
        if all(plain for _, _, plain in edited_tables(draft)):
            return read_rows(draft, "sources"), ""
        return None, "\n".join(map(str, check_release(NEXT, root / "data")))

    return draft_release(NEXT, root) / "sources.csv", read


def unsaved(small: SmallRelease, root: Path) -> tuple[Path, Read]:
    """A table of a draft that no command saved anew, by every way in which commands read one."""

    def read() -> tuple[object, str]:
        draft = open_release(NEXT, root / "data")
        return told(lambda: (
            read_rows(draft, "sources"), draft.table("sources").to_dict("records"), table_text(draft, "sources"),
            [line.cells for line in table_lines(draft, "sources")],
        ))  # fmt: skip

    return draft_release(NEXT, root) / "sources.csv", read


def changes(small: SmallRelease, root: Path) -> tuple[Path, Read]:
    path = root / "changes.csv"
    rows = 'sources,changed,S_ONE,title,"Misread, by a hand."\nsources,changed,S_TWO,year,\u201cWhy\u201d\n'
    path.write_text(f"table,change,key,column,reason\n{rows}", encoding="utf-8")

    def read() -> tuple[object, str]:
        reasons, problems = read_reasons(path, ["sources"])
        return (None, "\n".join(map(str, problems))) if problems else (reasons, "")

    return path, read


def answers(small: SmallRelease, root: Path) -> tuple[Path, Read]:
    path = figures_path(small.name, root / "data")
    path.parent.mkdir()
    keys = ["/".join(list(row.values())[:3]) for row in read_rows(small.open(), "outcomes-delhi")[:2]]
    rows = [f'{key},value,corrected,S_ONE,"page 3, line 4",\n' for key in keys]
    path.write_text(",".join(COLUMNS) + "\n" + "".join(rows), encoding="utf-8")

    def read() -> tuple[object, str]:
        problems = unanswered_figures(small.open(), [])
        return (None, "\n".join(map(str, problems))) if problems else (True, "")

    return path, read


def keys(small: SmallRelease, root: Path) -> tuple[Path, Read]:
    path = renamed_file(root)
    path.parent.mkdir(parents=True)
    path.write_text('release,old,new\n2099.1,a.b,"a,c"\n2099.1,a.d,a.e\n', encoding="utf-8")
    return path, lambda: told(lambda: renamed_keys(root))


FILES = (worksheet, table_of_a_draft, unsaved, changes, answers, keys)


def rows_of(raw: bytes) -> list[bytes]:
    return raw.splitlines()


def every_row(end: bytes) -> Callable[[bytes], bytes]:
    return lambda raw: b"\n".join(row + end for row in rows_of(raw)) + b"\n"


def last_row(change: Callable[[bytes], bytes]) -> Callable[[bytes], bytes]:
    return lambda raw: b"\n".join([*rows_of(raw)[:-1], change(rows_of(raw)[-1])]) + b"\n"


def separated(sign: str) -> Callable[[bytes], bytes]:
    """Write with another separator, as a spreadsheet does; cells that hold a comma are in quotes."""

    def write(raw: bytes) -> bytes:
        import csv
        import io

        stream = io.StringIO(newline="")
        csv.writer(stream, delimiter=sign).writerows(csv.reader(io.StringIO(raw.decode())))
        return stream.getvalue().encode()

    return write


HARMLESS: dict[str, Callable[[bytes], bytes]] = {
    "mark": lambda raw: b"\xef\xbb\xbf" + raw,
    "UTF-16": lambda raw: raw.decode().encode("utf-16"),
    "Windows line ends": lambda raw: raw.replace(b"\n", b"\r\n"),
    "old line ends": lambda raw: raw.replace(b"\n", b"\r"),
    "no line end": lambda raw: raw.rstrip(b"\n"),
    "blank lines": lambda raw: raw + b"\n\n",
    "rows of separators": lambda raw: raw + b",,,\n",
    "semicolons": separated(";"),
    "tabs": separated("\t"),
    "short row": last_row(lambda row: row.rstrip(b",")),
    "empty columns": every_row(b",,"),
    "named by a program": lambda raw: every_row(b",")(raw).replace(b",\n", b",Unnamed: 9\n", 1),
    "blanks": last_row(lambda row: b" " + row.replace(b",", b" ,\xc2\xa0", 1)),
}
REFUSED: dict[str, tuple[Callable[[bytes], bytes], str]] = {
    "Latin-1": (last_row(lambda row: row.replace(b",", b"\xe9,", 1)), "row 3: not UTF-8"),
    "UTF-16 without a mark": (lambda raw: raw.decode().encode("utf-16-le"), "zero bytes"),
    "letters of another encoding": (last_row(lambda row: row.replace(b",", "\u00c3\u00a9,".encode(), 1)), "row 3, column"),
    "open quote": (last_row(lambda row: row + b',"'), "a quote is open since row 3"),
    "break in a cell": (lambda raw: raw + b'"two\nlines"\n', "a quote is open since row 4"),
    "column with content": (last_row(lambda row: row + b",,,,,,,,,,x"), "allowed:"),
    "unnamed column with content": (lambda raw: last_row(lambda row: row + b"x")(every_row(b",")(raw)), "in a column without a name"),
    "renamed column": (lambda raw: raw.replace(b",", b"_id,", 1), "row 1, column"),
    "no header": (lambda raw: raw.partition(b"\n")[2], "row 1"),
    "spreadsheet error": (last_row(lambda row: row.replace(b",", b"\n#REF!,", 1)), "row 4, column"),
}  # fmt: skip


@pytest.mark.parametrize("kind", FILES, ids=lambda kind: kind.__name__)
def test_what_cannot_be_misread_is_read_alike(kind, small: SmallRelease, tmp_path: Path) -> None:
    path, read = kind(small, tmp_path)
    plain = path.read_bytes()
    wanted = read()
    assert wanted[1] == ""
    different = {}
    for name, spoil in HARMLESS.items():
        path.write_bytes(spoil(plain))
        if (found := read()) != wanted:
            different[name] = found
    assert different == {}


@pytest.mark.parametrize("kind", FILES, ids=lambda kind: kind.__name__)
def test_what_could_be_misread_is_refused_by_row(kind, small: SmallRelease, tmp_path: Path) -> None:
    path, read = kind(small, tmp_path)
    plain = path.read_bytes()
    unsaid = {}
    for name, (spoil, said) in REFUSED.items():
        path.write_bytes(spoil(plain))
        message = read()[1]
        if said not in message or path.name not in message:
            unsaid[name] = message
    assert unsaid == {}


def test_decimal_commas_are_read_beside_semicolons_and_refused_where_a_point_may_part_thousands() -> None:
    from leadership_effects.csv_files import read_csv

    columns = {"name": "string", "value": "number"}
    assert [row["value"] for row in read_csv(b"name;value\na;1,5\nb;2.25\n", columns).cells] == [
        "1.5",
        "2.25",
    ]
    (fault,) = read_csv(b"name;value\na;1,5\nb;1.234\n", columns).faults
    assert (fault.row, fault.column) == (3, "value") and "thousands" in fault.message
    assert read_csv(b'name,value\na,"1,5"\n', columns).cells[0]["value"] == "1,5", (
        "left to the check of types"
    )
