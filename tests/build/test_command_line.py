"""The command line refuses notebooks that are not there."""

from __future__ import annotations

from miniature import Tree


def test_the_command_line_refuses_an_unknown_notebook(planted: Tree, tmp_path):
    tree = planted.copy(tmp_path / "tree")
    done = tree.run("build.run", "atlantis")
    assert done.returncode != 0
    assert "no notebook atlantis; there are delhi, huari, synthesis" in done.stderr
    assert not tree.results.exists()


def test_the_command_line_refuses_a_planned_case_without_a_notebook(planted: Tree, tmp_path):
    tree = planted.copy(tmp_path / "tree")
    tree.notebook("delhi").unlink()
    done = tree.run("build.run")
    assert done.returncode != 0
    assert "analysis/notebooks/cases/delhi.py: missing" in done.stderr
    assert "Traceback" not in done.stderr
