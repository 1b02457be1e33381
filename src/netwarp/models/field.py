"""field: any model, as a function of a plane in the space of its inputs."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from netwarp import checks
from netwarp.errors import InputError, shown
from netwarp.fields.field import Field
from netwarp.models.archives import network as archives
from netwarp.models.archives.network import is_archive
from netwarp.models.arrays import numbers
from netwarp.models.data import Data
from netwarp.models.footprint import bounded
from netwarp.models.functions import Estimator, Outside, RowFunction, is_estimator, outputs
from netwarp.models.homes import around_points
from netwarp.models.onnx_files.network import is_onnx, network_or_function
from netwarp.models.onnx_files.rows import Rows
from netwarp.models.slices import Slice
from netwarp.models.torch_call import TorchFunction, is_module
from netwarp.models.weights import WeightPlane
from netwarp.network.lower import lower
from netwarp.network.network import Network
from netwarp.network.program import LINEAR, Call, Embed, Program
from netwarp.network.source import Graph
from netwarp.plane import A_PLANE, Plane, squared

A_MODEL = "a torch.nn.Module, an estimator, a function (n, d) -> (n, k), a Network, or the name of an ONNX or PT2 file"
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
    of an array (n, d) that gives (n, k), a Network, or the name of an ONNX file or of a .pt2 file of torch.export.

    `slice` is the plane in the space of the model's inputs that is looked at; a model of two inputs needs none. What
    is seen at first is `plane`; unless given, the slice's home, else the rectangle of `data` and a tenth more, else
    the unit square. `data` (n, d) are inputs of the model, of a slice of two inputs too, and are projected onto it.
    `size` (columns, rows) is that of its picture; the plane grows to its proportions, so that pixels are square.
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
    >>> nw.field("net.pt")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    netwarp.errors.InputError: field model='net.pt': must be a torch.nn.Module, ...
    """
    if slice is not None:
        checks.instance(slice, Slice, "field slice", "a Slice, as nw.through(a, b, c) gives")
    rows = _rows(data)
    if plane is None and slice is None and isinstance(model, WeightPlane):
        plane = model.home
    home = _home(slice, plane, rows)
    raster = squared("field", home, size)
    if isinstance(model, Field):
        raise InputError("field model: is a Field already; it has sample, at and tangent")
    if isinstance(model, Network):
        return _of_network(model, slice).calibrate(raster)
    if is_onnx(model):
        function: Outside | Network = network_or_function(model, slice, output=output)
    else:
        function = _function(model, slice, output)
    if isinstance(function, Network):
        return function.calibrate(raster)
    embed = _embedded(function, slice)
    # at the corners of what is seen, and at its centre
    x, y = (float(c) for c in home.centre)
    at = np.array([[x, y], [x - home.width / 2, y - home.height / 2], [x + home.width / 2, y + home.height / 2]])
    rows_there = at @ embed[:, :2].T + embed[:, 2]
    count = outputs(function, rows_there)
    function.batch = bounded(function, rows_there)
    kinds = np.full(len(embed), LINEAR)
    operations = (Embed(kinds, embed), Call((0,), function, count, function.name[:200]))
    return Network(Graph(Program(operations, (1,)))).calibrate(raster)


def _function(model: Any, at: Slice | None, output: str | None) -> Outside | Network:
    if output is not None and not is_estimator(model):
        raise InputError(f"field output={shown(output)}: only an estimator or an ONNX file has several; leave it out")
    if is_archive(model):
        return archives.network_or_function(model, at)
    if isinstance(model, Rows | TorchFunction):
        return model
    if is_module(model):
        return TorchFunction(model, (2,) if at is None or at.shape is None else at.shape)
    if is_estimator(model):
        return Estimator(model, output)
    if callable(model) and not isinstance(model, type):
        return RowFunction(model)
    raise InputError(f"field model={shown(model)}: must be {A_MODEL}")


def _embedded(function: Outside, at: Slice | None) -> NDArray[np.float64]:
    """(K, 3) what the model's inputs are of x and y."""
    found = np.eye(2, 3) if at is None else at.coefficients
    if function.inputs not in (None, len(found)):
        given = "none is given" if at is None else f"the slice has {len(found)}"
        raise InputError(
            f"model {function.name}: takes {function.inputs} inputs, and {given}; give a slice of its inputs, as "
            'nw.features(0, 1, at="median", data=X)'
        )
    return found


def _of_network(network: Network, at: Slice | None) -> Network:
    """The network on a slice: its inputs, which must be affine in x and y, are those of the slice's points."""
    if at is None:
        return network
    program = lower(network)
    embed = program.operations[0]
    assert isinstance(embed, Embed)
    if (embed.kinds != LINEAR).any() or embed.channels != at.inputs:
        raise InputError(f"field slice: has {at.inputs} inputs, but the network reads {embed.channels} of its own")
    first = replace(embed, coefficients=at.coefficients)
    return Network(Graph(replace(program, operations=(first, *program.operations[1:]))))


def _rows(data: Data | ArrayLike | None) -> NDArray[np.float64] | None:
    if data is None:
        return None
    found = data.X if isinstance(data, Data) else numbers(data, "field data")
    if found.ndim < 2 or found.size == 0:
        raise InputError(f"field data has the shape {found.shape}: must be (rows, features), both at least 1")
    return found


def _home(at: Slice | None, plane: Plane | None, rows: NDArray[np.float64] | None) -> Plane:
    if plane is not None:
        return checks.instance(plane, Plane, "field plane", A_PLANE)
    if at is not None and at.home is not None:
        return at.home
    if rows is not None:
        if at is None and rows.shape[1] != 2:
            raise InputError(
                f"field data: has {rows.shape[1]} features; a plane of them needs a slice, as nw.pca(data)"
            )
        return around_points(rows if at is None else at.project(rows))
    return Plane()
