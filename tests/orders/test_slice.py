"""Plain weights on the command line: what the file does not say, options do, and the picture carries all of it."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from netwarp.errors import InputError
from netwarp.models.files import Completion
from netwarp.network.network import Network
from netwarp.orders.subject import read_subject


@pytest.fixture
def weights(tmp_path: Path) -> Path:
    """Five inputs, four units, one output."""
    random = np.random.RandomState(3)
    path = tmp_path / "mine.npz"
    np.savez(path, W0=random.randn(4, 5), b0=random.randn(4), W1=random.randn(1, 4), b1=random.randn(1))
    return path


PARTS = {"origin": np.eye(5)[0], "u": np.eye(5)[1], "v": np.eye(5)[2]}
SLICE = Completion(parts=PARTS)


def test_options_stand_in_for_what_the_file_lacks(weights: Path, tmp_path: Path) -> None:
    found = read_subject(str(weights), replace(SLICE, activation="leaky(0.1)"))
    assert found.network is not None
    assert str(found.network.activation) == "leaky(0.1)"
    with np.load(weights) as arrays:
        whole = dict(arrays)
    np.savez(tmp_path / "whole.npz", **whole, **PARTS, activation="leaky(0.1)")
    other = Network.load(tmp_path / "whole.npz")
    assert other.activation == found.network.activation
    assert {name: array.tolist() for name, array in other.parameters.items()} == {
        name: array.tolist() for name, array in found.network.parameters.items()
    }
    # and what is said wins over the file
    again = read_subject(str(tmp_path / "whole.npz"), Completion(activation="abs", parts={"u": 7 * np.eye(5)[4]}))
    assert again.network is not None
    assert str(again.network.activation) == "abs"
    assert again.network.parameters["u"].tolist() == [0, 0, 0, 0, 7]


def test_the_recipe_carries_what_was_said(weights: Path) -> None:
    found = read_subject(str(weights), SLICE)
    assert found.weights is not None
    assert found.weights.file == "mine.npz"
    npz = found.weights.npz()
    assert npz is not None
    from io import BytesIO

    assert Network.load(BytesIO(npz)).parameters["u"].tolist() == [0, 1, 0, 0, 0]


@pytest.mark.parametrize(
    ("text", "plain", "needle"),
    [
        ("conv(10)", Completion(activation="relu"), "--activation: only for the file of a model"),
        ("missing.npz", SLICE, "no such file"),
        ("{weights}", Completion(parts={"origin": np.zeros(5), "u": np.ones(5)}), "array 'v' is missing"),
        ("{weights}", replace(SLICE, parts={**PARTS, "v": np.ones(2)}), "array 'v'"),
        ("{weights}", replace(SLICE, activation="reluu"), 'did you mean "relu"'),
        ("{own}", SLICE, "leave out --origin, --u, --v"),
    ],
)
def test_what_does_not_fit_is_one_line(weights: Path, text: str, plain: Completion, needle: str) -> None:
    from netwarp.architecture.language import parse

    own = weights.with_name("own.npz")
    Network.draw(parse("conv(3)"), 0).save(own)
    with pytest.raises(InputError) as caught:
        read_subject(text.format(weights=weights, own=own), plain)
    assert needle in str(caught.value)
    assert "\n" not in str(caught.value)
