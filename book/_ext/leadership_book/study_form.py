"""Define the directive ``study-form``, which shows the form that plans a study."""

from pathlib import Path

from docutils import nodes
from docutils.nodes import Node
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from leadership_book.problems import report
from leadership_book.records import UnknownName, records


class StudyForm(SphinxDirective):
    """Place the form; the argument names the result that holds the smallest effect of interest."""

    required_arguments = 1

    def run(self) -> list[Node]:
        """Return the form as HTML, with the table that stands without a script."""
        from leadership_effects.report.explorables import form, study  # loads pandas

        files, name = records(self.env), self.arguments[0]
        for module in (form.__file__, study.__file__, study.ARITHMETIC):
            self.env.note_dependency(str(Path(module)))
        try:
            self.env.note_dependency(str(files.notebook_file(name.partition(".")[0])))
            limit = float(files.result(name)["value"])
        except UnknownName as error:
            report(self.env, self.lineno, str(error))
            return []
        return [nodes.raw("", study.StudyControl(limit).markup(), format="html")]


def connect(app: Sphinx) -> None:
    """Register the directive."""
    app.add_directive("study-form", StudyForm)
