"""Networks as files: exact round trips, plain networks, an old file that stays readable, and bad files."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest

import reference
from netwarp.architecture.inputs import embed
from netwarp.architecture.language import parse
from netwarp.architecture.specs import Activation
from netwarp.errors import InputError, LimitError
from netwarp.network.lower import lower
from netwarp.network.network import Network
from netwarp.network.source import Graph, Plain, Weighted
from netwarp.plane import Raster
from network.stored.make import networks

STORED = Path(__file__).parent / "stored"
POINTS = np.random.default_rng(3).uniform(-0.5, 0.5, (11, 2))
RANDOM = np.random.default_rng(4)
PLAIN = {
    "W0": RANDOM.standard_normal((4, 2)),
    "b0": RANDOM.standard_normal(4),
    "W1": RANDOM.standard_normal((3, 4)),
    "b1": RANDOM.standard_normal(3),
}


def file(**arrays: object) -> io.BytesIO:
    stream = io.BytesIO()
    np.savez(stream, **arrays)  # type: ignore[arg-type]
    stream.seek(0)
    return stream


def again(network: Network) -> Network:
    stream = io.BytesIO()
    network.save(stream)
    stream.seek(0)
    return Network.load(stream)


def same(one: Network, other: Network) -> None:
    assert one.source == other.source
    assert (one.architecture, one.seed, one.activation) == (other.architecture, other.seed, other.activation)
    assert list(one.parameters) == list(other.parameters)
    for name, array in one.parameters.items():
        assert array.tobytes() == other.parameters[name].tobytes()
        assert array.shape == other.parameters[name].shape


@pytest.mark.parametrize(
    "architecture",
    [
        parse("conv(4) * 3"),
        parse('Architecture(residual(conv(3, 3)) >> maxout(2, 3), act="sin(9)", norm=layer(scale=2), init="lecun")'),
        parse("conv(3)", inputs=embed((0.1, 1e-300), (1, 2), (3, 4))),
        parse("gated(conv(2))", inputs="z(2) fourier(2, 3)", act="leaky(random)", norm=None),
    ],
)
@pytest.mark.parametrize("seed", [0, 7, -3, 2**70])
def test_a_network_comes_back_exactly(architecture: object, seed: int) -> None:
    network = Network.draw(architecture, seed)  # type: ignore[arg-type]
    same(again(network), network)
    loose = Network(Weighted(network.architecture), network.parameters)
    same(again(loose), loose)


def test_through_a_path(tmp_path: Path) -> None:
    network = Network.draw(parse("conv(4)"), 1)
    network.save(tmp_path / "one.npz")
    network.save(str(tmp_path / "two.npz"))
    assert (tmp_path / "one.npz").read_bytes() == (tmp_path / "two.npz").read_bytes()
    same(Network.load(str(tmp_path / "one.npz")), network)


def test_the_stored_old_file_reads_for_ever() -> None:
    """network-1.npz was written by the first version of the format."""
    network = Network.load(STORED / "network-1.npz")
    assert str(network.architecture) == 'Architecture(conv(2, 3) >> conv(2, norm=None), inputs="x y r z(1)", out=1)'
    same(network, Network.draw(parse(str(network.architecture)), 7))
    assert network.parameters["readout.weight"].ravel().tolist() == READOUT


@pytest.mark.parametrize("name", networks())
def test_a_stored_file_of_each_source_reads_for_ever(name: str) -> None:
    """stored/make.py wrote them and says what they hold; each is of the version that brought its format."""
    found, wanted = Network.load(STORED / name), networks()[name]
    if not isinstance(wanted.source, Graph):
        same(found, wanted)
        return
    assert isinstance(found.source, Graph)
    assert [type(o) for o in found.source.program.operations] == [type(o) for o in wanted.source.program.operations]
    tap = (0.01, 0.02)
    for one, other in zip(found.parameters.values(), wanted.parameters.values(), strict=True):
        assert one.tobytes() == other.tobytes()
    calibrated = [network.calibrate(Raster(6, 5)).program for network in (found, wanted)]
    values = [reference.evaluate(program, POINTS, tap) for program in calibrated]
    np.testing.assert_array_equal(*values)


READOUT = [2.246376171397757, 1.0594472453583894]


@pytest.mark.parametrize("activation", [None, "tanh", "leaky(0.1)", "linear"])
def test_a_plain_network(activation: str | None) -> None:
    network = Network.load(file(**PLAIN), activation=activation)
    assert network.architecture is None
    assert network.activation == Activation("relu") if activation is None else str(network.activation) == activation
    function = {"tanh": np.tanh, "leaky(0.1)": lambda z: np.where(z > 0, z, 0.1 * z), "linear": lambda z: z}
    hidden = function.get(str(activation), lambda z: np.maximum(z, 0))(POINTS @ PLAIN["W0"].T + PLAIN["b0"])
    program = lower(network)
    np.testing.assert_allclose(
        reference.evaluate(program, POINTS, (1, 1)), hidden @ PLAIN["W1"].T + PLAIN["b1"], rtol=1e-13
    )
    assert len(program.layers) == 1
    same(again(network), network)


def test_a_plain_network_keeps_its_numbers() -> None:
    narrow = {name: array.astype(np.float32) for name, array in PLAIN.items()}
    assert all(np.array_equal(array, Network.load(file(**narrow)).parameters[name]) for name, array in narrow.items())
    assert all(np.array_equal(array, Network.load(file(**PLAIN)).parameters[name]) for name, array in PLAIN.items())
    one = Network.load(file(W0=np.array([[1, 2]]), b0=np.array([3])))
    assert reference.evaluate(lower(one), np.array([[0.5, 0.25]]), (1, 1)).tolist() == [[4.0]]
    assert lower(one).layers == ()


def test_a_plain_network_on_a_slice() -> None:
    slice_ = {"origin": np.array([1.0, 2, 3]), "u": np.array([0.0, 1, 0]), "v": np.array([2.0, 0, 1])}
    arrays = {"W0": np.eye(3), "b0": np.zeros(3), **slice_}
    found = reference.evaluate(lower(Network.load(file(**arrays))), POINTS, (1, 1))
    x, y = POINTS.T
    np.testing.assert_allclose(found, np.stack([1 + 2 * y, 2 + x, 3 + y], axis=1), rtol=1e-15)
    same(again(Network.load(file(**arrays))), Network.load(file(**arrays)))


def refused(
    message: str, kind: type[InputError] = InputError, *, activation: str | None = None, **arrays: object
) -> None:
    with pytest.raises(kind, match=message) as caught:
        Network.load(file(**arrays), activation=activation)
    assert "\n" not in str(caught.value)
    assert str(caught.value).startswith("npz: ")


def without(name: str) -> dict[str, object]:
    return {key: array for key, array in PLAIN.items() if key != name}


@pytest.mark.slow
def test_bad_plain_files_name_the_array() -> None:
    refused("array 'W0' is missing", **without("W0"))
    refused("array 'W1' is missing", **without("W1"))
    refused("array 'W2' is missing", **PLAIN, W3=np.eye(3), b3=np.zeros(3))
    refused("array 'W0' is missing")
    refused("array 'weights'", **PLAIN, weights=np.zeros(3))
    refused("array 'W01'", **PLAIN, W01=np.zeros(3))
    refused("array 'W2' is missing", **PLAIN, b999999=np.zeros(3))
    refused(r"array 'W0' has the shape \(2,\): must be \(out, in\)", **without("W0"), W0=np.zeros(2))
    refused("array 'W0' has the shape", **without("W0"), W0=np.zeros((0, 2)))
    refused("array 'W1' reads 5 numbers, but 'W0' gives 4", **without("W1"), W1=np.zeros((3, 5)))
    refused(r"array 'b1' has the shape \(4,\): must be \(3,\)", **without("b1"), b1=np.zeros(4))
    refused("array 'b1': 1 of 3 numbers are NaN or infinite", **without("b1"), b1=np.array([0, np.nan, 1]))
    refused("array 'W0': 8 of 8 numbers", **without("W0"), W0=np.full((4, 2), np.inf))
    refused("array 'b1' holds text", **without("b1"), b1=np.array(["a", "b", "c"]))
    refused("array 'b1' holds pickled objects", **without("b1"), b1=np.array([None, 1, 2]))
    refused("array 'origin' is missing: 3 inputs", **without("W0"), W0=np.zeros((4, 3)))
    refused("array 'v' is missing: 2 inputs", **PLAIN, origin=np.zeros(2), u=np.zeros(2))
    refused(
        r"array 'u' has the shape \(3,\): must be \(2,\)", **PLAIN, origin=np.zeros(2), u=np.zeros(3), v=np.zeros(2)
    )
    refused("activation", **PLAIN, activation="rellu")
    refused("draws nothing", **PLAIN, activation="leaky(random)")


def test_bad_files_of_its_own_name_the_array() -> None:
    network = Network.draw(parse("conv(3)"), 1)
    good = {"format": "netwarp network 1", "architecture": "conv(3)", "seed": "1", **network.parameters}
    same(Network.load(file(**good)), network)
    refused("array '0.scale' is missing", **{name: one for name, one in good.items() if name != "0.scale"})
    refused("array 'format' is missing", **{name: one for name, one in good.items() if name != "format"})
    refused("array 'format' says 'netwarp network 2'", **good | {"format": "netwarp network 2"})
    refused("array 'architecture' is", **good | {"architecture": np.zeros(2)})
    refused("is never closed", **good | {"architecture": "conv(3"})
    refused("10,000|layers", LimitError, **good | {"architecture": "conv(3) * 1000000000"})
    refused("array 'seed' says '1.5'", **good | {"seed": "1.5"})
    refused("array '0.weight' has the shape", **good | {"0.weight": np.zeros((3, 2))})
    refused("array '0.bias': the architecture has no such parameter; did you mean", **good, **{"0.bias": np.zeros(3)})
    refused("array '0.shift': 1 of 3", **good | {"0.shift": np.array([np.inf, 0, 0])})
    refused("the file's architecture says it already", activation="relu", **good)


def test_parameters_are_checked_however_they_come() -> None:
    network = Network.draw(parse("conv(3)"), 1)
    state = network.state()
    state["0.weight"][1, 1] = np.nan
    with pytest.raises(InputError, match=r"'0\.weight': 1 of 6"):
        Network(Weighted(network.architecture), state)
    with pytest.raises(InputError, match=r"'0\.weight': must be numbers"):
        Network(Weighted(network.architecture), network.state() | {"0.weight": "abc"})  # type: ignore[dict-item]
    with pytest.raises(InputError, match="network source=None: must be Drawn or Weighted or Plain or Graph"):
        Network(None, PLAIN)  # type: ignore[arg-type]
    with pytest.raises(InputError, match="Plain activation='relu': must be an Activation"):
        Plain("relu")  # type: ignore[arg-type]


@pytest.mark.parametrize("seed", [2**256 + 1, -(2**256) - 1])
def test_a_seed_no_recipe_could_hold_is_refused(seed: int) -> None:
    with pytest.raises(InputError, match="seed="):
        Network.draw(parse("conv(3)"), seed)
