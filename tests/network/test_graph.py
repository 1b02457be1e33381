"""Graphs: any Program as a network, through every room; its file; and every way one from outside can be wrong."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from dataclasses import fields, replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings

import netwarp as nw
import reference
from netwarp.architecture.language import parse
from netwarp.cli.main import status_of
from netwarp.errors import InputError, LimitError
from netwarp.network.lower import lower
from netwarp.network.network import Network
from netwarp.network.program import (
    LINEAR,
    Activate,
    Add,
    Concat,
    Conv,
    Embed,
    LayerNorm,
    Maxout,
    Merge,
    Multiply,
    Normalise,
    Operation,
    Pool,
    Program,
)
from netwarp.network.source import Graph
from netwarp.network.stored import KINDS
from netwarp.network.tally import tally
from netwarp.orders.drawing import draw
from netwarp.plane import Raster
from programs import RASTER, check_values, programs, shares

SMALL = Raster(24, 16)
TEXT = "conv(6) >> residual(conv(6) * 2) >> conv(4)"


def field(text: str = TEXT) -> nw.Field:
    return Network.draw(parse(text), 3).calibrate(SMALL)


def named(program: Program) -> Program:
    """As a graph keeps it: what has no path is called by its number."""
    operations = (replace(o, layer=o.layer or str(i)) for i, o in enumerate(program.operations))
    return Program(tuple(operations), program.layers)


def again(network: Network) -> Network:
    stream = io.BytesIO()
    network.save(stream)
    return Network.load(io.BytesIO(stream.getvalue()))


def same(one: Program, other: Program) -> None:
    assert one.layers == other.layers
    assert [type(o) for o in one.operations] == [type(o) for o in other.operations]
    for mine, theirs in zip(one.operations, other.operations, strict=True):
        for part in fields(mine):
            a, b = getattr(mine, part.name), getattr(theirs, part.name)
            assert type(a) is type(b), part.name
            if isinstance(a, np.ndarray):
                assert (a.dtype, a.shape, a.tobytes()) == (b.dtype, b.shape, b.tobytes()), part.name
            else:
                assert a == b, part.name


@settings(max_examples=60)
@given(programs(normalise=True))
def test_any_program_comes_back_exactly_and_calibrates_to_its_definition(one: Program) -> None:
    network = Network(Graph(one))
    same(lower(network), named(one))
    same(lower(again(network)), named(one))
    found = network.calibrate(RASTER)
    assert not any(isinstance(operation, Normalise) for operation in found.program.operations)
    assert found.channels == network.channels == one.channels


@settings(max_examples=30)
@given(programs())
def test_without_norms_no_number_changes(one: Program) -> None:
    found = Network(Graph(one)).calibrate(RASTER)
    wanted = reference.sample(one, RASTER, RASTER.pitch)
    assert shares(found.sample(RASTER, dtype="float64"), wanted) <= 1e-9


def test_the_graph_of_a_drawn_field_is_that_field_everywhere() -> None:
    """Its numbers are float32 already: the same pictures, regions and measures, to the last bit."""
    drawn = field()
    graph = Network(Graph(drawn.program)).calibrate(SMALL)
    same(graph.program, drawn.program)
    assert graph.program.exact32
    assert graph.precision() == drawn.precision()
    np.testing.assert_array_equal(graph.sample(), drawn.sample())
    np.testing.assert_array_equal(graph.after(2).sample(), drawn.after(2).sample())
    np.testing.assert_array_equal(graph.sample(engine="exact"), drawn.sample(engine="exact"))
    one, other = graph.tessellate(), drawn.tessellate()
    assert (len(one), one.merge().count) == (len(other), other.merge().count)
    names = ["total_variation", "regions", "mean_frequency"]
    found, wanted = nw.measure(graph, names), nw.measure(drawn, names)
    assert [found[name].value for name in names] == [wanted[name].value for name in names]


def test_a_tessellation_of_it_is_kept_with_it(tmp_path: Path) -> None:
    cells = Network(Graph(field().program)).calibrate(SMALL).tessellate()
    cells.save(tmp_path / "cells.npz")
    again = nw.Tessellation.load(tmp_path / "cells.npz")
    assert isinstance(again.field.network.source, Graph)
    np.testing.assert_array_equal(again.affine, cells.affine)


def test_numbers_that_float32_does_not_hold_stay_float64() -> None:
    program = lower(Network.draw(parse("conv(4)", norm=None), 1))
    graph = Network(Graph(program)).calibrate(SMALL)
    assert not graph.program.exact32
    same(graph.program, program)


def test_what_is_known_of_it() -> None:
    network = Network(Graph(field().program))
    assert (network.architecture, network.seed, network.activation, network.text) == (None, None, None, None)
    assert network.channels == 3
    assert list(network.parameters)[:3] == ["1.weight", "1.bias", "3.weight"]
    # 2 6 + 6, twice 6 6 + 6, 6 4 + 4, 4 3 + 3; a read-out is a layer like any other
    assert tally(network, lower(network)) == (5, 6 + 6 + 6 + 4, 18 + 2 * 42 + 28 + 15, 4)
    assert not network.parameters["1.weight"].flags.writeable
    with pytest.raises(InputError, match=r"array 'W0': a graph's program has its numbers"):
        Network(Graph(field().program), {"W0": np.eye(2)})


def test_a_graph_keeps_no_array_of_the_caller() -> None:
    weight = np.eye(2)[:, :, None, None]
    embed = Embed(np.zeros(2, np.int64), np.eye(2, 3))
    graph = Graph(Program((embed, Conv((0,), weight, np.zeros(2)))))
    weight[0, 0] = 7
    conv = graph.program.operations[1]
    assert isinstance(conv, Conv)
    assert conv.weight[0, 0] == 1


@pytest.mark.parametrize("text", ["conv(4, 2) >> gated(conv(3))", 'conv(3) * 2 >> pool("max", 2) >> maxout(2, 2)'])
def test_a_torch_module_of_it(text: str) -> None:
    torch = pytest.importorskip("torch")
    from netwarp.network.module import slope, to_module

    program = replace(lower(Network.draw(parse(text, norm=None), 2)))
    nameless = Program(tuple(replace(o, layer="") for o in program.operations), program.layers)
    network = Network(Graph(nameless))
    module = to_module(network, dtype=torch.float64)
    with torch.no_grad():
        found = np.asarray(module(torch.from_numpy(slope(network, SMALL))[None])[0])
    assert shares(found, reference.sample(program, SMALL, SMALL.pitch)) <= 1e-12


def test_the_evaluators_take_what_no_architecture_says() -> None:
    """One value read twice by one operation, sums of three, and products with themselves."""
    embed = Embed(np.zeros(2, np.int64), np.array([[1.0, 0, 0.5], [0, 1.0, 0]]))
    program = Program(
        (embed, Add((0, 0, 0), 2), Multiply((1, 0, 1), 2), Concat((2, 2), 4), Activate((3,), "tanh", np.zeros(4)))
    )
    same(Network(Graph(program)).calibrate(RASTER).program, named(program))
    for tangents in (False, True):
        check_values(program, tangents=tangents)
    single = Network(Graph(Program((embed,)))).calibrate(SMALL)
    np.testing.assert_allclose(single.at([[0.25, 0.5]]), [[0.75, 0.5]], rtol=1e-15)


@pytest.mark.parametrize("suffix", [".npz", ".png"])
def test_the_command_line_takes_it(
    suffix: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A file of weights; a picture of it carries them; both draw the same bytes, and are measured and cut."""
    monkeypatch.chdir(tmp_path)
    Network(Graph(field().program)).save("own.npz")
    assert status_of(["draw", "own.npz", "--size", "24x16", "-o", "own.png", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["layers"], told["units"], told["parameters"]) == (5, 22, 145)
    assert len(told["recipe"]["weights"]["sha256"]) == 64
    Path("own.npz").rename("own-kept.npz")
    source = {".npz": "own-kept.npz", ".png": "own.png"}[suffix]
    assert status_of(["draw", source, "--size", "24x16", "-o", "again.png"]) == 0
    assert read_pixels("own.png") == read_pixels("again.png")
    assert status_of(["regions", source, "--json"]) == 0
    capsys.readouterr()
    assert status_of(["measure", source, "--measures", "total_variation", "--size", "24x16", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["architecture"] is None
    assert status_of(["draw", source, "--act", "relu"]) == 2
    assert "its weights are given" in capsys.readouterr().err


def read_pixels(path: str) -> bytes:
    from PIL import Image

    return Image.open(path).tobytes()


def test_a_picture_is_its_order_again() -> None:
    network = Network(Graph(field().program))
    drawing = draw(again(network), SMALL, calibration=SMALL)
    np.testing.assert_array_equal(drawing.picture.pixels, draw(network, SMALL, calibration=SMALL).picture.pixels)


EMBED = Embed(np.zeros(2, np.int64), np.eye(2, 3))
CONV = Conv((0,), np.ones((2, 2, 1, 1)), np.zeros(2))


def of(*operations: object, layers: object = ()) -> Callable[[], object]:
    return lambda: Graph(Program((EMBED, *operations), layers))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("make", "needle"),
    [
        (lambda: Graph("conv(3)"), "graph program='conv(3)': must be a netwarp.network.program.Program"),  # type: ignore[arg-type]
        (lambda: Graph(Program(())), "graph operations: 0 items"),
        (lambda: Graph(Program((CONV,))), "operation 0 must be the Embed"),
        (of(EMBED), "operation 1 (Embed): operation 0 must be the Embed, and no other one"),
        (of("conv"), "operation 1='conv': must be an operation"),
        (of(replace(CONV, sources=(1,))), "operation 1 (Conv) source=1: must be 0 to 0"),
        (of(replace(CONV, sources=(-1,))), "operation 1 (Conv) source=-1: must be 0 to 0"),
        (of(replace(CONV, sources=(0, 0))), "operation 1 (Conv) sources: 2 items"),
        (of(replace(CONV, sources=0)), "operation 1 (Conv) sources=0: must be a list"),
        (of(replace(CONV, weight=np.ones((2, 2)))), "operation 1 (Conv) weight has the shape (2, 2)"),
        (of(replace(CONV, weight=np.ones((2, 3, 1, 1)))), "operation 1 (Conv) weight has the shape (2, 3, 1, 1)"),
        (of(replace(CONV, weight=np.ones((2, 2, 1, 2)))), "operation 1 (Conv) weight has the shape (2, 2, 1, 2)"),
        (of(replace(CONV, weight=np.ones((0, 2, 1, 1)))), "operation 1 (Conv) weight has the shape (0, 2, 1, 1)"),
        (of(replace(CONV, weight=np.ones((3, 1, 1, 1)), groups=2)), "2 groups divide C and 2"),
        (of(replace(CONV, weight=np.full((2, 2, 1, 1), np.nan))), "weight: holds NaN or infinite numbers"),
        (of(replace(CONV, weight="abc")), "operation 1 (Conv) weight: must be numbers"),
        (of(replace(CONV, bias=np.zeros(3))), "bias has the shape (3,): must be (2)"),
        (of(replace(CONV, dilation=0)), "operation 1 (Conv) dilation=0: must be 1 to 65536"),
        (of(replace(CONV, groups=1.5)), "operation 1 (Conv) groups=1.5: must be a whole number"),
        (of(replace(CONV, layer="a\nb")), "must be printable"),
        (of(replace(CONV, layer="x" * 300)), "300 characters, at most 200"),
        (of(Normalise((0,), np.ones(2), np.ones(2), -1)), "operation 1 (Normalise) eps=-1: must be at least 0"),
        (of(LayerNorm((0,), np.ones(3), np.ones(2), 0)), "operation 1 (LayerNorm) scale has the shape (3,)"),
        (of(Activate((0,), "rellu", np.zeros(2))), "name='rellu': not a known activation; did you mean \"relu\""),
        (of(Activate((0,), "relu", np.zeros(3))), "operation 1 (Activate) parameter has the shape (3,)"),
        (of(Maxout((0,), 2, 2)), "operation 1 (Maxout) channels=2: what it reads makes 1"),
        (of(Maxout((0,), 1, 0)), "operation 1 (Maxout) pieces=0"),
        (of(Pool((0,), 2, "sum", 2)), "operation 1 (Pool) kind='sum': must be max or avg"),
        (of(Pool((0,), 3, "max", 2)), "operation 1 (Pool) channels=3: what it reads makes 2"),
        (of(Add((), 2)), "operation 1 (Add) sources: 0 items"),
        (of(Add((0, 0), 3)), "operation 1 (Add) channels=3: what it reads makes 2"),
        (of(Concat((0, 0), 2), Multiply((0, 1), 2)), "operation 1 (Concat) channels=2: what it reads makes 4"),
        (of(Concat((0, 0), 4), Multiply((0, 1), 2)), "operation 2 (Multiply) channels=2: what it reads makes 4"),
        (of(Merge((0, 0), 2, "max", (0, 1), True)), "give the Pool"),
        (lambda: Graph(Program((replace(EMBED, kinds=np.array([0, 3])),))), "kinds: must be 0 (linear)"),
        (lambda: Graph(Program((replace(EMBED, kinds=np.array([0, 0.5])),))), "kinds: must be 0 (linear)"),
        (lambda: Graph(Program((replace(EMBED, coefficients=np.eye(3)),))), "coefficients has the shape (3, 3)"),
        (lambda: Graph(Program((replace(EMBED, sources=(0,)),))), "reads the plane and nothing else"),
        (of(CONV, layers=(2,)), "graph layer 1=2: must be 0 to 1"),
        (of(CONV, layers=(1, 0)), "must be numbers of operations in ascending order"),
    ],
)
def test_a_bad_program_is_refused_by_operation(make: Callable[[], object], needle: str) -> None:
    with pytest.raises(InputError) as caught:
        make()
    assert needle in str(caught.value)
    assert "\n" not in str(caught.value)


def test_sizes_are_bounded_before_anything_is_made(monkeypatch: pytest.MonkeyPatch) -> None:
    doubled: list[Operation] = [EMBED]
    for i in range(24):
        doubled.append(Concat((i, i), 2 * doubled[i].channels))
    with pytest.raises(LimitError, match=r"operation 23: 16,777,216 channels, at most 10,000,000"):
        Graph(Program(tuple(doubled)))
    with pytest.raises(LimitError, match="receptive field is 131,073"):
        Graph(Program((EMBED, Pool((0,), 2, "max", 3, 65536))))
    with pytest.raises(InputError, match="graph operations: 40001 items"):
        Graph(Program((EMBED,) * 40_001))
    monkeypatch.setattr("netwarp.network.graph.PARAMETERS", 10)
    with pytest.raises(LimitError, match="graph of more than 10 numbers"):
        Graph(Program((EMBED, CONV)))


def bad_file(change: Callable[[dict[str, object]], object] = lambda data: None, **arrays: object) -> io.BytesIO:
    """A graph's file whose JSON or arrays were changed by hand."""
    stream = io.BytesIO()
    Network(Graph(Program((EMBED, CONV)))).save(stream)
    held = dict(np.load(io.BytesIO(stream.getvalue())))
    data = json.loads(str(held["program"]))
    held["program"] = np.array(json.dumps(change(data) or data))
    held |= {name: np.array(value) for name, value in arrays.items()}
    stream = io.BytesIO()
    np.savez(stream, **{name: value for name, value in held.items() if value.dtype != object})
    stream.seek(0)
    return stream


@pytest.mark.parametrize(
    ("file", "needle"),
    [
        (lambda: bad_file(format="netwarp network 3"), "array 'format' says 'netwarp network 3'"),
        (lambda: bad_file(format="netwarp network 1"), "this netwarp reads 'netwarp network 2'"),
        (lambda: bad_file(program="{"), "array 'program': not JSON"),
        (lambda: bad_file(program="[]"), "array 'program': must be an object"),
        (lambda: bad_file(program="{}"), "array 'program': operations is missing"),
        (lambda: bad_file(lambda d: d.pop("layers") and None), "array 'program': layers is missing"),
        (lambda: bad_file(lambda d: {**d, "operations": 3}), "array 'program' operations=3: must be a list"),
        (lambda: bad_file(lambda d: {**d, "operations": [3]}), "operation 0: must be an object"),
        (lambda: bad_file(lambda d: {**d, "operations": [{}]}), "operation 0: type is missing"),
        (lambda: bad_file(lambda d: {**d, "operations": [{"type": "Conf"}]}), 'did you mean "Conv"'),
        (lambda: bad_file(lambda d: {**d, "operations": [{"type": "Program"}]}), "not a known operation"),
        (lambda: bad_file(lambda d: {**d, "operations": [{"type": "Embed", "kin": 1}]}), "operation 0 (Embed): has no"),
        (lambda: bad_file(**{"1.bias": np.array(["a", "b"])}), "array '1.bias' holds text"),
        (lambda: bad_file(**{"1.bias": [np.nan, 0]}), "operation 1 (Conv) bias: holds NaN"),
        (lambda: bad_file(**{"1.weights": [1, 0]}), "array '1.weights': the program has no such operation or part"),
        (lambda: bad_file(**{"2.weight": [1, 0]}), "array '2.weight': the program has no such operation or part"),
        (lambda: bad_file(lambda d: {**d, "layers": ["a"]}), "graph layer 1='a': must be a whole number"),
        (lambda: bad_file(lambda d: {**d, "layers": "a"}), "array 'program' layers='a': must be a list"),
    ],
)
def test_a_bad_file_is_refused_in_one_line(file: Callable[[], io.BytesIO], needle: str) -> None:
    with pytest.raises(InputError) as caught:
        Network.load(file())
    assert needle in str(caught.value)
    assert str(caught.value).startswith("npz: ")


def test_a_missing_array_and_another_activation_are_refused() -> None:
    with pytest.raises(InputError, match=r"operation 1 \(Conv\): bias is missing"):
        Network.load(bad_file(**{"1.bias": None}))
    with pytest.raises(InputError, match="the file's program says it already"):
        Network.load(bad_file(), activation="relu")


def test_every_operation_has_a_kind_and_a_form() -> None:
    # an outside function has no form in a file
    assert {kind.__name__ for kind in Operation.__args__} == {*KINDS, "Call"}
    assert LINEAR == 0
