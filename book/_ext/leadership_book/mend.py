"""Mend what other writers leave in a page's HTML: tables without a box, empty heads, roles that lists must not hold."""

import re
from collections import Counter
from html import escape, unescape

NARROW = 3  # tables with more columns than these become one card a row on a phone
EMPTY_HEAD = re.compile(r"<th(?: scope=\"\w+\")?([^>]*)>\s*(?:<p>\s*</p>)?\s*</th>")
EMPTY_CELL = re.compile(r"<td([^>]*)><p>\s*</p></td>")
# docutils writes entries of a role that its list must not hold.
ENTRY_ROLE = 'role="doc-biblioentry"'
TWICE = re.compile(r'href="[^"]*&amp;amp;[^"]*"')  # MyST escapes addresses once too often
TABLE = re.compile(r'<table class="docutils[^"]*">.*?</table>', re.DOTALL)
HEAD = re.compile(r'<th class="head[^"]*">(.*?)</th>', re.DOTALL)
ROW = re.compile(r"<tr[^>]*>.*?</tr>", re.DOTALL)
CELL = re.compile(r"<td( [^>]*)?>(.*?)</td>", re.DOTALL)
REGION = re.compile(r'role="region" aria-label="([^"]*)"')
TAG = re.compile(r"<[^>]+>")


def mend(body: str) -> str:
    """Return a page's HTML with tables in boxes that scroll or fold, and with sound heads and roles."""
    body = body.replace(ENTRY_ROLE, 'role="listitem"')
    body = body.replace("<pre>", '<pre tabindex="0">')  # wide code scrolls, by keyboard too
    body = body.replace('<summary aria-label="Toggle hidden content">', "<summary>")  # its words name it
    body = TWICE.sub(lambda found: found[0].replace("&amp;amp;", "&amp;"), body)
    body = TABLE.sub(lambda found: boxed(found[0]), body)
    body = EMPTY_CELL.sub(r"<td\1></td>", EMPTY_HEAD.sub(r"<td\1></td>", body))
    return told_apart(body)


def told_apart(body: str) -> str:
    """Return a page in which regions of one name are numbered, so that each can be told from the others."""
    seen: Counter[str] = Counter()

    def name(found: re.Match[str]) -> str:
        seen[found[1]] += 1
        number = f" ({seen[found[1]]})" if seen[found[1]] > 1 else ""
        return f'role="region" aria-label="{found[1]}{number}"'

    return REGION.sub(name, body)


def boxed(table: str) -> str:
    """Return a table of the text in a box; the first cell heads its row, each cell names its column."""
    names = [" ".join(unescape(TAG.sub("", head)).split()) for head in HEAD.findall(table)]
    made = ROW.sub(lambda row: labelled(row[0], names), table).replace(
        '<th class="head', '<th scope="col" class="head'
    )
    kind = "table-scroll cards" if len(names) > NARROW else "table-scroll"
    about = escape(f"Table: {', '.join(name for name in names if name)}", quote=True)
    return f'<div class="{kind}" tabindex="0" role="region" aria-label="{about}">{made}</div>'


def labelled(row: str, names: list[str]) -> str:
    """Return a body row whose first cell is a head and whose others carry the name of their column."""
    column = iter(range(len(names) + 1))

    def cell(found: re.Match[str]) -> str:
        place, kept = next(column, len(names)), found[1] or ""
        empty = not TAG.sub("", found[2]).strip()
        if place == 0 and not empty:
            return f'<th scope="row"{kept}>{found[2]}</th>'
        name = names[place] if 0 < place < len(names) else ""
        label = f' data-label="{escape(name, quote=True)}"' if name else ""
        return f"<td{kept}{label}>{'' if empty else found[2]}</td>"

    return CELL.sub(cell, row)
