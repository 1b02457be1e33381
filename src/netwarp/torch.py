"""Networks as torch.nn modules (`to_module`, `halo`, `slope`) and modules as networks (`from_module`). Needs PyTorch.

>>> import torch
>>> net = nw.Network.draw(nw.parse("conv(10, 3)"), seed=7)
>>> image = torch.from_numpy(nw.torch.slope(net, nw.Raster(60, 40)))[None]
>>> nw.torch.to_module(net, dtype=torch.float64)(image).shape
torch.Size([1, 3, 40, 60])
"""

try:
    from netwarp.models.imported import from_module
    from netwarp.network.module import halo, slope, to_module
except ModuleNotFoundError as missing:
    if missing.name != "torch":
        raise
    raise ModuleNotFoundError("netwarp.torch needs PyTorch: pip install 'netwarp[torch]'", name="torch") from missing

__all__ = ["from_module", "halo", "slope", "to_module"]
