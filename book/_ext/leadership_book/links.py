"""Links from numbers and sources to where they are listed."""

from collections.abc import Iterable

from docutils import nodes
from leadership_effects.latin import latin
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util import logging
from sphinx.util.nodes import make_refnode

logger = logging.getLogger(__name__)

TOP = "lb:/"  # the top of the site, made relative when a page is written
PAGES = {"src": "book/bibliography"}  # where a builder without the pages of sources links to
OTHER = "other"


def num_anchor(notebook: str, key: str) -> str:
    """Return the id of a result on the page of its notebook's numbers."""
    return f"num-{notebook}-{key}"


def num_page(notebook: str) -> str:
    """Return the page that lists a notebook's numbers."""
    return f"numbers/{notebook}"


def src_anchor(source_id: str) -> str:
    """Return the id of a source in the list of sources and on its page."""
    return f"src-{source_id}"


def src_page(cited: str) -> str:
    """Return the page of a source, one for each letter with which citations begin.

    Examples
    --------
    >>> src_page("Õpetaja, 2020"), src_page("24hod.sk, n.d.")
    ('sources/o', 'sources/other')
    """
    first = latin(cited[:1])[:1].lower()
    return f"sources/{first if first.isascii() and first.isalpha() else OTHER}"


def src_address(source_id: str, cited: str) -> str:
    """Return the address of a source on its page."""
    return f"{TOP}{src_page(cited)}.html#{src_anchor(source_id)}"


def link(
    env: BuildEnvironment, anchor: str, text: str, title: str, address: str, own: str
) -> addnodes.pending_xref:
    """Return a link to an anchor, resolved when the page is written.

    The site links to an address from its top, other builders to the page that lists the anchor. The link itself is an anchor.
    """
    return addnodes.pending_xref(
        "",
        nodes.inline("", text),
        refdoc=env.docname,
        refdomain="",
        reftype=f"leadership-{anchor.partition('-')[0]}",
        reftarget=anchor,
        reftitle=title,
        refwarn=True,
        address=address,
        ids=[own],
    )


def anchors(env: BuildEnvironment) -> dict[str, str]:
    """Return the page of every listed anchor, kept with the environment."""
    if not hasattr(env, "leadership_anchors"):
        env.leadership_anchors = {}  # type: ignore[attr-defined]
    found: dict[str, str] = env.leadership_anchors  # type: ignore[attr-defined]
    return found


def resolve(
    app: Sphinx, env: BuildEnvironment, node: addnodes.pending_xref, content: nodes.Element
) -> nodes.reference | None:
    """Turn a pending link of this extension into a reference."""
    extension, _, kind = node["reftype"].partition("-")
    if extension != "leadership" or kind not in PAGES:
        return None
    if app.builder.name == "html":
        there = {"refuri": node["address"], "reftitle": node["reftitle"], "internal": True}
        return nodes.reference("", "", content, **there, classes=[kind], ids=node["ids"])
    anchor = node["reftarget"]
    page = anchors(env).get(anchor, PAGES[kind])
    if page not in env.found_docs:
        return None
    if anchor not in anchors(env):
        logger.warning("no page lists #%s", anchor, location=node, type="leadership")
    reference = make_refnode(app.builder, node["refdoc"], page, anchor, content, node["reftitle"])
    reference["classes"].append(kind)
    reference["ids"] += node["ids"]
    return reference


def drop_anchors(app: Sphinx, env: BuildEnvironment, docname: str) -> None:
    """Drop the anchors of a page that is read anew."""
    for anchor in [anchor for anchor, page in anchors(env).items() if page == docname]:
        del anchors(env)[anchor]


def merge(app: Sphinx, env: BuildEnvironment, docnames: Iterable[str], other: BuildEnvironment) -> None:
    """Take over the anchors that a parallel reader found."""
    anchors(env).update(anchors(other))


def connect(app: Sphinx) -> None:
    """Register the event handlers."""
    app.connect("missing-reference", resolve)
    app.connect("env-purge-doc", drop_anchors)
    app.connect("env-merge-info", merge)
