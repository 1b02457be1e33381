"""Reading .safetensors files: a JSON header of names, types and places, and then plain numbers."""

from __future__ import annotations

import sys
from math import prod
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from netwarp import checks
from netwarp.errors import InputError, LimitError, shown
from netwarp.network.npz import MAX_ARRAYS, MAX_BYTES, SIDES, Arrays

MAX_HEADER = 1 << 24
MAX_NAME = 1_000
_TYPES: Final = {
    "F64": "<f8", "F32": "<f4", "F16": "<f2", "BF16": "<u2",
    "I64": "<i8", "I32": "<i4", "I16": "<i2", "I8": "|i1",
    "U64": "<u8", "U32": "<u4", "U16": "<u2", "U8": "|u1", "BOOL": "|b1",
}  # fmt: skip


def read(path: Path) -> Arrays:
    """{name: array} of a .safetensors file, bfloat16 as float32.

    Errors: InputError naming the file and the tensor; LimitError past 1 GiB.
    """
    size = path.stat().st_size
    if size > MAX_BYTES:
        raise LimitError(f"{path}: {size:,} bytes, at most {MAX_BYTES:,} are read")
    content = path.read_bytes()
    length = int.from_bytes(content[:8], "little")
    if length > min(MAX_HEADER, len(content) - 8):
        raise InputError(f"{path}: no safetensors file, or cut short: its header has {length:,} bytes")
    try:
        text = content[8 : 8 + length].decode()
    except UnicodeDecodeError:
        raise InputError(f"{path}: no safetensors file: its header is not UTF-8") from None
    header = dict(checks.parse_object(text, f"{path}: header", MAX_HEADER))
    header.pop("__metadata__", None)
    if len(header) > MAX_ARRAYS:
        raise LimitError(f"{path}: holds {len(header)} tensors, at most {MAX_ARRAYS} are read")
    body = memoryview(content)[8 + length :]
    return {name[:MAX_NAME]: _tensor(f"{path}: tensor {shown(name)}", entry, body) for name, entry in header.items()}


def _tensor(what: str, entry: object, body: memoryview) -> NDArray[np.generic]:
    fields = checks.mapping(entry, what)
    kind = checks.string(checks.get(fields, "dtype", what), f"{what} dtype", 20)
    if kind not in _TYPES:
        raise InputError(f"{what}: holds {kind}; real numbers of {', '.join(_TYPES)} are read")
    sides = checks.items(checks.get(fields, "shape", what), f"{what} shape", 0, SIDES)
    shape = tuple(checks.whole(side, f"{what} shape", 0) for side in sides)
    ends = checks.items(checks.get(fields, "data_offsets", what), f"{what} data_offsets", 2, 2)
    start, end = (checks.whole(one, f"{what} data_offsets", 0) for one in ends)
    dtype = np.dtype(_TYPES[kind])
    # one a side that is 0 stands beside may be beyond what an index holds, though the array is empty
    most = prod(max(1, side) for side in shape) * dtype.itemsize
    if most > MAX_BYTES or not start <= end <= len(body) or prod(shape) * dtype.itemsize != end - start:
        raise InputError(f"{what}: declares {shown(shape)} of {kind} at bytes {start} to {end}, which do not hold it")
    flat = np.frombuffer(body[start:end], dtype)
    if kind == "BF16":
        # the upper half of a float32
        flat = (flat.astype(np.uint32) << 16).view(np.float32)
    return flat.reshape(shape).astype(flat.dtype.newbyteorder(sys.byteorder), copy=True)
