"""`make docs`: draws the README's picture, and turns depth_against_width.py into an executed notebook.

The script, with its cells between `# %%` lines, is what one edits; the notebook is what one reads. The tests hold the
two together and run the cells again.
"""

from __future__ import annotations

import re
from pathlib import Path

import nbformat
from nbclient import NotebookClient

import netwarp as nw

HERE = Path(__file__).parent
SCRIPT = HERE / "depth_against_width.py"
NOTEBOOK = HERE / "depth-against-width.ipynb"
PICTURE = HERE / "hundred-units.png"


def picture() -> nw.Picture:
    """A hundred units in one layer and in ten, ReLU, seed 9."""
    shown = []
    for text in ("conv(100)", "conv(10) * 10"):
        field = nw.Network.draw(nw.parse(text), seed=9).calibrate(nw.Raster(columns=600, rows=400))
        samples = field.sample(field.raster)
        shown.append(nw.paint(samples, nw.Tone.fit(samples, colour="lab")))
    return nw.contact_sheet(shown, ["conv(100): one layer of 100", "conv(10) * 10: ten layers of 10"], columns=2)


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
    done = NotebookClient(
        made, timeout=300, kernel_name="python3", record_timing=False, coalesce_streams=True
    ).execute()
    done.metadata.pop("language_info", None)  # the machine's Python, which is nobody's business
    return done


if __name__ == "__main__":
    nbformat.write(execute(notebook(SCRIPT.read_text())), NOTEBOOK)
    picture().save(PICTURE)
    print(NOTEBOOK, PICTURE, sep="\n")
