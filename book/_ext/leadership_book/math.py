"""Formulas as MathML, written at build time and drawn without JavaScript."""

from html import escape

from docutils import nodes
from latex2mathml.converter import convert
from sphinx.application import Sphinx
from sphinx.locale import _
from sphinx.util import logging
from sphinx.util.math import get_node_equation_number
from sphinx.writers.html5 import HTML5Translator

logger = logging.getLogger(__name__)


def visit_inline(translator: HTML5Translator, node: nodes.math) -> None:
    """Write a formula within a line."""
    translator.body.append(translator.starttag(node, "span", "", CLASS="math"))
    translator.body.append(f"{mathml(node, 'inline')}</span>")
    raise nodes.SkipNode


def visit_block(translator: HTML5Translator, node: nodes.math_block) -> None:
    """Write a displayed formula, with its number if it has one."""
    translator.body.append(translator.starttag(node, "div", "", CLASS="math math-block", tabindex="0"))
    translator.body.append(mathml(node, "block"))
    if node.get("number"):
        number = get_node_equation_number(translator, node)
        translator.body.append(f'<span class="eqno">({number})')
        translator.add_permalink_ref(node, _("Link to this equation"))
        translator.body.append("</span>")
    translator.body.append("</div>\n")
    raise nodes.SkipNode


def mathml(node: nodes.Element, display: str) -> str:
    """Convert a formula, or show its source when it cannot be converted."""
    formula = node.astext().strip()
    try:
        return convert(formula, display=display)
    except Exception as error:
        logger.warning("formula not converted: %r", error, location=node, type="leadership")
        return f"<code>{escape(formula)}</code>"


def connect(app: Sphinx) -> None:
    """Register the renderer under the name ``latex2mathml``."""
    app.add_html_math_renderer("latex2mathml", (visit_inline, None), (visit_block, None))
