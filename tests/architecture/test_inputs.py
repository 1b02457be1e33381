"""The input channels: how many there are, what they print, what they refuse."""

import re

import numpy as np
import pytest

from netwarp.architecture.inputs import Coordinate, Embed, Fourier, Inputs, Latent, Periodic, embed
from netwarp.errors import InputError


def test_channels_are_those_of_the_definition() -> None:
    parts = [
        Coordinate("x"),
        Coordinate("bias"),
        Latent(4),
        Fourier(16, 4),
        Periodic("y"),
        Embed((0, 0, 0), (1, 0, 0), (0, 1, 0)),
    ]
    assert [part.channels for part in parts] == [1, 1, 4, 32, 2, 3]
    assert Inputs(tuple(parts)).channels == 43


def test_text_names_every_part() -> None:
    parts = (Coordinate("r"), Latent(4), Fourier(16, 0.5), Periodic("x"), Embed((1,), (2,), (0.5,)))
    assert str(Inputs(parts)) == "r z(4) fourier(16, 0.5) periodic(x) embed((1,), (2,), (0.5,))"


def test_embed_takes_arrays_and_keeps_floats() -> None:
    made = embed(np.zeros(2), np.array([1, 0]), [0, 1])
    assert made == Inputs((Embed((0, 0), (1, 0), (0, 1)),))
    assert str(made) == "embed((0, 0), (1, 0), (0, 1))"
    assert all(type(number) is float for number in made.parts[0].origin)  # type: ignore[union-attr]
    assert hash(made) == hash(embed([0, 0], [1, 0], [0, 1]))


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Coordinate("q"), "input 'q': must be x, y, r or bias"),
        (lambda: Latent(0), "z n=0: must be at least 1, as in z(4)"),
        (lambda: Fourier(4, -1), "fourier sigma=-1: must be at least 0"),
        (lambda: Periodic("r"), "periodic axis='r': must be x or y"),
        (lambda: embed((0, 0), (1,), (0, 1)), "embed u: 1 numbers, but origin has 2; give as many"),
        (lambda: embed((0, 0), (1, 0), (0, "a")), "embed v[1]='a': must be a finite number"),  # type: ignore[arg-type]
        (lambda: embed("00", (1, 0), (0, 1)), "embed origin='00': must be a tuple of numbers"),  # type: ignore[arg-type]
        (lambda: embed((), (), ()), "embed origin=(): must hold at least one number"),
        (lambda: Inputs(()), "inputs: at least one is needed"),
        (lambda: Inputs(("x",)), "inputs 'x': not an input"),  # type: ignore[arg-type]
    ],
)
def test_refusals_name_the_argument(make: object, message: str) -> None:
    with pytest.raises(InputError, match=re.escape(message)):
        make()  # type: ignore[operator]
