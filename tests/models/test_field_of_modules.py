"""field of a torch module: values and tangents are its own, and it is left as it was found."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import netwarp as nw
from netwarp.errors import InputError

RNG = np.random.default_rng(5)
POINTS = RNG.normal(size=(50, 2))


class TestModules:
    """Of torch, an extra."""

    @staticmethod
    def module(*, dtype: str = "float32") -> Any:
        torch = pytest.importorskip("torch")
        torch.manual_seed(0)
        layers = (torch.nn.Linear(2, 16), torch.nn.BatchNorm1d(16), torch.nn.Tanh(), torch.nn.Dropout(0.5))
        module = torch.nn.Sequential(*layers, torch.nn.Linear(16, 3)).to(getattr(torch, dtype))
        module[1].running_mean += 0.3
        return module

    @pytest.mark.parametrize("dtype", ["float32", "float64"])
    def test_values_are_the_modules_in_eval_mode(self, dtype: str) -> None:
        module = self.module(dtype=dtype)
        import torch

        found = nw.field(module).at(POINTS)
        with torch.no_grad():
            wanted = module.eval()(torch.from_numpy(POINTS).to(module[0].weight.dtype))
        assert np.array_equal(found, wanted.double().numpy())

    def test_it_is_left_as_it_was_found(self) -> None:
        module = self.module()
        import torch

        class Counting(torch.nn.Module):
            def __init__(self) -> None:
                super().__init__()
                self.inner = module
                self.register_buffer("calls", torch.zeros(()))

            def forward(self, x: Any) -> Any:
                self.calls += 1
                torch.rand(())
                return self.inner(x)

        model = Counting().train()
        model.inner[3].eval()
        for parameter in model.parameters():
            parameter.grad = torch.ones_like(parameter)
        before = {name: value.clone() for name, value in model.state_dict().items()}
        state = torch.random.get_rng_state()
        field = nw.field(model)
        field.at(POINTS)
        field.tangent(nw.Raster(5, 4))
        assert torch.equal(torch.random.get_rng_state(), state)
        assert [one.training for one in model.modules()] == [True] * 5 + [False, True]
        assert all(torch.equal(value, before[name]) for name, value in model.state_dict().items())
        assert all((parameter.grad == 1).all() and parameter.requires_grad for parameter in model.parameters())

    def test_tangents_are_exact_forward_and_backward(self) -> None:
        module = self.module(dtype="float64")
        import torch

        class Backward(torch.autograd.Function):
            @staticmethod
            def forward(ctx: Any, x: Any) -> Any:
                ctx.save_for_backward(x)
                return x**3

            @staticmethod
            def backward(ctx: Any, slope: Any) -> Any:
                return 3 * ctx.saved_tensors[0] ** 2 * slope

        class Cubed(torch.nn.Module):
            def __init__(self) -> None:
                super().__init__()
                self.inner = module

            def forward(self, x: Any) -> Any:
                return Backward.apply(self.inner(x))

        for model in (module, Cubed()):
            field = nw.field(model)
            raster, step = nw.Raster(6, 5), 1e-6
            at = raster.slope().reshape(2, -1).T
            found = field.tangent(raster).reshape(3, 2, -1)
            for axis in range(2):
                ends = [field.at(at + sign * step * np.eye(2)[axis]) for sign in (1, -1)]
                assert np.allclose(found[:, axis], ((ends[0] - ends[1]) / (2 * step)).T, atol=1e-8, rtol=0)

    def test_images_are_fed_in_their_own_shape(self) -> None:
        torch = pytest.importorskip("torch")
        images = RNG.normal(size=(3, 1, 8, 8))
        model = torch.nn.Sequential(
            torch.nn.Conv2d(1, 2, 3), torch.nn.ReLU(), torch.nn.Flatten(), torch.nn.Linear(72, 2)
        )
        plane = nw.through(*images)
        field = nw.field(model, plane, size=(6, 4))
        with torch.no_grad():
            wanted = model(torch.from_numpy(plane.points(POINTS)).float().reshape(-1, 1, 8, 8))
        assert np.allclose(field.at(POINTS), wanted.numpy(), atol=1e-6)
        assert field.tangent().shape == (2, 2, 4, 6)
        with pytest.raises(InputError, match=r"model Sequential: raises RuntimeError: .*, given 3 rows of 2 numbers"):
            nw.field(model)

    def test_a_decision_is_exact_where_the_layers_are_known(self) -> None:
        torch = pytest.importorskip("torch")
        torch.manual_seed(1)
        layers = [torch.nn.Linear(2, 12), torch.nn.ReLU(), torch.nn.Linear(12, 3)]
        found = nw.decision(torch.nn.Sequential(*layers))
        assert found.exact
        smooth = torch.nn.Sequential(torch.nn.Linear(2, 12), torch.nn.Tanh(), torch.nn.Linear(12, 3))
        assert not nw.decision(smooth, size=(60, 40)).exact
        odd = torch.nn.Sequential(torch.nn.Linear(2, 12), torch.nn.Hardshrink(), torch.nn.Linear(12, 3))
        assert not nw.decision(odd, size=(60, 40)).exact

    def test_what_is_no_tensor_is_refused(self) -> None:
        torch = pytest.importorskip("torch")

        class Pair(torch.nn.Module):
            def forward(self, x: Any) -> Any:
                return x, x

        with pytest.raises(InputError, match="model Pair: gives a tuple, not a tensor; wrap it"):
            nw.field(Pair())
