"""What a study would be without netwarp: a loop over seeds in torch, with derivatives by autograd. Pointwise layers.

Weights are handed over for free, float32 as a torch user has them, and so are the pixels and the frequencies. Only the
values are taken: not, as netwarp does for each, those at half the resolution that say whether they are resolved.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from scipy.fft import dctn
from torch import Tensor, no_grad
from torch.autograd import grad

from netwarp.network.lower import lower
from netwarp.network.network import Network
from netwarp.network.program import Activate, Conv, Normalise
from netwarp.plane import Raster

# of a layer: weight (out, in), bias, and of one with a norm its scale, shift and eps; relu follows a norm
Layer = tuple[Tensor, Tensor, tuple[Tensor, Tensor, float] | None]
Found = dict[str, float]


def layers_of(network: Network) -> list[Layer]:
    """The layers of a network of pointwise layers under a norm, with ReLU."""
    found: list[Layer] = []
    for one in lower(network).operations[1:]:
        if isinstance(one, Conv):
            found.append((_tensor(one.weight[:, :, 0, 0]), _tensor(one.bias), None))
        elif isinstance(one, Normalise):
            found[-1] = (*found[-1][:2], (_tensor(one.scale), _tensor(one.shift), one.eps))
        else:
            assert isinstance(one, Activate)
            assert one.name == "relu"
    return found


class Loop:
    """mean_frequency and total_variation of networks on a raster, which is that of their statistics too."""

    def __init__(self, raster: Raster) -> None:
        self.raster = raster
        xs, ys = np.meshgrid(raster.xs(), raster.ys())
        self.points = torch.from_numpy(np.stack([xs, ys], -1).reshape(-1, 2)).float()
        rows, columns = np.arange(raster.rows)[:, None], np.arange(raster.columns)
        self.frequencies = np.hypot(rows, columns) / 2

    def run(self, networks: Sequence[list[Layer]]) -> list[Found]:
        return [self._one(layers) for layers in networks]

    def _one(self, layers: list[Layer]) -> Found:
        points = self.points.clone().requires_grad_()
        x = points
        for weight, bias, norm in layers:
            x = torch.addmm(bias, x, weight.T)
            if norm is not None:
                scale, shift, eps = norm
                # the picture's statistics are constants of its function
                with no_grad():
                    variance, mean = torch.var_mean(x, dim=0, correction=0)
                    factor = scale / torch.sqrt(variance + eps)
                    offset = shift - mean * factor
                x = torch.relu(torch.addcmul(offset, x, factor))
        channels = x.shape[1]
        slopes = [grad(x[:, k].sum(), points, retain_graph=k < channels - 1)[0] for k in range(channels)]
        values = x.detach()
        deviation, mean = torch.std_mean(values, dim=0, correction=0)
        steep = torch.stack([torch.linalg.vector_norm(one, dim=1) for one in slopes]) / deviation[:, None]
        pictures = ((values - mean) / deviation).T.reshape(channels, self.raster.rows, self.raster.columns)
        variation = torch.maximum(steep.mean(1), self._climbed(pictures)).mean()
        return {"mean_frequency": self._frequency(pictures.double().numpy()), "total_variation": float(variation)}

    def _climbed(self, pictures: Tensor) -> Tensor:
        """What differences of neighbouring pixels prove: a lower bound of the variation."""
        step_x, step_y = self.raster.pitch
        across, down = pictures.diff(dim=2).abs() / step_x, pictures.diff(dim=1).abs() / step_y
        climbed = torch.hypot((across[:, :-1] + across[:, 1:]) / 2, (down[:, :, :-1] + down[:, :, 1:]) / 2)
        return climbed.sum((1, 2)) / pictures[0].numel()

    def _frequency(self, pictures: np.ndarray) -> float:
        amplitudes = np.abs(dctn(pictures, type=2, norm="ortho", axes=(1, 2)))
        amplitudes[:, 0, 0] = 0
        return float(((self.frequencies * amplitudes).sum((1, 2)) / amplitudes.sum((1, 2))).mean())


def _tensor(values: np.ndarray) -> Tensor:
    return torch.from_numpy(np.asarray(values, dtype=np.float32))
