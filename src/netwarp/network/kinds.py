"""What a file is, by its content: the kinds that are read, and what is said of the others. Nothing is executed."""

from __future__ import annotations

import re
import zipfile
import zlib
from pathlib import Path
from typing import Final

from netwarp.errors import InputError
from netwarp.network.converting import PICKLED, converted

# names that end so mean a file, also where none is there
_NAMES = (
    "apng csv exr gif h5 hdf5 html joblib jpeg jpg json keras mkv mov mp4 nnet npy npz onnx pdf pickle pkl png pt pt2 "
    "pth safetensors svg tif tiff txt webm webp zip"
)
ENDINGS: Final = frozenset(f".{ending}" for ending in _NAMES.split(" "))
HEAD = 4096  # bytes that tell the kind
_ENTRIES = 10_000

_PICTURES: Final = (
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"\xff\xd8\xff", "jpeg"),
    (b"GIF8", "gif"),
    # TIFF and BigTIFF, of either order of bytes
    (b"II*\0", "tiff"),
    (b"MM\0*", "tiff"),
    (b"II+\0", "tiff"),
    (b"MM\0+", "tiff"),
    (b"\x76\x2f\x31\x01", "exr"),
    (b"\x1a\x45\xdf\xa3", "video"),
)
# what stands behind the length of the first box of an MP4 or a MOV
_BOXES: Final = (b"ftyp", b"wide", b"mdat", b"moov", b"free")
_MAGIC: Final = (
    (b"%PDF", "pdf"),
    (b"\x89HDF\r\n\x1a\n", "hdf5"),
    (b"\x93NUMPY", "npy"),
    (b"\x80\x02\x8a\nl\xfc\x9cF\xf9 j\xa8P\x19", "torch"),  # how PyTorch wrote before version 1.6
)
# what a pickle begins with, from protocol 2 on; a compressed one is told by its first bytes inflated
_PICKLE = re.compile(rb"\x80[\x02-\x05]")

# kind -> what it is; of PICKLED ones `converted` tells more
_FOREIGN: Final = {
    "png": "a PNG image, not a model; netwarp draw and nw.draw draw one of netwarp's again",
    "jpeg": "a JPEG image, not a model; only a PNG that netwarp drew says what it was drawn from",
    "gif": "a GIF image, not a model; netwarp film and netwarp draw draw one of netwarp's again",
    "webp": "a WebP image, not a model; netwarp film and netwarp draw draw one of netwarp's again",
    "video": "a video, not a model; netwarp film and netwarp draw draw one of netwarp's again",
    "tiff": "a TIFF image, not a model; netwarp draw and netwarp poster draw one of netwarp's again",
    "exr": "an EXR image, not a model; netwarp draw and netwarp poster draw one of netwarp's again",
    "svg": "an SVG image, not a model; netwarp draw and netwarp decision draw those of netwarp again",
    "pdf": "a PDF document, not a model",
    "html": "a page of HTML, not a model",
    "csv": "a table of numbers, not a model; points of a data set are given by --data, beside the model's file",
    "json": "a JSON text, not a model",
    "text": "a text, not a model",
    "npy": "a single array, not a model; save all layers in one file, numpy.savez(file, W0=..., b0=..., W1=...)",
    "cut pt2": "an archive of torch.export that is cut short or damaged; copy it again, or write it with "
    "torch.export.save",
    "cut torch": "a file of PyTorch that is cut short or damaged; copy it again, or write it with torch.save",
    "zip": "a ZIP archive of other files, not a model",
    "folder": "a folder, not a file",
    "empty": "empty",
    "unknown": "of no kind that is known",
}
# kinds that are read, but whose files are no archives of arrays
_OTHERS: Final = {
    "onnx": "an ONNX file",
    "pt2": "an archive of torch.export",
    "safetensors": "a safetensors file",
    "nnet": "an NNET file",
}
# kinds PICKLED, where no lines that convert them are wanted
_PICKLES: Final = {
    "torch": "a file of PyTorch",
    "script": "an archive of TorchScript",
    "pickle": "pickled Python, which is never loaded",
    "joblib": "a file of joblib",
    "keras": "a Keras file",
    "hdf5": "an HDF5 file",
}
# kinds whose content says more than that it is no archive of arrays
TOLD: Final = (_FOREIGN.keys() | set(PICKLED)) - {"zip", "folder", "empty", "unknown", "text"}
READABLE: Final = frozenset({"npz", *_OTHERS})
READ: Final = "an NPZ, ONNX, PT2, safetensors or NNET file is read"


