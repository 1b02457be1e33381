"""The explorer as a page that needs no server: written where it is to be opened, or published."""

from __future__ import annotations

from pathlib import Path

from netwarp.errors import NetwarpError
from netwarp.explorer.export import STATIC
from netwarp.explorer.lessons import read_lesson
from netwarp.files import path_of
from netwarp.pages.folder import built

PAGE = "netwarp.html"


def site(out: str | Path, *, lesson: str | Path | None = None) -> tuple[Path, Path]:
    """Writes the page into the folder `out`: netwarp.html, one file to send, and index.html, the same for a folder.

    Both open on the first step of the `lesson` of a JSON file, where one is named, and on the gallery where none is.
    Both or none are there afterwards, and other files in `out` stay. Gives their paths. Errors: NetwarpError.
    """
    target = path_of(out, "site out")
    note = "" if lesson is None else read_lesson(path_of(lesson, "site lesson")).to_note()
    try:
        page = (STATIC / PAGE).read_bytes()
    except FileNotFoundError:
        raise NetwarpError("site: the page is not built; run npm run build in web/") from None
    if note:
        # of the letters, digits, - and _ that addresses have, which HTML has no other use for
        body = b"<body>"
        assert page.count(body) == 1
        page = page.replace(body, f'<body data-lesson="{note}">'.encode())
    with built(target, "out") as folder:
        for name in (PAGE, "index.html"):
            (folder / name).write_bytes(page)
    return target / PAGE, target / "index.html"
