"""What pickled bytes are of, told by their opcodes and names alone. Nothing is ever unpickled."""

from __future__ import annotations

import pickletools
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from itertools import islice
from pathlib import Path
from typing import Final, Literal

MAX_BYTES = 1 << 22  # of a pickle that are looked at
MAX_STEPS = 500_000
_BROKEN = (ValueError, OSError, EOFError, IndexError, zlib.error, zipfile.BadZipFile, RuntimeError, NotImplementedError)
_TENSOR: Final = re.compile("torch._utils _rebuild_(tensor|parameter)")
_LAYER: Final = re.compile(r"(0|[1-9][0-9]{0,5})\.(weight|bias)")
# of what holds numbers and texts only; a global of any other name is a class
_PLAIN: Final = (
    "collections ",
    "torch ",
    "torch._utils ",
    "torch.storage ",
    "__builtin__ ",
    "builtins ",
    "_codecs ",
    "numpy",
)
_TEXTS: Final = frozenset({"BINUNICODE", "SHORT_BINUNICODE", "UNICODE", "BINUNICODE8"})
_WHOLE: Final = frozenset({"BININT", "BININT1", "BININT2", "LONG1", "INT"})
_FEATURES: Final = re.compile(rb"n_features_in_(?:\x94|q.|r....)?(?:K(.)|M(..)|J(....))", re.DOTALL)


@dataclass(frozen=True)
class TorchFile:
    """What torch.save wrote: a "module", the "state" of one, a single "tensor", or "other" things.

    `key` is where in a dict the state is, None where the state is all there is. `linear` says that its names are those
    of an nn.Sequential of Linear layers; `inputs` is how many numbers the first of these reads, else None.
    """

    what: Literal["module", "state", "tensor", "other"]
    key: str | None = None
    linear: bool = False
    inputs: int | None = None


@dataclass(frozen=True)
class EstimatorFile:
    """What joblib or pickle wrote of scikit-learn; `layers` says that it has them; `inputs` is None where not found."""

    layers: bool
    inputs: int | None


def torch_file(path: Path) -> TorchFile:
    """What a file of torch.save is of; "other" where it is damaged."""
    try:
        if zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as archive:
                name = next(name for name in archive.namelist() if name.rpartition("/")[2] == "data.pkl")
                with archive.open(name) as file:
                    return _torch(_steps(file.read(MAX_BYTES)))
        with path.open("rb") as whole:
            head = BytesIO(whole.read(MAX_BYTES))
        for _ in range(3):  # a number, the protocol and the machine's sizes, each a pickle of its own
            for _ in pickletools.genops(head):
                pass
        return _torch(_steps(head.read()))
    except (*_BROKEN, StopIteration):
        return TorchFile("other")


def estimator_file(path: Path) -> EstimatorFile | TorchFile | None:
    """What a pickle or a file of joblib is of; None where of neither scikit-learn nor torch."""
    try:
        with path.open("rb") as file:
            head = file.read(MAX_BYTES)
        if head[:1] == b"\x78" or head[:2] == b"\x1f\x8b":
            head = zlib.decompressobj(wbits=47).decompress(head, MAX_BYTES)
    except (OSError, zlib.error):
        return None
    if b"sklearn" in head:
        found = _FEATURES.search(head)
        count = None if found is None else int.from_bytes(next(part for part in found.groups() if part), "little")
        return EstimatorFile(any(room in head for room in (b"sklearn.neural_network", b"sklearn.linear_model")), count)
    return TorchFile("module") if b"torch.nn" in head else None


def _steps(content: bytes) -> Iterator[tuple[str, object]]:
    """(opcode, argument) of a pickle, as far as it goes."""
    try:
        for opcode, argument, _ in islice(pickletools.genops(content), MAX_STEPS):
            yield opcode.name, argument
    except _BROKEN:
        return


def _torch(steps: Iterator[tuple[str, object]]) -> TorchFile:
    first = next((step for step in steps if step[0] in {"GLOBAL", "EMPTY_DICT"}), ("", None))
    if _TENSOR.match(str(first[1])):
        return TorchFile("tensor")
    ordered = first == ("GLOBAL", "collections OrderedDict")
    module = first[0] == "GLOBAL" and not str(first[1]).startswith(_PLAIN)
    key, names, text, tensors = None, [], "", 0
    sides: list[int] | None = None  # of the tensor that is being read, its offset first
    shapes: list[list[int]] = []
    for name, argument in steps:
        if name in _TEXTS:
            text = str(argument)
            names.append(text)
        elif name == "GLOBAL" and argument == "collections OrderedDict" and not (ordered or module or tensors):
            ordered, key, names = True, text, []
        elif name == "GLOBAL" and _TENSOR.match(str(argument)):
            tensors += 1
        elif name == "GLOBAL" and not (ordered or module or tensors or str(argument).startswith(_PLAIN)):
            module, key = True, text
        elif name == "BINPERSID":
            sides = []
        elif sides is not None and name in _WHOLE and isinstance(argument, int):
            sides.append(argument)
        elif sides is not None and name.startswith("TUPLE"):
            shapes.append(sides[1:])
            sides = None
    inputs = shapes[0][1] if shapes and len(shapes[0]) == 2 else None
    if module:
        return TorchFile("module", key, inputs=inputs)
    if not tensors:
        return TorchFile("other")
    own = [name for name in names if "." in name]
    linear = bool(own) and all(map(_LAYER.fullmatch, own)) and all(len(shape) in (1, 2) for shape in shapes)
    return TorchFile("state", key, linear, inputs)
