"""Modules with layers that have no numbers yet, as LazyLinear, are refused, and are not given numbers."""

from __future__ import annotations

from typing import Any

import pytest

import netwarp as nw
from netwarp.errors import InputError

torch = pytest.importorskip("torch")
LOOKS = [
    ("model Sequential", nw.field),
    ("model Sequential", nw.decision),
    ("from_module module", lambda module: nw.torch.from_module(module, torch.zeros(1, 2))),
    ("weights module", lambda module: nw.weights(module, at=torch.zeros(1, 2))),
    ("weights d2", lambda module: nw.weights(torch.nn.Linear(2, 3), 0, module, at=torch.zeros(1, 2))),
]


@pytest.mark.parametrize(("name", "look"), LOOKS)
@pytest.mark.parametrize("layer", [lambda: torch.nn.LazyLinear(3), lambda: torch.nn.LazyBatchNorm1d(affine=False)])
def test_a_lazy_module_is_refused_and_not_given_its_numbers(name: str, look: Any, layer: Any) -> None:
    module = torch.nn.Sequential(torch.nn.Flatten(), layer())
    with pytest.raises(InputError, match=f"^{name}: has layers without numbers yet; call it once on an input$"):
        look(module)
    lazy = [torch.nn.parameter.is_lazy(one) for one in (*module.parameters(), *module.buffers())]
    assert any(lazy)
    module(torch.ones(4, 2))
    if name != "weights d2" and any(True for _ in module.parameters()):
        look(module)
