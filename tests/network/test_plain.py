"""Plain networks as people save them: no bias, a state_dict, transposed weights, activations by layer."""

import io
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import netwarp as nw
from netwarp.architecture.specs import Activation
from netwarp.network.source import Plain

CASES = Path(__file__).parent / "cases"
RANDOM = np.random.RandomState(1)
W0, W1, W2 = RANDOM.standard_normal((5, 2)), RANDOM.standard_normal((4, 5)), RANDOM.standard_normal((3, 4))
POINTS = RANDOM.standard_normal((9, 2))


def load(given: Any = None, /, **arrays: Any) -> nw.Network:
    stream = io.BytesIO()
    np.savez(stream, **arrays)
    stream.seek(0)
    return nw.Network.load(stream, activation=given)


def values(network: nw.Network, points: Any = POINTS) -> Any:
    return network.calibrate(nw.Raster(4, 4)).at(points)


def again(network: nw.Network) -> nw.Network:
    stream = io.BytesIO()
    network.save(stream)
    stream.seek(0)
    return nw.Network.load(stream)


def relu(z: Any) -> Any:
    return np.maximum(z, 0)


def test_a_layer_without_bias_adds_nothing() -> None:
    network = load(W0=W0, W1=W1, b1=np.arange(4.0))
    assert np.allclose(values(network), relu(POINTS @ W0.T) @ W1.T + np.arange(4), atol=1e-13)
    assert network.parameters["b0"].tolist() == [0] * 5
    assert np.array_equal(values(again(network)), values(network))
    assert nw.Network.load(CASES / "no_bias.npz").channels == 1


def test_a_state_dict_of_a_sequential_is_read() -> None:
    arrays = np.load(CASES / "state_dict.npz")
    network = nw.Network.load(CASES / "state_dict.npz")
    hidden = relu(POINTS @ arrays["0.weight"].T + arrays["0.bias"])
    assert np.allclose(values(network), hidden @ arrays["2.weight"].T + arrays["2.bias"], atol=1e-13)
    assert isinstance(network.source, Plain)
    assert network.source.assumed


def test_a_state_dict_is_what_torch_computes() -> None:
    torch = pytest.importorskip("torch")
    torch.manual_seed(3)
    linear, act = torch.nn.Linear, torch.nn.ReLU
    module = torch.nn.Sequential(
        linear(2, 7), act(), linear(7, 6, bias=False), linear(6, 5), act(), torch.nn.Dropout(), linear(5, 2)
    ).double()
    network = load(**{name: array.numpy() for name, array in module.state_dict().items()})
    with torch.no_grad():
        right = module.eval()(torch.tensor(POINTS)).numpy()
    assert np.allclose(values(network), right, atol=1e-13)
    assert str(network.source.activation) == str(  # type: ignore[union-attr]
        tuple(map(Activation, ("relu", "linear", "relu")))
    )
    assert np.array_equal(values(again(network)), values(network))
    tanh = load("Tanh()", **{name: array.numpy() for name, array in module.state_dict().items()})
    assert str(tanh.source.activation[2]) == "tanh"  # type: ignore[union-attr, index]


@pytest.mark.parametrize(
    ("arrays", "message"),
    [
        (
            {"fc1.weight": W0, "fc1.bias": np.zeros(5)},
            r"the arrays are 'fc1.weight', 'fc1.bias'; save .* as W0, b0, W1, b1, .*nw.torch.from_module",
        ),
        ({f"a{i}": W0 for i in range(12)}, "'a7' and 4 more"),
        ({"0.weight": np.zeros((2, 2, 3, 3))}, r"array '0.weight' has the shape \(2, 2, 3, 3\): of a state_dict only"),
        ({"0.weight": W0, "1.bias": np.zeros(5)}, "array '1.weight' is missing: of a state_dict only Linear"),
        ({"0.weight": W0, "2.weight": W2}, "array '2.weight' reads 4 numbers, but '0.weight' gives 5"),
        ({"0.weight": W0, "1.running_mean": np.zeros(5)}, "the arrays are '0.weight', '1.running_mean'"),
        ({"W0": W0, "c0": W0}, "array 'c0': a plain network has W0, b0"),
    ],
)
def test_arrays_of_other_names_are_listed(arrays: Any, message: str) -> None:
    with pytest.raises(nw.NetwarpError, match=message):
        load(**arrays)