def kind_of(path: Path) -> str:
    """The kind of a file: "npz", "png", "onnx", "pt2", "safetensors", "nnet", or one that `refused` tells of.

    Errors: InputError where it is not there or cannot be read.
    """
    if path.is_dir():
        return "folder"
    try:
        with path.open("rb") as file:
            head = file.read(HEAD)
        size = path.stat().st_size
    except FileNotFoundError as error:
        raise InputError(f"file {str(path)!r}: no such file") from error
    except OSError as error:
        raise InputError(f"file {str(path)!r}: cannot be read ({error.strerror or error})") from error
    if not head:
        return "empty"
    if head.startswith((b"PK\3\4", b"PK\5\6")):
        return _of_archive(path, head)
    for magic, kind in _MAGIC:
        if head.startswith(magic):
            return kind
    if (picture := kind_of_picture(head)) is not None:
        return picture
    if head[8:9] == b"{" and 2 <= int.from_bytes(head[:8], "little") <= size - 8:
        return "safetensors"
    if (pickled := _pickled(head)) is not None:
        return pickled
    # a model's protocol buffer begins with its version, field 1, and goes on with another of its fields
    if head[:1] == b"\x08" and len(head) > 2 and head[1] < 0x40 and head[2] in b"\x12\x1a\x22\x28\x32\x3a\x42":
        return "onnx"
    return kind_of_text(head, path.suffix.lower())


def kind_of_picture(head: bytes) -> str | None:
    """The kind of a picture or a film by its first bytes; None of what is none, and of an SVG, which is a text."""
    for magic, kind in _PICTURES:
        if head.startswith(magic):
            return kind
    if head[4:8] in _BOXES:
        return "video"
    return "webp" if head.startswith(b"RIFF") and head[8:12] == b"WEBP" else None


def refused(path: Path, kind: str) -> InputError:
    """What is said of a file of a kind that is not read: what it is, and what would be right."""
    if kind in PICKLED:
        return InputError(f"file {str(path)!r}: is {converted(path, kind)}")
    return InputError(f"file {str(path)!r}: is {foreign(kind)}")


def foreign(kind: str) -> str:
    """What a file of a kind that is not read is, but for those of PICKLED, and what is read."""
    return f"{_FOREIGN[kind]}; {READ}"


def named(kind: str) -> str:
    """What a file of a kind is, as "a JPEG image"."""
    known = {**_FOREIGN, **_PICKLES, **_OTHERS, "npz": "an NPZ file"}[kind]
    return known.partition(";")[0].partition(", not a model")[0]


def check_npz(path: Path) -> None:
    """Errors: InputError for a file of another kind: what it is, and what reads it."""
    kind = kind_of(path)
    if kind in _OTHERS:
        raise InputError(
            f"file {str(path)!r}: is {_OTHERS[kind]}, no NPZ file; nw.field({str(path)!r}).network is its network, and "
            "nw.draw, nw.decision and the command line read it too"
        )
    if kind in TOLD or kind == "folder":
        raise refused(path, kind)


def _of_archive(path: Path, head: bytes) -> str:
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()[:_ENTRIES]
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return _of_damaged(head, path.suffix.lower())
    if entries and min(entry.header_offset for entry in entries) > 0:
        # the end that was found is of an archive inside this one, whose own end is missing
        return _of_damaged(head, path.suffix.lower())
    names = [entry.filename for entry in entries]
    last = {name.rpartition("/")[2] for name in names}
    if "archive_format" in last or "serialized_exported_program.json" in last:
        return "pt2"
    if "data.pkl" in last:
        return "script" if "constants.pkl" in last else "torch"
    if "model.weights.h5" in last:
        return "keras"
    return "npz" if not names or any(name.endswith(".npy") for name in names) else "zip"


def _of_damaged(head: bytes, suffix: str) -> str:
    """The kind of an archive whose list of entries cannot be read, by the name of its first one."""
    length = int.from_bytes(head[26:28], "little")
    first = head[30 : 30 + length].decode("utf-8", "replace")
    if suffix == ".pt2" or "/data/weights/" in first or first.rpartition("/")[2] == "archive_format":
        return "cut pt2"
    return "cut torch" if first.rpartition("/")[2] == "data.pkl" else "npz"  # whose reader says what is damaged


def _pickled(head: bytes) -> str | None:
    """ "pickle" or "joblib" of the first bytes of one, compressed or not; else None."""
    plain = head
    if head[:1] == b"\x78" or head[:2] == b"\x1f\x8b":
        try:
            plain = zlib.decompressobj(wbits=47).decompress(head, HEAD)  # 47: zlib or gzip, whichever it is
        except zlib.error:
            return None
    if not _PICKLE.match(plain):
        return None
    return "joblib" if plain is not head or b"joblib" in plain else "pickle"


def kind_of_text(head: bytes, suffix: str) -> str:
    """The kind of a text by its first bytes and the ending of its file's name; "unknown" of what is none."""
    if suffix == ".nnet" and b"\0" not in head:
        return "nnet"  # whose comments may be of any encoding
    try:
        text = head.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        if len(head) < HEAD or error.start < len(head) - 3:  # else the last character is only cut
            return "unknown"
        text = head[: error.start].decode("utf-8-sig")
    if any(ord(letter) < 32 and letter not in "\t\r\n\f" for letter in text):
        return "unknown"
    start = text.lstrip()[:500].lower()
    if "<svg" in start:
        return "svg"
    if start.startswith(("<!doctype html", "<html")):
        return "html"
    if suffix == ".nnet" or start.startswith("//"):
        return "nnet"
    if start.startswith("{"):
        return "json"
    first = start.partition("\n")[0]
    return "csv" if max(map(first.count, ",;\t")) else "text"
