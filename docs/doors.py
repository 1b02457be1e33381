"""`python docs/doors.py`: runs the Python of docs/your-model.md and docs/slices.md and keeps the pictures they show.

A page's blocks run in order in a folder of their own; of what they save, the pictures that the page links to are
copied to the folder of its name. Names of pages may be given, as in `python docs/doors.py slices`. The tests run the
same blocks, and hold each picture that they save to the kept one.
"""

from __future__ import annotations

import os
import re
import shutil
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).parent
PAGES = ("your-model", "slices")


def shown(name: str, page: str) -> list[str]:
    """The names of the pictures that the page links to, in order."""
    return re.findall(rf"!\[[^\]]+\]\({name}/([a-z]+\.png)\)", page)


def run(name: str, page: str) -> None:
    """Runs all blocks of Python in one namespace, in the current folder."""
    names: dict[str, object] = {}
    for block in re.findall(r"^```python\n(.*?)^```", page, re.MULTILINE | re.DOTALL):
        exec(compile(block, name, "exec"), names)  # noqa: S102  # what a reader of the page would type


def keep(name: str) -> None:
    """Runs one page and keeps its pictures."""
    page, pictures = (HERE / f"{name}.md").read_text(encoding="utf-8"), HERE / name
    before = Path.cwd()
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        try:
            run(name, page)
        finally:
            os.chdir(before)
        pictures.mkdir(exist_ok=True)
        for picture in shown(name, page):
            shutil.copyfile(Path(folder) / picture, pictures / picture)
            print(pictures / picture)


def main() -> None:
    for name in sys.argv[1:] or PAGES:
        keep(name)


if __name__ == "__main__":
    main()
