"""The small languages: known readings, round trips, and errors at their place."""

import pytest
from hypothesis import given

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
    [
        ("activation", "rellu", "rellu", 'unknown name \'rellu\'; did you mean "relu"?'),
        ("activation", "relu(2)", "relu", '"relu" takes no arguments'),
        ("activation", "leaky(rnd)", "rnd", "unknown name 'rnd'; did you mean \"random\"?"),
        ("activation", "leaky(slop=1)", "slop=1", "did you mean \"slope\"?"),
        ("activation", "leaky(1, 2)", "2", "takes at most 1 argument in order"),
        ("activation", "sin('random')", "'random'", "sin omega='random': must be a finite number"),
        ("activation", "3", "3", "3 is not an activation"),
        ("activation", '"relu"', '"relu"', "'relu' is not an activation"),
        ("activation", "relu >> relu", ">>", 'operator ">>" is not part of the language'),
        ("norm", "spacial", "spacial", "did you mean \"spatial\"?"),
        ("norm", "spatial(scale=normal(-1))", "-1", "normal std=-1: must be at least 0"),
        ("norm", "spatial(scale=normal)", "normal", '"normal" needs its arguments in brackets'),
        ("norm", "spatial(1, 2, 3)", "3", "takes at most 2 arguments in order; name the rest: eps"),
        ("norm", "normal(2)", "normal", "unknown name 'normal'"),
        ("distribution", "norml(2)", "norml", "did you mean \"normal\"?"),
        ("distribution", "normal()", "normal()", "normal(...) misses its argument"),
        ("distribution", "normal(normal(1))", "normal", "unknown name 'normal'; write a number"),
        ("distribution", "uniform(2, 1)", "2", "uniform low=2: must not be above high=1"),
        ("distribution", "1 + 2", "+", 'operator "+" is not part of the language; write a number'),
        ("distribution", "True", "True", "True is not a distribution"),
        ("distribution", "1" + "0" * 400, "1" + "0" * 400, "must be a finite number"),
        ("initialiser", "normal", "normal", '"normal" needs its arguments in brackets'),
        ("initialiser", "he(gain=normal(1))", "normal(1)", "he gain=Normal(mean=0.0, std=1.0): must be a finite"),
        ("initialiser", "he(bias=uniform(1))", "uniform(1)", "misses its argument high"),
        ("inputs", "x yy", "yy", "unknown name 'yy'"),
        ("inputs", "x z(0)", "0", "z n=0: must be at least 1"),
        ("inputs", "x, y", "x,", "x"),
        ("inputs", "x 3", "3", "3 is not an input"),
        ("inputs", "x fourier(4)", "fourier(4)", "misses its argument sigma"),
        ("inputs", "periodic(z)", "z", "unknown name 'z'"),
        ("inputs", "", "", "empty text"),
        ("inputs", "x (", "(", "is never closed"),
    ],
)  # fmt: skip
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
