"""The lesson in docs/: the notebook is the script's, and its cells still run and still print what it shows."""

import nbformat
import pytest

from docs.lesson import NOTEBOOK, SCRIPT, cells, execute, notebook


def words(cell: nbformat.NotebookNode) -> list[str]:
    """What a cell prints or returns as text; pictures are not compared."""
    return [output.get("text") or output["data"].get("text/plain", "") for output in cell.get("outputs", [])]


@pytest.fixture(scope="module")
def stored() -> nbformat.NotebookNode:
    return nbformat.read(NOTEBOOK, as_version=4)


def test_a_script_is_cut_into_cells() -> None:
    script = "# %% [markdown]\n# # Title\n#\n# words\n\n# %%\nx = 1  # a remark\n\n\n# %%\nx\n"
    assert cells(script) == [("markdown", "# Title\n\nwords"), ("code", "x = 1  # a remark"), ("code", "x")]


def test_the_lesson_has_ten_cells_of_code(stored: nbformat.NotebookNode) -> None:
    assert sum(cell.cell_type == "code" for cell in stored.cells) == 10


def test_the_notebook_is_the_scripts(stored: nbformat.NotebookNode) -> None:
    told = [(cell.cell_type, cell.source) for cell in stored.cells]
    assert told == cells(SCRIPT.read_text()), "run make docs"
    assert all(cell.outputs for cell in stored.cells if cell.cell_type == "code")


@pytest.mark.slow
def test_the_cells_still_run_and_say_the_same(stored: nbformat.NotebookNode) -> None:
    done = execute(notebook(SCRIPT.read_text()))
    assert [words(cell) for cell in done.cells] == [words(cell) for cell in stored.cells], "run make docs"
