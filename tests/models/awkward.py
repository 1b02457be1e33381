"""Modules that a reader of modules gets wrong unless it follows what is computed, not what layers there are."""

from __future__ import annotations

from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn


class Functional(nn.Module):
    """An activation that is no module: hooks miss it."""

    def __init__(self) -> None:
        super().__init__()
        self.one, self.two = nn.Linear(2, 7), nn.Linear(7, 2)

    def forward(self, x: Tensor) -> Tensor:
        return self.two(F.relu(self.one(x)))


class Reused(nn.Module):
    """One activation module, called after every layer."""

    def __init__(self) -> None:
        super().__init__()
        self.one, self.two, self.three, self.relu = nn.Linear(2, 6), nn.Linear(6, 6), nn.Linear(6, 2), nn.ReLU()

    def forward(self, x: Tensor) -> Tensor:
        return self.three(self.relu(self.two(self.relu(self.one(x)))))


class InPlace(nn.Module):
    """An activation in place of a value that another branch still reads."""

    def __init__(self) -> None:
        super().__init__()
        self.one, self.two = nn.Linear(2, 6), nn.Linear(6, 2)

    def forward(self, x: Tensor) -> Tensor:
        z = self.one(x)
        F.relu_(z)
        return self.two(z) + z[:, :2]


class InPlaceView(nn.Module):
    """An activation in place of a view, and so of the tensor that it is a view of."""

    def __init__(self) -> None:
        super().__init__()
        self.one, self.two = nn.Linear(2, 6), nn.Linear(6, 2)

    def forward(self, x: Tensor) -> Tensor:
        z = self.one(x)
        z[:, :3].relu_()
        z[:, 4] *= -2
        return self.two(z)


class Written(nn.Module):
    """A new tensor that parts are written into."""

    def __init__(self) -> None:
        super().__init__()
        self.one, self.two = nn.Linear(2, 3), nn.Linear(6, 2)

    def forward(self, x: Tensor) -> Tensor:
        both = torch.zeros(len(x), 6)
        both[:, :3] = self.one(x).relu()
        both[:, 3:5] = x
        both[:, 5] = 1
        return self.two(both)


class Chunks(nn.Module):
    """Pieces that go their own ways."""

    def __init__(self) -> None:
        super().__init__()
        self.one, self.two = nn.Linear(2, 8), nn.Linear(6, 2)

    def forward(self, x: Tensor) -> Tensor:
        a, b, c, d = self.one(x).chunk(4, dim=1)
        p, q = torch.split(F.leaky_relu(torch.stack([a, d], 1), 0.2), 1, 1)
        return self.two(torch.cat([p.squeeze(1), b * 2 - c.abs(), q.squeeze(1)], dim=-1))


class Views(nn.Module):
    """Numbers moved about between two layers."""

    def __init__(self) -> None:
        super().__init__()
        self.one, self.two = nn.Linear(2, 12), nn.Linear(12, 2)

    def forward(self, x: Tensor) -> Tensor:
        z = F.relu(self.one(x)).view(x.size(0), 3, 4).permute(0, 2, 1)
        z = z.contiguous().view(x.shape[0], 2, -1).transpose(1, 2).flip(1)
        return self.two(z.reshape(len(z), -1).roll(2, 1))


class Shared(nn.Module):
    """One weight, used twice, once transposed."""

    def __init__(self) -> None:
        super().__init__()
        self.one, self.bias = nn.Linear(2, 5), nn.Parameter(torch.randn(2))

    def forward(self, x: Tensor) -> Tensor:
        return F.linear(torch.relu(self.one(x)), self.one.weight.t(), self.bias)


class Buffers(nn.Module):
    """Numbers that are no parameters: buffers, kept or not, and an attribute."""

    def __init__(self) -> None:
        super().__init__()
        self.one, self.two = nn.Linear(2, 5), nn.Linear(5, 2)
        self.register_buffer("mean", torch.tensor([0.3, -0.2]))
        self.register_buffer("spread", torch.tensor([2.0, 0.5]), persistent=False)
        self.mask = torch.tensor([1.0, 0, 1, 1, -1])

    def forward(self, x: Tensor) -> Tensor:
        return self.two(F.relu(self.one((x - self.mean) / self.spread)) * self.mask)


class Block(nn.Module):
    def __init__(self, inner: nn.Module | None) -> None:
        super().__init__()
        self.layer, self.inner = nn.Linear(5, 5), inner

    def forward(self, x: Tensor) -> Tensor:
        x = x + F.elu(self.layer(x))
        return x if self.inner is None else self.inner(x)


class Nested(nn.Module):
    """Modules in modules, and one of them under two names."""

    def __init__(self) -> None:
        super().__init__()
        self.first, self.last = nn.Linear(2, 5), nn.Linear(5, 2)
        self.blocks = nn.ModuleDict({"a": Block(Block(Block(None)))})
        self.again = self.blocks["a"].inner

    def forward(self, x: Tensor) -> Tensor:
        assert self.again is not None
        return self.last(self.again(self.blocks["a"](self.first(x))))


