"""What each evaluator does with each operation: its value, or a refusal by name that stands in the list of holes.

`pytest -s tests/contracts/test_operations.py -k table` prints the table.
"""

from __future__ import annotations

import ast
import io
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import get_args

import numpy as np
import pytest

import netwarp
import programs
import reference
from netwarp.engine.choose import choose
from netwarp.engine.pools import separated
from netwarp.engine.work import flops
from netwarp.errors import NetwarpError
from netwarp.explorer import folded
from netwarp.fields.deep.differences import differences
from netwarp.fields.field import Field
from netwarp.network.cut import cut, renumbered
from netwarp.network.network import Network
from netwarp.network.program import (
    Activate,
    Add,
    Call,
    Concat,
    Embed,
    Gather,
    LayerNorm,
    Maxout,
    Merge,
    Multiply,
    Normalise,
    Operation,
    Pool,
    Program,
    TensorConv,
)
from netwarp.network.source import Graph
from netwarp.network.tally import tally
from netwarp.plane import Plane, Raster
from netwarp.regions.cells.drawing import draw

RASTER = Raster(9, 7, Plane(0.013, 0.007))
TAP = RASTER.pitch
SOURCE = Path(netwarp.__file__).parent
# y apart from x, and float32 numbers, which the page needs
EMBED = Embed(np.zeros(2, np.int64), np.array([[1.0, 0.5, 0.25], [-0.5, 1.0, 0.0]]))
ONES, SHIFTS = np.array([1.5, 0.5]), np.array([0.25, -0.5])


# two groups, stride, dilation and padding unlike along the two axes
TENSOR = TensorConv(
    (1,),
    np.random.default_rng(3).normal(size=(4, 1, 2, 2)).astype(np.float32).astype(float),
    np.array([0.5, -0.25, 0.125, 1.0]),
    (2, 2, 3),
    (1, 2),
    (1, 0, 0, 2),
    (1, 2),
    2,
)


class Waves:
    """An outside function (n, 2) -> (n, 3) that knows its derivatives."""

    def __call__(self, points: np.ndarray) -> np.ndarray:
        a, b = points.T
        return np.stack([np.sin(3 * a), a * b, np.cos(b)], axis=1)

    def tangent(self, points: np.ndarray, across: np.ndarray, down: np.ndarray) -> np.ndarray:
        a, b = points.T
        parts = [self(points)]
        for da, db in (across.T, down.T):
            parts.append(np.stack([3 * np.cos(3 * a) * da, a * db + b * da, -np.sin(b) * db], axis=1))
        return np.stack(parts)


def of(*operations: Operation) -> Program:
    return Program((EMBED, *operations))


# of every kind one at least; where the kind alone does not say what an evaluator does with it, several
EXAMPLES: dict[str, Program] = {
    "Embed": of(),
    "Conv": of(programs.conv(0, 2, 3)),
    "Conv 3x3": of(programs.conv(0, 2, 3, 3)),
    "Normalise": of(Normalise((0,), ONES, SHIFTS, 1e-5)),
    "Activate": of(Activate((0,), "relu", np.zeros(2))),
    "Activate tanh": of(Activate((0,), "tanh", np.zeros(2))),
    "Maxout": of(Maxout((0,), 1, 2)),
    "Pool": of(Pool((0,), 2, "max", 2)),
    "Pool avg": of(Pool((0,), 2, "avg", 3)),
    "Merge": separated(of(Pool((0,), 2, "max", 2))).program,
    "LayerNorm": of(LayerNorm((0,), ONES, SHIFTS, 1e-5)),
    "Add": of(programs.conv(0, 2, 2), Add((0, 1), 2)),
    "Multiply": of(programs.conv(0, 2, 2), Multiply((0, 1), 2)),
    "Concat": of(programs.conv(0, 2, 2), Concat((0, 1), 4)),
    "Gather": of(Gather((0,), np.array([1, -1, 0, 1]))),
    "TensorConv": of(programs.conv(0, 2, 12), TENSOR),
    "Call": of(programs.conv(0, 2, 2), Call((1,), Waves(), 3, "waves")),
}


def values(program: Program, *, tangents: bool = False) -> np.ndarray:
    """The reference's, which knows Merges as the Pool they are made of."""
    if any(isinstance(operation, Merge) for operation in program.operations):
        program = EXAMPLES["Pool"]
    return reference.sample(program, RASTER, TAP, tangents=tangents)


