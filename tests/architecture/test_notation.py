"""The small languages: known readings, round trips, and errors at their place."""

import pytest
from hypothesis import given

from architecture.texts import REFUSED_SMALL
from netwarp.architecture.inputs import Coordinate, Fourier, Inputs, Latent, Periodic
from netwarp.architecture.notation import (
    read_activation,
    read_distribution,
    read_initialiser,
    read_inputs,
    read_norm,
    to_activation,
    to_initialiser,
    to_inputs,
    to_norm,
)
from netwarp.architecture.specs import (
    ACTIVATIONS,
    Activation,
    Constant,
    Distribution,
    Initialiser,
    LayerNorm,
    Spatial,
    layer_norm,
    normal,
    spatial,
    uniform,
)
from netwarp.errors import InputError, LanguageError
from trees import activations, distributions, initialisers, inputs, norms

READERS = {
    "activation": read_activation,
    "norm": read_norm,
    "distribution": read_distribution,
    "initialiser": read_initialiser,
    "inputs": read_inputs,
}


def test_known_readings() -> None:
    assert read_activation("leaky(0.1)") == Activation("leaky", 0.1)
    assert read_activation(" leaky( random ) ") == Activation("leaky", "random")
    assert read_activation("leaky(-0.5)") == Activation("leaky", -0.5)
    assert read_activation("sin(30)") == read_activation("sin(omega=30)") == Activation("sin", 30)
    assert read_norm("spatial(scale=3, shift=normal(2))") == spatial(3, normal(2))
    assert read_norm("spatial") == spatial()
    assert read_norm("layer") == read_norm("layer()") == layer_norm()
    assert read_norm("none") is read_norm("None") is None
    assert read_distribution("-3") == Constant(-3)
    assert read_distribution("normal(2)") == normal(2)
    assert read_distribution("normal(1, 1)") == normal(1, 1)
    assert read_distribution("uniform(0, 1)") == uniform(0, 1)
    assert read_initialiser("he(gain=0.5)") == Initialiser("he", gain=0.5)
    assert read_initialiser("normal(0.1)") == Initialiser("normal", 0.1)
    assert read_initialiser("uniform(0.2, bias=normal(1, 2))") == Initialiser("uniform", 0.2, bias=normal(1, 2))
    assert read_initialiser("orthogonal(gain=1.4, bias=normal(0.3))") == Initialiser(
        "orthogonal", gain=1.4, bias=normal(0.3)
    )
    assert read_inputs("x  bias z(4)\tfourier(16, 4) periodic( y )") == Inputs(
        (Coordinate("x"), Coordinate("bias"), Latent(4), Fourier(16, 4), Periodic("y"))
    )


def test_every_activation_reads_by_its_bare_name() -> None:
    assert [str(read_activation(name)) for name in ACTIVATIONS] == list(ACTIVATIONS)


@given(activations)
def test_activations_round_trip(value: Activation) -> None:
    assert read_activation(str(value)) == value


@given(norms)
def test_norms_round_trip(value: Spatial | LayerNorm) -> None:
    assert read_norm(str(value)) == value


@given(distributions)
def test_distributions_round_trip(value: Distribution) -> None:
    assert read_distribution(str(value)) == value


@given(initialisers)
def test_initialisers_round_trip(value: Initialiser) -> None:
    assert read_initialiser(str(value)) == value


@given(inputs)
def test_inputs_round_trip(value: Inputs) -> None:
    assert read_inputs(str(value)) == value


@pytest.mark.parametrize(
    ("reader", "text", "place", "message"),
    REFUSED_SMALL,
)
def test_an_error_points_at_its_place(reader: str, text: str, place: str, message: str) -> None:
    with pytest.raises(LanguageError) as caught:
        READERS[reader](text)
    error = caught.value
    assert message in error.message
    assert error.message.startswith(f"{reader}: ")
    assert text[error.position : error.position + error.length] == place if place else error.position == 0
    assert error.text == text


def test_values_are_taken_as_well_as_texts() -> None:
    assert to_activation("conv act", None) == Activation("linear")
    assert to_activation("conv act", "sin(2)") == to_activation("conv act", Activation("sin", 2))
    assert to_norm("conv norm", None) is to_norm("conv norm", "none") is None
    assert to_initialiser("conv init", normal(0.1)) == Initialiser("normal", 0.1)
    assert to_initialiser("conv init", uniform(-0.1, 0.1)) == Initialiser("uniform", 0.1)
    assert to_inputs("inputs", Latent(3)) == to_inputs("inputs", "z(3)")


def test_values_of_another_kind_are_refused() -> None:
    with pytest.raises(InputError, match="conv act=3: must be an activation"):
        to_activation("conv act", 3)  # type: ignore[arg-type]
    with pytest.raises(InputError, match="conv norm=3: must be a norm"):
        to_norm("conv norm", 3)  # type: ignore[arg-type]
    with pytest.raises(InputError, match=r"conv init=Normal\(mean=1.0, std=1.0\): must be an initialiser"):
        to_initialiser("conv init", normal(1, 1))
    with pytest.raises(InputError, match="inputs=3"):
        to_inputs("inputs", 3)  # type: ignore[arg-type]


def test_a_norm_bears_pythons_name_too() -> None:
    assert read_norm("layer_norm(scale=2)") == read_norm("layer(scale=2)") == layer_norm(scale=2)
    assert str(read_norm("layer_norm")) == "layer()"


@pytest.mark.parametrize(
    ("spelling", "name"),
    [
        ("ReLU", "relu"),
        ("ReLU()", "relu"),
        ("RELU", "relu"),
        ("GELU", "gelu"),
        ("SiLU", "silu"),
        ("swish", "silu"),
        ("logistic", "sigmoid"),
        ("Sigmoid()", "sigmoid"),
        ("identity", "linear"),
        ("Identity", "linear"),
        ("Tanh", "tanh"),
        ("ReLU6", "relu6"),
        ("hard_sigmoid", "hardsigmoid"),
        ("Hardswish", "hardswish"),
        ("LeakyReLU", "leaky(0.01)"),
        ("LeakyReLU(0.2)", "leaky(0.2)"),
        ("LeakyReLU(negative_slope=0.2)", "leaky(0.2)"),
        ("leaky_relu", "leaky(0.01)"),
    ],
)
def test_an_activation_may_be_spelt_as_elsewhere(spelling: str, name: str) -> None:
    assert read_activation(spelling) == read_activation(name)


def test_softmax_is_told_what_to_do() -> None:
    with pytest.raises(LanguageError, match="mixes the channels; leave it out"):
        read_activation("softmax")