B0, B1, B2, SQUARE = np.zeros(5), np.zeros(4), np.zeros(len(W2)), np.ones((5, 5))
SPACE = {"origin": [1, 2, 3], "u": [1, 0, 0], "v": [0, 1, 0]}


@pytest.mark.parametrize(
    ("arrays", "message"),
    [
        ({"W0": W0.T, "b0": B0, "W1": W1.T, "b1": B1}, "'W0' and 'W1' look .*as Keras and JAX .*save W0.T and W1.T"),
        ({"W0": W0.T, "W1": W1.T}, r"the shapes \(2, 5\) and \(5, 4\), .* save W0.T and W1.T: each W is \(out, in\)"),
        ({"W0": W0.T, "b0": B0}, r"array 'W0' looks transposed: it has the shape \(2, 5\), .*Keras.* save W0.T: each"),
        ({"0.weight": W0.T, "0.bias": B0}, r"array '0.weight' looks transposed: .*; save 0.weight.T: each"),
        ({"W0": np.ones((3, 5)), "b0": B0} | SPACE, r"array 'W0' looks transposed: it has the shape \(3, 5\)"),
        # alone, or with others, among right ones
        (
            {"W0": W0.T, "b0": B0, "W1": W1, "b1": B1},
            "array 'W0' looks transposed: .* it as .in, out., all layers",
        ),
        ({"W0": W0.T, "W1": W1, "W2": W2}, "array 'W0' looks transposed"),
        ({"W0": W0, "b0": B0, "W1": W1.T, "b1": B1, "W2": W2}, "array 'W1' looks transposed"),
        ({"W0": W0, "W1": W1, "W2": W2.T}, "array 'W2' looks transposed"),
        ({"W0": W0.T, "W1": W1, "W2": W2.T}, "arrays 'W0' and 'W2' look transposed.*; save W0.T and W2.T: each"),
        ({"W0": W0.T, "W1": W1.T, "W2": W2.T}, "arrays 'W0', 'W1' and 'W2' look transposed"),
        # a square one tells nothing: it is named where all others are
        ({"W0": W0.T, "W1": SQUARE, "W2": W1.T}, "arrays 'W0', 'W1' and 'W2' look transposed"),
        ({"W0": W0, "W1": SQUARE, "W2": W1.T}, "array 'W2' looks transposed"),
        # of a network whose slice is not given yet
        ({"W0": np.ones((3, 5)), "b0": B0, "W1": W1.T, "b1": B1}, "arrays 'W0' and 'W1' look transposed"),
        ({"W0": np.ones((5, 3)), "b0": B0, "W1": W1.T, "b1": B1}, "array 'W1' looks transposed"),
        ({f"W{n}": (W0, W0.T)[n % 2].T for n in range(12)}, "'origin' is missing.* W7.T and 4 more, if they are"),
        ({"inputs": "x, y, x*y", "W0": np.ones((3, 5)), "b0": B0}, "array 'W0' looks transposed"),
    ],
)
def test_transposed_weights_are_told(arrays: Any, message: str) -> None:
    with pytest.raises(nw.NetwarpError, match=message):
        load(**arrays)


def test_keras_orientation_is_told_and_other_slips_are_not() -> None:
    with pytest.raises(nw.NetwarpError, match="look transposed"):
        nw.Network.load(CASES / "keras_orientation.npz")
    with pytest.raises(nw.NetwarpError, match="array 'W1' reads 3 numbers, but 'W0' gives 5"):
        load(W0=W0, W1=np.zeros((2, 3)))
    with pytest.raises(nw.NetwarpError, match="array 'W1' reads 3 numbers, but 'W0' gives 5"):
        load(W0=W0, b0=B0, W1=np.zeros((5, 3)), b1=B1)  # turned, it would give 3, and b1 has 4
    with pytest.raises(nw.NetwarpError, match=r"'origin' is missing: 5 inputs .*; or save W0.T, if it is \(in, out\)"):
        load(W0=W0.T)
    with pytest.raises(nw.NetwarpError, match=r"'origin' is missing: 5 inputs .*; or save W0.T and W1.T, if they are"):
        load(W0=W0.T, W1=W0)


