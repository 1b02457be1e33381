"""from_file: an ONNX file as a Network with its own numbers, exactly; and where that cannot be, as a function."""

# K numbers of an input, n points, C outputs

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from netwarp.checks import instance
from netwarp.errors import InputError, LimitError, UnsupportedError, shown
from netwarp.log import LOG, step
from netwarp.models.agreement import compare
from netwarp.models.graphs.builder import Builder
from netwarp.models.onnx_files.doubles import in_doubles
from netwarp.models.onnx_files.graph import read_graph
from netwarp.models.onnx_files.ports import Port, port_of
from netwarp.models.onnx_files.reading import read_model
from netwarp.models.onnx_files.rows import Rows
from netwarp.models.onnx_files.sizes import check_sizes
from netwarp.models.slices import Slice
from netwarp.network.network import Network
from netwarp.network.source import Graph
from netwarp.plane import Plane

if TYPE_CHECKING:
    from onnx import ModelProto

A_SLICE = "a Slice, as nw.through(a, b, c) gives"


@dataclass(frozen=True, eq=False)
class _Opened:
    """A file that was read: its name in messages, its model, and where of it one looks."""

    what: str
    model: ModelProto
    port: Port
    home: Plane | None


def from_file(
    path: str | Path,
    slice: Slice | None = None,  # noqa: A002  # what nw.field calls it
    *,
    output: str | None = None,
) -> Network:
    """The network that an ONNX file is on a plane through its inputs, with the file's numbers in float64.

    Of two inputs the plane is that of the inputs themselves; of more it is the `slice`. The output is the first one of
    floating numbers, or the value named `output`. A Softmax at the end is left out, unless its output is named: the
    outputs are the scores before it, of which the largest still wins.

    The network is compared with ONNX's own reference evaluator, in float64, on 16 to 4,096 points of the slice, as many
    as two seconds allow. Errors: UnsupportedError naming the operations that have no exact form, or where the two
    differ by more than 1e-9 of the largest output; InputError for what is no ONNX file, and a slice that does not fit
    it; LimitError past 1 GiB.

    >>> nw.onnx.from_file("missing.onnx")
    Traceback (most recent call last):
        ...
    netwarp.errors.InputError: file 'missing.onnx': no such file
    """
    return _exact(_opened(path, slice, output))


def network_or_function(path: str | Path, at: Slice | None = None, *, output: str | None = None) -> Network | Rows:
    """As `from_file`; where an operation has no exact form, a function that ONNX's reference evaluates, and a warning.

    Errors: InputError, LimitError; UnsupportedError for what cannot be run either.
    """
    opened = _opened(path, at, output)
    try:
        return _exact(opened)
    except UnsupportedError as error:
        check_sizes(opened.model, opened.what)
        function = _function(opened)
        LOG.warning("%s; it is drawn by ONNX's own reference evaluator, which is slow, and has no exact regions", error)
        return function


def _opened(path: str | Path, at: Slice | None, output: str | None) -> _Opened:
    if not isinstance(path, str | Path):
        raise InputError(f"from_file path={shown(path)}: must be the name of an ONNX file")
    if at is not None:
        instance(at, Slice, "from_file slice", A_SLICE)
    place = Path(path)
    what = f"file {str(place)!r}"
    model = read_model(place)
    port = port_of(model, what, at, output)
    for note in port.notes:
        LOG.warning("%s: %s", what, note)
    return _Opened(what, model, port, None if at is None else at.home)


def _function(opened: _Opened) -> Rows:
    """The model run by ONNX's evaluator: on one input at a time where it takes that, else on batches as the file says.

    Errors: UnsupportedError where it takes neither.
    """
    port = opened.port
    function = Rows(opened.model, port, opened.what)
    if port.fixed == 1:
        return function
    origin = port.coefficients[None, :, 2]
    try:
        function.checked(origin)
    except UnsupportedError:
        function = Rows(opened.model, replace(port, batch=port.fixed), opened.what)
        function.checked(origin)
    return function


def _exact(opened: _Opened) -> Network:
    port = opened.port
    try:
        return _followed(opened, port)
    except UnsupportedError:
        if port.fixed == 1:
            raise
        # operations of the file may need the batch it was exported for
        return _followed(opened, replace(port, batch=port.fixed))


def _followed(opened: _Opened, port: Port) -> Network:
    with step("onnx") as say:
        double = in_doubles(opened.model)
        builder = Builder(port.coefficients)
        one = builder.inputs(port.shape)
        given = one if port.batch == 1 else one.moved(lambda a: np.repeat(a, port.batch, axis=0))
        made = read_graph(double, opened.what, builder, {port.input: given}, port.output)
        port.row(made.shape, port.batch, opened.what)
        program = builder.program(made if port.batch == 1 else made.moved(lambda a: a[:1]))
        try:
            graph = Graph(program)
        except (InputError, LimitError) as error:
            raise type(error)(f"{opened.what}: {error}") from error
        rows = Rows(double, replace(port, dtype=np.dtype(np.float64)), opened.what)
        agreement = compare(rows.checked, graph.program, port.coefficients, opened.home, opened.what)
        say(
            "%d operations, compared on %d points: %.1e",
            len(graph.program.operations),
            agreement.points,
            agreement.difference,
        )
        return Network(replace(graph, agreement=agreement))
