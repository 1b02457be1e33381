"""A plane in weight space: known losses, filters of the module's own length, and a module left as it was found."""

from typing import Any

import numpy as np
import pytest

import netwarp as nw

torch = pytest.importorskip("torch")


def network() -> Any:
    torch.manual_seed(1)
    return torch.nn.Sequential(
        torch.nn.Conv2d(1, 4, 3), torch.nn.BatchNorm2d(4), torch.nn.ReLU(), torch.nn.Flatten(), torch.nn.Linear(36, 2)
    )


IMAGES = torch.from_numpy(np.random.RandomState(0).standard_normal((6, 1, 5, 5))).float()


def loss(module: Any) -> Any:
    return (module(IMAGES) ** 2).mean()


def state(module: Any) -> Any:
    return {name: one.clone() for name, one in module.state_dict().items()}


def same(one: Any, other: Any) -> bool:
    return one.keys() == other.keys() and all(torch.equal(one[name], other[name]) for name in one)


def test_a_quadratic_loss_is_the_known_one() -> None:
    module = torch.nn.Linear(3, 1, bias=False).double()
    w = module.weight.detach().numpy().copy()
    a, b = np.array([[1.0, 2, 0]]), np.array([[0, -1.0, 3]])
    plane = nw.weights(module, [a], [b], loss=lambda m: (m.weight**2).sum(), normalise=False)
    xy = np.random.RandomState(2).standard_normal((9, 2))
    right = [((w + x * a + y * b) ** 2).sum() for x, y in xy]
    assert np.allclose(plane(xy)[:, 0], right, atol=1e-14)
    field = nw.field(plane, size=(12, 8))
    assert (field.raster.plane.width, field.raster.plane.height) == (3, 2), "square pixels about its home"
    assert np.allclose(field.at(xy)[:, 0], right, atol=1e-14)


def test_filters_are_as_long_as_the_modules_own_and_biases_stay() -> None:
    module = network()
    plane = nw.weights(module, 5, 6, loss=loss)
    for (name, own), first, second in zip(module.named_parameters(), plane.first, plane.second, strict=True):
        for part in (first, second):
            if own.ndim < 2:
                assert not part.any(), name
            else:
                lengths = part.flatten(1).norm(dim=1)
                assert torch.allclose(lengths, own.detach().flatten(1).norm(dim=1), rtol=1e-5), name
    again = nw.weights(module, 5, 6, loss=loss)
    assert all(torch.equal(a, b) for a, b in zip(plane.first, again.first, strict=True))
    free = nw.weights(module, 5, 6, loss=loss, normalise=False)
    assert all(part.any() for part in free.first)


def test_the_origin_is_the_module_and_another_module_is_one_away() -> None:
    here, there = network(), network()
    with torch.no_grad():
        for one in there.parameters():
            one.add_(torch.randn_like(one))
    plane = nw.weights(here, there, 3, loss=loss, normalise=False)
    values = plane([(0, 0), (1, 0)])[:, 0]
    assert values[0] == float(loss(here.eval()).detach())
    assert np.isclose(values[1], float(loss(there.eval()).detach()), rtol=1e-5)


def test_the_module_is_left_as_it_was_found() -> None:
    module = network().train()
    module[1].eval()
    modes = [one.training for one in module.modules()]
    (module(IMAGES) ** 2).mean().backward()
    gradients = [one.grad.clone() for one in module.parameters()]
    before, random = state(module), torch.random.get_rng_state()
    plane = nw.weights(module, loss=lambda m: (m.train()(IMAGES) + torch.randn(1)).sum())
    plane([(0.5, 0.5), (1, -1)])
    assert same(state(module), before), "a batch norm in training mode changes its buffers"
    assert [one.training for one in module.modules()] == modes
    assert all(torch.equal(one.grad, kept) for one, kept in zip(module.parameters(), gradients, strict=True))
    assert torch.equal(torch.random.get_rng_state(), random)

    def fails(module: Any) -> None:
        raise RuntimeError("my own")

    with pytest.raises(RuntimeError, match="my own"):
        nw.weights(module, loss=fails)([(1, 1)])
    assert same(state(module), before)
    assert [one.training for one in module.modules()] == modes


def test_outputs_at_an_input() -> None:
    module = network().eval()
    plane = nw.weights(module, at=IMAGES[:1])
    found = plane([(0, 0), (0.1, 0.2)])
    assert found.shape == (2, 2)
    assert np.allclose(found[0], module(IMAGES[:1]).detach().numpy().ravel())
    assert plane([]).shape == (0, 1)


def test_the_slice_is_the_plane_of_the_parameters() -> None:
    module = network()
    plane = nw.weights(module, 1, 2, loss=loss)
    assert plane.slice.inputs == sum(one.numel() for one in module.parameters())
    row = np.concatenate([one.detach().double().numpy().ravel() for one in module.parameters()])
    assert np.array_equal(plane.slice.origin, row)
    assert plane.slice.home == nw.Plane(0, 0, 2, 2)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({}, "needs loss=, a function of the module, or at="),
        ({"loss": loss, "at": IMAGES}, "has both loss= and at="),
        ({"loss": loss, "d1": 3, "d2": 3}, "d1 and d2: are one direction"),
        ({"loss": loss, "d1": torch.nn.Linear(2, 2)}, "weights d1: 2 tensors, but the module has 6 parameters"),
        (
            {"loss": loss, "d2": [np.zeros(3)] * 6},
            r"d2: '0.weight' has the shape \(3,\): must be \(4, 1, 3, 3\)",
        ),
        ({"loss": loss, "d1": {"0.weight": 1}}, "weights d1: has no '0.bias'"),
        (
            {"loss": loss, "d1": "north"},
            "weights d1='north': must be a seed, as 0, another module, or a list of tensors, one a parameter",
        ),
    ],
)
def test_what_is_wrong_is_named(options: Any, message: str) -> None:
    with pytest.raises(nw.NetwarpError, match=message):
        nw.weights(network(), **options)


def test_what_is_no_module_or_no_loss_is_named() -> None:
    with pytest.raises(nw.NetwarpError, match=r"weights module: is a int, and must be a torch\.nn\.Module"):
        nw.weights(3, loss=loss)
    with pytest.raises(nw.NetwarpError, match="weights module: has no parameters"):
        nw.weights(torch.nn.ReLU(), loss=loss)
    with pytest.raises(nw.NetwarpError, match="the loss gives a str; it must give a number"):
        nw.weights(network(), loss=lambda m: "low")([(0, 0)])