def shifted(program: Program, new: Operation, *, read: int = 1) -> Program:
    """With a new operation 1; what read the inputs reads operation `read`."""
    number = {i: i + 1 for i in range(len(program.operations))} | {0: read}
    later = (renumbered(operation, number) for operation in program.operations[1:])
    return Program((program.operations[0], new, *later))


def agree(found: object, wanted: np.ndarray, tolerance: float = 1e-11) -> None:
    assert programs.shares(np.asarray(found), wanted) <= tolerance


def native(program: Program) -> None:
    agree(choose("native").run(program, RASTER, TAP, "float64", tangents=True), values(program, tangents=True))


def torch(program: Program) -> None:
    pytest.importorskip("torch")
    agree(choose("torch").run(program, RASTER, TAP, "float64", tangents=True), values(program, tangents=True))


def exactly(program: Program) -> None:
    """The centre by whole numbers (orbit), and what every pixel adds to it (differences): by slopes where all that is
    read is affine over the view, and step by step where it is bent."""
    for one in (program, shifted(program, Activate((0,), "sin", np.array([3.0, 5.0])))):
        centre, added = differences(one, RASTER, TAP)
        agree(centre[:, None, None] + added, values(one))


def regions(program: Program) -> None:
    field = Field(program, RASTER, Network(Graph(of())))
    agree(draw(field, RASTER, "float64"), values(program))


def calibration(program: Program) -> None:
    """Folded away where it is a norm; all else keeps its numbers, which are float32 where they are known at all."""
    field = Network(Graph(program)).calibrate(RASTER)
    agree(values(field.program), values(reference.calibrate(program, RASTER)), 1e-6)
    assert field.program.exact32 != any(isinstance(operation, Call) for operation in program.operations)


def module(program: Program) -> None:
    pytest.importorskip("torch")
    import torch

    from netwarp.network.module import slope, to_module

    network = Network(Graph(program))
    made = to_module(network, dtype=torch.float64)(torch.from_numpy(slope(network, RASTER))[None])
    agree(made.detach()[0], values(reference.calibrate(program, RASTER)), 1e-6)


def counts(program: Program) -> None:
    assert flops(program) > 0
    assert tally(Network(Graph(program)), program).parameters >= 0


def cutting(program: Program) -> None:
    """What nothing reads goes, and the rest is renumbered."""
    spare = shifted(program, programs.conv(0, 2, 1), read=0)
    found = cut(spare, len(program.operations) - (len(program.operations) == 1))
    assert [type(o) for o in found.operations] == [type(o) for o in program.operations]
    agree(choose("native").run(found, RASTER, TAP, "float64"), values(program))


def file(program: Program) -> None:
    stream = io.BytesIO()
    Network(Graph(program)).save(stream)
    again = Network.load(io.BytesIO(stream.getvalue())).source
    assert isinstance(again, Graph)
    agree(values(reference.calibrate(again.program, RASTER)), values(reference.calibrate(program, RASTER)), 0)


def page(program: Program) -> None:
    field = Network(Graph(program)).calibrate(RASTER)
    told = folded.fold(field)["operations"]
    assert isinstance(told, list)
    assert [one["kind"] for one in told] == [type(operation).__name__.lower() for operation in field.program.operations]


EVALUATORS: dict[str, Callable[[Program], None]] = {
    "native": native,
    "torch": torch,
    "differences": exactly,
    "regions": regions,
    "calibration": calibration,
    "module": module,
    "counts": counts,
    "cut": cutting,
    "file": file,
    "page": page,
}