class Shapes(nn.Module):
    """Control flow that asks for shapes and for the mode."""

    def __init__(self) -> None:
        super().__init__()
        self.layers = nn.ModuleList([nn.Linear(2, 6), nn.Linear(6, 6), nn.Linear(6, 2)])
        self.drop = nn.Dropout(0.5)

    def forward(self, x: Tensor) -> Tensor:
        for layer in self.layers:
            x = layer(x)
            if x.shape[-1] > 2 and not self.training:
                x = F.relu6(3 * self.drop(x))
        return x if x.dim() == 2 else x.flatten(1)


class Normalised(nn.Module):
    """Batch norms before and after the activation, and one that two readers share."""

    def __init__(self) -> None:
        super().__init__()
        self.one, self.two = nn.Linear(2, 6, bias=False), nn.Linear(6, 2)
        self.before, self.after = nn.BatchNorm1d(6), nn.BatchNorm1d(6, affine=False)
        for norm in (self.before, self.after):
            norm.running_mean = torch.randn(6)
            norm.running_var = torch.rand(6) + 0.5

    def forward(self, x: Tensor) -> Tensor:
        z = self.before(self.one(x))
        return self.two(self.after(F.hardtanh(z, -0.5, 2.0)) + z)


class Choices(nn.Module):
    """Functions written with comparisons."""

    def __init__(self) -> None:
        super().__init__()
        self.one, self.two = nn.Linear(2, 6), nn.Linear(6, 2)

    def forward(self, x: Tensor) -> Tensor:
        z = self.one(x)
        z = torch.where(z > 0.25, z, 0.1 * z + 0.225) + z * (z >= 0) + z.masked_fill(z < 0, 0.5)
        return self.two(torch.maximum(z, -z.flip(1)).clamp(max=1.5))


class Weighted(nn.Module):
    """Weights computed from parameters: weight normalisation, and a product."""

    def __init__(self) -> None:
        super().__init__()
        self.one = nn.utils.parametrizations.weight_norm(nn.Linear(2, 6))
        self.left, self.right = nn.Parameter(torch.randn(6, 2)), nn.Parameter(torch.randn(2, 2))

    def forward(self, x: Tensor) -> Tensor:
        return torch.addmm(torch.ones(2), F.prelu(self.one(x), torch.tensor(0.3)), self.left @ self.right.exp())


class Broadcast(nn.Module):
    """Means, sums and differences along axes."""

    def __init__(self) -> None:
        super().__init__()
        self.one, self.two = nn.Linear(2, 6), nn.Linear(3, 2)

    def forward(self, x: Tensor) -> Tensor:
        z = self.one(x).unflatten(1, (2, 3)).relu()
        z = z - z.mean(dim=2, keepdim=True) + z.sum(1, keepdim=True) / 3
        return self.two(z.amax(1)) + z.unsqueeze(1).expand(-1, 2, -1, -1)[:, :, 0].mean(-1)


class Images(nn.Module):
    """Two inputs made an image of, by hand."""

    def __init__(self) -> None:
        super().__init__()
        self.one, self.conv = nn.Linear(2, 25), nn.Conv2d(1, 3, 3, padding="same", padding_mode="reflect")
        self.last = nn.Linear(12, 2)

    def forward(self, x: Tensor) -> Tensor:
        image = self.conv(self.one(x)[:, None].reshape(-1, 1, 5, 5))
        image = F.max_pool2d(F.pad(image, (1, 0, 0, 2), value=-1.0), 3, 2, 1)
        return self.last(F.adaptive_avg_pool2d(image, 2).flatten(1))


class Gradless(nn.Module):
    """A part without gradients, and one in a mode of its own."""

    def __init__(self) -> None:
        super().__init__()
        self.one, self.two = nn.Linear(2, 6), nn.Linear(6, 2)

    def forward(self, x: Tensor) -> Tensor:
        with torch.no_grad():
            z = self.one(x).relu()
        return self.two(z.detach().clone())


class Answer(nn.Module):
    """Several outputs, by name."""

    def __init__(self) -> None:
        super().__init__()
        self.one, self.two = nn.Linear(2, 6), nn.Linear(6, 2)

    def forward(self, x: Tensor) -> dict[str, Tensor]:
        z = self.one(x).relu()
        return {"hidden": z, "logits": self.two(z)}


AWKWARD: tuple[type[nn.Module], ...] = (
    Functional,
    Reused,
    InPlace,
    InPlaceView,
    Written,
    Chunks,
    Views,
    Shared,
    Buffers,
    Nested,
    Shapes,
    Normalised,
    Choices,
    Weighted,
    Broadcast,
    Images,
    Gradless,
    Answer,
)


def made(kind: type[nn.Module], seed: int = 0) -> Any:
    """A module with random weights, in eval mode."""
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        return kind().eval()
