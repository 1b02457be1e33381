"""Tessellations as .npz files: the arrays, and the network and calibration they came from."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from netwarp.errors import InputError, NetwarpError
from netwarp.fields.calibration import calibrate
from netwarp.fields.field import Field
from netwarp.network import npz
from netwarp.network.network import Network
from netwarp.plane import Plane, Raster
from netwarp.regions.cells.cells import Cells
from netwarp.regions.cells.invariants import PLACED
from netwarp.regions.frame import bounds_of
from netwarp.regions.stages import stages_of

FORMAT = "netwarp tessellation 1"
_SHAPES: dict[str, tuple[type[np.generic], tuple[str | int, ...]]] = {  # letters are sizes that must agree
    "vertices": (np.float64, ("V", 2)),
    "edges": (np.int32, ("E", 2)),
    "edge_cells": (np.int32, ("E", 2)),
    "edge_layers": (np.int32, ("E",)),
    "edge_units": (np.int32, ("E",)),
    "offsets": (np.int64, ("C+1",)),
    "indices": (np.int32, ("H",)),
    "sides": (np.int32, ("H",)),
    "affine": (np.float64, ("C", "K", 3)),
    "bits": (np.uint64, ("C", "W")),
    "errors": (np.float64, ("C", 3)),
    "reach": (np.float64, ("V",)),
}


def save(
    target: str | Path | BinaryIO,
    cells: Cells,
    field: Field,
    plane: Plane,
    more: dict[str, NDArray[np.generic]],
    said: dict[str, float],
) -> None:
    """Writes the cells of a Field over a plane, `more` arrays and what else is said of them; never half written.

    Errors: InputError where the file cannot be written.
    """
    network = io.BytesIO()
    field.network.save(network)
    raster = field.raster
    head = {
        "format": FORMAT,
        "plane": plane.to_data(),
        "calibration": [raster.columns, raster.rows, *raster.plane.to_data()],
        "layer": field.layer,
        **said,
    }
    arrays: dict[str, NDArray[np.generic]] = {"head": np.array(json.dumps(head))}
    arrays["network"] = np.frombuffer(network.getvalue(), dtype=np.uint8)
    arrays |= {name: more[name] if name in more else getattr(cells, name) for name in _SHAPES}
    npz.write(target, arrays)


def load(source: str | Path | BinaryIO) -> dict[str, Any]:
    """What a Tessellation is made of, from a file that `save` wrote; the network is calibrated again.

    Errors: InputError naming the file and what is wrong with it.
    """
    name = npz.file_name(source)
    arrays = npz.read(source)
    try:
        head = _head(arrays)
        network = Network.load(io.BytesIO(np.ascontiguousarray(arrays["network"], dtype=np.uint8).tobytes()))
        columns, rows, *where = head["calibration"]
        field = calibrate(network, Raster(columns, rows, Plane.from_data(where)))
        if head["layer"] is not None:
            field = field.after(head["layer"])
        plane = Plane.from_data(head["plane"])
        return {
            "bounds": bounds_of(plane),
            "field": field,
            "plane": plane,
            "doubtful": int(head["doubtful"]),
            "seconds": float(head.get("seconds", 0.0)),  # files of version 0.1 say it
            **_arrays(arrays, field.channels, stages_of(field.program).words),
        }
    except NetwarpError as error:
        raise InputError(f"{name}: {error}") from error
    except (KeyError, TypeError, ValueError) as error:
        raise InputError(
            f"{name}: not a tessellation, or damaged ({error}); write it with Tessellation.save"
        ) from error


def _head(arrays: npz.Arrays) -> dict[str, Any]:
    found = arrays.get("head")
    if found is None or found.ndim or found.dtype.kind != "U":
        raise InputError("array 'head' is missing or no text: not a tessellation that netwarp wrote")
    head = json.loads(str(found))
    if not isinstance(head, dict) or head.get("format") != FORMAT:
        raise InputError(f"array 'head' does not say {FORMAT!r}: this netwarp reads no other")
    return head


def _arrays(arrays: npz.Arrays, channels: int, words: int) -> dict[str, Any]:
    sizes: dict[object, int] = {"K": channels, "W": words}
    found: dict[str, Any] = {}
    for name, (kind, shape) in _SHAPES.items():
        array = arrays.get(name)
        if name == "reach" and array is None:
            # files of version 0.1 do not say where vertices are this well
            array = np.full(sizes["V"], PLACED * float(np.ptp(found["vertices"], axis=0).max(initial=0.0)))
        if array is None or array.dtype != np.dtype(kind) or array.ndim != len(shape):
            raise InputError(f"array {name!r} is missing, or of another type or shape")
        for letter, size in zip(shape, array.shape, strict=True):
            key, length = ("C", size - 1) if letter == "C+1" else (letter, size)
            if (sizes.setdefault(key, length) if isinstance(key, str) else key) != length:
                raise InputError(f"array {name!r} has the shape {array.shape}, which does not fit the others")
        if not np.isfinite(array).all():
            raise InputError(f"array {name!r} holds numbers that are not finite")
        found[name] = np.ascontiguousarray(array)
    for name, most in (("edges", "V"), ("edge_cells", "C"), ("indices", "V"), ("sides", "E")):
        array = found[name]
        if array.size and not (int(array.min()) >= -1 and int(array.max()) < sizes[most]):
            raise InputError(f"array {name!r} points beyond the others")
    offsets = found["offsets"]
    if int(offsets[0]) != 0 or int(offsets[-1]) != sizes["H"] or (np.diff(offsets.astype(np.int64)) < 3).any():
        raise InputError("array 'offsets' does not part the sides into cells")
    return found
