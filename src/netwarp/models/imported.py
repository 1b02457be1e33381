"""from_module: a torch.nn.Module as a Network with its own numbers, exactly. Importing this module needs torch."""

# K numbers of an input, n points

from __future__ import annotations

import copy
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from math import prod
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from netwarp.checks import instance, readable
from netwarp.errors import InputError, UnsupportedError, shown
from netwarp.log import step
from netwarp.models.agreement import FEWEST, Batches, compare
from netwarp.models.company import SECONDS, judged, tried_points
from netwarp.models.exported import STILL, WRAPPED, read, scored
from netwarp.models.graphs.builder import Builder
from netwarp.models.remembered import REMEMBERED
from netwarp.models.slices import Slice
from netwarp.models.torch_call import TorchFunction, check_numbers, left_as_found
from netwarp.models.written import words, written
from netwarp.network.network import Network
from netwarp.network.plain import lone
from netwarp.network.source import Graph
from netwarp.plane import Plane

Array = NDArray[np.float64]
A_SLICE = "a Slice, as nw.through(a, b, c) gives"


def from_module(
    module: torch.nn.Module,
    example: Any,
    slice: Slice | None = None,  # noqa: A002  # what nw.field calls it
    *,
    output: int | str | None = None,
) -> Network:
    """The network that a module is on a plane through its inputs, with the module's numbers in float64.

    `example` is a batch of inputs, an array or a tensor, of which the first is used, or one input. Of two inputs the
    plane is that of the inputs themselves; of more it is the `slice`. Several outputs are chosen from by `output`, a
    number or a key. The module is exported by torch.export, as it is in eval mode; nothing of it is changed. The
    Network is kept in memory: asked for again of the same module and slice, it is the same while nothing has changed.

    The network is compared with the module on 16 to 4,096 points of the slice, as many as two seconds allow;
    `network.source.agreement` has their number and the largest difference, as a share of the largest output. Errors:
    UnsupportedError naming the operation that is not known, or where the two differ by more than 1e-9;
    InputError for an example that the module refuses, or a slice that does not fit it.

    >>> import torch
    >>> module = torch.nn.Sequential(torch.nn.Linear(2, 8), torch.nn.ReLU(), torch.nn.Linear(8, 1))
    >>> network = nw.torch.from_module(module, torch.zeros(1, 2))
    >>> network.source.agreement.points >= 16, network.source.agreement.difference < 1e-9
    (True, True)
    >>> len(network.calibrate().tessellate(nw.Plane.between(-9, 9, -9, 9))) > 8
    True
    >>> nw.torch.from_module(torch.nn.Identity(), torch.zeros(1, 2)).channels
    2
    >>> nw.torch.from_module(torch.nn.Softmax(dim=1), torch.zeros(1, 2))
    Traceback (most recent call last):
        ...
    netwarp.errors.UnsupportedError: from_module: softmax.int in the module: is not an operation that ...
    >>> nw.torch.from_module(torch.nn.Linear(3, 1), torch.zeros(1, 3))
    Traceback (most recent call last):
        ...
    netwarp.errors.InputError: from_module example: has 3 inputs; give the plane through them that is looked at, ...
    """
    return _network(module, example, slice, output, scores=False)


def scores_of(module: torch.nn.Module, example: Any, at: Slice | None = None) -> Network:
    """The Network of `from_module`, without the softmax or log_softmax over all outputs that a module may end in: which
    output is the largest is the same, and the scores have an exact form. It is compared with that applied.

    Errors: as `from_module`.
    """
    return _network(module, example, at, None, scores=True)


def _network(
    module: torch.nn.Module,
    example: Any,
    slice: Slice | None,  # noqa: A002  # as from_module has it
    output: int | str | None,
    *,
    scores: bool,
) -> Network:
    right = "a torch.nn.Module; nw.field draws other functions"
    instance(module, torch.nn.Module, "from_module module", right)
    given = _example(example)
    if slice is not None:
        instance(slice, Slice, "from_module slice", A_SLICE)
    shape = _shape(given, slice)
    coefficients = np.eye(2, 3) if slice is None else slice.coefficients
    one = torch.from_numpy(given.reshape(-1, *shape)[:1] if len(shape) < given.ndim else given)
    home = None if slice is None else slice.home
    what = tuple(one.shape), coefficients.tobytes(), home, output, scores

    def make() -> Network:
        return _imported(module, one, output, coefficients, home, scores=scores)

    return REMEMBERED.network(module, what, make)


