"""Reading and writing .npz files of plain arrays, with limits and without pickle.

numpy's own reader inflates whatever a header declares; here the declared sizes are summed first, and every header is
held against the bytes there are. One InputError line names the file and the array.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Mapping
from math import prod
from pathlib import Path
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

from netwarp.errors import InputError, LimitError, in_a_line, shown
from netwarp.files import replacing
from netwarp.network.kinds import TOLD, kind_of, refused

MAX_BYTES = 1 << 30
MAX_ARRAYS = 1 << 17
SIDES = 32
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    OSError,
    RuntimeError,
    NotImplementedError,
    ValueError,
    OverflowError,
)
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)  # np.savez's; these two inflate no more than is asked for

Arrays = dict[str, NDArray[np.generic]]


def read(source: str | Path | BinaryIO) -> Arrays:
    """{name: array} of an .npz file: numbers and texts only, in the file's order.

    Errors: InputError where the file cannot be read, is no npz, is cut short, or an array holds objects (pickle is
    never loaded); LimitError where the declared sizes are above 1 GiB together, before anything is inflated.
    """
    if not isinstance(source, str | Path) and not callable(getattr(source, "read", None)):
        kind = type(source).__name__
        raise InputError(f"load source={kind}: must be the name of an .npz file, or one that is open to be read")
    name = file_name(source)
    try:
        archive = zipfile.ZipFile(source)
    except FileNotFoundError as error:
        raise InputError(f"{name}: no such file") from error
    except _BROKEN as error:
        if isinstance(source, str | Path) and (kind := kind_of(Path(source))) in TOLD:
            raise refused(Path(source), kind) from error
        raise InputError(f"{name}: not an npz file, or cut short ({_short(error)}); write it with np.savez") from error
    with archive:
        entries = archive.infolist()
        total = sum(entry.file_size for entry in entries)
        if total > MAX_BYTES:
            raise LimitError(f"{name}: declares {total / 2**30:.3g} GiB of arrays, at most 1 GiB is read")
        if len(entries) > MAX_ARRAYS:
            raise LimitError(f"{name}: holds {len(entries)} arrays, at most {MAX_ARRAYS} are read")
        arrays: Arrays = {}
        for entry in entries:
            key = entry.filename.removesuffix(".npy")
            if key == entry.filename or key in arrays:
                what = "is there twice" if key in arrays else "is no .npy array"
                raise InputError(f"{name}: {shown(entry.filename)} {what}; write the file with np.savez")
            try:
                if entry.compress_type not in _METHODS:
                    raise ValueError("unknown compression")
                with archive.open(entry) as member:
                    content = member.read(entry.file_size)
            except _BROKEN as error:
                raise InputError(f"{name}: array {shown(key)} is damaged or cut short ({_short(error)})") from error
            arrays[key] = _parse(name, key, content)
    return arrays


def write(target: str | Path | BinaryIO, arrays: Mapping[str, NDArray[np.generic]]) -> None:
    """Writes {name: array} uncompressed; a path is written beside itself first and then renamed, so never half there.

    The same arrays give the same bytes. Errors: InputError where the place cannot be written.
    """
    if not isinstance(target, (str, Path)):
        np.savez(target, allow_pickle=False, **arrays)
        return
    with replacing(target) as file:
        np.savez(file, allow_pickle=False, **arrays)


def file_name(source: str | Path | BinaryIO) -> str:
    """What to call the file in a message."""
    if isinstance(source, (str, Path)):
        return str(source)
    return str(getattr(source, "name", "npz"))


def _parse(name: str, key: str, content: bytes) -> NDArray[np.generic]:
    """The array of one .npy file's bytes."""
    stream = io.BytesIO(content)
    try:
        version = np.lib.format.read_magic(stream)
        header = {(1, 0): np.lib.format.read_array_header_1_0, (2, 0): np.lib.format.read_array_header_2_0}[version]
        shape, fortran, dtype = header(stream)
    except (ValueError, KeyError, EOFError, SyntaxError, TypeError, RecursionError, MemoryError) as error:
        raise InputError(f"{name}: array {shown(key)} has no readable npy header ({_short(error)})") from error
    if dtype.hasobject:
        raise InputError(f"{name}: array {shown(key)} holds pickled objects, which are never loaded; save numbers")
    if dtype.kind not in "biufU":
        raise InputError(f"{name}: array {shown(key)} holds {str(dtype)[:40]}; save real numbers")
    size = len(content) - stream.tell()
    # one a side that is 0 stands beside may be beyond what an index holds, though the array is empty
    most = prod(max(1, int(side)) for side in shape) * max(1, dtype.itemsize)
    if any(isinstance(side, bool) for side in shape) or len(shape) > SIDES or most > MAX_BYTES:
        raise InputError(
            f"{name}: array {shown(key)} declares the shape {shown(shape)}; write the file with np.savez, "
            f"of at most {SIDES} sides and 1 GiB"
        )
    if min(shape, default=0) < 0 or prod(shape) * dtype.itemsize != size:
        raise InputError(
            f"{name}: array {shown(key)} declares {shown(shape)} of {str(dtype)[:40]}, but {size} bytes of it are there"
        )
    if size == 0:
        return np.empty(shape, dtype)
    flat = np.frombuffer(content, dtype, offset=stream.tell())
    return flat.reshape(shape, order="F" if fortran else "C").copy(order="C")


def _short(error: BaseException) -> str:
    return in_a_line(error, 80) or type(error).__name__
