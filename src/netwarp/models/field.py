"""field: any model, as a function of a plane in the space of its inputs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from netwarp import checks
from netwarp.errors import InputError, shown
from netwarp.fields.field import Field
from netwarp.models.arrays import numbers
from netwarp.models.called import called
from netwarp.models.data import Data
from netwarp.models.files import Completion, names_file, read_network
from netwarp.models.functions import Estimator, Outside, RowFunction, is_estimator
from netwarp.models.homes import around_points, home_of
from netwarp.models.sliced import on_slice, own_slice
from netwarp.models.slices import Slice
from netwarp.models.torch_call import TorchFunction, is_module
from netwarp.models.weights import WeightPlane
from netwarp.network.network import Network
from netwarp.network.plain import lone
from netwarp.plane import A_PLANE, Plane, squared

A_MODEL = "a torch.nn.Module, an estimator, a function (n, d) -> (n, k), a Network, or the name of a model's file"
SIZE = (600, 400)


def field(
    model: Any,
    slice: Slice | None = None,  # noqa: A002  # what the field calls it
    *,
    plane: Plane | None = None,
    data: Data | ArrayLike | None = None,
    size: tuple[int, int] = SIZE,
    output: str | None = None,
) -> Field:
    """The Field of a model: a torch.nn.Module, a fitted estimator of scikit-learn or a pipeline of them, any function
    of an array (n, d) that gives (n, k), a Network, or the name of a file that the command line reads: npz,
    safetensors, ONNX, .pt2 of torch.export, .nnet.

    `slice` is the plane in the space of the model's inputs that is looked at; a model of two inputs needs none. What
    is seen at first is `plane`; unless given, the slice's home, else the rectangle of `data` and a tenth more, else
    the home of a Network or a file, where its first layer bends, else the unit square. `data` (n, d) are inputs of the
    model, of a slice of two inputs too, and are projected onto it. `size` (columns, rows) is that of its picture; the
    plane grows to its proportions, so that pixels are square.
    `output` is the method of an estimator: "decision_function", "predict_proba" or "predict", the first it has unless
    given; its values are taken as they are. Of an ONNX file it is the name of a value.

    The model is called with batches of float64 rows, fewer where it is wide, a module in its own dtype and on its own
    device, in eval mode; it is left as it was found. A module has tangents too; trees are constant on pieces, and
    theirs are 0. Exact regions need a model whose layers are known: a Network, as `nw.torch.from_module` gives, or a
    file all of whose operations have an exact form; another one is run by ONNX's own evaluator or by torch, and the
    logger `netwarp` warns of it.
    Errors: InputError for what is no model, one that does not take such rows, or gives no numbers (n, k).

    >>> import numpy as np, netwarp as nw
    >>> ridge = nw.field(lambda points: np.abs(points[:, 0] - points[:, 1]), plane=nw.Plane(0, 0, 2, 2), size=(4, 4))
    >>> ridge.at([[0.5, -0.5]])
    array([[1.]])
    >>> ridge.at(np.empty((0, 2))).shape
    (0, 1)
    >>> nw.field("net.pt")
    Traceback (most recent call last):
    netwarp.errors.InputError: file 'net.pt': no such file
    """
    if slice is not None:
        checks.instance(slice, Slice, "field slice", "a Slice, as nw.through(a, b, c) gives")
    if plane is None and slice is None and isinstance(model, WeightPlane):
        plane = model.home
    if plane is not None:
        checks.instance(plane, Plane, "field plane", A_PLANE)
    if isinstance(model, Field):
        raise InputError("field model: is a Field already; it has sample, at and tangent")
    rows = _rows(data)
    # a network and a file may have a slice and a home of their own
    known = _read(model, slice, output)
    home = plane or _home(slice or (None if known is None else own_slice(known)), rows)
    if known is None:
        known = called(_function(model, slice, output), slice, home)
    raster = squared("field", home or home_of(known) or Plane(), size)
    return known.calibrate(raster)


def _read(model: Any, at: Slice | None, output: str | None) -> Network | None:
    """The network that is given, or that a file is; None of what is neither."""
    if isinstance(model, Network):
        _no_other(output)
        return model if at is None else on_slice(model, at)
    return read_network(Path(model), Completion(slice=at), output=output) if names_file(model) else None


def _function(model: Any, at: Slice | None, output: str | None) -> Outside:
    if not is_estimator(model):
        _no_other(output)
    if is_module(model):
        return TorchFunction(model, (2,) if at is None or at.shape is None else at.shape)
    if is_estimator(model):
        return Estimator(model, output)
    if callable(model) and not isinstance(model, type):
        return RowFunction(model)
    if hasattr(model, "fit_predict") and not isinstance(model, type):
        raise InputError(
            f"field model={type(model).__name__}: has no predict, and so says nothing of any point but those it was "
            "fitted to; a classifier fitted to its labels_ does, as KNeighborsClassifier(1)"
        )
    raise InputError(f"field model={shown(model)}: must be {A_MODEL}")


def _no_other(output: str | None) -> None:
    if output is not None:
        raise InputError(f"field output={shown(output)}: only an estimator or an ONNX file has several; leave it out")


def _rows(data: Data | ArrayLike | None) -> NDArray[np.float64] | None:
    if data is None:
        return None
    found = data.X if isinstance(data, Data) else numbers(data, "field data")
    if found.ndim < 2 or found.size == 0:
        raise InputError(f"field data has the shape {found.shape}: must be (rows, features), both at least 1")
    return found


def _home(at: Slice | None, rows: NDArray[np.float64] | None) -> Plane | None:
    """Where the slice, else the data, say to look; None where neither does."""
    if at is not None and at.home is not None:
        return at.home
    if rows is None:
        return None
    if at is None and rows.shape[1] == 1:
        remedy = "give them a second column, of zeros for a model of one: lambda p: model.predict(p[:, :1])"
        raise lone("field data", remedy, "feature")
    if at is None and rows.shape[1] != 2:
        raise InputError(f"field data: has {rows.shape[1]} features; a plane of them needs a slice, as nw.pca(data)")
    return around_points(rows if at is None else at.project(rows))