def _imported(
    module: torch.nn.Module,
    one: torch.Tensor,
    output: int | str | None,
    coefficients: Array,
    home: Plane | None,
    *,
    scores: bool,
) -> Network:
    with step("from_module") as say, _left_as_found():
        double = _copied(module, output)
        try:
            _tried(double, one, output, module)
            graph = _compared(double, one, coefficients, home, scores=scores)
        except (InputError, UnsupportedError) as error:
            why = _no_function(module if output is None else _One(module, output), one, coefficients, home)
            if why:
                kind = UnsupportedError if isinstance(error, UnsupportedError) else InputError
                raise kind(f"from_module module: {why}") from error
            raise
        say(
            "%d operations, compared on %d points: %.1e",
            len(graph.program.operations),
            graph.agreement.points if graph.agreement else 0,
            graph.agreement.difference if graph.agreement else 0.0,
        )
        return Network(graph)


def _compared(
    double: torch.nn.Module, one: torch.Tensor, coefficients: Array, home: Plane | None, *, scores: bool
) -> Graph:
    """A module in float64 as a Graph that agrees with it."""
    builder = Builder(coefficients)
    exported = written(double, one)
    kind = scored(exported) if scores else ""
    made = read(exported, builder, builder.inputs(tuple(one.shape)))
    program = builder.program(made)
    told = partial(_told, kind) if kind else None
    rows = _rows(double, tuple(one.shape))
    agreement = compare(rows, program, coefficients, home, "from_module module", as_told=told)
    if rows.mixes:
        raise UnsupportedError(f"from_module module: gives other numbers for an input alone than in a batch{STILL}")
    try:
        return Graph(program, agreement)
    except InputError as error:
        raise InputError(f"from_module module: {_not_finite(double) or error}") from error


def _not_finite(module: torch.nn.Module) -> str:
    """Of which parameter or buffer not all numbers are finite; "" of none."""
    for name, one in (*module.named_parameters(), *module.named_buffers()):
        if not torch.isfinite(one).all():
            return f"{name.removeprefix(WRAPPED + '.')!r} holds NaN or infinite numbers; all must be finite"
    return ""


def _no_function(module: torch.nn.Module, one: torch.Tensor, coefficients: Array, home: Plane | None) -> str:
    """Why nw.field refuses a module too; "" where it draws it."""
    points = tried_points(home or Plane(), SECONDS / FEWEST)
    rows = points @ coefficients[:, :2].T + coefficients[:, 2]
    shape = tuple(one.shape[1:] if len(one) == 1 and one.ndim > 1 else one.shape)
    return judged(TorchFunction(module, shape), rows)[0]


def _told(kind: str, scores: Array) -> Array:
    """What a module that ends in this kind of softmax makes of scores (n, C)."""
    return np.asarray(getattr(torch, kind)(torch.from_numpy(scores), dim=1).numpy())


def _example(given: Any) -> Array:
    if isinstance(given, tuple | list) and len(given) == 1 and isinstance(given[0], torch.Tensor):
        given = given[0]
    if isinstance(given, tuple | list | dict) and any(
        isinstance(one, torch.Tensor) for one in (given.values() if isinstance(given, dict) else given)
    ):
        raise InputError(
            f"from_module example: has {len(given)} inputs; only one tensor is taken: wrap the module in one whose "
            "forward makes the others of it"
        )
    if given is None:
        raise InputError("from_module example=None: must be a tensor or an array of real numbers")
    try:
        read = np.asarray(readable(given))
        found = read.astype(np.float64) if read.dtype.kind in "biuf" else None
    except (TypeError, ValueError, RuntimeError):
        found = None
    if found is None:
        raise InputError(f"from_module example={shown(given)}: must be a tensor or an array of real numbers")
    if not found.size:
        raise InputError(f"from_module example: has the shape {found.shape}, no number; give a batch of one input")
    if not np.isfinite(found).all():
        raise InputError("from_module example: has NaN or infinite numbers; all must be finite")
    return found