def test_every_layer_may_have_an_activation_of_its_own_and_the_output_one_too() -> None:
    sigmoid = lambda z: 1 / (1 + np.exp(-z))  # noqa: E731
    right = sigmoid(relu(np.tanh(POINTS @ W0.T) @ W1.T) @ W2.T)
    layers = {"W0": W0, "W1": W1, "W2": W2}
    for network in (
        load(**layers, activation=["tanh", "relu"], output_activation="sigmoid"),
        load(**layers, activation=["tanh", "relu", "sigmoid"]),
        load(("tanh", "ReLU"), **layers, activation="gelu", output_activation="logistic"),
        again(load(**layers, activation=["tanh", "relu", "sigmoid"])),
    ):
        assert np.allclose(values(network), right, atol=1e-13)
        assert network.activation is None
    one = load(**layers, output_activation="relu")
    assert np.allclose(values(again(one)), relu(relu(relu(POINTS @ W0.T) @ W1.T) @ W2.T), atol=1e-13)


def test_exact_regions_know_the_output_activation() -> None:
    # |x| - 0.25, cut off below 0: the kinks are at 0 and at +-0.25
    arrays = {"W0": [[1.0, 0], [-1, 0]], "W1": [[1.0, 1]], "b1": [-0.25]}
    plain, cut = load(**arrays), load(**arrays, output_activation="relu")
    counts = [network.calibrate(nw.Raster(4, 4)).tessellate().merge().count for network in (plain, cut)]
    assert counts == [2, 3]


@pytest.mark.parametrize(
    ("said", "message"),
    [
        (
            {"activation": ["tanh", "relu", "relu", "relu"]},
            "4 activations of 3 layers; give one, or 2, one for each layer but the last, or 3 with the last one's",
        ),
        (
            {"activation": ["tanh", "relu", "relu"], "output_activation": "tanh"},
            "3 activations of 3 layers; give one, or 2, one for each layer but the last$",
        ),
        ({"activation": [["tanh"]]}, "array 'activation' is .* must be a text, or texts in a row"),
        ({"activation": 3}, "array 'activation' is int64"),
        ({"output_activation": ["relu", "relu"]}, "array 'output_activation': must be a single text, not 2"),
        ({"output_activation": "softmax"}, "mixes the channels; leave it out"),
        ({"activation": "PReLU"}, "draws nothing; give a slope"),
        ({"activation": np.array([], dtype=str)}, "activation: 0 of them"),
    ],
)
def test_activations_that_cannot_be_are_named(said: Any, message: str) -> None:
    with pytest.raises(nw.NetwarpError, match=message):
        load(W0=W0, W1=W1, W2=W2, **said)


@pytest.mark.parametrize(
    ("names", "message"),
    [
        (("W1", "b1"), "array 'W0' is missing: layers are numbered from 0, .* the arrays are 'W1', 'b1'$"),
        (("W1", "b1", "W2"), "array 'W0' is missing: .* the arrays are 'W1', 'b1', 'W2'$"),
        ((), "array 'W0' is missing: layers are numbered from 0, one by one, and there are no arrays$"),
        (("W0", "W2"), "array 'W1' is missing: .* the arrays are 'W0', 'W2'$"),
        (("0.weight", "fc.weight"), "array 'W0' is missing: the arrays are '0.weight', 'fc.weight'; save"),
        (("0.weight", "1.running_mean"), "array 'W0' is missing: the arrays are '0.weight', '1.running_mean'; save"),
    ],
)
def test_what_is_told_missing_is_not_there(names: tuple[str, ...], message: str) -> None:
    with pytest.raises(nw.NetwarpError, match=message):
        load(**{name: np.ones(2) if name[0] == "b" else np.eye(2) for name in names})


@pytest.mark.parametrize("said", [None, "relu"])
def test_what_is_assumed_is_known_to_be(said: str | None) -> None:
    network = load(W0=W0, W1=W1, **({} if said is None else {"activation": said}))
    for one in (network, again(network)):
        assert isinstance(one.source, Plain)
        assert one.source.assumed == (said is None)


@pytest.mark.parametrize("name", ["moons", "moons_tanh"])
def test_the_moons_are_what_scikit_learn_computed(name: str) -> None:
    right = np.load(CASES / f"{name}_ref.npz")
    logits = values(nw.Network.load(CASES / f"{name}.npz"), right["P"])[:, 0]
    found = np.exp(-np.logaddexp(0, -logits))
    assert np.allclose(found, right["prob"].reshape(len(right["P"]), -1)[:, -1], atol=1e-12)