UNCALIBRATED = "Normalise in layer '': calibrate the network first"
POOLED = "Merge in layer '': give the Pool it was made of"
OWN = "is what an evaluator makes of a pool; give the Pool"
NO_REGIONS = "no flat regions"
# (example, evaluator) -> what the refusal says
HOLES: dict[tuple[str, str], str] = {
    **{("Normalise", name): UNCALIBRATED for name in ("native", "torch", "differences", "cut")},
    **{("Merge", name): POOLED for name in ("torch", "differences")},
    **{("Merge", name): OWN for name in ("calibration", "module", "counts", "file", "page")},
    ("Merge", "regions"): "an operation Merge",
    ("Normalise", "regions"): "an operation Normalise",
    ("Conv 3x3", "regions"): "a 3x3 kernel makes no flat regions",
    ("Activate tanh", "regions"): "the smooth activation tanh makes no flat regions",
    ("Pool", "regions"): "max pooling over 2x2 makes no flat regions",
    ("Pool avg", "regions"): "avg pooling over 3x3 makes no flat regions",
    ("LayerNorm", "regions"): "a layer norm makes no flat regions",
    ("Multiply", "regions"): "a product of two values that change on a region makes no flat regions",
    ("Conv 3x3", "page"): "reads a window of 3 x 3 pixels",
    ("Pool", "page"): "reads a window of 2 x 2 pixels",
    **{(name, "page"): "an operation on tensors" for name in ("Gather", "TensorConv", "Call")},
    ("Call", "regions"): "makes no flat regions: only its values are known",
    ("Call", "differences"): "is an outside function",
    ("Call", "module"): "is an outside function",
    ("Call", "file"): "an outside function has no numbers",
    ("Pool avg", "page"): "reads a window of 3 x 3 pixels",
}


@cache
def done(example: str, evaluator: str) -> str:
    """ "yes", or the refusal's one line. Whatever else is raised is a failure."""
    try:
        EVALUATORS[evaluator](EXAMPLES[example])
    except NetwarpError as refusal:
        return str(refusal)
    return "yes"


def test_every_kind_has_an_example() -> None:
    assert {type(program.operations[-1]) for program in EXAMPLES.values()} == set(get_args(Operation))
    assert {name.split()[0] for name in EXAMPLES} == {kind.__name__ for kind in get_args(Operation)}


@pytest.mark.parametrize("evaluator", EVALUATORS)
@pytest.mark.parametrize("example", EXAMPLES)
def test_it_is_done_or_refused_by_name(example: str, evaluator: str) -> None:
    found = done(example, evaluator)
    assert HOLES.get((example, evaluator), "yes") in found
    assert (found == "yes") != ((example, evaluator) in HOLES)


def test_the_table() -> None:
    width = max(map(len, EXAMPLES))
    lines = [f"{'':{width}} {' '.join(f'{name:11}' for name in EVALUATORS)}"]
    for example in EXAMPLES:
        cells = ["yes" if done(example, name) == "yes" else "refused" for name in EVALUATORS]
        lines.append(f"{example:{width}} {' '.join(f'{cell:11}' for cell in cells)}")
    lines += [f"{example}, {name}: {done(example, name)}" for example, name in HOLES]
    sys.stdout.write("\n" + "\n".join(lines) + "\n")
    assert sum("refused" in line for line in lines) == len({example for example, _ in HOLES})


# functions that look at many kinds without handling each: what they do with any other one
OPEN = {
    "explorer.folded:obstacle": "says what the page cannot do; what it writes of each kind is below, and handles all",
    "models.homes:first_lines": "finds the lines of a first affine layer; behind other kinds there are none",
    "network.tally:_what": "the others are named after their class",
    "network.tally:tally": "counts the layers and units that some kinds have; the others have none",
    "network.units:row_of": "calls every other kind no sum of weights, by its name",
    "network.chain:chain": "calls every other kind no chain, by its name",
}


def test_what_handles_every_kind_fails_mypy_for_a_new_one() -> None:
    """A function that tells four kinds or more apart ends in assert_never, wherever it stands."""
    kinds = {kind.__name__ for kind in get_args(Operation)}
    open_ended = []
    for path in sorted(SOURCE.rglob("*.py")):
        text = path.read_text(encoding="utf-8")
        if "netwarp.network.program import" not in text and "import program" not in text:
            continue
        module = ".".join(path.relative_to(SOURCE).with_suffix("").parts)
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef) and len(_told_apart(node) & kinds) >= 4:
                names = {n.id for n in ast.walk(node) if isinstance(n, ast.Name)}
                if "assert_never" not in names and "calibrated" not in names:
                    open_ended.append(f"{module}:{node.name}")
    assert sorted(open_ended) == sorted(OPEN)


def _told_apart(function: ast.FunctionDef) -> set[str]:
    """The classes that isinstance and match name in a function."""
    tests: list[ast.AST] = [
        node.args[1]
        for node in ast.walk(function)
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "isinstance" and len(node.args) == 2
    ]
    tests += [node.cls for node in ast.walk(function) if isinstance(node, ast.MatchClass)]
    found = {name for test in tests for name in ast.walk(test)}
    return {n.id for n in found if isinstance(n, ast.Name)} | {n.attr for n in found if isinstance(n, ast.Attribute)}
