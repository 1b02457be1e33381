"""Operations with random shapes and attributes, alone and in chains, held to ONNX's own reference evaluator."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from models.onnx_files.made import DOUBLE, model, node
from models.onnx_ops.held import held, numbers

Draw = Any
side = st.integers(1, 5)
shapes = st.lists(side, min_size=1, max_size=4).map(tuple)
FEW = settings(max_examples=60, deadline=None)


def made(nodes: list[Any], shape: tuple[int, ...], **constants: Any) -> Any:
    return model(nodes, shape, constants, kind=DOUBLE)


@st.composite
def broadcast(draw: Draw) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Two shapes that are broadcast with each other."""
    whole = draw(shapes)
    first, second = (tuple(1 if draw(st.integers(0, 3)) == 0 else n for n in whole) for _ in range(2))
    return first, second[draw(st.integers(0, len(second))) :]


@FEW
@given(broadcast(), st.sampled_from(["Add", "Sub", "Mul", "Div", "Max", "Min"]), st.booleans())
def test_two_shapes_are_broadcast(sides: Any, kind: str, swapped: bool) -> None:
    shape, other = sides
    swapped &= kind != "Div"
    held(made([node(kind, "c x" if swapped else "x c")], shape, c=numbers(*other)))


@FEW
@given(broadcast(), st.sampled_from(["Add", "Sub", "Mul", "Max", "Min"]), st.data())
def test_two_values_are_broadcast(sides: Any, kind: str, data: Any) -> None:
    """Of one input two views are made, so that both depend on it."""
    shape, other = sides
    count = int(np.prod(shape))
    rng = np.random.default_rng(data.draw(st.integers(0, 99)))
    index = rng.integers(0, count, size=other)
    flat = np.array([-1], np.int64)
    nodes = [
        node("Reshape", "x flat", "v"),
        node("Tanh", "v", "t"),
        node("Gather", "t index", "g"),
        node(kind, "x g"),
    ]
    held(made(nodes, shape, flat=flat, index=index))


@st.composite
def windows(draw: Draw, axes: int) -> tuple[list[int], dict[str, Any]]:
    """The size of an image, and the window of a convolution or a pool that fits it."""
    size = [draw(st.integers(1, 3)) for _ in range(axes)]
    gap = [draw(st.integers(1, 2)) for _ in range(axes)]
    reach = [(n - 1) * step + 1 for n, step in zip(size, gap, strict=True)]
    image = [n + draw(st.integers(0, 4)) for n in reach]
    said: dict[str, Any] = {"kernel_shape": size, "strides": [draw(st.integers(1, 3)) for _ in range(axes)]}
    if draw(st.booleans()):
        said["dilations"] = gap
    else:
        gap = [1] * axes
    kind = draw(st.sampled_from(["NOTSET", "SAME_UPPER", "SAME_LOWER", "VALID"]))
    if kind != "NOTSET":
        said["auto_pad"] = kind
    else:
        # less than the window, so that no window lies in the padding alone
        said["pads"] = [
            draw(st.integers(0, (n - 1) * step)) for _ in range(2) for n, step in zip(size, gap, strict=True)
        ]
    return image, said


@FEW
@given(st.integers(1, 2).flatmap(windows), st.sampled_from([(1, 2, 3), (2, 1, 2), (3, 1, 1)]), st.booleans())
def test_convolutions(window: Any, sizes: tuple[int, int, int], bias: bool) -> None:
    image, said = window
    groups, own, each = sizes
    weight = numbers(groups * each, own, *said["kernel_shape"])
    given = {"w": weight} | ({"b": numbers(groups * each)} if bias else {})
    held(made([node("Conv", "x w b" if bias else "x w", group=groups, **said)], (1, groups * own, *image), **given))


@FEW
@given(st.integers(1, 2).flatmap(windows), st.booleans())
def test_max_pools(window: Any, ceil: bool) -> None:
    image, said = window
    assume(not ceil or "auto_pad" not in said)
    held(made([node("MaxPool", "x", ceil_mode=int(ceil), **said)], (1, 2, *image)))


@FEW
@given(st.integers(1, 2).flatmap(windows), st.booleans(), st.booleans())
def test_average_pools(window: Any, counted: bool, ceil: bool) -> None:
    image, said = window
    said.pop("dilations", None)
    if "pads" in said:
        half = len(said["kernel_shape"])
        said["pads"] = [min(n, said["kernel_shape"][i % half] - 1) for i, n in enumerate(said["pads"])]
    assume(not ceil or "auto_pad" not in said)
    nodes = [node("AveragePool", "x", ceil_mode=int(ceil), count_include_pad=int(counted), **said)]
    held(made(nodes, (1, 2, *image)))


