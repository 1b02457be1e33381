"""The zoo's cppn is the network of Ha's source, hardmaru/cppn-tensorflow; and the inputs that it needs."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import netwarp as nw
from netwarp.architecture.inputs import Fixed, Inputs, Latent, Scaling
from netwarp.architecture.notation import read_inputs
from netwarp.architecture.specs import Uniform
from netwarp.cli.main import status_of
from netwarp.errors import NetwarpError
from netwarp.network.lower import lower

# model.py: CPPN(z_dim=32, scale=8.0, net_size=32); ops.py: random_normal_initializer(stddev=1.0) for both
Z_DIM, SCALE, NET_SIZE, STDDEV, TANH = 32, 8.0, 32, 1.0, 4
# what cppn said in version 0.1, in the recipes of its pictures
OLD = (
    'Architecture(conv(32, init="normal(8, bias=normal(1))") >> conv(32) * 2, act="tanh", norm=None, '
    'init="normal(1, bias=normal(1))", inputs="x y r z(8)", out_act="sigmoid")'
)


def test_the_shape_is_the_published_one() -> None:
    network = nw.Network.draw(nw.zoo.find("cppn").architecture, 9)
    shapes = {name: array.shape for name, array in network.parameters.items()}
    # x, y and r have no bias of their own: one bias, that of z's weights
    wanted: dict[str, tuple[int, ...]] = {"inputs.3.z": (Z_DIM,)}
    for layer in range(TANH):
        read = 3 + Z_DIM if layer == 0 else NET_SIZE
        wanted |= {f"{layer}.weight": (NET_SIZE, read, 1, 1), f"{layer}.bias": (NET_SIZE,)}
    assert shapes == wanted | {"readout.weight": (3, NET_SIZE, 1, 1), "readout.bias": (3,)}


def test_numbers_are_drawn_as_published() -> None:
    networks = [nw.Network.draw(nw.zoo.find("cppn").architecture, seed) for seed in range(40)]
    for name in ("0.weight", "0.bias", "3.weight", "3.bias", "readout.weight"):
        drawn = np.concatenate([network.parameters[name].ravel() for network in networks])
        assert abs(drawn.mean()) < 5 * STDDEV / np.sqrt(drawn.size)
        assert drawn.std() == pytest.approx(STDDEV, abs=5 / np.sqrt(2 * drawn.size))
    z = np.concatenate([network.parameters["inputs.3.z"] for network in networks])
    assert z.min() >= -1
    assert z.max() <= 1
    assert z.std() == pytest.approx(np.sqrt(1 / 3), abs=0.05)


def test_values_are_those_of_the_published_formula() -> None:
    network = nw.Network.draw(nw.zoo.find("cppn").architecture, 5)
    field = network.calibrate()
    # Field's numbers are float32, once; z is not rounded
    numbers = {
        name: array.astype(np.float32).astype(float) if name != "inputs.3.z" else array
        for name, array in network.parameters.items()
    }
    # _coordinates(x_dim=7, y_dim=5, scale): from -scale to scale, ends included
    xs, ys = (SCALE * (np.arange(n) - (n - 1) / 2) / (n - 1) / 0.5 for n in (7, 5))
    x, y = (one.ravel() for one in np.meshgrid(xs, ys))
    given = np.stack([x, y, np.sqrt(x * x + y * y), *(np.full(x.size, SCALE * one) for one in numbers["inputs.3.z"])])
    h = given
    for layer in range(TANH):
        h = np.tanh(numbers[f"{layer}.weight"][:, :, 0, 0] @ h + numbers[f"{layer}.bias"][:, None])
    out = 1 / (1 + np.exp(-(numbers["readout.weight"][:, :, 0, 0] @ h + numbers["readout.bias"][:, None])))
    # their ends are the unit square's edges
    points = np.stack([x, y], axis=1) / (2 * SCALE)
    assert np.abs(field.at(points) - out.T).max() < 1e-9


def test_old_recipes_draw_the_same() -> None:
    assert nw.zoo.find("cppn-0.1").text == OLD
    values = nw.Network.draw(nw.parse(OLD), 9).calibrate().at(np.array([[0.1, -0.2], [0.4, 0.3]]))
    wanted = (
        [0.9983229184432145, 0.00031765891981376233, 0.0014900135662939751],
        [0.904031898443231, 0.02797365783739217, 1.480194816476032e-05],
    )
    # as version 0.1 had them
    assert values == pytest.approx(np.array(wanted), abs=1e-12)


def test_units_of_several_functions_stand_beside_one_another() -> None:
    field = nw.Network.draw(nw.zoo.find("cppn-mixed").architecture, 9).calibrate()
    hidden = field.after(1).sample(nw.Raster(40, 30))
    names = [getattr(one, "name", None) for one in lower(field.network).operations]
    assert {"tanh", "sin", "gaussian", "abs", "sigmoid"} <= set(names)
    assert len(hidden)


def test_chosen_latents_are_constant_whatever_the_seed() -> None:
    chosen = nw.parse("conv(4, act='tanh')", norm=None, inputs="x y z((0.25, -2)) scale(3)")
    assert chosen.inputs == Inputs((*nw.parse("conv(1)").inputs.parts, Fixed((0.25, -2.0)), Scaling(3.0)))
    for seed in (1, 2):
        network = nw.Network.draw(chosen, seed)
        assert not any(name.startswith("inputs") for name in network.parameters)
        embed = lower(network).operations[0]
        assert embed.coefficients.tolist() == [[6, 0, 0], [0, 6, 0], [0, 0, 0.75], [0, 0, -6]]  # type: ignore[union-attr]


def test_a_scale_is_said_in_either_place() -> None:
    text = 'Architecture(conv(3), inputs="x y r z(3, uniform(-1, 1)) scale(8)")'
    assert str(nw.parse('Architecture(conv(3), inputs="x y r z(3, uniform(-1, 1))", scale=8)')) == text
    assert str(nw.Architecture(nw.conv(3), inputs="scale(2) x y r z(3, uniform(-1, 1))", scale=8)) == text
    assert read_inputs("z(3, uniform(-1, 1))").parts == (Latent(3, Uniform(-1.0, 1.0)),)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("scale(8)", "at least one is needed"),
        ("x scale(8) scale(2)", "more than one scale"),
        ("x scale(-1)", "scale=-1"),
        ("x z(())", "must hold at least one number"),
        ("x z((1, 'a'))", "z"),
        ("x z(3, foo)", "foo"),
        ("x z(3, normal(-1))", "normal std"),
    ],
)
def test_what_no_input_can_be_is_said_in_one_line(text: str, said: str) -> None:
    with pytest.raises(NetwarpError, match=said) as told:
        nw.parse("conv(3)", inputs=text)
    assert "\n" not in str(told.value)


def test_latents_are_set_on_the_command_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    drawn = ["draw", "conv(3)", "--inputs", "x y z(2) bias z(1)", "--size", "12x8"]
    assert status_of([*drawn, "--z", "0.5,-2,3", "-o", "a.png"]) == 0
    recipe = nw.Recipe.read("a.png")
    assert recipe.architecture == 'Architecture(conv(3), inputs="x y z((0.5, -2)) bias z((3,))")'
    assert status_of(["draw", "a.png", "-o", "b.png"]) == 0
    assert Path("a.png").read_bytes() == Path("b.png").read_bytes()
    assert status_of(["draw", "a.png", "--z", "0.5,-2,4", "-o", "c.png"]) == 0
    assert nw.Recipe.read("c.png").architecture != recipe.architecture
    capsys.readouterr()
    for given, said in (
        ([*drawn, "--z", "1,2"], "latents: 2 numbers are given, these inputs have 3; give as many"),
        (["draw", "conv(3)", "--z", "1"], "these inputs have none; add z(4) to them"),
        ([*drawn, "--z", "1,a,2"], "--z '1,a,2': needs finite numbers"),
    ):
        assert status_of([*given, "-o", "bad.png"]) == 2
        (line,) = capsys.readouterr().err.splitlines()
        assert said in line
    assert not Path("bad.png").exists()
