"""Activations, norms, distributions and initialisers as values: what they refuse, and what they print."""

import math
import re

import pytest

import known
from netwarp.architecture.specs import (
    ACTIVATIONS,
    Activation,
    Constant,
    Initialiser,
    LayerNorm,
    Normal,
    Spatial,
    layer_norm,
    normal,
    spatial,
    uniform,
)
from netwarp.checks import plain, whole
from netwarp.errors import InputError, shown


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (normal(2), "normal(2)"),
        (normal(0, 2), "normal(2)"),
        (normal(1, 1), "normal(1, 1)"),
        (uniform(0, 1), "uniform(0, 1)"),
        (Constant(-0.0), "0"),
        (spatial(), "spatial()"),
        (spatial(scale=3, shift=normal(2)), "spatial(scale=3, shift=normal(2))"),
        (spatial(eps=0), "spatial(eps=0)"),
        (layer_norm(2, eps=1e-3), "layer(scale=2, eps=0.001)"),
        (Activation("leaky"), "leaky"),
        (Activation("leaky", 0.01), "leaky"),
        (Activation("leaky", 1), "leaky(1)"),
        (Activation("leaky", "random"), "leaky(random)"),
        (Activation("sin"), "sin"),
        (Activation("sin", 30), "sin(30)"),
        (Initialiser("he"), "he"),
        (Initialiser("normal", 0.1, 2), "normal(0.1, gain=2)"),
        (Initialiser("orthogonal", None, 1.4, normal(0.3)), "orthogonal(gain=1.4, bias=normal(0.3))"),
    ],
)
def test_text_is_the_shortest_that_is_exact(value: object, text: str) -> None:
    assert str(value) == text


def test_numbers_print_whole_without_a_point() -> None:
    assert [plain(v) for v in (3.0, -2.0, 0.1, 1e15, 1e16, 1e-5, 1e300)] == [
        "3", "-2", "0.1", "1000000000000000", "1e+16", "1e-05", "1e+300",
    ]  # fmt: skip


def test_defaults_are_those_of_the_language() -> None:
    assert Activation("leaky").parameter == 0.01
    assert Activation("sin").parameter == 1.0
    assert Activation("relu").parameter is None
    assert spatial() == Spatial(Constant(1), Constant(0), 1e-5)
    assert layer_norm() == LayerNorm(Constant(1), Constant(0), 1e-5)
    assert normal(2) == Normal(0, 2)
    assert set(ACTIVATIONS) == set(known.ACTIVATIONS)


def test_equal_values_hash_alike() -> None:
    assert {spatial(scale=3), spatial(scale=3.0), Spatial(Constant(3))} == {spatial(3)}
    assert hash(Constant(-0.0)) == hash(Constant(0))


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Activation("rellu"), "activation 'rellu': not a known name; did you mean \"relu\"?"),
        (lambda: Activation(3), "activation 3: not a known name"),  # type: ignore[arg-type]
        (lambda: Activation("relu", 2), "activation relu: takes no parameter, not 2"),
        (lambda: Activation("sin", "random"), "sin omega='random': must be a finite number"),
        (lambda: Activation("leaky", math.nan), "leaky slope=nan: must be a finite number"),
        (lambda: normal(-1), "normal std=-1: must be at least 0"),
        (lambda: normal(1, math.inf), "normal std=inf: must be a finite number"),
        (lambda: normal(True), "normal std=True: must be a finite number"),
        (lambda: normal(10**400), "normal std=an integer of 1329 bits: must be a finite number"),
        (lambda: uniform(2, 1), "uniform low=2: must not be above high=1"),
        (lambda: spatial(eps=-1), "spatial eps=-1: must be at least 0"),
        (lambda: spatial(shift="2"), "spatial shift='2': must be a number, normal(std)"),  # type: ignore[arg-type]
        (lambda: layer_norm(scale=None), "layer scale=None: must be a number"),  # type: ignore[arg-type]
        (lambda: Initialiser("hee"), "initialiser 'hee': not a known name; did you mean \"he\"?"),
        (lambda: Initialiser("he", 2), "initialiser he: takes only gain and bias, not 2"),
        (lambda: Initialiser("normal"), "normal std=None: must be a finite number"),
        (lambda: Initialiser("he", bias="x"), "he bias='x': must be a number"),  # type: ignore[arg-type]
    ],
)
def test_refusals_name_the_argument_and_the_value(make: object, message: str) -> None:
    with pytest.raises(InputError, match=re.escape(message)) as caught:
        make()  # type: ignore[operator]
    assert "\n" not in str(caught.value)


def test_show_is_one_short_line_whatever_the_value() -> None:
    assert shown("a\nb") == "'a\\nb'"
    assert shown(10**5000) == "an integer of 16610 bits"
    assert len(shown("x" * 1000)) == 60


def test_whole_takes_whole_numbers_only() -> None:
    import numpy as np

    assert whole(np.int64(3), "n") == 3
    assert type(whole(np.int64(3), "n")) is int
    for bad in (3.0, True, "3", None, 0, 10**19):
        with pytest.raises(InputError, match=r"^n="):
            whole(bad, "n")