@FEW
@given(st.data(), shapes, st.sampled_from(["ReduceMean", "ReduceSum", "ReduceMax", "ReduceMin"]), st.booleans())
def test_reductions(data: Any, shape: tuple[int, ...], kind: str, keep: bool) -> None:
    axes = data.draw(st.lists(st.integers(-len(shape), len(shape) - 1), unique_by=lambda a: a % len(shape)))
    constants = {"a": np.array(axes, np.int64)} if axes else {}
    held(made([node(kind, "x a" if axes else "x", keepdims=int(keep))], shape, **constants))


@FEW
@given(st.data(), shapes)
def test_slices(data: Any, shape: tuple[int, ...]) -> None:
    axes = data.draw(st.lists(st.integers(0, len(shape) - 1), min_size=1, unique=True))
    steps = [data.draw(st.sampled_from([-2, -1, 1, 2])) for _ in axes]
    starts, ends = [], []
    for axis, step in zip(axes, steps, strict=True):
        # at least one element; each bound also as counted from the end, or past it
        length = shape[axis]
        start = data.draw(st.integers(0, length - 1))
        end = data.draw(st.integers(start + 1, length + 3) if step > 0 else st.integers(-1, start - 1))
        starts.append(start - length * data.draw(st.integers(0, 1)))
        ends.append(-length - 1 if end < 0 else end - length * data.draw(st.integers(0, 1)) * (end < length))
    parts = {"s": starts, "e": ends, "a": axes, "t": steps}
    nodes = [node("Slice", "x s e a t", "c"), node("Concat", "c x", "y", axis=axes[0])]
    # the rest of the axes must be whole for the two to stand beside each other
    if len(axes) > 1:
        nodes = [node("Slice", "x s e a t", "c"), node("ReduceSum", "c", "d"), node("Add", "d x")]
    held(made(nodes, shape, **{name: np.array(given, np.int64) for name, given in parts.items()}))


@FEW
@given(st.data(), shapes)
def test_views(data: Any, shape: tuple[int, ...]) -> None:
    order = data.draw(st.permutations(range(len(shape))))
    axis = data.draw(st.integers(-len(shape), len(shape) - 1))
    index = data.draw(st.lists(st.integers(-shape[axis], shape[axis] - 1), min_size=1, max_size=5))
    extra = data.draw(st.lists(st.integers(0, len(shape) + 1), min_size=2, max_size=2, unique=True))
    times = [data.draw(st.integers(1, 2)) for _ in range(len(shape) + 2)]
    nodes = [
        node("Gather", "x i", "g", axis=axis),
        node("Transpose", "g", "t", perm=order),
        node("Unsqueeze", "t u", "v"),
        node("Tile", "v n", "w"),
        node("Flatten", "w", axis=data.draw(st.integers(0, len(shape)))),
    ]
    given = {"i": index, "u": extra, "n": times}
    held(made(nodes, shape, **{name: np.array(one, np.int64) for name, one in given.items()}))


@FEW
@given(side, side, side, st.booleans(), st.booleans())
def test_products(rows: int, inner: int, columns: int, across: bool, down: bool) -> None:
    shape = (inner, rows) if across else (rows, inner)
    weight = numbers(columns, inner) if down else numbers(inner, columns)
    nodes = [node("Gemm", "x w b", transA=int(across), transB=int(down), alpha=0.5, beta=-2.0)]
    held(made(nodes, shape, w=weight, b=numbers(columns)))


STEPS = ("Relu", "LeakyRelu", "Tanh", "Abs", "Neg", "Sigmoid", "Elu", "HardSigmoid", "Softplus", "Selu", "HardSwish")


@pytest.mark.slow
@settings(max_examples=120, deadline=None)
@given(st.lists(st.sampled_from([*STEPS, "linear", "sum", "maximum", "where", "normal"]), min_size=2, max_size=7), side)
def test_chains(kinds: list[str], width: int) -> None:
    """Every step reads the one before, some of them the first one too."""
    nodes, constants, last = [node("MatMul", "x W", "v")], {"W": numbers(3, width)}, "v"
    for i, kind in enumerate(kinds):
        name = f"v{i}"
        if kind == "linear":
            constants[f"W{i}"] = numbers(width, width)
            nodes.append(node("MatMul", f"{last} W{i}", name))
        elif kind == "sum":
            nodes.append(node("Add", f"{last} v", name))
        elif kind == "maximum":
            nodes.append(node("Max", f"{last} v", name))
        elif kind == "where":
            constants[f"c{i}"] = np.array(0.1)
            nodes += [node("Less", f"{last} c{i}", f"m{i}"), node("Where", f"m{i} v {last}", name)]
        elif kind == "normal":
            given = numbers(width), numbers(width), numbers(width), np.abs(numbers(width)) + 0.1
            names = [f"n{i}{part}" for part in "abcd"]
            constants |= dict(zip(names, given, strict=True))
            nodes.append(node("BatchNormalization", " ".join([last, *names]), name))
        else:
            nodes.append(node(kind, last, name))
        last = name
    nodes.append(node("Identity", last))
    held(made(nodes, (1, 3), **constants))
