"""`make docs`: turns depth_against_width.py (cells between `# %%` lines) into an executed notebook.

The script is what one edits; the notebook is what one reads. The tests hold the two together and run the cells again.
"""

from __future__ import annotations

import re
from pathlib import Path

import nbformat
from nbclient import NotebookClient

HERE = Path(__file__).parent
SCRIPT = HERE / "depth_against_width.py"
NOTEBOOK = HERE / "depth-against-width.ipynb"


def cells(script: str) -> list[tuple[str, str]]:
    """("markdown" or "code", its source) of every cell, in order."""
    found = []
    for head, body in re.findall(r"^# %%(.*)\n((?:(?!# %%).*\n?)*)", script, re.MULTILINE):
        kind = "markdown" if "[markdown]" in head else "code"
        if kind == "markdown":
            body = re.sub(r"^# ?", "", body, flags=re.MULTILINE)
        found.append((kind, body.strip()))
    return found


def notebook(script: str) -> nbformat.NotebookNode:
    """The notebook of a script, not executed. Cells are numbered, so that the same script gives the same file."""
    made = nbformat.v4.new_notebook()
    made.metadata["kernelspec"] = {"display_name": "Python 3", "language": "python", "name": "python3"}
    for number, (kind, source) in enumerate(cells(script)):
        new = nbformat.v4.new_markdown_cell if kind == "markdown" else nbformat.v4.new_code_cell
        made.cells.append(new(source, id=f"cell-{number}"))
    return made


def execute(made: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """The same notebook with its outputs. Errors: nbclient's CellExecutionError, with the cell and its traceback."""
    done = NotebookClient(made, timeout=300, kernel_name="python3", record_timing=False).execute()
    done.metadata.pop("language_info", None)  # the machine's Python, which is nobody's business
    return done


if __name__ == "__main__":
    nbformat.write(execute(notebook(SCRIPT.read_text())), NOTEBOOK)
    print(NOTEBOOK)
