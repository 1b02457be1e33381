"""Modules as networks: what they compute is followed, compared with them, and refused by name where it is not known."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import netwarp as nw
from netwarp.errors import NetwarpError, NotFiniteError, UnsupportedError
from netwarp.models.aten.known import TABLE
from netwarp.network.program import Activate, Conv, Embed
from netwarp.network.source import Fidelity, Graph

torch = pytest.importorskip("torch")
awkward = pytest.importorskip("models.awkward")
nn = torch.nn
from_module = nw.torch.from_module
EXAMPLE = torch.zeros(1, 2)
CASES = Path(__file__).parent / "cases"
POINTS = np.random.default_rng(1).uniform(-2, 2, (200, 2))


def program(network: nw.Network) -> Any:
    assert isinstance(network.source, Graph)
    return network.source.program


def agreement(network: nw.Network) -> Fidelity:
    assert isinstance(network.source, Graph)
    assert network.source.agreement is not None
    return network.source.agreement


def values(module: Any, points: np.ndarray = POINTS) -> np.ndarray:
    default = torch.get_default_dtype()
    torch.set_default_dtype(torch.float64)
    try:
        with torch.no_grad():
            found = copy.deepcopy(module).double()(torch.from_numpy(points))
    finally:
        torch.set_default_dtype(default)
    found = found["logits"] if isinstance(found, dict) else found
    return found.reshape(len(points), -1).numpy()


@pytest.mark.slow
@pytest.mark.parametrize("kind", awkward.AWKWARD, ids=lambda kind: kind.__name__)
def test_an_awkward_module_is_the_network_that_is_made_of_it(kind: Any) -> None:
    module = awkward.made(kind)
    network = from_module(module, EXAMPLE, output="logits" if kind is awkward.Answer else None)
    wanted = values(module)
    found = network.calibrate().at(POINTS)
    assert np.abs(found - wanted).max() <= 1e-12 * np.abs(wanted).max()
    assert agreement(network).difference < 1e-12


@pytest.mark.parametrize(("seconds", "points"), [(0.0, 16), (100.0, 4096)])
def test_as_many_points_are_compared_as_fit_in_the_time(
    seconds: float, points: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("netwarp.models.agreement.SECONDS", seconds)
    assert agreement(from_module(awkward.made(awkward.Functional), EXAMPLE)).points == points


def test_a_comparison_is_a_step_and_a_constant_is_one() -> None:
    class Above(nn.Module):
        def forward(self, x: Any) -> Any:
            return torch.cat([x > 0.5, x.new_ones(len(x), 1) > 0], 1)

    network = from_module(Above(), EXAMPLE)
    np.testing.assert_array_equal(network.calibrate().at([(0.4, 0.6), (0.6, 0.5)]), [[0, 1, 1], [1, 0, 1]])
    constant = from_module(Still(), EXAMPLE)
    np.testing.assert_array_equal(constant.calibrate().at([(0.4, 0.6)]), [[1, 2, 3]])


class Affine(nn.Module):
    """Operations that are affine and rare."""

    def __init__(self, function: Any) -> None:
        super().__init__()
        self.first, self.last, self.function = nn.Linear(2, 12), nn.LazyLinear(2), function
        self(torch.zeros(1, 2))

    def forward(self, x: Any) -> Any:
        return self.last(self.function(self.first(x).relu()).flatten(1))


def _einsum(x: Any) -> Any:
    return torch.einsum("bi,oi->bo", x, torch.arange(24, dtype=x.dtype).view(2, 12).sin())


def _transposed(x: Any) -> Any:
    weight, bias = torch.arange(18, dtype=x.dtype).view(3, 1, 2, 3).cos(), torch.ones(1, dtype=x.dtype)
    return torch.nn.functional.conv_transpose2d(x.view(-1, 3, 2, 2), weight, bias, 2)


def _enlarged(x: Any) -> Any:
    return torch.nn.functional.interpolate(x.view(-1, 3, 2, 2), size=(3, 5), mode="bilinear", align_corners=False)


def _volume(x: Any) -> Any:
    return torch.nn.functional.conv3d(x.view(-1, 1, 2, 2, 3), torch.arange(4, dtype=x.dtype).view(1, 1, 2, 2, 1))


@pytest.mark.parametrize("function", [_einsum, _transposed, _enlarged, _volume, lambda x: x.cumsum(1)])
def test_a_rare_affine_operation_is_one_matrix(function: Any) -> None:
    with torch.random.fork_rng():
        torch.manual_seed(0)
        module = Affine(function)
    network = from_module(module, EXAMPLE)
    assert [type(one) for one in program(network).operations] == [Embed, Conv, Activate, Conv, Conv]
    np.testing.assert_allclose(network.calibrate().at(POINTS), values(module), atol=1e-12)


def test_an_operation_of_two_tensors_of_the_input_is_not_taken_for_affine() -> None:
    class Square(nn.Module):
        def forward(self, x: Any) -> Any:
            return torch.einsum("bi,bi->b", x, x)

    with pytest.raises(UnsupportedError, match=r"einsum .*: combines several tensors that depend on the input"):
        from_module(Square(), EXAMPLE)


class Still(nn.Module):
    def forward(self, x: Any) -> Any:
        return torch.tensor([[1.0, 2.0, 3.0]]).expand(len(x), -1)


def test_eighteen_are_awkward() -> None:
    assert len(set(awkward.AWKWARD)) == 18


def test_a_plain_network_is_made_of_what_every_evaluator_knows() -> None:
    module = nn.Sequential(
        nn.Flatten(),
        nn.Linear(2, 9),
        nn.BatchNorm1d(9),
        nn.ReLU(),
        nn.Dropout(),
        nn.Linear(9, 4),
        nn.LeakyReLU(0.2),
        nn.Linear(4, 3),
    )
    network = from_module(module, EXAMPLE)
    kinds = [type(one) for one in program(network).operations]
    assert kinds == [Embed, Conv, Activate, Conv, Activate, Conv]
    assert [one.layer for one in program(network).operations[1:]] == ["1", "3", "5", "6", "7"]
    assert program(network).layers == (2, 4)


def test_nothing_of_the_module_is_changed() -> None:
    module = nn.Sequential(nn.Linear(2, 4), nn.BatchNorm1d(4), nn.Dropout(), nn.ReLU(inplace=True), nn.Linear(4, 1))
    module[1].eval()
    module(torch.randn(5, 2)).sum().backward()
    before = {name: one.clone() for name, one in module.state_dict().items()}
    gradients = [one.grad.clone() for one in module.parameters()]
    state, default = torch.get_rng_state(), torch.get_default_dtype()
    example = torch.ones(3, 2)
    from_module(module, example)
    assert [one.training for one in module] == [True, False, True, True, True]
    assert all(torch.equal(one, before[name]) for name, one in module.state_dict().items())
    assert all(torch.equal(one.grad, g) for one, g in zip(module.parameters(), gradients, strict=True))
    assert all(one.dtype == torch.float32 and one.requires_grad for one in module.parameters())
    assert torch.equal(torch.get_rng_state(), state)
    assert torch.get_default_dtype() is default
    assert torch.is_grad_enabled()
    assert torch.equal(example, torch.ones(3, 2))


def test_a_larger_input_is_looked_at_along_its_slice() -> None:
    rng = np.random.default_rng(0)
    plane = nw.Slice(*rng.normal(size=(3, 2, 3)), home=nw.Plane(5, 5, 2, 2))
    module = nn.Sequential(nn.Flatten(), nn.Linear(6, 5), nn.Tanh(), nn.Linear(5, 2))
    for example in (torch.zeros(4, 2, 3), np.zeros((1, 2, 3)), [np.zeros((2, 3)).tolist()]):
        network = from_module(module, example, plane)
        wanted = values(module, plane.points(POINTS).reshape(-1, 2, 3))
        np.testing.assert_allclose(network.calibrate().at(POINTS), wanted, atol=1e-13)
    # the slice says that the example has no batch
    alone = nn.Linear(3, 2)
    network = from_module(alone, torch.zeros(2, 3), plane)
    np.testing.assert_allclose(
        network.calibrate().at(POINTS), values(alone, plane.points(POINTS).reshape(-1, 2, 3)), atol=1e-13
    )


class Rounding(nn.Module):
    def forward(self, x: Any) -> Any:
        return nn.functional.relu(x.float())


class Branching(nn.Module):
    def forward(self, x: Any) -> Any:
        return x if x.sum() > 0 else -x


class Two(nn.Module):
    def forward(self, x: Any, y: Any) -> Any:
        return x + y


class Attention(nn.Module):
    def forward(self, x: Any) -> Any:
        z = x[:, None] * torch.ones(3, 1)
        return z @ z.transpose(1, 2)


class Pair(nn.Module):
    def forward(self, x: Any) -> Any:
        return x, -x


class Raising(nn.Module):
    def forward(self, x: Any) -> Any:
        raise ValueError("no\nway")


class Numberless(nn.Module):
    def forward(self, x: Any) -> Any:
        return x.log()


REFUSED = [
    (
        nn.Sequential(nn.Linear(2, 3), nn.Softmax(1)),
        EXAMPLE,
        {},
        r"softmax\.int in 1: is not an operation that from_module knows; nw\.field\(",
    ),
    (Rounding(), EXAMPLE, {}, r"_to_copy|to\.dtype in the module \(test_from_module\.py:\d+\): rounds to float32"),
    (
        Branching(),
        EXAMPLE,
        {},
        r"write down the module \(test_from_module\.py:\d+\): Python looks at a number that .* does; nw\.field\(",
    ),
    (
        Attention(),
        EXAMPLE,
        {},
        r"matmul in the module \(test_from_module\.py:\d+\): multiplies matrices of which neither",
    ),
    (
        nn.BatchNorm1d(2, track_running_stats=False),
        torch.zeros(3, 2),
        {},
        "module: its BatchNorm1d has no running statistics, so that what it gives for a point depends on",
    ),
    (nn.InstanceNorm1d(2), torch.zeros(1, 2), {}, "instance_norm"),
    (Pair(), EXAMPLE, {}, "gives 2 outputs; choose one by its number, as output=0"),
    (awkward.made(awkward.Answer), EXAMPLE, {}, "gives .'hidden', 'logits'. by name; choose one by output="),
    (Pair(), EXAMPLE, {"output": 2}, r"output=2: the module raises IndexError"),
    (Two(), EXAMPLE, {}, r"the module raises TypeError: .* on \(1, 2\)"),
    (Two(), (EXAMPLE, EXAMPLE), {}, "example: has 2 inputs; only one tensor is taken"),
    (Raising(), EXAMPLE, {}, "the module raises ValueError: no on"),
    (nn.LSTM(2, 3), torch.zeros(1, 2), {"output": 0}, "lstm"),
    (nn.Linear(3, 1), torch.zeros(1, 3), {}, "example: has 3 inputs; give the plane through them"),
    (
        nn.Linear(3, 1),
        torch.zeros(1, 3),
        {"slice": nw.Slice([0, 0], [1, 0], [0, 1])},
        "slice: is one of 2 inputs, and the",
    ),
    (nn.Linear(3, 1), torch.zeros(1, 3), {"slice": 3}, "slice=3: must be a Slice"),
    (nn.Linear(2, 1), None, {}, "example=None: must be a tensor"),
    (nn.Linear(2, 1), "no", {}, "example='no': must be a tensor or an array"),
    (nn.Linear(2, 1), torch.zeros(0, 2), {}, r"example: has the shape \(0, 2\), no number"),
    (nn.Linear(2, 1), torch.full((1, 2), float("nan")), {}, "example: has NaN or infinite numbers"),
    (lambda x: x, EXAMPLE, {}, "from_module module=<function .*: must be a torch.nn.Module"),
    (nn.LazyLinear(2), EXAMPLE, {}, "has layers without numbers yet; call it once on an input"),
]


@pytest.mark.parametrize(("module", "example", "options", "message"), REFUSED)
def test_what_cannot_be_followed_is_refused_in_one_line(module: Any, example: Any, options: Any, message: str) -> None:
    with pytest.raises(NetwarpError, match=message) as refused:
        from_module(module, example, **options)
    assert "\n" not in str(refused.value)
    assert torch.get_default_dtype() is torch.float32


def test_a_module_that_differs_from_its_network_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(TABLE, "linear", lambda builder, x, weight, bias: x.affine(1 + 1e-8))
    module = nn.Linear(2, 2)
    with torch.no_grad():
        module.weight.copy_(torch.eye(2))
        module.bias.zero_()
    with pytest.raises(
        UnsupportedError, match=r"differs from its network by 1\.0e-08 of its largest output at x=.*, y="
    ):
        from_module(module, EXAMPLE)


def test_a_module_that_knows_single_inputs_only_is_compared_one_by_one() -> None:
    class Single(nn.Module):
        def forward(self, x: Any) -> Any:
            return x.view(1, 2).relu() - x.mean(0)

    assert agreement(from_module(Single(), EXAMPLE)).points >= 16


def test_numbers_that_are_none_are_told() -> None:
    class Infinite(nn.Module):
        def forward(self, x: Any) -> Any:
            return x * 1e300 * 1e300

    with pytest.raises(NotFiniteError, match="gives no finite number on the slice"):
        from_module(Infinite(), EXAMPLE)


def test_a_network_of_a_module_has_the_regions_of_its_file() -> None:
    """The recipe that left batch norms out found 178; the folded network has 308."""
    folded, rng = np.load(CASES / "bn_fold.npz"), np.random.default_rng(0)
    layers: list[Any] = []
    for n in range(3):
        weight, bias = (torch.from_numpy(folded[f"{part}{n}"]).double() for part in "Wb")
        linear = nn.Linear(*weight.T.shape).double()
        layers.append(linear)
        if n < 2:
            # what the norm does is taken back, so that both together are the folded layer
            norm = nn.BatchNorm1d(len(bias)).double()
            norm.running_mean = torch.from_numpy(rng.normal(size=len(bias)))
            norm.running_var = torch.from_numpy(rng.uniform(0.5, 2, len(bias)))
            scale = torch.sqrt(norm.running_var + norm.eps)
            weight, bias = weight * scale[:, None], bias * scale + norm.running_mean
            layers += [norm, nn.ReLU()]
        linear.weight.data, linear.bias.data = weight, bias
    network = from_module(nn.Sequential(*layers), EXAMPLE)
    assert len(network.calibrate().tessellate(nw.Plane.between(-3, 3, -3, 3))) == 308


@pytest.mark.parametrize(
    "options",
    [
        {"beta": 3, "threshold": 2},
        {"threshold": 0},
        {"threshold": -1},
        {"beta": -2, "threshold": 0.5},
        {"threshold": 40},
        {},
    ],
)
def test_a_softplus_jumps_to_its_input_at_the_threshold(options: Any) -> None:
    """The threshold was left out, and the network called wrong."""
    torch.manual_seed(0)
    module = nn.Sequential(nn.Linear(2, 6), nn.Softplus(**options), nn.Linear(6, 2)).double()
    points = np.random.default_rng(1).uniform(-6, 6, (2000, 2))
    found = nw.field(from_module(module, EXAMPLE)).at(points)
    right = module(torch.from_numpy(points)).detach().numpy()
    assert np.abs(found - right).max() < (1e-14 if options.get("threshold", 20) < 20 else 1e-8)


FAR = [
    (lambda z: z.clamp(0, 1e8)),
    (lambda z: z.clamp(0, 3.4028234663852886e38)),
    (lambda z: z.clamp(0, float("inf"))),
    (lambda z: z.clamp(float("-inf"), 1e10) - z.clamp(-1e10, 0.5)),
    (lambda z: z.clamp(-1e12)),
    (lambda z: z.clamp(max=1e12).clamp(-1e6, 1e9)),
    (lambda z: z.clamp(torch.tensor([-1e9, 0.0, -1.0, -1e12]), torch.tensor([1e9, 1e12, 1e8, 0.5]))),
    nn.Hardtanh(0, 1e12),
    nn.Hardtanh(-1e20, 1),
]


@pytest.mark.parametrize("bend", FAR)
def test_a_clamp_with_far_bounds_is_exact(bend: Any) -> None:
    class Clamping(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            torch.manual_seed(0)
            self.first, self.last = nn.Linear(2, 4), nn.Linear(4, 3)

        def forward(self, x: Any) -> Any:
            return self.last(bend(self.first(x)))

    module = Clamping().eval()
    network = from_module(module, EXAMPLE)
    assert agreement(network).difference < 1e-13
    right = values(module)
    assert abs(network.calibrate().at(POINTS) - right).max() <= 1e-13 * abs(right).max()


def test_a_number_that_is_not_finite_is_of_a_parameter() -> None:
    module = nn.Sequential(nn.Linear(2, 4), nn.ReLU(), nn.Linear(4, 3))
    with torch.no_grad():
        module[2].weight[0, 0] = float("inf")
    with pytest.raises(NetwarpError, match=r"^from_module module: '2\.weight' holds NaN or infinite numbers"):
        from_module(module, EXAMPLE)
