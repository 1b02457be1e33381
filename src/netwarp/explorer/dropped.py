"""A model's file that is dropped on the page, of any kind that the command line reads; of others, what they are."""

from __future__ import annotations

from pathlib import Path, PurePath

from netwarp.errors import InputError
from netwarp.explorer.limits import DROP_BYTES, MODEL_BYTES, check_archive
from netwarp.explorer.reading import ARCHIVE, File, Files, pane_of_file
from netwarp.explorer.state import Pane
from netwarp.files import as_file
from netwarp.models.files import Completion
from netwarp.models.sliced import first_slice
from netwarp.network.kinds import ENDINGS, HEAD, READABLE, foreign, kind_of, kind_of_picture, kind_of_text, refused
from netwarp.orders.subject import Subject, is_function, read_subject
from netwarp.picture.carried import CARRIERS

NAMELESS = "dropped.npz"  # the name of what is pasted, and of a file whose own name does not end as a file's does
# the endings of texts that the page itself gives to keep, and of texts that a person writes
TEXTS = {".html", ".json", ".svg", ".txt"}
LARGE = (".nnet", ".csv")  # the endings of texts that may be as large as a model
# the endings of pictures and films of netwarp that may be so too
FILMS = (".exr", ".gif", ".mkv", ".mov", ".mp4", ".tif", ".tiff", ".webm", ".webp")


def is_model(data: bytes, name: str) -> bool:
    """Whether it is read as a model's file, or refused as one: no picture, and no text that the page may have given.

    A text in a file whose name ends as a model's does is none of these, and neither is an empty file.
    """
    if kind_of_picture(data[:HEAD]) in CARRIERS:
        return False
    if data.startswith(ARCHIVE) or b"\0" in data or not _is_text(data):
        return True
    return name != NAMELESS and PurePath(name).suffix.lower() in (ENDINGS - TEXTS if data else ENDINGS)


def refused_text(data: bytes, name: str) -> InputError | None:
    """What is said of a picture or a page that is none of the page's own; None of any other text, and of a PNG."""
    kind = kind_of_picture(data[:HEAD]) or kind_of_text(data[:HEAD], "")
    if kind != "html" and (kind == "png" or kind not in CARRIERS):
        return None
    what = "the text" if kind in ("svg", "html") else "the file"
    return InputError(f"{what}: is {foreign(kind)}") if name == NAMELESS else refused(Path(name), kind)


def most_bytes(head: bytes, name: str) -> int:
    """How many bytes are read of a file with this beginning: more of a model's than of a text or a picture."""
    picture = kind_of_picture(head)
    binary = any(byte < 9 for byte in head) if picture is None else picture not in ("png", "jpeg")
    return MODEL_BYTES if binary or PurePath(name).suffix.lower() in LARGE else DROP_BYTES


def pane_of_model(data: bytes, name: str, files: Files) -> Pane:
    """The Pane of a model's file of this name. Nothing in it is executed, nor unpickled.

    Errors: InputError saying what it is and what would be right; LimitError.
    """
    with as_file(name, data) as path:
        kind = kind_of(path)
        if kind not in READABLE:
            raise refused(path, kind)
        if data.startswith(ARCHIVE):
            check_archive(data)
        subject = _read(path)
    return pane_of_file(File.of_subject(subject), files)


def _read(path: Path) -> Subject:
    subject = read_subject(str(path), Completion(first=first_slice))
    assert subject.network is not None, "a model's file has weights of its own"
    if is_function(subject.network):
        raise InputError(
            f"file {path.name!r}: has operations without an exact form, and the page reads no functions; start it with "
            f"netwarp explore {path.name}"
        )
    return subject


def _is_text(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