def _shape(given: Array, plane: Slice | None) -> tuple[int, ...]:
    """The shape of one input: the example's without its batch, or the example's own."""
    wanted = 2 if plane is None else plane.inputs
    for shape in (given.shape[1:], given.shape):
        if shape and prod(shape) == wanted:
            return shape
    inputs = prod(given.shape[1:] or given.shape)
    if inputs == 1:
        raise lone("from_module example", "wrap the module in one whose forward gives it x[:, :1]")
    if plane is None:
        raise InputError(
            f"from_module example: has {inputs} inputs; give the plane through them that is looked at, as in "
            "slice=nw.through(a, b, c)"
        )
    raise InputError(
        f"from_module slice: is one of {wanted} inputs, and the example {tuple(given.shape)} has {inputs}; one input "
        "of the slice must be one of the module's"
    )


@contextmanager
def _left_as_found() -> Iterator[None]:
    """The random state and torch's default type are as before; new tensors of the module are float64 meanwhile."""
    default = torch.get_default_dtype()
    with torch.random.fork_rng(devices=[]), torch.no_grad(), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.set_default_dtype(torch.float64)
        try:
            yield
        finally:
            torch.set_default_dtype(default)


def _rows(module: torch.nn.Module, shape: tuple[int, ...]) -> Batches:
    """The module on rows of inputs, each of which is one of this shape."""

    def run(rows: Array, *shape: int) -> Array:
        return np.asarray(module(torch.from_numpy(rows.reshape(shape))).double().numpy())

    return Batches(
        lambda row: run(row, *shape), (lambda rows: run(rows, len(rows), *shape[1:])) if shape[0] == 1 else None
    )


class _One(torch.nn.Module):  # type: ignore[misc, unused-ignore]
    """A module that gives one of another's outputs."""

    def __init__(self, module: torch.nn.Module, output: int | str) -> None:
        super().__init__()
        self.output = output
        self.add_module(WRAPPED, module)

    def forward(self, x: torch.Tensor) -> Any:
        return self.get_submodule(WRAPPED)(x)[self.output]


def _copied(module: torch.nn.Module, output: int | str | None) -> torch.nn.Module:
    check_numbers(module, "from_module module")
    if isinstance(module, torch.jit.ScriptModule):
        raise UnsupportedError(
            "from_module module: is compiled by TorchScript, which torch.export does not take; write it as ONNX by "
            f"torch.onnx.export(module, (example,), 'model.onnx', dynamo=False), for nw.onnx.from_file{STILL}"
        )
    try:
        made = copy.deepcopy(module).to("cpu", torch.float64).eval()
    except Exception as error:  # whatever a module of somebody's own raises
        raise UnsupportedError(f"from_module module: cannot be copied ({words(error)}){STILL}") from error
    return made if output is None else _One(made, output)


def _tried(module: torch.nn.Module, one: torch.Tensor, output: int | str | None, given: torch.nn.Module) -> None:
    """Nothing, where the module, the copy of `given` in float64, gives a tensor of the example.

    Errors: InputError; UnsupportedError where it is the copy alone that does not.
    """
    try:
        found = module(one.clone())
    except Exception as error:  # whatever a module of somebody's own raises
        if _runs(given if output is None else _One(given, output), one):
            raise UnsupportedError(
                "from_module module: converts numbers to a type of its own, and an exact form is in float64, in which "
                f"it raises {words(error)}{STILL}"
            ) from error
        what = "example" if output is None else f"example, or output={shown(output)}"
        raise InputError(f"from_module {what}: the module raises {words(error)} on {tuple(one.shape)}") from error
    if isinstance(found, torch.Tensor):
        return
    if isinstance(found, dict):
        raise InputError(
            f"from_module module: gives {shown(list(found))} by name; choose one by output=, as in "
            f"output={shown(next(iter(found), 'name'))}"
        )
    if isinstance(found, tuple | list):
        raise InputError(f"from_module module: gives {len(found)} outputs; choose one by its number, as output=0")
    raise InputError(
        f"from_module module: gives a {type(found).__name__}, not a tensor; wrap it in a "
        "module that returns the tensor to look at"
    )


def _runs(module: torch.nn.Module, one: torch.Tensor) -> bool:
    """Whether a module takes the example in its own type."""
    own = TorchFunction(module, tuple(one.shape))
    try:
        with left_as_found(module):
            module(one.to(own.device, own.dtype))
    except Exception:  # noqa: BLE001  # whatever a module of somebody's own raises
        return False
    return True
