"""What `make docs` makes: the README's picture is still what netwarp draws, the lesson still runs and says the same."""

import nbformat
import numpy as np
import pytest
from PIL import Image

from docs.build import NOTEBOOK, PICTURE, SCRIPT, cells, execute, notebook, picture


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


def test_the_readmes_picture_is_drawn_by_netwarp() -> None:
    stored, drawn = np.asarray(Image.open(PICTURE)), picture().pixels
    above = 400  # the pictures; below them the captions, whose font is the imaging library's
    assert stored.shape == drawn.shape
    assert np.array_equal(stored[:above], drawn[:above]), "run make docs"


@pytest.mark.slow
def test_the_cells_still_run_and_say_the_same(stored: nbformat.NotebookNode) -> None:
    done = execute(notebook(SCRIPT.read_text()))
    assert [words(cell) for cell in done.cells] == [words(cell) for cell in stored.cells], "run make docs"
