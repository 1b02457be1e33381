"""A network from a file of any kind that is read, with what the file itself leaves open: an activation, and a slice."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeGuard

import numpy as np
from numpy.typing import NDArray

from netwarp.errors import InputError, LimitError, NetwarpError, SliceError, shown
from netwarp.models import nnet
from netwarp.models.archives import network as archives
from netwarp.models.called import called
from netwarp.models.data import Data
from netwarp.models.homes import around_points
from netwarp.models.onnx_files.network import network_or_function as onnx_network
from netwarp.models.sliced import on_slice, own_slice
from netwarp.models.slices import Slice
from netwarp.network import npz, safetensors
from netwarp.network.kinds import ENDINGS, kind_of, refused
from netwarp.network.network import Network
from netwarp.network.plain import SLICE, lone
from netwarp.plane import Plane

Array = NDArray[np.float64]
MAX_BYTES = 1 << 30
# kinds whose arrays make a plain network
_READERS = {"npz": npz.read, "safetensors": safetensors.read}
# kinds that say every operation of a model
_WHOLE = {"onnx": "an ONNX file", "pt2": "an archive of torch.export", "nnet": "an NNET file"}


@dataclass(frozen=True, eq=False)
class Completion:
    """What stands in for what a file leaves open; None and empty where nothing does.

    `activation` follows every layer but the last: a name, or names, one a layer. `slice` is the
    plane in the space of the inputs; `parts` are some of its origin, u and v, the others being the file's own. `data`
    are what the model reads: they say where to look. `first` makes a slice to begin with, of the shape of an input, for
    a model of more than two inputs of which nothing says one; without it such a model is refused.
    """

    activation: str | tuple[str, ...] | None = None
    slice: Slice | None = None
    parts: Mapping[str, Array] = field(default_factory=dict)
    data: Data | None = None
    first: Callable[[tuple[int, ...]], Slice] | None = None

    def arrays(self) -> dict[str, Array]:
        """What is given of origin, u and v."""
        own = {} if self.slice is None else {name: getattr(self.slice, name) for name in SLICE}
        return own | dict(self.parts)

    def plane(self) -> Slice | None:
        """The slice that is given, by hand or otherwise. Errors: InputError where only a part of it is."""
        if self.slice is not None or not self.parts:
            return self.slice
        for name in SLICE:
            if name not in self.parts:
                given = ", ".join(f"--{part}" for part in self.parts)
                raise InputError(f"{given}: a plane is origin + x u + y v; give --{name} too")
        return Slice(self.parts["origin"], self.parts["u"], self.parts["v"])

    def said(self) -> str:
        """The options that say what a file leaves open, for a message; empty where nothing is said."""
        named = {"activation": self.activation, "slice": self.slice, **self.parts}
        return ", ".join(f"--{name}" for name, value in named.items() if value is not None)

    def home(self, network: Network | None = None) -> Plane | None:
        """Where the slice, else the data, say to look at the network; None where neither does. Errors: InputError."""
        plane = self.slice or (None if network is None else own_slice(network))
        if plane is not None and plane.home is not None:
            return plane.home
        if self.data is None:
            return None
        if plane is not None:
            return around_points(plane.project(self.data.X))
        if self.data.X.shape[1] == 1:
            raise lone("--data", "give a file of two", "feature")
        if self.data.X.shape[1] != 2:
            raise InputError(
                f"--data: {self.data.X.shape[1]} features, and a picture has two; choose a plane, as --slice "
                "'features(0, 1)' or 'pca()'"
            )
        return around_points(self.data.X)


NOTHING = Completion()


def names_file(model: object) -> TypeGuard[str | Path]:
    """Whether it is the name of a file: of one that is there, or with the ending of one."""
    if not isinstance(model, str | Path):
        return False
    path = Path(model)
    try:
        return path.suffix.lower() in ENDINGS or path.exists()
    except (OSError, ValueError):  # no name that a system takes
        return False


def read_network(path: Path, completion: Completion = NOTHING, *, output: str | None = None) -> Network:
    """The network of a file, told by its content; `output` names a value of an ONNX file, the others have one.

    An ONNX file or an archive of torch.export that has no exact form is a function, drawn by ONNX's own evaluator or
    by torch, and a warning says so. Errors: InputError naming the file, what it is and what is right; LimitError past
    1 GiB.
    """
    kind = kind_of(path)
    if output is not None and kind != "onnx":
        raise InputError(f"output={shown(output)}: only an estimator or an ONNX file has several; leave it out")
    if kind in _WHOLE:
        return _of_model(path, kind, completion, output)
    if kind not in _READERS:
        raise refused(path, kind)
    size = path.stat().st_size
    if size > MAX_BYTES:
        raise LimitError(f"file {str(path)!r}: {size:,} bytes, at most {MAX_BYTES:,} are read")
    arrays = _READERS[kind](path)
    whole = next((name for name in ("architecture", "program") if name in arrays), None)
    plane = completion.plane() if whole == "program" and completion.activation is None else None
    if plane is not None:
        return on_slice(Network.of_arrays(arrays), plane)
    if whole is not None and completion.said():
        a = "an" if whole == "architecture" else "a"
        raise InputError(f"file {str(path)!r}: holds {a} {whole}, which says all of it; leave out {completion.said()}")
    try:
        return Network.of_arrays(arrays | completion.arrays(), activation=completion.activation)
    except SliceError as error:
        raise SliceError(f"{path}: {error}", error.shape) from error
    except NetwarpError as error:
        raise (LimitError if isinstance(error, LimitError) else InputError)(f"{path}: {error}") from error


def _of_model(path: Path, kind: str, completion: Completion, output: str | None) -> Network:
    """Of a kind whose files say all of a model."""
    if completion.activation is not None:
        raise InputError(f"file {str(path)!r}: {_WHOLE[kind]} says its activations itself; leave out --activation")
    plane = completion.plane()
    if kind == "nnet":
        return nnet.read(path, plane)
    onnx = kind == "onnx"
    found = onnx_network(path, plane, output=output) if onnx else archives.network_or_function(path, plane)
    return found if isinstance(found, Network) else called(found, plane)
